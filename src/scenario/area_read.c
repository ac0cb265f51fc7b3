/* Areas, lists of areas, and how many people live in them. */
#include "base/text.h"
#include "scenario/scenario_private.h"

#include <math.h>
#include <string.h>

struct area_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct library *library;
    struct area *areas;
    struct area_link *links;
    size_t *layers;
    size_t n_areas;
};

/* ---- finding ---- */

static char lower(char letter)
{
    return (char)(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
}

static bool same_words(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        ++a;
        ++b;
    }
    return lower(*a) == lower(*b);
}

static const struct area *find_by_id(const struct area *areas, size_t n_areas, const char *id)
{
    size_t low = 0, high = n_areas;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(areas[middle].id, id);
        if (order == 0) {
            return &areas[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

struct area_match area_find(const struct library *library, const char *name)
{
    struct area_match match = {.area = find_by_id(library->areas, library->n_areas, name)};
    for (size_t i = 0; match.area == NULL && i < library->n_area_lists; ++i) {
        if (strcmp(library->area_lists[i].id, name) == 0) {
            match.list = &library->area_lists[i];
            return match;
        }
    }
    for (size_t i = 0; match.area == NULL && i < library->n_areas; ++i) {
        match.area = same_words(library->areas[i].label, name) ? &library->areas[i] : NULL;
    }
    for (size_t i = 0; match.area == NULL && match.list == NULL && i < library->n_area_lists; ++i) {
        match.list =
            same_words(library->area_lists[i].label, name) ? &library->area_lists[i] : NULL;
    }
    return match;
}

void area_complain(const struct library *library, const struct setting *name,
                   struct diagnostics *diagnostics)
{
    size_t n = library->n_areas + library->n_area_lists;
    const char **known = arena_array(diagnostics->arena, 2 * n + 1, sizeof *known);
    for (size_t i = 0; i < library->n_areas; ++i) {
        known[i] = library->areas[i].id;
        known[n + i] = library->areas[i].label;
    }
    for (size_t i = 0; i < library->n_area_lists; ++i) {
        known[library->n_areas + i] = library->area_lists[i].id;
        known[n + library->n_areas + i] = library->area_lists[i].label;
    }
    setting_complain(diagnostics, name, DIAGNOSTIC_E640, "an area or an area list, by id or label",
                     layer_suggest(diagnostics->arena, text_nearest(name->text, known, 2 * n),
                                   "see `dividend list areas`, or add it under areas = { }"),
                     "no area or area list is named \"%s\"", name->text);
}

/* ---- people ---- */

struct people_grid {
    double people[N_QUINTILES][POPULATION_MAX_BANDS];
};

static double sum_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        sum += values[i];
    }
    return sum;
}

static const struct area_link *link_of(const struct library *library, const struct area *area)
{
    return &library->populations->links[area - library->areas];
}

const struct population_table *area_table(const struct library *library, const struct area *area)
{
    while (link_of(library, area)->whole != NULL) {
        area = link_of(library, area)->whole;
    }
    return link_of(library, area)->table;
}

static void fill_rows(const struct population_table *table, const char *code,
                      struct people_grid *grid)
{
    size_t n = 0;
    const struct population_row *rows = population_rows(table, code, &n);
    *grid = (struct people_grid){0};
    for (size_t i = 0; i < n; ++i) {
        memcpy(grid->people[rows[i].quintile - 1], rows[i].people,
               table->n_bands * sizeof *rows[i].people);
    }
}

/* Without shares of its own, a part has the whole's people in proportion. */
static void take_in_proportion(double factor, size_t n_bands, struct people_grid *grid)
{
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        for (size_t b = 0; b < n_bands; ++b) {
            grid->people[q][b] *= factor;
        }
    }
}

/* `people` with the ages of `mix`. */
static void spread(double people, const double *mix, size_t n_bands, double *out)
{
    double of = sum_of(mix, n_bands);
    for (size_t b = 0; b < n_bands; ++b) {
        out[b] = of > 0.0 ? people * mix[b] / of : 0.0;
    }
}

