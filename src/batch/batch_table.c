#include "batch/batch_private.h"

#include <stdlib.h>
#include <string.h>

const char **listing_add_row(struct session *session, struct listing *listing)
{
    size_t row_bytes = listing->n_columns * sizeof *listing->cells;
    listing->cells = arena_grow(&session->arena, (void *)listing->cells, listing->n_rows,
                                &listing->capacity, row_bytes);
    return listing->cells + listing->n_rows++ * listing->n_columns;
}

static const char *cell_at(const struct listing *listing, size_t row, size_t column)
{
    const char *cell = listing->cells[row * listing->n_columns + column];
    return cell == NULL ? "" : cell;
}

static bool column_is_number(const struct listing *listing, size_t column)
{
    return listing->is_number != NULL && listing->is_number[column];
}

/* A spreadsheet would take it for a formula. "-0.4 to 0.4" is none. */
static bool looks_like_formula(const char *cell)
{
    if (cell[0] != '+' && cell[0] != '-') {
        return cell[0] != '\0' && strchr("=@\t\r", cell[0]) != NULL;
    }
    return strchr("0123456789.", cell[1]) == NULL || strpbrk(cell + 1, "=+*/@|!(") != NULL;
}

static void write_csv_cell(struct text *out, const char *cell)
{
    bool formula = looks_like_formula(cell);
    if (!formula && strpbrk(cell, ",\"\n\r") == NULL) {
        text_append(out, cell);
        return;
    }
    text_append(out, formula ? "\"'" : "\"");
    for (const char *at = cell; *at != '\0'; at++) {
        text_append_span(out, at, 1);
        if (*at == '"') {
            text_append(out, "\"");
        }
    }
    text_append(out, "\"");
}

static void write_csv(struct text *out, const struct listing *listing)
{
    for (size_t column = 0; column < listing->n_columns; column++) {
        text_printf(out, "%s%s", column == 0 ? "" : ",", listing->names[column]);
    }
    text_append(out, "\n");
    for (size_t row = 0; row < listing->n_rows; row++) {
        for (size_t column = 0; column < listing->n_columns; column++) {
            text_append(out, column == 0 ? "" : ",");
            write_csv_cell(out, cell_at(listing, row, column));
        }
        text_append(out, "\n");
    }
}

void json_write_text(struct text *out, const char *bytes)
{
    text_append(out, "\"");
    for (const char *at = bytes; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\') {
            text_printf(out, "\\%c", *at);
        } else if ((unsigned char)*at < 0x20) {
            text_printf(out, "\\u%04x", (unsigned)*at);
        } else {
            text_append_span(out, at, 1);
        }
    }
    text_append(out, "\"");
}

static void write_json(struct text *out, const struct listing *listing)
{
    text_append(out, "[");
    for (size_t row = 0; row < listing->n_rows; row++) {
        text_append(out, row == 0 ? "\n  {" : ",\n  {");
        for (size_t column = 0; column < listing->n_columns; column++) {
            const char *cell = cell_at(listing, row, column);
            text_append(out, column == 0 ? " " : ", ");
            json_write_text(out, listing->names[column]);
            text_append(out, ": ");
            if (*cell == '\0') {
                text_append(out, "null");
            } else if (column_is_number(listing, column)) {
                text_append(out, cell);
            } else {
                json_write_text(out, cell);
            }
        }
        text_append(out, " }");
    }
    text_append(out, "\n]\n");
}

static void write_markdown_cell(struct text *out, const char *cell)
{
    for (const char *at = cell; *at != '\0'; at++) {
        text_append(out, *at == '|' ? "\\" : "");
        text_append_span(out, *at == '\n' ? " " : at, 1);
    }
}

