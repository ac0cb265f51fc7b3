/* A set of files that appear together or not at all; private to report/. */
#ifndef DIVIDEND_REPORT_OUTPUT_H
#define DIVIDEND_REPORT_OUTPUT_H

#include "base/text.h"

#include <stdbool.h>

struct output_file {
    char *path, *temporary;
    bool renamed;
};

struct output_set {
    const char *directory;
    struct output_file *files;
    size_t n_files, capacity;
};

void output_init(struct output_set *set, const char *directory);

/* Writes bytes to a temporary file of the directory and syncs it. */
enum status output_add(struct output_set *set, const char *name, const void *bytes, size_t n_bytes,
                       struct error *error) MUST_CHECK;

/* The name of a temporary file (temporary files of that name which a killed process left are
 * removed) for a writer of its own; output_commit gives it its name. */
const char *output_reserve(struct output_set *set, const char *name);

/* Syncs the file that was reserved last, once its writer has closed it. */
enum status output_sync_last(const struct output_set *set, struct error *error) MUST_CHECK;

/* Renames all files and syncs the directory. */
enum status output_commit(struct output_set *set, struct error *error) MUST_CHECK;

/* Removes what was not committed. */
void output_clear(struct output_set *set);

#endif