/* From the people of the whole to those of the part. */
static void take_part(const struct area *part, size_t n_bands, struct people_grid *grid)
{
    double bands[POPULATION_MAX_BANDS] = {0.0};
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        for (size_t b = 0; b < n_bands; ++b) {
            bands[b] += grid->people[q][b];
        }
    }
    if (part->quintile_shares == NULL) {
        double all = sum_of(bands, n_bands);
        take_in_proportion(all > 0.0 ? part->people / all : 0.0, n_bands, grid);
        return;
    }
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        double mix[POPULATION_MAX_BANDS];
        bool lived_in = sum_of(grid->people[q], n_bands) > 0.0;
        memcpy(mix, lived_in ? grid->people[q] : bands, sizeof mix);
        spread(part->people * part->quintile_shares[q], mix, n_bands, grid->people[q]);
    }
}

static const struct population_table *fill_grid(const struct library *library,
                                                const struct area *area, struct people_grid *grid)
{
    const struct area_link *link = link_of(library, area);
    if (link->whole != NULL) {
        const struct population_table *table = fill_grid(library, link->whole, grid);
        if (table != NULL) {
            take_part(area, table->n_bands, grid);
        }
        return table;
    }
    if (link->table != NULL) {
        fill_rows(link->table, area->code, grid);
    }
    return link->table;
}

bool area_people(const struct library *library, const struct area *area, double from, double to,
                 double people[N_QUINTILES])
{
    struct people_grid grid;
    memset(people, 0, N_QUINTILES * sizeof *people);
    const struct population_table *table = fill_grid(library, area, &grid);
    for (size_t b = 0; table != NULL && b < table->n_bands; ++b) {
        bool counted = table->ages[b] >= from && table->ages[b] <= to;
        for (size_t q = 0; counted && q < N_QUINTILES; ++q) {
            people[q] += grid.people[q][b];
        }
    }
    return table != NULL;
}

/* ---- areas ---- */

static void complain_keys(const struct area_reader *reader, const struct setting *setting,
                          const char *remedy, const char *found)
{
    layer_complain(reader->diagnostics, setting, DIAGNOSTIC_E641,
                   "code alone, or part_of with people and perhaps quintile_shares", remedy, "%s",
                   found);
}

/* Keys of a part on an area that is none. */
static void check_whole_keys(const struct area_reader *reader, const struct setting *group)
{
    static const char *const keys[] = {"people", "quintile_shares"};
    for (size_t i = 0; i < 2; ++i) {
        const struct setting *setting = setting_find(group, keys[i]);
        if (setting != NULL) {
            complain_keys(reader, setting, "remove it, or say what the area is a part_of",
                          arena_printf(reader->arena,
                                       "`%s` belongs to an area that is a part of another",
                                       keys[i]));
        }
    }
}

static void check_part_keys(const struct area_reader *reader, const struct setting *group)
{
    static const char *const keys[] = {"code", "population"};
    for (size_t i = 0; i < 2; ++i) {
        const struct setting *setting = setting_find(group, keys[i]);
        if (setting != NULL) {
            complain_keys(
                reader, setting, "keep one of the two: its own rows, or those of the whole",
                arena_printf(reader->arena, "`%s` on an area that is a part_of another", keys[i]));
        }
    }
    if (setting_find(group, "people") == NULL) {
        complain_keys(reader, group, "add people = ...; of all ages",
                      "an area that is a part of another states its people");
    }
    const struct setting *source = setting_find(group, "source");
    bool assumed = setting_is_text(source) && strcmp(source->text, "assumption") == 0;
    if ((source == NULL || assumed) && setting_find(group, "reason") == NULL) {
        layer_complain(reader->diagnostics, group, DIAGNOSTIC_E445,
                       "where the people of a part of an area come from",
                       "add source with locator, or reason",
                       "the area states people without a source or a reason");
    }
}

static const double *read_shares(const struct area_reader *reader, const struct setting *group)
{
    const struct setting *setting = setting_find(group, "quintile_shares");
    size_t n = 0;
    const double *shares = field_numbers(reader->arena, group, "quintile_shares", &n);
    if (shares == NULL) {
        return NULL;
    }
    double sum = sum_of(shares, n);
    if (n == N_QUINTILES && fabs(sum - 1.0) <= 1e-9) {
        return shares;
    }
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E644,
                     "five shares, Q1 (most deprived) to Q5, that sum to 1",
                     n != N_QUINTILES ? "write a 0.0 for a quintile in which nobody lives"
                                      : "check the shares",
                     "%zu shares that sum to %.9g", n, sum);
    return NULL;
}

