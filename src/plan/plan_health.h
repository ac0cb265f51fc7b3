/* A cohort or a tree with every name resolved: a stepwise program for its formulas, and tables that
 * say which slot is which probability, start share or payoff. Built by plan_health_build, const
 * afterwards. method section 4. */
#ifndef DIVIDEND_PLAN_PLAN_HEALTH_H
#define DIVIDEND_PLAN_PLAN_HEALTH_H

#include "plan/plan.h"

/* Discount schedules that totals are kept under. */
enum { UNDISCOUNTED, DISCOUNTED_COSTS, DISCOUNTED_HEALTH, N_SCHEDULES };

/* A column of the ledger's program (inputs, evidence) that the health program reads. */
struct health_import {
    program_slot from; /* in plan->program */
    program_slot to;   /* SLOT_INPUT of the health program */
};

/* Probability of moving in a cycle; p = PROGRAM_NO_SLOT: what the other moves of the row leave. */
struct health_move {
    size_t from, to; /* states */
    program_slot p;
};

/* A cohort's way through the states; options that differ in payoffs alone share one. Moves are in
 * order of `from`. */
struct health_trace {
    const program_slot *start; /* [n_states]; PROGRAM_NO_SLOT: nobody */
    const struct health_move *moves;
    size_t n_moves;
    size_t option; /* the first that takes it, for messages */
};

/* What totals are kept for, for each option: a category of costs with one split over sectors, or an
 * outcome. */
struct health_account {
    size_t outcome;                    /* index into the model's outcomes, or PAYOFF_COST */
    size_t category;                   /* costs: index into the model's categories */
    size_t schedule;                   /* the one it is discounted by */
    const struct plan_weight *weights; /* costs: sectors, in order, with cashable shares */
    size_t n_weights;
};

/* The payoffs of one option in one account. */
struct health_line {
    size_t account;
    program_slot once;          /* at the start; PROGRAM_NO_SLOT: nothing */
    const program_slot *states; /* [n_states]: for a cycle in the state; PROGRAM_NO_SLOT: nothing */
    /* For each move of the option's trace: for making it; PROGRAM_NO_SLOT: nothing. NULL: none. */
    const program_slot *moves;
};

struct health_strategy {
    size_t trace; /* cohorts */
    const struct health_line *lines;
    size_t n_lines;
};

/* Shares that lie in [0, 1] and sum to 1 at every draw: the branches of a node, the start. */
struct health_sum {
    const program_slot *shares;
    size_t n_shares;
    const char *what; /* "the branches of \"biopsy\"" */
    size_t option;
};

/* A disease under one option: slots, all of them of the current year. */
struct plan_disease {
    program_slot prevalence, incidence, remission, case_fatality, utility_loss, cost;
    size_t cost_account, case_account; /* cost_account SIZE_MAX: no cost */
};

/* A risk in categories. A continuous risk is one category with the mean relative risk of its
 * distribution. */

struct plan_risk {
    size_t lag_years, n_categories;
    const program_slot *shares;         /* [option][category] */
    const program_slot *relative_risks; /* [option][category][disease]; PROGRAM_NO_SLOT: 1 */
};

struct plan_life_table {
    program_slot mortality, utility;
    const struct plan_disease *diseases; /* [option][disease] */
    size_t n_diseases;
    const struct plan_risk *risks;
    size_t n_risks;
    size_t qaly_account, year_account;
};

struct plan_health {
    const struct health_model *model;
    const struct plan_life_table *life_table; /* NULL: a cohort or tree */
    struct program *program; /* stepwise: groups, points 0 .. n_cycles, times in state */
    const struct health_import *imports;
    size_t n_imports;
    size_t n_states, n_cycles;   /* trees: no cycles */
    size_t n_times;              /* longest tunnel */
    const size_t *first_column;  /* [n_states + 1]: columns of a state's times in a trace */
    bool stepped;                /* something varies by group, cycle or time in state */
    const double *group_weights; /* [n_groups] */
    const struct health_trace *traces;
    size_t n_traces;
    const struct health_strategy *strategies; /* [n_options] */
    const struct health_account *accounts;
    size_t n_accounts;
    const struct health_sum *sums;
    size_t n_sums;
    /* Weight of occupancy at the start (alpha) and the end (beta) of cycle t, priced by the values
     * of point t: [schedule][n_cycles + 1]. By points: alpha alone. */
    const double *alpha, *beta;
    const double *point; /* alpha[t] + beta[t - 1]: for values that do not vary */
    const double *year;  /* life tables: [schedule][n_cycles + 1], discount of the year's flows */
    const double *move;  /* [schedule][n_cycles]: weight of a payoff on a move in the cycle */
};

/* Adds plan->health. Problems that only show when slots are known (ages beyond a table, time in
 * state without a tunnel) are diagnostics. */
struct builder;
void plan_health_build(struct builder *builder);

/* The same for a health model that a programme draws on: its inputs are amounts of the programme.
 */
const struct plan_health *plan_health_feed(struct builder *builder, const struct health_gain *gain);

/* Index of an outcome's or a cost's result `item`: one for each option and thing. */
static inline size_t plan_health_item(size_t option, size_t n_things, size_t thing)
{
    return option * n_things + thing;
}

#endif
