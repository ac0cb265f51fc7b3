/* Decisions: the tables under uncertainty/. Amounts of health models are those of a person times
 * the people of the decision. Words are in report_decide.c. */
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct decision *made_at(const struct report_run *run, size_t i)
{
    return run->decisions[i].made && run->decisions[i].decision.n_rows > 0
               ? &run->decisions[i].decision
               : NULL;
}

static void csv_row_start(struct text *out, const struct decision *decision, size_t row,
                          double threshold)
{
    const struct plan_who *who = &decision->plan->whos[decision->rows[row].who];
    csv_text(out, decision->plan->scenario->id);
    csv_text(out, who->id);
    csv_text(out, who_kind_name(who->kind));
    csv_text(out, decision->rows[row].by_effect ? "net_monetary_benefit" : "money");
    csv_number(out, decision->rows[row].by_effect ? threshold : (double)NAN);
}

#define ROW_COLUMNS "scenario,who,who_kind,criterion,threshold_gbp_per_qaly,"

static void csv_estimate(struct text *out, struct estimate estimate, double scale)
{
    csv_number(out, scale * estimate.value);
    csv_number(out, scale * estimate.se);
}

static void write_evpi(struct text *out, const struct report_run *run)
{
    text_append(out, ROW_COLUMNS "best_option,p_best,lead_gbp,lead_mc_se_gbp,flip_probability,"
                                 "evpi_gbp,evpi_mc_se_gbp,people\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        for (size_t k = 0; decision != NULL && k < decision->n_points; ++k) {
            const struct decision_point *point = &decision->points[k];
            csv_row_start(out, decision, point->row, point->threshold);
            csv_text(out, decision->options[point->result.best]);
            csv_number(out, point->result.p_best[point->result.best]);
            csv_estimate(out, point->result.lead, decision->scale);
            csv_number(out, point->flip_probability);
            csv_estimate(out, point->result.evpi, decision->scale);
            csv_number(out, decision->plan->health != NULL ? decision->scale : (double)NAN);
            csv_end(out);
        }
    }
}

static void write_acceptability(struct text *out, const struct report_run *run)
{
    text_append(out, ROW_COLUMNS "option,net_benefit_gbp,p_best,on_frontier,expected_loss_gbp\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        for (size_t k = 0; decision != NULL && k < decision->n_points * decision->n_options; ++k) {
            const struct decision_point *point = &decision->points[k / decision->n_options];
            size_t option = k % decision->n_options;
            csv_row_start(out, decision, point->row, point->threshold);
            csv_text(out, decision->options[option]);
            csv_number(out, decision->scale * point->result.mean[option]);
            csv_number(out, point->result.p_best[option]);
            csv_text(out, option == point->result.best ? "yes" : "");
            csv_number(out, decision->scale * point->result.expected_loss[option]);
            csv_end(out);
        }
    }
}

/* The 95 % ellipse of two normals: sqrt(chi-squared with 2 degrees at .95) = 2.4477 standard
 * deviations to each side, tilted by the correlation. */
static const double ellipse_radius = 2.447746830680816;

static void write_plane(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,who,option,cost_difference_gbp,cost_mc_se_gbp,cost_sd_gbp,"
                     "effect_difference,effect_mc_se,effect_sd,correlation,ellipse_cost_radius_gbp,"
                     "ellipse_effect_radius,p_dearer_better,p_cheaper_better,p_cheaper_worse,"
                     "p_dearer_worse\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        for (size_t k = 0; decision != NULL && k < decision->n_planes; ++k) {
            const struct decision_plane *plane = &decision->planes[k];
            csv_text(out, decision->plan->scenario->id);
            csv_text(out, decision->plan->whos[decision->rows[plane->row].who].id);
            csv_text(out, decision->options[plane->option]);
            csv_estimate(out, plane->cost, 1.0);
            csv_number(out, plane->cost_sd);
            csv_estimate(out, plane->effect, 1.0);
            csv_number(out, plane->effect_sd);
            csv_number(out, plane->correlation);
            csv_number(out, ellipse_radius * plane->cost_sd);
            csv_number(out, ellipse_radius * plane->effect_sd);
            for (size_t q = 0; q < 4; ++q) {
                csv_number(out, plane->quadrants[q]);
            }
            csv_end(out);
        }
    }
}

