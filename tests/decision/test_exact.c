/* Models whose mean is known exactly: does the 95 % interval of the estimate cover it in 95 % of
 * replicates, for each sampling method? Forty-four models of two parameters or more (linear ones of
 * one too); DIVIDEND_COVERAGE_REPLICATES replicates of each (scripts/soak: 2,000, with the limits
 * of docs/verification.md; without it 200, with limits as wide as so few need). An interval of R
 * scramblings uses Student's t with R - 1 degrees of freedom. */
#include "base/vector.h"
#include "decision/choice.h"
#include "evidence/correlation.h"
#include "support/assert_close.h"
#include "uncertainty/uncertainty.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    N_DRAWS = 4096,
    MAX_DIMENSIONS = 11,
    N_FAMILIES = 5,
    SIZES = 10,
    N_MODELS = 44,
    N_TAILS = 5
};

enum family { LINEAR_NORMAL, LOGNORMAL_PRODUCT, BETA_PRODUCT, TWO_STATE_CHAIN, TRUNCATED };

struct exact_model {
    enum family family;
    size_t n_dimensions, power;
    struct distribution distributions[MAX_DIMENSIONS];
    double mean;
};

static struct distribution normal(double mean, double sd)
{
    return (struct distribution){.family = DISTRIBUTION_NORMAL, .p = {mean, sd}};
}

/* E[p^k] of a beta. */
static double beta_moment(double a, double b, size_t k)
{
    double moment = 1.0;
    for (size_t i = 0; i < k; ++i) {
        moment *= (a + (double)i) / (a + b + (double)i);
    }
    return moment;
}

static struct exact_model make_model(size_t index)
{
    struct exact_model model = {.family = (enum family)(index / SIZES)};
    size_t size = index % SIZES + 1;
    double product = 1.0;
    model.n_dimensions = size;
    switch (model.family) {
    case LINEAR_NORMAL: /* sum of (j + 1) x_j */
        for (size_t j = 0; j < size; ++j) {
            model.distributions[j] = normal(1.0 + (double)j, 0.5 + 0.25 * (double)j);
            model.mean += ((double)j + 1.0) * (1.0 + (double)j);
        }
        break;
    case LOGNORMAL_PRODUCT: /* of two or more */
        size = model.n_dimensions = size + 1;
        for (size_t j = 0; j < size; ++j) {
            double sigma = 0.3 / sqrt((double)size);
            model.distributions[j] = (struct distribution){.family = DISTRIBUTION_LOGNORMAL,
                                                           .p = {0.1 * (double)j, sigma}};
            product *= exp(0.1 * (double)j + 0.5 * sigma * sigma);
        }
        model.mean = product;
        break;
    case BETA_PRODUCT: /* all of (size) independent shares, then k of k events of the first */
        for (size_t j = 0; j < size; ++j) {
            double a = 20.0 + 5.0 * (double)j, b = 10.0;
            model.distributions[j] = distribution_beta(a, b);
            product *= beta_moment(a, b, j == 0 ? 3 : 1);
        }
        model.power = 3;
        model.mean = product;
        break;
    case TWO_STATE_CHAIN: /* years alive over `size` cycles, cost a year uncertain */
        model.n_dimensions = 2;
        model.power = size + 1;
        model.distributions[0] = distribution_beta(90.0, 10.0); /* stays */
        model.distributions[1] = distribution_gamma(25.0, 40.0);
        for (size_t t = 0; t <= model.power; ++t) {
            model.mean += 1000.0 * beta_moment(90.0, 10.0, t);
        }
        break;
    case TRUNCATED: /* mean of max(0, x + y): a kink, as in the value of information */
        model.n_dimensions = 2;
        double mean = 0.5 * (double)size - 0.75;
        model.distributions[0] = normal(mean, 0.8);
        model.distributions[1] = normal(0.0, 0.6);
        model.mean =
            exp(-0.5 * mean * mean) / sqrt(2.0 * acos(-1.0)) + mean * 0.5 * erfc(-mean / sqrt(2.0));
        break;
    }
    return model;
}

