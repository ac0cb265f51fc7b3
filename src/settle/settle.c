#include "settle/settle.h"

#include "base/vector.h"
#include "settle/settle_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void settlement_init(struct settlement *settlement, const struct plan *plan)
{
    size_t block = plan->n_years * PROGRAM_BLOCK;
    *settlement =
        (struct settlement){.plan = plan,
                            .flows = memory_columns(plan->n_flow_rows * block),
                            .volumes = memory_columns(plan->n_demands * block),
                            .capped = memory_columns(PROGRAM_BLOCK),
                            .scratch = memory_columns((size_t)N_SCRATCH * PROGRAM_BLOCK),
                            .cell_participants = memory_columns(plan->n_cells * PROGRAM_BLOCK),
                            .cell_qalys = memory_columns(plan->n_cells * PROGRAM_BLOCK),
                            .cell_values = memory_columns(plan->n_cells * PROGRAM_BLOCK)};
}

void settlement_clear(struct settlement *settlement)
{
    free(settlement->flows);
    free(settlement->volumes);
    free(settlement->capped);
    free(settlement->scratch);
    free(settlement->cell_participants);
    free(settlement->cell_qalys);
    free(settlement->cell_values);
    *settlement = (struct settlement){0};
}

double *settle_scratch(struct settlement *settlement, size_t index)
{
    return settlement->scratch + index * PROGRAM_BLOCK;
}

double *settle_flow(struct settlement *settlement, size_t sector, enum flow_kind kind, size_t year)
{
    const struct plan *plan = settlement->plan;
    size_t row = plan->flow_row[plan->who_of_sector[sector] * N_FLOW_KINDS + kind];
    return block_column(settlement->flows, plan->n_years, row, year);
}

/* Sums a group's payments of one year, then shares the sum out. */
static void settle_payments(struct settlement *settlement, struct evaluation *evaluation,
                            const struct plan_payment_group *group, size_t year, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    const struct vector_kernels *kernels = vector_kernels();
    double *sum = settle_scratch(settlement, SCRATCH_VALUE);
    bool any = false;
    for (size_t i = 0; i < group->n_payments; ++i) {
        const struct plan_payment *payment = &group->payments[i];
        if (payment->quantity[year] == 0.0) {
            continue;
        }
        const double *amount =
            program_column(plan->program, evaluation->workspace, payment->amount, year);
        if (any) {
            kernels->add_scaled(n_draws, amount, payment->quantity[year], sum);
        } else {
            kernels->scale(n_draws, amount, payment->quantity[year], sum);
        }
        any = true;
    }
    for (size_t i = 0; any && i < group->n_weights; ++i) {
        kernels->add_scaled(n_draws, sum, group->weights[i].weight,
                            settle_flow(settlement, group->weights[i].sector, group->kind, year));
    }
}

/* Volumes of a demand over its outcomes: as counted, and adjusted for optimism bias before pricing.
 */
static const double *sum_volumes(struct settlement *settlement, struct evaluation *evaluation,
                                 size_t demand, size_t year, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    const struct vector_kernels *kernels = vector_kernels();
    double *counted = block_column(settlement->volumes, plan->n_years, demand, year);
    double *adjusted = settle_scratch(settlement, SCRATCH_ADJUSTED);
    kernels->fill(n_draws, 0.0, counted);
    kernels->fill(n_draws, 0.0, adjusted);
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        const struct plan_volume *volume = &plan->volumes[i];
        if (volume->demand != demand) {
            continue;
        }
        const double *units = block_column(evaluation->volumes, plan->n_years, i, year);
        kernels->add(n_draws, counted, units, counted);
        if (volume->value_factor == PROGRAM_NO_SLOT) {
            kernels->add(n_draws, adjusted, units, adjusted);
        } else {
            kernels->add_product(
                n_draws, units,
                program_column(plan->program, evaluation->workspace, volume->value_factor, year),
                adjusted);
        }
    }
    return adjusted;
}

