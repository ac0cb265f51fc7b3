#include "batch/batch_private.h"
#include "decision/sensitivity.h"
#include "expectation/expectation.h"
#include "plan/plan.h"
#include "scenario/portfolio.h"

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

/* Does an id of --only name this scenario: itself, or the file it is an instance of? */
static bool is_named(const struct scenario *scenario, const char *id)
{
    return strcmp(scenario->id, id) == 0 ||
           (scenario->family != NULL && strcmp(scenario->family, id) == 0);
}

static void check_only(struct session *session, const struct library *library, const char *id)
{
    size_t n = library->n_scenarios + library->n_portfolios;
    const char **known = arena_array(&session->arena, n + 1, sizeof *known);
    for (size_t i = 0; i < n; ++i) {
        bool portfolio = i >= library->n_scenarios;
        known[i] = portfolio ? library->portfolios[i - library->n_scenarios]->id
                             : library->scenarios[i]->id;
        if (strcmp(known[i], id) == 0 || (!portfolio && is_named(library->scenarios[i], id))) {
            return;
        }
    }
    const char *nearest = text_nearest(id, known, n);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E709, no_place, NULL,
                    "the file name of a scenario or portfolio without .cfg",
                    nearest == NULL ? "`dividend list scenarios` shows them"
                                    : arena_printf(&session->arena, "did you mean `%s`?", nearest),
                    "`%s` is not among the %zu scenario%s", id, library->n_scenarios,
                    library->n_scenarios == 1 ? "" : "s");
}

bool session_choose(struct session *session, const struct library *library,
                    const struct scenario ***scenarios, size_t *n_scenarios)
{
    size_t n_before = session->diagnostics.n_errors;
    const struct word_list *only = &session->options.only;
    *scenarios = arena_array(&session->arena, library->n_scenarios + 1, sizeof **scenarios);
    *n_scenarios = 0;
    for (size_t item = 0; item < only->n_items; item++) {
        check_only(session, library, only->items[item]);
    }
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        bool wanted = only->n_items == 0;
        for (size_t item = 0; item < only->n_items; ++item) {
            wanted = wanted || is_named(library->scenarios[i], only->items[item]);
        }
        if (wanted) {
            (*scenarios)[(*n_scenarios)++] = library->scenarios[i];
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
            expectation_check(library, scenarios[scenario], NULL, plans[scenario],
                              &session->diagnostics);
        }
    }
    return session->diagnostics.n_errors == n_before;
}
