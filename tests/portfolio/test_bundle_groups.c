/* Results by quintile: parts add to the whole, and a programme for five fifths is five programmes.
 * method 8. */
#include "portfolio/portfolio.h"
#include "support/portfolio_bench.h"

#include <gsl/gsl_errno.h>

enum { DRAWS = 200 };

static const char *const quintiles[] = {"q1", "q2", "q3", "q4", "q5"};
static const double people[] = {1000.0, 900.0, 800.0, 700.0, 600.0};

#define TOWN "area = \"town\"; population = { share = 0.5; }; "
#define GRADIENTS                                                                                  \
    "gradients = ( { parameter = \"taken\"; factors = [0.6, 0.8, 1.0, 1.1, 1.2]; reason = \"r\"; " \
    "}, { parameter = \"effect\"; factors = [1.2, 1.1, 1.0, 0.9, 0.8]; reason = \"r\"; } ); "
#define UNCERTAIN                                                                                  \
    "gradients = ( { parameter = \"clinic_uptake\"; factors = [0.6, 0.8, 1.0, 1.1, 1.2]; reason "  \
    "= \"r\"; }, { parameter = \"visits_a_year\"; factors = [1.5, 1.2, 1.0, 0.9, 0.8]; reason = "  \
    "\"r\"; } ); "

static size_t cell_named(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->n_cells; ++i) {
        if (strcmp(plan->cells[i].id, id) == 0) {
            return i;
        }
    }
    fail_msg("no cell %s", id);
    return SIZE_MAX;
}

static double of_quintile(const struct plan *plan, const double *values, enum measure measure,
                          size_t quintile)
{
    return bench_value(plan, values, measure, "total", 0, cell_named(plan, quintiles[quintile]));
}

/* Value of the demand avoided: all savings, economic and social value. */
static double value_of_all(const struct plan *plan, const double *values)
{
    static const enum measure parts[] = {MEASURE_PV_CASHABLE, MEASURE_PV_NON_CASHABLE,
                                         MEASURE_PV_ECONOMIC, MEASURE_PV_SOCIAL};

    double sum = 0.0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) {
        sum += bench_value(plan, values, parts[i], "total", 0, 0);
    }
    return sum;
}

static void assert_cells_add(struct bench *bench, const struct plan *plan, double participants)
{
    const double *draws = bench_draws(bench, plan, DRAWS);
    double *values = arena_array(&bench->arena, plan->n_results, sizeof *values);
    for (size_t draw = 0; draw < DRAWS; ++draw) {
        double sums[3] = {0.0};
        for (size_t i = 0; i < plan->n_results; ++i) {
            values[i] = draws[i * DRAWS + draw];
        }
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            sums[0] += of_quintile(plan, values, MEASURE_CELL_PARTICIPANTS, q);
            sums[1] += of_quintile(plan, values, MEASURE_CELL_QALYS, q);
            sums[2] += of_quintile(plan, values, MEASURE_CELL_VALUE, q);
        }
        if (participants > 0.0) {
            assert_close(sums[0], participants, 1e-12);
        }
        assert_near(bench_value(plan, values, MEASURE_QALYS, "total", 0, 0), sums[1], 1.0, 1e-12);
        assert_close(value_of_all(plan, values), sums[2], 1e-12);
    }
}

static void quintiles_add_to_the_total(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    /* 4,000 people, half of them eligible, half of these take part. */
    bench_scenario(&bench, "even", "plain", TOWN BENCH_FLAT);
    bench_scenario(&bench, "clinic", "clinic", TOWN UNCERTAIN);
    bench_scenario(&bench, "twin", "clinic", TOWN UNCERTAIN "inputs = { strength = 0.5; };");
    bench_portfolio(
        &bench, "{ scenario = \"clinic\"; }, { scenario = \"twin\"; start_year = \"2027-28\"; }",
        "");
    bench_build(&bench);
    assert_cells_add(&bench, bench_plan(&bench, "even"), 1000.0);
    assert_cells_add(&bench, bench_plan(&bench, "clinic"), 0.0);
    assert_cells_add(&bench, bench_bundle(&bench, NULL), 0.0);
    bench_clear(&bench);
}

