/* Cohorts and trees: options compared, who bears their costs, incremental analysis, traces. */
#include "appraise/incremental.h"
#include "plan/plan_health.h"
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- figures ---- */

static const struct health_model *model_of(const struct scenario_result *result)
{
    return result->plan->health->model;
}

static const struct column_statistics *option_cost(const struct scenario_result *result,
                                                   enum measure measure, size_t who, size_t option)
{
    return result_find(result, measure, who, 0, option);
}

static const struct column_statistics *option_outcome(const struct scenario_result *result,
                                                      enum measure measure, size_t option,
                                                      size_t outcome)
{
    const struct plan *plan = result->plan;
    return result_find(result, measure, plan->n_whos - 1, 0,
                       plan_health_item(option, model_of(result)->n_outcomes, outcome));
}

/* Costs of the headline's perspective and the effects, means over draws. */
static void analyse(const struct scenario_result *result, struct incremental *rows)
{
    const struct health_model *model = model_of(result);
    size_t outcome = health_effect_outcome(model), who = headline_index(result->plan);
    double *costs = memory_array(model->n_options, sizeof *costs);
    double *effects = memory_array(model->n_options, sizeof *effects);
    for (size_t o = 0; o < model->n_options; ++o) {
        costs[o] = option_cost(result, MEASURE_OPTION_COST, who, o)->mean;
        effects[o] = outcome == SIZE_MAX
                         ? 0.0
                         : option_outcome(result, MEASURE_OPTION_OUTCOME, o, outcome)->mean;
    }
    incremental_analyse(model->n_options, costs, effects, rows);
    free(costs);
    free(effects);
}

/* ---- csv ---- */

static void start_row(struct text *out, const struct scenario_result *result, size_t option)
{
    csv_text(out, result->plan->scenario->id);
    csv_text(out, model_of(result)->options[option].id);
}

static void write_option_row(struct text *out, const struct scenario_result *result, size_t option,
                             const char *who, const char *measure, const char *item,
                             const char *unit, const struct column_statistics *discounted,
                             const struct column_statistics *undiscounted)
{
    start_row(out, result, option);
    csv_text(out, who);
    csv_text(out, measure);
    csv_text(out, item);
    csv_text(out, unit);
    csv_number(out, undiscounted != NULL ? undiscounted->mean : (double)NAN);
    csv_statistics(out, discounted);
    csv_end(out);
}

static void write_option_rows(struct text *out, const struct scenario_result *result, size_t option)
{
    const struct plan *plan = result->plan;
    const struct health_model *model = model_of(result);
    const struct appraisal_pack *pack = plan->scenario->conventions.appraisal;
    size_t total = plan->n_whos - 1;
    for (size_t who = 0; who < plan->n_whos; ++who) {
        write_option_row(out, result, option, plan->whos[who].id, "cost", "", "GBP",
                         option_cost(result, MEASURE_OPTION_COST, who, option),
                         option_cost(result, MEASURE_OPTION_COST_UNDISCOUNTED, who, option));
    }
    for (size_t i = 0; i < model->n_categories; ++i) {
        size_t item = plan_health_item(option, model->n_categories, i);
        write_option_row(
            out, result, option, "total", "cost_by_category", model->categories[i], "GBP",
            option_cost(result, MEASURE_OPTION_CATEGORY_COST, total, item),
            option_cost(result, MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED, total, item));
    }
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        const struct column_statistics *outcome =
            option_outcome(result, MEASURE_OPTION_OUTCOME, option, i);
        if (outcome != NULL) {
            write_option_row(
                out, result, option, "total", "outcome", model->outcomes[i].id,
                model->outcomes[i].unit, outcome,
                option_outcome(result, MEASURE_OPTION_OUTCOME_UNDISCOUNTED, option, i));
        }
    }
    for (size_t who = plan->n_sector_whos; who < plan->n_whos; ++who) {
        for (size_t i = 0; i < pack->n_thresholds; ++i) {
            char threshold[32];
            text_format_exact(threshold, pack->thresholds_gbp_per_qaly[i]);
            size_t item = plan_health_item(option, pack->n_thresholds, i);
            write_option_row(out, result, option, plan->whos[who].id, "net_monetary_benefit",
                             threshold, "GBP", option_cost(result, MEASURE_OPTION_NMB, who, item),
                             NULL);
        }
    }
}

void write_options(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,option,who,measure,item,unit,undiscounted_mean,mean,sd,mc_se,q025,"
                     "q50,q975\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        for (size_t o = 0; result->statistics != NULL && o < model_of(result)->n_options; ++o) {
            write_option_rows(out, result, o);
        }
    }
}

