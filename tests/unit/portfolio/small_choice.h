/* A problem small enough to solve by hand: five programmes, one budget.
 *
 *   programme  a  b  c  d  e
 *   cost       4  3  2  5  1      budget 7
 *   gain       8  6  3  9 -1
 *
 * Best: a and b, 14 for 7. Next: c and d, 12 for 7; then a and c, 11 for 6. */
#ifndef DIVIDEND_TESTS_SMALL_CHOICE_H
#define DIVIDEND_TESTS_SMALL_CHOICE_H

#include "portfolio/choice_study.h"
#include "support/assert_close.h"

#include <string.h>

enum { A, B, C, D, E, SMALL_N };

enum { SMALL_GAIN, SMALL_COST, SMALL_OTHER, SMALL_MEASURES, SMALL_DRAWS = 4 };

struct small_choice {
    struct choice_problem problem;
    struct choice_programme programmes[SMALL_N];
    size_t first_level[SMALL_N];
    double additive[SMALL_N * SMALL_MEASURES], draws[SMALL_N * SMALL_DRAWS];
    double use[SMALL_N];
    struct choice_row row;
    struct choice_rule rules[2];
    struct choice_bound bound;
    struct choice_chance chance;
};

static inline void small_choice_make(struct small_choice *small)
{
    const double cost[] = {4, 3, 2, 5, 1}, gain[] = {8, 6, 3, 9, -1}, other[] = {0, 1, 4, 2, 1};
    *small = (struct small_choice){.row = {.name = "police", .use = small->use, .limit = 7.0}};
    for (size_t i = 0; i < SMALL_N; ++i) {
        small->programmes[i].n_levels = 1;
        small->first_level[i] = i;
        small->use[i] = cost[i];
        double *values = small->additive + i * SMALL_MEASURES;
        values[SMALL_GAIN] = gain[i];
        values[SMALL_COST] = cost[i];
        values[SMALL_OTHER] = other[i];
        for (size_t s = 0; s < SMALL_DRAWS; ++s) {
            small->draws[i * SMALL_DRAWS + s] = gain[i];
        }
    }
    /* b is poor in two draws of four, c grand in one */
    small->draws[B * SMALL_DRAWS] = small->draws[B * SMALL_DRAWS + 1] = -10.0;
    small->draws[C * SMALL_DRAWS + 3] = 40.0;
    small->problem = (struct choice_problem){.n_programmes = SMALL_N,
                                             .programmes = small->programmes,
                                             .first_level = small->first_level,
                                             .n_level_indices = SMALL_N,
                                             .n_measures = SMALL_MEASURES,
                                             .additive = small->additive,
                                             .n_drawn = 1,
                                             .n_draws = SMALL_DRAWS,
                                             .additive_draws = small->draws,
                                             .rows = &small->row,
                                             .n_rows = 1,
                                             .rules = small->rules,
                                             .bounds = &small->bound,
                                             .chances = &small->chance,
                                             .objective = SMALL_GAIN,
                                             .denominator = SIZE_MAX};
}

#define assert_levels(solution, ...)                                                               \
    do {                                                                                           \
        const uint8_t wanted_[] = {__VA_ARGS__};                                                   \
        assert_memory_equal((solution).level, wanted_, sizeof wanted_);                            \
    } while (0)

#endif
