/* The scheduler: plans in order, each in phases, each phase in tasks that any thread may take.
 *
 *   few draws    DRAWS (values retained) -> QUANTILES (groups of columns) -> SHARE -> DONE
 *   many draws   PILOT (first draws retained) -> DRAWS (records and brackets) -> RECOUNT, where a
 * bracket missed its quantile, as often as needed -> SHARE -> DONE
 *
 * Nothing that reaches a result depends on which thread takes which task: records are folded in a
 * fixed tree, histogram counts are whole numbers, and retained values have their own place. So it
 * does not matter either whether a task computes its contribution or finds it in the store. */
#include "base/threads.h"
#include "plan/measure_reference.h"
#include "uncertainty/job.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct simulation {
    const struct simulation_options *options;
    struct job *jobs;
    size_t n_jobs;
    size_t first_open; /* jobs before it are done */
    size_t window;     /* how many jobs may be open at once: bounds memory */
    size_t n_threads;
    struct spares spares;
    uint64_t draws_before, draws_wanted; /* of the jobs before first_open; of all */
    double work_before, work_wanted;
    bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

/* A thread keeps its worker while it stays with a plan, so that blocks do not pay for setting it
 * up. */
struct thread_state {
    const struct job *job; /* whose worker it is; NULL none */
    struct worker worker;
};

struct task {
    struct job *job;
    enum phase phase;
    size_t index;
};

/* ---- phases ---- */

static size_t count_blocks(uint64_t n_draws)
{
    return (size_t)((n_draws + PROGRAM_BLOCK - 1) / PROGRAM_BLOCK);
}

static uint64_t phase_draws(const struct job *job, enum phase phase)
{
    return phase == PHASE_PILOT ? PILOT_DRAWS : job->n_draws;
}

static size_t count_chunks(const struct job *job, enum phase phase)
{
    return (count_blocks(phase_draws(job, phase)) + job->chunk_blocks - 1) / job->chunk_blocks;
}

/* Gives the memory of retained draws back, for the next job. The mutex is held. */
static void let_go(struct job *job)
{
    struct spare *place = NULL;
    for (size_t i = 0; i < job->spares->n_items && place == NULL; ++i) {
        place = job->spares->items[i].values == NULL ? &job->spares->items[i] : NULL;
    }
    if (place != NULL) {
        *place = job->memory;
    } else {
        free(job->memory.values);
    }
    job->memory = (struct spare){.values = NULL};
    job->retained = NULL;
}

/* Memory that is large enough, or else one that is too small, which is freed: so that there are
 * never more than jobs may be open. */
static struct spare take_spare(struct spares *spares, size_t n_doubles)
{
    struct spare *best = NULL;
    for (size_t i = 0; i < spares->n_items; ++i) {
        struct spare *spare = &spares->items[i];
        bool better =
            best == NULL || (best->n_doubles < n_doubles && best->n_doubles < spare->n_doubles);
        best = spare->values != NULL && better ? spare : best;
    }
    struct spare taken = best != NULL ? *best : (struct spare){.values = NULL};
    if (best != NULL) {
        *best = (struct spare){.values = NULL};
    }
    if (taken.n_doubles < n_doubles || taken.values == NULL) {
        free(taken.values);
        taken = (struct spare){.values = memory_columns_unset(n_doubles), .n_doubles = n_doubles};
    }
    return taken;
}

/* The mutex is held. Every cell is written before it is read: by the chunks that are computed or
 * found, all of them before quantiles are looked at. */
static void retain(struct job *job, uint64_t n_draws)
{
    let_go(job);
    job->memory = take_spare(job->spares, job->n_retained * (size_t)n_draws);
    job->retained = job->memory.values;
    job->n_retained_draws = n_draws;
}

static void enter_phase(struct job *job, enum phase phase)
{
    job->phase = phase;
    job->next_task = job->n_done = 0;
    switch (phase) {
    case PHASE_PILOT:
        retain(job, PILOT_DRAWS);
        job->n_tasks = count_chunks(job, phase);
        return;
    case PHASE_DRAWS:
        fold_init(&job->fold, job->sampling.plan, count_chunks(job, phase));
        if (!job->large) {
            retain(job, job->n_draws);
        }
        job->n_tasks = count_chunks(job, phase);
        return;
    case PHASE_RECOUNT:
        job->n_tasks = count_chunks(job, phase);
        return;
    case PHASE_QUANTILES:
        job->n_tasks = (job->n_retained + COLUMNS_A_TASK - 1) / COLUMNS_A_TASK;
        job->n_tasks = job->n_tasks > 0 ? job->n_tasks : 1; /* a phase without tasks never ends */
        return;
    case PHASE_SHARE:
    case PHASE_DONE:
        job->n_tasks = 1;
        return;
    }
}

