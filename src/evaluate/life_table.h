/* Multi-state life tables: one group of a block of draws. Private to evaluate/. method 4.11. */
#ifndef DIVIDEND_EVALUATE_LIFE_TABLE_H
#define DIVIDEND_EVALUATE_LIFE_TABLE_H

#include "evaluate/health.h"

struct life_table *life_table_new(const struct plan_health *plan);
void life_table_free(struct life_table *table);

/* Steps the program through the years of a group and adds to the totals, or to the years, of every
 * option. */
void life_table_run(struct health_evaluation *health, size_t group, size_t n_draws);

#endif
