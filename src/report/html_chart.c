/* report.html: the data of the charts that the script draws on screen over the static figures. Each
 * is a block of JSON that no browser runs, in the figure that it belongs to. Numbers are rounded as
 * the table behind the figure shows them, so that a chart cannot say anything else. */
#include "report/html.h"

#include <math.h>
#include <string.h>

/* ---- JSON inside HTML ---- */

/* Within a script element only '<' could end the block or open a comment; '>' and '&' are escaped
 * for readers who are less exact. */
static void json_words(struct text *out, const char *words)
{
    text_append(out, "\"");
    for (; words != NULL && *words != '\0'; ++words) {
        unsigned char byte = (unsigned char)*words;
        if (byte < 0x20 || byte == 0x7F || strchr("<>&\"\\'", *words) != NULL) {
            text_printf(out, "\\u%04x", byte);
        } else {
            text_append_span(out, words, 1);
        }
    }
    text_append(out, "\"");
}

static void json_key(struct text *out, const char *key)
{
    text_printf(out, ",\"%s\":", key);
}

static void json_word_at(struct text *out, const char *key, const char *words)
{
    json_key(out, key);
    json_words(out, words);
}

/* As the table writes it, without the commas between thousands. */
static void json_number(struct text *out, double value, int decimals)
{
    char words[48];
    if (!isfinite(value)) {
        text_append(out, "null");
        return;
    }
    text_format_grouped(words, value, decimals);
    for (const char *digit = words; *digit != '\0'; ++digit) {
        if (*digit != ',') {
            text_append_span(out, digit, 1);
        }
    }
}

static void json_number_at(struct text *out, const char *key, double value, int decimals)
{
    json_key(out, key);
    json_number(out, value, decimals);
}

static void json_numbers_at(struct text *out, const char *key, const double *values, size_t n,
                            int decimals)
{
    json_key(out, key);
    text_append(out, "[");
    for (size_t i = 0; i < n; ++i) {
        text_append(out, i > 0 ? "," : "");
        json_number(out, values[i], decimals);
    }
    text_append(out, "]");
}

static const char *format_name(enum axis_format format)
{
    switch (format) {
    case AXIS_GBP:
        return "gbp";
    case AXIS_NUMBER:
        return "number";
    case AXIS_SHARE:
        return "share";
    case AXIS_PERCENT:
        return "percent";
    case AXIS_FINANCIAL_YEAR:
        return "year";
    }
    return "number";
}

static void start_data(struct text *out, const char *kind, const char *title)
{
    text_printf(out, "<script type=\"application/json\" class=\"data\">{\"kind\":\"%s\"", kind);
    json_word_at(out, "title", title);
}

static void end_data(struct text *out)
{
    text_append(out, "}</script>\n");
}

/* ---- the three forms ---- */

void html_bars_data(struct text *out, const struct bars *bars)
{
    start_data(out, "bars", bars->title);
    json_word_at(out, "format", format_name(bars->format));
    json_number_at(out, "decimals", bars->decimals, 0);
    json_word_at(out, "value", bars->value_name);
    if (bars->measure != NULL) {
        json_word_at(out, "measure", bars->measure);
    }
    if (bars->loss_name != NULL) {
        json_word_at(out, "loss", bars->loss_name);
    }
    if (bars->second_name != NULL) {
        json_word_at(out, "second", bars->second_name);
    }
    if (bars->tornado) {
        json_number_at(out, "centre", bars->centre, bars->decimals);
    }
    json_key(out, "rows");
    for (size_t i = 0; i < bars->n; ++i) {
        const struct bar *bar = &bars->bars[i];
        text_append(out, i > 0 ? ",\n{\"label\":" : "[\n{\"label\":");
        json_words(out, bar->label);
        if (bar->note != NULL) {
            json_word_at(out, "note", bar->note);
        }
        json_number_at(out, "value", bar->value, bars->decimals);
        if (isfinite(bar->second)) {
            json_number_at(out, "second", bar->second, bars->decimals);
        }
        if (isfinite(bar->low) && isfinite(bar->high)) {
            json_number_at(out, "low", bar->low, bars->decimals);
            json_number_at(out, "high", bar->high, bars->decimals);
        }
        text_append(out, "}");
    }
    text_append(out, bars->n > 0 ? "]" : "[]");
    end_data(out);
}

