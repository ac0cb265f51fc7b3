/* Which source has taken the place of which: `supersedes` of the later one. */
#include "evidence/evidence.h"
#include "evidence/layer.h"

#include <string.h>

static void read_items(struct arena *arena, struct supersession *out)
{
    const struct setting *items = setting_find(out->setting, "items");
    if (items == NULL || items->type != SETTING_ARRAY || items->n_children == 0) {
        return;
    }
    const char **paths = arena_array(arena, items->n_children, sizeof *paths);
    for (size_t i = 0; i < items->n_children; ++i) {
        paths[i] = setting_text(items->children[i], "");
    }
    out->items = paths;
    out->n_items = items->n_children;
}

void succession_read(struct arena *arena, struct source *source)
{
    const struct setting *list = setting_find(source->setting, "supersedes");
    if (list == NULL || list->type != SETTING_LIST || list->n_children == 0) {
        return;
    }
    struct supersession *all = arena_array(arena, list->n_children, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < list->n_children; ++i) {
        const struct setting *group = list->children[i];
        const char *earlier = field_text(group, "source", NULL);
        if (earlier != NULL) {
            all[n] = (struct supersession){.source_id = earlier,
                                           .because = field_text(group, "because", ""),
                                           .setting = group};
            read_items(arena, &all[n++]);
        }
    }
    source->supersedes = all;
    source->n_supersedes = n;
}

/* The path itself, or one of the items in the group that it names. */
static bool is_within(const char *identity, const char *path)
{
    size_t n_bytes = strlen(path);
    return strncmp(identity, path, n_bytes) == 0 &&
           (identity[n_bytes] == '\0' || identity[n_bytes] == '.');
}

static bool holds_for(const struct supersession *supersession, const char *identity)
{
    for (size_t i = 0; i < supersession->n_items; ++i) {
        if (is_within(identity, supersession->items[i])) {
            return true;
        }
    }
    return supersession->n_items == 0;
}

/* The first source, in id order, that takes the place of this one for the item. */
static const struct source *next_source(const struct evidence *evidence, const char *source_id,
                                        const char *identity, const struct supersession **why)
{
    for (size_t i = 0; i < evidence->n_sources; ++i) {
        const struct source *source = evidence->sources[i];
        for (size_t k = 0; k < source->n_supersedes; ++k) {
            if (strcmp(source->supersedes[k].source_id, source_id) == 0 &&
                holds_for(&source->supersedes[k], identity)) {
                *why = &source->supersedes[k];
                return source;
            }
        }
    }
    return NULL;
}

const struct source *evidence_successor(const struct evidence *evidence,
                                        const struct parameter *parameter,
                                        const struct supersession **why)
{
    const struct source *last = NULL;
    const struct supersession *step = NULL;
    const char *from = parameter->source_id;
    *why = NULL;
    for (size_t i = 0; from != NULL && i < evidence->n_sources; ++i) { /* a circle ends too */
        const struct source *next = next_source(evidence, from, parameter->identity, &step);
        if (next == NULL) {
            break;
        }
        *why = last == NULL ? step : *why;
        last = next;
        from = next->id;
    }
    return last;
}

/* ---- rules ---- */

/* Whether, from `source` on to what it supersedes and on from there, one comes back to `id`.
 * `seen` [n_sources]: sources that were looked at. */
static bool leads_to(const struct evidence *evidence, const char *source_id, const char *id,
                     bool *seen)
{
    size_t at = 0;
    while (at < evidence->n_sources && strcmp(evidence->sources[at]->id, source_id) != 0) {
        ++at;
    }
    if (at == evidence->n_sources || seen[at]) {
        return false;
    }
    seen[at] = true;
    const struct source *source = evidence->sources[at];
    for (size_t k = 0; k < source->n_supersedes; ++k) {
        const char *earlier = source->supersedes[k].source_id;
        if (strcmp(earlier, id) == 0 || leads_to(evidence, earlier, id, seen)) {
            return true;
        }
    }
    return false;
}

static bool is_circle(const struct evidence *evidence, const struct source *source,
                      const struct supersession *supersession, struct arena *arena)
{
    bool *seen = arena_array(arena, evidence->n_sources, sizeof *seen);
    return strcmp(source->id, supersession->source_id) == 0 ||
           leads_to(evidence, supersession->source_id, source->id, seen);
}

/* Does the item, or what a layer replaced by it, cite the source? */
static bool cites(const struct parameter *parameter, const char *source_id)
{
    for (; parameter != NULL; parameter = parameter->replaced) {
        if (parameter->source_id != NULL && strcmp(parameter->source_id, source_id) == 0) {
            return true;
        }
    }
    return false;
}

static void check_item(const struct evidence *evidence, const struct supersession *supersession,
                       size_t item, struct diagnostics *diagnostics)
{
    const char *path = supersession->items[item];
    bool exists = false;
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        const struct parameter *parameter = evidence->parameters[i];
        if (is_within(parameter->identity, path)) {
            exists = true;
            if (cites(parameter, supersession->source_id)) {
                return;
            }
        }
    }
    const struct setting *items = setting_find(supersession->setting, "items");
    const char *nearest = exists ? NULL : evidence_nearest(evidence, path);
    setting_complain(diagnostics, items->children[item], DIAGNOSTIC_E971,
                     "the path of evidence that cites the superseded source",
                     layer_suggest(diagnostics->arena, nearest,
                                   "`dividend list evidence --format csv` shows what cites what"),
                     exists ? "\"%s\" does not cite \"%s\"" : "no evidence \"%s\" cites \"%s\"",
                     path, supersession->source_id);
}

void succession_check(const struct evidence *evidence, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < evidence->n_sources; ++i) {
        const struct source *source = evidence->sources[i];
        for (size_t k = 0; k < source->n_supersedes; ++k) {
            const struct supersession *supersession = &source->supersedes[k];
            const struct setting *name = setting_find(supersession->setting, "source");
            evidence_check_source(evidence, name, diagnostics);
            if (is_circle(evidence, source, supersession, diagnostics->arena)) {
                setting_complain(diagnostics, name, DIAGNOSTIC_E970,
                                 "the id of a source that came before this one",
                                 "remove this entry, or that of the earlier source",
                                 "\"%s\" supersedes \"%s\", which supersedes it in turn",
                                 source->id, supersession->source_id);
            }
            for (size_t item = 0; item < supersession->n_items; ++item) {
                check_item(evidence, supersession, item, diagnostics);
            }
        }
    }
}
