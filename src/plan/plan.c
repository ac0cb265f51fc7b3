#include "plan/plan.h"

#include "plan/plan_health.h"
#include "plan/plan_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_columns(const void *a, const void *b)
{
    const struct plan_column *left = a, *right = b;
    return strcmp(left->identity, right->identity);
}

static const char *use_key(const struct plan_use *use)
{
    return use->parameter != NULL ? use->parameter->identity : use->input->id;
}

static int compare_uses(const void *a, const void *b)
{
    const struct plan_use *left = a, *right = b;
    if ((left->parameter == NULL) != (right->parameter == NULL)) {
        return left->parameter == NULL ? 1 : -1;
    }
    return strcmp(use_key(left), use_key(right));
}

void plan_build_factors(struct builder *builder)
{
    struct plan *plan = builder->plan;
    const struct conventions *conventions = &builder->scenario->conventions;
    const struct deflator_pack *deflator = conventions->deflator;
    double *costs = arena_array(builder->arena, plan->n_years, sizeof *costs);
    double *health = arena_array(builder->arena, plan->n_years, sizeof *health);
    double *nominal = arena_array(builder->arena, plan->n_years, sizeof *nominal);
    double base = pack_deflator_index(deflator, conventions->price_year, &plan->deflator_held);
    for (size_t year = 0; year < plan->n_years; ++year) {
        costs[year] =
            pack_discount_factor(&conventions->appraisal->costs, conventions->timing, year);
        health[year] =
            pack_discount_factor(&conventions->appraisal->health, conventions->timing, year);
        nominal[year] = pack_deflator_index(deflator, builder->scenario->start_year + (int)year,
                                            &plan->deflator_held) /
                        base;
    }
    plan->discount_costs = costs;
    plan->discount_health = health;
    plan->nominal_factor = nominal;
    plan->deflator_last_year = deflator->first_year + (int)deflator->n_years - 1;
    plan->qaly_value_gbp = plan->qaly_worth_gbp = NAN;
    const struct appraisal_pack *pack = conventions->appraisal;
    if (!isnan(pack->qaly_value_gbp)) {
        bool held = plan->deflator_held;
        plan->qaly_worth_gbp =
            pack->qaly_value_gbp * plan_price_factor(builder, pack->qaly_value_price_year);
        plan->qaly_value_gbp = conventions->monetise_qalys ? plan->qaly_worth_gbp : (double)NAN;
        plan->deflator_held = conventions->monetise_qalys ? plan->deflator_held : held;
    }
}

static bool needs_years(const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_demands; ++i) {
        if (plan->demands[i].release_step > 0.0 || plan->demands[i].ceiling_gbp != NULL) {
            return true;
        }
    }
    return plan->measure_set == MEASURE_SET_FULL || plan->measure_set == MEASURE_SET_MEMBER ||
           plan->n_feeds > 0;
}

const struct plan *plan_build(struct arena *arena, const struct library *library,
                              const struct scenario *scenario, const struct plan_options *options,
                              struct diagnostics *diagnostics)
{
    size_t n_errors = diagnostics->n_errors;
    struct plan *plan = arena_alloc(arena, sizeof *plan);
    *plan = (struct plan){.library = library,
                          .scenario = scenario,
                          .n_years = scenario->horizon_years,
                          .program = arena_alloc(arena, sizeof *plan->program),
                          .measure_set = options->measure_set};
    program_init(plan->program, arena, plan->n_years);
    struct builder builder = {.arena = arena,
                              .library = library,
                              .scenario = scenario,
                              .model = scenario->model,
                              .diagnostics = diagnostics,
                              .program = plan->program,
                              .plan = plan,
                              .variant = options->variant,
                              .vary_all = options->vary_all,
                              .without_irr = options->without_irr,
                              .worst_grade = options->worst_grade,
                              .extra_demands = options->extra_demands,
                              .n_extra_demands = options->n_extra_demands,
                              .group = SIZE_MAX};
    plan_build_factors(&builder);
    if (scenario->model->health != NULL) {
        plan_health_build(&builder);
    } else {
        plan_build_cells(&builder);
        plan_build_people(&builder);
        plan_build_ledger(&builder);
    }
    plan_build_layout(&builder);
    plan->present_values_only = !needs_years(plan);
    if (builder.n_columns > 0) {
        qsort(builder.columns, builder.n_columns, sizeof *builder.columns, compare_columns);
    }
    for (size_t i = 0; i < builder.n_columns; ++i) {
        struct plan_column *column = &builder.columns[i];
        column->dimension = dimension_of(library->dimensions, column->identity);
        column->correlation =
            correlation_of(library->correlations, column->parameter, &column->member);
    }
    if (builder.n_uses > 0) {
        qsort(builder.uses, builder.n_uses, sizeof *builder.uses, compare_uses);
    }
    plan->columns = builder.columns;
    plan->n_columns = builder.n_columns;
    plan->uses = builder.uses;
    plan->n_uses = builder.n_uses;
    return diagnostics->n_errors == n_errors ? plan : NULL;
}

double plan_discount(const struct plan *plan, enum flow_kind kind, size_t year)
{
    return kind == FLOW_QALY_VALUE ? plan->discount_health[year] : plan->discount_costs[year];
}

size_t plan_short_term(const struct plan *plan)
{
    return plan->n_years < 3 ? plan->n_years - 1 : 2;
}

size_t plan_find_who(const struct plan *plan, const char *id)
{
    for (size_t who = 0; who < plan->n_whos; ++who) {
        if (strcmp(plan->whos[who].id, id) == 0) {
            return who;
        }
    }
    return SIZE_MAX;
}
