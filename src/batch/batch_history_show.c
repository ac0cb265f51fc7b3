/* `dividend history`: a measure over the runs that a history holds, what changed before each, and
 * who signed. */
#include "batch/batch_history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct place no_place = {0};

/* A scenario in a run. */
struct history_row {
    sqlite3_int64 run, result; /* result -1: it failed */
    const char *utc, *scenario, *measure, *unit;
    double value, low, high; /* NaN none */
    sqlite3_int64 times;
    const char *sign_off, *analyst, *assurer, *approver, *signed_on;
    const char *settings[STATE_SETTINGS];
};

struct history_rows {
    struct history_row *items;
    size_t n_items, capacity;
};

struct telling {
    struct session *session;
    sqlite3 *base;
    struct history_rows rows;
    struct listing listing;
    bool exact; /* figures as they are, not rounded */
};

static const char *text_of(struct telling *telling, sqlite3_stmt *statement, int at)
{
    const char *words = (const char *)sqlite3_column_text(statement, at);
    return arena_copy_text(&telling->session->arena, words != NULL ? words : "");
}

static double number_of(sqlite3_stmt *statement, int at)
{
    return sqlite3_column_type(statement, at) == SQLITE_NULL ? (double)NAN
                                                             : sqlite3_column_double(statement, at);
}

/* ---- reading ---- */

static void read_row(struct telling *telling, sqlite3_stmt *statement)
{
    struct history_rows *rows = &telling->rows;
    rows->items = arena_grow(&telling->session->arena, rows->items, rows->n_items, &rows->capacity,
                             sizeof *rows->items);
    struct history_row *row = &rows->items[rows->n_items++];
    *row = (struct history_row){.run = sqlite3_column_int64(statement, 0),
                                .result = sqlite3_column_type(statement, 1) == SQLITE_NULL
                                              ? -1
                                              : sqlite3_column_int64(statement, 1),
                                .utc = text_of(telling, statement, 2),
                                .scenario = text_of(telling, statement, 3),
                                .measure = text_of(telling, statement, 4),
                                .unit = text_of(telling, statement, 5),
                                .value = number_of(statement, 6),
                                .low = number_of(statement, 7),
                                .high = number_of(statement, 8),
                                .times = sqlite3_column_int64(statement, 9),
                                .sign_off = text_of(telling, statement, 10),
                                .analyst = text_of(telling, statement, 11),
                                .assurer = text_of(telling, statement, 12),
                                .approver = text_of(telling, statement, 13),
                                .signed_on = text_of(telling, statement, 14)};
    for (size_t i = 0; i < STATE_SETTINGS; ++i) {
        row->settings[i] = text_of(telling, statement, 15 + (int)i);
    }
}

/* All scenarios of all runs; a scenario that failed has no figure, one without the measure no row.
 */
