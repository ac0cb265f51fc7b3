#include "evidence/beta.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>

static const double large_size = 1e4;

/* x^alpha (1-x)^beta / B(alpha, beta), around the mean m = alpha / n with n = alpha + beta: the
 * large terms of the logarithms cancel on paper rather than in the machine. Stirling's remainder is
 * GSL's gammastar (Temme). Catherine Loader, Fast and accurate computation of binomial
 * probabilities, 2000, has the idea. */
static double large_prefactor(double x, double alpha, double beta)
{
    const double pi = 3.14159265358979323846;
    double n = alpha + beta;
    double m = alpha / n;
    double deviance = alpha * gsl_sf_log_1plusx_mx((x - m) / m) +
                      beta * gsl_sf_log_1plusx_mx((m - x) / (beta / n));
    return exp(deviance) * sqrt(alpha / n * beta / (2.0 * pi)) * gsl_sf_gammastar(n) /
           (gsl_sf_gammastar(alpha) * gsl_sf_gammastar(beta));
}

/* The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method; some
 * sqrt(n) terms where x lies below the mean. */
static double continued_fraction(double x, double alpha, double beta)
{
    const double tiny = 1e-300;
    double c = 1.0;
    double d = 1.0 - (alpha + beta) * x / (alpha + 1.0);
    d = 1.0 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int term = 1; term < 1000000; ++term) {
        double m = term;
        double even = m * (beta - m) * x / ((alpha + 2.0 * m - 1.0) * (alpha + 2.0 * m));
        double odd =
            -(alpha + m) * (alpha + beta + m) * x / ((alpha + 2.0 * m) * (alpha + 2.0 * m + 1.0));
        d = 1.0 + even * d;
        c = 1.0 + even / c;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        d = 1.0 + odd * d;
        c = 1.0 + odd / c;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        double factor = d * c;
        value *= factor;
        if (fabs(factor - 1.0) <= 2.0 * DBL_EPSILON) {
            break;
        }
    }
    return value;
}

static bool is_large(double alpha, double beta)
{
    return alpha + beta > large_size && alpha > 10.0 && beta > 10.0;
}

static double large_cdf(double x, double alpha, double beta, bool upper)
{
    bool below = x < (alpha + 1.0) / (alpha + beta + 2.0);
    double prefactor = large_prefactor(x, alpha, beta);
    double tail = below ? prefactor * continued_fraction(x, alpha, beta) / alpha
                        : prefactor * continued_fraction(1.0 - x, beta, alpha) / beta;
    return below == upper ? 1.0 - tail : tail;
}

static double tail_at(double x, double alpha, double beta, bool upper)
{
    if (x <= 0.0 || x >= 1.0) {
        return (x <= 0.0) == upper ? 1.0 : 0.0;
    }
    if (is_large(alpha, beta)) {
        return large_cdf(x, alpha, beta, upper);
    }
    return upper ? gsl_cdf_beta_Q(x, alpha, beta) : gsl_cdf_beta_P(x, alpha, beta);
}

static double density(double x, double alpha, double beta)
{
    return is_large(alpha, beta) ? large_prefactor(x, alpha, beta) / (x * (1.0 - x))
                                 : gsl_ran_beta_pdf(x, alpha, beta);
}

double beta_cdf(double x, double alpha, double beta)
{
    return tail_at(x, alpha, beta, false);
}

/* Halves a bracket: in the logarithm while it spans decades. */
static double between(double low, double high)
{
    if (low == 0.0) {
        return high < 1e-3 ? high * 1e-3 : 0.5 * high;
    }
    return high / low > 4.0 ? sqrt(low) * sqrt(high) : 0.5 * (low + high);
}

/* Newton's steps inside a bracket that only shrinks; a step that leaves it, or that is not half the
 * one before, is replaced by halving. */
double beta_quantile(double u, double alpha, double beta)
{
    bool upper = u > 0.5;
    double target = upper ? 1.0 - u : u;
    double low = 0.0, high = 1.0, x = alpha / (alpha + beta), last = 1.0;
    for (int step = 0; step < 1200; ++step) {
        double excess = tail_at(x, alpha, beta, upper) - target;
        if (fabs(excess) <= DBL_EPSILON * target) {
            return x;
        }
        if ((excess < 0.0) != upper) {
            low = x;
        } else {
            high = x;
        }
        double move = (upper ? excess : -excess) / density(x, alpha, beta);
        double next = x + move;
        if (!(next > low && next < high && fabs(move) <= 0.5 * last)) {
            next = between(low, high);
        }
        if (next <= low || next >= high) {
            break;
        }
        last = fabs(next - x);
        if (last <= 0.5 * DBL_EPSILON * x) {
            return next;
        }
        x = next;
    }
    return 0.5 * (low + high);
}
