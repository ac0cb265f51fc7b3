/* The real binary as a user meets it: commands, exit codes, refusals, files. */
#include "base/text.h"
#include "support/assert_close.h"
#include "support/run_program.h"

#include <archive.h>
#include <archive_entry.h>
#include <jansson.h>

#define MODELS    PROJECT_DIR "/tests/invalid/base/models"
#define SCENARIOS PROJECT_DIR "/tests/invalid/base/scenarios"
#define VALID     SCENARIOS "/valid.cfg"
#define LIBRARY   "--no-shipped-models", "--models", MODELS

#define RUN(...)  run_program(&(struct program_request){.arguments = {__VA_ARGS__}})

static void assert_says(const char *text, const char *words)
{
    if (strstr(text, words) == NULL) {
        print_error("`%s` is not in:\n%s\n", words, text);
        fail();
    }
}

static void assert_silent_about(const char *text, const char *words)
{
    if (strstr(text, words) != NULL) {
        print_error("`%s` should not be in:\n%s\n", words, text);
        fail();
    }
}

/* Refused: the exit code, nothing on standard output, the words on standard error. */
static void assert_refused(struct program_outcome outcome, int exit_code, const char *words)
{
    if (outcome.exit_code != exit_code) {
        print_error("exit code %d instead of %d\n%s\n%s\n", outcome.exit_code, exit_code,
                    outcome.out, outcome.err);
        fail();
    }
    assert_string_equal(outcome.out, "");
    assert_says(outcome.err, words);
    program_clear(&outcome);
}

static void assert_done(const struct program_outcome *outcome)
{
    if (outcome->exit_code != 0) {
        print_error("exit code %d\n%s\n%s\n", outcome->exit_code, outcome->out, outcome->err);
        fail();
    }
}

static char *path_in(const char *folder, const char *name)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    sprintf(path, "%s/%s", folder, name);
    return path;
}

/* Every file of one folder is in the other with the same bytes, but for `except`. Returns their
 * number. */
static size_t assert_same_files(const char *first, const char *second, const char *except)
{
    size_t n_files = 0;
    DIR *directory = opendir(first);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, except) == 0) {
            continue;
        }
        char *one = path_in(first, entry->d_name);
        char *two = path_in(second, entry->d_name);
        char command[2 * PATH_MAX + 32];
        snprintf(command, sizeof command, "diff -r '%s' '%s' >&2", one, two);
        if (system(command) != 0) {
            print_error("%s and %s differ\n", one, two);
            fail();
        }
        n_files++;
        free(one);
        free(two);
    }
    closedir(directory);
    return n_files;
}

/* Files of two folders, by name: all there, with the same bytes. */
static void assert_same_texts(const char *one, const char *two, const char *const *files,
                              size_t n_files)
{
    for (size_t i = 0; i < n_files; ++i) {
        char *a = path_in(one, files[i]), *b = path_in(two, files[i]);
        char *first = file_text(a), *second = file_text(b);
        assert_non_null(first);
        assert_non_null(second);
        assert_string_equal(first, second);
        free(a);
        free(b);
        free(first);
        free(second);
    }
}

static size_t count_entries(const char *folder)
{
    size_t n = 0;
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return 0;
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    closedir(directory);
    return n;
}

static void without_arguments_the_help_is_shown(void **state)
{
    (void)state;
    struct program_outcome bare = RUN(NULL);
    struct program_outcome help = RUN("help");
    assert_done(&bare);
    assert_string_equal(bare.out, help.out);
    program_clear(&bare);
    program_clear(&help);
}

static void help_leads_with_examples(void **state)
{
    (void)state;
    struct program_outcome help = RUN("--help");
    assert_done(&help);
    const char *examples = strstr(help.out, "Examples");
    assert_non_null(examples);
    assert_true(examples < strstr(help.out, "Commands"));
    program_clear(&help);
}

static void every_command_has_its_help_both_ways(void **state)
{
    (void)state;
    static const char *const commands[] = {"run",    "check", "list", "explain",
                                           "schema", "new",   "help"};
    for (size_t item = 0; item < sizeof commands / sizeof commands[0]; item++) {
        struct program_outcome one = RUN("help", commands[item]);
        assert_done(&one);
        assert_says(one.out, "Examples");
        assert_says(one.out, commands[item]);
        if (strcmp(commands[item], "help") != 0) {
            struct program_outcome other = RUN(commands[item], "-h");
            assert_string_equal(one.out, other.out);
            program_clear(&other);
        }
        program_clear(&one);
    }
}

static void the_version_is_printed(void **state)
{
    (void)state;
    struct program_outcome outcome = RUN("--version");
    assert_done(&outcome);
    assert_string_equal(outcome.out, "dividend " DIVIDEND_VERSION "\n");
    program_clear(&outcome);
}

static void unknown_words_are_refused_with_a_suggestion(void **state)
{
    (void)state;
    assert_refused(RUN("rum"), 2, "dividend run");
    assert_refused(RUN("run", "--drews", "5"), 2, "--draws");
    assert_refused(RUN("run", "--drews=5"), 2, "--draws");
    assert_refused(RUN("run", "-x"), 2, "`-x` is not an option");
    assert_refused(RUN("list", "evidense"), 2, "dividend list evidence");
    assert_refused(RUN("schema", "scenrio"), 2, "dividend schema scenario");
    assert_refused(RUN("explain", "E9999"), 2, "is not a code");
    assert_refused(RUN("help", "rum"), 2, "dividend help run");
    assert_refused(RUN("new", "scenari", "x"), 2, "dividend new scenario");
    assert_refused(RUN("--draws", "5"), 2, "without a command");
}