/* ---- the store ---- */

/* Unit 0 of kinds that have one. */
static struct contribution_key key_of(const struct job *job, enum contribution_kind kind,
                                      size_t unit)
{
    return (struct contribution_key){.kind = kind,
                                     .plan = job->number,
                                     .round = kind == CONTRIBUTION_RECOUNT ? job->n_rounds : 0,
                                     .unit = (uint32_t)unit,
                                     .n_draws = kind == CONTRIBUTION_RESULT ? 0 : job->n_draws};
}

/* `bytes` is empty, and stays so where nothing is found. */
static bool find_contribution(const struct job *job, const struct contribution_key *key,
                              struct bytes *bytes)
{
    bytes_init(bytes);
    return job->store != NULL && job->store->find(job->store->context, key, bytes);
}

static bool is_wanted(const struct job *job, const struct contribution_key *key)
{
    return job->store != NULL && job->store->wants(job->store->context, key);
}

/* Takes the bytes. */
static void keep_contribution(const struct job *job, const struct contribution_key *key,
                              struct bytes *bytes)
{
    job->store->keep(job->store->context, key, bytes);
    bytes_clear(bytes);
}

/* Units of all plans go round the parts in turn. */
static bool is_mine(const struct job *job, size_t unit)
{
    return !job->split || (unit + job->number) % job->part->n_parts == job->part->index;
}

static bool find_places(struct job *job)
{
    const struct contribution_key key = key_of(job, CONTRIBUTION_PLACES, 0);
    struct bytes bytes;
    bool found = find_contribution(job, &key, &bytes) && job_read_places(job, &bytes);
    bytes_clear(&bytes);
    return found;
}

static void keep_places(const struct job *job)
{
    const struct contribution_key key = key_of(job, CONTRIBUTION_PLACES, 0);
    if (is_wanted(job, &key)) {
        struct bytes bytes;
        bytes_init(&bytes);
        job_write_places(job, &bytes);
        keep_contribution(job, &key, &bytes);
    }
}

static bool find_result(struct job *job)
{
    const struct contribution_key key = key_of(job, CONTRIBUTION_RESULT, 0);
    struct bytes bytes;
    bool found =
        find_contribution(job, &key, &bytes) && contribution_read_result(&bytes, job->result);
    bytes_clear(&bytes);
    return found;
}

static void keep_result(const struct job *job)
{
    const struct contribution_key key = key_of(job, CONTRIBUTION_RESULT, 0);
    if (!job->split && is_wanted(job, &key)) {
        struct bytes bytes;
        bytes_init(&bytes);
        contribution_write_result(&bytes, job->result);
        keep_contribution(job, &key, &bytes);
    }
}

/* Scramblings whose spread tells the standard error; plain draws and too few blocks give none. */
size_t job_count_scramblings(const struct job *job)
{
    size_t n = job->sampling.design.n_scramblings, n_blocks = count_blocks(job->n_draws);
    n = n_blocks < n ? n_blocks : n;
    return job->sampling.design.method == SAMPLING_PLAIN || n < 2 ? 0 : n;
}

static void start_draws(struct job *job)
{
    const struct plan *plan = job->sampling.plan;
    size_t n_scramblings = job_count_scramblings(job);
    job->large = job->n_draws > UNCERTAINTY_RETAINED_DRAWS;
    job->chunk_blocks = job->large ? LARGE_CHUNK_BLOCKS : SMALL_CHUNK_BLOCKS;
    job->n_retained = 0;
    job->result->n_draws = job->n_draws;
    job->result->n_scramblings = n_scramblings > 0 ? (uint32_t)n_scramblings : 1;
    job->result->se_degrees = n_scramblings > 0 ? (uint32_t)n_scramblings - 1 : 0;
    job->retained_of = memory_array(plan->n_results + 1, sizeof *job->retained_of);
    for (size_t i = 0; i < plan->n_results; ++i) {
        bool keep = plan->results[i].retained && !record_is_whole_year(plan->results[i].measure);
        job->retained_of[i] = keep ? job->n_retained++ : SIZE_MAX;
    }
    job->quantiles = memory_array(job->n_retained + 1, sizeof *job->quantiles);
    if (job->large) {
        job->brackets = memory_array(job->n_retained * N_QUANTILES + 1, sizeof *job->brackets);
        job->open = memory_array(job->n_retained * N_QUANTILES + 1, sizeof *job->open);
    }
    job->n_rounds = 0;
    enter_phase(job, job->large && !find_places(job) ? PHASE_PILOT : PHASE_DRAWS);
}

