/* Rules of sharing against the worked case of compensation, their definitions and slow oracles. */
#include "portfolio/deal.h"
#include "support/assert_close.h"
#include "support/random_model.h"

enum { MOST = 10, ROUNDS = 5000 };

/* ---- the worked case: council, NHS, police, housing ---- */

static const double case_net[] = {-140e3, 210e3, 40e3, 30e3};
static const double case_invest[] = {200e3, 50e3, 0.0, 0.0};
static const double case_save[] = {60e3, 260e3, 40e3, 30e3};
static const double case_budget[] = {400e3, 900e3, 500e3, 200e3};
static const struct deal_position worked_case = {4, case_net, case_invest, case_save, case_budget};

static void all_rules_of_the_worked_case(void **state)
{
    (void)state;

    /* Fractions by hand. Total 140; gross savings 390; investment 250; budgets 2,000; gains 280,
     * losses 140: gainers keep half. Shapley: (-140 + 210) / 2 + (40 + 30) / 3; a third of each. */
    const double expected[N_DEAL_RULES][4] = {
        [DEAL_EQUAL] = {35e3, 35e3, 35e3, 35e3},
        [DEAL_BY_BUDGET] = {28e3, 63e3, 35e3, 14e3},
        [DEAL_BY_SAVING] = {140e3 * 60 / 390, 140e3 * 260 / 390, 140e3 * 40 / 390,
                            140e3 * 30 / 390},
        [DEAL_BY_INVESTMENT] = {112e3, 28e3, 0.0, 0.0},
        [DEAL_LOSERS_FIRST] = {0.0, 105e3, 20e3, 15e3},
        [DEAL_SHAPLEY] = {175e3 / 3, 175e3 / 3, 40e3 / 3, 10e3}};
    for (int rule = 0; rule < N_DEAL_RULES; ++rule) {
        double final[4];
        assert_true(deal_share(&worked_case, (enum deal_rule)rule, final));
        for (size_t i = 0; i < 4; ++i) {
            assert_close(final[i], expected[rule][i], 1e-14);
        }
    }
}

/* To the penny, as the method prints them. */
static void printed_figures_of_the_worked_case(void **state)
{
    (void)state;
    const double saving[] = {21538.46, 93333.33, 14358.97, 10769.23};
    const double shapley[] = {58333.33, 58333.33, 13333.33, 10000.0};
    double final[4];
    assert_true(deal_share(&worked_case, DEAL_BY_SAVING, final));
    for (size_t i = 0; i < 4; ++i) {
        assert_true(fabs(final[i] - saving[i]) < 0.00501);
    }
    assert_true(deal_share(&worked_case, DEAL_SHAPLEY, final));
    for (size_t i = 0; i < 4; ++i) {
        assert_true(fabs(final[i] - shapley[i]) < 0.00501);
    }
}

static void smallest_transfers_of_the_worked_case(void **state)
{
    (void)state;
    const double expected[] = {140e3, -105e3, -20e3, -15e3};
    double transfers[4];
    assert_close(deal_smallest_transfers(&worked_case, transfers), 140e3, 1e-15);
    for (size_t i = 0; i < 4; ++i) {
        assert_close(transfers[i], expected[i], 1e-15);
    }
}

/* ---- verdicts and names ---- */

static enum deal_verdict judge(double a, double b, double tolerance)
{
    const double net[] = {a, b};
    const struct deal_position position = {.n_partners = 2, .net = net};
    return deal_judge(&position, tolerance);
}

static void verdicts(void **state)
{
    (void)state;
    assert_int_equal(deal_judge(&worked_case, 0.005), DEAL_GOOD_WITH_COMPENSATION);
    assert_int_equal(judge(0.0, 0.0, 0.0), DEAL_GOOD_FOR_ALL);
    assert_int_equal(judge(1.0, 2.0, 0.0), DEAL_GOOD_FOR_ALL);
    assert_int_equal(judge(-1.0, 2.0, 0.0), DEAL_GOOD_WITH_COMPENSATION);
    assert_int_equal(judge(-2.0, 2.0, 0.0), DEAL_GOOD_WITH_COMPENSATION);
    assert_int_equal(judge(-2.0, 1.0, 0.0), DEAL_NOT_GOOD_ENOUGH);
    assert_int_equal(judge(-0.004, 1.0, 0.005), DEAL_GOOD_FOR_ALL);
    assert_int_equal(judge(-0.004, -0.004, 0.005), DEAL_GOOD_FOR_ALL);
    assert_int_equal(judge(-2.004, 2.0, 0.005), DEAL_GOOD_WITH_COMPENSATION);
    assert_int_equal(judge(-2.006, 2.0, 0.005), DEAL_NOT_GOOD_ENOUGH);
}

