/* The history of runs in one SQLite file: see batch_history.c for its tables. */
#ifndef DIVIDEND_BATCH_BATCH_HISTORY_H
#define DIVIDEND_BATCH_BATCH_HISTORY_H

#include "batch/batch_state.h"

#include <sqlite3.h>

enum { HISTORY_VERSION = 1, HISTORY_BUSY_MS = 10000 };

/* NULL: neither --history nor --state names one. */
const char *history_path(struct session *session);

/* An existing file, whole and of dividend, or NULL after a diagnostic (E952); NULL without one
 * where there is no file. */
sqlite3 *history_open(struct session *session, const char *path);

/* Adds the run, in one transaction. */
enum status history_append(const struct rerun *rerun, const struct report_run *run,
                           const char *path, struct error *error) MUST_CHECK;

#endif
