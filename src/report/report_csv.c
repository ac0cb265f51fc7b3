/* The result tables: long format, one fact a row, units in column names. */
#include "report/report_private.h"

#include <math.h>
#include <string.h>

static bool by_year(enum measure measure)
{
    return (measure >= MEASURE_NET_AT && measure <= MEASURE_NET_REAL_YEAR) ||
           measure == MEASURE_QALYS_YEAR || measure == MEASURE_VOLUME_YEAR ||
           measure == MEASURE_FLOW_YEAR;
}

static void csv_threshold(struct text *out, const struct plan *plan,
                          const struct plan_result_column *column)
{
    if (column->measure == MEASURE_NMB) {
        csv_number(out,
                   plan->scenario->conventions.appraisal->thresholds_gbp_per_qaly[column->item]);
    } else {
        csv_text(out, item_name(plan, column));
    }
}

/* A negative cost per QALY is never printed; its row in qalys.csv says which kind it is. */
static bool is_negative_icer(const struct plan_result_column *column, double headline)
{
    return column->measure == MEASURE_COST_PER_QALY && headline < 0.0;
}

static void write_summary_row(struct text *out, const struct scenario_result *result, size_t index)
{
    const struct plan *plan = result->plan;
    const struct plan_result_column *column = &plan->results[index];
    const struct column_statistics *statistics = &result->statistics[index];
    const struct plan_who *who = &plan->whos[column->who];
    struct column_statistics shown = *statistics;
    if (is_negative_icer(column, statistics->headline)) {
        shown.headline = shown.mean = shown.sd = shown.se = shown.q025 = shown.q50 = shown.q975 =
            NAN;
    }
    csv_text(out, plan->scenario->id);
    csv_text(out, who->id);
    csv_text(out, who_kind_name(who->kind));
    csv_text(out, measure_name(column->measure));
    csv_threshold(out, plan, column);
    csv_text(out, measure_unit(column->measure));
    csv_number(out, shown.headline);
    csv_statistics(out, &shown);
    csv_number(out, statistics->p_nonneg);
    csv_number(out, statistics->p_nonneg_se);
    csv_count(out, result->n_draws);
    csv_count(out, statistics->n_finite);
    csv_end(out);
}

void write_summary(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,who,who_kind,measure,item,unit,headline,mean,sd,mc_se,q025,q50,q975,"
                     "p_nonneg,p_nonneg_mc_se,n_draws,n_defined\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t j = 0; result->statistics != NULL && j < result->plan->n_own_results; ++j) {
            if (!by_year(result->plan->results[j].measure)) {
                write_summary_row(out, result, j);
            }
        }
    }
}

static void write_sector_row(struct text *out, const struct scenario_result *result, size_t who,
                             const char *kind, const struct column_statistics *statistics,
                             double p_net, double p_cash)
{
    const struct plan *plan = result->plan;
    csv_text(out, plan->scenario->id);
    csv_text(out, plan->whos[who].id);
    csv_text(out, who_kind_name(plan->whos[who].kind));
    csv_text(out, kind);
    csv_statistics(out, statistics);
    csv_number(out, p_net);
    csv_number(out, p_cash);
    csv_end(out);
}

static void write_sector_rows(struct text *out, const struct scenario_result *result, size_t who)
{
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        const struct column_statistics *statistics =
            result_find(result, (enum measure)(MEASURE_PV_COST_CASH + kind), who, 0, 0);
        if (statistics != NULL) {
            write_sector_row(out, result, who, flow_kind_name((enum flow_kind)kind), statistics,
                             NAN, NAN);
        }
    }
    const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
    write_sector_row(out, result, who, "net", net, net->p_nonneg, NAN);
    write_sector_row(out, result, who, "net_cash_nominal", cash, NAN, cash->p_nonneg);
}

void write_sectors(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,who,who_kind,kind,mean_gbp,sd_gbp,mc_se_gbp,q025_gbp,q50_gbp,"
                     "q975_gbp,p_net_nonneg,p_net_cash_nonneg\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t who = 0; result->statistics != NULL && who < result->plan->n_whos; ++who) {
            write_sector_rows(out, result, who);
        }
    }
}

