/* Which sectors, perspectives and result columns a plan has. */
#include "plan/plan_bundle.h"
#include "plan/plan_health.h"
#include "plan/plan_private.h"

#include <math.h>

struct layout {
    struct builder *builder;
    bool *active; /* [n_sectors * N_FLOW_KINDS] */
    bool *qaly_sector;
    struct plan_result_column *results;
    size_t n_results, capacity;
};

enum flow_kind plan_value_kind(enum value_type type)
{
    return type == VALUE_ECONOMIC ? FLOW_ECONOMIC : FLOW_SOCIAL;
}

static void mark_demand(struct layout *layout, const struct plan_demand *demand)
{
    for (size_t i = 0; i < demand->n_weights; ++i) {
        bool *row = &layout->active[demand->weights[i].sector * N_FLOW_KINDS];
        if (demand->transfer_from != SIZE_MAX) {
            row[FLOW_TRANSFER] = true;
        } else if (demand->value_type != VALUE_FISCAL) {
            row[plan_value_kind(demand->value_type)] = true;
        } else {
            double cashable = demand->weights[i].cashable;
            row[FLOW_CASHABLE] = row[FLOW_CASHABLE] || cashable > 0.0;
            row[FLOW_NON_CASHABLE] =
                row[FLOW_NON_CASHABLE] || cashable < 1.0 || demand->release_step > 0.0;
        }
    }
    if (demand->transfer_from != SIZE_MAX && demand->n_weights > 0) {
        layout->active[demand->transfer_from * N_FLOW_KINDS + FLOW_TRANSFER] = true;
    }
}

static void mark_feed(struct layout *layout, const struct plan_feed *feed)
{
    for (size_t k = 0; k < feed->n_lines; ++k) {
        const struct plan_feed_line *line = &feed->lines[k];
        for (size_t j = 0; j < line->n_weights; ++j) {
            bool *row = &layout->active[line->weights[j].sector * N_FLOW_KINDS];
            row[FLOW_CASHABLE] = row[FLOW_CASHABLE] || line->weights[j].cashable > 0.0;
            row[FLOW_NON_CASHABLE] = row[FLOW_NON_CASHABLE] || line->weights[j].cashable < 1.0;
        }
    }
}

/* A bundle has the rows of its members. */
static void mark_members(struct layout *layout)
{
    const struct plan_bundle *bundle = layout->builder->plan->bundle;
    for (size_t i = 0; bundle != NULL && i < bundle->n_members; ++i) {
        const struct plan *plan = bundle->members[i].plan;
        for (size_t who = 0; who < plan->n_sector_whos; ++who) {
            for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
                if (plan->flow_row[who * N_FLOW_KINDS + kind] != SIZE_MAX) {
                    layout->active[plan->whos[who].sector * N_FLOW_KINDS + kind] = true;
                }
            }
        }
    }
}

static void mark_active(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    mark_members(layout);
    for (size_t i = 0; i < plan->n_payments; ++i) {
        const struct plan_payment_group *group = &plan->payments[i];
        for (size_t j = 0; j < group->n_weights; ++j) {
            layout->active[group->weights[j].sector * N_FLOW_KINDS + group->kind] = true;
        }
    }
    for (size_t i = 0; plan->health != NULL && i < plan->health->n_accounts; ++i) {
        const struct health_account *account = &plan->health->accounts[i];
        for (size_t j = 0; j < account->n_weights; ++j) {
            layout->active[account->weights[j].sector * N_FLOW_KINDS + FLOW_COST_CASH] = true;
        }
    }
    for (size_t i = 0; i < plan->n_feeds; ++i) {
        mark_feed(layout, &plan->feeds[i]);
    }
    for (size_t i = 0; i < plan->n_demands; ++i) {
        mark_demand(layout, &plan->demands[i]);
    }
    for (size_t i = 0; i < plan->n_qalys; ++i) {
        layout->qaly_sector[plan->qalys[i].sector] = true;
        if (!isnan(plan->qaly_value_gbp)) {
            layout->active[plan->qalys[i].sector * N_FLOW_KINDS + FLOW_QALY_VALUE] = true;
        }
    }
}

static bool sector_is_active(const struct layout *layout, size_t sector)
{
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        if (layout->active[sector * N_FLOW_KINDS + kind]) {
            return true;
        }
    }
    return layout->qaly_sector[sector];
}

