/* Closed forms of the rate of return and of payback. */
#include "appraise/appraise.h"
#include "support/assert_close.h"

static void one_payment_and_one_return_give_the_plain_rate(void **state)
{
    (void)state;
    const double flows[] = {-100.0, 0.0, 121.0};
    assert_close(appraisal_irr(3, flows, 1), 0.1, 1e-13);
}

static void an_annuity_gives_its_rate(void **state)
{
    (void)state;
    double flows[21] = {-3000.0};
    for (int year = 1; year <= 20; ++year) {
        flows[year] = 500.0;
    }
    /* method.md: cost 3,000 in year 0, 500 a year in years 1 to 20: 15.7766 % */
    double irr = appraisal_irr(21, flows, 1);
    assert_true(fabs(irr - 0.157766) < 5e-7);
    double value = 0.0;
    for (int year = 0; year <= 20; ++year) {
        value += flows[year] / pow(1.0 + irr, year);
    }
    assert_true(fabs(value) < 1e-9);
}

static void a_negative_rate_is_found(void **state)
{
    (void)state;
    const double flows[] = {-100.0, 50.0};
    assert_close(appraisal_irr(2, flows, 1), -0.5, 1e-13);
}

static void a_rate_that_is_not_unique_is_blank(void **state)
{
    (void)state;
    const double two_changes[] = {-100.0, 230.0, -132.0}; /* 10 % and 20 % */
    const double never[] = {-1.0, -1.0}, always[] = {1.0, 1.0}, nothing[] = {0.0, 0.0};
    assert_true(isnan(appraisal_irr(3, two_changes, 1)));
    assert_true(isnan(appraisal_irr(2, never, 1)));
    assert_true(isnan(appraisal_irr(2, always, 1)));
    assert_true(isnan(appraisal_irr(2, nothing, 1)));
}

static void payback_is_the_year_from_which_the_sum_stays_positive(void **state)
{
    (void)state;
    const double partnership[] = {-56976.0, -20928.0, 118608.0, 223260.0, 301749.0};
    const double back_again[] = {-5.0, 1.0, -1.0, 2.0};
    const double never[] = {-5.0, -1.0}, at_once[] = {0.0, 1.0};
    assert_true(appraisal_payback(5, partnership, 1) == 2.0);
    assert_true(appraisal_payback(4, back_again, 1) == 3.0);
    assert_true(isinf(appraisal_payback(2, never, 1)));
    assert_true(appraisal_payback(2, at_once, 1) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_payment_and_one_return_give_the_plain_rate),
        cmocka_unit_test(an_annuity_gives_its_rate),
        cmocka_unit_test(a_negative_rate_is_found),
        cmocka_unit_test(a_rate_that_is_not_unique_is_blank),
        cmocka_unit_test(payback_is_the_year_from_which_the_sum_stays_positive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
