/* Beyond the retained draws: the same answers from histograms, the same bytes from any number of
 * threads, flat memory; and the parts of the engine that only W2 reaches. */
#include "support/fixture.h"
#include "support/oracle.h"

#include <gsl/gsl_errno.h>

#include <sys/resource.h>

enum { MANY = 300000 };

static const struct sampling_design design = {.n_scramblings = SIMULATION_SCRAMBLINGS, .seed = 3};

static const char *const models[] = {"tests/worked/w2/models"};
static const char *const scenarios[] = {"tests/worked/w2/scenario.cfg"};

static void load(struct fixture *fixture, enum measure_set measure_set)
{
    fixture_load(fixture, models, 1, scenarios, 1, NULL);
    fixture_plan(fixture, measure_set);
}

static void threads_do_not_matter_beyond_the_retained_draws(void **state)
{
    (void)state;
    struct fixture fixture;
    load(&fixture, MEASURE_SET_NET_ONLY);
    size_t bytes = fixture.plans[0]->n_results * sizeof(struct column_statistics);
    struct column_statistics *first = memory_alloc(bytes);
    for (size_t threads = 1; threads <= 3; ++threads) {
        fixture_run(&fixture, 3, MANY, threads);
        if (threads == 1) {
            memcpy(first, fixture.results[0].statistics, bytes);
        }
        assert_memory_equal(first, fixture.results[0].statistics, bytes);
        simulation_clear(fixture.results, 1);
    }
    free(first);
    fixture_clear(&fixture);
}

static void histograms_agree_with_exact_quantiles(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error error = {0};
    load(&fixture, MEASURE_SET_NET_ONLY);
    fixture_run(&fixture, 3, MANY, 2);
    const struct plan *plan = fixture.plans[0];
    size_t columns[16];
    for (size_t i = 0; i < plan->n_results; ++i) {
        columns[i] = i;
    }
    double *values = memory_columns(plan->n_results * MANY);
    assert_int_equal(simulation_draws(&fixture.arena, plan, &design, 0, MANY, columns,
                                      plan->n_results, values, &error),
                     STATUS_OK);
    double *scratch = memory_columns(MANY);
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct column_statistics *statistics = &fixture.results[0].statistics[i];
        double sum = 0.0, n_nonneg = 0.0, squares = 0.0;
        for (size_t draw = 0; draw < MANY; ++draw) {
            sum += values[i * MANY + draw];
            n_nonneg += values[i * MANY + draw] >= 0.0 ? 1.0 : 0.0;
        }
        for (size_t draw = 0; draw < MANY; ++draw) {
            double deviation = values[i * MANY + draw] - sum / MANY;
            squares += deviation * deviation;
        }
        assert_close(statistics->mean, sum / MANY, 1e-9);
        assert_close(statistics->sd, sqrt(squares / (MANY - 1)), 1e-9);
        assert_true(statistics->p_nonneg == n_nonneg / MANY);
        memcpy(scratch, values + i * MANY, MANY * sizeof *scratch);
        size_t below[3] = {0, 0, 0};
        for (size_t draw = 0; draw < MANY; ++draw) {
            below[0] += scratch[draw] < statistics->q025 ? 1 : 0;
            below[1] += scratch[draw] < statistics->q50 ? 1 : 0;
            below[2] += scratch[draw] < statistics->q975 ? 1 : 0;
        }
        /* A bin holds about a thousandth of the draws of its neighbourhood. */
        assert_true(fabs((double)below[0] / MANY - 0.025) < 2e-4);
        assert_true(fabs((double)below[1] / MANY - 0.5) < 4e-4);
        assert_true(fabs((double)below[2] / MANY - 0.975) < 2e-4);
    }
    free(values);
    free(scratch);
    fixture_clear(&fixture);
}

static void summing_years_first_gives_the_same_nets(void **state)
{
    (void)state;
    struct fixture full, nets;
    struct error error = {0};
    load(&full, MEASURE_SET_FULL);
    load(&nets, MEASURE_SET_NET_ALL);
    assert_true(nets.plans[0]->present_values_only);
    assert_false(full.plans[0]->present_values_only);
    for (size_t who = 0; who < full.plans[0]->n_whos; ++who) {
        double by_year[500], present[500];
        size_t a = plan_find_result(full.plans[0], MEASURE_NET, who, 0, 0);
        size_t b = plan_find_result(nets.plans[0], MEASURE_NET, who, 0, 0);
        assert_int_equal(
            simulation_draws(&full.arena, full.plans[0], &design, 0, 500, &a, 1, by_year, &error),
            STATUS_OK);
        assert_int_equal(
            simulation_draws(&nets.arena, nets.plans[0], &design, 0, 500, &b, 1, present, &error),
            STATUS_OK);
        for (size_t draw = 0; draw < 500; ++draw) {
            assert_true(fabs(by_year[draw] - present[draw]) <= 1e-11 * 1e7);
        }
    }
    fixture_clear(&full);
    fixture_clear(&nets);
}

static long peak_kibibytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Peak memory after half a million and after two million draws differs by less than 4 MiB. */
static void memory_does_not_grow_with_draws(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); /* the sanitizer's own memory grows */
#endif
    struct fixture fixture;
    load(&fixture, MEASURE_SET_NET_ONLY);
    fixture_run(&fixture, 3, 500000, 2);
    simulation_clear(fixture.results, 1);
    long before = peak_kibibytes();
    fixture_run(&fixture, 3, 2000000, 2);
    assert_true(peak_kibibytes() - before < 4096);
    fixture_clear(&fixture);
}

static void draws_are_the_same_however_they_are_asked_for(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error error = {0};
    load(&fixture, MEASURE_SET_NET_ONLY);
    double whole[700], part[700];
    size_t column = fixture.plans[0]->n_results - 1;
    assert_int_equal(simulation_draws(&fixture.arena, fixture.plans[0], &design, 0, 700, &column, 1,
                                      whole, &error),
                     STATUS_OK);
    for (size_t first = 0; first < 700; first += 137) {
        size_t n = 700 - first < 137 ? 700 - first : 137;
        assert_int_equal(simulation_draws(&fixture.arena, fixture.plans[0], &design, first, n,
                                          &column, 1, part + first, &error),
                         STATUS_OK);
    }
    assert_memory_equal(whole, part, sizeof whole);
    fixture_clear(&fixture);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_does_not_grow_with_draws),
        cmocka_unit_test(threads_do_not_matter_beyond_the_retained_draws),
        cmocka_unit_test(histograms_agree_with_exact_quantiles),
        cmocka_unit_test(summing_years_first_gives_the_same_nets),
        cmocka_unit_test(draws_are_the_same_however_they_are_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
