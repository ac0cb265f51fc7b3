/* One broken file a mistake: its first three lines say what must be reported.
 *
 *   # expect: E203 line 9 column 13     the code, and where (column or line may be left out)
 *   # words: a whole number             must appear in the message
 *   # as: scenario                      how the file is loaded, always with the valid library in
 * base/: evidence, model, area  another file of the shipped models used_model       the same, with
 * a scenario that uses it cohort          the same, for a cohort or tree layer            a file of
 * a directory laid over them scenario, run    the scenario, or the run.cfg beside a valid one
 *   portfolio       beside the scenarios and model of base/portfolio
 *   portfolio_clash    the same, but named like the valid scenario, which is run too
 *
 * Checked: exactly one error, its code, place and words; exit code 2 of the real program, which
 * prints the code. A file is never reported by a crash. */
#include "decision/sensitivity.h"
#include "expectation/expectation.h"
#include "support/assert_close.h"
#include "support/run_program.h"

#include <dirent.h>

#define FOLDER PROJECT_DIR "/tests/invalid"
#define BASE   FOLDER "/base"

struct expectation {
    char code[8];
    int line, column;
    char words[128];
    char as[16];
};

struct sandbox {
    char *folder;
    char models[PATH_MAX], layer[PATH_MAX], scenario[PATH_MAX], run[PATH_MAX];
    char second[PATH_MAX]; /* another scenario file of the run */
    bool has_layer, has_run, has_second;
};

static bool read_header(const char *text, const char *label, char *out, size_t size)
{
    const char *start = strstr(text, label);
    if (start == NULL || start - text > 300) {
        return false;
    }
    start += strlen(label);
    snprintf(out, size, "%.*s", (int)strcspn(start, "\n"), start);
    return true;
}

static void read_expectation(const char *name, const char *text, struct expectation *expectation)
{
    char expect[64] = "";
    *expectation = (struct expectation){0};
    if (!read_header(text, "# expect: ", expect, sizeof expect) ||
        !read_header(text, "# words: ", expectation->words, sizeof expectation->words) ||
        !read_header(text, "# as: ", expectation->as, sizeof expectation->as)) {
        print_error("%s does not begin with its expectation\n", name);
        fail();
    }
    const char *line = strstr(expect, " line ");
    const char *column = strstr(expect, " column ");
    snprintf(expectation->code, sizeof expectation->code, "%.*s", (int)strcspn(expect, " "),
             expect);
    expectation->line = line == NULL ? 0 : atoi(line + 6);
    expectation->column = column == NULL ? 0 : atoi(column + 8);
}

static void copy_into(const char *from, const char *to)
{
    char *text = file_text(from);
    assert_non_null(text);
    file_write(to, text);
    free(text);
}

static void copy_bytes(const char *from, const char *to)
{
    char command[3 * PATH_MAX];
    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    assert_int_equal(system(command), 0);
}

static void make_folder(const char *path)
{
    assert_int_equal(mkdir(path, 0777), 0);
}

static const char *in(char path[PATH_MAX], const char *folder, const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

/* What portfolios choose among: the scenarios beside them, and a model of correlated evidence. */
static void place_portfolio(struct sandbox *sandbox, const char *file, bool clash)
{
    static const char *const scenarios[] = {"near.cfg",        "far.cfg",    "called.cfg",
                                            "called_less.cfg", "states.cfg", "dearer.cfg"};
    char path[PATH_MAX], from[PATH_MAX];
    make_folder(in(path, sandbox->folder, "models/calls"));
    copy_into(BASE "/portfolio/calls/model.cfg",
              in(path, sandbox->folder, "models/calls/model.cfg"));
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        copy_into(in(from, BASE "/portfolio", scenarios[i]),
                  in(path, sandbox->folder, scenarios[i]));
    }
    if (clash) {
        make_folder(in(path, sandbox->folder, "clash"));
        copy_bytes(file, in(sandbox->second, sandbox->folder, "clash/valid.cfg"));
        sandbox->has_second = true;
    } else {
        copy_bytes(file, in(sandbox->scenario, sandbox->folder, "broken.cfg"));
    }
}

static void place_file(struct sandbox *sandbox, const char *file,
                       const struct expectation *expectation)
{
    char path[PATH_MAX];
    const char *as = expectation->as;
    if (strcmp(as, "scenario") == 0) {
        copy_bytes(file, in(sandbox->scenario, sandbox->folder, "broken.cfg"));
    } else if (strncmp(as, "portfolio", strlen("portfolio")) == 0) {
        place_portfolio(sandbox, file, strcmp(as, "portfolio_clash") == 0);
    } else if (strcmp(as, "run") == 0) {
        copy_bytes(file, in(sandbox->run, sandbox->folder, "run.cfg"));
        sandbox->has_run = true;
    } else if (strcmp(as, "layer") == 0) {
        make_folder(in(sandbox->layer, sandbox->folder, "layer"));
        make_folder(in(path, sandbox->folder, "layer/broken"));
        copy_bytes(file, in(path, sandbox->folder, "layer/broken/model.cfg"));
        sandbox->has_layer = true;
    } else {
        make_folder(in(path, sandbox->folder, "models/broken"));
        copy_bytes(file, in(path, sandbox->folder, "models/broken/model.cfg"));
    }
    if (strcmp(as, "cohort") == 0) {
        file_write(sandbox->scenario,
                   "scenario = { title = \"A cohort\"; model = \"broken\"; };\n");
    }
    if (strcmp(as, "used_model") == 0) {
        char *text = file_text(BASE "/scenarios/valid.cfg");
        char *model = strstr(text, "\"visits\"");
        assert_non_null(model);
        memcpy(model, "\"broken\"", strlen("\"broken\""));
        file_write(sandbox->scenario, text);
        free(text);
    }
}

