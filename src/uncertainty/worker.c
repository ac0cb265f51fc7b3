#include "uncertainty/worker.h"

#include "base/vector.h"

#include <stdlib.h>
#include <string.h>

/* ---- what threads share ---- */

static void prepare_group(struct arena *arena, const struct plan *plan,
                          const struct sampling_design *design, const struct library *library,
                          const struct correlation *correlation, struct sampling_group *group)
{
    size_t n = correlation->n_members;
    struct uniform_stream *streams = arena_array(arena, n, sizeof *streams);
    struct uniform_stream *fresh = arena_array(arena, n, sizeof *fresh);
    size_t *columns = arena_array(arena, n, sizeof *columns);
    *group = (struct sampling_group){
        .correlation = correlation, .streams = streams, .fresh = fresh, .columns = columns};
    for (size_t m = 0; m < n; ++m) {
        const char *identity = correlation->members[m]->identity;
        size_t dimension = dimension_of(library->dimensions, identity);
        streams[m] = sample_stream_of(design, identity, dimension, 0);
        fresh[m] = sample_stream_of(design, identity, dimension, 1);
        columns[m] = SIZE_MAX;
    }
    for (size_t i = 0; i < plan->n_columns; ++i) {
        if (plan->columns[i].correlation == correlation) {
            size_t m = plan->columns[i].member;
            columns[m] = i;
            group->n_members = m + 1 > group->n_members ? m + 1 : group->n_members;
        }
    }
}

static void prepare_groups(struct arena *arena, const struct plan *plan,
                           const struct sampling_design *design, struct plan_sampling *sampling)
{
    const struct correlations *correlations = plan->library->correlations;
    size_t n_items = correlations != NULL ? correlations->n_items : 0;
    struct sampling_group *groups = arena_array(arena, n_items + 1, sizeof *groups);
    for (size_t i = 0; i < n_items; ++i) {
        struct sampling_group *group = &groups[sampling->n_groups];
        prepare_group(arena, plan, design, plan->library, &correlations->items[i], group);
        sampling->n_groups += group->n_members > 0 ? 1 : 0;
    }
    sampling->groups = groups;
}

enum status sampling_prepare(struct arena *arena, struct sampler_cache *cache,
                             const struct plan *plan, const struct sampling_design *design,
                             struct plan_sampling *sampling, struct error *error)
{
    const struct sampler **samplers = arena_array(arena, plan->n_columns + 1, sizeof *samplers);
    struct uniform_stream *streams = arena_array(arena, plan->n_columns + 1, sizeof *streams);
    struct uniform_stream *fresh = arena_array(arena, plan->n_columns + 1, sizeof *fresh);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        const struct plan_column *column = &plan->columns[i];
        TRY(sampler_prepare(arena, cache, &column->distribution, &samplers[i], error));
        streams[i] = sample_stream_of(design, column->identity, column->dimension, 0);
        fresh[i] = sample_stream_of(design, column->identity, column->dimension, 1);
    }
    *sampling = (struct plan_sampling){
        .plan = plan, .design = *design, .samplers = samplers, .streams = streams, .fresh = fresh};
    prepare_groups(arena, plan, design, sampling);
    return STATUS_OK;
}

/* ---- draws ---- */

/* Normal scores of the members, correlated from the last to the first: row m of the factor needs
 * those up to m. */
static void draw_group(const struct plan_sampling *sampling, const struct sampling_group *group,
                       uint64_t first_draw, size_t n_draws, const bool *fresh,
                       double *const *values)
{
    const struct vector_kernels *kernels = vector_kernels();
    double z[CORRELATION_MAX_MEMBERS][PROGRAM_BLOCK], joint[PROGRAM_BLOCK];
    const struct uniform_stream *streams = group->streams;
    for (size_t m = 0; m < group->n_members && fresh != NULL; ++m) {
        if (group->columns[m] != SIZE_MAX && fresh[group->columns[m]]) {
            streams = group->fresh;
        }
    }
    for (size_t m = 0; m < group->n_members; ++m) {
        sample_uniforms(&streams[m], first_draw, n_draws, z[m]);
        kernels->normal_quantile(n_draws, z[m], z[m]);
    }
    for (size_t m = 0; m < group->n_members; ++m) {
        if (group->columns[m] != SIZE_MAX) {
            const double *row = group->correlation->factor + m * group->correlation->n_members;
            kernels->scale(n_draws, z[0], row[0], joint);
            for (size_t k = 1; k <= m; ++k) {
                kernels->add_scaled(n_draws, z[k], row[k], joint);
            }
            sampler_transform_normal(sampling->samplers[group->columns[m]], n_draws, joint,
                                     values[group->columns[m]]);
        }
    }
}

void sampling_draw(const struct plan_sampling *sampling, uint64_t first_draw, size_t n_draws,
                   const bool *fresh, double *const *values)
{
    const struct plan *plan = sampling->plan;
    for (size_t i = 0; i < plan->n_columns; ++i) {
        if (plan->columns[i].correlation == NULL) {
            const struct uniform_stream *stream =
                fresh != NULL && fresh[i] ? &sampling->fresh[i] : &sampling->streams[i];
            sampler_draw(sampling->samplers[i], stream, first_draw, n_draws, values[i]);
        }
    }
    for (size_t i = 0; i < sampling->n_groups; ++i) {
        draw_group(sampling, &sampling->groups[i], first_draw, n_draws, fresh, values);
    }
}

