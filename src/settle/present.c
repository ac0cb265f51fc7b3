/* The ledger in present values: each line is summed over the years first and shared out once. The
 * same sums as settle.c in another order, for plans whose steps and ceilings do not need single
 * years. */
#include "base/vector.h"
#include "settle/settle_private.h"

#include <string.h>

/* One line: people and effect x stock, at a price. */
struct line {
    program_slot base, price, factor; /* price, factor: PROGRAM_NO_SLOT where 1 */
    size_t stock, lag_years;
    const double *discount;
};

static bool varies(const struct plan *plan, program_slot slot)
{
    return slot != PROGRAM_NO_SLOT && plan->program->slots[slot].extent > 1;
}

static void multiply_by(const struct plan *plan, struct evaluation *evaluation, program_slot slot,
                        size_t year, size_t n_draws, double *values)
{
    if (slot != PROGRAM_NO_SLOT) {
        vector_kernels()->multiply(n_draws, values,
                                   program_column(plan->program, evaluation->workspace, slot, year),
                                   values);
    }
}

/* sum over years of discount x stock(year - lag): one number where the stock is fixed. */
static void present_stock(const struct plan *plan, struct evaluation *evaluation,
                          const struct line *line, size_t n_draws, double *out)
{
    const struct vector_kernels *kernels = vector_kernels();
    const struct plan_stock *stock = &plan->stocks[line->stock];
    double fixed = 0.0;
    kernels->fill(n_draws, 0.0, out);
    for (size_t year = line->lag_years; year < plan->n_years; ++year) {
        size_t at = year - line->lag_years;
        if (stock->fade == FADE_NONE) {
            fixed += line->discount[year] * stock->fixed[at];
        } else {
            kernels->add_scaled(n_draws,
                                block_column(evaluation->stocks, plan->n_years, line->stock, at),
                                line->discount[year], out);
        }
    }
    if (stock->fade == FADE_NONE) {
        kernels->fill(n_draws, fixed, out);
    }
}

static void sum_by_year(const struct plan *plan, struct evaluation *evaluation,
                        const struct line *line, size_t n_draws, double *work, double *out)
{
    const struct vector_kernels *kernels = vector_kernels();
    const struct plan_stock *stock = &plan->stocks[line->stock];
    kernels->fill(n_draws, 0.0, out);
    for (size_t year = line->lag_years; year < plan->n_years; ++year) {
        size_t at = year - line->lag_years;
        const double *base = program_column(plan->program, evaluation->workspace, line->base, year);
        if (stock->fade == FADE_NONE) {
            kernels->scale(n_draws, base, stock->fixed[at], work);
        } else {
            kernels->multiply(n_draws, base,
                              block_column(evaluation->stocks, plan->n_years, line->stock, at),
                              work);
        }
        multiply_by(plan, evaluation, line->price, year, n_draws, work);
        multiply_by(plan, evaluation, line->factor, year, n_draws, work);
        kernels->add_scaled(n_draws, work, line->discount[year], out);
    }
}

/* Present value of a line into `out`. Present stocks of fixed prices are kept in the volumes' rows,
 * so that lines with the same stock and lag share one. */
static void line_value(struct settlement *settlement, struct evaluation *evaluation,
                       const struct line *line, const double *shared_stock, size_t n_draws,
                       double *out)
{
    const struct plan *plan = settlement->plan;
    if (shared_stock == NULL) {
        sum_by_year(plan, evaluation, line, n_draws, settle_scratch(settlement, SCRATCH_SECTOR),
                    out);
        return;
    }
    vector_kernels()->multiply(n_draws,
                               program_column(plan->program, evaluation->workspace, line->base, 0),
                               shared_stock, out);
    multiply_by(plan, evaluation, line->price, 0, n_draws, out);
    multiply_by(plan, evaluation, line->factor, 0, n_draws, out);
}

static struct line volume_line(const struct plan *plan, size_t index)
{
    const struct plan_volume *volume = &plan->volumes[index];
    return (struct line){.base = volume->base,
                         .price = plan->demands[volume->demand].unit_cost,
                         .factor = volume->value_factor,
                         .stock = volume->stock,
                         .lag_years = volume->lag_years,
                         .discount = plan->discount_costs};
}

static bool line_varies(const struct plan *plan, const struct line *line)
{
    return varies(plan, line->base) || varies(plan, line->price) || varies(plan, line->factor);
}

/* Rows of evaluation->volumes are free in this mode: row i holds the present stock of volume i. */
static const double *shared_stock(const struct plan *plan, struct evaluation *evaluation,
                                  size_t index, size_t n_draws)
{
    struct line line = volume_line(plan, index);
    if (line_varies(plan, &line)) {
        return NULL;
    }
    double *own = block_column(evaluation->volumes, plan->n_years, index, 0);
    for (size_t i = 0; i < index; ++i) {
        struct line other = volume_line(plan, i);
        if (other.stock == line.stock && other.lag_years == line.lag_years &&
            !line_varies(plan, &other)) {
            return block_column(evaluation->volumes, plan->n_years, i, 0);
        }
    }
    present_stock(plan, evaluation, &line, n_draws, own);
    return own;
}

