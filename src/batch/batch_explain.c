#include "batch/batch_private.h"
#include "plan/plan.h"
#include "uncertainty/uncertainty.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct place no_place = {0};

static int explain_code(struct session *session, enum diagnostic_code code)
{
    bool is_error = diagnostic_code_severity(code) == SEVERITY_ERROR;
    text_printf(&session->out, "%s (%s): %s\n\n%s\n", diagnostic_code_name(code),
                is_error ? "error" : "warning", diagnostic_code_title(code),
                diagnostic_code_explanation(code));
    return EXIT_DONE;
}

static int explain_all_codes(struct session *session)
{
    for (size_t code = 0; code < N_DIAGNOSTIC_CODES; code++) {
        text_printf(&session->out, "%s  %s\n", diagnostic_code_name((enum diagnostic_code)code),
                    diagnostic_code_title((enum diagnostic_code)code));
    }
    text_append(&session->out, "\n`dividend explain E203` tells more about a code, "
                               "`dividend explain SCENARIO` where its figures come from.\n");
    return EXIT_DONE;
}

static bool looks_like_code(const char *word)
{
    if ((word[0] != 'E' && word[0] != 'e' && word[0] != 'W' && word[0] != 'w') || word[1] == '\0') {
        return false;
    }
    return word[1 + strspn(word + 1, "0123456789")] == '\0';
}

/* An amount as it was written: a number or a formula. */
static const char *amount_text(struct session *session, const struct amount *amount)
{
    if (amount->expression == NULL) {
        return "not stated";
    }
    if (amount->setting == NULL) {
        return arena_printf(&session->arena, "%s (default)",
                            expression_format(&session->arena, amount->expression));
    }
    if (setting_is_text(amount->setting)) {
        return amount->setting->text;
    }
    char buffer[32];
    text_format_exact(buffer, amount->setting->number);
    return arena_copy_text(&session->arena, buffer);
}

static const char *amount_place(struct session *session, const struct amount *amount)
{
    if (amount->setting == NULL) {
        return NULL;
    }
    const struct place *place = &amount->setting->value_place;
    return arena_printf(&session->arena, "%s:%d", place->file, place->line);
}

struct amounts {
    struct session *session;
    struct listing listing;
};

static void add_amount(struct amounts *amounts, const char *what, const struct amount *amount)
{
    if (amount->expression == NULL || amount->setting == NULL) {
        return; /* a default says nothing about this programme; `dividend schema` lists them */
    }
    const char **row = listing_add_row(amounts->session, &amounts->listing);
    row[0] = what;
    row[1] = amount_text(amounts->session, amount);
    row[2] = amount_place(amounts->session, amount);
}

static void add_part(struct amounts *amounts, const char *name, const char *part,
                     const struct amount *amount)
{
    add_amount(amounts, arena_printf(&amounts->session->arena, "%s: %s", name, part), amount);
}

static void add_outcome(struct amounts *amounts, const struct outcome *outcome)
{
    const char *name = outcome->name;
    add_part(amounts, name, outcome->relative ? "effect, share of baseline" : "effect, units",
             &outcome->effect);
    if (outcome->relative) {
        add_part(amounts, name, "baseline a person a year", &outcome->demand->baseline_per_person);
    }
    add_part(amounts, name,
             outcome->deadweight_form == DEADWEIGHT_MULTIPLICATIVE ? "deadweight, share"
                                                                   : "deadweight, points",
             &outcome->deadweight);
    add_part(amounts, name, "attribution", &outcome->attribution);
    add_part(amounts, name, "displacement", &outcome->displacement);
    add_part(amounts, name, "optimism bias", &outcome->optimism_bias);
    add_part(amounts, name, "fade", &outcome->profile.fade_amount);
}

