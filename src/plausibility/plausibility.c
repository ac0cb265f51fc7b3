#include "plausibility/plausibility.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const rule_names[N_PLAUSIBILITY_RULES] = {
    [PLAUSIBILITY_RETURN] = "return_outside_published",
    [PLAUSIBILITY_DEADWEIGHT] = "no_deadweight",
    [PLAUSIBILITY_SOCIAL_VALUE] = "social_value_carries_the_case",
    [PLAUSIBILITY_WEAK_EVIDENCE] = "weak_evidence_carries_the_case",
    [PLAUSIBILITY_OLD_COST] = "old_unit_cost"};

const char *plausibility_rule_name(enum plausibility_rule rule)
{
    return rule_names[rule];
}

struct finder {
    struct arena *arena;
    const struct library *library;
    const struct scenario_result *result;
    struct plausibility_finding *items;
    size_t n_items, capacity;
};

static struct plausibility_finding *add(struct finder *finder, enum plausibility_rule rule,
                                        const char *what, double value)
{
    finder->items = arena_grow(finder->arena, finder->items, finder->n_items, &finder->capacity,
                               sizeof *finder->items);
    struct plausibility_finding *item = &finder->items[finder->n_items++];
    *item = (struct plausibility_finding){.rule = rule,
                                          .result = finder->result,
                                          .what = what,
                                          .value = value,
                                          .low = (double)NAN,
                                          .high = (double)NAN};
    return item;
}

static const struct plan *plan_of(const struct finder *finder)
{
    return finder->result->plan;
}

static size_t total_of(const struct plan *plan)
{
    return plan->n_whos - 1;
}

/* ---- returns ---- */

/* Published figures are rounded: within a hundredth of an end counts as inside. method 9.3 */
static const double published_rounding = 0.01;

static bool is_outside(double value, const struct published_return *published)
{
    return value < published->low - published_rounding * fabs(published->low) ||
           value > published->high + published_rounding * fabs(published->high);
}

static void find_returns(struct finder *finder)
{
    static const enum measure measures[N_RETURN_BASES] = {
        [RETURN_CASHABLE] = MEASURE_RETURN_CASHABLE,
        [RETURN_FISCAL] = MEASURE_RETURN_FISCAL,
        [RETURN_PUBLIC_VALUE] = MEASURE_RETURN_PUBLIC_VALUE};
    const struct plan *plan = plan_of(finder);
    const struct model *model = plan->scenario->model;
    for (size_t i = 0; i < model->n_published_returns; ++i) {
        const struct published_return *published = &model->published_returns[i];
        const struct column_statistics *ratio =
            result_find(finder->result, measures[published->basis], total_of(plan), 0, 0);
        if (ratio == NULL || !isfinite(ratio->headline) ||
            !is_outside(ratio->headline, published)) {
            continue;
        }
        struct plausibility_finding *item =
            add(finder, PLAUSIBILITY_RETURN, return_basis_name(published->basis), ratio->headline);
        item->low = published->low;
        item->high = published->high;
        item->source_id = published->source_id;
    }
}

/* ---- deadweight ---- */

/* Certainly 0: written as 0, or the name of something whose value here is 0 without spread. */
static bool is_nothing(const struct plan *plan, const struct amount *amount)
{
    if (amount->expression == NULL || amount->setting == NULL) {
        return amount->expression != NULL; /* the default of a health gain */
    }
    if (!setting_is_text(amount->setting)) {
        return amount->setting->number == 0.0;
    }
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct plan_use *use = &plan->uses[i];
        bool named = use->parameter != NULL
                         ? parameter_matches(use->parameter, amount->setting->text)
                         : strcmp(use->input->id, amount->setting->text) == 0;
        if (named) {
            return use->distribution.mean == 0.0 && !distribution_is_uncertain(&use->distribution);
        }
    }
    return false;
}

