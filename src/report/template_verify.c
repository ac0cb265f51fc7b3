/* The template read back, by the reader that will read it filled in. */
#include "report/template_private.h"
#include "sheet/sheet.h"

#include <math.h>
#include <string.h>

static enum status damaged(struct error *error, const char *what)
{
    return error_set(error, STATUS_IO,
                     "the template could not be written: %s when it was read back (is the disk "
                     "full?)",
                     what);
}

static bool agrees(const struct sheet_cell *cell, const struct written *written)
{
    if (cell == NULL) {
        return false;
    }
    if (written->words != NULL) {
        return cell->kind == SHEET_TEXT && strcmp(cell->text, written->words) == 0;
    }
    return cell->kind == SHEET_NUMBER &&
           fabs(cell->number - written->number) <= 1e-15 * fabs(written->number);
}

enum status template_verify(const struct template_pen *pen, const char *path, struct error *error)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, pen->arena);
    const struct sheet_book *book = sheet_load(pen->arena, &diagnostics, path);
    if (book == NULL || book->n_sheets != pen->n_sheets) {
        return damaged(error, "it was not whole");
    }
    for (size_t i = 0; i < pen->n_written; ++i) {
        const struct written *written = &pen->written[i];
        const struct sheet *sheet = sheet_find(book, written->sheet);
        bool blank = written->words != NULL && written->words[0] == '\0';
        const struct sheet_cell *cell =
            sheet != NULL ? sheet_at(sheet, written->row, written->column) : NULL;
        if (!agrees(cell, written) && !(blank && cell != NULL)) {
            return damaged(error, arena_printf(pen->arena, "row %zu of sheet %s had changed",
                                               written->row + 1, written->sheet));
        }
    }
    return STATUS_OK;
}