static struct area read_area(const struct area_reader *reader, const struct layer_item *item)
{
    const struct setting *group = item->setting;
    const struct setting *source = setting_find(group, "source");
    struct area area = {.id = item->id,
                        .label = field_text(group, "label", item->id),
                        .code = field_text(group, "code", NULL),
                        .part_of = field_text(group, "part_of", NULL),
                        .people = (double)NAN,
                        .setting = group};
    if (area.part_of != NULL) {
        check_part_keys(reader, group);
        area.people = field_number(group, "people", (double)NAN);
        area.quintile_shares = read_shares(reader, group);
    } else {
        check_whole_keys(reader, group);
        if (area.code == NULL && setting_find(group, "population") != NULL) {
            complain_keys(reader, setting_find(group, "population"), "add code",
                          "`population` without the code to find there");
        }
    }
    if (setting_is_text(source) && strcmp(source->text, "assumption") != 0) {
        evidence_check_source(reader->library->evidence, source, reader->diagnostics);
    }
    return area;
}

/* ---- where their people come from ---- */

static const char *nearest_code(const struct area_reader *reader, const char *code)
{
    const struct populations *populations = reader->library->populations;
    const char **nearest = arena_array(reader->arena, populations->n_tables + 1, sizeof *nearest);
    size_t n = 0;
    for (size_t i = 0; i < populations->n_tables; ++i) {
        const struct population_table *table = &populations->tables[i];
        const char **codes = arena_array(reader->arena, table->n_rows + 1, sizeof *codes);
        for (size_t k = 0; k < table->n_rows; ++k) {
            codes[k] = table->rows[k].code;
        }
        nearest[n] = text_nearest(code, codes, table->n_rows);
        n += nearest[n] != NULL ? 1 : 0;
    }
    return text_nearest(code, nearest, n);
}

static bool is_unreadable(const struct area_reader *reader)
{
    const struct populations *populations = reader->library->populations;
    for (size_t i = 0; i < populations->n_tables; ++i) {
        if (populations->tables[i].n_rows == 0) {
            return true; /* reported where it was read */
        }
    }
    return false;
}

static const struct population_table *find_stated_table(const struct area_reader *reader,
                                                        const struct setting *name)
{
    const struct populations *populations = reader->library->populations;
    const char **ids = arena_array(reader->arena, populations->n_tables + 1, sizeof *ids);
    for (size_t i = 0; i < populations->n_tables; ++i) {
        ids[i] = populations->tables[i].id;
        if (strcmp(ids[i], name->text) == 0) {
            return &populations->tables[i];
        }
    }
    setting_complain(reader->diagnostics, name, DIAGNOSTIC_E643, "a population table by id",
                     layer_suggest(reader->arena,
                                   text_nearest(name->text, ids, populations->n_tables),
                                   "declare it under populations = { }"),
                     "no population table is named \"%s\"", name->text);
    return NULL;
}

/* Tables of the area's own layer come first, then earlier layers from the latest, then later ones:
 * a layer's table takes nothing from the areas before it. */
static size_t distance(size_t of_area, size_t of_table, size_t n_layers)
{
    return of_table <= of_area ? of_area - of_table : n_layers + of_table;
}

static void complain_code(const struct area_reader *reader, const struct area *area, size_t n_found)
{
    const struct setting *code = setting_find(area->setting, "code");
    if (n_found > 1) {
        setting_complain(reader->diagnostics, code, DIAGNOSTIC_E643,
                         "a code of one population table", "add population = \"...\"; to choose",
                         "%zu population tables have the code \"%s\"", n_found, area->code);
    } else if (!is_unreadable(reader)) {
        setting_complain(reader->diagnostics, code, DIAGNOSTIC_E643,
                         "a code in the area column of a population table",
                         layer_suggest(reader->arena, nearest_code(reader, area->code),
                                       "leave the code out, or declare populations = { }"),
                         "no population table has the code \"%s\"", area->code);
    }
}

static const struct population_table *find_table(const struct area_reader *reader, size_t index)
{
    const struct populations *populations = reader->library->populations;
    const struct area *area = &reader->areas[index];
    const struct setting *stated = setting_find(area->setting, "population");
    const struct population_table *only =
        setting_is_text(stated) ? find_stated_table(reader, stated) : NULL;
    const struct population_table *found = NULL;
    size_t n_found = 0, n_rows = 0, nearest = SIZE_MAX;
    if (setting_is_text(stated) && only == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < populations->n_tables; ++i) {
        const struct population_table *table = &populations->tables[i];
        size_t away = distance(reader->layers[index], table->layer, SIZE_MAX / 2);
        bool has =
            (only == NULL || only == table) && population_rows(table, area->code, &n_rows) != NULL;
        if (has && away <= nearest) {
            n_found = away < nearest ? 1 : n_found + 1;
            nearest = away;
            found = table;
        }
    }
    if (n_found != 1) {
        complain_code(reader, area, n_found);
    }
    return n_found == 1 ? found : NULL;
}