static double evpi_of(const struct decision *decision, size_t row, double threshold)
{
    for (size_t i = 0; i < decision->n_points; ++i) {
        if (decision->points[i].row == row && decision->points[i].threshold == threshold) {
            return decision->points[i].result.evpi.value;
        }
    }
    return (double)NAN;
}

/* Ranks of what stands above its own noise, among the same kind, row and threshold; 0: below noise.
 */
static size_t rank_of(const struct decision *decision,
                      const struct decision_information *information)
{
    double factor = standard_error_factor(estimate_degrees(&decision->design, decision->n_draws));
    size_t rank = 1;
    if (information->value.value <= factor * information->value.se) {
        return 0;
    }
    for (size_t i = 0; i < decision->n_information; ++i) {
        const struct decision_information *other = &decision->information[i];
        rank += other->kind == information->kind && other->row == information->row &&
                        other->threshold == information->threshold &&
                        other->value.value > information->value.value
                    ? 1
                    : 0;
    }
    return rank;
}

static void write_evppi(struct text *out, const struct report_run *run)
{
    text_append(out, ROW_COLUMNS "kind,name,method,variance_explained,evppi_gbp,evppi_mc_se_gbp,"
                                 "share_of_evpi,rank,nested_evppi_gbp,nested_mc_se_gbp\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        for (size_t k = 0; decision != NULL && k < decision->n_information; ++k) {
            const struct decision_information *information = &decision->information[k];
            if (information->kind == INFORMATION_STUDY) {
                continue;
            }
            double evpi = evpi_of(decision, information->row, information->threshold);
            size_t rank = rank_of(decision, information);
            csv_row_start(out, decision, information->row, information->threshold);
            csv_text(out, information->kind == INFORMATION_GROUP ? "group" : "parameter");
            csv_text(out, information->name);
            csv_text(out, information->method);
            csv_number(out, information->explained);
            csv_estimate(out, information->value, decision->scale);
            csv_number(out, evpi > 0.0 ? information->value.value / evpi : (double)NAN);
            csv_number(out, rank > 0 ? (double)rank : (double)NAN);
            csv_estimate(out, information->nested, decision->scale);
            csv_end(out);
        }
    }
}

static void write_studies(struct text *out, const struct report_run *run)
{
    text_append(out, ROW_COLUMNS "study,parameter,n,evsi_gbp,evsi_mc_se_gbp,study_cost_gbp,"
                                 "net_benefit_of_study_gbp\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        for (size_t k = 0; decision != NULL && k < decision->n_information; ++k) {
            const struct decision_information *information = &decision->information[k];
            if (information->kind != INFORMATION_STUDY) {
                continue;
            }
            csv_row_start(out, decision, information->row, information->threshold);
            csv_text(out, information->name);
            csv_text(out, information->parameter != NULL ? information->parameter->identity : "");
            csv_number(out, information->study_n);
            csv_estimate(out, information->value, decision->scale);
            csv_number(out, information->study_cost_gbp);
            csv_number(out,
                       decision->scale * information->value.value - information->study_cost_gbp);
            csv_end(out);
        }
    }
}

static void write_payback(struct text *out, const struct report_run *run)
{
    text_append(out,
                "scenario,who,who_kind,year_index,financial_year,p_paid_back,p_paid_back_mc_se,"
                "p_cash_paid_back,p_cash_paid_back_mc_se\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        const struct plan *plan = result->plan;
        if (result->statistics == NULL || plan->health != NULL) {
            continue;
        }
        for (size_t k = 0; k < plan->n_whos * plan->n_years; ++k) {
            size_t who = k / plan->n_years, year = k % plan->n_years;
            const struct column_statistics *net = result_find(result, MEASURE_NET_AT, who, year, 0);
            const struct column_statistics *cash =
                result_find(result, MEASURE_NET_CASH_AT, who, year, 0);
            char name[16];
            text_format_financial_year(name, plan->scenario->start_year + (int)year);
            csv_text(out, plan->scenario->id);
            csv_text(out, plan->whos[who].id);
            csv_text(out, who_kind_name(plan->whos[who].kind));
            csv_count(out, year);
            csv_text(out, name);
            csv_number(out, net->p_nonneg);
            csv_number(out, net->p_nonneg_se);
            csv_number(out, cash->p_nonneg);
            csv_number(out, cash->p_nonneg_se);
            csv_end(out);
        }
    }
}

static const char *column_unit(const struct plan_column *column)
{
    return column->parameter != NULL ? column->parameter->unit : column->input->unit;
}

