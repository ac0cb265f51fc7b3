/* Every folder of tests/worked is a case: models/, one or more scenario*.cfg, expected.json. See README.md
 * there for the form; economists add cases without C. */
#include "support/fixture.h"

#include <dirent.h>
#include <jansson.h>
#include <gsl/gsl_errno.h>
#include <math.h>

enum { CASE_DRAWS = 131072, MAX_FILES = 16 };

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t list_names(const char *folder, char **names, size_t capacity)
{
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    size_t n = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] != '.' && n < capacity) {
            names[n++] = strdup(entry->d_name);
        }
    }
    closedir(directory);
    qsort(names, n, sizeof *names, compare_names);
    return n;
}

static double read_statistic(const struct column_statistics *statistics, const char *name)
{
    const struct {
        const char *name;
        double value;
    } known[] = {{"headline", statistics->headline}, {"mean", statistics->mean},
                 {"sd", statistics->sd},             {"p_nonneg", statistics->p_nonneg},
                 {"q025", statistics->q025},         {"q50", statistics->q50},
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
static double allowed_error(const struct scenario_result *result,
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

static const struct scenario_result *find_result(const struct fixture *fixture, const char *scenario)
{
    for (size_t i = 0; i < fixture->library->n_scenarios; ++i) {
        if (scenario == NULL || strcmp(fixture->library->scenarios[i]->id, scenario) == 0) {
            return &fixture->results[i];
        }
    }
    return NULL;
}

static void check_expectation(const struct fixture *fixture, const char *folder, const json_t *item)
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
        errors != NULL ? allowed_error(result, statistics, statistic, json_number_value(errors))
        : absolute != NULL
            ? json_number_value(absolute)
            : json_number_value(json_object_get(item, "relative")) * fabs(expected);
    if (!(fabs(actual - expected) <= allowed)) {
        fail_msg("%s: %s %s of %s is %.17g, expected %.17g within %g", folder, name, statistic, who,
                 actual, expected, allowed);
    }
}

static void run_case(const char *folder)
{
    char models[512], expected[512], files[MAX_FILES][600];
    const char *paths[MAX_FILES];
    char *names[64];
    size_t n_files = 0;
    size_t n_names = list_names(folder, names, 64);
    for (size_t i = 0; i < n_names; ++i) {
        if (strncmp(names[i], "scenario", 8) == 0 && n_files < MAX_FILES) {
            snprintf(files[n_files], sizeof files[n_files], "%s/%s", folder, names[i]);
            paths[n_files] = files[n_files];
            ++n_files;
        }
        free(names[i]);
    }
    snprintf(models, sizeof models, "%s/models", folder);
    snprintf(expected, sizeof expected, "%s/expected.json", folder);
    const char *directories[] = {models};
    struct fixture fixture;
    fixture_load(&fixture, directories, 1, paths, n_files, NULL);
    fixture_plan(&fixture, MEASURE_SET_FULL);
    fixture_run(&fixture, 20261123, CASE_DRAWS, 2);
    json_error_t problem;
    json_t *list = json_load_file(expected, 0, &problem);
    if (!json_is_array(list) || json_array_size(list) == 0) {
        fail_msg("%s: %s", expected, problem.text);
    }
    for (size_t i = 0; i < json_array_size(list); ++i) {
        check_expectation(&fixture, folder, json_array_get(list, i));
    }
    print_message("%s: %zu expectations hold\n", folder, json_array_size(list));
    json_decref(list);
    fixture_clear(&fixture);
}

static void a_worked_case_gives_its_published_figures(void **state)
{
    run_case(*state);
}

int main(void)
{
    gsl_set_error_handler_off();
    char *names[64];
    struct CMUnitTest tests[64];
    size_t n_tests = 0;
    size_t n_names = list_names("tests/worked", names, 64);
    for (size_t i = 0; i < n_names; ++i) {
        char path[512];
        snprintf(path, sizeof path, "tests/worked/%s/expected.json", names[i]);
        FILE *file = fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        fclose(file);
        snprintf(path, sizeof path, "tests/worked/%s", names[i]);
        tests[n_tests] = (struct CMUnitTest){.name = strdup(path),
                                             .test_func = a_worked_case_gives_its_published_figures,
                                             .initial_state = strdup(path)};
        ++n_tests;
    }
    int failed = n_tests == 0 ? 1 : _cmocka_run_group_tests("worked", tests, n_tests, NULL, NULL);
    for (size_t i = 0; i < n_tests; ++i) {
        free((void *)tests[i].name);
        free(tests[i].initial_state);
    }
    for (size_t i = 0; i < n_names; ++i) {
        free(names[i]);
    }
    return failed;
}
