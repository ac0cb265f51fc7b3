#include "decision/decision.h"

#include "plan/plan_bundle.h"
#include "plan/plan_health.h"
#include "uncertainty/worker.h"

#include <gsl/gsl_cdf.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NESTED_OUTER = 1024, NESTED_BEST = 3, DECISION_MAX = 32 };

/* ---- draws ---- */

struct gathering {
    struct decision *decision;
    const struct scenario_result *result;
    size_t *columns; /* result columns wanted */
    double **values; /* where their draws go */
    size_t n_columns;
};

static double *want(struct gathering *gathering, size_t column)
{
    for (size_t i = 0; i < gathering->n_columns; ++i) {
        if (gathering->columns[i] == column) {
            return gathering->values[i];
        }
    }
    struct decision *decision = gathering->decision;
    double *values = arena_array(&decision->arena, decision->n_draws, sizeof *values);
    gathering->columns[gathering->n_columns] = column;
    gathering->values[gathering->n_columns++] = values;
    return values;
}

static enum status gather(struct gathering *gathering, struct error *error)
{
    struct decision *decision = gathering->decision;
    const struct plan *plan = decision->plan;
    size_t n_draws = decision->n_draws;
    struct plan_sampling sampling;
    struct worker worker;
    TRY(sampling_prepare(&decision->arena, sampler_cache_new(&decision->arena), plan,
                         &decision->design, &sampling, error));
    double *parameters =
        arena_array(&decision->arena, plan->n_columns * n_draws + 1, sizeof *parameters);
    worker_init(&worker, &sampling);
    for (size_t draw = 0; draw < n_draws; draw += PROGRAM_BLOCK) {
        size_t n = n_draws - draw < PROGRAM_BLOCK ? n_draws - draw : PROGRAM_BLOCK;
        sampling_draw(&sampling, draw, n, NULL, worker.inputs);
        for (size_t i = 0; i < plan->n_columns; ++i) {
            memcpy(parameters + i * n_draws + draw, worker.inputs[i], n * sizeof *parameters);
        }
        worker_run_filled(&worker, n);
        for (size_t i = 0; i < gathering->n_columns; ++i) {
            memcpy(gathering->values[i] + draw,
                   worker.appraisal.values + gathering->columns[i] * PROGRAM_BLOCK,
                   n * sizeof *parameters);
        }
    }
    worker_clear(&worker);
    decision->parameters = parameters;
    return STATUS_OK;
}

/* ---- rows ---- */

static const double no_threshold[] = {0.0};

static struct decision_row *add_row(struct decision *decision, size_t who, bool by_effect)
{
    const struct appraisal_pack *pack = decision->plan->scenario->conventions.appraisal;
    struct decision_row *row = (struct decision_row *)&decision->rows[decision->n_rows++];
    size_t n_others = decision->n_options - 1;
    *row = (struct decision_row){
        .who = who,
        .by_effect = by_effect,
        .thresholds = by_effect ? pack->thresholds_gbp_per_qaly : no_threshold,
        .n_thresholds = by_effect ? pack->n_thresholds : 1,
        .choice = {.n_draws = decision->n_draws,
                   .n_others = n_others,
                   .costs = arena_array(&decision->arena, n_others, sizeof(const double *)),
                   .effects = by_effect
                                  ? arena_array(&decision->arena, n_others, sizeof(const double *))
                                  : NULL,
                   .design = decision->design}};
    return row;
}

static size_t headline_who(const struct plan *plan)
{
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    return who == SIZE_MAX ? plan->n_whos - 1 : who;
}

/* A perspective that no sector of the scenario belongs to decides nothing, unless the headline is
 * its. */
static bool has_choice(const struct plan *plan, size_t who)
{
    return plan->whos[who].kind == WHO_SECTOR || plan->whos[who].n_members > 0 ||
           who == headline_who(plan);
}