/* Money is shown in the prices that its source reports. */
static const char *column_prices(char buffer[16], const struct plan_column *column)
{
    buffer[0] = '\0';
    if (column->parameter != NULL && column->parameter->price_year != 0) {
        text_format_financial_year(buffer, column->parameter->price_year);
    }
    return buffer;
}

const char *column_unit_words(char buffer[96], const struct plan_column *column)
{
    char year[16];
    bool priced = column_prices(year, column)[0] != '\0';
    (void)snprintf(buffer, 96, "%.60s%s%s%s", column_unit(column), priced ? ", " : "", year,
                   priced ? " prices" : "");
    return buffer;
}

static void write_tornado(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,measure,measure_at_means,parameter,unit,central,low,high,range,"
                     "measure_at_low,measure_at_high,swing,price_year\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity = &run->decisions[i].sensitivity;
        for (size_t k = 0; made_at(run, i) != NULL && k < sensitivity->n_bars; ++k) {
            const struct tornado_bar *bar = &sensitivity->bars[k];
            csv_text(out, sensitivity->plan->scenario->id);
            csv_text(out, sensitivity->measure);
            csv_number(out, sensitivity->central);
            csv_text(out, bar->column->identity);
            csv_text(out, column_unit(bar->column));
            csv_number(out, bar->column->distribution.mean);
            csv_number(out, bar->low);
            csv_number(out, bar->high);
            csv_text(out, bar->stated ? "stated as plausible" : "2.5 % to 97.5 %");
            csv_number(out, bar->at_low);
            csv_number(out, bar->at_high);
            csv_number(out, fabs(bar->at_high - bar->at_low));
            csv_text(out, column_prices((char[16]){0}, bar->column));
            csv_end(out);
        }
    }
}

static const char *plausible_words(const struct switching_value *switching)
{
    return !isfinite(switching->value) ? "never crosses zero"
           : !switching->has_range     ? "no range stated"
           : switching->plausible      ? "within the plausible range"
                                       : "outside the plausible range";
}

static void write_switching(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,measure,parameter,unit,central,switching_value,relative_change,"
                     "distance,plausible,searched_low,searched_high,price_year\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity = &run->decisions[i].sensitivity;
        for (size_t k = 0; made_at(run, i) != NULL && k < sensitivity->n_switching; ++k) {
            const struct switching_value *switching = &sensitivity->switching[k];
            csv_text(out, sensitivity->plan->scenario->id);
            csv_text(out, switching->measure);
            csv_text(out, switching->column->identity);
            csv_text(out, column_unit(switching->column));
            csv_number(out, switching->central);
            csv_number(out, switching->value);
            csv_number(out, switching->central != 0.0
                                ? (switching->value - switching->central) / fabs(switching->central)
                                : (double)NAN);
            csv_number(out, switching->distance);
            csv_text(out, plausible_words(switching));
            csv_number(out, switching->searched_low);
            csv_number(out, switching->searched_high);
            csv_text(out, column_prices((char[16]){0}, switching->column));
            csv_end(out);
        }
    }
}

static void write_two_way(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,measure,x,x_value,y,y_value,measure_at_means_of_others\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity = &run->decisions[i].sensitivity;
        for (size_t g = 0; made_at(run, i) != NULL && g < sensitivity->n_grids; ++g) {
            const struct grid_result *result = &sensitivity->grids[g];
            for (size_t k = 0; k < result->grid->n_x * result->grid->n_y; ++k) {
                csv_text(out, sensitivity->plan->scenario->id);
                csv_text(out, result->measure);
                csv_text(out, result->grid->x.identity);
                csv_number(out, result->grid->x_values[k / result->grid->n_y]);
                csv_text(out, result->grid->y.identity);
                csv_number(out, result->grid->y_values[k % result->grid->n_y]);
                csv_number(out, result->values[k]);
                csv_end(out);
            }
        }
    }
}

static void write_what_if(struct text *out, const struct report_run *run)
{
    text_append(out,
                "scenario,measure,what_if,measure_at_means,mean,mc_se,p_nonneg,same_decision\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity = &run->decisions[i].sensitivity;
        for (size_t k = 0; made_at(run, i) != NULL && k < sensitivity->n_what_ifs; ++k) {
            const struct what_if_result *result = &sensitivity->what_ifs[k];
            csv_text(out, sensitivity->plan->scenario->id);
            csv_text(out, sensitivity->measure);
            csv_text(out, result->name);
            csv_number(out, result->central);
            csv_estimate(out, result->mean, 1.0);
            csv_number(out, result->p_nonneg);
            csv_text(out, result->same_best ? "yes" : "no");
            csv_end(out);
        }
    }
}

