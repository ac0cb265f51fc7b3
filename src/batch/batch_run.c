#include "base/clock.h"
#include "base/text.h"
#include "base/threads.h"
#include "batch/batch_checkpoint.h"
#include "batch/batch_machines.h"
#include "batch/batch_private.h"
#include "plan/measure_reference.h"
#include "report/report.h"
#include "uncertainty/uncertainty.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Scenario and portfolio files, however many instances they have. */
static size_t count_files(const struct library *library)
{
    size_t n = library->n_portfolios;
    for (size_t i = 0; i < library->n_all_scenarios; ++i) {
        bool first = true;
        for (size_t k = 0; k < i && first; ++k) {
            first = library->all_scenarios[k]->document != library->all_scenarios[i]->document;
        }
        n += first ? 1 : 0;
    }
    return n;
}

int command_check(struct session *session)
{
    const struct scenario **scenarios = NULL;
    size_t n_scenarios = 0;
    const struct library *library = session_load(session, true);
    if (library != NULL && session_choose(session, library, &scenarios, &n_scenarios)) {
        const struct plan **plans =
            arena_array(&session->arena, n_scenarios, sizeof(const struct plan *));
        session_plans(session, library, scenarios, n_scenarios, plans);
        portfolios_check(session, library);
    }
    if (terminal_print_diagnostics(session, "nothing was run")) {
        return ci_report(session, NULL, EXIT_BAD_INPUT);
    }
    assert(library != NULL);
    size_t n_files =
        library->n_documents + count_files(library) + (library->run.setting != NULL ? 1 : 0);
    size_t n_warnings = session->diagnostics.n_warnings;
    text_printf(&session->out, "%zu file%s, no errors", n_files, text_plural(n_files));
    if (n_warnings > 0) {
        text_printf(&session->out, ", %zu warning%s", n_warnings, text_plural(n_warnings));
    }
    text_append(&session->out, "\n");
    if (session->options.sign) {
        sign_off_write(session, library, scenarios, n_scenarios);
    }
    return ci_report(session, NULL, EXIT_DONE);
}

/* ---- run ---- */

static const struct plan **plan_scenarios(struct session *session, size_t *n_plans,
                                          const struct library **library)
{
    const struct scenario **scenarios = NULL;
    const struct plan **plans = NULL;
    *library = session_load(session, true);
    if (*library != NULL && session_choose(session, *library, &scenarios, n_plans)) {
        if (session->options.command == COMMAND_PORTFOLIO) {
            *n_plans = 0; /* the portfolios' programmes stand in their tables */
        }
        size_t n_scenarios = *n_plans;
        plans = arena_array(&session->arena, 2 * n_scenarios + 1, sizeof(const struct plan *));
        if (session_plans(session, *library, scenarios, n_scenarios, plans) &&
            portfolios_check_evidence(session, *library)) {
            portfolios_add_totals(session, *library, scenarios, n_scenarios, plans, n_plans);
        }
    }
    return plans;
}

/* What the command line says over what the run file says. */
struct report_run session_describe_run(const struct session *session, const struct library *library)
{
    const struct options *options = &session->options;
    const struct run_settings *settings = &library->run;
    bool asked = options->precision_of != NULL;
    return (struct report_run){
        .library = library,
        .seed = options->has_seed ? options->seed : settings->seed,
        .n_draws = options->has_draws ? options->n_draws : settings->n_draws,
        .method =
            sampling_method_find(options->has_sampling ? options->sampling : settings->sampling),
        .n_scramblings =
            (uint32_t)(options->has_scramblings ? options->n_scramblings : settings->n_scramblings),
        .precision_of = asked ? options->precision_of : settings->precision_of,
        .precision_se = asked ? options->precision_se : settings->precision_se,
        .max_draws = options->has_max_draws ? options->max_draws : settings->max_draws,
        .program_version = DIVIDEND_VERSION,
        .plots = terminal_plots(session),
        .diagnostics = &session->diagnostics};
}

