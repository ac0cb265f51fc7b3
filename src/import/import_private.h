/* What the files of import/ share; nothing outside includes it. */
#ifndef DIVIDEND_IMPORT_IMPORT_PRIVATE_H
#define DIVIDEND_IMPORT_IMPORT_PRIVATE_H

#include "base/text.h"
#include "import/import.h"

/* ---- the text that is made, and where it came from (import_draft.c) ---- */

struct import_mark {
    int line, column; /* of the text, from here on to the next mark */
    struct place place;
};

struct draft_pen {
    struct arena *arena;
    struct text text;
    int line, column; /* where the next character goes, from 1 */
    struct import_mark *marks;
    size_t n_marks, capacity;
};

void pen_write(struct draft_pen *pen, const char *bytes);
void pen_printf(struct draft_pen *pen, const char *format, ...) PRINTF_LIKE(2, 3);
void pen_mark(struct draft_pen *pen, struct place place);
void pen_quote(struct draft_pen *pen, const char *words); /* "words", escaped */
void pen_number(struct draft_pen *pen, double number);    /* with a point, so that it is decimal */

/* ---- a sheet with its headings (import_grid.c) ---- */

struct importer {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct library *library;
    const struct sheet_book *book;
    const struct import_form *form;
    struct draft_pen pen;
    const char *name;
};

struct grid {
    enum form_sheet which;
    const struct sheet *sheet;
    size_t header;                  /* row of the headings */
    size_t columns[N_FORM_COLUMNS]; /* SIZE_MAX: not on this sheet */
    size_t n_rows;                  /* rows up to the last one with content */
    bool ids_wrong;                 /* some id was a mistake: no row is said to be missing */
};

/* False after a diagnostic: the sheet or a heading is missing. */
bool form_grid_find(struct importer *importer, enum form_sheet which, struct grid *grid);
/* rows[n_ids]: the row of each id, SIZE_MAX where it has none. Unknown and repeated ids are
 * diagnostics. */
void form_grid_rows(struct importer *importer, struct grid *grid, const char *const *ids,
                    size_t n_ids, size_t *rows);

/* ---- one cell (import_cells.c) ---- */

struct entry {
    const struct grid *grid;
    size_t row;
    enum form_column column;
    const char *path; /* as a scenario file would have it: "inputs.eligible" */
    const char *unit; /* NULL none */
};

enum reading { READ_BLANK, READ_GOOD, READ_BAD };

const struct sheet_cell *entry_cell(const struct entry *entry);
struct place entry_place(const struct importer *importer, const struct entry *entry);
/* The entry of another column of the same row. */
struct entry entry_beside(const struct entry *entry, enum form_column column);
void entry_complain(const struct importer *importer, const struct entry *entry,
                    enum diagnostic_code code, const char *allowed, const char *remedy,
                    const char *found, ...) PRINTF_LIKE(6, 7);
void entry_complain_blank(const struct importer *importer, const struct entry *entry,
                          const char *allowed);

bool entry_is_blank(const struct entry *entry);
enum reading entry_number(const struct importer *importer, const struct entry *entry,
                          double *number);
/* On one line, without blanks at its ends. */
enum reading entry_text(const struct importer *importer, const struct entry *entry,
                        const char **words);
/* "2026-27" */
enum reading entry_year(const struct importer *importer, const struct entry *entry,
                        const char **year);
enum reading entry_choice(const struct importer *importer, const struct entry *entry,
                          const struct form_choices *choices, const struct form_choice **choice);

/* ---- figures (import_figures.c) ---- */

struct figures {
    enum form_kind kind;
    struct entry entries[5]; /* value, low, high, events, n */
    double values[5];        /* NaN: not given */
    struct entry form;
};

/* What a row says about a quantity within limits. */
struct wanted {
    double least, most;
    bool evidence; /* has events and n; certainty must be claimed, not left */
};

enum reading figures_read(const struct importer *importer, const struct entry *value,
                          const struct wanted *wanted, struct figures *figures);
void figures_write(struct draft_pen *pen, const struct importer *importer,
                   const struct figures *figures);

/* ---- sheets (import_funding.c, import_scenario.c) ---- */

void import_funding(struct importer *importer);

#endif
