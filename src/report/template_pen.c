/* The template through libxlsxwriter. */
#include "report/template_private.h"
#include "report/workbook_private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    FIXED_DATE = 315532800
}; /* 1 January 1980, as in the archive: no clock gets into the file */

enum {
    HEADING_BLUE = 0x1F4E79,
    ENTRY_YELLOW = 0xFFF8D6,
    FRAME = 0x7F6000,
    GREY = 0x595959,
    SHUT_GREY = 0xE7E6E6
};

static void note(struct template_pen *pen, lxw_error problem)
{
    if (pen->problem == LXW_NO_ERROR) {
        pen->problem = problem;
    }
}

static enum status failure(const char *reason, struct error *error)
{
    return error_set(error, STATUS_IO, "the template could not be written: %s", reason);
}

/* ---- looks ---- */

static lxw_format *new_look(struct template_pen *pen)
{
    lxw_format *look = workbook_add_format(pen->book);
    format_set_align(look, LXW_ALIGN_VERTICAL_TOP);
    return look;
}

/* Colour and a frame, so that neither is needed alone; unlocked. */
static lxw_format *entry_look(struct template_pen *pen, bool required, bool text)
{
    lxw_format *look = new_look(pen);
    format_set_bg_color(look, ENTRY_YELLOW);
    format_set_border(look, required ? LXW_BORDER_MEDIUM : LXW_BORDER_THIN);
    format_set_border_color(look, FRAME);
    format_set_unlocked(look);
    format_set_text_wrap(look);
    if (text) {
        format_set_num_format(look, "@");
        format_set_align(look, LXW_ALIGN_LEFT);
    }
    return look;
}

static void make_looks(struct template_pen *pen)
{
    for (size_t i = 0; i < N_LOOKS; ++i) {
        bool entry = i >= LOOK_ENTRY && i <= LOOK_REQUIRED_TEXT;
        pen->looks[i] = entry ? entry_look(pen, i >= LOOK_REQUIRED,
                                           i == LOOK_ENTRY_TEXT || i == LOOK_REQUIRED_TEXT)
                              : new_look(pen);
    }
    format_set_bold(pen->looks[LOOK_TITLE]);
    format_set_font_size(pen->looks[LOOK_TITLE], 14);
    format_set_bold(pen->looks[LOOK_HEADING]);
    format_set_text_wrap(pen->looks[LOOK_HEADING]);
    format_set_font_color(pen->looks[LOOK_HEADING], LXW_COLOR_WHITE);
    format_set_bg_color(pen->looks[LOOK_HEADING], HEADING_BLUE);
    format_set_text_wrap(pen->looks[LOOK_LABEL]);
    format_set_text_wrap(pen->looks[LOOK_WORDS]);
    format_set_indent(pen->looks[LOOK_WORDS], 1);
    format_set_align(pen->looks[LOOK_NUMBER], LXW_ALIGN_RIGHT);
    format_set_num_format(pen->looks[LOOK_THOUSANDS], "#,##0");
    format_set_align(pen->looks[LOOK_THOUSANDS], LXW_ALIGN_RIGHT);
    format_set_font_color(pen->looks[LOOK_ID], GREY);
    format_set_indent(pen->looks[LOOK_ID], 1);
    format_set_bold(pen->looks[LOOK_SUM]);
    format_set_bg_color(pen->looks[LOOK_SHUT], SHUT_GREY);
}

/* ---- cells ---- */

static void remember(struct template_pen *pen, size_t row, size_t column, const char *words,
                     double number)
{
    pen->written =
        arena_grow(pen->arena, pen->written, pen->n_written, &pen->capacity, sizeof *pen->written);
    pen->written[pen->n_written++] = (struct written){
        .sheet = pen->sheet_name, .row = row, .column = column, .words = words, .number = number};
}

/* Text goes through the writer of strings alone: what begins like a formula stays text. */
void template_text(struct template_pen *pen, size_t row, size_t column, enum look look,
                   const char *words)
{
    if (words == NULL || words[0] == '\0') {
        return;
    }
    const char *safe = workbook_words(pen->arena, words);
    note(pen, worksheet_write_string(pen->sheet, (lxw_row_t)row, (lxw_col_t)column, safe,
                                     pen->looks[look]));
    remember(pen, row, column, safe, 0.0);
}

