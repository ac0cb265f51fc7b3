/* How far long work has come: counters that the work adds to and another thread may look at.
 * Whoever does the work takes a pointer that may be NULL: then nothing is counted. Nothing here
 * changes a result. */
#ifndef DIVIDEND_BASE_EFFORT_H
#define DIVIDEND_BASE_EFFORT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct effort {
    pthread_mutex_t mutex;
    const char *step, *unit;        /* literals of the program: "best sets", "draws" */
    uint64_t total;                 /* of the step; 0: nobody can know */
    unsigned n_steps;               /* entered so far */
    atomic_uint_least64_t done;     /* of the step, in its unit */
    atomic_uint_least64_t examined; /* combinations that searches looked at, since the start */
};

struct effort_view {
    const char *step, *unit; /* NULL before the first step */
    uint64_t done, total, examined;
    unsigned n_steps;
};

void effort_init(struct effort *effort);
void effort_clear(struct effort *effort);
/* The next step begins: from one thread, while no other adds. */
void effort_enter(struct effort *effort, const char *step, const char *unit, uint64_t total);
void effort_add(struct effort *effort, uint64_t n);     /* from any thread */
void effort_examine(struct effort *effort, uint64_t n); /* from any thread */
struct effort_view effort_look(struct effort *effort);  /* from any thread */

#endif
