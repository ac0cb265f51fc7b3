#include "batch/batch_private.h"
#include "sample/sample.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum option_id {
    OPTION_DRAWS,
    OPTION_SEED,
    OPTION_SAMPLING,
    OPTION_SCRAMBLINGS,
    OPTION_PRECISION,
    OPTION_MAX_DRAWS,
    OPTION_DECIDE,
    OPTION_DRAWS_OUT,
    OPTION_ERRORS,
    OPTION_EXPECT,
    OPTION_JUNIT,
    OPTION_SARIF,
    OPTION_GITHUB,
    OPTION_OPENLINEAGE,
    OPTION_AGAINST,
    OPTION_REPOSITORY,
    OPTION_TOLERANCE_ABS,
    OPTION_TOLERANCE_REL,
    OPTION_TOLERANCE_SE,
    OPTION_FAIL_ON,
    OPTION_TIME_LIMIT,
    OPTION_ORDERS,
    OPTION_STATE,
    OPTION_NO_CACHE,
    OPTION_HISTORY,
    OPTION_RESUME,
    OPTION_CHECKPOINT,
    OPTION_SHARD,
    OPTION_DRY_RUN,
    OPTION_SIGN,
    OPTION_THREADS,
    OPTION_ONLY,
    OPTION_OUT,
    OPTION_FORMAT,
    OPTION_MODELS,
    OPTION_NO_SHIPPED_MODELS,
    OPTION_MODEL,
    OPTION_XLSX,
    OPTION_AS_OF,
    OPTION_STRICT,
    OPTION_WIDTH,
    OPTION_PLOTS,
    OPTION_COLOR,
    OPTION_QUIET,
    OPTION_HELP,
    N_OPTIONS
};

#define TAKES(command) (1U << COMMAND_##command)
#define TAKES_RUN      (TAKES(RUN) | TAKES(PORTFOLIO))
#define TAKES_FIGURES  (TAKES_RUN | TAKES(EXPLAIN) | TAKES(DIFF))
#define TAKES_RESULTS  (TAKES_RUN | TAKES(MERGE))
#define TAKES_LIBRARY                                                                              \
    (TAKES_RUN | TAKES(DIFF) | TAKES(CHECK) | TAKES(LIST) | TAKES(EXPLAIN) | TAKES(NEW) |          \
     TAKES(IMPORT) | TAKES(EVIDENCE))
#define TAKES_ALL ((1U << N_COMMANDS) - 1U)

struct option_row {
    const char *name;
    const char *alias; /* another spelling, or NULL */
    char letter;       /* 0 none */
    unsigned commands;
    const char *argument; /* NULL: a switch */
    const char *help;
};

