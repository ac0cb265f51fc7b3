#include "evaluate/evaluate.h"

#include "base/vector.h"

#include <stdlib.h>
#include <string.h>

void evaluation_init(struct evaluation *evaluation, const struct plan *plan)
{
    size_t block = plan->n_years * PROGRAM_BLOCK;
    *evaluation =
        (struct evaluation){.plan = plan,
                            .workspace = memory_columns(plan->program->n_columns * PROGRAM_BLOCK),
                            .stocks = memory_columns(plan->n_stocks * block),
                            .fade = memory_columns(PROGRAM_BLOCK),
                            .volumes = memory_columns(plan->n_volumes * block),
                            .qalys = memory_columns(plan->n_qalys * block)};
    program_prepare(plan->program, evaluation->workspace);
    if (plan->health != NULL) {
        health_evaluation_init(&evaluation->health, plan->health,
                               plan->measure_set == MEASURE_SET_FULL, 0);
    }
    evaluation->feeds = memory_array(plan->n_feeds + 1, sizeof *evaluation->feeds);
    evaluation->feed_lines = memory_columns(plan->n_feed_lines * block);
    for (size_t i = 0; i < plan->n_feeds; ++i) {
        if (plan->feeds[i].evaluation == i) {
            health_evaluation_init(&evaluation->feeds[i], plan->feeds[i].health, false,
                                   plan->n_years);
        }
    }
}

void evaluation_clear(struct evaluation *evaluation)
{
    free(evaluation->workspace);
    free(evaluation->stocks);
    free(evaluation->fade);
    free(evaluation->volumes);
    free(evaluation->qalys);
    for (size_t i = 0; evaluation->plan != NULL && i < evaluation->plan->n_feeds; ++i) {
        if (evaluation->plan->feeds[i].evaluation == i) {
            health_evaluation_clear(&evaluation->feeds[i]);
        }
    }
    free(evaluation->feeds);
    free(evaluation->feed_lines);
    if (evaluation->plan != NULL && evaluation->plan->health != NULL) {
        health_evaluation_clear(&evaluation->health);
    }
    *evaluation = (struct evaluation){0};
}

double *evaluation_input(struct evaluation *evaluation, size_t plan_column)
{
    const struct plan *plan = evaluation->plan;
    return program_column(plan->program, evaluation->workspace, plan->columns[plan_column].slot, 0);
}

/* fade(k) for the next k, by the same steps as plan/ folds constant fades: kept x share a year, or
 * max(0, 1 - k / years). */
static void next_fade(enum fade kind, size_t k, size_t n_draws, const double *amount, double *fade)
{
    if (kind != FADE_LINEAR) {
        vector_kernels()->multiply(n_draws, fade, amount, fade);
        return;
    }
    for (size_t draw = 0; draw < n_draws; ++draw) {
        double left = 1.0 - (double)k / amount[draw];
        fade[draw] = left > 0.0 ? left : 0.0;
    }
}

static void run_stock(struct evaluation *evaluation, size_t index, size_t n_draws)
{
    const struct plan *plan = evaluation->plan;
    const struct plan_stock *stock = &plan->stocks[index];
    const struct vector_kernels *kernels = vector_kernels();
    const double *amount =
        program_column(plan->program, evaluation->workspace, stock->fade_slot, 0);
    for (size_t year = 0; year < plan->n_years; ++year) {
        kernels->fill(n_draws, stock->fixed[year],
                      block_column(evaluation->stocks, plan->n_years, index, year));
    }
    kernels->fill(n_draws, 1.0, evaluation->fade);
    for (size_t k = 1; k <= plan->n_years; ++k) {
        next_fade(stock->fade, k, n_draws, amount, evaluation->fade);
        for (size_t year = k - 1; year < plan->n_years; ++year) {
            double coefficient = stock->coefficient[year * (plan->n_years + 1) + k];
            if (coefficient != 0.0) {
                kernels->add_scaled(n_draws, evaluation->fade, coefficient,
                                    block_column(evaluation->stocks, plan->n_years, index, year));
            }
        }
    }
}

