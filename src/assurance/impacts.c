/* The impact inventory as a reader wants it: each effect, for whom, of which kind, on what
 * evidence; and what is not there. */
#include "assurance/assurance_private.h"
#include "plan/plan_bundle.h"
#include "plan/plan_health.h"

#include <math.h>
#include <string.h>

struct listing {
    struct arena *arena;
    const struct plan *plan; /* of one programme */
    const char *programme;   /* NULL: not of a portfolio */
    struct counted_impact *impacts;
    size_t n_impacts, impacts_capacity;
    struct assurance_gap *gaps;
    size_t n_gaps, gaps_capacity;
};

/* ---- grades ---- */

struct grade_search {
    const struct plan *plan;
    int worst;
};

static void see_name(const struct expression *node, void *context)
{
    struct grade_search *search = context;
    const struct model_name name = model_resolve_name(search->plan->scenario->model,
                                                      search->plan->library->evidence, node->name);
    if (name.kind == MODEL_NAME_PARAMETER && name.parameter != NULL &&
        name.parameter->grade > search->worst) {
        search->worst = name.parameter->grade;
    }
}

/* Worst grade of the evidence that an amount names; 0: it names none. */
static int grade_of(const struct plan *plan, const struct amount *amount)
{
    struct grade_search search = {.plan = plan};
    if (amount->expression != NULL) {
        expression_visit_names(amount->expression, see_name, &search);
    }
    return search.worst;
}

static int worse(int a, int b)
{
    return a > b ? a : b;
}

/* ---- impacts ---- */

static void add_impact(struct listing *listing, struct counted_impact impact)
{
    impact.programme = listing->programme;
    listing->impacts = arena_grow(listing->arena, listing->impacts, listing->n_impacts,
                                  &listing->impacts_capacity, sizeof *listing->impacts);
    listing->impacts[listing->n_impacts++] = impact;
}

static const char *sector_id(const struct listing *listing, size_t sector)
{
    return listing->plan->library->sectors->sectors[sector].id;
}

/* Costs, money levered in and transfers: by the name of their row. */
static int payment_grade(const struct listing *listing, enum flow_kind kind, const char *name)
{
    const struct model *model = listing->plan->scenario->model;
    int worst = 0;
    for (size_t i = 0; kind <= FLOW_COST_IN_KIND && i < model->n_costs; ++i) {
        if (strcmp(model->costs[i].name, name) == 0) {
            worst = worse(worst, grade_of(listing->plan, &model->costs[i].amount));
        }
    }
    for (size_t i = 0; kind == FLOW_TRANSFER && i < model->n_transfers; ++i) {
        if (strcmp(model->transfers[i].name, name) == 0) {
            worst = worse(worst, grade_of(listing->plan, &model->transfers[i].amount));
        }
    }
    for (size_t i = 0; kind == FLOW_LEVERED_IN && i < model->n_levered_in; ++i) {
        if (strcmp(model->levered_in[i].name, name) == 0) {
            worst = worse(worst, grade_of(listing->plan, &model->levered_in[i].amount));
        }
    }
    return worst;
}

static void list_payments(struct listing *listing)
{
    for (size_t i = 0; i < listing->plan->n_payments; ++i) {
        const struct plan_payment_group *group = &listing->plan->payments[i];
        for (size_t k = 0; k < group->n_payments; ++k) {
            for (size_t w = 0; w < group->n_weights; ++w) {
                add_impact(listing, (struct counted_impact){
                                        .effect = group->payments[k].name,
                                        .who = sector_id(listing, group->weights[w].sector),
                                        .kind = flow_kind_name(group->kind),
                                        .grade = payment_grade(listing, group->kind,
                                                               group->payments[k].name)});
            }
        }
    }
}

/* Effects on a demand and what one unit of it costs. */
static int demand_grade(const struct listing *listing, const struct plan_demand *demand)
{
    const struct model *model = listing->plan->scenario->model;
    int worst = demand->demand->unit_cost_parameter != NULL
                    ? demand->demand->unit_cost_parameter->grade
                    : 0;
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        const struct outcome *outcome = &model->outcomes[i];
        if (outcome->demand == demand->demand) {
            worst = worse(worst, grade_of(listing->plan, &outcome->effect));
            worst =
                outcome->relative
                    ? worse(worst, grade_of(listing->plan, &demand->demand->baseline_per_person))
                    : worst;
        }
    }
    return worst;
}

