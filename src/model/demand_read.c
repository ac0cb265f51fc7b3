/* Demands from documents to structs, with their unit costs. */
#include "base/text.h"
#include "model/model_private.h"

#include <math.h>
#include <string.h>

static void complain_unit_cost(const struct model_reader *reader, const struct setting *setting,
                               size_t n_matches)
{
    if (n_matches > 1) {
        setting_complain(
            reader->diagnostics, setting, DIAGNOSTIC_E511,
            arena_printf(reader->arena, "one of %s",
                         evidence_candidates(reader->arena, reader->evidence, setting->text)),
            "write the path far enough back to tell them apart",
            "\"%s\" may mean %zu evidence items", setting->text, n_matches);
        return;
    }
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E510, "an evidence item of kind cost",
                     layer_suggest(reader->arena, evidence_nearest(reader->evidence, setting->text),
                                   "add the unit cost to the evidence"),
                     "no evidence item is named \"%s\"", setting->text);
}

static void check_unit_cost(const struct model_reader *reader, const struct setting *setting,
                            const struct parameter *parameter)
{
    if (parameter->kind == N_PARAMETER_KINDS) {
        return;
    }
    const char *where = layer_place_words(reader->arena, parameter->setting);
    if (parameter->kind != PARAMETER_COST) {
        setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E514,
                         "an evidence item of kind cost", "name the cost of one unit",
                         "\"%s\" (%s) is of kind \"%s\", not a cost", parameter->identity, where,
                         parameter_kind_name(parameter->kind));
    } else if (parameter->n_split == 0 && setting_find(parameter->setting, "split") == NULL) {
        setting_complain(
            reader->diagnostics, setting, DIAGNOSTIC_E515, "a unit cost with its agency split",
            "add split = { sector = 1.0; } to the unit cost",
            "\"%s\" (%s) does not say which sectors bear it", parameter->identity, where);
    }
}

static const struct parameter *read_unit_cost(const struct model_reader *reader,
                                              const struct setting *group)
{
    const struct setting *setting = setting_find(group, "unit_cost");
    size_t n_matches = 0;
    if (!setting_is_text(setting)) {
        return NULL;
    }
    const struct parameter *parameter = evidence_find(reader->evidence, setting->text, &n_matches);
    if (parameter == NULL) {
        complain_unit_cost(reader, setting, n_matches);
    } else {
        check_unit_cost(reader, setting, parameter);
    }
    return parameter;
}

static void check_spend(const struct model_reader *reader, const struct demand *demand)
{
    const struct setting *spend = setting_find(demand->setting, "baseline_spend_gbp");
    const struct setting *year = setting_find(demand->setting, "baseline_spend_price_year");
    for (size_t i = 0; i < demand->n_baseline_spend; ++i) {
        const struct sector_reference reference = {.id = demand->baseline_spend_gbp[i].sector,
                                                   .setting = demand->baseline_spend_gbp[i].setting,
                                                   .at_name = true,
                                                   .what = "the baseline spend"};
        (void)sector_check_reference(reader->sectors, &reference, reader->diagnostics);
    }
    if (spend != NULL && year == NULL) {
        layer_complain(
            reader->diagnostics, spend, DIAGNOSTIC_E516, "money with the year of its prices",
            "add baseline_spend_price_year = \"...\"", "the baseline spend has no price year");
    }
    if (spend == NULL && year != NULL) {
        layer_complain(reader->diagnostics, year, DIAGNOSTIC_E516,
                       "money with the year of its prices",
                       "add baseline_spend_gbp = { ... }, or remove the year",
                       "there is a price year but no baseline spend");
    }
}

static void read_demand(struct model_reader *reader, const struct layer_item *item,
                        struct demand *demand)
{
    static const struct amount_field baseline = {
        .key = "baseline_per_person",
        .offset = offsetof(struct demand, baseline_per_person),
        .fallback = (double)NAN,
        .low = 0.0,
        .high = HUGE_VAL,
        .allowed = "at least 0",
        .optional = true,
    };
    const struct setting *group = item->setting;
    const struct setting *release = setting_find(group, "release");
    *demand = (struct demand){
        .id = item->id,
        .label = field_text(group, "label", item->id),
        .unit = field_text(group, "unit", "unit"),
        .unit_cost = field_text(group, "unit_cost", NULL),
        .unit_cost_parameter = read_unit_cost(reader, group),
        .baseline_spend_price_year = field_financial_year(group, "baseline_spend_price_year"),
        .release_step = field_number(release, "step", 0.0),
        .release_reason = field_text(release, "reason", NULL),
        .counts_within = field_text(group, "counts_within", NULL),
        .setting = group,
    };
    demand->baseline_spend_gbp = evidence_read_shares(
        reader->arena, setting_find(group, "baseline_spend_gbp"), &demand->n_baseline_spend);
    model_read_amounts(reader, group, &baseline, 1, demand);
    check_spend(reader, demand);
    model_check_demand_unit(reader, demand);
    model_check_yearly(reader, &demand->baseline_per_person);
}

void model_read_demands(struct model_reader *reader, const struct layered_document *documents,
                        size_t n_documents, struct models *models)
{
    struct layer_items items = {.arena = reader->arena};
    layer_gather(&items, documents, n_documents, "demand");
    layer_settle(&items, "demand", true, reader->diagnostics);
    struct demand *demands = arena_array(reader->arena, items.n_items, sizeof *demands);
    for (size_t i = 0; i < items.n_items; ++i) {
        read_demand(reader, &items.items[i], &demands[i]);
    }
    models->demands = demands;
    models->n_demands = items.n_items;
}
