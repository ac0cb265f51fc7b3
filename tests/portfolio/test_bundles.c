/* Programmes side by side: what they share, what together they do, and whose part is whose.
 * method 6.1 to 6.3. Uncertain models unless a sum is done by hand. */
#include "support/dice.h"
#include "support/portfolio_bench.h"

#include <gsl/gsl_errno.h>

enum { DRAWS = 200 };

/* Everything at once: a step, a ceiling, three programmes on visits, transfers, grants. */
static void add_four(struct bench *bench)
{
    bench_scenario(bench, "clinic", "clinic", "inputs = { eligible = 4000; };");
    bench_scenario(bench, "club", "club", "inputs = { eligible = 6000; };");
    bench_scenario(bench, "nurse", "nurse", "inputs = { eligible = 4000; };");
    bench_scenario(bench, "more", "nurse", "inputs = { eligible = 3000; reached = 0.2; };");
}

#define FOUR                                                                                       \
    "{ scenario = \"clinic\"; }, { scenario = \"club\"; }, { scenario = \"nurse\"; }, { scenario " \
    "= \"more\"; }"

#define MONEY "conventions = { monetise_qalys = true; }; "

/* ---- 1. alone ---- */

static void assert_same_columns(const struct plan *one, const struct plan *bundle)
{
    assert_int_equal(one->n_results, bundle->n_own_results);
    assert_int_equal(one->n_whos, bundle->n_whos);
    for (size_t i = 0; i < one->n_results; ++i) {
        const struct plan_result_column *a = &one->results[i], *b = &bundle->results[i];
        assert_true(a->measure == b->measure && a->who == b->who && a->year == b->year &&
                    a->item == b->item && a->retained == b->retained);
        assert_int_equal(b->member, 0);
    }
}

static void assert_alone(const char *model, const char *more, const char *conventions)
{
    struct bench bench;
    struct error error = {0};
    struct scenario_result results[2];
    const struct simulation_options options = {.seed = 3, .n_draws = 600};
    bench_start(&bench);
    bench_scenario(&bench, "one", model, arena_printf(&bench.arena, "%s %s", more, conventions));
    bench_portfolio(&bench, "{ scenario = \"one\"; }", conventions);
    bench_build(&bench);
    const struct plan *plans[] = {bench_plan(&bench, "one"), bench_bundle(&bench, NULL)};
    assert_same_columns(plans[0], plans[1]);
    assert_int_equal(simulation_run(&bench.arena, plans, 2, &options, results, &error), STATUS_OK);
    for (size_t i = 0; i < plans[0]->n_results; ++i) {
        if (memcmp(&results[0].statistics[i], &results[1].statistics[i],
                   sizeof *results[0].statistics) != 0) {
            fail_msg("%s: %s of %s in year %zu differs: %.17g, %.17g", model,
                     measure_name(plans[0]->results[i].measure),
                     plans[0]->whos[plans[0]->results[i].who].id, plans[0]->results[i].year,
                     results[0].statistics[i].mean, results[1].statistics[i].mean);
        }
    }
    assert_true(memcmp(&results[0].capped_share, &results[1].capped_share, sizeof(double)) == 0);
    simulation_clear(results, 2);
    bench_clear(&bench);
}

static void a_programme_alone_is_its_scenario_to_the_byte(void **state)
{
    (void)state;
    assert_alone("clinic", "inputs = { eligible = 4000; };", "");
    assert_alone("clinic", "inputs = { eligible = 4000; };", MONEY);
    assert_alone("club", "inputs = { eligible = 6000; };", "");
    assert_alone("nurse", "inputs = { eligible = 3000; };",
                 "conventions = { timing = \"mid\"; perspective = \"nhs\"; };");
    assert_alone("plain", "inputs = { eligible = 1000; };", BENCH_FLAT);
    assert_alone("clinic",
                 "area = \"town\"; population = { }; gradients = ( { parameter = "
                 "\"clinic_uptake\"; factors = [0.8, 0.9, 1.0, 1.0, 1.1]; reason = \"r\"; } );",
                 MONEY);
}

/* ---- 2. apart ---- */

/* Net monetary benefit is one too, but programmes without QALYs do not have it. */
static bool is_sum(enum measure measure)
{
    return measure_numerator(measure) == NULL && measure != MEASURE_IRR && measure != MEASURE_NMB &&
           measure != MEASURE_PAYBACK_DISCOUNTED && measure != MEASURE_PAYBACK_UNDISCOUNTED;
}

/* Index of a measure's item in another plan: demands by id, all else as it is. */
static size_t item_in(const struct plan *from, const struct plan_result_column *column,
                      const struct plan *to)
{
    bool of_demand = column->measure == MEASURE_VOLUME || column->measure == MEASURE_VOLUME_YEAR;
    return of_demand ? bench_demand(to, from->demands[column->item].demand->id) : column->item;
}