static void list_saving(struct listing *listing, const char *effect, const char *evidence,
                        int grade, const struct plan_weight *weight)
{
    const struct counted_impact impact = {.effect = effect,
                                          .who = sector_id(listing, weight->sector),
                                          .evidence = evidence,
                                          .grade = grade};
    struct counted_impact cash = impact, other = impact;
    cash.kind = flow_kind_name(FLOW_CASHABLE);
    other.kind = flow_kind_name(FLOW_NON_CASHABLE);
    if (weight->cashable > 0.0) {
        add_impact(listing, cash);
    }
    if (weight->cashable < 1.0) {
        add_impact(listing, other);
    }
}

static void list_demand(struct listing *listing, const struct plan_demand *demand)
{
    const char *label = demand->demand->label;
    int grade = demand_grade(listing, demand);
    const char *evidence = demand->demand->unit_cost_parameter != NULL
                               ? demand->demand->unit_cost_parameter->identity
                               : NULL;
    if (demand->unit_cost == PROGRAM_NO_SLOT) {
        add_impact(listing, (struct counted_impact){.effect = label,
                                                    .who = "",
                                                    .kind = "counted, not monetised",
                                                    .grade = grade});
        return;
    }
    for (size_t i = 0; i < demand->n_weights; ++i) {
        if (demand->value_type == VALUE_FISCAL && demand->transfer_from == SIZE_MAX) {
            list_saving(listing, label, evidence, grade, &demand->weights[i]);
            continue;
        }
        enum flow_kind kind = demand->transfer_from != SIZE_MAX      ? FLOW_TRANSFER
                              : demand->value_type == VALUE_ECONOMIC ? FLOW_ECONOMIC
                                                                     : FLOW_SOCIAL;
        add_impact(listing,
                   (struct counted_impact){.effect = label,
                                           .who = sector_id(listing, demand->weights[i].sector),
                                           .kind = flow_kind_name(kind),
                                           .evidence = evidence,
                                           .grade = grade});
    }
    if (demand->transfer_from != SIZE_MAX) {
        add_impact(listing,
                   (struct counted_impact){.effect = label,
                                           .who = sector_id(listing, demand->transfer_from),
                                           .kind = flow_kind_name(FLOW_TRANSFER),
                                           .evidence = evidence,
                                           .grade = grade});
    }
}

/* Worst grade of all evidence that a health model stands on: its formulas lean on each other. */
static int health_grade(const struct plan *plan)
{
    int worst = 0;
    for (size_t i = 0; i < plan->n_uses; ++i) {
        worst =
            plan->uses[i].parameter != NULL ? worse(worst, plan->uses[i].parameter->grade) : worst;
    }
    return worst;
}

static void list_qalys(struct listing *listing)
{
    const struct plan *plan = listing->plan;
    const struct model *model = plan->scenario->model;
    bool monetised = !isnan(plan->qaly_value_gbp);
    const char *kind = monetised ? flow_kind_name(FLOW_QALY_VALUE) : "qalys";
    for (size_t i = 0; i < model->n_qalys; ++i) {
        add_impact(listing,
                   (struct counted_impact){.effect = model->qalys[i].name,
                                           .who = model->qalys[i].to,
                                           .kind = kind,
                                           .grade = grade_of(plan, &model->qalys[i].gain)});
    }
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        const struct health_gain *gain = &model->health_gains[i];
        add_impact(listing, (struct counted_impact){.effect = gain->name,
                                                    .who = gain->to,
                                                    .kind = kind,
                                                    .evidence = gain->model->id,
                                                    .grade = health_grade(plan)});
    }
    for (size_t i = 0; i < plan->n_feeds; ++i) {
        const struct plan_feed *feed = &plan->feeds[i];
        for (size_t k = 0; feed->group == 0 && k < feed->n_lines; ++k) {
            for (size_t w = 0; w < feed->lines[k].n_weights; ++w) {
                list_saving(listing, feed->gain->name, feed->gain->model->id, health_grade(plan),
                            &feed->lines[k].weights[w]);
            }
        }
    }
}

static void list_programme(struct listing *listing)
{
    list_payments(listing);
    for (size_t i = 0; i < listing->plan->n_demands; ++i) {
        list_demand(listing, &listing->plan->demands[i]);
    }
    list_qalys(listing);
}

