#include "explain/explain.h"

#include "base/text.h"
#include "explain/explain_private.h"
#include "plan/plan_health.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- an explainer ---- */

static void read_mean_flows(struct explainer *explainer)
{
    const struct plan *plan = explainer->plan;
    explainer->mean_flows =
        arena_array(explainer->arena, plan->n_sector_whos * N_FLOW_KINDS * plan->n_years + 1,
                    sizeof *explainer->mean_flows);
    for (size_t i = 0; i < plan->n_own_results && explainer->result->statistics != NULL; ++i) {
        const struct plan_result_column *column = &plan->results[i];
        if (column->measure == MEASURE_FLOW_YEAR) {
            explainer->mean_flows[flow_at(plan, column->who, column->item, column->year)] =
                explainer->result->statistics[i].mean;
        }
    }
}

void explainer_name_files_as_results(struct explainer *explainer)
{
    explainer->names_as_results = true;
}

void explainer_name_as_asked(struct explainer *explainer, const char *words)
{
    explainer->asked = words;
}

struct explainer *explainer_new(struct arena *arena, const struct scenario_result *result)
{
    struct explainer *explainer = arena_alloc(arena, sizeof *explainer);
    const struct plan *plan = result->plan;
    *explainer = (struct explainer){.arena = arena,
                                    .result = result,
                                    .plan = plan,
                                    .asked = plan->scenario->id,
                                    .sampling = {.plan = plan}};
    explainer->central = arena_array(arena, plan->n_results + 1, sizeof *explainer->central);
    read_mean_flows(explainer);
    if (plan->health != NULL || plan->bundle != NULL) {
        simulation_central(plan, explainer->central);
        return explainer;
    }
    explainer->has_worker = true;
    worker_init(&explainer->worker, &explainer->sampling);
    worker_run_central(&explainer->worker);
    for (size_t i = 0; i < plan->n_results; ++i) {
        explainer->central[i] = explainer->worker.appraisal.values[i * PROGRAM_BLOCK];
    }
    explain_build_lines(explainer);
    return explainer;
}

void explainer_free(struct explainer *explainer)
{
    if (explainer->has_worker) {
        worker_clear(&explainer->worker);
        explainer->has_worker = false;
    }
}

/* ---- words ---- */

const char *year_words(const struct explainer *explainer, size_t year)
{
    char words[16];
    text_format_financial_year(words, explainer->plan->scenario->start_year + (int)year);
    return arena_copy_text(explainer->arena, words);
}

const char *pounds(struct arena *arena, double gbp)
{
    char words[48];
    text_format_grouped(words, fabs(gbp), fabs(gbp) < 1000.0 ? 2 : 0);
    return arena_printf(arena, "%s£%s", gbp < 0.0 ? "-" : "", words);
}

static const char *amount_of(struct arena *arena, enum measure measure, double value)
{
    const char *unit = measure_unit(measure);
    if (isinf(value)) {
        return "not within the horizon";
    }
    if (!isfinite(value)) {
        return "none";
    }
    if (strcmp(unit, "GBP") == 0) {
        return pounds(arena, value);
    }
    return strcmp(unit, "ratio") == 0
               ? explain_figure(arena, value)
               : arena_printf(arena, "%s %s", explain_figure(arena, value), unit);
}

