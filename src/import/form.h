/* The template of a scenario: what it asks, on which sheet, under which heading. report/ writes a
 * workbook from it, import.h reads one back; both look here, so that they cannot drift apart. */
#ifndef DIVIDEND_IMPORT_FORM_H
#define DIVIDEND_IMPORT_FORM_H

#include "scenario/scenario.h"

/* Written into the template; a later form that reads differently gets another number. */
enum { FORM_VERSION = 1 };

enum form_sheet {
    FORM_SCENARIO,
    FORM_INPUTS,
    FORM_FUNDING,
    FORM_POOLS,
    FORM_EVIDENCE,
    N_FORM_SHEETS
};

enum form_column {
    COLUMN_WHAT,
    COLUMN_VALUE,  /* entry */
    COLUMN_FORM,   /* entry: how sure */
    COLUMN_LOW,    /* entry */
    COLUMN_HIGH,   /* entry */
    COLUMN_EVENTS, /* entry */
    COLUMN_OF_N,   /* entry */
    COLUMN_REASON, /* entry */
    COLUMN_PAYER,  /* entry */
    COLUMN_SHARE,  /* entry */
    COLUMN_POOL,   /* entry */
    COLUMN_LABEL,  /* entry */
    COLUMN_SUM,
    COLUMN_UNIT,
    COLUMN_ALLOWED,
    COLUMN_BLANK,
    COLUMN_LEAST,
    COLUMN_MOST,
    COLUMN_PRICES,
    COLUMN_IN_USE,
    COLUMN_IN_USE_LOW,
    COLUMN_IN_USE_HIGH,
    COLUMN_SOURCE,
    COLUMN_GRADE,
    COLUMN_ID,
    N_FORM_COLUMNS
};

const char *form_sheet_name(enum form_sheet sheet);       /* "Inputs" */
const char *form_column_heading(enum form_column column); /* "Your value" */
bool form_column_is_entry(enum form_column column);
/* The columns of a sheet, in order; ends with N_FORM_COLUMNS. */
const enum form_column *form_sheet_columns(enum form_sheet sheet);

/* ---- choices ---- */

enum form_list {
    LIST_YEARS,
    LIST_AREAS,
    LIST_PERSPECTIVES,
    LIST_PACKS,
    LIST_YES_NO,
    LIST_FORMS, /* of distributions */
    LIST_PAYERS,
    N_FORM_LISTS,
    LIST_NONE = N_FORM_LISTS
};

struct form_choice {
    const char *id;    /* what a scenario file says */
    const char *words; /* what the list shows */
};

struct form_choices {
    const char *heading; /* "Partners" */
    const struct form_choice *items;
    size_t n_items;
};

/* By what is shown or by id, letters compared without case; NULL where there is none. */
const struct form_choice *form_find_choice(const struct form_choices *choices, const char *words);

/* How a figure is told, in the order of LIST_FORMS. */
enum form_kind {
    FORM_EXACT,
    FORM_NORMAL,
    FORM_LOGNORMAL,
    FORM_GAMMA,
    FORM_BETA,
    FORM_PERT,
    FORM_TRIANGULAR,
    FORM_UNIFORM,
    FORM_EVENTS, /* evidence only */
    N_FORM_KINDS
};

/* ---- rows of the sheet Scenario ---- */

enum form_entry {
    ENTRY_LOCKED, /* form, model */
    ENTRY_NAME,
    ENTRY_TEXT,
    ENTRY_YEAR, /* "2026-27" */
    ENTRY_FUNDED_YEARS,
    ENTRY_HORIZON,
    ENTRY_CHOICE
};

struct form_row {
    const char *id, *what, *unit, *allowed, *blank; /* blank: what happens then */
    enum form_entry entry;
    enum form_list list; /* choices, or suggestions of a text */
    bool required, in_conventions;
    const char *value; /* written into the template; NULL blank */
};

enum { FORM_MAX_ROWS = 16, FORM_FUNDING_ROWS = 12, FORM_POOL_ROWS = 12 };

struct import_form {
    const char *name; /* of the scenario */
    const struct library *library;
    const struct model *model;
    bool has_ledger;  /* a programme: years, funding; health models have none */
    bool has_horizon; /* also cohorts and life tables */
    bool has_funding; /* a cost names no payer */
    struct form_row rows[FORM_MAX_ROWS];
    size_t n_rows;
    const struct parameter *const *evidence; /* what the model stands on, by identity */
    size_t n_evidence;
    struct form_choices lists[N_FORM_LISTS];
};

/* What a scenario of the model is asked. */
const struct import_form *form_make(struct arena *arena, const struct library *library,
                                    const struct model *model, const char *name);

/* Whether a sheet stands in this template. */
bool form_has_sheet(const struct import_form *form, enum form_sheet sheet);

#endif
