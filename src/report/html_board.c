/* report.html: the board page of one programme, or of a set of a portfolio: the answer, who pays
 * and who gains, and when; then evidence and conventions. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct column_statistics *figure_at(const struct scenario_result *result,
                                                 enum measure measure, size_t who, size_t year)
{
    return result_find(result, measure, who, year, 0);
}

/* ---- the answer ---- */

/* Its name leads to where the figure comes from (html_explain.c); plan NULL: nowhere. */
static void write_tile(struct text *out, const struct plan *plan, const char *kind,
                       const char *name, const char *value, const char *note)
{
    text_append(out, "<div><dt>");
    if (plan != NULL) {
        text_printf(out, "<a href=\"#x-%s", kind);
        html_text(out, plan->scenario->id);
        text_append(out, "\">");
    }
    html_text(out, name);
    text_append(out, plan != NULL ? "</a></dt><dd>" : "</dt><dd>");
    html_text(out, value);
    text_append(out, "</dd><dd class=\"s\">");
    html_sentence(out, note);
    text_append(out, "</dd></div>\n");
}

static void write_deal_tile(struct text *out, const struct scenario_result *result)
{
    struct scenario_deal deal;
    char amount[48], payable[48], down[48], note[256] = "at the means no partner loses";
    if (!html_deal_make(&deal, result)) {
        return;
    }
    const struct deal_terms terms = html_deal_terms(&deal);
    const struct deal_limits limits = deal_limits_of(&terms);
    html_short_money(amount, deal.moved);
    html_short_money(payable, limits.payable);
    html_short_money(down, limits.cash_losses);
    if (limits.cash_gains <= 0.0 && limits.cash_losses > 0.0) {
        (void)snprintf(note, sizeof note, "nobody has cash to give: %s stay%s down by %s in cash",
                       limits.n_cash_losers == 1 ? "one partner" : "some",
                       limits.n_cash_losers == 1 ? "s" : "", down);
        write_tile(out, NULL, "", "Fair deal", "not in cash", note);
    } else if (deal.verdict == DEAL_NOT_GOOD_ENOUGH) {
        write_tile(out, NULL, "", "Fair deal", "none", "at the means no transfer makes all whole");
    } else if (limits.unallocated + limits.beyond_cash > 0.0) {
        (void)snprintf(note, sizeof note, "of the %s that would have to move can be paid in cash",
                       amount);
        write_tile(out, NULL, "", "Fair deal", limits.payable > 0.0 ? payable : "nothing", note);
    } else if (deal.verdict == DEAL_GOOD_WITH_COMPENSATION) {
        write_tile(out, NULL, "", "Fair deal", amount,
                   "to move, so that at the means no partner loses");
    } else {
        if (limits.cash_losses > 0.0) {
            (void)snprintf(note, sizeof note, "where capacity counts; in cash some are down by %s",
                           down);
        }
        write_tile(out, NULL, "", "Fair deal", "as it is", note);
    }
}

/* Held back where more draws than not never make the cost good. */
static void write_payback_tile(struct text *out, const struct scenario_result *result,
                               const struct column_statistics *net,
                               const struct column_statistics *payback)
{
    const struct plan *plan = result->plan;
    char when[32], note[200], chance[32];
    payback_words(when, plan, payback->headline, "not in time");
    if (isfinite(payback->headline) && net->p_nonneg < 0.5) {
        html_percent(chance, net->p_nonneg);
        (void)snprintf(note, sizeof note,
                       "more likely than not never: %s chance within %zu year%s; of the means %s",
                       chance, plan->n_years, plan->n_years == 1 ? "" : "s", when);
        write_tile(out, plan, "payback-", "Worth its cost by", "likely never", note);
        return;
    }
    (void)snprintf(note, sizeof note, "capacity counted, discounted; horizon of %zu year%s",
                   plan->n_years, plan->n_years == 1 ? "" : "s");
    write_tile(out, plan, "payback-", "Worth its cost by", when, note);
}

