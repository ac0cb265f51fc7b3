#include "batch/batch_private.h"
#include "report/report.h"
#include "uncertainty/uncertainty.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
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
    }
    if (terminal_print_diagnostics(session, "nothing was run")) {
        return EXIT_BAD_INPUT;
    }
    assert(library != NULL);
    size_t n_files =
        library->n_documents + library->n_scenarios + (library->run.setting != NULL ? 1 : 0);
    size_t n_warnings = session->diagnostics.n_warnings;
    text_printf(&session->out, "%zu file%s, no errors", n_files, plural(n_files));
    if (n_warnings > 0) {
        text_printf(&session->out, ", %zu warning%s", n_warnings, plural(n_warnings));
    }
    text_append(&session->out, "\n");
    return EXIT_DONE;
}

/* ---- run ---- */

static const struct plan **plan_scenarios(struct session *session, size_t *n_plans,
                                          const struct library **library)
{
    const struct scenario **scenarios = NULL;
    const struct plan **plans = NULL;
    *library = session_load(session, true);
    if (*library != NULL && session_choose(session, *library, &scenarios, n_plans)) {
        plans = arena_array(&session->arena, *n_plans + 1, sizeof(const struct plan *));
        session_plans(session, *library, scenarios, *n_plans, plans);
    }
    return plans;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum status simulate(struct session *session, const struct library *library,
                            const struct plan *const *plans, size_t n_plans, struct report_run *run,
                            struct scenario_result *results, struct error *error)
{
    const struct options *options = &session->options;
    struct progress progress;
    double start = seconds_now();
    *run =
        (struct report_run){.library = library,
                            .results = results,
                            .n_results = n_plans,
                            .seed = options->has_seed ? options->seed : library->run.seed,
                            .n_draws = options->has_draws ? options->n_draws : library->run.n_draws,
                            .program_version = DIVIDEND_VERSION,
                            .diagnostics = &session->diagnostics};
    const struct simulation_options simulation = {.seed = run->seed,
                                                  .n_draws = run->n_draws,
                                                  .n_threads = options->n_threads,
                                                  .assumption_share = true,
                                                  .progress = progress_report,
                                                  .context = &progress};
    progress_start(&progress, session);
    enum status status =
        simulation_run(&session->arena, plans, n_plans, &simulation, results, error);
    progress_end(&progress);
    run->seconds = seconds_now() - start;
    return status;
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
    report_compare(&session->out, run, styles[format], terminal_width(session));
    if (!session->options.quiet) {
        say_warnings(run);
    }
    if (format == FORMAT_TABLE || format == FORMAT_TEXT) {
        text_printf(&session->out, "\nResults are in %s/ (report.md reads best first).\n",
                    directory);
    } else if (!session->options.quiet) {
        terminal_say("results are in %s", directory);
    }
}

/* 1 where a scenario failed; the others' results are written all the same. */
static int count_failures(const struct report_run *run)
{
    int exit_code = EXIT_DONE;
    for (size_t i = 0; i < run->n_results; ++i) {
        if (run->results[i].status != STATUS_OK) {
            terminal_say("scenario %s failed: %s", run->results[i].plan->scenario->id,
                         run->results[i].error.message);
            exit_code = EXIT_RUN_FAILED;
        }
    }
    return exit_code;
}

static int finish_run(struct session *session, const struct report_run *run, const char *directory)
{
    struct error error = {0};
    if (paths_make(directory, &error) != STATUS_OK ||
        report_write_all(run, directory, &error) != STATUS_OK) {
        terminal_say("%s; nothing was changed in %s", error.message, directory);
        return EXIT_RUN_FAILED;
    }
    show_run(session, run, directory);
    return count_failures(run);
}

int command_run(struct session *session)
{
    const struct library *library = NULL;
    size_t n_plans = 0;
    struct error error = {0};
    const struct plan **plans = plan_scenarios(session, &n_plans, &library);
    if (terminal_print_diagnostics(session, "nothing was run")) {
        return EXIT_BAD_INPUT;
    }
    const char *directory = paths_results(session);
    if (paths_check_writable(directory, &error) != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    struct scenario_result *results = memory_array(n_plans + 1, sizeof *results);
    struct report_run run;
    enum status status = simulate(session, library, plans, n_plans, &run, results, &error);
    int exit_code = EXIT_RUN_FAILED;
    if (status == STATUS_INTERRUPTED) {
        terminal_say("interrupted; nothing was written");
        exit_code = 128 + signals_caught();
    } else if (status != STATUS_OK) {
        terminal_say("%s", error.message);
    } else {
        exit_code = finish_run(session, &run, directory);
    }
    simulation_clear(results, n_plans);
    free(results);
    return exit_code;
}
