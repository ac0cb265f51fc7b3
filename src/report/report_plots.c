/* What a run and its decisions show as plots of characters beside their tables. */
#include "report/report_plots.h"

#include "report/plots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PROGRAMMES = 24, MOST_CELLS = 40, MAX_ROW_WORDS = 160 };

struct plotter {
    struct text *out;
    enum report_plots style;
    size_t width;
};

static struct plotter plotter_of(struct text *out, enum report_plots style, size_t width)
{
    return (struct plotter){.out = out, .style = style, .width = width};
}

/* "Net, GBP" in ASCII, for no pound sign is. */
static const char *pounds_word(const struct plotter *plotter)
{
    return plotter->style == REPORT_PLOTS_ASCII ? "GBP" : "\xC2\xA3";
}

static size_t label_width(const struct plotter *plotter)
{
    size_t width = plotter->width / 4;
    return width < 20 ? 20 : width > 36 ? 36 : width;
}

/* A title, or a line of the key; wrapped, and in ASCII where asked. Takes the words. */
static void say(const struct plotter *plotter, struct text *words)
{
    struct text plain;
    text_init(&plain);
    plots_label(&plain, words->bytes, text_width(words->bytes), plotter->style);
    write_wrapped(plotter->out, plain.bytes, plotter->width, 2);
    text_clear(&plain);
    text_clear(words);
}

static void say_words(const struct plotter *plotter, const char *words)
{
    struct text text;
    text_init(&text);
    text_append(&text, words);
    say(plotter, &text);
}

static void say_key(const struct plotter *plotter, const char *lead)
{
    struct text words;
    text_init(&words);
    bool ascii = plotter->style == REPORT_PLOTS_ASCII;
    text_printf(&words, "%s%s. One axis for all, in %s.", lead,
                ascii ? "# to the right: gain, - to the left: loss, | zero, [..] 95 % interval"
                      : "bar to the right of \xE2\x94\x82: gain, to the left: loss; "
                        "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\xA4 95 % interval",
                pounds_word(plotter));
    say(plotter, &words);
}

/* ---- bars of money ---- */

struct money_row {
    char label[MAX_CELL], words[MAX_ROW_WORDS];
    double mean, low, high;
};

static void money_words(const struct plotter *plotter, struct money_row *row)
{
    char mean[48], low[48], high[48];
    plots_money(mean, row->mean, plotter->style);
    plots_money(low, row->low, plotter->style);
    plots_money(high, row->high, plotter->style);
    if (isfinite(row->low) && isfinite(row->high) && row->low < row->high) {
        (void)snprintf(row->words, MAX_ROW_WORDS, "%s (%s to %s)", mean, low, high);
    } else {
        (void)snprintf(row->words, MAX_ROW_WORDS, "%s", mean);
    }
}

/* Nothing where there is no such figure. */
static void add_row(const struct plotter *plotter, const char *label,
                    const struct column_statistics *statistics, struct money_row *rows, size_t *n)
{
    if (statistics == NULL) {
        return;
    }
    struct money_row *row = &rows[(*n)++];
    (void)snprintf(row->label, MAX_CELL, "%s", label);
    row->mean = statistics->mean;
    row->low = statistics->q025;
    row->high = statistics->q975;
    money_words(plotter, row);
}

static void draw_rows(const struct plotter *plotter, const struct money_row *rows, size_t n)
{
    struct plot_bar *bars = memory_array(n + 1, sizeof *bars);
    for (size_t i = 0; i < n; ++i) {
        bars[i] = (struct plot_bar){.label = rows[i].label,
                                    .value = rows[i].mean,
                                    .low = rows[i].low,
                                    .high = rows[i].high,
                                    .second = (double)NAN,
                                    .words = rows[i].words};
    }
    plots_bars(plotter->out, &(struct plot_bars){.bars = bars,
                                                 .n = n,
                                                 .width = plotter->width,
                                                 .label_width = label_width(plotter),
                                                 .style = plotter->style});
    free(bars);
}

/* ---- programmes ---- */

static const struct column_statistics *of_headline(const struct scenario_result *result,
                                                   enum measure measure)
{
    return result->statistics == NULL
               ? NULL
               : result_find(result, measure, headline_index(result->plan), 0, 0);
}

