/* Population tables: people by area, quintile of deprivation and age, from .csv files. */
#include "base/text.h"
#include "evidence/csv.h"
#include "scenario/scenario_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct population_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct population_table *table;
    const char *header[CSV_MAX_COLUMNS];
    size_t n_columns;
    size_t area_column, quintile_column, band_columns[POPULATION_MAX_BANDS];
    struct population_row *rows;
    size_t n_rows, capacity;
    size_t n_complaints;
};

/* ---- columns ---- */

static size_t find_column(struct population_reader *reader, const struct setting *name)
{
    const struct csv_header header = {reader->table->file, reader->header, reader->n_columns};
    return csv_find_column(reader->arena, reader->diagnostics, &header, name->text, name);
}

static bool find_columns(struct population_reader *reader)
{
    const struct setting *group = reader->table->setting;
    const struct setting *bands = setting_find(group, "bands");
    reader->area_column = find_column(reader, setting_find(group, "area"));
    reader->quintile_column = find_column(reader, setting_find(group, "quintile"));
    bool good = reader->area_column != SIZE_MAX && reader->quintile_column != SIZE_MAX;
    for (size_t i = 0; i < reader->table->n_bands; ++i) {
        reader->band_columns[i] = find_column(reader, bands->children[i]);
        good = good && reader->band_columns[i] != SIZE_MAX;
    }
    return good;
}

/* ---- rows ---- */

static struct place file_place(const struct population_reader *reader, int line)
{
    return (struct place){.file = reader->table->file->file, .line = line};
}

static void complain_field(struct population_reader *reader, int line, const char *column,
                           const char *field, const char *allowed)
{
    if (++reader->n_complaints <= 8) {
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_E472, file_place(reader, line), NULL,
                        allowed, "correct the file", "\"%s\" in the column \"%s\"", field, column);
    }
}

static bool read_people(struct population_reader *reader, const char *const *fields,
                        struct population_row *row)
{
    double *people = arena_array(reader->arena, reader->table->n_bands, sizeof *people);
    bool good = true;
    for (size_t i = 0; i < reader->table->n_bands; ++i) {
        size_t column = reader->band_columns[i];
        if (!csv_read_number(fields[column], &people[i]) || people[i] < 0.0) {
            complain_field(reader, row->line, reader->header[column], fields[column],
                           "a number of people, at least 0");
            good = false;
        }
    }
    row->people = people;
    return good;
}

static void read_row(struct population_reader *reader, const char *const *fields, size_t n_fields,
                     int line)
{
    struct population_row row = {.line = line};
    double quintile = 0.0;
    if (n_fields != reader->n_columns) {
        complain_field(
            reader, line, "(all)", n_fields > 0 ? fields[0] : "",
            arena_printf(reader->arena, "%zu fields, as the first line has", reader->n_columns));
        return;
    }
    row.code = fields[reader->area_column];
    const char *field = fields[reader->quintile_column];
    if (!csv_read_number(field, &quintile) || quintile != floor(quintile) || quintile < 1.0 ||
        quintile > N_QUINTILES) {
        complain_field(reader, line, reader->header[reader->quintile_column], field,
                       "a quintile: 1 (most deprived), 2, 3, 4 or 5");
        return;
    }
    row.quintile = (size_t)quintile;
    if (read_people(reader, fields, &row)) {
        reader->rows = arena_grow(reader->arena, reader->rows, reader->n_rows, &reader->capacity,
                                  sizeof *reader->rows);
        reader->rows[reader->n_rows++] = row;
    }
}

