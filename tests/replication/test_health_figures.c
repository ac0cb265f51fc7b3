/* Published cohorts, trees and their uncertainty: the rows of health.json with every parameter at
 * its mean, as the sources worked them out, then Monte Carlo figures. */
#include "appraise/incremental.h"
#include "plan/plan_health.h"
#include "support/fixture.h"
#include "support/run_program.h"

#include <gsl/gsl_errno.h>

#include <jansson.h>
#include <math.h>

enum { MOST_SCENARIOS = 32, MOST_OPTIONS = 8 };

static const char *const models[] = {"models"};

static double central(const struct plan *plan, const double *values, enum measure measure,
                      size_t who, size_t item)
{
    size_t index = plan_find_result(plan, measure, who, 0, item);
    assert_true(index != SIZE_MAX);
    return values[index];
}

static size_t find_option(const struct health_model *model, const char *id)
{
    for (size_t i = 0; i < model->n_options; ++i) {
        if (strcmp(model->options[i].id, id) == 0) {
            return i;
        }
    }
    fail_msg("no option %s", id);
    return 0;
}

static double icer_of(const struct plan *plan, const double *values, size_t option)
{
    const struct health_model *model = plan->health->model;
    double costs[MOST_OPTIONS], effects[MOST_OPTIONS];
    struct incremental rows[MOST_OPTIONS];
    size_t total = plan->n_whos - 1, outcome = health_effect_outcome(model);
    for (size_t o = 0; o < model->n_options; ++o) {
        costs[o] = central(plan, values, MEASURE_OPTION_COST, total, o);
        effects[o] = central(plan, values, MEASURE_OPTION_OUTCOME, total,
                             plan_health_item(o, model->n_outcomes, outcome));
    }
    incremental_analyse(model->n_options, costs, effects, rows);
    return rows[option].icer;
}

static double figure(const struct plan *plan, const double *values, const json_t *row)
{
    const struct health_model *model = plan->health->model;
    const struct appraisal_pack *pack = plan->scenario->conventions.appraisal;
    const char *name = json_string_value(json_object_get(row, "figure"));
    const char *item = json_string_value(json_object_get(row, "item"));
    bool plain = json_is_true(json_object_get(row, "undiscounted"));
    size_t option = find_option(model, json_string_value(json_object_get(row, "option")));
    size_t total = plan->n_whos - 1;
    if (strcmp(name, "icer") == 0) {
        return icer_of(plan, values, option);
    }
    if (strcmp(name, "cost_difference") == 0) {
        return central(plan, values, MEASURE_OPTION_COST_DIFFERENCE, total, option);
    }
    if (strcmp(name, "cost") == 0) {
        return central(plan, values, plain ? MEASURE_OPTION_COST_UNDISCOUNTED : MEASURE_OPTION_COST,
                       total, option);
    }
    if (strcmp(name, "category") == 0) {
        for (size_t i = 0; i < model->n_categories; ++i) {
            if (strcmp(model->categories[i], item) == 0) {
                return central(plan, values,
                               plain ? MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED
                                     : MEASURE_OPTION_CATEGORY_COST,
                               total, plan_health_item(option, model->n_categories, i));
            }
        }
    }
    if (strncmp(name, "outcome", 7) == 0) {
        bool difference = strcmp(name, "outcome_difference") == 0;
        for (size_t i = 0; i < model->n_outcomes; ++i) {
            if (strcmp(model->outcomes[i].id, item) == 0) {
                return central(plan, values,
                               difference ? MEASURE_OPTION_OUTCOME_DIFFERENCE
                               : plain    ? MEASURE_OPTION_OUTCOME_UNDISCOUNTED
                                          : MEASURE_OPTION_OUTCOME,
                               total, plan_health_item(option, model->n_outcomes, i));
            }
        }
    }
    if (strcmp(name, "nmb_difference") == 0) {
        for (size_t i = 0; i < pack->n_thresholds; ++i) {
            if (pack->thresholds_gbp_per_qaly[i] == atof(item)) {
                return central(plan, values, MEASURE_OPTION_NMB_DIFFERENCE, total,
                               plan_health_item(option, pack->n_thresholds, i));
            }
        }
    }
    fail_msg("unknown figure %s %s", name, item != NULL ? item : "");
    return 0.0;
}

