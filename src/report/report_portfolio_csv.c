/* The tables under portfolio/: the choice, its programmes, deals and inequality, one fact a row. */
#include "report/report_private.h"

#include <math.h>
#include <string.h>

/* Runs through portfolios and sets that have a plan and a result. The names are declared here. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define EACH_SET(run, portfolio, set)                                                              \
    for (const struct portfolio_result *portfolio = (run)->portfolios;                             \
         portfolio < (run)->portfolios + (run)->n_portfolios; ++portfolio)                         \
        for (const struct portfolio_set *set = portfolio->sets;                                    \
             set < portfolio->sets + portfolio->n_sets; ++set)

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct scenario_result *result_of(const struct report_run *run,
                                               const struct portfolio_set *set)
{
    return set->result == SIZE_MAX || run->results[set->result].statistics == NULL
               ? NULL
               : &run->results[set->result];
}

static void csv_set(struct text *out, const struct portfolio_result *portfolio,
                    const struct portfolio_set *set)
{
    csv_text(out, portfolio->portfolio->id);
    csv_text(out, set->id);
}

static const char *yes(bool value)
{
    return value ? "yes" : "no";
}

/* ---- the choice ---- */

static void write_portfolio_sets(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,budgets,found,proved,objective,unit,value,upper_bound,"
                     "value_by_full_model,value_by_glpk,n_draws,value_of_pooling\n");
    EACH_SET(run, portfolio, set)
    {
        bool chosen = set->is_choice;
        bool silo = set->form == BUDGETS_SILO;
        csv_set(out, portfolio, set);
        csv_text(out, !chosen ? "none" : silo ? "silo" : "pooled");
        csv_text(out, yes(set->solution.found));
        csv_text(out, chosen ? yes(set->solution.exact) : "");
        csv_text(out, chosen ? portfolio->portfolio->objective : "");
        csv_text(out, chosen ? portfolio->objective_unit : "");
        csv_number(out, chosen ? set->solution.value : (double)NAN);
        csv_number(out, chosen ? set->solution.bound : (double)NAN);
        csv_number(out, set->full_model_value);
        csv_number(out, chosen && silo ? portfolio->glpk_value : (double)NAN);
        csv_count(out, portfolio->n_draws);
        csv_number(out, chosen && !silo ? portfolio->value_of_pooling : (double)NAN);
        csv_end(out);
    }
}

static double chosen_scale(const struct portfolio_programme *programme, uint8_t level)
{
    return level == CHOICE_OFF ? 0.0 : programme->scales[level - 1];
}

static void write_portfolio_programmes(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,programme,label,prevention,set,scale\n");
    EACH_SET(run, portfolio, set)
    {
        for (size_t i = 0; set->solution.found && i < portfolio->portfolio->n_programmes; ++i) {
            const struct portfolio_programme *programme = &portfolio->portfolio->programmes[i];
            csv_text(out, portfolio->portfolio->id);
            csv_text(out, programme->id);
            csv_text(out, programme->label);
            csv_text(out, programme->scenario->model->prevention);
            csv_text(out, set->id);
            csv_number(out, chosen_scale(programme, set->solution.level[i]));
            csv_end(out);
        }
    }
}

static void write_portfolio_attribution(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,programme,who,who_kind,measure,year_index,unit,mean,sd,mc_se,"
                     "q025,q50,q975,p_nonneg\n");
    EACH_SET(run, portfolio, set)
    {
        const struct scenario_result *result = result_of(run, set);
        const struct plan_bundle *bundle = result != NULL ? set->plan->bundle : NULL;
        for (size_t m = 0; result != NULL && m < bundle->n_members; ++m) {
            const struct plan_member *member = &bundle->members[m];
            for (size_t k = 0; k < member->plan->n_results; ++k) {
                size_t index = member->first_result + k;
                const struct plan_result_column *column = &set->plan->results[index];
                const struct plan_who *who = &member->plan->whos[column->who];
                csv_set(out, portfolio, set);
                csv_text(out, bundle->players[member->player].programme->id);
                csv_text(out, who->id);
                csv_text(out, who_kind_name(who->kind));
                csv_text(out, measure_name(column->measure));
                if (column->measure == MEASURE_NET_AT) {
                    csv_count(out, column->year);
                } else {
                    csv_text(out, "");
                }
                csv_text(out, measure_unit(column->measure));
                csv_statistics(out, &result->statistics[index]);
                csv_number(out, result->statistics[index].p_nonneg);
                csv_end(out);
            }
        }
    }
}