static void programmes_on_different_people_add(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "clinic", "clinic", "inputs = { eligible = 4000; };" MONEY);
    bench_scenario(&bench, "small", "clinic",
                   "inputs = { eligible = 700; strength = 0.6; };" MONEY);
    bench_scenario(&bench, "club", "club", "inputs = { eligible = 500; };" MONEY);
    bench_portfolio(&bench,
                    "{ scenario = \"clinic\"; }, { scenario = \"small\"; }, { scenario = "
                    "\"club\"; }",
                    "overlap_default = \"disjoint\"; " MONEY);
    bench_build(&bench);
    const struct plan *bundle = bench_bundle(&bench, NULL);
    const double *together = bench_draws(&bench, bundle, DRAWS);
    const struct plan *plans[] = {bench_plan(&bench, "clinic"), bench_plan(&bench, "small"),
                                  bench_plan(&bench, "club")};
    const double *alone[3];
    for (size_t k = 0; k < 3; ++k) {
        alone[k] = bench_draws(&bench, plans[k], DRAWS);
    }
    for (size_t i = 0; i < bundle->n_own_results; ++i) {
        const struct plan_result_column *column = &bundle->results[i];
        double mean = 0.0, sum = 0.0, scale = 0.0;
        for (size_t k = 0; is_sum(column->measure) && k < 3; ++k) {
            size_t who = plan_find_who(plans[k], bundle->whos[column->who].id);
            size_t item = item_in(bundle, column, plans[k]);
            size_t at = who == SIZE_MAX || item == SIZE_MAX
                            ? SIZE_MAX
                            : plan_find_result(plans[k], column->measure, who, column->year, item);
            for (size_t draw = 0; at != SIZE_MAX && draw < DRAWS; ++draw) {
                sum += alone[k][at * DRAWS + draw] / DRAWS;
                scale += fabs(alone[k][at * DRAWS + draw]) / DRAWS;
            }
        }
        for (size_t draw = 0; is_sum(column->measure) && draw < DRAWS; ++draw) {
            mean += together[i * DRAWS + draw] / DRAWS;
        }
        /* Nets are differences of flows of this size. */
        assert_near(mean, sum, fmax(scale, column->measure == MEASURE_QALYS ? 1.0 : 1e5), 1e-12);
    }
    bench_clear(&bench);
}

/* ---- 3. overlap, by hand ---- */

struct hand {
    const char *programmes, *overlap;
    double expected; /* share of all rounds avoided */
};

static double rounds_avoided(const char *programmes, const char *overlap)
{
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "plain",
                   "inputs = { eligible = 1000; taken = 0.5; effect = 0.2; };" BENCH_FLAT);
    bench_scenario(&bench, "b", "plain",
                   "inputs = { eligible = 1000; taken = 0.3; effect = 0.4; };" BENCH_FLAT);
    bench_scenario(&bench, "c", "plain",
                   "inputs = { eligible = 1000; taken = 0.1; effect = 0.5; };" BENCH_FLAT);
    bench_portfolio(&bench, programmes, arena_printf(&bench.arena, "%s %s", overlap, BENCH_FLAT));
    bench_build(&bench);
    const struct plan *bundle = bench_bundle(&bench, NULL);
    double units = bench_volume_year(bundle, bench_central(&bench, bundle), "round", 0);
    bench_clear(&bench);
    return units / 2000.0; /* 1,000 people, 2 rounds each */
}

#define A     "{ scenario = \"a\"; }"
#define B     "{ scenario = \"b\"; }"
#define C     "{ scenario = \"c\"; }"
#define AGAIN "{ scenario = \"a\"; name = \"again\"; }"
#define SAME(form)                                                                                 \
    "overlap = ( { programmes = [\"a\", \"b\"]; form = " form " reason = \"for tests\"; } );"
#define SAME_THREE(form)                                                                           \
    "overlap = ( { programmes = [\"a\", \"b\", \"c\"]; form = " form " reason = \"for tests\"; } " \
    ");"

