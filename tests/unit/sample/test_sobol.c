/* Sobol points: the numbers are what the theory asks for, the points are a net in every dimension,
 * the scrambling keeps it one, and known points come out. */
#include "base/vector.h"
#include "sample/sample.h"
#include "sample/sample_kernels.h"
#include "sample/sobol.h"
#include "support/assert_close.h"

#include <stdlib.h>
#include <string.h>

static size_t degree_of(uint32_t polynomial)
{
    size_t degree = 0;
    while (polynomial >> (degree + 1) != 0) {
        ++degree;
    }
    return degree;
}

/* x^power modulo the polynomial over GF(2). */
static uint32_t power_of_x(uint64_t power, uint32_t polynomial)
{
    size_t degree = degree_of(polynomial);
    uint32_t result = 1, base = degree == 1 ? (polynomial & 1U) : 2;
    for (; power > 0; power >>= 1) {
        for (int which = 0; which < 2; ++which) {
            if (which == 0 && (power & 1U) == 0) {
                continue;
            }
            uint64_t product = 0;
            uint32_t other = base, mine = which == 0 ? result : base;
            for (size_t bit = 0; bit <= degree; ++bit) {
                product ^= ((other >> bit) & 1U) != 0 ? (uint64_t)mine << bit : 0;
            }
            for (size_t bit = 2 * degree; bit >= degree; --bit) {
                product ^=
                    ((product >> bit) & 1U) != 0 ? (uint64_t)polynomial << (bit - degree) : 0;
            }
            if (which == 0) {
                result = (uint32_t)product;
            } else {
                base = (uint32_t)product;
            }
        }
    }
    return result;
}

static bool is_primitive(uint32_t polynomial)
{
    size_t degree = degree_of(polynomial);
    uint64_t order = (UINT64_C(1) << degree) - 1, left = order;
    if ((polynomial & 1U) == 0 || power_of_x(order, polynomial) != 1) {
        return false;
    }
    for (uint64_t factor = 2; factor <= left; ++factor) {
        bool divides = left % factor == 0;
        while (left % factor == 0) {
            left /= factor;
        }
        if (divides && order > 1 && power_of_x(order / factor, polynomial) == 1) {
            return false;
        }
    }
    return true;
}

static void the_numbers_are_a_sobol_set(void **state)
{
    (void)state;
    size_t at = 0, n_dimensions = 1;
    uint32_t last = 0;
    while (at < sobol_n_numbers) {
        uint32_t polynomial = sobol_numbers[at];
        size_t degree = degree_of(polynomial);
        assert_true(polynomial > last); /* so that no two are the same */
        assert_true(is_primitive(polynomial));
        for (size_t k = 1; k <= degree; ++k) {
            assert_true(sobol_numbers[at + k] % 2 == 1);
            assert_true(sobol_numbers[at + k] < UINT32_C(1) << k);
        }
        last = polynomial;
        at += 1 + degree;
        ++n_dimensions;
    }
    assert_int_equal(at, sobol_n_numbers);
    assert_int_equal(n_dimensions, SOBOL_DIMENSIONS);
    assert_false(is_primitive(0x1F)); /* x^4 + x^3 + x^2 + x + 1: irreducible, order 5 */
}

static double plain_point(const uint32_t v[SOBOL_BITS], uint32_t number)
{
    double u = 0.0;
    uint32_t x = 0;
    for (size_t bit = 0; bit < 32; ++bit) {
        x ^= ((number >> bit) & 1U) != 0 ? v[bit] : 0;
    }
    for (int bit = 31; bit >= 0; --bit) {
        u = (u + (double)((x >> bit) & 1U)) / 2.0;
    }
    return u;
}

/* Points 1 to 4 of dimensions 1 to 5 in the order of numbers (not Gray code), worked by hand from
 * the recurrence. */
