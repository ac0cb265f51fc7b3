/* How each line of the ledger comes about at the means: people, formulas, years, partners. */
#include "base/text.h"
#include "explain/explain_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- steps of a product ---- */

static struct explain_table *start_steps(struct walk *walk, const char *title)
{
    static const struct explain_column columns[] = {{"step", "step", EXPLAIN_WORDS, false},
                                                    {"figure", "figure", EXPLAIN_FIGURE, false},
                                                    {"unit", "unit", EXPLAIN_WORDS, false},
                                                    {"formula", "as written", EXPLAIN_WORDS, false},
                                                    {"place", "where", EXPLAIN_WORDS, false}};
    return explain_add_table(walk->explanation, title, columns, 5);
}

static void add_step(struct walk *walk, struct explain_table *table, const char *step,
                     double figure, const char *unit, const struct amount *amount)
{
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words(step);
    row[1] = explain_number(figure);
    row[2] = explain_words(unit);
    if (amount != NULL) {
        row[3] = explain_words(amount_written(walk->explainer, amount));
        row[4] = explain_words(amount_where(walk->explainer, amount));
    }
}

/* An amount that may be left out where the model leaves it to its default and it changes nothing.
 */
static bool says_something(const struct amount *amount)
{
    return amount->expression != NULL && amount->setting != NULL;
}

/* The same in every group, or NaN. */
static double in_all_groups(const struct walk *walk, const struct amount *amount, enum per per)
{
    const struct explainer *explainer = walk->explainer;
    size_t n = per == PER_PROGRAMME ? 1 : explainer->plan->scenario->n_groups;
    double first = amount_at_means(explainer, amount, per == PER_PROGRAMME ? SIZE_MAX : 0, 0);
    for (size_t g = 1; g < n; ++g) {
        if (amount_at_means(explainer, amount, g, 0) != first) {
            return NAN;
        }
    }
    return first;
}

struct grade_search {
    const struct explainer *explainer;
    int worst;
};

static void visit_grade(const struct expression *node, void *context)
{
    struct grade_search *search = context;
    const struct plan *plan = search->explainer->plan;
    struct model_name name =
        model_resolve_name(plan->scenario->model, plan->library->evidence, node->name);
    int grade = name.kind == MODEL_NAME_INPUT       ? 6
                : name.kind == MODEL_NAME_PARAMETER ? name.parameter->grade
                                                    : 0;
    search->worst = grade > search->worst ? grade : search->worst;
}

/* Worst grade among what a formula names; 6 where it names nothing. method 2.4. */
static int grade_of(const struct explainer *explainer, const struct amount *amount)
{
    struct grade_search search = {.explainer = explainer, .worst = 0};
    expression_visit_names(amount->expression, visit_grade, &search);
    return search.worst == 0 ? 6 : search.worst;
}

/* ---- people: method 3.1 ---- */

static double people_of(struct explainer *explainer, enum per per, size_t group)
{
    const struct plan *plan = explainer->plan;
    if (per == PER_PROGRAMME) {
        return plan->scenario->scale;
    }
    bool starters = per == PER_STARTER;
    program_slot slot = group == SIZE_MAX ? (starters ? plan->starters : plan->participants)
                        : starters        ? plan->people[group].starters
                                          : plan->people[group].participants;
    return central_slot(explainer, slot, 0);
}

/* What takes part: people, or what the model counts instead, such as neighbourhoods, by the unit of
 * the input that is eligible. */
static const char *heads(const struct explainer *explainer)
{
    const struct model *model = explainer->plan->scenario->model;
    const char *written = amount_written(explainer, &model->eligible);
    for (size_t i = 0; i < model->n_inputs; ++i) {
        if (strcmp(model->inputs[i].id, written) == 0 && model->inputs[i].unit != NULL &&
            model->inputs[i].unit[0] != '\0') {
            return model->inputs[i].unit;
        }
    }
    return "people";
}

static const char *people_words(const struct explainer *explainer, enum per per)
{
    const char *who = heads(explainer);
    bool people = strcmp(who, "people") == 0;
    return per == PER_PROGRAMME
               ? "the programme as a whole"
               : arena_printf(explainer->arena, "%s %s %s", who, people ? "who" : "that",
                              per == PER_STARTER ? "start" : "take part");
}

/* Groups: how many of the eligible take part. */
static void people_by_group(struct walk *walk)
{
    static const struct explain_column columns[] = {
        {"group", "group", EXPLAIN_WORDS, false},
        {"eligible", "eligible", EXPLAIN_QUANTITY, true},
        {"share", "share who take part", EXPLAIN_FIGURE, false},
        {"participants", "take part", EXPLAIN_QUANTITY, true}};
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    struct explain_table *table =
        explain_add_table(walk->explanation, "People by group", columns, 4);
    double eligible = 0.0;
    table->has_total = true;
    for (size_t g = 0; g < plan->scenario->n_groups; ++g) {
        double here = central_slot(explainer, plan->people[g].eligible, 0);
        double join = people_of(explainer, PER_PARTICIPANT, g);
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(plan->scenario->groups[g].label);
        row[1] = explain_number(here);
        row[2] = explain_number(here != 0.0 ? join / here : (double)NAN);
        row[3] = explain_number(join);
        eligible += here;
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("all groups");
    row[1] = explain_number(eligible);
    row[3] = explain_number(people_of(explainer, PER_PARTICIPANT, SIZE_MAX));
    explain_finish_table(walk->explanation, table, NULL);
}

void walk_people(struct walk *walk)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct model *model = plan->scenario->model;
    if (model->eligible.expression == NULL) {
        return;
    }
    double eligible = 0.0;
    for (size_t g = 0; g < plan->scenario->n_groups; ++g) {
        eligible += central_slot(explainer, plan->people[g].eligible, 0);
    }
    bool people = strcmp(heads(explainer), "people") == 0;
    explain_add_section(walk->explanation, "people", people ? "The people" : "What takes part");
    explain_say(walk->explanation,
                "A full intake at the means: eligible x reach x uptake start, of whom the share "
                "retained take part (method 3.1).");
    struct explain_table *table = start_steps(walk, "A full intake");

    const struct {
        const char *words, *unit;
        const struct amount *amount;
    } factors[] = {{"x reach", "share", &model->reach},
                   {"x uptake", "share", &model->uptake},
                   {"x retention", "share", &model->retention}};

    add_step(walk, table, "eligible", eligible, heads(explainer), &model->eligible);
    walk_note_amount(walk, &model->eligible, "people");
    for (size_t i = 0; i < 3; ++i) {
        if (says_something(factors[i].amount)) {
            add_step(walk, table, factors[i].words,
                     in_all_groups(walk, factors[i].amount, PER_PARTICIPANT), factors[i].unit,
                     factors[i].amount);
            walk_note_amount(walk, factors[i].amount, "people");
        }
    }
    if (plan->scenario->scale != 1.0) {
        add_step(walk, table, "x scale", plan->scenario->scale, "", NULL);
    }
    if (model->capacity.expression != NULL) {
        add_step(walk, table, "at most", amount_at_means(explainer, &model->capacity, SIZE_MAX, 0),
                 "places", &model->capacity);
        walk_note_amount(walk, &model->capacity, "people");
    }
    add_step(walk, table, "= take part", people_of(explainer, PER_PARTICIPANT, SIZE_MAX),
             heads(explainer), NULL);
    explain_finish_table(walk->explanation, table, NULL);
    if (plan->scenario->n_groups > 1) {
        people_by_group(walk);
    }
}

