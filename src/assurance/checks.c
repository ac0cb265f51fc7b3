/* The QA log: identities that the results must keep, worked out again from the statistics that the
 * files are written from, and what a reader must be warned of. Sums of means are means of sums, so
 * that the identities hold for means to rounding. */
#include "assurance/assurance_private.h"
#include "decision/sensitivity.h"
#include "plan/plan_bundle.h"
#include "plan/plan_health.h"

#include <gsl/gsl_cdf.h>

#include <math.h>

/* Of the sum of the absolute parts: rounding of some ten thousand additions stays well below. */
static const double arithmetic_tolerance = 1e-9;
/* Less is the noise of the last bits, which differs with the C library that fitted the evidence. */
static const double noise = 1e-13;
static const double monte_carlo_tolerance = 0.05, flip_tolerance = 0.05;
static const double assumption_tolerance = 0.5, unit_cost_years = 5.0, share_tolerance = 1e-9;

const char *check_outcome_name(enum check_outcome outcome)
{
    static const char *const names[] = {"pass", "warn", "fail", "not applicable"};
    return names[outcome];
}

double assurance_flip_probability(const struct scenario_result *result,
                                  const struct column_statistics *net)
{
    double t = -fabs(net->mean) / (1.4142135623730951 * net->se);
    if (!(net->se > 0.0)) {
        return 0.0;
    }
    return result->se_degrees > 0 ? gsl_cdf_tdist_P(t, result->se_degrees) : gsl_cdf_ugaussian_P(t);
}

struct checking {
    struct arena *arena;
    const struct scenario_result *result;
    const struct plan *plan;
    struct assurance_check *checks;
    size_t n_checks, capacity;
};

/* The largest relative difference so far. */
struct gap {
    double worst;
    size_t n;
};

static void compare(struct gap *gap, double a, double b, double scale)
{
    double difference = fabs(a - b) / fmax(scale, 1.0);
    ++gap->n;
    /* NaN is the worst of all. */
    if (!(difference <= gap->worst)) {
        gap->worst = difference;
    }
}

static void add_check(struct checking *checking, struct assurance_check check)
{
    checking->checks = arena_grow(checking->arena, checking->checks, checking->n_checks,
                                  &checking->capacity, sizeof *checking->checks);
    checking->checks[checking->n_checks++] = check;
}

/* An identity that must hold: nothing compared means that it does not apply. */
static void add_identity(struct checking *checking, const char *id, const char *compared,
                         const struct gap *gap)
{
    enum check_outcome outcome = gap->n == 0                          ? CHECK_NOT_APPLICABLE
                                 : gap->worst <= arithmetic_tolerance ? CHECK_PASS
                                                                      : CHECK_FAIL;
    add_check(checking, (struct assurance_check){.id = id,
                                                 .compared = compared,
                                                 .outcome = outcome,
                                                 .n_compared = gap->n,
                                                 .size = gap->n == 0          ? (double)NAN
                                                         : gap->worst < noise ? 0.0
                                                                              : gap->worst,
                                                 .tolerance = arithmetic_tolerance,
                                                 .unit = "share of the sum of the parts",
                                                 .arithmetic = true});
}

/* A size above its tolerance is a warning; NaN: it does not apply. */
static void add_warning(struct checking *checking, const char *id, const char *compared, size_t n,
                        double size, double tolerance, const char *unit)
{
    add_check(checking, (struct assurance_check){.id = id,
                                                 .compared = compared,
                                                 .outcome = isnan(size) ? CHECK_NOT_APPLICABLE
                                                            : size > tolerance ? CHECK_WARN
                                                                               : CHECK_PASS,
                                                 .n_compared = n,
                                                 .size = size,
                                                 .tolerance = tolerance,
                                                 .unit = unit});
}

static const struct column_statistics *find(const struct checking *checking, enum measure measure,
                                            size_t who, size_t year, size_t item)
{
    return result_find(checking->result, measure, who, year, item);
}

static double mean_of(const struct checking *checking, enum measure measure, size_t who,
                      size_t year, size_t item)
{
    const struct column_statistics *statistics = find(checking, measure, who, year, item);
    return statistics != NULL ? statistics->mean : 0.0;
}

