/* The draws of a run, and one of them worked: its inputs, and the measure in it. */
#include "base/text.h"
#include "explain/explain_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS_LOOKED_AT = 1024 };

/* Of the first draws the one whose figure is nearest to the median (the mean, where no median is
 * kept), and the first of several. */
static enum status find_draw(struct walk *walk, size_t column, uint64_t *draw, struct error *error)
{
    const struct explainer *explainer = walk->explainer;
    const struct scenario_result *result = explainer->result;
    const struct column_statistics *statistics = &result->statistics[column];
    double centre = isnan(statistics->q50) ? statistics->mean : statistics->q50;
    size_t n = result->n_draws < DRAWS_LOOKED_AT ? (size_t)result->n_draws : DRAWS_LOOKED_AT;
    double *values = memory_array(n + 1, sizeof *values);
    enum status status = simulation_draws(explainer->arena, explainer->plan, &result->design, 0, n,
                                          &column, 1, values, error);
    double nearest = INFINITY;
    *draw = 0;
    for (size_t i = 0; i < n && status == STATUS_OK; ++i) {
        double distance = fabs(values[i] - centre);
        if (distance < nearest) {
            nearest = distance;
            *draw = i;
        }
    }
    free(values);
    return status;
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double draws_quantile(struct explainer *explainer, size_t column, double probability)
{
    const struct scenario_result *result = explainer->result;
    struct error error = {0};
    size_t n = result->n_draws < UNCERTAINTY_RETAINED_DRAWS ? (size_t)result->n_draws
                                                            : UNCERTAINTY_RETAINED_DRAWS;
    size_t n_finite = 0;
    double *values = memory_array(n + 1, sizeof *values), quantile = NAN;
    enum status status = simulation_draws_by_threads(
        explainer->arena, explainer->plan, &result->design, 0, n, &column, 1, 0, values, &error);
    for (size_t i = 0; i < n && status == STATUS_OK; ++i) {
        if (!isnan(values[i])) {
            values[n_finite++] = values[i];
        }
    }
    if (n_finite > 0) {
        qsort(values, n_finite, sizeof *values, compare_numbers);
        double place = probability * (double)(n_finite - 1);
        size_t below = (size_t)place;
        double share = place - (double)below;
        quantile = values[below];
        if (share > 0.0) {
            quantile += share * (values[below + 1] - values[below]);
        }
    }
    free(values);
    return quantile;
}

/* Columns named in the walk; all, where none was (health models). */
static bool is_named(const struct walk *walk, const struct plan_column *column)
{
    for (size_t i = 0; i < walk->n_uses; ++i) {
        if (walk->uses[i]->parameter == column->parameter &&
            walk->uses[i]->input == column->input) {
            return true;
        }
    }
    return walk->n_uses == 0;
}

/* Items of a Dirichlet are drawn as gammas; the share is one of them over their sum. */
static double drawn_value(const struct explainer *explainer, const struct worker *worker, size_t i)
{
    const struct plan *plan = explainer->plan;
    const struct parameter *parameter = plan->columns[i].parameter;
    double sum = 0.0;
    if (parameter == NULL || parameter->n_dirichlet == 0) {
        return worker->inputs[i][0] * plan->columns[i].price_factor;
    }
    for (size_t k = 0; k < plan->n_columns; ++k) {
        for (size_t m = 0; m < parameter->n_dirichlet; ++m) {
            sum +=
                plan->columns[k].parameter == parameter->dirichlet[m] ? worker->inputs[k][0] : 0.0;
        }
    }
    return worker->inputs[i][0] / sum;
}

static double mean_value(const struct plan_column *column)
{
    const struct parameter *parameter = column->parameter;
    bool share = parameter != NULL && parameter->n_dirichlet > 0;
    return share ? parameter->distribution.mean : column->distribution.mean * column->price_factor;
}

static void tell_inputs(struct walk *walk, const struct worker *worker)
{
    static const struct explain_column columns[] = {
        {"figure", "figure", EXPLAIN_WORDS, false},
        {"unit", "unit", EXPLAIN_WORDS, false},
        {"mean", "mean", EXPLAIN_FIGURE, false},
        {"drawn", "in this draw", EXPLAIN_FIGURE, false},
        {"key", "drawn by", EXPLAIN_WORDS, false}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    struct explain_table *table = explain_add_table(
        walk->explanation, "The uncertain figures in it, in prices of the run", columns, 5);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        const struct plan_column *column = &plan->columns[i];
        if (!is_named(walk, column)) {
            continue;
        }
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(column->identity);
        row[1] = explain_words(column->parameter != NULL ? column->parameter->unit
                                                         : column->input->unit);
        row[2] = explain_number(mean_value(column));
        row[3] = explain_number(drawn_value(explainer, worker, i));
        row[4] = explain_words(
            explainer->result->design.method != SAMPLING_SOBOL ? "its name"
            : column->dimension == 0
                ? "its name, stratified"
                : arena_printf(explainer->arena, "Sobol dimension %zu", column->dimension));
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static enum status work_draw(struct walk *walk, const struct measure_reference *reference,
                             uint64_t draw, struct error *error)
{
    struct explainer *explainer = walk->explainer;
    struct plan_sampling sampling;
    struct worker worker;
    struct sampler_cache *cache = sampler_cache_new(explainer->arena);
    TRY(sampling_prepare(explainer->arena, cache, explainer->plan, &explainer->result->design,
                         &sampling, error));
    worker_init(&worker, &sampling);
    worker_run(&worker, draw, 1, NULL);
    double value = worker.appraisal.values[reference->column * PROGRAM_BLOCK];
    const char *unit = measure_unit(explainer->plan->results[reference->column].measure);
    bool negative_ratio = explainer->plan->results[reference->column].is_ratio && value < 0.0;
    explain_say(walk->explanation,
                "Draw %llu of the run, worked: of the first %llu it is the one nearest to the "
                "median. There the figure is %s.",
                (unsigned long long)draw,
                (unsigned long long)(explainer->result->n_draws < DRAWS_LOOKED_AT
                                         ? explainer->result->n_draws
                                         : DRAWS_LOOKED_AT),
                !isfinite(value) || negative_ratio ? "[z]"
                : strcmp(unit, "GBP") == 0         ? pounds(explainer->arena, value)
                                                   : arena_printf(explainer->arena, "%s %s",
                                                                  explain_figure(explainer->arena, value),
                                                          strcmp(unit, "ratio") == 0 ? "" : unit));
    tell_inputs(walk, &worker);
    worker_clear(&worker);
    return STATUS_OK;
}

enum status walk_draws(struct walk *walk, const struct measure_reference *reference,
                       struct error *error)
{
    const struct scenario_result *result = walk->explainer->result;
    explain_add_section(walk->explanation, "draws", "The draws");
    if (walk->explainer->plan->n_columns == 0 || result->n_draws < 2) {
        explain_say(walk->explanation, "Nothing is uncertain: there is one draw, and it is the "
                                       "answer.");
        return STATUS_OK;
    }
    explain_say(walk->explanation,
                "The run draws every uncertain figure %llu times (%s, seed %llu%s), each by a key "
                "of its own, so that no other figure or scenario changes its draws (method 5.1).",
                (unsigned long long)result->n_draws, sampling_method_name(result->design.method),
                (unsigned long long)result->seed,
                result->n_scramblings > 1 ? arena_printf(walk->explainer->arena, ", %u scramblings",
                                                         (unsigned)result->n_scramblings)
                                          : "");
    const struct plan *plan = walk->explainer->plan;
    const struct plan_result_column *column = &plan->results[reference->column];
    bool headline =
        column->measure == MEASURE_NET &&
        strcmp(plan->whos[column->who].id, plan->scenario->conventions.perspective) == 0;
    if (headline && isfinite(result->assumption_share)) { /* it is known of the headline alone */
        explain_say(
            walk->explanation,
            "About %.0f %% of the variance of the headline net involves assumptions (method "
            "5.6).",
            100.0 * result->assumption_share);
    }
    uint64_t draw = 0;
    TRY(find_draw(walk, reference->column, &draw, error));
    return work_draw(walk, reference, draw, error);
}
