/* What else a board asks about a choice: what money more is worth, how sure each programme is, what
 * is funded first, what safety and equality cost. Pure; built on choice.h. method section 6. */
#ifndef DIVIDEND_PORTFOLIO_CHOICE_STUDY_H
#define DIVIDEND_PORTFOLIO_CHOICE_STUDY_H

#include "portfolio/choice.h"

/* (best value with `increment` more in each finite row of row_set - value of `solution`) / (all
 * money added: increment x those rows). row_set [n_rows]: marked true, say, all years of one
 * partner or pool. solution: of the problem as it is. NaN where either has none, or no finite
 * ratio; 0 where no money is added. */
double choice_shadow_price(const struct choice_problem *problem, const bool *row_set,
                           double increment, uint64_t node_limit,
                           const struct choice_solution *solution);

/* Solves each of the first n_draws draws again, with the objective's value in that draw (drawn
 * measure `drawn` holds the objective) under the same rows, rules, bounds (means) and chances. A
 * ratio is no sum: with a denominator the drawn measure itself is maximised (its numerator, say).
 * inclusion [level_index]: share of draws in which the level is chosen. Where few portfolios are
 * feasible they are listed once and each draw takes its best, else each draw is searched, from
 * `solution` on; the answers are the same. Where a draw's search stops at node_limit it counts as
 * found (best so far) and *n_inexact counts it. regret: mean over draws of best value - value of
 * `solution`, never below 0; regret_q95 its 95 % quantile (type 7). Without a solution: inclusion
 * 0, regrets NaN. */
struct choice_inclusion {
    double *inclusion; /* [n_level_indices], the caller's */
    size_t n_draws, n_inexact;
    double regret, regret_q95;
};

void choice_over_draws(const struct choice_problem *problem, size_t drawn, size_t n_draws,
                       uint64_t node_limit, const struct choice_solution *solution,
                       struct choice_inclusion *inclusion);

/* Best portfolios as every limit (not below 0) is multiplied by each of `scales` (rising).
 * solutions [n_scales]. Larger budgets never give a smaller value: each search starts from the last
 * best, which stands where the search is not exact. The order of funding: the first scale at which
 * each programme is on. */
void choice_as_money_grows(const struct choice_problem *problem, const double *scales,
                           size_t n_scales, uint64_t node_limit, struct choice_solution *solutions);

/* Portfolios that no other beats both in the objective and in measure `other` (larger is better; of
 * equal objectives the larger other): swept by a rising bound on `other` (epsilon constraint), from
 * the best objective to the best `other`; at most n_points, by falling objective. All of them where
 * there is room; else those of evenly spread bounds, with both ends (from 2 points). Differences in
 * `other` below 4e-9 of its largest sum are none. Returns how many. */
size_t choice_frontier(const struct choice_problem *problem, size_t other, size_t n_points,
                       uint64_t node_limit, struct choice_solution *solutions);

/* The same against risk: share of draws in which drawn measure `drawn` is >= threshold, swept by a
 * chance constraint. solutions and probabilities [n_points]. */
size_t choice_frontier_of_risk(const struct choice_problem *problem, size_t drawn, double threshold,
                               size_t n_points, uint64_t node_limit,
                               struct choice_solution *solutions, double *probabilities);

/* Robust choices among feasible portfolios, by enumeration (at most max_portfolios feasible ones,
 * else false): the largest 5 % quantile of drawn measure `drawn`, and the smallest 95 % quantile of
 * regret against the best feasible portfolio of each draw (type 7; ties as in choice_solve). value
 * of a solution is the objective's mean; bound says nothing (INFINITY). Nothing feasible: true,
 * found false and NaN. */
bool choice_robust(const struct choice_problem *problem, size_t drawn, uint64_t max_portfolios,
                   struct choice_solution *best_q05, double *q05,
                   struct choice_solution *least_regret, double *regret_q95);

#endif
