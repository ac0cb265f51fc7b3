/* Sheets of words: cover, contents, notes, evidence. */
#include "report/report_assurance.h"
#include "report/workbook_private.h"

#include <math.h>
#include <string.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct workbook_column item_columns[] = {{"Item", SHOW_TEXT}, {"Words", SHOW_WORDS}};

static void add_item(struct workbook_sheet *sheet, const char *item, const char *words)
{
    sheet_text(sheet, item);
    sheet_text(sheet, words);
}

/* ---- Cover ---- */

static const char *title_of(struct arena *arena, const struct report_run *run)
{
    if (run->n_portfolios == 1) {
        return run->portfolios[0].portfolio->title;
    }
    if (run->n_results == 1) {
        return run->results[0].plan->scenario->title;
    }
    return arena_printf(arena, "Return on prevention: %zu scenarios compared", run->n_results);
}

static const char *question_of(const struct report_run *run)
{
    const char *question = NULL;
    if (run->n_portfolios == 1) {
        question = run->portfolios[0].portfolio->question;
    } else if (run->n_results == 1) {
        const struct scenario *scenario = run->results[0].plan->scenario;
        question = scenario->question != NULL || scenario->model == NULL
                       ? scenario->question
                       : scenario->model->question;
    }
    return question != NULL ? question
                            : "Who pays, who gains, when and how surely, for each scenario of "
                              "Summary?";
}

/* One item for each line that is written by `write_conventions`. */
static void add_lines(struct workbook_sheet *sheet, const char *item, const struct text *lines)
{
    for (const char *line = lines->bytes; line != NULL && *line != '\0';) {
        size_t n = strcspn(line, "\n");
        add_item(sheet, item, arena_copy_span(sheet->arena, line, n));
        line += n + (line[n] == '\n' ? 1 : 0);
    }
}

static void add_conventions(struct workbook_sheet *sheet, const struct report_run *run)
{
    struct text lines;
    text_init(&lines);
    write_conventions(&lines, run, run->results[0].plan->scenario, "");
    add_lines(sheet, "Conventions", &lines);
    text_clear(&lines);
    for (size_t i = 1; i < run->n_results; ++i) {
        const struct scenario *scenario = run->results[i].plan->scenario;
        struct text words;
        text_init(&words);
        if (write_convention_differences(&words, run->results[0].plan->scenario, scenario)) {
            add_item(sheet, "Other conventions",
                     arena_printf(sheet->arena, "%s:%s", scenario->id, words.bytes));
        }
        text_clear(&words);
    }
}

static void add_sign_off(struct workbook_sheet *sheet, const struct report_run *run)
{
    struct text words;
    text_init(&words);
    write_run_sign_off(&words, run);
    add_item(sheet, "Sign-off", words.bytes);
    text_clear(&words);
    text_init(&words);
    write_run_checks(&words, run);
    add_item(sheet, "Checks", words.bytes);
    text_clear(&words);
}

void workbook_add_cover(struct workbook *book, const struct report_run *run)
{
    book->title = workbook_words(book->arena, title_of(book->arena, run));
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Cover", "Cover", book->title,
        "What this workbook answers, and by which conventions.", item_columns, N_OF(item_columns));
    add_item(sheet, "Question", question_of(run));
    add_sign_off(sheet, run);
    if (run->n_results > 0) {
        add_conventions(sheet, run);
    }
    add_item(sheet, "Made by",
             arena_printf(sheet->arena,
                          "dividend %s, seed %llu; inputs and their hashes are in "
                          "manifest.json beside this workbook",
                          run->program_version, (unsigned long long)run->seed));
    if (book->n_left_out > 0) {
        add_item(sheet, "Left out",
                 arena_printf(sheet->arena,
                              "%zu scenarios for which a workbook has no room: the .csv files hold "
                              "them all",
                              book->n_left_out));
    }
}

/* ---- Contents ---- */

static const struct workbook_column contents_columns[] = {
    {"Sheet", SHOW_TEXT}, {"What it holds", SHOW_WORDS}, {"Rows", SHOW_COUNT}};

void workbook_fill_contents(struct workbook *book)
{
    struct workbook_sheet *contents = book_find(book, "Contents");
    for (size_t i = 0; i < book->n_sheets; ++i) {
        const struct workbook_sheet *sheet = &book->sheets[i];
        size_t n_rows = sheet == contents ? book->n_sheets : sheet_n_rows(sheet);
        sheet_text(contents, sheet->name);
        contents->cells[contents->n_cells - 1].kind = CELL_LINK;
        sheet_text(contents,
                   i == 0 ? "Title, question, sign-off, conventions" : sheet->top[0][0].words);
        sheet_number(contents, (double)n_rows);
    }
}

