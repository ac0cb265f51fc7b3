/* Amounts and evidence into slots of the program. */
#include "plan/plan_private.h"

#include <assert.h>
#include <string.h>

program_slot plan_constant(struct builder *builder, double value)
{
    return program_add_constant(builder->program, value);
}

program_slot plan_multiply(struct builder *builder, program_slot a, program_slot b)
{
    double value = 0.0;
    if (program_constant_value(builder->program, a, &value) && value == 1.0) {
        return b;
    }
    if (program_constant_value(builder->program, b, &value) && value == 1.0) {
        return a;
    }
    return program_add_operation(builder->program, OP_MULTIPLY, a, b, PROGRAM_NO_SLOT);
}

program_slot plan_scale(struct builder *builder, program_slot a, double factor)
{
    return plan_multiply(builder, a, plan_constant(builder, factor));
}

program_slot plan_one_minus(struct builder *builder, program_slot a)
{
    return program_add_operation(builder->program, OP_SUBTRACT, plan_constant(builder, 1.0), a,
                                 PROGRAM_NO_SLOT);
}

program_slot plan_one_plus(struct builder *builder, program_slot a)
{
    return program_add_operation(builder->program, OP_ADD, plan_constant(builder, 1.0), a,
                                 PROGRAM_NO_SLOT);
}

static program_slot year_slot(struct builder *builder)
{
    size_t n_years = builder->plan->n_years;
    double *years = arena_array(builder->arena, n_years, sizeof *years);
    for (size_t year = 0; year < n_years; ++year) {
        years[year] = (double)year;
    }
    return program_add_year_constant(builder->program, years);
}

program_slot plan_grow(struct builder *builder, program_slot a, program_slot growth)
{
    double value = 0.0;
    if (program_constant_value(builder->program, growth, &value) && value == 0.0) {
        return a;
    }
    program_slot factor =
        program_add_operation(builder->program, OP_POWER, plan_one_plus(builder, growth),
                              year_slot(builder), PROGRAM_NO_SLOT);
    return plan_multiply(builder, a, factor);
}

double plan_price_factor(const struct builder *builder, int price_year)
{
    const struct conventions *conventions = &builder->scenario->conventions;
    if (price_year == conventions->price_year) {
        return 1.0;
    }
    bool *held = &builder->plan->deflator_held;
    double to = pack_deflator_index(conventions->deflator, conventions->price_year, held);
    return to / pack_deflator_index(conventions->deflator, price_year, held);
}

/* The slot of a distribution: a constant, or an input column in its own prices times the price
 * factor. */
static program_slot add_use(struct builder *builder, struct plan_use use, const char *identity,
                            bool is_assumption)
{
    program_slot slot;
    if (builder->vary_all || distribution_is_uncertain(&use.distribution)) {
        program_slot input = program_add_input(builder->program);
        builder->columns = arena_grow(builder->arena, builder->columns, builder->n_columns,
                                      &builder->columns_capacity, sizeof *builder->columns);
        builder->columns[builder->n_columns++] =
            (struct plan_column){.identity = identity,
                                 .parameter = use.parameter,
                                 .input = use.input,
                                 .distribution = use.distribution,
                                 .override = use.override,
                                 .price_factor = use.price_factor,
                                 .is_assumption = is_assumption,
                                 .slot = input};
        slot = plan_scale(builder, input, use.price_factor);
    } else {
        slot = plan_constant(builder, use.distribution.p[0] * use.price_factor);
    }
    builder->uses = arena_grow(builder->arena, builder->uses, builder->n_uses,
                               &builder->uses_capacity, sizeof *builder->uses);
    builder->use_slots = arena_grow(builder->arena, builder->use_slots, builder->n_uses,
                                    &builder->use_slots_capacity, sizeof *builder->use_slots);
    builder->uses[builder->n_uses] = use;
    builder->use_slots[builder->n_uses++] = slot;
    return slot;
}