static void write_incremental_rows(struct text *out, const struct scenario_result *result)
{
    const struct health_model *model = model_of(result);
    size_t outcome = health_effect_outcome(model), who = headline_index(result->plan);
    struct incremental *rows = memory_array(model->n_options, sizeof *rows);
    analyse(result, rows);
    for (size_t o = 0; o < model->n_options; ++o) {
        const struct incremental *row = &rows[o];
        start_row(out, result, o);
        csv_text(out, result->plan->whos[who].id);
        csv_text(out, outcome == SIZE_MAX ? "" : model->outcomes[outcome].id);
        csv_number(out, option_cost(result, MEASURE_OPTION_COST, who, o)->mean);
        csv_number(out, outcome == SIZE_MAX
                            ? (double)NAN
                            : option_outcome(result, MEASURE_OPTION_OUTCOME, o, outcome)->mean);
        csv_text(out, dominance_words(row->dominance));
        csv_text(out, row->against == SIZE_MAX ? "" : model->options[row->against].id);
        csv_number(out, row->cost);
        csv_number(out, row->effect);
        csv_number(out, row->icer);
        csv_end(out);
    }
    free(rows);
}

void write_incremental(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,option,who,effect,cost_gbp,effect_mean,status,against,"
                     "cost_difference_gbp,effect_difference,icer_gbp_per_unit\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        if (run->results[i].statistics != NULL) {
            write_incremental_rows(out, &run->results[i]);
        }
    }
}

static double *make_trace(const struct plan *plan)
{
    const struct plan_health *health = plan->health;
    double *shares = memory_array(
        health->model->n_options * (health->n_cycles + 1) * health->n_states + 1, sizeof *shares);
    simulation_trace(plan, shares);
    return shares;
}

static double share_at(const struct plan_health *health, const double *shares, size_t option,
                       size_t point, size_t state)
{
    return shares[(option * (health->n_cycles + 1) + point) * health->n_states + state];
}

void write_trace(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,option,cycle,years,state,share_at_means\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        const struct plan_health *health = result->plan->health;
        if (result->statistics == NULL || health->n_states == 0) {
            continue;
        }
        double *shares = make_trace(result->plan);
        for (size_t o = 0; o < health->model->n_options; ++o) {
            for (size_t t = 0; t <= health->n_cycles; ++t) {
                for (size_t s = 0; s < health->n_states; ++s) {
                    start_row(out, result, o);
                    csv_count(out, t);
                    csv_number(out, (double)t * health->model->cycle_length_years);
                    csv_text(out, health->model->states[s].id);
                    csv_number(out, share_at(health, shares, o, t, s));
                    csv_end(out);
                }
            }
        }
        free(shares);
    }
}

static void write_life_table_row(struct text *out, const struct scenario_result *result,
                                 size_t option, const char *group, size_t year, size_t account,
                                 double value)
{
    const struct health_model *model = model_of(result);
    const struct health_account *row = &result->plan->health->accounts[account];
    start_row(out, result, option);
    csv_text(out, group);
    if (year != SIZE_MAX) {
        csv_count(out, year);
    } else {
        text_append(out, ",");
    }
    if (row->outcome == PAYOFF_COST) {
        text_append(out, "cost_");
        csv_text(out, model->categories[row->category]);
        csv_text(out, "GBP");
    } else {
        csv_text(out, model->outcomes[row->outcome].id);
        csv_text(out, model->outcomes[row->outcome].unit);
    }
    csv_number(out, value);
    csv_end(out);
}

/* By year over all groups, then by group over all years. */
void write_life_table(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,option,group,year_index,measure,unit,value_at_means\n");
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        const struct plan_health *health = result->plan->health;
        if (result->statistics == NULL || health->life_table == NULL) {
            continue;
        }
        size_t n_years = health->n_cycles, n_groups = health->model->n_groups;
        size_t n_rows = health->model->n_options * health->n_accounts;
        double *by_year = memory_array(n_rows * n_years + 1, sizeof *by_year);
        double *by_group = memory_array(n_rows * n_groups + 1, sizeof *by_group);
        simulation_life_table(result->plan, by_year, by_group);
        for (size_t row = 0; row < n_rows; ++row) {
            size_t option = row / health->n_accounts, account = row % health->n_accounts;
            for (size_t year = 0; year < n_years; ++year) {
                write_life_table_row(out, result, option, "all", year, account,
                                     by_year[row * n_years + year]);
            }
            for (size_t group = 0; group < n_groups; ++group) {
                write_life_table_row(out, result, option, health->model->groups[group].id, SIZE_MAX,
                                     account, by_group[row * n_groups + group]);
            }
        }
        free(by_year);
        free(by_group);
    }
}

