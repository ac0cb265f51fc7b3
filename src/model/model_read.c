/* Programme models from documents to structs; rules across parts are in model_check.c. */
#include "base/text.h"
#include "model/model_private.h"

#include <math.h>
#include <string.h>

#define NO_DEFAULT                     ((double)NAN)
#define WITHIN(lowest, highest, words) .low = (lowest), .high = (highest), .allowed = (words)
#define ANY                            .allowed = NULL
#define SHARE                          WITHIN(0.0, 1.0, "a share from 0 to 1")
#define POSITIVE                       WITHIN(0.0, HUGE_VAL, "at least 0")
#define GROWTH                         WITHIN(-0.5, 0.5, "growth a year from -0.5 to 0.5")
#define COUNT_OF(rows)                 (sizeof(rows) / sizeof((rows)[0]))

static const char *const per_words[] = {
    [PER_ONCE] = "once",
    [PER_YEAR] = "year",
    [PER_STARTER] = "starter",
    [PER_PARTICIPANT] = "participant",
    [PER_PARTICIPANT_YEAR] = "participant_year",
    [PER_CAPACITY_STEP] = "capacity_step",
    [PER_PROGRAMME] = "programme",
};

static const struct amount_field funnel_fields[] = {
    {"eligible", offsetof(struct model, eligible), NO_DEFAULT, POSITIVE},
    {"reach", offsetof(struct model, reach), 1.0, SHARE},
    {"uptake", offsetof(struct model, uptake), 1.0, SHARE},
    {"retention", offsetof(struct model, retention), 1.0, SHARE},
    {"capacity", offsetof(struct model, capacity), NO_DEFAULT, POSITIVE, .optional = true},
};

static const struct amount_field cost_fields[] = {
    {"amount", offsetof(struct cost, amount), NO_DEFAULT, POSITIVE},
    {"optimism_bias", offsetof(struct cost, optimism_bias), 0.0,
     WITHIN(-1.0, HUGE_VAL, "at least -1")},
    {"real_growth", offsetof(struct cost, real_growth), 0.0, GROWTH},
};

static const struct amount_field outcome_fields[] = {
    {"effect", offsetof(struct outcome, effect), NO_DEFAULT, ANY},
    {"attribution", offsetof(struct outcome, attribution), 1.0, SHARE},
    {"displacement", offsetof(struct outcome, displacement), 0.0, SHARE},
    {"optimism_bias", offsetof(struct outcome, optimism_bias), 0.0,
     WITHIN(-HUGE_VAL, 1.0, "at most 1")},
};

static const struct amount_field deadweight_field[] = {
    {"value", offsetof(struct outcome, deadweight), NO_DEFAULT, ANY},
};

static const struct amount_field deadweight_share_field[] = {
    {"value", offsetof(struct outcome, deadweight), NO_DEFAULT, SHARE},
};

static const struct amount_field levered_in_fields[] = {
    {"amount", offsetof(struct levered_in, amount), NO_DEFAULT, POSITIVE},
};

static const struct amount_field transfer_fields[] = {
    {"amount", offsetof(struct transfer, amount), NO_DEFAULT, POSITIVE},
};

static const struct amount_field qaly_fields[] = {
    {"gain", offsetof(struct qaly_gain, gain), NO_DEFAULT, ANY},
    {"deadweight", offsetof(struct qaly_gain, deadweight), 0.0, SHARE},
    {"optimism_bias", offsetof(struct qaly_gain, optimism_bias), 0.0,
     WITHIN(-HUGE_VAL, 1.0, "at most 1")},
};

const struct setting *const *model_list(const struct setting *group, const char *key,
                                        size_t *n_items)
{
    const struct setting *list = setting_find(group, key);
    bool usable = list != NULL && list->type == SETTING_LIST;
    *n_items = usable ? list->n_children : 0;
    return usable ? list->children : NULL;
}

static enum per read_per(const struct setting *group, enum per fallback)
{
    size_t per = field_choice(group, "per", per_words, COUNT_OF(per_words));
    return per < COUNT_OF(per_words) ? (enum per)per : fallback;
}

static bool read_runs(const struct setting *group)
{
    return strcmp(field_text(group, "runs", "while_funded"), "to_horizon") == 0;
}

