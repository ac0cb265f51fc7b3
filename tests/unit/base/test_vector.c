/* Accuracy in units in the last place against long double (11 more bits than double), special
 * values, and the same bits from every instruction set this machine has. */
#include "base/vector.h"
#include "support/assert_close.h"

#include <stdbool.h>
#include <string.h>

enum { N_POINTS = 1000000, BLOCK = 256 };

extern const struct vector_kernels vector_kernels_baseline;
#if defined(__x86_64__)
extern const struct vector_kernels vector_kernels_avx2;
extern const struct vector_kernels vector_kernels_avx512;
#endif

static const double infinity = (double)INFINITY;
static const double not_a_number = (double)NAN;

static uint64_t next_word(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double unit(uint64_t *state)
{
    return ((double)(next_word(state) >> 11) + 0.5) * 0x1p-53;
}

/* Distance in units in the last place of the exact value, which is subnormal's fixed unit near
 * zero. */
static double ulps(double actual, long double exact)
{
    double rounded = (double)exact;
    if (isinf(rounded) || isnan(actual)) {
        return actual == rounded ? 0.0 : infinity;
    }
    double step = nextafter(fabs(rounded), infinity) - fabs(rounded);
    return (double)(fabsl((long double)actual - exact) / (long double)step);
}

static void assert_ulps(const char *name, double x, double actual, long double exact, double limit,
                        double *worst)
{
    double distance = ulps(actual, exact);
    *worst = fmax(*worst, distance);
    if (!(distance <= limit)) {
        fail_msg("%s(%.17g) = %.17g is %.3g ulp off", name, x, actual, distance);
    }
}

static void exp_is_within_two_ulp(void **state)
{
    (void)state;
    const double edges[] = {
        -745.1332191019411, -745.13321910194122, -745.2, -744.44,   -708.4,   -708.39,
        709.782712893383,   709.7827128933840,   709.79, 0x1p-1074, -0x1p-54, 0x1p-53};
    uint64_t random = 1;
    double worst = 0.0;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; ++i) {
        assert_ulps("exp", edges[i], number_exp(edges[i]), expl((long double)edges[i]), 2.0,
                    &worst);
    }
    for (size_t i = 0; i < N_POINTS; ++i) {
        double x = i % 3 == 0   ? -745.2 + 1455.0 * unit(&random)
                   : i % 3 == 1 ? 2.0 * unit(&random) - 1.0
                                : -745.2 + 40.0 * unit(&random);
        assert_ulps("exp", x, number_exp(x), expl((long double)x), 2.0, &worst);
    }
    print_message("exp: worst %.3f ulp\n", worst);
}

static void log_is_within_two_ulp(void **state)
{
    (void)state;
    uint64_t random = 2;
    double worst = 0.0;
    for (size_t i = 0; i < N_POINTS; ++i) {
        double x = i % 3 == 0   ? exp(1418.0 * unit(&random) - 708.5)
                   : i % 3 == 1 ? 0.5 + unit(&random)
                                : 1.0 + (unit(&random) - 0.5) * exp(-30.0 * unit(&random));
        assert_ulps("log", x, number_log(x), logl((long double)x), 2.0, &worst);
    }
    for (int k = 0; k < 52; ++k) {
        double x = ldexp(1.2345, -1023 - k);
        assert_ulps("log", x, number_log(x), logl((long double)x), 2.0, &worst);
    }
    const double edges[] = {0x1p-1074,
                            0x1p-1022,
                            0x1.fffffffffffffp1023,
                            0x1.fffffffffffffp-1,
                            0x1.0000000000001p0,
                            0x1.6a09e667f3bccp-1,
                            0x1.6a09e667f3bcdp-1};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; ++i) {
        assert_ulps("log", edges[i], number_log(edges[i]), logl((long double)edges[i]), 2.0,
                    &worst);
    }
    print_message("log: worst %.3f ulp\n", worst);
}

/* x with P(X <= x) = u, refined from the double answer by Newton steps on erfcl; `lower` is the
 * smaller tail. */
