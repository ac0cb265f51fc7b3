/* What the files of sheet/ share; nothing outside includes it. */
#ifndef DIVIDEND_SHEET_SHEET_PRIVATE_H
#define DIVIDEND_SHEET_SHEET_PRIVATE_H

#include "base/text.h"
#include "sheet/sheet.h"

/* One reading of a file. */
struct sheet_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char *file;
    bool failed; /* after the first problem of the file as a whole */
};

/* Adds a diagnostic about the file as a whole; only the first is kept. Returns false. */
bool sheet_refuse(struct sheet_reader *reader, enum diagnostic_code code, const char *allowed,
                  const char *remedy, const char *found, ...) PRINTF_LIKE(5, 6);

/* ---- the container (sheet_zip.c) ---- */

struct sheet_part {
    const char *name; /* without a slash before it */
    struct text text;
};

struct sheet_parts {
    struct sheet_part *items;
    size_t n_items, capacity;
    const char **names; /* of all entries, read or not */
    size_t n_names, names_capacity;
};

/* All parts that a workbook's cells may need, inflated; false after a refusal. */
bool sheet_unpack(struct sheet_reader *reader, const char *bytes, size_t n_bytes,
                  struct sheet_parts *parts);
const struct sheet_part *sheet_find_part(const struct sheet_parts *parts, const char *name);
bool sheet_has_entry(const struct sheet_parts *parts, const char *name);
void sheet_clear_parts(struct sheet_parts *parts);

/* ---- XML (sheet_xml.c) ---- */

/* Called for each element; `path` is made of local names, "worksheet/sheetData/row/c". `text` is
 * what stands in the element itself after its last child. A handler that calls sheet_refuse ends
 * the walk. */
struct sheet_walk {
    void (*open)(void *context, const char *path, const char *const *attributes);
    void (*close)(void *context, const char *path, const char *text, size_t n_bytes);
    void *context;
};

/* Walks a part; false after a refusal. */
bool sheet_walk_part(struct sheet_reader *reader, const struct sheet_part *part,
                     const struct sheet_walk *walk);
/* The value of an attribute by local name, or NULL. */
const char *sheet_attribute(const char *const *attributes, const char *name);

/* ---- styles (sheet_style.c) ---- */

enum sheet_shows { SHEET_SHOWS_NUMBER, SHEET_SHOWS_PERCENT, SHEET_SHOWS_DATE };

/* What a number format makes of a number. */
enum sheet_shows sheet_format_shows(const char *code);

struct sheet_styles {
    enum sheet_shows *shows; /* by the index that cells state */
    size_t n_shows, capacity;
};

bool sheet_read_styles(struct sheet_reader *reader, const struct sheet_part *part,
                       struct sheet_styles *styles);

/* ---- cells (sheet_cells.c) ---- */

struct sheet_strings {
    const char **items;
    size_t n_items, capacity;
};

bool sheet_read_strings(struct sheet_reader *reader, const struct sheet_part *part,
                        struct sheet_strings *strings);

struct sheet_source {
    const struct sheet_part *part;
    const struct sheet_strings *strings;
    const struct sheet_styles *styles;
    bool from_1904;  /* how dates count */
    size_t *n_cells; /* of all sheets so far */
};

bool sheet_read_cells(struct sheet_reader *reader, const struct sheet_source *source,
                      struct sheet *sheet);

#endif
