/* Memory with one lifetime: everything taken from an arena dies with arena_clear.
 * Evidence, models and scenarios live in one arena a run and are const after loading. */
#ifndef DIVIDEND_BASE_ARENA_H
#define DIVIDEND_BASE_ARENA_H

#include "base/error.h"

#include <stddef.h>

struct arena_page;

struct arena {
    struct arena_page *pages; /* newest first */
    size_t n_bytes;           /* handed out so far */
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena);

/* Zeroed memory, aligned to 64 bytes. Running out of memory ends the program with exit code 1 and
 * a message (a batch program has no better answer); never returns NULL. */
void *arena_alloc(struct arena *arena, size_t n_bytes);

/* n objects of size bytes each, zeroed; an overflow of the product counts as out of memory. */
void *arena_array(struct arena *arena, size_t n, size_t size);

char *arena_copy_text(struct arena *arena, const char *text);
char *arena_copy_span(struct arena *arena, const char *start, size_t n_bytes); /* adds the NUL */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Grows an array kept in the arena: returns `items` with room for one more (old copy abandoned when
 * it moves). `*capacity` is kept by the caller, starting at 0 with items = NULL. */
void *arena_grow(struct arena *arena, void *items, size_t n_used, size_t *capacity, size_t size);

/* malloc, calloc, realloc that end the program as arena_alloc does; free with free(). */
void *memory_alloc(size_t n_bytes);
void *memory_array(size_t n, size_t size);
void *memory_realloc(void *memory, size_t n_bytes);
/* 64-byte aligned, zeroed doubles for columns of draws; free with free(). */
double *memory_columns(size_t n_doubles);
/* The same, of whatever values: every cell is written before it is read. */
double *memory_columns_unset(size_t n_doubles);

#endif
