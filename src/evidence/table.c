/* Data tables from .csv files: the format of RFC 4180, numbers without regard to the locale. */
#include "evidence/table.h"

#include "base/text.h"
#include "evidence/csv.h"
#include "evidence/layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct row {
    double keys[TABLE_MAX_INDEXES];
    double value;
    int line;
};

struct table_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct data_table *table;
    struct csv_reader lines;
    const char *header[CSV_MAX_COLUMNS];
    size_t n_columns;
    size_t index_columns[TABLE_MAX_INDEXES], value_column;
    struct row *rows;
    size_t n_rows, capacity;
    size_t n_complaints;
};

static struct place file_place(const struct table_reader *reader, int line)
{
    return (struct place){.file = reader->table->file->file, .line = line};
}

/* ---- columns ---- */

static size_t find_column(struct table_reader *reader, const char *name,
                          const struct setting *setting)
{
    const struct csv_header header = {reader->table->file, reader->header, reader->n_columns};
    return csv_find_column(reader->arena, reader->diagnostics, &header, name, setting);
}

static bool is_banded(const struct setting *group, const char *column)
{
    const struct setting *bands = setting_find(group, "bands");
    for (size_t i = 0; bands != NULL && i < bands->n_children; ++i) {
        if (strcmp(bands->children[i]->text, column) == 0) {
            return true;
        }
    }
    return false;
}

static bool find_columns(struct table_reader *reader)
{
    struct data_table *table = reader->table;
    const struct setting *index = setting_find(table->setting, "index");
    const struct setting *value = setting_find(table->setting, "value");
    const struct setting *bands = setting_find(table->setting, "bands");
    bool good = true;
    if (index->n_children > TABLE_MAX_INDEXES) {
        setting_complain(reader->diagnostics, index, DIAGNOSTIC_E471, "one to four index columns",
                         "leave some out, or choose rows with where", "%zu index columns",
                         index->n_children);
        return false;
    }
    for (size_t i = 0; i < index->n_children; ++i) {
        const char *column = index->children[i]->text;
        table->indexes[i] =
            (struct table_index){.column = column, .banded = is_banded(table->setting, column)};
        reader->index_columns[i] = find_column(reader, column, index->children[i]);
        good = good && reader->index_columns[i] != SIZE_MAX;
    }
    table->n_indexes = index->n_children;
    for (size_t i = 0; bands != NULL && i < bands->n_children; ++i) {
        good =
            find_column(reader, bands->children[i]->text, bands->children[i]) != SIZE_MAX && good;
    }
    reader->value_column = find_column(reader, value->text, value);
    return good && reader->value_column != SIZE_MAX;
}

/* ---- rows ---- */

static void complain_field(struct table_reader *reader, int line, const char *column,
                           const char *field, const char *allowed)
{
    if (++reader->n_complaints <= 8) {
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_E472, file_place(reader, line), NULL,
                        allowed, "correct the file, or choose other rows with where",
                        "\"%s\" in the column \"%s\"", field, column);
    }
}

static bool read_key(struct table_reader *reader, const char *field, size_t index, struct row *row)
{
    double key = 0.0;
    if (strcmp(field, "male") == 0 || strcmp(field, "female") == 0) {
        row->keys[index] = field[0] == 'f' ? 1.0 : 0.0;
        reader->table->indexes[index].coded = true;
        return true;
    }
    if (csv_read_number(field, &key) && key == floor(key)) {
        row->keys[index] = key;
        return true;
    }
    complain_field(reader, row->line, reader->table->indexes[index].column, field,
                   "a whole number, male or female");
    return false;
}

static bool passes(const struct table_reader *reader, const char *const *fields, size_t n_fields)
{
    const struct setting *where = setting_find(reader->table->setting, "where");
    for (size_t i = 0; where != NULL && i < where->n_children; ++i) {
        for (size_t k = 0; k < reader->n_columns; ++k) {
            if (strcmp(reader->header[k], where->children[i]->name) == 0 &&
                (k >= n_fields || strcmp(fields[k], where->children[i]->text) != 0)) {
                return false;
            }
        }
    }
    return true;
}

