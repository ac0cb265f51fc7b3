/* A results folder, read back. */
#include "base/digest.h"
#include "difference/lookup.h"
#include "difference/results.h"
#include "evidence/csv.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct words words;
    const struct results_text *texts;
    struct results *results;
    size_t n_errors;
};

static const char *const file_names[N_RESULTS_FILES] = {
    [RESULTS_MANIFEST] = "manifest.json",    [RESULTS_SUMMARY] = "summary.csv",
    [RESULTS_OPTIONS] = "options.csv",       [RESULTS_PROGRAMMES] = "portfolio/programmes.csv",
    [RESULTS_DEALS] = "portfolio/deals.csv", [RESULTS_RUN] = "run_results.json"};

const char *results_file_name(enum results_file file)
{
    return file_names[file];
}

/* ---- what is wrong ---- */

static void damaged(struct reading *reading, enum results_file file, int line, const char *found)
{
    ++reading->n_errors;
    diagnostics_add(reading->diagnostics, DIAGNOSTIC_E717,
                    (struct place){.file = reading->texts[file].path, .line = line}, NULL,
                    "a file as `dividend run` wrote it",
                    "run the earlier scenarios again, or give another folder", "%s", found);
}

static const char *text_of(struct reading *reading, const json_t *object, const char *name)
{
    const char *words = json_string_value(json_object_get(object, name));
    return words != NULL ? words_keep(&reading->words, words) : "";
}

static double number_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* ---- settings ---- */

struct setting_list {
    struct results_setting *items;
    size_t n_items, capacity;
};

static void add_setting(struct reading *reading, struct setting_list *list, const char *name,
                        const char *value)
{
    list->items = arena_grow(reading->arena, list->items, list->n_items, &list->capacity,
                             sizeof *list->items);
    list->items[list->n_items++] = (struct results_setting){
        .name = words_keep(&reading->words, name), .value = words_keep(&reading->words, value)};
}

/* Scalars alone; groups and lists are read by those who know them. */
static void add_scalar(struct reading *reading, struct setting_list *list, const char *name,
                       const json_t *value)
{
    char number[32];
    if (json_is_string(value)) {
        add_setting(reading, list, name, json_string_value(value));
    } else if (json_is_boolean(value)) {
        add_setting(reading, list, name, json_is_true(value) ? "yes" : "no");
    } else if (json_is_integer(value)) {
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        add_setting(reading, list, name, number);
    } else if (json_is_real(value)) {
        text_format_exact(number, json_real_value(value));
        add_setting(reading, list, name, number);
    }
}

static void add_scalars(struct reading *reading, struct setting_list *list, json_t *object)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(object, name, value)
    {
        add_scalar(reading, list, name, value);
    }
}

static struct results_settings settings_of(const struct setting_list *list)
{
    return (struct results_settings){.items = list->items, .n_items = list->n_items};
}

/* Names and formulas of ratios, one setting each. */
static void add_ratios(struct reading *reading, struct setting_list *list, json_t *ratios)
{
    const char *name = NULL;
    json_t *ratio = NULL;
    json_object_foreach(ratios, name, ratio)
    {
        add_setting(reading, list, arena_printf(reading->arena, "ratio %s", name),
                    arena_printf(reading->arena, "%s / %s", text_of(reading, ratio, "numerator"),
                                 text_of(reading, ratio, "denominator")));
    }
}

/* ---- manifest.json ---- */

static void read_value(struct reading *reading, const json_t *item, struct results_value *value)
{
    *value = (struct results_value){
        .key = {text_of(reading, item, "what"), text_of(reading, item, "name")},
        .unit = text_of(reading, item, "unit"),
        .distribution = text_of(reading, item, "distribution"),
        .mean = number_of(item, "mean"),
        .sd = number_of(item, "sd"),
        .price_factor = number_of(item, "price_factor"),
        .source = text_of(reading, item, "source"),
        .locator = text_of(reading, item, "locator"),
        .override_reason = text_of(reading, item, "override_reason")};
}

