#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_PAGE_BYTES = 65536, ARENA_ALIGNMENT = 64 };

struct arena_page {
    struct arena_page *older;
    size_t n_used, capacity; /* of the bytes after this header, which is padded to the alignment */
};

static size_t round_up(size_t n_bytes)
{
    return (n_bytes + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
}

static void end_without_memory(void)
{
    (void)fputs("dividend: out of memory\n", stderr);
    exit(1);
}

static size_t checked_product(size_t n, size_t size)
{
    if (size != 0 && n > (SIZE_MAX - ARENA_ALIGNMENT) / size) {
        end_without_memory();
    }
    return n * size;
}

void *memory_alloc(size_t n_bytes)
{
    void *memory = malloc(n_bytes > 0 ? n_bytes : 1);
    if (memory == NULL) {
        end_without_memory();
    }
    return memory;
}

void *memory_array(size_t n, size_t size)
{
    void *memory = calloc(n > 0 ? n : 1, size > 0 ? size : 1);
    if (memory == NULL) {
        end_without_memory();
    }
    return memory;
}

void *memory_realloc(void *memory, size_t n_bytes)
{
    void *moved = realloc(memory, n_bytes > 0 ? n_bytes : 1);
    if (moved == NULL) {
        end_without_memory();
    }
    return moved;
}

static size_t column_bytes(size_t n_doubles)
{
    return round_up(checked_product(n_doubles > 0 ? n_doubles : 1, sizeof(double)));
}

double *memory_columns_unset(size_t n_doubles)
{
    double *columns = aligned_alloc(ARENA_ALIGNMENT, column_bytes(n_doubles));
    if (columns == NULL) {
        end_without_memory();
    }
    return columns;
}

double *memory_columns(size_t n_doubles)
{
    double *columns = memory_columns_unset(n_doubles);
    memset(columns, 0, column_bytes(n_doubles));
    return columns;
}

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_clear(struct arena *arena)
{
    struct arena_page *page = arena->pages;
    while (page != NULL) {
        struct arena_page *older = page->older;
        free(page);
        page = older;
    }
    *arena = (struct arena){0};
}

static struct arena_page *add_page(struct arena *arena, size_t n_bytes)
{
    size_t capacity = n_bytes > ARENA_PAGE_BYTES ? n_bytes : ARENA_PAGE_BYTES;
    size_t header = round_up(sizeof(struct arena_page));
    struct arena_page *page = aligned_alloc(ARENA_ALIGNMENT, round_up(header + capacity));
    if (page == NULL) {
        end_without_memory();
    }
    *page = (struct arena_page){.older = arena->pages, .capacity = capacity};
    arena->pages = page;
    return page;
}

void *arena_alloc(struct arena *arena, size_t n_bytes)
{
    if (n_bytes > SIZE_MAX / 2) {
        end_without_memory();
    }
    n_bytes = round_up(n_bytes > 0 ? n_bytes : 1);
    struct arena_page *page = arena->pages;
    if (page == NULL || page->capacity - page->n_used < n_bytes) {
        page = add_page(arena, n_bytes);
    }
    char *bytes = (char *)page + round_up(sizeof *page) + page->n_used;
    page->n_used += n_bytes;
    arena->n_bytes += n_bytes;
    memset(bytes, 0, n_bytes);
    return bytes;
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    return arena_alloc(arena, checked_product(n, size));
}

char *arena_copy_span(struct arena *arena, const char *start, size_t n_bytes)
{
    char *copy = arena_alloc(arena, n_bytes + 1);
    if (n_bytes > 0) {
        memcpy(copy, start, n_bytes);
    }
    return copy;
}

char *arena_copy_text(struct arena *arena, const char *text)
{
    return arena_copy_span(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    size_t n_bytes = n > 0 ? (size_t)n : 0;
    char *text = arena_alloc(arena, n_bytes + 1);
    (void)vsnprintf(text, n_bytes + 1, format, again);
    va_end(again);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t n_used, size_t *capacity, size_t size)
{
    if (n_used < *capacity) {
        return items;
    }
    size_t grown = *capacity == 0 ? 8 : checked_product(*capacity, 2);
    void *moved = arena_array(arena, grown, size);
    if (n_used > 0) {
        memcpy(moved, items, n_used * size);
    }
    *capacity = grown;
    return moved;
}
