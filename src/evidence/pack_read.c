/* Packs from documents to structs, with the rules of each kind. */
#include "base/text.h"
#include "evidence/evidence.h"
#include "evidence/layer.h"
#include "evidence/pack.h"

#include <math.h>
#include <string.h>

enum pack_kind { PACK_APPRAISAL, PACK_DEFLATOR, PACK_OPTIMISM, N_PACK_KINDS };

static const char *const kind_names[N_PACK_KINDS] = {"appraisal", "deflator", "optimism"};

enum { N_GRADES = 6 };

struct pack_key {
    const char *name;
    enum pack_kind kind;
    bool required;
};

static const struct pack_key pack_keys[] = {
    {"costs", PACK_APPRAISAL, true},
    {"health", PACK_APPRAISAL, true},
    {"qaly_value_gbp", PACK_APPRAISAL, false},
    {"qaly_value_price_year", PACK_APPRAISAL, false},
    {"thresholds_gbp_per_qaly", PACK_APPRAISAL, false},
    {"years", PACK_DEFLATOR, true},
    {"index", PACK_DEFLATOR, true},
    {"last_outturn_year", PACK_DEFLATOR, true},
    {"cost_uplift_by_grade", PACK_OPTIMISM, true},
    {"benefit_reduction_by_grade", PACK_OPTIMISM, true},
};

struct pack_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
};

/* Keys that the kind needs and keys that belong to another kind. */
static void check_keys(const struct pack_reader *reader, const struct setting *group,
                       enum pack_kind kind)
{
    for (size_t i = 0; i < sizeof pack_keys / sizeof pack_keys[0]; ++i) {
        const struct pack_key *key = &pack_keys[i];
        const struct setting *found = setting_find(group, key->name);
        if (key->kind == kind && key->required && found == NULL) {
            layer_complain(reader->diagnostics, group, DIAGNOSTIC_E460, NULL,
                           arena_printf(reader->arena, "add %s", key->name),
                           "a pack of kind \"%s\" needs the key `%s`", kind_names[kind], key->name);
        }
        if (key->kind != kind && found != NULL) {
            layer_complain(reader->diagnostics, found, DIAGNOSTIC_E461, NULL,
                           "remove it, or give it a pack of its own kind",
                           "`%s` belongs to a pack of kind \"%s\", and this one is \"%s\"",
                           key->name, kind_names[key->kind], kind_names[kind]);
        }
    }
}

static bool is_ascending(const double *numbers, size_t n_numbers)
{
    for (size_t i = 1; i < n_numbers; ++i) {
        if (!(numbers[i] > numbers[i - 1])) {
            return false;
        }
    }
    return true;
}

static void complain_schedule(const struct pack_reader *reader, const struct setting *setting,
                              const char *found)
{
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E462,
                     "whole years, ascending, the first 0, and one rate for each",
                     "e.g. from_year = [0, 31, 76]; rate = [0.035, 0.030, 0.025];", "%s", found);
}

static void check_schedule(const struct pack_reader *reader, const struct setting *group,
                           const double *from_year, size_t n_bands, size_t n_rates)
{
    const struct setting *years = setting_find(group, "from_year");
    if (n_bands == 0 || n_rates == 0) {
        return;
    }
    if (n_bands != n_rates) {
        complain_schedule(reader, group,
                          arena_printf(reader->arena, "%zu years and %zu rates", n_bands, n_rates));
    }
    if (from_year[0] != 0.0) {
        complain_schedule(reader, years, "the first rate does not hold from year 0");
    }
    if (!is_ascending(from_year, n_bands)) {
        complain_schedule(reader, years, "the years are not ascending");
    }
    for (size_t i = 0; i < n_bands; ++i) {
        if (from_year[i] != floor(from_year[i]) || from_year[i] > 10000.0) {
            complain_schedule(reader, years->children[i], "a year that is no whole model year");
        }
    }
}

static struct schedule read_schedule(const struct pack_reader *reader, const struct setting *pack,
                                     const char *key)
{
    size_t n_years = 0, n_rates = 0;
    const struct setting *group = setting_find(pack, key);
    const double *years = field_numbers(reader->arena, group, "from_year", &n_years);
    const double *rates = field_numbers(reader->arena, group, "rate", &n_rates);
    check_schedule(reader, group, years, n_years, n_rates);
    size_t n_bands = n_years < n_rates ? n_years : n_rates;
    int *from_year = arena_array(reader->arena, n_bands, sizeof *from_year);
    for (size_t i = 0; i < n_bands; ++i) {
        from_year[i] = years[i] >= 0.0 && years[i] <= 10000.0 ? (int)years[i] : 0;
    }
    return (struct schedule){.n_bands = n_bands, .from_year = from_year, .rate = rates};
}