/* Caps a sector's saving at its baseline spend. */
static void apply_ceiling(struct settlement *settlement, double ceiling_gbp, size_t n_draws,
                          double *saving)
{
    for (size_t draw = 0; draw < n_draws; ++draw) {
        if (saving[draw] > ceiling_gbp) {
            saving[draw] = ceiling_gbp;
            settlement->capped[draw] = 1.0;
        }
    }
}

/* cashable x released, never above a saving that was capped; the rest is capacity released. */
static void split_released(struct settlement *settlement, const struct plan_weight *weight,
                           size_t year, size_t n_draws, const double *saving)
{
    const struct vector_kernels *kernels = vector_kernels();
    double *cash = settle_scratch(settlement, SCRATCH_CASH);
    kernels->scale(n_draws, settle_scratch(settlement, SCRATCH_RELEASED),
                   weight->weight * weight->cashable, cash);
    for (size_t draw = 0; draw < n_draws; ++draw) {
        if (saving[draw] >= 0.0 && cash[draw] > saving[draw]) {
            cash[draw] = saving[draw];
        }
    }
    if (weight->cashable > 0.0) {
        double *cashable = settle_flow(settlement, weight->sector, FLOW_CASHABLE, year);
        kernels->add(n_draws, cashable, cash, cashable);
    }
    double *rest = settle_flow(settlement, weight->sector, FLOW_NON_CASHABLE, year);
    kernels->add(n_draws, rest, saving, rest);
    kernels->add_scaled(n_draws, cash, -1.0, rest);
}

static void split_pro_rata(struct settlement *settlement, const struct plan_weight *weight,
                           size_t year, size_t n_draws, const double *saving)
{
    const struct vector_kernels *kernels = vector_kernels();
    if (weight->cashable > 0.0) {
        kernels->add_scaled(n_draws, saving, weight->cashable,
                            settle_flow(settlement, weight->sector, FLOW_CASHABLE, year));
    }
    if (weight->cashable < 1.0) {
        kernels->add_scaled(n_draws, saving, 1.0 - weight->cashable,
                            settle_flow(settlement, weight->sector, FLOW_NON_CASHABLE, year));
    }
}

static void settle_sector(struct settlement *settlement, const struct plan_demand *demand,
                          size_t index, size_t year, size_t n_draws)
{
    const struct plan_weight *weight = &demand->weights[index];
    const struct vector_kernels *kernels = vector_kernels();
    const double *value = settle_scratch(settlement, SCRATCH_VALUE);
    if (demand->transfer_from != SIZE_MAX) {
        kernels->add_scaled(n_draws, value, weight->weight,
                            settle_flow(settlement, weight->sector, FLOW_TRANSFER, year));
        kernels->add_scaled(n_draws, value, -weight->weight,
                            settle_flow(settlement, demand->transfer_from, FLOW_TRANSFER, year));
        return;
    }
    if (demand->value_type != VALUE_FISCAL) {
        kernels->add_scaled(
            n_draws, value, weight->weight,
            settle_flow(settlement, weight->sector, plan_value_kind(demand->value_type), year));
        return;
    }
    double *saving = settle_scratch(settlement, SCRATCH_SECTOR);
    kernels->scale(n_draws, value, weight->weight, saving);
    if (demand->ceiling_gbp != NULL) {
        apply_ceiling(settlement, demand->ceiling_gbp[index], n_draws, saving);
    }
    if (demand->release_step > 0.0) {
        split_released(settlement, weight, year, n_draws, saving);
    } else {
        split_pro_rata(settlement, weight, year, n_draws, saving);
    }
}

/* Value of whole steps only: volume / step, cut to a whole number, x step x unit cost. More demand
 * costs cash in whole steps too: less than one is absorbed. method 3.7. */
static void price_released(struct settlement *settlement, const struct plan_demand *demand,
                           const double *volume, const double *unit_cost, size_t n_draws)
{
    const struct vector_kernels *kernels = vector_kernels();
    double *released = settle_scratch(settlement, SCRATCH_RELEASED);
    kernels->fill(n_draws, demand->release_step, released);
    kernels->divide(n_draws, volume, released, released);
    for (size_t draw = 0; draw < n_draws; ++draw) {
        released[draw] = trunc(released[draw]);
    }
    kernels->scale(n_draws, released, demand->release_step, released);
    kernels->multiply(n_draws, released, unit_cost, released);
}