/* ---- a line by year and by partner ---- */

/* What counts of a line in one year, and its real flow before the factor. */
static double line_in_year(const struct explainer *explainer, const struct sum_of_flows *sum,
                           const struct line *line, size_t year, double *real)
{
    const struct plan *plan = explainer->plan;
    double value = 0.0;
    *real = 0.0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS && sum_has_sector(plan, sum, who); ++kind) {
            double weight = sum_weight(plan, sum, (enum flow_kind)kind, year);
            double flow = line->flows[flow_at(plan, who, kind, year)];
            if (weight != 0.0) {
                value += weight * flow;
                *real += weight / sum_factor(plan, sum, (enum flow_kind)kind, year) * flow;
            }
        }
    }
    return value;
}

/* Columns of a table by year between the year and what counts. */
struct year_figures {
    struct explain_column columns[6];
    size_t n;
    void (*fill)(struct explainer *explainer, const struct line *line, size_t year,
                 double *figures);
};

static void table_by_year(struct walk *walk, const struct sum_of_flows *sum,
                          const struct line *line, const struct year_figures *figures,
                          const struct explain_cell *shown)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    struct explain_column columns[EXPLAIN_MAX_COLUMNS] = {{"year", "year", EXPLAIN_WORDS, false}};
    memcpy(columns + 1, figures->columns, figures->n * sizeof *columns);
    size_t n = figures->n + 1;
    bool factor = sum->basis != BASIS_REAL;
    columns[n] = (struct explain_column){"counted_gbp", "counted", EXPLAIN_MONEY, true};
    if (factor) {
        columns[n + 1] =
            (struct explain_column){"factor", basis_words(sum->basis), EXPLAIN_FIGURE, false};
        columns[n + 2] = (struct explain_column){
            "amount_gbp", sum->basis == BASIS_NOMINAL ? "nominal" : "present value", EXPLAIN_MONEY,
            true};
    }
    size_t n_columns = n + (factor ? 3 : 1);
    struct explain_table *table =
        explain_add_table(walk->explanation, "By financial year, £", columns, n_columns);
    double total = 0.0, all_real = 0.0;
    table->has_total = true;
    for (size_t year = sum->first_year; year <= sum->last_year; ++year) {
        double values[6] = {NAN, NAN, NAN, NAN, NAN, NAN}, real = 0.0;
        double value = line_in_year(explainer, sum, line, year, &real);
        if (!(fabs(real) > 0.0)) {
            continue;
        }
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        figures->fill(explainer, line, year, values);
        row[0] = explain_words(year_words(explainer, year));
        for (size_t i = 0; i < figures->n; ++i) {
            row[i + 1] = explain_number(values[i]);
        }
        row[n] = explain_number(real);
        if (factor) {
            row[n + 1] = explain_number(value / real);
            row[n + 2] = explain_number(value);
        }
        total += value;
        all_real += real;
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("all years");
    for (size_t i = 0; i < figures->n && figures->columns[i].adds; ++i) {
        row[i + 1] = explain_number(NAN);
    }
    row[n] = explain_number(all_real);
    if (factor) {
        row[n + 2] = explain_number(total);
    }
    explain_finish_table(walk->explanation, table, shown);
    (void)plan;
}

/* Of one sector (SIZE_MAX: all) and kind (SIZE_MAX: all) in the sum. */
static double line_part(const struct explainer *explainer, const struct sum_of_flows *sum,
                        const struct line *line, size_t of, size_t kind, bool *any)
{
    const struct plan *plan = explainer->plan;
    double value = 0.0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t k = 0; k < N_FLOW_KINDS; ++k) {
            bool counts = (of == SIZE_MAX || who == of) && (kind == SIZE_MAX || k == kind) &&
                          sum_has_sector(plan, sum, who);
            for (size_t year = 0; counts && year < plan->n_years; ++year) {
                double part = sum_weight(plan, sum, (enum flow_kind)k, year) *
                              line->flows[flow_at(plan, who, k, year)];
                *any = *any || part != 0.0;
                value += part;
            }
        }
    }
    return value;
}

/* Share of a partner, and of a demand the cashable share too. */
static double share_of(const struct explainer *explainer, const struct line *line, size_t who,
                       double *cashable)
{
    const struct plan *plan = explainer->plan;
    const struct plan_weight *weights = NULL;
    size_t n = 0;
    *cashable = NAN;
    if (line->kind == LINE_PAYMENT) {
        weights = plan->payments[line->index].weights;
        n = plan->payments[line->index].n_weights;
    } else if (line->kind == LINE_DEMAND) {
        weights = plan->demands[line->index].weights;
        n = plan->demands[line->index].n_weights;
    }
    for (size_t i = 0; i < n; ++i) {
        if (weights[i].sector == plan->whos[who].sector) {
            *cashable = weights[i].cashable;
            return weights[i].weight;
        }
    }
    return NAN;
}