/* What the measure is, with the number of its formula. */
static const char *formula_of(enum measure measure)
{
    switch ((int)measure) {
    case MEASURE_NET:
        return "the present value of all benefits and transfers, less that of all costs (method "
               "3.9)";
    case MEASURE_NET_FISCAL:
        return "the present value of cashable and non-cashable savings and transfers, less that of "
               "all "
               "costs (method 3.9)";
    case MEASURE_NET_UNDISCOUNTED:
        return "all benefits and transfers less all costs, real, not discounted (method 3.9)";
    case MEASURE_NET_CASH:
        return "cashable savings and transfers less cash costs, in pounds of the day, not "
               "discounted (method 1.5 and 3.9)";
    case MEASURE_NET_AT:
        return "the present value of benefits and transfers less costs, through the year (method "
               "3.9)";
    case MEASURE_NET_UNDISCOUNTED_AT:
        return "benefits and transfers less costs, real, through the year (method 3.9)";
    case MEASURE_NET_CASH_AT:
        return "cashable savings and transfers less cash costs, in pounds of the day, through the "
               "year (method 1.5 and 3.9)";
    case MEASURE_NET_REAL_YEAR:
        return "benefits and transfers less costs of the one year, real (method 3.9)";
    case MEASURE_IRR:
        return "the rate at which the mean real nets of the years have present value 0 (method "
               "3.9)";
    case MEASURE_PAYBACK_DISCOUNTED:
    case MEASURE_PAYBACK_UNDISCOUNTED:
        return "the first year from which the mean cumulative net is never again below 0 (method "
               "3.9)";
    case MEASURE_NMB:
        return "threshold x QALYs + net fiscal (method 3.9)";
    case MEASURE_QALYS:
        return "QALYs, discounted on the health schedule (method 3.8)";
    case MEASURE_QALYS_UNDISCOUNTED:
    case MEASURE_QALYS_YEAR:
        return "QALYs, not discounted (method 3.8)";
    case MEASURE_VOLUME:
    case MEASURE_VOLUME_YEAR:
        return "units of demand avoided (method 3.5)";
    case MEASURE_CELL_PARTICIPANTS:
        return "people of the group who take part, over all intakes (method 3.1)";
    case MEASURE_CELL_QALYS:
        return "QALYs of the group, discounted (method 3.1 and 3.8)";
    case MEASURE_CELL_VALUE:
        return "units avoided in the group x unit cost, present value before ceilings (method 3.1)";
    case MEASURE_FLOW_YEAR:
        return "real flow of the one kind and year (method 3.6)";
    case MEASURE_PV_COST:
        return "the present value of cash, redeployed and in-kind costs (method 3.2 and 3.9)";
    default:
        return measure < MEASURE_PV_COST ? "present value of the flows of one kind (method 3.9)"
                                         : "a figure of one person under one option (method 4)";
    }
}

/* ---- the answer ---- */

static const char *sampling_words(const struct explainer *explainer)
{
    const struct scenario_result *result = explainer->result;
    static const char *const methods[] = {[SAMPLING_SOBOL] = "Sobol points",
                                          [SAMPLING_LATIN_HYPERCUBE] = "Latin hypercube",
                                          [SAMPLING_PLAIN] = "plain Monte Carlo"};
    char draws[48];
    text_format_grouped(draws, (double)result->n_draws, 0);
    if (result->n_draws == 1) {
        return "nothing is uncertain";
    }
    return arena_printf(explainer->arena, "%s draws, %s, seed %llu", draws,
                        methods[result->design.method], (unsigned long long)result->seed);
}

static void tell_interval(struct walk *walk, const struct column_statistics *statistics,
                          enum measure measure)
{
    const struct explainer *explainer = walk->explainer;
    struct arena *arena = explainer->arena;
    if (explainer->result->n_draws == 1) {
        explain_say(walk->explanation, "Nothing in it is uncertain, so there is no interval.");
        return;
    }
    const char *error = isfinite(statistics->se)
                            ? arena_printf(arena, "; Monte Carlo error %s",
                                           amount_of(arena, measure, statistics->se))
                            : "";
    if (isnan(statistics->q025)) {
        explain_say(walk->explanation, "Over %s%s. Intervals are not kept for this measure.",
                    sampling_words(explainer), error);
        return;
    }
    explain_say(walk->explanation, "95 %% of draws lie between %s and %s (%s%s).",
                amount_of(arena, measure, statistics->q025),
                amount_of(arena, measure, statistics->q975), sampling_words(explainer), error);
}

static bool has_sign(enum measure measure)
{
    const char *unit = measure_unit(measure);
    return strcmp(unit, "GBP") == 0 &&
           ((measure >= MEASURE_NET && measure <= MEASURE_NET_CASH) ||
            (measure >= MEASURE_NET_AT && measure <= MEASURE_NET_REAL_YEAR) ||
            measure == MEASURE_NMB);
}

static void tell_ratio_formula(struct walk *walk, enum measure measure)
{
    explain_say(walk->explanation,
                "It is (%s) / (%s), the ratio of the means over draws (method "
                "3.9).",
                measure_numerator(measure), measure_denominator(measure));
}

