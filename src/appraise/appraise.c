#include "appraise/appraise.h"

#include "base/vector.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Measures besides nets are wanted. */
static bool has_years(const struct plan *plan)
{
    return plan->measure_set == MEASURE_SET_FULL || plan->measure_set == MEASURE_SET_MEMBER;
}

void appraisal_init(struct appraisal *appraisal, const struct plan *plan)
{
    size_t who_columns = plan->n_whos * PROGRAM_BLOCK;
    size_t year_columns = who_columns * plan->n_years;
    bool full = has_years(plan);
    *appraisal =
        (struct appraisal){.plan = plan,
                           .pv = memory_columns(who_columns * N_FLOW_KINDS),
                           .pv_cost = memory_columns(who_columns),
                           .net = memory_columns(who_columns),
                           .net_fiscal = memory_columns(who_columns),
                           .net_real = full ? memory_columns(year_columns) : NULL,
                           .cumulative_discounted = full ? memory_columns(year_columns) : NULL,
                           .cumulative_real = full ? memory_columns(year_columns) : NULL,
                           .cumulative_cash = full ? memory_columns(year_columns) : NULL,
                           .qalys = memory_columns(who_columns),
                           .qalys_undiscounted = memory_columns(who_columns),
                           .values = memory_columns(plan->n_results * PROGRAM_BLOCK),
                           .numerators = memory_columns(plan->n_ratios * PROGRAM_BLOCK),
                           .denominators = memory_columns(plan->n_ratios * PROGRAM_BLOCK)};
}

void appraisal_clear(struct appraisal *appraisal)
{
    free(appraisal->pv);
    free(appraisal->pv_cost);
    free(appraisal->net);
    free(appraisal->net_fiscal);
    free(appraisal->net_real);
    free(appraisal->cumulative_discounted);
    free(appraisal->cumulative_real);
    free(appraisal->cumulative_cash);
    free(appraisal->qalys);
    free(appraisal->qalys_undiscounted);
    free(appraisal->values);
    free(appraisal->numerators);
    free(appraisal->denominators);
    *appraisal = (struct appraisal){0};
}

static double *column(double *columns, size_t index)
{
    return columns + index * PROGRAM_BLOCK;
}

static double *pv_column(const struct appraisal *appraisal, size_t who, size_t kind)
{
    return column(appraisal->pv, who * N_FLOW_KINDS + kind);
}

static size_t flow_row(const struct plan *plan, size_t who, size_t kind)
{
    return plan->flow_row[who * N_FLOW_KINDS + kind];
}

static void sum_present_values(struct appraisal *appraisal, struct settlement *settlement,
                               size_t who, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    const struct vector_kernels *kernels = vector_kernels();
    double *net = column(appraisal->net, who);
    double *fiscal = column(appraisal->net_fiscal, who);
    double *cost = column(appraisal->pv_cost, who);
    kernels->fill(n_draws, 0.0, net);
    kernels->fill(n_draws, 0.0, fiscal);
    kernels->fill(n_draws, 0.0, cost);
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        size_t row = flow_row(plan, who, kind);
        double *pv = pv_column(appraisal, who, kind);
        kernels->fill(n_draws, 0.0, pv);
        for (size_t year = 0; year < plan->n_years && row != SIZE_MAX; ++year) {
            kernels->add_scaled(n_draws, block_column(settlement->flows, plan->n_years, row, year),
                                plan_discount(plan, (enum flow_kind)kind, year), pv);
        }
        double sign = flow_kind_sign((enum flow_kind)kind);
        kernels->add_scaled(n_draws, pv, sign, net);
        if (kind != FLOW_ECONOMIC && kind != FLOW_SOCIAL && kind != FLOW_QALY_VALUE) {
            kernels->add_scaled(n_draws, pv, sign, fiscal);
        }
        if (sign < 0.0) {
            kernels->add(n_draws, cost, pv, cost);
        }
    }
}

/* The same for flows that are present values already: nets alone. */
static void sum_present_nets(struct appraisal *appraisal, struct settlement *settlement, size_t who,
                             size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    double *net = column(appraisal->net, who);
    vector_kernels()->fill(n_draws, 0.0, net);
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        size_t row = flow_row(plan, who, kind);
        if (row != SIZE_MAX && kind != FLOW_LEVERED_IN) {
            vector_kernels()->add_scaled(n_draws,
                                         block_column(settlement->flows, plan->n_years, row, 0),
                                         flow_kind_sign((enum flow_kind)kind), net);
        }
    }
}

