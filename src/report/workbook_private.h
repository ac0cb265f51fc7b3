/* workbook.xlsx: a model of its sheets, filled first (workbook_words.c, workbook_money.c,
 * workbook_csv.c), then written by libxlsxwriter (workbook_write.c), then read back and compared
 * with the model (workbook_verify.c). The model is what makes the comparison possible: the library
 * does not notice a full disk. */
#ifndef DIVIDEND_REPORT_WORKBOOK_PRIVATE_H
#define DIVIDEND_REPORT_WORKBOOK_PRIVATE_H

#include "report/report_private.h"

/* How a cell is shown; also its column's width. */
enum workbook_show {
    SHOW_TEXT,
    SHOW_WORDS,  /* sentences, wrapped */
    SHOW_MONEY,  /* whole pounds */
    SHOW_PENCE,  /* reconciliations */
    SHOW_NUMBER, /* any unit */
    SHOW_SHARE,
    SHOW_FACTOR,
    SHOW_COUNT,
    SHOW_YEAR, /* of the calendar: no commas */
    N_SHOWS
};

enum workbook_kind {
    CELL_NONE, /* beside a label above the table */
    CELL_TEXT,
    CELL_NUMBER,
    CELL_FORMULA,         /* words: the formula; value: what it gives */
    CELL_FORMULA_MISSING, /* a formula that gives "[z]" */
    CELL_LINK             /* words: the name of a sheet */
};

struct workbook_cell {
    enum workbook_kind kind;
    enum workbook_show show;
    const char *words;
    double value;
};

struct workbook_column {
    const char *heading;
    enum workbook_show show;
};

enum { WORKBOOK_TOP_COLUMNS = 2, WORKBOOK_MAX_TOP = 12, WORKBOOK_MAX_COLUMNS = 64 };

enum workbook_chart { CHART_NONE, CHART_BARS, CHART_LINES };

/* A title in A1, lines of a label and a cell below it, then one table and nothing else. */
struct workbook_sheet {
    struct arena *arena;
    const char *name, *table; /* tab; name of the table in formulas */
    struct workbook_cell top[WORKBOOK_MAX_TOP][WORKBOOK_TOP_COLUMNS];
    size_t n_top;
    const struct workbook_column *columns;
    size_t n_columns;
    struct workbook_cell *cells; /* [n_rows][n_columns] */
    size_t n_cells, capacity;
    enum workbook_chart chart;
    const char *chart_words; /* its alternative text */
    const char *chart_title;
    size_t chooser;           /* row of `top` where a scenario is chosen from a list; 0 none */
    const char *chooser_list; /* the range it is chosen from */
    size_t n_heads;           /* columns that stay in sight and are printed on every page; 0: one */
    size_t basis;             /* row of `top` where nominal or real is chosen; 0 none */
};

struct workbook_name {
    const char *name, *range; /* "=Summary!$L$7:$L$9" */
};

enum { WORKBOOK_MAX_SHEETS = 40, WORKBOOK_MAX_NAMES = 32 };

struct workbook {
    struct arena *arena;
    struct workbook_sheet sheets[WORKBOOK_MAX_SHEETS];
    size_t n_sheets;
    struct workbook_name names[WORKBOOK_MAX_NAMES];
    size_t n_names;
    const char *title;
    size_t n_left_out; /* scenarios for which there was no room */
};

/* ---- the model (workbook_model.c) ---- */

/* A sheet with its title and one sentence below it. `columns` must outlive the workbook. */
struct workbook_sheet *book_add_sheet(struct workbook *book, const char *name, const char *table,
                                      const char *title, const char *sentence,
                                      const struct workbook_column *columns, size_t n_columns);
/* Lines above the table: before its first row only. The cell may be filled in later. */
struct workbook_cell *sheet_add_top(struct workbook_sheet *sheet, const char *label);
/* Three lines: a formula's total, the engine's, and their difference. */
struct workbook_cell *sheet_add_check(struct workbook_sheet *sheet, const char *what);
void sheet_fill_check(struct workbook_sheet *sheet, struct workbook_cell *check,
                      const char *formula, double formula_total, double engine_total);

void sheet_text(struct workbook_sheet *sheet, const char *words); /* NULL or "": "[x]" */
void sheet_number(struct workbook_sheet *sheet, double value);    /* not finite: "[z]" */
/* A formula with the engine's value for it; "[z]" where that is not finite. */
void sheet_formula(struct workbook_sheet *sheet, double value, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* What is in a cell of the row that is being written. */
size_t sheet_n_rows(const struct workbook_sheet *sheet);
size_t sheet_row(const struct workbook_sheet *sheet);        /* as Excel counts: the next row */
size_t sheet_header_row(const struct workbook_sheet *sheet); /* as Excel counts */
void workbook_column_name(char name[4], size_t column);      /* 0: "A" */
struct workbook_cell workbook_formula(double value, const char *formula);
/* "='Budget impact'!$T$8:$T$99" of a column by its heading. */
const char *sheet_range(const struct workbook_sheet *sheet, const char *heading);
void book_add_name(struct workbook *book, const char *name, const char *range);
struct workbook_sheet *book_find(struct workbook *book, const char *name);

/* Words that may stand in a cell: no control characters, at most as long as a cell takes. */
const char *workbook_words(struct arena *arena, const char *words);

/* The cells of a sheet in the order of the file; false: no more. Rows and columns from 0. */
bool sheet_cell(const struct workbook_sheet *sheet, size_t index, struct workbook_cell *cell,
                size_t *row, size_t *column);

/* ---- sheets ---- */

/* `programmes`: the run without health models, cut to what there is room for. */
void workbook_add_cover(struct workbook *book, const struct report_run *run);
void workbook_add_notes(struct workbook *book, const struct report_run *run);
void workbook_fill_contents(struct workbook *book);
void workbook_add_evidence(struct workbook *book, const struct report_run *run);
void workbook_add_assurance(struct workbook *book, const struct report_run *run);
void workbook_add_money(struct workbook *book, const struct report_run *programmes);
void workbook_add_statistics(struct workbook *book, const struct report_run *programmes);
void workbook_add_options(struct workbook *book, const struct report_run *health);
void workbook_add_portfolios(struct workbook *book, const struct report_run *run);
void workbook_add_changes(struct workbook *book, const struct report_run *run);

/* Of workbook_money.c: whether any scenario of the run has the sector; the longest horizon; what
 * came to a cumulative measure in the one year; a line for the choice of a scenario. */
bool workbook_uses_sector(const struct report_run *run, size_t sector);
size_t workbook_most_years(const struct report_run *run);
double workbook_step(const struct scenario_result *result, enum measure measure, size_t who,
                     size_t year);
void sheet_add_chooser(struct workbook_sheet *sheet, const struct scenario_result *shown);
/* The budget of one scenario, partner by partner and year by year, nominal or real. */
void workbook_add_budgets_by_year(struct workbook *book, const struct report_run *run,
                                  const struct scenario_result *shown);

/* ---- out and back ---- */

enum status workbook_write(const struct workbook *book, const char *path, struct error *error);
enum status workbook_verify(const struct workbook *book, const char *path, struct error *error);

#endif
