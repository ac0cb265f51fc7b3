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

/* ---- standard errors from scramblings: method 5.3 ---- */

double standard_error_factor(uint32_t degrees)
{
    /* 97.5 % quantiles of Student's t with 1 to 63 degrees of freedom */
    static const double factors[SAMPLE_MAX_SCRAMBLINGS - 1] = {
        12.7062047361747, 4.30265272974946, 3.1824463052837,  2.77644510519779, 2.57058183563631,
        2.44691185114497, 2.36462425159278, 2.30600413520417, 2.26215716279821, 2.22813885198627,
        2.20098516009164, 2.17881282966723, 2.16036865646279, 2.1447866879178,  2.13144954555978,
        2.11990529922125, 2.10981557783332, 2.10092204024104, 2.09302405440831, 2.08596344726586,
        2.07961384472768, 2.07387306790402, 2.06865761041905, 2.06389856162802, 2.0595385527533,
        2.05552943864287, 2.05183051648029, 2.04840714179525, 2.0452296421327,  2.04227245630124,
        2.03951344639641, 2.0369333434601,  2.03451529744934, 2.03224450931772, 2.03010792825034,
        2.02809400098045, 2.02619246302911, 2.02439416391197, 2.02269092003676, 2.02107539030627,
        2.01954097044138, 2.01808170281844, 2.01669219922782, 2.01536757444376, 2.01410338888085,
        2.01289559891943, 2.01174051372977, 2.01063475762423, 2.00957523712924, 2.00855911210076,
        2.00758377031584, 2.00664680506169, 2.00574599531787, 2.00487928818806, 2.00404478328915,
        2.00324071884787, 2.00246545929101, 2.00171748414524, 2.00099537808827, 2.00029782201426,
        1.99962358499494, 1.99897151703338, 1.99834054252074,
    };
    return degrees == 0 ? 1.959963984540054 : factors[degrees - 1];
}

/* Of the mean over all draws, from means of the scrambling, which may differ in their numbers of
 * draws. */
struct scrambling_spread {
    double weights[SAMPLE_MAX_SCRAMBLINGS], values[SAMPLE_MAX_SCRAMBLINGS];
    size_t n;
};

static void add_scrambling(struct scrambling_spread *spread, double sum, double n_draws)
{
    if (n_draws > 0.0) {
        spread->weights[spread->n] = n_draws;
        spread->values[spread->n++] = sum / n_draws;
    }
}

/* NaN where there are fewer than two. */
static double spread_standard_error(const struct scrambling_spread *spread)
{
    double total = 0.0, mean = 0.0, sum = 0.0;
    for (size_t i = 0; i < spread->n; ++i) {
        total += spread->weights[i];
    }
    for (size_t i = 0; i < spread->n; ++i) {
        mean += spread->weights[i] / total * spread->values[i];
    }
    for (size_t i = 0; i < spread->n; ++i) {
        double deviation = spread->weights[i] / total * (spread->values[i] - mean);
        sum += deviation * deviation;
    }
    double n = (double)spread->n;
    return spread->n < 2 ? (double)NAN : sqrt(sum * n / (n - 1.0));
}

static double column_standard_error(const struct record *record, size_t index)
{
    struct scrambling_spread spread = {.n = 0};
    for (size_t i = 0; i < record->n_scramblings; ++i) {
        const struct scrambling_record *scrambling = &record->scramblings[i];
        if (scrambling->n_draws > 0) {
            add_scrambling(&spread, scrambling->sums[index], scrambling->n_finite[index]);
        }
    }
    return spread_standard_error(&spread);
}

static double probability_standard_error(const struct record *record, size_t index, bool finite)
{
    struct scrambling_spread spread = {.n = 0};
    for (size_t i = 0; i < record->n_scramblings; ++i) {
        const struct scrambling_record *scrambling = &record->scramblings[i];
        if (scrambling->n_draws > 0) {
            double n = finite ? scrambling->n_finite[index] : scrambling->n_nonneg[index];
            add_scrambling(&spread, n, (double)scrambling->n_draws);
        }
    }
    return spread_standard_error(&spread);
}

/* Linearised: the ratio of each scrambling moves as (numerator - ratio x denominator) / mean
 * denominator. */
static double ratio_standard_error(const struct record *record, size_t ratio, double headline)
{
    struct scrambling_spread spread = {.n = 0};
    for (size_t i = 0; i < record->n_scramblings; ++i) {
        const struct scrambling_record *scrambling = &record->scramblings[i];
        if (scrambling->n_draws > 0) {
            add_scrambling(
                &spread, scrambling->numerators[ratio] - headline * scrambling->denominators[ratio],
                (double)scrambling->n_draws);
        }
    }
    return spread_standard_error(&spread) / fabs(record->ratios[ratio].mean_denominator);
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
    if (record->n_scramblings > 0 && !constant && column->n_finite > 1) {
        statistics.se = column_standard_error(record, index);
    }
    if (record->n_scramblings > 0) {
        statistics.p_nonneg_se =
            probability_standard_error(record, index, record_is_whole_year(result->measure));
    }
    if (constant && column->n_finite == record->n_draws) {
        return statistics;
    }
    if (result->is_ratio) {
        set_ratio(&statistics, &record->ratios[result->ratio], n);
        if (record->n_scramblings > 0 && isfinite(statistics.headline)) {
            statistics.se = ratio_standard_error(record, result->ratio, statistics.headline);
        }
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
    worker_run(&worker, draw, 1, NULL);
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
