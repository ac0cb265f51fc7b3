/* A slow, obvious ledger for one draw, written from docs/method.md section 3 and not from plan/ or
 * settle/: year by year, intake by intake, sector by sector, with libm and recursion. Tests compare
 * the engine with it. */
#ifndef DIVIDEND_TESTS_ORACLE_H
#define DIVIDEND_TESTS_ORACLE_H

#include "plan/plan.h"
#include "sample/sample.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ORACLE_MAX_YEARS = 64, ORACLE_MAX_SECTORS = 64, ORACLE_MAX_DEMANDS = 64 };

struct oracle {
    const struct library *library;
    const struct scenario *scenario;
    const struct plan *plan; /* only for the draws of its columns */
    const double *column_values;
    size_t year;
    double flows[ORACLE_MAX_SECTORS][N_FLOW_KINDS][ORACLE_MAX_YEARS];
    double qalys[ORACLE_MAX_SECTORS][ORACLE_MAX_YEARS];
    double volumes[ORACLE_MAX_DEMANDS][ORACLE_MAX_YEARS];
};

static double oracle_price(const struct oracle *oracle, int price_year)
{
    const struct conventions *conventions = &oracle->scenario->conventions;
    bool held = false;
    return price_year == 0
               ? 1.0
               : pack_deflator_index(conventions->deflator, conventions->price_year, &held) /
                     pack_deflator_index(conventions->deflator, price_year, &held);
}

static double oracle_parameter(const struct oracle *oracle, const struct parameter *parameter)
{
    double price = oracle_price(oracle, parameter->price_year);
    for (size_t i = 0; i < oracle->plan->n_columns; ++i) {
        if (oracle->plan->columns[i].parameter == parameter) {
            return oracle->column_values[i] * price;
        }
    }
    for (size_t i = 0; i < oracle->scenario->n_overrides; ++i) {
        if (oracle->scenario->overrides[i].parameter == parameter) {
            return oracle->scenario->overrides[i].distribution.p[0] * price;
        }
    }
    return parameter->distribution.p[0] * price;
}

static double oracle_name(const struct oracle *oracle, const char *name)
{
    for (size_t i = 0; i < oracle->scenario->model->n_inputs; ++i) {
        const struct input_value *value = &oracle->scenario->inputs[i];
        if (strcmp(value->input->id, name) == 0) {
            for (size_t j = 0; j < oracle->plan->n_columns; ++j) {
                if (oracle->plan->columns[j].input == value->input) {
                    return oracle->column_values[j];
                }
            }
            return value->distribution.p[0];
        }
    }
    const struct parameter *parameter = evidence_find(oracle->library->evidence, name, NULL);
    if (parameter != NULL) {
        return oracle_parameter(oracle, parameter);
    }
    assert(strcmp(name, "year") == 0);
    return (double)oracle->year;
}

