/* Who pays, who gains, and what would be fair: deals on a set's draws. method section 7. */
#include "portfolio/portfolio.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *deal_basis_name(enum deal_basis basis)
{
    return basis == DEAL_FISCAL ? "fiscal" : "cash";
}

/* Draws of the partners: [partner][draw]. */
struct positions {
    size_t n_partners, n_draws;
    double *net[N_DEAL_BASES], *investment[N_DEAL_BASES], *saving[N_DEAL_BASES];
};

static void find_partners(struct portfolio_result *result, struct portfolio_set *set)
{
    const struct plan *plan = set->plan;
    size_t who = plan_find_who(plan, result->portfolio->partners);
    size_t *whos = arena_array(&result->arena, plan->n_sector_whos + 1, sizeof *whos);
    for (size_t i = 0; who != SIZE_MAX && i < plan->whos[who].n_members; ++i) {
        if (set->deal.n_partners < DEAL_MAX_PARTNERS) {
            whos[set->deal.n_partners++] = plan->whos[who].members[i];
        }
    }
    set->deal.whos = whos;
}

/* ---- draws ---- */

enum { WANTED = 5 };

static const enum measure wanted[WANTED] = {MEASURE_NET_FISCAL, MEASURE_PV_COST,
                                            MEASURE_PV_COST_CASH, MEASURE_PV_CASHABLE,
                                            MEASURE_PV_TRANSFER};

void portfolio_want_shares(struct portfolio_result *result, struct portfolio_set *set,
                           struct judged_draws *draws)
{
    find_partners(result, set);
    for (size_t i = 0; i < set->deal.n_partners; ++i) {
        for (size_t k = 0; k < WANTED; ++k) {
            judged_want(draws, plan_find_result(set->plan, wanted[k], set->deal.whos[i], 0, 0));
        }
    }
}

/* Rows of the wanted measures, [partner][measure][draw]; 0 where a partner has none. */
static void copy_columns(const struct portfolio_set *set, const struct judged_draws *draws,
                         double *values)
{
    for (size_t i = 0; i < set->deal.n_partners; ++i) {
        for (size_t k = 0; k < WANTED; ++k) {
            const double *column = judged_column(
                draws, plan_find_result(set->plan, wanted[k], set->deal.whos[i], 0, 0));
            if (column != NULL) {
                memcpy(values + (i * WANTED + k) * draws->n_draws, column,
                       draws->n_draws * sizeof *values);
            }
        }
    }
}

static void set_positions(const double *values, struct positions *positions)
{
    size_t n = positions->n_draws;
    for (size_t i = 0; i < positions->n_partners; ++i) {
        const double *rows[WANTED];
        for (size_t k = 0; k < WANTED; ++k) {
            rows[k] = values + (i * WANTED + k) * n;
        }
        for (size_t draw = 0; draw < n; ++draw) {
            size_t at = i * n + draw;
            positions->net[DEAL_FISCAL][at] = rows[0][draw];
            positions->investment[DEAL_FISCAL][at] = rows[1][draw];
            positions->saving[DEAL_FISCAL][at] = rows[0][draw] + rows[1][draw];
            positions->investment[DEAL_CASH][at] = rows[2][draw];
            positions->saving[DEAL_CASH][at] = rows[3][draw] + rows[4][draw];
            positions->net[DEAL_CASH][at] = rows[3][draw] + rows[4][draw] - rows[2][draw];
        }
    }
}

static const double *means_of(struct arena *arena, const struct positions *positions,
                              const double *draws)
{
    double *means = arena_array(arena, positions->n_partners + 1, sizeof *means);
    for (size_t i = 0; i < positions->n_partners; ++i) {
        double sum = 0.0;
        for (size_t draw = 0; draw < positions->n_draws; ++draw) {
            sum += draws[i * positions->n_draws + draw];
        }
        means[i] = sum / (double)positions->n_draws;
    }
    return means;
}

/* ---- deals ---- */

static const double *budgets_of(struct portfolio_result *result, struct portfolio_set *set)
{
    const struct portfolio *portfolio = result->portfolio;
    double *budgets = arena_array(&result->arena, set->deal.n_partners + 1, sizeof *budgets);
    for (size_t i = 0; i < set->deal.n_partners; ++i) {
        for (size_t k = 0; k < portfolio->n_baseline_budgets; ++k) {
            if (strcmp(portfolio->baseline_budgets[k].sector,
                       set->plan->whos[set->deal.whos[i]].id) == 0) {
                budgets[i] += portfolio->baseline_budgets[k].share;
            }
        }
    }
    set->deal.has_budgets = portfolio->n_baseline_budgets > 0;
    return set->deal.has_budgets ? budgets : NULL;
}

