/* Results as bytes: exact to the bit there and back; cut short anywhere, changed anywhere or asked
 * for by another key, they are refused and nothing is touched. */
#include "batch/result_bytes.h"
#include "support/assert_close.h"
#include "support/dice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_COLUMNS = 40 };

static double bits_double(uint64_t bits)
{
    double value = 0.0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Every kind of value: 0, -0, NaN of two kinds, infinity, repeats, and any bits at all. */
static double any_double(struct dice *dice, double before)
{
    switch (dice_below(dice, 9)) {
    case 0:
        return 0.0;
    case 1:
        return -0.0;
    case 2:
        return (double)NAN;
    case 3:
        return bits_double(UINT64_C(0x7ff8000000001234));
    case 4:
        return (double)INFINITY;
    case 5:
        return before;
    default:
        return bits_double(dice_word(dice));
    }
}

static void fill(struct dice *dice, const struct plan *plan, struct scenario_result *result)
{
    double value = 1.5;
    *result = (struct scenario_result){.plan = plan,
                                       .n_draws = 4096,
                                       .n_scramblings = 16,
                                       .se_degrees = 15,
                                       .has_precision = dice_below(dice, 2) == 1,
                                       .precision_column = dice_below(dice, N_COLUMNS),
                                       .precision_se = 10.25,
                                       .capped_share = 0.125,
                                       .assumption_share = (double)NAN,
                                       .assumption_share_se = 0.5};
    result->precision_met = result->has_precision;
    result->statistics = calloc(N_COLUMNS, sizeof *result->statistics);
    for (size_t i = 0; i < N_COLUMNS; ++i) {
        struct column_statistics *column = &result->statistics[i];
        double *const fields[] = {&column->headline, &column->mean,       &column->sd,
                                  &column->se,       &column->minimum,    &column->maximum,
                                  &column->q025,     &column->q50,        &column->q975,
                                  &column->p_nonneg, &column->p_nonneg_se};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; ++k) {
            *fields[k] = value = any_double(dice, value);
        }
        column->n_finite = dice_below(dice, 2) == 1 ? 4096 : dice_word(dice);
    }
}

static void they_come_back_to_the_bit(void **state)
{
    (void)state;
    struct dice dice = {.state = 7};
    const struct plan plan = {.n_results = N_COLUMNS};
    const uint8_t key[RESULT_KEY_BYTES] = {1, 2, 3};
    for (size_t round = 0; round < 200; ++round) {
        struct scenario_result result, read = {.plan = &plan};
        struct text bytes;
        fill(&dice, &plan, &result);
        text_init(&bytes);
        result_bytes_write(&bytes, key, &result);
        assert_true(result_bytes_read(bytes.bytes, bytes.n_bytes, key, &read));
        assert_memory_equal(read.statistics, result.statistics,
                            N_COLUMNS * sizeof *result.statistics);
        assert_int_equal(read.n_draws, result.n_draws);
        assert_int_equal(read.n_scramblings, result.n_scramblings);
        assert_int_equal(read.se_degrees, result.se_degrees);
        assert_int_equal(read.has_precision, result.has_precision);
        assert_int_equal(read.precision_met, result.precision_met);
        assert_int_equal(read.precision_column, result.precision_column);
        assert_true(read.precision_se == 10.25 && read.capped_share == 0.125);
        assert_true(isnan(read.assumption_share) && read.assumption_share_se == 0.5);
        free(read.statistics);
        free(result.statistics);
        text_clear(&bytes);
    }
}

static void assert_refused(const char *bytes, size_t n_bytes, const uint8_t *key,
                           const struct plan *plan)
{
    struct scenario_result read = {.plan = plan, .n_draws = 99};
    /* a copy of just so many bytes, so that a sanitizer sees any reading past them */
    char *copy = malloc(n_bytes + 1);
    memcpy(copy, bytes, n_bytes);
    char *exact = n_bytes > 0 ? malloc(n_bytes) : copy;
    memcpy(exact, bytes, n_bytes);
    assert_false(result_bytes_read(exact, n_bytes, key, &read));
    assert_null(read.statistics);
    assert_int_equal(read.n_draws, 99);
    if (exact != copy) {
        free(exact);
    }
    free(copy);
}

static void every_length_and_every_byte_counts(void **state)
{
    (void)state;
    struct dice dice = {.state = 11};
    const struct plan plan = {.n_results = N_COLUMNS}, other = {.n_results = N_COLUMNS - 1};
    const uint8_t key[RESULT_KEY_BYTES] = {9}, another[RESULT_KEY_BYTES] = {8};
    struct scenario_result result;
    struct text bytes;
    fill(&dice, &plan, &result);
    text_init(&bytes);
    result_bytes_write(&bytes, key, &result);
    for (size_t n = 0; n < bytes.n_bytes; ++n) {
        assert_refused(bytes.bytes, n, key, &plan);
    }
    for (size_t i = 0; i < bytes.n_bytes; ++i) {
        bytes.bytes[i] = (char)(bytes.bytes[i] ^ (1 << (i % 8)));
        assert_refused(bytes.bytes, bytes.n_bytes, key, &plan);
        bytes.bytes[i] = (char)(bytes.bytes[i] ^ (1 << (i % 8)));
    }
    assert_refused(bytes.bytes, bytes.n_bytes, another, &plan);
    assert_refused(bytes.bytes, bytes.n_bytes, key, &other);
    text_append(&bytes, "x");
    assert_refused(bytes.bytes, bytes.n_bytes, key, &plan);
    text_clear(&bytes);
    free(result.statistics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_back_to_the_bit),
        cmocka_unit_test(every_length_and_every_byte_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