static void check_qaly_value(const struct pack_reader *reader, const struct setting *group)
{
    const struct setting *value = setting_find(group, "qaly_value_gbp");
    const struct setting *year = setting_find(group, "qaly_value_price_year");
    if (value != NULL && year == NULL) {
        layer_complain(reader->diagnostics, value, DIAGNOSTIC_E463, "a value with its price year",
                       "add qaly_value_price_year = \"...\"",
                       "the value of a QALY has no price year");
    }
    if (value == NULL && year != NULL) {
        layer_complain(reader->diagnostics, year, DIAGNOSTIC_E463, "a value with its price year",
                       "add qaly_value_gbp, or remove the year",
                       "there is a price year but no value of a QALY");
    }
}

static const struct appraisal_pack *read_appraisal(const struct pack_reader *reader,
                                                   const struct setting *group, const char *id)
{
    struct appraisal_pack *pack = arena_alloc(reader->arena, sizeof *pack);
    *pack = (struct appraisal_pack){
        .id = id,
        .label = field_text(group, "label", id),
        .vintage = field_text(group, "vintage", ""),
        .source_id = field_text(group, "source", ""),
        .costs = read_schedule(reader, group, "costs"),
        .health = read_schedule(reader, group, "health"),
        .qaly_value_gbp = field_number(group, "qaly_value_gbp", (double)NAN),
        .qaly_value_price_year = field_financial_year(group, "qaly_value_price_year"),
        .note = field_text(group, "note", NULL),
        .setting = group,
    };
    check_qaly_value(reader, group);
    pack->thresholds_gbp_per_qaly =
        field_numbers(reader->arena, group, "thresholds_gbp_per_qaly", &pack->n_thresholds);
    if (!is_ascending(pack->thresholds_gbp_per_qaly, pack->n_thresholds)) {
        setting_complain(reader->diagnostics, setting_find(group, "thresholds_gbp_per_qaly"),
                         DIAGNOSTIC_E464, "ascending thresholds, each once",
                         "e.g. thresholds_gbp_per_qaly = [20000.0, 30000.0];",
                         "the thresholds are not ascending");
    }
    return pack;
}

static void complain_deflator(const struct pack_reader *reader, const struct setting *setting,
                              const char *found)
{
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E465,
                     "consecutive financial years, at least two, and one index level for each",
                     "copy the years and the index from the same release, none left out", "%s",
                     found);
}

static int year_of(const struct setting *setting)
{
    int year = 0;
    return setting_is_text(setting) && text_read_financial_year(setting->text, &year) ? year : 0;
}

static void check_deflator_years(const struct pack_reader *reader, const struct setting *years,
                                 size_t n_index)
{
    if (years->n_children != n_index || n_index < 2) {
        complain_deflator(reader, years,
                          arena_printf(reader->arena, "%zu years and %zu index levels",
                                       years->n_children, n_index));
    }
    for (size_t i = 1; i < years->n_children; ++i) {
        int before = year_of(years->children[i - 1]), here = year_of(years->children[i]);
        if (before != 0 && here != 0 && here != before + 1) {
            complain_deflator(reader, years->children[i],
                              arena_printf(reader->arena, "\"%s\" does not follow \"%s\"",
                                           years->children[i]->text, years->children[i - 1]->text));
        }
    }
}

static const struct deflator_pack *read_deflator(const struct pack_reader *reader,
                                                 const struct setting *group, const char *id)
{
    const struct setting *years = setting_find(group, "years");
    bool has_years = years != NULL && years->type == SETTING_ARRAY && years->n_children > 0;
    struct deflator_pack *pack = arena_alloc(reader->arena, sizeof *pack);
    *pack = (struct deflator_pack){
        .id = id,
        .label = field_text(group, "label", id),
        .vintage = field_text(group, "vintage", ""),
        .source_id = field_text(group, "source", ""),
        .first_year = has_years ? year_of(years->children[0]) : 0,
        .last_outturn_year = field_financial_year(group, "last_outturn_year"),
        .setting = group,
    };
    pack->index = field_numbers(reader->arena, group, "index", &pack->n_years);
    if (!has_years || pack->n_years == 0) {
        pack->n_years = 0;
        return pack;
    }
    check_deflator_years(reader, years, pack->n_years);
    int last_year = pack->first_year + (int)pack->n_years - 1;
    if (pack->last_outturn_year != 0 &&
        (pack->last_outturn_year < pack->first_year || pack->last_outturn_year > last_year)) {
        complain_deflator(reader, setting_find(group, "last_outturn_year"),
                          "the last outturn year is not among the years of the index");
    }
    return pack;
}

