/* Scenarios from documents to structs. */
#include "base/text.h"
#include "reader/schema.h"
#include "scenario/scenario_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t scenario_pool_index(const struct scenario *scenario, const char *id)
{
    for (size_t i = 0; i < scenario->n_pools; ++i) {
        if (strcmp(scenario->pools[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

const struct model *scenario_read_model_name(const struct scenario_reader *reader,
                                             const struct setting *group)
{
    const struct setting *setting = setting_find(group, "model");
    const struct models *models = reader->library->models;
    if (!setting_is_text(setting)) {
        return NULL;
    }
    const struct model *model = model_find(models, setting->text);
    if (model != NULL) {
        return model;
    }
    const char **ids = arena_array(reader->arena, models->n_models, sizeof *ids);
    for (size_t i = 0; i < models->n_models; ++i) {
        ids[i] = models->models[i].id;
    }
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E606,
                     "a model: the name of a folder under models/",
                     layer_suggest(reader->arena,
                                   text_nearest(setting->text, ids, models->n_models),
                                   "see `dividend list models`"),
                     "no model is named \"%s\"", setting->text);
    return NULL;
}

static void complain_input(const struct scenario_reader *reader, const struct setting *setting,
                           const struct model *model)
{
    const char **ids = arena_array(reader->arena, model->n_inputs, sizeof *ids);
    for (size_t i = 0; i < model->n_inputs; ++i) {
        ids[i] = model->inputs[i].id;
    }
    const struct setting *declared = setting_find(model->setting, "inputs");
    if (setting_find(declared, setting->name) != NULL) {
        return;
    }
    layer_complain(reader->diagnostics, setting, DIAGNOSTIC_E607,
                   arena_printf(reader->arena, "an input of the model \"%s\"", model->id),
                   layer_suggest(reader->arena, text_nearest(setting->name, ids, model->n_inputs),
                                 "remove it; evidence is changed by override = ( ... )"),
                   "the model has no input named \"%s\"", setting->name);
}

static void check_input_range(const struct scenario_reader *reader, const struct input_value *value)
{
    const struct model_input *input = value->input;
    const struct distribution *given = &value->distribution;
    bool fixed = given->family == DISTRIBUTION_FIXED;
    double low = fixed ? given->p[0] : given->q025, high = fixed ? given->p[0] : given->q975;
    if (!(low < input->min || high > input->max)) {
        return;
    }
    char bounds[2][32];
    text_format_exact(bounds[0], input->min);
    text_format_exact(bounds[1], input->max);
    const char *allowed =
        arena_printf(reader->arena, "from %s to %s %s", bounds[0], bounds[1], input->unit);
    if (isinf(input->max)) {
        allowed = arena_printf(reader->arena, "at least %s %s", bounds[0], input->unit);
    } else if (isinf(input->min)) {
        allowed = arena_printf(reader->arena, "at most %s %s", bounds[1], input->unit);
    }
    setting_complain(reader->diagnostics, value->setting, DIAGNOSTIC_E609, allowed,
                     fixed ? "check the figure and its unit"
                           : "its 95 % interval must lie within; choose a narrower or bounded "
                             "distribution",
                     "\"%s\" is %s", input->id, distribution_describe(reader->arena, given));
}

/* People times share; groups have their own parts of it. */
static void fill_from_population(const struct scenario_reader *reader,
                                 const struct scenario *scenario, struct input_value *value)
{
    const struct setting *stated = value->setting;
    double people = 0.0, share = scenario_central_share(reader, scenario);
    for (size_t i = 0; i < scenario->n_groups; ++i) {
        people += scenario->groups[i].people;
    }
    if (stated != NULL) {
        layer_complain(reader->diagnostics, stated, DIAGNOSTIC_E652,
                       "inputs other than the one that the population fills",
                       "remove it, or remove population",
                       "the population fills \"%s\" already, at %s", value->input->id,
                       layer_place_words(reader->arena, scenario->population.setting));
    }
    value->setting = scenario->population.setting;
    value->distribution = distribution_fixed(isnan(share) ? 0.0 : people * share);
    if (people > 0.0 && !isnan(share)) {
        check_input_range(reader, value);
    }
}

static void read_input(const struct scenario_reader *reader, const struct scenario *of,
                       const struct model_input *input, struct input_value *value)
{
    const struct setting *scenario = of->setting;
    const struct setting *inputs = setting_find(scenario, "inputs");
    const struct setting *setting = setting_find(inputs, input->id);
    *value =
        (struct input_value){.input = input, .distribution = input->fallback, .setting = setting};
    if (of->population.input == input) {
        fill_from_population(reader, of, value);
        return;
    }
    if (setting_is_number(setting) || setting_is_group(setting)) {
        if (distribution_read(reader->arena, setting, &value->distribution, reader->diagnostics)) {
            check_input_range(reader, value);
        }
        return;
    }
    bool misnamed = of->population.setting != NULL && of->population.input == NULL;
    if (setting == NULL && !input->has_fallback && !misnamed) {
        layer_complain(reader->diagnostics, inputs != NULL ? inputs : scenario, DIAGNOSTIC_E608,
                       arena_printf(reader->arena, "%s, in %s", input->label, input->unit),
                       arena_printf(reader->arena, "add %s = ...; to inputs", input->id),
                       "the input \"%s\" of the model has no default and no value here", input->id);
    }
}

static void read_inputs(const struct scenario_reader *reader, struct scenario *scenario)
{
    const struct model *model = scenario->model;
    const struct setting *inputs = setting_find(scenario->setting, "inputs");
    struct input_value *values = arena_array(reader->arena, model->n_inputs, sizeof *values);
    for (size_t i = 0; i < model->n_inputs; ++i) {
        read_input(reader, scenario, &model->inputs[i], &values[i]);
    }
    scenario->inputs = values;
    for (size_t i = 0; setting_is_group(inputs) && i < inputs->n_children; ++i) {
        bool known = false;
        for (size_t k = 0; k < model->n_inputs; ++k) {
            known = known || strcmp(model->inputs[k].id, inputs->children[i]->name) == 0;
        }
        if (!known) {
            complain_input(reader, inputs->children[i], model);
        }
    }
}

static void check_pool(const struct scenario_reader *reader, const struct pool *pool)
{
    const struct sectors *sectors = reader->library->sectors;
    size_t sector = sector_index(sectors, pool->id);
    const struct sector_group *group = sector_group_find(sectors, pool->id);
    if (sector != SIZE_MAX || group != NULL) {
        const struct setting *first =
            group != NULL ? group->setting : sectors->sectors[sector].setting;
        layer_complain(reader->diagnostics, pool->setting, DIAGNOSTIC_E500,
                       "a name that no sector or group has", "rename the pool",
                       "the pool \"%s\" has the name of a %s, declared at %s", pool->id,
                       group != NULL ? "group" : "sector", layer_place_words(reader->arena, first));
    }
    for (size_t i = 0; i < pool->n_members; ++i) {
        const struct sector_reference reference = {
            .id = pool->members[i].sector,
            .setting = pool->members[i].setting,
            .at_name = true,
            .groups = true,
            .what = arena_printf(reader->arena, "the pool \"%s\"", pool->id)};
        (void)sector_check_reference(sectors, &reference, reader->diagnostics);
    }
}

static void read_pools(const struct scenario_reader *reader, struct scenario *scenario)
{
    const struct setting *group = setting_find(scenario->setting, "pools");
    size_t n_children = setting_is_group(group) ? group->n_children : 0;
    struct pool *pools = arena_array(reader->arena, n_children, sizeof *pools);
    for (size_t i = 0; i < n_children; ++i) {
        const struct setting *child = group->children[i];
        if (!setting_is_group(child)) {
            continue;
        }
        struct pool *pool = &pools[scenario->n_pools++];
        *pool = (struct pool){
            .id = child->name, .label = field_text(child, "label", child->name), .setting = child};
        pool->members =
            evidence_read_shares(reader->arena, setting_find(child, "members"), &pool->n_members);
        check_pool(reader, pool);
    }
    scenario->pools = pools;
}

static bool is_payer(const struct scenario_reader *reader, const struct scenario *scenario,
                     const char *id)
{
    const struct sectors *sectors = reader->library->sectors;
    return sector_index(sectors, id) != SIZE_MAX || sector_group_find(sectors, id) != NULL ||
           (scenario != NULL && scenario_pool_index(scenario, id) != SIZE_MAX);
}

static const char *nearest_payer(const struct scenario_reader *reader,
                                 const struct scenario *scenario, const char *id)
{
    const char **pools = arena_array(reader->arena, scenario->n_pools, sizeof *pools);
    for (size_t i = 0; i < scenario->n_pools; ++i) {
        pools[i] = scenario->pools[i].id;
    }
    return sector_nearest(reader->library->sectors, id, true, pools, scenario->n_pools);
}

static const struct cost *cost_without_payer(const struct model *model)
{
    for (size_t i = 0; i < model->n_costs; ++i) {
        const struct setting *setting = model->costs[i].setting;
        if (setting_find(setting, "payer") == NULL && setting_find(setting, "payers") == NULL) {
            return &model->costs[i];
        }
    }
    return NULL;
}

static void check_funding_needed(const struct scenario_reader *reader,
                                 const struct scenario *scenario)
{
    const struct setting *funding = setting_find(scenario->setting, "funding");
    const struct cost *open = cost_without_payer(scenario->model);
    if (open != NULL && funding == NULL) {
        layer_complain(reader->diagnostics, scenario->setting, DIAGNOSTIC_E610,
                       "shares of sectors, groups or pools that sum to 1",
                       "add funding = { public_health = 1.0; } or who else pays",
                       "nobody pays the cost \"%s\" (%s): it names no payer, and the scenario "
                       "states no funding",
                       open->name, layer_place_words(reader->arena, open->setting));
    }
    if (open == NULL && funding != NULL) {
        layer_complain(reader->diagnostics, funding, DIAGNOSTIC_W802,
                       "funding for costs that name no payer",
                       "remove it, or take the payers out of the model's costs",
                       "`funding` has no effect: every cost of the model \"%s\" names its payer",
                       scenario->model->id);
    }
}

static void read_funding(const struct scenario_reader *reader, struct scenario *scenario)
{
    scenario->funding = evidence_read_shares(
        reader->arena, setting_find(scenario->setting, "funding"), &scenario->n_funding);
    for (size_t i = 0; i < scenario->n_funding; ++i) {
        const struct share *share = &scenario->funding[i];
        if (!is_payer(reader, scenario, share->sector)) {
            layer_complain(reader->diagnostics, share->setting, DIAGNOSTIC_E611,
                           "a sector, a group of sectors or a pool of this scenario",
                           layer_suggest(reader->arena,
                                         nearest_payer(reader, scenario, share->sector),
                                         "see `dividend list sectors`, or add it to pools = { }"),
                           "no sector, group or pool is named \"%s\"", share->sector);
        }
    }
    check_funding_needed(reader, scenario);
}

const struct parameter *scenario_find_parameter(const struct scenario_reader *reader,
                                                const struct setting *name)
{
    const struct evidence *evidence = reader->library->evidence;
    size_t n_matches = 0;
    const struct parameter *parameter = evidence_find(evidence, name->text, &n_matches);
    if (parameter != NULL) {
        return parameter;
    }
    if (n_matches > 1) {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E511,
                         arena_printf(reader->arena, "one of %s",
                                      evidence_candidates(reader->arena, evidence, name->text)),
                         "write the path far enough back to tell them apart",
                         "\"%s\" may mean %zu evidence items", name->text, n_matches);
    } else {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E510, "an evidence item",
                         layer_suggest(reader->arena, evidence_nearest(evidence, name->text),
                                       "see `dividend list evidence`; inputs go into inputs = { }"),
                         "no evidence item is named \"%s\"", name->text);
    }
    return NULL;
}

static void check_override(const struct scenario_reader *reader, const struct scenario *scenario,
                           const struct override *override, const struct setting *name)
{
    if (!model_uses_parameter(scenario->model, reader->library->evidence, override->parameter) &&
        !scenario_share_uses(reader, scenario, override->parameter)) {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E612,
                         "evidence that the model, its demands or its unit costs stand on",
                         "remove the override, or override what the model uses",
                         "nothing in the model \"%s\" uses \"%s\"", scenario->model->id,
                         override->parameter->identity);
    }
    for (size_t i = 0; i < scenario->n_overrides; ++i) {
        const struct override *first = &scenario->overrides[i];
        if (first->parameter == override->parameter) {
            setting_complain(
                reader->diagnostics, name, DIAGNOSTIC_E613, "one override for one evidence item",
                "keep one of the two", "\"%s\" is overridden twice: the first is at %s",
                override->parameter->identity, layer_place_words(reader->arena, first->setting));
            return;
        }
    }
}

static void read_overrides(const struct scenario_reader *reader, struct scenario *scenario)
{
    const struct setting *list = setting_find(scenario->setting, "override");
    size_t n_items = list != NULL && list->type == SETTING_LIST ? list->n_children : 0;
    struct override *overrides = arena_array(reader->arena, n_items, sizeof *overrides);
    scenario->overrides = overrides;
    for (size_t i = 0; i < n_items; ++i) {
        const struct setting *group = list->children[i];
        const struct setting *name = setting_find(group, "parameter");
        const struct setting *value = setting_find(group, "value");
        const struct parameter *parameter =
            setting_is_text(name) ? scenario_find_parameter(reader, name) : NULL;
        if (parameter == NULL) {
            continue;
        }
        struct override override = {.parameter = parameter,
                                    .distribution = parameter->distribution,
                                    .reason = field_text(group, "reason", ""),
                                    .setting = group};
        if (setting_is_number(value) || setting_is_group(value)) {
            (void)evidence_read_override(reader->arena, parameter, value, &override.distribution,
                                         reader->diagnostics);
        }
        check_override(reader, scenario, &override, name);
        overrides[scenario->n_overrides++] = override;
    }
}

static void check_whole_years(const struct scenario_reader *reader, const struct setting *horizon)
{
    if (setting_is_number(horizon) && horizon->number > 0.0 &&
        horizon->number != floor(horizon->number)) {
        setting_complain(reader->diagnostics, horizon, DIAGNOSTIC_E614,
                         "a whole number of years from 1 to 200", "round it",
                         "%.9g years: the ledger of a programme has whole years", horizon->number);
    }
}

static void read_years(const struct scenario_reader *reader, struct scenario *scenario)
{
    static const char *const needed[] = {"start_year", "funded_years", "horizon_years"};
    const struct setting *funded = setting_find(scenario->setting, "funded_years");
    const struct setting *horizon = setting_find(scenario->setting, "horizon_years");
    for (size_t i = 0; i < 3; ++i) {
        if (setting_find(scenario->setting, needed[i]) == NULL) {
            schema_complain_missing(scenario->setting, "scenario", needed[i], reader->diagnostics);
        }
    }
    check_whole_years(reader, horizon);
    scenario->start_year = field_financial_year(scenario->setting, "start_year");
    scenario->horizon_years = (size_t)setting_number(horizon, 1.0);
    scenario->horizon_years = scenario->horizon_years > 0 ? scenario->horizon_years : 1;
    scenario->recurrent = setting_is_text(funded);
    scenario->funded_years = scenario->recurrent
                                 ? scenario->horizon_years
                                 : field_whole(scenario->setting, "funded_years", 1);
    bool horizon_is_right = setting_is_number(horizon) && horizon->number >= 1.0;
    if (horizon_is_right && scenario->funded_years > scenario->horizon_years) {
        setting_complain(reader->diagnostics, funded, DIAGNOSTIC_E614,
                         arena_printf(reader->arena, "at most the horizon of %zu years",
                                      scenario->horizon_years),
                         "lengthen horizon_years, or fund fewer years",
                         "%zu funded years go beyond the horizon", scenario->funded_years);
    }
}

/* Cohorts and trees have no funding and no ledger of financial years. */
static void read_health_years(const struct scenario_reader *reader, struct scenario *scenario)
{
    static const char *const refused[] = {"funded_years", "funding", "pools", "horizon_years"};
    const struct health_model *health = scenario->model->health;
    const struct setting *horizon = setting_find(scenario->setting, "horizon_years");
    bool cohort = health->kind != HEALTH_TREE;
    for (size_t i = 0; i < (cohort ? 3 : 4); ++i) {
        const struct setting *setting = setting_find(scenario->setting, refused[i]);
        if (setting != NULL) {
            layer_complain(reader->diagnostics, setting, DIAGNOSTIC_E618,
                           cohort ? "model, inputs, horizon_years, override and conventions"
                                  : "model, inputs, override and conventions",
                           "remove it: the costs of the model name who pays",
                           "`%s` has no meaning for the %s \"%s\"", refused[i],
                           cohort ? "cohort" : "tree", scenario->model->id);
        }
    }
    double years = cohort ? setting_number(horizon, health->horizon_years) : 1.0;
    double cycles = years / (cohort ? health->cycle_length_years : 1.0);
    scenario->start_year = field_financial_year(scenario->setting, "start_year");
    scenario->start_year =
        scenario->start_year != 0 ? scenario->start_year : scenario->conventions.price_year;
    scenario->horizon_years = (size_t)ceil(years - 1e-6);
    scenario->funded_years = scenario->horizon_years;
    scenario->n_cycles = cohort && cycles >= 0.5 && cycles <= 20000.5 ? (size_t)lround(cycles) : 0;
    if (horizon != NULL && (fabs(cycles - round(cycles)) > 1e-6 * cycles || cycles < 0.5)) {
        setting_complain(reader->diagnostics, horizon, DIAGNOSTIC_E556, "a whole number of cycles",
                         "change horizon_years", "the horizon is %.9g cycles", cycles);
    }
    bool simpson = health->correction == CORRECTION_SIMPSON;
    if (cohort && simpson && scenario->n_cycles % 2 == 1) {
        layer_complain(reader->diagnostics, horizon != NULL ? horizon : scenario->setting,
                       DIAGNOSTIC_E556,
                       "an even number of cycles with cycle_correction = \"simpson\"",
                       "lengthen or shorten the horizon by a cycle, or choose half",
                       "Simpson's rule over %zu cycles", scenario->n_cycles);
    }
}

/* The one group of a scenario without population. */
static const struct scenario_group everybody = {.id = "all", .label = "Everybody"};

const struct scenario *scenario_read(struct scenario_reader *reader,
                                     const struct document *document, const struct setting *group,
                                     const struct instance *instance)
{
    struct scenario *scenario = arena_alloc(reader->arena, sizeof *scenario);
    *scenario = (struct scenario){
        .id = instance->id,
        .family = instance->family,
        .keys = instance->keys,
        .n_keys = instance->n_keys,
        .title = instance->title,
        .area = field_text(group, "area", NULL),
        .question = field_text(group, "question", NULL),
        .note = field_text(group, "note", NULL),
        .model = scenario_read_model_name(reader, group),
        .groups = &everybody,
        .n_groups = 1,
        .scale = 1.0,
        .q1_uptake = 1.0,
        .conventions = scenario_read_conventions(reader, group),
        .document = document,
        .setting = group,
    };
    bool programme = scenario->model == NULL || scenario->model->health == NULL;
    if (programme) {
        read_years(reader, scenario);
        read_pools(reader, scenario);
    } else {
        read_health_years(reader, scenario);
    }
    if (scenario->model == NULL) {
        return NULL;
    }
    if (scenario->question == NULL) {
        scenario->question = scenario->model->question;
    }
    scenario_read_groups(reader, scenario);
    read_overrides(reader, scenario);
    read_inputs(reader, scenario);
    scenario_read_gradients(reader, scenario);
    if (programme) {
        read_funding(reader, scenario);
    }
    scenario->decision = scenario_read_decision(reader, scenario);
    scenario->sign_off = scenario_read_sign_off(reader, group);
    scenario->omissions = omissions_read(reader->arena, group, reader->library->sectors,
                                         &scenario->n_omissions, reader->diagnostics);
    return scenario;
}

static bool any_pool_named(const struct scenario_reader *reader, const struct model *model,
                           const char *id)
{
    const struct library *library = reader->library;
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        if (library->scenarios[i]->model == model &&
            scenario_pool_index(library->scenarios[i], id) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* A payer that no scenario knows is the model's mistake and said once, at the cost; a pool that
 * only some scenarios have is missed by the others. */
static void check_payer(const struct scenario_reader *reader, const struct scenario *scenario,
                        const struct cost *cost, const struct share *payer, bool first)
{
    bool pooled = any_pool_named(reader, scenario->model, payer->sector);
    if (pooled) {
        layer_complain(reader->diagnostics, scenario->setting, DIAGNOSTIC_E611,
                       "a sector, a group of sectors or a pool of this scenario",
                       arena_printf(reader->arena, "add %s = { ... } to pools", payer->sector),
                       "the cost \"%s\" of the model (%s) is paid from the pool \"%s\", which this "
                       "scenario does not have",
                       cost->name, layer_place_words(reader->arena, cost->setting), payer->sector);
    } else if (first) {
        bool by_name = strcmp(payer->setting->name, "payer") != 0;
        diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_E611,
            by_name ? payer->setting->place : payer->setting->value_place, payer->setting->path,
            "a sector, a group of sectors or a pool of the scenario",
            layer_suggest(reader->arena, nearest_payer(reader, scenario, payer->sector),
                          "see `dividend list sectors`, or add the pool to the scenario"),
            "no sector, group or pool is named \"%s\"", payer->sector);
    }
}

static bool first_of_model(const struct library *library, size_t index)
{
    for (size_t i = 0; i < index; ++i) {
        if (library->scenarios[i]->model == library->scenarios[index]->model) {
            return false;
        }
    }
    return true;
}

void scenario_check_payers(const struct scenario_reader *reader)
{
    for (size_t i = 0; i < reader->library->n_scenarios; ++i) {
        const struct scenario *scenario = reader->library->scenarios[i];
        bool first = first_of_model(reader->library, i);
        for (size_t k = 0; k < scenario->model->n_costs; ++k) {
            const struct cost *cost = &scenario->model->costs[k];
            for (size_t p = 0; p < cost->n_payers; ++p) {
                if (!is_payer(reader, scenario, cost->payers[p].sector)) {
                    check_payer(reader, scenario, cost, &cost->payers[p], first);
                }
            }
        }
    }
}