static void write_portfolio_shadow_prices(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,budgets,budget,increment_gbp_a_year,objective,gain_per_gbp\n");
    for (size_t p = 0; p < run->n_portfolios; ++p) {
        const struct portfolio_result *portfolio = &run->portfolios[p];
        for (size_t form = 0; form < N_BUDGET_FORMS; ++form) {
            for (size_t i = 0; i < portfolio->n_shadows[form]; ++i) {
                csv_text(out, portfolio->portfolio->id);
                csv_text(out, form == BUDGETS_SILO ? "silo" : "pooled");
                csv_text(out, portfolio->shadows[form][i].id);
                csv_number(out, portfolio->portfolio->increment_gbp);
                csv_text(out, portfolio->portfolio->objective);
                csv_number(out, portfolio->shadows[form][i].gain_per_gbp);
                csv_end(out);
            }
        }
    }
}

/* The set in which a robust choice has a programme. */
static double robust_scale(const struct portfolio_result *portfolio,
                           const struct choice_solution *solution, size_t i)
{
    return portfolio->has_robust && solution->found
               ? chosen_scale(&portfolio->portfolio->programmes[i], solution->level[i])
               : (double)NAN;
}

static void write_portfolio_inclusion(struct text *out, const struct report_run *run)
{
    text_append(out,
                "portfolio,programme,scale,p_chosen,n_draws,n_draws_unproved,scale_in_best_q05,"
                "scale_in_least_regret\n");
    for (size_t p = 0; p < run->n_portfolios; ++p) {
        const struct portfolio_result *portfolio = &run->portfolios[p];
        for (size_t i = 0; portfolio->inclusion != NULL && i < portfolio->portfolio->n_programmes;
             ++i) {
            const struct portfolio_programme *programme = &portfolio->portfolio->programmes[i];
            for (size_t level = 0; level < programme->n_scales; ++level) {
                csv_text(out, portfolio->portfolio->id);
                csv_text(out, programme->id);
                csv_number(out, programme->scales[level]);
                csv_number(out, portfolio->inclusion[portfolio->first_level[i] + level]);
                csv_count(out, portfolio->over_draws.n_draws);
                csv_count(out, portfolio->over_draws.n_inexact);
                csv_number(out, robust_scale(portfolio, &portfolio->best_q05, i));
                csv_number(out, robust_scale(portfolio, &portfolio->least_regret, i));
                csv_end(out);
            }
        }
    }
}

static void write_portfolio_funding(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,budgets_times,found,proved,objective,value,programme,scale\n");
    for (size_t p = 0; p < run->n_portfolios; ++p) {
        const struct portfolio_result *portfolio = &run->portfolios[p];
        for (size_t k = 0; k < portfolio->n_funding; ++k) {
            const struct portfolio_funding *step = &portfolio->funding[k];
            for (size_t i = 0; step->solution.found && i < portfolio->portfolio->n_programmes;
                 ++i) {
                csv_text(out, portfolio->portfolio->id);
                csv_number(out, step->scale);
                csv_text(out, yes(step->solution.found));
                csv_text(out, yes(step->solution.exact));
                csv_text(out, portfolio->portfolio->objective);
                csv_number(out, step->solution.value);
                csv_text(out, portfolio->portfolio->programmes[i].id);
                csv_number(out, chosen_scale(&portfolio->portfolio->programmes[i],
                                             step->solution.level[i]));
                csv_end(out);
            }
        }
    }
}

static void write_points(struct text *out, const struct portfolio_result *portfolio,
                         const char *frontier, const char *other,
                         const struct portfolio_point *points, size_t n_points)
{
    for (size_t k = 0; k < n_points; ++k) {
        for (size_t i = 0; i < portfolio->portfolio->n_programmes; ++i) {
            csv_text(out, portfolio->portfolio->id);
            csv_text(out, frontier);
            csv_count(out, k + 1);
            csv_text(out, portfolio->portfolio->objective);
            csv_number(out, points[k].x);
            csv_text(out, other);
            csv_number(out, points[k].y);
            csv_text(out, portfolio->portfolio->programmes[i].id);
            csv_number(out, chosen_scale(&portfolio->portfolio->programmes[i],
                                         points[k].solution.level[i]));
            csv_end(out);
        }
    }
}

