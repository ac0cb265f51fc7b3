/* report.html: where the headlines of a programme come from, closed until asked for. */
#include "report/html.h"

#include <stdlib.h>

static void write_table(struct text *out, const struct explain_table *table)
{
    size_t n_words = 0;
    const char *headings[EXPLAIN_MAX_COLUMNS];
    for (size_t c = 0; c < table->n_columns; ++c) {
        headings[c] = table->columns[c].heading;
        n_words += table->columns[c].format == EXPLAIN_WORDS && n_words == c ? 1 : 0;
    }
    if (table->n_rows == 0) {
        return;
    }
    html_table_start(out, table->title, headings, table->n_columns, n_words, false);
    for (size_t row = 0; row < table->n_rows; ++row) {
        const struct explain_cell *cells = table->cells + row * table->n_columns;
        html_row(out, cells[0].words);
        for (size_t c = 1; c < table->n_columns; ++c) {
            bool number = table->columns[c].format != EXPLAIN_WORDS;
            text_append(out, number ? "<td class=n>" : "<td>");
            html_text(out, cells[c].words);
            text_append(out, "</td>");
        }
        html_row_end(out);
    }
    html_table_end(out);
}

static void write_record(struct text *out, const struct explain_record *record)
{
    html_element(out, "p", record->title);
    text_append(out, "<ul class=\"s\">");
    for (size_t i = 0; i < record->n_facts; ++i) {
        text_append(out, "<li>");
        html_text(out, record->facts[i].key);
        text_append(out, ": ");
        html_text(out, record->facts[i].words);
        text_append(out, "</li>");
    }
    text_append(out, "</ul>\n");
}

static void write_section(struct text *out, const struct explain_section *section)
{
    /* no heading: the page has it at several depths, and levels must not be left out */
    html_element(out, "p class=\"kicker\"", section->title);
    for (size_t i = 0; i < section->n_parts; ++i) {
        const struct explain_part *part = &section->parts[i];
        if (part->words != NULL) {
            html_element(out, "p", part->words);
        } else if (part->table != NULL) {
            write_table(out, part->table);
        } else {
            write_record(out, part->record);
        }
    }
}

/* One figure. The id stands inside, so that following a link to it opens it without a script. */
static void write_explanation(struct text *out, const struct explanation *explanation,
                              const char *id, const char *kind)
{
    html_details_start(
        out, arena_printf(explanation->arena, "Where it comes from: %s", explanation->title));
    text_printf(out, "<div id=\"x-%s", kind);
    html_text(out, id);
    text_append(out, "\">\n");
    for (size_t i = 0; i < explanation->n_sections; ++i) {
        write_section(out, &explanation->sections[i]);
    }
    text_append(out, "</div>\n");
    html_details_end(out);
}

void html_explanations(struct text *out, const struct scenario_result *result)
{
    static const struct {
        enum measure measure;
        bool total;
        const char *kind;
        enum explain_depth depth;
    } headlines[] = {{MEASURE_NET, false, "", EXPLAIN_WHOLE},
                     {MEASURE_NET_CASH, false, "cash-", EXPLAIN_BRIEF},
                     {MEASURE_PV_COST, true, "cost-", EXPLAIN_BRIEF},
                     {MEASURE_PAYBACK_DISCOUNTED, false, "payback-", EXPLAIN_BRIEF}};
    const struct plan *plan = result->plan;
    struct arena arena;
    arena_init(&arena);
    struct explainer *explainer = explainer_new(&arena, result);
    explainer_name_files_as_results(explainer);
    for (size_t i = 0; i < sizeof headlines / sizeof headlines[0]; ++i) {
        size_t who = headlines[i].total ? plan->n_whos - 1 : headline_index(plan);
        struct error error = {0};
        const struct measure_reference reference = {
            .column = plan_find_result(plan, headlines[i].measure, who, 0, 0)};
        const struct explanation *explanation =
            explain_measure(explainer, &reference, headlines[i].depth, &error);
        if (explanation != NULL) {
            write_explanation(out, explanation, plan->scenario->id, headlines[i].kind);
        }
    }
    explainer_free(explainer);
    arena_clear(&arena);
}