static const struct option_row rows[N_OPTIONS] = {
    [OPTION_DRAWS] = {"draws", NULL, 'n', TAKES_FIGURES, "N",
                      "Monte Carlo draws, 2 to 1073741824 (default 16384, or run.cfg)"},
    [OPTION_SEED] = {"seed", NULL, 's', TAKES_FIGURES, "N",
                     "seed of the draws (default 1, or run.cfg)"},
    [OPTION_SAMPLING] = {"sampling", NULL, 0, TAKES_FIGURES, "METHOD",
                         "sobol, latin_hypercube or plain (default sobol, or run.cfg)"},
    [OPTION_SCRAMBLINGS] = {"scramblings", NULL, 0, TAKES_FIGURES, "N",
                            "independent scramblings, 1 to 64, for standard errors (default 16)"},
    [OPTION_PRECISION] = {"precision", NULL, 'p', TAKES_RUN, "M=SE",
                          "double the draws until the standard error of measure M is at most SE"},
    [OPTION_MAX_DRAWS] = {"max-draws", NULL, 0, TAKES_RUN, "N",
                          "where doubling for --precision ends (default 4194304)"},
    [OPTION_DECIDE] = {"decide", NULL, 'd', TAKES_RESULTS, NULL,
                       "how safe each decision is, what would change it, which study to fund"},
    [OPTION_DRAWS_OUT] = {"draws-out", NULL, 0, TAKES_RESULTS, NULL,
                          "also write draws of parameters, costs and effects, for R"},
    [OPTION_ERRORS] = {"errors", NULL, 'e', TAKES_RESULTS, NULL,
                       "also show Monte Carlo errors, draws used, and whether a seed matters"},
    [OPTION_EXPECT] = {"expect", NULL, 0, TAKES_RESULTS | TAKES(CHECK), "FILE",
                       "also expectations of this file; repeatable; exit code 3 if one fails"},
    [OPTION_JUNIT] = {"junit", NULL, 0, TAKES_RESULTS, "FILE",
                      "also write scenarios and expectations as JUnit XML"},
    [OPTION_SARIF] = {"sarif", NULL, 0, TAKES_RESULTS | TAKES(CHECK), "FILE",
                      "also write errors and warnings of the configuration as SARIF"},
    [OPTION_GITHUB] = {"github", NULL, 0, TAKES_RESULTS | TAKES(CHECK), NULL,
                       "annotations on standard error, and a summary in $GITHUB_STEP_SUMMARY"},
    [OPTION_OPENLINEAGE] = {"openlineage", NULL, 0, TAKES_RESULTS, "FILE",
                            "append OpenLineage events of the run, a line each"},
    [OPTION_AGAINST] = {"against", NULL, 'a', TAKES_RESULTS, "DIR",
                        "also say what changed since the earlier run in this results folder"},
    [OPTION_REPOSITORY] = {"repository", NULL, 'r', TAKES(DIFF), "DIR",
                           "folder of the git repository of revisions (default the current one)"},
    [OPTION_TOLERANCE_ABS] = {"tolerance-abs", NULL, 0, TAKES(DIFF), "X",
                              "moves of up to X, in the figure's unit, are no difference (default "
                              "0)"},
    [OPTION_TOLERANCE_REL] = {"tolerance-rel", NULL, 0, TAKES(DIFF), "X",
                              "moves of up to X times the figure's size are none, e.g. 0.01"},
    [OPTION_TOLERANCE_SE] = {"tolerance-se", NULL, 0, TAKES(DIFF), "X",
                             "moves of up to X Monte Carlo errors are none (default 0, or 3 where "
                             "random numbers differ)"},
    [OPTION_FAIL_ON] = {"fail-on", NULL, 0, TAKES(DIFF), "WHAT",
                        "what exit code 4 is for: figures (default), headlines, decisions, inputs, "
                        "never"},
    [OPTION_TIME_LIMIT] = {"time-limit", NULL, 0, TAKES(DIFF), "S",
                           "seconds for telling causes apart: beyond it by random orders (default "
                           "60)"},
    [OPTION_ORDERS] = {"orders", NULL, 0, TAKES(DIFF), "N",
                       "tell causes apart by N random orders and their reverses, whatever the "
                       "time"},
    [OPTION_STATE] = {"state", NULL, 0, TAKES_RUN | TAKES(HISTORY), "DIR",
                      "run only what changed since the last run with this folder, and say why"},
    [OPTION_NO_CACHE] = {"no-cache", NULL, 0, TAKES_RUN, NULL,
                         "with --state: run everything, and keep no results"},
    [OPTION_HISTORY] = {"history", NULL, 0, TAKES_RUN | TAKES(HISTORY), "FILE",
                        "record the run in this SQLite file (with --state: in DIR/history.sqlite)"},
    [OPTION_RESUME] = {"resume", NULL, 0, TAKES_RUN, NULL,
                       "go on from the checkpoint that a stopped run left in the results folder"},
    [OPTION_CHECKPOINT] = {"checkpoint", NULL, 0, TAKES_RUN, "S",
                           "seconds between checkpoints of a long run, 0 to 86400 (default 5)"},
    [OPTION_SHARD] = {"shard", NULL, 0, TAKES_RUN, "K/N",
                      "compute only part K of N, for `dividend merge`; writes no results"},
    [OPTION_DRY_RUN] = {"dry-run", NULL, 0, TAKES_RUN, NULL,
                        "say what would be run, why, and what it takes; write nothing"},
    [OPTION_SIGN] = {"sign", NULL, 0, TAKES(CHECK), NULL,
                     "also print who signed for what, and the fingerprint to sign for"},
    [OPTION_THREADS] = {"threads", NULL, 'j', TAKES_FIGURES | TAKES(MERGE), "N",
                        "threads, 1 to 1024 (default one a processor); never changes a result"},
    [OPTION_ONLY] = {"only", "scenario", 0,
                     TAKES(HISTORY) | TAKES_FIGURES | TAKES(CHECK) | TAKES(LIST), "ID[,ID]",
                     "only these scenarios, by id"},
    [OPTION_OUT] = {"out", NULL, 'o', TAKES_RESULTS | TAKES(NEW) | TAKES(IMPORT), "DIR",
                    "where to write (run: results/runs/NAME; new: scenarios or models; import: "
                    "scenarios, or a FILE.cfg)"},
    [OPTION_FORMAT] = {"format", NULL, 'f',
                       TAKES_FIGURES | TAKES(LIST) | TAKES(SCHEMA) | TAKES(EVIDENCE) |
                           TAKES(HISTORY) | TAKES(MERGE),
                       "F", "table, csv, json or md (schema: text, md or json; explain: not csv)"},
    [OPTION_MODELS] = {"models", NULL, 'm', TAKES_LIBRARY, "DIR",
                       "layer these models and evidence over the shipped ones; repeatable"},
    [OPTION_NO_SHIPPED_MODELS] = {"no-shipped-models", NULL, 0, TAKES_LIBRARY, NULL,
                                  "leave the shipped models out"},
    [OPTION_MODEL] = {"model", NULL, 0, TAKES(NEW), "M", "model of a new scenario"},
    [OPTION_XLSX] = {"xlsx", NULL, 0, TAKES(NEW), NULL,
                     "new scenario: a template to fill in in Excel, for `dividend import`"},
    [OPTION_AS_OF] = {"as-of", NULL, 0, TAKES(EVIDENCE), "YYYY-MM",
                      "month against which review dates are judged (default this month)"},
    [OPTION_STRICT] = {"strict", NULL, 0, TAKES(EVIDENCE), NULL,
                       "exit code 3 where outdated evidence is used, 4 where versions differ"},
    [OPTION_WIDTH] = {"width", NULL, 'w',
                      TAKES_RESULTS | TAKES(DIFF) | TAKES(LIST) | TAKES(EXPLAIN) | TAKES(EVIDENCE),
                      "N", "width of tables, 80 to 400 (default the terminal's, 80 to 100)"},
    [OPTION_PLOTS] = {"plots", NULL, 0, TAKES_RESULTS, "WHEN",
                      "bars and lines beside the tables: auto (on a terminal), unicode, ascii, "
                      "none"},
    [OPTION_COLOR] = {"color", "colour", 0, TAKES_ALL, "WHEN",
                      "auto, always or never; auto obeys NO_COLOR"},
    [OPTION_QUIET] = {"quiet", NULL, 'q', TAKES_ALL, NULL,
                      "the answer alone: no progress, no warnings"},
    [OPTION_HELP] = {"help", NULL, 'h', TAKES_ALL, NULL, "help on the command"},
};

