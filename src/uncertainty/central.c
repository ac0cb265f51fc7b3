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

/* ---- relative effects: no more than there is ---- */

enum { EFFECT_DRAWS = 16 * PROGRAM_BLOCK };

/* A draw in a hundred above all there is may be the tail of a distribution; more is said. */
static const double effect_share_allowed = 0.01;

static const double *values_of(const struct plan *plan, const struct worker *worker,
                               program_slot slot, size_t year)
{
    return program_column(plan->program, worker->evaluation.workspace, slot, year);
}

/* The larger of the effect before and after deadweight: points of deadweight may be negative. */
static double effect_of(const struct plan *plan, const struct worker *worker,
                        const struct plan_volume *volume, size_t year, size_t draw)
{
    double gross = values_of(plan, worker, volume->effect, year)[draw];
    double net = values_of(plan, worker, volume->net_effect, year)[draw];
    return gross > net || isnan(net) ? gross : net;
}

static double largest_effect(const struct plan *plan, const struct worker *worker,
                             const struct plan_volume *volume, size_t draw)
{
    double largest = -HUGE_VAL;
    for (size_t year = 0; year < plan->n_years; ++year) {
        double effect = effect_of(plan, worker, volume, year, draw);
        largest = effect > largest ? effect : largest;
    }
    return largest;
}

/* "of "x" (models/...:12)" behind the formula, and the group where the effect differs by it. */
static const char *effect_words(const struct plan *plan, const struct plan_volume *volume,
                                struct arena *arena)
{
    const struct scenario *scenario = plan->scenario;
    const struct setting *setting = volume->outcome->effect.setting;
    const struct parameter *parameter =
        setting_is_text(setting) ? evidence_find(plan->library->evidence, setting->text, NULL)
                                 : NULL;
    bool by_group = scenario->n_gradients > 0 && volume->group != SIZE_MAX;
    return arena_printf(arena, "the effect of \"%s\" in %s%s%s%s%s%s", volume->outcome->name,
                        scenario->family != NULL ? scenario->family : scenario->id,
                        by_group ? ", " : "", by_group ? scenario->groups[volume->group].label : "",
                        parameter != NULL ? " (" : "",
                        parameter != NULL ? arena_printf(arena, "%s, %s:%d", parameter->identity,
                                                         parameter->setting->place.file,
                                                         parameter->setting->place.line)
                                          : "",
                        parameter != NULL ? ")" : "");
}

static bool check_central_effect(const struct plan *plan, const struct worker *worker,
                                 const struct plan_volume *volume, struct diagnostics *diagnostics)
{
    double effect = largest_effect(plan, worker, volume, 0);
    if (!(effect > 1.0 + 1e-9) || !isfinite(effect)) { /* else E692 says it */
        return true;
    }
    setting_complain(diagnostics, volume->outcome->effect.setting, DIAGNOSTIC_E697,
                     "a share of the baseline up to 1; below 0 where the demand grows",
                     "check the figure and its unit (30 % is 0.3), or write effect_form = "
                     "\"absolute\" if it is in units a person a year",
                     "%s is %.4g times the baseline with every input at its mean: more than there "
                     "is would be avoided",
                     effect_words(plan, volume, diagnostics->arena), effect);
    return false;
}

static void warn_of_draws(const struct plan *plan, const struct plan_volume *volume, double share,
                          struct diagnostics *diagnostics)
{
    setting_complain(diagnostics, volume->outcome->effect.setting, DIAGNOSTIC_W821,
                     "an effect above 1 in at most 1 draw of 100",
                     "choose a distribution that ends at 1, e.g. \"beta\", or "
                     "\"truncated_normal\" with max = 1.0",
                     "%s is above the whole baseline in about %.0f of 100 draws",
                     effect_words(plan, volume, diagnostics->arena), 100.0 * share);
}

/* Draws of the scenario's own columns; counts, for each volume, those above 1. */
static bool count_draws(struct arena *arena, const struct plan *plan, size_t *n_above)
{
    static const struct sampling_design design = {
        .method = SAMPLING_SOBOL, .n_scramblings = 1, .seed = 1};
    struct plan_sampling sampling;
    struct worker worker;
    struct error error;
    if (sampling_prepare(arena, sampler_cache_new(arena), plan, &design, &sampling, &error) !=
        STATUS_OK) {
        return false; /* the run says it */
    }
    worker_init(&worker, &sampling);
    for (size_t first = 0; first < EFFECT_DRAWS; first += PROGRAM_BLOCK) {
        worker_run(&worker, first, PROGRAM_BLOCK, NULL);
        for (size_t i = 0; i < plan->n_volumes; ++i) {
            for (size_t draw = 0; plan->volumes[i].outcome->relative && draw < PROGRAM_BLOCK;
                 ++draw) {
                n_above[i] += largest_effect(plan, &worker, &plan->volumes[i], draw) > 1.0 + 1e-9;
            }
        }
    }
    worker_clear(&worker);
    return true;
}

static void check_effects(const struct plan *plan, const struct worker *worker,
                          struct diagnostics *diagnostics)
{
    bool any = false, right = true;
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        const struct plan_volume *volume = &plan->volumes[i];
        if (volume->outcome->relative) {
            right = check_central_effect(plan, worker, volume, diagnostics) && right;
            any = true;
        }
    }
    if (!any || !right || plan->n_columns == 0) {
        return;
    }
    struct arena arena;
    arena_init(&arena);
    size_t *n_above = arena_array(&arena, plan->n_volumes, sizeof *n_above);
    bool counted = count_draws(&arena, plan, n_above);
    for (size_t i = 0; counted && i < plan->n_volumes; ++i) {
        double share = (double)n_above[i] / EFFECT_DRAWS;
        if (share > effect_share_allowed) {
            warn_of_draws(plan, &plan->volumes[i], share, diagnostics);
        }
    }
    arena_clear(&arena);
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
            check_effects(plan, &worker, diagnostics);
        }
    }
    plan_check_uses(plan, diagnostics);
    worker_clear(&worker);
}

void simulation_check_evidence(const struct plan *plan, struct diagnostics *diagnostics)
{
    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    worker_init(&worker, &sampling);
    worker_run_central(&worker);
    if (plan->health == NULL && plan->bundle == NULL) {
        check_effects(plan, &worker, diagnostics);
    }
    worker_clear(&worker);
    plan_check_uses(plan, diagnostics);
}
