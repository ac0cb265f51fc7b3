/* report.html: the board page of a portfolio: the sets, who pays and gains, the fair deal, the
 * programmes, frontiers, lengths of funding, and who gains by neighbourhood. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct board {
    struct text *out;
    const struct report_run *run;
    const struct portfolio_result *portfolio;
    const struct portfolio_set *set;
    const struct scenario_result *result;
};

bool html_is_of_portfolio(const struct report_run *run, size_t result)
{
    for (size_t p = 0; p < run->n_portfolios; ++p) {
        const struct portfolio_result *portfolio = &run->portfolios[p];
        for (size_t i = 0; i < portfolio->n_sets; ++i) {
            if (portfolio->sets[i].result == result) {
                return true;
            }
        }
        for (size_t i = 0; i < portfolio->n_cliffs; ++i) {
            if (portfolio->cliffs[i].result == result) {
                return true;
            }
        }
    }
    return false;
}

static void write_part(const struct board *board, enum portfolio_part part)
{
    write_portfolio_part(board->out, board->run, board->portfolio, WIDTH_HTML, part);
}

static void write_details(const struct board *board, const char *summary, enum portfolio_part part)
{
    html_details_start(board->out, summary);
    write_part(board, part);
    html_details_end(board->out);
}

static enum axis_format objective_format(const struct board *board)
{
    return strcmp(board->portfolio->objective_unit, "GBP") == 0 ? AXIS_GBP : AXIS_NUMBER;
}

/* ---- the fair deal ---- */

static void write_deal(const struct board *board)
{
    const struct portfolio_deal *deal = &board->set->deal;
    const struct portfolio_sharing *sharing = &deal->bases[DEAL_FISCAL];
    char title[256];
    if (deal->n_partners == 0) {
        return;
    }
    const struct deal_terms terms = {.plan = board->set->plan,
                                     .whos = deal->whos,
                                     .n = deal->n_partners,
                                     .transfers = sharing->smallest,
                                     .cash = deal->bases[DEAL_CASH].net};
    const struct deal_limits limits = deal_limits_of(&terms);
    html_deal_headline(title, &terms, sharing->verdict, sharing->smallest_sum);
    /* Bars on the left, verdict and rules on the right, where there is room. */
    html_figure_start(board->out, title,
                      deal_lacks_cash(&limits)
                          ? "Net in cash of each partner before any transfer, present value, £"
                          : "Smallest transfers that leave nobody worse off (or the most that can "
                            "be made good), present value, £: left of zero is asked to pay, right "
                            "of it receives",
                      "full");
    text_append(board->out, "<div class=\"split\"><div>\n");
    html_transfers_figure(board->out, &terms, sharing->net);
    write_details(board, "Payments by year, and the deal in cash alone", PORTFOLIO_PAYMENTS);
    text_append(board->out, "</div><div>\n");
    write_part(board, PORTFOLIO_DEAL);
    text_append(board->out, "</div></div>\n");
    html_figure_end(board->out);
}

/* ---- frontiers ---- */

static void write_funding(const struct board *board)
{
    const struct portfolio_result *portfolio = board->portfolio;
    double *values = memory_array(2 * portfolio->n_funding + 1, sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < portfolio->n_funding; ++i) {
        if (portfolio->funding[i].solution.found) {
            values[n] = portfolio->funding[i].scale;
            values[portfolio->n_funding + n++] = portfolio->funding[i].solution.value;
        }
    }
    if (n >= 2) {
        const struct series series = {.label = portfolio->portfolio->objective,
                                      .y = values + portfolio->n_funding};
        html_figure_start(board->out, "What a larger or smaller budget would buy",
                          "Objective of the best set as all budgets grow together; across: share "
                          "of the stated budgets",
                          "half");
        html_lines_figure(board->out, &(struct lines){.title = "Portfolio frontier: funding",
                                                      .x = values,
                                                      .n = n,
                                                      .series = &series,
                                                      .n_series = 1,
                                                      .x_format = AXIS_PERCENT,
                                                      .y_format = objective_format(board),
                                                      .x_name = "budgets at ",
                                                      .points = true,
                                                      .zero = true,
                                                      .height = 200});
        static const char *const headings[] = {"share of the budgets", "objective"};
        html_details_start(board->out, "The table behind it");
        html_table_start(board->out, "Objective of the best set by size of all budgets", headings,
                         2, 1, false);
        for (size_t i = 0; i < n; ++i) {
            char words[48];
            (void)snprintf(words, sizeof words, "%.0f %%", 100.0 * values[i]);
            html_row(board->out, words);
            html_number(board->out, values[portfolio->n_funding + i], 0);
            html_row_end(board->out);
        }
        html_table_end(board->out);
        html_details_end(board->out);
        html_figure_end(board->out);
    }
    free(values);
}

