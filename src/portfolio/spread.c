/* Who gains, by quintile, and whether the gap narrows. method section 8. */
#include "equity/equity.h"
#include "portfolio/portfolio.h"
#include "uncertainty/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_SPREAD = 2 + N_QUINTILES };

/* Draws of what inequality is judged by; NULL: none, which is 0. */
struct spread {
    size_t n_draws;
    const double *fiscal;                   /* net fiscal of the headline's perspective, GBP */
    const double *qalys;                    /* of everybody */
    const double *of_quintile[N_QUINTILES]; /* QALYs of the quintile's groups */
};

static size_t cell_of(const struct plan *plan, size_t quintile)
{
    for (size_t cell = 0; cell < plan->n_cells; ++cell) {
        if (plan->cells[cell].quintile == quintile) {
            return cell;
        }
    }
    return SIZE_MAX;
}

static void spread_columns(const struct plan *plan, size_t columns[N_SPREAD])
{
    size_t total = plan->n_whos - 1;
    size_t who = plan_find_who(plan, plan->scenario->conventions.perspective);
    columns[0] = who != SIZE_MAX ? plan_find_result(plan, MEASURE_NET_FISCAL, who, 0, 0) : SIZE_MAX;
    columns[1] = plan_find_result(plan, MEASURE_QALYS, total, 0, 0);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        size_t cell = cell_of(plan, q + 1);
        columns[2 + q] = cell != SIZE_MAX
                             ? plan_find_result(plan, MEASURE_CELL_QALYS, total, 0, cell)
                             : SIZE_MAX;
    }
}

static void want_spread(const struct plan *plan, struct judged_draws *draws)
{
    size_t columns[N_SPREAD];
    spread_columns(plan, columns);
    for (size_t i = 0; i < N_SPREAD; ++i) {
        judged_want(draws, columns[i]);
    }
}

static struct spread read_spread(const struct plan *plan, const struct judged_draws *draws)
{
    size_t columns[N_SPREAD];
    spread_columns(plan, columns);
    struct spread spread = {.n_draws = draws->n_draws,
                            .fiscal = judged_column(draws, columns[0]),
                            .qalys = judged_column(draws, columns[1])};
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        spread.of_quintile[q] = judged_column(draws, columns[2 + q]);
    }
    return spread;
}

static double at(const double *draws, size_t draw)
{
    return draws != NULL ? draws[draw] : 0.0;
}

/* ---- intervals ---- */

/* Mean and 95 % interval of draws; scratch[n]. */
static struct interval summarise(const double *draws, size_t n, double *scratch)
{
    double sum = 0.0, quantiles[N_QUANTILES];
    for (size_t i = 0; i < n; ++i) {
        sum += draws[i];
    }
    quantile_select(n, draws, scratch, quantiles);
    return (struct interval){.mean = sum / (double)n, .low = quantiles[0], .high = quantiles[2]};
}

static struct interval of_run(const struct scenario_result *run, enum measure measure, size_t cell)
{
    const struct column_statistics *column =
        cell == SIZE_MAX ? NULL : result_find(run, measure, run->plan->n_whos - 1, 0, cell);
    struct interval interval = {0};
    if (column != NULL) {
        interval = (struct interval){column->mean, column->q025, column->q975};
    }
    return interval;
}

/* ---- one draw ---- */

struct judged_draw {
    double benefit[N_QUINTILES]; /* net health benefit, QALYs */
    double total, gap_closed, atkinson_gain, kolm_gain, equality_gain;
};

struct judge {
    const struct portfolio_equity *equity;
    double burden[N_QUINTILES], people;
    double atkinson_before, kolm_before, mean_before;
};

static struct judge make_judge(const struct portfolio_equity *equity)
{
    struct judge judge = {.equity = equity};
    equity_burden(N_QUINTILES, equity->people, equity->burden_ratio, judge.burden);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        judge.people += equity->people[q];
    }
    if (equity->baseline_qale != NULL) {
        judge.atkinson_before = equity_atkinson_ede(
            N_QUINTILES, equity->people, equity->baseline_qale, equity->atkinson_aversion);
        judge.kolm_before = equity_kolm_ede(N_QUINTILES, equity->people, equity->baseline_qale,
                                            equity->kolm_aversion);
        judge.mean_before = equity_mean(N_QUINTILES, equity->people, equity->baseline_qale);
    }
    return judge;
}