static double oracle_expression(const struct oracle *oracle, const struct expression *node)
{
    if (node->kind == EXPRESSION_NUMBER) {
        return node->number;
    }
    if (node->kind == EXPRESSION_NAME) {
        return oracle_name(oracle, node->name);
    }
    double x[8] = {0};
    assert(node->n_children <= 8);
    for (size_t i = 0; i < node->n_children; ++i) {
        x[i] = oracle_expression(oracle, node->children[i]);
    }
    switch ((int)node->op) {
    case OP_ADD:
        return x[0] + x[1];
    case OP_SUBTRACT:
        return x[0] - x[1];
    case OP_MULTIPLY:
        return x[0] * x[1];
    case OP_DIVIDE:
        return x[0] / x[1];
    case OP_POWER:
        return pow(x[0], x[1]);
    case OP_NEGATE:
        return -x[0];
    case OP_LESS:
        return x[0] < x[1];
    case OP_LESS_EQUAL:
        return x[0] <= x[1];
    case OP_GREATER:
        return x[0] > x[1];
    case OP_GREATER_EQUAL:
        return x[0] >= x[1];
    case OP_EQUAL:
        return x[0] == x[1];
    case OP_NOT_EQUAL:
        return x[0] != x[1];
    case OP_AND:
        return x[0] != 0.0 && x[1] != 0.0;
    case OP_OR:
        return x[0] != 0.0 || x[1] != 0.0;
    case OP_NOT:
        return x[0] == 0.0;
    case OP_IF:
        return x[0] != 0.0 ? x[1] : x[2];
    case OP_MIN:
        return fmin(x[0], x[1]);
    case OP_MAX:
        return fmax(x[0], x[1]);
    case OP_ABS:
        return fabs(x[0]);
    case OP_EXP:
        return exp(x[0]);
    case OP_LOG:
        return log(x[0]);
    case OP_SQRT:
        return sqrt(x[0]);
    case OP_CLAMP:
        return fmin(fmax(x[0], x[1]), x[2]);
    case OP_FLOOR:
        return floor(x[0]);
    case OP_CEIL:
        return ceil(x[0]);
    case OP_RATE_TO_PROB:
        return 1.0 - exp(-x[0] * x[1]);
    case OP_PROB_TO_RATE:
        return -log(1.0 - x[0]) / x[1];
    case OP_ODDS:
        return x[0] / (1.0 - x[0]);
    case OP_SCALE_PROB:
        return 1.0 - pow(1.0 - x[0], x[1]);
    default:
        assert(!"an operation the oracle does not know");
        return NAN;
    }
}

static double oracle_amount(const struct oracle *oracle, const struct amount *amount)
{
    return oracle_expression(oracle, amount->expression);
}

/* Starters of a full intake, and participants after retention, both scaled down to capacity. */
static double oracle_people(const struct oracle *oracle, bool after_retention)
{
    const struct model *model = oracle->scenario->model;
    double starters = oracle_amount(oracle, &model->eligible) *
                      oracle_amount(oracle, &model->reach) * oracle_amount(oracle, &model->uptake);
    double participants = starters * oracle_amount(oracle, &model->retention);
    double scale = 1.0;
    if (model->capacity.expression != NULL) {
        double capacity = oracle_amount(oracle, &model->capacity);
        scale = participants > capacity ? capacity / participants : 1.0;
    }
    return scale * (after_retention ? participants : starters);
}

static double oracle_intake(const struct oracle *oracle, size_t year)
{
    const struct model *model = oracle->scenario->model;
    if (year >= oracle->scenario->funded_years) {
        return 0.0;
    }
    if (model->intake == INTAKE_ONCE) {
        return year == 0 ? 1.0 : 0.0;
    }
    if (model->intake == INTAKE_LISTED) {
        return year < model->n_intake_by_year ? model->intake_by_year[year] : 0.0;
    }
    if (model->n_ramp == 0) {
        return 1.0;
    }
    return model->ramp[year < model->n_ramp ? year : model->n_ramp - 1];
}

static double oracle_present(const struct oracle *oracle, size_t year)
{
    if (oracle->scenario->model->intake == INTAKE_ONCE) {
        return year < oracle->scenario->funded_years ? 1.0 : 0.0;
    }
    return oracle_intake(oracle, year);
}

/* Effect-year s of the intake made in year `delivery`: walks from effect-year 0. */
static double oracle_profile(const struct oracle *oracle, const struct profile *profile,
                             size_t delivery, size_t s)
{
    size_t funded_after = oracle->scenario->funded_years - delivery;
    double amount = profile->fade == FADE_NONE ? 0.0 : oracle_amount(oracle, &profile->fade_amount);
    double value = 1.0, at_fade = 1.0;
    size_t faded = 0;
    for (size_t year = 0; year <= s; ++year) {
        bool stopped = year >= funded_after;
        if (stopped && profile->when_funding_stops == FUNDING_STOPS_STOP) {
            return 0.0;
        }
        bool past_plateau =
            profile->listed
                ? year >= profile->n_by_year
                : profile->has_plateau && year >= profile->n_by_year + profile->plateau_years;
        bool fades = profile->fade != FADE_NONE &&
                     (faded > 0 || past_plateau ||
                      (stopped && profile->when_funding_stops == FUNDING_STOPS_FADE));
        if (!fades) {
            value = year < profile->n_by_year ? profile->by_year[year]
                    : profile->listed         ? value
                                              : 1.0;
            at_fade = value;
            continue;
        }
        ++faded;
        if (profile->fade == FADE_LINEAR) {
            value = at_fade * fmax(0.0, 1.0 - (double)faded / amount);
        } else if (profile->fade == FADE_HALF_LIFE) {
            value = at_fade * pow(0.5, (double)faded / amount);
        } else {
            value = at_fade * pow(amount, (double)faded);
        }
    }
    return value;
}

