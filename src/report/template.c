/* What stands where in the template. */
#include "report/template_private.h"
#include "report/workbook_private.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADER_ROW = 3, FUNDING_HEADER_ROW = 4, LISTS_HEADER_ROW = 3 };

static const double LONGEST_TEXT = 1000.0;

static const double widths[N_FORM_COLUMNS] = {
    [COLUMN_WHAT] = 44.0,        [COLUMN_VALUE] = 16.0,  [COLUMN_FORM] = 22.0,
    [COLUMN_LOW] = 12.0,         [COLUMN_HIGH] = 12.0,   [COLUMN_EVENTS] = 10.0,
    [COLUMN_OF_N] = 10.0,        [COLUMN_REASON] = 36.0, [COLUMN_PAYER] = 40.0,
    [COLUMN_SHARE] = 14.0,       [COLUMN_POOL] = 24.0,   [COLUMN_LABEL] = 32.0,
    [COLUMN_SUM] = 14.0,         [COLUMN_UNIT] = 22.0,   [COLUMN_ALLOWED] = 32.0,
    [COLUMN_BLANK] = 30.0,       [COLUMN_LEAST] = 10.0,  [COLUMN_MOST] = 10.0,
    [COLUMN_PRICES] = 10.0,      [COLUMN_IN_USE] = 12.0, [COLUMN_IN_USE_LOW] = 12.0,
    [COLUMN_IN_USE_HIGH] = 12.0, [COLUMN_SOURCE] = 24.0, [COLUMN_GRADE] = 8.0,
    [COLUMN_ID] = 36.0};

struct composer {
    struct template_pen *pen;
    struct arena *arena;
    const struct import_form *form;
    const char *ranges[N_FORM_LISTS]; /* "=Lists!$A$5:$A$45" */
    double widths[N_FORM_COLUMNS];    /* of the sheet that is being written, by column */
    size_t places[N_FORM_COLUMNS];    /* its columns from 0, by what they hold */
    size_t lines;                     /* of the row that is being written */
};

/* ---- lists ---- */

static const char *list_range(struct arena *arena, size_t list, size_t n)
{
    char name[4];
    workbook_column_name(name, list);
    return arena_printf(arena, "=Lists!$%s$%d:$%s$%zu", name, LISTS_HEADER_ROW + 2, name,
                        LISTS_HEADER_ROW + 1 + (n > 0 ? n : 1));
}

static void find_ranges(struct composer *composer)
{
    for (size_t list = 0; list < N_FORM_LISTS; ++list) {
        composer->ranges[list] =
            list_range(composer->arena, list, composer->form->lists[list].n_items);
    }
}

static void lay_lists(struct composer *composer)
{
    static const double list_widths[N_FORM_LISTS] = {18.0, 46.0, 24.0, 34.0, 12.0, 44.0, 44.0};
    struct template_pen *pen = composer->pen;
    template_add_sheet(pen, "Lists", list_widths, N_FORM_LISTS, LISTS_HEADER_ROW);
    template_text(pen, 0, 0, LOOK_TITLE, "Lists to choose from");
    template_text(pen, 1, 0, LOOK_SENTENCE,
                  "The arrows beside the cells show these. There is nothing to fill in here.");
    for (size_t list = 0; list < N_FORM_LISTS; ++list) {
        const struct form_choices *choices = &composer->form->lists[list];
        template_text(pen, LISTS_HEADER_ROW, list, LOOK_HEADING, choices->heading);
        for (size_t i = 0; i < choices->n_items; ++i) {
            template_text(pen, LISTS_HEADER_ROW + 1 + i, list, LOOK_LABEL, choices->items[i].words);
        }
        if (choices->n_items == 0) {
            template_text(pen, LISTS_HEADER_ROW + 1, list, LOOK_LABEL, "none");
        }
    }
}

/* ---- sheets with headings ---- */