/* Follows the whole of the whole; the circle is said at each area of it, and cut. */
static bool is_in_circle(const struct area_reader *reader, size_t start)
{
    size_t at = start;
    for (size_t step = 0; step <= reader->n_areas; ++step) {
        const struct area *whole = reader->links[at].whole;
        if (whole == NULL) {
            return false;
        }
        at = (size_t)(whole - reader->areas);
        if (at == start) {
            return true;
        }
    }
    return false;
}

static void cut_circles(const struct area_reader *reader)
{
    bool *circular = arena_array(reader->arena, reader->n_areas + 1, sizeof *circular);
    for (size_t i = 0; i < reader->n_areas; ++i) {
        circular[i] = is_in_circle(reader, i);
    }
    for (size_t i = 0; i < reader->n_areas; ++i) {
        if (circular[i]) {
            setting_complain(reader->diagnostics, setting_find(reader->areas[i].setting, "part_of"),
                             DIAGNOSTIC_E642, "an area that does not lead back here",
                             "let one of them have a code of a population table",
                             "\"%s\" is a part of \"%s\", which leads back to it",
                             reader->areas[i].id, reader->areas[i].part_of);
            reader->links[i].whole = NULL;
        }
    }
}

/* Deeper than anybody means it; keeps every later walk short. */
static void cut_long_ways(const struct area_reader *reader)
{
    enum { DEEPEST = 16 };

    for (size_t i = 0; i < reader->n_areas; ++i) {
        const struct area *at = reader->links[i].whole;
        for (size_t depth = 0; at != NULL && depth < DEEPEST; ++depth) {
            at = reader->links[at - reader->areas].whole;
        }
        if (at != NULL) {
            setting_complain(reader->diagnostics, setting_find(reader->areas[i].setting, "part_of"),
                             DIAGNOSTIC_E642, "at most 16 areas, each a part of the next",
                             "let it be a part of a larger area", "\"%s\" lies too many parts deep",
                             reader->areas[i].id);
            reader->links[i].whole = NULL;
        }
    }
}

static const struct area *find_whole(const struct area_reader *reader, const struct area *part)
{
    const struct area *whole = area_find(reader->library, part->part_of).area;
    if (whole == NULL) {
        area_complain(reader->library, setting_find(part->setting, "part_of"), reader->diagnostics);
    }
    return whole;
}

static void link_areas(const struct area_reader *reader)
{
    for (size_t i = 0; i < reader->n_areas; ++i) {
        const struct area *area = &reader->areas[i];
        if (area->part_of != NULL) {
            reader->links[i].whole = find_whole(reader, area);
        } else if (area->code != NULL) {
            reader->links[i].table = find_table(reader, i);
        }
    }
    cut_circles(reader);
    cut_long_ways(reader);
}

static void check_parts(const struct area_reader *reader)
{
    for (size_t i = 0; i < reader->n_areas; ++i) {
        const struct area *area = &reader->areas[i], *whole = reader->links[i].whole;
        double people[N_QUINTILES];
        if (whole == NULL || isnan(area->people) ||
            !area_people(reader->library, whole, 0.0, AGE_WITHOUT_END, people)) {
            continue;
        }
        double all = sum_of(people, N_QUINTILES);
        for (size_t q = 0; area->quintile_shares != NULL && q < N_QUINTILES; ++q) {
            double part = area->people * area->quintile_shares[q];
            bool some = people[q] > 0.0; /* where nobody lives the whole lends its mix of ages */
            if (some && part > people[q] * (1.0 + 1e-9) && area->people <= all) {
                setting_complain(reader->diagnostics,
                                 setting_find(area->setting, "quintile_shares"), DIAGNOSTIC_E645,
                                 arena_printf(reader->arena, "at most %.0f people, as in \"%s\"",
                                              people[q], whole->id),
                                 "lower the share, or the people",
                                 "quintile %zu would have %.0f people", q + 1, part);
                break;
            }
        }
        if (area->people > all) {
            setting_complain(
                reader->diagnostics, setting_find(area->setting, "people"), DIAGNOSTIC_E645,
                arena_printf(reader->arena, "at most %.9g people, as \"%s\" has", all, whole->id),
                "check the figure, and what the area is a part_of",
                "%.9g people in a part of \"%s\"", area->people, whole->id);
        }
    }
}