static void write_tiles(struct text *out, const struct scenario_result *result, size_t who,
                        const struct html_tile *first)
{
    const struct plan *plan = result->plan;
    const struct column_statistics *net = figure_at(result, MEASURE_NET, who, 0);
    const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH, who, 0);
    const struct column_statistics *cost = figure_at(result, MEASURE_PV_COST, plan->n_whos - 1, 0);
    const struct column_statistics *payback = figure_at(result, MEASURE_PAYBACK_DISCOUNTED, who, 0);
    char amounts[4][48], note[160], chance[32];
    html_short_money(amounts[0], net->mean);
    html_short_money(amounts[1], net->q025);
    html_short_money(amounts[2], net->q975);
    text_append(out, "<dl class=\"tiles\">\n");
    if (first != NULL) {
        write_tile(out, NULL, "", first->name, first->value, first->note);
    }
    (void)snprintf(note, sizeof note, "95 %% interval %s to %s", amounts[1], amounts[2]);
    write_tile(out, plan, "", "Net, present value", amounts[0], note);
    html_percent(chance, net->p_nonneg);
    write_tile(out, plan, "", "Chance of not losing", chance,
               "share of draws with a net of 0 or more");
    html_short_money(amounts[0], cash->mean);
    html_percent(chance, cash->p_nonneg);
    (void)snprintf(note, sizeof note, "nominal; %s chance of not losing cash", chance);
    write_tile(out, plan, "cash-", "Net cash", amounts[0], note);
    html_short_money(amounts[0], cost != NULL ? cost->mean : 0.0);
    write_tile(out, plan, "cost-", "Cost to everyone", amounts[0], "present value");
    write_payback_tile(out, result, net, payback);
    write_deal_tile(out, result);
    text_append(out, "</dl>\n");
}

static const char *certainty_words(double p)
{
    return p >= 0.99   ? "this is all but certain"
           : p >= 0.9  ? "this is very likely"
           : p >= 0.66 ? "this is likely"
           : p > 0.34  ? "this could go either way"
           : p > 0.1   ? "this is unlikely"
                       : "this is very unlikely";
}

/* A label inside a sentence: "public sector", but "NHS" as it is. */
static void label_in_sentence(char words[96], const char *label, bool inside)
{
    (void)snprintf(words, 96, "%.90s", label);
    bool word = words[0] >= 'A' && words[0] <= 'Z' && words[1] >= 'a' && words[1] <= 'z';
    words[0] = inside && word ? (char)(words[0] - 'A' + 'a') : words[0];
}

void html_answer(struct text *out, const struct scenario_result *result, const char *lead,
                 const struct html_tile *first)
{
    const struct plan *plan = result->plan;
    size_t who = headline_index(plan);
    const struct column_statistics *net = figure_at(result, MEASURE_NET, who, 0);
    const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH, who, 0);
    bool gains = net->mean >= 0.0;
    double p = gains ? net->p_nonneg : 1.0 - net->p_nonneg;
    char amounts[4][64], label[96], share[32];
    html_of_hundred(share, p);
    struct text words;
    text_init(&words);
    label_in_sentence(label, plan->whos[who].label, lead[0] != '\0');
    html_money(amounts[0], fabs(net->mean));
    html_money(amounts[1], net->q025);
    html_money(amounts[2], net->q975);
    html_money(amounts[3], fabs(cash->mean));
    text_printf(&words,
                "%s%s %s %s over %zu year%s, and %s: %s of 100 draws %s (95 %% interval %s to "
                "%s). In cash it %s %s.",
                lead, label, gains ? "gains" : "loses", amounts[0], plan->n_years,
                plan->n_years == 1 ? "" : "s", certainty_words(p), share,
                gains ? "gain or break even" : "lose", amounts[1], amounts[2],
                cash->mean >= 0.0 ? "gains" : "loses", amounts[3]);
    text_append(out, "<p class=\"answer\">");
    html_sentence(out, words.bytes);
    text_append(out, "</p>\n");
    text_clear(&words);
    write_tiles(out, result, who, first);
    text_init(&words);
    write_exactness(&words, result);
    html_element(out, "p class=\"s\"", words.bytes);
    text_clear(&words);
}

