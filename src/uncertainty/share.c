#include "uncertainty/job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t headline_who(const struct plan *plan)
{
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    return who == SIZE_MAX ? plan->n_whos - 1 : who;
}

/* Sums about the first value, so that a small spread of large values does not cancel. */
struct share_sums {
    double n, origin, minimum, maximum, sum, squares, differences, differences_squared;
};

static void add_pairs(struct share_sums *sums, size_t n_draws, const double *first,
                      const double *second)
{
    for (size_t draw = 0; draw < n_draws; ++draw) {
        double difference = first[draw] - second[draw];
        double half = 0.5 * difference * difference;
        if (sums->n == 0.0) {
            sums->origin = sums->minimum = sums->maximum = first[draw];
        }
        double value = first[draw] - sums->origin;
        sums->n += 1.0;
        sums->minimum = fmin(sums->minimum, first[draw]);
        sums->maximum = fmax(sums->maximum, first[draw]);
        sums->sum += value;
        sums->squares += value * value;
        sums->differences += half;
        sums->differences_squared += half * half;
    }
}

/* Jansen's estimator of the total index of the group of assumptions: E[(f - f')^2] / (2 Var f), f'
 * with the assumptions drawn anew. method 5.6. */
void job_set_assumption_share(struct job *job)
{
    const struct plan *plan = job->sampling.plan;
    size_t n_assumptions = 0;
    bool *fresh = memory_array(plan->n_columns + 1, sizeof *fresh);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        fresh[i] = plan->columns[i].is_assumption;
        n_assumptions += fresh[i] ? 1 : 0;
    }
    struct worker worker;
    worker_init(&worker, &job->sampling);
    const double *net = worker.appraisal.net + headline_who(plan) * PROGRAM_BLOCK;
    double first[PROGRAM_BLOCK];
    struct share_sums sums = {0};
    uint64_t n_draws = job->n_draws < SHARE_DRAWS ? job->n_draws : SHARE_DRAWS;
    for (uint64_t draw = 0; draw < n_draws; draw += PROGRAM_BLOCK) {
        size_t n = n_draws - draw < PROGRAM_BLOCK ? (size_t)(n_draws - draw) : PROGRAM_BLOCK;
        worker_run(&worker, draw, n, NULL);
        memcpy(first, net, n * sizeof *first);
        worker_run(&worker, draw, n, fresh);
        add_pairs(&sums, n, first, net);
    }
    worker_clear(&worker);
    free(fresh);
    double mean = sums.differences / sums.n;
    double variance = (sums.squares - sums.sum * sums.sum / sums.n) / (sums.n - 1.0);
    double spread = sums.differences_squared / sums.n - mean * mean;
    if (sums.minimum == sums.maximum) { /* nothing is uncertain: there is no share */
        job->result->assumption_share = job->result->assumption_share_se = (double)NAN;
        return;
    }
    if (n_assumptions == plan->n_columns) {
        job->result->assumption_share = 1.0;
        job->result->assumption_share_se = 0.0;
        return;
    }
    job->result->assumption_share = fmin(1.0, mean / variance);
    job->result->assumption_share_se = sqrt(fmax(0.0, spread) / sums.n) / variance;
}
