/* Records as bytes, for contributions. */
#include "uncertainty/record.h"

#include <stdlib.h>

static void put_column(struct bytes *bytes, const struct column_record *column)
{
    bytes_put_double(bytes, column->mean);
    bytes_put_double(bytes, column->squared_deviations);
    bytes_put_double(bytes, column->minimum);
    bytes_put_double(bytes, column->maximum);
    bytes_put_count(bytes, column->n_finite);
    bytes_put_count(bytes, column->n_nonneg);
}

static struct column_record take_column(struct bytes_reader *reader)
{
    struct column_record column;
    column.mean = bytes_take_double(reader);
    column.squared_deviations = bytes_take_double(reader);
    column.minimum = bytes_take_double(reader);
    column.maximum = bytes_take_double(reader);
    column.n_finite = bytes_take_count(reader);
    column.n_nonneg = bytes_take_count(reader);
    return column;
}

static void put_ratio(struct bytes *bytes, const struct ratio_record *ratio)
{
    const double values[] = {ratio->mean_numerator, ratio->mean_denominator,
                             ratio->squared_numerator, ratio->squared_denominator, ratio->comoment};
    bytes_put_doubles(bytes, values, sizeof values / sizeof values[0]);
}

static struct ratio_record take_ratio(struct bytes_reader *reader)
{
    double values[5];
    bytes_take_doubles(reader, values, sizeof values / sizeof values[0]);
    return (struct ratio_record){.mean_numerator = values[0],
                                 .mean_denominator = values[1],
                                 .squared_numerator = values[2],
                                 .squared_denominator = values[3],
                                 .comoment = values[4]};
}

static void put_scrambling(struct bytes *bytes, const struct plan *plan,
                           const struct scrambling_record *scrambling)
{
    bytes_put_count(bytes, scrambling->n_draws);
    if (scrambling->n_draws == 0) {
        return;
    }
    bytes_put_doubles(bytes, scrambling->sums, plan->n_results);
    for (size_t i = 0; i < plan->n_results; ++i) {
        bytes_put_count(bytes, scrambling->n_finite[i]);
        bytes_put_count(bytes, scrambling->n_nonneg[i]);
    }
    bytes_put_doubles(bytes, scrambling->numerators, plan->n_ratios);
    bytes_put_doubles(bytes, scrambling->denominators, plan->n_ratios);
}

static uint32_t take_u32_count(struct bytes_reader *reader)
{
    uint64_t count = bytes_take_count(reader);
    reader->failed = reader->failed || count > UINT32_MAX;
    return (uint32_t)count;
}

static void take_scrambling(struct bytes_reader *reader, const struct plan *plan,
                            struct scrambling_record *scrambling)
{
    uint64_t n_draws = bytes_take_count(reader);
    if (n_draws == 0) {
        return;
    }
    record_start_scrambling(plan, scrambling, n_draws);
    bytes_take_doubles(reader, scrambling->sums, plan->n_results);
    for (size_t i = 0; i < plan->n_results; ++i) {
        scrambling->n_finite[i] = take_u32_count(reader);
        scrambling->n_nonneg[i] = take_u32_count(reader);
    }
    bytes_take_doubles(reader, scrambling->numerators, plan->n_ratios);
    bytes_take_doubles(reader, scrambling->denominators, plan->n_ratios);
}

void record_write(const struct plan *plan, const struct record *record, struct bytes *bytes)
{
    bytes_put_u64(bytes, record->n_draws);
    bytes_put_u64(bytes, record->n_capped);
    bytes_put_u64(bytes, record->first_bad_draw);
    bytes_put_u64(bytes, record->bad_column);
    bytes_put_double(bytes, record->bad_value);
    for (size_t i = 0; i < plan->n_results; ++i) {
        put_column(bytes, &record->columns[i]);
    }
    for (size_t i = 0; i < plan->n_ratios; ++i) {
        put_ratio(bytes, &record->ratios[i]);
    }
    for (size_t i = 0; i < record_count_years(plan); ++i) {
        bytes_put_count(bytes, record->counts[i]);
    }
    for (size_t i = 0; i < record->n_scramblings; ++i) {
        put_scrambling(bytes, plan, &record->scramblings[i]);
    }
}

struct record *record_read(const struct plan *plan, size_t n_scramblings,
                           struct bytes_reader *reader)
{
    struct record *record = record_new(plan, n_scramblings);
    record->n_draws = bytes_take_u64(reader);
    record->n_capped = bytes_take_u64(reader);
    record->first_bad_draw = bytes_take_u64(reader);
    record->bad_column = (size_t)bytes_take_u64(reader);
    record->bad_value = bytes_take_double(reader);
    for (size_t i = 0; i < plan->n_results && !reader->failed; ++i) {
        record->columns[i] = take_column(reader);
    }
    for (size_t i = 0; i < plan->n_ratios && !reader->failed; ++i) {
        record->ratios[i] = take_ratio(reader);
    }
    for (size_t i = 0; i < record_count_years(plan) && !reader->failed; ++i) {
        record->counts[i] = bytes_take_count(reader);
    }
    for (size_t i = 0; i < n_scramblings && !reader->failed; ++i) {
        take_scrambling(reader, plan, &record->scramblings[i]);
    }
    if (reader->failed || record->bad_column >= plan->n_results + 1) {
        reader->failed = true;
        record_free(record);
        return NULL;
    }
    return record;
}
