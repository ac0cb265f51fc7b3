/* Health models: cohorts that move between states, and decision trees. method section 4. */
#ifndef DIVIDEND_MODEL_HEALTH_H
#define DIVIDEND_MODEL_HEALTH_H

#include "evidence/evidence.h"
#include "evidence/table.h"
#include "expression/expression.h"

/* A number or a formula; `expression` is never NULL in a valid amount. */
struct amount {
    const struct expression *expression;
    const struct setting *setting; /* NULL where a default was taken */
};

enum health_kind { HEALTH_COHORT, HEALTH_TREE, HEALTH_LIFE_TABLE };

/* How occupancy between the ends of cycles is counted. method 4.3. By cycles: START, END and
 * LIFE_TABLE (the mean of both ends). By points 0 .. n: the others. */
enum cycle_correction {
    CORRECTION_NONE,
    CORRECTION_START,
    CORRECTION_END,
    CORRECTION_HALF,
    CORRECTION_LIFE_TABLE,
    CORRECTION_SIMPSON,
    CORRECTION_SIMPSON_REVERSED_DARTH,
    N_CYCLE_CORRECTIONS
};

/* When a cycle is discounted. COUNTED: each end of a cycle at its own time. */
enum discount_at { DISCOUNT_COUNTED, DISCOUNT_START, DISCOUNT_MIDDLE, DISCOUNT_END };

/* A named formula; an option may give its own. */
struct health_formula {
    const char *id;
    struct amount amount;
    const struct setting *setting;
};

struct health_option {
    const char *id, *label;
    const struct amount *formulas; /* [n_formulas]: its own, or expression NULL for the model's */
    size_t tree;                   /* trees only, or the front of a cohort; SIZE_MAX none */
    const struct setting *setting;
};

struct health_group {
    const char *id, *label;
    double weight;               /* of the cohort; sums to 1 */
    const struct amount *values; /* [n_group_values] */
    const struct setting *setting;
};

struct health_state {
    const char *id, *label;
    bool dead;      /* counts no life-years; utility 0; absorbing unless it has a row */
    size_t n_times; /* times in state told apart: 1, or the limit of the tunnel */
    const struct setting *setting;
};

/* Where those of a state go in a cycle. Probabilities are of the cycle; rates are a year and
 * compete. */
struct health_cell {
    size_t to;
    bool rest; /* what the others leave; no amount */
    struct amount amount;
    const struct setting *setting;
};

struct health_row {
    size_t from;
    bool rates;
    const struct health_cell *cells;
    size_t n_cells;
    const struct setting *setting;
};

enum payoff_when { PAYOFF_IN_STATE, PAYOFF_ON_ENTRY, PAYOFF_ON_TRANSITION, PAYOFF_AT_START };

/* The first two outcomes of every model; PAYOFF_COST stands for money. */
enum { OUTCOME_QALYS, OUTCOME_LIFE_YEARS, N_BUILT_IN_OUTCOMES };

#define PAYOFF_COST SIZE_MAX

/* A cost (GBP) or an amount of an outcome. IN_STATE: for a year or a cycle in the states; ON_ENTRY:
 * for each move into one of the states from another; ON_TRANSITION: for each move from one of
 * `from` into one of `states`; AT_START: once for everyone. */
struct health_payoff {
    const char *name;
    const char *category; /* of costs */
    size_t outcome;       /* index, or PAYOFF_COST */
    enum payoff_when when;
    bool per_year;
    const bool *states; /* [n_states]; NULL for trees */
    const bool *from;   /* [n_states]; ON_TRANSITION only */
    struct amount amount;
    const struct share *payers; /* costs: sectors or groups, sums to 1 */
    size_t n_payers;
    double cashable; /* share of a saving that is cash, where a programme uses the model */
    const struct setting *setting;
};

enum outcome_discount { OUTCOME_AS_HEALTH, OUTCOME_AS_COSTS, OUTCOME_UNDISCOUNTED };

struct health_outcome {
    const char *id, *label, *unit;
    enum outcome_discount discount;
    const struct setting *setting; /* NULL: built in */
};