/* A partner's gross savings of each year, real: when it can pay. */
static const double *timing_of(struct arena *arena, const struct portfolio_set *set,
                               const struct scenario_result *run, enum deal_basis basis)
{
    static const enum flow_kind kinds[] = {FLOW_CASHABLE, FLOW_NON_CASHABLE};

    size_t n_years = set->plan->n_years;
    double *timing = arena_array(arena, set->deal.n_partners * n_years + 1, sizeof *timing);
    for (size_t i = 0; i < set->deal.n_partners; ++i) {
        for (size_t year = 0; year < n_years; ++year) {
            double sum = 0.0;
            for (size_t k = 0; k < (basis == DEAL_CASH ? 1U : 2U); ++k) {
                const struct column_statistics *flow =
                    result_find(run, MEASURE_FLOW_YEAR, set->deal.whos[i], year, kinds[k]);
                sum += flow != NULL ? flow->mean : 0.0;
            }
            timing[i * n_years + year] = sum > 0.0 ? sum : 0.0;
        }
    }
    return timing;
}

static enum deal_rule rule_named(const char *name)
{
    for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
        if (strcmp(deal_rule_name((enum deal_rule)rule), name) == 0) {
            return (enum deal_rule)rule;
        }
    }
    return DEAL_LOSERS_FIRST;
}

static void apply_rule(struct portfolio_result *result, const struct portfolio_set *set,
                       const struct deal_position *position, const struct positions *positions,
                       enum deal_basis basis, enum deal_rule rule, const double *timing,
                       struct portfolio_rule_result *out)
{
    size_t n = position->n_partners, n_years = set->plan->n_years;
    double *final = arena_array(&result->arena, n + 1, sizeof *final);
    double *transfers = arena_array(&result->arena, n + 1, sizeof *transfers);
    double *schedule = arena_array(&result->arena, n * n_years + 1, sizeof *schedule);
    *out = (struct portfolio_rule_result){
        .final = final, .transfers = transfers, .schedule = schedule};
    out->applies = n > 0 && deal_share(position, rule, final);
    if (!out->applies) {
        return;
    }
    for (size_t i = 0; i < n; ++i) {
        transfers[i] = final[i] - position->net[i];
    }
    deal_schedule(n, n_years, transfers, timing, set->plan->discount_costs, schedule);
    deal_over_draws(n, positions->n_draws, positions->net[basis], positions->n_draws, transfers,
                    &out->record);
}

static void share_basis(struct portfolio_result *result, struct portfolio_set *set,
                        const struct scenario_result *run, const struct positions *positions,
                        enum deal_basis basis, const double *budgets)
{
    struct portfolio_sharing *sharing = &set->deal.bases[basis];
    struct arena *arena = &result->arena;
    size_t n = positions->n_partners;
    double *smallest = arena_array(arena, n + 1, sizeof *smallest);
    double *mean_transfers = arena_array(arena, n + 1, sizeof *mean_transfers);
    *sharing = (struct portfolio_sharing){
        .net = means_of(arena, positions, positions->net[basis]),
        .investment = means_of(arena, positions, positions->investment[basis]),
        .gross_saving = means_of(arena, positions, positions->saving[basis]),
        .smallest = smallest,
        .risk_rule = rule_named(result->portfolio->risk_sharing_rule),
        .risk_mean_transfers = mean_transfers};
    const struct deal_position position = {.n_partners = n,
                                           .net = sharing->net,
                                           .investment = sharing->investment,
                                           .gross_saving = sharing->gross_saving,
                                           .budget = budgets};
    const double *timing = timing_of(arena, set, run, basis);
    sharing->verdict = deal_judge(&position, 0.005); /* half a penny */
    sharing->smallest_sum = deal_smallest_transfers(&position, smallest);
    for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
        apply_rule(result, set, &position, positions, basis, (enum deal_rule)rule, timing,
                   &sharing->rules[rule]);
    }
    deal_shared_over_draws(n, positions->n_draws, positions->net[basis],
                           positions->investment[basis], positions->saving[basis],
                           positions->n_draws, budgets, sharing->risk_rule, mean_transfers,
                           &sharing->risk_not_applied, &sharing->risk_record);
}

void portfolio_share_gain(struct portfolio_result *result, struct portfolio_set *set,
                          const struct scenario_result *run, const struct judged_draws *draws)
{
    struct positions positions = {.n_partners = set->deal.n_partners, .n_draws = draws->n_draws};
    size_t n = positions.n_partners * positions.n_draws;
    set->deal.n_draws = positions.n_draws;
    if (n == 0) {
        return;
    }
    double *values = memory_columns(WANTED * n);
    double *rows = memory_columns((size_t)3 * N_DEAL_BASES * n);
    for (size_t basis = 0; basis < N_DEAL_BASES; ++basis) {
        positions.net[basis] = rows + (3 * basis) * n;
        positions.investment[basis] = rows + (3 * basis + 1) * n;
        positions.saving[basis] = rows + (3 * basis + 2) * n;
    }
    copy_columns(set, draws, values);
    set_positions(values, &positions);
    const double *budgets = budgets_of(result, set);
    for (size_t basis = 0; basis < N_DEAL_BASES; ++basis) {
        share_basis(result, set, run, &positions, (enum deal_basis)basis, budgets);
    }
    free(values);
    free(rows);
}
