/* Random choice problems against an oracle that lists every portfolio: no gap in the objective, the
 * same portfolio, bounds that hold where the search is stopped; GLPK on every linear one.
 * DIVIDEND_CHOICE_INSTANCES sets their number. */
#include "portfolio/choice_study.h"
#include "support/assert_close.h"
#include "support/random_choice.h"

#include <stdio.h>

enum { DEFAULT_INSTANCES = 12000, BUDGET_INSTANCES = 1500 };

static struct random_choice_options options_of(uint64_t seed)
{
    /* one in 200 has 15 programmes, the others 4 to 10 */
    return (struct random_choice_options){.seed = seed * UINT64_C(7919),
                                          .n_programmes = seed % 200 == 0 ? 15 : 4 + seed % 7,
                                          .whole = seed % 2 == 0,
                                          .components = seed % 3 == 0,
                                          .ratio = seed % 5 == 0,
                                          .chances = seed % 11 < 3};
}

static uint64_t count_instances(void)
{
    const char *wanted = getenv("DIVIDEND_CHOICE_INSTANCES");
    return wanted != NULL ? strtoull(wanted, NULL, 10) : DEFAULT_INSTANCES;
}

static bool is_close(double one, double other, double scale)
{
    return one == other || fabs(one - other) <= 1e-9 * (fabs(other) + scale);
}

static void check(bool holds, uint64_t seed, const char *what)
{
    if (!holds) {
        fail_msg("problem %llu: %s", (unsigned long long)seed, what);
    }
}

static void check_exact(const struct random_choice *choice, const struct oracle_answer *best,
                        uint64_t seed)
{
    struct choice_solution solution;
    choice_solve(&choice->problem, 0, &solution);
    check(solution.exact, seed, "the search stopped early");
    check(solution.found == best->found, seed, "found differs");
    if (!best->found) {
        check(solution.bound == -(double)INFINITY && isnan(solution.value), seed,
              "a value where nothing is feasible");
        return;
    }
    check(is_close(solution.value, best->value, 1e-3), seed, "a gap in the objective");
    check(memcmp(solution.level, best->level, choice->problem.n_programmes) == 0, seed,
          "another portfolio of the same value: ties");
    check(solution.bound == solution.value, seed, "the bound is not the value");
    double values[RANDOM_MEASURES];
    choice_evaluate(&choice->problem, solution.level, values);
    check(choice_objective(&choice->problem, values) == solution.value, seed,
          "the value is not choice_evaluate's, to the bit");
}

static void check_stopped(const struct random_choice *choice, const struct oracle_answer *best,
                          uint64_t seed)
{
    struct choice_solution solution;
    choice_solve(&choice->problem, 1 + seed % 9, &solution);
    if (solution.found) {
        check(choice_is_feasible(&choice->problem, solution.level) &&
                  oracle_feasible(choice, solution.level),
              seed, "a stopped search gave what is not feasible");
        check(solution.value <= solution.bound, seed, "a bound below the value");
        check(!(solution.value > best->value + 1e-9 * (1.0 + fabs(best->value))), seed,
              "better than the best");
    }
    check(!best->found || solution.bound >= best->value - 1e-9 * (1.0 + fabs(best->value)), seed,
          "a bound below the best");
    check(!solution.exact || is_close(solution.value, best->value, 1e-3) || !best->found, seed,
          "exact, and wrong");
}

static bool check_glpk(const struct random_choice *choice, const struct oracle_answer *best,
                       uint64_t seed)
{
    struct choice_solution solution;
    struct error error = {0};
    if (choice->problem.denominator != SIZE_MAX || choice->problem.n_chances > 0) {
        check(choice_solve_glpk(&choice->problem, 10.0, &solution, &error) == STATUS_LIMIT, seed,
              "GLPK took what is not linear");
        return false;
    }
    if (choice_solve_glpk(&choice->problem, 60.0, &solution, &error) != STATUS_OK) {
        check(false, seed, error.message);
    }
    check(solution.exact && solution.found == best->found, seed, "GLPK: found differs");
    check(!best->found || is_close(solution.value, best->value, 1e-3), seed,
          "GLPK: a gap in the objective");
    check(!best->found || oracle_feasible(choice, solution.level), seed, "GLPK: not feasible");
    return true;
}

static void no_solver_differs_from_listing_every_portfolio(void **state)
{
    (void)state;
    uint64_t n = count_instances(), n_found = 0, n_glpk = 0, n_only_off = 0;
    for (uint64_t seed = 1; seed <= n; ++seed) {
        struct random_choice_options options = options_of(seed);
        struct random_choice *choice = random_choice_make(&options);
        struct oracle_answer best = oracle_solve(choice);
        check_exact(choice, &best, seed);
        check_stopped(choice, &best, seed);
        n_glpk += check_glpk(choice, &best, seed);
        n_found += best.found;
        n_only_off += best.n_feasible == 1;
        random_choice_free(choice);
    }
    print_message(
        "%llu problems, %llu with a feasible portfolio (%llu with one only), %llu also by "
        "GLPK\n",
        (unsigned long long)n, (unsigned long long)n_found, (unsigned long long)n_only_off,
        (unsigned long long)n_glpk);
    assert_true(n_found * 2 > n);
}

