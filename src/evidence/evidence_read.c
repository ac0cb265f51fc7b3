/* Evidence and sources from documents to structs; rules across fields are in evidence_check.c. */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/layer.h"

#include <math.h>
#include <string.h>

struct evidence_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct evidence *evidence;
};

static const struct source *read_source(struct arena *arena, const struct layer_item *item)
{
    const struct setting *group = item->setting;
    struct source *source = arena_alloc(arena, sizeof *source);
    *source = (struct source){
        .id = item->id,
        .citation = field_text(group, "citation", ""),
        .url = field_text(group, "url", NULL),
        .accessed = field_text(group, "accessed", NULL),
        .licence = field_text(group, "licence", NULL),
        .confidence = field_text(group, "confidence", "found"),
        .year = (int)field_whole(group, "year", 0),
        .setting = group,
        .replaced = item->replaced != NULL ? read_source(arena, item->replaced) : NULL,
        .replaces_because = field_text(group, "replaces_because", NULL),
    };
    return source;
}

static void read_sources(struct evidence_reader *reader, const struct layered_document *documents,
                         size_t n_documents)
{
    struct layer_items items = {.arena = reader->arena};
    layer_gather(&items, documents, n_documents, "sources");
    layer_settle(&items, "source", true, reader->diagnostics);
    const struct source **sources = arena_array(reader->arena, items.n_items, sizeof *sources);
    for (size_t i = 0; i < items.n_items; ++i) {
        sources[i] = read_source(reader->arena, &items.items[i]);
    }
    reader->evidence->sources = sources;
    reader->evidence->n_sources = items.n_items;
}

const struct share *evidence_read_shares(struct arena *arena, const struct setting *group,
                                         size_t *n_shares)
{
    *n_shares = 0;
    if (group == NULL || !setting_is_group(group) || group->n_children == 0) {
        return NULL;
    }
    struct share *shares = arena_array(arena, group->n_children, sizeof *shares);
    for (size_t i = 0; i < group->n_children; ++i) {
        const struct setting *child = group->children[i];
        if (setting_is_number(child)) {
            shares[(*n_shares)++] =
                (struct share){.sector = child->name, .share = child->number, .setting = child};
        }
    }
    return shares;
}

static void read_unit_cost(struct arena *arena, struct parameter *parameter)
{
    static const char *const value_types[] = {"fiscal", "economic", "social"};
    const struct setting *group = parameter->setting;
    const struct setting *cashable = setting_find(group, "cashable");
    size_t value_type = field_choice(group, "value_type", value_types, 3);
    parameter->split =
        evidence_read_shares(arena, setting_find(group, "split"), &parameter->n_split);
    parameter->has_cashable = cashable != NULL;
    parameter->cashable = cashable != NULL && setting_is_number(cashable) ? cashable->number : 0.0;
    parameter->cashable_by_sector =
        evidence_read_shares(arena, cashable, &parameter->n_cashable_by_sector);
    parameter->value_type = value_type < 3 ? (enum value_type)value_type : VALUE_FISCAL;
    parameter->transfer_from = field_text(group, "transfer_from", NULL);
    parameter->real_growth = field_number(group, "real_growth", 0.0);
}

static const struct parameter *read_parameter(struct evidence_reader *reader,
                                              const struct layer_item *item)
{
    const struct setting *group = item->setting;
    const struct setting *value = setting_find(group, "value");
    const char *dot = strrchr(item->id, '.');
    struct parameter *parameter = arena_alloc(reader->arena, sizeof *parameter);
    *parameter = (struct parameter){
        .identity = item->id,
        .short_name = dot != NULL ? dot + 1 : item->id,
        .label = field_text(group, "label", ""),
        .unit = field_text(group, "unit", ""),
        .locator = field_text(group, "locator", NULL),
        .applies_to = field_text(group, "applies_to", NULL),
        .review_by = field_text(group, "review_by", NULL),
        .note = field_text(group, "note", NULL),
        .version = field_text(group, "version", NULL),
        .kind = N_PARAMETER_KINDS,
        .grade = (int)field_whole(group, "grade", 6),
        .source_id = field_text(group, "source", NULL),
        .reason = field_text(group, "reason", NULL),
        .price_year = field_financial_year(group, "price_year"),
        .distribution = distribution_fixed((double)NAN),
        .setting = group,
        .replaced = item->replaced != NULL ? read_parameter(reader, item->replaced) : NULL,
        .replaces_because = field_text(group, "replaces_because", NULL),
    };
    parameter_kind_find(field_text(group, "kind", ""), &parameter->kind);
    if (setting_is_number(value) || setting_is_group(value)) {
        (void)distribution_read(reader->arena, value, &parameter->distribution,
                                reader->diagnostics);
    }
    if (parameter->source_id != NULL) {
        parameter->source = evidence_find_source(reader->evidence, parameter->source_id);
    }
    read_unit_cost(reader->arena, parameter);
    return parameter;
}

/* An item has a value; one that only lacks it still has other fields beside its sub-groups. */
static bool is_item(const struct setting *group)
{
    bool item = setting_find(group, "value") != NULL;
    for (size_t i = 0; i < group->n_children; ++i) {
        item = item || !setting_is_group(group->children[i]);
    }
    return item;
}

static void gather_items(struct layer_items *items, const struct setting *group, const char *prefix,
                         size_t layer)
{
    for (size_t i = 0; i < group->n_children; ++i) {
        const struct setting *child = group->children[i];
        if (!setting_is_group(child)) {
            continue;
        }
        const char *id = arena_printf(items->arena, "%s%s", prefix, child->name);
        if (is_item(child)) {
            layer_add(items, id, child, layer);
        } else {
            gather_items(items, child, arena_printf(items->arena, "%s.", id), layer);
        }
    }
}

static void read_parameters(struct evidence_reader *reader,
                            const struct layered_document *documents, size_t n_documents)
{
    struct layer_items items = {.arena = reader->arena};
    for (size_t i = 0; i < n_documents; ++i) {
        const struct setting *group = setting_find(documents[i].document->root, "evidence");
        if (setting_is_group(group)) {
            gather_items(&items, group, "", documents[i].layer);
        }
    }
    layer_settle(&items, "evidence item", true, reader->diagnostics);
    const struct parameter **all = arena_array(reader->arena, items.n_items, sizeof *all);
    for (size_t i = 0; i < items.n_items; ++i) {
        all[i] = read_parameter(reader, &items.items[i]);
    }
    reader->evidence->parameters = all;
    reader->evidence->n_parameters = items.n_items;
}

const struct evidence *evidence_read(struct arena *arena, const struct layered_document *documents,
                                     size_t n_documents, struct diagnostics *diagnostics)
{
    struct evidence_reader reader = {
        .arena = arena,
        .diagnostics = diagnostics,
        .evidence = arena_alloc(arena, sizeof(struct evidence)),
    };
    read_sources(&reader, documents, n_documents);
    read_parameters(&reader, documents, n_documents);
    return reader.evidence;
}