static void check_rows(const json_t *rows, const char *scenario)
{
    char path[256];
    const char *files[] = {path};
    struct fixture fixture;
    snprintf(path, sizeof path, "scenarios/published/%s.cfg", scenario);
    fixture_load(&fixture, models, 1, files, 1, "scenarios/published/run.cfg");
    fixture_plan(&fixture, MEASURE_SET_FULL);
    const struct plan *plan = fixture.plans[0];
    double *values = calloc(plan->n_results, sizeof *values);
    simulation_central(plan, values);
    for (size_t i = 0; i < json_array_size(rows); ++i) {
        const json_t *row = json_array_get(rows, i);
        if (strcmp(json_string_value(json_object_get(row, "scenario")), scenario) == 0) {
            double expected = json_number_value(json_object_get(row, "value"));
            double actual = figure(plan, values, row);
            double relative = json_number_value(json_object_get(row, "relative"));
            if (!(fabs(actual - expected) <= relative * fabs(expected))) {
                fail_msg("%s: %s is %.17g, published %.17g", scenario,
                         json_string_value(json_object_get(row, "figure")), actual, expected);
            }
        }
    }
    free(values);
    fixture_clear(&fixture);
}

static void published_cohorts_and_trees_come_out(void **state)
{
    (void)state;
    json_error_t problem;
    json_t *rows = json_load_file("tests/replication/health.json", 0, &problem);
    if (!json_is_array(rows)) {
        fail_msg("health.json:%d: %s", problem.line, problem.text);
    }
    assert_true(json_array_size(rows) >= 40);
    for (size_t i = 0; i < json_array_size(rows); ++i) {
        const char *scenario =
            json_string_value(json_object_get(json_array_get(rows, i), "scenario"));
        bool seen = false;
        for (size_t k = 0; k < i; ++k) {
            seen = seen || strcmp(scenario, json_string_value(json_object_get(
                                                json_array_get(rows, k), "scenario"))) == 0;
        }
        if (!seen) {
            check_rows(rows, scenario);
        }
    }
    json_decref(rows);
}

/* The mean saving follows from the means, since every product is of independent inputs: 73.542680;
 * its spread and chance were found with 4 million draws (case prevention_tegaderm). */
static void the_dressing_saves_as_often_as_published(void **state)
{
    (void)state;

    const struct {
        const char *file;
        double saving, sd, share;
    } cases[] = {{"scenarios/published/catheter_dressing.cfg", 73.542680, 62.08, 0.9555},
                 {"scenarios/published/catheter_dressing_low_rate.cfg", 3.684320, 17.19, 0.5655}};

    for (size_t i = 0; i < 2; ++i) {
        struct fixture fixture;
        fixture_load(&fixture, models, 1, &cases[i].file, 1, "scenarios/published/run.cfg");
        fixture_plan(&fixture, MEASURE_SET_FULL);
        fixture_run(&fixture, 20261123, 131072, 2);
        const struct plan *plan = fixture.plans[0];
        const struct column_statistics *difference = result_find(
            &fixture.results[0], MEASURE_OPTION_COST_DIFFERENCE, plan->n_whos - 1, 0, 1);
        assert_non_null(difference);
        assert_true(fabs(-difference->mean - cases[i].saving) <= 4.0 * difference->se);
        assert_close(difference->sd, cases[i].sd, 0.02);
        assert_true(fabs(1.0 - difference->p_nonneg - cases[i].share) <=
                    4.0 * difference->p_nonneg_se + 4.0 * 0.0005);
        fixture_clear(&fixture);
    }
}

