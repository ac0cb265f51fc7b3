/* W3: from W1's draws (10,000 x 4 options) the acceptability curve, EVPI and the EVPPI of ten
 * parameters at 101 thresholds, on one thread. Drawing is not timed: a decision starts from its
 * draws. Arguments: draws, repeats, and a file to write the draws to (for the NumPy version, timed
 * in the same run of bench/run). */
#include "bench_support.h"
#include "decision/decision.h"
#include "plan/plan_health.h"

#include <math.h>

enum { N_THRESHOLDS = 101, N_PARAMETERS = 10 };

static const char *const names[N_PARAMETERS] = {"r_hs1", "r_s1h", "r_s1s2", "hr_b", "c_s1",
                                                "c_s2",  "c_a",   "c_b",    "u_s1", "u_a"};

struct answers {
    double p_best[N_THRESHOLDS], evpi[N_THRESHOLDS], evppi[N_PARAMETERS][N_THRESHOLDS];
};

static const double *find_draws(const struct decision *decision, const char *name)
{
    for (size_t i = 0; i < decision->plan->n_columns; ++i) {
        if (strcmp(decision->plan->columns[i].identity, name) == 0) {
            return decision->parameters + i * decision->n_draws;
        }
    }
    (void)fprintf(stderr, "bench_w3: no parameter %s\n", name);
    exit(1);
}

static double run_once(const struct decision *decision, struct answers *answers)
{
    const struct choice *choice = &decision_headline(decision)->choice;
    double p_best[8];
    double start = bench_now();
    for (size_t i = 0; i < N_THRESHOLDS; ++i) {
        answers->evpi[i] = choice_acceptability(choice, 2000.0 * (double)i, p_best);
        answers->p_best[i] = 0.0;
        for (size_t k = 0; k <= choice->n_others; ++k) {
            answers->p_best[i] = fmax(answers->p_best[i], p_best[k]);
        }
    }
    for (size_t p = 0; p < N_PARAMETERS; ++p) {
        struct basis basis;
        struct conditional_choice conditional;
        basis_build_spline(&basis, decision->n_draws, find_draws(decision, names[p]));
        conditional_choice_fit(&conditional, choice, &basis);
        for (size_t i = 0; i < N_THRESHOLDS; ++i) {
            answers->evppi[p][i] = conditional_choice_value(&conditional, 2000.0 * (double)i);
        }
        conditional_choice_clear(&conditional);
        basis_clear(&basis);
    }
    return bench_now() - start;
}

/* Raw doubles: ten parameters, then costs and effects of the three other options. */
static void write_draws(const struct decision *decision, const char *path)
{
    const struct choice *choice = &decision_headline(decision)->choice;
    FILE *file = fopen(path, "wb");
    bool good = file != NULL;
    for (size_t p = 0; good && p < N_PARAMETERS; ++p) {
        good = fwrite(find_draws(decision, names[p]), sizeof(double), decision->n_draws, file) ==
               decision->n_draws;
    }
    for (size_t k = 0; good && k < 2 * choice->n_others; ++k) {
        const double *column =
            k < choice->n_others ? choice->costs[k] : choice->effects[k - choice->n_others];
        good = fwrite(column, sizeof(double), decision->n_draws, file) == decision->n_draws;
    }
    if (!good || fclose(file) != 0) {
        (void)fprintf(stderr, "bench_w3: %s could not be written\n", path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    size_t n_draws = bench_argument(argc, argv, 1, 10000);
    size_t repeats = bench_argument(argc, argv, 2, 15);
    const char *scenario = "bench/w1/scenario.cfg";
    struct arena arena;
    struct diagnostics diagnostics;
    struct error error = {0};
    struct scenario_result result;
    struct decision decision;
    static struct answers answers;
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const struct library *library = bench_load(&arena, "bench/w1/models", &scenario, 1);
    const struct plan_options plan_options = {.measure_set = MEASURE_SET_FULL};
    const struct plan *plan =
        plan_build(&arena, library, library->scenarios[0], &plan_options, &diagnostics);
    const struct simulation_options options = {.seed = 1, .n_draws = n_draws, .n_threads = 1};
    if (plan == NULL || simulation_run(&arena, &plan, 1, &options, &result, &error) != STATUS_OK ||
        result.status != STATUS_OK ||
        decision_make(&decision, &result, false, &error) != STATUS_OK) {
        (void)fprintf(stderr, "bench_w3: %s %s\n", error.message, result.error.message);
        return 1;
    }
    if (argc > 3) {
        write_draws(&decision, argv[3]);
    }
    double *times = memory_array(repeats, sizeof *times);
    run_once(&decision, &answers);
    for (size_t i = 0; i < repeats; ++i) {
        times[i] = run_once(&decision, &answers);
    }
    printf("dividend: at 50,000 a QALY an option is best with probability %.4f, EVPI %.1f\n",
           answers.p_best[25], answers.evpi[25]);
    for (size_t p = 0; p < N_PARAMETERS; ++p) {
        printf("dividend: EVPPI of %-10s at 50,000: %8.2f  at 100,000: %8.2f\n", names[p],
               answers.evppi[p][25], answers.evppi[p][50]);
    }
    printf("dividend: peak memory %.1f MiB\n", bench_peak_mebibytes());
    printf("dividend_seconds: %.6f\n", bench_median(times, repeats));
    free(times);
    decision_clear(&decision);
    simulation_clear(&result, 1);
    arena_clear(&arena);
    return 0;
}
