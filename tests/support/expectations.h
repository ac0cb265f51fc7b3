/* Figures that a run must give, as a list in JSON: the form stands in tests/worked/README.md. */
#ifndef DIVIDEND_TESTS_EXPECTATIONS_H
#define DIVIDEND_TESTS_EXPECTATIONS_H

#include "support/fixture.h"

#include <jansson.h>
#include <math.h>

static inline double read_statistic(const struct column_statistics *statistics, const char *name)
{
    const struct {
        const char *name;
        double value;
    } known[] = {
        {"headline", statistics->headline}, {"mean", statistics->mean}, {"sd", statistics->sd},
        {"p_nonneg", statistics->p_nonneg}, {"q025", statistics->q025}, {"q50", statistics->q50},
        {"q975", statistics->q975},         {"se", statistics->se}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; ++i) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].value;
        }
    }
    fail_msg("unknown statistic %s", name);
    return NAN;
}

/* 4 standard errors of the statistic itself: of the mean, of a share, of an sd (normal theory). */
static inline double allowed_error(const struct scenario_result *result,
                                   const struct column_statistics *statistics, const char *name,
                                   double errors)
{
    if (strcmp(name, "p_nonneg") == 0) {
        return errors * statistics->p_nonneg_se;
    }
    if (strcmp(name, "sd") == 0) {
        return errors * statistics->sd / sqrt(2.0 * (double)result->n_draws);
    }
    return errors * statistics->se;
}

static inline const struct scenario_result *find_result(const struct fixture *fixture,
                                                        const char *scenario)
{
    for (size_t i = 0; i < fixture->library->n_scenarios; ++i) {
        if (scenario == NULL || strcmp(fixture->library->scenarios[i]->id, scenario) == 0) {
            return &fixture->results[i];
        }
    }
    return NULL;
}

static inline void check_expectation(const struct fixture *fixture, const char *folder,
                                     const json_t *item)
{
    const char *name = json_string_value(json_object_get(item, "measure"));
    const char *who = json_string_value(json_object_get(item, "who"));
    const char *statistic = json_string_value(json_object_get(item, "statistic"));
    const json_t *year = json_object_get(item, "year");
    const json_t *value = json_object_get(item, "value");
    statistic = statistic != NULL ? statistic : "headline";
    const struct scenario_result *result =
        find_result(fixture, json_string_value(json_object_get(item, "scenario")));
    if (name == NULL || result == NULL) {
        fail_msg("%s: an expectation names no measure, or a scenario that is not there", folder);
        return;
    }
    const struct column_statistics *statistics =
        fixture_find(result, name, who != NULL ? who : "total",
                     json_is_integer(year) ? (int)json_integer_value(year) : -1);
    if (statistics == NULL) {
        fail_msg("%s: no measure %s of %s", folder, name, who != NULL ? who : "total");
        return;
    }
    double actual = read_statistic(statistics, statistic);
    if (json_is_null(value)) {
        if (isfinite(actual)) {
            fail_msg("%s: %s %s of %s is %.17g, expected to be undefined", folder, name, statistic,
                     who, actual);
        }
        return;
    }
    double expected = json_number_value(value);
    const json_t *errors = json_object_get(item, "standard_errors");
    const json_t *absolute = json_object_get(item, "absolute");
    double allowed =
        errors != NULL     ? allowed_error(result, statistics, statistic, json_number_value(errors))
        : absolute != NULL ? json_number_value(absolute)
                           : json_number_value(json_object_get(item, "relative")) * fabs(expected);
    if (!(fabs(actual - expected) <= allowed)) {
        fail_msg("%s: %s %s of %s is %.17g, expected %.17g within %g", folder, name, statistic, who,
                 actual, expected, allowed);
    }
}

/* Every row of the file; returns their number. */
static inline size_t check_expectations(const struct fixture *fixture, const char *file)
{
    json_error_t problem;
    json_t *list = json_load_file(file, 0, &problem);
    if (!json_is_array(list) || json_array_size(list) == 0) {
        fail_msg("%s: %s", file, problem.text);
    }
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; ++i) {
        check_expectation(fixture, file, json_array_get(list, i));
    }
    json_decref(list);
    return n;
}
#endif
