/* The numbers of a choice against the full model: every set's value in the tables is that of its
 * bundle. method 6.4. */
#include "plan/measure_reference.h"
#include "portfolio/portfolio.h"
#include "portfolio/tables.h"
#include "support/dice.h"
#include "support/portfolio_bench.h"

#include <gsl/gsl_errno.h>

enum { DRAWS = 300, MOST_MEASURES = 4096, N_SETS = 12 };

#define FOUR_SCALED                                                                                \
    "{ scenario = \"clinic\"; scales = [0.5, 1.0]; }, { scenario = \"club\"; scales = [0.4, "      \
    "1.0]; "                                                                                       \
    "fixed_costs = \"scale\"; }, { scenario = \"nurse\"; }, { scenario = \"more\"; start_year = "  \
    "\"2027-28\"; }"
#define MONEY "conventions = { monetise_qalys = true; }; "
#define TOGETHER                                                                                   \
    "synergies = ( { programmes = [\"clinic\", \"nurse\"]; factor = 1.3; reason = \"r\"; }, { "    \
    "programmes = [\"clinic\", \"club\"]; on = [\"club\"]; factor = 0.7; demand = \"visit\"; "     \
    "reason = \"r\"; }, { programmes = [\"club\", \"more\"]; on = [\"more\"]; factor = 1.1; "      \
    "reason "                                                                                      \
    "= \"r\"; } ); "
#define NESTED                                                                                     \
    "overlap = ( { programmes = [\"clinic\", \"nurse\"]; form = \"nested\"; reason = \"r\"; }, { " \
    "programmes = [\"club\", \"more\"]; form = \"share\"; share = 0.4; reason = \"r\"; } ); "

static void add_four(struct bench *bench)
{
    bench_scenario(bench, "clinic", "clinic", "inputs = { eligible = 4000; };");
    bench_scenario(bench, "club", "club", "inputs = { eligible = 6000; };");
    bench_scenario(bench, "nurse", "nurse", "inputs = { eligible = 4000; };");
    bench_scenario(bench, "more", "nurse", "inputs = { eligible = 3000; reached = 0.2; };");
}

/* ---- tables ---- */

struct tabled {
    const struct plan *bundle;
    struct linear_measure *measures;
    size_t n_measures;
    struct choice_tables tables;
    struct choice_problem problem;
};

static void make_problem(struct bench *bench, struct tabled *tabled)
{
    const struct plan_bundle *bundle = tabled->bundle->bundle;
    struct choice_programme *programmes =
        arena_array(&bench->arena, bundle->n_players, sizeof *programmes);
    size_t *first = arena_array(&bench->arena, bundle->n_players, sizeof *first);
    for (size_t i = 0; i < bundle->n_players; ++i) {
        programmes[i].n_levels = bundle->players[i].n_levels;
        first[i] = bundle->players[i].members[0];
    }
    tabled->problem = (struct choice_problem){.n_programmes = bundle->n_players,
                                              .programmes = programmes,
                                              .first_level = first,
                                              .n_level_indices = bundle->n_members,
                                              .n_measures = tabled->n_measures,
                                              .additive = tabled->tables.additive,
                                              .components = tabled->tables.components,
                                              .n_components = tabled->tables.n_components,
                                              .denominator = SIZE_MAX};
}

/* Tables of measures by name; names NULL: every column of the bundle that is a sum. */
static void make_tables(struct bench *bench, const char *const *names, size_t n_names,
                        size_t n_draws, const struct sampling_design *design, struct tabled *tabled)
{
    struct error error = {0};
    *tabled = (struct tabled){.bundle = bench_choice_bundle(bench)};
    size_t n = names != NULL ? n_names : tabled->bundle->n_own_results;
    tabled->measures = arena_array(&bench->arena, n, sizeof *tabled->measures);
    for (size_t i = 0; i < n; ++i) {
        const char *name =
            names != NULL ? names[i] : measure_reference_name(&bench->arena, tabled->bundle, i);
        if (name != NULL && measure_find_linear(&bench->arena, tabled->bundle, name,
                                                &tabled->measures[tabled->n_measures])) {
            ++tabled->n_measures;
        } else {
            assert_null(names);
        }
    }
    assert_int_equal(tables_make(&tabled->tables, tabled->bundle, tabled->measures,
                                 tabled->n_measures, tabled->n_measures, NULL, 0, n_draws, design,
                                 2, NULL, &error),
                     STATUS_OK);
    make_problem(bench, tabled);
}