static long double exact_quantile(double u, double start)
{
    long double tail = u < 0.5 ? (long double)u : 1.0L - (long double)u;
    long double x = -fabsl((long double)start);
    for (int step = 0; step < 3; ++step) {
        long double p = 0.5L * erfcl(-x * 0.70710678118654752440084436210485L);
        long double density = expl(-0.5L * x * x) * 0.39894228040143267793994605993438L;
        x -= (p - tail) / density;
    }
    return u < 0.5 ? x : -x;
}

/* Close to 1/2 erfcl's own rounding hides the answer: there Q(u) = sqrt(2 pi) (q + (pi / 3) q^3), q
 * = u - 1/2. */
static long double quantile_near_half(double u)
{
    long double q = (long double)u - 0.5L;
    return 2.50662827463100050241576528481105L * q *
           (1.0L + 1.04719755119659774615421446109317L * q * q);
}

static void normal_quantile_is_within_four_ulp(void **state)
{
    (void)state;
    uint64_t random = 3;
    double worst = 0.0;
    for (size_t i = 0; i < N_POINTS; ++i) {
        double u = i % 4 == 0   ? unit(&random)
                   : i % 4 == 1 ? exp(-700.0 * unit(&random))
                   : i % 4 == 2 ? exp(-30.0 * unit(&random))
                                : 0.5 + (unit(&random) - 0.5) * 0.2;
        if (fabs(u - 0.5) < 1e-3) {
            continue;
        }
        double actual = number_normal_quantile(u);
        assert_ulps("normal_quantile", u, actual, exact_quantile(u, actual), 4.0, &worst);
    }
    for (size_t i = 0; i < 10000; ++i) {
        double u = 0.5 + (unit(&random) - 0.5) * 2e-5;
        assert_ulps("normal_quantile", u, number_normal_quantile(u), quantile_near_half(u), 4.0,
                    &worst);
    }
    const double edges[] = {0.075,
                            0.0749999999999999,
                            0.925,
                            1.3887943864964021e-11,
                            1.38879438649641e-11,
                            0x1p-53,
                            1.0 - 0x1p-53,
                            0x1p-1022,
                            0x1p-1074};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; ++i) {
        double actual = number_normal_quantile(edges[i]);
        assert_ulps("normal_quantile", edges[i], actual, exact_quantile(edges[i], actual), 4.0,
                    &worst);
    }
    print_message("normal quantile: worst %.3f ulp\n", worst);
}

static void normal_quantile_is_odd_about_a_half(void **state)
{
    (void)state;
    uint64_t random = 7;
    for (size_t i = 0; i < 100000; ++i) {
        double u = ldexp((double)(next_word(&random) >> 12), -52); /* 1 - u is exact */
        assert_true(u == 0.0 || number_normal_quantile(1.0 - u) == -number_normal_quantile(u));
    }
}

/* Monotone in steps of 1/1000 of the tail, so that draws keep their order across the three regions.
 */
static void normal_quantile_rises(void **state)
{
    (void)state;
    double before = -infinity;
    for (double u = 1e-300; u < 0.999; u *= 1.0001) {
        double now = number_normal_quantile(u);
        assert_true(now > before);
        before = now;
    }
}

static void power_is_within_a_hundred_trillionth(void **state)
{
    (void)state;
    uint64_t random = 4;
    double worst = 0.0;
    for (size_t i = 0; i < N_POINTS; ++i) {
        double x = i % 2 == 0 ? exp(40.0 * unit(&random) - 20.0) : 0.9 + 0.2 * unit(&random);
        double y = i % 2 == 0 ? 70.0 * unit(&random) - 35.0 : 7000.0 * (2.0 * unit(&random) - 1.0);
        long double exact = powl((long double)x, (long double)y);
        if (exact < 1e-300L || exact > 1e300L) {
            continue;
        }
        double actual = number_power(x, y);
        double error = (double)(fabsl((long double)actual - exact) / exact);
        worst = fmax(worst, error);
        if (!(error <= 1e-14)) {
            fail_msg("pow(%.17g, %.17g) = %.17g is off by %.3g", x, y, actual, error);
        }
    }
    print_message("pow: worst %.3g relative\n", worst);
}

