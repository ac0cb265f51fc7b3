#include "uncertainty/contribution.h"

#include "uncertainty/uncertainty.h"

#include <stdio.h>
#include <stdlib.h>

static void put_statistics(struct bytes *bytes, const struct column_statistics *statistics)
{
    const double values[] = {statistics->headline, statistics->mean,       statistics->sd,
                             statistics->se,       statistics->minimum,    statistics->maximum,
                             statistics->q025,     statistics->q50,        statistics->q975,
                             statistics->p_nonneg, statistics->p_nonneg_se};
    bytes_put_doubles(bytes, values, sizeof values / sizeof values[0]);
    bytes_put_u64(bytes, statistics->n_finite);
}

static struct column_statistics take_statistics(struct bytes_reader *reader)
{
    double values[11];
    bytes_take_doubles(reader, values, sizeof values / sizeof values[0]);
    return (struct column_statistics){.headline = values[0],
                                      .mean = values[1],
                                      .sd = values[2],
                                      .se = values[3],
                                      .minimum = values[4],
                                      .maximum = values[5],
                                      .q025 = values[6],
                                      .q50 = values[7],
                                      .q975 = values[8],
                                      .p_nonneg = values[9],
                                      .p_nonneg_se = values[10],
                                      .n_finite = bytes_take_u64(reader)};
}

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
        put_statistics(bytes, &result->statistics[i]);
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
        read.statistics[i] = take_statistics(&reader);
    }
    if (!bytes_ended_well(&reader)) {
        free(read.statistics);
        return false;
    }
    *result = read;
    return true;
}