static void write_markdown(struct text *out, const struct listing *listing)
{
    if (listing->title != NULL) {
        text_printf(out, "## %s\n\n", listing->title);
    }
    for (size_t column = 0; column < listing->n_columns; column++) {
        text_printf(out, "| %s ", listing->labels[column]);
    }
    text_append(out, "|\n");
    for (size_t column = 0; column < listing->n_columns; column++) {
        text_append(out, column_is_number(listing, column) ? "|---:" : "|---");
    }
    text_append(out, "|\n");
    for (size_t row = 0; row < listing->n_rows; row++) {
        for (size_t column = 0; column < listing->n_columns; column++) {
            text_append(out, "| ");
            write_markdown_cell(out, cell_at(listing, row, column));
            text_append(out, " ");
        }
        text_append(out, "|\n");
    }
}

/* Bytes of the next line of a cell: at most `width` characters, broken after a blank or a sign
 * where one is. */
static size_t line_length(const char *cell, size_t width)
{
    size_t n_characters = 0, at = 0, last_break = 0;
    while (cell[at] != '\0' && n_characters < width) {
        do {
            at++;
        } while (((unsigned char)cell[at] & 0xC0U) == 0x80U);
        n_characters++;
        bool in_number = cell[at - 1] == '.' && cell[at] >= '0' && cell[at] <= '9';
        if ((strchr(" ._/,-", cell[at - 1]) != NULL && !in_number) || cell[at] == ' ') {
            last_break = at;
        }
    }
    if (cell[at] == '\0' || last_break == 0 || cell[at] == ',') {
        at += cell[at] == ',' ? 1 : 0; /* a comma may stand beyond the edge: the gap has room */
        return at;
    }
    return last_break;
}

/* Writes one line of a cell and leaves `cell` at the next; padded unless last. */
static void write_line(struct text *out, const char **cell, size_t width, bool right, bool last)
{
    size_t length = line_length(*cell, width);
    size_t n_characters = 0;
    for (size_t at = 0; at < length; at++) {
        n_characters += ((unsigned char)(*cell)[at] & 0xC0U) != 0x80U;
    }
    int n_blanks = n_characters < width ? (int)(width - n_characters) : 0;
    text_printf(out, "%*s", right ? n_blanks : 0, "");
    text_append_span(out, *cell, length);
    text_printf(out, "%*s", !right && !last ? n_blanks : 0, "");
    *cell += length;
    *cell += strspn(*cell, " ");
}

enum { GAP = 2, MOST_COLUMNS = 24, NARROWEST = 10 };

/* Natural widths, then the widest text columns give way until the row fits; the first, the name,
 * counts half. */
static void choose_widths(const struct listing *listing, size_t n_shown, size_t width,
                          size_t *widths)
{
    size_t total = 0;
    for (size_t column = 0; column < n_shown; column++) {
        widths[column] = text_width(listing->labels[column]);
        for (size_t row = 0; row < listing->n_rows; row++) {
            size_t wanted = text_width(cell_at(listing, row, column));
            widths[column] = wanted > widths[column] ? wanted : widths[column];
        }
        total += widths[column] + (column == 0 ? 0 : GAP);
    }
    while (total > width) {
        size_t widest = n_shown, heaviest = 0;
        for (size_t column = 0; column < n_shown; column++) {
            size_t weight = column == 0 ? widths[0] / 2 : widths[column];
            if (!column_is_number(listing, column) && (widest == n_shown || weight > heaviest)) {
                widest = column;
                heaviest = weight;
            }
        }
        if (widest == n_shown || widths[widest] <= NARROWEST) {
            return;
        }
        widths[widest]--;
        total--;
    }
}

/* A row over as many lines as its longest cell needs: nothing is cut. */
static void write_row(struct text *out, const struct listing *listing, const char **cells,
                      size_t n_shown, const size_t *widths)
{
    bool more = true;
    while (more) {
        struct text line;
        text_init(&line);
        more = false;
        for (size_t column = 0; column < n_shown; column++) {
            text_printf(&line, "%*s", column == 0 ? 0 : (int)GAP, "");
            write_line(&line, &cells[column], widths[column], column_is_number(listing, column),
                       column + 1 == n_shown);
            more = more || *cells[column] != '\0';
        }
        while (line.n_bytes > 0 && line.bytes[line.n_bytes - 1] == ' ') {
            line.n_bytes--;
        }
        text_append_span(out, line.bytes, line.n_bytes);
        text_append(out, "\n");
        text_clear(&line);
    }
}