static void begin_sheet(struct composer *composer, enum form_sheet which, size_t header,
                        const char *title, const char *sentence)
{
    struct template_pen *pen = composer->pen;
    const enum form_column *columns = form_sheet_columns(which);
    size_t n = 0;
    for (; columns[n] < N_FORM_COLUMNS; ++n) {
        composer->widths[n] = widths[columns[n]];
        composer->places[columns[n]] = n;
    }
    if (which == FORM_SCENARIO) {
        composer->widths[composer->places[COLUMN_VALUE]] = 48.0;
        composer->widths[composer->places[COLUMN_ID]] = 16.0;
    }
    template_add_sheet(pen, form_sheet_name(which), composer->widths, n, header);
    template_text(pen, 0, 0, LOOK_TITLE, title);
    template_text(pen, 1, 0, LOOK_SENTENCE, sentence);
    template_text(pen, 2, 0, LOOK_SENTENCE,
                  "Framed yellow cells are yours to fill in; a thick frame: required. The rest is "
                  "locked, without a password.");
    for (size_t i = 0; i < n; ++i) {
        template_text(pen, header, i, LOOK_HEADING, form_column_heading(columns[i]));
    }
}

static size_t lines_of(const struct composer *composer, size_t column, const char *words)
{
    double width = 0.92 * composer->widths[column];
    return (size_t)((double)text_width(words) / width) + 1;
}

static void put(struct composer *composer, size_t row, enum form_column column, const char *words)
{
    size_t place = composer->places[column];
    if (words != NULL) {
        enum look look = column == COLUMN_ID     ? LOOK_ID
                         : column == COLUMN_WHAT ? LOOK_LABEL
                                                 : LOOK_WORDS;
        size_t n_lines = column == COLUMN_ID ? 1 : lines_of(composer, place, words);
        composer->lines = n_lines > composer->lines ? n_lines : composer->lines;
        template_text(composer->pen, row, place, look, words);
    }
}

static void put_number(struct composer *composer, size_t row, enum form_column column,
                       double number)
{
    template_number(composer->pen, row, composer->places[column], number);
}

static void put_entry(struct composer *composer, size_t row, enum form_column column,
                      enum look look, const struct ask *ask)
{
    template_entry(composer->pen, row, composer->places[column], look, ask, NULL);
}

static void end_row(struct composer *composer, size_t row)
{
    template_height(composer->pen, row, composer->lines);
    composer->lines = 1;
}

/* ---- Read me ---- */

static void lay_read_me(struct composer *composer)
{
    static const double width[] = {96.0};
    struct template_pen *pen = composer->pen;
    struct arena *arena = composer->arena;
    const struct import_form *form = composer->form;
    const char *lines[] = {
        arena_printf(arena, "A template for a scenario of: %s", form->model->title),
        form->model->question,
        "In three steps",
        arena_printf(
            arena,
            "1. Sheet Scenario says what, where and when; sheet%s who and how many%s. Thick "
            "frames are required; units and limits stand beside each cell.",
            form->has_funding ? "s Inputs and Funding" : " Inputs",
            form->has_funding ? ", and who pays" : ""),
        "2. Sheet Evidence shows every figure that the model stands on, with its source. Leave it "
        "blank, or put a local figure in its place: the value, how sure it is (Form), and the "
        "reason.",
        "3. Save it as an Excel workbook (.xlsx) and turn it into a scenario file:",
        arena_printf(arena, "    dividend import %s.xlsx", form->name),
        arena_printf(arena, "    dividend run scenarios/%s.cfg", form->name),
        "Good to know",
        "Whatever is wrong is told with its sheet and cell, all at once; nothing is written until "
        "it is right.",
        "Shares are 0 to 1: 60 % is 0.6, or typed as 60%. Numbers are typed without words, units "
        "or commas. Formulas are fine: the values that they show are taken.",
        "Rows may be moved and sorted, and columns added, while headings and the column Id stay as "
        "they are.",
        "Form tells how sure a figure is. exact: a value and no doubt. normal, lognormal, gamma, "
        "beta: a value with the low and high end of its 95 % interval. pert, triangular: a likely "
        "value with the lowest and the highest. uniform: the lowest and the highest alone. events "
        "of n: so many of so many people.",
        "Populations by area and quintile, gradients, sweeps, studies and other rules are not "
        "asked here: add them to the scenario file (docs/file-formats.md)."};
    template_add_sheet(pen, "Read me", width, 1, 0);
    template_text(pen, 0, 0, LOOK_TITLE, arena_printf(arena, "Scenario %s", form->name));
    for (size_t i = 0, row = 1; i < sizeof lines / sizeof lines[0]; ++i) {
        bool heading = i == 2 || i == 8;
        if (lines[i] != NULL) {
            template_text(pen, row, 0, heading ? LOOK_HEADING : LOOK_LABEL, lines[i]);
            template_height(pen, row, (size_t)((double)text_width(lines[i]) / 88.0) + 1);
            ++row;
        }
    }
}

