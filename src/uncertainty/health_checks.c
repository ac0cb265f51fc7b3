/* Checks that run with every health model, and its matrix at the means. */
#include "uncertainty/uncertainty.h"
#include "uncertainty/worker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- variants ---- */

struct variant {
    struct arena arena;
    const struct plan *plan; /* NULL where it cannot be built */
    double *values;          /* result columns */
    double *trace;           /* [option][point][state] */
};

static void variant_start(struct variant *variant, const struct plan *plan,
                          enum health_variant which)
{
    struct diagnostics diagnostics;
    const struct plan_options options = {.measure_set = MEASURE_SET_FULL, .variant = which};
    *variant = (struct variant){0};
    arena_init(&variant->arena);
    diagnostics_init(&diagnostics, &variant->arena);
    variant->plan =
        plan_build(&variant->arena, plan->library, plan->scenario, &options, &diagnostics);
    if (variant->plan == NULL) {
        return;
    }
    const struct plan_health *health = variant->plan->health;
    variant->values = memory_array(variant->plan->n_results + 1, sizeof *variant->values);
    variant->trace =
        memory_array(health->model->n_options * (health->n_cycles + 1) * health->n_states + 1,
                     sizeof *variant->trace);
    simulation_central(variant->plan, variant->values);
    if (health->model->kind == HEALTH_COHORT) {
        simulation_trace(variant->plan, variant->trace);
    }
}

static void variant_end(struct variant *variant)
{
    free(variant->values);
    free(variant->trace);
    arena_clear(&variant->arena);
}

/* Share of an option in states that are (or are not) dead, at a point. */
static double share_in(const struct variant *variant, size_t option, size_t point, bool dead,
                       bool living)
{
    const struct plan_health *health = variant->plan->health;
    double sum = 0.0;
    for (size_t s = 0; s < health->n_states; ++s) {
        if (health->model->states[s].dead ? dead : living) {
            sum += variant->trace[(option * (health->n_cycles + 1) + point) * health->n_states + s];
        }
    }
    return sum;
}

static double worst_share(const struct variant *variant, size_t first_point, bool dead, bool living)
{
    const struct plan_health *health = variant->plan->health;
    double worst = 0.0;
    for (size_t o = 0; o < health->model->n_options; ++o) {
        for (size_t t = first_point; t <= health->n_cycles; ++t) {
            double off = fabs(share_in(variant, o, t, dead, living) - 1.0);
            worst = off > worst || isnan(off) ? off : worst;
        }
    }
    return worst;
}

static bool has_dead_state(const struct health_model *model)
{
    for (size_t s = 0; s < model->n_states; ++s) {
        if (model->states[s].dead) {
            return true;
        }
    }
    return false;
}

static double worst_qalys(const struct variant *variant)
{
    const struct plan *plan = variant->plan;
    double worst = 0.0;
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct plan_result_column *result = &plan->results[i];
        size_t n = plan->health->model->n_outcomes;
        if (result->measure != MEASURE_OPTION_OUTCOME_UNDISCOUNTED ||
            result->item % n != OUTCOME_QALYS) {
            continue;
        }
        size_t years = plan_find_result(plan, result->measure, result->who, 0, result->item + 1);
        double off = years == SIZE_MAX ? (double)NAN
                                       : fabs(variant->values[i] - variant->values[years]) /
                                             fmax(1.0, variant->values[years]);
        worst = off > worst || isnan(off) ? off : worst;
    }
    return worst;
}

/* Nobody dies: as many years as are followed. */
static double worst_years(const struct variant *variant)
{
    const struct plan *plan = variant->plan;
    double worst = 0.0;
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct plan_result_column *result = &plan->results[i];
        if (result->measure == MEASURE_OPTION_OUTCOME_UNDISCOUNTED &&
            result->item % plan->health->model->n_outcomes == OUTCOME_LIFE_YEARS) {
            double off = fabs(variant->values[i] / (double)plan->health->n_cycles - 1.0);
            worst = off > worst || isnan(off) ? off : worst;
        }
    }
    return worst;
}

static double worst_difference(const struct variant *variant)
{
    double worst = 0.0;
    for (size_t i = 0; i < variant->plan->n_results; ++i) {
        enum measure measure = variant->plan->results[i].measure;
        if (measure == MEASURE_OPTION_COST_DIFFERENCE ||
            measure == MEASURE_OPTION_OUTCOME_DIFFERENCE) {
            double off = fabs(variant->values[i]);
            worst = off > worst || isnan(off) ? off : worst;
        }
    }
    return worst;
}

static struct health_check_result conclude(const char *name, bool applies,
                                           const struct variant *variant, double worst,
                                           double allowed)
{
    return (struct health_check_result){.name = name,
                                        .applies = applies,
                                        .holds =
                                            !applies || (variant->plan != NULL && worst <= allowed),
                                        .worst = worst};
}