void model_check_sector(const struct model_reader *reader, const char *id,
                        const struct setting *setting, const char *what)
{
    const struct sector_reference reference = {.id = id, .setting = setting, .what = what};
    if (id != NULL && setting != NULL) {
        (void)sector_check_reference(reader->sectors, &reference, reader->diagnostics);
    }
}

static void read_payers(const struct model_reader *reader, struct cost *cost)
{
    const struct setting *payer = setting_find(cost->setting, "payer");
    const struct setting *payers = setting_find(cost->setting, "payers");
    if (payer != NULL && payers != NULL) {
        layer_complain(reader->diagnostics, payer, DIAGNOSTIC_E521, "payer or payers, not both",
                       "keep payers = { ... } where several pay",
                       "the cost \"%s\" has both `payer` and `payers`", cost->name);
    }
    cost->payers = evidence_read_shares(reader->arena, payers, &cost->n_payers);
    if (payers == NULL && payer != NULL && setting_is_text(payer)) {
        struct share *share = arena_alloc(reader->arena, sizeof *share);
        *share = (struct share){.sector = payer->text, .share = 1.0, .setting = payer};
        cost->payers = share;
        cost->n_payers = 1;
    }
}

static void check_step(const struct model_reader *reader, const struct cost *cost)
{
    const struct setting *step = setting_find(cost->setting, "people_per_step");
    if (cost->per == PER_CAPACITY_STEP && step == NULL) {
        layer_complain(reader->diagnostics, cost->setting, DIAGNOSTIC_E520,
                       "people_per_step with per = \"capacity_step\"",
                       "add people_per_step = ...: participants one step can serve",
                       "the cost \"%s\" does not say how many people a step serves", cost->name);
    }
    if (cost->per != PER_CAPACITY_STEP && step != NULL &&
        setting_find(cost->setting, "per") != NULL) {
        layer_complain(reader->diagnostics, step, DIAGNOSTIC_E520,
                       "people_per_step with per = \"capacity_step\" only",
                       "remove it, or write per = \"capacity_step\"",
                       "`people_per_step` has no meaning with per = \"%s\"", per_words[cost->per]);
    }
}

static void read_cost(struct model_reader *reader, const struct setting *group, struct cost *cost)
{
    static const char *const additionality[] = {"lasting", "temporary", "redeployed"};
    size_t chosen = field_choice(group, "additionality", additionality, 3);
    *cost = (struct cost){
        .name = field_text(group, "name", ""),
        .per = read_per(group, PER_YEAR),
        .people_per_step = field_number(group, "people_per_step", 0.0),
        .first_year = field_whole(group, "first_year", 0),
        .to_horizon = read_runs(group),
        .in_kind = field_boolean(group, "in_kind", false),
        .additionality = chosen < 3 ? (enum additionality)chosen : ADDITIONAL_TEMPORARY,
        .setting = group,
    };
    model_read_amounts(reader, group, cost_fields, COUNT_OF(cost_fields), cost);
    read_payers(reader, cost);
    check_step(reader, cost);
}

static const struct demand *find_demand(const struct model_reader *reader,
                                        const struct setting *setting)
{
    if (!setting_is_text(setting)) {
        return NULL;
    }
    const struct models *models = reader->models;
    const struct demand *demand = model_find_demand(models, setting->text);
    if (demand != NULL) {
        return demand;
    }
    const char **ids = arena_array(reader->arena, models->n_demands, sizeof *ids);
    for (size_t i = 0; i < models->n_demands; ++i) {
        ids[i] = models->demands[i].id;
    }
    setting_complain(
        reader->diagnostics, setting, DIAGNOSTIC_E517, "a demand declared under models/",
        layer_suggest(reader->arena, text_nearest(setting->text, ids, models->n_demands),
                      "declare it in demand = { }, or see `dividend list demands`"),
        "no demand is named \"%s\"", setting->text);
    return NULL;
}