/* ---- lists ---- */

static bool is_part_of(const struct library *library, const struct area *part,
                       const struct area *whole)
{
    while (part != NULL && part != whole) {
        part = link_of(library, part)->whole;
    }
    return part == whole;
}

static void check_member(const struct area_reader *reader, const struct area *const *members,
                         size_t n_members, const struct setting *name)
{
    const struct area *last = members[n_members];
    for (size_t i = 0; i < n_members; ++i) {
        const struct area *first = members[i];
        bool part = is_part_of(reader->library, last, first);
        if (part || is_part_of(reader->library, first, last)) {
            const char *found =
                first == last
                    ? arena_printf(reader->arena, "\"%s\" stands there twice", last->id)
                    : arena_printf(reader->arena, "\"%s\" is a part of \"%s\"",
                                   part ? last->id : first->id, part ? first->id : last->id);
            setting_complain(reader->diagnostics, name, DIAGNOSTIC_E646,
                             "each area once, and none beside what it is a part of",
                             "remove one of them", "%s", found);
            return;
        }
    }
}

static struct area_list read_list(const struct area_reader *reader, const struct layer_item *item)
{
    const struct setting *names = setting_find(item->setting, "members");
    size_t n = names != NULL && names->type == SETTING_ARRAY ? names->n_children : 0;
    const struct area **members = arena_array(reader->arena, n + 1, sizeof *members);
    struct area_list list = {.id = item->id,
                             .label = field_text(item->setting, "label", item->id),
                             .members = members,
                             .setting = item->setting};
    if (find_by_id(reader->areas, reader->n_areas, item->id) != NULL) {
        layer_complain(reader->diagnostics, item->setting, DIAGNOSTIC_E647,
                       "a name that no area has", "rename the list, e.g. with _districts",
                       "the area list \"%s\" has the name of an area", item->id);
    }
    for (size_t i = 0; i < n; ++i) {
        const struct setting *name = names->children[i];
        const struct area *area =
            setting_is_text(name) ? area_find(reader->library, name->text).area : NULL;
        if (area != NULL) {
            members[list.n_members] = area;
            check_member(reader, members, list.n_members++, name);
        } else if (setting_is_text(name)) {
            area_complain(reader->library, name, reader->diagnostics);
        }
    }
    return list;
}

/* ---- all of them ---- */

void areas_read(struct arena *arena, const struct layered_document *documents, size_t n_documents,
                struct library *library, struct diagnostics *diagnostics)
{
    struct layer_items items = {.arena = arena}, lists = {.arena = arena};
    layer_gather(&items, documents, n_documents, "areas");
    layer_settle(&items, "area", true, diagnostics);
    layer_gather(&lists, documents, n_documents, "area_lists");
    layer_settle(&lists, "area list", true, diagnostics);
    struct area_reader reader = {.arena = arena,
                                 .diagnostics = diagnostics,
                                 .library = library,
                                 .areas = arena_array(arena, items.n_items, sizeof(struct area)),
                                 .links =
                                     arena_array(arena, items.n_items, sizeof(struct area_link)),
                                 .layers = arena_array(arena, items.n_items, sizeof(size_t)),
                                 .n_areas = items.n_items};
    for (size_t i = 0; i < items.n_items; ++i) {
        reader.areas[i] = read_area(&reader, &items.items[i]);
        reader.layers[i] = items.items[i].layer;
    }
    struct populations *populations = arena_alloc(arena, sizeof *populations);
    *populations = *library->populations;
    populations->links = reader.links;
    library->populations = populations;
    library->areas = reader.areas;
    library->n_areas = reader.n_areas;
    link_areas(&reader);
    check_parts(&reader);
    struct area_list *all = arena_array(arena, lists.n_items, sizeof *all);
    for (size_t i = 0; i < lists.n_items; ++i) {
        all[i] = read_list(&reader, &lists.items[i]);
    }
    library->area_lists = all;
    library->n_area_lists = lists.n_items;
}
