/* Measures that are sums: what a pound or a QALY of a sector, kind, year and quintile counts for in
 * each. A choice needs values of thousands of portfolios, and these make each a sum over
 * programmes. method 6.4. */
#ifndef DIVIDEND_PORTFOLIO_MEASURE_H
#define DIVIDEND_PORTFOLIO_MEASURE_H

#include "plan/plan_bundle.h"

/* value = sum of flow[sector][kind][year] x GBP real + sum of qaly[sector][year][quintile] x QALYs
 * undiscounted; quintile 0: of nobody's in particular. */
struct linear_measure {
    const char *name; /* as written, or made */
    size_t n_years;
    double *flow; /* [(sector x N_FLOW_KINDS + kind) x n_years + year] */
    double *qaly; /* [(sector x n_years + year) x (N_QUINTILES + 1) + quintile] */
};

/* A measure of the objective: of sums, or a ratio of two. */
struct objective_measure {
    struct linear_measure numerator, denominator;
    bool is_ratio;
};

/* By name: MEASURE.WHO[@YEAR] of the bundle's columns, or nhb.total, nhb.q1 .. nhb.q5, gap_closed
 * where the portfolio says how equity is judged. False where it is none of these, or no sum. */
bool measure_find_linear(struct arena *arena, const struct plan *bundle, const char *name,
                         struct linear_measure *out);
bool measure_find_objective(struct arena *arena, const struct plan *bundle, const char *name,
                            struct objective_measure *out);

/* Of a ratio over all costs: its numerator sums the flows from FLOW_CASHABLE to *last. False where
 * the measure is none. */
bool measure_ratio_kinds(enum measure measure, enum flow_kind *last);

/* The measure net_at.WHO@year, for paybacks; false where nobody is named so. */
bool measure_find_payback(struct arena *arena, const struct plan *bundle, const char *who,
                          size_t year, struct linear_measure *out);

/* Nominal cash cost of a sector in a year; with `recycled` less its cashable savings. */
void measure_cash_use(struct arena *arena, const struct plan *bundle, size_t sector, size_t year,
                      bool recycled, struct linear_measure *out);

/* out += factor x added. Same bundle. */
void measure_add(const struct plan *bundle, const struct linear_measure *added, double factor,
                 struct linear_measure *out);

static inline double measure_flow(const struct linear_measure *measure, size_t sector, size_t kind,
                                  size_t year)
{
    return measure->flow[(sector * N_FLOW_KINDS + kind) * measure->n_years + year];
}

static inline double measure_qaly(const struct linear_measure *measure, size_t sector, size_t year,
                                  size_t quintile)
{
    return measure->qaly[(sector * measure->n_years + year) * (N_QUINTILES + 1) + quintile];
}

#endif