static double mean_of(const struct plan *plan, const double *draws, const char *name)
{
    struct measure_reference reference;
    double sum = 0.0;
    if (!measure_reference_find(plan, name, &reference)) {
        return 0.0; /* nobody of that name in this set */
    }
    for (size_t draw = 0; draw < DRAWS; ++draw) {
        sum += draws[reference.column * DRAWS + draw];
    }
    return sum / DRAWS;
}

static void assert_set(struct bench *bench, const struct tabled *tabled, const uint8_t *levels)
{
    double *values = arena_array(&bench->arena, tabled->n_measures, sizeof *values);
    choice_evaluate(&tabled->problem, levels, values);
    const struct plan *set = bench_bundle(bench, levels);
    const double *draws = bench_draws(bench, set, DRAWS);
    for (size_t k = 0; k < tabled->n_measures; ++k) {
        const char *name = tabled->measures[k].name;
        double expected = mean_of(set, draws, name);
        double scale = strncmp(name, "qalys", 5) == 0 ? 1.0 : 1e5;
        if (!(fabs(values[k] - expected) <= 1e-10 * fmax(scale, fabs(expected)))) {
            print_error("levels %d %d %d %d, %s\n", levels[0], levels[1], levels[2], levels[3],
                        name);
        }
        assert_near(values[k], expected, scale, 1e-10);
    }
}

static void assert_random_sets(struct bench *bench, const char *const *names, size_t n_names,
                               uint64_t seed)
{
    struct dice dice = {seed};
    struct tabled tabled;
    make_tables(bench, names, n_names, DRAWS, &bench_design, &tabled);
    for (size_t i = 0; i < N_SETS; ++i) {
        uint8_t levels[BENCH_FILES] = {0};
        bool any = false;
        for (size_t k = 0; k < tabled.problem.n_programmes; ++k) {
            levels[k] = (uint8_t)dice_below(&dice, tabled.problem.programmes[k].n_levels + 1);
            any = any || levels[k] > 0;
        }
        if (any) {
            assert_set(bench, &tabled, levels);
        }
    }
    tables_clear(&tabled.tables);
}

static void tables_agree_with_the_full_model_on_every_set(void **state)
{
    (void)state;
    static const char *const names[] = {"net.total",
                                        "net.hospital",
                                        "net_cash.council",
                                        "net_fiscal.public_sector",
                                        "pv_cashable.hospital",
                                        "qalys.total",
                                        "pv_cost.total",
                                        "net.society@2"};
    static const char *const settings[] = {
        "",           MONEY,          "overlap_default = \"disjoint\"; " MONEY,
        NESTED MONEY, TOGETHER MONEY, TOGETHER NESTED MONEY "recycle_savings = true;"};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; ++i) {
        struct bench bench;
        bench_start(&bench);
        add_four(&bench);
        bench_portfolio(&bench, FOUR_SCALED, settings[i]);
        bench_build(&bench);
        assert_random_sets(&bench, names, sizeof names / sizeof *names, i);
        bench_clear(&bench);
    }
}

/* Every measure that is a sum, by its name, for all programmes. */
static void linear_measures_are_the_columns_of_the_same_name(void **state)
{
    (void)state;
    struct bench bench;
    struct tabled tabled;
    bench_start(&bench);
    add_four(&bench);
    bench_portfolio(&bench, FOUR_SCALED, TOGETHER NESTED MONEY);
    bench_build(&bench);
    make_tables(&bench, NULL, 0, DRAWS, &bench_design, &tabled);
    assert_true(tabled.n_measures > 300);
    assert_set(&bench, &tabled, (uint8_t[]){2, 2, 1, 1});
    tables_clear(&tabled.tables);
    bench_clear(&bench);
}