static void the_first_points_are_known(void **state)
{
    (void)state;
    static const double known[5][4] = {{0.5, 0.25, 0.75, 0.125},
                                       {0.5, 0.75, 0.25, 0.625},
                                       {0.5, 0.75, 0.25, 0.375},
                                       {0.5, 0.75, 0.25, 0.125},
                                       {0.5, 0.25, 0.75, 0.125}};
    for (size_t d = 0; d < 5; ++d) {
        uint32_t v[SOBOL_BITS];
        sobol_directions(d + 1, v);
        for (uint32_t i = 0; i < 4; ++i) {
            if (plain_point(v, i + 1) != known[d][i]) {
                fail_msg("dimension %zu point %u is %g", d + 1, i + 1, plain_point(v, i + 1));
            }
        }
    }
}

/* Every stratum of width 2^-m holds one of the first 2^m points of each scrambling. */
static void assert_stratified(const double *u, size_t n)
{
    char *seen = calloc(n, 1);
    for (size_t i = 0; i < n; ++i) {
        assert_true(u[i] > 0.0 && u[i] < 1.0);
        size_t stratum = (size_t)(u[i] * (double)n);
        assert_false(seen[stratum]);
        seen[stratum] = 1;
    }
    free(seen);
}

static void every_dimension_is_stratified_after_scrambling(void **state)
{
    (void)state;
    static double u[4096];
    static const size_t dimensions[] = {1, 2, 3, 17, 100, 999, 1500, 2048};
    const struct sampling_design design = {.n_scramblings = 1, .seed = 5};
    for (size_t i = 0; i < sizeof dimensions / sizeof dimensions[0]; ++i) {
        struct uniform_stream stream = sample_stream_of(&design, "x", dimensions[i], 0);
        sample_uniforms(&stream, 0, 4096, u);
        assert_stratified(u, 4096);
        assert_stratified(u, 512);
        sample_uniforms(&stream, 4096, 4096, u); /* the second half of 8,192 */
        assert_stratified(u, 4096);
    }
}

/* Latin hypercube: each run of 256 draws has one in each stratum, and runs differ. */
static void a_latin_hypercube_is_stratified_run_by_run(void **state)
{
    (void)state;
    double u[1024];
    const struct sampling_design design = {
        .method = SAMPLING_LATIN_HYPERCUBE, .n_scramblings = 3, .seed = 5};
    struct uniform_stream stream = sample_stream_of(&design, "x", 7, 0);
    sample_uniforms(&stream, 0, 1024, u);
    for (size_t run = 0; run < 4; ++run) {
        assert_stratified(u + run * 256, 256);
        for (size_t other = 0; other < run; ++other) {
            assert_memory_not_equal(u + run * 256, u + other * 256, 256 * sizeof *u);
        }
    }
}

/* The first two dimensions are a (0, 2)-sequence: every rectangle of area 2^-m holds one of 2^m
 * points. */
static void two_dimensions_are_a_net(void **state)
{
    (void)state;
    static double a[1024], b[1024];
    const struct sampling_design design = {.n_scramblings = 1, .seed = 11};
    struct uniform_stream first = sample_stream_of(&design, "a", 1, 0);
    struct uniform_stream second = sample_stream_of(&design, "b", 2, 0);
    sample_uniforms(&first, 0, 1024, a);
    sample_uniforms(&second, 0, 1024, b);
    for (size_t across = 1; across <= 1024; across *= 2) {
        char seen[1024] = {0};
        for (size_t i = 0; i < 1024; ++i) {
            size_t cell = (size_t)(a[i] * (double)across) * (1024 / across) +
                          (size_t)(b[i] * (double)(1024 / across));
            assert_false(seen[cell]);
            seen[cell] = 1;
        }
    }
}

/* Scramblings, and replicates within one, are independent: correlations of 8,192 pairs stay below
 * five standard errors of independent ones. */
static double correlation(const double *x, const double *y, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        sum += (x[i] - 0.5) * (y[i] - 0.5);
    }
    return 12.0 * sum / (double)n;
}

