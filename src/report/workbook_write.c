/* The model of a workbook, through libxlsxwriter, into a file. */
#include "report/workbook_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* The properties of every workbook: the date is that of the entries of the archive, so that no
 * clock gets into the file. */
enum { FIXED_DATE = 315532800 }; /* 1 January 1980 */

enum { HEADING_BLUE = 0x1F4E79 };

struct pen {
    lxw_workbook *book;
    lxw_format *shows[N_SHOWS], *title, *bold, *heading;
    lxw_error problem; /* the first */
};

static void note(struct pen *pen, lxw_error problem)
{
    if (pen->problem == LXW_NO_ERROR) {
        pen->problem = problem;
    }
}

static void make_formats(struct pen *pen)
{
    static const char *const numbers[N_SHOWS] = {[SHOW_MONEY] = "#,##0",
                                                 [SHOW_PENCE] = "#,##0.00",
                                                 [SHOW_NUMBER] =
                                                     "[>=1000]#,##0;[<=-1000]-#,##0;0.0000",
                                                 [SHOW_SHARE] = "0.000",
                                                 [SHOW_FACTOR] = "0.000000",
                                                 [SHOW_COUNT] = "#,##0",
                                                 [SHOW_YEAR] = "0"};
    for (size_t i = 0; i < N_SHOWS; ++i) {
        pen->shows[i] = workbook_add_format(pen->book);
        format_set_align(pen->shows[i], LXW_ALIGN_VERTICAL_TOP);
        if (numbers[i] != NULL) {
            format_set_num_format(pen->shows[i], numbers[i]);
            format_set_align(pen->shows[i], LXW_ALIGN_RIGHT); /* "[z]" stands below numbers */
        }
    }
    format_set_text_wrap(pen->shows[SHOW_WORDS]);
    format_set_indent(pen->shows[SHOW_TEXT], 1); /* away from a number on its left */
    pen->title = workbook_add_format(pen->book);
    format_set_bold(pen->title);
    format_set_font_size(pen->title, 14);
    pen->bold = workbook_add_format(pen->book);
    format_set_bold(pen->bold);
    format_set_text_wrap(pen->bold);
    format_set_align(pen->bold, LXW_ALIGN_VERTICAL_TOP);
    pen->heading = workbook_add_format(pen->book);
    format_set_bold(pen->heading);
    format_set_text_wrap(pen->heading);
    /* not by the table's style alone, which not every program shows */
    format_set_font_color(pen->heading, LXW_COLOR_WHITE);
    format_set_bg_color(pen->heading, HEADING_BLUE);
    format_set_align(pen->heading, LXW_ALIGN_VERTICAL_TOP);
}

/* Text goes through the writer of strings alone: what begins like a formula stays text. */
static void write_cell(struct pen *pen, lxw_worksheet *sheet, const struct workbook_cell *cell,
                       lxw_row_t row, lxw_col_t column, lxw_format *format)
{
    char link[64];
    switch (cell->kind) {
    case CELL_NONE:
        break;
    case CELL_TEXT:
        note(pen, worksheet_write_string(sheet, row, column, cell->words, format));
        break;
    case CELL_NUMBER:
        note(pen, worksheet_write_number(sheet, row, column, cell->value, format));
        break;
    case CELL_FORMULA:
        note(pen,
             worksheet_write_formula_num(sheet, row, column, cell->words, format, cell->value));
        break;
    case CELL_FORMULA_MISSING:
        note(pen, worksheet_write_formula_str(sheet, row, column, cell->words, format, "[z]"));
        break;
    case CELL_LINK:
        (void)snprintf(link, sizeof link, "internal:'%.40s'!A1", cell->words);
        note(pen, worksheet_write_url_opt(sheet, row, column, link, NULL, cell->words, NULL));
        break;
    }
}

static lxw_format *format_of(const struct pen *pen, const struct workbook_sheet *sheet,
                             const struct workbook_cell *cell, size_t row, size_t column)
{
    if (row == 0) {
        return pen->title;
    }
    if (row == sheet->n_top) {
        return pen->heading;
    }
    if (row < sheet->n_top && column == 0) {
        return row == 1 ? NULL : pen->bold;
    }
    return pen->shows[cell->show];
}

static void write_cells(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    struct workbook_cell cell;
    size_t row = 0, column = 0;
    for (size_t i = 0; sheet_cell(sheet, i, &cell, &row, &column); ++i) {
        write_cell(pen, out, &cell, (lxw_row_t)row, (lxw_col_t)column,
                   format_of(pen, sheet, &cell, row, column));
    }
}

