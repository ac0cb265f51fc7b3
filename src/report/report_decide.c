/* Decisions in words: for the terminal and report.md. */
#include "plan/plan_health.h"
#include "report/html.h"
#include "report/report_plots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 5 };

struct teller {
    struct text *out;
    const struct report_run *run;
    const struct report_decision *made;
    const struct decision *decision;
    const struct scenario_result *result; /* whose decision it is */
    size_t width;                         /* 0: markdown */
};

/* The style of plots: none but on the terminal. */
static enum report_plots plots_of(const struct teller *teller)
{
    bool terminal = teller->width > 0 && teller->width != WIDTH_HTML;
    return terminal ? teller->run->plots : REPORT_PLOTS_NONE;
}

/* ---- words ---- */

static void pounds(char buffer[64], double gbp)
{
    char amount[48];
    text_format_grouped(amount, fabs(gbp), fabs(gbp) < 100.0 ? 2 : 0);
    (void)snprintf(buffer, 64, "%s£%s", gbp < 0.0 ? "-" : "", amount);
}

static void probability(char buffer[32], double p)
{
    if (p > 0.0 && p < 0.001) {
        (void)snprintf(buffer, 32, "below .001");
    } else if (p < 1.0 && p > 0.999) {
        (void)snprintf(buffer, 32, "above .999");
    } else {
        (void)snprintf(buffer, 32, "%.3f", p);
    }
}

/* A paragraph, wrapped on the terminal. */
static void tell(const struct teller *teller, const struct text *words)
{
    if (teller->width == WIDTH_HTML) {
        html_element(teller->out, "p", words->bytes);
        return;
    }
    write_wrapped(teller->out, words->bytes, teller->width == 0 ? 100000 : teller->width, 0);
    text_append(teller->out, "\n");
}

static void heading(const struct teller *teller, const char *words)
{
    if (teller->width == WIDTH_HTML) {
        html_element(teller->out, "h4", words);
        return;
    }
    text_printf(teller->out, "%s%s\n\n", teller->width == 0 ? "### " : "", words);
}

static const char *who_label(const struct decision *decision, size_t row)
{
    return decision->plan->whos[decision->rows[row].who].label;
}

static const struct decision_point *point_of(const struct decision *decision, size_t row,
                                             double threshold)
{
    for (size_t i = 0; i < decision->n_points; ++i) {
        if (decision->points[i].row == row && decision->points[i].threshold == threshold) {
            return &decision->points[i];
        }
    }
    return NULL;
}

static const char *option_label(const struct decision *decision, size_t option)
{
    const struct plan *plan = decision->plan;
    if (plan->health != NULL) {
        return plan->health->model->options[option].label;
    }
    return option == 0 ? "not funding it" : "funding it";
}

/* ---- the answer ---- */

/* What is best for all that is counted can lose cash, and who decides must read that here. */
static void add_cash_warning(struct text *words, const struct decision *decision,
                             const struct scenario_result *result, bool funds)
{
    size_t who = decision_headline(decision)->who;
    const struct column_statistics *cash = result != NULL && result->plan->health == NULL
                                               ? result_find(result, MEASURE_NET_CASH, who, 0, 0)
                                               : NULL;
    char amount[64], chance[32];
    if (cash == NULL || !funds || !(cash->mean < -0.5)) {
        return;
    }
    pounds(amount, -cash->mean);
    probability(chance, 1.0 - cash->p_nonneg);
    text_printf(
        words,
        " In cash, though, it loses %s (nominal; with probability %s it loses some): what it "
        "gains beyond that is not cash.",
        amount, cash->p_nonneg == 0.0 ? "above .999" : chance);
}

