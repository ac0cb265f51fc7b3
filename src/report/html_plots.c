/* report.html: lines over time or thresholds, and points in a plane. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>

enum { TOP = 14, X_AXIS_ROOM = 24, MAX_MARKS = 30, ELLIPSE_POINTS = 48, N_DASHES = 6 };

/* Plots of a height in pixels and any width: curves are in a nested drawing that is stretched,
 * words and marks are placed by percentages and keep their size. */
struct plot {
    struct text *out;
    struct axis x, y;
    unsigned height;
};

static double pixel_y(const struct plot *plot, double value)
{
    return TOP + (double)plot->height * (1.0 - 0.01 * axis_percent(&plot->y, value));
}

static void start_plot(const struct plot *plot, const char *title)
{
    text_printf(plot->out,
                "<svg class=\"chart\" role=\"img\" width=\"100%%\" height=\"%u\" aria-label=\"",
                TOP + plot->height + X_AXIS_ROOM);
    html_text(plot->out, title);
    text_append(plot->out, "\"><title>");
    html_text(plot->out, title);
    text_append(plot->out, "</title>");
}

static void draw_grid(const struct plot *plot)
{
    struct text *out = plot->out;
    size_t n = (size_t)((plot->y.high - plot->y.low) / plot->y.step + 0.5);
    for (size_t i = 0; i <= n; ++i) {
        double value = plot->y.low + (double)i * plot->y.step, y = pixel_y(plot, value);
        bool zero = fabs(value) < 1e-9 * plot->y.step;
        text_printf(out, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    zero ? "z" : "g", y, y);
    }
}

static void draw_y_words(const struct plot *plot)
{
    size_t n = (size_t)((plot->y.high - plot->y.low) / plot->y.step + 0.5);
    for (size_t i = 0; i <= n; ++i) {
        double value = plot->y.low + (double)i * plot->y.step;
        char words[48];
        axis_tick_words(words, &plot->y, value);
        text_printf(plot->out, "<text class=\"t a\" x=\"0\" y=\"%.1f\">%s</text>",
                    pixel_y(plot, value) - 3.0, words);
    }
}

static void draw_x_words(const struct plot *plot)
{
    const struct axis *x = &plot->x;
    double first = x->step * ceil(x->low / x->step - 1e-9);
    unsigned base = TOP + plot->height;
    if (x->format == AXIS_FINANCIAL_YEAR) {
        first = x->low; /* the first year, then by steps */
    }
    double last = x->high + 1e-9 * x->step;
    for (int tick = 0; tick < 100 && first + tick * x->step <= last; ++tick) {
        double value = first + tick * x->step;
        char words[48];
        double place = axis_percent(x, value);
        axis_tick_words(words, x, value);
        text_printf(plot->out,
                    "<line class=\"g\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%u\" y2=\"%u\"/>"
                    "<text class=\"t %s\" x=\"%.3f%%\" y=\"%u\">%s</text>",
                    place, place, base, base + 5,
                    place < 6.0    ? "a"
                    : place > 94.0 ? "e"
                                   : "m",
                    place, base + 18, words);
    }
}