static void table_by_partner(struct walk *walk, const struct sum_of_flows *sum,
                             const struct line *line, const struct explain_cell *shown)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    size_t kinds[N_FLOW_KINDS], n_kinds = 0;
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        bool any = false;
        line_part(explainer, sum, line, SIZE_MAX, kind, &any);
        if (any) {
            kinds[n_kinds++] = kind;
        }
    }
    bool fiscal = line->kind == LINE_DEMAND &&
                  plan->demands[line->index].transfer_from == SIZE_MAX &&
                  plan->demands[line->index].value_type == VALUE_FISCAL;
    struct explain_column columns[EXPLAIN_MAX_COLUMNS] = {
        {"partner", "partner", EXPLAIN_WORDS, false}, {"share", "share", EXPLAIN_FIGURE, false}};
    size_t n = 2;
    if (fiscal) {
        columns[n++] =
            (struct explain_column){"cashable_share", "of it cashable", EXPLAIN_FIGURE, false};
    }
    size_t first = n;
    for (size_t k = 0; k < n_kinds; ++k) {
        columns[n++] =
            (struct explain_column){flow_kind_name((enum flow_kind)kinds[k]),
                                    kind_words((enum flow_kind)kinds[k]), EXPLAIN_MONEY, true};
    }
    columns[n++] = (struct explain_column){"total", "total", EXPLAIN_MONEY, true};
    struct explain_table *table = explain_add_table(walk->explanation, "By partner, £", columns, n);
    table->has_total = table->adds_across = true;
    for (size_t who = 0; who <= plan->n_sector_whos; ++who) {
        bool last = who == plan->n_sector_whos, any = false;
        double total = line_part(explainer, sum, line, last ? SIZE_MAX : who, SIZE_MAX, &any);
        if (!any) {
            continue;
        }
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(last ? plan->whos[sum->who].label : plan->whos[who].label);
        double cashable = NAN,
               share = last ? (double)NAN : share_of(explainer, line, who, &cashable);
        row[1] = isfinite(share) ? explain_number(share) : explain_words("");
        if (fiscal && !last) {
            row[2] = explain_number(cashable);
        }
        for (size_t k = 0; k < n_kinds; ++k) {
            bool flows = false;
            double value = line_part(explainer, sum, line, last ? SIZE_MAX : who, kinds[k], &flows);
            row[first + k] = flows ? explain_number(value) : explain_words("-");
        }
        row[n - 1] = explain_number(total);
    }
    explain_finish_table(walk->explanation, table, shown);
}

/* ---- payments: method 3.2 and 3.3 ---- */

/* What a payment stands on in the model. */
struct payment_terms {
    const struct amount *amount, *optimism_bias, *real_growth; /* the last two NULL where none */
    enum per per;
    bool found;
};

static struct payment_terms terms_of(const struct plan *plan, const struct line *line)
{
    const struct model *model = plan->scenario->model;
    enum flow_kind kind = plan->payments[line->index].kind;
    struct payment_terms terms = {.found = false};
    for (size_t i = 0; i < model->n_costs && flow_kind_sign(kind) < 0.0; ++i) {
        const struct cost *cost = &model->costs[i];
        if (strcmp(cost->name, line->name) == 0) {
            return (struct payment_terms){&cost->amount, &cost->optimism_bias, &cost->real_growth,
                                          cost->per, true};
        }
    }
    for (size_t i = 0; i < model->n_transfers && kind == FLOW_TRANSFER; ++i) {
        if (strcmp(model->transfers[i].name, line->name) == 0) {
            return (struct payment_terms){&model->transfers[i].amount, NULL, NULL,
                                          model->transfers[i].per, true};
        }
    }
    for (size_t i = 0; i < model->n_levered_in && kind == FLOW_LEVERED_IN; ++i) {
        if (strcmp(model->levered_in[i].name, line->name) == 0) {
            return (struct payment_terms){&model->levered_in[i].amount, NULL, NULL,
                                          model->levered_in[i].per, true};
        }
    }
    return terms;
}

static const char *per_words(enum per per)
{
    static const char *const words[] = {
        [PER_ONCE] = "once",
        [PER_YEAR] = "every year",
        [PER_STARTER] = "for everyone who starts",
        [PER_PARTICIPANT] = "for everyone who takes part, in the year of entry",
        [PER_PARTICIPANT_YEAR] = "for everyone present, every year",
        [PER_CAPACITY_STEP] = "for every started step of capacity, every year",
        [PER_PROGRAMME] = "for the programme as a whole"};
    return words[per];
}

static bool is_per_head(enum per per)
{
    return per == PER_STARTER || per == PER_PARTICIPANT || per == PER_PARTICIPANT_YEAR;
}

static double paid_in(struct explainer *explainer, const struct line *line, size_t year,
                      double *quantity)
{
    const struct plan_payment_group *group = &explainer->plan->payments[line->index];
    double paid = 0.0;
    *quantity = 0.0;
    for (size_t i = 0; i < group->n_payments; ++i) {
        const struct plan_payment *payment = &group->payments[i];
        if (strcmp(payment->name, line->name) == 0 && payment->quantity[year] != 0.0) {
            paid += payment->quantity[year] * central_slot(explainer, payment->amount, year);
            *quantity = payment->quantity[year];
        }
    }
    return paid;
}

/* Of one unit in a year at the means, from the formulas. */
static double amount_each(const struct explainer *explainer, const struct payment_terms *terms,
                          size_t year)
{
    const struct optimism_pack *pack = explainer->plan->scenario->conventions.optimism;
    double each = amount_at_means(explainer, terms->amount, SIZE_MAX, year);
    if (terms->optimism_bias != NULL && terms->optimism_bias->expression != NULL) {
        each *= 1.0 + amount_at_means(explainer, terms->optimism_bias, SIZE_MAX, year);
        each *=
            pack != NULL ? 1.0 + pack->cost_uplift[grade_of(explainer, terms->amount) - 1] : 1.0;
    }
    if (terms->real_growth != NULL && terms->real_growth->expression != NULL) {
        double growth = amount_at_means(explainer, terms->real_growth, SIZE_MAX, year);
        each *= growth != 0.0 ? pow(1.0 + growth, (double)year) : 1.0;
    }
    return each;
}