struct frontier {
    const char *title, *subtitle, *column;
    const struct portfolio_point *points;
    size_t n;
    enum axis_format format;
    int decimals;
};

static size_t count_programmes(const struct board *board, const struct choice_solution *solution)
{
    size_t n = 0;
    for (size_t k = 0; k < board->portfolio->portfolio->n_programmes; ++k) {
        n += solution->level[k] != CHOICE_OFF ? 1 : 0;
    }
    return n;
}

static void write_frontier_table(const struct board *board, const struct frontier *frontier)
{
    const char *const headings[] = {"point", board->portfolio->portfolio->objective,
                                    frontier->column, "programmes"};
    html_details_start(board->out, "The table behind it");
    html_table_start(board->out, frontier->title, headings, 4, 1, false);
    for (size_t i = 0; i < frontier->n; ++i) {
        char words[32];
        (void)snprintf(words, sizeof words, "%zu", i + 1);
        html_row(board->out, words);
        html_number(board->out, frontier->points[i].x, 0);
        html_number(board->out, frontier->points[i].y, frontier->decimals);
        html_number(board->out, (double)count_programmes(board, &frontier->points[i].solution), 0);
        html_row_end(board->out);
    }
    html_table_end(board->out);
    html_details_end(board->out);
}

static void write_frontier(const struct board *board, const struct frontier *frontier)
{
    if (frontier->n < 2) {
        return;
    }
    double *values = memory_array(2 * frontier->n, sizeof *values);
    for (size_t i = 0; i < frontier->n; ++i) {
        values[i] = frontier->points[i].x;
        values[frontier->n + i] = frontier->points[i].y;
    }
    const struct series series = {.label = frontier->column, .y = values + frontier->n};
    html_figure_start(board->out, frontier->title, frontier->subtitle, "half");
    html_lines_figure(board->out, &(struct lines){.title = frontier->title,
                                                  .x = values,
                                                  .n = frontier->n,
                                                  .series = &series,
                                                  .n_series = 1,
                                                  .x_format = objective_format(board),
                                                  .y_format = frontier->format,
                                                  .x_name = "objective ",
                                                  .decimals = frontier->decimals,
                                                  .points = true,
                                                  .height = 200});
    write_frontier_table(board, frontier);
    html_figure_end(board->out);
    free(values);
}

static void write_frontiers(const struct board *board)
{
    const struct portfolio_result *portfolio = board->portfolio;
    text_append(board->out, "<div class=\"figures\">\n");
    write_funding(board);
    write_frontier(board, &(struct frontier){
                              .title = "Portfolio frontier: value against safety",
                              .subtitle = "Best sets for each level of safety: across, the mean of "
                                          "the objective; up, the probability that it is 0 or more",
                              .column = "P(>= 0)",
                              .points = portfolio->risk,
                              .n = portfolio->n_risk,
                              .format = AXIS_SHARE,
                              .decimals = 3});
    write_frontier(board, &(struct frontier){
                              .title = "Portfolio frontier: value against equality",
                              .subtitle = "Best sets for each fall of the gap: across, the mean of "
                                          "the objective; up, the fall of the slope index of "
                                          "health, QALYs a person",
                              .column = "gap closed",
                              .points = portfolio->equality,
                              .n = portfolio->n_equality,
                              .format = AXIS_NUMBER,
                              .decimals = 6});
    text_append(board->out, "</div>\n");
    if (portfolio->has_choice) {
        write_details(board, "What more money, safety and equality would change", PORTFOLIO_MONEY);
    }
}

/* ---- lengths of funding ---- */

static void cliff_label(char words[32], const struct portfolio_cliff *cliff)
{
    if (cliff->funded_years > 0) {
        (void)snprintf(words, 32, "%zu year%s", cliff->funded_years,
                       cliff->funded_years == 1 ? "" : "s");
    } else {
        (void)snprintf(words, 32, "recurrent");
    }
}

