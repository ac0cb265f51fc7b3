/* report.html: what --decide worked out: what could change the answer, acceptability, the plane. */
#include "plan/plan_health.h"
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BARS = 8, MAX_SHOWN_OPTIONS = 12 };

static const struct report_decision *made_of(const struct report_run *run, size_t index)
{
    bool made = run->decide && run->decisions != NULL && run->decisions[index].made &&
                run->decisions[index].decision.n_rows > 0;
    return made ? &run->decisions[index] : NULL;
}

const char *html_parameter_label(const struct plan_column *column)
{
    return column->parameter != NULL ? column->parameter->label : column->input->label;
}

static const char *option_label(const struct decision *decision, size_t option)
{
    const struct plan *plan = decision->plan;
    return plan->health != NULL ? plan->health->model->options[option].label
           : plan->bundle != NULL
               ? (option == 0 ? "Without these programmes" : "With these programmes")
           : option == 0 ? "Without the programme"
                         : "With the programme";
}

/* ---- tornado ---- */

static void write_tornado_table(struct text *out, const struct sensitivity *sensitivity)
{
    static const char *const headings[] = {"parameter",     "unit",           "low",  "high",
                                           "answer at low", "answer at high", "swing"};
    html_table_start(out, "What moves the answer, one parameter at a time", headings, 7, 2, true);
    for (size_t i = 0; i < sensitivity->n_bars; ++i) {
        const struct tornado_bar *bar = &sensitivity->bars[i];
        html_row(out, html_parameter_label(bar->column));
        html_cell(out, column_unit_words((char[96]){0}, bar->column));
        text_printf(out, "<td class=n>%.4g</td><td class=n>%.4g</td>", bar->low, bar->high);
        html_number(out, bar->at_low, 0);
        html_number(out, bar->at_high, 0);
        html_number(out, fabs(bar->at_high - bar->at_low), 0);
        html_row_end(out);
    }
    html_table_end(out);
}

static void tornado_words(char *title, size_t title_size, char *subtitle, size_t subtitle_size,
                          const struct sensitivity *sensitivity)
{
    const struct tornado_bar *widest = &sensitivity->bars[0];
    double low = fmin(widest->at_low, widest->at_high),
           high = fmax(widest->at_low, widest->at_high);
    char amounts[3][48];
    html_short_money(amounts[0], low);
    html_short_money(amounts[1], high);
    html_short_money(amounts[2], sensitivity->central);
    (void)snprintf(title, title_size, "%s moves the answer most, from %s to %s%s",
                   html_parameter_label(widest->column), amounts[0], amounts[1],
                   low < 0.0 && high > 0.0 ? ": enough to turn it" : "");
    const struct plan *plan = sensitivity->plan;
    char net[160];
    (void)snprintf(net, sizeof net, "Net of %.100s, present value,",
                   plan->whos[headline_index(plan)].label);
    (void)snprintf(subtitle, subtitle_size,
                   "%s with one parameter at the ends of its plausible range (or 95 %% interval), "
                   "all others at their means (%s), the widest first; its swing at the right",
                   plan->health == NULL ? net : sensitivity->measure, amounts[2]);
}

static void write_tornado(struct text *out, const struct sensitivity *sensitivity)
{
    if (sensitivity->n_bars == 0) {
        return;
    }
    struct bar bars[MAX_BARS];
    size_t n = 0;
    for (; n < sensitivity->n_bars && n < MAX_BARS; ++n) {
        const struct tornado_bar *bar = &sensitivity->bars[n];
        if (n > 0 && fabs(bar->at_high - bar->at_low) < 0.5) {
            break; /* the rest moves nothing */
        }
        bars[n] = (struct bar){.label = html_parameter_label(bar->column),
                               .value = bar->at_high,
                               .second = bar->at_low,
                               .low = (double)NAN,
                               .high = (double)NAN};
    }
    char title[512], subtitle[512];
    tornado_words(title, sizeof title, subtitle, sizeof subtitle, sensitivity);
    html_figure_start(out, title, subtitle, "half");
    html_bars(out, &(struct bars){.title = "What could change the answer",
                                  .bars = bars,
                                  .n = n,
                                  .value_name = "at the parameter's high value",
                                  .second_name = "at its low value",
                                  .format = AXIS_GBP,
                                  .tornado = true,
                                  .centre = sensitivity->central});
    html_details_start(out, "The table behind it");
    write_tornado_table(out, sensitivity);
    html_details_end(out);
    html_figure_end(out);
}

