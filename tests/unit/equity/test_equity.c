/* Inequality measures against closed forms, slow oracles in extended precision, and the properties
 * that define them. */
#include "equity/equity.h"
#include "support/assert_close.h"
#include "support/random_model.h"

#include <gsl/gsl_fit.h>

#include <float.h>

enum { MOST = 12, ROUNDS = 5000 };

static const double ones[MOST] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

struct groups {
    size_t n;
    double people[MOST], x[MOST];
};

/* People over four orders of magnitude, x from low to high. */
static struct groups random_groups(struct dice *dice, size_t fewest, double low, double high)
{
    struct groups groups = {.n = fewest + dice_below(dice, MOST + 1 - fewest)};
    for (size_t i = 0; i < groups.n; ++i) {
        groups.people[i] = exp(dice_between(dice, 0.0, 9.0));
        groups.x[i] = dice_between(dice, low, high);
    }
    return groups;
}

/* ---- mean, slope and relative index ---- */

static void mean_is_weighted_and_exact_for_equal_values(void **state)
{
    (void)state;
    const double people[] = {1.0, 3.0}, x[] = {10.0, 20.0};
    assert_close(equity_mean(2, people, x), 17.5, 1e-15);
    struct dice dice = {1};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct groups g = random_groups(&dice, 1, 0.1, 100.0);
        for (size_t i = 1; i < g.n; ++i) {
            g.x[i] = g.x[0];
        }
        assert_true(equity_mean(g.n, g.people, g.x) == g.x[0]);
    }
    assert_true(isnan(equity_mean(0, NULL, NULL)));
}

/* Equal quintiles have ranks .1, .3, .5, .7, .9: 5 more a step of .2 is 25 from bottom to top. */
static void slope_of_a_straight_line_is_its_slope(void **state)
{
    (void)state;
    const double x[] = {60.0, 65.0, 70.0, 75.0, 80.0};
    assert_close(equity_slope_index(5, ones, x), 25.0, 1e-14);
    assert_close(equity_relative_index(5, ones, x), 25.0 / 70.0, 1e-14);
    /* Of two groups, ranks differ by one half whatever their sizes: .125 and .625 here. */
    const double people[] = {1.0, 3.0}, two[] = {10.0, 20.0};
    assert_close(equity_slope_index(2, people, two), 20.0, 1e-14);
}

static void slope_agrees_with_weighted_least_squares(void **state)
{
    (void)state;
    struct dice dice = {2};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct groups g = random_groups(&dice, 2, -50.0, 100.0);
        double rank[MOST], below = 0.0, total = 0.0;
        for (size_t i = 0; i < g.n; ++i) {
            total += g.people[i];
        }
        for (size_t i = 0; i < g.n; ++i) {
            rank[i] = (below + g.people[i] / 2.0) / total;
            below += g.people[i];
        }
        double intercept = 0.0, slope = 0.0, c00 = 0.0, c01 = 0.0, c11 = 0.0, chisq = 0.0;
        gsl_fit_wlinear(rank, 1, g.people, 1, g.x, 1, g.n, &intercept, &slope, &c00, &c01, &c11,
                        &chisq);
        /* A slope near 0 is a difference of larger numbers: compared on the scale of x. */
        assert_true(fabs(equity_slope_index(g.n, g.people, g.x) - slope) <
                    1e-11 * (100.0 + fabs(slope)));
    }
}

static void slope_is_blank_where_it_means_nothing(void **state)
{
    (void)state;
    const double below_zero[] = {-3.0, -2.0, -1.0}, zero[] = {-1.0, 0.0, 1.0};
    assert_true(isnan(equity_slope_index(1, ones, ones)));
    assert_true(isnan(equity_slope_index(0, NULL, NULL)));
    assert_close(equity_slope_index(3, ones, below_zero), 3.0, 1e-14);
    assert_true(isnan(equity_relative_index(3, ones, below_zero)));
    assert_true(isnan(equity_relative_index(3, ones, zero)));
    assert_true(equity_slope_index(4, ones, ones) == 0.0);
}

/* ---- Atkinson ---- */

