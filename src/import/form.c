#include "import/form.h"

#include "base/text.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- sheets and headings ---- */

static const char *const sheet_names[N_FORM_SHEETS] = {[FORM_SCENARIO] = "Scenario",
                                                       [FORM_INPUTS] = "Inputs",
                                                       [FORM_FUNDING] = "Funding",
                                                       [FORM_POOLS] = "Pools",
                                                       [FORM_EVIDENCE] = "Evidence"};

struct column_row {
    const char *heading;
    bool is_entry;
};

static const struct column_row columns[N_FORM_COLUMNS] = {
    [COLUMN_WHAT] = {"What", false},
    [COLUMN_VALUE] = {"Your value", true},
    [COLUMN_FORM] = {"Form", true},
    [COLUMN_LOW] = {"Low", true},
    [COLUMN_HIGH] = {"High", true},
    [COLUMN_EVENTS] = {"Events", true},
    [COLUMN_OF_N] = {"Of n", true},
    [COLUMN_REASON] = {"Reason", true},
    [COLUMN_PAYER] = {"Who pays", true},
    [COLUMN_SHARE] = {"Share", true},
    [COLUMN_POOL] = {"Pool", true},
    [COLUMN_LABEL] = {"Name of the pool", true},
    [COLUMN_SUM] = {"Sum of this pool", false},
    [COLUMN_UNIT] = {"Unit", false},
    [COLUMN_ALLOWED] = {"Allowed", false},
    [COLUMN_BLANK] = {"If left blank", false},
    [COLUMN_LEAST] = {"At least", false},
    [COLUMN_MOST] = {"At most", false},
    [COLUMN_PRICES] = {"Prices of", false},
    [COLUMN_IN_USE] = {"In use", false},
    [COLUMN_IN_USE_LOW] = {"95 % from", false},
    [COLUMN_IN_USE_HIGH] = {"95 % to", false},
    [COLUMN_SOURCE] = {"Source", false},
    [COLUMN_GRADE] = {"Grade", false},
    [COLUMN_ID] = {"Id", false}};

static const enum form_column scenario_columns[] = {COLUMN_WHAT,    COLUMN_VALUE, COLUMN_UNIT,
                                                    COLUMN_ALLOWED, COLUMN_BLANK, COLUMN_ID,
                                                    N_FORM_COLUMNS};

static const enum form_column input_columns[] = {
    COLUMN_WHAT,  COLUMN_VALUE, COLUMN_FORM,  COLUMN_LOW, COLUMN_HIGH,   COLUMN_UNIT,
    COLUMN_LEAST, COLUMN_MOST,  COLUMN_BLANK, COLUMN_ID,  N_FORM_COLUMNS};

static const enum form_column funding_columns[] = {COLUMN_PAYER, COLUMN_SHARE, N_FORM_COLUMNS};

static const enum form_column pool_columns[] = {COLUMN_POOL,  COLUMN_LABEL, COLUMN_PAYER,
                                                COLUMN_SHARE, COLUMN_SUM,   N_FORM_COLUMNS};

static const enum form_column evidence_columns[] = {
    COLUMN_WHAT,        COLUMN_UNIT,   COLUMN_PRICES, COLUMN_IN_USE, COLUMN_IN_USE_LOW,
    COLUMN_IN_USE_HIGH, COLUMN_VALUE,  COLUMN_FORM,   COLUMN_LOW,    COLUMN_HIGH,
    COLUMN_EVENTS,      COLUMN_OF_N,   COLUMN_REASON, COLUMN_SOURCE, COLUMN_GRADE,
    COLUMN_ID,          N_FORM_COLUMNS};

const char *form_sheet_name(enum form_sheet sheet)
{
    return sheet_names[sheet];
}

const char *form_column_heading(enum form_column column)
{
    return columns[column].heading;
}

bool form_column_is_entry(enum form_column column)
{
    return columns[column].is_entry;
}

const enum form_column *form_sheet_columns(enum form_sheet sheet)
{
    static const enum form_column *const of_sheet[N_FORM_SHEETS] = {
        [FORM_SCENARIO] = scenario_columns,
        [FORM_INPUTS] = input_columns,
        [FORM_FUNDING] = funding_columns,
        [FORM_POOLS] = pool_columns,
        [FORM_EVIDENCE] = evidence_columns};

    return of_sheet[sheet];
}