void write_decision_answer(struct text *words, const struct decision *decision,
                           const struct scenario_result *scenario)
{
    const struct decision_point *point =
        point_of(decision, decision->headline, decision->headline_threshold);
    const struct choice_result *result = &point->result;
    char lead[64], error[64], evpi[64], best[32], flip[32], threshold[64] = "";
    pounds(lead, decision->scale * result->lead.value);
    pounds(error, decision->scale * result->lead.se);
    pounds(evpi, decision->scale * result->evpi.value);
    probability(best, result->p_best[result->best]);
    probability(flip, point->flip_probability);
    if (decision_headline(decision)->by_effect) {
        pounds(threshold, decision->headline_threshold);
    }
    text_printf(words, "For %s%s%s%s, %s is best: it leads by %s (Monte Carlo error %s)",
                who_label(decision, decision->headline), *threshold ? " at " : "", threshold,
                *threshold ? " a QALY" : "", option_label(decision, result->best), lead, error);
    if (decision->n_options > 2) {
        size_t second = choice_runner_up(&decision_headline(decision)->choice, result);
        text_printf(words, " over %s", option_label(decision, second));
    }
    text_append(words, ".");
    add_cash_warning(words, decision, scenario, result->best != 0);
    text_printf(words, " It is the best choice with probability %s. ", best);
    if (point->flip_probability < 0.001) {
        text_printf(words, "Another seed would not change this (probability %s). ", flip);
    } else {
        text_printf(words, "Another seed would choose otherwise with probability %s: %s. ", flip,
                    point->flip_probability > 0.05
                        ? "raise the draws, or set --precision, before relying on it"
                        : "the draws are enough");
    }
    text_printf(words, "Deciding now costs %s on average against knowing everything (EVPI).", evpi);
    if (decision->plan->health != NULL) {
        text_printf(words, " Amounts are for %s.", decision->scale_words);
    }
}

static void tell_answer(const struct teller *teller)
{
    struct text words;
    text_init(&words);
    write_decision_answer(&words, teller->decision, teller->result);
    tell(teller, &words);
    text_clear(&words);
}

/* ---- partners ---- */

static const struct decision_information *most_valuable(const struct decision *decision, size_t row,
                                                        double threshold)
{
    const struct decision_information *best = NULL;
    double factor = standard_error_factor(estimate_degrees(&decision->design, decision->n_draws));
    for (size_t i = 0; i < decision->n_information; ++i) {
        const struct decision_information *information = &decision->information[i];
        if (information->row == row && information->threshold == threshold &&
            information->kind == INFORMATION_PARAMETER &&
            information->value.value > factor * information->value.se &&
            (best == NULL || information->value.value > best->value.value)) {
            best = information;
        }
    }
    return best;
}

static void tell_partners(const struct teller *teller)
{
    const struct decision *decision = teller->decision;
    struct grid grid;
    grid_init(&grid, 7, decision->n_rows * 8 + 1);
    const char *const headings[] = {"whose choice", "by",       "best for them",     "P(best)",
                                    "lead (£)",     "EVPI (£)", "most worth knowing"};
    size_t n_rows = 1;
    for (size_t c = 0; c < 7; ++c) {
        grid_put(&grid, 0, c, headings[c]);
    }
    for (size_t row = 0; row < decision->n_rows; ++row) {
        const struct decision_row *this = &decision->rows[row];
        for (size_t i = 0; i < this->n_thresholds && i < 8; ++i) {
            const struct decision_point *point = point_of(decision, row, this->thresholds[i]);
            const struct decision_information *information =
                most_valuable(decision, row, this->thresholds[i]);
            char words[MAX_CELL] = "money";
            if (this->by_effect) {
                (void)snprintf(words, sizeof words, "£%.0f/QALY", this->thresholds[i]);
            }
            grid_put(&grid, n_rows, 0, who_label(decision, row));
            grid_put(&grid, n_rows, 1, words);
            grid_put(&grid, n_rows, 2, decision->options[point->result.best]);
            grid_number(&grid, n_rows, 3, point->result.p_best[point->result.best], 2);
            grid_number(&grid, n_rows, 4, decision->scale * point->result.lead.value, 0);
            grid_number(&grid, n_rows, 5, decision->scale * point->result.evpi.value, 0);
            grid_put(&grid, n_rows++, 6,
                     information != NULL              ? information->name
                     : point->result.evpi.value > 0.0 ? "nothing by itself"
                                                      : "nothing: the choice is certain");
        }
    }
    grid.n_rows = n_rows;
    heading(teller, "Whose choice is safe?");
    grid_write(teller->out, &grid, teller->width);
    text_append(teller->out, "\n");
}

/* ---- value of information ---- */

static bool is_listed(const struct decision *decision,
                      const struct decision_information *information)
{
    return information->row == decision->headline &&
           information->threshold == decision->headline_threshold &&
           information->kind != INFORMATION_STUDY;
}