static void add_table(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    lxw_table_column items[WORKBOOK_MAX_COLUMNS] = {{0}};
    lxw_table_column *columns[WORKBOOK_MAX_COLUMNS + 1] = {NULL};
    for (size_t i = 0; i < sheet->n_columns; ++i) {
        /* the library copies what it is given */
        items[i].header = (char *)(uintptr_t)sheet->columns[i].heading;
        items[i].header_format = pen->heading;
        columns[i] = &items[i];
    }
    lxw_table_options options = {.name = (char *)(uintptr_t)sheet->table,
                                 .style_type = LXW_TABLE_STYLE_TYPE_MEDIUM,
                                 .style_type_number = 2,
                                 .columns = columns};
    size_t header = sheet->n_top;
    note(pen,
         worksheet_add_table(out, (lxw_row_t)header, 0, (lxw_row_t)(header + sheet_n_rows(sheet)),
                             (lxw_col_t)(sheet->n_columns - 1), &options));
}

static double width_of(const struct workbook_sheet *sheet, size_t column)
{
    static const double widths[N_SHOWS] = {
        [SHOW_TEXT] = 24.0,   [SHOW_WORDS] = 60.0,  [SHOW_MONEY] = 14.0,
        [SHOW_PENCE] = 16.0,  [SHOW_NUMBER] = 16.0, [SHOW_SHARE] = 11.0,
        [SHOW_FACTOR] = 12.0, [SHOW_COUNT] = 10.0,  [SHOW_YEAR] = 12.0};
    double width = widths[sheet->columns[column].show];
    /* names, and labels above the table, stand in the first column; totals in the second */
    double least = column == 0 ? 32.0 : column == 1 && sheet->n_top > 2 ? 18.0 : 0.0;
    return width > least ? width : least;
}

static void set_columns(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    for (size_t i = 0; i < sheet->n_columns; ++i) {
        note(pen, worksheet_set_column(out, (lxw_col_t)i, (lxw_col_t)i, width_of(sheet, i), NULL));
    }
}

/* Wrapped words of a cell need so many lines. */
static size_t lines_of(const struct workbook_cell *cell, double width)
{
    return cell->kind == CELL_TEXT && cell->show == SHOW_WORDS
               ? (size_t)((double)text_width(cell->words) / width) + 1
               : 1;
}

static const double LINE_HEIGHT = 15.0, MAX_HEIGHT = 400.0; /* points; Excel takes 409 */

static void set_height(struct pen *pen, lxw_worksheet *out, size_t row, size_t n_lines)
{
    double height = LINE_HEIGHT * (double)n_lines;
    if (n_lines > 1) {
        note(pen, worksheet_set_row(out, (lxw_row_t)row, height < MAX_HEIGHT ? height : MAX_HEIGHT,
                                    NULL));
    }
}

/* Room for the button of the filter, and for words that break early. */
static size_t heading_lines(const struct workbook_sheet *sheet)
{
    size_t most = 1;
    for (size_t i = 0; i < sheet->n_columns; ++i) {
        size_t n = (size_t)(((double)strlen(sheet->columns[i].heading) + 4.0) /
                            (0.85 * width_of(sheet, i)));
        most = n + 1 > most ? n + 1 : most;
    }
    return most;
}

/* Heights are stated: not every program finds them for wrapped words. */
static void set_heights(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    for (size_t row = 2; row < sheet->n_top; ++row) {
        double width = 0.85 * width_of(sheet, 0); /* bold */
        set_height(pen, out, row, (size_t)((double)strlen(sheet->top[row][0].words) / width) + 1);
    }
    set_height(pen, out, sheet->n_top, heading_lines(sheet));
    for (size_t row = 0; row < sheet_n_rows(sheet); ++row) {
        size_t n_lines = 1;
        for (size_t i = 0; i < sheet->n_columns; ++i) {
            size_t n = lines_of(&sheet->cells[row * sheet->n_columns + i], width_of(sheet, i));
            n_lines = n > n_lines ? n : n_lines;
        }
        set_height(pen, out, sheet->n_top + 1 + row, n_lines);
    }
}

/* So many pages wide that what is printed can still be read. */
static uint16_t pages_wide(const struct workbook_sheet *sheet)
{
    static const double page = 190.0; /* characters */
    double width = 0.0;
    for (size_t i = 0; i < sheet->n_columns; ++i) {
        width += width_of(sheet, i);
    }
    return (uint16_t)(width / page + 1.0);
}