static void numbers_of_options_are_checked(void **state)
{
    (void)state;
    assert_refused(RUN("run", "--draws", "1"), 2, "from 2 to 1073741824");
    assert_refused(RUN("run", "--draws", "1073741825"), 2, "from 2 to 1073741824");
    assert_refused(RUN("run", "--draws", "99999999999999999999999"), 2, "from 2 to 1073741824");
    assert_refused(RUN("run", "--draws", "1e5"), 2, "in digits");
    assert_refused(RUN("run", "--draws", "-5"), 2, "--draws is `-5`");
    assert_refused(RUN("run", "--draws", "1,000"), 2, "in digits");
    assert_refused(RUN("run", "--draws="), 2, "empty");
    assert_refused(RUN("run", "--draws"), 2, "needs a value");
    assert_refused(RUN("run", "--draws", "--quiet"), 2, "needs a value");
    assert_refused(RUN("run", "--threads", "0"), 2, "from 1 to 1024");
    assert_refused(RUN("run", "--threads", "1025"), 2, "from 1 to 1024");
    assert_refused(RUN("run", "--seed", "9007199254740993"), 2, "--seed");
    assert_refused(RUN("run", "--width", "79"), 2, "from 80 to 400");
    assert_refused(RUN("run", "--format", "xlsx"), 2, "table, csv, json or md");
    assert_refused(RUN("run", "--color", "maybe"), 2, "auto, always or never");
    assert_refused(RUN("run", "--only", "a,,b"), 2, "empty id");
    assert_refused(RUN("run", "--quiet=yes"), 2, "takes no value");
}

static void all_mistakes_of_the_command_line_are_shown_at_once(void **state)
{
    (void)state;
    struct program_outcome outcome = RUN("run", "--drews", "--draws", "x", "--width", "7");
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "E702");
    assert_says(outcome.err, "--draws is `x`");
    assert_says(outcome.err, "--width is `7`");
    assert_says(outcome.err, "3 errors");
    program_clear(&outcome);
}

static void options_of_another_command_are_refused(void **state)
{
    (void)state;
    assert_refused(RUN("list", "evidence", "--draws", "5"), 2, "does not take --draws");
    assert_refused(RUN("schema", "--models", "x"), 2, "does not take --models");
    assert_refused(RUN("new", "evidence", "x", "--model", "y"), 2, "does not take --model");
    assert_refused(RUN("list", "evidence", "somewhere"), 2, "takes no path");
}

static void paths_that_cannot_be_read_are_named(void **state)
{
    (void)state;
    char *folder = folder_new();
    assert_refused(RUN("run", LIBRARY, "no/such/file.cfg"), 2, "`no/such/file.cfg` does not exist");
    assert_refused(RUN("run", LIBRARY, SCENARIOS "/valid"), 2, "valid.cfg`?");
    assert_refused(RUN("run", LIBRARY, folder), 2, "holds no scenario files");
    assert_refused(RUN("run", VALID, "--no-shipped-models"), 2, "no models were found");
    assert_refused(RUN("run", VALID, "--models", "no/such/models"), 2, "does not exist");
    folder_remove(folder);
    free(folder);
}

static void a_run_writes_its_results_and_prints_the_comparison(void **state)
{
    (void)state;
    static const char *const files[] = {
        "summary.csv",      "sectors.csv", "cashflow.csv",    "qalys.csv",        "inventory.csv",
        "plausibility.csv", "report.md",   "manifest.json",   "run_results.json", "inputs.tar.zst",
        "datapackage.json", "options.csv", "incremental.csv", "trace.csv",        "life_table.csv",
        "workbook.xlsx",    "report.html", "assurance"};
    char *folder = folder_new();
    char *out = path_in(folder, "new/results");
    struct program_outcome outcome = RUN("run", LIBRARY, VALID, "--out", out, "--draws", "512");
    assert_done(&outcome);
    assert_says(outcome.out, "Council");
    assert_says(outcome.out, out);
    for (size_t file = 0; file < sizeof files / sizeof files[0]; file++) {
        char *path = path_in(out, files[file]);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_true(status.st_size > 0);
        free(path);
    }
    assert_int_equal(count_entries(out), sizeof files / sizeof files[0]);
    program_clear(&outcome);
    folder_remove(folder);
    free(folder);
    free(out);
}

static void results_go_to_a_folder_named_after_the_inputs(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *expected = path_in(folder, "results/runs/valid");
    struct program_outcome outcome = run_program(&(struct program_request){
        .arguments = {"run", LIBRARY, VALID, "--draws", "64"}, .directory = folder});
    assert_done(&outcome);
    assert_true(count_entries(expected) > 0);
    program_clear(&outcome);
    free(expected);
    expected = path_in(folder, "results/runs/scenarios");
    outcome = run_program(&(struct program_request){
        .arguments = {"run", LIBRARY, SCENARIOS "/", "--draws", "64"}, .directory = folder});
    assert_done(&outcome);
    assert_true(count_entries(expected) > 0);
    program_clear(&outcome);
    folder_remove(folder);
    free(folder);
    free(expected);
}

static void reruns_are_identical_with_any_threads_from_anywhere(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *first = path_in(folder, "first");
    char *second = path_in(folder, "second");
    char *third = path_in(folder, "third");
    struct program_outcome one =
        RUN("run", LIBRARY, VALID, "--out", first, "--draws", "3000", "--threads", "1");
    struct program_outcome two =
        RUN("run", LIBRARY, VALID, "--out", second, "--draws", "3000", "--threads", "2");
    struct program_outcome three = run_program(&(struct program_request){
        .arguments = {"run", "--no-shipped-models", "--models", "../models", "valid.cfg", "--out",
                      third, "--draws", "3000"},
        .directory = SCENARIOS});
    assert_done(&one);
    assert_done(&two);
    assert_done(&three);
    assert_int_equal(assert_same_files(first, second, "run_results.json"), 17);
    assert_int_equal(assert_same_files(first, third, "run_results.json"), 17);
    program_clear(&one);
    program_clear(&two);
    program_clear(&three);
    folder_remove(folder);
    free(folder);
    free(first);
    free(second);
    free(third);
}

/* Unpacks inputs.tar.zst into `folder`, as `tar -xf` does where zstd is installed. */
static void unpack(const char *archive_path, const char *folder)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry = NULL;
    archive_read_support_filter_zstd(archive);
    archive_read_support_format_tar(archive);
    assert_int_equal(archive_read_open_filename(archive, archive_path, 65536), ARCHIVE_OK);
    while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", folder, archive_entry_pathname(entry));
        archive_entry_set_pathname(entry, path);
        assert_int_equal(archive_read_extract(archive, entry, 0), ARCHIVE_OK);
    }
    archive_read_free(archive);
}

