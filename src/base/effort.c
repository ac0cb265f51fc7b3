#include "base/effort.h"

#include <stddef.h>

void effort_init(struct effort *effort)
{
    pthread_mutex_init(&effort->mutex, NULL);
    effort->step = effort->unit = NULL;
    effort->total = 0;
    effort->n_steps = 0;
    atomic_init(&effort->done, 0);
    atomic_init(&effort->examined, 0);
}

void effort_clear(struct effort *effort)
{
    pthread_mutex_destroy(&effort->mutex);
}

void effort_enter(struct effort *effort, const char *step, const char *unit, uint64_t total)
{
    if (effort == NULL) {
        return;
    }
    pthread_mutex_lock(&effort->mutex);
    effort->step = step;
    effort->unit = unit;
    effort->total = total;
    ++effort->n_steps;
    atomic_store_explicit(&effort->done, 0, memory_order_relaxed);
    pthread_mutex_unlock(&effort->mutex);
}

void effort_add(struct effort *effort, uint64_t n)
{
    if (effort != NULL) {
        atomic_fetch_add_explicit(&effort->done, n, memory_order_relaxed);
    }
}

void effort_examine(struct effort *effort, uint64_t n)
{
    if (effort != NULL) {
        atomic_fetch_add_explicit(&effort->examined, n, memory_order_relaxed);
    }
}

struct effort_view effort_look(struct effort *effort)
{
    pthread_mutex_lock(&effort->mutex);
    struct effort_view view = {.step = effort->step,
                               .unit = effort->unit,
                               .total = effort->total,
                               .n_steps = effort->n_steps,
                               .done = atomic_load_explicit(&effort->done, memory_order_relaxed),
                               .examined =
                                   atomic_load_explicit(&effort->examined, memory_order_relaxed)};
    pthread_mutex_unlock(&effort->mutex);
    return view;
}
