#include "expectation/expectation.h"
#include "plan/measure_reference.h"

static void check_one(const struct scenario_expectation *item, const struct plan *plan,
                      struct diagnostics *diagnostics)
{
    struct measure_reference reference;
    const struct setting *that = setting_find(item->setting, "that");
    const char *name = item->statement.measure;
    if (!measure_reference_find(plan, name, &reference)) {
        const char *nearest = measure_reference_nearest(diagnostics->arena, plan, name);
        setting_complain(
            diagnostics, that, DIAGNOSTIC_E695, "MEASURE.WHO[.ITEM][.STATISTIC][@YEAR]",
            nearest != NULL ? arena_printf(diagnostics->arena, "did you mean \"%s\"?", nearest)
                            : "measures are the names in summary.csv and options.csv",
            "%s has no measure \"%s\"", plan->scenario->id, name);
    } else if (item->statement.is_probability && reference.statistic != STATISTIC_MEAN) {
        setting_complain(diagnostics, that, DIAGNOSTIC_E694, "a measure without a statistic",
                         "leave the statistic out: prob() looks at every draw",
                         "prob(%s ...) asks for the probability of a statistic", name);
    }
}

void expectation_check(const struct library *library, const struct scenario *scenario,
                       const struct portfolio *portfolio, const struct plan *plan,
                       struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < library->n_expectations; ++i) {
        const struct scenario_expectation *item = &library->expectations[i];
        if (plan != NULL && item->scenario == scenario && item->portfolio == portfolio) {
            check_one(item, plan, diagnostics);
        }
    }
}
