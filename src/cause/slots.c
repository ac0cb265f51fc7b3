#include "cause/slots.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    struct arena *arena;
    struct slots *slots;
    const struct layered_document *from;
    bool is_new;
};

/* One entry a slot at first; those of one item are joined once all are sorted. */
static void add_entry(const struct gathering *gathering, const char *kind, const char *id,
                      const struct setting *setting, const struct setting *child)
{
    struct slots *slots = gathering->slots;
    slots->items = arena_grow(gathering->arena, slots->items, slots->n_items, &slots->capacity,
                              sizeof *slots->items);
    struct slot *slot = &slots->items[slots->n_items++];
    struct slot_entry *entry = arena_alloc(gathering->arena, sizeof *entry);
    *entry = (struct slot_entry){.from = gathering->from, .setting = setting, .child = child};
    *slot = (struct slot){.kind = kind, .id = id};
    if (gathering->is_new) {
        slot->now = entry;
        slot->n_now = 1;
    } else {
        slot->old = entry;
        slot->n_old = 1;
    }
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The folder of a model's file is its name. */
static const char *folder_name(struct arena *arena, const char *file)
{
    const char *end = strrchr(file, '/');
    if (end == NULL) {
        return "";
    }
    const char *start = end;
    while (start > file && start[-1] != '/') {
        --start;
    }
    return arena_copy_span(arena, start, (size_t)(end - start));
}

/* The group `like` with this child alone. */
static const struct setting *alone(struct arena *arena, const struct setting *like,
                                   const struct setting *child)
{
    const struct setting **children = arena_array(arena, 1, sizeof *children);
    struct setting *group = arena_alloc(arena, sizeof *group);
    children[0] = child;
    *group = *like;
    group->children = children;
    group->n_children = 1;
    return group;
}

/* The groups from the top one down to the item. */
struct chain {
    const struct chain *above;
    const struct setting *group;
};

static const struct setting *wrap(struct arena *arena, const struct chain *chain,
                                  const struct setting *item)
{
    for (; chain != NULL; chain = chain->above) {
        item = alone(arena, chain->group, item);
    }
    return item;
}

/* As evidence_read tells items from groups of them. */
static bool is_item(const struct setting *group)
{
    bool item = setting_find(group, "value") != NULL;
    for (size_t i = 0; i < group->n_children; ++i) {
        item = item || !setting_is_group(group->children[i]);
    }
    return item;
}

static void gather_evidence(const struct gathering *gathering, const struct chain *chain,
                            const char *prefix)
{
    for (size_t i = 0; i < chain->group->n_children; ++i) {
        const struct setting *child = chain->group->children[i];
        if (!setting_is_group(child)) {
            continue;
        }
        const char *id = arena_printf(gathering->arena, "%s%s", prefix, child->name);
        if (is_item(child)) {
            add_entry(gathering, "evidence", id, child, wrap(gathering->arena, chain, child));
        } else {
            gather_evidence(gathering, &(struct chain){.above = chain, .group = child},
                            arena_printf(gathering->arena, "%s.", id));
        }
    }
}

static void gather_items(const struct gathering *gathering, const struct setting *group)
{
    const struct chain chain = {.group = group};
    for (size_t i = 0; i < group->n_children; ++i) {
        const struct setting *child = group->children[i];
        if (setting_is_group(child)) {
            add_entry(gathering, group->name, child->name, child,
                      wrap(gathering->arena, &chain, child));
        }
    }
}

static void gather_document(const struct gathering *gathering)
{
    const struct document *document = gathering->from->document;
    if (document->root == NULL) {
        const char *name = last_part(document->file);
        add_entry(gathering, strcmp(name, "dimensions.csv") == 0 ? "dimension" : "file", name, NULL,
                  NULL);
        return;
    }
    for (size_t i = 0; i < document->root->n_children; ++i) {
        const struct setting *group = document->root->children[i];
        if (!setting_is_group(group)) {
            continue;
        }
        if (strcmp(group->name, "model") == 0) {
            add_entry(gathering, "model", folder_name(gathering->arena, document->file), group,
                      group);
        } else if (strcmp(group->name, "evidence") == 0) {
            gather_evidence(gathering, &(struct chain){.group = group}, "");
        } else {
            gather_items(gathering, group);
        }
    }
}

static int compare_words(const struct slot *a, const char *kind, const char *id)
{
    int by_kind = strcmp(a->kind, kind);
    return by_kind != 0 ? by_kind : strcmp(a->id, id);
}

static int compare_slots(const void *left, const void *right)
{
    const struct slot *a = left, *b = right;
    int by_words = compare_words(a, b->kind, b->id);
    if (by_words != 0) {
        return by_words;
    }
    if (a->n_now != b->n_now) {
        return a->n_now < b->n_now ? -1 : 1;
    }
    size_t first = (a->n_now > 0 ? a->now : a->old)->from->layer;
    size_t second = (b->n_now > 0 ? b->now : b->old)->from->layer;
    return first < second ? -1 : first > second ? 1 : 0;
}

static void join(struct arena *arena, struct slot *into, const struct slot *from)
{
    if (from->n_old > 0) {
        into->old =
            arena_grow(arena, into->old, into->n_old, &into->old_capacity, sizeof *into->old);
        into->old[into->n_old++] = from->old[0];
    } else {
        into->now =
            arena_grow(arena, into->now, into->n_now, &into->now_capacity, sizeof *into->now);
        into->now[into->n_now++] = from->now[0];
    }
}

static void gather(struct slots *slots, struct arena *arena, const struct library *library,
                   bool is_new)
{
    for (size_t i = 0; i < library->n_documents; ++i) {
        gather_document(&(struct gathering){
            .arena = arena, .slots = slots, .from = &library->documents[i], .is_new = is_new});
    }
}

void slots_make(struct slots *slots, struct arena *arena, const struct library *old,
                const struct library *now)
{
    struct slots all = {0};
    gather(&all, arena, old, false);
    gather(&all, arena, now, true);
    if (all.n_items > 1) {
        qsort(all.items, all.n_items, sizeof *all.items, compare_slots);
    }
    *slots = (struct slots){.items = arena_array(arena, all.n_items + 1, sizeof *slots->items)};
    for (size_t i = 0; i < all.n_items; ++i) {
        const struct slot *one = &all.items[i];
        struct slot *last = slots->n_items > 0 ? &slots->items[slots->n_items - 1] : NULL;
        if (last == NULL || compare_words(last, one->kind, one->id) != 0) {
            last = &slots->items[slots->n_items++];
            *last = (struct slot){.kind = one->kind, .id = one->id};
        }
        join(arena, last, one);
    }
}

const struct slot *slots_find(const struct slots *slots, const char *kind, const char *id)
{
    size_t n = strlen(id);
    for (size_t i = 0; kind != NULL && i < slots->n_items; ++i) {
        const struct slot *slot = &slots->items[i];
        size_t n_own = strlen(slot->id);
        bool whole = n_own == n || (n_own < n && id[n_own] == '.');
        if (strcmp(slot->kind, kind) == 0 && whole && strncmp(slot->id, id, n_own) == 0) {
            return slot;
        }
    }
    return NULL;
}

static bool same_settings(const struct setting *a, const struct setting *b)
{
    if (a->type != b->type || a->n_children != b->n_children ||
        (a->name == NULL) != (b->name == NULL) ||
        (a->name != NULL && strcmp(a->name, b->name) != 0)) {
        return false;
    }
    bool same = true;
    for (size_t i = 0; same && i < a->n_children; ++i) {
        const struct setting *twin =
            a->type == SETTING_GROUP ? setting_find(b, a->children[i]->name) : b->children[i];
        same = twin != NULL && same_settings(a->children[i], twin);
    }
    return same && (a->type != SETTING_TEXT || strcmp(a->text, b->text) == 0) &&
           (a->type == SETTING_GROUP || a->type == SETTING_LIST || a->type == SETTING_ARRAY ||
            a->type == SETTING_TEXT || a->number == b->number);
}

static bool same_entries(const struct slot_entry *a, const struct slot_entry *b)
{
    if (a->from->layer != b->from->layer || (a->setting == NULL) != (b->setting == NULL)) {
        return false;
    }
    const struct document *first = a->from->document, *second = b->from->document;
    return a->setting != NULL ? same_settings(a->setting, b->setting)
                              : first->n_bytes == second->n_bytes &&
                                    memcmp(first->bytes, second->bytes, first->n_bytes) == 0;
}

bool slot_is_same(const struct slot *slot)
{
    bool same = slot->n_old == slot->n_now;
    for (size_t i = 0; same && i < slot->n_old; ++i) {
        same = same_entries(&slot->old[i], &slot->now[i]);
    }
    return same;
}
