/* An explanation for the terminal, and in markdown. */
#include "report/report_private.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NARROWEST = 12 };

static void blanks(struct text *out, size_t n)
{
    for (; n > 0; --n) {
        text_append(out, " ");
    }
}

static bool is_number(const struct explain_column *column)
{
    return column->format != EXPLAIN_WORDS;
}

static const char *cell_words(const struct explain_table *table, size_t row, size_t column)
{
    return table->cells[row * table->n_columns + column].words;
}

/* ---- the terminal ---- */

struct layout {
    size_t widths[EXPLAIN_MAX_COLUMNS];
    size_t first, end; /* columns shown, besides the first */
};

static size_t natural_width(const struct explain_table *table, size_t column)
{
    size_t width = text_width(table->columns[column].heading);
    for (size_t row = 0; row < table->n_rows; ++row) {
        size_t cell = text_width(cell_words(table, row, column));
        width = cell > width ? cell : width;
    }
    return width;
}

static size_t total_width(const struct explain_table *table, const struct layout *layout)
{
    size_t width = 0;
    for (size_t c = 0; c < table->n_columns; ++c) {
        bool shown = c == 0 || (c >= layout->first && c < layout->end);
        width += shown ? layout->widths[c] + (c > 0 ? GAP : 0) : 0;
    }
    return width;
}

/* Columns of words give way, the widest first; numbers never do. False where that is not enough. */
static bool fit(const struct explain_table *table, struct layout *layout, size_t width)
{
    while (total_width(table, layout) > width) {
        size_t widest = SIZE_MAX;
        for (size_t c = 0; c < layout->end; ++c) {
            bool shown = c == 0 || c >= layout->first;
            if (shown && !is_number(&table->columns[c]) && layout->widths[c] > NARROWEST &&
                (widest == SIZE_MAX || layout->widths[c] > layout->widths[widest])) {
                widest = c;
            }
        }
        if (widest == SIZE_MAX) {
            return false;
        }
        --layout->widths[widest];
    }
    return true;
}

/* Bytes of the next line of a cell: at most `width` characters, broken after a blank or a sign
 * where there is one. */
static size_t line_bytes(const char *words, size_t width)
{
    size_t at = 0, n = 0, good = 0;
    while (words[at] != '\0' && n < width) {
        do {
            ++at;
        } while (((unsigned char)words[at] & 0xC0U) == 0x80U);
        ++n;
        if (words[at] == ' ' || strchr(" /_.", words[at - 1]) != NULL) {
            good = at;
        }
    }
    return words[at] == '\0' || good == 0 ? at : good;
}

static void put_cell(struct text *out, const char *words, size_t n_bytes, size_t width, bool right)
{
    size_t n = 0;
    for (size_t i = 0; i < n_bytes; ++i) {
        n += ((unsigned char)words[i] & 0xC0U) != 0x80U ? 1 : 0;
    }
    blanks(out, right && width > n ? width - n : 0);
    text_append_span(out, words, n_bytes);
    blanks(out, !right && width > n ? width - n : 0);
}

/* One row, in as many lines as its longest cell takes. */
static void put_row(struct text *out, const struct explain_table *table,
                    const struct layout *layout, const char *const *cells)
{
    const char *rest[EXPLAIN_MAX_COLUMNS];
    memcpy((void *)rest, (const void *)cells, table->n_columns * sizeof *rest);
    for (bool more = true; more;) {
        struct text line;
        text_init(&line);
        more = false;
        for (size_t c = 0; c < layout->end; c = c == 0 ? layout->first : c + 1) {
            size_t n = line_bytes(rest[c], layout->widths[c]);
            blanks(&line, c > 0 ? GAP : 0);
            put_cell(&line, rest[c], n, layout->widths[c], is_number(&table->columns[c]));
            rest[c] += n;
            rest[c] += strspn(rest[c], " ");
            more = more || *rest[c] != '\0';
        }
        while (line.n_bytes > 0 && line.bytes[line.n_bytes - 1] == ' ') {
            --line.n_bytes;
        }
        text_append(out, "  ");
        text_append_span(out, line.bytes != NULL ? line.bytes : "", line.n_bytes);
        text_append(out, "\n");
        text_clear(&line);
    }
}

static void put_rule(struct text *out, const struct explain_table *table,
                     const struct layout *layout)
{
    text_append(out, "  ");
    for (size_t n = total_width(table, layout); n > 0; --n) {
        text_append(out, "-");
    }
    text_append(out, "\n");
}

static void put_columns(struct text *out, const struct explain_table *table,
                        const struct layout *layout)
{
    const char *cells[EXPLAIN_MAX_COLUMNS];
    for (size_t c = 0; c < table->n_columns; ++c) {
        cells[c] = table->columns[c].heading;
    }
    put_row(out, table, layout, cells);
    put_rule(out, table, layout);
    for (size_t row = 0; row < table->n_rows; ++row) {
        if (table->has_total && row + 1 == table->n_rows) {
            put_rule(out, table, layout);
        }
        for (size_t c = 0; c < table->n_columns; ++c) {
            cells[c] = cell_words(table, row, c);
        }
        put_row(out, table, layout, cells);
    }
    text_append(out, "\n");
}