static void start_job(struct job *job)
{
    job->started = true;
    clock_gettime(CLOCK_MONOTONIC, &job->start);
    start_draws(job);
}

/* ---- tasks ---- */

static void keep_block(struct job *job, const struct worker *worker, uint64_t first_draw,
                       size_t n_draws)
{
    for (size_t i = 0; i < job->sampling.plan->n_results; ++i) {
        if (job->retained_of[i] != SIZE_MAX) {
            memcpy(job->retained + job->retained_of[i] * (size_t)job->n_retained_draws + first_draw,
                   worker->appraisal.values + i * PROGRAM_BLOCK, n_draws * sizeof *job->retained);
        }
    }
}

static void count_block(const struct job *job, const struct worker *worker, size_t n_draws,
                        struct bracket *brackets)
{
    for (size_t i = 0; i < job->sampling.plan->n_results; ++i) {
        for (size_t q = 0; job->retained_of[i] != SIZE_MAX && q < N_QUANTILES; ++q) {
            size_t index = job->retained_of[i] * N_QUANTILES + q;
            if (job->open[index]) {
                bracket_count(&brackets[index], n_draws,
                              worker->appraisal.values + i * PROGRAM_BLOCK);
            }
        }
    }
}

static struct bracket *copy_brackets(const struct job *job)
{
    size_t n = job->n_retained * N_QUANTILES;
    struct bracket *copy = memory_array(n + 1, sizeof *copy);
    for (size_t i = 0; i < n; ++i) {
        copy[i].low = job->brackets[i].low;
        copy[i].high = job->brackets[i].high;
    }
    return copy;
}

static void add_brackets(struct job *job, const struct bracket *counted)
{
    for (size_t i = 0; i < job->n_retained * N_QUANTILES; ++i) {
        if (job->open[i]) {
            bracket_add(&job->brackets[i], &counted[i]);
        }
    }
}

static struct worker *worker_for(struct thread_state *state, const struct job *job)
{
    if (state->job != job) {
        if (state->job != NULL) {
            worker_clear(&state->worker);
        }
        worker_init(&state->worker, &job->sampling);
        state->job = job;
    }
    return &state->worker;
}

static struct chunk describe_chunk(const struct job *job, const struct task *task)
{
    uint64_t n_draws = phase_draws(job, task->phase);
    struct chunk chunk = {.first_block = task->index * job->chunk_blocks,
                          .records = task->phase == PHASE_DRAWS,
                          .counts = job->large && task->phase != PHASE_PILOT};
    size_t n_left = count_blocks(n_draws) - chunk.first_block;
    chunk.n_blocks = n_left < job->chunk_blocks ? n_left : job->chunk_blocks;
    chunk.first_draw = (uint64_t)chunk.first_block * PROGRAM_BLOCK;
    uint64_t end = chunk.first_draw + (uint64_t)chunk.n_blocks * PROGRAM_BLOCK;
    chunk.n_draws = (end < n_draws ? end : n_draws) - chunk.first_draw;
    chunk.keeps = task->phase == PHASE_PILOT || (chunk.records && !job->large);
    return chunk;
}

/* Blocks of one chunk, folded among themselves first: the same tree as over all blocks, since
 * chunks are aligned powers of two. */
