#include "decision/decision_kernels.h"

#include <string.h>

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define KERNELS     JOIN(decision_kernels, KERNEL_ISA)

enum { CHUNK = 64, LANES = 8 };

static double sum_lanes(const double *lanes)
{
    return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) +
           ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

/* Keeps the better of what there is and one more option; called with a constant n for whole chunks.
 */
static inline void compare(size_t n, const double *cost, const double *effect, double threshold,
                           double number, double *best, double *which)
{
    for (size_t i = 0; i < n; ++i) {
        double benefit = threshold * effect[i] - cost[i];
        which[i] = benefit > best[i] ? number : which[i];
        best[i] = benefit > best[i] ? benefit : best[i];
    }
}

static inline void compare_by_money(size_t n, const double *cost, double number, double *best,
                                    double *which)
{
    for (size_t i = 0; i < n; ++i) {
        double benefit = -cost[i];
        which[i] = benefit > best[i] ? number : which[i];
        best[i] = benefit > best[i] ? benefit : best[i];
    }
}

/* The best of a chunk and which it is, 0 for none; ties go to the first. */
static void best_of_chunk(size_t n, size_t n_options, const double *const *costs,
                          const double *const *effects, double threshold, size_t first,
                          double *best, double *which)
{
    for (size_t i = 0; i < CHUNK; ++i) {
        best[i] = 0.0;
        which[i] = 0.0;
    }
    for (size_t k = 0; k < n_options; ++k) {
        const double *cost = costs[k] + first;
        double number = (double)(k + 1);
        if (effects != NULL && n == CHUNK) {
            compare(CHUNK, cost, effects[k] + first, threshold, number, best, which);
        } else if (effects != NULL) {
            compare(n, cost, effects[k] + first, threshold, number, best, which);
        } else {
            compare_by_money(n, cost, number, best, which);
        }
    }
}

/* best = max(best, threshold x effect - cost) over n draws; called with a constant n for whole
 * chunks. */
static inline void improve(size_t n, const double *cost, const double *effect, double threshold,
                           double *best)
{
    for (size_t i = 0; i < n; ++i) {
        double benefit = threshold * effect[i] - cost[i];
        best[i] = benefit > best[i] ? benefit : best[i];
    }
}

static inline void improve_by_money(size_t n, const double *cost, double *best)
{
    for (size_t i = 0; i < n; ++i) {
        best[i] = -cost[i] > best[i] ? -cost[i] : best[i];
    }
}

static double sum_of_best(size_t n_draws, size_t n_options, const double *const *costs,
                          const double *const *effects, double threshold)
{
    double lanes[LANES] = {0.0}, best[CHUNK];
    for (size_t first = 0; first < n_draws; first += CHUNK) {
        size_t n = n_draws - first < CHUNK ? n_draws - first : CHUNK;
        for (size_t i = 0; i < CHUNK; ++i) {
            best[i] = 0.0;
        }
        for (size_t k = 0; k < n_options; ++k) {
            const double *cost = costs[k] + first;
            if (effects != NULL && n == CHUNK) {
                improve(CHUNK, cost, effects[k] + first, threshold, best);
            } else if (effects != NULL) {
                improve(n, cost, effects[k] + first, threshold, best);
            } else {
                improve_by_money(n, cost, best);
            }
        }
        for (size_t i = 0; i < CHUNK; i += LANES) {
            for (size_t lane = 0; lane < LANES; ++lane) {
                lanes[lane] += best[i + lane];
            }
        }
    }
    return sum_lanes(lanes);
}

static double count_best(size_t n_draws, size_t n_options, const double *const *costs,
                         const double *const *effects, double threshold, double *counts,
                         double *best, double *which)
{
    double best_chunk[CHUNK], which_chunk[CHUNK], lanes[LANES] = {0.0};
    memset(counts, 0, (n_options + 1) * sizeof *counts);
    for (size_t first = 0; first < n_draws; first += CHUNK) {
        size_t n = n_draws - first < CHUNK ? n_draws - first : CHUNK;
        best_of_chunk(n, n_options, costs, effects, threshold, first, best_chunk, which_chunk);
        for (size_t i = 0; i < n; ++i) {
            counts[(size_t)which_chunk[i]] += 1.0;
        }
        for (size_t i = 0; i < CHUNK; i += LANES) {
            for (size_t lane = 0; lane < LANES; ++lane) {
                lanes[lane] += best_chunk[i + lane];
            }
        }
        if (best != NULL) {
            memcpy(best + first, best_chunk, n * sizeof *best);
        }
        if (which != NULL) {
            memcpy(which + first, which_chunk, n * sizeof *which);
        }
    }
    return sum_lanes(lanes);
}

extern const struct decision_kernels KERNELS;
const struct decision_kernels KERNELS = {.sum_of_best = sum_of_best, .count_best = count_best};