/* Tables too wide even with narrow words are broken into several, each with the first column. */
static void put_table(struct text *out, const struct explain_table *table, size_t width)
{
    size_t first = 1;
    if (table->n_rows == 0) {
        return;
    }
    text_printf(out, "  %s\n", table->title);
    do {
        struct layout layout = {.first = first, .end = table->n_columns};
        for (size_t c = 0; c < table->n_columns; ++c) {
            layout.widths[c] = natural_width(table, c);
        }
        struct layout attempt = layout;
        while (!fit(table, &attempt, width - 2) && layout.end > first + 1) {
            --layout.end;
            attempt = layout;
        }
        put_columns(out, table, &attempt);
        first = layout.end;
    } while (first < table->n_columns);
}

static void put_record(struct text *out, const struct explain_record *record, size_t width)
{
    struct text line;
    text_append(out, "  ");
    write_wrapped(out, record->title, width - 2, 4);
    for (size_t i = 0; i < record->n_facts; ++i) {
        text_init(&line);
        text_printf(&line, "%s: %s", record->facts[i].key, record->facts[i].words);
        text_append(out, "    ");
        write_wrapped(out, line.bytes, width - 4, 6);
        text_clear(&line);
    }
    text_append(out, "\n");
}

static void put_terminal(struct text *out, const struct explanation *explanation, size_t width)
{
    for (size_t i = 0; i < explanation->n_sections; ++i) {
        const struct explain_section *section = &explanation->sections[i];
        text_append(out, section->title);
        text_append(out, "\n");
        for (size_t n = text_width(section->title); n > 0; --n) {
            text_append(out, "=");
        }
        text_append(out, "\n");
        bool words = false;
        for (size_t k = 0; k < section->n_parts; ++k) {
            const struct explain_part *part = &section->parts[k];
            if (words && part->words == NULL) {
                text_append(out, "\n");
            }
            if (part->words != NULL) {
                write_wrapped(out, part->words, width, 0);
            } else if (part->table != NULL) {
                put_table(out, part->table, width);
            } else {
                put_record(out, part->record, width);
            }
            words = part->words != NULL;
        }
        text_append(out, words ? "\n" : "");
    }
}

/* ---- markdown ---- */

static void put_escaped(struct text *out, const char *words)
{
    for (; *words != '\0'; ++words) {
        bool escape = strchr("\\|`*_[]<>#", *words) != NULL;
        bool control = (unsigned char)*words < 0x20 || *words == 0x7F;
        text_append(out, escape ? "\\" : "");
        text_append_span(out, control ? " " : words, 1);
    }
}

static void markdown_row(struct text *out, const struct explain_table *table, size_t row)
{
    text_append(out, "|");
    for (size_t c = 0; c < table->n_columns; ++c) {
        text_append(out, " ");
        put_escaped(out, cell_words(table, row, c));
        text_append(out, " |");
    }
    text_append(out, "\n");
}

static void markdown_table(struct text *out, const struct explain_table *table)
{
    if (table->n_rows == 0) {
        return;
    }
    put_escaped(out, table->title);
    text_append(out, ":\n\n|");
    for (size_t c = 0; c < table->n_columns; ++c) {
        text_append(out, " ");
        put_escaped(out, table->columns[c].heading);
        text_append(out, " |");
    }
    text_append(out, "\n|");
    for (size_t c = 0; c < table->n_columns; ++c) {
        text_append(out, is_number(&table->columns[c]) ? "---:|" : "---|");
    }
    text_append(out, "\n");
    for (size_t row = 0; row < table->n_rows; ++row) {
        markdown_row(out, table, row);
    }
    text_append(out, "\n");
}

static void markdown_record(struct text *out, const struct explain_record *record)
{
    text_append(out, "- **");
    put_escaped(out, record->title);
    text_append(out, "**\n");
    for (size_t i = 0; i < record->n_facts; ++i) {
        text_printf(out, "  - %s: ", record->facts[i].key);
        put_escaped(out, record->facts[i].words);
        text_append(out, "\n");
    }
    text_append(out, "\n");
}

void markdown_explanation(struct text *out, const struct explanation *explanation, size_t first,
                          size_t level)
{
    for (size_t i = first; i < explanation->n_sections; ++i) {
        const struct explain_section *section = &explanation->sections[i];
        text_printf(out, "%.*s ", (int)(i == 0 ? level : level + 1), "######");
        put_escaped(out, section->title);
        text_append(out, "\n\n");
        for (size_t k = 0; k < section->n_parts; ++k) {
            const struct explain_part *part = &section->parts[k];
            if (part->words != NULL) {
                put_escaped(out, part->words);
                text_append(out, "\n\n");
            } else if (part->table != NULL) {
                markdown_table(out, part->table);
            } else {
                markdown_record(out, part->record);
            }
        }
    }
}

void report_explanation(struct text *out, const struct explanation *explanation,
                        enum report_style style, size_t width)
{
    static const char rounding[] = "Amounts are rounded so that the parts of a table add to its "
                                   "totals: one can differ by 1 in "
                                   "its last place from its own rounding.";
    if (style == REPORT_JSON) {
        json_explanation(out, explanation);
    } else if (style == REPORT_MARKDOWN) {
        markdown_explanation(out, explanation, 0, 1);
        text_printf(out, "%s\n", rounding);
    } else {
        put_terminal(out, explanation, width);
        text_append(out, "\n");
        write_wrapped(out, rounding, width, 0);
    }
}
