/* Health models from documents to structs; rules across parts are in health_check.c. */
#include "base/text.h"
#include "model/model_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NO_DEFAULT ((double)NAN)
#define ANY        .allowed = NULL

static const struct amount_field amount_field[] = {
    {"amount", offsetof(struct health_payoff, amount), NO_DEFAULT, ANY},
};

static const struct amount_field probability_field[] = {
    {"probability", offsetof(struct health_node, probability), NO_DEFAULT, .low = 0.0, .high = 1.0,
     .allowed = "a probability from 0 to 1, or \"rest\"", .optional = true},
};

static const struct amount_field start_age_field[] = {
    {"start_age", offsetof(struct health_model, start_age), NO_DEFAULT, .low = 0.0, .high = 150.0,
     .allowed = "an age from 0 to 150 years", .optional = true},
};

struct health_reader {
    struct model_reader *model;
    struct health_model *health;
    const struct setting *group;
    struct health_payoff *payoffs;
    size_t n_payoffs, payoffs_capacity;
    const char **categories;
    size_t n_categories, categories_capacity;
    struct health_tree *trees;
};

static void complain(struct health_reader *reader, const struct setting *setting,
                     enum diagnostic_code code, const char *allowed, const char *remedy,
                     const char *found)
{
    setting_complain(reader->model->diagnostics, setting, code, allowed, remedy, "%s", found);
}

static bool is_rest(const struct setting *setting)
{
    return setting_is_text(setting) && strcmp(setting->text, "rest") == 0;
}

static size_t count_children(const struct setting *setting, enum setting_type type)
{
    return setting != NULL && setting->type == type ? setting->n_children : 0;
}

static const struct setting *child_group(const struct setting *list, size_t i)
{
    return setting_is_group(list->children[i]) ? list->children[i] : NULL;
}

static struct amount read_amount(struct health_reader *reader, const struct setting *setting)
{
    return model_read_amount(reader->model, setting);
}

/* ---- references to states ---- */

static size_t find_state(struct health_reader *reader, const char *id,
                         const struct setting *setting, bool at_name)
{
    assert(setting != NULL);
    const struct health_model *health = reader->health;
    size_t state = health_find_state(health, id);
    if (state != SIZE_MAX) {
        return state;
    }
    const char **ids = arena_array(reader->model->arena, health->n_states, sizeof *ids);
    for (size_t i = 0; i < health->n_states; ++i) {
        ids[i] = health->states[i].id;
    }
    diagnostics_add(reader->model->diagnostics, DIAGNOSTIC_E540,
                    at_name ? setting->place : setting->value_place, setting->path,
                    "a state of this model",
                    layer_suggest(reader->model->arena, text_nearest(id, ids, health->n_states),
                                  "declare it in states = ( ... )"),
                    "no state is named \"%s\"", id);
    return SIZE_MAX;
}

/* States of a list of names as flags; NULL where absent. */
static const bool *read_states(struct health_reader *reader, const struct setting *list)
{
    size_t n = count_children(list, SETTING_ARRAY);
    if (n == 0) {
        return NULL;
    }
    bool *flags = arena_array(reader->model->arena, reader->health->n_states + 1, sizeof *flags);
    for (size_t i = 0; i < n; ++i) {
        if (setting_is_text(list->children[i])) {
            size_t state = find_state(reader, list->children[i]->text, list->children[i], false);
            if (state != SIZE_MAX) {
                flags[state] = true;
            }
        }
    }
    return flags;
}

static void read_state(struct health_reader *reader, const struct setting *group,
                       struct health_state *state)
{
    const char *id = field_text(group, "name", "");
    *state = (struct health_state){.id = id,
                                   .label = field_text(group, "label", id),
                                   .dead = field_boolean(group, "dead", false),
                                   .n_times = field_whole(group, "tunnel_cycles", 1),
                                   .setting = group};
    state->n_times = state->n_times > 0 ? state->n_times : 1;
    (void)reader;
}

static void read_state_list(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "states");
    size_t n = count_children(list, SETTING_LIST);
    struct health_state *states = arena_array(reader->model->arena, n, sizeof *states);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = child_group(list, i);
        if (group != NULL) {
            read_state(reader, group, &states[reader->health->n_states++]);
        }
    }
    reader->health->states = states;
}

/* ---- rows of transitions ---- */

static const struct health_cell *read_cells(struct health_reader *reader,
                                            const struct setting *group, size_t *n_cells)
{
    size_t n = count_children(group, SETTING_GROUP);
    struct health_cell *cells = arena_array(reader->model->arena, n, sizeof *cells);
    *n_cells = 0;
    for (size_t i = 0; i < n; ++i) {
        const struct setting *child = group->children[i];
        size_t to = find_state(reader, child->name, child, true);
        struct health_cell cell = {.to = to, .rest = is_rest(child), .setting = child};
        if (!cell.rest) {
            cell.amount = read_amount(reader, child);
        }
        if (to != SIZE_MAX) {
            cells[(*n_cells)++] = cell;
        }
    }
    return cells;
}

