/* Small libraries of configuration text in memory, and what the checks say about them. */
#ifndef DIVIDEND_TESTS_MEMORY_LIBRARY_H
#define DIVIDEND_TESTS_MEMORY_LIBRARY_H

#include "evidence/evidence.h"
#include "reader/reader.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MEMORY_MAX_DOCUMENTS = 8 };

struct memory_library {
    struct arena arena;
    struct diagnostics diagnostics;
    struct layered_document documents[MEMORY_MAX_DOCUMENTS];
    size_t n_documents;
};

static inline void memory_library_init(struct memory_library *memory)
{
    memset(memory, 0, sizeof *memory);
    arena_init(&memory->arena);
    diagnostics_init(&memory->diagnostics, &memory->arena);
}

static inline void memory_library_clear(struct memory_library *memory)
{
    arena_clear(&memory->arena);
}

static inline const struct document *memory_parse(struct memory_library *memory, const char *file,
                                                  const char *text)
{
    return reader_parse(&memory->arena, &memory->diagnostics, file, text, strlen(text));
}

static inline void memory_add(struct memory_library *memory, const char *file, size_t layer,
                              const char *text)
{
    assert(memory->n_documents < MEMORY_MAX_DOCUMENTS);
    memory->documents[memory->n_documents++] =
        (struct layered_document){.document = memory_parse(memory, file, text), .layer = layer};
}

/* `text` with its first `from` replaced by `to`; a `from` that is not there is a mistake of the
 * test. */
static inline const char *memory_swap(struct memory_library *memory, const char *text,
                                      const char *from, const char *to)
{
    const char *found = strstr(text, from);
    if (found == NULL) {
        fprintf(stderr, "the text does not contain: %s\n", from);
        assert(found != NULL);
    }
    return arena_printf(&memory->arena, "%.*s%s%s", (int)(found - text), text, to,
                        found + strlen(from));
}

/* Everything that was said, on stderr: for failing tests. */
static inline void memory_print(const struct memory_library *memory)
{
    for (size_t i = 0; i < memory->diagnostics.n_items; ++i) {
        fputs(diagnostic_render(&memory->diagnostics, &memory->diagnostics.items[i], false),
              stderr);
    }
}

static inline const struct diagnostic *memory_find(const struct memory_library *memory,
                                                   const char *code)
{
    for (size_t i = 0; i < memory->diagnostics.n_items; ++i) {
        if (strcmp(diagnostic_code_name(memory->diagnostics.items[i].code), code) == 0) {
            return &memory->diagnostics.items[i];
        }
    }
    return NULL;
}

/* True where there is exactly one diagnostic: this code, at this setting path. */
static inline bool memory_only(const struct memory_library *memory, const char *code,
                               const char *path)
{
    const struct diagnostic *found = memory_find(memory, code);
    bool only = memory->diagnostics.n_items == 1 && found != NULL &&
                strcmp(found->path != NULL ? found->path : "", path) == 0;
    if (!only) {
        fprintf(stderr, "expected %s at \"%s\" alone, got:\n", code, path);
        memory_print(memory);
    }
    return only;
}

static inline bool memory_silent(const struct memory_library *memory)
{
    if (memory->diagnostics.n_items > 0) {
        fprintf(stderr, "expected no diagnostic, got:\n");
        memory_print(memory);
    }
    return memory->diagnostics.n_items == 0;
}

#endif
