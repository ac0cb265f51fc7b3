/* Bars and sparklines: never wider than allowed, whatever the values; what is not zero is seen;
 * signs are told apart without colour. */
#include "report/plots.h"
#include "support/assert_close.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LINE = 2048 };

static const enum report_plots styles[] = {REPORT_PLOTS_ASCII, REPORT_PLOTS_UNICODE};

static struct plot_bar bar(const char *label, double value, double low, double high)
{
    return (struct plot_bar){.label = label,
                             .value = value,
                             .low = low,
                             .high = high,
                             .second = (double)NAN,
                             .words = "1.23m (-1.23m to 1.23m)"};
}

static struct text drawn(const struct plot_bar *bars, size_t n, size_t width,
                         enum report_plots style)
{
    struct text out;
    text_init(&out);
    plots_bars(&out, &(struct plot_bars){
                         .bars = bars, .n = n, .width = width, .label_width = 20, .style = style});
    return out;
}

/* Line `row` (0: the axis). */
static void line_of(const struct text *text, size_t row, char line[MAX_LINE])
{
    const char *at = text->bytes;
    for (size_t i = 0; i < row; ++i) {
        at = strchr(at, '\n') + 1;
    }
    size_t n = strcspn(at, "\n");
    memcpy(line, at, n);
    line[n] = '\0';
}

static void check_lines(const struct text *text, size_t n_lines, size_t width, bool ascii)
{
    size_t n = 0;
    for (const char *at = text->bytes; *at != '\0'; ++n) {
        char line[MAX_LINE];
        size_t n_bytes = strcspn(at, "\n");
        memcpy(line, at, n_bytes);
        line[n_bytes] = '\0';
        if (text_width(line) > width) {
            fail_msg("%zu characters, allowed %zu: %s", text_width(line), width, line);
        }
        for (size_t i = 0; ascii && i < n_bytes; ++i) {
            assert_true((unsigned char)line[i] < 0x80);
        }
        assert_true(text_is_utf8(line, n_bytes));
        at += n_bytes + 1;
    }
    assert_int_equal(n, n_lines);
}

static void no_line_is_too_wide(void **state)
{
    (void)state;
    static const double values[] = {0.0,      1.0,       -1.0, 1e-300,  -1e-300,   1e308,  -1e308,
                                    INFINITY, -INFINITY, NAN,  12345.6, -987654.3, 5e-324, -5e-324};

    enum { N = sizeof values / sizeof values[0] };

    struct plot_bar bars[N * N];
    for (size_t i = 0; i < (size_t)N * N; ++i) {
        bars[i] = bar("Ein l\xC3\xA4ngeres Wort, das gek\xC3\xBCrzt wird, und mehr", values[i % N],
                      values[i / N], values[(i * 7 + 3) % N]);
        bars[i].second = values[(i * 5 + 1) % N];
    }
    for (size_t width = 40; width <= 400; width += width < 110 ? 1 : 45) {
        for (size_t s = 0; s < 2; ++s) {
            struct text all = drawn(bars, (size_t)N * N, width, styles[s]);
            check_lines(&all, (size_t)N * N + 1, width, s == 0);
            text_clear(&all);
        }
    }
    for (size_t i = 0; i < (size_t)N * N; ++i) {
        for (size_t s = 0; s < 2; ++s) { /* each on an axis of its own */
            struct text one = drawn(&bars[i], 1, 80, styles[s]);
            check_lines(&one, 2, 80, s == 0);
            text_clear(&one);
        }
    }
}

static void nothing_to_draw(void **state)
{
    (void)state;
    const struct plot_bar zero = bar("zero", 0.0, (double)NAN, (double)NAN);
    char line[MAX_LINE];
    struct text text = drawn(NULL, 0, 80, REPORT_PLOTS_ASCII);
    check_lines(&text, 1, 80, true);
    text_clear(&text);
    text = drawn(&zero, 1, 80, REPORT_PLOTS_ASCII);
    line_of(&text, 1, line);
    assert_non_null(strchr(line, '|'));
    assert_null(strchr(line, '#'));
    text_clear(&text);
}