static void read_row(struct health_reader *reader, const struct setting *group,
                     struct health_row *row)
{
    const struct setting *from = setting_find(group, "from");
    const struct setting *to = setting_find(group, "to"), *rates = setting_find(group, "rates");
    *row = (struct health_row){.from = SIZE_MAX, .rates = rates != NULL, .setting = group};
    if ((to == NULL) == (rates == NULL)) {
        layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E541,
                       "probabilities in to = { } or rates a year in rates = { }",
                       to == NULL ? "add one of them" : "remove one of them",
                       "a row of transitions with %s", to == NULL ? "neither" : "both");
    }
    if (setting_is_text(from)) {
        row->from = find_state(reader, from->text, from, false);
    }
    row->cells = read_cells(reader, rates != NULL ? rates : to, &row->n_cells);
}

static void read_rows(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "transitions");
    size_t n = count_children(list, SETTING_LIST);
    struct health_row *rows = arena_array(reader->model->arena, n, sizeof *rows);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = child_group(list, i);
        if (group != NULL) {
            read_row(reader, group, &rows[reader->health->n_rows++]);
        }
    }
    reader->health->rows = rows;
}

/* ---- payoffs ---- */

static struct health_payoff *add_payoff(struct health_reader *reader, struct health_payoff payoff)
{
    reader->payoffs = arena_grow(reader->model->arena, reader->payoffs, reader->n_payoffs,
                                 &reader->payoffs_capacity, sizeof *reader->payoffs);
    reader->payoffs[reader->n_payoffs] = payoff;
    return &reader->payoffs[reader->n_payoffs++];
}

static void add_category(struct health_reader *reader, const char *category)
{
    for (size_t i = 0; i < reader->n_categories; ++i) {
        if (strcmp(reader->categories[i], category) == 0) {
            return;
        }
    }
    reader->categories = arena_grow(reader->model->arena, reader->categories, reader->n_categories,
                                    &reader->categories_capacity, sizeof *reader->categories);
    reader->categories[reader->n_categories++] = category;
}

static void read_payers(struct health_reader *reader, struct health_payoff *payoff)
{
    const struct setting *payer = setting_find(payoff->setting, "payer");
    const struct setting *payers = setting_find(payoff->setting, "payers");
    struct arena *arena = reader->model->arena;
    if ((payer == NULL) == (payers == NULL)) {
        layer_complain(reader->model->diagnostics, payoff->setting,
                       payer == NULL ? DIAGNOSTIC_E542 : DIAGNOSTIC_E521,
                       "payer = \"SECTOR\" or payers = { ... }",
                       payer == NULL ? "say who pays, e.g. payer = \"nhs_unallocated\""
                                     : "keep payers = { ... } where several pay",
                       "the cost \"%s\" has %s", payoff->name,
                       payer == NULL ? "no payer" : "both `payer` and `payers`");
        return;
    }
    payoff->payers = evidence_read_shares(arena, payers, &payoff->n_payers);
    if (payers == NULL && setting_is_text(payer)) {
        struct share *share = arena_alloc(arena, sizeof *share);
        *share = (struct share){.sector = payer->text, .share = 1.0, .setting = payer};
        payoff->payers = share;
        payoff->n_payers = 1;
    }
    for (size_t i = 0; i < payoff->n_payers; ++i) {
        const struct sector_reference reference = {
            .id = payoff->payers[i].sector,
            .setting = payoff->payers[i].setting,
            .at_name = payers != NULL,
            .groups = true,
            .what = arena_printf(arena, "the cost \"%s\"", payoff->name)};
        (void)sector_check_reference(reader->model->sectors, &reference,
                                     reader->model->diagnostics);
    }
}

static struct health_payoff cost_payoff(struct health_reader *reader, const struct setting *group)
{
    struct health_payoff payoff = {.name = field_text(group, "name", ""),
                                   .category = field_text(group, "category", "cost"),
                                   .outcome = PAYOFF_COST,
                                   .cashable = field_number(group, "cashable", 0.0),
                                   .setting = group};
    model_read_amounts(reader->model, group, amount_field, 1, &payoff);
    read_payers(reader, &payoff);
    add_category(reader, payoff.category);
    return payoff;
}

static size_t find_outcome(struct health_reader *reader, const struct setting *setting)
{
    const struct health_model *health = reader->health;
    if (!setting_is_text(setting)) {
        return SIZE_MAX;
    }
    const char **ids = arena_array(reader->model->arena, health->n_outcomes, sizeof *ids);
    for (size_t i = 0; i < health->n_outcomes; ++i) {
        ids[i] = health->outcomes[i].id;
        if (strcmp(ids[i], setting->text) == 0 && i != OUTCOME_LIFE_YEARS) {
            return i;
        }
    }
    setting_complain(
        reader->model->diagnostics, setting, DIAGNOSTIC_E543,
        "qalys, or an outcome of outcomes = { }",
        layer_suggest(reader->model->arena, text_nearest(setting->text, ids, health->n_outcomes),
                      "declare it in outcomes = { }"),
        strcmp(setting->text, "life_years") == 0 ? "\"%s\" are counted by the model itself"
                                                 : "no outcome is named \"%s\"",
        setting->text);
    return OUTCOME_QALYS;
}

static struct health_payoff effect_payoff(struct health_reader *reader, const struct setting *group)
{
    size_t outcome = find_outcome(reader, setting_find(group, "outcome"));
    outcome = outcome == SIZE_MAX ? OUTCOME_QALYS : outcome;
    struct health_payoff payoff = {
        .name = field_text(group, "name", reader->health->outcomes[outcome].label),
        .outcome = outcome,
        .setting = group};
    model_read_amounts(reader->model, group, amount_field, 1, &payoff);
    return payoff;
}

