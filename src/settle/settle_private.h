/* What settle.c and present.c share. */
#ifndef DIVIDEND_SETTLE_SETTLE_PRIVATE_H
#define DIVIDEND_SETTLE_SETTLE_PRIVATE_H

#include "settle/settle.h"

enum { SCRATCH_ADJUSTED, SCRATCH_VALUE, SCRATCH_RELEASED, SCRATCH_SECTOR, SCRATCH_CASH, N_SCRATCH };

double *settle_scratch(struct settlement *settlement, size_t index);

/* Column of a sector's flow of one kind; the row exists in the plan. */
double *settle_flow(struct settlement *settlement, size_t sector, enum flow_kind kind, size_t year);

/* Shares SCRATCH_VALUE (GBP real) of a demand without step and ceiling out to its sectors. */
void settle_value(struct settlement *settlement, size_t demand, size_t year, size_t n_draws);

/* Participants and QALYs by cell; of values, those of volumes on demands not left out. */
void settle_cells(struct settlement *settlement, struct evaluation *evaluation,
                  const bool *left_out, size_t n_draws);
/* cell_values of the cells of a group += scale x values. */
void settle_add_cells(struct settlement *settlement, size_t group, const double *values,
                      double scale, size_t n_draws);

/* For plans of present values only: flows of year 0 become sums over the years, discounted. */
void settle_present_values(struct settlement *settlement, struct evaluation *evaluation,
                           size_t n_draws);

#endif