void template_number(struct template_pen *pen, size_t row, size_t column, double number)
{
    char digits[32];
    double rounded = number;
    if (!isfinite(number)) {
        return;
    }
    (void)snprintf(digits, sizeof digits, "%.6g", number);
    (void)text_read_number(digits, &rounded);
    enum look look = fabs(rounded) >= 1000.0 ? LOOK_THOUSANDS : LOOK_NUMBER;
    note(pen, worksheet_write_number(pen->sheet, (lxw_row_t)row, (lxw_col_t)column, rounded,
                                     pen->looks[look]));
    remember(pen, row, column, NULL, rounded);
}

void template_formula(struct template_pen *pen, size_t row, size_t column, const char *formula,
                      const char *words, double number)
{
    lxw_row_t at_row = (lxw_row_t)row;
    lxw_col_t at_column = (lxw_col_t)column;
    if (words != NULL) {
        note(pen, worksheet_write_formula_str(pen->sheet, at_row, at_column, formula,
                                              pen->looks[LOOK_SUM], words));
    } else {
        note(pen, worksheet_write_formula_num(pen->sheet, at_row, at_column, formula,
                                              pen->looks[LOOK_SUM], number));
    }
    remember(pen, row, column, words, number);
}

/* ---- entries ---- */

static char *changeable(const char *words)
{
    return (char *)(uintptr_t)words; /* the library copies what it is given */
}

/* At most n characters, as a validation takes them. */
static const char *cut(struct arena *arena, const char *words, size_t n)
{
    size_t n_bytes = 0;
    for (size_t i = 0; words[n_bytes] != '\0'; ++i) {
        size_t next = n_bytes + 1;
        while (((unsigned char)words[next] & 0xC0) == 0x80) {
            ++next;
        }
        if (i == n) {
            return arena_printf(arena, "%.*s...", (int)n_bytes, words);
        }
        n_bytes = next;
    }
    return words;
}

static void limit_number(lxw_data_validation *validation, const struct ask *ask)
{
    bool low = isfinite(ask->least), high = isfinite(ask->most);
    validation->validate =
        ask->kind == ASK_WHOLE ? LXW_VALIDATION_TYPE_INTEGER : LXW_VALIDATION_TYPE_DECIMAL;
    validation->criteria = low && high ? LXW_VALIDATION_CRITERIA_BETWEEN
                           : high      ? LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO
                                       : LXW_VALIDATION_CRITERIA_GREATER_THAN_OR_EQUAL_TO;
    validation->minimum_number = ask->least;
    validation->maximum_number = ask->most;
    validation->value_number = low ? ask->least : high ? ask->most : -1e300;
}

static void validate(struct template_pen *pen, size_t row, size_t column, const struct ask *ask)
{
    lxw_data_validation validation = {
        .input_title = changeable(cut(pen->arena, ask->title, 28)),
        .input_message = changeable(cut(pen->arena, ask->message, 250)),
        .error_title = changeable("This cell takes something else"),
        .error_message = changeable(cut(pen->arena, ask->wrong, 220))};
    switch (ask->kind) {
    case ASK_LENGTH:
        validation.validate = LXW_VALIDATION_TYPE_LENGTH;
        validation.criteria = LXW_VALIDATION_CRITERIA_LESS_THAN_OR_EQUAL_TO;
        validation.value_number = ask->most;
        break;
    case ASK_LIST:
    case ASK_SUGGEST:
        validation.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        validation.value_formula = changeable(ask->range);
        validation.error_type = ask->kind == ASK_LIST ? LXW_VALIDATION_ERROR_TYPE_STOP
                                                      : LXW_VALIDATION_ERROR_TYPE_INFORMATION;
        break;
    case ASK_NUMBER:
    case ASK_WHOLE:
        limit_number(&validation, ask);
        break;
    case ASK_FORMULA:
        validation.validate = LXW_VALIDATION_TYPE_CUSTOM_FORMULA;
        validation.value_formula = changeable(ask->range);
        break;
    }
    note(pen, worksheet_data_validation_cell(pen->sheet, (lxw_row_t)row, (lxw_col_t)column,
                                             &validation));
}