static void check_relative(const struct model_reader *reader, const struct outcome *outcome)
{
    if (!outcome->relative) {
        return;
    }
    const struct setting *form = setting_find(outcome->setting, "effect_form");
    if (outcome->per == PER_PROGRAMME) {
        setting_complain(reader->diagnostics, form, DIAGNOSTIC_E526,
                         "effect_form = \"absolute\" with per = \"programme\"",
                         "give the units the whole programme avoids a year",
                         "a relative effect needs people, and per = \"programme\" has none");
    } else if (outcome->demand != NULL &&
               setting_find(outcome->demand->setting, "baseline_per_person") == NULL) {
        setting_complain(
            reader->diagnostics, form, DIAGNOSTIC_E525,
            "a relative effect on a demand with baseline_per_person",
            "add baseline_per_person to the demand, or give the effect in units a person a year",
            "the demand \"%s\" (%s) states no baseline to take a share of", outcome->demand_id,
            layer_place_words(reader->arena, outcome->demand->setting));
    }
}

static void read_outcome(struct model_reader *reader, const struct setting *group,
                         struct outcome *outcome)
{
    const struct setting *deadweight = setting_find(group, "deadweight");
    bool points = strcmp(field_text(deadweight, "form", ""), "percentage_points") == 0;
    const struct demand *demand = find_demand(reader, setting_find(group, "demand"));
    *outcome = (struct outcome){
        .name = field_text(group, "name", demand != NULL ? demand->label : ""),
        .demand_id = field_text(group, "demand", ""),
        .demand = demand,
        .relative = strcmp(field_text(group, "effect_form", ""), "relative") == 0,
        .per = read_per(group, PER_PARTICIPANT),
        .deadweight_form = points ? DEADWEIGHT_PERCENTAGE_POINTS : DEADWEIGHT_MULTIPLICATIVE,
        .setting = group,
    };
    model_read_amounts(reader, group, outcome_fields, COUNT_OF(outcome_fields), outcome);
    model_read_amounts(reader, deadweight, points ? deadweight_field : deadweight_share_field, 1,
                       outcome);
    outcome->profile = model_read_profile(reader, setting_find(group, "profile"));
    check_relative(reader, outcome);
}

static void read_levered_in(struct model_reader *reader, const struct setting *group,
                            struct levered_in *row)
{
    static const char *const forms[] = {"cash", "asset", "volunteer_time"};
    size_t form = field_choice(group, "form", forms, 3);
    *row = (struct levered_in){
        .name = field_text(group, "name", ""),
        .from = field_text(group, "from", ""),
        .to = field_text(group, "to", ""),
        .form = form < 3 ? (enum leverage_form)form : LEVERAGE_CASH,
        .per = read_per(group, PER_YEAR),
        .first_year = field_whole(group, "first_year", 0),
        .to_horizon = read_runs(group),
        .setting = group,
    };
    model_read_amounts(reader, group, levered_in_fields, COUNT_OF(levered_in_fields), row);
    model_check_sector(reader, row->to, setting_find(group, "to"), "the levered-in money");
}

static void read_transfer(struct model_reader *reader, const struct setting *group,
                          struct transfer *row)
{
    const struct setting *from = setting_find(group, "from"), *to = setting_find(group, "to");
    *row = (struct transfer){
        .name = field_text(group, "name", ""),
        .from = field_text(group, "from", ""),
        .to = field_text(group, "to", ""),
        .per = read_per(group, PER_YEAR),
        .first_year = field_whole(group, "first_year", 0),
        .to_horizon = read_runs(group),
        .setting = group,
    };
    model_read_amounts(reader, group, transfer_fields, COUNT_OF(transfer_fields), row);
    model_check_sector(reader, row->from, from, "the transfer");
    model_check_sector(reader, row->to, to, "the transfer");
    if (from != NULL && to != NULL && strcmp(row->from, row->to) == 0) {
        setting_complain(reader->diagnostics, to, DIAGNOSTIC_E527, "two different sectors",
                         "name the sector that receives it, or remove the transfer",
                         "the transfer \"%s\" goes from \"%s\" to itself", row->name, row->to);
    }
}

static void read_qaly(struct model_reader *reader, const struct setting *group,
                      struct qaly_gain *row)
{
    const struct setting *to = setting_find(group, "to");
    *row = (struct qaly_gain){
        .name = field_text(group, "name", ""),
        .per = read_per(group, PER_PARTICIPANT),
        .to = field_text(group, "to", "residents"),
        .setting = group,
    };
    model_read_amounts(reader, group, qaly_fields, COUNT_OF(qaly_fields), row);
    row->profile = model_read_qaly_profile(reader, group);
    model_check_sector(reader, row->to, to != NULL ? to : group,
                       to != NULL ? "`to`" : "the default of `to`");
}