/* QALYs of nobody in particular are spread by people. method 8.1. */
static struct judged_draw judge_draw(const struct judge *judge, const struct spread *spread,
                                     size_t draw)
{
    const struct portfolio_equity *equity = judge->equity;
    struct judged_draw out = {.total = 0.0};
    double qalys[N_QUINTILES], change[N_QUINTILES], rest = at(spread->qalys, draw);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        rest -= at(spread->of_quintile[q], draw);
    }
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        qalys[q] = at(spread->of_quintile[q], draw) + rest * equity->people[q] / judge->people;
    }
    equity_net_health_benefit(N_QUINTILES, qalys, -at(spread->fiscal, draw),
                              equity->threshold_gbp_per_qaly, judge->burden, out.benefit);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        out.total += out.benefit[q];
        change[q] = out.benefit[q] / equity->people[q];
    }
    out.gap_closed = -equity_slope_index(N_QUINTILES, equity->people, change);
    if (equity->baseline_qale != NULL) {
        double after[N_QUINTILES];
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            after[q] = equity->baseline_qale[q] + change[q];
        }
        out.atkinson_gain =
            equity_atkinson_ede(N_QUINTILES, equity->people, after, equity->atkinson_aversion) -
            judge->atkinson_before;
        out.kolm_gain = equity_kolm_ede(N_QUINTILES, equity->people, after, equity->kolm_aversion) -
                        judge->kolm_before;
        double mean = equity_mean(N_QUINTILES, equity->people, after) - judge->mean_before;
        out.equality_gain = (out.kolm_gain - mean) * judge->people;
    }
    return out;
}

/* ---- levelling up ---- */

/* Mean of gap_closed where uptake of Q1 is multiplied by `factor`; NaN where it cannot be worked
 * out. */
static double gap_at_uptake(const struct portfolio_result *result, const struct portfolio_set *set,
                            const struct scenario_result *run, const struct judge *judge,
                            double factor)
{
    enum { UPTAKE_DRAWS = 1024 };
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL, .without_irr = true};
    struct arena arena;
    struct diagnostics diagnostics;
    struct error error;
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    struct portfolio copy = *set->plan->bundle->portfolio;
    struct portfolio_programme *programmes =
        arena_array(&arena, copy.n_programmes, sizeof *programmes);
    for (size_t i = 0; i < copy.n_programmes; ++i) {
        programmes[i] = copy.programmes[i];
        const struct scenario **levels =
            arena_array(&arena, programmes[i].n_scales, sizeof *levels);
        for (size_t k = 0; k < programmes[i].n_scales; ++k) {
            struct scenario *level = arena_alloc(&arena, sizeof *level);
            *level = *copy.programmes[i].levels[k];
            level->q1_uptake = factor;
            levels[k] = level;
        }
        programmes[i].levels = levels;
    }
    copy.programmes = programmes;
    const struct plan *plan =
        plan_build_bundle(&arena, result->library, &copy, set->solution.level, &full, &diagnostics);
    struct judged_draws draws = {.n_draws = plan != NULL && plan->n_columns > 0 ? UPTAKE_DRAWS : 1,
                                 .n_threads = result->n_threads};
    double sum = 0.0;
    if (plan != NULL) {
        want_spread(plan, &draws);
    }
    bool good = plan != NULL && judged_draw(&draws, plan, &run->design, &error) == STATUS_OK;
    if (good) {
        struct spread spread = read_spread(plan, &draws);
        for (size_t draw = 0; draw < draws.n_draws; ++draw) {
            sum += judge_draw(judge, &spread, draw).gap_closed;
        }
        sum /= (double)draws.n_draws;
    }
    judged_clear(&draws);
    arena_clear(&arena);
    return good ? sum : (double)NAN;
}

