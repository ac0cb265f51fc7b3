#include "base/threads.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

size_t threads_choose(size_t asked)
{
    if (asked > 0) {
        return asked;
    }
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (size_t)n : 1;
}

void threads_run(size_t n_threads, void *(*job)(void *context), void *context)
{
    pthread_t *threads = memory_array(n_threads, sizeof *threads);
    size_t n_started = 0;
    for (size_t i = 1; i < n_threads; ++i) {
        if (pthread_create(&threads[n_started], NULL, job, context) == 0) {
            ++n_started;
        }
    }
    (void)job(context);
    for (size_t i = 0; i < n_started; ++i) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
}
