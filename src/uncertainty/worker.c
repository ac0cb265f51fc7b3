#include "uncertainty/worker.h"

enum status sampling_prepare(struct arena *arena, struct sampler_cache *cache,
                             const struct plan *plan, uint64_t seed, struct plan_sampling *sampling,
                             struct error *error)
{
    const struct sampler **samplers = arena_array(arena, plan->n_columns + 1, sizeof *samplers);
    struct uniform_stream *streams = arena_array(arena, plan->n_columns + 1, sizeof *streams);
    struct uniform_stream *fresh = arena_array(arena, plan->n_columns + 1, sizeof *fresh);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        TRY(sampler_prepare(arena, cache, &plan->columns[i].distribution, &samplers[i], error));
        streams[i] = sample_stream(seed, plan->columns[i].identity, 0);
        fresh[i] = sample_stream(seed, plan->columns[i].identity, 1);
    }
    *sampling = (struct plan_sampling){
        .plan = plan, .samplers = samplers, .streams = streams, .fresh = fresh};
    return STATUS_OK;
}

void worker_init(struct worker *worker, const struct plan_sampling *sampling)
{
    *worker = (struct worker){.sampling = sampling};
    evaluation_init(&worker->evaluation, sampling->plan);
    settlement_init(&worker->settlement, sampling->plan);
    appraisal_init(&worker->appraisal, sampling->plan);
}

void worker_clear(struct worker *worker)
{
    evaluation_clear(&worker->evaluation);
    settlement_clear(&worker->settlement);
    appraisal_clear(&worker->appraisal);
}

static void run_block(struct worker *worker, size_t n_draws)
{
    evaluation_run(&worker->evaluation, n_draws);
    if (worker->evaluation.plan->health == NULL) {
        settlement_run(&worker->settlement, &worker->evaluation, n_draws);
    }
    appraisal_run(&worker->appraisal, &worker->settlement, &worker->evaluation, n_draws);
}

void worker_run(struct worker *worker, uint64_t first_draw, size_t n_draws, bool fresh_assumptions)
{
    const struct plan_sampling *sampling = worker->sampling;
    for (size_t i = 0; i < sampling->plan->n_columns; ++i) {
        bool fresh = fresh_assumptions && sampling->plan->columns[i].is_assumption;
        sampler_draw(sampling->samplers[i], fresh ? &sampling->fresh[i] : &sampling->streams[i],
                     first_draw, n_draws, evaluation_input(&worker->evaluation, i));
    }
    run_block(worker, n_draws);
}

void worker_run_central(struct worker *worker)
{
    const struct plan *plan = worker->sampling->plan;
    for (size_t i = 0; i < plan->n_columns; ++i) {
        evaluation_input(&worker->evaluation, i)[0] = plan->columns[i].distribution.mean;
    }
    run_block(worker, 1);
}
