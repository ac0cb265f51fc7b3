#include "batch/batch_diff.h"

#include "report/report_diff.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct place no_place = {0};

static void check_words(struct session *session)
{
    size_t n = session->options.words.n_items;
    if (n < 2) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "dividend diff OLD NEW [PATH...]",
                        "for example `dividend diff HEAD~1 HEAD`, or two results folders",
                        n == 0 ? "OLD and NEW are missing" : "NEW is missing");
    }
}

/* Results are as they were run: what says how to run goes with revisions alone. */
static void check_options(struct session *session, const struct diff_side *sides)
{
    const struct options *options = &session->options;
    bool design = options->has_seed || options->has_draws || options->has_sampling ||
                  options->has_scramblings;
    bool choice = options->only.n_items > 0 || options->models.n_items > 0;
    if (sides[0].is_results && (design || choice)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E705, no_place, NULL,
                        "--draws, --seed, --sampling, --scramblings, --only and --models with "
                        "revisions and project folders alone",
                        "leave them out: results are compared as they were run",
                        "an option says how to run, and two results folders are given");
    }
}

/* ---- what counts ---- */

static double standard_error(const struct difference_figure *figure)
{
    double error = hypot(figure->old->mc_se, figure->now->mc_se);
    return isfinite(error) ? error : 0.0;
}

static bool is_beyond(const struct diff_tolerance *tolerance,
                      const struct difference_figure *figure)
{
    if (figure->verdict == VERDICT_SAME) {
        return false;
    }
    if (figure->verdict == VERDICT_ADDED || figure->verdict == VERDICT_REMOVED) {
        return true;
    }
    double size = fmax(fabs(figure->old->value), fabs(figure->now->value));
    double allowed = fmax(tolerance->absolute, tolerance->relative * size);
    allowed = fmax(allowed, tolerance->standard_errors * standard_error(figure));
    return fabs(figure->change) > allowed;
}

/* Without a word about tolerance nothing is allowed, but for what another seed would do. */
static struct diff_tolerance choose_tolerance(const struct diff_options *options,
                                              const struct difference *difference)
{
    bool noise = !options->has_tolerance && !difference->common_numbers;
    return (struct diff_tolerance){.absolute = options->tolerance_abs,
                                   .relative = options->tolerance_rel,
                                   .standard_errors =
                                       noise ? DIFFERENCE_ERRORS : options->tolerance_se};
}

static size_t count_beyond(const struct report_diff *diff, enum difference_rank last)
{
    size_t n = 0;
    for (size_t i = 0; i < diff->difference->n_figures; ++i) {
        n += diff->beyond[i] && diff->difference->figures[i].rank <= last ? 1 : 0;
    }
    return n;
}

static bool has_flipped(const struct difference *difference)
{
    bool flipped = false;
    for (size_t i = 0; i < difference->n_decisions; ++i) {
        flipped = flipped || difference->decisions[i].verdict != VERDICT_NOISE;
    }
    return flipped;
}

static bool has_changed_input(const struct difference *difference)
{
    bool changed = false;
    for (size_t i = 0; i < difference->n_inputs; ++i) {
        changed = changed || diff_shows_input(&difference->inputs[i]);
    }
    return changed;
}

static bool counts(const struct report_diff *diff, enum diff_fail_on fail_on)
{
    const struct difference *difference = diff->difference;
    bool other_scenarios = difference->n_added + difference->n_removed > 0;
    bool flipped = has_flipped(difference);
    switch (fail_on) {
    case FAIL_ON_FIGURES:
        return diff->n_beyond > 0 || flipped || other_scenarios;
    case FAIL_ON_HEADLINES:
        return count_beyond(diff, RANK_HEADLINE) > 0 || flipped;
    case FAIL_ON_DECISIONS:
        return flipped;
    case FAIL_ON_INPUTS:
        return has_changed_input(difference) || diff->splits->n_items > 0 || diff->n_beyond > 0 ||
               flipped || other_scenarios;
    case FAIL_ON_NEVER:
    case N_FAIL_ON:
        break;
    }
    return false;
}

/* ---- the command ---- */

static int show(struct session *session, const struct diff_side sides[2],
                const struct difference *difference, const struct cause_splits *splits)
{
    static const enum report_style styles[] = {[FORMAT_TABLE] = REPORT_TABLE,
                                               [FORMAT_CSV] = REPORT_CSV,
                                               [FORMAT_JSON] = REPORT_JSON,
                                               [FORMAT_MD] = REPORT_MARKDOWN,
                                               [FORMAT_TEXT] = REPORT_TABLE};
    const struct diff_options *options = &session->options.diff;
    bool *beyond = arena_array(&session->arena, difference->n_figures + 1, sizeof *beyond);
    struct error error = {0};
    struct report_diff diff = {.old_name = sides[0].name,
                               .now_name = sides[1].name,
                               .old_is = sides[0].words,
                               .now_is = sides[1].words,
                               .difference = difference,
                               .splits = splits,
                               .tolerance = choose_tolerance(options, difference),
                               .beyond = beyond,
                               .fail_on = diff_fail_on_name(options->fail_on),
                               .program_changed = sides[0].other_program || sides[1].other_program};
    for (size_t i = 0; i < difference->n_figures; ++i) {
        beyond[i] = is_beyond(&diff.tolerance, &difference->figures[i]);
        diff.n_beyond += beyond[i] ? 1 : 0;
    }
    diff.found = counts(&diff, options->fail_on);
    if (report_diff(&session->out, &diff,
                    styles[session->options.has_format ? session->options.format : FORMAT_TABLE],
                    terminal_width(session), &error) != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    return diff.found ? EXIT_DIFFERENCE_FOUND : EXIT_DONE;
}

int command_diff(struct session *session)
{
    struct diff_side sides[2] = {{0}};
    struct cause_splits splits = {0};
    struct error error = {0};
    const struct difference *difference = NULL;
    enum status status = STATUS_OK;
    check_words(session);
    if (session->diagnostics.n_errors == 0 && diff_sides_find(session, sides)) {
        check_options(session, sides);
    }
    if (session->diagnostics.n_errors == 0) {
        status = diff_sides_read(session, sides, &error);
    }
    if (terminal_print_diagnostics(session, "nothing was compared")) {
        return EXIT_BAD_INPUT;
    }
    if (status == STATUS_OK && signals_caught() == 0) {
        difference = difference_make(&session->arena, sides[0].results, sides[1].results);
        status = diff_causes(session, sides, difference, &splits, &error);
    }
    if (status == STATUS_INTERRUPTED || signals_caught() != 0) {
        terminal_say("interrupted; nothing was compared");
        return 128 + signals_caught();
    }
    if (status != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    assert(difference != NULL);
    return show(session, sides, difference, &splits);
}
