/* Random choice problems, and a naive oracle that shares no code with the solvers: it lists every
 * portfolio and adds up what the header of portfolio/choice.h says. */
#ifndef DIVIDEND_TESTS_RANDOM_CHOICE_H
#define DIVIDEND_TESTS_RANDOM_CHOICE_H

#include "portfolio/choice.h"
#include "support/dice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RANDOM_MEASURES = 3, /* 0 the objective, 1 another, 2 positive: a cost */
    RANDOM_DRAWN = 2,
    RANDOM_MAX_LEVELS = 64,
    RANDOM_MAX_ENTRIES = 1024,
    RANDOM_MAX_ROWS = 6,
    RANDOM_MAX_DRAWS = 24,
    RANDOM_COMPONENTS = 2
};

struct random_choice_options {
    uint64_t seed;
    size_t n_programmes;
    bool whole; /* small whole numbers: ties and budgets met to the penny */
    bool components, ratio, chances;
};

struct random_choice {
    struct choice_problem problem;
    struct choice_programme programmes[16];
    size_t first_level[16];
    double constant[RANDOM_MEASURES];
    double additive[RANDOM_MAX_LEVELS * RANDOM_MEASURES];
    double constant_draws[RANDOM_DRAWN * RANDOM_MAX_DRAWS];
    double *additive_draws;
    struct choice_component components[RANDOM_COMPONENTS];
    size_t members[RANDOM_COMPONENTS][4], strides[RANDOM_COMPONENTS][4];
    double *values[RANDOM_COMPONENTS], *draws[RANDOM_COMPONENTS];
    struct choice_row rows[RANDOM_MAX_ROWS];
    double use[RANDOM_MAX_ROWS][RANDOM_MAX_LEVELS];
    struct choice_rule rules[4];
    struct choice_bound bounds[2];
    struct choice_chance chances[2];
};

static inline double random_number(struct dice *dice, bool whole, double low, double high)
{
    double x = dice_between(dice, low, high);
    return whole ? nearbyint(x) : x;
}

static inline void random_programmes(struct random_choice *out, struct dice *dice,
                                     const struct random_choice_options *options)
{
    struct choice_problem *problem = &out->problem;
    double many = options->n_programmes > 10 ? 0.1 : 0.3;
    problem->n_programmes = options->n_programmes;
    problem->programmes = out->programmes;
    problem->first_level = out->first_level;
    for (size_t i = 0; i < options->n_programmes; ++i) {
        out->programmes[i].n_levels = dice_chance(dice, many) ? 1 + dice_below(dice, 3) : 1;
        out->programmes[i].must_have = dice_chance(dice, 0.05);
        out->first_level[i] = problem->n_level_indices;
        problem->n_level_indices += out->programmes[i].n_levels;
    }
}

static inline void random_measures(struct random_choice *out, struct dice *dice,
                                   const struct random_choice_options *options)
{
    struct choice_problem *problem = &out->problem;
    bool whole = options->whole, with_constant = dice_chance(dice, 0.3);
    problem->n_measures = RANDOM_MEASURES;
    problem->additive = out->additive;
    problem->constant = with_constant ? out->constant : NULL;
    problem->denominator = options->ratio ? 2 : SIZE_MAX;
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        double *values = out->additive + i * RANDOM_MEASURES;
        values[0] = random_number(dice, whole, -3.0, 9.0);
        values[1] = random_number(dice, whole, -5.0, 5.0);
        values[2] =
            random_number(dice, whole, options->ratio && dice_chance(dice, 0.2) ? -2 : 0, 8);
    }
    for (size_t m = 0; m < RANDOM_MEASURES; ++m) {
        out->constant[m] = m == 2 ? 0.0 : random_number(dice, whole, -4.0, 4.0);
    }
}