/* A node of a decision tree: payoffs on arriving, then branches, or another tree, or an end. */
struct health_node {
    const char *label;
    bool rest; /* probability is what its siblings leave */
    struct amount probability;
    const struct health_payoff *payoffs;
    size_t n_payoffs;
    const struct health_node *branches;
    size_t n_branches;
    size_t goes_on; /* index of a tree; SIZE_MAX none */
    size_t ends_in; /* state of the cohort that starts here; SIZE_MAX none */
    const struct setting *setting;
};

struct health_tree {
    const char *id;
    struct health_node root;
};

/* A disease of a multi-state life table. method section 4.11. Rates a year; its new cases are the
 * outcome N_BUILT_IN_OUTCOMES + its index. */
struct health_disease {
    const char *id, *label;
    struct amount prevalence, incidence, remission, case_fatality, utility_loss, cost;
    struct health_payoff payoff; /* of the cost: who pays; amount unused */
    const struct setting *setting;
};

struct health_category {
    const char *id;
    bool rest;
    struct amount share;
    const struct amount *relative_risks; /* [n_diseases]; expression NULL: 1 */
};

struct health_risk {
    const char *id, *label;
    size_t lag_years;
    const struct health_category *categories;
    size_t n_categories;
    const struct setting *setting;
};

struct health_model {
    enum health_kind kind;
    /* Life tables: */
    struct amount mortality, utility;
    struct amount group_weight; /* of a population; expression NULL: the groups' own */
    const struct health_disease *diseases;
    size_t n_diseases;
    const struct health_risk *risks;
    size_t n_risks;
    /* All kinds: */
    double cycle_length_years, horizon_years;
    size_t n_cycles; /* of the model's own horizon */
    enum cycle_correction correction;
    enum discount_at discount_at;
    bool transitions_as_states; /* transition payoffs weighted like the point at their end */
    struct amount start_age;    /* expression NULL: `age` is not known */
    const struct health_formula *formulas;
    size_t n_formulas;
    const char *const *group_values; /* names every group gives a value */
    size_t n_group_values;
    const struct health_group *groups;
    size_t n_groups; /* at least 1 */
    const struct health_option *options;
    size_t n_options;
    const struct health_state *states;
    size_t n_states;
    const struct health_cell
        *start; /* shares of the states; n_start 0: the first state, or trees */
    size_t n_start;
    const struct health_row *rows;
    size_t n_rows;
    const struct health_outcome *outcomes; /* built-in ones first */
    size_t n_outcomes;
    const struct health_payoff *payoffs; /* costs, utilities, effects */
    size_t n_payoffs;
    const char *const *categories; /* of costs, in order of appearance */
    size_t n_categories;
    const struct health_tree *trees;
    size_t n_trees;
    const struct setting *setting;
};

/* Variables of the formulas of health models. */
enum health_variable {
    HEALTH_CYCLE,          /* 0 in the first */
    HEALTH_ELAPSED_YEARS,  /* cycle x cycle length */
    HEALTH_AGE,            /* start_age + elapsed_years */
    HEALTH_TIME_IN_STATE,  /* whole cycles already spent in the state */
    HEALTH_YEARS_IN_STATE, /* x cycle length */
    HEALTH_MALE,           /* 0, the key of "male" in data tables */
    HEALTH_FEMALE,         /* 1 */
    N_HEALTH_VARIABLES
};

const char *health_variable_name(enum health_variable variable);

/* Index of a formula, group value or state by id, or SIZE_MAX. */
size_t health_find_formula(const struct health_model *health, const char *id);
size_t health_find_group_value(const struct health_model *health, const char *id);
size_t health_find_state(const struct health_model *health, const char *id);
/* N_HEALTH_VARIABLES where it is none. */
enum health_variable health_find_variable(const char *name);

/* The outcome that options are compared by: QALYs, else life-years, else the first of its own;
 * SIZE_MAX where the model has costs alone. */
size_t health_effect_outcome(const struct health_model *health);

const char *cycle_correction_name(enum cycle_correction correction);
/* True where occupancy is counted at points 0 .. n rather than by cycles. */
bool cycle_correction_by_points(enum cycle_correction correction);
const char *discount_at_name(enum discount_at discount_at);

/* Calls `visit` for every amount, in a fixed order. */
void health_visit_amounts(const struct health_model *health,
                          void (*visit)(const struct amount *amount, void *context), void *context);

#endif