static void overlaps_come_out_by_hand(void **state)
{
    (void)state;
    /* a: half take part, a fifth less: 0.1 of all rounds. b: 0.3 x 0.4 = 0.12. c: 0.05. */
    double together = 1.0 - 0.9 * 0.88;
    /* b inside a: 0.2 in a alone lose 0.2 of theirs, 0.3 in both 1 - 0.8 x 0.6. */
    double nested = 0.2 * 0.2 + 0.3 * (1.0 - 0.8 * 0.6);
    /* c inside b inside a: rings of 0.2, 0.2 and 0.1. */
    double three = 0.2 * 0.2 + 0.2 * (1.0 - 0.8 * 0.6) + 0.1 * (1.0 - 0.8 * 0.6 * 0.5);
    const struct hand hands[] = {
        {A, "", 0.1},
        {A ", " B, "", together},
        {A ", " B ", " C, "", 1.0 - 0.9 * 0.88 * 0.95},
        {A ", " B, SAME("\"independent\";"), together},
        {A ", " B, SAME("\"disjoint\";"), 0.22},
        {A ", " B, "overlap_default = \"disjoint\";", 0.22},
        {A ", " B, SAME("\"nested\";"), nested},
        {B ", " A, SAME("\"nested\";"), nested},
        {A ", " B, SAME("\"share\"; share = 0.0;"), 0.22},
        {A ", " B, SAME("\"share\"; share = 0.4;"), 0.22 + 0.4 * (nested - 0.22)},
        {A ", " B, SAME("\"share\"; share = 1.0;"), nested},
        {A ", " B ", " C, SAME_THREE("\"nested\";"), three},
        {C ", " A ", " B, SAME_THREE("\"nested\";"), three},
        {A ", " B ", " C, SAME("\"nested\";"), 1.0 - (1.0 - nested) * 0.95},
        {A ", " B ", " C, SAME("\"nested\";") "overlap_default = \"disjoint\";", nested + 0.05},
        {A ", " B ", " C, SAME("\"disjoint\";"), 1.0 - 0.78 * 0.95},
        {A ", " AGAIN, "", 1.0 - 0.9 * 0.9},
    };
    for (size_t i = 0; i < sizeof hands / sizeof *hands; ++i) {
        assert_close(rounds_avoided(hands[i].programmes, hands[i].overlap), hands[i].expected,
                     1e-12);
    }
}

/* People of all years so far are covered: a tenth and a fifth of everybody a year, one within the
 * other, so that twice as many are in the second year. */
static void coverage_grows_with_every_intake(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "yearly",
                   "inputs = { eligible = 1000; taken = 0.2; effect = 0.3; };" BENCH_FLAT);
    bench_scenario(&bench, "b", "yearly",
                   "inputs = { eligible = 1000; taken = 0.1; effect = 0.5; };" BENCH_FLAT);
    bench_portfolio(&bench, A ", " B, SAME("\"nested\";") BENCH_FLAT);
    bench_build(&bench);
    const struct plan *bundle = bench_bundle(&bench, NULL);
    const double *central = bench_central(&bench, bundle);
    double first = 0.1 * 0.3 + 0.1 * (1.0 - 0.7 * 0.5);
    assert_close(bench_volume_year(bundle, central, "round", 0), 2000.0 * first, 1e-12);
    assert_close(bench_volume_year(bundle, central, "round", 1), 4000.0 * first, 1e-12);
    assert_close(bench_volume_year(bundle, central, "round", 4), 4000.0 * first, 1e-12);
    bench_clear(&bench);
}

/* Twelve programmes that avoid a tenth each, on people of their own but for the first two. */
static void different_people_have_baselines_of_their_own(void **state)
{
    (void)state;
    char programmes[1024];
    int length = snprintf(programmes, sizeof programmes, "%s, " AGAIN, A);
    for (int i = 2; i < 12; ++i) {
        length += snprintf(programmes + length, sizeof programmes - (size_t)length,
                           ", { scenario = \"a\"; name = \"a%d\"; }", i);
    }
    assert_close(rounds_avoided(programmes, "overlap_default = \"disjoint\";"), 1.2, 1e-12);
    assert_close(rounds_avoided(programmes, "overlap_default = \"disjoint\"; overlap = ( { "
                                            "programmes = [\"a\", \"again\"]; form = "
                                            "\"independent\"; reason = \"for tests\"; } );"),
                 1.0 + 0.19, 1e-12);
}

/* 166.5 people want 100 places, in groups of 50: two, whatever rounding the shares bring. */
static void places_filled_to_the_last_start_no_step(void **state)
{
    (void)state;
    static const char *const shares[] = {
        "reached = 0.787; taken = 0.308; kept = 0.687;", "reached = 0.7; taken = 0.9; kept = 0.3;",
        "reached = 0.612; taken = 0.333; kept = 0.621;", "reached = 0.963; taken = 0.2; kept = 1;"};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; ++i) {
        struct bench bench;
        bench_start(&bench);
        bench_scenario(
            &bench, "a", "yearly",
            arena_printf(&bench.arena,
                         "inputs = { eligible = 1000; places = 100; effect = 0.1; %s };" BENCH_FLAT,
                         shares[i]));
        bench_build(&bench);
        const struct plan *plan = bench_plan(&bench, "a");
        const double *central = bench_central(&bench, plan);
        assert_close(bench_value(plan, central, MEASURE_PV_COST, "total", 0, 0), 4000.0, 1e-12);
        bench_clear(&bench);
    }
}

