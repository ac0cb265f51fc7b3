#include "portfolio/tables.h"

#include "base/threads.h"
#include "base/vector.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- components ---- */

/* Programmes of synergies on everything: what they add to QALYs. */
struct qaly_synergy {
    size_t n_players, n_entries;
    size_t players[JOINT_MAX_PLAYERS], strides[JOINT_MAX_PLAYERS];
};

static bool is_synergy_player(const struct plan_bundle *bundle, size_t player)
{
    const struct portfolio *portfolio = bundle->portfolio;
    size_t programme = (size_t)(bundle->players[player].programme - portfolio->programmes);
    for (size_t i = 0; i < portfolio->n_synergies; ++i) {
        for (size_t k = 0; k < portfolio->synergies[i].n_programmes; ++k) {
            if (portfolio->synergies[i].demand_id == NULL &&
                portfolio->synergies[i].programmes[k] == programme) {
                return true;
            }
        }
    }
    return false;
}

static struct qaly_synergy find_qaly_synergy(const struct plan *plan)
{
    struct qaly_synergy synergy = {.n_entries = 1};
    for (size_t p = 0; plan->n_qalys > 0 && p < plan->bundle->n_players; ++p) {
        if (is_synergy_player(plan->bundle, p) && synergy.n_players < JOINT_MAX_PLAYERS) {
            synergy.players[synergy.n_players] = p;
            synergy.strides[synergy.n_players++] = synergy.n_entries;
            if (synergy.n_entries <= BUNDLE_MAX_ENTRIES) { /* more are refused: no overflow */
                synergy.n_entries *= plan->bundle->players[p].n_levels + 1;
            }
        }
    }
    return synergy;
}

/* What one thread works with. */
struct tabling {
    struct effort *effort;
    struct choice_tables *tables;
    const struct plan_sampling *sampling;
    struct qaly_synergy synergy;
    size_t n_columns;    /* additive members, then entries of the components */
    size_t *first_entry; /* [component]: its first column */
    double *member_sums; /* [block][member][measure] */
    double *entry_sums;  /* [block][combination][core measure] */
    atomic_size_t next;
    size_t n_blocks;
};

static size_t count_columns(const struct plan *plan, const struct qaly_synergy *synergy)
{
    size_t n = plan->bundle->n_members;
    for (size_t i = 0; i < plan->bundle->n_joints; ++i) {
        n += plan->bundle->joints[i].n_entries;
    }
    return n + (synergy->n_players > 0 ? synergy->n_entries : 0);
}

size_t tables_too_many_synergies(const struct plan *bundle)
{
    struct qaly_synergy synergy = find_qaly_synergy(bundle);
    return synergy.n_entries > BUNDLE_MAX_ENTRIES ? synergy.n_players : 0;
}

size_t tables_draws(const struct plan *bundle, size_t n_drawn, size_t n_draws)
{
    struct qaly_synergy synergy = find_qaly_synergy(bundle);
    size_t a_draw = count_columns(bundle, &synergy) * n_drawn * sizeof(double);
    while (n_draws > PROGRAM_BLOCK && a_draw * n_draws > TABLES_MAX_BYTES) {
        n_draws /= 2;
    }
    return n_draws;
}

/* ---- one block ---- */

/* Some draws of a block. */
struct draws_of_block {
    size_t block, first, n;
};

/* Values of a measure go to its draws, and their sum to the block's. Columns from n_members on are
 * combinations, which only core measures look at. */
