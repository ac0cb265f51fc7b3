/* report.html: the document. One file, no network: its style sheet and its scripts are inside,
 * allowed by their hashes. Figures are static until a script draws them as charts on screen. */
#include "report/html.h"
#include "report/report_assurance.h"

#include <math.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- head ---- */

/* 'sha256-...' of an inline style sheet or script, for the content-security policy. */
static void write_hash(struct text *out, const char *bytes)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char words[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = "";
    sha256_init(&context);
    sha256_update(&context, strlen(bytes), (const uint8_t *)bytes);
    sha256_digest(&context, sizeof digest, digest);
    base64_encode_raw(words, sizeof digest, digest);
    text_printf(out, "'sha256-%s'", words);
}

static void write_head(struct text *out, const char *title)
{
    text_append(out, "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src ");
    write_hash(out, html_page_css);
    text_append(out, "; script-src ");
    write_hash(out, html_chart_library);
    text_append(out, " ");
    write_hash(out, html_charts_js);
    text_append(out, " ");
    write_hash(out, html_page_js);
    text_append(out, "; base-uri 'none'; form-action 'none'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<meta name=\"referrer\" content=\"no-referrer\">\n");
    html_element(out, "title", title);
    text_append(out, "<style>");
    text_append(out, html_page_css);
    text_append(out, "</style>\n</head>\n");
}

/* One pattern that the cash bars of all figures share: hatching says cash without colour. */
static const char patterns[] =
    "<svg aria-hidden=\"true\" class=\"patterns\" width=\"0\" height=\"0\"><defs>"
    "<pattern id=\"hatch-pos\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect class=\"hb\" width=\"6\" height=\"6\"/>"
    "<rect class=\"hp\" width=\"3\" height=\"6\"/></pattern>"
    "<pattern id=\"hatch-neg\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(-45)\"><rect class=\"hb\" width=\"6\" height=\"6\"/>"
    "<rect class=\"hn\" width=\"3\" height=\"6\"/></pattern></defs></svg>\n";

/* ---- programmes compared ---- */

/* Results that can be compared: programmes that ran. */
static bool is_compared(const struct report_run *run, size_t i)
{
    return run->results[i].statistics != NULL && run->results[i].plan->health == NULL;
}

static bool has_section(const struct report_run *run, size_t i)
{
    return i < REPORT_MAX_PAGES && !html_is_of_portfolio(run, i);
}

static void write_link(struct text *out, const struct scenario *scenario)
{
    text_append(out, "<a href=\"#s-");
    html_text(out, scenario->id);
    text_append(out, "\">");
    html_text(out, scenario->title);
    text_append(out, "</a>");
}

static double headline_of(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->headline : (double)NAN;
}

/* A kind of flow that a programme does not have is 0. */
static double flow_of(const struct scenario_result *result, enum measure measure, size_t who)
{
    const struct column_statistics *statistics = result_find(result, measure, who, 0, 0);
    return statistics != NULL ? statistics->mean : 0.0;
}

static void compare_row(struct text *out, const struct report_run *run, size_t i)
{
    const struct scenario_result *result = &run->results[i];
    const struct plan *plan = result->plan;
    size_t who = headline_index(plan), total = plan->n_whos - 1;
    const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
    const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
    char when[32], paid[32];
    text_append(out, "<tr><th scope=row>");
    if (has_section(run, i)) {
        write_link(out, plan->scenario);
    } else {
        html_text(out, plan->scenario->title);
    }
    text_append(out, "</th>");
    payback_words(paid, plan, headline_of(result, MEASURE_PAYBACK_DISCOUNTED, who), "never");
    bool doubtful =
        net->p_nonneg < 0.5 && isfinite(headline_of(result, MEASURE_PAYBACK_DISCOUNTED, who));
    (void)snprintf(when, sizeof when, "%s", doubtful ? "likely never" : paid);
    html_cell(out, plan->whos[who].label);
    html_cell(out, when);
    html_number(out, headline_of(result, MEASURE_PV_COST, total), 0);
    html_number(out, flow_of(result, MEASURE_PV_CASHABLE, total), 0);
    html_number(out, flow_of(result, MEASURE_PV_NON_CASHABLE, total), 0);
    html_number(out, net->mean, 0);
    html_number(out, net->q025, 0);
    html_number(out, net->q975, 0);
    html_number(out, net->p_nonneg, 2);
    html_number(out, cash->mean, 0);
    html_number(out, cash->p_nonneg, 2);
    html_number(out, headline_of(result, MEASURE_RETURN_FISCAL, who), 2);
    html_row_end(out);
}

