/* Inputs changed: settings of the run, scenarios and their conventions, evidence, files. */
#include "difference/difference_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct input_list {
    struct arena *arena;
    struct difference_input *items;
    size_t n_items, capacity;
    struct lookup lookup; /* the same change once */
};

enum { N_INPUT_WORDS = 10 };

static const char *number_words(struct arena *arena, double value)
{
    char words[32];
    text_format_exact(words, value);
    return arena_copy_text(arena, words);
}

/* The change of one scenario (NULL: of the whole run), where it is not there yet. */
static void add_input(struct input_list *list, const struct difference_input *input,
                      const char *scenario)
{
    const char **key = arena_array(list->arena, N_INPUT_WORDS, sizeof *key);
    const char *const words[N_INPUT_WORDS] = {input->what,
                                              input->name,
                                              input->aspect,
                                              input->old,
                                              input->now,
                                              number_words(list->arena, input->old_mean),
                                              number_words(list->arena, input->now_mean),
                                              input->old_source,
                                              input->now_source,
                                              input->override_reason};
    memcpy((void *)key, (const void *)words, sizeof words);
    size_t at = lookup_find(&list->lookup, key);
    if (at == SIZE_MAX) {
        list->items = arena_grow(list->arena, list->items, list->n_items, &list->capacity,
                                 sizeof *list->items);
        at = list->n_items++;
        list->items[at] = *input;
        list->items[at].scenarios = scenario != NULL ? scenario : "";
        lookup_add(&list->lookup, key, at);
    } else if (scenario != NULL) {
        list->items[at].scenarios =
            arena_printf(list->arena, "%s; %s", list->items[at].scenarios, scenario);
    }
    list->items[at].n_scenarios += scenario != NULL ? 1 : 0;
}

/* ---- settings ---- */

struct both_settings {
    const char *what, *aspect;
    const struct results_settings *old, *now;
    const char *scenario; /* NULL: of the run */
};

static void add_setting(struct input_list *list, const struct both_settings *both, const char *name,
                        const char *old, const char *now)
{
    if (strcmp(old, now) != 0) {
        const struct difference_input input = {.what = both->what,
                                               .name = name,
                                               .unit = "",
                                               .aspect = both->aspect,
                                               .old = old,
                                               .now = now,
                                               .old_mean = NAN,
                                               .now_mean = NAN,
                                               .old_source = "",
                                               .now_source = "",
                                               .override_reason = ""};
        add_input(list, &input, both->scenario);
    }
}

static void index_settings(struct lookup *lookup, const struct results_settings *settings)
{
    lookup_init(lookup, 1);
    for (size_t i = 0; i < settings->n_items; ++i) {
        if (lookup_find(lookup, &settings->items[i].name) == SIZE_MAX) {
            lookup_add(lookup, &settings->items[i].name, i);
        }
    }
}

static void compare_settings(struct input_list *list, const struct both_settings *both)
{
    struct lookup of_old, of_now;
    index_settings(&of_old, both->old);
    index_settings(&of_now, both->now);
    for (size_t i = 0; i < both->now->n_items; ++i) {
        const struct results_setting *now = &both->now->items[i];
        size_t at = lookup_find(&of_old, &now->name);
        add_setting(list, both, now->name, at != SIZE_MAX ? both->old->items[at].value : "",
                    now->value);
    }
    for (size_t i = 0; i < both->old->n_items; ++i) {
        const struct results_setting *old = &both->old->items[i];
        if (lookup_find(&of_now, &old->name) == SIZE_MAX) {
            add_setting(list, both, old->name, old->value, "");
        }
    }
    lookup_clear(&of_old);
    lookup_clear(&of_now);
}

/* ---- values ---- */

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void add_aspect(struct text *aspects, bool differs, const char *word)
{
    if (differs) {
        text_printf(aspects, "%s%s", aspects->n_bytes > 0 ? "; " : "", word);
    }
}

/* What differs of two values, "" where nothing does; file and line do not count. */
static const char *aspects_of(struct arena *arena, const struct results_value *a,
                              const struct results_value *b)
{
    struct text aspects;
    text_init(&aspects);
    add_aspect(&aspects,
               strcmp(a->distribution, b->distribution) != 0 || !same_number(a->mean, b->mean) ||
                   !same_number(a->sd, b->sd),
               "value");
    add_aspect(&aspects, !same_number(a->price_factor, b->price_factor), "price factor");
    add_aspect(&aspects, strcmp(a->unit, b->unit) != 0, "unit");
    add_aspect(&aspects, strcmp(a->source, b->source) != 0, "source");
    add_aspect(&aspects, strcmp(a->locator, b->locator) != 0, "place in the source");
    add_aspect(&aspects, strcmp(a->override_reason, b->override_reason) != 0, "override");
    const char *words = aspects.n_bytes > 0 ? arena_copy_text(arena, aspects.bytes) : "";
    text_clear(&aspects);
    return words;
}