double flow_of_year(const struct scenario_result *result, size_t who, size_t kind, size_t year,
                    bool *any)
{
    const struct plan *plan = result->plan;
    if (plan->whos[who].kind == WHO_SECTOR) {
        const struct column_statistics *flow =
            result_find(result, MEASURE_FLOW_YEAR, who, year, kind);
        *any = *any || flow != NULL;
        return flow != NULL ? flow->mean : 0.0;
    }
    double sum = 0.0;
    for (size_t i = 0; i < plan->whos[who].n_members; ++i) {
        sum += flow_of_year(result, plan->whos[who].members[i], kind, year, any);
    }
    return sum;
}

static void cashflow_start(struct text *out, const struct plan *plan, size_t who, size_t year)
{
    char financial_year[16];
    text_format_financial_year(financial_year, plan->scenario->start_year + (int)year);
    csv_text(out, plan->scenario->id);
    csv_text(out, plan->whos[who].id);
    csv_text(out, who_kind_name(plan->whos[who].kind));
    csv_count(out, year);
    csv_text(out, financial_year);
}

static void write_flow_row(struct text *out, const struct plan *plan, size_t who, size_t year,
                           size_t kind, double real)
{
    cashflow_start(out, plan, who, year);
    csv_text(out, flow_kind_name((enum flow_kind)kind));
    csv_number(out, real);
    csv_number(out, real * plan_discount(plan, (enum flow_kind)kind, year));
    csv_number(out, real * plan->nominal_factor[year]);
    text_append(out, ",,,\n");
}

static void write_cumulative_row(struct text *out, const struct scenario_result *result, size_t who,
                                 size_t year, const char *name, enum measure measure)
{
    const struct column_statistics *statistics = result_find(result, measure, who, year, 0);
    cashflow_start(out, result->plan, who, year);
    csv_text(out, name);
    csv_number(out, measure == MEASURE_NET_REAL_YEAR || measure == MEASURE_NET_UNDISCOUNTED_AT
                        ? statistics->mean
                        : (double)NAN);
    csv_number(out, measure == MEASURE_NET_AT ? statistics->mean : (double)NAN);
    csv_number(out, measure == MEASURE_NET_CASH_AT ? statistics->mean : (double)NAN);
    csv_number(out, statistics->q025);
    csv_number(out, statistics->q975);
    csv_number(out, statistics->se);
    csv_number(out, statistics->p_nonneg);
    csv_end(out);
}

static void write_cashflow_year(struct text *out, const struct scenario_result *result, size_t who,
                                size_t year)
{
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        bool any = false;
        double real = flow_of_year(result, who, kind, year, &any);
        if (any) {
            write_flow_row(out, result->plan, who, year, kind, real);
        }
    }
    write_cumulative_row(out, result, who, year, "net", MEASURE_NET_REAL_YEAR);
    write_cumulative_row(out, result, who, year, "net_cumulative_real",
                         MEASURE_NET_UNDISCOUNTED_AT);
    write_cumulative_row(out, result, who, year, "net_cumulative_discounted", MEASURE_NET_AT);
    write_cumulative_row(out, result, who, year, "net_cash_cumulative_nominal",
                         MEASURE_NET_CASH_AT);
}

void write_cashflow(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,who,who_kind,year_index,financial_year,kind,real_gbp,discounted_gbp,"
                     "nominal_gbp,q025_gbp,q975_gbp,mc_se_gbp,p_nonneg\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t who = 0; result->statistics != NULL && who < result->plan->n_whos; ++who) {
            for (size_t year = 0; year < result->plan->n_years; ++year) {
                write_cashflow_year(out, result, who, year);
            }
        }
    }
}

/* ---- qalys.csv ---- */

static void qaly_start(struct text *out, const struct plan *plan, const char *who,
                       const char *measure)
{
    csv_text(out, plan->scenario->id);
    csv_text(out, who);
    csv_text(out, measure);
}

static void write_qaly_totals(struct text *out, const struct scenario_result *result, size_t who)
{
    static const enum measure measures[] = {MEASURE_QALYS, MEASURE_QALYS_UNDISCOUNTED};

    for (size_t i = 0; i < 2; ++i) {
        const struct column_statistics *statistics = result_find(result, measures[i], who, 0, 0);
        if (statistics != NULL) {
            qaly_start(out, result->plan, result->plan->whos[who].id, measure_name(measures[i]));
            text_append(out, ",");
            text_append(out, ",");
            csv_statistics(out, statistics);
            text_append(out, ",\n");
        }
    }
}

