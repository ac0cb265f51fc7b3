/* A workbook from its parts: which sheets there are, where they stand, and what kind of file it is
 * where it is none. */
#include "sheet/sheet_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_TARGET = 512 };

static const char wants_xlsx[] = "an Excel workbook (.xlsx) without macros and without a password";

bool sheet_refuse(struct sheet_reader *reader, enum diagnostic_code code, const char *allowed,
                  const char *remedy, const char *found, ...)
{
    char words[512];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(words, sizeof words, found, arguments);
    va_end(arguments);
    if (!reader->failed) {
        diagnostics_add(reader->diagnostics, code, (struct place){.file = reader->file}, NULL,
                        allowed, remedy, "%s", words);
    }
    reader->failed = true;
    return false;
}

/* ---- which parts ---- */

struct relation {
    const char *id, *type, *target; /* target: a part, from the root */
};

struct relations {
    struct sheet_reader *reader;
    const char *base; /* folder of the part that they are of, "" or "xl/" */
    struct relation *items;
    size_t n_items, capacity;
};

/* "xl/" + "../a/b.xml" -> "a/b.xml"; "/a/b.xml" -> "a/b.xml". NULL where it is too long. */
static const char *resolve(struct arena *arena, const char *base, const char *target)
{
    char path[MAX_TARGET];
    size_t n = 0;
    int length = snprintf(path, sizeof path, "%s%s", target[0] == '/' ? "" : base,
                          target[0] == '/' ? target + 1 : target);
    if (length < 0 || (size_t)length >= sizeof path) {
        return NULL;
    }
    const char *at = path;
    char out[MAX_TARGET];
    while (*at != '\0') {
        size_t step = strcspn(at, "/");
        bool up = step == 2 && strncmp(at, "..", 2) == 0;
        bool stay = step == 0 || (step == 1 && at[0] == '.');
        if (up) {
            while (n > 0 && out[n - 1] != '/') {
                --n;
            }
            n -= n > 0 ? 1 : 0;
        } else if (!stay) {
            if (n > 0) {
                out[n++] = '/';
            }
            memcpy(out + n, at, step);
            n += step;
        }
        at += step + (at[step] == '/' ? 1 : 0);
    }
    return arena_copy_span(arena, out, n);
}

static void open_relation(void *context, const char *path, const char *const *attributes)
{
    struct relations *relations = context;
    struct arena *arena = relations->reader->arena;
    const char *id = sheet_attribute(attributes, "Id"), *type = sheet_attribute(attributes, "Type");
    const char *target = sheet_attribute(attributes, "Target");
    const char *mode = sheet_attribute(attributes, "TargetMode");
    bool outside = mode != NULL && strcasecmp(mode, "External") == 0;
    if (strcmp(path, "Relationships/Relationship") != 0 || id == NULL || type == NULL ||
        target == NULL || outside || relations->n_items >= (size_t)4 * SHEET_MAX_ENTRIES) {
        return;
    }
    const char *part = resolve(arena, relations->base, target);
    const char *slash = strrchr(type, '/');
    if (part == NULL) {
        return;
    }
    relations->items = arena_grow(arena, relations->items, relations->n_items, &relations->capacity,
                                  sizeof *relations->items);
    relations->items[relations->n_items++] =
        (struct relation){.id = arena_copy_text(arena, id),
                          .type = arena_copy_text(arena, slash != NULL ? slash + 1 : type),
                          .target = part};
}

static const char *find_target(const struct relations *relations, const char *id, const char *type)
{
    for (size_t i = 0; i < relations->n_items; ++i) {
        const struct relation *relation = &relations->items[i];
        if ((id == NULL || strcmp(relation->id, id) == 0) && strcmp(relation->type, type) == 0) {
            return relation->target;
        }
    }
    return NULL;
}

/* The relations of a part: "xl/workbook.xml" has them in "xl/_rels/workbook.xml.rels". */
static bool read_relations(struct sheet_reader *reader, const struct sheet_parts *parts,
                           const char *of, struct relations *relations)
{
    const char *slash = strrchr(of, '/');
    size_t n_folder = slash != NULL ? (size_t)(slash - of) + 1 : 0;
    const char *folder = arena_copy_span(reader->arena, of, n_folder);
    const char *name = arena_printf(reader->arena, "%s_rels/%s.rels", folder, of + n_folder);
    const struct sheet_part *part = sheet_find_part(parts, name);
    *relations = (struct relations){.reader = reader, .base = folder};
    const struct sheet_walk walk = {.open = open_relation, .context = relations};
    if (part == NULL) {
        return sheet_refuse(reader, DIAGNOSTIC_E904, wants_xlsx,
                            "open the file in Excel or LibreOffice and save it again",
                            "the file has no part `%s`", name);
    }
    return sheet_walk_part(reader, part, &walk);
}

