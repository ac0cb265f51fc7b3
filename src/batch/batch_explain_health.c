/* `dividend explain SCENARIO` for cohorts and trees. */
#include "batch/batch_private.h"
#include "plan/plan_health.h"
#include "uncertainty/uncertainty.h"

#include <stdlib.h>
#include <string.h>

static const char *written(struct session *session, const struct amount *amount)
{
    char number[32];
    if (amount->setting != NULL && setting_is_text(amount->setting)) {
        return amount->setting->text;
    }
    text_format_exact(number, amount->expression->number);
    return arena_copy_text(&session->arena, number);
}

static const char *place_of(struct session *session, const struct setting *setting)
{
    return setting == NULL
               ? ""
               : arena_printf(&session->arena, "%s:%d", setting->place.file, setting->place.line);
}

static void add_row(struct session *session, struct listing *listing, const char *what,
                    const struct amount *amount, const struct setting *setting)
{
    const char **row = listing_add_row(session, listing);
    row[0] = what;
    row[1] = amount->expression == NULL ? "rest" : written(session, amount);
    row[2] = place_of(session, setting);
}

static void add_given(struct session *session, struct listing *listing, const char *name,
                      const char *part, const struct amount *amount)
{
    if (amount->setting != NULL) {
        add_row(session, listing, arena_printf(&session->arena, "%s: %s", name, part), amount,
                amount->setting);
    }
}

static void add_life_table(struct session *session, struct listing *listing,
                           const struct health_model *model)
{
    if (model->kind != HEALTH_LIFE_TABLE) {
        return;
    }
    add_given(session, listing, "everybody", "mortality", &model->mortality);
    add_given(session, listing, "everybody", "utility", &model->utility);
    for (size_t i = 0; i < model->n_diseases; i++) {
        const struct health_disease *disease = &model->diseases[i];
        add_given(session, listing, disease->label, "prevalence", &disease->prevalence);
        add_given(session, listing, disease->label, "incidence", &disease->incidence);
        add_given(session, listing, disease->label, "remission", &disease->remission);
        add_given(session, listing, disease->label, "case fatality", &disease->case_fatality);
        add_given(session, listing, disease->label, "utility loss", &disease->utility_loss);
        add_given(session, listing, disease->label, "cost", &disease->cost);
    }
    for (size_t i = 0; i < model->n_risks; i++) {
        const struct health_risk *risk = &model->risks[i];
        for (size_t k = 0; k < risk->n_categories; k++) {
            const struct health_category *category = &risk->categories[k];
            add_given(session, listing, risk->label,
                      arena_printf(&session->arena, "share of %s", category->id), &category->share);
            for (size_t d = 0; d < model->n_diseases; d++) {
                add_given(session, listing, risk->label,
                          arena_printf(&session->arena, "%s, relative risk of %s", category->id,
                                       model->diseases[d].id),
                          &category->relative_risks[d]);
            }
        }
    }
}

static void write_formulas(struct session *session, const struct health_model *model)
{
    static const char *const names[] = {"what", "amount", "place"};
    static const char *const labels[] = {"What", "As written", "Where"};
    struct arena *arena = &session->arena;
    struct listing listing = {
        .title = "Formulas", .names = names, .labels = labels, .n_columns = 3};
    for (size_t i = 0; i < model->n_formulas; i++) {
        add_row(session, &listing, model->formulas[i].id, &model->formulas[i].amount,
                model->formulas[i].setting);
        for (size_t o = 0; o < model->n_options; o++) {
            const struct amount *own = &model->options[o].formulas[i];
            if (own->expression != NULL) {
                add_row(session, &listing, arena_printf(arena, "  under %s", model->options[o].id),
                        own, own->setting);
            }
        }
    }
    for (size_t g = 0; g < model->n_groups; g++) {
        for (size_t k = 0; k < model->n_group_values; k++) {
            add_row(session, &listing,
                    arena_printf(arena, "%s of %s", model->group_values[k], model->groups[g].id),
                    &model->groups[g].values[k], model->groups[g].setting);
        }
    }
    for (size_t i = 0; i < model->n_rows; i++) {
        for (size_t k = 0; k < model->rows[i].n_cells; k++) {
            const struct health_cell *cell = &model->rows[i].cells[k];
            add_row(session, &listing,
                    arena_printf(arena, "%s to %s%s", model->states[model->rows[i].from].id,
                                 model->states[cell->to].id,
                                 model->rows[i].rates ? ", a year" : ""),
                    &cell->amount, cell->setting);
        }
    }
    add_life_table(session, &listing, model);
    for (size_t i = 0; i < model->n_payoffs; i++) {
        if (model->payoffs[i].setting != NULL) {
            add_row(session, &listing, model->payoffs[i].name, &model->payoffs[i].amount,
                    model->payoffs[i].setting);
        }
    }
    listing_write(&session->out, &listing, FORMAT_TABLE, terminal_width(session));
}