static void read_scenario(struct reading *reading, const json_t *item,
                          struct results_scenario *scenario)
{
    json_t *conventions = json_object_get(item, "conventions");
    const json_t *values = json_object_get(item, "values");
    struct setting_list settings = {0};
    *scenario =
        (struct results_scenario){.id = text_of(reading, item, "id"),
                                  .perspective = text_of(reading, conventions, "perspective")};
    (void)text_read_financial_year(text_of(reading, item, "start_year"), &scenario->start_year);
    add_scalars(reading, &settings, (json_t *)(uintptr_t)item);
    add_scalars(reading, &settings, conventions);
    scenario->settings = settings_of(&settings);
    size_t n = json_array_size(values);
    struct results_value *list = arena_array(reading->arena, n + 1, sizeof *list);
    for (size_t i = 0; i < n; ++i) {
        read_value(reading, json_array_get(values, i), &list[i]);
    }
    scenario->values = list;
    scenario->n_values = n;
    struct setting_list parts = {0};
    add_scalars(reading, &parts, json_object_get(item, "parts_sha256"));
    scenario->parts = settings_of(&parts);
    if (scenario->id[0] == '\0' || conventions == NULL || !json_is_array(values)) {
        damaged(reading, RESULTS_MANIFEST, 0,
                "a scenario has no id, no conventions or no list of values");
    }
}

static void read_scenarios(struct reading *reading, const json_t *list)
{
    size_t n = json_array_size(list);
    struct results_scenario *scenarios = arena_array(reading->arena, n + 1, sizeof *scenarios);
    struct lookup ids;
    lookup_init(&ids, 1);
    for (size_t i = 0; i < n; ++i) {
        read_scenario(reading, json_array_get(list, i), &scenarios[i]);
        if (lookup_find(&ids, &scenarios[i].id) != SIZE_MAX) {
            damaged(reading, RESULTS_MANIFEST, 0, "two scenarios have the same id");
        } else {
            lookup_add(&ids, &scenarios[i].id, i);
        }
    }
    lookup_clear(&ids);
    reading->results->scenarios = scenarios;
    reading->results->n_scenarios = n;
}

static void read_files(struct reading *reading, const json_t *inputs)
{
    struct setting_list files = {0};
    for (size_t i = 0; i < json_array_size(inputs); ++i) {
        const json_t *item = json_array_get(inputs, i);
        add_setting(reading, &files, text_of(reading, item, "path"),
                    text_of(reading, item, "sha256"));
    }
    reading->results->files = settings_of(&files);
}

/* "0.10.2" as three numbers. */
static bool read_version(const char *words, unsigned version[3])
{
    for (size_t i = 0; i < 3; ++i) {
        size_t n_digits = strspn(words, "0123456789");
        if (n_digits == 0 || n_digits > 5 || words[n_digits] != (i < 2 ? '.' : '\0')) {
            return false;
        }
        version[i] = (unsigned)strtoul(words, NULL, 10);
        words += n_digits + 1;
    }
    return true;
}

static bool is_later(const unsigned a[3], const unsigned b[3])
{
    size_t i = 0;
    while (i < 2 && a[i] == b[i]) {
        ++i;
    }
    return a[i] > b[i];
}

/* What a later version writes may mean something else: it is refused, not guessed at. */
static void check_version(struct reading *reading, const char *ours)
{
    unsigned theirs_at[3] = {0}, ours_at[3] = {0};
    const char *theirs = reading->results->version;
    if (!read_version(theirs, theirs_at)) {
        damaged(reading, RESULTS_MANIFEST, 0, "it names no version of dividend, such as 0.1.0");
    } else if (read_version(ours, ours_at) && is_later(theirs_at, ours_at)) {
        ++reading->n_errors;
        diagnostics_add(reading->diagnostics, DIAGNOSTIC_E718,
                        (struct place){.file = reading->texts[RESULTS_MANIFEST].path}, NULL,
                        arena_printf(reading->arena, "results of dividend %s or earlier", ours),
                        "compare with the later version of the program, or run the earlier "
                        "scenarios again with this one",
                        "these are results of dividend %s, and this is dividend %s", theirs, ours);
    }
}

static void hash_manifest(struct reading *reading)
{
    const struct results_text *text = &reading->texts[RESULTS_MANIFEST];
    digest_digits_of(reading->results->digest, text->bytes, text->n_bytes);
}

