/* What the files of batch/ share; nothing outside includes it. */
#ifndef DIVIDEND_BATCH_BATCH_PRIVATE_H
#define DIVIDEND_BATCH_BATCH_PRIVATE_H

#include "base/text.h"
#include "batch/batch.h"
#include "report/report.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum command {
    COMMAND_RUN,
    COMMAND_PORTFOLIO,
    COMMAND_DIFF,
    COMMAND_CHECK,
    COMMAND_LIST,
    COMMAND_EXPLAIN,
    COMMAND_SCHEMA,
    COMMAND_NEW,
    COMMAND_IMPORT,
    COMMAND_EVIDENCE,
    COMMAND_HISTORY,
    COMMAND_MERGE,
    COMMAND_MANUAL,
    COMMAND_HELP,
    N_COMMANDS
};

#define COMMAND_NAMES                                                                              \
    "run, portfolio, diff, check, list, explain, schema, new, import, evidence, history, merge, "  \
    "manual or help"

struct command_row {
    const char *name;
    const char *usage;   /* "run [PATH...]" */
    const char *summary; /* one line */
    const char *details; /* paragraphs of `dividend help COMMAND` */
    const char *examples;
};

enum output_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON, FORMAT_MD, FORMAT_TEXT };

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

enum plots_choice { PLOTS_AUTO, PLOTS_UNICODE, PLOTS_ASCII, PLOTS_NONE };

struct word_list {
    const char **items;
    size_t n_items, capacity;
};

/* What exit code 4 of `dividend diff` is for. */
enum diff_fail_on {
    FAIL_ON_FIGURES,   /* any figure beyond tolerance, a decision, a scenario more or less */
    FAIL_ON_HEADLINES, /* net and net cash of a scenario's perspective, and decisions */
    FAIL_ON_DECISIONS,
    FAIL_ON_INPUTS, /* any input, and what figures counts */
    FAIL_ON_NEVER,
    N_FAIL_ON
};

struct diff_options {
    const char *repository; /* NULL: the current folder */
    bool has_time_limit, has_orders, has_tolerance;
    double time_limit_s, tolerance_abs, tolerance_rel, tolerance_se;
    uint64_t n_orders;
    enum diff_fail_on fail_on;
};

const char *diff_fail_on_name(enum diff_fail_on fail_on); /* "figures" */

struct options {
    enum command command;
    bool show_help;         /* -h after a command */
    struct word_list words; /* arguments that are not options */
    bool has_seed, has_draws, has_sampling, has_scramblings, has_max_draws;
    uint64_t seed, n_draws, n_scramblings, max_draws;
    const char *sampling;
    const char *precision_of; /* --precision MEASURE=SE; NULL none */
    double precision_se;
    bool decide, draws_out, errors, sign;
    bool resume;
    uint64_t checkpoint_s;                   /* seconds between checkpoints; 0: at once */
    uint64_t shard, n_shards;                /* --shard K/N; 0 of 0: the whole run */
    size_t n_threads;                        /* 0: one a processor */
    struct word_list only;                   /* scenario ids; empty: all */
    struct word_list expect;                 /* --expect FILE, in order */
    const char *junit, *sarif, *openlineage; /* files; NULL not asked for */
    bool github;
    const char *out;     /* NULL: the default */
    const char *against; /* folder of an earlier run; NULL none */
    struct diff_options diff;
    const char *state, *history; /* folder; file; NULL none */
    bool no_cache, dry_run;
    bool has_format;
    enum output_format format;
    struct word_list models; /* --models DIR, in order */
    bool no_shipped_models;
    const char *model; /* new scenario --model */
    bool xlsx;         /* new scenario --xlsx */
    const char *as_of; /* "2027-10"; NULL: by the clock */
    bool strict;       /* evidence: what was found is a failure */
    size_t width;      /* 0: the terminal's */
    enum color_choice color;
    enum plots_choice plots;
    bool quiet;
};

struct rerun;

/* One run of the program: everything in `arena` dies with it. */
struct session {
    struct arena arena;
    struct diagnostics diagnostics;
    struct options options;
    int64_t started_s;     /* of the run, for OpenLineage */
    struct rerun *rerun;   /* what is known of the last run; NULL nobody asked */
    bool lists_portfolios; /* `list portfolios`: looks where portfolios are */
    struct merge *merge;   /* `merge`: the shards that take the place of computing; NULL none */
    struct text out;       /* standard output, written once at the end */
};

/* batch_options.c: adds every mistake to the diagnostics (E7xx); false after one. */
bool options_read(struct session *session, int argc, char **argv);
void word_list_add(struct session *session, struct word_list *list, const char *word);
bool word_list_has(const struct word_list *list, const char *word);
/* "  --draws N          ..." lines of the options that `command` takes. */
void options_describe(struct text *out, enum command command);

