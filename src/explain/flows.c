/* Measures as sums of flows, and their means over draws split by partner, kind and year. */
#include "base/text.h"
#include "explain/explain_private.h"

#include <math.h>
#include <string.h>

static const unsigned all_kinds = (1U << N_FLOW_KINDS) - 1U;

#define KIND(kind) (1U << FLOW_##kind)
#define COSTS      (KIND(COST_CASH) | KIND(COST_REDEPLOYED) | KIND(COST_IN_KIND))
#define NON_FISCAL (KIND(ECONOMIC) | KIND(SOCIAL) | KIND(QALY_VALUE))

static unsigned kinds_in_net(enum measure measure)
{
    unsigned kinds = all_kinds & ~KIND(LEVERED_IN);
    if (measure == MEASURE_NET_FISCAL) {
        return kinds & ~NON_FISCAL;
    }
    if (measure == MEASURE_NET_CASH || measure == MEASURE_NET_CASH_AT) {
        return KIND(COST_CASH) | KIND(CASHABLE) | KIND(TRANSFER);
    }
    return kinds;
}

static enum basis basis_of(enum measure measure)
{
    switch ((int)measure) {
    case MEASURE_NET_UNDISCOUNTED:
    case MEASURE_NET_UNDISCOUNTED_AT:
    case MEASURE_NET_REAL_YEAR:
    case MEASURE_FLOW_YEAR:
        return BASIS_REAL;
    case MEASURE_NET_CASH:
    case MEASURE_NET_CASH_AT:
        return BASIS_NOMINAL;
    default:
        return BASIS_DISCOUNTED;
    }
}

bool sum_of_measure(const struct plan *plan, const struct plan_result_column *column,
                    struct sum_of_flows *sum)
{
    *sum = (struct sum_of_flows){.title = measure_label(column->measure),
                                 .who = column->who,
                                 .basis = basis_of(column->measure),
                                 .last_year = plan->n_years - 1};
    switch ((int)column->measure) {
    case MEASURE_PV_COST:
        sum->kinds = COSTS;
        return true;
    case MEASURE_NET_REAL_YEAR:
        sum->first_year = sum->last_year = column->year;
        break;
    case MEASURE_NET_AT:
    case MEASURE_NET_UNDISCOUNTED_AT:
    case MEASURE_NET_CASH_AT:
        sum->last_year = column->year;
        break;
    case MEASURE_NET:
    case MEASURE_NET_FISCAL:
    case MEASURE_NET_UNDISCOUNTED:
    case MEASURE_NET_CASH:
        break;
    case MEASURE_FLOW_YEAR:
        sum->first_year = sum->last_year = column->year;
        sum->kinds = 1U << column->item;
        sum->title = flow_kind_label((enum flow_kind)column->item);
        return true;
    default:
        if ((size_t)column->measure < N_FLOW_KINDS) { /* present values are in the order of kinds */
            sum->kinds = 1U << (unsigned)column->measure;
            return true;
        }
        return false;
    }
    sum->kinds = kinds_in_net(column->measure);
    sum->signs = true;
    return true;
}

double sum_factor(const struct plan *plan, const struct sum_of_flows *sum, enum flow_kind kind,
                  size_t year)
{
    return sum->basis == BASIS_DISCOUNTED ? plan_discount(plan, kind, year)
           : sum->basis == BASIS_NOMINAL  ? plan->nominal_factor[year]
                                          : 1.0;
}

double sum_weight(const struct plan *plan, const struct sum_of_flows *sum, enum flow_kind kind,
                  size_t year)
{
    if ((sum->kinds & 1U << kind) == 0 || year < sum->first_year || year > sum->last_year) {
        return 0.0;
    }
    return (sum->signs ? flow_kind_sign(kind) : 1.0) * sum_factor(plan, sum, kind, year);
}

const char *basis_words(enum basis basis)
{
    return basis == BASIS_DISCOUNTED ? "discount"
           : basis == BASIS_NOMINAL  ? "pounds of the day"
                                     : "factor";
}