static void compare_table(struct text *out, const struct report_run *run)
{
    static const char *const headings[] = {"programme",
                                           "perspective",
                                           "paid back",
                                           "cost, all",
                                           "cashable, all",
                                           "not cashable, all",
                                           "net",
                                           "2.5 %",
                                           "97.5 %",
                                           "P(net >= 0)",
                                           "net cash",
                                           "P(cash >= 0)",
                                           "fiscal return per £1"};
    html_table_start(out, "Programmes compared, £, present values; net cash nominal", headings, 13,
                     3, true);
    for (size_t i = 0; i < run->n_results; ++i) {
        if (is_compared(run, i)) {
            compare_row(out, run, i);
        }
    }
    html_table_end(out);
    html_element(out, "p class=\"s\"",
                 "Ratios are ratios of means. Cashable savings stop being spent; others free "
                 "capacity; money levered in is a source of funding, never a saving.");
}

static size_t count_compared(const struct report_run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        n += is_compared(run, i) ? 1 : 0;
    }
    return n;
}

static void write_comparison(struct text *out, const struct report_run *run)
{
    if (count_compared(run) < 2) {
        return;
    }
    text_append(out, "<section id=\"compared\">\n");
    html_element(out, "h2",
                 run->n_portfolios > 0 ? "Sets and lengths of funding compared"
                                       : "Programmes compared");
    compare_table(out, run);
    text_append(out, "</section>\n");
}

/* ---- the board page of several programmes ---- */

struct tally {
    size_t n, n_gain, n_sure, n_cash;
    size_t best, surest; /* results; SIZE_MAX none */
};

static struct tally count_gains(const struct report_run *run)
{
    struct tally tally = {.best = SIZE_MAX, .surest = SIZE_MAX};
    double high = 0.0, p = 0.0;
    for (size_t i = 0; i < run->n_results; ++i) {
        if (!is_compared(run, i)) {
            continue;
        }
        const struct scenario_result *result = &run->results[i];
        size_t who = headline_index(result->plan);
        const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
        ++tally.n;
        tally.n_gain += net->mean >= 0.0 ? 1 : 0;
        tally.n_sure += net->p_nonneg >= 0.9 ? 1 : 0;
        tally.n_cash += result_find(result, MEASURE_NET_CASH, who, 0, 0)->mean >= 0.0 ? 1 : 0;
        if (net->mean > high) {
            high = net->mean;
            tally.best = i;
        }
        if (net->mean > 0.0 && net->p_nonneg > p) {
            p = net->p_nonneg;
            tally.surest = i;
        }
    }
    return tally;
}

static bool turns_answer(const struct tornado_bar *bar)
{
    return (bar->at_low < 0.0) != (bar->at_high < 0.0);
}

/* Programmes with a tornado, and those of them whose sign its widest bar alone could turn. */
static size_t count_turns(const struct report_run *run, size_t *n_turns)
{
    size_t n = 0;
    *n_turns = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity =
            is_compared(run, i) ? html_tornado_of(run, i) : NULL;
        if (sensitivity != NULL) {
            ++n;
            *n_turns += turns_answer(&sensitivity->bars[0]) ? 1 : 0;
        }
    }
    return n;
}