#define TOWN "area = \"town\"; population = { share = 0.8; }; "
#define EQUITY                                                                                     \
    "equity = { threshold_gbp_per_qaly = 15000.0; burden_ratio = 1.4; people = [1000.0, 900.0, "   \
    "800.0, 700.0, 600.0]; baseline_qale = [60.0, 63.0, 65.0, 67.0, 70.0]; source = \"s\"; }; "

static void add_quintiles(struct bench *bench, const char *more)
{
    bench_scenario(bench, "clinic", "clinic",
                   TOWN "gradients = ( { parameter = \"clinic_uptake\"; factors = [0.6, 0.8, 1.0, "
                        "1.1, 1.2]; reason = \"r\"; } );");
    bench_scenario(bench, "nurse", "nurse",
                   TOWN "gradients = ( { parameter = \"visits_a_year\"; factors = [1.4, 1.2, 1.0, "
                        "0.9, 0.8]; reason = \"r\"; } );");
    bench_scenario(bench, "club", "club", "inputs = { eligible = 900; };");
    bench_portfolio(bench,
                    "{ scenario = \"clinic\"; scales = [0.5, 1.0]; }, { scenario = "
                    "\"nurse\"; }, { scenario = \"club\"; }",
                    more);
    bench_build(bench);
}

static void tables_agree_with_the_full_model_by_quintile(void **state)
{
    (void)state;
    static const char *const names[] = {"net.total", "net.hospital", "qalys.total",
                                        "group_qalys.total.q1", "group_qalys.total.q5"};
    static const char *const settings[] = {
        "", "synergies = ( { programmes = [\"clinic\", \"nurse\"]; factor = 1.3; reason = \"r\"; } "
            "); " MONEY};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; ++i) {
        struct bench bench;
        bench_start(&bench);
        add_quintiles(&bench, settings[i]);
        assert_random_sets(&bench, names, sizeof names / sizeof *names, 90 + i);
        bench_clear(&bench);
    }
}

/* ---- the whole way: choose, run, judge ---- */

struct journey {
    struct portfolio_result result;
    const struct plan *plans[8];
    struct scenario_result runs[9];
    size_t n_plans;
};

static void choose(struct bench *bench, size_t n_threads, struct portfolio_result *result)
{
    struct error error = {0};
    enum status status = portfolio_choose(result, bench->library, bench->portfolio, &bench_design,
                                          DRAWS, n_threads, NULL, &bench->diagnostics, &error);
    if (status != STATUS_OK) {
        bench_print(bench);
        fail_msg("%s", error.message);
    }
}

static void travel(struct bench *bench, struct journey *journey)
{
    struct error error = {0};
    const struct simulation_options options = {
        .seed = bench_design.seed, .n_draws = DRAWS, .n_scramblings = bench_design.n_scramblings};
    *journey = (struct journey){.n_plans = 0};
    choose(bench, 2, &journey->result);
    for (size_t i = 0; i < journey->result.n_sets; ++i) {
        if (journey->result.sets[i].plan != NULL) {
            journey->plans[journey->n_plans++] = journey->result.sets[i].plan;
        }
    }
    assert_int_equal(simulation_run(&bench->arena, journey->plans, journey->n_plans, &options,
                                    journey->runs, &error),
                     STATUS_OK);
    assert_int_equal(portfolio_judge(&journey->result, journey->runs, &error), STATUS_OK);
}

static void arrive(struct journey *journey)
{
    simulation_clear(journey->runs, journey->n_plans);
    portfolio_clear(&journey->result);
}

static void figures_of_inequality_are_those_of_the_choice(void **state)
{
    (void)state;
    static const char *const names[] = {"nhb.q1", "nhb.q2",    "nhb.q3",    "nhb.q4",
                                        "nhb.q5", "nhb.total", "gap_closed"};
    struct bench bench;
    struct journey journey;
    struct tabled tabled;
    double values[7];
    bench_start(&bench);
    add_quintiles(&bench, EQUITY MONEY);
    travel(&bench, &journey);
    const struct portfolio_equality *equality = &journey.result.sets[0].equality;
    assert_true(equality->judged);
    make_tables(&bench, names, 7, DRAWS, &journey.runs[0].design, &tabled);
    choice_evaluate(&tabled.problem, (uint8_t[]){2, 1, 1}, values);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        assert_near(equality->quintiles[q].net_health_benefit.mean, values[q], 1.0, 1e-10);
    }
    assert_near(equality->total_benefit.mean, values[5], 1.0, 1e-10);
    assert_near(equality->gap_closed.mean, values[6], 1e-3, 1e-10);
    tables_clear(&tabled.tables);
    arrive(&journey);
    bench_clear(&bench);
}

