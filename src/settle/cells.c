/* Results by quintile and area: who takes part, and who gains. method section 8. */
#include "base/vector.h"
#include "settle/settle_private.h"

#include <string.h>

static double *cell_column(double *columns, size_t cell)
{
    return columns + cell * PROGRAM_BLOCK;
}

static void add_to_cells(const struct plan *plan, double *columns, size_t group,
                         const double *values, double scale, size_t n_draws)
{
    for (size_t i = 0; group != SIZE_MAX && i < PLAN_CELLS_OF_GROUP; ++i) {
        size_t cell = plan->cells_of_group[group][i];
        if (cell != SIZE_MAX) {
            vector_kernels()->add_scaled(n_draws, values, scale, cell_column(columns, cell));
        }
    }
}

void settle_add_cells(struct settlement *settlement, size_t group, const double *values,
                      double scale, size_t n_draws)
{
    add_to_cells(settlement->plan, settlement->cell_values, group, values, scale, n_draws);
}

static double sum_intakes(const struct plan *plan)
{
    double sum = 0.0;
    for (size_t year = 0; year < plan->n_years; ++year) {
        sum += plan->intake_share[year];
    }
    return sum;
}

/* Units of a volume in a year at its price, optimism bias off, into `value`; false where the demand
 * has no price. */
static bool price_volume(const struct plan *plan, struct evaluation *evaluation, size_t index,
                         size_t year, size_t n_draws, double *value)
{
    const struct plan_volume *volume = &plan->volumes[index];
    const struct plan_demand *demand = &plan->demands[volume->demand];
    const struct vector_kernels *kernels = vector_kernels();
    if (demand->unit_cost == PROGRAM_NO_SLOT || demand->transfer_from != SIZE_MAX) {
        return false;
    }
    kernels->multiply(n_draws, block_column(evaluation->volumes, plan->n_years, index, year),
                      program_column(plan->program, evaluation->workspace, demand->unit_cost, year),
                      value);
    if (volume->value_factor != PROGRAM_NO_SLOT) {
        kernels->multiply(
            n_draws, value,
            program_column(plan->program, evaluation->workspace, volume->value_factor, year),
            value);
    }
    return true;
}

void settle_cells(struct settlement *settlement, struct evaluation *evaluation,
                  const bool *left_out, size_t n_draws)
{
    const struct plan *plan = settlement->plan;
    double *value = settle_scratch(settlement, SCRATCH_VALUE);
    size_t bytes = plan->n_cells * PROGRAM_BLOCK * sizeof *value;
    memset(settlement->cell_participants, 0, bytes);
    memset(settlement->cell_qalys, 0, bytes);
    memset(settlement->cell_values, 0, bytes);
    double intakes = sum_intakes(plan);
    for (size_t group = 0; group < plan->scenario->n_groups; ++group) {
        const double *people = program_column(plan->program, evaluation->workspace,
                                              plan->people[group].participants, 0);
        add_to_cells(plan, settlement->cell_participants, group, people, intakes, n_draws);
    }
    for (size_t year = 0; year < plan->n_years; ++year) {
        for (size_t i = 0; i < plan->n_qalys; ++i) {
            add_to_cells(plan, settlement->cell_qalys, plan->qalys[i].group,
                         block_column(evaluation->qalys, plan->n_years, i, year),
                         plan->discount_health[year], n_draws);
        }
        for (size_t i = 0; i < plan->n_volumes; ++i) {
            bool counts = left_out == NULL || !left_out[plan->volumes[i].demand];
            if (counts && price_volume(plan, evaluation, i, year, n_draws, value)) {
                settle_add_cells(settlement, plan->volumes[i].group, value,
                                 plan->discount_costs[year], n_draws);
            }
        }
        for (size_t i = 0; i < plan->n_feeds; ++i) {
            const struct plan_feed *feed = &plan->feeds[i];
            for (size_t k = 0; k < feed->n_lines; ++k) {
                settle_add_cells(
                    settlement, feed->group,
                    block_column(evaluation->feed_lines, plan->n_years, feed->first_line + k, year),
                    plan->discount_costs[year], n_draws);
            }
        }
    }
}