static void tell_answer(struct walk *walk, const struct measure_reference *reference)
{
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct plan_result_column *column = &plan->results[reference->column];
    const struct column_statistics *statistics = &explainer->result->statistics[reference->column];
    struct explanation *explanation = walk->explanation;
    bool ratio = column->is_ratio;
    /* Of a negative ratio of cost and QALYs nothing is said but where it stands (method 4.5). */
    bool hides = ratio && column->measure == MEASURE_COST_PER_QALY && statistics->headline < 0.0;
    explain_add_section(explanation, "answer", explanation->title);
    explain_say(explanation, "%s of %s: %s.", explanation->title, plan->scenario->title,
                hides ? "no ratio (cost and QALYs differ in sign: one option is better in both)"
                      : amount_of(explainer->arena, column->measure, statistics->headline));
    if (!hides) {
        tell_interval(walk, statistics, column->measure);
    }
    if (has_sign(column->measure) && explainer->result->n_draws > 1) {
        bool sure = statistics->p_nonneg > 0.995;
        bool never = statistics->p_nonneg < 0.005;
        explain_say(explanation, "Probability of 0 or more: %s.",
                    sure    ? "above 0.99"
                    : never ? "below 0.01"
                            : arena_printf(explainer->arena, "%.2f", statistics->p_nonneg));
    }
    if (ratio) {
        tell_ratio_formula(walk, column->measure);
    } else {
        explain_say(explanation, "It is %s.", formula_of(column->measure));
    }
    if (reference->statistic != STATISTIC_MEAN) {
        explain_say(
            explanation,
            "What was asked for is its %s. Means add up and can be taken apart; spreads and "
            "quantiles do not, so what follows takes the mean apart.",
            reference->statistic == STATISTIC_SD
                ? arena_printf(explainer->arena, "standard deviation, %s",
                               amount_of(explainer->arena, column->measure, statistics->sd))
                : arena_printf(explainer->arena, "%g %% quantile, %s",
                               100.0 * reference->probability,
                               amount_of(explainer->arena, column->measure,
                                         draws_quantile(walk->explainer, reference->column,
                                                        reference->probability))));
    }
    explanation->mean = statistics->headline;
    explanation->low = statistics->q025;
    explanation->high = statistics->q975;
    explanation->error = statistics->se;
    explanation->has_figure = true;
}

/* ---- sums of flows ---- */

struct task {
    struct walk *walk;
    enum explain_depth depth;
    bool *done; /* [n_lines] */
};

/* `mean`: as the run has it; NaN: of a sum that is no measure, the sum of its mean flows. */
static void tell_sum(const struct task *task, const struct sum_of_flows *sum, double mean,
                     const char *id, const char *title)
{
    struct explainer *explainer = task->walk->explainer;
    mean = isnan(mean) ? sum_value(explainer->plan, sum, explainer->mean_flows) : mean;
    explain_add_section(task->walk->explanation, id, title);
    walk_split(task->walk, sum, mean);
    if (task->depth == EXPLAIN_BRIEF || !explainer->has_worker) {
        return;
    }
    double central = 0.0;
    for (size_t i = 0; i < explainer->n_lines; ++i) {
        central += sum_value(explainer->plan, sum, explainer->lines[i].flows);
    }
    walk_lines(task->walk, sum, central, mean);
    if (task->depth >= EXPLAIN_EVIDENCE) {
        walk_details(task->walk, sum, task->done);
    }
}

/* ---- ratios ---- */

static struct sum_of_flows present_value_of(const struct plan *plan, size_t who, unsigned kinds,
                                            bool signs)
{
    return (struct sum_of_flows){
        .who = who, .kinds = kinds, .signs = signs, .last_year = plan->n_years - 1};
}

static unsigned kinds_from(enum flow_kind first, enum flow_kind last)
{
    unsigned kinds = 0;
    for (unsigned kind = (unsigned)first; kind <= (unsigned)last; ++kind) {
        kinds |= 1U << kind;
    }
    return kinds;
}