struct simulation_options session_simulation(const struct session *session,
                                             const struct report_run *run)
{
    return (struct simulation_options){.seed = run->seed,
                                       .n_draws = run->n_draws,
                                       .method = run->method,
                                       .n_scramblings = run->n_scramblings,
                                       .precision = {.of = run->precision_of,
                                                     .se = run->precision_se,
                                                     .max_draws = run->max_draws},
                                       .n_threads = session->options.n_threads,
                                       .assumption_share = true};
}

/* Where the run's settings were stated: the run file, or nowhere (the command line). */
static struct place settings_place(const struct session *session, const struct library *library)
{
    bool asked = session->options.precision_of != NULL;
    const struct setting *setting =
        asked || library == NULL ? NULL : setting_find(library->run.setting, "precision");
    return setting != NULL ? setting->place : (struct place){0};
}

static void check_precision_of(struct session *session, const struct report_run *run,
                               const struct plan *const *plans, size_t n_plans)
{
    struct measure_reference reference;
    for (size_t i = 0; i < n_plans; ++i) {
        if (measure_reference_find(plans[i], run->precision_of, &reference)) {
            if (reference.statistic != STATISTIC_MEAN) {
                diagnostics_add(&session->diagnostics, DIAGNOSTIC_E621,
                                settings_place(session, run->library), NULL, "a measure's mean",
                                "leave the statistic out, e.g. net.public_sector",
                                "the precision of \"%s\" cannot be steered", run->precision_of);
            }
            return;
        }
    }
    const char *nearest =
        n_plans > 0 ? measure_reference_nearest(&session->arena, plans[0], run->precision_of)
                    : NULL;
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E620, settings_place(session, run->library),
                    NULL, "MEASURE.WHO, e.g. net.public_sector or option_cost.nhs.OPTION",
                    nearest != NULL ? arena_printf(&session->arena, "did you mean \"%s\"?", nearest)
                                    : "measures are the names in summary.csv and options.csv",
                    "no scenario of the run has the measure \"%s\"", run->precision_of);
}

/* A precision target is refused where no run can meet it. */
static void check_precision(struct session *session, const struct report_run *run,
                            const struct plan *const *plans, size_t n_plans)
{
    if (run->precision_of == NULL) {
        return;
    }
    struct place place = settings_place(session, run->library);
    check_precision_of(session, run, plans, n_plans);
    if (run->max_draws < run->n_draws) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E621, place, NULL,
                        "at least as many as the draws to begin with",
                        "raise max_draws, or lower draws",
                        "max_draws is %llu, and the run begins with %llu draws",
                        (unsigned long long)run->max_draws, (unsigned long long)run->n_draws);
    }
    if (run->method != SAMPLING_PLAIN && run->n_scramblings < 2) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E621, place, NULL, "2 to 64 scramblings",
                        "raise scramblings to 16, or use plain draws",
                        "one scrambling has no standard error to steer by");
    } else if (run->method != SAMPLING_PLAIN && run->n_draws < 512) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E621, place, NULL, "at least 512 draws",
                        "raise draws: scramblings take 256 draws in turn",
                        "%llu draws are one scrambling, which has no standard error",
                        (unsigned long long)run->n_draws);
    }
}

static enum status simulate(struct session *session, struct progress *progress,
                            const struct plan *const *plans, size_t n_plans, struct report_run *run,
                            const struct contribution_store *store,
                            const struct simulation_part *part, struct scenario_result *results,
                            struct error *error)
{
    double start = clock_seconds();
    struct simulation_options simulation = session_simulation(session, run);
    simulation.store = store;
    simulation.part = *part;
    simulation.progress = progress_report;
    simulation.context = progress;
    run->results = results;
    run->n_results = n_plans;
    (void)progress_enter(progress, PHASE_DRAWING);
    enum status status = rerun_simulate(session, run, plans, n_plans, &simulation, results, error);
    run->seconds = clock_seconds() - start;
    return status;
}

/* ---- decisions ---- */