static void start_curves(const struct plot *plot)
{
    text_printf(plot->out,
                "<svg x=\"0\" y=\"%d\" width=\"100%%\" height=\"%u\" viewBox=\"0 0 100 100\" "
                "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                TOP, plot->height);
}

static void add_place(const struct plot *plot, double x, double y)
{
    text_printf(plot->out, "%.3g,%.4g ", axis_percent(&plot->x, x),
                100.0 - axis_percent(&plot->y, y));
}

static void draw_band(const struct plot *plot, const struct lines *lines,
                      const struct series *series)
{
    if (series->low == NULL || lines->n < 2 || !isfinite(series->low[lines->n - 1])) {
        return;
    }
    text_append(plot->out, "<polygon class=\"band\" points=\"");
    for (size_t i = 0; i < lines->n; ++i) {
        add_place(plot, lines->x[i], series->high[i]);
    }
    for (size_t i = lines->n; i > 0; --i) {
        add_place(plot, lines->x[i - 1], series->low[i - 1]);
    }
    text_append(plot->out, "\"/>");
}

static void draw_line(const struct plot *plot, const struct lines *lines,
                      const struct series *series, size_t index)
{
    text_printf(plot->out, "<polyline class=\"line d%zu\" points=\"", index % N_DASHES);
    for (size_t i = 0; i < lines->n; ++i) {
        if (isfinite(series->y[i])) {
            add_place(plot, lines->x[i], series->y[i]);
        }
    }
    text_append(plot->out, "\"/>");
}

static void draw_marks(const struct plot *plot, const struct lines *lines,
                       const struct series *series)
{
    for (size_t i = 0; i < lines->n && lines->n <= MAX_MARKS; ++i) {
        if (isfinite(series->y[i])) {
            text_printf(plot->out, "<circle class=\"dot\" cx=\"%.3f%%\" cy=\"%.1f\" r=\"3\"/>",
                        axis_percent(&plot->x, lines->x[i]), pixel_y(plot, series->y[i]));
        }
    }
}

static void write_line_key(struct text *out, const struct lines *lines)
{
    text_append(out, "<ul class=\"key\">");
    for (size_t i = 0; i < lines->n_series; ++i) {
        text_printf(out,
                    "<li><svg aria-hidden=\"true\" width=\"34\" height=\"12\"><path class=\"line "
                    "d%zu\" d=\"M0 6H34\"/></svg> ",
                    i % N_DASHES);
        html_text(out, lines->series[i].label);
        text_append(out, "</li>");
    }
    text_append(out, "</ul>\n");
}

static void describe_lines(const struct plot *plot, const struct lines *lines)
{
    text_append(plot->out, "<desc>");
    for (size_t i = 0; i < lines->n_series && lines->n > 0; ++i) {
        const struct series *series = &lines->series[i];
        char words[4][48];
        axis_words(words[0], &plot->y, series->y[0]);
        axis_words(words[1], &plot->x, lines->x[0]);
        axis_words(words[2], &plot->y, series->y[lines->n - 1]);
        axis_words(words[3], &plot->x, lines->x[lines->n - 1]);
        text_append(plot->out, i > 0 ? "; " : "");
        html_text(plot->out, series->label);
        text_printf(plot->out, ": from %s at %s to %s at %s", words[0], words[1], words[2],
                    words[3]);
    }
    text_append(plot->out, "</desc>");
}

static struct plot plot_of_lines(struct text *out, const struct lines *lines)
{
    struct plot plot = {.out = out,
                        .x = axis_new(lines->x_format),
                        .y = axis_new(lines->y_format),
                        .height = lines->height};
    for (size_t i = 0; i < lines->n; ++i) {
        axis_include(&plot.x, lines->x[i]);
        for (size_t s = 0; s < lines->n_series; ++s) {
            const struct series *series = &lines->series[s];
            axis_include(&plot.y, series->y[i]);
            axis_include(&plot.y, series->low != NULL ? series->low[i] : (double)NAN);
            axis_include(&plot.y, series->high != NULL ? series->high[i] : (double)NAN);
        }
    }
    axis_include(&plot.y, lines->zero ? 0.0 : (double)NAN);
    axis_finish(&plot.x, lines->height > 120 ? 4 : 2, false);
    axis_finish(&plot.y, lines->height > 120 ? 5 : 2, true);
    if (lines->height <= 120) { /* a panel has room for the first and the last year */
        plot.x.step = plot.x.high - plot.x.low;
    }
    return plot;
}

void html_lines_figure(struct text *out, const struct lines *lines)
{
    struct plot plot = plot_of_lines(out, lines);
    if (lines->n_series > 1) {
        write_line_key(out, lines);
    }
    start_plot(&plot, lines->title);
    describe_lines(&plot, lines);
    draw_grid(&plot);
    start_curves(&plot);
    for (size_t s = 0; s < lines->n_series; ++s) {
        draw_band(&plot, lines, &lines->series[s]);
    }
    for (size_t s = 0; s < lines->n_series; ++s) {
        draw_line(&plot, lines, &lines->series[s], s);
    }
    text_append(out, "</svg>");
    for (size_t s = 0; lines->points && s < lines->n_series; ++s) {
        draw_marks(&plot, lines, &lines->series[s]);
    }
    draw_y_words(&plot);
    draw_x_words(&plot);
    text_append(out, "</svg>\n");
    if (!lines->still) {
        html_lines_data(out, lines);
    }
}

/* ---- planes ---- */

static void draw_cloud(const struct plot *plot, const struct point *point)
{
    if (point->n_draws == 0) {
        return;
    }
    text_append(plot->out, "<path class=\"cloud\" d=\"");
    for (size_t i = 0; i < point->n_draws; ++i) {
        text_printf(plot->out, "M%.3g,%.3gh0", axis_percent(&plot->x, point->x_draws[i]),
                    100.0 - axis_percent(&plot->y, point->y_draws[i]));
    }
    text_append(plot->out, "\"/>");
}

static struct plot plot_of_plane(struct text *out, const struct plane *plane)
{
    struct plot plot = {
        .out = out, .x = axis_new(plane->x_format), .y = axis_new(plane->y_format), .height = 300};
    axis_include(&plot.x, 0.0);
    axis_include(&plot.y, 0.0);
    for (size_t i = 0; i < plane->n; ++i) {
        const struct point *point = &plane->points[i];
        for (int side = -1; side <= 1; ++side) {
            axis_include(&plot.x, point->x + side * point->x_radius);
            axis_include(&plot.y, point->y + side * point->y_radius);
        }
        for (size_t k = 0; k < point->n_draws; ++k) {
            axis_include(&plot.x, point->x_draws[k]);
            axis_include(&plot.y, point->y_draws[k]);
        }
        axis_include(&plot.x, point->x_low);
        axis_include(&plot.x, point->x_high);
        axis_include(&plot.y, point->y_low);
        axis_include(&plot.y, point->y_high);
    }
    axis_finish(&plot.x, 4, true);
    axis_finish(&plot.y, 5, true);
    return plot;
}

/* x = rx cos(a), y = ry sin(a + asin(correlation)): the ellipse of two correlated normals. */
static void draw_ellipse(const struct plot *plot, const struct point *point)
{
    double rest = sqrt(fmax(0.0, 1.0 - point->tilt * point->tilt));
    if (!(point->x_radius > 0.0) && !(point->y_radius > 0.0)) {
        return;
    }
    text_append(plot->out, "<polygon class=\"band ring\" points=\"");
    for (int i = 0; i < ELLIPSE_POINTS; ++i) {
        double angle = 6.283185307179586 * i / ELLIPSE_POINTS;
        double u = cos(angle), v = point->tilt * u + rest * sin(angle);
        add_place(plot, point->x + point->x_radius * u, point->y + point->y_radius * v);
    }
    text_append(plot->out, "\"/>");
}

static void draw_cross(const struct plot *plot, const struct point *point)
{
    double x = axis_percent(&plot->x, point->x), y = pixel_y(plot, point->y);
    if (isfinite(point->x_low)) {
        text_printf(
            plot->out, "<line class=\"ci\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
            axis_percent(&plot->x, point->x_low), axis_percent(&plot->x, point->x_high), y, y);
    }
    if (isfinite(point->y_low)) {
        text_printf(plot->out,
                    "<line class=\"ci\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%.1f\" y2=\"%.1f\"/>", x,
                    x, pixel_y(plot, point->y_low), pixel_y(plot, point->y_high));
    }
}

static void draw_point(const struct plot *plot, const struct point *point, size_t number)
{
    double x = axis_percent(&plot->x, point->x), y = pixel_y(plot, point->y);
    draw_cross(plot, point);
    text_printf(plot->out,
                "<circle class=\"dot\" cx=\"%.3f%%\" cy=\"%.1f\" r=\"9\"/><text class=\"num\" "
                "x=\"%.3f%%\" y=\"%.1f\">%zu</text>",
                x, y, x, y + 4.0, number);
}

/* Words of a quadrant stand beside the upright axis, where the quadrant has room for them. */
static void draw_corners(const struct plot *plot, const struct plane *plane)
{
    double zero = axis_percent(&plot->x, 0.0);
    for (size_t i = 0; i < 4; ++i) {
        bool right = i == 0 || i == 3, top = i < 2;
        bool room =
            (right ? zero < 70.0 : zero > 40.0) && (top ? plot->y.high > 0.0 : plot->y.low < 0.0);
        if (room) {
            text_printf(plot->out, "<text class=\"s e\" x=\"%.3f%%\" y=\"%u\">",
                        right ? 100.0 : zero - 1.0, top ? TOP + 13 : TOP + plot->height - 6);
            html_text(plot->out, plane->corners[i]);
            text_append(plot->out, "</text>");
        }
    }
}

static void write_point_key(struct text *out, const struct plane *plane)
{
    text_append(out, "<ol class=\"points\">");
    for (size_t i = 0; i < plane->n; ++i) {
        html_element(out, "li", plane->points[i].label);
    }
    text_append(out, "</ol>\n<p class=\"axes\">Across: ");
    html_text(out, plane->x_name);
    text_append(out, ". Up: ");
    html_text(out, plane->y_name);
    text_append(out, ".</p>\n");
}

static void describe_plane(const struct plot *plot, const struct plane *plane)
{
    text_append(plot->out, "<desc>");
    for (size_t i = 0; i < plane->n; ++i) {
        char x[48], y[48];
        axis_words(x, &plot->x, plane->points[i].x);
        axis_words(y, &plot->y, plane->points[i].y);
        text_append(plot->out, i > 0 ? "; " : "");
        html_text(plot->out, plane->points[i].label);
        text_printf(plot->out, ": %s across, %s up", x, y);
    }
    text_append(plot->out, "</desc>");
}

void html_plane(struct text *out, const struct plane *plane)
{
    struct plot plot = plot_of_plane(out, plane);
    double zero = axis_percent(&plot.x, 0.0);
    start_plot(&plot, plane->title);
    describe_plane(&plot, plane);
    draw_grid(&plot);
    text_printf(out, "<line class=\"z\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%d\" y2=\"%u\"/>", zero,
                zero, TOP, TOP + plot.height);
    start_curves(&plot);
    for (size_t i = 0; i < plane->n; ++i) {
        draw_cloud(&plot, &plane->points[i]);
        draw_ellipse(&plot, &plane->points[i]);
    }
    text_append(out, "</svg>");
    draw_y_words(&plot);
    draw_x_words(&plot);
    draw_corners(&plot, plane);
    for (size_t i = 0; i < plane->n; ++i) {
        draw_point(&plot, &plane->points[i], i + 1);
    }
    text_append(out, "</svg>\n");
    write_point_key(out, plane);
    html_plane_data(out, plane);
}
