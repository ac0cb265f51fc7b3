/* Shared strings and the cells of a worksheet. */
#include "sheet/sheet_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts ---- */

/* The value of four hexadecimal digits, or -1. */
static long read_hex(const char *at)
{
    long value = 0;
    for (size_t i = 0; i < 4; ++i) {
        const char *digits = "0123456789abcdef";
        char lower = at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] - 'A' + 'a') : at[i];
        const char *digit = lower != '\0' ? strchr(digits, lower) : NULL;
        if (digit == NULL) {
            return -1;
        }
        value = 16 * value + (digit - digits);
    }
    return value;
}

static void append_character(struct text *out, long code)
{
    char bytes[3];
    if (code < 0x80) {
        bytes[0] = (char)code;
        text_append_span(out, bytes, 1);
    } else if (code < 0x800) {
        bytes[0] = (char)(0xC0 | (code >> 6));
        bytes[1] = (char)(0x80 | (code & 0x3F));
        text_append_span(out, bytes, 2);
    } else {
        bytes[0] = (char)(0xE0 | (code >> 12));
        bytes[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        bytes[2] = (char)(0x80 | (code & 0x3F));
        text_append_span(out, bytes, 3);
    }
}

/* Spreadsheets write characters that XML cannot hold as _xHHHH_. */
static void append_unescaped(struct text *out, const char *bytes, size_t n_bytes)
{
    size_t at = 0;
    while (at < n_bytes) {
        bool escape =
            at + 7 <= n_bytes && strncmp(bytes + at, "_x", 2) == 0 && bytes[at + 6] == '_';
        long code = escape ? read_hex(bytes + at + 2) : -1;
        if (code > 0 && (code < 0xD800 || code > 0xDFFF)) {
            append_character(out, code);
            at += 7;
        } else {
            text_append_span(out, bytes + at, 1);
            ++at;
        }
    }
}

struct string_reading {
    struct sheet_reader *reader;
    struct sheet_strings *strings;
    struct text text;
};

static bool check_length(struct sheet_reader *reader, const struct text *text)
{
    return text->n_bytes <= SHEET_MAX_TEXT_BYTES ||
           sheet_refuse(reader, DIAGNOSTIC_E905, "texts of at most 32,767 characters", "shorten it",
                        "a cell holds a longer text");
}

static void close_string(void *context, const char *path, const char *bytes, size_t n_bytes)
{
    struct string_reading *reading = context;
    struct sheet_strings *strings = reading->strings;
    if (strcmp(path, "sst/si/t") == 0 || strcmp(path, "sst/si/r/t") == 0) {
        append_unescaped(&reading->text, bytes, n_bytes);
        (void)check_length(reading->reader, &reading->text);
    } else if (strcmp(path, "sst/si") == 0) {
        if (strings->n_items >= SHEET_MAX_STRINGS) {
            (void)sheet_refuse(reading->reader, DIAGNOSTIC_E905, "at most 200,000 texts",
                               "start from a fresh template", "the file has more texts");
            return;
        }
        strings->items = arena_grow(reading->reader->arena, (void *)strings->items,
                                    strings->n_items, &strings->capacity, sizeof *strings->items);
        strings->items[strings->n_items++] =
            reading->text.n_bytes == 0
                ? ""
                : arena_copy_span(reading->reader->arena, reading->text.bytes,
                                  reading->text.n_bytes);
        reading->text.n_bytes = 0;
    }
}

bool sheet_read_strings(struct sheet_reader *reader, const struct sheet_part *part,
                        struct sheet_strings *strings)
{
    struct string_reading reading = {.reader = reader, .strings = strings};
    const struct sheet_walk walk = {.close = close_string, .context = &reading};
    text_init(&reading.text);
    bool good = sheet_walk_part(reader, part, &walk);
    text_clear(&reading.text);
    return good;
}

/* ---- dates ---- */

/* Day `serial` of a spreadsheet as "2026-04-01": days from 30 December 1899, where 1900 has a 29
 * February that it never had; or from 1 January 1904. Civil calendar from days, after the usual
 * division into eras of 400 years. */
static const char *show_date(struct arena *arena, double serial, bool from_1904)
{
    double whole = floor(serial);
    if (!(whole > -700000.0 && whole < 3000000.0)) {
        return arena_printf(arena, "the date %g", serial);
    }
    long day = (long)whole + (from_1904 ? 1462 : 0);
    day += day < 60 ? 1 : 0;
    long shifted = day - 25569 + 719468; /* from 1 March of year 0 */
    long era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    long of_era = shifted - era * 146097;
    long year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long month_from_march = (5 * of_year + 2) / 153;
    long day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    long month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    long year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return arena_printf(arena, "%04ld-%02ld-%02ld", year, month, day_of_month);
}

/* ---- cells ---- */

struct cell_reading {
    struct sheet_reader *reader;
    const struct sheet_source *source;
    struct sheet *sheet;
    size_t row, column; /* where the next cell stands that says nothing of it */
    char type[16];      /* of the cell that is open */
    size_t style;
    bool has_value, has_formula, has_inline;
    struct text value;
};

static void refuse_cell(struct cell_reading *reading, const char *what)
{
    char name[16];
    sheet_cell_name(name, reading->row, reading->column);
    (void)sheet_refuse(reading->reader, DIAGNOSTIC_E904, "cells as spreadsheet programs write them",
                       "open the file in Excel or LibreOffice and save it again",
                       "sheet %s, cell %s: %s", reading->sheet->name, name, what);
}

static bool read_whole(const char *text, size_t most, size_t *value)
{
    size_t number = 0;
    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; ++text) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        number = 10 * number + (size_t)(*text - '0');
        if (number > most) {
            return false;
        }
    }
    *value = number;
    return true;
}

