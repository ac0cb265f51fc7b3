/* A portfolio: programmes side by side, what they share, whose money, and what a choice among them
 * must respect. method sections 6 to 8. Read from portfolio = { } files; owned by the run's arena.
 */
#ifndef DIVIDEND_SCENARIO_PORTFOLIO_H
#define DIVIDEND_SCENARIO_PORTFOLIO_H

#include "scenario/scenario.h"

enum overlap_form {
    OVERLAP_INDEPENDENT, /* who takes part in one says nothing about the other */
    OVERLAP_NESTED,      /* the smaller programme's people are all in the larger */
    OVERLAP_DISJOINT,    /* nobody is in two */
    OVERLAP_SHARE        /* a stated share of the smaller programme's people is in the larger */
};

const char *overlap_form_name(enum overlap_form form);

/* Programmes whose people overlap in a stated way; with all others by the portfolio's default. */
struct portfolio_overlap {
    const size_t *programmes;
    size_t n_programmes;
    enum overlap_form form;
    double share; /* OVERLAP_SHARE */
    const char *reason;
    const struct setting *setting;
};

/* All of `programmes` together change the effects of those marked `on`. */
struct portfolio_synergy {
    const size_t *programmes; /* rising */
    size_t n_programmes;
    const bool *on;        /* [n_programmes] */
    double factor;         /* > 1 synergy, < 1 conflict */
    const char *demand_id; /* NULL: all demands, and QALYs */
    const char *reason;
    const struct setting *setting;
};

struct portfolio_programme {
    const char *id, *label;          /* the scenario's unless stated */
    const struct scenario *scenario; /* as the file has it */
    const double *scales;            /* rising, > 0; 1 unless stated */
    size_t n_scales;
    const struct scenario *const *levels; /* [n_scales]: the scenario as the portfolio runs it */
    bool must_have;
    const struct setting *setting;
};

/* Money of one sector, nominal GBP in each year of the horizon; NAN: no limit in that year. */
struct portfolio_budget {
    size_t sector; /* index into library->sectors */
    const double *gbp_by_year;
    const struct setting *setting;
};

/* Sectors that put their budgets together: a section 75 agreement, aligned budgets. */
struct portfolio_pool {
    const char *id, *label;
    const size_t *sectors; /* that have budgets */
    size_t n_sectors;
    const struct setting *setting;
};

struct portfolio_rule {
    bool excludes; /* not both; else a needs b */
    size_t a, b;
    const struct setting *setting;
};

enum portfolio_constraint_kind {
    CONSTRAINT_MEAN,        /* measure >= bound */
    CONSTRAINT_PROBABILITY, /* prob(measure >= threshold) >= bound */
    CONSTRAINT_PAYBACK      /* payback.WHO <= bound years, discounted */
};

struct portfolio_constraint {
    enum portfolio_constraint_kind kind;
    const char *text;    /* as written */
    const char *measure; /* "net_cash.police"; for payback "payback.WHO" */
    double threshold, bound;
    bool at_most; /* mean <= bound */
    const struct setting *setting;
};

/* How a gain is judged by who gains. method section 8. */
struct portfolio_equity {
    double threshold_gbp_per_qaly; /* of what money displaced would have bought */
    double burden_ratio;           /* what Q1 bears of it for what Q5 bears, a person */
    double atkinson_aversion, kolm_aversion;
    const double *baseline_qale; /* [N_QUINTILES] quality-adjusted life expectancy; NULL none */
    const double *income_gbp;    /* [N_QUINTILES] for Green Book weights; NULL none */
    const double *people;        /* [N_QUINTILES]; NULL: those of the portfolio's area */
    double reference_income_gbp;
    const char *source;
    const struct setting *setting; /* NULL: not asked for */
};

struct portfolio {
    const char *id, *title, *question, *note, *area;
    int start_year;
    size_t horizon_years;
    struct conventions conventions;
    const struct portfolio_programme *programmes; /* in the order of the file */
    size_t n_programmes;
    enum overlap_form overlap_default; /* independent or disjoint */
    const struct portfolio_overlap *overlaps;
    size_t n_overlaps;
    const struct portfolio_synergy *synergies;
    size_t n_synergies;
    const struct portfolio_budget *budgets; /* in sector order */
    size_t n_budgets;
    const struct portfolio_pool *pools;
    size_t n_pools;
    bool recycle_savings;
    double increment_gbp; /* of a budget, for its shadow price */
    const struct portfolio_rule *rules;
    size_t n_rules;
    const char *objective; /* measure, "net.public_sector" */
    const struct setting *objective_setting;
    const struct portfolio_constraint *constraints;
    size_t n_constraints;
    const struct share *baseline_budgets; /* by sector, for deals in proportion to budgets */
    size_t n_baseline_budgets;
    const char *risk_sharing_rule; /* "losers_first" */
    const char *partners;          /* perspective whose sectors share cost and gain */
    struct portfolio_equity equity;
    const size_t *funding_years; /* the same programmes funded so long, side by side */
    size_t n_funding_years;
    struct sign_off sign_off;
    const struct omission *omissions;
    size_t n_omissions;
    const struct document *document;
    const struct setting *setting;
};

/* Totals of a sweep over areas: for each family of programmes and each combination of its other
 * keys, the instances of all areas as one portfolio of disjoint people, named
 * FAMILY--total[--KEY-VALUE]. Of `scenarios` (those to be run); *n_families portfolios in the
 * arena. */
const struct portfolio *const *portfolio_families(struct arena *arena,
                                                  const struct scenario *const *scenarios,
                                                  size_t n_scenarios, size_t *n_families);

/* Where the file of a programme's scenario is looked for, in this order: beside the portfolio's, in
 * a folder of its name, one folder up. */
enum { PORTFOLIO_PLACES = 3 };

void portfolio_scenario_places(struct arena *arena, const char *portfolio_file, const char *name,
                               const char *places[PORTFOLIO_PLACES]);

/* Index of a programme of the portfolio by id, or SIZE_MAX. */
size_t portfolio_programme_index(const struct portfolio *portfolio, const char *id);

#endif
