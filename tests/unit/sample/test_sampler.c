/* Samplers of every family against GSL's inverse distribution functions, closed-form moments, the
 * limits of the distribution and each other: what a draw is may not depend on the block it was
 * drawn in.
 *
 * Uniforms are taken from the lattice (k + 1/2) 2^-52 that sample_uniforms gives, where 1 - u is
 * exact: off it 1 - 1e-12 has only four digits, and a comparison would test the rounding of u. */
#include "base/arena.h"
#include "sample/sample.h"
#include "support/assert_close.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include <stdlib.h>
#include <string.h>

/* How far a quantile may be from the exact one. */
enum yardstick {
    BY_TABLE, /* 4e-7 of the larger of |x| and the sd: sample.h promises 1e-6, tables reach 3.5e-7
                 at the centre */
    BY_LOGTABLE, /* that of the normal table, times sigma, on the logarithm */
    BY_PARENT,   /* that of the normal table, in units of the parent's sd */
    BY_CUT, /* the same, and the rounding of low + u (high - low) to 2^-53 seen through a thin tail
             */
    BY_FORMULA,  /* 1e-14 relative: a logarithm and a power of a few units in the last place */
    BY_ROUNDING, /* 1e-15 of the larger limit: sums, products and square roots */
    BY_VALUE     /* the same listed value */
};

struct sampler_case {
    const char *name;
    enum yardstick yardstick;
    struct distribution distribution;
    double mean, sd; /* filled by set_moments */
};

static const double listed[] = {-3.5, -1.0, 0.0, 0.25, 8.0};
static const double cumulative[] = {0.125, 0.25, 0.625, 0.9375, 1.0};

#define P(...) .p = {__VA_ARGS__}
static const struct sampler_case all_cases[] = {
    {"fixed", BY_VALUE, {.family = DISTRIBUTION_FIXED, P(280.17)}, 0, 0},
    {"normal", BY_PARENT, {.family = DISTRIBUTION_NORMAL, P(280.17, 14.0)}, 0, 0},
    {"normal about 0", BY_PARENT, {.family = DISTRIBUTION_NORMAL, P(0.0, 1.0)}, 0, 0},
    {"negative normal", BY_PARENT, {.family = DISTRIBUTION_NORMAL, P(-1e6, 250.0)}, 0, 0},
    {"truncated on both sides",
     BY_CUT,
     {.family = DISTRIBUTION_TRUNCATED_NORMAL, P(0.3, 0.2, 0.0, 1.0)},
     0,
     0},
    {"truncated below",
     BY_CUT,
     {.family = DISTRIBUTION_TRUNCATED_NORMAL, P(100.0, 90.0, 0.0, INFINITY)},
     0,
     0},
    {"truncated above",
     BY_CUT,
     {.family = DISTRIBUTION_TRUNCATED_NORMAL, P(100.0, 90.0, -INFINITY, 120.0)},
     0,
     0},
    {"upper tail alone",
     BY_CUT,
     {.family = DISTRIBUTION_TRUNCATED_NORMAL, P(0.0, 1.0, 2.0, INFINITY)},
     0,
     0},
    {"lower tail alone",
     BY_CUT,
     {.family = DISTRIBUTION_TRUNCATED_NORMAL, P(5.0, 2.0, -INFINITY, 1.0)},
     0,
     0},
    {"lognormal", BY_LOGTABLE, {.family = DISTRIBUTION_LOGNORMAL, P(-0.223144, 0.069719)}, 0, 0},
    {"wide lognormal", BY_LOGTABLE, {.family = DISTRIBUTION_LOGNORMAL, P(6.0, 0.8)}, 0, 0},
    {"beta", BY_TABLE, {.family = DISTRIBUTION_BETA, P(24.9, 58.1)}, 0, 0},
    {"flat beta", BY_TABLE, {.family = DISTRIBUTION_BETA, P(1.0, 1.0)}, 0, 0},
    {"beta of a rare event", BY_TABLE, {.family = DISTRIBUTION_BETA, P(3.0, 997.0)}, 0, 0},
    {"bath-tub beta", BY_TABLE, {.family = DISTRIBUTION_BETA, P(0.5, 0.5)}, 0, 0},
    {"beta of many people", BY_TABLE, {.family = DISTRIBUTION_BETA, P(1e4, 2e4)}, 0, 0},
    {"gamma", BY_TABLE, {.family = DISTRIBUTION_GAMMA, P(40.1111, 47.3684)}, 0, 0},
    {"gamma of shape 1", BY_TABLE, {.family = DISTRIBUTION_GAMMA, P(1.0, 3.0)}, 0, 0},
    {"gamma of a small shape", BY_TABLE, {.family = DISTRIBUTION_GAMMA, P(0.7, 900.0)}, 0, 0},
    {"gamma of a large shape", BY_TABLE, {.family = DISTRIBUTION_GAMMA, P(1e4, 0.01)}, 0, 0},
    {"weibull", BY_FORMULA, {.family = DISTRIBUTION_WEIBULL, P(1.8, 3.5)}, 0, 0},
    {"weibull of a small shape", BY_FORMULA, {.family = DISTRIBUTION_WEIBULL, P(0.6, 20.0)}, 0, 0},
    {"exponential", BY_FORMULA, {.family = DISTRIBUTION_EXPONENTIAL, P(7.25)}, 0, 0},
    {"uniform", BY_ROUNDING, {.family = DISTRIBUTION_UNIFORM, P(-0.1, 0.3)}, 0, 0},
    {"triangular", BY_ROUNDING, {.family = DISTRIBUTION_TRIANGULAR, P(-2.0, 0.5, 11.0)}, 0, 0},
    {"rising triangular", BY_ROUNDING, {.family = DISTRIBUTION_TRIANGULAR, P(0.1, 0.7, 0.7)}, 0, 0},
    {"falling triangular",
     BY_ROUNDING,
     {.family = DISTRIBUTION_TRIANGULAR, P(0.1, 0.1, 0.7)},
     0,
     0},
    {"pert", BY_TABLE, {.family = DISTRIBUTION_PERT, P(10.0, 25.0, 90.0, 4.0)}, 0, 0},
    {"pert with its mode at the end",
     BY_TABLE,
     {.family = DISTRIBUTION_PERT, P(-1.0, -1.0, 0.3, 6.5)},
     0,
     0},
    {"empirical",
     BY_VALUE,
     {.family = DISTRIBUTION_EMPIRICAL, .values = listed, .n_values = 5},
     0,
     0},
    {"discrete",
     BY_VALUE,
     {.family = DISTRIBUTION_DISCRETE, .values = listed, .weights = cumulative, .n_values = 5},
     0,
     0}};

