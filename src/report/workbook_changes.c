/* Changes since an earlier run: figures, inputs, decisions. */
#include "report/changes.h"
#include "report/workbook_private.h"

#include <math.h>
#include <stdlib.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

static void text_or_not(struct workbook_sheet *sheet, const char *words)
{
    sheet_text(sheet, words[0] != '\0' ? words : "[z]");
}

/* A table has at least one row. */
static void fill_empty(struct workbook_sheet *sheet)
{
    while (sheet->n_cells < sheet->n_columns) {
        sheet_text(sheet, "[z]");
    }
}

static void add_line(struct workbook_sheet *sheet, const char *label, const char *words)
{
    *sheet_add_top(sheet, label) = (struct workbook_cell){.kind = CELL_TEXT, .words = words};
}

static void add_count(struct workbook_sheet *sheet, const char *label, size_t n)
{
    *sheet_add_top(sheet, label) =
        (struct workbook_cell){.kind = CELL_NUMBER, .show = SHOW_COUNT, .value = (double)n};
}

/* ---- figures ---- */

static const struct workbook_column figure_columns[] = {{"Scenario", SHOW_TEXT},             /* A */
                                                        {"Option", SHOW_TEXT},               /* B */
                                                        {"Who", SHOW_TEXT},                  /* C */
                                                        {"Measure", SHOW_TEXT},              /* D */
                                                        {"Item", SHOW_TEXT},                 /* E */
                                                        {"Unit", SHOW_TEXT},                 /* F */
                                                        {"Earlier run", SHOW_NUMBER},        /* G */
                                                        {"This run", SHOW_NUMBER},           /* H */
                                                        {"Difference", SHOW_NUMBER},         /* I */
                                                        {"Relative difference", SHOW_SHARE}, /* J */
                                                        {"In standard errors", SHOW_SHARE},  /* K */
                                                        {"Verdict", SHOW_TEXT}};             /* L */

static double value_of(const struct results_figure *figure)
{
    return figure != NULL ? figure->value : (double)NAN;
}

static void add_figure(struct workbook_sheet *sheet, const struct difference_figure *figure)
{
    const struct results_figure *shown = figure->now != NULL ? figure->now : figure->old;
    size_t row = sheet_row(sheet);
    text_or_not(sheet, shown->key[KEY_SCENARIO]);
    text_or_not(sheet, shown->key[KEY_OPTION]);
    text_or_not(sheet, shown->key[KEY_WHO]);
    text_or_not(sheet, shown->key[KEY_MEASURE]);
    text_or_not(sheet, shown->key[KEY_ITEM]);
    text_or_not(sheet, shown->unit);
    sheet_number(sheet, value_of(figure->old));
    sheet_number(sheet, value_of(figure->now));
    if (isfinite(figure->change)) {
        sheet_formula(sheet, figure->change, "=H%zu-G%zu", row, row);
        sheet_formula(sheet, figure->relative, "=IF(G%zu=0,\"[z]\",I%zu/ABS(G%zu))", row, row, row);
    } else {
        sheet_number(sheet, NAN);
        sheet_number(sheet, NAN);
    }
    sheet_number(sheet, figure->in_errors);
    sheet_text(sheet, difference_verdict_name(figure->verdict));
}

static bool is_net(const struct difference_figure *figure)
{
    return figure->rank == RANK_HEADLINE && isfinite(figure->change);
}

static void add_figures(struct workbook *book, const struct difference *difference)
{
    enum { MAX_ROWS = 100000 };

    struct text answer, basis;
    text_init(&answer);
    text_init(&basis);
    write_changes_answer(&answer, difference);
    write_changes_basis(&basis, difference);
    struct workbook_sheet *sheet =
        book_add_sheet(book, "Changes", "Changes", "Changes since the earlier run", answer.bytes,
                       figure_columns, N_OF(figure_columns));
    (void)sheet_add_top(sheet, "Headline measures first; changes.csv holds every figure");
    add_line(sheet, "Compared with", workbook_words(book->arena, basis.bytes));
    add_count(sheet, "Figures that moved, of all in changes.csv",
              difference->n_of[VERDICT_MOVED] + difference->n_of[VERDICT_MOVED_SLIGHTLY]);
    add_count(sheet, "Figures that differ by Monte Carlo noise alone",
              difference->n_of[VERDICT_NOISE]);
    struct workbook_cell *check =
        sheet_add_check(sheet, "differences of net and net cash of the perspectives");
    double formula = 0.0, old = 0.0, now = 0.0;
    for (size_t i = 0; i < difference->n_figures && sheet_n_rows(sheet) < MAX_ROWS; ++i) {
        const struct difference_figure *figure = &difference->figures[i];
        if (figure->rank < RANK_OTHER) {
            add_figure(sheet, figure);
            formula += is_net(figure) ? figure->change : 0.0;
            old += is_net(figure) ? figure->old->value : 0.0;
            now += is_net(figure) ? figure->now->value : 0.0;
        }
    }
    fill_empty(sheet);
    size_t first = sheet_header_row(sheet) + 1, n_nets = 0;
    while (n_nets < difference->n_figures && difference->figures[n_nets].rank == RANK_HEADLINE) {
        ++n_nets;
    }
    sheet_fill_check(
        sheet, check,
        arena_printf(book->arena, "=SUM(I%zu:I%zu)", first, first + (n_nets > 0 ? n_nets - 1 : 0)),
        formula, now - old);
    text_clear(&answer);
    text_clear(&basis);
}

