/* --against: what changed since an earlier run, and folders that hold none. */
#include "support/assert_close.h"
#include "support/run_program.h"

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

static void in_folder(char path[PATH_MAX], const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
}

static struct program_outcome run_into(const char *out, const char *against, const char *seed)
{
    char path[PATH_MAX], earlier[PATH_MAX];
    in_folder(path, out);
    in_folder(earlier, against != NULL ? against : "");
    struct program_request request = {
        .arguments = {"run", PROJECT_DIR "/scenarios/befriending_west_lancashire.cfg", "--draws",
                      "512", "--out", path, "--seed", seed}};
    if (against != NULL) {
        request.arguments[8] = "--against";
        request.arguments[9] = earlier;
    }
    return run_program(&request);
}

static void run_quietly(const char *out, const char *against, const char *seed)
{
    struct program_outcome outcome = run_into(out, against, seed);
    assert_int_equal(outcome.exit_code, 0);
    program_clear(&outcome);
}

static char *read_result(const char *name)
{
    char path[PATH_MAX];
    in_folder(path, name);
    return file_text(path);
}

static void nothing_changed_says_so(void **state)
{
    (void)state;
    run_quietly("first", NULL, "1");
    struct program_outcome outcome = run_into("second", "first", "1");
    assert_int_equal(outcome.exit_code, 0);
    assert_says(outcome.out, "Nothing changed: all ");
    program_clear(&outcome);
    char *table = read_result("second/changes.csv");
    assert_null(strstr(table, ",moved"));
    assert_null(strstr(table, ",noise"));
    assert_says(table, ",same\n");
    free(table);
    char *page = read_result("second/report.html"), *report = read_result("second/report.md");
    assert_says(page, "Changes since the earlier run");
    assert_says(report, "Nothing changed: all ");
    assert_null(strstr(page, folder)); /* where the earlier folder stands is in no output */
    assert_null(strstr(report, folder));
    free(page);
    free(report);
}

static void another_seed_is_noise(void **state)
{
    (void)state;
    run_quietly("first", NULL, "1");
    struct program_outcome outcome = run_into("second", "first", "2");
    assert_int_equal(outcome.exit_code, 0);
    assert_says(outcome.out, "The runs drew different");
    program_clear(&outcome);
    char *inputs = read_result("second/changes_inputs.csv");
    assert_says(inputs, "run,seed,,setting,1,2,");
    free(inputs);
}

static void without_an_earlier_run_there_is_no_change(void **state)
{
    char path[PATH_MAX];
    (void)state;
    run_quietly("alone", NULL, "1");
    in_folder(path, "alone/changes.csv");
    assert_int_not_equal(access(path, F_OK), 0);
    char *page = read_result("alone/report.html");
    assert_null(strstr(page, "Changes since"));
    free(page);
}

/* The same folder: what it held is read before it is replaced. */
static void a_run_may_replace_what_it_is_compared_with(void **state)
{
    (void)state;
    run_quietly("own", NULL, "1");
    struct program_outcome outcome = run_into("own", "own", "2");
    assert_int_equal(outcome.exit_code, 0);
    assert_says(outcome.out, "The runs drew different");
    program_clear(&outcome);
    char *manifest = read_result("own/manifest.json");
    assert_says(manifest, "\"seed\": 2");
    free(manifest);
}

static void assert_refused(const char *against, const char *code)
{
    struct program_outcome outcome = run_into("refused", against, "1");
    char path[PATH_MAX];
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, code);
    assert_says(outcome.err, "nothing was run");
    program_clear(&outcome);
    in_folder(path, "refused");
    assert_int_not_equal(access(path, F_OK), 0);
}

static void bad_folders_are_refused_before_the_run(void **state)
{
    char path[PATH_MAX];
    (void)state;
    assert_refused("nowhere", "E716");
    run_quietly("bad", NULL, "1");
    in_folder(path, "bad/summary.csv");
    char *whole = file_text(path);
    whole[strlen(whole) / 2] = '\0';
    file_write(path, whole);
    free(whole);
    assert_refused("bad", "E717");
    in_folder(path, "bad/manifest.json");
    char *manifest = file_text(path), *version = strstr(manifest, "\"version\": \"0.");
    version[strlen("\"version\": \"")] = '9';
    file_write(path, manifest);
    free(manifest);
    assert_refused("bad", "E718");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_changed_says_so, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(another_seed_is_noise, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(without_an_earlier_run_there_is_no_change, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_run_may_replace_what_it_is_compared_with, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(bad_folders_are_refused_before_the_run, make_folder,
                                        drop_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
