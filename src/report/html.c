/* report.html: words, tables and the frames of figures. */
#include "report/html.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- words ---- */

static const char *entity(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)byte < 0x20 || byte == 0x7F ? " " : NULL;
    }
}

/* Bytes without a character that a buffer of fixed size cut at its end. */
static size_t whole_characters(const char *words)
{
    size_t n = words != NULL ? strlen(words) : 0, lead = n;
    while (lead > 0 && ((unsigned char)words[lead - 1] & 0xC0) == 0x80) {
        --lead;
    }
    if (lead == 0) {
        return n;
    }
    unsigned char first = (unsigned char)words[lead - 1];
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    return n - (lead - 1) < wanted ? lead - 1 : n;
}

void html_text(struct text *out, const char *words)
{
    const char *end = words != NULL ? words + whole_characters(words) : NULL;
    for (; words != end; ++words) {
        const char *escaped = entity(*words);
        text_append_span(out, escaped != NULL ? escaped : words,
                         escaped != NULL ? strlen(escaped) : 1);
    }
}

void html_element(struct text *out, const char *tag, const char *words)
{
    text_printf(out, "<%s>", tag);
    html_text(out, words);
    text_printf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* A line never ends between a minus and its amount. */
void html_sentence(struct text *out, const char *words)
{
    while (*words != '\0') {
        size_t n = strcspn(words, " ");
        n += words[n] == ' ' ? 1 : 0;
        const char *minus = strstr(words, "-£");
        bool whole = minus != NULL && minus < words + n;
        struct text one;
        text_init(&one);
        text_append_span(&one, words, n);
        text_append(out, whole ? "<span class=\"whole\">" : "");
        html_text(out, one.bytes);
        text_append(out, whole ? "</span>" : "");
        text_clear(&one);
        words += n;
    }
}

void html_lines(struct text *out, struct text *lines)
{
    for (char *line = lines->bytes; line != NULL && *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        bool last = *end == '\0';
        *end = '\0';
        if (line[strspn(line, " ")] != '\0') {
            html_element(out, "p", line + strspn(line, " "));
        }
        line = last ? end : end + 1;
    }
    text_clear(lines);
}

void html_short_money(char buffer[48], double gbp)
{
    static const struct {
        double size;
        const char *unit;
    } units[] = {{1e9, "bn"}, {1e6, "m"}, {1e3, "k"}, {1.0, ""}};

    char number[48];
    size_t i = 0;
    if (!isfinite(gbp)) {
        (void)snprintf(buffer, 48, "[z]");
        return;
    }
    while (i < 3 && fabs(gbp) < 0.9995 * units[i].size) {
        ++i;
    }
    double amount = fabs(gbp) / units[i].size;
    int decimals = i == 3 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2;
    text_format_grouped(number, amount, decimals);
    bool nothing = strspn(number, "0.") == strlen(number);
    (void)snprintf(buffer, 48, "%s£%.30s%s", gbp < 0.0 && !nothing ? "-" : "", number,
                   units[i].unit);
}

void html_money(char buffer[64], double gbp)
{
    char number[48];
    if (!isfinite(gbp)) {
        (void)snprintf(buffer, 64, "no amount");
        return;
    }
    bool millions = fabs(gbp) >= 999500.0;
    text_format_grouped(number, millions ? fabs(gbp) / 1e6 : fabs(gbp), millions ? 2 : 0);
    (void)snprintf(buffer, 64, "%s£%s%s", gbp <= -0.5 ? "-" : "", number,
                   millions ? " million" : "");
}

void html_of_hundred(char buffer[32], double p)
{
    if (p > 0.995) {
        (void)snprintf(buffer, 32, "more than 99");
    } else if (p < 0.005) {
        (void)snprintf(buffer, 32, "fewer than 1");
    } else {
        (void)snprintf(buffer, 32, "%.0f", 100.0 * p);
    }
}

void html_percent(char buffer[32], double p)
{
    if (p > 0.995) {
        (void)snprintf(buffer, 32, "above 99 %%");
    } else if (p < 0.005) {
        (void)snprintf(buffer, 32, "below 1 %%");
    } else {
        (void)snprintf(buffer, 32, "%.0f %%", 100.0 * p);
    }
}

/* ---- tables ---- */

void html_table_start(struct text *out, const char *caption, const char *const *headings, size_t n,
                      size_t n_words, bool sortable)
{
    text_append(out, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"");
    html_text(out, caption);
    text_printf(out, "\"><table%s><caption>", sortable ? " class=\"sortable\"" : "");
    html_text(out, caption);
    text_append(out, "</caption><thead><tr>");
    for (size_t i = 0; i < n; ++i) {
        text_append(out, i < n_words ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        html_text(out, headings[i]);
        text_append(out, "</th>");
    }
    text_append(out, "</tr></thead><tbody>\n");
}

void html_row(struct text *out, const char *label)
{
    text_append(out, "<tr><th scope=row>");
    html_text(out, label);
    text_append(out, "</th>");
}

void html_cell(struct text *out, const char *words)
{
    bool one_word = words != NULL && strlen(words) < 12; /* is kept on one line */
    text_append(out, one_word ? "<td class=\"k\">" : "<td>");
    html_text(out, words);
    text_append(out, "</td>");
}

void html_number(struct text *out, double value, int decimals)
{
    char words[48] = "[z]";
    if (isfinite(value)) {
        text_format_grouped(words, value, decimals);
    }
    /* Unquoted, as HTML allows: thousands of cells make a page. */
    text_printf(out, "<td class=n>%s</td>", words);
}

void html_row_end(struct text *out)
{
    text_append(out, "</tr>\n");
}

void html_table_end(struct text *out)
{
    text_append(out, "</tbody></table></div>\n");
}

void html_grid(struct text *out, const struct grid *grid)
{
    const char *headings[MAX_COLUMNS];
    assert(grid->n_columns > 0 && grid->n_columns <= MAX_COLUMNS);
    for (size_t c = 0; c < grid->n_columns; ++c) {
        headings[c] = grid->cells[0][c];
    }
    html_table_start(out, grid->caption != NULL ? grid->caption : headings[0], headings,
                     grid->n_columns, 1, grid->sortable);
    for (size_t r = 1; r < grid->n_rows; ++r) {
        html_row(out, grid->cells[r][0]);
        for (size_t c = 1; c < grid->n_columns; ++c) {
            text_append(out, "<td class=n>");
            html_text(out, grid->cells[r][c]);
            text_append(out, "</td>");
        }
        html_row_end(out);
    }
    html_table_end(out);
}

/* ---- figures ---- */

void html_figure_start(struct text *out, const char *title, const char *subtitle, const char *size)
{
    text_printf(out, "<figure class=\"%s\"><figcaption>", size);
    text_append(out, "<h3>");
    html_sentence(out, title);
    text_append(out, "</h3>\n");
    html_element(out, "p", subtitle);
    text_append(out, "</figcaption>\n");
}

void html_details_start(struct text *out, const char *summary)
{
    text_append(out, "<details>");
    html_element(out, "summary", summary);
}

void html_record_start(struct text *out, const char *summary)
{
    text_append(out, "<details class=\"record\">");
    html_element(out, "summary", summary);
}

void html_details_end(struct text *out)
{
    text_append(out, "</details>\n");
}

void html_figure_end(struct text *out)
{
    text_append(out, "</figure>\n");
}