/* ---- more money, and money together ---- */

static void more_money_is_never_worse(void **state)
{
    (void)state;
    const double scales[] = {0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0};

    enum { N = sizeof scales / sizeof *scales };

    for (uint64_t seed = 1; seed <= BUDGET_INSTANCES; ++seed) {
        struct random_choice_options options = options_of(seed);
        options.n_programmes = 4 + seed % 7;
        struct random_choice *choice = random_choice_make(&options);
        struct choice_solution solutions[N];
        for (size_t r = 0; r < choice->problem.n_rows; ++r) {
            /* twice a limit below zero is no more money */
            choice->rows[r].limit = fmax(0.0, choice->rows[r].limit);
        }
        choice_as_money_grows(&choice->problem, scales, N, seed % 2 == 0 ? 0 : 5, solutions);
        for (size_t k = 1; k < N; ++k) {
            check(!solutions[k - 1].found || solutions[k].found, seed, "more money, no portfolio");
            check(!solutions[k - 1].found ||
                      solutions[k].value >=
                          solutions[k - 1].value - 1e-9 * (1.0 + fabs(solutions[k - 1].value)),
                  seed, "more money, less value");
        }
        random_choice_free(choice);
    }
}

static void pooling_is_never_worse(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= BUDGET_INSTANCES; ++seed) {
        struct random_choice_options options = options_of(seed);
        options.n_programmes = 4 + seed % 7;
        struct random_choice *choice = random_choice_make(&options);
        struct choice_solution apart, together;
        choice_solve(&choice->problem, 0, &apart);
        for (size_t r = 1; r < choice->problem.n_rows; ++r) {
            choice->rows[0].limit += choice->rows[r].limit;
            for (size_t i = 0; i < choice->problem.n_level_indices; ++i) {
                choice->use[0][i] += choice->use[r][i];
            }
        }
        choice->problem.n_rows = choice->problem.n_rows > 0 ? 1 : 0;
        choice_solve(&choice->problem, 0, &together);
        check(!apart.found || together.found, seed, "pooled, no portfolio");
        check(!apart.found || together.value >= apart.value - 1e-9 * (1.0 + fabs(apart.value)),
              seed, "pooled, less value");
        random_choice_free(choice);
    }
}

/* ---- draws ---- */

static void check_draws(const struct random_choice *choice, uint64_t node_limit, uint64_t seed)
{
    const struct choice_problem *problem = &choice->problem;
    struct choice_solution solution;
    double inclusion[RANDOM_MAX_LEVELS], expected[RANDOM_MAX_LEVELS] = {0.0}, regret = 0.0;
    choice_solve(problem, 0, &solution);
    struct choice_inclusion result = {.inclusion = inclusion};
    choice_over_draws(problem, 1, problem->n_draws, node_limit, &solution, &result);
    if (!solution.found) {
        check(isnan(result.regret), seed, "regret of nothing");
        return;
    }
    for (size_t s = 0; s < problem->n_draws; ++s) {
        /* the oracle's objective becomes the draw; feasibility is asked of the real problem */
        uint8_t x[16] = {0}, best[16] = {0};
        double most = -(double)INFINITY;
        do {
            double value = oracle_feasible(choice, x) ? oracle_draw(choice, x, 1, s) : -1e300;
            bool tie = fabs(value - most) <= 1e-10;
            if (tie ? oracle_wins_tie(problem->n_programmes, x, best) : value > most) {
                most = value;
                memcpy(best, x, sizeof x);
            }
        } while (oracle_next(choice, x));
        regret += (most - oracle_draw(choice, solution.level, 1, s)) / (double)problem->n_draws;
        for (size_t i = 0; i < problem->n_programmes; ++i) {
            expected[choice->first_level[i] + (best[i] > 0 ? best[i] - 1u : 0u)] +=
                best[i] > 0 ? 1.0 / (double)problem->n_draws : 0.0;
        }
    }
    for (size_t i = 0; i < problem->n_level_indices; ++i) {
        check(fabs(inclusion[i] - expected[i]) < 1e-9, seed, "inclusion differs");
    }
    check(fabs(result.regret - regret) < 1e-9 * (1.0 + regret), seed, "regret differs");
}

static void each_draw_gets_its_best_portfolio(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; ++seed) {
        struct random_choice_options options = options_of(seed);
        options.n_programmes = 4 + seed % 4;
        struct random_choice *choice = random_choice_make(&options);
        check_draws(choice, 0, seed);
        random_choice_free(choice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_solver_differs_from_listing_every_portfolio),
        cmocka_unit_test(more_money_is_never_worse),
        cmocka_unit_test(pooling_is_never_worse),
        cmocka_unit_test(each_draw_gets_its_best_portfolio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
