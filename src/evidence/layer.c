#include "evidence/layer.h"

#include "base/text.h"
#include "evidence/evidence.h"

#include <stdlib.h>
#include <string.h>

void layer_add(struct layer_items *items, const char *id, const struct setting *setting,
               size_t layer)
{
    items->items = arena_grow(items->arena, items->items, items->n_items, &items->capacity,
                              sizeof *items->items);
    items->items[items->n_items] =
        (struct layer_item){.id = id, .setting = setting, .layer = layer, .order = items->n_items};
    items->n_items++;
}

void layer_gather(struct layer_items *items, const struct layered_document *documents,
                  size_t n_documents, const char *group)
{
    for (size_t i = 0; i < n_documents; ++i) {
        const struct setting *found = setting_find(documents[i].document->root, group);
        if (!setting_is_group(found)) {
            continue;
        }
        for (size_t k = 0; k < found->n_children; ++k) {
            if (setting_is_group(found->children[k])) {
                layer_add(items, found->children[k]->name, found->children[k], documents[i].layer);
            }
        }
    }
}

static int compare_items(const void *left, const void *right)
{
    const struct layer_item *a = left, *b = right;
    int by_id = strcmp(a->id, b->id);
    if (by_id != 0) {
        return by_id;
    }
    if (a->layer != b->layer) {
        return a->layer < b->layer ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

const char *layer_place_words(struct arena *arena, const struct setting *setting)
{
    return arena_printf(arena, "%s:%d", setting->place.file != NULL ? setting->place.file : "?",
                        setting->place.line);
}

const char *layer_suggest(struct arena *arena, const char *nearest, const char *otherwise)
{
    return nearest == NULL ? otherwise : arena_printf(arena, "did you mean \"%s\"?", nearest);
}

static void check_reason(const struct layer_items *items, const struct layer_item *item,
                         const char *noun, struct diagnostics *diagnostics)
{
    const struct setting *reason = setting_find(item->setting, "replaces_because");
    if (item->replaced != NULL && reason == NULL) {
        layer_complain(diagnostics, item->setting, DIAGNOSTIC_E431,
                       "a replacement says why: replaces_because = \"...\"",
                       "add replaces_because with the reason, or give the item a name of its own",
                       "this %s replaces \"%s\" of %s without saying why", noun, item->id,
                       layer_place_words(items->arena, item->replaced->setting));
    }
    if (item->replaced == NULL && reason != NULL) {
        setting_complain(
            diagnostics, reason, DIAGNOSTIC_E432,
            "replaces_because only where an earlier layer has an item of the same name",
            "check the name against `dividend list`, or remove replaces_because",
            "no earlier layer has a %s named \"%s\", so nothing is replaced", noun, item->id);
    }
}

/* Handles the run of items [first, end) that share an id; returns the one that counts. */
static struct layer_item *settle_run(const struct layer_items *items, struct layer_item *first,
                                     const struct layer_item *end, const char *noun,
                                     bool needs_reason, struct diagnostics *diagnostics)
{
    struct layer_item *kept = NULL;
    for (struct layer_item *item = first; item < end; ++item) {
        if (kept != NULL && kept->layer == item->layer) {
            layer_complain(diagnostics, item->setting, DIAGNOSTIC_E430, "each name once in a layer",
                           "rename or remove one of the two",
                           "%s \"%s\" is declared twice: the first is at %s", noun, item->id,
                           layer_place_words(items->arena, kept->setting));
            continue;
        }
        item->replaced = kept;
        if (needs_reason) {
            check_reason(items, item, noun, diagnostics);
        }
        kept = item;
    }
    return kept;
}

void layer_settle(struct layer_items *items, const char *noun, bool needs_reason,
                  struct diagnostics *diagnostics)
{
    if (items->n_items == 0) {
        return;
    }
    struct layer_item *all = items->items;
    struct layer_item *kept = arena_array(items->arena, items->n_items, sizeof *kept);
    qsort(all, items->n_items, sizeof *all, compare_items);
    size_t n_kept = 0;
    for (size_t first = 0, end = 0; first < items->n_items; first = end) {
        while (end < items->n_items && strcmp(all[first].id, all[end].id) == 0) {
            ++end;
        }
        kept[n_kept++] =
            *settle_run(items, all + first, all + end, noun, needs_reason, diagnostics);
    }
    items->items = kept;
    items->capacity = items->n_items;
    items->n_items = n_kept;
}

const char *field_text(const struct setting *group, const char *key, const char *fallback)
{
    const struct setting *found = setting_find(group, key);
    return setting_is_text(found) ? found->text : fallback;
}

double field_number(const struct setting *group, const char *key, double fallback)
{
    const struct setting *found = setting_find(group, key);
    return setting_is_number(found) ? found->number : fallback;
}

size_t field_whole(const struct setting *group, const char *key, size_t fallback)
{
    const struct setting *found = setting_find(group, key);
    bool usable = found != NULL && found->type == SETTING_INTEGER && found->integer >= 0;
    return usable ? (size_t)found->integer : fallback;
}

bool field_boolean(const struct setting *group, const char *key, bool fallback)
{
    const struct setting *found = setting_find(group, key);
    return found != NULL && found->type == SETTING_BOOLEAN ? found->integer != 0 : fallback;
}

int field_financial_year(const struct setting *group, const char *key)
{
    int year = 0;
    const char *text = field_text(group, key, NULL);
    return text != NULL && text_read_financial_year(text, &year) ? year : 0;
}

int field_month(const struct setting *group, const char *key)
{
    const struct setting *setting = setting_find(group, key);
    if (!setting_is_text(setting) || strlen(setting->text) != 7) {
        return 0;
    }
    return 12 * (int)strtol(setting->text, NULL, 10) + (int)strtol(setting->text + 5, NULL, 10) - 1;
}

size_t field_choice(const struct setting *group, const char *key, const char *const *words,
                    size_t n_words)
{
    const char *text = field_text(group, key, NULL);
    for (size_t i = 0; text != NULL && i < n_words; ++i) {
        if (strcmp(words[i], text) == 0) {
            return i;
        }
    }
    return n_words;
}

const double *field_numbers(struct arena *arena, const struct setting *group, const char *key,
                            size_t *n_numbers)
{
    const struct setting *found = setting_find(group, key);
    *n_numbers = 0;
    if (found == NULL || found->type != SETTING_ARRAY || found->n_children == 0) {
        return NULL;
    }
    double *numbers = arena_array(arena, found->n_children, sizeof *numbers);
    for (size_t i = 0; i < found->n_children; ++i) {
        numbers[i] = setting_is_number(found->children[i]) ? found->children[i]->number : 0.0;
    }
    *n_numbers = found->n_children;
    return numbers;
}