/* Nets of one year and running sums to it, of one sector. */
static void sum_year(struct appraisal *appraisal, struct settlement *settlement, size_t who,
                     size_t year, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    const struct vector_kernels *kernels = vector_kernels();
    double *net = block_column(appraisal->net_real, plan->n_years, who, year);
    double *discounted = block_column(appraisal->cumulative_discounted, plan->n_years, who, year);
    double *real = block_column(appraisal->cumulative_real, plan->n_years, who, year);
    double *cash = block_column(appraisal->cumulative_cash, plan->n_years, who, year);
    size_t bytes = n_draws * sizeof *net;
    kernels->fill(n_draws, 0.0, net);
    if (year == 0) {
        kernels->fill(n_draws, 0.0, discounted);
        kernels->fill(n_draws, 0.0, real);
        kernels->fill(n_draws, 0.0, cash);
    } else {
        memcpy(discounted, discounted - PROGRAM_BLOCK, bytes);
        memcpy(real, real - PROGRAM_BLOCK, bytes);
        memcpy(cash, cash - PROGRAM_BLOCK, bytes);
    }
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        size_t row = flow_row(plan, who, kind);
        double sign = flow_kind_sign((enum flow_kind)kind);
        if (row == SIZE_MAX || sign == 0.0) {
            continue;
        }
        const double *flow = block_column(settlement->flows, plan->n_years, row, year);
        kernels->add_scaled(n_draws, flow, sign, net);
        kernels->add_scaled(n_draws, flow, sign * plan_discount(plan, (enum flow_kind)kind, year),
                            discounted);
        if (flow_kind_is_cash((enum flow_kind)kind)) {
            kernels->add_scaled(n_draws, flow, sign * plan->nominal_factor[year], cash);
        }
    }
    kernels->add(n_draws, real, net, real);
}

static void sum_qalys(struct appraisal *appraisal, struct evaluation *evaluation, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    const struct vector_kernels *kernels = vector_kernels();
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        kernels->fill(n_draws, 0.0, column(appraisal->qalys, who));
        kernels->fill(n_draws, 0.0, column(appraisal->qalys_undiscounted, who));
    }
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        size_t who = plan->who_of_sector[plan->qalys[i].sector];
        double *plain = column(appraisal->qalys_undiscounted, who);
        for (size_t year = 0; year < plan->n_years; ++year) {
            const double *gain = block_column(evaluation->qalys, plan->n_years, i, year);
            kernels->add_scaled(n_draws, gain, plan->discount_health[year],
                                column(appraisal->qalys, who));
            kernels->add(n_draws, plain, gain, plain);
        }
    }
}

/* Rows of a perspective or the total: sums over its sectors, in order. `n_rows` columns a who. */
static void sum_members(const struct plan *plan, size_t who, double *columns, size_t n_rows,
                        size_t n_draws)
{
    const struct vector_kernels *kernels = vector_kernels();
    for (size_t row = 0; row < n_rows; ++row) {
        double *sum = column(columns, who * n_rows + row);
        kernels->fill(n_draws, 0.0, sum);
        for (size_t i = 0; i < plan->whos[who].n_members; ++i) {
            kernels->add(n_draws, sum, column(columns, plan->whos[who].members[i] * n_rows + row),
                         sum);
        }
    }
}

static void sum_group(struct appraisal *appraisal, size_t who, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    sum_members(plan, who, appraisal->net, 1, n_draws);
    if (!has_years(plan)) {
        return;
    }
    sum_members(plan, who, appraisal->pv, N_FLOW_KINDS, n_draws);
    sum_members(plan, who, appraisal->pv_cost, 1, n_draws);
    sum_members(plan, who, appraisal->net_fiscal, 1, n_draws);
    sum_members(plan, who, appraisal->net_real, plan->n_years, n_draws);
    sum_members(plan, who, appraisal->cumulative_discounted, plan->n_years, n_draws);
    sum_members(plan, who, appraisal->cumulative_real, plan->n_years, n_draws);
    sum_members(plan, who, appraisal->cumulative_cash, plan->n_years, n_draws);
    sum_members(plan, who, appraisal->qalys, 1, n_draws);
    sum_members(plan, who, appraisal->qalys_undiscounted, 1, n_draws);
}