static void replicates_do_not_move_together(void **state)
{
    (void)state;

    enum { N = 8192 };

    static double main_sample[N], fresh[N], unlisted[N], other[N];
    for (uint64_t seed = 0; seed < 20; ++seed) {
        const struct sampling_design design = {.n_scramblings = 8, .seed = seed};
        struct uniform_stream streams[] = {
            sample_stream_of(&design, "a", 3, 0), sample_stream_of(&design, "a", 3, 1),
            sample_stream_of(&design, "b", 0, 0), sample_stream_of(&design, "c", 0, 0)};
        double *const samples[] = {main_sample, fresh, unlisted, other};
        for (size_t i = 0; i < 4; ++i) {
            sample_uniforms(&streams[i], 0, N, samples[i]);
        }
        for (size_t i = 0; i < 4; ++i) {
            for (size_t j = 0; j < i; ++j) {
                assert_true(fabs(correlation(samples[i], samples[j], N)) < 5.0 / sqrt((double)N));
            }
        }
    }
}

static void draws_do_not_depend_on_where_a_call_begins(void **state)
{
    (void)state;

    enum { N = 3000 };

    static double whole[N], part[N];
    const struct sampling_design designs[] = {
        {SAMPLING_SOBOL, 8, 3}, {SAMPLING_LATIN_HYPERCUBE, 3, 3}, {SAMPLING_PLAIN, 8, 3}};
    for (size_t d = 0; d < 3; ++d) {
        struct uniform_stream stream = sample_stream_of(&designs[d], "x", 7, 0);
        sample_uniforms(&stream, 100, N, whole);
        for (size_t size = 1; size < N; size = size * 3 + 1) {
            for (size_t done = 0; done < N; done += size) {
                size_t n = N - done < size ? N - done : size;
                sample_uniforms(&stream, 100 + done, n, part + done);
            }
            assert_memory_equal(whole, part, sizeof whole);
        }
    }
}

static void every_instruction_set_gives_the_same_points(void **state)
{
    (void)state;
    extern const struct sample_kernels sample_kernels_baseline, sample_kernels_avx2,
        sample_kernels_avx512;
    const struct sample_kernels *all[] = {&sample_kernels_baseline, &sample_kernels_avx2,
                                          &sample_kernels_avx512};
    const char *isa = vector_kernels()->isa;
    size_t n_isas = strcmp(isa, "avx512") == 0 ? 3 : strcmp(isa, "avx2") == 0 ? 2 : 1;
    static double first[SAMPLE_RUN], again[SAMPLE_RUN];
    uint32_t v[SOBOL_BITS];
    const uint32_t scramble[2] = {0xDEADBEEF, 5};
    sobol_directions(1234, v);
    for (uint32_t start = 0; start < UINT32_C(1) << 24; start = start * 5 + 256) {
        all[0]->points(v, start, scramble, first);
        for (size_t i = 1; i < n_isas; ++i) {
            all[i]->points(v, start, scramble, again);
            assert_memory_equal(first, again, sizeof first);
        }
    }
}

/* Scrambled points are uniform: over many scramblings each point's mean is a half. */
static void each_point_is_uniform_over_scramblings(void **state)
{
    (void)state;

    enum { N = 64, SEEDS = 4000 };

    double sums[N] = {0.0}, squares[N] = {0.0}, u[N];
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        const struct sampling_design design = {.n_scramblings = 1, .seed = seed};
        struct uniform_stream stream = sample_stream_of(&design, "x", 4, 0);
        sample_uniforms(&stream, 0, N, u);
        for (size_t i = 0; i < N; ++i) {
            sums[i] += u[i];
            squares[i] += u[i] * u[i];
        }
    }
    for (size_t i = 0; i < N; ++i) {
        assert_true(fabs(sums[i] / SEEDS - 0.5) < 4.5 * sqrt(1.0 / 12.0 / SEEDS));
        assert_true(fabs(squares[i] / SEEDS - 1.0 / 3.0) < 4.5 * sqrt(4.0 / 45.0 / SEEDS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_are_a_sobol_set),
        cmocka_unit_test(the_first_points_are_known),
        cmocka_unit_test(every_dimension_is_stratified_after_scrambling),
        cmocka_unit_test(a_latin_hypercube_is_stratified_run_by_run),
        cmocka_unit_test(two_dimensions_are_a_net),
        cmocka_unit_test(replicates_do_not_move_together),
        cmocka_unit_test(draws_do_not_depend_on_where_a_call_begins),
        cmocka_unit_test(every_instruction_set_gives_the_same_points),
        cmocka_unit_test(each_point_is_uniform_over_scramblings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
