/* A plan: one scenario with every name resolved, units and price years converted once, ready to
 * evaluate.
 *
 *   columns    one for each uncertain parameter: an identity, a distribution, an input slot
 *   program    the flat vector program: people, costs a unit, effects, unit costs
 *   tables     which slot feeds which row of the ledger, with constant shares, quantities and
 * profiles layout     which column of results is which measure, for whom, in which year
 *
 * Plans are built by one thread, const afterwards, and owned by the arena given. Money is real, in
 * the scenario's price year; model years run 0 .. n_years - 1; costs and benefits are both positive
 * and labelled by kind: the sign is applied in appraise/ only. One option and one group so far:
 * arrays that will vary over them say so. */
#ifndef DIVIDEND_PLAN_PLAN_H
#define DIVIDEND_PLAN_PLAN_H

#include "expression/program.h"
#include "scenario/scenario.h"

/* Kinds of flow, in the order of rows. */
enum flow_kind {
    FLOW_COST_CASH,       /* paid in money */
    FLOW_COST_REDEPLOYED, /* existing resources: a cost, not cash */
    FLOW_COST_IN_KIND,    /* time or goods at a stated value */
    FLOW_CASHABLE,        /* spending that stops */
    FLOW_NON_CASHABLE,    /* capacity released, cost avoided */
    FLOW_ECONOMIC,        /* economic value, e.g. output */
    FLOW_SOCIAL,          /* value to residents */
    FLOW_QALY_VALUE, /* monetised QALYs; discounted on the health schedule, unlike all others */
    FLOW_TRANSFER,   /* between partners: cancels in the total; may be negative */
    FLOW_LEVERED_IN, /* outside funding: never a saving, in no net */
    N_FLOW_KINDS
};

const char *flow_kind_name(enum flow_kind kind);  /* "cost_cash" */
const char *flow_kind_label(enum flow_kind kind); /* "Cash cost" */
/* +1 benefits and transfers, -1 costs, 0 levered in. */
double flow_kind_sign(enum flow_kind kind);
/* True for the kinds that move cash: cash costs, cashable savings, transfers. */
bool flow_kind_is_cash(enum flow_kind kind);

/* An uncertain parameter of this scenario. */
struct plan_column {
    const char *identity;              /* evidence path, or "input:MODEL.NAME" */
    const struct parameter *parameter; /* NULL for inputs */
    const struct model_input *input;   /* NULL for evidence */
    struct distribution distribution;  /* after overrides, in the evidence's own price year */
    const struct override *override;   /* NULL: as in evidence */
    double price_factor;               /* to the run's price year; 1 where not money */
    bool is_assumption;                /* source "assumption", or an input with a distribution */
    program_slot slot;                 /* SLOT_INPUT filled with draws */
    size_t dimension;                  /* Sobol dimension of the identity; 0 none */
    const struct correlation *correlation; /* NULL: independent of all others */
    size_t member;                         /* of the correlation */
};

/* Any evidence or input used, uncertain or not, for manifest, evidence tables and explain. */
struct plan_use {
    const struct parameter *parameter; /* NULL for inputs */
    const struct model_input *input;
    const struct override *override;
    struct distribution distribution;
    double price_factor;
};

struct plan_weight {
    size_t sector; /* index into library->sectors */
    double weight;
    double cashable; /* unit costs only: cashable share for this sector */
};

/* Effect in force from all intakes together, in each model year before lag: the sum over deliveries
 * d of intake share x profile(t - d). method 3.4. stock[t] = fixed[t] + sum over k of
 * coefficient[t][k] fade(k). */
struct plan_stock {
    const double *fixed;       /* [n_years] */
    enum fade fade;            /* FADE_NONE: fixed is all of it */
    program_slot fade_slot;    /* linear: years; half-life and retention: share kept a year */
    const double *coefficient; /* [n_years][n_years + 1], index t * (n_years + 1) + k, k >= 1 */
};

/* People of one group. */
struct plan_people {
    program_slot eligible, starters, participants;
};

/* volume[t] = base[t] x stock[t - lag]; base holds people x baseline x net effect x attribution x
 * (1 - displacement). */
struct plan_volume {
    const struct outcome *outcome;
    program_slot base;               /* may vary by year */
    program_slot value_factor;       /* 1 - optimism bias; PROGRAM_NO_SLOT where 1 */
    program_slot effect, net_effect; /* before and after deadweight; checked at the means */
    size_t stock, lag_years;
    size_t demand; /* index into plan->demands */
    size_t group;  /* index into scenario->groups; of a programme as a whole: SIZE_MAX */
};