static void read_manifest(struct reading *reading, const char *version)
{
    const struct results_text *text = &reading->texts[RESULTS_MANIFEST];
    json_error_t problem;
    json_t *root = json_loadb(text->bytes, text->n_bytes, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL) {
        damaged(reading, RESULTS_MANIFEST, problem.line,
                arena_printf(reading->arena, "it is no whole JSON text: %s", problem.text));
        return;
    }
    const json_t *scenarios = json_object_get(root, "scenarios");
    const json_t *inputs = json_object_get(root, "inputs");
    reading->results->version = text_of(reading, root, "version");
    if (strcmp(text_of(reading, root, "program"), "dividend") != 0) {
        damaged(reading, RESULTS_MANIFEST, 0, "it is no manifest of dividend");
    } else if (!json_is_array(scenarios) || !json_is_array(inputs)) {
        damaged(reading, RESULTS_MANIFEST, 0, "it has no list of scenarios or of inputs");
    } else {
        struct setting_list settings = {0};
        hash_manifest(reading);
        check_version(reading, version);
        add_scalars(reading, &settings, root);
        add_ratios(reading, &settings, json_object_get(root, "ratios"));
        reading->results->settings = settings_of(&settings);
        read_files(reading, inputs);
        read_scenarios(reading, scenarios);
    }
    json_decref(root);
}

/* Facts of the run alone; where they cannot be read, the program counts as another. */
static void read_run(struct reading *reading)
{
    const struct results_text *text = &reading->texts[RESULTS_RUN];
    json_error_t problem;
    json_t *root = text->bytes != NULL ? json_loadb(text->bytes, text->n_bytes, 0, &problem) : NULL;
    reading->results->engine = root != NULL ? text_of(reading, root, "engine_sha256") : "";
    json_decref(root);
}

/* ---- .csv files ---- */

enum { MAX_FIELDS = 9 };

/* Rows of a table by the names of the columns that are wanted. */
struct rows {
    struct reading *reading;
    enum results_file file;
    struct arena arena; /* of a few lines */
    struct csv_reader csv;
    struct document document;
    const char *fields[CSV_MAX_COLUMNS];
    size_t n_columns, n_lines;
    size_t column_of[MAX_FIELDS];
    bool bad; /* a damaged file is complained of once */
};

static void bad_row(struct rows *rows, int line, const char *found)
{
    damaged(rows->reading, rows->file, line, found);
    rows->bad = true;
}