/* ---- who pays, who gains ---- */

/* "Most to gain: Adult social care, £1.2m; most to lose: Public health, £30k". */
static void who_headline(char *words, size_t size, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    size_t most = SIZE_MAX, least = SIZE_MAX;
    double high = 0.5, low = -0.5;
    char amounts[2][48];
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        double net = figure_at(result, MEASURE_NET, who, 0)->mean;
        most = net > high ? who : most;
        least = net < low ? who : least;
        high = fmax(high, net);
        low = fmin(low, net);
    }
    html_short_money(amounts[0], high);
    html_short_money(amounts[1], -low);
    if (most != SIZE_MAX && least != SIZE_MAX) {
        (void)snprintf(words, size, "Most to gain: %s, %s; most to lose: %s, %s",
                       plan->whos[most].label, amounts[0], plan->whos[least].label, amounts[1]);
    } else if (most != SIZE_MAX) {
        (void)snprintf(words, size, "No partner loses on average; most to gain: %s, %s",
                       plan->whos[most].label, amounts[0]);
    } else if (least != SIZE_MAX) {
        (void)snprintf(words, size, "No partner gains on average; most to lose: %s, %s",
                       plan->whos[least].label, amounts[1]);
    } else {
        (void)snprintf(words, size, "No partner gains or loses on average");
    }
}

/* Partners whom nothing happens to are left to the table. */
static bool is_touched(const struct column_statistics *statistics)
{
    return fabs(statistics->mean) >= 0.5 || statistics->sd > 0.0;
}

static double pv(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = figure_at(result, measure, who, 0);
    return statistics != NULL ? statistics->mean : 0.0;
}

static void write_who_table(struct text *out, const struct scenario_result *result)
{
    static const char *const headings[] = {"partner",     "cost",     "cashable",    "not cashable",
                                           "other",       "net",      "2.5 %",       "97.5 %",
                                           "P(net >= 0)", "net cash", "P(cash >= 0)"};
    const struct plan *plan = result->plan;
    html_table_start(out, "Who pays and who gains, £, present values; net cash nominal", headings,
                     11, 1, false);
    for (size_t who = 0; who < plan->n_whos; ++who) {
        const struct column_statistics *net = figure_at(result, MEASURE_NET, who, 0);
        const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH, who, 0);
        double cost = pv(result, MEASURE_PV_COST, who);
        double saved = pv(result, MEASURE_PV_CASHABLE, who);
        double freed = pv(result, MEASURE_PV_NON_CASHABLE, who);
        const double cells[] = {cost,      saved,     freed,    net->mean - saved - freed + cost,
                                net->mean, net->q025, net->q975};
        html_row(out, plan->whos[who].label);
        for (size_t i = 0; i < sizeof cells / sizeof cells[0]; ++i) {
            html_number(out, cells[i], 0);
        }
        html_number(out, net->p_nonneg, 2);
        html_number(out, cash->mean, 0);
        html_number(out, cash->p_nonneg, 2);
        html_row_end(out);
    }
    html_table_end(out);
    html_element(out, "p",
                 "Means over draws; means add over partners, intervals and probabilities do not. "
                 "Other: economic and social value, the value of QALYs where they are monetised, "
                 "and transfers. Money levered in is in no net.");
}

