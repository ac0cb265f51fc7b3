/* report.md: what a commissioner reads. */
#include "report/report_assurance.h"
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Text inside a table: pipes would end the cell. */
static void put_escaped(struct text *out, const char *words)
{
    for (; words != NULL && *words != '\0'; ++words) {
        text_append(out, strchr("|<>*_`\\[]", *words) != NULL ? "\\" : "");
        text_append_span(out, words, 1);
    }
}

void markdown_text(struct text *out, const char *words)
{
    put_escaped(out, words);
}

static void money(char buffer[48], double gbp)
{
    if (isfinite(gbp)) {
        text_format_grouped(buffer, gbp, 0);
    } else {
        (void)snprintf(buffer, 48, "[z]");
    }
}

static void write_answer(struct text *out, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    size_t who = headline_index(plan);
    const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
    const struct column_statistics *payback =
        result_find(result, MEASURE_PAYBACK_DISCOUNTED, who, 0, 0);
    char amount[48], low[48], high[48], cash_amount[48], when[32];
    money(amount, fabs(net->mean));
    money(low, net->q025);
    money(high, net->q975);
    money(cash_amount, fabs(cash->mean));
    payback_words(when, plan, payback->headline, "not within the horizon");
    char doubt[96] = "";
    if (isfinite(payback->headline) && net->p_nonneg < 0.5) {
        (void)snprintf(doubt, sizeof doubt,
                       " at the means, but more likely than not never (P = %.2f)", net->p_nonneg);
    }
    text_printf(
        out,
        "**%s: %s £%s over %zu year%s** (net present value; 95 %% interval %s to %s), with "
        "probability %.2f of not losing. In cash it %s £%s (nominal), with probability %.2f of "
        "not losing cash. Discounted payback: %s%s.\n\n",
        plan->whos[who].label, net->mean >= 0.0 ? "gains" : "loses", amount, plan->n_years,
        plan->n_years == 1 ? "" : "s", low, high, net->p_nonneg,
        cash->mean >= 0.0 ? "gains" : "loses", cash_amount, cash->p_nonneg, when, doubt);
    write_exactness(out, result);
    text_append(out, "\n\n");
}

static double pv_mean(const struct scenario_result *result, size_t who, enum measure measure)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->mean : 0.0;
}

static void write_who_row(struct text *out, const struct scenario_result *result, size_t who)
{
    const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
    const struct column_statistics *fiscal = result_find(result, MEASURE_RETURN_FISCAL, who, 0, 0);
    double other = pv_mean(result, who, MEASURE_PV_ECONOMIC) +
                   pv_mean(result, who, MEASURE_PV_SOCIAL) +
                   pv_mean(result, who, MEASURE_PV_QALY_VALUE);
    const double amounts[] = {pv_mean(result, who, MEASURE_PV_COST),
                              pv_mean(result, who, MEASURE_PV_CASHABLE),
                              pv_mean(result, who, MEASURE_PV_NON_CASHABLE),
                              other,
                              pv_mean(result, who, MEASURE_PV_TRANSFER),
                              pv_mean(result, who, MEASURE_PV_LEVERED_IN),
                              net->mean,
                              net->q025,
                              net->q975};
    text_append(out, "| ");
    put_escaped(out, result->plan->whos[who].label);
    text_append(out, " |");
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; ++i) {
        char cell[48];
        money(cell, amounts[i]);
        text_printf(out, " %s |", cell);
    }
    char cash_cell[48], ratio[48] = "[z]";
    money(cash_cell, cash->mean);
    if (isfinite(fiscal->headline)) {
        text_format_grouped(ratio, fiscal->headline, 2);
    }
    text_printf(out, " %.2f | %s | %.2f | %s |\n", net->p_nonneg, cash_cell, cash->p_nonneg, ratio);
}

static void write_who_table(struct text *out, const struct scenario_result *result)
{
    text_append(
        out,
        "| who | cost | cashable | non-cashable | economic and social | transfers | levered in "
        "| net | net 2.5 % | net 97.5 % | P(net >= 0) | net cash (nominal) | P(net cash >= 0) "
        "| fiscal return per £1 |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
        "---:|---:|\n");
    for (size_t who = 0; who < result->plan->n_whos; ++who) {
        write_who_row(out, result, who);
    }
    text_append(out,
                "\nPresent values in £, means over draws; means add over sectors, intervals and "
                "probabilities do not. Levered-in money is in no net. [z]: invests nothing.\n\n");
}

