/* Dominance, frontier and ratios against published tables and a slow oracle. */
#include "appraise/incremental.h"
#include "support/assert_close.h"

#include <math.h>
#include <stdlib.h>

/* Six strategies of the VA Health Economics Resource Center's guide to cost-effectiveness. */
static void six_strategies_of_the_va_guide(void **state)
{
    (void)state;

    enum { E, D, C, B, A, UC, N };

    const double costs[N] = {55000, 35000, 25000, 10000, 12000, 5000};
    const double effects[N] = {5, 4, 3, 2, 1.5, 1};
    struct incremental rows[N];
    incremental_analyse(N, costs, effects, rows);
    assert_int_equal(rows[UC].rank, 0);
    assert_true(isnan(rows[UC].icer));
    assert_int_equal(rows[B].against, UC);
    assert_close(rows[B].icer, 5000.0, 1e-12);
    assert_close(rows[D].icer, 12500.0, 1e-12);
    assert_close(rows[E].icer, 20000.0, 1e-12);
    assert_int_equal(rows[C].dominance, EXTENDEDLY_DOMINATED);
    assert_int_equal(rows[A].dominance, DOMINATED);
    assert_true(isnan(rows[C].icer) && isnan(rows[A].icer));
}

/* The cheapest is also the best: no ratio, and no crash (dampack issue 37). */
static void the_cheapest_may_be_the_best(void **state)
{
    (void)state;
    const double costs[] = {163771.0, 164848.7, 163765.1}, effects[] = {6.48273, 6.52861, 6.52861};
    struct incremental rows[3];
    incremental_analyse(3, costs, effects, rows);
    assert_int_equal(rows[2].rank, 0);
    assert_int_equal(rows[2].dominance, NOT_DOMINATED);
    assert_int_equal(rows[0].dominance, DOMINATED);
    assert_int_equal(rows[1].dominance, DOMINATED);
}

static void one_strategy_stands_alone(void **state)
{
    (void)state;
    const double cost = 1.0, effect = 2.0;
    struct incremental row;
    incremental_analyse(1, &cost, &effect, &row);
    assert_int_equal(row.rank, 0);
    assert_true(isnan(row.icer));
    incremental_analyse(0, NULL, NULL, NULL);
}

/* Means of a C. difficile model, as dampack's vignette prints them. */
static void eleven_strategies_of_a_published_model(void **state)
{
    (void)state;

    const struct {
        double cost, effect, icer;
        enum dominance dominance;
    } published[] = {{57336.0059896538, 12.9399639202408, NAN, NOT_DOMINATED},
                     {57541.2526373815, 13.0140640696275, 2769.85470915263, NOT_DOMINATED},
                     {57642.2587507842, 13.0389116321918, 4065.03105249231, NOT_DOMINATED},
                     {57934.0743411241, 13.0966257932217, 5056.2216470406, NOT_DOMINATED},
                     {58072.1137208494, 13.11285766912, 8504.2160616553, NOT_DOMINATED},
                     {58665.7823044647, 13.1283328397025, 38362.6519947134, NOT_DOMINATED},
                     {57814.6470919581, 13.0462790163185, NAN, EXTENDEDLY_DOMINATED},
                     {57887.481549326, 12.9970657153765, NAN, DOMINATED},
                     {58018.6252420203, 13.0650412387992, NAN, DOMINATED},
                     {58081.7947984323, 13.1029711156978, NAN, DOMINATED},
                     {58634.2026441398, 13.1100568867995, NAN, DOMINATED}};

    enum { N = sizeof published / sizeof published[0] };

    double costs[N], effects[N];
    struct incremental rows[N];
    for (size_t i = 0; i < N; ++i) {
        costs[i] = published[i].cost;
        effects[i] = published[i].effect;
    }
    incremental_analyse(N, costs, effects, rows);
    for (size_t i = 0; i < N; ++i) {
        assert_int_equal(rows[i].dominance, published[i].dominance);
        if (isnan(published[i].icer)) {
            assert_true(isnan(rows[i].icer));
        } else {
            assert_close(rows[i].icer, published[i].icer, 1e-9);
            assert_int_equal(rows[i].rank, i);
        }
    }
}

/* On the frontier: for some value of a unit of effect no other option has a larger net benefit. The
 * candidates are the values at which two options are equal, and those between them. */
static int is_best_somewhere(size_t n, const double *costs, const double *effects, size_t option)
{
    for (size_t i = 0; i < n; ++i) {
        for (size_t k = 0; k < n; ++k) {
            double tie = (costs[i] - costs[k]) / (effects[i] - effects[k]);
            const double values[] = {0.0, tie * 0.999999, tie * 1.000001, 1e15};
            for (size_t v = 0; v < 4; ++v) {
                int best = isfinite(values[v]) && values[v] >= 0.0;
                for (size_t other = 0; best && other < n; ++other) {
                    best = effects[other] * values[v] - costs[other] <=
                           effects[option] * values[v] - costs[option];
                }
                if (best) {
                    return 1;
                }
            }
        }
    }
    return 0;
}

static double draw(unsigned long *seed)
{
    *seed = *seed * 6364136223846793005UL + 1442695040888963407UL;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static void random_options_agree_with_net_benefit(void **state)
{
    (void)state;
    unsigned long seed = 7;
    for (size_t round = 0; round < 300; ++round) {
        enum { MOST = 14 };

        double costs[MOST], effects[MOST];
        struct incremental rows[MOST];
        size_t n = 2 + (size_t)(draw(&seed) * (MOST - 2));
        for (size_t i = 0; i < n; ++i) {
            costs[i] = 1000.0 * draw(&seed);
            effects[i] = draw(&seed);
        }
        incremental_analyse(n, costs, effects, rows);
        double last = 0.0;
        for (size_t rank = 0; rank < n; ++rank) {
            for (size_t i = 0; i < n; ++i) {
                if (rows[i].rank == rank && rank > 0) {
                    assert_true(rows[i].icer > last);
                    last = rows[i].icer;
                }
            }
        }
        for (size_t i = 0; i < n; ++i) {
            assert_int_equal(rows[i].dominance == NOT_DOMINATED,
                             is_best_somewhere(n, costs, effects, i));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(six_strategies_of_the_va_guide),
                                       cmocka_unit_test(the_cheapest_may_be_the_best),
                                       cmocka_unit_test(one_strategy_stands_alone),
                                       cmocka_unit_test(eleven_strategies_of_a_published_model),
                                       cmocka_unit_test(random_options_agree_with_net_benefit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
