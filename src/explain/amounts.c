/* Amounts as written, and worked out anew with every uncertain figure at its mean: a second way to
 * the figures of a run, through the formulas instead of the program made of them. */
#include "base/text.h"
#include "explain/explain_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- as written ---- */

const char *amount_written(const struct explainer *explainer, const struct amount *amount)
{
    char number[32];
    if (amount->expression == NULL) {
        return "";
    }
    if (amount->setting != NULL && setting_is_text(amount->setting)) {
        return amount->setting->text;
    }
    if (amount->setting == NULL && amount->expression->kind != EXPRESSION_NUMBER) {
        return expression_format(explainer->arena, amount->expression);
    }
    text_format_exact(number, amount->setting != NULL ? amount->setting->number
                                                      : amount->expression->number);
    return arena_copy_text(explainer->arena, number);
}

const char *place_words(const struct explainer *explainer, const struct place *place)
{
    if (place->file == NULL) {
        return "";
    }
    const char *file =
        explainer->places == EXPLAIN_PLACES_OF_RESULTS
            ? library_input_path(explainer->arena, explainer->plan->library, place->file)
            : place->file;
    return arena_printf(explainer->arena, "%s:%d", file, place->line);
}

const char *amount_where(const struct explainer *explainer, const struct amount *amount)
{
    return amount->setting == NULL ? "default"
                                   : place_words(explainer, &amount->setting->value_place);
}

/* ---- at the means ---- */

struct at_means {
    const struct explainer *explainer;
    size_t group, year;
};

static const struct plan_use *find_use(const struct plan *plan, const struct parameter *parameter,
                                       const struct model_input *input)
{
    for (size_t i = 0; i < plan->n_uses; ++i) {
        if (plan->uses[i].parameter == parameter && plan->uses[i].input == input) {
            return &plan->uses[i];
        }
    }
    return NULL;
}

/* Times the gradient's factor of the quintile; probabilities and shares stop at 1. method 3.1. */
static double in_group(const struct at_means *at, const struct plan_use *use, double value)
{
    const struct scenario *scenario = at->explainer->plan->scenario;
    size_t quintile = at->group != SIZE_MAX ? scenario->groups[at->group].quintile : 0;
    for (size_t i = 0; quintile > 0 && i < scenario->n_gradients; ++i) {
        const struct gradient *gradient = &scenario->gradients[i];
        if (gradient->parameter != use->parameter || gradient->input != use->input) {
            continue;
        }
        double factor = gradient->factors[quintile - 1];
        bool bounded = use->parameter != NULL && (use->parameter->kind == PARAMETER_PROBABILITY ||
                                                  use->parameter->kind == PARAMETER_SHARE);
        value *= factor;
        value = bounded && factor > 1.0 ? fmin(value, 1.0) : value;
    }
    return value;
}

static double use_value(const struct at_means *at, const struct parameter *parameter,
                        const struct model_input *input)
{
    const struct plan_use *use = find_use(at->explainer->plan, parameter, input);
    return use != NULL ? in_group(at, use, use->distribution.mean * use->price_factor)
                       : (double)NAN;
}

static double population_value(const struct at_means *at)
{
    const struct scenario *scenario = at->explainer->plan->scenario;
    double people = 0.0;
    for (size_t g = 0; g < scenario->n_groups; ++g) {
        if (at->group == SIZE_MAX || at->group == g) {
            people += scenario->groups[g].people *
                      amount_at_means(at->explainer, &scenario->population.share, g, at->year);
        }
    }
    return people;
}

static double name_value(const struct at_means *at, const char *name)
{
    const struct plan *plan = at->explainer->plan;
    const struct model *model = plan->scenario->model;
    struct model_name found = model_resolve_name(model, plan->library->evidence, name);
    if (found.kind == MODEL_NAME_INPUT) {
        const struct model_input *input = &model->inputs[found.input];
        return input == plan->scenario->population.input ? population_value(at)
                                                         : use_value(at, NULL, input);
    }
    if (found.kind == MODEL_NAME_PARAMETER) {
        return use_value(at, found.parameter, NULL);
    }
    return found.kind == MODEL_NAME_YEAR ? (double)at->year : (double)NAN;
}

static double node_value(const struct at_means *at, const struct expression *node)
{
    if (node->kind == EXPRESSION_NUMBER) {
        return node->number;
    }
    if (node->kind == EXPRESSION_NAME) {
        return name_value(at, node->name);
    }
    double in[3] = {0.0, 0.0, 0.0};
    if (node->op == OP_TABLE || node->n_children > 3) {
        return NAN; /* programmes have no tables in their formulas */
    }
    for (size_t i = 0; i < node->n_children; ++i) {
        in[i] = node_value(at, node->children[i]);
    }
    return program_operation_value(node->op, in);
}

double amount_at_means(const struct explainer *explainer, const struct amount *amount, size_t group,
                       size_t year)
{
    const struct at_means at = {.explainer = explainer, .group = group, .year = year};
    return amount->expression != NULL ? node_value(&at, amount->expression) : (double)NAN;
}

/* ---- names on the way to evidence ---- */

static void note_use(struct walk *walk, const struct plan_use *use, const char *where)
{
    struct arena *arena = walk->explainer->arena;
    for (size_t i = 0; i < walk->n_uses; ++i) {
        if (walk->uses[i] == use) {
            if (strstr(walk->used_in[i], where) == NULL) {
                walk->used_in[i] = arena_printf(arena, "%s; %s", walk->used_in[i], where);
            }
            return;
        }
    }
    walk->uses =
        arena_grow(arena, (void *)walk->uses, walk->n_uses, &walk->capacity, sizeof *walk->uses);
    walk->used_in = arena_grow(arena, (void *)walk->used_in, walk->n_uses, &walk->used_capacity,
                               sizeof *walk->used_in);
    walk->uses[walk->n_uses] = use;
    walk->used_in[walk->n_uses++] = where;
}

void walk_note_parameter(struct walk *walk, const struct parameter *parameter, const char *where)
{
    const struct plan_use *use = find_use(walk->explainer->plan, parameter, NULL);
    if (use != NULL) {
        note_use(walk, use, where);
    }
}

struct note {
    struct walk *walk;
    const char *where;
};

static void note_name(const struct expression *node, void *context)
{
    const struct note *note = context;
    const struct plan *plan = note->walk->explainer->plan;
    const struct model *model = plan->scenario->model;
    struct model_name name = model_resolve_name(model, plan->library->evidence, node->name);
    const struct plan_use *use = NULL;
    if (name.kind == MODEL_NAME_INPUT) {
        use = find_use(plan, NULL, &model->inputs[name.input]);
        if (&model->inputs[name.input] == plan->scenario->population.input) {
            walk_note_amount(note->walk, &plan->scenario->population.share, note->where);
        }
    } else if (name.kind == MODEL_NAME_PARAMETER) {
        use = find_use(plan, name.parameter, NULL);
    }
    if (use != NULL) {
        note_use(note->walk, use, note->where);
    }
}

void walk_note_amount(struct walk *walk, const struct amount *amount, const char *where)
{
    struct note note = {.walk = walk, .where = where};
    if (amount->expression != NULL) {
        expression_visit_names(amount->expression, note_name, &note);
    }
}
