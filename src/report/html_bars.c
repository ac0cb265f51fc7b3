/* report.html: bars by partner, programme or quintile, and the tornado. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bars take the left part of the width; their values stand right of them, where no bar can reach
 * them. */
static const double bars_width = 74.0;

enum { LINE_CHARACTERS = 34, LINE = 15, BAR = 14, SECOND_BAR = 10, ROW_GAP = 12, AXIS_ROOM = 24 };

static double place(const struct axis *axis, double value)
{
    return 0.01 * bars_width * axis_percent(axis, value);
}

static struct axis axis_of_bars(const struct bars *bars)
{
    struct axis axis = axis_new(bars->format);
    axis_include(&axis, bars->centre);
    for (size_t i = 0; i < bars->n; ++i) {
        axis_include(&axis, bars->bars[i].value);
        axis_include(&axis, bars->bars[i].low);
        axis_include(&axis, bars->bars[i].high);
        axis_include(&axis, bars->bars[i].second);
    }
    axis_finish(&axis, 4, true);
    return axis;
}

static bool two_rows(const struct bars *bars)
{
    return bars->second_name != NULL && !bars->tornado;
}

/* Bytes of the next line of a label: whole words of at most LINE_CHARACTERS, which fit the
 * narrowest page; a longer word is cut between characters. */
static size_t line_bytes(const char *words)
{
    size_t at = 0, n_characters = 0, last_blank = 0;
    while (words[at] != '\0' && n_characters < LINE_CHARACTERS) {
        last_blank = words[at] == ' ' ? at : last_blank;
        do {
            ++at;
        } while (((unsigned char)words[at] & 0xC0) == 0x80);
        ++n_characters;
    }
    bool whole = words[at] == '\0' || words[at] == ' ' || last_blank == 0;
    return whole ? at : last_blank;
}

static unsigned count_lines(const char *words)
{
    unsigned n = 0;
    for (; *words != '\0'; ++n) {
        words += line_bytes(words);
        words += strspn(words, " ");
    }
    return n > 0 ? n : 1;
}

static unsigned row_height(const struct bars *bars, size_t i)
{
    return LINE * count_lines(bars->bars[i].label) + 3 + BAR +
           (two_rows(bars) ? SECOND_BAR + 3 : 0) + ROW_GAP;
}

static void draw_label(struct text *out, const struct bar *bar, unsigned y)
{
    for (const char *words = bar->label; *words != '\0';) {
        char line[4 * LINE_CHARACTERS + 1];
        size_t n = line_bytes(words);
        memcpy(line, words, n);
        line[n] = '\0';
        words += n;
        words += strspn(words, " ");
        text_printf(out, "<text class=\"l\" x=\"0\" y=\"%u\">", y + 13);
        html_text(out, line);
        if (*words == '\0' && bar->note != NULL) {
            text_append(out, " <tspan class=\"s\">");
            html_text(out, bar->note);
            text_append(out, "</tspan>");
        }
        text_append(out, "</text>");
        y += LINE;
    }
}

static void draw_bar(struct text *out, const struct axis *axis, double from, double to, unsigned y,
                     unsigned height, const char *kind)
{
    double a = place(axis, fmin(from, to)), b = place(axis, fmax(from, to));
    if (from == to) {
        return;
    }
    text_printf(out, "<rect class=\"%s\" x=\"%.3f%%\" y=\"%u\" width=\"%.3f%%\" height=\"%u\"/>",
                kind, a, y, fmax(b - a, 0.25), height);
}

static void draw_words(struct text *out, unsigned y, const char *kind, const char *words)
{
    text_printf(out, "<text class=\"%s\" x=\"100%%\" y=\"%u\">%s</text>", kind, y, words);
}

static void draw_interval(struct text *out, const struct axis *axis, const struct bar *bar,
                          unsigned y)
{
    if (!isfinite(bar->low) || !isfinite(bar->high) || bar->low == bar->high) {
        return;
    }
    double a = place(axis, bar->low), b = place(axis, bar->high);
    unsigned middle = y + BAR / 2;
    text_printf(out, "<line class=\"ci\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%u\" y2=\"%u\"/>", a, b,
                middle, middle);
    for (int end = 0; end < 2; ++end) {
        text_printf(out, "<line class=\"ci\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%u\" y2=\"%u\"/>",
                    end == 0 ? a : b, end == 0 ? a : b, middle - 4, middle + 4);
    }
}

static void draw_row(struct text *out, const struct bars *bars, const struct axis *axis, size_t i,
                     unsigned y)
{
    const struct bar *bar = &bars->bars[i];
    char words[48];
    draw_label(out, bar, y);
    y += LINE * count_lines(bar->label) + 3;
    if (bars->tornado) {
        draw_bar(out, axis, bars->centre, bar->second, y, BAR, "low");
        draw_bar(out, axis, bars->centre, bar->value, y, BAR, "high");
        axis_words(words, axis, fabs(bar->value - bar->second));
        draw_words(out, y + 12, "v", words);
        return;
    }
    if (!isfinite(bar->value)) {
        draw_words(out, y + 12, "v", "[z]");
        return;
    }
    draw_bar(out, axis, 0.0, bar->value, y, BAR, bar->value < 0.0 ? "neg" : "pos");
    draw_interval(out, axis, bar, y);
    axis_words(words, axis, bar->value);
    draw_words(out, y + 12, "v", words);
    if (two_rows(bars) && isfinite(bar->second)) {
        y += BAR + 3;
        draw_bar(out, axis, 0.0, bar->second, y, SECOND_BAR, bar->second < 0.0 ? "cneg" : "cpos");
        axis_words(words, axis, bar->second);
        draw_words(out, y + 10, "v s", words);
    }
}