/* ---- ratios ---- */

static void add_kinds(const struct appraisal *appraisal, size_t who, enum flow_kind first,
                      enum flow_kind last, size_t n_draws, double *sum)
{
    for (size_t kind = first; kind <= last; ++kind) {
        vector_kernels()->add(n_draws, sum, pv_column(appraisal, who, kind), sum);
    }
}

/* Numerator and denominator as measure_numerator and measure_denominator say them. */
static void fill_ratio_parts(struct appraisal *appraisal, struct settlement *settlement,
                             const struct plan_result_column *result, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    const struct vector_kernels *kernels = vector_kernels();
    double *numerator = column(appraisal->numerators, result->ratio);
    double *denominator = column(appraisal->denominators, result->ratio);
    size_t bytes = n_draws * sizeof *numerator;
    size_t total = plan->n_whos - 1;
    kernels->fill(n_draws, 0.0, numerator);
    memcpy(denominator, column(appraisal->pv_cost, result->who), bytes);
    if (result->measure == MEASURE_COST_PER_QALY) {
        kernels->negate(n_draws, column(appraisal->net_fiscal, result->who), numerator);
        memcpy(denominator, column(appraisal->qalys, total), bytes);
    } else if (result->measure == MEASURE_COST_PER_OUTCOME) {
        memcpy(numerator, column(appraisal->pv_cost, total), bytes);
        kernels->fill(n_draws, 0.0, denominator);
        for (size_t year = 0; year < plan->n_years; ++year) {
            kernels->add(n_draws, denominator,
                         block_column(settlement->volumes, plan->n_years, result->item, year),
                         denominator);
        }
    } else if (result->measure == MEASURE_RETURN_CASHABLE) {
        add_kinds(appraisal, result->who, FLOW_CASHABLE, FLOW_CASHABLE, n_draws, numerator);
    } else if (result->measure == MEASURE_RETURN_FISCAL) {
        add_kinds(appraisal, result->who, FLOW_CASHABLE, FLOW_NON_CASHABLE, n_draws, numerator);
    } else if (result->measure == MEASURE_RETURN_PUBLIC_VALUE) {
        add_kinds(appraisal, result->who, FLOW_CASHABLE, FLOW_QALY_VALUE, n_draws, numerator);
    } else {
        assert(result->measure == MEASURE_BCR);
        add_kinds(appraisal, result->who, FLOW_CASHABLE, FLOW_TRANSFER, n_draws, numerator);
    }
}

/* A ratio over nothing is no number. */
static void fill_ratio(struct appraisal *appraisal, const struct plan_result_column *result,
                       size_t n_draws, double *values)
{
    const double *numerator = column(appraisal->numerators, result->ratio);
    const double *denominator = column(appraisal->denominators, result->ratio);
    for (size_t draw = 0; draw < n_draws; ++draw) {
        values[draw] = denominator[draw] != 0.0 ? numerator[draw] / denominator[draw] : (double)NAN;
    }
}

/* ---- payback and rate of return ---- */

double appraisal_payback(size_t n_years, const double *cumulative, size_t stride)
{
    for (size_t year = n_years; year > 0; --year) {
        if (cumulative[(year - 1) * stride] < 0.0) {
            return year == n_years ? (double)INFINITY : (double)year;
        }
    }
    return 0.0;
}

static size_t count_sign_changes(size_t n_years, const double *flows, size_t stride)
{
    size_t changes = 0;
    double last = 0.0;
    for (size_t year = 0; year < n_years; ++year) {
        double flow = flows[year * stride];
        if (flow != 0.0) {
            changes += last * flow < 0.0 ? 1 : 0;
            last = flow > 0.0 ? 1.0 : -1.0;
        }
    }
    return changes;
}

static double discounted_sum(size_t n_years, const double *flows, double x)
{
    double sum = 0.0;
    for (size_t year = n_years; year > 0; --year) {
        sum = sum * x + flows[year - 1];
    }
    return sum;
}

