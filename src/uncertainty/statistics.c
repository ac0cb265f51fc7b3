#include "uncertainty/job.h"

#include <math.h>
#include <stdlib.h>

/* A headline that is a function of mean flows: payback and rate of return. */
static double headline_of_means(const struct plan *plan, const struct record *record,
                                enum measure measure, size_t who)
{
    enum measure by_year = measure == MEASURE_IRR                  ? MEASURE_NET_REAL_YEAR
                           : measure == MEASURE_PAYBACK_DISCOUNTED ? MEASURE_NET_AT
                                                                   : MEASURE_NET_UNDISCOUNTED_AT;
    double *means = memory_array(plan->n_years, sizeof *means);
    size_t first = plan_find_result(plan, by_year, who, 0, 0);
    for (size_t year = 0; year < plan->n_years; ++year) {
        means[year] = record->columns[first + year].mean;
    }
    double value = measure == MEASURE_IRR ? appraisal_irr(plan->n_years, means, 1)
                                          : appraisal_payback(plan->n_years, means, 1);
    free(means);
    return value;
}

static void set_ratio(struct column_statistics *statistics, const struct ratio_record *ratio,
                      double n)
{
    if (ratio->mean_denominator == 0.0) {
        statistics->headline = NAN;
        statistics->se = NAN;
        return;
    }
    double headline = ratio->mean_numerator / ratio->mean_denominator;
    double squares = ratio->squared_numerator - 2.0 * headline * ratio->comoment +
                     headline * headline * ratio->squared_denominator;
    statistics->headline = headline;
    statistics->se =
        n > 1.0 ? sqrt(fmax(0.0, squares) / (n - 1.0) / n) / fabs(ratio->mean_denominator) : 0.0;
}

static struct column_statistics make_statistics(const struct job *job, const struct record *record,
                                                size_t index, const double *quantiles)
{
    const struct plan *plan = job->sampling.plan;
    const struct plan_result_column *result = &plan->results[index];
    const struct column_record *column = &record->columns[index];
    double n = (double)record->n_draws, finite = (double)column->n_finite;
    double p = (double)column->n_nonneg / n;
    if (record_is_whole_year(result->measure)) {
        p = finite / n;
    }
    struct column_statistics statistics = {
        .headline = column->mean,
        .mean = column->n_finite > 0 ? column->mean : (double)NAN,
        .sd = column->n_finite > 1 ? sqrt(column->squared_deviations / (finite - 1.0))
                                   : (column->n_finite == 1 ? 0.0 : (double)NAN),
        .minimum = column->n_finite > 0 ? column->minimum : (double)NAN,
        .maximum = column->n_finite > 0 ? column->maximum : (double)NAN,
        .q025 = quantiles != NULL ? quantiles[0] : (double)NAN,
        .q50 = quantiles != NULL ? quantiles[1] : (double)NAN,
        .q975 = quantiles != NULL ? quantiles[2] : (double)NAN,
        .p_nonneg = p,
        .p_nonneg_se = sqrt(p * (1.0 - p) / n),
        .n_finite = column->n_finite};
    /* Where all draws agree, the rounding of the sums is not uncertainty. */
    bool constant = column->n_finite > 0 && column->minimum == column->maximum;
    if (constant) {
        statistics.headline = statistics.mean = column->minimum;
        statistics.sd = 0.0;
    }
    statistics.se = statistics.sd / sqrt(finite > 0.0 ? finite : 1.0);
    if (constant && column->n_finite == record->n_draws) {
        return statistics;
    }
    if (result->is_ratio) {
        set_ratio(&statistics, &record->ratios[result->ratio], n);
    } else if (result->measure == MEASURE_IRR || record_is_whole_year(result->measure)) {
        statistics.headline = headline_of_means(plan, record, result->measure, result->who);
        if (column->n_finite < record->n_draws) {
            statistics.mean = statistics.sd = statistics.se = NAN;
        }
    }
    return statistics;
}

void job_set_statistics(struct job *job)
{
    const struct plan *plan = job->sampling.plan;
    const struct record *record = job->fold.root;
    struct column_statistics *statistics = memory_array(plan->n_results, sizeof *statistics);
    size_t whole_year = 0;
    for (size_t i = 0; i < plan->n_results; ++i) {
        double years[N_QUANTILES];
        const double *quantiles =
            job->retained_of[i] != SIZE_MAX ? job->quantiles[job->retained_of[i]] : NULL;
        if (record_is_whole_year(plan->results[i].measure)) {
            quantile_of_counts(plan->n_years, record->counts + whole_year++ * (plan->n_years + 1),
                               years);
            quantiles = years;
        }
        statistics[i] = make_statistics(job, record, i, quantiles);
    }
    job->result->statistics = statistics;
    job->result->capped_share = (double)record->n_capped / (double)record->n_draws;
}

/* What was wrong with the probabilities of a draw: it is made once more to see. */
static bool describe_fault(struct job *job, uint64_t draw)
{
    struct worker worker;
    char words[512];
    worker_init(&worker, &job->sampling);
    worker_run(&worker, draw, 1, false);
    const struct health_fault fault = worker.evaluation.health.fault;
    worker_clear(&worker);
    if (fault.found) {
        health_fault_describe(job->sampling.plan->health, &fault, words, sizeof words);
        job->result->status =
            error_set(&job->result->error, STATUS_NUMERIC, "scenario %s: draw %llu, %s",
                      job->sampling.plan->scenario->id, (unsigned long long)draw, words);
    }
    return fault.found;
}

bool job_draws_are_sound(struct job *job)
{
    const struct record *record = job->fold.root;
    if (record->first_bad_draw == UINT64_MAX) {
        return true;
    }
    const struct plan *plan = job->sampling.plan;
    const struct plan_result_column *result = &plan->results[record->bad_column];
    if (plan->health != NULL && describe_fault(job, record->first_bad_draw)) {
        return false;
    }
    job->result->status =
        error_set(&job->result->error, STATUS_NUMERIC, "scenario %s: %s of %s is %s in draw %llu",
                  plan->scenario->id, measure_label(result->measure), plan->whos[result->who].label,
                  isnan(record->bad_value) ? "not a number" : "infinite",
                  (unsigned long long)record->first_bad_draw);
    return false;
}