struct deciding {
    const struct session *session;
    const struct report_run *run;
    struct report_decision *decisions;
    struct error *errors; /* [n_results] */
    struct effort *effort;
    atomic_size_t next;
};

/* Of the bundles only the set that a portfolio recommends is decided: values of information add
 * over what is decided, and totals, other sets and lengths of funding hold the same programmes
 * again. */
static bool is_decided_elsewhere(const struct report_run *run, const struct plan *plan)
{
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        const struct portfolio_set *set = portfolio_main_set(&run->portfolios[i]);
        if (set != NULL && set->plan == plan) {
            return false;
        }
    }
    return plan->bundle != NULL;
}

static size_t count_decided(const struct report_run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        n += result->statistics != NULL && !is_decided_elsewhere(run, result->plan) ? 1 : 0;
    }
    return n;
}

static void decide_one(const struct deciding *deciding, size_t index)
{
    const struct scenario_result *result = &deciding->run->results[index];
    struct report_decision *out = &deciding->decisions[index];
    struct error *error = &deciding->errors[index];
    bool all = deciding->session->options.decide;
    if (result->statistics == NULL || is_decided_elsewhere(deciding->run, result->plan)) {
        return;
    }
    enum status status = decision_make(&out->decision, result, all, error);
    if (status == STATUS_OK && all) {
        status = sensitivity_make(&out->sensitivity, &out->decision, error);
    }
    if (status == STATUS_OK && all) {
        status = evidence_variants(&out->decision.arena, &out->decision, &out->variants,
                                   &out->n_variants, error);
    }
    out->made = status == STATUS_OK;
    effort_add(deciding->effort, 1);
}

static void *decide_some(void *context)
{
    struct deciding *deciding = context;
    for (size_t i = atomic_fetch_add(&deciding->next, 1);
         i < deciding->run->n_results && signals_caught() == 0;
         i = atomic_fetch_add(&deciding->next, 1)) {
        decide_one(deciding, i);
    }
    return NULL;
}

static void run_deciders(struct deciding *deciding)
{
    enum { MAX_DECIDERS = 64 };

    size_t wanted = threads_choose(deciding->session->options.n_threads);
    wanted = wanted < MAX_DECIDERS ? wanted : MAX_DECIDERS;
    wanted = wanted < deciding->run->n_results ? wanted : deciding->run->n_results;
    threads_run(wanted, decide_some, deciding);
}

/* NULL where nothing of it was asked for. A scenario whose decision cannot be worked out says why;
 * the others go on. */
static struct report_decision *decide(const struct session *session, struct progress *progress,
                                      const struct report_run *run)
{
    if (!session->options.decide && !session->options.draws_out) {
        return NULL;
    }
    struct deciding deciding = {.session = session,
                                .run = run,
                                .decisions =
                                    memory_array(run->n_results + 1, sizeof *deciding.decisions),
                                .errors = memory_array(run->n_results + 1, sizeof *deciding.errors),
                                .effort = progress_enter(progress, PHASE_DECIDING)};
    effort_enter(deciding.effort, "what is best", "programmes", count_decided(run));
    atomic_init(&deciding.next, 0);
    signals_end_at_once(true); /* nothing is written yet */
    run_deciders(&deciding);
    signals_end_at_once(false);
    progress_hide(progress);
    for (size_t i = 0; i < run->n_results; ++i) {
        if (!deciding.decisions[i].made && run->results[i].statistics != NULL &&
            !is_decided_elsewhere(run, run->results[i].plan) && signals_caught() == 0) {
            terminal_say("scenario %s: its decision could not be judged: %s",
                         run->results[i].plan->scenario->id, deciding.errors[i].message);
        }
    }
    free(deciding.errors);
    return deciding.decisions;
}

static void forget_decisions(struct report_decision *decisions, size_t n)
{
    for (size_t i = 0; decisions != NULL && i < n; ++i) {
        decision_clear(&decisions[i].decision);
        sensitivity_clear(&decisions[i].sensitivity);
    }
    free(decisions);
}