static void names_differ(void **state)
{
    (void)state;
    assert_string_equal(deal_rule_name(DEAL_LOSERS_FIRST), "losers_first");
    assert_string_equal(deal_rule_label(DEAL_EQUAL), "Equal shares");
    assert_string_equal(deal_verdict_name(DEAL_GOOD_FOR_ALL), "good_for_all");
    assert_string_equal(deal_verdict_label(DEAL_NOT_GOOD_ENOUGH), "Not good enough");
    for (int a = 0; a < N_DEAL_RULES; ++a) {
        for (int b = 0; b < a; ++b) {
            assert_string_not_equal(deal_rule_name((enum deal_rule)a),
                                    deal_rule_name((enum deal_rule)b));
            assert_string_not_equal(deal_rule_label((enum deal_rule)a),
                                    deal_rule_label((enum deal_rule)b));
        }
    }
}

/* ---- rules that do not apply, and edges ---- */

static void a_rule_without_a_base_does_not_apply(void **state)
{
    (void)state;
    const double net[] = {-1.0, 3.0}, none[] = {0.0, 0.0}, harmed[] = {5.0, -2.0};
    const double broken[] = {1.0, (double)NAN}, endless[] = {1.0, (double)INFINITY};
    double final[2];
    const struct deal_position nothing = {2, net, none, none, NULL};
    assert_false(deal_share(&nothing, DEAL_BY_BUDGET, final));
    assert_false(deal_share(&nothing, DEAL_BY_SAVING, final));
    assert_false(deal_share(&nothing, DEAL_BY_INVESTMENT, final));
    const struct deal_position negative = {2, net, none, harmed, harmed};
    assert_false(deal_share(&negative, DEAL_BY_BUDGET, final));
    assert_false(deal_share(&negative, DEAL_BY_SAVING, final));
    const struct deal_position not_numbers = {2, net, broken, endless, NULL};
    assert_false(deal_share(&not_numbers, DEAL_BY_INVESTMENT, final));
    assert_false(deal_share(&not_numbers, DEAL_BY_SAVING, final));
}

static void without_investors_shapley_leaves_each_its_own(void **state)
{
    (void)state;
    const double net[] = {-1.0, 3.0, 0.5}, none[] = {0.0, 0.0, 0.0};
    const struct deal_position position = {3, net, none, none, NULL};
    double final[3];
    assert_true(deal_share(&position, DEAL_SHAPLEY, final));
    assert_memory_equal(final, net, sizeof net);
}

/* What is missing stays with the losers in proportion: 30 of losses 40, of which 10 is made good.
 */
static void losers_first_of_a_deal_that_is_not_good_enough(void **state)
{
    (void)state;
    const double net[] = {-10.0, 6.0, -30.0, 4.0};
    const double expected[] = {-7.5, 0.0, -22.5, 0.0}, moved[] = {2.5, -6.0, 7.5, -4.0};
    const struct deal_position position = {.n_partners = 4, .net = net};
    double final[4], transfers[4];
    assert_true(deal_share(&position, DEAL_LOSERS_FIRST, final));
    assert_close(deal_smallest_transfers(&position, transfers), 10.0, 1e-15);
    for (size_t i = 0; i < 4; ++i) {
        assert_close(final[i], expected[i], 1e-15);
        assert_close(transfers[i], moved[i], 1e-15);
    }
}

static void nothing_moves_where_nobody_loses_or_nobody_gains(void **state)
{
    (void)state;
    const double gains[] = {1.0, 0.0}, losses[] = {-1.0, 0.0}, nothing[] = {0.0, 0.0};
    const double *const nets[] = {gains, losses, nothing};
    for (size_t i = 0; i < 3; ++i) {
        const struct deal_position position = {.n_partners = 2, .net = nets[i]};
        double transfers[2] = {9.0, 9.0}, final[2];
        assert_true(deal_smallest_transfers(&position, transfers) == 0.0);
        assert_true(transfers[0] == 0.0 && transfers[1] == 0.0);
        assert_true(deal_share(&position, DEAL_LOSERS_FIRST, final));
        assert_true(final[0] == nets[i][0] && final[1] == 0.0);
    }
}