/* A results folder reruns without the project it came from, to the byte. */
static void results_rerun_from_their_own_inputs(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *first = path_in(folder, "first");
    char *second = path_in(folder, "second");
    char *archive = path_in(first, "inputs.tar.zst");
    struct program_outcome one = RUN("run", "scenarios", "--draws", "400", "--out", first);
    assert_done(&one);
    unpack(archive, folder);
    struct program_outcome two = run_program(&(struct program_request){
        .arguments = {"run", "inputs/scenarios", "--no-shipped-models", "--models", "inputs/models",
                      "--draws", "400", "--out", second},
        .directory = folder});
    assert_done(&two);
    assert_int_equal(assert_same_files(first, second, "run_results.json"), 17);
    program_clear(&one);
    program_clear(&two);
    folder_remove(folder);
    free(folder);
    free(first);
    free(second);
    free(archive);
}

static void only_chooses_among_the_scenarios(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *copy = path_in(folder, "second_one.cfg");
    char *first = path_in(folder, "first_one.cfg");
    char *out = path_in(folder, "out");
    char *text = file_text(VALID);
    file_write(copy, text);
    file_write(first, text);
    struct program_outcome outcome = RUN("run", LIBRARY, folder, "--only", "second_one", "--draws",
                                         "64", "--out", out, "--format", "csv");
    assert_done(&outcome);
    assert_says(outcome.out, "second_one");
    assert_silent_about(outcome.out, "first_one");
    program_clear(&outcome);
    folder_remove(out);
    assert_refused(RUN("run", LIBRARY, folder, "--only", "secondone", "--out", out), 2,
                   "`second_one`");
    assert_int_equal(count_entries(out), 0);
    folder_remove(folder);
    free(folder);
    free(copy);
    free(first);
    free(out);
    free(text);
}

static void tables_fit_the_width_asked_for(void **state)
{
    (void)state;
    static const char *const widths[] = {"80", "100"};
    char *folder = folder_new();
    for (size_t item = 0; item < 2; item++) {
        struct program_outcome outcome =
            RUN("run", LIBRARY, VALID, "--out", folder, "--draws", "64", "--width", widths[item]);
        assert_done(&outcome);
        size_t widest = 0;
        for (char *line = strtok(outcome.out, "\n"); line != NULL; line = strtok(NULL, "\n")) {
            bool is_path = strstr(line, folder) != NULL;
            size_t width = is_path ? 0 : text_width(line);
            widest = width > widest ? width : widest;
        }
        assert_true(widest <= (size_t)atoi(widths[item]));
        assert_true(widest > 60);
        program_clear(&outcome);
    }
    folder_remove(folder);
    free(folder);
}

static void assert_csv(const char *text)
{
    size_t n_columns = 0;
    size_t n_here = 1;
    size_t n_rows = 0;
    bool quoted = false;
    for (const char *at = text; *at != '\0'; at++) {
        quoted = *at == '"' ? !quoted : quoted;
        n_here += !quoted && *at == ',';
        if (!quoted && *at == '\n') {
            n_columns = n_columns == 0 ? n_here : n_columns;
            assert_int_equal(n_here, n_columns);
            n_here = 1;
            n_rows++;
        }
    }
    assert_false(quoted);
    assert_true(n_columns > 1);
    assert_true(n_rows > 1);
}

static void assert_json(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    if (json == NULL) {
        print_error("line %d: %s\n", error.line, error.text);
        fail();
    }
    json_decref(json);
}

static void every_format_is_well_formed(void **state)
{
    (void)state;
    static const char *const subjects[] = {"evidence", "models", "demands",
                                           "sectors",  "packs",  "sources"};
    char *folder = folder_new();
    struct program_outcome csv =
        RUN("run", LIBRARY, VALID, "--out", folder, "--draws", "64", "--format", "csv");
    struct program_outcome json =
        RUN("run", LIBRARY, VALID, "--out", folder, "--draws", "64", "--format", "json");
    struct program_outcome md =
        RUN("run", LIBRARY, VALID, "--out", folder, "--draws", "64", "--format", "md");
    assert_csv(csv.out);
    assert_json(json.out);
    assert_says(md.out, "|--");
    program_clear(&csv);
    program_clear(&json);
    program_clear(&md);
    for (size_t item = 0; item < sizeof subjects / sizeof subjects[0]; item++) {
        csv = RUN("list", subjects[item], LIBRARY, "--format", "csv");
        json = RUN("list", subjects[item], LIBRARY, "--format", "json");
        assert_csv(csv.out);
        assert_json(json.out);
        program_clear(&csv);
        program_clear(&json);
    }
    json = RUN("schema", "--format", "json");
    assert_json(json.out);
    program_clear(&json);
    folder_remove(folder);
    free(folder);
}

static void list_evidence_shows_the_fit(void **state)
{
    (void)state;
    struct program_outcome outcome = RUN("list", "evidence", LIBRARY, "--format", "csv");
    assert_done(&outcome);
    assert_says(outcome.out, "Beta(40, 60)");
    assert_says(outcome.out, "visit_cost,GBP/visit,200,162.7");
    program_clear(&outcome);
    outcome = RUN("list", "scenarios", SCENARIOS, LIBRARY);
    assert_done(&outcome);
    assert_says(outcome.out, "Support for a thousand people");
    program_clear(&outcome);
}

static void list_areas_shows_people_by_quintile(void **state)
{
    (void)state;
    struct program_outcome outcome = RUN("list", "areas", LIBRARY, "--format", "csv");
    assert_done(&outcome);
    assert_says(outcome.out, "id,label,people,q1,q2,q3,q4,q5,what,code,part_of,members,place\n");
    assert_says(outcome.out, "town,The Town,1000,500,400,0,100,0,area,A1,,,");
    assert_says(outcome.out, "hamlet,The Hamlet,,,,,,,area,,,,");
    assert_says(outcome.out, "mill_end,Mill End,200,100,80,0,20,0,part,,town,,");
    assert_says(outcome.out, "district,The District,1100,500,400,100,100,0,list,,,town village,");
    program_clear(&outcome);
}

