/* Nested sampling: what regressions are checked against. */
#include "base/vector.h"
#include "decision/decision.h"
#include "uncertainty/moments.h"
#include "uncertainty/worker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_INNER = 256 };

/* Members of a correlation that the plan uses, those chosen first: given the chosen scores, the
 * others follow from the factor of the matrix in this order. */
struct conditional_group {
    const struct sampling_group *group;
    size_t order[CORRELATION_MAX_MEMBERS]; /* members */
    size_t n, n_chosen;
    double factor[CORRELATION_MAX_MEMBERS * CORRELATION_MAX_MEMBERS];
};

struct nested {
    const struct nested_request *request;
    const struct plan_sampling *sampling;
    struct conditional_group *groups;
    struct worker *worker;
};

static bool prepare_group(const struct nested_request *request, const struct sampling_group *group,
                          struct conditional_group *out)
{
    double matrix[CORRELATION_MAX_MEMBERS * CORRELATION_MAX_MEMBERS];
    size_t n_all = group->correlation->n_members;
    *out = (struct conditional_group){.group = group};
    for (int pass = 0; pass < 2; ++pass) {
        for (size_t m = 0; m < group->n_members; ++m) {
            if (group->columns[m] != SIZE_MAX &&
                request->chosen[group->columns[m]] == (pass == 0)) {
                out->order[out->n++] = m;
                out->n_chosen += pass == 0 ? 1 : 0;
            }
        }
    }
    for (size_t i = 0; i < out->n; ++i) {
        for (size_t j = 0; j < out->n; ++j) {
            matrix[i * out->n + j] =
                group->correlation->matrix[out->order[i] * n_all + out->order[j]];
        }
    }
    return correlation_factorise(out->n, matrix, 0.0, out->factor);
}

static void fill_score(const struct uniform_stream *stream, uint64_t draw, size_t n, double *z)
{
    sample_uniforms(stream, draw, n, z);
    vector_kernels()->normal_quantile(n, z, z);
}

static void fill_group(const struct nested *nested, const struct conditional_group *group,
                       size_t outer)
{
    double z[CORRELATION_MAX_MEMBERS][N_INNER], joint[N_INNER];
    for (size_t i = 0; i < group->n; ++i) {
        size_t m = group->order[i];
        if (i < group->n_chosen) {
            double score = 0.0;
            fill_score(&group->group->fresh[m], outer, 1, &score);
            vector_kernels()->fill(N_INNER, score, z[i]);
        } else {
            fill_score(&group->group->streams[m], (uint64_t)outer * N_INNER, N_INNER, z[i]);
        }
    }
    for (size_t i = 0; i < group->n; ++i) {
        size_t column = group->group->columns[group->order[i]];
        vector_kernels()->fill(N_INNER, 0.0, joint);
        for (size_t k = 0; k <= i; ++k) {
            vector_kernels()->add_scaled(N_INNER, z[k], group->factor[i * group->n + k], joint);
        }
        sampler_transform_normal(nested->sampling->samplers[column], N_INNER, joint,
                                 nested->worker->inputs[column]);
    }
}

static void fill_inputs(const struct nested *nested, size_t outer)
{
    const struct plan *plan = nested->request->plan;
    const struct plan_sampling *sampling = nested->sampling;
    for (size_t i = 0; i < plan->n_columns; ++i) {
        double *values = nested->worker->inputs[i];
        if (plan->columns[i].correlation != NULL) {
            continue;
        }
        if (nested->request->chosen[i]) {
            double value = 0.0;
            sampler_draw(sampling->samplers[i], &sampling->fresh[i], outer, 1, &value);
            vector_kernels()->fill(N_INNER, value, values);
        } else {
            sampler_draw(sampling->samplers[i], &sampling->streams[i], (uint64_t)outer * N_INNER,
                         N_INNER, values);
        }
    }
    for (size_t i = 0; i < sampling->n_groups; ++i) {
        fill_group(nested, &nested->groups[i], outer);
    }
}

static double mean_of(size_t n, const double *x)
{
    struct moments moments;
    moments_kernels()->moments(n, x, &moments);
    return moments.mean;
}

enum status nested_means(const struct nested_request *request, const size_t *columns,
                         size_t n_columns, double *means, struct error *error)
{
    struct arena arena;
    struct plan_sampling sampling;
    struct worker worker;
    arena_init(&arena);
    enum status status = sampling_prepare(&arena, sampler_cache_new(&arena), request->plan,
                                          &request->design, &sampling, error);
    if (status != STATUS_OK) {
        arena_clear(&arena);
        return status;
    }
    struct conditional_group *groups =
        memory_array(sampling.n_groups + 1, sizeof(struct conditional_group));
    bool sound = true;
    for (size_t i = 0; i < sampling.n_groups; ++i) {
        sound = prepare_group(request, &sampling.groups[i], &groups[i]) && sound;
    }
    worker_init(&worker, &sampling);
    const struct nested nested = {
        .request = request, .sampling = &sampling, .groups = groups, .worker = &worker};
    for (size_t outer = 0; sound && outer < request->n_outer; ++outer) {
        fill_inputs(&nested, outer);
        worker_run_filled(&worker, N_INNER);
        for (size_t c = 0; c < n_columns; ++c) {
            const double *values = worker.appraisal.values + columns[c] * PROGRAM_BLOCK;
            double *out = means + c * 3 * request->n_outer + outer;
            double first = mean_of(N_INNER / 2, values);
            double second = mean_of(N_INNER / 2, values + N_INNER / 2);
            out[0] = 0.5 * (first + second);
            out[request->n_outer] = first;
            out[2 * request->n_outer] = second;
        }
    }
    worker_clear(&worker);
    free(groups);
    arena_clear(&arena);
    return sound ? STATUS_OK
                 : error_set(error, STATUS_NUMERIC, "a correlation matrix could not be factorised");
}

struct estimate nested_value(size_t n_outer, size_t n_others, const double *const *costs,
                             const double *const *effects, double threshold)
{
    double mean_best[3] = {0.0, 0.0, 0.0}, highest = 0.0;
    size_t best = 0;
    double *terms = memory_columns(n_outer);
    for (size_t k = 0; k < n_others; ++k) {
        double mean = threshold * (effects != NULL ? mean_of(n_outer, effects[k]) : 0.0) -
                      mean_of(n_outer, costs[k]);
        best = mean > highest ? k + 1 : best;
        highest = fmax(highest, mean);
    }
    for (size_t j = 0; j < n_outer; ++j) {
        double most[3] = {0.0, 0.0, 0.0}, own = 0.0;
        for (size_t k = 0; k < n_others; ++k) {
            for (size_t part = 0; part < 3; ++part) {
                size_t at = part * n_outer + j;
                double benefit =
                    threshold * (effects != NULL ? effects[k][at] : 0.0) - costs[k][at];
                most[part] = fmax(most[part], benefit);
                own = part == 0 && best == k + 1 ? benefit : own;
            }
        }
        terms[j] = 2.0 * most[0] - 0.5 * (most[1] + most[2]) - own;
        for (size_t part = 0; part < 3; ++part) {
            mean_best[part] += most[part] / (double)n_outer;
        }
    }
    const struct sampling_design independent = {.method = SAMPLING_PLAIN, .n_scramblings = 1};
    struct estimate estimate = estimate_mean(&independent, n_outer, terms);
    estimate.value = fmax(0.0, 2.0 * mean_best[0] - 0.5 * (mean_best[1] + mean_best[2]) - highest);
    free(terms);
    return estimate;
}
