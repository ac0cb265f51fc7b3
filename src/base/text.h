/* Text: a growing buffer, names, did-you-mean, and numbers written without the locale. */
#ifndef DIVIDEND_BASE_TEXT_H
#define DIVIDEND_BASE_TEXT_H

#include "base/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes; /* NUL-terminated; NULL while empty */
    size_t n_bytes, capacity;
};

void text_init(struct text *text);
void text_clear(struct text *text);
void text_append(struct text *text, const char *bytes);
void text_append_span(struct text *text, const char *bytes, size_t n_bytes);
void text_printf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/* [a-z][a-z0-9_]*, at most 64 bytes. */
bool text_is_name(const char *text);
/* Whether it ends so and has something before. */
bool text_has_ending(const char *text, const char *ending);
/* "" of one, "s" of any other number. */
const char *text_plural(size_t n);
/* Valid UTF-8 throughout. */
bool text_is_utf8(const char *bytes, size_t n_bytes);
/* Characters a terminal shows (code points; no combining or wide characters are expected). */
size_t text_width(const char *text);

/* Edit distance in bytes, transpositions counted as two; SIZE_MAX beyond 64 bytes. */
size_t text_distance(const char *a, const char *b);

/* Of `n` candidates the one nearest to `word` by edit distance (at most 1 + length / 4); where none
 * is near enough, one that begins with the word or nearly so (at most 1 + length / 8) and goes on
 * with `_` or a point, as wheels_2026 for wheels; else NULL. */
const char *text_nearest(const char *word, const char *const *candidates, size_t n);

/* The shortest decimal that reads back to the same double ("0.1", "1e-05"); NaN gives "". Writes at
 * most 32 bytes with NUL. Independent of the locale. */
void text_format_exact(char buffer[32], double value);
/* Thousands separated by commas, `decimals` places, half away from zero: -1,234.50; "-0" becomes
 * "0". */
void text_format_grouped(char buffer[48], double value, int decimals);

/* All of the text as a finite number with a decimal point; false if it is not one. */
bool text_read_number(const char *text, double *value);

/* Financial year "2026-27" to its first calendar year 2026; false if it is not one. */
bool text_read_financial_year(const char *text, int *first_year);
/* 2026 -> "2026-27". */
void text_format_financial_year(char buffer[16], int first_year);

/* A stable 64-bit hash of bytes (FNV-1a): keys of tables and names of uniforms, never security. */
uint64_t text_hash(const void *bytes, size_t n_bytes, uint64_t start);
#define TEXT_HASH_START UINT64_C(14695981039346656037)

#endif