/* ---- Scenario ---- */

static struct ask ask_of_row(const struct composer *composer, const struct form_row *row, size_t at)
{
    char column[4];
    struct ask ask = {.kind = ASK_LENGTH,
                      .most = LONGEST_TEXT,
                      .title = row->id,
                      .message = arena_printf(composer->arena, "%s. %s.", row->what, row->allowed),
                      .wrong = row->allowed};
    workbook_column_name(column, composer->places[COLUMN_VALUE]);
    switch (row->entry) {
    case ENTRY_NAME:
        ask.most = 64.0;
        break;
    case ENTRY_YEAR:
    case ENTRY_CHOICE:
        ask.kind = ASK_LIST;
        ask.range = composer->ranges[row->list];
        break;
    case ENTRY_FUNDED_YEARS:
        ask.kind = ASK_FORMULA;
        ask.range = arena_printf(composer->arena,
                                 "=OR(%s%zu=\"recurrent\",AND(ISNUMBER(%s%zu),%s%zu>=1,%s%zu<=200,"
                                 "%s%zu=INT(%s%zu)))",
                                 column, at + 1, column, at + 1, column, at + 1, column, at + 1,
                                 column, at + 1, column, at + 1);
        break;
    case ENTRY_HORIZON:
        ask.kind = composer->form->has_ledger ? ASK_WHOLE : ASK_NUMBER;
        ask.least = composer->form->has_ledger ? 1.0 : 0.0;
        ask.most = SCENARIO_MAX_YEARS;
        break;
    case ENTRY_TEXT:
        if (row->list != LIST_NONE) {
            ask.kind = ASK_SUGGEST;
            ask.range = composer->ranges[row->list];
        }
        break;
    case ENTRY_LOCKED:
        break;
    }
    return ask;
}

static void lay_scenario_row(struct composer *composer, const struct form_row *row, size_t at)
{
    size_t place = composer->places[COLUMN_VALUE];
    struct ask ask = ask_of_row(composer, row, at);
    bool number = row->entry == ENTRY_FUNDED_YEARS || row->entry == ENTRY_HORIZON;
    enum look look = row->required ? (number ? LOOK_REQUIRED : LOOK_REQUIRED_TEXT)
                                   : (number ? LOOK_ENTRY : LOOK_ENTRY_TEXT);
    put(composer, at, COLUMN_WHAT, row->what);
    put(composer, at, COLUMN_UNIT, row->unit);
    put(composer, at, COLUMN_ALLOWED, row->allowed);
    put(composer, at, COLUMN_BLANK, row->blank);
    put(composer, at, COLUMN_ID, row->id);
    if (row->entry == ENTRY_LOCKED) {
        template_text(composer->pen, at, place, LOOK_WORDS, row->value);
    } else {
        template_entry(composer->pen, at, place, look, &ask, row->value);
    }
    end_row(composer, at);
}

static void lay_scenario(struct composer *composer)
{
    begin_sheet(composer, FORM_SCENARIO, HEADER_ROW, "Scenario",
                "What, where, when and for how long.");
    for (size_t i = 0; i < composer->form->n_rows; ++i) {
        lay_scenario_row(composer, &composer->form->rows[i], HEADER_ROW + 1 + i);
    }
}

/* ---- figures ---- */

/* Limits in words, e.g. "from 0 to 1, in share". */
static const char *limits_words(struct arena *arena, double least, double most, const char *unit)
{
    char low[32], high[32];
    text_format_exact(low, least);
    text_format_exact(high, most);
    if (isinf(least) && isinf(most)) {
        return arena_printf(arena, "a number, in %s", unit);
    }
    if (isinf(most)) {
        return arena_printf(arena, "a number of at least %s, in %s", low, unit);
    }
    return isinf(least) ? arena_printf(arena, "a number of at most %s, in %s", high, unit)
                        : arena_printf(arena, "a number from %s to %s, in %s", low, high, unit);
}