double appraisal_irr(size_t n_years, const double *block, size_t stride)
{
    double flows[SCENARIO_MAX_YEARS];
    assert(n_years <= SCENARIO_MAX_YEARS);
    if (count_sign_changes(n_years, block, stride) != 1) {
        return NAN;
    }
    /* Side by side, since each year of a block lies on a cache line of its own. */
    for (size_t year = 0; year < n_years; ++year) {
        flows[year] = block[year * stride];
    }
    double low = 0.0009765625, high = 16.0;
    double at_low = discounted_sum(n_years, flows, low);
    if (!(at_low * discounted_sum(n_years, flows, high) < 0.0)) {
        return NAN;
    }
    for (int step = 0; step < 200; ++step) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) {
            break;
        }
        if (discounted_sum(n_years, flows, middle) * at_low > 0.0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 1.0 / (0.5 * (low + high)) - 1.0;
}

/* ---- result columns ---- */

static void fill_by_draw(const struct appraisal *appraisal, double *rows, size_t who,
                         double (*function)(size_t, const double *, size_t), size_t n_draws,
                         double *values)
{
    size_t n_years = appraisal->plan->n_years;
    for (size_t draw = 0; draw < n_draws; ++draw) {
        values[draw] = function(n_years, block_column(rows, n_years, who, 0) + draw, PROGRAM_BLOCK);
    }
}

static void fill_nmb(struct appraisal *appraisal, const struct plan_result_column *result,
                     size_t n_draws, double *values)
{
    const struct plan *plan = appraisal->plan;
    double threshold = plan->scenario->conventions.appraisal->thresholds_gbp_per_qaly[result->item];
    memcpy(values, column(appraisal->net_fiscal, result->who), n_draws * sizeof *values);
    vector_kernels()->add_scaled(n_draws, column(appraisal->qalys, plan->n_whos - 1), threshold,
                                 values);
}

static void fill_volume(struct appraisal *appraisal, struct settlement *settlement, size_t demand,
                        size_t n_draws, double *values)
{
    size_t n_years = appraisal->plan->n_years;
    vector_kernels()->fill(n_draws, 0.0, values);
    for (size_t year = 0; year < n_years; ++year) {
        vector_kernels()->add(n_draws, values,
                              block_column(settlement->volumes, n_years, demand, year), values);
    }
}

static void fill_qalys_year(struct appraisal *appraisal, struct evaluation *evaluation, size_t year,
                            size_t n_draws, double *values)
{
    const struct plan *plan = appraisal->plan;
    vector_kernels()->fill(n_draws, 0.0, values);
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        vector_kernels()->add(n_draws, values,
                              block_column(evaluation->qalys, plan->n_years, i, year), values);
    }
}

/* The column a result simply copies, or NULL where it is computed. */
static const double *plain_column(struct appraisal *appraisal, struct settlement *settlement,
                                  const struct plan_result_column *result)
{
    const struct plan *plan = appraisal->plan;
    size_t n_years = plan->n_years, who = result->who, year = result->year;
    enum measure measure = result->measure;
    if (measure <= MEASURE_PV_LEVERED_IN) {
        return pv_column(appraisal, who, measure - MEASURE_PV_COST_CASH);
    }
    switch ((int)measure) {
    case MEASURE_PV_COST:
        return column(appraisal->pv_cost, who);
    case MEASURE_NET:
        return column(appraisal->net, who);
    case MEASURE_NET_FISCAL:
        return column(appraisal->net_fiscal, who);
    case MEASURE_NET_UNDISCOUNTED:
        return block_column(appraisal->cumulative_real, n_years, who, n_years - 1);
    case MEASURE_NET_CASH:
        return block_column(appraisal->cumulative_cash, n_years, who, n_years - 1);
    case MEASURE_NET_AT:
        return year == n_years - 1
                   ? column(appraisal->net, who)
                   : block_column(appraisal->cumulative_discounted, n_years, who, year);
    case MEASURE_NET_UNDISCOUNTED_AT:
        return block_column(appraisal->cumulative_real, n_years, who, year);
    case MEASURE_NET_CASH_AT:
        return block_column(appraisal->cumulative_cash, n_years, who, year);
    case MEASURE_NET_REAL_YEAR:
        return block_column(appraisal->net_real, n_years, who, year);
    case MEASURE_QALYS:
        return column(appraisal->qalys, who);
    case MEASURE_QALYS_UNDISCOUNTED:
        return column(appraisal->qalys_undiscounted, who);
    case MEASURE_CELL_PARTICIPANTS:
        return column(settlement->cell_participants, result->item);
    case MEASURE_CELL_QALYS:
        return column(settlement->cell_qalys, result->item);
    case MEASURE_CELL_VALUE:
        return column(settlement->cell_values, result->item);
    case MEASURE_VOLUME_YEAR:
        return block_column(settlement->volumes, n_years, result->item, year);
    case MEASURE_FLOW_YEAR:
        return block_column(settlement->flows, n_years, flow_row(plan, who, result->item), year);
    default:
        return NULL;
    }
}