static inline void random_rows(struct random_choice *out, struct dice *dice,
                               const struct random_choice_options *options)
{
    struct choice_problem *problem = &out->problem;
    problem->rows = out->rows;
    problem->n_rows = dice_below(dice, RANDOM_MAX_ROWS + 1);
    for (size_t r = 0; r < problem->n_rows; ++r) {
        double sum = 0.0;
        bool brings_in = dice_chance(dice, 0.2);
        for (size_t i = 0; i < problem->n_level_indices; ++i) {
            double use = dice_chance(dice, 0.3)
                             ? 0.0
                             : random_number(dice, options->whole, brings_in ? -3.0 : 0.0, 10.0);
            out->use[r][i] = use;
            sum += use;
        }
        double limit = sum * dice_between(dice, 0.1, 0.8);
        out->rows[r] = (struct choice_row){.name = "a row",
                                           .use = out->use[r],
                                           .limit = dice_chance(dice, 0.05)   ? 0.0
                                                    : dice_chance(dice, 0.05) ? (double)INFINITY
                                                    : options->whole          ? floor(limit)
                                                                              : limit};
    }
}

static inline void random_rules(struct random_choice *out, struct dice *dice)
{
    struct choice_problem *problem = &out->problem;
    problem->rules = out->rules;
    problem->n_rules = dice_below(dice, 4);
    for (size_t r = 0; r < problem->n_rules; ++r) {
        out->rules[r] = (struct choice_rule){.relation = dice_chance(dice, 0.5) ? CHOICE_REQUIRES
                                                                                : CHOICE_EXCLUDES,
                                             .a = dice_below(dice, problem->n_programmes),
                                             .b = dice_below(dice, problem->n_programmes)};
    }
    problem->bounds = out->bounds;
    problem->n_bounds = dice_chance(dice, 0.3) ? 1 + dice_below(dice, 2) : 0;
    for (size_t b = 0; b < problem->n_bounds; ++b) {
        out->bounds[b] = (struct choice_bound){.measure = dice_below(dice, RANDOM_MEASURES),
                                               .bound = (double)dice_below(dice, 16) - 5.0};
    }
}

static inline void random_draws(struct random_choice *out, struct dice *dice,
                                const struct random_choice_options *options)
{
    struct choice_problem *problem = &out->problem;
    problem->n_drawn = RANDOM_DRAWN;
    problem->n_draws = 1 + dice_below(dice, RANDOM_MAX_DRAWS);
    size_t n = problem->n_level_indices * RANDOM_DRAWN * problem->n_draws;
    out->additive_draws = calloc(n + 1, sizeof(double));
    for (size_t i = 0; i < n; ++i) {
        out->additive_draws[i] = random_number(dice, options->whole, -6.0, 9.0);
    }
    for (size_t i = 0; i < RANDOM_DRAWN * problem->n_draws; ++i) {
        out->constant_draws[i] = random_number(dice, options->whole, -3.0, 3.0);
    }
    problem->additive_draws = out->additive_draws;
    problem->constant_draws = dice_chance(dice, 0.5) ? out->constant_draws : NULL;
    problem->chances = out->chances;
    problem->n_chances = options->chances ? 1 + dice_below(dice, 2) : 0;
    for (size_t c = 0; c < problem->n_chances; ++c) {
        out->chances[c] = (struct choice_chance){
            .drawn = dice_below(dice, RANDOM_DRAWN),
            .threshold = (double)dice_below(dice, 9) - 4.0,
            .probability = dice_chance(dice, 0.2) ? 1.0 : dice_between(dice, 0.2, 0.9)};
    }
}