/* ---- programmes: the ledger ---- */

static bool is_additive(enum measure measure)
{
    return measure <= MEASURE_NET_CASH ||
           (measure >= MEASURE_NET_AT && measure <= MEASURE_QALYS_UNDISCOUNTED);
}

/* Rows of perspectives and the total against the rows of their sectors. */
static void compare_members(const struct checking *checking, struct gap *gap,
                            const struct plan_result_column *column, double mean)
{
    const struct plan_who *who = &checking->plan->whos[column->who];
    double sum = 0.0, scale = 0.0;
    if (who->kind == WHO_SECTOR) {
        return;
    }
    for (size_t i = 0; i < who->n_members; ++i) {
        double part =
            mean_of(checking, column->measure, who->members[i], column->year, column->item);
        sum += part;
        scale += fabs(part);
    }
    compare(gap, sum, mean, scale);
}

static void check_sectors(struct checking *checking)
{
    struct gap gap = {0};
    for (size_t i = 0; i < checking->plan->n_own_results; ++i) {
        const struct plan_result_column *column = &checking->plan->results[i];
        if (is_additive(column->measure)) {
            compare_members(checking, &gap, column, checking->result->statistics[i].mean);
        }
    }
    add_identity(checking, "sectors_add",
                 "sums of the partners' rows with the rows of each perspective and the total, each "
                 "kind, net, year and QALYs",
                 &gap);
}

static enum measure pv_of(size_t kind)
{
    return (enum measure)(MEASURE_PV_COST_CASH + kind);
}

static void check_years(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    struct gap gap = {0};
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            const struct column_statistics *present = find(checking, pv_of(kind), who, 0, 0);
            double sum = 0.0, scale = 0.0;
            if (present == NULL ||
                plan_find_result(plan, MEASURE_FLOW_YEAR, who, 0, kind) == SIZE_MAX) {
                continue;
            }
            for (size_t year = 0; year < plan->n_years; ++year) {
                double flow = mean_of(checking, MEASURE_FLOW_YEAR, who, year, kind) *
                              plan_discount(plan, (enum flow_kind)kind, year);
                sum += flow;
                scale += fabs(flow);
            }
            compare(&gap, sum, present->mean, scale);
        }
    }
    add_identity(checking, "years_add",
                 "yearly real flows times discount factors with the present values, each partner "
                 "and kind",
                 &gap);
}

/* Cash of the day from real flows and the price factors, and the running totals' last year. */
static void check_cash(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    struct gap gap = {0};
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        double sum = 0.0, scale = 0.0;
        bool any = false;
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            enum flow_kind flow_kind = (enum flow_kind)kind;
            for (size_t year = 0; flow_kind_is_cash(flow_kind) && year < plan->n_years; ++year) {
                double flow = mean_of(checking, MEASURE_FLOW_YEAR, who, year, kind) *
                              flow_kind_sign(flow_kind) * plan->nominal_factor[year];
                sum += flow;
                scale += fabs(flow);
                any = any || flow != 0.0;
            }
        }
        if (any) {
            compare(&gap, sum, mean_of(checking, MEASURE_NET_CASH, who, 0, 0), scale);
        }
    }
    add_identity(checking, "cash_is_nominal",
                 "yearly real cash flows times price factors with net cash, each partner", &gap);
}

static void check_last_year(struct checking *checking)
{
    static const struct {
        enum measure at, whole;
    } pairs[] = {{MEASURE_NET_AT, MEASURE_NET},
                 {MEASURE_NET_UNDISCOUNTED_AT, MEASURE_NET_UNDISCOUNTED},
                 {MEASURE_NET_CASH_AT, MEASURE_NET_CASH}};
    struct gap gap = {0};
    for (size_t who = 0; who < checking->plan->n_whos; ++who) {
        for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
            const struct column_statistics *last =
                find(checking, pairs[i].at, who, checking->plan->n_years - 1, 0);
            if (last != NULL) {
                double whole = mean_of(checking, pairs[i].whole, who, 0, 0);
                compare(&gap, last->mean, whole, fabs(whole));
            }
        }
    }
    add_identity(
        checking, "last_year_is_total",
        "cumulative figures of the last year with the totals, each partner and perspective", &gap);
}