/* "G7" or "$G$7" to row 6, column 6. */
static bool read_reference(const char *text, size_t *row, size_t *column)
{
    size_t number = 0, line = 0;
    for (; *text >= 'A' && *text <= 'Z'; ++text) {
        number = 26 * number + (size_t)(*text - 'A') + 1;
        if (number > SHEET_MAX_COLUMNS) {
            return false;
        }
    }
    if (number == 0 || !read_whole(text, SHEET_MAX_ROWS, &line) || line == 0) {
        return false;
    }
    *row = line - 1;
    *column = number - 1;
    return true;
}

static void open_row(struct cell_reading *reading, const char *const *attributes)
{
    const char *stated = sheet_attribute(attributes, "r");
    size_t row = 0;
    reading->column = 0;
    if (stated == NULL) {
        return;
    }
    if (!read_whole(stated, SHEET_MAX_ROWS, &row) || row == 0) {
        refuse_cell(reading, "a row with a number that no row has");
        return;
    }
    reading->row = row - 1;
}

static void open_cell(struct cell_reading *reading, const char *const *attributes)
{
    const char *reference = sheet_attribute(attributes, "r");
    const char *type = sheet_attribute(attributes, "t"), *style = sheet_attribute(attributes, "s");
    if (reference != NULL && !read_reference(reference, &reading->row, &reading->column)) {
        refuse_cell(reading, "a reference that no cell has");
    }
    if (reading->row >= SHEET_MAX_ROWS || reading->column >= SHEET_MAX_COLUMNS) {
        refuse_cell(reading, "beyond the last row or column");
    }
    (void)snprintf(reading->type, sizeof reading->type, "%s", type != NULL ? type : "n");
    reading->style = 0;
    if (style != NULL && !read_whole(style, SHEET_MAX_STYLES, &reading->style)) {
        refuse_cell(reading, "a style that is no number");
    }
    reading->has_value = reading->has_formula = reading->has_inline = false;
    reading->value.n_bytes = 0;
}

static void open_element(void *context, const char *path, const char *const *attributes)
{
    struct cell_reading *reading = context;
    if (strncmp(path, "worksheet/sheetData/row", 23) != 0) {
        return;
    }
    const char *rest = path + 23;
    if (*rest == '\0') {
        open_row(reading, attributes);
    } else if (strcmp(rest, "/c") == 0) {
        open_cell(reading, attributes);
    } else if (strcmp(rest, "/c/f") == 0) {
        reading->has_formula = true;
    } else if (strcmp(rest, "/c/v") == 0) {
        reading->has_value = true;
        reading->value.n_bytes = 0;
    } else if (strcmp(rest, "/c/is") == 0) {
        reading->has_inline = true;
        reading->value.n_bytes = 0;
    }
}

static struct sheet_cell *add_cell(struct cell_reading *reading)
{
    struct sheet *sheet = reading->sheet;
    if (++*reading->source->n_cells > SHEET_MAX_CELLS) {
        (void)sheet_refuse(reading->reader, DIAGNOSTIC_E905, "at most 200,000 cells with content",
                           "start from a fresh template, and copy only your own figures into it",
                           "the file has more cells");
        --*reading->source->n_cells;
        return NULL;
    }
    sheet->cells = arena_grow(reading->reader->arena, sheet->cells, sheet->n_cells,
                              &sheet->capacity, sizeof *sheet->cells);
    struct sheet_cell *cell = &sheet->cells[sheet->n_cells++];
    *cell = (struct sheet_cell){.row = (uint32_t)reading->row,
                                .column = (uint32_t)reading->column,
                                .is_formula = reading->has_formula};
    return cell;
}

static const char *value_text(struct cell_reading *reading)
{
    text_append(&reading->value, "");
    return reading->value.n_bytes == 0
               ? ""
               : arena_copy_span(reading->reader->arena, reading->value.bytes,
                                 reading->value.n_bytes);
}

static void fill_shared(struct cell_reading *reading, struct sheet_cell *cell)
{
    const struct sheet_strings *strings = reading->source->strings;
    size_t index = 0;
    if (!read_whole(value_text(reading), SHEET_MAX_STRINGS, &index) || index >= strings->n_items) {
        refuse_cell(reading, "a text that is not among the texts of the file");
        return;
    }
    cell->kind = SHEET_TEXT;
    cell->text = strings->items[index];
}