static void read_row(struct table_reader *reader, const char *const *fields, size_t n_fields,
                     int line)
{
    struct row row = {.line = line};
    const struct data_table *table = reader->table;
    if (n_fields != reader->n_columns) {
        complain_field(
            reader, line, "(all)", n_fields > 0 ? fields[0] : "",
            arena_printf(reader->arena, "%zu fields, as the first line has", reader->n_columns));
        return;
    }
    for (size_t i = 0; i < table->n_indexes; ++i) {
        if (!read_key(reader, fields[reader->index_columns[i]], i, &row)) {
            return;
        }
    }
    const char *value = fields[reader->value_column];
    row.value = (double)NAN;
    if (value[0] != '\0' && !csv_read_number(value, &row.value)) {
        complain_field(reader, line, reader->header[reader->value_column], value,
                       "a number, or nothing where it is unknown");
        return;
    }
    reader->rows = arena_grow(reader->arena, reader->rows, reader->n_rows, &reader->capacity,
                              sizeof *reader->rows);
    reader->rows[reader->n_rows++] = row;
}

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The different keys of an index, ascending. */
static void gather_keys(struct table_reader *reader, size_t index)
{
    double *keys = arena_array(reader->arena, reader->n_rows, sizeof *keys);
    size_t n = 0;
    for (size_t i = 0; i < reader->n_rows; ++i) {
        keys[i] = reader->rows[i].keys[index];
    }
    qsort(keys, reader->n_rows, sizeof *keys, compare_numbers);
    for (size_t i = 0; i < reader->n_rows; ++i) {
        if (n == 0 || keys[i] > keys[n - 1]) {
            keys[n++] = keys[i];
        }
    }
    reader->table->indexes[index].keys = keys;
    reader->table->indexes[index].n_keys = n;
}