bool sum_has_sector(const struct plan *plan, const struct sum_of_flows *sum, size_t who)
{
    const struct plan_who *whole = &plan->whos[sum->who];
    for (size_t i = 0; i < whole->n_members; ++i) {
        if (whole->members[i] == who) {
            return true;
        }
    }
    return sum->who == who;
}

double sum_value(const struct plan *plan, const struct sum_of_flows *sum, const double *flows)
{
    double total = 0.0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS && sum_has_sector(plan, sum, who); ++kind) {
            for (size_t year = 0; year < plan->n_years; ++year) {
                total += sum_weight(plan, sum, (enum flow_kind)kind, year) *
                         flows[flow_at(plan, who, kind, year)];
            }
        }
    }
    return total;
}

const char *kind_words(enum flow_kind kind)
{
    static const char *const words[N_FLOW_KINDS] = {[FLOW_COST_CASH] = "cash cost",
                                                    [FLOW_COST_REDEPLOYED] = "redeployed cost",
                                                    [FLOW_COST_IN_KIND] = "cost in kind",
                                                    [FLOW_CASHABLE] = "cashable",
                                                    [FLOW_NON_CASHABLE] = "not cashable",
                                                    [FLOW_ECONOMIC] = "economic",
                                                    [FLOW_SOCIAL] = "social",
                                                    [FLOW_QALY_VALUE] = "QALYs' value",
                                                    [FLOW_TRANSFER] = "transfers",
                                                    [FLOW_LEVERED_IN] = "levered in"};
    return words[kind];
}

/* ---- the split of the mean ---- */

struct split {
    struct walk *walk;
    const struct sum_of_flows *sum;
    double total;
};

/* Of one sector and kind over the years of the sum; SIZE_MAX: of all. *any: a flow is there. */
static double part_of(const struct split *split, size_t who, size_t kind, bool *any)
{
    const struct explainer *explainer = split->walk->explainer;
    const struct plan *plan = explainer->plan;
    double value = 0.0;
    for (size_t w = 0; w < plan->n_sector_whos; ++w) {
        for (size_t k = 0; k < N_FLOW_KINDS; ++k) {
            bool counts = (who == SIZE_MAX || w == who) && (kind == SIZE_MAX || k == kind) &&
                          sum_has_sector(plan, split->sum, w);
            for (size_t year = 0; counts && year < plan->n_years; ++year) {
                double flow = explainer->mean_flows[flow_at(plan, w, k, year)];
                double weight = sum_weight(plan, split->sum, (enum flow_kind)k, year);
                *any = *any || (flow != 0.0 && weight != 0.0);
                value += weight * flow;
            }
        }
    }
    return value;
}

static void split_by_sector(const struct split *split)
{
    const struct explainer *explainer = split->walk->explainer;
    const struct plan *plan = explainer->plan;
    struct explain_column columns[EXPLAIN_MAX_COLUMNS] = {
        {"partner", "partner", EXPLAIN_WORDS, false}};
    size_t kinds[N_FLOW_KINDS], n_kinds = 0;
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        bool any = false;
        part_of(split, SIZE_MAX, kind, &any);
        if (any) {
            kinds[n_kinds++] = kind;
            columns[n_kinds] =
                (struct explain_column){flow_kind_name((enum flow_kind)kind),
                                        kind_words((enum flow_kind)kind), EXPLAIN_MONEY, true};
        }
    }
    if (n_kinds == 0) {
        explain_say(split->walk->explanation, "Nothing flows: every part is 0.");
        return;
    }
    columns[n_kinds + 1] = (struct explain_column){"total", "total", EXPLAIN_MONEY, true};
    struct explain_table *table = explain_add_table(
        split->walk->explanation, "By partner and kind, £, mean over draws", columns, n_kinds + 2);
    table->has_total = table->adds_across = true;
    for (size_t who = 0; who <= plan->n_sector_whos; ++who) {
        bool last = who == plan->n_sector_whos, any = false;
        size_t of = last ? SIZE_MAX : who;
        double total = part_of(split, of, SIZE_MAX, &any);
        if (!any) {
            continue;
        }
        struct explain_cell *row = explain_add_row(split->walk->explanation, table);
        row[0] = explain_words(last ? plan->whos[split->sum->who].label : plan->whos[who].label);
        for (size_t k = 0; k < n_kinds; ++k) {
            bool flows = false;
            double value = part_of(split, of, kinds[k], &flows);
            row[k + 1] = flows ? explain_number(value) : explain_words("-");
        }
        row[n_kinds + 1] = explain_number(last ? split->total : total);
    }
    explain_finish_table(split->walk->explanation, table, NULL);
}

