/* How a gain is spread over groups from most to least deprived. Pure: no allocation, no state.
 * method section 8.
 *
 * Groups come in order from the most deprived; people[i] > 0 weights each (a group without people
 * is left out by the caller); x is health or income a person. */
#ifndef DIVIDEND_EQUITY_EQUITY_H
#define DIVIDEND_EQUITY_EQUITY_H

#include <stdbool.h>
#include <stddef.h>

/* Weighted mean; NaN of no groups, as everything below. */
double equity_mean(size_t n, const double *people, const double *x);

/* Slope index of inequality: the slope of the weighted least squares line of x on the fractional
 * rank (midpoint of each group's range, 0 = most deprived, 1 = least): the gap between the bottom
 * and the top of society; NaN of fewer than two groups. Relative index: slope / mean; NaN unless
 * the mean is > 0 (below it the sign would turn round). */
double equity_slope_index(size_t n, const double *people, const double *x);
double equity_relative_index(size_t n, const double *people, const double *x);

/* Atkinson equally distributed equivalent at aversion e >= 0 (e = 1: geometric mean; infinite: the
 * smallest x); NaN where an x <= 0 with e > 0. Without overflow or loss at large e or e near 1
 * (works in logarithms around the smallest x, the largest where e < 1). */
double equity_atkinson_ede(size_t n, const double *people, const double *x, double aversion);

/* Kolm-Pollak equally distributed equivalent at aversion a >= 0 a unit of x (a = 0: the mean;
 * infinite: the smallest x); absolute: adding c to every x adds c. */
double equity_kolm_ede(size_t n, const double *people, const double *x, double aversion);

/* Green Book distributional weight (y_ref / y)^eta, eta 1.3; NaN unless both
 * incomes are > 0. */
double equity_green_book_weight(double income, double reference, double eta);

/* Net health benefit of each group: qalys[i] - cost_gbp / threshold x burden[i], where burden sums
 * to 1: the share of what is forgone elsewhere that falls on the group. */
void equity_net_health_benefit(size_t n, const double *qalys, double cost_gbp, double threshold,
                               const double *burden, double *net);

/* Shares of opportunity cost that sum to 1: equal a person (ratio 1), or on a gradient: a person of
 * the most deprived group bears `ratio` >= 0 times what a person of the least deprived bears, and
 * between them the burden a person is linear in the rank of slope_index. */
void equity_burden(size_t n, const double *people, double ratio, double *burden);

#endif
