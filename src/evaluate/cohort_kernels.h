/* The trace of a cohort whose probabilities do not vary, compiled for each instruction set; private
 * to evaluate/. */
#ifndef DIVIDEND_EVALUATE_COHORT_KERNELS_H
#define DIVIDEND_EVALUATE_COHORT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

enum { COHORT_MAX_STATES = 6 };

/* Shares well S and ill C of a disease with incidence i, remission r and fatality f: dS = -i S + r
 * C, dC = i S - (r + f) C over a year, in closed form. With a = i + r + f and q = sqrt(a^2 - 4 i
 * f): disease_roots gives decay = -a/2 and half_root = q/2; the caller fills decay = exp(-a/2) and
 * grow = exp(q/2); disease_step then moves well and ill and gives the mean prevalence of the year.
 */
struct disease_year {
    const double *incidence, *remission, *fatality;
    double *decay, *half_root, *grow;
    double *well, *ill, *prevalence;
};

struct cohort_kernels {
    /* occupancy[schedule][state][draw] = sum over points t of weights[schedule][t] x_t[state], x_0
     * = start, x_{t+1}[to] = sum over `from` in order of x_t[from] p[from][to]. Columns are 256
     * draws; p and start hold 64-byte aligned columns ([from * n_states + to]); all 256 draws are
     * computed. n_states from 1 to COHORT_MAX_STATES, n_schedules from 1 to 3. */
    void (*trace)(size_t n_states, size_t n_schedules, size_t n_points, const double *const *p,
                  const double *const *start, const double *const *weights, double *occupancy);
    /* A year of a disease in a multi-state life table; see disease_year. */
    void (*disease_roots)(size_t n, const struct disease_year *year);
    void (*disease_step)(size_t n, const struct disease_year *year);
    /* True where any x[i] is not in [low, high]. */
    bool (*outside)(size_t n, const double *x, double low, double high);
};

const struct cohort_kernels *cohort_kernels(void);

#endif
