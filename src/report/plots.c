/* Bars and sparklines of plain characters. */
#include "report/plots.h"

#include "report/html.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

void plots_money(char buffer[48], double gbp, enum report_plots style)
{
    static const char pound[] = "\xC2\xA3";
    if (!isfinite(gbp)) {
        memcpy(buffer, "[z]", 4);
        return;
    }
    html_short_money(buffer, gbp);
    char *sign = style == REPORT_PLOTS_ASCII ? strstr(buffer, pound) : NULL;
    if (sign != NULL) {
        memmove(sign, sign + 2, strlen(sign + 2) + 1);
    }
}

static size_t bytes_of_character(const char *at)
{
    size_t n = 1;
    while (((unsigned char)at[n] & 0xC0) == 0x80) {
        ++n;
    }
    return n;
}

static const char *skip_characters(const char *words, size_t n)
{
    for (; n > 0; --n) {
        words += bytes_of_character(words);
    }
    return words;
}

static void put_characters(struct text *out, const char *words, size_t n, bool ascii)
{
    for (; n > 0; --n) {
        size_t n_bytes = bytes_of_character(words);
        bool control = (unsigned char)*words < ' ' || *words == 0x7F;
        if (control || (ascii && n_bytes > 1)) {
            text_append(out, "?");
        } else {
            text_append_span(out, words, n_bytes);
        }
        words += n_bytes;
    }
}

void plots_label(struct text *out, const char *words, size_t width, enum report_plots style)
{
    bool ascii = style == REPORT_PLOTS_ASCII;
    size_t n = text_width(words);
    if (n > width && width > 0) {
        size_t tail = (width - 1) / 2;
        put_characters(out, words, width - 1 - tail, ascii);
        text_append(out, ascii ? "~" : "\xE2\x80\xA6");
        put_characters(out, skip_characters(words, n - tail), tail, ascii);
        return;
    }
    put_characters(out, words, n < width ? n : width, ascii);
    for (; n < width; ++n) {
        text_append(out, " ");
    }
}

/* ---- cells of a row ---- */

/* Full to an eighth from the left for what grows to the right. What grows to the left has only two
 * partial blocks: the right half and the right eighth. */
enum cell {
    CELL_BLANK,
    CELL_EIGHTH, /* .. CELL_EIGHTH + 6: seven eighths */
    CELL_FULL = CELL_EIGHTH + 7,
    CELL_LEFT_EIGHTH,
    CELL_LEFT_HALF,
    CELL_LEFT_FULL,
    CELL_OTHER, /* the second pattern */
    CELL_AXIS,
    CELL_LINE,
    CELL_LINE_START,
    CELL_LINE_END,
    CELL_LINE_OVER_AXIS,
    N_CELLS
};

static const char *cell_glyph(enum cell cell, bool ascii)
{
    static const char *const unicode[N_CELLS] = {
        " ",
        "\xE2\x96\x8F",
        "\xE2\x96\x8E",
        "\xE2\x96\x8D",
        "\xE2\x96\x8C",
        "\xE2\x96\x8B",
        "\xE2\x96\x8A",
        "\xE2\x96\x89",
        "\xE2\x96\x88",
        "\xE2\x96\x95",
        "\xE2\x96\x90",
        "\xE2\x96\x88",
        "\xE2\x96\x92",
        "\xE2\x94\x82",
        "\xE2\x94\x80",
        "\xE2\x94\x9C",
        "\xE2\x94\xA4",
        "\xE2\x94\xBC",
    };
    static const char *const plain[N_CELLS] = {" ", "#", "#", "#", "#", "#", "#", "#", "#",
                                               "-", "-", "-", "=", "|", ".", "[", "]", "+"};
    return ascii ? plain[cell] : unicode[cell];
}

/* Whole rows are drawn in units of a cell, from the column of the axis. */
struct field {
    double size; /* values are divided by it first: no sum of two overflows */
    double centre, low, high, unit;
    size_t n_cells, left; /* the axis stands in column `left` */
    bool ascii;
};

static size_t n_right(const struct field *field)
{
    return field->n_cells - 1 - field->left;
}