/* When a payoff of a cohort falls: `on`, `per`, `states` and `from` must fit each other. */
static void read_when(struct health_reader *reader, struct health_payoff *payoff)
{
    static const char *const words[] = {"state", "entry", "transition", "start"};
    const struct setting *group = payoff->setting;
    const struct setting *from = setting_find(group, "from"), *per = setting_find(group, "per");
    const struct setting *states = setting_find(group, "states");
    size_t when = field_choice(group, "on", words, 4);
    payoff->when = when < 4 ? (enum payoff_when)when : PAYOFF_IN_STATE;
    payoff->per_year = strcmp(field_text(group, "per", "year"), "year") == 0;
    payoff->states = read_states(reader, states);
    payoff->from = read_states(reader, from);
    const char *wrong = NULL;
    if (payoff->when == PAYOFF_AT_START && states != NULL) {
        wrong = "`states` has no meaning with on = \"start\"";
    } else if (payoff->when != PAYOFF_AT_START && states == NULL) {
        wrong = "it does not say for which `states`";
    } else if (payoff->when == PAYOFF_ON_TRANSITION && from == NULL) {
        wrong = "it does not say `from` which states";
    } else if (payoff->when != PAYOFF_ON_TRANSITION && from != NULL) {
        wrong = "`from` has a meaning with on = \"transition\" only";
    } else if (payoff->when != PAYOFF_IN_STATE && per != NULL) {
        wrong = "`per` has a meaning with on = \"state\" only";
    }
    if (wrong != NULL) {
        layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E544,
                       "states for on = \"state\" and \"entry\", states and from for on = "
                       "\"transition\", neither for on = \"start\"",
                       "add or remove the key", "\"%s\": %s", payoff->name, wrong);
    }
}

static void read_costs(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "costs");
    for (size_t i = 0; i < count_children(list, SETTING_LIST); ++i) {
        const struct setting *group = child_group(list, i);
        if (group != NULL) {
            struct health_payoff *payoff = add_payoff(reader, cost_payoff(reader, group));
            read_when(reader, payoff);
        }
    }
}

static void read_effects(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "effects");
    for (size_t i = 0; i < count_children(list, SETTING_LIST); ++i) {
        const struct setting *group = child_group(list, i);
        if (group != NULL) {
            struct health_payoff *payoff = add_payoff(reader, effect_payoff(reader, group));
            read_when(reader, payoff);
        }
    }
}

static void check_utility(struct health_reader *reader, const struct setting *setting,
                          const struct amount *amount, size_t state)
{
    const struct expression *expression = amount->expression;
    bool number = expression != NULL && expression->kind == EXPRESSION_NUMBER;
    if (number && expression->number > 1.0) {
        complain(reader, setting, DIAGNOSTIC_E545, "a utility of at most 1",
                 "check the figure: 1 is full health, 0 is dead", "a utility above 1");
    }
    if (reader->health->states[state].dead && !(number && expression->number == 0.0)) {
        complain(reader, setting, DIAGNOSTIC_E545, "0, or nothing, for a state marked dead",
                 "remove it", "a utility for the dead");
    }
}

static void read_utilities(struct health_reader *reader)
{
    const struct setting *group = setting_find(reader->group, "utilities");
    const struct health_model *health = reader->health;
    for (size_t i = 0; i < count_children(group, SETTING_GROUP); ++i) {
        const struct setting *child = group->children[i];
        size_t state = find_state(reader, child->name, child, true);
        if (state == SIZE_MAX) {
            (void)read_amount(reader, child);
            continue;
        }
        bool *states = arena_array(reader->model->arena, health->n_states, sizeof *states);
        states[state] = true;
        struct health_payoff payoff = {.name = arena_printf(reader->model->arena, "utility of %s",
                                                            health->states[state].label),
                                       .outcome = OUTCOME_QALYS,
                                       .when = PAYOFF_IN_STATE,
                                       .per_year = true,
                                       .states = states,
                                       .amount = read_amount(reader, child),
                                       .setting = child};
        check_utility(reader, child, &payoff.amount, state);
        (void)add_payoff(reader, payoff);
    }
    for (size_t i = 0; group != NULL && i < health->n_states; ++i) {
        if (!health->states[i].dead && setting_find(group, health->states[i].id) == NULL) {
            layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E545,
                           "a utility for every state not marked dead",
                           "add it, or mark the state dead = true", "no utility for \"%s\"",
                           health->states[i].id);
        }
    }
}

/* Life-years: 1 a year in every state not marked dead. */
static void add_life_years(struct health_reader *reader)
{
    const struct health_model *health = reader->health;
    bool *alive = arena_array(reader->model->arena, health->n_states + 1, sizeof *alive);
    for (size_t i = 0; i < health->n_states; ++i) {
        alive[i] = !health->states[i].dead;
    }
    (void)add_payoff(reader,
                     (struct health_payoff){.name = "life-years",
                                            .outcome = OUTCOME_LIFE_YEARS,
                                            .when = PAYOFF_IN_STATE,
                                            .per_year = true,
                                            .states = alive,
                                            .amount = amount_constant(reader->model->arena, 1.0)});
}