static void write_amounts(struct session *session, const struct model *model)
{
    static const char *const names[] = {"what", "amount", "place"};
    static const char *const labels[] = {"What", "As written", "Where"};
    struct amounts amounts = {
        .session = session,
        .listing = {.title = "Amounts", .names = names, .labels = labels, .n_columns = 3}};
    add_amount(&amounts, "eligible", &model->eligible);
    add_amount(&amounts, "reach", &model->reach);
    add_amount(&amounts, "uptake", &model->uptake);
    add_amount(&amounts, "retention", &model->retention);
    add_amount(&amounts, "capacity", &model->capacity);
    for (size_t item = 0; item < model->n_costs; item++) {
        const struct cost *cost = &model->costs[item];
        add_part(&amounts, cost->name, "cost", &cost->amount);
        add_part(&amounts, cost->name, "optimism bias", &cost->optimism_bias);
        add_part(&amounts, cost->name, "real growth", &cost->real_growth);
    }
    for (size_t item = 0; item < model->n_outcomes; item++) {
        add_outcome(&amounts, &model->outcomes[item]);
    }
    for (size_t item = 0; item < model->n_levered_in; item++) {
        add_part(&amounts, model->levered_in[item].name, "levered in",
                 &model->levered_in[item].amount);
    }
    for (size_t item = 0; item < model->n_transfers; item++) {
        add_part(&amounts, model->transfers[item].name, "transfer", &model->transfers[item].amount);
    }
    for (size_t item = 0; item < model->n_qalys; item++) {
        add_part(&amounts, model->qalys[item].name, "QALYs a person", &model->qalys[item].gain);
        add_part(&amounts, model->qalys[item].name, "deadweight", &model->qalys[item].deadweight);
        add_part(&amounts, model->qalys[item].name, "fade",
                 &model->qalys[item].profile.fade_amount);
    }
    for (size_t item = 0; item < model->n_health_gains; item++) {
        const struct health_gain *gain = &model->health_gains[item];
        add_part(&amounts, gain->name, "deadweight, share", &gain->deadweight);
        for (size_t input = 0; input < gain->model->n_inputs; input++) {
            add_part(&amounts, gain->name,
                     arena_printf(&session->arena, "%s of %s", gain->model->inputs[input].id,
                                  gain->model->id),
                     &gain->inputs[input]);
        }
    }
    listing_write(&session->out, &amounts.listing, FORMAT_TABLE, terminal_width(session));
}

static const char *source_text(struct session *session, const struct parameter *parameter)
{
    if (parameter_is_assumption(parameter)) {
        return arena_printf(&session->arena, "assumption: %s", parameter->reason);
    }
    return arena_printf(&session->arena, "%s%s%s", parameter->source->citation,
                        parameter->locator == NULL ? "" : ", ",
                        parameter->locator == NULL ? "" : parameter->locator);
}

static void write_use(struct session *session, const struct plan_use *use)
{
    struct text *out = &session->out;
    const struct parameter *parameter = use->parameter;
    const struct distribution *fit = &use->distribution;
    char mean[48];
    text_format_exact(mean, fit->mean);
    text_printf(out, "  %s = %s", parameter == NULL ? use->input->id : parameter->identity, mean);
    text_printf(out, " %s", parameter == NULL ? use->input->unit : parameter->unit);
    if (distribution_is_uncertain(fit)) {
        text_printf(out, ", %s (95 %% from %.4g to %.4g)",
                    distribution_describe(&session->arena, fit), fit->q025, fit->q975);
    }
    text_printf(out, "\n      %s\n", parameter == NULL ? use->input->label : parameter->label);
    if (parameter == NULL) {
        return;
    }
    text_printf(out, "      grade %d; %s\n      %s:%d\n", parameter->grade,
                source_text(session, parameter), parameter->setting->place.file,
                parameter->setting->place.line);
    if (fabs(use->price_factor - 1) > 0) {
        char year[16];
        text_format_financial_year(year, parameter->price_year);
        text_printf(out, "      prices of %s x %.6f\n", year, use->price_factor);
    }
    if (use->override != NULL) {
        text_printf(out, "      override at %s:%d: %s\n", use->override->setting->place.file,
                    use->override->setting->place.line, use->override->reason);
    }
}

static void write_uses(struct session *session, const struct plan *plan)
{
    text_append(&session->out, "\nEvidence and inputs used\n");
    for (size_t item = 0; item < plan->n_uses; item++) {
        write_use(session, &plan->uses[item]);
    }
}

static void write_heading(struct session *session, const struct plan *plan)
{
    const struct scenario *scenario = plan->scenario;
    const struct conventions *conventions = &scenario->conventions;
    static const char *const timings[] = {
        [TIMING_START] = "start", [TIMING_MID] = "middle", [TIMING_END] = "end"};
    char start[16];
    char prices[16];
    text_format_financial_year(start, scenario->start_year);
    text_format_financial_year(prices, conventions->price_year);
    text_printf(&session->out, "%s: %s\n", scenario->id, scenario->title);
    text_printf(&session->out, "  model %s (%s:%d)\n", scenario->model->id,
                scenario->model->setting->place.file, scenario->model->setting->place.line);
    if (plan->health != NULL) {
        text_printf(&session->out, "  %s (%s), prices of %s\n\n", conventions->appraisal->label,
                    conventions->appraisal->vintage, prices);
        return;
    }
    text_printf(&session->out, "  from %s, %zu funded year%s, horizon %zu years\n", start,
                scenario->funded_years, scenario->funded_years == 1 ? "" : "s",
                scenario->horizon_years);
    text_printf(&session->out, "  %s (%s), %s (%s), prices of %s, flows at the %s of each year\n\n",
                conventions->appraisal->label, conventions->appraisal->vintage,
                conventions->deflator->label, conventions->deflator->vintage, prices,
                timings[conventions->timing]);
}