/* ---- the workbook ---- */

struct listed_sheet {
    const char *name, *relation;
};

struct book_reading {
    struct sheet_reader *reader;
    struct listed_sheet sheets[SHEET_MAX_SHEETS];
    size_t n_sheets;
    bool from_1904, is_workbook;
};

static void open_book(void *context, const char *path, const char *const *attributes)
{
    struct book_reading *reading = context;
    struct arena *arena = reading->reader->arena;
    if (strcmp(path, "workbook") == 0) {
        reading->is_workbook = true;
    } else if (strcmp(path, "workbook/workbookPr") == 0) {
        const char *stated = sheet_attribute(attributes, "date1904");
        reading->from_1904 =
            stated != NULL && (strcmp(stated, "1") == 0 || strcmp(stated, "true") == 0);
    } else if (strcmp(path, "workbook/sheets/sheet") == 0) {
        const char *name = sheet_attribute(attributes, "name");
        const char *relation = sheet_attribute(attributes, "id");
        if (reading->n_sheets == SHEET_MAX_SHEETS) {
            (void)sheet_refuse(reading->reader, DIAGNOSTIC_E905, "at most 64 sheets",
                               "start from a fresh template", "the file has more sheets");
        } else if (name != NULL && relation != NULL) {
            reading->sheets[reading->n_sheets++] = (struct listed_sheet){
                .name = arena_copy_text(arena, name), .relation = arena_copy_text(arena, relation)};
        }
    }
}

/* What stands in the file besides cells: never read, or read before the cells that need it. */
struct book_parts {
    const struct sheet_parts *parts;
    struct relations relations;
    struct sheet_strings strings;
    struct sheet_styles styles;
    size_t n_cells;
};

static bool read_shared(struct sheet_reader *reader, struct book_parts *of)
{
    const char *strings = find_target(&of->relations, NULL, "sharedStrings");
    const char *styles = find_target(&of->relations, NULL, "styles");
    const struct sheet_part *part = strings != NULL ? sheet_find_part(of->parts, strings) : NULL;
    if (part != NULL && !sheet_read_strings(reader, part, &of->strings)) {
        return false;
    }
    part = styles != NULL ? sheet_find_part(of->parts, styles) : NULL;
    return part == NULL || sheet_read_styles(reader, part, &of->styles);
}

/* Sheets that hold a chart or a macro instead of cells have other relations and are passed over. */
static bool read_sheets(struct sheet_reader *reader, struct book_parts *of,
                        const struct book_reading *listed, struct sheet_book *book)
{
    book->sheets = arena_array(reader->arena, listed->n_sheets + 1, sizeof *book->sheets);
    for (size_t i = 0; i < listed->n_sheets; ++i) {
        const char *target = find_target(&of->relations, listed->sheets[i].relation, "worksheet");
        if (target == NULL) {
            continue;
        }
        const struct sheet_source source = {.part = sheet_find_part(of->parts, target),
                                            .strings = &of->strings,
                                            .styles = &of->styles,
                                            .from_1904 = listed->from_1904,
                                            .n_cells = &of->n_cells};
        struct sheet *sheet = &book->sheets[book->n_sheets];
        sheet->name = listed->sheets[i].name;
        if (sheet_find(book, sheet->name) != NULL) {
            return sheet_refuse(reader, DIAGNOSTIC_E904, "each sheet once", "rename one of them",
                                "two sheets are named `%.60s`", sheet->name);
        }
        if (source.part == NULL) {
            return sheet_refuse(reader, DIAGNOSTIC_E904, wants_xlsx,
                                "open the file in Excel or LibreOffice and save it again",
                                "the part of sheet `%.60s` is missing", sheet->name);
        }
        if (!sheet_read_cells(reader, &source, sheet)) {
            return false;
        }
        ++book->n_sheets;
    }
    return true;
}

/* ---- what kind of file ---- */

static bool begins(const char *bytes, size_t n_bytes, const char *with, size_t n)
{
    return n_bytes >= n && memcmp(bytes, with, n) == 0;
}

/* Says what a file is that is no zip. */
static bool refuse_other(struct sheet_reader *reader, const char *bytes, size_t n_bytes)
{
    if (n_bytes == 0) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx, "choose another file",
                            "the file is empty");
    }
    if (begins(bytes, n_bytes, "\xD0\xCF\x11\xE0", 4)) {
        return sheet_refuse(
            reader, DIAGNOSTIC_E902, wants_xlsx,
            "in Excel: File > Save As > Excel Workbook (.xlsx), without a password to open it",
            "the file is an old .xls workbook, or an .xlsx locked with a password");
    }
    if (begins(bytes, n_bytes, "<?xml", 5) || begins(bytes, n_bytes, "<html", 5)) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx,
                            "open it in Excel or LibreOffice and save it as .xlsx",
                            "the file is XML or a web page");
    }
    bool plain = text_is_utf8(bytes, n_bytes) && memchr(bytes, '\0', n_bytes) == NULL;
    if (plain) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx,
                            "fill in the template of `dividend new scenario NAME --model M "
                            "--xlsx`; a .csv has one sheet and no units",
                            "the file is plain text, such as .csv or .cfg");
    }
    return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx,
                        "open it in Excel or LibreOffice and save it as .xlsx",
                        "the file is no workbook");
}