static void put_figure(struct composer *composer, size_t row, enum form_column column,
                       const struct ask *of, const char *message)
{
    struct ask ask = *of;
    ask.title = form_column_heading(column);
    ask.message = arena_printf(composer->arena, "%s %s.", message, of->message);
    put_entry(composer, row, column, LOOK_ENTRY, &ask);
}

static void put_form(struct composer *composer, size_t row)
{
    struct ask ask = {.kind = ASK_LIST,
                      .range = composer->ranges[LIST_FORMS],
                      .title = "Form: how sure it is",
                      .message = "Exact, or what low and high mean: choose from the list.",
                      .wrong = "Choose one of the list, with the arrow beside the cell."};
    put_entry(composer, row, COLUMN_FORM, LOOK_ENTRY, &ask);
}

/* ---- Inputs ---- */

static void lay_input(struct composer *composer, const struct model_input *input, size_t row)
{
    struct arena *arena = composer->arena;
    const char *limits = limits_words(arena, input->min, input->max, input->unit);
    struct ask ask = {.kind = ASK_NUMBER,
                      .least = input->min,
                      .most = input->max,
                      .title = input->id,
                      .message = limits,
                      .wrong = limits};
    put(composer, row, COLUMN_WHAT, input->label);
    put(composer, row, COLUMN_UNIT, input->unit);
    put_number(composer, row, COLUMN_LEAST, input->min);
    put_number(composer, row, COLUMN_MOST, input->max);
    put(composer, row, COLUMN_BLANK,
        input->has_fallback
            ? arena_printf(arena, "the model's: %s", distribution_describe(arena, &input->fallback))
            : "required");
    put(composer, row, COLUMN_ID, input->id);
    struct ask value = ask;
    value.message = arena_printf(arena, "%s: %s", input->label, limits);
    put_entry(composer, row, COLUMN_VALUE, input->has_fallback ? LOOK_ENTRY : LOOK_REQUIRED,
              &value);
    put_form(composer, row);
    put_figure(composer, row, COLUMN_LOW, &ask, "Only if the figure is uncertain:");
    put_figure(composer, row, COLUMN_HIGH, &ask, "Only if the figure is uncertain:");
    end_row(composer, row);
}

static void lay_inputs(struct composer *composer)
{
    const struct model *model = composer->form->model;
    begin_sheet(composer, FORM_INPUTS, HEADER_ROW, "Inputs",
                "What the model must know of your programme. A value alone is taken as exact; for "
                "an uncertain one choose its form and give low and high.");
    for (size_t i = 0; i < model->n_inputs; ++i) {
        lay_input(composer, &model->inputs[i], HEADER_ROW + 1 + i);
    }
}

/* ---- Funding and Pools ---- */

static const struct ask ask_share = {.kind = ASK_NUMBER,
                                     .least = 0.0,
                                     .most = 1.0,
                                     .title = "Share",
                                     .message = "From 0 to 1: 60 % is 0.6, or typed as 60%. All "
                                                "shares add up to 1; for thirds type =1/3.",
                                     .wrong = "A share is a number from 0 to 1: 60 % is 0.6."};

static struct ask ask_payer(const struct composer *composer, const char *message)
{
    return (struct ask){.kind = ASK_SUGGEST,
                        .range = composer->ranges[LIST_PAYERS],
                        .title = "Who pays",
                        .message = message,
                        .wrong = "This is no partner of the list. It is right only if it is a pool "
                                 "of the sheet Pools."};
}

static void lay_funding(struct composer *composer)
{
    struct template_pen *pen = composer->pen;
    size_t first = FUNDING_HEADER_ROW + 1;
    begin_sheet(composer, FORM_FUNDING, FUNDING_HEADER_ROW, "Funding",
                "Who pays the costs that name no payer, and what share of them. At least one "
                "partner, or a pool of the sheet Pools.");
    template_text(pen, 3, 0, LOOK_SUM, "Sum of the shares, which must be 1");
    template_formula(
        pen, 3, 1,
        arena_printf(composer->arena, "=SUM(B%zu:B%zu)", first + 1, first + FORM_FUNDING_ROWS),
        NULL, 0.0);
    template_formula(pen, 3, 2, "=IF(ABS(B4-1)<0.000000001,\"adds up to 1\",\"must add up to 1\")",
                     "must add up to 1", 0.0);
    struct ask payer = ask_payer(composer, "A partner of the list, or a pool of the sheet Pools.");
    for (size_t i = 0; i < FORM_FUNDING_ROWS; ++i) {
        enum look look = i == 0 ? LOOK_REQUIRED : LOOK_ENTRY;
        put_entry(composer, first + i, COLUMN_PAYER, i == 0 ? LOOK_REQUIRED_TEXT : LOOK_ENTRY_TEXT,
                  &payer);
        put_entry(composer, first + i, COLUMN_SHARE, look, &ask_share);
    }
}