struct sized_result {
    size_t index;
    double size;
};

static int compare_sizes(const void *left, const void *right)
{
    const struct sized_result *a = left, *b = right;
    int by_size = (a->size < b->size) - (a->size > b->size);
    return by_size != 0 ? by_size : (a->index > b->index) - (a->index < b->index);
}

static int compare_places(const void *left, const void *right)
{
    const struct sized_result *a = left, *b = right;
    return (a->index > b->index) - (a->index < b->index);
}

/* All programmes, or the MOST_PROGRAMMES of the largest net, in their order. */
static size_t choose_results(const struct report_run *run, struct sized_result *chosen)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct column_statistics *net = of_headline(&run->results[i], MEASURE_NET);
        if (net != NULL) {
            chosen[n++] = (struct sized_result){.index = i, .size = fabs(net->mean)};
        }
    }
    if (n > MOST_PROGRAMMES) {
        qsort(chosen, n, sizeof *chosen, compare_sizes);
        n = MOST_PROGRAMMES;
        qsort(chosen, n, sizeof *chosen, compare_places);
    }
    return n;
}

static void say_left_out(const struct plotter *plotter, size_t n_all, size_t n_shown)
{
    struct text words;
    if (n_all == n_shown) {
        return;
    }
    text_init(&words);
    text_printf(&words, "The %zu programmes with the largest net; %zu more are in the table above.",
                n_shown, n_all - n_shown);
    say(plotter, &words);
}

/* The label of the headline perspective, where all share it. */
static const char *perspective_words(const struct report_run *run,
                                     const struct sized_result *chosen, size_t n)
{
    const char *first = NULL;
    for (size_t i = 0; i < n; ++i) {
        const struct plan *plan = run->results[chosen[i].index].plan;
        const char *label = plan->whos[headline_index(plan)].label;
        if (first != NULL && strcmp(first, label) != 0) {
            return "the headline perspective of each";
        }
        first = label;
    }
    return first != NULL ? first : "the headline perspective";
}

static void draw_programmes(const struct plotter *plotter, const struct report_run *run,
                            const struct sized_result *chosen, size_t n)
{
    struct money_row *rows = memory_array(2 * n + 1, sizeof *rows);
    size_t n_rows = 0;
    for (size_t i = 0; i < n; ++i) {
        const struct scenario_result *result = &run->results[chosen[i].index];
        char label[MAX_CELL];
        short_name(label, result->plan->scenario);
        add_row(plotter, label, of_headline(result, MEASURE_NET), rows, &n_rows);
        add_row(plotter, "  in cash", of_headline(result, MEASURE_NET_CASH), rows, &n_rows);
    }
    draw_rows(plotter, rows, n_rows);
    free(rows);
}

/* ---- cumulative cash by year ---- */

struct course {
    char label[MAX_CELL], first[48], last[48], lowest[80], back[48];
    double *values; /* [n_years] */
    size_t n_years;
};

/* Mean cumulative nominal cash; values NULL where there is none. */
static void read_course(const struct plotter *plotter, const struct scenario_result *result,
                        size_t who, const char *label, struct course *course)
{
    const struct plan *plan = result->plan;
    double *values = memory_array(plan->n_years + 1, sizeof *values);
    bool any = false;
    size_t lowest = 0, from = plan->n_years;
    for (size_t year = 0; year < plan->n_years; ++year) {
        const struct column_statistics *cash =
            result_find(result, MEASURE_NET_CASH_AT, who, year, 0);
        values[year] = cash != NULL ? cash->mean : 0.0;
        any = any || values[year] != 0.0;
        lowest = values[year] < values[lowest] ? year : lowest;
    }
    *course = (struct course){.values = values, .n_years = plan->n_years};
    if (!any || plan->n_years == 0) {
        free(values);
        course->values = NULL;
        return;
    }
    while (from > 0 && values[from - 1] >= 0.0) {
        --from;
    }
    char money[48], year[32];
    (void)snprintf(course->label, MAX_CELL, "%s", label);
    plots_money(course->first, values[0], plotter->style);
    plots_money(course->last, values[plan->n_years - 1], plotter->style);
    plots_money(money, values[lowest], plotter->style);
    payback_words(year, plan, (double)lowest, "");
    (void)snprintf(course->lowest, sizeof course->lowest, "%s %s", money, year);
    payback_words(year, plan, (double)from, "");
    (void)snprintf(course->back, sizeof course->back, "%s",
                   from == plan->n_years ? "not in time"
                   : from == 0           ? "never out"
                                         : year);
}