static void say_warnings(const struct report_run *run)
{
    struct text lines;
    text_init(&lines);
    report_warnings(&lines, run);
    for (char *line = lines.bytes; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        *end = '\0';
        terminal_say("warning: %s", line);
        line = end + 1;
    }
    text_clear(&lines);
}

static void show_run(struct session *session, const struct report_run *run, const char *directory)
{
    static const enum report_style styles[] = {[FORMAT_TABLE] = REPORT_TABLE,
                                               [FORMAT_CSV] = REPORT_CSV,
                                               [FORMAT_JSON] = REPORT_JSON,
                                               [FORMAT_MD] = REPORT_MARKDOWN,
                                               [FORMAT_TEXT] = REPORT_TABLE};
    enum output_format format =
        session->options.has_format ? session->options.format : FORMAT_TABLE;
    if (session->options.command != COMMAND_PORTFOLIO || format == FORMAT_JSON) {
        report_compare(&session->out, run, styles[format], terminal_width(session));
    }
    report_portfolios(&session->out, run, styles[format], terminal_width(session));
    report_changes(&session->out, run, styles[format], terminal_width(session));
    if ((session->options.errors || run->precision_of != NULL) &&
        (format == FORMAT_TABLE || format == FORMAT_TEXT || format == FORMAT_MD)) {
        text_append(&session->out, "\n");
        report_exactness(&session->out, run, terminal_width(session));
    }
    report_expectations(&session->out, run, styles[format], terminal_width(session));
    if (run->decide) {
        report_decide(&session->out, run, styles[format], terminal_width(session));
    }
    if (!session->options.quiet) {
        say_warnings(run);
    }
    if (format == FORMAT_TABLE || format == FORMAT_TEXT) {
        text_append(&session->out, "\n");
        report_assurance(&session->out, run, terminal_width(session));
        text_printf(&session->out, "\nResults are in %s/ (report.html reads best first).\n",
                    directory);
    } else if (!session->options.quiet) {
        terminal_say("results are in %s", directory);
    }
}

/* 1 where a scenario failed, 6 where one missed its precision; results are written all the same. */
static int count_failures(const struct report_run *run)
{
    int exit_code = EXIT_DONE;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        if (result->has_precision && !result->precision_met && result->status == STATUS_OK) {
            terminal_say("scenario %s: the standard error of %s is %.3g after %llu draws; the "
                         "target of %.3g was missed",
                         result->plan->scenario->id, run->precision_of,
                         result->statistics[result->precision_column].se,
                         (unsigned long long)result->n_draws, result->precision_se);
            exit_code = EXIT_PRECISION_MISSED;
        }
    }
    for (size_t i = 0; i < run->n_results; ++i) {
        if (run->results[i].status != STATUS_OK) {
            terminal_say("scenario %s failed: %s", run->results[i].plan->scenario->id,
                         run->results[i].error.message);
            exit_code = EXIT_RUN_FAILED;
        }
    }
    return exit_code;
}

/* 3 where an expectation of severity error does not hold; failures of the run itself come first. */
static int count_broken_expectations(const struct session *session, const struct report_run *run,
                                     int exit_code)
{
    for (size_t i = 0; i < run->n_expectations; ++i) {
        const struct expectation_result *judged = &run->expectations[i];
        struct text words;
        if (judged->state == EXPECTATION_HELD) {
            continue;
        }
        text_init(&words);
        expectation_words(&words, judged);
        if (!judged->expectation->only_warns || !session->options.quiet) {
            terminal_say("expectation %s", words.bytes);
        }
        text_clear(&words);
        if (!judged->expectation->only_warns && exit_code != EXIT_RUN_FAILED) {
            exit_code = EXIT_EXPECTATION_FAILED;
        }
    }
    return exit_code;
}