/* Net is benefits and transfers less costs, and money levered in is in none of it. */
static double net_from_kinds(const struct checking *checking, size_t who, bool with_levered,
                             double *scale)
{
    double sum = 0.0;
    *scale = 0.0;
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        double sign = kind == FLOW_LEVERED_IN ? (with_levered ? 1.0 : 0.0)
                                              : flow_kind_sign((enum flow_kind)kind);
        double part = sign * mean_of(checking, pv_of(kind), who, 0, 0);
        sum += part;
        *scale += fabs(part);
    }
    return sum;
}

static void check_net(struct checking *checking)
{
    struct gap all = {0}, levered = {0};
    for (size_t who = 0; who < checking->plan->n_whos; ++who) {
        double scale = 0.0, net = mean_of(checking, MEASURE_NET, who, 0, 0);
        double without = net_from_kinds(checking, who, false, &scale);
        compare(&all, without, net, scale);
        if (mean_of(checking, MEASURE_PV_LEVERED_IN, who, 0, 0) != 0.0) {
            compare(&levered, without, net, scale);
        }
    }
    add_identity(checking, "net_is_its_kinds",
                 "benefits and transfers less costs with the net, each partner and perspective",
                 &all);
    add_identity(checking, "levered_in_no_net",
                 "nets of whoever money is levered in for with their other kinds alone", &levered);
}

static void check_transfers(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    struct gap gap = {0};
    double scale = 0.0, sum = 0.0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        double part = mean_of(checking, MEASURE_PV_TRANSFER, who, 0, 0);
        scale += fabs(part);
        sum += part;
    }
    if (scale > 0.0) {
        compare(&gap, sum, 0.0, scale);
        compare(&gap, mean_of(checking, MEASURE_PV_TRANSFER, plan->n_whos - 1, 0, 0), 0.0, scale);
    }
    add_identity(checking, "transfers_cancel", "transfers of all partners with nothing", &gap);
}

/* ---- shares that must sum to 1 ---- */

static void compare_shares(struct gap *gap, const struct share *shares, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        sum += shares[i].share;
    }
    if (n > 0) {
        compare(gap, sum, 1.0, 1.0);
    }
}

static void compare_funding(struct gap *gap, const struct scenario *scenario)
{
    compare_shares(gap, scenario->funding, scenario->n_funding);
    for (size_t i = 0; i < scenario->n_pools; ++i) {
        compare_shares(gap, scenario->pools[i].members, scenario->pools[i].n_members);
    }
}

static void add_shares(struct checking *checking, const char *id, const char *compared,
                       const struct gap *gap)
{
    add_check(checking,
              (struct assurance_check){.id = id,
                                       .compared = compared,
                                       .outcome = gap->n == 0 ? CHECK_NOT_APPLICABLE
                                                  : gap->worst <= share_tolerance ? CHECK_PASS
                                                                                  : CHECK_FAIL,
                                       .n_compared = gap->n,
                                       .size = gap->n == 0          ? (double)NAN
                                               : gap->worst < noise ? 0.0
                                                                    : gap->worst,
                                       .tolerance = share_tolerance,
                                       .unit = "share",
                                       .arithmetic = true});
}

static void check_shares(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    struct gap funding = {0}, splits = {0};
    if (plan->bundle == NULL) {
        compare_funding(&funding, plan->scenario);
    }
    for (size_t i = 0; plan->bundle != NULL && i < plan->bundle->n_members; ++i) {
        compare_funding(&funding, plan->bundle->members[i].plan->scenario);
    }
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (parameter != NULL) {
            compare_shares(&splits, parameter->split, parameter->n_split);
        }
    }
    add_shares(checking, "funding_adds", "funding shares and members of pools with 1", &funding);
    add_shares(checking, "splits_add", "agency splits of the unit costs in use with 1", &splits);
}

/* ---- draws ---- */

