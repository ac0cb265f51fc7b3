/* The shipped scenarios give the results committed in results/scenarios/, results/published/,
 * results/decision/ (one cookbook scenario with --decide), results/lancashire/ (the portfolio) and
 * results/practices/ (portfolios of practices that are no programme).
 * documents.py compares what report.html and workbook.xlsx say. Words must be the same; numbers may
 * differ by 1e-9 of themselves, since a fitted distribution may end one rounding elsewhere with
 * another C library. `scripts/results` writes the folder anew; what changed goes into CHANGELOG.md.
 */
#include "support/assert_close.h"
#include "support/run_program.h"

#include <ctype.h>

static const double allowed_relative = 1e-9;

static bool numbers_agree(const char **committed, const char **fresh)
{
    char *committed_end, *fresh_end;
    double a = strtod(*committed, &committed_end), b = strtod(*fresh, &fresh_end);
    bool agree = a == b || fabs(a - b) <= allowed_relative *
                                              fmax(fabs(a), fabs(b)); /* hexadecimal may be inf */
    *committed = committed_end;
    *fresh = fresh_end;
    return agree;
}

static int line_of(const char *text, const char *at)
{
    int line = 1;
    for (const char *byte = text; byte < at; ++byte) {
        line += *byte == '\n';
    }
    return line;
}

/* The line in `fresh` where the texts first differ by more than rounding, or 0. */
static int first_difference(const char *committed, const char *fresh)
{
    const char *a = committed, *b = fresh;
    while (*a != '\0' || *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            if (!numbers_agree(&a, &b)) {
                return line_of(fresh, b);
            }
        } else if (*a++ != *b++) {
            return line_of(fresh, b - 1);
        }
    }
    return 0;
}

static char *fresh_folder;
static char *printed; /* what the run of scenarios/ put on standard output */

static int run_into_fresh(const char *command, const char *scenarios, const char *name,
                          const char *more)
{
    char out[PATH_MAX];
    snprintf(out, sizeof out, "%s/%s", fresh_folder, name);
    struct program_outcome outcome = run_program(&(struct program_request){
        .arguments = {command, scenarios, "--quiet", "--out", out, more}});
    if (outcome.exit_code != 0) {
        print_error("%s", outcome.err);
    }
    int failed = outcome.exit_code;
    if (strcmp(name, "scenarios") == 0) {
        printed = strdup(outcome.out);
    }
    program_clear(&outcome);
    return failed;
}

static int run_shipped(void **state)
{
    (void)state;
    fresh_folder = folder_new();
    return run_into_fresh("run", "scenarios", "scenarios", NULL) +
           run_into_fresh("run", "scenarios/published", "published", NULL) +
           run_into_fresh("run", "scenarios/cookbook/decision.cfg", "decision", "--decide") +
           run_into_fresh("portfolio", "scenarios/portfolios/lancashire.cfg", "lancashire", NULL) +
           run_into_fresh("portfolio", "scenarios/portfolios/wellness_service.cfg",
                          "practices/wellness_service", NULL) +
           run_into_fresh("portfolio", "scenarios/portfolios/joint_commissioning.cfg",
                          "practices/joint_commissioning", NULL);
}

static int remove_fresh(void **state)
{
    (void)state;
    folder_remove(fresh_folder);
    free(fresh_folder);
    free(printed);
    return 0;
}

static void a_file_is_as_committed(void **state)
{
    const char *name = *state;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/results/%s", PROJECT_DIR, name);
    char *committed = file_text(path);
    snprintf(path, sizeof path, "%s/%s", fresh_folder, name);
    char *fresh = file_text(path);
    assert_non_null(committed);
    assert_non_null(fresh);
    int line = first_difference(committed, fresh);
    if (line != 0) {
        fail_msg("%s differs from results/%s at line %d; see scripts/results", name, name, line);
    }
    free(committed);
    free(fresh);
}

