/* What moved between two runs, why, and which decisions flipped: as a table of one screen, and in
 * markdown. report_diff_data.c has the rest. */
#include "report/report_diff.h"

#include "report/changes.h"
#include "report/report_diff_private.h"
#include "report/report_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool diff_shows_input(const struct difference_input *input)
{
    return strcmp(input->what, "file") != 0 && strcmp(input->name, "inputs_sha256") != 0;
}

static size_t count_inputs(const struct difference *difference)
{
    size_t n = 0;
    for (size_t i = 0; i < difference->n_inputs; ++i) {
        n += diff_shows_input(&difference->inputs[i]) ? 1 : 0;
    }
    return n;
}

bool diff_is_empty(const struct difference *difference)
{
    return difference->n_of[VERDICT_SAME] == difference->n_figures &&
           count_inputs(difference) == 0 && difference->n_decisions == 0 &&
           difference->n_added == 0 && difference->n_removed == 0;
}

/* ---- figures in words ---- */

/* Pounds whole, small figures with decimals; a sign before what is a move. */
static void format_value(char words[48], double value, bool signs)
{
    double size = fabs(value);
    int decimals = size >= 1000.0 ? 0 : size >= 10.0 ? 1 : 4;
    char bare[48];
    if (!isfinite(value)) {
        (void)snprintf(words, 48, "[z]");
        return;
    }
    text_format_grouped(bare, value, decimals);
    (void)snprintf(words, 48, "%s%.46s", signs && value > 0.0 && bare[0] != '-' ? "+" : "", bare);
}

static const char *figure_words(struct arena *arena, const struct difference_figure *figure)
{
    const struct results_figure *shown = figure->now != NULL ? figure->now : figure->old;
    return arena_printf(arena, "%s.%s%s%s%s%s", shown->key[KEY_MEASURE], shown->key[KEY_WHO],
                        shown->key[KEY_OPTION][0] != '\0' ? "." : "", shown->key[KEY_OPTION],
                        shown->key[KEY_ITEM][0] != '\0' ? "." : "", shown->key[KEY_ITEM]);
}

static const char *cause_words(struct arena *arena, const struct cause_group *cause)
{
    const char *kind = strcmp(cause->kind, "random_numbers") == 0 ? "random numbers"
                       : strcmp(cause->kind, "other") == 0        ? "other causes"
                       : strcmp(cause->kind, "several") == 0      ? "together:"
                                                                  : cause->kind;
    return arena_printf(arena, "%s%s%s", kind, cause->name[0] != '\0' ? " " : "", cause->name);
}

/* ---- which figures are shown: headlines, largest move first ---- */

static int compare_sizes(const void *left, const void *right)
{
    const struct shown_figure *a = left, *b = right;
    double first = fabs(a->figure->change), second = fabs(b->figure->change);
    return first > second ? -1 : first < second ? 1 : a->order < b->order ? -1 : 1;
}

struct shown_figure *diff_headlines(struct arena *arena, const struct report_diff *diff, size_t *n)
{
    const struct difference *difference = diff->difference;
    struct shown_figure *shown = arena_array(arena, difference->n_figures + 1, sizeof *shown);
    *n = 0;
    for (size_t i = 0; i < difference->n_figures; ++i) {
        const struct difference_figure *figure = &difference->figures[i];
        size_t row = 0;
        const struct cause_split *split = cause_splits_find(diff->splits, figure, &row);
        bool headline =
            figure->rank == RANK_HEADLINE ||
            (figure->rank == RANK_PERSPECTIVE && figure->now != NULL && figure->now->in_options);
        if (split != NULL && headline) {
            shown[(*n)++] = (struct shown_figure){.figure = figure,
                                                  .split = split,
                                                  .row = row,
                                                  .beyond = diff->beyond[i],
                                                  .order = i};
        }
    }
    if (*n > 1) {
        qsort(shown, *n, sizeof *shown, compare_sizes);
    }
    return shown;
}

