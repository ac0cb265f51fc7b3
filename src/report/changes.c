/* Changes since an earlier run, as .csv files and in words. */
#include "report/changes.h"

#include "report/html.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- .csv ---- */

const char *difference_rank_name(enum difference_rank rank)
{
    static const char *const names[N_RANKS] = {[RANK_HEADLINE] = "headline",
                                               [RANK_PERSPECTIVE] = "perspective",
                                               [RANK_PARTNER] = "partner",
                                               [RANK_OTHER] = "other"};
    return names[rank];
}

static const struct results_figure *shown_of(const struct difference_figure *figure)
{
    return figure->now != NULL ? figure->now : figure->old;
}

static double value_of(const struct results_figure *figure)
{
    return figure != NULL ? figure->value : (double)NAN;
}

static double error_of(const struct results_figure *figure)
{
    return figure != NULL ? figure->mc_se : (double)NAN;
}

static void write_figures(struct text *out, const struct report_run *run)
{
    text_append(out, "rank,scenario,option,who,who_kind,measure,item,unit,old,new,difference,"
                     "relative,old_mc_se,new_mc_se,standard_errors,verdict\n");
    for (size_t i = 0; i < run->difference->n_figures; ++i) {
        const struct difference_figure *figure = &run->difference->figures[i];
        const struct results_figure *shown = shown_of(figure);
        csv_text(out, difference_rank_name(figure->rank));
        csv_text(out, shown->key[KEY_SCENARIO]);
        csv_text(out, shown->key[KEY_OPTION]);
        csv_text(out, shown->key[KEY_WHO]);
        csv_text(out, shown->who_kind);
        csv_text(out, shown->key[KEY_MEASURE]);
        csv_text(out, shown->key[KEY_ITEM]);
        csv_text(out, shown->unit);
        csv_number(out, value_of(figure->old));
        csv_number(out, value_of(figure->now));
        csv_number(out, figure->change);
        csv_number(out, figure->relative);
        csv_number(out, error_of(figure->old));
        csv_number(out, error_of(figure->now));
        csv_number(out, figure->in_errors);
        csv_text(out, difference_verdict_name(figure->verdict));
        csv_end(out);
    }
}

static void write_changed_inputs(struct text *out, const struct report_run *run)
{
    text_append(out, "what,name,unit,aspect,old,new,old_mean,new_mean,old_source,new_source,"
                     "override_reason,n_scenarios,scenarios\n");
    for (size_t i = 0; i < run->difference->n_inputs; ++i) {
        const struct difference_input *input = &run->difference->inputs[i];
        const char *const words[] = {input->what,   input->name, input->unit,
                                     input->aspect, input->old,  input->now};
        for (size_t k = 0; k < sizeof words / sizeof words[0]; ++k) {
            csv_text(out, words[k]);
        }
        csv_number(out, input->old_mean);
        csv_number(out, input->now_mean);
        csv_text(out, input->old_source);
        csv_text(out, input->now_source);
        csv_text(out, input->override_reason);
        csv_count(out, input->n_scenarios);
        csv_text(out, input->scenarios);
        csv_end(out);
    }
}

static void write_flipped_decisions(struct text *out, const struct report_run *run)
{
    text_append(out, "scenario,who,what,old,new,old_p_nonneg,new_p_nonneg,verdict\n");
    for (size_t i = 0; i < run->difference->n_decisions; ++i) {
        const struct difference_decision *decision = &run->difference->decisions[i];
        csv_text(out, decision->scenario);
        csv_text(out, decision->who);
        csv_text(out, decision->what);
        csv_text(out, decision->old);
        csv_text(out, decision->now);
        csv_number(out, decision->old_p_nonneg);
        csv_number(out, decision->now_p_nonneg);
        csv_text(out, difference_verdict_name(decision->verdict));
        csv_end(out);
    }
}

const struct changes_table *changes_tables(size_t *n_tables)
{
    static const struct changes_table tables[] = {
        {"changes.csv", write_figures},
        {"changes_inputs.csv", write_changed_inputs},
        {"changes_decisions.csv", write_flipped_decisions}};
    *n_tables = sizeof tables / sizeof tables[0];
    return tables;
}

/* ---- tables of words ---- */

struct words_table {
    struct arena arena;
    const char *caption;
    const char *const *headings;
    size_t n_columns, n_words; /* the first columns are words */
    const char **cells;
    size_t n_cells, capacity;
};

static void add_cell(struct words_table *table, const char *words)
{
    table->cells = arena_grow(&table->arena, (void *)table->cells, table->n_cells, &table->capacity,
                              sizeof *table->cells);
    table->cells[table->n_cells++] =
        words[0] != '\0' ? arena_copy_text(&table->arena, words) : "[z]";
}

