#include "plan/fingerprint.h"

#include "base/digest.h"
#include "base/text.h"
#include "plan/plan_bundle.h"
#include "reader/schema.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct printing {
    struct arena *arena; /* of the caller */
    struct arena scratch;
    const struct library *library;
    struct fingerprint_part *parts;
    size_t n_parts, capacity;
    struct text all; /* every part's text, to look for names in */
};

/* ---- canonical text ---- */

static void put_number(struct text *out, double value)
{
    char words[32];
    text_format_exact(words, value == 0.0 ? 0.0 : value); /* -0 is 0 */
    text_append(out, words[0] != '\0' ? words : "none");
}

static void put_quoted(struct text *out, const char *words)
{
    text_append(out, "\"");
    for (; *words != '\0'; ++words) {
        text_append(out, *words == '"' || *words == '\\' ? "\\" : "");
        text_append_span(out, words, 1);
    }
    text_append(out, "\"");
}

/* A formula as its tree, whatever its blanks, brackets and forms of numbers. */
static void put_text(struct printing *printing, struct text *out, const struct setting *setting,
                     const struct schema_key *key)
{
    const struct expression *tree = NULL;
    if (key != NULL && (key->types & SCHEMA_EXPRESSION) != 0) {
        struct diagnostics ignored;
        diagnostics_init(&ignored, &printing->scratch);
        tree = expression_parse(&printing->scratch, setting, &ignored);
    }
    put_quoted(out, tree != NULL ? expression_format(&printing->scratch, tree) : setting->text);
}