/* ---- acceptability ---- */

static size_t points_of_row(const struct decision *decision, size_t row,
                            const struct decision_point **points)
{
    size_t n = 0;
    for (size_t i = 0; i < decision->n_points; ++i) {
        if (decision->points[i].row == row) {
            points[n++] = &decision->points[i];
        }
    }
    return n;
}

static int compare_points(const void *left, const void *right)
{
    const struct decision_point *const *a = left, *const *b = right;
    return ((*a)->threshold > (*b)->threshold) - ((*a)->threshold < (*b)->threshold);
}

/* The headline's own choice where it is by net benefit, else the first that is. */
static size_t row_by_effect(const struct decision *decision)
{
    if (decision_headline(decision)->by_effect) {
        return decision->headline;
    }
    for (size_t row = 0; row < decision->n_rows; ++row) {
        bool same = decision->rows[row].who == decision_headline(decision)->who;
        if (decision->rows[row].by_effect && same) {
            return row;
        }
    }
    for (size_t row = 0; row < decision->n_rows; ++row) {
        if (decision->rows[row].by_effect) {
            return row;
        }
    }
    return SIZE_MAX;
}

static void write_acceptability_table(struct text *out, const struct decision *decision,
                                      const struct decision_point *const *points, size_t n)
{
    const char *headings[MAX_SHOWN_OPTIONS + 2] = {"£ a QALY", "best on average"};
    size_t n_options =
        decision->n_options < MAX_SHOWN_OPTIONS ? decision->n_options : MAX_SHOWN_OPTIONS;
    for (size_t o = 0; o < n_options; ++o) {
        headings[o + 2] = option_label(decision, o);
    }
    html_table_start(out, "Probability of being the best choice, by threshold", headings,
                     n_options + 2, 2, false);
    size_t step = n > 24 ? (n + 19) / 20 : 1;
    for (size_t i = 0; i < n; i += step) {
        char threshold[48];
        text_format_grouped(threshold, points[i]->threshold, 0);
        html_row(out, threshold);
        html_cell(out, option_label(decision, points[i]->result.best));
        for (size_t o = 0; o < n_options; ++o) {
            html_number(out, points[i]->result.p_best[o], 3);
        }
        html_row_end(out);
    }
    html_table_end(out);
    if (step > 1) {
        html_element(out, "p", "Some thresholds; all are in uncertainty/acceptability.csv.");
    }
}

static void draw_acceptability(struct text *out, const struct decision *decision,
                               const struct decision_point *const *points, size_t n)
{
    size_t n_options =
        decision->n_options < MAX_SHOWN_OPTIONS ? decision->n_options : MAX_SHOWN_OPTIONS;
    double *values = memory_array((n_options + 1) * n + 1, sizeof *values);
    struct series series[MAX_SHOWN_OPTIONS];
    for (size_t i = 0; i < n; ++i) {
        values[i] = points[i]->threshold;
        for (size_t o = 0; o < n_options; ++o) {
            values[(o + 1) * n + i] = points[i]->result.p_best[o];
        }
    }
    for (size_t o = 0; o < n_options; ++o) {
        series[o] = (struct series){.label = option_label(decision, o), .y = values + (o + 1) * n};
    }
    html_lines_figure(out, &(struct lines){.title = "Cost-effectiveness acceptability curve",
                                           .x = values,
                                           .n = n,
                                           .series = series,
                                           .n_series = n_options,
                                           .x_format = AXIS_GBP,
                                           .y_format = AXIS_SHARE,
                                           .x_name = "a QALY worth ",
                                           .decimals = 3,
                                           .zero = true,
                                           .height = 220});
    free(values);
}