/* out[year] = base[year] x stock[year - lag] */
static void run_line(struct evaluation *evaluation, program_slot base, size_t stock_index,
                     size_t lag_years, size_t n_draws, double *rows, size_t row)
{
    const struct plan *plan = evaluation->plan;
    const struct plan_stock *stock = &plan->stocks[stock_index];
    const struct vector_kernels *kernels = vector_kernels();
    for (size_t year = 0; year < plan->n_years; ++year) {
        double *out = block_column(rows, plan->n_years, row, year);
        const double *factor = program_column(plan->program, evaluation->workspace, base, year);
        if (year < lag_years) {
            kernels->fill(n_draws, 0.0, out);
        } else if (stock->fade == FADE_NONE) {
            kernels->scale(n_draws, factor, stock->fixed[year - lag_years], out);
        } else {
            kernels->multiply(
                n_draws, factor,
                block_column(evaluation->stocks, plan->n_years, stock_index, year - lag_years),
                out);
        }
    }
}

/* out[year] = base x sign x sum over intakes d of share[d] x (option - against)[year - d]. */
static void run_feed_row(struct evaluation *evaluation, size_t index, size_t account, double sign,
                         size_t n_draws, double *rows, size_t row)
{
    const struct plan *plan = evaluation->plan;
    const struct plan_feed *feed = &plan->feeds[index];
    const struct health_evaluation *health = &evaluation->feeds[feed->evaluation];
    const struct vector_kernels *kernels = vector_kernels();
    const double *base = program_column(plan->program, evaluation->workspace, feed->base, 0);
    for (size_t year = 0; year < plan->n_years; ++year) {
        double *out = block_column(rows, plan->n_years, row, year);
        kernels->fill(n_draws, 0.0, out);
        for (size_t intake = 0; intake <= year; ++intake) {
            double share = sign * plan->intake_share[intake];
            if (share != 0.0) {
                kernels->add_scaled(n_draws,
                                    health_year(health, feed->gain->option, account, year - intake),
                                    share, out);
                kernels->add_scaled(
                    n_draws, health_year(health, feed->gain->against, account, year - intake),
                    -share, out);
            }
        }
        kernels->multiply(n_draws, out, base, out);
    }
}

static void run_feeds(struct evaluation *evaluation, size_t n_draws)
{
    const struct plan *plan = evaluation->plan;
    for (size_t i = 0; i < plan->n_feeds; ++i) {
        const struct plan_feed *feed = &plan->feeds[i];
        if (feed->evaluation == i) {
            health_evaluation_run(&evaluation->feeds[i], plan->program, evaluation->workspace,
                                  n_draws);
        }
        for (size_t k = 0; k < feed->n_lines; ++k) {
            run_feed_row(evaluation, i, feed->lines[k].account, -1.0, n_draws,
                         evaluation->feed_lines, feed->first_line + k);
        }
    }
}

void evaluation_run(struct evaluation *evaluation, size_t n_draws)
{
    const struct plan *plan = evaluation->plan;
    program_run(plan->program, evaluation->workspace, n_draws);
    if (plan->health != NULL) {
        health_evaluation_run(&evaluation->health, plan->program, evaluation->workspace, n_draws);
        return;
    }
    for (size_t i = 0; i < plan->n_stocks; ++i) {
        if (plan->stocks[i].fade != FADE_NONE) {
            run_stock(evaluation, i, n_draws);
        }
    }
    for (size_t i = 0; i < plan->n_volumes && !plan->present_values_only; ++i) {
        const struct plan_volume *volume = &plan->volumes[i];
        run_line(evaluation, volume->base, volume->stock, volume->lag_years, n_draws,
                 evaluation->volumes, i);
    }
    run_feeds(evaluation, n_draws);
    for (size_t i = 0; i < plan->n_qalys && !plan->present_values_only; ++i) {
        const struct plan_qaly *qaly = &plan->qalys[i];
        if (qaly->feed != SIZE_MAX) {
            run_feed_row(evaluation, qaly->feed, plan->feeds[qaly->feed].qaly_account, 1.0, n_draws,
                         evaluation->qalys, i);
            continue;
        }
        run_line(evaluation, qaly->base, qaly->stock, qaly->lag_years, n_draws, evaluation->qalys,
                 i);
    }
}
