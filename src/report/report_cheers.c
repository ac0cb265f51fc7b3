/* The CHEERS 2022 checklist (Husereau et al. 2022, 28 items), filled from what the run knows and
 * what `reporting` says; item names in our own short words. An item is "reported" only where what
 * it asks for is really there, "partly" where some of it is, else "missing". */
#include "plan/plan_bundle.h"
#include "plan/plan_health.h"
#include "report/report_assurance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *cheers_status_name(enum cheers_status status)
{
    static const char *const names[] = {"reported", "partly", "missing"};
    return names[status];
}

struct filling {
    struct arena *arena;
    const struct report_run *run;
    const struct assurance_subject *subject;
    const struct scenario_result *result;
    const struct assurance_result *assured;
    const struct plan *plan;
    const struct scenario *scenario;
    const struct health_model *health; /* NULL: programmes */
    struct text words;                 /* of the item being filled */
};

/* What `reporting` of the subject, else of its model, says; NULL: nothing. */
static const char *said(const struct filling *filling, const char *key)
{
    const struct setting *own = filling->subject->portfolio != NULL
                                    ? filling->subject->portfolio->setting
                                    : filling->scenario->setting;
    const char *words = setting_text(setting_find(setting_find(own, "reporting"), key), NULL);
    if (words == NULL && filling->subject->portfolio == NULL) {
        const struct setting *model = filling->scenario->model->setting;
        words = setting_text(setting_find(setting_find(model, "reporting"), key), NULL);
    }
    return words;
}

static bool is_portfolio(const struct filling *filling)
{
    return filling->plan->bundle != NULL;
}

static void add(struct filling *filling, const char *words)
{
    text_append(&filling->words, filling->words.n_bytes > 0 ? "; " : "");
    text_append(&filling->words, words);
}

/* Adds what is said under the key; false: nothing. */
static bool add_said(struct filling *filling, const char *key)
{
    const char *words = said(filling, key);
    if (words != NULL) {
        add(filling, words);
    }
    return words != NULL;
}

static enum cheers_status from_key(struct filling *filling, const char *key)
{
    return add_said(filling, key) ? CHEERS_REPORTED : CHEERS_MISSING;
}

/* Reported where the key completes it, else partly. */
static enum cheers_status completed_by(struct filling *filling, const char *key)
{
    return add_said(filling, key) ? CHEERS_REPORTED : CHEERS_PARTLY;
}

/* ---- title to setting ---- */

static enum cheers_status fill_title(struct filling *filling)
{
    add(filling, filling->subject->title);
    return CHEERS_REPORTED;
}

static enum cheers_status fill_abstract(struct filling *filling)
{
    if (add_said(filling, "abstract")) {
        return CHEERS_REPORTED;
    }
    add(filling, "The answer in a sentence heads report.md and report.html; no summary of its own");
    return CHEERS_PARTLY;
}

static enum cheers_status fill_background(struct filling *filling)
{
    const char *question = filling->scenario->question;
    if (question == NULL && !is_portfolio(filling)) {
        question = filling->scenario->model->question;
    }
    if (question != NULL) {
        add(filling, question);
    }
    bool background = add_said(filling, "background");
    if (question == NULL && background) {
        add(filling, "no question is stated");
    }
    return question != NULL && background   ? CHEERS_REPORTED
           : question != NULL || background ? CHEERS_PARTLY
                                            : CHEERS_MISSING;
}

static enum cheers_status fill_plan(struct filling *filling)
{
    return from_key(filling, "analysis_plan");
}

static bool add_population(struct filling *filling, const struct scenario *scenario)
{
    const struct population *population = &scenario->population;
    char people[48];
    double n = 0.0;
    if (population->setting == NULL) {
        return false;
    }
    for (size_t i = 0; i < scenario->n_groups; ++i) {
        n += scenario->groups[i].people;
    }
    text_format_grouped(people, n, 0);
    add(filling,
        arena_printf(filling->arena, "%s people aged %.0f to %.0f of %s, in %zu groups", people,
                     population->age_from, population->age_to,
                     scenario->area != NULL ? scenario->area : "the area", scenario->n_groups));
    return true;
}