static void draw_axis(struct text *out, const struct axis *axis, double centre, unsigned height)
{
    size_t n = (size_t)((axis->high - axis->low) / axis->step + 0.5);
    for (size_t i = 0; i <= n; ++i) {
        double value = axis->low + (double)i * axis->step, x = place(axis, value);
        char words[48];
        axis_tick_words(words, axis, value);
        text_printf(out, "<line class=\"g\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"0\" y2=\"%u\"/>", x, x,
                    height);
        /* Every second word, not the centre's, gives way on narrow screens. */
        bool second = (size_t)(fabs(value - centre) / axis->step + 0.5) % 2 == 1;
        text_printf(out, "<text class=\"t %s%s\" x=\"%.3f%%\" y=\"%u\">%s</text>",
                    i == 0 ? "a" : "m", second ? " o" : "", x, height + 16, words);
    }
}

/* The line of zero (or of the centre) beside each row's bars, not through its label. */
static void draw_zero(struct text *out, const struct bars *bars, const struct axis *axis)
{
    double x = place(axis, bars->tornado ? bars->centre : 0.0);
    unsigned y = 0;
    for (size_t i = 0; i < bars->n; ++i) {
        unsigned below = y + row_height(bars, i);
        text_printf(out, "<line class=\"z\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%u\" y2=\"%u\"/>", x,
                    x, y + LINE * count_lines(bars->bars[i].label) + 2, below);
        y = below;
    }
}

/* What the picture says, in words: for those who do not see it. */
static void describe(struct text *out, const struct bars *bars, const struct axis *axis)
{
    for (size_t i = 0; i < bars->n; ++i) {
        const struct bar *bar = &bars->bars[i];
        char words[48];
        text_append(out, i > 0 ? "; " : "");
        html_text(out, bar->label);
        axis_words(words, axis, bar->value);
        text_printf(out, ": %s", words);
        if (isfinite(bar->low) && isfinite(bar->high)) {
            char high[48];
            axis_words(words, axis, bar->low);
            axis_words(high, axis, bar->high);
            text_printf(out, " (%s to %s)", words, high);
        }
        if (bars->second_name != NULL && isfinite(bar->second)) {
            axis_words(words, axis, bar->second);
            text_append(out, ", ");
            html_text(out, bars->second_name);
            text_printf(out, " %s", words);
        }
    }
}

static void write_legend(struct text *out, const struct bars *bars)
{
    bool intervals = false;
    for (size_t i = 0; i < bars->n; ++i) {
        intervals = intervals || isfinite(bars->bars[i].low);
    }
    text_append(out, "<ul class=\"key\">");
    text_printf(out,
                "<li><svg aria-hidden=\"true\" width=\"22\" height=\"12\"><rect class=\"%s\" "
                "width=\"22\" height=\"12\"/></svg> ",
                bars->tornado ? "high" : "pos");
    html_text(out, bars->value_name);
    if (bars->loss_name != NULL) {
        text_append(out, "</li><li><svg aria-hidden=\"true\" width=\"22\" height=\"12\"><rect "
                         "class=\"neg\" width=\"22\" height=\"12\"/></svg> ");
        html_text(out, bars->loss_name);
    }
    if (bars->second_name != NULL) {
        text_printf(out,
                    "</li><li><svg aria-hidden=\"true\" width=\"22\" height=\"12\"><rect "
                    "class=\"%s\" x=\"1\" y=\"1\" width=\"20\" height=\"10\"/></svg> ",
                    bars->tornado ? "low" : "cpos");
        html_text(out, bars->second_name);
    }
    if (intervals) {
        text_append(out, "</li><li><svg aria-hidden=\"true\" width=\"22\" height=\"12\"><path "
                         "class=\"ci\" d=\"M1 6H21M1 2V10M21 2V10\"/></svg> 95 % interval");
    }
    text_append(out, "</li></ul>\n");
}

void html_bars(struct text *out, const struct bars *bars)
{
    struct axis axis = axis_of_bars(bars);
    unsigned height = 0, y = 0;
    for (size_t i = 0; i < bars->n; ++i) {
        height += row_height(bars, i);
    }
    write_legend(out, bars);
    text_printf(out,
                "<svg class=\"chart\" role=\"img\" width=\"100%%\" height=\"%u\" aria-label=\"",
                height + AXIS_ROOM);
    html_text(out, bars->title);
    text_append(out, "\"><title>");
    html_text(out, bars->title);
    text_append(out, "</title><desc>");
    describe(out, bars, &axis);
    text_append(out, "</desc>");
    draw_axis(out, &axis, bars->tornado ? bars->centre : 0.0, height);
    draw_zero(out, bars, &axis);
    for (size_t i = 0; i < bars->n; ++i) {
        draw_row(out, bars, &axis, i, y);
        y += row_height(bars, i);
    }
    text_append(out, "</svg>\n");
    html_bars_data(out, bars);
}