bool form_has_sheet(const struct import_form *form, enum form_sheet sheet)
{
    switch (sheet) {
    case FORM_INPUTS:
        return form->model->n_inputs > 0;
    case FORM_FUNDING:
    case FORM_POOLS:
        return form->has_funding;
    case FORM_EVIDENCE:
        return form->n_evidence > 0;
    case FORM_SCENARIO:
    case N_FORM_SHEETS:
        break;
    }
    return true;
}

/* ---- choices ---- */

const struct form_choice *form_find_choice(const struct form_choices *choices, const char *words)
{
    for (size_t i = 0; i < choices->n_items; ++i) {
        if (strcasecmp(choices->items[i].words, words) == 0) {
            return &choices->items[i];
        }
    }
    for (size_t i = 0; i < choices->n_items; ++i) {
        if (strcasecmp(choices->items[i].id, words) == 0) {
            return &choices->items[i];
        }
    }
    return NULL;
}

static const struct form_choice kinds[N_FORM_KINDS] = {
    [FORM_EXACT] = {"exact", "exact"},
    [FORM_NORMAL] = {"normal", "normal: value, 95 % from low to high"},
    [FORM_LOGNORMAL] = {"lognormal", "lognormal: value, 95 % from low to high"},
    [FORM_GAMMA] = {"gamma", "gamma: value, 95 % from low to high"},
    [FORM_BETA] = {"beta", "beta: value, 95 % from low to high"},
    [FORM_PERT] = {"pert", "pert: likely value, lowest, highest"},
    [FORM_TRIANGULAR] = {"triangular", "triangular: likely value, lowest, highest"},
    [FORM_UNIFORM] = {"uniform", "uniform: lowest and highest only"},
    [FORM_EVENTS] = {"events of n", "events of n: counted among n people"}};

static const struct form_choice yes_no[] = {{"true", "yes"}, {"false", "no"}};

enum { FIRST_YEAR = 2010, N_YEARS = 41 };

static void list_years(struct arena *arena, struct form_choices *list)
{
    struct form_choice *items = arena_array(arena, N_YEARS, sizeof *items);
    for (int i = 0; i < N_YEARS; ++i) {
        char year[16];
        text_format_financial_year(year, FIRST_YEAR + i);
        items[i].id = items[i].words = arena_copy_text(arena, year);
    }
    *list = (struct form_choices){.heading = "Financial years", .items = items, .n_items = N_YEARS};
}

static void list_areas(struct arena *arena, const struct library *library,
                       struct form_choices *list)
{
    size_t n = library->n_areas;
    struct form_choice *items = arena_array(arena, n + 1, sizeof *items);
    for (size_t i = 0; i < n; ++i) {
        items[i] = (struct form_choice){library->areas[i].id, library->areas[i].label};
    }
    *list = (struct form_choices){.heading = "Areas", .items = items, .n_items = n};
}

static void list_perspectives(struct arena *arena, const struct sectors *sectors,
                              struct form_choices *list)
{
    size_t n = sectors->n_perspectives;
    struct form_choice *items = arena_array(arena, n + 1, sizeof *items);
    for (size_t i = 0; i < n; ++i) {
        items[i] =
            (struct form_choice){sectors->perspectives[i].id, sectors->perspectives[i].label};
    }
    *list = (struct form_choices){.heading = "Perspectives", .items = items, .n_items = n};
}

static void list_packs(struct arena *arena, const struct packs *packs, struct form_choices *list)
{
    size_t n = packs->n_appraisal;
    struct form_choice *items = arena_array(arena, n + 1, sizeof *items);
    for (size_t i = 0; i < n; ++i) {
        items[i] = (struct form_choice){packs->appraisal[i]->id, packs->appraisal[i]->id};
    }
    *list = (struct form_choices){.heading = "Appraisal packs", .items = items, .n_items = n};
}