static void read_outcomes(struct health_reader *reader)
{
    static const char *const words[] = {"health", "costs", "none"};
    const struct setting *group = setting_find(reader->group, "outcomes");
    size_t n = count_children(group, SETTING_GROUP);
    struct health_outcome *outcomes =
        arena_array(reader->model->arena, n + N_BUILT_IN_OUTCOMES, sizeof *outcomes);
    outcomes[OUTCOME_QALYS] =
        (struct health_outcome){.id = "qalys", .label = "QALYs", .unit = "QALY"};
    outcomes[OUTCOME_LIFE_YEARS] =
        (struct health_outcome){.id = "life_years", .label = "Life-years", .unit = "year"};
    size_t n_outcomes = N_BUILT_IN_OUTCOMES;
    for (size_t i = 0; i < n; ++i) {
        const struct setting *child = group->children[i];
        if (!setting_is_group(child)) {
            continue;
        }
        size_t discount = field_choice(child, "discount", words, 3);
        if (strcmp(child->name, "qalys") == 0 || strcmp(child->name, "life_years") == 0) {
            layer_complain(reader->model->diagnostics, child, DIAGNOSTIC_E543,
                           "any name but qalys and life_years", "remove it: every model has it",
                           "\"%s\" is an outcome of every model", child->name);
        }
        outcomes[n_outcomes++] = (struct health_outcome){
            .id = child->name,
            .label = field_text(child, "label", child->name),
            .unit = field_text(child, "unit", ""),
            .discount = discount < 3 ? (enum outcome_discount)discount : OUTCOME_AS_HEALTH,
            .setting = child};
    }
    reader->health->outcomes = outcomes;
    reader->health->n_outcomes = n_outcomes;
}

/* ---- trees ---- */

static size_t find_tree(struct health_reader *reader, const struct setting *setting)
{
    const struct health_model *health = reader->health;
    const char **ids = arena_array(reader->model->arena, health->n_trees + 1, sizeof *ids);
    const char *name = setting_text(setting, "");
    for (size_t i = 0; i < health->n_trees; ++i) {
        ids[i] = health->trees[i].id;
        if (strcmp(ids[i], name) == 0) {
            return i;
        }
    }
    setting_complain(reader->model->diagnostics, setting, DIAGNOSTIC_E546, "a tree of this model",
                     layer_suggest(reader->model->arena, text_nearest(name, ids, health->n_trees),
                                   "declare it in trees = { }"),
                     "no tree is named \"%s\"", name);
    return SIZE_MAX;
}

static void read_node_payoffs(struct health_reader *reader, struct health_node *node)
{
    const struct setting *costs = setting_find(node->setting, "costs");
    const struct setting *effects = setting_find(node->setting, "effects");
    const struct setting *qalys = setting_find(node->setting, "qalys");
    size_t n_costs = count_children(costs, SETTING_LIST);
    size_t n_effects = count_children(effects, SETTING_LIST);
    struct health_payoff *payoffs =
        arena_array(reader->model->arena, n_costs + n_effects + 1, sizeof *payoffs);
    for (size_t i = 0; i < n_costs; ++i) {
        const struct setting *group = child_group(costs, i);
        if (group != NULL) {
            payoffs[node->n_payoffs] = cost_payoff(reader, group);
            payoffs[node->n_payoffs++].when = PAYOFF_AT_START;
        }
    }
    for (size_t i = 0; i < n_effects; ++i) {
        const struct setting *group = child_group(effects, i);
        if (group != NULL) {
            payoffs[node->n_payoffs] = effect_payoff(reader, group);
            payoffs[node->n_payoffs++].when = PAYOFF_AT_START;
        }
    }
    if (qalys != NULL) {
        payoffs[node->n_payoffs++] = (struct health_payoff){.name = "QALYs",
                                                            .outcome = OUTCOME_QALYS,
                                                            .when = PAYOFF_AT_START,
                                                            .amount = read_amount(reader, qalys),
                                                            .setting = qalys};
    }
    node->payoffs = payoffs;
}

static void read_node(struct health_reader *reader, const struct setting *group, bool is_root,
                      struct health_node *node)
{
    const struct setting *list = setting_find(group, "branches");
    const struct setting *probability = setting_find(group, "probability");
    const struct setting *goes_on = setting_find(group, "goes_on");
    const struct setting *ends_in = setting_find(group, "ends_in");
    size_t n = count_children(list, SETTING_LIST);
    *node = (struct health_node){.label = field_text(group, "label", NULL),
                                 .rest = is_rest(probability),
                                 .goes_on = SIZE_MAX,
                                 .ends_in = SIZE_MAX,
                                 .setting = group};
    if (!node->rest) {
        model_read_amounts(reader->model, group, probability_field, 1, node);
    }
    if ((probability == NULL) != is_root) {
        layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E547,
                       "a probability for each branch, and none for the first node",
                       is_root ? "remove it" : "add probability = ..., or \"rest\"",
                       is_root ? "the first node of a tree has a probability"
                               : "a branch without a probability");
    }
    if ((n > 0) + (goes_on != NULL) + (ends_in != NULL) > 1) {
        layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E547,
                       "one of branches, goes_on and ends_in, or none", "keep one of them",
                       "a node that goes on in more than one way");
    }
    read_node_payoffs(reader, node);
    if (setting_is_text(goes_on)) {
        node->goes_on = find_tree(reader, goes_on);
    }
    if (setting_is_text(ends_in)) {
        node->ends_in = find_state(reader, setting_text(ends_in, ""), ends_in, false);
    }
    struct health_node *branches = arena_array(reader->model->arena, n, sizeof *branches);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *child = child_group(list, i);
        if (child != NULL) {
            read_node(reader, child, false, &branches[node->n_branches++]);
        }
    }
    node->branches = branches;
}

