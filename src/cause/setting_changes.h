/* Which keys of two settings differ, in words for a table. Private to cause/. */
#ifndef DIVIDEND_CAUSE_SETTING_CHANGES_H
#define DIVIDEND_CAUSE_SETTING_CHANGES_H

#include "base/text.h"
#include "reader/reader.h"

struct setting_changes {
    struct text words;
    size_t n; /* of keys, said or not */
};

void setting_changes_start(struct setting_changes *changes);
/* Leaves that differ below two settings of one meaning; either may be NULL. Keys of the first level
 * in `without` (NULL-terminated; may be NULL) and mere words (titles, labels, notes) are left out.
 */
void setting_changes_add(struct setting_changes *changes, const struct setting *old,
                         const struct setting *now, const char *const *without);
void setting_changes_say(struct setting_changes *changes, const char *words);
/* "value.mean 0.2 -> 0.3; costs[1].amount \"a * b\" -> \"a\"; 2 more", in the arena; "" none. */
const char *setting_changes_end(struct setting_changes *changes, struct arena *arena);

#endif
