/* Any bytes as a file: scanned, parsed and checked against the schema. Findings are crashes,
 * reports of the sanitizers, a refusal without a diagnostic, a place outside the text, and a
 * diagnostic that cannot be shown. */
#include "reader/reader.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static size_t count_lines(const uint8_t *bytes, size_t n_bytes)
{
    size_t n_lines = 1;
    for (size_t i = 0; i < n_bytes; ++i) {
        n_lines += bytes[i] == '\n';
    }
    return n_lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    struct arena arena;
    struct diagnostics diagnostics;
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const struct document *document =
        reader_parse(&arena, &diagnostics, "fuzzed.cfg", (const char *)bytes, n_bytes);
    demand(diagnostics.n_errors > 0 || (document != NULL && document->root != NULL));
    diagnostics_sort(&diagnostics);
    int n_lines = (int)count_lines(bytes, n_bytes);
    for (size_t i = 0; i < diagnostics.n_items; ++i) {
        const char *shown = diagnostic_render(&diagnostics, &diagnostics.items[i], false);
        demand(shown != NULL && shown[0] != '\0');
        demand(diagnostics.items[i].place.line <= n_lines);
    }
    arena_clear(&arena);
    return 0;
}
