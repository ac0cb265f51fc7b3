/* Sheets and cells before they are written. */
#include "report/workbook_private.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS_IN_CELL = 32000 }; /* Excel takes 32,767 characters */

/* "_x000D_" in a cell is read as the character of that number: the underscore is written so. */
static bool is_escape(const char *words)
{
    return words[0] == '_' && words[1] == 'x' && strspn(words + 2, "0123456789abcdefABCDEF") == 4 &&
           words[6] == '_';
}

const char *workbook_words(struct arena *arena, const char *words)
{
    struct text text;
    text_init(&text);
    for (const char *byte = words; *byte != '\0' && text.n_bytes < MAX_WORDS_IN_CELL; ++byte) {
        bool control = (unsigned char)*byte < 32 && *byte != '\n';
        text_append(&text, is_escape(byte) ? "_x005F" : "");
        text_append_span(&text, control ? " " : byte, 1);
    }
    bool cut = text.n_bytes >= MAX_WORDS_IN_CELL;
    while (cut && ((unsigned char)text.bytes[text.n_bytes - 1] & 0x80) != 0) {
        text.bytes[--text.n_bytes] = '\0'; /* whole characters */
    }
    text_append(&text, cut ? " ..." : "");
    const char *copy = text.bytes != NULL ? arena_copy_text(arena, text.bytes) : "";
    text_clear(&text);
    return copy;
}

struct workbook_sheet *book_add_sheet(struct workbook *book, const char *name, const char *table,
                                      const char *title, const char *sentence,
                                      const struct workbook_column *columns, size_t n_columns)
{
    assert(book->n_sheets < WORKBOOK_MAX_SHEETS && n_columns <= WORKBOOK_MAX_COLUMNS);
    assert(strlen(name) < 32);
    struct workbook_sheet *sheet = &book->sheets[book->n_sheets++];
    *sheet = (struct workbook_sheet){.arena = book->arena,
                                     .name = name,
                                     .table = table,
                                     .columns = columns,
                                     .n_columns = n_columns};
    sheet_add_top(sheet, title);
    sheet_add_top(sheet, sentence);
    return sheet;
}

struct workbook_cell *sheet_add_top(struct workbook_sheet *sheet, const char *label)
{
    assert(sheet->n_top < WORKBOOK_MAX_TOP && sheet->n_cells == 0);
    struct workbook_cell *line = sheet->top[sheet->n_top++];
    line[0] =
        (struct workbook_cell){.kind = CELL_TEXT, .words = workbook_words(sheet->arena, label)};
    return &line[1];
}

struct workbook_cell *sheet_add_check(struct workbook_sheet *sheet, const char *what)
{
    struct workbook_cell *first =
        sheet_add_top(sheet, arena_printf(sheet->arena, "Formula total: %s", what));
    (void)sheet_add_top(sheet, "Engine total");
    (void)sheet_add_top(sheet, "Reconciliation: formula total less engine total");
    return first;
}

/* Rounded to pence as the formula does; a zero without a sign. */
static double pence(double value)
{
    double rounded = round(value * 100.0) / 100.0;
    return rounded == 0.0 ? 0.0 : rounded;
}

void sheet_fill_check(struct workbook_sheet *sheet, struct workbook_cell *check,
                      const char *formula, double formula_total, double engine_total)
{
    size_t row = (size_t)(check - &sheet->top[0][1]) / WORKBOOK_TOP_COLUMNS;
    check[0] = workbook_formula(formula_total, formula);
    check[WORKBOOK_TOP_COLUMNS] =
        (struct workbook_cell){.kind = CELL_NUMBER, .show = SHOW_PENCE, .value = engine_total};
    check[(size_t)2 * WORKBOOK_TOP_COLUMNS] =
        workbook_formula(pence(formula_total - engine_total),
                         arena_printf(sheet->arena, "=ROUND(B%zu-B%zu,2)", row + 1, row + 2));
}

struct workbook_cell workbook_formula(double value, const char *formula)
{
    return (struct workbook_cell){.kind = isfinite(value) ? CELL_FORMULA : CELL_FORMULA_MISSING,
                                  .show = SHOW_PENCE,
                                  .words = formula,
                                  .value = isfinite(value) ? value : 0.0};
}

