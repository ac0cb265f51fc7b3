/* Revisions of a git repository, read by the git program in a child process. Private to batch/. */
#ifndef DIVIDEND_BATCH_BATCH_GIT_H
#define DIVIDEND_BATCH_BATCH_GIT_H

#include "batch/batch_private.h"

/* The full hash of the commit that `revision` names in the repository of `directory`; NULL after a
 * diagnostic: E962 where git or the repository cannot be used, E964 where there is no such
 * revision.
 */
const char *git_commit(struct session *session, const char *directory, const char *revision);

/* Writes what the commit holds of the folder `directory` below `into`, an empty folder: of the
 * first parts of `paths` alone, where they are there. False after E962. */
bool git_extract(struct session *session, const char *directory, const char *commit,
                 const struct word_list *paths, const char *into);

#endif
