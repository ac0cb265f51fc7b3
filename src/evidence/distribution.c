/* What a distribution is once fitted: moments, support, quantiles for reference. The fits are in
 * distribution_read.c. GSL checks here; no bit of a result comes from it. */
#include "evidence/distribution.h"

#include "base/text.h"
#include "evidence/beta.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const family_names[N_DISTRIBUTION_FAMILIES] = {
    [DISTRIBUTION_FIXED] = "fixed",
    [DISTRIBUTION_NORMAL] = "normal",
    [DISTRIBUTION_TRUNCATED_NORMAL] = "truncated_normal",
    [DISTRIBUTION_LOGNORMAL] = "lognormal",
    [DISTRIBUTION_BETA] = "beta",
    [DISTRIBUTION_GAMMA] = "gamma",
    [DISTRIBUTION_WEIBULL] = "weibull",
    [DISTRIBUTION_EXPONENTIAL] = "exponential",
    [DISTRIBUTION_UNIFORM] = "uniform",
    [DISTRIBUTION_TRIANGULAR] = "triangular",
    [DISTRIBUTION_PERT] = "pert",
    [DISTRIBUTION_EMPIRICAL] = "empirical",
    [DISTRIBUTION_DISCRETE] = "discrete"};

const char *distribution_family_name(enum distribution_family family)
{
    return family_names[family];
}

bool distribution_family_find(const char *name, enum distribution_family *family)
{
    for (size_t i = 0; i < N_DISTRIBUTION_FAMILIES; ++i) {
        if (strcmp(family_names[i], name) == 0) {
            *family = (enum distribution_family)i;
            return true;
        }
    }
    return false;
}

struct distribution distribution_fixed(double value)
{
    return (struct distribution){.family = DISTRIBUTION_FIXED,
                                 .p = {value},
                                 .mean = value,
                                 .sd = 0.0,
                                 .q025 = value,
                                 .q975 = value,
                                 .reported = "fixed"};
}

bool distribution_is_uncertain(const struct distribution *distribution)
{
    return distribution->family != DISTRIBUTION_FIXED;
}

void distribution_support(const struct distribution *distribution, double *lower, double *upper)
{
    const double *p = distribution->p;
    *lower = -(double)INFINITY;
    *upper = (double)INFINITY;
    switch (distribution->family) {
    case DISTRIBUTION_FIXED:
        *lower = *upper = p[0];
        return;
    case DISTRIBUTION_NORMAL:
        return;
    case DISTRIBUTION_TRUNCATED_NORMAL:
        *lower = p[2];
        *upper = p[3];
        return;
    case DISTRIBUTION_BETA:
        *lower = 0.0;
        *upper = 1.0;
        return;
    case DISTRIBUTION_LOGNORMAL:
    case DISTRIBUTION_GAMMA:
    case DISTRIBUTION_WEIBULL:
    case DISTRIBUTION_EXPONENTIAL:
        *lower = 0.0;
        return;
    case DISTRIBUTION_UNIFORM:
        *lower = p[0];
        *upper = p[1];
        return;
    case DISTRIBUTION_TRIANGULAR:
    case DISTRIBUTION_PERT:
        *lower = p[0];
        *upper = p[2];
        return;
    case DISTRIBUTION_EMPIRICAL:
    case DISTRIBUTION_DISCRETE:
        *lower = distribution->values[0];
        *upper = distribution->values[distribution->n_values - 1];
        return;
    case N_DISTRIBUTION_FAMILIES:
        return;
    }
}

/* Shapes of the beta behind a PERT: mean (min + lambda mode + max) / (lambda + 2). method 2.4. */
static void pert_shapes(const double *p, double *alpha, double *beta)
{
    double range = p[2] - p[0];
    *alpha = 1.0 + p[3] * (p[1] - p[0]) / range;
    *beta = 1.0 + p[3] * (p[2] - p[1]) / range;
}

static double triangular_cdf(const double *p, double x)
{
    if (x <= p[0]) {
        return 0.0;
    }
    if (x >= p[2]) {
        return 1.0;
    }
    double range = p[2] - p[0];
    return x <= p[1] ? (x - p[0]) * (x - p[0]) / (range * (p[1] - p[0]))
                     : 1.0 - (p[2] - x) * (p[2] - x) / (range * (p[2] - p[1]));
}

static double listed_cdf(const struct distribution *distribution, double x)
{
    double below = 0.0;
    for (size_t i = 0; i < distribution->n_values; ++i) {
        if (distribution->values[i] <= x) {
            below = distribution->family == DISTRIBUTION_DISCRETE
                        ? distribution->weights[i]
                        : (double)(i + 1) / (double)distribution->n_values;
        }
    }
    return below;
}

