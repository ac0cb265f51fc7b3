#include "batch/batch_private.h"
#include "reader/schema.h"
#include "scenario/portfolio.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct place no_place = {0};

/* A number as text, exact; NULL (blank) where there is none. */
static const char *exact(struct session *session, double number)
{
    char buffer[32];
    if (!isfinite(number)) {
        return NULL;
    }
    text_format_exact(buffer, number);
    return arena_copy_text(&session->arena, buffer);
}

/* Six significant digits are enough to recognise a fit in a table. */
/* Four figures, or whole with thousands grouped; NULL where not finite. */
static const char *rounded(struct session *session, double number)
{
    char buffer[48];
    if (!isfinite(number)) {
        return NULL;
    }
    if (fabs(number) < 1000.0 || fabs(number) >= 1e15) {
        return arena_printf(&session->arena, "%.4g", number);
    }
    text_format_grouped(buffer, number, 0);
    return arena_copy_text(&session->arena, buffer);
}

static const char *whole(struct session *session, long number)
{
    return arena_printf(&session->arena, "%ld", number);
}

static const char *year_text(struct session *session, int first_year)
{
    char buffer[16];
    if (first_year == 0) {
        return NULL;
    }
    text_format_financial_year(buffer, first_year);
    return arena_copy_text(&session->arena, buffer);
}

static const char *place_text(struct session *session, const struct setting *setting)
{
    return setting == NULL
               ? NULL
               : arena_printf(&session->arena, "%s:%d", setting->place.file, setting->place.line);
}

static const char *shares_text(struct session *session, const struct share *shares, size_t n)
{
    struct text text;
    text_init(&text);
    for (size_t share = 0; share < n; share++) {
        char buffer[32];
        text_format_exact(buffer, shares[share].share);
        text_printf(&text, "%s%s %s", share == 0 ? "" : "; ", shares[share].sector, buffer);
    }
    const char *copy = n == 0 ? NULL : arena_copy_text(&session->arena, text.bytes);
    text_clear(&text);
    return copy;
}

static void finish(struct session *session, struct listing *listing)
{
    listing_write(&session->out, listing, session->options.format, terminal_width(session));
}

static const char *cashable_text(struct session *session, const struct parameter *parameter)
{
    if (parameter->n_cashable_by_sector > 0) {
        return shares_text(session, parameter->cashable_by_sector, parameter->n_cashable_by_sector);
    }
    return parameter->has_cashable ? exact(session, parameter->cashable) : NULL;
}

static void list_evidence(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",    "unit",       "mean",      "q025",    "q975",
                                        "fit",   "grade",      "kind",      "sd",      "reported",
                                        "label", "price_year", "source",    "locator", "reason",
                                        "split", "cashable",   "review_by", "place",   "version"};
    static const char *const labels[] = {
        "Evidence", "Unit",  "Mean",     "2.5 %",     "97.5 %",     "Fit",    "Grade",
        "Kind",     "Sd",    "Reported", "Label",     "Price year", "Source", "Locator",
        "Reason",   "Split", "Cashable", "Review by", "Place",      "Version"};
    static const bool numbers[] = {false, false, true,  true,  true,  false, true,
                                   false, true,  false, false, false, false, false,
                                   false, false, false, false, false, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 20, .n_shown = 7};
    bool is_table = session->options.format == FORMAT_TABLE;
    const char *(*number)(struct session *, double) = is_table ? rounded : exact;
    for (size_t item = 0; item < library->evidence->n_parameters; item++) {
        const struct parameter *parameter = library->evidence->parameters[item];
        const struct distribution *fit = &parameter->distribution;
        bool uncertain = distribution_is_uncertain(fit);
        const char **row = listing_add_row(session, &listing);
        row[0] = parameter->identity;
        row[1] = parameter->unit;
        row[2] = number(session, fit->mean);
        row[3] = uncertain ? number(session, fit->q025) : NULL;
        row[4] = uncertain ? number(session, fit->q975) : NULL;
        row[5] = distribution_describe(&session->arena, fit);
        row[6] = whole(session, parameter->grade);
        row[7] = parameter_kind_name(parameter->kind);
        row[8] = uncertain ? number(session, fit->sd) : NULL;
        row[9] = fit->reported;
        row[10] = parameter->label;
        row[11] = year_text(session, parameter->price_year);
        row[12] = parameter->source_id;
        row[13] = parameter->locator;
        row[14] = parameter->reason;
        row[15] = shares_text(session, parameter->split, parameter->n_split);
        row[16] = cashable_text(session, parameter);
        row[17] = parameter->review_by;
        row[18] = place_text(session, parameter->setting);
        row[19] = parameter->version;
    }
    finish(session, &listing);
}