static void check_counts_files_or_errors(void **state)
{
    (void)state;
    struct program_outcome outcome = RUN("check", LIBRARY, VALID);
    assert_done(&outcome);
    assert_says(outcome.out, "7 files, no errors");
    program_clear(&outcome);
    char *folder = folder_new();
    char *broken = path_in(folder, "broken.cfg");
    file_write(broken, "scenario = { title = \"x\"; modell = \"visits\"; };\n");
    outcome = RUN("check", LIBRARY, broken);
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "broken.cfg:1");
    assert_says(outcome.err, "in 1 file;");
    assert_says(outcome.err, "dividend explain E2");
    program_clear(&outcome);
    folder_remove(folder);
    free(folder);
    free(broken);
}

static void bad_input_leaves_earlier_results_untouched(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *out = path_in(folder, "out");
    char *copy = path_in(folder, "copy");
    char *broken = path_in(folder, "broken.cfg");
    struct program_outcome one = RUN("run", LIBRARY, VALID, "--out", out, "--draws", "64");
    struct program_outcome two = RUN("run", LIBRARY, VALID, "--out", copy, "--draws", "64");
    assert_done(&one);
    assert_done(&two);
    file_write(broken, "scenario = { title = ; };\n");
    assert_refused(RUN("run", LIBRARY, broken, "--out", out), 2, "broken.cfg:1");
    assert_int_equal(assert_same_files(copy, out, "run_results.json"), 17);
    assert_int_equal(count_entries(out), 18);
    program_clear(&one);
    program_clear(&two);
    folder_remove(folder);
    free(folder);
    free(out);
    free(copy);
    free(broken);
}

static void bad_input_makes_no_folder(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *out = path_in(folder, "out");
    char *broken = path_in(folder, "broken.cfg");
    file_write(broken, "scenario = { };\n");
    assert_refused(RUN("run", LIBRARY, broken, "--out", out), 2, "nothing was run");
    assert_int_equal(access(out, F_OK), -1);
    folder_remove(folder);
    free(folder);
    free(out);
    free(broken);
}

static void an_unwritable_folder_is_named_with_exit_code_1(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *file = path_in(folder, "file");
    char *out = path_in(file, "results");
    file_write(file, "not a folder\n");
    assert_refused(RUN("run", LIBRARY, VALID, "--out", out, "--draws", "64"), 1, file);
    assert_refused(RUN("run", LIBRARY, VALID, "--out", file, "--draws", "64"), 1, file);
    assert_refused(RUN("new", "evidence", "mine", "--out", out), 1, "is not a folder");
    folder_remove(folder);
    free(folder);
    free(file);
    free(out);
}

static void a_failed_write_leaves_earlier_results_whole(void **state)
{
    (void)state;
#if defined(__SANITIZE_THREAD__) || defined(DIVIDEND_COVERAGE)
    skip(); /* the sanitizer and the counters write files of their own */
#endif
    char *folder = folder_new();
    char *out = path_in(folder, "out");
    char *copy = path_in(folder, "copy");
    struct program_outcome one = RUN("run", LIBRARY, VALID, "--out", out, "--draws", "64");
    struct program_outcome two = RUN("run", LIBRARY, VALID, "--out", copy, "--draws", "64");
    assert_done(&one);
    assert_done(&two);
    struct program_outcome failed = run_program(&(struct program_request){
        .arguments = {"run", LIBRARY, VALID, "--out", out, "--draws", "128"},
        .file_size_limit = 600});
    assert_int_equal(failed.exit_code, 1);
    assert_says(failed.err, "could not be written");
    assert_int_equal(count_entries(out), 18);
    /* Whatever was replaced before the disk filled up is whole, and run_results.json still tells
     * which run it was; no temporary file stays. */
    DIR *directory = opendir(out);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        assert_null(strstr(entry->d_name, "tmp"));
    }
    closedir(directory);
    program_clear(&one);
    program_clear(&two);
    program_clear(&failed);
    folder_remove(folder);
    free(folder);
    free(out);
    free(copy);
}

static void a_full_or_closed_standard_output_is_exit_code_1(void **state)
{
    (void)state;
    struct program_outcome full = run_program(
        &(struct program_request){.arguments = {"schema"}, .standard_output = "/dev/full"});
    assert_int_equal(full.exit_code, 1);
    assert_says(full.err, "standard output could not be written");
    program_clear(&full);
    struct program_outcome closed =
        run_program(&(struct program_request){.arguments = {"schema"}, .closed_pipe = true});
    assert_int_equal(closed.exit_code, 1);
    assert_says(closed.err, "standard output could not be written");
    program_clear(&closed);
}

static void colours_obey_no_color_and_the_option(void **state)
{
    (void)state;
    struct program_outcome plain = RUN("run", "--drews");
    struct program_outcome coloured = run_program(&(struct program_request){
        .arguments = {"run", "--drews", "--color", "always"}, .environment = {"NO_COLOR=1"}});
    struct program_outcome never = RUN("run", "--drews", "--color=never");
    assert_silent_about(plain.err, "\033");
    assert_says(coloured.err, "\033[");
    assert_silent_about(never.err, "\033");
    program_clear(&plain);
    program_clear(&coloured);
    program_clear(&never);
}

static void explain_tells_codes_and_scenarios(void **state)
{
    (void)state;
    struct program_outcome code = RUN("explain", "e702");
    assert_done(&code);
    assert_says(code.out, "E702 (error): unknown option");
    program_clear(&code);
    struct program_outcome all = RUN("explain");
    assert_done(&all);
    assert_says(all.out, "E701  unknown command");
    program_clear(&all);
    struct program_outcome scenario = RUN("explain", LIBRARY, VALID);
    assert_done(&scenario);
    assert_says(scenario.out, "visit_reduction");
    assert_says(scenario.out, "An example of a source, for tests, table 3");
    assert_says(scenario.out, "library.cfg:");
    program_clear(&scenario);
    struct program_outcome measure = RUN("explain", LIBRARY, VALID, "net.public_sector");
    assert_done(&measure);
    assert_says(measure.out, "By partner and kind");
    program_clear(&measure);
    struct program_outcome year = RUN("explain", LIBRARY, VALID, "net.council@0");
    assert_done(&year);
    program_clear(&year);
    assert_refused(RUN("explain", LIBRARY, VALID, "nett.total"), 2, "`net.total`");
    assert_refused(RUN("explain", LIBRARY, VALID, "net.total@99"), 2, "is not a measure");
    assert_refused(RUN("explain", "no_such_scenario"), 2, "neither a code nor a scenario");
}

