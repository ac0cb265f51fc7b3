/* One run in several processes, on one machine or on many, started by `mpirun`. Every process reads
 * the inputs and makes the plans; each computes its part of the work; the first takes all
 * contributions, folds them as if they were its own, and alone writes, prints and decides the exit
 * code.
 *
 * Built without DIVIDEND_MPI there is one process, and being started by mpirun is an error that
 * says so. */
#ifndef DIVIDEND_BATCH_BATCH_MACHINES_H
#define DIVIDEND_BATCH_BATCH_MACHINES_H

#include "uncertainty/uncertainty.h"

#include <stdbool.h>

/* Before anything is read or printed. What processes other than the first print goes nowhere. False
 * where mpirun started a program that was built without it (already said). */
bool machines_start(int *argc, char ***argv);
/* After everything else; ends all processes where this one fails alone. Gives the exit code back.
 */
int machines_end(int exit_code);

size_t machines_count(void);
/* Not the first process: it computes, and does nothing else. */
bool machines_is_helper(void);
/* For what is not shared out: the first process is as one that nobody else was started with. */
void machines_work_alone(void);
/* Threads of this process where none were asked for: those of its machine are shared. 0: no such
 * limit. */
size_t machines_threads(void);

/* simulation_run in all processes. A helper does not come back: its work ends here. */
enum status machines_simulate(struct arena *arena, const struct plan *const *plans, size_t n_plans,
                              const struct simulation_options *options,
                              struct scenario_result *results, struct error *error) MUST_CHECK;

#endif
