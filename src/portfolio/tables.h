/* What every programme, and every combination of programmes that share something, is worth in some
 * measures: means and draws, from one pass over the draws. The choice problem's numbers.
 * method 6.4.
 */
#ifndef DIVIDEND_PORTFOLIO_TABLES_H
#define DIVIDEND_PORTFOLIO_TABLES_H

#include "portfolio/choice.h"
#include "portfolio/measure.h"
#include "uncertainty/worker.h"

/* Bytes of draws that a choice may keep; fewer draws are taken where more would be needed. */
enum { TABLES_MAX_BYTES = 512 * 1024 * 1024 };

struct choice_tables {
    const struct plan *bundle; /* of all programmes and scales */
    const struct linear_measure *measures;
    size_t n_measures;
    size_t n_core;       /* the first of them: those that combinations are looked at in */
    const size_t *drawn; /* [n_drawn]: measures whose draws are kept */
    size_t n_drawn, n_draws;
    double *additive;       /* [member][n_measures] */
    double *core_additive;  /* [member][n_core]: of a choice problem with n_core measures */
    double *additive_draws; /* [member][n_drawn][n_draws] */
    struct choice_component *components;
    size_t n_components;
    double **component_values, **component_draws; /* behind the components */
};

/* Evaluates the bundle (plan_build_bundle with all levels) over at most n_draws draws, in
 * n_threads threads (0: one a processor). Results do not depend on the threads. Draws are counted
 * in `effort`, which may be NULL. */
enum status tables_make(struct choice_tables *tables, const struct plan *bundle,
                        const struct linear_measure *measures, size_t n_measures, size_t n_core,
                        const size_t *drawn, size_t n_drawn, size_t n_draws,
                        const struct sampling_design *design, size_t n_threads,
                        struct effort *effort, struct error *error) MUST_CHECK;
void tables_clear(struct choice_tables *tables);

/* Programmes that synergies on everything join, where that makes more combinations than tables_make
 * takes; else 0. */
size_t tables_too_many_synergies(const struct plan *bundle);

/* Draws that fit TABLES_MAX_BYTES: a multiple of a block, at most n_draws. */
size_t tables_draws(const struct plan *bundle, size_t n_drawn, size_t n_draws);

#endif
