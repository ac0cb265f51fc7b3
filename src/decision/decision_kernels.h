/* Sums over draws of the best of several options; private to decision/. */
#ifndef DIVIDEND_DECISION_DECISION_KERNELS_H
#define DIVIDEND_DECISION_DECISION_KERNELS_H

#include <stddef.h>

enum { DECISION_MAX_OPTIONS = 128 };

struct decision_kernels {
    /* Sum over draws of max(0, max over options k of threshold x effects[k][i] - costs[k][i]);
     * effects NULL: costs alone. Eight fixed lanes. */
    double (*sum_of_best)(size_t n_draws, size_t n_options, const double *const *costs,
                          const double *const *effects, double threshold);
    /* counts[0] draws in which no option is above 0 (or the first of equals), counts[k + 1] in
     * which option k is best; best[i], where not NULL, is max(0, ...) of each draw. Returns the sum
     * of those. */
    double (*count_best)(size_t n_draws, size_t n_options, const double *const *costs,
                         const double *const *effects, double threshold, double *counts,
                         double *best, double *which);
};

const struct decision_kernels *decision_kernels(void);

#endif
