/* Files that an earlier run of the program left in the folder and this one does not write: results
 * of another question, were they to stay. Private to report/. */
#ifndef DIVIDEND_REPORT_STALE_H
#define DIVIDEND_REPORT_STALE_H

#include "report/output.h"

struct stale_files {
    const char **names; /* below the folder: "uncertainty/evpi.csv" */
    size_t n_names, capacity;
};

/* What the datapackage.json and manifest.json that are there say that the program wrote: known
 * tables and draws of scenarios, nothing else. None where they cannot be read. Call before the new
 * files take their names. */
struct stale_files stale_find(struct arena *arena, const char *directory);

/* Removes those of them that `set` does not write, and folders that are empty then; returns how
 * many files. Regular files alone; what cannot be removed stays. */
size_t stale_remove(const struct stale_files *stale, const struct output_set *set);

#endif