/* Programmes on the same groups overlap group by group, by hand. */
static void groups_overlap_group_by_group(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "plain", TOWN GRADIENTS BENCH_FLAT);
    bench_scenario(&bench, "b", "plain",
                   TOWN "inputs = { taken = 0.3; effect = 0.4; };" BENCH_FLAT);
    bench_portfolio(&bench, "{ scenario = \"a\"; }, { scenario = \"b\"; }", BENCH_FLAT);
    bench_build(&bench);
    const struct plan *bundle = bench_bundle(&bench, NULL);
    const double *values = bench_central(&bench, bundle);
    static const double taken[] = {0.6, 0.8, 1.0, 1.1, 1.2}, effect[] = {1.2, 1.1, 1.0, 0.9, 0.8};
    double rounds = 0.0;
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        double reduction = 0.5 * taken[q] * 0.2 * effect[q];
        double avoided = 0.5 * people[q] * 2.0 * (1.0 - (1.0 - reduction) * 0.88);
        rounds += avoided;
        /* two years at 100 GBP */
        assert_close(of_quintile(bundle, values, MEASURE_CELL_VALUE, q), 200.0 * avoided, 1e-12);
    }
    assert_close(bench_volume_year(bundle, values, "round", 0), rounds, 1e-12);
    bench_clear(&bench);
}

static size_t count_warnings(const struct bench *bench, enum diagnostic_code code)
{
    size_t n = 0;
    for (size_t i = 0; i < bench->diagnostics.n_items; ++i) {
        n += bench->diagnostics.items[i].code == code ? 1 : 0;
    }
    return n;
}

/* With one that has no groups, over all people at once: a takes a tenth of a baseline of 2 rounds
 * times the gradient's mean over people; b, with two rounds a person, 2,000 x 0.3 x 0.4 x 2. */
static void programmes_with_other_groups_overlap_as_a_whole(void **state)
{
    (void)state;
    static const double factors[] = {1.5, 1.2, 1.0, 0.9, 0.8};
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "plain",
                   TOWN "gradients = ( { parameter = \"rounds_a_year\"; factors = [1.5, 1.2, 1.0, "
                        "0.9, 0.8]; reason = \"r\"; } ); " BENCH_FLAT);
    bench_scenario(&bench, "b", "plain",
                   "inputs = { eligible = 2000; taken = 0.3; effect = 0.4; };" BENCH_FLAT);
    bench_portfolio(&bench,
                    "{ scenario = \"a\"; }, { scenario = \"b\"; }, { scenario = \"a\"; name = "
                    "\"again\"; }",
                    BENCH_FLAT);
    bench_build(&bench);
    double baseline = 0.0, by_group = 0.0;
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        baseline += 0.5 * people[q] * 2.0 * factors[q];
        by_group += 0.5 * people[q] * 2.0 * factors[q] * (1.0 - 0.9 * 0.9);
    }
    const struct plan *mixed = bench_bundle(&bench, (uint8_t[]){1, 1, 0});
    assert_close(bench_volume_year(mixed, bench_central(&bench, mixed), "round", 0),
                 baseline * (1.0 - 0.9 * (1.0 - 480.0 / baseline)), 1e-12);
    /* What a demand is worth is then in no quintile, which is said once for each. */
    portfolio_check(&bench.arena, bench.library, bench.portfolio, &bench.diagnostics);
    assert_int_equal(count_warnings(&bench, DIAGNOSTIC_W808), mixed->bundle->n_joints);
    const struct plan *same = bench_bundle(&bench, (uint8_t[]){1, 0, 1});
    assert_close(bench_volume_year(same, bench_central(&bench, same), "round", 0), by_group, 1e-12);
    bench_clear(&bench);
}

/* A gradient of ones is refused (tests/invalid); one a hair from it changes hardly anything. */
/* Half take part; tenfold uptake of the most deprived fifth is all of it. */
static void uptake_of_q1_stops_at_everybody(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "plain", TOWN BENCH_FLAT);
    bench_build(&bench);
    struct scenario more = *bench_find_scenario(&bench, "a");
    more.q1_uptake = 10.0;
    const struct plan *plan = bench_plan_of(&bench, &more);
    const double *central = bench_central(&bench, plan);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        assert_close(of_quintile(plan, central, MEASURE_CELL_PARTICIPANTS, q),
                     0.5 * people[q] * (q == 0 ? 1.0 : 0.5), 1e-12);
    }
    bench_clear(&bench);
}

