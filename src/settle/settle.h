/* From volumes to the ledger: prices, agency split, four kinds of saving, whole-step release,
 * ceilings, payments and transfers, into flows [row][year][draw]. Pure. method 3.6 and 3.7.
 *
 * One scenario at a time so far; portfolios will settle several evaluations together here, so that
 * overlap, steps and ceilings count over all of them. */
#ifndef DIVIDEND_SETTLE_SETTLE_H
#define DIVIDEND_SETTLE_SETTLE_H

#include "evaluate/evaluate.h"

struct settlement {
    const struct plan *plan;
    double *flows;   /* [flow row][year][draw], GBP real, not negative but for harm and transfers */
    double *volumes; /* [demand][year][draw], units avoided before optimism bias */
    double *capped;  /* [draw] 1 where a ceiling bound in any year */
    double *scratch; /* 5 columns */
};

void settlement_init(struct settlement *settlement, const struct plan *plan);
void settlement_clear(struct settlement *settlement);
void settlement_run(struct settlement *settlement, struct evaluation *evaluation, size_t n_draws);

#endif