static void assert_certified(const struct portfolio_result *result)
{
    assert_int_equal(result->n_sets, 3);
    for (size_t i = 1; i < 3; ++i) {
        const struct portfolio_set *set = &result->sets[i];
        assert_true(set->solution.found && set->solution.exact);
        if (set->plan != NULL) {
            assert_near(set->full_model_value, set->solution.value, 1.0, 1e-9);
        }
    }
    assert_true(result->sets[2].solution.value >= result->sets[1].solution.value);
    assert_close(result->value_of_pooling,
                 result->sets[2].solution.value - result->sets[1].solution.value, 1e-12);
}

static void chosen_sets_are_worth_what_their_runs_say(void **state)
{
    (void)state;
    static const char *const settings[] = {
        "objective = \"net.society\"; budgets = { council = 90000; hospital = 3000; }; ",
        "objective = \"qalys.total\"; budgets = { council = 150000; hospital = 8000; }; ",
        "objective = \"bcr.total\"; budgets = { council = 150000; hospital = 8000; }; ",
        "objective = \"return_cashable.hospital\"; budgets = { council = 200000; hospital = 8000; "
        "}; ",
        "objective = \"net.society\"; budgets = { council = 60000; hospital = 3000; }; "
        "recycle_savings = true; constraints = [ \"qalys.total >= 1\" ]; "};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; ++i) {
        struct bench bench;
        struct portfolio_result result;
        bench_start(&bench);
        add_four(&bench);
        bench_portfolio(&bench, FOUR_SCALED,
                        arena_printf(&bench.arena, "%s %s", settings[i], TOGETHER NESTED MONEY));
        bench_build(&bench);
        choose(&bench, 1, &result);
        assert_certified(&result);
        portfolio_clear(&result);
        bench_clear(&bench);
    }
}

/* ---- by hand ---- */

/* Costs are paid once, savings come in two years; nothing overlaps, is uncertain or discounted. a:
 * the council pays 100, the hospital saves 300 a year; b: the hospital pays 60, the council saves
 * 100; c: the council pays 50 and saves 45. Nets 500, 140, 40. Sets as bits: a is 1, b 2, c 4. */
static void choose_by_hand(const char *settings, uint8_t silo, uint8_t pooled, double pooling)
{
    struct bench bench;
    struct portfolio_result result;
    bench_start(&bench);
    bench_scenario(&bench, "a", "pact",
                   "inputs = { council_pays = 100; hospital_saves = 300; };" BENCH_FLAT);
    bench_scenario(&bench, "b", "pact",
                   "inputs = { hospital_pays = 60; council_saves = 100; };" BENCH_FLAT);
    bench_scenario(&bench, "c", "pact",
                   "inputs = { council_pays = 50; council_saves = 45; };" BENCH_FLAT);
    bench_portfolio(
        &bench, "{ scenario = \"a\"; }, { scenario = \"b\"; }, { scenario = \"c\"; }",
        arena_printf(&bench.arena, "overlap_default = \"disjoint\"; %s %s", settings, BENCH_FLAT));
    bench_build(&bench);
    choose(&bench, 1, &result);
    uint8_t sets[2] = {0, 0};
    for (size_t form = 0; form < 2; ++form) {
        assert_true(result.sets[1 + form].solution.found && result.sets[1 + form].solution.exact);
        for (size_t i = 0; i < 3; ++i) {
            sets[form] |= (uint8_t)((result.sets[1 + form].solution.level[i] > 0 ? 1U : 0U) << i);
        }
    }
    assert_int_equal(sets[0], silo);
    assert_int_equal(sets[1], pooled);
    assert_near(result.value_of_pooling, pooling, 1.0, 1e-12);
    portfolio_clear(&result);
    bench_clear(&bench);
}

