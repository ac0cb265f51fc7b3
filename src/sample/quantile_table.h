/* Quantile tables of gamma, beta and normal, built by integrating the density; private to sample/.
 */
#ifndef DIVIDEND_SAMPLE_QUANTILE_TABLE_H
#define DIVIDEND_SAMPLE_QUANTILE_TABLE_H

#include "base/arena.h"

enum table_family { TABLE_NORMAL, TABLE_GAMMA, TABLE_BETA };

/* Fills coefficients[2 * TABLE_INTERVALS * 4] with cubics of the standard quantile function:
 * normal(0, 1), gamma(a, 1) or beta(a, b). Both tails are integrated from far out to the centre,
 * where they must meet: their sum must be the closed-form normalising constant within 1e-9, else
 * STATUS_NUMERIC. Uses no libm. */
enum status quantile_table_build(enum table_family family, double a, double b, double *coefficients,
                                 struct error *error) MUST_CHECK;

/* P(Z <= x) of a standard normal, relative error about 1e-14 for x <= 0. */
double quantile_table_normal_cdf(double x);

#endif