static const char *number_text(struct session *session, enum measure measure, double number)
{
    char buffer[48];
    if (!isfinite(number)) {
        return isinf(number) ? "not within the horizon" : "none";
    }
    bool is_money = strcmp(measure_unit(measure), "GBP") == 0;
    text_format_grouped(buffer, number, is_money ? 0 : 4);
    return arena_copy_text(&session->arena, buffer);
}

/* name.who or name.who@year: `net.police@2` reads the yearly form net_at where there is one. */
struct asked {
    const char *name, *who;
    bool has_year;
    size_t year;
};

static bool split_measure(struct session *session, const char *text, struct asked *asked)
{
    const char *dot = strchr(text, '.');
    if (dot == NULL) {
        return false;
    }
    asked->name = arena_copy_span(&session->arena, text, (size_t)(dot - text));
    const char *at = strchr(dot, '@');
    asked->who =
        at == NULL ? dot + 1 : arena_copy_span(&session->arena, dot + 1, (size_t)(at - dot - 1));
    asked->has_year = at != NULL;
    if (at == NULL) {
        return true;
    }
    size_t n_digits = strspn(at + 1, "0123456789");
    if (n_digits == 0 || n_digits > 3 || at[1 + n_digits] != '\0') {
        return false;
    }
    asked->year = (size_t)strtoul(at + 1, NULL, 10);
    return true;
}

static size_t find_named(struct session *session, const struct plan *plan, const char *name,
                         size_t who, size_t year)
{
    (void)session;
    for (size_t measure = 0; measure < N_MEASURES; measure++) {
        if (strcmp(measure_name((enum measure)measure), name) == 0) {
            return plan_find_result(plan, (enum measure)measure, who, year, 0);
        }
    }
    return SIZE_MAX;
}

static size_t find_asked(struct session *session, const struct plan *plan,
                         const struct asked *asked, size_t who)
{
    struct arena *arena = &session->arena;
    if (!asked->has_year) {
        return find_named(session, plan, asked->name, who, 0);
    }
    const char *const endings[] = {"_at", "_year", ""};
    for (size_t ending = 0; ending < 3; ending++) {
        size_t column =
            find_named(session, plan, arena_printf(arena, "%s%s", asked->name, endings[ending]),
                       who, asked->year);
        if (column != SIZE_MAX) {
            return column;
        }
    }
    return SIZE_MAX;
}

static void write_members(struct session *session, const struct plan *plan, const double *values,
                          const struct plan_result_column *column)
{
    const struct plan_who *who = &plan->whos[column->who];
    if (column->is_ratio || who->n_members == 0) {
        return;
    }
    text_append(&session->out, "  the sum of its sectors:\n");
    for (size_t item = 0; item < who->n_members; item++) {
        size_t member = who->members[item];
        size_t part = plan_find_result(plan, column->measure, member, column->year, column->item);
        if (part != SIZE_MAX && fabs(values[part]) > 0) {
            text_printf(&session->out, "    %16s  %s\n",
                        number_text(session, column->measure, values[part]),
                        plan->whos[member].label);
        }
    }
}

static void write_kinds(struct session *session, const struct plan *plan, const double *values,
                        const struct plan_result_column *column)
{
    if (column->measure != MEASURE_NET && column->measure != MEASURE_NET_FISCAL) {
        return;
    }
    text_append(&session->out, "  made of, discounted:\n");
    for (size_t kind = 0; kind < N_FLOW_KINDS; kind++) {
        bool fiscal_only = column->measure == MEASURE_NET_FISCAL;
        bool is_fiscal = kind != FLOW_ECONOMIC && kind != FLOW_SOCIAL && kind != FLOW_QALY_VALUE;
        double sign = flow_kind_sign((enum flow_kind)kind);
        enum measure measure = (enum measure)((size_t)MEASURE_PV_COST_CASH + kind);
        size_t part = plan_find_result(plan, measure, column->who, 0, 0);
        if (part == SIZE_MAX || !(fabs(values[part] * sign) > 0) || (fiscal_only && !is_fiscal)) {
            continue;
        }
        text_printf(&session->out, "    %16s  %s\n",
                    number_text(session, measure, sign * values[part]),
                    flow_kind_label((enum flow_kind)kind));
    }
}

static void write_measure(struct session *session, const struct plan *plan, const double *values,
                          size_t at)
{
    const struct plan_result_column *column = &plan->results[at];
    const struct plan_who *who = &plan->whos[column->who];
    text_printf(&session->out, "%s, %s: %s %s\n", measure_label(column->measure), who->label,
                number_text(session, column->measure, values[at]), measure_unit(column->measure));
    if (measure_numerator(column->measure) != NULL) {
        text_printf(&session->out, "  %s / %s\n", measure_numerator(column->measure),
                    measure_denominator(column->measure));
    }
    write_kinds(session, plan, values, column);
    write_members(session, plan, values, column);
    text_append(&session->out,
                "  with every uncertain figure at its mean; `dividend run` gives the mean and the "
                "interval over draws\n\n");
}

