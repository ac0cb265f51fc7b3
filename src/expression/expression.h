/* Amounts as formulas in quotes: text -> tree -> checks -> flat vector program over blocks of
 * draws.
 *
 * Grammar (docs/file-formats.md): names, dotted evidence paths, numbers (with e-notation), + - * /
 * ^ (right-associative), unary -, comparisons < <= > >= == !=, and or not, if(c, a, b), and the
 * functions of expression_functions(). No loops, no state. */
#ifndef DIVIDEND_EXPRESSION_EXPRESSION_H
#define DIVIDEND_EXPRESSION_EXPRESSION_H

#include "base/diagnostic.h"
#include "expression/program.h"
#include "reader/reader.h"

enum expression_kind {
    EXPRESSION_NUMBER,
    EXPRESSION_NAME, /* evidence, input or built-in variable, resolved by the caller */
    EXPRESSION_CALL  /* operator or function with children */
};

enum expression_type { EXPRESSION_TYPE_NUMBER, EXPRESSION_TYPE_TRUTH };

struct expression {
    enum expression_kind kind;
    enum expression_type type; /* set by the parser: comparisons and logic give a truth value */
    double number;             /* EXPRESSION_NUMBER */
    const char *name;   /* EXPRESSION_NAME: as written, e.g. ae.ae_cost; OP_TABLE: the table */
    enum program_op op; /* EXPRESSION_CALL */
    const struct expression *const *children;
    size_t n_children;
    size_t start, end; /* byte offsets in the text, for carets */
};

/* Limits: longer or deeper text is refused with a diagnostic. */
enum { EXPRESSION_MAX_BYTES = 4096, EXPRESSION_MAX_DEPTH = 64, EXPRESSION_MAX_NODES = 1024 };

/* Parses and checks what needs no names: syntax, function names (did-you-mean), arity, types,
 * division by a constant zero, constants that overflow. `setting` (a text setting) places the
 * diagnostics under a caret; its text is the expression. NULL after an error. Never crashes on any
 * bytes. */
const struct expression *expression_parse(struct arena *arena, const struct setting *setting,
                                          struct diagnostics *diagnostics);

/* Place of a node within its setting, for callers that report unknown names. */
struct place expression_place(const struct setting *setting, const struct expression *node);

/* Calls `visit` for each EXPRESSION_NAME node, in order of appearance. */
void expression_visit_names(const struct expression *root,
                            void (*visit)(const struct expression *node, void *context),
                            void *context);

/* Calls `visit` for each table(name, ...) node. */
void expression_visit_tables(const struct expression *root,
                             void (*visit)(const struct expression *node, void *context),
                             void *context);

/* True where a word cannot name anything: and, or, not, if, true, false, and the functions. */
bool expression_is_word(const char *name);

/* What a name stands for, given by the caller of expression_compile: the slot it has in the
 * program. Returns false for an unknown name (the caller has reported it). */
struct expression_resolver {
    bool (*resolve)(void *context, const char *name, program_slot *slot);
    /* The value of table(NAME, arguments), whose node this is; NULL where there are no tables. */
    program_slot (*table)(void *context, const struct expression *node,
                          const program_slot *arguments);
    void *context;
};

enum { EXPRESSION_MAX_TABLE_ARGUMENTS = 4 };

/* Compiles into `program`, sharing equal subexpressions (value numbering) and folding constants.
 * Every name must resolve; returns the slot of the result. */
program_slot expression_compile(struct program *program, const struct expression *root,
                                const struct expression_resolver *resolver);

/* Names and signatures for docs, `dividend schema` and did-you-mean: "clamp(x, low, high)". */
struct expression_function {
    const char *name;
    size_t n_arguments;
    enum program_op op;
    const char *signature;
    const char *help;
};
const struct expression_function *expression_functions(size_t *n_functions);

/* The tree as text with full parentheses, for tests and `explain`. */
const char *expression_format(struct arena *arena, const struct expression *root);

#endif
