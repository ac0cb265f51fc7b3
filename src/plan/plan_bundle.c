#include "plan/plan_bundle.h"

#include "plan/plan_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A bundle while it is built. */
struct bundling {
    struct arena *arena;
    const struct library *library;
    const struct portfolio *portfolio;
    const struct plan_options *options;
    struct diagnostics *diagnostics;
    struct plan *plan;
    struct plan_bundle *bundle;
    struct plan_member *members;
    size_t n_members;
};

/* ---- members ---- */

static bool is_in(const struct portfolio_synergy *synergy, size_t programme)
{
    for (size_t k = 0; k < synergy->n_programmes; ++k) {
        if (synergy->programmes[k] == programme) {
            return true;
        }
    }
    return false;
}

/* Demands on which a synergy of the programme lets others do more: part of that is its own. */
static const struct demand *const *extra_demands(const struct bundling *bundling, size_t programme,
                                                 size_t *n_extra)
{
    const struct portfolio *portfolio = bundling->portfolio;
    const struct demand **extra =
        arena_array(bundling->arena, bundling->library->models->n_demands * 8 + 1, sizeof *extra);
    size_t capacity = bundling->library->models->n_demands * 8;
    for (size_t i = 0; i < portfolio->n_synergies; ++i) {
        const struct portfolio_synergy *synergy = &portfolio->synergies[i];
        for (size_t k = 0; is_in(synergy, programme) && k < synergy->n_programmes; ++k) {
            const struct model *model =
                portfolio->programmes[synergy->programmes[k]].scenario->model;
            for (size_t j = 0; synergy->on[k] && j < model->n_outcomes && *n_extra < capacity;
                 ++j) {
                const struct demand *demand = model->outcomes[j].demand;
                if (synergy->demand_id == NULL || strcmp(synergy->demand_id, demand->id) == 0) {
                    extra[(*n_extra)++] = demand;
                }
            }
        }
    }
    return extra;
}

static bool add_member(struct bundling *bundling, size_t player, size_t level,
                       const struct scenario *scenario)
{
    struct plan_options options = {.measure_set = MEASURE_SET_MEMBER,
                                   .vary_all = bundling->options->vary_all,
                                   .worst_grade = bundling->options->worst_grade};
    size_t programme =
        (size_t)(bundling->bundle->players[player].programme - bundling->portfolio->programmes);
    options.extra_demands = extra_demands(bundling, programme, &options.n_extra_demands);
    const struct plan *plan =
        plan_build(bundling->arena, bundling->library, scenario, &options, bundling->diagnostics);
    bundling->members[bundling->n_members++] =
        (struct plan_member){.plan = plan, .player = player, .level = level, .qaly_factor = 1.0};
    return plan != NULL;
}

static bool add_players(struct bundling *bundling, const uint8_t *levels)
{
    const struct portfolio *portfolio = bundling->portfolio;
    struct plan_player *players =
        arena_array(bundling->arena, portfolio->n_programmes, sizeof *players);
    size_t n_plans = 0;
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        n_plans += portfolio->programmes[i].n_scales;
    }
    bundling->members = arena_array(bundling->arena, n_plans, sizeof *bundling->members);
    bundling->bundle->players = players;
    bool good = true;
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        const struct portfolio_programme *programme = &portfolio->programmes[i];
        if (levels != NULL && levels[i] == 0) {
            continue;
        }
        size_t player = bundling->bundle->n_players++;
        size_t first = levels != NULL ? levels[i] - 1U : 0;
        size_t n_levels = levels != NULL ? 1 : programme->n_scales;
        size_t *members = arena_array(bundling->arena, n_levels, sizeof *members);
        players[player] =
            (struct plan_player){.programme = programme, .members = members, .n_levels = n_levels};
        for (size_t level = 0; level < n_levels; ++level) {
            members[level] = bundling->n_members;
            good = add_member(bundling, player, level, programme->levels[first + level]) && good;
        }
    }
    bundling->bundle->members = bundling->members;
    bundling->bundle->n_members = bundling->n_members;
    return good;
}

/* ---- columns: one for each identity and distribution ---- */

struct column_source {
    const struct plan_column *column;
    size_t member, index;
};