static void pooling_and_recycling_are_worth_what_they_are_by_hand(void **state)
{
    (void)state;
    /* a does not fit the council's 90; the pool of 160 holds a and b. */
    choose_by_hand("objective = \"net.total\"; budgets = { council = [90, 0, 0, 0, 0]; hospital "
                   "= [70, 0, 0, 0, 0]; };",
                   6, 3, 500.0 - 40.0);
    /* b's 100 for the council come back in the same year: 90 + 100 pays for a and c. */
    choose_by_hand("objective = \"net.total\"; recycle_savings = true; budgets = { council = "
                   "[90, 0, 0, 0, 0]; hospital = [70, 0, 0, 0, 0]; };",
                   7, 7, 0.0);
    /* Without any money a and b still pay for each other; c, 5 short, needs the hospital's gain. */
    choose_by_hand("objective = \"net.total\"; recycle_savings = true; budgets = { council = 0; "
                   "hospital = 0; };",
                   3, 7, 40.0);
    /* A pool of the council alone is its silo. */
    choose_by_hand("objective = \"net.total\"; budgets = { council = [90, 0, 0, 0, 0]; hospital "
                   "= [70, 0, 0, 0, 0]; }; pools = { own = { label = \"Own\"; sectors = "
                   "[\"council\"]; }; };",
                   6, 6, 0.0);
}

static void assert_same_choice(const struct portfolio_result *a, const struct portfolio_result *b,
                               size_t n_programmes, size_t n_levels)
{
    for (size_t i = 0; i < a->n_sets; ++i) {
        const struct portfolio_set *one = &a->sets[i], *other = &b->sets[i];
        assert_memory_equal(one->solution.level, other->solution.level, n_programmes);
        assert_memory_equal(&one->solution.value, &other->solution.value, sizeof(double));
        assert_memory_equal(&one->full_model_value, &other->full_model_value, sizeof(double));
    }
    assert_memory_equal(&a->value_of_pooling, &b->value_of_pooling, sizeof(double));
    assert_memory_equal(a->inclusion, b->inclusion, n_levels * sizeof(double));
    for (size_t form = 0; form < N_BUDGET_FORMS; ++form) {
        assert_int_equal(a->n_shadows[form], b->n_shadows[form]);
        for (size_t i = 0; i < a->n_shadows[form]; ++i) {
            assert_memory_equal(&a->shadows[form][i].gain_per_gbp,
                                &b->shadows[form][i].gain_per_gbp, sizeof(double));
        }
    }
    assert_int_equal(a->n_risk, b->n_risk);
    for (size_t i = 0; i < a->n_risk; ++i) {
        assert_memory_equal(&a->risk[i].y, &b->risk[i].y, sizeof(double));
    }
    assert_memory_equal(&a->q05, &b->q05, sizeof(double));
}

static void threads_do_not_change_a_choice(void **state)
{
    (void)state;
    struct bench bench;
    struct portfolio_result results[3];
    bench_start(&bench);
    add_four(&bench);
    bench_portfolio(&bench, FOUR_SCALED,
                    "objective = \"net.society\"; budgets = { council = 90000; hospital = 5000; }; "
                    "constraints = [ \"prob(net.police >= 0) >= 0.5\" ]; " TOGETHER);
    bench_build(&bench);
    for (size_t i = 0; i < 3; ++i) {
        choose(&bench, i + 1, &results[i]);
    }
    assert_same_choice(&results[0], &results[1], 4, 6);
    assert_same_choice(&results[0], &results[2], 4, 6);
    for (size_t i = 0; i < 3; ++i) {
        portfolio_clear(&results[i]);
    }
    bench_clear(&bench);
}

/* ---- deals ---- */

static void assert_deal(const struct portfolio_sharing *sharing, size_t n_partners)
{
    for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
        double sum = 0.0, scale = 1.0;
        for (size_t i = 0; sharing->rules[rule].applies && i < n_partners; ++i) {
            sum += sharing->rules[rule].transfers[i];
            scale += fabs(sharing->rules[rule].transfers[i]);
        }
        assert_near(sum, 0.0, scale, 1e-12);
    }
}