static void keep(struct tabling *tabling, struct draws_of_block draws, size_t column,
                 size_t measure, const double *values)
{
    struct choice_tables *tables = tabling->tables;
    size_t n_members = tables->bundle->bundle->n_members;
    double sum = 0.0;
    for (size_t draw = 0; draw < draws.n; ++draw) {
        sum += values[draw];
    }
    if (column < n_members) {
        tabling->member_sums[(draws.block * n_members + column) * tables->n_measures + measure] +=
            sum;
    } else {
        size_t entry = draws.block * (tabling->n_columns - n_members) + column - n_members;
        tabling->entry_sums[entry * tables->n_core + measure] += sum;
    }
    for (size_t k = 0; k < tables->n_drawn; ++k) {
        if (tables->drawn[k] != measure) {
            continue;
        }
        double *to = tables->additive_draws;
        size_t row = column;
        if (column >= n_members) {
            size_t c = tables->n_components;
            while (c > 0 && tabling->first_entry[c - 1] > column) {
                --c;
            }
            to = tables->component_draws[c - 1];
            row = column - tabling->first_entry[c - 1];
        }
        to += (row * tables->n_drawn + k) * tables->n_draws + draws.block * PROGRAM_BLOCK +
              draws.first;
        vector_kernels()->add(draws.n, to, values, to);
    }
}

static size_t quintile_of(const struct plan *plan, const struct plan_qaly *qaly)
{
    return qaly->group != SIZE_MAX ? plan->scenario->groups[qaly->group].quintile : 0;
}

/* QALYs of a member in a measure: undiscounted rows, and their value where they are monetised. */
static void add_qaly_value(const struct plan_member *member, const struct linear_measure *measure,
                           struct evaluation *evaluation, bool monetised, size_t n, double *values)
{
    const struct plan *plan = member->plan;
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        size_t sector = plan->qalys[i].sector, quintile = quintile_of(plan, &plan->qalys[i]);
        for (size_t year = 0; year < plan->n_years; ++year) {
            double weight = measure_qaly(measure, sector, year, quintile);
            if (monetised && plan->qaly_value_gbp == plan->qaly_value_gbp) {
                weight +=
                    plan->qaly_value_gbp * measure_flow(measure, sector, FLOW_QALY_VALUE, year);
            }
            if (weight != 0.0) {
                vector_kernels()->add_scaled(
                    n, block_column(evaluation->qalys, plan->n_years, i, year), weight, values);
            }
        }
    }
}

static void add_flows(const struct plan *plan, const struct linear_measure *measure,
                      struct settlement *settlement, size_t n, double *values)
{
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            size_t row = plan->flow_row[who * N_FLOW_KINDS + kind];
            for (size_t year = 0; row != SIZE_MAX && year < plan->n_years; ++year) {
                double weight = measure_flow(measure, plan->whos[who].sector, kind, year);
                if (weight != 0.0) {
                    vector_kernels()->add_scaled(
                        n, block_column(settlement->flows, plan->n_years, row, year), weight,
                        values);
                }
            }
        }
    }
}

static void run_members(struct tabling *tabling, struct worker *worker, size_t block, size_t n)
{
    struct choice_tables *tables = tabling->tables;
    const struct plan_bundle *bundle = tables->bundle->bundle;
    double values[PROGRAM_BLOCK];
    for (size_t m = 0; m < bundle->n_members; ++m) {
        const struct plan_member *member = &bundle->members[m];
        struct settlement *settlement = &worker->members.settlements[m];
        struct evaluation *evaluation = &worker->members.evaluations[m];
        settlement_run_without(settlement, evaluation, member->joint, n);
        for (size_t k = 0; k < tables->n_measures; ++k) {
            memset(values, 0, n * sizeof *values);
            add_flows(member->plan, &tables->measures[k], settlement, n, values);
            add_qaly_value(member, &tables->measures[k], evaluation, false, n, values);
            keep(tabling, (struct draws_of_block){block, 0, n}, m, k, values);
        }
    }
}

/* GBP of a measure for each pound of a demand's value, where savings are in proportion. */
static double price_weight(const struct plan_demand *demand, const struct linear_measure *measure,
                           size_t year)
{
    double sum = 0.0;
    for (size_t w = 0; w < demand->n_weights; ++w) {
        const struct plan_weight *weight = &demand->weights[w];
        if (demand->transfer_from != SIZE_MAX) {
            sum += weight->weight *
                   (measure_flow(measure, weight->sector, FLOW_TRANSFER, year) -
                    measure_flow(measure, demand->transfer_from, FLOW_TRANSFER, year));
        } else if (demand->value_type != VALUE_FISCAL) {
            sum += weight->weight *
                   measure_flow(measure, weight->sector, plan_value_kind(demand->value_type), year);
        } else {
            sum += weight->weight *
                   (weight->cashable * measure_flow(measure, weight->sector, FLOW_CASHABLE, year) +
                    (1.0 - weight->cashable) *
                        measure_flow(measure, weight->sector, FLOW_NON_CASHABLE, year));
        }
    }
    return sum;
}