/* Flow and weighted flow of a year: of QALYs' value, which have a schedule of their own, or of all
 * else. */
static bool year_part(const struct split *split, size_t year, bool qalys, double *real,
                      double *weighted, double *factor)
{
    const struct explainer *explainer = split->walk->explainer;
    const struct plan *plan = explainer->plan;
    bool any = false;
    *real = *weighted = 0.0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            double weight = sum_weight(plan, split->sum, (enum flow_kind)kind, year);
            if ((kind == FLOW_QALY_VALUE) != qalys || weight == 0.0 ||
                !sum_has_sector(plan, split->sum, who)) {
                continue;
            }
            double flow = explainer->mean_flows[flow_at(plan, who, kind, year)];
            any = any || flow != 0.0;
            *factor = sum_factor(plan, split->sum, (enum flow_kind)kind, year);
            *real += weight / *factor * flow;
            *weighted += weight * flow;
        }
    }
    return any;
}

static void split_by_year(const struct split *split)
{
    const struct explainer *explainer = split->walk->explainer;
    const struct sum_of_flows *sum = split->sum;
    if (sum->first_year == sum->last_year) {
        return;
    }
    bool own = sum->basis == BASIS_DISCOUNTED && (sum->kinds & KIND(QALY_VALUE)) != 0;
    struct explain_column columns[] = {{"year", "year", EXPLAIN_WORDS, false},
                                       {"real_gbp", "flow, real", EXPLAIN_MONEY, true},
                                       {"factor", basis_words(sum->basis), EXPLAIN_FIGURE, false},
                                       {"amount_gbp",
                                        sum->basis == BASIS_NOMINAL ? "nominal" : "present value",
                                        EXPLAIN_MONEY, true}};
    size_t n = sum->basis == BASIS_REAL ? 2 : 4;
    struct explain_table *table = explain_add_table(
        split->walk->explanation, "By financial year, £, mean over draws", columns, n);
    double all_real = 0.0;
    table->has_total = true;
    for (size_t year = sum->first_year; year <= sum->last_year; ++year) {
        for (size_t part = 0; part < 2; ++part) {
            double real = 0.0, weighted = 0.0, factor = 1.0;
            if (!year_part(split, year, part == 1, &real, &weighted, &factor)) {
                continue;
            }
            struct explain_cell *row = explain_add_row(split->walk->explanation, table);
            const char *name = year_words(explainer, year);
            row[0] = explain_words(
                part == 1 && own ? arena_printf(explainer->arena, "%s, QALYs", name) : name);
            row[1] = explain_number(real);
            if (n == 4) {
                row[2] = explain_number(factor);
                row[3] = explain_number(weighted);
            }
            all_real += real;
        }
    }
    struct explain_cell *row = explain_add_row(split->walk->explanation, table);
    row[0] = explain_words("all years");
    row[1] = explain_number(n == 2 ? split->total : all_real);
    if (n == 4) {
        row[3] = explain_number(split->total);
    }
    explain_finish_table(split->walk->explanation, table, NULL);
}

void walk_split(struct walk *walk, const struct sum_of_flows *sum, double total)
{
    const struct split split = {.walk = walk, .sum = sum, .total = total};
    split_by_sector(&split);
    split_by_year(&split);
}
