/* Scenarios that repeat over areas and sweeps: each instance is the scenario's own tree of settings
 * with the values of for_each in place, so that every reader and its messages work unchanged. */
#include "base/text.h"
#include "reader/schema.h"
#include "scenario/scenario_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_INSTANCES = 2000, LONGEST_ID = 200 };

static const char *const scenario_keys[] = {"area", "start_year", "funded_years", "horizon_years"};

enum { N_SCENARIO_KEYS = sizeof scenario_keys / sizeof scenario_keys[0] };

struct axis_value {
    const struct setting *setting; /* as it stands at the key of the scenario */
    const char *text, *id, *words; /* "2026-27", "2026_27", "start year 2026-27" */
};

struct axis {
    const char *key; /* as instance_key has it: "inputs.places" */
    const struct setting *setting;
    bool is_input;
    struct axis_value *values;
    size_t n_values;
};

struct sweep {
    struct scenario_reader *reader;
    const struct document *document;
    const struct setting *scenario, *for_each;
    const struct model *model; /* NULL: unknown */
    const char *family;
    struct axis *axes;
    size_t n_axes;
    bool unusable; /* a key without values: what stands on it could only be misread */
};

/* "scenarios/falls_service.cfg" -> "falls_service". */
static const char *file_id(const struct scenario_reader *reader, const struct document *document,
                           const struct setting *group)
{
    const char *slash = strrchr(document->file, '/');
    const char *start = slash != NULL ? slash + 1 : document->file;
    size_t n_bytes = strlen(start);
    if (n_bytes > 4 && strcmp(start + n_bytes - 4, ".cfg") == 0) {
        n_bytes -= 4;
    }
    const char *id = arena_copy_span(reader->arena, start, n_bytes);
    if (!text_is_name(id)) {
        layer_complain(reader->diagnostics, group, DIAGNOSTIC_E605,
                       "a file name of lower-case letters, digits and _, starting with a letter",
                       "rename the file, e.g. falls_service_kent.cfg",
                       "a scenario is named after its file, and \"%s\" cannot be a name", id);
    }
    return id;
}

/* ---- values ---- */

/* Lower case; every other sign than a letter, digit or _ becomes _; a leading minus says so. */
static const char *make_id(struct arena *arena, const char *text)
{
    bool minus = text[0] == '-';
    char *id = arena_printf(arena, "%s%s", minus ? "minus_" : "", text + (minus ? 1 : 0));
    for (char *at = id; *at != '\0'; ++at) {
        char letter = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        *at = (char)(plain ? letter : '_');
    }
    return id;
}

static const char *value_text(struct arena *arena, const struct setting *value)
{
    char number[32];
    if (setting_is_text(value)) {
        return value->text;
    }
    if (value->number == floor(value->number) && fabs(value->number) < 1e15) {
        return arena_printf(arena, "%.0f", value->number + 0.0);
    }
    text_format_exact(number, value->number);
    return arena_copy_text(arena, number);
}

static const char *key_words(struct arena *arena, const char *key)
{
    char *words = arena_copy_text(arena, key);
    for (char *at = words; *at != '\0'; ++at) {
        *at = (char)(*at == '_' ? ' ' : *at);
    }
    return words;
}

/* A value as if it stood at its key. */
static struct setting *place_value(const struct sweep *sweep, const struct axis *axis,
                                   const struct setting *value)
{
    struct setting *placed = arena_alloc(sweep->reader->arena, sizeof *placed);
    *placed = *value;
    placed->name = axis->setting->name;
    return placed;
}

static void add_value(const struct sweep *sweep, struct axis *axis, const struct setting *placed)
{
    struct arena *arena = sweep->reader->arena;
    struct axis_value *value = &axis->values[axis->n_values];
    const char *text = value_text(arena, placed);
    *value = (struct axis_value){
        .setting = placed,
        .text = text,
        .id = make_id(arena, text),
        .words = arena_printf(arena, "%s %s", key_words(arena, placed->name), text)};
    for (size_t i = 0; i < axis->n_values; ++i) {
        if (strcmp(axis->values[i].id, value->id) == 0) {
            setting_complain(sweep->reader->diagnostics, placed, DIAGNOSTIC_E662,
                             "each value once, and different in letters and digits",
                             "remove one of the two", "\"%s\" stands there twice", text);
            return;
        }
    }
    ++axis->n_values;
}

/* ---- areas ---- */