/* Value of one combination in a measure in a year, where steps or ceilings make it no proportion.
 */
static void stepped_value(const struct plan_demand *demand, const struct linear_measure *measure,
                          size_t year, const double *units, const double *unit_cost, size_t n,
                          double *values)
{
    for (size_t w = 0; w < demand->n_weights; ++w) {
        double cash_weight = measure_flow(measure, demand->weights[w].sector, FLOW_CASHABLE, year);
        double rest_weight =
            measure_flow(measure, demand->weights[w].sector, FLOW_NON_CASHABLE, year);
        for (size_t draw = 0; draw < n && (cash_weight != 0.0 || rest_weight != 0.0); ++draw) {
            double cash = 0.0;
            bool capped = false;
            double saving =
                joint_sector_saving(demand, w, units[draw], unit_cost[draw], &cash, &capped);
            values[draw] += cash_weight * cash + rest_weight * (saving - cash);
        }
    }
}

static bool is_stepped(const struct plan_demand *demand)
{
    return demand->value_type == VALUE_FISCAL && demand->transfer_from == SIZE_MAX &&
           (demand->release_step > 0.0 || demand->ceiling_gbp != NULL);
}

/* Does a measure count anything of this demand's savings in this year? */
static bool counts_demand(const struct plan_demand *demand, const struct linear_measure *measure,
                          size_t year)
{
    if (!is_stepped(demand)) {
        return price_weight(demand, measure, year) != 0.0;
    }
    for (size_t w = 0; w < demand->n_weights; ++w) {
        if (measure_flow(measure, demand->weights[w].sector, FLOW_CASHABLE, year) != 0.0 ||
            measure_flow(measure, demand->weights[w].sector, FLOW_NON_CASHABLE, year) != 0.0) {
            return true;
        }
    }
    return false;
}

/* Every combination of a joint demand in every measure, for the draws of one pass. */
static void price_pass(struct tabling *tabling, const struct joint *units, size_t index,
                       size_t year, const double *unit_cost, struct draws_of_block draws)
{
    struct choice_tables *tables = tabling->tables;
    const struct plan_joint *joint = &tables->bundle->bundle->joints[index];
    const struct plan_demand *demand = &tables->bundle->demands[joint->demand];
    double values[PROGRAM_BLOCK];
    for (size_t k = 0; k < tables->n_core; ++k) {
        const struct linear_measure *measure = &tables->measures[k];
        double weight = is_stepped(demand) ? 0.0 : price_weight(demand, measure, year);
        bool counts = counts_demand(demand, measure, year);
        for (size_t entry = 1; counts && entry < joint->n_entries; ++entry) {
            const double *of_entry = joint_adjusted(units, entry);
            if (is_stepped(demand)) {
                memset(values, 0, draws.n * sizeof *values);
                stepped_value(demand, measure, year, of_entry, unit_cost, draws.n, values);
            } else {
                vector_kernels()->multiply(draws.n, of_entry, unit_cost, values);
                vector_kernels()->scale(draws.n, values, weight, values);
            }
            keep(tabling, draws, tabling->first_entry[index] + entry, k, values);
        }
    }
}