static void write_indices(struct text *out, const struct report_run *run)
{
    text_append(out,
                "scenario,measure,parameter,first_order,first_order_low,first_order_high,total,"
                "total_low,total_high,rank\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity = &run->decisions[i].sensitivity;
        for (size_t k = 0; made_at(run, i) != NULL && k < sensitivity->n_indices; ++k) {
            const struct sobol_index *index = &sensitivity->indices[k];
            double factor = standard_error_factor(sensitivity->index_degrees);
            csv_text(out, sensitivity->plan->scenario->id);
            csv_text(out, sensitivity->measure);
            csv_text(out, index->name);
            csv_number(out, index->first.value);
            csv_number(out, index->first.value - factor * index->first.se);
            csv_number(out, index->first.value + factor * index->first.se);
            csv_number(out, index->total.value);
            csv_number(out, index->total.value - factor * index->total.se);
            csv_number(out, index->total.value + factor * index->total.se);
            csv_number(out, index->below_noise ? (double)NAN : (double)(k + 1));
            csv_end(out);
        }
    }
}

static void write_variants(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,measure,evidence_rule,mean_gbp,mc_se_gbp,sd_gbp,p_nonneg\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        for (size_t k = 0; made_at(run, i) != NULL && k < run->decisions[i].n_variants; ++k) {
            const struct evidence_variant *variant = &run->decisions[i].variants[k];
            csv_text(out, run->results[i].plan->scenario->id);
            csv_text(out, run->decisions[i].sensitivity.measure);
            csv_text(out, variant->name);
            csv_estimate(out, variant->mean, 1.0);
            csv_number(out, variant->sd);
            csv_number(out, variant->p_nonneg);
            csv_end(out);
        }
    }
}

static void write_stale(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,parameter,review_by,grade\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct plan *plan = run->results[i].plan;
        for (size_t k = 0; k < plan->n_uses; ++k) {
            const struct parameter *parameter = plan->uses[k].parameter;
            if (evidence_is_stale(plan, parameter)) {
                csv_text(out, plan->scenario->id);
                csv_text(out, parameter->identity);
                csv_text(out, parameter->review_by);
                csv_count(out, (uint64_t)parameter->grade);
                csv_end(out);
            }
        }
    }
}

/* The lead of the headline's best option over the reference, with more and more draws. */
static void write_convergence(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,who,criterion,option,n_draws,net_benefit_gbp,mc_se_gbp\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        if (decision == NULL) {
            continue;
        }
        const struct decision_row *row = decision_headline(decision);
        double *benefit = memory_columns(decision->n_draws);
        for (size_t k = 0; k < row->choice.n_others; ++k) {
            for (size_t d = 0; d < decision->n_draws; ++d) {
                double effect = row->by_effect ? row->choice.effects[k][d] : 0.0;
                benefit[d] = decision->headline_threshold * effect - row->choice.costs[k][d];
            }
            for (size_t n = 512; n <= decision->n_draws; n *= 2) {
                csv_text(out, decision->plan->scenario->id);
                csv_text(out, decision->plan->whos[row->who].id);
                csv_text(out, row->by_effect ? "net_monetary_benefit" : "money");
                csv_text(out, decision->options[k + 1]);
                csv_count(out, n);
                csv_estimate(out, estimate_mean(&decision->design, n, benefit), decision->scale);
                csv_end(out);
            }
        }
        free(benefit);
    }
}

/* ---- over all scenarios: which evidence, whose decision ---- */

struct evidence_sum {
    const char *identity, *who, *label;
    bool is_total;
    double value, se;
    size_t n_scenarios;
};

static int compare_sums(const void *left, const void *right)
{
    const struct evidence_sum *a = left, *b = right;
    int by_value = a->value > b->value ? -1 : a->value < b->value ? 1 : 0;
    int by_identity = strcmp(a->identity, b->identity);
    return by_value != 0 ? by_value : by_identity != 0 ? by_identity : strcmp(a->who, b->who);
}