/* Programmes: doing it against not doing it. Costs are minus the net, once the draws are there. */
static void want_programme(struct gathering *gathering)
{
    static const char *const options[] = {"without", "with"};
    struct decision *decision = gathering->decision;
    const struct plan *plan = decision->plan;
    size_t n_thresholds = plan->scenario->conventions.appraisal->n_thresholds;
    decision->options = options;
    decision->n_options = 2;
    decision->scale = 1.0;
    decision->scale_words = "the programme's own people and years";
    decision->rows = arena_array(&decision->arena, 2 * plan->n_whos, sizeof *decision->rows);
    for (size_t who = 0; who < plan->n_whos; ++who) {
        if (!has_choice(plan, who)) {
            continue;
        }
        struct decision_row *row = add_row(decision, who, false);
        if (who == headline_who(plan)) {
            decision->headline = decision->n_rows - 1;
        }
        ((const double **)row->choice.costs)[0] =
            want(gathering, plan_find_result(plan, MEASURE_NET, who, 0, 0));
    }
    for (size_t who = plan->n_sector_whos;
         plan->n_qalys > 0 && n_thresholds > 0 && who < plan->n_whos; ++who) {
        if (!has_choice(plan, who)) {
            continue;
        }
        struct decision_row *row = add_row(decision, who, true);
        ((const double **)row->choice.costs)[0] =
            want(gathering, plan_find_result(plan, MEASURE_NET_FISCAL, who, 0, 0));
        ((const double **)row->choice.effects)[0] =
            want(gathering, plan_find_result(plan, MEASURE_QALYS, plan->n_whos - 1, 0, 0));
    }
}

static void want_health(struct gathering *gathering)
{
    struct decision *decision = gathering->decision;
    const struct plan *plan = decision->plan;
    const struct health_model *model = plan->health->model;
    const struct decision_settings *settings = &plan->scenario->decision;
    size_t outcome = health_effect_outcome(model), n_others = model->n_options - 1;
    size_t n_thresholds = plan->scenario->conventions.appraisal->n_thresholds;
    const char **options = arena_array(&decision->arena, model->n_options, sizeof *options);
    for (size_t o = 0; o < model->n_options; ++o) {
        options[o] = model->options[o].id;
    }
    decision->options = options;
    decision->n_options = model->n_options;
    decision->scale = 0.0;
    for (size_t year = 0; year < settings->years; ++year) {
        decision->scale += settings->population_per_year *
                           pack_discount_factor(&plan->scenario->conventions.appraisal->costs,
                                                plan->scenario->conventions.timing, year);
    }
    decision->scale_words =
        settings->has_population
            ? arena_printf(&decision->arena, "%.0f people a year over %zu years, discounted: %.0f",
                           settings->population_per_year, settings->years, decision->scale)
            : "one person: state decision.population_per_year for a total";
    decision->rows = arena_array(&decision->arena, plan->n_whos, sizeof *decision->rows);
    for (size_t who = 0; n_others > 0 && who < plan->n_whos; ++who) {
        if (!has_choice(plan, who)) {
            continue;
        }
        bool by_effect =
            plan->whos[who].kind != WHO_SECTOR && outcome != SIZE_MAX && n_thresholds > 0;
        struct decision_row *row = add_row(decision, who, by_effect);
        if (who == headline_who(plan)) {
            decision->headline = decision->n_rows - 1;
        }
        for (size_t k = 0; k < n_others; ++k) {
            ((const double **)row->choice.costs)[k] = want(
                gathering, plan_find_result(plan, MEASURE_OPTION_COST_DIFFERENCE, who, 0, k + 1));
            if (by_effect) {
                ((const double **)row->choice.effects)[k] =
                    want(gathering,
                         plan_find_result(plan, MEASURE_OPTION_OUTCOME_DIFFERENCE, plan->n_whos - 1,
                                          0, plan_health_item(k + 1, model->n_outcomes, outcome)));
            }
        }
    }
}