static void verdict_words(char words[MAX_CELL], const struct health_model *model,
                          const struct incremental *row)
{
    if (model->n_categories == 0) {
        (void)snprintf(words, MAX_CELL, "no costs");
    } else if (row->dominance != NOT_DOMINATED) {
        (void)snprintf(words, MAX_CELL, "%s", dominance_words(row->dominance));
    } else if (row->against == SIZE_MAX) {
        (void)snprintf(words, MAX_CELL, "cheapest");
    } else {
        char icer[48];
        text_format_grouped(icer, row->icer, fabs(row->icer) < 100.0 ? 2 : 0);
        (void)snprintf(words, MAX_CELL, "%s against %.24s", icer, model->options[row->against].id);
    }
}

static void write_option_table(struct text *out, const struct scenario_result *result, size_t width)
{
    const struct plan *plan = result->plan;
    const struct health_model *model = model_of(result);
    const struct appraisal_pack *pack = plan->scenario->conventions.appraisal;
    size_t outcome = health_effect_outcome(model), who = headline_index(plan);
    bool qalys = outcome != SIZE_MAX && pack->n_thresholds > 0;
    const char *unit = outcome == SIZE_MAX ? "" : model->outcomes[outcome].label;
    struct incremental *rows = memory_array(model->n_options, sizeof *rows);
    struct grid grid;
    analyse(result, rows);
    grid_init(&grid, outcome == SIZE_MAX ? 5 : qalys ? 11 : 10, model->n_options + 1);
    grid.caption = "Options compared, a person";
    static const char *const headings[] = {"option", "cost £", "2.5 %", "97.5 %", "undiscounted £"};
    for (size_t i = 0; i < 5; ++i) {
        grid_put(&grid, 0, i, headings[i]);
    }
    char words[MAX_CELL];
    (void)snprintf(words, sizeof words, "%.40s", unit);
    grid_put(&grid, 0, 5, words);
    grid_put(&grid, 0, 6, "2.5 %");
    grid_put(&grid, 0, 7, "97.5 %");
    grid_put(&grid, 0, 8, "undiscounted");
    (void)snprintf(words, sizeof words, "£ for one more %.30s",
                   outcome == SIZE_MAX ? "" : model->outcomes[outcome].unit);
    grid_put(&grid, 0, 9, words);
    if (qalys) {
        char threshold[48];
        text_format_grouped(threshold, pack->thresholds_gbp_per_qaly[0], 0);
        (void)snprintf(words, sizeof words, "net benefit at £%s", threshold);
        grid_put(&grid, 0, 10, words);
    }
    for (size_t o = 0; o < model->n_options; ++o) {
        const struct column_statistics *cost = option_cost(result, MEASURE_OPTION_COST, who, o);
        grid_put(&grid, o + 1, 0, model->options[o].label);
        grid_number(&grid, o + 1, 1, cost->mean, 2);
        grid_number(&grid, o + 1, 2, cost->q025, 2);
        grid_number(&grid, o + 1, 3, cost->q975, 2);
        grid_number(&grid, o + 1, 4,
                    option_cost(result, MEASURE_OPTION_COST_UNDISCOUNTED, who, o)->mean, 2);
        if (outcome == SIZE_MAX) {
            continue;
        }
        const struct column_statistics *effect =
            option_outcome(result, MEASURE_OPTION_OUTCOME, o, outcome);
        grid_number(&grid, o + 1, 5, effect->mean, 4);
        grid_number(&grid, o + 1, 6, effect->q025, 4);
        grid_number(&grid, o + 1, 7, effect->q975, 4);
        grid_number(&grid, o + 1, 8,
                    option_outcome(result, MEASURE_OPTION_OUTCOME_UNDISCOUNTED, o, outcome)->mean,
                    4);
        verdict_words(words, model, &rows[o]);
        grid_put(&grid, o + 1, 9, words);
        if (qalys) {
            size_t item = plan_health_item(o, pack->n_thresholds, 0);
            grid_number(&grid, o + 1, 10, option_cost(result, MEASURE_OPTION_NMB, who, item)->mean,
                        0);
        }
    }
    grid_write(out, &grid, width);
    free(rows);
}