static const struct place no_place = {0};

void word_list_add(struct session *session, struct word_list *list, const char *word)
{
    list->items = arena_grow(&session->arena, (void *)list->items, list->n_items, &list->capacity,
                             sizeof *list->items);
    list->items[list->n_items++] = word;
}

bool word_list_has(const struct word_list *list, const char *word)
{
    for (size_t item = 0; item < list->n_items; item++) {
        if (strcmp(list->items[item], word) == 0) {
            return true;
        }
    }
    return false;
}

/* The mistake closest to a known word says so; otherwise it points to the help. */
static const char *suggest(struct session *session, const char *word, const char *const *known,
                           size_t n_known, const char *prefix, const char *otherwise)
{
    const char *nearest = text_nearest(word, known, n_known);
    if (nearest == NULL) {
        return otherwise;
    }
    return arena_printf(&session->arena, "did you mean `%s%s`?", prefix, nearest);
}

static bool read_command(struct session *session, const char *word)
{
    const struct command_row *commands = command_rows();
    const char *known[N_COMMANDS];
    for (size_t command = 0; command < N_COMMANDS; command++) {
        known[command] = commands[command].name;
        if (strcmp(word, known[command]) == 0) {
            session->options.command = (enum command)command;
            return true;
        }
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E701, no_place, NULL, COMMAND_NAMES,
                    suggest(session, word, known, N_COMMANDS, "dividend ",
                            "`dividend help` shows what there is"),
                    "`%s` is not a command", word);
    return false;
}