enum { N_CASES = sizeof all_cases / sizeof *all_cases };

/* ---- closed forms ---- */

static double density_term(double x, double times)
{
    return isfinite(x) ? times * gsl_ran_ugaussian_pdf(x) : 0.0;
}

static void set_truncated_moments(struct sampler_case *row)
{
    const double *p = row->distribution.p;
    double a = (p[2] - p[0]) / p[1], b = (p[3] - p[0]) / p[1];
    double mass = a > 0.0 ? gsl_cdf_ugaussian_Q(a) - gsl_cdf_ugaussian_Q(b)
                          : gsl_cdf_ugaussian_P(b) - gsl_cdf_ugaussian_P(a);
    double shift = (density_term(a, 1.0) - density_term(b, 1.0)) / mass;
    double stretch = (density_term(a, a) - density_term(b, b)) / mass;
    row->mean = p[0] + p[1] * shift;
    row->sd = p[1] * sqrt(1.0 + stretch - shift * shift);
}

static void set_beta_moments(struct sampler_case *row, double alpha, double beta, double low,
                             double width)
{
    double sum = alpha + beta;
    row->mean = low + width * alpha / sum;
    row->sd = width * sqrt(alpha * beta / (sum + 1.0)) / sum;
}

static void set_listed_moments(struct sampler_case *row)
{
    const struct distribution *distribution = &row->distribution;
    double before = 0.0, mean = 0.0, square = 0.0;
    for (size_t i = 0; i < distribution->n_values; ++i) {
        double below = distribution->weights != NULL
                           ? distribution->weights[i]
                           : (double)(i + 1) / (double)distribution->n_values;
        mean += (below - before) * distribution->values[i];
        square += (below - before) * distribution->values[i] * distribution->values[i];
        before = below;
    }
    row->mean = mean;
    row->sd = sqrt(square - mean * mean);
}

