/* What a board asks about a choice, by hand on small_choice.h. */
#include "small_choice.h"

#include <stdlib.h>

static void shadow_price_is_gain_for_the_money_added(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    struct choice_solution solution;
    const bool set[] = {true}, none[] = {false};
    choice_solve(&small.problem, 0, &solution);
    /* 8: b and d, 15; 9: a and d, 17, or a, b and c, 17 */
    assert_true(choice_shadow_price(&small.problem, set, 1.0, 0, &solution) == 1.0);
    assert_true(choice_shadow_price(&small.problem, set, 2.0, 0, &solution) == 1.5);
    assert_true(choice_shadow_price(&small.problem, none, 2.0, 0, &solution) == 0.0);
    small.programmes[A].must_have = small.programmes[D].must_have = true;
    choice_solve(&small.problem, 0, &solution);
    assert_true(isnan(choice_shadow_price(&small.problem, set, 2.0, 0, &solution)));
}

static void money_funds_the_best_first(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    const double scales[] = {0.0, 2.0 / 7.0, 3.0 / 7.0, 4.0 / 7.0, 1.0, 2.0};
    const double values[] = {0.0, 3.0, 6.0, 8.0, 14.0, 26.0};
    struct choice_solution solutions[6];
    choice_as_money_grows(&small.problem, scales, 6, 0, solutions);
    for (size_t k = 0; k < 6; ++k) {
        assert_true(solutions[k].found && solutions[k].exact && solutions[k].value == values[k]);
    }
    assert_levels(solutions[2], 0, 1, 0, 0, 0);
    assert_levels(solutions[5], 1, 1, 1, 1, 0);
}

static void each_draw_is_chosen_again(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    struct choice_solution solution;
    double inclusion[SMALL_N];
    struct choice_inclusion result = {.inclusion = inclusion};
    choice_solve(&small.problem, 0, &solution);
    choice_over_draws(&small.problem, 0, SMALL_DRAWS, 0, &solution, &result);
    /* draws 0, 1: b loses 10, c and d give 12; draw 2: a and b 14; draw 3: c gives 40, with d 49.
     * a and b give -2, -2, 14, 14: regret 14, 14, 0, 35, of which the 95 % quantile is
     * 14 + .85 x 21 */
    const double expected[] = {0.25, 0.25, 0.75, 0.75, 0.0};
    assert_memory_equal(inclusion, expected, sizeof expected);
    assert_true(result.regret == 15.75 && result.n_inexact == 0 && result.n_draws == 4);
    assert_close(result.regret_q95, 14.0 + 0.85 * 21.0, 1e-14);
}

/* 40 alike programmes have more feasible portfolios than are listed: each draw is searched. */
static void many_portfolios_are_searched_draw_by_draw(void **state)
{
    (void)state;

    enum { N = 40, N_DRAWS = 8 };
    static struct choice_programme programmes[N];
    static size_t first_level[N];
    static double additive[N], draws[N * N_DRAWS], use[N], inclusion[N];
    for (size_t i = 0; i < N; ++i) {
        programmes[i].n_levels = 1;
        first_level[i] = i;
        additive[i] = use[i] = 1.0 + (double)i / 64.0;
        for (size_t s = 0; s < N_DRAWS; ++s) {
            /* the first half in even draws, the second half in odd ones */
            draws[i * N_DRAWS + s] = (i < N / 2) == (s % 2 == 0) ? 4.0 : -1.0;
        }
    }
    const struct choice_row row = {.use = use, .limit = 1e3};
    struct choice_problem problem = {.n_programmes = N,
                                     .programmes = programmes,
                                     .first_level = first_level,
                                     .n_level_indices = N,
                                     .n_measures = 1,
                                     .additive = additive,
                                     .n_drawn = 1,
                                     .n_draws = N_DRAWS,
                                     .additive_draws = draws,
                                     .rows = &row,
                                     .n_rows = 1,
                                     .denominator = SIZE_MAX};
    struct choice_solution solution;
    struct choice_inclusion result = {.inclusion = inclusion};
    choice_solve(&problem, 0, &solution);
    choice_over_draws(&problem, 0, N_DRAWS, 0, &solution, &result);
    for (size_t i = 0; i < N; ++i) {
        assert_true(inclusion[i] == 0.5);
    }
    assert_true(result.regret == 20.0 && result.regret_q95 == 20.0 && result.n_inexact == 0);
    choice_over_draws(&problem, 0, N_DRAWS, 3, &solution, &result);
    assert_true(result.n_inexact == N_DRAWS && result.regret >= 0.0);
}