static void fill_result(struct appraisal *appraisal, struct settlement *settlement,
                        struct evaluation *evaluation, const struct plan_result_column *result,
                        size_t n_draws, double *values)
{
    const double *plain = plain_column(appraisal, settlement, result);
    if (plain != NULL) {
        memcpy(values, plain, n_draws * sizeof *values);
        return;
    }
    if (result->is_ratio) {
        fill_ratio_parts(appraisal, settlement, result, n_draws);
        fill_ratio(appraisal, result, n_draws, values);
        return;
    }
    switch ((int)result->measure) {
    case MEASURE_IRR:
        fill_by_draw(appraisal, appraisal->net_real, result->who, appraisal_irr, n_draws, values);
        return;
    case MEASURE_PAYBACK_DISCOUNTED:
        fill_by_draw(appraisal, appraisal->cumulative_discounted, result->who, appraisal_payback,
                     n_draws, values);
        return;
    case MEASURE_PAYBACK_UNDISCOUNTED:
        fill_by_draw(appraisal, appraisal->cumulative_real, result->who, appraisal_payback, n_draws,
                     values);
        return;
    case MEASURE_NMB:
        fill_nmb(appraisal, result, n_draws, values);
        return;
    case MEASURE_VOLUME:
        fill_volume(appraisal, settlement, result->item, n_draws, values);
        return;
    case MEASURE_QALYS_YEAR:
        fill_qalys_year(appraisal, evaluation, result->year, n_draws, values);
        return;
    default:
        assert(!"a result column without a rule");
    }
}

/* ---- health models ---- */

/* Share of an account's costs that falls on a who. */
static double share_of(const struct plan *plan, const struct health_account *account, size_t who)
{
    double share = 0.0;
    for (size_t i = 0; i < account->n_weights; ++i) {
        size_t sector = plan->who_of_sector[account->weights[i].sector];
        bool counts = sector == who;
        for (size_t m = 0; m < plan->whos[who].n_members; ++m) {
            counts = counts || plan->whos[who].members[m] == sector;
        }
        share += counts ? account->weights[i].weight : 0.0;
    }
    return share;
}

/* values += factor x cost of an option to a who. */
static void add_option_cost(struct evaluation *evaluation, const struct plan_result_column *result,
                            size_t option, size_t category, bool discounted, double factor,
                            size_t n_draws, double *values)
{
    const struct plan *plan = evaluation->plan;
    for (size_t i = 0; i < plan->health->n_accounts; ++i) {
        const struct health_account *account = &plan->health->accounts[i];
        bool counts = account->outcome == PAYOFF_COST &&
                      (category == SIZE_MAX || account->category == category);
        double share = counts ? factor * share_of(plan, account, result->who) : 0.0;
        if (share != 0.0) {
            vector_kernels()->add_scaled(
                n_draws, health_total(&evaluation->health, option, i, discounted), share, values);
        }
    }
}

static void add_option_outcome(struct evaluation *evaluation, size_t option, size_t outcome,
                               bool discounted, double factor, size_t n_draws, double *values)
{
    const struct plan_health *health = evaluation->plan->health;
    for (size_t i = 0; i < health->n_accounts; ++i) {
        if (health->accounts[i].outcome == outcome) {
            vector_kernels()->add_scaled(
                n_draws, health_total(&evaluation->health, option, i, discounted), factor, values);
        }
    }
}

/* Threshold x effect - costs, times factor. */
static void add_option_nmb(struct evaluation *evaluation, const struct plan_result_column *result,
                           size_t option, size_t threshold, double factor, size_t n_draws,
                           double *values)
{
    const struct appraisal_pack *pack = evaluation->plan->scenario->conventions.appraisal;
    add_option_outcome(evaluation, option, health_effect_outcome(evaluation->plan->health->model),
                       true, factor * pack->thresholds_gbp_per_qaly[threshold], n_draws, values);
    add_option_cost(evaluation, result, option, SIZE_MAX, true, -factor, n_draws, values);
}