/* Signed cells from the axis. */
static double distance(const struct field *field, double value)
{
    return field->unit > 0.0 ? (value / field->size - field->centre) / field->unit : 0.0;
}

static void field_include(struct field *field, double value)
{
    if (isfinite(value)) {
        field->low = fmin(field->low, value);
        field->high = fmax(field->high, value);
    }
}

static void field_finish(struct field *field)
{
    double size = fmax(fmax(fabs(field->low), fabs(field->high)), fabs(field->centre));
    field->size = size > 0.0 ? size : 1.0;
    field->centre /= field->size;
    field->low /= field->size;
    field->high /= field->size;
    double below = field->centre - field->low, above = field->high - field->centre;
    double n = (double)(field->n_cells - 1);
    if (below > 0.0) {
        double left = floor(n * below / (below + above) + 0.5);
        left = fmax(left, 1.0);
        field->left = (size_t)(above > 0.0 ? fmin(left, n - 1.0) : n);
    }
    double unit_below = field->left > 0 ? below / (double)field->left : 0.0;
    double unit_above = n_right(field) > 0 ? above / (double)n_right(field) : 0.0;
    field->unit = fmax(unit_below, unit_above);
}

static struct field field_of(const struct plot_bars *bars, size_t n_cells)
{
    struct field field = {.centre = bars->centre,
                          .low = bars->centre,
                          .high = bars->centre,
                          .n_cells = n_cells,
                          .ascii = bars->style == REPORT_PLOTS_ASCII};
    for (size_t i = 0; i < bars->n; ++i) {
        field_include(&field, bars->bars[i].value);
        field_include(&field, bars->bars[i].low);
        field_include(&field, bars->bars[i].high);
        field_include(&field, bars->bars[i].second);
    }
    field_finish(&field);
    return field;
}

/* The column of a value: the axis for the centre itself, else the cell it ends in. */
static size_t column_of(const struct field *field, double value)
{
    double cells = distance(field, value);
    if (cells > 0.0) {
        size_t n = (size_t)fmin(ceil(cells - 1e-9), (double)n_right(field));
        return field->left + (n > 0 ? n : 1);
    }
    if (cells < 0.0) {
        size_t n = (size_t)fmin(ceil(-cells - 1e-9), (double)field->left);
        return field->left - (n > 0 ? n : 1);
    }
    return field->left;
}

/* What is not zero shows as something. */
static size_t eighths_of(double cells, size_t most)
{
    double eighths = floor(8.0 * cells + 0.5);
    return (size_t)fmin(fmax(eighths, 1.0), 8.0 * (double)most);
}

static void fill_right(const struct field *field, double cells, enum cell full, enum cell *row)
{
    size_t eighths = eighths_of(cells, n_right(field));
    bool whole = field->ascii || full != CELL_FULL;
    eighths = whole ? 8 * ((eighths + 3) / 8 > 0 ? (eighths + 3) / 8 : 1) : eighths;
    for (size_t k = 0; k < eighths / 8; ++k) {
        row[field->left + 1 + k] = full;
    }
    if (eighths % 8 > 0) {
        row[field->left + 1 + eighths / 8] = (enum cell)(CELL_EIGHTH + eighths % 8 - 1);
    }
}

static void fill_left(const struct field *field, double cells, enum cell full, enum cell *row)
{
    size_t eighths = eighths_of(cells, field->left);
    bool whole = field->ascii || full != CELL_LEFT_FULL;
    eighths = whole ? 8 * ((eighths + 3) / 8 > 0 ? (eighths + 3) / 8 : 1) : eighths;
    size_t n = eighths / 8, rest = eighths % 8;
    if (rest > 5) {
        ++n;
        rest = 0;
    }
    for (size_t k = 0; k < n; ++k) {
        row[field->left - 1 - k] = full;
    }
    if (rest > 0) {
        row[field->left - 1 - n] = rest > 2 ? CELL_LEFT_HALF : CELL_LEFT_EIGHTH;
    }
}

static void fill_bar(const struct field *field, double value, bool other, enum cell *row)
{
    double cells = isfinite(value) ? distance(field, value) : 0.0;
    if (cells > 0.0) {
        fill_right(field, cells, other ? CELL_OTHER : CELL_FULL, row);
    } else if (cells < 0.0) {
        fill_left(field, -cells, other ? CELL_OTHER : CELL_LEFT_FULL, row);
    }
}