static void put_end(struct text *out, const char *words, size_t width, enum report_plots style)
{
    for (size_t n = text_width(words); n < width; ++n) {
        text_append(out, " ");
    }
    plots_label(out, words, text_width(words) < width ? text_width(words) : width, style);
}

enum { MONEY_WIDTH = 9, LOWEST_WIDTH = 17, BACK_WIDTH = 12 };

static void draw_courses(const struct plotter *plotter, const struct course *courses, size_t n)
{
    size_t used =
        label_width(plotter) + MONEY_WIDTH + 1 + MONEY_WIDTH + 1 + LOWEST_WIDTH + BACK_WIDTH + 2;
    size_t n_cells = plotter->width > used + 8 ? plotter->width - used : 8, longest = 5;
    n_cells = n_cells < MOST_CELLS ? n_cells : MOST_CELLS;
    for (size_t i = 0; i < n; ++i) {
        longest = courses[i].values != NULL && courses[i].n_years + 2 > longest
                      ? courses[i].n_years + 2
                      : longest;
    }
    n_cells = longest < n_cells ? longest : n_cells;
    struct text *out = plotter->out;
    plots_label(out, "", label_width(plotter), plotter->style);
    put_end(out, "first", MONEY_WIDTH, plotter->style);
    text_append(out, " ");
    plots_label(out, "", n_cells, plotter->style);
    text_append(out, " ");
    plots_label(out, "last", MONEY_WIDTH, plotter->style);
    put_end(out, "lowest", LOWEST_WIDTH, plotter->style);
    put_end(out, "cash back", BACK_WIDTH, plotter->style);
    text_append(out, "\n");
    for (size_t i = 0; i < n; ++i) {
        const struct course *course = &courses[i];
        if (course->values == NULL) {
            continue;
        }
        struct plot_range range = {course->values[0], course->values[0]};
        for (size_t year = 0; year < course->n_years; ++year) {
            range.low = fmin(range.low, course->values[year]);
            range.high = fmax(range.high, course->values[year]);
        }
        plots_label(out, course->label, label_width(plotter), plotter->style);
        put_end(out, course->first, MONEY_WIDTH, plotter->style);
        text_append(out, " ");
        size_t shown =
            plots_sparkline(out, &range, course->values, course->n_years, n_cells, plotter->style);
        plots_label(out, "", n_cells - shown + 1, plotter->style);
        plots_label(out, course->last, MONEY_WIDTH, plotter->style);
        put_end(out, course->lowest, LOWEST_WIDTH, plotter->style);
        put_end(out, course->back, BACK_WIDTH, plotter->style);
        text_append(out, "\n");
    }
}

/* The years that all courses span, or those of the first and "own years". */
static void say_years(const struct plotter *plotter, const struct plan *first, bool same,
                      const char *of_what)
{
    struct text words;
    char from[16], to[16];
    text_init(&words);
    text_format_financial_year(from, first->scenario->start_year);
    text_format_financial_year(to, first->scenario->start_year + (int)first->n_years - 1);
    text_append(plotter->out, "\n");
    text_printf(&words, "Cumulative cash by year (%s): means, nominal %s", of_what,
                pounds_word(plotter));
    if (same) {
        text_printf(&words, ", %s to %s", from, to);
    }
    say(plotter, &words);
    text_init(&words);
    text_printf(
        &words,
        "Each line from its own lowest to its own highest year%s; %s where it crosses zero. "
        "Cash back: the year from which it stays at or above zero.",
        same ? "" : ", over its own years",
        plotter->style == REPORT_PLOTS_ASCII ? "|" : "\xE2\x94\x82");
    say(plotter, &words);
}

static void free_courses(struct course *courses, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        free(courses[i].values);
    }
    free(courses);
}

static bool any_course(const struct course *courses, size_t n)
{
    bool any = false;
    for (size_t i = 0; i < n; ++i) {
        any = any || courses[i].values != NULL;
    }
    return any;
}

