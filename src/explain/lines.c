/* The lines of the ledger with every uncertain figure at its mean. */
#include "explain/explain_private.h"

#include <math.h>
#include <string.h>

double central_slot(struct explainer *explainer, program_slot slot, size_t year)
{
    return program_column(explainer->plan->program, explainer->worker.evaluation.workspace, slot,
                          year)[0];
}

double central_stock(struct explainer *explainer, size_t stock, size_t year)
{
    const struct plan *plan = explainer->plan;
    if (plan->stocks[stock].fade == FADE_NONE) {
        return plan->stocks[stock].fixed[year];
    }
    return block_column(explainer->worker.evaluation.stocks, plan->n_years, stock, year)[0];
}

static struct line *add_line(struct explainer *explainer, enum line_kind kind, size_t index,
                             const char *name)
{
    const struct plan *plan = explainer->plan;
    struct line *line = &explainer->lines[explainer->n_lines++];
    *line = (struct line){.kind = kind,
                          .index = index,
                          .name = name,
                          .flows = arena_array(explainer->arena,
                                               plan->n_sector_whos * N_FLOW_KINDS * plan->n_years,
                                               sizeof *line->flows)};
    return line;
}

static void add_flow(const struct plan *plan, struct line *line, size_t sector, size_t kind,
                     size_t year, double gbp)
{
    line->flows[flow_at(plan, plan->who_of_sector[sector], kind, year)] += gbp;
}

/* ---- payments: amount x quantity x share. method 3.2 ---- */

static void add_payments(struct explainer *explainer, size_t group_index)
{
    const struct plan *plan = explainer->plan;
    const struct plan_payment_group *group = &plan->payments[group_index];
    size_t first = explainer->n_lines;
    for (size_t i = 0; i < group->n_payments; ++i) {
        const struct plan_payment *payment = &group->payments[i];
        struct line *line = NULL;
        for (size_t k = first; k < explainer->n_lines; ++k) {
            line =
                strcmp(explainer->lines[k].name, payment->name) == 0 ? &explainer->lines[k] : line;
        }
        if (line == NULL) {
            line = add_line(explainer, LINE_PAYMENT, group_index, payment->name);
        }
        for (size_t year = 0; year < plan->n_years; ++year) {
            double paid =
                payment->quantity[year] != 0.0
                    ? payment->quantity[year] * central_slot(explainer, payment->amount, year)
                    : 0.0;
            for (size_t w = 0; w < group->n_weights; ++w) {
                add_flow(plan, line, group->weights[w].sector, group->kind, year,
                         paid * group->weights[w].weight);
            }
        }
    }
}

/* ---- demands: units x unit cost, shared out. method 3.6 and 3.7 ---- */

double line_adjusted_units(struct explainer *explainer, size_t demand, size_t year)
{
    const struct plan *plan = explainer->plan;
    double units = 0.0;
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        const struct plan_volume *volume = &plan->volumes[i];
        if (volume->demand == demand) {
            double factor = volume->value_factor != PROGRAM_NO_SLOT
                                ? central_slot(explainer, volume->value_factor, year)
                                : 1.0;
            units += factor *
                     block_column(explainer->worker.evaluation.volumes, plan->n_years, i, year)[0];
        }
    }
    return units;
}

static void add_fiscal(struct explainer *explainer, struct line *line,
                       const struct plan_demand *demand, size_t weight, size_t year, double units,
                       double unit_cost)
{
    double cash = 0.0;
    bool capped = false;
    size_t sector = demand->weights[weight].sector;
    double saving = joint_sector_saving(demand, weight, units, unit_cost, &cash, &capped);
    if (demand->weights[weight].cashable > 0.0) {
        add_flow(explainer->plan, line, sector, FLOW_CASHABLE, year, cash);
    } else {
        cash = 0.0;
    }
    if (demand->weights[weight].cashable < 1.0 || demand->release_step > 0.0) {
        add_flow(explainer->plan, line, sector, FLOW_NON_CASHABLE, year, saving - cash);
    }
    if (capped) {
        line->capped[year] += units * unit_cost * demand->weights[weight].weight - saving;
    }
}

