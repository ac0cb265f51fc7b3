/* A multi-state life table of 101 ages, both sexes and five quintiles over 60 years, from its
 * configuration files. Timed from validated inputs in memory (plan, tables, draws, model) to
 * statistics in memory; reading the files is printed apart. Arguments: draws, repeats, threads. */
#include "bench_support.h"

static double run_once(const struct library *library, size_t n_draws, size_t n_threads, bool print)
{
    struct arena arena;
    struct diagnostics diagnostics;
    struct scenario_result result;
    struct error error = {0};
    double start = bench_now();
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const struct plan_options plan_options = {.measure_set = MEASURE_SET_NET_ONLY};
    const struct plan *plan =
        plan_build(&arena, library, library->scenarios[0], &plan_options, &diagnostics);
    double planned = bench_now();
    const struct simulation_options options = {
        .seed = 1, .n_draws = n_draws, .n_threads = n_threads};
    if (plan == NULL || simulation_run(&arena, &plan, 1, &options, &result, &error) != STATUS_OK ||
        result.status != STATUS_OK) {
        (void)fprintf(stderr, "bench_life_table: %s %s\n", error.message, result.error.message);
        exit(1);
    }
    double seconds = bench_now() - start;
    if (print) {
        for (size_t i = 0; i < plan->n_results; ++i) {
            const struct column_statistics *statistics = &result.statistics[i];
            printf("dividend: %s %zu mean %.4f sd %.4f 2.5 %% %.4f 97.5 %% %.4f\n",
                   measure_name(plan->results[i].measure), plan->results[i].item, statistics->mean,
                   statistics->sd, statistics->q025, statistics->q975);
        }
        printf("dividend: %zu result columns, plan %.6f s of it\n", plan->n_results,
               planned - start);
    }
    simulation_clear(&result, 1);
    arena_clear(&arena);
    return seconds;
}

int main(int argc, char **argv)
{
    size_t n_draws = bench_argument(argc, argv, 1, 1000);
    size_t repeats = bench_argument(argc, argv, 2, 9);
    size_t n_threads = bench_argument(argc, argv, 3, 1);
    const char *scenario = "bench/life_table/scenario.cfg";
    struct arena arena;
    arena_init(&arena);
    double start = bench_now();
    const struct library *library = bench_load(&arena, "bench/life_table/models", &scenario, 1);
    printf("dividend: reading the files %.6f s\n", bench_now() - start);
    double *times = memory_array(repeats, sizeof *times);
    run_once(library, n_draws, n_threads, true);
    for (size_t i = 0; i < repeats; ++i) {
        times[i] = run_once(library, n_draws, n_threads, false);
    }
    printf("dividend: peak memory %.1f MiB\n", bench_peak_mebibytes());
    printf("seconds: %.6f\n", bench_median(times, repeats));
    free(times);
    arena_clear(&arena);
    return 0;
}