static bool read_rows(struct telling *telling, const char *measure)
{
    static const char query[] =
        "SELECT runs.run, scenarios.result, runs.first_utc, scenarios.scenario,"
        " coalesce(figures.measure, ''), coalesce(figures.unit, ''), figures.value, figures.q025,"
        " figures.q975, runs.times, sign_off, analyst, assurer, approver, signed_on, seed,"
        " runs.draws, sampling, scramblings, precision_of, precision_se, max_draws, version,"
        " engine_sha256 FROM runs JOIN scenarios USING (run) LEFT JOIN results USING (result)"
        " LEFT JOIN figures ON figures.result = results.result AND figures.measure ="
        " CASE WHEN ?1 = '' THEN results.headline ELSE ?1 END"
        " WHERE scenarios.result IS NULL OR figures.measure IS NOT NULL"
        " ORDER BY scenarios.scenario, runs.run";
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(telling->base, query, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_bind_text(statement, 1, measure, -1, SQLITE_TRANSIENT);
    }
    for (code = code == SQLITE_OK ? sqlite3_step(statement) : code; code == SQLITE_ROW;
         code = sqlite3_step(statement)) {
        const struct word_list *only = &telling->session->options.only;
        const char *scenario = (const char *)sqlite3_column_text(statement, 3);
        if (only->n_items == 0 || (scenario != NULL && word_list_has(only, scenario))) {
            read_row(telling, statement);
        }
    }
    if (code != SQLITE_DONE) {
        terminal_say("the history could not be read: %s", sqlite3_errmsg(telling->base));
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE;
}

struct part_list {
    struct fingerprint_part *items;
    const char **versions;
    size_t n_items;
};

static void read_parts(struct telling *telling, sqlite3_int64 result, struct part_list *list)
{
    struct arena *arena = &telling->session->arena;
    sqlite3_stmt *statement = NULL;
    size_t capacity = 0, version_capacity = 0;
    *list = (struct part_list){.n_items = 0};
    if (sqlite3_prepare_v2(telling->base,
                           "SELECT kind, name, sha256, version FROM inputs JOIN parts USING (part)"
                           " WHERE result = ?1 ORDER BY kind, name, sha256",
                           -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 1, result) != SQLITE_OK) {
        sqlite3_finalize(statement);
        return;
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        list->items = arena_grow(arena, list->items, list->n_items, &capacity, sizeof *list->items);
        list->versions = arena_grow(arena, (void *)list->versions, list->n_items, &version_capacity,
                                    sizeof(const char *));
        struct fingerprint_part *part = &list->items[list->n_items];
        *part = (struct fingerprint_part){.kind = text_of(telling, statement, 0),
                                          .name = text_of(telling, statement, 1)};
        (void)snprintf(part->sha256, sizeof part->sha256, "%s", text_of(telling, statement, 2));
        list->versions[list->n_items++] = text_of(telling, statement, 3);
    }
    sqlite3_finalize(statement);
}

/* ---- what changed ---- */

static const char *version_of(const struct part_list *list, const struct fingerprint_part *part)
{
    for (size_t i = 0; i < list->n_items; ++i) {
        if (strcmp(list->items[i].kind, part->kind) == 0 &&
            strcmp(list->items[i].name, part->name) == 0) {
            return list->versions[i];
        }
    }
    return "";
}

/* "; versions: befriending.uptake 2009 to 2011" of evidence whose version is stated. */
static void add_versions(struct text *out, const struct part_list *before,
                         const struct part_list *now)
{
    for (size_t i = 0; i < now->n_items; ++i) {
        const char *old = version_of(before, &now->items[i]);
        if (strcmp(now->items[i].kind, "evidence") == 0 && strcmp(old, now->versions[i]) != 0) {
            text_printf(out, "%s%s (version %s, before %s)", out->n_bytes > 0 ? "; " : "",
                        now->items[i].name, now->versions[i][0] != '\0' ? now->versions[i] : "none",
                        old[0] != '\0' ? old : "none");
        }
    }
}

static const char *name_changes(struct telling *telling, const struct history_row *before,
                                const struct history_row *row)
{
    enum { MOST_PARTS = 4 };

    struct arena *arena = &telling->session->arena;
    struct part_list old, now;
    struct text words;
    if (before == NULL) {
        return "first recorded";
    }
    if (row->result < 0 || before->result < 0) {
        return row->result < 0 ? "it failed" : "the run before failed";
    }
    if (row->result == before->result) {
        return "nothing";
    }
    text_init(&words);
    read_parts(telling, before->result, &old);
    read_parts(telling, row->result, &now);
    const char *parts =
        state_name_changes(arena, old.items, old.n_items, now.items, now.n_items, MOST_PARTS);
    const char *settings = state_name_settings(arena, before->settings, row->settings);
    text_append(&words, parts != NULL ? parts : "");
    add_versions(&words, &old, &now);
    text_printf(&words, "%s%s", settings != NULL && words.n_bytes > 0 ? "; " : "",
                settings != NULL ? settings : "");
    const char *kept = arena_copy_text(arena, words.n_bytes > 0 ? words.bytes : "nothing named");
    text_clear(&words);
    return kept;
}

/* ---- showing ---- */

/* Tables show the columns up to who signed, one table a scenario; csv and json all of them. */
enum {
    RUN,
    WHEN,
    VALUE,
    LOW,
    HIGH,
    CHANGE,
    CHANGED,
    SIGNED,
    SCENARIO,
    MEASURE,
    UNIT,
    TIMES,
    SEED,
    DRAWS,
    VERSION,
    ENGINE,
    N_COLUMNS
};

static const char *show_number(struct telling *telling, const char *unit, double value)
{
    char words[48];
    if (isnan(value)) {
        return NULL;
    }
    if (isinf(value)) {
        return telling->exact ? NULL : "not within the horizon";
    }
    if (telling->exact) {
        char digits[32];
        text_format_exact(digits, value);
        return arena_copy_text(&telling->session->arena, digits);
    }
    int decimals = fabs(value) >= 1000.0 || (strcmp(unit, "GBP") == 0 && fabs(value) >= 100.0) ? 0
                   : strcmp(unit, "GBP") == 0                                                  ? 2
                                                                                               : 3;
    text_format_grouped(words, value, decimals);
    return arena_copy_text(&telling->session->arena, words);
}

static const char *show_sign_off(struct telling *telling, const struct history_row *row)
{
    struct arena *arena = &telling->session->arena;
    if (row->analyst[0] == '\0') {
        return row->sign_off[0] != '\0' ? row->sign_off : NULL;
    }
    return arena_printf(arena, "%s: %s%s%s, approved by %s, %s", row->sign_off, row->analyst,
                        row->assurer[0] != '\0' ? ", assured by " : "", row->assurer, row->approver,
                        row->signed_on);
}

static void show_row(struct telling *telling, const struct history_row *before,
                     const struct history_row *row)
{
    struct arena *arena = &telling->session->arena;
    const char **cells = listing_add_row(telling->session, &telling->listing);
    double change = before != NULL && isfinite(before->value) && isfinite(row->value)
                        ? row->value - before->value
                        : (double)NAN;
    cells[RUN] = arena_printf(arena, "%lld", (long long)row->run);
    cells[WHEN] = telling->exact ? row->utc : arena_printf(arena, "%.10s", row->utc);
    cells[SCENARIO] = row->scenario;
    cells[MEASURE] = row->measure;
    cells[VALUE] = show_number(telling, row->unit, row->value);
    cells[LOW] = show_number(telling, row->unit, row->low);
    cells[HIGH] = show_number(telling, row->unit, row->high);
    cells[CHANGE] = show_number(telling, row->unit, change);
    cells[CHANGED] = name_changes(telling, before, row);
    cells[SIGNED] = show_sign_off(telling, row);
    cells[UNIT] = row->unit;
    cells[TIMES] = arena_printf(arena, "%lld", (long long)row->times);
    cells[SEED] = row->settings[0];
    cells[DRAWS] = row->settings[1];
    cells[VERSION] = row->settings[7];
    cells[ENGINE] = row->settings[8];
}

static const char *describe_scenario(struct telling *telling, const struct history_row *row)
{
    const char *unit = strcmp(row->unit, "GBP") == 0 ? "£" : row->unit;
    return row->measure[0] == '\0'
               ? row->scenario
               : arena_printf(&telling->session->arena, "%s: %s%s%s", row->scenario, row->measure,
                              unit[0] != '\0' ? ", " : "", unit);
}

static void show_rows(struct telling *telling, enum output_format format)
{
    static const char *const names[N_COLUMNS] = {
        "run",          "recorded_utc", "value",    "q025",         "q975", "change",
        "what_changed", "sign_off",     "scenario", "measure",      "unit", "times",
        "seed",         "draws",        "version",  "engine_sha256"};
    static const char *const labels[N_COLUMNS] = {
        "run",      "recorded", "value", "2.5 %", "97.5 %", "change", "what changed", "signed",
        "scenario", "measure",  "unit",  "times", "seed",   "draws",  "version",      "engine"};
    static const bool is_number[N_COLUMNS] = {
        [RUN] = true,    [VALUE] = true, [LOW] = true,  [HIGH] = true,
        [CHANGE] = true, [TIMES] = true, [SEED] = true, [DRAWS] = true};
    const struct listing empty = {.names = names,
                                  .labels = labels,
                                  .is_number = is_number,
                                  .n_columns = N_COLUMNS,
                                  .n_shown = telling->exact ? 0 : SIGNED + 1};
    struct session *session = telling->session;
    telling->listing = empty;
    for (size_t i = 0; i < telling->rows.n_items; ++i) {
        const struct history_row *row = &telling->rows.items[i];
        bool follows = i > 0 && strcmp(row[-1].scenario, row->scenario) == 0;
        if (!telling->exact && i > 0 && !follows) {
            listing_write(&session->out, &telling->listing, format, terminal_width(session));
            text_append(&session->out, "\n");
            telling->listing = empty;
        }
        if (!telling->exact) {
            telling->listing.title = describe_scenario(telling, row);
        }
        show_row(telling, follows ? &row[-1] : NULL, row);
    }
    listing_write(&session->out, &telling->listing, format, terminal_width(session));
}

/* ---- the command ---- */

/* Names that the history has, for a suggestion. */
static const char *nearest_measure(struct telling *telling, const char *measure)
{
    struct word_list known = {0};
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(telling->base, "SELECT DISTINCT measure FROM figures ORDER BY measure",
                           -1, &statement, NULL) == SQLITE_OK) {
        while (sqlite3_step(statement) == SQLITE_ROW) {
            word_list_add(telling->session, &known, text_of(telling, statement, 0));
        }
    }
    sqlite3_finalize(statement);
    return known.n_items > 0 ? text_nearest(measure, known.items, known.n_items) : NULL;
}