/* Money gained becomes a cost of minus so much. */
static void turn_nets(const struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->n_columns; ++i) {
        enum measure measure = gathering->decision->plan->results[gathering->columns[i]].measure;
        for (size_t k = 0; (measure == MEASURE_NET || measure == MEASURE_NET_FISCAL) &&
                           k < gathering->decision->n_draws;
             ++k) {
            gathering->values[i][k] = -gathering->values[i][k];
        }
    }
}

/* ---- points and planes ---- */

/* Another seed's lead differs from this one's by sqrt(2) standard errors. */
static double flip_probability(const struct decision *decision, const struct choice_result *result)
{
    uint32_t degrees = estimate_degrees(&decision->design, decision->n_draws);
    if (!(result->lead.se > 0.0)) {
        return 0.0;
    }
    double t = -result->lead.value / (1.4142135623730951 * result->lead.se);
    return degrees > 0 ? gsl_cdf_tdist_P(t, degrees) : gsl_cdf_ugaussian_P(t);
}

static void add_point(struct decision *decision, size_t row, double threshold)
{
    struct decision_point *point = (struct decision_point *)&decision->points[decision->n_points++];
    size_t n = decision->n_options;
    *point = (struct decision_point){
        .row = row,
        .threshold = threshold,
        .result = {.mean = arena_array(&decision->arena, n, sizeof(double)),
                   .p_best = arena_array(&decision->arena, n, sizeof(double)),
                   .expected_loss = arena_array(&decision->arena, n, sizeof(double))}};
    choice_judge(&decision->rows[row].choice, threshold, &point->result);
    point->flip_probability = flip_probability(decision, &point->result);
}

static void add_points(struct decision *decision)
{
    decision->points =
        arena_array(&decision->arena, decision->n_rows * (DECISION_THRESHOLDS + 8) + 1,
                    sizeof *decision->points);
    for (size_t row = 0; row < decision->n_rows; ++row) {
        const struct decision_row *this = &decision->rows[row];
        for (size_t i = 0; this->by_effect && i < DECISION_THRESHOLDS; ++i) {
            add_point(decision, row, (double)(i * DECISION_STEP_GBP));
        }
        for (size_t i = 0; i < this->n_thresholds && i < 8; ++i) {
            bool on_curve = this->by_effect && this->thresholds[i] <= 100000.0 &&
                            fmod(this->thresholds[i], DECISION_STEP_GBP) == 0.0;
            if (!on_curve) {
                add_point(decision, row, this->thresholds[i]);
            }
        }
    }
}

static void add_plane(struct decision *decision, size_t row, size_t option)
{
    const struct choice *choice = &decision->rows[row].choice;
    const double *costs = choice->costs[option - 1], *effects = choice->effects[option - 1];
    struct decision_plane *plane = (struct decision_plane *)&decision->planes[decision->n_planes++];
    size_t n = decision->n_draws;
    *plane = (struct decision_plane){.row = row, .option = option};
    plane->cost = estimate_mean(&decision->design, n, costs);
    plane->effect = estimate_mean(&decision->design, n, effects);
    double squares_cost = 0.0, squares_effect = 0.0, products = 0.0;
    for (size_t i = 0; i < n; ++i) {
        double c = costs[i] - plane->cost.value, e = effects[i] - plane->effect.value;
        squares_cost += c * c;
        squares_effect += e * e;
        products += c * e;
        bool dearer = costs[i] > 0.0, better = effects[i] > 0.0;
        plane->quadrants[better ? (dearer ? 0 : 1) : (dearer ? 3 : 2)] += 1.0 / (double)n;
    }
    double left = n > 1 ? (double)n - 1.0 : 1.0;
    plane->cost_sd = sqrt(squares_cost / left);
    plane->effect_sd = sqrt(squares_effect / left);
    plane->correlation = squares_cost > 0.0 && squares_effect > 0.0
                             ? products / sqrt(squares_cost) / sqrt(squares_effect)
                             : (double)NAN;
}