static void write_cliffs(const struct board *board)
{
    const struct portfolio_result *portfolio = board->portfolio;
    struct bar *bars = memory_array(portfolio->n_cliffs + 1, sizeof *bars);
    char(*labels)[32] = memory_array(portfolio->n_cliffs + 1, sizeof *labels);
    size_t n = 0;
    for (size_t i = 0; i < portfolio->n_cliffs; ++i) {
        const struct portfolio_cliff *cliff = &portfolio->cliffs[i];
        const struct scenario_result *result = &board->run->results[cliff->result];
        if (result->statistics == NULL) {
            continue;
        }
        size_t who = headline_index(result->plan);
        const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
        cliff_label(labels[n], cliff);
        bars[n] = (struct bar){.label = labels[n],
                               .value = net->mean,
                               .low = net->q025,
                               .high = net->q975,
                               .second = result_find(result, MEASURE_NET_CASH, who, 0, 0)->mean};
        ++n;
    }
    if (n > 0) {
        html_figure_start(board->out, "When the grant ends: what each length of funding returns",
                          "All programmes at their largest scale, funded for so long: mean net "
                          "present value with 95 % interval, and mean net cash (nominal), £",
                          "full");
        html_bars(board->out, &(struct bars){.title = "Net by length of funding",
                                             .bars = bars,
                                             .n = n,
                                             .value_name = "net gain",
                                             .measure = "net",
                                             .loss_name = "net loss",
                                             .second_name = "net cash",
                                             .format = AXIS_GBP});
        write_details(board, "The table behind it", PORTFOLIO_CLIFFS);
        html_figure_end(board->out);
    }
    free(bars);
    free(labels);
}

/* ---- who gains, by neighbourhood ---- */

static void write_quintiles(const struct board *board)
{
    static const char *const labels[N_QUINTILES] = {"Q1, most deprived fifth", "Q2", "Q3", "Q4",
                                                    "Q5, least deprived fifth"};
    const struct portfolio_equality *equality = &board->set->equality;
    struct bar bars[N_QUINTILES];
    char title[160];
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        const struct interval *benefit = &equality->quintiles[q].net_health_benefit;
        bars[q] = (struct bar){.label = labels[q],
                               .value = benefit->mean,
                               .low = benefit->low,
                               .high = benefit->high,
                               .second = (double)NAN};
    }
    (void)snprintf(
        title, sizeof title, "The gap in health %s, with a probability of %.2f that it narrows",
        equality->gap_closed.mean >= 0.0 ? "narrows" : "widens", equality->p_gap_narrows);
    html_figure_start(board->out, title,
                      "Net health benefit by fifth of deprivation: QALYs gained less those that "
                      "the money would have bought elsewhere; mean and 95 % interval",
                      "half");
    html_bars(board->out, &(struct bars){.title = "Net health benefit by quintile of deprivation",
                                         .bars = bars,
                                         .n = N_QUINTILES,
                                         .value_name = "net health benefit, QALYs",
                                         .format = AXIS_NUMBER});
    write_details(board, "The table behind it", PORTFOLIO_EQUALITY);
    html_figure_end(board->out);
}

static size_t equality_points(const struct portfolio_result *portfolio, struct point *points)
{
    size_t n = 0;
    for (size_t i = 0; i < portfolio->n_sets; ++i) {
        const struct portfolio_equality *equality = &portfolio->sets[i].equality;
        if (equality->judged) {
            points[n++] = (struct point){.label = portfolio->sets[i].words,
                                         .x = equality->total_benefit.mean,
                                         .x_low = equality->total_benefit.low,
                                         .x_high = equality->total_benefit.high,
                                         .y = equality->equality_gain.mean,
                                         .y_low = equality->equality_gain.low,
                                         .y_high = equality->equality_gain.high};
        }
    }
    return n;
}

static void write_equality_table(const struct board *board, const struct point *points, size_t n)
{
    static const char *const headings[] = {
        "set", "health gained, QALYs", "2.5 %", "97.5 %", "equality, QALYs", "2.5 %", "97.5 %"};
    html_details_start(board->out, "The table behind it");
    html_table_start(board->out, "Health gained and what equality itself is worth", headings, 7, 1,
                     false);
    for (size_t i = 0; i < n; ++i) {
        const double cells[] = {points[i].x, points[i].x_low, points[i].x_high,
                                points[i].y, points[i].y_low, points[i].y_high};
        html_row(board->out, points[i].label);
        for (size_t k = 0; k < sizeof cells / sizeof cells[0]; ++k) {
            html_number(board->out, cells[k], 1);
        }
        html_row_end(board->out);
    }
    html_table_end(board->out);
    html_details_end(board->out);
}