static void list_health(struct listing *listing)
{
    const struct plan *plan = listing->plan;
    const struct health_model *model = plan->health->model;
    for (size_t i = 0; i < plan->health->n_accounts; ++i) {
        const struct health_account *account = &plan->health->accounts[i];
        if (account->outcome != PAYOFF_COST) {
            add_impact(listing, (struct counted_impact){
                                    .effect = model->outcomes[account->outcome].label,
                                    .who = "",
                                    .kind = account->outcome == OUTCOME_QALYS ? "qalys" : "outcome",
                                    .grade = health_grade(plan)});
        }
        for (size_t w = 0; w < account->n_weights; ++w) {
            add_impact(listing, (struct counted_impact){
                                    .effect = model->categories[account->category],
                                    .who = sector_id(listing, account->weights[w].sector),
                                    .kind = "cost or saving",
                                    .grade = health_grade(plan)});
        }
    }
}

/* ---- gaps ---- */

static void add_gap(struct listing *listing, struct assurance_gap gap)
{
    for (size_t i = 0; i < listing->n_gaps; ++i) {
        const struct assurance_gap *other = &listing->gaps[i];
        if (strcmp(other->id, gap.id) == 0 && strcmp(other->what, gap.what) == 0) {
            return; /* two programmes of a portfolio leave out the same */
        }
    }
    listing->gaps = arena_grow(listing->arena, listing->gaps, listing->n_gaps,
                               &listing->gaps_capacity, sizeof *listing->gaps);
    listing->gaps[listing->n_gaps++] = gap;
}

static void find_gap(struct listing *listing, const char *id, const char *what, const char *why,
                     const char *sector, const char *direction)
{
    add_gap(listing, (struct assurance_gap){.origin = GAP_FOUND,
                                            .id = id,
                                            .what = what,
                                            .why = why,
                                            .sector = sector,
                                            .direction = direction});
}

static void state_gaps(struct listing *listing, const struct omission *omissions, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        add_gap(listing, (struct assurance_gap){
                             .origin = GAP_STATED,
                             .id = "stated",
                             .what = omissions[i].what,
                             .why = omissions[i].reason,
                             .sector = omissions[i].sector,
                             .direction = omission_direction_name(omissions[i].direction)});
    }
}

static bool is_zero(const struct amount *amount)
{
    return amount->expression != NULL && amount->expression->kind == EXPRESSION_NUMBER &&
           amount->expression->number == 0.0;
}