static void add_area(const struct sweep *sweep, struct axis *axis, const struct setting *value,
                     const struct area_match *match)
{
    struct setting *placed = place_value(sweep, axis, value);
    size_t n_values = axis->n_values;
    placed->text = match->area != NULL ? match->area->id : match->list->id;
    add_value(sweep, axis, placed);
    if (axis->n_values > n_values) {
        axis->values[n_values].words =
            match->area != NULL ? match->area->label : match->list->label;
    }
}

/* A list by itself stands for its members; in an array it is one value, like an area. */
static void read_area(const struct sweep *sweep, struct axis *axis, const struct setting *value,
                      bool spread)
{
    const struct library *library = sweep->reader->library;
    if (!schema_check_value(value, "scenario", "area", sweep->reader->diagnostics) ||
        !setting_is_text(value)) {
        return;
    }
    const struct area_match match = area_find(library, value->text);
    if (match.list != NULL && spread) {
        for (size_t i = 0; i < match.list->n_members; ++i) {
            const struct area_match member = {.area = match.list->members[i]};
            add_area(sweep, axis, value, &member);
        }
    } else if (match.area != NULL || match.list != NULL) {
        add_area(sweep, axis, value, &match);
    } else {
        area_complain(library, value, sweep->reader->diagnostics);
    }
}

/* ---- keys ---- */