static void transfers_of_every_rule_sum_to_nothing(void **state)
{
    (void)state;
    struct bench bench;
    struct journey journey;
    bench_start(&bench);
    add_four(&bench);
    bench_portfolio(&bench, FOUR_SCALED,
                    "objective = \"net.society\"; budgets = { council = 90000; hospital = 5000; }; "
                    "deal = { baseline_budgets = { council = 2.0e6; hospital = 3.0e6; police = "
                    "1.0e6; }; }; " TOGETHER);
    bench_build(&bench);
    travel(&bench, &journey);
    for (size_t i = 0; i < journey.result.n_sets; ++i) {
        const struct portfolio_deal *deal = &journey.result.sets[i].deal;
        for (size_t basis = 0; basis < N_DEAL_BASES; ++basis) {
            assert_deal(&deal->bases[basis], deal->n_partners);
        }
    }
    arrive(&journey);
    bench_clear(&bench);
}

static void the_compensation_case_comes_out_to_the_penny(void **state)
{
    (void)state;
    /* Partners in id order: council, hospital, housing, police. Thousands; nets -140, 210, 30, 40.
     * By budgets of 30, 50, 10 and 10 million. */
    static const double finals[N_DEAL_RULES][4] = {
        {35000.0, 35000.0, 35000.0, 35000.0},     {42000.0, 70000.0, 14000.0, 14000.0},
        {21538.46, 93333.33, 10769.23, 14358.97}, {112000.0, 28000.0, 0.0, 0.0},
        {0.0, 105000.0, 15000.0, 20000.0},        {58333.33, 58333.33, 10000.0, 13333.33}};
    static const double nets[] = {-140000.0, 210000.0, 30000.0, 40000.0};
    struct bench bench;
    struct journey journey;
    bench_start(&bench);
    bench_scenario(&bench, "early_help", "pact",
                   "inputs = { council_pays = 200000; council_saves = 60000; hospital_saves = "
                   "200000; };" BENCH_FLAT);
    bench_scenario(&bench, "outreach", "pact",
                   "inputs = { hospital_pays = 50000; hospital_saves = 60000; police_saves = "
                   "40000; housing_saves = 30000; };" BENCH_FLAT);
    bench_portfolio(&bench,
                    "{ scenario = \"early_help\"; funded_years = 1; }, { scenario = \"outreach\"; "
                    "funded_years = 1; }",
                    "deal = { baseline_budgets = { council = 30; hospital = 50; housing = 10; "
                    "police = 10; }; risk_sharing = \"losers_first\"; }; " BENCH_FLAT);
    bench_build(&bench);
    travel(&bench, &journey);
    const struct portfolio_set *set = &journey.result.sets[0];
    assert_int_equal(set->deal.n_partners, 4);
    for (size_t basis = 0; basis < N_DEAL_BASES; ++basis) {
        const struct portfolio_sharing *sharing = &set->deal.bases[basis];
        assert_int_equal(sharing->verdict, DEAL_GOOD_WITH_COMPENSATION);
        assert_near(sharing->smallest_sum, 140000.0, 1.0, 1e-9);
        for (size_t i = 0; i < 4; ++i) {
            assert_near(sharing->net[i], nets[i], 1.0, 1e-9);
        }
        for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
            assert_true(sharing->rules[rule].applies);
            for (size_t i = 0; i < 4; ++i) {
                const struct portfolio_rule_result *result = &sharing->rules[rule];
                assert_true(fabs(result->final[i] - finals[rule][i]) < 0.005);
                assert_true(fabs(result->transfers[i] - finals[rule][i] + nets[i]) < 0.005);
            }
            assert_close(sharing->rules[rule].record.p_all_whole, 1.0, 0.0);
        }
        assert_close(sharing->risk_mean_transfers[0], 140000.0, 1e-12);
    }
    arrive(&journey);
    bench_clear(&bench);
}

/* ---- too much to work out ---- */