static double clamp_share(double x, double lower, double upper)
{
    return x <= lower ? 0.0 : x >= upper ? 1.0 : (x - lower) / (upper - lower);
}

/* Through the upper tail where the support lies above the parent's mean, so that no digits cancel.
 */
static double truncated_cdf(const double *p, double x)
{
    double a = (p[2] - p[0]) / p[1], b = (p[3] - p[0]) / p[1], z = (x - p[0]) / p[1];
    double (*tail)(double) = a > 0.0 ? gsl_cdf_ugaussian_Q : gsl_cdf_ugaussian_P;
    return (tail(z) - tail(a)) / (tail(b) - tail(a));
}

double distribution_cdf_reference(const struct distribution *distribution, double x)
{
    const double *p = distribution->p;
    double alpha = 0.0, beta = 0.0;
    switch (distribution->family) {
    case DISTRIBUTION_FIXED:
        return x >= p[0] ? 1.0 : 0.0;
    case DISTRIBUTION_NORMAL:
        return gsl_cdf_ugaussian_P((x - p[0]) / p[1]);
    case DISTRIBUTION_TRUNCATED_NORMAL:
        return x <= p[2] ? 0.0 : x >= p[3] ? 1.0 : truncated_cdf(p, x);
    case DISTRIBUTION_LOGNORMAL:
        return x <= 0.0 ? 0.0 : gsl_cdf_ugaussian_P((log(x) - p[0]) / p[1]);
    case DISTRIBUTION_BETA:
        return beta_cdf(x, p[0], p[1]);
    case DISTRIBUTION_GAMMA:
        return x <= 0.0 ? 0.0 : isinf(x) ? 1.0 : gsl_cdf_gamma_P(x, p[0], p[1]);
    case DISTRIBUTION_WEIBULL:
        return x <= 0.0 ? 0.0 : -expm1(-pow(x / p[1], p[0]));
    case DISTRIBUTION_EXPONENTIAL:
        return x <= 0.0 ? 0.0 : -expm1(-x / p[0]);
    case DISTRIBUTION_UNIFORM:
        return clamp_share(x, p[0], p[1]);
    case DISTRIBUTION_TRIANGULAR:
        return triangular_cdf(p, x);
    case DISTRIBUTION_PERT:
        pert_shapes(p, &alpha, &beta);
        x = clamp_share(x, p[0], p[2]);
        return beta_cdf(x, alpha, beta);
    case DISTRIBUTION_EMPIRICAL:
    case DISTRIBUTION_DISCRETE:
        return listed_cdf(distribution, x);
    case N_DISTRIBUTION_FAMILIES:
        break;
    }
    return (double)NAN;
}

/* Finds u by bisection on a distribution function, in the logarithm while the bracket spans
 * decades. */
