/* From volumes to the ledger: prices, agency split, four kinds of saving, whole-step release,
 * ceilings, payments and transfers, into flows [row][year][draw]. Pure. method 3.6 and 3.7.
 *
 * Bundles settle several evaluations together (joint.h), so that overlap, steps and ceilings count
 * over all of them. */
#ifndef DIVIDEND_SETTLE_SETTLE_H
#define DIVIDEND_SETTLE_SETTLE_H

#include "evaluate/evaluate.h"

struct settlement {
    const struct plan *plan;
    double *flows;   /* [flow row][year][draw], GBP real, not negative but for harm and transfers */
    double *volumes; /* [demand][year][draw], units avoided before optimism bias */
    double *capped;  /* [draw] 1 where a ceiling bound in any year */
    double *scratch; /* 5 columns */
    double *cell_participants, *cell_qalys, *cell_values; /* [cell][draw]; see MEASURE_CELL_... */
};

void settlement_init(struct settlement *settlement, const struct plan *plan);
void settlement_clear(struct settlement *settlement);
void settlement_run(struct settlement *settlement, struct evaluation *evaluation, size_t n_draws);

/* The same without the demands marked true in `left_out` [plan->n_demands], for bundles. */
void settlement_run_without(struct settlement *settlement, struct evaluation *evaluation,
                            const bool *left_out, size_t n_draws);

#endif
