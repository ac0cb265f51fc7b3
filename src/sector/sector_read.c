/* Sectors, groups and perspectives from documents to structs. */
#include "base/text.h"
#include "evidence/layer.h"
#include "sector/sector.h"

#include <stdlib.h>
#include <string.h>

struct sector_reader {
    bool too_many_perspectives;
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct sectors *sectors;
};

static struct layer_items settled(const struct sector_reader *reader,
                                  const struct layered_document *documents, size_t n_documents,
                                  const char *group, const char *noun)
{
    struct layer_items items = {.arena = reader->arena};
    layer_gather(&items, documents, n_documents, group);
    layer_settle(&items, noun, true, reader->diagnostics);
    return items;
}

static void read_perspectives(struct sector_reader *reader, const struct layer_items *items)
{
    size_t n = items->n_items;
    if (n > SECTOR_MAX_PERSPECTIVES) {
        reader->too_many_perspectives = true;
        layer_complain(reader->diagnostics, items->items[SECTOR_MAX_PERSPECTIVES].setting,
                       DIAGNOSTIC_E504, "at most 32 perspectives",
                       "remove perspectives that no table needs", "%zu perspectives", n);
        n = SECTOR_MAX_PERSPECTIVES;
    }
    struct perspective *perspectives = arena_array(reader->arena, n, sizeof *perspectives);
    for (size_t i = 0; i < n; ++i) {
        const struct layer_item *item = &items->items[i];
        perspectives[i] =
            (struct perspective){.id = item->id,
                                 .label = field_text(item->setting, "label", item->id),
                                 .setting = item->setting};
    }
    reader->sectors->perspectives = perspectives;
    reader->sectors->n_perspectives = n;
}

static const char *nearest_perspective(const struct sectors *sectors, const char *id)
{
    const char *ids[SECTOR_MAX_PERSPECTIVES] = {NULL};
    for (size_t i = 0; i < sectors->n_perspectives; ++i) {
        ids[i] = sectors->perspectives[i].id;
    }
    return text_nearest(id, ids, sectors->n_perspectives);
}

static uint32_t read_membership(const struct sector_reader *reader, const struct setting *list)
{
    uint32_t set = 0;
    for (size_t i = 0; list != NULL && i < list->n_children; ++i) {
        const struct setting *name = list->children[i];
        if (!setting_is_text(name)) {
            continue;
        }
        size_t perspective = sector_perspective_index(reader->sectors, name->text);
        if (perspective != SIZE_MAX) {
            set |= UINT32_C(1) << perspective;
            continue;
        }
        if (reader->too_many_perspectives) {
            continue; /* it may be one of those left out */
        }
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E502, "the id of a perspective",
                         layer_suggest(reader->arena,
                                       nearest_perspective(reader->sectors, name->text),
                                       "add it to perspectives = { }"),
                         "no perspective is named \"%s\"", name->text);
    }
    return set;
}

static void read_sectors(struct sector_reader *reader, const struct layer_items *items)
{
    struct sector *sectors = arena_array(reader->arena, items->n_items, sizeof *sectors);
    for (size_t i = 0; i < items->n_items; ++i) {
        const struct setting *group = items->items[i].setting;
        const char *abbreviation = field_text(group, "abbreviation", items->items[i].id);
        sectors[i] = (struct sector){
            .id = items->items[i].id,
            .label = field_text(group, "label", items->items[i].id),
            .abbreviation = abbreviation,
            .perspectives = read_membership(reader, setting_find(group, "perspectives")),
            .holds_budget = field_boolean(group, "holds_budget", true),
            .setting = group};
        if (text_width(abbreviation) > SECTOR_MAX_ABBREVIATION &&
            setting_find(group, "abbreviation") != NULL) {
            setting_complain(reader->diagnostics, setting_find(group, "abbreviation"),
                             DIAGNOSTIC_E503, "at most 8 characters", "shorten it",
                             "\"%s\" has %zu characters, too many for a narrow table", abbreviation,
                             text_width(abbreviation));
        }
    }
    reader->sectors->sectors = sectors;
    reader->sectors->n_sectors = items->n_items;
}