static void check_draws(struct checking *checking)
{
    const struct scenario_result *result = checking->result;
    size_t n = 0;
    uint64_t missing = 0;
    for (size_t i = 0; i < checking->plan->n_own_results; ++i) {
        enum measure measure = checking->plan->results[i].measure;
        bool always = is_additive(measure) ||
                      (measure >= MEASURE_OPTION_COST && measure <= MEASURE_OPTION_NMB_DIFFERENCE);
        if (always) {
            missing += result->n_draws - result->statistics[i].n_finite;
            ++n;
        }
    }
    add_check(checking, (struct assurance_check){.id = "draws_finite",
                                                 .compared = "figures of every draw that are no "
                                                             "numbers, with none",
                                                 .outcome = missing == 0 ? CHECK_PASS : CHECK_FAIL,
                                                 .n_compared = n,
                                                 .size = (double)missing,
                                                 .tolerance = 0.0,
                                                 .unit = "draws",
                                                 .arithmetic = true});
}

static void check_caps(struct checking *checking)
{
    size_t n = 0;
    for (size_t i = 0; i < checking->plan->n_demands; ++i) {
        n += checking->plan->demands[i].ceiling_gbp != NULL ? 1 : 0;
    }
    add_warning(checking, "draws_capped",
                "draws in which savings reached a partner's stated spend, with none", n,
                n > 0 ? checking->result->capped_share : (double)NAN, 0.0, "share of draws");
}

static void check_exactness(struct checking *checking)
{
    const struct column_statistics *net =
        find(checking, MEASURE_NET, assurance_headline_who(checking->plan), 0, 0);
    bool varies = net->sd > 0.0 && checking->result->n_draws > 1;
    add_warning(checking, "monte_carlo_error", "Monte Carlo error of the headline net with the net",
                1, varies ? net->se / fabs(net->mean) : (double)NAN, monte_carlo_tolerance,
                "share of the net");
    /* Rounded: the distribution function is GSL's, whose last bits differ between processors. */
    add_warning(checking, "another_seed", "chance that another seed turns the sign of the net", 1,
                varies ? round(assurance_flip_probability(checking->result, net) * 1e6) / 1e6
                       : (double)NAN,
                flip_tolerance, "probability");
    add_warning(checking, "assumption_share",
                "share of the net's variance that rests on assumptions", 1,
                checking->result->assumption_share, assumption_tolerance, "share of the variance");
}

/* ---- evidence ---- */

static void check_evidence(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    size_t n_dated = 0, n_stale = 0, n_costs = 0;
    double oldest = 0.0;
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (parameter == NULL) {
            continue;
        }
        n_dated += parameter->review_by != NULL ? 1 : 0;
        n_stale += evidence_is_stale(plan, parameter) ? 1 : 0;
        if (parameter->price_year != 0) {
            ++n_costs;
            oldest = fmax(oldest,
                          (double)(plan->scenario->conventions.price_year - parameter->price_year));
        }
    }
    add_warning(checking, "evidence_reviewed", "evidence that was to be reviewed before the run",
                n_dated, n_dated > 0 ? (double)n_stale : (double)NAN, 0.0, "items");
    add_warning(checking, "unit_costs_age",
                "years from the oldest price in use to the run's price year", n_costs,
                n_costs > 0 ? oldest : (double)NAN, unit_cost_years, "years");
}

/* ---- portfolios ---- */

/* What is attributed to the programmes against the whole. */
static void check_members(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    const struct plan_bundle *bundle = plan->bundle;
    struct gap gap = {0};
    for (size_t i = 0; i < plan->n_own_results; ++i) {
        const struct plan_result_column *column = &plan->results[i];
        double sum = 0.0, scale = 0.0;
        if (column->measure > MEASURE_NET_CASH || column->measure == MEASURE_NET_UNDISCOUNTED) {
            continue; /* not attributed */
        }
        for (size_t m = 0; m < bundle->n_members; ++m) {
            const struct plan *member = bundle->members[m].plan;
            size_t who = plan_find_who(member, plan->whos[column->who].id);
            size_t own =
                who != SIZE_MAX ? plan_find_result(member, column->measure, who, 0, 0) : SIZE_MAX;
            double part =
                own != SIZE_MAX
                    ? checking->result->statistics[bundle->members[m].first_result + own].mean
                    : 0.0;
            sum += part;
            scale += fabs(part);
        }
        compare(&gap, sum, checking->result->statistics[i].mean, scale);
    }
    add_identity(checking, "programmes_add",
                 "what is attributed to the programmes with the portfolio, each kind and net",
                 &gap);
}