static void write_portfolio_frontiers(struct text *out, const struct report_run *run)
{
    text_append(out,
                "portfolio,frontier,point,objective,value,against,other_value,programme,scale\n");
    for (size_t p = 0; p < run->n_portfolios; ++p) {
        const struct portfolio_result *portfolio = &run->portfolios[p];
        write_points(out, portfolio, "risk", "prob(objective >= 0)", portfolio->risk,
                     portfolio->n_risk);
        write_points(out, portfolio, "equality", "gap_closed", portfolio->equality,
                     portfolio->n_equality);
    }
}

static void write_portfolio_cliffs(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,funded_years,who,who_kind,measure,year_index,unit,mean,q025,q975,"
                     "p_nonneg\n");
    for (size_t p = 0; p < run->n_portfolios; ++p) {
        const struct portfolio_result *portfolio = &run->portfolios[p];
        for (size_t k = 0; k < portfolio->n_cliffs; ++k) {
            const struct portfolio_cliff *cliff = &portfolio->cliffs[k];
            const struct scenario_result *result = &run->results[cliff->result];
            for (size_t j = 0; result->statistics != NULL && j < cliff->plan->n_own_results; ++j) {
                const struct plan_result_column *column = &cliff->plan->results[j];
                const struct plan_who *who = &cliff->plan->whos[column->who];
                bool wanted =
                    column->measure == MEASURE_NET || column->measure == MEASURE_NET_CASH ||
                    column->measure == MEASURE_PV_COST || column->measure == MEASURE_QALYS ||
                    column->measure == MEASURE_NET_REAL_YEAR;
                if (!wanted) {
                    continue;
                }
                csv_text(out, portfolio->portfolio->id);
                if (cliff->funded_years > 0) {
                    csv_count(out, cliff->funded_years);
                } else {
                    csv_text(out, "recurrent");
                }
                csv_text(out, who->id);
                csv_text(out, who_kind_name(who->kind));
                csv_text(out, measure_name(column->measure));
                if (column->measure == MEASURE_NET_REAL_YEAR) {
                    csv_count(out, column->year);
                } else {
                    csv_text(out, "");
                }
                csv_text(out, measure_unit(column->measure));
                csv_number(out, result->statistics[j].mean);
                csv_number(out, result->statistics[j].q025);
                csv_number(out, result->statistics[j].q975);
                csv_number(out, result->statistics[j].p_nonneg);
                csv_end(out);
            }
        }
    }
}

/* ---- deals ---- */

static void write_deal_rows(struct text *out, const struct portfolio_result *portfolio,
                            const struct portfolio_set *set, size_t basis, const char *rule,
                            const double *final, const double *transfers,
                            const struct deal_record *record)
{
    const struct portfolio_sharing *sharing = &set->deal.bases[basis];
    for (size_t i = 0; i < set->deal.n_partners; ++i) {
        csv_set(out, portfolio, set);
        csv_text(out, deal_basis_name((enum deal_basis)basis));
        csv_text(out, rule);
        csv_text(out, set->plan->whos[set->deal.whos[i]].id);
        csv_number(out, sharing->investment[i]);
        csv_number(out, sharing->gross_saving[i]);
        csv_number(out, sharing->net[i]);
        csv_number(out, transfers != NULL ? transfers[i] : 0.0);
        csv_number(out, final != NULL ? final[i]
                                      : sharing->net[i] + (transfers != NULL ? transfers[i] : 0.0));
        csv_number(out, record != NULL ? record->p_whole[i] : (double)NAN);
        csv_number(out, record != NULL ? record->p_all_whole : (double)NAN);
        csv_text(out, deal_verdict_name(sharing->verdict));
        csv_number(out, deal_payable_in_cash(
                            transfers != NULL && fabs(transfers[i]) >= 0.005 ? transfers[i] : 0.0,
                            set->deal.bases[DEAL_CASH].net[i],
                            set->plan->whos[set->deal.whos[i]].holds_budget));
        csv_end(out);
    }
}

