/* Building an explanation, and putting words to its numbers. */
#include "base/text.h"
#include "explain/explanation.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- sections and their parts ---- */

struct explain_section *explain_add_section(struct explanation *explanation, const char *id,
                                            const char *title)
{
    explanation->sections =
        arena_grow(explanation->arena, explanation->sections, explanation->n_sections,
                   &explanation->capacity, sizeof *explanation->sections);
    struct explain_section *section = &explanation->sections[explanation->n_sections++];
    *section = (struct explain_section){.id = id, .title = title};
    return section;
}

static void add_part(struct explanation *explanation, struct explain_part part)
{
    assert(explanation->n_sections > 0);
    struct explain_section *section = &explanation->sections[explanation->n_sections - 1];
    section->parts = arena_grow(explanation->arena, section->parts, section->n_parts,
                                &section->capacity, sizeof *section->parts);
    section->parts[section->n_parts++] = part;
}

static const char *format_words(struct arena *arena, const char *format, va_list arguments)
{
    char *words = NULL;
    va_list again;
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    words = arena_alloc(arena, (size_t)(n > 0 ? n : 0) + 1);
    (void)vsnprintf(words, (size_t)(n > 0 ? n : 0) + 1, format, again);
    va_end(again);
    return words;
}

void explain_say(struct explanation *explanation, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_part(explanation,
             (struct explain_part){.words = format_words(explanation->arena, format, arguments)});
    va_end(arguments);
}

struct explain_table *explain_add_table(struct explanation *explanation, const char *title,
                                        const struct explain_column *columns, size_t n_columns)
{
    assert(n_columns > 0 && n_columns <= EXPLAIN_MAX_COLUMNS);
    struct explain_table *table = arena_alloc(explanation->arena, sizeof *table);
    table->title = title;
    table->n_columns = n_columns;
    memcpy(table->columns, columns, n_columns * sizeof *columns);
    add_part(explanation, (struct explain_part){.table = table});
    return table;
}

struct explain_record *explain_add_record(struct explanation *explanation, const char *title)
{
    struct explain_record *record = arena_alloc(explanation->arena, sizeof *record);
    record->title = title;
    add_part(explanation, (struct explain_part){.record = record});
    return record;
}

void explain_add_fact(struct explanation *explanation, struct explain_record *record,
                      const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    record->facts = arena_grow(explanation->arena, record->facts, record->n_facts,
                               &record->capacity, sizeof *record->facts);
    record->facts[record->n_facts++] = (struct explain_fact){
        .key = key, .words = format_words(explanation->arena, format, arguments)};
    va_end(arguments);
}

struct explain_cell *explain_add_row(struct explanation *explanation, struct explain_table *table)
{
    table->cells = arena_grow(explanation->arena, table->cells, table->n_rows, &table->capacity,
                              table->n_columns * sizeof *table->cells);
    struct explain_cell *row = table->cells + table->n_rows++ * table->n_columns;
    for (size_t i = 0; i < table->n_columns; ++i) {
        row[i] = explain_words("");
    }
    return row;
}

struct explain_cell explain_words(const char *words)
{
    return (struct explain_cell){.words = words != NULL ? words : "", .value = NAN};
}

struct explain_cell explain_number(double value)
{
    return (struct explain_cell){.words = NULL, .value = value};
}

/* ---- words of numbers ---- */

const char *explain_figure(struct arena *arena, double value)
{
    char words[64], exact[64];
    if (!isfinite(value)) {
        return "";
    }
    double size = fabs(value);
    if (size >= 1000.0) {
        text_format_grouped(words, value, size < 1e5 ? 2 : 0);
        size_t n = strlen(words);
        if (n > 3 && strcmp(words + n - 3, ".00") == 0) {
            words[n - 3] = '\0';
        }
        return arena_copy_text(arena, words);
    }
    (void)snprintf(exact, sizeof exact, "%.7g", value);
    return arena_copy_text(arena, exact);
}

/* Decimals of a column of amounts: pence, or decimals of a unit, where the largest is small. */
static int decimals_for(enum explain_format format, double largest)
{
    if (format == EXPLAIN_MONEY) {
        return largest < 1000.0 ? 2 : 0;
    }
    return largest < 1.0 ? 6 : largest < 100.0 ? 4 : largest < 10000.0 ? 2 : 0;
}

static double scale_of(int decimals)
{
    double scale = 1.0;
    for (int i = 0; i < decimals; ++i) {
        scale *= 10.0;
    }
    return scale;
}

static struct explain_cell *cell_at(const struct explain_table *table, size_t row, size_t column)
{
    return table->cells + row * table->n_columns + column;
}

static double largest_in(const struct explain_table *table, size_t column)
{
    double largest = 0.0;
    for (size_t row = 0; row < table->n_rows; ++row) {
        double value = fabs(cell_at(table, row, column)->value);
        largest = value > largest ? value : largest; /* false for NaN */
    }
    return largest;
}

void explain_put_words(struct arena *arena, struct explain_cell *cell, double value, int decimals)
{
    char words[48];
    text_format_grouped(words, value, decimals);
    cell->words = arena_copy_text(arena, words);
}

/* A number that text_format_grouped wrote, back. */
static double read_shown(const char *words, int *decimals)
{
    double value = 0.0;
    bool after_point = false;
    *decimals = 0;
    for (const char *at = words; *at != '\0'; ++at) {
        if (*at >= '0' && *at <= '9') {
            value = value * 10.0 + (*at - '0');
            *decimals += after_point ? 1 : 0;
        }
        after_point = after_point || *at == '.';
    }
    value /= scale_of(*decimals);
    return words[0] == '-' ? -value : value;
}

