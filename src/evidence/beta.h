/* The distribution function of the beta and its inverse, for any size of the evidence behind it.
 *
 * GSL's own give up beyond a size of some hundred thousand (its continued fraction stops after 512
 * terms and answers NaN), and its inverse may then not come back at all. Counts from national data
 * are that large, so beyond 10,000 the continued fraction is taken here as far as it needs to go.
 */
#ifndef DIVIDEND_EVIDENCE_BETA_H
#define DIVIDEND_EVIDENCE_BETA_H

/* P(X <= x) of a beta with shapes alpha, beta > 0; 0 below 0 and 1 above 1. Relative error of the
 * smaller tail some 1e-11 up to a size (alpha + beta) of 1e9. */
double beta_cdf(double x, double alpha, double beta);

/* The x with P(X <= x) = u, 0 < u < 1. Always comes back, after at most some hundred steps. */
double beta_quantile(double u, double alpha, double beta);

#endif