static void write_acceptability(struct text *out, const struct decision *decision)
{
    size_t row = row_by_effect(decision);
    if (row == SIZE_MAX) {
        return;
    }
    const struct decision_point **points =
        memory_array(decision->n_points + 1, sizeof(const struct decision_point *));
    size_t n = points_of_row(decision, row, points);
    if (n > 2) {
        qsort((void *)points, n, sizeof *points, compare_points);
        const struct choice_result *first = &points[0]->result, *last = &points[n - 1]->result;
        char title[320], subtitle[320];
        if (first->best == last->best) {
            (void)snprintf(title, sizeof title, "Best on average at every threshold shown: %s",
                           option_label(decision, first->best));
        } else {
            (void)snprintf(title, sizeof title,
                           "What is best depends on what a QALY is worth: %s at the lowest "
                           "threshold, %s at the highest",
                           option_label(decision, first->best), option_label(decision, last->best));
        }
        (void)snprintf(subtitle, sizeof subtitle,
                       "Probability that each option is the best choice for %s, against the value "
                       "of a QALY, £; %zu draws",
                       decision->plan->whos[decision->rows[row].who].label, decision->n_draws);
        html_figure_start(out, title, subtitle, "half");
        draw_acceptability(out, decision, points, n);
        html_details_start(out, "The table behind it");
        write_acceptability_table(out, decision, points, n);
        html_details_end(out);
        html_figure_end(out);
    }
    free((void *)points);
}

/* ---- the cost-effectiveness plane ---- */

/* The 95 % ellipse of two normals, in standard deviations. */
static const double ellipse_radius = 2.447746830680816;

static void write_plane_table(struct text *out, const struct decision *decision, size_t row)
{
    static const char *const headings[] = {"option",
                                           "dearer by, £",
                                           "sd",
                                           "better by",
                                           "sd",
                                           "dearer and better",
                                           "cheaper and better",
                                           "cheaper and worse",
                                           "dearer and worse"};
    html_table_start(out, "Cost and effect against the reference", headings, 9, 1, false);
    for (size_t i = 0; i < decision->n_planes; ++i) {
        const struct decision_plane *plane = &decision->planes[i];
        if (plane->row != row) {
            continue;
        }
        html_row(out, option_label(decision, plane->option));
        html_number(out, plane->cost.value, 2);
        html_number(out, plane->cost_sd, 2);
        html_number(out, plane->effect.value, 4);
        html_number(out, plane->effect_sd, 4);
        for (size_t q = 0; q < 4; ++q) {
            html_number(out, plane->quadrants[q], 3);
        }
        html_row_end(out);
    }
    html_table_end(out);
}

/* The first draws of the run: enough to see their shape, few enough to send. */
enum { CLOUD = 200 };

static size_t cloud_size(const struct decision *decision, size_t n_points)
{
    size_t each = CLOUD / (n_points > 0 ? n_points : 1);
    return each < decision->n_draws ? each : decision->n_draws;
}

static void quadrant_words(char words[256], const struct decision_plane *plane)
{
    char shares[4][32];
    for (size_t q = 0; q < 4; ++q) {
        html_of_hundred(shares[q], plane->quadrants[q]);
    }
    (void)snprintf(words, 256,
                   "Of 100 draws %s are dearer and better, %s cheaper and better, %s cheaper and "
                   "worse, %s dearer and worse",
                   shares[0], shares[1], shares[2], shares[3]);
}

static size_t plane_points(const struct decision *decision, size_t row, struct point *points,
                           char (*notes)[256])
{
    const struct choice *choice = &decision->rows[row].choice;
    size_t n = 0, n_points = 0;
    for (size_t i = 0; i < decision->n_planes; ++i) {
        n_points += decision->planes[i].row == row ? 1 : 0;
    }
    for (size_t i = 0; i < decision->n_planes; ++i) {
        const struct decision_plane *plane = &decision->planes[i];
        if (plane->row == row) {
            quadrant_words(notes[n], plane);
            points[n] = (struct point){.label = option_label(decision, plane->option),
                                       .x = plane->effect.value,
                                       .y = plane->cost.value,
                                       .x_low = (double)NAN,
                                       .x_high = (double)NAN,
                                       .y_low = (double)NAN,
                                       .y_high = (double)NAN,
                                       .x_radius = ellipse_radius * plane->effect_sd,
                                       .y_radius = ellipse_radius * plane->cost_sd,
                                       .tilt = plane->correlation,
                                       .note = notes[n],
                                       .x_draws = choice->effects[plane->option - 1],
                                       .y_draws = choice->costs[plane->option - 1],
                                       .n_draws = cloud_size(decision, n_points)};
            ++n;
        }
    }
    return n;
}

