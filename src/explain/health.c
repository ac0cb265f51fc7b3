/* Cohorts, trees and life tables: options by category of cost, partner and outcome; formulas,
 * chances and shares at the means. method section 4. */
#include "explain/explain_private.h"
#include "plan/plan_health.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct column_statistics *find(const struct explainer *explainer, enum measure measure,
                                            size_t who, size_t item)
{
    return result_find(explainer->result, measure, who, 0, item);
}

/* ---- one measure ---- */

/* Parts by category of cost (total) or by partner (perspectives), mean over draws. */
static void tell_parts(struct walk *walk, const struct plan_result_column *column,
                       enum measure by_category)
{
    static const struct explain_column columns[] = {{"part", "part", EXPLAIN_WORDS, false},
                                                    {"amount_gbp", "£", EXPLAIN_MONEY, true}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct health_model *model = plan->health->model;
    const struct plan_who *who = &plan->whos[column->who];
    bool categories = who->kind == WHO_TOTAL && by_category != N_MEASURES;
    size_t n = categories ? model->n_categories : who->n_members;
    if (n == 0) {
        return;
    }
    explain_add_section(walk->explanation, "split", "What it is made of");
    struct explain_table *table = explain_add_table(
        walk->explanation,
        categories ? "By category, mean over draws" : "By partner, mean over draws", columns, 2);
    table->has_total = true;
    for (size_t i = 0; i <= n; ++i) {
        const struct column_statistics *part =
            i == n       ? find(explainer, column->measure, column->who, column->item)
            : categories ? find(explainer, by_category, column->who,
                                plan_health_item(column->item, model->n_categories, i))
                         : find(explainer, column->measure, who->members[i], column->item);
        if (part != NULL) {
            struct explain_cell *row = explain_add_row(walk->explanation, table);
            row[0] = explain_words(i == n       ? who->label
                                   : categories ? model->categories[i]
                                                : plan->whos[who->members[i]].label);
            row[1] = explain_number(part->mean);
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
}

/* A difference: this option less the first. */
static void tell_difference(struct walk *walk, const struct plan_result_column *column,
                            enum measure of, size_t option, size_t first_item, bool money)
{
    const struct explain_column columns[] = {
        {"part", "option", EXPLAIN_WORDS, false},
        {"mean", "mean over draws", money ? EXPLAIN_MONEY : EXPLAIN_QUANTITY, true}};
    const struct explainer *explainer = walk->explainer;
    const struct health_model *model = explainer->plan->health->model;
    const struct column_statistics *mine = find(explainer, of, column->who, column->item);
    const struct column_statistics *first = find(explainer, of, column->who, first_item);
    const struct column_statistics *difference =
        find(explainer, column->measure, column->who, column->item);
    if (mine == NULL || first == NULL || difference == NULL) {
        return;
    }
    explain_add_section(walk->explanation, "difference", "One option less the first");
    struct explain_table *table = explain_add_table(walk->explanation, "Difference", columns, 2);
    table->has_total = true;
    const char *const words[] = {model->options[option].label,
                                 arena_printf(explainer->arena, "less %s", model->options[0].label),
                                 "difference"};
    const double values[] = {mine->mean, -first->mean, difference->mean};
    for (size_t i = 0; i < 3; ++i) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(words[i]);
        row[1] = explain_number(values[i]);
    }
    explain_finish_table(walk->explanation, table, NULL);
}

/* threshold x QALYs - cost. method 4.5 */
static void tell_benefit(struct walk *walk, const struct plan_result_column *column)
{
    static const struct explain_column columns[] = {{"part", "part", EXPLAIN_WORDS, false},
                                                    {"amount_gbp", "£", EXPLAIN_MONEY, true}};
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct appraisal_pack *pack = plan->scenario->conventions.appraisal;
    size_t option = column->item / pack->n_thresholds, total = plan->n_whos - 1;
    double threshold = pack->thresholds_gbp_per_qaly[column->item % pack->n_thresholds];
    const struct column_statistics *cost =
        find(explainer, MEASURE_OPTION_COST, column->who, option);
    const struct column_statistics *qalys =
        find(explainer, MEASURE_OPTION_OUTCOME, total,
             plan_health_item(option, plan->health->model->n_outcomes, OUTCOME_QALYS));
    const struct column_statistics *benefit =
        find(explainer, column->measure, column->who, column->item);
    if (cost == NULL || qalys == NULL || benefit == NULL) {
        return;
    }
    explain_add_section(walk->explanation, "split", "What it is made of");
    struct explain_table *table =
        explain_add_table(walk->explanation, "Two parts, mean over draws", columns, 2);
    table->has_total = true;
    const char *const words[] = {arena_printf(explainer->arena, "%s x %s QALYs",
                                              pounds(explainer->arena, threshold),
                                              explain_figure(explainer->arena, qalys->mean)),
                                 "less cost", "net monetary benefit"};
    const double values[] = {threshold * qalys->mean, -cost->mean, benefit->mean};
    for (size_t i = 0; i < 3; ++i) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(words[i]);
        row[1] = explain_number(values[i]);
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static void tell_central(struct walk *walk, size_t index)
{
    const struct explainer *explainer = walk->explainer;
    explain_say(walk->explanation, "With every uncertain figure at its mean: %s.",
                explain_figure(explainer->arena, explainer->central[index]));
}

void walk_health(struct walk *walk, const struct plan_result_column *column)
{
    const struct plan *plan = walk->explainer->plan;
    const struct health_model *model = plan->health->model;
    size_t n_thresholds = plan->scenario->conventions.appraisal->n_thresholds;
    tell_central(walk, (size_t)(column - plan->results));
    switch ((int)column->measure) {
    case MEASURE_OPTION_COST:
        tell_parts(walk, column, MEASURE_OPTION_CATEGORY_COST);
        break;
    case MEASURE_OPTION_COST_UNDISCOUNTED:
        tell_parts(walk, column, MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED);
        break;
    case MEASURE_OPTION_COST_DIFFERENCE:
        tell_parts(walk, column, N_MEASURES);
        tell_difference(walk, column, MEASURE_OPTION_COST, column->item, 0, true);
        break;
    case MEASURE_OPTION_OUTCOME_DIFFERENCE:
        tell_difference(walk, column, MEASURE_OPTION_OUTCOME, column->item / model->n_outcomes,
                        column->item % model->n_outcomes, false);
        break;
    case MEASURE_OPTION_NMB:
        tell_benefit(walk, column);
        break;
    case MEASURE_OPTION_NMB_DIFFERENCE:
        tell_difference(walk, column, MEASURE_OPTION_NMB, column->item / n_thresholds,
                        column->item % n_thresholds, true);
        break;
    default:
        break;
    }
    walk_health_formulas(walk);
}

/* ---- formulas ---- */

static void add_formula(struct walk *walk, struct explain_table *table, const char *what,
                        const struct amount *amount, const struct setting *setting)
{
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words(what);
    row[1] = explain_words(amount->expression == NULL ? "rest"
                                                      : amount_written(walk->explainer, amount));
    row[2] = explain_words(setting != NULL ? place_words(walk->explainer, &setting->place) : "");
}

static void add_given(struct walk *walk, struct explain_table *table, const char *name,
                      const char *part, const struct amount *amount)
{
    if (amount->setting != NULL) {
        add_formula(walk, table, arena_printf(walk->explainer->arena, "%s: %s", name, part), amount,
                    amount->setting);
    }
}

static void add_risks(struct walk *walk, struct explain_table *table,
                      const struct health_model *model)
{
    struct arena *arena = walk->explainer->arena;
    for (size_t i = 0; i < model->n_risks; ++i) {
        const struct health_risk *risk = &model->risks[i];
        for (size_t k = 0; k < risk->n_categories; ++k) {
            const struct health_category *category = &risk->categories[k];
            add_given(walk, table, risk->label, arena_printf(arena, "share of %s", category->id),
                      &category->share);
            for (size_t d = 0; d < model->n_diseases; ++d) {
                add_given(walk, table, risk->label,
                          arena_printf(arena, "%s, relative risk of %s", category->id,
                                       model->diseases[d].id),
                          &category->relative_risks[d]);
            }
        }
    }
}

static void add_life_table(struct walk *walk, struct explain_table *table,
                           const struct health_model *model)
{
    if (model->kind != HEALTH_LIFE_TABLE) {
        return;
    }
    add_given(walk, table, "everybody", "mortality", &model->mortality);
    add_given(walk, table, "everybody", "utility", &model->utility);
    for (size_t i = 0; i < model->n_diseases; ++i) {
        const struct health_disease *disease = &model->diseases[i];
        add_given(walk, table, disease->label, "prevalence", &disease->prevalence);
        add_given(walk, table, disease->label, "incidence", &disease->incidence);
        add_given(walk, table, disease->label, "remission", &disease->remission);
        add_given(walk, table, disease->label, "case fatality", &disease->case_fatality);
        add_given(walk, table, disease->label, "utility loss", &disease->utility_loss);
        add_given(walk, table, disease->label, "cost", &disease->cost);
    }
    add_risks(walk, table, model);
}

static void add_named(struct walk *walk, struct explain_table *table,
                      const struct health_model *model)
{
    struct arena *arena = walk->explainer->arena;
    for (size_t i = 0; i < model->n_formulas; ++i) {
        add_formula(walk, table, model->formulas[i].id, &model->formulas[i].amount,
                    model->formulas[i].setting);
        for (size_t o = 0; o < model->n_options; ++o) {
            const struct amount *own = &model->options[o].formulas[i];
            if (own->expression != NULL) {
                add_formula(
                    walk, table,
                    arena_printf(arena, "%s under %s", model->formulas[i].id, model->options[o].id),
                    own, own->setting);
            }
        }
    }
    for (size_t g = 0; g < model->n_groups; ++g) {
        for (size_t k = 0; k < model->n_group_values; ++k) {
            add_formula(
                walk, table,
                arena_printf(arena, "%s of %s", model->group_values[k], model->groups[g].id),
                &model->groups[g].values[k], model->groups[g].setting);
        }
    }
}

static void tell_formulas(struct walk *walk, const struct health_model *model)
{
    static const struct explain_column columns[] = {{"what", "what", EXPLAIN_WORDS, false},
                                                    {"formula", "as written", EXPLAIN_WORDS, false},
                                                    {"place", "where", EXPLAIN_WORDS, false}};
    struct explain_table *table =
        explain_add_table(walk->explanation, "Formulas as written", columns, 3);
    add_named(walk, table, model);
    for (size_t i = 0; i < model->n_rows; ++i) {
        for (size_t k = 0; k < model->rows[i].n_cells; ++k) {
            const struct health_cell *cell = &model->rows[i].cells[k];
            add_formula(walk, table,
                        arena_printf(walk->explainer->arena, "%s to %s%s",
                                     model->states[model->rows[i].from].id,
                                     model->states[cell->to].id,
                                     model->rows[i].rates ? ", a year" : ""),
                        &cell->amount, cell->setting);
        }
    }
    add_life_table(walk, table, model);
    for (size_t i = 0; i < model->n_payoffs; ++i) {
        if (model->payoffs[i].setting != NULL) {
            add_formula(walk, table, model->payoffs[i].name, &model->payoffs[i].amount,
                        model->payoffs[i].setting);
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static void add_node(struct walk *walk, struct explain_table *table,
                     const struct health_model *model, const struct health_node *node, int depth)
{
    struct arena *arena = walk->explainer->arena;
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    const char *then = node->goes_on != SIZE_MAX
                           ? arena_printf(arena, "goes on in %s", model->trees[node->goes_on].id)
                       : node->ends_in != SIZE_MAX
                           ? arena_printf(arena, "starts in %s", model->states[node->ends_in].id)
                           : "";
    const char *payoffs = then;
    for (size_t i = 0; i < node->n_payoffs; ++i) {
        payoffs = arena_printf(arena, "%s%s%s %s", payoffs, payoffs[0] != '\0' ? "; " : "",
                               node->payoffs[i].name,
                               amount_written(walk->explainer, &node->payoffs[i].amount));
    }
    row[0] = explain_words(arena_printf(arena, "%.*s%s", 2 * (depth < 16 ? depth : 16),
                                        "................................",
                                        node->label != NULL ? node->label : "-"));
    row[1] =
        explain_words(node->rest ? "rest" : amount_written(walk->explainer, &node->probability));
    row[2] = explain_words(payoffs);
    for (size_t i = 0; i < node->n_branches; ++i) {
        add_node(walk, table, model, &node->branches[i], depth + 1);
    }
}

static void tell_trees(struct walk *walk, const struct health_model *model)
{
    static const struct explain_column columns[] = {
        {"node", "node", EXPLAIN_WORDS, false},
        {"probability", "probability", EXPLAIN_WORDS, false},
        {"payoffs", "payoffs", EXPLAIN_WORDS, false}};
    for (size_t i = 0; i < model->n_trees; ++i) {
        struct explain_table *table = explain_add_table(
            walk->explanation, arena_printf(walk->explainer->arena, "Tree %s", model->trees[i].id),
            columns, 3);
        add_node(walk, table, model, &model->trees[i].root, 0);
        explain_finish_table(walk->explanation, table, NULL);
    }
}

/* ---- cohorts: chances and shares at the means ---- */

/* The first columns: a word, then states as far as they fit. */
static size_t state_columns(const struct health_model *model, const char *first,
                            struct explain_column *columns)
{
    size_t n =
        model->n_states < EXPLAIN_MAX_COLUMNS - 1 ? model->n_states : EXPLAIN_MAX_COLUMNS - 1;
    columns[0] = (struct explain_column){"row", first, EXPLAIN_WORDS, false};
    for (size_t s = 0; s < n; ++s) {
        columns[s + 1] =
            (struct explain_column){model->states[s].id, model->states[s].id, EXPLAIN_WORDS, false};
    }
    return n;
}

static struct explain_cell share(struct arena *arena, double value)
{
    char words[32];
    (void)snprintf(words, sizeof words, "%.6f", value);
    return (struct explain_cell){.words = arena_copy_text(arena, words), .value = value};
}

static void tell_matrix(struct walk *walk, size_t option)
{
    struct explainer *explainer = walk->explainer;
    const struct plan_health *health = explainer->plan->health;
    const struct health_model *model = health->model;
    struct explain_column columns[EXPLAIN_MAX_COLUMNS];
    size_t n = health->n_states, n_shown = state_columns(model, "from", columns);
    double *matrix = memory_array(n * n, sizeof *matrix);
    simulation_matrix(explainer->plan, option, 0, 0, matrix);
    struct explain_table *table = explain_add_table(
        walk->explanation,
        arena_printf(explainer->arena, "%s: chances in the first cycle at the means%s%s",
                     model->options[option].label, model->n_groups > 1 ? ", group " : "",
                     model->n_groups > 1 ? model->groups[0].id : ""),
        columns, n_shown + 1);
    for (size_t from = 0; from < n; ++from) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(model->states[from].id);
        for (size_t to = 0; to < n_shown; ++to) {
            row[to + 1] = share(explainer->arena, matrix[from * n + to]);
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
    free(matrix);
}

static void tell_trace(struct walk *walk, const double *shares, size_t option)
{
    struct explainer *explainer = walk->explainer;
    const struct plan_health *health = explainer->plan->health;
    const struct health_model *model = health->model;
    struct explain_column columns[EXPLAIN_MAX_COLUMNS];
    size_t n_shown = state_columns(model, "cycle", columns);
    size_t step = health->n_cycles > 12 ? (health->n_cycles + 9) / 10 : 1;
    struct explain_table *table = explain_add_table(
        walk->explanation,
        arena_printf(explainer->arena, "%s: shares at the means", model->options[option].label),
        columns, n_shown + 1);
    for (size_t t = 0; t <= health->n_cycles; t += step) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(arena_printf(explainer->arena, "%zu", t));
        for (size_t s = 0; s < n_shown; ++s) {
            row[s + 1] =
                share(explainer->arena,
                      shares[(option * (health->n_cycles + 1) + t) * health->n_states + s]);
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
}

static void tell_cohort(struct walk *walk)
{
    struct explainer *explainer = walk->explainer;
    const struct plan_health *health = explainer->plan->health;
    const struct health_model *model = health->model;
    explain_say(walk->explanation,
                "%zu states, %zu options, %zu group%s, %zu cycles of %.9g years, correction %s.",
                model->n_states, model->n_options, model->n_groups, model->n_groups == 1 ? "" : "s",
                health->n_cycles, model->cycle_length_years,
                cycle_correction_name(model->correction));
    double *shares = memory_array(model->n_options * (health->n_cycles + 1) * health->n_states + 1,
                                  sizeof *shares);
    simulation_trace(explainer->plan, shares);
    for (size_t option = 0; option < model->n_options; ++option) {
        tell_matrix(walk, option);
        tell_trace(walk, shares, option);
    }
    free(shares);
}

static void tell_checks(struct walk *walk)
{
    struct health_check_result checks[N_HEALTH_CHECKS];
    struct explain_record *record =
        explain_add_record(walk->explanation, "Checks with the model changed so that its answer is "
                                              "known");
    simulation_health_checks(walk->explainer->plan, checks);
    for (size_t i = 0; i < N_HEALTH_CHECKS; ++i) {
        if (checks[i].applies) {
            explain_add_fact(walk->explanation, record, checks[i].name, "%s",
                             checks[i].holds ? "yes" : "NO");
        }
    }
}

void walk_health_formulas(struct walk *walk)
{
    const struct health_model *model = walk->explainer->plan->health->model;
    explain_add_section(walk->explanation, "model", "The model");
    if (model->kind == HEALTH_COHORT) {
        tell_cohort(walk);
    }
    tell_trees(walk, model);
    tell_formulas(walk, model);
    tell_checks(walk);
}