static void fill_payment(struct explainer *explainer, const struct line *line, size_t year,
                         double *figures)
{
    const struct payment_terms terms = terms_of(explainer->plan, line);
    double quantity = 0.0, paid = paid_in(explainer, line, year, &quantity);
    double each = terms.found ? amount_each(explainer, &terms, year) : (double)NAN;
    if (is_per_head(terms.per)) {
        figures[0] = quantity * people_of(explainer, terms.per, SIZE_MAX);
        figures[1] = figures[0] != 0.0 ? paid / figures[0] : each;
    } else {
        figures[0] = each != 0.0 ? paid / each : (double)NAN;
        figures[1] = each;
    }
    figures[2] = paid;
}

static void tell_payment(struct walk *walk, const struct sum_of_flows *sum, const struct line *line,
                         const struct explain_cell *shown)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct optimism_pack *pack = plan->scenario->conventions.optimism;
    const struct payment_terms terms = terms_of(plan, line);
    enum flow_kind kind = plan->payments[line->index].kind;
    explain_say(
        walk->explanation, "%s, paid %s: amount x quantity of the year x share (method %s).",
        flow_kind_label(kind), per_words(terms.per), flow_kind_sign(kind) < 0.0 ? "3.2" : "3.3");
    if (terms.found) {
        struct explain_table *table = start_steps(walk, "The amount");
        add_step(walk, table, "amount, first year",
                 amount_at_means(explainer, terms.amount, SIZE_MAX, 0), "£", terms.amount);
        walk_note_amount(walk, terms.amount, line->name);
        if (terms.optimism_bias != NULL && says_something(terms.optimism_bias)) {
            add_step(walk, table, "x (1 + optimism bias)",
                     1.0 + amount_at_means(explainer, terms.optimism_bias, SIZE_MAX, 0), "",
                     terms.optimism_bias);
            walk_note_amount(walk, terms.optimism_bias, line->name);
        }
        if (pack != NULL && terms.optimism_bias != NULL) {
            int grade = grade_of(explainer, terms.amount);
            add_step(walk, table, arena_printf(explainer->arena, "x uplift of grade %d", grade),
                     1.0 + pack->cost_uplift[grade - 1], "", NULL);
        }
        if (terms.real_growth != NULL && says_something(terms.real_growth)) {
            add_step(walk, table, "growing in real terms by",
                     amount_at_means(explainer, terms.real_growth, SIZE_MAX, 0), "a year",
                     terms.real_growth);
            walk_note_amount(walk, terms.real_growth, line->name);
        }
        explain_finish_table(walk->explanation, table, NULL);
    }
    const struct year_figures figures = {
        .columns = {{"quantity", is_per_head(terms.per) ? heads(explainer) : "times",
                     EXPLAIN_FIGURE, false},
                    {"each_gbp", "each", EXPLAIN_FIGURE, false},
                    {"paid_gbp", "paid", EXPLAIN_FIGURE, false}},
        .n = 3,
        .fill = fill_payment};
    table_by_year(walk, sum, line, &figures, shown);
    table_by_partner(walk, sum, line, shown);
}

/* ---- demands: method 3.5 to 3.7 ---- */

static const char *profile_words(const struct explainer *explainer, const struct profile *profile)
{
    struct text words;
    text_init(&words);
    if (profile->lag_years > 0) {
        text_printf(&words, "starts %zu year%s after the intake; ", profile->lag_years,
                    profile->lag_years == 1 ? "" : "s");
    }
    if (profile->n_by_year > 0) {
        text_printf(&words, "%s ", profile->listed ? "listed:" : "ramp:");
        for (size_t i = 0; i < profile->n_by_year; ++i) {
            text_printf(&words, "%s%g", i > 0 ? ", " : "", profile->by_year[i]);
        }
        text_append(&words, "; ");
    }
    if (profile->has_plateau && profile->plateau_years > 0) {
        text_printf(&words, "full for %zu year%s; ", profile->plateau_years,
                    profile->plateau_years == 1 ? "" : "s");
    }
    double fade = amount_at_means(explainer, &profile->fade_amount, SIZE_MAX, 0);
    if (profile->fade == FADE_LINEAR) {
        text_printf(&words, "then fades evenly over %.7g years", fade);
    } else if (profile->fade == FADE_HALF_LIFE) {
        text_printf(&words, "then halves every %.7g years", fade);
    } else if (profile->fade == FADE_RETENTION && fade == 0.0) {
        text_append(&words, "then ends");
    } else if (profile->fade == FADE_RETENTION) {
        text_printf(&words, "then keeps %.7g of itself each year", fade);
    } else {
        text_append(&words, "lasts");
    }
    text_printf(&words, "%s",
                profile->when_funding_stops == FUNDING_STOPS_FADE
                    ? "; when funding stops the fade begins"
                : profile->when_funding_stops == FUNDING_STOPS_STOP ? "; stops with the funding"
                                                                    : "");
    const char *copy = arena_copy_text(explainer->arena, words.bytes);
    text_clear(&words);
    return copy;
}

static double base_of_outcome(struct explainer *explainer, const struct outcome *outcome,
                              size_t group)
{
    const struct plan *plan = explainer->plan;
    double base = 0.0;
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        if (plan->volumes[i].outcome == outcome &&
            (group == SIZE_MAX || plan->volumes[i].group == group)) {
            base += central_slot(explainer, plan->volumes[i].base, 0);
        }
    }
    return base;
}

static void volume_by_group(struct walk *walk, const struct outcome *outcome)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct explain_column columns[] = {
        {"group", "group", EXPLAIN_WORDS, false},
        {"people", people_words(explainer, outcome->per), EXPLAIN_QUANTITY, true},
        {"each", "units avoided each", EXPLAIN_FIGURE, false},
        {"units", "units in a full year", EXPLAIN_QUANTITY, true}};
    struct explain_table *table =
        explain_add_table(walk->explanation,
                          arena_printf(explainer->arena, "%s by group", outcome->name), columns, 4);
    table->has_total = true;
    for (size_t g = 0; g < plan->scenario->n_groups; ++g) {
        double people = people_of(explainer, outcome->per, g);
        double units = base_of_outcome(explainer, outcome, g);
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(plan->scenario->groups[g].label);
        row[1] = explain_number(people);
        row[2] = explain_number(people != 0.0 ? units / people : (double)NAN);
        row[3] = explain_number(units);
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("all groups");
    row[1] = explain_number(people_of(explainer, outcome->per, SIZE_MAX));
    row[3] = explain_number(base_of_outcome(explainer, outcome, SIZE_MAX));
    explain_finish_table(walk->explanation, table, NULL);
}