static void nothing_chosen_has_no_regret(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    small.problem.n_bounds = 1;
    small.bound = (struct choice_bound){SMALL_GAIN, 99.0};
    struct choice_solution solution;
    double inclusion[SMALL_N];
    struct choice_inclusion result = {.inclusion = inclusion};
    choice_solve(&small.problem, 0, &solution);
    choice_over_draws(&small.problem, 0, SMALL_DRAWS, 0, &solution, &result);
    assert_true(isnan(result.regret) && isnan(result.regret_q95) && inclusion[C] == 0.0);
    assert_int_equal(choice_frontier(&small.problem, SMALL_OTHER, 5, 0, &solution), 0);
}

static void frontier_against_another_measure(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    struct choice_solution solutions[8];
    /* gain, other: a b 14, 1; c d 12, 6; then b c e 8, 6 is beaten: 6 is the most within 7 */
    size_t n = choice_frontier(&small.problem, SMALL_OTHER, 8, 0, solutions);
    assert_int_equal(n, 2);
    assert_true(solutions[0].value == 14.0 && solutions[1].value == 12.0);
    assert_levels(solutions[1], 0, 0, 1, 1, 0);
    /* one pound more: b d gives 15, 3, and c d e 11, 7 */
    small.row.limit = 8.0;
    n = choice_frontier(&small.problem, SMALL_OTHER, 8, 0, solutions);
    assert_int_equal(n, 3);
    assert_levels(solutions[2], 0, 0, 1, 1, 1);
    /* fewer points than there are: the ends stay */
    n = choice_frontier(&small.problem, SMALL_OTHER, 2, 0, solutions);
    assert_int_equal(n, 2);
    assert_true(solutions[0].value == 15.0 && solutions[1].value == 11.0);
    n = choice_frontier(&small.problem, SMALL_OTHER, 1, 0, solutions);
    assert_int_equal(n, 1);
    assert_int_equal(choice_frontier(&small.problem, SMALL_OTHER, 0, 0, solutions), 0);
}

static void frontier_against_risk(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    struct choice_solution solutions[8];
    double probabilities[8];
    /* a and b reach 0 in half of the draws, c and d in all */
    size_t n = choice_frontier_of_risk(&small.problem, 0, 0.0, 8, 0, solutions, probabilities);
    assert_int_equal(n, 2);
    assert_true(probabilities[0] == 0.5 && probabilities[1] == 1.0);
    assert_true(solutions[0].value == 14.0 && solutions[1].value == 12.0);
    /* 13: a and b in two draws of four, c and d in one: nothing beats a and b */
    n = choice_frontier_of_risk(&small.problem, 0, 13.0, 8, 0, solutions, probabilities);
    assert_int_equal(n, 1);
    /* one point asked for */
    n = choice_frontier_of_risk(&small.problem, 0, 0.0, 1, 0, solutions, probabilities);
    assert_int_equal(n, 1);
    assert_true(probabilities[0] == 0.5);
}