/* The five lists of rows differ only in their struct and their reader. */
#define READ_ROWS(reader, model, key, field, count, read_row)                                      \
    do {                                                                                           \
        size_t n_rows = 0;                                                                         \
        const struct setting *const *settings = model_list((model)->setting, (key), &n_rows);      \
        void *rows = arena_array((reader)->arena, n_rows, sizeof *(model)->field);                 \
        (model)->field = rows;                                                                     \
        for (size_t row = 0; row < n_rows; ++row) {                                                \
            read_row((reader), settings[row],                                                      \
                     (void *)((char *)rows + row * sizeof *(model)->field));                       \
        }                                                                                          \
        (model)->count = n_rows;                                                                   \
    } while (0)

static const struct amount_field health_gain_fields[] = {
    {"deadweight", offsetof(struct health_gain, deadweight), NO_DEFAULT, SHARE},
    {"optimism_bias", offsetof(struct health_gain, optimism_bias), 0.0,
     WITHIN(-HUGE_VAL, 1.0, "at most 1")},
};

static void complain_reference(const struct model_reader *reader, const struct setting *setting,
                               const char *const *ids, size_t n_ids, const char *allowed,
                               const char *what)
{
    setting_complain(
        reader->diagnostics, setting, DIAGNOSTIC_E532, allowed,
        layer_suggest(reader->arena, text_nearest(setting->text, ids, n_ids), "see its model.cfg"),
        "no %s is named \"%s\"", what, setting->text);
}

static const struct model *find_health_model(const struct model_reader *reader,
                                             const struct setting *setting)
{
    const struct model *found =
        setting_is_text(setting) ? model_find(reader->models, setting->text) : NULL;
    if (found != NULL && found->health != NULL) {
        return found;
    }
    const char **ids = arena_array(reader->arena, reader->models->n_models, sizeof *ids);
    size_t n = 0;
    for (size_t i = 0; i < reader->models->n_models; ++i) {
        if (reader->models->models[i].health != NULL) {
            ids[n++] = reader->models->models[i].id;
        }
    }
    if (setting_is_text(setting)) {
        complain_reference(reader, setting, ids, n, "a model of kind cohort or tree",
                           "cohort or tree");
    }
    return NULL;
}

static size_t find_option(const struct model_reader *reader, const struct health_model *health,
                          const struct setting *setting)
{
    const char **ids = arena_array(reader->arena, health->n_options, sizeof *ids);
    for (size_t i = 0; setting_is_text(setting) && i < health->n_options; ++i) {
        ids[i] = health->options[i].id;
        if (strcmp(ids[i], setting->text) == 0) {
            return i;
        }
    }
    if (setting_is_text(setting)) {
        complain_reference(reader, setting, ids, health->n_options, "an option of that model",
                           "option of that model");
    }
    return SIZE_MAX;
}

/* Inputs of the health model, read as amounts of this one. */
static const struct amount *read_gain_inputs(struct model_reader *reader,
                                             const struct model *health,
                                             const struct setting *group)
{
    struct amount *amounts = arena_array(reader->arena, health->n_inputs + 1, sizeof *amounts);
    for (size_t i = 0; group != NULL && i < group->n_children; ++i) {
        const struct setting *child = group->children[i];
        struct amount amount = model_read_amount(reader, child);
        bool known = false;
        for (size_t k = 0; k < health->n_inputs; ++k) {
            if (strcmp(health->inputs[k].id, child->name) == 0) {
                amounts[k] = amount;
                known = true;
            }
        }
        if (!known) {
            layer_complain(reader->diagnostics, child, DIAGNOSTIC_E607,
                           arena_printf(reader->arena, "an input of the model \"%s\"", health->id),
                           "remove it, or declare it there", "that model has no input \"%s\"",
                           child->name);
        }
    }
    for (size_t k = 0; k < health->n_inputs; ++k) {
        if (amounts[k].expression == NULL && !health->inputs[k].has_fallback) {
            layer_complain(
                reader->diagnostics, group != NULL ? group : health->setting, DIAGNOSTIC_E608,
                health->inputs[k].label,
                arena_printf(reader->arena, "add %s = ...; to inputs", health->inputs[k].id),
                "the input \"%s\" of the model \"%s\" has no default and no value here",
                health->inputs[k].id, health->id);
        }
    }
    return amounts;
}

