/* Finds things by several words at once, and keeps one copy of words that come often. Private to
 * difference/. */
#ifndef DIVIDEND_DIFFERENCE_LOOKUP_H
#define DIVIDEND_DIFFERENCE_LOOKUP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct lookup_slot {
    const char *const *key; /* NULL: free */
    uint64_t hash;
    size_t index;
};

struct lookup {
    size_t n_words; /* of a key */
    struct lookup_slot *slots;
    size_t n_used, capacity;
};

void lookup_init(struct lookup *lookup, size_t n_words);
void lookup_clear(struct lookup *lookup);
/* The index kept for the key, or SIZE_MAX. */
size_t lookup_find(const struct lookup *lookup, const char *const *key);
/* Keeps the pointer: the words must outlive the lookup. The key must not be there yet. */
void lookup_add(struct lookup *lookup, const char *const *key, size_t index);

/* One copy of each word. */
struct words {
    struct arena *arena;
    struct lookup lookup; /* of single words */
    const char ***kept;
    size_t n_kept, capacity;
};

void words_init(struct words *words, struct arena *arena);
void words_clear(struct words *words); /* copies stay in the arena */
const char *words_keep(struct words *words, const char *word);

#endif