/* Inputs that say how many people; what is known of them is their label. */
static bool add_inputs(struct filling *filling, const struct scenario *scenario)
{
    bool any = false;
    for (size_t i = 0; i < scenario->model->n_inputs; ++i) {
        const struct input_value *value = &scenario->inputs[i];
        char number[48];
        if (strcmp(value->input->unit, "people") != 0) {
            continue;
        }
        text_format_grouped(number, value->distribution.mean, 0);
        add(filling, arena_printf(filling->arena, "%s: %s", value->input->label, number));
        any = true;
    }
    return any;
}

static enum cheers_status fill_population(struct filling *filling)
{
    if (filling->health != NULL) {
        bool aged = filling->health->start_age.expression != NULL;
        for (size_t i = 0; i < filling->health->n_groups && i < 12; ++i) {
            add(filling, filling->health->groups[i].label);
        }
        if (filling->health->n_groups > 12) {
            add(filling,
                arena_printf(filling->arena, "%zu groups in all", filling->health->n_groups));
        }
        add(filling, aged ? "age at the start is stated" : "age at the start is not stated");
        return aged && filling->health->n_groups > 1 ? CHEERS_REPORTED : CHEERS_PARTLY;
    }
    bool all = true, any = false;
    size_t n = is_portfolio(filling) ? filling->plan->bundle->n_members : 1;
    for (size_t i = 0; i < n; ++i) {
        const struct scenario *scenario = is_portfolio(filling)
                                              ? filling->plan->bundle->members[i].plan->scenario
                                              : filling->scenario;
        bool counted = add_population(filling, scenario);
        all = all && counted;
        any = counted || add_inputs(filling, scenario) || any;
    }
    return all ? CHEERS_REPORTED : any ? CHEERS_PARTLY : CHEERS_MISSING;
}

static enum cheers_status fill_setting(struct filling *filling)
{
    if (filling->scenario->area != NULL) {
        add(filling, filling->scenario->area);
    }
    bool setting = add_said(filling, "setting");
    return filling->scenario->area != NULL && setting   ? CHEERS_REPORTED
           : filling->scenario->area != NULL || setting ? CHEERS_PARTLY
                                                        : CHEERS_MISSING;
}

static enum cheers_status fill_comparators(struct filling *filling)
{
    if (filling->health != NULL) {
        for (size_t i = 0; i < filling->health->n_options; ++i) {
            add(filling, filling->health->options[i].label);
        }
        return completed_by(filling, "comparators");
    }
    add(filling, is_portfolio(filling)
                     ? "None of the programmes: each demand at its baseline, less what would have "
                       "happened anyway"
                     : "The same people without the programme: each demand at its baseline, less "
                       "what would have happened anyway");
    return completed_by(filling, "comparators");
}

/* ---- perspective to prices ---- */

static enum cheers_status fill_perspective(struct filling *filling)
{
    const struct plan_who *who = &filling->plan->whos[assurance_headline_who(filling->plan)];
    add(filling, who->label);
    for (size_t i = 0; i < who->n_members; ++i) {
        text_printf(&filling->words, i == 0 ? " (%s" : ", %s",
                    filling->plan->whos[who->members[i]].label);
    }
    text_append(&filling->words, who->n_members > 0 ? ")" : "");
    return completed_by(filling, "perspective_reason");
}

static enum cheers_status fill_horizon(struct filling *filling)
{
    if (filling->health != NULL) {
        add(filling, arena_printf(filling->arena, "%zu years", filling->scenario->horizon_years));
    } else {
        char from[16];
        text_format_financial_year(from, filling->scenario->start_year);
        add(filling, arena_printf(filling->arena, "%zu financial years from %s",
                                  filling->scenario->horizon_years, from));
    }
    return completed_by(filling, "horizon_reason");
}