/* Council spends 1,000 x .4 x 43.333 x 105/100 in each of two years, the second at 1/1.035. */
static void explain_gives_central_values(void **state)
{
    (void)state;
    struct program_outcome cost = RUN("explain", LIBRARY, VALID, "pv_cost_cash.council");
    assert_done(&cost);
    assert_says(cost.out, "35,785");
    program_clear(&cost);
}

/* A row that leaves 0 to 1 in some draws fails its scenario, and says where. */
static void a_bad_draw_of_a_cohort_is_named(void **state)
{
    (void)state;
    static const char model[] =
        "model = {\n"
        "  kind = \"cohort\";  title = \"Goes wrong in some draws\";\n"
        "  cycle_length_years = 1.0;  horizon_years = 5.0;  cycle_correction = \"half\";\n"
        "  options = ( { name = \"usual\"; } );\n"
        "  states = ( { name = \"well\"; }, { name = \"ill\"; }, { name = \"dead\"; dead = true; } "
        ");\n"
        "  transitions = (\n"
        "    { from = \"well\"; to = { ill = \"2.2 * uptake\"; dead = 0.01; well = \"rest\"; }; "
        "},\n"
        "    { from = \"ill\"; to = { ill = \"rest\"; dead = 0.2; }; }\n"
        "  );\n"
        "  utilities = { well = 0.9; ill = 0.5; };\n"
        "};\n";
    char *folder = folder_new();
    char *models = path_in(folder, "models");
    char *own = path_in(folder, "models/broken");
    char *file = path_in(folder, "models/broken/model.cfg");
    char *scenario = path_in(folder, "goes_wrong.cfg");
    char *out = path_in(folder, "out");
    assert_int_equal(mkdir(models, 0777), 0);
    assert_int_equal(mkdir(own, 0777), 0);
    file_write(file, model);
    file_write(scenario, "scenario = { title = \"A\"; model = \"broken\"; };\n");
    struct program_outcome outcome =
        RUN("run", LIBRARY, "--models", models, scenario, "--out", out);
    assert_int_equal(outcome.exit_code, 1);
    assert_says(outcome.err, "scenario goes_wrong: draw ");
    assert_says(outcome.err, "option \"usual\": the probabilities from \"well\" in cycle 0");
    program_clear(&outcome);
    folder_remove(folder);
    free(out);
    free(scenario);
    free(file);
    free(own);
    free(models);
    free(folder);
}

static void explain_shows_a_cohort(void **state)
{
    (void)state;
    struct program_outcome outcome =
        RUN("explain", PROJECT_DIR "/scenarios/published/hiv_lamivudine.cfg");
    assert_done(&outcome);
    assert_says(outcome.out, "chances in the first cycle at the means");
    assert_says(outcome.out, "0.102739"); /* 350 / 1734 x .509 */
    assert_says(outcome.out, "identical options differ by exactly 0: yes");
    assert_says(outcome.out, "hiv.from_a.b * effect");
    program_clear(&outcome);
}

static void new_files_are_valid_and_never_replace(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *models = path_in(folder, "models");
    char *scenarios = path_in(folder, "scenarios");
    char *scenario = path_in(folder, "scenarios/mine.cfg");
    struct program_outcome outcome =
        RUN("new", "scenario", "mine", "--model", "visits", LIBRARY, "--out", scenarios);
    assert_done(&outcome);
    assert_says(outcome.out, "mine.cfg");
    program_clear(&outcome);
    outcome = RUN("new", "evidence", "local_costs", "--out", models);
    assert_done(&outcome);
    program_clear(&outcome);
    outcome = RUN("new", "model", "walking", "--out", models);
    assert_done(&outcome);
    program_clear(&outcome);
    outcome = RUN("check", LIBRARY, "--models", models, scenario);
    assert_done(&outcome);
    assert_says(outcome.out, "9 files, no errors");
    program_clear(&outcome);
    outcome = RUN("new", "scenario", "walks", "--model", "walking", LIBRARY, "--models", models,
                  "--out", scenarios);
    assert_done(&outcome);
    program_clear(&outcome);
    outcome = RUN("check", LIBRARY, "--models", models, scenarios);
    assert_done(&outcome);
    program_clear(&outcome);
    char *before = file_text(scenario);
    assert_refused(RUN("new", "scenario", "mine", "--model", "visits", LIBRARY, "--out", scenarios),
                   2, "exists already");
    char *after = file_text(scenario);
    assert_string_equal(before, after);
    assert_int_equal(count_entries(scenarios), 2);
    assert_refused(RUN("new", "scenario", "Mine", "--model", "visits", LIBRARY), 2, "not a name");
    assert_refused(RUN("new", "scenario", "x", "--model", "visit", LIBRARY), 2, "--model visits");
    assert_refused(RUN("new", "scenario", "x", LIBRARY), 2, "needs the model");
    assert_refused(RUN("new", "scenario"), 2, "its name");
    free(before);
    free(after);
    folder_remove(folder);
    free(folder);
    free(models);
    free(scenarios);
    free(scenario);
}