/* ---- one thread's ---- */

static void init_members(struct worker *worker, const struct plan *plan)
{
    struct worker_members *members = &worker->members;
    const struct plan_bundle *bundle = plan->bundle;
    members->evaluations = memory_array(bundle->n_members + 1, sizeof *members->evaluations);
    members->settlements = memory_array(bundle->n_members + 1, sizeof *members->settlements);
    members->appraisals = memory_array(bundle->n_members + 1, sizeof *members->appraisals);
    for (size_t i = 0; i < bundle->n_members; ++i) {
        evaluation_init(&members->evaluations[i], bundle->members[i].plan);
        settlement_init(&members->settlements[i], bundle->members[i].plan);
        appraisal_init(&members->appraisals[i], bundle->members[i].plan);
    }
    joint_init(&members->joint, plan);
    members->inputs = memory_columns(plan->n_columns * PROGRAM_BLOCK);
}

static void clear_members(struct worker_members *members, const struct plan_bundle *bundle)
{
    for (size_t i = 0; i < bundle->n_members; ++i) {
        evaluation_clear(&members->evaluations[i]);
        settlement_clear(&members->settlements[i]);
        appraisal_clear(&members->appraisals[i]);
    }
    joint_clear(&members->joint);
    free(members->evaluations);
    free(members->settlements);
    free(members->appraisals);
    free(members->inputs);
    *members = (struct worker_members){0};
}

void worker_init(struct worker *worker, const struct plan_sampling *sampling)
{
    const struct plan *plan = sampling->plan;
    *worker = (struct worker){.sampling = sampling};
    evaluation_init(&worker->evaluation, plan);
    settlement_init(&worker->settlement, plan);
    appraisal_init(&worker->appraisal, plan);
    worker->inputs = memory_array(plan->n_columns + 1, sizeof *worker->inputs);
    if (plan->bundle != NULL) {
        init_members(worker, plan);
    }
    for (size_t i = 0; i < plan->n_columns; ++i) {
        worker->inputs[i] = plan->bundle != NULL ? worker->members.inputs + i * PROGRAM_BLOCK
                                                 : evaluation_input(&worker->evaluation, i);
    }
}

void worker_clear(struct worker *worker)
{
    evaluation_clear(&worker->evaluation);
    settlement_clear(&worker->settlement);
    appraisal_clear(&worker->appraisal);
    free(worker->inputs);
    worker->inputs = NULL;
    if (worker->sampling->plan->bundle != NULL) {
        clear_members(&worker->members, worker->sampling->plan->bundle);
    }
}

void worker_evaluate_members(struct worker *worker, size_t n_draws)
{
    const struct plan_bundle *bundle = worker->sampling->plan->bundle;
    for (size_t m = 0; m < bundle->n_members; ++m) {
        const struct plan_member *member = &bundle->members[m];
        struct evaluation *evaluation = &worker->members.evaluations[m];
        for (size_t i = 0; i < member->plan->n_columns; ++i) {
            memcpy(evaluation_input(evaluation, i), worker->inputs[member->columns[i]],
                   n_draws * sizeof(double));
        }
        evaluation_run(evaluation, n_draws);
    }
}

/* Members side by side, settled together, appraised as a whole and each by what is its own. */
static void run_members(struct worker *worker, size_t n_draws)
{
    const struct plan *plan = worker->sampling->plan;
    struct worker_members *members = &worker->members;
    worker_evaluate_members(worker, n_draws);
    joint_settle(&members->joint, members->evaluations, members->settlements, &worker->evaluation,
                 &worker->settlement, n_draws);
    appraisal_run(&worker->appraisal, &worker->settlement, &worker->evaluation, n_draws);
    if (plan->n_results == plan->n_own_results) {
        return; /* nothing is asked of the members */
    }
    for (size_t m = 0; m < plan->bundle->n_members; ++m) {
        const struct plan_member *member = &plan->bundle->members[m];
        struct appraisal *appraisal = &members->appraisals[m];
        appraisal_run(appraisal, &members->settlements[m], &members->evaluations[m], n_draws);
        memcpy(worker->appraisal.values + member->first_result * PROGRAM_BLOCK, appraisal->values,
               member->plan->n_results * PROGRAM_BLOCK * sizeof *appraisal->values);
    }
}

void worker_run_filled(struct worker *worker, size_t n_draws)
{
    if (worker->sampling->plan->bundle != NULL) {
        run_members(worker, n_draws);
        return;
    }
    evaluation_run(&worker->evaluation, n_draws);
    if (worker->evaluation.plan->health == NULL) {
        settlement_run(&worker->settlement, &worker->evaluation, n_draws);
    }
    appraisal_run(&worker->appraisal, &worker->settlement, &worker->evaluation, n_draws);
}

void worker_run(struct worker *worker, uint64_t first_draw, size_t n_draws, const bool *fresh)
{
    sampling_draw(worker->sampling, first_draw, n_draws, fresh, worker->inputs);
    worker_run_filled(worker, n_draws);
}

void worker_run_central(struct worker *worker)
{
    const struct plan *plan = worker->sampling->plan;
    for (size_t i = 0; i < plan->n_columns; ++i) {
        worker->inputs[i][0] = plan->columns[i].distribution.mean;
    }
    worker_run_filled(worker, 1);
}