void simulation_health_checks(const struct plan *plan,
                              struct health_check_result checks[N_HEALTH_CHECKS])
{
    static const struct {
        enum health_variant variant;
        const char *name;
    } rows[N_HEALTH_CHECKS] = {{HEALTH_AS_IS, "people are conserved in every cycle"},
                               {HEALTH_NO_DEATH, "without death all stay alive"},
                               {HEALTH_ALL_DIE, "with a mortality of 1 all are dead after a cycle"},
                               {HEALTH_UTILITY_ONE, "with utilities of 1 QALYs are life-years"},
                               {HEALTH_IDENTICAL, "identical options differ by exactly 0"}};
    const struct health_model *model = plan->health->model;
    bool cohort = model->kind == HEALTH_COHORT, table = model->kind == HEALTH_LIFE_TABLE;
    for (size_t i = 0; i < N_HEALTH_CHECKS; ++i) {
        struct variant variant;
        double worst = (double)NAN;
        bool applies = rows[i].variant == HEALTH_IDENTICAL || cohort ||
                       (table && (rows[i].variant == HEALTH_NO_DEATH ||
                                  rows[i].variant == HEALTH_UTILITY_ONE));
        variant_start(&variant, plan, rows[i].variant);
        if (variant.plan != NULL && applies) {
            switch (rows[i].variant) {
            case HEALTH_AS_IS:
                worst = worst_share(&variant, 0, true, true);
                break;
            case HEALTH_NO_DEATH:
                if (table) {
                    worst = worst_years(&variant);
                    break;
                }
                applies = has_dead_state(model) && share_in(&variant, 0, 0, true, false) == 0.0;
                worst = worst_share(&variant, 0, false, true);
                break;
            case HEALTH_ALL_DIE:
                applies = has_dead_state(model);
                worst = worst_share(&variant, 1, true, false);
                break;
            case HEALTH_UTILITY_ONE:
                worst = worst_qalys(&variant);
                break;
            case HEALTH_IDENTICAL:
                worst = worst_difference(&variant);
                break;
            }
        }
        checks[i] = conclude(rows[i].name, applies, &variant, worst,
                             rows[i].variant == HEALTH_IDENTICAL ? 0.0 : 1e-9);
        variant_end(&variant);
    }
}

/* ---- life tables by year and group ---- */

void simulation_life_table(const struct plan *plan, double *by_year, double *by_group)
{
    const struct plan_health *health = plan->health;
    size_t n_years = health->n_cycles, n_groups = health->model->n_groups;
    size_t n_rows = health->model->n_options * health->n_accounts;
    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    struct health_evaluation yearly;
    worker_init(&worker, &sampling);
    worker_run_central(&worker);
    health_evaluation_init(&yearly, health, false, n_years);
    health_evaluation_run(&yearly, plan->program, worker.evaluation.workspace, 1);
    for (size_t i = 0; i < n_rows * n_years; ++i) {
        by_year[i] = yearly.yearly[i * PROGRAM_BLOCK];
    }
    memset(by_group, 0, n_rows * n_groups * sizeof *by_group);
    for (size_t group = 0; group < n_groups; ++group) {
        health_evaluation_run_group(&yearly, group, 1);
        for (size_t row = 0; row < n_rows; ++row) {
            for (size_t year = 0; year < n_years; ++year) {
                by_group[row * n_groups + group] +=
                    yearly.yearly[(row * n_years + year) * PROGRAM_BLOCK];
            }
        }
    }
    health_evaluation_clear(&yearly);
    worker_clear(&worker);
}

/* ---- the matrix ---- */

void simulation_matrix(const struct plan *plan, size_t option, size_t group, size_t cycle,
                       double *matrix)
{
    const struct plan_health *health = plan->health;
    const struct health_trace *trace = &health->traces[health->strategies[option].trace];
    struct plan_sampling sampling = {.plan = plan};
    struct worker worker;
    size_t n = health->n_states;
    worker_init(&worker, &sampling);
    worker_run_central(&worker);
    double *workspace = worker.evaluation.health.workspace;
    for (size_t t = 0; t <= cycle; ++t) {
        program_step(health->program, workspace, group, t, 1);
    }
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < trace->n_moves; ++i) {
        const struct health_move *move = &trace->moves[i];
        double p = 1.0;
        if (move->p != PROGRAM_NO_SLOT) {
            p = program_step_column(health->program, workspace, move->p, 0)[0];
        }
        for (size_t k = 0; move->p == PROGRAM_NO_SLOT && k < trace->n_moves; ++k) {
            const struct health_move *other = &trace->moves[k];
            if (other->from == move->from && other->p != PROGRAM_NO_SLOT) {
                p -= program_step_column(health->program, workspace, other->p, 0)[0];
            }
        }
        matrix[move->from * n + move->to] += p;
    }
    worker_clear(&worker);
}
