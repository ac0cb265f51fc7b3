#include "expectation/expectation.h"
#include "plan/measure_reference.h"

#include <math.h>
#include <stdlib.h>

/* What the draws of one column are asked for again. */
struct question {
    const struct scenario_result *result;
    size_t column, n_threads;
};

/* Calls `use` with the draws of the column, in runs of at most UNCERTAINTY_RETAINED_DRAWS. */
static enum status draw_again(const struct question *question, uint64_t n_draws,
                              void (*use)(void *context, double *values, size_t n), void *context,
                              struct error *error)
{
    enum status status = STATUS_OK;
    double *values = memory_array(UNCERTAINTY_RETAINED_DRAWS, sizeof *values);
    for (uint64_t first = 0; first < n_draws && status == STATUS_OK;
         first += UNCERTAINTY_RETAINED_DRAWS) {
        uint64_t left = n_draws - first;
        size_t n = left < UNCERTAINTY_RETAINED_DRAWS ? (size_t)left : UNCERTAINTY_RETAINED_DRAWS;
        struct arena arena;
        arena_init(&arena);
        status = simulation_draws_by_threads(&arena, question->result->plan,
                                             &question->result->design, first, n, &question->column,
                                             1, question->n_threads, values, error);
        if (status == STATUS_OK) {
            use(context, values, n);
        }
        arena_clear(&arena);
    }
    free(values);
    return status;
}

/* ---- probabilities ---- */

struct count {
    const struct statement *statement;
    uint64_t n_holding;
};

static void count_holding(void *context, double *values, size_t n)
{
    struct count *count = context;
    for (size_t i = 0; i < n; ++i) {
        count->n_holding +=
            comparison_holds(count->statement->inner, values[i], count->statement->threshold) ? 1
                                                                                              : 0;
    }
}

/* The standard error of a share of independent draws: an upper limit for Sobol points. */
static double share_error(double share, uint64_t n_draws)
{
    return sqrt(share * (1.0 - share) / (double)n_draws);
}

static enum status find_probability(const struct question *question,
                                    const struct statement *statement,
                                    struct expectation_result *out, struct error *error)
{
    const struct column_statistics *statistics = &question->result->statistics[question->column];
    uint64_t n_draws = question->result->n_draws;
    if (statement->inner == AT_LEAST && statement->threshold == 0.0) {
        out->value = statistics->p_nonneg;
        out->se = statistics->p_nonneg_se;
        return STATUS_OK;
    }
    struct count count = {.statement = statement};
    TRY(draw_again(question, n_draws, count_holding, &count, error));
    out->value = (double)count.n_holding / (double)n_draws;
    out->se = share_error(out->value, n_draws);
    return STATUS_OK;
}

/* ---- quantiles ---- */

