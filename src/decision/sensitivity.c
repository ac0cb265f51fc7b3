#include "decision/sensitivity.h"

#include "base/vector.h"
#include "plan/measure_reference.h"
#include "plan/plan_bundle.h"
#include "plan/plan_health.h"
#include "uncertainty/moments.h"
#include "uncertainty/worker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct study_of {
    struct sensitivity *sensitivity;
    const struct decision *decision;
    struct worker worker;
    size_t headline; /* result column of the plan of all parameters */
};

/* ---- evaluating with everything at its mean ---- */

static void fill_means(struct worker *worker)
{
    const struct plan *plan = worker->sampling->plan;
    for (size_t i = 0; i < plan->n_columns; ++i) {
        vector_kernels()->fill(PROGRAM_BLOCK, plan->columns[i].distribution.mean,
                               worker->inputs[i]);
    }
}

/* Values of a result for n <= PROGRAM_BLOCK values of one column, all others at their means. */
static void evaluate_along(struct worker *worker, size_t column, size_t result, size_t n,
                           const double *x, double *out)
{
    double *input = worker->inputs[column];
    memcpy(input, x, n * sizeof *x);
    worker_run_filled(worker, n);
    memcpy(out, worker->appraisal.values + result * PROGRAM_BLOCK, n * sizeof *out);
    vector_kernels()->fill(PROGRAM_BLOCK, worker->sampling->plan->columns[column].distribution.mean,
                           input);
}