static void an_interrupted_run_leaves_nothing_half_written(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM};
    for (size_t item = 0; item < 2; item++) {
        char *folder = folder_new();
        char *out = path_in(folder, "out");
        struct program_outcome outcome = run_program(
            &(struct program_request){/* no checkpoint is due, however slow the machine */
                                      .arguments = {"run", LIBRARY, VALID, "--out", out, "--draws",
                                                    "1073741824", "--checkpoint", "86400"},
                                      .signal_after_ms = 1500,
                                      .signal_number = signals[item]});
        assert_int_equal(outcome.exit_code, 128 + signals[item]);
        assert_string_equal(outcome.out, "");
        assert_says(outcome.err, "interrupted");
        assert_int_equal(count_entries(out), 0);
        program_clear(&outcome);
        folder_remove(folder);
        free(folder);
        free(out);
    }
}

/* Eighteen programmes on four demands: minutes of choosing. */
static void an_interrupted_choice_ends_at_once(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM};
    char *folder = folder_new();
    char *out = path_in(folder, "out"), *file = path_in(folder, "many.cfg");
    char *scenario = file_text(PROJECT_DIR "/scenarios/cookbook/step_release.cfg");
    char *beside = path_in(folder, "step_release.cfg");
    char text[4096] =
        "portfolio = { title = \"Many\"; start_year = \"2026-27\"; horizon_years = 1; "
        "budgets = { adult_social_care = 10000000; }; programmes = (";
    for (int i = 0; i < 18; i++) {
        size_t n = strlen(text);
        (void)snprintf(text + n, sizeof text - n,
                       "%s{ scenario = \"step_release\"; name = \"p%d\"; }", i > 0 ? ", " : "", i);
    }
    size_t end = strlen(text);
    (void)snprintf(text + end, sizeof text - end, "); };\n");
    file_write(beside, scenario);
    file_write(file, text);
    for (size_t item = 0; item < 2; item++) {
        struct timespec before, after;
        (void)clock_gettime(CLOCK_MONOTONIC, &before);
        struct program_outcome outcome = run_program(&(struct program_request){
            .arguments = {"portfolio", file, "--draws", "16384", "--out", out},
            .signal_after_ms = 1500,
            .signal_number = signals[item]});
        (void)clock_gettime(CLOCK_MONOTONIC, &after);
        assert_int_equal(outcome.exit_code, 128 + signals[item]);
        assert_string_equal(outcome.out, "");
        assert_says(outcome.err, "interrupted; nothing was written");
        assert_int_equal(count_entries(out), 0);
        assert_true(after.tv_sec - before.tv_sec < 20);
        program_clear(&outcome);
    }
    folder_remove(folder);
    free(folder);
    free(out);
    free(file);
    free(scenario);
    free(beside);
}

static void a_run_file_sets_draws_and_the_command_line_wins(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *scenario = path_in(folder, "valid.cfg");
    char *run = path_in(folder, "run.cfg");
    char *out = path_in(folder, "out");
    char *results = path_in(folder, "out/manifest.json");
    char *text = file_text(VALID);
    file_write(scenario, text);
    file_write(run, "run = { draws = 77; seed = 5; };\n");
    struct program_outcome outcome = RUN("run", LIBRARY, folder, "--out", out);
    assert_done(&outcome);
    char *manifest = file_text(results);
    assert_says(manifest, "\"draws\": 77");
    program_clear(&outcome);
    free(manifest);
    outcome = RUN("run", LIBRARY, folder, "--out", out, "--draws", "66");
    assert_done(&outcome);
    manifest = file_text(results);
    assert_says(manifest, "\"draws\": 66");
    assert_silent_about(manifest, "\"draws\": 77");
    program_clear(&outcome);
    free(manifest);
    folder_remove(folder);
    free(folder);
    free(scenario);
    free(run);
    free(out);
    free(results);
    free(text);
}

/* ---- precision ---- */

static void a_precision_target_raises_the_draws(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *results = path_in(folder, "run_results.json");
    struct program_outcome outcome = RUN("run", LIBRARY, VALID, "--out", folder, "--draws", "4096",
                                         "--sampling", "plain", "--precision", "net.council=100");
    assert_done(&outcome);
    char *text = file_text(results);
    assert_says(text, "\"precision_met\": true");
    assert_silent_about(text, "\"draws\": 4096");
    program_clear(&outcome);
    free(text);
    outcome = RUN("run", LIBRARY, VALID, "--out", folder, "--draws", "4096", "--sampling", "plain",
                  "--precision", "net.council=1", "--max-draws", "8192");
    assert_int_equal(outcome.exit_code, 6);
    assert_says(outcome.err, "after 8192 draws; the target of 1 was missed");
    text = file_text(results); /* written all the same */
    assert_says(text, "\"precision_met\": false");
    program_clear(&outcome);
    free(text);
    folder_remove(folder);
    free(folder);
    free(results);
}

static void impossible_precision_is_bad_input(void **state)
{
    (void)state;
    char *folder = folder_new();
    struct program_outcome outcome =
        RUN("run", LIBRARY, VALID, "--out", folder, "--precision", "nett.council=100");
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "E620");
    program_clear(&outcome);
    outcome = RUN("run", LIBRARY, VALID, "--out", folder, "--precision", "net.council.p05=100");
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "E621");
    program_clear(&outcome);
    outcome = RUN("run", LIBRARY, VALID, "--out", folder, "--precision", "net.council=100",
                  "--max-draws", "1024");
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "max_draws is 1024");
    program_clear(&outcome);
    outcome = RUN("run", LIBRARY, VALID, "--out", folder, "--precision", "net.council=100",
                  "--scramblings", "1");
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "one scrambling has no standard error");
    program_clear(&outcome);
    outcome = RUN("run", LIBRARY, VALID, "--out", folder, "--precision", "net.council");
    assert_int_equal(outcome.exit_code, 2);
    assert_says(outcome.err, "E704");
    program_clear(&outcome);
    folder_remove(folder);
    free(folder);
}

/* ---- decisions ---- */

