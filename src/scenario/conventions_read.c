/* Run settings and conventions: the scenario's own over the run's over the built-in ones. */
#include "base/text.h"
#include "scenario/scenario_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Real terms further than this from the published years would rest on the held growth rate alone.
 */
enum { PRICE_YEAR_REACH = 10 };

struct run_settings run_settings_default(void)
{
    return (struct run_settings){
        .seed = 1,
        .n_draws = 16384,
        .sampling = "sobol",
        .n_scramblings = 16,
        .max_draws = 4194304,
        .appraisal_pack = "green_book_2022",
        .deflator_pack = "hmt_gdp_march_2026",
        .optimism_pack = "off",
        .timing = "start",
        .perspective = "public_sector",
        .price_year = 2026,
        .monetise_qalys = false,
        .setting = NULL,
    };
}

struct run_settings run_settings_read(const struct document *run_document)
{
    struct run_settings run = run_settings_default();
    const struct setting *group =
        run_document != NULL ? setting_find(run_document->root, "run") : NULL;
    if (!setting_is_group(group)) {
        return run;
    }
    const struct setting *conventions = setting_find(group, "conventions");
    int price_year = field_financial_year(conventions, "price_year");
    run.seed = (uint64_t)field_whole(group, "seed", (size_t)run.seed);
    run.n_draws = field_whole(group, "draws", run.n_draws);
    run.sampling = field_text(group, "sampling", run.sampling);
    run.n_scramblings = field_whole(group, "scramblings", run.n_scramblings);
    const struct setting *precision = setting_find(group, "precision");
    run.precision_of = field_text(precision, "of", NULL);
    run.precision_se = field_number(precision, "se", 0.0);
    run.max_draws = field_whole(precision, "max_draws", run.max_draws);
    run.as_of = field_month(group, "as_of");
    run.appraisal_pack = field_text(conventions, "appraisal_pack", run.appraisal_pack);
    run.deflator_pack = field_text(conventions, "deflator_pack", run.deflator_pack);
    run.optimism_pack = field_text(conventions, "optimism_pack", run.optimism_pack);
    run.timing = field_text(conventions, "timing", run.timing);
    run.perspective = field_text(conventions, "perspective", run.perspective);
    run.price_year = price_year != 0 ? price_year : run.price_year;
    run.monetise_qalys = field_boolean(conventions, "monetise_qalys", run.monetise_qalys);
    run.setting = group;
    return run;
}

/* Where a convention was stated: the scenario, the run file, or (setting NULL) nowhere. */
struct stated {
    const struct setting *setting;
    bool by_scenario;
};

static struct stated find_stated(const struct scenario_reader *reader,
                                 const struct setting *scenario, const char *key)
{
    const struct setting *own = setting_find(setting_find(scenario, "conventions"), key);
    if (own != NULL) {
        return (struct stated){.setting = own, .by_scenario = true};
    }
    const struct setting *run = setting_find(reader->library->run.setting, "conventions");
    return (struct stated){.setting = setting_find(run, key)};
}

static const char *stated_text(const struct stated *stated, const char *fallback)
{
    return stated->by_scenario && setting_is_text(stated->setting) ? stated->setting->text
                                                                   : fallback;
}

/* Reports a problem of a convention: always at the scenario, once for the run and the built-in
 * ones. */
static void complain(struct scenario_reader *reader, enum convention convention,
                     const struct stated *stated, enum diagnostic_code code, const char *allowed,
                     const char *remedy, const char *found)
{
    if (!stated->by_scenario) {
        if (reader->complained[convention]) {
            return;
        }
        reader->complained[convention] = true;
    }
    if (stated->setting != NULL) {
        setting_complain(reader->diagnostics, stated->setting, code, allowed, remedy, "%s", found);
    } else {
        diagnostics_add(reader->diagnostics, code, (struct place){.file = NULL}, NULL, allowed,
                        remedy, "%s (the built-in convention)", found);
    }
}

static void complain_unknown(struct scenario_reader *reader, enum convention convention,
                             const struct stated *stated, const char *noun, const char *id,
                             const char *const *ids, size_t n_ids)
{
    complain(reader, convention, stated, DIAGNOSTIC_E615,
             arena_printf(reader->arena, "the id of a %s", noun),
             layer_suggest(reader->arena, text_nearest(id, ids, n_ids),
                           "see `dividend list`, or add it under models/"),
             arena_printf(reader->arena, "no %s is named \"%s\"", noun, id));
}

static const struct appraisal_pack *find_appraisal(struct scenario_reader *reader,
                                                   const struct setting *scenario)
{
    const struct packs *packs = reader->library->packs;
    struct stated stated = find_stated(reader, scenario, "appraisal_pack");
    const char *id = stated_text(&stated, reader->library->run.appraisal_pack);
    const struct appraisal_pack *pack = pack_find_appraisal(packs, id);
    if (pack == NULL) {
        const char **ids = arena_array(reader->arena, packs->n_appraisal, sizeof *ids);
        for (size_t i = 0; i < packs->n_appraisal; ++i) {
            ids[i] = packs->appraisal[i]->id;
        }
        complain_unknown(reader, CONVENTION_APPRAISAL, &stated, "pack of kind appraisal", id, ids,
                         packs->n_appraisal);
    }
    return pack;
}

