/* Budgets: who pools with whom, and how a set keeps to them over the draws. method 6.4. */
#include "portfolio/portfolio.h"

#include <stdlib.h>
#include <string.h>

size_t portfolio_pool_of(const struct portfolio *portfolio, enum budget_form form, size_t budget)
{
    if (form == BUDGETS_SILO) {
        return budget;
    }
    if (portfolio->n_pools == 0) {
        return 0;
    }
    for (size_t i = 0; i < portfolio->n_pools; ++i) {
        for (size_t k = 0; k < portfolio->pools[i].n_sectors; ++k) {
            if (portfolio->pools[i].sectors[k] == portfolio->budgets[budget].sector) {
                return i;
            }
        }
    }
    return portfolio->n_pools + budget;
}

bool portfolio_leads_pool(const struct portfolio *portfolio, enum budget_form form, size_t budget)
{
    for (size_t i = 0; i < budget; ++i) {
        if (portfolio_pool_of(portfolio, form, i) == portfolio_pool_of(portfolio, form, budget)) {
            return false;
        }
    }
    return true;
}

const char *portfolio_pool_name(const struct library *library, const struct portfolio *portfolio,
                                enum budget_form form, size_t budget)
{
    size_t pool = portfolio_pool_of(portfolio, form, budget);
    if (form == BUDGETS_POOLED && portfolio->n_pools == 0) {
        return "all_budgets";
    }
    if (form == BUDGETS_POOLED && pool < portfolio->n_pools) {
        return portfolio->pools[pool].id;
    }
    return library->sectors->sectors[portfolio->budgets[budget].sector].id;
}

/* Column of a sector's flow in a year, SIZE_MAX where the set has none. */
static size_t flow_column(const struct plan *plan, size_t sector, enum flow_kind kind, size_t year)
{
    size_t who = plan->who_of_sector[sector];
    return who == SIZE_MAX ? SIZE_MAX
                           : plan_find_result(plan, MEASURE_FLOW_YEAR, who, year, (size_t)kind);
}

static const enum flow_kind use_kinds[2] = {FLOW_COST_CASH, FLOW_CASHABLE};

void portfolio_want_use(const struct portfolio_result *result, const struct portfolio_set *set,
                        struct judged_draws *draws)
{
    const struct portfolio *portfolio = result->portfolio;
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        for (size_t year = 0; year < set->plan->n_years; ++year) {
            for (size_t k = 0; k < 2; ++k) {
                judged_want(draws, flow_column(set->plan, portfolio->budgets[i].sector,
                                               use_kinds[k], year));
            }
        }
    }
}

/* Cash costs of a budget in a year (less cashable savings where these come back), nominal. */
static void add_use(const struct portfolio *portfolio, const struct plan *plan, size_t budget,
                    size_t year, const struct judged_draws *draws, double *sum)
{
    for (size_t k = 0; k < 2; ++k) {
        const double *flow = judged_column(
            draws, flow_column(plan, portfolio->budgets[budget].sector, use_kinds[k], year));
        double sign = k == 0 ? 1.0 : portfolio->recycle_savings ? -1.0 : 0.0;
        for (size_t draw = 0; flow != NULL && draw < draws->n_draws; ++draw) {
            sum[draw] += sign * plan->nominal_factor[year] * flow[draw];
        }
    }
}

static struct portfolio_use judge_use(const double *sum, size_t n_draws, double budget)
{
    struct portfolio_use use = {.budget_gbp = budget};
    size_t over = 0;
    for (size_t draw = 0; draw < n_draws; ++draw) {
        use.mean_gbp += sum[draw] / (double)n_draws;
        over += sum[draw] > budget * (1.0 + 1e-9) ? 1 : 0; /* as tight as the choice itself */
    }
    use.p_over = (double)over / (double)n_draws;
    return use;
}

void portfolio_count_use(struct portfolio_result *result, struct portfolio_set *set,
                         const struct judged_draws *draws)
{
    const struct portfolio *portfolio = result->portfolio;
    const struct plan *plan = set->plan;
    struct portfolio_use *uses =
        arena_array(&result->arena, portfolio->n_budgets * plan->n_years + 1, sizeof *uses);
    double *sum = memory_columns(draws->n_draws);
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        for (size_t year = 0; year < plan->n_years && portfolio_leads_pool(portfolio, set->form, i);
             ++year) {
            double budget = 0.0;
            memset(sum, 0, draws->n_draws * sizeof *sum);
            for (size_t k = i; k < portfolio->n_budgets; ++k) {
                if (portfolio_pool_of(portfolio, set->form, k) ==
                    portfolio_pool_of(portfolio, set->form, i)) {
                    budget += portfolio->budgets[k].gbp_by_year[year];
                    add_use(portfolio, plan, k, year, draws, sum);
                }
            }
            struct portfolio_use use = judge_use(sum, draws->n_draws, budget);
            use.id = portfolio_pool_name(result->library, portfolio, set->form, i);
            use.year = year;
            uses[set->n_uses++] = use;
        }
    }
    set->uses = uses;
    free(sum);
}