void html_who_figure(struct text *out, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    struct bar *bars = memory_array(plan->n_sector_whos + 1, sizeof *bars);
    char title[320];
    size_t n = 0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        const struct column_statistics *net = figure_at(result, MEASURE_NET, who, 0);
        const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH, who, 0);
        if (!is_touched(net) && !is_touched(cash)) {
            continue;
        }
        bars[n++] = (struct bar){.label = plan->whos[who].label,
                                 .value = net->mean,
                                 .low = net->q025,
                                 .high = net->q975,
                                 .second = cash->mean};
    }
    who_headline(title, sizeof title, result);
    html_figure_start(out, title,
                      "Net by partner: mean of the present value with its 95 % interval, and, "
                      "apart, mean net cash (nominal), £",
                      "half");
    html_bars(out, &(struct bars){.title = "Who pays and who gains, by partner",
                                  .bars = bars,
                                  .n = n,
                                  .value_name = "net gain",
                                  .measure = "net",
                                  .loss_name = "net loss",
                                  .second_name = "net cash",
                                  .format = AXIS_GBP});
    html_details_start(out, "The table behind it");
    write_who_table(out, result);
    html_details_end(out);
    html_figure_end(out);
    free(bars);
}

/* ---- when ---- */

/* Cumulative nominal cash of one partner. */
struct course {
    double *year, *mean, *low, *high;
};

static struct course course_of(const struct scenario_result *result, size_t who)
{
    const struct plan *plan = result->plan;
    double *all = memory_array(4 * plan->n_years + 1, sizeof *all);
    struct course course = {.year = all,
                            .mean = all + plan->n_years,
                            .low = all + 2 * plan->n_years,
                            .high = all + 3 * plan->n_years};
    for (size_t year = 0; year < plan->n_years; ++year) {
        const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH_AT, who, year);
        course.year[year] = plan->scenario->start_year + (double)year;
        course.mean[year] = cash->mean;
        course.low[year] = cash->q025;
        course.high[year] = cash->q975;
    }
    return course;
}

static bool has_cash(const struct scenario_result *result, size_t who)
{
    for (size_t year = 0; year < result->plan->n_years; ++year) {
        const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH_AT, who, year);
        if (cash->mean != 0.0 || cash->sd > 0.0) {
            return true;
        }
    }
    return false;
}

static void draw_course(struct text *out, const struct scenario_result *result, size_t who,
                        unsigned height)
{
    struct course course = course_of(result, who);
    char title[200];
    (void)snprintf(title, sizeof title, "Cumulative cash of %s by financial year",
                   result->plan->whos[who].label);
    const struct series series = {.label = result->plan->whos[who].label,
                                  .y = course.mean,
                                  .low = course.low,
                                  .high = course.high};
    html_lines_figure(out, &(struct lines){.title = title,
                                           .x = course.year,
                                           .n = result->plan->n_years,
                                           .series = &series,
                                           .n_series = 1,
                                           .x_format = AXIS_FINANCIAL_YEAR,
                                           .y_format = AXIS_GBP,
                                           .points = height > 120,
                                           .zero = true,
                                           .still = true,
                                           .height = height});
    free(course.year);
}

/* Cumulative cash at the horizon; its size is what a partner's line is looked at for. */
static double cash_at_end(const struct scenario_result *result, size_t who)
{
    return figure_at(result, MEASURE_NET_CASH_AT, who, result->plan->n_years - 1)->mean;
}

/* True of the partners that matter most in cash: the largest gainer, the largest loser, then the
 * largest of either, MOST in all. */
static bool matters(const struct scenario_result *result, size_t headline, size_t who, size_t most)
{
    double own = cash_at_end(result, who);
    size_t larger = 0, on_side = 0, rivals = 0;
    for (size_t other = 0; other < result->plan->n_sector_whos; ++other) {
        if (other == who || other == headline || !has_cash(result, other)) {
            continue;
        }
        double cash = cash_at_end(result, other);
        bool ahead = fabs(cash) > fabs(own) || (fabs(cash) == fabs(own) && other < who);
        bool same_side = (cash < 0.0) == (own < 0.0);
        larger += ahead ? 1 : 0;
        on_side += ahead && same_side ? 1 : 0;
        rivals += ahead || same_side ? 0 : 1;
    }
    /* A place is kept for the first of the other side where all ahead are of one's own. */
    bool keeps = rivals > 0 && on_side == larger;
    return on_side == 0 || larger + (keeps ? 1 : 0) < most;
}

/* On screen one chart has everybody, to be switched on and off: at first the headline and those who
 * gain or lose most, as far as a chart can be read. */