static const struct option_row *find_option(const char *name, size_t length)
{
    for (size_t option = 0; option < N_OPTIONS; option++) {
        const struct option_row *row = &rows[option];
        if (strlen(row->name) == length && strncmp(row->name, name, length) == 0) {
            return row;
        }
        if (row->alias != NULL && strlen(row->alias) == length &&
            strncmp(row->alias, name, length) == 0) {
            return row;
        }
    }
    return NULL;
}

static const struct option_row *find_letter(char letter)
{
    for (size_t option = 0; option < N_OPTIONS; option++) {
        if (rows[option].letter == letter) {
            return &rows[option];
        }
    }
    return NULL;
}

static void complain_unknown(struct session *session, const char *word, size_t name_length)
{
    const char *known[N_OPTIONS];
    for (size_t option = 0; option < N_OPTIONS; option++) {
        known[option] = rows[option].name;
    }
    const char *name = arena_copy_span(&session->arena, word, name_length);
    const char *bare = strncmp(name, "--", 2) == 0 ? name + 2 : name;
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E702, no_place, NULL, NULL,
                    suggest(session, bare, known, N_OPTIONS, "--",
                            arena_printf(&session->arena, "`dividend help %s` lists the options",
                                         command_rows()[session->options.command].name)),
                    "`%s` is not an option", name);
}

static bool read_digits(const char *text, uint64_t maximum, uint64_t *out)
{
    uint64_t number = 0;
    if (*text == '\0') {
        return false;
    }
    for (const char *digit = text; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9') {
            return false;
        }
        uint64_t value = (uint64_t)(*digit - '0');
        if (number > (maximum - value) / 10) {
            return false;
        }
        number = number * 10 + value;
    }
    *out = number;
    return true;
}

static bool read_number(struct session *session, const char *name, const char *value,
                        uint64_t minimum, uint64_t maximum, uint64_t *out)
{
    if (read_digits(value, maximum, out) && *out >= minimum) {
        return true;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E704, no_place, NULL,
                    arena_printf(&session->arena, "a whole number from %llu to %llu, in digits",
                                 (unsigned long long)minimum, (unsigned long long)maximum),
                    NULL, "--%s is `%s`", name, value);
    return false;
}

/* The index of `value` among `n` choices, or n after a diagnostic. */
static size_t read_choice(struct session *session, const char *name, const char *value,
                          const char *const *choices, size_t n)
{
    assert(value != NULL);
    for (size_t choice = 0; choice < n; choice++) {
        if (strcmp(value, choices[choice]) == 0) {
            return choice;
        }
    }
    struct text allowed;
    text_init(&allowed);
    for (size_t choice = 0; choice < n; choice++) {
        const char *joint = choice == 0 ? "" : choice + 1 == n ? " or " : ", ";
        text_printf(&allowed, "%s%s", joint, choices[choice]);
    }
    diagnostics_add(
        &session->diagnostics, DIAGNOSTIC_E704, no_place, NULL, allowed.bytes,
        suggest(session, value, choices, n, arena_printf(&session->arena, "--%s ", name), NULL),
        "--%s is `%s`", name, value);
    text_clear(&allowed);
    return n;
}

