/* Finding models and demands; walking over amounts and the names in them. */
#include "model/model.h"

#include <string.h>

const struct model *model_find(const struct models *models, const char *id)
{
    for (size_t i = 0; i < models->n_models; ++i) {
        if (strcmp(models->models[i].id, id) == 0) {
            return &models->models[i];
        }
    }
    return NULL;
}

const struct demand *model_find_demand(const struct models *models, const char *id)
{
    for (size_t i = 0; i < models->n_demands; ++i) {
        if (strcmp(models->demands[i].id, id) == 0) {
            return &models->demands[i];
        }
    }
    return NULL;
}

struct amount amount_constant(struct arena *arena, double value)
{
    struct expression *expression = arena_alloc(arena, sizeof *expression);
    *expression = (struct expression){
        .kind = EXPRESSION_NUMBER, .type = EXPRESSION_TYPE_NUMBER, .number = value};
    return (struct amount){.expression = expression};
}

struct visitor {
    void (*visit)(const struct amount *amount, void *context);
    void *context;
};

static void visit_one(const struct visitor *visitor, const struct amount *amount)
{
    if (amount->expression != NULL) {
        visitor->visit(amount, visitor->context);
    }
}

static void visit_funnel(const struct visitor *visitor, const struct model *model)
{
    visit_one(visitor, &model->eligible);
    visit_one(visitor, &model->reach);
    visit_one(visitor, &model->uptake);
    visit_one(visitor, &model->retention);
    visit_one(visitor, &model->capacity);
}

static void visit_outcome(const struct visitor *visitor, const struct outcome *outcome)
{
    visit_one(visitor, &outcome->effect);
    visit_one(visitor, &outcome->deadweight);
    visit_one(visitor, &outcome->attribution);
    visit_one(visitor, &outcome->displacement);
    visit_one(visitor, &outcome->optimism_bias);
    visit_one(visitor, &outcome->profile.fade_amount);
}

static void visit_qaly(const struct visitor *visitor, const struct qaly_gain *qaly)
{
    visit_one(visitor, &qaly->gain);
    visit_one(visitor, &qaly->deadweight);
    visit_one(visitor, &qaly->optimism_bias);
    visit_one(visitor, &qaly->profile.fade_amount);
}

void model_visit_amounts(const struct model *model,
                         void (*visit)(const struct amount *amount, void *context), void *context)
{
    const struct visitor visitor = {.visit = visit, .context = context};
    if (model->health != NULL) {
        health_visit_amounts(model->health, visit, context);
        return;
    }
    visit_funnel(&visitor, model);
    for (size_t i = 0; i < model->n_costs; ++i) {
        visit_one(&visitor, &model->costs[i].amount);
        visit_one(&visitor, &model->costs[i].optimism_bias);
        visit_one(&visitor, &model->costs[i].real_growth);
    }
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        visit_outcome(&visitor, &model->outcomes[i]);
    }
    for (size_t i = 0; i < model->n_levered_in; ++i) {
        visit_one(&visitor, &model->levered_in[i].amount);
    }
    for (size_t i = 0; i < model->n_transfers; ++i) {
        visit_one(&visitor, &model->transfers[i].amount);
    }
    for (size_t i = 0; i < model->n_qalys; ++i) {
        visit_qaly(&visitor, &model->qalys[i]);
    }
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        const struct health_gain *gain = &model->health_gains[i];
        visit_one(&visitor, &gain->deadweight);
        visit_one(&visitor, &gain->optimism_bias);
        for (size_t k = 0; gain->model != NULL && k < gain->model->n_inputs; ++k) {
            visit_one(&visitor, &gain->inputs[k]);
        }
    }
}

struct model_name model_resolve_name(const struct model *model, const struct evidence *evidence,
                                     const char *name)
{
    const struct health_model *health = model != NULL ? model->health : NULL;
    size_t formula = health != NULL ? health_find_formula(health, name) : SIZE_MAX;
    size_t value = health != NULL ? health_find_group_value(health, name) : SIZE_MAX;
    if (formula != SIZE_MAX) {
        return (struct model_name){.kind = MODEL_NAME_FORMULA, .input = formula};
    }
    if (value != SIZE_MAX) {
        return (struct model_name){.kind = MODEL_NAME_GROUP_VALUE, .input = value};
    }
    for (size_t i = 0; model != NULL && i < model->n_inputs; ++i) {
        if (strcmp(model->inputs[i].id, name) == 0) {
            return (struct model_name){.kind = MODEL_NAME_INPUT, .input = i};
        }
    }
    struct model_name found = {.kind = MODEL_NAME_UNKNOWN};
    if (health != NULL && health_find_variable(name) < N_HEALTH_VARIABLES) {
        found.kind = MODEL_NAME_VARIABLE;
        found.variable = health_find_variable(name);
        return found;
    }
    found.parameter = evidence_find(evidence, name, &found.n_matches);
    if (found.parameter != NULL) {
        found.kind = MODEL_NAME_PARAMETER;
    } else if (health == NULL && strcmp(name, "year") == 0) {
        found.kind = MODEL_NAME_YEAR;
    }
    return found;
}

struct parameter_search {
    const struct model *model; /* whose inputs hide evidence; NULL for a demand */
    const struct evidence *evidence;
    const struct parameter *parameter;
    bool found;
};

static void search_name(const struct expression *node, void *context)
{
    struct parameter_search *search = context;
    search->found = search->found ||
                    model_resolve_name(search->model, search->evidence, node->name).parameter ==
                        search->parameter;
}

static void search_amount(const struct amount *amount, void *context)
{
    expression_visit_names(amount->expression, search_name, context);
}

/* The baseline counts for relative effects alone. */
static bool outcome_uses(const struct outcome *outcome, struct parameter_search *search)
{
    const struct demand *demand = outcome->demand;
    if (demand == NULL) {
        return false;
    }
    if (outcome->relative && demand->baseline_per_person.expression != NULL) {
        search_amount(&demand->baseline_per_person, search);
    }
    return search->found || demand->unit_cost_parameter == search->parameter;
}

bool model_uses_parameter(const struct model *model, const struct evidence *evidence,
                          const struct parameter *parameter)
{
    struct parameter_search search = {.model = model, .evidence = evidence, .parameter = parameter};
    model_visit_amounts(model, search_amount, &search);
    for (size_t i = 0; i < model->n_health_gains && !search.found; ++i) {
        const struct model *health = model->health_gains[i].model;
        search.found = health != NULL && model_uses_parameter(health, evidence, parameter);
    }
    search.model = NULL;
    for (size_t i = 0; !search.found && i < model->n_outcomes; ++i) {
        search.found = outcome_uses(&model->outcomes[i], &search);
    }
    return search.found;
}