#define GAIN_MODEL                                                                                 \
    "model = { kind = \"programme\"; title = \"Gain\"; prevention = \"secondary\"; "               \
    "population_reach = \"population_group\"; inputs = { eligible = { label = \"People\"; unit = " \
    "\"people\"; min = 0.0; }; }; funnel = { eligible = \"eligible\"; }; intake = \"once\"; "      \
    "costs = ( { name = \"fee\"; per = \"participant\"; amount = 10; } ); qalys = ( { name = "     \
    "\"wellbeing\"; gain = 0.01; duration_years = 1; to = \"residents\"; } ); };"

static void add_gains(struct bench *bench, const char *people)
{
    static const char text[] = GAIN_MODEL;
    assert_true(bench->n_models < BENCH_DOCUMENTS);
    bench->models[bench->n_models++].document = reader_parse(
        &bench->arena, &bench->diagnostics, BENCH_MODELS "gain/model.cfg", text, sizeof text - 1);
    bench_scenario(bench, "gain", "gain",
                   arena_printf(&bench->arena, "inputs = { eligible = %s; };", people));
}

/* Combinations are counted without overflow: 2^64 of them are not none. */
static void synergies_of_too_many_programmes_are_refused(void **state)
{
    (void)state;

    static const struct {
        size_t n_programmes;
        const char *scales;
        size_t n_errors;
    } cases[] = {
        {18, "", 0},
        {19, "", 1},
        {64, "", 1},
        {16,
         "scales = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5];",
         1}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        struct bench bench;
        bench_start(&bench);
        add_gains(&bench, "100");
        const char *programmes = "", *names = "";
        for (size_t k = 0; k < cases[i].n_programmes; ++k) {
            const char *comma = k > 0 ? ", " : "";
            programmes =
                arena_printf(&bench.arena, "%s%s{ scenario = \"gain\"; name = \"p%zu\"; %s }",
                             programmes, comma, k, cases[i].scales);
            names = arena_printf(&bench.arena, "%s%s\"p%zu\"", names, comma, k);
        }
        bench_portfolio(&bench, programmes,
                        arena_printf(&bench.arena,
                                     "objective = \"qalys.total\"; synergies = ( { programmes = "
                                     "[%s]; factor = 1.1; reason = \"r\"; } );",
                                     names));
        bench_build(&bench);
        portfolio_check(&bench.arena, bench.library, bench.portfolio, &bench.diagnostics);
        assert_int_equal(bench.diagnostics.n_errors, cases[i].n_errors);
        bench_clear(&bench);
    }
}

/* Nothing would be found among values that are not numbers, which is no proof. */
static void numbers_too_large_are_no_choice(void **state)
{
    (void)state;
    struct bench bench;
    struct portfolio_result result;
    struct error error = {0};
    bench_start(&bench);
    add_gains(&bench, "1e308");
    bench_portfolio(&bench, "{ scenario = \"gain\"; scales = [1.0, 50.0]; }",
                    "budgets = { council = 1000; };");
    bench_build(&bench);
    assert_int_equal(portfolio_choose(&result, bench.library, bench.portfolio, &bench_design, DRAWS,
                                      2, NULL, &bench.diagnostics, &error),
                     STATUS_NUMERIC);
    assert_non_null(strstr(error.message, "too large"));
    portfolio_clear(&result);
    bench_clear(&bench);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_agree_with_the_full_model_on_every_set),
        cmocka_unit_test(linear_measures_are_the_columns_of_the_same_name),
        cmocka_unit_test(tables_agree_with_the_full_model_by_quintile),
        cmocka_unit_test(figures_of_inequality_are_those_of_the_choice),
        cmocka_unit_test(chosen_sets_are_worth_what_their_runs_say),
        cmocka_unit_test(pooling_and_recycling_are_worth_what_they_are_by_hand),
        cmocka_unit_test(threads_do_not_change_a_choice),
        cmocka_unit_test(transfers_of_every_rule_sum_to_nothing),
        cmocka_unit_test(the_compensation_case_comes_out_to_the_penny),
        cmocka_unit_test(synergies_of_too_many_programmes_are_refused),
        cmocka_unit_test(numbers_too_large_are_no_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
