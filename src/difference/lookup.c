#include "difference/lookup.h"

#include "base/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void lookup_init(struct lookup *lookup, size_t n_words)
{
    *lookup = (struct lookup){.n_words = n_words};
}

void lookup_clear(struct lookup *lookup)
{
    free(lookup->slots);
    *lookup = (struct lookup){0};
}

/* Each word with its NUL, so that where one ends counts. */
static uint64_t hash_of(const struct lookup *lookup, const char *const *key)
{
    uint64_t hash = TEXT_HASH_START;
    for (size_t i = 0; i < lookup->n_words; ++i) {
        hash = text_hash(key[i], strlen(key[i]) + 1, hash);
    }
    return hash;
}

static bool is_same(const struct lookup *lookup, const char *const *a, const char *const *b)
{
    bool same = true;
    for (size_t i = 0; same && i < lookup->n_words; ++i) {
        same = strcmp(a[i], b[i]) == 0;
    }
    return same;
}

/* Where the key stands, or the free slot where it would. */
static struct lookup_slot *slot_of(const struct lookup *lookup, const char *const *key,
                                   uint64_t hash)
{
    size_t at = (size_t)hash & (lookup->capacity - 1);
    while (lookup->slots[at].key != NULL &&
           (lookup->slots[at].hash != hash || !is_same(lookup, lookup->slots[at].key, key))) {
        at = (at + 1) & (lookup->capacity - 1);
    }
    return &lookup->slots[at];
}

size_t lookup_find(const struct lookup *lookup, const char *const *key)
{
    if (lookup->n_used == 0) {
        return SIZE_MAX;
    }
    const struct lookup_slot *slot = slot_of(lookup, key, hash_of(lookup, key));
    return slot->key != NULL ? slot->index : SIZE_MAX;
}

/* At most two thirds of the slots are used. */
static void grow(struct lookup *lookup)
{
    struct lookup old = *lookup;
    lookup->capacity = old.capacity == 0 ? 64 : 2 * old.capacity;
    lookup->slots = memory_array(lookup->capacity, sizeof *lookup->slots);
    for (size_t i = 0; i < old.capacity; ++i) {
        if (old.slots[i].key != NULL) {
            *slot_of(lookup, old.slots[i].key, old.slots[i].hash) = old.slots[i];
        }
    }
    free(old.slots);
}

void lookup_add(struct lookup *lookup, const char *const *key, size_t index)
{
    if (3 * (lookup->n_used + 1) > 2 * lookup->capacity) {
        grow(lookup);
    }
    uint64_t hash = hash_of(lookup, key);
    struct lookup_slot *slot = slot_of(lookup, key, hash);
    assert(slot->key == NULL);
    *slot = (struct lookup_slot){.key = key, .hash = hash, .index = index};
    ++lookup->n_used;
}

void words_init(struct words *words, struct arena *arena)
{
    *words = (struct words){.arena = arena};
    lookup_init(&words->lookup, 1);
}

void words_clear(struct words *words)
{
    lookup_clear(&words->lookup);
    free((void *)words->kept);
    *words = (struct words){0};
}

const char *words_keep(struct words *words, const char *word)
{
    size_t at = lookup_find(&words->lookup, &word);
    if (at != SIZE_MAX) {
        return *words->kept[at];
    }
    if (words->n_kept == words->capacity) {
        words->capacity = words->capacity == 0 ? 64 : 2 * words->capacity;
        words->kept = memory_realloc((void *)words->kept, words->capacity * sizeof *words->kept);
    }
    /* the key and the word in one piece */
    size_t n = strlen(word) + 1;
    char *piece = arena_alloc(words->arena, sizeof(const char *) + n);
    const char **key = (const char **)(void *)piece;
    memcpy(piece + sizeof *key, word, n);
    *key = piece + sizeof *key;
    words->kept[words->n_kept] = key;
    lookup_add(&words->lookup, key, words->n_kept++);
    return *key;
}