/* 1 - optimism bias, and the pack's reduction of the grade. method 2.4. */
static void add_value_steps(struct walk *walk, struct explain_table *table,
                            const struct amount *bias, int grade, enum per per, const char *name)
{
    const struct optimism_pack *pack = walk->explainer->plan->scenario->conventions.optimism;
    if (says_something(bias)) {
        add_step(walk, table, "for money, x (1 - optimism bias)",
                 1.0 - in_all_groups(walk, bias, per), "", bias);
        walk_note_amount(walk, bias, name);
    }
    if (pack != NULL) {
        add_step(walk, table,
                 arena_printf(walk->explainer->arena, "for money, x reduction of grade %d", grade),
                 1.0 - pack->benefit_reduction[grade - 1], "", NULL);
    }
}

static void tell_outcome(struct walk *walk, const struct outcome *outcome)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    enum per per = outcome->per;
    struct arena *arena = explainer->arena;
    struct explain_table *table =
        start_steps(walk, arena_printf(arena, "%s: units in a year of full effect", outcome->name));
    double effect = in_all_groups(walk, &outcome->effect, per);
    double deadweight = in_all_groups(walk, &outcome->deadweight, per);
    add_step(walk, table, people_words(explainer, per), people_of(explainer, per, SIZE_MAX),
             per == PER_PROGRAMME ? "" : heads(explainer), NULL);
    if (outcome->relative) {
        add_step(walk, table, "x baseline a person a year",
                 in_all_groups(walk, &outcome->demand->baseline_per_person, per),
                 outcome->demand->unit, &outcome->demand->baseline_per_person);
        walk_note_amount(walk, &outcome->demand->baseline_per_person, outcome->name);
    }
    add_step(
        walk, table,
        outcome->deadweight_form == DEADWEIGHT_MULTIPLICATIVE ? "x effect" : "x effect, of which",
        effect, outcome->relative ? "share of baseline" : outcome->demand->unit, &outcome->effect);
    if (outcome->deadweight_form == DEADWEIGHT_MULTIPLICATIVE) {
        add_step(walk, table, "x (1 - deadweight)", 1.0 - deadweight, "share",
                 &outcome->deadweight);
    } else {
        add_step(walk, table, "less deadweight, in points", deadweight, "points",
                 &outcome->deadweight);
    }
    if (says_something(&outcome->attribution)) {
        add_step(walk, table, "x attribution", in_all_groups(walk, &outcome->attribution, per),
                 "share", &outcome->attribution);
    }
    if (says_something(&outcome->displacement)) {
        add_step(walk, table, "x (1 - displacement)",
                 1.0 - in_all_groups(walk, &outcome->displacement, per), "share",
                 &outcome->displacement);
    }
    add_step(walk, table, "= units", base_of_outcome(explainer, outcome, SIZE_MAX),
             outcome->demand->unit, NULL);
    walk_note_amount(walk, &outcome->effect, outcome->name);
    walk_note_amount(walk, &outcome->deadweight, outcome->name);
    walk_note_amount(walk, &outcome->attribution, outcome->name);
    walk_note_amount(walk, &outcome->displacement, outcome->name);
    walk_note_amount(walk, &outcome->profile.fade_amount, outcome->name);
    const struct parameter *unit_cost = outcome->demand->unit_cost_parameter;
    int grade = grade_of(explainer, &outcome->effect);
    grade = unit_cost != NULL && unit_cost->grade > grade ? unit_cost->grade : grade;
    add_value_steps(walk, table, &outcome->optimism_bias, grade, per, outcome->name);
    explain_finish_table(walk->explanation, table, NULL);
    if (plan->scenario->n_groups > 1 && per != PER_PROGRAMME) {
        volume_by_group(walk, outcome);
    }
    explain_say(walk->explanation, "Effect in force by year (method 3.4): %s.",
                profile_words(explainer, &outcome->profile));
}

static size_t count_outcomes(const struct plan *plan, size_t demand, const struct plan_volume **one)
{
    const struct outcome *last = NULL;
    size_t n = 0;
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        if (plan->volumes[i].demand == demand && plan->volumes[i].outcome != last) {
            last = plan->volumes[i].outcome;
            *one = &plan->volumes[i];
            ++n;
        }
    }
    return n;
}

/* Effect in force of a demand's only outcome in a year; NaN with several. */
static double stock_of_demand(struct explainer *explainer, size_t demand, size_t year)
{
    const struct plan_volume *volume = NULL;
    if (count_outcomes(explainer->plan, demand, &volume) != 1) {
        return NAN;
    }
    return year < volume->lag_years
               ? 0.0
               : central_stock(explainer, volume->stock, year - volume->lag_years);
}

static double counted_units(struct explainer *explainer, size_t demand, size_t year)
{
    const struct plan *plan = explainer->plan;
    double units = 0.0;
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        if (plan->volumes[i].demand == demand) {
            units += block_column(explainer->worker.evaluation.volumes, plan->n_years, i, year)[0];
        }
    }
    return units;
}

static void fill_demand(struct explainer *explainer, const struct line *line, size_t year,
                        double *figures)
{
    const struct plan_demand *demand = &explainer->plan->demands[line->index];
    double units = line_adjusted_units(explainer, line->index, year);
    double unit_cost = central_slot(explainer, demand->unit_cost, year);
    figures[0] = stock_of_demand(explainer, line->index, year);
    figures[1] = units;
    figures[2] = unit_cost;
    figures[3] = units * unit_cost;
    figures[4] = demand->release_step > 0.0 ? trunc(units / demand->release_step) : (double)NAN;
}