/* Where infections are rare the dressing breaks even at these values. */
static void the_dressing_breaks_even_where_published(void **state)
{
    (void)state;

    const struct {
        const char *parameter;
        double value, slope;
    } breaks[] = {{"dressing.bloodstream_hazard_ratio", 0.526051, 1e-6 * 29.7},
                  {"dressing.bloodstream_cost", 7846.31, 0.005 * 0.001794}};

    for (size_t i = 0; i < 2; ++i) {
        char *folder = folder_new(), *text = NULL;
        char path[PATH_MAX];
        const char *files[] = {path};
        struct fixture fixture;
        snprintf(path, sizeof path, "%s/breaks_even.cfg", folder);
        text = calloc(2048, 1);
        snprintf(text, 2048,
                 "scenario = { title = \"T\"; model = \"catheter_dressing\";\n"
                 "conventions = { price_year = \"2015-16\"; };\n"
                 "override = ( { parameter = \"dressing.bloodstream_rate\"; value = 0.3; reason = "
                 "\"low\"; }, { parameter = \"%s\"; value = %.17g; reason = \"break\"; } ); };\n",
                 breaks[i].parameter, breaks[i].value);
        file_write(path, text);
        fixture_load(&fixture, models, 1, files, 1, NULL);
        fixture_plan(&fixture, MEASURE_SET_FULL);
        const struct plan *plan = fixture.plans[0];
        double *values = calloc(plan->n_results, sizeof *values);
        simulation_central(plan, values);
        double saving = central(plan, values, MEASURE_OPTION_COST_DIFFERENCE, plan->n_whos - 1, 1);
        assert_true(fabs(saving) <= breaks[i].slope);
        free(values);
        free(text);
        fixture_clear(&fixture);
        folder_remove(folder);
        free(folder);
    }
}

/* The reference figures of the workload that bench/run w1 times. */
static void workload_w1_gives_its_reference_figures(void **state)
{
    (void)state;
    static const char *const bench_models[] = {"bench/w1/models"};
    const char *files[] = {"bench/w1/scenario.cfg"};
    const double costs[] = {152084, 285031, 259598, 379236};
    const double qalys[] = {20.8740, 21.6992, 22.2888, 23.2861};
    struct fixture fixture;
    fixture_load(&fixture, bench_models, 1, files, 1, NULL);
    fixture_plan(&fixture, MEASURE_SET_FULL);
    fixture_run(&fixture, 1, 131072, 2);
    const struct plan *plan = fixture.plans[0];
    for (size_t o = 0; o < 4; ++o) {
        const struct column_statistics *cost =
            result_find(&fixture.results[0], MEASURE_OPTION_COST, plan->n_whos - 1, 0, o);
        const struct column_statistics *qaly =
            result_find(&fixture.results[0], MEASURE_OPTION_OUTCOME, plan->n_whos - 1, 0,
                        plan_health_item(o, 2, OUTCOME_QALYS));
        /* The reference has a million plain draws of its own: errors add in squares; half its last
         * digit. */
        assert_true(cost->se < cost->sd / 1000.0);
        assert_true(fabs(cost->mean - costs[o]) <= 4.0 * hypot(cost->se, cost->sd / 1000.0) + 0.5);
        assert_true(fabs(qaly->mean - qalys[o]) <= 4.0 * hypot(qaly->se, qaly->sd / 1000.0) + 5e-5);
    }
    fixture_clear(&fixture);
}

/* The checks that run with every model, on every model that is shipped. */
static void every_shipped_health_model_passes_its_checks(void **state)
{
    (void)state;
    static const char *const names[] = {"hiv_lamivudine",
                                        "hiv_counting_life_table",
                                        "hiv_counting_beginning",
                                        "hiv_counting_end",
                                        "catheter_dressing",
                                        "encephalitis_biopsy",
                                        "migraine",
                                        "qale_england",
                                        "loneliness_older"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        char path[256];
        const char *files[] = {path};
        struct fixture fixture;
        struct health_check_result checks[N_HEALTH_CHECKS];
        snprintf(path, sizeof path, "scenarios/published/%s.cfg", names[i]);
        fixture_load(&fixture, models, 1, files, 1, "scenarios/published/run.cfg");
        fixture_plan(&fixture, MEASURE_SET_FULL);
        simulation_health_checks(fixture.plans[0], checks);
        size_t n_applies = 0;
        for (size_t k = 0; k < N_HEALTH_CHECKS; ++k) {
            n_applies += checks[k].applies ? 1 : 0;
            if (!checks[k].holds) {
                fail_msg("%s: %s fails by %g", names[i], checks[k].name, checks[k].worst);
            }
        }
        bool cohort = fixture.plans[0]->health->model->kind == HEALTH_COHORT;
        assert_int_equal(n_applies, cohort ? 5 : 1);
        fixture_clear(&fixture);
    }
}