/* All losses: everything is left of the axis. */
static void signs_are_told_apart(void **state)
{
    (void)state;
    struct plot_bar bars[] = {bar("loss", -10.0, (double)NAN, (double)NAN),
                              bar("less", -5.0, (double)NAN, (double)NAN)};
    char line[MAX_LINE];
    struct text text = drawn(bars, 2, 80, REPORT_PLOTS_ASCII);
    line_of(&text, 1, line);
    assert_non_null(strstr(line, "---|"));
    assert_null(strchr(line, '#'));
    text_clear(&text);
    bars[1].value = 10.0;
    text = drawn(bars, 2, 80, REPORT_PLOTS_ASCII);
    line_of(&text, 1, line);
    assert_non_null(strstr(line, "---|"));
    line_of(&text, 2, line);
    assert_non_null(strstr(line, "|###"));
    text_clear(&text);
    text = drawn(bars, 2, 80, REPORT_PLOTS_UNICODE);
    line_of(&text, 1, line);
    assert_non_null(strstr(line, "\xE2\x96\x88\xE2\x94\x82")); /* block, axis */
    line_of(&text, 2, line);
    assert_non_null(strstr(line, "\xE2\x94\x82\xE2\x96\x88")); /* axis, block */
    text_clear(&text);
}

static void what_is_small_is_seen(void **state)
{
    (void)state;
    const struct plot_bar bars[] = {bar("large", 1e9, (double)NAN, (double)NAN),
                                    bar("gain", 1.0, (double)NAN, (double)NAN),
                                    bar("loss", -1.0, (double)NAN, (double)NAN)};
    char line[MAX_LINE];
    struct text text = drawn(bars, 3, 100, REPORT_PLOTS_UNICODE);
    line_of(&text, 2, line);
    assert_non_null(strstr(line, "\xE2\x94\x82\xE2\x96\x8F")); /* axis, left eighth */
    line_of(&text, 3, line);
    assert_non_null(strstr(line, "\xE2\x96\x95\xE2\x94\x82")); /* right eighth, axis */
    text_clear(&text);
    text = drawn(bars, 3, 100, REPORT_PLOTS_ASCII);
    line_of(&text, 2, line);
    assert_non_null(strstr(line, "|# "));
    line_of(&text, 3, line);
    assert_non_null(strstr(line, "-|"));
    text_clear(&text);
}

static size_t count_of(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + strlen(what), what)) {
        ++n;
    }
    return n;
}

/* Characters and eighths of a bar to the right. */
static double length_of(const char *line)
{
    static const char *const partial[] = {"\xE2\x96\x8F", "\xE2\x96\x8E", "\xE2\x96\x8D",
                                          "\xE2\x96\x8C", "\xE2\x96\x8B", "\xE2\x96\x8A",
                                          "\xE2\x96\x89"};
    double length = (double)count_of(line, "\xE2\x96\x88");
    for (size_t k = 0; k < 7; ++k) {
        length += (double)(k + 1) / 8.0 * (double)count_of(line, partial[k]);
    }
    return length;
}

static void lengths_are_in_proportion(void **state)
{
    (void)state;

    enum { N = 64 };

    struct plot_bar bars[N];
    char line[MAX_LINE];
    for (size_t i = 0; i < N; ++i) {
        bars[i] = bar("x", (double)(i + 1), (double)NAN, (double)NAN);
    }
    struct text text = drawn(bars, N, 120, REPORT_PLOTS_UNICODE);
    line_of(&text, N, line);
    double longest = length_of(line);
    assert_true(longest > 60.0);
    for (size_t i = 1; i <= N; ++i) {
        line_of(&text, i, line);
        assert_true(fabs(length_of(line) - longest * (double)i / N) <= 1.0 / 16.0 + 1e-9);
    }
    text_clear(&text);
}

static void intervals_stand_around_their_bar(void **state)
{
    (void)state;
    const struct plot_bar bars[] = {bar("both", 4.0, -10.0, 10.0), bar("above", 5.0, 2.0, 9.0)};
    char line[MAX_LINE];
    struct text text = drawn(bars, 2, 80, REPORT_PLOTS_ASCII);
    line_of(&text, 1, line);
    assert_true(strchr(line, '[') < strchr(line, '+')); /* over the axis */
    assert_true(strchr(line, '+') < strchr(line, '#'));
    assert_true(strchr(line, '#') < strchr(line, ']'));
    line_of(&text, 2, line);
    assert_true(strchr(line, '|') < strchr(line, '['));
    text_clear(&text);
}