static void open_types(void *context, const char *path, const char *const *attributes)
{
    bool *has_macros = context;
    const char *type = sheet_attribute(attributes, "ContentType");
    *has_macros = *has_macros || (strncmp(path, "Types/", 6) == 0 && type != NULL &&
                                  strstr(type, "macroEnabled") != NULL);
}

static bool check_kind(struct sheet_reader *reader, const struct sheet_parts *parts)
{
    const struct sheet_part *types = sheet_find_part(parts, "[Content_Types].xml");
    bool has_macros = sheet_has_entry(parts, "xl/vbaProject.bin");
    const struct sheet_walk walk = {.open = open_types, .context = &has_macros};
    if (types == NULL && sheet_has_entry(parts, "content.xml")) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx,
                            "in LibreOffice: File > Save As > Excel 2007-365 (.xlsx)",
                            "the file is an OpenDocument spreadsheet (.ods)");
    }
    if (types == NULL) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx, "choose another file",
                            "the file is a zip archive, but no workbook");
    }
    if (!sheet_walk_part(reader, types, &walk)) {
        return false;
    }
    if (has_macros) {
        return sheet_refuse(reader, DIAGNOSTIC_E903, wants_xlsx,
                            "in Excel: File > Save As > Excel Workbook (.xlsx)",
                            "the workbook carries macros (.xlsm)");
    }
    if (sheet_has_entry(parts, "xl/workbook.bin")) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx,
                            "in Excel: File > Save As > Excel Workbook (.xlsx)",
                            "the file is a binary workbook (.xlsb)");
    }
    return true;
}

static bool read_book(struct sheet_reader *reader, const struct sheet_parts *parts,
                      struct sheet_book *book)
{
    struct relations outer;
    struct book_parts of = {.parts = parts};
    struct book_reading *listed = arena_alloc(reader->arena, sizeof *listed);
    listed->reader = reader;
    const struct sheet_walk walk = {.open = open_book, .context = listed};
    if (!check_kind(reader, parts) || !read_relations(reader, parts, "", &outer)) {
        return false;
    }
    const char *main = find_target(&outer, NULL, "officeDocument");
    const struct sheet_part *part = main != NULL ? sheet_find_part(parts, main) : NULL;
    if (part == NULL) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx, "choose another file",
                            "the file holds no workbook");
    }
    if (!sheet_walk_part(reader, part, &walk)) {
        return false;
    }
    if (!listed->is_workbook) {
        return sheet_refuse(reader, DIAGNOSTIC_E901, wants_xlsx, "choose another file",
                            "the file is an Office document, but no workbook");
    }
    return read_relations(reader, parts, main, &of.relations) && read_shared(reader, &of) &&
           read_sheets(reader, &of, listed, book);
}

const struct sheet_book *sheet_parse(struct arena *arena, struct diagnostics *diagnostics,
                                     const char *file, const char *bytes, size_t n_bytes)
{
    struct sheet_reader reader = {
        .arena = arena, .diagnostics = diagnostics, .file = arena_copy_text(arena, file)};
    struct sheet_book *book = arena_alloc(arena, sizeof *book);
    struct sheet_parts parts = {0};
    book->file = reader.file;
    if (n_bytes > SHEET_MAX_FILE_BYTES) {
        (void)sheet_refuse(&reader, DIAGNOSTIC_E905, "at most 8 MiB",
                           "start from a fresh template, and copy only your own figures into it",
                           "the file has more than 8 MiB");
        return NULL;
    }
    if (!begins(bytes, n_bytes, "PK", 2)) {
        (void)refuse_other(&reader, bytes, n_bytes);
        return NULL;
    }
    bool good = sheet_unpack(&reader, bytes, n_bytes, &parts) && read_book(&reader, &parts, book);
    sheet_clear_parts(&parts);
    return good ? book : NULL;
}

/* ---- files ---- */

static const struct sheet_book *refuse_file(struct arena *arena, struct diagnostics *diagnostics,
                                            const char *file, const char *why)
{
    diagnostics_add(diagnostics, DIAGNOSTIC_E900,
                    (struct place){.file = arena_copy_text(arena, file)}, NULL, wants_xlsx,
                    "check the path", "%s", why);
    return NULL;
}