/* Two partners of one label are told apart by their ids. */
static void tell_apart(struct arena *arena, struct form_choice *items, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        bool repeated = false;
        for (size_t k = 0; k < n; ++k) {
            repeated = repeated || (k != i && strcasecmp(items[i].words, items[k].words) == 0);
        }
        if (repeated) {
            items[i].words = arena_printf(arena, "%s (%s)", items[i].words, items[i].id);
        }
    }
}

static void list_payers(struct arena *arena, const struct sectors *sectors,
                        struct form_choices *list)
{
    size_t n = sectors->n_sectors + sectors->n_groups;
    struct form_choice *items = arena_array(arena, n + 1, sizeof *items);
    for (size_t i = 0; i < sectors->n_sectors; ++i) {
        items[i] = (struct form_choice){sectors->sectors[i].id, sectors->sectors[i].label};
    }
    for (size_t i = sectors->n_sectors; i < n; ++i) {
        const struct sector_group *group = &sectors->groups[i - sectors->n_sectors];
        items[i] = (struct form_choice){group->id, group->label};
    }
    tell_apart(arena, items, n);
    *list = (struct form_choices){.heading = "Partners", .items = items, .n_items = n};
}

static void fill_lists(struct arena *arena, struct import_form *form)
{
    const struct library *library = form->library;
    list_years(arena, &form->lists[LIST_YEARS]);
    list_areas(arena, library, &form->lists[LIST_AREAS]);
    list_perspectives(arena, library->sectors, &form->lists[LIST_PERSPECTIVES]);
    list_packs(arena, library->packs, &form->lists[LIST_PACKS]);
    list_payers(arena, library->sectors, &form->lists[LIST_PAYERS]);
    form->lists[LIST_YES_NO] =
        (struct form_choices){.heading = "Yes or no", .items = yes_no, .n_items = 2};
    form->lists[LIST_FORMS] =
        (struct form_choices){.heading = "Forms", .items = kinds, .n_items = N_FORM_KINDS};
}

/* ---- rows ---- */

static void add_row(struct import_form *form, struct form_row row)
{
    form->rows[form->n_rows++] = row;
}

static void add_identity(struct arena *arena, struct import_form *form)
{
    add_row(form, (struct form_row){.id = "form",
                                    .what = "Form of this template",
                                    .allowed = "leave as it is",
                                    .entry = ENTRY_LOCKED,
                                    .list = LIST_NONE,
                                    .value = arena_printf(arena, "dividend %d", FORM_VERSION)});
    add_row(form, (struct form_row){.id = "model",
                                    .what = "Model",
                                    .allowed = "leave as it is",
                                    .entry = ENTRY_LOCKED,
                                    .list = LIST_NONE,
                                    .value = form->model->id});
    add_row(form,
            (struct form_row){.id = "name",
                              .what = "Name of the scenario: its file will be NAME.cfg",
                              .allowed = "small letters, digits and _, beginning with a letter",
                              .entry = ENTRY_NAME,
                              .list = LIST_NONE,
                              .required = true,
                              .blank = "required",
                              .value = form->name});
}

static void add_words(struct import_form *form)
{
    add_row(form, (struct form_row){.id = "title",
                                    .what = "Title, printed with every result",
                                    .allowed = "words: what, where, for how long",
                                    .entry = ENTRY_TEXT,
                                    .list = LIST_NONE,
                                    .required = true,
                                    .blank = "required"});
    add_row(form, (struct form_row){.id = "area",
                                    .what = "Area",
                                    .allowed = "one of the list, or your own words",
                                    .entry = ENTRY_TEXT,
                                    .list = LIST_AREAS,
                                    .blank = "not stated"});
    add_row(form, (struct form_row){.id = "question",
                                    .what = "Question: the decision this informs",
                                    .allowed = "words",
                                    .entry = ENTRY_TEXT,
                                    .list = LIST_NONE,
                                    .blank = "the model's question"});
    add_row(form, (struct form_row){.id = "note",
                                    .what = "Note: what a reader must know",
                                    .allowed = "words",
                                    .entry = ENTRY_TEXT,
                                    .list = LIST_NONE,
                                    .blank = "none"});
}

