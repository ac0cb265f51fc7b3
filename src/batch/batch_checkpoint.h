/* Contributions of a run kept in a hidden file of its results folder while it runs, so that a run
 * that was stopped goes on where it was; and the same file as a shard, where the contributions are
 * all that is asked for. */
#ifndef DIVIDEND_BATCH_BATCH_CHECKPOINT_H
#define DIVIDEND_BATCH_BATCH_CHECKPOINT_H

#include "batch/batch_store.h"

struct progress;

/* ---- one run a folder ---- */

/* Makes the folder and locks it for this process. A lock goes with its process, however that ends:
 * none is ever stale. STATUS_LIMIT where another run has it. */
enum status lock_take(const char *directory, const char *name, struct error *error) MUST_CHECK;
/* Removes the lock, and the folder where lock_take made it and nothing is in it. Safe in a signal's
 * handler. */
void lock_release(void);

/* "checkpoint" and "lock" of the whole run, or of a shard of it, below the folder. */
const char *checkpoint_path(struct session *session, const char *directory);
const char *lock_name(struct session *session);

/* ---- a checkpoint ---- */

struct checkpoint;

struct checkpoint_request {
    struct session *session;
    const char *directory;
    const struct report_run *run; /* settings and library */
    const struct plan *const *plans;
    size_t n_plans;
};

/* Looks at what is there, says what it does about it (--resume or not), and starts to keep. Never
 * NULL: what cannot be kept is said, and the run goes on without. */
struct checkpoint *checkpoint_start(const struct checkpoint_request *request);
const struct contribution_store *checkpoint_store(struct checkpoint *checkpoint);
/* Ends the keeping; writes what is not written yet where the run took long enough for a checkpoint
 * or was interrupted. True where the file has contributions to go on from. */
bool checkpoint_stop(struct checkpoint *checkpoint, bool interrupted);
/* The run's results are written: removes the file. */
void checkpoint_remove(struct checkpoint *checkpoint);
/* The file, whole, becomes DIRECTORY/shard-K-of-N.bin. */
enum status checkpoint_finish_shard(struct checkpoint *checkpoint, const char *path,
                                    size_t *n_contributions, struct error *error) MUST_CHECK;
void checkpoint_end(struct checkpoint *checkpoint); /* NULL: nothing */

/* ---- many machines (batch_merge.c) ---- */

/* What `dividend run --shard K/N` asks for: draws its part and writes shard-K-of-N.bin into the
 * folder. Returns the exit code. */
typedef enum status (*simulate_part)(struct session *session, struct progress *progress,
                                     const struct plan *const *plans, size_t n_plans,
                                     struct report_run *run, const struct contribution_store *store,
                                     const struct simulation_part *part,
                                     struct scenario_result *results, struct error *error);
int shard_run(struct session *session, struct progress *progress, struct report_run *run,
              const struct plan *const *plans, size_t n_plans, const char *directory,
              simulate_part simulate);
/* Options and settings that make no sense with --shard: diagnostics. */
void shard_check(struct session *session, const struct report_run *run, struct place place);

/* Contributions of the shards that are merged. */
const struct contribution_store *merge_store(struct merge *merge);
/* Whether inputs and program are those of the shards: else a diagnostic. */
void merge_check(struct session *session, const struct report_run *run,
                 const struct plan *const *plans, size_t n_plans);

#endif