static void draw_programme_years(const struct plotter *plotter, const struct report_run *run,
                                 const struct sized_result *chosen, size_t n)
{
    struct course *courses = memory_array(n + 1, sizeof *courses);
    const struct plan *first = run->results[chosen[0].index].plan;
    bool same = true;
    for (size_t i = 0; i < n; ++i) {
        const struct scenario_result *result = &run->results[chosen[i].index];
        char label[MAX_CELL];
        short_name(label, result->plan->scenario);
        same = same && result->plan->n_years == first->n_years &&
               result->plan->scenario->start_year == first->scenario->start_year;
        read_course(plotter, result, headline_index(result->plan), label, &courses[i]);
    }
    if (any_course(courses, n)) {
        say_years(plotter, first, same, perspective_words(run, chosen, n));
        draw_courses(plotter, courses, n);
    }
    free_courses(courses, n);
}

/* ---- partners of one result ---- */

static bool is_touched(const struct column_statistics *statistics)
{
    return statistics != NULL && (fabs(statistics->mean) >= 0.5 || statistics->sd > 0.0);
}

void plots_partners(struct text *out, enum report_plots style, const struct scenario_result *result,
                    size_t width)
{
    const struct plan *plan = result->plan;
    const struct plotter plotter = plotter_of(out, style, width);
    struct money_row *rows = memory_array(2 * plan->n_sector_whos + 1, sizeof *rows);
    struct course *courses = memory_array(plan->n_sector_whos + 1, sizeof *courses);
    size_t n = 0, n_courses = 0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        const struct column_statistics *net = result_find(result, MEASURE_NET, who, 0, 0);
        const struct column_statistics *cash = result_find(result, MEASURE_NET_CASH, who, 0, 0);
        if (is_touched(net) || is_touched(cash)) {
            add_row(&plotter, plan->whos[who].label, net, rows, &n);
            add_row(&plotter, "  in cash", cash, rows, &n);
            read_course(&plotter, result, who, plan->whos[who].label, &courses[n_courses++]);
        }
    }
    if (n > 0) {
        text_append(out, "\n");
        say_words(&plotter, "By partner: net present value, and cash apart (nominal)");
        say_key(&plotter, "Means: ");
        draw_rows(&plotter, rows, n);
    }
    if (any_course(courses, n_courses)) {
        say_years(&plotter, plan, true, "by partner");
        draw_courses(&plotter, courses, n_courses);
    }
    free(rows);
    free_courses(courses, n_courses);
}

void plots_programmes(struct text *out, const struct report_run *run, size_t width)
{
    const struct plotter plotter = plotter_of(out, run->plots, width);
    struct sized_result *chosen = memory_array(run->n_results + 1, sizeof *chosen);
    size_t n = choose_results(run, chosen);
    if (n > 0) {
        struct text words;
        text_init(&words);
        text_append(out, "\n");
        text_printf(&words, "By programme (%s): net present value, and cash apart (nominal)",
                    perspective_words(run, chosen, n));
        say(&plotter, &words);
        say_key(&plotter, "Means: ");
        draw_programmes(&plotter, run, chosen, n);
        say_left_out(&plotter, run->n_results, n);
        draw_programme_years(&plotter, run, chosen, n);
    }
    if (run->n_results == 1 && n == 1) {
        plots_partners(out, run->plots, &run->results[0], width);
    }
    free(chosen);
}

void plots_members(struct text *out, enum report_plots style, const struct plots_member *members,
                   size_t n, const char *who, size_t width)
{
    const struct plotter plotter = plotter_of(out, style, width);
    struct money_row *rows = memory_array(2 * n + 1, sizeof *rows);
    struct text words;
    size_t n_rows = 0;
    for (size_t i = 0; i < n; ++i) {
        add_row(&plotter, members[i].label, members[i].net, rows, &n_rows);
        if (members[i].cash != NULL) {
            add_row(&plotter, "  in cash", members[i].cash, rows, &n_rows);
        }
    }
    if (n_rows > 0) {
        text_init(&words);
        text_append(out, "\n");
        text_printf(&words, "What each programme adds (%s): net present value", who);
        say(&plotter, &words);
        say_key(&plotter, "Means: ");
        draw_rows(&plotter, rows, n_rows);
    }
    free(rows);
}

/* ---- decisions ---- */

