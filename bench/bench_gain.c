/* The gain of quasi-random points: root mean squared error of W2's mean total and of P(net >= 0),
 * each replicate one scrambling (or one seed) of n points, against the exact mean and a probability
 * found with many draws. The last line is the error of the Sobol mean at 16,384 draws over that of
 * performance's published 776. Argument: replicates. */
#include "bench_support.h"

#include <math.h>

static const double exact_mean = 1584989.146284;

/* P(net >= 0): the mean of 64 scramblings of 2^20 Sobol points, seed 99. */
static double exact_probability;

struct errors {
    double mean, probability;
};

static struct errors run_once(const struct library *library, enum sampling_method method,
                              uint64_t n_draws, uint32_t n_scramblings, uint64_t seed)
{
    struct arena arena;
    struct diagnostics diagnostics;
    struct scenario_result result;
    struct error error = {0};
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const struct plan_options plan_options = {.measure_set = MEASURE_SET_NET_ONLY};
    const struct plan *plan =
        plan_build(&arena, library, library->scenarios[0], &plan_options, &diagnostics);
    const struct simulation_options options = {.seed = seed,
                                               .n_draws = n_draws,
                                               .method = method,
                                               .n_scramblings = n_scramblings,
                                               .n_threads = 1};
    if (plan == NULL || simulation_run(&arena, &plan, 1, &options, &result, &error) != STATUS_OK ||
        result.status != STATUS_OK) {
        (void)fprintf(stderr, "bench_gain: %s %s\n", error.message, result.error.message);
        exit(1);
    }
    const struct column_statistics *total =
        result_find(&result, MEASURE_NET, plan->n_whos - 1, 0, 0);
    struct errors errors = {total->mean - exact_mean, total->p_nonneg - exact_probability};
    simulation_clear(&result, 1);
    arena_clear(&arena);
    return errors;
}

static struct errors run_replicates(const struct library *library, enum sampling_method method,
                                    uint64_t n_draws, size_t replicates)
{
    struct errors sums = {0.0, 0.0};
    for (size_t i = 0; i < replicates; ++i) {
        struct errors one = run_once(library, method, n_draws, 1, 1 + i);
        sums.mean += one.mean * one.mean;
        sums.probability += one.probability * one.probability;
    }
    return (struct errors){sqrt(sums.mean / (double)replicates),
                           sqrt(sums.probability / (double)replicates)};
}

int main(int argc, char **argv)
{
    static const uint64_t draws[] = {1024, 16384, 131072};
    size_t replicates = bench_argument(argc, argv, 1, 32);
    const char *scenario = "bench/w2/scenario.cfg";
    struct arena arena;
    double middle = NAN;
    arena_init(&arena);
    const struct library *library = bench_load(&arena, "bench/w2/models", &scenario, 1);
    exact_probability = run_once(library, SAMPLING_SOBOL, UINT64_C(1) << 23, 64, 99).probability;
    printf("P(net >= 0): %.6f\n", exact_probability);
    printf("%-16s %8s %16s %20s\n", "method", "draws", "RMSE of mean", "RMSE of P(net >= 0)");
    for (enum sampling_method method = SAMPLING_SOBOL; method <= SAMPLING_PLAIN; ++method) {
        for (size_t i = 0; i < sizeof draws / sizeof draws[0]; ++i) {
            struct errors errors = run_replicates(library, method, draws[i], replicates);
            printf("%-16s %8llu %16.0f %20.6f\n", sampling_method_name(method),
                   (unsigned long long)draws[i], errors.mean, errors.probability);
            middle = method == SAMPLING_SOBOL && i == 1 ? errors.mean : middle;
        }
    }
    printf("sobol_error_ratio: %.3f\n", middle / 776.0);
    arena_clear(&arena);
    return 0;
}