static void read_format(struct session *session, const char *value)
{
    struct options *options = &session->options;
    static const char *const usual[] = {"table", "csv", "json", "md"};

    static const enum output_format usual_formats[] = {FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON,
                                                       FORMAT_MD};

    static const char *const schema[] = {"text", "md", "json"};

    static const enum output_format schema_formats[] = {FORMAT_TEXT, FORMAT_MD, FORMAT_JSON};

    static const char *const explain[] = {"table", "json", "md"};

    static const enum output_format explain_formats[] = {FORMAT_TABLE, FORMAT_JSON, FORMAT_MD};

    bool is_schema = options->command == COMMAND_SCHEMA;
    bool is_explain = options->command == COMMAND_EXPLAIN;
    size_t n = is_schema || is_explain ? 3 : 4;
    size_t choice = read_choice(session, "format", value,
                                is_schema    ? schema
                                : is_explain ? explain
                                             : usual,
                                n);
    if (choice < n) {
        options->has_format = true;
        options->format = is_schema    ? schema_formats[choice]
                          : is_explain ? explain_formats[choice]
                                       : usual_formats[choice];
    }
}

static void read_only(struct session *session, const char *value)
{
    const char *start = value;
    assert(value != NULL);
    for (;;) {
        size_t length = strcspn(start, ",");
        if (length == 0) {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_E704, no_place, NULL,
                            "scenario ids joined by commas, without blanks",
                            "for example --only befriending,shared_lives",
                            "--only is `%s`, with an empty id", value);
            return;
        }
        const char *id = arena_copy_span(&session->arena, start, length);
        if (!word_list_has(&session->options.only, id)) {
            word_list_add(session, &session->options.only, id);
        }
        if (start[length] == '\0') {
            return;
        }
        start += length + 1;
    }
}

static void read_number_option(struct session *session, enum option_id option, const char *value)
{
    struct options *options = &session->options;
    const char *name = rows[option].name;
    uint64_t number = 0;
    if (option == OPTION_DRAWS) {
        options->has_draws =
            read_number(session, name, value, 2, UINT64_C(1) << 30, &options->n_draws);
    } else if (option == OPTION_SEED) {
        /* 2^53: exact wherever results are read as doubles */
        options->has_seed =
            read_number(session, name, value, 0, UINT64_C(9007199254740992), &options->seed);
    } else if (option == OPTION_SCRAMBLINGS) {
        options->has_scramblings =
            read_number(session, name, value, 1, SAMPLE_MAX_SCRAMBLINGS, &options->n_scramblings);
    } else if (option == OPTION_MAX_DRAWS) {
        options->has_max_draws =
            read_number(session, name, value, 512, UINT64_C(1) << 30, &options->max_draws);
    } else if (option == OPTION_CHECKPOINT) {
        (void)read_number(session, name, value, 0, 86400, &options->checkpoint_s);
    } else if (option == OPTION_THREADS) {
        if (read_number(session, name, value, 1, 1024, &number)) {
            options->n_threads = (size_t)number;
        }
    } else if (read_number(session, name, value, 80, 400, &number)) {
        options->width = (size_t)number;
    }
}

/* net.public_sector=1000 */
static void read_precision(struct session *session, const char *value)
{
    struct options *options = &session->options;
    assert(value != NULL); /* options with a value have one, or were refused */
    const char *equals = strrchr(value, '=');
    double se = 0.0;
    if (equals != NULL && equals != value && text_read_number(equals + 1, &se) && se > 0.0) {
        options->precision_of = arena_copy_span(&session->arena, value, (size_t)(equals - value));
        options->precision_se = se;
        return;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E704, no_place, NULL,
                    "a measure, =, and a standard error above 0",
                    "for example --precision net.public_sector=1000", "--precision is `%s`", value);
}

static void read_as_of(struct session *session, const char *value)
{
    static const char form[] = "dddd-dd";
    assert(value != NULL); /* the option takes a word */
    bool good = strlen(value) == strlen(form);
    for (size_t i = 0; good && form[i] != '\0'; i++) {
        good = form[i] == 'd' ? value[i] >= '0' && value[i] <= '9' : value[i] == form[i];
    }
    good = good && strcmp(value + 5, "01") >= 0 && strcmp(value + 5, "12") <= 0;
    if (good) {
        session->options.as_of = value;
        return;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E704, no_place, NULL, "a month",
                    "for example --as-of 2027-04", "--as-of is `%s`", value);
}