/* Pounds whole, small figures with four decimals, as in the workbook. */
static void add_value(struct words_table *table, double value)
{
    char words[48] = "";
    if (isfinite(value)) {
        text_format_grouped(words, value, fabs(value) >= 1000.0 ? 0 : fabs(value) >= 10.0 ? 1 : 4);
    }
    add_cell(table, words);
}

static void write_html_table(struct text *out, const struct words_table *table)
{
    html_table_start(out, table->caption, table->headings, table->n_columns, table->n_words, true);
    for (size_t i = 0; i < table->n_cells; ++i) {
        size_t column = i % table->n_columns;
        if (column == 0) {
            html_row(out, table->cells[i]);
        } else if (column < table->n_words) {
            html_cell(out, table->cells[i]);
        } else {
            text_append(out, "<td class=n>");
            html_text(out, table->cells[i]);
            text_append(out, "</td>");
        }
        if (column + 1 == table->n_columns) {
            html_row_end(out);
        }
    }
    html_table_end(out);
}

static void write_markdown_cell(struct text *out, const char *words)
{
    for (; *words != '\0'; ++words) {
        bool control = (unsigned char)*words < 32;
        text_append(out, strchr("|<>*_`\\[]", *words) != NULL ? "\\" : "");
        text_append_span(out, control ? " " : words, 1);
    }
}

static void write_markdown_table(struct text *out, const struct words_table *table)
{
    text_printf(out, "### %s\n\n|", table->caption);
    for (size_t i = 0; i < table->n_columns; ++i) {
        text_printf(out, " %s |", table->headings[i]);
    }
    text_append(out, "\n|");
    for (size_t i = 0; i < table->n_columns; ++i) {
        text_append(out, i < table->n_words ? "---|" : "---:|");
    }
    assert(table->n_columns > 0);
    for (size_t i = 0; i < table->n_cells; ++i) {
        text_append(out, i % table->n_columns == 0 ? "\n| " : " ");
        if (strcmp(table->cells[i], "[z]") == 0) {
            text_append(out, "[z]");
        } else {
            write_markdown_cell(out, table->cells[i]);
        }
        text_append(out, " |");
    }
    text_append(out, "\n\n");
}

/* A terminal has little room: long words are cut, and say so; the files hold them whole. */
static void write_terminal_table(struct text *out, const struct words_table *table, size_t width)
{
    enum { MOST = 36 };

    struct grid grid;
    grid_init(&grid, table->n_columns, table->n_cells / table->n_columns + 1);
    for (size_t i = 0; i < table->n_columns; ++i) {
        grid_put(&grid, 0, i, table->headings[i]);
    }
    for (size_t i = 0; i < table->n_cells; ++i) {
        char cell[MAX_CELL];
        const char *words = table->cells[i];
        size_t n = strlen(words);
        size_t shown = n <= MOST ? n : MOST - 3;
        while (shown < n && shown > 0 && ((unsigned char)words[shown] & 0xC0) == 0x80) {
            --shown;
        }
        (void)snprintf(cell, sizeof cell, "%.*s%s", (int)shown, words, shown < n ? "..." : "");
        for (char *byte = cell; *byte != '\0'; ++byte) {
            *byte = (unsigned char)*byte < 32 || *byte == 127 ? ' ' : *byte;
        }
        grid_put(&grid, i / table->n_columns + 1, i % table->n_columns, cell);
    }
    text_printf(out, "\n%s\n", table->caption);
    grid_write(out, &grid, width);
}

static void write_table(struct text *out, const struct words_table *table, size_t width)
{
    if (table->n_cells > 0 && width == WIDTH_HTML) {
        write_html_table(out, table);
    } else if (table->n_cells > 0 && width == 0) {
        write_markdown_table(out, table);
    } else if (table->n_cells > 0) {
        write_terminal_table(out, table, width);
    }
}

/* ---- sentences ---- */

static void write_sentence(struct text *out, struct text *words, size_t width)
{
    if (width == WIDTH_HTML) {
        html_element(out, "p", words->bytes);
    } else if (width == 0) {
        write_markdown_cell(out, words->bytes);
        text_append(out, "\n\n");
    } else {
        write_wrapped(out, words->bytes, width, 2);
    }
    text_clear(words);
}

/* " No decision flipped.", " 2 input files differ in their text." */
static void write_count(struct text *out, size_t n, const char *what, const char *verb)
{
    if (n == 0) {
        text_printf(out, " No %s %s.", what, verb);
    } else {
        text_printf(out, " %zu %s%s %s.", n, what, n == 1 ? "" : "s", verb);
    }
}

static size_t count_files(const struct difference *difference)
{
    size_t n = 0;
    for (size_t i = 0; i < difference->n_inputs; ++i) {
        n += strcmp(difference->inputs[i].what, "file") == 0 ? 1 : 0;
    }
    return n;
}