static void run_joint(struct tabling *tabling, struct worker *worker, size_t index, size_t block,
                      size_t n)
{
    struct choice_tables *tables = tabling->tables;
    const struct plan *plan = tables->bundle;
    const struct plan_joint *joint = &plan->bundle->joints[index];
    struct worker_members *members = &worker->members;
    for (size_t year = 0; year < plan->n_years; ++year) {
        const double *unit_cost =
            joint_unit_cost(&members->joint, joint, members->evaluations, year);
        if (unit_cost == NULL) {
            continue;
        }
        for (size_t first = 0, pass = joint_pass(joint); first < n; first += pass) {
            size_t n_pass = n - first < pass ? n - first : pass;
            joint_units(&members->joint, joint, members->evaluations, year, first, n_pass, NULL);
            price_pass(tabling, &members->joint, index, year, unit_cost + first,
                       (struct draws_of_block){block, first, n_pass});
        }
    }
}

/* Factor of the synergies that a combination brings to one of its players. */
static double synergy_factor(const struct tabling *tabling, size_t entry, size_t player)
{
    const struct plan_bundle *bundle = tabling->tables->bundle->bundle;
    const struct portfolio *portfolio = bundle->portfolio;
    double factor = 1.0;
    for (size_t i = 0; i < portfolio->n_synergies; ++i) {
        const struct portfolio_synergy *synergy = &portfolio->synergies[i];
        size_t n_on = 0;
        bool mine = false;
        for (size_t k = 0; synergy->demand_id == NULL && k < synergy->n_programmes; ++k) {
            for (size_t p = 0; p < tabling->synergy.n_players; ++p) {
                size_t other = tabling->synergy.players[p];
                size_t programme =
                    (size_t)(bundle->players[other].programme - portfolio->programmes);
                size_t level =
                    entry / tabling->synergy.strides[p] % (bundle->players[other].n_levels + 1);
                if (programme == synergy->programmes[k] && level > 0) {
                    ++n_on;
                    mine = mine || (other == player && synergy->on[k]);
                }
            }
        }
        factor *= mine && n_on == synergy->n_programmes ? synergy->factor : 1.0;
    }
    return factor;
}

static void run_synergy(struct tabling *tabling, struct worker *worker, size_t block, size_t n)
{
    struct choice_tables *tables = tabling->tables;
    const struct plan_bundle *bundle = tables->bundle->bundle;
    const struct qaly_synergy *synergy = &tabling->synergy;
    size_t column = tabling->first_entry[bundle->n_joints];
    double values[PROGRAM_BLOCK];
    for (size_t entry = 1; entry < synergy->n_entries; ++entry) {
        for (size_t p = 0; p < synergy->n_players; ++p) {
            const struct plan_player *player = &bundle->players[synergy->players[p]];
            size_t level = entry / synergy->strides[p] % (player->n_levels + 1);
            double factor = synergy_factor(tabling, entry, synergy->players[p]);
            for (size_t k = 0; level > 0 && factor != 1.0 && k < tables->n_core; ++k) {
                size_t m = player->members[level - 1];
                memset(values, 0, n * sizeof *values);
                add_qaly_value(&bundle->members[m], &tables->measures[k],
                               &worker->members.evaluations[m], true, n, values);
                vector_kernels()->scale(n, values, factor - 1.0, values);
                keep(tabling, (struct draws_of_block){block, 0, n}, column + entry, k, values);
            }
        }
    }
}

static void run_block(struct tabling *tabling, struct worker *worker, size_t block)
{
    size_t first = block * PROGRAM_BLOCK, left = tabling->tables->n_draws - first;
    size_t n = left < PROGRAM_BLOCK ? left : PROGRAM_BLOCK;
    sampling_draw(tabling->sampling, first, n, NULL, worker->inputs);
    worker_evaluate_members(worker, n);
    run_members(tabling, worker, block, n);
    for (size_t i = 0; i < tabling->tables->bundle->bundle->n_joints; ++i) {
        run_joint(tabling, worker, i, block, n);
    }
    if (tabling->synergy.n_players > 0) {
        run_synergy(tabling, worker, block, n);
    }
    effort_add(tabling->effort, n);
}

static void *run_blocks(void *context)
{
    struct tabling *tabling = context;
    struct worker worker;
    worker_init(&worker, tabling->sampling);
    for (size_t block = atomic_fetch_add(&tabling->next, 1); block < tabling->n_blocks;
         block = atomic_fetch_add(&tabling->next, 1)) {
        run_block(tabling, &worker, block);
    }
    worker_clear(&worker);
    return NULL;
}

