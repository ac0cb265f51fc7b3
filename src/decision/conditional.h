/* Conditional expectations by regression on draws: E[y | x] for one parameter by a spline, for a
 * group by a polynomial. method section 5.5. Pure; scratch memory only. */
#ifndef DIVIDEND_DECISION_CONDITIONAL_H
#define DIVIDEND_DECISION_CONDITIONAL_H

#include "sample/sample.h"

/* Functions of the predictors, orthonormal over the draws: sum over draws of f_j f_k / n = [j ==
 * k]; they span the constant. */
struct basis {
    size_t n_draws, n_functions;
    double *values;     /* [function][draw] */
    const char *method; /* "spline", "levels" or "polynomial" */
};

/* One predictor: means of its levels where it has at most 32 different values (of 512 looked at),
 * else cubic B-splines with knots at quantiles, turned so that the functions run from smooth to
 * rough (Demmler and Reinsch 1975), by a penalty on second differences (P-splines, Eilers and Marx
 * 1996). */
void basis_build_spline(struct basis *basis, size_t n_draws, const double *x);

/* Several predictors: polynomials of total degree 3 (up to 6), 2 (up to 20), else 1; predictors
 * scaled to mean 0 and standard deviation 1. Dependent terms are left out. */
void basis_build_polynomial(struct basis *basis, size_t n_draws, size_t n_predictors,
                            const double *const *x);

void basis_clear(struct basis *basis);

/* fitted[i] = estimate of E[y | x_i]. Each coefficient c is multiplied by max(0, 1 - se^2 / c^2),
 * se being its Monte Carlo error: from the spread over scramblings of what the full fit leaves, so
 * that quasi-random draws, whose error is small, are smoothed little. Returns the share of the
 * variance of y that the fit explains. `shrinkage` [n_functions] may be NULL. */
double basis_fit(const struct basis *basis, const struct sampling_design *design, const double *y,
                 double *fitted, double *shrinkage);

/* The same smoother applied to z, with the shrinkage of a fit: out[i] = sum over draws k of S_ik
 * z_k. */
void basis_apply(const struct basis *basis, const double *shrinkage, const double *z, double *out);

/* Standard error of mean(x y) over n draws of a design: from the spread over scramblings, or of
 * independent draws. */
double product_standard_error(const struct sampling_design *design, size_t n_draws, const double *x,
                              const double *y);

#endif
