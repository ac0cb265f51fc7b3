/* Contributions: what a run keeps is what another run folds to the same bits, in whole or in parts;
 * bytes that are cut or too long are refused, and computed anew. */
#include "support/fixture.h"
#include "uncertainty/contribution.h"

#include <gsl/gsl_errno.h>

static const char models[] = PROJECT_DIR "/models";
static const char *const scenarios[] = {PROJECT_DIR "/scenarios/cookbook/step_release.cfg",
                                        PROJECT_DIR "/scenarios/cookbook/uncertain_input.cfg",
                                        PROJECT_DIR "/scenarios/cookbook/stop_smoking.cfg"};

/* A store in memory; one thread. */
struct shelf {
    struct contribution_key keys[256];
    struct bytes bytes[256];
    size_t n, n_found;
    size_t n_cut; /* contributions are given cut by so many bytes; SIZE_MAX: a byte too many */
    bool keeps, units_only;
};

static bool same_key(const struct contribution_key *a, const struct contribution_key *b)
{
    return a->kind == b->kind && a->plan == b->plan && a->round == b->round && a->unit == b->unit &&
           a->n_draws == b->n_draws;
}

static bool shelf_find(void *context, const struct contribution_key *key, struct bytes *bytes)
{
    struct shelf *shelf = context;
    for (size_t i = 0; i < shelf->n; ++i) {
        if (same_key(&shelf->keys[i], key)) {
            size_t n = shelf->bytes[i].n;
            bytes_put_span(bytes, shelf->bytes[i].data, n);
            if (shelf->n_cut == SIZE_MAX) {
                bytes_put_u8(bytes, 0);
            } else {
                bytes->n -= shelf->n_cut < n ? shelf->n_cut : n;
            }
            ++shelf->n_found;
            return true;
        }
    }
    return false;
}

static bool shelf_wants(void *context, const struct contribution_key *key)
{
    const struct shelf *shelf = context;
    return shelf->keeps && !(shelf->units_only && key->kind == CONTRIBUTION_RESULT);
}

static void shelf_keep(void *context, const struct contribution_key *key, const struct bytes *bytes)
{
    struct shelf *shelf = context;
    assert_true(shelf->n < 256);
    shelf->keys[shelf->n] = *key;
    bytes_init(&shelf->bytes[shelf->n]);
    bytes_put_span(&shelf->bytes[shelf->n++], bytes->data, bytes->n);
}

static void shelf_clear(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->n; ++i) {
        bytes_clear(&shelf->bytes[i]);
    }
    *shelf = (struct shelf){0};
}

enum { N_PLANS = 3 };

/* Few draws keep values, many draws counts in histograms; of those one plan is enough. */
static const uint64_t draws[] = {1300, 132000};

static size_t count_plans(uint64_t n_draws)
{
    return n_draws > UNCERTAINTY_RETAINED_DRAWS ? 1 : N_PLANS;
}

static void load(struct fixture *fixture, uint64_t n_draws)
{
    const char *directories[] = {models};
    fixture_load(fixture, directories, 1, scenarios, 3, NULL);
    fixture_plan(fixture, count_plans(n_draws) > 1 ? MEASURE_SET_FULL : MEASURE_SET_NET_ALL);
}

static void run(struct fixture *fixture, uint64_t n_draws, struct shelf *shelf,
                struct simulation_part part, struct scenario_result results[N_PLANS])
{
    const struct contribution_store store = {
        .context = shelf, .find = shelf_find, .wants = shelf_wants, .keep = shelf_keep};
    const struct simulation_options options = {.seed = 7,
                                               .n_draws = n_draws,
                                               .n_threads = 1,
                                               .assumption_share = true,
                                               .store = shelf != NULL ? &store : NULL,
                                               .part = part};
    struct error error = {0};
    assert_int_equal(fixture->library->n_scenarios, N_PLANS);
    memset(results, 0, N_PLANS * sizeof *results);
    assert_int_equal(simulation_run(&fixture->arena, fixture->plans, count_plans(n_draws), &options,
                                    results, &error),
                     STATUS_OK);
}

static const struct simulation_part whole = {.n_parts = 0};

