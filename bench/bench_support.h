/* What the benchmarks share: a clock, medians, loading, and counting peak memory. */
#ifndef DIVIDEND_BENCH_BENCH_SUPPORT_H
#define DIVIDEND_BENCH_BENCH_SUPPORT_H

#include "scenario/scenario.h"
#include "uncertainty/uncertainty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static inline double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static inline double bench_median(double *times, size_t n)
{
    qsort(times, n, sizeof *times, bench_compare);
    return times[n / 2];
}

static inline double bench_peak_mebibytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static inline size_t bench_argument(int argc, char **argv, int index, size_t fallback)
{
    return argc > index ? (size_t)strtoull(argv[index], NULL, 10) : fallback;
}

/* Loads or ends the program with the diagnostics. */
static inline const struct library *bench_load(struct arena *arena, const char *models,
                                               const char *const *scenarios, size_t n_scenarios)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    const struct library_request request = {.model_directories = &models,
                                            .n_model_directories = 1,
                                            .scenario_files = scenarios,
                                            .n_scenario_files = n_scenarios};
    const struct library *library = library_load(arena, &request, &diagnostics);
    for (size_t i = 0; i < diagnostics.n_items && diagnostics.n_errors > 0; ++i) {
        fputs(diagnostic_render(&diagnostics, &diagnostics.items[i], false), stderr);
    }
    if (diagnostics.n_errors > 0) {
        exit(2);
    }
    return library;
}

#endif