/* With room every point is listed; without, evenly spread ones and both ends. */
static void spread_frontiers_keep_their_ends(void **state)
{
    (void)state;

    enum { N = 8, N_DRAWS = 16 };
    static struct choice_programme programmes[N];
    static size_t first_level[N];
    static double additive[N * 2], draws[N * N_DRAWS];
    for (size_t i = 0; i < N; ++i) {
        programmes[i].n_levels = 1;
        first_level[i] = i;
        /* gain 1, 2, 4 ..., other the negative of it: every portfolio is on the frontier */
        additive[i * 2] = (double)(1 << i);
        additive[i * 2 + 1] = -additive[i * 2];
        for (size_t s = 0; s < N_DRAWS; ++s) {
            draws[i * N_DRAWS + s] = s * 16 < (size_t)1 << i ? -1.0 : 0.0;
        }
    }
    struct choice_problem problem = {.n_programmes = N,
                                     .programmes = programmes,
                                     .first_level = first_level,
                                     .n_level_indices = N,
                                     .n_measures = 2,
                                     .additive = additive,
                                     .n_drawn = 1,
                                     .n_draws = N_DRAWS,
                                     .additive_draws = draws,
                                     .denominator = SIZE_MAX};
    static struct choice_solution solutions[256];
    double probabilities[256];
    assert_int_equal(choice_frontier(&problem, 1, 256, 0, solutions), 256);
    assert_int_equal(choice_frontier(&problem, 1, 6, 0, solutions), 6);
    assert_true(solutions[0].value == 255.0 && solutions[5].value == 0.0);
    assert_true(solutions[1].value == 204.0 && solutions[2].value == 153.0);
    /* programme i fails in ceil(2^i / 16) draws, and all fail where any does: 8, 4, 2, 1 of 16 */
    size_t n = choice_frontier_of_risk(&problem, 0, 0.0, 9, 0, solutions, probabilities);
    assert_int_equal(n, 5);
    assert_true(probabilities[0] == 0.5 && probabilities[3] == 15.0 / 16.0);
    assert_true(probabilities[4] == 1.0 && solutions[4].value == 0.0);
    n = choice_frontier_of_risk(&problem, 0, 0.0, 3, 0, solutions, probabilities);
    assert_int_equal(n, 3);
    assert_true(probabilities[0] == 0.5 && probabilities[1] == 0.75 && probabilities[2] == 1.0);
}

static void robust_choices(void **state)
{
    (void)state;
    struct small_choice small;
    small_choice_make(&small);
    struct choice_solution q05_best, least_regret;
    double q05 = 0.0, regret = 0.0;
    assert_true(choice_robust(&small.problem, 0, 100, &q05_best, &q05, &least_regret, &regret));
    /* c and d give 12 at worst; against 12, 12, 14, 49 they lose 2 in one draw: type 7 at .95 of
     * 0, 0, 0, 2 is .85 x 2 */
    assert_levels(q05_best, 0, 0, 1, 1, 0);
    assert_levels(least_regret, 0, 0, 1, 1, 0);
    assert_close(q05, 12.0, 1e-15);
    assert_close(regret, 1.7, 1e-12);
    assert_true(q05_best.value == 12.0 && q05_best.exact);
    assert_false(choice_robust(&small.problem, 0, 5, &q05_best, &q05, &least_regret, &regret));
    assert_false(q05_best.found || q05_best.exact);
    small.row.limit = -1.0;
    assert_true(choice_robust(&small.problem, 0, 5, &q05_best, &q05, &least_regret, &regret));
    assert_true(!q05_best.found && isnan(q05) && isnan(regret));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shadow_price_is_gain_for_the_money_added),
        cmocka_unit_test(money_funds_the_best_first),
        cmocka_unit_test(each_draw_is_chosen_again),
        cmocka_unit_test(many_portfolios_are_searched_draw_by_draw),
        cmocka_unit_test(nothing_chosen_has_no_regret),
        cmocka_unit_test(frontier_against_another_measure),
        cmocka_unit_test(frontier_against_risk),
        cmocka_unit_test(spread_frontiers_keep_their_ends),
        cmocka_unit_test(robust_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