static void compute_chunk(struct job *job, struct thread_state *state, struct chunk *chunk)
{
    const struct plan *plan = job->sampling.plan;
    struct worker *worker = worker_for(state, job);
    struct fold fold;
    fold_init(&fold, plan, chunk->n_blocks);
    for (size_t block = 0; block < chunk->n_blocks; ++block) {
        uint64_t first_draw = chunk->first_draw + (uint64_t)block * PROGRAM_BLOCK;
        uint64_t left = chunk->first_draw + chunk->n_draws - first_draw;
        size_t n = left < PROGRAM_BLOCK ? (size_t)left : PROGRAM_BLOCK;
        worker_run(worker, first_draw, n, NULL);
        if (chunk->records) {
            struct record *record = record_new(plan, job_count_scramblings(job));
            record_fill(record, &worker->appraisal, &worker->settlement, &job->sampling.design,
                        first_draw, n);
            fold_add(&fold, block, record);
        }
        if (chunk->keeps) {
            keep_block(job, worker, first_draw, n);
        }
        if (chunk->counts) {
            count_block(job, worker, n, chunk->brackets);
        }
    }
    chunk->record = fold.root;
    fold.root = NULL;
    fold_clear(&fold);
}

/* Takes the chunk's record. */
static void add_chunk(struct simulation *simulation, const struct task *task, struct chunk *chunk)
{
    struct job *job = task->job;
    pthread_mutex_lock(&simulation->mutex);
    if (chunk->records) {
        fold_add(&job->fold, task->index, chunk->record);
        chunk->record = NULL;
    }
    if (chunk->counts) {
        add_brackets(job, chunk->brackets);
    }
    pthread_mutex_unlock(&simulation->mutex);
}

static void keep_chunk(const struct job *job, const struct contribution_key *key,
                       const struct chunk *chunk)
{
    struct bytes bytes;
    bytes_init(&bytes);
    job_write_chunk(job, chunk, &bytes);
    keep_contribution(job, key, &bytes);
}

/* From the store where it is there. What a pilot contributes is kept as the places it leads to, and
 * every part of a split plan makes it for itself. */
static void run_chunk(struct simulation *simulation, struct thread_state *state,
                      const struct task *task)
{
    struct job *job = task->job;
    bool pilot = task->phase == PHASE_PILOT;
    if (!pilot && !is_mine(job, task->index)) {
        return;
    }
    const struct contribution_key key = key_of(
        job, task->phase == PHASE_RECOUNT ? CONTRIBUTION_RECOUNT : CONTRIBUTION_DRAWS, task->index);
    struct chunk chunk = describe_chunk(job, task);
    struct bytes bytes = {0};
    chunk.brackets = chunk.counts ? copy_brackets(job) : NULL;
    if (pilot || !find_contribution(job, &key, &bytes) || !job_read_chunk(job, &chunk, &bytes)) {
        if (bytes.n > 0 && chunk.counts) { /* half read */
            free(chunk.brackets);
            chunk.brackets = copy_brackets(job);
        }
        compute_chunk(job, state, &chunk);
        if (!pilot && is_wanted(job, &key)) {
            keep_chunk(job, &key, &chunk);
        }
    }
    bytes_clear(&bytes);
    if (!job->split) {
        add_chunk(simulation, task, &chunk);
    }
    record_free(chunk.record);
    free(chunk.brackets);
}

static void run_share(struct job *job)
{
    const struct contribution_key key = key_of(job, CONTRIBUTION_SHARE, 0);
    struct bytes bytes;
    if (!is_mine(job, count_chunks(job, PHASE_DRAWS))) {
        return;
    }
    if (!find_contribution(job, &key, &bytes) || !job_read_share(job, &bytes)) {
        job_set_assumption_share(job);
        if (is_wanted(job, &key)) {
            bytes_clear(&bytes);
            job_write_share(job, &bytes);
            job->store->keep(job->store->context, &key, &bytes);
        }
    }
    bytes_clear(&bytes);
}

static void run_quantiles(const struct task *task)
{
    struct job *job = task->job;
    size_t n = (size_t)job->n_retained_draws;
    double *scratch = memory_columns(n);
    size_t end = (task->index + 1) * COLUMNS_A_TASK;
    end = end < job->n_retained ? end : job->n_retained;
    for (size_t i = task->index * COLUMNS_A_TASK; i < end; ++i) {
        quantile_select(n, job->retained + i * n, scratch, job->quantiles[i]);
    }
    free(scratch);
}

/* ---- from phase to phase ---- */

static void place_brackets(struct job *job)
{
    size_t n = (size_t)job->n_retained_draws;
    double *scratch = memory_columns(n);
    for (size_t i = 0; i < job->n_retained; ++i) {
        bracket_place(n, job->retained + i * n, scratch, &job->brackets[i * N_QUANTILES]);
        for (size_t q = 0; q < N_QUANTILES; ++q) {
            job->open[i * N_QUANTILES + q] = true;
        }
    }
    free(scratch);
    let_go(job);
}

