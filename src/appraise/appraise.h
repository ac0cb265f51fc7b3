/* From flows to measures, per draw: present values, nets, ratios, payback, rate of return. Pure.
 *
 * Each total is by definition the sum of its rows in sector order, per draw. Signs are applied here
 * and nowhere else. method section 3.8 and section 5. */
#ifndef DIVIDEND_APPRAISE_APPRAISE_H
#define DIVIDEND_APPRAISE_APPRAISE_H

#include "settle/settle.h"

struct appraisal {
    const struct plan *plan;
    double *pv;         /* [who][kind][draw], positive amounts */
    double *pv_cost;    /* [who][draw] */
    double *net;        /* [who][draw], discounted */
    double *net_fiscal; /* [who][draw] */
    double *net_real;   /* [who][year][draw], the one year */
    double *cumulative_discounted, *cumulative_real, *cumulative_cash; /* [who][year][draw] */
    double *qalys, *qalys_undiscounted;                                /* [who][draw] */
    double *values;                    /* [result][draw]: every result column */
    double *numerators, *denominators; /* [ratio][draw] */
};

void appraisal_init(struct appraisal *appraisal, const struct plan *plan);
void appraisal_clear(struct appraisal *appraisal);

/* Fills values, numerators and denominators from a settled block. */
void appraisal_run(struct appraisal *appraisal, struct settlement *settlement,
                   struct evaluation *evaluation, size_t n_draws);

/* Internal rate of return of flows at years 0 .. n - 1: the only positive root x = 1 / (1 + irr) of
 * sum flow[t] x^t, NaN where the flows change sign other than exactly once (then it need not be
 * unique) or the rate lies outside (-0.9375, 1023). method 3.9. */
double appraisal_irr(size_t n_years, const double *flows, size_t stride);

/* First year from which the cumulative sums are never again below zero; INFINITY where the last is.
 */
double appraisal_payback(size_t n_years, const double *cumulative, size_t stride);

#endif