static void write_courses_data(struct text *out, const struct scenario_result *result,
                               size_t headline)
{
    enum { MAX_ON = 5 };
    const struct plan *plan = result->plan;
    struct course *courses = memory_array(plan->n_sector_whos + 2, sizeof *courses);
    struct series *series = memory_array(plan->n_sector_whos + 2, sizeof *series);
    size_t n = 0;
    for (size_t i = 0; i <= plan->n_sector_whos; ++i) {
        size_t who = i == 0 ? headline : i - 1;
        if (i > 0 && (who == headline || !has_cash(result, who))) {
            continue;
        }
        courses[n] = course_of(result, who);
        series[n] = (struct series){.label = plan->whos[who].label,
                                    .y = courses[n].mean,
                                    .low = courses[n].low,
                                    .high = courses[n].high,
                                    .off = i > 0 && !matters(result, headline, who, MAX_ON - 1)};
        ++n;
    }
    html_lines_data(out, &(struct lines){.title = "Cumulative cash by partner and financial year",
                                         .x = courses[0].year,
                                         .n = plan->n_years,
                                         .series = series,
                                         .n_series = n,
                                         .x_format = AXIS_FINANCIAL_YEAR,
                                         .y_format = AXIS_GBP,
                                         .points = true,
                                         .zero = true,
                                         .height = 260});
    for (size_t i = 0; i < n; ++i) {
        free(courses[i].year);
    }
    free(series);
    free(courses);
}

/* The first year from which mean cumulative cash stays at or above zero. */
static void when_headline(char *words, size_t size, const struct scenario_result *result,
                          size_t who)
{
    const struct plan *plan = result->plan;
    size_t from = plan->n_years;
    while (from > 0 && figure_at(result, MEASURE_NET_CASH_AT, who, from - 1)->mean >= 0.0) {
        --from;
    }
    char year[32];
    payback_words(year, plan, (double)from, "");
    if (from == plan->n_years) {
        (void)snprintf(words, size, "%s does not get its cash back within %zu year%s",
                       plan->whos[who].label, plan->n_years, plan->n_years == 1 ? "" : "s");
    } else if (from == 0) {
        (void)snprintf(words, size, "%s is never out of pocket at the end of a year",
                       plan->whos[who].label);
    } else {
        (void)snprintf(words, size, "%s has its cash back in %s", plan->whos[who].label, year);
    }
}

static void write_when_rows(struct text *out, const struct scenario_result *result, size_t who)
{
    const struct plan *plan = result->plan;
    for (size_t year = 0; year < plan->n_years; ++year) {
        const struct column_statistics *cash = figure_at(result, MEASURE_NET_CASH_AT, who, year);
        char name[16];
        text_format_financial_year(name, plan->scenario->start_year + (int)year);
        html_row(out, plan->whos[who].label);
        html_cell(out, name);
        html_number(out, cash->mean, 0);
        html_number(out, cash->q025, 0);
        html_number(out, cash->q975, 0);
        html_number(out, cash->p_nonneg, 2);
        html_row_end(out);
    }
}

static void write_when_table(struct text *out, const struct scenario_result *result)
{
    static const char *const headings[] = {"partner", "year",   "cumulative cash",
                                           "2.5 %",   "97.5 %", "P(>= 0)"};
    size_t headline = headline_index(result->plan);
    html_table_start(out, "Cumulative net cash by partner and year, £, nominal", headings, 6, 2,
                     false);
    write_when_rows(out, result, headline);
    for (size_t who = 0; who < result->plan->n_sector_whos; ++who) {
        if (who != headline && has_cash(result, who)) {
            write_when_rows(out, result, who);
        }
    }
    html_table_end(out);
}