static const size_t *members_of(struct layout *layout, const struct plan_who *whos,
                                size_t n_sector_whos, uint32_t perspective_bit, size_t *n_members)
{
    const struct sectors *sectors = layout->builder->library->sectors;
    size_t *members = arena_array(layout->builder->arena, n_sector_whos, sizeof *members);
    *n_members = 0;
    for (size_t who = 0; who < n_sector_whos; ++who) {
        if ((sectors->sectors[whos[who].sector].perspectives & perspective_bit) != 0 ||
            perspective_bit == 0) {
            members[(*n_members)++] = who;
        }
    }
    return members;
}

static void build_whos(struct layout *layout)
{
    struct plan *plan = layout->builder->plan;
    const struct sectors *sectors = layout->builder->library->sectors;
    struct plan_who *whos = arena_array(
        layout->builder->arena, sectors->n_sectors + sectors->n_perspectives + 1, sizeof *whos);
    size_t *who_of_sector =
        arena_array(layout->builder->arena, sectors->n_sectors, sizeof *who_of_sector);
    size_t n_whos = 0;
    for (size_t sector = 0; sector < sectors->n_sectors; ++sector) {
        who_of_sector[sector] = SIZE_MAX;
        if (sector_is_active(layout, sector)) {
            who_of_sector[sector] = n_whos;
            whos[n_whos++] =
                (struct plan_who){.kind = WHO_SECTOR,
                                  .id = sectors->sectors[sector].id,
                                  .label = sectors->sectors[sector].label,
                                  .abbreviation = sectors->sectors[sector].abbreviation,
                                  .sector = sector,
                                  .holds_budget = sectors->sectors[sector].holds_budget};
        }
    }
    plan->n_sector_whos = n_whos;
    for (size_t i = 0; i < sectors->n_perspectives; ++i) {
        struct plan_who *who = &whos[n_whos++];
        *who = (struct plan_who){.kind = WHO_PERSPECTIVE,
                                 .id = sectors->perspectives[i].id,
                                 .label = sectors->perspectives[i].label,
                                 .abbreviation = sectors->perspectives[i].id};
        who->members =
            members_of(layout, whos, plan->n_sector_whos, UINT32_C(1) << i, &who->n_members);
    }
    struct plan_who *total = &whos[n_whos++];
    *total = (struct plan_who){
        .kind = WHO_TOTAL, .id = "total", .label = "Total", .abbreviation = "total"};
    total->members = members_of(layout, whos, plan->n_sector_whos, 0, &total->n_members);
    plan->whos = whos;
    plan->n_whos = n_whos;
    plan->who_of_sector = who_of_sector;
}

static void build_flow_rows(struct layout *layout)
{
    struct plan *plan = layout->builder->plan;
    size_t *rows =
        arena_array(layout->builder->arena, plan->n_sector_whos * N_FLOW_KINDS, sizeof *rows);
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            bool active = layout->active[plan->whos[who].sector * N_FLOW_KINDS + kind];
            rows[who * N_FLOW_KINDS + kind] = active ? plan->n_flow_rows++ : SIZE_MAX;
        }
    }
    plan->flow_row = rows;
}

static void add_result(struct layout *layout, enum measure measure, size_t who, size_t year,
                       size_t item, bool retained)
{
    layout->results = arena_grow(layout->builder->arena, layout->results, layout->n_results,
                                 &layout->capacity, sizeof *layout->results);
    layout->results[layout->n_results++] =
        (struct plan_result_column){.measure = measure,
                                    .who = who,
                                    .year = year,
                                    .item = item,
                                    .retained = retained,
                                    .is_ratio = measure_numerator(measure) != NULL,
                                    .ratio = layout->builder->plan->n_ratios};
    layout->builder->plan->n_ratios += measure_numerator(measure) != NULL ? 1 : 0;
}

