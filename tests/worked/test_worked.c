/* Every folder of tests/worked is a case: models/, one or more scenario*.cfg, expected.json. See
 * README.md there for the form; economists add cases without C. */
#include "support/expectations.h"

#include <gsl/gsl_errno.h>

#include <dirent.h>

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
    print_message("%s: %zu expectations hold\n", folder, check_expectations(&fixture, expected));
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