static void list_scenarios(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",         "title",        "model",         "area",
                                        "start_year", "funded_years", "horizon_years", "file"};
    static const char *const labels[] = {"Scenario", "Title",  "Model",   "Area",
                                         "Start",    "Funded", "Horizon", "File"};
    static const bool numbers[] = {false, false, false, false, false, true, true, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 8, .n_shown = 7};
    const struct scenario **scenarios = NULL;
    size_t n_scenarios = 0;
    if (!session_choose(session, library, &scenarios, &n_scenarios)) {
        return;
    }
    for (size_t item = 0; item < n_scenarios; item++) {
        const struct scenario *scenario = scenarios[item];
        const char **row = listing_add_row(session, &listing);
        row[0] = scenario->id;
        row[1] = scenario->title;
        row[2] = scenario->model->id;
        row[3] = scenario->area;
        row[4] = year_text(session, scenario->start_year);
        row[5] = whole(session, (long)scenario->funded_years);
        row[6] = whole(session, (long)scenario->horizon_years);
        row[7] = scenario->document->file;
    }
    finish(session, &listing);
}

static void list_models(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",     "title", "prevention", "population_reach",
                                        "inputs", "place"};
    static const char *const labels[] = {"Model", "Title",  "Prevention",
                                         "Reach", "Inputs", "Place"};
    struct listing listing = {.names = names, .labels = labels, .n_columns = 6, .n_shown = 5};
    for (size_t item = 0; item < library->models->n_models; item++) {
        const struct model *model = &library->models->models[item];
        const char **row = listing_add_row(session, &listing);
        struct text inputs;
        text_init(&inputs);
        for (size_t input = 0; input < model->n_inputs; input++) {
            text_printf(&inputs, "%s%s", input == 0 ? "" : " ", model->inputs[input].id);
        }
        row[0] = model->id;
        row[1] = model->title;
        row[2] = model->prevention;
        row[3] = model->population_reach;
        row[4] = inputs.n_bytes == 0 ? NULL : arena_copy_text(&session->arena, inputs.bytes);
        row[5] = place_text(session, model->setting);
        text_clear(&inputs);
    }
    finish(session, &listing);
}

static const char *formula_text(struct session *session, const struct amount *amount)
{
    if (amount->setting == NULL) {
        return NULL;
    }
    return setting_is_text(amount->setting) ? amount->setting->text
                                            : exact(session, amount->setting->number);
}

static void list_demands(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",        "label",        "unit", "baseline_per_person",
                                        "unit_cost", "release_step", "place"};
    static const char *const labels[] = {"Demand",    "Label", "Unit", "Baseline a person a year",
                                         "Unit cost", "Step",  "Place"};
    static const bool numbers[] = {false, false, false, false, false, true, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 7, .n_shown = 6};
    for (size_t item = 0; item < library->models->n_demands; item++) {
        const struct demand *demand = &library->models->demands[item];
        const char **row = listing_add_row(session, &listing);
        row[0] = demand->id;
        row[1] = demand->label;
        row[2] = demand->unit;
        row[3] = formula_text(session, &demand->baseline_per_person);
        row[4] = demand->unit_cost;
        row[5] = demand->release_step > 0 ? exact(session, demand->release_step) : NULL;
        row[6] = place_text(session, demand->setting);
    }
    finish(session, &listing);
}

static const char *perspectives_text(struct session *session, const struct sectors *sectors,
                                     uint32_t bits)
{
    struct text text;
    text_init(&text);
    for (size_t item = 0; item < sectors->n_perspectives; item++) {
        if ((bits & (UINT32_C(1) << item)) != 0) {
            text_printf(&text, "%s%s", text.n_bytes == 0 ? "" : " ",
                        sectors->perspectives[item].id);
        }
    }
    const char *copy = text.n_bytes == 0 ? NULL : arena_copy_text(&session->arena, text.bytes);
    text_clear(&text);
    return copy;
}