void changes_write_ids(struct text *out, const char *lead, const char *const *ids, size_t n,
                       const char *end)
{
    enum { MOST = 12 };

    for (size_t i = 0; i < n && i < MOST; ++i) {
        text_printf(out, "%s%s", i == 0 ? lead : ", ", ids[i]);
    }
    if (n > MOST) {
        text_printf(out, " and %zu more", n - MOST);
    }
    text_append(out, n > 0 ? end : "");
}

void write_changes_answer(struct text *out, const struct difference *difference)
{
    const size_t *n_of = difference->n_of;
    if (difference_is_empty(difference)) {
        text_printf(out,
                    "Nothing changed: all %zu figures, the inputs and the decisions are those of "
                    "the earlier run.",
                    difference->n_figures);
        return;
    }
    text_printf(out, "Of %zu figures %zu moved", difference->n_figures, n_of[VERDICT_MOVED]);
    if (n_of[VERDICT_MOVED_SLIGHTLY] > 0) {
        text_printf(out, ", %zu moved slightly (less than three Monte Carlo errors)",
                    n_of[VERDICT_MOVED_SLIGHTLY]);
    }
    if (n_of[VERDICT_NOISE] > 0) {
        text_printf(out, ", %zu differ by Monte Carlo noise alone", n_of[VERDICT_NOISE]);
    }
    if (n_of[VERDICT_ADDED] + n_of[VERDICT_REMOVED] > 0) {
        text_printf(out, ", %zu are new and %zu are gone", n_of[VERDICT_ADDED],
                    n_of[VERDICT_REMOVED]);
    }
    text_append(out, ".");
    write_count(out, difference->n_decisions, "decision", "flipped");
    write_count(out, difference->n_inputs - count_files(difference), "input", "changed");
    if (count_files(difference) > 0) {
        write_count(out, count_files(difference), "file", "changed in text");
    }
    changes_write_ids(out, " New scenarios: ", difference->added, difference->n_added, ".");
    changes_write_ids(out, " No longer there: ", difference->removed, difference->n_removed, ".");
}

void write_changes_basis(struct text *out, const struct difference *difference)
{
    text_printf(out,
                "Compared with the run of dividend %s whose manifest.json has the SHA-256 %s. ",
                difference->old->version, difference->old->digest);
    text_append(out,
                difference->common_numbers
                    ? "Both runs drew the same random numbers: what differs has a cause among the "
                      "inputs, however little it is."
                    : "The runs drew different random numbers: moves of up to three standard "
                      "errors are what another seed would give, and are called noise.");
}

/* ---- what is shown ---- */

enum { MOST_ROWS = 40 };

static void write_left_out(struct text *out, size_t n, const char *file, size_t width)
{
    if (n > MOST_ROWS) {
        struct text words;
        text_init(&words);
        text_printf(&words, "%zu more rows are in %s.", n - MOST_ROWS, file);
        write_sentence(out, &words, width);
    }
}

const char *changes_decision_side(struct arena *arena, const char *words, double p_nonneg)
{
    char count[32];
    if (!isfinite(p_nonneg)) {
        return words;
    }
    html_of_hundred(count, p_nonneg);
    return arena_printf(arena, "%s (%s of 100 draws do not lose)", words, count);
}

static void write_decisions(struct text *out, const struct difference *difference, size_t width)
{
    static const char *const headings[] = {"Scenario", "Who", "What", "Was", "Is", "Move"};
    struct words_table table = {
        .caption = "Decisions flipped", .headings = headings, .n_columns = 6, .n_words = 6};
    arena_init(&table.arena);
    for (size_t i = 0; i < difference->n_decisions && i < MOST_ROWS; ++i) {
        const struct difference_decision *decision = &difference->decisions[i];
        add_cell(&table, decision->scenario);
        add_cell(&table, decision->who);
        add_cell(&table, decision->what);
        add_cell(&table,
                 changes_decision_side(&table.arena, decision->old, decision->old_p_nonneg));
        add_cell(&table,
                 changes_decision_side(&table.arena, decision->now, decision->now_p_nonneg));
        add_cell(&table, decision->verdict == VERDICT_MOVED_SLIGHTLY
                             ? "moved slightly"
                             : difference_verdict_name(decision->verdict));
    }
    write_table(out, &table, width);
    write_left_out(out, difference->n_decisions, "changes_decisions.csv", width);
    arena_clear(&table.arena);
}

/* A new or lost scenario is named once, above, and not figure by figure. */
static bool is_shown(const struct difference_figure *figure, size_t width)
{
    bool terminal = width != 0 && width != WIDTH_HTML;
    return figure->rank <= (terminal ? RANK_HEADLINE : RANK_PERSPECTIVE) &&
           figure->verdict < VERDICT_ADDED && figure->verdict != VERDICT_SAME;
}

