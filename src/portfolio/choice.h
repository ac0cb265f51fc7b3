/* Which programmes, at which scale, under which budgets? A choice problem as plain numbers, and its
 * solvers. Pure but for choice_solve_glpk, which runs a child process. method section 6.
 *
 * A portfolio x gives each programme a level: 0 off, 1 .. n_levels its scales, smallest first. The
 * value of a portfolio in a measure m (mean over draws) is
 *
 *     constant[m] + sum over programmes i of additive[i][x_i][m]
 *                 + sum over components c of table_c[index of x restricted to c's members][m]
 *
 * with additive[i][0][m] = 0. Programmes that share a demand, a step, a ceiling or a synergy form a
 * component, whose values are known for every combination of its members' levels. The same with
 * draws for the measures that constraints and objectives need by draw. */
#ifndef DIVIDEND_PORTFOLIO_CHOICE_H
#define DIVIDEND_PORTFOLIO_CHOICE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHOICE_MAX_PROGRAMMES = 200, CHOICE_MAX_MEMBERS = 20, CHOICE_OFF = 0 };

struct choice_programme {
    size_t n_levels; /* besides off; at least 1 */
    bool must_have;  /* off is not allowed */
};

struct choice_component {
    size_t n_members;
    const size_t *members; /* programmes, rising; n_members <= CHOICE_MAX_MEMBERS */
    size_t n_entries;      /* product over members of (n_levels + 1) */
    /* Entry of a portfolio: sum over members k of x[members[k]] x stride[k]; stride[0] = 1. */
    const size_t *strides;
    const double *values; /* [entry][n_measures]; entry 0 (all off) is all 0 */
    const double *draws;  /* [entry][n_drawn][n_draws], or NULL where n_drawn is 0 */
};

/* sum over programmes of use[i][x_i] <= limit (use[i][0] = 0): a budget of a sector, or a pool, in
 * a year. */
struct choice_row {
    const char *name;  /* "police 2026-27"; the caller's */
    const double *use; /* [level_index] */
    double limit;
};

enum choice_relation { CHOICE_REQUIRES, CHOICE_EXCLUDES };

/* a on needs b on; or not both. */
struct choice_rule {
    enum choice_relation relation;
    size_t a, b;
};

/* Mean of a measure: at least `bound`. */
struct choice_bound {
    size_t measure;
    double bound;
};

/* Share of draws in which drawn measure `drawn` is at least `threshold`: at least `probability`. */
struct choice_chance {
    size_t drawn;
    double threshold, probability;
};

struct choice_problem {
    size_t n_programmes;
    const struct choice_programme *programmes;
    const size_t
        *first_level; /* [n_programmes]: level_index of level 1 of programme i; levels follow */
    size_t n_level_indices; /* sum of n_levels */
    size_t n_measures;
    const double *constant; /* [n_measures]; NULL: zeros */
    const double *additive; /* [level_index][n_measures] */
    size_t n_drawn, n_draws;
    const double *additive_draws; /* [level_index][n_drawn][n_draws] */
    const double *constant_draws; /* [n_drawn][n_draws]; NULL: zeros */
    const struct choice_component *components;
    size_t n_components;
    const struct choice_row *rows;
    size_t n_rows;
    const struct choice_rule *rules;
    size_t n_rules;
    const struct choice_bound *bounds;
    size_t n_bounds;
    const struct choice_chance *chances;
    size_t n_chances;
    size_t objective;   /* measure, maximised (negate to minimise) */
    size_t denominator; /* SIZE_MAX, or: maximise objective / denominator over portfolios whose
                           denominator is > 0; ties and the empty portfolio: ratio -INFINITY */
};

struct choice_solution {
    bool found; /* some portfolio satisfies everything */
    bool exact; /* proved best; else heuristic */
    uint8_t level[CHOICE_MAX_PROGRAMMES];
    double value;       /* of the objective (or ratio) by choice_value, at `level` */
    double bound;       /* no feasible portfolio is worth more; = value where exact */
    uint64_t n_visited; /* nodes, for reports on effort */
};

/* The means of all measures of a portfolio: values[n_measures]. Sums in a fixed order. */
void choice_evaluate(const struct choice_problem *problem, const uint8_t *level, double *values);
/* Draws of one drawn measure of a portfolio. */
void choice_evaluate_draws(const struct choice_problem *problem, const uint8_t *level, size_t drawn,
                           double *values);
/* Objective or ratio from evaluated means. */
double choice_objective(const struct choice_problem *problem, const double *values);

/* Everything but what is named NULL; with a relative tolerance of 1e-9 on rows and bounds. The
 * oracle of all solvers: each answer is certified by it. */
bool choice_is_feasible(const struct choice_problem *problem, const uint8_t *level);

/* Exact: depth first over programmes with bounds (budgets that cannot be met again, optimistic
 * remaining value: additive gains plus each component's best still reachable entry). Ties go to the
 * portfolio with fewer programmes on, then to the one that is first in programme order, so that the
 * answer does not depend on the path. Stops at node_limit (0: none): then the best so far, `bound`
 * proved and exact false. */
void choice_solve(const struct choice_problem *problem, uint64_t node_limit,
                  struct choice_solution *solution);

/* The linear form by GLPK in a child process (fork, pipe, time limit, memory limit by setrlimit):
 * 0/1 variables, budgets, rules, bounds; components of up to 10 members as one 0/1 variable an
 * entry. Not for ratios and chances: STATUS_... with a message. The child's answer is certified by
 * the caller's choice_is_feasible and choice_evaluate; an answer that fails is an error, never
 * returned. A child that dies, hangs or aborts is an error with its reason. */
enum status choice_solve_glpk(const struct choice_problem *problem, double time_limit_seconds,
                              struct choice_solution *solution, struct error *error) MUST_CHECK;

/* choice_solve within node_limit; where that is not exact, GLPK where the form is linear, else
 * greedy with exchanges; the best of what was found and the smallest bound. */
enum status choice_solve_any(const struct choice_problem *problem, uint64_t node_limit,
                             struct choice_solution *solution, struct error *error) MUST_CHECK;

#endif