static void tell_quotient(struct walk *walk, const char *numerator, double a,
                          const char *denominator, double b, enum explain_format b_format)
{
    static const struct explain_column columns[] = {{"part", "part", EXPLAIN_WORDS, false},
                                                    {"figure", "mean", EXPLAIN_FIGURE, false}};
    struct explain_table *table =
        explain_add_table(walk->explanation, "The quotient of two means", columns, 2);
    const char *const words[] = {numerator, denominator, "quotient"};
    const double values[] = {a, b, b != 0.0 ? a / b : (double)NAN};

    const enum explain_format formats[] = {EXPLAIN_MONEY, b_format, EXPLAIN_FIGURE};

    for (size_t i = 0; i < 3; ++i) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(words[i]);
        row[1] = explain_number(values[i]);
        if (formats[i] == EXPLAIN_MONEY) {
            row[1].words = pounds(walk->explainer->arena, values[i]);
        } else if (i == 2 && (!isfinite(values[i]) || values[i] < 0.0)) {
            row[1] = explain_words("[z]");
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static void tell_return(const struct task *task, const struct plan_result_column *column)
{
    struct explainer *explainer = task->walk->explainer;
    const struct plan *plan = explainer->plan;
    enum flow_kind last = column->measure == MEASURE_RETURN_CASHABLE       ? FLOW_CASHABLE
                          : column->measure == MEASURE_RETURN_FISCAL       ? FLOW_NON_CASHABLE
                          : column->measure == MEASURE_RETURN_PUBLIC_VALUE ? FLOW_QALY_VALUE
                                                                           : FLOW_TRANSFER;
    struct sum_of_flows gains =
        present_value_of(plan, column->who, kinds_from(FLOW_CASHABLE, last), false);
    struct sum_of_flows costs =
        present_value_of(plan, column->who, kinds_from(FLOW_COST_CASH, FLOW_COST_IN_KIND), false);
    tell_quotient(task->walk, measure_numerator(column->measure),
                  sum_value(plan, &gains, explainer->mean_flows),
                  measure_denominator(column->measure),
                  sum_value(plan, &costs, explainer->mean_flows), EXPLAIN_MONEY);
    tell_sum(task, &gains, NAN, "numerator", "Above the line");
    tell_sum(task, &costs, NAN, "denominator", "Below the line");
}

static double mean_of(const struct explainer *explainer, enum measure measure, size_t who,
                      size_t item)
{
    const struct column_statistics *statistics =
        result_find(explainer->result, measure, who, 0, item);
    return statistics != NULL ? statistics->mean : 0.0;
}

static void tell_fiscal(const struct task *task, size_t who)
{
    const struct plan *plan = task->walk->explainer->plan;
    struct sum_of_flows fiscal = present_value_of(
        plan, who, kinds_from(FLOW_COST_CASH, FLOW_NON_CASHABLE) | 1U << (unsigned)FLOW_TRANSFER,
        true);
    tell_sum(task, &fiscal, NAN, "net-fiscal", "Net fiscal: savings and transfers less costs");
}

static void tell_cost_per_qaly(const struct task *task, const struct plan_result_column *column)
{
    struct explainer *explainer = task->walk->explainer;
    size_t total = explainer->plan->n_whos - 1;
    tell_quotient(task->walk, "costs less savings and transfers (minus net fiscal)",
                  -mean_of(explainer, MEASURE_NET_FISCAL, column->who, 0), "QALYs, discounted",
                  mean_of(explainer, MEASURE_QALYS, total, 0), EXPLAIN_FIGURE);
    tell_fiscal(task, column->who);
    walk_qalys(task->walk, plan_find_result(explainer->plan, MEASURE_QALYS, total, 0, 0));
}

static void tell_cost_per_outcome(const struct task *task, const struct plan_result_column *column)
{
    struct explainer *explainer = task->walk->explainer;
    const struct plan *plan = explainer->plan;
    size_t total = plan->n_whos - 1;
    struct sum_of_flows costs =
        present_value_of(plan, total, kinds_from(FLOW_COST_CASH, FLOW_COST_IN_KIND), false);
    double units = mean_of(explainer, MEASURE_VOLUME, total, column->item);
    tell_quotient(task->walk, "costs, present value", mean_of(explainer, MEASURE_PV_COST, total, 0),
                  "units avoided, not discounted", units, EXPLAIN_FIGURE);
    tell_sum(task, &costs, NAN, "numerator", "Above the line");
    walk_volume(task->walk, column->item, units);
}

static void tell_nmb(const struct task *task, const struct plan_result_column *column)
{
    static const struct explain_column columns[] = {{"part", "part", EXPLAIN_WORDS, false},
                                                    {"amount_gbp", "£", EXPLAIN_MONEY, true}};
    struct explainer *explainer = task->walk->explainer;
    const struct plan *plan = explainer->plan;
    size_t total = plan->n_whos - 1;
    double threshold = plan->scenario->conventions.appraisal->thresholds_gbp_per_qaly[column->item];
    double qalys = mean_of(explainer, MEASURE_QALYS, total, 0);
    double fiscal = mean_of(explainer, MEASURE_NET_FISCAL, column->who, 0);
    struct explain_table *table =
        explain_add_table(task->walk->explanation, "Two parts, mean over draws", columns, 2);
    table->has_total = true;
    const char *const words[] = {arena_printf(explainer->arena, "%s x %s QALYs",
                                              pounds(explainer->arena, threshold),
                                              explain_figure(explainer->arena, qalys)),
                                 "net fiscal", "net monetary benefit"};
    const double values[] = {threshold * qalys, fiscal,
                             mean_of(explainer, MEASURE_NMB, column->who, column->item)};
    for (size_t i = 0; i < 3; ++i) {
        struct explain_cell *row = explain_add_row(task->walk->explanation, table);
        row[0] = explain_words(words[i]);
        row[1] = explain_number(values[i]);
    }
    explain_finish_table(task->walk->explanation, table, NULL);
    tell_fiscal(task, column->who);
    walk_qalys(task->walk, plan_find_result(plan, MEASURE_QALYS, total, 0, 0));
}

/* ---- payback and rate of return ---- */

/* Yearly means and their running sums, rounded so that each sum is that of the years shown. */
static void tell_course(struct walk *walk, const struct plan_result_column *column)
{
    static const struct explain_column columns[] = {
        {"year", "year", EXPLAIN_WORDS, false},
        {"in_year_gbp", "net of the year", EXPLAIN_MONEY, false},
        {"cumulative_gbp", "cumulative", EXPLAIN_MONEY, false}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    bool discounted = column->measure == MEASURE_PAYBACK_DISCOUNTED;
    struct explain_table *table = explain_add_table(
        walk->explanation,
        discounted ? "Mean net by year, £, present value" : "Mean net by year, £, real", columns,
        3);
    double before = 0.0, shown_before = 0.0;
    for (size_t year = 0; year < plan->n_years; ++year) {
        double sum = result_find(explainer->result,
                                 discounted ? MEASURE_NET_AT : MEASURE_NET_UNDISCOUNTED_AT,
                                 column->who, year, 0)
                         ->mean;
        double shown = round(sum);
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(year_words(explainer, year));
        row[1] = explain_number(sum - before);
        row[2] = explain_number(sum);
        explain_put_words(explainer->arena, &row[1], shown - shown_before, 0);
        explain_put_words(explainer->arena, &row[2], shown, 0);
        before = sum;
        shown_before = shown;
    }
    explain_finish_table(walk->explanation, table, NULL);
    explain_say(walk->explanation, "The first year from which the cumulative figure is never again "
                                   "below 0 is the year of payback.");
}

static void tell_rate(struct walk *walk, const struct plan_result_column *column, double rate)
{
    static const struct explain_column columns[] = {
        {"year", "year", EXPLAIN_WORDS, false},
        {"net_gbp", "net, real", EXPLAIN_MONEY, false},
        {"factor", "1 / (1 + rate)^year", EXPLAIN_FIGURE, false},
        {"amount_gbp", "worth at that rate", EXPLAIN_MONEY, true}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    bool known = isfinite(rate);
    struct explain_table *table =
        explain_add_table(walk->explanation, "Mean net by year, £", columns, known ? 4 : 2);
    double total = 0.0;
    table->has_total = known;
    for (size_t year = 0; year < plan->n_years; ++year) {
        double net =
            result_find(explainer->result, MEASURE_NET_REAL_YEAR, column->who, year, 0)->mean;
        double factor = pow(1.0 + rate, -(double)year);
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(year_words(explainer, year));
        row[1] = explain_number(net);
        if (known) {
            row[2] = explain_number(factor);
            row[3] = explain_number(net * factor);
            total += net * factor;
        }
    }
    if (known) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words("all years: nothing is left");
        row[3] = explain_number(total);
    } else {
        explain_say(walk->explanation,
                    "The yearly nets do not change sign exactly once (or the rate "
                    "is out of reach), so there is no one rate.");
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static void tell_net_behind(const struct task *task, const struct plan_result_column *column)
{
    const struct plan *plan = task->walk->explainer->plan;
    struct sum_of_flows net =
        present_value_of(plan, column->who, kinds_from(FLOW_COST_CASH, FLOW_TRANSFER), true);
    net.basis = column->measure == MEASURE_PAYBACK_DISCOUNTED ? BASIS_DISCOUNTED : BASIS_REAL;
    tell_sum(task, &net, NAN, "net", "What the net is made of");
}

/* ---- groups ---- */

static void tell_cells(struct walk *walk, const struct plan_result_column *column)
{
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    bool money = column->measure == MEASURE_CELL_VALUE;
    const struct explain_column columns[] = {
        {"group", "group", EXPLAIN_WORDS, false},
        {"mean", measure_unit(column->measure), money ? EXPLAIN_MONEY : EXPLAIN_QUANTITY, false}};
    explain_add_section(walk->explanation, "split", "Beside the other groups");
    struct explain_table *table =
        explain_add_table(walk->explanation, "By group, mean over draws", columns, 2);
    for (size_t i = 0; i < plan->n_cells; ++i) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(plan->cells[i].label);
        row[1] = explain_number(mean_of(explainer, column->measure, column->who, i));
    }
    explain_finish_table(walk->explanation, table, NULL);
    for (size_t demand = 0; demand < plan->n_demands && money && explainer->has_worker; ++demand) {
        walk_volume(walk, demand, mean_of(explainer, MEASURE_VOLUME, plan->n_whos - 1, demand));
    }
    if (column->measure == MEASURE_CELL_QALYS && explainer->has_worker) {
        walk_qalys(walk, plan_find_result(plan, MEASURE_QALYS, plan->n_whos - 1, 0, 0));
    }
}

/* QALYs of a perspective by whose they are. */
static void tell_qalys(struct walk *walk, size_t index)
{
    static const struct explain_column columns[] = {{"partner", "whose", EXPLAIN_WORDS, false},
                                                    {"qalys", "QALYs", EXPLAIN_QUANTITY, true}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct plan_result_column *column = &plan->results[index];
    const struct plan_who *who = &plan->whos[column->who];
    size_t n = who->n_members;
    if (n > 0 && column->measure != MEASURE_QALYS_YEAR) {
        explain_add_section(walk->explanation, "split", "Whose they are");
        struct explain_table *table =
            explain_add_table(walk->explanation, "Mean over draws", columns, 2);
        table->has_total = true;
        for (size_t i = 0; i <= n; ++i) {
            const struct column_statistics *statistics = result_find(
                explainer->result, column->measure, i < n ? who->members[i] : column->who, 0, 0);
            if (statistics != NULL) {
                struct explain_cell *row = explain_add_row(walk->explanation, table);
                row[0] = explain_words(i < n ? plan->whos[who->members[i]].label : who->label);
                row[1] = explain_number(statistics->mean);
            }
        }
        explain_finish_table(walk->explanation, table, NULL);
    }
    walk_qalys(walk, index);
}

/* What a net in cash leaves out: savings that are no cash, and costs in kind. */
static void tell_left_out(struct walk *walk, const struct sum_of_flows *cash)
{
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    struct sum_of_flows freed = *cash;
    struct text words;
    bool any = false;
    freed.kinds = 1U << (unsigned)FLOW_NON_CASHABLE;
    double all = sum_value(plan, &freed, explainer->mean_flows);
    if (!(fabs(all) >= 0.5)) {
        return;
    }
    text_init(&words);
    text_printf(&words,
                "Left out, because it is no cash: non-cashable savings of %s, in pounds of the day "
                "like the figure above",
                pounds(explainer->arena, all));
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        double part = 0.0;
        for (size_t year = freed.first_year; year <= freed.last_year; ++year) {
            part += sum_weight(plan, &freed, FLOW_NON_CASHABLE, year) *
                    explainer->mean_flows[flow_at(plan, who, FLOW_NON_CASHABLE, year)];
        }
        if (fabs(part) >= 0.5 && sum_has_sector(plan, &freed, who)) {
            text_printf(&words, "%s%s %s", any ? ", " : ": ", plan->whos[who].label,
                        pounds(explainer->arena, part));
            any = true;
        }
    }
    text_printf(
        &words,
        ". They are beds, visits and hours set free for others; `dividend explain %s net.%s` "
        "has them.",
        plan->scenario->id, plan->whos[cash->who].id);
    explain_say(walk->explanation, "%s", words.bytes);
    text_clear(&words);
}

/* ---- one measure ---- */

static void tell_measure(const struct task *task, size_t index)
{
    struct walk *walk = task->walk;
    struct explainer *explainer = walk->explainer;
    const struct plan_result_column *column = &explainer->plan->results[index];
    const struct column_statistics *statistics = &explainer->result->statistics[index];
    struct sum_of_flows sum;
    if (explainer->plan->health != NULL) {
        walk_health(walk, column);
        return;
    }
    if (explainer->plan->bundle != NULL) {
        walk_programmes(walk, column, statistics->mean);
    }
    if (sum_of_measure(explainer->plan, column, &sum)) {
        if (column->measure == MEASURE_NET_CASH || column->measure == MEASURE_NET_CASH_AT) {
            tell_left_out(walk, &sum);
        }
        tell_sum(task, &sum, statistics->mean, "split", "What it is made of");
        return;
    }
    switch ((int)column->measure) {
    case MEASURE_COST_PER_QALY:
        tell_cost_per_qaly(task, column);
        return;
    case MEASURE_COST_PER_OUTCOME:
        tell_cost_per_outcome(task, column);
        return;
    case MEASURE_NMB:
        tell_nmb(task, column);
        return;
    case MEASURE_PAYBACK_DISCOUNTED:
    case MEASURE_PAYBACK_UNDISCOUNTED:
        tell_course(walk, column);
        tell_net_behind(task, column);
        return;
    case MEASURE_IRR:
        tell_rate(walk, column, statistics->headline);
        tell_net_behind(task, column);
        return;
    case MEASURE_QALYS:
    case MEASURE_QALYS_UNDISCOUNTED:
    case MEASURE_QALYS_YEAR:
        tell_qalys(walk, index);
        return;
    case MEASURE_VOLUME:
    case MEASURE_VOLUME_YEAR:
        walk_volume(walk, column->item,
                    mean_of(explainer, MEASURE_VOLUME, column->who, column->item));
        return;
    case MEASURE_CELL_PARTICIPANTS:
    case MEASURE_CELL_QALYS:
    case MEASURE_CELL_VALUE:
        tell_cells(walk, column);
        return;
    default:
        tell_return(task, column);
    }
}

static struct explanation *new_explanation(struct explainer *explainer)
{
    struct explanation *explanation = arena_alloc(explainer->arena, sizeof *explanation);
    *explanation = (struct explanation){.arena = explainer->arena,
                                        .scenario = explainer->plan->scenario->id,
                                        .mean = NAN,
                                        .low = NAN,
                                        .high = NAN,
                                        .error = NAN};
    return explanation;
}

static const char *title_of(const struct explainer *explainer,
                            const struct plan_result_column *column)
{
    const struct plan *plan = explainer->plan;
    const char *label = measure_label(column->measure), *who = plan->whos[column->who].label;
    switch ((int)column->measure) {
    case MEASURE_NET_AT:
    case MEASURE_NET_UNDISCOUNTED_AT:
    case MEASURE_NET_CASH_AT:
    case MEASURE_NET_REAL_YEAR:
    case MEASURE_QALYS_YEAR:
        return arena_printf(explainer->arena, "%s %s, %s", label,
                            year_words(explainer, column->year), who);
    case MEASURE_FLOW_YEAR:
        return arena_printf(explainer->arena, "%s of %s, %s",
                            flow_kind_label((enum flow_kind)column->item),
                            year_words(explainer, column->year), who);
    case MEASURE_VOLUME:
    case MEASURE_COST_PER_OUTCOME:
        return arena_printf(explainer->arena, "%s: %s", label,
                            plan->demands[column->item].demand->label);
    case MEASURE_VOLUME_YEAR:
        return arena_printf(explainer->arena, "%s %s: %s", label,
                            year_words(explainer, column->year),
                            plan->demands[column->item].demand->label);
    case MEASURE_CELL_PARTICIPANTS:
    case MEASURE_CELL_QALYS:
    case MEASURE_CELL_VALUE:
        return arena_printf(explainer->arena, "%s, %s", label, plan->cells[column->item].label);
    default:
        return arena_printf(explainer->arena, "%s, %s", label, who);
    }
}

struct explanation *explain_measure(struct explainer *explainer,
                                    const struct measure_reference *reference,
                                    enum explain_depth depth, struct error *error)
{
    struct explanation *explanation = new_explanation(explainer);
    const struct plan *plan = explainer->plan;
    struct walk walk = {.explainer = explainer, .explanation = explanation};
    explanation->measure = measure_reference_name(explainer->arena, plan, reference->column);
    explanation->title = title_of(explainer, &plan->results[reference->column]);
    tell_answer(&walk, reference);
    bool *done = arena_array(explainer->arena, explainer->n_lines + 1, sizeof *done);
    const struct task task = {.walk = &walk, .depth = depth, .done = done};
    tell_measure(&task, reference->column);
    if (depth < EXPLAIN_EVIDENCE) {
        return explanation;
    }
    if (explainer->has_worker) {
        walk_people(&walk);
    }
    if (plan->bundle == NULL) {
        walk_evidence(&walk);
        if (depth == EXPLAIN_WHOLE && walk_draws(&walk, reference, error) != STATUS_OK) {
            return NULL;
        }
    }
    walk_conventions(&walk);
    return explanation;
}

/* ---- the scenario as a whole ---- */

/* Every measure, with whom it can be asked for. */
static void tell_measures(struct walk *walk)
{
    static const struct explain_column columns[] = {{"measure", "measure", EXPLAIN_WORDS, false},
                                                    {"what", "what", EXPLAIN_WORDS, false},
                                                    {"ask", "for example", EXPLAIN_WORDS, false}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    struct text whos;
    text_init(&whos);
    for (size_t who = 0; who < plan->n_whos; ++who) {
        text_printf(&whos, "%s%s", who > 0 ? ", " : "", plan->whos[who].id);
    }
    explain_add_section(walk->explanation, "measures", "What can be asked");
    explain_say(walk->explanation,
                "dividend explain %s takes a figure apart, with MEASURE.WHO[@YEAR] after the "
                "scenario. WHO is one of: %s.",
                explainer->asked, whos.bytes != NULL ? whos.bytes : "");
    text_clear(&whos);
    struct explain_table *table = explain_add_table(walk->explanation, "Measures", columns, 3);
    for (size_t measure = 0; measure < N_MEASURES; ++measure) {
        size_t last = SIZE_MAX;
        for (size_t i = 0; i < plan->n_own_results; ++i) {
            last = plan->results[i].measure == measure ? i : last;
        }
        if (last != SIZE_MAX) {
            struct explain_cell *row = explain_add_row(walk->explanation, table);
            row[0] = explain_words(measure_name((enum measure)measure));
            row[1] = explain_words(measure_label((enum measure)measure));
            row[2] = explain_words(measure_reference_name(explainer->arena, plan, last));
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static void tell_scenario(struct walk *walk)
{
    const struct explainer *explainer = walk->explainer;
    const struct scenario *scenario = explainer->plan->scenario;
    explain_add_section(walk->explanation, "scenario", scenario->title);
    explain_say(walk->explanation, "%s, model %s (%s).",
                place_words(explainer, &scenario->setting->place), scenario->model->id,
                place_words(explainer, &scenario->model->setting->place));
    if (explainer->plan->health == NULL) {
        explain_say(walk->explanation, "From %s, %zu funded year%s, horizon %zu years.",
                    year_words(explainer, 0), scenario->funded_years,
                    scenario->funded_years == 1 ? "" : "s", scenario->horizon_years);
    }
}

struct explanation *explain_scenario(struct explainer *explainer)
{
    struct explanation *explanation = new_explanation(explainer);
    struct walk walk = {.explainer = explainer, .explanation = explanation};
    explanation->title = explainer->plan->scenario->title;
    explanation->measure = "";
    tell_scenario(&walk);
    tell_measures(&walk);
    if (explainer->plan->health != NULL) {
        walk_health_formulas(&walk);
    } else if (explainer->has_worker) {
        walk_people(&walk);
        walk_overview_amounts(&walk);
        walk.n_uses = 0; /* all evidence, not that of the people alone */
    }
    walk_evidence(&walk);
    walk_conventions(&walk);
    return explanation;
}
