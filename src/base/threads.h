/* The same job on several threads: jobs take their pieces from what the context holds. */
#ifndef DIVIDEND_BASE_THREADS_H
#define DIVIDEND_BASE_THREADS_H

#include <stddef.h>

/* As many as asked for; 0: as many as the machine has processors. At least 1. */
size_t threads_choose(size_t asked);

/* Runs job(context) on the calling thread and on up to n_threads - 1 others, and waits for all of
 * them. A thread that cannot be started leaves its pieces to the others. */
void threads_run(size_t n_threads, void *(*job)(void *context), void *context);

#endif