static void add_planes(struct decision *decision)
{
    decision->planes = arena_array(&decision->arena, decision->n_rows * decision->n_options + 1,
                                   sizeof *decision->planes);
    for (size_t row = 0; row < decision->n_rows; ++row) {
        for (size_t option = 1; decision->rows[row].by_effect && option < decision->n_options;
             ++option) {
            add_plane(decision, row, option);
        }
    }
}

/* ---- value of information ---- */

static struct decision_information *add_information(struct decision *decision, size_t *capacity)
{
    decision->information =
        arena_grow(&decision->arena, (void *)decision->information, decision->n_information,
                   capacity, sizeof *decision->information);
    return (struct decision_information *)&decision->information[decision->n_information++];
}

/* One basis, every row and threshold. */
static void inform(struct decision *decision, size_t *capacity, const struct basis *basis,
                   const struct decision_information *like)
{
    for (size_t row = 0; row < decision->n_rows; ++row) {
        struct conditional_choice conditional;
        conditional_choice_fit(&conditional, &decision->rows[row].choice, basis);
        for (size_t i = 0; i < decision->rows[row].n_thresholds; ++i) {
            struct decision_information *information = add_information(decision, capacity);
            double threshold = decision->rows[row].thresholds[i];
            *information = *like;
            information->row = row;
            information->threshold = threshold;
            information->method = basis->method;
            information->explained = conditional.explained;
            information->value = conditional_choice_estimate(&conditional, threshold);
            information->value.value =
                fmin(information->value.value, choice_evpi(&decision->rows[row].choice, threshold));
            information->nested = (struct estimate){NAN, NAN};
        }
        conditional_choice_clear(&conditional);
    }
}

static const double *parameter_draws(const struct decision *decision, const char *identity)
{
    for (size_t i = 0; identity != NULL && i < decision->plan->n_columns; ++i) {
        if (strcmp(decision->plan->columns[i].identity, identity) == 0) {
            return decision->parameters + i * decision->n_draws;
        }
    }
    return NULL;
}

static void inform_of_parameters(struct decision *decision, size_t *capacity)
{
    for (size_t i = 0; i < decision->plan->n_columns; ++i) {
        const struct plan_column *column = &decision->plan->columns[i];
        const struct decision_information like = {.kind = INFORMATION_PARAMETER,
                                                  .name = column->identity,
                                                  .parameter = column->parameter};
        struct basis basis;
        basis_build_spline(&basis, decision->n_draws, decision->parameters + i * decision->n_draws);
        inform(decision, capacity, &basis, &like);
        basis_clear(&basis);
    }
}

static void inform_of_groups(struct decision *decision, size_t *capacity)
{
    const struct decision_settings *settings = &decision->plan->scenario->decision;
    for (size_t i = 0; i < settings->n_groups; ++i) {
        const struct decision_group *group = &settings->groups[i];
        const double **draws = arena_array(&decision->arena, group->n_members + 1, sizeof *draws);
        size_t n = 0;
        for (size_t k = 0; k < group->n_members; ++k) {
            draws[n] = parameter_draws(decision, group->members[k].identity);
            n += draws[n] != NULL ? 1 : 0;
        }
        if (n > 0) {
            const struct decision_information like = {.kind = INFORMATION_GROUP,
                                                      .name = group->name};
            struct basis basis;
            if (n == 1) {
                basis_build_spline(&basis, decision->n_draws, draws[0]);
            } else {
                basis_build_polynomial(&basis, decision->n_draws, n, draws);
            }
            inform(decision, capacity, &basis, &like);
            basis_clear(&basis);
        }
    }
}