static void run_threads(struct tabling *tabling, size_t n_threads)
{
    enum { MOST_THREADS = 64 };

    size_t wanted = threads_choose(n_threads);
    wanted = wanted < MOST_THREADS ? wanted : MOST_THREADS;
    threads_run(wanted < tabling->n_blocks ? wanted : tabling->n_blocks, run_blocks, tabling);
}

/* ---- the whole ---- */

static void init_component(struct choice_tables *tables, size_t index, size_t n_players,
                           size_t n_entries)
{
    struct choice_component *component = &tables->components[index];
    size_t *members = memory_array(n_players, sizeof *members);
    size_t *strides = memory_array(n_players, sizeof *strides);
    tables->component_values[index] = memory_array(n_entries * tables->n_core + 1, sizeof(double));
    tables->component_draws[index] =
        memory_array(n_entries * tables->n_drawn * tables->n_draws + 1, sizeof(double));
    *component = (struct choice_component){.n_members = n_players,
                                           .members = members,
                                           .n_entries = n_entries,
                                           .strides = strides,
                                           .values = tables->component_values[index],
                                           .draws = tables->component_draws[index]};
}

static void init_components(struct choice_tables *tables, const struct qaly_synergy *synergy)
{
    const struct plan_bundle *bundle = tables->bundle->bundle;
    size_t n = bundle->n_joints + (synergy->n_players > 0 ? 1 : 0);
    tables->n_components = n;
    tables->components = memory_array(n + 1, sizeof *tables->components);
    tables->component_values = memory_array(n + 1, sizeof *tables->component_values);
    tables->component_draws = memory_array(n + 1, sizeof *tables->component_draws);
    for (size_t i = 0; i < bundle->n_joints; ++i) {
        const struct plan_joint *joint = &bundle->joints[i];
        init_component(tables, i, joint->n_players, joint->n_entries);
        for (size_t p = 0; p < joint->n_players; ++p) {
            ((size_t *)tables->components[i].members)[p] = joint->players[p].player;
            ((size_t *)tables->components[i].strides)[p] = joint->players[p].stride;
        }
    }
    if (synergy->n_players > 0) {
        init_component(tables, n - 1, synergy->n_players, synergy->n_entries);
        for (size_t p = 0; p < synergy->n_players; ++p) {
            ((size_t *)tables->components[n - 1].members)[p] = synergy->players[p];
            ((size_t *)tables->components[n - 1].strides)[p] = synergy->strides[p];
        }
    }
}

/* Means from the sums of the blocks, in block order. */
static double mean_of_blocks(const struct tabling *tabling, const double *sums, size_t a_block,
                             size_t index)
{
    double sum = 0.0;
    for (size_t block = 0; block < tabling->n_blocks; ++block) {
        sum += sums[block * a_block + index];
    }
    return sum / (double)tabling->tables->n_draws;
}

static void set_means(struct tabling *tabling)
{
    struct choice_tables *tables = tabling->tables;
    size_t n_members = tables->bundle->bundle->n_members, n_core = tables->n_core;
    size_t n_entries = tabling->n_columns - n_members, n_measures = tables->n_measures;
    for (size_t i = 0; i < n_members * n_measures; ++i) {
        tables->additive[i] =
            mean_of_blocks(tabling, tabling->member_sums, n_members * n_measures, i);
        if (i % n_measures < n_core) {
            tables->core_additive[i / n_measures * n_core + i % n_measures] = tables->additive[i];
        }
    }
    for (size_t c = 0, first = 0; c < tables->n_components; ++c) {
        size_t n = tables->components[c].n_entries * n_core;
        for (size_t i = 0; i < n; ++i) {
            tables->component_values[c][i] =
                mean_of_blocks(tabling, tabling->entry_sums, n_entries * n_core, first + i);
        }
        first += n;
    }
}

