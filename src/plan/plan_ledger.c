/* The rows of the ledger: payments, volumes, demands and QALYs with their constant shares.
 * method 3.2-3.6. */
#include "plan/plan_health.h"
#include "plan/plan_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static size_t n_sectors(const struct builder *builder)
{
    return builder->library->sectors->n_sectors;
}

static const struct pool *find_pool(const struct builder *builder, const char *id)
{
    for (size_t i = 0; i < builder->scenario->n_pools; ++i) {
        if (strcmp(builder->scenario->pools[i].id, id) == 0) {
            return &builder->scenario->pools[i];
        }
    }
    return NULL;
}

/* Shares of sectors, groups or pools into one weight a sector. */
static double *expand_shares(struct builder *builder, const struct share *shares, size_t n_shares)
{
    double *weights = arena_array(builder->arena, n_sectors(builder), sizeof *weights);
    for (size_t i = 0; i < n_shares; ++i) {
        const struct pool *pool = find_pool(builder, shares[i].sector);
        if (pool == NULL) {
            sector_expand_shares(builder->library->sectors, &shares[i], 1, weights,
                                 builder->diagnostics);
            continue;
        }
        double *members = expand_shares(builder, pool->members, pool->n_members);
        for (size_t sector = 0; sector < n_sectors(builder); ++sector) {
            weights[sector] += shares[i].share * members[sector];
        }
    }
    return weights;
}

static const struct plan_weight *pack_weights(struct builder *builder, const double *weights,
                                              const double *cashable, size_t *n_weights)
{
    struct plan_weight *packed = arena_array(builder->arena, n_sectors(builder), sizeof *packed);
    *n_weights = 0;
    for (size_t sector = 0; sector < n_sectors(builder); ++sector) {
        if (weights[sector] != 0.0) {
            packed[(*n_weights)++] =
                (struct plan_weight){.sector = sector,
                                     .weight = weights[sector],
                                     .cashable = cashable != NULL ? cashable[sector] : 0.0};
        }
    }
    return packed;
}

const struct plan_weight *plan_expand_weights(struct builder *builder, const struct share *shares,
                                              size_t n_shares, size_t *n_weights)
{
    return pack_weights(builder, expand_shares(builder, shares, n_shares), NULL, n_weights);
}

/* People of the group at hand, or of all. */
static program_slot people_of(const struct builder *builder, enum per per)
{
    const struct plan *plan = builder->plan;
    program_slot starters = plan->starters, participants = plan->participants;
    if (builder->group != SIZE_MAX) {
        starters = plan->people[builder->group].starters;
        participants = plan->people[builder->group].participants;
    }
    return per == PER_STARTER ? starters : participants;
}

struct schedule_of_payment {
    enum per per;
    size_t first_year;
    bool to_horizon;
    double people_per_step;
};

/* How many times the amount is paid in each year, besides the people in its slot. */
static double quantity_at(const struct builder *builder, const struct schedule_of_payment *when,
                          size_t year)
{
    const struct plan *plan = builder->plan;
    size_t delay = builder->scenario->delay_years, first_year = delay + when->first_year;
    size_t end = when->to_horizon ? plan->n_years : delay + builder->scenario->funded_years;
    if (when->per == PER_ONCE) {
        return year == first_year ? 1.0 : 0.0;
    }
    if (year < first_year || year >= end) {
        return 0.0;
    }
    if (when->per == PER_STARTER || when->per == PER_PARTICIPANT) {
        return plan->intake_share[year];
    }
    if (when->per == PER_PARTICIPANT_YEAR) {
        bool stays = when->to_horizon && builder->model->intake == INTAKE_ONCE;
        return stays ? 1.0 : plan->present_share[year];
    }
    return 1.0;
}

/* Started steps of capacity in each year: ceil(participants present / people a step). Places that
 * are filled to the last one are whole steps: what rounding adds to them (less than 1 in 10^12)
 * starts no step. method 3.2. */
