/* Evidence and sources from documents to structs; rules across fields are in evidence_check.c. */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/layer.h"

#include <math.h>
#include <stdlib.h>
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
    succession_read(arena, source);
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

static const struct setting *find_counts(const struct setting *group)
{
    const struct setting *value = setting_find(group, "value");
    const char *dist = setting_text(setting_find(value, "dist"), "");
    return strcmp(dist, "dirichlet") == 0 ? value : NULL;
}

static void read_derivation(struct arena *arena, struct parameter *parameter)
{
    const struct setting *list = setting_find(parameter->setting, "derived_from");
    size_t n = list != NULL && list->type == SETTING_ARRAY ? list->n_children : 0;
    const char **names = arena_array(arena, n + 1, sizeof *names);
    for (size_t i = 0; i < n; ++i) {
        if (setting_is_text(list->children[i])) {
            names[parameter->n_derived_from++] = list->children[i]->text;
        }
    }
    parameter->derived_from = names;
}

/* The item's own version, else that of its file. */
static const char *read_version(const struct setting *group)
{
    const struct setting *root = group;
    while (root->parent != NULL) {
        root = root->parent;
    }
    return field_text(group, "version", field_text(root, "version", NULL));
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
        .version = read_version(group),
        .owner = field_text(group, "owner", NULL),
        .kind = N_PARAMETER_KINDS,
        .grade = (int)field_whole(group, "grade", 6),
        .source_id = field_text(group, "source", NULL),
        .reason = field_text(group, "reason", NULL),
        .price_year = field_financial_year(group, "price_year"),
        .distribution = distribution_fixed((double)NAN),
        .setting = group,
        .replaced = item->replaced != NULL ? read_parameter(reader, item->replaced) : NULL,
        .replaces_because = field_text(group, "replaces_because", NULL),
        .layer = item->layer,
    };
    read_derivation(reader->arena, parameter);
    parameter_kind_find(field_text(group, "kind", ""), &parameter->kind);
    if (find_counts(group) == NULL && (setting_is_number(value) || setting_is_group(value))) {
        (void)distribution_read(reader->arena, value, &parameter->distribution,
                                reader->diagnostics);
    }
    if (parameter->source_id != NULL) {
        parameter->source = evidence_find_source(reader->evidence, parameter->source_id);
    }
    read_unit_cost(reader->arena, parameter);
    size_t n_plausible = 0;
    const double *plausible = field_numbers(reader->arena, group, "plausible", &n_plausible);
    parameter->plausible = n_plausible == 2 ? plausible : NULL;
    return parameter;
}

/* The counts of a Dirichlet, checked; n_counts 0 after an error. */
static const struct share *read_counts(struct evidence_reader *reader, const struct setting *group,
                                       const struct setting *value, size_t *n_counts)
{
    const struct share *counts =
        evidence_read_shares(reader->arena, setting_find(value, "counts"), n_counts);
    const char *kind = field_text(group, "kind", "");
    size_t n_positive = 0;
    bool tiny = false;
    for (size_t i = 0; i < *n_counts; ++i) {
        n_positive += counts[i].share > 0.0 ? 1 : 0;
        tiny = tiny || (counts[i].share > 0.0 && counts[i].share < 0.1);
    }
    const char *wrong = n_positive == 0          ? "no count is above 0"
                        : tiny                   ? "a count lies between 0 and 0.1"
                        : *n_counts < 2          ? "there is only one count"
                        : value->n_children != 2 ? "there are other figures beside the counts"
                        : strcmp(kind, "probability") != 0 && strcmp(kind, "share") != 0
                            ? "the kind of the item is not probability or share"
                            : NULL;
    if (wrong != NULL) {
        setting_complain(
            reader->diagnostics, value, DIAGNOSTIC_E410,
            "two or more counts, each 0 or at least 0.1, of an item of kind probability",
            "e.g. value = { dist = \"dirichlet\"; counts = { stay = 90; move = 10; }; }", "%s",
            wrong);
        *n_counts = 0;
    }
    return counts;
}

/* One parameter for each count. */
static size_t read_dirichlet(struct evidence_reader *reader, const struct layer_item *item,
                             const struct parameter **out)
{
    size_t n_counts = 0;
    const struct share *counts =
        read_counts(reader, item->setting, find_counts(item->setting), &n_counts);
    const struct parameter **members = arena_array(reader->arena, n_counts + 1, sizeof *members);
    double total = 0.0;
    for (size_t i = 0; i < n_counts; ++i) {
        total += counts[i].share;
    }
    for (size_t i = 0; i < n_counts; ++i) {
        struct parameter *parameter = arena_alloc(reader->arena, sizeof *parameter);
        double count = counts[i].share;
        *parameter = *read_parameter(reader, item);
        parameter->identity = arena_printf(reader->arena, "%s.%s", item->id, counts[i].sector);
        parameter->short_name = counts[i].sector;
        parameter->label =
            arena_printf(reader->arena, "%s: %s", parameter->label, counts[i].sector);
        parameter->distribution = count > 0.0 && count < total
                                      ? distribution_beta(count, total - count)
                                      : distribution_fixed(count / total);
        parameter->count = count;
        parameter->dirichlet = members;
        parameter->n_dirichlet = n_counts;
        parameter->replaced = NULL;
        members[i] = out[i] = parameter;
    }
    return n_counts;
}

static int compare_identities(const void *left, const void *right)
{
    const struct parameter *const *a = left, *const *b = right;
    return strcmp((*a)->identity, (*b)->identity);
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
    size_t n_all = 0;
    for (size_t i = 0; i < items.n_items; ++i) {
        const struct setting *counts = setting_find(find_counts(items.items[i].setting), "counts");
        n_all += counts != NULL && counts->n_children > 0 ? counts->n_children : 1;
    }
    const struct parameter **all = arena_array(reader->arena, n_all, sizeof *all);
    size_t n = 0;
    for (size_t i = 0; i < items.n_items; ++i) {
        if (find_counts(items.items[i].setting) != NULL) {
            n += read_dirichlet(reader, &items.items[i], all + n);
        } else {
            all[n++] = read_parameter(reader, &items.items[i]);
        }
    }
    if (n > 1) {
        qsort(all, n, sizeof(const struct parameter *), compare_identities);
    }
    reader->evidence->parameters = all;
    reader->evidence->n_parameters = n;
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