static void say_limits(struct walk *walk, const struct line *line)
{
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    const struct plan_demand *demand = &plan->demands[line->index];
    if (demand->release_step > 0.0) {
        explain_say(
            walk->explanation,
            "Cash is released in whole steps of %s %s only (%s); what is less than a step is "
            "capacity (method 3.7).",
            explain_figure(explainer->arena, demand->release_step), demand->demand->unit,
            demand->demand->release_reason != NULL ? demand->demand->release_reason
                                                   : "no reason stated");
    }
    for (size_t w = 0; demand->ceiling_gbp != NULL && w < demand->n_weights; ++w) {
        if (isfinite(demand->ceiling_gbp[w])) {
            explain_say(walk->explanation,
                        "%s cannot save more than its baseline spend of %s a year.",
                        plan->library->sectors->sectors[demand->weights[w].sector].label,
                        pounds(explainer->arena, demand->ceiling_gbp[w]));
        }
    }
    for (size_t year = 0; year < plan->n_years; ++year) {
        if (line->capped[year] > 0.0) {
            explain_say(walk->explanation, "In %s that takes %s off.", year_words(explainer, year),
                        pounds(explainer->arena, line->capped[year]));
        }
    }
}

static void tell_outcomes_of(struct walk *walk, size_t demand)
{
    const struct plan *plan = walk->explainer->plan;
    const struct outcome *last = NULL;
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        if (plan->volumes[i].demand == demand && plan->volumes[i].outcome != last) {
            last = plan->volumes[i].outcome;
            tell_outcome(walk, last);
        }
    }
}

static void tell_demand(struct walk *walk, const struct sum_of_flows *sum, const struct line *line,
                        const struct explain_cell *shown)
{
    struct explainer *explainer = walk->explainer;
    const struct plan_demand *demand = &explainer->plan->demands[line->index];
    const struct parameter *unit_cost = demand->demand->unit_cost_parameter;
    explain_say(
        walk->explanation,
        "Units avoided x unit cost, shared out by the unit cost's agency split and cashable "
        "shares (method 3.5 and 3.6). Demand %s (%s), unit cost %s (%s).",
        demand->demand->id, place_words(explainer, &demand->demand->setting->place),
        unit_cost->identity, place_words(explainer, &unit_cost->setting->place));
    tell_outcomes_of(walk, line->index);
    walk_note_parameter(walk, unit_cost, line->name);
    if (unit_cost->real_growth != 0.0) {
        explain_say(walk->explanation, "The unit cost grows in real terms by %.7g a year.",
                    unit_cost->real_growth);
    }
    say_limits(walk, line);
    struct year_figures figures = {
        .columns = {{"effect_in_force", "in force", EXPLAIN_FIGURE, false},
                    {"units", "units", EXPLAIN_FIGURE, false},
                    {"unit_cost_gbp", "unit cost", EXPLAIN_FIGURE, false},
                    {"value_gbp", "value", EXPLAIN_FIGURE, false},
                    {"whole_steps", "whole steps", EXPLAIN_FIGURE, false}},
        .n = demand->release_step > 0.0 ? 5 : 4,
        .fill = fill_demand};
    table_by_year(walk, sum, line, &figures, shown);
    table_by_partner(walk, sum, line, shown);
}

/* ---- health gains and QALYs: method 3.8 and 4 ---- */

static void fill_nothing(struct explainer *explainer, const struct line *line, size_t year,
                         double *figures)
{
    (void)explainer;
    (void)line;
    (void)year;
    (void)figures;
}

static void tell_gain(struct walk *walk, const struct health_gain *gain)
{
    struct explainer *explainer = walk->explainer;
    const struct health_model *health = gain->model->health;
    explain_say(
        walk->explanation,
        "What the model %s (%s) works out for each person: option %s less option %s, by year "
        "since the intake, x people x (1 - deadweight) (method 3.8 and 4).",
        gain->model->id, place_words(explainer, &gain->model->setting->place),
        health->options[gain->option].id, health->options[gain->against].id);
    struct explain_table *table =
        start_steps(walk, arena_printf(explainer->arena, "%s: people", gain->name));
    add_step(walk, table, people_words(explainer, gain->per),
             people_of(explainer, gain->per, SIZE_MAX), heads(explainer), NULL);
    add_step(walk, table, "x (1 - deadweight)",
             1.0 - in_all_groups(walk, &gain->deadweight, gain->per), "share", &gain->deadweight);
    walk_note_amount(walk, &gain->deadweight, gain->name);
    if (says_something(&gain->optimism_bias)) {
        add_step(walk, table, "x (1 - optimism bias)",
                 1.0 - in_all_groups(walk, &gain->optimism_bias, gain->per), "",
                 &gain->optimism_bias);
        walk_note_amount(walk, &gain->optimism_bias, gain->name);
    }
    for (size_t i = 0; i < gain->model->n_inputs; ++i) {
        if (gain->inputs[i].expression != NULL && gain->inputs[i].setting != NULL) {
            add_step(walk, table,
                     arena_printf(explainer->arena, "%s of %s", gain->model->inputs[i].id,
                                  gain->model->id),
                     in_all_groups(walk, &gain->inputs[i], gain->per), gain->model->inputs[i].unit,
                     &gain->inputs[i]);
            walk_note_amount(walk, &gain->inputs[i], gain->name);
        }
    }
    explain_finish_table(walk->explanation, table, NULL);
    for (size_t i = 0; i < explainer->plan->n_uses; ++i) {
        const struct parameter *parameter = explainer->plan->uses[i].parameter;
        if (parameter != NULL &&
            model_uses_parameter(gain->model, explainer->plan->library->evidence, parameter)) {
            walk_note_parameter(walk, parameter, gain->name);
        }
    }
}

static void tell_feed(struct walk *walk, const struct sum_of_flows *sum, const struct line *line,
                      const struct explain_cell *shown)
{
    static const struct year_figures figures = {.n = 0, .fill = fill_nothing};
    tell_gain(walk, walk->explainer->plan->feeds[line->index].gain);
    table_by_year(walk, sum, line, &figures, shown);
    table_by_partner(walk, sum, line, shown);
}

/* Undiscounted QALYs of all rows of a line in a year. */
static double qalys_in_year(struct explainer *explainer, const char *name, size_t year)
{
    const struct plan *plan = explainer->plan;
    double sum = 0.0;
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        if (strcmp(plan->qalys[i].name, name) == 0) {
            sum += block_column(explainer->worker.evaluation.qalys, plan->n_years, i, year)[0];
        }
    }
    return sum;
}

