/* An explanation as json: every figure exact, and as it is shown. docs/file-formats.md. */
#include "report/report_private.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* A number is {"value": exact, "shown": "12,346"}; words are text. */
static json_t *cell_json(const struct explain_cell *cell)
{
    if (isnan(cell->value)) {
        return json_string(cell->words);
    }
    return json_pack("{s:o, s:s}", "value", number_or_null(cell->value), "shown", cell->words);
}

static json_t *table_json(const struct explain_table *table)
{
    json_t *columns = json_array(), *rows = json_array();
    for (size_t c = 0; c < table->n_columns; ++c) {
        json_array_append_new(columns, json_pack("{s:s, s:s, s:b}", "name", table->columns[c].name,
                                                 "heading", table->columns[c].heading, "adds",
                                                 (int)table->columns[c].adds));
    }
    for (size_t r = 0; r < table->n_rows; ++r) {
        json_t *row = json_array();
        for (size_t c = 0; c < table->n_columns; ++c) {
            json_array_append_new(row, cell_json(&table->cells[r * table->n_columns + c]));
        }
        json_array_append_new(rows, row);
    }
    return json_pack("{s:s, s:o, s:b, s:b, s:o}", "table", table->title, "columns", columns,
                     "last_row_is_total", (int)table->has_total, "last_column_is_total",
                     (int)table->adds_across, "rows", rows);
}

static json_t *record_json(const struct explain_record *record)
{
    json_t *facts = json_array();
    for (size_t i = 0; i < record->n_facts; ++i) {
        json_array_append_new(facts,
                              json_pack("[s, s]", record->facts[i].key, record->facts[i].words));
    }
    return json_pack("{s:s, s:o}", "record", record->title, "facts", facts);
}

static json_t *section_json(const struct explain_section *section)
{
    json_t *parts = json_array();
    for (size_t i = 0; i < section->n_parts; ++i) {
        const struct explain_part *part = &section->parts[i];
        json_array_append_new(parts, part->words != NULL ? json_pack("{s:s}", "words", part->words)
                                     : part->table != NULL ? table_json(part->table)
                                                           : record_json(part->record));
    }
    return json_pack("{s:s, s:s, s:o}", "id", section->id, "title", section->title, "parts", parts);
}

void json_explanation(struct text *out, const struct explanation *explanation)
{
    json_t *sections = json_array();
    for (size_t i = 0; i < explanation->n_sections; ++i) {
        json_array_append_new(sections, section_json(&explanation->sections[i]));
    }
    json_t *root = json_pack("{s:s, s:s, s:s}", "scenario", explanation->scenario, "measure",
                             explanation->measure, "title", explanation->title);
    if (root != NULL && explanation->has_figure) {
        json_object_set_new(root, "mean", number_or_null(explanation->mean));
        json_object_set_new(root, "q025", number_or_null(explanation->low));
        json_object_set_new(root, "q975", number_or_null(explanation->high));
        json_object_set_new(root, "mc_se", number_or_null(explanation->error));
    }
    json_object_set_new(root, "sections", sections);
    char *bytes = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17) | JSON_PRESERVE_ORDER);
    json_decref(root);
    if (bytes != NULL) {
        text_append(out, bytes);
        text_append(out, "\n");
        free(bytes);
    }
}