/* Some outcome's unit cost is social value. */
static bool prices_wellbeing(const struct plan *plan)
{
    for (size_t who = 0; who < plan->n_whos; ++who) {
        if (plan_find_result(plan, MEASURE_PV_SOCIAL, who, 0, 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* What the model of one programme says and does not say. */
static void find_model_gaps(struct listing *listing)
{
    const struct plan *plan = listing->plan;
    const struct model *model = plan->scenario->model;
    for (size_t i = 0; i < plan->n_demands; ++i) {
        if (plan->demands[i].unit_cost == PROGRAM_NO_SLOT) {
            find_gap(listing, "not_monetised",
                     arena_printf(listing->arena, "%s: counted, with no price",
                                  plan->demands[i].demand->label),
                     "the demand names no unit cost", NULL, "benefit");
        }
    }
    if (plan->n_qalys == 0) {
        bool priced = prices_wellbeing(plan); /* then it is counted, as money */
        find_gap(listing, "no_qalys",
                 priced ? "QALYs of those who take part (what they gain is counted as social value)"
                        : "health and wellbeing of those who take part",
                 "the model states no QALYs and draws on no health model", NULL, "unknown");
    }
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        if (is_zero(&model->outcomes[i].deadweight)) {
            find_gap(listing, "no_deadweight",
                     arena_printf(listing->arena, "%s: what would have happened anyway",
                                  model->outcomes[i].name),
                     "deadweight is stated as 0: right where the effect was measured against a "
                     "comparison group, too kind elsewhere",
                     NULL, "cost");
        }
    }
    if (model->n_costs == 0) {
        find_gap(listing, "no_costs", "what it takes", "the model states no costs", NULL, "cost");
    }
    if (plan->scenario->n_groups < 2) {
        find_gap(listing, "no_groups", "who gains by area and deprivation",
                 "the scenario counts everybody as one group", NULL, "unknown");
    }
}

static double mean_flow(const struct scenario_result *result, size_t who, size_t kind, size_t year)
{
    const struct column_statistics *flow = result_find(result, MEASURE_FLOW_YEAR, who, year, kind);
    return flow != NULL ? flow->mean : 0.0;
}

/* Partners that gain and put nothing in, and effects that the horizon cuts off. */
static void find_result_gaps(struct listing *listing, const struct scenario_result *result)
{
    const struct plan *plan = result->plan;
    double last = 0.0, first_sum = 0.0;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        double gain = 0.0, paid = 0.0;
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            const struct column_statistics *flow =
                result_find(result, (enum measure)(MEASURE_PV_COST_CASH + kind), who, 0, 0);
            double mean = flow != NULL ? flow->mean : 0.0;
            bool saving = kind == FLOW_CASHABLE || kind == FLOW_NON_CASHABLE;
            gain += saving ? mean : 0.0;
            paid += kind <= FLOW_COST_IN_KIND ? mean : 0.0;
            if (saving || kind == FLOW_ECONOMIC || kind == FLOW_SOCIAL || kind == FLOW_QALY_VALUE) {
                last += mean_flow(result, who, kind, plan->n_years - 1);
                first_sum += mean;
            }
        }
        if (gain > 0.0 && paid == 0.0) {
            find_gap(listing, "gains_without_paying",
                     arena_printf(listing->arena, "a contribution of %s to the costs",
                                  plan->whos[who].label),
                     "it saves and bears none of the costs that are counted", plan->whos[who].id,
                     "cost");
        }
    }
    if (last > 0.0 && first_sum > 0.0 && plan->scenario->funded_years < plan->n_years) {
        find_gap(listing, "horizon", "effects after the last year counted",
                 "benefits go on in the last year of the horizon, after funding has stopped", NULL,
                 "benefit");
    }
}

static void find_health_gaps(struct listing *listing)
{
    const struct health_model *model = listing->plan->health->model;
    bool qalys = false, costs = false;
    for (size_t i = 0; i < listing->plan->health->n_accounts; ++i) {
        size_t outcome = listing->plan->health->accounts[i].outcome;
        qalys = qalys || outcome == OUTCOME_QALYS;
        costs = costs || outcome == PAYOFF_COST;
    }
    if (!qalys) {
        find_gap(listing, "no_qalys", "quality of life", "the model states no utilities", NULL,
                 "unknown");
    }
    if (!costs) {
        find_gap(listing, "no_costs", "what it costs and saves", "the model states no costs", NULL,
                 "cost");
    }
    if (model->n_groups < 2) {
        find_gap(listing, "no_groups", "differences between groups of people",
                 "the model has one group", NULL, "unknown");
    }
}

/* ---- a result ---- */

static void list_member(struct listing *listing, const struct plan *plan, const char *programme)
{
    listing->plan = plan;
    listing->programme = programme;
    list_programme(listing);
    state_gaps(listing, plan->scenario->omissions, plan->scenario->n_omissions);
    state_gaps(listing, plan->scenario->model->omissions, plan->scenario->model->n_omissions);
    find_model_gaps(listing);
}

void assurance_impacts(struct arena *arena, const struct scenario_result *result,
                       const struct portfolio *portfolio, struct assurance_result *out)
{
    const struct plan *plan = result->plan;
    struct listing listing = {.arena = arena, .plan = plan};
    if (portfolio != NULL) {
        state_gaps(&listing, portfolio->omissions, portfolio->n_omissions);
    }
    if (plan->health != NULL) {
        list_health(&listing);
        state_gaps(&listing, plan->scenario->omissions, plan->scenario->n_omissions);
        state_gaps(&listing, plan->scenario->model->omissions, plan->scenario->model->n_omissions);
        find_health_gaps(&listing);
    } else if (plan->bundle != NULL) {
        for (size_t i = 0; i < plan->bundle->n_members; ++i) {
            const struct plan_member *member = &plan->bundle->members[i];
            list_member(&listing, member->plan,
                        plan->bundle->players[member->player].programme->label);
        }
        find_result_gaps(&listing, result);
    } else {
        list_member(&listing, plan, NULL);
        find_result_gaps(&listing, result);
    }
    out->impacts = listing.impacts;
    out->n_impacts = listing.n_impacts;
    out->gaps = listing.gaps;
    out->n_gaps = listing.n_gaps;
}