static void list_sectors(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",           "what",         "label",
                                        "abbreviation", "perspectives", "members"};
    static const char *const labels[] = {"Id", "What", "Label", "Short", "Perspectives", "Members"};
    struct listing listing = {.names = names, .labels = labels, .n_columns = 6};
    const struct sectors *sectors = library->sectors;
    for (size_t item = 0; item < sectors->n_sectors; item++) {
        const char **row = listing_add_row(session, &listing);
        row[0] = sectors->sectors[item].id;
        row[1] = "sector";
        row[2] = sectors->sectors[item].label;
        row[3] = sectors->sectors[item].abbreviation;
        row[4] = perspectives_text(session, sectors, sectors->sectors[item].perspectives);
    }
    for (size_t item = 0; item < sectors->n_groups; item++) {
        const struct sector_group *group = &sectors->groups[item];
        const char **row = listing_add_row(session, &listing);
        row[0] = group->id;
        row[1] = "group";
        row[2] = group->label;
        row[5] = shares_text(session, group->members, group->n_members);
    }
    for (size_t item = 0; item < sectors->n_perspectives; item++) {
        const char **row = listing_add_row(session, &listing);
        row[0] = sectors->perspectives[item].id;
        row[1] = "perspective";
        row[2] = sectors->perspectives[item].label;
    }
    finish(session, &listing);
}

static const char *schedule_text(struct session *session, const struct schedule *schedule)
{
    struct text text;
    text_init(&text);
    for (size_t band = 0; band < schedule->n_bands; band++) {
        text_printf(&text, "%s%.3g %% from year %d", band == 0 ? "" : ", ",
                    100 * schedule->rate[band], schedule->from_year[band]);
    }
    const char *copy = text.n_bytes == 0 ? NULL : arena_copy_text(&session->arena, text.bytes);
    text_clear(&text);
    return copy;
}

static void list_packs(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",    "kind",   "label", "vintage",
                                        "costs", "health", "years", "source"};
    static const char *const labels[] = {"Pack",  "Kind",   "Label", "Vintage",
                                         "Costs", "Health", "Years", "Source"};
    struct listing listing = {.names = names, .labels = labels, .n_columns = 8, .n_shown = 5};
    const struct packs *packs = library->packs;
    for (size_t item = 0; item < packs->n_appraisal; item++) {
        const struct appraisal_pack *pack = packs->appraisal[item];
        const char **row = listing_add_row(session, &listing);
        row[0] = pack->id;
        row[1] = "appraisal";
        row[2] = pack->label;
        row[3] = pack->vintage;
        row[4] = schedule_text(session, &pack->costs);
        row[5] = schedule_text(session, &pack->health);
        row[7] = pack->source_id;
    }
    for (size_t item = 0; item < packs->n_deflator; item++) {
        const struct deflator_pack *pack = packs->deflator[item];
        const char **row = listing_add_row(session, &listing);
        row[0] = pack->id;
        row[1] = "deflator";
        row[2] = pack->label;
        row[3] = pack->vintage;
        row[6] = arena_printf(&session->arena, "%s to %s", year_text(session, pack->first_year),
                              year_text(session, pack->first_year + (int)pack->n_years - 1));
        row[7] = pack->source_id;
    }
    for (size_t item = 0; item < packs->n_optimism; item++) {
        const char **row = listing_add_row(session, &listing);
        row[0] = packs->optimism[item]->id;
        row[1] = "optimism";
        row[2] = packs->optimism[item]->label;
        row[3] = packs->optimism[item]->vintage;
        row[7] = packs->optimism[item]->source_id;
    }
    finish(session, &listing);
}

static void list_sources(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id", "year", "citation", "url", "accessed", "licence"};
    static const char *const labels[] = {"Source",  "Year", "Citation",
                                         "Address", "Read", "Licence"};
    static const bool numbers[] = {false, true, false, false, false, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 6, .n_shown = 3};
    for (size_t item = 0; item < library->evidence->n_sources; item++) {
        const struct source *source = library->evidence->sources[item];
        const char **row = listing_add_row(session, &listing);
        row[0] = source->id;
        row[1] = source->year == 0 ? NULL : whole(session, source->year);
        row[2] = source->citation;
        row[3] = source->url;
        row[4] = source->accessed;
        row[5] = source->licence;
    }
    finish(session, &listing);
}

static void add_dimension(struct session *session, struct listing *listing,
                          const struct library *library, const char *identity)
{
    size_t dimension = dimension_of(library->dimensions, identity);
    const char **row = listing_add_row(session, listing);
    row[0] = dimension == 0 ? NULL : whole(session, (long)dimension);
    row[1] = identity;
}