static program_slot capacity_steps(struct builder *builder, double people_per_step)
{
    const double but_rounding = 1.0 - 1e-12;
    double *share = arena_array(builder->arena, builder->plan->n_years, sizeof *share);
    for (size_t year = 0; year < builder->plan->n_years; ++year) {
        share[year] = builder->plan->present_share[year] / people_per_step * but_rounding;
    }
    program_slot steps =
        program_add_operation(builder->program, OP_MULTIPLY, builder->plan->participants,
                              program_add_year_constant(builder->program, share), PROGRAM_NO_SLOT);
    return program_add_operation(builder->program, OP_CEIL, steps, PROGRAM_NO_SLOT,
                                 PROGRAM_NO_SLOT);
}

static bool is_per_head(enum per per)
{
    return per == PER_STARTER || per == PER_PARTICIPANT || per == PER_PARTICIPANT_YEAR;
}

/* What is paid for the programme as a whole: of its full size, unless fixed costs scale too. */
static program_slot scale_whole(struct builder *builder, program_slot amount)
{
    const struct scenario *scenario = builder->scenario;
    return plan_scale(builder, amount, scenario->scales_fixed_costs ? scenario->scale : 1.0);
}

static struct plan_payment make_payment(struct builder *builder, const char *name,
                                        program_slot amount, const struct schedule_of_payment *when)
{
    if (is_per_head(when->per)) {
        amount = plan_multiply(builder, amount, people_of(builder, when->per));
    } else if (when->per != PER_CAPACITY_STEP) {
        amount = scale_whole(builder, amount);
    } else {
        amount = plan_multiply(builder, amount, capacity_steps(builder, when->people_per_step));
    }
    double *quantity = arena_array(builder->arena, builder->plan->n_years, sizeof *quantity);
    for (size_t year = 0; year < builder->plan->n_years; ++year) {
        quantity[year] = quantity_at(builder, when, year);
    }
    return (struct plan_payment){.amount = amount, .quantity = quantity, .name = name};
}

struct groups {
    struct plan_payment_group *items;
    size_t n, capacity;
};

static bool same_group(const struct plan_payment_group *group, enum flow_kind kind,
                       const struct plan_weight *weights, size_t n_weights)
{
    if (group->kind != kind || group->n_weights != n_weights) {
        return false;
    }
    for (size_t i = 0; i < n_weights; ++i) {
        if (group->weights[i].sector != weights[i].sector ||
            group->weights[i].weight != weights[i].weight) {
            return false;
        }
    }
    return true;
}

static void add_payment(struct builder *builder, struct groups *groups, enum flow_kind kind,
                        const double *shares, struct plan_payment payment)
{
    size_t n_weights = 0;
    const struct plan_weight *weights = pack_weights(builder, shares, NULL, &n_weights);
    struct plan_payment_group *group = NULL;
    for (size_t i = 0; i < groups->n; ++i) {
        if (same_group(&groups->items[i], kind, weights, n_weights)) {
            group = &groups->items[i];
        }
    }
    if (group == NULL) {
        groups->items = arena_grow(builder->arena, groups->items, groups->n, &groups->capacity,
                                   sizeof *groups->items);
        group = &groups->items[groups->n++];
        *group =
            (struct plan_payment_group){.kind = kind, .weights = weights, .n_weights = n_weights};
    }
    struct plan_payment *payments =
        arena_array(builder->arena, group->n_payments + 1, sizeof *payments);
    if (group->n_payments > 0) {
        memcpy(payments, group->payments, group->n_payments * sizeof *payments);
    }
    payments[group->n_payments++] = payment;
    group->payments = payments;
}

static enum flow_kind cost_kind(const struct cost *cost)
{
    if (cost->in_kind) {
        return FLOW_COST_IN_KIND;
    }
    return cost->additionality == REDEPLOYED ? FLOW_COST_REDEPLOYED : FLOW_COST_CASH;
}

/* GBP real a unit, in the group at hand. */
static program_slot cost_amount(struct builder *builder, const struct cost *cost)
{
    const struct optimism_pack *pack = builder->scenario->conventions.optimism;
    program_slot amount = plan_amount(builder, &cost->amount);
    program_slot bias = plan_amount(builder, &cost->optimism_bias);
    amount = plan_multiply(builder, amount, plan_one_plus(builder, bias));
    if (pack != NULL) {
        int grade = plan_amount_grade(builder, &cost->amount);
        amount = plan_scale(builder, amount, 1.0 + pack->cost_uplift[grade - 1]);
    }
    return plan_grow(builder, amount,
                     plan_amount_fixed(builder, &cost->real_growth, "real_growth"));
}

