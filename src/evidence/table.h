/* Data tables: values by age, sex and the like from .csv files, for table(NAME, ...) in formulas.
 */
#ifndef DIVIDEND_EVIDENCE_TABLE_H
#define DIVIDEND_EVIDENCE_TABLE_H

#include "evidence/evidence.h"

enum { TABLE_MAX_INDEXES = 4 };

struct table_index {
    const char *column;
    bool banded; /* a key begins a band, the last without end */
    bool coded;  /* male and female, 0 and 1: no number between or beyond them means anything */
    const double *keys; /* ascending */
    size_t n_keys;
};

struct data_table {
    const char *id, *label, *unit, *locator, *note;
    const struct source *source;
    const struct document *file;
    struct table_index indexes[TABLE_MAX_INDEXES];
    size_t n_indexes;
    bool hold_beyond, hold_below;
    const double *values; /* [keys of the first index][...][keys of the last]; NaN: unknown */
    const struct setting *setting;
};

struct tables {
    const struct data_table *tables; /* in id order */
    size_t n_tables;
};

/* Gathers `tables` groups of all documents and reads the files they name, which are documents too
 * (those without a tree). */
const struct tables *tables_read(struct arena *arena, const struct layered_document *documents,
                                 size_t n_documents, const struct evidence *evidence,
                                 struct diagnostics *diagnostics);

const struct data_table *table_find(const struct tables *tables, const char *id);
const char *table_nearest(const struct tables *tables, const char *id);

/* The value for n_indexes arguments; NaN where the table has none. */
double table_look_up(const struct data_table *table, const double *arguments);

#endif