static void write_portfolio_deals(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,basis,rule,partner,investment_gbp,gross_saving_gbp,"
                     "net_before_gbp,transfer_gbp,final_gbp,p_partner_whole,p_all_whole,verdict,"
                     "payable_in_cash_gbp\n");
    EACH_SET(run, portfolio, set)
    {
        for (size_t basis = 0;
             result_of(run, set) != NULL && set->deal.n_partners > 0 && basis < N_DEAL_BASES;
             ++basis) {
            const struct portfolio_sharing *sharing = &set->deal.bases[basis];
            struct deal_record before = {.p_all_whole = sharing->risk_record.p_all_whole_before};
            for (size_t i = 0; i < set->deal.n_partners; ++i) {
                before.p_whole[i] = NAN;
            }
            write_deal_rows(out, portfolio, set, basis, "none", NULL, NULL, &before);
            write_deal_rows(out, portfolio, set, basis, "smallest", NULL, sharing->smallest, NULL);
            for (size_t rule = 0; rule < N_DEAL_RULES; ++rule) {
                const struct portfolio_rule_result *result = &sharing->rules[rule];
                if (result->applies) {
                    write_deal_rows(out, portfolio, set, basis,
                                    deal_rule_name((enum deal_rule)rule), result->final,
                                    result->transfers, &result->record);
                }
            }
            char name[64] = "risk_shared_";
            strncat(name, deal_rule_name(sharing->risk_rule), sizeof name - strlen(name) - 1);
            write_deal_rows(out, portfolio, set, basis, name, NULL, sharing->risk_mean_transfers,
                            &sharing->risk_record);
        }
    }
}

static void write_portfolio_payments(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,basis,rule,partner,year_index,financial_year,payment_real_gbp,"
                     "payment_nominal_gbp\n");
    EACH_SET(run, portfolio, set)
    {
        for (size_t basis = 0; result_of(run, set) != NULL && basis < N_DEAL_BASES; ++basis) {
            for (size_t rule = 0; set->deal.n_partners > 0 && rule < N_DEAL_RULES; ++rule) {
                const struct portfolio_rule_result *result = &set->deal.bases[basis].rules[rule];
                for (size_t i = 0; result->applies && i < set->deal.n_partners; ++i) {
                    for (size_t year = 0; year < set->plan->n_years; ++year) {
                        char words[16];
                        double real = result->schedule[i * set->plan->n_years + year];
                        text_format_financial_year(words,
                                                   set->plan->scenario->start_year + (int)year);
                        csv_set(out, portfolio, set);
                        csv_text(out, deal_basis_name((enum deal_basis)basis));
                        csv_text(out, deal_rule_name((enum deal_rule)rule));
                        csv_text(out, set->plan->whos[set->deal.whos[i]].id);
                        csv_count(out, year);
                        csv_text(out, words);
                        csv_number(out, real);
                        csv_number(out, real * set->plan->nominal_factor[year]);
                        csv_end(out);
                    }
                }
            }
        }
    }
}

/* ---- inequality ---- */

static void csv_interval(struct text *out, const struct interval *interval)
{
    csv_number(out, interval->mean);
    csv_number(out, interval->low);
    csv_number(out, interval->high);
}

static void write_portfolio_quintiles(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,quintile,people,burden_share,green_book_weight,"
                     "participants,participants_q025,participants_q975,qalys,qalys_q025,"
                     "qalys_q975,value_gbp,value_gbp_q025,value_gbp_q975,net_health_benefit,"
                     "net_health_benefit_q025,net_health_benefit_q975\n");
    EACH_SET(run, portfolio, set)
    {
        for (size_t q = 0; set->equality.judged && q < N_QUINTILES; ++q) {
            const struct portfolio_quintile *quintile = &set->equality.quintiles[q];
            csv_set(out, portfolio, set);
            csv_count(out, q + 1);
            csv_number(out, quintile->people);
            csv_number(out, quintile->burden);
            csv_number(out, quintile->weight);
            csv_interval(out, &quintile->participants);
            csv_interval(out, &quintile->qalys);
            csv_interval(out, &quintile->value);
            csv_interval(out, &quintile->net_health_benefit);
            csv_end(out);
        }
    }
}