static bool who_has_kind(const struct plan *plan, const struct plan_who *who, size_t index,
                         size_t kind)
{
    if (who->kind == WHO_SECTOR) {
        return plan->flow_row[index * N_FLOW_KINDS + kind] != SIZE_MAX;
    }
    for (size_t i = 0; i < who->n_members; ++i) {
        if (plan->flow_row[who->members[i] * N_FLOW_KINDS + kind] != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

static void add_money_results(struct layout *layout, size_t index)
{
    const struct plan *plan = layout->builder->plan;
    const struct plan_who *who = &plan->whos[index];
    for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
        if (who_has_kind(plan, who, index, kind)) {
            add_result(layout, (enum measure)(MEASURE_PV_COST_CASH + kind), index, 0, 0, true);
        }
    }
    for (enum measure measure = MEASURE_PV_COST; measure <= MEASURE_RETURN_PUBLIC_VALUE;
         ++measure) {
        add_result(layout, measure, index, 0, 0, true);
    }
    if (who->kind != WHO_SECTOR && !layout->builder->without_irr) {
        add_result(layout, MEASURE_IRR, index, 0, 0, true);
    }
    add_result(layout, MEASURE_PAYBACK_DISCOUNTED, index, 0, 0, true);
    add_result(layout, MEASURE_PAYBACK_UNDISCOUNTED, index, 0, 0, true);
    for (enum measure measure = MEASURE_NET_AT; measure <= MEASURE_NET_REAL_YEAR; ++measure) {
        for (size_t year = 0; year < plan->n_years; ++year) {
            add_result(layout, measure, index, year, 0, true);
        }
    }
}

static bool who_has_qalys(const struct layout *layout, size_t index)
{
    const struct plan *plan = layout->builder->plan;
    const struct plan_who *who = &plan->whos[index];
    if (who->kind == WHO_SECTOR) {
        return layout->qaly_sector[who->sector];
    }
    for (size_t i = 0; i < who->n_members; ++i) {
        if (layout->qaly_sector[plan->whos[who->members[i]].sector]) {
            return true;
        }
    }
    return false;
}

/* QALYs count for whose they are; a perspective is judged against all QALYs of the programme. */
static void add_qaly_results(struct layout *layout, size_t index)
{
    const struct plan *plan = layout->builder->plan;
    if (plan->n_qalys == 0) {
        return;
    }
    if (who_has_qalys(layout, index)) {
        add_result(layout, MEASURE_QALYS, index, 0, 0, true);
        add_result(layout, MEASURE_QALYS_UNDISCOUNTED, index, 0, 0, true);
    }
    if (plan->whos[index].kind == WHO_SECTOR) {
        return;
    }
    add_result(layout, MEASURE_COST_PER_QALY, index, 0, 0, true);
    const struct appraisal_pack *pack = layout->builder->scenario->conventions.appraisal;
    for (size_t item = 0; item < pack->n_thresholds; ++item) {
        add_result(layout, MEASURE_NMB, index, 0, item, true);
    }
}

static void add_volume_results(struct layout *layout, size_t total)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t demand = 0; demand < plan->n_demands; ++demand) {
        add_result(layout, MEASURE_VOLUME, total, 0, demand, true);
        add_result(layout, MEASURE_COST_PER_OUTCOME, total, 0, demand, true);
        for (size_t year = 0; year < plan->n_years; ++year) {
            add_result(layout, MEASURE_VOLUME_YEAR, total, year, demand, false);
        }
    }
    for (size_t year = 0; year < plan->n_years && plan->n_qalys > 0; ++year) {
        add_result(layout, MEASURE_QALYS_YEAR, total, year, 0, false);
    }
}

static void add_flow_results(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            for (size_t year = 0;
                 year < plan->n_years && plan->flow_row[who * N_FLOW_KINDS + kind] != SIZE_MAX;
                 ++year) {
                add_result(layout, MEASURE_FLOW_YEAR, who, year, kind, false);
            }
        }
    }
}

/* Columns of quintiles and areas. */
static void add_cell_results(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t cell = 0; cell < plan->n_cells; ++cell) {
        add_result(layout, MEASURE_CELL_PARTICIPANTS, plan->n_whos - 1, 0, cell, true);
        add_result(layout, MEASURE_CELL_VALUE, plan->n_whos - 1, 0, cell, true);
        if (plan->n_qalys > 0) {
            add_result(layout, MEASURE_CELL_QALYS, plan->n_whos - 1, 0, cell, true);
        }
    }
}

/* What is told of each programme of a bundle: plain columns, no ratios and no whole years. */
static void add_member_set(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t who = 0; who < plan->n_whos; ++who) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            if (who_has_kind(plan, &plan->whos[who], who, kind)) {
                add_result(layout, (enum measure)(MEASURE_PV_COST_CASH + kind), who, 0, 0, true);
            }
        }
        add_result(layout, MEASURE_PV_COST, who, 0, 0, true);
        add_result(layout, MEASURE_NET, who, 0, 0, true);
        add_result(layout, MEASURE_NET_FISCAL, who, 0, 0, true);
        add_result(layout, MEASURE_NET_CASH, who, 0, 0, true);
        add_result(layout, MEASURE_NET_AT, who, plan_short_term(plan), 0, true);
        if (plan->n_qalys > 0 && who_has_qalys(layout, who)) {
            add_result(layout, MEASURE_QALYS, who, 0, 0, true);
        }
    }
}