static int compare_information(const void *left, const void *right)
{
    const struct decision_information *const *a = left, *const *b = right;
    int by_value = (*a)->value.value > (*b)->value.value   ? -1
                   : (*a)->value.value < (*b)->value.value ? 1
                                                           : 0;
    return by_value != 0 ? by_value : strcmp((*a)->name, (*b)->name);
}

static void put_information(const struct decision *decision, struct grid *grid, size_t row,
                            const struct decision_information *information)
{
    char words[MAX_CELL];
    (void)snprintf(words, sizeof words, "%.80s%s", information->name,
                   information->kind == INFORMATION_GROUP ? " (group)" : "");
    grid_put(grid, row, 0, words);
    grid_number(grid, row, 1, decision->scale * information->value.value, 0);
    grid_number(grid, row, 2, decision->scale * information->value.se, 0);
    grid_put(grid, row, 3, information->method);
    if (isfinite(information->nested.value)) {
        char value[48], error[48];
        text_format_grouped(value, decision->scale * information->nested.value, 0);
        text_format_grouped(error, decision->scale * information->nested.se, 0);
        (void)snprintf(words, sizeof words, "%.40s ± %.40s", value, error);
        grid_put(grid, row, 4, words);
    }
}

static void tell_information(const struct teller *teller)
{
    const struct decision *decision = teller->decision;
    const struct decision_information **listed =
        memory_array(decision->n_information + 1, sizeof *listed);
    const struct decision_information **ranked =
        memory_array(decision->n_information + 1, sizeof *ranked);
    double factor = standard_error_factor(estimate_degrees(&decision->design, decision->n_draws));
    size_t n = 0, n_rows = 1, n_below = 0;
    for (size_t i = 0; i < decision->n_information; ++i) {
        if (is_listed(decision, &decision->information[i])) {
            listed[n++] = &decision->information[i];
        }
    }
    if (n > 1) {
        qsort((void *)listed, n, sizeof *listed, compare_information);
    }
    struct grid grid;
    grid_init(&grid, 5, n + 1);
    const char *const headings[] = {"parameter", "EVPPI (£)", "MC error", "method",
                                    "nested check (£)"};
    for (size_t c = 0; c < 5; ++c) {
        grid_put(&grid, 0, c, headings[c]);
    }
    for (size_t i = 0; i < n; ++i) {
        bool above = listed[i]->value.value > factor * listed[i]->value.se;
        n_below += above ? 0 : 1;
        if (above && (n_rows <= SHOWN || listed[i]->kind == INFORMATION_GROUP)) {
            ranked[n_rows - 1] = listed[i];
            put_information(decision, &grid, n_rows++, listed[i]);
        }
    }
    grid.n_rows = n_rows;
    if (n_rows > 1) {
        heading(teller, "What is most worth knowing?");
        grid_write(teller->out, &grid, teller->width);
        bool html = teller->width == WIDTH_HTML;
        text_append(teller->out, html ? "<p>" : "");
        text_printf(teller->out, "%s%zu below Monte Carlo noise are not ranked.%s\n\n",
                    teller->width == 0 ? "\n" : "", n_below,
                    " EVPPI estimators differ by up to 10 %.");
        text_append(teller->out, html ? "</p>" : "");
        if (plots_of(teller) != REPORT_PLOTS_NONE) {
            plots_information(teller->out, plots_of(teller), decision, ranked, n_rows - 1,
                              teller->width);
        }
    } else {
        free(grid.cells);
    }
    free((void *)ranked);
    free((void *)listed);
}

static void tell_studies(const struct teller *teller)
{
    const struct decision *decision = teller->decision;
    struct text words;
    text_init(&words);
    for (size_t i = 0; i < decision->n_information; ++i) {
        const struct decision_information *information = &decision->information[i];
        if (information->kind != INFORMATION_STUDY || information->row != decision->headline ||
            information->threshold != decision->headline_threshold) {
            continue;
        }
        char value[64], cost[64], net[64];
        double worth = decision->scale * information->value.value;
        pounds(value, worth);
        pounds(cost, information->study_cost_gbp);
        pounds(net, worth - information->study_cost_gbp);
        text_printf(&words, "%s%s, n = %.0f: worth %s, costs %s, net %s.",
                    words.n_bytes > 0 ? " " : "", information->name, information->study_n, value,
                    cost, net);
    }
    if (words.n_bytes > 0) {
        heading(teller, "Studies (EVSI; the cost is that of the planned size)");
        tell(teller, &words);
    }
    text_clear(&words);
}

