/* Shared by the files that make a choice of a portfolio's words. */
#ifndef DIVIDEND_PORTFOLIO_FUND_PRIVATE_H
#define DIVIDEND_PORTFOLIO_FUND_PRIVATE_H

#include "portfolio/portfolio.h"
#include "portfolio/tables.h"

/* One portfolio on its way to a choice. */
struct funding {
    struct portfolio_result *result;
    struct arena *arena;
    const struct library *library;
    const struct portfolio *portfolio;
    struct diagnostics *diagnostics;
    const struct plan *bundle; /* all programmes, all scales */
    struct linear_measure *measures;
    size_t n_measures, n_core, measures_capacity;
    size_t *drawn;
    size_t n_drawn, drawn_capacity;
    struct choice_bound *bounds;
    size_t n_bounds, bounds_capacity;
    struct choice_chance *chances;
    size_t n_chances, chances_capacity;
    size_t *first_bound, *first_chance; /* [n_constraints + 1]: what each constraint became */
    size_t objective, denominator, gap; /* measures; SIZE_MAX none */
    size_t *uses;                       /* [budget][year]: measure of its cash use */
    size_t *net_uses[N_BUDGET_FORMS];   /* [leading budget][year]: less of its pool's use than its
                                           savings, where these come back */
    size_t amounts[N_AMOUNTS];          /* measures of a programme alone; SIZE_MAX: none */
    struct choice_tables tables;
};

/* The choice under a form's budgets, all limits times `scale` (fund.c). */
struct choice_problem fund_make_problem(struct funding *funding, enum budget_form form,
                                        double scale);
size_t fund_add_measure(struct funding *funding, const struct linear_measure *measure);

/* Amounts that a programme is shown by, as measures (standing.c). */
void standing_read_amounts(struct funding *funding);
/* Fills result->standings. */
void standing_find(struct funding *funding);

#endif
