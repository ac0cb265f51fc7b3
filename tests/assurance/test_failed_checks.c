/* A result that does not add up is found, named and said aloud. */
#include "report/report.h"
#include "support/assert_close.h"
#include "support/fixture.h"

static const char *const models[] = {PROJECT_DIR "/tests/invalid/base/models"};
static const char *const scenarios[] = {PROJECT_DIR "/tests/invalid/base/scenarios/valid.cfg"};

static void run_valid(struct fixture *fixture)
{
    fixture_load(fixture, models, 1, scenarios, 1, NULL);
    fixture_plan(fixture, MEASURE_SET_FULL);
    fixture_run(fixture, 1, 512, 1);
}

static const struct assurance_check *find_check(const struct assurance *assurance, const char *id)
{
    for (size_t i = 0; i < assurance->results[0].n_checks; ++i) {
        if (strcmp(assurance->results[0].checks[i].id, id) == 0) {
            return &assurance->results[0].checks[i];
        }
    }
    fail_msg("no check %s", id);
    return NULL;
}

static size_t column_of(const struct fixture *fixture, enum measure measure, const char *who,
                        size_t year, size_t item)
{
    const struct plan *plan = fixture->plans[0];
    size_t column = plan_find_result(plan, measure, plan_find_who(plan, who), year, item);
    assert_true(column != SIZE_MAX);
    return column;
}

static void results_that_add_up_pass(void **state)
{
    struct fixture fixture;
    struct assurance assurance;
    (void)state;
    run_valid(&fixture);
    assurance_make(&assurance, fixture.library, fixture.results, 1, NULL, 0);
    assert_int_equal(assurance.n_failed, 0);
    assert_true(assurance.n_checks >= 8);
    assurance_clear(&assurance);
    fixture_clear(&fixture);
}

/* A pound too much in one figure breaks the checks it takes part in, and no other. */
static void a_pound_too_much_is_found(void **state)
{
    static const struct {
        enum measure measure;
        const char *who;
        size_t year, item;
        const char *checks[5];
    } cases[] = {
        {MEASURE_NET, "total", 0, 0, {"sectors_add", "last_year_is_total", "net_is_its_kinds"}},
        {MEASURE_PV_NON_CASHABLE,
         "hospital",
         0,
         0,
         {"sectors_add", "years_add", "net_is_its_kinds"}},
        {MEASURE_FLOW_YEAR, "hospital", 1, FLOW_CASHABLE, {"years_add", "cash_is_nominal"}},
        {MEASURE_NET_CASH,
         "council",
         0,
         0,
         {"sectors_add", "cash_is_nominal", "last_year_is_total"}},
        {MEASURE_NET_AT, "society", 4, 0, {"sectors_add", "last_year_is_total"}}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct fixture fixture;
        struct assurance assurance;
        size_t n = 0;
        run_valid(&fixture);
        fixture.results[0]
            .statistics[column_of(&fixture, cases[i].measure, cases[i].who, cases[i].year,
                                  cases[i].item)]
            .mean += 1.0;
        assurance_make(&assurance, fixture.library, fixture.results, 1, NULL, 0);
        for (; n < 5 && cases[i].checks[n] != NULL; ++n) {
            const struct assurance_check *check = find_check(&assurance, cases[i].checks[n]);
            if (check->outcome != CHECK_FAIL || !(check->size > check->tolerance)) {
                fail_msg("%s of %s: %s did not fail", measure_name(cases[i].measure), cases[i].who,
                         check->id);
            }
        }
        assert_int_equal(assurance.n_failed, n);
        assurance_clear(&assurance);
        fixture_clear(&fixture);
    }
}

static void a_draw_that_is_no_number_is_found(void **state)
{
    struct fixture fixture;
    struct assurance assurance;
    (void)state;
    run_valid(&fixture);
    fixture.results[0].statistics[column_of(&fixture, MEASURE_NET, "hospital", 0, 0)].n_finite -= 3;
    assurance_make(&assurance, fixture.library, fixture.results, 1, NULL, 0);
    assert_int_equal(find_check(&assurance, "draws_finite")->outcome, CHECK_FAIL);
    assert_close(find_check(&assurance, "draws_finite")->size, 3.0, 0.0);
    assurance_clear(&assurance);
    fixture_clear(&fixture);
}

static void failures_are_said_aloud(void **state)
{
    struct fixture fixture;
    struct assurance assurance;
    struct text words;
    (void)state;
    run_valid(&fixture);
    fixture.results[0].statistics[column_of(&fixture, MEASURE_NET, "total", 0, 0)].mean += 1.0;
    assurance_make(&assurance, fixture.library, fixture.results, 1, NULL, 0);
    const struct report_run run = {.library = fixture.library,
                                   .results = fixture.results,
                                   .n_results = 1,
                                   .program_version = "test",
                                   .diagnostics = &fixture.diagnostics,
                                   .assurance = &assurance};
    text_init(&words);
    report_warnings(&words, &run);
    assert_non_null(strstr(words.bytes, "valid: CHECK FAILED, sectors_add"));
    assert_non_null(strstr(words.bytes, "do not use these figures"));
    report_assurance(&words, &run, 400);
    assert_non_null(strstr(words.bytes, "checks of the arithmetic FAILED"));
    text_clear(&words);
    assurance_clear(&assurance);
    fixture_clear(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(results_that_add_up_pass),
                                       cmocka_unit_test(a_pound_too_much_is_found),
                                       cmocka_unit_test(a_draw_that_is_no_number_is_found),
                                       cmocka_unit_test(failures_are_said_aloud)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
