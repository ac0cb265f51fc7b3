/* Appends runs to the history. A result is kept once, under the hash of all that it depends on,
 * with its figures and the parts of its inputs; a run points to the results that it had. So a run
 * in which nothing changed adds a row a scenario, and the same run twice in succession adds none.
 *
 * The journal is SQLite's rollback journal, not its write-ahead log, which does not work on network
 * shares. Two runs that finish together wait for each other. */
#include "batch/batch_history.h"

#include "assurance/assurance.h"
#include "base/digest.h"
#include "base/engine.h"
#include "plan/measure_reference.h"

#include <assert.h>
#include <math.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* "DIVI" in the file's header. */
static const long application_id = 0x44495649;

static const char schema[] =
    "CREATE TABLE runs (run INTEGER PRIMARY KEY, run_sha256 TEXT NOT NULL, first_utc TEXT NOT NULL,"
    " last_utc TEXT NOT NULL, times INTEGER NOT NULL, seed TEXT NOT NULL, draws TEXT NOT NULL,"
    " sampling TEXT NOT NULL, scramblings TEXT NOT NULL, precision_of TEXT NOT NULL,"
    " precision_se TEXT NOT NULL, max_draws TEXT NOT NULL, version TEXT NOT NULL,"
    " engine_sha256 TEXT NOT NULL);"
    "CREATE TABLE results (result INTEGER PRIMARY KEY, key_sha256 TEXT NOT NULL UNIQUE,"
    " inputs_sha256 TEXT NOT NULL, draws INTEGER NOT NULL, headline TEXT NOT NULL);"
    "CREATE TABLE figures (result INTEGER NOT NULL REFERENCES results, measure TEXT NOT NULL,"
    " unit TEXT NOT NULL, value REAL, q025 REAL, q975 REAL, mc_se REAL,"
    " PRIMARY KEY (result, measure)) WITHOUT ROWID;"
    "CREATE TABLE parts (part INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " sha256 TEXT NOT NULL, version TEXT NOT NULL, source TEXT NOT NULL,"
    " UNIQUE (kind, name, sha256));"
    "CREATE TABLE inputs (result INTEGER NOT NULL REFERENCES results, part INTEGER NOT NULL"
    " REFERENCES parts, PRIMARY KEY (result, part)) WITHOUT ROWID;"
    "CREATE TABLE scenarios (run INTEGER NOT NULL REFERENCES runs, scenario TEXT NOT NULL,"
    " result INTEGER REFERENCES results, sign_off TEXT NOT NULL, analyst TEXT NOT NULL,"
    " assurer TEXT NOT NULL, approver TEXT NOT NULL, signed_on TEXT NOT NULL,"
    " PRIMARY KEY (run, scenario)) WITHOUT ROWID;";

const char *history_path(struct session *session)
{
    const struct options *options = &session->options;
    return options->history != NULL ? options->history
           : options->state != NULL
               ? arena_printf(&session->arena, "%s/history.sqlite", options->state)
               : NULL;
}

/* ---- opening ---- */

