/* The kernels of base/vector.h, written so that compilers vectorise every loop: no branches, no
 * calls, no libm, bit tricks on 64-bit lanes. Compiled once for each instruction set. */
#include "base/vector.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define KERNELS     JOIN(vector_kernels, KERNEL_ISA)

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static const double infinity = (double)INFINITY;
static const double not_a_number = (double)NAN;

/* By masks and not by ?:, which gcc turns into branches and then copies all that follows for each
 * of them. SSE2 has no comparison that gives 64-bit masks from whole numbers, so there the mask
 * comes from a double. */
static inline uint64_t mask_of(int condition)
{
#if defined(__SSE2__) && !defined(__SSE4_1__)
    return (uint64_t)0 - (bits_of(condition ? 1.0 : 0.0) >> 61);
#else
    return (uint64_t)0 - (uint64_t)condition;
#endif
}

static inline double choose(int condition, double yes, double no)
{
    uint64_t mask = mask_of(condition);
    return double_of((bits_of(yes) & mask) | (bits_of(no) & ~mask));
}

/* 1.5 x 2^52: adding it rounds to a whole number and leaves that number in the low mantissa bits.
 */
#define ROUNDER 6755399441055744.0

static const double ln2_high = 6.93147180369123816490e-01; /* 33 bits: k ln2_high is exact */
static const double ln2_low = 1.90821492927058770002e-10;

/* exp(x + low), low tiny beside x: x = k ln 2 + r, exp r = 1 + r + r^2 p(r) on |r| <= ln 2 / 2, p
 * near-minimax (Chebyshev, relative error of exp r below 1.3e-17), scaled by 2^k in two steps so
 * that a subnormal result is rounded once and a large one overflows by itself. */
static inline double exp_of(double x, double low)
{
    double above = choose(x < -746.0, -746.0, x);
    double clamped = choose(above > 710.0, 710.0, above);
    double shifted = clamped * 1.44269504088896338700e+00 + ROUNDER;
    double k = shifted - ROUNDER;
    double r = (clamped - k * ln2_high) - (k * ln2_low - low);
    double r2 = r * r, r4 = r2 * r2;
    double p0 = (0.5000000000000001 + r * 0.16666666666666669) +
                r2 * (0.041666666666624164 + r * 0.008333333333330065);
    double p4 = (0.0013888888917196881 + r * 0.0001984126986304067) +
                r2 * (2.4801521322116825e-05 + r * 2.7557268480116333e-06);
    double p8 = 2.762007599981065e-07 + r * 2.5100375924709717e-08;
    double value = 1.0 + (r + r2 * (p0 + r4 * (p4 + r4 * p8)));
    double half = k * 0.5 + ROUNDER;
    double first = double_of((bits_of(half) + 1023U) << 52);
    double second = double_of((bits_of(shifted) - bits_of(half) + 1023U) << 52);
    return choose(x != x, x, value * first * second);
}

/* A number as the sum of two doubles, the second below the last place of the first. */
struct pair {
    double high, low;
};

static inline struct pair sum_exact(double a, double b)
{
    double sum = a + b;
    double part = sum - a;
    return (struct pair){sum, (a - (sum - part)) + (b - part)};
}

/* The product without fused multiply-add, by Dekker's splitting into halves of 26 bits. */
static inline struct pair product_exact(double a, double b)
{
    double split_a = 134217729.0 * a, split_b = 134217729.0 * b;
    double a_high = split_a - (split_a - a), b_high = split_b - (split_b - b);
    double a_low = a - a_high, b_low = b - b_high;
    double product = a * b;
    double error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return (struct pair){product, error};
}

/* x = 2^k m with m in [sqrt 1/2, sqrt 2); x positive and finite, subnormals included. */
struct reduced {
    double m, k;
};

static inline struct reduced reduce(double x)
{
    const uint64_t bits_of_one = UINT64_C(0x3FF0000000000000);
    const uint64_t bits_of_root_half = UINT64_C(0x3FE6A09E667F3BCD);
    const double magic = 4503599627370496.0; /* 2^52: its low mantissa bits are a whole number */
    double scaled = choose(x < 2.2250738585072014e-308, x * 18014398509481984.0, x);
    double bias = choose(x < 2.2250738585072014e-308, magic + 1077.0, magic + 1023.0);
    uint64_t bits = bits_of(scaled);
    uint64_t exponent = (bits + (bits_of_one - bits_of_root_half)) >> 52; /* k + 1023 */
    return (struct reduced){.m = double_of(bits - (exponent << 52) + bits_of_one),
                            .k = double_of(exponent | bits_of(magic)) - bias};
}

