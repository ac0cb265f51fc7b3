/* What units of a plan's work contribute, as bytes. */
#include "uncertainty/job.h"

#include <stdlib.h>

static size_t count_brackets(const struct job *job)
{
    return job->n_retained * N_QUANTILES;
}

void job_write_chunk(const struct job *job, const struct chunk *chunk, struct bytes *bytes)
{
    if (chunk->records) {
        record_write(job->sampling.plan, chunk->record, bytes);
    }
    for (size_t i = 0; chunk->keeps && i < job->n_retained; ++i) {
        bytes_put_doubles(
            bytes, job->retained + i * (size_t)job->n_retained_draws + (size_t)chunk->first_draw,
            (size_t)chunk->n_draws);
    }
    for (size_t i = 0; chunk->counts && i < count_brackets(job); ++i) {
        if (job->open[i]) {
            bracket_write(&chunk->brackets[i], bytes);
        }
    }
}

bool job_read_chunk(struct job *job, struct chunk *chunk, const struct bytes *bytes)
{
    struct bytes_reader reader = bytes_read(bytes->data, bytes->n);
    if (chunk->records) {
        chunk->record = record_read(job->sampling.plan, job_count_scramblings(job), &reader);
    }
    for (size_t i = 0; chunk->keeps && !reader.failed && i < job->n_retained; ++i) {
        bytes_take_doubles(
            &reader, job->retained + i * (size_t)job->n_retained_draws + (size_t)chunk->first_draw,
            (size_t)chunk->n_draws);
    }
    for (size_t i = 0; chunk->counts && !reader.failed && i < count_brackets(job); ++i) {
        if (job->open[i]) {
            bracket_read(&chunk->brackets[i], &reader);
        }
    }
    bool of_these = chunk->record == NULL || chunk->record->n_draws == chunk->n_draws;
    if (!bytes_ended_well(&reader) || !of_these) {
        record_free(chunk->record);
        chunk->record = NULL;
        return false;
    }
    return true;
}

void job_write_places(const struct job *job, struct bytes *bytes)
{
    for (size_t i = 0; i < count_brackets(job); ++i) {
        bytes_put_double(bytes, job->brackets[i].low);
        bytes_put_double(bytes, job->brackets[i].high);
    }
}

bool job_read_places(struct job *job, const struct bytes *bytes)
{
    struct bytes_reader reader = bytes_read(bytes->data, bytes->n);
    if (bytes->n != 16 * count_brackets(job)) {
        return false;
    }
    for (size_t i = 0; i < count_brackets(job); ++i) {
        job->brackets[i].low = bytes_take_double(&reader);
        job->brackets[i].high = bytes_take_double(&reader);
        job->open[i] = true;
    }
    return bytes_ended_well(&reader);
}

void job_write_share(const struct job *job, struct bytes *bytes)
{
    bytes_put_double(bytes, job->result->assumption_share);
    bytes_put_double(bytes, job->result->assumption_share_se);
}

bool job_read_share(struct job *job, const struct bytes *bytes)
{
    struct bytes_reader reader = bytes_read(bytes->data, bytes->n);
    double share = bytes_take_double(&reader), se = bytes_take_double(&reader);
    if (!bytes_ended_well(&reader)) {
        return false;
    }
    job->result->assumption_share = share;
    job->result->assumption_share_se = se;
    return true;
}