static void write_tally(struct text *out, const struct report_run *run, const struct tally *tally)
{
    struct text words;
    text_init(&words);
    text_printf(&words,
                "%zu of %zu programmes gain on average for those they are judged by, %zu of them "
                "with a probability of 0.9 or more; %zu also in cash.",
                tally->n_gain, tally->n, tally->n_sure, tally->n_cash);
    if (tally->best != SIZE_MAX) {
        const struct scenario_result *best = &run->results[tally->best];
        const struct scenario_result *surest = &run->results[tally->surest];
        const struct column_statistics *net =
            result_find(best, MEASURE_NET, headline_index(best->plan), 0, 0);
        char amount[64];
        html_money(amount, net->mean);
        text_printf(&words, " The largest gain is %s from %s (probability %.2f of not losing)",
                    amount, best->plan->scenario->title, net->p_nonneg);
        net = result_find(surest, MEASURE_NET, headline_index(surest->plan), 0, 0);
        if (surest != best) {
            text_printf(&words, "; the surest is %s (%.2f)", surest->plan->scenario->title,
                        net->p_nonneg);
        }
        text_append(&words, ".");
    }
    size_t n_turns, n = count_turns(run, &n_turns);
    if (n > 0) {
        text_printf(&words, " One figure alone could turn %zu of %zu answers.", n_turns, n);
    }
    html_element(out, "p class=\"answer\"", words.bytes);
    text_clear(&words);
}

static int compare_bars(const void *left, const void *right)
{
    const struct bar *a = left, *b = right;
    int by_value = (a->value < b->value) - (a->value > b->value);
    return by_value != 0 ? by_value : strcmp(a->label, b->label);
}

static void net_figure(struct text *out, const struct report_run *run, const struct tally *tally)
{
    struct bar *bars = memory_array(run->n_results + 1, sizeof *bars);
    size_t n = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        if (is_compared(run, i)) {
            const struct scenario_result *result = &run->results[i];
            size_t who = headline_index(result->plan);
            const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
            bars[n++] =
                (struct bar){.label = result->plan->scenario->title,
                             .value = net->mean,
                             .low = net->q025,
                             .high = net->q975,
                             .second = result_find(result, MEASURE_NET_CASH, who, 0, 0)->mean};
        }
    }
    qsort(bars, n, sizeof *bars, compare_bars);
    char title[160];
    (void)snprintf(title, sizeof title, "%zu of %zu programmes gain, %zu of %zu in cash",
                   tally->n_gain, tally->n, tally->n_cash, tally->n);
    html_figure_start(out, title,
                      "Net for each programme's own perspective, largest first: mean present value "
                      "with 95 % interval, and, apart, mean net cash (nominal), £",
                      "half");
    html_bars(out, &(struct bars){.title = "Net by programme",
                                  .bars = bars,
                                  .n = n,
                                  .value_name = "net gain",
                                  .measure = "net",
                                  .loss_name = "net loss",
                                  .second_name = "net cash",
                                  .format = AXIS_GBP});
    text_append(out, "<p><a href=\"#compared\">The table behind it</a></p>\n");
    html_figure_end(out);
    free(bars);
}

/* Sums over programmes would count alternatives twice: each partner's range is shown instead. */
static void partner_row(struct text *out, const struct report_run *run, const struct sector *sector)
{
    size_t n = 0, n_gain = 0, n_lose = 0, n_cash = 0;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct column_statistics *net =
            is_compared(run, i) ? find_statistics(&run->results[i], MEASURE_NET, sector->id) : NULL;
        if (net == NULL) {
            continue;
        }
        ++n;
        n_gain += net->mean > 0.0 ? 1 : 0;
        n_lose += net->mean < 0.0 ? 1 : 0;
        n_cash +=
            find_statistics(&run->results[i], MEASURE_NET_CASH, sector->id)->mean > 0.0 ? 1 : 0;
        low = fmin(low, net->mean);
        high = fmax(high, net->mean);
    }
    if (n > 0) {
        html_row(out, sector->label);
        html_number(out, (double)n_gain, 0);
        html_number(out, (double)n_lose, 0);
        html_number(out, (double)n_cash, 0);
        html_number(out, low, 0);
        html_number(out, high, 0);
        html_row_end(out);
    }
}