static void complain_measure(struct session *session, const struct plan *plan, const char *word)
{
    const char **known =
        arena_array(&session->arena, (N_MEASURES + 1) * plan->n_whos, sizeof *known);
    size_t n_known = 0;
    for (size_t column = 0; column < plan->n_results; column++) {
        const struct plan_result_column *result = &plan->results[column];
        if (result->year == 0 && result->item == 0 && n_known < N_MEASURES * plan->n_whos) {
            known[n_known++] = arena_printf(&session->arena, "%s.%s", measure_name(result->measure),
                                            plan->whos[result->who].id);
        }
    }
    const char *nearest = text_nearest(word, known, n_known);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL,
                    "name.who, with @YEAR for a model year, such as net.total or net.total@2",
                    nearest == NULL ? NULL
                                    : arena_printf(&session->arena, "did you mean `%s`?", nearest),
                    "`%s` is not a measure of this scenario", word);
}

static bool write_asked(struct session *session, const struct plan *plan, const char *word)
{
    struct asked asked = {0};
    double *values = memory_array(plan->n_results, sizeof *values);
    size_t column = SIZE_MAX;
    simulation_central(plan, values);
    if (split_measure(session, word, &asked)) {
        size_t who = plan_find_who(plan, asked.who);
        column = who == SIZE_MAX ? SIZE_MAX : find_asked(session, plan, &asked, who);
    }
    if (column != SIZE_MAX) {
        write_measure(session, plan, values, column);
    } else {
        complain_measure(session, plan, word);
    }
    free(values);
    return column != SIZE_MAX;
}

/* A file, or an id in scenarios/. */
static bool find_file(struct session *session, const char *word)
{
    struct arena *arena = &session->arena;
    const char *file = word;
    if (!path_exists(word) || path_is_directory(word)) {
        file = arena_printf(arena, "scenarios/%s.cfg", word);
    }
    if (path_exists(file)) {
        session->options.words.n_items = 1;
        session->options.words.items[0] = file;
        return true;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL,
                    "a code such as E203, a scenario's file, or an id in scenarios/",
                    "`dividend list scenarios` shows the ids, `dividend explain` alone the codes",
                    "`%s` is neither a code nor a scenario", word);
    return false;
}

static void explain_scenario(struct session *session, const char *measure)
{
    const struct library *library = session_load(session, true);
    if (library == NULL) {
        return;
    }
    const struct plan *plan = NULL;
    if (library->n_scenarios == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL,
                        "a scenario; of a portfolio, one of its programmes' scenarios",
                        "`dividend portfolio FILE` works a portfolio out", "`%s` holds no scenario",
                        session->options.words.items[0]);
        return;
    }
    if (!session_plans(session, library, library->scenarios, 1, &plan)) {
        return;
    }
    write_heading(session, plan);
    if (measure == NULL || write_asked(session, plan, measure)) {
        if (plan->health != NULL) {
            explain_health(session, plan);
        } else {
            write_amounts(session, plan->scenario->model);
        }
        write_uses(session, plan);
    }
}

static void complain_code(struct session *session, const char *word)
{
    const char *known[N_DIAGNOSTIC_CODES + 1];
    for (size_t code = 0; code < N_DIAGNOSTIC_CODES; code++) {
        known[code] = diagnostic_code_name((enum diagnostic_code)code);
    }
    const char *nearest = text_nearest(word, known, N_DIAGNOSTIC_CODES);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL, NULL,
                    nearest == NULL ? "`dividend explain` alone lists the codes"
                                    : arena_printf(&session->arena,
                                                   "did you mean `dividend explain %s`?", nearest),
                    "`%s` is not a code", word);
}

int command_explain(struct session *session)
{
    struct word_list *words = &session->options.words;
    if (words->n_items == 0) {
        return explain_all_codes(session);
    }
    enum diagnostic_code code;
    const char *word = words->items[0];
    const char *measure = words->n_items > 1 ? words->items[1] : NULL;
    bool is_code = diagnostic_code_find(word, &code);
    if (words->n_items > 2 || (is_code && measure != NULL)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "explain CODE, or explain SCENARIO [MEASURE]", NULL,
                        "`dividend explain` was given too many words");
    } else if (is_code) {
        return explain_code(session, code);
    } else if (looks_like_code(word)) {
        complain_code(session, word);
    } else if (find_file(session, word)) {
        explain_scenario(session, measure);
    }
    if (session->diagnostics.n_errors > 0) {
        text_clear(&session->out);
    }
    return terminal_print_diagnostics(session, "nothing was explained") ? EXIT_BAD_INPUT
                                                                        : EXIT_DONE;
}