/* ---- rounding that adds ---- */

/* One column: the parts to the total, which is the nearest or what another table shows. */
static void finish_column(struct arena *arena, struct explain_table *table, size_t column,
                          const struct explain_cell *shown)
{
    size_t n = table->n_rows - 1;
    int decimals = decimals_for(table->columns[column].format, largest_in(table, column));
    double total = cell_at(table, n, column)->value, shown_total = NAN;
    if (shown != NULL && shown->words != NULL) {
        shown_total = read_shown(shown->words, &decimals);
    }
    double scale = scale_of(decimals);
    double *parts = memory_array(2 * n + 1, sizeof *parts), *rounded = parts + n;
    size_t n_parts = 0;
    for (size_t row = 0; row < n; ++row) {
        double value = cell_at(table, row, column)->value;
        if (isfinite(value)) {
            parts[n_parts++] = value * scale;
        }
    }
    double whole = round((isfinite(shown_total) ? shown_total : total) * scale);
    explain_round_parts(parts, n_parts, whole, rounded);
    for (size_t row = 0, part = 0; row < n; ++row) {
        struct explain_cell *cell = cell_at(table, row, column);
        if (isfinite(cell->value)) {
            explain_put_words(arena, cell, rounded[part++] / scale, decimals);
        }
    }
    if (isfinite(total)) {
        explain_put_words(arena, cell_at(table, n, column), whole / scale, decimals);
    }
    free(parts);
}

/* Moves a table's corner to what another table shows: by less than a unit or two, on the largest
 * part and its sums. */
static void shift_corner(double *cells, size_t n_rows, size_t n_adding, double corner)
{
    size_t row = 0, column = 0, last = n_adding - 1;
    for (size_t r = 0; r < n_rows; ++r) {
        for (size_t c = 0; c < last; ++c) {
            if (fabs(cells[r * n_adding + c]) > fabs(cells[row * n_adding + column])) {
                row = r;
                column = c;
            }
        }
    }
    double shift = corner - cells[n_rows * n_adding + last];
    cells[row * n_adding + column] += shift;
    cells[row * n_adding + last] += shift;
    cells[n_rows * n_adding + column] += shift;
    cells[n_rows * n_adding + last] += shift;
}

/* Rows and columns at once; all columns that add have one number of decimals. */
static void finish_across(struct arena *arena, struct explain_table *table,
                          const struct explain_cell *shown)
{
    size_t adding[EXPLAIN_MAX_COLUMNS], n_adding = 0, n_rows = table->n_rows - 1;
    double largest = 0.0;
    for (size_t c = 0; c < table->n_columns; ++c) {
        if (table->columns[c].adds) {
            adding[n_adding++] = c;
            largest = fmax(largest, largest_in(table, c));
        }
    }
    assert(n_adding >= 2);
    int decimals = decimals_for(table->columns[adding[0]].format, largest);
    double corner = NAN;
    if (shown != NULL && shown->words != NULL) {
        corner = read_shown(shown->words, &decimals);
    }
    double scale = scale_of(decimals);
    double *cells = memory_array(table->n_rows * n_adding, sizeof *cells);
    for (size_t r = 0; r <= n_rows; ++r) {
        for (size_t c = 0; c < n_adding; ++c) {
            double value = cell_at(table, r, adding[c])->value;
            cells[r * n_adding + c] = isfinite(value) ? value * scale : 0.0;
        }
    }
    if (isfinite(corner)) {
        shift_corner(cells, n_rows, n_adding, corner * scale);
    }
    explain_round_table(cells, n_rows, n_adding - 1);
    for (size_t r = 0; r <= n_rows; ++r) {
        for (size_t c = 0; c < n_adding; ++c) {
            struct explain_cell *cell = cell_at(table, r, adding[c]);
            if (isfinite(cell->value)) {
                explain_put_words(arena, cell, cells[r * n_adding + c] / scale, decimals);
            }
        }
    }
    free(cells);
}

static void finish_plain(struct arena *arena, struct explain_table *table, size_t column)
{
    enum explain_format format = table->columns[column].format;
    int decimals = decimals_for(format, largest_in(table, column));
    for (size_t row = 0; row < table->n_rows; ++row) {
        struct explain_cell *cell = cell_at(table, row, column);
        if (cell->words != NULL) {
            continue;
        }
        if (format == EXPLAIN_FIGURE || format == EXPLAIN_WORDS || !isfinite(cell->value)) {
            cell->words = explain_figure(arena, cell->value);
        } else {
            explain_put_words(arena, cell, cell->value, decimals);
        }
    }
}

void explain_finish_table(struct explanation *explanation, struct explain_table *table,
                          const struct explain_cell *shown)
{
    size_t last = SIZE_MAX;
    for (size_t c = 0; c < table->n_columns; ++c) {
        last = table->columns[c].adds ? c : last;
    }
    if (table->has_total && table->n_rows > 0) {
        for (size_t c = 0; c < table->n_columns && !table->adds_across; ++c) {
            if (table->columns[c].adds) {
                /* a column that is the last one over again is shown as it is */
                bool same = cell_at(table, table->n_rows - 1, c)->value ==
                            cell_at(table, table->n_rows - 1, last)->value;
                finish_column(explanation->arena, table, c, same ? shown : NULL);
            }
        }
        if (table->adds_across) {
            finish_across(explanation->arena, table, shown);
        }
    }
    for (size_t c = 0; c < table->n_columns; ++c) {
        finish_plain(explanation->arena, table, c);
    }
}