static void fill_number(struct cell_reading *reading, struct sheet_cell *cell)
{
    const struct sheet_styles *styles = reading->source->styles;
    const char *text = value_text(reading);
    cell->kind = SHEET_NUMBER;
    if (!text_read_number(text + strspn(text, " \t\r\n"), &cell->number)) {
        refuse_cell(reading, "a number that is none");
        return;
    }
    enum sheet_shows shows =
        reading->style < styles->n_shows ? styles->shows[reading->style] : SHEET_SHOWS_NUMBER;
    cell->is_percent = shows == SHEET_SHOWS_PERCENT;
    cell->is_date = shows == SHEET_SHOWS_DATE;
    if (cell->is_date) {
        cell->text = show_date(reading->reader->arena, cell->number, reading->source->from_1904);
    }
}

static void fill_boolean(struct cell_reading *reading, struct sheet_cell *cell)
{
    const char *text = value_text(reading);
    bool is_true = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "0") != 0 && strcmp(text, "false") != 0) {
        refuse_cell(reading, "neither TRUE nor FALSE");
    }
    cell->kind = SHEET_BOOLEAN;
    cell->number = is_true ? 1.0 : 0.0;
}

static void fill_cell(struct cell_reading *reading, struct sheet_cell *cell)
{
    const char *type = reading->type;
    bool blank = reading->value.n_bytes == 0 && reading->has_formula && strcmp(type, "str") != 0;
    if (!reading->has_inline && (!reading->has_value || blank)) {
        cell->kind = SHEET_UNKNOWN;
    } else if (reading->has_inline || strcmp(type, "str") == 0) {
        cell->kind = SHEET_TEXT;
        cell->text = value_text(reading);
    } else if (strcmp(type, "s") == 0) {
        fill_shared(reading, cell);
    } else if (strcmp(type, "n") == 0) {
        fill_number(reading, cell);
    } else if (strcmp(type, "b") == 0) {
        fill_boolean(reading, cell);
    } else if (strcmp(type, "e") == 0) {
        cell->kind = SHEET_ERROR;
        cell->text = value_text(reading);
    } else if (strcmp(type, "d") == 0) {
        cell->kind = SHEET_NUMBER;
        cell->is_date = true;
        cell->text = value_text(reading);
    } else {
        refuse_cell(reading, "a kind of content that is not known");
    }
}

/* A style alone, or an empty value without a formula, is a blank cell. */
static void close_cell(struct cell_reading *reading)
{
    bool empty = reading->value.n_bytes == 0 && !reading->has_formula;
    if (!empty) {
        struct sheet_cell *cell = add_cell(reading);
        if (cell != NULL) {
            fill_cell(reading, cell);
        }
    }
    ++reading->column;
}

static void close_element(void *context, const char *path, const char *bytes, size_t n_bytes)
{
    struct cell_reading *reading = context;
    if (strncmp(path, "worksheet/sheetData/row", 23) != 0) {
        return;
    }
    const char *rest = path + 23;
    if (strcmp(rest, "/c/v") == 0 && strcmp(reading->type, "str") != 0) {
        text_append_span(&reading->value, bytes, n_bytes);
    } else if (strcmp(rest, "/c/v") == 0 || strcmp(rest, "/c/is/t") == 0 ||
               strcmp(rest, "/c/is/r/t") == 0) {
        append_unescaped(&reading->value, bytes, n_bytes);
        (void)check_length(reading->reader, &reading->value);
    } else if (strcmp(rest, "/c") == 0) {
        close_cell(reading);
    } else if (*rest == '\0') {
        ++reading->row;
    }
}

static int compare_cells(const void *left, const void *right)
{
    const struct sheet_cell *a = left, *b = right;
    if (a->row != b->row) {
        return a->row < b->row ? -1 : 1;
    }
    return (a->column > b->column) - (a->column < b->column);
}

static bool check_cells_once(struct cell_reading *reading)
{
    struct sheet *sheet = reading->sheet;
    if (sheet->n_cells > 1) {
        qsort(sheet->cells, sheet->n_cells, sizeof *sheet->cells, compare_cells);
    }
    for (size_t i = 1; i < sheet->n_cells; ++i) {
        if (compare_cells(&sheet->cells[i - 1], &sheet->cells[i]) == 0) {
            reading->row = sheet->cells[i].row;
            reading->column = sheet->cells[i].column;
            refuse_cell(reading, "it stands in the file twice");
            return false;
        }
    }
    return true;
}

bool sheet_read_cells(struct sheet_reader *reader, const struct sheet_source *source,
                      struct sheet *sheet)
{
    struct cell_reading reading = {.reader = reader, .source = source, .sheet = sheet};
    const struct sheet_walk walk = {
        .open = open_element, .close = close_element, .context = &reading};
    text_init(&reading.value);
    bool good = sheet_walk_part(reader, source->part, &walk) && check_cells_once(&reading);
    text_clear(&reading.value);
    return good;
}
