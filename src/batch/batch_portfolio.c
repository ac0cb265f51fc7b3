/* Portfolios on their way through a run: chosen before it, judged after it. */
#include "batch/batch_private.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

/* One portfolio: STATUS_INPUT where diagnostics say what is wrong. */
static enum status choose_one(struct session *session, struct effort *effort,
                              const struct library *library, const struct portfolio *portfolio,
                              const struct report_run *run, struct portfolio_result *result,
                              struct error *error)
{
    const struct sampling_design design = {
        .method = run->method,
        .n_scramblings = run->n_scramblings > 0 ? run->n_scramblings : SIMULATION_SCRAMBLINGS,
        .seed = run->seed};
    size_t n_draws = run->n_draws < SIZE_MAX ? (size_t)run->n_draws : SIZE_MAX;
    return portfolio_choose(result, library, portfolio, &design, n_draws,
                            session->options.n_threads, effort, &session->diagnostics, error);
}

static void add_plan(const struct plan *plan, const struct plan **plans, size_t *n_plans)
{
    if (plan != NULL) {
        plans[(*n_plans)++] = plan;
    }
}

static bool is_wanted(const struct session *session, const struct portfolio *portfolio)
{
    return session->options.only.n_items == 0 ||
           word_list_has(&session->options.only, portfolio->id);
}

size_t portfolios_count(const struct session *session, const struct library *library)
{
    size_t n = 0;
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        n += is_wanted(session, library->portfolios[i]) ? 1 : 0;
    }
    return n;
}

enum status portfolios_choose(struct session *session, struct progress *progress,
                              const struct report_run *run, struct portfolio_result **portfolios,
                              size_t *n_portfolios, const struct plan ***plans, size_t *n_plans,
                              struct error *error)
{
    const struct library *library = run->library;
    *portfolios = memory_array(library->n_portfolios + 1, sizeof **portfolios);
    *n_portfolios = 0;
    size_t n_wanted = portfolios_count(session, library);
    struct effort *effort = n_wanted > 0 ? progress_enter(progress, PHASE_CHOOSING) : NULL;
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        if (!is_wanted(session, library->portfolios[i])) {
            continue;
        }
        struct portfolio_result *result = &(*portfolios)[(*n_portfolios)++];
        progress_part(progress, *n_portfolios, n_wanted);
        enum status status =
            choose_one(session, effort, library, library->portfolios[i], run, result, error);
        if (status != STATUS_OK && status != STATUS_INPUT) {
            return status;
        }
        size_t most = *n_plans + result->n_sets + result->n_cliffs + 1;
        const struct plan **more = arena_array(&session->arena, most, sizeof(const struct plan *));
        if (*n_plans > 0) {
            memcpy((void *)more, (const void *)*plans, *n_plans * sizeof(const struct plan *));
        }
        const struct portfolio_set *set = portfolio_main_set(result);
        expectation_check(library, NULL, library->portfolios[i], set != NULL ? set->plan : NULL,
                          &session->diagnostics);
        for (size_t k = 0; status == STATUS_OK && k < result->n_sets; ++k) {
            add_plan(result->sets[k].plan, more, n_plans);
        }
        for (size_t k = 0; status == STATUS_OK && k < result->n_cliffs; ++k) {
            add_plan(result->cliffs[k].plan, more, n_plans);
        }
        *plans = more;
    }
    return STATUS_OK;
}

bool portfolios_add_totals(struct session *session, const struct library *library,
                           const struct scenario *const *scenarios, size_t n_scenarios,
                           const struct plan **plans, size_t *n_plans)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    size_t n_before = session->diagnostics.n_errors, n_families = 0;
    const struct portfolio *const *families =
        portfolio_families(&session->arena, scenarios, n_scenarios, &n_families);
    for (size_t i = 0; i < n_families; ++i) {
        uint8_t *levels = arena_array(&session->arena, families[i]->n_programmes, sizeof *levels);
        memset(levels, 1, families[i]->n_programmes);
        add_plan(plan_build_bundle(&session->arena, library, families[i], levels, &full,
                                   &session->diagnostics),
                 plans, n_plans);
    }
    return session->diagnostics.n_errors == n_before;
}

enum status portfolios_judge(struct progress *progress, struct portfolio_result *portfolios,
                             size_t n_portfolios, const struct scenario_result *results,
                             struct error *error)
{
    size_t n_sets = 0;
    for (size_t i = 0; i < n_portfolios; ++i) {
        for (size_t k = 0; k < portfolios[i].n_sets; ++k) {
            n_sets += portfolios[i].sets[k].plan != NULL ? 1 : 0;
        }
    }
    if (n_portfolios > 0) {
        effort_enter(progress_enter(progress, PHASE_JUDGING), "fair deals", "sets", n_sets);
    }
    for (size_t i = 0; i < n_portfolios; ++i) {
        TRY(portfolio_judge(&portfolios[i], results, error));
    }
    return STATUS_OK;
}

void portfolios_clear(struct portfolio_result *portfolios, size_t n_portfolios)
{
    for (size_t i = 0; portfolios != NULL && i < n_portfolios; ++i) {
        portfolio_clear(&portfolios[i]);
    }
    free(portfolios);
}

bool portfolios_check_evidence(struct session *session, const struct library *library)
{
    static const struct plan_options present = {.measure_set = MEASURE_SET_MEMBER};
    struct diagnostics *diagnostics = &session->diagnostics;
    size_t n_before = diagnostics->n_errors;
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        const struct portfolio *portfolio = library->portfolios[i];
        for (size_t k = 0; is_wanted(session, portfolio) && k < portfolio->n_programmes; ++k) {
            const struct scenario *scenario = portfolio->programmes[k].scenario;
            struct diagnostics nothing; /* said where the portfolio's own plans are built */
            diagnostics_init(&nothing, &session->arena);
            const struct plan *plan =
                scenario != NULL && scenario->model->health == NULL
                    ? plan_build(&session->arena, library, scenario, &present, &nothing)
                    : NULL;
            if (plan != NULL) {
                simulation_check_evidence(plan, diagnostics);
            }
        }
    }
    return diagnostics->n_errors == n_before;
}

void portfolios_check(struct session *session, const struct library *library)
{
    portfolios_check_evidence(session, library);
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        if (is_wanted(session, library->portfolios[i])) {
            portfolio_check(&session->arena, library, library->portfolios[i],
                            &session->diagnostics);
        }
    }
}
