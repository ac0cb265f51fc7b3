/* What is wrong with the user's input, collected so that one run shows all of it. */
#ifndef DIVIDEND_BASE_DIAGNOSTIC_H
#define DIVIDEND_BASE_DIAGNOSTIC_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Stable codes, texts and remedies: base/diagnostic_codes.h, one X-macro list. */
enum diagnostic_code {

#define CODE(id, severity, title, explanation) DIAGNOSTIC_##id,
#include "base/diagnostic_codes.h"
#undef CODE
    N_DIAGNOSTIC_CODES
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* Where in a file: borrowed pointers that outlive the diagnostics (arena of the run). */
struct place {
    const char *file;        /* as the user named it; NULL: the command line or no file */
    int line;                /* from 1; 0 unknown */
    int column;              /* from 1, in characters (not bytes); 0 unknown */
    int width;               /* characters to underline; 0 means 1 */
    const char *source_line; /* text of that line without its newline; NULL unknown */
    const char *cell; /* "sheet Inputs, cell G7" of a workbook: line and column then only order the
                         places; NULL: a text file */
};

struct diagnostic {
    enum diagnostic_code code;
    struct place place;
    const char *path;    /* setting path, e.g. evidence.ae_cost.value.mean; NULL none */
    const char *found;   /* what was found, a sentence without "error:" */
    const char *allowed; /* what is allowed; NULL none */
    const char *remedy;  /* what to do, imperative; NULL none */
    size_t order;        /* of arrival: keeps the sort stable */
};

struct diagnostics {
    struct arena *arena; /* owns all texts */
    struct diagnostic *items;
    size_t n_items, capacity;
    size_t n_errors, n_warnings;
    size_t n_held_back; /* taken out by diagnostics_hold_back */
};

void diagnostics_init(struct diagnostics *diagnostics, struct arena *arena);

/* Adds one. `path`, `allowed` and `remedy` may be NULL and are copied; `found` is printf-like. */
void diagnostics_add(struct diagnostics *diagnostics, enum diagnostic_code code, struct place place,
                     const char *path, const char *allowed, const char *remedy, const char *found,
                     ...) PRINTF_LIKE(7, 8);

/* Takes out those of the codes and counts them: what only follows from something said already. */
void diagnostics_hold_back(struct diagnostics *diagnostics, const enum diagnostic_code *codes,
                           size_t n_codes);

/* Sorts what makes a file unreadable (E1xx) before all else, then by file, line, column, code,
 * arrival, and drops exact repeats. */
void diagnostics_sort(struct diagnostics *diagnostics);

/* "E104", its severity, one-line title and the longer text of `dividend explain E104`. */
const char *diagnostic_code_name(enum diagnostic_code code);
enum severity diagnostic_code_severity(enum diagnostic_code code);
const char *diagnostic_code_title(enum diagnostic_code code);
const char *diagnostic_code_explanation(enum diagnostic_code code);
/* True and *code set where `name` ("E104", "e104") is a code. */
bool diagnostic_code_find(const char *name, enum diagnostic_code *code);

/* One diagnostic as a compiler prints it, several lines, ending in a newline, e.g.
 *   error[E203]: models/evidence/ae.cfg:9:13: evidence.ae_cost.value.mean
 *     found "28O.17", a text, where a number is expected
 *       9 |     mean = "28O.17";
 *         |            ^^^^^^^^
 *     allowed: a number of at least 0
 *     do: write it without quotes, e.g. mean = 280.17;
 * Returned text is in the diagnostics' arena. `colour` adds ANSI colours. */
const char *diagnostic_render(const struct diagnostics *diagnostics, const struct diagnostic *item,
                              bool colour);

#endif