/* Causes of a figure by the size of their parts. */
size_t *diff_order_causes(struct arena *arena, const struct shown_figure *shown)
{
    size_t n = shown->split->n_causes;
    const double *parts = shown->split->parts + shown->row * n;
    size_t *order = arena_array(arena, n + 1, sizeof *order);
    for (size_t i = 0; i < n; ++i) {
        size_t at = i;
        while (at > 0 && fabs(parts[order[at - 1]]) < fabs(parts[i])) {
            order[at] = order[at - 1];
            --at;
        }
        order[at] = i;
    }
    return order;
}

/* ---- the answer ---- */

static void write_answer(struct text *out, const struct report_diff *diff)
{
    const struct difference *difference = diff->difference;
    const size_t *n_of = difference->n_of;
    if (diff_is_empty(difference)) {
        text_printf(out, "Nothing changed: %zu figures, all decisions and all inputs are the same",
                    difference->n_figures);
        text_append(out, difference->n_inputs > 0 ? "; files differ in name or text alone." : ".");
        return;
    }
    struct arena arena;
    size_t n_moved = difference->n_figures - n_of[VERDICT_SAME], n_inputs = 0;
    arena_init(&arena);
    (void)diff_inputs(&arena, diff, &n_inputs);
    arena_clear(&arena);
    text_printf(out, "%zu of %zu figures moved", n_moved, difference->n_figures);
    if (diff->n_beyond < n_moved) {
        text_printf(out, ", %zu beyond tolerance", diff->n_beyond);
    }
    text_printf(out, "; %zu decision%s flipped; %zu input%s changed.", difference->n_decisions,
                difference->n_decisions == 1 ? "" : "s", n_inputs, n_inputs == 1 ? "" : "s");
}

static void write_basis(struct text *out, const struct report_diff *diff)
{
    text_append(out, diff->difference->common_numbers
                         ? "Both runs drew the same random numbers: every move is an effect of "
                           "what changed."
                         : "The runs drew different random numbers: moves of a few standard errors "
                           "are what another seed would do.");
    if (diff->program_changed) {
        text_append(out, " A run of another build or version of dividend was run again with this "
                         "one: the program's part of a move is a cause of its own.");
    }
}

/* ---- a table on a terminal ---- */

enum {
    BAR_WIDTH = 20,
    MOST_FIGURES = 8,
    MOST_CAUSES = 6,
    MOST_LINES = 12,
    FEW_INPUTS = 6,
    NAME_WIDTH = 44
};

/* Signed, so that it reads without colour: +++ gains, --- losses, of the largest part. */
static void write_bar(struct text *out, double part, double largest)
{
    int n = largest > 0.0 && isfinite(part) ? (int)lround(BAR_WIDTH * fabs(part) / largest) : 0;
    for (int i = 0; i < n; ++i) {
        text_append(out, part < 0.0 ? "-" : "+");
    }
}

/* Control characters would move the cursor; long words are cut, and say so. */
static const char *cut(struct arena *arena, const char *words, size_t most)
{
    size_t n = strlen(words), shown = n <= most ? n : most - 3;
    while (shown < n && shown > 0 && ((unsigned char)words[shown] & 0xC0U) == 0x80U) {
        --shown;
    }
    char *copy = arena_printf(arena, "%.*s%s", (int)shown, words, shown < n ? "..." : "");
    for (char *byte = copy; *byte != '\0'; ++byte) {
        *byte = (unsigned char)*byte < 32 || *byte == 127 ? ' ' : *byte;
    }
    return copy;
}

static void write_padded(struct text *out, const char *words, size_t width)
{
    size_t n = text_width(words);
    text_append(out, words);
    text_printf(out, "%*s", n < width ? (int)(width - n) : 0, "");
}

static void write_cause_line(struct text *out, struct arena *arena, const char *name, double part,
                             double error, double largest)
{
    char words[48], spread[48];
    format_value(words, part, true);
    text_append(out, "    ");
    write_padded(out, cut(arena, name, NAME_WIDTH), NAME_WIDTH);
    text_printf(out, " %14s  ", words);
    write_bar(out, part, largest);
    if (isfinite(error) && error > 0.001 * largest) {
        format_value(spread, error, false);
        text_printf(out, "  (sampled, se %s)", spread);
    }
    text_append(out, "\n");
}