static void set_page(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    enum { PAPER_A4 = 9 };

    lxw_row_t header = (lxw_row_t)sheet->n_top;
    uint16_t wide = pages_wide(sheet);
    size_t n_heads = sheet->n_heads > 0 ? sheet->n_heads : 1;
    worksheet_set_landscape(out);
    worksheet_set_paper(out, PAPER_A4);
    worksheet_fit_to_pages(out, wide, 0);
    note(pen, worksheet_repeat_rows(out, header, header));
    if (wide > 1) {
        note(pen, worksheet_repeat_columns(out, 0, (lxw_col_t)(n_heads - 1)));
    }
    note(pen, worksheet_set_footer(out, "&L&A&RPage &P of &N"));
    worksheet_freeze_panes(out, header + 1, (lxw_col_t)n_heads);
}

static void add_chooser(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    static char input_title[] = "Scenario shown";
    static char input_message[] = "Choose a scenario: table and chart follow.";
    if (sheet->chooser > 0) {
        lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                          .value_formula = (char *)(uintptr_t)sheet->chooser_list,
                                          .input_title = input_title,
                                          .input_message = input_message};
        note(pen, worksheet_data_validation_cell(out, (lxw_row_t)sheet->chooser, 1, &validation));
    }
}

static void add_basis(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    static const char *const bases[] = {"nominal", "real", NULL};
    static char input_title[] = "Prices";
    static char input_message[] = "nominal: what is paid in the year; real: prices of the cover.";
    if (sheet->basis > 0) {
        lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST,
                                          .value_list = (char **)(uintptr_t)bases,
                                          .input_title = input_title,
                                          .input_message = input_message};
        note(pen, worksheet_data_validation_cell(out, (lxw_row_t)sheet->basis, 1, &validation));
    }
}

/* ---- charts ---- */

static const char *column_of(char buffer[96], const struct workbook_sheet *sheet, size_t column)
{
    char name[4];
    size_t first = sheet_header_row(sheet) + 1;
    workbook_column_name(name, column);
    (void)snprintf(buffer, 96, "='%s'!$%s$%zu:$%s$%zu", sheet->name, name, first, name,
                   first + sheet_n_rows(sheet) - 1);
    return buffer;
}

/* Lines differ in dashes and marks, not by colour alone. */
static void distinguish(lxw_chart_series *series, size_t index)
{
    static const uint8_t dashes[] = {LXW_CHART_LINE_DASH_SOLID, LXW_CHART_LINE_DASH_DASH,
                                     LXW_CHART_LINE_DASH_ROUND_DOT, LXW_CHART_LINE_DASH_LONG_DASH};
    static const uint8_t marks[] = {LXW_CHART_MARKER_CIRCLE, LXW_CHART_MARKER_SQUARE,
                                    LXW_CHART_MARKER_DIAMOND, LXW_CHART_MARKER_TRIANGLE,
                                    LXW_CHART_MARKER_X};
    static const lxw_color_t colours[] = {0x1F4E79, 0xC55A11, 0x375623, 0x7030A0,
                                          0x806000, 0x006666, 0x99004D, 0x404040};
    lxw_chart_line line = {
        .color = colours[index % 8], .width = 2.0F, .dash_type = dashes[index % 4]};
    chart_series_set_line(series, &line);
    chart_series_set_marker_type(series, marks[index % 5]);
}

static void add_series(lxw_chart *chart, const struct workbook_sheet *sheet)
{
    char categories[96], values[96], name[96], letters[4];
    size_t first = 2; /* after id and name; after index and year */
    size_t last = sheet->chart == CHART_BARS ? 3 : sheet->n_columns;
    (void)column_of(categories, sheet, first - 1);
    for (size_t column = first; column < last; ++column) {
        lxw_chart_series *series =
            chart_add_series(chart, categories, column_of(values, sheet, column));
        workbook_column_name(letters, column);
        (void)snprintf(name, sizeof name, "='%s'!$%s$%zu", sheet->name, letters,
                       sheet_header_row(sheet));
        chart_series_set_name(series, name);
        if (sheet->chart == CHART_LINES) {
            distinguish(series, column - first);
        } else {
            chart_series_set_labels(series);
            chart_series_set_labels_num_format(series, "#,##0");
        }
    }
}