void html_lines_data(struct text *out, const struct lines *lines)
{
    start_data(out, "lines", lines->title);
    json_word_at(out, "xFormat", format_name(lines->x_format));
    json_word_at(out, "format", format_name(lines->y_format));
    json_number_at(out, "decimals", lines->decimals, 0);
    json_number_at(out, "height", lines->height, 0);
    if (lines->x_name != NULL) {
        json_word_at(out, "xName", lines->x_name);
    }
    text_append(out, lines->zero ? ",\"zero\":true" : "");
    text_append(out, lines->points ? ",\"points\":true" : "");
    json_numbers_at(out, "x", lines->x, lines->n, lines->x_format == AXIS_PERCENT ? 4 : 0);
    json_key(out, "series");
    for (size_t s = 0; s < lines->n_series; ++s) {
        const struct series *series = &lines->series[s];
        text_append(out, s > 0 ? ",\n{\"label\":" : "[\n{\"label\":");
        json_words(out, series->label);
        text_append(out, series->off ? ",\"off\":true" : "");
        json_numbers_at(out, "y", series->y, lines->n, lines->decimals);
        if (series->low != NULL && lines->n > 0 && isfinite(series->low[lines->n - 1])) {
            json_numbers_at(out, "low", series->low, lines->n, lines->decimals);
            json_numbers_at(out, "high", series->high, lines->n, lines->decimals);
        }
        text_append(out, "}");
    }
    text_append(out, "]");
    end_data(out);
}

static void point_data(struct text *out, const struct plane *plane, const struct point *point)
{
    const int x_decimals = plane->x_decimals, y_decimals = plane->y_decimals;
    text_append(out, "{\"label\":");
    json_words(out, point->label);
    json_number_at(out, "x", point->x, x_decimals);
    json_number_at(out, "y", point->y, y_decimals);
    if (isfinite(point->x_low)) {
        json_number_at(out, "xLow", point->x_low, x_decimals);
        json_number_at(out, "xHigh", point->x_high, x_decimals);
    }
    if (isfinite(point->y_low)) {
        json_number_at(out, "yLow", point->y_low, y_decimals);
        json_number_at(out, "yHigh", point->y_high, y_decimals);
    }
    if (point->x_radius > 0.0 || point->y_radius > 0.0) {
        json_number_at(out, "xRadius", point->x_radius, x_decimals + 2);
        json_number_at(out, "yRadius", point->y_radius, y_decimals);
        json_number_at(out, "tilt", point->tilt, 4);
    }
    if (point->note != NULL) {
        json_word_at(out, "note", point->note);
    }
    if (point->n_draws > 0) {
        json_numbers_at(out, "xDraws", point->x_draws, point->n_draws, x_decimals);
        json_numbers_at(out, "yDraws", point->y_draws, point->n_draws, 0);
    }
    text_append(out, "}");
}

void html_plane_data(struct text *out, const struct plane *plane)
{
    start_data(out, "plane", plane->title);
    json_word_at(out, "xFormat", format_name(plane->x_format));
    json_word_at(out, "format", format_name(plane->y_format));
    json_number_at(out, "xDecimals", plane->x_decimals, 0);
    json_number_at(out, "decimals", plane->y_decimals, 0);
    json_word_at(out, "xName", plane->x_name);
    json_word_at(out, "yName", plane->y_name);
    json_key(out, "corners");
    for (size_t i = 0; i < 4; ++i) {
        text_append(out, i > 0 ? "," : "[");
        json_words(out, plane->corners[i]);
    }
    text_append(out, "]");
    json_key(out, "points");
    for (size_t i = 0; i < plane->n; ++i) {
        text_append(out, i > 0 ? ",\n" : "[\n");
        point_data(out, plane, &plane->points[i]);
    }
    text_append(out, plane->n > 0 ? "]" : "[]");
    end_data(out);
}
