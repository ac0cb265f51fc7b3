#include "decision/choice.h"

#include "base/arena.h"
#include "base/vector.h"
#include "decision/decision_kernels.h"
#include "uncertainty/moments.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- means and their errors ---- */

static size_t count_scramblings(const struct sampling_design *design, size_t n_draws)
{
    size_t n_runs = (n_draws + 255) / 256;
    size_t n = design->n_scramblings < n_runs ? design->n_scramblings : n_runs;
    return design->method == SAMPLING_PLAIN || n < 2 ? 0 : n;
}

uint32_t estimate_degrees(const struct sampling_design *design, size_t n_draws)
{
    size_t n = count_scramblings(design, n_draws);
    return n > 0 ? (uint32_t)n - 1 : 0;
}

/* Independent draws. */
static struct estimate estimate_plain(size_t n_draws, const double *values)
{
    struct moments moments;
    double n = (double)n_draws;
    moments_kernels()->moments(n_draws, values, &moments);
    return (struct estimate){.value = moments.mean,
                             .se =
                                 n > 1.0 ? sqrt(moments.squared_deviations / (n - 1.0) / n) : 0.0};
}

struct estimate estimate_mean(const struct sampling_design *design, size_t n_draws,
                              const double *values)
{
    double sums[SAMPLE_MAX_SCRAMBLINGS] = {0.0}, counts[SAMPLE_MAX_SCRAMBLINGS] = {0.0};
    size_t n_scramblings = count_scramblings(design, n_draws);
    if (n_scramblings == 0) {
        return estimate_plain(n_draws, values);
    }
    for (size_t first = 0; first < n_draws; first += 256) {
        size_t n = n_draws - first < 256 ? n_draws - first : 256;
        uint32_t scrambling = sampling_scrambling(design, first);
        sums[scrambling] += moments_kernels()->sum(n, values + first);
        counts[scrambling] += (double)n;
    }
    double total = 0.0, squares = 0.0;
    for (size_t i = 0; i < n_scramblings; ++i) {
        total += sums[i];
    }
    struct estimate estimate = {.value = total / (double)n_draws};
    for (size_t i = 0; i < n_scramblings; ++i) {
        double deviation = sums[i] - estimate.value * counts[i];
        squares += deviation * deviation;
    }
    double r = (double)n_scramblings;
    estimate.se = sqrt(squares * r / (r - 1.0)) / (double)n_draws;
    return estimate;
}

static double mean_of(size_t n, const double *x)
{
    return moments_kernels()->sum(n, x) / (double)n;
}

/* ---- all uncertainty at once ---- */

static double mean_benefit(const struct choice *choice, size_t other, double threshold)
{
    if (choice->cost_means != NULL) {
        return threshold * choice->effect_means[other] - choice->cost_means[other];
    }
    double cost = mean_of(choice->n_draws, choice->costs[other]);
    double effect =
        choice->effects != NULL ? mean_of(choice->n_draws, choice->effects[other]) : 0.0;
    return threshold * effect - cost;
}

void choice_set_means(struct choice *choice, double *means)
{
    size_t n = choice->n_others;
    for (size_t k = 0; k < n; ++k) {
        means[k] = mean_of(choice->n_draws, choice->costs[k]);
        means[n + k] = choice->effects != NULL ? mean_of(choice->n_draws, choice->effects[k]) : 0.0;
    }
    choice->cost_means = means;
    choice->effect_means = means + n;
}

static double best_mean(const struct choice *choice, double threshold)
{
    double best = 0.0;
    for (size_t k = 0; k < choice->n_others; ++k) {
        best = fmax(best, mean_benefit(choice, k, threshold));
    }
    return best;
}

double choice_evpi(const struct choice *choice, double threshold)
{
    double sum = decision_kernels()->sum_of_best(choice->n_draws, choice->n_others, choice->costs,
                                                 choice->effects, threshold);
    return fmax(0.0, sum / (double)choice->n_draws - best_mean(choice, threshold));
}