static void sandbox_make(struct sandbox *sandbox, const char *file,
                         const struct expectation *expectation)
{
    char path[PATH_MAX];
    *sandbox = (struct sandbox){.folder = folder_new()};
    make_folder(in(sandbox->models, sandbox->folder, "models"));
    make_folder(in(path, sandbox->folder, "models/visits"));
    copy_into(BASE "/models/library.cfg", in(path, sandbox->folder, "models/library.cfg"));
    copy_into(BASE "/models/visits/model.cfg",
              in(path, sandbox->folder, "models/visits/model.cfg"));
    copy_into(BASE "/scenarios/valid.cfg", in(sandbox->scenario, sandbox->folder, "valid.cfg"));
    make_folder(in(path, sandbox->folder, "models/cohort"));
    copy_into(BASE "/models/cohort/model.cfg",
              in(path, sandbox->folder, "models/cohort/model.cfg"));
    make_folder(in(path, sandbox->folder, "models/data"));
    copy_into(BASE "/models/data/deaths.csv", in(path, sandbox->folder, "models/data/deaths.csv"));
    copy_into(BASE "/models/data/people.csv", in(path, sandbox->folder, "models/data/people.csv"));
    copy_into(BASE "/models/areas.cfg", in(path, sandbox->folder, "models/areas.cfg"));
    place_file(sandbox, file, expectation);
}

static void load(const struct sandbox *sandbox, struct arena *arena,
                 struct diagnostics *diagnostics)
{
    const char *directories[] = {sandbox->models, sandbox->layer};
    const char *scenarios[] = {sandbox->scenario, sandbox->second};
    const struct library_request request = {
        .model_directories = directories,
        .n_model_directories = sandbox->has_layer ? 2 : 1,
        .scenario_files = scenarios,
        .n_scenario_files = sandbox->has_second ? 2 : 1,
        .run_file = sandbox->has_run ? sandbox->run : NULL,
    };
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    const struct library *library = library_load(arena, &request, diagnostics);
    for (size_t scenario = 0; diagnostics->n_errors == 0 && scenario < library->n_scenarios;
         scenario++) {
        const struct plan *plan =
            plan_build(arena, library, library->scenarios[scenario], &full, diagnostics);
        if (plan != NULL && diagnostics->n_errors == 0) {
            simulation_check_central(plan, diagnostics);
            sensitivity_check(plan, diagnostics);
            expectation_check(library, library->scenarios[scenario], NULL, plan, diagnostics);
        }
    }
    for (size_t i = 0; diagnostics->n_errors == 0 && i < library->n_portfolios; i++) {
        portfolio_check(arena, library, library->portfolios[i], diagnostics);
    }
    diagnostics_sort(diagnostics);
}

static const struct diagnostic *only_error(const char *name, const struct diagnostics *diagnostics)
{
    const struct diagnostic *error = NULL;
    for (size_t item = 0; item < diagnostics->n_items; item++) {
        if (diagnostic_code_severity(diagnostics->items[item].code) == SEVERITY_ERROR) {
            error = &diagnostics->items[item];
        }
    }
    if (diagnostics->n_errors != 1) {
        print_error("%s: %zu errors instead of one\n", name, diagnostics->n_errors);
        for (size_t item = 0; item < diagnostics->n_items; item++) {
            print_error("%s", diagnostic_render(diagnostics, &diagnostics->items[item], false));
        }
        return NULL;
    }
    return error;
}

static bool check_error(const char *name, const struct diagnostics *diagnostics,
                        const struct expectation *expectation)
{
    const struct diagnostic *error = only_error(name, diagnostics);
    if (error == NULL) {
        return false;
    }
    const char *code = diagnostic_code_name(error->code);
    const char *message = diagnostic_render(diagnostics, error, false);
    bool right = strcmp(code, expectation->code) == 0 &&
                 (expectation->line == 0 || error->place.line == expectation->line) &&
                 (expectation->column == 0 || error->place.column == expectation->column) &&
                 strstr(message, expectation->words) != NULL;
    if (!right) {
        print_error("%s: expected %s line %d column %d `%s`, not line %d column %d of\n%s\n", name,
                    expectation->code, expectation->line, expectation->column, expectation->words,
                    error->place.line, error->place.column, message);
    }
    return right;
}