/* Reads quantiles off the brackets; true where some must be counted again. */
static bool resolve_brackets(struct job *job)
{
    const struct plan *plan = job->sampling.plan;
    bool again = false;
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct column_record *column = &job->fold.root->columns[i];
        for (size_t q = 0; job->retained_of[i] != SIZE_MAX && q < N_QUANTILES; ++q) {
            size_t index = job->retained_of[i] * N_QUANTILES + q;
            if (!job->open[index]) {
                continue;
            }
            job->open[index] = bracket_resolve(&job->brackets[index], quantile_probabilities[q],
                                               column->n_finite, column->minimum, column->maximum,
                                               &job->quantiles[job->retained_of[i]][q]) != 0;
            again = again || job->open[index];
        }
    }
    return again;
}

static void free_draws(struct job *job)
{
    fold_clear(&job->fold);
    let_go(job);
    free(job->retained_of);
    free(job->brackets);
    free(job->open);
    free(job->quantiles);
    job->retained_of = NULL;
    job->brackets = NULL;
    job->open = NULL;
    job->quantiles = NULL;
}

static void finish_job(struct job *job)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    job->result->seconds = (double)(end.tv_sec - job->start.tv_sec) +
                           1e-9 * (double)(end.tv_nsec - job->start.tv_nsec);
    free_draws(job);
    enter_phase(job, PHASE_DONE);
}

/* Statistics are complete: more draws where the precision target asks for them and the limit
 * allows. */
static void judge_precision(struct job *job)
{
    struct scenario_result *result = job->result;
    job_set_statistics(job);
    if (job->precision_column != SIZE_MAX) {
        result->precision_met = result->statistics[job->precision_column].se <= job->precision_se;
        if (!result->precision_met && job->n_draws <= job->max_draws / 2) {
            free(result->statistics);
            result->statistics = NULL;
            free_draws(job);
            job->n_draws *= 2;
            start_draws(job);
            return;
        }
    }
    enter_phase(job, PHASE_SHARE);
}

static void leave_draws(struct job *job)
{
    if (job->split) { /* folded where all parts come together */
        enter_phase(job, PHASE_SHARE);
    } else if (!job_draws_are_sound(job)) {
        finish_job(job);
    } else if (!job->large) {
        enter_phase(job, PHASE_QUANTILES);
    } else if (resolve_brackets(job)) {
        ++job->n_rounds;
        enter_phase(job, PHASE_RECOUNT);
    } else {
        judge_precision(job);
    }
}

/* Called with the mutex held when the last task of a phase is done. */
static void next_phase(struct job *job)
{
    switch (job->phase) {
    case PHASE_PILOT:
        place_brackets(job);
        keep_places(job);
        enter_phase(job, PHASE_DRAWS);
        break;
    case PHASE_DRAWS:
    case PHASE_RECOUNT:
        leave_draws(job);
        break;
    case PHASE_QUANTILES:
        judge_precision(job);
        break;
    case PHASE_SHARE:
        finish_job(job);
        break;
    case PHASE_DONE:
        break;
    }
    if (job->phase == PHASE_SHARE && !job->wants_share) {
        finish_job(job);
    }
}

static void run_task(struct simulation *simulation, struct thread_state *state,
                     const struct task *task)
{
    switch (task->phase) {
    case PHASE_PILOT:
    case PHASE_DRAWS:
    case PHASE_RECOUNT:
        run_chunk(simulation, state, task);
        break;
    case PHASE_QUANTILES:
        run_quantiles(task);
        break;
    case PHASE_SHARE:
        run_share(task->job);
        break;
    case PHASE_DONE:
        break;
    }
}

/* ---- threads ---- */

static bool take_task(struct simulation *simulation, struct task *task)
{
    size_t end = simulation->first_open + simulation->window;
    end = end < simulation->n_jobs ? end : simulation->n_jobs;
    for (size_t i = simulation->first_open; i < end; ++i) {
        struct job *job = &simulation->jobs[i];
        if (!job->started) {
            start_job(job);
        }
        if (job->phase != PHASE_DONE && job->next_task < job->n_tasks) {
            *task = (struct task){.job = job, .phase = job->phase, .index = job->next_task++};
            return true;
        }
    }
    return false;
}