/* Position of the last key at or below x; SIZE_MAX below the first. */
static size_t find_key(const struct table_index *index, double x)
{
    size_t low = 0, high = index->n_keys;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (index->keys[middle] <= x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? SIZE_MAX : low - 1;
}

static void fill_values(struct table_reader *reader)
{
    struct data_table *table = reader->table;
    size_t n = 1;
    for (size_t i = 0; i < table->n_indexes; ++i) {
        gather_keys(reader, i);
        n *= table->indexes[i].n_keys;
        if (n > (size_t)4 * 1000 * 1000) {
            setting_complain(reader->diagnostics, table->setting, DIAGNOSTIC_E472,
                             "at most four million combinations of indexes",
                             "choose rows with where", "too many combinations");
            return;
        }
    }
    double *values = arena_array(reader->arena, n, sizeof *values);
    int *lines = arena_array(reader->arena, n, sizeof *lines);
    for (size_t i = 0; i < n; ++i) {
        values[i] = (double)NAN;
    }
    for (size_t i = 0; i < reader->n_rows; ++i) {
        const struct row *row = &reader->rows[i];
        size_t at = 0;
        for (size_t k = 0; k < table->n_indexes; ++k) {
            at = at * table->indexes[k].n_keys + find_key(&table->indexes[k], row->keys[k]);
        }
        if (lines[at] != 0) {
            diagnostics_add(reader->diagnostics, DIAGNOSTIC_E473, file_place(reader, row->line),
                            NULL, "each combination of the indexes once",
                            "choose one set with where = { ... }, or add an index",
                            "the table \"%s\" has this row already at line %d", table->id,
                            lines[at]);
            return;
        }
        lines[at] = row->line;
        values[at] = row->value;
    }
    table->values = values;
}

static void read_file(struct table_reader *reader)
{
    const struct document *file = reader->table->file;
    const char *fields[CSV_MAX_COLUMNS];
    csv_open(&reader->lines, reader->arena, file);
    reader->n_columns = csv_read_line(&reader->lines, reader->header);
    if (!find_columns(reader)) {
        return;
    }
    while (csv_has_more(&reader->lines)) {
        int line = reader->lines.line;
        size_t n = csv_read_line(&reader->lines, fields);
        if (n > 0 && passes(reader, fields, n)) {
            read_row(reader, fields, n, line);
        }
    }
    if (reader->n_rows > 0) {
        fill_values(reader);
    } else if (reader->n_complaints == 0) {
        layer_complain(reader->diagnostics, reader->table->setting, DIAGNOSTIC_E474,
                       "a file with rows that pass `where`", "check where and the file",
                       "%s gives the table \"%s\" no rows", file->file, reader->table->id);
    }
}

/* ---- tables ---- */

static void check_where(struct table_reader *reader)
{
    const struct setting *where = setting_find(reader->table->setting, "where");
    for (size_t i = 0; where != NULL && i < where->n_children; ++i) {
        (void)find_column(reader, where->children[i]->name, where->children[i]);
    }
}

static void read_table(struct arena *arena, const struct layered_document *documents,
                       size_t n_documents, const struct evidence *evidence,
                       const struct layer_item *item, struct data_table *table,
                       struct diagnostics *diagnostics)
{
    const struct setting *group = item->setting;
    const struct setting *file = setting_find(group, "file");
    const struct setting *source = setting_find(group, "source");
    *table = (struct data_table){
        .id = item->id,
        .label = field_text(group, "label", item->id),
        .unit = field_text(group, "unit", ""),
        .locator = field_text(group, "locator", ""),
        .note = field_text(group, "note", NULL),
        .hold_beyond = strcmp(field_text(group, "beyond_last", ""), "hold") == 0,
        .hold_below = strcmp(field_text(group, "below_first", ""), "hold") == 0,
        .setting = group,
    };
    bool complete = setting_is_text(file) && setting_is_text(setting_find(group, "value")) &&
                    setting_find(group, "index") != NULL && setting_is_text(source);
    if (!complete) {
        return; /* reported by the schema */
    }
    evidence_check_source(evidence, source, diagnostics);
    table->source = evidence_find_source(evidence, source->text);
    table->file = csv_find_file(documents, n_documents, file->text);
    if (table->file == NULL || table->file->root != NULL) {
        setting_complain(diagnostics, file, DIAGNOSTIC_E470,
                         "the name of a .csv file in a folder named data of a models directory",
                         "put it into models/data/, or correct the name",
                         "there is no data file \"%s\"", file->text);
        return;
    }
    struct table_reader reader = {.arena = arena, .diagnostics = diagnostics, .table = table};
    size_t n_errors = diagnostics->n_errors;
    read_file(&reader);
    if (diagnostics->n_errors == n_errors) {
        check_where(&reader);
    }
}

const struct tables *tables_read(struct arena *arena, const struct layered_document *documents,
                                 size_t n_documents, const struct evidence *evidence,
                                 struct diagnostics *diagnostics)
{
    struct tables *tables = arena_alloc(arena, sizeof *tables);
    struct layer_items items = {.arena = arena};
    layer_gather(&items, documents, n_documents, "tables");
    layer_settle(&items, "data table", true, diagnostics);
    struct data_table *all = arena_array(arena, items.n_items, sizeof *all);
    for (size_t i = 0; i < items.n_items; ++i) {
        read_table(arena, documents, n_documents, evidence, &items.items[i], &all[i], diagnostics);
    }
    tables->tables = all;
    tables->n_tables = items.n_items;
    return tables;
}

const struct data_table *table_find(const struct tables *tables, const char *id)
{
    for (size_t i = 0; i < tables->n_tables; ++i) {
        if (strcmp(tables->tables[i].id, id) == 0) {
            return &tables->tables[i];
        }
    }
    return NULL;
}

const char *table_nearest(const struct tables *tables, const char *id)
{
    const char **ids = memory_array(tables->n_tables + 1, sizeof *ids);
    for (size_t i = 0; i < tables->n_tables; ++i) {
        ids[i] = tables->tables[i].id;
    }
    const char *nearest = text_nearest(id, ids, tables->n_tables);
    free(ids);
    return nearest;
}

/* Ages that are sums of cycles may fall short of a whole year by rounding; this much counts as
 * reached. */
static const double nearly_reached = 1e-6;

static size_t find_coded(const struct table_index *index, double x)
{
    size_t key = find_key(index, floor(x + 0.5));
    return key != SIZE_MAX && fabs(index->keys[key] - x) <= nearly_reached ? key : SIZE_MAX;
}

/* Where the table says so, the first and last values of an index go on. */
static size_t find_held(const struct data_table *table, const struct table_index *index, double x)
{
    x = floor(x + nearly_reached * (1.0 + fabs(x)));
    size_t key = find_key(index, x);
    if (key == SIZE_MAX) {
        return table->hold_below ? 0 : SIZE_MAX;
    }
    bool found =
        index->keys[key] >= x || index->banded || (key == index->n_keys - 1 && table->hold_beyond);
    return found ? key : SIZE_MAX;
}

double table_look_up(const struct data_table *table, const double *arguments)
{
    size_t at = 0;
    if (table->values == NULL) {
        return (double)NAN;
    }
    for (size_t i = 0; i < table->n_indexes; ++i) {
        const struct table_index *index = &table->indexes[i];
        if (isnan(arguments[i])) {
            return (double)NAN;
        }
        size_t key =
            index->coded ? find_coded(index, arguments[i]) : find_held(table, index, arguments[i]);
        if (key == SIZE_MAX) {
            return (double)NAN;
        }
        at = at * index->n_keys + key;
    }
    return table->values[at];
}