/* ---- random positions ---- */

struct random_position {
    double net[MOST], invest[MOST], save[MOST], budget[MOST];
    struct deal_position position;
};

/* Some invest nothing, some save nothing, one in five rounds somebody is harmed; nets hold
 * transfers besides, as those between partners do. */
static void random_position(struct dice *dice, struct random_position *random)
{
    size_t n = 1 + dice_below(dice, MOST);
    double investing = dice_between(dice, 0.0, 1.2), size = pow(10.0, dice_between(dice, 0.0, 7.0));
    bool harm = dice_chance(dice, 0.2), charges = dice_chance(dice, 0.3);
    for (size_t i = 0; i < n; ++i) {
        random->invest[i] = dice_chance(dice, investing) ? size * dice_between(dice, 0.0, 2.0) : 0;
        random->save[i] = dice_chance(dice, 0.8) ? size * dice_between(dice, 0.0, 2.0) : 0.0;
        random->save[i] -= harm && dice_chance(dice, 0.3) ? size : 0.0;
        random->budget[i] = dice_chance(dice, 0.9) ? 1e8 * dice_between(dice, 0.0, 1.0) : 0.0;
        random->net[i] = random->save[i] - random->invest[i];
        random->net[i] += charges ? size * dice_between(dice, -0.5, 0.5) : 0.0;
    }
    random->position = (struct deal_position){n, random->net, random->invest, random->save,
                                              dice_chance(dice, 0.9) ? random->budget : NULL};
}

static double sum(size_t n, const double *x)
{
    double total = 0.0;
    for (size_t i = 0; i < n; ++i) {
        total += x[i];
    }
    return total;
}

static double sum_of_sizes(size_t n, const double *x)
{
    double total = 0.0;
    for (size_t i = 0; i < n; ++i) {
        total += fabs(x[i]);
    }
    return total;
}

/* The base of a proportional rule; NULL of the others. */
static const double *base_of(const struct deal_position *position, enum deal_rule rule)
{
    return rule == DEAL_BY_BUDGET       ? position->budget
           : rule == DEAL_BY_SAVING     ? position->gross_saving
           : rule == DEAL_BY_INVESTMENT ? position->investment
                                        : NULL;
}

static bool should_apply(const struct deal_position *position, enum deal_rule rule)
{
    bool proportional =
        rule == DEAL_BY_BUDGET || rule == DEAL_BY_SAVING || rule == DEAL_BY_INVESTMENT;
    const double *base = base_of(position, rule);
    bool applies = !proportional || (base != NULL && sum(position->n_partners, base) > 0.0);
    for (size_t i = 0; base != NULL && i < position->n_partners; ++i) {
        applies = applies && base[i] >= 0.0;
    }
    return applies;
}

static void finals_of_every_rule_add_to_the_total(void **state)
{
    (void)state;
    struct dice dice = {1};
    size_t n_applied = 0, n_refused = 0;
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct random_position random;
        random_position(&dice, &random);
        const struct deal_position *position = &random.position;
        double total = sum(position->n_partners, random.net), final[MOST];
        double rounding = 1e-14 * sum_of_sizes(position->n_partners, random.net);
        for (int rule = 0; rule < N_DEAL_RULES; ++rule) {
            bool applies = deal_share(position, (enum deal_rule)rule, final);
            assert_int_equal(applies, should_apply(position, (enum deal_rule)rule));
            n_applied += applies;
            n_refused += !applies;
            if (!applies) {
                continue;
            }
            assert_true(fabs(sum(position->n_partners, final) - total) <= rounding);
            /* A total that is not negative leaves all whole, by any rule but Shapley's. */
            for (size_t i = 0; total >= rounding && i < position->n_partners; ++i) {
                assert_true(rule == DEAL_SHAPLEY || final[i] >= 0.0);
            }
            /* In proportion: a quotient of finals is one of bases. */
            const double *base = base_of(position, (enum deal_rule)rule);
            for (size_t i = 1; base != NULL && i < position->n_partners; ++i) {
                assert_close(final[i] * base[0], final[0] * base[i], 1e-14);
            }
        }
    }
    assert_true(n_applied > ROUNDS && n_refused > ROUNDS / 10);
}

