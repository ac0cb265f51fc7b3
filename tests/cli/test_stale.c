/* Files that an earlier run left and this one does not write go; nobody else's do. */
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

static bool is_there(const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void write_there(const char *name, const char *words)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file_write(path, words);
}

/* Returns what was said. */
static struct program_outcome run_again(const char *first, const char *second, long limit)
{
    return run_program(&(struct program_request){
        .arguments = {"run", PROJECT_DIR "/scenarios/befriending_west_lancashire.cfg", "--draws",
                      "64", "--out", folder, first, second},
        .file_size_limit = limit});
}

static void run_quietly(const char *first, const char *second)
{
    struct program_outcome outcome = run_again(first, second, 0);
    assert_int_equal(outcome.exit_code, 0);
    program_clear(&outcome);
}

static void what_the_new_run_does_not_write_goes(void **state)
{
    (void)state;
    run_quietly("--decide", "--draws-out");
    assert_true(is_there("uncertainty/evpi.csv"));
    assert_true(is_there("draws/befriending_west_lancashire/costs.csv"));
    write_there("uncertainty/mine.csv", "of the user\n");
    write_there("notes.txt", "of the user\n");
    struct program_outcome outcome = run_again("--errors", NULL, 0);
    assert_int_equal(outcome.exit_code, 0);
    assert_non_null(strstr(outcome.err, "of an earlier run that this one does not write"));
    program_clear(&outcome);
    assert_false(is_there("uncertainty/evpi.csv"));
    assert_false(is_there("draws"));
    assert_true(is_there("uncertainty/mine.csv"));
    assert_true(is_there("notes.txt"));
    assert_true(is_there("summary.csv"));
    run_quietly("--decide", NULL);
    assert_true(is_there("uncertainty/evpi.csv"));
}

/* The package names what it likes: only tables that the program knows are its own. */
static void a_package_made_by_hand_removes_nothing_else(void **state)
{
    (void)state;
    run_quietly("--errors", NULL);
    write_there("mine.csv", "of the user\n");
    write_there("datapackage.json", "{\"name\": \"dividend-results\", \"resources\": [{\"path\": "
                                    "\"mine.csv\"}, {\"path\": \"../mine.csv\"}]}\n");
    run_quietly("--errors", NULL);
    assert_true(is_there("mine.csv"));
    run_quietly("--decide", NULL);
    write_there("datapackage.json", "{\"name\": \"of-others\", \"resources\": [{\"path\": "
                                    "\"uncertainty/evpi.csv\"}]}\n");
    run_quietly("--errors", NULL);
    assert_true(is_there("uncertainty/evpi.csv")); /* not a package of the program: it stays */
}

static void a_run_that_fails_removes_nothing(void **state)
{
    (void)state;
    run_quietly("--decide", NULL);
    struct program_outcome outcome = run_again("--errors", NULL, 3000);
    assert_int_equal(outcome.exit_code, 1);
    program_clear(&outcome);
    assert_true(is_there("uncertainty/evpi.csv"));
    assert_true(is_there("uncertainty/tornado.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_new_run_does_not_write_goes, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_package_made_by_hand_removes_nothing_else, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(a_run_that_fails_removes_nothing, make_folder,
                                        drop_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