static void write_equality_plane(const struct board *board)
{
    struct point points[1 + N_BUDGET_FORMS];
    size_t n = equality_points(board->portfolio, points);
    const struct portfolio_equality *equality = &board->set->equality;
    bool healthier = equality->total_benefit.mean >= 0.0;
    bool fairer = equality->equality_gain.mean >= 0.0;
    char title[200];
    (void)snprintf(title, sizeof title, "%s: on average %s health in all, and a %s spread of it",
                   board->set->words, healthier ? "more" : "less", fairer ? "fairer" : "less fair");
    html_figure_start(board->out, title,
                      "Equality plane: means over draws and 95 % intervals, QALYs of the whole "
                      "area",
                      "half");
    html_plane(board->out,
               &(struct plane){.title = "Equality plane",
                               .points = points,
                               .n = n,
                               .x_name = "health gained in all, net of what the money "
                                         "would have bought elsewhere, QALYs",
                               .y_name = "what the more equal spread is worth, QALYs",
                               .x_format = AXIS_NUMBER,
                               .y_format = AXIS_NUMBER,
                               .x_decimals = 1,
                               .y_decimals = 1,
                               .corners = {"more health, fairer", "less health, fairer",
                                           "less health, less fair", "more health, less fair"}});
    write_equality_table(board, points, n);
    html_figure_end(board->out);
}

/* ---- the page ---- */

static void write_header(const struct board *board, bool first)
{
    const struct portfolio *portfolio = board->portfolio->portfolio;
    text_append(board->out, "<section class=\"board\" id=\"p-");
    html_text(board->out, portfolio->id);
    text_append(board->out, "\">\n");
    html_element(board->out, "p class=\"kicker\"", portfolio->title);
    html_element(board->out, first ? "h1" : "h2",
                 portfolio->question != NULL ? portfolio->question : portfolio->title);
}

/* Which programmes, and what pooling is worth; in full words below, where the set was not found. */
static void write_sets(const struct board *board)
{
    const struct portfolio_result *portfolio = board->portfolio;
    bool all_found = portfolio->has_choice;
    for (size_t i = 0; i < portfolio->n_sets; ++i) {
        all_found =
            all_found && (!portfolio->sets[i].is_choice || portfolio->sets[i].solution.found);
    }
    if (!all_found) {
        write_part(board, PORTFOLIO_SETS);
        return;
    }
    struct text names;
    text_init(&names);
    text_append(board->out, "<dl class=\"sets\">\n");
    for (size_t i = 0; i < portfolio->n_sets; ++i) {
        const struct portfolio_set *set = &portfolio->sets[i];
        if (set->is_choice) {
            names.n_bytes = 0;
            write_programme_names(&names, board->portfolio, &set->solution, NULL);
            html_element(board->out, "dt", set->words);
            html_element(board->out, "dd", names.bytes);
        }
    }
    text_append(board->out, "</dl>\n");
    text_clear(&names);
    write_details(board, "What the sets are worth, and what pooling adds", PORTFOLIO_SETS);
}

/* What to fund, before what it does; who pays without a limit. */
static void write_choice(const struct board *board)
{
    struct text words;
    text_init(&words);
    if (board->set->is_choice) {
        write_portfolio_choice(&words, board->portfolio, board->set);
        html_element(board->out, "p class=\"answer\"", words.bytes);
        words.n_bytes = 0;
    }
    write_portfolio_unlimited(&words, board->portfolio);
    if (words.n_bytes > 0) {
        html_element(board->out, "p", words.bytes);
    }
    text_clear(&words);
}