/* ---- what would change the answer ---- */

static void tell_tornado(const struct teller *teller)
{
    const struct sensitivity *sensitivity = &teller->made->sensitivity;
    size_t n = sensitivity->n_bars < SHOWN ? sensitivity->n_bars : SHOWN;
    struct grid grid;
    if (n == 0) {
        return;
    }
    grid_init(&grid, 6, n + 1);
    const char *const headings[] = {"parameter", "unit",       "low",
                                    "high",      "at low (£)", "at high (£)"};
    for (size_t c = 0; c < 6; ++c) {
        grid_put(&grid, 0, c, headings[c]);
    }
    for (size_t i = 0; i < n; ++i) {
        const struct tornado_bar *bar = &sensitivity->bars[i];
        char words[MAX_CELL];
        grid_put(&grid, i + 1, 0, bar->column->identity);
        grid_put(&grid, i + 1, 1, column_unit_words(words, bar->column));
        (void)snprintf(words, sizeof words, "%.4g", bar->low);
        grid_put(&grid, i + 1, 2, words);
        (void)snprintf(words, sizeof words, "%.4g", bar->high);
        grid_put(&grid, i + 1, 3, words);
        grid_number(&grid, i + 1, 4, bar->at_low, 0);
        grid_number(&grid, i + 1, 5, bar->at_high, 0);
    }
    char central[64], title[256];
    pounds(central, sensitivity->central);
    (void)snprintf(title, sizeof title, "What moves %s most (%s with all at their means)?",
                   sensitivity->measure, central);
    heading(teller, title);
    grid_write(teller->out, &grid, teller->width);
    text_append(teller->out, "\n");
    if (plots_of(teller) != REPORT_PLOTS_NONE) {
        plots_tornado(teller->out, plots_of(teller), sensitivity, n, teller->width);
    }
}

static void tell_switching(const struct teller *teller)
{
    const struct sensitivity *sensitivity = &teller->made->sensitivity;
    struct text words;
    size_t n = 0, n_never = 0, n_outside = 0;
    text_init(&words);
    for (size_t i = 0; i < sensitivity->n_switching; ++i) {
        const struct switching_value *switching = &sensitivity->switching[i];
        n_never += isfinite(switching->value) ? 0 : 1;
        n_outside += isfinite(switching->value) && switching->has_range && !switching->plausible;
        if (isfinite(switching->value) && n < SHOWN) {
            text_printf(&words, "%s%s at %.5g (%s; now %.5g%s)", n > 0 ? "; " : "",
                        switching->column->identity, switching->value,
                        column_unit_words((char[96]){0}, switching->column), switching->central,
                        !switching->has_range  ? ""
                        : switching->plausible ? ", plausible"
                                               : ", outside its plausible range");
            ++n;
        }
    }
    heading(teller, "Switching values: where it would be zero, nearest first");
    text_printf(&words,
                "%s%s%zu outside the plausible range, %zu that never cross zero; all are in "
                "uncertainty/switching.csv.",
                n > 0 ? ". " : "", n > 0 ? "In all " : "None: ", n_outside, n_never);
    tell(teller, &words);
    text_clear(&words);
}

static void tell_what_ifs(const struct teller *teller)
{
    const struct sensitivity *sensitivity = &teller->made->sensitivity;
    struct text words;
    text_init(&words);
    for (size_t i = 0; i < sensitivity->n_what_ifs; ++i) {
        const struct what_if_result *result = &sensitivity->what_ifs[i];
        char mean[64];
        pounds(mean, result->mean.value);
        text_printf(&words, "%s%s: %s, P(>= 0) %.2f, %s", i > 0 ? "; " : "", result->name, mean,
                    result->p_nonneg,
                    result->same_best ? "the same decision" : "the other decision");
    }
    if (sensitivity->n_what_ifs > 0) {
        text_append(&words, ".");
        heading(teller, "What if?");
        tell(teller, &words);
    }
    text_clear(&words);
}

