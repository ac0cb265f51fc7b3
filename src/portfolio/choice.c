#include "base/arena.h"
#include "portfolio/choice_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double relative_tolerance = 1e-9;

size_t component_entry(const struct choice_component *component, const uint8_t *level)
{
    size_t entry = 0;
    for (size_t k = 0; k < component->n_members; ++k) {
        entry += level[component->members[k]] * component->strides[k];
    }
    assert(entry < component->n_entries);
    return entry;
}

static size_t level_index(const struct choice_problem *problem, size_t programme, size_t level)
{
    assert(level >= 1 && level <= problem->programmes[programme].n_levels);
    return problem->first_level[programme] + level - 1;
}

/* ---- values ---- */

/* Of one measure; *scale, where asked for, is the sum of the absolute terms. */
static double measure_value(const struct choice_problem *problem, size_t measure,
                            const uint8_t *level, double *scale)
{
    size_t n = problem->n_measures;
    double sum = problem->constant != NULL ? problem->constant[measure] : 0.0, size = fabs(sum);
    for (size_t i = 0; problem->additive != NULL && i < problem->n_programmes; ++i) {
        if (level[i] != CHOICE_OFF) {
            double term = problem->additive[level_index(problem, i, level[i]) * n + measure];
            sum += term;
            size += fabs(term);
        }
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        const struct choice_component *component = &problem->components[c];
        double term = component->values[component_entry(component, level) * n + measure];
        sum += term;
        size += fabs(term);
    }
    if (scale != NULL) {
        *scale = size;
    }
    return sum;
}

void choice_evaluate(const struct choice_problem *problem, const uint8_t *level, double *values)
{
    for (size_t m = 0; m < problem->n_measures; ++m) {
        values[m] = measure_value(problem, m, level, NULL);
    }
}

static void add_draws(size_t n, const double *terms, double *sums)
{
    for (size_t s = 0; s < n; ++s) {
        sums[s] += terms[s];
    }
}

void choice_evaluate_draws(const struct choice_problem *problem, const uint8_t *level, size_t drawn,
                           double *values)
{
    size_t n = problem->n_draws, n_drawn = problem->n_drawn;
    assert(drawn < n_drawn);
    memset(values, 0, n * sizeof *values);
    if (problem->constant_draws != NULL) {
        memcpy(values, problem->constant_draws + drawn * n, n * sizeof *values);
    }
    for (size_t i = 0; problem->additive_draws != NULL && i < problem->n_programmes; ++i) {
        if (level[i] != CHOICE_OFF) {
            size_t index = level_index(problem, i, level[i]);
            add_draws(n, problem->additive_draws + (index * n_drawn + drawn) * n, values);
        }
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        const struct choice_component *component = &problem->components[c];
        size_t entry = component_entry(component, level);
        add_draws(n, component->draws + (entry * n_drawn + drawn) * n, values);
    }
}

double choice_objective(const struct choice_problem *problem, const double *values)
{
    double objective = values[problem->objective];
    if (problem->denominator == SIZE_MAX) {
        return objective;
    }
    double denominator = values[problem->denominator];
    return denominator > 0.0 ? objective / denominator : -(double)INFINITY;
}

/* ---- feasibility ---- */

static bool levels_are_allowed(const struct choice_problem *problem, const uint8_t *level)
{
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        const struct choice_programme *programme = &problem->programmes[i];
        if (level[i] > programme->n_levels || (programme->must_have && level[i] == CHOICE_OFF)) {
            return false;
        }
    }
    return true;
}

static bool rules_hold(const struct choice_problem *problem, const uint8_t *level)
{
    for (size_t r = 0; r < problem->n_rules; ++r) {
        const struct choice_rule *rule = &problem->rules[r];
        bool a = level[rule->a] != CHOICE_OFF, b = level[rule->b] != CHOICE_OFF;
        if (a && b == (rule->relation == CHOICE_EXCLUDES)) {
            return false;
        }
    }
    return true;
}

static bool row_holds(const struct choice_problem *problem, const struct choice_row *row,
                      const uint8_t *level)
{
    double sum = 0.0, size = 0.0;
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        if (level[i] != CHOICE_OFF) {
            double use = row->use[level_index(problem, i, level[i])];
            sum += use;
            size += fabs(use);
        }
    }
    /* An infinite limit has no tolerance. */
    return sum <= row->limit ||
           sum - row->limit <= relative_tolerance * fmax(fabs(row->limit), size);
}

static bool bound_holds(const struct choice_problem *problem, const struct choice_bound *bound,
                        const uint8_t *level)
{
    double size = 0.0, value = measure_value(problem, bound->measure, level, &size);
    return value >= bound->bound ||
           bound->bound - value <= relative_tolerance * fmax(fabs(bound->bound), size);
}

double choice_chance_share(const struct choice_problem *problem, const struct choice_chance *chance,
                           const uint8_t *level)
{
    size_t n = problem->n_draws, count = 0;
    double *values = memory_columns(n);
    choice_evaluate_draws(problem, level, chance->drawn, values);
    for (size_t s = 0; s < n; ++s) {
        count += values[s] >= chance->threshold;
    }
    free(values);
    return n > 0 ? (double)count / (double)n : 1.0;
}

bool choice_is_feasible(const struct choice_problem *problem, const uint8_t *level)
{
    if (!levels_are_allowed(problem, level) || !rules_hold(problem, level)) {
        return false;
    }
    for (size_t r = 0; r < problem->n_rows; ++r) {
        if (!row_holds(problem, &problem->rows[r], level)) {
            return false;
        }
    }
    for (size_t b = 0; b < problem->n_bounds; ++b) {
        if (!bound_holds(problem, &problem->bounds[b], level)) {
            return false;
        }
    }
    for (size_t c = 0; c < problem->n_chances; ++c) {
        const struct choice_chance *chance = &problem->chances[c];
        if (choice_chance_share(problem, chance, level) < chance->probability - 1e-12) {
            return false;
        }
    }
    return true;
}