static void add_rates(struct filling *filling, const char *of, const struct schedule *schedule)
{
    text_printf(&filling->words, "; %s ", of);
    for (size_t i = 0; i < schedule->n_bands; ++i) {
        text_printf(&filling->words, "%s%.4g %%", i > 0 ? ", then " : "",
                    100.0 * schedule->rate[i]);
        if (schedule->from_year[i] > 0) {
            text_printf(&filling->words, " from year %d", schedule->from_year[i]);
        }
    }
}

static enum cheers_status fill_discounting(struct filling *filling)
{
    const struct appraisal_pack *pack = filling->scenario->conventions.appraisal;
    add(filling, arena_printf(filling->arena, "As %s (%s) sets it", pack->label, pack->vintage));
    add_rates(filling, "costs", &pack->costs);
    add_rates(filling, "health", &pack->health);
    return CHEERS_REPORTED;
}

static bool has_qalys(const struct filling *filling)
{
    if (filling->health == NULL) {
        return filling->plan->n_qalys > 0;
    }
    for (size_t i = 0; i < filling->plan->health->n_accounts; ++i) {
        if (filling->plan->health->accounts[i].outcome == OUTCOME_QALYS) {
            return true;
        }
    }
    return false;
}

static enum cheers_status fill_outcomes(struct filling *filling)
{
    bool any = has_qalys(filling);
    for (size_t i = 0; filling->health != NULL && i < filling->plan->health->n_accounts; ++i) {
        size_t outcome = filling->plan->health->accounts[i].outcome;
        if (outcome != PAYOFF_COST && outcome != OUTCOME_QALYS) {
            add(filling, filling->health->outcomes[outcome].label);
            any = true;
        }
    }
    for (size_t i = 0; filling->health == NULL && i < filling->plan->n_demands; ++i) {
        add(filling,
            arena_printf(filling->arena, "%s avoided", filling->plan->demands[i].demand->label));
        any = true;
    }
    if (has_qalys(filling)) {
        add(filling, "QALYs");
    }
    (void)add_said(filling, "outcomes_reason");
    return any ? CHEERS_REPORTED : CHEERS_MISSING;
}

struct count {
    size_t n, n_assumed;
};

static bool is_effect(enum parameter_kind kind)
{
    return kind == PARAMETER_RELATIVE_RISK || kind == PARAMETER_EFFECT || kind == PARAMETER_SHARE ||
           kind == PARAMETER_PROBABILITY || kind == PARAMETER_RATE || kind == PARAMETER_COUNT;
}

static bool is_utility(enum parameter_kind kind)
{
    return kind == PARAMETER_UTILITY;
}

static bool is_cost(enum parameter_kind kind)
{
    return kind == PARAMETER_COST;
}

static struct count count_evidence(const struct filling *filling,
                                   bool (*of)(enum parameter_kind kind))
{
    struct count count = {0};
    for (size_t i = 0; i < filling->plan->n_uses; ++i) {
        const struct parameter *parameter = filling->plan->uses[i].parameter;
        if (parameter != NULL && of(parameter->kind)) {
            ++count.n;
            count.n_assumed += parameter_is_assumption(parameter) ? 1 : 0;
        }
    }
    return count;
}

/* Reported where every item has a source with a place in it, missing where there is none. */
static enum cheers_status add_evidence(struct filling *filling, const char *what,
                                       const struct count *count)
{
    if (count->n == 0) {
        return CHEERS_MISSING;
    }
    add(filling, arena_printf(filling->arena, "%s: %zu figures, each with source and place in it",
                              what, count->n));
    if (count->n_assumed > 0) {
        text_printf(&filling->words, ", but %zu %s", count->n_assumed,
                    count->n_assumed == 1 ? "is an assumption" : "are assumptions");
    }
    return count->n_assumed == 0 ? CHEERS_REPORTED : CHEERS_PARTLY;
}

static enum cheers_status fill_measurement(struct filling *filling)
{
    const struct count count = count_evidence(filling, is_effect);
    return add_evidence(filling, "Effects, rates and shares", &count);
}