/* One row for all groups, or, where the amount a head differs between them, one for each. */
static void add_by_group(struct builder *builder, struct groups *groups, const struct cost *cost,
                         const double *shares, const struct schedule_of_payment *when)
{
    size_t n_groups = builder->scenario->n_groups;
    program_slot amount = cost_amount(builder, cost);
    bool differs = false;
    for (size_t group = 0; is_per_head(when->per) && group < n_groups; ++group) {
        builder->group = group;
        differs = differs || cost_amount(builder, cost) != amount;
    }
    builder->group = SIZE_MAX;
    if (!differs) {
        add_payment(builder, groups, cost_kind(cost), shares,
                    make_payment(builder, cost->name, amount, when));
        return;
    }
    for (size_t group = 0; group < n_groups; ++group) {
        builder->group = group;
        add_payment(builder, groups, cost_kind(cost), shares,
                    make_payment(builder, cost->name, cost_amount(builder, cost), when));
    }
    builder->group = SIZE_MAX;
}

static void add_cost(struct builder *builder, struct groups *groups, const struct cost *cost)
{
    struct schedule_of_payment when = {.per = cost->per,
                                       .first_year = cost->first_year,
                                       .to_horizon = cost->to_horizon,
                                       .people_per_step = cost->people_per_step};
    const double *shares = cost->n_payers > 0 ? expand_shares(builder, cost->payers, cost->n_payers)
                                              : expand_shares(builder, builder->scenario->funding,
                                                              builder->scenario->n_funding);
    add_by_group(builder, groups, cost, shares, &when);
}

static void add_transfer(struct builder *builder, struct groups *groups,
                         const struct transfer *transfer)
{
    double *shares = arena_array(builder->arena, n_sectors(builder), sizeof *shares);
    shares[sector_index(builder->library->sectors, transfer->from)] -= 1.0;
    shares[sector_index(builder->library->sectors, transfer->to)] += 1.0;
    struct schedule_of_payment when = {.per = transfer->per,
                                       .first_year = transfer->first_year,
                                       .to_horizon = transfer->to_horizon};
    add_payment(
        builder, groups, FLOW_TRANSFER, shares,
        make_payment(builder, transfer->name, plan_amount(builder, &transfer->amount), &when));
}

static void add_levered_in(struct builder *builder, struct groups *groups,
                           const struct levered_in *levered)
{
    double *shares = arena_array(builder->arena, n_sectors(builder), sizeof *shares);
    shares[sector_index(builder->library->sectors, levered->to)] = 1.0;
    struct schedule_of_payment when = {
        .per = levered->per, .first_year = levered->first_year, .to_horizon = levered->to_horizon};
    add_payment(
        builder, groups, FLOW_LEVERED_IN, shares,
        make_payment(builder, levered->name, plan_amount(builder, &levered->amount), &when));
}

static void build_payments(struct builder *builder)
{
    const struct model *model = builder->model;
    struct groups groups = {0};
    for (size_t i = 0; i < model->n_costs; ++i) {
        add_cost(builder, &groups, &model->costs[i]);
    }
    for (size_t i = 0; i < model->n_transfers; ++i) {
        add_transfer(builder, &groups, &model->transfers[i]);
    }
    for (size_t i = 0; i < model->n_levered_in; ++i) {
        add_levered_in(builder, &groups, &model->levered_in[i]);
    }
    builder->plan->payments = groups.items;
    builder->plan->n_payments = groups.n;
}

/* Cashable shares of a unit cost, one a sector; a share of a group of sectors holds for its
 * members. */
