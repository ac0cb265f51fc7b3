/* Tables for the terminal, and in markdown. */
#include "report/report_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void grid_init(struct grid *grid, size_t n_columns, size_t n_rows)
{
    *grid = (struct grid){.n_columns = n_columns < MAX_COLUMNS ? n_columns : MAX_COLUMNS,
                          .n_rows = n_rows,
                          .cells = memory_array(n_rows, sizeof *grid->cells)};
}

void grid_put(struct grid *grid, size_t row, size_t column, const char *words)
{
    if (column < grid->n_columns) {
        size_t n = strlen(words);
        n = n < MAX_CELL - 1 ? n : MAX_CELL - 1;
        while (n > 0 && n < strlen(words) && ((unsigned char)words[n] & 0xC0) == 0x80) {
            --n;
        }
        memcpy(grid->cells[row][column], words, n);
        grid->cells[row][column][n] = '\0';
    }
}

void grid_number(struct grid *grid, size_t row, size_t column, double value, int decimals)
{
    char words[48] = "[z]";
    if (isfinite(value)) {
        text_format_grouped(words, value, decimals);
    }
    grid_put(grid, row, column, words);
}

static void pad(struct text *out, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        text_append(out, " ");
    }
}

static void grid_write_columns(struct text *out, const struct grid *grid, const size_t *widths,
                               size_t first, size_t end, bool markdown)
{
    for (size_t r = 0; r < grid->n_rows; ++r) {
        text_append(out, markdown ? "|" : "");
        for (size_t c = 0; c < end; c = c == 0 ? first : c + 1) {
            const char *cell = grid->cells[r][c];
            size_t gap = widths[c] - text_width(cell);
            text_append(out, markdown ? " " : c > 0 ? "  " : "");
            pad(out, c > 0 && !markdown ? gap : 0);
            text_append(out, cell);
            pad(out, c == 0 && !markdown && end > 1 ? gap : 0);
            text_append(out, markdown ? " |" : "");
        }
        text_append(out, "\n");
        for (size_t c = 0; markdown && r == 0 && c < end; ++c) {
            text_append(out, c == 0 ? "|---|" : "---:|");
            text_append(out, c + 1 == end ? "\n" : "");
        }
    }
}

/* Tables wider than the terminal are broken into several, each with the first column. width 0: as
 * markdown, whole. */
void grid_write(struct text *out, const struct grid *grid, size_t width)
{
    size_t widths[MAX_COLUMNS] = {0};
    if (width == WIDTH_HTML) {
        html_grid(out, grid);
        free(grid->cells);
        return;
    }
    for (size_t r = 0; r < grid->n_rows; ++r) {
        for (size_t c = 0; c < grid->n_columns; ++c) {
            size_t cell = text_width(grid->cells[r][c]);
            widths[c] = cell > widths[c] ? cell : widths[c];
        }
    }
    size_t first = 1;
    do {
        size_t end = first, used = widths[0];
        while (end < grid->n_columns &&
               (width == 0 || end == first || used + 2 + widths[end] <= width)) {
            used += 2 + widths[end++];
        }
        text_append(out, first > 1 ? "\n" : "");
        grid_write_columns(out, grid, widths, first, end, width == 0);
        first = end;
    } while (first < grid->n_columns);
    free(grid->cells);
}
