/* One block of draws of a cohort or tree: totals of every option. Pure: no I/O, no clock, no
 * globals; allocates only in health_evaluation_init. method section 4.
 *
 * Models whose probabilities and values vary by nothing but the draw take a kernel that keeps the
 * trace in registers; all others walk through groups and cycles. */
#ifndef DIVIDEND_EVALUATE_HEALTH_H
#define DIVIDEND_EVALUATE_HEALTH_H

#include "plan/plan_health.h"

/* The first draw of a block whose probabilities do not lie in [0, 1] or sum to 1. */
struct health_fault {
    bool found;
    size_t draw; /* within the block */
    size_t option, group, cycle;
    size_t state;     /* whose row; SIZE_MAX: a sum of the plan */
    const char *what; /* the sum, where state is SIZE_MAX */
    double value;     /* worst probability, or the sum where all lie in [0, 1] */
    bool is_sum;
};

struct health_evaluation {
    const struct plan_health *plan;
    double *workspace;
    double *shares, *next;         /* [trace][column][draw] */
    double *rest;                  /* [draw] scratch */
    double *occupancy;             /* [trace][schedule][state][draw] */
    double *totals;                /* [option][account][0 undiscounted, 1 discounted][draw] */
    struct life_table *life_table; /* scratch of a life table; NULL: none */
    double *zeros, *ones;          /* [draw] */
    /* For a programme: [option][account][year since the start][draw], undiscounted, and no totals;
     * NULL: totals. */
    double *yearly;
    size_t n_years;
    bool all_schedules; /* false: undiscounted totals are not wanted and stay 0 */
    bool fast;          /* the kernel */
    size_t *tracked;    /* [n_states]: states the kernel follows */
    size_t n_tracked;
    struct health_fault fault; /* of the last run */
    /* Where not NULL: shares of draw 0 at each point, [option][point][state], over all groups. */
    double *trace;
};

/* n_years 0: totals; else flows by year for a programme's ledger. */
void health_evaluation_init(struct health_evaluation *health, const struct plan_health *plan,
                            bool all_schedules, size_t n_years);
void health_evaluation_clear(struct health_evaluation *health);

/* Reads imports from `ledger`, the workspace of plan->program after its run. A draw with a fault
 * has totals that are not a number. */
void health_evaluation_run(struct health_evaluation *health, const struct program *program,
                           double *ledger, size_t n_draws);

/* Life tables with n_years: the flows of one group alone, by year and unweighted; after a run of
 * the same block, which has filled what does not vary. */
void health_evaluation_run_group(struct health_evaluation *health, size_t group, size_t n_draws);

/* Checks the plan's sums of shares at the current step; for evaluate/ alone. */
void health_check_sums(struct health_evaluation *health, size_t group, size_t n_draws);

/* "option soc, group women, cycle 3: the probabilities from "sick" sum to 1.02" into the buffer. */
void health_fault_describe(const struct plan_health *plan, const struct health_fault *fault,
                           char *buffer, size_t n_bytes);

/* Flow of an option in an account in a year since the start, undiscounted. */
static inline double *health_year(const struct health_evaluation *health, size_t option,
                                  size_t account, size_t year)
{
    return health->yearly +
           ((option * health->plan->n_accounts + account) * health->n_years + year) * PROGRAM_BLOCK;
}

/* Total of an option in an account. */
static inline double *health_total(const struct health_evaluation *health, size_t option,
                                   size_t account, bool discounted)
{
    return health->totals +
           ((option * health->plan->n_accounts + account) * 2 + (discounted ? 1 : 0)) *
               PROGRAM_BLOCK;
}

#endif