static double *cashable_shares(struct builder *builder, const struct parameter *unit_cost,
                               const double *weights)
{
    double *cashable = arena_array(builder->arena, n_sectors(builder), sizeof *cashable);
    if (unit_cost->n_cashable_by_sector == 0) {
        for (size_t sector = 0; sector < n_sectors(builder); ++sector) {
            cashable[sector] = unit_cost->has_cashable ? unit_cost->cashable : 0.0;
        }
        return cashable;
    }
    for (size_t i = 0; i < unit_cost->n_split; ++i) {
        double *part = expand_shares(builder, &unit_cost->split[i], 1);
        for (size_t j = 0; j < unit_cost->n_cashable_by_sector; ++j) {
            const struct share *share = &unit_cost->cashable_by_sector[j];
            for (size_t sector = 0; strcmp(share->sector, unit_cost->split[i].sector) == 0 &&
                                    sector < n_sectors(builder);
                 ++sector) {
                cashable[sector] +=
                    weights[sector] != 0.0 ? share->share * part[sector] / weights[sector] : 0.0;
            }
        }
    }
    return cashable;
}

static const double *build_ceilings(struct builder *builder, const struct demand *demand,
                                    const struct plan_weight *weights, size_t n_weights)
{
    if (demand->n_baseline_spend == 0) {
        return NULL;
    }
    double *spend = expand_shares(builder, demand->baseline_spend_gbp, demand->n_baseline_spend);
    double factor = plan_price_factor(builder, demand->baseline_spend_price_year);
    double *ceilings = arena_array(builder->arena, n_weights, sizeof *ceilings);
    for (size_t i = 0; i < n_weights; ++i) {
        double gbp = spend[weights[i].sector];
        ceilings[i] = gbp > 0.0 ? gbp * factor : (double)INFINITY;
    }
    return ceilings;
}

static size_t find_transfer_sector(const struct builder *builder, const char *id)
{
    return id == NULL ? SIZE_MAX : sector_index(builder->library->sectors, id);
}

static struct plan_demand make_demand(struct builder *builder, const struct demand *demand)
{
    struct plan_demand row = {.demand = demand,
                              .unit_cost = PROGRAM_NO_SLOT,
                              .transfer_from = SIZE_MAX,
                              .release_step = demand->release_step};
    const struct parameter *unit_cost = demand->unit_cost_parameter;
    if (unit_cost == NULL) {
        return row;
    }
    row.unit_cost = plan_grow(builder, plan_parameter(builder, unit_cost),
                              plan_constant(builder, unit_cost->real_growth));
    row.value_type = unit_cost->value_type;
    row.transfer_from = find_transfer_sector(builder, unit_cost->transfer_from);
    double *weights = expand_shares(builder, unit_cost->split, unit_cost->n_split);
    double *cashable = cashable_shares(builder, unit_cost, weights);
    row.weights = pack_weights(builder, weights, cashable, &row.n_weights);
    row.ceiling_gbp = build_ceilings(builder, demand, row.weights, row.n_weights);
    return row;
}

/* Units a person a year without the programme in each group, where an outcome is relative to it. */
static const program_slot *build_baselines(struct builder *builder, const struct demand *demand)
{
    const struct model *model = builder->model;
    size_t n_groups = builder->scenario->n_groups;
    program_slot *baselines = arena_array(builder->arena, n_groups, sizeof *baselines);
    bool relative = false;
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        relative = relative || (model->outcomes[i].demand == demand && model->outcomes[i].relative);
    }
    for (size_t group = 0; group < n_groups; ++group) {
        builder->group = group;
        baselines[group] =
            relative ? plan_amount(builder, &demand->baseline_per_person) : PROGRAM_NO_SLOT;
    }
    builder->group = SIZE_MAX;
    return baselines;
}

static void build_demands(struct builder *builder)
{
    const struct models *models = builder->library->models;
    const struct model *model = builder->model;
    struct plan_demand *rows =
        arena_array(builder->arena, model->n_outcomes + builder->n_extra_demands, sizeof *rows);
    size_t n_rows = 0;
    for (size_t i = 0; i < models->n_demands; ++i) {
        bool used = false;
        for (size_t j = 0; j < model->n_outcomes; ++j) {
            used = used || model->outcomes[j].demand == &models->demands[i];
        }
        for (size_t j = 0; j < builder->n_extra_demands; ++j) {
            used = used || builder->extra_demands[j] == &models->demands[i];
        }
        if (used) {
            rows[n_rows] = make_demand(builder, &models->demands[i]);
            rows[n_rows++].baseline = build_baselines(builder, &models->demands[i]);
        }
    }
    builder->plan->demands = rows;
    builder->plan->n_demands = n_rows;
}

