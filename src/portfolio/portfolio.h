/* One portfolio, worked out: the best sets under silo and pooled budgets and what is known about
 * them, the same programmes funded for other lengths, who pays and gains and what a fair deal is,
 * and how the gap between neighbourhoods changes. method sections 6 to 8.
 *
 *   portfolio_choose   before the run: the choice, and the plans (bundles) whose results are wanted
 *   (simulation_run)   all plans of the run, these among them
 *   portfolio_judge    after it: deals and inequality of each set, from its draws
 *
 * Everything is kept in the result's arena until portfolio_clear. */
#ifndef DIVIDEND_PORTFOLIO_PORTFOLIO_H
#define DIVIDEND_PORTFOLIO_PORTFOLIO_H

#include "plan/plan_bundle.h"
#include "portfolio/choice_study.h"
#include "portfolio/deal.h"
#include "portfolio/measure.h"
#include "uncertainty/uncertainty.h"

enum {
    PORTFOLIO_DRAWS = 16384,       /* of a choice, at most: each combination is looked at in all */
    PORTFOLIO_JUDGE_DRAWS = 16384, /* of deals and inequality, at most */
    PORTFOLIO_NODES = 20000000,    /* of a search before it is called unproved */
    PORTFOLIO_MAX_POINTS = 24
};

enum budget_form { BUDGETS_SILO, BUDGETS_POOLED, N_BUDGET_FORMS };

/* ---- who pays, who gains ---- */

enum deal_basis { DEAL_FISCAL, DEAL_CASH, N_DEAL_BASES };

const char *deal_basis_name(enum deal_basis basis); /* "fiscal", "cash" */

struct portfolio_rule_result {
    bool applies;
    const double *final, *transfers; /* [n_partners], PV GBP */
    const double *schedule;          /* [partner][year], real GBP; negative: pays */
    struct deal_record record;       /* of the same transfers in every draw */
};

struct portfolio_sharing {
    enum deal_verdict verdict;
    const double *net, *investment, *gross_saving; /* [n_partners], PV GBP, means */
    const double *smallest;                        /* [n_partners]: smallest transfers */
    double smallest_sum;
    struct portfolio_rule_result rules[N_DEAL_RULES];
    enum deal_rule risk_rule; /* transfers by what happens, draw by draw */
    const double *risk_mean_transfers;
    struct deal_record risk_record;
    size_t risk_not_applied; /* draws */
};

struct portfolio_deal {
    const size_t *whos; /* [n_partners] of the set's plan */
    size_t n_partners, n_draws;
    bool has_budgets;
    struct portfolio_sharing bases[N_DEAL_BASES];
};

/* ---- who gains, by quintile ---- */

struct interval {
    double mean, low, high; /* 95 % */
};

struct portfolio_quintile {
    double people; /* of the area */
    struct interval participants, qalys, value, net_health_benefit;
    double burden; /* share of what is displaced */
    double weight; /* Green Book weight; NaN: no incomes */
};

struct portfolio_equality {
    bool judged; /* portfolio.equity was stated and the set has quintiles */
    struct portfolio_quintile quintiles[N_QUINTILES];
    struct interval total_benefit; /* net health benefit of all, QALYs */
    struct interval gap_closed;    /* fall of the slope index of health, QALYs a person */
    double p_gap_narrows, p_q1_gains, p_both; /* both: more health in all, and the gap narrows */
    double slope_before, slope_after;         /* of quality-adjusted life expectancy; NaN none */
    double relative_before, relative_after;
    struct interval atkinson_gain, kolm_gain; /* of the equally distributed equivalent, years a
                                                 person */
    struct interval equality_gain; /* (Kolm gain - mean gain) x people, QALYs: the plane's y */
    double weighted_value, unweighted_value; /* of QALYs, GBP; NaN: no incomes or QALY value */
    double uptake_factor; /* of Q1 at which the gap neither narrows nor widens; NaN where it narrows
                             already; INFINITY: at no uptake up to 10 times */
};

/* ---- sets ---- */

/* What a budget (or pool) is asked for in a year; nominal GBP. */
struct portfolio_use {
    const char *id;
    size_t year;
    double budget_gbp, mean_gbp, p_over; /* P(use > budget) */
};