/* A search over values that are not numbers finds nothing, and would call that proved. */
static bool all_finite(const struct choice_tables *tables)
{
    bool finite = true;
    for (size_t i = 0; i < tables->bundle->bundle->n_members * tables->n_measures; ++i) {
        finite = finite && isfinite(tables->additive[i]);
    }
    for (size_t c = 0; c < tables->n_components; ++c) {
        for (size_t i = 0; i < tables->components[c].n_entries * tables->n_core; ++i) {
            finite = finite && isfinite(tables->component_values[c][i]);
        }
    }
    return finite;
}

enum status tables_make(struct choice_tables *tables, const struct plan *bundle,
                        const struct linear_measure *measures, size_t n_measures, size_t n_core,
                        const size_t *drawn, size_t n_drawn, size_t n_draws,
                        const struct sampling_design *design, size_t n_threads,
                        struct effort *effort, struct error *error)
{
    struct arena arena;
    struct plan_sampling sampling;
    struct tabling tabling = {
        .tables = tables, .synergy = find_qaly_synergy(bundle), .effort = effort};
    size_t n_members = bundle->bundle->n_members;
    *tables = (struct choice_tables){.bundle = bundle,
                                     .measures = measures,
                                     .n_measures = n_measures,
                                     .n_core = n_core,
                                     .drawn = drawn,
                                     .n_drawn = n_drawn,
                                     .n_draws = n_draws};
    if (tabling.synergy.n_entries > BUNDLE_MAX_ENTRIES) {
        return error_set(error, STATUS_LIMIT,
                         "portfolio %s: synergies on everything join %zu programmes, more than "
                         "can be worked out together",
                         bundle->scenario->id, tabling.synergy.n_players);
    }
    arena_init(&arena);
    enum status status =
        sampling_prepare(&arena, sampler_cache_new(&arena), bundle, design, &sampling, error);
    if (status != STATUS_OK) {
        arena_clear(&arena);
        return status;
    }
    tables->additive = memory_array(n_members * n_measures + 1, sizeof(double));
    tables->core_additive = memory_array(n_members * n_core + 1, sizeof(double));
    tables->additive_draws = memory_array(n_members * n_drawn * n_draws + 1, sizeof(double));
    init_components(tables, &tabling.synergy);
    tabling.sampling = &sampling;
    tabling.n_columns = count_columns(bundle, &tabling.synergy);
    tabling.n_blocks = (n_draws + PROGRAM_BLOCK - 1) / PROGRAM_BLOCK;
    tabling.first_entry = arena_array(&arena, tables->n_components + 1, sizeof(size_t));
    for (size_t c = 0, next = n_members; c < tables->n_components; ++c) {
        tabling.first_entry[c] = next;
        next += tables->components[c].n_entries;
    }
    tabling.member_sums =
        memory_array(tabling.n_blocks * n_members * n_measures + 1, sizeof(double));
    tabling.entry_sums = memory_array(
        tabling.n_blocks * (tabling.n_columns - n_members) * n_core + 1, sizeof(double));
    atomic_init(&tabling.next, 0);
    run_threads(&tabling, n_threads);
    set_means(&tabling);
    free(tabling.member_sums);
    free(tabling.entry_sums);
    arena_clear(&arena);
    if (!all_finite(tables)) {
        tables_clear(tables);
        return error_set(error, STATUS_NUMERIC,
                         "portfolio %s: what its programmes are worth is too large a number to "
                         "choose by; check people, amounts and scales",
                         bundle->scenario->id);
    }
    return STATUS_OK;
}

void tables_clear(struct choice_tables *tables)
{
    for (size_t c = 0; c < tables->n_components; ++c) {
        free((size_t *)tables->components[c].members);
        free((size_t *)tables->components[c].strides);
        free(tables->component_values[c]);
        free(tables->component_draws[c]);
    }
    free(tables->components);
    free(tables->component_values);
    free(tables->component_draws);
    free(tables->additive);
    free(tables->core_additive);
    free(tables->additive_draws);
    *tables = (struct choice_tables){0};
}