static void read_groups(struct sector_reader *reader, const struct layer_items *items)
{
    struct sector_group *groups = arena_array(reader->arena, items->n_items, sizeof *groups);
    for (size_t i = 0; i < items->n_items; ++i) {
        const struct setting *group = items->items[i].setting;
        groups[i] = (struct sector_group){.id = items->items[i].id,
                                          .label = field_text(group, "label", items->items[i].id),
                                          .rule = field_text(group, "rule", ""),
                                          .setting = group};
        groups[i].members = evidence_read_shares(reader->arena, setting_find(group, "members"),
                                                 &groups[i].n_members);
    }
    reader->sectors->groups = groups;
    reader->sectors->n_groups = items->n_items;
}

/* A group's members are sectors, never groups, so that a share is split once. */
static void check_groups(const struct sector_reader *reader)
{
    for (size_t i = 0; i < reader->sectors->n_groups; ++i) {
        const struct sector_group *group = &reader->sectors->groups[i];
        for (size_t k = 0; k < group->n_members; ++k) {
            const struct sector_reference reference = {
                .id = group->members[k].sector,
                .setting = group->members[k].setting,
                .at_name = true,
                .what = arena_printf(reader->arena, "the group \"%s\"", group->id)};
            (void)sector_check_reference(reader->sectors, &reference, reader->diagnostics);
        }
    }
}

static void complain_taken(const struct sector_reader *reader, const struct setting *setting,
                           const char *id, const char *noun, const char *other,
                           const struct setting *first)
{
    layer_complain(reader->diagnostics, setting, DIAGNOSTIC_E500,
                   "one name for one sector, group or perspective",
                   "rename one of them, e.g. sector nhs_unallocated and perspective nhs",
                   "the %s \"%s\" has the name of a %s%s%s", noun, id, other,
                   first != NULL ? ", declared at " : "",
                   first != NULL ? layer_place_words(reader->arena, first) : "");
}

/* "total" is the name of the row that sums all sectors. */
static void check_namespace(const struct sector_reader *reader)
{
    const struct sectors *sectors = reader->sectors;
    for (size_t i = 0; i < sectors->n_groups; ++i) {
        const struct sector_group *group = &sectors->groups[i];
        size_t sector = sector_index(sectors, group->id);
        if (sector != SIZE_MAX) {
            complain_taken(reader, group->setting, group->id, "group", "sector",
                           sectors->sectors[sector].setting);
        }
    }
    for (size_t i = 0; i < sectors->n_perspectives; ++i) {
        const struct perspective *perspective = &sectors->perspectives[i];
        size_t sector = sector_index(sectors, perspective->id);
        const struct sector_group *group = sector_group_find(sectors, perspective->id);
        if (sector != SIZE_MAX) {
            complain_taken(reader, perspective->setting, perspective->id, "perspective", "sector",
                           sectors->sectors[sector].setting);
        } else if (group != NULL) {
            complain_taken(reader, perspective->setting, perspective->id, "perspective", "group",
                           group->setting);
        }
    }
    size_t sector = sector_index(sectors, "total");
    size_t perspective = sector_perspective_index(sectors, "total");
    if (sector != SIZE_MAX) {
        complain_taken(reader, sectors->sectors[sector].setting, "total", "sector", "row of totals",
                       NULL);
    }
    if (perspective != SIZE_MAX) {
        complain_taken(reader, sectors->perspectives[perspective].setting, "total", "perspective",
                       "row of totals", NULL);
    }
}

const struct sectors *sector_read(struct arena *arena, const struct layered_document *documents,
                                  size_t n_documents, struct diagnostics *diagnostics)
{
    struct sector_reader reader = {.arena = arena,
                                   .diagnostics = diagnostics,
                                   .sectors = arena_alloc(arena, sizeof(struct sectors))};
    struct layer_items perspectives =
        settled(&reader, documents, n_documents, "perspectives", "perspective");
    struct layer_items sectors = settled(&reader, documents, n_documents, "sectors", "sector");
    struct layer_items groups =
        settled(&reader, documents, n_documents, "sector_groups", "sector group");
    read_perspectives(&reader, &perspectives);
    read_sectors(&reader, &sectors);
    read_groups(&reader, &groups);
    check_groups(&reader);
    check_namespace(&reader);
    return reader.sectors;
}