static long read_pragma(sqlite3 *base, const char *pragma)
{
    sqlite3_stmt *statement = NULL;
    long value = -1;
    if (sqlite3_prepare_v2(base, pragma, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        value = (long)sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

/* Only a whole file answers "ok". */
static bool is_sound(sqlite3 *base)
{
    sqlite3_stmt *statement = NULL;
    bool sound = false;
    if (sqlite3_prepare_v2(base, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *words = (const char *)sqlite3_column_text(statement, 0);
        sound = words != NULL && strcmp(words, "ok") == 0;
    }
    sqlite3_finalize(statement);
    return sound;
}

static void refuse(struct session *session, const char *path, const char *remedy, const char *found)
{
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E952, (struct place){.file = path}, NULL,
                    "a history that dividend wrote, or a file that is not there yet", remedy, "%s",
                    found);
}

sqlite3 *history_open(struct session *session, const char *path)
{
    sqlite3 *base = NULL;
    struct stat about;
    if (stat(path, &about) != 0 || (S_ISREG(about.st_mode) && about.st_size == 0)) {
        return NULL; /* an empty file is to SQLite as good as none */
    }
    int code = sqlite3_open_v2(path, &base, SQLITE_OPEN_READWRITE, NULL);
    (void)sqlite3_busy_timeout(base, HISTORY_BUSY_MS);
    long id = code == SQLITE_OK ? read_pragma(base, "PRAGMA application_id") : -1;
    int problem = base != NULL ? sqlite3_errcode(base) : SQLITE_NOMEM;
    long version = id == application_id ? read_pragma(base, "PRAGMA user_version") : 0;
    const char *found = NULL, *remedy = "give another file, or move this one away";
    if (code != SQLITE_OK || id < 0) {
        found =
            problem == SQLITE_NOTADB || problem == SQLITE_CORRUPT
                ? "it is damaged, or no SQLite file"
                : arena_printf(&session->arena, "it cannot be read: %s", sqlite3_errstr(problem));
    } else if (id != application_id) {
        found = "it is a database of another program";
    } else if (version > HISTORY_VERSION) {
        found = "it was written by a later version of dividend";
        remedy = "use that version, or give another file";
    } else if (version < 1 || !is_sound(base)) {
        found = "it is damaged";
    }
    if (found != NULL) {
        refuse(session, path, remedy, found);
        (void)sqlite3_close(base);
        return NULL;
    }
    return base;
}

/* ---- writing ---- */

struct history_pen {
    sqlite3 *base;
    const struct rerun *rerun;
    const struct report_run *run;
    int code; /* the first that is not SQLITE_OK */
    char problem[256];
};

static void note(struct history_pen *pen, int code)
{
    if (pen->code == SQLITE_OK && code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        pen->code = code;
        (void)snprintf(pen->problem, sizeof pen->problem, "%.200s", sqlite3_errmsg(pen->base));
    }
}

static void execute(struct history_pen *pen, const char *words)
{
    if (pen->code == SQLITE_OK) {
        note(pen, sqlite3_exec(pen->base, words, NULL, NULL, NULL));
    }
}

static sqlite3_stmt *prepare(struct history_pen *pen, const char *words)
{
    sqlite3_stmt *statement = NULL;
    if (pen->code == SQLITE_OK) {
        note(pen, sqlite3_prepare_v2(pen->base, words, -1, &statement, NULL));
    }
    return statement;
}

static void put_text(struct history_pen *pen, sqlite3_stmt *statement, int at, const char *words)
{
    if (pen->code == SQLITE_OK) {
        note(pen,
             sqlite3_bind_text(statement, at, words != NULL ? words : "", -1, SQLITE_TRANSIENT));
    }
}

static void put_integer(struct history_pen *pen, sqlite3_stmt *statement, int at,
                        sqlite3_int64 number)
{
    if (pen->code == SQLITE_OK) {
        note(pen, sqlite3_bind_int64(statement, at, number));
    }
}

/* NaN becomes NULL by itself. */
static void put_number(struct history_pen *pen, sqlite3_stmt *statement, int at, double number)
{
    if (pen->code == SQLITE_OK) {
        note(pen, sqlite3_bind_double(statement, at, number));
    }
}

/* Runs a statement that gives at most one number back (-1: none), and makes it ready again. */
static sqlite3_int64 step(struct history_pen *pen, sqlite3_stmt *statement)
{
    sqlite3_int64 number = -1;
    if (pen->code != SQLITE_OK) {
        return number;
    }
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        number = sqlite3_column_int64(statement, 0);
    }
    note(pen, code);
    (void)sqlite3_reset(statement);
    return number;
}

static void format_now(char words[32])
{
    time_t now = time(NULL);
    struct tm parts = {0};
    (void)gmtime_r(&now, &parts);
    (void)strftime(words, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* ---- a run ---- */

static const struct assurance_subject *subject_of(const struct report_run *run, size_t index)
{
    const struct assurance *assurance = run->assurance;
    size_t subject = assurance != NULL && index < assurance->n_results
                         ? assurance->results[index].subject
                         : SIZE_MAX;
    return subject != SIZE_MAX ? &assurance->subjects[subject] : NULL;
}

static const char *sign_words(const struct assurance_subject *subject)
{
    static const char *const words[] = {[SIGN_NONE] = "not signed",
                                        [SIGN_WITHOUT_HASH] = "signed, not said for which inputs",
                                        [SIGN_CHANGED] = "signed for other inputs",
                                        [SIGN_VALID] = "signed"};
    return subject == NULL ? "" : words[subject->state];
}

static void hash_words(struct sha256_ctx *context, const char *words)
{
    const char *told = words != NULL ? words : "";
    sha256_update(context, strlen(told) + 1, (const uint8_t *)told);
}

/* Which run this is: its results, who signed, its settings; no file names, no clock. */
static void digest_run(const struct history_pen *pen, char digits[DIGEST_DIGITS + 1])
{
    const struct rerun *rerun = pen->rerun;
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    for (size_t i = 0; i < STATE_SETTINGS; ++i) {
        hash_words(&context, rerun->settings[i]);
    }
    for (size_t i = 0; i < rerun->n_plans; ++i) {
        const struct assurance_subject *subject = subject_of(pen->run, i);
        hash_words(&context, rerun->plans[i].plan->scenario->id);
        hash_words(&context, pen->run->results[i].status == STATUS_OK ? rerun->plans[i].key_digits
                                                                      : "failed");
        hash_words(&context, sign_words(subject));
        if (subject != NULL && subject->sign_off->setting != NULL) {
            hash_words(&context, subject->sign_off->analyst);
            hash_words(&context, subject->sign_off->approver);
            hash_words(&context, subject->sign_off->date);
        }
    }
    sha256_digest(&context, sizeof digest, digest);
    digest_write_digits(digits, digest);
}

/* The run's row, or -1 where the last run was the same, which is then only counted. */
static sqlite3_int64 add_run(struct history_pen *pen)
{
    char now[32], digest[DIGEST_DIGITS + 1];
    format_now(now);
    digest_run(pen, digest);
    sqlite3_stmt *last = prepare(pen, "SELECT run FROM runs WHERE run = (SELECT max(run) FROM runs)"
                                      " AND run_sha256 = ?1");
    put_text(pen, last, 1, digest);
    sqlite3_int64 same = step(pen, last);
    sqlite3_finalize(last);
    if (same >= 0) {
        sqlite3_stmt *again =
            prepare(pen, "UPDATE runs SET last_utc = ?1, times = times + 1 WHERE run = ?2");
        put_text(pen, again, 1, now);
        put_integer(pen, again, 2, same);
        (void)step(pen, again);
        sqlite3_finalize(again);
        return -1;
    }
    sqlite3_stmt *row = prepare(
        pen, "INSERT INTO runs (run_sha256, first_utc, last_utc, times, seed, draws, sampling,"
             " scramblings, precision_of, precision_se, max_draws, version, engine_sha256)"
             " VALUES (?1, ?2, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    put_text(pen, row, 1, digest);
    put_text(pen, row, 2, now);
    for (size_t i = 0; i < STATE_SETTINGS; ++i) {
        put_text(pen, row, 3 + (int)i, pen->rerun->settings[i]);
    }
    (void)step(pen, row);
    sqlite3_finalize(row);
    return sqlite3_last_insert_rowid(pen->base);
}

/* ---- a result ---- */

static bool is_by_year(enum measure measure)
{
    return (measure >= MEASURE_NET_AT && measure <= MEASURE_NET_REAL_YEAR) ||
           measure == MEASURE_QALYS_YEAR || measure == MEASURE_VOLUME_YEAR ||
           measure == MEASURE_FLOW_YEAR;
}

/* What `dividend history` shows where no measure is asked for. */
static size_t headline_column(const struct plan *plan)
{
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    size_t perspective = who != SIZE_MAX ? who : plan->n_whos - 1;
    if (plan->health == NULL) {
        return plan_find_result(plan, MEASURE_NET, perspective, 0, 0);
    }
    for (size_t i = 0; i < plan->n_own_results; ++i) {
        if (plan->results[i].measure == MEASURE_OPTION_NMB_DIFFERENCE &&
            plan->results[i].who == perspective) {
            return i;
        }
    }
    return 0;
}

static void add_figures(struct history_pen *pen, sqlite3_int64 row,
                        const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    struct arena arena;
    arena_init(&arena);
    sqlite3_stmt *figure =
        prepare(pen, "INSERT OR REPLACE INTO figures VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (size_t i = 0; i < plan->n_own_results && pen->code == SQLITE_OK; ++i) {
        const struct plan_result_column *column = &plan->results[i];
        const struct column_statistics *statistics = &result->statistics[i];
        bool negative = column->measure == MEASURE_COST_PER_QALY && statistics->headline < 0.0;
        if (is_by_year(column->measure)) {
            continue;
        }
        put_integer(pen, figure, 1, row);
        put_text(pen, figure, 2, measure_reference_name(&arena, plan, i));
        put_text(pen, figure, 3, measure_unit(column->measure));
        put_number(pen, figure, 4, negative ? (double)NAN : statistics->headline);
        put_number(pen, figure, 5, negative ? (double)NAN : statistics->q025);
        put_number(pen, figure, 6, negative ? (double)NAN : statistics->q975);
        put_number(pen, figure, 7, negative ? (double)NAN : statistics->se);
        (void)step(pen, figure);
    }
    sqlite3_finalize(figure);
    arena_clear(&arena);
}

/* The item of evidence that a part is of, in a programme or any of a bundle. */
static const struct parameter *find_parameter(const struct plan *plan, const char *identity)
{
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (parameter != NULL && strcmp(parameter->identity, identity) == 0) {
            return parameter;
        }
    }
    return NULL;
}

static void add_inputs(struct history_pen *pen, sqlite3_int64 row, const struct rerun_plan *plan)
{
    sqlite3_stmt *find =
        prepare(pen, "SELECT part FROM parts WHERE kind = ?1 AND name = ?2 AND sha256 = ?3");
    sqlite3_stmt *add = prepare(
        pen, "INSERT INTO parts (kind, name, sha256, version, source) VALUES (?1, ?2, ?3, ?4, ?5)");
    sqlite3_stmt *use = prepare(pen, "INSERT OR IGNORE INTO inputs VALUES (?1, ?2)");
    for (size_t i = 0; i < plan->fingerprint.n_parts && pen->code == SQLITE_OK; ++i) {
        const struct fingerprint_part *part = &plan->fingerprint.parts[i];
        put_text(pen, find, 1, part->kind);
        put_text(pen, find, 2, part->name);
        put_text(pen, find, 3, part->sha256);
        sqlite3_int64 at = step(pen, find);
        if (at < 0) {
            const struct parameter *parameter =
                strcmp(part->kind, "evidence") == 0 ? find_parameter(plan->plan, part->name) : NULL;
            put_text(pen, add, 1, part->kind);
            put_text(pen, add, 2, part->name);
            put_text(pen, add, 3, part->sha256);
            put_text(pen, add, 4, parameter != NULL ? parameter->version : NULL);
            put_text(pen, add, 5, parameter != NULL ? parameter->source_id : NULL);
            (void)step(pen, add);
            at = sqlite3_last_insert_rowid(pen->base);
        }
        put_integer(pen, use, 1, row);
        put_integer(pen, use, 2, at);
        (void)step(pen, use);
    }
    sqlite3_finalize(find);
    sqlite3_finalize(add);
    sqlite3_finalize(use);
}

/* The row of a result, made where it is new. */
static sqlite3_int64 add_result(struct history_pen *pen, const struct rerun_plan *plan,
                                const struct scenario_result *result)
{
    struct arena arena;
    sqlite3_stmt *find = prepare(pen, "SELECT result FROM results WHERE key_sha256 = ?1");
    put_text(pen, find, 1, plan->key_digits);
    sqlite3_int64 row = step(pen, find);
    sqlite3_finalize(find);
    if (row >= 0 || pen->code != SQLITE_OK) {
        return row;
    }
    arena_init(&arena);
    sqlite3_stmt *add = prepare(pen, "INSERT INTO results (key_sha256, inputs_sha256, draws,"
                                     " headline) VALUES (?1, ?2, ?3, ?4)");
    put_text(pen, add, 1, plan->key_digits);
    put_text(pen, add, 2, plan->fingerprint.sha256);
    put_integer(pen, add, 3, (sqlite3_int64)result->n_draws);
    put_text(pen, add, 4, measure_reference_name(&arena, plan->plan, headline_column(plan->plan)));
    (void)step(pen, add);
    sqlite3_finalize(add);
    arena_clear(&arena);
    row = sqlite3_last_insert_rowid(pen->base);
    add_figures(pen, row, result);
    add_inputs(pen, row, plan);
    return row;
}

static void add_scenario(struct history_pen *pen, sqlite3_int64 run, size_t index)
{
    const struct scenario_result *result = &pen->run->results[index];
    const struct rerun_plan *plan = &pen->rerun->plans[index];
    const struct assurance_subject *subject = subject_of(pen->run, index);
    const struct sign_off *sign =
        subject != NULL && subject->sign_off->setting != NULL ? subject->sign_off : NULL;
    bool done = result->status == STATUS_OK && result->statistics != NULL;
    sqlite3_int64 row = done ? add_result(pen, plan, result) : -1;
    sqlite3_stmt *add =
        prepare(pen, "INSERT INTO scenarios VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    put_integer(pen, add, 1, run);
    put_text(pen, add, 2, plan->plan->scenario->id);
    if (done) {
        put_integer(pen, add, 3, row);
    }
    put_text(pen, add, 4, sign_words(subject));
    put_text(pen, add, 5, sign != NULL ? sign->analyst : NULL);
    put_text(pen, add, 6, sign != NULL ? sign->assurer : NULL);
    put_text(pen, add, 7, sign != NULL ? sign->approver : NULL);
    put_text(pen, add, 8, sign != NULL ? sign->date : NULL);
    (void)step(pen, add);
    sqlite3_finalize(add);
}

/* ---- the file ---- */

/* A new file gets its tables and its name plate in the transaction that adds its first run. */
static void prepare_tables(struct history_pen *pen)
{
    char words[96];
    if (pen->code == SQLITE_OK && read_pragma(pen->base, "PRAGMA user_version") == 0) {
        execute(pen, schema);
        (void)snprintf(words, sizeof words, "PRAGMA application_id = %ld; PRAGMA user_version = %d",
                       application_id, HISTORY_VERSION);
        execute(pen, words);
    }
}

enum status history_append(const struct rerun *rerun, const struct report_run *run,
                           const char *path, struct error *error)
{
    struct history_pen pen = {.rerun = rerun, .run = run, .code = SQLITE_OK};
    assert(rerun->n_plans == run->n_results);
    note(&pen, sqlite3_open_v2(path, &pen.base, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL));
    (void)sqlite3_busy_timeout(pen.base, HISTORY_BUSY_MS);
    execute(&pen, "PRAGMA journal_mode = DELETE");
    execute(&pen, "BEGIN IMMEDIATE");
    bool begun = pen.code == SQLITE_OK;
    prepare_tables(&pen);
    sqlite3_int64 row = add_run(&pen);
    for (size_t i = 0; row >= 0 && i < run->n_results && pen.code == SQLITE_OK; ++i) {
        add_scenario(&pen, row, i);
    }
    execute(&pen, "COMMIT");
    if (begun && pen.code != SQLITE_OK) {
        (void)sqlite3_exec(pen.base, "ROLLBACK", NULL, NULL, NULL);
    }
    (void)sqlite3_close(pen.base);
    return pen.code == SQLITE_OK ? STATUS_OK
                                 : error_set(error, STATUS_IO, "%s: %s", path, pen.problem);
}
