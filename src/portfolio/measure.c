#include "portfolio/measure.h"

#include "equity/equity.h"
#include "plan/measure_reference.h"

#include <stdlib.h>
#include <string.h>

static size_t n_sectors(const struct plan *bundle)
{
    return bundle->library->sectors->n_sectors;
}

static struct linear_measure make(struct arena *arena, const struct plan *bundle, const char *name)
{
    size_t n_years = bundle->n_years, n = n_sectors(bundle);
    return (struct linear_measure){
        .name = name,
        .n_years = n_years,
        .flow = arena_array(arena, n * N_FLOW_KINDS * n_years, sizeof(double)),
        .qaly = arena_array(arena, n * n_years * (N_QUINTILES + 1), sizeof(double))};
}

static double *flow_at(const struct linear_measure *measure, size_t sector, size_t kind,
                       size_t year)
{
    return &measure->flow[(sector * N_FLOW_KINDS + kind) * measure->n_years + year];
}

static double *qaly_at(const struct linear_measure *measure, size_t sector, size_t year,
                       size_t quintile)
{
    return &measure->qaly[(sector * measure->n_years + year) * (N_QUINTILES + 1) + quintile];
}

void measure_add(const struct plan *bundle, const struct linear_measure *added, double factor,
                 struct linear_measure *out)
{
    size_t n = n_sectors(bundle) * bundle->n_years;
    for (size_t i = 0; i < n * N_FLOW_KINDS; ++i) {
        out->flow[i] += factor * added->flow[i];
    }
    for (size_t i = 0; i < n * (N_QUINTILES + 1); ++i) {
        out->qaly[i] += factor * added->qaly[i];
    }
}

/* ---- whose ---- */

/* Marks the sectors that a who sums. */
static void mark_sectors(const struct plan *bundle, size_t who, bool *marks)
{
    const struct plan_who *row = &bundle->whos[who];
    if (row->kind == WHO_SECTOR) {
        marks[row->sector] = true;
    }
    for (size_t i = 0; row->kind != WHO_SECTOR && i < row->n_members; ++i) {
        marks[bundle->whos[row->members[i]].sector] = true;
    }
}

/* ---- money ---- */

enum money_form { MONEY_DISCOUNTED, MONEY_REAL, MONEY_NOMINAL };

struct money {
    enum flow_kind first, last; /* kinds that count */
    enum money_form form;
    bool signed_kinds; /* costs count as negative */
    bool cash_only, fiscal_only;
    size_t first_year, last_year;
};

static bool kind_counts(const struct money *money, enum flow_kind kind)
{
    bool fiscal = kind != FLOW_ECONOMIC && kind != FLOW_SOCIAL && kind != FLOW_QALY_VALUE;
    return kind >= money->first && kind <= money->last &&
           (!money->cash_only || flow_kind_is_cash(kind)) && (!money->fiscal_only || fiscal);
}

static double year_factor(const struct plan *bundle, const struct money *money, enum flow_kind kind,
                          size_t year)
{
    switch (money->form) {
    case MONEY_DISCOUNTED:
        return plan_discount(bundle, kind, year);
    case MONEY_REAL:
        return 1.0;
    case MONEY_NOMINAL:
        return bundle->nominal_factor[year];
    }
    return 0.0;
}

static void add_money(const struct plan *bundle, size_t who, const struct money *money,
                      struct linear_measure *out)
{
    bool marks[512] = {false};
    mark_sectors(bundle, who, marks);
    for (size_t sector = 0; sector < n_sectors(bundle); ++sector) {
        for (size_t kind = 0; marks[sector] && kind < N_FLOW_KINDS; ++kind) {
            double sign = money->signed_kinds ? flow_kind_sign((enum flow_kind)kind) : 1.0;
            for (size_t year = money->first_year;
                 year <= money->last_year && kind_counts(money, (enum flow_kind)kind); ++year) {
                *flow_at(out, sector, kind, year) +=
                    sign * year_factor(bundle, money, (enum flow_kind)kind, year);
            }
        }
    }
}

static void add_qalys(const struct plan *bundle, size_t who, bool discounted, size_t quintile,
                      double factor, struct linear_measure *out)
{
    bool marks[512] = {false};
    mark_sectors(bundle, who, marks);
    for (size_t sector = 0; sector < n_sectors(bundle); ++sector) {
        for (size_t year = 0; marks[sector] && year < bundle->n_years; ++year) {
            for (size_t q = 0; q <= N_QUINTILES; ++q) {
                if (quintile == SIZE_MAX || q == quintile) {
                    *qaly_at(out, sector, year, q) +=
                        factor * (discounted ? bundle->discount_health[year] : 1.0);
                }
            }
        }
    }
}