static void write_waterfall(struct text *out, struct arena *arena, const struct shown_figure *shown)
{
    const struct cause_split *split = shown->split;
    const double *parts = split->parts + shown->row * split->n_causes;
    const double *errors = split->errors + shown->row * split->n_causes;
    const size_t *order = diff_order_causes(arena, shown);
    double largest = 0.0, rest = 0.0;
    for (size_t i = 0; i < split->n_causes; ++i) {
        largest = fmax(largest, fabs(parts[i]));
    }
    bool known = split->n_causes > 0 && isfinite(parts[0]);
    size_t n_told = split->n_causes; /* a cause of other figures alone is not told here */
    while (known && n_told > 1 && parts[order[n_told - 1]] == 0.0) {
        --n_told;
    }
    size_t most = n_told > MOST_CAUSES ? MOST_CAUSES - 1 : n_told;
    for (size_t i = 0; known && i < most; ++i) {
        write_cause_line(out, arena, cause_words(arena, &split->causes[order[i]]), parts[order[i]],
                         errors[order[i]], largest);
    }
    for (size_t i = most; known && i < n_told; ++i) {
        rest += parts[order[i]];
    }
    if (known && most < n_told) {
        write_cause_line(out, arena, arena_printf(arena, "%zu more causes", n_told - most), rest,
                         NAN, largest);
    }
    if (!known) {
        text_append(out,
                    "    (some mixture of old and new inputs has no such figure: not split)\n");
    }
    if (split->note[0] != '\0') {
        text_printf(out, "    (%s)\n", cut(arena, split->note, 400));
    }
}

/* Where the moves that no line tells are to be had. */
static void write_not_shown(struct text *out, const struct report_diff *diff, size_t n_headlines,
                            size_t n_shown)
{
    const struct difference *difference = diff->difference;
    size_t n_moved = difference->n_figures - difference->n_of[VERDICT_SAME];
    if (n_shown < n_headlines) {
        text_printf(out, "  %zu more headline figures moved; ", n_headlines - n_shown);
    } else if (n_shown < n_moved) {
        text_printf(out, "  %zu more figures moved (partners, years, kinds); ", n_moved - n_shown);
    } else {
        return;
    }
    text_append(out, "--format csv and json have all.\n");
}

static void write_moves(struct text *out, struct arena *arena, const struct report_diff *diff)
{
    size_t n = 0, n_shown = 0;
    const struct shown_figure *shown = diff_headlines(arena, diff, &n);
    if (n > 0) {
        text_append(out, "\nWhat moved, and why\n");
    }
    for (; n_shown < n && n_shown < MOST_FIGURES; ++n_shown) {
        char old[48], now[48], change[48];
        const struct difference_figure *figure = shown[n_shown].figure;
        format_value(old, figure->old->value, false);
        format_value(now, figure->now->value, false);
        format_value(change, figure->change, true);
        text_printf(out, "  %s  %s%s%s  %s -> %s (%s)%s\n",
                    cut(arena, figure->now->key[KEY_SCENARIO], 60), figure_words(arena, figure),
                    figure->now->unit[0] != '\0' ? ", " : "", figure->now->unit, old, now, change,
                    shown[n_shown].beyond ? "" : ", within tolerance");
        write_waterfall(out, arena, &shown[n_shown]);
    }
    write_not_shown(out, diff, n, n_shown);
}

static void write_decisions(struct text *out, struct arena *arena, const struct report_diff *diff)
{
    const struct difference *difference = diff->difference;
    if (difference->n_decisions > 0) {
        text_append(out, "\nDecisions flipped\n");
    }
    for (size_t i = 0; i < difference->n_decisions && i < MOST_LINES; ++i) {
        const struct difference_decision *decision = &difference->decisions[i];
        text_printf(
            out, "  %s  %s, %s: %s -> %s%s\n", cut(arena, decision->scenario, 60),
            cut(arena, decision->what, 60), cut(arena, decision->who, 40),
            changes_decision_side(arena, cut(arena, decision->old, 40), decision->old_p_nonneg),
            changes_decision_side(arena, cut(arena, decision->now, 40), decision->now_p_nonneg),
            decision->verdict == VERDICT_NOISE ? " (noise)" : "");
    }
    if (difference->n_decisions > MOST_LINES) {
        text_printf(out, "  and %zu more\n", difference->n_decisions - MOST_LINES);
    }
}