static void add_demand(struct explainer *explainer, size_t index)
{
    const struct plan *plan = explainer->plan;
    const struct plan_demand *demand = &plan->demands[index];
    struct line *line = add_line(explainer, LINE_DEMAND, index, demand->demand->label);
    line->capped = arena_array(explainer->arena, plan->n_years, sizeof *line->capped);
    for (size_t year = 0; demand->unit_cost != PROGRAM_NO_SLOT && year < plan->n_years; ++year) {
        double units = line_adjusted_units(explainer, index, year);
        double unit_cost = central_slot(explainer, demand->unit_cost, year);
        for (size_t w = 0; w < demand->n_weights; ++w) {
            double value = units * unit_cost * demand->weights[w].weight;
            size_t sector = demand->weights[w].sector;
            if (demand->transfer_from != SIZE_MAX) {
                add_flow(plan, line, sector, FLOW_TRANSFER, year, value);
                add_flow(plan, line, demand->transfer_from, FLOW_TRANSFER, year, -value);
            } else if (demand->value_type != VALUE_FISCAL) {
                add_flow(plan, line, sector, plan_value_kind(demand->value_type), year, value);
            } else {
                add_fiscal(explainer, line, demand, w, year, units, unit_cost);
            }
        }
    }
}

/* ---- what health models give ---- */

static struct line *line_of_gain(struct explainer *explainer, enum line_kind kind, size_t index,
                                 const char *name)
{
    for (size_t i = 0; i < explainer->n_lines; ++i) {
        if (explainer->lines[i].kind == kind && strcmp(explainer->lines[i].name, name) == 0) {
            return &explainer->lines[i];
        }
    }
    return add_line(explainer, kind, index, name);
}

static void add_feed(struct explainer *explainer, size_t index)
{
    const struct plan *plan = explainer->plan;
    const struct plan_feed *feed = &plan->feeds[index];
    struct line *line = line_of_gain(explainer, LINE_FEED, index, feed->gain->name);
    for (size_t k = 0; k < feed->n_lines; ++k) {
        for (size_t year = 0; year < plan->n_years; ++year) {
            double saved = block_column(explainer->worker.evaluation.feed_lines, plan->n_years,
                                        feed->first_line + k, year)[0];
            for (size_t w = 0; w < feed->lines[k].n_weights; ++w) {
                const struct plan_weight *weight = &feed->lines[k].weights[w];
                double saving = saved * weight->weight;
                if (weight->cashable > 0.0) {
                    add_flow(plan, line, weight->sector, FLOW_CASHABLE, year,
                             saving * weight->cashable);
                }
                if (weight->cashable < 1.0) {
                    add_flow(plan, line, weight->sector, FLOW_NON_CASHABLE, year,
                             saving * (1.0 - weight->cashable));
                }
            }
        }
    }
}

/* A row of QALYs: its value, where QALYs are monetised. */
static void add_qaly(struct explainer *explainer, size_t index)
{
    const struct plan *plan = explainer->plan;
    const struct plan_qaly *qaly = &plan->qalys[index];
    struct line *line = line_of_gain(explainer, LINE_QALY, index, qaly->name);
    for (size_t year = 0; !isnan(plan->qaly_value_gbp) && year < plan->n_years; ++year) {
        double gained =
            block_column(explainer->worker.evaluation.qalys, plan->n_years, index, year)[0];
        add_flow(plan, line, qaly->sector, FLOW_QALY_VALUE, year, gained * plan->qaly_value_gbp);
    }
}

void explain_build_lines(struct explainer *explainer)
{
    const struct plan *plan = explainer->plan;
    size_t n = plan->n_demands + plan->n_feeds + plan->n_qalys;
    for (size_t i = 0; i < plan->n_payments; ++i) {
        n += plan->payments[i].n_payments;
    }
    explainer->lines = arena_array(explainer->arena, n + 1, sizeof *explainer->lines);
    for (size_t i = 0; i < plan->n_payments; ++i) {
        add_payments(explainer, i);
    }
    for (size_t i = 0; i < plan->n_demands; ++i) {
        add_demand(explainer, i);
    }
    for (size_t i = 0; i < plan->n_feeds; ++i) {
        add_feed(explainer, i);
    }
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        add_qaly(explainer, i);
    }
}