/* Shares of a Dirichlet: gammas with the counts as shapes over their sum. method 2.5. All members
 * become columns at once; each use shows the beta of its own share. */
static program_slot plan_dirichlet(struct builder *builder, const struct parameter *parameter)
{
    program_slot sum = PROGRAM_NO_SLOT, mine = PROGRAM_NO_SLOT;
    size_t first = builder->n_uses;
    for (size_t i = 0; i < parameter->n_dirichlet; ++i) {
        const struct parameter *member = parameter->dirichlet[i];
        struct plan_use use = {.parameter = member,
                               .distribution = member->count > 0.0
                                                   ? distribution_gamma(member->count, 1.0)
                                                   : distribution_fixed(0.0),
                               .price_factor = 1.0};
        program_slot gamma =
            add_use(builder, use, member->identity, parameter_is_assumption(member));
        sum = sum == PROGRAM_NO_SLOT
                  ? gamma
                  : program_add_operation(builder->program, OP_ADD, sum, gamma, PROGRAM_NO_SLOT);
    }
    for (size_t i = 0; i < parameter->n_dirichlet; ++i) {
        program_slot share = program_add_operation(
            builder->program, OP_DIVIDE, builder->use_slots[first + i], sum, PROGRAM_NO_SLOT);
        builder->uses[first + i].distribution = parameter->dirichlet[i]->distribution;
        builder->use_slots[first + i] = share;
        mine = parameter->dirichlet[i] == parameter ? share : mine;
    }
    return mine;
}

program_slot plan_parameter(struct builder *builder, const struct parameter *parameter)
{
    for (size_t i = 0; i < builder->n_uses; ++i) {
        if (builder->uses[i].parameter == parameter) {
            return builder->use_slots[i];
        }
    }
    if (parameter->n_dirichlet > 0) {
        return plan_dirichlet(builder, parameter);
    }
    struct plan_use use = {.parameter = parameter,
                           .distribution = parameter->distribution,
                           .price_factor = parameter->price_year != 0
                                               ? plan_price_factor(builder, parameter->price_year)
                                               : 1.0};
    for (size_t i = 0; i < builder->scenario->n_overrides; ++i) {
        if (builder->scenario->overrides[i].parameter == parameter) {
            use.override = &builder->scenario->overrides[i];
            use.distribution = use.override->distribution;
        }
    }
    return add_use(builder, use, parameter->identity, parameter_is_assumption(parameter));
}

/* The model whose input it is: the scenario's, or a health model that it draws on. */
static const char *plan_input_owner(const struct builder *builder, const struct model_input *input)
{
    const struct model *model = builder->model;
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        const struct model *health = model->health_gains[i].model;
        for (size_t k = 0; k < health->n_inputs; ++k) {
            if (input == &health->inputs[k]) {
                return health->id;
            }
        }
    }
    return model->id;
}

program_slot plan_input(struct builder *builder, const struct input_value *value)
{
    for (size_t i = 0; i < builder->n_uses; ++i) {
        if (builder->uses[i].input == value->input) {
            return builder->use_slots[i];
        }
    }
    const char *identity = arena_printf(builder->arena, "input:%s.%s",
                                        plan_input_owner(builder, value->input), value->input->id);
    struct plan_use use = {
        .input = value->input, .distribution = value->distribution, .price_factor = 1.0};
    return add_use(builder, use, identity, true);
}

static const struct input_value *find_input(const struct builder *builder, const char *name)
{
    for (size_t i = 0; i < builder->model->n_inputs; ++i) {
        if (strcmp(builder->scenario->inputs[i].input->id, name) == 0) {
            return &builder->scenario->inputs[i];
        }
    }
    return NULL;
}

/* A parameter or input as it is in the group at hand: times the gradient's factor of its quintile.
 * method 3.1. A probability or share stays at most 1. */