static void write_indented(struct text *out, const char *lines)
{
    for (const char *at = lines; *at != '\0';) {
        size_t n = strcspn(at, "\n");
        text_printf(out, "  %.*s\n", (int)n, at);
        at += n + (at[n] == '\n' ? 1 : 0);
    }
}

static void write_changed_inputs(struct text *out, struct arena *arena,
                                 const struct report_diff *diff, size_t width)
{
    size_t n = 0;
    const struct diff_input *inputs = diff_inputs(arena, diff, &n);
    if (n > 0) {
        text_append(out, "\nInputs changed\n");
    }
    for (size_t i = 0; i < n && i < MOST_LINES; ++i) {
        struct text words;
        text_init(&words);
        text_printf(&words, "%s%s%s: %s", inputs[i].kind, inputs[i].name[0] != '\0' ? " " : "",
                    inputs[i].name, inputs[i].words);
        if (inputs[i].n_scenarios > 0) {
            text_printf(&words, " (%zu scenario%s)", inputs[i].n_scenarios,
                        inputs[i].n_scenarios == 1 ? "" : "s");
        }
        struct text lines;
        size_t most = n > FEW_INPUTS ? width - 4 : 3 * width; /* many stand on a line each */
        text_init(&lines);
        write_wrapped(&lines, cut(arena, words.bytes, most), width - 2, 4);
        write_indented(out, lines.bytes);
        text_clear(&lines);
        text_clear(&words);
    }
    if (n > MOST_LINES) {
        text_printf(out, "  and %zu more\n", n - MOST_LINES);
    }
}

static void write_table(struct text *out, const struct report_diff *diff, size_t width)
{
    struct arena arena;
    struct text words;
    arena_init(&arena);
    text_printf(out, "OLD %s (%s)\nNEW %s (%s)\n\n", cut(&arena, diff->old_name, 200), diff->old_is,
                cut(&arena, diff->now_name, 200), diff->now_is);
    text_init(&words);
    write_answer(&words, diff);
    write_wrapped(out, words.bytes, width, 0);
    text_clear(&words);
    if (!diff_is_empty(diff->difference)) {
        write_basis(&words, diff);
        write_wrapped(out, words.bytes, width, 0);
        text_clear(&words);
    }
    changes_write_ids(out, "New scenarios: ", diff->difference->added, diff->difference->n_added,
                      ".\n");
    changes_write_ids(out, "Gone: ", diff->difference->removed, diff->difference->n_removed, ".\n");
    write_decisions(out, &arena, diff);
    write_moves(out, &arena, diff);
    write_changed_inputs(out, &arena, diff, width);
    arena_clear(&arena);
}

/* ---- markdown ---- */

static void write_markdown_cell(struct text *out, const char *words)
{
    for (; *words != '\0'; ++words) {
        bool control = (unsigned char)*words < 32;
        text_append(out, strchr("|<>*_`\\[]", *words) != NULL ? "\\" : "");
        text_append_span(out, control ? " " : words, 1);
    }
}

static void write_row(struct text *out, const char *const *cells, size_t n)
{
    text_append(out, "|");
    for (size_t i = 0; i < n; ++i) {
        text_append(out, " ");
        write_markdown_cell(out, cells[i]);
        text_append(out, " |");
    }
    text_append(out, "\n");
}

static void write_move_rows(struct text *out, struct arena *arena, const struct shown_figure *shown)
{
    char old[48], now[48], change[48];
    const struct difference_figure *figure = shown->figure;
    const struct cause_split *split = shown->split;
    const double *parts = split->parts + shown->row * split->n_causes;
    const size_t *order = diff_order_causes(arena, shown);
    format_value(old, figure->old->value, false);
    format_value(now, figure->now->value, false);
    format_value(change, figure->change, true);
    const char *const cells[] = {
        figure->now->key[KEY_SCENARIO], figure_words(arena, figure), "", old, now, change};
    write_row(out, cells, 6);
    for (size_t i = 0; i < split->n_causes; ++i) {
        char part[48];
        if (i > 0 && parts[order[i]] == 0.0) {
            continue; /* a cause of other figures alone */
        }
        format_value(part, parts[order[i]], true);
        const char *const cause[] = {"", "", cause_words(arena, &split->causes[order[i]]),
                                     "", "", part};
        write_row(out, cause, 6);
    }
}