/* Every evidence item and every input: those without a dimension are drawn as a Latin hypercube. */
static void list_dimensions(struct session *session, const struct library *library)
{
    static const char *const names[] = {"dimension", "identity"};
    static const char *const labels[] = {"Dimension", "Parameter"};
    static const bool numbers[] = {true, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 2};
    for (size_t i = 0; i < library->evidence->n_parameters; ++i) {
        add_dimension(session, &listing, library, library->evidence->parameters[i]->identity);
    }
    for (size_t i = 0; i < library->models->n_models; ++i) {
        const struct model *model = &library->models->models[i];
        for (size_t k = 0; k < model->n_inputs; ++k) {
            add_dimension(
                session, &listing, library,
                arena_printf(&session->arena, "input:%s.%s", model->id, model->inputs[k].id));
        }
    }
    finish(session, &listing);
}

static const char *members_text(struct session *session, const struct area_list *list)
{
    struct text text;
    text_init(&text);
    for (size_t i = 0; i < list->n_members; ++i) {
        text_printf(&text, "%s%s", i == 0 ? "" : " ", list->members[i]->id);
    }
    const char *copy = text.n_bytes == 0 ? NULL : arena_copy_text(&session->arena, text.bytes);
    text_clear(&text);
    return copy;
}

static const char *people_text(struct session *session, double people)
{
    bool is_table = session->options.format == FORMAT_TABLE;
    return is_table ? arena_printf(&session->arena, "%.0f", people) : exact(session, people);
}

/* People of all ages from the column of all on; blank where nobody is counted. */
static void fill_people(struct session *session, const double *people, const char **cells)
{
    double all = 0.0;
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        all += people[q];
        cells[q + 1] = people_text(session, people[q]);
    }
    cells[0] = people_text(session, all);
}

static void add_area_list(struct session *session, struct listing *listing,
                          const struct library *library, const struct area_list *list)
{
    double people[N_QUINTILES], sums[N_QUINTILES] = {0.0};
    bool counted = list->n_members > 0;
    const char **row = listing_add_row(session, listing);
    for (size_t i = 0; i < list->n_members; ++i) {
        counted = area_people(library, list->members[i], 0.0, AGE_WITHOUT_END, people) && counted;
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            sums[q] += people[q];
        }
    }
    row[0] = list->id;
    row[1] = list->label;
    if (counted) {
        fill_people(session, sums, &row[2]);
    }
    row[8] = "list";
    row[11] = members_text(session, list);
    row[12] = place_text(session, list->setting);
}

static void list_areas(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id", "label", "people", "q1",      "q2",      "q3",   "q4",
                                        "q5", "what",  "code",   "part_of", "members", "place"};
    static const char *const labels[] = {"Area", "Label", "People", "Q1",   "Q2",      "Q3",   "Q4",
                                         "Q5",   "What",  "Code",   "Part", "Members", "Place"};
    static const bool numbers[] = {false, false, true,  true,  true,  true, true,
                                   true,  false, false, false, false, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 13, .n_shown = 9};
    for (size_t item = 0; item < library->n_areas; item++) {
        const struct area *area = &library->areas[item];
        double people[N_QUINTILES];
        const char **row = listing_add_row(session, &listing);
        row[0] = area->id;
        row[1] = area->label;
        if (area_people(library, area, 0.0, AGE_WITHOUT_END, people)) {
            fill_people(session, people, &row[2]);
        }
        row[8] = area->part_of != NULL ? "part" : "area";
        row[9] = area->code;
        row[10] = area->part_of;
        row[12] = place_text(session, area->setting);
    }
    for (size_t item = 0; item < library->n_area_lists; item++) {
        add_area_list(session, &listing, library, &library->area_lists[item]);
    }
    finish(session, &listing);
}

static void list_portfolios(struct session *session, const struct library *library)
{
    static const char *const names[] = {"id",      "title",     "programmes", "start_year",
                                        "horizon", "objective", "place"};
    static const char *const labels[] = {"Portfolio", "Title",     "Programmes", "Start",
                                         "Horizon",   "Objective", "Place"};
    static const bool numbers[] = {false, false, true, false, true, false, false};
    struct listing listing = {
        .names = names, .labels = labels, .is_number = numbers, .n_columns = 7, .n_shown = 6};
    for (size_t item = 0; item < library->n_portfolios; item++) {
        const struct portfolio *portfolio = library->portfolios[item];
        char year[16];
        const char **row = listing_add_row(session, &listing);
        text_format_financial_year(year, portfolio->start_year);
        row[0] = portfolio->id;
        row[1] = portfolio->title;
        row[2] = arena_printf(&session->arena, "%zu", portfolio->n_programmes);
        row[3] = arena_copy_text(&session->arena, year);
        row[4] = arena_printf(&session->arena, "%zu", portfolio->horizon_years);
        row[5] = portfolio->objective;
        row[6] = place_text(session, portfolio->setting);
    }
    finish(session, &listing);
}