static void read_grades(const struct pack_reader *reader, const struct setting *group,
                        const char *key, double out[N_GRADES])
{
    size_t n_grades = 0;
    const double *grades = field_numbers(reader->arena, group, key, &n_grades);
    const struct setting *setting = setting_find(group, key);
    if (setting != NULL && setting->type == SETTING_ARRAY && n_grades != N_GRADES) {
        setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E466,
                         "six shares, one for each evidence grade from 1 to 6",
                         "e.g. [0.0, 0.0, 0.05, 0.10, 0.25, 0.40]", "%zu shares", n_grades);
    }
    for (size_t i = 0; i < n_grades && i < N_GRADES; ++i) {
        out[i] = grades[i];
    }
}

static const struct optimism_pack *read_optimism(const struct pack_reader *reader,
                                                 const struct setting *group, const char *id)
{
    struct optimism_pack *pack = arena_alloc(reader->arena, sizeof *pack);
    *pack = (struct optimism_pack){
        .id = id,
        .label = field_text(group, "label", id),
        .vintage = field_text(group, "vintage", ""),
        .source_id = field_text(group, "source", ""),
        .setting = group,
    };
    read_grades(reader, group, "cost_uplift_by_grade", pack->cost_uplift);
    read_grades(reader, group, "benefit_reduction_by_grade", pack->benefit_reduction);
    return pack;
}

static void check_same_kind(const struct pack_reader *reader, const struct layer_item *item,
                            size_t kind)
{
    if (item->replaced == NULL) {
        return;
    }
    size_t old = field_choice(item->replaced->setting, "kind", kind_names, N_PACK_KINDS);
    if (old != kind && old < N_PACK_KINDS) {
        setting_complain(reader->diagnostics, setting_find(item->setting, "kind"), DIAGNOSTIC_E433,
                         "the kind of the pack it replaces",
                         "keep the kind, or give the new pack a name of its own",
                         "\"%s\" is a pack of kind \"%s\" at %s", item->id, kind_names[old],
                         layer_place_words(reader->arena, item->replaced->setting));
    }
}

const struct packs *pack_read(struct arena *arena, const struct layered_document *documents,
                              size_t n_documents, struct diagnostics *diagnostics)
{
    const struct pack_reader reader = {.arena = arena, .diagnostics = diagnostics};
    struct layer_items items = {.arena = arena};
    layer_gather(&items, documents, n_documents, "packs");
    layer_settle(&items, "pack", true, diagnostics);
    struct packs *packs = arena_alloc(arena, sizeof *packs);
    const struct appraisal_pack **appraisal = arena_array(arena, items.n_items, sizeof *appraisal);
    const struct deflator_pack **deflator = arena_array(arena, items.n_items, sizeof *deflator);
    const struct optimism_pack **optimism = arena_array(arena, items.n_items, sizeof *optimism);
    *packs = (struct packs){.appraisal = appraisal, .deflator = deflator, .optimism = optimism};
    for (size_t i = 0; i < items.n_items; ++i) {
        const struct layer_item *item = &items.items[i];
        size_t kind = field_choice(item->setting, "kind", kind_names, N_PACK_KINDS);
        if (kind == N_PACK_KINDS) {
            continue;
        }
        check_keys(&reader, item->setting, (enum pack_kind)kind);
        check_same_kind(&reader, item, kind);
        if (kind == PACK_APPRAISAL) {
            appraisal[packs->n_appraisal++] = read_appraisal(&reader, item->setting, item->id);
        } else if (kind == PACK_DEFLATOR) {
            deflator[packs->n_deflator++] = read_deflator(&reader, item->setting, item->id);
        } else {
            optimism[packs->n_optimism++] = read_optimism(&reader, item->setting, item->id);
        }
    }
    return packs;
}

void pack_check_sources(const struct packs *packs, const struct evidence *evidence,
                        struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < packs->n_appraisal; ++i) {
        evidence_check_source(evidence, setting_find(packs->appraisal[i]->setting, "source"),
                              diagnostics);
    }
    for (size_t i = 0; i < packs->n_deflator; ++i) {
        evidence_check_source(evidence, setting_find(packs->deflator[i]->setting, "source"),
                              diagnostics);
    }
    for (size_t i = 0; i < packs->n_optimism; ++i) {
        evidence_check_source(evidence, setting_find(packs->optimism[i]->setting, "source"),
                              diagnostics);
    }
}
