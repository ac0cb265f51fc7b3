#include "batch/batch_private.h"
#include "decision/sensitivity.h"
#include "plan/plan_bundle.h"

#include <string.h>

static const struct place no_place = {0};

const struct library *session_load(struct session *session, bool with_scenarios)
{
    size_t n_before = session->diagnostics.n_errors;
    struct library_request request = {0};
    paths_models(session, &request);
    if (with_scenarios) {
        paths_expand(session, &request);
    }
    if (session->diagnostics.n_errors > n_before) {
        return NULL;
    }
    const struct library *library = library_load(&session->arena, &request, &session->diagnostics);
    return session->diagnostics.n_errors > n_before ? NULL : library;
}

static const struct scenario *find_scenario(struct session *session, const struct library *library,
                                            const char *id)
{
    const char **known = arena_array(&session->arena, library->n_scenarios + 1, sizeof *known);
    for (size_t scenario = 0; scenario < library->n_scenarios; scenario++) {
        known[scenario] = library->scenarios[scenario]->id;
        if (strcmp(known[scenario], id) == 0) {
            return library->scenarios[scenario];
        }
    }
    const char *nearest = text_nearest(id, known, library->n_scenarios);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E709, no_place, NULL,
                    "the file name of a scenario without .cfg",
                    nearest == NULL ? "`dividend list scenarios` shows them"
                                    : arena_printf(&session->arena, "did you mean `%s`?", nearest),
                    "`%s` is not among the %zu scenario%s", id, library->n_scenarios,
                    library->n_scenarios == 1 ? "" : "s");
    return NULL;
}

bool session_choose(struct session *session, const struct library *library,
                    const struct scenario ***scenarios, size_t *n_scenarios)
{
    size_t n_before = session->diagnostics.n_errors;
    const struct word_list *only = &session->options.only;
    *scenarios = arena_array(&session->arena, library->n_scenarios + 1, sizeof **scenarios);
    *n_scenarios = 0;
    for (size_t item = 0; item < only->n_items; item++) {
        (void)find_scenario(session, library, only->items[item]);
    }
    for (size_t scenario = 0; scenario < library->n_scenarios; scenario++) {
        const struct scenario *candidate = library->scenarios[scenario];
        if (only->n_items == 0 || word_list_has(only, candidate->id)) {
            (*scenarios)[(*n_scenarios)++] = candidate;
        }
    }
    return session->diagnostics.n_errors == n_before;
}

bool session_plans(struct session *session, const struct library *library,
                   const struct scenario *const *scenarios, size_t n_scenarios,
                   const struct plan **plans)
{
    size_t n_before = session->diagnostics.n_errors;
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    for (size_t scenario = 0; scenario < n_scenarios; scenario++) {
        plans[scenario] =
            plan_build(&session->arena, library, scenarios[scenario], &full, &session->diagnostics);
        if (plans[scenario] != NULL) {
            simulation_check_central(plans[scenario], &session->diagnostics);
            sensitivity_check(plans[scenario], &session->diagnostics);
        }
    }
    return session->diagnostics.n_errors == n_before;
}

bool session_bundles(struct session *session, const struct library *library,
                     const struct plan **plans, size_t *n_plans)
{
    size_t n_before = session->diagnostics.n_errors;
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    for (size_t i = 0; i < library->n_portfolios && n_before == 0; ++i) {
        const struct portfolio *portfolio = library->portfolios[i];
        uint8_t *levels = arena_array(&session->arena, portfolio->n_programmes + 1, sizeof *levels);
        for (size_t k = 0; k < portfolio->n_programmes; ++k) {
            levels[k] = (uint8_t)portfolio->programmes[k].n_scales;
        }
        const struct plan *plan = plan_build_bundle(&session->arena, library, portfolio, levels,
                                                    &full, &session->diagnostics);
        if (plan != NULL) {
            simulation_check_central(plan, &session->diagnostics);
            plans[(*n_plans)++] = plan;
        }
    }
    return session->diagnostics.n_errors == n_before;
}
