/* What else a board asks about a choice: what money more is worth, how sure each programme is, what
 * is funded first, what safety and equality cost. Pure; built on choice.h. method section 6. */
#ifndef DIVIDEND_PORTFOLIO_CHOICE_STUDY_H
#define DIVIDEND_PORTFOLIO_CHOICE_STUDY_H

#include "portfolio/choice.h"

/* Gain of the best value a pound when `row_set` (rows marked true: all years of one partner or
 * pool) have `increment` more each. solution: of the problem as it is. NaN where either has none.
 */
double choice_shadow_price(const struct choice_problem *problem, const bool *row_set,
                           double increment, uint64_t node_limit,
                           const struct choice_solution *solution);

/* Solves each of the first n_draws draws again, with the objective's value in that draw (drawn
 * measure `drawn` holds the objective) under the same rows, rules, bounds (means) and chances.
 * inclusion [level_index]: share of draws in which the level is chosen. Where a draw's search stops
 * at node_limit it counts as found (best so far) and *n_inexact counts it. regret: mean over draws
 * of best value - value of `solution`; regret_q95 its 95 % quantile (type 7). */
struct choice_inclusion {
    double *inclusion; /* [n_level_indices], the caller's */
    size_t n_draws, n_inexact;
    double regret, regret_q95;
};

void choice_over_draws(const struct choice_problem *problem, size_t drawn, size_t n_draws,
                       uint64_t node_limit, const struct choice_solution *solution,
                       struct choice_inclusion *inclusion);

/* Best portfolios as every limit is multiplied by each of `scales` (rising). solutions [n_scales].
 * Larger budgets never give a smaller value: where the search is not exact, the last best stands.
 */
void choice_as_money_grows(const struct choice_problem *problem, const double *scales,
                           size_t n_scales, uint64_t node_limit, struct choice_solution *solutions);

/* Portfolios that no other beats both in the objective and in measure `other` (larger is better):
 * swept by a rising bound on `other` (epsilon constraint), from the best objective to the best
 * `other`; at most n_points, by falling objective. Returns how many. */
size_t choice_frontier(const struct choice_problem *problem, size_t other, size_t n_points,
                       uint64_t node_limit, struct choice_solution *solutions);

/* The same against risk: share of draws in which drawn measure `drawn` is >= threshold, swept by a
 * chance constraint. */
size_t choice_frontier_of_risk(const struct choice_problem *problem, size_t drawn, double threshold,
                               size_t n_points, uint64_t node_limit,
                               struct choice_solution *solutions, double *probabilities);

/* Robust choices among feasible portfolios, by enumeration (at most max_portfolios feasible ones,
 * else false): the largest 5 % quantile of drawn measure `drawn`, and the smallest 95 % quantile of
 * regret against the best feasible portfolio of each draw. */
bool choice_robust(const struct choice_problem *problem, size_t drawn, uint64_t max_portfolios,
                   struct choice_solution *best_q05, double *q05,
                   struct choice_solution *least_regret, double *regret_q95);

#endif