static void check_deal(struct checking *checking, const struct portfolio_set *set)
{
    struct gap gap = {0};
    for (size_t basis = 0; basis < N_DEAL_BASES; ++basis) {
        const struct portfolio_sharing *sharing = &set->deal.bases[basis];
        for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
            const struct portfolio_rule_result *deal = &sharing->rules[rule];
            double before = 0.0, after = 0.0, scale = 0.0;
            for (size_t i = 0; deal->applies && i < set->deal.n_partners; ++i) {
                before += sharing->net[i];
                after += deal->final[i];
                scale += fabs(sharing->net[i]);
            }
            if (deal->applies) {
                compare(&gap, after, before, scale);
            }
        }
    }
    add_identity(checking, "deals_add",
                 "nets after the transfers of each rule with the nets before, all partners", &gap);
}

/* ---- health models ---- */

static void check_options(struct checking *checking)
{
    const struct plan *plan = checking->plan;
    struct gap gap = {0};
    for (size_t i = 0; i < plan->n_own_results; ++i) {
        enum measure measure = plan->results[i].measure;
        if (measure == MEASURE_OPTION_COST || measure == MEASURE_OPTION_COST_UNDISCOUNTED ||
            measure == MEASURE_OPTION_COST_DIFFERENCE) {
            compare_members(checking, &gap, &plan->results[i],
                            checking->result->statistics[i].mean);
        }
    }
    add_identity(checking, "payers_add",
                 "sums of the partners' costs with those of each perspective and the total, each "
                 "option",
                 &gap);
}

static void check_health(struct checking *checking)
{
    static const struct {
        const char *id;
        double tolerance;
    } rows[N_HEALTH_CHECKS] = {{"people_conserved", 1e-9},
                               {"nobody_dies", 1e-9},
                               {"everybody_dies", 1e-9},
                               {"utility_of_one", 1e-9},
                               {"identical_options", 0.0}};
    struct health_check_result checks[N_HEALTH_CHECKS];
    simulation_health_checks(checking->plan, checks);
    for (size_t i = 0; i < N_HEALTH_CHECKS; ++i) {
        enum check_outcome outcome = !checks[i].applies ? CHECK_NOT_APPLICABLE
                                     : checks[i].holds  ? CHECK_PASS
                                                        : CHECK_FAIL;
        add_check(checking,
                  (struct assurance_check){
                      .id = rows[i].id,
                      .compared = arena_printf(checking->arena,
                                               "the model changed so that its answer is known, "
                                               "with that answer: %s",
                                               checks[i].name),
                      .outcome = outcome,
                      .n_compared = checks[i].applies ? 1 : 0,
                      .size = !checks[i].applies        ? (double)NAN
                              : checks[i].worst < noise ? 0.0
                                                        : checks[i].worst,
                      .tolerance = rows[i].tolerance,
                      .unit = "of the figure",
                      .arithmetic = true});
    }
}

void assurance_checks(struct arena *arena, const struct scenario_result *result,
                      const struct portfolio_set *set, struct assurance_result *out)
{
    struct checking checking = {.arena = arena, .result = result, .plan = result->plan};
    if (result->plan->health != NULL) {
        check_options(&checking);
        check_draws(&checking);
        check_health(&checking);
    } else {
        check_sectors(&checking);
        check_years(&checking);
        check_cash(&checking);
        check_last_year(&checking);
        check_net(&checking);
        check_transfers(&checking);
        check_shares(&checking);
        if (result->plan->bundle != NULL) {
            check_members(&checking);
        }
        if (set != NULL) {
            check_deal(&checking, set);
        }
        check_draws(&checking);
        check_caps(&checking);
        check_exactness(&checking);
    }
    check_evidence(&checking);
    out->checks = checking.checks;
    out->n_checks = checking.n_checks;
}