static void smallest_transfers_make_whole_and_no_less_would(void **state)
{
    (void)state;
    struct dice dice = {2};
    size_t n_good = 0, n_bad = 0;
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct random_position random;
        random_position(&dice, &random);
        size_t n = random.position.n_partners;
        double transfers[MOST], gains = 0.0, losses = 0.0;
        double moved = deal_smallest_transfers(&random.position, transfers);
        for (size_t i = 0; i < n; ++i) {
            gains += fmax(random.net[i], 0.0);
            losses += fmax(-random.net[i], 0.0);
        }
        double scale = gains + losses;
        assert_true(fabs(sum(n, transfers)) <= 1e-14 * scale);
        assert_true(fabs(sum_of_sizes(n, transfers) / 2.0 - moved) <= 1e-14 * scale);
        /* Each loser must receive its loss, so at least all losses move; and at most all gains. */
        assert_true(moved == fmin(gains, losses));
        n_good += gains >= losses;
        n_bad += gains < losses;
        for (size_t i = 0; i < n; ++i) {
            double final = random.net[i] + transfers[i];
            bool loser = random.net[i] < 0.0;
            assert_true(loser ? transfers[i] >= 0.0 : transfers[i] <= 0.0);
            assert_true(gains >= losses ? final >= 0.0 : final <= 1e-14 * scale);
            assert_true(!(gains >= losses && loser) || final == 0.0);
            /* Equal shares of what is charged, and of what is made good. */
            double by = loser ? losses : gains;
            assert_true(fabs(transfers[i] * by + random.net[i] * moved) <= 1e-14 * by * scale);
        }
    }
    assert_true(n_good > ROUNDS / 10 && n_bad > ROUNDS / 10);
}

static void verdicts_agree_with_the_definition(void **state)
{
    (void)state;
    struct dice dice = {3};
    size_t n_of[3] = {0};
    for (size_t round = 0; round < ROUNDS; ++round) {
        /* Whole pounds, so that totals of exactly 0 happen and sums are exact. */
        double net[3], total = 0.0, worst = 0.0;
        for (size_t i = 0; i < 3; ++i) {
            net[i] = (double)dice_below(&dice, 9) - 3.0;
            total += net[i];
            worst = fmin(worst, net[i]);
        }
        const struct deal_position position = {.n_partners = 3, .net = net};
        enum deal_verdict verdict = deal_judge(&position, 0.0);
        ++n_of[verdict];
        assert_int_equal(verdict, worst >= 0.0   ? DEAL_GOOD_FOR_ALL
                                  : total >= 0.0 ? DEAL_GOOD_WITH_COMPENSATION
                                                 : DEAL_NOT_GOOD_ENOUGH);
        double transfers[3];
        deal_smallest_transfers(&position, transfers);
        bool whole = true;
        for (size_t i = 0; i < 3; ++i) {
            whole = whole && net[i] + transfers[i] >= 0.0;
        }
        assert_int_equal(whole, verdict != DEAL_NOT_GOOD_ENOUGH);
    }
    assert_true(n_of[0] > 100 && n_of[1] > 100 && n_of[2] > 100);
}

/* ---- Shapley ---- */

/* Sum of nets where every investor is in. */
static double worth_of_deal(void *context, unsigned long coalition)
{
    const struct deal_position *position = context;
    double worth = 0.0;
    for (size_t i = 0; i < position->n_partners; ++i) {
        bool member = (coalition >> i & 1UL) != 0;
        if (!member && position->investment[i] > 0.0) {
            return 0.0;
        }
        worth += member ? position->net[i] : 0.0;
    }
    return worth;
}

static void shapley_closed_form_is_the_definition(void **state)
{
    (void)state;
    struct dice dice = {4};
    size_t n_with[MOST + 1] = {0};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct random_position random;
        random_position(&dice, &random);
        size_t n = random.position.n_partners, n_investors = 0;
        double final[MOST], exact[MOST];
        assert_true(deal_share(&random.position, DEAL_SHAPLEY, final));
        deal_shapley_exact(n, worth_of_deal, &random.position, exact);
        double rounding = 1e-14 * sum_of_sizes(n, random.net);
        for (size_t i = 0; i < n; ++i) {
            n_investors += random.invest[i] > 0.0;
            assert_true(fabs(final[i] - exact[i]) <= rounding);
        }
        ++n_with[n_investors];
    }
    assert_true(n_with[0] > 100 && n_with[1] > 100 && n_with[5] > 100);
}