static void assert_same(const struct scenario_result a[N_PLANS],
                        const struct scenario_result b[N_PLANS])
{
    for (size_t i = 0; i < count_plans(a[0].n_draws); ++i) {
        assert_int_equal(a[i].status, STATUS_OK);
        assert_non_null(a[i].statistics);
        assert_non_null(b[i].statistics);
        assert_memory_equal(a[i].statistics, b[i].statistics,
                            a[i].plan->n_results * sizeof *a[i].statistics);
        assert_memory_equal(&a[i].capped_share, &b[i].capped_share, sizeof a[i].capped_share);
        assert_memory_equal(&a[i].assumption_share, &b[i].assumption_share,
                            sizeof a[i].assumption_share);
        assert_memory_equal(&a[i].assumption_share_se, &b[i].assumption_share_se,
                            sizeof a[i].assumption_share_se);
        assert_int_equal(a[i].n_draws, b[i].n_draws);
        assert_int_equal(a[i].n_scramblings, b[i].n_scramblings);
        assert_int_equal(a[i].se_degrees, b[i].se_degrees);
    }
}

static void a_run_from_the_store_is_the_run(void **state)
{
    (void)state;
    for (size_t d = 0; d < 2; ++d) {
        struct fixture fixture;
        struct shelf shelf = {.keeps = true};
        struct scenario_result plain[N_PLANS], kept[N_PLANS], found[N_PLANS];
        load(&fixture, draws[d]);
        run(&fixture, draws[d], NULL, whole, plain);
        run(&fixture, draws[d], &shelf, whole, kept);
        assert_same(plain, kept);
        size_t n = shelf.n;
        assert_true(n > 3 * count_plans(draws[d]));
        run(&fixture, draws[d], &shelf, whole, found);
        assert_same(plain, found);
        assert_int_equal(shelf.n, n); /* nothing was computed */
        assert_int_equal(shelf.n_found, count_plans(draws[d]));
        simulation_clear(plain, N_PLANS);
        simulation_clear(kept, N_PLANS);
        simulation_clear(found, N_PLANS);
        shelf_clear(&shelf);
        fixture_clear(&fixture);
    }
}

static void parts_fold_to_the_run(void **state)
{
    (void)state;
    static const size_t n_parts[] = {2, 5};
    for (size_t d = 0; d < 2; ++d) {
        struct fixture fixture;
        struct scenario_result plain[N_PLANS], merged[N_PLANS];
        load(&fixture, draws[d]);
        run(&fixture, draws[d], NULL, whole, plain);
        for (size_t p = d; p < 2; ++p) {
            for (int deals_plans = 0; deals_plans < 2; ++deals_plans) {
                struct shelf all = {0};
                for (size_t k = n_parts[p]; k-- > 0;) { /* the last part first */
                    struct shelf own = {.keeps = true};
                    struct scenario_result none[N_PLANS];
                    run(&fixture, draws[d], &own,
                        (struct simulation_part){
                            .index = k, .n_parts = n_parts[p], .whole_plans = deals_plans != 0},
                        none);
                    for (size_t i = 0; i < own.n; ++i) {
                        shelf_keep(&all, &own.keys[i], &own.bytes[i]);
                    }
                    simulation_clear(none, N_PLANS);
                    shelf_clear(&own);
                }
                size_t n = all.n;
                run(&fixture, draws[d], &all, whole, merged);
                assert_same(plain, merged);
                assert_int_equal(all.n, n);
                assert_true(all.n_found >= (deals_plans != 0 ? 1 : 3) * count_plans(draws[d]));
                simulation_clear(merged, N_PLANS);
                shelf_clear(&all);
            }
        }
        simulation_clear(plain, N_PLANS);
        fixture_clear(&fixture);
    }
}

static void bytes_of_a_wrong_length_are_computed_anew(void **state)
{
    (void)state;
    static const size_t cuts[] = {1, 7, 8, 300, 100000, SIZE_MAX};
    for (size_t d = 0; d < 2; ++d) {
        struct fixture fixture;
        struct shelf shelf = {.keeps = true, .units_only = true};
        struct scenario_result plain[N_PLANS], kept[N_PLANS], found[N_PLANS];
        load(&fixture, draws[d]);
        run(&fixture, draws[d], NULL, whole, plain);
        run(&fixture, draws[d], &shelf, whole, kept);
        shelf.keeps = false;
        for (size_t c = 5 * d; c < sizeof cuts / sizeof cuts[0]; ++c) {
            shelf.n_cut = cuts[c];
            shelf.n_found = 0;
            run(&fixture, draws[d], &shelf, whole, found);
            assert_same(plain, found);
            assert_true(shelf.n_found >= 3 * count_plans(draws[d]));
            simulation_clear(found, N_PLANS);
        }
        simulation_clear(plain, N_PLANS);
        simulation_clear(kept, N_PLANS);
        shelf_clear(&shelf);
        fixture_clear(&fixture);
    }
}