/* Draws of a job whose records are made; pilots and second looks are not counted. */
static uint64_t draws_of_job(const struct job *job)
{
    if (!job->started || job->phase == PHASE_PILOT) {
        return 0;
    }
    uint64_t done = (uint64_t)job->n_done * job->chunk_blocks * PROGRAM_BLOCK;
    return job->phase == PHASE_DRAWS && done < job->n_draws ? done : job->n_draws;
}

/* Draws that a job evaluates in all: its own, and pairs for the share of assumptions. */
static double work_of_job(const struct job *job)
{
    uint64_t pairs = job->n_draws < SHARE_DRAWS ? job->n_draws : SHARE_DRAWS;
    return (double)job->n_draws + (job->wants_share ? 2.0 * (double)pairs : 0.0);
}

static double work_done_of_job(const struct job *job)
{
    return job->phase == PHASE_DONE ? work_of_job(job) : (double)draws_of_job(job);
}

/* Jobs before first_open are done; of those in the window some may be. */
static void look_at_all(const struct simulation *simulation, struct simulation_progress *progress)
{
    size_t end = simulation->first_open + simulation->window;
    end = end < simulation->n_jobs ? end : simulation->n_jobs;
    progress->draws_done = simulation->draws_before;
    progress->draws_wanted = simulation->draws_wanted;
    double work = simulation->work_before;
    for (size_t i = simulation->first_open; i < end; ++i) {
        progress->draws_done += draws_of_job(&simulation->jobs[i]);
        work += work_done_of_job(&simulation->jobs[i]);
        progress->n_done += simulation->jobs[i].phase == PHASE_DONE ? 1 : 0;
    }
    progress->share_done = simulation->work_wanted > 0.0 ? work / simulation->work_wanted : 1.0;
}

static void look_at_first(const struct simulation *simulation, struct simulation_progress *progress)
{
    size_t first = simulation->first_open;
    const struct job *job = &simulation->jobs[first < simulation->n_jobs ? first : first - 1];
    progress->draws_done = draws_of_job(job);
    progress->draws_wanted = job->n_draws;
    progress->share_done = (double)progress->draws_done / (double)job->n_draws;
    for (uint64_t n = job->n_draws; n > simulation->options->n_draws; n /= 2) {
        ++progress->n_doublings;
    }
    progress->may_double = job->precision_column != SIZE_MAX && job->n_draws <= job->max_draws / 2;
}

static void report_progress(struct simulation *simulation)
{
    if (simulation->options->progress == NULL) {
        return;
    }
    struct simulation_progress progress = {.n_done = simulation->first_open,
                                           .n_scenarios = simulation->n_jobs};
    if (simulation->options->precision.of == NULL) {
        look_at_all(simulation, &progress);
    } else {
        look_at_first(simulation, &progress);
    }
    if (!simulation->options->progress(simulation->options->context, &progress)) {
        simulation->stop = true;
    }
}

/* True where the task was the last of its plan. */
static bool complete_task(struct simulation *simulation, const struct task *task)
{
    struct job *job = task->job;
    bool last = ++job->n_done == job->n_tasks;
    if (last) {
        next_phase(job);
        last = job->phase == PHASE_DONE;
    }
    while (simulation->first_open < simulation->n_jobs &&
           simulation->jobs[simulation->first_open].started &&
           simulation->jobs[simulation->first_open].phase == PHASE_DONE) {
        simulation->draws_before += simulation->jobs[simulation->first_open].n_draws;
        simulation->work_before += work_of_job(&simulation->jobs[simulation->first_open]);
        ++simulation->first_open;
    }
    report_progress(simulation);
    pthread_cond_broadcast(&simulation->changed);
    return last;
}

static void *run_thread(void *context)
{
    struct simulation *simulation = context;
    struct thread_state state = {.job = NULL};
    pthread_mutex_lock(&simulation->mutex);
    while (!simulation->stop && simulation->first_open < simulation->n_jobs) {
        struct task task;
        if (!take_task(simulation, &task)) {
            pthread_cond_wait(&simulation->changed, &simulation->mutex);
            continue;
        }
        pthread_mutex_unlock(&simulation->mutex);
        run_task(simulation, &state, &task);
        pthread_mutex_lock(&simulation->mutex);
        if (complete_task(simulation, &task)) {
            pthread_mutex_unlock(&simulation->mutex);
            keep_result(task.job);
            pthread_mutex_lock(&simulation->mutex);
        }
    }
    pthread_cond_broadcast(&simulation->changed);
    pthread_mutex_unlock(&simulation->mutex);
    if (state.job != NULL) {
        worker_clear(&state.worker);
    }
    return NULL;
}