static void add_sum(struct evidence_sum *sums, size_t *n_sums, const struct decision *decision,
                    const struct decision_information *information)
{
    const struct plan_who *who = &decision->plan->whos[decision->rows[information->row].who];
    size_t at = 0;
    while (at < *n_sums && (strcmp(sums[at].identity, information->name) != 0 ||
                            strcmp(sums[at].who, who->id) != 0)) {
        ++at;
    }
    if (at == *n_sums) {
        sums[(*n_sums)++] = (struct evidence_sum){.identity = information->name,
                                                  .who = who->id,
                                                  .label = who->label,
                                                  .is_total = who->kind != WHO_SECTOR};
    }
    sums[at].value += decision->scale * information->value.value;
    sums[at].se += decision->scale * information->value.se;
    sums[at].n_scenarios += 1;
}

/* Programmes decide by money; health models by the first threshold, or money where a sector has no
 * effects. Each scenario is a choice of its own, so that values add; shared draws make standard
 * errors add at worst. */
static struct evidence_sum *sum_evidence(const struct report_run *run, size_t *n_sums)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        n += run->decisions[i].made ? run->decisions[i].decision.n_information : 0;
    }
    struct evidence_sum *sums = memory_array(n + 1, sizeof *sums);
    *n_sums = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        for (size_t k = 0; decision != NULL && k < decision->n_information; ++k) {
            const struct decision_information *information = &decision->information[k];
            const struct decision_row *row = &decision->rows[information->row];
            bool counts = decision->plan->health != NULL || !row->by_effect;
            if (counts && information->kind == INFORMATION_PARAMETER &&
                information->threshold == row->thresholds[0]) {
                add_sum(sums, n_sums, decision, information);
            }
        }
    }
    if (*n_sums > 1) {
        qsort(sums, *n_sums, sizeof *sums, compare_sums);
    }
    return sums;
}

static void write_evidence_sums(struct text *out, const struct report_run *run)
{
    size_t n_sums = 0;
    struct evidence_sum *sums = sum_evidence(run, &n_sums);
    text_append(out, "parameter,who,n_scenarios,evppi_gbp,evppi_mc_se_gbp\n");
    for (size_t i = 0; i < n_sums; ++i) {
        csv_text(out, sums[i].identity);
        csv_text(out, sums[i].who);
        csv_count(out, sums[i].n_scenarios);
        csv_number(out, sums[i].value);
        csv_number(out, sums[i].se);
        csv_end(out);
    }
    free(sums);
}

/* The sector whose own decisions gain most from knowing the item. */
static const struct evidence_sum *best_partner(const struct evidence_sum *sums, size_t n_sums,
                                               const char *identity)
{
    for (size_t i = 0; i < n_sums; ++i) {
        if (!sums[i].is_total && sums[i].value > 0.0 && strcmp(sums[i].identity, identity) == 0) {
            return &sums[i];
        }
    }
    return NULL;
}

static const char *headline_id(const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct decision *decision = made_at(run, i);
        if (decision != NULL) {
            return decision->plan->whos[decision_headline(decision)->who].id;
        }
    }
    return "total";
}

void write_evidence_value(struct text *out, const struct report_run *run, size_t width)
{
    enum { SHOWN = 8 };

    size_t n_sums = 0, n_rows = 1;
    struct evidence_sum *sums = sum_evidence(run, &n_sums);
    const char *headline = headline_id(run);
    struct grid grid;
    grid_init(&grid, 5, SHOWN + 1);
    const char *const headings[] = {"evidence", "scenarios", "worth knowing (£)", "MC error",
                                    "partner with most at stake"};
    for (size_t c = 0; c < 5; ++c) {
        grid_put(&grid, 0, c, headings[c]);
    }
    for (size_t i = 0; i < n_sums && n_rows <= SHOWN; ++i) {
        if (strcmp(sums[i].who, headline) != 0 || !(sums[i].value > 0.0)) {
            continue;
        }
        const struct evidence_sum *partner = best_partner(sums, n_sums, sums[i].identity);
        char words[MAX_CELL] = "none alone: all together";
        if (partner != NULL) {
            char amount[48];
            text_format_grouped(amount, partner->value, 0);
            (void)snprintf(words, sizeof words, "%.40s (£%s)", partner->label, amount);
        }
        grid_put(&grid, n_rows, 0, sums[i].identity);
        grid_number(&grid, n_rows, 1, (double)sums[i].n_scenarios, 0);
        grid_number(&grid, n_rows, 2, sums[i].value, 0);
        grid_number(&grid, n_rows, 3, sums[i].se, 0);
        grid_put(&grid, n_rows++, 4, words);
    }
    grid.n_rows = n_rows;
    text_printf(out, "%sWhich evidence is most worth knowing, and to whom?%s\n\n",
                width == 0 ? "## " : "", "");
    if (n_rows > 1) {
        grid_write(out, &grid, width);
        struct text words;
        text_init(&words);
        text_printf(
            &words,
            "Worth knowing: what %s would gain over all these scenarios, at most, if the item "
            "were known exactly before each choice was made (EVPPI, sums over scenarios). "
            "Partner: whose own choices, by its own money, would gain most; where no "
            "partner's would change, better evidence serves the joint decision. What a study of "
            "stated size and cost would be worth: decision = { studies = ( ... ); } in a scenario.",
            headline);
        text_append(out, "\n");
        write_wrapped(out, words.bytes, width == 0 ? 1000 : width, 0);
        text_append(out, "\n");
        text_clear(&words);
    } else {
        free(grid.cells);
        text_append(out, "No single item could change a decision: nothing is worth studying for "
                         "these choices alone.\n\n");
    }
    free(sums);
}