static void write_markdown_moves(struct text *out, struct arena *arena,
                                 const struct report_diff *diff)
{
    enum { MOST_ROWS = 40 };

    size_t n = 0;
    const struct shown_figure *shown = diff_headlines(arena, diff, &n);
    if (n > 0) {
        text_append(out, "### What moved, and why\n\n| Scenario | Figure | Cause | Was | Is | Move "
                         "|\n|---|---|---|---:|---:|---:|\n");
    }
    for (size_t i = 0; i < n && i < MOST_ROWS; ++i) {
        write_move_rows(out, arena, &shown[i]);
    }
    text_append(out, n > 0 ? "\n" : "");
    if (n > MOST_ROWS) {
        text_printf(out, "%zu more headline figures moved.\n\n", n - MOST_ROWS);
    }
}

static void write_markdown_decisions(struct text *out, struct arena *arena,
                                     const struct difference *difference)
{
    if (difference->n_decisions > 0) {
        text_append(out, "### Decisions flipped\n\n| Scenario | Who | What | Was | Is |\n"
                         "|---|---|---|---|---|\n");
    }
    for (size_t i = 0; i < difference->n_decisions; ++i) {
        const struct difference_decision *decision = &difference->decisions[i];
        const char *const cells[] = {
            decision->scenario, decision->who, decision->what,
            changes_decision_side(arena, decision->old, decision->old_p_nonneg),
            changes_decision_side(arena, decision->now, decision->now_p_nonneg)};
        write_row(out, cells, 5);
    }
    text_append(out, difference->n_decisions > 0 ? "\n" : "");
}

static void write_markdown_inputs(struct text *out, struct arena *arena,
                                  const struct report_diff *diff)
{
    size_t n = 0;
    const struct diff_input *inputs = diff_inputs(arena, diff, &n);
    if (n > 0) {
        text_append(out, "### Inputs changed\n\n| What | Name | Change |\n|---|---|---|\n");
    }
    for (size_t i = 0; i < n; ++i) {
        const char *const cells[] = {inputs[i].kind, inputs[i].name, inputs[i].words};
        write_row(out, cells, 3);
    }
    text_append(out, n > 0 ? "\n" : "");
}

static void write_diff_markdown(struct text *out, const struct report_diff *diff)
{
    struct arena arena;
    struct text words;
    arena_init(&arena);
    text_init(&words);
    text_append(out, "## What changed\n\n");
    text_printf(&words, "%s (%s) against %s (%s).", diff->now_name, diff->now_is, diff->old_name,
                diff->old_is);
    write_markdown_cell(out, words.bytes);
    text_append(out, "\n\n");
    text_clear(&words);
    write_answer(&words, diff);
    text_append(&words, " ");
    write_basis(&words, diff);
    write_markdown_cell(out, words.bytes);
    text_append(out, "\n\n");
    text_clear(&words);
    changes_write_ids(&words, "New scenarios: ", diff->difference->added, diff->difference->n_added,
                      ".\n");
    changes_write_ids(&words, "Gone: ", diff->difference->removed, diff->difference->n_removed,
                      ".\n");
    if (words.n_bytes > 0) {
        write_markdown_cell(out, words.bytes);
        text_append(out, "\n\n");
    }
    text_clear(&words);
    write_markdown_decisions(out, &arena, diff->difference);
    write_markdown_moves(out, &arena, diff);
    write_markdown_inputs(out, &arena, diff);
    arena_clear(&arena);
}

enum status report_diff(struct text *out, const struct report_diff *diff, enum report_style style,
                        size_t width, struct error *error)
{
    switch (style) {
    case REPORT_CSV:
        write_diff_csv(out, diff);
        break;
    case REPORT_JSON:
        return write_diff_json(out, diff, error);
    case REPORT_MARKDOWN:
        write_diff_markdown(out, diff);
        break;
    case REPORT_TABLE:
        write_table(out, diff, width);
        break;
    }
    return STATUS_OK;
}