static void write_node(struct session *session, const struct health_model *model,
                       const struct health_node *node, int depth)
{
    struct text *out = &session->out;
    text_printf(out, "%*s%s", 2 * depth, "", node->label != NULL ? node->label : "-");
    if (node->rest || node->probability.expression != NULL) {
        text_printf(out, "  p = %s", node->rest ? "rest" : written(session, &node->probability));
    }
    for (size_t i = 0; i < node->n_payoffs; i++) {
        text_printf(out, "; %s %s", node->payoffs[i].name,
                    written(session, &node->payoffs[i].amount));
    }
    if (node->goes_on != SIZE_MAX) {
        text_printf(out, "; goes on in %s", model->trees[node->goes_on].id);
    }
    if (node->ends_in != SIZE_MAX) {
        text_printf(out, "; starts the cohort in %s", model->states[node->ends_in].id);
    }
    text_append(out, "\n");
    for (size_t i = 0; i < node->n_branches; i++) {
        write_node(session, model, &node->branches[i], depth + 1);
    }
}

static void write_trees(struct session *session, const struct health_model *model)
{
    for (size_t i = 0; i < model->n_trees; i++) {
        text_printf(&session->out, "\nTree %s\n", model->trees[i].id);
        write_node(session, model, &model->trees[i].root, 1);
    }
}

static void write_matrix(struct session *session, const struct plan *plan, size_t option)
{
    const struct plan_health *health = plan->health;
    const struct health_model *model = health->model;
    size_t n = health->n_states;
    double *matrix = memory_array(n * n, sizeof *matrix);
    simulation_matrix(plan, option, 0, 0, matrix);
    text_printf(&session->out, "\n%s: chances in the first cycle at the means%s%s\n%-14s",
                model->options[option].label, model->n_groups > 1 ? ", group " : "",
                model->n_groups > 1 ? model->groups[0].id : "", "from \\ to");
    for (size_t to = 0; to < n; to++) {
        text_printf(&session->out, " %12.12s", model->states[to].id);
    }
    text_append(&session->out, "\n");
    for (size_t from = 0; from < n; from++) {
        text_printf(&session->out, "%-14.14s", model->states[from].id);
        for (size_t to = 0; to < n; to++) {
            text_printf(&session->out, " %12.6f", matrix[from * n + to]);
        }
        text_append(&session->out, "\n");
    }
    free(matrix);
}

static void write_trace(struct session *session, const struct plan *plan, const double *shares,
                        size_t option)
{
    const struct plan_health *health = plan->health;
    size_t step = health->n_cycles > 12 ? (health->n_cycles + 9) / 10 : 1;
    text_printf(&session->out, "\n%s: shares at the means\n%-14s",
                health->model->options[option].label, "cycle");
    for (size_t s = 0; s < health->n_states; s++) {
        text_printf(&session->out, " %12.12s", health->model->states[s].id);
    }
    text_append(&session->out, "\n");
    for (size_t t = 0; t <= health->n_cycles; t += step) {
        text_printf(&session->out, "%-14zu", t);
        for (size_t s = 0; s < health->n_states; s++) {
            text_printf(&session->out, " %12.6f",
                        shares[(option * (health->n_cycles + 1) + t) * health->n_states + s]);
        }
        text_append(&session->out, "\n");
    }
}

void explain_health(struct session *session, const struct plan *plan)
{
    const struct plan_health *health = plan->health;
    const struct health_model *model = health->model;
    struct health_check_result checks[N_HEALTH_CHECKS];
    if (model->kind == HEALTH_COHORT) {
        text_printf(
            &session->out,
            "%zu states, %zu options, %zu group%s, %zu cycles of %.9g years, correction %s\n",
            model->n_states, model->n_options, model->n_groups, model->n_groups == 1 ? "" : "s",
            health->n_cycles, model->cycle_length_years, cycle_correction_name(model->correction));
        double *shares = memory_array(
            model->n_options * (health->n_cycles + 1) * health->n_states + 1, sizeof *shares);
        simulation_trace(plan, shares);
        for (size_t o = 0; o < model->n_options; o++) {
            write_matrix(session, plan, o);
            write_trace(session, plan, shares, o);
        }
        free(shares);
    }
    write_trees(session, model);
    text_append(&session->out, "\n");
    write_formulas(session, model);
    simulation_health_checks(plan, checks);
    text_append(&session->out, "\nChecks\n");
    for (size_t i = 0; i < N_HEALTH_CHECKS; i++) {
        if (checks[i].applies) {
            text_printf(&session->out, "  %s: %s\n", checks[i].name,
                        checks[i].holds ? "yes" : "NO");
        }
    }
}