static int compare_rows(const void *left, const void *right)
{
    const struct population_row *a = left, *b = right;
    int codes = strcmp(a->code, b->code);
    if (codes != 0) {
        return codes;
    }
    if (a->quintile != b->quintile) {
        return a->quintile < b->quintile ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

static void check_twice(struct population_reader *reader)
{
    for (size_t i = 1; i < reader->n_rows; ++i) {
        const struct population_row *first = &reader->rows[i - 1], *second = &reader->rows[i];
        if (strcmp(first->code, second->code) == 0 && first->quintile == second->quintile &&
            ++reader->n_complaints <= 8) {
            diagnostics_add(reader->diagnostics, DIAGNOSTIC_E473, file_place(reader, second->line),
                            NULL, "each quintile of an area once", "remove or join one of the rows",
                            "quintile %zu of \"%s\" stands at line %d already", second->quintile,
                            second->code, first->line);
        }
    }
}

static void read_file(struct population_reader *reader)
{
    struct population_table *table = reader->table;
    const char *fields[CSV_MAX_COLUMNS];
    struct csv_reader lines;
    csv_open(&lines, reader->arena, table->file);
    reader->n_columns = csv_read_line(&lines, reader->header);
    if (!find_columns(reader)) {
        return;
    }
    while (csv_has_more(&lines)) {
        int line = lines.line;
        size_t n = csv_read_line(&lines, fields);
        if (n > 0) {
            read_row(reader, fields, n, line);
        }
    }
    if (reader->n_rows == 0 && reader->n_complaints == 0) {
        layer_complain(reader->diagnostics, table->setting, DIAGNOSTIC_E474,
                       "a file with a row for each area and quintile", "check the file",
                       "%s gives the population table \"%s\" no rows", table->file->file,
                       table->id);
    }
    if (reader->n_rows > 1) {
        qsort(reader->rows, reader->n_rows, sizeof *reader->rows, compare_rows);
    }
    check_twice(reader);
    table->rows = reader->rows;
    table->n_rows = reader->n_rows;
}

const struct population_row *population_rows(const struct population_table *table, const char *code,
                                             size_t *n)
{
    size_t low = 0, high = table->n_rows;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(table->rows[middle].code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (*n = 0; low + *n < table->n_rows && strcmp(table->rows[low + *n].code, code) == 0;) {
        ++*n;
    }
    return *n > 0 ? &table->rows[low] : NULL;
}

/* ---- tables ---- */

static bool check_bands(const struct population_reader *reader, const struct setting *bands,
                        const struct setting *ages)
{
    const char *found = NULL;
    if (bands->n_children != ages->n_children) {
        found = arena_printf(reader->arena, "%zu columns (bands) and %zu first ages",
                             bands->n_children, ages->n_children);
    } else if (ages->n_children > POPULATION_MAX_BANDS) {
        found = arena_printf(reader->arena, "%zu age bands", ages->n_children);
    }
    for (size_t i = 0; found == NULL && i < ages->n_children; ++i) {
        double age = ages->children[i]->number;
        if (age != floor(age)) {
            found = arena_printf(reader->arena, "the first age %.9g", age);
        } else if (i > 0 && age <= ages->children[i - 1]->number) {
            found = arena_printf(reader->arena, "the first age %.9g after %.9g", age,
                                 ages->children[i - 1]->number);
        }
    }
    if (found != NULL) {
        setting_complain(reader->diagnostics, ages, DIAGNOSTIC_E648,
                         "one first age for each column of bands, whole years ascending, at most "
                         "32",
                         "write the first age of each column, e.g. [0, 16, 65]", "%s", found);
    }
    return found == NULL;
}

static bool is_complete(const struct setting *group)
{
    static const char *const texts[] = {"file", "area", "quintile", "source"};
    static const char *const arrays[] = {"bands", "ages"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        if (!setting_is_text(setting_find(group, texts[i]))) {
            return false;
        }
    }
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; ++i) {
        const struct setting *array = setting_find(group, arrays[i]);
        if (array == NULL || array->type != SETTING_ARRAY || array->n_children == 0 ||
            setting_is_text(array->children[0]) != (i == 0)) {
            return false;
        }
    }
    return true;
}

static void read_table(struct population_reader *reader, const struct layer_item *item,
                       const struct layered_document *documents, size_t n_documents,
                       const struct evidence *evidence)
{
    const struct setting *group = item->setting;
    const struct setting *file = setting_find(group, "file");
    const struct setting *bands = setting_find(group, "bands");
    struct population_table *table = reader->table;
    *table = (struct population_table){.id = item->id,
                                       .label = field_text(group, "label", item->id),
                                       .year = (int)field_whole(group, "year", 0),
                                       .layer = item->layer,
                                       .setting = group};
    if (!is_complete(group)) {
        return; /* reported by the schema */
    }
    evidence_check_source(evidence, setting_find(group, "source"), reader->diagnostics);
    bool good = check_bands(reader, bands, setting_find(group, "ages"));
    table->file = csv_find_file(documents, n_documents, file->text);
    if (table->file == NULL || table->file->root != NULL) {
        table->file = NULL;
        setting_complain(reader->diagnostics, file, DIAGNOSTIC_E470,
                         "the name of a .csv file in a folder named data of a models directory",
                         "put it into the folder data beside your areas, or correct the name",
                         "there is no data file \"%s\"", file->text);
    } else if (good) {
        table->ages = field_numbers(reader->arena, group, "ages", &table->n_bands);
        read_file(reader);
    }
}

const struct populations *populations_read(struct arena *arena,
                                           const struct layered_document *documents,
                                           size_t n_documents, const struct evidence *evidence,
                                           struct diagnostics *diagnostics)
{
    struct populations *populations = arena_alloc(arena, sizeof *populations);
    struct layer_items items = {.arena = arena};
    layer_gather(&items, documents, n_documents, "populations");
    layer_settle(&items, "population table", true, diagnostics);
    struct population_table *tables = arena_array(arena, items.n_items, sizeof *tables);
    for (size_t i = 0; i < items.n_items; ++i) {
        struct population_reader reader = {
            .arena = arena, .diagnostics = diagnostics, .table = &tables[i]};
        read_table(&reader, &items.items[i], documents, n_documents, evidence);
    }
    populations->tables = tables;
    populations->n_tables = items.n_items;
    return populations;
}
