/* The assumptions log: everything that is uncertain, assumed, overridden or an input, by what it
 * moves. */
#include "assurance/assurance_private.h"
#include "plan/measure_reference.h"
#include "plan/plan_health.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *assumption_kind_name(enum assumption_kind kind)
{
    static const char *const names[] = {"input", "override", "assumption", "sourced"};
    return names[kind];
}

size_t assurance_headline_who(const struct plan *plan)
{
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    return who != SIZE_MAX ? who : plan->n_whos - 1;
}

/* Health models: the lead of the best option over the first (where the first is best, of the best
 * of the others) at the lowest threshold, else in cost. */
static size_t best_other(const struct scenario_result *result, enum measure measure, size_t who,
                         size_t n_things, double sign)
{
    const struct plan *plan = result->plan;
    size_t best = SIZE_MAX;
    double most = -(double)INFINITY;
    for (size_t option = 1; option < plan->health->model->n_options; ++option) {
        size_t column =
            plan_find_result(plan, measure, who, 0, plan_health_item(option, n_things, 0));
        if (column != SIZE_MAX && sign * result->statistics[column].mean > most) {
            most = sign * result->statistics[column].mean;
            best = column;
        }
    }
    return best;
}

static size_t headline_column(const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    size_t who = assurance_headline_who(plan);
    if (plan->health == NULL) {
        return plan_find_result(plan, MEASURE_NET, who, 0, 0);
    }
    size_t n = plan->scenario->conventions.appraisal->n_thresholds;
    size_t column =
        n > 0 ? best_other(result, MEASURE_OPTION_NMB_DIFFERENCE, who, n, 1.0) : SIZE_MAX;
    return column != SIZE_MAX ? column
                              : best_other(result, MEASURE_OPTION_COST_DIFFERENCE, who, 1, -1.0);
}

static enum assumption_kind kind_of(const struct plan_use *use)
{
    return use->parameter == NULL                    ? ASSUMED_INPUT
           : use->override != NULL                   ? ASSUMED_OVERRIDE
           : parameter_is_assumption(use->parameter) ? ASSUMED_OUTRIGHT
                                                     : ASSUMED_SOURCED;
}

static size_t column_of(const struct plan *plan, const struct plan_use *use)
{
    for (size_t i = 0; i < plan->n_columns; ++i) {
        const struct plan_column *column = &plan->columns[i];
        bool same = use->parameter != NULL
                        ? column->parameter == use->parameter && column->override == use->override
                        : column->input == use->input;
        if (same) {
            return i;
        }
    }
    return SIZE_MAX;
}

static int compare_assumptions(const void *left, const void *right)
{
    const struct assumption *a = left, *b = right;
    double x = isnan(a->swing) ? -1.0 : a->swing, y = isnan(b->swing) ? -1.0 : b->swing;
    int by_swing = (x < y) - (x > y);
    int by_kind = (int)a->kind - (int)b->kind;
    return by_swing != 0 ? by_swing : by_kind != 0 ? by_kind : strcmp(a->identity, b->identity);
}

static struct assumption describe(const struct plan_use *use)
{
    const struct parameter *parameter = use->parameter;
    return (struct assumption){.kind = kind_of(use),
                               .identity = parameter != NULL ? parameter->identity : use->input->id,
                               .label = parameter != NULL ? parameter->label : use->input->label,
                               .unit = parameter != NULL ? parameter->unit : use->input->unit,
                               .owner = parameter != NULL ? parameter->owner : use->input->owner,
                               .use = use,
                               .at_low = (double)NAN,
                               .at_high = (double)NAN,
                               .swing = (double)NAN,
                               .share = (double)NAN};
}

static void rank(struct assumption *assumptions, size_t n)
{
    double sum = 0.0;
    qsort(assumptions, n, sizeof *assumptions, compare_assumptions);
    for (size_t i = 0; i < n; ++i) {
        sum += isfinite(assumptions[i].swing) ? assumptions[i].swing : 0.0;
    }
    for (size_t i = 0; i < n; ++i) {
        struct assumption *one = &assumptions[i];
        if (isfinite(one->swing)) {
            one->rank = i + 1;
            one->share = sum > 0.0 ? one->swing / sum : (double)NAN;
        }
    }
}

void assurance_assumptions(struct arena *arena, const struct scenario_result *result,
                           struct assurance_result *out)
{
    const struct plan *plan = result->plan;
    size_t headline = headline_column(result), n = 0;
    double *low = memory_array(plan->n_columns + 1, sizeof *low);
    double *high = memory_array(plan->n_columns + 1, sizeof *high);
    struct assumption *list = arena_array(arena, plan->n_uses + 1, sizeof *list);
    if (headline != SIZE_MAX && plan->n_columns > 0) {
        simulation_influence(plan, headline, low, high);
        out->headline = measure_reference_name(arena, plan, headline);
    }
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct plan_use *use = &plan->uses[i];
        size_t column = column_of(plan, use);
        if (kind_of(use) == ASSUMED_SOURCED && column == SIZE_MAX) {
            continue; /* certain, from a source: in the evidence tables */
        }
        list[n] = describe(use);
        if (column != SIZE_MAX && headline != SIZE_MAX) {
            list[n].at_low = low[column];
            list[n].at_high = high[column];
            list[n].swing = fabs(high[column] - low[column]);
        }
        ++n;
    }
    rank(list, n);
    free(low);
    free(high);
    out->assumptions = list;
    out->n_assumptions = n;
}