static const struct deflator_pack *find_deflator(struct scenario_reader *reader,
                                                 const struct setting *scenario)
{
    const struct packs *packs = reader->library->packs;
    struct stated stated = find_stated(reader, scenario, "deflator_pack");
    const char *id = stated_text(&stated, reader->library->run.deflator_pack);
    const struct deflator_pack *pack = pack_find_deflator(packs, id);
    if (pack == NULL) {
        const char **ids = arena_array(reader->arena, packs->n_deflator, sizeof *ids);
        for (size_t i = 0; i < packs->n_deflator; ++i) {
            ids[i] = packs->deflator[i]->id;
        }
        complain_unknown(reader, CONVENTION_DEFLATOR, &stated, "pack of kind deflator", id, ids,
                         packs->n_deflator);
    }
    return pack;
}

static const struct optimism_pack *find_optimism(struct scenario_reader *reader,
                                                 const struct setting *scenario)
{
    const struct packs *packs = reader->library->packs;
    struct stated stated = find_stated(reader, scenario, "optimism_pack");
    const char *id = stated_text(&stated, reader->library->run.optimism_pack);
    if (strcmp(id, "off") == 0) {
        return NULL;
    }
    const struct optimism_pack *pack = pack_find_optimism(packs, id);
    if (pack == NULL) {
        const char **ids = arena_array(reader->arena, packs->n_optimism + 1, sizeof *ids);
        for (size_t i = 0; i < packs->n_optimism; ++i) {
            ids[i] = packs->optimism[i]->id;
        }
        ids[packs->n_optimism] = "off";
        complain_unknown(reader, CONVENTION_OPTIMISM, &stated, "pack of kind optimism", id, ids,
                         packs->n_optimism + 1);
    }
    return pack;
}

static const char *find_perspective(struct scenario_reader *reader, const struct setting *scenario)
{
    const struct sectors *sectors = reader->library->sectors;
    struct stated stated = find_stated(reader, scenario, "perspective");
    const char *id = stated_text(&stated, reader->library->run.perspective);
    if (sector_perspective_index(sectors, id) == SIZE_MAX) {
        const char *ids[SECTOR_MAX_PERSPECTIVES] = {NULL};
        for (size_t i = 0; i < sectors->n_perspectives; ++i) {
            ids[i] = sectors->perspectives[i].id;
        }
        complain_unknown(reader, CONVENTION_PERSPECTIVE, &stated, "perspective", id, ids,
                         sectors->n_perspectives);
    }
    return id;
}

static enum timing find_timing(const struct scenario_reader *reader, const struct setting *scenario)
{
    static const char *const names[] = {"start", "mid", "end"};
    struct stated stated = find_stated(reader, scenario, "timing");
    const char *id = stated_text(&stated, reader->library->run.timing);
    for (size_t i = 0; i < 3; ++i) {
        if (strcmp(names[i], id) == 0) {
            return (enum timing)i;
        }
    }
    return TIMING_START;
}

static int find_price_year(struct scenario_reader *reader, const struct setting *scenario,
                           const struct deflator_pack *deflator)
{
    struct stated stated = find_stated(reader, scenario, "price_year");
    int own = field_financial_year(setting_find(scenario, "conventions"), "price_year");
    int year = own != 0 ? own : reader->library->run.price_year;
    if (deflator == NULL || deflator->n_years == 0) {
        return year;
    }
    int last = deflator->first_year + (int)deflator->n_years - 1;
    if (year < deflator->first_year - PRICE_YEAR_REACH || year > last + PRICE_YEAR_REACH) {
        char words[3][16];
        text_format_financial_year(words[0], year);
        text_format_financial_year(words[1], deflator->first_year);
        text_format_financial_year(words[2], last);
        complain(reader, CONVENTION_PRICE_YEAR, &stated, DIAGNOSTIC_E616,
                 arena_printf(reader->arena,
                              "a year within ten years of %s to %s, which \"%s\" "
                              "covers",
                              words[1], words[2], deflator->id),
                 "choose a nearer price year, or a deflator pack that reaches it",
                 arena_printf(reader->arena, "the price year %s is out of reach", words[0]));
    }
    return year;
}

static bool find_monetise(struct scenario_reader *reader, const struct setting *scenario,
                          const struct appraisal_pack *appraisal)
{
    struct stated stated = find_stated(reader, scenario, "monetise_qalys");
    bool monetise = field_boolean(setting_find(scenario, "conventions"), "monetise_qalys",
                                  reader->library->run.monetise_qalys);
    if (monetise && appraisal != NULL && isnan(appraisal->qaly_value_gbp)) {
        complain(reader, CONVENTION_MONETISE_QALYS, &stated, DIAGNOSTIC_E617,
                 "a pack with qaly_value_gbp, or monetise_qalys = false",
                 "choose a pack that values a QALY",
                 arena_printf(reader->arena,
                              "QALYs are to be monetised, but the pack \"%s\" gives "
                              "them no value",
                              appraisal->id));
    }
    return monetise;
}

struct conventions scenario_read_conventions(struct scenario_reader *reader,
                                             const struct setting *scenario)
{
    struct conventions conventions = {
        .appraisal = find_appraisal(reader, scenario),
        .deflator = find_deflator(reader, scenario),
        .optimism = find_optimism(reader, scenario),
        .timing = find_timing(reader, scenario),
        .perspective = find_perspective(reader, scenario),
    };
    conventions.price_year = find_price_year(reader, scenario, conventions.deflator);
    conventions.monetise_qalys = find_monetise(reader, scenario, conventions.appraisal);
    return conventions;
}
