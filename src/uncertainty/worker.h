/* One plan being sampled and evaluated by one thread, block by block. */
#ifndef DIVIDEND_UNCERTAINTY_WORKER_H
#define DIVIDEND_UNCERTAINTY_WORKER_H

#include "appraise/appraise.h"
#include "sample/sample.h"

/* What all threads share for a plan: samplers and streams of its columns. */
struct plan_sampling {
    const struct plan *plan;
    const struct sampler *const *samplers; /* [plan->n_columns] */
    const struct uniform_stream *streams;  /* [plan->n_columns], replicate 0 */
    const struct uniform_stream *fresh;    /* replicate 1 */
};

enum status sampling_prepare(struct arena *arena, struct sampler_cache *cache,
                             const struct plan *plan, uint64_t seed, struct plan_sampling *sampling,
                             struct error *error) MUST_CHECK;

struct worker {
    const struct plan_sampling *sampling;
    struct evaluation evaluation;
    struct settlement settlement;
    struct appraisal appraisal;
};

void worker_init(struct worker *worker, const struct plan_sampling *sampling);
void worker_clear(struct worker *worker);

/* Draws, evaluates, settles and appraises draws first_draw .. first_draw + n_draws - 1 (at most a
 * block). With fresh_assumptions the assumptions are drawn anew (replicate 1), everything else as
 * before. */
void worker_run(struct worker *worker, uint64_t first_draw, size_t n_draws, bool fresh_assumptions);

/* The same with every uncertain parameter at its mean; one draw. */
void worker_run_central(struct worker *worker);

#endif