static void write_years(struct text *out, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    size_t who = headline_index(plan);
    text_printf(
        out,
        "%s by financial year, cumulative:\n\n| year | net, discounted | 2.5 %% | 97.5 %% | "
        "P(net >= 0) | net cash, nominal | P(net cash >= 0) |\n|---|---:|---:|---:|---:|---:|"
        "---:|\n",
        plan->whos[who].label);
    for (size_t year = 0; year < plan->n_years; ++year) {
        const struct column_statistics *net = result_find(result, MEASURE_NET_AT, who, year, 0);
        const struct column_statistics *cash =
            result_find(result, MEASURE_NET_CASH_AT, who, year, 0);
        char name[16], cells[4][48];
        text_format_financial_year(name, plan->scenario->start_year + (int)year);
        money(cells[0], net->mean);
        money(cells[1], net->q025);
        money(cells[2], net->q975);
        money(cells[3], cash->mean);
        text_printf(out, "| %s | %s | %s | %s | %.2f | %s | %.2f |\n", name, cells[0], cells[1],
                    cells[2], net->p_nonneg, cells[3], cash->p_nonneg);
    }
    text_append(out, "\n");
}

void write_qaly_lines(struct text *out, const struct scenario_result *result, struct arena *arena)
{
    const struct plan *plan = result->plan;
    if (plan->n_qalys == 0) {
        return;
    }
    const struct appraisal_pack *pack = plan->scenario->conventions.appraisal;
    size_t who = headline_index(plan);
    const struct column_statistics *qalys =
        result_find(result, MEASURE_QALYS, plan->n_whos - 1, 0, 0);
    double fiscal = pv_mean(result, who, MEASURE_NET_FISCAL);
    text_printf(
        out, "QALYs gained: %.2f (95 %% interval %.2f to %.2f), discounted. Cost per QALY: %s.",
        qalys->mean, qalys->q025, qalys->q975, cost_per_qaly_words(arena, fiscal, qalys->mean));
    for (size_t item = 0; item < pack->n_thresholds; ++item) {
        const struct column_statistics *nmb = result_find(result, MEASURE_NMB, who, 0, item);
        char threshold[48], benefit[48];
        money(threshold, pack->thresholds_gbp_per_qaly[item]);
        money(benefit, nmb->mean);
        text_printf(out,
                    " At £%s a QALY: net monetary benefit £%s, cost-effective with probability "
                    "%.2f.",
                    threshold, benefit, nmb->p_nonneg);
    }
    text_append(out, "\n\n");
}

/* What a layer of one's own says instead of the shipped evidence, old and new. */
static void write_layers(struct text *out, const struct plan *plan)
{
    bool any = false;
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (parameter == NULL || parameter->replaced == NULL) {
            continue;
        }
        char unit[96];
        struct text old;
        text_init(&old);
        write_replaced(&old, parameter);
        parameter_unit_words(unit, parameter);
        text_append(out, any ? ""
                             : "Replaced by a layer (mean as shipped, mean here, each as its "
                               "source reports it):\n\n| evidence | shipped | here | because |\n"
                               "|---|---|---|---|\n");
        text_append(out, "| ");
        put_escaped(out, parameter->label);
        text_append(out, " | ");
        put_escaped(out, old.bytes);
        text_printf(out, " | %.6g ", parameter->distribution.mean);
        put_escaped(out, unit);
        text_append(out, " | ");
        put_escaped(out, parameter->replaces_because != NULL ? parameter->replaces_because : "");
        text_append(out, " |\n");
        text_clear(&old);
        any = true;
    }
    text_append(out, any ? "\n" : "");
}