static void read_health_gain(struct model_reader *reader, const struct setting *group,
                             struct health_gain *row)
{
    const struct setting *to = setting_find(group, "to");
    *row = (struct health_gain){.name = field_text(group, "name", ""),
                                .per = read_per(group, PER_PARTICIPANT),
                                .to = field_text(group, "to", "residents"),
                                .setting = group};
    model_read_amounts(reader, group, health_gain_fields, COUNT_OF(health_gain_fields), row);
    row->model = find_health_model(reader, setting_find(group, "model"));
    model_check_sector(reader, row->to, to != NULL ? to : group,
                       to != NULL ? "`to`" : "the default of `to`");
    if (row->model == NULL) {
        return;
    }
    const struct setting *against = setting_find(group, "against");
    row->option = find_option(reader, row->model->health, setting_find(group, "option"));
    row->against = against != NULL ? find_option(reader, row->model->health, against) : 0;
    row->inputs = read_gain_inputs(reader, row->model, setting_find(group, "inputs"));
    if (row->option == row->against && row->option != SIZE_MAX) {
        layer_complain(reader->diagnostics, group, DIAGNOSTIC_E532, "two different options",
                       "name the option that participants come to, and the one without",
                       "\"%s\" compares an option with itself", row->name);
    }
}

static const char *const return_bases[N_RETURN_BASES] = {[RETURN_CASHABLE] = "cashable",
                                                         [RETURN_FISCAL] = "fiscal",
                                                         [RETURN_PUBLIC_VALUE] = "public_value"};

const char *return_basis_name(enum return_basis basis)
{
    return return_bases[basis];
}

static void read_published_return(struct model_reader *reader, const struct setting *group,
                                  struct published_return *row)
{
    size_t basis = field_choice(group, "basis", return_bases, N_RETURN_BASES);
    const struct setting *source = setting_find(group, "source");
    *row = (struct published_return){.basis = basis < N_RETURN_BASES ? (enum return_basis)basis
                                                                     : RETURN_FISCAL,
                                     .low = field_number(group, "low", 0.0),
                                     .high = field_number(group, "high", 0.0),
                                     .source_id = field_text(group, "source", ""),
                                     .locator = field_text(group, "locator", NULL),
                                     .setting = group};
    if (setting_is_text(source)) {
        evidence_check_source(reader->evidence, source, reader->diagnostics);
    }
    if (row->low > row->high) {
        setting_complain(reader->diagnostics, setting_find(group, "low"), DIAGNOSTIC_E533,
                         "low at most high", "swap them", "no return is at least %g and at most %g",
                         row->low, row->high);
    }
}

static void read_rows(struct model_reader *reader, struct model *model)
{
    READ_ROWS(reader, model, "costs", costs, n_costs, read_cost);
    READ_ROWS(reader, model, "outcomes", outcomes, n_outcomes, read_outcome);
    READ_ROWS(reader, model, "levered_in", levered_in, n_levered_in, read_levered_in);
    READ_ROWS(reader, model, "transfers", transfers, n_transfers, read_transfer);
    READ_ROWS(reader, model, "qalys", qalys, n_qalys, read_qaly);
    READ_ROWS(reader, model, "health", health_gains, n_health_gains, read_health_gain);
    READ_ROWS(reader, model, "published_returns", published_returns, n_published_returns,
              read_published_return);
}

static void check_input(const struct model_reader *reader, const struct model_input *input)
{
    const struct setting *value = setting_find(input->setting, "default");
    if (input->min > input->max) {
        setting_complain(reader->diagnostics, setting_find(input->setting, "min"), DIAGNOSTIC_E531,
                         "min at most max", "swap them",
                         "no value of \"%s\" can be at least %g and at most %g", input->id,
                         input->min, input->max);
        return;
    }
    const struct distribution *fallback = &input->fallback;
    bool fixed = fallback->family == DISTRIBUTION_FIXED;
    double low = fixed ? fallback->p[0] : fallback->q025;
    double high = fixed ? fallback->p[0] : fallback->q975;
    if (input->has_fallback && (low < input->min || high > input->max)) {
        setting_complain(reader->diagnostics, value, DIAGNOSTIC_E531,
                         arena_printf(reader->arena, "from %g to %g", input->min, input->max),
                         "change the default, or min and max",
                         "the default of \"%s\" (%s) is outside its own range", input->id,
                         distribution_describe(reader->arena, fallback));
    }
}

