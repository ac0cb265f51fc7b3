#include "cause/mixture.h"

#include "base/text.h"
#include "cause/setting_changes.h"
#include "cause/slots.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A scenario file of the unit, on both sides. */
struct unit_file {
    const char *id;
    const struct document *old, *now;
};

/* A part of the fingerprints; "" where a side has none. */
struct part {
    const char *kind, *name;
    size_t file; /* SIZE_MAX: not of a scenario file */
    const char *old, *now;
};

/* Something that is old or new as a whole: a slot of models, a piece of a scenario file. */
struct atom {
    const char *key;
    size_t group;
};

struct mixing {
    struct arena *arena;
    const struct library *old, *now;
    const struct cause_unit *unit;
    const struct slots *slots;
    struct unit_file *files;
    size_t n_files, files_capacity;
    const struct document *old_portfolio, *now_portfolio; /* NULL: no portfolio */
    struct part *parts;
    size_t n_parts, parts_capacity;
    struct atom *atoms;
    size_t n_atoms, atoms_capacity;
    struct cause_group *groups;
    size_t *merged; /* [n_groups]: the group that it is one with, itself or an earlier one */
    size_t n_groups, groups_capacity, merged_capacity;
};

/* ---- files of the unit ---- */

static const char *stem(struct arena *arena, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash != NULL ? slash + 1 : file;
    size_t n = strlen(name);
    return arena_copy_span(arena, name, n > 4 && strcmp(name + n - 4, ".cfg") == 0 ? n - 4 : n);
}

static void add_file(struct mixing *mixing, const struct document *document, bool is_new)
{
    const char *id = stem(mixing->arena, document->file);
    size_t at = 0;
    while (at < mixing->n_files && strcmp(mixing->files[at].id, id) != 0) {
        ++at;
    }
    if (at == mixing->n_files) {
        mixing->files = arena_grow(mixing->arena, mixing->files, mixing->n_files,
                                   &mixing->files_capacity, sizeof *mixing->files);
        mixing->files[mixing->n_files++] = (struct unit_file){.id = id};
    }
    if (is_new) {
        mixing->files[at].now = document;
    } else {
        mixing->files[at].old = document;
    }
}

static const struct portfolio *find_portfolio(const struct library *library, const char *id)
{
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        if (strcmp(library->portfolios[i]->id, id) == 0) {
            return library->portfolios[i];
        }
    }
    return NULL;
}

/* Whether the unit is, or counts, this scenario. */
static bool belongs(const struct cause_unit *unit, const struct scenario *scenario)
{
    return unit->kind == UNIT_TOTAL
               ? scenario->family != NULL && strcmp(scenario->family, unit->family) == 0
               : strcmp(scenario->id, unit->id) == 0;
}

static void find_files(struct mixing *mixing, bool is_new)
{
    const struct library *library = is_new ? mixing->now : mixing->old;
    const struct portfolio *portfolio =
        mixing->unit->kind == UNIT_PORTFOLIO ? find_portfolio(library, mixing->unit->id) : NULL;
    for (size_t i = 0; portfolio != NULL && i < portfolio->n_programmes; ++i) {
        add_file(mixing, portfolio->programmes[i].scenario->document, is_new);
    }
    for (size_t i = 0; mixing->unit->kind != UNIT_PORTFOLIO && i < library->n_all_scenarios; ++i) {
        if (belongs(mixing->unit, library->all_scenarios[i])) {
            add_file(mixing, library->all_scenarios[i]->document, is_new);
        }
    }
    if (portfolio != NULL && is_new) {
        mixing->now_portfolio = portfolio->document;
    } else if (portfolio != NULL) {
        mixing->old_portfolio = portfolio->document;
    }
}

/* ---- parts ---- */

static bool is_of_file(const char *kind)
{
    static const char *const kinds[] = {"scenario", "input", "people", "decision"};
    bool found = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        found = found || strcmp(kinds[i], kind) == 0;
    }
    return found;
}