static void write_evidence(struct text *out, const struct scenario_result *result,
                           struct arena *arena)
{
    const struct plan *plan = result->plan;
    text_append(out, "| evidence | value | 2.5 % | 97.5 % | unit | grade | source |\n"
                     "|---|---:|---:|---:|---|---:|---|\n");
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct plan_use *use = &plan->uses[i];
        const struct parameter *parameter = use->parameter;
        text_append(out, "| ");
        put_escaped(out, parameter != NULL ? parameter->label : use->input->label);
        text_printf(out, " | %.6g | %.6g | %.6g | ", use->distribution.mean, use->distribution.q025,
                    use->distribution.q975);
        char unit[96];
        if (parameter != NULL) {
            parameter_unit_words(unit, parameter);
        }
        put_escaped(out, parameter != NULL ? unit : use->input->unit);
        if (parameter == NULL) {
            text_append(out, " |  | input of the scenario |\n");
            continue;
        }
        text_printf(out, " | %d | ", parameter->grade);
        if (use->override != NULL) {
            text_append(out, "overridden: ");
            put_escaped(out, use->override->reason);
        } else if (parameter_is_assumption(parameter)) {
            text_append(out, "assumption: ");
            put_escaped(out, parameter->reason);
        } else {
            put_escaped(out, parameter->source->citation);
            text_append(out, ", ");
            put_escaped(out, parameter->locator);
        }
        text_append(out, " |\n");
    }
    text_append(out, "\n");
    write_layers(out, plan);
    (void)arena;
}

/* Whom the scenario counts, and how it supposes that they differ. */
static void write_population(struct text *out, const struct scenario *scenario)
{
    const struct population *population = &scenario->population;
    double people = 0.0;
    if (population->setting == NULL) {
        return;
    }
    for (size_t g = 0; g < scenario->n_groups; ++g) {
        people += scenario->groups[g].people;
    }
    char number[48];
    text_format_grouped(number, people, 0);
    text_printf(out, "Counted: %s people aged %.0f", number, population->age_from);
    if (population->age_to >= AGE_WITHOUT_END) {
        text_append(out, " and over");
    } else {
        text_printf(out, " to %.0f", population->age_to);
    }
    const struct setting *share = setting_find(population->setting, "share");
    text_printf(out, ", in %zu group%s; `%s` = people x ", scenario->n_groups,
                scenario->n_groups == 1 ? "" : "s", population->input->id);
    if (setting_is_text(share)) {
        text_printf(out, "`%s`", share->text);
    } else {
        text_printf(out, "%g", setting_number(share, 1.0));
    }
    text_append(out, ".\n\n");
    for (size_t i = 0; i < scenario->n_gradients; ++i) {
        const struct gradient *gradient = &scenario->gradients[i];
        text_printf(out, "- gradient of `%s`, Q1 to Q5:",
                    gradient->parameter != NULL ? gradient->parameter->identity
                                                : gradient->input->id);
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            text_printf(out, "%s %g", q > 0 ? "," : "", gradient->factors[q]);
        }
        text_append(out, ". ");
        put_escaped(out, gradient->reason);
        text_append(out, "\n");
    }
    text_append(out, scenario->n_gradients > 0 ? "\n" : "");
}

static double cell_mean(const struct scenario_result *result, enum measure measure, size_t cell)
{
    const struct column_statistics *statistics =
        result_find(result, measure, result->plan->n_whos - 1, 0, cell);
    return statistics != NULL ? statistics->mean : (double)NAN;
}

/* Results by quintile and area. */
static void write_groups(struct text *out, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    write_population(out, plan->scenario);
    if (plan->n_cells == 0) {
        return;
    }
    text_append(out, "| group | take part | QALYs | demand avoided, £ | 2.5 % | 97.5 % |\n"
                     "|---|---:|---:|---:|---:|---:|\n");
    for (size_t cell = 0; cell < plan->n_cells; ++cell) {
        const struct column_statistics *value =
            result_find(result, MEASURE_CELL_VALUE, plan->n_whos - 1, 0, cell);
        double qalys = cell_mean(result, MEASURE_CELL_QALYS, cell);
        char cells[5][48];
        text_format_grouped(cells[0], cell_mean(result, MEASURE_CELL_PARTICIPANTS, cell), 1);
        (void)snprintf(cells[1], 48, "%s", "[z]");
        if (isfinite(qalys)) {
            text_format_grouped(cells[1], qalys, 2);
        }
        money(cells[2], value->mean);
        money(cells[3], value->q025);
        money(cells[4], value->q975);
        text_append(out, "| ");
        put_escaped(out, plan->cells[cell].label);
        text_printf(out, " | %s | %s | %s | %s | %s |\n", cells[0], cells[1], cells[2], cells[3],
                    cells[4]);
    }
    text_append(out,
                "\nPeople are counted in each intake and programme they take part in. Demand "
                "avoided at its unit costs, whoever gains, present value before ceilings.\n\n");
}