/* Lower and upper share of a PERT's mode, which make its beta: 1 + lambda (mode - min) / (max -
 * min). */
static double pert_shape(const double *p, bool upper)
{
    return 1.0 + p[3] * (upper ? p[2] - p[1] : p[1] - p[0]) / (p[2] - p[0]);
}

static struct sampler_case with_moments(const struct sampler_case *given)
{
    struct sampler_case row = *given;
    const double *p = row.distribution.p;
    double first = 0.0;
    switch (row.distribution.family) {
    case DISTRIBUTION_FIXED:
        row.mean = p[0];
        break;
    case DISTRIBUTION_NORMAL:
        row.mean = p[0];
        row.sd = p[1];
        break;
    case DISTRIBUTION_TRUNCATED_NORMAL:
        set_truncated_moments(&row);
        break;
    case DISTRIBUTION_LOGNORMAL:
        row.mean = exp(p[0] + p[1] * p[1] / 2.0);
        row.sd = row.mean * sqrt(expm1(p[1] * p[1]));
        break;
    case DISTRIBUTION_BETA:
        set_beta_moments(&row, p[0], p[1], 0.0, 1.0);
        break;
    case DISTRIBUTION_PERT:
        set_beta_moments(&row, pert_shape(p, false), pert_shape(p, true), p[0], p[2] - p[0]);
        break;
    case DISTRIBUTION_GAMMA:
        row.mean = p[0] * p[1];
        row.sd = sqrt(p[0]) * p[1];
        break;
    case DISTRIBUTION_WEIBULL:
        first = gsl_sf_gamma(1.0 + 1.0 / p[0]);
        row.mean = p[1] * first;
        row.sd = p[1] * sqrt(gsl_sf_gamma(1.0 + 2.0 / p[0]) - first * first);
        break;
    case DISTRIBUTION_EXPONENTIAL:
        row.mean = row.sd = p[0];
        break;
    case DISTRIBUTION_UNIFORM:
        row.mean = (p[0] + p[1]) / 2.0;
        row.sd = (p[1] - p[0]) / sqrt(12.0);
        break;
    case DISTRIBUTION_TRIANGULAR:
        row.mean = (p[0] + p[1] + p[2]) / 3.0;
        row.sd = sqrt(
            (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] - p[0] * p[1] - p[0] * p[2] - p[1] * p[2]) /
            18.0);
        break;
    case DISTRIBUTION_EMPIRICAL:
    case DISTRIBUTION_DISCRETE:
        set_listed_moments(&row);
        break;
    case N_DISTRIBUTION_FAMILIES:
        break;
    }
    return row;
}

/* ---- exact quantiles ---- */

/* GSL's inverses of beta and gamma fail in places; what they give is checked through the
 * distribution function of the nearer tail, and found there by bisection where it is wrong. */