/* Scenarios of one file give a part several hashes, one after the other. */
static void add_part(struct mixing *mixing, const struct fingerprint_part *from, size_t file,
                     bool is_new)
{
    size_t of_file = is_of_file(from->kind) ? file : SIZE_MAX, at = 0;
    while (at < mixing->n_parts &&
           (strcmp(mixing->parts[at].kind, from->kind) != 0 ||
            strcmp(mixing->parts[at].name, from->name) != 0 || mixing->parts[at].file != of_file)) {
        ++at;
    }
    if (at == mixing->n_parts) {
        mixing->parts = arena_grow(mixing->arena, mixing->parts, mixing->n_parts,
                                   &mixing->parts_capacity, sizeof *mixing->parts);
        mixing->parts[mixing->n_parts++] =
            (struct part){.kind = from->kind,
                          .name = arena_copy_text(mixing->arena, from->name),
                          .file = of_file,
                          .old = "",
                          .now = ""};
    }
    const char **hashes = is_new ? &mixing->parts[at].now : &mixing->parts[at].old;
    if (strstr(*hashes, from->sha256) == NULL || of_file != SIZE_MAX) {
        *hashes = arena_printf(mixing->arena, "%s%s", *hashes, from->sha256);
    }
}

static void add_fingerprint(struct mixing *mixing, const struct fingerprint *fingerprint,
                            size_t file, bool is_new)
{
    for (size_t i = 0; i < fingerprint->n_parts; ++i) {
        add_part(mixing, &fingerprint->parts[i], file, is_new);
    }
}

static void add_scenario_parts(struct mixing *mixing, const struct scenario *scenario, size_t file,
                               bool is_new)
{
    static const struct plan_options options = {.measure_set = MEASURE_SET_NET_ALL};
    struct diagnostics ignored;
    struct arena scratch;
    arena_init(&scratch);
    diagnostics_init(&ignored, &scratch);
    const struct plan *plan =
        plan_build(&scratch, is_new ? mixing->now : mixing->old, scenario, &options, &ignored);
    if (plan != NULL) {
        const struct fingerprint fingerprint = plan_fingerprint(&scratch, plan);
        add_fingerprint(mixing, &fingerprint, file, is_new);
    }
    arena_clear(&scratch);
}

static void find_parts(struct mixing *mixing, bool is_new)
{
    const struct library *library = is_new ? mixing->now : mixing->old;
    for (size_t file = 0; file < mixing->n_files; ++file) {
        const struct document *document =
            is_new ? mixing->files[file].now : mixing->files[file].old;
        for (size_t i = 0; document != NULL && i < library->n_all_scenarios; ++i) {
            const struct scenario *scenario = library->all_scenarios[i];
            if (scenario->document == document &&
                (mixing->unit->kind == UNIT_PORTFOLIO || belongs(mixing->unit, scenario))) {
                add_scenario_parts(mixing, scenario, file, is_new);
            }
        }
    }
    if (mixing->unit->kind == UNIT_PORTFOLIO) {
        struct arena scratch;
        arena_init(&scratch);
        const struct fingerprint fingerprint =
            portfolio_fingerprint(&scratch, library, find_portfolio(library, mixing->unit->id));
        add_fingerprint(mixing, &fingerprint, SIZE_MAX, is_new);
        arena_clear(&scratch);
    }
}

static bool is_changed(const struct part *part)
{
    return strcmp(part->old, part->now) != 0;
}

static bool is_one_sided(const struct part *part)
{
    return part->old[0] == '\0' || part->now[0] == '\0';
}

/* ---- groups and what they move ---- */

static size_t settled(const struct mixing *mixing, size_t group)
{
    while (mixing->merged[group] != group) {
        group = mixing->merged[group];
    }
    return group;
}

static void merge(struct mixing *mixing, size_t a, size_t b)
{
    size_t first = settled(mixing, a), second = settled(mixing, b);
    mixing->merged[first > second ? first : second] = first > second ? second : first;
}

static size_t add_group(struct mixing *mixing, const char *kind, const char *name)
{
    mixing->groups = arena_grow(mixing->arena, mixing->groups, mixing->n_groups,
                                &mixing->groups_capacity, sizeof *mixing->groups);
    mixing->merged = arena_grow(mixing->arena, mixing->merged, mixing->n_groups,
                                &mixing->merged_capacity, sizeof *mixing->merged);
    mixing->groups[mixing->n_groups] = (struct cause_group){.kind = kind, .name = name};
    mixing->merged[mixing->n_groups] = mixing->n_groups;
    return mixing->n_groups++;
}

static const struct atom *find_atom(const struct mixing *mixing, const char *key)
{
    for (size_t i = 0; i < mixing->n_atoms; ++i) {
        if (strcmp(mixing->atoms[i].key, key) == 0) {
            return &mixing->atoms[i];
        }
    }
    return NULL;
}