/* Where the headline comes from: its parts by partner and kind, and by year. */
static void write_parts(struct text *out, const struct scenario_result *result)
{
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    struct explainer *explainer = explainer_new(&arena, result);
    explainer_name_files_as_results(explainer);
    const struct measure_reference reference = {
        .column = plan_find_result(result->plan, MEASURE_NET, headline_index(result->plan), 0, 0)};
    const struct explanation *explanation =
        explain_measure(explainer, &reference, EXPLAIN_BRIEF, &error);
    if (explanation != NULL) {
        text_append(out, "Where the net comes from, rounded so that parts add to totals (`dividend "
                         "explain` goes on to formulas and evidence):\n\n");
        markdown_explanation(out, explanation, 1, 2);
    }
    explainer_free(explainer);
    arena_clear(&arena);
}

static void write_programme(struct text *out, const struct report_run *run,
                            const struct scenario_result *result, struct arena *arena)
{
    const struct scenario *scenario = result->plan->scenario;
    text_append(out, "## ");
    put_escaped(out, scenario->title);
    text_printf(out, "\n\n`%s`, model `%s`", scenario->id, scenario->model->id);
    if (scenario->area != NULL) {
        text_append(out, ", ");
        put_escaped(out, scenario->area);
    }
    text_append(out, "\n\n");
    if (result->statistics == NULL) {
        text_printf(out, "This scenario failed: %s\n\n", result->error.message);
        return;
    }
    const char *question =
        scenario->question != NULL ? scenario->question : scenario->model->question;
    if (question != NULL) {
        text_append(out, "*");
        put_escaped(out, question);
        text_append(out, "*\n\n");
    }
    if (result->plan->health != NULL) {
        markdown_health(out, result);
    } else {
        write_answer(out, result);
        write_who_table(out, result);
        write_years(out, result);
        write_parts(out, result);
        write_qaly_lines(out, result, arena);
        write_groups(out, result);
    }
    if (run->decide) {
        write_decision(out, run, (size_t)(result - run->results), 0);
    }
    if (isfinite(result->assumption_share)) {
        text_printf(
            out,
            "Share of the variance of the net that involves assumptions: %.0f %% (Monte Carlo "
            "error %.0f points).\n\n",
            100.0 * result->assumption_share, 100.0 * result->assumption_share_se);
    }
    for (size_t i = 0; i < 2; ++i) {
        const char *note = i == 0 ? scenario->note : scenario->model->note;
        if (note != NULL) {
            text_append(out, "Note: ");
            put_escaped(out, note);
            text_append(out, "\n\n");
        }
    }
    write_evidence(out, result, arena);
    if (result->plan->health == NULL) {
        write_conventions(out, run, scenario, "- ");
        text_append(out, "\n");
    }
}

void write_markdown(struct text *out, const struct report_run *run)
{
    struct arena arena;
    arena_init(&arena);
    const struct report_run programmes = report_part(&arena, run, false);
    if (programmes.n_results > 0 || run->n_results == 0) {
        text_append(out, "# Programmes compared across partner sectors\n\n");
        markdown_banner(out, run);
        report_compare(out, &programmes, REPORT_MARKDOWN, 0);
        text_append(
            out,
            "\nRatios are ratios of means, their intervals those of the ratio over draws. Cashable "
            "savings stop being spent; non-cashable ones free capacity; levered-in money is a "
            "source of funding, never a saving.\n\n");
    } else {
        text_append(out, "# Options compared\n\n");
        markdown_banner(out, run);
    }
    write_leagues(out, &programmes, 0);
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        write_portfolio(out, run, &run->portfolios[i], 0);
    }
    report_expectations(out, run, REPORT_MARKDOWN, 0);
    report_changes(out, run, REPORT_MARKDOWN, 0);
    struct text warnings;
    text_init(&warnings);
    report_warnings(&warnings, run);
    for (const char *line = warnings.bytes; line != NULL && *line != '\0';) {
        size_t n = strcspn(line, "\n");
        text_append(out, "- warning: ");
        text_append_span(out, line, n);
        text_append(out, "\n");
        line += n + (line[n] == '\n' ? 1 : 0);
    }
    text_append(out, warnings.n_bytes > 0 ? "\n" : "");
    text_clear(&warnings);
    if (run->decide) {
        write_evidence_value(out, run, 0);
    }
    for (size_t i = 0; i < run->n_results; ++i) {
        write_programme(out, run, &run->results[i], &arena);
    }
    markdown_assurance(out, run);
    arena_clear(&arena);
}