/* ---- quality-adjusted life expectancy: 1,200 published values ---- */

enum { N_AGES = 100, N_RATES = 2 };

static void write_age(const char *folder, size_t rate, size_t age, char path[PATH_MAX])
{
    char text[512];
    snprintf(path, PATH_MAX, "%s/qale_%zu_%03zu.cfg", folder, rate, age);
    snprintf(text, sizeof text,
             "scenario = { title = \"T\"; model = \"qale_england\"; horizon_years = %zu;\n"
             "inputs = { age_now = %zu; }; conventions = { appraisal_pack = \"%s\"; }; };\n",
             101 - age, age, rate == 0 ? "nice_pmg36_1_5" : "nice_pmg36");
    file_write(path, text);
}

/* Published to two decimals: within half a unit of the last. The columns recomputed by the source
 * of the case, to four decimals, are checked to their last. */
static void check_norm(double actual, double published, double recomputed)
{
    if (!(fabs(actual - published) <= 0.005) || !(fabs(actual - recomputed) <= 0.0001)) {
        fail_msg("%.6f, published %.2f, recomputed %.4f", actual, published, recomputed);
    }
}

static void norms_of_quality_adjusted_life_expectancy_come_out(void **state)
{
    (void)state;
    char *folder = folder_new();
    static char paths[N_RATES * N_AGES][PATH_MAX];
    const char *files[N_RATES * N_AGES];
    static double values[N_RATES * N_AGES][64];
    struct fixture fixture;
    for (size_t i = 0; i < (size_t)N_RATES * N_AGES; ++i) {
        write_age(folder, i / N_AGES, i % N_AGES, paths[i]);
        files[i] = paths[i];
    }
    fixture_load(&fixture, models, 1, files, (size_t)N_RATES * N_AGES, NULL);
    fixture_plan(&fixture, MEASURE_SET_FULL);
    double *all = calloc(fixture.plans[0]->n_results, sizeof *all);
    for (size_t i = 0; i < (size_t)N_RATES * N_AGES; ++i) {
        const struct plan *plan = fixture.plans[i];
        size_t total = plan->n_whos - 1, n = plan->health->model->n_outcomes;
        simulation_central(plan, all);
        for (size_t o = 0; o < 4; ++o) {
            size_t item = plan_health_item(o, n, OUTCOME_QALYS);
            values[i][o] = central(plan, all, MEASURE_OPTION_OUTCOME, total, item);
            values[i][4 + o] = central(plan, all, MEASURE_OPTION_OUTCOME_UNDISCOUNTED, total, item);
        }
    }
    free(all);
    FILE *norms = fopen("tests/replication/qale_reference_norms.csv", "r");
    assert_non_null(norms);
    char line[512], set[8], sex[16];
    size_t age = 0, n_rows = 0;
    double p[4], r[3];
    assert_non_null(fgets(line, sizeof line, norms));
    while (fgets(line, sizeof line, norms) != NULL) {
        assert_int_equal(sscanf(line, "%7[^,],%zu,%15[^,],%lf,%lf,%lf,%lf,%lf,%lf,%lf", set, &age,
                                sex, &p[3], &p[0], &r[0], &p[1], &r[1], &p[2], &r[2]),
                         10);
        size_t option = (strcmp(set, "co") == 0 ? 2U : 0U) + (strcmp(sex, "male") == 0 ? 1U : 0U);
        check_norm(values[age][4 + option], p[0], r[0]);
        check_norm(values[age][option], p[1], r[1]);
        check_norm(values[N_AGES + age][option], p[2], r[2]);
        ++n_rows;
    }
    fclose(norms);
    assert_int_equal(n_rows, 400);
    fixture_clear(&fixture);
    folder_remove(folder);
    free(folder);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_cohorts_and_trees_come_out),
        cmocka_unit_test(the_dressing_saves_as_often_as_published),
        cmocka_unit_test(the_dressing_breaks_even_where_published),
        cmocka_unit_test(every_shipped_health_model_passes_its_checks),
        cmocka_unit_test(norms_of_quality_adjusted_life_expectancy_come_out),
        cmocka_unit_test(workload_w1_gives_its_reference_figures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