static void every_cut_of_a_result_is_refused(void **state)
{
    (void)state;
    struct fixture fixture;
    struct scenario_result results[N_PLANS];
    load(&fixture, 512);
    run(&fixture, 512, NULL, whole, results);
    struct bytes bytes;
    bytes_init(&bytes);
    contribution_write_result(&bytes, &results[0]);
    size_t n = bytes.n;
    struct scenario_result read = results[0];
    for (bytes.n = 0; bytes.n < n; ++bytes.n) {
        assert_false(contribution_read_result(&bytes, &read));
    }
    assert_true(contribution_read_result(&bytes, &read));
    assert_memory_equal(read.statistics, results[0].statistics,
                        read.plan->n_results * sizeof *read.statistics);
    free(read.statistics);
    bytes_put_u8(&bytes, 0);
    assert_false(contribution_read_result(&bytes, &read));
    bytes_clear(&bytes);
    simulation_clear(results, N_PLANS);
    fixture_clear(&fixture);
}

static void a_failed_plan_keeps_its_reason(void **state)
{
    (void)state;
    struct fixture fixture;
    struct bytes bytes;
    load(&fixture, 512);
    struct scenario_result failed = {.plan = fixture.plans[0], .status = STATUS_NUMERIC};
    struct scenario_result read = {.plan = fixture.plans[0]};
    (void)error_set(&failed.error, STATUS_NUMERIC, "draw 7 is infinite");
    bytes_init(&bytes);
    contribution_write_result(&bytes, &failed);
    assert_true(contribution_read_result(&bytes, &read));
    assert_int_equal(read.status, STATUS_NUMERIC);
    assert_string_equal(read.error.message, "draw 7 is infinite");
    assert_null(read.statistics);
    bytes_clear(&bytes);
    fixture_clear(&fixture);
}

static void numbers_come_back_from_bytes(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0,     1,    127,        128,        16383,
                                       16384, 1234, UINT32_MAX, UINT64_MAX, UINT64_MAX / 3};
    static const double values[] = {0.0, -0.0, 1.5, -1e300, 5e-324, INFINITY, -INFINITY, NAN};
    struct bytes bytes;
    bytes_init(&bytes);
    for (size_t i = 0; i < 10; ++i) {
        bytes_put_count(&bytes, numbers[i]);
        bytes_put_u64(&bytes, numbers[i]);
        bytes_put_u32(&bytes, (uint32_t)numbers[i]);
    }
    bytes_put_doubles(&bytes, values, 8);
    bytes_put_text(&bytes, "");
    bytes_put_text(&bytes, "Preston, \xc2\xa3 5");
    struct bytes_reader reader = bytes_read(bytes.data, bytes.n);
    for (size_t i = 0; i < 10; ++i) {
        assert_true(bytes_take_count(&reader) == numbers[i]);
        assert_true(bytes_take_u64(&reader) == numbers[i]);
        assert_true(bytes_take_u32(&reader) == (uint32_t)numbers[i]);
    }
    double back[8];
    bytes_take_doubles(&reader, back, 8);
    assert_memory_equal(back, values, sizeof back);
    char *empty = bytes_take_text(&reader), *text = bytes_take_text(&reader);
    assert_string_equal(empty, "");
    assert_string_equal(text, "Preston, \xc2\xa3 5");
    assert_true(bytes_ended_well(&reader));
    assert_int_equal(bytes.data[0], 0);
    assert_int_equal(bytes_take_u8(&reader), 0); /* nothing is left */
    assert_false(bytes_ended_well(&reader));
    free(empty);
    free(text);
    bytes_clear(&bytes);
}

int main(void)
{
    (void)gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_back_from_bytes),
        cmocka_unit_test(a_run_from_the_store_is_the_run),
        cmocka_unit_test(parts_fold_to_the_run),
        cmocka_unit_test(bytes_of_a_wrong_length_are_computed_anew),
        cmocka_unit_test(every_cut_of_a_result_is_refused),
        cmocka_unit_test(a_failed_plan_keeps_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
