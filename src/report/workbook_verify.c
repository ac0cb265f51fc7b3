/* Reads a workbook back and compares it with its model, cell by cell. Written because the library
 * reports no error when its temporary files are cut short. */
#include "report/workbook_private.h"

#include <archive.h>
#include <archive_entry.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct part {
    char *name;
    struct text text;
};

struct parts {
    struct part *items;
    size_t n_items, capacity;
};

static enum status damaged(struct error *error, const char *where, const char *why)
{
    return error_set(error, STATUS_IO,
                     "workbook.xlsx could not be written: %s %s when it was read back (is the disk "
                     "full?)",
                     where, why);
}

static void parts_clear(struct parts *parts)
{
    for (size_t i = 0; i < parts->n_items; ++i) {
        free(parts->items[i].name);
        text_clear(&parts->items[i].text);
    }
    free(parts->items);
}

static struct part *add_part(struct parts *parts, const char *name)
{
    if (parts->n_items == parts->capacity) {
        parts->capacity = parts->capacity == 0 ? 64 : 2 * parts->capacity;
        parts->items = memory_realloc(parts->items, parts->capacity * sizeof *parts->items);
    }
    struct part *part = &parts->items[parts->n_items++];
    part->name = memory_alloc(strlen(name) + 1);
    memcpy(part->name, name, strlen(name) + 1);
    text_init(&part->text);
    return part;
}

/* All bytes of an entry; the library checks their sum. */
static bool read_entry(struct archive *archive, struct text *text)
{
    char buffer[65536];
    la_ssize_t n = archive_read_data(archive, buffer, sizeof buffer);
    for (; n > 0; n = archive_read_data(archive, buffer, sizeof buffer)) {
        text_append_span(text, buffer, (size_t)n);
    }
    return n == 0;
}

static enum status read_parts(struct parts *parts, const char *path, struct error *error)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry = NULL;
    bool good = archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK &&
                archive_read_open_filename(archive, path, 65536) == ARCHIVE_OK;
    int next = good ? archive_read_next_header(archive, &entry) : ARCHIVE_FATAL;
    while (next == ARCHIVE_OK) {
        struct part *part = add_part(parts, archive_entry_pathname(entry));
        next = read_entry(archive, &part->text) ? archive_read_next_header(archive, &entry)
                                                : ARCHIVE_FATAL;
    }
    archive_read_free(archive);
    return next == ARCHIVE_EOF ? STATUS_OK : damaged(error, "the archive", "was not whole");
}

static const struct text *find_part(const struct parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->n_items; ++i) {
        if (strcmp(parts->items[i].name, name) == 0) {
            return &parts->items[i].text;
        }
    }
    return NULL;
}

/* The root element, which begins after <?xml ... ?>, is closed at the end. */
static bool is_closed(const struct text *text)
{
    const char *start = text->bytes != NULL ? strstr(text->bytes, "?>") : NULL;
    start = start != NULL ? strchr(start, '<') : NULL;
    if (start == NULL) {
        return false;
    }
    char end[64];
    size_t n = strcspn(start + 1, " >\r\n/");
    int length = snprintf(end, sizeof end, "</%.*s>", (int)n, start + 1);
    size_t n_bytes = text->n_bytes;
    while (n_bytes > 0 && strchr("\r\n", text->bytes[n_bytes - 1]) != NULL) {
        --n_bytes;
    }
    return n < 50 && n_bytes > (size_t)length &&
           strncmp(text->bytes + n_bytes - (size_t)length, end, (size_t)length) == 0;
}

static enum status check_part(const struct parts *parts, const char *name, struct error *error)
{
    const struct text *text = find_part(parts, name);
    return text == NULL      ? damaged(error, name, "was missing")
           : is_closed(text) ? STATUS_OK
                             : damaged(error, name, "broke off");
}

static enum status check_numbered(const struct parts *parts, const char *pattern, size_t n,
                                  struct error *error)
{
    for (size_t i = 1; i <= n; ++i) {
        char name[64];
        (void)snprintf(name, sizeof name, "xl/%s%zu.xml", pattern, i);
        TRY(check_part(parts, name, error));
    }
    return STATUS_OK;
}

/* Every part that there must be, whole; and whatever else there is, whole. */
static enum status check_parts(const struct parts *parts, const struct workbook *book,
                               struct error *error)
{
    static const char *const always[] = {
        "[Content_Types].xml",        "_rels/.rels",         "docProps/app.xml",
        "docProps/core.xml",          "xl/styles.xml",       "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels", "xl/theme/theme1.xml", "xl/sharedStrings.xml"};
    size_t n_charts = 0;
    for (size_t i = 0; i < book->n_sheets; ++i) {
        n_charts += book->sheets[i].chart != CHART_NONE ? 1 : 0;
    }
    for (size_t i = 0; i < sizeof always / sizeof always[0]; ++i) {
        TRY(check_part(parts, always[i], error));
    }
    TRY(check_numbered(parts, "worksheets/sheet", book->n_sheets, error));
    TRY(check_numbered(parts, "tables/table", book->n_sheets, error));
    TRY(check_numbered(parts, "charts/chart", n_charts, error));
    TRY(check_numbered(parts, "drawings/drawing", n_charts, error));
    for (size_t i = 0; i < parts->n_items; ++i) {
        TRY(check_part(parts, parts->items[i].name, error));
    }
    return STATUS_OK;
}

/* ---- texts ---- */