/* By how much uptake in the most deprived fifth must rise for the gap to narrow: bisection. */
static double find_uptake(const struct portfolio_result *result, const struct portfolio_set *set,
                          const struct scenario_result *run, const struct judge *judge)
{
    enum { STEPS = 30 };

    const double nothing = 1e-15; /* QALYs a person: what rounding leaves of an even gap */
    double low = 1.0, high = 10.0;
    if (!(gap_at_uptake(result, set, run, judge, low) < -nothing)) {
        return NAN; /* it narrows already */
    }
    if (!(gap_at_uptake(result, set, run, judge, high) >= 0.0)) {
        return (double)INFINITY;
    }
    for (int step = 0; step < STEPS && high - low > 1e-4; ++step) {
        double middle = 0.5 * (low + high);
        if (gap_at_uptake(result, set, run, judge, middle) >= 0.0) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

/* ---- the set ---- */

static void judge_draws(const struct judge *judge, const struct spread *spread,
                        struct portfolio_equality *out)
{
    size_t n = spread->n_draws;
    double *columns = memory_columns((N_QUINTILES + 6) * n);
    double *scratch = columns + (N_QUINTILES + 5) * n;
    size_t narrows = 0, q1_gains = 0, both = 0;
    for (size_t draw = 0; draw < n; ++draw) {
        struct judged_draw judged = judge_draw(judge, spread, draw);
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            columns[q * n + draw] = judged.benefit[q];
        }
        columns[5 * n + draw] = judged.total;
        columns[6 * n + draw] = judged.gap_closed;
        columns[7 * n + draw] = judged.atkinson_gain;
        columns[8 * n + draw] = judged.kolm_gain;
        columns[9 * n + draw] = judged.equality_gain;
        narrows += judged.gap_closed > 0.0 ? 1 : 0;
        q1_gains += judged.benefit[0] > 0.0 ? 1 : 0;
        both += judged.gap_closed > 0.0 && judged.total > 0.0 ? 1 : 0;
    }
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        out->quintiles[q].net_health_benefit = summarise(columns + q * n, n, scratch);
    }
    out->total_benefit = summarise(columns + 5 * n, n, scratch);
    out->gap_closed = summarise(columns + 6 * n, n, scratch);
    out->atkinson_gain = summarise(columns + 7 * n, n, scratch);
    out->kolm_gain = summarise(columns + 8 * n, n, scratch);
    out->equality_gain = summarise(columns + 9 * n, n, scratch);
    out->p_gap_narrows = (double)narrows / (double)n;
    out->p_q1_gains = (double)q1_gains / (double)n;
    out->p_both = (double)both / (double)n;
    free(columns);
}

static void set_quintiles(const struct judge *judge, const struct scenario_result *run,
                          struct portfolio_equality *out)
{
    const struct portfolio_equity *equity = judge->equity;
    double qaly_gbp = run->plan->qaly_worth_gbp;
    bool weighted = equity->income_gbp != NULL && !isnan(qaly_gbp);
    out->weighted_value = out->unweighted_value = weighted ? 0.0 : (double)NAN;
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        struct portfolio_quintile *quintile = &out->quintiles[q];
        size_t cell = cell_of(run->plan, q + 1);
        quintile->people = equity->people[q];
        quintile->burden = judge->burden[q];
        quintile->participants = of_run(run, MEASURE_CELL_PARTICIPANTS, cell);
        quintile->qalys = of_run(run, MEASURE_CELL_QALYS, cell);
        quintile->value = of_run(run, MEASURE_CELL_VALUE, cell);
        quintile->weight = equity->income_gbp == NULL
                               ? (double)NAN
                               : equity_green_book_weight(equity->income_gbp[q],
                                                          equity->reference_income_gbp, 1.3);
        if (weighted) {
            double value = quintile->qalys.mean * qaly_gbp;
            out->unweighted_value += value;
            out->weighted_value += value * quintile->weight;
        }
    }
}

static void set_slopes(const struct judge *judge, struct portfolio_equality *out)
{
    const struct portfolio_equity *equity = judge->equity;
    double after[N_QUINTILES];
    out->slope_before = out->slope_after = out->relative_before = out->relative_after = (double)NAN;
    if (equity->baseline_qale == NULL) {
        return;
    }
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        after[q] = equity->baseline_qale[q] +
                   out->quintiles[q].net_health_benefit.mean / equity->people[q];
    }
    out->slope_before = equity_slope_index(N_QUINTILES, equity->people, equity->baseline_qale);
    out->slope_after = equity_slope_index(N_QUINTILES, equity->people, after);
    out->relative_before =
        equity_relative_index(N_QUINTILES, equity->people, equity->baseline_qale);
    out->relative_after = equity_relative_index(N_QUINTILES, equity->people, after);
}

static bool is_judged(const struct portfolio_result *result, const struct portfolio_set *set)
{
    const struct portfolio_equity *equity = &result->portfolio->equity;
    bool by_quintile = false;
    for (size_t q = 1; q <= N_QUINTILES; ++q) {
        by_quintile = by_quintile || cell_of(set->plan, q) != SIZE_MAX;
    }
    return equity->setting != NULL && equity->people != NULL && by_quintile;
}

void portfolio_want_spread(const struct portfolio_result *result, const struct portfolio_set *set,
                           struct judged_draws *draws)
{
    if (is_judged(result, set)) {
        want_spread(set->plan, draws);
    }
}

void portfolio_spread_gain(struct portfolio_result *result, struct portfolio_set *set,
                           const struct scenario_result *run, const struct judged_draws *draws)
{
    if (!is_judged(result, set)) {
        return;
    }
    struct judge judge = make_judge(&result->portfolio->equity);
    struct spread spread = read_spread(set->plan, draws);
    judge_draws(&judge, &spread, &set->equality);
    set_quintiles(&judge, run, &set->equality);
    set_slopes(&judge, &set->equality);
    set->equality.uptake_factor = find_uptake(result, set, run, &judge);
    set->equality.judged = true;
}