const char *diff_fail_on_name(enum diff_fail_on fail_on)
{
    static const char *const names[N_FAIL_ON] = {[FAIL_ON_FIGURES] = "figures",
                                                 [FAIL_ON_HEADLINES] = "headlines",
                                                 [FAIL_ON_DECISIONS] = "decisions",
                                                 [FAIL_ON_INPUTS] = "inputs",
                                                 [FAIL_ON_NEVER] = "never"};
    return names[fail_on];
}

/* A number of at least 0; false after a diagnostic. */
static bool read_amount(struct session *session, const char *name, const char *value,
                        const char *example, double *amount)
{
    if (text_read_number(value, amount) && *amount >= 0.0) {
        return true;
    }
    *amount = 0.0;
    diagnostics_add(
        &session->diagnostics, DIAGNOSTIC_E704, no_place, NULL, "a number of at least 0",
        arena_printf(&session->arena, "for example %s", example), "--%s is `%s`", name, value);
    return false;
}

static void read_diff_option(struct session *session, enum option_id option, const char *value)
{
    struct diff_options *diff = &session->options.diff;
    const char *names[N_FAIL_ON];
    for (size_t i = 0; i < N_FAIL_ON; ++i) {
        names[i] = diff_fail_on_name((enum diff_fail_on)i);
    }
    assert(value != NULL);
    if (option == OPTION_TOLERANCE_ABS) {
        diff->has_tolerance = read_amount(session, "tolerance-abs", value, "--tolerance-abs 1000",
                                          &diff->tolerance_abs);
    } else if (option == OPTION_TOLERANCE_REL) {
        diff->has_tolerance = read_amount(session, "tolerance-rel", value, "--tolerance-rel 0.01",
                                          &diff->tolerance_rel);
    } else if (option == OPTION_TOLERANCE_SE) {
        diff->has_tolerance =
            read_amount(session, "tolerance-se", value, "--tolerance-se 3", &diff->tolerance_se);
    } else if (option == OPTION_TIME_LIMIT) {
        diff->has_time_limit =
            read_amount(session, "time-limit", value, "--time-limit 600", &diff->time_limit_s);
    } else if (option == OPTION_ORDERS) {
        diff->has_orders = read_number(session, "orders", value, 1, 4096, &diff->n_orders);
    } else {
        size_t choice = read_choice(session, "fail-on", value, names, N_FAIL_ON);
        diff->fail_on = choice < N_FAIL_ON ? (enum diff_fail_on)choice : FAIL_ON_FIGURES;
    }
}

/* 3/8 */
static void read_shard(struct session *session, const char *value)
{
    enum { MOST_SHARDS = 100000 };

    struct options *options = &session->options;
    assert(value != NULL);
    const char *slash = strchr(value, '/');
    uint64_t shard = 0, n_shards = 0;
    if (slash != NULL && read_digits(slash + 1, MOST_SHARDS, &n_shards) &&
        read_digits(arena_copy_span(&session->arena, value, (size_t)(slash - value)), MOST_SHARDS,
                    &shard) &&
        shard >= 1 && shard <= n_shards) {
        options->shard = shard;
        options->n_shards = n_shards;
        return;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E704, no_place, NULL,
                    "K/N: which part, of how many; 1 to N of 1 to 100000",
                    "for example --shard 3/8", "--shard is `%s`", value);
}

