/* What a run was expected to show: exit code 3, values, files of expectations. */
#include "support/assert_close.h"
#include "support/run_program.h"

#include <math.h>

#define SCENARIO PROJECT_DIR "/scenarios/cookbook/expectations.cfg"

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = folder_new();
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    free(folder);
    return 0;
}

static void assert_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL) {
        print_error("`%s` is not in:\n%s\n", words, text);
        fail();
    }
}

/* Runs the cookbook's scenario with a file of expectations about it. */
static struct program_outcome run_expecting(const char *expectations, const char *scenario)
{
    char file[PATH_MAX], out[PATH_MAX];
    snprintf(file, sizeof file, "%s/expected.cfg", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    file_write(file, expectations);
    return run_program(&(struct program_request){
        .arguments = {"run", scenario, "--draws", "4096", "--expect", file, "--out", out}});
}

static void what_holds_ends_with_0(void **state)
{
    (void)state;
    struct program_outcome outcome = run_expecting(
        "expectations = ( { of = \"expectations\"; that = \"net_cash.total < 0\"; } );\n",
        SCENARIO);
    assert_int_equal(outcome.exit_code, 0);
    assert_says(outcome.out, "Expectations: 4 of 4 hold");
    program_clear(&outcome);
}

static void what_fails_ends_with_3_and_its_reason(void **state)
{
    char path[PATH_MAX];
    (void)state;
    struct program_outcome outcome =
        run_expecting("expectations = ( { of = \"expectations\"; that = \"net.total >= 0\"; "
                      "reason = \"the board was told so\"; } );\n",
                      SCENARIO);
    assert_int_equal(outcome.exit_code, 3);
    assert_says(outcome.out, "Expectations: 3 of 4 hold");
    assert_says(outcome.err, "FAILED: expectations expects net.total >= 0");
    assert_says(outcome.err, "the board was told so");
    program_clear(&outcome);
    snprintf(path, sizeof path, "%s/out/expectations.csv", folder);
    char *table = file_text(path);
    assert_says(table, "expectations,net.total >= 0,error,failed,-");
    free(table);
}

static void a_warning_does_not_fail(void **state)
{
    (void)state;
    struct program_outcome outcome =
        run_expecting("expectations = ( { of = \"expectations\"; that = \"net.total >= 0\"; "
                      "severity = \"warn\"; } );\n",
                      SCENARIO);
    assert_int_equal(outcome.exit_code, 0);
    assert_says(outcome.err, "expectation warning: expectations expects net.total >= 0");
    program_clear(&outcome);
}

/* The value of an expectation in expectations.csv. */
static double value_of(const char *statement)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/out/expectations.csv", folder);
    char *table = file_text(path);
    const char *at = strstr(table, statement);
    assert_non_null(at);
    const char *value = strstr(at, ",held,");
    assert_non_null(value);
    double number = strtod(value + 6, NULL);
    free(table);
    return number;
}

/* Columns of summary.csv after the unit. */
enum figure { MEAN, SD = 2, LOWER = 4, MEDIAN, UPPER };

static double net_of(enum figure figure)
{
    static const char row[] = "expectations,total,total,net,,GBP,";
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/out/summary.csv", folder);
    char *table = file_text(path);
    const char *at = strstr(table, row);
    assert_non_null(at);
    at += strlen(row);
    for (int i = 0; i < (int)figure; ++i) {
        at = strchr(at, ',') + 1;
    }
    double number = strtod(at, NULL);
    free(table);
    return number;
}

