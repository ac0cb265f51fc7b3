/* The table of one shape.
 *
 * Each family is written in a variable w in which its density exp(log_density(w)) is smooth and
 * log-concave on the whole line, with its mode at w = 0: the value itself (normal), log(x / a)
 * (gamma), logit(x) - logit(a / (a + b)) (beta). From far out in each tail the density is
 * integrated inwards, step by step, by Gauss-Legendre; a step is chosen so that the log of the tail
 * probability, L, grows by a fixed amount. At each knot the quantile and its first two derivatives
 * in L are known exactly, so that quintic Hermite pieces between knots give the fine cubic table.
 * Sums of positive terms lose no digits, and the two tails meeting at w = 0 check each other. */
#include "sample/quantile_table.h"

#include "base/vector.h"
#include "sample/sample_kernels.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KNOTS = 512, GAUSS_POINTS = 6 };

static const double fine_step = 0.17;   /* of L, where the tail probability is above 2^-9 */
static const double coarse_step = 0.35; /* of L, further out */
static const double far_out = -40.0;    /* L at the start, below log(2^-54) = -37.4 */

static const double gauss_x[GAUSS_POINTS] = {-0.93246951420315202781, -0.66120938646626451366,
                                             -0.23861918608319690863, 0.23861918608319690863,
                                             0.66120938646626451366,  0.93246951420315202781};
static const double gauss_weight[GAUSS_POINTS] = {0.17132449237917034504, 0.36076157304813860757,
                                                  0.46791393457269104739, 0.46791393457269104739,
                                                  0.36076157304813860757, 0.17132449237917034504};

/* ---- elementary functions near 0 ---- */

/* 1 / k! from k = 2 on: exp(x) = 1 + x + x^2 tail(x). */
static double exp_tail(double x)
{
    static const double inverse_factorials[] = {1.0 / 2.0,           1.0 / 6.0,
                                                1.0 / 24.0,          1.0 / 120.0,
                                                1.0 / 720.0,         1.0 / 5040.0,
                                                1.0 / 40320.0,       1.0 / 362880.0,
                                                1.0 / 3628800.0,     1.0 / 39916800.0,
                                                1.0 / 479001600.0,   1.0 / 6227020800.0,
                                                1.0 / 87178291200.0, 1.0 / 1307674368000.0};
    double sum = 0.0;
    for (int k = 13; k >= 0; --k) {
        sum = sum * x + inverse_factorials[k];
    }
    return sum;
}

static double expm1_of(double x)
{
    return fabs(x) > 0.5 ? number_exp(x) - 1.0 : x + x * x * exp_tail(x);
}

static double log1p_of(double x)
{
    double sum = 1.0 + x;
    return sum == 1.0 ? x : number_log(sum) * x / (sum - 1.0);
}

/* exp(x) - 1 - x */
static double exp_minus_line(double x)
{
    return fabs(x) > 0.5 ? number_exp(x) - 1.0 - x : x * x * exp_tail(x);
}

/* log gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2): Stirling's series, from x = 20 on by
 * itself, below by shifting. What is left out cancels in the normalising constants, so that large
 * shapes lose no digits. */
static double stirling_rest(double x)
{
    double y = x, product = 1.0;
    while (y < 20.0) {
        product *= y;
        y += 1.0;
    }
    double inverse = 1.0 / y, square = inverse * inverse;
    double series =
        inverse *
        (1.0 / 12.0 -
         square * (1.0 / 360.0 -
                   square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0)))));
    if (y == x) {
        return series;
    }
    return (y - 0.5) * number_log(y) - y - ((x - 0.5) * number_log(x) - x) + series -
           number_log(product);
}

/* ---- densities ---- */

struct density {
    enum table_family family;
    double a, b;
    double n, upper; /* beta: a + b, b / (a + b) */
};

static double log_density(const struct density *density, double w)
{
    switch (density->family) {
    case TABLE_NORMAL:
        return -0.5 * w * w;
    case TABLE_GAMMA:
        return -density->a * exp_minus_line(w);
    case TABLE_BETA:
        break;
    }
    /* Far to the left e^-w dwarfs the rest; factor it out. */
    if (w < -30.0) {
        return -density->n * (number_log(density->upper + (1.0 - density->upper) * number_exp(w)) -
                              w + density->upper * w);
    }
    return -density->n * (log1p_of(density->upper * expm1_of(-w)) + density->upper * w);
}

/* The quantile x(w) with its first two derivatives, and the slope of the log density. */
struct point {
    double x, x1, x2, slope;
};