/* Names first: trees may go on in later ones. */
static void name_trees(struct health_reader *reader)
{
    const struct setting *group = setting_find(reader->group, "trees");
    size_t n = count_children(group, SETTING_GROUP);
    reader->trees = arena_array(reader->model->arena, n, sizeof *reader->trees);
    for (size_t i = 0; i < n; ++i) {
        if (setting_is_group(group->children[i])) {
            reader->trees[reader->health->n_trees++] = (struct health_tree){
                .id = group->children[i]->name, .root = {.setting = group->children[i]}};
        }
    }
    reader->health->trees = reader->trees;
}

static void read_trees(struct health_reader *reader)
{
    for (size_t i = 0; i < reader->health->n_trees; ++i) {
        read_node(reader, reader->trees[i].root.setting, true, &reader->trees[i].root);
    }
}

/* ---- names before amounts: formulas, values of groups, options ---- */

static void name_formulas(struct health_reader *reader, struct health_formula **formulas)
{
    const struct setting *group = setting_find(reader->group, "formulas");
    size_t n = count_children(group, SETTING_GROUP);
    *formulas = arena_array(reader->model->arena, n, sizeof **formulas);
    for (size_t i = 0; i < n; ++i) {
        (*formulas)[i] =
            (struct health_formula){.id = group->children[i]->name, .setting = group->children[i]};
    }
    reader->health->formulas = *formulas;
    reader->health->n_formulas = n;
}

static void name_group_values(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "groups");
    const struct setting *first =
        count_children(list, SETTING_LIST) > 0 ? setting_find(list->children[0], "values") : NULL;
    size_t n = count_children(first, SETTING_GROUP);
    const char **names = arena_array(reader->model->arena, n, sizeof *names);
    for (size_t i = 0; i < n; ++i) {
        names[i] = first->children[i]->name;
    }
    reader->health->group_values = names;
    reader->health->n_group_values = n;
}

static void check_group_values(struct health_reader *reader, const struct setting *group)
{
    const struct setting *values = setting_find(group, "values");
    const struct health_model *health = reader->health;
    bool same = setting_find(reader->group, "population") != NULL ||
                count_children(values, SETTING_GROUP) == health->n_group_values;
    for (size_t i = 0; same && i < health->n_group_values; ++i) {
        same = setting_find(reader->group, "population") != NULL ||
               setting_find(values, health->group_values[i]) != NULL;
    }
    if (!same) {
        layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E548,
                       "the same values in every group", "give each group the values of the first",
                       "the group \"%s\" does not give the values of the first",
                       field_text(group, "name", ""));
    }
}

static void read_groups(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "groups");
    struct health_model *health = reader->health;
    size_t n = count_children(list, SETTING_LIST);
    struct health_group *groups = arena_array(reader->model->arena, n + 1, sizeof *groups);
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = child_group(list, i);
        if (group == NULL) {
            continue;
        }
        const struct setting *values = setting_find(group, "values");
        const char *id = field_text(group, "name", "");
        struct amount *amounts =
            arena_array(reader->model->arena, health->n_group_values, sizeof *amounts);
        check_group_values(reader, group);
        for (size_t k = 0; k < health->n_group_values; ++k) {
            const struct setting *value = setting_find(values, health->group_values[k]);
            amounts[k] = value != NULL ? read_amount(reader, value) : (struct amount){0};
        }
        groups[health->n_groups++] =
            (struct health_group){.id = id,
                                  .label = field_text(group, "label", id),
                                  .weight = field_number(group, "weight", 0.0),
                                  .values = amounts,
                                  .setting = group};
        sum += groups[health->n_groups - 1].weight;
    }
    if (n > 0 && fabs(sum - 1.0) > 1e-9) {
        char words[32];
        text_format_exact(words, sum);
        layer_complain(reader->model->diagnostics, list, DIAGNOSTIC_E548, "weights that sum to 1",
                       "correct the weights", "weights of the groups that sum to %s", words);
    }
    if (n == 0) {
        groups[health->n_groups++] = (struct health_group){
            .id = "all",
            .label = "Everyone",
            .weight = 1.0,
            .values = arena_array(reader->model->arena, health->n_group_values + 1,
                                  sizeof(struct amount))};
    }
    health->groups = groups;
}