static void find_deadweight(struct finder *finder)
{
    const struct plan *plan = plan_of(finder);
    const struct model *model = plan->scenario->model;
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        if (is_nothing(plan, &model->outcomes[i].deadweight)) {
            add(finder, PLAUSIBILITY_DEADWEIGHT, model->outcomes[i].name, 0.0);
        }
    }
    for (size_t i = 0; i < model->n_qalys; ++i) {
        if (is_nothing(plan, &model->qalys[i].deadweight)) {
            add(finder, PLAUSIBILITY_DEADWEIGHT, model->qalys[i].name, 0.0);
        }
    }
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        if (is_nothing(plan, &model->health_gains[i].deadweight)) {
            add(finder, PLAUSIBILITY_DEADWEIGHT, model->health_gains[i].name, 0.0);
        }
    }
}

/* ---- what carries the case ---- */

static void find_social_value(struct finder *finder)
{
    const struct plan *plan = plan_of(finder);
    size_t total = total_of(plan);
    const struct column_statistics *net = result_find(finder->result, MEASURE_NET, total, 0, 0);
    const struct column_statistics *fiscal =
        result_find(finder->result, MEASURE_NET_FISCAL, total, 0, 0);
    if (net != NULL && fiscal != NULL && net->mean >= 0.0 && fiscal->mean < 0.0) {
        add(finder, PLAUSIBILITY_SOCIAL_VALUE, plan->whos[total].label, net->mean);
    }
}

/* Present value of all benefits with every parameter at its mean. */
static double benefits_of(const struct plan *plan)
{
    double *values = memory_array(plan->n_results + 1, sizeof *values);
    double sum = 0.0;
    simulation_central(plan, values);
    for (size_t kind = FLOW_CASHABLE; kind <= FLOW_QALY_VALUE; ++kind) {
        enum measure measure = (enum measure)((size_t)MEASURE_PV_COST_CASH + kind);
        size_t column = plan_find_result(plan, measure, total_of(plan), 0, 0);
        sum += column != SIZE_MAX ? values[column] : 0.0;
    }
    free(values);
    return sum;
}

/* The plan again, with benefits on weak evidence left out. */
static void find_weak_evidence(struct finder *finder)
{
    static const struct plan_options strong = {.measure_set = MEASURE_SET_MEMBER,
                                               .worst_grade = PLAUSIBILITY_WEAK_GRADE - 1};
    struct arena arena;
    struct diagnostics nothing;
    arena_init(&arena);
    diagnostics_init(&nothing, &arena);
    double all = benefits_of(plan_of(finder));
    const struct plan *plan =
        plan_build(&arena, finder->library, plan_of(finder)->scenario, &strong, &nothing);
    double share = plan != NULL && all > 0.0 ? 1.0 - benefits_of(plan) / all : 0.0;
    arena_clear(&arena);
    if (share > 0.5) {
        add(finder, PLAUSIBILITY_WEAK_EVIDENCE, "benefits", share);
    }
}

static void find_old_costs(struct finder *finder)
{
    const struct plan *plan = plan_of(finder);
    int now = plan->scenario->conventions.price_year;
    for (size_t i = 0; i < plan->n_demands; ++i) {
        const struct parameter *cost = plan->demands[i].demand->unit_cost_parameter;
        if (cost != NULL && cost->price_year != 0 &&
            now - cost->price_year > PLAUSIBILITY_OLD_YEARS) {
            add(finder, PLAUSIBILITY_OLD_COST, cost->identity, now - cost->price_year);
        }
    }
}

void plausibility_find(struct arena *arena, const struct library *library,
                       const struct scenario_result *results, size_t n_results,
                       const struct plausibility_finding **findings, size_t *n_findings)
{
    struct finder finder = {.arena = arena, .library = library};
    for (size_t i = 0; i < n_results; ++i) {
        const struct plan *plan = results[i].plan;
        if (results[i].statistics == NULL || plan->health != NULL || plan->bundle != NULL) {
            continue;
        }
        finder.result = &results[i];
        find_returns(&finder);
        find_deadweight(&finder);
        find_social_value(&finder);
        find_weak_evidence(&finder);
        find_old_costs(&finder);
    }
    *findings = finder.items;
    *n_findings = finder.n_items;
}