static void share_out(struct settlement *settlement, const struct plan_demand *demand,
                      const double *value, size_t n_draws)
{
    const struct vector_kernels *kernels = vector_kernels();
    for (size_t i = 0; i < demand->n_weights; ++i) {
        const struct plan_weight *weight = &demand->weights[i];
        double cash = weight->weight * weight->cashable;
        if (demand->transfer_from != SIZE_MAX) {
            kernels->add_scaled(n_draws, value, weight->weight,
                                settle_flow(settlement, weight->sector, FLOW_TRANSFER, 0));
            kernels->add_scaled(n_draws, value, -weight->weight,
                                settle_flow(settlement, demand->transfer_from, FLOW_TRANSFER, 0));
            continue;
        }
        if (demand->value_type != VALUE_FISCAL) {
            kernels->add_scaled(
                n_draws, value, weight->weight,
                settle_flow(settlement, weight->sector, plan_value_kind(demand->value_type), 0));
            continue;
        }
        if (cash > 0.0) {
            kernels->add_scaled(n_draws, value, cash,
                                settle_flow(settlement, weight->sector, FLOW_CASHABLE, 0));
        }
        if (weight->cashable < 1.0) {
            kernels->add_scaled(n_draws, value, weight->weight - cash,
                                settle_flow(settlement, weight->sector, FLOW_NON_CASHABLE, 0));
        }
    }
}

static void settle_volumes(struct settlement *settlement, struct evaluation *evaluation,
                           size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    double *value = settle_scratch(settlement, SCRATCH_VALUE);
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        const struct plan_demand *demand = &plan->demands[plan->volumes[i].demand];
        if (demand->unit_cost == PROGRAM_NO_SLOT) {
            continue;
        }
        struct line line = volume_line(plan, i);
        line_value(settlement, evaluation, &line, shared_stock(plan, evaluation, i, n_draws),
                   n_draws, value);
        share_out(settlement, demand, value, n_draws);
    }
}

static void settle_payments(struct settlement *settlement, struct evaluation *evaluation,
                            const struct plan_payment_group *group, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    const struct vector_kernels *kernels = vector_kernels();
    double *sum = settle_scratch(settlement, SCRATCH_VALUE);
    kernels->fill(n_draws, 0.0, sum);
    for (size_t i = 0; i < group->n_payments; ++i) {
        const struct plan_payment *payment = &group->payments[i];
        double quantity = 0.0;
        bool by_year = varies(plan, payment->amount);
        for (size_t year = 0; year < plan->n_years; ++year) {
            double discounted = plan->discount_costs[year] * payment->quantity[year];
            quantity += discounted;
            if (by_year && discounted != 0.0) {
                kernels->add_scaled(
                    n_draws,
                    program_column(plan->program, evaluation->workspace, payment->amount, year),
                    discounted, sum);
            }
        }
        if (!by_year) {
            kernels->add_scaled(
                n_draws, program_column(plan->program, evaluation->workspace, payment->amount, 0),
                quantity, sum);
        }
    }
    for (size_t i = 0; i < group->n_weights; ++i) {
        kernels->add_scaled(n_draws, sum, group->weights[i].weight,
                            settle_flow(settlement, group->weights[i].sector, group->kind, 0));
    }
}

static void settle_qalys(struct settlement *settlement, struct evaluation *evaluation,
                         size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    double *value = settle_scratch(settlement, SCRATCH_VALUE);
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        const struct plan_qaly *qaly = &plan->qalys[i];
        const struct line line = {.base = qaly->base,
                                  .price = PROGRAM_NO_SLOT,
                                  .factor = PROGRAM_NO_SLOT,
                                  .stock = qaly->stock,
                                  .lag_years = qaly->lag_years,
                                  .discount = plan->discount_health};
        line_value(settlement, evaluation, &line, NULL, n_draws, value);
        vector_kernels()->add_scaled(n_draws, value, plan->qaly_value_gbp,
                                     settle_flow(settlement, qaly->sector, FLOW_QALY_VALUE, 0));
    }
}

void settle_present_values(struct settlement *settlement, struct evaluation *evaluation,
                           size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    for (size_t row = 0; row < plan->n_flow_rows; ++row) {
        vector_kernels()->fill(n_draws, 0.0,
                               block_column(settlement->flows, plan->n_years, row, 0));
    }
    memset(settlement->capped, 0, n_draws * sizeof *settlement->capped);
    for (size_t i = 0; i < plan->n_payments; ++i) {
        settle_payments(settlement, evaluation, &plan->payments[i], n_draws);
    }
    settle_volumes(settlement, evaluation, n_draws);
    if (plan->qaly_value_gbp == plan->qaly_value_gbp) {
        settle_qalys(settlement, evaluation, n_draws);
    }
}
