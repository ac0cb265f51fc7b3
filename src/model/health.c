#include "model/health.h"

#include <string.h>

static const char *const variables[N_HEALTH_VARIABLES] = {[HEALTH_CYCLE] = "cycle",
                                                          [HEALTH_ELAPSED_YEARS] = "elapsed_years",
                                                          [HEALTH_AGE] = "age",
                                                          [HEALTH_TIME_IN_STATE] = "time_in_state",
                                                          [HEALTH_YEARS_IN_STATE] =
                                                              "years_in_state",
                                                          [HEALTH_MALE] = "male",
                                                          [HEALTH_FEMALE] = "female"};

static const char *const corrections[N_CYCLE_CORRECTIONS] = {[CORRECTION_NONE] = "none",
                                                             [CORRECTION_START] = "start",
                                                             [CORRECTION_END] = "end",
                                                             [CORRECTION_HALF] = "half",
                                                             [CORRECTION_LIFE_TABLE] = "life-table",
                                                             [CORRECTION_SIMPSON] = "simpson",
                                                             [CORRECTION_SIMPSON_REVERSED_DARTH] =
                                                                 "simpson_reversed_darth"};

const char *health_variable_name(enum health_variable variable)
{
    return variables[variable];
}

enum health_variable health_find_variable(const char *name)
{
    size_t i = 0;
    while (i < N_HEALTH_VARIABLES && strcmp(variables[i], name) != 0) {
        ++i;
    }
    return (enum health_variable)i;
}

size_t health_find_formula(const struct health_model *health, const char *id)
{
    for (size_t i = 0; i < health->n_formulas; ++i) {
        if (strcmp(health->formulas[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t health_find_group_value(const struct health_model *health, const char *id)
{
    for (size_t i = 0; i < health->n_group_values; ++i) {
        if (strcmp(health->group_values[i], id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t health_find_state(const struct health_model *health, const char *id)
{
    for (size_t i = 0; i < health->n_states; ++i) {
        if (strcmp(health->states[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool node_has_outcome(const struct health_node *node, size_t outcome)
{
    for (size_t i = 0; i < node->n_payoffs; ++i) {
        if (node->payoffs[i].outcome == outcome) {
            return true;
        }
    }
    for (size_t i = 0; i < node->n_branches; ++i) {
        if (node_has_outcome(&node->branches[i], outcome)) {
            return true;
        }
    }
    return false;
}

static bool has_outcome(const struct health_model *health, size_t outcome)
{
    for (size_t i = 0; i < health->n_payoffs; ++i) {
        if (health->payoffs[i].outcome == outcome) {
            return true;
        }
    }
    for (size_t i = 0; i < health->n_trees; ++i) {
        if (node_has_outcome(&health->trees[i].root, outcome)) {
            return true;
        }
    }
    return false;
}

size_t health_effect_outcome(const struct health_model *health)
{
    if (health->kind == HEALTH_LIFE_TABLE) {
        return OUTCOME_QALYS;
    }
    for (size_t i = 0; i < health->n_outcomes; ++i) {
        if (has_outcome(health, i)) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *cycle_correction_name(enum cycle_correction correction)
{
    return corrections[correction];
}

bool cycle_correction_by_points(enum cycle_correction correction)
{
    return correction != CORRECTION_START && correction != CORRECTION_END &&
           correction != CORRECTION_LIFE_TABLE;
}

const char *discount_at_name(enum discount_at discount_at)
{
    static const char *const names[] = {"counted", "start", "middle", "end"};
    return names[discount_at];
}

/* ---- walking over amounts ---- */

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

static void visit_node(const struct visitor *visitor, const struct health_node *node)
{
    visit_one(visitor, &node->probability);
    for (size_t i = 0; i < node->n_payoffs; ++i) {
        visit_one(visitor, &node->payoffs[i].amount);
    }
    for (size_t i = 0; i < node->n_branches; ++i) {
        visit_node(visitor, &node->branches[i]);
    }
}

static void visit_cells(const struct visitor *visitor, const struct health_cell *cells,
                        size_t n_cells)
{
    for (size_t i = 0; i < n_cells; ++i) {
        visit_one(visitor, &cells[i].amount);
    }
}

void health_visit_amounts(const struct health_model *health,
                          void (*visit)(const struct amount *amount, void *context), void *context)
{
    const struct visitor visitor = {.visit = visit, .context = context};
    visit_one(&visitor, &health->start_age);
    visit_one(&visitor, &health->mortality);
    visit_one(&visitor, &health->utility);
    visit_one(&visitor, &health->group_weight);
    for (size_t i = 0; i < health->n_diseases; ++i) {
        const struct health_disease *disease = &health->diseases[i];
        visit_one(&visitor, &disease->prevalence);
        visit_one(&visitor, &disease->incidence);
        visit_one(&visitor, &disease->remission);
        visit_one(&visitor, &disease->case_fatality);
        visit_one(&visitor, &disease->utility_loss);
        visit_one(&visitor, &disease->cost);
    }
    for (size_t i = 0; i < health->n_risks; ++i) {
        for (size_t k = 0; k < health->risks[i].n_categories; ++k) {
            visit_one(&visitor, &health->risks[i].categories[k].share);
            for (size_t d = 0; d < health->n_diseases; ++d) {
                visit_one(&visitor, &health->risks[i].categories[k].relative_risks[d]);
            }
        }
    }
    for (size_t i = 0; i < health->n_formulas; ++i) {
        visit_one(&visitor, &health->formulas[i].amount);
    }
    for (size_t i = 0; i < health->n_options; ++i) {
        for (size_t k = 0; k < health->n_formulas; ++k) {
            visit_one(&visitor, &health->options[i].formulas[k]);
        }
    }
    for (size_t i = 0; i < health->n_groups; ++i) {
        for (size_t k = 0; k < health->n_group_values; ++k) {
            visit_one(&visitor, &health->groups[i].values[k]);
        }
    }
    visit_cells(&visitor, health->start, health->n_start);
    for (size_t i = 0; i < health->n_rows; ++i) {
        visit_cells(&visitor, health->rows[i].cells, health->rows[i].n_cells);
    }
    for (size_t i = 0; i < health->n_payoffs; ++i) {
        visit_one(&visitor, &health->payoffs[i].amount);
    }
    for (size_t i = 0; i < health->n_trees; ++i) {
        visit_node(&visitor, &health->trees[i].root);
    }
}