static void add_figure(struct words_table *table, const struct difference_figure *figure)
{
    const struct results_figure *shown = shown_of(figure);
    char relative[48] = "", errors[48] = "", measure[200];
    if (isfinite(figure->relative)) {
        text_format_grouped(relative, 100.0 * figure->relative, 1);
    }
    if (isfinite(figure->in_errors)) {
        text_format_grouped(errors, figure->in_errors, 1);
    }
    (void)snprintf(measure, sizeof measure, "%.60s%s%.60s%s%.60s", shown->key[KEY_MEASURE],
                   shown->key[KEY_OPTION][0] != '\0' ? ", " : "", shown->key[KEY_OPTION],
                   shown->key[KEY_ITEM][0] != '\0' ? ", " : "", shown->key[KEY_ITEM]);
    add_cell(table, shown->key[KEY_SCENARIO]);
    add_cell(table, shown->key[KEY_WHO]);
    add_cell(table, measure);
    add_cell(table, figure->verdict == VERDICT_MOVED_SLIGHTLY
                        ? "moved slightly"
                        : difference_verdict_name(figure->verdict));
    add_value(table, value_of(figure->old));
    add_value(table, value_of(figure->now));
    add_value(table, figure->change);
    add_cell(table, relative);
    add_cell(table, errors);
}

static void write_headlines(struct text *out, const struct difference *difference, size_t width)
{
    static const char *const headings[] = {"Scenario", "Who",    "Measure", "Move",     "Was",
                                           "Is",       "Change", "%",       "in errors"};
    struct words_table table = {.caption = "Headline figures that differ",
                                .headings = headings,
                                .n_columns = 9,
                                .n_words = 4};
    size_t n = 0;
    arena_init(&table.arena);
    for (size_t i = 0; i < difference->n_figures; ++i) {
        if (is_shown(&difference->figures[i], width) && n++ < MOST_ROWS) {
            add_figure(&table, &difference->figures[i]);
        }
    }
    write_table(out, &table, width);
    write_left_out(out, n, "changes.csv", width);
    arena_clear(&table.arena);
}

/* "80 GBP/person-year, Gamma(16, 5)"; of a hash its beginning. */
static void add_input_value(struct words_table *table, const struct difference_input *input,
                            const char *words, double mean)
{
    char number[48];
    if (strcmp(input->what, "file") == 0) {
        add_cell(table, arena_printf(&table->arena, "%.12s", words));
    } else if (isfinite(mean) && input->unit[0] != '\0') {
        text_format_grouped(number, mean, fabs(mean) >= 1000.0 ? 0 : fabs(mean) >= 10.0 ? 2 : 4);
        add_cell(table, arena_printf(&table->arena, "%s %s, %s", number, input->unit, words));
    } else {
        add_cell(table, words);
    }
}

static void write_inputs_changed(struct text *out, const struct difference *difference,
                                 size_t width)
{
    static const char *const headings[] = {"Name", "What", "Differs in", "Was", "Is", "Used by"};
    struct words_table table = {
        .caption = "Inputs that changed", .headings = headings, .n_columns = 6, .n_words = 6};
    arena_init(&table.arena);
    for (size_t i = 0; i < difference->n_inputs && i < MOST_ROWS; ++i) {
        const struct difference_input *input = &difference->inputs[i];
        if (strcmp(input->what, "file") == 0 && width != 0 && width != WIDTH_HTML) {
            continue; /* hashes say little on a terminal */
        }
        add_cell(&table, input->name);
        add_cell(&table, input->what);
        add_cell(&table, input->aspect);
        add_input_value(&table, input, input->old, input->old_mean);
        add_input_value(&table, input, input->now, input->now_mean);
        add_cell(&table, input->n_scenarios > 0 ? input->scenarios : "the whole run");
    }
    write_table(out, &table, width);
    write_left_out(out, difference->n_inputs, "changes_inputs.csv", width);
    arena_clear(&table.arena);
}

void write_changes(struct text *out, const struct report_run *run, size_t width)
{
    struct text words;
    text_init(&words);
    write_changes_answer(&words, run->difference);
    write_sentence(out, &words, width);
    write_changes_basis(&words, run->difference);
    write_sentence(out, &words, width);
    write_decisions(out, run->difference, width);
    write_headlines(out, run->difference, width);
    write_inputs_changed(out, run->difference, width);
}

void report_changes(struct text *out, const struct report_run *run, enum report_style style,
                    size_t width)
{
    if (run->difference != NULL && style == REPORT_TABLE) {
        text_append(out, "\nChanges since the earlier run\n");
        write_changes(out, run, width);
    } else if (run->difference != NULL && style == REPORT_MARKDOWN) {
        text_append(out, "\n## Changes since the earlier run\n\n");
        write_changes(out, run, 0);
    }
}
