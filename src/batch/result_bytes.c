#include "batch/result_bytes.h"

#include <math.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

static const char magic[] = "dividend-result\n";

enum { MAGIC_BYTES = 16, N_COLUMN_DOUBLES = 11, N_FIELDS = N_COLUMN_DOUBLES + 1 };

enum field_form { FIELD_ZERO, FIELD_STORED, FIELD_NAN, FIELD_SAME };

/* ---- numbers ---- */

static void put_bits(struct text *out, uint64_t bits, size_t n_bytes)
{
    char bytes[8];
    for (size_t i = 0; i < n_bytes; ++i) {
        bytes[i] = (char)(unsigned char)(bits >> (8 * i));
    }
    text_append_span(out, bytes, n_bytes);
}

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value = 0.0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void put_double(struct text *out, double value)
{
    put_bits(out, bits_of(value), 8);
}

struct cursor {
    const unsigned char *at, *end;
    bool good;
};

static uint64_t take_bits(struct cursor *cursor, size_t n_bytes)
{
    uint64_t bits = 0;
    if ((size_t)(cursor->end - cursor->at) < n_bytes) {
        cursor->good = false;
        return 0;
    }
    for (size_t i = 0; i < n_bytes; ++i) {
        bits |= (uint64_t)cursor->at[i] << (8 * i);
    }
    cursor->at += n_bytes;
    return bits;
}

static double take_double(struct cursor *cursor)
{
    return double_of(take_bits(cursor, 8));
}

/* ---- columns ---- */

static void bits_of_column(const struct column_statistics *column, uint64_t bits[N_FIELDS])
{
    const double values[N_COLUMN_DOUBLES] = {column->headline, column->mean,       column->sd,
                                             column->se,       column->minimum,    column->maximum,
                                             column->q025,     column->q50,        column->q975,
                                             column->p_nonneg, column->p_nonneg_se};
    for (size_t i = 0; i < N_COLUMN_DOUBLES; ++i) {
        bits[i] = bits_of(values[i]);
    }
    bits[N_COLUMN_DOUBLES] = column->n_finite;
}

static void column_of_bits(struct column_statistics *column, const uint64_t bits[N_FIELDS])
{
    double *const values[N_COLUMN_DOUBLES] = {
        &column->headline, &column->mean,     &column->sd,         &column->se,
        &column->minimum,  &column->maximum,  &column->q025,       &column->q50,
        &column->q975,     &column->p_nonneg, &column->p_nonneg_se};
    for (size_t i = 0; i < N_COLUMN_DOUBLES; ++i) {
        *values[i] = double_of(bits[i]);
    }
    column->n_finite = bits[N_COLUMN_DOUBLES];
}

/* What a field is like when it is "as the one before": n_finite is as the number of draws. */
static uint64_t same_as(const uint64_t bits[N_FIELDS], size_t field, uint64_t n_draws)
{
    return field == N_COLUMN_DOUBLES ? n_draws : field == 0 ? 0 : bits[field - 1];
}

static void put_column(struct text *out, const struct column_statistics *column, uint64_t n_draws)
{
    const uint64_t nan_bits = bits_of((double)NAN);
    enum field_form forms[N_FIELDS];
    uint64_t bits[N_FIELDS];
    uint32_t all = 0;
    bits_of_column(column, bits);
    for (size_t i = 0; i < N_FIELDS; ++i) {
        forms[i] = bits[i] == 0                                  ? FIELD_ZERO
                   : i < N_COLUMN_DOUBLES && bits[i] == nan_bits ? FIELD_NAN
                   : bits[i] == same_as(bits, i, n_draws)        ? FIELD_SAME
                                                                 : FIELD_STORED;
        all |= (uint32_t)forms[i] << (2 * i);
    }
    put_bits(out, all, 4);
    for (size_t i = 0; i < N_FIELDS; ++i) {
        if (forms[i] == FIELD_STORED) {
            put_bits(out, bits[i], 8);
        }
    }
}

static void take_column(struct cursor *cursor, struct column_statistics *column, uint64_t n_draws)
{
    uint64_t all = take_bits(cursor, 4);
    uint64_t bits[N_FIELDS] = {0};
    for (size_t i = 0; i < N_FIELDS; ++i) {
        switch ((enum field_form)((all >> (2 * i)) & 3)) {
        case FIELD_ZERO:
            bits[i] = 0;
            break;
        case FIELD_STORED:
            bits[i] = take_bits(cursor, 8);
            break;
        case FIELD_NAN:
            bits[i] = bits_of((double)NAN);
            break;
        case FIELD_SAME:
            bits[i] = same_as(bits, i, n_draws);
            break;
        }
    }
    column_of_bits(column, bits);
}

