/* One plan on its way through a run; shared by simulate.c (scheduling), statistics.c and share.c.
 */
#ifndef DIVIDEND_UNCERTAINTY_JOB_H
#define DIVIDEND_UNCERTAINTY_JOB_H

#include "uncertainty/quantile.h"
#include "uncertainty/record.h"
#include "uncertainty/uncertainty.h"
#include "uncertainty/worker.h"

#include <time.h>

enum {
    PILOT_DRAWS = 16384,
    SHARE_DRAWS = 4096,
    COLUMNS_A_TASK = 32,
    SMALL_CHUNK_BLOCKS = 4,
    LARGE_CHUNK_BLOCKS = 64
};

enum phase { PHASE_PILOT, PHASE_DRAWS, PHASE_QUANTILES, PHASE_RECOUNT, PHASE_SHARE, PHASE_DONE };

/* Memory for retained draws that jobs hand on: a hundred megabytes whose pages would else be made
 * and filled anew for every plan. As many are free at once as jobs may be open. */
struct spare {
    double *values;
    size_t n_doubles;
};

struct spares {
    struct spare *items; /* [n_items]; values NULL: none */
    size_t n_items;
};

struct job {
    struct plan_sampling sampling;
    struct scenario_result *result;
    uint64_t n_draws;
    bool large; /* too many draws to retain */
    bool wants_share;
    bool started;
    const struct contribution_store *store; /* NULL none */
    const struct simulation_part *part;
    uint32_t number;         /* among the plans of the run */
    bool split;              /* only some of its units are computed here, and nothing is folded */
    uint32_t n_rounds;       /* of recounts so far */
    size_t precision_column; /* SIZE_MAX: no target */
    double precision_se;
    uint64_t max_draws;
    enum phase phase;
    size_t n_tasks, next_task, n_done; /* of the phase */
    size_t chunk_blocks;
    struct fold fold;
    struct spares *spares;
    struct spare memory; /* behind `retained` */
    double *retained;    /* [retained column][draws of the phase] */
    uint64_t n_retained_draws;
    size_t *retained_of; /* result column -> retained index, SIZE_MAX none */
    size_t n_retained;
    struct bracket *brackets;         /* [retained][N_QUANTILES]; open ones are counted */
    bool *open;                       /* [retained][N_QUANTILES] */
    double (*quantiles)[N_QUANTILES]; /* [retained] */
    struct timespec start;
};

/* A run of blocks that was computed or read. */
struct chunk {
    size_t first_block, n_blocks;
    uint64_t first_draw, n_draws;
    bool records, keeps, counts; /* what it contributes: a record, values, counts in brackets */
    struct record *record;       /* NULL: none */
    struct bracket *brackets;    /* [retained][N_QUANTILES], with counts; NULL: none */
};

/* As bytes: a chunk's record, its part of job->retained and its counts in open brackets; where the
 * brackets were placed; the share of assumptions. Reading is false where the bytes are not of such
 * a plan; what it has written to job->retained by then is computed anew. */
void job_write_chunk(const struct job *job, const struct chunk *chunk, struct bytes *bytes);
bool job_read_chunk(struct job *job, struct chunk *chunk, const struct bytes *bytes);
void job_write_places(const struct job *job, struct bytes *bytes);
bool job_read_places(struct job *job, const struct bytes *bytes);
void job_write_share(const struct job *job, struct bytes *bytes);
bool job_read_share(struct job *job, const struct bytes *bytes);

size_t job_count_scramblings(const struct job *job);

/* Statistics of every result column from the folded record and the quantiles; into job->result. */
void job_set_statistics(struct job *job);

/* False, with the scenario's status and error set, where a draw was not finite. */
bool job_draws_are_sound(struct job *job);

/* Share of the variance of the headline net that involves assumptions; into job->result. */
void job_set_assumption_share(struct job *job);

#endif