struct option_description {
    const char *name, *argument, *help; /* argument NULL: a switch */
    char letter;                        /* 0 none */
};

/* Calls `use` with each option that the command takes. */
void options_visit(enum command command,
                   void (*use)(void *context, const struct option_description *option),
                   void *context);

/* batch_help.c */
const struct command_row *command_rows(void); /* N_COMMANDS */
const char *help_exit_codes(void);            /* two lines and more */
void help_write(struct text *out);
void help_write_command(struct text *out, enum command command);

/* batch_terminal.c */
bool terminal_colour(const struct session *session, int descriptor);
size_t terminal_width(const struct session *session);
/* Whether standard output is a terminal whose locale is UTF-8 (as its variables say: the program
 * itself never takes a locale), or one that is not, or none. */
enum report_plots terminal_plots(const struct session *session);
/* Writes the gathered standard output; a failure is said on standard error and becomes exit code 1.
 */
int terminal_finish(struct session *session, int exit_code);
/* All diagnostics, sorted, on standard error; `nothing_done` ends the summary line, e.g. "nothing
 * was run". Returns true where there is an error. */
bool terminal_print_diagnostics(struct session *session, const char *nothing_done);
void terminal_say(const char *format, ...)
    PRINTF_LIKE(1, 2); /* "dividend: ...\n" on standard error */

/* batch_progress.c: one line on standard error, where that is a terminal and nobody asked for
 * quiet: which phase of how many, what is done of it by count, how long it has taken, and what is
 * left of it once some of it is done. A thread of its own paints, so that it is true while others
 * work. */
enum phase_of_run {
    PHASE_CHOOSING,
    PHASE_DRAWING,
    PHASE_DECIDING,
    PHASE_JUDGING,
    PHASE_REPORTING,
    N_RUN_PHASES
};

struct progress;
struct simulation_progress;
struct effort;

/* `phases` [N_RUN_PHASES]: which there will be, in this order. NULL where nothing is shown; every
 * function below takes that. */
struct progress *progress_start(const struct session *session, const bool *phases);
/* What the work of the phase is counted in: give it to who does it. NULL where nobody looks. */
struct effort *progress_enter(struct progress *progress, enum phase_of_run phase);
/* The portfolio that is worked on, of so many. */
void progress_part(struct progress *progress, size_t part, size_t n_parts);
/* simulation_options.progress: false once a signal has arrived. */
bool progress_report(void *progress, const struct simulation_progress *done);
/* Erases the line until the next phase, for messages. */
void progress_hide(struct progress *progress);
void progress_end(struct progress *progress);
/* For a signal's handler alone: erases what is painted. */
void progress_erase(void);

/* SIGINT and SIGTERM set a flag; SIGPIPE and SIGXFSZ become write errors. A second SIGINT ends at
 * once. */
void signals_catch(void);
int signals_caught(void); /* the signal, or 0 */
/* While on, a signal ends the program where it is: for long work that nobody asks whether to stop,
 * before anything is written. */
void signals_end_at_once(bool at_once);
/* Whether a run that is ended at once has a checkpoint: its last words say so. */
void signals_have_checkpoint(bool there);

/* batch_paths.c */
/* The PATHs of the command line (default: scenarios/) as sorted files, and the run.cfg beside them.
 */
bool paths_expand(struct session *session, struct library_request *request);
/* Layer 0 and the --models directories. */
bool paths_models(struct session *session, struct library_request *request);
/* Shipped models, or NULL. */
const char *paths_shipped_models(struct session *session);
/* results/runs/NAME, or --out. */
const char *paths_results(struct session *session);
/* True where `directory` exists or could be created and written; else the reason in `error`. */
enum status paths_check_writable(const char *directory, struct error *error) MUST_CHECK;
enum status paths_make(const char *directory, struct error *error) MUST_CHECK;
/* Where a file shall be written: the folder of its path, made where it is not there. */
enum status paths_make_for(struct session *session, const char *path,
                           struct error *error) MUST_CHECK;
/* The run.cfg that counts for the scenarios of a file's folder, or NULL. */
const char *paths_run_file(struct session *session, const char *file);
bool path_is_directory(const char *path);
bool path_exists(const char *path);
/* Writes a whole new file or none; refuses to replace one. */
enum status path_write_new(const char *path, const struct text *text,
                           struct error *error) MUST_CHECK;
/* Writes a whole file or none, over what is there. */
enum status path_replace(const char *path, const struct text *text, struct error *error) MUST_CHECK;

/* batch_state.c: what --state, --history and --dry-run need; NULL without them, which all take. */
struct plan;
struct scenario_result;
struct simulation_options;
struct rerun *rerun_open(struct session *session);
enum status rerun_check(struct rerun *rerun, struct error *error) MUST_CHECK;
/* simulation_run, but for what is as before. */
enum status rerun_simulate(struct session *session, const struct report_run *run,
                           const struct plan *const *plans, size_t n_plans,
                           const struct simulation_options *options,
                           struct scenario_result *results, struct error *error) MUST_CHECK;