/* ---- Notes ---- */

static void add_fixed_notes(struct workbook_sheet *sheet)
{
    static const char *const notes[][2] = {
        {"[x]", "not available: it was not stated, or could not be worked out"},
        {"[z]", "not applicable: e.g. a return where nothing is invested, a kind of flow that a "
                "partner does not have, a sum that is not defined"},
        {"Lower 95, Upper 95", "ends of the 95 % interval over draws; intervals do not add up"},
        {"Chance", "share of draws in which the statement holds, from 0 to 1"},
        {"Monte Carlo error", "standard error of the figure from the number of draws alone: how "
                              "far another seed would move it"},
        {"Cash", "cash costs, cashable savings and transfers, in nominal GBP"},
        {"Cashable", "spending that stops; a non-cashable saving frees capacity"},
        {"Levered in", "money from outside: a source of funding, never a saving, in no net"},
        {"Real and nominal", "real: prices of the price year on the cover; nominal: what is paid "
                             "in the year, by the deflator named there"},
        {"Formulas", "sums, net present values, returns and reconciliations are live; other "
                     "figures are the engine's, which live formulas must meet"},
        {"Reconciliation", "formula total less engine total in the lines above a table: 0.00, "
                           "unless a figure of the table was changed by hand"},
        {"Digits", "a workbook keeps 15 digits; the .csv files beside it keep all"},
        {"Perspectives and total", "sums over sectors: rows of different kinds of who must not be "
                                   "added to each other"}};
    for (size_t i = 0; i < N_OF(notes); ++i) {
        add_item(sheet, notes[i][0], notes[i][1]);
    }
}

static void add_scenario_notes(struct workbook_sheet *sheet, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_portfolios; ++i) {
        if (run->portfolios[i].portfolio->note != NULL) {
            add_item(sheet, run->portfolios[i].portfolio->id, run->portfolios[i].portfolio->note);
        }
    }
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario *scenario = run->results[i].plan->scenario;
        if (scenario->question != NULL) {
            add_item(sheet, scenario->id, scenario->question);
        }
        if (scenario->note != NULL) {
            add_item(sheet, scenario->id, scenario->note);
        }
        if (scenario->model != NULL && scenario->model->note != NULL) {
            add_item(sheet, scenario->model->id, scenario->model->note);
        }
    }
}

void workbook_add_notes(struct workbook *book, const struct report_run *run)
{
    (void)book_add_sheet(book, "Contents", "Contents", "Contents", "The sheets of this workbook.",
                         contents_columns, N_OF(contents_columns));
    struct workbook_sheet *sheet =
        book_add_sheet(book, "Notes", "Notes", "Notes",
                       "Shorthand and terms, then notes of scenarios and models, then warnings of "
                       "the run.",
                       item_columns, N_OF(item_columns));
    struct text warnings;
    text_init(&warnings);
    add_fixed_notes(sheet);
    add_scenario_notes(sheet, run);
    report_warnings(&warnings, run);
    add_lines(sheet, "Warning", &warnings);
    text_clear(&warnings);
}

/* ---- Evidence ---- */

/* A value that some scenario uses; the same in all that use it. */
struct used {
    const struct plan_use *use;
    const char *first; /* id of the first scenario that uses it */
    size_t n_scenarios;
};

struct used_list {
    struct used *items;
    size_t n_items, capacity;
};

static bool same_use(const struct plan_use *a, const struct plan_use *b)
{
    return a->parameter == b->parameter && a->input == b->input && a->override == b->override &&
           a->price_factor == b->price_factor && a->distribution.mean == b->distribution.mean &&
           a->distribution.sd == b->distribution.sd;
}

static void add_use(struct arena *arena, struct used_list *list, const struct plan_use *use,
                    const char *scenario)
{
    for (size_t i = 0; i < list->n_items; ++i) {
        if (same_use(list->items[i].use, use)) {
            ++list->items[i].n_scenarios;
            return;
        }
    }
    list->items =
        arena_grow(arena, list->items, list->n_items, &list->capacity, sizeof *list->items);
    list->items[list->n_items++] = (struct used){.use = use, .first = scenario, .n_scenarios = 1};
}

static struct used_list gather_uses(struct arena *arena, const struct report_run *run)
{
    struct used_list list = {0};
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct plan *plan = run->results[i].plan;
        for (size_t k = 0; k < plan->n_uses; ++k) {
            add_use(arena, &list, &plan->uses[k], plan->scenario->id);
        }
    }
    return list;
}