/* The kinds and years that a measure sums; false where it is no sum of money. */
static bool money_of(const struct plan *bundle, const struct plan_result_column *column,
                     struct money *money)
{
    *money = (struct money){.first = FLOW_COST_CASH,
                            .last = FLOW_TRANSFER,
                            .signed_kinds = true,
                            .last_year = bundle->n_years - 1};
    switch ((int)column->measure) {
    case MEASURE_PV_COST:
        money->last = FLOW_COST_IN_KIND;
        money->signed_kinds = false;
        return true;
    case MEASURE_NET:
        return true;
    case MEASURE_NET_FISCAL:
        money->fiscal_only = true;
        return true;
    case MEASURE_NET_UNDISCOUNTED:
        money->form = MONEY_REAL;
        return true;
    case MEASURE_NET_CASH:
        money->form = MONEY_NOMINAL;
        money->cash_only = true;
        return true;
    case MEASURE_NET_AT:
        money->last_year = column->year;
        return true;
    case MEASURE_NET_UNDISCOUNTED_AT:
        money->form = MONEY_REAL;
        money->last_year = column->year;
        return true;
    case MEASURE_NET_CASH_AT:
        money->form = MONEY_NOMINAL;
        money->cash_only = true;
        money->last_year = column->year;
        return true;
    case MEASURE_NET_REAL_YEAR:
        money->form = MONEY_REAL;
        money->first_year = money->last_year = column->year;
        return true;
    case MEASURE_FLOW_YEAR:
        money->first = money->last = (enum flow_kind)column->item;
        money->form = MONEY_REAL;
        money->signed_kinds = false;
        money->first_year = money->last_year = column->year;
        return true;
    default:
        break;
    }
    if (column->measure <= MEASURE_PV_LEVERED_IN) {
        money->first = money->last = (enum flow_kind)(column->measure - MEASURE_PV_COST_CASH);
        money->signed_kinds = false;
        return true;
    }
    return false;
}

static bool fill(const struct plan *bundle, const struct plan_result_column *column,
                 struct linear_measure *out)
{
    struct money money;
    size_t total = bundle->n_whos - 1;
    if (money_of(bundle, column, &money)) {
        add_money(bundle, column->who, &money, out);
        return true;
    }
    switch ((int)column->measure) {
    case MEASURE_QALYS:
        add_qalys(bundle, column->who, true, SIZE_MAX, 1.0, out);
        return true;
    case MEASURE_QALYS_UNDISCOUNTED:
        add_qalys(bundle, column->who, false, SIZE_MAX, 1.0, out);
        return true;
    case MEASURE_CELL_QALYS:
        if (bundle->cells[column->item].quintile == 0) {
            return false;
        }
        add_qalys(bundle, total, true, bundle->cells[column->item].quintile, 1.0, out);
        return true;
    case MEASURE_NMB: {
        const struct appraisal_pack *pack = bundle->scenario->conventions.appraisal;
        struct plan_result_column fiscal = {.measure = MEASURE_NET_FISCAL, .who = column->who};
        add_qalys(bundle, total, true, SIZE_MAX, pack->thresholds_gbp_per_qaly[column->item], out);
        return fill(bundle, &fiscal, out);
    }
    default:
        return false;
    }
}

/* ---- equity ---- */

/* Weights s_q with slope index = sum of s_q x x_q: the index is linear in x. */
static void slope_weights(const double *people, double weights[N_QUINTILES])
{
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        double unit[N_QUINTILES] = {0};
        unit[q] = 1.0;
        weights[q] = equity_slope_index(N_QUINTILES, people, unit);
    }
}

/* Net health benefit of quintiles, each times weights[q]: QALYs less what the fiscal cost to the
 * headline's perspective displaces elsewhere. method 8.1. */
static bool add_health_benefit(const struct plan *bundle, const double weights[N_QUINTILES],
                               struct linear_measure *out)
{
    const struct portfolio_equity *equity = &bundle->bundle->portfolio->equity;
    const struct plan_result_column fiscal = {
        .measure = MEASURE_NET_FISCAL,
        .who = plan_find_who(bundle, bundle->scenario->conventions.perspective)};
    double burden[N_QUINTILES], all = 0.0, people = 0.0, displaced = 0.0;
    if (equity->setting == NULL || equity->people == NULL || fiscal.who == SIZE_MAX) {
        return false;
    }
    equity_burden(N_QUINTILES, equity->people, equity->burden_ratio, burden);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        people += equity->people[q];
    }
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        add_qalys(bundle, bundle->n_whos - 1, true, q + 1, weights[q], out);
        all += weights[q] * equity->people[q] / people;
        displaced += weights[q] * burden[q];
    }
    /* QALYs of nobody in particular are spread by people. */
    add_qalys(bundle, bundle->n_whos - 1, true, 0, all, out);
    struct money money;
    (void)money_of(bundle, &fiscal, &money);
    bool marks[512] = {false};
    mark_sectors(bundle, fiscal.who, marks);
    double factor = displaced / equity->threshold_gbp_per_qaly;
    for (size_t sector = 0; sector < n_sectors(bundle); ++sector) {
        for (size_t kind = 0; marks[sector] && kind < N_FLOW_KINDS; ++kind) {
            for (size_t year = 0;
                 year < bundle->n_years && kind_counts(&money, (enum flow_kind)kind); ++year) {
                *flow_at(out, sector, kind, year) +=
                    factor * flow_kind_sign((enum flow_kind)kind) *
                    plan_discount(bundle, (enum flow_kind)kind, year);
            }
        }
    }
    return true;
}