static int compare_names(const void *left, const void *right)
{
    const struct setting *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static bool is_left_out(const char *const *without, const char *name)
{
    for (size_t i = 0; without != NULL && without[i] != NULL; ++i) {
        if (strcmp(without[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void put_value(struct printing *printing, struct text *out, const struct setting *setting,
                      const struct schema_key *key, const char *const *without);

/* Keys by name; `without` holds for the outermost group alone. */
static void put_group(struct printing *printing, struct text *out, const struct setting *setting,
                      const struct schema_group *group, const char *const *without)
{
    const struct setting **children =
        arena_array(&printing->scratch, setting->n_children + 1, sizeof(const struct setting *));
    size_t n = 0;
    for (size_t i = 0; i < setting->n_children; ++i) {
        const struct setting *child = setting->children[i];
        const struct schema_key *key = group != NULL ? schema_key_find(group, child->name) : NULL;
        if (!is_left_out(without, child->name) && (key == NULL || !key->silent)) {
            children[n++] = child;
        }
    }
    qsort((void *)children, n, sizeof *children, compare_names);
    text_append(out, "{");
    for (size_t i = 0; i < n; ++i) {
        text_append(out, children[i]->name);
        text_append(out, "=");
        put_value(printing, out, children[i],
                  group != NULL ? schema_key_find(group, children[i]->name) : NULL, NULL);
        text_append(out, ";");
    }
    text_append(out, "}");
}

static void put_value(struct printing *printing, struct text *out, const struct setting *setting,
                      const struct schema_key *key, const char *const *without)
{
    const struct schema_group *group =
        key != NULL && key->group != NULL ? schema_group_find(key->group) : NULL;
    switch (setting->type) {
    case SETTING_GROUP:
        put_group(printing, out, setting, group, without);
        return;
    case SETTING_LIST:
        text_append(out, "(");
        for (size_t i = 0; i < setting->n_children; ++i) {
            const struct setting *child = setting->children[i];
            if (child->type == SETTING_GROUP) {
                put_group(printing, out, child, group, NULL);
            } else {
                put_value(printing, out, child, key, NULL);
            }
            text_append(out, ",");
        }
        text_append(out, ")");
        return;
    case SETTING_ARRAY:
        text_append(out, "[");
        for (size_t i = 0; i < setting->n_children; ++i) {
            put_value(printing, out, setting->children[i], key, NULL);
            text_append(out, ",");
        }
        text_append(out, "]");
        return;
    case SETTING_TEXT:
        put_text(printing, out, setting, key);
        return;
    case SETTING_INTEGER:
    case SETTING_NUMBER:
        put_number(out, setting->number);
        return;
    case SETTING_BOOLEAN:
        text_append(out, setting->number != 0.0 ? "true" : "false");
        return;
    }
}

static void put_named_group(struct printing *printing, struct text *out,
                            const struct setting *setting, const char *group,
                            const char *const *without)
{
    put_group(printing, out, setting, schema_group_find(group), without);
}

/* ---- hashes ---- */

bool fingerprint_is_one(const char *words)
{
    return strlen(words) == FINGERPRINT_DIGITS &&
           strspn(words, "0123456789abcdef") == FINGERPRINT_DIGITS;
}

/* Takes the text and clears it. */
static void add_part(struct printing *printing, const char *kind, const char *name,
                     struct text *text)
{
    printing->parts = arena_grow(printing->arena, printing->parts, printing->n_parts,
                                 &printing->capacity, sizeof *printing->parts);
    struct fingerprint_part *part = &printing->parts[printing->n_parts++];
    *part = (struct fingerprint_part){.kind = kind, .name = arena_copy_text(printing->arena, name)};
    digest_digits_of(part->sha256, text->bytes, text->n_bytes);
    text_append(&printing->all, text->bytes != NULL ? text->bytes : "");
    text_clear(text);
}

static int compare_parts(const void *left, const void *right)
{
    const struct fingerprint_part *a = left, *b = right;
    int by_kind = strcmp(a->kind, b->kind);
    int by_name = strcmp(a->name, b->name);
    return by_kind != 0 ? by_kind : by_name != 0 ? by_name : strcmp(a->sha256, b->sha256);
}

static void start(struct printing *printing, struct arena *arena, const struct library *library)
{
    *printing = (struct printing){.arena = arena, .library = library};
    arena_init(&printing->scratch);
    text_init(&printing->all);
}

static struct fingerprint finish(struct printing *printing)
{
    struct fingerprint fingerprint = {.parts = printing->parts, .n_parts = printing->n_parts};
    struct text lines;
    text_init(&lines);
    if (printing->n_parts > 1) {
        qsort(printing->parts, printing->n_parts, sizeof *printing->parts, compare_parts);
    }
    text_append(&lines, "fingerprint 1\n");
    for (size_t i = 0; i < printing->n_parts; ++i) {
        const struct fingerprint_part *part = &printing->parts[i];
        text_printf(&lines, "%s %s %s\n", part->kind, part->name, part->sha256);
    }
    digest_digits_of(fingerprint.sha256, lines.bytes, lines.n_bytes);
    text_clear(&lines);
    text_clear(&printing->all);
    arena_clear(&printing->scratch);
    return fingerprint;
}

/* ---- parts ---- */

static void add_conventions(struct printing *printing, const struct conventions *conventions)
{
    static const char *const timings[] = {"start", "mid", "end"};
    struct text text;
    text_init(&text);
    text_printf(&text, "perspective=%s;price_year=%d;timing=%s;monetise_qalys=%d;",
                conventions->perspective, conventions->price_year, timings[conventions->timing],
                conventions->monetise_qalys ? 1 : 0);
    add_part(printing, "conventions", "", &text);
    text_init(&text);
    put_named_group(printing, &text, conventions->appraisal->setting, "pack", NULL);
    add_part(printing, "pack", conventions->appraisal->id, &text);
    text_init(&text);
    put_named_group(printing, &text, conventions->deflator->setting, "pack", NULL);
    add_part(printing, "pack", conventions->deflator->id, &text);
    if (conventions->optimism != NULL) {
        text_init(&text);
        put_named_group(printing, &text, conventions->optimism->setting, "pack", NULL);
        add_part(printing, "pack", conventions->optimism->id, &text);
    }
}

/* The years that a portfolio gives its programmes differ from those of the scenario's file. */
static void put_years(struct text *text, const struct scenario *scenario)
{
    text_printf(text, "start=%d;funded=%zu;recurrent=%d;horizon=%zu;cycles=%zu;delay=%zu;",
                scenario->start_year, scenario->funded_years, scenario->recurrent ? 1 : 0,
                scenario->horizon_years, scenario->n_cycles, scenario->delay_years);
    text_append(text, "scale=");
    put_number(text, scenario->scale);
    text_printf(text, ";fixed=%d;", scenario->scales_fixed_costs ? 1 : 0);
}

static void put_people(struct text *text, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_groups; ++i) {
        const struct scenario_group *group = &scenario->groups[i];
        text_printf(text, "%s q%zu ", group->area != NULL ? group->area->id : "", group->quintile);
        put_number(text, group->people);
        text_append(text, ";");
    }
}

/* Inputs, overrides and conventions are parts of their own; the years are in force as resolved. */
static void add_scenario(struct printing *printing, const struct scenario *scenario)
{
    static const char *const without[] = {"inputs",        "override",   "conventions",
                                          "decision",      "start_year", "funded_years",
                                          "horizon_years", "for_each",   NULL};
    const struct setting *decision = setting_find(scenario->setting, "decision");
    struct text text;
    text_init(&text);
    put_years(&text, scenario);
    put_named_group(printing, &text, scenario->setting, "scenario", without);
    add_part(printing, "scenario", "", &text);
    if (scenario->population.setting != NULL) {
        text_init(&text);
        put_people(&text, scenario);
        add_part(printing, "people", "", &text);
    }
    if (decision != NULL) {
        text_init(&text);
        put_named_group(printing, &text, decision, "decision", NULL);
        add_part(printing, "decision", "", &text);
    }
}

/* What each input is worth: the scenario's value, else the model's default. */
static void add_inputs(struct printing *printing, const struct scenario *scenario)
{
    static const struct schema_key value_key = {.name = "value", .group = "distribution"};
    for (size_t i = 0; i < scenario->model->n_inputs; ++i) {
        const struct input_value *value = &scenario->inputs[i];
        const struct setting *setting = value->setting;
        struct text text;
        if (setting == NULL) {
            setting = setting_find(value->input->setting, "default");
        }
        if (setting != NULL && setting != scenario->population.setting) {
            text_init(&text);
            put_value(printing, &text, setting, &value_key, NULL);
            add_part(printing, "input", value->input->id, &text);
        }
    }
}

static const char *model_schema(const struct model *model)
{
    if (model->health == NULL) {
        return "model";
    }
    return model->health->kind == HEALTH_COHORT ? "cohort_model"
           : model->health->kind == HEALTH_TREE ? "tree_model"
                                                : "life_table_model";
}

/* `own`: the scenario's model, whose inputs have values as parts of their own. */
static void add_model(struct printing *printing, const struct model *model, bool own)
{
    static const char *const without[] = {"inputs", NULL};
    static const char *const input_without[] = {"default", NULL};
    const struct setting *inputs = setting_find(model->setting, "inputs");
    struct text text;
    text_init(&text);
    put_named_group(printing, &text, model->setting, model_schema(model), without);
    for (size_t i = 0; i < model->n_inputs; ++i) {
        text_append(&text, model->inputs[i].id);
        put_named_group(printing, &text, setting_find(inputs, model->inputs[i].id), "input",
                        own ? input_without : NULL);
    }
    add_part(printing, "model", model->id, &text);
}

static void add_models(struct printing *printing, const struct model *model)
{
    add_model(printing, model, true);
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        bool done = false;
        for (size_t k = 0; k < i; ++k) {
            done = done || model->health_gains[k].model == model->health_gains[i].model;
        }
        if (!done) {
            add_model(printing, model->health_gains[i].model, false);
        }
    }
}

/* An item with its override's value instead of its own. */
static void add_evidence(struct printing *printing, const struct plan_use *use)
{
    static const char *const without[] = {"value", NULL};
    static const struct schema_key value_key = {.name = "value", .group = "distribution"};
    const struct setting *setting = use->parameter->setting;
    const struct setting *value =
        use->override != NULL ? setting_find(use->override->setting, "value") : NULL;
    struct text text;
    text_init(&text);
    put_named_group(printing, &text, setting, "evidence_item", value != NULL ? without : NULL);
    if (value != NULL) {
        put_value(printing, &text, value, &value_key, NULL);
    }
    add_part(printing, "evidence", use->parameter->identity, &text);
}

static void add_draws(struct printing *printing, const struct plan *plan)
{
    for (size_t i = 0; i < plan->n_columns; ++i) {
        const struct plan_column *column = &plan->columns[i];
        struct text text;
        text_init(&text);
        text_printf(&text, "%zu", column->dimension);
        add_part(printing, "dimension", column->identity, &text);
        bool done = column->correlation == NULL;
        for (size_t k = 0; k < i && !done; ++k) {
            done = plan->columns[k].correlation == column->correlation;
        }
        if (!done) {
            text_init(&text);
            put_named_group(printing, &text, column->correlation->setting, "correlation", NULL);
            add_part(printing, "correlation", column->correlation->id, &text);
        }
    }
}

/* Whether a name stands anywhere in what was gathered: as a key, or as a text. */
static bool is_named(const struct printing *printing, const char *name)
{
    const char *all = printing->all.bytes != NULL ? printing->all.bytes : "";
    size_t n = strlen(name);
    for (const char *at = strstr(all, name); at != NULL; at = strstr(at + 1, name)) {
        bool begins = at > all && strchr("{;\"", at[-1]) != NULL;
        if (begins && (at[n] == '=' || at[n] == '"')) {
            return true;
        }
    }
    return false;
}

/* Names of data tables stand in formulas: table(NAME, ...). */
static bool is_looked_up(const struct printing *printing, const char *id)
{
    const char *all = printing->all.bytes != NULL ? printing->all.bytes : "";
    size_t n = strlen(id);
    for (const char *at = strstr(all, "table("); at != NULL; at = strstr(at + 1, "table(")) {
        if (strncmp(at + strlen("table("), id, n) == 0 && strchr(", )", at[6 + n]) != NULL) {
            return true;
        }
    }
    return false;
}

static void add_table(struct printing *printing, const struct data_table *table)
{
    struct text text;
    size_t n = 1;
    text_init(&text);
    put_named_group(printing, &text, table->setting, "table", NULL);
    for (size_t i = 0; i < table->n_indexes; ++i) {
        const struct table_index *index = &table->indexes[i];
        for (size_t k = 0; k < index->n_keys; ++k) {
            put_number(&text, index->keys[k]);
            text_append(&text, ",");
        }
        n *= index->n_keys;
    }
    for (size_t i = 0; i < n; ++i) {
        put_number(&text, table->values[i]);
        text_append(&text, ",");
    }
    add_part(printing, "table", table->id, &text);
}

static void add_tables(struct printing *printing)
{
    const struct tables *tables = printing->library->tables;
    for (size_t i = 0; i < tables->n_tables; ++i) {
        if (is_looked_up(printing, tables->tables[i].id)) {
            add_table(printing, &tables->tables[i]);
        }
    }
}

static void add_sectors(struct printing *printing, const struct plan *plan)
{
    const struct sectors *sectors = printing->library->sectors;
    struct text text;
    for (size_t i = 0; i < sectors->n_groups; ++i) {
        if (is_named(printing, sectors->groups[i].id)) {
            text_init(&text);
            put_named_group(printing, &text, sectors->groups[i].setting, "sector_group", NULL);
            add_part(printing, "sector_group", sectors->groups[i].id, &text);
        }
    }
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        const struct sector *sector = &sectors->sectors[plan->whos[who].sector];
        text_init(&text);
        for (size_t i = 0; i < sectors->n_perspectives; ++i) {
            if ((sector->perspectives & (UINT32_C(1) << i)) != 0) {
                text_append(&text, sectors->perspectives[i].id);
                text_append(&text, ";");
            }
        }
        add_part(printing, "sector", sector->id, &text);
    }
}

struct fingerprint plan_fingerprint(struct arena *arena, const struct plan *plan)
{
    struct printing printing;
    const struct scenario *scenario = plan->scenario;
    start(&printing, arena, plan->library);
    add_conventions(&printing, &scenario->conventions);
    add_scenario(&printing, scenario);
    add_inputs(&printing, scenario);
    add_models(&printing, scenario->model);
    for (size_t i = 0; i < plan->n_demands; ++i) {
        struct text text;
        text_init(&text);
        put_named_group(&printing, &text, plan->demands[i].demand->setting, "demand", NULL);
        add_part(&printing, "demand", plan->demands[i].demand->id, &text);
    }
    for (size_t i = 0; i < plan->n_uses; ++i) {
        if (plan->uses[i].parameter != NULL) {
            add_evidence(&printing, &plan->uses[i]);
        }
    }
    add_draws(&printing, plan);
    add_sectors(&printing, plan);
    add_tables(&printing);
    return finish(&printing);
}

/* The parts of a programme, and how it takes part. */
static void add_member(struct printing *printing, const struct plan *bundle,
                       const struct plan_member *member)
{
    const struct fingerprint own = plan_fingerprint(&printing->scratch, member->plan);
    const struct plan_player *player = &bundle->bundle->players[member->player];
    struct text text;
    text_init(&text);
    text_printf(&text, "level=%zu;qalys=", member->level);
    put_number(&text, member->qaly_factor);
    text_printf(&text, ";%s", own.sha256);
    add_part(printing, "programme", player->programme->id, &text);
    for (size_t i = 0; i < own.n_parts; ++i) {
        printing->parts = arena_grow(printing->arena, printing->parts, printing->n_parts,
                                     &printing->capacity, sizeof *printing->parts);
        struct fingerprint_part *part = &printing->parts[printing->n_parts++];
        *part = own.parts[i];
        part->name = arena_copy_text(printing->arena, own.parts[i].name);
    }
}

/* Programmes of a sweep share most of their parts: each is kept once. */
static void drop_repeated_parts(struct printing *printing)
{
    size_t n = 0;
    if (printing->n_parts > 1) {
        qsort(printing->parts, printing->n_parts, sizeof *printing->parts, compare_parts);
    }
    for (size_t i = 0; i < printing->n_parts; ++i) {
        if (n == 0 || compare_parts(&printing->parts[n - 1], &printing->parts[i]) != 0) {
            printing->parts[n++] = printing->parts[i];
        }
    }
    printing->n_parts = n;
}

struct fingerprint bundle_fingerprint(struct arena *arena, const struct plan *plan)
{
    static const char *const without[] = {"conventions", NULL};
    const struct portfolio *portfolio = plan->bundle->portfolio;
    struct printing printing;
    struct text text;
    start(&printing, arena, plan->library);
    for (size_t i = 0; i < plan->bundle->n_members; ++i) {
        add_member(&printing, plan, &plan->bundle->members[i]);
    }
    text_init(&text);
    text_printf(&text, "start=%d;horizon=%zu;overlap=%s;", portfolio->start_year,
                portfolio->horizon_years, overlap_form_name(portfolio->overlap_default));
    /* the total of a sweep has no settings of its own: its setting is the first scenario's */
    if (portfolio->setting != portfolio->programmes[0].setting) {
        put_named_group(&printing, &text, portfolio->setting, "portfolio", without);
    }
    add_part(&printing, "portfolio", "", &text);
    drop_repeated_parts(&printing);
    return finish(&printing);
}

/* Of a scenario that is planned for it alone; empty where it cannot be. */
static struct fingerprint fingerprint_planned(struct arena *arena, const struct library *library,
                                              const struct scenario *scenario)
{
    static const struct plan_options options = {.measure_set = MEASURE_SET_NET_ALL};
    struct diagnostics ignored;
    struct arena scratch;
    arena_init(&scratch);
    diagnostics_init(&ignored, &scratch);
    const struct plan *plan = plan_build(&scratch, library, scenario, &options, &ignored);
    struct fingerprint fingerprint = {.n_parts = 0};
    if (plan != NULL) {
        fingerprint = plan_fingerprint(arena, plan);
    }
    arena_clear(&scratch);
    return fingerprint;
}

static bool add_planned(struct printing *printing, const char *kind, const char *name,
                        const struct scenario *scenario)
{
    const struct fingerprint fingerprint =
        fingerprint_planned(&printing->scratch, printing->library, scenario);
    struct text text;
    text_init(&text);
    text_append(&text, fingerprint.sha256);
    add_part(printing, kind, name, &text);
    return fingerprint.n_parts > 0;
}

struct fingerprint scenario_fingerprint(struct arena *arena, const struct library *library,
                                        const struct scenario *scenario)
{
    if (scenario->family == NULL) {
        return fingerprint_planned(arena, library, scenario);
    }
    struct printing printing;
    bool good = true;
    start(&printing, arena, library);
    for (size_t i = 0; good && i < library->n_all_scenarios; ++i) {
        if (library->all_scenarios[i]->document == scenario->document) {
            good = add_planned(&printing, "scenario", library->all_scenarios[i]->id,
                               library->all_scenarios[i]);
        }
    }
    const struct fingerprint all = finish(&printing);
    return good ? all : (struct fingerprint){.n_parts = 0};
}

struct fingerprint portfolio_fingerprint(struct arena *arena, const struct library *library,
                                         const struct portfolio *portfolio)
{
    static const char *const without[] = {"conventions", NULL};
    struct printing printing;
    struct text text;
    bool good = true;
    start(&printing, arena, library);
    add_conventions(&printing, &portfolio->conventions);
    text_init(&text);
    put_named_group(&printing, &text, portfolio->setting, "portfolio", without);
    for (size_t i = 0; portfolio->equity.people != NULL && i < N_QUINTILES; ++i) {
        put_number(&text, portfolio->equity.people[i]);
        text_append(&text, ";");
    }
    add_part(&printing, "portfolio", "", &text);
    for (size_t i = 0; good && i < portfolio->n_programmes; ++i) {
        const struct portfolio_programme *programme = &portfolio->programmes[i];
        good = add_planned(&printing, "programme", programme->id, programme->levels[0]);
    }
    const struct fingerprint all = finish(&printing);
    return good ? all : (struct fingerprint){.n_parts = 0};
}