static void fill_interval(const struct field *field, double low, double high, enum cell *row)
{
    if (!isfinite(low) || !isfinite(high)) {
        return;
    }
    size_t first = column_of(field, fmin(low, high)), last = column_of(field, fmax(low, high));
    if (first == last) {
        return; /* narrower than a character: the numbers say it */
    }
    for (size_t column = first + 1; column < last; ++column) {
        if (column == field->left) {
            row[column] = CELL_LINE_OVER_AXIS;
        } else if (row[column] == CELL_BLANK) {
            row[column] = CELL_LINE;
        }
    }
    row[first] = CELL_LINE_START;
    row[last] = CELL_LINE_END;
}

static void write_row(struct text *out, const struct field *field, const struct plot_bar *bar,
                      enum cell *row)
{
    for (size_t column = 0; column < field->n_cells; ++column) {
        row[column] = column == field->left ? CELL_AXIS : CELL_BLANK;
    }
    bool second_is_shorter = isfinite(bar->second) && isfinite(bar->value) &&
                             fabs(distance(field, bar->second)) < fabs(distance(field, bar->value));
    if (!second_is_shorter) {
        fill_bar(field, bar->second, true, row);
    }
    fill_bar(field, bar->value, false, row);
    if (second_is_shorter) {
        fill_bar(field, bar->second, true, row); /* over the longer one, on the same side or not */
    }
    fill_interval(field, bar->low, bar->high, row);
    for (size_t column = 0; column < field->n_cells; ++column) {
        text_append(out, cell_glyph(row[column], field->ascii));
    }
}

/* ---- the axis ---- */

static void axis_end(char buffer[48], const struct plot_bars *bars, const struct field *field,
                     double cells)
{
    double value = field->size * (field->centre + cells * field->unit);
    if (cells == 0.0) {
        value = bars->centre;
    }
    if (bars->plain_axis) {
        text_format_grouped(buffer, value, 2);
    } else if (value == 0.0) {
        memcpy(buffer, "0", 2);
    } else {
        plots_money(buffer, value, bars->style);
    }
}

/* Words at a column, unless something stands there. */
static void put_words(char (*line)[4], size_t n_cells, size_t at, const char *words)
{
    size_t n = text_width(words), from = at > 0 ? at - 1 : 0, to = at + n + 1;
    if (at + n > n_cells) {
        return;
    }
    for (size_t column = from; column < to && column < n_cells; ++column) {
        if (line[column][0] != ' ') {
            return;
        }
    }
    for (size_t column = at; *words != '\0'; ++column) {
        size_t n_bytes = bytes_of_character(words);
        memcpy(line[column], words, n_bytes);
        line[column][n_bytes] = '\0';
        words += n_bytes;
    }
}

static void write_axis(struct text *out, const struct plot_bars *bars, const struct field *field)
{
    char words[48], (*line)[4] = memory_array(field->n_cells + 1, sizeof *line);
    for (size_t column = 0; column < field->n_cells; ++column) {
        memcpy(line[column], " ", 2);
    }
    axis_end(words, bars, field, 0.0);
    size_t n = text_width(words), at = field->left > n / 2 ? field->left - n / 2 : 0;
    at = at + n > field->n_cells ? field->n_cells - n : at;
    put_words(line, field->n_cells, at, words);
    if (field->left > 0) {
        axis_end(words, bars, field, -(double)field->left);
        put_words(line, field->n_cells, 0, words);
    }
    if (n_right(field) > 0 && field->unit > 0.0) {
        axis_end(words, bars, field, (double)n_right(field));
        n = text_width(words);
        put_words(line, field->n_cells, field->n_cells > n ? field->n_cells - n : 0, words);
    }
    size_t end = field->n_cells;
    while (end > 0 && line[end - 1][0] == ' ') {
        --end;
    }
    for (size_t column = 0; column < end; ++column) {
        text_append(out, line[column]);
    }
    text_append(out, "\n");
    free(line);
}

/* Labels give way to bars, and numbers to neither: they are short. */
struct widths {
    size_t label, cells, words;
};

