/* The shipped programmes against their published figures: the rows of expected.json, whose `status`
 * says whether the figure is derived from inputs other than itself (replicated) or is one of them
 * (restated). */
#include "support/expectations.h"

#include <gsl/gsl_errno.h>

#include <unistd.h>

enum { REPLICATION_DRAWS = 131072, MAX_SCENARIOS = 96 };

/* The scenarios that the rows name, each once. */
static size_t gather_scenarios(const json_t *rows, char files[][128], const char **paths)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(rows); ++i) {
        char path[128];
        const char *id = json_string_value(json_object_get(json_array_get(rows, i), "scenario"));
        assert_non_null(id);
        snprintf(path, sizeof path, "scenarios/published/%s.cfg", id);
        if (access(path, R_OK) != 0) {
            snprintf(path, sizeof path, "scenarios/%s.cfg", id);
        }
        size_t known = 0;
        while (known < n && strcmp(files[known], path) != 0) {
            ++known;
        }
        assert_true(known < MAX_SCENARIOS);
        if (known == n) {
            memcpy(files[n], path, sizeof path);
            paths[n] = files[n];
            ++n;
        }
    }
    return n;
}

static void published_figures_come_out(void **state)
{
    (void)state;
    static const char file[] = "tests/replication/expected.json";
    static const char *const models[] = {"models"};
    static char files[MAX_SCENARIOS][128];
    const char *paths[MAX_SCENARIOS];
    json_error_t problem;
    json_t *rows = json_load_file(file, 0, &problem);
    if (!json_is_array(rows)) {
        fail_msg("%s:%d: %s", file, problem.line, problem.text);
    }
    struct fixture fixture;
    size_t n_scenarios = gather_scenarios(rows, files, paths);
    fixture_load(&fixture, models, 1, paths, n_scenarios, "scenarios/run.cfg");
    fixture_plan(&fixture, MEASURE_SET_FULL);
    fixture_run(&fixture, 20261123, REPLICATION_DRAWS, 2);
    print_message("%zu published figures of %zu scenarios\n", check_expectations(&fixture, file),
                  n_scenarios);
    fixture_clear(&fixture);
    json_decref(rows);
}

/* A figure that is an input proves nothing, so each row says which it is, and where it was
 * published. */
static void every_row_says_what_it_proves(void **state)
{
    (void)state;
    json_t *rows = json_load_file("tests/replication/expected.json", 0, NULL);
    size_t n_replicated = 0;
    for (size_t i = 0; i < json_array_size(rows); ++i) {
        const json_t *row = json_array_get(rows, i);
        const char *status = json_string_value(json_object_get(row, "status"));
        assert_non_null(status);
        assert_non_null(json_string_value(json_object_get(row, "published")));
        assert_true(strcmp(status, "replicated") == 0 || strcmp(status, "restated") == 0);
        n_replicated += strcmp(status, "replicated") == 0;
    }
    assert_true(n_replicated >= 6);
    json_decref(rows);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {cmocka_unit_test(published_figures_come_out),
                                       cmocka_unit_test(every_row_says_what_it_proves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