/* What two groups move makes them one. */
static void move(struct mixing *mixing, size_t group, const char *key)
{
    const struct atom *known = find_atom(mixing, key);
    if (known != NULL) {
        merge(mixing, known->group, group);
        return;
    }
    mixing->atoms = arena_grow(mixing->arena, mixing->atoms, mixing->n_atoms,
                               &mixing->atoms_capacity, sizeof *mixing->atoms);
    mixing->atoms[mixing->n_atoms++] =
        (struct atom){.key = arena_copy_text(mixing->arena, key), .group = group};
}

static const char *slot_key(struct arena *arena, const struct slot *slot)
{
    return arena_printf(arena, "slot %s %s", slot->kind, slot->id);
}

static const char *piece_key(struct arena *arena, const struct unit_file *file, const char *piece,
                             const char *name)
{
    return arena_printf(arena, "file %s %s %s", file->id, piece, name);
}

/* The file of a table or population stands in a slot of its own. */
static void move_data(struct mixing *mixing, size_t group, const struct slot *slot)
{
    for (size_t i = 0; i < slot->n_old + slot->n_now; ++i) {
        const struct slot_entry *entry =
            i < slot->n_old ? &slot->old[i] : &slot->now[i - slot->n_old];
        const struct setting *file = setting_find(entry->setting, "file");
        const struct slot *data =
            setting_is_text(file) ? slots_find(mixing->slots, "file", file->text) : NULL;
        if (data != NULL && !slot_is_same(data)) {
            move(mixing, group, slot_key(mixing->arena, data));
        }
    }
}

static void move_slot(struct mixing *mixing, size_t group, const struct slot *slot)
{
    if (slot != NULL) {
        move(mixing, group, slot_key(mixing->arena, slot));
        move_data(mixing, group, slot);
    }
}

static void move_kind(struct mixing *mixing, size_t group, const char *kind)
{
    for (size_t i = 0; i < mixing->slots->n_items; ++i) {
        if (strcmp(mixing->slots->items[i].kind, kind) == 0) {
            move_slot(mixing, group, &mixing->slots->items[i]);
        }
    }
}