static int compare_sources(const void *left, const void *right)
{
    const struct column_source *a = left, *b = right;
    int by_identity = strcmp(a->column->identity, b->column->identity);
    if (by_identity != 0) {
        return by_identity;
    }
    size_t first = a->member * 100000 + a->index, second = b->member * 100000 + b->index;
    return first < second ? -1 : first > second;
}

static bool same_numbers(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        if (a[i] != b[i] && !(isnan(a[i]) && isnan(b[i]))) {
            return false;
        }
    }
    return true;
}

static bool same_distribution(const struct distribution *a, const struct distribution *b)
{
    return a->family == b->family && same_numbers(a->p, b->p, sizeof a->p / sizeof *a->p) &&
           a->n_values == b->n_values && same_numbers(a->values, b->values, a->n_values) &&
           (a->weights == NULL) == (b->weights == NULL) &&
           (a->weights == NULL || same_numbers(a->weights, b->weights, a->n_values));
}

/* Two programmes that take one correlated item in two ways cannot be drawn together. */
static void complain_correlated(struct bundling *bundling, const struct plan_column *column)
{
    setting_complain(bundling->diagnostics, bundling->portfolio->setting, DIAGNOSTIC_E676,
                     "correlated evidence overridden alike in all programmes",
                     "override it in all of them, or in none",
                     "\"%s\" is correlated with other evidence and differs between programmes",
                     column->identity);
}

static void join_columns(struct bundling *bundling)
{
    struct plan *plan = bundling->plan;
    size_t n_sources = 0, n_columns = 0;
    for (size_t i = 0; i < bundling->n_members; ++i) {
        n_sources += bundling->members[i].plan->n_columns;
    }
    struct column_source *sources = arena_array(bundling->arena, n_sources, sizeof *sources);
    struct plan_column *columns = arena_array(bundling->arena, n_sources, sizeof *columns);
    size_t **maps = arena_array(bundling->arena, bundling->n_members, sizeof *maps);
    n_sources = 0;
    for (size_t i = 0; i < bundling->n_members; ++i) {
        const struct plan *member = bundling->members[i].plan;
        maps[i] = arena_array(bundling->arena, member->n_columns, sizeof *maps[i]);
        for (size_t k = 0; k < member->n_columns; ++k) {
            sources[n_sources++] = (struct column_source){&member->columns[k], i, k};
        }
        bundling->members[i].columns = maps[i];
    }
    if (n_sources > 0) {
        qsort(sources, n_sources, sizeof *sources, compare_sources);
    }
    for (size_t i = 0; i < n_sources; ++i) {
        size_t match = n_columns;
        bool same_identity = false;
        while (match > 0 && strcmp(columns[match - 1].identity, sources[i].column->identity) == 0) {
            same_identity = true;
            if (same_distribution(&columns[match - 1].distribution,
                                  &sources[i].column->distribution)) {
                break;
            }
            --match;
        }
        bool found = match > 0 && same_identity &&
                     strcmp(columns[match - 1].identity, sources[i].column->identity) == 0;
        if (!found) {
            if (same_identity && sources[i].column->correlation != NULL) {
                complain_correlated(bundling, sources[i].column);
            }
            columns[n_columns] = *sources[i].column;
            columns[n_columns].slot = PROGRAM_NO_SLOT;
            match = ++n_columns;
        }
        maps[sources[i].member][sources[i].index] = match - 1;
    }
    plan->columns = columns;
    plan->n_columns = n_columns;
}

static void join_uses(struct bundling *bundling)
{
    struct plan *plan = bundling->plan;
    size_t n = 0;
    for (size_t i = 0; i < bundling->n_members; ++i) {
        n += bundling->members[i].plan->n_uses;
    }
    struct plan_use *uses = arena_array(bundling->arena, n, sizeof *uses);
    size_t n_uses = 0;
    for (int inputs = 0; inputs < 2; ++inputs) {
        for (size_t i = 0; i < bundling->n_members; ++i) {
            const struct plan *member = bundling->members[i].plan;
            for (size_t k = 0; k < member->n_uses; ++k) {
                const struct plan_use *use = &member->uses[k];
                bool known = false;
                for (size_t j = 0; j < n_uses; ++j) {
                    known =
                        known || (uses[j].parameter == use->parameter &&
                                  uses[j].input == use->input && uses[j].override == use->override);
                }
                if ((use->parameter == NULL) == (inputs == 1) && !known) {
                    uses[n_uses++] = *use;
                }
            }
        }
    }
    plan->uses = uses;
    plan->n_uses = n_uses;
}