struct portfolio_set {
    const char *id;    /* of its plan: "county", "county--best", "county--pooled" */
    const char *words; /* "All programmes", "Best set, each partner's own budget" */
    bool is_choice;
    enum budget_form form;
    struct choice_solution solution; /* level of each programme; found, exact, value */
    const struct plan *plan;         /* NULL: nothing is on */
    size_t result;                   /* index among the run's results; SIZE_MAX none */
    double full_model_value; /* objective of the set by the full model, over the same draws */
    const struct portfolio_use *uses; /* [pool][year] of the set's form */
    size_t n_uses;
    struct portfolio_deal deal;
    struct portfolio_equality equality;
};

/* The same programmes, all funded for so many years. */
struct portfolio_cliff {
    size_t funded_years; /* 0: recurrent */
    const struct plan *plan;
    size_t result;
};

struct portfolio_shadow {
    const char *id;      /* sector, or pool */
    double gain_per_gbp; /* of the objective, for each nominal GBP a year more in every year */
};

struct portfolio_funding {
    double scale;
    struct choice_solution solution;
};

struct portfolio_point {
    struct choice_solution solution;
    double x, y; /* objective; probability, or the other measure */
};

/* ---- where each programme stands ---- */

/* Beside the set that the page is about (none is funded: beside nothing), at one scale: that of the
 * set, else of those worth something alone the one that lacks least money and then is worth most.
 * The first that is true, in this order. */
enum standing {
    STANDING_CHOSEN,
    STANDING_WORTHLESS,    /* alone, and beside the set, it is worth nothing to the objective */
    STANDING_TOO_DEAR,     /* alone it needs more than some budget has: lacks */
    STANDING_ADDS_NOTHING, /* beside the set it adds nothing to the objective */
    STANDING_RULED_OUT,    /* requires or excludes: words */
    STANDING_NO_ROOM,      /* beside the set it needs more than some budget has: lacks */
    STANDING_BREAKS,       /* beside the set a constraint is broken: words */
    STANDING_BEATEN        /* none of these: a set without it is worth more */
};

/* A budget (or pool) in the year in which it would be overdrawn most; nominal GBP, means. */
struct portfolio_lack {
    const char *id;
    size_t year;
    double budget_gbp, use_gbp;
};

enum portfolio_amount {
    AMOUNT_COST,
    AMOUNT_CASHABLE,
    AMOUNT_NON_CASHABLE,
    AMOUNT_NET_SHORT, /* of the headline's perspective, to the short term */
    AMOUNT_NET,       /* of the headline's perspective */
    AMOUNT_QALYS,
    N_AMOUNTS
};

struct portfolio_standing {
    enum standing standing;
    uint8_t level;
    double objective; /* of it alone; a ratio may be -INFINITY */
    double added;     /* to the objective beside the set; of a chosen one by leaving it out */
    double amounts[N_AMOUNTS]; /* of it alone, means */
    const struct portfolio_lack *lacks;
    size_t n_lacks;
    const char *words; /* a rule or constraint; NULL */
};

struct portfolio_result {
    struct arena arena;
    const struct library *library;
    const struct portfolio *portfolio;
    bool has_choice; /* objective, budgets or constraints are stated */
    bool linear;     /* GLPK could solve it: no ratio, no chance constraint */
    size_t n_draws;  /* of the choice */
    size_t n_threads;
    struct effort *effort; /* of whoever asked; NULL: nobody looks */
    const char *objective_unit;
    struct portfolio_set sets[1 + N_BUDGET_FORMS];
    size_t n_sets;
    const struct portfolio_cliff *cliffs;
    size_t n_cliffs;
    /* Where no set keeps to everything: what would have to go, alone, for one to be found. */
    const char *const *culprits;
    size_t n_culprits;
    const struct portfolio_standing *standings;  /* [n_programmes]; NULL: nothing was chosen */
    enum budget_form standing_form;              /* whose budgets they are judged by */
    const char *objective_label, *objective_who; /* "Net present value", "Society"; NULL: a measure
                                                    that only a choice knows */
    double value_of_pooling; /* pooled - silo, of the objective; NaN where either has none */
    const struct portfolio_shadow *shadows[N_BUDGET_FORMS];
    size_t n_shadows[N_BUDGET_FORMS];
    const double *inclusion;   /* [level index] under silo budgets; NULL none */
    const size_t *first_level; /* [programme] */
    struct choice_inclusion over_draws;
    const struct portfolio_funding *funding; /* as all budgets grow */
    size_t n_funding;
    const struct portfolio_point *risk; /* objective against P(objective >= 0) */
    size_t n_risk;
    const struct portfolio_point *equality; /* objective against gap_closed */
    size_t n_equality;
    bool has_robust;
    struct choice_solution best_q05, least_regret;
    double q05, regret_q95;
    double glpk_value;      /* of the silo problem by GLPK; NaN where it was not asked */
    const char *glpk_words; /* why not, or "" */
};

