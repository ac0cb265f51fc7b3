/* A measure as a plain sum, and the order of portfolios. */
#include "base/arena.h"
#include "portfolio/choice_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a measure as a plain sum ---- */

static void linear_start(const struct choice_problem *problem, struct linear *linear)
{
    *linear = (struct linear){.level = memory_array(problem->n_level_indices + 1, sizeof(double)),
                              .entry = memory_array(problem->n_components + 1, sizeof(double *))};
    for (size_t c = 0; c < problem->n_components; ++c) {
        linear->entry[c] = memory_array(problem->components[c].n_entries, sizeof(double));
    }
}

void linear_of_measure(const struct choice_problem *problem, size_t measure, struct linear *linear)
{
    size_t n = problem->n_measures;
    assert(measure < n);
    linear_start(problem, linear);
    linear->constant = problem->constant != NULL ? problem->constant[measure] : 0.0;
    for (size_t i = 0; problem->additive != NULL && i < problem->n_level_indices; ++i) {
        linear->level[i] = problem->additive[i * n + measure];
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        for (size_t e = 0; e < problem->components[c].n_entries; ++e) {
            linear->entry[c][e] = problem->components[c].values[e * n + measure];
        }
    }
}

void linear_of_draw(const struct choice_problem *problem, size_t drawn, size_t draw,
                    struct linear *linear)
{
    size_t n = problem->n_draws, n_drawn = problem->n_drawn;
    assert(drawn < n_drawn && draw < n);
    linear_start(problem, linear);
    linear->constant =
        problem->constant_draws != NULL ? problem->constant_draws[drawn * n + draw] : 0.0;
    for (size_t i = 0; problem->additive_draws != NULL && i < problem->n_level_indices; ++i) {
        linear->level[i] = problem->additive_draws[(i * n_drawn + drawn) * n + draw];
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        for (size_t e = 0; e < problem->components[c].n_entries; ++e) {
            linear->entry[c][e] = problem->components[c].draws[(e * n_drawn + drawn) * n + draw];
        }
    }
}

void linear_clear(const struct choice_problem *problem, struct linear *linear)
{
    for (size_t c = 0; linear->entry != NULL && c < problem->n_components; ++c) {
        free(linear->entry[c]);
    }
    free((void *)linear->entry);
    free(linear->level);
    *linear = (struct linear){0};
}

double linear_value(const struct choice_problem *problem, const struct linear *linear,
                    const uint8_t *level)
{
    double sum = linear->constant;
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        if (level[i] != CHOICE_OFF) {
            sum += linear->level[problem->first_level[i] + level[i] - 1];
        }
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        sum += linear->entry[c][component_entry(&problem->components[c], level)];
    }
    return sum;
}

double largest_size(size_t n, const double *values)
{
    double size = 0.0;
    for (size_t i = 0; values != NULL && i < n; ++i) {
        size = fmax(size, fabs(values[i]));
    }
    return size;
}

double linear_scale(const struct choice_problem *problem, const struct linear *linear)
{
    double scale = fabs(linear->constant);
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        scale +=
            largest_size(problem->programmes[i].n_levels, linear->level + problem->first_level[i]);
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        scale += largest_size(problem->components[c].n_entries, linear->entry[c]);
    }
    return scale;
}

/* ---- what is sought ---- */

/* A power of two, so that whole pounds and pence in binary fractions lie in the middle of a grain;
 * 2^-40 of the largest sum is far above rounding and far below a penny. */
static double grain_of(const struct choice_problem *problem, const struct linear *linear)
{
    double scale = linear_scale(problem, linear);
    return scale > 0.0 ? ldexp(1.0, ilogb(scale) - 40) : 1.0;
}

void aim_of_problem(const struct choice_problem *problem, struct choice_aim *aim)
{
    *aim = (struct choice_aim){.is_ratio = problem->denominator != SIZE_MAX};
    linear_of_measure(problem, problem->objective, &aim->objective);
    aim->grain = grain_of(problem, &aim->objective);
    if (aim->is_ratio) {
        linear_of_measure(problem, problem->denominator, &aim->denominator);
    }
}

void aim_of_draw(const struct choice_problem *problem, size_t drawn, size_t draw,
                 struct choice_aim *aim)
{
    *aim = (struct choice_aim){0};
    linear_of_draw(problem, drawn, draw, &aim->objective);
    aim->grain = grain_of(problem, &aim->objective);
}

void aim_add_second(const struct choice_problem *problem, size_t measure, struct choice_aim *aim)
{
    aim->has_second = true;
    linear_of_measure(problem, measure, &aim->second);
    aim->second_grain = grain_of(problem, &aim->second);
}

void aim_clear(const struct choice_problem *problem, struct choice_aim *aim)
{
    linear_clear(problem, &aim->objective);
    linear_clear(problem, &aim->denominator);
    linear_clear(problem, &aim->second);
}

/* ---- the order of portfolios ---- */

double aim_key(const struct choice_aim *aim, double value)
{
    if (!isfinite(value)) {
        return value;
    }
    if (!aim->is_ratio) {
        return nearbyint(value / aim->grain);
    }
    /* A ratio has no scale of its own: 40 significant binary digits. */
    int exponent = 0;
    double mantissa = frexp(value, &exponent);
    return ldexp(nearbyint(ldexp(mantissa, 40)), exponent - 40);
}

void candidate_make(const struct choice_problem *problem, const struct choice_aim *aim,
                    const uint8_t *level, struct candidate *candidate)
{
    *candidate =
        (struct candidate){.found = true, .value = linear_value(problem, &aim->objective, level)};
    if (aim->is_ratio) {
        double denominator = linear_value(problem, &aim->denominator, level);
        candidate->value = denominator > 0.0 ? candidate->value / denominator : -(double)INFINITY;
    }
    candidate->key = aim_key(aim, candidate->value);
    if (aim->has_second) {
        candidate->second_key =
            nearbyint(linear_value(problem, &aim->second, level) / aim->second_grain);
    }
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        candidate->level[i] = level[i];
        candidate->n_on += level[i] != CHOICE_OFF;
    }
}

/* At the first difference: on before off, the smaller of two scales before the larger. */
static bool is_first(size_t n, const uint8_t *one, const uint8_t *other)
{
    for (size_t i = 0; i < n; ++i) {
        if (one[i] != other[i]) {
            return one[i] != CHOICE_OFF && (other[i] == CHOICE_OFF || one[i] < other[i]);
        }
    }
    return false;
}

bool candidate_beats(const struct choice_problem *problem, const struct candidate *one,
                     const struct candidate *other)
{
    if (one->found != other->found) {
        return one->found;
    }
    if (one->key != other->key) {
        return one->key > other->key;
    }
    if (one->second_key != other->second_key) {
        return one->second_key > other->second_key;
    }
    if (one->n_on != other->n_on) {
        return one->n_on < other->n_on;
    }
    return is_first(problem->n_programmes, one->level, other->level);
}