/* ---- rows ---- */

static void join_demands(struct bundling *bundling)
{
    struct plan *plan = bundling->plan;
    const struct models *models = bundling->library->models;
    struct plan_demand *demands = arena_array(bundling->arena, models->n_demands, sizeof *demands);
    size_t **maps = arena_array(bundling->arena, bundling->n_members, sizeof *maps);
    for (size_t m = 0; m < bundling->n_members; ++m) {
        maps[m] =
            arena_array(bundling->arena, bundling->members[m].plan->n_demands, sizeof *maps[m]);
        bundling->members[m].demands = maps[m];
    }
    for (size_t i = 0; i < models->n_demands; ++i) {
        bool used = false;
        for (size_t m = 0; m < bundling->n_members; ++m) {
            const struct plan *member = bundling->members[m].plan;
            for (size_t k = 0; k < member->n_demands; ++k) {
                if (member->demands[k].demand == &models->demands[i]) {
                    maps[m][k] = plan->n_demands;
                    demands[plan->n_demands] = member->demands[k];
                    used = true;
                }
            }
        }
        if (used) {
            demands[plan->n_demands].unit_cost = PROGRAM_NO_SLOT;
            demands[plan->n_demands++].baseline = NULL;
        }
    }
    plan->demands = demands;
}

static void join_cells(struct bundling *bundling)
{
    struct plan *plan = bundling->plan;
    struct plan_cell *cells =
        arena_array(bundling->arena, N_QUINTILES + bundling->library->n_areas + 1, sizeof *cells);
    size_t **maps = arena_array(bundling->arena, bundling->n_members, sizeof *maps);
    for (size_t m = 0; m < bundling->n_members; ++m) {
        maps[m] = arena_array(bundling->arena, bundling->members[m].plan->n_cells, sizeof *maps[m]);
        bundling->members[m].cells = maps[m];
    }
    /* Quintiles first, in order, then areas as they come. */
    for (size_t quintile = 1; quintile <= N_QUINTILES + 1; ++quintile) {
        for (size_t m = 0; m < bundling->n_members; ++m) {
            const struct plan *member = bundling->members[m].plan;
            for (size_t k = 0; k < member->n_cells; ++k) {
                const struct plan_cell *cell = &member->cells[k];
                bool now =
                    quintile <= N_QUINTILES ? cell->quintile == quintile : cell->area != NULL;
                size_t at = 0;
                while (now && at < plan->n_cells &&
                       (cells[at].quintile != cell->quintile || cells[at].area != cell->area)) {
                    ++at;
                }
                if (now && at == plan->n_cells) {
                    cells[plan->n_cells++] = *cell;
                }
                if (now) {
                    maps[m][k] = at;
                }
            }
        }
    }
    plan->cells = cells;
}

/* One row of QALYs for each sector and group identity (area, quintile) of the members. */
struct qaly_key {
    size_t sector, quintile;
    const struct area *area;
};

static struct qaly_key key_of(const struct plan *plan, const struct plan_qaly *qaly)
{
    struct qaly_key key = {.sector = qaly->sector};
    if (qaly->group != SIZE_MAX) {
        key.quintile = plan->scenario->groups[qaly->group].quintile;
        key.area = plan->scenario->groups[qaly->group].area;
    }
    return key;
}

static void join_qalys(struct bundling *bundling)
{
    struct plan *plan = bundling->plan;
    size_t capacity = 1;
    for (size_t m = 0; m < bundling->n_members; ++m) {
        capacity += bundling->members[m].plan->n_qalys;
    }
    struct plan_qaly *rows = arena_array(bundling->arena, capacity, sizeof *rows);
    struct qaly_key *keys = arena_array(bundling->arena, capacity, sizeof *keys);
    for (size_t m = 0; m < bundling->n_members; ++m) {
        const struct plan *member = bundling->members[m].plan;
        size_t *map = arena_array(bundling->arena, member->n_qalys, sizeof *map);
        for (size_t k = 0; k < member->n_qalys; ++k) {
            struct qaly_key key = key_of(member, &member->qalys[k]);
            size_t at = 0;
            while (at < plan->n_qalys &&
                   (keys[at].sector != key.sector || keys[at].quintile != key.quintile ||
                    keys[at].area != key.area)) {
                ++at;
            }
            if (at == plan->n_qalys) {
                keys[at] = key;
                rows[plan->n_qalys++] =
                    (struct plan_qaly){.name = "QALYs", .sector = key.sector, .group = SIZE_MAX};
            }
            map[k] = at;
        }
        bundling->members[m].qaly_rows = map;
    }
    plan->qalys = rows;
}