static int finish_run(struct session *session, struct progress *progress,
                      const struct report_run *run, struct checkpoint *checkpoint,
                      const char *directory)
{
    size_t n_removed = 0;
    struct error error = {0};
    (void)progress_enter(progress, PHASE_REPORTING);
    enum status status = paths_make(directory, &error);
    if (status == STATUS_OK) {
        status = report_write_all(run, directory, &n_removed, &error);
    }
    progress_hide(progress);
    if (status != STATUS_OK) {
        terminal_say("%s; nothing was changed in %s", error.message, directory);
        return EXIT_RUN_FAILED;
    }
    checkpoint_remove(checkpoint);
    if (n_removed > 0 && !session->options.quiet) {
        terminal_say("removed from %s: %zu file%s of an earlier run that this one does not write",
                     directory, n_removed, text_plural(n_removed));
    }
    rerun_finish(session, run);
    show_run(session, run, directory);
    return ci_report(session, run, count_broken_expectations(session, run, count_failures(run)));
}

/* Chooses the portfolios' sets; their bundles join the plans. */
static enum status choose_portfolios(struct session *session, struct progress *progress,
                                     struct report_run *run, struct portfolio_result **portfolios,
                                     const struct plan ***plans, size_t *n_plans,
                                     struct error *error)
{
    signals_end_at_once(true);
    enum status status = portfolios_choose(session, progress, run, portfolios, &run->n_portfolios,
                                           plans, n_plans, error);
    signals_end_at_once(false);
    progress_hide(progress);
    run->portfolios = *portfolios;
    return status;
}

/* For --dry-run: from few draws, and what it will take with all of them. A choice looks at every
 * combination in every draw. */
static enum status try_choices(struct session *session, struct report_run *run,
                               struct portfolio_result **portfolios, const struct plan ***plans,
                               size_t *n_plans, double *seconds, struct error *error)
{
    uint64_t n_draws = run->n_draws;
    double start = clock_seconds();
    run->n_draws = n_draws < DRY_RUN_CHOICE_DRAWS ? n_draws : DRY_RUN_CHOICE_DRAWS;
    enum status status = choose_portfolios(session, NULL, run, portfolios, plans, n_plans, error);
    uint64_t n_chosen = n_draws < PORTFOLIO_DRAWS ? n_draws : PORTFOLIO_DRAWS;
    *seconds = (clock_seconds() - start) * (double)n_chosen / (double)run->n_draws;
    run->n_draws = n_draws;
    return status;
}

/* What differs from the earlier run, where one was given. */
static enum status compare(struct session *session, struct report_run *run,
                           const struct results *against, struct error *error)
{
    return against != NULL
               ? report_compare_with(&session->arena, run, against, &run->difference, error)
               : STATUS_OK;
}

/* What could change the answer is asked of every run: without --decide by central evaluations
 * alone. One that cannot be worked out has no bars; its decision would say why. */
static struct sensitivity *draw_tornados(const struct session *session,
                                         const struct report_run *run)
{
    if (session->options.decide) {
        return NULL;
    }
    struct sensitivity *tornados = memory_array(run->n_results + 1, sizeof *tornados);
    for (size_t i = 0; i < run->n_results && signals_caught() == 0; ++i) {
        const struct scenario_result *result = &run->results[i];
        struct error error = {0};
        arena_init(&tornados[i].arena);
        bool wanted = result->statistics != NULL && i < REPORT_MAX_PAGES &&
                      !is_decided_elsewhere(run, result->plan);
        if (wanted && sensitivity_tornado(&tornados[i], result, &error) != STATUS_OK) {
            tornados[i].n_bars = 0;
        }
    }
    return tornados;
}

static void forget_tornados(struct sensitivity *tornados, size_t n)
{
    for (size_t i = 0; tornados != NULL && i < n; ++i) {
        sensitivity_clear(&tornados[i]);
    }
    free(tornados);
}