static void synergies_come_out_by_hand(void **state)
{
    (void)state;
#define SYNERGY(more)                                                                              \
    "synergies = ( { programmes = [\"a\", \"b\"]; reason = \"for tests\"; " more " } );"
    const struct hand hands[] = {
        {A ", " B, SYNERGY("factor = 1.5;"), 1.0 - (1.0 - 0.15) * (1.0 - 0.18)},
        {A ", " B, SYNERGY("factor = 1.5; on = [\"a\"];"), 1.0 - (1.0 - 0.15) * 0.88},
        {A ", " B, SYNERGY("factor = 0.0; on = [\"b\"];"), 0.1},
        {A ", " B, SYNERGY("factor = 2.0; demand = \"round\";"), 1.0 - 0.8 * 0.76},
        {A ", " B, SYNERGY("factor = 2.0; demand = \"ward\";"), 1.0 - 0.9 * 0.88},
        {A ", " C ", " B, SYNERGY("factor = 0.5;"), 1.0 - 0.95 * 0.95 * 0.94},
        {A ", " B, SYNERGY("factor = 1.5;") "overlap_default = \"disjoint\";", 0.33},
    };
    for (size_t i = 0; i < sizeof hands / sizeof *hands; ++i) {
        assert_close(rounds_avoided(hands[i].programmes, hands[i].overlap), hands[i].expected,
                     1e-12);
    }
}

static void twins_save_more_than_one_and_less_than_twice(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "one", "clinic", "inputs = { eligible = 3000; };");
    bench_portfolio(&bench, "{ scenario = \"one\"; }, { scenario = \"one\"; name = \"two\"; }", "");
    bench_build(&bench);
    const struct plan *bundle = bench_bundle(&bench, NULL), *one = bench_plan(&bench, "one");
    const double *both = bench_draws(&bench, bundle, DRAWS),
                 *alone = bench_draws(&bench, one, DRAWS);
    size_t volume = bench_demand(bundle, "visit");
    size_t of_both = plan_find_result(bundle, MEASURE_VOLUME, bundle->n_whos - 1, 0, volume);
    size_t of_one =
        plan_find_result(one, MEASURE_VOLUME, one->n_whos - 1, 0, bench_demand(one, "visit"));
    for (size_t draw = 0; draw < DRAWS; ++draw) {
        double a = alone[of_one * DRAWS + draw], b = both[of_both * DRAWS + draw];
        assert_true(b > a && b < 2.0 * a);
    }
    bench_clear(&bench);
}

/* The overlap of two programmes is theirs: a third that does nothing does not change it, however
 * many people it could reach. */
static void a_programme_without_effect_changes_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "plain",
                   "inputs = { eligible = 1000; taken = 0.5; effect = 0.2; };" BENCH_FLAT);
    bench_scenario(&bench, "b", "plain",
                   "inputs = { eligible = 400; taken = 0.5; effect = 0.6; };" BENCH_FLAT);
    bench_scenario(&bench, "idle", "plain",
                   "inputs = { eligible = 1000; taken = 0.5; effect = 0.0; };" BENCH_FLAT);
    bench_portfolio(&bench,
                    "{ scenario = \"a\"; }, { scenario = \"b\"; }, { scenario = \"idle\"; }",
                    BENCH_FLAT);
    bench_build(&bench);
    const struct plan *all = bench_bundle(&bench, NULL);
    const struct plan *two = bench_bundle(&bench, (uint8_t[]){1, 1, 0});
    double of_all = bench_volume_year(all, bench_central(&bench, all), "round", 0);
    double of_two = bench_volume_year(two, bench_central(&bench, two), "round", 0);
    assert_close(of_all, of_two, 1e-12);
    assert_close(of_two, 2000.0 * (1.0 - 0.9 * 0.88), 1e-12);
    bench_clear(&bench);
}