static const struct results_value no_value = {.key = {"", ""},
                                              .unit = "",
                                              .distribution = "",
                                              .mean = NAN,
                                              .sd = NAN,
                                              .price_factor = NAN,
                                              .source = "",
                                              .locator = "",
                                              .override_reason = ""};

/* "Source, page 12". */
static const char *source_words(struct arena *arena, const struct results_value *value)
{
    return value->locator[0] != '\0' ? arena_printf(arena, "%s, %s", value->source, value->locator)
                                     : value->source;
}

/* Prices that moved alone still say how: the factor stands behind the value. */
static const char *value_words(struct arena *arena, const struct results_value *value, bool factor)
{
    return factor && isfinite(value->price_factor)
               ? arena_printf(arena, "%s, prices x %s", value->distribution,
                              number_words(arena, value->price_factor))
               : value->distribution;
}

/* One of them may be NULL, not both. */
static void add_value(struct input_list *list, const struct results_value *old,
                      const struct results_value *now, const char *scenario)
{
    assert(old != NULL || now != NULL);
    const struct results_value *was = old != NULL ? old : &no_value;
    const struct results_value *is = now != NULL ? now : &no_value;
    const char *aspect = old == NULL   ? "added"
                         : now == NULL ? "removed"
                                       : aspects_of(list->arena, was, is);
    if (aspect[0] != '\0') {
        bool factor = strstr(aspect, "price factor") != NULL;
        const struct results_value *there = now != NULL ? now : old;
        const struct difference_input input = {.what = there->key[0],
                                               .name = there->key[1],
                                               .unit = there->unit,
                                               .aspect = aspect,
                                               .old = value_words(list->arena, was, factor),
                                               .now = value_words(list->arena, is, factor),
                                               .old_mean = was->mean,
                                               .now_mean = is->mean,
                                               .old_source = source_words(list->arena, was),
                                               .now_source = source_words(list->arena, is),
                                               .override_reason = is->override_reason[0] != '\0'
                                                                      ? is->override_reason
                                                                      : was->override_reason};
        add_input(list, &input, scenario);
    }
}

static void index_values(struct lookup *lookup, const struct results_scenario *scenario)
{
    lookup_init(lookup, 2);
    for (size_t i = 0; i < scenario->n_values; ++i) {
        if (lookup_find(lookup, scenario->values[i].key) == SIZE_MAX) {
            lookup_add(lookup, scenario->values[i].key, i);
        }
    }
}

static void compare_values(struct input_list *list, const struct results_scenario *old,
                           const struct results_scenario *now)
{
    struct lookup of_old, of_now;
    index_values(&of_old, old);
    index_values(&of_now, now);
    for (size_t i = 0; i < now->n_values; ++i) {
        size_t at = lookup_find(&of_old, now->values[i].key);
        if (lookup_find(&of_now, now->values[i].key) == i) {
            add_value(list, at != SIZE_MAX ? &old->values[at] : NULL, &now->values[i], now->id);
        }
    }
    for (size_t i = 0; i < old->n_values; ++i) {
        if (lookup_find(&of_now, old->values[i].key) == SIZE_MAX) {
            add_value(list, &old->values[i], NULL, now->id);
        }
    }
    lookup_clear(&of_old);
    lookup_clear(&of_now);
}

/* Evidence first, then what scenarios say, then the run, then files. */
void compare_inputs(struct comparing *comparing)
{
    struct difference *difference = comparing->difference;
    const struct results *old = difference->old, *now = difference->now;
    struct input_list list = {.arena = comparing->arena};
    lookup_init(&list.lookup, N_INPUT_WORDS);
    for (size_t i = 0; i < now->n_scenarios; ++i) {
        const struct results_scenario *is = &now->scenarios[i];
        const struct results_scenario *was = scenario_index_find(&comparing->old_scenarios, is->id);
        if (was != NULL) {
            compare_values(&list, was, is);
        }
    }
    for (size_t i = 0; i < now->n_scenarios; ++i) {
        const struct results_scenario *is = &now->scenarios[i];
        const struct results_scenario *was = scenario_index_find(&comparing->old_scenarios, is->id);
        if (was != NULL) {
            compare_settings(&list, &(struct both_settings){.what = "scenario",
                                                            .aspect = "setting",
                                                            .old = &was->settings,
                                                            .now = &is->settings,
                                                            .scenario = is->id});
        }
    }
    compare_settings(&list, &(struct both_settings){.what = "run",
                                                    .aspect = "setting",
                                                    .old = &old->settings,
                                                    .now = &now->settings});
    compare_settings(&list, &(struct both_settings){.what = "file",
                                                    .aspect = "content (SHA-256)",
                                                    .old = &old->files,
                                                    .now = &now->files});
    lookup_clear(&list.lookup);
    difference->inputs = list.items;
    difference->n_inputs = list.n_items;
}