/* NULL where shards are merged: their contributions take its place. */
static struct checkpoint *start_checkpoint(struct session *session, const struct report_run *run,
                                           const struct plan *const *plans, size_t n_plans)
{
    return session->merge != NULL
               ? NULL
               : checkpoint_start(&(struct checkpoint_request){.session = session,
                                                               .directory = paths_results(session),
                                                               .run = run,
                                                               .plans = plans,
                                                               .n_plans = n_plans});
}

/* Simulated, decided and judged; then everything is written. */
static int run_plans(struct session *session, struct progress *progress, struct report_run *run,
                     struct portfolio_result *portfolios, const struct plan *const *plans,
                     size_t n_plans, const struct results *against)
{
    struct error error = {0};
    static const struct simulation_part whole = {.n_parts = 0};
    struct scenario_result *results = memory_array(n_plans + 1, sizeof *results);
    struct checkpoint *checkpoint = start_checkpoint(session, run, plans, n_plans);
    const struct contribution_store *store =
        checkpoint != NULL ? checkpoint_store(checkpoint) : merge_store(session->merge);
    enum status status =
        simulate(session, progress, plans, n_plans, run, store, &whole, results, &error);
    bool resumable = checkpoint_stop(checkpoint, status == STATUS_INTERRUPTED);
    struct report_decision *decisions = status == STATUS_OK ? decide(session, progress, run) : NULL;
    int exit_code = EXIT_RUN_FAILED;
    if (status == STATUS_OK) {
        signals_end_at_once(true);
        status = portfolios_judge(progress, portfolios, run->n_portfolios, results, &error);
        signals_end_at_once(false);
    }
    if (status == STATUS_OK && signals_caught() == 0) {
        status = expectation_judge(&session->arena, run->library, results, n_plans, portfolios,
                                   run->n_portfolios, session->options.n_threads,
                                   &run->expectations, &run->n_expectations, &error);
    }
    (void)progress_enter(progress, PHASE_REPORTING);
    struct sensitivity *tornados = status == STATUS_OK ? draw_tornados(session, run) : NULL;
    plausibility_find(&session->arena, run->library, results, n_plans, &run->findings,
                      &run->n_findings);
    run->decisions = decisions;
    run->tornados = tornados;
    run->decide = decisions != NULL && session->options.decide;
    run->draws_out = session->options.draws_out;
    struct assurance assurance = {.n_results = 0};
    if (status == STATUS_OK && signals_caught() == 0) {
        assurance_make(&assurance, run->library, results, n_plans, portfolios, run->n_portfolios);
        run->assurance = &assurance;
        status = compare(session, run, against, &error);
    }
    progress_hide(progress);
    if (status == STATUS_INTERRUPTED || signals_caught() != 0) {
        terminal_say(resumable ? "interrupted; no results were written, but what was computed is "
                                 "kept: the same command with --resume goes on from there"
                               : "interrupted; nothing was written");
        exit_code = 128 + signals_caught();
    } else if (status != STATUS_OK) {
        terminal_say("%s", error.message);
    } else {
        exit_code = finish_run(session, progress, run, checkpoint, paths_results(session));
    }
    checkpoint_end(checkpoint);
    assurance_clear(&assurance);
    run->assurance = NULL;
    forget_decisions(decisions, n_plans);
    forget_tornados(tornados, n_plans);
    simulation_clear(results, n_plans);
    free(results);
    return exit_code;
}

/* A process that mpirun started beside the first: it simulates its part, and ends there. */
static int help_first(struct session *session, struct progress *progress, struct report_run *run,
                      const struct plan *const *plans, size_t n_plans)
{
    struct error error = {0};
    static const struct simulation_part whole = {.n_parts = 0};
    struct scenario_result *results = memory_array(n_plans + 1, sizeof *results);
    enum status status =
        simulate(session, progress, plans, n_plans, run, NULL, &whole, results, &error);
    simulation_clear(results, n_plans);
    free(results);
    return status == STATUS_OK ? EXIT_DONE : EXIT_RUN_FAILED;
}