static void tell_qaly_gain(struct walk *walk, size_t index)
{
    struct explainer *explainer = walk->explainer;
    const struct plan_qaly *qaly = &explainer->plan->qalys[index];
    const struct qaly_gain *gain = qaly->qaly;
    if (gain == NULL) {
        tell_gain(walk, explainer->plan->feeds[qaly->feed].gain);
        return;
    }
    struct explain_table *table = start_steps(
        walk, arena_printf(explainer->arena, "%s: QALYs in a year of full effect", gain->name));
    double base = 0.0;
    for (size_t i = 0; i < explainer->plan->n_qalys; ++i) {
        if (explainer->plan->qalys[i].qaly == gain) {
            base += central_slot(explainer, explainer->plan->qalys[i].base, 0);
        }
    }
    add_step(walk, table, people_words(explainer, gain->per),
             people_of(explainer, gain->per, SIZE_MAX),
             gain->per == PER_PROGRAMME ? "" : heads(explainer), NULL);
    add_step(walk, table, "x gain a person", in_all_groups(walk, &gain->gain, gain->per), "QALYs",
             &gain->gain);
    add_step(walk, table, "x (1 - deadweight)",
             1.0 - in_all_groups(walk, &gain->deadweight, gain->per), "share", &gain->deadweight);
    add_value_steps(walk, table, &gain->optimism_bias, grade_of(explainer, &gain->gain), gain->per,
                    gain->name);
    add_step(walk, table, "= QALYs", base, "QALYs", NULL);
    explain_finish_table(walk->explanation, table, NULL);
    walk_note_amount(walk, &gain->gain, gain->name);
    walk_note_amount(walk, &gain->deadweight, gain->name);
    walk_note_amount(walk, &gain->profile.fade_amount, gain->name);
    explain_say(walk->explanation, "Effect in force (method 3.4 and 3.8): %s.",
                profile_words(explainer, &gain->profile));
}

static void fill_qaly(struct explainer *explainer, const struct line *line, size_t year,
                      double *figures)
{
    figures[0] = qalys_in_year(explainer, line->name, year);
    figures[1] = explainer->plan->qaly_value_gbp;
}

static void tell_qaly_value(struct walk *walk, const struct sum_of_flows *sum,
                            const struct line *line, const struct explain_cell *shown)
{
    const struct year_figures figures = {
        .columns = {{"qalys", "QALYs", EXPLAIN_FIGURE, false},
                    {"value_gbp", "value of one", EXPLAIN_FIGURE, false}},
        .n = 2,
        .fill = fill_qaly};
    explain_say(
        walk->explanation,
        "QALYs x the value of one, discounted on the health schedule (method 1.3 and 3.8).");
    tell_qaly_gain(walk, line->index);
    table_by_year(walk, sum, line, &figures, shown);
}

/* ---- all lines of a sum ---- */

struct ranked {
    size_t line;
    double value;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    int by_size =
        (fabs(left->value) < fabs(right->value)) - (fabs(left->value) > fabs(right->value));
    return by_size != 0 ? by_size : (left->line > right->line) - (left->line < right->line);
}

/* Largest first; those that do not count are left out. */
static struct ranked *rank_lines(struct explainer *explainer, const struct sum_of_flows *sum,
                                 size_t *n)
{
    struct ranked *ranked = arena_array(explainer->arena, explainer->n_lines + 1, sizeof *ranked);
    *n = 0;
    for (size_t i = 0; i < explainer->n_lines; ++i) {
        bool any = false;
        double value = line_part(explainer, sum, &explainer->lines[i], SIZE_MAX, SIZE_MAX, &any);
        if (any) {
            ranked[(*n)++] = (struct ranked){.line = i, .value = value};
        }
    }
    if (*n > 1) {
        qsort(ranked, *n, sizeof *ranked, compare_ranked);
    }
    return ranked;
}

static const char *line_words(const struct plan *plan, const struct line *line)
{
    switch (line->kind) {
    case LINE_PAYMENT:
        return flow_kind_label(plan->payments[line->index].kind);
    case LINE_DEMAND:
        return plan->demands[line->index].transfer_from != SIZE_MAX      ? "Transfer of benefits"
               : plan->demands[line->index].value_type == VALUE_FISCAL   ? "Saving"
               : plan->demands[line->index].value_type == VALUE_ECONOMIC ? "Economic value"
                                                                         : "Social value";
    case LINE_FEED:
        return "Saving of a health model";
    case LINE_QALY:
        return "Value of QALYs";
    }
    return "";
}

/* From the sum at the means to the mean over draws. Returns the cell of the former. */
static const struct explain_cell *tell_bridge(struct walk *walk, double central, double mean)
{
    static const struct explain_column columns[] = {{"part", "part", EXPLAIN_WORDS, false},
                                                    {"amount_gbp", "£", EXPLAIN_MONEY, true}};
    struct explain_table *table = explain_add_table(
        walk->explanation, "From the value at the means to the mean over draws", columns, 2);
    table->has_total = true;

    const struct {
        const char *words;
        double value;
    } rows[] = {{"with every uncertain figure at its mean", central},
                {"formulas are not linear, and draws are a sample", mean - central},
                {"mean over draws", mean}};

    for (size_t i = 0; i < 3; ++i) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(rows[i].words);
        row[1] = explain_number(rows[i].value);
    }
    explain_finish_table(walk->explanation, table, NULL);
    return &table->cells[1];
}