double choice_acceptability(const struct choice *choice, double threshold, double *p_best)
{
    double sum = decision_kernels()->count_best(choice->n_draws, choice->n_others, choice->costs,
                                                choice->effects, threshold, p_best, NULL, NULL);
    for (size_t k = 0; k <= choice->n_others; ++k) {
        p_best[k] /= (double)choice->n_draws;
    }
    return fmax(0.0, sum / (double)choice->n_draws - best_mean(choice, threshold));
}

/* out[i] -= net benefit of an option in each draw */
static void take_benefit(const struct choice *choice, size_t option, double threshold, double *out)
{
    if (option == 0) {
        return;
    }
    vector_kernels()->add_scaled(choice->n_draws, choice->costs[option - 1], 1.0, out);
    if (choice->effects != NULL) {
        vector_kernels()->add_scaled(choice->n_draws, choice->effects[option - 1], -threshold, out);
    }
}

size_t choice_runner_up(const struct choice *choice, const struct choice_result *result)
{
    size_t second = result->best == 0 ? 1 : 0;
    for (size_t k = 0; k <= choice->n_others; ++k) {
        if (k != result->best && result->mean[k] > result->mean[second]) {
            second = k;
        }
    }
    return second;
}

static struct estimate judge_lead(const struct choice *choice, const struct choice_result *result,
                                  double threshold)
{
    double *lead = memory_columns(choice->n_draws);
    vector_kernels()->fill(choice->n_draws, 0.0, lead);
    take_benefit(choice, result->best, threshold, lead);
    vector_kernels()->negate(choice->n_draws, lead, lead);
    take_benefit(choice, choice_runner_up(choice, result), threshold, lead);
    struct estimate estimate = estimate_mean(&choice->design, choice->n_draws, lead);
    free(lead);
    return estimate;
}

void choice_judge(const struct choice *choice, double threshold, struct choice_result *result)
{
    assert(choice->n_others <= DECISION_MAX_OPTIONS);
    size_t n = choice->n_draws;
    double *best = memory_columns(n);
    double highest =
        decision_kernels()->count_best(n, choice->n_others, choice->costs, choice->effects,
                                       threshold, result->p_best, best, NULL) /
        (double)n;
    result->best = 0;
    result->mean[0] = 0.0;
    for (size_t k = 0; k < choice->n_others; ++k) {
        result->mean[k + 1] = mean_benefit(choice, k, threshold);
        result->best = result->mean[k + 1] > result->mean[result->best] ? k + 1 : result->best;
    }
    for (size_t k = 0; k <= choice->n_others; ++k) {
        result->p_best[k] /= (double)n;
        result->expected_loss[k] = fmax(0.0, highest - result->mean[k]);
    }
    take_benefit(choice, result->best, threshold, best);
    result->evpi = estimate_mean(&choice->design, n, best);
    result->evpi.value = fmax(0.0, result->evpi.value);
    result->lead = judge_lead(choice, result, threshold);
    free(best);
}

/* ---- what knowing something would be worth ---- */

void conditional_choice_fit(struct conditional_choice *conditional, const struct choice *choice,
                            const struct basis *basis)
{
    size_t n = choice->n_draws, n_others = choice->n_others, n_fits = n_others;
    n_fits *= choice->effects != NULL ? 2 : 1;
    *conditional = (struct conditional_choice){
        .choice = choice,
        .basis = basis,
        .storage = memory_columns(n_fits * n),
        .costs = memory_array(n_others + 1, sizeof(const double *)),
        .effects =
            choice->effects != NULL ? memory_array(n_others + 1, sizeof(const double *)) : NULL,
        .cost_shrinkage = memory_array(n_others * basis->n_functions + 1, sizeof(double)),
        .effect_shrinkage = memory_array(n_others * basis->n_functions + 1, sizeof(double))};
    for (size_t k = 0; k < n_others; ++k) {
        double *cost = conditional->storage + k * n;
        double explained = basis_fit(basis, &choice->design, choice->costs[k], cost,
                                     conditional->cost_shrinkage + k * basis->n_functions);
        conditional->costs[k] = cost;
        if (choice->effects != NULL) {
            double *effect = conditional->storage + (n_others + k) * n;
            explained =
                fmax(explained, basis_fit(basis, &choice->design, choice->effects[k], effect,
                                          conditional->effect_shrinkage + k * basis->n_functions));
            conditional->effects[k] = effect;
        }
        conditional->explained = fmax(conditional->explained, explained);
    }
}