/* Sum over intakes of share x profile at model year t, after the lag. */
static double oracle_stock(const struct oracle *oracle, const struct profile *profile, size_t t)
{
    double sum = 0.0;
    for (size_t delivery = 0; delivery + profile->lag_years <= t; ++delivery) {
        if (oracle_intake(oracle, delivery) != 0.0) {
            sum += oracle_intake(oracle, delivery) *
                   oracle_profile(oracle, profile, delivery, t - delivery - profile->lag_years);
        }
    }
    return sum;
}

static void oracle_share(const struct oracle *oracle, const struct share *shares, size_t n,
                         double scale, double *weights)
{
    for (size_t i = 0; i < n; ++i) {
        double share = shares[i].share * scale;
        const struct pool *pool = NULL;
        for (size_t p = 0; p < oracle->scenario->n_pools; ++p) {
            if (strcmp(oracle->scenario->pools[p].id, shares[i].sector) == 0) {
                pool = &oracle->scenario->pools[p];
            }
        }
        const struct sector_group *group =
            sector_group_find(oracle->library->sectors, shares[i].sector);
        if (pool != NULL) {
            oracle_share(oracle, pool->members, pool->n_members, share, weights);
        } else if (group != NULL) {
            oracle_share(oracle, group->members, group->n_members, share, weights);
        } else {
            weights[sector_index(oracle->library->sectors, shares[i].sector)] += share;
        }
    }
}

static double oracle_quantity(const struct oracle *oracle, enum per per, size_t first_year,
                              bool to_horizon, double people_per_step, size_t t)
{
    size_t end = to_horizon ? oracle->scenario->horizon_years : oracle->scenario->funded_years;
    if (per == PER_ONCE) {
        return t == first_year ? 1.0 : 0.0;
    }
    if (t < first_year || t >= end) {
        return 0.0;
    }
    bool stays = to_horizon && oracle->scenario->model->intake == INTAKE_ONCE;
    switch ((int)per) {
    case PER_YEAR:
        return 1.0;
    case PER_STARTER:
        return oracle_people(oracle, false) * oracle_intake(oracle, t);
    case PER_PARTICIPANT:
        return oracle_people(oracle, true) * oracle_intake(oracle, t);
    case PER_PARTICIPANT_YEAR:
        return oracle_people(oracle, true) * (stays ? 1.0 : oracle_present(oracle, t));
    case PER_CAPACITY_STEP:
        return ceil(oracle_people(oracle, true) * oracle_present(oracle, t) / people_per_step);
    default:
        assert(!"not a payment");
        return NAN;
    }
}

struct oracle_grade {
    const struct oracle *oracle;
    int worst;
};

static void oracle_visit_grade(const struct expression *node, void *context)
{
    struct oracle_grade *search = context;
    const struct parameter *parameter =
        evidence_find(search->oracle->library->evidence, node->name, NULL);
    for (size_t i = 0; i < search->oracle->scenario->model->n_inputs; ++i) {
        if (strcmp(search->oracle->scenario->model->inputs[i].id, node->name) == 0) {
            search->worst = 6;
        }
    }
    if (parameter != NULL && parameter->grade > search->worst) {
        search->worst = parameter->grade;
    }
}

