/* What settle.c and present.c share. */
#ifndef DIVIDEND_SETTLE_SETTLE_PRIVATE_H
#define DIVIDEND_SETTLE_SETTLE_PRIVATE_H

#include "settle/settle.h"

enum { SCRATCH_ADJUSTED, SCRATCH_VALUE, SCRATCH_RELEASED, SCRATCH_SECTOR, SCRATCH_CASH, N_SCRATCH };

double *settle_scratch(struct settlement *settlement, size_t index);

/* Column of a sector's flow of one kind; the row exists in the plan. */
double *settle_flow(struct settlement *settlement, size_t sector, enum flow_kind kind, size_t year);

/* For plans of present values only: flows of year 0 become sums over the years, discounted. */
void settle_present_values(struct settlement *settlement, struct evaluation *evaluation,
                           size_t n_draws);

#endif