/* effect x (1 - deadweight), or max(0, effect - deadweight) in percentage points. */
static program_slot net_effect(struct builder *builder, const struct outcome *outcome,
                               program_slot effect)
{
    program_slot deadweight = plan_amount(builder, &outcome->deadweight);
    if (outcome->deadweight_form == DEADWEIGHT_MULTIPLICATIVE) {
        return plan_multiply(builder, effect, plan_one_minus(builder, deadweight));
    }
    program_slot points =
        program_add_operation(builder->program, OP_SUBTRACT, effect, deadweight, PROGRAM_NO_SLOT);
    return program_add_operation(builder->program, OP_MAX, points, plan_constant(builder, 0.0),
                                 PROGRAM_NO_SLOT);
}

/* One unit a person is what the demand counts, not an estimate: the evidence is its unit cost's. */
static bool is_one_unit(const struct outcome *outcome)
{
    const struct setting *setting = outcome->effect.setting;
    return !outcome->relative && setting_is_number(setting) && setting->number == 1.0;
}

static int benefit_grade(const struct builder *builder, const struct outcome *outcome)
{
    const struct parameter *unit_cost = outcome->demand->unit_cost_parameter;
    if (unit_cost != NULL && is_one_unit(outcome)) {
        return unit_cost->grade;
    }
    int grade = plan_amount_grade(builder, &outcome->effect);
    return unit_cost != NULL && unit_cost->grade > grade ? unit_cost->grade : grade;
}

static program_slot value_factor(struct builder *builder, const struct amount *optimism_bias,
                                 int grade)
{
    const struct optimism_pack *pack = builder->scenario->conventions.optimism;
    program_slot factor = plan_one_minus(builder, plan_amount(builder, optimism_bias));
    if (builder->worst_grade > 0 && grade > builder->worst_grade) {
        return plan_constant(builder, 0.0);
    }
    if (pack != NULL) {
        factor = plan_scale(builder, factor, 1.0 - pack->benefit_reduction[grade - 1]);
    }
    return factor;
}

static bool is_one(const struct builder *builder, program_slot slot)
{
    double value = 0.0;
    return program_constant_value(builder->program, slot, &value) && value == 1.0;
}

static struct plan_volume make_volume(struct builder *builder, const struct outcome *outcome)
{
    program_slot effect = plan_amount(builder, &outcome->effect);
    program_slot net = net_effect(builder, outcome, effect), base = net;
    if (outcome->relative) {
        base = plan_multiply(builder, base,
                             plan_amount(builder, &outcome->demand->baseline_per_person));
    }
    base = plan_multiply(builder, base, plan_amount(builder, &outcome->attribution));
    program_slot displacement = plan_amount(builder, &outcome->displacement);
    base = plan_multiply(builder, base, plan_one_minus(builder, displacement));
    base = outcome->per != PER_PROGRAMME
               ? plan_multiply(builder, base, people_of(builder, outcome->per))
               : plan_scale(builder, base, builder->scenario->scale);
    program_slot factor =
        value_factor(builder, &outcome->optimism_bias, benefit_grade(builder, outcome));
    struct plan_volume volume = {.outcome = outcome,
                                 .base = base,
                                 .value_factor = is_one(builder, factor) ? PROGRAM_NO_SLOT : factor,
                                 .effect = effect,
                                 .net_effect = net,
                                 .stock = plan_build_stock(builder, &outcome->profile),
                                 .lag_years = outcome->profile.lag_years,
                                 .group = builder->group};
    while (builder->plan->demands[volume.demand].demand != outcome->demand) {
        ++volume.demand;
    }
    return volume;
}

