#include "batch/batch_private.h"
#include "plan/measure_reference.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

static const struct place no_place = {0};

static int explain_code(struct session *session, enum diagnostic_code code)
{
    bool is_error = diagnostic_code_severity(code) == SEVERITY_ERROR;
    text_printf(&session->out, "%s (%s): %s\n\n%s\n", diagnostic_code_name(code),
                is_error ? "error" : "warning", diagnostic_code_title(code),
                diagnostic_code_explanation(code));
    return EXIT_DONE;
}

static int explain_all_codes(struct session *session)
{
    for (size_t code = 0; code < N_DIAGNOSTIC_CODES; code++) {
        text_printf(&session->out, "%s  %s\n", diagnostic_code_name((enum diagnostic_code)code),
                    diagnostic_code_title((enum diagnostic_code)code));
    }
    text_append(&session->out, "\n`dividend explain E203` tells more about a code, "
                               "`dividend explain SCENARIO` where its figures come from.\n");
    return EXIT_DONE;
}

static bool looks_like_code(const char *word)
{
    if ((word[0] != 'E' && word[0] != 'e' && word[0] != 'W' && word[0] != 'w') || word[1] == '\0') {
        return false;
    }
    return word[1 + strspn(word + 1, "0123456789")] == '\0';
}

/* ---- what is to be explained ---- */

static enum report_style style_of(const struct session *session)
{
    enum output_format format =
        session->options.has_format ? session->options.format : FORMAT_TABLE;
    return format == FORMAT_JSON ? REPORT_JSON
           : format == FORMAT_MD ? REPORT_MARKDOWN
                                 : REPORT_TABLE;
}

/* How the user would ask again: the file that was found, and the models that it needs. */
static const char *asked_words(struct session *session)
{
    const struct options *options = &session->options;
    const char *words = options->words.items[0];
    for (size_t i = 0; i < options->models.n_items; ++i) {
        words = arena_printf(&session->arena, "%s --models %s", words, options->models.items[i]);
    }
    return options->no_shipped_models
               ? arena_printf(&session->arena, "%s --no-shipped-models", words)
               : words;
}

static void complain_measure(struct session *session, const struct plan *plan, const char *word)
{
    const char *nearest = measure_reference_nearest(&session->arena, plan, word);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL,
                    "MEASURE.WHO, with @YEAR for a model year, such as net.total or net.total@2",
                    nearest == NULL
                        ? arena_printf(&session->arena,
                                       "`dividend explain %s` alone lists what can be asked",
                                       asked_words(session))
                        : arena_printf(&session->arena, "did you mean `%s`?", nearest),
                    "`%s` is not a measure of this scenario", word);
}

/* A file of that id in the folders where scenarios are; of an instance, the file of its family. */
static const char *find_in_folders(struct session *session, const char *word)
{
    static const char *const folders[] = {"", "portfolios/", "cookbook/", "published/"};
    const char *end = strstr(word, "--");
    const char *family =
        end == NULL ? word : arena_copy_span(&session->arena, word, (size_t)(end - word));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; ++i) {
        const char *file = arena_printf(&session->arena, "scenarios/%s%s.cfg", folders[i], family);
        if (path_exists(file)) {
            return file;
        }
    }
    return NULL;
}

static bool find_file(struct session *session, const char *word)
{
    bool is_file = path_exists(word) && !path_is_directory(word);
    const char *file = is_file ? word : find_in_folders(session, word);
    if (file != NULL) {
        session->options.words.n_items = 1;
        session->options.words.items[0] = file;
        return true;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL,
                    "a code such as E203, a scenario's or portfolio's file, or an id in scenarios/",
                    "`dividend list scenarios` shows the ids, `dividend explain` alone the codes",
                    "`%s` is neither a code nor a scenario", word);
    return false;
}

/* The scenario of the file; of a sweep the instance named. NULL after an error. */
static const struct scenario *choose_scenario(struct session *session,
                                              const struct library *library, const char *word)
{
    const struct scenario **scenarios = NULL;
    size_t n = 0;
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        if (strcmp(library->scenarios[i]->id, word) == 0) {
            return library->scenarios[i];
        }
    }
    if (!session_choose(session, library, &scenarios, &n)) {
        return NULL;
    }
    if (n == 1) {
        return scenarios[0];
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL, "one scenario",
                    arena_printf(&session->arena, "name one of them, for example `%s`",
                                 library->scenarios[0]->id),
                    "`%s` holds %zu scenarios", word, library->n_scenarios);
    return NULL;
}

/* ---- one run of it ---- */

static enum status run_plans(struct session *session, const struct report_run *run,
                             const struct plan *const *plans, size_t n_plans,
                             struct scenario_result *results, struct error *error)
{
    const bool phases[N_RUN_PHASES] = {[PHASE_DRAWING] = true};
    struct progress *progress = progress_start(session, phases);
    struct simulation_options options = session_simulation(session, run);
    options.progress = progress_report;
    options.context = progress;
    (void)progress_enter(progress, PHASE_DRAWING);
    enum status status = simulation_run(&session->arena, plans, n_plans, &options, results, error);
    progress_end(progress);
    if (status == STATUS_OK && results[0].statistics == NULL) {
        return error_set(error, STATUS_NUMERIC, "%s", results[0].error.message);
    }
    return status;
}