/* The objective has a card of its own where it is not the headline's net. */
static void write_answer(const struct board *board, const char *lead)
{
    const struct portfolio_result *portfolio = board->portfolio;
    const char *objective = portfolio->portfolio->objective;
    char net[160], value[64], note[200];
    (void)snprintf(net, sizeof net, "net.%s", board->set->plan->scenario->conventions.perspective);
    if (!board->set->is_choice || strcmp(objective, net) == 0) {
        html_answer(board->out, board->result, lead, NULL);
        return;
    }
    if (strcmp(portfolio->objective_unit, "GBP") == 0) {
        html_short_money(value, board->set->solution.value);
    } else {
        text_format_grouped(value, board->set->solution.value, 2);
    }
    (void)snprintf(note, sizeof note, "%.60s%s%.60s, what the set was chosen for",
                   portfolio->objective_label != NULL ? portfolio->objective_label : objective,
                   portfolio->objective_who != NULL ? ", " : "",
                   portfolio->objective_who != NULL ? portfolio->objective_who : "");
    html_answer(board->out, board->result, lead,
                &(struct html_tile){.name = "Objective", .value = value, .note = note});
}

static void write_first_screen(const struct board *board)
{
    char lead[160];
    write_choice(board);
    (void)snprintf(lead, sizeof lead, "With \"%s\", ", board->set->words);
    write_answer(board, lead);
    write_sets(board);
    html_element(board->out, "h2 class=\"part\"",
                 "Who pays, who gains, when, and what could change it");
    text_append(board->out, "<div class=\"figures first\">\n");
    html_who_figure(board->out, board->result);
    html_when_figures(board->out, board->result);
    html_tornado_figure(board->out, board->run, board->set->result);
    text_append(board->out, "</div>\n<div class=\"figures\">\n");
    write_deal(board);
    html_decision_figures(board->out, board->run, board->set->result);
    text_append(board->out, "</div>\n");
    html_decision(board->out, board->run, board->set->result);
}

/* Nothing is funded, or the run of the set failed. */
static void write_nothing(const struct board *board)
{
    bool funds_nothing =
        board->portfolio->standings != NULL && portfolio_main_set(board->portfolio) == NULL;
    struct text words;
    text_init(&words);
    if (funds_nothing && board->portfolio->sets[board->portfolio->n_sets - 1].solution.found) {
        write_portfolio_choice(&words, board->portfolio,
                               &board->portfolio->sets[board->portfolio->n_sets - 1]);
    } else {
        text_append(&words, funds_nothing ? "No set keeps to all budgets, rules and constraints."
                                          : "There is no set of programmes to show.");
    }
    html_element(board->out, "p class=\"answer\"", words.bytes);
    words.n_bytes = 0;
    if (board->portfolio->n_sets == 0) {
        text_clear(&words);
        return;
    }
    write_portfolio_unlimited(&words, board->portfolio);
    if (words.n_bytes > 0) {
        html_element(board->out, "p", words.bytes);
    }
    text_clear(&words);
    write_part(board, PORTFOLIO_SETS);
    if (funds_nothing) {
        html_element(board->out, "h2", "Programmes compared");
        write_part(board, PORTFOLIO_PROGRAMMES);
        html_element(board->out, "h2", "Money");
        write_part(board, PORTFOLIO_MONEY);
        html_record_start(board->out, "Conventions");
        write_part(board, PORTFOLIO_CONVENTIONS);
        html_details_end(board->out);
    }
}

void html_portfolio(struct text *out, const struct report_run *run,
                    const struct portfolio_result *portfolio, bool first)
{
    struct board board = {
        .out = out, .run = run, .portfolio = portfolio, .set = portfolio_page_set(run, portfolio)};
    write_header(&board, first);
    if (board.set == NULL) {
        write_nothing(&board);
        text_append(out, "</section>\n");
        return;
    }
    board.result = &run->results[board.set->result];
    write_first_screen(&board);
    html_element(out, "h2", "Programmes compared");
    html_figure_start(out, "What each programme adds, and whether the best set holds it",
                      "Present values, means over draws", "full");
    write_part(&board, PORTFOLIO_PROGRAMMES);
    html_figure_end(out);
    html_element(out, "h2", "Money, safety and time");
    write_cliffs(&board);
    write_frontiers(&board);
    if (board.set->equality.judged) {
        html_element(out, "h2", "Who gains, by neighbourhood");
        text_append(out, "<div class=\"figures\">\n");
        write_quintiles(&board);
        write_equality_plane(&board);
        text_append(out, "</div>\n");
    }
    html_element(out, "h2", "Where it comes from, evidence and conventions");
    html_explanations(out, board.result);
    html_evidence(out, board.result);
    html_record_start(out, "Conventions");
    write_part(&board, PORTFOLIO_CONVENTIONS);
    html_details_end(out);
    text_append(out, "</section>\n");
}