void plots_tornado(struct text *out, enum report_plots style, const struct sensitivity *sensitivity,
                   size_t n, size_t width)
{
    const struct plotter plotter = plotter_of(out, style, width);
    struct plot_bar *bars = memory_array(n + 1, sizeof *bars);
    char(*words)[MAX_ROW_WORDS] = memory_array(n + 1, sizeof *words);
    for (size_t i = 0; i < n; ++i) {
        const struct tornado_bar *bar = &sensitivity->bars[i];
        char low[48], high[48];
        plots_money(low, bar->at_low, style);
        plots_money(high, bar->at_high, style);
        (void)snprintf(words[i], MAX_ROW_WORDS, "%s, %s", low, high);
        bars[i] = (struct plot_bar){.label = bar->column->identity,
                                    .value = bar->at_high,
                                    .second = bar->at_low,
                                    .low = (double)NAN,
                                    .high = (double)NAN,
                                    .words = words[i]};
    }
    struct text key;
    text_init(&key);
    text_printf(&key,
                "%s at the parameter's low value, %s at its high value, %s with all at their "
                "means; the answer at low, at high. One axis for all, in %s.",
                style == REPORT_PLOTS_ASCII ? "=" : "\xE2\x96\x92",
                style == REPORT_PLOTS_ASCII ? "# (or - below)" : "\xE2\x96\x88",
                style == REPORT_PLOTS_ASCII ? "|" : "\xE2\x94\x82", pounds_word(&plotter));
    say(&plotter, &key);
    plots_bars(out, &(struct plot_bars){.bars = bars,
                                        .n = n,
                                        .centre = sensitivity->central,
                                        .width = width,
                                        .label_width = width / 3,
                                        .style = style});
    text_append(out, "\n");
    free(bars);
    free(words);
}

void plots_information(struct text *out, enum report_plots style, const struct decision *decision,
                       const struct decision_information *const *shown, size_t n, size_t width)
{
    const struct plotter plotter = plotter_of(out, style, width);
    double factor = standard_error_factor(estimate_degrees(&decision->design, decision->n_draws));
    struct money_row *rows = memory_array(n + 1, sizeof *rows);
    for (size_t i = 0; i < n; ++i) {
        double value = decision->scale * shown[i]->value.value;
        double error = decision->scale * factor * shown[i]->value.se;
        (void)snprintf(rows[i].label, MAX_CELL, "%.80s%s", shown[i]->name,
                       shown[i]->kind == INFORMATION_GROUP ? " (group)" : "");
        rows[i].mean = value;
        rows[i].low = value - error;
        rows[i].high = value + error;
        money_words(&plotter, &rows[i]);
    }
    struct text key;
    text_init(&key);
    text_printf(&key, "EVPPI with its 95 %% Monte Carlo interval; one axis from 0, in %s.",
                pounds_word(&plotter));
    say(&plotter, &key);
    draw_rows(&plotter, rows, n);
    text_append(out, "\n");
    free(rows);
}

/* ---- acceptability ---- */

/* The headline's own choice where it is by net benefit, else another of the same who; SIZE_MAX. */
static size_t row_by_effect(const struct decision *decision)
{
    if (decision_headline(decision)->by_effect) {
        return decision->headline;
    }
    for (size_t row = 0; row < decision->n_rows; ++row) {
        if (decision->rows[row].by_effect &&
            decision->rows[row].who == decision_headline(decision)->who) {
            return row;
        }
    }
    return SIZE_MAX;
}

static int compare_points(const void *left, const void *right)
{
    const struct decision_point *const *a = left, *const *b = right;
    return ((*a)->threshold > (*b)->threshold) - ((*a)->threshold < (*b)->threshold);
}

/* Never certain: a share of draws is not. */
static void share_words(char buffer[16], double p)
{
    if (p >= 0.995) {
        memcpy(buffer, ">.99", 5);
    } else if (p <= 0.005) {
        memcpy(buffer, "<.01", 5);
    } else {
        (void)snprintf(buffer, 16, ".%02.0f", 100.0 * p);
    }
}

/* One row of a decision, by threshold. */
struct curve {
    const struct decision *decision;
    const struct decision_row *row;
    const struct decision_point **points; /* [n], rising */
    size_t n;
};