static void lay_pools(struct composer *composer)
{
    struct arena *arena = composer->arena;
    size_t first = HEADER_ROW + 1;
    begin_sheet(composer, FORM_POOLS, HEADER_ROW, "Pools",
                "Only for pooled funds, such as a Better Care Fund: one row for each partner that "
                "puts money in. Name the pool on the sheet Funding. Else leave this blank.");
    struct ask pool = {.kind = ASK_LENGTH,
                       .most = 64.0,
                       .title = "Pool",
                       .message = "A short name in small letters, such as better_care_fund; the "
                                  "same in each of its rows.",
                       .wrong = "At most 64 small letters, digits and _."};
    struct ask label = {.kind = ASK_LENGTH,
                        .most = 200.0,
                        .title = "Name of the pool",
                        .message = "As it shall be printed, in the pool's first row.",
                        .wrong = "At most 200 characters."};
    struct ask payer = ask_payer(composer, "A partner that puts money into the pool.");
    struct ask share = ask_share;
    share.message = "What this partner puts in, from 0 to 1. The shares of one pool add up to 1.";
    for (size_t row = first; row < first + FORM_POOL_ROWS; ++row) {
        put_entry(composer, row, COLUMN_POOL, LOOK_ENTRY_TEXT, &pool);
        put_entry(composer, row, COLUMN_LABEL, LOOK_ENTRY_TEXT, &label);
        put_entry(composer, row, COLUMN_PAYER, LOOK_ENTRY_TEXT, &payer);
        put_entry(composer, row, COLUMN_SHARE, LOOK_ENTRY, &share);
        template_formula(composer->pen, row, composer->places[COLUMN_SUM],
                         arena_printf(arena,
                                      "=IF(A%zu=\"\",\"\",SUMIF(A$%zu:A$%d,A%zu,D$%zu:D$%d))",
                                      row + 1, first + 1, HEADER_ROW + 1 + FORM_POOL_ROWS, row + 1,
                                      first + 1, HEADER_ROW + 1 + FORM_POOL_ROWS),
                         "", 0.0);
    }
}

/* ---- Evidence ---- */

static void put_evidence_entries(struct composer *composer, const struct parameter *parameter,
                                 size_t row)
{
    struct arena *arena = composer->arena;
    struct ask ask = {.kind = ASK_NUMBER};
    parameter_kind_range(parameter->kind, &ask.least, &ask.most);
    ask.message = ask.wrong = limits_words(arena, ask.least, ask.most, parameter->unit);
    struct ask count = {.kind = ASK_NUMBER,
                        .least = 0.0,
                        .most = (double)INFINITY,
                        .message = "a count of people or events",
                        .wrong = "A count is a number of at least 0."};
    struct ask reason = {.kind = ASK_LENGTH,
                         .most = LONGEST_TEXT,
                         .title = "Reason",
                         .message =
                             "Why it differs here, with the source: required beside figures.",
                         .wrong = "At most 1,000 characters."};
    put_figure(composer, row, COLUMN_VALUE, &ask, "Blank keeps what is in use. Else:");
    put_form(composer, row);
    put_figure(composer, row, COLUMN_LOW, &ask, "Low end of the 95 % interval, or the lowest:");
    put_figure(composer, row, COLUMN_HIGH, &ask, "High end of the 95 % interval, or the highest:");
    put_figure(composer, row, COLUMN_EVENTS, &count, "Only with events of n: events,");
    put_figure(composer, row, COLUMN_OF_N, &count, "Only with events of n: people observed,");
    put_entry(composer, row, COLUMN_REASON, LOOK_ENTRY_TEXT, &reason);
}