struct plan_demand {
    const struct demand *demand;
    program_slot unit_cost; /* GBP real; PROGRAM_NO_SLOT: counted, not monetised */
    enum value_type value_type;
    const struct plan_weight *weights; /* agency split with cashable shares, in sector order */
    size_t n_weights;
    size_t transfer_from; /* sector that loses what the split gains; SIZE_MAX none */
    double release_step;  /* 0 none */
    const double
        *ceiling_gbp; /* [n_weights], real a year; NULL none; INFINITY for a sector without */
    /* Units a person a year without the programme, by group; PROGRAM_NO_SLOT: only absolute
     * effects. */
    const program_slot *baseline; /* [scenario->n_groups] */
};

/* Rows of cost, leverage or transfer with the same kind and shares are one group: summed, then
 * shared out. */
struct plan_payment {
    program_slot amount;    /* GBP real for quantity 1; may vary by year */
    const double *quantity; /* [n_years] */
    const char *name;
};

struct plan_payment_group {
    enum flow_kind kind;
    const struct plan_payment *payments;
    size_t n_payments;
    const struct plan_weight *weights; /* transfers: -1 for the payer, +1 for the receiver */
    size_t n_weights;
};

/* Gains that a health model works out: per participant the difference of two options by year since
 * the intake, summed over intakes. Undiscounted; the ledger discounts by its own years. */
struct plan_feed_line {
    size_t account;                    /* of the health model; a cost */
    const struct plan_weight *weights; /* sectors, with cashable shares */
    size_t n_weights;
};

struct plan_feed {
    const struct health_gain *gain;
    const struct plan_health *health;
    size_t evaluation; /* feed whose health evaluation this one reads: itself, or an earlier one */
    size_t group;      /* index into scenario->groups */
    program_slot base; /* people x (1 - deadweight) x (1 - optimism) */
    const struct plan_feed_line *lines;
    size_t n_lines;
    size_t first_line;   /* rows of evaluation->feed_lines */
    size_t qaly_account; /* SIZE_MAX: the model has no QALYs */
};

struct plan_qaly {
    size_t feed; /* index of the feed whose QALYs these are; SIZE_MAX: of `qaly` */
    const char *name;
    const struct qaly_gain *qaly; /* NULL with a feed */
    program_slot base;            /* people x gain x (1 - deadweight) x (1 - optimism) */
    size_t stock, lag_years;
    size_t sector; /* whose */
    size_t group;  /* index into scenario->groups of whom; of a programme as a whole: SIZE_MAX */
};

/* People whose results are told apart: a quintile, or an area of several. A group of a scenario
 * belongs to at most one cell of each kind. */
struct plan_cell {
    const char *id, *label; /* "q1", "burnley" */
    size_t quintile;        /* 1..5; 0: an area */
    const struct area *area;
};

enum { PLAN_CELLS_OF_GROUP = 2 };

/* Who results are for: sectors in id order, then perspectives in id order, then "total". */
enum who_kind { WHO_SECTOR, WHO_PERSPECTIVE, WHO_TOTAL };

struct plan_who {
    enum who_kind kind;
    const char *id, *label, *abbreviation;
    size_t sector;         /* WHO_SECTOR: index into library->sectors */
    bool holds_budget;     /* WHO_SECTOR: somebody can pay from it */
    const size_t *members; /* whos (sectors) it sums, in order; n_members */
    size_t n_members;
};

