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

#include "base/effort.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHOICE_MAX_PROGRAMMES = 200,
    CHOICE_MAX_LEVELS = 16,
    CHOICE_MAX_MEMBERS = 20,
    CHOICE_OFF = 0,
    CHOICE_GLPK_SECONDS = 60 /* in choice_solve_any */
};

struct choice_programme {
    size_t n_levels; /* besides off; 1 to CHOICE_MAX_LEVELS */
    bool must_have;  /* off is not allowed */
};

struct choice_component {
    size_t n_members;
    const size_t *members; /* programmes, rising; 1 to CHOICE_MAX_MEMBERS */
    size_t n_entries;      /* product over members of (n_levels + 1) */
    /* Entry of a portfolio: sum over members k of x[members[k]] x stride[k]; stride[0] = 1,
     * stride[k + 1] = stride[k] x (n_levels of member k + 1). */
    const size_t *strides;
    const double *values; /* [entry][n_measures]; entry 0 (all off) is all 0 */
    const double *draws;  /* [entry][n_drawn][n_draws], or NULL where n_drawn is 0 */
};

/* sum over programmes of use[i][x_i] <= limit (use[i][0] = 0): a budget of a sector, or a pool, in
 * a year. */
struct choice_row {
    const char *name;  /* "police 2026-27"; the caller's */
    const double *use; /* [level_index]; below 0 where a programme brings money in */
    double limit;      /* INFINITY: none */
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

/* Share of draws in which drawn measure `drawn` is at least `threshold`: at least `probability`
 * (1e-12 less will do; the threshold itself is taken to the last bit). */
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
    const double *additive; /* [level_index][n_measures]; NULL: all lies in components */
    size_t n_drawn, n_draws;
    const double *additive_draws; /* [level_index][n_drawn][n_draws]; NULL likewise */
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
    size_t denominator; /* SIZE_MAX, or: maximise objective / denominator; where the denominator is
                           not > 0 (the empty portfolio, say) the ratio is -INFINITY */
    struct effort *effort; /* NULL, or where searches count what they look at */
};

struct choice_solution {
    bool found; /* some portfolio satisfies everything */
    bool exact; /* proved: best, or (found false) that there is none; else heuristic */
    uint8_t level[CHOICE_MAX_PROGRAMMES];
    double value;       /* of the objective (or ratio) by choice_evaluate, at `level`; NaN */
    double bound;       /* no feasible portfolio is worth more; = value where exact and found,
                           -INFINITY where there is none; INFINITY where nothing is known */
    uint64_t n_visited; /* nodes, for reports on effort; GLPK's are not counted */
};

/* The means of all measures of a portfolio: values[n_measures]. Sums in a fixed order. */
void choice_evaluate(const struct choice_problem *problem, const uint8_t *level, double *values);
/* Draws of one drawn measure of a portfolio. */
void choice_evaluate_draws(const struct choice_problem *problem, const uint8_t *level, size_t drawn,
                           double *values);
/* Objective or ratio from evaluated means. */
double choice_objective(const struct choice_problem *problem, const double *values);

/* Levels, must-haves, rules, rows, bounds and chances. Rows and bounds have a tolerance of 1e-9 of
 * the limit or of the sum of the absolute terms, whichever is larger (rounding grows with the
 * terms). The oracle of all solvers: each answer is certified by it. */
bool choice_is_feasible(const struct choice_problem *problem, const uint8_t *level);

/* Exact: depth first over programmes with bounds (budgets that cannot be met again, and the most
 * that completions can be worth: additive gains plus each component's best still reachable entry,
 * with and without prices on budgets). Values closer than 2^-40 of the largest sum (of a ratio: of
 * itself) are ties: rounding depends on the order of sums. Ties go to the portfolio with fewer
 * programmes on, then to the one that is first in programme order: at the first programme in which
 * they differ, on before off and the smaller scale before the larger. So the answer does not depend
 * on the path. Stops at node_limit (0: none): then the best so far after exchanges, `bound` proved
 * and exact false. */
void choice_solve(const struct choice_problem *problem, uint64_t node_limit,
                  struct choice_solution *solution);

/* The linear form by GLPK in a child process (fork, pipe, deadline, memory and processor limits by
 * setrlimit): 0/1 variables, budgets, rules, bounds; components of up to 10 members and 4,096
 * entries as one variable an entry. Not for ratios, chances and larger components: STATUS_LIMIT
 * with a message. The answer is certified by choice_is_feasible and choice_evaluate; one that fails
 * is an error, never returned. A child that dies, hangs or aborts is an error with its reason.
 * exact is GLPK's word, in floating point with its tolerances; which of several best portfolios it
 * gives is not ours to say. Where time runs out it is the best so far, exact false and bound
 * INFINITY. */
enum status choice_solve_glpk(const struct choice_problem *problem, double time_limit_seconds,
                              struct choice_solution *solution, struct error *error) MUST_CHECK;

/* choice_solve within node_limit; where that is not exact and the form is linear, GLPK for at most
 * CHOICE_GLPK_SECONDS; the better of what was found and the smaller bound. An error only where
 * neither found a portfolio and GLPK failed. */
enum status choice_solve_any(const struct choice_problem *problem, uint64_t node_limit,
                             struct choice_solution *solution, struct error *error) MUST_CHECK;

#endif