/* The phases that this run will have. */
static struct progress *start_progress(const struct session *session, const struct library *library)
{
    const struct options *options = &session->options;
    bool portfolios = portfolios_count(session, library) > 0;
    const bool phases[N_RUN_PHASES] = {[PHASE_CHOOSING] = portfolios,
                                       [PHASE_DRAWING] = true,
                                       [PHASE_DECIDING] = options->decide || options->draws_out,
                                       [PHASE_JUDGING] = portfolios,
                                       [PHASE_REPORTING] = true};
    return progress_start(session, phases);
}

/* `dividend portfolio` on files that hold none would say nothing at all. */
static void check_for_portfolios(struct session *session, const struct library *library)
{
    if (session->options.command == COMMAND_PORTFOLIO && library->n_portfolios == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E708, (struct place){0}, NULL,
                        "a file with portfolio = { ... }, or a folder of them",
                        "`dividend run` runs scenarios", "no portfolio is among the files given");
    }
}

/* Before the run begins: its folder may be the one that the run replaces. */
static const struct results *read_earlier(struct session *session)
{
    const char *folder = session->options.against;
    return folder != NULL
               ? results_read(&session->arena, &session->diagnostics, folder, DIVIDEND_VERSION)
               : NULL;
}

int command_run(struct session *session)
{
    const struct library *library = NULL;
    size_t n_plans = 0;
    struct error error = {0};
    enum status status = STATUS_OK;
    struct portfolio_result *portfolios = NULL;
    const struct plan **plans = plan_scenarios(session, &n_plans, &library);
    const struct results *against = read_earlier(session);
    struct report_run run = {0};
    struct progress *progress = NULL;
    double choice_seconds = 0.0;
    if (library != NULL) {
        check_for_portfolios(session, library);
        session->rerun = rerun_open(session);
    }
    const char *directory = paths_results(session);
    if (session->diagnostics.n_errors == 0) {
        run = session_describe_run(session, library);
        status = paths_check_writable(directory, &error); /* before hours of work */
        status = status == STATUS_OK ? rerun_check(session->rerun, &error) : status;
    }
    if (session->diagnostics.n_errors == 0 && status == STATUS_OK && !session->options.dry_run &&
        !machines_is_helper()) {
        status = lock_take(directory, lock_name(session), &error);
    }
    if (session->diagnostics.n_errors == 0 && status == STATUS_OK) {
        progress = start_progress(session, library);
        status =
            session->options.dry_run
                ? try_choices(session, &run, &portfolios, &plans, &n_plans, &choice_seconds, &error)
                : choose_portfolios(session, progress, &run, &portfolios, &plans, &n_plans, &error);
    }
    if (session->diagnostics.n_errors == 0 && status == STATUS_OK) {
        check_precision(session, &run, plans, n_plans);
        shard_check(session, &run, settings_place(session, library));
        merge_check(session, &run, plans, n_plans);
    }
    int exit_code = EXIT_RUN_FAILED;
    if (terminal_print_diagnostics(session, "nothing was run")) {
        exit_code = ci_report(session, NULL, EXIT_BAD_INPUT);
    } else if (status != STATUS_OK) {
        terminal_say("%s", error.message);
    } else if (session->options.dry_run) {
        exit_code = dry_run(session, &run, plans, n_plans, choice_seconds);
    } else if (session->options.n_shards > 0) {
        exit_code = shard_run(session, progress, &run, plans, n_plans, directory, simulate);
    } else if (machines_is_helper()) {
        exit_code = help_first(session, progress, &run, plans, n_plans);
    } else if (ci_start(session, &run, directory)) {
        exit_code = run_plans(session, progress, &run, portfolios, plans, n_plans, against);
        if (!ci_end(session, &run, directory, exit_code != EXIT_RUN_FAILED && exit_code < 128) &&
            exit_code == EXIT_DONE) {
            exit_code = EXIT_RUN_FAILED;
        }
    }
    progress_end(progress);
    portfolios_clear(portfolios, run.n_portfolios);
    rerun_close(session->rerun);
    session->rerun = NULL;
    lock_release();
    return exit_code;
}