/* Where a quarter of the rows would have a few words a line, the name has a line of its own and the
 * others have its room. */
static bool is_cramped(const struct listing *listing, size_t n_shown, const size_t *widths)
{
    enum { READABLE = 24 };

    size_t n_cramped = 0;
    for (size_t row = 0; row < listing->n_rows; row++) {
        bool cramped = false;
        for (size_t column = 1; column < n_shown; column++) {
            size_t wanted = text_width(cell_at(listing, row, column));
            cramped = cramped || (widths[column] < READABLE && wanted > 2 * widths[column]);
        }
        n_cramped += cramped ? 1 : 0;
    }
    return 4 * n_cramped >= listing->n_rows && n_cramped > 0 && widths[0] >= READABLE / 2;
}

static void write_stacked(struct text *out, const struct listing *listing, size_t n_shown,
                          size_t width)
{
    enum { INDENT = 2 };

    size_t widths[MOST_COLUMNS];
    const char *cells[MOST_COLUMNS];
    struct listing rest = *listing;
    bool numbers[MOST_COLUMNS] = {false};
    const char **others = memory_array(listing->n_rows * (n_shown - 1) + 1, sizeof *others);
    for (size_t column = 1; column < n_shown; column++) {
        numbers[column - 1] = column_is_number(listing, column);
        for (size_t row = 0; row < listing->n_rows; row++) {
            others[row * (n_shown - 1) + column - 1] = cell_at(listing, row, column);
        }
    }
    rest.labels = listing->labels + 1;
    rest.is_number = numbers;
    rest.n_columns = n_shown - 1;
    rest.cells = others;
    choose_widths(&rest, rest.n_columns, width - INDENT, widths);
    for (size_t row = 0; row <= listing->n_rows; row++) {
        struct text lines;
        text_init(&lines);
        for (size_t column = 0; column < rest.n_columns; column++) {
            cells[column] = row == 0 ? rest.labels[column] : cell_at(&rest, row - 1, column);
        }
        text_printf(out, "%s\n", row == 0 ? listing->labels[0] : cell_at(listing, row - 1, 0));
        write_row(&lines, &rest, cells, rest.n_columns, widths);
        for (char *line = lines.bytes; line != NULL && *line != '\0';) {
            char *end = strchr(line, '\n');
            *end = '\0';
            text_printf(out, "%*s%s\n", *line == '\0' ? 0 : (int)INDENT, "", line);
            line = end + 1;
        }
        text_clear(&lines);
    }
    free(others);
}

static void write_table(struct text *out, const struct listing *listing, size_t width)
{
    size_t widths[MOST_COLUMNS];
    const char *cells[MOST_COLUMNS];
    size_t n_shown = listing->n_shown == 0 ? listing->n_columns : listing->n_shown;
    choose_widths(listing, n_shown, width, widths);
    if (n_shown > 2 && is_cramped(listing, n_shown, widths)) {
        if (listing->title != NULL) {
            text_printf(out, "%s\n", listing->title);
        }
        write_stacked(out, listing, n_shown, width);
        return;
    }
    if (listing->title != NULL) {
        text_printf(out, "%s\n", listing->title);
    }
    for (size_t column = 0; column < n_shown; column++) {
        cells[column] = listing->labels[column];
    }
    write_row(out, listing, cells, n_shown, widths);
    for (size_t row = 0; row < listing->n_rows; row++) {
        for (size_t column = 0; column < n_shown; column++) {
            cells[column] = cell_at(listing, row, column);
        }
        write_row(out, listing, cells, n_shown, widths);
    }
}

void listing_write(struct text *out, const struct listing *listing, enum output_format format,
                   size_t width)
{
    switch (format) {
    case FORMAT_CSV:
        write_csv(out, listing);
        break;
    case FORMAT_JSON:
        write_json(out, listing);
        break;
    case FORMAT_MD:
        write_markdown(out, listing);
        break;
    case FORMAT_TABLE:
    case FORMAT_TEXT:
        write_table(out, listing, width);
        break;
    }
}