static double invert(double tail, bool upper, double found, double high, double a, double b,
                     double (*cdf)(double, double, double))
{
    if (isfinite(found) && found > 0.0 && fabs(cdf(found, a, b) - tail) <= 1e-11 * tail) {
        return found;
    }
    double low = 0.0;
    for (int step = 0; step < 300; ++step) {
        double middle = low > 0.0 && high > 4.0 * low ? sqrt(low) * sqrt(high)
                        : low > 0.0 || high > 1e-3    ? 0.5 * (low + high)
                                                      : high * 1e-3;
        if (middle <= low || middle >= high) {
            break;
        }
        if ((cdf(middle, a, b) < tail) != upper) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

static double exact_beta(double u, double a, double b)
{
    return u > 0.5
               ? invert(1.0 - u, true, gsl_cdf_beta_Qinv(1.0 - u, a, b), 1.0, a, b, gsl_cdf_beta_Q)
               : invert(u, false, gsl_cdf_beta_Pinv(u, a, b), 1.0, a, b, gsl_cdf_beta_P);
}

static double exact_gamma(double u, double shape, double scale)
{
    double high = scale * (shape + 40.0 * sqrt(shape) + 100.0);
    return u > 0.5 ? invert(1.0 - u, true, gsl_cdf_gamma_Qinv(1.0 - u, shape, scale), high, shape,
                            scale, gsl_cdf_gamma_Q)
                   : invert(u, false, gsl_cdf_gamma_Pinv(u, shape, scale), high, shape, scale,
                            gsl_cdf_gamma_P);
}

static double exact_normal(double u)
{
    return u > 0.5 ? gsl_cdf_ugaussian_Qinv(1.0 - u) : gsl_cdf_ugaussian_Pinv(u);
}

/* Through the smaller of both tails at the quantile, so that neither loses its digits. */
static double exact_truncated(const double *p, double u)
{
    double a = (p[2] - p[0]) / p[1], b = (p[3] - p[0]) / p[1];
    double below = (1.0 - u) * gsl_cdf_ugaussian_P(a) + u * gsl_cdf_ugaussian_P(b);
    double above = (1.0 - u) * gsl_cdf_ugaussian_Q(a) + u * gsl_cdf_ugaussian_Q(b);
    return p[0] +
           p[1] * (below < above ? gsl_cdf_ugaussian_Pinv(below) : gsl_cdf_ugaussian_Qinv(above));
}

static double exact_triangular(const double *p, double u)
{
    double range = p[2] - p[0];
    return u * range <= p[1] - p[0] ? p[0] + sqrt(u * range * (p[1] - p[0]))
                                    : p[2] - sqrt((1.0 - u) * range * (p[2] - p[1]));
}

static double exact_listed(const struct distribution *distribution, double u)
{
    size_t i = 0;
    double n = (double)distribution->n_values;
    while (distribution->weights != NULL ? distribution->weights[i] < u : (double)(i + 1) / n < u) {
        ++i;
    }
    return distribution->values[i];
}

static double exact_quantile(const struct distribution *distribution, double u)
{
    const double *p = distribution->p;
    bool upper = u > 0.5;
    switch (distribution->family) {
    case DISTRIBUTION_FIXED:
        return p[0];
    case DISTRIBUTION_NORMAL:
        return p[0] + p[1] * exact_normal(u);
    case DISTRIBUTION_TRUNCATED_NORMAL:
        return exact_truncated(p, u);
    case DISTRIBUTION_LOGNORMAL:
        return exp(p[0] + p[1] * exact_normal(u));
    case DISTRIBUTION_BETA:
        return exact_beta(u, p[0], p[1]);
    case DISTRIBUTION_PERT:
        return p[0] + (p[2] - p[0]) * exact_beta(u, pert_shape(p, false), pert_shape(p, true));
    case DISTRIBUTION_GAMMA:
        return exact_gamma(u, p[0], p[1]);
    case DISTRIBUTION_WEIBULL:
        return upper ? gsl_cdf_weibull_Qinv(1.0 - u, p[1], p[0])
                     : gsl_cdf_weibull_Pinv(u, p[1], p[0]);
    case DISTRIBUTION_EXPONENTIAL:
        return upper ? gsl_cdf_exponential_Qinv(1.0 - u, p[0]) : gsl_cdf_exponential_Pinv(u, p[0]);
    case DISTRIBUTION_UNIFORM:
        return upper ? gsl_cdf_flat_Qinv(1.0 - u, p[0], p[1]) : gsl_cdf_flat_Pinv(u, p[0], p[1]);
    case DISTRIBUTION_TRIANGULAR:
        return exact_triangular(p, u);
    case DISTRIBUTION_EMPIRICAL:
    case DISTRIBUTION_DISCRETE:
        return exact_listed(distribution, u);
    case N_DISTRIBUTION_FAMILIES:
        break;
    }
    return NAN;
}

/* ---- helpers ---- */

struct bench {
    struct arena arena;
    struct sampler_cache *cache;
};

static int begin(void **state)
{
    static struct bench bench;
    gsl_set_error_handler_off();
    arena_init(&bench.arena);
    bench.cache = sampler_cache_new(&bench.arena);
    *state = &bench;
    return 0;
}

static int finish(void **state)
{
    struct bench *bench = *state;
    arena_clear(&bench->arena);
    return 0;
}

static const struct sampler *sampler_of(struct bench *bench,
                                        const struct distribution *distribution)
{
    const struct sampler *sampler = NULL;
    struct error error = {0};
    if (sampler_prepare(&bench->arena, bench->cache, distribution, &sampler, &error) != STATUS_OK) {
        fail_msg("%s", error.message);
    }
    return sampler;
}

static double on_lattice(double u)
{
    return (floor(u * 0x1p52) + 0.5) * 0x1p-52;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

enum { MAX_GRID = 12000 };

/* 1, 2 and 5 of each decade from 1e-12 on, mirrored, and every hundredth; ascending. */
static size_t make_grid(double *u)
{
    size_t n = 0;
    double decade = 1e-12;
    for (int i = 0; i < 11; ++i, decade *= 10.0) {
        for (int j = 0; j < 3; ++j) {
            u[n] = on_lattice(decade * (j == 0 ? 1.0 : j == 1 ? 2.0 : 5.0));
            u[n + 1] = 1.0 - u[n];
            n += 2;
        }
    }
    for (int i = 1; i < 100; ++i) {
        u[n++] = on_lattice((double)i / 100.0);
    }
    qsort(u, n, sizeof *u, compare_doubles);
    return n;
}

/* Around every boundary between two cubics of a table (32 to an octave), both tails, and the ends
 * of the lattice. */
static size_t make_boundaries(double *u)
{
    size_t n = 0;
    for (int octave = 2; octave <= 50; ++octave) {
        for (int step = 0; step < 32; ++step) {
            double edge = ldexp(1.0 + (double)step / 32.0, -octave);
            u[n++] = edge - 0x1p-53;
            u[n++] = edge + 0x1p-53;
            u[n++] = 1.0 - (edge - 0x1p-53);
            u[n++] = 1.0 - (edge + 0x1p-53);
        }
    }
    u[n++] = 0x1p-53;
    u[n++] = 1.0 - 0x1p-53;
    u[n++] = 0.5 - 0x1p-53;
    u[n++] = 0.5 + 0x1p-53;
    for (size_t i = 0; i < n; ++i) {
        u[i] = on_lattice(u[i]);
    }
    qsort(u, n, sizeof *u, compare_doubles);
    return n;
}

/* Beyond 1e-9 sample.h promises nothing; the tables are then as good as nearer in, but a truncated
 * normal loses digits of 1 - u and is not looked at there. */
static double allowed_error(const struct sampler_case *row, double u, double exact)
{
    const double *p = row->distribution.p;
    switch (row->yardstick) {
    case BY_TABLE:
        return 1e-6 * fmax(fabs(exact), row->sd);
    case BY_LOGTABLE:
        return 1e-6 * exact * fmax(p[1], fabs(log(exact) - p[0]));
    case BY_CUT:
        return 4e-7 * fmax(p[1], fabs(exact - p[0])) + p[1] * 0x1p-53 / fmin(u, 1.0 - u);
    case BY_PARENT:
        return 4e-7 * fmax(p[1], fabs(exact - p[0])) + 1e-15 * fabs(p[0]);
    case BY_FORMULA:
        return 1e-14 * exact;
    case BY_ROUNDING:
        return 1e-15 * fmax(fabs(p[0]), fmax(fabs(p[1]), fabs(p[2])));
    case BY_VALUE:
        return 0.0;
    }
    return 0.0;
}

/* ---- tests ---- */

static void quantiles_are_those_of_gsl(void **state)
{
    static double u[MAX_GRID], values[MAX_GRID];
    size_t n = make_grid(u);
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler_case row = with_moments(&all_cases[c]);
        sampler_transform(sampler_of(*state, &row.distribution), n, u, values);
        for (size_t i = 0; i < n; ++i) {
            double exact = exact_quantile(&row.distribution, u[i]);
            bool far = u[i] < 1e-9 || u[i] > 1.0 - 1e-9;
            double allowed = allowed_error(&row, u[i], exact);
            if (row.yardstick == BY_VALUE) { /* on a step itself, rounding decides */
                allowed = fabs(exact_quantile(&row.distribution, u[i] - 1e-12) -
                               exact_quantile(&row.distribution, u[i] + 1e-12));
            }
            if (!(far && row.yardstick == BY_PARENT) && !(fabs(values[i] - exact) <= allowed)) {
                fail_msg("%s: at u = %.17g the quantile is %.17g, not %.17g within %.2g", row.name,
                         u[i], values[i], exact, allowed);
            }
        }
    }
}

/* The octaves beside the median have the widest cubics; from 1e-9 to 1e-2 out the tables do far
 * better than they promise: 2e-8 of the larger of |x| and the sd. */
static void tails_of_the_tables_are_finer_than_the_centre(void **state)
{
    static double u[MAX_GRID], values[MAX_GRID];
    size_t n = make_grid(u);
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler_case row = with_moments(&all_cases[c]);
        if (row.yardstick != BY_TABLE) {
            continue;
        }
        sampler_transform(sampler_of(*state, &row.distribution), n, u, values);
        for (size_t i = 0; i < n; ++i) {
            double exact = exact_quantile(&row.distribution, u[i]);
            if (fmin(u[i], 1.0 - u[i]) < 1e-2 &&
                !(fabs(values[i] - exact) <= 2e-8 * fmax(fabs(exact), row.sd))) {
                fail_msg("%s: at u = %.17g the quantile is %.17g, not %.17g", row.name, u[i],
                         values[i], exact);
            }
        }
    }
}

/* 200,000 draws: mean and sd within four of their standard errors, sd / sqrt(n) and
 * sd sqrt((kurtosis - 1) / (4 n)) with the kurtosis of the draws. The seed is fixed: no flicker. */
static void mean_and_sd_of_draws_are_those_of_the_distribution(void **state)
{
    enum { N = 200000 };

    double *values = memory_columns(N);
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler_case row = with_moments(&all_cases[c]);
        const struct uniform_stream stream = sample_stream(2026, row.name, 0);
        sampler_draw(sampler_of(*state, &row.distribution), &stream, 0, N, values);
        double mean = 0.0, square = 0.0, fourth = 0.0;
        for (size_t i = 0; i < N; ++i) {
            mean += (values[i] - row.mean) / N;
        }
        for (size_t i = 0; i < N; ++i) {
            double off = values[i] - row.mean - mean;
            square += off * off / N;
            fourth += off * off * off * off / N;
        }
        double mean_se = row.sd / sqrt(N);
        double sd_se =
            row.sd > 0.0 ? row.sd * sqrt((fourth / (square * square) - 1.0) / (4.0 * N)) : 0.0;
        if (!(fabs(mean) <= 4.0 * mean_se) || !(fabs(sqrt(square) - row.sd) <= 4.0 * sd_se)) {
            fail_msg("%s: mean %.10g and sd %.10g, not %.10g (se %.2g) and %.10g (se %.2g)",
                     row.name, row.mean + mean, sqrt(square), row.mean, mean_se, row.sd, sd_se);
        }
    }
    free(values);
}