static enum cheers_status fill_valuation(struct filling *filling)
{
    const struct appraisal_pack *pack = filling->scenario->conventions.appraisal;
    const struct count count = count_evidence(filling, is_utility);
    if (!has_qalys(filling)) {
        add(filling, "Avoided demand is valued at its unit cost; health is not valued");
        return CHEERS_PARTLY;
    }
    if (!isnan(filling->plan->qaly_value_gbp)) {
        add(filling, arena_printf(filling->arena, "QALYs at the value of %s", pack->label));
    }
    enum cheers_status status = add_evidence(filling, "Utilities", &count);
    if (status == CHEERS_MISSING) {
        add(filling, "QALYs come from evidence that is no utility by kind: see the evidence");
        return CHEERS_PARTLY;
    }
    return status;
}

static enum cheers_status fill_resources(struct filling *filling)
{
    const struct count count = count_evidence(filling, is_cost);
    enum cheers_status status = add_evidence(filling, "Costs and unit costs", &count);
    if (status == CHEERS_MISSING) {
        add(filling, "Costs are inputs or formulas of the scenario, without evidence");
        return CHEERS_PARTLY;
    }
    return status;
}

static enum cheers_status fill_currency(struct filling *filling)
{
    const struct conventions *conventions = &filling->scenario->conventions;
    char year[16];
    text_format_financial_year(year, conventions->price_year);
    add(filling, arena_printf(filling->arena,
                              "GBP in real terms of %s prices; price years converted by %s (%s)",
                              year, conventions->deflator->label, conventions->deflator->vintage));
    return CHEERS_REPORTED;
}

/* ---- model and methods ---- */

static const char *kind_words(const struct filling *filling)
{
    if (is_portfolio(filling)) {
        return "Portfolio of programmes on shared demand";
    }
    if (filling->health == NULL) {
        return "Ledger of costs and avoided demand by partner and year";
    }
    return filling->health->kind == HEALTH_COHORT ? "Cohort state-transition model"
           : filling->health->kind == HEALTH_TREE ? "Decision tree"
                                                  : "Multi-state life table";
}

static enum cheers_status fill_model(struct filling *filling)
{
    add(filling,
        arena_printf(filling->arena, "%s; its files are in inputs.tar.zst", kind_words(filling)));
    return completed_by(filling, "model_reason");
}

static enum cheers_status fill_analytics(struct filling *filling)
{
    struct text lines;
    text_init(&lines);
    write_sampling(&lines, filling->run);
    if (filling->health != NULL && filling->health->kind == HEALTH_COHORT) {
        text_printf(&lines, "; cycle correction %s",
                    cycle_correction_name(filling->health->correction));
    }
    if (filling->scenario->conventions.optimism != NULL) {
        text_printf(&lines, "; optimism bias: %s", filling->scenario->conventions.optimism->label);
    }
    add(filling, lines.bytes);
    text_clear(&lines);
    add(filling,
        arena_printf(filling->arena, "%zu inputs and assumptions are listed with their influence",
                     filling->assured->n_assumptions));
    return CHEERS_REPORTED;
}

static size_t count_groups(const struct filling *filling)
{
    size_t n = 0;
    if (filling->health != NULL) {
        return filling->health->n_groups;
    }
    if (!is_portfolio(filling)) {
        return filling->scenario->n_groups;
    }
    for (size_t i = 0; i < filling->plan->bundle->n_members; ++i) {
        size_t own = filling->plan->bundle->members[i].plan->scenario->n_groups;
        n = own > n ? own : n;
    }
    return n;
}

static bool has_quintiles(const struct filling *filling)
{
    for (size_t i = 0; i < filling->plan->n_cells; ++i) {
        if (filling->plan->cells[i].quintile > 0) {
            return true;
        }
    }
    return false;
}