/* The first option of the row and the quadrant in which most of its draws lie. */
static void plane_headline(char title[320], const struct decision *decision, size_t row)
{
    static const char *const quadrants[] = {"dearer and better", "cheaper and better",
                                            "cheaper and worse", "dearer and worse"};
    size_t first = 0, most = 0;
    while (decision->planes[first].row != row) {
        ++first;
    }
    const struct decision_plane *plane = &decision->planes[first];
    for (size_t q = 1; q < 4; ++q) {
        most = plane->quadrants[q] > plane->quadrants[most] ? q : most;
    }
    char share[32];
    html_of_hundred(share, plane->quadrants[most]);
    (void)snprintf(title, 320, "%s: %s in %s of 100 draws", option_label(decision, plane->option),
                   quadrants[most], share);
}

static void write_plane(struct text *out, const struct decision *decision)
{
    size_t row = row_by_effect(decision);
    struct point *points = memory_array(decision->n_planes + 1, sizeof *points);
    char(*notes)[256] = memory_array(decision->n_planes + 1, sizeof *notes);
    size_t n = row == SIZE_MAX ? 0 : plane_points(decision, row, points, notes);
    if (n > 0) {
        char title[320];
        plane_headline(title, decision, row);
        html_figure_start(out, title,
                          "Cost-effectiveness plane against the reference: means, ellipses that "
                          "hold 95 % of draws if both are normal, and some draws",
                          "half");
        html_plane(out, &(struct plane){.title = "Cost-effectiveness plane",
                                        .points = points,
                                        .n = n,
                                        .x_name = "effect gained against the reference",
                                        .y_name = "cost added against the reference, £",
                                        .x_format = AXIS_NUMBER,
                                        .y_format = AXIS_GBP,
                                        .x_decimals = 4,
                                        .y_decimals = 2,
                                        .corners = {"dearer, better", "dearer, worse",
                                                    "cheaper, worse", "cheaper, better"}});
        html_details_start(out, "The table behind it");
        write_plane_table(out, decision, row);
        html_details_end(out);
        html_figure_end(out);
    }
    free(notes);
    free(points);
}

/* ---- all of it ---- */

void html_decision_answer(struct text *out, const struct report_run *run, size_t index)
{
    const struct report_decision *made = made_of(run, index);
    struct text words;
    if (made != NULL) {
        text_init(&words);
        write_decision_answer(&words, &made->decision, &run->results[index]);
        html_element(out, "p class=\"answer\"", words.bytes);
        text_clear(&words);
    }
}

const struct sensitivity *html_tornado_of(const struct report_run *run, size_t index)
{
    const struct report_decision *made = made_of(run, index);
    const struct sensitivity *sensitivity = made != NULL            ? &made->sensitivity
                                            : run->tornados != NULL ? &run->tornados[index]
                                                                    : NULL;
    return sensitivity != NULL && sensitivity->n_bars > 0 ? sensitivity : NULL;
}

void html_tornado_figure(struct text *out, const struct report_run *run, size_t index)
{
    const struct sensitivity *sensitivity = html_tornado_of(run, index);
    if (sensitivity != NULL) {
        write_tornado(out, sensitivity);
    }
}

void html_decision_figures(struct text *out, const struct report_run *run, size_t index)
{
    const struct report_decision *made = made_of(run, index);
    if (made != NULL) {
        write_acceptability(out, &made->decision);
        write_plane(out, &made->decision);
    }
}

void html_decision(struct text *out, const struct report_run *run, size_t index)
{
    if (!run->decide) {
        html_element(out, "p class=\"said\"",
                     "How safe the decision is was not worked out: run again with --decide for "
                     "probabilities of being best, switching values and the worth of better "
                     "evidence.");
    } else if (made_of(run, index) == NULL) {
        html_element(out, "p class=\"said\"",
                     run->decisions[index].made
                         ? "One option: there is nothing to choose."
                         : "What could change the answer is not worked out for this one.");
    } else {
        html_details_start(out, "The decision in words and tables");
        write_decision(out, run, index, WIDTH_HTML);
        html_details_end(out);
    }
}