static void values_stay_within_the_support(void **state)
{
    enum { N = 20000 };

    static double values[N], u[MAX_GRID];
    size_t n = make_boundaries(u);
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler_case *row = &all_cases[c];
        const struct sampler *sampler = sampler_of(*state, &row->distribution);
        const struct uniform_stream stream = sample_stream(3, row->name, 1);
        double lower = 0.0, upper = 0.0;
        distribution_support(&row->distribution, &lower, &upper);
        sampler_draw(sampler, &stream, 0, N, values);
        for (size_t i = 0; i < N; ++i) {
            assert_true(isfinite(values[i]) && values[i] >= lower && values[i] <= upper);
        }
        sampler_transform(sampler, n, u, values);
        for (size_t i = 0; i < n; ++i) {
            if (!(isfinite(values[i]) && values[i] >= lower && values[i] <= upper)) {
                fail_msg("%s: at u = %.17g the quantile %.17g is outside %g to %g", row->name, u[i],
                         values[i], lower, upper);
            }
        }
    }
}

/* Where two cubics meet they are computed apart, so that the last digits may cross: four units in
 * the last place of the larger of the value and the location. The lower and the upper half of a
 * table are fitted apart, and at the median may cross within the error they are tested to. */
static void quantiles_never_fall_as_u_rises_within_a_tail(void **state)
{
    static double values[MAX_GRID], u[MAX_GRID];
    size_t n = make_boundaries(u);
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler_case moments = with_moments(&all_cases[c]), *row = &moments;
        sampler_transform(sampler_of(*state, &row->distribution), n, u, values);
        for (size_t i = 1; i < n; ++i) {
            double rounding = 4.0 * 0x1p-52 * fmax(fabs(values[i]), fabs(row->distribution.p[0]));
            rounding += u[i - 1] < 0.5 && u[i] > 0.5 ? 4e-7 * fmax(fabs(values[i]), row->sd) : 0.0;
            if (u[i] > u[i - 1] && (u[i] < 0.5) == (u[i - 1] < 0.5) &&
                !(values[i] >= values[i - 1] - rounding)) {
                fail_msg("%s: the quantile falls from %.17g to %.17g between u = %.17g and %.17g",
                         row->name, values[i - 1], values[i], u[i - 1], u[i]);
            }
        }
    }
}