static program_slot in_group(struct builder *builder, const struct parameter *parameter,
                             const struct model_input *input, program_slot slot)
{
    const struct scenario *scenario = builder->scenario;
    size_t quintile = builder->group != SIZE_MAX ? scenario->groups[builder->group].quintile : 0;
    for (size_t i = 0; quintile > 0 && i < scenario->n_gradients; ++i) {
        const struct gradient *gradient = &scenario->gradients[i];
        if (gradient->parameter != parameter || gradient->input != input) {
            continue;
        }
        double factor = gradient->factors[quintile - 1];
        slot = plan_scale(builder, slot, factor);
        bool bounded = parameter != NULL && (parameter->kind == PARAMETER_PROBABILITY ||
                                             parameter->kind == PARAMETER_SHARE);
        if (bounded && factor > 1.0) {
            slot = program_add_operation(builder->program, OP_MIN, slot,
                                         plan_constant(builder, 1.0), PROGRAM_NO_SLOT);
        }
    }
    return slot;
}

/* The input that the population fills: people of the group x share. */
static program_slot people_in_group(struct builder *builder, size_t group)
{
    size_t outer = builder->group;
    builder->group = group;
    program_slot people = plan_scale(
        builder, plan_amount_fixed(builder, &builder->scenario->population.share, "the share"),
        builder->scenario->groups[group].people);
    builder->group = outer;
    return people;
}

static program_slot population_input(struct builder *builder)
{
    if (builder->group != SIZE_MAX) {
        return people_in_group(builder, builder->group);
    }
    program_slot people = people_in_group(builder, 0);
    for (size_t group = 1; group < builder->scenario->n_groups; ++group) {
        people = program_add_operation(builder->program, OP_ADD, people,
                                       people_in_group(builder, group), PROGRAM_NO_SLOT);
    }
    return people;
}

static bool resolve_name(void *context, const char *name, program_slot *slot)
{
    struct builder *builder = context;
    const struct input_value *input = find_input(builder, name);
    if (input != NULL && input->input == builder->scenario->population.input) {
        *slot = population_input(builder);
        return true;
    }
    if (input != NULL) {
        *slot = in_group(builder, NULL, input->input, plan_input(builder, input));
        return true;
    }
    const struct parameter *parameter = evidence_find(builder->library->evidence, name, NULL);
    if (parameter != NULL) {
        *slot = in_group(builder, parameter, NULL, plan_parameter(builder, parameter));
        return true;
    }
    if (strcmp(name, "year") == 0) {
        *slot = year_slot(builder);
        return true;
    }
    return false;
}

program_slot plan_amount(struct builder *builder, const struct amount *amount)
{
    const struct expression_resolver resolver = {.resolve = resolve_name, .context = builder};
    return expression_compile(builder->program, amount->expression, &resolver);
}

program_slot plan_amount_fixed(struct builder *builder, const struct amount *amount,
                               const char *what)
{
    program_slot slot = plan_amount(builder, amount);
    if ((builder->program->slots[slot].axes & AXIS_YEAR) != 0 && amount->setting != NULL) {
        setting_complain(builder->diagnostics, amount->setting, DIAGNOSTIC_E690,
                         "an amount that is the same in every year", "leave `year` out of it",
                         "%s varies by year", what);
    }
    return slot;
}

struct grade_search {
    const struct builder *builder;
    int worst;
};

static void visit_grade(const struct expression *node, void *context)
{
    struct grade_search *search = context;
    if (find_input(search->builder, node->name) != NULL) {
        search->worst = 6;
        return;
    }
    const struct parameter *parameter =
        evidence_find(search->builder->library->evidence, node->name, NULL);
    if (parameter != NULL && parameter->grade > search->worst) {
        search->worst = parameter->grade;
    }
}

int plan_named_grade(const struct builder *builder, const struct amount *amount)
{
    struct grade_search search = {.builder = builder, .worst = 0};
    expression_visit_names(amount->expression, visit_grade, &search);
    return search.worst;
}

int plan_amount_grade(const struct builder *builder, const struct amount *amount)
{
    int worst = plan_named_grade(builder, amount);
    return worst == 0 ? 6 : worst;
}
