/* One block of draws: people, volumes and QALYs of a plan. Pure: no I/O, no clock, no globals;
 * allocates only in evaluation_init.
 *
 * Outputs are unpriced: settle/ puts prices, steps and ceilings on volumes. All arrays are columns
 * of PROGRAM_BLOCK draws, index [row][year][draw] (later [option][group][row][year][draw]). */
#ifndef DIVIDEND_EVALUATE_EVALUATE_H
#define DIVIDEND_EVALUATE_EVALUATE_H

#include "evaluate/health.h"

struct evaluation {
    const struct plan *plan;
    double *workspace; /* of the program; the caller fills input slots before evaluation_run */
    double *stocks;    /* [stock][year][draw]; rows of fixed stocks are unused */
    double *fade;      /* [draw] scratch */
    double *volumes;   /* [volume][year][draw], units avoided */
    double *qalys;     /* [qaly][year][draw], undiscounted */
    struct health_evaluation *feeds; /* [n_feeds]: health models that a programme draws on */
    double *feed_lines; /* [feed line][year][draw]: GBP saved, before it is shared out */
    struct health_evaluation health; /* health models only */
};

/* One a worker and plan. */
void evaluation_init(struct evaluation *evaluation, const struct plan *plan);
void evaluation_clear(struct evaluation *evaluation);

/* Column of an input slot to fill. */
double *evaluation_input(struct evaluation *evaluation, size_t plan_column);

/* Runs the program, then stocks, volumes (method 3.5) and QALYs for the first n_draws of each
 * column; for a plan of present values only, no volumes and QALYs. */
void evaluation_run(struct evaluation *evaluation, size_t n_draws);

/* Column `year` of row `row` in an array of rows of n_years columns. */
static inline double *block_column(double *rows, size_t n_years, size_t row, size_t year)
{
    return rows + (row * n_years + year) * PROGRAM_BLOCK;
}

#endif