/* A tornado: both ends on one side, the shorter over the longer. */
static void two_bars_on_one_side(void **state)
{
    (void)state;
    struct plot_bar both = bar("both up", 9.0, (double)NAN, (double)NAN);
    char line[MAX_LINE];
    both.second = 4.0;
    struct text text = drawn(&both, 1, 80, REPORT_PLOTS_ASCII);
    line_of(&text, 1, line);
    assert_non_null(strstr(line, "|=="));
    assert_non_null(strstr(line, "=#"));
    text_clear(&text);
}

static size_t spark(const double *values, size_t n, size_t n_cells, enum report_plots style,
                    char out[MAX_LINE])
{
    struct text text;
    double low = values[0], high = values[0];
    for (size_t i = 0; i < n; ++i) {
        low = isfinite(values[i]) ? fmin(low, values[i]) : low;
        high = isfinite(values[i]) ? fmax(high, values[i]) : high;
    }
    text_init(&text);
    size_t written =
        plots_sparkline(&text, &(struct plot_range){low, high}, values, n, n_cells, style);
    (void)snprintf(out, MAX_LINE, "%s", text.bytes != NULL ? text.bytes : "");
    text_clear(&text);
    assert_int_equal(text_width(out), written);
    assert_true(written <= n_cells);
    return written;
}

static void sparklines_rise_and_fall(void **state)
{
    (void)state;
    const double rising[] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
    const double crossing[] = {-3.0, -1.0, 1.0, 3.0}, flat[] = {-2.0, -2.0, -2.0};
    const double holes[] = {1.0, NAN, 3.0, INFINITY};
    const double huge[] = {-1e308, 1e308};
    char out[MAX_LINE];
    spark(rising, 8, 8, REPORT_PLOTS_ASCII, out);
    assert_string_equal(out, "_.:-=+*#");
    spark(rising, 8, 8, REPORT_PLOTS_UNICODE, out);
    assert_string_equal(out, "\xE2\x96\x81\xE2\x96\x82\xE2\x96\x83\xE2\x96\x84\xE2\x96\x85"
                             "\xE2\x96\x86\xE2\x96\x87\xE2\x96\x88");
    spark(crossing, 4, 10, REPORT_PLOTS_ASCII, out);
    assert_string_equal(out, "_:|+#");
    spark(flat, 3, 10, REPORT_PLOTS_ASCII, out);
    assert_string_equal(out, "===");
    spark(rising, 1, 10, REPORT_PLOTS_ASCII, out); /* one year */
    assert_string_equal(out, "=");
    spark(holes, 4, 10, REPORT_PLOTS_ASCII, out);
    assert_string_equal(out, "_ # ");
    spark(huge, 2, 10, REPORT_PLOTS_ASCII, out);
    assert_string_equal(out, "_|#");
}

static void long_sparklines_fit(void **state)
{
    (void)state;
    double values[300];
    char out[MAX_LINE];
    for (size_t i = 0; i < 300; ++i) {
        values[i] = i % 2 == 0 ? (double)i : -(double)i; /* crosses each time */
    }
    for (size_t n = 1; n <= 300; n += 13) {
        for (size_t n_cells = 1; n_cells < 60; n_cells += 3) {
            (void)spark(values, n, n_cells, REPORT_PLOTS_UNICODE, out);
            (void)spark(values, n, n_cells, REPORT_PLOTS_ASCII, out);
        }
    }
}

static void labels_keep_both_ends(void **state)
{
    (void)state;
    struct text out;
    text_init(&out);
    plots_label(&out, "popp_services_national", 12, REPORT_PLOTS_ASCII);
    assert_string_equal(out.bytes, "popp_s~ional");
    text_clear(&out);
    plots_label(&out, "\xC3\x9C\x1B[2J", 6, REPORT_PLOTS_ASCII); /* no escape gets through */
    assert_string_equal(out.bytes, "??[2J ");
    text_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_line_is_too_wide),
                                       cmocka_unit_test(nothing_to_draw),
                                       cmocka_unit_test(signs_are_told_apart),
                                       cmocka_unit_test(what_is_small_is_seen),
                                       cmocka_unit_test(lengths_are_in_proportion),
                                       cmocka_unit_test(intervals_stand_around_their_bar),
                                       cmocka_unit_test(two_bars_on_one_side),
                                       cmocka_unit_test(sparklines_rise_and_fall),
                                       cmocka_unit_test(long_sparklines_fit),
                                       cmocka_unit_test(labels_keep_both_ends)};
    return _cmocka_run_group_tests("plots", tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