/* Runs the plan as `dividend run` would, and walks the measure back. */
static enum status explain_figure_of(struct session *session, const struct report_run *run,
                                     const struct plan *plan,
                                     const struct measure_reference *reference, struct error *error)
{
    struct scenario_result result = {0};
    enum status status = run_plans(session, run, &plan, 1, &result, error);
    if (status == STATUS_OK) {
        struct explainer *explainer = explainer_new(&session->arena, &result);
        const struct explanation *explanation =
            explain_measure(explainer, reference, EXPLAIN_WHOLE, error);
        if (explanation != NULL) {
            report_explanation(&session->out, explanation, style_of(session),
                               terminal_width(session));
        }
        explainer_free(explainer);
        status = explanation == NULL ? STATUS_NUMERIC : STATUS_OK;
    }
    simulation_clear(&result, 1);
    return status;
}

static void explain_whole(struct session *session, const struct plan *plan)
{
    const struct scenario_result result = {.plan = plan};
    struct explainer *explainer = explainer_new(&session->arena, &result);
    explainer_name_as_asked(explainer, asked_words(session));
    report_explanation(&session->out, explain_scenario(explainer), style_of(session),
                       terminal_width(session));
    explainer_free(explainer);
}

static enum status explain_plan(struct session *session, const struct library *library,
                                const struct plan *plan, const char *measure, struct error *error)
{
    struct measure_reference reference;
    if (measure == NULL) {
        explain_whole(session, plan);
        return STATUS_OK;
    }
    if (!measure_reference_find(plan, measure, &reference)) {
        complain_measure(session, plan, measure);
        return STATUS_OK;
    }
    const struct report_run run = session_describe_run(session, library);
    return explain_figure_of(session, &run, plan, &reference, error);
}

/* The set that the portfolio recommends, as a programme of its own. */
static enum status explain_portfolio(struct session *session, const struct library *library,
                                     const char *measure, struct error *error)
{
    struct report_run run = session_describe_run(session, library);
    struct portfolio_result *portfolios = NULL;
    const struct plan **plans = NULL;
    size_t n_portfolios = 0, n_plans = 0;
    const bool phases[N_RUN_PHASES] = {[PHASE_CHOOSING] = true};
    struct progress *progress = progress_start(session, phases);
    enum status status = portfolios_choose(session, progress, &run, &portfolios, &n_portfolios,
                                           &plans, &n_plans, error);
    progress_end(progress);
    const struct portfolio_set *set = NULL;
    if (status == STATUS_OK && session->diagnostics.n_errors == 0 && n_portfolios > 0 &&
        portfolios[0].n_sets > 0) {
        set = portfolio_main_set(&portfolios[0]);
    }
    if (set != NULL && set->plan != NULL) {
        status = explain_plan(session, library, set->plan, measure, error);
    } else if (status == STATUS_OK && session->diagnostics.n_errors == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL,
                        "a portfolio that funds something", "`dividend portfolio FILE` says why",
                        "nothing is funded in `%s`, so there is no figure to explain",
                        session->options.words.items[0]);
    }
    portfolios_clear(portfolios, n_portfolios);
    return status;
}

static int explain_file(struct session *session, const char *word, const char *measure)
{
    struct error error = {0};
    enum status status = STATUS_OK;
    const struct library *library = session_load(session, true);
    if (library != NULL && library->n_scenarios > 0) {
        const struct scenario *scenario = choose_scenario(session, library, word);
        const struct plan *plan = NULL;
        if (scenario != NULL && session_plans(session, library, &scenario, 1, &plan)) {
            status = explain_plan(session, library, plan, measure, &error);
        }
    } else if (library != NULL) {
        status = explain_portfolio(session, library, measure, &error);
    }
    if (status == STATUS_INTERRUPTED) {
        return 128 + signals_caught();
    }
    if (status != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    return EXIT_DONE;
}

static void complain_code(struct session *session, const char *word)
{
    const char *known[N_DIAGNOSTIC_CODES + 1];
    for (size_t code = 0; code < N_DIAGNOSTIC_CODES; code++) {
        known[code] = diagnostic_code_name((enum diagnostic_code)code);
    }
    const char *nearest = text_nearest(word, known, N_DIAGNOSTIC_CODES);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL, NULL,
                    nearest == NULL ? "`dividend explain` alone lists the codes"
                                    : arena_printf(&session->arena,
                                                   "did you mean `dividend explain %s`?", nearest),
                    "`%s` is not a code", word);
}

int command_explain(struct session *session)
{
    struct word_list *words = &session->options.words;
    if (words->n_items == 0) {
        return explain_all_codes(session);
    }
    int exit_code = EXIT_DONE;
    enum diagnostic_code code;
    const char *word = words->items[0];
    const char *measure = words->n_items > 1 ? words->items[1] : NULL;
    bool is_code = diagnostic_code_find(word, &code);
    if (words->n_items > 2 || (is_code && measure != NULL)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "explain CODE, or explain SCENARIO [MEASURE]", NULL,
                        "`dividend explain` was given too many words");
    } else if (is_code) {
        return explain_code(session, code);
    } else if (looks_like_code(word)) {
        complain_code(session, word);
    } else if (find_file(session, word)) {
        exit_code = explain_file(session, word, measure);
    }
    if (session->diagnostics.n_errors > 0) {
        text_clear(&session->out);
    }
    return terminal_print_diagnostics(session, "nothing was explained") ? EXIT_BAD_INPUT
                                                                        : exit_code;
}