static void exp_log_and_quantile_have_their_special_values(void **state)
{
    (void)state;
    assert_true(number_exp(0.0) == 1.0);
    assert_true(number_exp(-1e9) == 0.0);
    assert_true(number_exp(1e9) == infinity);
    assert_true(number_exp(infinity) == infinity);
    assert_true(number_exp(-infinity) == 0.0);
    assert_true(isnan(number_exp(not_a_number)));
    assert_true(number_log(1.0) == 0.0);
    assert_true(number_log(0.0) == -infinity);
    assert_true(number_log(-0.0) == -infinity);
    assert_true(isnan(number_log(-1.0)));
    assert_true(isnan(number_log(-infinity)));
    assert_true(number_log(infinity) == infinity);
    assert_true(isnan(number_log(not_a_number)));
    assert_true(number_normal_quantile(0.5) == 0.0);
    assert_true(number_normal_quantile(0.0) == -infinity);
    assert_true(number_normal_quantile(1.0) == infinity);
    assert_true(isnan(number_normal_quantile(-0.1)));
    assert_true(isnan(number_normal_quantile(1.1)));
    assert_true(isnan(number_normal_quantile(not_a_number)));
}

/* Whatever C99 says, but for the sign that a negative zero gives. */
static void power_has_the_special_values_of_c99(void **state)
{
    (void)state;
    const double bases[] = {0.0,  1.0,  -1.0, 2.0,      -2.0,      0.5,
                            -0.5, 10.0, 1.5,  infinity, -infinity, not_a_number};
    const double exponents[] = {0.0,      1.0,       -1.0,        2.0,  -2.0,
                                3.0,      -3.0,      0.5,         -0.5, 1e9,
                                -1e9,     1e300,     -1e300,      1e15, 9007199254740993.0,
                                infinity, -infinity, not_a_number};
    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; ++i) {
        for (size_t j = 0; j < sizeof exponents / sizeof exponents[0]; ++j) {
            double actual = number_power(bases[i], exponents[j]);
            double exact = pow(bases[i], exponents[j]);
            bool same = isnan(exact)
                            ? isnan(actual)
                            : actual == exact || fabs(actual - exact) <= 1e-14 * fabs(exact);
            if (!same) {
                fail_msg("pow(%g, %g) = %g, not %g", bases[i], exponents[j], actual, exact);
            }
        }
    }
    assert_true(number_power(2.0, 10.0) == 1024.0);
    assert_true(number_power(10.0, 3.0) == 1000.0);
    assert_true(number_power(-2.0, 3.0) == -8.0);
    assert_true(number_power(2.0, -1074.0) == 0x1p-1074);
}

static void floor_and_ceil_are_exact(void **state)
{
    (void)state;
    const double x[] = {-2.5,
                        -2.0,
                        -0.5,
                        0.5,
                        2.5,
                        1e18,
                        -1e18,
                        2251799813685248.5,
                        -2251799813685248.5,
                        2251799813685247.5,
                        4503599627370495.5,
                        -4503599627370495.5,
                        0.0,
                        0x1p-1074,
                        -0x1p-1074,
                        infinity,
                        -infinity};

    enum { N = sizeof x / sizeof x[0] };

    double floored[N], ceiled[N];
    vector_kernels()->floor(N, x, floored);
    vector_kernels()->ceil(N, x, ceiled);
    for (size_t i = 0; i < N; ++i) {
        assert_true(floored[i] == floor(x[i]));
        assert_true(ceiled[i] == ceil(x[i]));
    }
}

static void minimum_and_maximum_pass_on_what_is_not_a_number(void **state)
{
    (void)state;
    const double x[] = {1.0, 2.0, not_a_number, 1.0, -infinity};
    const double y[] = {2.0, 1.0, 1.0, not_a_number, 3.0};
    double low[5], high[5];
    vector_kernels()->minimum(5, x, y, low);
    vector_kernels()->maximum(5, x, y, high);
    assert_true(low[0] == 1.0 && low[1] == 1.0 && isnan(low[2]) && isnan(low[3]));
    assert_true(high[0] == 2.0 && high[1] == 2.0 && isnan(high[2]) && isnan(high[3]));
    assert_true(low[4] == -infinity && high[4] == 3.0);
}