static struct plan_qaly make_qaly(struct builder *builder, const struct qaly_gain *gain)
{
    program_slot base = plan_amount(builder, &gain->gain);
    program_slot deadweight = plan_amount(builder, &gain->deadweight);
    base = plan_multiply(builder, base, plan_one_minus(builder, deadweight));
    base = plan_multiply(
        builder, base,
        value_factor(builder, &gain->optimism_bias, plan_amount_grade(builder, &gain->gain)));
    base = gain->per != PER_PROGRAMME ? plan_multiply(builder, base, people_of(builder, gain->per))
                                      : plan_scale(builder, base, builder->scenario->scale);
    return (struct plan_qaly){.feed = SIZE_MAX,
                              .group = builder->group,
                              .name = gain->name,
                              .qaly = gain,
                              .base = base,
                              .stock = plan_build_stock(builder, &gain->profile),
                              .lag_years = gain->profile.lag_years,
                              .sector = sector_index(builder->library->sectors, gain->to)};
}

struct grade_of_gain {
    const struct builder *builder;
    int worst;
};

/* Worst grade among the evidence a health model stands on; plain numbers have none. */
static void worst_grade(const struct amount *amount, void *context)
{
    struct grade_of_gain *search = context;
    int grade = amount->expression->kind == EXPRESSION_NUMBER
                    ? 0
                    : plan_named_grade(search->builder, amount);
    search->worst = grade > search->worst ? grade : search->worst;
}

struct gradient_search {
    const struct builder *builder;
    const struct gradient *gradient;
    bool found;
};

static void visit_gradient(const struct expression *node, void *context)
{
    struct gradient_search *search = context;
    struct model_name name =
        model_resolve_name(search->builder->model, search->builder->library->evidence, node->name);
    bool input = name.kind == MODEL_NAME_INPUT && search->gradient->input != NULL &&
                 &search->builder->model->inputs[name.input] == search->gradient->input;
    bool parameter =
        name.kind == MODEL_NAME_PARAMETER && name.parameter == search->gradient->parameter;
    search->found = search->found || input || parameter;
}

/* Does a gradient, or the people of a group, change what a health model works out for one person?
 */
static bool gain_varies(const struct builder *builder, const struct health_gain *gain)
{
    const struct scenario *scenario = builder->scenario;
    const struct gradient people = {.input = scenario->population.input};
    for (size_t i = 0; i <= scenario->n_gradients; ++i) {
        const struct gradient *gradient =
            i < scenario->n_gradients ? &scenario->gradients[i] : &people;
        struct gradient_search search = {.builder = builder, .gradient = gradient};
        if (gradient->parameter != NULL &&
            model_uses_parameter(gain->model, builder->library->evidence, gradient->parameter)) {
            return true;
        }
        for (size_t k = 0; k < gain->model->n_inputs; ++k) {
            if (gain->inputs[k].expression != NULL) {
                expression_visit_names(gain->inputs[k].expression, visit_gradient, &search);
            }
        }
        if (search.found && scenario->n_groups > 1) {
            return true;
        }
    }
    return false;
}

/* `shared`: an earlier feed whose health model gives the same; SIZE_MAX none. */
static struct plan_feed make_feed(struct builder *builder, const struct health_gain *gain,
                                  const struct plan_feed *feeds, size_t index, size_t shared)
{
    struct plan *plan = builder->plan;
    struct plan_feed feed = {.gain = gain,
                             .health = shared != SIZE_MAX ? feeds[shared].health
                                                          : plan_health_feed(builder, gain),
                             .evaluation = shared != SIZE_MAX ? shared : index,
                             .group = builder->group,
                             .first_line = plan->n_feed_lines,
                             .qaly_account = SIZE_MAX};
    struct grade_of_gain search = {.builder = builder, .worst = 0};
    health_visit_amounts(gain->model->health, worst_grade, &search);
    int grade = search.worst == 0 ? 6 : search.worst;
    program_slot base = plan_one_minus(builder, plan_amount(builder, &gain->deadweight));
    base = plan_multiply(builder, base, value_factor(builder, &gain->optimism_bias, grade));
    feed.base = plan_multiply(builder, base, people_of(builder, gain->per));
    struct plan_feed_line *lines =
        arena_array(builder->arena, feed.health->n_accounts + 1, sizeof *lines);
    for (size_t i = 0; i < feed.health->n_accounts; ++i) {
        const struct health_account *account = &feed.health->accounts[i];
        if (account->outcome == PAYOFF_COST) {
            lines[feed.n_lines++] = (struct plan_feed_line){
                .account = i, .weights = account->weights, .n_weights = account->n_weights};
        } else if (account->outcome == OUTCOME_QALYS) {
            feed.qaly_account = i;
        }
    }
    feed.lines = lines;
    plan->n_feed_lines += feed.n_lines;
    return feed;
}

