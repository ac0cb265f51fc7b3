/* People and the effect in force: intakes, presence, profiles. method 3.1 and 3.4. */
#include "plan/plan_private.h"

#include <math.h>
#include <string.h>

static double ramp_at(const struct model *model, size_t year)
{
    if (model->n_ramp == 0) {
        return 1.0;
    }
    return model->ramp[year < model->n_ramp ? year : model->n_ramp - 1];
}

static double intake_at(const struct model *model, size_t year)
{
    switch (model->intake) {
    case INTAKE_ONCE:
        return year == 0 ? 1.0 : 0.0;
    case INTAKE_YEARLY:
        return ramp_at(model, year);
    case INTAKE_LISTED:
        return year < model->n_intake_by_year ? model->intake_by_year[year] : 0.0;
    }
    return 0.0;
}

static void build_shares(struct builder *builder)
{
    struct plan *plan = builder->plan;
    double *intake = arena_array(builder->arena, plan->n_years, sizeof *intake);
    double *present = arena_array(builder->arena, plan->n_years, sizeof *present);
    size_t delay = builder->scenario->delay_years;
    size_t end = delay + builder->scenario->funded_years;
    for (size_t year = delay; year < plan->n_years && year < end; ++year) {
        intake[year] = intake_at(builder->model, year - delay);
        present[year] = builder->model->intake == INTAKE_ONCE ? 1.0 : intake[year];
    }
    plan->intake_share = intake;
    plan->present_share = present;
}

/* Uptake of the group at hand; where the most deprived fifth is levelled up, at most everybody. */
static program_slot build_uptake(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    program_slot uptake = plan_amount_fixed(builder, &builder->model->uptake, "uptake");
    if (scenario->groups[builder->group].quintile != 1 || scenario->q1_uptake == 1.0) {
        return uptake;
    }
    return program_add_operation(builder->program, OP_MIN,
                                 plan_scale(builder, uptake, scenario->q1_uptake),
                                 plan_constant(builder, 1.0), PROGRAM_NO_SLOT);
}

/* The funnel of the group at hand, before capacity. method 3.1. */
static struct plan_people build_funnel(struct builder *builder)
{
    const struct model *model = builder->model;
    struct plan_people people;
    people.eligible = plan_amount_fixed(builder, &model->eligible, "eligible");
    people.starters =
        plan_multiply(builder, people.eligible, plan_amount_fixed(builder, &model->reach, "reach"));
    people.starters = plan_multiply(builder, people.starters, build_uptake(builder));
    people.starters = plan_scale(builder, people.starters, builder->scenario->scale);
    people.participants = plan_multiply(builder, people.starters,
                                        plan_amount_fixed(builder, &model->retention, "retention"));
    return people;
}

static program_slot add(struct builder *builder, program_slot a, program_slot b)
{
    return program_add_operation(builder->program, OP_ADD, a, b, PROGRAM_NO_SLOT);
}

/* Where more people would take part than there are places: the share that gets one. */
static program_slot share_with_place(struct builder *builder, program_slot participants)
{
    struct program *program = builder->program;
    program_slot capacity =
        plan_scale(builder, plan_amount_fixed(builder, &builder->model->capacity, "capacity"),
                   builder->scenario->scale);
    program_slot over =
        program_add_operation(program, OP_GREATER, participants, capacity, PROGRAM_NO_SLOT);
    program_slot share =
        program_add_operation(program, OP_DIVIDE, capacity, participants, PROGRAM_NO_SLOT);
    return program_add_operation(program, OP_IF, over, share, plan_constant(builder, 1.0));
}

void plan_build_people(struct builder *builder)
{
    size_t n_groups = builder->scenario->n_groups;
    struct plan_people *people = arena_array(builder->arena, n_groups, sizeof *people);
    struct plan_people total = {0};
    build_shares(builder);
    for (size_t group = 0; group < n_groups; ++group) {
        builder->group = group;
        people[group] = build_funnel(builder);
        total.starters =
            group == 0 ? people[0].starters : add(builder, total.starters, people[group].starters);
        total.participants = group == 0
                                 ? people[0].participants
                                 : add(builder, total.participants, people[group].participants);
    }
    builder->group = SIZE_MAX;
    if (builder->model->capacity.expression != NULL) {
        program_slot share = share_with_place(builder, total.participants);
        for (size_t group = 0; group < n_groups; ++group) {
            people[group].starters = plan_multiply(builder, people[group].starters, share);
            people[group].participants = plan_multiply(builder, people[group].participants, share);
        }
        total.starters = plan_multiply(builder, total.starters, share);
        total.participants = plan_multiply(builder, total.participants, share);
    }
    builder->plan->people = people;
    builder->plan->starters = total.starters;
    builder->plan->participants = total.participants;
}

/* Effect-year s of a profile before any fade: the ramp or list, then 1. */
static double plateau_value(const struct profile *profile, size_t s)
{
    if (s < profile->n_by_year) {
        return profile->by_year[s];
    }
    if (profile->listed && profile->n_by_year > 0) {
        return profile->by_year[profile->n_by_year - 1];
    }
    return 1.0;
}

