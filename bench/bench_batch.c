/* A batch: the W2 scenario under many names, all measures, all threads. Arguments: scenarios,
 * draws, threads. Prints seconds a scenario, peak memory, and the whole as the last line. */
#include "bench_support.h"

int main(int argc, char **argv)
{
    size_t n_scenarios = bench_argument(argc, argv, 1, 1000);
    size_t n_draws = bench_argument(argc, argv, 2, 10000);
    size_t n_threads = bench_argument(argc, argv, 3, 0);
    const char *scenario = "bench/w2/scenario.cfg";
    struct arena arena;
    struct diagnostics diagnostics;
    struct error error = {0};
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const struct library *library = bench_load(&arena, "bench/w2/models", &scenario, 1);
    const struct plan **plans = memory_array(n_scenarios, sizeof(const struct plan *));
    struct scenario_result *results = memory_array(n_scenarios, sizeof *results);
    const struct plan_options plan_options = {.measure_set = MEASURE_SET_FULL};
    double start = bench_now();
    for (size_t i = 0; i < n_scenarios; ++i) {
        plans[i] = plan_build(&arena, library, library->scenarios[0], &plan_options, &diagnostics);
    }
    double planned = bench_now();
    const struct simulation_options options = {
        .seed = 1, .n_draws = n_draws, .n_threads = n_threads, .assumption_share = true};
    if (simulation_run(&arena, plans, n_scenarios, &options, results, &error) != STATUS_OK) {
        (void)fprintf(stderr, "bench_batch: %s\n", error.message);
        return 1;
    }
    double seconds = bench_now() - start;
    printf("batch: %zu scenarios x %zu draws, %zu result columns each\n", n_scenarios, n_draws,
           plans[0]->n_results);
    printf("batch: plans %.3f s, a scenario %.6f s, peak memory %.1f MiB\n", planned - start,
           seconds / (double)n_scenarios, bench_peak_mebibytes());
    printf("seconds: %.3f\n", seconds);
    simulation_clear(results, n_scenarios);
    free(results);
    free(plans);
    arena_clear(&arena);
    return 0;
}