void conditional_choice_clear(struct conditional_choice *conditional)
{
    free(conditional->storage);
    free((void *)conditional->costs);
    free((void *)conditional->effects);
    free(conditional->cost_shrinkage);
    free(conditional->effect_shrinkage);
    *conditional = (struct conditional_choice){0};
}

double conditional_choice_value(const struct conditional_choice *conditional, double threshold)
{
    const struct choice *choice = conditional->choice;
    double sum = decision_kernels()->sum_of_best(
        choice->n_draws, choice->n_others, conditional->costs, conditional->effects, threshold);
    return fmax(0.0, sum / (double)choice->n_draws - best_mean(choice, threshold));
}

/* Adds factor x (smoother applied to the region where the option is chosen, less where it is chosen
 * anyway) x what the fit leaves: the influence of each draw on the fit. */
static void add_fit_influence(const struct conditional_choice *conditional, const double *region,
                              const double *observed, const double *fitted, const double *shrinkage,
                              double factor, double *influence)
{
    size_t n = conditional->choice->n_draws;
    double *weight = memory_columns(n);
    basis_apply(conditional->basis, shrinkage, region, weight);
    for (size_t i = 0; i < n; ++i) {
        influence[i] += factor * weight[i] * (observed[i] - fitted[i]);
    }
    free(weight);
}

struct estimate conditional_choice_estimate(const struct conditional_choice *conditional,
                                            double threshold)
{
    const struct choice *choice = conditional->choice;
    size_t n = choice->n_draws, n_functions = conditional->basis->n_functions, best = 0;
    double *influence = memory_columns(n), *which = memory_columns(n), *region = memory_columns(n);
    double counts[DECISION_MAX_OPTIONS + 1], highest = 0.0;
    (void)decision_kernels()->count_best(n, choice->n_others, conditional->costs,
                                         conditional->effects, threshold, counts, influence, which);
    for (size_t k = 0; k < choice->n_others; ++k) {
        double mean = mean_benefit(choice, k, threshold);
        best = mean > highest ? k + 1 : best;
        highest = fmax(highest, mean);
    }
    const struct choice fitted = {.n_draws = n,
                                  .n_others = choice->n_others,
                                  .costs = conditional->costs,
                                  .effects = conditional->effects};
    take_benefit(&fitted, best, threshold, influence);
    for (size_t k = 0; k < choice->n_others; ++k) {
        for (size_t i = 0; i < n; ++i) {
            region[i] = (which[i] == (double)(k + 1) ? 1.0 : 0.0) - (best == k + 1 ? 1.0 : 0.0);
        }
        add_fit_influence(conditional, region, choice->costs[k], conditional->costs[k],
                          conditional->cost_shrinkage + k * n_functions, -1.0, influence);
        if (choice->effects != NULL) {
            add_fit_influence(conditional, region, choice->effects[k], conditional->effects[k],
                              conditional->effect_shrinkage + k * n_functions, threshold,
                              influence);
        }
    }
    struct estimate estimate = estimate_mean(&choice->design, n, influence);
    estimate.value = conditional_choice_value(conditional, threshold);
    free(influence);
    free(which);
    free(region);
    return estimate;
}
