/* The container: entries of a zip, inflated under limits that are counted, not read from it. */
#include "sheet/sheet_private.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

struct unpacking {
    struct sheet_reader *reader;
    struct archive *archive;
    struct sheet_parts *parts;
    size_t n_file, n_total; /* bytes of the file; bytes inflated so far */
};

static const char again[] =
    "open the file in Excel or LibreOffice and save it again as an Excel workbook (.xlsx)";

const struct sheet_part *sheet_find_part(const struct sheet_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->n_items; ++i) {
        if (strcasecmp(parts->items[i].name, name) == 0) {
            return &parts->items[i];
        }
    }
    return NULL;
}

bool sheet_has_entry(const struct sheet_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->n_names; ++i) {
        if (strcasecmp(parts->names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

void sheet_clear_parts(struct sheet_parts *parts)
{
    for (size_t i = 0; i < parts->n_items; ++i) {
        text_clear(&parts->items[i].text);
    }
}

static bool has_ending(const char *name, const char *ending)
{
    size_t n = strlen(name), n_ending = strlen(ending);
    return n >= n_ending && strcasecmp(name + n - n_ending, ending) == 0;
}

/* Parts that no cell needs are passed over without inflating them. */
static bool is_wanted(const char *name)
{
    static const char *const unread[] = {
        "docProps/",      "customXml/",   "xl/theme/",           "xl/drawings/",
        "xl/charts/",     "xl/media/",    "xl/printerSettings/", "xl/externalLinks/",
        "xl/pivotCache/", "xl/calcChain", "xl/tables/"};
    for (size_t i = 0; i < sizeof unread / sizeof unread[0]; ++i) {
        if (strncasecmp(name, unread[i], strlen(unread[i])) == 0) {
            return false;
        }
    }
    return has_ending(name, ".xml") || has_ending(name, ".rels");
}

/* Names are keys here and never become paths; one that tries to is still no work of a spreadsheet
 * program. */
static bool is_trick(const char *name)
{
    if (name[0] == '/' || strchr(name, '\\') != NULL || strchr(name, ':') != NULL) {
        return true;
    }
    for (const char *at = name; *at != '\0'; at += strcspn(at, "/"), at += *at == '/' ? 1 : 0) {
        size_t n = strcspn(at, "/");
        if (n == 0 || (n == 1 && at[0] == '.') || (n == 2 && strncmp(at, "..", 2) == 0)) {
            return true;
        }
    }
    return false;
}

/* What of a name can be shown. */
static const char *shown_name(struct arena *arena, const char *name)
{
    size_t n = strlen(name) < 60 ? strlen(name) : 60;
    char *copy = arena_copy_span(arena, name, n);
    for (char *at = copy; *at != '\0'; ++at) {
        *at = (unsigned char)*at < 0x20 || (unsigned char)*at > 0x7E ? '?' : *at;
    }
    return copy;
}

static bool refuse_damaged(const struct unpacking *unpacking, const char *what)
{
    return sheet_refuse(unpacking->reader, DIAGNOSTIC_E904, "a whole .xlsx file",
                        "fetch or save the file once more; if it does not open in Excel either, go "
                        "back to an earlier copy",
                        "%s", what);
}

static bool refuse_size(const struct unpacking *unpacking, const char *allowed, const char *found)
{
    return sheet_refuse(unpacking->reader, DIAGNOSTIC_E905, allowed,
                        "start from a fresh template, and copy only your own figures into it", "%s",
                        found);
}

static bool check_inflated(const struct unpacking *unpacking, size_t n_part)
{
    if (n_part > SHEET_MAX_PART_BYTES) {
        return refuse_size(unpacking, "at most 32 MiB in one part of the file",
                           "a part of the file inflates to more than 32 MiB");
    }
    if (unpacking->n_total > SHEET_MAX_TOTAL_BYTES) {
        return refuse_size(unpacking, "at most 64 MiB in all parts of the file",
                           "the file inflates to more than 64 MiB");
    }
    if (unpacking->n_total > SHEET_RATIO_FROM_BYTES &&
        unpacking->n_total / SHEET_MAX_RATIO > unpacking->n_file) {
        return refuse_size(unpacking, "at most 200 bytes inflated for each byte of the file",
                           "the file inflates to more than 200 times its size");
    }
    return true;
}

/* Only what spreadsheet programs use; other methods may want much memory before a byte comes out.
 */
static bool is_usual_method(struct archive *archive)
{
    const char *name = archive_format_name(archive);
    return name != NULL &&
           (strstr(name, "(deflation)") != NULL || strstr(name, "(uncompressed)") != NULL);
}

static bool inflate_entry(struct unpacking *unpacking, struct text *text)
{
    char buffer[32768];
    if (!is_usual_method(unpacking->archive)) {
        return sheet_refuse(unpacking->reader, DIAGNOSTIC_E904, "parts that are stored or deflated",
                            again,
                            "a part is packed in a way that spreadsheet programs do not use");
    }
    la_ssize_t n = archive_read_data(unpacking->archive, buffer, sizeof buffer);
    for (; n > 0; n = archive_read_data(unpacking->archive, buffer, sizeof buffer)) {
        unpacking->n_total += (size_t)n;
        if (!check_inflated(unpacking, text->n_bytes + (size_t)n)) {
            return false;
        }
        text_append_span(text, buffer, (size_t)n);
    }
    return n == 0 || refuse_damaged(unpacking, "a part of the file is cut short or damaged");
}

static void keep_name(struct unpacking *unpacking, const char *name)
{
    struct sheet_parts *parts = unpacking->parts;
    parts->names = arena_grow(unpacking->reader->arena, (void *)parts->names, parts->n_names,
                              &parts->names_capacity, sizeof *parts->names);
    parts->names[parts->n_names++] = name;
}

static bool check_entry(const struct unpacking *unpacking, struct archive_entry *entry,
                        const char *name)
{
    struct arena *arena = unpacking->reader->arena;
    if (is_trick(name) || archive_entry_filetype(entry) != AE_IFREG) {
        return sheet_refuse(unpacking->reader, DIAGNOSTIC_E907, "names of parts inside the file",
                            again, "the file holds an entry named `%s`", shown_name(arena, name));
    }
    if (archive_entry_is_encrypted(entry) == 1) {
        return sheet_refuse(unpacking->reader, DIAGNOSTIC_E902, "a workbook without a password",
                            "save it again without a password", "a part of the file is encrypted");
    }
    if (sheet_has_entry(unpacking->parts, name)) {
        return sheet_refuse(unpacking->reader, DIAGNOSTIC_E904, "each part once", again,
                            "the file holds `%s` twice", shown_name(arena, name));
    }
    return true;
}

static bool take_entry(struct unpacking *unpacking, struct archive_entry *entry)
{
    struct arena *arena = unpacking->reader->arena;
    const char *raw = archive_entry_pathname(entry);
    if (unpacking->parts->n_names >= SHEET_MAX_ENTRIES) {
        return refuse_size(unpacking, "at most 1,000 entries",
                           "the file holds more than 1,000 entries");
    }
    if (raw == NULL || raw[0] == '\0') {
        keep_name(unpacking, "?"); /* not plain text: none of the parts that cells need */
        return true;
    }
    const char *name = arena_copy_text(arena, raw);
    if (name[strlen(name) - 1] == '/' && archive_entry_filetype(entry) == AE_IFDIR) {
        keep_name(unpacking, name);
        return true;
    }
    if (!check_entry(unpacking, entry, name)) {
        return false;
    }
    keep_name(unpacking, name);
    if (!is_wanted(name)) {
        return true;
    }
    struct sheet_parts *parts = unpacking->parts;
    parts->items =
        arena_grow(arena, parts->items, parts->n_items, &parts->capacity, sizeof *parts->items);
    struct sheet_part *part = &parts->items[parts->n_items++];
    *part = (struct sheet_part){.name = name};
    text_init(&part->text);
    return inflate_entry(unpacking, &part->text);
}

static bool take_entries(struct unpacking *unpacking)
{
    struct archive_entry *entry = NULL;
    int next = archive_read_next_header(unpacking->archive, &entry);
    /* a warning is about a name that the locale cannot write */
    while (next == ARCHIVE_OK || next == ARCHIVE_WARN) {
        if (!take_entry(unpacking, entry)) {
            return false;
        }
        next = archive_read_next_header(unpacking->archive, &entry);
    }
    return next == ARCHIVE_EOF ||
           refuse_damaged(unpacking,
                          "the file is cut short or damaged: its list of parts cannot be "
                          "read");
}

bool sheet_unpack(struct sheet_reader *reader, const char *bytes, size_t n_bytes,
                  struct sheet_parts *parts)
{
    struct unpacking unpacking = {
        .reader = reader, .archive = archive_read_new(), .parts = parts, .n_file = n_bytes};
    if (unpacking.archive == NULL) {
        return refuse_damaged(&unpacking, "the file could not be opened");
    }
    bool good = archive_read_support_format_zip_seekable(unpacking.archive) == ARCHIVE_OK &&
                archive_read_open_memory(unpacking.archive, bytes, n_bytes) == ARCHIVE_OK;
    good = good ? take_entries(&unpacking)
                : refuse_damaged(&unpacking, "the file is cut short or damaged: it does not end as "
                                             "an .xlsx file does");
    archive_read_free(unpacking.archive);
    return good;
}