/* After the results are written. */
void rerun_finish(struct session *session, const struct report_run *run);
void rerun_close(struct rerun *rerun);

/* batch_dry_run.c: to standard output. choice_seconds: what the choices of portfolios will take. */
enum { DRY_RUN_CHOICE_DRAWS = 1024 };

int dry_run(struct session *session, const struct report_run *run, const struct plan *const *plans,
            size_t n_plans, double choice_seconds);

/* batch_load.c: paths, library and the scenarios chosen by --only. NULL after an error
 * (diagnostics). */
const struct library *session_load(struct session *session, bool with_scenarios);
/* Plans of the scenarios chosen; false after an error. */
struct plan;
bool session_plans(struct session *session, const struct library *library,
                   const struct scenario *const *scenarios, size_t n_scenarios,
                   const struct plan **plans);
/* batch_run.c: what the command line says over what the run file says. */
struct report_run;
struct report_run session_describe_run(const struct session *session,
                                       const struct library *library);
/* How such a run is simulated: all but who is told of its progress, and where contributions go. */
struct simulation_options session_simulation(const struct session *session,
                                             const struct report_run *run);
/* batch_portfolio.c. Chooses the sets of all wanted portfolios and adds their bundles to the plans
 * (a new array in the session's arena); mistakes are diagnostics. */
struct portfolio_result;
struct scenario_result;
size_t portfolios_count(const struct session *session, const struct library *library);
enum status portfolios_choose(struct session *session, struct progress *progress,
                              const struct report_run *run, struct portfolio_result **portfolios,
                              size_t *n_portfolios, const struct plan ***plans, size_t *n_plans,
                              struct error *error) MUST_CHECK;
enum status portfolios_judge(struct progress *progress, struct portfolio_result *portfolios,
                             size_t n_portfolios, const struct scenario_result *results,
                             struct error *error) MUST_CHECK;
void portfolios_clear(struct portfolio_result *portfolios, size_t n_portfolios);
/* Plans of the totals of sweeps over areas; room for one a scenario more. False after an error. */
bool portfolios_add_totals(struct session *session, const struct library *library,
                           const struct scenario *const *scenarios, size_t n_scenarios,
                           const struct plan **plans, size_t *n_plans);
/* What choices cannot use, without choosing: for `dividend check`. */
void portfolios_check(struct session *session, const struct library *library);
/* What scenarios are checked for at their means, for the programmes of portfolios, which are run in
 * bundles only; false after an error. */
bool portfolios_check_evidence(struct session *session, const struct library *library);
/* batch_sign.c: for each scenario and portfolio, who signed and what to paste. */
void sign_off_write(struct session *session, const struct library *library,
                    const struct scenario *const *scenarios, size_t n_scenarios);
/* Scenarios of --only, or all; false after an unknown id. */
bool session_choose(struct session *session, const struct library *library,
                    const struct scenario ***scenarios, size_t *n_scenarios);

/* batch_table.c: rows of texts in the four formats. */
struct listing {
    const char *title;         /* markdown heading and table caption; NULL none */
    const char *const *names;  /* snake_case: csv header and json keys */
    const char *const *labels; /* table and markdown header */
    const bool *is_number;     /* right-aligned; bare in json; NULL none */
    size_t n_columns, n_shown; /* the table shows the first n_shown columns; 0 all */
    const char **cells;        /* n_rows x n_columns, NULL blank */
    size_t n_rows, capacity;
};

const char **listing_add_row(struct session *session, struct listing *listing);
void listing_write(struct text *out, const struct listing *listing, enum output_format format,
                   size_t width);
void json_write_text(struct text *out, const char *bytes);

/* batch_ci.c: what machines read beside a run (`run` NULL: nothing ran). A file that cannot be
 * written is said, and makes a done run a failed one. */
int ci_report(struct session *session, const struct report_run *run, int exit_code);
/* Remembers the start of the run for its OpenLineage events. False where the file cannot be
 * written. */
bool ci_start(struct session *session, const struct report_run *run, const char *results);
bool ci_end(struct session *session, const struct report_run *run, const char *results,
            bool complete);

/* The commands: each returns an exit code. */
int command_run(struct session *session);
int command_diff(struct session *session);
int command_check(struct session *session);
int command_list(struct session *session);
int command_explain(struct session *session);
int command_schema(struct session *session);
int command_new(struct session *session);
int command_manual(struct session *session);
int command_import(struct session *session);
int command_evidence(struct session *session);
int command_history(struct session *session);
int command_merge(struct session *session);
int command_help(struct session *session);

#endif
