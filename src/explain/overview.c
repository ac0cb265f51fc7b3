/* The amounts of a programme as written; and the programmes of a portfolio's set. */
#include "explain/explain_private.h"
#include "plan/plan_bundle.h"

#include <math.h>
#include <string.h>

/* ---- amounts ---- */

struct amounts {
    struct walk *walk;
    struct explain_table *table;
};

static void add_amount(const struct amounts *amounts, const char *what, const struct amount *amount)
{
    const struct explainer *explainer = amounts->walk->explainer;
    if (amount->expression == NULL || amount->setting == NULL) {
        return; /* a default says nothing about this programme; `dividend schema` lists them */
    }
    struct explain_cell *row = explain_add_row(amounts->walk->explanation, amounts->table);
    row[0] = explain_words(what);
    row[1] = explain_number(amount_at_means(explainer, amount, SIZE_MAX, 0));
    row[2] = explain_words(amount_written(explainer, amount));
    row[3] = explain_words(amount_where(explainer, amount));
}

static void add_part(const struct amounts *amounts, const char *name, const char *part,
                     const struct amount *amount)
{
    add_amount(amounts, arena_printf(amounts->walk->explainer->arena, "%s: %s", name, part),
               amount);
}

static void add_outcome(const struct amounts *amounts, const struct outcome *outcome)
{
    const char *name = outcome->name;
    bool share = outcome->deadweight_form == DEADWEIGHT_MULTIPLICATIVE;
    add_part(amounts, name, outcome->relative ? "effect, share of baseline" : "effect, units",
             &outcome->effect);
    if (outcome->relative) {
        add_part(amounts, name, "baseline a person a year", &outcome->demand->baseline_per_person);
    }
    add_part(amounts, name, share ? "deadweight, share" : "deadweight, points",
             &outcome->deadweight);
    add_part(amounts, name, "attribution", &outcome->attribution);
    add_part(amounts, name, "displacement", &outcome->displacement);
    add_part(amounts, name, "optimism bias", &outcome->optimism_bias);
    add_part(amounts, name, "fade", &outcome->profile.fade_amount);
}

static void add_gains(const struct amounts *amounts, const struct model *model)
{
    for (size_t i = 0; i < model->n_qalys; ++i) {
        add_part(amounts, model->qalys[i].name, "QALYs a person", &model->qalys[i].gain);
        add_part(amounts, model->qalys[i].name, "deadweight", &model->qalys[i].deadweight);
        add_part(amounts, model->qalys[i].name, "fade", &model->qalys[i].profile.fade_amount);
    }
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        const struct health_gain *gain = &model->health_gains[i];
        add_part(amounts, gain->name, "deadweight, share", &gain->deadweight);
        for (size_t input = 0; input < gain->model->n_inputs; ++input) {
            add_part(amounts, gain->name,
                     arena_printf(amounts->walk->explainer->arena, "%s of %s",
                                  gain->model->inputs[input].id, gain->model->id),
                     &gain->inputs[input]);
        }
    }
}

void walk_overview_amounts(struct walk *walk)
{
    static const struct explain_column columns[] = {
        {"what", "what", EXPLAIN_WORDS, false},
        {"figure", "at the means", EXPLAIN_FIGURE, false},
        {"formula", "as written", EXPLAIN_WORDS, false},
        {"place", "where", EXPLAIN_WORDS, false}};
    const struct model *model = walk->explainer->plan->scenario->model;
    explain_add_section(walk->explanation, "amounts", "Amounts as written");
    const struct amounts amounts = {
        .walk = walk, .table = explain_add_table(walk->explanation, "Amounts", columns, 4)};
    for (size_t i = 0; i < model->n_costs; ++i) {
        add_part(&amounts, model->costs[i].name, "cost", &model->costs[i].amount);
        add_part(&amounts, model->costs[i].name, "optimism bias", &model->costs[i].optimism_bias);
        add_part(&amounts, model->costs[i].name, "real growth", &model->costs[i].real_growth);
    }
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        add_outcome(&amounts, &model->outcomes[i]);
    }
    for (size_t i = 0; i < model->n_levered_in; ++i) {
        add_part(&amounts, model->levered_in[i].name, "levered in", &model->levered_in[i].amount);
    }
    for (size_t i = 0; i < model->n_transfers; ++i) {
        add_part(&amounts, model->transfers[i].name, "transfer", &model->transfers[i].amount);
    }
    add_gains(&amounts, model);
    explain_finish_table(walk->explanation, amounts.table, NULL);
}

/* ---- the programmes of a set ---- */

static size_t member_column(const struct plan *plan, const struct plan_result_column *column,
                            size_t member)
{
    const struct plan_who *who = &plan->whos[column->who];
    for (size_t i = plan->n_own_results; i < plan->n_results; ++i) {
        const struct plan_result_column *other = &plan->results[i];
        if (other->member == member + 1 && other->measure == column->measure &&
            other->year == column->year &&
            strcmp(plan->bundle->members[member].plan->whos[other->who].id, who->id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

void walk_programmes(struct walk *walk, const struct plan_result_column *column, double total)
{
    const struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    bool money = strcmp(measure_unit(column->measure), "GBP") == 0;
    const struct explain_column columns[] = {{"programme", "programme", EXPLAIN_WORDS, false},
                                             {"mean", money ? "£" : measure_unit(column->measure),
                                              money ? EXPLAIN_MONEY : EXPLAIN_QUANTITY, true}};
    explain_add_section(walk->explanation, "programmes", "Programme by programme");
    double sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < plan->bundle->n_members; ++i) {
        size_t at = member_column(plan, column, i);
        n += at != SIZE_MAX ? 1 : 0;
        sum += at != SIZE_MAX ? explainer->result->statistics[at].mean : 0.0;
    }
    /* A sum all the same where a programme has no such partner: its part is nothing. */
    if (n == 0 || column->is_ratio || fabs(sum - total) > 1e-9 * (1.0 + fabs(sum) + fabs(total))) {
        explain_say(walk->explanation,
                    "This measure is not kept for each programme. Ask net, net_fiscal, net_cash, "
                    "pv_cost or qalys for the parts, or the programme's own scenario.");
        return;
    }
    explain_say(
        walk->explanation,
        "Programmes that work on one demand share what they do together by the Shapley value "
        "(method 6.3), so that the parts add. `dividend explain SCENARIO` walks a programme's "
        "own figures back to evidence.");
    struct explain_table *table =
        explain_add_table(walk->explanation, "By programme, mean over draws", columns, 2);
    table->has_total = true;
    for (size_t i = 0; i < plan->bundle->n_members; ++i) {
        size_t at = member_column(plan, column, i);
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(plan->bundle->members[i].plan->scenario->title);
        row[1] = explain_number(at != SIZE_MAX ? explainer->result->statistics[at].mean : 0.0);
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("the set");
    row[1] = explain_number(total);
    explain_finish_table(walk->explanation, table, NULL);
}