/* Two to four members each; may share programmes. Values below (rivals) or above (synergy) zero. */
static inline void random_component(struct random_choice *out, struct dice *dice, size_t c,
                                    const struct random_choice_options *options)
{
    struct choice_component *component = &out->components[c];
    size_t n = out->problem.n_programmes, wanted = 2 + dice_below(dice, 3);
    component->n_entries = 1;
    for (size_t i = 0; i < n && component->n_members < wanted; ++i) {
        size_t left = n - i, needed = wanted - component->n_members;
        if (dice_below(dice, left) < needed) {
            out->members[c][component->n_members] = i;
            out->strides[c][component->n_members++] = component->n_entries;
            component->n_entries *= out->programmes[i].n_levels + 1;
        }
    }
    component->members = out->members[c];
    component->strides = out->strides[c];
    size_t n_drawn = RANDOM_DRAWN * out->problem.n_draws;
    double low = dice_chance(dice, 0.5) ? -8.0 : 0.0, high = low < 0.0 ? 0.0 : 8.0;
    high = dice_chance(dice, 0.2) ? 8.0 : high;
    out->values[c] = calloc(component->n_entries * RANDOM_MEASURES, sizeof(double));
    out->draws[c] = calloc(component->n_entries * n_drawn, sizeof(double));
    for (size_t k = RANDOM_MEASURES; k < component->n_entries * RANDOM_MEASURES; ++k) {
        out->values[c][k] = random_number(dice, options->whole, low, high);
    }
    for (size_t k = n_drawn; k < component->n_entries * n_drawn; ++k) {
        out->draws[c][k] = random_number(dice, options->whole, low, high);
    }
    component->values = out->values[c];
    component->draws = out->draws[c];
}

static inline struct random_choice *random_choice_make(const struct random_choice_options *options)
{
    struct random_choice *out = calloc(1, sizeof *out);
    struct dice dice = {options->seed};
    random_programmes(out, &dice, options);
    random_measures(out, &dice, options);
    random_rows(out, &dice, options);
    random_rules(out, &dice);
    random_draws(out, &dice, options);
    out->problem.components = out->components;
    size_t n = options->components && options->n_programmes >= 4
                   ? 1 + dice_below(&dice, RANDOM_COMPONENTS)
                   : 0;
    for (size_t c = 0; c < n; ++c) {
        random_component(out, &dice, c, options);
    }
    out->problem.n_components = n;
    return out;
}

static inline void random_choice_free(struct random_choice *choice)
{
    free(choice->additive_draws);
    for (size_t c = 0; c < RANDOM_COMPONENTS; ++c) {
        free(choice->values[c]);
        free(choice->draws[c]);
    }
    free(choice);
}

/* ---- the oracle ---- */

struct oracle_answer {
    bool found;
    uint8_t level[16];
    double value;
    size_t n_feasible;
};

static inline double oracle_measure(const struct random_choice *c, const uint8_t *x, size_t m)
{
    double sum = c->problem.constant == NULL ? 0.0 : c->constant[m];
    for (size_t i = 0; i < c->problem.n_programmes; ++i) {
        sum += x[i] == 0 ? 0.0 : c->additive[(c->first_level[i] + x[i] - 1u) * RANDOM_MEASURES + m];
    }
    for (size_t k = 0; k < c->problem.n_components; ++k) {
        size_t entry = 0, weight = 1;
        for (size_t j = 0; j < c->components[k].n_members; ++j) {
            entry += weight * x[c->members[k][j]];
            weight *= c->programmes[c->members[k][j]].n_levels + 1;
        }
        sum += c->values[k][entry * RANDOM_MEASURES + m];
    }
    return sum;
}

static inline double oracle_draw(const struct random_choice *c, const uint8_t *x, size_t drawn,
                                 size_t s)
{
    size_t n = c->problem.n_draws;
    double sum = c->problem.constant_draws == NULL ? 0.0 : c->constant_draws[drawn * n + s];
    for (size_t i = 0; i < c->problem.n_programmes; ++i) {
        size_t index = c->first_level[i] + x[i] - 1u;
        sum += x[i] == 0 ? 0.0 : c->additive_draws[(index * RANDOM_DRAWN + drawn) * n + s];
    }
    for (size_t k = 0; k < c->problem.n_components; ++k) {
        size_t entry = 0, weight = 1;
        for (size_t j = 0; j < c->components[k].n_members; ++j) {
            entry += weight * x[c->members[k][j]];
            weight *= c->programmes[c->members[k][j]].n_levels + 1;
        }
        sum += c->draws[k][(entry * RANDOM_DRAWN + drawn) * n + s];
    }
    return sum;
}