static void write_sector_view(struct text *out, const struct scenario_result *result, size_t width)
{
    const struct plan *plan = result->plan;
    if (plan->n_sector_whos == 0) {
        return; /* no costs */
    }
    const struct health_model *model = model_of(result);
    struct grid grid;
    grid_init(&grid, model->n_options + 1, plan->n_whos + 1);
    grid.caption = "Who pays for each option";
    grid_put(&grid, 0, 0, "who pays, £ a person");
    for (size_t o = 0; o < model->n_options; ++o) {
        grid_put(&grid, 0, o + 1, model->options[o].label);
    }
    for (size_t who = 0; who < plan->n_whos; ++who) {
        grid_put(&grid, who + 1, 0, plan->whos[who].label);
        for (size_t o = 0; o < model->n_options; ++o) {
            grid_number(&grid, who + 1, o + 1,
                        option_cost(result, MEASURE_OPTION_COST, who, o)->mean, 2);
        }
    }
    grid_write(out, &grid, width);
}

static void write_health_conventions(struct text *out, const struct scenario_result *result,
                                     const char *bullet)
{
    const struct plan *plan = result->plan;
    const struct health_model *model = model_of(result);
    const struct conventions *conventions = &plan->scenario->conventions;
    char year[16];
    text_format_financial_year(year, conventions->price_year);
    text_printf(out, "%sconventions: perspective %s; prices of %s; discounting %s (%s)", bullet,
                plan->whos[headline_index(plan)].label, year, conventions->appraisal->label,
                conventions->appraisal->vintage);
    if (model->kind == HEALTH_COHORT) {
        text_printf(
            out, "; %zu cycles of %.9g year%s; cycle correction %s%s%s; payoffs of moves %s",
            plan->health->n_cycles, model->cycle_length_years,
            model->cycle_length_years == 1.0 ? "" : "s", cycle_correction_name(model->correction),
            cycle_correction_by_points(model->correction) ? "" : ", discounted at ",
            cycle_correction_by_points(model->correction) ? ""
            : model->discount_at == DISCOUNT_COUNTED      ? "the end that is counted"
                                                          : discount_at_name(model->discount_at),
            model->transitions_as_states ? "weighted as states" : "count once");
    }
    if (model->kind == HEALTH_LIFE_TABLE) {
        text_printf(out, "; %zu years, discounted at the %s of each; %zu group%s",
                    plan->health->n_cycles, discount_at_name(model->discount_at), model->n_groups,
                    model->n_groups == 1 ? "" : "s");
    }
    text_printf(out, ". Figures are a person's, means over %llu draw%s.\n",
                (unsigned long long)result->n_draws, result->n_draws == 1 ? "" : "s");
}

/* One line; a check that fails is named with its size. */
static void write_checks(struct text *out, const struct scenario_result *result, const char *bullet)
{
    struct health_check_result checks[N_HEALTH_CHECKS];
    size_t n_applies = 0, n_holds = 0;
    simulation_health_checks(result->plan, checks);
    for (size_t i = 0; i < N_HEALTH_CHECKS; ++i) {
        n_applies += checks[i].applies ? 1 : 0;
        n_holds += checks[i].applies && checks[i].holds ? 1 : 0;
    }
    text_printf(out, "%smodel checks: %zu of %zu hold", bullet, n_holds, n_applies);
    const char *between = " (";
    for (size_t i = 0; i < N_HEALTH_CHECKS; ++i) {
        if (checks[i].applies && checks[i].holds == (n_holds == n_applies)) {
            text_printf(out, "%s%s", between, checks[i].name);
            between = "; ";
            if (!checks[i].holds) {
                text_printf(out, " FAILS by %.3g", checks[i].worst);
            }
        }
    }
    text_append(out, between[0] == ';' ? ").\n" : ".\n");
}

/* Conventions and checks, wrapped. */
static void write_notes(struct text *out, const struct scenario_result *result, size_t width)
{
    struct text notes;
    text_init(&notes);
    write_health_conventions(&notes, result, "");
    write_checks(&notes, result, "");
    for (char *line = notes.bytes; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        *end = '\0';
        write_wrapped(out, line, width, 2);
        line = end + 1;
    }
    text_clear(&notes);
}

void write_health_tables(struct text *out, const struct scenario_result *result, size_t width)
{
    write_option_table(out, result, width);
    write_sector_view(out, result, width);
}

void write_health_notes(struct text *out, const struct scenario_result *result)
{
    write_health_conventions(out, result, "");
    write_checks(out, result, "");
}

static void json_number(struct text *out, const char *name, double value)
{
    char number[32] = "null";
    if (isfinite(value)) {
        text_format_exact(number, value);
    }
    text_printf(out, ", \"%s\": %s", name, number);
}