/* The overlap of two is about the larger of their two populations, whoever else there might be. */
static void the_population_is_that_of_the_programmes_that_run(void **state)
{
    (void)state;
    struct bench bench;
    bench_start(&bench);
    bench_scenario(&bench, "a", "plain",
                   "inputs = { eligible = 1000; taken = 0.5; effect = 0.2; };" BENCH_FLAT);
    bench_scenario(&bench, "b", "plain",
                   "inputs = { eligible = 400; taken = 0.5; effect = 0.6; };" BENCH_FLAT);
    bench_scenario(&bench, "c", "plain",
                   "inputs = { eligible = 5000; taken = 0.1; effect = 0.5; };" BENCH_FLAT);
    bench_portfolio(&bench, A ", " B ", " C, BENCH_FLAT);
    bench_build(&bench);

    /* Rounds of a: 200 of 2,000; b: 240; c: 500 of 10,000. */
    static const struct {
        uint8_t levels[3];
        double rounds;
    } cases[] = {{{1, 1, 0}, 2000.0 * (1.0 - 0.9 * 0.88)},
                 {{1, 0, 1}, 10000.0 * (1.0 - 0.98 * 0.95)},
                 {{0, 1, 1}, 10000.0 * (1.0 - 0.976 * 0.95)},
                 {{1, 1, 1}, 10000.0 * (1.0 - 0.98 * 0.976 * 0.95)},
                 {{0, 1, 0}, 240.0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        const struct plan *bundle = bench_bundle(&bench, cases[i].levels);
        assert_close(bench_volume_year(bundle, bench_central(&bench, bundle), "round", 0),
                     cases[i].rounds, 1e-12);
    }
    bench_clear(&bench);
}

/* ---- 4. rows add to the total ---- */

static void assert_rows_add(struct bench *bench)
{
    const struct plan *bundle = bench_bundle(bench, NULL);
    const double *values = bench_draws(bench, bundle, DRAWS);
    size_t n_checked = 0;
    for (size_t i = 0; i < bundle->n_own_results; ++i) {
        const struct plan_result_column *column = &bundle->results[i];
        double sums[DRAWS] = {0}, scales[DRAWS] = {0};
        bool any = false;
        for (size_t k = bundle->n_own_results; k < bundle->n_results; ++k) {
            const struct plan_result_column *part = &bundle->results[k];
            const struct plan *member = bundle->bundle->members[part->member - 1].plan;
            bool same = part->measure == column->measure && part->year == column->year &&
                        strcmp(member->whos[part->who].id, bundle->whos[column->who].id) == 0;
            any = any || same;
            for (size_t draw = 0; same && draw < DRAWS; ++draw) {
                sums[draw] += values[k * DRAWS + draw];
                scales[draw] += fabs(values[k * DRAWS + draw]);
            }
        }
        n_checked += any ? 1 : 0;
        for (size_t draw = 0; any && draw < DRAWS; ++draw) {
            /* Of a small net the flows that it is the difference of are what rounds. */
            double flows = column->measure == MEASURE_QALYS ? 0.1 : 1e5;
            assert_near(values[i * DRAWS + draw], sums[draw], fmax(scales[draw], flows), 1e-12);
        }
    }
    assert_true(n_checked > 50);
}

static void rows_of_programmes_add_to_the_total_in_every_draw(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "", MONEY, "overlap_default = \"disjoint\";",
        "overlap = ( { programmes = [\"clinic\", \"nurse\"]; form = \"nested\"; reason = \"r\"; }, "
        "{ programmes = [\"club\", \"more\"]; form = \"share\"; share = 0.3; reason = \"r\"; } );",
        "synergies = ( { programmes = [\"clinic\", \"nurse\"]; factor = 1.3; reason = \"r\"; }, { "
        "programmes = [\"club\", \"nurse\"]; on = [\"club\"]; factor = 0.6; demand = \"call\"; "
        "reason = \"r\"; } ); " MONEY};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; ++i) {
        struct bench bench;
        bench_start(&bench);
        add_four(&bench);
        bench_portfolio(&bench, FOUR, settings[i]);
        bench_build(&bench);
        assert_rows_add(&bench);
        bench_clear(&bench);
    }
}

/* ---- 5. Shapley values, by the definition ---- */

enum { MOST_PLAYERS = 5, MOST_SUBSETS = 1 << MOST_PLAYERS };

/* Net of every sector, for every subset of the programmes. */
struct game {
    size_t n_players;
    const struct plan *plans[MOST_SUBSETS];
    const double *values[MOST_SUBSETS];
};

static void play(struct bench *bench, struct game *game)
{
    game->n_players = bench->portfolio->n_programmes;
    assert_true(game->n_players <= MOST_PLAYERS);
    for (size_t set = 1; set < (size_t)1 << game->n_players; ++set) {
        uint8_t levels[MOST_PLAYERS];
        for (size_t i = 0; i < game->n_players; ++i) {
            levels[i] = (uint8_t)(set >> i & 1U);
        }
        game->plans[set] = bench_bundle(bench, levels);
        game->values[set] = bench_central(bench, game->plans[set]);
    }
}

static double worth(const struct game *game, size_t set, enum measure measure, const char *who)
{
    return set == 0 ? 0.0 : bench_value(game->plans[set], game->values[set], measure, who, 0, 0);
}

/* What each adds on its arrival, over all orders of arrival: Heap's algorithm. */
static void add_orders(const struct game *game, size_t *order, size_t k, enum measure measure,
                       const char *who, double *sums)
{
    if (k == 1) {
        size_t set = 0;
        for (size_t i = 0; i < game->n_players; ++i) {
            size_t with = set | (size_t)1 << order[i];
            sums[order[i]] += worth(game, with, measure, who) - worth(game, set, measure, who);
            set = with;
        }
        return;
    }
    for (size_t i = 0; i < k; ++i) {
        add_orders(game, order, k - 1, measure, who, sums);
        size_t other = k % 2 == 0 ? i : 0, kept = order[other];
        order[other] = order[k - 1];
        order[k - 1] = kept;
    }
}