static struct amount *read_option_formulas(struct health_reader *reader,
                                           const struct setting *option)
{
    const struct setting *group = setting_find(option, "formulas");
    const struct health_model *health = reader->health;
    struct amount *amounts = arena_array(reader->model->arena, health->n_formulas, sizeof *amounts);
    for (size_t i = 0; i < count_children(group, SETTING_GROUP); ++i) {
        const struct setting *child = group->children[i];
        size_t index = health_find_formula(health, child->name);
        struct amount amount = read_amount(reader, child);
        if (index != SIZE_MAX) {
            amounts[index] = amount;
            continue;
        }
        const char **ids = arena_array(reader->model->arena, health->n_formulas, sizeof *ids);
        for (size_t k = 0; k < health->n_formulas; ++k) {
            ids[k] = health->formulas[k].id;
        }
        layer_complain(
            reader->model->diagnostics, child, DIAGNOSTIC_E549, "a formula that the model has too",
            layer_suggest(reader->model->arena, text_nearest(child->name, ids, health->n_formulas),
                          "add it to the model's formulas = { } first"),
            "the model has no formula \"%s\" that this option could replace", child->name);
    }
    return amounts;
}

/* Formulas of earlier options, taken together. */
static void combine_options(struct health_reader *reader, const struct setting *group,
                            struct amount *own)
{
    const struct setting *list = setting_find(group, "combines");
    const struct health_model *health = reader->health;
    struct amount *taken = arena_array(reader->model->arena, health->n_formulas + 1, sizeof *taken);
    for (size_t i = 0; i < count_children(list, SETTING_ARRAY); ++i) {
        const struct setting *name = list->children[i];
        const struct health_option *other = NULL;
        const char **ids = arena_array(reader->model->arena, health->n_options + 1, sizeof *ids);
        for (size_t o = 0; setting_is_text(name) && o < health->n_options; ++o) {
            ids[o] = health->options[o].id;
            other = strcmp(ids[o], name->text) == 0 ? &health->options[o] : other;
        }
        if (other == NULL && setting_is_text(name)) {
            setting_complain(reader->model->diagnostics, name, DIAGNOSTIC_E561,
                             "an option that stands before this one",
                             layer_suggest(reader->model->arena,
                                           text_nearest(name->text, ids, health->n_options),
                                           "put it before this one"),
                             "no earlier option is named \"%s\"", name->text);
        }
        for (size_t k = 0; other != NULL && k < health->n_formulas; ++k) {
            if (other->formulas[k].expression == NULL || own[k].expression != NULL) {
                continue;
            }
            if (taken[k].expression != NULL) {
                setting_complain(
                    reader->model->diagnostics, name, DIAGNOSTIC_E561, "one value for each formula",
                    arena_printf(reader->model->arena,
                                 "say in this option's formulas what %s is when both "
                                 "act",
                                 health->formulas[k].id),
                    "two of the options combined give the formula \"%s\"", health->formulas[k].id);
            }
            taken[k] = other->formulas[k];
        }
    }
    for (size_t k = 0; k < health->n_formulas; ++k) {
        own[k] = own[k].expression != NULL ? own[k] : taken[k];
    }
}

static size_t option_tree(struct health_reader *reader, const struct setting *group, const char *id)
{
    const struct setting *tree = setting_find(group, "tree");
    const struct health_model *health = reader->health;
    if (setting_is_text(tree)) {
        return find_tree(reader, tree);
    }
    for (size_t i = 0; i < health->n_trees; ++i) {
        if (strcmp(health->trees[i].id, id) == 0) {
            return i;
        }
    }
    if (health->n_trees == 1) {
        return 0;
    }
    if (health->n_trees > 1 || health->kind == HEALTH_TREE) {
        layer_complain(reader->model->diagnostics, group, DIAGNOSTIC_E546,
                       "tree = \"NAME\", a tree of the option's name, or one tree for all",
                       "say which tree it follows", "the option \"%s\" follows no tree", id);
    }
    return SIZE_MAX;
}

static void read_options(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "options");
    struct health_model *health = reader->health;
    size_t n = count_children(list, SETTING_LIST);
    struct health_option *options = arena_array(reader->model->arena, n, sizeof *options);
    health->options = options;
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = child_group(list, i);
        if (group == NULL) {
            continue;
        }
        const char *id = field_text(group, "name", "");
        struct amount *formulas = read_option_formulas(reader, group);
        combine_options(reader, group, formulas);
        options[health->n_options++] =
            (struct health_option){.id = id,
                                   .label = field_text(group, "label", id),
                                   .formulas = formulas,
                                   .tree = option_tree(reader, group, id),
                                   .setting = group};
    }
    health->options = options;
}

static void read_cohort(struct health_reader *reader)
{
    static const char *const ats[] = {"counted", "start", "middle", "end"};
    struct health_model *health = reader->health;
    const struct setting *group = reader->group;
    health->cycle_length_years = field_number(group, "cycle_length_years", 1.0);
    health->horizon_years = field_number(group, "horizon_years", 1.0);
    const char *correction = field_text(group, "cycle_correction", "half");
    health->correction = CORRECTION_HALF;
    for (size_t i = 0; i < N_CYCLE_CORRECTIONS; ++i) {
        if (strcmp(cycle_correction_name((enum cycle_correction)i), correction) == 0) {
            health->correction = (enum cycle_correction)i;
        }
    }
    size_t at = field_choice(group, "discount_at", ats, 4);
    health->discount_at = at < 4 ? (enum discount_at)at : DISCOUNT_COUNTED;
    health->transitions_as_states =
        strcmp(field_text(group, "transition_weights", "one"), "as_states") == 0;
    model_read_amounts(reader->model, group, start_age_field, 1, health);
    const struct setting *start = setting_find(group, "start");
    health->start = read_cells(reader, start, &health->n_start);
    read_rows(reader);
}

