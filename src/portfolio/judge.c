/* After the run: what each set of a portfolio means for its partners and for inequality. */
#include "portfolio/portfolio.h"

#include <string.h>

static size_t find_result(const struct portfolio_result *result,
                          const struct scenario_result *results, const struct plan *plan)
{
    (void)result;
    for (size_t i = 0;; ++i) {
        if (results[i].plan == plan) {
            return i;
        }
    }
}

enum status portfolio_judge(struct portfolio_result *result, const struct scenario_result *results,
                            struct error *error)
{
    for (size_t i = 0; i < result->n_cliffs; ++i) {
        struct portfolio_cliff *cliff = (struct portfolio_cliff *)&result->cliffs[i];
        cliff->result = find_result(result, results, cliff->plan);
    }
    for (size_t i = 0; i < result->n_sets; ++i) {
        struct portfolio_set *set = &result->sets[i];
        if (set->plan == NULL) {
            continue;
        }
        set->result = find_result(result, results, set->plan);
        if (results[set->result].statistics != NULL) {
            TRY(portfolio_count_use(result, set, &results[set->result], error));
            TRY(portfolio_share_gain(result, set, &results[set->result], error));
            TRY(portfolio_spread_gain(result, set, &results[set->result], error));
        }
    }
    return STATUS_OK;
}