/* A study of the planned size, and of a quarter, half, twice and four times as many. */
static void inform_of_studies(struct decision *decision, size_t *capacity)
{
    static const double sizes[] = {0.25, 0.5, 1.0, 2.0, 4.0};
    const struct decision_settings *settings = &decision->plan->scenario->decision;
    double *summaries = memory_columns(decision->n_draws);
    for (size_t i = 0; i < settings->n_studies; ++i) {
        const struct study *study = &settings->studies[i];
        const double *draws = parameter_draws(decision, study->about.identity);
        if (draws == NULL) {
            continue;
        }
        const struct uniform_stream stream = sample_stream_of(
            &decision->design, arena_printf(&decision->arena, "study:%s", study->about.identity), 0,
            2);
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; ++s) {
            double n = sizes[s] == 1.0 ? study->n : ceil(study->n * sizes[s]);
            const struct decision_information like = {.kind = INFORMATION_STUDY,
                                                      .name = study->name,
                                                      .parameter = study->about.parameter,
                                                      .study_n = n,
                                                      .study_cost_gbp = study->cost_gbp};
            struct basis basis;
            study_simulate(study, n, &stream, decision->n_draws, draws, summaries);
            basis_build_spline(&basis, decision->n_draws, summaries);
            inform(decision, capacity, &basis, &like);
            basis_clear(&basis);
        }
    }
    free(summaries);
}

/* ---- nested checks ---- */