/* The figure of an option that a measure states, or that its difference is of. */
static void fill_option_figure(struct evaluation *evaluation,
                               const struct plan_result_column *result, size_t item, size_t n_draws,
                               double *values)
{
    const struct plan *plan = evaluation->plan;
    const struct health_model *model = plan->health->model;
    size_t n_thresholds = plan->scenario->conventions.appraisal->n_thresholds;
    size_t n_outcomes = model->n_outcomes, n_categories = model->n_categories;
    enum measure measure = result->measure;
    vector_kernels()->fill(n_draws, 0.0, values);
    switch ((int)measure) {
    case MEASURE_OPTION_COST:
    case MEASURE_OPTION_COST_UNDISCOUNTED:
    case MEASURE_OPTION_COST_DIFFERENCE:
        add_option_cost(evaluation, result, item, SIZE_MAX,
                        measure != MEASURE_OPTION_COST_UNDISCOUNTED, 1.0, n_draws, values);
        return;
    case MEASURE_OPTION_CATEGORY_COST:
    case MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED:
        add_option_cost(evaluation, result, item / n_categories, item % n_categories,
                        measure == MEASURE_OPTION_CATEGORY_COST, 1.0, n_draws, values);
        return;
    case MEASURE_OPTION_OUTCOME:
    case MEASURE_OPTION_OUTCOME_UNDISCOUNTED:
    case MEASURE_OPTION_OUTCOME_DIFFERENCE:
        add_option_outcome(evaluation, item / n_outcomes, item % n_outcomes,
                           measure != MEASURE_OPTION_OUTCOME_UNDISCOUNTED, 1.0, n_draws, values);
        return;
    case MEASURE_OPTION_NMB:
    case MEASURE_OPTION_NMB_DIFFERENCE:
        add_option_nmb(evaluation, result, item / n_thresholds, item % n_thresholds, 1.0, n_draws,
                       values);
        return;
    default:
        assert(!"a result column of a health model without a rule");
    }
}

/* Item of the first option that a difference is against; SIZE_MAX: no difference. */
static size_t first_item(const struct plan *plan, const struct plan_result_column *result)
{
    switch ((int)result->measure) {
    case MEASURE_OPTION_COST_DIFFERENCE:
        return 0;
    case MEASURE_OPTION_OUTCOME_DIFFERENCE:
        return result->item % plan->health->model->n_outcomes;
    case MEASURE_OPTION_NMB_DIFFERENCE:
        return result->item % plan->scenario->conventions.appraisal->n_thresholds;
    default:
        return SIZE_MAX;
    }
}

/* Both sides of a difference are summed the same way first, so that options that are the same
 * differ by exactly 0. */
static void fill_option(struct evaluation *evaluation, const struct plan_result_column *result,
                        size_t n_draws, double *values)
{
    double first[PROGRAM_BLOCK];
    size_t item = first_item(evaluation->plan, result);
    fill_option_figure(evaluation, result, result->item, n_draws, values);
    if (item != SIZE_MAX) {
        fill_option_figure(evaluation, result, item, n_draws, first);
        vector_kernels()->subtract(n_draws, values, first, values);
    }
}

void appraisal_run(struct appraisal *appraisal, struct settlement *settlement,
                   struct evaluation *evaluation, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    for (size_t i = 0; plan->health != NULL && i < plan->n_results; ++i) {
        fill_option(evaluation, &plan->results[i], n_draws, column(appraisal->values, i));
    }
    if (plan->health != NULL) {
        return;
    }
    bool full = has_years(plan);
    if (full) {
        sum_qalys(appraisal, evaluation, n_draws);
    }
    for (size_t who = 0; who < plan->n_whos; ++who) {
        if (plan->whos[who].kind != WHO_SECTOR) {
            sum_group(appraisal, who, n_draws);
            continue;
        }
        if (plan->present_values_only) {
            sum_present_nets(appraisal, settlement, who, n_draws);
            continue;
        }
        sum_present_values(appraisal, settlement, who, n_draws);
        for (size_t year = 0; full && year < plan->n_years; ++year) {
            sum_year(appraisal, settlement, who, year, n_draws);
        }
    }
    for (size_t i = 0; i < plan->n_own_results; ++i) {
        fill_result(appraisal, settlement, evaluation, &plan->results[i], n_draws,
                    column(appraisal->values, i));
    }
}