static struct widths widths_of(const struct plot_bars *bars)
{
    enum { LEAST_CELLS = 12, LEAST_LABEL = 6, GAPS = 2 };

    struct widths widths = {.label = bars->label_width};
    for (size_t i = 0; i < bars->n; ++i) {
        size_t n = text_width(bars->bars[i].words);
        widths.words = n > widths.words ? n : widths.words;
    }
    size_t most = bars->width - LEAST_CELLS - GAPS;
    widths.words = widths.words < most - LEAST_LABEL ? widths.words : most - LEAST_LABEL;
    most -= widths.words;
    widths.label = widths.label < most ? widths.label : most;
    widths.cells = bars->width - GAPS - widths.label - widths.words;
    return widths;
}

void plots_bars(struct text *out, const struct plot_bars *bars)
{
    assert(bars->style != REPORT_PLOTS_NONE && bars->width >= 40);
    const struct widths widths = widths_of(bars);
    struct field field = field_of(bars, widths.cells);
    enum cell *row = memory_array(widths.cells, sizeof *row);
    plots_label(out, "", widths.label + 1, bars->style);
    write_axis(out, bars, &field);
    for (size_t i = 0; i < bars->n; ++i) {
        size_t n = text_width(bars->bars[i].words);
        plots_label(out, bars->bars[i].label, widths.label, bars->style);
        text_append(out, " ");
        write_row(out, &field, &bars->bars[i], row);
        text_append(out, n > 0 ? " " : "");
        plots_label(out, bars->bars[i].words, n < widths.words ? n : widths.words, bars->style);
        text_append(out, "\n");
    }
    free(row);
}

/* ---- sparklines ---- */

enum { N_LEVELS = 8 };

static const char *level_glyph(size_t level, bool ascii)
{
    static const char *const unicode[N_LEVELS] = {"\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83",
                                                  "\xE2\x96\x84", "\xE2\x96\x85", "\xE2\x96\x86",
                                                  "\xE2\x96\x87", "\xE2\x96\x88"};
    static const char *const plain[N_LEVELS] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    return ascii ? plain[level] : unicode[level];
}

/* The last value of each group of `step`; the last group may be smaller. */
static size_t last_of_group(size_t group, size_t step, size_t n)
{
    size_t end = (group + 1) * step;
    return (end < n ? end : n) - 1;
}

static bool crosses(double before, double after)
{
    return isfinite(before) && isfinite(after) && (before < 0.0) != (after < 0.0);
}

static size_t count_cells(const double *values, size_t n, size_t step)
{
    size_t n_groups = (n + step - 1) / step, n_cells = n_groups;
    for (size_t group = 1; group < n_groups; ++group) {
        n_cells += crosses(values[last_of_group(group - 1, step, n)],
                           values[last_of_group(group, step, n)])
                       ? 1
                       : 0;
    }
    return n_cells;
}

static size_t level_of(double value, double low, double high)
{
    double size = fmax(fabs(low), fabs(high));
    if (!(high > low) || !(size > 0.0)) {
        return N_LEVELS / 2;
    }
    double share = (value / size - low / size) / (high / size - low / size);
    return (size_t)floor(fmin(fmax(share, 0.0), 1.0) * (N_LEVELS - 1) + 0.5);
}

size_t plots_sparkline(struct text *out, const struct plot_range *range, const double *values,
                       size_t n, size_t n_cells, enum report_plots style)
{
    bool ascii = style == REPORT_PLOTS_ASCII;
    size_t step = 1;
    if (n == 0 || n_cells == 0) {
        return 0;
    }
    while (step < n && count_cells(values, n, step) > n_cells) {
        ++step;
    }
    size_t n_groups = (n + step - 1) / step;
    for (size_t group = 0; group < n_groups; ++group) {
        double value = values[last_of_group(group, step, n)];
        if (group > 0 && crosses(values[last_of_group(group - 1, step, n)], value)) {
            text_append(out, ascii ? "|" : "\xE2\x94\x82");
        }
        text_append(out, isfinite(value)
                             ? level_glyph(level_of(value, range->low, range->high), ascii)
                             : " ");
    }
    return count_cells(values, n, step);
}