/* Counts of one Dirichlet cannot change one by one. */
static void shut_entries(struct composer *composer, size_t row)
{
    for (size_t column = 0; column < N_FORM_COLUMNS; ++column) {
        if (form_column_is_entry((enum form_column)column) && column <= COLUMN_REASON) {
            (void)worksheet_write_blank(composer->pen->sheet, (lxw_row_t)row,
                                        (lxw_col_t)composer->places[column],
                                        composer->pen->looks[LOOK_SHUT]);
        }
    }
}

static void lay_item(struct composer *composer, const struct parameter *parameter, size_t row)
{
    struct arena *arena = composer->arena;
    const struct distribution *fit = &parameter->distribution;
    char year[16] = "", grade[8];
    bool shut = parameter->n_dirichlet > 0;
    if (parameter->price_year != 0) {
        text_format_financial_year(year, parameter->price_year);
    }
    (void)snprintf(grade, sizeof grade, "%d", parameter->grade);
    put(composer, row, COLUMN_WHAT,
        shut ? arena_printf(arena,
                            "%s (one of several shares that move together: change them in a "
                            "layer of your own)",
                            parameter->label)
             : parameter->label);
    put(composer, row, COLUMN_UNIT, parameter->unit);
    put(composer, row, COLUMN_PRICES, year);
    put_number(composer, row, COLUMN_IN_USE, fit->mean);
    put_number(composer, row, COLUMN_IN_USE_LOW, fit->q025);
    put_number(composer, row, COLUMN_IN_USE_HIGH, fit->q975);
    put(composer, row, COLUMN_SOURCE, parameter->source_id);
    put(composer, row, COLUMN_GRADE, grade);
    put(composer, row, COLUMN_ID, parameter->identity);
    if (shut) {
        shut_entries(composer, row);
    } else {
        put_evidence_entries(composer, parameter, row);
    }
    end_row(composer, row);
}

static void lay_evidence(struct composer *composer)
{
    begin_sheet(composer, FORM_EVIDENCE, HEADER_ROW, "Evidence",
                "What the model stands on. Leave a row blank to keep it, or give a local figure in "
                "its unit and prices, its form and the reason. Grades: 1 best, 6 an assumption.");
    for (size_t i = 0; i < composer->form->n_evidence; ++i) {
        lay_item(composer, composer->form->evidence[i], HEADER_ROW + 1 + i);
    }
}

/* ---- the file ---- */

static void lay_sheets(struct composer *composer)
{
    static void (*const writers[N_FORM_SHEETS])(struct composer *) = {
        [FORM_SCENARIO] = lay_scenario,
        [FORM_INPUTS] = lay_inputs,
        [FORM_FUNDING] = lay_funding,
        [FORM_POOLS] = lay_pools,
        [FORM_EVIDENCE] = lay_evidence};
    find_ranges(composer);
    lay_read_me(composer);
    for (size_t i = 0; i < N_FORM_SHEETS; ++i) {
        if (form_has_sheet(composer->form, (enum form_sheet)i)) {
            writers[i](composer);
        }
    }
    lay_lists(composer);
}

static enum status write_temporary(const struct import_form *form, const char *temporary,
                                   struct arena *arena, struct error *error)
{
    struct template_pen pen;
    struct composer composer = {.pen = &pen, .arena = arena, .form = form, .lines = 1};
    TRY(template_open(&pen, arena, temporary, form->model->title, error));
    lay_sheets(&composer);
    TRY(template_close(&pen, temporary, error));
    return template_verify(&pen, temporary, error);
}

enum status template_write(const struct import_form *form, const char *path, struct error *error)
{
    struct arena arena;
    arena_init(&arena);
    const char *temporary = arena_printf(&arena, "%s.%ld.tmp", path, (long)getpid());
    enum status status = write_temporary(form, temporary, &arena, error);
    /* link, unlike rename, never replaces a file that appeared in the meantime; some network shares
     * have no links */
    if (status == STATUS_OK && link(temporary, path) != 0 &&
        (errno == EEXIST || access(path, F_OK) == 0 || rename(temporary, path) != 0)) {
        status = error_set(error, STATUS_IO, "%s could not be created: %s", path, strerror(errno));
    }
    (void)unlink(temporary);
    arena_clear(&arena);
    return status;
}
