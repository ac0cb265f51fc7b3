/* What the writers of the assurance share: tables that go to assurance/NAME.csv, to a sheet of the
 * workbook and to datapackage.json from one description, and the words of the banner. */
#ifndef DIVIDEND_REPORT_REPORT_ASSURANCE_H
#define DIVIDEND_REPORT_REPORT_ASSURANCE_H

#include "report/report_private.h"

/* Where the cells of a table go. */
struct row_sink {
    void (*text)(void *context, const char *words); /* NULL or "": nothing to say */
    void (*number)(void *context, double value);    /* not finite: does not apply */
    void (*end)(void *context);
    void *context;
};

struct assured_column {
    const char *name, *heading; /* in the .csv, in the workbook */

    enum { ASSURED_TEXT, ASSURED_WORDS, ASSURED_NUMBER, ASSURED_SHARE, ASSURED_COUNT } show;

    const char *unit, *description; /* for datapackage.json */
};

struct assured_table {
    const char *file;             /* "assurance/checks.csv" */
    const char *sheet, *table;    /* tab, and name of its table */
    const char *title, *sentence; /* above it */
    const struct assured_column *columns;
    size_t n_columns;
    void (*write)(const struct row_sink *sink, const struct report_run *run);
};

const struct assured_table *assured_tables(size_t *n_tables);

/* What the run knows of a result; never NULL. */
const struct assurance_result *assured_result(const struct report_run *run,
                                              const struct scenario_result *result);
/* The subject of a result; NULL: a total, which has no file. */
const struct assurance_subject *assured_subject(const struct report_run *run,
                                                const struct scenario_result *result);
/* The result that a subject's lists stand for; NULL where none ran. */
const struct scenario_result *assured_main(const struct report_run *run, size_t subject);

/* "Signed off by ... on ..." or "Not signed off ..."; without a full stop. */
void write_subject_sign_off(struct text *out, const struct assurance_subject *subject);
void write_run_sign_off(struct text *out, const struct report_run *run);
/* "76 of 76 checks of the arithmetic hold" or what does not. */
void write_run_checks(struct text *out, const struct report_run *run);

/* ---- CHEERS 2022 (report_cheers.c) ---- */

enum { N_CHEERS_ITEMS = 28 };

enum cheers_status { CHEERS_REPORTED, CHEERS_PARTLY, CHEERS_MISSING };

const char *cheers_status_name(enum cheers_status status);

struct cheers_item {
    size_t number; /* 1 .. 28 */
    const char *section, *item;
    enum cheers_status status;
    const char *content; /* what is reported, or where; "" where missing */
    const char *key;     /* of `reporting`, that would complete it; NULL: none is needed */
};

/* All 28 items of a subject whose result ran. */
void cheers_fill(struct arena *arena, const struct report_run *run,
                 const struct assurance_subject *subject, const struct scenario_result *result,
                 struct cheers_item items[N_CHEERS_ITEMS]);

/* ---- other writers ---- */

/* Each table as it goes to its .csv. */
void write_assured_csv(struct text *out, const struct report_run *run,
                       const struct assured_table *table);
/* The line below the title of report.md. */
void markdown_banner(struct text *out, const struct report_run *run);
void markdown_assurance(struct text *out, const struct report_run *run);
/* The banner's paragraph, of the run or of one subject. */
void html_run_banner(struct text *out, const struct report_run *run);
void html_subject_banner(struct text *out, const struct report_run *run,
                         const struct scenario_result *result);
void html_assurance(struct text *out, const struct report_run *run);

#endif
