/* A cohort gives the same through the kernel and cycle by cycle, and a draw does not depend on its
 * block. */
#include "support/fixture.h"
#include "uncertainty/worker.h"

#include <gsl/gsl_errno.h>

#include <math.h>

static const char *const bench_models[] = {"bench/w1/models"};
static const char *const bench_scenario[] = {"bench/w1/scenario.cfg"};

struct bench {
    struct fixture fixture;
    struct plan_sampling sampling;
    struct worker worker;
    size_t n_totals;
};

static void bench_start(struct bench *bench)
{
    struct error error = {0};
    *bench = (struct bench){0};
    fixture_load(&bench->fixture, bench_models, 1, bench_scenario, 1, NULL);
    fixture_plan(&bench->fixture, MEASURE_SET_FULL);
    const struct plan *plan = bench->fixture.plans[0];
    const struct sampling_design design = {.n_scramblings = 8, .seed = 3};
    assert_int_equal(sampling_prepare(&bench->fixture.arena,
                                      sampler_cache_new(&bench->fixture.arena), plan, &design,
                                      &bench->sampling, &error),
                     STATUS_OK);
    worker_init(&bench->worker, &bench->sampling);
    bench->n_totals = plan->health->model->n_options * plan->health->n_accounts * 2;
}

static void bench_end(struct bench *bench)
{
    worker_clear(&bench->worker);
    fixture_clear(&bench->fixture);
}

static double *copy_totals(const struct bench *bench)
{
    size_t bytes = bench->n_totals * PROGRAM_BLOCK * sizeof(double);
    double *copy = malloc(bytes);
    memcpy(copy, bench->worker.evaluation.health.totals, bytes);
    return copy;
}

static void the_kernel_agrees_with_walking(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    assert_true(bench.worker.evaluation.health.fast);
    worker_run(&bench.worker, 512, PROGRAM_BLOCK, NULL);
    double *fast = copy_totals(&bench);
    bench.worker.evaluation.health.fast = false;
    worker_run(&bench.worker, 512, PROGRAM_BLOCK, NULL);
    const double *slow = bench.worker.evaluation.health.totals;
    for (size_t i = 0; i < bench.n_totals * PROGRAM_BLOCK; ++i) {
        assert_true(fabs(fast[i] - slow[i]) <= 1e-12 * fabs(slow[i]));
    }
    free(fast);
    bench_end(&bench);
}

static void a_draw_does_not_depend_on_its_block(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    for (size_t fast = 0; fast < 2; ++fast) {
        bench.worker.evaluation.health.fast = fast == 1;
        worker_run(&bench.worker, 0, PROGRAM_BLOCK, NULL);
        double *block = copy_totals(&bench);
        const size_t draws[] = {0, 7, 100, 255};
        for (size_t d = 0; d < sizeof draws / sizeof *draws; ++d) {
            worker_run(&bench.worker, draws[d], 1, NULL);
            for (size_t i = 0; i < bench.n_totals; ++i) {
                assert_true(bench.worker.evaluation.health.totals[i * PROGRAM_BLOCK] ==
                            block[i * PROGRAM_BLOCK + draws[d]]);
            }
        }
        free(block);
    }
    bench_end(&bench);
}

/* The first two options of workload W1 differ in payoffs alone, and so do the others. */
static void options_with_the_same_moves_share_a_trace(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    const struct plan_health *health = bench.fixture.plans[0]->health;
    assert_int_equal(health->n_traces, 2);
    assert_int_equal(health->strategies[0].trace, health->strategies[1].trace);
    assert_int_equal(health->strategies[2].trace, health->strategies[3].trace);
    bench_end(&bench);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_kernel_agrees_with_walking),
                                       cmocka_unit_test(a_draw_does_not_depend_on_its_block),
                                       cmocka_unit_test(options_with_the_same_moves_share_a_trace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