static void add_feed(struct builder *builder, struct plan_feed *feeds, struct plan_qaly *qalys,
                     size_t *n_qalys, const struct health_gain *gain, size_t shared)
{
    size_t index = builder->plan->n_feeds++;
    feeds[index] = make_feed(builder, gain, feeds, index, shared);
    if (feeds[index].qaly_account != SIZE_MAX) {
        qalys[(*n_qalys)++] =
            (struct plan_qaly){.feed = index,
                               .name = gain->name,
                               .base = feeds[index].base,
                               .sector = sector_index(builder->library->sectors, gain->to),
                               .group = builder->group};
    }
}

static void build_feeds(struct builder *builder, struct plan_qaly *qalys, size_t *n_qalys)
{
    const struct model *model = builder->model;
    size_t n_groups = builder->scenario->n_groups;
    struct plan_feed *feeds =
        arena_array(builder->arena, model->n_health_gains * n_groups, sizeof *feeds);
    builder->plan->feeds = feeds;
    for (size_t i = 0; i < model->n_health_gains; ++i) {
        size_t first = builder->plan->n_feeds;
        bool varies = gain_varies(builder, &model->health_gains[i]);
        for (size_t group = 0; group < n_groups; ++group) {
            builder->group = group;
            add_feed(builder, feeds, qalys, n_qalys, &model->health_gains[i],
                     varies || group == 0 ? SIZE_MAX : first);
        }
    }
    builder->group = SIZE_MAX;
}

/* What does not depend on people is counted once, not group by group. */
static size_t groups_of(const struct builder *builder, enum per per)
{
    return per == PER_PROGRAMME ? 1 : builder->scenario->n_groups;
}

static void set_group(struct builder *builder, enum per per, size_t group)
{
    builder->group = per == PER_PROGRAMME ? SIZE_MAX : group;
}

static void build_volumes(struct builder *builder)
{
    const struct model *model = builder->model;
    struct plan_volume *volumes = arena_array(
        builder->arena, model->n_outcomes * builder->scenario->n_groups, sizeof *volumes);
    size_t n_volumes = 0;
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        const struct outcome *outcome = &model->outcomes[i];
        for (size_t group = 0; group < groups_of(builder, outcome->per); ++group) {
            set_group(builder, outcome->per, group);
            volumes[n_volumes++] = make_volume(builder, outcome);
        }
    }
    builder->group = SIZE_MAX;
    builder->plan->volumes = volumes;
    builder->plan->n_volumes = n_volumes;
}

static void build_qalys(struct builder *builder)
{
    const struct model *model = builder->model;
    size_t n_rows = (model->n_qalys + model->n_health_gains) * builder->scenario->n_groups;
    struct plan_qaly *qalys = arena_array(builder->arena, n_rows, sizeof *qalys);
    size_t n_qalys = 0;
    for (size_t i = 0; i < model->n_qalys; ++i) {
        const struct qaly_gain *gain = &model->qalys[i];
        for (size_t group = 0; group < groups_of(builder, gain->per); ++group) {
            set_group(builder, gain->per, group);
            qalys[n_qalys++] = make_qaly(builder, gain);
        }
    }
    builder->group = SIZE_MAX;
    build_feeds(builder, qalys, &n_qalys);
    builder->plan->qalys = qalys;
    builder->plan->n_qalys = n_qalys;
}

void plan_build_ledger(struct builder *builder)
{
    build_payments(builder);
    build_demands(builder);
    build_volumes(builder);
    build_qalys(builder);
    builder->plan->stocks = builder->stocks;
    builder->plan->n_stocks = builder->n_stocks;
}