static void partner_table(struct text *out, const struct report_run *run)
{
    static const char *const headings[] = {"partner",       "gains in",   "loses in",
                                           "gains cash in", "lowest net", "highest net"};
    html_figure_start(out, "Who pays and who gains, partner by partner",
                      "Number of programmes in which the mean net of a partner is above or below "
                      "zero, and the range of its nets, £. Programmes may be alternatives, so "
                      "nothing is added up",
                      "half");
    html_table_start(out, "Partners over all programmes", headings, 6, 1, false);
    for (size_t s = 0; s < run->library->sectors->n_sectors; ++s) {
        partner_row(out, run, &run->library->sectors->sectors[s]);
    }
    html_table_end(out);
    html_element(out, "p class=\"s\"",
                 "When each programme pays, by partner, and what could change its answer: on its "
                 "own page below, with a fair deal between the partners.");
    html_figure_end(out);
}

/* The widest bar of each programme's tornado: what could change its answer. */
static void change_table(struct text *out, const struct report_run *run)
{
    static const char *const headings[] = {"programme", "moved most by", "turns the answer",
                                           "net at its low value", "net at its high value"};
    size_t n_turns, n = count_turns(run, &n_turns);
    if (n == 0) {
        return;
    }
    char title[160];
    (void)snprintf(title, sizeof title,
                   "What could change it: one figure alone could turn %zu of %zu answers", n_turns,
                   n);
    html_figure_start(out, title,
                      "Of each programme the parameter whose plausible range (or 95 % interval) "
                      "moves the net most, all others at their means; net present value, £",
                      "full");
    html_table_start(out, "What could change each answer", headings, 5, 3, true);
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct sensitivity *sensitivity =
            is_compared(run, i) ? html_tornado_of(run, i) : NULL;
        if (sensitivity == NULL) {
            continue;
        }
        const struct tornado_bar *bar = &sensitivity->bars[0];
        text_append(out, "<tr><th scope=row>");
        write_link(out, run->results[i].plan->scenario);
        text_append(out, "</th>");
        html_cell(out, html_parameter_label(bar->column));
        html_cell(out, turns_answer(bar) ? "yes" : "no");
        html_number(out, bar->at_low, 0);
        html_number(out, bar->at_high, 0);
        html_row_end(out);
    }
    html_table_end(out);
    html_figure_end(out);
}

static void write_overview(struct text *out, const struct report_run *run)
{
    struct tally tally = count_gains(run);
    text_append(out, "<section class=\"board\">\n");
    if (tally.n == 0) {
        html_element(out, "h1", "Which option is best?");
        html_element(out, "p class=\"answer\"",
                     "Models whose options are compared, each with its own page below.");
        text_append(out, "</section>\n");
        return;
    }
    html_element(out, "p class=\"kicker\"", "Programmes compared across partner sectors");
    html_element(out, "h1", "What does each programme return, to whom, and how sure is it?");
    write_tally(out, run, &tally);
    html_element(out, "h2 class=\"part\"", "Which gain, and who pays");
    text_append(out, "<div class=\"figures\">\n");
    net_figure(out, run, &tally);
    partner_table(out, run);
    change_table(out, run);
    text_append(out, "</div>\n</section>\n");
}

/* ---- one scenario ---- */

static void write_programme(struct text *out, const struct report_run *run, size_t index,
                            bool first, struct arena *arena)
{
    const struct scenario_result *result = &run->results[index];
    struct text words;
    html_answer(out, result, "", NULL);
    if (first) { /* between the h1 and the h3 of the figures */
        html_element(out, "h2 class=\"part\"",
                     "Who pays, who gains, when, and what could change it");
    }
    text_append(out, "<div class=\"figures first\">\n");
    html_who_figure(out, result);
    html_when_figures(out, result);
    html_tornado_figure(out, run, index);
    text_append(out, "</div>\n<div class=\"figures\">\n");
    html_deal_figure(out, result);
    html_decision_figures(out, run, index);
    text_append(out, "</div>\n");
    html_decision(out, run, index);
    text_init(&words);
    write_qaly_lines(&words, result, arena);
    html_lines(out, &words);
}