static bool find_equity(const struct plan *bundle, const char *name, struct linear_measure *out)
{
    const struct portfolio_equity *equity = &bundle->bundle->portfolio->equity;
    double weights[N_QUINTILES] = {0};
    if (strcmp(name, "nhb.total") == 0) {
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            weights[q] = 1.0;
        }
        return add_health_benefit(bundle, weights, out);
    }
    if (strncmp(name, "nhb.q", 5) == 0 && name[5] >= '1' && name[5] <= '5' && name[6] == '\0') {
        weights[name[5] - '1'] = 1.0;
        return add_health_benefit(bundle, weights, out);
    }
    if (strcmp(name, "gap_closed") == 0 && equity->people != NULL) {
        slope_weights(equity->people, weights);
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            weights[q] *= -1.0 / equity->people[q];
        }
        return add_health_benefit(bundle, weights, out);
    }
    return false;
}

/* ---- by name ---- */

bool measure_find_linear(struct arena *arena, const struct plan *bundle, const char *name,
                         struct linear_measure *out)
{
    struct measure_reference reference;
    *out = make(arena, bundle, name);
    if (find_equity(bundle, name, out)) {
        return true;
    }
    return measure_reference_find(bundle, name, &reference) &&
           reference.statistic == STATISTIC_MEAN &&
           fill(bundle, &bundle->results[reference.column], out);
}

bool measure_ratio_kinds(enum measure measure, enum flow_kind *last)
{
    switch ((int)measure) {
    case MEASURE_BCR:
        *last = FLOW_TRANSFER;
        return true;
    case MEASURE_RETURN_CASHABLE:
        *last = FLOW_CASHABLE;
        return true;
    case MEASURE_RETURN_FISCAL:
        *last = FLOW_NON_CASHABLE;
        return true;
    case MEASURE_RETURN_PUBLIC_VALUE:
        *last = FLOW_QALY_VALUE;
        return true;
    default:
        return false;
    }
}

bool measure_find_objective(struct arena *arena, const struct plan *bundle, const char *name,
                            struct objective_measure *out)
{
    struct measure_reference reference;
    *out = (struct objective_measure){.is_ratio = false};
    if (measure_find_linear(arena, bundle, name, &out->numerator)) {
        return true;
    }
    enum flow_kind last = FLOW_CASHABLE;
    if (!measure_reference_find(bundle, name, &reference) ||
        reference.statistic != STATISTIC_MEAN ||
        !measure_ratio_kinds(bundle->results[reference.column].measure, &last)) {
        return false;
    }
    size_t who = bundle->results[reference.column].who;
    const struct money gain = {
        .first = FLOW_CASHABLE, .last = last, .last_year = bundle->n_years - 1};
    const struct money cost = {
        .first = FLOW_COST_CASH, .last = FLOW_COST_IN_KIND, .last_year = bundle->n_years - 1};
    out->is_ratio = true;
    out->numerator = make(arena, bundle, name);
    out->denominator = make(arena, bundle, name);
    add_money(bundle, who, &gain, &out->numerator);
    add_money(bundle, who, &cost, &out->denominator);
    return true;
}

bool measure_find_payback(struct arena *arena, const struct plan *bundle, const char *who,
                          size_t year, struct linear_measure *out)
{
    const struct plan_result_column column = {
        .measure = MEASURE_NET_AT, .who = plan_find_who(bundle, who), .year = year};
    *out = make(arena, bundle, who);
    return column.who != SIZE_MAX && fill(bundle, &column, out);
}

void measure_cash_use(struct arena *arena, const struct plan *bundle, size_t sector, size_t year,
                      bool recycled, struct linear_measure *out)
{
    *out = make(arena, bundle, bundle->library->sectors->sectors[sector].id);
    *flow_at(out, sector, FLOW_COST_CASH, year) = bundle->nominal_factor[year];
    if (recycled) {
        *flow_at(out, sector, FLOW_CASHABLE, year) = -bundle->nominal_factor[year];
    }
}
