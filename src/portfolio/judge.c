/* After the run: what each set of a portfolio means for its partners and for inequality. */
#include "portfolio/portfolio.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- draws ---- */

void judged_want(struct judged_draws *draws, size_t column)
{
    for (size_t i = 0; i < draws->n_columns; ++i) {
        if (draws->columns[i] == column) {
            return;
        }
    }
    if (column == SIZE_MAX) {
        return;
    }
    if (draws->n_columns == draws->capacity) {
        draws->capacity = draws->capacity > 0 ? 2 * draws->capacity : 64;
        draws->columns = memory_realloc(draws->columns, draws->capacity * sizeof *draws->columns);
    }
    draws->columns[draws->n_columns++] = column;
}

enum status judged_draw(struct judged_draws *draws, const struct plan *plan,
                        const struct sampling_design *design, struct error *error)
{
    struct arena arena;
    draws->values = memory_columns(draws->n_columns * draws->n_draws + 1);
    arena_init(&arena);
    enum status status =
        simulation_draws_by_threads(&arena, plan, design, 0, draws->n_draws, draws->columns,
                                    draws->n_columns, draws->n_threads, draws->values, error);
    arena_clear(&arena);
    return status;
}

const double *judged_column(const struct judged_draws *draws, size_t column)
{
    for (size_t i = 0; i < draws->n_columns; ++i) {
        if (draws->columns[i] == column) {
            return draws->values + i * draws->n_draws;
        }
    }
    assert(column == SIZE_MAX);
    return NULL;
}

void judged_clear(struct judged_draws *draws)
{
    free(draws->columns);
    free(draws->values);
    *draws = (struct judged_draws){0};
}

/* ---- sets ---- */

/* The plans of a portfolio's sets are all among those that ran. */
static size_t find_result(const struct scenario_result *results, const struct plan *plan)
{
    size_t index = 0;
    while (results[index].plan != plan) {
        ++index;
    }
    return index;
}

static enum status judge_set(struct portfolio_result *result, struct portfolio_set *set,
                             const struct scenario_result *run, struct error *error)
{
    struct judged_draws draws = {.n_draws = run->n_draws < PORTFOLIO_JUDGE_DRAWS
                                                ? (size_t)run->n_draws
                                                : PORTFOLIO_JUDGE_DRAWS,
                                 .n_threads = result->n_threads};
    portfolio_want_use(result, set, &draws);
    portfolio_want_shares(result, set, &draws);
    portfolio_want_spread(result, set, &draws);
    enum status status = judged_draw(&draws, set->plan, &run->design, error);
    if (status == STATUS_OK) {
        portfolio_count_use(result, set, &draws);
        portfolio_share_gain(result, set, run, &draws);
        portfolio_spread_gain(result, set, run, &draws);
    }
    judged_clear(&draws);
    return status;
}

enum status portfolio_judge(struct portfolio_result *result, const struct scenario_result *results,
                            struct error *error)
{
    for (size_t i = 0; i < result->n_cliffs; ++i) {
        struct portfolio_cliff *cliff = (struct portfolio_cliff *)&result->cliffs[i];
        cliff->result = find_result(results, cliff->plan);
    }
    for (size_t i = 0; i < result->n_sets; ++i) {
        struct portfolio_set *set = &result->sets[i];
        if (set->plan == NULL) {
            continue;
        }
        set->result = find_result(results, set->plan);
        if (results[set->result].statistics != NULL) {
            TRY(judge_set(result, set, &results[set->result], error));
        }
        effort_add(result->effort, 1);
    }
    return STATUS_OK;
}

static const struct portfolio_set *choice_with_plan(const struct portfolio_result *result,
                                                    enum budget_form form)
{
    for (size_t i = 0; i < result->n_sets; ++i) {
        const struct portfolio_set *set = &result->sets[i];
        if (set->is_choice && set->form == form && set->plan != NULL) {
            return set;
        }
    }
    return NULL;
}

const struct portfolio_set *portfolio_main_set(const struct portfolio_result *result)
{
    const struct portfolio_set *silo = choice_with_plan(result, BUDGETS_SILO);
    const struct portfolio_set *pooled = choice_with_plan(result, BUDGETS_POOLED);
    if (silo != NULL || pooled != NULL) {
        return silo != NULL ? silo : pooled;
    }
    return result->has_choice || result->n_sets == 0 ? NULL : &result->sets[0];
}