static void an_even_gradient_is_none(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "none", "clinic", TOWN);
    bench_scenario(&bench, "even", "clinic",
                   TOWN "gradients = ( { parameter = \"clinic_uptake\"; factors = [1.0, 1.0, 1.0, "
                        "1.0, 0.99999999999999]; reason = \"r\"; } );");
    bench_build(&bench);
    const struct plan *none = bench_plan(&bench, "none"), *even = bench_plan(&bench, "even");
    const double *a = bench_central(&bench, none), *b = bench_central(&bench, even);
    assert_int_equal(none->n_results, even->n_results);
    for (size_t i = 0; i < none->n_results; ++i) {
        bool blank = isnan(a[i]) || isinf(a[i]);
        assert_true(blank == (isnan(b[i]) || isinf(b[i])));
        if (!blank) {
            assert_near(b[i], a[i], 1e4, 1e-12);
        }
    }
    bench_clear(&bench);
}

static void five_fifths_are_five_scenarios(void **state)
{
    (void)state;
    struct bench bench;
    const struct plan *parts[N_QUINTILES];
    const double *values[N_QUINTILES];
    static const double taken[] = {0.6, 0.8, 1.0, 1.1, 1.2}, effect[] = {1.2, 1.1, 1.0, 0.9, 0.8};
    bench_start(&bench);
    bench_scenario(&bench, "whole", "plain", TOWN GRADIENTS);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        bench_scenario(
            &bench, quintiles[q], "plain",
            arena_printf(&bench.arena,
                         "inputs = { eligible = %.17g; taken = %.17g; effect = %.17g; };",
                         0.5 * people[q], 0.5 * taken[q], 0.2 * effect[q]));
    }
    bench_build(&bench);
    const struct plan *whole = bench_plan(&bench, "whole");
    const double *of_whole = bench_central(&bench, whole);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        parts[q] = bench_plan(&bench, quintiles[q]);
        values[q] = bench_central(&bench, parts[q]);
        assert_close(of_quintile(whole, of_whole, MEASURE_CELL_VALUE, q),
                     value_of_all(parts[q], values[q]), 1e-12);
        assert_close(of_quintile(whole, of_whole, MEASURE_CELL_QALYS, q),
                     bench_value(parts[q], values[q], MEASURE_QALYS, "total", 0, 0), 1e-12);
    }
    size_t n_checked = 0;
    for (size_t i = 0; i < whole->n_results; ++i) {
        const struct plan_result_column *column = &whole->results[i];
        bool sum = measure_numerator(column->measure) == NULL && column->measure != MEASURE_IRR &&
                   column->measure != MEASURE_PAYBACK_DISCOUNTED &&
                   column->measure != MEASURE_PAYBACK_UNDISCOUNTED &&
                   column->measure < MEASURE_CELL_PARTICIPANTS;
        double total = 0.0;
        for (size_t q = 0; sum && q < N_QUINTILES; ++q) {
            total += bench_value(parts[q], values[q], column->measure, whole->whos[column->who].id,
                                 column->year, column->item);
        }
        n_checked += sum ? 1 : 0;
        if (sum) {
            assert_near(of_whole[i], total, 1e4, 1e-12);
        }
    }
    assert_true(n_checked > 100);
    bench_clear(&bench);
}

static void uptake_of_q1_changes_q1_alone(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "clinic", "clinic", TOWN UNCERTAIN);
    bench_build(&bench);
    struct scenario more = *bench_find_scenario(&bench, "clinic");
    more.q1_uptake = 1.5;
    const struct plan *before = bench_plan(&bench, "clinic"), *after = bench_plan_of(&bench, &more);
    const double *a = bench_central(&bench, before), *b = bench_central(&bench, after);

    static const enum measure measures[] = {MEASURE_CELL_PARTICIPANTS, MEASURE_CELL_QALYS,
                                            MEASURE_CELL_VALUE};

    for (size_t m = 0; m < 3; ++m) {
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            assert_close(of_quintile(after, b, measures[m], q),
                         of_quintile(before, a, measures[m], q) * (q == 0 ? 1.5 : 1.0), 1e-12);
        }
    }
    bench_clear(&bench);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quintiles_add_to_the_total),
        cmocka_unit_test(groups_overlap_group_by_group),
        cmocka_unit_test(programmes_with_other_groups_overlap_as_a_whole),
        cmocka_unit_test(an_even_gradient_is_none),
        cmocka_unit_test(five_fifths_are_five_scenarios),
        cmocka_unit_test(uptake_of_q1_changes_q1_alone),
        cmocka_unit_test(uptake_of_q1_stops_at_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