static struct point point_at(const struct density *density, double w)
{
    if (density->family == TABLE_NORMAL) {
        return (struct point){.x = w, .x1 = 1.0, .x2 = 0.0, .slope = -w};
    }
    if (density->family == TABLE_GAMMA) {
        double x = density->a * number_exp(w);
        return (struct point){.x = x, .x1 = x, .x2 = x, .slope = -density->a * expm1_of(w)};
    }
    double odds = density->a / density->b;
    double e = number_exp(w < 0.0 ? w : -w);
    double low = w < 0.0 ? odds * e / (1.0 + odds * e) : odds / (odds + e);
    double high = w < 0.0 ? 1.0 / (1.0 + odds * e) : e / (odds + e);
    double mean = 1.0 - density->upper;
    /* x - mean without cancellation near the mode */
    double slope =
        density->n * mean * density->upper * -expm1_of(w) / (density->upper + mean * number_exp(w));
    if (w > 700.0) {
        slope = -density->b;
    }
    return (struct point){
        .x = low, .x1 = low * high, .x2 = low * high * (high - low), .slope = slope};
}

/* log of the integral of exp(log_density) over the line. */
static double log_normaliser(const struct density *density)
{
    double a = density->a, b = density->b;
    const double half_log_two_pi = 0.91893853320467274178;
    if (density->family == TABLE_NORMAL) {
        return half_log_two_pi;
    }
    if (density->family == TABLE_GAMMA) {
        return half_log_two_pi - 0.5 * number_log(a) + stirling_rest(a);
    }
    return half_log_two_pi - 0.5 * number_log(a) - 0.5 * number_log(b / density->n) +
           stirling_rest(a) + stirling_rest(b) - stirling_rest(density->n);
}

/* ---- marching in from a tail ---- */

struct knot {
    double log_p;     /* L; the mass itself until it is normalised */
    double x, x1, x2; /* quantile and its derivatives in L */
};

struct march {
    const struct density *density;
    double direction;         /* +1 the lower tail marching up, -1 the upper tail marching down */
    double w, mass, log_unit; /* masses are kept relative to exp(log_unit) */
    struct knot knots[MAX_KNOTS];
    size_t n_knots;
};

static double density_at(const struct march *march, double w)
{
    return number_exp(log_density(march->density, w) - march->log_unit);
}

/* With L = log p: dw/dL = p / density, and for any x(w) the second derivative follows from the
 * slope. */
static double add_knot(struct march *march)
{
    struct point point = point_at(march->density, march->w);
    double w1 = march->direction * march->mass / density_at(march, march->w);
    double w2 = w1 * (1.0 - w1 * point.slope);
    if (march->n_knots < MAX_KNOTS) {
        march->knots[march->n_knots++] = (struct knot){.log_p = march->mass,
                                                       .x = point.x,
                                                       .x1 = point.x1 * w1,
                                                       .x2 = point.x2 * w1 * w1 + point.x1 * w2};
    }
    return w1;
}

static double integrate(const struct march *march, double from, double to)
{
    double centre = 0.5 * (from + to), half = 0.5 * (to - from), sum = 0.0;
    for (size_t i = 0; i < GAUSS_POINTS; ++i) {
        sum += gauss_weight[i] * density_at(march, centre + half * gauss_x[i]);
    }
    return fabs(half) * sum;
}

/* Where the tail beyond is about exp(far_out) of the whole: the tail of a log-concave density is
 * close to the density over its slope; a few per cent of error here are nothing at 2^-53. */
static double find_start(const struct density *density, double direction, double normaliser)
{
    double near = 0.0, far = -direction;
    for (int step = 0; step < 60; ++step) {
        double slope = fabs(point_at(density, far).slope);
        if (log_density(density, far) - normaliser - number_log(slope + 1e-300) < far_out) {
            break;
        }
        near = far;
        far *= 2.0;
    }
    for (int step = 0; step < 12; ++step) {
        double middle = 0.5 * (near + far);
        double slope = fabs(point_at(density, middle).slope);
        if (log_density(density, middle) - normaliser - number_log(slope + 1e-300) < far_out) {
            far = middle;
        } else {
            near = middle;
        }
    }
    return far;
}

static void start_march(struct march *march, const struct density *density, double direction,
                        double normaliser)
{
    march->density = density;
    march->direction = direction;
    march->log_unit = normaliser;
    march->n_knots = 0;
    march->w = find_start(density, direction, normaliser);
    march->mass = density_at(march, march->w) / fabs(point_at(density, march->w).slope);
}