static bool is_scenario_key(const char *key)
{
    for (size_t i = 0; i < N_SCENARIO_KEYS; ++i) {
        if (strcmp(scenario_keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static void complain_key(const struct sweep *sweep, const struct setting *setting)
{
    const struct model *model = sweep->model;
    struct arena *arena = sweep->reader->arena;
    const char **known = arena_array(arena, model->n_inputs + N_SCENARIO_KEYS, sizeof *known);
    for (size_t i = 0; i < N_SCENARIO_KEYS; ++i) {
        known[i] = scenario_keys[i];
    }
    for (size_t i = 0; i < model->n_inputs; ++i) {
        known[N_SCENARIO_KEYS + i] = model->inputs[i].id;
    }
    layer_complain(
        sweep->reader->diagnostics, setting, DIAGNOSTIC_E660,
        arena_printf(arena,
                     "area, start_year, funded_years, horizon_years, or an input of "
                     "the model \"%s\"",
                     model->id),
        layer_suggest(arena, text_nearest(setting->name, known, model->n_inputs + N_SCENARIO_KEYS),
                      "remove it"),
        "for_each cannot go over `%s`", setting->name);
}

/* Reports a key that is stated elsewhere or that the population fills. */
static bool is_taken(const struct sweep *sweep, const struct setting *setting, bool is_input)
{
    const struct setting *population = setting_find(sweep->scenario, "population");
    const struct setting *home =
        is_input ? setting_find(sweep->scenario, "inputs") : sweep->scenario;
    const struct setting *stated = setting_find(home, setting->name);
    struct arena *arena = sweep->reader->arena;
    if (stated != NULL) {
        layer_complain(sweep->reader->diagnostics, setting, DIAGNOSTIC_E661,
                       "a key that the scenario does not state itself", "remove one of the two",
                       "`%s` is stated at %s already", setting->name,
                       layer_place_words(arena, stated));
        return true;
    }
    bool filled = is_input && setting_is_group(population) &&
                  strcmp(field_text(population, "input", "eligible"), setting->name) == 0;
    if (filled) {
        layer_complain(sweep->reader->diagnostics, setting, DIAGNOSTIC_E652,
                       "inputs other than the one that the population fills",
                       "remove it, or remove population",
                       "the population fills \"%s\" already, at %s", setting->name,
                       layer_place_words(arena, population));
    }
    return filled;
}

static bool is_too_many(struct sweep *sweep, const struct setting *setting)
{
    bool array = setting->type == SETTING_ARRAY || setting->type == SETTING_LIST;
    if (!array || setting->n_children <= MOST_INSTANCES) {
        return false;
    }
    layer_complain(sweep->reader->diagnostics, setting, DIAGNOSTIC_E663, "at most 2,000 instances",
                   "sweep fewer values", "%zu values of `%s`", setting->n_children, setting->name);
    sweep->unusable = true;
    return true;
}

static void read_values(struct sweep *sweep, struct axis *axis)
{
    const struct setting *setting = axis->setting;
    const char *group = axis->is_input ? "input_values" : "scenario";
    bool area = strcmp(setting->name, "area") == 0;
    bool array = setting->type == SETTING_ARRAY || setting->type == SETTING_LIST;
    for (size_t i = 0; array && i < setting->n_children; ++i) {
        const struct setting *placed = place_value(sweep, axis, setting->children[i]);
        if (area) {
            read_area(sweep, axis, placed, false);
        } else if (schema_check_value(placed, group, placed->name, sweep->reader->diagnostics)) {
            add_value(sweep, axis, placed);
        }
    }
    if (area && setting_is_text(setting)) {
        read_area(sweep, axis, place_value(sweep, axis, setting), true);
    }
}

static size_t count_members(const struct sweep *sweep, const struct setting *setting)
{
    const struct area_match match = setting_is_text(setting)
                                        ? area_find(sweep->reader->library, setting->text)
                                        : (struct area_match){.area = NULL};
    return match.list != NULL ? match.list->n_members : setting->n_children;
}

static void read_axis(struct sweep *sweep, const struct setting *setting)
{
    bool is_input = !is_scenario_key(setting->name);
    const struct model *model = sweep->model;
    const struct setting *declared = model != NULL ? setting_find(model->setting, "inputs") : NULL;
    if (is_input && setting_find(declared, setting->name) == NULL) {
        if (model != NULL) {
            complain_key(sweep, setting);
        }
        return;
    }
    if (is_taken(sweep, setting, is_input) || is_too_many(sweep, setting)) {
        return;
    }
    struct arena *arena = sweep->reader->arena;
    struct axis *axis = &sweep->axes[sweep->n_axes];
    *axis = (struct axis){
        .key = is_input ? arena_printf(arena, "inputs.%s", setting->name) : setting->name,
        .setting = setting,
        .is_input = is_input,
        .values = arena_array(arena, count_members(sweep, setting) + 1, sizeof *axis->values)};
    read_values(sweep, axis);
    sweep->unusable = sweep->unusable || axis->n_values == 0;
    sweep->n_axes += axis->n_values > 0 ? 1 : 0;
}

/* ---- instances ---- */

static const struct setting *with_children(struct arena *arena, const struct setting *group,
                                           const struct setting *const *children, size_t n_children)
{
    struct setting *copy = arena_alloc(arena, sizeof *copy);
    *copy = *group;
    copy->children = children;
    copy->n_children = n_children;
    return copy;
}

/* `inputs` with those of the instance; where the scenario has none, as if for_each stood for it. */
static const struct setting *make_inputs(const struct sweep *sweep,
                                         const struct setting *const *values, size_t n_values)
{
    struct arena *arena = sweep->reader->arena;
    const struct setting *inputs = setting_find(sweep->scenario, "inputs");
    struct setting made = *sweep->for_each;
    made.name = "inputs";
    made.path = arena_printf(arena, "%s.inputs", sweep->scenario->path);
    made.n_children = 0;
    if (setting_is_group(inputs)) {
        made = *inputs;
    }
    size_t n_own = made.n_children;
    const struct setting **children = arena_array(arena, n_own + n_values + 1, sizeof *children);
    for (size_t i = 0; i < n_own; ++i) {
        children[i] = made.children[i];
    }
    for (size_t i = 0; i < n_values; ++i) {
        children[n_own + i] = values[i];
    }
    return with_children(arena, &made, children, n_own + n_values);
}

static const struct setting *make_scenario(const struct sweep *sweep, const size_t *at)
{
    struct arena *arena = sweep->reader->arena;
    const struct setting *scenario = sweep->scenario;
    const struct setting **children =
        arena_array(arena, scenario->n_children + sweep->n_axes + 1, sizeof *children);
    const struct setting **inputs = arena_array(arena, sweep->n_axes + 1, sizeof *inputs);
    size_t n = 0, n_inputs = 0;
    for (size_t i = 0; i < sweep->n_axes; ++i) {
        const struct setting *value = sweep->axes[i].values[at[i]].setting;
        if (sweep->axes[i].is_input) {
            inputs[n_inputs++] = value;
        } else {
            children[n++] = value;
        }
    }
    for (size_t i = 0; i < scenario->n_children; ++i) {
        const struct setting *child = scenario->children[i];
        bool replaced =
            child == sweep->for_each || (n_inputs > 0 && strcmp(child->name, "inputs") == 0);
        if (!replaced) {
            children[n++] = child;
        }
    }
    if (n_inputs > 0) {
        children[n++] = make_inputs(sweep, inputs, n_inputs);
    }
    return with_children(arena, scenario, children, n);
}

static struct instance make_instance(const struct sweep *sweep, const size_t *at)
{
    struct arena *arena = sweep->reader->arena;
    struct instance_key *keys = arena_array(arena, sweep->n_axes + 1, sizeof *keys);
    struct text id, title;
    text_init(&id);
    text_init(&title);
    text_append(&id, sweep->family);
    text_append(&title, field_text(sweep->scenario, "title", ""));
    for (size_t i = 0; i < sweep->n_axes; ++i) {
        const struct axis *axis = &sweep->axes[i];
        const struct axis_value *value = &axis->values[at[i]];
        keys[i] = (struct instance_key){.key = axis->key, .value = value->text};
        text_printf(&id, "--%s-%s", axis->setting->name, value->id);
        text_printf(&title, "%s%s", i == 0 ? " \xE2\x80\x94 " : ", ", value->words);
    }
    const struct instance instance = {.id = arena_copy_text(arena, id.bytes),
                                      .family = sweep->family,
                                      .title = arena_copy_text(arena, title.bytes),
                                      .keys = keys,
                                      .n_keys = sweep->n_axes};
    text_clear(&id);
    text_clear(&title);
    return instance;
}

/* The next combination, the last key fastest; false after the last. */
static bool advance(const struct sweep *sweep, size_t *at)
{
    for (size_t i = sweep->n_axes; i > 0; --i) {
        if (++at[i - 1] < sweep->axes[i - 1].n_values) {
            return true;
        }
        at[i - 1] = 0;
    }
    return false;
}

static void add_scenario(struct scenario_list *scenarios, struct arena *arena,
                         const struct scenario *scenario)
{
    if (scenario != NULL) {
        scenarios->items = arena_grow(arena, scenarios->items, scenarios->n_items,
                                      &scenarios->capacity, sizeof *scenarios->items);
        scenarios->items[scenarios->n_items++] = scenario;
    }
}

/* Too many are said, and one is read, so that other mistakes show as well. */
static bool check_number(const struct sweep *sweep)
{
    double n = 1.0;
    size_t longest = strlen(sweep->family);
    for (size_t i = 0; i < sweep->n_axes; ++i) {
        const struct axis *axis = &sweep->axes[i];
        size_t widest = 0;
        for (size_t k = 0; k < axis->n_values; ++k) {
            size_t width = strlen(axis->values[k].id);
            widest = width > widest ? width : widest;
        }
        n *= (double)axis->n_values;
        longest += strlen(axis->setting->name) + widest + 3;
    }
    if (n > MOST_INSTANCES) {
        layer_complain(sweep->reader->diagnostics, sweep->for_each, DIAGNOSTIC_E663,
                       "at most 2,000 instances", "sweep fewer values, or fewer keys",
                       "%.0f combinations", n);
    } else if (longest > LONGEST_ID) {
        layer_complain(sweep->reader->diagnostics, sweep->for_each, DIAGNOSTIC_E663,
                       "names of at most 200 characters", "sweep fewer keys, or shorten the names",
                       "the longest name of an instance has %zu characters", longest);
    } else {
        return true;
    }
    return false;
}

static void read_instances(struct sweep *sweep, struct scenario_list *scenarios)
{
    struct scenario_reader *reader = sweep->reader;
    sweep->axes = arena_array(reader->arena, sweep->for_each->n_children + 1, sizeof *sweep->axes);
    sweep->model = scenario_read_model_name(reader, sweep->scenario);
    for (size_t i = 0; i < sweep->for_each->n_children; ++i) {
        read_axis(sweep, sweep->for_each->children[i]);
    }
    if (sweep->unusable) {
        return;
    }
    size_t *at = arena_array(reader->arena, sweep->n_axes + 1, sizeof *at);
    bool all = check_number(sweep);
    do {
        const struct instance instance = make_instance(sweep, at);
        add_scenario(scenarios, reader->arena,
                     scenario_read(reader, sweep->document, make_scenario(sweep, at), &instance));
    } while (all && advance(sweep, at));
}

void scenario_read_document(struct scenario_reader *reader, const struct document *document,
                            struct scenario_list *scenarios)
{
    const struct setting *group = setting_find(document->root, "scenario");
    if (!setting_is_group(group)) {
        return;
    }
    const char *id = file_id(reader, document, group);
    struct sweep sweep = {.reader = reader,
                          .document = document,
                          .scenario = group,
                          .for_each = setting_find(group, "for_each"),
                          .family = id};
    if (setting_is_group(sweep.for_each) && sweep.for_each->n_children > 0) {
        read_instances(&sweep, scenarios);
        return;
    }
    const struct instance instance = {.id = id, .title = field_text(group, "title", "")};
    add_scenario(scenarios, reader->arena, scenario_read(reader, document, group, &instance));
}