static struct workbook_cell *next_cell(struct workbook_sheet *sheet)
{
    if (sheet->n_cells == sheet->capacity) {
        sheet->capacity = sheet->capacity == 0 ? 256 : 2 * sheet->capacity;
        sheet->cells = memory_realloc(sheet->cells, sheet->capacity * sizeof *sheet->cells);
    }
    struct workbook_cell *cell = &sheet->cells[sheet->n_cells];
    *cell = (struct workbook_cell){.show = sheet->columns[sheet->n_cells % sheet->n_columns].show};
    ++sheet->n_cells;
    return cell;
}

void sheet_text(struct workbook_sheet *sheet, const char *words)
{
    struct workbook_cell *cell = next_cell(sheet);
    cell->kind = CELL_TEXT;
    cell->words = words != NULL && words[0] != '\0' ? workbook_words(sheet->arena, words) : "[x]";
}

void sheet_number(struct workbook_sheet *sheet, double value)
{
    struct workbook_cell *cell = next_cell(sheet);
    cell->kind = isfinite(value) ? CELL_NUMBER : CELL_TEXT;
    cell->words = isfinite(value) ? NULL : "[z]";
    cell->value = isfinite(value) ? value : 0.0;
}

void sheet_formula(struct workbook_sheet *sheet, double value, const char *format, ...)
{
    va_list arguments;
    char buffer[512];
    va_start(arguments, format);
    int n = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    assert(n > 0 && (size_t)n < sizeof buffer);
    struct workbook_cell *cell = next_cell(sheet);
    enum workbook_show show = cell->show;
    *cell = workbook_formula(value, arena_copy_text(sheet->arena, buffer));
    cell->show = show;
}

size_t sheet_n_rows(const struct workbook_sheet *sheet)
{
    return sheet->n_cells / sheet->n_columns;
}

size_t sheet_header_row(const struct workbook_sheet *sheet)
{
    return sheet->n_top + 1;
}

size_t sheet_row(const struct workbook_sheet *sheet)
{
    return sheet_header_row(sheet) + 1 + sheet_n_rows(sheet);
}

void workbook_column_name(char name[4], size_t column)
{
    size_t i = 0;
    if (column >= 26) {
        name[i++] = (char)('A' + column / 26 - 1);
    }
    name[i++] = (char)('A' + column % 26);
    name[i] = '\0';
}

const char *sheet_range(const struct workbook_sheet *sheet, const char *heading)
{
    size_t column = 0;
    char name[4];
    while (strcmp(sheet->columns[column].heading, heading) != 0) {
        ++column;
        assert(column < sheet->n_columns);
    }
    workbook_column_name(name, column);
    size_t header = sheet_header_row(sheet);
    return arena_printf(sheet->arena, "='%s'!$%s$%zu:$%s$%zu", sheet->name, name, header + 1, name,
                        header + sheet_n_rows(sheet));
}

void book_add_name(struct workbook *book, const char *name, const char *range)
{
    assert(book->n_names < WORKBOOK_MAX_NAMES);
    book->names[book->n_names++] = (struct workbook_name){.name = name, .range = range};
}

struct workbook_sheet *book_find(struct workbook *book, const char *name)
{
    for (size_t i = 0; i < book->n_sheets; ++i) {
        if (strcmp(book->sheets[i].name, name) == 0) {
            return &book->sheets[i];
        }
    }
    return NULL;
}

bool sheet_cell(const struct workbook_sheet *sheet, size_t index, struct workbook_cell *cell,
                size_t *row, size_t *column)
{
    size_t n_top = sheet->n_top * WORKBOOK_TOP_COLUMNS;
    if (index < n_top) {
        *row = index / WORKBOOK_TOP_COLUMNS;
        *column = index % WORKBOOK_TOP_COLUMNS;
        *cell = sheet->top[*row][*column];
        return true;
    }
    index -= n_top;
    *row = sheet->n_top + index / sheet->n_columns;
    *column = index % sheet->n_columns;
    if (index < sheet->n_columns) {
        *cell = (struct workbook_cell){.kind = CELL_TEXT, .words = sheet->columns[index].heading};
        return true;
    }
    index -= sheet->n_columns;
    if (index >= sheet->n_cells) {
        return false;
    }
    *cell = sheet->cells[index];
    return true;
}