static size_t find_column(const struct rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->n_columns; ++i) {
        if (strcmp(rows->fields[i], name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void open_columns(struct rows *rows, const char *const *names, size_t n_names)
{
    assert(n_names <= MAX_FIELDS);
    rows->n_columns = csv_read_line(&rows->csv, rows->fields);
    for (size_t i = 0; !rows->bad && i < n_names; ++i) {
        rows->column_of[i] = find_column(rows, names[i]);
        if (rows->column_of[i] == SIZE_MAX) {
            bad_row(rows, 1,
                    arena_printf(rows->reading->arena, "it has no column \"%s\"", names[i]));
        }
    }
}

/* False where the file is not there or cannot be used. */
static bool rows_open(struct rows *rows, struct reading *reading, enum results_file file,
                      const char *const *names, size_t n_names)
{
    const struct results_text *text = &reading->texts[file];
    *rows = (struct rows){
        .reading = reading,
        .file = file,
        .document = {.file = text->path, .bytes = text->bytes, .n_bytes = text->n_bytes}};
    arena_init(&rows->arena);
    if (text->bytes == NULL) {
        return false;
    }
    csv_open(&rows->csv, &rows->arena, &rows->document);
    if (text->n_bytes == 0 || text->bytes[text->n_bytes - 1] != '\n') {
        bad_row(rows, 0, "it breaks off: its last line does not end");
    } else if (!text_is_utf8(text->bytes, text->n_bytes) ||
               memchr(text->bytes, '\0', text->n_bytes) != NULL) {
        bad_row(rows, 0, "it is not UTF-8 text");
    } else {
        open_columns(rows, names, n_names);
    }
    return !rows->bad;
}

static bool rows_next(struct rows *rows)
{
    enum { LINES_KEPT = 512 };

    if (rows->bad || !csv_has_more(&rows->csv)) {
        return false;
    }
    if (++rows->n_lines % LINES_KEPT == 0) {
        arena_clear(&rows->arena);
        arena_init(&rows->arena);
    }
    int line = rows->csv.line;
    size_t n = csv_read_line(&rows->csv, rows->fields);
    if (n != rows->n_columns) {
        bad_row(rows, line,
                arena_printf(rows->reading->arena, "%zu fields stand where %zu belong", n,
                             rows->n_columns));
    }
    return !rows->bad;
}

static void rows_close(struct rows *rows)
{
    arena_clear(&rows->arena);
}

static const char *field(const struct rows *rows, size_t name)
{
    return rows->fields[rows->column_of[name]];
}

static const char *kept_field(const struct rows *rows, size_t name)
{
    return words_keep(&rows->reading->words, field(rows, name));
}

/* A blank does not apply. */
static double number_field(struct rows *rows, size_t name)
{
    const char *words = field(rows, name);
    double value = NAN;
    if (words[0] != '\0' && !text_read_number(words, &value)) {
        value = NAN;
        bad_row(
            rows, rows->csv.line - 1,
            arena_printf(rows->reading->arena, "\"%.40s\" stands where a number belongs", words));
    }
    return value;
}

/* ---- figures ---- */

struct figure_list {
    struct results_figure *items;
    size_t n_items, capacity;
};

static struct results_figure *add_figure(struct figure_list *list)
{
    if (list->n_items == list->capacity) {
        list->capacity = list->capacity == 0 ? 1024 : 2 * list->capacity;
        list->items = memory_realloc(list->items, list->capacity * sizeof *list->items);
    }
    return &list->items[list->n_items++];
}

static void read_summary(struct reading *reading, struct figure_list *list)
{
    enum { SCENARIO, WHO, WHO_KIND, MEASURE, ITEM, UNIT, HEADLINE, MC_SE, P_NONNEG, N_NAMES };

    static const char *const names[N_NAMES] = {
        "scenario", "who", "who_kind", "measure", "item", "unit", "headline", "mc_se", "p_nonneg"};
    struct rows rows;
    bool more = rows_open(&rows, reading, RESULTS_SUMMARY, names, N_NAMES);
    while (more && rows_next(&rows)) {
        *add_figure(list) =
            (struct results_figure){.key = {[KEY_SCENARIO] = kept_field(&rows, SCENARIO),
                                            [KEY_OPTION] = "",
                                            [KEY_WHO] = kept_field(&rows, WHO),
                                            [KEY_MEASURE] = kept_field(&rows, MEASURE),
                                            [KEY_ITEM] = kept_field(&rows, ITEM)},
                                    .who_kind = kept_field(&rows, WHO_KIND),
                                    .unit = kept_field(&rows, UNIT),
                                    .value = number_field(&rows, HEADLINE),
                                    .mc_se = number_field(&rows, MC_SE),
                                    .p_nonneg = number_field(&rows, P_NONNEG)};
    }
    rows_close(&rows);
}

static void read_options(struct reading *reading, struct figure_list *list)
{
    enum { SCENARIO, OPTION, WHO, MEASURE, ITEM, UNIT, MEAN, MC_SE, N_NAMES };

    static const char *const names[N_NAMES] = {"scenario", "option", "who",  "measure",
                                               "item",     "unit",   "mean", "mc_se"};
    struct rows rows;
    bool more = rows_open(&rows, reading, RESULTS_OPTIONS, names, N_NAMES);
    while (more && rows_next(&rows)) {
        *add_figure(list) =
            (struct results_figure){.key = {[KEY_SCENARIO] = kept_field(&rows, SCENARIO),
                                            [KEY_OPTION] = kept_field(&rows, OPTION),
                                            [KEY_WHO] = kept_field(&rows, WHO),
                                            [KEY_MEASURE] = kept_field(&rows, MEASURE),
                                            [KEY_ITEM] = kept_field(&rows, ITEM)},
                                    .who_kind = "",
                                    .unit = kept_field(&rows, UNIT),
                                    .value = number_field(&rows, MEAN),
                                    .mc_se = number_field(&rows, MC_SE),
                                    .p_nonneg = (double)NAN,
                                    .in_options = true};
    }
    rows_close(&rows);
}

/* Every figure stands once, of a scenario that the manifest has. */
static void check_figures(struct reading *reading)
{
    const struct results *results = reading->results;
    struct lookup figures, ids;
    lookup_init(&figures, N_RESULTS_KEYS);
    lookup_init(&ids, 1);
    for (size_t i = 0; i < results->n_scenarios; ++i) {
        lookup_add(&ids, &results->scenarios[i].id, i);
    }
    for (size_t i = 0; i < results->n_figures && reading->n_errors == 0; ++i) {
        const struct results_figure *figure = &results->figures[i];
        enum results_file file = figure->in_options ? RESULTS_OPTIONS : RESULTS_SUMMARY;
        if (lookup_find(&ids, &figure->key[KEY_SCENARIO]) == SIZE_MAX) {
            damaged(reading, file, 0,
                    arena_printf(reading->arena, "its scenario \"%.80s\" is not in manifest.json",
                                 figure->key[KEY_SCENARIO]));
        } else if (lookup_find(&figures, figure->key) != SIZE_MAX) {
            damaged(reading, file, 0,
                    arena_printf(reading->arena, "%.40s of %.40s stands twice for \"%.80s\"",
                                 figure->key[KEY_MEASURE], figure->key[KEY_WHO],
                                 figure->key[KEY_SCENARIO]));
        } else {
            lookup_add(&figures, figure->key, i);
        }
    }
    lookup_clear(&figures);
    lookup_clear(&ids);
}

static void read_figures(struct reading *reading)
{
    struct figure_list list = {0};
    read_summary(reading, &list);
    read_options(reading, &list);
    struct results_figure *kept = arena_array(reading->arena, list.n_items + 1, sizeof *kept);
    if (list.n_items > 0) {
        memcpy(kept, list.items, list.n_items * sizeof *kept);
    }
    free(list.items);
    reading->results->figures = kept;
    reading->results->n_figures = list.n_items;
}

/* ---- portfolios ---- */

struct choice_list {
    struct results_choice *items;
    size_t n_items, capacity;
    struct lookup lookup;
};

static const char nothing_chosen[] = "none";

/* Adds words to a choice, or makes it. */
static void add_choice(struct reading *reading, struct choice_list *list,
                       const struct results_choice *choice)
{
    size_t at = lookup_find(&list->lookup, choice->key);
    if (at != SIZE_MAX) {
        bool first = strcmp(list->items[at].words, nothing_chosen) == 0;
        list->items[at].words =
            first ? choice->words
                  : arena_printf(reading->arena, "%s, %s", list->items[at].words, choice->words);
        return;
    }
    /* keys of the lookup point to words, not into the list, which moves */
    const char **key = arena_array(reading->arena, 3, sizeof(const char *));
    memcpy((void *)key, (const void *)choice->key, sizeof choice->key);
    list->items = arena_grow(reading->arena, list->items, list->n_items, &list->capacity,
                             sizeof *list->items);
    lookup_add(&list->lookup, key, list->n_items);
    list->items[list->n_items++] = *choice;
}

/* "shared_lives, falls_response (scale 0.5)" of each set. */
static void read_programmes(struct reading *reading, struct choice_list *list)
{
    enum { PORTFOLIO, PROGRAMME, SET, SCALE, N_NAMES };

    static const char *const names[N_NAMES] = {"portfolio", "programme", "set", "scale"};
    struct rows rows;
    bool more = rows_open(&rows, reading, RESULTS_PROGRAMMES, names, N_NAMES);
    while (more && rows_next(&rows)) {
        double scale = number_field(&rows, SCALE);
        struct results_choice choice = {
            .key = {kept_field(&rows, PORTFOLIO), kept_field(&rows, SET), "programmes chosen"},
            .words = kept_field(&rows, PROGRAMME)};
        if (scale != 1.0 && isfinite(scale)) {
            choice.words =
                arena_printf(reading->arena, "%s (scale %s)", choice.words, field(&rows, SCALE));
        }
        if (scale == 0.0) {
            choice.words = nothing_chosen;
        }
        if (scale != 0.0 || lookup_find(&list->lookup, choice.key) == SIZE_MAX) {
            add_choice(reading, list, &choice);
        }
    }
    rows_close(&rows);
}

/* Each row, of partners and rules, repeats the verdict of the deal before transfers. */
static void read_deals(struct reading *reading, struct choice_list *list)
{
    enum { PORTFOLIO, SET, BASIS, VERDICT, N_NAMES };

    static const char *const names[N_NAMES] = {"portfolio", "set", "basis", "verdict"};
    struct rows rows;
    bool more = rows_open(&rows, reading, RESULTS_DEALS, names, N_NAMES);
    while (more && rows_next(&rows)) {
        const struct results_choice choice = {
            .key = {kept_field(&rows, PORTFOLIO), kept_field(&rows, SET),
                    words_keep(&reading->words,
                               arena_printf(&rows.arena, "verdict of the deal (%s)",
                                            field(&rows, BASIS)))},
            .words = kept_field(&rows, VERDICT)};
        if (lookup_find(&list->lookup, choice.key) == SIZE_MAX) {
            add_choice(reading, list, &choice);
        }
    }
    rows_close(&rows);
}

static void read_choices(struct reading *reading)
{
    struct choice_list list = {0};
    lookup_init(&list.lookup, 3);
    read_programmes(reading, &list);
    read_deals(reading, &list);
    lookup_clear(&list.lookup);
    reading->results->choices = list.items;
    reading->results->n_choices = list.n_items;
}

/* ---- all of it ---- */

const struct results *results_parse(struct arena *arena, struct diagnostics *diagnostics,
                                    const struct results_text texts[N_RESULTS_FILES],
                                    const char *version)
{
    struct results *results = arena_array(arena, 1, sizeof *results);
    struct reading reading = {
        .arena = arena, .diagnostics = diagnostics, .texts = texts, .results = results};
    words_init(&reading.words, arena);
    read_manifest(&reading, version);
    read_run(&reading);
    read_figures(&reading);
    read_choices(&reading);
    if (reading.n_errors == 0) {
        check_figures(&reading);
    }
    words_clear(&reading.words);
    return reading.n_errors == 0 ? results : NULL;
}

const struct results_figure *results_parse_figures(struct arena *arena,
                                                   struct diagnostics *diagnostics,
                                                   const struct results_text texts[N_RESULTS_FILES],
                                                   size_t *n_figures)
{
    struct results results = {.version = ""};
    struct reading reading = {
        .arena = arena, .diagnostics = diagnostics, .texts = texts, .results = &results};
    words_init(&reading.words, arena);
    read_figures(&reading);
    words_clear(&reading.words);
    *n_figures = results.n_figures;
    return reading.n_errors == 0 ? results.figures : NULL;
}

/* ---- a folder ---- */

/* The bytes of a regular file; false with errno where there is none. */
static bool read_file(struct arena *arena, const char *path, struct results_text *text)
{
    enum { MAX_BYTES = 1 << 30 };

    struct stat about;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return false;
    }
    int problem = fstat(descriptor, &about) != 0                   ? errno
                  : !S_ISREG(about.st_mode)                        ? EINVAL
                  : about.st_size < 0 || about.st_size > MAX_BYTES ? EFBIG
                                                                   : 0;
    size_t n_wanted = problem == 0 ? (size_t)about.st_size : 0, n_bytes = 0;
    char *bytes = arena_alloc(arena, n_wanted + 1);
    while (problem == 0 && n_bytes < n_wanted) {
        ssize_t n = read(descriptor, bytes + n_bytes, n_wanted - n_bytes);
        problem = n < 0 && errno != EINTR ? errno : n == 0 ? EIO : 0;
        n_bytes += n > 0 ? (size_t)n : 0;
    }
    (void)close(descriptor);
    *text = (struct results_text){.bytes = bytes, .n_bytes = n_bytes, .path = path};
    errno = problem;
    return problem == 0;
}

static bool is_needed(enum results_file file)
{
    return file == RESULTS_MANIFEST || file == RESULTS_SUMMARY;
}

const struct results *results_read(struct arena *arena, struct diagnostics *diagnostics,
                                   const char *directory, const char *version)
{
    struct results_text texts[N_RESULTS_FILES] = {{0}};
    bool good = true;
    for (size_t i = 0; i < N_RESULTS_FILES; ++i) {
        const char *path = arena_printf(arena, "%s/%s", directory, file_names[i]);
        texts[i] = (struct results_text){.path = path};
        if (!read_file(arena, path, &texts[i]) &&
            (is_needed((enum results_file)i) || (errno != ENOENT && errno != ENOTDIR))) {
            diagnostics_add(diagnostics, DIAGNOSTIC_E716, (struct place){.file = path}, NULL,
                            "a folder that `dividend run` or `dividend portfolio` wrote",
                            "give the folder of the earlier run, for example --against "
                            "results/runs/scenarios",
                            "it could not be read: %s", strerror(errno));
            good = false;
        }
    }
    return good ? results_parse(arena, diagnostics, texts, version) : NULL;
}
