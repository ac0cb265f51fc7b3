/* Every uncertain parameter at its mean: one evaluation, and the rules that need its values. */
#include "base/vector.h"
#include "uncertainty/uncertainty.h"
#include "uncertainty/worker.h"

#include <math.h>
#include <string.h>

void simulation_central(const struct plan *plan, double *values)
{
    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    worker_init(&worker, &sampling);
    worker_run_central(&worker);
    for (size_t i = 0; i < plan->n_results; ++i) {
        values[i] = worker.appraisal.values[i * PROGRAM_BLOCK];
    }
    worker_clear(&worker);
}

static double end_of(const struct plan_column *column, bool high)
{
    return high ? column->distribution.q975 : column->distribution.q025;
}

/* A lane of a block is one evaluation: two lanes a parameter. */
void simulation_influence(const struct plan *plan, size_t result, double *at_low, double *at_high)
{
    enum { A_BLOCK = PROGRAM_BLOCK / 2 };

    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    worker_init(&worker, &sampling);
    for (size_t first = 0; first < plan->n_columns; first += A_BLOCK) {
        size_t n = plan->n_columns - first < A_BLOCK ? plan->n_columns - first : A_BLOCK;
        for (size_t i = 0; i < plan->n_columns; ++i) {
            const struct plan_column *column = &plan->columns[i];
            vector_kernels()->fill(PROGRAM_BLOCK, column->distribution.mean, worker.inputs[i]);
            if (i >= first && i < first + n) {
                worker.inputs[i][2 * (i - first)] = end_of(column, false);
                worker.inputs[i][2 * (i - first) + 1] = end_of(column, true);
            }
        }
        worker_run_filled(&worker, 2 * n);
        const double *values = worker.appraisal.values + result * PROGRAM_BLOCK;
        for (size_t i = 0; i < n; ++i) {
            at_low[first + i] = values[2 * i];
            at_high[first + i] = values[2 * i + 1];
        }
    }
    worker_clear(&worker);
}

void simulation_trace(const struct plan *plan, double *shares)
{
    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    const struct plan_health *health = plan->health;
    size_t n = health->model->n_options * (health->n_cycles + 1) * health->n_states;
    worker_init(&worker, &sampling);
    worker.evaluation.health.trace = memory_array(n + 1, sizeof *shares);
    worker_run_central(&worker);
    memcpy(shares, worker.evaluation.health.trace, n * sizeof *shares);
    worker_clear(&worker);
}

/* ---- checks at central values ---- */

static void check_health(const struct plan *plan, const struct worker *worker,
                         struct diagnostics *diagnostics)
{
    const struct health_fault *fault = &worker->evaluation.health.fault;
    char words[512];
    if (fault->found) {
        health_fault_describe(plan->health, fault, words, sizeof words);
        setting_complain(diagnostics, plan->scenario->setting, DIAGNOSTIC_E693,
                         "probabilities from 0 to 1 that sum to 1",
                         "check the formulas of that row, or make one of its probabilities "
                         "\"rest\"",
                         "with every input at its mean, %s", words);
        return;
    }
    for (size_t i = 0; i < plan->n_results; ++i) {
        double value = worker->appraisal.values[i * PROGRAM_BLOCK];
        if (!isfinite(value)) {
            setting_complain(diagnostics, plan->scenario->setting, DIAGNOSTIC_E692,
                             "formulas with finite values",
                             "look for a division by zero or a logarithm of zero at the means",
                             "%s is %s with every input at its mean",
                             measure_label(plan->results[i].measure),
                             isnan(value) ? "not a number" : "infinite");
            return;
        }
    }
}

static void check_finite(const struct plan *plan, const struct worker *worker,
                         struct diagnostics *diagnostics)
{
    for (size_t who = 0; who < plan->n_whos; ++who) {
        double net = worker->appraisal.net[who * PROGRAM_BLOCK];
        if (!isfinite(net)) {
            setting_complain(diagnostics, plan->scenario->setting, DIAGNOSTIC_E692,
                             "formulas with finite values",
                             "look for a division by zero or a logarithm of zero at the means",
                             "the net of %s is %s with every input at its mean",
                             plan->whos[who].label, isnan(net) ? "not a number" : "infinite");
            return;
        }
    }
}

static void check_ceilings(const struct plan *plan, struct worker *worker,
                           struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < plan->n_demands; ++i) {
        const struct plan_demand *demand = &plan->demands[i];
        bool priced = demand->unit_cost != PROGRAM_NO_SLOT && demand->ceiling_gbp != NULL;
        for (size_t w = 0; priced && w < demand->n_weights; ++w) {
            for (size_t year = 0; year < plan->n_years; ++year) {
                double units = block_column(worker->settlement.volumes, plan->n_years, i, year)[0];
                double saving = units * demand->weights[w].weight *
                                program_column(plan->program, worker->evaluation.workspace,
                                               demand->unit_cost, year)[0];
                if (isfinite(saving) && saving > demand->ceiling_gbp[w]) { /* else E692 says it */
                    setting_complain(
                        diagnostics, plan->scenario->setting, DIAGNOSTIC_E691,
                        "savings up to the sector's baseline spend",
                        "check the people, effect, unit cost and baseline_spend_gbp",
                        "%s: savings of %s in model year %zu are GBP %.0f, above its baseline "
                        "spend of GBP %.0f",
                        demand->demand->id,
                        plan->library->sectors->sectors[demand->weights[w].sector].id, year, saving,
                        demand->ceiling_gbp[w]);
                    return;
                }
            }
        }
    }
}

void simulation_check_central(const struct plan *plan, struct diagnostics *diagnostics)
{
    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    worker_init(&worker, &sampling);
    worker_run_central(&worker);
    if (plan->health != NULL) {
        check_health(plan, &worker, diagnostics);
    } else {
        check_finite(plan, &worker, diagnostics);
        if (plan->bundle == NULL) { /* portfolios are capped at baseline spend by design */
            check_ceilings(plan, &worker, diagnostics);
        }
    }
    worker_clear(&worker);
}