/* log(x) - log(anchor), expm1 and log1p in extended precision, around the largest power. */
static double slow_atkinson(const struct groups *g, double aversion)
{
    long double total = 0.0L, anchor = 0.0L, mean_log = 0.0L, mean = 0.0L;
    long double power = 1.0L - (long double)aversion;
    for (size_t i = 0; i < g->n; ++i) {
        long double log_x = logl((long double)g->x[i]);
        total += (long double)g->people[i];
        anchor = i == 0 || power * log_x > power * anchor ? log_x : anchor;
    }
    for (size_t i = 0; i < g->n; ++i) {
        long double share = (long double)g->people[i] / total;
        long double above = logl((long double)g->x[i]) - anchor;
        mean_log += share * above;
        mean += share * expm1l(power * above);
    }
    return (double)expl(anchor + (aversion == 1.0 ? mean_log : log1pl(mean) / power));
}

static void atkinson_of_worked_cases(void **state)
{
    (void)state;
    const double x[] = {20.0, 40.0, 60.0}, five[] = {60.0, 65.0, 70.0, 75.0, 80.0};
    assert_true(equity_atkinson_ede(3, ones, x, 0.0) == 40.0);
    /* geometric and harmonic mean */
    assert_close(equity_atkinson_ede(3, ones, x, 1.0), cbrt(48000.0), 1e-14);
    assert_close(equity_atkinson_ede(3, ones, x, 2.0), 360.0 / 11.0, 1e-14);
    assert_close(equity_atkinson_ede(3, ones, x, 0.5),
                 pow((sqrt(20.0) + sqrt(40.0) + sqrt(60.0)) / 3.0, 2.0), 1e-14);
    /* as printed, to their last digit */
    assert_true(fabs(equity_atkinson_ede(3, ones, x, 1.0) - 36.3424) < 5e-5);
    assert_true(fabs(equity_atkinson_ede(3, ones, x, 5.0) - 25.8508) < 5e-5);
    assert_true(fabs(equity_atkinson_ede(3, ones, x, 10.0) - 22.5916) < 5e-5);
    assert_true(fabs(equity_atkinson_ede(5, ones, five, 1.0) - 69.640644) < 5e-7);
    assert_close(equity_atkinson_ede(3, ones, x, 5.0),
                 pow((pow(20.0, -4.0) + pow(40.0, -4.0) + pow(60.0, -4.0)) / 3.0, -0.25), 1e-13);
    assert_close(equity_atkinson_ede(3, ones, x, 10.0),
                 pow((pow(20.0, -9.0) + pow(40.0, -9.0) + pow(60.0, -9.0)) / 3.0, -1.0 / 9.0),
                 1e-13);
}

/* n equal groups, one of which is far below: EDE = smallest x n^(1 / (e - 1)). */
static void atkinson_neither_overflows_nor_vanishes(void **state)
{
    (void)state;
    const double x[] = {1e-300, 1e300, 1e300}, large[] = {1e300, 2e300, 3e300},
                 small[] = {1e-300, 2e-300, 3e-300};
    assert_close(equity_atkinson_ede(3, ones, x, 200.0), 1e-300 * pow(3.0, 1.0 / 199.0), 1e-12);
    assert_close(equity_atkinson_ede(3, ones, x, 2.0), 3e-300, 1e-12);
    assert_close(equity_atkinson_ede(3, ones, x, 1.0), 1e100, 1e-12);
    assert_close(equity_atkinson_ede(3, ones, x, 0.5), 4.0 / 9.0 * 1e300, 1e-12);
    assert_close(equity_atkinson_ede(3, ones, large, 2.0), 18.0 / 11.0 * 1e300, 1e-12);
    assert_close(equity_atkinson_ede(3, ones, small, 2.0), 18.0 / 11.0 * 1e-300, 1e-12);
    assert_close(equity_atkinson_ede(3, ones, small, 200.0), 1e-300 * pow(3.0, 1.0 / 199.0), 1e-12);
    assert_close(equity_atkinson_ede(3, ones, x, 1e300), 1e-300, 1e-12);
    assert_true(equity_atkinson_ede(3, ones, x, (double)INFINITY) == 1e-300);
    /* The ratio to the largest, near 1e-594, is beyond a double, the EDE is not. */
    const double people[] = {0.99, 0.01}, two[] = {1e-300, 1e300};
    assert_close(equity_atkinson_ede(2, people, two, 1.0 - 1e-9),
                 slow_atkinson(&(struct groups){2, {0.99, 0.01}, {1e-300, 1e300}}, 1.0 - 1e-9),
                 1e-12);
}