static void prepare_precision(const struct simulation_options *options, struct job *job)
{
    struct measure_reference reference;
    job->precision_column = SIZE_MAX;
    if (options->precision.of == NULL ||
        !measure_reference_find(job->sampling.plan, options->precision.of, &reference)) {
        return;
    }
    job->precision_column = reference.column;
    job->precision_se = options->precision.se;
    job->max_draws = options->precision.max_draws;
    job->result->has_precision = true;
    job->result->precision_column = reference.column;
    job->result->precision_se = options->precision.se;
}

bool simulation_deals_whole_plans(size_t n_plans, size_t n_parts)
{
    enum { PLANS_A_PART = 8 };

    return n_parts > 0 && n_plans / n_parts >= PLANS_A_PART;
}

/* Plans that have nothing to be computed here: results that the store has, and whole plans of other
 * parts. */
static bool has_no_work(struct job *job)
{
    const struct simulation_part *part = job->part;
    bool elsewhere =
        part->n_parts > 0 && part->whole_plans && job->number % part->n_parts != part->index;
    return elsewhere || find_result(job);
}

static enum status prepare_job(struct arena *arena, struct sampler_cache *cache,
                               const struct plan *plan, const struct simulation_options *options,
                               uint32_t number, struct scenario_result *result, struct job *job)
{
    const struct sampling_design design = {.method = options->method,
                                           .n_scramblings = options->n_scramblings > 0
                                                                ? options->n_scramblings
                                                                : SIMULATION_SCRAMBLINGS,
                                           .seed = options->seed};
    *result = (struct scenario_result){.plan = plan,
                                       .seed = options->seed,
                                       .design = design,
                                       .n_draws = plan->n_columns > 0 ? options->n_draws : 1,
                                       .assumption_share = NAN,
                                       .assumption_share_se = NAN};
    *job = (struct job){.result = result,
                        .store = options->store,
                        .part = &options->part,
                        .number = number,
                        .split = options->part.n_parts > 0 && !options->part.whole_plans,
                        .sampling = {.plan = plan},
                        .n_draws = result->n_draws,
                        .wants_share = options->assumption_share && plan->n_columns > 0 &&
                                       plan->health == NULL};
    prepare_precision(options, job);
    if (has_no_work(job)) {
        job->n_draws = result->n_draws;
        job->started = true;
        job->phase = PHASE_DONE;
        return STATUS_OK;
    }
    result->status = sampling_prepare(arena, cache, plan, &design, &job->sampling, &result->error);
    if (result->status != STATUS_OK) {
        result->has_precision = false;
        job->started = true;
        job->phase = PHASE_DONE;
        return result->status;
    }
    return STATUS_OK;
}

enum status simulation_run(struct arena *arena, const struct plan *const *plans, size_t n_plans,
                           const struct simulation_options *options,
                           struct scenario_result *results, struct error *error)
{
    struct sampler_cache *cache = sampler_cache_new(arena);
    struct simulation simulation = {.options = options,
                                    .jobs = memory_array(n_plans + 1, sizeof(struct job)),
                                    .n_jobs = n_plans,
                                    .n_threads = threads_choose(options->n_threads)};
    simulation.window = simulation.n_threads + 1;
    simulation.spares =
        (struct spares){.items = memory_array(simulation.window, sizeof(struct spare)),
                        .n_items = simulation.window};
    for (size_t i = 0; i < n_plans; ++i) {
        /* A scenario whose distributions cannot be tabulated fails alone; the others run. */
        (void)!prepare_job(arena, cache, plans[i], options,
                           options->numbers != NULL ? options->numbers[i] : (uint32_t)i,
                           &results[i], &simulation.jobs[i]);
        simulation.jobs[i].spares = &simulation.spares;
        simulation.draws_wanted += simulation.jobs[i].n_draws;
        simulation.work_wanted += work_of_job(&simulation.jobs[i]);
    }
    while (simulation.first_open < n_plans &&
           simulation.jobs[simulation.first_open].phase == PHASE_DONE) {
        simulation.draws_before += simulation.jobs[simulation.first_open].n_draws;
        simulation.work_before += work_of_job(&simulation.jobs[simulation.first_open]);
        ++simulation.first_open;
    }
    pthread_mutex_init(&simulation.mutex, NULL);
    pthread_cond_init(&simulation.changed, NULL);
    threads_run(simulation.n_threads, run_thread, &simulation);
    pthread_cond_destroy(&simulation.changed);
    pthread_mutex_destroy(&simulation.mutex);
    for (size_t i = 0; i < n_plans; ++i) {
        if (simulation.jobs[i].started && simulation.jobs[i].phase != PHASE_DONE) {
            finish_job(&simulation.jobs[i]);
        }
    }
    free(simulation.jobs);
    for (size_t i = 0; i < simulation.spares.n_items; ++i) {
        free(simulation.spares.items[i].values);
    }
    free(simulation.spares.items);
    return simulation.stop ? error_set(error, STATUS_INTERRUPTED, "the run was interrupted")
                           : STATUS_OK;
}