static const char *used_by(struct arena *arena, const struct used *used)
{
    return used->n_scenarios == 1
               ? used->first
               : arena_printf(arena, "%s and %zu more", used->first, used->n_scenarios - 1);
}

/* Name, label, unit, and the value with its spread. */
static void add_value(struct workbook_sheet *sheet, const struct plan_use *use)
{
    const struct parameter *parameter = use->parameter;
    const struct distribution *distribution = &use->distribution;
    sheet_text(sheet, parameter != NULL ? parameter->identity : use->input->id);
    sheet_text(sheet, parameter != NULL ? parameter->label : use->input->label);
    sheet_text(sheet, parameter != NULL ? parameter->unit : use->input->unit);
    sheet_text(sheet, distribution->reported);
    sheet_text(sheet, distribution_describe(sheet->arena, distribution));
    sheet_number(sheet, distribution->mean);
    sheet_number(sheet, distribution->q025);
    sheet_number(sheet, distribution->q975);
}

static void add_source(struct workbook_sheet *sheet, const struct parameter *parameter)
{
    const struct source *source = parameter->source;
    sheet_number(sheet, parameter->grade);
    sheet_text(sheet, parameter->source_id);
    sheet_text(sheet, source != NULL ? source->citation : parameter->reason);
    sheet_text(sheet, parameter->locator);
    sheet_text(sheet, source != NULL ? source->url : "[z]");
    sheet_text(sheet, source != NULL ? source->accessed : "[z]");
    sheet_text(sheet, source != NULL ? source->licence : "[z]");
    sheet_text(sheet, parameter->review_by);
}

static void add_evidence_row(struct workbook_sheet *sheet, const struct used *used)
{
    const struct plan_use *use = used->use;
    const struct parameter *parameter = use->parameter;
    size_t row = sheet_row(sheet);
    char price_year[16] = "[z]";
    add_value(sheet, use);
    if (parameter->price_year != 0) {
        text_format_financial_year(price_year, parameter->price_year);
    }
    sheet_text(sheet, price_year);
    sheet_number(sheet, use->price_factor);
    sheet_formula(sheet, use->distribution.mean * use->price_factor, "=F%zu*J%zu", row, row);
    add_source(sheet, parameter);
    sheet_text(sheet, use->override != NULL ? use->override->reason : "[z]");
    sheet_text(sheet, used_by(sheet->arena, used));
    if (parameter->replaced == NULL) {
        sheet_text(sheet, "[z]");
        sheet_text(sheet, "[z]");
        return;
    }
    struct text old;
    text_init(&old);
    write_replaced(&old, parameter);
    sheet_text(sheet, arena_copy_text(sheet->arena, old.bytes));
    sheet_text(sheet, parameter->replaces_because);
    text_clear(&old);
}

void workbook_add_evidence(struct workbook *book, const struct report_run *run)
{
    static const struct workbook_column columns[] = {{"Evidence", SHOW_TEXT},
                                                     {"Name", SHOW_WORDS},
                                                     {"Unit", SHOW_TEXT},
                                                     {"As reported", SHOW_TEXT},
                                                     {"Distribution", SHOW_TEXT},
                                                     {"Mean", SHOW_NUMBER},
                                                     {"Lower 95", SHOW_NUMBER},
                                                     {"Upper 95", SHOW_NUMBER},
                                                     {"Price year", SHOW_TEXT},
                                                     {"Price factor", SHOW_FACTOR},
                                                     {"Mean in the run's prices", SHOW_NUMBER},
                                                     {"Grade", SHOW_COUNT},
                                                     {"Source", SHOW_TEXT},
                                                     {"Citation or reason", SHOW_WORDS},
                                                     {"Where in it", SHOW_TEXT},
                                                     {"Address", SHOW_TEXT},
                                                     {"Read in", SHOW_TEXT},
                                                     {"Licence", SHOW_TEXT},
                                                     {"Review by", SHOW_TEXT},
                                                     {"Overridden because", SHOW_WORDS},
                                                     {"Used by", SHOW_TEXT},
                                                     {"Replaces, mean as shipped", SHOW_TEXT},
                                                     {"Replaces because", SHOW_WORDS}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Evidence", "Evidence", "Evidence with its sources",
        "Every item of evidence in use, as reported and as used; grade 1 is best, 6 an assumption.",
        columns, N_OF(columns));
    struct used_list list = gather_uses(book->arena, run);
    for (size_t i = 0; i < list.n_items; ++i) {
        if (list.items[i].use->parameter != NULL) {
            add_evidence_row(sheet, &list.items[i]);
        }
    }
    while (sheet->n_cells < sheet->n_columns) {
        sheet_text(sheet, "[z]");
    }
}