static double worth_in_table(void *context, unsigned long coalition)
{
    return ((const double *)context)[coalition];
}

/* Every order of arrival, each partner credited with what it adds: n! orders. */
static void add_orders(size_t n, const double *worth, unsigned long arrived, double chance,
                       double *value)
{
    size_t left = 0;
    for (size_t i = 0; i < n; ++i) {
        left += (arrived >> i & 1UL) == 0;
    }
    for (size_t i = 0; i < n; ++i) {
        unsigned long with = arrived | 1UL << i;
        if (with != arrived) {
            value[i] += chance / (double)left * (worth[with] - worth[arrived]);
            add_orders(n, worth, with, chance / (double)left, value);
        }
    }
}

static void shapley_of_any_game_is_the_mean_over_orders(void **state)
{
    (void)state;
    struct dice dice = {5};
    for (size_t n = 1; n <= 7; ++n) {
        double worth[128], exact[7], slow[7] = {0};
        for (size_t coalition = 0; coalition < (size_t)1 << n; ++coalition) {
            worth[coalition] = dice_between(&dice, -1.0, 1.0);
        }
        deal_shapley_exact(n, worth_in_table, worth, exact);
        add_orders(n, worth, 0, 1.0, slow);
        for (size_t i = 0; i < n; ++i) {
            assert_true(fabs(exact[i] - slow[i]) <= 1e-14);
        }
        assert_true(fabs(sum(n, exact) - (worth[((size_t)1 << n) - 1] - worth[0])) <= 1e-14);
    }
    deal_shapley_exact(0, worth_in_table, NULL, NULL);
}

/* The glove game: one left glove, two right: 2/3, 1/6, 1/6. */
static double gloves(void *context, unsigned long coalition)
{
    (void)context;
    return (coalition & 1UL) != 0 && (coalition & 6UL) != 0 ? 1.0 : 0.0;
}

/* A majority of 20 alike: 1/20 each; the largest number of partners. */
static double majority(void *context, unsigned long coalition)
{
    (void)context;
    size_t members = 0;
    for (; coalition != 0; coalition &= coalition - 1) {
        ++members;
    }
    return members > 10 ? 1.0 : 0.0;
}

static void shapley_of_known_games(void **state)
{
    (void)state;
    double value[DEAL_MAX_EXACT_PARTNERS];
    deal_shapley_exact(3, gloves, NULL, value);
    assert_close(value[0], 2.0 / 3.0, 1e-15);
    assert_close(value[1], 1.0 / 6.0, 1e-15);
    assert_close(value[2], 1.0 / 6.0, 1e-15);
    deal_shapley_exact(DEAL_MAX_EXACT_PARTNERS, majority, NULL, value);
    for (size_t i = 0; i < DEAL_MAX_EXACT_PARTNERS; ++i) {
        assert_close(value[i], 0.05, 1e-14);
    }
}

/* ---- schedule ---- */

/* NHS saves 1:3 in years 1 and 2, police only in year 1, housing has no timing. */
static void schedule_by_hand(void **state)
{
    (void)state;
    const double transfers[] = {-60.0, 100.0, -50.0, -20.0, 30.0};
    const double timing[5][3] = {{0, 1, 3}, {0}, {0, 5, 0}, {0}, {0}};
    const double discount[] = {1.0, 0.5, 0.25};
    /* 60 = p (.5 + 3 x .25), p = 48; 50 / .5 = 100; 20 in year 0. Receipts 10 : 3. */
    const double expected[5][3] = {{0, -48, -144},
                                   {200.0 / 13.0, 1480.0 / 13.0, 1440.0 / 13.0},
                                   {0, -100, 0},
                                   {-20, 0, 0},
                                   {60.0 / 13.0, 444.0 / 13.0, 432.0 / 13.0}};
    double payments[5][3];
    deal_schedule(5, 3, transfers, &timing[0][0], discount, &payments[0][0]);
    for (size_t i = 0; i < 5; ++i) {
        for (size_t year = 0; year < 3; ++year) {
            assert_close(payments[i][year], expected[i][year], 1e-14);
        }
    }
}

