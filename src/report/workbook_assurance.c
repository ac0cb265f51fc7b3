/* Sheets of the assurance: the tables of the folder assurance. */
#include "report/report_assurance.h"
#include "report/workbook_private.h"

enum { MAX_ASSURED_ROWS = 20000 };

static void put_text(void *context, const char *words)
{
    sheet_text(context, words);
}

static void put_number(void *context, double value)
{
    sheet_number(context, value);
}

static void end_row(void *context)
{
    (void)context;
}

/* Counts rows and writes none. */
static void skip_text(void *context, const char *words)
{
    (void)context;
    (void)words;
}

static void skip_number(void *context, double value)
{
    (void)context;
    (void)value;
}

static void count_row(void *context)
{
    ++*(size_t *)context;
}

static enum workbook_show show_of(const struct assured_column *column)
{
    switch (column->show) {
    case ASSURED_TEXT:
        return SHOW_TEXT;
    case ASSURED_WORDS:
        return SHOW_WORDS;
    case ASSURED_NUMBER:
        return SHOW_NUMBER;
    case ASSURED_SHARE:
        return SHOW_SHARE;
    case ASSURED_COUNT:
        return SHOW_COUNT;
    }
    return SHOW_TEXT;
}

static void add_table(struct workbook *book, const struct report_run *run,
                      const struct assured_table *table)
{
    struct workbook_column *columns = arena_array(book->arena, table->n_columns, sizeof *columns);
    size_t n_rows = 0;
    const struct row_sink counter = {skip_text, skip_number, count_row, &n_rows};
    for (size_t i = 0; i < table->n_columns; ++i) {
        columns[i] =
            (struct workbook_column){table->columns[i].heading, show_of(&table->columns[i])};
    }
    table->write(&counter, run);
    bool fits = n_rows <= MAX_ASSURED_ROWS;
    struct workbook_sheet *sheet = book_add_sheet(
        book, table->sheet, table->table, table->title,
        fits ? table->sentence
             : arena_printf(book->arena, "Too many rows for a workbook (%zu): see %s.", n_rows,
                            table->file),
        columns, table->n_columns);
    const struct row_sink sink = {put_text, put_number, end_row, sheet};
    if (fits) {
        table->write(&sink, run);
    }
    while (sheet->n_cells < sheet->n_columns) {
        sheet_text(sheet, "[z]");
    }
}

void workbook_add_assurance(struct workbook *book, const struct report_run *run)
{
    size_t n_tables = 0;
    const struct assured_table *tables = assured_tables(&n_tables);
    for (size_t i = 0; i < n_tables; ++i) {
        add_table(book, run, &tables[i]);
    }
}
