/* Sheets by name, headings by their words, rows by id: people move, sort and add to all of them. */
#include "import/import_private.h"

#include <string.h>
#include <strings.h>

enum { HEADER_ROWS = 100 }; /* headings stand in the first rows of a sheet */

/* What a cell says, without blanks at its ends; NULL where it says no words. */
static const char *words_of(struct arena *arena, const struct sheet_cell *cell)
{
    if (cell == NULL || cell->kind != SHEET_TEXT) {
        return NULL;
    }
    const char *start = cell->text + strspn(cell->text, " \t\r\n");
    size_t n = strlen(start);
    while (n > 0 && strchr(" \t\r\n", start[n - 1]) != NULL) {
        --n;
    }
    return n == 0 ? NULL : arena_copy_span(arena, start, n);
}

/* Headings that are needed to read a sheet: of what is filled in, and Id. */
static bool is_needed(enum form_column column)
{
    return form_column_is_entry(column) || column == COLUMN_ID;
}

static size_t find_heading(struct arena *arena, const struct sheet *sheet, size_t row,
                           const char *heading)
{
    for (size_t i = 0; i < sheet->n_cells && sheet->cells[i].row <= row; ++i) {
        if (sheet->cells[i].row == row) {
            const char *words = words_of(arena, &sheet->cells[i]);
            if (words != NULL && strcasecmp(words, heading) == 0) {
                return sheet->cells[i].column;
            }
        }
    }
    return SIZE_MAX;
}

static size_t match_row(struct importer *importer, struct grid *grid, size_t row)
{
    size_t n_found = 0;
    for (size_t i = 0; i < N_FORM_COLUMNS; ++i) {
        grid->columns[i] = SIZE_MAX;
    }
    for (const enum form_column *column = form_sheet_columns(grid->which); *column < N_FORM_COLUMNS;
         ++column) {
        size_t found =
            find_heading(importer->arena, grid->sheet, row, form_column_heading(*column));
        grid->columns[*column] = found;
        n_found += found != SIZE_MAX && is_needed(*column) ? 1 : 0;
    }
    return n_found;
}

static void complain_sheet(struct importer *importer, const struct grid *grid, size_t row,
                           const char *allowed, const char *found)
{
    const char *name = form_sheet_name(grid->which);
    diagnostics_add(importer->diagnostics, DIAGNOSTIC_E911,
                    sheet_place(importer->arena, importer->book, name, row, 0), NULL, allowed,
                    "write a fresh template (`dividend new scenario NAME --model M --xlsx`) and "
                    "copy your figures into it",
                    "%s", found);
}

static bool check_headings(struct importer *importer, const struct grid *grid)
{
    bool good = true;
    for (const enum form_column *column = form_sheet_columns(grid->which); *column < N_FORM_COLUMNS;
         ++column) {
        if (is_needed(*column) && grid->columns[*column] == SIZE_MAX) {
            complain_sheet(importer, grid, grid->header, "the headings of the template, in one row",
                           arena_printf(importer->arena, "no heading \"%s\" in this row",
                                        form_column_heading(*column)));
            good = false;
        }
    }
    return good;
}

bool form_grid_find(struct importer *importer, enum form_sheet which, struct grid *grid)
{
    size_t best = 0;
    *grid =
        (struct grid){.which = which, .sheet = sheet_find(importer->book, form_sheet_name(which))};
    if (grid->sheet == NULL) {
        complain_sheet(importer, grid, SIZE_MAX, "the sheets of the template, with their names",
                       "this sheet is missing");
        return false;
    }
    const struct sheet *sheet = grid->sheet;
    size_t looked_at = SIZE_MAX;
    for (size_t i = 0; i < sheet->n_cells && sheet->cells[i].row < HEADER_ROWS; ++i) {
        if (sheet->cells[i].row == looked_at) {
            continue;
        }
        looked_at = sheet->cells[i].row;
        size_t n_found = match_row(importer, grid, looked_at);
        if (n_found > best) {
            best = n_found;
            grid->header = looked_at;
        }
    }
    if (best < 2) {
        complain_sheet(importer, grid, SIZE_MAX, "a row of headings among the first 100 rows",
                       "this sheet has no row of headings");
        return false;
    }
    (void)match_row(importer, grid, grid->header);
    grid->n_rows = sheet->cells[sheet->n_cells - 1].row + 1;
    return check_headings(importer, grid);
}

/* Whether anything is filled in in a row. */
static bool is_filled(const struct grid *grid, size_t row)
{
    for (size_t i = 0; i < N_FORM_COLUMNS; ++i) {
        struct entry entry = {.grid = grid, .row = row, .column = (enum form_column)i};
        if (grid->columns[i] != SIZE_MAX && form_column_is_entry(entry.column) &&
            !entry_is_blank(&entry)) {
            return true;
        }
    }
    return false;
}

static void read_id(struct importer *importer, const struct grid *grid, size_t row,
                    const char *const *ids, size_t n_ids, size_t *rows)
{
    struct entry entry = {.grid = grid, .row = row, .column = COLUMN_ID};
    const struct sheet_cell *cell = entry_cell(&entry);
    const char *words = words_of(importer->arena, cell);
    if (cell == NULL && !is_filled(grid, row)) {
        return;
    }
    size_t at = 0;
    while (words != NULL && at < n_ids && strcmp(ids[at], words) != 0) {
        ++at;
    }
    if (words == NULL || at == n_ids) {
        const char *nearest = words != NULL ? text_nearest(words, ids, n_ids) : NULL;
        entry_complain(importer, &entry, DIAGNOSTIC_E912,
                       arena_printf(importer->arena,
                                    "an id of the model \"%s\", as the template "
                                    "has it",
                                    importer->form->model->id),
                       nearest != NULL
                           ? arena_printf(importer->arena, "did you mean %s?", nearest)
                           : "undo the change, or remove the row; figures that the form does not "
                             "ask for go into the .cfg file",
                       "found %s", sheet_show(importer->arena, cell));
    } else if (rows[at] != SIZE_MAX) {
        char first[16];
        sheet_cell_name(first, rows[at], grid->columns[COLUMN_ID]);
        entry_complain(importer, &entry, DIAGNOSTIC_E913, "each id in one row",
                       "remove one of them", "%s stands in %s already", words, first);
    } else {
        rows[at] = row;
    }
}

void form_grid_rows(struct importer *importer, struct grid *grid, const char *const *ids,
                    size_t n_ids, size_t *rows)
{
    for (size_t i = 0; i < n_ids; ++i) {
        rows[i] = SIZE_MAX;
    }
    size_t looked_at = grid->header, n_before = importer->diagnostics->n_errors;
    for (size_t i = 0; i < grid->sheet->n_cells; ++i) {
        size_t row = grid->sheet->cells[i].row;
        if (row > grid->header && row != looked_at) {
            looked_at = row;
            read_id(importer, grid, row, ids, n_ids, rows);
        }
    }
    grid->ids_wrong = importer->diagnostics->n_errors > n_before;
}