static void add_chart(struct pen *pen, lxw_worksheet *out, const struct workbook_sheet *sheet)
{
    if (sheet->chart == CHART_NONE) {
        return;
    }
    bool bars = sheet->chart == CHART_BARS;
    lxw_chart *chart = workbook_add_chart(pen->book, bars ? LXW_CHART_BAR : LXW_CHART_LINE);
    if (chart == NULL) {
        note(pen, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    add_series(chart, sheet);
    chart_title_set_name(chart, sheet->chart_title);
    /* of bars, the library's y axis is that of the names */
    lxw_chart_axis *names = bars ? chart->y_axis : chart->x_axis;
    lxw_chart_axis *amounts = bars ? chart->x_axis : chart->y_axis;
    chart_axis_set_name(amounts, bars ? "GBP" : "GBP, nominal");
    chart_axis_set_num_format(amounts, "#,##0");
    /* at the edge, not across the bars or lines of a negative value */
    chart_axis_set_label_position(names, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    if (bars) {
        chart_axis_set_reverse(names); /* from top to bottom as in the table */
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    } else {
        chart_axis_set_name(names, "Financial year from April of");
        chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    }
    lxw_chart_options options = {
        .x_scale = 1.9, .y_scale = 1.9, .description = (char *)(uintptr_t)sheet->chart_words};
    note(pen, worksheet_insert_chart_opt(out, (lxw_row_t)sheet->n_top,
                                         (lxw_col_t)(sheet->n_columns + 1), chart, &options));
}

/* ---- the file ---- */

static void write_sheet(struct pen *pen, const struct workbook_sheet *sheet)
{
    lxw_worksheet *out = workbook_add_worksheet(pen->book, sheet->name);
    if (out == NULL) {
        note(pen, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    set_columns(pen, out, sheet);
    set_heights(pen, out, sheet);
    add_table(pen, out, sheet);
    write_cells(pen, out, sheet);
    set_page(pen, out, sheet);
    add_chooser(pen, out, sheet);
    add_basis(pen, out, sheet);
    add_chart(pen, out, sheet);
}

static enum status write_failure(const char *reason, struct error *error)
{
    return error_set(error, STATUS_IO, "workbook.xlsx could not be written: %s", reason);
}

static enum status sync_file(const char *path, struct error *error)
{
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return write_failure(strerror(errno), error);
    }
    bool synced = fsync(descriptor) == 0;
    int problem = errno;
    (void)close(descriptor);
    return synced ? STATUS_OK : write_failure(strerror(problem), error);
}

/* The library makes its temporary files as tmp.XXXXXXXXXX and takes their names away at once: one
 * that still has its name, and nothing in it, is of a process that was killed in between. */
static bool is_abandoned(const char *folder, const char *entry)
{
    enum { N_RANDOM = 10 };

    char path[4096];
    struct stat about;
    int n = snprintf(path, sizeof path, "%s/%s", folder, entry);
    return strncmp(entry, "tmp.", 4) == 0 && strlen(entry) == 4 + N_RANDOM &&
           strspn(entry + 4, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
               N_RANDOM &&
           n > 0 && (size_t)n < sizeof path && lstat(path, &about) == 0 && S_ISREG(about.st_mode) &&
           about.st_size == 0;
}

static void remove_abandoned(const char *folder)
{
    DIR *directory = opendir(folder);
    for (const struct dirent *entry = directory != NULL ? readdir(directory) : NULL; entry != NULL;
         entry = readdir(directory)) {
        if (is_abandoned(folder, entry->d_name)) {
            (void)unlinkat(dirfd(directory), entry->d_name, 0);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
}

/* The library's temporary files stand beside the workbook: a full /tmp is no matter, and a full
 * disk is met where it counts. */
static lxw_workbook *open_book(struct arena *arena, const char *path)
{
    char *folder = arena_copy_text(arena, path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    remove_abandoned(folder);
    lxw_workbook_options options = {.tmpdir = folder};
    return workbook_new_opt(path, &options);
}

enum status workbook_write(const struct workbook *book, const char *path, struct error *error)
{
    struct pen pen = {.book = open_book(book->arena, path), .problem = LXW_NO_ERROR};
    if (pen.book == NULL) {
        return write_failure("it could not be begun", error);
    }
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)book->title,
                                     .author = (char *)(uintptr_t) "dividend " DIVIDEND_VERSION,
                                     .created = FIXED_DATE};
    note(&pen, workbook_set_properties(pen.book, &properties));
    make_formats(&pen);
    for (size_t i = 0; i < book->n_sheets; ++i) {
        write_sheet(&pen, &book->sheets[i]);
    }
    for (size_t i = 0; i < book->n_names; ++i) {
        note(&pen, workbook_define_name(pen.book, book->names[i].name, book->names[i].range));
    }
    if (pen.problem != LXW_NO_ERROR) {
        lxw_workbook_free(pen.book);
        return write_failure(lxw_strerror(pen.problem), error);
    }
    pen.problem = workbook_close(pen.book);
    return pen.problem == LXW_NO_ERROR ? sync_file(path, error)
                                       : write_failure(lxw_strerror(pen.problem), error);
}