static bool names_column(const struct decision *decision,
                         const struct decision_information *information, size_t column)
{
    const char *identity = decision->plan->columns[column].identity;
    if (information->kind == INFORMATION_PARAMETER) {
        return strcmp(identity, information->name) == 0;
    }
    const struct decision_settings *settings = &decision->plan->scenario->decision;
    for (size_t i = 0; i < settings->n_groups; ++i) {
        const struct decision_group *group = &settings->groups[i];
        for (size_t k = 0; strcmp(group->name, information->name) == 0 && k < group->n_members;
             ++k) {
            const char *member = group->members[k].identity;
            if (member != NULL && strcmp(member, identity) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Result columns of the headline's row: costs of the others, then their effects. */
static size_t headline_columns(const struct decision *decision, size_t *columns)
{
    const struct plan *plan = decision->plan;
    const struct decision_row *row = decision_headline(decision);
    size_t n = 0, n_others = decision->n_options - 1;
    if (plan->health == NULL) {
        columns[n++] = plan_find_result(plan, MEASURE_NET, row->who, 0, 0);
        return n;
    }
    const struct health_model *model = plan->health->model;
    for (size_t k = 0; k < n_others; ++k) {
        columns[n++] = plan_find_result(plan, MEASURE_OPTION_COST_DIFFERENCE, row->who, 0, k + 1);
    }
    for (size_t k = 0; row->by_effect && k < n_others; ++k) {
        size_t item = plan_health_item(k + 1, model->n_outcomes, health_effect_outcome(model));
        columns[n++] =
            plan_find_result(plan, MEASURE_OPTION_OUTCOME_DIFFERENCE, plan->n_whos - 1, 0, item);
    }
    return n;
}

static enum status check_nested(struct decision *decision, struct decision_information *information,
                                struct error *error)
{
    const struct decision_row *row = decision_headline(decision);
    size_t columns[2 * DECISION_MAX], n_columns = headline_columns(decision, columns);
    size_t n_others = decision->n_options - 1;
    bool *chosen = memory_array(decision->plan->n_columns + 1, sizeof *chosen);
    for (size_t i = 0; i < decision->plan->n_columns; ++i) {
        chosen[i] = names_column(decision, information, i);
    }
    const struct nested_request request = {.plan = decision->plan,
                                           .design = decision->design,
                                           .chosen = chosen,
                                           .n_outer = NESTED_OUTER};
    double *means = memory_columns(n_columns * 3 * NESTED_OUTER);
    const double *costs[DECISION_MAX], *effects[DECISION_MAX];
    enum status status = nested_means(&request, columns, n_columns, means, error);
    for (size_t i = 0; decision->plan->health == NULL && i < (size_t)3 * NESTED_OUTER; ++i) {
        means[i] = -means[i];
    }
    for (size_t k = 0; k < n_others; ++k) {
        costs[k] = means + k * 3 * NESTED_OUTER;
        effects[k] = means + (n_others + k) * 3 * NESTED_OUTER;
    }
    if (status == STATUS_OK) {
        information->nested = nested_value(NESTED_OUTER, n_others, costs,
                                           row->by_effect ? effects : NULL, information->threshold);
    }
    free(means);
    free(chosen);
    return status;
}

static bool is_of_headline(const struct decision *decision,
                           const struct decision_information *information)
{
    return information->row == decision->headline && information->kind != INFORMATION_STUDY &&
           information->threshold == decision->headline_threshold;
}

/* How many parameters of the headline are worth more. */
static size_t rank_of(const struct decision *decision,
                      const struct decision_information *information)
{
    size_t rank = 0;
    for (size_t i = 0; i < decision->n_information; ++i) {
        const struct decision_information *other = &decision->information[i];
        if (is_of_headline(decision, other) && other->kind == INFORMATION_PARAMETER &&
            other->value.value > information->value.value) {
            ++rank;
        }
    }
    return rank;
}

static enum status check_all_nested(struct decision *decision, struct error *error)
{
    const struct plan *plan = decision->plan;
    if (plan->bundle != NULL || plan->n_feeds > 0 ||
        (plan->health != NULL && plan->health->life_table != NULL) ||
        decision->n_options > DECISION_MAX) {
        return STATUS_OK; /* too slow, or too many options */
    }
    for (size_t i = 0; i < decision->n_information; ++i) {
        struct decision_information *information =
            (struct decision_information *)&decision->information[i];
        if (is_of_headline(decision, information) &&
            (information->kind == INFORMATION_GROUP ||
             (information->value.value > 0.0 && rank_of(decision, information) < NESTED_BEST))) {
            TRY(check_nested(decision, information, error));
        }
    }
    return STATUS_OK;
}

/* ---- all of it ---- */

/* Programmes again without rates of return, which would take most of the time. */
static const struct plan *plan_decision(struct arena *arena, const struct plan *plan)
{
    struct diagnostics diagnostics;
    const struct plan_options options = {.measure_set = MEASURE_SET_FULL, .without_irr = true};
    diagnostics_init(&diagnostics, arena);
    const struct plan *changed =
        plan->health == NULL ? plan_rebuild(arena, plan, &options, NULL, &diagnostics) : NULL;
    return changed != NULL ? changed : plan;
}

enum status decision_make(struct decision *decision, const struct scenario_result *result,
                          bool nested, struct error *error)
{
    size_t capacity = 0;
    *decision = (struct decision){
        .result = result,
        .design = result->design,
        .n_draws = result->n_draws < DECISION_DRAWS ? (size_t)result->n_draws : DECISION_DRAWS};
    arena_init(&decision->arena);
    decision->plan = plan_decision(&decision->arena, result->plan);
    struct gathering gathering = {
        .decision = decision,
        .result = result,
        .columns = arena_array(&decision->arena, result->plan->n_results + 1, sizeof(size_t)),
        .values = arena_array(&decision->arena, result->plan->n_results + 1, sizeof(double *))};
    if (result->plan->health != NULL) {
        want_health(&gathering);
    } else {
        want_programme(&gathering);
    }
    TRY(gather(&gathering, error));
    turn_nets(&gathering);
    for (size_t row = 0; row < decision->n_rows; ++row) {
        struct choice *choice = (struct choice *)&decision->rows[row].choice;
        choice_set_means(choice,
                         arena_array(&decision->arena, 2 * choice->n_others, sizeof(double)));
    }
    if (decision->n_rows == 0) {
        return STATUS_OK; /* one option: nothing to choose */
    }
    decision->headline_threshold = decision_headline(decision)->thresholds[0];
    add_points(decision);
    add_planes(decision);
    inform_of_parameters(decision, &capacity);
    inform_of_groups(decision, &capacity);
    inform_of_studies(decision, &capacity);
    return nested ? check_all_nested(decision, error) : STATUS_OK;
}

void decision_clear(struct decision *decision)
{
    arena_clear(&decision->arena);
}