static void evaluate(const struct exact_model *model, double (*x)[N_DRAWS], double *out)
{
    for (size_t i = 0; i < N_DRAWS; ++i) {
        double sum = 0.0, product = 1.0;
        for (size_t j = 0; j < model->n_dimensions; ++j) {
            sum += ((double)j + 1.0) * x[j][i];
            product *= x[j][i];
        }
        double alive = 1.0, years = 0.0;
        for (size_t t = 0; model->family == TWO_STATE_CHAIN && t <= model->power; ++t) {
            years += alive;
            alive *= x[0][i];
        }
        out[i] = model->family == LINEAR_NORMAL     ? sum
                 : model->family == TWO_STATE_CHAIN ? years * x[1][i]
                 : model->family == BETA_PRODUCT    ? product * x[0][i] * x[0][i]
                 : model->family == TRUNCATED       ? fmax(0.0, x[0][i] + x[1][i])
                                                    : product;
    }
}

struct coverage {
    size_t first, step, n_replicates;
    size_t covered[3][N_MODELS];
    double errors[3][N_MODELS]; /* sums of squares */
};

/* Whether the interval of one replicate holds the truth. */
static void replicate(const struct exact_model *model, const struct sampler *const *samplers,
                      enum sampling_method method, uint64_t seed, size_t *covered, double *error)
{
    double x[MAX_DIMENSIONS][N_DRAWS], y[N_DRAWS];
    const struct sampling_design design = {.method = method, .n_scramblings = 16, .seed = seed};
    for (size_t j = 0; j < model->n_dimensions; ++j) {
        char identity[16];
        snprintf(identity, sizeof identity, "x%zu", j);
        const struct uniform_stream stream = sample_stream_of(&design, identity, j + 1, 0);
        sampler_draw(samplers[j], &stream, 0, N_DRAWS, x[j]);
    }
    evaluate(model, x, y);
    struct estimate estimate = estimate_mean(&design, N_DRAWS, y);
    double reach = standard_error_factor(estimate_degrees(&design, N_DRAWS)) * estimate.se;
    *covered += fabs(estimate.value - model->mean) <= reach ? 1 : 0;
    *error += (estimate.value - model->mean) * (estimate.value - model->mean);
}

static void *run_models(void *context)
{
    struct coverage *coverage = context;
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    struct sampler_cache *cache = sampler_cache_new(&arena);
    for (size_t m = coverage->first; m < N_MODELS; m += coverage->step) {
        struct exact_model model = make_model(m);
        const struct sampler *samplers[MAX_DIMENSIONS];
        for (size_t j = 0; j < model.n_dimensions; ++j) {
            if (sampler_prepare(&arena, cache, &model.distributions[j], &samplers[j], &error) !=
                STATUS_OK) {
                abort();
            }
        }
        for (size_t method = 0; method < 3; ++method) {
            for (size_t r = 0; r < coverage->n_replicates; ++r) {
                replicate(&model, samplers, (enum sampling_method)method, m * 1000003 + r,
                          &coverage->covered[method][m], &coverage->errors[method][m]);
            }
        }
    }
    arena_clear(&arena);
    return NULL;
}

static void run_all(struct coverage *all, size_t n_replicates)
{
    enum { N_THREADS = 2 };

    static struct coverage parts[N_THREADS];
    pthread_t threads[N_THREADS];
    memset(all, 0, sizeof *all);
    for (size_t i = 0; i < N_THREADS; ++i) {
        parts[i] = (struct coverage){.first = i, .step = N_THREADS, .n_replicates = n_replicates};
        assert_int_equal(pthread_create(&threads[i], NULL, run_models, &parts[i]), 0);
    }
    for (size_t i = 0; i < N_THREADS; ++i) {
        pthread_join(threads[i], NULL);
        for (size_t k = 0; k < (size_t)3 * N_MODELS; ++k) {
            all->covered[k / N_MODELS][k % N_MODELS] +=
                parts[i].covered[k / N_MODELS][k % N_MODELS];
            all->errors[k / N_MODELS][k % N_MODELS] += parts[i].errors[k / N_MODELS][k % N_MODELS];
        }
    }
}