static void write_health(struct text *out, const struct report_run *run, size_t index, bool first)
{
    html_decision_answer(out, run, index);
    if (first) {
        html_element(out, "h2 class=\"part\"", "Options compared");
    }
    write_health_tables(out, &run->results[index], WIDTH_HTML);
    text_append(out, "<div class=\"figures\">\n");
    html_tornado_figure(out, run, index);
    html_decision_figures(out, run, index);
    text_append(out, "</div>\n");
    html_decision(out, run, index);
}

static void write_notes(struct text *out, const struct scenario *scenario)
{
    const char *const notes[] = {scenario->note, scenario->model->note};
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; ++i) {
        if (notes[i] != NULL) {
            text_append(out, "<p class=\"note\">Note: ");
            html_text(out, notes[i]);
            text_append(out, "</p>\n");
        }
    }
}

static void write_scenario(struct text *out, const struct report_run *run, size_t index, bool first,
                           struct arena *arena)
{
    const struct scenario_result *result = &run->results[index];
    const struct scenario *scenario = result->plan->scenario;
    const char *question =
        scenario->question != NULL ? scenario->question : scenario->model->question;
    text_printf(out, "<section class=\"board%s\" id=\"s-", first ? "" : " page");
    html_text(out, scenario->id);
    text_append(out, "\">\n<p class=\"kicker\">");
    html_text(out, first && question != NULL ? scenario->title : scenario->id);
    if (!names_its_place(scenario) || !(first && question != NULL)) {
        text_append(out, scenario->area != NULL ? ", " : "");
        html_text(out, scenario->area);
    }
    text_append(out, "</p>\n");
    html_element(out, first ? "h1" : "h2", first && question != NULL ? question : scenario->title);
    if (!first && question != NULL) {
        html_element(out, "p class=\"question\"", question);
    }
    html_subject_banner(out, run, result);
    if (result->statistics == NULL) {
        text_append(out, "<p class=\"said\">This scenario failed: ");
        html_text(out, result->error.message);
        text_append(out, "</p>\n</section>\n");
        return;
    }
    if (result->plan->health != NULL) {
        write_health(out, run, index, first);
    } else {
        write_programme(out, run, index, first, arena);
    }
    write_notes(out, scenario);
    if (result->plan->health == NULL) {
        html_explanations(out, result);
    }
    html_evidence(out, result);
    html_conventions(out, run, result);
    text_append(out, "</section>\n");
}

/* ---- the document ---- */

static size_t count_sections(const struct report_run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        n += has_section(run, i) ? 1 : 0;
    }
    return n;
}

static void write_contents(struct text *out, const struct report_run *run)
{
    size_t n = count_sections(run);
    if (n < 2 && count_compared(run) < 2) {
        return;
    }
    text_append(out, "<nav aria-label=\"Contents\"><details><summary>Contents</summary><ul>\n");
    if (count_compared(run) >= 2) {
        text_append(out, "<li><a href=\"#compared\">Compared</a></li>\n");
    }
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        text_append(out, "<li><a href=\"#p-");
        html_text(out, run->portfolios[i].portfolio->id);
        text_append(out, "\">");
        html_text(out, run->portfolios[i].portfolio->title);
        text_append(out, "</a></li>\n");
    }
    for (size_t i = 0; i < run->n_results; ++i) {
        if (has_section(run, i)) {
            text_append(out, "<li>");
            write_link(out, run->results[i].plan->scenario);
            text_append(out, "</li>\n");
        }
    }
    text_append(out, "<li><a href=\"#assurance\">Assurance</a></li>\n</ul></details></nav>\n");
}