static void draws_do_not_depend_on_their_block(void **state)
{
    enum { N = 3000, START = 5 };

    static double whole[N], parts[N], u[N];
    const size_t sizes[] = {1, 2, 3, 64, 255, 256, 257, 512, 1000};
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler *sampler = sampler_of(*state, &all_cases[c].distribution);
        const struct uniform_stream stream = sample_stream(17, all_cases[c].name, 4);
        sampler_draw(sampler, &stream, START, N, whole);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; ++s) {
            for (size_t done = 0; done < N; done += sizes[s]) {
                size_t left = N - done;
                sampler_draw(sampler, &stream, START + done, left < sizes[s] ? left : sizes[s],
                             parts + done);
            }
            assert_memory_equal(whole, parts, sizeof whole);
        }
        sample_uniforms(&stream, START, N, u);
        sampler_transform(sampler, N, u, parts);
        assert_memory_equal(whole, parts, sizeof whole);
    }
}

static void a_draw_writes_nothing_beyond_its_end(void **state)
{
    double values[520];
    for (size_t c = 0; c < N_CASES; ++c) {
        const struct sampler *sampler = sampler_of(*state, &all_cases[c].distribution);
        const struct uniform_stream stream = sample_stream(5, all_cases[c].name, 0);
        for (size_t n = 0; n < 519; n += n < 20 ? 1 : 83) {
            values[n] = 12345.0;
            sampler_draw(sampler, &stream, 3, n, values);
            assert_true(values[n] == 12345.0);
        }
    }
}