static inline bool oracle_budgets_hold(const struct random_choice *c, const uint8_t *x)
{
    for (size_t r = 0; r < c->problem.n_rows; ++r) {
        double sum = 0.0;
        for (size_t i = 0; i < c->problem.n_programmes; ++i) {
            sum += x[i] == 0 ? 0.0 : c->use[r][c->first_level[i] + x[i] - 1u];
        }
        if (sum > c->rows[r].limit + 1e-9) {
            return false;
        }
    }
    for (size_t b = 0; b < c->problem.n_bounds; ++b) {
        if (oracle_measure(c, x, c->bounds[b].measure) < c->bounds[b].bound - 1e-9) {
            return false;
        }
    }
    return true;
}

static inline bool oracle_feasible(const struct random_choice *c, const uint8_t *x)
{
    for (size_t i = 0; i < c->problem.n_programmes; ++i) {
        if (c->programmes[i].must_have && x[i] == 0) {
            return false;
        }
    }
    for (size_t r = 0; r < c->problem.n_rules; ++r) {
        bool b = x[c->rules[r].b] > 0;
        if (x[c->rules[r].a] > 0 && (c->rules[r].relation == CHOICE_REQUIRES ? !b : b)) {
            return false;
        }
    }
    if (!oracle_budgets_hold(c, x)) {
        return false;
    }
    for (size_t k = 0; k < c->problem.n_chances; ++k) {
        size_t good = 0;
        for (size_t s = 0; s < c->problem.n_draws; ++s) {
            good += oracle_draw(c, x, c->chances[k].drawn, s) >= c->chances[k].threshold;
        }
        if ((double)good < c->chances[k].probability * (double)c->problem.n_draws - 1e-9) {
            return false;
        }
    }
    return true;
}

static inline double oracle_value(const struct random_choice *c, const uint8_t *x)
{
    double value = oracle_measure(c, x, 0);
    if (c->problem.denominator == SIZE_MAX) {
        return value;
    }
    double below = oracle_measure(c, x, 2);
    return below > 0.0 ? value / below : -(double)INFINITY;
}

static inline bool oracle_next(const struct random_choice *c, uint8_t *x)
{
    for (size_t i = 0; i < c->problem.n_programmes; ++i) {
        if (x[i] < c->programmes[i].n_levels) {
            ++x[i];
            return true;
        }
        x[i] = 0;
    }
    return false;
}

/* Fewer on; then, at the first difference, on before off and small before large. */
static inline bool oracle_wins_tie(size_t n, const uint8_t *one, const uint8_t *other)
{
    size_t on_one = 0, on_other = 0;
    for (size_t i = 0; i < n; ++i) {
        on_one += one[i] > 0;
        on_other += other[i] > 0;
    }
    if (on_one != on_other) {
        return on_one < on_other;
    }
    for (size_t i = 0; i < n; ++i) {
        if (one[i] != other[i]) {
            return one[i] > 0 && (other[i] == 0 || one[i] < other[i]);
        }
    }
    return false;
}

static inline struct oracle_answer oracle_solve(const struct random_choice *c)
{
    struct oracle_answer best = {.value = -(double)INFINITY};
    uint8_t x[16] = {0};
    do {
        if (!oracle_feasible(c, x)) {
            continue;
        }
        double value = oracle_value(c, x);
        double near = isfinite(value) ? 1e-11 * (1.0 + fabs(value)) : 0.0;
        bool tie = value == best.value || fabs(value - best.value) <= near;
        ++best.n_feasible;
        if (!best.found ||
            (tie ? oracle_wins_tie(c->problem.n_programmes, x, best.level) : value > best.value)) {
            memcpy(best.level, x, sizeof x);
            best.value = value;
        }
        best.found = true;
    } while (oracle_next(c, x));
    return best;
}

#endif