static size_t wanted_replicates(void)
{
    const char *wanted = getenv("DIVIDEND_COVERAGE_REPLICATES");
    return wanted != NULL && *wanted != '\0' ? strtoul(wanted, NULL, 10) : 200;
}

/* 2,000 replicates: 93.2 to 96.8 % a model and method (3.7 standard errors), 94.5 to 95.5 % pooled.
 * Fewer: 4.5 standard errors of a model, and the same pooled. */
static void intervals_cover_the_truth(void **state)
{
    (void)state;
    static struct coverage coverage;
    size_t n = wanted_replicates(), n_outside = 0;
    run_all(&coverage, n);
    double error = sqrt(0.95 * 0.05 / (double)n);
    double of_model = n >= 2000 ? 0.018 : 4.5 * error;
    double of_all = n >= 2000 ? 0.005 : fmax(0.005, 4.5 * error / sqrt((double)N_MODELS));
    for (size_t method = 0; method < 3; ++method) {
        double sum = 0.0;
        for (size_t m = 0; m < N_MODELS; ++m) {
            double share = (double)coverage.covered[method][m] / (double)n;
            sum += share / (double)N_MODELS;
            if (fabs(share - 0.95) > of_model) {
                print_error("%s: model %zu is covered in %.4f of replicates\n",
                            sampling_method_name((enum sampling_method)method), m, share);
                ++n_outside;
            }
        }
        print_message("%s: covered in %.4f of replicates, pooled\n",
                      sampling_method_name((enum sampling_method)method), sum);
        n_outside += fabs(sum - 0.95) <= of_all ? 0 : 1;
    }
    assert_int_equal(n_outside, 0);
    /* The methods agree, and quasi-random points are nearer on smooth models. */
    for (size_t m = 0; m < N_MODELS; ++m) {
        if (make_model(m).n_dimensions <= 4) {
            assert_true(coverage.errors[SAMPLING_SOBOL][m] <
                        0.1 * coverage.errors[SAMPLING_PLAIN][m]);
        }
        assert_true(coverage.errors[SAMPLING_LATIN_HYPERCUBE][m] <
                    coverage.errors[SAMPLING_PLAIN][m]);
    }
}

/* One parameter alone with a tail to one side: all the error of a scrambling lies in its outermost
 * stratum, whose spread is skewed, and 16 scramblings are few for that. The limit of the method,
 * said in docs/method.md 5.3: intervals cover 92 % or a little more. */
static void one_tail_alone_is_covered_less(void **state)
{
    (void)state;
    size_t n = wanted_replicates(), covered[3] = {0, 0, 0};
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    struct sampler_cache *cache = sampler_cache_new(&arena);
    for (size_t m = 0; m < N_TAILS; ++m) {
        double sigma = 0.1 + 0.1 * (double)m, off = 0.0;
        struct exact_model model = {
            .family = LOGNORMAL_PRODUCT, .n_dimensions = 1, .mean = exp(0.5 * sigma * sigma)};
        const struct sampler *sampler = NULL;
        model.distributions[0] =
            (struct distribution){.family = DISTRIBUTION_LOGNORMAL, .p = {0.0, sigma}};
        assert_int_equal(sampler_prepare(&arena, cache, &model.distributions[0], &sampler, &error),
                         STATUS_OK);
        for (size_t r = 0; r < n; ++r) {
            for (size_t method = 0; method < 3; ++method) {
                replicate(&model, &sampler, (enum sampling_method)method, m * 1000003 + r,
                          &covered[method], &off);
            }
        }
    }
    for (size_t method = 0; method < 3; ++method) {
        double share = (double)covered[method] / (double)n / N_TAILS;
        print_message("%s: one tail alone covered in %.4f of replicates\n",
                      sampling_method_name((enum sampling_method)method), share);
        double noise = 4.0 * sqrt(0.05 * 0.95 / (double)(n * N_TAILS));
        assert_true(share > 0.915 - noise && share < 0.96 + noise);
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_cover_the_truth),
                                       cmocka_unit_test(one_tail_alone_is_covered_less)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
