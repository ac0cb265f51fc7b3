/* A scan of the raw text before libconfig sees it: finds what libconfig 1.5 misreads without an
 * error, with line and column, and leaves the tokens, so that settings have columns. Private to
 * reader/. */
#ifndef DIVIDEND_READER_SCAN_H
#define DIVIDEND_READER_SCAN_H

#include "reader/reader.h"

enum token_kind {
    TOKEN_NAME, /* a setting's name, or true / false */
    TOKEN_NUMBER,
    TOKEN_TEXT, /* one quoted string */
    TOKEN_SIGN  /* one of = : ; , { } [ ] ( ) */
};

struct token {
    enum token_kind kind;
    char sign;         /* TOKEN_SIGN */
    size_t start, end; /* byte offsets */
    int line, column;  /* of the start; columns count characters from 1 */
    int width;         /* characters on its first line */
};

struct scan {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char *file, *bytes;
    size_t n_bytes;
    const char *const *lines; /* text of each line, from 0 */
    size_t n_lines;
    struct token *tokens;
    size_t n_tokens, capacity;
};

/* Scans the whole text; every problem is added. Returns false where libconfig must not see the
 * text. */
bool scan_text(struct scan *scan, struct arena *arena, struct diagnostics *diagnostics,
               const char *file, const char *bytes, size_t n_bytes);

/* The place of a token, or of a line alone. */
struct place scan_place(const struct scan *scan, const struct token *token);
struct place scan_line_place(const struct scan *scan, int line);

#endif