static double attributed(const struct plan *bundle, const double *values, size_t member,
                         enum measure measure, const char *who)
{
    const struct plan *plan = bundle->bundle->members[member].plan;
    for (size_t k = bundle->n_own_results; k < bundle->n_results; ++k) {
        const struct plan_result_column *column = &bundle->results[k];
        if (column->member == member + 1 && column->measure == measure &&
            strcmp(plan->whos[column->who].id, who) == 0) {
            return values[k];
        }
    }
    return 0.0;
}

static void assert_shapley(struct bench *bench)
{
    static const enum measure measures[] = {MEASURE_NET, MEASURE_PV_CASHABLE, MEASURE_NET_FISCAL};
    struct game game = {.n_players = 0};
    play(bench, &game);
    size_t all = ((size_t)1 << game.n_players) - 1;
    const struct plan *bundle = game.plans[all];
    double n_orders = 1.0;
    for (size_t i = 2; i <= game.n_players; ++i) {
        n_orders *= (double)i;
    }
    for (size_t m = 0; m < sizeof measures / sizeof *measures; ++m) {
        for (size_t who = 0; who < bundle->n_sector_whos; ++who) {
            double sums[MOST_PLAYERS] = {0};
            size_t order[MOST_PLAYERS] = {0, 1, 2, 3, 4};
            add_orders(&game, order, game.n_players, measures[m], bundle->whos[who].id, sums);
            for (size_t i = 0; i < game.n_players; ++i) {
                assert_near(
                    attributed(bundle, game.values[all], i, measures[m], bundle->whos[who].id),
                    sums[i] / n_orders, 1e5, 1e-10);
            }
        }
    }
}

static void attributed_nets_are_shapley_values_over_all_orders(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "", "overlap_default = \"disjoint\";",
        "overlap = ( { programmes = [\"clinic\", \"nurse\", \"club\"]; form = \"nested\"; reason = "
        "\"r\"; } );",
        "overlap = ( { programmes = [\"clinic\", \"more\"]; form = \"share\"; share = 0.7; reason "
        "= \"r\"; } );",
        "synergies = ( { programmes = [\"clinic\", \"nurse\"]; factor = 1.3; reason = \"r\"; }, { "
        "programmes = [\"club\", \"nurse\", \"fifth\"]; on = [\"club\"]; factor = 0.6; demand = "
        "\"call\"; reason = \"r\"; }, { programmes = [\"clinic\", \"club\"]; on = [\"club\"]; "
        "factor = 1.2; reason = \"r\"; } );"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; ++i) {
        struct bench bench;
        bench_start(&bench);
        add_four(&bench);
        bench_scenario(&bench, "fifth", "club", "inputs = { eligible = 5000; };");
        bench_portfolio(&bench, FOUR ", { scenario = \"fifth\"; start_year = \"2027-28\"; }",
                        settings[i]);
        bench_build(&bench);
        assert_shapley(&bench);
        bench_clear(&bench);
    }
}

/* On everything, a synergy changes QALYs too: 500 x 0.01 x 2 years x 1.5 in a, 300 x 0.01 x 2 in b.
 * What it adds stands in the row of the programme whose effect it changes. */
static void synergies_on_everything_change_qalys(void **state)
{
    (void)state;

    static const struct {
        const char *more;
        double a;
    } cases[] = {{"", 15.0}, {"demand = \"round\";", 10.0}};

    for (size_t i = 0; i < 2; ++i) {
        struct bench bench;
        bench_start(&bench);
        bench_scenario(&bench, "a", "plain",
                       "inputs = { eligible = 1000; taken = 0.5; };" BENCH_FLAT);
        bench_scenario(&bench, "b", "plain",
                       "inputs = { eligible = 1000; taken = 0.3; };" BENCH_FLAT);
        bench_portfolio(&bench, A ", " B,
                        arena_printf(&bench.arena,
                                     "synergies = ( { programmes = [\"a\", \"b\"]; on = [\"a\"]; "
                                     "factor = 1.5; reason = \"r\"; %s } ); %s",
                                     cases[i].more, BENCH_FLAT));
        bench_build(&bench);
        const struct plan *bundle = bench_bundle(&bench, NULL);
        const double *values = bench_central(&bench, bundle);
        assert_close(bench_value(bundle, values, MEASURE_QALYS, "total", 0, 0), cases[i].a + 6.0,
                     1e-12);
        assert_close(attributed(bundle, values, 0, MEASURE_QALYS, "total"), cases[i].a, 1e-12);
        assert_close(attributed(bundle, values, 1, MEASURE_QALYS, "total"), 6.0, 1e-12);
        bench_clear(&bench);
    }
}