static void decide_tells_who_would_choose_what(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *one = path_in(folder, "one"), *two = path_in(folder, "two");
    struct program_outcome outcome =
        RUN("run", PROJECT_DIR "/scenarios/cookbook/decision.cfg", "--draws", "2048", "--decide",
            "--draws-out", "--out", one, "--threads", "1", "--width", "100");
    assert_done(&outcome);
    assert_says(outcome.out, "Whose choice is safe?");
    assert_says(outcome.out, "What is most worth knowing?");
    assert_says(outcome.out, "Switching values");
    assert_says(outcome.out, "Which evidence is most worth knowing, and to whom?");
    program_clear(&outcome);
    outcome = RUN("run", PROJECT_DIR "/scenarios/cookbook/decision.cfg", "--draws", "2048",
                  "--decide", "--draws-out", "--out", two, "--threads", "3", "--quiet");
    assert_done(&outcome);
    program_clear(&outcome);
    static const char *const files[] = {"uncertainty/evpi.csv",
                                        "uncertainty/evppi.csv",
                                        "uncertainty/studies.csv",
                                        "uncertainty/tornado.csv",
                                        "uncertainty/switching.csv",
                                        "uncertainty/sobol_indices.csv",
                                        "uncertainty/evidence_value.csv",
                                        "draws/decision/costs.csv",
                                        "draws/decision/parameters.csv",
                                        "report.md",
                                        "datapackage.json"};
    assert_same_texts(one, two, files, sizeof files / sizeof files[0]);
    folder_remove(folder);
    free(folder);
    free(one);
    free(two);
}

/* Every `dividend ...` line of the documents is a command the program accepts: it is run with -h,
 * which checks the words and shows the help. */
static size_t check_commands_of(const char *document)
{
    size_t n_commands = 0;
    char *text = file_text(document);
    assert_non_null(text);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        const char *command = strstr(line, "dividend ");
        bool is_command = strncmp(line, "    ", 4) == 0 && command != NULL &&
                          (command == line + 4 || strncmp(line + 4, "build/release/", 14) == 0);
        if (!is_command) {
            continue;
        }
        struct program_request request = {0};
        char words[256];
        size_t n_words = 0;
        snprintf(words, sizeof words, "%s", command + strlen("dividend "));
        words[strcspn(words, "#>|")] = '\0';
        char *rest = NULL;
        for (char *word = strtok_r(words, " ", &rest); word != NULL && n_words < 20;
             word = strtok_r(NULL, " ", &rest)) {
            request.arguments[n_words++] = word;
        }
        request.arguments[n_words] = "-h";
        struct program_outcome outcome = run_program(&request);
        if (outcome.exit_code != 0) {
            print_error("%s: %s\n%s\n", document, line, outcome.err);
            fail();
        }
        program_clear(&outcome);
        n_commands++;
    }
    free(text);
    return n_commands;
}

/* Everything a portfolio writes is the same whatever the threads. */
static void a_portfolio_is_chosen_shared_and_decided(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *one = path_in(folder, "one"), *two = path_in(folder, "two");
    const char *portfolio = PROJECT_DIR "/scenarios/cookbook/portfolio.cfg";
    struct program_outcome outcome =
        RUN("portfolio", portfolio, "--draws", "1024", "--decide", "--draws-out", "--out", one,
            "--threads", "1", "--width", "120");
    assert_done(&outcome);
    assert_says(outcome.out, "Best set, each partner's own budget: ");
    assert_says(outcome.out, "Pooling is worth ");
    assert_says(outcome.out, "Who pays, who gains");
    assert_says(outcome.out, "The fair deal");
    assert_says(outcome.out, "Order of funding");
    assert_says(outcome.out, "What is most worth knowing?");
    program_clear(&outcome);
    outcome = RUN("portfolio", portfolio, "--draws", "1024", "--decide", "--draws-out", "--out",
                  two, "--threads", "3", "--quiet");
    assert_done(&outcome);
    program_clear(&outcome);
    static const char *const files[] = {"summary.csv",
                                        "report.md",
                                        "datapackage.json",
                                        "portfolio/sets.csv",
                                        "portfolio/deals.csv",
                                        "portfolio/attribution.csv",
                                        "portfolio/inclusion.csv",
                                        "portfolio/payments.csv",
                                        "portfolio/budgets.csv",
                                        "uncertainty/evppi.csv",
                                        "draws/portfolio--best/costs.csv"};
    assert_same_texts(one, two, files, sizeof files / sizeof files[0]);
    folder_remove(folder);
    free(folder);
    free(one);
    free(two);
}

static void a_choice_without_an_answer_says_why(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *out = path_in(folder, "out"), *file = path_in(folder, "none.cfg");
    char *scenario = file_text(PROJECT_DIR "/scenarios/cookbook/step_release.cfg");
    char *beside = path_in(folder, "step_release.cfg");
    file_write(beside, scenario);
    file_write(file,
               "portfolio = { title = \"None\"; start_year = \"2026-27\"; horizon_years = 1;\n"
               "programmes = ( { scenario = \"step_release\"; } );\n"
               "budgets = { adult_social_care = 1000; };\n"
               "constraints = [\"net.acute >= 1000\"]; };\n");
    struct program_outcome outcome =
        RUN("portfolio", file, "--draws", "512", "--out", out, "--width", "200");
    assert_done(&outcome);
    assert_says(outcome.out, "no set keeps to all budgets, rules and constraints. There would be "
                             "one without the budgets, or without \"net.acute >= 1000\".");
    assert_silent_about(outcome.out, "Who pays");
    program_clear(&outcome);
    assert_refused(RUN("portfolio", beside, "--out", out), 2, "no portfolio is among the files");
    assert_refused(RUN("explain", file, "--draws", "512"), 2, "nothing is funded");
    folder_remove(folder);
    free(folder);
    free(out);
    free(file);
    free(scenario);
    free(beside);
}

