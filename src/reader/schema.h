/* One table says what a configuration may contain. It drives validation, `dividend schema`,
 * docs/file-formats.md and the random models of the property tests. */
#ifndef DIVIDEND_READER_SCHEMA_H
#define DIVIDEND_READER_SCHEMA_H

#include "base/text.h"
#include "reader/reader.h"

/* What a value may be; several may be allowed. */
enum {
    SCHEMA_TEXT = 1 << 0,    /* "..." in the stated format */
    SCHEMA_INTEGER = 1 << 1, /* whole number */
    SCHEMA_NUMBER = 1 << 2,  /* whole number or decimal */
    SCHEMA_BOOLEAN = 1 << 3,
    SCHEMA_GROUP = 1 << 4,   /* { } checked against schema group `group` */
    SCHEMA_LIST = 1 << 5,    /* ( ) of groups checked against `group` */
    SCHEMA_NUMBERS = 1 << 6, /* [ ] of numbers */
    SCHEMA_TEXTS = 1 << 7,   /* [ ] of texts in the stated format */
    SCHEMA_EXPRESSION =
        1 << 8, /* "..." parsed by expression/ later; only its being a text is checked here */
    SCHEMA_VALUES = 1 << 9 /* ( ) of numbers and texts: libconfig's [ ] holds one type only */
};

/* A number or an expression in quotes. */
#define SCHEMA_AMOUNT (SCHEMA_NUMBER | SCHEMA_EXPRESSION)

enum schema_format {
    FORMAT_ANY,            /* any UTF-8 text without control characters, not empty */
    FORMAT_NAME,           /* [a-z][a-z0-9_]* */
    FORMAT_PATH,           /* names joined by dots: an evidence item */
    FORMAT_FINANCIAL_YEAR, /* "2026-27" */
    FORMAT_MONTH,          /* "2027-10" */
    FORMAT_DATE,           /* "2026-11-20" */
    FORMAT_CHOICE          /* one of `choices` */
};

struct schema_key {
    const char *name; /* "*" any name of the pattern */
    unsigned types;
    bool required;
    enum schema_format format;
    const char *choices;  /* "a|b|c" with FORMAT_CHOICE */
    const char *group;    /* schema group of groups and list elements */
    double min, max;      /* of numbers and array elements, inclusive; -INFINITY, INFINITY free */
    bool open_min;        /* min itself is not allowed */
    bool silent;          /* words that no number depends on: left out of fingerprints */
    const char *unit;     /* "GBP", "years", "people", ""; shown in docs and messages */
    const char *fallback; /* what happens when absent, in words; NULL for required keys */
    const char *help;     /* one or two sentences for docs/file-formats.md */
};

struct schema_group {
    const char *name;
    const char *help;
    bool shares; /* numbers by name that must sum to 1 within 1e-9 */
    const struct schema_key *keys;
    size_t n_keys;
};

/* All groups, "document" first; reader/schema_table.c. */
const struct schema_group *schema_groups(size_t *n_groups);
const struct schema_group *schema_group_find(const char *name);
/* The key of this name, or the one for any name; NULL: no key of the group. */
const struct schema_key *schema_key_find(const struct schema_group *group, const char *name);

/* Checks a document (or a setting against a named group), adding every problem: unknown key with
 * the nearest known one, missing key, wrong type, range, choice, format, shares that do not sum
 * to 1. Returns false where a problem was added under this setting. */
bool schema_check_document(const struct document *document, struct diagnostics *diagnostics);
bool schema_check(const struct setting *setting, const char *group_name,
                  struct diagnostics *diagnostics);

/* The same for a value that shall stand at a key of the group (an element of for_each). */
bool schema_check_value(const struct setting *value, const char *group_name, const char *key_name,
                        struct diagnostics *diagnostics);

/* Says that a key is missing which only some uses of the group need, unless it stands there
 * misspelt. */
void schema_complain_missing(const struct setting *setting, const char *group_name,
                             const char *key_name, struct diagnostics *diagnostics);

/* docs/file-formats.md's tables (markdown) and `dividend schema` (text, json: JSON Schema draft
 * 2020-12 of the same table). Appends to `out`. `group_name` NULL: all. */
enum schema_style { SCHEMA_STYLE_TEXT, SCHEMA_STYLE_MARKDOWN, SCHEMA_STYLE_JSON };

void schema_write(struct text *out, const char *group_name, enum schema_style style);

#endif
