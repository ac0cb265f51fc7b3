#include "uncertainty/contribution.h"

#include "uncertainty/uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- statistics of a column ----
 *
 * Most fields of most columns are 0, NaN or as the one before: a u32 of two bits a field says which
 * (n_finite counts as the same where it is the number of draws), then come the others. */

enum { N_COLUMN_DOUBLES = 11, N_FIELDS = N_COLUMN_DOUBLES + 1 };

enum field_form { FIELD_ZERO, FIELD_STORED, FIELD_NAN, FIELD_SAME };

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

static void bits_of_statistics(const struct column_statistics *column, uint64_t bits[N_FIELDS])
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

static struct column_statistics statistics_of_bits(const uint64_t bits[N_FIELDS])
{
    return (struct column_statistics){.headline = double_of(bits[0]),
                                      .mean = double_of(bits[1]),
                                      .sd = double_of(bits[2]),
                                      .se = double_of(bits[3]),
                                      .minimum = double_of(bits[4]),
                                      .maximum = double_of(bits[5]),
                                      .q025 = double_of(bits[6]),
                                      .q50 = double_of(bits[7]),
                                      .q975 = double_of(bits[8]),
                                      .p_nonneg = double_of(bits[9]),
                                      .p_nonneg_se = double_of(bits[10]),
                                      .n_finite = bits[N_COLUMN_DOUBLES]};
}

static uint64_t same_as(const uint64_t bits[N_FIELDS], size_t field, uint64_t n_draws)
{
    return field == N_COLUMN_DOUBLES ? n_draws : field == 0 ? 0 : bits[field - 1];
}

static void put_statistics(struct bytes *bytes, const struct column_statistics *column,
                           uint64_t n_draws)
{
    const uint64_t nan_bits = bits_of((double)NAN);
    enum field_form forms[N_FIELDS];
    uint64_t bits[N_FIELDS];
    uint32_t all = 0;
    bits_of_statistics(column, bits);
    for (size_t i = 0; i < N_FIELDS; ++i) {
        forms[i] = bits[i] == 0                                  ? FIELD_ZERO
                   : i < N_COLUMN_DOUBLES && bits[i] == nan_bits ? FIELD_NAN
                   : bits[i] == same_as(bits, i, n_draws)        ? FIELD_SAME
                                                                 : FIELD_STORED;
        all |= (uint32_t)forms[i] << (2 * i);
    }
    bytes_put_u32(bytes, all);
    for (size_t i = 0; i < N_FIELDS; ++i) {
        if (forms[i] == FIELD_STORED) {
            bytes_put_u64(bytes, bits[i]);
        }
    }
}

static struct column_statistics take_statistics(struct bytes_reader *reader, uint64_t n_draws)
{
    uint32_t all = bytes_take_u32(reader);
    uint64_t bits[N_FIELDS] = {0};
    for (size_t i = 0; i < N_FIELDS; ++i) {
        switch ((enum field_form)((all >> (2 * i)) & 3)) {
        case FIELD_ZERO:
            bits[i] = 0;
            break;
        case FIELD_STORED:
            bits[i] = bytes_take_u64(reader);
            break;
        case FIELD_NAN:
            bits[i] = bits_of((double)NAN);
            break;
        case FIELD_SAME:
            bits[i] = same_as(bits, i, n_draws);
            break;
        }
    }
    return statistics_of_bits(bits);
}

/* ---- a plan that is done ---- */

/* By name, because the order of the statuses is nobody's promise. */
static const enum status failures[] = {STATUS_NUMERIC, STATUS_LIMIT, STATUS_NO_MEMORY, STATUS_IO};

enum { N_FAILURES = sizeof failures / sizeof failures[0] };

static void put_status(struct bytes *bytes, enum status status)
{
    uint8_t code = 0;
    for (size_t i = 0; i < N_FAILURES; ++i) {
        code = failures[i] == status ? (uint8_t)(i + 1) : code;
    }
    bytes_put_u8(bytes, code);
}

static enum status take_status(struct bytes_reader *reader)
{
    uint8_t code = bytes_take_u8(reader);
    reader->failed = reader->failed || code > N_FAILURES;
    return code > 0 && code <= N_FAILURES ? failures[code - 1] : STATUS_OK;
}

void contribution_write_result(struct bytes *bytes, const struct scenario_result *result)
{
    size_t n = result->statistics != NULL ? result->plan->n_results : 0;
    put_status(bytes, result->status);
    bytes_put_text(bytes, result->status != STATUS_OK ? result->error.message : "");
    bytes_put_u64(bytes, result->n_draws);
    bytes_put_u32(bytes, result->n_scramblings);
    bytes_put_u32(bytes, result->se_degrees);
    bytes_put_u8(bytes, result->precision_met ? 1 : 0);
    bytes_put_double(bytes, result->capped_share);
    bytes_put_double(bytes, result->assumption_share);
    bytes_put_double(bytes, result->assumption_share_se);
    bytes_put_double(bytes, result->seconds);
    bytes_put_u64(bytes, n);
    for (size_t i = 0; i < n; ++i) {
        put_statistics(bytes, &result->statistics[i], result->n_draws);
    }
}

bool contribution_read_result(const struct bytes *bytes, struct scenario_result *result)
{
    struct bytes_reader reader = bytes_read(bytes->data, bytes->n);
    struct scenario_result read = *result;
    read.status = take_status(&reader);
    char *message = bytes_take_text(&reader);
    (void)snprintf(read.error.message, sizeof read.error.message, "%s", message);
    read.error.status = read.status;
    free(message);
    read.n_draws = bytes_take_u64(&reader);
    read.n_scramblings = bytes_take_u32(&reader);
    read.se_degrees = bytes_take_u32(&reader);
    read.precision_met = bytes_take_u8(&reader) != 0;
    read.capped_share = bytes_take_double(&reader);
    read.assumption_share = bytes_take_double(&reader);
    read.assumption_share_se = bytes_take_double(&reader);
    read.seconds = bytes_take_double(&reader);
    size_t n = result->plan->n_results, found = (size_t)bytes_take_u64(&reader);
    if (reader.failed || found != (read.status == STATUS_OK ? n : 0)) {
        return false;
    }
    read.statistics = found > 0 ? memory_array(n, sizeof *read.statistics) : NULL;
    for (size_t i = 0; i < found; ++i) {
        read.statistics[i] = take_statistics(&reader, read.n_draws);
    }
    if (!bytes_ended_well(&reader)) {
        free(read.statistics);
        return false;
    }
    *result = read;
    return true;
}

static int compare_numbers(uint64_t left, uint64_t right)
{
    return left < right ? -1 : left > right ? 1 : 0;
}

int contribution_compare_keys(const struct contribution_key *left,
                              const struct contribution_key *right)
{
    int by_plan = compare_numbers(left->plan, right->plan);
    int by_kind = compare_numbers((uint64_t)left->kind, (uint64_t)right->kind);
    int by_draws = compare_numbers(left->n_draws, right->n_draws);
    int by_round = compare_numbers(left->round, right->round);
    return by_plan != 0    ? by_plan
           : by_kind != 0  ? by_kind
           : by_draws != 0 ? by_draws
           : by_round != 0 ? by_round
                           : compare_numbers(left->unit, right->unit);
}