/* Rows x, columns y; as many columns as a table holds. */
static void tell_grids(const struct teller *teller)
{
    for (size_t g = 0; g < teller->made->sensitivity.n_grids; ++g) {
        const struct grid_result *result = &teller->made->sensitivity.grids[g];
        const struct two_way *two_way = result->grid;
        size_t n_y = two_way->n_y < MAX_COLUMNS - 1 ? two_way->n_y : MAX_COLUMNS - 1;
        struct grid grid;
        char title[512], words[MAX_CELL];
        grid_init(&grid, n_y + 1, two_way->n_x + 1);
        (void)snprintf(words, sizeof words, "%.90s", two_way->x.identity);
        grid_put(&grid, 0, 0, words);
        for (size_t i = 0; i < two_way->n_x; ++i) {
            (void)snprintf(words, sizeof words, "%.6g", two_way->x_values[i]);
            grid_put(&grid, i + 1, 0, words);
            for (size_t j = 0; j < n_y; ++j) {
                (void)snprintf(words, sizeof words, "%.6g", two_way->y_values[j]);
                grid_put(&grid, 0, j + 1, words);
                grid_number(&grid, i + 1, j + 1, result->values[i * two_way->n_y + j], 0);
            }
        }
        (void)snprintf(title, sizeof title, "%.200s over two parameters; across: %.200s",
                       result->measure, two_way->y.identity);
        heading(teller, title);
        grid_write(teller->out, &grid, teller->width);
        text_append(teller->out, "\n");
    }
}

static void tell_evidence(const struct teller *teller)
{
    const struct report_decision *made = teller->made;
    const struct plan *plan = teller->decision->plan;
    struct text words;
    size_t n_stale = 0;
    text_init(&words);
    for (size_t i = 0; i < made->n_variants; ++i) {
        char mean[64];
        pounds(mean, made->variants[i].mean.value);
        text_printf(&words, "%s%s: %s, P(net >= 0) %.2f", i > 0 ? "; " : "", made->variants[i].name,
                    mean, made->variants[i].p_nonneg);
    }
    if (made->n_variants > 0) {
        text_append(&words, ". ");
    }
    for (size_t i = 0; i < plan->n_uses; ++i) {
        if (evidence_is_stale(plan, plan->uses[i].parameter)) {
            text_printf(&words, "%s%s (%s)",
                        n_stale++ > 0 ? ", " : "Stale evidence, past its review: ",
                        plan->uses[i].parameter->identity, plan->uses[i].parameter->review_by);
        }
    }
    text_append(&words, n_stale > 0 ? "." : "No evidence is past its review date.");
    heading(teller, "Under other rules of evidence");
    tell(teller, &words);
    text_clear(&words);
}

void write_decision(struct text *out, const struct report_run *run, size_t index, size_t width)
{
    const struct report_decision *made = &run->decisions[index];
    const struct teller teller = {.out = out,
                                  .run = run,
                                  .made = made,
                                  .decision = &made->decision,
                                  .result = &run->results[index],
                                  .width = width};
    if (!made->made) {
        return;
    }
    if (made->decision.n_rows == 0) {
        text_append(out, "One option: there is nothing to choose.\n\n");
        return;
    }
    tell_answer(&teller);
    tell_partners(&teller);
    if (plots_of(&teller) != REPORT_PLOTS_NONE) {
        plots_acceptability(out, plots_of(&teller), &made->decision, width);
    }
    tell_information(&teller);
    tell_studies(&teller);
    tell_tornado(&teller);
    tell_switching(&teller);
    tell_what_ifs(&teller);
    tell_grids(&teller);
    tell_evidence(&teller);
}

void report_decide(struct text *out, const struct report_run *run, enum report_style style,
                   size_t width)
{
    if (style == REPORT_CSV || style == REPORT_JSON) {
        return; /* uncertainty/ has the tables */
    }
    size_t used = style == REPORT_MARKDOWN ? 0 : width;
    for (size_t i = 0; i < run->n_results; ++i) {
        if (run->decisions[i].made) {
            text_printf(out, "\n%s%s (%s)\n\n",
                        used == 0 ? "## " : "Decision: ", run->results[i].plan->scenario->title,
                        run->results[i].plan->scenario->id);
            write_decision(out, run, i, used);
        }
    }
    text_append(out, used == 0 ? "" : "\n");
    write_evidence_value(out, run, used);
}