static void values_are_those_of_the_run(void **state)
{
    (void)state;
    struct program_outcome outcome =
        run_expecting("expectations = (\n"
                      "  { of = \"expectations\"; that = \"net.total.p025 < 0\"; },\n"
                      "  { of = \"expectations\"; that = \"net.total.p5 < 1e9\"; },\n"
                      "  { of = \"expectations\"; that = \"net.total.p30 < 1e9\"; },\n"
                      "  { of = \"expectations\"; that = \"net.total.p70 < 1e9\"; },\n"
                      "  { of = \"expectations\"; that = \"net.total.sd > 0\"; },\n"
                      "  { of = \"expectations\"; that = \"net.total < 1e9\"; }\n);\n",
                      SCENARIO);
    assert_int_equal(outcome.exit_code, 0);
    program_clear(&outcome);
    double mean = net_of(MEAN), sd = net_of(SD);
    assert_close(value_of("net.total < 1e9"), mean, 0.0);
    assert_close(value_of("net.total.sd > 0"), sd, 0.0);
    assert_close(value_of("net.total.p025 < 0"), net_of(LOWER), 0.0);
    assert_close(value_of("net.total.p5 < 1e9"), net_of(MEDIAN), 0.0);
    double p30 = value_of("net.total.p30 < 1e9"), p70 = value_of("net.total.p70 < 1e9");
    assert_true(net_of(LOWER) < p30 && p30 < net_of(MEDIAN));
    assert_true(net_of(MEDIAN) < p70 && p70 < net_of(UPPER));
    /* the share of draws below a quantile is its probability */
    char expectations[512];
    snprintf(expectations, sizeof expectations,
             "expectations = ( { of = \"expectations\"; that = \"prob(net.total <= %.17g) > 0.1\"; "
             "} );\n",
             p30);
    outcome = run_expecting(expectations, SCENARIO);
    assert_int_equal(outcome.exit_code, 0);
    program_clear(&outcome);
    assert_true(fabs(value_of("prob(net.total <=") - 0.3) <= 1.0 / 4096.0);
}

static void names_that_are_not_there_are_errors_before_the_run(void **state)
{
    (void)state;
    struct program_outcome outcome =
        run_expecting("expectations = (\n  { of = \"expectation\"; that = \"net.total >= 0\"; },\n"
                      "  { of = \"expectations\"; that = \"net.totl >= 0\"; }\n);\n",
                      SCENARIO);
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "E696");
    assert_says(outcome.err, "did you mean \"expectations\"?");
    program_clear(&outcome);
    outcome =
        run_expecting("expectations = (\n  { of = \"expectations\"; that = \"net.totl >= 0\"; "
                      "}\n);\n",
                      SCENARIO);
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "E695");
    assert_says(outcome.err, "did you mean \"net.total\"");
    program_clear(&outcome);
}

static void what_cannot_fail_is_warned_of(void **state)
{
    (void)state;
    struct program_outcome outcome = run_expecting(
        "expectations = ( { of = \"expectations\"; that = \"prob(net.total >= 0) >= 0\"; } );\n",
        SCENARIO);
    assert_int_equal(outcome.exit_code, 0);
    assert_says(outcome.err, "W820");
    program_clear(&outcome);
}

static void a_portfolio_is_judged_by_the_set_it_recommends(void **state)
{
    char file[PATH_MAX], out[PATH_MAX];
    (void)state;
    snprintf(file, sizeof file, "%s/expected.cfg", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    file_write(file, "expectations = (\n"
                     "  { of = \"portfolio\"; that = \"net.public_sector > -1e9\"; },\n"
                     "  { of = \"portfolio\"; that = \"net.public_sector > 1e9\"; }\n);\n");
    struct program_outcome outcome = run_program(
        &(struct program_request){.arguments = {"portfolio", "scenarios/cookbook/portfolio.cfg",
                                                "--draws", "512", "--expect", file, "--out", out}});
    assert_int_equal(outcome.exit_code, 3);
    assert_says(outcome.out, "Expectations: 1 of 2 hold");
    program_clear(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_holds_ends_with_0, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_fails_ends_with_3_and_its_reason, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_warning_does_not_fail, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(values_are_those_of_the_run, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(names_that_are_not_there_are_errors_before_the_run,
                                        make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_cannot_fail_is_warned_of, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_portfolio_is_judged_by_the_set_it_recommends, make_folder,
                                        drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