static void write_warnings(struct text *out, const struct report_run *run)
{
    struct text warnings;
    text_init(&warnings);
    report_warnings(&warnings, run);
    if (warnings.n_bytes > 0) {
        text_append(out, "<section class=\"warnings\">\n");
        html_element(out, "h2", "Warnings");
        html_lines(out, &warnings);
        text_append(out, "</section>\n");
    }
    text_clear(&warnings);
}

static void write_main(struct text *out, const struct report_run *run)
{
    struct arena arena;
    arena_init(&arena);
    bool alone = run->n_portfolios == 0 && run->n_results == 1;
    text_append(out, "<main>\n");
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        html_portfolio(out, run, &run->portfolios[i], i == 0);
    }
    if (run->n_portfolios == 0 && !alone) {
        write_overview(out, run);
    }
    write_comparison(out, run);
    if (alone) { /* its board page is the first screen */
        write_scenario(out, run, 0, true, &arena);
    }
    html_changes(out, run);
    html_expectations(out, run);
    write_warnings(out, run);
    for (size_t i = 0; !alone && i < run->n_results; ++i) {
        if (has_section(run, i)) {
            write_scenario(out, run, i, false, &arena);
        }
    }
    if (run->n_results > REPORT_MAX_PAGES) {
        html_element(out, "p class=\"said\"",
                     "The programmes beyond the first hundred have no page of their own here: "
                     "report.md has them all.");
    }
    html_assurance(out, run);
    text_append(out, "</main>\n");
    arena_clear(&arena);
}

static const char *page_title(const struct report_run *run)
{
    if (run->n_portfolios > 0) {
        return run->portfolios[0].portfolio->title;
    }
    return run->n_results == 1 ? run->results[0].plan->scenario->title : "Programmes compared";
}

/* The notice that its licence asks for in every copy. */
static const char library_notice[] =
    "<details><summary>Charts on screen by Chart.js " DIVIDEND_CHART_LIBRARY_VERSION
    ", under the MIT licence</summary>\n<p class=\"s\">Chart.js, copyright 2014-2022 Chart.js "
    "Contributors; with color, copyright 2018-2021 Jukka Kurkela.</p>\n<p class=\"s\">Permission "
    "is "
    "hereby granted, free of charge, to any person obtaining a copy of this software and "
    "associated "
    "documentation files (the &quot;Software&quot;), to deal in the Software without restriction, "
    "including without limitation the rights to use, copy, modify, merge, publish, distribute, "
    "sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is "
    "furnished to do so, subject to the following conditions:</p>\n<p class=\"s\">The above "
    "copyright notice and this permission notice shall be included in all copies or substantial "
    "portions of the Software.</p>\n<p class=\"s\">THE SOFTWARE IS PROVIDED &quot;AS IS&quot;, "
    "WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES "
    "OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL "
    "THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER "
    "IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE "
    "SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.</p></details>\n";

static void write_footer(struct text *out)
{
    text_append(out, "<footer><p class=\"s\">Numbers, columns and inputs are in the other files of "
                     "this folder: summary.csv, sectors.csv, cashflow.csv, manifest.json. [z]: "
                     "does not apply.</p>\n");
    text_append(out, library_notice);
    text_append(out, "</footer>\n");
}

static void write_script(struct text *out, const char *script)
{
    text_append(out, "<script>");
    text_append(out, script);
    text_append(out, "</script>\n");
}

void write_html(struct text *out, const struct report_run *run)
{
    write_head(out, page_title(run));
    text_append(out, "<body>\n");
    text_append(out, patterns);
    text_append(out, "<header><p class=\"s\">Return on investment in prevention: report of a run "
                     "of dividend ");
    html_text(out, run->program_version);
    text_append(out, ", ");
    write_sampling(out, run);
    text_append(out, "</p>\n");
    html_run_banner(out, run);
    text_append(out, "</header>\n");
    write_contents(out, run);
    write_main(out, run);
    write_footer(out);
    write_script(out, html_page_js);
    write_script(out, html_chart_library);
    write_script(out, html_charts_js);
    text_append(out, "</body>\n</html>\n");
}