/* log m = 2 s + s z h(z), s = (m - 1) / (m + 1), z = s^2, h near-minimax (relative error of the log
 * below 5e-18); written with f = m - 1 leading, so that the division's rounding error is scaled
 * down by f. */
static inline double log_plain(double x)
{
    struct reduced reduced = reduce(x);
    double f = reduced.m - 1.0, k = reduced.k;
    double s = f / (2.0 + f);
    double z = s * s, z2 = z * z, z4 = z2 * z2;
    double h = ((0.666666666666667 + z * 0.39999999999899505) +
                z2 * (0.2857142862597575 + z * 0.22222211134751835)) +
               z4 * ((0.18182889128412458 + z * 0.15331721495826012) + z2 * 0.1461645097955211);
    double half_square = 0.5 * f * f;
    double correction = s * (half_square + z * h) + k * ln2_low;
    return k * ln2_high - ((half_square - correction) - f);
}

static inline double log_of(double x)
{
    double value = log_plain(choose((x > 0.0) & (x < infinity), x, 1.0));
    value = choose(x == 0.0, -infinity, value);
    value = choose(x < 0.0, not_a_number, value);
    return choose((x == infinity) | (x != x), x, value);
}

/* The same series with h one term longer and its first two terms as a pair: about 60 bits. */
static inline struct pair log_pair(double x)
{
    struct reduced reduced = reduce(x);
    double f = reduced.m - 1.0, k = reduced.k;
    struct pair below = sum_exact(2.0, f);
    double s = f / below.high;
    struct pair product = product_exact(s, below.high);
    double s_low = ((f - product.high) - product.low - s * below.low) / below.high;
    double z = s * s, z2 = z * z, z4 = z2 * z2;
    double h = ((0.6666666666666666 + z * 0.4000000000000088) +
                z2 * (0.2857142857080361 + z * 0.22222222391714744)) +
               z4 * ((0.18181795640044723 + z * 0.15386239707611124) +
                     z2 * (0.13268773010203216 + z * 0.13086627491197242));
    struct pair top = sum_exact(k * ln2_high, 2.0 * s);
    double low = top.low + (2.0 * s_low + s * (z * h) + k * ln2_low);
    return sum_exact(top.high, low);
}

/* Without SSE4.1 floor() is a call. Adding 2^52 rounds to a whole number; beyond it every number is
 * whole. */
static inline double floor_of(double x)
{
    const double magic = 4503599627370496.0;
    double size = fabs(x);
    uint64_t sign = bits_of(x) & UINT64_C(0x8000000000000000);
    double rounded = double_of(bits_of(size + magic - magic) | sign);
    double floored = rounded - choose(rounded > x, 1.0, 0.0);
    return choose(size < magic, floored, x);
}

/* C99's special cases, but for the sign of a zero or infinity from x = -0. */
static inline double power_of(double x, double y)
{
    double size = fabs(x);
    double exponent = choose(y > 1e290, 1e290, choose(y < -1e290, -1e290, y));
    struct pair logarithm = log_pair(choose((size > 0.0) & (size < infinity), size, 1.0));
    struct pair product = product_exact(exponent, logarithm.high);
    double low = product.low + exponent * logarithm.low;
    double result = exp_of(product.high, choose(fabs(product.high) < 1e4, low, 0.0));
    result = choose(size == infinity, choose(y > 0.0, infinity, 0.0), result);
    result = choose(size == 0.0, choose(y > 0.0, 0.0, infinity), result);
    double half = y * 0.5;
    double whole = choose(floor_of(y) == y, 1.0, 0.0);
    double odd = choose(floor_of(half) == half, 0.0, whole);
    double signed_result = choose(odd != 0.0, -result, result);
    result = choose(x < 0.0, choose((whole != 0.0) | (x == -infinity), signed_result, not_a_number),
                    result);
    result = choose((x != x) | (y != y), not_a_number, result);
    return choose((y == 0.0) | (x == 1.0), 1.0, result);
}

/* Wichura (1988), Algorithm AS 241, PPND16: quotients P / Q for the centre and two regions of the
 * tail, with r from 0.180625 - q^2, root - 1.6 or root - 5. Evaluated as c0 + c1 r + D / Q, where D
 * = P - (c0 + c1 r) Q was expanded exactly: the quotient is then at most a fifth of the result, and
 * so are its rounding errors. All three regions are evaluated, which costs less than choosing
 * coefficients; one division is enough. */
