#include "evidence/dimension.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct dimension_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct dimension *items;
    size_t n_items, capacity;
};

static bool is_index(const char *file)
{
    const char *slash = strrchr(file, '/');
    return strcmp(slash != NULL ? slash + 1 : file, "dimensions.csv") == 0;
}

static void complain_line(const struct dimension_reader *reader, struct place place,
                          const char *line)
{
    diagnostics_add(reader->diagnostics, DIAGNOSTIC_E480, place, NULL,
                    place.line == 1
                        ? "the header dimension,identity"
                        : "a whole number from 1 to 2048, a comma, and a path such as group.item "
                          "or input:model.name",
                    "numbers below 1024 are for the shipped index; a layer of your own begins at "
                    "1024",
                    "the line is `%s`", line);
}

static bool is_identity(const char *word)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_.:";
    return *word != '\0' && strspn(word, allowed) == strlen(word);
}

static void read_line(struct dimension_reader *reader, struct place place, char *line)
{
    size_t n_digits = strspn(line, "0123456789");
    char *identity = line + n_digits + 1;
    unsigned long number = n_digits > 0 && n_digits < 6 ? strtoul(line, NULL, 10) : 0;
    if (number < 1 || number > DIMENSION_LAST || line[n_digits] != ',' || !is_identity(identity)) {
        complain_line(reader, place, line);
        return;
    }
    reader->items = arena_grow(reader->arena, reader->items, reader->n_items, &reader->capacity,
                               sizeof *reader->items);
    reader->items[reader->n_items++] =
        (struct dimension){.identity = identity, .dimension = number, .place = place};
}

static void read_index(struct dimension_reader *reader, const struct document *document)
{
    char *bytes = arena_copy_span(reader->arena, document->bytes, document->n_bytes);
    struct place place = {.file = document->file, .line = 1};
    for (char *line = bytes, *next = NULL; line != NULL && *line != '\0'; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        size_t length = strlen(line);
        if (length > 0 && line[length - 1] == '\r') {
            line[length - 1] = '\0';
        }
        if (place.line > 1 && *line != '\0') {
            read_line(reader, place, line);
        } else if (place.line == 1 && strcmp(line, "dimension,identity") != 0) {
            complain_line(reader, place, line);
            return;
        }
        ++place.line;
    }
}

static int compare_numbers(const void *left, const void *right)
{
    const struct dimension *a = left, *b = right;
    int by_number = a->dimension < b->dimension ? -1 : a->dimension > b->dimension ? 1 : 0;
    return by_number != 0 ? by_number : strcmp(a->identity, b->identity);
}

static int compare_identities(const void *left, const void *right)
{
    const struct dimension *a = left, *b = right;
    int by_identity = strcmp(a->identity, b->identity);
    return by_identity != 0 ? by_identity : compare_numbers(left, right);
}

static void complain_twice(const struct dimension_reader *reader, const struct dimension *first,
                           const struct dimension *second, const char *words)
{
    diagnostics_add(reader->diagnostics, DIAGNOSTIC_E481, second->place, NULL,
                    "each dimension and each identity once, over all layers",
                    "give it a number that is free, 1024 or above in a layer of your own",
                    "%s: the other is at %s:%d", words, first->place.file, first->place.line);
}

static void check_twice(const struct dimension_reader *reader)
{
    struct dimension *items = reader->items;
    if (reader->n_items < 2) {
        return;
    }
    qsort(items, reader->n_items, sizeof *items, compare_numbers);
    for (size_t i = 1; i < reader->n_items; ++i) {
        if (items[i].dimension == items[i - 1].dimension) {
            complain_twice(
                reader, &items[i - 1], &items[i],
                arena_printf(reader->arena, "dimension %zu is given to \"%s\" and \"%s\"",
                             items[i].dimension, items[i - 1].identity, items[i].identity));
        }
    }
    qsort(items, reader->n_items, sizeof *items, compare_identities);
    for (size_t i = 1; i < reader->n_items; ++i) {
        if (strcmp(items[i].identity, items[i - 1].identity) == 0) {
            complain_twice(
                reader, &items[i - 1], &items[i],
                arena_printf(reader->arena, "\"%s\" has two dimensions", items[i].identity));
        }
    }
}

const struct dimensions *dimensions_read(struct arena *arena,
                                         const struct layered_document *documents,
                                         size_t n_documents, struct diagnostics *diagnostics)
{
    struct dimension_reader reader = {.arena = arena, .diagnostics = diagnostics};
    for (size_t i = 0; i < n_documents; ++i) {
        if (documents[i].document->bytes != NULL && is_index(documents[i].document->file)) {
            read_index(&reader, documents[i].document);
        }
    }
    check_twice(&reader);
    struct dimensions *dimensions = arena_alloc(arena, sizeof *dimensions);
    *dimensions = (struct dimensions){.items = reader.items, .n_items = reader.n_items};
    return dimensions;
}

size_t dimension_of(const struct dimensions *dimensions, const char *identity)
{
    const struct dimension key = {.identity = identity};
    if (dimensions == NULL || dimensions->n_items == 0) {
        return 0;
    }
    size_t low = 0, high = dimensions->n_items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(dimensions->items[middle].identity, key.identity) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found =
        low < dimensions->n_items && strcmp(dimensions->items[low].identity, identity) == 0;
    return found ? dimensions->items[low].dimension : 0;
}
