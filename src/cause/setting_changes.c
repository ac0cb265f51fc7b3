#include "cause/setting_changes.h"

#include <string.h>

enum { MOST_SAID = 3, MOST_BYTES = 48 };

void setting_changes_start(struct setting_changes *changes)
{
    *changes = (struct setting_changes){.n = 0};
    text_init(&changes->words);
}

static bool is_scalar(const struct setting *setting)
{
    return setting->type == SETTING_TEXT || setting->type == SETTING_INTEGER ||
           setting->type == SETTING_NUMBER || setting->type == SETTING_BOOLEAN;
}

/* A number, a text cut to a line, or what else it is. */
static void write_value(struct text *out, const struct setting *setting)
{
    char number[32];
    if (setting == NULL) {
        text_append(out, "none");
    } else if (setting->type == SETTING_TEXT) {
        size_t n = strlen(setting->text);
        size_t shown = n <= MOST_BYTES ? n : MOST_BYTES;
        while (shown < n && shown > 0 && ((unsigned char)setting->text[shown] & 0xC0U) == 0x80U) {
            --shown;
        }
        text_printf(out, "\"%.*s%s\"", (int)shown, setting->text, shown < n ? "..." : "");
    } else if (setting->type == SETTING_BOOLEAN) {
        text_append(out, setting->number != 0.0 ? "true" : "false");
    } else if (is_scalar(setting)) {
        text_format_exact(number, setting->number);
        text_append(out, number);
    } else if (setting->type == SETTING_ARRAY && setting->n_children <= 4) {
        for (size_t i = 0; i < setting->n_children; ++i) {
            text_append(out, i == 0 ? "[" : ", ");
            write_value(out, setting->children[i]);
        }
        text_append(out, "]");
    } else {
        text_printf(out, "{ %zu keys }", setting->n_children);
    }
}

static void say_change(struct setting_changes *changes, const char *path, const struct setting *old,
                       const struct setting *now)
{
    if (++changes->n <= MOST_SAID) {
        text_printf(&changes->words, "%s%s%s", changes->n > 1 ? "; " : "", path,
                    path[0] != '\0' ? " " : "");
        write_value(&changes->words, old);
        text_append(&changes->words, " -> ");
        write_value(&changes->words, now);
    }
}

void setting_changes_say(struct setting_changes *changes, const char *words)
{
    if (++changes->n <= MOST_SAID) {
        text_printf(&changes->words, "%s%s", changes->n > 1 ? "; " : "", words);
    }
}

/* Keys that are words about the item, in every group. */
static bool is_words(const char *name)
{
    static const char *const names[] = {"title",  "label",   "note",  "question",
                                        "reason", "locator", "source"};
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        found = found || strcmp(names[i], name) == 0;
    }
    return found;
}

static bool is_left_out(const char *const *without, const char *name)
{
    bool found = is_words(name);
    for (size_t i = 0; without != NULL && without[i] != NULL; ++i) {
        found = found || strcmp(without[i], name) == 0;
    }
    return found;
}

static bool same_scalar(const struct setting *a, const struct setting *b)
{
    if (a->type == SETTING_TEXT || b->type == SETTING_TEXT) {
        return a->type == b->type && strcmp(a->text, b->text) == 0;
    }
    return a->number == b->number;
}

struct walk {
    struct setting_changes *changes;
    struct arena arena;
};

static void compare(struct walk *walk, const char *path, const struct setting *old,
                    const struct setting *now, const char *const *without);

static void compare_keys(struct walk *walk, const char *path, const struct setting *old,
                         const struct setting *now, const char *const *without)
{
    const char *dot = path[0] != '\0' ? "." : "";
    for (size_t i = 0; i < old->n_children; ++i) {
        const struct setting *child = old->children[i];
        if (!is_left_out(without, child->name)) {
            compare(walk, arena_printf(&walk->arena, "%s%s%s", path, dot, child->name), child,
                    setting_find(now, child->name), NULL);
        }
    }
    for (size_t i = 0; i < now->n_children; ++i) {
        const struct setting *child = now->children[i];
        if (setting_find(old, child->name) == NULL && !is_left_out(without, child->name)) {
            compare(walk, arena_printf(&walk->arena, "%s%s%s", path, dot, child->name), NULL, child,
                    NULL);
        }
    }
}

static void compare_elements(struct walk *walk, const char *path, const struct setting *old,
                             const struct setting *now)
{
    size_t n = old->n_children > now->n_children ? old->n_children : now->n_children;
    for (size_t i = 0; i < n; ++i) {
        compare(walk, arena_printf(&walk->arena, "%s[%zu]", path, i),
                i < old->n_children ? old->children[i] : NULL,
                i < now->n_children ? now->children[i] : NULL, NULL);
    }
}

static void compare(struct walk *walk, const char *path, const struct setting *old,
                    const struct setting *now, const char *const *without)
{
    if (old == NULL || now == NULL) {
        if (old != now) {
            say_change(walk->changes, path, old, now);
        }
    } else if (is_scalar(old) || is_scalar(now)) {
        if (!is_scalar(old) || !is_scalar(now) || !same_scalar(old, now)) {
            say_change(walk->changes, path, old, now);
        }
    } else if (old->type != now->type) {
        say_change(walk->changes, path, old, now);
    } else if (old->type == SETTING_GROUP) {
        compare_keys(walk, path, old, now, without);
    } else {
        compare_elements(walk, path, old, now);
    }
}

void setting_changes_add(struct setting_changes *changes, const struct setting *old,
                         const struct setting *now, const char *const *without)
{
    struct walk walk = {.changes = changes};
    arena_init(&walk.arena);
    compare(&walk, "", old, now, without);
    arena_clear(&walk.arena);
}

const char *setting_changes_end(struct setting_changes *changes, struct arena *arena)
{
    if (changes->n > MOST_SAID) {
        text_printf(&changes->words, "; %zu more", changes->n - MOST_SAID);
    }
    const char *words =
        changes->words.n_bytes > 0 ? arena_copy_text(arena, changes->words.bytes) : "";
    text_clear(&changes->words);
    return words;
}
