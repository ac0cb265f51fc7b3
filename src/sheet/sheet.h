/* Spreadsheets that people send back: the bytes of an .xlsx file to cells, nothing more.
 *
 * The file is hostile until shown otherwise. Its bytes are read whole under a limit; libarchive
 * walks the container, counting what comes out rather than believing what headers say; expat walks
 * each part under limits of depth, attributes and text, and a part with a document type is refused
 * where the declaration begins, so that no entity is ever declared, let alone expanded. No name
 * inside the file is ever used as a path. Formulas are not computed: the value that the spreadsheet
 * program stored beside them is taken.
 *
 * Read are shared and inline strings, rich text, booleans, errors, dates as serials or ISO 8601,
 * sparse rows, rows and cells without reference, transitional and strict documents, whatever their
 * prefixes: what Excel, LibreOffice and Google Sheets write. */
#ifndef DIVIDEND_SHEET_SHEET_H
#define DIVIDEND_SHEET_SHEET_H

#include "base/diagnostic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits, said in E905. */
enum {
    SHEET_MAX_FILE_BYTES = 8 * 1024 * 1024,
    SHEET_MAX_ENTRIES = 1000,
    SHEET_MAX_PART_BYTES = 32 * 1024 * 1024,  /* one part, inflated */
    SHEET_MAX_TOTAL_BYTES = 64 * 1024 * 1024, /* all parts, inflated */
    SHEET_MAX_RATIO = 200,                    /* inflated bytes for each byte of the file, ... */
    SHEET_RATIO_FROM_BYTES = 4 * 1024 * 1024, /* ... from this size */
    SHEET_MAX_DEPTH = 32,
    SHEET_MAX_ATTRIBUTES = 64,
    SHEET_MAX_ATTRIBUTE_BYTES = 8192,
    SHEET_MAX_TEXT_BYTES = 4 * 32767, /* of a cell; a spreadsheet takes 32,767 characters */
    SHEET_MAX_STRINGS = 200000,
    SHEET_MAX_STYLES = 65536,
    SHEET_MAX_SHEETS = 64,
    SHEET_MAX_CELLS = 200000, /* with content, in all sheets */
    SHEET_MAX_ROWS = 1048576,
    SHEET_MAX_COLUMNS = 16384
};

enum sheet_cell_kind {
    SHEET_TEXT,    /* text, UTF-8; may be empty where a formula gives "" */
    SHEET_NUMBER,  /* number; finite */
    SHEET_BOOLEAN, /* number: 0 or 1 */
    SHEET_ERROR,   /* text: "#REF!" */
    SHEET_UNKNOWN  /* a formula beside which no value is stored */
};

struct sheet_cell {
    uint32_t row, column; /* from 0 */
    enum sheet_cell_kind kind;
    const char *text; /* SHEET_TEXT, SHEET_ERROR; of dates "2026-04-01"; else NULL */
    double number;
    bool is_date, is_percent; /* how a number is shown */
    bool is_formula;
};

struct sheet {
    const char *name;
    struct sheet_cell *cells; /* by row, then column; blank ones are not there */
    size_t n_cells, capacity;
};

struct sheet_book {
    const char *file; /* as the user named it */
    struct sheet *sheets;
    size_t n_sheets;
};

/* Reads a file. NULL after an error, which is a diagnostic (E900 to E907). `file` is copied. */
const struct sheet_book *sheet_load(struct arena *arena, struct diagnostics *diagnostics,
                                    const char *file);

/* The same for bytes in memory; `file` is only a name for messages. For tests and fuzzing. */
const struct sheet_book *sheet_parse(struct arena *arena, struct diagnostics *diagnostics,
                                     const char *file, const char *bytes, size_t n_bytes);

/* By name, letters compared without case as spreadsheets do; NULL where there is none. */
const struct sheet *sheet_find(const struct sheet_book *book, const char *name);

/* NULL where the cell is blank. */
const struct sheet_cell *sheet_at(const struct sheet *sheet, size_t row, size_t column);

/* "G7" of row 6, column 6. */
void sheet_cell_name(char name[16], size_t row, size_t column);

/* As a person sees it: "1,800 people", "60 %", "TRUE", "2026-04-01"; long texts are cut. */
const char *sheet_show(struct arena *arena, const struct sheet_cell *cell);

/* The place of a cell, for diagnostics; row SIZE_MAX: of the sheet as a whole. */
struct place sheet_place(struct arena *arena, const struct sheet_book *book, const char *sheet,
                         size_t row, size_t column);

#endif