static void read_value(struct session *session, enum option_id option, const char *value)
{
    static const char *const methods[] = {"sobol", "latin_hypercube", "plain"};
    static const char *const colors[] = {"auto", "always", "never"};
    static const char *const plots[] = {"auto", "unicode", "ascii", "none"};
    struct options *options = &session->options;
    size_t choice = 0;
    switch (option) {
    case OPTION_SAMPLING:
        choice = read_choice(session, "sampling", value, methods, 3);
        options->has_sampling = choice < 3;
        options->sampling = choice < 3 ? methods[choice] : NULL;
        break;
    case OPTION_PRECISION:
        read_precision(session, value);
        break;
    case OPTION_DECIDE:
        options->decide = true;
        break;
    case OPTION_DRAWS_OUT:
        options->draws_out = true;
        break;
    case OPTION_ERRORS:
        options->errors = true;
        break;
    case OPTION_JUNIT:
        options->junit = value;
        break;
    case OPTION_SARIF:
        options->sarif = value;
        break;
    case OPTION_GITHUB:
        options->github = true;
        break;
    case OPTION_OPENLINEAGE:
        options->openlineage = value;
        break;
    case OPTION_EXPECT:
        word_list_add(session, &options->expect, value);
        break;
    case OPTION_AGAINST:
        options->against = value;
        break;
    case OPTION_AS_OF:
        read_as_of(session, value);
        break;
    case OPTION_STRICT:
        options->strict = true;
        break;
    case OPTION_REPOSITORY:
        options->diff.repository = value;
        break;
    case OPTION_TOLERANCE_ABS:
    case OPTION_TOLERANCE_REL:
    case OPTION_TOLERANCE_SE:
    case OPTION_FAIL_ON:
    case OPTION_TIME_LIMIT:
    case OPTION_ORDERS:
        read_diff_option(session, option, value);
        break;
    case OPTION_STATE:
        options->state = value;
        break;
    case OPTION_NO_CACHE:
        options->no_cache = true;
        break;
    case OPTION_HISTORY:
        options->history = value;
        break;
    case OPTION_RESUME:
        options->resume = true;
        break;
    case OPTION_SHARD:
        read_shard(session, value);
        break;
    case OPTION_DRY_RUN:
        options->dry_run = true;
        break;
    case OPTION_SIGN:
        options->sign = true;
        break;
    case OPTION_DRAWS:
    case OPTION_SEED:
    case OPTION_SCRAMBLINGS:
    case OPTION_MAX_DRAWS:
    case OPTION_THREADS:
    case OPTION_WIDTH:
    case OPTION_CHECKPOINT:
        read_number_option(session, option, value);
        break;
    case OPTION_ONLY:
        read_only(session, value);
        break;
    case OPTION_OUT:
        options->out = value;
        break;
    case OPTION_FORMAT:
        read_format(session, value);
        break;
    case OPTION_MODELS:
        word_list_add(session, &options->models, value);
        break;
    case OPTION_MODEL:
        options->model = value;
        break;
    case OPTION_XLSX:
        options->xlsx = true;
        break;
    case OPTION_COLOR:
        choice = read_choice(session, "color", value, colors, 3);
        options->color = choice < 3 ? (enum color_choice)choice : COLOR_AUTO;
        break;
    case OPTION_PLOTS:
        choice = read_choice(session, "plots", value, plots, 4);
        options->plots = choice < 4 ? (enum plots_choice)choice : PLOTS_AUTO;
        break;
    case OPTION_NO_SHIPPED_MODELS:
        options->no_shipped_models = true;
        break;
    case OPTION_QUIET:
        options->quiet = true;
        break;
    case OPTION_HELP:
        options->show_help = true;
        break;
    case N_OPTIONS:
        break;
    }
}

static bool option_applies(struct session *session, const struct option_row *row)
{
    if ((row->commands & (1U << session->options.command)) != 0) {
        return true;
    }
    struct text takers;
    text_init(&takers);
    for (size_t command = 0; command < N_COMMANDS; command++) {
        if ((row->commands & (1U << command)) != 0) {
            text_printf(&takers, "%s`%s`", takers.n_bytes == 0 ? "" : ", ",
                        command_rows()[command].name);
        }
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E705, no_place, NULL,
                    arena_printf(&session->arena, "--%s goes with %s", row->name, takers.bytes),
                    "leave it out", "`dividend %s` does not take --%s",
                    command_rows()[session->options.command].name, row->name);
    text_clear(&takers);
    return false;
}