static void simple_kernels_do_what_their_names_say(void **state)
{
    (void)state;
    const struct vector_kernels *kernels = vector_kernels();
    const double x[] = {4.0, -1.0, 0.25}, y[] = {2.0, -1.0, 0.5}, condition[] = {1.0, 0.0, 1.0};
    double out[3];
    kernels->less(3, x, y, out);
    assert_true(out[0] == 0.0 && out[1] == 0.0 && out[2] == 1.0);
    kernels->less_equal(3, x, y, out);
    assert_true(out[0] == 0.0 && out[1] == 1.0 && out[2] == 1.0);
    kernels->equal(3, x, y, out);
    assert_true(out[0] == 0.0 && out[1] == 1.0 && out[2] == 0.0);
    kernels->select(3, condition, x, y, out);
    assert_true(out[0] == 4.0 && out[1] == -1.0 && out[2] == 0.25);
    kernels->fill(3, 1.0, out);
    kernels->add_scaled(3, x, 2.0, out);
    assert_true(out[0] == 9.0 && out[1] == -1.0 && out[2] == 1.5);
    kernels->add_product(3, x, y, out);
    assert_true(out[0] == 17.0 && out[1] == 0.0 && out[2] == 1.625);
    kernels->scale(3, y, -2.0, out);
    assert_true(out[0] == -4.0 && out[1] == 2.0 && out[2] == -1.0);
    kernels->negate(3, y, out);
    assert_true(out[0] == -2.0 && out[1] == 1.0 && out[2] == -0.5);
    kernels->abs(3, y, out);
    assert_true(out[0] == 2.0 && out[1] == 1.0 && out[2] == 0.5);
}

/* ---- the same bits everywhere ---- */

struct arguments {
    double any[BLOCK], small[BLOCK], positive[BLOCK], shares[BLOCK], truths[BLOCK];
};

static void fill_arguments(uint64_t seed, struct arguments *arguments)
{
    const double odd_ones[] = {infinity, -infinity, 0.0, -0.0, 0x1p-1074, -0x1p-1040, 1e308, 1.0};
    for (size_t i = 0; i < BLOCK; ++i) {
        arguments->any[i] = 1500.0 * unit(&seed) - 760.0;
        arguments->small[i] = 40.0 * unit(&seed) - 20.0;
        arguments->positive[i] = exp(1400.0 * unit(&seed) - 720.0);
        arguments->shares[i] = i % 2 == 0 ? unit(&seed) : exp(-60.0 * unit(&seed));
        arguments->truths[i] = i % 3 == 0 ? 1.0 : 0.0;
    }
    for (size_t i = 0; i < sizeof odd_ones / sizeof odd_ones[0]; ++i) {
        arguments->any[5 + 7 * i] = odd_ones[i];
        arguments->small[3 + 11 * i] = odd_ones[i];
    }
}

/* NaN of any sign and payload counts as the same. */
static void assert_same_values(const char *name, size_t n, const double *a, const double *b)
{
    for (size_t i = 0; i < n; ++i) {
        if (memcmp(&a[i], &b[i], sizeof a[i]) != 0 && !(isnan(a[i]) && isnan(b[i]))) {
            fail_msg("%s: %.17g and %.17g differ", name, a[i], b[i]);
        }
    }
}

typedef void unary_kernel(size_t n, const double *x, double *out);
typedef void binary_kernel(size_t n, const double *x, const double *y, double *out);

static void compare_unary(const char *name, unary_kernel *a, unary_kernel *b, size_t n,
                          const double *x)
{
    double left[BLOCK], right[BLOCK];
    a(n, x, left);
    memcpy(right, x, sizeof right);
    b(n, right, right);
    assert_same_values(name, n, left, right);
}

static void compare_binary(const char *name, binary_kernel *a, binary_kernel *b, size_t n,
                           const double *x, const double *y)
{
    double left[BLOCK], right[BLOCK];
    memcpy(left, x, sizeof left);
    memcpy(right, x, sizeof right);
    a(n, x, y, left);
    b(n, x, y, right);
    assert_same_values(name, n, left, right);
}