/* ---- the whole ---- */

static void hash_bytes(const char *bytes, size_t n_bytes, uint8_t digest[SHA256_DIGEST_SIZE])
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, n_bytes, (const uint8_t *)bytes);
    sha256_digest(&context, SHA256_DIGEST_SIZE, digest);
}

void result_bytes_write(struct text *out, const uint8_t key[RESULT_KEY_BYTES],
                        const struct scenario_result *result)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    size_t start = out->n_bytes;
    text_append_span(out, magic, MAGIC_BYTES);
    put_bits(out, RESULT_BYTES_VERSION, 4);
    text_append_span(out, (const char *)key, RESULT_KEY_BYTES);
    put_bits(out, result->n_draws, 8);
    put_bits(out, result->n_scramblings, 4);
    put_bits(out, result->se_degrees, 4);
    put_bits(out, (result->has_precision ? 1U : 0U) | (result->precision_met ? 2U : 0U), 4);
    put_bits(out, result->precision_column, 8);
    put_double(out, result->precision_se);
    put_double(out, result->capped_share);
    put_double(out, result->assumption_share);
    put_double(out, result->assumption_share_se);
    put_bits(out, result->plan->n_results, 8);
    for (size_t i = 0; i < result->plan->n_results; ++i) {
        put_column(out, &result->statistics[i], result->n_draws);
    }
    hash_bytes(out->bytes + start, out->n_bytes - start, digest);
    text_append_span(out, (const char *)digest, sizeof digest);
}

/* Magic, version, key and checksum. */
static bool is_whole(const char *bytes, size_t n_bytes, const uint8_t key[RESULT_KEY_BYTES])
{
    enum { LEAST = MAGIC_BYTES + 4 + RESULT_KEY_BYTES + SHA256_DIGEST_SIZE };

    uint8_t digest[SHA256_DIGEST_SIZE];
    if (n_bytes < LEAST || memcmp(bytes, magic, MAGIC_BYTES) != 0) {
        return false;
    }
    struct cursor cursor = {.at = (const unsigned char *)bytes + MAGIC_BYTES,
                            .end = (const unsigned char *)bytes + n_bytes,
                            .good = true};
    hash_bytes(bytes, n_bytes - sizeof digest, digest);
    return take_bits(&cursor, 4) == RESULT_BYTES_VERSION &&
           memcmp(cursor.at, key, RESULT_KEY_BYTES) == 0 &&
           memcmp(bytes + n_bytes - sizeof digest, digest, sizeof digest) == 0;
}

bool result_bytes_read(const char *bytes, size_t n_bytes, const uint8_t key[RESULT_KEY_BYTES],
                       struct scenario_result *result)
{
    size_t n_results = result->plan->n_results;
    struct scenario_result read = *result;
    if (!is_whole(bytes, n_bytes, key)) {
        return false;
    }
    struct cursor cursor = {.at = (const unsigned char *)bytes + MAGIC_BYTES + 4 + RESULT_KEY_BYTES,
                            .end = (const unsigned char *)bytes + n_bytes - SHA256_DIGEST_SIZE,
                            .good = true};
    read.n_draws = take_bits(&cursor, 8);
    read.n_scramblings = (uint32_t)take_bits(&cursor, 4);
    read.se_degrees = (uint32_t)take_bits(&cursor, 4);
    uint64_t flags = take_bits(&cursor, 4);
    read.has_precision = (flags & 1U) != 0;
    read.precision_met = (flags & 2U) != 0;
    read.precision_column = (size_t)take_bits(&cursor, 8);
    read.precision_se = take_double(&cursor);
    read.capped_share = take_double(&cursor);
    read.assumption_share = take_double(&cursor);
    read.assumption_share_se = take_double(&cursor);
    bool fits = take_bits(&cursor, 8) == n_results && cursor.good &&
                (!read.has_precision || read.precision_column < n_results);
    if (!fits) {
        return false;
    }
    read.statistics = memory_array(n_results + 1, sizeof *read.statistics);
    for (size_t i = 0; i < n_results && cursor.good; ++i) {
        take_column(&cursor, &read.statistics[i], read.n_draws);
    }
    if (!cursor.good || cursor.at != cursor.end) {
        free(read.statistics);
        return false;
    }
    *result = read;
    return true;
}