/* What a result column measures. _AT measures have a year. All GBP real discounted unless said. */
enum measure {
    MEASURE_PV_COST_CASH,
    MEASURE_PV_COST_REDEPLOYED,
    MEASURE_PV_COST_IN_KIND,
    MEASURE_PV_CASHABLE,
    MEASURE_PV_NON_CASHABLE,
    MEASURE_PV_ECONOMIC,
    MEASURE_PV_SOCIAL,
    MEASURE_PV_QALY_VALUE,
    MEASURE_PV_TRANSFER,
    MEASURE_PV_LEVERED_IN,    /* in the order of enum flow_kind */
    MEASURE_PV_COST,          /* the three costs */
    MEASURE_NET,              /* benefits + transfers - costs */
    MEASURE_NET_FISCAL,       /* cashable + non-cashable + transfers - costs */
    MEASURE_NET_UNDISCOUNTED, /* real, not discounted */
    MEASURE_NET_CASH,         /* nominal, not discounted: cash kinds only */
    MEASURE_BCR, /* ratio: (savings + economic + social + QALY value + transfers) / costs */
    MEASURE_RETURN_CASHABLE,     /* ratio: cashable / costs */
    MEASURE_RETURN_FISCAL,       /* ratio: (cashable + non-cashable) / costs */
    MEASURE_RETURN_PUBLIC_VALUE, /* ratio: (cashable + non-cashable + economic + social + QALY
                                    value) / costs */
    MEASURE_IRR, /* a year, of real undiscounted net; NaN where not unique; perspectives and total
                  */
    MEASURE_PAYBACK_DISCOUNTED, /* first model year from which cumulative net stays >= 0; INFINITY:
                                   not within the horizon */
    MEASURE_PAYBACK_UNDISCOUNTED,
    MEASURE_NET_AT,              /* cumulative discounted through year t */
    MEASURE_NET_UNDISCOUNTED_AT, /* cumulative real through year t */
    MEASURE_NET_CASH_AT,         /* cumulative nominal cash through year t */
    MEASURE_NET_REAL_YEAR,       /* net of the one year t, real */
    MEASURE_QALYS, /* discounted on the health schedule; who: the sectors whose they are, sums */
    MEASURE_QALYS_UNDISCOUNTED,
    MEASURE_QALYS_YEAR, /* of the one year, undiscounted; total only, mean only */
    MEASURE_NMB, /* threshold x QALYS + NET_FISCAL; `item` is the threshold; perspectives and total
                  */
    MEASURE_COST_PER_QALY, /* ratio: -NET_FISCAL / QALYS; perspectives and total */
    MEASURE_VOLUME, /* units avoided over the horizon, undiscounted; `item` is the demand; total
                       only */
    MEASURE_VOLUME_YEAR,      /* of the one year; mean only */
    MEASURE_COST_PER_OUTCOME, /* ratio: total PV_COST / VOLUME; `item` is the demand; total only */
    /* Health models. `item` counts options, times what else it says (plan_health_item). Costs are
     * GBP real; _DIFFERENCE is against the first option. */
    MEASURE_OPTION_COST, /* discounted; item: option; sectors, perspectives, total */
    MEASURE_OPTION_COST_UNDISCOUNTED,
    MEASURE_OPTION_CATEGORY_COST, /* item: option, category; total only */
    MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED,
    MEASURE_OPTION_OUTCOME, /* item: option, outcome; total only */
    MEASURE_OPTION_OUTCOME_UNDISCOUNTED,
    MEASURE_OPTION_COST_DIFFERENCE, /* item: option; sectors, perspectives, total */
    MEASURE_OPTION_OUTCOME_DIFFERENCE,
    MEASURE_OPTION_NMB, /* item: option, threshold; perspectives and total */
    MEASURE_OPTION_NMB_DIFFERENCE,
    MEASURE_FLOW_YEAR, /* real flow of the one year; `item` is the flow_kind; sectors, mean only */
    /* By quintile and area: `item` is the cell; total only. */
    MEASURE_CELL_PARTICIPANTS, /* people who take part, over all intakes */
    MEASURE_CELL_QALYS,        /* discounted */
    MEASURE_CELL_VALUE, /* PV of the demand avoided at its unit costs, whoever gains: savings,
                           economic and social value; before ceilings */
    N_MEASURES
};

const char *
measure_name(enum measure measure); /* "pv_cashable", "net", "net_at": measure grammar and CSVs */
const char *measure_label(enum measure measure);
const char *measure_unit(enum measure measure);      /* "GBP", "ratio", "year", "QALY", "unit" */
const char *measure_numerator(enum measure measure); /* NULL where not a ratio */
const char *measure_denominator(enum measure measure);

struct plan_result_column {
    enum measure measure;
    size_t who;    /* index into plan->whos */
    size_t year;   /* model year of _AT and _YEAR measures, else 0 */
    size_t item;   /* threshold, demand or flow kind, else 0 */
    bool retained; /* quantiles wanted; else mean and sd only */
    size_t
        member; /* bundles: member + 1 whose attributed figure it is; 0: of the plan as a whole */
    bool is_ratio; /* the headline is the ratio of means, the interval that of the ratio over draws
                    */
    size_t ratio;  /* index among the ratios, where is_ratio */
};

enum measure_set {
    MEASURE_SET_FULL,
    MEASURE_SET_NET_ONLY, /* NET of sectors and total: benchmarks */
    MEASURE_SET_NET_ALL,  /* NET of every who: variance shares, sensitivity */
    MEASURE_SET_MEMBER    /* present values, nets and QALYs of every who: programmes of a bundle */
};

struct plan_health; /* plan_health.h */
struct plan_bundle; /* plan_bundle.h */

