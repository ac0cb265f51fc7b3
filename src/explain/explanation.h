/* An explanation as data: sections of words, tables and records that report/ writes for the
 * terminal, as markdown, json and a part of report.html.
 *
 * Every cell holds its exact value and the words shown. Where a table adds up, the figures shown
 * add up too: rounding is shared out so that every column's parts give its total as shown, and
 * where the last column is the sum of the others, every row as well. All of it lives in the arena
 * of the explanation. */
#ifndef DIVIDEND_EXPLAIN_EXPLANATION_H
#define DIVIDEND_EXPLAIN_EXPLANATION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum explain_format {
    EXPLAIN_WORDS,
    EXPLAIN_MONEY,    /* GBP: whole pounds, or pence where amounts are small */
    EXPLAIN_QUANTITY, /* units, people, QALYs: as many decimals as the size wants */
    EXPLAIN_FIGURE    /* seven significant digits: rates, factors, unit costs; never added up */
};

struct explain_column {
    const char *name;    /* snake_case: the key in json */
    const char *heading; /* over the column */
    enum explain_format format;
    bool adds; /* the total's row holds the sum of the rows above */
};

struct explain_cell {
    const char *words; /* as shown; "" blank */
    double value;      /* exact; NaN where the cell holds words */
};

enum { EXPLAIN_MAX_COLUMNS = 14 };

struct explain_table {
    const char *title;
    struct explain_column columns[EXPLAIN_MAX_COLUMNS];
    size_t n_columns;
    struct explain_cell *cells; /* [n_rows][n_columns] */
    size_t n_rows, capacity;
    bool has_total;   /* the last row is the sum of those above, in columns that add */
    bool adds_across; /* the last column is the sum of the others that add */
};

/* One thing and what is known of it: an evidence item, a pack. */
struct explain_fact {
    const char *key, *words;
};

struct explain_record {
    const char *title;
    struct explain_fact *facts;
    size_t n_facts, capacity;
};

/* One of three; the others are NULL. */
struct explain_part {
    const char *words; /* a paragraph */
    struct explain_table *table;
    struct explain_record *record;
};

struct explain_section {
    const char *id, *title; /* id: "answer", "split"; unique in the explanation */
    struct explain_part *parts;
    size_t n_parts, capacity;
};

struct explanation {
    struct arena *arena;
    const char *scenario, *measure; /* ids: "help_three_neighbourhoods", "net.public_sector" */
    const char *title;              /* "Net present value, Public sector" */
    double mean, low, high, error;  /* as in summary.csv; NaN where there is none */
    bool has_figure;
    struct explain_section *sections;
    size_t n_sections, capacity;
};

/* ---- building ---- */

struct explain_section *explain_add_section(struct explanation *explanation, const char *id,
                                            const char *title);
void explain_say(struct explanation *explanation, const char *format, ...) PRINTF_LIKE(2, 3);
struct explain_table *explain_add_table(struct explanation *explanation, const char *title,
                                        const struct explain_column *columns, size_t n_columns);
struct explain_record *explain_add_record(struct explanation *explanation, const char *title);
void explain_add_fact(struct explanation *explanation, struct explain_record *record,
                      const char *key, const char *format, ...) PRINTF_LIKE(4, 5);

/* A row of blanks. */
struct explain_cell *explain_add_row(struct explanation *explanation, struct explain_table *table);
struct explain_cell explain_words(const char *words);
struct explain_cell explain_number(double value);

/* Puts words to all numbers, after the last row. Columns that add get their total's row rounded to
 * the nearest and the parts so that they add; `shown` (NULL: none) is the cell of another table
 * whose figure the total of the last adding column repeats, as shown there. */
void explain_finish_table(struct explanation *explanation, struct explain_table *table,
                          const struct explain_cell *shown);

/* An amount as shown, rounded to the nearest, with so many decimals. */
void explain_put_words(struct arena *arena, struct explain_cell *cell, double value, int decimals);

/* "1,234.5" with seven significant digits; "" where not finite. */
const char *explain_figure(struct arena *arena, double value);

/* ---- rounding (round.c) ---- */

/* Whole numbers near `parts` that add to `total`: those with the largest remainders go up. Parts
 * that are whole already stay unless nothing else is left. */
void explain_round_parts(const double *parts, size_t n, double total, double *rounded);

/* A table of n_rows x n_columns parts, [row][column], with its last row and last column the sums:
 * every cell goes to a whole number next to it, the corner to the nearest, and rows and columns
 * add. `cells` has (n_rows + 1) x (n_columns + 1) numbers and is changed in place. */
void explain_round_table(double *cells, size_t n_rows, size_t n_columns);

#endif