/* The kind of slot that holds a part of a fingerprint; NULL: none does. */
static const char *slot_kind(const char *kind)
{
    static const char *const kinds[][2] = {
        {"evidence", "evidence"}, {"model", "model"},  {"demand", "demand"},
        {"pack", "packs"},        {"table", "tables"}, {"correlation", "correlations"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        if (strcmp(kinds[i][0], kind) == 0) {
            return kinds[i][1];
        }
    }
    return NULL;
}

static size_t find_group(const struct mixing *mixing, const char *kind, const char *name)
{
    for (size_t i = 0; i < mixing->n_groups; ++i) {
        if (strcmp(mixing->groups[i].kind, kind) == 0 &&
            (name == NULL || strcmp(mixing->groups[i].name, name) == 0)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t group_of(struct mixing *mixing, const char *kind, const char *name)
{
    size_t group = find_group(mixing, kind, name);
    return group != SIZE_MAX ? group : add_group(mixing, kind, name);
}

/* Of several scenario files each is named. */
static const char *file_name(struct mixing *mixing, const struct part *part)
{
    const char *id = mixing->files[part->file].id;
    return part->name[0] == '\0'  ? id
           : mixing->n_files == 1 ? part->name
                                  : arena_printf(mixing->arena, "%s.%s", id, part->name);
}

static void group_slot(struct mixing *mixing, const struct part *part)
{
    const struct slot *slot = slots_find(mixing->slots, slot_kind(part->kind), part->name);
    bool both = slot != NULL && slot->n_old > 0 && slot->n_now > 0;
    if (is_one_sided(part) && (!both || slot_is_same(slot))) {
        return; /* it came, or went, with whoever uses it; both libraries' items are in a mixture */
    }
    size_t group = group_of(mixing, part->kind, part->name);
    move_slot(mixing, group, slot);
    if (!is_one_sided(part) && strcmp(part->kind, "evidence") == 0) {
        for (size_t i = 0; i < mixing->n_files; ++i) {
            move(mixing, group,
                 piece_key(mixing->arena, &mixing->files[i], "override", part->name));
        }
    }
}

static void group_conventions(struct mixing *mixing)
{
    size_t group = group_of(mixing, "conventions", "");
    move(mixing, group, "run");
    move(mixing, group, "portfolio conventions");
    for (size_t i = 0; i < mixing->n_files; ++i) {
        move(mixing, group, piece_key(mixing->arena, &mixing->files[i], "conventions", ""));
    }
}

static void group_people(struct mixing *mixing)
{
    size_t group = group_of(mixing, "people", "");
    move_kind(mixing, group, "populations");
    move_kind(mixing, group, "areas");
    move_kind(mixing, group, "area_lists");
}

static void group_sectors(struct mixing *mixing)
{
    size_t group = group_of(mixing, "sectors", "");
    move_kind(mixing, group, "sectors");
    move_kind(mixing, group, "sector_groups");
    move_kind(mixing, group, "perspectives");
}

static void group_part(struct mixing *mixing, const struct part *part)
{
    const char *kind = part->kind;
    bool both = !is_one_sided(part);
    if (slot_kind(kind) != NULL) {
        group_slot(mixing, part);
    } else if (strcmp(kind, "scenario") == 0 && part->file != SIZE_MAX) {
        move(mixing, group_of(mixing, "scenario", file_name(mixing, part)),
             piece_key(mixing->arena, &mixing->files[part->file], "rest", ""));
    } else if (strcmp(kind, "portfolio") == 0) {
        move(mixing, group_of(mixing, kind, mixing->unit->id), "portfolio rest");
    } else if (strcmp(kind, "conventions") == 0) {
        group_conventions(mixing);
    } else if (strcmp(kind, "people") == 0 && both) {
        group_people(mixing);
    } else if ((strcmp(kind, "sector") == 0 || strcmp(kind, "sector_group") == 0) && both) {
        group_sectors(mixing);
    } else if (strcmp(kind, "dimension") == 0 && both) {
        move(mixing, group_of(mixing, "dimension", ""), "slot dimension dimensions.csv");
    }
}

/* ---- inputs, and pieces that come or go with others ---- */

static const char *model_of(const struct document *document)
{
    const struct setting *scenario =
        document != NULL ? setting_find(document->root, "scenario") : NULL;
    return setting_text(setting_find(scenario, "model"), "");
}

/* Who brings what only one side has: the scenario's own settings, else its model; SIZE_MAX where
 * neither changed. */
static size_t bringer_of(const struct mixing *mixing, const struct unit_file *file)
{
    for (size_t i = 0; i < mixing->n_atoms; ++i) {
        struct arena scratch;
        arena_init(&scratch);
        bool is_rest = strcmp(mixing->atoms[i].key, piece_key(&scratch, file, "rest", "")) == 0;
        arena_clear(&scratch);
        if (is_rest) {
            return mixing->atoms[i].group;
        }
    }
    size_t group = find_group(mixing, "model", model_of(file->now));
    return group != SIZE_MAX ? group : find_group(mixing, "model", model_of(file->old));
}

static void group_input(struct mixing *mixing, const struct part *part)
{
    const struct unit_file *file = &mixing->files[part->file];
    bool other_model = strcmp(model_of(file->old), model_of(file->now)) != 0;
    size_t group = is_one_sided(part) || other_model ? bringer_of(mixing, file) : SIZE_MAX;
    if (group == SIZE_MAX) {
        group = group_of(mixing, "input", file_name(mixing, part));
    }
    move(mixing, group, piece_key(mixing->arena, file, "input", part->name));
    if (!other_model) {
        move(mixing, group,
             arena_printf(mixing->arena, "default %s %s", model_of(file->now), part->name));
    }
}

static void group_lone_override(struct mixing *mixing, const struct part *part)
{
    for (size_t i = 0; i < mixing->n_files; ++i) {
        size_t group = bringer_of(mixing, &mixing->files[i]);
        if (group != SIZE_MAX) {
            move(mixing, group,
                 piece_key(mixing->arena, &mixing->files[i], "override", part->name));
        }
    }
}

static void make_groups(struct mixing *mixing)
{
    for (size_t i = 0; i < mixing->n_parts; ++i) {
        if (is_changed(&mixing->parts[i])) {
            group_part(mixing, &mixing->parts[i]);
        }
    }
    for (size_t i = 0; i < mixing->n_parts; ++i) {
        const struct part *part = &mixing->parts[i];
        if (is_changed(part) && strcmp(part->kind, "input") == 0) {
            group_input(mixing, part);
        } else if (is_changed(part) && strcmp(part->kind, "evidence") == 0 && is_one_sided(part)) {
            group_lone_override(mixing, part);
        }
    }
}

/* ---- coarser groups, in order, in words ---- */

/* Which evidence item an override names; "" where it names none. */
static const char *overridden(const struct library *library, const struct setting *override)
{
    const struct setting *name = setting_find(override, "parameter");
    const struct parameter *parameter =
        setting_is_text(name) ? evidence_find(library->evidence, name->text, NULL) : NULL;
    return parameter != NULL ? parameter->identity : "";
}

static const struct setting *find_override(const struct library *library,
                                           const struct setting *list, const char *identity)
{
    for (size_t i = 0; list != NULL && i < list->n_children; ++i) {
        if (strcmp(overridden(library, list->children[i]), identity) == 0) {
            return list->children[i];
        }
    }
    return NULL;
}

static void document_changes(struct setting_changes *changes, const struct document *old,
                             const struct document *now, const char *top)
{
    static const char *const not_here[] = {"inputs", "override", "conventions", NULL};
    bool scenario = strcmp(top, "scenario") == 0 || strcmp(top, "portfolio") == 0;
    setting_changes_add(changes, old != NULL ? setting_find(old->root, top) : NULL,
                        now != NULL ? setting_find(now->root, top) : NULL,
                        scenario ? not_here : NULL);
}

static void file_changes(struct setting_changes *changes, const struct mixing *mixing,
                         const struct unit_file *file, const char *key)
{
    struct arena scratch;
    arena_init(&scratch);
    const struct setting *old =
        file->old != NULL ? setting_find(file->old->root, "scenario") : NULL;
    const struct setting *now =
        file->now != NULL ? setting_find(file->now->root, "scenario") : NULL;
    if (strcmp(key, piece_key(&scratch, file, "rest", "")) == 0) {
        document_changes(changes, file->old, file->now, "scenario");
    } else if (strcmp(key, piece_key(&scratch, file, "conventions", "")) == 0) {
        setting_changes_add(changes, setting_find(old, "conventions"),
                            setting_find(now, "conventions"), NULL);
    }
    const char *input = piece_key(&scratch, file, "input", "");
    const char *override = piece_key(&scratch, file, "override", "");
    if (strncmp(key, input, strlen(input)) == 0) {
        const char *name = key + strlen(input);
        setting_changes_add(changes, setting_find(setting_find(old, "inputs"), name),
                            setting_find(setting_find(now, "inputs"), name), NULL);
    } else if (strncmp(key, override, strlen(override)) == 0) {
        const char *name = key + strlen(override);
        setting_changes_add(changes,
                            find_override(mixing->old, setting_find(old, "override"), name),
                            find_override(mixing->now, setting_find(now, "override"), name), NULL);
    }
    arena_clear(&scratch);
}

static void slot_changes(struct setting_changes *changes, const struct slot *slot)
{
    if (slot->n_old > 0 && slot->n_now > 0) {
        const struct slot_entry *old = &slot->old[slot->n_old - 1],
                                *now = &slot->now[slot->n_now - 1];
        if (old->setting != NULL && now->setting != NULL) {
            setting_changes_add(changes, old->setting, now->setting, NULL);
        } else if (!slot_is_same(slot)) {
            setting_changes_say(changes, slot->id);
        }
    }
}

static void coarsen(struct mixing *mixing, enum cause_grain grain)
{
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < mixing->n_groups; ++i) {
        bool apart = grain == GRAIN_EVIDENCE && strcmp(mixing->groups[i].kind, "evidence") == 0;
        if (!apart && first == SIZE_MAX) {
            first = i;
        } else if (!apart) {
            merge(mixing, first, i);
        }
    }
}

static int compare_groups(const void *left, const void *right)
{
    const struct cause_group *a = left, *b = right;
    int by_kind = strcmp(a->kind, b->kind);
    return by_kind != 0 ? by_kind : strcmp(a->name, b->name);
}

/* Keys that differ, the first few of them. */
static const char *detail_of(const struct mixing *mixing, size_t group)
{
    struct setting_changes changes;
    setting_changes_start(&changes);
    for (size_t i = 0; i < mixing->n_atoms; ++i) {
        if (settled(mixing, mixing->atoms[i].group) != group) {
            continue;
        }
        for (size_t k = 0; k < mixing->slots->n_items; ++k) {
            const struct slot *slot = &mixing->slots->items[k];
            struct arena scratch;
            arena_init(&scratch);
            if (strcmp(slot_key(&scratch, slot), mixing->atoms[i].key) == 0) {
                slot_changes(&changes, slot);
            }
            arena_clear(&scratch);
        }
        for (size_t k = 0; k < mixing->n_files; ++k) {
            file_changes(&changes, mixing, &mixing->files[k], mixing->atoms[i].key);
        }
        if (strcmp(mixing->atoms[i].key, "portfolio rest") == 0) {
            document_changes(&changes, mixing->old_portfolio, mixing->now_portfolio, "portfolio");
        } else if (strcmp(mixing->atoms[i].key, "run") == 0) {
            document_changes(&changes, mixing->old->run_document, mixing->now->run_document, "run");
        }
    }
    return setting_changes_end(&changes, mixing->arena);
}

/* The one group's own name, or those of several that are one. */
static struct cause_group describe(const struct mixing *mixing, size_t group)
{
    struct cause_group described = mixing->groups[group];
    struct text names;
    size_t n = 0;
    text_init(&names);
    for (size_t i = 0; i < mixing->n_groups; ++i) {
        if (settled(mixing, i) == group) {
            const struct cause_group *one = &mixing->groups[i];
            text_printf(&names, "%s%s%s%s", n++ > 0 ? "; " : "", one->kind,
                        one->name[0] != '\0' ? " " : "", one->name);
        }
    }
    if (n > 1) {
        described = (struct cause_group){.kind = "several",
                                         .name = arena_copy_text(mixing->arena, names.bytes)};
    }
    text_clear(&names);
    described.detail = detail_of(mixing, group);
    return described;
}

/* One group for those that are one, in order; atoms point to them. */
static void settle(struct mixing *mixing)
{
    size_t n = 0, n_all = mixing->n_groups;
    struct cause_group *kept = arena_array(mixing->arena, n_all + 1, sizeof *kept);
    struct cause_group *sorted = arena_array(mixing->arena, n_all + 1, sizeof *sorted);
    size_t *place = arena_array(mixing->arena, n_all + 1, sizeof *place);
    for (size_t i = 0; i < n_all; ++i) {
        if (settled(mixing, i) == i) {
            kept[i] = describe(mixing, i);
            sorted[n++] = kept[i];
        }
    }
    if (n > 1) {
        qsort(sorted, n, sizeof *sorted, compare_groups);
    }
    for (size_t i = 0; i < n_all; ++i) {
        while (settled(mixing, i) == i && compare_groups(&kept[i], &sorted[place[i]]) != 0) {
            ++place[i];
        }
    }
    for (size_t i = 0; i < mixing->n_atoms; ++i) {
        mixing->atoms[i].group = place[settled(mixing, mixing->atoms[i].group)];
    }
    mixing->groups = sorted;
    mixing->n_groups = n;
}

struct library_pair {
    const struct library *old, *now;
    struct slots slots;
};

const struct library_pair *library_pair_make(struct arena *arena, const struct library *old,
                                             const struct library *now)
{
    struct library_pair *pair = arena_alloc(arena, sizeof *pair);
    pair->old = old;
    pair->now = now;
    slots_make(&pair->slots, arena, old, now);
    return pair;
}

struct mixing *mixing_make(struct arena *arena, const struct library_pair *pair,
                           const struct cause_unit *unit, enum cause_grain grain)
{
    struct mixing *mixing = arena_alloc(arena, sizeof *mixing);
    *mixing = (struct mixing){
        .arena = arena, .old = pair->old, .now = pair->now, .unit = unit, .slots = &pair->slots};
    find_files(mixing, false);
    find_files(mixing, true);
    find_parts(mixing, false);
    find_parts(mixing, true);
    make_groups(mixing);
    if (grain != GRAIN_PARTS) {
        coarsen(mixing, grain);
    }
    settle(mixing);
    return mixing;
}

const struct cause_group *mixing_groups(const struct mixing *mixing, size_t *n_groups)
{
    *n_groups = mixing->n_groups;
    return mixing->groups;
}

/* ---- a mixture ---- */

struct building {
    struct arena *arena;
    const struct mixing *mixing;
    const bool *is_new;
};

/* What no group moves is new; it is the same on both sides, or comes with what uses it. */
static bool is_new(const struct building *building, const char *key)
{
    const struct atom *atom = find_atom(building->mixing, key);
    return atom == NULL || building->is_new[atom->group];
}

static const struct setting *group_with(struct arena *arena, const struct setting *like,
                                        const struct setting *const *children, size_t n)
{
    struct setting *made = arena_alloc(arena, sizeof *made);
    *made = *like;
    made->children = children;
    made->n_children = n;
    return made;
}

static const struct document *document_with(struct arena *arena, const struct document *like,
                                            const struct setting *child)
{
    struct document *document = arena_alloc(arena, sizeof *document);
    const struct setting **children = arena_array(arena, 1, sizeof *children);
    children[0] = child;
    *document = *like;
    document->root = group_with(arena, like->root, children, 1);
    return document;
}

/* The children of one list with some replaced by name; NULL there: left out. */
struct child_list {
    const struct setting **items;
    size_t n, capacity;
};

static void add_child(struct arena *arena, struct child_list *list, const struct setting *child)
{
    if (child != NULL) {
        list->items =
            arena_grow(arena, (void *)list->items, list->n, &list->capacity, sizeof *list->items);
        list->items[list->n++] = child;
    }
}

/* A model's group with the default of an input as the other side has it. */
static const struct setting *with_default(struct arena *arena, const struct setting *model,
                                          const char *input, const struct setting *value)
{
    const struct setting *inputs = setting_find(model, "inputs"),
                         *own = setting_find(inputs, input);
    if (own == NULL) {
        return model;
    }
    struct child_list keys = {0}, all = {0}, outer = {0};
    for (size_t i = 0; i < own->n_children; ++i) {
        if (strcmp(own->children[i]->name, "default") != 0) {
            add_child(arena, &keys, own->children[i]);
        }
    }
    add_child(arena, &keys, value);
    const struct setting *changed = group_with(arena, own, keys.items, keys.n);
    for (size_t i = 0; i < inputs->n_children; ++i) {
        add_child(arena, &all, inputs->children[i] == own ? changed : inputs->children[i]);
    }
    const struct setting *changed_inputs = group_with(arena, inputs, all.items, all.n);
    for (size_t i = 0; i < model->n_children; ++i) {
        add_child(arena, &outer,
                  model->children[i] == inputs ? changed_inputs : model->children[i]);
    }
    return group_with(arena, model, outer.items, outer.n);
}

static const struct setting *mix_model(const struct building *building, const struct slot *slot,
                                       bool new_model, const struct setting *model)
{
    static const char start[] = "default ";
    for (size_t i = 0; slot->n_old > 0 && slot->n_now > 0 && i < building->mixing->n_atoms; ++i) {
        const struct atom *atom = &building->mixing->atoms[i];
        size_t n = strlen(start), n_id = strlen(slot->id);
        bool ours = strncmp(atom->key, start, n) == 0 &&
                    strncmp(atom->key + n, slot->id, n_id) == 0 && atom->key[n + n_id] == ' ';
        if (ours && building->is_new[atom->group] != new_model) {
            const char *input = atom->key + n + n_id + 1;
            const struct slot_entry *from =
                new_model ? &slot->old[slot->n_old - 1] : &slot->now[slot->n_now - 1];
            const struct setting *there =
                setting_find(setting_find(from->setting, "inputs"), input);
            if (there != NULL) {
                model = with_default(building->arena, model, input, setting_find(there, "default"));
            }
        }
    }
    return model;
}

/* Whether the unit uses this model: all others stay out, which makes a mixture quicker to read. */
static bool uses_model(const struct mixing *mixing, const char *id)
{
    for (size_t i = 0; i < mixing->n_parts; ++i) {
        if (strcmp(mixing->parts[i].kind, "model") == 0 && strcmp(mixing->parts[i].name, id) == 0) {
            return true;
        }
    }
    return false;
}

struct layered_list {
    struct layered_document *items;
    size_t n, capacity;
};

static void add_slot(const struct building *building, struct layered_list *list,
                     const struct slot *slot)
{
    struct arena *arena = building->arena;
    bool model = strcmp(slot->kind, "model") == 0;
    if (model && building->mixing->unit->kind != UNIT_PORTFOLIO &&
        !uses_model(building->mixing, slot->id)) {
        return;
    }
    bool new_side = is_new(building, slot_key(arena, slot));
    bool take_new = (new_side && slot->n_now > 0) || slot->n_old == 0;
    for (size_t i = 0; i < (take_new ? slot->n_now : slot->n_old); ++i) {
        const struct slot_entry *entry = take_new ? &slot->now[i] : &slot->old[i];
        struct layered_document document = *entry->from;
        if (entry->child != NULL) {
            document.document = document_with(
                arena, entry->from->document,
                model ? mix_model(building, slot, take_new, entry->child) : entry->child);
        }
        list->items = arena_grow(arena, list->items, list->n, &list->capacity, sizeof *list->items);
        list->items[list->n++] = document;
    }
}

static bool is_piece(const char *name)
{
    return strcmp(name, "inputs") == 0 || strcmp(name, "override") == 0 ||
           strcmp(name, "conventions") == 0;
}

/* Inputs, or overrides, each from its side; in the order of the new file, then of the old. */
static const struct setting *mix_list(const struct building *building, const struct unit_file *file,
                                      const char *piece, const struct setting *const lists[2])
{
    const struct mixing *mixing = building->mixing;
    bool inputs = strcmp(piece, "input") == 0;
    struct child_list mixed = {0};
    for (size_t side = 0; side < 2; ++side) {
        const struct library *library = side == 1 ? mixing->old : mixing->now;
        for (size_t i = 0; lists[side] != NULL && i < lists[side]->n_children; ++i) {
            const struct setting *child = lists[side]->children[i];
            const char *name = inputs ? child->name : overridden(library, child);
            bool wants_old = !is_new(building, piece_key(building->arena, file, piece, name));
            if (wants_old == (side == 1)) {
                add_child(building->arena, &mixed, child);
            }
        }
    }
    const struct setting *like = lists[0] != NULL ? lists[0] : lists[1];
    return mixed.n > 0 ? group_with(building->arena, like, mixed.items, mixed.n) : NULL;
}

static const struct document *mix_file(const struct building *building,
                                       const struct unit_file *file)
{
    struct arena *arena = building->arena;
    if (file->old == NULL || file->now == NULL) {
        return file->now != NULL ? file->now : file->old;
    }
    const struct setting *now = setting_find(file->now->root, "scenario"),
                         *old = setting_find(file->old->root, "scenario");
    const struct setting *rest = is_new(building, piece_key(arena, file, "rest", "")) ? now : old;
    const struct setting *const inputs[2] = {setting_find(now, "inputs"),
                                             setting_find(old, "inputs")};
    const struct setting *const overrides[2] = {setting_find(now, "override"),
                                                setting_find(old, "override")};
    bool new_conventions = is_new(building, piece_key(arena, file, "conventions", ""));
    struct child_list children = {0};
    for (size_t i = 0; i < rest->n_children; ++i) {
        add_child(arena, &children, is_piece(rest->children[i]->name) ? NULL : rest->children[i]);
    }
    add_child(arena, &children, mix_list(building, file, "input", inputs));
    add_child(arena, &children, mix_list(building, file, "override", overrides));
    add_child(arena, &children, setting_find(new_conventions ? now : old, "conventions"));
    return document_with(arena, file->now, group_with(arena, rest, children.items, children.n));
}

static const struct document *mix_portfolio(const struct building *building)
{
    struct arena *arena = building->arena;
    const struct document *now = building->mixing->now_portfolio,
                          *old = building->mixing->old_portfolio;
    const struct document *rest_of = is_new(building, "portfolio rest") ? now : old;
    const struct document *conventions_of = is_new(building, "portfolio conventions") ? now : old;
    const struct setting *rest = setting_find(rest_of->root, "portfolio");
    struct child_list children = {0};
    for (size_t i = 0; i < rest->n_children; ++i) {
        bool conventions = strcmp(rest->children[i]->name, "conventions") == 0;
        add_child(arena, &children, conventions ? NULL : rest->children[i]);
    }
    add_child(arena, &children,
              setting_find(setting_find(conventions_of->root, "portfolio"), "conventions"));
    return document_with(arena, rest_of, group_with(arena, rest, children.items, children.n));
}

const struct library *mixing_build(struct arena *arena, const struct mixing *mixing,
                                   const bool *new_groups, struct diagnostics *diagnostics)
{
    const struct building building = {.arena = arena, .mixing = mixing, .is_new = new_groups};
    struct layered_list models = {0};
    for (size_t i = 0; i < mixing->slots->n_items; ++i) {
        add_slot(&building, &models, &mixing->slots->items[i]);
    }
    const struct document **files = arena_array(arena, mixing->n_files + 1, sizeof *files);
    size_t n_files = 0;
    bool portfolio = mixing->unit->kind == UNIT_PORTFOLIO;
    if (portfolio) {
        files[n_files++] = mix_portfolio(&building);
    }
    for (size_t i = 0; i < mixing->n_files; ++i) {
        files[n_files++] = mix_file(&building, &mixing->files[i]);
    }
    return library_build_documents(
        arena,
        &(struct library_documents){.models = models.items,
                                    .n_models = models.n,
                                    .scenarios = files,
                                    .n_scenarios = n_files,
                                    .n_listed = portfolio ? 1 : n_files,
                                    .run = is_new(&building, "run") ? mixing->now->run_document
                                                                    : mixing->old->run_document},
        diagnostics);
}