void walk_lines(struct walk *walk, const struct sum_of_flows *sum, double central, double mean)
{
    static const struct explain_column columns[] = {{"line", "line", EXPLAIN_WORDS, false},
                                                    {"what", "what", EXPLAIN_WORDS, false},
                                                    {"amount_gbp", "£", EXPLAIN_MONEY, true}};
    struct explainer *explainer = walk->explainer;
    size_t n = 0;
    const struct ranked *ranked = rank_lines(explainer, sum, &n);
    walk->shown = arena_array(explainer->arena, explainer->n_lines + 1, sizeof(void *));
    if (n == 0) {
        explain_say(walk->explanation, "No line of the ledger counts in it.");
        return;
    }
    const struct explain_cell *shown = tell_bridge(walk, central, mean);
    struct explain_table *table = explain_add_table(
        walk->explanation, "Line by line, every uncertain figure at its mean", columns, 3);
    table->has_total = true;
    for (size_t i = 0; i < n; ++i) {
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(explainer->lines[ranked[i].line].name);
        row[1] = explain_words(line_words(explainer->plan, &explainer->lines[ranked[i].line]));
        row[2] = explain_number(ranked[i].value);
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("at the means");
    row[2] = explain_number(central);
    explain_finish_table(walk->explanation, table, shown);
    for (size_t i = 0; i < n; ++i) {
        walk->shown[ranked[i].line] = &table->cells[i * table->n_columns + 2];
    }
}

/* "-£214,350", as the table of lines shows it. */
static const char *shown_pounds(const struct explainer *explainer, const struct explain_cell *shown)
{
    const char *words = shown != NULL && shown->words != NULL ? shown->words : "0";
    bool negative = words[0] == '-';
    return arena_printf(explainer->arena, "%s£%s", negative ? "-" : "", words + (negative ? 1 : 0));
}

void walk_details(struct walk *walk, const struct sum_of_flows *sum, bool *done)
{
    struct explainer *explainer = walk->explainer;
    size_t n = 0;
    const struct ranked *ranked = rank_lines(explainer, sum, &n);
    for (size_t i = 0; i < n; ++i) {
        const struct line *line = &explainer->lines[ranked[i].line];
        const struct explain_cell *shown = walk->shown[ranked[i].line];
        if (done[ranked[i].line]) {
            continue;
        }
        done[ranked[i].line] = true;
        explain_add_section(
            walk->explanation, arena_printf(explainer->arena, "line-%zu", ranked[i].line + 1),
            arena_printf(explainer->arena, "%s: %s", line->name, shown_pounds(explainer, shown)));
        switch (line->kind) {
        case LINE_PAYMENT:
            tell_payment(walk, sum, line, shown);
            break;
        case LINE_DEMAND:
            tell_demand(walk, sum, line, shown);
            break;
        case LINE_FEED:
            tell_feed(walk, sum, line, shown);
            break;
        case LINE_QALY:
            tell_qaly_value(walk, sum, line, shown);
            break;
        }
    }
}

/* ---- units and QALYs themselves ---- */

void walk_volume(struct walk *walk, size_t demand, double mean)
{
    static const struct explain_column columns[] = {
        {"year", "year", EXPLAIN_WORDS, false},
        {"mean", "units, mean over draws", EXPLAIN_QUANTITY, true},
        {"effect_in_force", "effect in force", EXPLAIN_FIGURE, false},
        {"central", "units at the means", EXPLAIN_QUANTITY, true}};
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    explain_add_section(
        walk->explanation, "units",
        arena_printf(explainer->arena, "%s avoided", plan->demands[demand].demand->label));
    explain_say(walk->explanation, "Units avoided, not discounted (method 3.5); demand %s (%s).",
                plan->demands[demand].demand->id,
                place_words(explainer, &plan->demands[demand].demand->setting->place));
    struct explain_table *table =
        explain_add_table(walk->explanation, "Units by financial year", columns, 4);
    double central = 0.0;
    table->has_total = true;
    for (size_t year = 0; year < plan->n_years; ++year) {
        double units = explainer->has_worker ? counted_units(explainer, demand, year) : (double)NAN;
        const struct column_statistics *of_year =
            result_find(explainer->result, MEASURE_VOLUME_YEAR, plan->n_whos - 1, year, demand);
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(year_words(explainer, year));
        row[1] = explain_number(of_year != NULL ? of_year->mean : (double)NAN);
        row[2] = explain_number(explainer->has_worker ? stock_of_demand(explainer, demand, year)
                                                      : (double)NAN);
        row[3] = explain_number(units);
        central += units;
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("all years");
    row[1] = explain_number(mean);
    row[3] = explain_number(central);
    explain_finish_table(walk->explanation, table, NULL);
    if (explainer->has_worker) {
        tell_outcomes_of(walk, demand);
    }
}

void walk_qalys(struct walk *walk, size_t column)
{
    static const struct explain_column columns[] = {
        {"year", "year", EXPLAIN_WORDS, false},
        {"qalys", "QALYs", EXPLAIN_QUANTITY, true},
        {"factor", "discount factor", EXPLAIN_FIGURE, false},
        {"discounted", "discounted", EXPLAIN_QUANTITY, true}};
    struct explainer *explainer = walk->explainer;
    const struct plan *plan = explainer->plan;
    size_t total = plan->n_whos - 1;
    bool discounted = plan->results[column].measure != MEASURE_QALYS_UNDISCOUNTED;
    explain_add_section(walk->explanation, "qalys", "The QALYs");
    explain_say(walk->explanation,
                "QALYs of all whom the programme reaches, by year, discounted on "
                "the health schedule (method 1.3 and 3.8).");
    struct explain_table *table = explain_add_table(
        walk->explanation, "By financial year, mean over draws", columns, discounted ? 4 : 2);
    double plain = 0.0, sum = 0.0;
    table->has_total = true;
    for (size_t year = 0; year < plan->n_years; ++year) {
        const struct column_statistics *of_year =
            result_find(explainer->result, MEASURE_QALYS_YEAR, total, year, 0);
        double qalys = of_year != NULL ? of_year->mean : 0.0;
        if (qalys == 0.0) {
            continue;
        }
        struct explain_cell *row = explain_add_row(walk->explanation, table);
        row[0] = explain_words(year_words(explainer, year));
        row[1] = explain_number(qalys);
        if (discounted) {
            row[2] = explain_number(plan->discount_health[year]);
            row[3] = explain_number(qalys * plan->discount_health[year]);
        }
        plain += qalys;
        sum += qalys * plan->discount_health[year];
    }
    struct explain_cell *row = explain_add_row(walk->explanation, table);
    row[0] = explain_words("all years");
    row[1] = explain_number(plain);
    if (discounted) {
        row[3] = explain_number(sum);
    }
    explain_finish_table(walk->explanation, table, NULL);
    const char *last = "";
    for (size_t i = 0; i < plan->n_qalys && explainer->has_worker; ++i) {
        if (strcmp(plan->qalys[i].name, last) != 0) {
            last = plan->qalys[i].name;
            tell_qaly_gain(walk, i);
        }
    }
}