static void nothing_is_paid_to_nobody(void **state)
{
    (void)state;
    const double none[] = {0.0, 0.0}, discount[] = {1.0}, timing[] = {1.0, 1.0};
    const double no_receiver[] = {-1.0, 0.0}, no_payer[] = {0.0, 1.0};
    const double *const transfers[] = {none, no_receiver, no_payer};
    for (size_t i = 0; i < 3; ++i) {
        double payments[] = {9.0, 9.0};
        deal_schedule(2, 1, transfers[i], timing, discount, payments);
        assert_true(payments[0] == 0.0 && payments[1] == 0.0);
    }
    deal_schedule(2, 0, no_payer, NULL, NULL, NULL);
}

static void schedules_keep_present_values_and_balance_every_year(void **state)
{
    (void)state;

    enum { YEARS = 12 };

    struct dice dice = {6};
    for (size_t round = 0; round < ROUNDS; ++round) {
        struct random_position random;
        random_position(&dice, &random);
        size_t n = random.position.n_partners, n_years = 1 + dice_below(&dice, YEARS);
        double final[MOST], transfers[MOST], timing[MOST * YEARS], payments[MOST * YEARS];
        double discount[YEARS] = {dice_between(&dice, 0.9, 1.0)};
        for (size_t year = 1; year < n_years; ++year) {
            discount[year] = discount[year - 1] * dice_between(&dice, 0.9, 1.01);
        }
        for (size_t cell = 0; cell < n * n_years; ++cell) {
            timing[cell] = dice_chance(&dice, 0.5) ? dice_between(&dice, 0.0, 1e6) : 0.0;
        }
        enum deal_rule rule = (enum deal_rule)dice_below(&dice, N_DEAL_RULES);
        if (!deal_share(&random.position, rule, final)) {
            continue;
        }
        for (size_t i = 0; i < n; ++i) {
            transfers[i] = final[i] - random.net[i];
        }
        /* Transfers sum to 0 only up to the rounding of nets and finals. */
        double scale = sum_of_sizes(n, random.net) + sum_of_sizes(n, final);
        deal_schedule(n, n_years, transfers, timing, discount, payments);
        for (size_t i = 0; i < n; ++i) {
            double present = 0.0;
            for (size_t year = 0; year < n_years; ++year) {
                present += payments[i * n_years + year] * discount[year];
                assert_true(payments[i * n_years + year] * transfers[i] >= 0.0);
            }
            if (n > 1) { /* one alone has nobody to settle its rounding with */
                assert_true(fabs(present - transfers[i]) <= 1e-13 * scale);
            }
        }
        for (size_t year = 0; year < n_years; ++year) {
            double left = 0.0, size = 0.0;
            for (size_t i = 0; i < n; ++i) {
                left += payments[i * n_years + year];
                size += fabs(payments[i * n_years + year]);
            }
            assert_true(fabs(left) <= 1e-15 * (double)n * size);
        }
    }
}

/* ---- over draws ---- */

enum { DRAWS = 200, STRIDE = 208 };

struct columns {
    size_t n;
    double net[MOST * STRIDE], invest[MOST * STRIDE], save[MOST * STRIDE], budget[MOST];
};

static void random_columns(struct dice *dice, struct columns *columns)
{
    columns->n = 1 + dice_below(dice, 5);
    for (size_t i = 0; i < columns->n; ++i) {
        bool invests = dice_chance(dice, 0.6);
        columns->budget[i] = dice_between(dice, 0.0, 10.0);
        for (size_t draw = 0; draw < STRIDE; ++draw) {
            size_t at = i * STRIDE + draw;
            columns->invest[at] = invests ? dice_between(dice, 0.0, 2.0) : 0.0;
            columns->save[at] = dice_between(dice, dice_chance(dice, 0.02) ? -1.0 : 0.0, 3.0);
            columns->net[at] = columns->save[at] - columns->invest[at];
            if (draw >= DRAWS) { /* between columns: never to be read */
                columns->net[at] = columns->invest[at] = columns->save[at] = (double)NAN;
            }
        }
    }
}

/* Shares counted event by event, exactly >= 0 but for 1e-9 of rounding on nets of order 1. */
static double count_share(const struct columns *columns, const double *transfers, size_t only)
{
    size_t count = 0;
    for (size_t draw = 0; draw < DRAWS; ++draw) {
        bool holds = true;
        for (size_t i = 0; i < columns->n; ++i) {
            double final = columns->net[i * STRIDE + draw] +
                           (transfers != NULL ? transfers[i * DRAWS + draw] : 0.0);
            holds = holds && (final >= -1e-9 || (only < columns->n && i != only));
        }
        count += holds;
    }
    return (double)count / DRAWS;
}