static int oracle_worst_grade(const struct oracle *oracle, const struct amount *amount)
{
    struct oracle_grade search = {.oracle = oracle};
    expression_visit_names(amount->expression, oracle_visit_grade, &search);
    return search.worst == 0 ? 6 : search.worst;
}

static void oracle_costs(struct oracle *oracle, size_t t)
{
    const struct model *model = oracle->scenario->model;
    const struct optimism_pack *pack = oracle->scenario->conventions.optimism;
    for (size_t i = 0; i < model->n_costs; ++i) {
        const struct cost *cost = &model->costs[i];
        double gbp = oracle_amount(oracle, &cost->amount) *
                     (1.0 + oracle_amount(oracle, &cost->optimism_bias)) *
                     pow(1.0 + oracle_amount(oracle, &cost->real_growth), (double)t) *
                     oracle_quantity(oracle, cost->per, cost->first_year, cost->to_horizon,
                                     cost->people_per_step, t);
        if (pack != NULL) {
            gbp *= 1.0 + pack->cost_uplift[oracle_worst_grade(oracle, &cost->amount) - 1];
        }
        double weights[ORACLE_MAX_SECTORS] = {0};
        oracle_share(oracle, cost->n_payers > 0 ? cost->payers : oracle->scenario->funding,
                     cost->n_payers > 0 ? cost->n_payers : oracle->scenario->n_funding, 1.0,
                     weights);
        enum flow_kind kind = cost->in_kind                       ? FLOW_COST_IN_KIND
                              : cost->additionality == REDEPLOYED ? FLOW_COST_REDEPLOYED
                                                                  : FLOW_COST_CASH;
        for (size_t sector = 0; sector < oracle->library->sectors->n_sectors; ++sector) {
            oracle->flows[sector][kind][t] += weights[sector] * gbp;
        }
    }
}

static void oracle_transfers(struct oracle *oracle, size_t t)
{
    const struct model *model = oracle->scenario->model;
    const struct sectors *sectors = oracle->library->sectors;
    for (size_t i = 0; i < model->n_transfers; ++i) {
        const struct transfer *row = &model->transfers[i];
        double gbp = oracle_amount(oracle, &row->amount) *
                     oracle_quantity(oracle, row->per, row->first_year, row->to_horizon, 0.0, t);
        oracle->flows[sector_index(sectors, row->from)][FLOW_TRANSFER][t] -= gbp;
        oracle->flows[sector_index(sectors, row->to)][FLOW_TRANSFER][t] += gbp;
    }
    for (size_t i = 0; i < model->n_levered_in; ++i) {
        const struct levered_in *row = &model->levered_in[i];
        oracle->flows[sector_index(sectors, row->to)][FLOW_LEVERED_IN][t] +=
            oracle_amount(oracle, &row->amount) *
            oracle_quantity(oracle, row->per, row->first_year, row->to_horizon, 0.0, t);
    }
}

static double oracle_outcome(const struct oracle *oracle, const struct outcome *outcome, size_t t)
{
    double effect = oracle_amount(oracle, &outcome->effect);
    double deadweight = oracle_amount(oracle, &outcome->deadweight);
    double net = outcome->deadweight_form == DEADWEIGHT_MULTIPLICATIVE
                     ? effect * (1.0 - deadweight)
                     : fmax(0.0, effect - deadweight);
    if (outcome->relative) {
        net *= oracle_amount(oracle, &outcome->demand->baseline_per_person);
    }
    if (outcome->per != PER_PROGRAMME) {
        net *= oracle_people(oracle, outcome->per != PER_STARTER);
    }
    return net * oracle_amount(oracle, &outcome->attribution) *
           (1.0 - oracle_amount(oracle, &outcome->displacement)) *
           oracle_stock(oracle, &outcome->profile, t);
}