static bool check_program(const char *name, const struct sandbox *sandbox,
                          const struct expectation *expectation)
{
    struct program_request request = {.arguments = {"check", "--no-shipped-models", "--models",
                                                    sandbox->models, sandbox->scenario}};
    if (sandbox->has_layer) {
        request.arguments[5] = "--models";
        request.arguments[6] = sandbox->layer;
    }
    if (sandbox->has_second) {
        request.arguments[5] = sandbox->second;
    }
    struct program_outcome outcome = run_program(&request);
    bool right = outcome.exit_code == 2 && strstr(outcome.err, expectation->code) != NULL &&
                 outcome.out[0] == '\0';
    if (!right) {
        print_error("%s: the program gave exit code %d and\n%s%s\n", name, outcome.exit_code,
                    outcome.out, outcome.err);
    }
    program_clear(&outcome);
    return right;
}

static bool check_file(const char *name)
{
    char file[PATH_MAX];
    struct expectation expectation;
    struct sandbox sandbox;
    struct arena arena;
    struct diagnostics diagnostics;
    char *text = file_text(in(file, FOLDER, name));
    read_expectation(name, text, &expectation);
    sandbox_make(&sandbox, file, &expectation);
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    load(&sandbox, &arena, &diagnostics);
    bool right = check_error(name, &diagnostics, &expectation);
    right = check_program(name, &sandbox, &expectation) && right;
    arena_clear(&arena);
    folder_remove(sandbox.folder);
    free(sandbox.folder);
    free(text);
    return right;
}

struct names {
    char **items;
    size_t n_items;
};

static int compare_names(const void *first, const void *second)
{
    return strcmp(*(char *const *)first, *(char *const *)second);
}

static struct names list_files(void)
{
    struct names names = {.items = calloc(1024, sizeof *names.items)};
    DIR *directory = opendir(FOLDER);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL && names.n_items < 1024;
         entry = readdir(directory)) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".cfg") == 0) {
            names.items[names.n_items++] = strdup(entry->d_name);
        }
    }
    closedir(directory);
    qsort(names.items, names.n_items, sizeof *names.items, compare_names);
    return names;
}

static void names_clear(struct names *names)
{
    for (size_t item = 0; item < names->n_items; item++) {
        free(names->items[item]);
    }
    free(names->items);
}

static void the_base_library_is_valid(void **state)
{
    (void)state;
    struct program_outcome outcome = run_program(
        &(struct program_request){.arguments = {"check", "--no-shipped-models", "--models",
                                                BASE "/models", BASE "/scenarios/valid.cfg"}});
    if (outcome.exit_code != 0) {
        print_error("%s", outcome.err);
        fail();
    }
    assert_string_equal(outcome.err, "");
    program_clear(&outcome);
}

static void every_broken_file_is_reported_as_it_says(void **state)
{
    (void)state;
    struct names names = list_files();
    size_t n_wrong = 0;
    for (size_t item = 0; item < names.n_items; item++) {
        n_wrong += !check_file(names.items[item]);
    }
    print_message("%zu broken files\n", names.n_items);
    assert_true(names.n_items >= 60);
    names_clear(&names);
    assert_int_equal(n_wrong, 0);
}

/* Codes that no small file can show, each with the reason and where it is tested instead. */
struct exception {
    const char *code, *reason;
};

static const struct exception exceptions[] = {
#include "exceptions.h"
};

static bool is_excepted(const char *code)
{
    for (size_t item = 0; item < sizeof exceptions / sizeof exceptions[0]; item++) {
        if (strcmp(exceptions[item].code, code) == 0) {
            return true;
        }
    }
    return code[0] == 'E' && code[1] == '7'; /* the command line: tests/cli */
}

static void every_error_code_has_a_broken_file(void **state)
{
    (void)state;
    bool seen[N_DIAGNOSTIC_CODES] = {false};
    struct names names = list_files();
    for (size_t item = 0; item < names.n_items; item++) {
        char file[PATH_MAX];
        struct expectation expectation;
        enum diagnostic_code code;
        char *text = file_text(in(file, FOLDER, names.items[item]));
        read_expectation(names.items[item], text, &expectation);
        if (diagnostic_code_find(expectation.code, &code)) {
            seen[code] = true;
        }
        free(text);
    }
    names_clear(&names);
    size_t n_missing = 0;
    for (size_t code = 0; code < N_DIAGNOSTIC_CODES; code++) {
        const char *name = diagnostic_code_name((enum diagnostic_code)code);
        bool is_error = diagnostic_code_severity((enum diagnostic_code)code) == SEVERITY_ERROR;
        if (is_error && !seen[code] && !is_excepted(name)) {
            print_error("%s (%s) has no file in tests/invalid\n", name,
                        diagnostic_code_title((enum diagnostic_code)code));
            n_missing++;
        }
        if (is_error && seen[code] && is_excepted(name)) {
            print_error("%s is excepted but has a file\n", name);
            n_missing++;
        }
    }
    assert_int_equal(n_missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_library_is_valid),
        cmocka_unit_test(every_broken_file_is_reported_as_it_says),
        cmocka_unit_test(every_error_code_has_a_broken_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