/* ---- 6. steps and ceilings ---- */

/* First year; both on disjoint people. Each alone has 30 ward days, of a step of 50, and 40 nights
 * in a cell, of which the police spend 640 GBP: at 8 GBP a night for them, 80 nights. */
static const double *two_of_plain(struct bench *bench, double on_wards, double on_cells,
                                  const uint8_t *levels, const struct plan **bundle)
{
    bench_start(bench);
    const char *inputs = arena_printf(&bench->arena,
                                      "inputs = { eligible = 100; taken = 1.0; effect = 0.0; "
                                      "on_wards = %.17g; on_cells = %.17g; };" BENCH_FLAT,
                                      on_wards, on_cells);
    bench_scenario(bench, "a", "plain", inputs);
    bench_scenario(bench, "b", "plain", inputs);
    bench_portfolio(bench, A ", " B, "overlap_default = \"disjoint\"; " BENCH_FLAT);
    bench_build(bench);
    *bundle = bench_bundle(bench, levels);
    return bench_central(bench, *bundle);
}

static void whole_steps_are_released_together(void **state)
{
    (void)state;
    struct bench bench;
    const struct plan *bundle = NULL;
    const double *alone = two_of_plain(&bench, 0.3, 0.0, (uint8_t[]){1, 0}, &bundle);
    assert_close(bench_value(bundle, alone, MEASURE_FLOW_YEAR, "hospital", 0, FLOW_CASHABLE), 0.0,
                 0.0);
    assert_close(bench_value(bundle, alone, MEASURE_FLOW_YEAR, "hospital", 0, FLOW_NON_CASHABLE),
                 300.0, 1e-12);
    bench_clear(&bench);

    /* 60 days: one step of 50, at 10 GBP, of which half is cash. */
    const double *both = two_of_plain(&bench, 0.3, 0.0, NULL, &bundle);
    assert_close(bench_value(bundle, both, MEASURE_FLOW_YEAR, "hospital", 0, FLOW_CASHABLE), 250.0,
                 1e-12);
    assert_close(bench_value(bundle, both, MEASURE_FLOW_YEAR, "hospital", 0, FLOW_NON_CASHABLE),
                 350.0, 1e-12);
    for (size_t i = 0; i < 2; ++i) { /* the step is as much the one's as the other's; two years */
        assert_close(attributed(bundle, both, i, MEASURE_PV_CASHABLE, "hospital"), 250.0, 1e-12);
    }
    bench_clear(&bench);
}

static void savings_together_stop_at_the_baseline_spend(void **state)
{
    (void)state;
    struct bench bench;
    struct error error = {0};
    struct scenario_result result;
    const struct simulation_options options = {.seed = 3, .n_draws = 64};
    const struct plan *bundle = NULL;

    static const struct {
        double nights, police, capped;
    } cases[] = {{0.3, 480.0, 0.0}, {0.4, 640.0, 0.0}, {0.6, 640.0, 1.0}};

    for (size_t i = 0; i < 3; ++i) {
        const double *both = two_of_plain(&bench, 0.0, cases[i].nights, NULL, &bundle);
        double cash = bench_value(bundle, both, MEASURE_FLOW_YEAR, "police", 0, FLOW_CASHABLE);
        double rest = bench_value(bundle, both, MEASURE_FLOW_YEAR, "police", 0, FLOW_NON_CASHABLE);
        assert_close(cash + rest, cases[i].police, 1e-12);
        assert_close(cash, cases[i].police / 2.0, 1e-12);
        assert_close(bench_value(bundle, both, MEASURE_FLOW_YEAR, "council", 0, FLOW_NON_CASHABLE),
                     2.0 * 100.0 * cases[i].nights * 2.0, 1e-12); /* no ceiling: 2 GBP a night */
        assert_int_equal(simulation_run(&bench.arena, &bundle, 1, &options, &result, &error),
                         STATUS_OK);
        assert_close(result.capped_share, cases[i].capped, 0.0);
        simulation_clear(&result, 1);
        bench_clear(&bench);
    }
}

/* ---- 7. when, how long, how much ---- */

#define PLAIN_INPUTS                                                                               \
    "taken = 0.5; effect = 0.2; on_wards = 0.4; on_cells = 0.01; fee = 50.0; team = 7000.0; "

/* The portfolio's programme `words` against the scenario written out: every sum of every year,
 * `shift` years later and discounted so much more. */