struct quotient {
    double line, above, below;
};

static inline struct quotient centre_quotient(double r)
{
    double r2 = r * r;
    double above_even =
        ((-52756.6816235777 * r2 - 17719.428973209917) * r2 - 89.97007216962228) * r2 +
        0.3871328727963666;
    double above_odd =
        ((-13170.40490782844 * r2 - 50657.91647326943) * r2 - 2450.894298764792) * r2 +
        6.201675786981644;
    double below_even =
        ((28729.085735721943 * r2 + 21213.794301586597) * r2 + 687.1870074920579) * r2 + 1.0;
    double below_odd =
        ((5226.495278852854 * r2 + 39307.89580009271) * r2 + 5394.196021424751) * r2 +
        42.31333070160091;
    return (struct quotient){
        .line = 3.0, .above = above_even + r * above_odd, .below = below_even + r * below_odd};
}

static inline struct quotient near_quotient(double r)
{
    double r2 = r * r;
    double above_even =
        (((-1.4447813485110731e-09 * r2 + 0.0009016139124535915) * r2 + 0.07210270662648326) * r2 +
         0.11745933389860402) *
            r2 -
        0.2640628892503164;
    double above_odd =
        ((2.1601754450735577e-05 * r2 + 0.012490007763562738) * r2 + 0.17883680547311806) * r2 -
        0.2094230237946727;
    double below_even =
        ((0.0005475938084995345 * r2 + 0.14810397642748008) * r2 + 1.6763848301838038) * r2 + 1.0;
    double below_odd =
        ((1.0507500716444169e-09 * r2 + 0.015198666563616457) * r2 + 0.6897673349851) * r2 +
        2.053191626637759;
    return (struct quotient){.line = 1.6875 + 1.375 * r,
                             .above = above_even + r * above_odd,
                             .below = below_even + r * below_odd};
}

static inline struct quotient far_quotient(double r)
{
    double r2 = r * r;
    double above_even =
        (((-2.874744989142103e-15 * r2 + 1.566461166282197e-07) * r2 + 0.00010562879329815315) *
             r2 -
         0.017196667011076715) *
            r2 -
        0.3420953564988962;
    double above_odd =
        ((1.1333346061368865e-09 * r2 + 6.883949488855965e-06) * r2 - 0.00012460225504663894) * r2 -
        0.14129053472710118;
    double below_even =
        ((1.421511758316446e-07 * r2 + 0.0007868691311456133) * r2 + 0.1369298809227358) * r2 + 1.0;
    double below_odd =
        ((2.0442631033899397e-15 * r2 + 1.8463183175100548e-05) * r2 + 0.014875361290850615) * r2 +
        0.599832206555888;
    return (struct quotient){.line = 7.0 + 1.40625 * r,
                             .above = above_even + r * above_odd,
                             .below = below_even + r * below_odd};
}

static inline struct quotient choose_quotient(int condition, struct quotient yes,
                                              struct quotient no)
{
    return (struct quotient){.line = choose(condition, yes.line, no.line),
                             .above = choose(condition, yes.above, no.above),
                             .below = choose(condition, yes.below, no.below)};
}

/* sqrt(-log(the smaller of u and 1 - u)) */
static inline double tail_root(double u)
{
    double tail = choose(u < 0.5, u, 1.0 - u);
    return sqrt(-log_plain(choose((tail > 0.0) & (tail < 1.0), tail, 0.5)));
}

static inline double quantile_at(double u, double root)
{
    double q = u - 0.5;
    struct quotient outer =
        choose_quotient(root <= 5.0, near_quotient(root - 1.6), far_quotient(root - 5.0));
    int central = fabs(q) <= 0.425;
    struct quotient part = choose_quotient(central, centre_quotient(0.180625 - q * q), outer);
    double size = part.line + part.above / part.below;
    double value = size * choose(central, q, choose(q < 0.0, -1.0, 1.0));
    double edge = choose(u == 0.0, -infinity, choose(u == 1.0, infinity, not_a_number));
    return choose((u > 0.0) & (u < 1.0), value, edge);
}

/* NaN if either is; the second where both are zeros. */
static inline double minimum_of(double x, double y)
{
    return choose((x < y) | (x != x), x, y);
}

static inline double maximum_of(double x, double y)
{
    return choose((x > y) | (x != x), x, y);
}

/* `out` may be an input, never overlap one partly: without this promise gcc adds a scalar copy of
 * the loop and takes it whenever out is an input. Clang warns of each promise that an unoptimised
 * build does not use. */