/* Attributed columns of each member, after all columns of the bundle itself. */
static void add_members_results(struct layout *layout)
{
    const struct plan_bundle *bundle = layout->builder->plan->bundle;
    for (size_t i = 0; i < bundle->n_members; ++i) {
        const struct plan *plan = bundle->members[i].plan;
        for (size_t k = 0; k < plan->n_results; ++k) {
            add_result(layout, plan->results[k].measure, plan->results[k].who,
                       plan->results[k].year, 0, true);
            layout->results[layout->n_results - 1].member = i + 1;
        }
    }
}

static void add_all_results(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t who = 0; who < plan->n_whos; ++who) {
        add_money_results(layout, who);
        add_qaly_results(layout, who);
    }
    add_volume_results(layout, plan->n_whos - 1);
    add_flow_results(layout);
    add_cell_results(layout);
}

static void add_net_results(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t who = 0; who < plan->n_whos; ++who) {
        if (plan->measure_set == MEASURE_SET_NET_ALL || plan->whos[who].kind != WHO_PERSPECTIVE) {
            add_result(layout, MEASURE_NET, who, 0, 0, true);
        }
    }
}

/* ---- health models ---- */

static bool has_account(const struct plan_health *health, size_t outcome)
{
    for (size_t i = 0; i < health->n_accounts; ++i) {
        if (health->accounts[i].outcome == outcome) {
            return true;
        }
    }
    return false;
}

static void add_option_money(struct layout *layout, size_t option)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t who = 0; who < plan->n_whos; ++who) {
        add_result(layout, MEASURE_OPTION_COST, who, 0, option, true);
        add_result(layout, MEASURE_OPTION_COST_UNDISCOUNTED, who, 0, option, true);
        if (option > 0) {
            add_result(layout, MEASURE_OPTION_COST_DIFFERENCE, who, 0, option, true);
        }
    }
}

static void add_option_nmb(struct layout *layout, size_t option)
{
    const struct plan *plan = layout->builder->plan;
    size_t n = layout->builder->scenario->conventions.appraisal->n_thresholds;
    for (size_t who = plan->n_sector_whos; who < plan->n_whos; ++who) {
        for (size_t i = 0; i < n; ++i) {
            size_t item = plan_health_item(option, n, i);
            add_result(layout, MEASURE_OPTION_NMB, who, 0, item, true);
            if (option > 0) {
                add_result(layout, MEASURE_OPTION_NMB_DIFFERENCE, who, 0, item, true);
            }
        }
    }
}

static void add_option_results(struct layout *layout, size_t option)
{
    const struct plan *plan = layout->builder->plan;
    const struct health_model *model = plan->health->model;
    size_t total = plan->n_whos - 1;
    add_option_money(layout, option);
    for (size_t i = 0; i < model->n_categories; ++i) {
        size_t item = plan_health_item(option, model->n_categories, i);
        add_result(layout, MEASURE_OPTION_CATEGORY_COST, total, 0, item, true);
        add_result(layout, MEASURE_OPTION_CATEGORY_COST_UNDISCOUNTED, total, 0, item, true);
    }
    for (size_t i = 0; i < model->n_outcomes; ++i) {
        if (!has_account(plan->health, i)) {
            continue;
        }
        size_t item = plan_health_item(option, model->n_outcomes, i);
        add_result(layout, MEASURE_OPTION_OUTCOME, total, 0, item, true);
        add_result(layout, MEASURE_OPTION_OUTCOME_UNDISCOUNTED, total, 0, item, true);
        if (option > 0) {
            add_result(layout, MEASURE_OPTION_OUTCOME_DIFFERENCE, total, 0, item, true);
        }
    }
    add_option_nmb(layout, option);
}

/* Cost of the total and QALYs of each option: benchmarks. */
static void add_few_option_results(struct layout *layout, size_t option)
{
    const struct plan *plan = layout->builder->plan;
    size_t total = plan->n_whos - 1, n = plan->health->model->n_outcomes;
    add_result(layout, MEASURE_OPTION_COST, total, 0, option, true);
    add_result(layout, MEASURE_OPTION_OUTCOME, total, 0, plan_health_item(option, n, OUTCOME_QALYS),
               true);
}