void simulation_clear(struct scenario_result *results, size_t n_results)
{
    for (size_t i = 0; i < n_results; ++i) {
        free(results[i].statistics);
        results[i].statistics = NULL;
    }
}

const struct column_statistics *result_find(const struct scenario_result *result,
                                            enum measure measure, size_t who, size_t year,
                                            size_t item)
{
    size_t index = plan_find_result(result->plan, measure, who, year, item);
    return index == SIZE_MAX || result->statistics == NULL ? NULL : &result->statistics[index];
}

/* Blocks of draws that any thread may take; each has its own place in `values`. */
struct drawing {
    const struct plan_sampling *sampling;
    uint64_t first_draw;
    size_t n_draws, n_columns;
    const size_t *columns;
    double *values;
    atomic_size_t next;
};

static void *draw_blocks(void *context)
{
    struct drawing *drawing = context;
    struct worker worker;
    size_t n_blocks = (drawing->n_draws + PROGRAM_BLOCK - 1) / PROGRAM_BLOCK;
    worker_init(&worker, drawing->sampling);
    for (size_t block = atomic_fetch_add(&drawing->next, 1); block < n_blocks;
         block = atomic_fetch_add(&drawing->next, 1)) {
        size_t draw = block * PROGRAM_BLOCK, left = drawing->n_draws - draw;
        size_t n = left < PROGRAM_BLOCK ? left : PROGRAM_BLOCK;
        worker_run(&worker, drawing->first_draw + draw, n, NULL);
        for (size_t i = 0; i < drawing->n_columns; ++i) {
            memcpy(drawing->values + i * drawing->n_draws + draw,
                   worker.appraisal.values + drawing->columns[i] * PROGRAM_BLOCK,
                   n * sizeof *drawing->values);
        }
    }
    worker_clear(&worker);
    return NULL;
}

enum status simulation_draws_by_threads(struct arena *arena, const struct plan *plan,
                                        const struct sampling_design *design, uint64_t first_draw,
                                        size_t n_draws, const size_t *columns, size_t n_columns,
                                        size_t n_threads, double *values, struct error *error)
{
    enum { MOST_THREADS = 64 };

    struct plan_sampling sampling;
    TRY(sampling_prepare(arena, sampler_cache_new(arena), plan, design, &sampling, error));
    struct drawing drawing = {.sampling = &sampling,
                              .first_draw = first_draw,
                              .n_draws = n_draws,
                              .n_columns = n_columns,
                              .columns = columns,
                              .values = values};
    size_t n_blocks = (n_draws + PROGRAM_BLOCK - 1) / PROGRAM_BLOCK;
    size_t wanted = threads_choose(n_threads);
    wanted = wanted < MOST_THREADS ? wanted : MOST_THREADS;
    atomic_init(&drawing.next, 0);
    threads_run(wanted < n_blocks ? wanted : n_blocks, draw_blocks, &drawing);
    return STATUS_OK;
}

enum status simulation_draws(struct arena *arena, const struct plan *plan,
                             const struct sampling_design *design, uint64_t first_draw,
                             size_t n_draws, const size_t *columns, size_t n_columns,
                             double *values, struct error *error)
{
    return simulation_draws_by_threads(arena, plan, design, first_draw, n_draws, columns, n_columns,
                                       1, values, error);
}