/* Steps inwards until w reaches 0 (exactly) or, with half > 0, until the mass exceeds it. */
static void run_march(struct march *march, double half)
{
    while (march->n_knots < MAX_KNOTS - 1) {
        double w1 = add_knot(march);
        if (half > 0.0 ? march->mass > half : march->w == 0.0) {
            return;
        }
        double step = (march->mass > 0.002 ? fine_step : coarse_step) * w1;
        double longest = 1.0 + 0.2 * fabs(march->w); /* small shapes turn a corner near w = 0 */
        step = fabs(step) > longest ? march->direction * longest : step;
        double next = march->w + step;
        /* Never leave a sliver before 0: knots that nearly coincide lose the digits of their
         * differences. */
        if (half <= 0.0 && (next + 0.3 * step) * march->direction > 0.0) {
            next = 0.0;
        }
        march->mass += integrate(march, march->w, next);
        march->w = next;
    }
}

/* ---- from knots to cubics ---- */

struct value {
    double x, slope; /* slope in L */
};

/* Quintic Hermite between two knots with value, first and second derivative. */
static struct value hermite(const struct knot *left, const struct knot *right, double log_p)
{
    double h = right->log_p - left->log_p;
    double s = (log_p - left->log_p) / h;
    double a1 = left->x1 * h, a2 = 0.5 * left->x2 * h * h;
    double rise = right->x - left->x;
    double b0 = rise - a1 - a2;
    double b1 = right->x1 * h - a1 - 2.0 * a2;
    double b2 = right->x2 * h * h - 2.0 * a2;
    double a3 = 10.0 * b0 - 4.0 * b1 + 0.5 * b2;
    double a4 = -15.0 * b0 + 7.0 * b1 - b2;
    double a5 = 6.0 * b0 - 3.0 * b1 + 0.5 * b2;
    return (struct value){
        .x = left->x + s * (a1 + s * (a2 + s * (a3 + s * (a4 + s * a5)))),
        .slope = (a1 + s * (2.0 * a2 + s * (3.0 * a3 + s * (4.0 * a4 + s * 5.0 * a5)))) / h};
}

/* Cubic on an interval of tail probability from p to p + width, in t = (tail - p) / width. */
static void set_cubic(double *c, struct value low, double p_low, struct value high, double p_high)
{
    double width = p_high - p_low;
    double slope_low = low.slope / p_low * width, slope_high = high.slope / p_high * width;
    double rise = high.x - low.x;
    /* Within three times the rise a cubic is monotone (Fritsch and Carlson 1980); tiny shapes need
     * it. */
    slope_low = fabs(slope_low) > 3.0 * fabs(rise) ? 3.0 * rise : slope_low;
    slope_high = fabs(slope_high) > 3.0 * fabs(rise) ? 3.0 * rise : slope_high;
    c[0] = low.x;
    c[1] = slope_low;
    c[2] = 3.0 * rise - 2.0 * slope_low - slope_high;
    c[3] = slope_low + slope_high - 2.0 * rise;
}

enum {
    CHECKED_INTERVALS = 6 * TABLE_STEPS
}; /* the six octaves next to the centre, where cubics bend most */

/* Worst difference between cubic and quintic in the middle of an interval, beside the larger of
 * value and sd. */
static double middle_error(const struct march *march, const double *coefficients, double sd)
{
    double worst = 0.0;
    size_t knot = 0;
    for (int i = TABLE_INTERVALS - CHECKED_INTERVALS; i < TABLE_INTERVALS; ++i) {
        double width =
            1.0 / (double)(UINT64_C(1) << (TABLE_OCTAVES - i / TABLE_STEPS)) / TABLE_STEPS;
        double log_p = number_log(width * (TABLE_STEPS + i % TABLE_STEPS + 0.5));
        while (knot + 2 < march->n_knots && march->knots[knot + 1].log_p < log_p) {
            ++knot;
        }
        const double *c = coefficients + (size_t)4 * (size_t)i;
        double cubic = c[0] + 0.5 * (c[1] + 0.5 * (c[2] + 0.5 * c[3]));
        double quintic = hermite(&march->knots[knot], &march->knots[knot + 1], log_p).x;
        double error = fabs(cubic - quintic) / (fabs(quintic) > sd ? fabs(quintic) : sd);
        worst = error > worst ? error : worst;
    }
    return worst;
}

static double standard_deviation(const struct density *density)
{
    double a = density->a, b = density->b, n = density->n;
    return density->family == TABLE_NORMAL  ? 1.0
           : density->family == TABLE_GAMMA ? sqrt(a)
                                            : sqrt(a * b / (n + 1.0)) / n;
}

