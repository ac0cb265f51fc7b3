/* Shared by the files of the parser only. */
#ifndef DIVIDEND_EXPRESSION_PARSE_PRIVATE_H
#define DIVIDEND_EXPRESSION_PARSE_PRIVATE_H

#include "expression/expression.h"

struct parser {
    struct arena *arena;
    const struct setting *setting;
    struct diagnostics *diagnostics;
    const char *text;
    size_t at;
    size_t n_nodes;
    int depth;
    size_t n_mistakes;
    bool stopped; /* after a mistake of syntax: what follows could only be guessed */
};

/* A node with what the checks know of it; the tree points to `node`, which stands first. */
struct checked_node {
    struct expression node;
    bool is_constant;
    double value;
};

/* A mistake of meaning (types, domains): said, and the parser goes on to find others. */
void parser_complain(struct parser *parser, enum diagnostic_code code, size_t start, size_t end,
                     const char *allowed, const char *remedy, const char *found, ...)
    PRINTF_LIKE(7, 8);

/* A mistake of syntax: the last one said. */
void parser_stop(struct parser *parser, enum diagnostic_code code, size_t start, size_t end,
                 const char *allowed, const char *remedy, const char *found, ...) PRINTF_LIKE(7, 8);

/* What stands at the parser's position does not fit: an operand, or an operator or the end, was due
 * there. */
void parser_stop_at_operand(struct parser *parser);
void parser_stop_at_operator(struct parser *parser);
void parser_stop_at_unclosed(struct parser *parser, size_t opening);
void parser_stop_at_unknown_function(struct parser *parser, const char *name, size_t start);

/* Types, domains and the values of constants of a finished call. */
void parser_check_call(struct parser *parser, struct checked_node *call);

bool parser_is_word_byte(char c);
/* End of the run of letters, digits, _ and inner dots that begins at `start`. */
size_t parser_word_end(const char *text, size_t start);
/* and, or, not, if, true, false: words that cannot be names. */
bool parser_is_reserved(const char *word);

#endif