static void map_flow_rows(struct bundling *bundling)
{
    const struct plan *plan = bundling->plan;
    for (size_t m = 0; m < bundling->n_members; ++m) {
        const struct plan *member = bundling->members[m].plan;
        size_t *map = arena_array(bundling->arena, member->n_flow_rows, sizeof *map);
        for (size_t who = 0; who < member->n_sector_whos; ++who) {
            for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
                size_t row = member->flow_row[who * N_FLOW_KINDS + kind];
                if (row != SIZE_MAX) {
                    size_t to = plan->who_of_sector[member->whos[who].sector];
                    map[row] = plan->flow_row[to * N_FLOW_KINDS + kind];
                }
            }
        }
        bundling->members[m].flow_rows = map;
    }
}

/* ---- joint demands ---- */

static size_t row_of_demand(const struct plan_member *member, size_t demand)
{
    for (size_t k = 0; k < member->plan->n_demands; ++k) {
        if (member->demands[k] == demand) {
            return k;
        }
    }
    return SIZE_MAX;
}

static size_t programme_of(const struct bundling *bundling, size_t player)
{
    return (size_t)(bundling->bundle->players[player].programme - bundling->portfolio->programmes);
}

static size_t cluster_of(const struct bundling *bundling, size_t player)
{
    const struct portfolio *portfolio = bundling->portfolio;
    size_t programme = programme_of(bundling, player);
    for (size_t i = 0; i < portfolio->n_overlaps; ++i) {
        for (size_t k = 0; k < portfolio->overlaps[i].n_programmes; ++k) {
            if (portfolio->overlaps[i].programmes[k] == programme) {
                return i;
            }
        }
    }
    return SIZE_MAX;
}

static bool same_groups(const struct scenario *a, const struct scenario *b)
{
    bool same = a->n_groups == b->n_groups;
    for (size_t i = 0; same && i < a->n_groups; ++i) {
        same = a->groups[i].area == b->groups[i].area &&
               a->groups[i].quintile == b->groups[i].quintile;
    }
    return same;
}

