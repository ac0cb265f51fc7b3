#include "settle/joint.h"

#include "base/vector.h"
#include "settle/settle_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ADJUSTED, COUNTED };

static double *at(double *columns, size_t index)
{
    return columns + index * PROGRAM_BLOCK;
}

/* Column of a combination: as many draws as one pass over the joint takes. */
static double *of_entry(const struct joint *joint, double *columns, size_t entry)
{
    return columns + entry * joint->pass;
}

size_t joint_pass(const struct plan_joint *shared)
{
    enum { MOST_VALUES = 4096 * PROGRAM_BLOCK };

    size_t pass = MOST_VALUES / shared->n_entries;
    return pass < PROGRAM_BLOCK ? pass : PROGRAM_BLOCK;
}

static const struct plan_player *player_of(const struct joint *joint,
                                           const struct plan_joint *shared, size_t i)
{
    return &joint->plan->bundle->players[shared->players[i].player];
}

static size_t count_slots(const struct plan_bundle *bundle, const struct plan_joint *shared)
{
    size_t n_slots = 0;
    for (size_t i = 0; i < shared->n_players; ++i) {
        n_slots += bundle->players[shared->players[i].player].n_levels;
    }
    return n_slots;
}

void joint_init(struct joint *joint, const struct plan *plan)
{
    const struct plan_bundle *bundle = plan->bundle;
    size_t n_values = PROGRAM_BLOCK, n_slots = 1, n_players = 1;
    for (size_t i = 0; i < bundle->n_joints; ++i) {
        const struct plan_joint *shared = &bundle->joints[i];
        size_t slots = count_slots(bundle, shared), values = shared->n_entries * joint_pass(shared);
        n_values = values > n_values ? values : n_values;
        n_players = shared->n_players > n_players ? shared->n_players : n_players;
        n_slots = slots > n_slots ? slots : n_slots;
    }
    *joint = (struct joint){
        .plan = plan,
        .counted = memory_columns(n_values),
        .adjusted = memory_columns(n_values),
        .units = {memory_columns(n_slots * PROGRAM_BLOCK), memory_columns(n_slots * PROGRAM_BLOCK)},
        .reduction = memory_columns(n_slots * PROGRAM_BLOCK),
        .coverage = memory_columns(n_slots * PROGRAM_BLOCK),
        .eligible = memory_columns(n_slots * PROGRAM_BLOCK),
        .per_person = memory_columns(n_slots * PROGRAM_BLOCK),
        .relates = memory_array(n_slots, sizeof *joint->relates),
        .product = memory_columns(n_values),
        .baseline = memory_columns(PROGRAM_BLOCK),
        .people = memory_columns(PROGRAM_BLOCK),
        .work = memory_columns(3 * (size_t)PROGRAM_BLOCK),
        .cash = memory_columns(n_values),
        .total = memory_columns(PROGRAM_BLOCK),
        .shares = memory_columns(2 * n_players * PROGRAM_BLOCK),
        .first_slot = memory_array(n_players + 1, sizeof *joint->first_slot)};
}

void joint_clear(struct joint *joint)
{
    free(joint->counted);
    free(joint->adjusted);
    free(joint->units[ADJUSTED]);
    free(joint->units[COUNTED]);
    free(joint->reduction);
    free(joint->coverage);
    free(joint->eligible);
    free(joint->per_person);
    free(joint->relates);
    free(joint->product);
    free(joint->cash);
    free(joint->total);
    free(joint->baseline);
    free(joint->people);
    free(joint->work);
    free(joint->shares);
    free(joint->first_slot);
    *joint = (struct joint){0};
}

/* ---- units of each player and level ---- */

/* Whom a pass over the combinations is about: one group of programmes that all have the same
 * groups, or everybody, for programmes that do not. */
struct scope {
    size_t set; /* of groups; JOINT_MIXED: everybody */
    size_t group;
    size_t first; /* draw of the block at which the pass begins */
};

static bool is_in_group(struct scope scope, const struct plan_volume *volume)
{
    return scope.set == JOINT_MIXED || volume->group == scope.group || volume->group == SIZE_MAX;
}

static bool is_in_scope(const struct plan_joint *shared, struct scope scope, size_t slot)
{
    return scope.set == JOINT_MIXED || shared->slot_sets[slot] == scope.set;
}

/* Units of a member on its row in a group (or in all), adjusted and counted. */
static void member_units(const struct joint *joint, struct scope scope, const struct plan *plan,
                         struct evaluation *evaluation, size_t row, size_t year, size_t n_draws,
                         size_t slot)
{
    const struct vector_kernels *kernels = vector_kernels();
    double *adjusted = at(joint->units[ADJUSTED], slot), *counted = at(joint->units[COUNTED], slot);
    kernels->fill(n_draws, 0.0, adjusted);
    kernels->fill(n_draws, 0.0, counted);
    for (size_t i = 0; row != SIZE_MAX && i < plan->n_volumes; ++i) {
        const struct plan_volume *volume = &plan->volumes[i];
        if (volume->demand != row || !is_in_group(scope, volume)) {
            continue;
        }
        const double *units =
            block_column(evaluation->volumes, plan->n_years, i, year) + scope.first;
        kernels->add(n_draws, counted, units, counted);
        if (volume->value_factor == PROGRAM_NO_SLOT) {
            kernels->add(n_draws, adjusted, units, adjusted);
        } else {
            kernels->add_product(
                n_draws, units,
                program_column(plan->program, evaluation->workspace, volume->value_factor, year) +
                    scope.first,
                adjusted);
        }
    }
}