static void write_qaly_decisions(struct text *out, const struct scenario_result *result, size_t who,
                                 struct arena *arena)
{
    const struct plan *plan = result->plan;
    const struct appraisal_pack *pack = plan->scenario->conventions.appraisal;
    const struct column_statistics *icer = result_find(result, MEASURE_COST_PER_QALY, who, 0, 0);
    if (icer == NULL) {
        return;
    }
    const struct column_statistics *fiscal = result_find(result, MEASURE_NET_FISCAL, who, 0, 0);
    const struct column_statistics *qalys =
        result_find(result, MEASURE_QALYS, plan->n_whos - 1, 0, 0);
    qaly_start(out, plan, plan->whos[who].id, "cost_per_qaly_gbp");
    text_append(out, ",,");
    csv_number(out, icer->headline >= 0.0 && qalys->mean > 0.0 ? icer->headline : (double)NAN);
    text_append(out, ",,,,,,");
    csv_text(out, cost_per_qaly_words(arena, fiscal->mean, qalys->mean));
    csv_end(out);
    for (size_t item = 0; item < pack->n_thresholds; ++item) {
        const struct column_statistics *nmb = result_find(result, MEASURE_NMB, who, 0, item);
        double threshold = pack->thresholds_gbp_per_qaly[item];
        qaly_start(out, plan, plan->whos[who].id, "net_monetary_benefit_gbp");
        text_append(out, ",");
        csv_number(out, threshold);
        csv_statistics(out, nmb);
        csv_number(out, nmb->p_nonneg);
        text_append(out, "\n");
        qaly_start(out, plan, plan->whos[who].id, "net_health_benefit_qalys");
        text_append(out, ",");
        csv_number(out, threshold);
        struct column_statistics nhb = {.mean = nmb->mean / threshold,
                                        .sd = nmb->sd / threshold,
                                        .se = nmb->se / threshold,
                                        .q025 = nmb->q025 / threshold,
                                        .q50 = nmb->q50 / threshold,
                                        .q975 = nmb->q975 / threshold};
        csv_statistics(out, &nhb);
        csv_number(out, nmb->p_nonneg);
        text_append(out, "\n");
    }
}

static void write_qaly_years(struct text *out, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    for (size_t year = 0; year < plan->n_years; ++year) {
        const struct column_statistics *gain =
            result_find(result, MEASURE_QALYS_YEAR, plan->n_whos - 1, year, 0);
        if (gain != NULL) {
            qaly_start(out, plan, "total", "qalys_of_year");
            csv_count(out, year);
            text_append(out, ",");
            csv_statistics(out, gain);
            text_append(out, ",\n");
        }
    }
}

void write_qalys(struct text *out, const struct report_run *run)
{
    struct arena arena;
    arena_init(&arena);
    text_append(out, "scenario,who,measure,year_index,threshold_gbp_per_qaly,mean,sd,mc_se,q025,"
                     "q50,q975,p_cost_effective,verdict\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        if (result->statistics == NULL || result->plan->n_qalys == 0) {
            continue;
        }
        for (size_t who = 0; who < result->plan->n_whos; ++who) {
            write_qaly_totals(out, result, who);
            write_qaly_decisions(out, result, who, &arena);
        }
        write_qaly_years(out, result);
    }
    arena_clear(&arena);
}

/* ---- inventory.csv ---- */

/* The impact inventory: every sector by every kind, blanks included, so that what is left out
 * shows. */
void write_inventory(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,sector,kind,counted\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct plan *plan = run->results[i].plan;
        const struct sectors *sectors = plan->library->sectors;
        for (size_t sector = 0; sector < sectors->n_sectors; ++sector) {
            size_t who = plan->who_of_sector[sector];
            for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
                bool counted =
                    who != SIZE_MAX && plan->flow_row[who * N_FLOW_KINDS + kind] != SIZE_MAX;
                csv_text(out, plan->scenario->id);
                csv_text(out, sectors->sectors[sector].id);
                csv_text(out, flow_kind_name((enum flow_kind)kind));
                csv_text(out, counted ? "yes" : "");
                csv_end(out);
            }
        }
        for (size_t demand = 0; demand < plan->n_demands; ++demand) {
            bool priced = plan->demands[demand].unit_cost != PROGRAM_NO_SLOT;
            csv_text(out, plan->scenario->id);
            csv_text(out, "");
            csv_text(out, plan->demands[demand].demand->id);
            csv_text(out, priced ? "yes" : "counted, not monetised");
            csv_end(out);
        }
        csv_text(out, plan->scenario->id);
        text_append(out, ",qalys,");
        csv_text(out, plan->n_qalys > 0 ? "yes" : "");
        csv_end(out);
    }
}