/* ---- life tables ---- */

#define RATE(key, fallback)                                                                        \
    {                                                                                              \
#        key, offsetof(struct health_disease, key), (fallback), .low = 0.0, .high = HUGE_VAL,      \
                                                                .allowed = "at least 0"            \
    }

static const struct amount_field disease_fields[] = {
    RATE(prevalence, 0.0),
    RATE(incidence, NO_DEFAULT),
    RATE(remission, 0.0),
    RATE(case_fatality, NO_DEFAULT),
    RATE(cost, 0.0),
    {"utility_loss", offsetof(struct health_disease, utility_loss), 0.0, ANY},
};

static const struct amount_field life_table_fields[] = {
    {"mortality", offsetof(struct health_model, mortality), NO_DEFAULT, .low = 0.0,
     .high = HUGE_VAL, .allowed = "at least 0"},
    {"utility", offsetof(struct health_model, utility), NO_DEFAULT, .low = -1.0, .high = 1.0,
     .allowed = "a utility of at most 1"},
};

static void read_disease(struct health_reader *reader, const struct setting *group,
                         struct health_disease *disease)
{
    const char *id = field_text(group, "name", "");
    *disease = (struct health_disease){
        .id = id, .label = field_text(group, "label", id), .setting = group};
    model_read_amounts(reader->model, group, disease_fields,
                       sizeof disease_fields / sizeof disease_fields[0], disease);
    disease->payoff = (struct health_payoff){.name = disease->label,
                                             .category = id,
                                             .outcome = PAYOFF_COST,
                                             .cashable = field_number(group, "cashable", 0.0),
                                             .setting = group};
    if (setting_find(group, "cost") != NULL) {
        read_payers(reader, &disease->payoff);
        add_category(reader, id);
    }
}

static void read_diseases(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "diseases");
    size_t n = count_children(list, SETTING_LIST);
    struct health_disease *diseases = arena_array(reader->model->arena, n, sizeof *diseases);
    struct health_outcome *outcomes =
        arena_array(reader->model->arena, n + N_BUILT_IN_OUTCOMES, sizeof *outcomes);
    memcpy(outcomes, reader->health->outcomes, N_BUILT_IN_OUTCOMES * sizeof *outcomes);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = child_group(list, i);
        if (group != NULL) {
            size_t at = reader->health->n_diseases++;
            read_disease(reader, group, &diseases[at]);
            outcomes[N_BUILT_IN_OUTCOMES + at] = (struct health_outcome){
                .id = diseases[at].id,
                .label = arena_printf(reader->model->arena, "New cases of %s", diseases[at].label),
                .unit = "case",
                .discount = OUTCOME_UNDISCOUNTED,
                .setting = group};
        }
    }
    reader->health->diseases = diseases;
    reader->health->outcomes = outcomes;
    reader->health->n_outcomes = N_BUILT_IN_OUTCOMES + reader->health->n_diseases;
}

static const struct amount *read_relative_risks(struct health_reader *reader,
                                                const struct setting *group)
{
    const struct health_model *health = reader->health;
    struct amount *risks = arena_array(reader->model->arena, health->n_diseases + 1, sizeof *risks);
    for (size_t i = 0; i < count_children(group, SETTING_GROUP); ++i) {
        const struct setting *child = group->children[i];
        struct amount amount = read_amount(reader, child);
        const char **ids = arena_array(reader->model->arena, health->n_diseases + 1, sizeof *ids);
        bool known = false;
        for (size_t d = 0; d < health->n_diseases; ++d) {
            ids[d] = health->diseases[d].id;
            if (strcmp(ids[d], child->name) == 0) {
                risks[d] = amount;
                known = true;
            }
        }
        if (!known) {
            layer_complain(reader->model->diagnostics, child, DIAGNOSTIC_E560,
                           "a disease of this model",
                           layer_suggest(reader->model->arena,
                                         text_nearest(child->name, ids, health->n_diseases),
                                         "declare it in diseases = ( ... )"),
                           "no disease is named \"%s\"", child->name);
        }
    }
    return risks;
}

static void read_risk(struct health_reader *reader, const struct setting *group,
                      struct health_risk *risk)
{
    const char *id = field_text(group, "name", "");
    const struct setting *list = setting_find(group, "categories");
    size_t n = count_children(list, SETTING_LIST);
    struct health_category *categories = arena_array(reader->model->arena, n, sizeof *categories);
    *risk = (struct health_risk){.id = id,
                                 .label = field_text(group, "label", id),
                                 .lag_years = field_whole(group, "lag_years", 0),
                                 .setting = group};
    for (size_t i = 0; i < n; ++i) {
        const struct setting *child = child_group(list, i);
        const struct setting *share = setting_find(child, "share");
        if (child == NULL || share == NULL) {
            continue;
        }
        struct health_category *category = &categories[risk->n_categories++];
        *category =
            (struct health_category){.id = field_text(child, "name", ""), .rest = is_rest(share)};
        if (!category->rest) {
            category->share = read_amount(reader, share);
        }
        category->relative_risks =
            read_relative_risks(reader, setting_find(child, "relative_risks"));
    }
    risk->categories = categories;
}