static bool has_whole_outcome(const struct plan *plan, size_t row)
{
    for (size_t i = 0; i < plan->n_volumes; ++i) {
        if (plan->volumes[i].demand == row && plan->volumes[i].group == SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* Only absolute effects: no baseline that others could share. */
static bool has_baseline(const struct plan *plan, size_t row)
{
    return plan->demands[row].baseline[0] != PROGRAM_NO_SLOT;
}

/* Synergies of this demand whose programmes are all in the bundle, as bit sets of the joint. */
static void find_synergies(struct bundling *bundling, struct plan_joint *joint)
{
    const struct portfolio *portfolio = bundling->portfolio;
    struct plan_joint_synergy *found =
        arena_array(bundling->arena, portfolio->n_synergies, sizeof *found);
    const char *demand = bundling->plan->demands[joint->demand].demand->id;
    for (size_t i = 0; i < portfolio->n_synergies; ++i) {
        const struct portfolio_synergy *synergy = &portfolio->synergies[i];
        struct plan_joint_synergy bits = {.factor = synergy->factor};
        size_t n_present = 0;
        for (size_t k = 0; k < synergy->n_programmes; ++k) {
            for (size_t p = 0; p < joint->n_players; ++p) {
                if (programme_of(bundling, joint->players[p].player) == synergy->programmes[k]) {
                    ++n_present;
                    bits.needs |= UINT64_C(1) << p;
                    bits.on |= synergy->on[k] ? UINT64_C(1) << p : 0;
                }
            }
        }
        bool applies = synergy->demand_id == NULL || strcmp(synergy->demand_id, demand) == 0;
        if (applies && n_present == synergy->n_programmes) {
            found[joint->n_synergies++] = bits;
        }
    }
    joint->synergies = found;
}

static void complain_too_many(struct bundling *bundling, size_t demand, size_t n_players)
{
    setting_complain(bundling->diagnostics, bundling->portfolio->setting, DIAGNOSTIC_E677,
                     "at most 262,144 combinations of programmes and scales on one demand (18 "
                     "programmes with one scale)",
                     "split the portfolio, leave out scales, or let programmes that do not overlap "
                     "work on demands of their own",
                     "%zu programmes change the demand \"%s\"", n_players,
                     bundling->plan->demands[demand].demand->id);
}

static void gather_players(struct bundling *bundling, size_t demand,
                           struct plan_joint_player *players, struct plan_joint *joint)
{
    joint->n_entries = 1;
    for (size_t p = 0; p < bundling->bundle->n_players; ++p) {
        const struct plan_player *player = &bundling->bundle->players[p];
        size_t *rows = arena_array(bundling->arena, player->n_levels, sizeof *rows);
        bool touches = false;
        for (size_t level = 0; level < player->n_levels; ++level) {
            rows[level] = row_of_demand(&bundling->members[player->members[level]], demand);
            touches = touches || rows[level] != SIZE_MAX;
        }
        if (touches) {
            players[joint->n_players++] =
                (struct plan_joint_player){.player = p,
                                           .rows = rows,
                                           .cluster = cluster_of(bundling, p),
                                           .stride = joint->n_entries};
            if (joint->n_entries <= BUNDLE_MAX_ENTRIES) {
                joint->n_entries *= player->n_levels + 1;
            }
        }
    }
    joint->players = players;
}

/* Programmes on different people, on a demand without step and ceiling: each stands alone, however
 * many they are. */
static bool nobody_overlaps(const struct bundling *bundling, size_t demand)
{
    const struct portfolio *portfolio = bundling->portfolio;
    const struct plan_demand *row = &bundling->plan->demands[demand];
    return portfolio->overlap_default == OVERLAP_DISJOINT && portfolio->n_overlaps == 0 &&
           portfolio->n_synergies == 0 && row->release_step == 0.0 && row->ceiling_gbp == NULL;
}

/* Whose unit cost is read: the first programme's that has a baseline, else the first's. */
static void find_base(const struct bundling *bundling, struct plan_joint *joint)
{
    joint->base_member = SIZE_MAX;
    for (size_t i = 0; i < joint->n_players; ++i) {
        const struct plan_player *player = &bundling->bundle->players[joint->players[i].player];
        for (size_t level = 0; level < player->n_levels; ++level) {
            size_t row = joint->players[i].rows[level], m = player->members[level];
            if (row == SIZE_MAX) {
                continue;
            }
            bool relates = has_baseline(bundling->members[m].plan, row);
            if (joint->base_member == SIZE_MAX || (!joint->combines && relates)) {
                joint->base_member = m;
                joint->base_row = row;
                joint->combines = relates;
            }
        }
    }
}

/* Index of a scenario's groups among the sets found so far; outcomes of a programme as a whole
 * belong to no group, so that it is in no set. */
static size_t set_of(const struct plan *plan, size_t row, const struct scenario **sets,
                     size_t *n_sets)
{
    if (row == SIZE_MAX || (plan->scenario->n_groups > 1 && has_whole_outcome(plan, row))) {
        return JOINT_MIXED;
    }
    for (size_t i = 0; i < *n_sets; ++i) {
        if (same_groups(sets[i], plan->scenario)) {
            return i;
        }
    }
    sets[*n_sets] = plan->scenario;
    return (*n_sets)++;
}

/* The set of a combination's programmes. */
static size_t set_of_entry(const struct bundling *bundling, const struct plan_joint *joint,
                           const size_t *slot_sets, size_t entry)
{
    size_t found = JOINT_MIXED, slot = 0;
    bool any = false;
    for (size_t i = 0; i < joint->n_players; ++i) {
        size_t n_levels = bundling->bundle->players[joint->players[i].player].n_levels;
        size_t level = entry / joint->players[i].stride % (n_levels + 1);
        if (level > 0 && any && slot_sets[slot + level - 1] != found) {
            return JOINT_MIXED;
        }
        if (level > 0) {
            found = slot_sets[slot + level - 1];
            any = true;
        }
        slot += n_levels;
    }
    return found;
}

static void find_sets(struct bundling *bundling, struct plan_joint *joint)
{
    struct arena *arena = bundling->arena;
    size_t n_slots = 0, slot = 0;
    for (size_t i = 0; i < joint->n_players; ++i) {
        n_slots += bundling->bundle->players[joint->players[i].player].n_levels;
    }
    const struct scenario **sets = arena_array(arena, n_slots, sizeof(const struct scenario *));
    size_t *slot_sets = arena_array(arena, n_slots, sizeof *slot_sets);
    size_t *set_groups = arena_array(arena, n_slots, sizeof *set_groups);
    size_t *entry_sets = arena_array(arena, joint->n_entries, sizeof *entry_sets);
    for (size_t i = 0; i < joint->n_players; ++i) {
        const struct plan_player *player = &bundling->bundle->players[joint->players[i].player];
        for (size_t level = 0; level < player->n_levels; ++level, ++slot) {
            const struct plan *plan = bundling->members[player->members[level]].plan;
            slot_sets[slot] = set_of(plan, joint->players[i].rows[level], sets, &joint->n_sets);
        }
    }
    for (size_t i = 0; i < joint->n_sets; ++i) {
        set_groups[i] = sets[i]->n_groups;
    }
    for (size_t entry = 1; entry < joint->n_entries; ++entry) {
        entry_sets[entry] = set_of_entry(bundling, joint, slot_sets, entry);
        joint->has_mixed = joint->has_mixed || entry_sets[entry] == JOINT_MIXED;
    }
    joint->slot_sets = slot_sets;
    joint->set_groups = set_groups;
    joint->entry_sets = entry_sets;
}

static void mark_joint(struct bundling *bundling, const struct plan_joint *joint, bool **marks)
{
    for (size_t i = 0; i < joint->n_players; ++i) {
        const struct plan_player *player = &bundling->bundle->players[joint->players[i].player];
        for (size_t level = 0; level < player->n_levels; ++level) {
            size_t row = joint->players[i].rows[level];
            if (row != SIZE_MAX) {
                marks[player->members[level]][row] = true;
            }
        }
    }
}

/* A shared demand has one price: programmes that override its unit cost do so alike. */
static const struct plan_use *price_of(const struct plan *plan, const struct demand *demand)
{
    for (size_t i = 0; i < plan->n_uses; ++i) {
        if (demand->unit_cost_parameter != NULL &&
            plan->uses[i].parameter == demand->unit_cost_parameter) {
            return &plan->uses[i];
        }
    }
    return NULL;
}

static void check_prices(struct bundling *bundling, const struct plan_joint *joint)
{
    const struct demand *demand = bundling->plan->demands[joint->demand].demand;
    const struct plan_use *first = NULL;
    for (size_t i = 0; i < joint->n_players; ++i) {
        const struct plan_player *player = &bundling->bundle->players[joint->players[i].player];
        const struct plan_use *use = price_of(bundling->members[player->members[0]].plan, demand);
        if (use != NULL && first != NULL &&
            !same_distribution(&use->distribution, &first->distribution)) {
            setting_complain(bundling->diagnostics, bundling->portfolio->setting, DIAGNOSTIC_E685,
                             "one unit cost for a demand that programmes share",
                             "override it in all of their scenarios, or in none",
                             "the unit cost of \"%s\" differs between its programmes", demand->id);
            return;
        }
        first = first != NULL ? first : use;
    }
}

static void build_joints(struct bundling *bundling)
{
    struct plan_bundle *bundle = bundling->bundle;
    const struct plan *plan = bundling->plan;
    struct plan_joint *joints = arena_array(bundling->arena, plan->n_demands, sizeof *joints);
    bool **marks = arena_array(bundling->arena, bundling->n_members, sizeof *marks);
    for (size_t m = 0; m < bundling->n_members; ++m) {
        marks[m] = arena_array(bundling->arena, bundling->members[m].plan->n_demands, sizeof(bool));
        bundling->members[m].joint = marks[m];
    }
    for (size_t demand = 0; demand < plan->n_demands; ++demand) {
        struct plan_joint *joint = &joints[bundle->n_joints];
        *joint = (struct plan_joint){.demand = demand};
        struct plan_joint_player *players =
            arena_array(bundling->arena, bundle->n_players, sizeof *players);
        gather_players(bundling, demand, players, joint);
        if (joint->n_players < 2 || nobody_overlaps(bundling, demand)) {
            continue;
        }
        if (joint->n_entries > BUNDLE_MAX_ENTRIES || joint->n_players > JOINT_MAX_PLAYERS) {
            complain_too_many(bundling, demand, joint->n_players);
            continue;
        }
        find_base(bundling, joint);
        check_prices(bundling, joint);
        find_sets(bundling, joint);
        find_synergies(bundling, joint);
        mark_joint(bundling, joint, marks);
        ++bundle->n_joints;
    }
    bundle->joints = joints;
}

/* Synergies on everything also act on QALYs, where all their programmes are on. A bundle that is
 * run has every player on. */
static void set_qaly_factors(struct bundling *bundling)
{
    const struct portfolio *portfolio = bundling->portfolio;
    for (size_t i = 0; i < portfolio->n_synergies; ++i) {
        const struct portfolio_synergy *synergy = &portfolio->synergies[i];
        size_t n_present = 0;
        for (size_t p = 0; p < bundling->bundle->n_players; ++p) {
            for (size_t k = 0; k < synergy->n_programmes; ++k) {
                n_present += programme_of(bundling, p) == synergy->programmes[k] ? 1 : 0;
            }
        }
        for (size_t m = 0; m < bundling->n_members; ++m) {
            size_t programme = programme_of(bundling, bundling->members[m].player);
            for (size_t k = 0; k < synergy->n_programmes; ++k) {
                if (synergy->demand_id == NULL && n_present == synergy->n_programmes &&
                    synergy->on[k] && synergy->programmes[k] == programme) {
                    bundling->members[m].qaly_factor *= synergy->factor;
                }
            }
        }
    }
}

/* ---- the bundle as a plan ---- */

/* Outcomes of all members, for what the conventions say of them. */
static void gather_outcomes(struct bundling *bundling, struct model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < bundling->n_members; ++i) {
        n += bundling->members[i].plan->scenario->model->n_outcomes;
    }
    struct outcome *outcomes = arena_array(bundling->arena, n, sizeof *outcomes);
    for (size_t i = 0; i < bundling->n_members; ++i) {
        const struct model *member = bundling->members[i].plan->scenario->model;
        for (size_t k = 0; k < member->n_outcomes; ++k) {
            outcomes[model->n_outcomes++] = member->outcomes[k];
        }
    }
    model->outcomes = outcomes;
}

/* Reports and tables read a plan's scenario and model: those of a bundle say what it is. */
static const struct scenario *scenario_of(struct bundling *bundling)
{
    const struct portfolio *portfolio = bundling->portfolio;
    struct model *model = arena_alloc(bundling->arena, sizeof *model);
    struct scenario *scenario = arena_alloc(bundling->arena, sizeof *scenario);
    struct scenario_group *everybody = arena_alloc(bundling->arena, sizeof *everybody);
    *everybody = (struct scenario_group){.id = "all", .label = "Everybody"};
    *model = (struct model){.id = "portfolio",
                            .title = "Portfolio",
                            .question = portfolio->question,
                            .prevention = "mixed",
                            .population_reach = "mixed",
                            .setting = portfolio->setting};
    gather_outcomes(bundling, model);
    size_t funded_years = 0;
    for (size_t i = 0; i < bundling->n_members; ++i) {
        const struct scenario *member = bundling->members[i].plan->scenario;
        size_t end = member->delay_years + member->funded_years;
        funded_years = end > funded_years ? end : funded_years;
    }
    *scenario = (struct scenario){.id = portfolio->id,
                                  .title = portfolio->title,
                                  .area = portfolio->area,
                                  .question = portfolio->question,
                                  .note = portfolio->note,
                                  .model = model,
                                  .groups = everybody,
                                  .n_groups = 1,
                                  .start_year = portfolio->start_year,
                                  .funded_years = funded_years,
                                  .horizon_years = portfolio->horizon_years,
                                  .scale = 1.0,
                                  .q1_uptake = 1.0,
                                  .conventions = portfolio->conventions,
                                  .document = portfolio->document,
                                  .setting = portfolio->setting};
    return scenario;
}

static const uint8_t *copy_levels(struct arena *arena, const struct portfolio *portfolio,
                                  const uint8_t *levels)
{
    uint8_t *copy =
        levels != NULL ? arena_array(arena, portfolio->n_programmes + 1, sizeof *copy) : NULL;
    if (copy != NULL) {
        memcpy(copy, levels, portfolio->n_programmes);
    }
    return copy;
}

const struct plan *plan_build_bundle(struct arena *arena, const struct library *library,
                                     const struct portfolio *portfolio, const uint8_t *levels,
                                     const struct plan_options *options,
                                     struct diagnostics *diagnostics)
{
    size_t n_errors = diagnostics->n_errors;
    struct plan *plan = arena_alloc(arena, sizeof *plan);
    struct plan_bundle *bundle = arena_alloc(arena, sizeof *bundle);
    struct bundling bundling = {.arena = arena,
                                .library = library,
                                .portfolio = portfolio,
                                .options = options,
                                .diagnostics = diagnostics,
                                .plan = plan,
                                .bundle = bundle};
    *bundle = (struct plan_bundle){.portfolio = portfolio,
                                   .levels = copy_levels(arena, portfolio, levels)};
    *plan = (struct plan){.library = library,
                          .bundle = bundle,
                          .n_years = portfolio->horizon_years,
                          .program = arena_alloc(arena, sizeof *plan->program),
                          .measure_set = options->measure_set};
    program_init(plan->program, arena, plan->n_years);
    if (!add_players(&bundling, levels)) {
        return NULL;
    }
    plan->scenario = scenario_of(&bundling);
    struct builder builder = {.arena = arena,
                              .library = library,
                              .scenario = plan->scenario,
                              .model = plan->scenario->model,
                              .diagnostics = diagnostics,
                              .program = plan->program,
                              .plan = plan,
                              .without_irr = options->without_irr,
                              .group = SIZE_MAX};
    plan_build_factors(&builder);
    join_columns(&bundling);
    join_uses(&bundling);
    join_demands(&bundling);
    join_cells(&bundling);
    join_qalys(&bundling);
    plan_build_layout(&builder);
    map_flow_rows(&bundling);
    build_joints(&bundling);
    if (levels != NULL) {
        set_qaly_factors(&bundling);
    }
    for (size_t i = 0, next = plan->n_own_results; i < bundle->n_members; ++i) {
        bundling.members[i].first_result = next;
        next += bundle->members[i].plan->n_results;
    }
    return diagnostics->n_errors == n_errors ? plan : NULL;
}

/* ---- the same again ---- */

/* The portfolio with its programmes under another optimism pack. */
static const struct portfolio *with_optimism(struct arena *arena, const struct portfolio *portfolio,
                                             const struct optimism_pack *optimism)
{
    struct portfolio *copy = arena_alloc(arena, sizeof *copy);
    struct portfolio_programme *programmes =
        arena_array(arena, portfolio->n_programmes, sizeof *programmes);
    *copy = *portfolio;
    copy->conventions.optimism = optimism;
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        programmes[i] = portfolio->programmes[i];
        const struct scenario **levels = arena_array(arena, programmes[i].n_scales, sizeof *levels);
        for (size_t k = 0; k < programmes[i].n_scales; ++k) {
            struct scenario *level = arena_alloc(arena, sizeof *level);
            *level = *portfolio->programmes[i].levels[k];
            level->conventions.optimism = optimism;
            levels[k] = level;
        }
        programmes[i].levels = levels;
    }
    copy->programmes = programmes;
    return copy;
}

const struct plan *plan_rebuild(struct arena *arena, const struct plan *plan,
                                const struct plan_options *options,
                                const struct optimism_pack *const *optimism,
                                struct diagnostics *diagnostics)
{
    if (plan->bundle != NULL) {
        const struct portfolio *portfolio = plan->bundle->portfolio;
        if (optimism != NULL) {
            portfolio = with_optimism(arena, portfolio, *optimism);
        }
        return plan_build_bundle(arena, plan->library, portfolio, plan->bundle->levels, options,
                                 diagnostics);
    }
    struct scenario *scenario = arena_alloc(arena, sizeof *scenario);
    *scenario = *plan->scenario;
    if (optimism != NULL) {
        scenario->conventions.optimism = *optimism;
    }
    return plan_build(arena, plan->library, scenario, options, diagnostics);
}