static double bisect_quantile(double u, double high, const double *p,
                              double (*cdf)(double, double, double))
{
    double low = 0.0;
    for (int step = 0; step < 1100; ++step) {
        double middle = low > 0.0 && high / low > 4.0 ? sqrt(low) * sqrt(high) : 0.5 * (low + high);
        if (low == 0.0 && high < 1e-3) {
            middle = high * 1e-3;
        }
        if (middle <= low || middle >= high) {
            break;
        }
        if (cdf(middle, p[0], p[1]) < u) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

/* GSL's inverse of the gamma fails in places (no convergence, NaN inside the body): what it
 * gives is checked through the distribution function, and found by bisection where it is wrong. */
static double checked_quantile(double found, double u, double high, const double *p,
                               double (*cdf)(double, double, double))
{
    bool good = isfinite(found) && found > 0.0 && fabs(cdf(found, p[0], p[1]) - u) <= 1e-12 * u;
    return good ? found : bisect_quantile(u, high, p, cdf);
}

static double gamma_quantile(double u, double shape, double scale)
{
    const double p[2] = {shape, scale};
    double high = scale * (shape + 40.0 * sqrt(shape) + 800.0);
    return checked_quantile(gsl_cdf_gamma_Pinv(u, shape, scale), u, high, p, gsl_cdf_gamma_P);
}

static double listed_quantile(const struct distribution *distribution, double u)
{
    for (size_t i = 0; i < distribution->n_values; ++i) {
        double below = distribution->family == DISTRIBUTION_DISCRETE
                           ? distribution->weights[i]
                           : (double)(i + 1) / (double)distribution->n_values;
        if (u <= below) {
            return distribution->values[i];
        }
    }
    return distribution->values[distribution->n_values - 1];
}

static double triangular_quantile(const double *p, double u)
{
    double range = p[2] - p[0];
    double at_mode = (p[1] - p[0]) / range;
    return u <= at_mode ? p[0] + sqrt(u * range * (p[1] - p[0]))
                        : p[2] - sqrt((1.0 - u) * range * (p[2] - p[1]));
}

static double truncated_quantile(const double *p, double u)
{
    double a = (p[2] - p[0]) / p[1], b = (p[3] - p[0]) / p[1];
    if (a > 0.0) {
        double top = gsl_cdf_ugaussian_Q(a), bottom = gsl_cdf_ugaussian_Q(b);
        return p[0] + p[1] * gsl_cdf_ugaussian_Qinv(top - u * (top - bottom));
    }
    double low = gsl_cdf_ugaussian_P(a), high = gsl_cdf_ugaussian_P(b);
    return p[0] + p[1] * gsl_cdf_ugaussian_Pinv(low + u * (high - low));
}

double distribution_quantile_reference(const struct distribution *distribution, double u)
{
    const double *p = distribution->p;
    double alpha = 0.0, beta = 0.0;
    switch (distribution->family) {
    case DISTRIBUTION_FIXED:
        return p[0];
    case DISTRIBUTION_NORMAL:
        return p[0] + p[1] * gsl_cdf_ugaussian_Pinv(u);
    case DISTRIBUTION_TRUNCATED_NORMAL:
        return truncated_quantile(p, u);
    case DISTRIBUTION_LOGNORMAL:
        return exp(p[0] + p[1] * gsl_cdf_ugaussian_Pinv(u));
    case DISTRIBUTION_BETA:
        return beta_quantile(u, p[0], p[1]);
    case DISTRIBUTION_GAMMA:
        return gamma_quantile(u, p[0], p[1]);
    case DISTRIBUTION_WEIBULL:
        return p[1] * pow(-log1p(-u), 1.0 / p[0]);
    case DISTRIBUTION_EXPONENTIAL:
        return -p[0] * log1p(-u);
    case DISTRIBUTION_UNIFORM:
        return p[0] + u * (p[1] - p[0]);
    case DISTRIBUTION_TRIANGULAR:
        return triangular_quantile(p, u);
    case DISTRIBUTION_PERT:
        pert_shapes(p, &alpha, &beta);
        return p[0] + (p[2] - p[0]) * beta_quantile(u, alpha, beta);
    case DISTRIBUTION_EMPIRICAL:
    case DISTRIBUTION_DISCRETE:
        return listed_quantile(distribution, u);
    case N_DISTRIBUTION_FAMILIES:
        break;
    }
    return (double)NAN;
}

/* "Beta(24.9, 58.1)" */
const char *distribution_describe(struct arena *arena, const struct distribution *distribution)
{
    static const int n_parameters[N_DISTRIBUTION_FAMILIES] = {[DISTRIBUTION_FIXED] = 1,
                                                              [DISTRIBUTION_NORMAL] = 2,
                                                              [DISTRIBUTION_TRUNCATED_NORMAL] = 4,
                                                              [DISTRIBUTION_LOGNORMAL] = 2,
                                                              [DISTRIBUTION_BETA] = 2,
                                                              [DISTRIBUTION_GAMMA] = 2,
                                                              [DISTRIBUTION_WEIBULL] = 2,
                                                              [DISTRIBUTION_EXPONENTIAL] = 1,
                                                              [DISTRIBUTION_UNIFORM] = 2,
                                                              [DISTRIBUTION_TRIANGULAR] = 3,
                                                              [DISTRIBUTION_PERT] = 4};
    struct text out;
    text_init(&out);
    if (distribution->family == DISTRIBUTION_FIXED) {
        text_printf(&out, "%.6g", distribution->p[0]);
    } else if (distribution->values != NULL) {
        text_printf(&out, "%s(%zu values)", family_names[distribution->family],
                    distribution->n_values);
    } else {
        text_append(&out, family_names[distribution->family]);
        for (int i = 0; i < n_parameters[distribution->family]; ++i) {
            text_printf(&out, i == 0 ? "(%.6g" : ", %.6g", distribution->p[i]);
        }
        text_append(&out, ")");
    }
    if (out.bytes[0] >= 'a' && out.bytes[0] <= 'z') {
        out.bytes[0] = (char)(out.bytes[0] - 'a' + 'A');
    }
    const char *words = arena_copy_text(arena, out.bytes);
    text_clear(&out);
    return words;
}