static void atkinson_refuses_what_it_cannot_weigh(void **state)
{
    (void)state;
    const double with_zero[] = {0.0, 1.0}, with_negative[] = {-1.0, 2.0};
    assert_true(isnan(equity_atkinson_ede(2, ones, with_zero, 0.5)));
    assert_true(isnan(equity_atkinson_ede(2, ones, with_negative, 1.0)));
    assert_true(equity_atkinson_ede(2, ones, with_negative, 0.0) == 0.5);
    assert_true(isnan(equity_atkinson_ede(2, ones, ones, -1.0)));
    assert_true(isnan(equity_atkinson_ede(2, ones, ones, (double)NAN)));
    assert_true(isnan(equity_atkinson_ede(0, NULL, NULL, 1.0)));
}

/* Aversions of every size, and 1 approached from both sides. */
static double random_aversion(struct dice *dice)
{
    switch (dice_below(dice, 5)) {
    case 0:
        return dice_between(dice, 0.0, 2.0);
    case 1:
        return dice_between(dice, 2.0, 20.0);
    case 2:
        return dice_between(dice, 20.0, 500.0);
    case 3:
        return 1.0;
    default:
        return 1.0 + (dice_chance(dice, 0.5) ? 1.0 : -1.0) *
                         exp(dice_between(dice, log(DBL_EPSILON), 0.0));
    }
}

static void atkinson_agrees_with_extended_precision(void **state)
{
    (void)state;
    struct dice dice = {3};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct groups g = random_groups(&dice, 1, 0.1, 100.0);
        double aversion = random_aversion(&dice);
        assert_close(equity_atkinson_ede(g.n, g.people, g.x, aversion), slow_atkinson(&g, aversion),
                     1e-13);
        for (size_t i = 0; i < g.n; ++i) {
            g.x[i] = exp(dice_between(&dice, -690.0, 690.0));
        }
        /* A log of 690 has an error of 1e-13, and so has the EDE. */
        assert_close(equity_atkinson_ede(g.n, g.people, g.x, aversion), slow_atkinson(&g, aversion),
                     2e-12);
    }
}

static void atkinson_has_its_defining_properties(void **state)
{
    (void)state;
    struct dice dice = {4};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct groups g = random_groups(&dice, 2, 1.0, 100.0);
        double e = random_aversion(&dice), more = e + dice_between(&dice, 0.01, 3.0);
        double ede = equity_atkinson_ede(g.n, g.people, g.x, e);
        double mean = equity_mean(g.n, g.people, g.x), least = g.x[0];
        struct groups times = g, twice = g;
        for (size_t i = 0; i < g.n; ++i) {
            least = fmin(least, g.x[i]);
            times.x[i] *= 7.0;
            twice.people[i] *= 2.0;
        }
        assert_true(ede <= mean * (1.0 + 1e-14) && ede >= least * (1.0 - 1e-14));
        assert_true(equity_atkinson_ede(g.n, g.people, g.x, more) <= ede * (1.0 + 1e-14));
        assert_close(equity_atkinson_ede(g.n, g.people, times.x, e), 7.0 * ede, 1e-13);
        assert_close(equity_atkinson_ede(g.n, twice.people, g.x, e), ede, 1e-13);
        /* The same people in finer groups. */
        if (g.n < MOST) {
            twice = g;
            twice.people[0] = 0.3 * g.people[0];
            twice.people[g.n] = 0.7 * g.people[0];
            twice.x[g.n] = g.x[0];
            assert_close(equity_atkinson_ede(g.n + 1, twice.people, twice.x, e), ede, 1e-13);
        }
    }
}

/* ---- Kolm ---- */