static void complain_of_nothing(struct telling *telling, const char *measure)
{
    struct session *session = telling->session;
    const char *nearest = measure[0] != '\0' ? nearest_measure(telling, measure) : NULL;
    diagnostics_add(
        &session->diagnostics, DIAGNOSTIC_E953, no_place, NULL,
        "a measure as in summary.csv, MEASURE.WHO[.ITEM], e.g. net.public_sector, and a "
        "scenario that has it",
        nearest != NULL ? arena_printf(&session->arena, "did you mean `%s`?", nearest)
                        : "`dividend history` without a measure shows each scenario's headline",
        "no run in the history has %s%s%s",
        measure[0] != '\0' ? "the measure `" : "such a scenario", measure,
        measure[0] != '\0' ? "`" : "");
}

static sqlite3 *open_asked(struct session *session)
{
    const char *path = history_path(session);
    size_t n_before = session->diagnostics.n_errors;
    sqlite3 *base = path != NULL ? history_open(session, path) : NULL;
    if (session->options.words.n_items > 1) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL, "one measure",
                        "for example `dividend history net.public_sector --state .dividend`",
                        "`%s` is one argument too many", session->options.words.items[1]);
    } else if (base == NULL && session->diagnostics.n_errors == n_before) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E953, no_place, NULL,
                        "--state DIR of the runs, or --history FILE",
                        "`dividend run --state DIR` begins a history in DIR",
                        path != NULL ? "there is no history %s" : "no history is named%s",
                        path != NULL ? path : "");
    }
    return base;
}

int command_history(struct session *session)
{
    const struct options *options = &session->options;
    enum output_format format = options->has_format ? options->format : FORMAT_TABLE;
    struct telling telling = {.session = session,
                              .base = open_asked(session),
                              .exact = format == FORMAT_CSV || format == FORMAT_JSON};
    const char *measure = options->words.n_items > 0 ? options->words.items[0] : "";
    bool good = true;
    if (session->diagnostics.n_errors == 0) {
        good = read_rows(&telling, measure);
        if (good && telling.rows.n_items == 0) {
            complain_of_nothing(&telling, measure);
        }
    }
    if (session->diagnostics.n_errors == 0 && good) {
        show_rows(&telling, format);
    }
    (void)sqlite3_close(telling.base);
    return terminal_print_diagnostics(session, "nothing was shown") ? EXIT_BAD_INPUT
           : good                                                   ? EXIT_DONE
                                                                    : EXIT_RUN_FAILED;
}