static void write_options_json(struct text *out, const struct report_run *run)
{
    const char *between = "[\n";
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        const struct health_model *model = model_of(result);
        struct incremental *rows = memory_array(model->n_options, sizeof *rows);
        size_t outcome = health_effect_outcome(model), who = headline_index(result->plan);
        if (result->statistics != NULL) {
            analyse(result, rows);
        }
        for (size_t o = 0; result->statistics != NULL && o < model->n_options; ++o) {
            text_printf(out, "%s  {\"scenario\": \"%s\", \"option\": \"%s\"", between,
                        result->plan->scenario->id, model->options[o].id);
            json_number(out, "cost_gbp", option_cost(result, MEASURE_OPTION_COST, who, o)->mean);
            json_number(out, "effect",
                        outcome == SIZE_MAX
                            ? (double)NAN
                            : option_outcome(result, MEASURE_OPTION_OUTCOME, o, outcome)->mean);
            text_printf(out, ", \"effect_of\": \"%s\", \"status\": \"%s\"",
                        outcome == SIZE_MAX ? "" : model->outcomes[outcome].id,
                        dominance_words(rows[o].dominance));
            json_number(out, "icer_gbp_per_unit", rows[o].icer);
            text_append(out, "}");
            between = ",\n";
        }
        free(rows);
    }
    text_append(out, between[0] == '[' ? "[]\n" : "\n]\n");
}

void report_options(struct text *out, const struct report_run *run, enum report_style style,
                    size_t width)
{
    if (style == REPORT_CSV) {
        write_incremental(out, run);
        return;
    }
    if (style == REPORT_JSON) {
        write_options_json(out, run);
        return;
    }
    bool markdown = style == REPORT_MARKDOWN;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        text_printf(out, "%s%s%s (%s)\n\n", i > 0 ? "\n" : "",
                    markdown ? "## " : "Options: ", result->plan->scenario->title,
                    result->plan->scenario->id);
        if (result->statistics == NULL) {
            text_printf(out, "failed: %s\n", result->error.message);
            continue;
        }
        write_option_table(out, result, markdown ? 0 : width);
        text_append(out, "\n");
        write_sector_view(out, result, markdown ? 0 : width);
        text_append(out, "\n");
        if (markdown) {
            write_health_conventions(out, result, "- ");
            write_checks(out, result, "- ");
        } else {
            write_notes(out, result, width);
        }
    }
}

/* ---- report.md ---- */

static void write_trace_table(struct text *out, const struct scenario_result *result, size_t option)
{
    const struct plan_health *health = result->plan->health;
    double *shares = make_trace(result->plan);
    size_t n_points = health->n_cycles + 1;
    size_t step = n_points > 24 ? (n_points + 19) / 20 : 1;
    struct grid grid;
    grid_init(&grid, health->n_states + 2, (n_points - 1) / step + 2);
    grid_put(&grid, 0, 0, "cycle");
    grid_put(&grid, 0, 1, "years");
    for (size_t s = 0; s < health->n_states; ++s) {
        grid_put(&grid, 0, s + 2, health->model->states[s].label);
    }
    for (size_t t = 0, row = 1; t < n_points; t += step, ++row) {
        char words[MAX_CELL];
        (void)snprintf(words, sizeof words, "%zu", t);
        grid_put(&grid, row, 0, words);
        (void)snprintf(words, sizeof words, "%.6g", (double)t * health->model->cycle_length_years);
        grid_put(&grid, row, 1, words);
        for (size_t s = 0; s < health->n_states; ++s) {
            grid_number(&grid, row, s + 2, share_at(health, shares, option, t, s), 4);
        }
    }
    text_printf(out, "Trace of %s, shares at the means of the parameters%s:\n\n",
                health->model->options[option].label,
                step > 1 ? " (some cycles; all are in trace.csv)" : "");
    grid_write(out, &grid, 0);
    text_append(out, "\n");
    free(shares);
}

void markdown_health(struct text *out, const struct scenario_result *result)
{
    const struct health_model *model = model_of(result);
    write_option_table(out, result, 0);
    text_append(out, "\n");
    write_sector_view(out, result, 0);
    text_append(out, "\n");
    for (size_t o = 0; model->kind == HEALTH_COHORT && o < model->n_options; ++o) {
        write_trace_table(out, result, o);
    }
    write_health_conventions(out, result, "- ");
    write_checks(out, result, "- ");
    text_append(out, "\n");
}

struct report_run report_part(struct arena *arena, const struct report_run *run, bool health)
{
    struct report_run part = *run;
    struct scenario_result *results = arena_array(arena, run->n_results + 1, sizeof *results);
    part.n_results = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        if ((run->results[i].plan->health != NULL) == health) {
            results[part.n_results++] = run->results[i];
        }
    }
    part.results = results;
    return part;
}