#if defined(__clang__)
#    define INDEPENDENT
#else
#    define INDEPENDENT _Pragma("GCC ivdep")
#endif

#define UNARY(name, formula)                                                                       \
    static void kernel_##name(size_t n, const double *x, double *out)                              \
    {                                                                                              \
        INDEPENDENT                                                                                \
        for (size_t i = 0; i < n; ++i) {                                                           \
            out[i] = (formula);                                                                    \
        }                                                                                          \
    }

#define BINARY(name, formula)                                                                      \
    static void kernel_##name(size_t n, const double *x, const double *y, double *out)             \
    {                                                                                              \
        INDEPENDENT                                                                                \
        for (size_t i = 0; i < n; ++i) {                                                           \
            out[i] = (formula);                                                                    \
        }                                                                                          \
    }

UNARY(exp, exp_of(x[i], 0.0))
UNARY(log, log_of(x[i]))
UNARY(sqrt, sqrt(x[i]))
UNARY(abs, fabs(x[i]))
UNARY(negate, -x[i])
UNARY(floor, floor_of(x[i]))
UNARY(ceil, -floor_of(-x[i]))
BINARY(add, x[i] + y[i])
BINARY(subtract, x[i] - y[i])
BINARY(multiply, x[i] * y[i])
BINARY(divide, x[i] / y[i])
BINARY(power, power_of(x[i], y[i]))
BINARY(minimum, minimum_of(x[i], y[i]))
BINARY(maximum, maximum_of(x[i], y[i]))
BINARY(less, choose(x[i] < y[i], 1.0, 0.0))
BINARY(less_equal, choose(x[i] <= y[i], 1.0, 0.0))
BINARY(equal, choose(x[i] == y[i], 1.0, 0.0))
BINARY(add_product, out[i] + x[i] * y[i])

static void kernel_select(size_t n, const double *condition, const double *x, const double *y,
                          double *out)
{
    INDEPENDENT
    for (size_t i = 0; i < n; ++i) {
        out[i] = choose(condition[i] != 0.0, x[i], y[i]);
    }
}

/* Two short loops keep more elements in flight than a long one. */
static void kernel_normal_quantile(size_t n, const double *u, double *out)
{
    enum { CHUNK = 256 };

    double root[CHUNK];
    for (size_t done = 0; done < n; done += CHUNK) {
        size_t n_now = n - done < CHUNK ? n - done : CHUNK;
        INDEPENDENT
        for (size_t i = 0; i < n_now; ++i) {
            root[i] = tail_root(u[done + i]);
        }
        INDEPENDENT
        for (size_t i = 0; i < n_now; ++i) {
            out[done + i] = quantile_at(u[done + i], root[i]);
        }
    }
}

static void kernel_fill(size_t n, double value, double *out)
{
    INDEPENDENT
    for (size_t i = 0; i < n; ++i) {
        out[i] = value;
    }
}

static void kernel_scale(size_t n, const double *x, double factor, double *out)
{
    INDEPENDENT
    for (size_t i = 0; i < n; ++i) {
        out[i] = factor * x[i];
    }
}

static void kernel_add_scaled(size_t n, const double *x, double factor, double *out)
{
    INDEPENDENT
    for (size_t i = 0; i < n; ++i) {
        out[i] += factor * x[i];
    }
}

#define TEXT_(name) #name
#define TEXT(name)  TEXT_(name)

extern const struct vector_kernels KERNELS;
const struct vector_kernels KERNELS = {.isa = TEXT(KERNEL_ISA),
                                       .exp = kernel_exp,
                                       .log = kernel_log,
                                       .sqrt = kernel_sqrt,
                                       .abs = kernel_abs,
                                       .negate = kernel_negate,
                                       .floor = kernel_floor,
                                       .ceil = kernel_ceil,
                                       .add = kernel_add,
                                       .subtract = kernel_subtract,
                                       .multiply = kernel_multiply,
                                       .divide = kernel_divide,
                                       .power = kernel_power,
                                       .minimum = kernel_minimum,
                                       .maximum = kernel_maximum,
                                       .less = kernel_less,
                                       .less_equal = kernel_less_equal,
                                       .equal = kernel_equal,
                                       .select = kernel_select,
                                       .fill = kernel_fill,
                                       .scale = kernel_scale,
                                       .add_scaled = kernel_add_scaled,
                                       .add_product = kernel_add_product,
                                       .normal_quantile = kernel_normal_quantile};