/* One byte more than the limit at most, so that a longer file is seen to be one. */
static bool read_all(int descriptor, struct text *text)
{
    char buffer[65536];
    for (;;) {
        ssize_t n = read(descriptor, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0;
        }
        text_append_span(text, buffer, (size_t)n);
        if (text->n_bytes > SHEET_MAX_FILE_BYTES) {
            return true;
        }
    }
}

const struct sheet_book *sheet_load(struct arena *arena, struct diagnostics *diagnostics,
                                    const char *file)
{
    int descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat info;
    struct text text;
    if (descriptor < 0) {
        return refuse_file(arena, diagnostics, file, strerror(errno));
    }
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(descriptor);
        return refuse_file(arena, diagnostics, file,
                           "it is no regular file, but a folder, a pipe or a device");
    }
    text_init(&text);
    bool whole = read_all(descriptor, &text);
    int problem = errno;
    close(descriptor);
    const struct sheet_book *book =
        whole ? sheet_parse(arena, diagnostics, file, text.bytes != NULL ? text.bytes : "",
                            text.n_bytes)
              : refuse_file(arena, diagnostics, file, strerror(problem));
    text_clear(&text);
    return book;
}

/* ---- looking things up ---- */

const struct sheet *sheet_find(const struct sheet_book *book, const char *name)
{
    for (size_t i = 0; i < book->n_sheets; ++i) {
        if (strcasecmp(book->sheets[i].name, name) == 0) {
            return &book->sheets[i];
        }
    }
    return NULL;
}

const struct sheet_cell *sheet_at(const struct sheet *sheet, size_t row, size_t column)
{
    size_t low = 0, high = sheet->n_cells;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct sheet_cell *cell = &sheet->cells[middle];
        if (cell->row == row && cell->column == column) {
            return cell;
        }
        if (cell->row < row || (cell->row == row && cell->column < column)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

void sheet_cell_name(char name[16], size_t row, size_t column)
{
    char letters[4] = "";
    size_t n = 0;
    for (size_t rest = column + 1; rest > 0 && n < 3; rest = (rest - 1) / 26) {
        letters[n++] = (char)('A' + (rest - 1) % 26);
    }
    for (size_t i = 0; i < n; ++i) {
        name[i] = letters[n - 1 - i];
    }
    (void)snprintf(name + n, 16 - n, "%zu", (row + 1) % 100000000);
}

/* Control characters as blanks, so that a message stays on its line; long texts are cut between
 * characters. */
static const char *show_text(struct arena *arena, const char *text)
{
    enum { SHOWN = 60 };

    size_t n = strlen(text);
    bool cut = n > SHOWN;
    n = cut ? SHOWN : n;
    while (cut && n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80) {
        --n;
    }
    char *copy = arena_copy_span(arena, text, n);
    for (char *at = copy; *at != '\0'; ++at) {
        *at = (unsigned char)*at < 0x20 || *at == 0x7F ? ' ' : *at;
    }
    return arena_printf(arena, "\"%s%s\"", copy, cut ? "..." : "");
}

const char *sheet_show(struct arena *arena, const struct sheet_cell *cell)
{
    char buffer[32];
    if (cell == NULL) {
        return "nothing";
    }
    switch (cell->kind) {
    case SHEET_TEXT:
    case SHEET_ERROR:
        return show_text(arena, cell->text);
    case SHEET_BOOLEAN:
        return cell->number != 0.0 ? "TRUE" : "FALSE";
    case SHEET_UNKNOWN:
        return "a formula without a value";
    case SHEET_NUMBER:
        break;
    }
    if (cell->is_date) {
        return arena_printf(arena, "the date %s", show_text(arena, cell->text));
    }
    text_format_exact(buffer, cell->is_percent ? 100.0 * cell->number : cell->number);
    return arena_printf(arena, "%s%s", buffer, cell->is_percent ? " %" : "");
}

struct place sheet_place(struct arena *arena, const struct sheet_book *book, const char *sheet,
                         size_t row, size_t column)
{
    char name[16];
    const struct sheet *found = sheet_find(book, sheet);
    int index = found != NULL ? (int)(found - book->sheets) + 1 : 0;
    if (row == SIZE_MAX) {
        return (struct place){.file = book->file,
                              .line = index * SHEET_MAX_ROWS,
                              .cell = arena_printf(arena, "sheet %s", sheet)};
    }
    sheet_cell_name(name, row, column);
    return (struct place){.file = book->file,
                          .line = index * SHEET_MAX_ROWS + (int)row + 1,
                          .column = (int)column + 1,
                          .cell = arena_printf(arena, "sheet %s, cell %s", sheet, name)};
}