/* Words that the expressions use themselves, now or by design. */
bool model_name_is_reserved(const char *name)
{
    static const char *const words[] = {"year", "table", "and", "or", "not", "if", "true", "false"};
    if (health_find_variable(name) < N_HEALTH_VARIABLES) {
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(words); ++i) {
        if (strcmp(words[i], name) == 0) {
            return true;
        }
    }
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    for (size_t i = 0; i < n_functions; ++i) {
        if (strcmp(functions[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_input_name(const struct model_reader *reader, const struct model_input *input)
{
    const struct parameter *hidden = evidence_find(reader->evidence, input->id, NULL);
    if (model_name_is_reserved(input->id)) {
        layer_complain(reader->diagnostics, input->setting, DIAGNOSTIC_E530,
                       "a name that no expression uses itself", "rename the input",
                       "\"%s\" is a word of the expressions and cannot name an input", input->id);
    } else if (hidden != NULL && strcmp(hidden->identity, input->id) == 0) {
        layer_complain(reader->diagnostics, input->setting, DIAGNOSTIC_E530, "a name of its own",
                       "rename the input, or remove it and use the evidence",
                       "the input \"%s\" hides the evidence item of the same name (%s)", input->id,
                       layer_place_words(reader->arena, hidden->setting));
    }
}

static void read_input(const struct model_reader *reader, const struct setting *group,
                       struct model_input *input)
{
    const struct setting *fallback = setting_find(group, "default");
    *input = (struct model_input){
        .id = group->name,
        .label = field_text(group, "label", group->name),
        .unit = field_text(group, "unit", ""),
        .owner = field_text(group, "owner", NULL),
        .min = field_number(group, "min", -HUGE_VAL),
        .max = field_number(group, "max", HUGE_VAL),
        .has_fallback = setting_is_number(fallback) || setting_is_group(fallback),
        .fallback = distribution_fixed((double)NAN),
        .setting = group,
    };
    if (input->has_fallback) {
        (void)distribution_read(reader->arena, fallback, &input->fallback, reader->diagnostics);
    }
    check_input(reader, input);
    check_input_name(reader, input);
}

static void read_inputs(struct model_reader *reader, struct model *model)
{
    const struct setting *group = setting_find(model->setting, "inputs");
    size_t n_children = setting_is_group(group) ? group->n_children : 0;
    struct model_input *inputs = arena_array(reader->arena, n_children, sizeof *inputs);
    for (size_t i = 0; i < n_children; ++i) {
        if (setting_is_group(group->children[i])) {
            read_input(reader, group->children[i], &inputs[model->n_inputs++]);
        }
    }
    model->inputs = inputs;
    reader->input_used = arena_array(reader->arena, n_children, sizeof *reader->input_used);
}

static void check_intake(const struct model_reader *reader, const struct model *model)
{
    const struct setting *intake = setting_find(model->setting, "intake");
    const struct setting *ramp = setting_find(model->setting, "ramp");
    bool once = setting_is_text(intake) && model->intake == INTAKE_ONCE;
    if (ramp != NULL && once) {
        layer_complain(reader->diagnostics, ramp, DIAGNOSTIC_E522,
                       "ramp with intake = \"yearly\" or a list",
                       "remove the ramp, or list the intake by delivery year",
                       "`ramp` has no meaning with intake = \"once\": everyone enters in year 0");
    }
    if (intake != NULL && intake->type == SETTING_ARRAY && intake->n_children == 0) {
        setting_complain(reader->diagnostics, intake, DIAGNOSTIC_E522,
                         "a share for each delivery year", "e.g. intake = [1.0, 0.5];",
                         "the list of intakes is empty");
    }
}

static void read_intake(const struct model_reader *reader, struct model *model)
{
    const struct setting *intake = setting_find(model->setting, "intake");
    bool yearly = setting_is_text(intake) && strcmp(intake->text, "yearly") == 0;
    model->intake = yearly ? INTAKE_YEARLY : INTAKE_ONCE;
    if (intake != NULL && intake->type == SETTING_ARRAY) {
        model->intake = INTAKE_LISTED;
        model->intake_by_year =
            field_numbers(reader->arena, model->setting, "intake", &model->n_intake_by_year);
    }
    model->ramp = field_numbers(reader->arena, model->setting, "ramp", &model->n_ramp);
    check_intake(reader, model);
}

static void read_model(struct model_reader *reader, const struct layer_item *item,
                       struct model *model)
{
    const struct setting *group = item->setting;
    *model = (struct model){
        .id = item->id,
        .title = field_text(group, "title", item->id),
        .question = field_text(group, "question", NULL),
        .note = field_text(group, "note", NULL),
        .prevention = field_text(group, "prevention", ""),
        .population_reach = field_text(group, "population_reach", ""),
        .setting = group,
    };
    const char *kind = field_text(group, "kind", "");
    bool is_cohort = strcmp(kind, "cohort") == 0;
    model->omissions = omissions_read(reader->arena, group, reader->sectors, &model->n_omissions,
                                      reader->diagnostics);
    reader->model = model;
    reader->unreadable = false;
    read_inputs(reader, model);
    bool is_life_table = strcmp(kind, "life_table") == 0;
    if (is_cohort || is_life_table || strcmp(kind, "tree") == 0) {
        model->health = health_read(reader, model,
                                    is_cohort       ? HEALTH_COHORT
                                    : is_life_table ? HEALTH_LIFE_TABLE
                                                    : HEALTH_TREE);
        model_check_inputs(reader, model);
        reader->model = NULL;
        return;
    }
    read_intake(reader, model);
    model_read_amounts(reader, setting_find(group, "funnel"), funnel_fields,
                       COUNT_OF(funnel_fields), model);
    read_rows(reader, model);
    model_check(reader, model);
    reader->model = NULL;
}

/* "models/befriending/model.cfg" -> "befriending"; NULL where there is no such name. */
static const char *folder_name(struct arena *arena, const char *file)
{
    const char *end = strrchr(file, '/');
    if (end == NULL) {
        return NULL;
    }
    const char *start = end;
    while (start > file && start[-1] != '/') {
        --start;
    }
    const char *name = arena_copy_span(arena, start, (size_t)(end - start));
    return text_is_name(name) ? name : NULL;
}

static void gather_models(struct layer_items *items, const struct layered_document *documents,
                          size_t n_documents, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < n_documents; ++i) {
        const struct document *document = documents[i].document;
        const struct setting *group = setting_find(document->root, "model");
        if (!setting_is_group(group)) {
            continue;
        }
        const char *id = folder_name(items->arena, document->file);
        if (id == NULL) {
            layer_complain(diagnostics, group, DIAGNOSTIC_E518,
                           "a folder name of lower-case letters, digits and _",
                           "put the file into a folder such as models/befriending/model.cfg",
                           "a model is named after the folder of its file, and that of %s cannot "
                           "be a name",
                           document->file);
            continue;
        }
        layer_add(items, id, group, documents[i].layer);
    }
}

const struct models *model_read(struct arena *arena, const struct layered_document *documents,
                                size_t n_documents, const struct evidence *evidence,
                                const struct tables *tables, const struct sectors *sectors,
                                struct diagnostics *diagnostics)
{
    struct models *models = arena_alloc(arena, sizeof *models);
    struct model_reader reader = {.arena = arena,
                                  .diagnostics = diagnostics,
                                  .evidence = evidence,
                                  .tables = tables,
                                  .sectors = sectors,
                                  .models = models};
    model_read_demands(&reader, documents, n_documents, models);
    struct layer_items items = {.arena = arena};
    gather_models(&items, documents, n_documents, diagnostics);
    layer_settle(&items, "model", false, diagnostics);
    struct model *all = arena_array(arena, items.n_items, sizeof *all);
    models->models = all;
    models->n_models = items.n_items;
    /* Health models first: programmes refer to them. */
    for (size_t pass = 0; pass < 2; ++pass) {
        for (size_t i = 0; i < items.n_items; ++i) {
            const char *kind = field_text(items.items[i].setting, "kind", "");
            bool health = strcmp(kind, "cohort") == 0 || strcmp(kind, "tree") == 0 ||
                          strcmp(kind, "life_table") == 0;
            all[i].id = items.items[i].id;
            if (health == (pass == 0)) {
                read_model(&reader, &items.items[i], &all[i]);
            }
        }
    }
    return models;
}