static void compare_unaries(const struct vector_kernels *a, const struct vector_kernels *b,
                            size_t n, const struct arguments *arguments)
{
#define COMPARE(name, member) compare_unary(#name, a->name, b->name, n, arguments->member);
    COMPARE(exp, any)
    COMPARE(exp, small)
    COMPARE(log, any)
    COMPARE(log, positive)
    COMPARE(sqrt, positive)
    COMPARE(abs, any)
    COMPARE(negate, any)
    COMPARE(floor, any)
    COMPARE(ceil, any)
    COMPARE(normal_quantile, shares)
    COMPARE(normal_quantile, any)
#undef COMPARE
}

static void compare_binaries(const struct vector_kernels *a, const struct vector_kernels *b,
                             size_t n, const struct arguments *arguments)
{
#define COMPARE(name, x, y) compare_binary(#name, a->name, b->name, n, arguments->x, arguments->y);
    COMPARE(add, any, small)
    COMPARE(subtract, any, small)
    COMPARE(multiply, any, small)
    COMPARE(divide, any, small)
    COMPARE(power, positive, small)
    COMPARE(power, any, small)
    COMPARE(power, any, any)
    COMPARE(minimum, any, small)
    COMPARE(maximum, any, small)
    COMPARE(less, any, small)
    COMPARE(less_equal, any, any)
    COMPARE(equal, any, any)
    COMPARE(add_product, any, small)
#undef COMPARE
    double left[BLOCK], right[BLOCK];
    a->select(n, arguments->truths, arguments->any, arguments->small, left);
    b->select(n, arguments->truths, arguments->any, arguments->small, right);
    assert_same_values("select", n, left, right);
    a->scale(n, arguments->any, 1.1, left);
    b->scale(n, arguments->any, 1.1, right);
    assert_same_values("scale", n, left, right);
    a->add_scaled(n, arguments->small, 1.1, left);
    b->add_scaled(n, arguments->small, 1.1, right);
    assert_same_values("add_scaled", n, left, right);
}

static void assert_same_bits(const struct vector_kernels *a, const struct vector_kernels *b)
{
    static struct arguments arguments;
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        fill_arguments(seed, &arguments);
        for (size_t n = 245; n <= BLOCK; ++n) {
            compare_unaries(a, b, n, &arguments);
            compare_binaries(a, b, n, &arguments);
        }
    }
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    (void)state;
    print_message("widest instruction set here: %s\n", vector_kernels()->isa);
    assert_same_bits(&vector_kernels_baseline, &vector_kernels_baseline);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        assert_same_bits(&vector_kernels_baseline, &vector_kernels_avx2);
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        assert_same_bits(&vector_kernels_baseline, &vector_kernels_avx512);
    }
#endif
}

static void scalar_forms_have_the_bits_of_the_kernels(void **state)
{
    (void)state;
    static struct arguments arguments;
    static double exps[BLOCK], logs[BLOCK], powers[BLOCK], quantiles[BLOCK];
    fill_arguments(99, &arguments);
    vector_kernels()->exp(BLOCK, arguments.any, exps);
    vector_kernels()->log(BLOCK, arguments.positive, logs);
    vector_kernels()->power(BLOCK, arguments.positive, arguments.small, powers);
    vector_kernels()->normal_quantile(BLOCK, arguments.shares, quantiles);
    for (size_t i = 0; i < BLOCK; ++i) {
        double scalar[4] = {number_exp(arguments.any[i]), number_log(arguments.positive[i]),
                            number_power(arguments.positive[i], arguments.small[i]),
                            number_normal_quantile(arguments.shares[i])};
        double block[4] = {exps[i], logs[i], powers[i], quantiles[i]};
        assert_same_values("scalar", 4, scalar, block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_two_ulp),
        cmocka_unit_test(log_is_within_two_ulp),
        cmocka_unit_test(normal_quantile_is_within_four_ulp),
        cmocka_unit_test(normal_quantile_is_odd_about_a_half),
        cmocka_unit_test(normal_quantile_rises),
        cmocka_unit_test(power_is_within_a_hundred_trillionth),
        cmocka_unit_test(exp_log_and_quantile_have_their_special_values),
        cmocka_unit_test(power_has_the_special_values_of_c99),
        cmocka_unit_test(floor_and_ceil_are_exact),
        cmocka_unit_test(minimum_and_maximum_pass_on_what_is_not_a_number),
        cmocka_unit_test(simple_kernels_do_what_their_names_say),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(scalar_forms_have_the_bits_of_the_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
