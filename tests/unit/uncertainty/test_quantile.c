/* Quantiles against a full sort, brackets against exact selection, and the tree of records against
 * one pass. */
#include "support/assert_close.h"
#include "uncertainty/quantile.h"
#include "uncertainty/record.h"

#include <stdlib.h>
#include <string.h>

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

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Type 7 of a sorted copy, as any textbook writes it. */
static double plain_quantile(const double *values, size_t n, double probability)
{
    double *sorted = malloc(n * sizeof *sorted);
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    double h = (double)(n - 1) * probability;
    size_t below = (size_t)h;
    double value = below + 1 < n
                       ? sorted[below] + (h - (double)below) * (sorted[below + 1] - sorted[below])
                       : sorted[below];
    free(sorted);
    return value;
}

static void fill_shape(size_t shape, size_t n, double *values)
{
    uint64_t state = shape + 1;
    for (size_t i = 0; i < n; ++i) {
        double u = unit(&state);
        values[i] = shape == 0   ? u
                    : shape == 1 ? -log(u)
                    : shape == 2 ? exp(6.0 * (u + unit(&state) + unit(&state) - 1.5))
                    : shape == 3 ? floor(4.0 * u)
                                 : 1.0 / (u * u);
    }
}

static void selection_is_the_same_as_sorting(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 40, 511, 513, 4096, 10000, 33333};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; ++s) {
        size_t n = sizes[s];
        double *values = malloc(n * sizeof *values), *scratch = malloc(n * sizeof *scratch);
        for (size_t shape = 0; shape < 5; ++shape) {
            double out[N_QUANTILES];
            fill_shape(shape, n, values);
            quantile_select(n, values, scratch, out);
            for (size_t q = 0; q < N_QUANTILES; ++q) {
                assert_close(out[q], plain_quantile(values, n, quantile_probabilities[q]), 1e-15);
            }
        }
        free(values);
        free(scratch);
    }
}

static void undefined_values_are_left_out(void **state)
{
    (void)state;
    double values[1000], finite[500], scratch[1000], out[N_QUANTILES];
    fill_shape(1, 500, finite);
    for (size_t i = 0; i < 500; ++i) {
        values[2 * i] = (double)NAN;
        values[2 * i + 1] = finite[i];
    }
    quantile_select(1000, values, scratch, out);
    for (size_t q = 0; q < N_QUANTILES; ++q) {
        assert_close(out[q], plain_quantile(finite, 500, quantile_probabilities[q]), 1e-15);
    }
    for (size_t i = 0; i < 1000; ++i) {
        values[i] = (double)NAN;
    }
    quantile_select(1000, values, scratch, out);
    assert_true(isnan(out[1]));
}

static void whole_years_are_counted_exactly(void **state)
{
    (void)state;
    const uint64_t counts[] = {10, 0, 50, 30, 10}; /* years 0 to 3, then never */
    double out[N_QUANTILES];
    quantile_of_counts(4, counts, out);
    assert_true(out[0] == 0.0);
    assert_true(out[1] == 2.0);
    assert_true(isinf(out[2]));
}

/* A pilot of the first draws places the bracket; its bins are a hundredth of a standard deviation
 * or less. */
static void brackets_find_what_selection_finds(void **state)
{
    (void)state;

    enum { N = 400000, PILOT = 16384 };

    double *values = malloc(N * sizeof *values), *scratch = malloc(N * sizeof *scratch);
    for (size_t shape = 0; shape < 4; ++shape) {
        struct bracket brackets[N_QUANTILES];
        double exact[N_QUANTILES], minimum = INFINITY, maximum = -INFINITY;
        fill_shape(shape, N, values);
        quantile_select(N, values, scratch, exact);
        for (size_t i = 0; i < N; ++i) {
            minimum = fmin(minimum, values[i]);
            maximum = fmax(maximum, values[i]);
        }
        bracket_place(PILOT, values, scratch, brackets);
        for (size_t q = 0; q < N_QUANTILES; ++q) {
            double value = 0.0;
            int again = 1;
            for (int pass = 0; again != 0 && pass < 4; ++pass) {
                bracket_count(&brackets[q], N, values);
                again = bracket_resolve(&brackets[q], quantile_probabilities[q], N, minimum,
                                        maximum, &value);
            }
            assert_int_equal(again, 0);
            double spread = exact[2] - exact[0];
            assert_true(fabs(value - exact[q]) <= 0.002 * spread);
        }
    }
    free(values);
    free(scratch);
}

static void a_bracket_in_the_wrong_place_moves_until_it_holds_the_quantile(void **state)
{
    (void)state;
    double values[10000];
    fill_shape(0, 10000, values);
    double exact = plain_quantile(values, 10000, 0.5), value = 0.0;
    static const double lows[] = {0.9, 0.0};
    for (size_t i = 0; i < 2; ++i) {
        struct bracket bracket = {.low = lows[i], .high = lows[i] + 0.05};
        int passes = 0;
        for (int again = 1; again != 0 && passes < 5; ++passes) {
            bracket_count(&bracket, 10000, values);
            again = bracket_resolve(&bracket, 0.5, 10000, 0.0, 1.0, &value);
        }
        assert_int_equal(passes, 2);
        assert_true(fabs(value - exact) < 0.005);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selection_is_the_same_as_sorting),
        cmocka_unit_test(undefined_values_are_left_out),
        cmocka_unit_test(whole_years_are_counted_exactly),
        cmocka_unit_test(brackets_find_what_selection_finds),
        cmocka_unit_test(a_bracket_in_the_wrong_place_moves_until_it_holds_the_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