static double oracle_cashable(const struct parameter *unit_cost, const char *split_id)
{
    for (size_t i = 0; i < unit_cost->n_cashable_by_sector; ++i) {
        if (strcmp(unit_cost->cashable_by_sector[i].sector, split_id) == 0) {
            return unit_cost->cashable_by_sector[i].share;
        }
    }
    return unit_cost->has_cashable ? unit_cost->cashable : 0.0;
}

static void oracle_fiscal(struct oracle *oracle, const struct demand *demand, size_t sector,
                          double weight, double cashable, double value, double released, size_t t)
{
    double saving = weight * value;
    double spend[ORACLE_MAX_SECTORS] = {0};
    oracle_share(oracle, demand->baseline_spend_gbp, demand->n_baseline_spend, 1.0, spend);
    if (spend[sector] > 0.0) {
        saving =
            fmin(saving, spend[sector] * oracle_price(oracle, demand->baseline_spend_price_year));
    }
    double cash = cashable * saving;
    if (demand->release_step > 0.0) {
        cash = weight * cashable * released;
        cash = saving >= 0.0 ? fmin(saving, cash) : cash;
    }
    oracle->flows[sector][FLOW_CASHABLE][t] += cash;
    oracle->flows[sector][FLOW_NON_CASHABLE][t] += saving - cash;
}

static void oracle_demand(struct oracle *oracle, const struct demand *demand, double units,
                          double adjusted, size_t index, size_t t)
{
    oracle->volumes[index][t] = units;
    const struct parameter *unit_cost = demand->unit_cost_parameter;
    if (unit_cost == NULL) {
        return;
    }
    double price =
        oracle_parameter(oracle, unit_cost) * pow(1.0 + unit_cost->real_growth, (double)t);
    double released = demand->release_step > 0.0
                          ? trunc(adjusted / demand->release_step) * demand->release_step * price
                          : 0.0;
    double weights[ORACLE_MAX_SECTORS] = {0}, cash_weights[ORACLE_MAX_SECTORS] = {0};
    oracle_share(oracle, unit_cost->split, unit_cost->n_split, 1.0, weights);
    for (size_t i = 0; i < unit_cost->n_split; ++i) {
        oracle_share(oracle, &unit_cost->split[i], 1,
                     oracle_cashable(unit_cost, unit_cost->split[i].sector), cash_weights);
    }
    for (size_t sector = 0; sector < oracle->library->sectors->n_sectors; ++sector) {
        double value = adjusted * price;
        if (weights[sector] == 0.0) {
            continue;
        }
        if (unit_cost->transfer_from != NULL) {
            oracle->flows[sector][FLOW_TRANSFER][t] += weights[sector] * value;
            oracle->flows[sector_index(oracle->library->sectors, unit_cost->transfer_from)]
                         [FLOW_TRANSFER][t] -= weights[sector] * value;
        } else if (unit_cost->value_type != VALUE_FISCAL) {
            oracle->flows[sector][unit_cost->value_type == VALUE_ECONOMIC ? FLOW_ECONOMIC
                                                                          : FLOW_SOCIAL][t] +=
                weights[sector] * value;
        } else {
            oracle_fiscal(oracle, demand, sector, weights[sector],
                          cash_weights[sector] / weights[sector], value, released, t);
        }
    }
}

static void oracle_demands(struct oracle *oracle, size_t t)
{
    const struct model *model = oracle->scenario->model;
    const struct optimism_pack *pack = oracle->scenario->conventions.optimism;
    for (size_t d = 0; d < oracle->library->models->n_demands; ++d) {
        const struct demand *demand = &oracle->library->models->demands[d];
        double units = 0.0, adjusted = 0.0;
        bool used = false;
        for (size_t i = 0; i < model->n_outcomes; ++i) {
            const struct outcome *outcome = &model->outcomes[i];
            if (outcome->demand != demand) {
                continue;
            }
            double volume = oracle_outcome(oracle, outcome, t);
            double factor = 1.0 - oracle_amount(oracle, &outcome->optimism_bias);
            if (pack != NULL) {
                const struct setting *effect = outcome->effect.setting;
                /* one unit a person is what the demand counts */
                bool one_unit = demand->unit_cost_parameter != NULL && !outcome->relative &&
                                setting_is_number(effect) && effect->number == 1.0;
                int grade = one_unit ? 1 : oracle_worst_grade(oracle, &outcome->effect);
                if (demand->unit_cost_parameter != NULL &&
                    demand->unit_cost_parameter->grade > grade) {
                    grade = demand->unit_cost_parameter->grade;
                }
                factor *= 1.0 - pack->benefit_reduction[grade - 1];
            }
            used = true;
            units += volume;
            adjusted += volume * factor;
        }
        if (used) {
            oracle_demand(oracle, demand, units, adjusted, d, t);
        }
    }
}

