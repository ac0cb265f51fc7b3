/* A filled template becomes a scenario file. Cells are data: what people typed enters the scenario
 * as numbers, names from lists, and texts in quotes; never as settings.
 *
 * Mistakes are diagnostics at cells, all at once. What the template itself can tell (blank, no
 * number, out of range, shares that do not sum to 1) is told here in words of the sheet. For the
 * rest the scenario is read by the library as any other, and its diagnostics are moved from lines
 * of the text to the cells that the lines came from. */
#ifndef DIVIDEND_IMPORT_IMPORT_H
#define DIVIDEND_IMPORT_IMPORT_H

#include "import/form.h"
#include "sheet/sheet.h"

struct import_mark; /* which cell a stretch of the text came from */

struct import_draft {
    const char *name; /* of the scenario; a valid name */
    const struct sheet_book *book;
    const char *bytes; /* the scenario file. After an error of a cell it holds a stand-in for it, so
                          that the rest can still be checked: never to be written. */
    size_t n_bytes;
    const struct import_mark *marks;
    size_t n_marks;
};

/* NULL where the workbook is no template of a model of the library. */
const struct import_draft *import_read(struct arena *arena, const struct library *library,
                                       const struct sheet_book *book,
                                       struct diagnostics *diagnostics);

/* Moves the diagnostics of `file`, the name under which the draft was read, to its cells. */
void import_move_diagnostics(const struct import_draft *draft, const char *file,
                             struct diagnostics *diagnostics);

/* A number as people type it into a cell that holds text: "1800", "1,234,567", "60%", with `money`
 * also a pound sign. False where it may mean two numbers, or none; *ambiguous (may be NULL) says
 * which. */
bool import_read_typed(const char *text, bool money, double *value, bool *ambiguous);

#endif
