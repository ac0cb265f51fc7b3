/* The one door to libconfig: text to checked settings that know their file, line, column and path.
 *
 * reader_load scans the raw text first (what libconfig 1.5 misreads without an error: numbers that
 * do not fit, unclosed comments and strings, pasted characters, @include, limits), then parses,
 * copies every setting into the arena and destroys libconfig's tree. Nothing outside reader/ sees
 * libconfig. */
#ifndef DIVIDEND_READER_READER_H
#define DIVIDEND_READER_READER_H

#include "base/diagnostic.h"

#include <stdbool.h>
#include <stdint.h>

enum setting_type {
    SETTING_GROUP,   /* { name = ...; } */
    SETTING_LIST,    /* ( ..., ... ) */
    SETTING_ARRAY,   /* [ ..., ... ] of scalars of one type */
    SETTING_TEXT,    /* "..." */
    SETTING_INTEGER, /* 12 */
    SETTING_NUMBER,  /* 12.0 */
    SETTING_BOOLEAN  /* true */
};

struct setting {
    const char *name; /* NULL for the root and for elements */
    const char *path; /* evidence.ae_cost.value.mean, costs[1].amount; "" for the root */
    enum setting_type type;
    struct place place;           /* of the name; for elements, of the value */
    struct place value_place;     /* of the value (first character, whole width on one line) */
    const struct setting *parent; /* NULL for the root */
    const struct setting *const *children; /* groups, lists, arrays, in order */
    size_t n_children;
    const char *text; /* SETTING_TEXT */
    double number;    /* SETTING_INTEGER, SETTING_NUMBER, SETTING_BOOLEAN (0 or 1) */
    int64_t integer;  /* SETTING_INTEGER, SETTING_BOOLEAN */
};

struct document {
    const char *file;  /* as named by the user */
    const char *bytes; /* the raw text, NUL-terminated; kept for manifest and archive */
    size_t n_bytes;
    const struct setting *root; /* NULL when the text could not be parsed */
};

/* Limits, said in E11x; a file beyond one is refused before libconfig sees it. */
enum {
    READER_MAX_BYTES = 4 * 1024 * 1024,
    READER_MAX_DEPTH = 32,
    READER_MAX_KEYS_A_GROUP = 4096,
    READER_MAX_SETTINGS = 200000
};

/* Reads one file (a regular file or a pipe-free path; directories, FIFOs and devices are refused).
 * Every problem is added to `diagnostics`; the document always comes back (root NULL if
 * unparsable). `file` is copied. */
const struct document *reader_load(struct arena *arena, struct diagnostics *diagnostics,
                                   const char *file);

/* The same for text in memory; `file` is only a name for messages. For tests, fuzzing and archives.
 */
const struct document *reader_parse(struct arena *arena, struct diagnostics *diagnostics,
                                    const char *file, const char *bytes, size_t n_bytes);

/* A file that is no configuration (a data table): its bytes, root NULL, under the same limits. */
const struct document *reader_load_data(struct arena *arena, struct diagnostics *diagnostics,
                                        const char *file);

/* Child by name, or NULL. `setting` may be NULL (gives NULL), so that look-ups chain. */
const struct setting *setting_find(const struct setting *setting, const char *name);

/* Values after the schema has checked types: the fallback where the setting is NULL. */
const char *setting_text(const struct setting *setting, const char *fallback);
double setting_number(const struct setting *setting, double fallback); /* integer or number */
int64_t setting_integer(const struct setting *setting, int64_t fallback);
bool setting_boolean(const struct setting *setting, bool fallback);

bool setting_is_number(const struct setting *setting); /* not NULL and INTEGER or NUMBER */
bool setting_is_text(const struct setting *setting);
bool setting_is_group(const struct setting *setting);

/* "a text", "a whole number", "a group { ... }" for messages. */
const char *setting_type_words(enum setting_type type);

/* Adds a diagnostic at a setting's value (or its name when at_name); path filled from it. */
void setting_complain(struct diagnostics *diagnostics, const struct setting *setting,
                      enum diagnostic_code code, const char *allowed, const char *remedy,
                      const char *found, ...) PRINTF_LIKE(6, 7);

#endif