static void assert_written_out(const char *words, const char *written, size_t shift)
{
    static const char *const tenth =
        "conventions = { appraisal_pack = \"tenth\"; deflator_pack = \"steady_prices\"; };";
    struct bench bench;
    bench_start(&bench);
    bench_scenario(
        &bench, "base", "plain",
        arena_printf(&bench.arena, "inputs = { eligible = 1000; " PLAIN_INPUTS "}; %s", tenth));
    bench_file(&bench, "written",
               arena_printf(&bench.arena, "scenario = { %s %s };", written, tenth));
    bench_portfolio(&bench, words, tenth);
    bench_build(&bench);
    const struct plan *bundle = bench_bundle(&bench, NULL), *plan = bench_plan(&bench, "written");
    const double *values = bench_central(&bench, bundle), *expected = bench_central(&bench, plan);
    double later = pow(1.1, -(double)shift);
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct plan_result_column *column = &plan->results[i];
        bool by_year =
            column->measure == MEASURE_FLOW_YEAR || column->measure == MEASURE_VOLUME_YEAR ||
            column->measure == MEASURE_QALYS_YEAR || column->measure == MEASURE_NET_REAL_YEAR;
        bool discounted = column->measure <= MEASURE_NET_FISCAL ||
                          column->measure == MEASURE_NET_AT || column->measure == MEASURE_QALYS;
        bool at = column->measure == MEASURE_NET_AT ||
                  column->measure == MEASURE_NET_UNDISCOUNTED_AT ||
                  column->measure == MEASURE_NET_CASH_AT;
        if (!is_sum(column->measure)) {
            continue;
        }
        double found = bench_value(bundle, values, column->measure, plan->whos[column->who].id,
                                   column->year + (by_year || at ? shift : 0), column->item);
        assert_near(found, expected[i] * (discounted ? later : 1.0), 1e3, 1e-12);
    }
    bench_clear(&bench);
}

#define WRITTEN(start, funded, horizon, inputs)                                                    \
    "title = \"w\"; model = \"plain\"; start_year = \"" start "\"; funded_years = " funded         \
    "; horizon_years = " horizon "; funding = { council = 1.0; }; inputs = { " inputs " };"

static void delay_length_and_scale_are_as_written_out(void **state)
{
    (void)state;
    assert_written_out("{ scenario = \"base\"; start_year = \"2028-29\"; }",
                       WRITTEN("2028-29", "2", "3", "eligible = 1000; " PLAIN_INPUTS), 2);
    assert_written_out("{ scenario = \"base\"; start_year = \"2029-30\"; funded_years = "
                       "\"recurrent\"; }",
                       WRITTEN("2029-30", "2", "2", "eligible = 1000; " PLAIN_INPUTS), 3);
    assert_written_out("{ scenario = \"base\"; funded_years = 1; }",
                       WRITTEN("2026-27", "1", "5", "eligible = 1000; " PLAIN_INPUTS), 0);
    assert_written_out("{ scenario = \"base\"; funded_years = \"recurrent\"; }",
                       WRITTEN("2026-27", "5", "5", "eligible = 1000; " PLAIN_INPUTS), 0);
    assert_written_out("{ scenario = \"base\"; scales = [0.5]; }",
                       WRITTEN("2026-27", "2", "5", "eligible = 500; " PLAIN_INPUTS), 0);
    assert_written_out("{ scenario = \"base\"; scales = [0.5]; fixed_costs = \"scale\"; }",
                       WRITTEN("2026-27", "2", "5",
                               "eligible = 500; taken = 0.5; effect = 0.2; on_wards = 0.4; "
                               "on_cells = 0.01; fee = 50.0; team = 3500.0; "),
                       0);
    assert_written_out("{ scenario = \"base\"; scales = [0.5, 1.5]; }",
                       WRITTEN("2026-27", "2", "5", "eligible = 1500; " PLAIN_INPUTS), 0);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_programme_alone_is_its_scenario_to_the_byte),
        cmocka_unit_test(programmes_on_different_people_add),
        cmocka_unit_test(overlaps_come_out_by_hand),
        cmocka_unit_test(coverage_grows_with_every_intake),
        cmocka_unit_test(different_people_have_baselines_of_their_own),
        cmocka_unit_test(places_filled_to_the_last_start_no_step),
        cmocka_unit_test(synergies_come_out_by_hand),
        cmocka_unit_test(twins_save_more_than_one_and_less_than_twice),
        cmocka_unit_test(a_programme_without_effect_changes_nothing),
        cmocka_unit_test(the_population_is_that_of_the_programmes_that_run),
        cmocka_unit_test(rows_of_programmes_add_to_the_total_in_every_draw),
        cmocka_unit_test(attributed_nets_are_shapley_values_over_all_orders),
        cmocka_unit_test(synergies_on_everything_change_qalys),
        cmocka_unit_test(whole_steps_are_released_together),
        cmocka_unit_test(savings_together_stop_at_the_baseline_spend),
        cmocka_unit_test(delay_length_and_scale_are_as_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