/* transfers are [partner][draw] */
static void check_record(const struct columns *columns, const double *transfers,
                         const struct deal_record *record)
{
    size_t n_nonneg = 0;
    for (size_t draw = 0; draw < DRAWS; ++draw) {
        double total = 0.0;
        for (size_t i = 0; i < columns->n; ++i) {
            total += columns->net[i * STRIDE + draw];
        }
        n_nonneg += total >= 0.0;
    }
    assert_true(record->p_total_nonneg == (double)n_nonneg / DRAWS);
    assert_true(record->p_all_whole == count_share(columns, transfers, SIZE_MAX));
    assert_true(record->p_all_whole_before == count_share(columns, NULL, SIZE_MAX));
    for (size_t i = 0; i < columns->n; ++i) {
        assert_true(record->p_whole[i] == count_share(columns, transfers, i));
    }
    for (size_t i = columns->n; i < DEAL_MAX_PARTNERS; ++i) {
        assert_true(record->p_whole[i] == 0.0);
    }
}

static void a_fixed_deal_over_draws(void **state)
{
    (void)state;
    struct dice dice = {7};
    static struct columns columns;
    static double all[MOST * DRAWS];
    for (size_t round = 0; round < 200; ++round) {
        random_columns(&dice, &columns);
        double transfers[MOST], mean = 0.0;
        for (size_t i = 0; i < columns.n; ++i) {
            transfers[i] = dice_between(&dice, -1.0, 1.0);
            mean += transfers[i] / (double)columns.n;
        }
        for (size_t i = 0; i < columns.n; ++i) {
            transfers[i] -= mean;
            for (size_t draw = 0; draw < DRAWS; ++draw) {
                all[i * DRAWS + draw] = transfers[i];
            }
        }
        struct deal_record record;
        deal_over_draws(columns.n, DRAWS, columns.net, STRIDE, transfers, &record);
        check_record(&columns, all, &record);
    }
}

/* One draw as a position of its own; its transfers into `all`. */
static bool share_draw(const struct columns *columns, enum deal_rule rule, size_t draw, double *all)
{
    double net[MOST], invest[MOST], save[MOST], final[MOST];
    for (size_t i = 0; i < columns->n; ++i) {
        net[i] = columns->net[i * STRIDE + draw];
        invest[i] = columns->invest[i * STRIDE + draw];
        save[i] = columns->save[i * STRIDE + draw];
    }
    const struct deal_position position = {columns->n, net, invest, save, columns->budget};
    bool applies = deal_share(&position, rule, final);
    for (size_t i = 0; i < columns->n; ++i) {
        all[i * DRAWS + draw] = applies ? final[i] - net[i] : 0.0;
    }
    return applies;
}

static void check_shared(const struct columns *columns, enum deal_rule rule, size_t *n_refused)
{
    static double all[MOST * DRAWS];
    size_t expected = 0, n_not_applied = SIZE_MAX;
    double mean[MOST];
    for (size_t draw = 0; draw < DRAWS; ++draw) {
        expected += !share_draw(columns, rule, draw, all);
        double left = 0.0;
        for (size_t i = 0; i < columns->n; ++i) {
            left += all[i * DRAWS + draw];
        }
        assert_true(fabs(left) < 1e-14 * 10.0); /* nets of order 1 */
    }
    struct deal_record record;
    deal_shared_over_draws(columns->n, DRAWS, columns->net, columns->invest, columns->save, STRIDE,
                           columns->budget, rule, mean, &n_not_applied, &record);
    check_record(columns, all, &record);
    assert_int_equal(n_not_applied, expected);
    for (size_t i = 0; i < columns->n; ++i) {
        assert_true(fabs(mean[i] - sum(DRAWS, all + i * DRAWS) / DRAWS) < 1e-14);
    }
    if (rule == DEAL_EQUAL || rule == DEAL_LOSERS_FIRST || rule == DEAL_BY_BUDGET) {
        /* Whole together or not at all: just where the total is not negative. */
        assert_true(record.p_all_whole == record.p_total_nonneg);
    }
    *n_refused += n_not_applied;
}