/* Each cookbook scenario runs, and docs/cookbook.md speaks of it. */
static void the_cookbook_runs(void **state)
{
    (void)state;
    char out[PATH_MAX];
    snprintf(out, sizeof out, "%s/cookbook", fresh_folder);
    struct program_outcome outcome = run_program(
        &(struct program_request){.arguments = {"run", "scenarios/cookbook", "--draws", "500",
                                                "--format", "csv", "--out", out}});
    assert_int_equal(outcome.exit_code, 0);
    char *page = file_text(PROJECT_DIR "/docs/cookbook.md");
    size_t n_scenarios = 0;
    for (char *line = strchr(outcome.out, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        char name[128];
        const char *keys = strstr(line, "--"); /* of an instance of for_each */
        size_t length = strcspn(line, ",");
        length = keys != NULL && keys < line + length ? (size_t)(keys - line) : length;
        snprintf(name, sizeof name, "**[%.*s](../scenarios/cookbook/", (int)length, line);
        if (strstr(page, name) == NULL) {
            fail_msg("docs/cookbook.md does not mention %s", name);
        }
        ++n_scenarios;
    }
    assert_true(n_scenarios >= 12);
    free(page);
    program_clear(&outcome);
}

/* README's table, indented by four, is what the program prints. */
static void the_table_in_readme_is_current(void **state)
{
    (void)state;
    char *text = file_text(PROJECT_DIR "/README.md");
    assert_non_null(text);
    char *line = strstr(text, "<!-- dividend run scenarios -->\n");
    char *end = strstr(text, "<!-- end of table -->");
    assert_non_null(line);
    assert_non_null(end);
    *end = '\0';
    size_t n_lines = 0;
    for (line = strchr(line, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
        char wanted[256];
        snprintf(wanted, sizeof wanted, "%.*s", (int)strcspn(line, "\n") - 4, line + 4);
        if (strstr(printed, wanted) == NULL) {
            fail_msg("README.md has a line that a run does not print: %s; see scripts/document",
                     wanted);
        }
        ++n_lines;
    }
    assert_true(n_lines >= 10);
    free(text);
}

static void the_comparison_itself_sees_a_change(void **state)
{
    (void)state;
    assert_int_equal(first_difference("a,1.0\nb,2.5\n", "a,1.0\nb,2.5\n"), 0);
    assert_int_equal(first_difference("a,1.0\nb,2.5\n", "a,1.0\nb,2.5000000001\n"), 0);
    assert_int_equal(first_difference("a,1.0\nb,2.5\n", "a,1.0\nb,2.500001\n"), 2);
    assert_int_equal(first_difference("a,1.0\nb,2.5\n", "a,1.0\nc,2.5\n"), 2);
    assert_int_equal(first_difference("a,1.0\n", "a,1.0\nb\n"), 2);
    assert_int_equal(first_difference("a,-1.0\n", "a,1.0\n"), 1);
}

/* A dimension, once given, stays: the index begins with the copy beside this test, and every
 * shipped parameter has one. scripts/dimensions appends to both. */
static void the_index_of_dimensions_only_grows(void **state)
{
    (void)state;
    char *kept = file_text(PROJECT_DIR "/tests/golden/dimensions.csv");
    char *index = file_text(PROJECT_DIR "/models/dimensions.csv");
    assert_non_null(kept);
    assert_non_null(index);
    assert_true(strncmp(index, kept, strlen(kept)) == 0);
    struct program_outcome outcome = run_program(
        &(struct program_request){.arguments = {"list", "dimensions", "--format", "csv"}});
    assert_int_equal(outcome.exit_code, 0);
    char *missing = strstr(outcome.out, "\n,");
    if (missing != NULL) {
        fail_msg("a parameter has no dimension: %.*s; run scripts/dimensions",
                 (int)strcspn(missing + 2, "\n"), missing + 2);
    }
    program_clear(&outcome);
    free(kept);
    free(index);
}

static const char *const committed[] = {"scenarios/summary.csv",
                                        "scenarios/sectors.csv",
                                        "scenarios/cashflow.csv",
                                        "scenarios/qalys.csv",
                                        "scenarios/inventory.csv",
                                        "scenarios/report.md",
                                        "scenarios/manifest.json",
                                        "scenarios/datapackage.json",
                                        "published/summary.csv",
                                        "published/sectors.csv",
                                        "published/cashflow.csv",
                                        "published/qalys.csv",
                                        "published/inventory.csv",
                                        "published/report.md",
                                        "published/manifest.json",
                                        "published/datapackage.json",
                                        "lancashire/report.md",
                                        "lancashire/summary.csv",
                                        "lancashire/sectors.csv",
                                        "lancashire/qalys.csv",
                                        "lancashire/datapackage.json",
                                        "lancashire/portfolio/budgets.csv",
                                        "lancashire/portfolio/deals.csv",
                                        "lancashire/portfolio/frontiers.csv",
                                        "lancashire/portfolio/funding_order.csv",
                                        "lancashire/portfolio/inclusion.csv",
                                        "lancashire/portfolio/inequality.csv",
                                        "lancashire/portfolio/programmes.csv",
                                        "lancashire/portfolio/quintiles.csv",
                                        "lancashire/portfolio/sets.csv",
                                        "lancashire/portfolio/shadow_prices.csv",
                                        "practices/wellness_service/report.md",
                                        "practices/wellness_service/portfolio/sets.csv",
                                        "practices/wellness_service/portfolio/budgets.csv",
                                        "practices/joint_commissioning/report.md",
                                        "practices/joint_commissioning/portfolio/sets.csv",
                                        "practices/joint_commissioning/portfolio/budgets.csv",
                                        "decision/report.md",
                                        "decision/summary.csv",
                                        "decision/sectors.csv",
                                        "decision/cashflow.csv",
                                        "decision/qalys.csv",
                                        "decision/inventory.csv",
                                        "decision/datapackage.json",
                                        "decision/uncertainty/acceptability.csv",
                                        "decision/uncertainty/convergence.csv",
                                        "decision/uncertainty/evidence_rules.csv",
                                        "decision/uncertainty/evidence_value.csv",
                                        "decision/uncertainty/evpi.csv",
                                        "decision/uncertainty/evppi.csv",
                                        "decision/uncertainty/payback.csv",
                                        "decision/uncertainty/sobol_indices.csv",
                                        "decision/uncertainty/studies.csv",
                                        "decision/uncertainty/switching.csv",
                                        "decision/uncertainty/tornado.csv",
                                        "decision/uncertainty/two_way.csv",
                                        "decision/uncertainty/what_if.csv"};

int main(void)
{
    enum { N_FILES = sizeof committed / sizeof *committed };

    static char names[N_FILES][64];
    struct CMUnitTest tests[N_FILES + 4];
    for (size_t i = 0; i < N_FILES; ++i) {
        snprintf(names[i], sizeof names[i], "%s", committed[i]);
        tests[i] = (struct CMUnitTest){
            .name = names[i], .test_func = a_file_is_as_committed, .initial_state = names[i]};
    }
    tests[N_FILES] = (struct CMUnitTest)cmocka_unit_test(the_cookbook_runs);
    tests[N_FILES + 1] = (struct CMUnitTest)cmocka_unit_test(the_table_in_readme_is_current);
    tests[N_FILES + 2] = (struct CMUnitTest)cmocka_unit_test(the_comparison_itself_sees_a_change);
    tests[N_FILES + 3] = (struct CMUnitTest)cmocka_unit_test(the_index_of_dimensions_only_grows);
    return _cmocka_run_group_tests("golden", tests, N_FILES + 4, run_shipped, remove_fresh);
}