/* argv[at] is an option; returns the index of the last word it used. */
static int read_option(struct session *session, int argc, char **argv, int at)
{
    const char *word = argv[at];
    bool is_long = strncmp(word, "--", 2) == 0;
    size_t name_length = is_long ? strcspn(word, "=") : 2;
    const struct option_row *row =
        is_long ? find_option(word + 2, name_length - 2) : find_letter(word[1]);
    const char *joined = word[name_length] == '\0' ? NULL : word + name_length + (is_long ? 1 : 0);
    if (row == NULL || (!is_long && row->argument == NULL && joined != NULL)) {
        complain_unknown(session, word, is_long ? name_length : strlen(word));
        return at;
    }
    bool applies = option_applies(session, row);
    if (row->argument == NULL && joined != NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E704, no_place, NULL, NULL,
                        arena_printf(&session->arena, "write --%s alone", row->name),
                        "--%s takes no value, but was given `%s`", row->name, joined);
        return at;
    }
    if (row->argument != NULL && joined == NULL) {
        if (at + 1 >= argc || (strncmp(argv[at + 1], "--", 2) == 0)) {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_E703, no_place, NULL,
                            arena_printf(&session->arena, "--%s %s", row->name, row->argument),
                            NULL, "--%s needs a value", row->name);
            return at;
        }
        joined = argv[++at];
    }
    if (row->argument != NULL && *joined == '\0') {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E703, no_place, NULL,
                        arena_printf(&session->arena, "--%s %s", row->name, row->argument), NULL,
                        "the value of --%s is empty", row->name);
        return at;
    }
    if (applies) {
        read_value(session, (enum option_id)(row - rows), joined);
    }
    return at;
}

static bool word_is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* The command is the first word that is neither an option nor an option's value. */
static int find_command(int argc, char **argv)
{
    for (int at = 1; at < argc; at++) {
        if (strcmp(argv[at], "--") == 0) {
            return at + 1 < argc ? at + 1 : -1;
        }
        if (!word_is_option(argv[at])) {
            return at;
        }
        bool is_long = strncmp(argv[at], "--", 2) == 0;
        const struct option_row *row =
            is_long ? find_option(argv[at] + 2, strlen(argv[at] + 2)) : find_letter(argv[at][1]);
        bool bare = is_long || argv[at][2] == '\0';
        if (row != NULL && row->argument != NULL && bare) {
            at++;
        }
    }
    return -1;
}

bool options_read(struct session *session, int argc, char **argv)
{
    size_t n_before = session->diagnostics.n_errors;
    session->options.command = COMMAND_HELP;
    session->options.checkpoint_s = 5;
    int command_at = find_command(argc, argv);
    if (command_at < 0 && argc > 1 && strcmp(argv[1], "-h") != 0 &&
        strcmp(argv[1], "--help") != 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E701, no_place, NULL, COMMAND_NAMES,
                        "name the command first, for example `dividend run --draws 2000`",
                        "`%s` comes without a command", argv[1]);
        return false;
    }
    if (command_at >= 0 && !read_command(session, argv[command_at])) {
        return false;
    }
    bool only_words = false;
    for (int at = 1; at < argc; at++) {
        if (at == command_at) {
            continue;
        }
        if (!only_words && strcmp(argv[at], "--") == 0) {
            only_words = true;
        } else if (!only_words && word_is_option(argv[at])) {
            at = read_option(session, argc, argv, at);
        } else {
            word_list_add(session, &session->options.words, argv[at]);
        }
    }
    return session->diagnostics.n_errors == n_before;
}

void options_visit(enum command command,
                   void (*use)(void *context, const struct option_description *option),
                   void *context)
{
    for (size_t option = 0; option < N_OPTIONS; option++) {
        const struct option_row *row = &rows[option];
        if ((row->commands & (1U << command)) != 0) {
            use(context, &(struct option_description){.name = row->name,
                                                      .argument = row->argument,
                                                      .help = row->help,
                                                      .letter = row->letter});
        }
    }
}

static void describe_option(void *context, const struct option_description *option)
{
    char spelling[64];
    snprintf(spelling, sizeof spelling, "--%s%s%s", option->name,
             option->argument == NULL ? "" : " ", option->argument == NULL ? "" : option->argument);
    if (option->letter != 0) {
        text_printf(context, "  -%c, %-21s %s\n", option->letter, spelling, option->help);
    } else {
        text_printf(context, "      %-21s %s\n", spelling, option->help);
    }
}

void options_describe(struct text *out, enum command command)
{
    options_visit(command, describe_option, out);
}