/* The draws of gamma(25, 7.6) and gamma(25, 44000) are one table times their scales, to the last
 * bit. */
static void distributions_of_one_shape_share_a_table(void **state)
{
    struct bench *bench = *state;
    const struct distribution small = {.family = DISTRIBUTION_GAMMA, P(25.0, 7.6)};
    const struct distribution large = {.family = DISTRIBUTION_GAMMA, P(25.0, 44000.0)};
    const struct distribution one = {.family = DISTRIBUTION_GAMMA, P(25.0, 1.0)};
    const struct uniform_stream stream = sample_stream(1, "shared", 0);
    double standard[100], values[100];
    sampler_draw(sampler_of(bench, &one), &stream, 0, 100, standard);
    size_t n_bytes = bench->arena.n_bytes;
    sampler_draw(sampler_of(bench, &small), &stream, 0, 100, values);
    for (size_t i = 0; i < 100; ++i) {
        assert_true(values[i] == 7.6 * standard[i]);
    }
    sampler_draw(sampler_of(bench, &large), &stream, 0, 100, values);
    for (size_t i = 0; i < 100; ++i) {
        assert_true(values[i] == 44000.0 * standard[i]);
    }
    assert_true(bench->arena.n_bytes - n_bytes < 4096);
}

static void a_shape_beyond_the_tables_is_refused_by_name(void **state)
{
    struct bench *bench = *state;
    const struct distribution spike = {.family = DISTRIBUTION_GAMMA, P(0.001, 5.0)};
    const struct sampler *sampler = NULL;
    struct error error = {0};
    assert_int_equal(sampler_prepare(&bench->arena, bench->cache, &spike, &sampler, &error),
                     STATUS_NUMERIC);
    assert_non_null(strstr(error.message, "gamma"));
    assert_non_null(strstr(error.message, "0.001"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_gsl),
        cmocka_unit_test(tails_of_the_tables_are_finer_than_the_centre),
        cmocka_unit_test(mean_and_sd_of_draws_are_those_of_the_distribution),
        cmocka_unit_test(values_stay_within_the_support),
        cmocka_unit_test(quantiles_never_fall_as_u_rises_within_a_tail),
        cmocka_unit_test(draws_do_not_depend_on_their_block),
        cmocka_unit_test(a_draw_writes_nothing_beyond_its_end),
        cmocka_unit_test(distributions_of_one_shape_share_a_table),
        cmocka_unit_test(a_shape_beyond_the_tables_is_refused_by_name)};
    return cmocka_run_group_tests(tests, begin, finish);
}