/* Whether some units count for less than they are: optimism bias. */
static bool units_differ(const struct joint *joint, const struct plan_joint *shared)
{
    for (size_t i = 0; i < shared->n_players; ++i) {
        const struct plan_player *player = player_of(joint, shared, i);
        for (size_t level = 0; level < player->n_levels; ++level) {
            const struct plan *plan = joint->plan->bundle->members[player->members[level]].plan;
            for (size_t k = 0; k < plan->n_volumes; ++k) {
                if (plan->volumes[k].demand == shared->players[i].rows[level] &&
                    plan->volumes[k].value_factor != PROGRAM_NO_SLOT) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* People of a group (or of all) who are eligible, or take part, from the members' programs. */
static void sum_people(struct scope scope, const struct plan *plan, struct evaluation *evaluation,
                       bool participants, size_t n_draws, double *sum)
{
    vector_kernels()->fill(n_draws, 0.0, sum);
    for (size_t g = 0; g < plan->scenario->n_groups; ++g) {
        if (scope.set == JOINT_MIXED || g == scope.group) {
            program_slot slot =
                participants ? plan->people[g].participants : plan->people[g].eligible;
            vector_kernels()->add(
                n_draws, sum,
                program_column(plan->program, evaluation->workspace, slot, 0) + scope.first, sum);
        }
    }
}

/* Intakes made by a year, in sizes of the funnel: 3.0 after three full years. */
static double entered_by(const struct plan *plan, size_t year)
{
    double sum = 0.0;
    for (size_t t = 0; t <= year; ++t) {
        sum += plan->intake_share[t];
    }
    return sum;
}

static bool has_volumes(const struct plan *plan, size_t row)
{
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        if (plan->volumes[i].demand == row) {
            return true;
        }
    }
    return false;
}

/* Baseline demand a person of a member's group; of all its groups, the mean over their people. */
static void find_per_person(const struct joint *joint, struct scope scope, const struct plan *plan,
                            struct evaluation *evaluation, size_t row, size_t year, size_t n_draws,
                            const double *eligible, double *per_person)
{
    const struct vector_kernels *kernels = vector_kernels();
    const program_slot *baseline = plan->demands[row].baseline;
    size_t n_groups = plan->scenario->n_groups;
    if (scope.set != JOINT_MIXED || n_groups == 1) {
        const double *of_group =
            program_column(plan->program, evaluation->workspace,
                           baseline[scope.set != JOINT_MIXED ? scope.group : 0], year) +
            scope.first;
        memcpy(per_person, of_group, n_draws * sizeof *per_person);
        return;
    }
    kernels->fill(n_draws, 0.0, joint->work);
    for (size_t g = 0; g < n_groups; ++g) {
        kernels->add_product(
            n_draws,
            program_column(plan->program, evaluation->workspace, plan->people[g].eligible, 0) +
                scope.first,
            program_column(plan->program, evaluation->workspace, baseline[g], year) + scope.first,
            joint->work);
    }
    for (size_t draw = 0; draw < n_draws; ++draw) {
        per_person[draw] = eligible[draw] > 0.0 ? joint->work[draw] / eligible[draw] : 0.0;
    }
}

/* People and baseline demand of the slots in scope that have units of their own, and of all of them
 * together: the most people, each with the first one's baseline. */
static void find_baselines(struct joint *joint, const struct plan_joint *shared,
                           struct evaluation *evaluations, struct scope scope, size_t year,
                           size_t n_draws)
{
    size_t first = SIZE_MAX, relating = SIZE_MAX;
    vector_kernels()->fill(n_draws, 0.0, joint->people);
    vector_kernels()->fill(n_draws, 0.0, joint->baseline);
    joint->uneven = false;
    for (size_t i = 0; i < shared->n_players; ++i) {
        const struct plan_player *player = player_of(joint, shared, i);
        for (size_t level = 0; level < player->n_levels; ++level) {
            size_t slot = joint->first_slot[i] + level, m = player->members[level];
            size_t row = shared->players[i].rows[level];
            const struct plan *plan = joint->plan->bundle->members[m].plan;
            double *eligible = at(joint->eligible, slot);
            double *per_person = at(joint->per_person, slot);
            vector_kernels()->fill(n_draws, 0.0, eligible);
            joint->relates[slot] = false;
            if (!is_in_scope(shared, scope, slot) || !has_volumes(plan, row)) {
                continue;
            }
            sum_people(scope, plan, &evaluations[m], false, n_draws, eligible);
            joint->relates[slot] = plan->demands[row].baseline[0] != PROGRAM_NO_SLOT;
            if (joint->relates[slot]) {
                find_per_person(joint, scope, plan, &evaluations[m], row, year, n_draws, eligible,
                                per_person);
                relating = relating != SIZE_MAX ? relating : slot;
            }
            first = first != SIZE_MAX ? first : slot;
            joint->uneven = joint->uneven || joint->relates[slot] != joint->relates[first];
            for (size_t draw = 0; draw < n_draws; ++draw) {
                joint->people[draw] = fmax(joint->people[draw], eligible[draw]);
                joint->uneven = joint->uneven ||
                                eligible[draw] != at(joint->eligible, first)[draw] ||
                                (joint->relates[slot] &&
                                 per_person[draw] != at(joint->per_person, relating)[draw]);
            }
        }
    }
    if (relating != SIZE_MAX) {
        vector_kernels()->multiply(n_draws, joint->people, at(joint->per_person, relating),
                                   joint->baseline);
    }
}

static double share_of(double part, double whole)
{
    return whole > 0.0 ? part / whole : 0.0;
}

/* The share of the baseline demand that each slot in scope takes away, and the share of the
 * population that it reaches; where slots are uneven, the people it reaches. */
static void find_reductions(const struct joint *joint, const struct plan_joint *shared,
                            struct evaluation *evaluations, struct scope scope, size_t year,
                            int which, size_t n_draws)
{
    const struct plan_bundle *bundle = joint->plan->bundle;
    for (size_t i = 0; i < shared->n_players; ++i) {
        const struct plan_player *player = player_of(joint, shared, i);
        for (size_t level = 0; level < player->n_levels; ++level) {
            size_t slot = joint->first_slot[i] + level, m = player->members[level];
            if (!is_in_scope(shared, scope, slot)) {
                continue;
            }
            const double *units = at(joint->units[which], slot);
            double *reduction = at(joint->reduction, slot), *coverage = at(joint->coverage, slot);
            const struct plan *plan = bundle->members[m].plan;
            double entered = entered_by(plan, year);
            sum_people(scope, plan, &evaluations[m], true, n_draws, joint->work);
            for (size_t draw = 0; draw < n_draws; ++draw) {
                double reached = entered * joint->work[draw];
                reduction[draw] = fmin(1.0, share_of(units[draw], joint->baseline[draw]));
                coverage[draw] = joint->uneven ? reached : share_of(reached, joint->people[draw]);
            }
        }
    }
}

/* ---- combinations ---- */

struct active {
    size_t n, slot[JOINT_MAX_PLAYERS], cluster[JOINT_MAX_PLAYERS];
    double factor[JOINT_MAX_PLAYERS]; /* of synergies */
};

/* Which slots a combination has on, and what synergies do to them. */
static struct active find_active(const struct joint *joint, const struct plan_joint *shared,
                                 size_t entry)
{
    struct active active = {.n = 0};
    uint64_t on = 0;
    size_t index[JOINT_MAX_PLAYERS] = {0};
    for (size_t i = 0; i < shared->n_players; ++i) {
        size_t n_levels = player_of(joint, shared, i)->n_levels;
        size_t level = entry / shared->players[i].stride % (n_levels + 1);
        if (level > 0) {
            active.slot[active.n] = joint->first_slot[i] + level - 1;
            active.cluster[active.n] = shared->players[i].cluster;
            active.factor[active.n] = 1.0;
            index[active.n++] = i;
            on |= UINT64_C(1) << i;
        }
    }
    for (size_t k = 0; k < shared->n_synergies; ++k) {
        const struct plan_joint_synergy *synergy = &shared->synergies[k];
        for (size_t a = 0; (on & synergy->needs) == synergy->needs && a < active.n; ++a) {
            if ((synergy->on >> index[a] & 1U) != 0) {
                active.factor[a] *= synergy->factor;
            }
        }
    }
    return active;
}

/* Programmes on different people, or without a baseline to share: units add. */
static void add_active(const struct joint *joint, const struct active *active, int which,
                       size_t n_draws, double *units)
{
    for (size_t a = 0; a < active->n; ++a) {
        vector_kernels()->add_scaled(n_draws, at(joint->units[which], active->slot[a]),
                                     active->factor[a], units);
    }
}

static void add_units(const struct joint *joint, const struct plan_joint *shared,
                      struct scope scope, int which, size_t n_draws, double *out)
{
    for (size_t entry = 1; entry < shared->n_entries; ++entry) {
        if (shared->entry_sets[entry] == scope.set) {
            struct active active = find_active(joint, shared, entry);
            add_active(joint, &active, which, n_draws, of_entry(joint, out, entry));
        }
    }
}

/* Independent participation, no synergies: 1 - product(1 - reduction), each entry from the one
 * without its last player. method 6.1. One programme alone does what it does, with no rounding. */
static void combine_independent(const struct joint *joint, const struct plan_joint *shared,
                                struct scope scope, int which, size_t n_draws, double *out)
{
    const struct vector_kernels *kernels = vector_kernels();
    kernels->fill(n_draws, 1.0, of_entry(joint, joint->product, 0));
    size_t last = 0;
    for (size_t entry = 1; entry < shared->n_entries; ++entry) {
        while (last + 1 < shared->n_players && entry >= shared->players[last + 1].stride) {
            ++last;
        }
        bool wanted = shared->entry_sets[entry] == scope.set;
        if (!wanted && scope.set != JOINT_MIXED) {
            continue;
        }
        size_t stride = shared->players[last].stride, level = entry / stride;
        size_t slot = joint->first_slot[last] + level - 1;
        const double *reduction = at(joint->reduction, slot);
        const double *rest = of_entry(joint, joint->product, entry % stride);
        double *product = of_entry(joint, joint->product, entry);
        double *units = of_entry(joint, out, entry);
        bool alone = entry % stride == 0;
        for (size_t draw = 0; draw < n_draws; ++draw) {
            product[draw] = rest[draw] * (1.0 - reduction[draw]);
            if (wanted) {
                units[draw] += alone ? at(joint->units[which], slot)[draw]
                                     : joint->baseline[draw] * (1.0 - product[draw]);
            }
        }
    }
}

/* Reduction and coverage of the slots of one cluster, in one draw. */
struct cluster {
    size_t n;
    double reduction[JOINT_MAX_PLAYERS], coverage[JOINT_MAX_PLAYERS];
};

static double reduce_disjoint(const struct cluster *cluster)
{
    double sum = 0.0;
    for (size_t i = 0; i < cluster->n; ++i) {
        sum += cluster->reduction[i];
    }
    return sum < 1.0 ? sum : 1.0;
}

static double reduce_independent(const struct cluster *cluster)
{
    double left = 1.0;
    for (size_t i = 0; i < cluster->n; ++i) {
        left *= 1.0 - cluster->reduction[i];
    }
    return 1.0 - left;
}

/* Everyone in a smaller programme is in all larger ones: ring by ring from the outside, who is in
 * the j largest keeps product(1 - effect) of them. method 6.2. */
static double reduce_nested(struct cluster *cluster)
{
    for (size_t i = 1; i < cluster->n; ++i) {
        for (size_t k = i; k > 0 && cluster->coverage[k] > cluster->coverage[k - 1]; --k) {
            double coverage = cluster->coverage[k], reduction = cluster->reduction[k];
            cluster->coverage[k] = cluster->coverage[k - 1];
            cluster->reduction[k] = cluster->reduction[k - 1];
            cluster->coverage[k - 1] = coverage;
            cluster->reduction[k - 1] = reduction;
        }
    }
    double sum = 0.0, kept = 1.0;
    for (size_t i = 0; i < cluster->n; ++i) {
        double inner = i + 1 < cluster->n ? cluster->coverage[i + 1] : 0.0;
        double coverage = cluster->coverage[i];
        kept *= 1.0 - (coverage > 0.0 ? fmin(1.0, cluster->reduction[i] / coverage) : 0.0);
        sum += (coverage - inner) * (1.0 - kept);
    }
    return sum;
}

static double reduce_cluster(const struct portfolio_overlap *overlap, struct cluster *cluster)
{
    switch (overlap->form) {
    case OVERLAP_INDEPENDENT:
        return reduce_independent(cluster);
    case OVERLAP_DISJOINT:
        return reduce_disjoint(cluster);
    case OVERLAP_NESTED:
        return reduce_nested(cluster);
    case OVERLAP_SHARE: {
        double apart = reduce_disjoint(cluster);
        return apart + overlap->share * (reduce_nested(cluster) - apart);
    }
    }
    return 0.0;
}

/* Whose baseline demand a combination shares: of the largest of its programmes' populations. */
struct shared_demand {
    double people, baseline;
};

static struct shared_demand shared_demand_of(const struct joint *joint, const struct active *active,
                                             size_t relating, size_t draw)
{
    struct shared_demand demand = {joint->people[draw], joint->baseline[draw]};
    if (joint->uneven) {
        demand.people = 0.0;
        for (size_t a = 0; a < active->n; ++a) {
            demand.people = fmax(demand.people, at(joint->eligible, active->slot[a])[draw]);
        }
        demand.baseline = demand.people * at(joint->per_person, relating)[draw];
    }
    return demand;
}

/* Reduction and coverage of one programme of a combination, with its synergies. */
static void add_to_cluster(const struct joint *joint, const struct active *active, size_t a,
                           int which, struct shared_demand demand, size_t draw,
                           struct cluster *cluster)
{
    size_t slot = active->slot[a];
    double reduction = at(joint->reduction, slot)[draw];
    double coverage = at(joint->coverage, slot)[draw];
    if (joint->uneven) {
        reduction = fmin(1.0, share_of(at(joint->units[which], slot)[draw], demand.baseline));
        coverage = share_of(coverage, demand.people);
    }
    coverage = fmax(coverage, reduction);
    reduction = fmin(1.0, reduction * active->factor[a]);
    cluster->reduction[cluster->n] = reduction;
    cluster->coverage[cluster->n++] = fmin(1.0, fmax(coverage, reduction));
}

/* Units of one combination in one draw: within each stated overlap by its form, between them by the
 * default. */
static double combine_draw(const struct joint *joint, const struct active *active, size_t relating,
                           int which, size_t draw)
{
    const struct portfolio *portfolio = joint->plan->bundle->portfolio;
    struct shared_demand demand = shared_demand_of(joint, active, relating, draw);
    double left = 1.0;  /* of the baseline, by programmes and overlaps on the same people */
    double apart = 0.0; /* units, were all of them on people of their own */
    bool done[JOINT_MAX_PLAYERS] = {false};
    for (size_t a = 0; a < active->n; ++a) {
        struct cluster cluster = {.n = 0};
        for (size_t b = a; b < active->n && !done[a]; ++b) {
            bool together = b == a || (active->cluster[a] != SIZE_MAX &&
                                       active->cluster[b] == active->cluster[a]);
            if (together && !done[b]) {
                add_to_cluster(joint, active, b, which, demand, draw, &cluster);
                done[b] = b != a || done[b];
            }
        }
        if (!done[a]) {
            double reduction =
                cluster.n > 1 ? reduce_cluster(&portfolio->overlaps[active->cluster[a]], &cluster)
                              : cluster.reduction[0];
            left *= 1.0 - reduction;
            apart += cluster.n > 1
                         ? demand.baseline * reduction
                         : active->factor[a] * at(joint->units[which], active->slot[a])[draw];
        }
    }
    return portfolio->overlap_default == OVERLAP_DISJOINT ? apart : demand.baseline * (1.0 - left);
}

static bool is_plain(const struct joint *joint, const struct plan_joint *shared)
{
    bool plain = shared->n_synergies == 0 &&
                 joint->plan->bundle->portfolio->overlap_default == OVERLAP_INDEPENDENT;
    for (size_t i = 0; i < shared->n_players; ++i) {
        plain = plain && shared->players[i].cluster == SIZE_MAX;
    }
    return plain;
}

/* Independent programmes of unlike populations: the same for a whole pass. */
static void combine_uneven(const struct joint *joint, const struct active *active, size_t relating,
                           int which, size_t n_draws, double *units)
{
    double baseline[PROGRAM_BLOCK], left[PROGRAM_BLOCK];
    const double *per_person = at(joint->per_person, relating);
    for (size_t draw = 0; draw < n_draws; ++draw) {
        baseline[draw] = 0.0;
        left[draw] = 1.0;
    }
    for (size_t a = 0; a < active->n; ++a) {
        const double *eligible = at(joint->eligible, active->slot[a]);
        for (size_t draw = 0; draw < n_draws; ++draw) {
            baseline[draw] = baseline[draw] > eligible[draw] ? baseline[draw] : eligible[draw];
        }
    }
    for (size_t draw = 0; draw < n_draws; ++draw) {
        baseline[draw] *= per_person[draw];
    }
    for (size_t a = 0; a < active->n; ++a) {
        const double *own = at(joint->units[which], active->slot[a]);
        for (size_t draw = 0; draw < n_draws; ++draw) {
            double reduction = baseline[draw] > 0.0 ? own[draw] / baseline[draw] : 0.0;
            left[draw] *= 1.0 - (reduction < 1.0 ? reduction : 1.0);
        }
    }
    for (size_t draw = 0; draw < n_draws; ++draw) {
        units[draw] += baseline[draw] * (1.0 - left[draw]);
    }
}

static void combine_any(const struct joint *joint, const struct plan_joint *shared,
                        struct scope scope, int which, size_t n_draws, double *out)
{
    bool plain = is_plain(joint, shared) && joint->uneven;
    for (size_t entry = 1; entry < shared->n_entries; ++entry) {
        if (shared->entry_sets[entry] != scope.set) {
            continue;
        }
        struct active active = find_active(joint, shared, entry);
        size_t relating = SIZE_MAX;
        for (size_t a = active.n; a-- > 0;) {
            relating = joint->relates[active.slot[a]] ? active.slot[a] : relating;
        }
        double *units = of_entry(joint, out, entry);
        if (active.n == 1 || relating == SIZE_MAX) {
            add_active(joint, &active, which, n_draws, units);
            continue;
        }
        if (plain) {
            combine_uneven(joint, &active, relating, which, n_draws, units);
            continue;
        }
        for (size_t draw = 0; draw < n_draws; ++draw) {
            units[draw] += combine_draw(joint, &active, relating, which, draw);
        }
    }
}

/* Nobody is in two programmes: each has a baseline of its own. */
static bool is_additive(const struct joint *joint, const struct plan_joint *shared)
{
    const struct portfolio *portfolio = joint->plan->bundle->portfolio;
    bool additive = portfolio->overlap_default == OVERLAP_DISJOINT;
    for (size_t i = 0; i < shared->n_players; ++i) {
        size_t cluster = shared->players[i].cluster;
        additive = additive &&
                   (cluster == SIZE_MAX || portfolio->overlaps[cluster].form == OVERLAP_DISJOINT);
    }
    return additive || !shared->combines;
}

static void combine(struct joint *joint, const struct plan_joint *shared,
                    struct evaluation *evaluations, struct scope scope, size_t year, int which,
                    size_t n_draws, double *out)
{
    if (is_additive(joint, shared)) {
        add_units(joint, shared, scope, which, n_draws, out);
        return;
    }
    find_baselines(joint, shared, evaluations, scope, year, n_draws);
    find_reductions(joint, shared, evaluations, scope, year, which, n_draws);
    if (is_plain(joint, shared) && !joint->uneven) {
        combine_independent(joint, shared, scope, which, n_draws, out);
    } else {
        combine_any(joint, shared, scope, which, n_draws, out);
    }
}

static void gather_units(struct joint *joint, const struct plan_joint *shared,
                         struct evaluation *evaluations, struct scope scope, size_t year,
                         size_t n_draws)
{
    size_t slot = 0;
    for (size_t i = 0; i < shared->n_players; ++i) {
        const struct plan_player *player = player_of(joint, shared, i);
        joint->first_slot[i] = slot;
        for (size_t level = 0; level < player->n_levels; ++level, ++slot) {
            size_t m = player->members[level];
            if (is_in_scope(shared, scope, slot)) {
                member_units(joint, scope, joint->plan->bundle->members[m].plan, &evaluations[m],
                             shared->players[i].rows[level], year, n_draws, slot);
            }
        }
    }
}

const double *joint_unit_cost(const struct joint *joint, const struct plan_joint *shared,
                              struct evaluation *evaluations, size_t year)
{
    const struct plan *base = joint->plan->bundle->members[shared->base_member].plan;
    program_slot slot = base->demands[shared->base_row].unit_cost;
    return slot == PROGRAM_NO_SLOT
               ? NULL
               : program_column(base->program, evaluations[shared->base_member].workspace, slot,
                                year);
}

/* What a group's part of the full combination is worth, to the cells of the group. `before`: the
 * units of the groups already combined. */
static void add_group_value(struct joint *joint, const struct plan_joint *shared,
                            struct evaluation *evaluations, struct scope scope, size_t year,
                            const double *before, size_t n_draws, struct settlement *settlement)
{
    const struct plan_member *member = &joint->plan->bundle->members[shared->base_member];
    const double *unit_cost = joint_unit_cost(joint, shared, evaluations, year);
    if (unit_cost == NULL || member->plan->n_cells == 0 ||
        joint->plan->demands[shared->demand].transfer_from != SIZE_MAX) {
        return;
    }
    const struct vector_kernels *kernels = vector_kernels();
    double *value = joint->work;
    kernels->subtract(n_draws, of_entry(joint, joint->adjusted, shared->n_entries - 1), before,
                      value);
    kernels->multiply(n_draws, value, unit_cost + scope.first, value);
    for (size_t i = 0; i < PLAN_CELLS_OF_GROUP; ++i) {
        size_t cell = member->plan->cells_of_group[scope.group][i];
        if (cell != SIZE_MAX) {
            kernels->add_scaled(n_draws, value, joint->plan->discount_costs[year],
                                at(settlement->cell_values, member->cells[cell]) + scope.first);
        }
    }
}

/* One pass: the combinations of the scope's programmes. */
static void add_scope(struct joint *joint, const struct plan_joint *shared,
                      struct evaluation *evaluations, struct scope scope, size_t year, bool differ,
                      size_t n_draws, struct settlement *settlement)
{
    double *before = at(joint->work, 1);
    const double *all = of_entry(joint, joint->adjusted, shared->n_entries - 1);
    gather_units(joint, shared, evaluations, scope, year, n_draws);
    memcpy(before, all, n_draws * sizeof *before);
    combine(joint, shared, evaluations, scope, year, ADJUSTED, n_draws, joint->adjusted);
    if (differ) {
        combine(joint, shared, evaluations, scope, year, COUNTED, n_draws, joint->counted);
    }
    if (settlement != NULL && scope.set != JOINT_MIXED &&
        shared->entry_sets[shared->n_entries - 1] == scope.set) {
        add_group_value(joint, shared, evaluations, scope, year, before, n_draws, settlement);
    }
}

void joint_units(struct joint *joint, const struct plan_joint *shared,
                 struct evaluation *evaluations, size_t year, size_t first, size_t n_draws,
                 struct settlement *settlement)
{
    joint->pass = joint_pass(shared);
    size_t bytes = shared->n_entries * joint->pass * sizeof *joint->adjusted;
    bool differ = units_differ(joint, shared);
    memset(joint->adjusted, 0, bytes);
    memset(joint->counted, 0, bytes);
    for (size_t set = 0; set < shared->n_sets; ++set) {
        for (size_t group = 0; group < shared->set_groups[set]; ++group) {
            add_scope(joint, shared, evaluations, (struct scope){set, group, first}, year, differ,
                      n_draws, settlement);
        }
    }
    if (shared->has_mixed) {
        add_scope(joint, shared, evaluations, (struct scope){JOINT_MIXED, 0, first}, year, differ,
                  n_draws, settlement);
    }
    if (!differ) {
        memcpy(joint->counted, joint->adjusted, bytes);
    }
}

const double *joint_adjusted(const struct joint *joint, size_t entry)
{
    return joint->adjusted + entry * joint->pass;
}

/* ---- attribution ---- */

void joint_shapley_weights(size_t n, double *weights)
{
    /* 1 / (n choose s) / (n - s): s!(n - s - 1)!/n! without factorials. */
    double choose = 1.0;
    for (size_t s = 0; s < n; ++s) {
        weights[s] = 1.0 / (choose * (double)(n - s));
        choose = choose * (double)(n - s) / (double)(s + 1);
    }
}

static size_t count_bits(size_t entry)
{
    size_t n = 0;
    for (; entry != 0; entry &= entry - 1) {
        ++n;
    }
    return n;
}

/* Shapley values of all players from the value of every combination, which are lost on the way; one
 * level each: the entry is the set of players. The value of player i is the sum over sets S with i
 * of (w(|S| - 1) + w(|S|)) v(S), less the sum over all S of w(|S|) v(S): the first sums come from
 * folding the table over the highest player, again and again. shares[2 i + channel]. */
static void share_out(const struct joint *joint, const struct plan_joint *shared,
                      const double *weights, double *values, size_t channel, size_t n_draws)
{
    const struct vector_kernels *kernels = vector_kernels();
    double *all = joint->total;
    kernels->fill(n_draws, 0.0, all);
    for (size_t entry = 1; entry < shared->n_entries; ++entry) {
        size_t size = count_bits(entry);
        double without = size < shared->n_players ? weights[size] : 0.0;
        double *value = of_entry(joint, values, entry);
        kernels->add_scaled(n_draws, value, without, all);
        kernels->scale(n_draws, value, weights[size - 1] + without, value);
    }
    for (size_t i = shared->n_players; i-- > 0;) {
        double *mine = at(joint->shares, 2 * i + channel);
        kernels->scale(n_draws, all, -1.0, mine);
        for (size_t rest = 0; rest < (size_t)1 << i; ++rest) {
            const double *with = of_entry(joint, values, rest | (size_t)1 << i);
            kernels->add(n_draws, mine, with, mine);
            if (rest > 0) {
                kernels->add(n_draws, of_entry(joint, values, rest), with,
                             of_entry(joint, values, rest));
            }
        }
    }
}

static size_t member_of(const struct joint *joint, const struct plan_joint *shared, size_t i)
{
    return player_of(joint, shared, i)->members[0];
}

/* Volumes as counted, and the value of a demand whose saving is in proportion to them; the tables
 * of units are used up. */
static void settle_in_proportion(struct joint *joint, const struct plan_joint *shared,
                                 struct settlement *settlements, const double *unit_cost,
                                 size_t year, const double *weights, size_t first, size_t n_draws)
{
    share_out(joint, shared, weights, joint->adjusted, 0, n_draws);
    share_out(joint, shared, weights, joint->counted, 1, n_draws);
    for (size_t i = 0; i < shared->n_players; ++i) {
        struct settlement *settlement = &settlements[member_of(joint, shared, i)];
        size_t row = shared->players[i].rows[0];
        memcpy(block_column(settlement->volumes, settlement->plan->n_years, row, year) + first,
               at(joint->shares, 2 * i + 1), n_draws * sizeof *joint->shares);
        if (unit_cost != NULL) {
            vector_kernels()->multiply(n_draws, at(joint->shares, 2 * i), unit_cost + first,
                                       settle_scratch(settlement, SCRATCH_VALUE) + first);
        }
    }
}

double joint_sector_saving(const struct plan_demand *demand, size_t index, double units,
                           double unit_cost, double *cash, bool *capped)
{
    const struct plan_weight *weight = &demand->weights[index];
    double saving = units * unit_cost * weight->weight;
    double ceiling = demand->ceiling_gbp != NULL ? demand->ceiling_gbp[index] : (double)INFINITY;
    if (saving > ceiling) {
        saving = ceiling;
        *capped = true;
    }
    if (demand->release_step > 0.0) {
        double released = trunc(units / demand->release_step) * demand->release_step * unit_cost;
        *cash = released * (weight->weight * weight->cashable);
        if (saving >= 0.0 && *cash > saving) {
            *cash = saving;
        }
    } else {
        *cash = saving * weight->cashable;
    }
    return saving;
}

/* Savings and cash of one sector by every combination, into joint->product and joint->cash. */
static void price_sector(struct joint *joint, const struct plan_joint *shared, size_t weight,
                         const double *unit_cost, size_t n_draws, double *capped)
{
    const struct plan_demand *demand = &joint->plan->demands[shared->demand];
    for (size_t entry = 1; entry < shared->n_entries; ++entry) {
        const double *units = of_entry(joint, joint->adjusted, entry);
        double *saving = of_entry(joint, joint->product, entry);
        double *cash = of_entry(joint, joint->cash, entry);
        bool full = entry == shared->n_entries - 1;
        for (size_t draw = 0; draw < n_draws; ++draw) {
            bool bound = false;
            saving[draw] = joint_sector_saving(demand, weight, units[draw], unit_cost[draw],
                                               &cash[draw], &bound);
            capped[draw] = full && bound ? 1.0 : capped[draw];
        }
    }
}

/* Steps and ceilings count over all programmes: cash and saving of each sector are games of their
 * own. */
static void settle_in_steps(struct joint *joint, const struct plan_joint *shared,
                            struct settlement *settlements, struct settlement *bundle,
                            const double *unit_cost, size_t year, const double *weights,
                            size_t first, size_t n_draws)
{
    const struct plan_demand *demand = &joint->plan->demands[shared->demand];
    const struct vector_kernels *kernels = vector_kernels();
    for (size_t w = 0; w < demand->n_weights; ++w) {
        const struct plan_weight *weight = &demand->weights[w];
        price_sector(joint, shared, w, unit_cost + first, n_draws, bundle->capped + first);
        share_out(joint, shared, weights, joint->product, 0, n_draws);
        share_out(joint, shared, weights, joint->cash, 1, n_draws);
        for (size_t i = 0; i < shared->n_players; ++i) {
            struct settlement *settlement = &settlements[member_of(joint, shared, i)];
            const double *mine = at(joint->shares, 2 * i);
            const double *mine_cash = at(joint->shares, 2 * i + 1);
            if (weight->cashable > 0.0) {
                double *cashable =
                    settle_flow(settlement, weight->sector, FLOW_CASHABLE, year) + first;
                kernels->add(n_draws, cashable, mine_cash, cashable);
            }
            if (weight->cashable < 1.0 || demand->release_step > 0.0) {
                double *rest =
                    settle_flow(settlement, weight->sector, FLOW_NON_CASHABLE, year) + first;
                kernels->add(n_draws, rest, mine, rest);
                kernels->add_scaled(n_draws, mine_cash, -1.0, rest);
            }
        }
    }
}

/* One pass of a year. Steps first: sharing out uses the tables of units up. */
static void settle_pass(struct joint *joint, const struct plan_joint *shared,
                        struct evaluation *evaluations, struct settlement *settlements,
                        struct settlement *bundle, const double *unit_cost, bool in_steps,
                        size_t year, const double *weights, size_t first, size_t n_draws)
{
    joint_units(joint, shared, evaluations, year, first, n_draws, bundle);
    if (unit_cost != NULL && in_steps) {
        settle_in_steps(joint, shared, settlements, bundle, unit_cost, year, weights, first,
                        n_draws);
    }
    settle_in_proportion(joint, shared, settlements, in_steps ? NULL : unit_cost, year, weights,
                         first, n_draws);
}

static void settle_joint(struct joint *joint, const struct plan_joint *shared,
                         struct evaluation *evaluations, struct settlement *settlements,
                         struct settlement *bundle, size_t n_draws)
{
    const struct plan_demand *demand = &joint->plan->demands[shared->demand];
    double weights[JOINT_MAX_PLAYERS];
    size_t pass = joint_pass(shared);
    joint_shapley_weights(shared->n_players, weights);
    bool in_steps = demand->value_type == VALUE_FISCAL && demand->transfer_from == SIZE_MAX &&
                    (demand->release_step > 0.0 || demand->ceiling_gbp != NULL);
    for (size_t year = 0; year < joint->plan->n_years; ++year) {
        const double *unit_cost = joint_unit_cost(joint, shared, evaluations, year);
        for (size_t first = 0; first < n_draws; first += pass) {
            size_t n = n_draws - first < pass ? n_draws - first : pass;
            settle_pass(joint, shared, evaluations, settlements, bundle, unit_cost, in_steps, year,
                        weights, first, n);
        }
        for (size_t i = 0; unit_cost != NULL && !in_steps && i < shared->n_players; ++i) {
            settle_value(&settlements[member_of(joint, shared, i)], shared->players[i].rows[0],
                         year, n_draws);
        }
    }
}

/* ---- the bundle ---- */

static void scale_qalys(const struct plan_member *member, struct evaluation *evaluation,
                        size_t n_draws)
{
    const struct plan *plan = member->plan;
    for (size_t i = 0; member->qaly_factor != 1.0 && i < plan->n_qalys * plan->n_years; ++i) {
        vector_kernels()->scale(n_draws, at(evaluation->qalys, i), member->qaly_factor,
                                at(evaluation->qalys, i));
    }
}

static void add_rows(const size_t *rows, size_t n_rows, size_t n_years, const double *from,
                     double *to, size_t n_draws)
{
    for (size_t row = 0; row < n_rows; ++row) {
        for (size_t year = 0; year < n_years; ++year) {
            double *sum = at(to, rows[row] * n_years + year);
            vector_kernels()->add(n_draws, sum, from + (row * n_years + year) * PROGRAM_BLOCK, sum);
        }
    }
}

static void add_member(const struct plan_member *member, const struct evaluation *evaluation,
                       const struct settlement *settlement, struct evaluation *bundle_evaluation,
                       struct settlement *bundle, size_t n_draws)
{
    const struct plan *plan = member->plan;
    add_rows(member->flow_rows, plan->n_flow_rows, plan->n_years, settlement->flows, bundle->flows,
             n_draws);
    add_rows(member->demands, plan->n_demands, plan->n_years, settlement->volumes, bundle->volumes,
             n_draws);
    add_rows(member->qaly_rows, plan->n_qalys, plan->n_years, evaluation->qalys,
             bundle_evaluation->qalys, n_draws);
    add_rows(member->cells, plan->n_cells, 1, settlement->cell_participants,
             bundle->cell_participants, n_draws);
    add_rows(member->cells, plan->n_cells, 1, settlement->cell_qalys, bundle->cell_qalys, n_draws);
    add_rows(member->cells, plan->n_cells, 1, settlement->cell_values, bundle->cell_values,
             n_draws);
    for (size_t draw = 0; draw < n_draws; ++draw) {
        bundle->capped[draw] = settlement->capped[draw] > 0.0 ? 1.0 : bundle->capped[draw];
    }
}

static void clear_bundle(const struct plan *plan, struct evaluation *evaluation,
                         struct settlement *settlement)
{
    size_t block = plan->n_years * PROGRAM_BLOCK * sizeof(double);
    size_t cells = plan->n_cells * PROGRAM_BLOCK * sizeof(double);
    memset(settlement->flows, 0, plan->n_flow_rows * block);
    memset(settlement->volumes, 0, plan->n_demands * block);
    memset(settlement->capped, 0, PROGRAM_BLOCK * sizeof(double));
    memset(settlement->cell_participants, 0, cells);
    memset(settlement->cell_qalys, 0, cells);
    memset(settlement->cell_values, 0, cells);
    memset(evaluation->qalys, 0, plan->n_qalys * block);
}

void joint_settle(struct joint *joint, struct evaluation *evaluations,
                  struct settlement *settlements, struct evaluation *bundle_evaluation,
                  struct settlement *bundle_settlement, size_t n_draws)
{
    const struct plan_bundle *bundle = joint->plan->bundle;
    clear_bundle(joint->plan, bundle_evaluation, bundle_settlement);
    for (size_t m = 0; m < bundle->n_members; ++m) {
        scale_qalys(&bundle->members[m], &evaluations[m], n_draws);
        settlement_run_without(&settlements[m], &evaluations[m], bundle->members[m].joint, n_draws);
    }
    for (size_t i = 0; i < bundle->n_joints; ++i) {
        settle_joint(joint, &bundle->joints[i], evaluations, settlements, bundle_settlement,
                     n_draws);
    }
    for (size_t m = 0; m < bundle->n_members; ++m) {
        add_member(&bundle->members[m], &evaluations[m], &settlements[m], bundle_evaluation,
                   bundle_settlement, n_draws);
    }
}