/* First effect-year of the fade: after the plateau, or when funding stops, whichever is first. */
static size_t fade_start(const struct profile *profile, size_t funded_after)
{
    size_t start = SIZE_MAX;
    if (profile->listed) {
        start = profile->n_by_year;
    } else if (profile->has_plateau) {
        start = profile->n_by_year + profile->plateau_years;
    }
    if (profile->when_funding_stops == FUNDING_STOPS_FADE && funded_after < start) {
        start = funded_after;
    }
    return profile->fade == FADE_NONE ? SIZE_MAX : start;
}

/* Adds one intake of size `share`, made in year `delivery`, to the tables of a stock. */
static void add_intake(const struct builder *builder, const struct profile *profile,
                       size_t delivery, double share, double *fixed, double *coefficient)
{
    size_t n_years = builder->plan->n_years;
    size_t funded_years = builder->scenario->delay_years + builder->scenario->funded_years;
    size_t funded_after = funded_years > delivery ? funded_years - delivery : 0;
    size_t start = fade_start(profile, funded_after);
    for (size_t year = delivery; year < n_years; ++year) {
        size_t s = year - delivery;
        if (profile->when_funding_stops == FUNDING_STOPS_STOP && s >= funded_after) {
            return;
        }
        if (s < start) {
            fixed[year] += share * plateau_value(profile, s);
        } else {
            double from = start > 0 ? plateau_value(profile, start - 1) : 1.0;
            coefficient[year * (n_years + 1) + (s - start + 1)] += share * from;
        }
    }
}

/* The share kept a year, or the years of a linear fade. */
static program_slot fade_slot(struct builder *builder, const struct profile *profile)
{
    if (profile->fade == FADE_NONE) {
        return PROGRAM_NO_SLOT;
    }
    program_slot amount = plan_amount_fixed(builder, &profile->fade_amount, "the fade");
    if (profile->fade != FADE_HALF_LIFE) {
        return amount;
    }
    const double minus_ln2 = -0.693147180559945309417;
    program_slot exponent = program_add_operation(
        builder->program, OP_DIVIDE, plan_constant(builder, minus_ln2), amount, PROGRAM_NO_SLOT);
    return program_add_operation(builder->program, OP_EXP, exponent, PROGRAM_NO_SLOT,
                                 PROGRAM_NO_SLOT);
}

/* A fade known at plan time goes into the fixed part, by the same steps as in evaluate/. */
static void fold_fade(size_t n_years, enum fade fade, double amount, double *fixed,
                      const double *coefficient)
{
    double kept = 1.0;
    for (size_t k = 1; k <= n_years; ++k) {
        kept = fade == FADE_LINEAR ? fmax(0.0, 1.0 - (double)k / amount) : kept * amount;
        for (size_t year = 0; year < n_years; ++year) {
            fixed[year] += coefficient[year * (n_years + 1) + k] * kept;
        }
    }
}

static bool same_stock(const struct plan_stock *a, const struct plan_stock *b, size_t n_years)
{
    return a->fade == b->fade && a->fade_slot == b->fade_slot &&
           memcmp(a->fixed, b->fixed, n_years * sizeof *a->fixed) == 0 &&
           (a->fade == FADE_NONE || memcmp(a->coefficient, b->coefficient,
                                           n_years * (n_years + 1) * sizeof *a->coefficient) == 0);
}

size_t plan_build_stock(struct builder *builder, const struct profile *profile)
{
    size_t n_years = builder->plan->n_years;
    double *fixed = arena_array(builder->arena, n_years, sizeof *fixed);
    double *coefficient = arena_array(builder->arena, n_years * (n_years + 1), sizeof *coefficient);
    for (size_t delivery = 0; delivery < n_years; ++delivery) {
        double share = builder->plan->intake_share[delivery];
        if (share != 0.0) {
            add_intake(builder, profile, delivery, share, fixed, coefficient);
        }
    }
    struct plan_stock stock = {.fixed = fixed,
                               .coefficient = coefficient,
                               .fade = profile->fade,
                               .fade_slot = fade_slot(builder, profile)};
    double amount = 0.0;
    if (stock.fade != FADE_NONE &&
        program_constant_value(builder->program, stock.fade_slot, &amount)) {
        fold_fade(n_years, stock.fade, amount, fixed, coefficient);
        stock.fade = FADE_NONE;
        stock.fade_slot = PROGRAM_NO_SLOT;
    }
    for (size_t i = 0; i < builder->n_stocks; ++i) {
        if (same_stock(&builder->stocks[i], &stock, n_years)) {
            return i;
        }
    }
    builder->stocks = arena_grow(builder->arena, builder->stocks, builder->n_stocks,
                                 &builder->stocks_capacity, sizeof *builder->stocks);
    builder->stocks[builder->n_stocks] = stock;
    return builder->n_stocks++;
}