static void add_health_results(struct layout *layout)
{
    const struct plan *plan = layout->builder->plan;
    for (size_t option = 0; option < plan->health->model->n_options; ++option) {
        if (plan->measure_set == MEASURE_SET_FULL) {
            add_option_results(layout, option);
        } else {
            add_few_option_results(layout, option);
        }
    }
}

/* ---- quintiles and areas ---- */

static size_t find_cell(const struct plan_cell *cells, size_t n_cells, size_t quintile,
                        const struct area *area)
{
    for (size_t i = 0; i < n_cells; ++i) {
        if (cells[i].quintile == quintile && cells[i].area == area) {
            return i;
        }
    }
    return SIZE_MAX;
}

static struct plan_cell make_cell(struct arena *arena, size_t quintile, const struct area *area)
{
    if (area != NULL) {
        return (struct plan_cell){.id = area->id, .label = area->label, .area = area};
    }
    static const char *const labels[N_QUINTILES] = {"Q1, most deprived", "Q2", "Q3", "Q4",
                                                    "Q5, least deprived"};
    return (struct plan_cell){.id = arena_printf(arena, "q%zu", quintile),
                              .label = labels[quintile - 1],
                              .quintile = quintile};
}

void plan_build_cells(struct builder *builder)
{
    struct plan *plan = builder->plan;
    const struct scenario *scenario = builder->scenario;
    size_t capacity = N_QUINTILES + builder->library->n_areas + 1;
    struct plan_cell *cells = arena_array(builder->arena, capacity, sizeof *cells);
    size_t(*of_group)[PLAN_CELLS_OF_GROUP] =
        arena_array(builder->arena, scenario->n_groups, sizeof *of_group);
    bool by_area = false;
    for (size_t g = 0; g < scenario->n_groups; ++g) {
        by_area = by_area || scenario->groups[g].area != scenario->groups[0].area;
    }
    for (size_t quintile = 1; quintile <= N_QUINTILES; ++quintile) {
        for (size_t g = 0; g < scenario->n_groups; ++g) {
            if (scenario->groups[g].quintile == quintile &&
                find_cell(cells, plan->n_cells, quintile, NULL) == SIZE_MAX) {
                cells[plan->n_cells++] = make_cell(builder->arena, quintile, NULL);
            }
        }
    }
    for (size_t g = 0; g < scenario->n_groups; ++g) {
        const struct area *area = scenario->groups[g].area;
        if (by_area && find_cell(cells, plan->n_cells, 0, area) == SIZE_MAX) {
            cells[plan->n_cells++] = make_cell(builder->arena, 0, area);
        }
        of_group[g][0] = scenario->groups[g].quintile > 0
                             ? find_cell(cells, plan->n_cells, scenario->groups[g].quintile, NULL)
                             : SIZE_MAX;
        of_group[g][1] = by_area ? find_cell(cells, plan->n_cells, 0, area) : SIZE_MAX;
    }
    plan->cells = cells;
    plan->cells_of_group = (const size_t(*)[PLAN_CELLS_OF_GROUP])of_group;
}

void plan_build_layout(struct builder *builder)
{
    size_t n_sectors = builder->library->sectors->n_sectors;
    struct layout layout = {.builder = builder,
                            .active =
                                arena_array(builder->arena, n_sectors * N_FLOW_KINDS, sizeof(bool)),
                            .qaly_sector = arena_array(builder->arena, n_sectors, sizeof(bool))};
    mark_active(&layout);
    build_whos(&layout);
    build_flow_rows(&layout);
    if (builder->plan->health != NULL) {
        add_health_results(&layout);
    } else if (builder->plan->measure_set == MEASURE_SET_FULL) {
        add_all_results(&layout);
    } else if (builder->plan->measure_set == MEASURE_SET_MEMBER) {
        add_member_set(&layout);
    } else {
        add_net_results(&layout);
    }
    builder->plan->n_own_results = layout.n_results;
    if (builder->plan->bundle != NULL) {
        add_members_results(&layout);
    }
    builder->plan->results = layout.results;
    builder->plan->n_results = layout.n_results;
}

size_t plan_find_result(const struct plan *plan, enum measure measure, size_t who, size_t year,
                        size_t item)
{
    for (size_t i = 0; i < plan->n_own_results; ++i) {
        const struct plan_result_column *result = &plan->results[i];
        if (result->measure == measure && result->who == who && result->year == year &&
            result->item == item) {
            return i;
        }
    }
    return SIZE_MAX;
}