/* ---- the list of tables, and draws ---- */

static const struct decision_table tables[] = {
    {"uncertainty/evpi.csv", write_evpi},
    {"uncertainty/acceptability.csv", write_acceptability},
    {"uncertainty/plane.csv", write_plane},
    {"uncertainty/evppi.csv", write_evppi},
    {"uncertainty/evidence_value.csv", write_evidence_sums},
    {"uncertainty/studies.csv", write_studies},
    {"uncertainty/payback.csv", write_payback},
    {"uncertainty/tornado.csv", write_tornado},
    {"uncertainty/switching.csv", write_switching},
    {"uncertainty/two_way.csv", write_two_way},
    {"uncertainty/what_if.csv", write_what_if},
    {"uncertainty/sobol_indices.csv", write_indices},
    {"uncertainty/evidence_rules.csv", write_variants},
    {"uncertainty/stale_evidence.csv", write_stale},
    {"uncertainty/convergence.csv", write_convergence},
};

const struct decision_table *decision_tables(size_t *n_tables)
{
    *n_tables = sizeof tables / sizeof tables[0];
    return tables;
}

const char *draws_kind_name(enum draws_kind kind)
{
    static const char *const names[] = {"parameters", "costs", "effects"};
    return names[kind];
}

static void write_parameter_draws(struct text *out, const struct decision *decision)
{
    const struct plan *plan = decision->plan;
    for (size_t i = 0; i < plan->n_columns; ++i) {
        csv_text(out, plan->columns[i].identity);
    }
    text_append(out, plan->n_columns > 0 ? "" : "draw,");
    csv_end(out);
    for (size_t d = 0; d < decision->n_draws; ++d) {
        for (size_t i = 0; i < plan->n_columns; ++i) {
            csv_number(out, decision->parameters[i * decision->n_draws + d]);
        }
        if (plan->n_columns == 0) {
            csv_count(out, d);
        }
        csv_end(out);
    }
}

/* A column an option, as BCEA, voi and dampack read them; against the first option, which is 0. */
static void write_option_draws(struct text *out, const struct decision *decision,
                               const double *const *columns)
{
    for (size_t o = 0; o < decision->n_options; ++o) {
        csv_text(out, decision->options[o]);
    }
    csv_end(out);
    for (size_t d = 0; d < decision->n_draws; ++d) {
        for (size_t o = 0; o < decision->n_options; ++o) {
            csv_number(out, o == 0 || columns == NULL ? 0.0 : columns[o - 1][d]);
        }
        csv_end(out);
    }
}

void write_draws(struct text *out, const struct decision *decision, enum draws_kind kind)
{
    if (kind == DRAWS_PARAMETERS) {
        write_parameter_draws(out, decision);
        return;
    }
    /* The headline's row by effect where it has one. */
    const struct decision_row *row = NULL;
    for (size_t i = 0; i < decision->n_rows; ++i) {
        if (decision->rows[i].who == decision_headline(decision)->who &&
            (row == NULL || decision->rows[i].by_effect)) {
            row = &decision->rows[i];
        }
    }
    if (row != NULL) {
        write_option_draws(out, decision,
                           kind == DRAWS_COSTS ? row->choice.costs : row->choice.effects);
    }
}