static void add_years(struct arena *arena, struct import_form *form)
{
    const struct health_model *health = form->model->health;
    if (form->has_ledger) {
        add_row(form, (struct form_row){.id = "start_year",
                                        .what = "First year of delivery",
                                        .unit = "financial year",
                                        .allowed = "as 2026-27",
                                        .entry = ENTRY_YEAR,
                                        .list = LIST_YEARS,
                                        .required = true,
                                        .blank = "required"});
        add_row(form,
                (struct form_row){.id = "funded_years",
                                  .what = "Years of delivery that are paid for",
                                  .unit = "years",
                                  .allowed = "a whole number from 1 to the horizon, or recurrent",
                                  .entry = ENTRY_FUNDED_YEARS,
                                  .list = LIST_NONE,
                                  .required = true,
                                  .blank = "required"});
    }
    if (form->has_horizon) {
        char years[32] = "";
        if (health != NULL) {
            text_format_exact(years, health->horizon_years);
        }
        add_row(form,
                (struct form_row){
                    .id = "horizon_years",
                    .what = "Horizon: years over which costs and effects count",
                    .unit = "years",
                    .allowed =
                        form->has_ledger ? "a whole number from 1 to 200" : "above 0, at most 200",
                    .entry = ENTRY_HORIZON,
                    .list = LIST_NONE,
                    .required = form->has_ledger,
                    .blank = form->has_ledger ? "required"
                                              : arena_printf(arena, "the model's own: %s", years)});
    }
}

static void add_conventions(struct arena *arena, struct import_form *form)
{
    const struct run_settings *run = &form->library->run;
    char year[16];
    text_format_financial_year(year, run->price_year);
    add_row(form, (struct form_row){.id = "perspective",
                                    .what = "Perspective: whose gain the headline counts",
                                    .allowed = "one of the list",
                                    .entry = ENTRY_CHOICE,
                                    .list = LIST_PERSPECTIVES,
                                    .in_conventions = true,
                                    .blank = "as in run.cfg, else public_sector"});
    add_row(form, (struct form_row){.id = "price_year",
                                    .what = "Price year: results are in prices of",
                                    .unit = "financial year",
                                    .allowed = "as 2026-27",
                                    .entry = ENTRY_YEAR,
                                    .list = LIST_YEARS,
                                    .in_conventions = true,
                                    .blank = arena_printf(arena, "as in run.cfg, else %s", year)});
    add_row(form, (struct form_row){.id = "appraisal_pack",
                                    .what = "Rules of appraisal: discounting, value of a QALY",
                                    .allowed = "one of the list",
                                    .entry = ENTRY_CHOICE,
                                    .list = LIST_PACKS,
                                    .in_conventions = true,
                                    .blank = "as in run.cfg, else green_book_2022"});
    add_row(form, (struct form_row){.id = "monetise_qalys",
                                    .what = "Count health in pounds, as social value",
                                    .allowed = "yes or no",
                                    .entry = ENTRY_CHOICE,
                                    .list = LIST_YES_NO,
                                    .in_conventions = true,
                                    .blank = "as in run.cfg, else no"});
}

static void find_evidence(struct arena *arena, struct import_form *form)
{
    const struct evidence *evidence = form->library->evidence;
    const struct parameter **used = arena_array(arena, evidence->n_parameters + 1, sizeof *used);
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        if (model_uses_parameter(form->model, evidence, evidence->parameters[i])) {
            used[form->n_evidence++] = evidence->parameters[i];
        }
    }
    form->evidence = used;
}

static bool needs_funding(const struct model *model)
{
    for (size_t i = 0; i < model->n_costs; ++i) {
        if (model->costs[i].n_payers == 0) {
            return true;
        }
    }
    return false;
}

const struct import_form *form_make(struct arena *arena, const struct library *library,
                                    const struct model *model, const char *name)
{
    struct import_form *form = arena_alloc(arena, sizeof *form);
    form->name = name;
    form->library = library;
    form->model = model;
    form->has_ledger = model->health == NULL;
    form->has_horizon = form->has_ledger || model->health->kind != HEALTH_TREE;
    form->has_funding = form->has_ledger && needs_funding(model);
    fill_lists(arena, form);
    add_identity(arena, form);
    add_words(form);
    add_years(arena, form);
    add_conventions(arena, form);
    find_evidence(arena, form);
    return form;
}