/* ---- inputs and decisions ---- */

static void add_inputs(struct workbook *book, const struct difference *difference)
{
    static const struct workbook_column columns[] = {
        {"What", SHOW_TEXT},           {"Name", SHOW_TEXT},       {"Unit", SHOW_TEXT},
        {"Differs in", SHOW_TEXT},     {"Earlier", SHOW_WORDS},   {"Now", SHOW_WORDS},
        {"Earlier mean", SHOW_NUMBER}, {"Mean now", SHOW_NUMBER}, {"Earlier source", SHOW_TEXT},
        {"Source now", SHOW_TEXT},     {"Override", SHOW_WORDS},  {"Scenarios", SHOW_COUNT},
        {"Used by", SHOW_WORDS}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Changed inputs", "ChangedInputs", "Inputs changed since the earlier run",
        difference->n_inputs > 0
            ? "Evidence and inputs of scenarios, then settings, then files by their hashes. As "
              "changes_inputs.csv."
            : "No input changed: values, conventions, settings of the run and files are the same.",
        columns, N_OF(columns));
    for (size_t i = 0; i < difference->n_inputs; ++i) {
        const struct difference_input *input = &difference->inputs[i];
        sheet_text(sheet, input->what);
        sheet_text(sheet, input->name);
        text_or_not(sheet, input->unit);
        sheet_text(sheet, input->aspect);
        text_or_not(sheet, input->old);
        text_or_not(sheet, input->now);
        sheet_number(sheet, input->old_mean);
        sheet_number(sheet, input->now_mean);
        text_or_not(sheet, input->old_source);
        text_or_not(sheet, input->now_source);
        text_or_not(sheet, input->override_reason);
        sheet_number(sheet, (double)input->n_scenarios);
        text_or_not(sheet, input->scenarios);
    }
    fill_empty(sheet);
}

static void add_decisions(struct workbook *book, const struct difference *difference)
{
    static const struct workbook_column columns[] = {{"Scenario", SHOW_TEXT},
                                                     {"Who", SHOW_TEXT},
                                                     {"Decision", SHOW_WORDS},
                                                     {"Earlier", SHOW_WORDS},
                                                     {"Now", SHOW_WORDS},
                                                     {"Earlier chance of no loss", SHOW_SHARE},
                                                     {"Chance of no loss now", SHOW_SHARE},
                                                     {"Verdict", SHOW_TEXT}};
    struct workbook_sheet *sheet = book_add_sheet(
        book, "Changed decisions", "ChangedDecisions", "Decisions flipped since the earlier run",
        difference->n_decisions > 0
            ? "Signs of nets and of partners' cash, years of payback, best options and sets, "
              "verdicts of deals. As changes_decisions.csv."
            : "No decision flipped: signs, years of payback, best options and sets, and verdicts "
              "of deals are the same.",
        columns, N_OF(columns));
    for (size_t i = 0; i < difference->n_decisions; ++i) {
        const struct difference_decision *decision = &difference->decisions[i];
        sheet_text(sheet, decision->scenario);
        sheet_text(sheet, decision->who);
        sheet_text(sheet, decision->what);
        sheet_text(sheet, decision->old);
        sheet_text(sheet, decision->now);
        sheet_number(sheet, decision->old_p_nonneg);
        sheet_number(sheet, decision->now_p_nonneg);
        sheet_text(sheet, difference_verdict_name(decision->verdict));
    }
    fill_empty(sheet);
}

void workbook_add_changes(struct workbook *book, const struct report_run *run)
{
    if (run->difference != NULL) {
        add_figures(book, run->difference);
        add_decisions(book, run->difference);
        add_inputs(book, run->difference);
    }
}