static void oracle_qalys(struct oracle *oracle, size_t t)
{
    const struct model *model = oracle->scenario->model;
    const struct conventions *conventions = &oracle->scenario->conventions;
    for (size_t i = 0; i < model->n_qalys; ++i) {
        const struct qaly_gain *gain = &model->qalys[i];
        double qalys = oracle_amount(oracle, &gain->gain) *
                       (1.0 - oracle_amount(oracle, &gain->deadweight)) *
                       (1.0 - oracle_amount(oracle, &gain->optimism_bias)) *
                       oracle_stock(oracle, &gain->profile, t);
        if (gain->per != PER_PROGRAMME) {
            qalys *= oracle_people(oracle, gain->per != PER_STARTER);
        }
        if (conventions->optimism != NULL) {
            int grade = oracle_worst_grade(oracle, &gain->gain);
            qalys *= 1.0 - conventions->optimism->benefit_reduction[grade - 1];
        }
        size_t sector = sector_index(oracle->library->sectors, gain->to);
        oracle->qalys[sector][t] += qalys;
        const struct appraisal_pack *pack = conventions->appraisal;
        if (conventions->monetise_qalys && !isnan(pack->qaly_value_gbp)) {
            oracle->flows[sector][FLOW_QALY_VALUE][t] +=
                qalys * pack->qaly_value_gbp * oracle_price(oracle, pack->qaly_value_price_year);
        }
    }
}

/* Fills flows, QALYs and volumes of one draw, given a value for each of the plan's columns. */
static inline void oracle_run(struct oracle *oracle, const struct plan *plan,
                              const double *column_values)
{
    *oracle = (struct oracle){.library = plan->library,
                              .scenario = plan->scenario,
                              .plan = plan,
                              .column_values = column_values};
    assert(plan->n_years <= ORACLE_MAX_YEARS);
    assert(plan->library->sectors->n_sectors <= ORACLE_MAX_SECTORS);
    assert(plan->library->models->n_demands <= ORACLE_MAX_DEMANDS);
    for (size_t t = 0; t < plan->n_years; ++t) {
        oracle->year = t;
        oracle_costs(oracle, t);
        oracle_transfers(oracle, t);
        oracle_demands(oracle, t);
        oracle_qalys(oracle, t);
    }
}

/* Present value of one kind of flow of one sector. */
static inline double oracle_pv(const struct oracle *oracle, size_t sector, enum flow_kind kind)
{
    const struct conventions *conventions = &oracle->scenario->conventions;
    const struct schedule *schedule =
        kind == FLOW_QALY_VALUE ? &conventions->appraisal->health : &conventions->appraisal->costs;
    double sum = 0.0;
    for (size_t t = 0; t < oracle->plan->n_years; ++t) {
        sum +=
            oracle->flows[sector][kind][t] * pack_discount_factor(schedule, conventions->timing, t);
    }
    return sum;
}

/* Net present value of one sector. */
static inline double oracle_net(const struct oracle *oracle, size_t sector)
{
    double sum = 0.0;
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        double pv = oracle_pv(oracle, sector, (enum flow_kind)kind);
        sum += kind == FLOW_LEVERED_IN ? 0.0 : kind <= FLOW_COST_IN_KIND ? -pv : pv;
    }
    return sum;
}

#endif