/* Whether the XML text from `start` to `end` says `words`. */
static bool says(const char *start, const char *end, const char *words)
{
    static const struct {
        const char *code;
        char byte;
    } codes[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};

    while (start < end && *words != '\0') {
        char byte = *start;
        size_t n = 1;
        for (size_t i = 0; byte == '&' && i < sizeof codes / sizeof codes[0]; ++i) {
            if (strncmp(start, codes[i].code, strlen(codes[i].code)) == 0) {
                byte = codes[i].byte;
                n = strlen(codes[i].code);
                break;
            }
        }
        if (byte != *words++) {
            return false;
        }
        start += n;
    }
    return start == end && *words == '\0';
}

struct shared {
    const char **starts, **ends;
    size_t n;
};

static void gather_shared(struct shared *shared, const struct text *text)
{
    size_t n = 0, capacity = text->n_bytes / 8 + 1; /* "<si>" and more for each */
    shared->starts = memory_array(capacity, sizeof *shared->starts);
    shared->ends = memory_array(capacity, sizeof *shared->ends);
    const char *at = strstr(text->bytes, "<t");
    while (at != NULL && n < capacity) {
        const char *start = strchr(at, '>');
        const char *end = start != NULL ? strstr(start, "</t>") : NULL;
        if (end == NULL) {
            break;
        }
        shared->starts[n] = start + 1;
        shared->ends[n++] = end;
        at = strstr(end, "<t");
    }
    shared->n = n;
}

/* ---- cells ---- */

/* Where `word` first stands between `start` and `end`, or NULL: a search that goes on to the end of
 * the sheet would take longer with every cell. */
static const char *find_within(const char *start, const char *end, const char *word)
{
    size_t n = strlen(word);
    for (; start + n <= end; ++start) {
        if (memcmp(start, word, n) == 0) {
            return start;
        }
    }
    return NULL;
}

/* The text of an element of a cell: NULL where it is not there before `end`. */
static const char *element(const char *cell, const char *end, const char *open, const char *close,
                           const char **stop)
{
    const char *start = find_within(cell, end, open);
    if (start == NULL) {
        return NULL;
    }
    start += strlen(open);
    *stop = find_within(start, end, close);
    return *stop != NULL ? start : NULL;
}

/* Sixteen digits are written. */
static bool is_number(const char *words, double value)
{
    return fabs(strtod(words, NULL) - value) <= 1e-15 * fabs(value);
}

static bool cell_agrees(const struct workbook_cell *cell, const struct shared *shared,
                        const char *at, const char *end)
{
    const char *stop = NULL, *formula_stop = NULL;
    const char *value = element(at, end, "<v>", "</v>", &stop);
    const char *formula = element(at, end, "<f>", "</f>", &formula_stop);
    bool is_formula = cell->kind == CELL_FORMULA || cell->kind == CELL_FORMULA_MISSING;
    if (value == NULL || (formula != NULL) != is_formula) {
        return false;
    }
    if (is_formula && !says(formula, formula_stop, cell->words + 1)) {
        return false;
    }
    if (cell->kind == CELL_NUMBER || cell->kind == CELL_FORMULA) {
        return is_number(value, cell->value);
    }
    if (cell->kind == CELL_FORMULA_MISSING) {
        return says(value, stop, "[z]");
    }
    size_t index = strtoul(value, NULL, 10);
    return find_within(at, end, "t=\"s\"") != NULL && index < shared->n &&
           says(shared->starts[index], shared->ends[index], cell->words);
}

static enum status check_sheet(const struct workbook_sheet *sheet, const struct text *text,
                               const struct shared *shared, struct error *error)
{
    struct workbook_cell cell;
    size_t row = 0, column = 0;
    char name[4], where[96], tag[32];
    const char *at = text->bytes;
    for (size_t i = 0; sheet_cell(sheet, i, &cell, &row, &column); ++i) {
        if (cell.kind == CELL_NONE) {
            continue;
        }
        workbook_column_name(name, column);
        int n = snprintf(tag, sizeof tag, "<c r=\"%s%zu\"", name, row + 1);
        (void)snprintf(where, sizeof where, "cell %s%zu of sheet %s", name, row + 1, sheet->name);
        at = strstr(at, "<c r=");
        const char *end = at != NULL ? strstr(at, "</c>") : NULL;
        if (end == NULL || strncmp(at, tag, (size_t)n) != 0) {
            return damaged(error, where, "was missing");
        }
        if (!cell_agrees(&cell, shared, at, end)) {
            return damaged(error, where, "held something else");
        }
        at = end;
    }
    return strstr(at, "<c r=") == NULL ? STATUS_OK : damaged(error, sheet->name, "held more cells");
}

static enum status check_cells(const struct parts *parts, const struct workbook *book,
                               struct error *error)
{
    struct shared shared = {0};
    enum status status = STATUS_OK;
    gather_shared(&shared, find_part(parts, "xl/sharedStrings.xml"));
    for (size_t i = 0; status == STATUS_OK && i < book->n_sheets; ++i) {
        char name[64];
        (void)snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml", i + 1);
        status = check_sheet(&book->sheets[i], find_part(parts, name), &shared, error);
    }
    free(shared.starts);
    free(shared.ends);
    return status;
}

enum status workbook_verify(const struct workbook *book, const char *path, struct error *error)
{
    struct parts parts = {0};
    enum status status = read_parts(&parts, path, error);
    if (status == STATUS_OK) {
        status = check_parts(&parts, book, error);
    }
    if (status == STATUS_OK) {
        status = check_cells(&parts, book, error);
    }
    parts_clear(&parts);
    return status;
}
