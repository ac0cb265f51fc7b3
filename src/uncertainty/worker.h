/* One plan being sampled and evaluated by one thread, block by block. */
#ifndef DIVIDEND_UNCERTAINTY_WORKER_H
#define DIVIDEND_UNCERTAINTY_WORKER_H

#include "appraise/appraise.h"
#include "sample/sample.h"
#include "settle/joint.h"

/* Parameters that vary together: all members up to the last that the plan uses are drawn. */
struct sampling_group {
    const struct correlation *correlation;
    const struct uniform_stream *streams, *fresh; /* [n_members] */
    size_t n_members;
    const size_t *columns; /* [n_members]: column of the plan, SIZE_MAX where it has none */
};

/* What all threads share for a plan: samplers and streams of its columns. */
struct plan_sampling {
    const struct plan *plan;
    struct sampling_design design;
    const struct sampler *const *samplers; /* [plan->n_columns] */
    const struct uniform_stream *streams;  /* [plan->n_columns], replicate 0 */
    const struct uniform_stream *fresh;    /* replicate 1, independent draw by draw */
    const struct sampling_group *groups;
    size_t n_groups;
};

enum status sampling_prepare(struct arena *arena, struct sampler_cache *cache,
                             const struct plan *plan, const struct sampling_design *design,
                             struct plan_sampling *sampling, struct error *error) MUST_CHECK;

/* Draws of every column, n_draws <= PROGRAM_BLOCK: values[i] for plan column i. Columns with
 * fresh[i] are drawn anew (replicate 1); fresh NULL: none. A correlated column is fresh with all
 * its group or not at all. */
void sampling_draw(const struct plan_sampling *sampling, uint64_t first_draw, size_t n_draws,
                   const bool *fresh, double *const *values);

/* The programmes of a bundle, each with its own evaluation and what is attributed to it. */
struct worker_members {
    struct evaluation *evaluations; /* [n_members] */
    struct settlement *settlements;
    struct appraisal *appraisals;
    struct joint joint;
    double *inputs; /* [column of the bundle][draw] */
};

struct worker {
    const struct plan_sampling *sampling;
    struct evaluation evaluation;
    struct settlement settlement;
    struct appraisal appraisal;
    struct worker_members members; /* of a bundle */
    double **inputs;               /* [plan->n_columns]: where each column's draws go */
};

void worker_init(struct worker *worker, const struct plan_sampling *sampling);
void worker_clear(struct worker *worker);

/* Draws, evaluates, settles and appraises draws first_draw .. first_draw + n_draws - 1 (at most a
 * block). `fresh` as for sampling_draw. */
void worker_run(struct worker *worker, uint64_t first_draw, size_t n_draws, const bool *fresh);

/* The same with every uncertain parameter at its mean; one draw. */
void worker_run_central(struct worker *worker);

/* Evaluates the members of a bundle with the columns as they are, and settles nothing. */
void worker_evaluate_members(struct worker *worker, size_t n_draws);

/* The same with the columns as the caller has filled them (worker->inputs). */
void worker_run_filled(struct worker *worker, size_t n_draws);

#endif