static void fill_tail(const struct march *march, double *coefficients)
{
    static const double ln2 = 0.693147180559945309417;
    double logs[TABLE_STEPS];
    for (int j = 0; j < TABLE_STEPS; ++j) {
        logs[j] = number_log(1.0 + (double)j / TABLE_STEPS);
    }
    struct value before = {0};
    double p_before = 0.0;
    size_t knot = 0;
    for (int i = 0; i <= TABLE_INTERVALS; ++i) {
        int octave = i / TABLE_STEPS, j = i % TABLE_STEPS;
        double log_p = logs[j] - ln2 * (double)(TABLE_OCTAVES - octave);
        double p = (1.0 + (double)j / TABLE_STEPS) *
                   (1.0 / (double)(UINT64_C(1) << (TABLE_OCTAVES - octave)));
        while (knot + 2 < march->n_knots && march->knots[knot + 1].log_p < log_p) {
            ++knot;
        }
        struct value value = hermite(&march->knots[knot], &march->knots[knot + 1], log_p);
        if (i > 0) {
            set_cubic(coefficients + (size_t)4 * (size_t)(i - 1), before, p_before, value, p);
        }
        before = value;
        p_before = p;
    }
}

static void normalise(struct march *march, double total)
{
    for (size_t i = 0; i < march->n_knots; ++i) {
        march->knots[i].log_p = number_log(march->knots[i].log_p / total);
    }
}

static bool all_finite(const double *coefficients)
{
    for (size_t i = 0; i < (size_t)2 * TABLE_INTERVALS * 4; ++i) {
        if (!isfinite(coefficients[i])) {
            return false;
        }
    }
    return true;
}

enum status quantile_table_build(enum table_family family, double a, double b, double *coefficients,
                                 struct error *error)
{
    static const char *const names[] = {"normal", "gamma", "beta"};
    const struct density density = {
        .family = family, .a = a, .b = b, .n = a + b, .upper = b / (a + b)};
    double normaliser = log_normaliser(&density);
    struct march *marches = memory_array(2, sizeof *marches);
    for (size_t tail = 0; tail < 2; ++tail) {
        start_march(&marches[tail], &density, tail == 0 ? 1.0 : -1.0, normaliser);
        run_march(&marches[tail], 0.0);
    }
    double total = marches[0].mass + marches[1].mass, worst = 0.0;
    for (size_t tail = 0; tail < 2; ++tail) {
        if (marches[tail].mass < 0.5 * total) {
            --marches[tail].n_knots; /* the knot at w = 0 is added again as the march goes on */
            run_march(&marches[tail], 0.5 * total);
        }
        normalise(&marches[tail], total);
        double *cubics = coefficients + tail * TABLE_INTERVALS * 4;
        fill_tail(&marches[tail], cubics);
        worst = fmax(worst, middle_error(&marches[tail], cubics, standard_deviation(&density)));
    }
    free(marches);
    /* Below a shape of 1/4 a quantile runs over many decades within an octave of the tail. */
    bool steep = family != TABLE_NORMAL && (a < 0.25 || (family == TABLE_BETA && b < 0.25));
    double allowed = steep ? 1e-5 : 1e-6;
    /* The two tails, integrated apart, must make one; masses are already relative to the closed
     * form. */
    if (!(fabs(total - 1.0) <= 1e-9) || !(worst <= allowed) || !all_finite(coefficients)) {
        return error_set(
            error, STATUS_NUMERIC,
            "no quantile table for the %s distribution with shape %g%s%g: its tails sum to "
            "%.12g instead of 1, or its error of %.1g is above %g",
            names[family], a, family == TABLE_BETA ? " and " : " and scale ",
            family == TABLE_BETA ? b : 1.0, total, worst, allowed);
    }
    return STATUS_OK;
}

double quantile_table_normal_cdf(double x)
{
    if (x > 0.0) {
        return 1.0 - quantile_table_normal_cdf(-x);
    }
    if (x < -38.0) {
        return 0.0;
    }
    const struct density density = {.family = TABLE_NORMAL};
    struct march march = {.density = &density, .log_unit = log_normaliser(&density)};
    double sum = 0.0;
    for (int i = 0; i < 80; ++i) {
        double part = integrate(&march, x - 0.25 * (double)(i + 1), x - 0.25 * (double)i);
        sum += part;
        if (part < 1e-18 * sum) {
            break;
        }
    }
    return sum;
}
