/* Probability distributions as evidence reports them, fitted to natural parameters and checked.
 * Formulas: docs/method.md section 2. GSL may fit and check here, but no bit of a result comes from
 * it. */
#ifndef DIVIDEND_EVIDENCE_DISTRIBUTION_H
#define DIVIDEND_EVIDENCE_DISTRIBUTION_H

#include "base/diagnostic.h"
#include "reader/reader.h"

enum distribution_family {
    DISTRIBUTION_FIXED,
    DISTRIBUTION_NORMAL,           /* p: mean, sd */
    DISTRIBUTION_TRUNCATED_NORMAL, /* p: parent mean, parent sd, lower, upper (may be infinite) */
    DISTRIBUTION_LOGNORMAL,        /* p: mu, sigma of the logarithm */
    DISTRIBUTION_BETA,             /* p: alpha, beta */
    DISTRIBUTION_GAMMA,            /* p: shape, scale */
    DISTRIBUTION_WEIBULL,          /* p: shape, scale */
    DISTRIBUTION_EXPONENTIAL,      /* p: mean (scale) */
    DISTRIBUTION_UNIFORM,          /* p: lower, upper */
    DISTRIBUTION_TRIANGULAR,       /* p: lower, mode, upper */
    DISTRIBUTION_PERT,             /* p: lower, mode, upper, lambda; = scaled beta */
    DISTRIBUTION_EMPIRICAL,        /* values, equally likely */
    DISTRIBUTION_DISCRETE,         /* values with weights that sum to 1 */
    N_DISTRIBUTION_FAMILIES
};

struct distribution {
    enum distribution_family family;
    double p[4];           /* natural parameters as above; FIXED: p[0] is the value */
    const double *values;  /* EMPIRICAL, DISCRETE: sorted ascending; n_values */
    const double *weights; /* DISCRETE: cumulative, last exactly 1 */
    size_t n_values;
    /* The fit shown back. */
    double mean, sd, q025, q975;
    const char *reported; /* how the source gave it: "mean 280.17, se 14" */
};

/* Reads and fits `value` (a number or a distribution group that passed the schema). Every
 * impossible or contradictory report is a diagnostic (E4xx) that names what was given and what
 * would be possible. Returns false after an error; *out is then FIXED at NaN. */
bool distribution_read(struct arena *arena, const struct setting *value, struct distribution *out,
                       struct diagnostics *diagnostics);

/* Exact quantile at u in (0, 1) by GSL or root finding: slow, for fit, checks and tests. NaN where
 * GSL fails. */
double distribution_quantile_reference(const struct distribution *distribution, double u);
/* P(X <= x), by GSL: for checks and tests. */
double distribution_cdf_reference(const struct distribution *distribution, double x);

const char *distribution_family_name(enum distribution_family family); /* "truncated_normal" */
bool distribution_family_find(const char *name, enum distribution_family *family);

/* "Beta(24.9, 58.1)" in the arena, for list, explain and manifest. */
const char *distribution_describe(struct arena *arena, const struct distribution *distribution);

/* A distribution with no uncertainty. */
struct distribution distribution_fixed(double value);
bool distribution_is_uncertain(const struct distribution *distribution);

/* Support: lowest and highest possible value (may be infinite). */
void distribution_support(const struct distribution *distribution, double *lower, double *upper);

/* The distributions behind a Dirichlet of counts: shares are gammas over their sum, and each share
 * by itself is a beta. Shapes above 0. */
struct distribution distribution_gamma(double shape, double scale);
struct distribution distribution_beta(double alpha, double beta);

#endif