/* Two equal groups at m - d and m + d: EDE = m - log(cosh(a d)) / a. */
static void kolm_of_two_groups_is_a_hyperbolic_cosine(void **state)
{
    (void)state;
    const double x[] = {60.0, 80.0};
    const double aversions[] = {0.001, 0.01, 0.1, 0.5, 1.0, 5.0};
    for (size_t i = 0; i < sizeof aversions / sizeof aversions[0]; ++i) {
        double a = aversions[i];
        assert_close(equity_kolm_ede(2, ones, x, a), 70.0 - log(cosh(10.0 * a)) / a, 1e-14);
    }
    assert_true(equity_kolm_ede(2, ones, x, 0.0) == 70.0);
    /* Towards 0: the mean less a variance / 2, and the next term is below a double. */
    assert_close(equity_kolm_ede(2, ones, x, 1e-9), 70.0 - 1e-9 * 100.0 / 2.0, 1e-15);
    const double people[] = {1.0, 2.0}; /* and below it, where a itself has no digits left */
    assert_close(equity_kolm_ede(2, people, x, 5e-324), 220.0 / 3.0, 1e-15);
    /* Towards infinity: the smallest, with its share taking log(2) / a off. */
    assert_close(equity_kolm_ede(2, ones, x, 1e6), 60.0 + log(2.0) / 1e6, 1e-15);
    assert_true(equity_kolm_ede(2, ones, x, (double)INFINITY) == 60.0);
    assert_true(isnan(equity_kolm_ede(2, ones, x, -1.0)));
    assert_true(isnan(equity_kolm_ede(0, NULL, NULL, 1.0)));
}

/* A few poor people among many: the mean of the powers is far below 1. */
static void kolm_keeps_small_groups(void **state)
{
    (void)state;
    const double people[] = {1e-12, 1.0}, x[] = {0.0, 1000.0};
    assert_close(equity_kolm_ede(2, people, x, 1.0), -log(1e-12 / (1.0 + 1e-12)), 1e-14);
    const double wide[] = {1e-300, 1e300};
    assert_close(equity_kolm_ede(2, ones, wide, 1.0), log(2.0), 1e-14);
    assert_close(equity_kolm_ede(2, ones, wide, 1e-300), 1e300 * -log((1.0 + exp(-1.0)) / 2.0),
                 1e-14);
}

static double slow_kolm(const struct groups *g, double aversion)
{
    long double total = 0.0L, least = (long double)g->x[0], mean = 0.0L;
    for (size_t i = 0; i < g->n; ++i) {
        total += (long double)g->people[i];
        least = fminl(least, (long double)g->x[i]);
    }
    for (size_t i = 0; i < g->n; ++i) {
        mean += (long double)g->people[i] / total *
                expl(-(long double)aversion * ((long double)g->x[i] - least));
    }
    return (double)(least - logl(mean) / (long double)aversion);
}

static void kolm_is_absolute_and_agrees_with_extended_precision(void **state)
{
    (void)state;
    struct dice dice = {5};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct groups g = random_groups(&dice, 1, -50.0, 100.0), more = g;
        double a = exp(dice_between(&dice, -7.0, 4.0)), add = dice_between(&dice, -30.0, 30.0);
        for (size_t i = 0; i < g.n; ++i) {
            more.x[i] += add;
        }
        /* Differences of numbers up to 100, so the error is absolute. */
        double ede = equity_kolm_ede(g.n, g.people, g.x, a);
        assert_true(fabs(ede - slow_kolm(&g, a)) < 1e-12);
        assert_true(fabs(equity_kolm_ede(g.n, g.people, more.x, a) - ede - add) < 1e-12);
        assert_true(equity_kolm_ede(g.n, g.people, g.x, 2.0 * a) <= ede + 1e-12);
        assert_true(ede <= equity_mean(g.n, g.people, g.x) + 1e-12);
    }
}

/* ---- weights and burdens ---- */