static enum cheers_status fill_heterogeneity(struct filling *filling)
{
    size_t n = count_groups(filling);
    bool more = add_said(filling, "heterogeneity");
    if (n > 1) {
        add(filling, arena_printf(filling->arena, "%zu groups are worked out apart", n));
        return more || has_quintiles(filling) ? CHEERS_REPORTED : CHEERS_PARTLY;
    }
    return more ? CHEERS_REPORTED : CHEERS_MISSING;
}

static bool judged_equality(const struct filling *filling)
{
    return filling->subject->portfolio != NULL &&
           filling->subject->portfolio->equity.setting != NULL;
}

static enum cheers_status fill_distribution(struct filling *filling)
{
    add(filling, "Costs and gains of every partner are shown apart");
    if (has_quintiles(filling)) {
        add(filling, "people, QALYs and value by quintile of deprivation");
    }
    if (judged_equality(filling)) {
        add(filling, "net health benefit by quintile and the gap between them");
    }
    bool more = add_said(filling, "distribution");
    return more || judged_equality(filling) ? CHEERS_REPORTED : CHEERS_PARTLY;
}

static enum cheers_status fill_uncertainty(struct filling *filling)
{
    if (filling->plan->n_columns == 0) {
        add(filling, "Nothing is uncertain in this model");
        return CHEERS_PARTLY;
    }
    add(filling,
        arena_printf(filling->arena, "%zu uncertain parameters drawn jointly, %llu draws",
                     filling->plan->n_columns, (unsigned long long)filling->result->n_draws));
    if (filling->run->decide) {
        add(filling, "one-way and switching values, value of information, Sobol indices");
    }
    return CHEERS_REPORTED;
}

static enum cheers_status fill_engagement(struct filling *filling)
{
    return from_key(filling, "engagement");
}

/* ---- results and the rest ---- */

static enum cheers_status fill_parameters(struct filling *filling)
{
    size_t n_uncertain = filling->plan->n_columns;
    add(filling, arena_printf(filling->arena,
                              "%zu values with distributions and sources, %zu of them uncertain: "
                              "manifest.json, Evidence in the workbook",
                              filling->plan->n_uses, n_uncertain));
    return CHEERS_REPORTED;
}

/* "-£1,234" */
static void pounds(char buffer[64], double gbp)
{
    char digits[48];
    text_format_grouped(digits, fabs(gbp), 0);
    (void)snprintf(buffer, 64, "%s£%s", gbp <= -0.5 ? "-" : "", digits);
}

static void add_net(struct filling *filling)
{
    size_t who = assurance_headline_who(filling->plan);
    const struct column_statistics *net = result_find(filling->result, MEASURE_NET, who, 0, 0);
    char mean[64], low[64], high[64];
    pounds(mean, net->mean);
    pounds(low, net->q025);
    pounds(high, net->q975);
    add(filling,
        arena_printf(filling->arena, "Net present value for %s: mean %s, 95 %% interval %s to %s",
                     filling->plan->whos[who].label, mean, low, high));
}

static enum cheers_status fill_results(struct filling *filling)
{
    if (filling->health == NULL) {
        add_net(filling);
    } else {
        add(filling, arena_printf(filling->arena,
                                  "Costs, outcomes, dominance and frontier of %zu options: "
                                  "options.csv, incremental.csv",
                                  filling->health->n_options));
    }
    return CHEERS_REPORTED;
}

static enum cheers_status fill_effect(struct filling *filling)
{
    const struct assurance_result *assured = filling->assured;
    if (assured->n_assumptions == 0 || assured->assumptions[0].rank == 0) {
        add(filling, "Nothing is uncertain in this model");
        return CHEERS_PARTLY;
    }
    add(filling, arena_printf(filling->arena, "What moves the headline most: %s",
                              assured->assumptions[0].label));
    if (filling->run->decide) {
        add(filling, "also under other discount-rate packs and rules of evidence: uncertainty/");
    }
    add(filling, "every figure has its 95 % interval");
    return filling->run->decide ? CHEERS_REPORTED : CHEERS_PARTLY;
}