static void inequality_row(struct text *out, const struct portfolio_result *portfolio,
                           const struct portfolio_set *set, const char *measure, const char *unit,
                           struct interval interval)
{
    csv_set(out, portfolio, set);
    csv_text(out, measure);
    csv_text(out, unit);
    csv_interval(out, &interval);
    csv_end(out);
}

static struct interval single(double value)
{
    return (struct interval){value, (double)NAN, (double)NAN};
}

static void write_portfolio_inequality(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,measure,unit,value,q025,q975\n");
    EACH_SET(run, portfolio, set)
    {
        const struct portfolio_equality *equality = &set->equality;
        if (!equality->judged) {
            continue;
        }

        const struct {
            const char *measure, *unit;
            struct interval value;
        } rows[] = {{"net_health_benefit", "QALY", equality->total_benefit},
                    {"gap_closed", "QALY a person", equality->gap_closed},
                    {"p_gap_narrows", "share", single(equality->p_gap_narrows)},
                    {"p_q1_gains", "share", single(equality->p_q1_gains)},
                    {"p_gains_and_gap_narrows", "share", single(equality->p_both)},
                    {"slope_index_before", "years", single(equality->slope_before)},
                    {"slope_index_after", "years", single(equality->slope_after)},
                    {"relative_index_before", "ratio", single(equality->relative_before)},
                    {"relative_index_after", "ratio", single(equality->relative_after)},
                    {"atkinson_ede_gain", "years a person", equality->atkinson_gain},
                    {"kolm_ede_gain", "years a person", equality->kolm_gain},
                    {"equality_gain", "QALY", equality->equality_gain},
                    {"value_of_qalys_unweighted", "GBP", single(equality->unweighted_value)},
                    {"value_of_qalys_weighted", "GBP", single(equality->weighted_value)},
                    {"uptake_factor_q1_for_even_gap", "ratio", single(equality->uptake_factor)}};

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
            inequality_row(out, portfolio, set, rows[i].measure, rows[i].unit, rows[i].value);
        }
    }
}

static void write_portfolio_budgets(struct text *out, const struct report_run *run)
{
    text_append(out, "portfolio,set,budget,year_index,financial_year,budget_nominal_gbp,"
                     "mean_use_nominal_gbp,p_overspent\n");
    EACH_SET(run, portfolio, set)
    {
        for (size_t i = 0; i < set->n_uses; ++i) {
            const struct portfolio_use *use = &set->uses[i];
            char words[16];
            text_format_financial_year(words, set->plan->scenario->start_year + (int)use->year);
            csv_set(out, portfolio, set);
            csv_text(out, use->id);
            csv_count(out, use->year);
            csv_text(out, words);
            csv_number(out, use->budget_gbp);
            csv_number(out, use->mean_gbp);
            csv_number(out, use->p_over);
            csv_end(out);
        }
    }
}

static const struct portfolio_table tables[] = {
    {"portfolio/sets.csv", write_portfolio_sets},
    {"portfolio/programmes.csv", write_portfolio_programmes},
    {"portfolio/budgets.csv", write_portfolio_budgets},
    {"portfolio/attribution.csv", write_portfolio_attribution},
    {"portfolio/shadow_prices.csv", write_portfolio_shadow_prices},
    {"portfolio/inclusion.csv", write_portfolio_inclusion},
    {"portfolio/funding_order.csv", write_portfolio_funding},
    {"portfolio/frontiers.csv", write_portfolio_frontiers},
    {"portfolio/funding_length.csv", write_portfolio_cliffs},
    {"portfolio/deals.csv", write_portfolio_deals},
    {"portfolio/payments.csv", write_portfolio_payments},
    {"portfolio/quintiles.csv", write_portfolio_quintiles},
    {"portfolio/inequality.csv", write_portfolio_inequality},
};

const struct portfolio_table *portfolio_tables(size_t *n_tables)
{
    *n_tables = sizeof tables / sizeof tables[0];
    return tables;
}