void template_entry(struct template_pen *pen, size_t row, size_t column, enum look look,
                    const struct ask *ask, const char *words)
{
    if (words != NULL) {
        template_text(pen, row, column, look, words);
    } else {
        note(pen, worksheet_write_blank(pen->sheet, (lxw_row_t)row, (lxw_col_t)column,
                                        pen->looks[look]));
    }
    validate(pen, row, column, ask);
}

/* ---- sheets ---- */

void template_height(struct template_pen *pen, size_t row, size_t n_lines)
{
    if (n_lines > 1) {
        note(pen, worksheet_set_row(pen->sheet, (lxw_row_t)row, 15.0 * (double)n_lines, NULL));
    }
}

void template_add_sheet(struct template_pen *pen, const char *name, const double *widths,
                        size_t n_columns, size_t header)
{
    enum { PAPER_A4 = 9 };

    static const double PAGE_WIDTH = 220.0; /* characters that can still be read on a page */
    double total = 0.0;
    lxw_protection allowed = {.format_columns = LXW_TRUE, .format_rows = LXW_TRUE};
    lxw_row_t at = (lxw_row_t)header;
    pen->sheet = workbook_add_worksheet(pen->book, name);
    pen->sheet_name = name;
    ++pen->n_sheets;
    for (size_t i = 0; i < n_columns; ++i) {
        note(pen, worksheet_set_column(pen->sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL));
        total += widths[i];
    }
    worksheet_set_landscape(pen->sheet);
    worksheet_set_paper(pen->sheet, PAPER_A4);
    uint16_t n_wide = (uint16_t)(total / PAGE_WIDTH + 1.0);
    worksheet_fit_to_pages(pen->sheet, n_wide, 0);
    if (n_wide > 1) {
        note(pen, worksheet_repeat_columns(pen->sheet, 0, 0));
    }
    worksheet_freeze_panes(pen->sheet, at + 1, n_columns > 1 ? 1 : 0);
    note(pen, worksheet_repeat_rows(pen->sheet, at, at));
    note(pen, worksheet_set_footer(pen->sheet, "&L&A&RPage &P of &N"));
    worksheet_protect(pen->sheet, NULL, &allowed); /* against slips: there is no password */
}

/* ---- the file ---- */

enum status template_open(struct template_pen *pen, struct arena *arena, const char *path,
                          const char *title, struct error *error)
{
    char *folder = arena_copy_text(arena, path);
    char *slash = strrchr(folder, '/');
    folder = slash == NULL ? arena_copy_text(arena, ".") : folder;
    if (slash != NULL) {
        *slash = '\0';
    }
    /* temporary files beside the template: a full disk is met where it counts */
    lxw_workbook_options options = {.tmpdir = folder};
    *pen = (struct template_pen){.arena = arena, .book = workbook_new_opt(path, &options)};
    if (pen->book == NULL) {
        return failure("it could not be begun", error);
    }
    lxw_doc_properties properties = {.title = changeable(title),
                                     .author = changeable("dividend " DIVIDEND_VERSION),
                                     .created = FIXED_DATE};
    note(pen, workbook_set_properties(pen->book, &properties));
    make_looks(pen);
    return STATUS_OK;
}

enum status template_close(struct template_pen *pen, const char *path, struct error *error)
{
    if (pen->problem != LXW_NO_ERROR) {
        lxw_workbook_free(pen->book);
        return failure(lxw_strerror(pen->problem), error);
    }
    lxw_error problem = workbook_close(pen->book);
    if (problem != LXW_NO_ERROR) {
        return failure(lxw_strerror(problem), error);
    }
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return failure(strerror(errno), error);
    }
    bool synced = fsync(descriptor) == 0;
    int reason = errno;
    (void)close(descriptor);
    return synced ? STATUS_OK : failure(strerror(reason), error);
}