static void write_panels(struct text *out, const struct scenario_result *result, size_t headline)
{
    const struct plan *plan = result->plan;
    size_t n = 0;
    text_append(out, "<div class=\"panels\">\n");
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        if (who == headline || !has_cash(result, who)) {
            continue;
        }
        text_append(out, "<div>");
        html_element(out, "p class=\"panel\"", plan->whos[who].label);
        draw_course(out, result, who, 80);
        text_append(out, "</div>\n");
        ++n;
    }
    text_append(out, "</div>\n");
    if (n > 0) {
        html_element(out, "p class=\"s panels-note\"", "Each small panel has a scale of its own.");
    }
}

void html_when_figures(struct text *out, const struct scenario_result *result)
{
    size_t headline = headline_index(result->plan);
    char title[256];
    when_headline(title, sizeof title, result, headline);
    html_figure_start(out, title,
                      "Cumulative net cash at the end of each financial year, nominal £: mean "
                      "(line) and 95 % interval (band)",
                      "half");
    draw_course(out, result, headline, 190);
    write_panels(out, result, headline);
    write_courses_data(out, result, headline);
    html_details_start(out, "The table behind it");
    write_when_table(out, result);
    html_details_end(out);
    html_figure_end(out);
}

/* ---- evidence and conventions ---- */

static void write_source(struct text *out, const struct plan_use *use)
{
    const struct parameter *parameter = use->parameter;
    text_append(out, "<td class=\"w\">");
    if (parameter == NULL) {
        text_append(out, "input of the scenario");
    } else if (use->override != NULL) {
        text_append(out, "overridden: ");
        html_text(out, use->override->reason);
    } else if (parameter_is_assumption(parameter) || parameter->source == NULL) {
        text_append(out, "assumption: ");
        html_text(out, parameter->reason);
    } else {
        html_text(out, parameter->source->citation);
        text_append(out, ", ");
        html_text(out, parameter->locator);
        if (parameter->source->url != NULL) {
            text_append(out, " <span class=\"u\">");
            html_text(out, parameter->source->url);
            text_append(out, "</span>");
        }
    }
    text_append(out, "</td>");
}

static void write_figure(struct text *out, double value)
{
    text_printf(out, "<td class=n>%.6g</td>", value);
}

static void write_use(struct text *out, const struct plan_use *use)
{
    const struct parameter *parameter = use->parameter;
    html_row(out, parameter != NULL ? parameter->label : use->input->label);
    html_cell(out, parameter != NULL ? parameter->unit : use->input->unit);
    write_source(out, use);
    write_figure(out, use->distribution.mean);
    write_figure(out, use->distribution.q025);
    write_figure(out, use->distribution.q975);
    html_number(out, parameter != NULL ? parameter->grade : (double)NAN, 0);
    html_row_end(out);
}

void html_evidence(struct text *out, const struct scenario_result *result)
{
    static const char *const headings[] = {"evidence", "unit",   "source", "value",
                                           "2.5 %",    "97.5 %", "grade"};
    const struct plan *plan = result->plan;
    char caption[96];
    (void)snprintf(caption, sizeof caption, "Evidence: %zu figures with sources, grade 1 best to 6",
                   plan->n_uses);
    html_record_start(out, "Evidence with sources");
    html_table_start(out, caption, headings, 7, 3, true);
    for (size_t i = 0; i < plan->n_uses; ++i) {
        write_use(out, &plan->uses[i]);
    }
    html_table_end(out);
    if (isfinite(result->assumption_share)) {
        struct text words;
        text_init(&words);
        text_printf(&words,
                    "Share of the variance of the net that involves assumptions: %.0f %% (Monte "
                    "Carlo error %.0f points).",
                    100.0 * result->assumption_share, 100.0 * result->assumption_share_se);
        html_lines(out, &words);
    }
    html_details_end(out);
}

void html_conventions(struct text *out, const struct report_run *run,
                      const struct scenario_result *result)
{
    struct text lines;
    text_init(&lines);
    html_record_start(out, "Conventions");
    if (result->plan->health != NULL) {
        write_health_notes(&lines, result);
    } else {
        write_conventions(&lines, run, result->plan->scenario, "");
    }
    html_lines(out, &lines);
    html_details_end(out);
}