void settle_value(struct settlement *settlement, size_t demand, size_t year, size_t n_draws)
{
    const struct plan_demand *row = &settlement->plan->demands[demand];
    for (size_t i = 0; i < row->n_weights; ++i) {
        settle_sector(settlement, row, i, year, n_draws);
    }
}

static void settle_demand(struct settlement *settlement, struct evaluation *evaluation,
                          size_t index, size_t year, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    const struct plan_demand *demand = &plan->demands[index];
    const double *volume = sum_volumes(settlement, evaluation, index, year, n_draws);
    if (demand->unit_cost == PROGRAM_NO_SLOT) {
        return;
    }
    const double *unit_cost =
        program_column(plan->program, evaluation->workspace, demand->unit_cost, year);
    vector_kernels()->multiply(n_draws, volume, unit_cost,
                               settle_scratch(settlement, SCRATCH_VALUE));
    if (demand->release_step > 0.0) {
        price_released(settlement, demand, volume, unit_cost, n_draws);
    }
    settle_value(settlement, index, year, n_draws);
}

/* What a health model saves, shared out; savings may be below zero. */
static void settle_feeds(struct settlement *settlement, struct evaluation *evaluation, size_t year,
                         size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    double *saving = settle_scratch(settlement, SCRATCH_SECTOR);
    for (size_t i = 0; i < plan->n_feeds; ++i) {
        const struct plan_feed *feed = &plan->feeds[i];
        for (size_t k = 0; k < feed->n_lines; ++k) {
            const double *line =
                block_column(evaluation->feed_lines, plan->n_years, feed->first_line + k, year);
            for (size_t j = 0; j < feed->lines[k].n_weights; ++j) {
                const struct plan_weight *weight = &feed->lines[k].weights[j];
                vector_kernels()->scale(n_draws, line, weight->weight, saving);
                split_pro_rata(settlement, weight, year, n_draws, saving);
            }
        }
    }
}

static void settle_qaly_values(struct settlement *settlement, struct evaluation *evaluation,
                               size_t year, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        vector_kernels()->add_scaled(
            n_draws, block_column(evaluation->qalys, plan->n_years, i, year), plan->qaly_value_gbp,
            settle_flow(settlement, plan->qalys[i].sector, FLOW_QALY_VALUE, year));
    }
}

void settlement_run(struct settlement *settlement, struct evaluation *evaluation, size_t n_draws)
{
    settlement_run_without(settlement, evaluation, NULL, n_draws);
}

void settlement_run_without(struct settlement *settlement, struct evaluation *evaluation,
                            const bool *left_out, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    if (plan->present_values_only) {
        settle_present_values(settlement, evaluation, n_draws);
        return;
    }
    memset(settlement->flows, 0,
           plan->n_flow_rows * plan->n_years * PROGRAM_BLOCK * sizeof *settlement->flows);
    memset(settlement->capped, 0, PROGRAM_BLOCK * sizeof *settlement->capped);
    bool monetise_qalys = plan->qaly_value_gbp == plan->qaly_value_gbp;
    for (size_t year = 0; year < plan->n_years; ++year) {
        for (size_t i = 0; i < plan->n_payments; ++i) {
            settle_payments(settlement, evaluation, &plan->payments[i], year, n_draws);
        }
        for (size_t i = 0; i < plan->n_demands; ++i) {
            if (left_out == NULL || !left_out[i]) {
                settle_demand(settlement, evaluation, i, year, n_draws);
            }
        }
        settle_feeds(settlement, evaluation, year, n_draws);
        if (monetise_qalys) {
            settle_qaly_values(settlement, evaluation, year, n_draws);
        }
    }
    if (plan->n_cells > 0) {
        settle_cells(settlement, evaluation, left_out, n_draws);
    }
}
