/* What a search must know at every node: which levels are still allowed, what the budgets still
 * hold, and how much of a measure any completion can reach. Private to portfolio. */
#ifndef DIVIDEND_PORTFOLIO_CHOICE_VIEW_H
#define DIVIDEND_PORTFOLIO_CHOICE_VIEW_H

#include "portfolio/choice_private.h"

/* A component with its members in the order of the search. The states of the first k members are
 * numbered in mixed radix; prefix[k] is the one on the path. */
struct part {
    size_t n_members;
    size_t member[CHOICE_MAX_MEMBERS], stride[CHOICE_MAX_MEMBERS], n_levels[CHOICE_MAX_MEMBERS];
    size_t offset[CHOICE_MAX_MEMBERS + 1]; /* of the states of the first k members in a table */
    size_t n_table, prefix[CHOICE_MAX_MEMBERS + 1];
};

struct membership {
    size_t component, place;
};

struct frame {
    const struct choice_problem *problem;
    bool impossible;                      /* the rules contradict the must-haves */
    size_t order[CHOICE_MAX_PROGRAMMES];  /* position to programme */
    uint8_t least[CHOICE_MAX_PROGRAMMES]; /* 1: on in every portfolio that keeps the rules */
    uint8_t most[CHOICE_MAX_PROGRAMMES];  /* 0: off in every one */
    size_t home[CHOICE_MAX_PROGRAMMES];   /* first component that holds it; SIZE_MAX */
    struct part *parts;                   /* [n_components] */
    struct membership *memberships;       /* of programme i: first_membership[i] .. [i + 1] */
    size_t first_membership[CHOICE_MAX_PROGRAMMES + 1];
};

void frame_start(const struct choice_problem *problem, struct frame *frame);
/* Programmes by falling score, those of a component together; ties in programme order. */
void frame_order(struct frame *frame, const double *score);
void frame_in_programme_order(struct frame *frame);
void frame_enter(struct frame *frame, size_t programme, size_t level);
void frame_clear(struct frame *frame);

/* Rows that can bind, each divided by its size, level by level so that a check runs over adjacent
 * numbers. */
struct budgets {
    size_t n_rows;
    bool impossible;
    double *use;   /* [level_index][n_rows] */
    double *limit; /* with the tolerance, a little more: the last word is choice_is_feasible's */
    double *least; /* [position][n_rows]: the smallest use of the programmes from there on */
    double *used;  /* [position][n_rows]: of the programmes before it, on the path */
};

void budgets_start(const struct frame *frame, struct budgets *budgets);
void budgets_follow_order(const struct frame *frame, struct budgets *budgets);
bool budgets_enter(const struct frame *frame, struct budgets *budgets, size_t position,
                   size_t level);
void budgets_clear(struct budgets *budgets);

/* The most that a measure can reach: total[position] on the path. */
struct view {
    double *level;  /* [level_index] */
    double *single; /* [programme]: the most of its allowed levels, outside components */
    double **best;  /* [component][n_table]: of each state, the best completion */
    double *total;  /* [n_programmes + 1] */
};

void view_start(const struct frame *frame, struct view *view);
/* prices: NULL, or of each row of `budgets`: every portfolio within budgets is worth no more than
 * its value less the priced use plus the priced limits. sign: -1 for the least instead. */
void view_fill(const struct frame *frame, const struct linear *linear, double sign,
               const struct budgets *budgets, const double *prices, struct view *view);
/* total after the programme takes the level, from `total` before. */
double view_after(const struct frame *frame, const struct view *view, double total,
                  size_t programme, size_t level);
void view_clear(const struct frame *frame, struct view *view);

/* Prices of rows that bring the bound of the whole down towards `target` (a known value, or
 * -INFINITY), by subgradients; score [n_programmes]: how much the better of each programme's levels
 * is worth at these prices. */
void prices_find(const struct frame *frame, const struct budgets *budgets,
                 const struct linear *linear, double target, double *prices, double *score);

#endif