static enum cheers_status fill_engagement_effect(struct filling *filling)
{
    return from_key(filling, "engagement_effect");
}

static enum cheers_status fill_discussion(struct filling *filling)
{
    size_t n = filling->assured->n_gaps;
    if (n > 0) {
        add(filling,
            arena_printf(filling->arena, "%zu effects that are not counted are listed", n));
    }
    return add_said(filling, "discussion") ? CHEERS_REPORTED
           : n > 0                         ? CHEERS_PARTLY
                                           : CHEERS_MISSING;
}

static enum cheers_status fill_funding(struct filling *filling)
{
    return from_key(filling, "funding_source");
}

static enum cheers_status fill_conflicts(struct filling *filling)
{
    return from_key(filling, "conflicts_of_interest");
}

struct cheers_row {
    const char *section, *item, *key;
    enum cheers_status (*fill)(struct filling *filling);
};

static const struct cheers_row rows[N_CHEERS_ITEMS] = {
    {"Title", "title", NULL, fill_title},
    {"Abstract", "abstract", "abstract", fill_abstract},
    {"Introduction", "background and objectives", "background", fill_background},
    {"Methods", "analysis plan", "analysis_plan", fill_plan},
    {"Methods", "study population", NULL, fill_population},
    {"Methods", "setting and location", "setting", fill_setting},
    {"Methods", "comparators", "comparators", fill_comparators},
    {"Methods", "perspective", "perspective_reason", fill_perspective},
    {"Methods", "time horizon", "horizon_reason", fill_horizon},
    {"Methods", "discount rate", NULL, fill_discounting},
    {"Methods", "choice of outcomes", "outcomes_reason", fill_outcomes},
    {"Methods", "measurement of outcomes", NULL, fill_measurement},
    {"Methods", "valuation of outcomes", NULL, fill_valuation},
    {"Methods", "resources and costs", NULL, fill_resources},
    {"Methods", "currency and price date", NULL, fill_currency},
    {"Methods", "description of the model", "model_reason", fill_model},
    {"Methods", "analytics and assumptions", NULL, fill_analytics},
    {"Methods", "heterogeneity", "heterogeneity", fill_heterogeneity},
    {"Methods", "distributional effects", "distribution", fill_distribution},
    {"Methods", "uncertainty", NULL, fill_uncertainty},
    {"Methods", "engagement of those affected", "engagement", fill_engagement},
    {"Results", "study parameters", NULL, fill_parameters},
    {"Results", "main results", NULL, fill_results},
    {"Results", "effect of uncertainty", NULL, fill_effect},
    {"Results", "effect of engagement", "engagement_effect", fill_engagement_effect},
    {"Discussion", "findings, limits, generalisability", "discussion", fill_discussion},
    {"Other", "source of funding", "funding_source", fill_funding},
    {"Other", "conflicts of interest", "conflicts_of_interest", fill_conflicts}};

void cheers_fill(struct arena *arena, const struct report_run *run,
                 const struct assurance_subject *subject, const struct scenario_result *result,
                 struct cheers_item items[N_CHEERS_ITEMS])
{
    struct filling filling = {.arena = arena,
                              .run = run,
                              .subject = subject,
                              .result = result,
                              .assured = assured_result(run, result),
                              .plan = result->plan,
                              .scenario = result->plan->scenario,
                              .health = result->plan->health != NULL ? result->plan->health->model
                                                                     : NULL};
    for (size_t i = 0; i < N_CHEERS_ITEMS; ++i) {
        text_init(&filling.words);
        enum cheers_status status = rows[i].fill(&filling);
        items[i] = (struct cheers_item){.number = i + 1,
                                        .section = rows[i].section,
                                        .item = rows[i].item,
                                        .status = status,
                                        .content = filling.words.bytes != NULL
                                                       ? arena_copy_text(arena, filling.words.bytes)
                                                       : "",
                                        .key = rows[i].key};
        text_clear(&filling.words);
    }
}