static int compare_values(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

struct quantile {
    double probability, value;
};

/* Type 7, of the draws that have a value. */
static void take_quantile(void *context, double *values, size_t n)
{
    struct quantile *quantile = context;
    size_t n_finite = 0;
    for (size_t i = 0; i < n; ++i) {
        if (!isnan(values[i])) {
            values[n_finite++] = values[i];
        }
    }
    if (n_finite == 0) {
        return;
    }
    qsort(values, n_finite, sizeof *values, compare_values);
    double place = quantile->probability * (double)(n_finite - 1);
    size_t below = (size_t)place, above = below + 1 < n_finite ? below + 1 : below;
    double part = place - (double)below;
    quantile->value =
        part > 0.0 ? values[below] + part * (values[above] - values[below]) : values[below];
}

/* Those of summary.csv as they stand there. */
static bool kept_quantile(const struct question *question, double probability, double *value)
{
    const struct column_statistics *statistics = &question->result->statistics[question->column];
    if (!question->result->plan->results[question->column].retained) {
        return false;
    }
    *value = probability == 0.025   ? statistics->q025
             : probability == 0.5   ? statistics->q50
             : probability == 0.975 ? statistics->q975
                                    : (double)NAN;
    return !isnan(*value);
}

static enum status find_quantile(const struct question *question, double probability, double *value,
                                 struct error *error)
{
    if (kept_quantile(question, probability, value)) {
        return STATUS_OK;
    }
    uint64_t n_draws = question->result->n_draws;
    uint64_t most = n_draws < UNCERTAINTY_RETAINED_DRAWS ? n_draws : UNCERTAINTY_RETAINED_DRAWS;
    struct quantile quantile = {.probability = probability, .value = (double)NAN};
    TRY(draw_again(question, most, take_quantile, &quantile, error));
    *value = quantile.value;
    return STATUS_OK;
}

/* ---- judging ---- */

static enum status find_value(const struct question *question,
                              const struct measure_reference *reference,
                              const struct statement *statement, struct expectation_result *out,
                              struct error *error)
{
    const struct column_statistics *statistics = &question->result->statistics[question->column];
    if (statement->is_probability) {
        return find_probability(question, statement, out, error);
    }
    if (reference->statistic == STATISTIC_QUANTILE) {
        return find_quantile(question, reference->probability, &out->value, error);
    }
    bool mean = reference->statistic == STATISTIC_MEAN;
    out->value = mean ? statistics->headline : statistics->sd;
    out->se = mean ? statistics->se : (double)NAN;
    return STATUS_OK;
}

static bool could_turn(const struct expectation_result *judged,
                       const struct scenario_result *result)
{
    double apart = fabs(judged->value - judged->expectation->statement.bound);
    return judged->se > 0.0 && apart < standard_error_factor(result->se_degrees) * judged->se;
}

static enum status judge_one(const struct scenario_expectation *item,
                             const struct scenario_result *result, size_t n_threads,
                             struct expectation_result *out, struct error *error)
{
    struct measure_reference reference;
    if (result == NULL || result->statistics == NULL ||
        !measure_reference_find(result->plan, item->statement.measure, &reference)) {
        return STATUS_OK;
    }
    const struct question question = {
        .result = result, .column = reference.column, .n_threads = n_threads};
    TRY(find_value(&question, &reference, &item->statement, out, error));
    if (!isnan(out->value)) {
        bool held = comparison_holds(item->statement.comparison, out->value, item->statement.bound);
        out->state = held ? EXPECTATION_HELD : EXPECTATION_FAILED;
        out->could_turn = could_turn(out, result);
    }
    return STATUS_OK;
}

static const struct scenario_result *result_of_scenario(const struct scenario *scenario,
                                                        const struct scenario_result *results,
                                                        size_t n_results)
{
    for (size_t i = 0; i < n_results; ++i) {
        if (results[i].plan->scenario == scenario) {
            return &results[i];
        }
    }
    return NULL;
}

static const struct portfolio_result *find_portfolio(const struct portfolio *portfolio,
                                                     const struct portfolio_result *portfolios,
                                                     size_t n_portfolios)
{
    for (size_t i = 0; i < n_portfolios; ++i) {
        if (portfolios[i].portfolio == portfolio) {
            return &portfolios[i];
        }
    }
    return NULL;
}

enum status expectation_judge(struct arena *arena, const struct library *library,
                              const struct scenario_result *results, size_t n_results,
                              const struct portfolio_result *portfolios, size_t n_portfolios,
                              size_t n_threads, const struct expectation_result **judged,
                              size_t *n_judged, struct error *error)
{
    struct expectation_result *out = arena_array(arena, library->n_expectations + 1, sizeof *out);
    *judged = out;
    *n_judged = 0;
    for (size_t i = 0; i < library->n_expectations; ++i) {
        const struct scenario_expectation *item = &library->expectations[i];
        const struct portfolio_result *portfolio =
            find_portfolio(item->portfolio, portfolios, n_portfolios);
        const struct portfolio_set *set = portfolio != NULL ? portfolio_main_set(portfolio) : NULL;
        const struct scenario_result *result =
            item->scenario != NULL ? result_of_scenario(item->scenario, results, n_results)
            : set != NULL          ? &results[set->result]
                                   : NULL;
        if (result == NULL && portfolio == NULL) {
            continue;
        }
        struct expectation_result *one = &out[(*n_judged)++];
        *one = (struct expectation_result){.expectation = item,
                                           .id = item->scenario != NULL ? item->scenario->id
                                                                        : item->portfolio->id,
                                           .state = EXPECTATION_UNKNOWN,
                                           .value = (double)NAN,
                                           .se = (double)NAN};
        TRY(judge_one(item, result, n_threads, one, error));
    }
    return STATUS_OK;
}