static void read_risks(struct health_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "risks");
    size_t n = count_children(list, SETTING_LIST);
    struct health_risk *risks = arena_array(reader->model->arena, n, sizeof *risks);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = child_group(list, i);
        if (group != NULL) {
            read_risk(reader, group, &risks[reader->health->n_risks++]);
        }
    }
    reader->health->risks = risks;
}

/* Every whole age, both sexes, every quintile: values age_now, sex and quintile. */
static void read_population(struct health_reader *reader, const struct setting *group)
{
    static const char *const names[] = {"age_now", "sex", "quintile"};
    struct arena *arena = reader->model->arena;
    struct health_model *health = reader->health;
    const struct setting *ages = setting_find(group, "ages");
    const struct setting *weight = setting_find(group, "weight");
    bool right = ages != NULL && ages->type == SETTING_ARRAY && ages->n_children == 2 &&
                 ages->children[0]->number <= ages->children[1]->number;
    if (!right) {
        if (ages != NULL) {
            complain(reader, ages, DIAGNOSTIC_E548, "two whole ages, [from, to]",
                     "e.g. ages = [40, 100]", "ages that are no range");
        }
        return;
    }
    size_t from = (size_t)ages->children[0]->number, to = (size_t)ages->children[1]->number;
    size_t n_sexes = field_boolean(group, "by_sex", true) ? 2 : 1;
    size_t n_quintiles = field_whole(group, "quintiles", 1);
    struct health_group *groups =
        arena_array(arena, (to - from + 1) * n_sexes * n_quintiles + 1, sizeof *groups);
    health->n_groups = 0;
    for (size_t age = from; age <= to; ++age) {
        for (size_t sex = 0; sex < n_sexes; ++sex) {
            for (size_t quintile = 1; quintile <= n_quintiles; ++quintile) {
                struct amount *values = arena_array(arena, 3, sizeof *values);
                values[0] = amount_constant(arena, (double)age);
                values[1] = amount_constant(arena, (double)sex);
                values[2] = amount_constant(arena, (double)quintile);
                const char *id =
                    arena_printf(arena, "%s_%zu_q%zu", sex == 1 ? "female" : "male", age, quintile);
                groups[health->n_groups++] = (struct health_group){
                    .id = id, .label = id, .weight = 1.0, .values = values, .setting = group};
            }
        }
    }
    health->groups = groups;
    health->group_weight =
        weight != NULL ? read_amount(reader, weight) : amount_constant(arena, 1.0);
    (void)names;
}

static void name_population_values(struct health_reader *reader)
{
    static const char *const names[] = {"age_now", "sex", "quintile"};
    if (setting_find(reader->group, "population") != NULL) {
        reader->health->group_values = names;
        reader->health->n_group_values = 3;
    }
}

static void read_life_table(struct health_reader *reader)
{
    static const char *const ats[] = {"start", "middle", "end"};
    struct health_model *health = reader->health;
    const struct setting *group = reader->group;
    const struct setting *population = setting_find(group, "population");
    health->cycle_length_years = 1.0;
    health->horizon_years = field_number(group, "horizon_years", 1.0);
    health->correction = CORRECTION_LIFE_TABLE;
    size_t at = field_choice(group, "discount_at", ats, 3);
    health->discount_at = at == 0 ? DISCOUNT_START : at == 2 ? DISCOUNT_END : DISCOUNT_MIDDLE;
    if (setting_is_group(population)) {
        read_population(reader, population);
        struct expression *age = arena_alloc(reader->model->arena, sizeof *age);
        *age = (struct expression){
            .kind = EXPRESSION_NAME, .type = EXPRESSION_TYPE_NUMBER, .name = "age_now"};
        health->start_age = (struct amount){.expression = age};
    } else {
        model_read_amounts(reader->model, group, start_age_field, 1, health);
    }
    model_read_amounts(reader->model, group, life_table_fields, 2, health);
    read_diseases(reader);
    read_risks(reader);
}

const struct health_model *health_read(struct model_reader *model_reader, struct model *model,
                                       enum health_kind kind)
{
    struct health_model *health = arena_alloc(model_reader->arena, sizeof *health);
    *health = (struct health_model){.kind = kind, .setting = model->setting};
    struct health_reader reader = {
        .model = model_reader, .health = health, .group = model->setting};
    struct health_formula *formulas = NULL;
    model->health = health;
    name_formulas(&reader, &formulas);
    name_group_values(&reader);
    name_population_values(&reader);
    name_trees(&reader);
    read_state_list(&reader);
    read_outcomes(&reader);
    for (size_t i = 0; i < health->n_formulas; ++i) {
        formulas[i].amount = read_amount(&reader, formulas[i].setting);
    }
    read_groups(&reader);
    read_options(&reader);
    if (kind == HEALTH_COHORT) {
        read_cohort(&reader);
    }
    if (kind == HEALTH_LIFE_TABLE) {
        read_life_table(&reader);
    }
    read_costs(&reader);
    read_utilities(&reader);
    read_effects(&reader);
    read_trees(&reader);
    if (kind == HEALTH_COHORT) {
        add_life_years(&reader);
    }
    health->payoffs = reader.payoffs;
    health->n_payoffs = reader.n_payoffs;
    health->categories = reader.categories;
    health->n_categories = reader.n_categories;
    health_check(model_reader, model);
    return health;
}
