/* Any bytes as a workbook to import. By the first byte they are the file itself, or one part of a
 * filled template: its workbook, strings, styles, or a sheet, so that the mutations get past the
 * container. What is read is imported against the library of tests/invalid/base and checked as any
 * scenario. Findings are crashes, reports of the sanitizers, a refusal without a diagnostic, a text
 * of a scenario that cannot be parsed though no error was found, and a diagnostic that cannot be
 * shown. */
#include "import/import.h"
#include "uncertainty/uncertainty.h"

#include <gsl/gsl_errno.h>

#include <archive.h>
#include <archive_entry.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BASE PROJECT_DIR "/tests/invalid/base/"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* ---- a small workbook with one part from the fuzzer ---- */

#define MAIN          "\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define OUTER         "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define T(ref, words) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" words "</t></is></c>"
#define ROW(n, cells) "<row r=\"" n "\">" cells "</row>"

static const char *const part_names[] = {"[Content_Types].xml",      "_rels/.rels",
                                         "xl/workbook.xml",          "xl/_rels/workbook.xml.rels",
                                         "xl/sharedStrings.xml",     "xl/styles.xml",
                                         "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"};

enum { N_PARTS = sizeof part_names / sizeof part_names[0] };

static const char *const part_texts[N_PARTS] = {
    "<Types/>",
    "<Relationships><Relationship Id=\"r\" Type=\"" OUTER
    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    "<workbook xmlns=" MAIN " xmlns:r=\"" OUTER "\"><sheets><sheet name=\"Scenario\" r:id=\"a\"/>"
    "<sheet name=\"Inputs\" r:id=\"b\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"a\" Type=\"" OUTER
    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"b\" Type=\"" OUTER
    "/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"c\" Type=\"" OUTER
    "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"d\" Type=\"" OUTER
    "/styles\" Target=\"styles.xml\"/></Relationships>",
    "<sst><si><t>recurrent</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"9\"/><xf numFmtId=\"14\"/></cellXfs>"
    "</styleSheet>",
    "<worksheet><sheetData>" ROW("1", T("A1", "Id") T("B1", "Your value")) ROW(
        "2", T("A2", "form") T("B2", "dividend 1")) ROW("3", T("A3", "model") T("B3", "visits"))
        ROW("4", T("A4", "name") T("B4", "fuzzed")) ROW("5", T("A5", "title") T("B5", "Fuzzed"))
            ROW("6", T("A6", "start_year") T("B6", "2026-27"))
                ROW("7", T("A7", "funded_years") "<c r=\"B7\"><v>2</v></c>") ROW(
                    "8",
                    T("A8", "horizon_years") "<c r=\"B8\"><v>5</v></c>") "</sheetData></worksheet>",
    "<worksheet><sheetData>" ROW("1", T("A1", "Id") T("B1", "Your value") T("C1", "Form")
                                          T("D1", "Low") T("E1", "High"))
        ROW("2", T("A2", "eligible") "<c r=\"B2\"><v>100</v></c>") "</sheetData></worksheet>"};

static void add_part(struct archive *archive, const char *name, const void *bytes, size_t n_bytes)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)n_bytes);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    demand(archive_write_header(archive, entry) == ARCHIVE_OK);
    demand(archive_write_data(archive, bytes, n_bytes) == (la_ssize_t)n_bytes);
    archive_entry_free(entry);
}

static size_t make_book(char *out, size_t n_out, size_t fuzzed, const uint8_t *bytes,
                        size_t n_bytes)
{
    size_t n_used = 0;
    struct archive *archive = archive_write_new();
    demand(archive_write_set_format_zip(archive) == ARCHIVE_OK &&
           archive_write_set_options(archive, "zip:compression=store") == ARCHIVE_OK &&
           archive_write_set_bytes_per_block(archive, 1) == ARCHIVE_OK &&
           archive_write_open_memory(archive, out, n_out, &n_used) == ARCHIVE_OK);
    for (size_t i = 0; i < N_PARTS; ++i) {
        bool own = i == fuzzed;
        add_part(archive, part_names[i], own ? (const void *)bytes : part_texts[i],
                 own ? n_bytes : strlen(part_texts[i]));
    }
    demand(archive_write_close(archive) == ARCHIVE_OK);
    archive_write_free(archive);
    return n_used;
}

/* ---- reading and importing ---- */

static const struct library *load_base(struct arena *arena, const struct document *scenario,
                                       struct diagnostics *diagnostics)
{
    struct layered_document documents[4] = {
        {.document = reader_load(arena, diagnostics, BASE "models/library.cfg")},
        {.document = reader_load(arena, diagnostics, BASE "models/visits/model.cfg")},
        {.document = reader_load(arena, diagnostics, BASE "models/areas.cfg")},
        {.document = reader_load_data(arena, diagnostics, BASE "models/data/people.csv")}};
    return library_build(arena, documents, 4, &scenario, scenario != NULL ? 1 : 0, NULL,
                         diagnostics);
}

static void import_book(struct arena *arena, const struct sheet_book *book,
                        struct diagnostics *diagnostics)
{
    static const struct plan_options options = {.measure_set = MEASURE_SET_NET_ONLY};
    const struct library *library = load_base(arena, NULL, diagnostics);
    demand(diagnostics->n_errors == 0);
    const struct import_draft *draft = import_read(arena, library, book, diagnostics);
    demand(draft != NULL || diagnostics->n_errors > 0);
    if (draft == NULL) {
        return;
    }
    demand(text_is_name(draft->name));
    const struct document *document =
        reader_parse(arena, diagnostics, "scenarios/fuzzed.cfg", draft->bytes, draft->n_bytes);
    demand(document->root != NULL); /* whatever was typed, the text is configuration */
    demand(document->root->n_children == 1);
    const struct library *with = load_base(arena, document, diagnostics);
    for (size_t i = 0; diagnostics->n_errors == 0 && i < with->n_scenarios; ++i) {
        (void)plan_build(arena, with, with->scenarios[i], &options, diagnostics);
    }
    import_move_diagnostics(draft, "scenarios/fuzzed.cfg", diagnostics);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static char file[1 << 20];
    struct arena arena;
    struct diagnostics diagnostics;
    if (n_bytes == 0 || n_bytes > sizeof file / 2) {
        return 0;
    }
    gsl_set_error_handler_off();
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    size_t which = bytes[0] % (N_PARTS + 1);
    const char *start = (const char *)bytes + 1;
    size_t n_file = n_bytes - 1;
    if (which < N_PARTS) {
        n_file = make_book(file, sizeof file, which, bytes + 1, n_bytes - 1);
        start = file;
    }
    const struct sheet_book *book = sheet_parse(&arena, &diagnostics, "fuzzed.xlsx", start, n_file);
    demand(book != NULL || diagnostics.n_errors > 0);
    if (book != NULL) {
        import_book(&arena, book, &diagnostics);
    }
    diagnostics_sort(&diagnostics);
    for (size_t i = 0; i < diagnostics.n_items; ++i) {
        const char *shown = diagnostic_render(&diagnostics, &diagnostics.items[i], false);
        demand(shown != NULL && shown[0] != '\0');
    }
    arena_clear(&arena);
    return 0;
}