struct plan {
    const struct library *library;
    const struct scenario *scenario;
    size_t n_years;
    const struct plan_health *health; /* a cohort or tree: options instead of a ledger; NULL none */
    const struct plan_bundle *bundle; /* programmes settled together; NULL: one programme */
    struct program *program;
    const struct plan_column *columns; /* in identity order */
    size_t n_columns;
    const struct plan_use *uses; /* everything used, in identity order, inputs last */
    size_t n_uses;
    program_slot starters, participants; /* people of a full intake, before and after retention,
                                            over all groups */
    const struct plan_people *people;    /* [scenario->n_groups] */
    const double *intake_share;  /* [n_years]: share of the funnel that enters in each year */
    const double *present_share; /* [n_years]: share of the funnel present in each year */
    const struct plan_stock *stocks;
    size_t n_stocks;
    const struct plan_volume *volumes;
    size_t n_volumes;
    const struct plan_demand *demands; /* in demand id order */
    size_t n_demands;
    const struct plan_payment_group *payments;
    size_t n_payments;
    const struct plan_qaly *qalys;
    size_t n_qalys;
    const struct plan_feed *feeds;
    size_t n_feeds, n_feed_lines;
    /* Ledger rows that can be other than zero: flow_row[who sector * N_FLOW_KINDS + kind], or
     * SIZE_MAX. */
    const struct plan_who *whos;
    size_t n_whos, n_sector_whos;
    const size_t *who_of_sector; /* [library sectors], SIZE_MAX where the sector has no row */
    const size_t *flow_row;
    size_t n_flow_rows;
    const double *discount_costs;  /* [n_years] */
    const double *discount_health; /* [n_years] */
    const double *nominal_factor;  /* [n_years] real in the price year -> nominal */
    bool deflator_held;            /* last growth rate held beyond the published years */
    int deflator_last_year;        /* last published financial year used before holding */
    double qaly_value_gbp;         /* in the run's price year; NaN where not monetised */
    double qaly_worth_gbp;         /* the same, monetised or not; NaN where the pack has none */
    const struct plan_cell *cells;
    size_t n_cells;
    const size_t (*cells_of_group)[PLAN_CELLS_OF_GROUP]; /* [scenario->n_groups]; SIZE_MAX none */
    /* Columns of members of a bundle follow those of the plan as a whole. */
    const struct plan_result_column *results;
    size_t n_results, n_own_results, n_ratios;
    enum measure_set measure_set;
    /* Only nets are wanted and nothing in the ledger needs single years (no steps, no ceilings):
     * settle/ may sum each line over the years before it is shared out, and flows hold present
     * values in year 0. */
    bool present_values_only;
};

/* The model changed so that its answer is known: for checks that run with every health model. */
enum health_variant {
    HEALTH_AS_IS,
    HEALTH_NO_DEATH,    /* nobody moves into a dead state */
    HEALTH_ALL_DIE,     /* everyone does, in the first cycle */
    HEALTH_UTILITY_ONE, /* QALYs are a year's utility of 1 and nothing else */
    HEALTH_IDENTICAL    /* every option is the first */
};

struct plan_options {
    enum measure_set measure_set;
    enum health_variant variant; /* HEALTH_AS_IS for anything but checks */
    bool vary_all;    /* certain parameters become columns too, for sensitivity; their distribution
                         stays fixed */
    bool without_irr; /* leaves out rates of return, which cost more than all else: decisions */
    int worst_grade;  /* benefits that rest on evidence of a worse grade count as 0; 0: all count */
    const struct demand *const *extra_demands; /* rows for units that others' synergies bring */
    size_t n_extra_demands;
};

/* Builds the plan of a scenario whose library has no errors. Problems that only show now (a funnel
 * or fade that varies by year) are diagnostics; then NULL. simulation_check_central checks what
 * needs values. */
const struct plan *plan_build(struct arena *arena, const struct library *library,
                              const struct scenario *scenario, const struct plan_options *options,
                              struct diagnostics *diagnostics);

/* Kind of flow that a non-fiscal value becomes. */
enum flow_kind plan_value_kind(enum value_type type);

/* Discount factor of a flow of this kind in this model year: the health schedule for QALY value,
 * else the costs schedule. */
/* What the evidence of a plan should not be without a word: prices of years that no deflator
 * reaches, and derived figures whose parents were replaced (plan_check.c). Adds diagnostics. */
void plan_check_uses(const struct plan *plan, struct diagnostics *diagnostics);

double plan_discount(const struct plan *plan, enum flow_kind kind, size_t year);

/* Last model year of the short term: the third, or the last of a shorter horizon. */
size_t plan_short_term(const struct plan *plan);

/* Index of a result column of the plan as a whole, or SIZE_MAX. */
size_t plan_find_result(const struct plan *plan, enum measure measure, size_t who, size_t year,
                        size_t item);
/* Index of a who by id ("total", sector or perspective id) or SIZE_MAX. */
size_t plan_find_who(const struct plan *plan, const char *id);

#endif