static void risk_shared_over_draws(void **state)
{
    (void)state;
    struct dice dice = {8};
    static struct columns columns;
    size_t n_refused = 0;
    for (size_t round = 0; round < 60; ++round) {
        random_columns(&dice, &columns);
        for (int rule = 0; rule < N_DEAL_RULES; ++rule) {
            check_shared(&columns, (enum deal_rule)rule, &n_refused);
        }
    }
    assert_true(n_refused > 100);
    /* Without budgets no draw has the rule, and all stay as they are. */
    struct deal_record record;
    double mean[MOST];
    size_t n_not_applied = 0;
    deal_shared_over_draws(columns.n, DRAWS, columns.net, columns.invest, columns.save, STRIDE,
                           NULL, DEAL_BY_BUDGET, mean, &n_not_applied, &record);
    assert_int_equal(n_not_applied, DRAWS);
    assert_true(record.p_all_whole == record.p_all_whole_before && mean[0] == 0.0);
}

/* .1 + .2 - .3 is 5.6e-17, not 0: a partner at zero stays whole by whatever road it got there. */
static void rounding_is_no_loss(void **state)
{
    (void)state;
    const double nets[] = {0.3 - (0.1 + 0.2), 1.0}, nothing[] = {0.0, 0.0};
    struct deal_record record;
    assert_true(nets[0] < 0.0);
    deal_over_draws(2, 1, nets, 1, nothing, &record);
    assert_true(record.p_all_whole == 1.0 && record.p_all_whole_before == 1.0);
    const double loss[] = {-1e-9, 1.0}; /* a loss all the same */
    deal_over_draws(2, 1, loss, 1, nothing, &record);
    assert_true(record.p_whole[0] == 0.0 && record.p_whole[1] == 1.0);
    const double broken[] = {(double)NAN, 1.0};
    deal_over_draws(2, 1, broken, 1, nothing, &record);
    assert_true(record.p_all_whole == 0.0 && record.p_whole[0] == 0.0);
    deal_over_draws(2, 0, NULL, 0, nothing, &record);
    assert_true(isnan(record.p_all_whole));
}

static void payers_pay_out_of_what_they_gain_in_cash(void **state)
{
    (void)state;
    /* Asked for 100: cash covers it, covers part of it, is itself lost; or nobody holds a budget.
     */
    assert_close(deal_payable_in_cash(-100.0, 250.0, true), 100.0, 0.0);
    assert_close(deal_payable_in_cash(-100.0, 30.0, true), 30.0, 0.0);
    assert_close(deal_payable_in_cash(-100.0, -5.0, true), 0.0, 0.0);
    assert_close(deal_payable_in_cash(-100.0, 250.0, false), 0.0, 0.0);
    assert_true(isnan(deal_payable_in_cash(100.0, 250.0, true)));
    assert_true(isnan(deal_payable_in_cash(0.0, 250.0, false)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payers_pay_out_of_what_they_gain_in_cash),
        cmocka_unit_test(all_rules_of_the_worked_case),
        cmocka_unit_test(printed_figures_of_the_worked_case),
        cmocka_unit_test(smallest_transfers_of_the_worked_case),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(names_differ),
        cmocka_unit_test(a_rule_without_a_base_does_not_apply),
        cmocka_unit_test(without_investors_shapley_leaves_each_its_own),
        cmocka_unit_test(losers_first_of_a_deal_that_is_not_good_enough),
        cmocka_unit_test(nothing_moves_where_nobody_loses_or_nobody_gains),
        cmocka_unit_test(finals_of_every_rule_add_to_the_total),
        cmocka_unit_test(smallest_transfers_make_whole_and_no_less_would),
        cmocka_unit_test(verdicts_agree_with_the_definition),
        cmocka_unit_test(shapley_closed_form_is_the_definition),
        cmocka_unit_test(shapley_of_any_game_is_the_mean_over_orders),
        cmocka_unit_test(shapley_of_known_games),
        cmocka_unit_test(schedule_by_hand),
        cmocka_unit_test(nothing_is_paid_to_nobody),
        cmocka_unit_test(schedules_keep_present_values_and_balance_every_year),
        cmocka_unit_test(a_fixed_deal_over_draws),
        cmocka_unit_test(risk_shared_over_draws),
        cmocka_unit_test(rounding_is_no_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
