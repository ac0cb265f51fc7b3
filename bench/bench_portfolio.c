/* A portfolio: every combination that shares a demand evaluated, and the best of all subsets found
 * under per-sector, per-year budgets, silo and pooled, with all that is asked about the choice.
 * Arguments: folder of inputs (portfolio_inputs.py), draws, threads. */
#include "bench_support.h"
#include "portfolio/portfolio.h"

#include <gsl/gsl_errno.h>

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : ".";
    size_t n_draws = bench_argument(argc, argv, 2, 10000);
    size_t n_threads = bench_argument(argc, argv, 3, 0);
    struct arena arena;
    struct diagnostics diagnostics;
    struct error error = {0};
    gsl_set_error_handler_off();
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const char *own = arena_printf(&arena, "%s/models", folder);
    const char *file = arena_printf(&arena, "%s/bench.cfg", folder);
    const char *const models[] = {"models", own};
    const struct library_request request = {.model_directories = models,
                                            .n_model_directories = 2,
                                            .scenario_files = &file,
                                            .n_scenario_files = 1};
    const struct library *library = library_load(&arena, &request, &diagnostics);
    double start = bench_now();
    const struct sampling_design design = {
        .method = SAMPLING_SOBOL, .n_scramblings = SIMULATION_SCRAMBLINGS, .seed = 1};
    struct portfolio_result result = {0};
    enum status status = STATUS_INPUT;
    if (diagnostics.n_errors == 0) {
        status = portfolio_choose(&result, library, library->portfolios[0], &design, n_draws,
                                  n_threads, NULL, &diagnostics, &error);
    }
    for (size_t i = 0; i < diagnostics.n_items && diagnostics.n_errors > 0; ++i) {
        fputs(diagnostic_render(&diagnostics, &diagnostics.items[i], false), stderr);
    }
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "bench_portfolio: %s\n", error.message);
        return 1;
    }
    double seconds = bench_now() - start;
    const struct portfolio_set *best = &result.sets[1];
    size_t n_on = 0;
    for (size_t i = 0; i < result.portfolio->n_programmes; ++i) {
        n_on += best->solution.level[i] != CHOICE_OFF ? 1 : 0;
    }
    printf("portfolio: %zu programmes, %zu draws, %zu of them on, value %.2f, by the full model "
           "%.2f, %s, %llu nodes, peak memory %.0f MiB\n",
           result.portfolio->n_programmes, result.n_draws, n_on, best->solution.value,
           best->full_model_value, best->solution.exact ? "proved" : "not proved",
           (unsigned long long)best->solution.n_visited, bench_peak_mebibytes());
    printf("seconds: %.3f\n", seconds);
    portfolio_clear(&result);
    arena_clear(&arena);
    return 0;
}