/* The choice and the bundles; `effort` (may be NULL) says how far it has come, also in
 * portfolio_judge: it must live as long as the result is worked on. Unknown measures and impossible
 * bundles are diagnostics at the portfolio's settings; then STATUS_INPUT. n_threads 0: one a
 * processor. */
enum status portfolio_choose(struct portfolio_result *result, const struct library *library,
                             const struct portfolio *portfolio,
                             const struct sampling_design *design, size_t n_draws, size_t n_threads,
                             struct effort *effort, struct diagnostics *diagnostics,
                             struct error *error) MUST_CHECK;

/* The set that a portfolio recommends: the best under the partners' own budgets, else under pooled
 * ones; where nothing is to be chosen, all programmes. NULL: a choice was made, and nothing is
 * funded. */
const struct portfolio_set *portfolio_main_set(const struct portfolio_result *result);

/* Deals and inequality of every set with a plan; results are the run's. */
enum status portfolio_judge(struct portfolio_result *result, const struct scenario_result *results,
                            struct error *error) MUST_CHECK;

void portfolio_clear(struct portfolio_result *result);

/* The pool that a budget belongs to under a form: its number, whether this budget is the pool's
 * first, and its name (a sector, or a pool of the file; "all_budgets" where none is stated). */
size_t portfolio_pool_of(const struct portfolio *portfolio, enum budget_form form, size_t budget);
bool portfolio_leads_pool(const struct portfolio *portfolio, enum budget_form form, size_t budget);
const char *portfolio_pool_name(const struct library *library, const struct portfolio *portfolio,
                                enum budget_form form, size_t budget);

/* Measures of objective and constraints that the choice cannot use are said here, without choosing:
 * for `dividend check`. */
void portfolio_check(struct arena *arena, const struct library *library,
                     const struct portfolio *portfolio, struct diagnostics *diagnostics);

/* Private to the module. Draws of a set's result columns, from one pass: each judgement first says
 * which it wants, then reads them. */
struct judged_draws {
    size_t n_draws, n_columns, capacity;
    size_t *columns; /* of the set's plan */
    double *values;  /* [column][draw] */
    size_t n_threads;
};

void judged_want(struct judged_draws *draws, size_t column); /* SIZE_MAX: nothing */
enum status judged_draw(struct judged_draws *draws, const struct plan *plan,
                        const struct sampling_design *design, struct error *error) MUST_CHECK;
/* The draws of a column that was wanted; NULL for SIZE_MAX. */
const double *judged_column(const struct judged_draws *draws, size_t column);
void judged_clear(struct judged_draws *draws);

/* How a set keeps to its budgets; who pays and gains; who gains by quintile. */
void portfolio_want_use(const struct portfolio_result *result, const struct portfolio_set *set,
                        struct judged_draws *draws);
void portfolio_count_use(struct portfolio_result *result, struct portfolio_set *set,
                         const struct judged_draws *draws);
void portfolio_want_shares(struct portfolio_result *result, struct portfolio_set *set,
                           struct judged_draws *draws);
void portfolio_share_gain(struct portfolio_result *result, struct portfolio_set *set,
                          const struct scenario_result *run, const struct judged_draws *draws);
void portfolio_want_spread(const struct portfolio_result *result, const struct portfolio_set *set,
                           struct judged_draws *draws);
void portfolio_spread_gain(struct portfolio_result *result, struct portfolio_set *set,
                           const struct scenario_result *run, const struct judged_draws *draws);

#endif