static size_t find_column(const struct plan *plan, const char *identity)
{
    for (size_t i = 0; identity != NULL && i < plan->n_columns; ++i) {
        if (strcmp(plan->columns[i].identity, identity) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* ---- ranges ---- */

/* Stated, or the 95 % interval; false where the parameter is certain and nothing is stated. */
static bool plausible_range(const struct plan_column *column, double *low, double *high,
                            bool *stated)
{
    const double *plausible = column->parameter != NULL ? column->parameter->plausible : NULL;
    *stated = plausible != NULL && column->override == NULL;
    if (*stated) {
        *low = plausible[0];
        *high = plausible[1];
        return true;
    }
    *low = column->distribution.q025;
    *high = column->distribution.q975;
    return distribution_is_uncertain(&column->distribution);
}

/* Where switching values are sought: what the kind allows, and no further than a thousand times the
 * mean. */
static void search_range(const struct plan_column *column, double *low, double *high)
{
    double mean = fabs(column->distribution.mean), sd = column->distribution.sd;
    double reach = fmax(1000.0 * mean, 40.0 * sd);
    *low = -(double)INFINITY;
    *high = (double)INFINITY;
    if (column->parameter != NULL) {
        parameter_kind_range(column->parameter->kind, low, high);
    } else if (column->input != NULL) {
        *low = column->input->min;
        *high = column->input->max;
    }
    reach = reach > 0.0 ? reach : 1.0;
    *low = fmax(*low, -reach);
    *high = fmin(*high, reach);
}

/* ---- tornado ---- */

static double swing(const struct tornado_bar *bar)
{
    return fabs(bar->at_high - bar->at_low);
}

static int compare_bars(const void *left, const void *right)
{
    const struct tornado_bar *a = left, *b = right;
    int by_swing = swing(a) > swing(b) ? -1 : swing(a) < swing(b) ? 1 : 0;
    return by_swing != 0 ? by_swing : strcmp(a->column->identity, b->column->identity);
}

static void make_tornado(struct study_of *study)
{
    struct sensitivity *sensitivity = study->sensitivity;
    const struct plan *plan = sensitivity->plan;
    struct tornado_bar *bars = arena_array(&sensitivity->arena, plan->n_columns + 1, sizeof *bars);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        struct tornado_bar *bar = &bars[sensitivity->n_bars];
        bar->column = &plan->columns[i];
        if (plausible_range(bar->column, &bar->low, &bar->high, &bar->stated)) {
            const double ends[2] = {bar->low, bar->high};
            double values[2];
            evaluate_along(&study->worker, i, study->headline, 2, ends, values);
            bar->at_low = values[0];
            bar->at_high = values[1];
            ++sensitivity->n_bars;
        }
    }
    if (sensitivity->n_bars > 1) {
        qsort(bars, sensitivity->n_bars, sizeof *bars, compare_bars);
    }
    sensitivity->bars = bars;
}

/* ---- switching values ---- */

/* 256 points from low to high, half of them near the mean. */
static void place_points(double low, double high, double mean, double *x)
{
    double near_low = fmax(low, mean - fabs(mean)), near_high = fmin(high, mean + fabs(mean));
    size_t half = PROGRAM_BLOCK / 2, quarter = PROGRAM_BLOCK / 4;
    if (!(near_high > near_low)) {
        near_low = low;
        near_high = high;
    }
    for (size_t i = 0; i < quarter; ++i) {
        double share = (double)i / (double)quarter;
        x[i] = low + (near_low - low) * (1.0 - (1.0 - share) * (1.0 - share) * (1.0 - share));
    }
    for (size_t i = 0; i < half; ++i) {
        x[quarter + i] = near_low + (near_high - near_low) * (double)i / (double)half;
    }
    for (size_t i = 0; i < quarter; ++i) {
        double share = (double)i / (double)(quarter - 1);
        x[quarter + half + i] = near_high + (high - near_high) * share * share * share;
    }
}

/* From above zero to below or back. Reaching zero at the end of a range (nobody takes part: nothing
 * is gained or lost) changes no sign. */
static bool changes_sign(double a, double b)
{
    return isfinite(a) && isfinite(b) && ((a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0));
}

/* Between points i - 1 and i, or at point i itself where it is zero and its neighbours differ in
 * sign. */
static bool crosses_at(const double *y, size_t n, size_t i)
{
    return changes_sign(y[i - 1], y[i]) ||
           (y[i] == 0.0 && i + 1 < n && changes_sign(y[i - 1], y[i + 1]));
}

/* The zero between two points: the bracket is divided by 255 until it is as narrow as doubles go.
 */
static double refine(struct study_of *study, size_t column, size_t result, double low, double high)
{
    double x[PROGRAM_BLOCK], y[PROGRAM_BLOCK];
    for (int step = 0; step < 8 && low < high; ++step) {
        size_t at = 1;
        for (size_t i = 0; i < PROGRAM_BLOCK; ++i) {
            x[i] = low + (high - low) * (double)i / (double)(PROGRAM_BLOCK - 1);
        }
        x[PROGRAM_BLOCK - 1] = high;
        evaluate_along(&study->worker, column, result, PROGRAM_BLOCK, x, y);
        while (at < PROGRAM_BLOCK - 1 && !crosses_at(y, PROGRAM_BLOCK, at)) {
            ++at;
        }
        if (y[at] == 0.0) {
            return x[at];
        }
        /* Straight between the last two points, once that is all there is to find. */
        if (x[at] - x[at - 1] <= 1e-9 * fmax(fabs(x[at]), fabs(x[at - 1]))) {
            return x[at - 1] + (x[at] - x[at - 1]) * y[at - 1] / (y[at - 1] - y[at]);
        }
        low = x[at - 1];
        high = x[at];
    }
    return 0.5 * (low + high);
}

static double distance_of(const struct switching_value *switching, double low, double high)
{
    double away = switching->value - switching->central;
    double width = fabs(switching->central);
    if (switching->has_range) {
        width = away > 0.0 ? high - switching->central : switching->central - low;
    }
    return width > 0.0 ? fabs(away) / width : fabs(away);
}

/* All zeros of one parameter; the list grows by one entry at least. */
static void find_switching(struct study_of *study, const char *measure, size_t result,
                           size_t column, size_t *capacity)
{
    struct sensitivity *sensitivity = study->sensitivity;
    const struct plan_column *parameter = &sensitivity->plan->columns[column];
    double x[PROGRAM_BLOCK], y[PROGRAM_BLOCK], low = 0.0, high = 0.0;
    struct switching_value like = {.measure = measure,
                                   .column = parameter,
                                   .central = parameter->distribution.mean,
                                   .value = (double)NAN,
                                   .distance = (double)INFINITY};
    bool stated = false, found = false;
    like.has_range = plausible_range(parameter, &low, &high, &stated);
    search_range(parameter, &like.searched_low, &like.searched_high);
    place_points(like.searched_low, like.searched_high, like.central, x);
    evaluate_along(&study->worker, column, result, PROGRAM_BLOCK, x, y);
    for (size_t i = 1; i <= PROGRAM_BLOCK; ++i) {
        bool here = i < PROGRAM_BLOCK && x[i] > x[i - 1] && crosses_at(y, PROGRAM_BLOCK, i);
        if (!here && (i < PROGRAM_BLOCK || found)) {
            continue;
        }
        sensitivity->switching =
            arena_grow(&sensitivity->arena, (void *)sensitivity->switching,
                       sensitivity->n_switching, capacity, sizeof *sensitivity->switching);
        struct switching_value *out =
            (struct switching_value *)&sensitivity->switching[sensitivity->n_switching++];
        *out = like;
        if (here) {
            out->value = refine(study, column, result, x[i - 1], x[i]);
            out->distance = distance_of(out, low, high);
            out->plausible = out->has_range && out->value >= low && out->value <= high;
            found = true;
        }
    }
}

static int compare_switching(const void *left, const void *right)
{
    const struct switching_value *a = left, *b = right;
    int by_distance = a->distance < b->distance ? -1 : a->distance > b->distance ? 1 : 0;
    return by_distance != 0 ? by_distance : strcmp(a->column->identity, b->column->identity);
}

static void find_all_switching(struct study_of *study, const char *measure, size_t *capacity)
{
    struct sensitivity *sensitivity = study->sensitivity;
    struct measure_reference reference;
    size_t first = sensitivity->n_switching;
    if (!measure_reference_find(sensitivity->plan, measure, &reference)) {
        return;
    }
    for (size_t i = 0; i < sensitivity->plan->n_columns; ++i) {
        const struct parameter *parameter = sensitivity->plan->columns[i].parameter;
        if (parameter == NULL || parameter->n_dirichlet == 0) { /* shares cannot move alone */
            find_switching(study, measure, reference.column, i, capacity);
        }
    }
    if (sensitivity->n_switching - first > 1) {
        qsort((void *)(sensitivity->switching + first), sensitivity->n_switching - first,
              sizeof *sensitivity->switching, compare_switching);
    }
}

static void make_switching(struct study_of *study)
{
    const struct decision_settings *settings = &study->decision->plan->scenario->decision;
    size_t capacity = 0;
    if (settings->n_switching == 0) {
        find_all_switching(study, study->sensitivity->measure, &capacity);
    }
    for (size_t i = 0; i < settings->n_switching; ++i) {
        find_all_switching(study, settings->switching[i], &capacity);
    }
}

/* ---- grids and suppositions ---- */

static void make_grids(struct study_of *study)
{
    struct sensitivity *sensitivity = study->sensitivity;
    const struct plan *plan = sensitivity->plan;
    const struct decision_settings *settings = &study->decision->plan->scenario->decision;
    struct grid_result *grids =
        arena_array(&sensitivity->arena, settings->n_two_ways + 1, sizeof *grids);
    for (size_t g = 0; g < settings->n_two_ways; ++g) {
        const struct two_way *grid = &settings->two_ways[g];
        size_t x = find_column(plan, grid->x.identity), y = find_column(plan, grid->y.identity);
        const char *measure = grid->measure != NULL ? grid->measure : sensitivity->measure;
        struct measure_reference reference;
        if (x == SIZE_MAX || y == SIZE_MAX || !measure_reference_find(plan, measure, &reference)) {
            continue;
        }
        double *values = arena_array(&sensitivity->arena, grid->n_x * grid->n_y, sizeof *values);
        for (size_t i = 0; i < grid->n_x; ++i) {
            for (size_t j = 0; j < grid->n_y; ++j) {
                fill_means(&study->worker);
                study->worker.inputs[x][0] = grid->x_values[i];
                evaluate_along(&study->worker, y, reference.column, 1, &grid->y_values[j],
                               &values[i * grid->n_y + j]);
            }
        }
        grids[sensitivity->n_grids++] =
            (struct grid_result){.grid = grid, .measure = measure, .values = values};
    }
    fill_means(&study->worker);
    sensitivity->grids = grids;
}

static void set_what_if(struct worker *worker, const struct what_if *what_if, size_t n)
{
    for (size_t i = 0; i < what_if->n_values; ++i) {
        size_t column = find_column(worker->sampling->plan, what_if->values[i].about.identity);
        if (column != SIZE_MAX) {
            vector_kernels()->fill(n, what_if->values[i].value, worker->inputs[column]);
        }
    }
}

/* The draws of the run with the supposed values in place of their own. */
static void run_what_if(struct study_of *study, const struct what_if *what_if,
                        struct what_if_result *result)
{
    const struct decision *decision = study->decision;
    size_t n_draws = decision->n_draws;
    double *values = memory_columns(n_draws), n_nonneg = 0.0;
    for (size_t draw = 0; draw < n_draws; draw += PROGRAM_BLOCK) {
        size_t n = n_draws - draw < PROGRAM_BLOCK ? n_draws - draw : PROGRAM_BLOCK;
        sampling_draw(study->worker.sampling, draw, n, NULL, study->worker.inputs);
        set_what_if(&study->worker, what_if, n);
        worker_run_filled(&study->worker, n);
        memcpy(values + draw, study->worker.appraisal.values + study->headline * PROGRAM_BLOCK,
               n * sizeof *values);
    }
    for (size_t i = 0; i < n_draws; ++i) {
        n_nonneg += values[i] >= 0.0 ? 1.0 : 0.0;
    }
    result->mean = estimate_mean(&decision->design, n_draws, values);
    result->p_nonneg = n_nonneg / (double)n_draws;
    free(values);
}

static void make_what_ifs(struct study_of *study)
{
    struct sensitivity *sensitivity = study->sensitivity;
    const struct decision_settings *settings = &study->decision->plan->scenario->decision;
    struct what_if_result *results =
        arena_array(&sensitivity->arena, settings->n_what_ifs + 1, sizeof *results);
    for (size_t i = 0; i < settings->n_what_ifs; ++i) {
        const struct what_if *what_if = &settings->what_ifs[i];
        struct what_if_result *result = &results[sensitivity->n_what_ifs++];
        result->name = what_if->name;
        fill_means(&study->worker);
        set_what_if(&study->worker, what_if, 1);
        worker_run_filled(&study->worker, 1);
        result->central = study->worker.appraisal.values[study->headline * PROGRAM_BLOCK];
        run_what_if(study, what_if, result);
        result->same_best = (result->mean.value >= 0.0) == (sensitivity->central >= 0.0);
    }
    fill_means(&study->worker);
    sensitivity->what_ifs = results;
}

/* ---- the headline ---- */

/* Programmes: the net of the headline's perspective. Health models: the lead of the best option
 * over the first, or of the second best where the first is best. */
static size_t headline_column(const struct decision *decision, const struct plan *plan)
{
    const struct decision_row *row = decision_headline(decision);
    if (plan->health == NULL) {
        return plan_find_result(plan, MEASURE_NET, row->who, 0, 0);
    }
    size_t option = 1, n = plan->scenario->conventions.appraisal->n_thresholds;
    for (size_t i = 0; i < decision->n_points; ++i) {
        const struct decision_point *point = &decision->points[i];
        if (point->row == decision->headline && point->threshold == decision->headline_threshold) {
            option = point->result.best > 0 ? point->result.best
                                            : choice_runner_up(&row->choice, &point->result);
        }
    }
    return row->by_effect
               ? plan_find_result(plan, MEASURE_OPTION_NMB_DIFFERENCE, row->who, 0,
                                  plan_health_item(option, n, 0))
               : plan_find_result(plan, MEASURE_OPTION_COST_DIFFERENCE, row->who, 0, option);
}

/* Only where a switching value or grid of a rate of return is asked for. */
static bool wants_irr(const struct plan *plan)
{
    const struct decision_settings *settings = &plan->scenario->decision;
    bool wants = false;
    for (size_t i = 0; i < settings->n_switching; ++i) {
        wants = wants || strncmp(settings->switching[i], "irr.", 4) == 0;
    }
    for (size_t i = 0; i < settings->n_two_ways; ++i) {
        const char *measure = settings->two_ways[i].measure;
        wants = wants || (measure != NULL && strncmp(measure, "irr.", 4) == 0);
    }
    return wants;
}

/* The plan with certain parameters as columns, or as it is where the model needs some of them
 * certain. */
static const struct plan *plan_all(struct arena *arena, const struct plan *plan)
{
    struct diagnostics diagnostics;
    const struct plan_options options = {
        .measure_set = MEASURE_SET_FULL, .vary_all = true, .without_irr = !wants_irr(plan)};
    diagnostics_init(&diagnostics, arena);
    const struct plan *all = plan_rebuild(arena, plan, &options, NULL, &diagnostics);
    return all != NULL ? all : plan;
}

/* ---- Sobol indices ---- */

struct index_run {
    const struct plan *plan;
    struct worker worker;
    size_t column, n_draws;
    bool *fresh;
    double *out;
};

static void run_index(struct index_run *run, double *out)
{
    for (size_t draw = 0; draw < run->n_draws; draw += PROGRAM_BLOCK) {
        size_t n = run->n_draws - draw < PROGRAM_BLOCK ? run->n_draws - draw : PROGRAM_BLOCK;
        worker_run(&run->worker, draw, n, run->fresh);
        memcpy(out + draw, run->worker.appraisal.values + run->column * PROGRAM_BLOCK,
               n * sizeof *out);
    }
}

static void set_fresh(struct index_run *run, size_t column, bool fresh)
{
    const struct correlation *correlation = run->plan->columns[column].correlation;
    for (size_t i = 0; i < run->plan->n_columns; ++i) {
        if (i == column ||
            (correlation != NULL && run->plan->columns[i].correlation == correlation)) {
            run->fresh[i] = fresh;
        }
    }
}

/* The first column of its correlation stands for all of it. */
static bool is_factor(const struct plan *plan, size_t column)
{
    const struct correlation *correlation = plan->columns[column].correlation;
    for (size_t i = 0; correlation != NULL && i < column; ++i) {
        if (plan->columns[i].correlation == correlation) {
            return false;
        }
    }
    return true;
}

static int compare_indices(const void *left, const void *right)
{
    const struct sobol_index *a = left, *b = right;
    if (a->below_noise != b->below_noise) {
        return a->below_noise ? 1 : -1;
    }
    int by_total = a->total.value > b->total.value ? -1 : a->total.value < b->total.value ? 1 : 0;
    return by_total != 0 && !a->below_noise ? by_total : strcmp(a->name, b->name);
}

enum status sobol_indices(struct arena *arena, const struct plan *plan,
                          const struct sampling_design *design, size_t column, size_t n_draws,
                          const struct sobol_index **indices, size_t *n_indices,
                          struct error *error)
{
    struct plan_sampling sampling;
    TRY(sampling_prepare(arena, sampler_cache_new(arena), plan, design, &sampling, error));
    struct index_run run = {.plan = plan, .column = column, .n_draws = n_draws};
    worker_init(&run.worker, &sampling);
    run.fresh = memory_array(plan->n_columns + 1, sizeof *run.fresh);
    double *a = memory_columns(n_draws), *b = memory_columns(n_draws),
           *ab = memory_columns(n_draws);
    double *first = memory_columns(n_draws), *total = memory_columns(n_draws);
    struct moments moments_a, moments_b;
    run_index(&run, a);
    memset(run.fresh, 1, plan->n_columns * sizeof *run.fresh);
    run_index(&run, b);
    memset(run.fresh, 0, plan->n_columns * sizeof *run.fresh);
    moments_kernels()->moments(n_draws, a, &moments_a);
    moments_kernels()->moments(n_draws, b, &moments_b);
    double mean = 0.5 * (moments_a.mean + moments_b.mean);
    double variance = 0.5 * (moments_a.squared_deviations + moments_b.squared_deviations) /
                      ((double)n_draws - 1.0);
    struct sobol_index *out = arena_array(arena, plan->n_columns + 1, sizeof *out);
    size_t n = 0;
    for (size_t i = 0; variance > 0.0 && i < plan->n_columns; ++i) {
        if (!is_factor(plan, i)) {
            continue;
        }
        set_fresh(&run, i, true);
        run_index(&run, ab);
        set_fresh(&run, i, false);
        for (size_t k = 0; k < n_draws; ++k) {
            first[k] = (b[k] - mean) * (ab[k] - a[k]) / variance;
            total[k] = 0.5 * (a[k] - ab[k]) * (a[k] - ab[k]) / variance;
        }
        const struct correlation *correlation = plan->columns[i].correlation;
        struct sobol_index *index = &out[n++];
        *index = (struct sobol_index){.name = correlation != NULL ? correlation->id
                                                                  : plan->columns[i].identity,
                                      .first = estimate_mean(design, n_draws, first),
                                      .total = estimate_mean(design, n_draws, total)};
        double factor = standard_error_factor(estimate_degrees(design, n_draws));
        index->below_noise = index->total.value <= factor * index->total.se;
    }
    if (n > 1) {
        qsort(out, n, sizeof *out, compare_indices);
    }
    worker_clear(&run.worker);
    free(run.fresh);
    free(a);
    free(b);
    free(ab);
    free(first);
    free(total);
    *indices = out;
    *n_indices = n;
    return STATUS_OK;
}

enum { INDEX_DRAWS = 4096 };

/* Programmes need their nets alone for it. */
static enum status make_indices(struct study_of *study, struct error *error)
{
    struct sensitivity *sensitivity = study->sensitivity;
    const struct decision *decision = study->decision;
    const struct plan *plan = decision->plan;
    struct diagnostics diagnostics;
    const struct plan_options options = {.measure_set = MEASURE_SET_NET_ALL};
    diagnostics_init(&diagnostics, &sensitivity->arena);
    if (plan->health == NULL) {
        plan = plan_rebuild(&sensitivity->arena, plan, &options, NULL, &diagnostics);
    }
    size_t n_draws = decision->n_draws < INDEX_DRAWS ? decision->n_draws : INDEX_DRAWS;
    if (plan == NULL || plan->n_columns == 0 || n_draws < 2 || plan->n_feeds > 0 ||
        plan->bundle != NULL || (plan->health != NULL && plan->health->life_table != NULL)) {
        return STATUS_OK;
    }
    sensitivity->index_degrees = estimate_degrees(&decision->design, n_draws);
    return sobol_indices(&sensitivity->arena, plan, &decision->design,
                         headline_column(decision, plan), n_draws, &sensitivity->indices,
                         &sensitivity->n_indices, error);
}

/* ---- all of it ---- */

/* Everything at its mean: the centre. */
static void start_study(struct study_of *study, const struct plan_sampling *sampling)
{
    struct sensitivity *sensitivity = study->sensitivity;
    sensitivity->measure =
        measure_reference_name(&sensitivity->arena, sensitivity->plan, study->headline);
    worker_init(&study->worker, sampling);
    fill_means(&study->worker);
    worker_run_filled(&study->worker, 1);
    sensitivity->central = study->worker.appraisal.values[study->headline * PROGRAM_BLOCK];
}

enum status sensitivity_tornado(struct sensitivity *sensitivity,
                                const struct scenario_result *result, struct error *error)
{
    struct plan_sampling sampling;
    *sensitivity = (struct sensitivity){0};
    arena_init(&sensitivity->arena);
    if (result->plan->health != NULL) {
        return STATUS_OK;
    }
    const struct plan *plan = sensitivity->plan = plan_all(&sensitivity->arena, result->plan);
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    TRY(sampling_prepare(&sensitivity->arena, sampler_cache_new(&sensitivity->arena), plan,
                         &result->design, &sampling, error));
    struct study_of study = {
        .sensitivity = sensitivity,
        .headline =
            plan_find_result(plan, MEASURE_NET, who != SIZE_MAX ? who : plan->n_whos - 1, 0, 0)};
    start_study(&study, &sampling);
    make_tornado(&study);
    worker_clear(&study.worker);
    return STATUS_OK;
}

enum status sensitivity_make(struct sensitivity *sensitivity, const struct decision *decision,
                             struct error *error)
{
    struct plan_sampling sampling;
    *sensitivity = (struct sensitivity){0};
    arena_init(&sensitivity->arena);
    sensitivity->plan = plan_all(&sensitivity->arena, decision->plan);
    if (decision->n_rows == 0) {
        return STATUS_OK;
    }
    TRY(sampling_prepare(&sensitivity->arena, sampler_cache_new(&sensitivity->arena),
                         sensitivity->plan, &decision->design, &sampling, error));
    struct study_of study = {.sensitivity = sensitivity,
                             .decision = decision,
                             .headline = headline_column(decision, sensitivity->plan)};
    start_study(&study, &sampling);
    make_tornado(&study);
    make_switching(&study);
    make_grids(&study);
    make_what_ifs(&study);
    worker_clear(&study.worker);
    return make_indices(&study, error);
}

void sensitivity_clear(struct sensitivity *sensitivity)
{
    arena_clear(&sensitivity->arena);
}

/* ---- checks ---- */

static void check_parameter(const struct plan *plan, const struct parameter_name *name,
                            struct diagnostics *diagnostics)
{
    if (name->identity == NULL) {
        return;
    }
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct plan_use *use = &plan->uses[i];
        if ((use->parameter != NULL && use->parameter == name->parameter) ||
            (use->input != NULL && use->input == name->input)) {
            return;
        }
    }
    setting_complain(diagnostics, name->setting, DIAGNOSTIC_E630,
                     "a parameter that the scenario's model uses",
                     "see `dividend explain SCENARIO` for those it uses",
                     "the model does not use \"%s\"", name->identity);
}

static void check_measure(const struct plan *plan, const struct setting *setting, const char *name,
                          struct diagnostics *diagnostics)
{
    struct measure_reference reference;
    if (measure_reference_find(plan, name, &reference) && reference.statistic == STATISTIC_MEAN) {
        return;
    }
    const char *nearest = measure_reference_nearest(diagnostics->arena, plan, name);
    setting_complain(diagnostics, setting, DIAGNOSTIC_E620, "MEASURE.WHO, e.g. net.public_sector",
                     nearest != NULL
                         ? arena_printf(diagnostics->arena, "did you mean \"%s\"?", nearest)
                         : "measures are the names in summary.csv and options.csv",
                     "the scenario has no measure \"%s\"", name);
}

void sensitivity_check(const struct plan *plan, struct diagnostics *diagnostics)
{
    const struct decision_settings *settings = &plan->scenario->decision;
    for (size_t i = 0; i < settings->n_groups; ++i) {
        for (size_t k = 0; k < settings->groups[i].n_members; ++k) {
            check_parameter(plan, &settings->groups[i].members[k], diagnostics);
        }
    }
    for (size_t i = 0; i < settings->n_studies; ++i) {
        check_parameter(plan, &settings->studies[i].about, diagnostics);
    }
    for (size_t i = 0; i < settings->n_two_ways; ++i) {
        const struct two_way *grid = &settings->two_ways[i];
        check_parameter(plan, &grid->x, diagnostics);
        check_parameter(plan, &grid->y, diagnostics);
        if (grid->measure != NULL) {
            check_measure(plan, setting_find(grid->setting, "measure"), grid->measure, diagnostics);
        }
    }
    for (size_t i = 0; i < settings->n_what_ifs; ++i) {
        for (size_t k = 0; k < settings->what_ifs[i].n_values; ++k) {
            check_parameter(plan, &settings->what_ifs[i].values[k].about, diagnostics);
        }
    }
    for (size_t i = 0; i < settings->n_switching; ++i) {
        check_measure(plan, settings->switching_setting->children[i], settings->switching[i],
                      diagnostics);
    }
}

/* ---- evidence ---- */

static enum status run_variant(struct arena *arena, const struct decision *decision,
                               const struct optimism_pack *pack, int worst_grade, const char *name,
                               struct evidence_variant *variant, struct error *error)
{
    const struct plan *plan = decision->plan;
    struct diagnostics diagnostics;
    const struct plan_options options = {.measure_set = MEASURE_SET_NET_ALL,
                                         .worst_grade = worst_grade};
    diagnostics_init(&diagnostics, arena);
    const struct plan *changed = plan_rebuild(arena, plan, &options, &pack, &diagnostics);
    *variant = (struct evidence_variant){.name = name, .mean = {NAN, NAN}, .sd = NAN};
    if (changed == NULL) {
        return STATUS_OK;
    }
    double *values = memory_columns(decision->n_draws), n_nonneg = 0.0;
    size_t column = plan_find_result(changed, MEASURE_NET, decision_headline(decision)->who, 0, 0);
    enum status status = simulation_draws(arena, changed, &decision->design, 0, decision->n_draws,
                                          &column, 1, values, error);
    if (status == STATUS_OK) {
        struct moments moments;
        moments_kernels()->moments(decision->n_draws, values, &moments);
        for (size_t i = 0; i < decision->n_draws; ++i) {
            n_nonneg += values[i] >= 0.0 ? 1.0 : 0.0;
        }
        double left = decision->n_draws > 1 ? (double)decision->n_draws - 1.0 : 1.0;
        variant->mean = estimate_mean(&decision->design, decision->n_draws, values);
        variant->sd = sqrt(moments.squared_deviations / left);
        variant->p_nonneg = n_nonneg / (double)decision->n_draws;
    }
    free(values);
    return status;
}

enum status evidence_variants(struct arena *arena, const struct decision *decision,
                              const struct evidence_variant **variants, size_t *n_variants,
                              struct error *error)
{
    const struct plan *plan = decision->plan;
    const struct packs *packs = plan->library->packs;
    const struct optimism_pack *stated = plan->scenario->conventions.optimism;
    struct evidence_variant *out = arena_array(arena, packs->n_optimism + 3, sizeof *out);
    *variants = out;
    *n_variants = 0;
    if (plan->health != NULL || decision->n_rows == 0) {
        return STATUS_OK;
    }
    TRY(run_variant(arena, decision, NULL, 0,
                    stated == NULL ? "no optimism-bias correction (as stated)"
                                   : "no optimism-bias correction",
                    &out[(*n_variants)++], error));
    for (size_t i = 0; i < packs->n_optimism; ++i) {
        const struct optimism_pack *pack = packs->optimism[i];
        TRY(run_variant(
            arena, decision, pack, 0,
            arena_printf(arena, "%s%s", pack->label, pack == stated ? " (as stated)" : ""),
            &out[(*n_variants)++], error));
    }
    return run_variant(arena, decision, stated, 2, "benefits from evidence of grade 1 and 2 only",
                       &out[(*n_variants)++], error);
}

static int months_of(const char *month)
{
    return 12 * (int)strtol(month, NULL, 10) + (int)strtol(month + 5, NULL, 10) - 1;
}

bool evidence_is_stale(const struct plan *plan, const struct parameter *parameter)
{
    if (parameter == NULL || parameter->review_by == NULL || strlen(parameter->review_by) != 7) {
        return false;
    }
    int now = plan->library->run.as_of != 0 ? plan->library->run.as_of
                                            : 12 * plan->scenario->start_year + 3;
    return months_of(parameter->review_by) < now;
}