static void green_book_weights_as_published(void **state)
{
    (void)state;
    assert_true(fabs(equity_green_book_weight(15000.0, 35000.0, 1.3) - 3.01) < 5e-3);
    assert_true(fabs(equity_green_book_weight(25000.0, 35000.0, 1.3) - 1.55) < 5e-3);
    assert_true(fabs(equity_green_book_weight(50000.0, 35000.0, 1.3) - 0.63) < 5e-3);
    assert_close(equity_green_book_weight(15000.0, 35000.0, 1.3), pow(35.0 / 15.0, 1.3), 1e-14);
    assert_true(equity_green_book_weight(35000.0, 35000.0, 1.3) == 1.0);
    assert_true(isnan(equity_green_book_weight(0.0, 35000.0, 1.3)));
    assert_true(isnan(equity_green_book_weight(35000.0, -1.0, 1.3)));
}

static void burdens_follow_the_stated_gradient(void **state)
{
    (void)state;
    double burden[MOST];
    equity_burden(5, ones, 3.0, burden); /* 3, 2.5, 2, 1.5, 1 a person */
    const double expected[] = {0.3, 0.25, 0.2, 0.15, 0.1};
    for (size_t i = 0; i < 5; ++i) {
        assert_close(burden[i], expected[i], 1e-15);
    }
    /* Ranks .1, .35, .75: 5/13 of the way from first to last. */
    const double people[] = {2.0, 3.0, 5.0};
    equity_burden(3, people, 2.0, burden);
    assert_close(burden[1] / burden[2] * 5.0 / 3.0, 2.0 - 5.0 / 13.0, 1e-14);
    equity_burden(1, people, 2.0, burden);
    assert_true(burden[0] == 1.0);
    equity_burden(0, NULL, 2.0, NULL);
}

static void burdens_sum_to_one(void **state)
{
    (void)state;
    struct dice dice = {6};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct groups g = random_groups(&dice, 2, 0.0, 1.0);
        double ratio = dice_between(&dice, 0.0, 5.0), burden[MOST], total = 0.0, people = 0.0;
        equity_burden(g.n, g.people, ratio, burden);
        for (size_t i = 0; i < g.n; ++i) {
            total += burden[i];
            people += g.people[i];
        }
        assert_close(total, 1.0, 1e-14);
        assert_close(burden[0] / g.people[0], ratio * burden[g.n - 1] / g.people[g.n - 1], 1e-12);
        equity_burden(g.n, g.people, 1.0, burden);
        for (size_t i = 0; i < g.n; ++i) {
            assert_close(burden[i], g.people[i] / people, 1e-13);
        }
    }
}

/* £400,000 at £20,000 a QALY forgoes 20 QALYs. */
static void net_health_benefit_takes_off_what_is_forgone(void **state)
{
    (void)state;
    const double qalys[] = {10.0, 8.0, 6.0, 4.0, 2.0}, burden[] = {0.3, 0.25, 0.2, 0.15, 0.1};
    const double expected[] = {4.0, 3.0, 2.0, 1.0, 0.0};
    double net[5];
    equity_net_health_benefit(5, qalys, 400000.0, 20000.0, burden, net);
    for (size_t i = 0; i < 5; ++i) {
        assert_close(net[i], expected[i], 1e-15);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_is_weighted_and_exact_for_equal_values),
        cmocka_unit_test(slope_of_a_straight_line_is_its_slope),
        cmocka_unit_test(slope_agrees_with_weighted_least_squares),
        cmocka_unit_test(slope_is_blank_where_it_means_nothing),
        cmocka_unit_test(atkinson_of_worked_cases),
        cmocka_unit_test(atkinson_neither_overflows_nor_vanishes),
        cmocka_unit_test(atkinson_refuses_what_it_cannot_weigh),
        cmocka_unit_test(atkinson_agrees_with_extended_precision),
        cmocka_unit_test(atkinson_has_its_defining_properties),
        cmocka_unit_test(kolm_of_two_groups_is_a_hyperbolic_cosine),
        cmocka_unit_test(kolm_keeps_small_groups),
        cmocka_unit_test(kolm_is_absolute_and_agrees_with_extended_precision),
        cmocka_unit_test(green_book_weights_as_published),
        cmocka_unit_test(burdens_follow_the_stated_gradient),
        cmocka_unit_test(burdens_sum_to_one),
        cmocka_unit_test(net_health_benefit_takes_off_what_is_forgone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
