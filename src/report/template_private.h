/* What the files of the template share: a pen over libxlsxwriter that remembers what it wrote, so
 * that the file can be compared with it afterwards. */
#ifndef DIVIDEND_REPORT_TEMPLATE_PRIVATE_H
#define DIVIDEND_REPORT_TEMPLATE_PRIVATE_H

#include "base/text.h"
#include "report/template.h"

#include <xlsxwriter.h>

enum look {
    LOOK_TITLE,
    LOOK_SENTENCE,
    LOOK_HEADING,
    LOOK_LABEL, /* wrapped; first on its line */
    LOOK_WORDS, /* wrapped, a little in from what stands before */
    LOOK_NUMBER,
    LOOK_THOUSANDS,
    LOOK_ID,
    LOOK_SUM,
    LOOK_ENTRY,      /* a number, or one of a list */
    LOOK_ENTRY_TEXT, /* kept as text: a year is no date */
    LOOK_REQUIRED,   /* the same with a thick frame */
    LOOK_REQUIRED_TEXT,
    LOOK_SHUT, /* where a row has nothing to fill in */
    N_LOOKS
};

enum ask_kind {
    ASK_LENGTH,  /* a text of at most `most` characters */
    ASK_LIST,    /* one of a range */
    ASK_SUGGEST, /* one of a range, or anything */
    ASK_NUMBER,  /* from `least` to `most`; either may be infinite */
    ASK_WHOLE,
    ASK_FORMULA /* what must be true */
};

/* The validation of an entry. */
struct ask {
    enum ask_kind kind;
    double least, most;
    const char *range; /* of a list, or the formula */
    const char *title, *message, *wrong;
};

struct written {
    const char *sheet;
    size_t row, column;
    const char *words; /* NULL: a number */
    double number;
};

struct template_pen {
    struct arena *arena;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    const char *sheet_name;
    lxw_format *looks[N_LOOKS];
    lxw_error problem; /* the first */
    struct written *written;
    size_t n_written, capacity;
    size_t n_sheets;
};

/* ---- template_pen.c ---- */

enum status template_open(struct template_pen *pen, struct arena *arena, const char *path,
                          const char *title, struct error *error);
enum status template_close(struct template_pen *pen, const char *path, struct error *error);

/* A sheet with its columns' widths; `header`: row of the headings, repeated on every page. */
void template_add_sheet(struct template_pen *pen, const char *name, const double *widths,
                        size_t n_columns, size_t header);
void template_text(struct template_pen *pen, size_t row, size_t column, enum look look,
                   const char *words);
/* To six digits, for information only. */
void template_number(struct template_pen *pen, size_t row, size_t column, double number);
void template_formula(struct template_pen *pen, size_t row, size_t column, const char *formula,
                      const char *words, double number);
/* A cell to fill in, blank or with what stands in it at first. */
void template_entry(struct template_pen *pen, size_t row, size_t column, enum look look,
                    const struct ask *ask, const char *words);
void template_height(struct template_pen *pen, size_t row, size_t n_lines);

/* ---- template_verify.c ---- */

/* Reads the file back; STATUS_IO where it is not what the pen wrote. */
enum status template_verify(const struct template_pen *pen, const char *path, struct error *error);

#endif
