/* Amounts: numbers and expressions, with every name resolved. */
#include "base/text.h"
#include "model/model_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct name_check {
    struct model_reader *reader;
    const struct setting *setting;
};

static const char *nearest_name(const struct model_reader *reader, const char *name)
{
    size_t n_inputs = reader->model != NULL ? reader->model->n_inputs : 0, n = 0;
    const struct health_model *health = reader->model != NULL ? reader->model->health : NULL;
    size_t n_more =
        health != NULL ? health->n_formulas + health->n_group_values + N_HEALTH_VARIABLES : 1;
    const char **names = memory_array(n_inputs + n_more + 1, sizeof *names);
    const char *evidence = evidence_nearest(reader->evidence, name);
    for (size_t i = 0; i < n_inputs; ++i) {
        names[n++] = reader->model->inputs[i].id;
    }
    for (size_t i = 0; health != NULL && i < health->n_formulas; ++i) {
        names[n++] = health->formulas[i].id;
    }
    for (size_t i = 0; health != NULL && i < health->n_group_values; ++i) {
        names[n++] = health->group_values[i];
    }
    for (size_t i = 0; health != NULL && i < N_HEALTH_VARIABLES; ++i) {
        names[n++] = health_variable_name((enum health_variable)i);
    }
    if (health == NULL) {
        names[n++] = "year";
    }
    if (evidence != NULL) {
        names[n++] = evidence;
    }
    const char *nearest = text_nearest(name, names, n);
    free(names);
    return nearest;
}

static bool is_model_input(const struct model_reader *reader, const char *name)
{
    const struct setting *inputs =
        reader->model != NULL ? setting_find(reader->model->setting, "inputs") : NULL;
    return setting_find(inputs, name) != NULL;
}

static void complain_unknown(const struct name_check *check, const struct expression *node,
                             size_t n_matches)
{
    struct model_reader *reader = check->reader;
    struct place place = expression_place(check->setting, node);
    if (n_matches > 1) {
        diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_E511, place, check->setting->path,
            arena_printf(reader->arena, "one of %s",
                         evidence_candidates(reader->arena, reader->evidence, node->name)),
            "write the path far enough back to tell them apart",
            "\"%s\" may mean %zu evidence items", node->name, n_matches);
        return;
    }
    const char *nearest = nearest_name(reader, node->name);
    bool health = reader->model != NULL && reader->model->health != NULL;
    const char *otherwise =
        health ? "declare it in formulas = { } or inputs = { }, or add it to the evidence"
        : reader->model != NULL ? "declare it in inputs = { }, or add it to the evidence"
                                : "add it to the evidence; a demand has no inputs";
    diagnostics_add(
        reader->diagnostics, DIAGNOSTIC_E510, place, check->setting->path,
        health ? "a formula, a value of the groups, an input, an evidence item, or one "
                 "of cycle, elapsed_years, age, time_in_state, years_in_state, male and "
                 "female"
        : reader->model != NULL ? "an input of this model, an evidence item, or year"
                                : "an evidence item, or year",
        layer_suggest(reader->arena, nearest, otherwise), "nothing is named \"%s\"", node->name);
}

static void resolve_name(const struct expression *node, void *context)
{
    const struct name_check *check = context;
    struct model_reader *reader = check->reader;
    struct model_name found = model_resolve_name(reader->model, reader->evidence, node->name);
    if (found.kind == MODEL_NAME_INPUT) {
        reader->input_used[found.input] = true;
    } else if (found.kind == MODEL_NAME_UNKNOWN && !is_model_input(reader, node->name)) {
        complain_unknown(check, node, found.n_matches);
    }
}

static void check_table(const struct expression *node, void *context)
{
    const struct name_check *check = context;
    struct model_reader *reader = check->reader;
    const struct data_table *table = table_find(reader->tables, node->name);
    struct place place = expression_place(check->setting, node);
    if (reader->model == NULL || reader->model->health == NULL) {
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_E475, place, check->setting->path,
                        "table() in health models only",
                        "make what you need an evidence item, or a cohort model",
                        "there is nothing to look up by in a programme");
    } else if (table == NULL) {
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_E475, place, check->setting->path,
                        "a table declared in tables = { }",
                        layer_suggest(reader->arena, table_nearest(reader->tables, node->name),
                                      "declare it, with its .csv file in a folder named data"),
                        "no data table is named \"%s\"", node->name);
    } else if (node->n_children != table->n_indexes && table->values != NULL) {
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_E476, place, check->setting->path,
                        arena_printf(reader->arena, "%zu indexes", table->n_indexes),
                        "give one for each index of the table, in its order",
                        "table(%s, ...) has %zu indexes", node->name, node->n_children);
    }
}

static struct amount parse_amount(struct model_reader *reader, const struct setting *setting)
{
    const struct expression *expression =
        expression_parse(reader->arena, setting, reader->diagnostics);
    if (expression == NULL) {
        reader->unreadable = true;
        return (struct amount){.setting = setting};
    }
    if (expression->type == EXPRESSION_TYPE_TRUTH) {
        setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E512, "a number",
                         "choose the amount by it: if(condition, amount, other amount)",
                         "this formula gives true or false, not an amount");
    }
    struct name_check check = {.reader = reader, .setting = setting};
    expression_visit_names(expression, resolve_name, &check);
    expression_visit_tables(expression, check_table, &check);
    return (struct amount){.expression = expression, .setting = setting};
}

struct amount model_read_amount(struct model_reader *reader, const struct setting *setting)
{
    if (setting_is_number(setting)) {
        struct amount amount = amount_constant(reader->arena, setting->number);
        amount.setting = setting;
        return amount;
    }
    if (setting_is_text(setting)) {
        return parse_amount(reader, setting);
    }
    reader->unreadable = true;
    return (struct amount){.setting = setting};
}

static void check_range(const struct model_reader *reader, const struct amount_field *field,
                        const struct amount *amount)
{
    const struct expression *expression = amount->expression;
    if (field->allowed == NULL || expression == NULL || expression->kind != EXPRESSION_NUMBER ||
        (expression->number >= field->low && expression->number <= field->high)) {
        return;
    }
    char number[32];
    text_format_exact(number, expression->number);
    setting_complain(reader->diagnostics, amount->setting, DIAGNOSTIC_E513, field->allowed,
                     "check the figure and its unit: 20 % is written 0.2", "`%s` is %s", field->key,
                     number);
}

void model_read_amounts(struct model_reader *reader, const struct setting *group,
                        const struct amount_field *fields, size_t n_fields, void *object)
{
    for (size_t i = 0; i < n_fields; ++i) {
        const struct amount_field *field = &fields[i];
        const struct setting *setting = setting_find(group, field->key);
        struct amount amount = {.expression = NULL};
        if (setting != NULL) {
            amount = model_read_amount(reader, setting);
            check_range(reader, field, &amount);
        } else if (!isnan(field->fallback)) {
            amount = amount_constant(reader->arena, field->fallback);
        } else if (!field->optional) {
            reader->unreadable = true;
        }
        memcpy((char *)object + field->offset, &amount, sizeof amount);
    }
}