static struct curve curve_of(const struct decision *decision, size_t row)
{
    struct curve curve = {
        .decision = decision,
        .row = &decision->rows[row],
        .points = memory_array(decision->n_points + 1, sizeof(const struct decision_point *))};
    for (size_t i = 0; i < decision->n_points; ++i) {
        if (decision->points[i].row == row) {
            curve.points[curve.n++] = &decision->points[i];
        }
    }
    if (curve.n > 1) {
        qsort((void *)curve.points, curve.n, sizeof *curve.points, compare_points);
    }
    return curve;
}

static const struct decision_point *point_at(const struct curve *curve, double threshold)
{
    for (size_t i = 0; i < curve->n; ++i) {
        if (curve->points[i]->threshold == threshold) {
            return curve->points[i];
        }
    }
    return NULL;
}

/* ".60 at £20,000, .33 at £30,000": at the first thresholds of the pack. */
static void threshold_words(const struct plotter *plotter, const struct curve *curve, size_t option,
                            struct text *words)
{
    enum { MOST_THRESHOLDS = 3 };

    size_t n_said = 0;
    text_append(words, "");
    for (size_t t = 0; t < curve->row->n_thresholds && n_said < MOST_THRESHOLDS; ++t) {
        const struct decision_point *point = point_at(curve, curve->row->thresholds[t]);
        char share[16], money[48];
        if (point != NULL) {
            share_words(share, point->result.p_best[option]);
            text_format_grouped(money, point->threshold, 0);
            text_printf(words, "%s%s at %s%s", n_said > 0 ? ", " : "", share,
                        plotter->style == REPORT_PLOTS_ASCII ? "" : "\xC2\xA3", money);
            ++n_said;
        }
    }
}

static void draw_option(const struct plotter *plotter, const struct curve *curve, size_t option)
{
    struct text words;
    double *values = memory_array(curve->n, sizeof *values);
    text_init(&words);
    threshold_words(plotter, curve, option, &words);
    const char *numbers = words.bytes != NULL ? words.bytes : "";
    size_t n_words = text_width(numbers), label = label_width(plotter);
    size_t used = label + 2 + n_words;
    size_t n_cells = plotter->width > used + 8 ? plotter->width - used : 8;
    n_cells = n_cells < MOST_CELLS ? n_cells : MOST_CELLS;
    for (size_t i = 0; i < curve->n; ++i) {
        values[i] = curve->points[i]->result.p_best[option];
    }
    plots_label(plotter->out, curve->decision->options[option], label, plotter->style);
    text_append(plotter->out, " ");
    size_t drawn = plots_sparkline(plotter->out, &(struct plot_range){0.0, 1.0}, values, curve->n,
                                   n_cells, plotter->style);
    text_append(plotter->out, n_words > 0 ? " " : "");
    size_t room = plotter->width - label - 2 - drawn;
    plots_label(plotter->out, numbers, n_words < room ? n_words : room, plotter->style);
    text_append(plotter->out, "\n");
    text_clear(&words);
    free(values);
}

static void say_curve(const struct plotter *plotter, const struct curve *curve)
{
    const char *pound = plotter->style == REPORT_PLOTS_ASCII ? "GBP " : "\xC2\xA3";
    char low[48], high[48];
    struct text words;
    text_format_grouped(low, curve->points[0]->threshold, 0);
    text_format_grouped(high, curve->points[curve->n - 1]->threshold, 0);
    text_init(&words);
    text_printf(&words,
                "Acceptability, %s: probability that each option is best, from %s%s to %s%s a "
                "QALY; every line from 0 (lowest) to 1 (highest)",
                curve->decision->plan->whos[curve->row->who].label, pound, low, pound, high);
    say(plotter, &words);
}

void plots_acceptability(struct text *out, enum report_plots style, const struct decision *decision,
                         size_t width)
{
    const struct plotter plotter = plotter_of(out, style, width);
    size_t row = row_by_effect(decision);
    if (row == SIZE_MAX) {
        return;
    }
    struct curve curve = curve_of(decision, row);
    if (curve.n > 2) {
        say_curve(&plotter, &curve);
        for (size_t option = 0; option < decision->n_options; ++option) {
            draw_option(&plotter, &curve, option);
        }
        text_append(out, "\n");
    }
    free((void *)curve.points);
}