struct list_subject {
    const char *name;
    bool with_scenarios;
    void (*list)(struct session *session, const struct library *library);
};

static const struct list_subject subjects[] = {
    {"evidence", false, list_evidence}, {"scenarios", true, list_scenarios},
    {"models", false, list_models},     {"demands", false, list_demands},
    {"sectors", false, list_sectors},   {"packs", false, list_packs},
    {"sources", false, list_sources},   {"dimensions", false, list_dimensions},
    {"areas", false, list_areas},       {"portfolios", true, list_portfolios},
};

enum { N_SUBJECTS = sizeof subjects / sizeof subjects[0] };

static const struct list_subject *find_subject(struct session *session)
{
    static const char allowed[] = "evidence, scenarios, models, demands, sectors, packs, sources, "
                                  "areas, portfolios or dimensions";
    const struct word_list *words = &session->options.words;
    if (words->n_items == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL, allowed,
                        "for example `dividend list evidence`", "`dividend list` needs a subject");
        return NULL;
    }
    const char *known[N_SUBJECTS];
    for (size_t item = 0; item < N_SUBJECTS; item++) {
        known[item] = subjects[item].name;
        if (strcmp(words->items[0], known[item]) == 0) {
            return &subjects[item];
        }
    }
    const char *nearest = text_nearest(words->items[0], known, N_SUBJECTS);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E714, no_place, NULL, allowed,
                    nearest == NULL ? NULL
                                    : arena_printf(&session->arena,
                                                   "did you mean `dividend list %s`?", nearest),
                    "`%s` cannot be listed", words->items[0]);
    return NULL;
}

int command_list(struct session *session)
{
    const struct list_subject *subject = find_subject(session);
    if (subject == NULL) {
        terminal_print_diagnostics(session, "nothing was listed");
        return EXIT_BAD_INPUT;
    }
    struct word_list *words = &session->options.words;
    words->items++;
    words->n_items--;
    if (!subject->with_scenarios && words->n_items > 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "paths go with `dividend list scenarios` only",
                        "name other evidence and models with --models DIR",
                        "`dividend list %s` takes no path, but was given `%s`", subject->name,
                        words->items[0]);
    } else {
        session->lists_portfolios = subject->list == list_portfolios;
        const struct library *library = session_load(session, subject->with_scenarios);
        if (library != NULL) {
            subject->list(session, library);
        }
    }
    return terminal_print_diagnostics(session, "nothing was listed") ? EXIT_BAD_INPUT : EXIT_DONE;
}

int command_schema(struct session *session)
{
    const struct word_list *words = &session->options.words;
    const char *group = words->n_items > 0 ? words->items[0] : NULL;
    size_t n_groups = 0;
    const struct schema_group *groups = schema_groups(&n_groups);
    if (words->n_items > 1) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "one group, or none", NULL, "`dividend schema` was given %zu groups",
                        words->n_items);
    } else if (group != NULL && schema_group_find(group) == NULL) {
        const char **known = arena_array(&session->arena, n_groups, sizeof *known);
        for (size_t item = 0; item < n_groups; item++) {
            known[item] = groups[item].name;
        }
        const char *nearest = text_nearest(group, known, n_groups);
        diagnostics_add(
            &session->diagnostics, DIAGNOSTIC_E714, no_place, NULL, NULL,
            nearest == NULL
                ? "`dividend schema` shows them all"
                : arena_printf(&session->arena, "did you mean `dividend schema %s`?", nearest),
            "`%s` is not a group of the configuration language", group);
    }
    if (terminal_print_diagnostics(session, "nothing was shown")) {
        return EXIT_BAD_INPUT;
    }
    enum schema_style style = session->options.format == FORMAT_MD     ? SCHEMA_STYLE_MARKDOWN
                              : session->options.format == FORMAT_JSON ? SCHEMA_STYLE_JSON
                                                                       : SCHEMA_STYLE_TEXT;
    schema_write(&session->out, group, style);
    return EXIT_DONE;
}