/* Mistakes that a machine cannot be sure of are warned of, and the run goes on. */
static void a_portfolio_warns_of_what_looks_wrong(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *out = path_in(folder, "out"), *file = path_in(folder, "odd.cfg");
    char *scenario = file_text(PROJECT_DIR "/scenarios/cookbook/half_life_fade.cfg");
    char *other = file_text(PROJECT_DIR "/scenarios/cookbook/step_release.cfg");
    char *first = path_in(folder, "half_life_fade.cfg");
    char *second = path_in(folder, "step_release.cfg");
    file_write(first, scenario);
    file_write(second, other);
    file_write(file, "portfolio = { title = \"Odd\"; start_year = \"2026-27\"; horizon_years = 1;\n"
                     "programmes = ( { scenario = \"step_release\"; scales = [50.0, 100.0]; },\n"
                     "  { scenario = \"half_life_fade\"; } );\n"
                     "overlap = ( { programmes = [\"step_release\", \"half_life_fade\"];\n"
                     "  form = \"nested\"; reason = \"invented\"; } ); };\n");
    struct program_outcome outcome =
        RUN("portfolio", file, "--draws", "512", "--out", out, "--width", "200");
    assert_done(&outcome);
    assert_says(outcome.err, "W807");
    assert_says(outcome.err, "100 times the scenario");
    assert_says(outcome.err, "W806");
    program_clear(&outcome);
    folder_remove(folder);
    free(folder);
    free(out);
    free(file);
    free(scenario);
    free(other);
    free(first);
    free(second);
}

static void reports_say_whom_a_scenario_counts(void **state)
{
    (void)state;
    char *folder = folder_new();
    char *out = path_in(folder, "out"), *page = path_in(out, "report.md");
    struct program_outcome outcome =
        RUN("run", PROJECT_DIR "/scenarios/cookbook/areas_and_sweeps.cfg", "--draws", "512",
            "--out", out, "--width", "120");
    assert_done(&outcome);
    assert_says(outcome.out, "League table: areas_and_sweeps, by net of the Public sector");
    assert_says(outcome.out, "total, funded_years-1");
    char *text = file_text(page);
    assert_non_null(text);
    assert_says(text, "people aged 75 and over");
    assert_says(text, "- gradient of `befriending.uptake`, Q1 to Q5: 0.8, 0.9, 1, 1.05, 1.1.");
    assert_says(text, "| Q1, most deprived |");
    program_clear(&outcome);
    folder_remove(folder);
    free(folder);
    free(out);
    free(page);
    free(text);
}

static void commands_in_the_documents_exist(void **state)
{
    (void)state;
    assert_true(check_commands_of(PROJECT_DIR "/README.md") >= 3);
    assert_true(check_commands_of(PROJECT_DIR "/CONTRIBUTING.md") >= 2);
    assert_int_equal(access(PROJECT_DIR "/scripts/run", X_OK), 0);
    assert_int_equal(access(PROJECT_DIR "/scripts/test", X_OK), 0);
}

/* docs/file-formats.md holds the schema between two marks; `dividend schema --format md` is the
 * truth. */
static void the_file_formats_document_is_current(void **state)
{
    (void)state;
    static const char begin[] = "<!-- dividend schema --format md -->\n";
    char *document = file_text(PROJECT_DIR "/docs/file-formats.md");
    assert_non_null(document);
    char *start = strstr(document, begin);
    assert_non_null(start);
    start += strlen(begin);
    char *end = strstr(start, "<!-- end of schema -->");
    assert_non_null(end);
    *end = '\0';
    struct program_outcome schema = RUN("schema", "--format", "md");
    if (strcmp(schema.out, start) != 0) {
        print_error("docs/file-formats.md is stale; scripts/document writes it anew\n");
        fail();
    }
    program_clear(&schema);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_arguments_the_help_is_shown),
        cmocka_unit_test(help_leads_with_examples),
        cmocka_unit_test(every_command_has_its_help_both_ways),
        cmocka_unit_test(the_version_is_printed),
        cmocka_unit_test(unknown_words_are_refused_with_a_suggestion),
        cmocka_unit_test(numbers_of_options_are_checked),
        cmocka_unit_test(all_mistakes_of_the_command_line_are_shown_at_once),
        cmocka_unit_test(options_of_another_command_are_refused),
        cmocka_unit_test(paths_that_cannot_be_read_are_named),
        cmocka_unit_test(a_run_writes_its_results_and_prints_the_comparison),
        cmocka_unit_test(results_go_to_a_folder_named_after_the_inputs),
        cmocka_unit_test(reruns_are_identical_with_any_threads_from_anywhere),
        cmocka_unit_test(results_rerun_from_their_own_inputs),
        cmocka_unit_test(only_chooses_among_the_scenarios),
        cmocka_unit_test(tables_fit_the_width_asked_for),
        cmocka_unit_test(every_format_is_well_formed),
        cmocka_unit_test(list_evidence_shows_the_fit),
        cmocka_unit_test(list_areas_shows_people_by_quintile),
        cmocka_unit_test(check_counts_files_or_errors),
        cmocka_unit_test(bad_input_leaves_earlier_results_untouched),
        cmocka_unit_test(bad_input_makes_no_folder),
        cmocka_unit_test(an_unwritable_folder_is_named_with_exit_code_1),
        cmocka_unit_test(a_failed_write_leaves_earlier_results_whole),
        cmocka_unit_test(a_full_or_closed_standard_output_is_exit_code_1),
        cmocka_unit_test(colours_obey_no_color_and_the_option),
        cmocka_unit_test(explain_tells_codes_and_scenarios),
        cmocka_unit_test(explain_gives_central_values),
        cmocka_unit_test(a_bad_draw_of_a_cohort_is_named),
        cmocka_unit_test(explain_shows_a_cohort),
        cmocka_unit_test(new_files_are_valid_and_never_replace),
        cmocka_unit_test(an_interrupted_run_leaves_nothing_half_written),
        cmocka_unit_test(an_interrupted_choice_ends_at_once),
        cmocka_unit_test(a_run_file_sets_draws_and_the_command_line_wins),
        cmocka_unit_test(a_precision_target_raises_the_draws),
        cmocka_unit_test(impossible_precision_is_bad_input),
        cmocka_unit_test(decide_tells_who_would_choose_what),
        cmocka_unit_test(a_portfolio_is_chosen_shared_and_decided),
        cmocka_unit_test(a_choice_without_an_answer_says_why),
        cmocka_unit_test(a_portfolio_warns_of_what_looks_wrong),
        cmocka_unit_test(reports_say_whom_a_scenario_counts),
        cmocka_unit_test(commands_in_the_documents_exist),
        cmocka_unit_test(the_file_formats_document_is_current),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
