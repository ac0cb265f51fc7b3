/* Expectations of a run: what was to be shown, and what is. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>

static const char *state_name(const struct expectation_result *judged)
{
    static const char *const names[] = {[EXPECTATION_HELD] = "held",
                                        [EXPECTATION_FAILED] = "failed",
                                        [EXPECTATION_UNKNOWN] = "no_value"};
    return names[judged->state];
}

void write_expectations_csv(struct text *out, const struct report_run *run)
{
    text_append(out,
                "scenario,expectation,severity,state,value,mc_se,bound,another_seed_could_turn,"
                "reason\n");
    for (size_t i = 0; i < run->n_expectations; ++i) {
        const struct expectation_result *judged = &run->expectations[i];
        csv_text(out, judged->id);
        csv_text(out, judged->expectation->statement.words);
        csv_text(out, judged->expectation->only_warns ? "warn" : "error");
        csv_text(out, state_name(judged));
        csv_number(out, judged->value);
        csv_number(out, judged->se);
        csv_number(out, judged->expectation->statement.bound);
        csv_text(out, judged->could_turn ? "true" : "false");
        csv_text(out, judged->expectation->reason);
        csv_end(out);
    }
}

/* Shares and ratios to four places, money to the pound. */
static void figure(char buffer[48], double value)
{
    if (isinf(value)) {
        (void)snprintf(buffer, 48, "not within the horizon");
    } else {
        text_format_grouped(buffer, value, fabs(value) < 100.0 ? 4 : 0);
    }
}

void expectation_words(struct text *out, const struct expectation_result *judged)
{
    const struct scenario_expectation *item = judged->expectation;
    char value[48];
    figure(value, judged->value);
    text_printf(out, "%s: %s expects %s; ",
                judged->state == EXPECTATION_HELD ? "held"
                : item->only_warns                ? "warning"
                                                  : "FAILED",
                judged->id, item->statement.words);
    if (judged->state == EXPECTATION_UNKNOWN) {
        text_append(out, "there is no value (the scenario failed, no set was found, or a ratio is "
                         "undefined)");
    } else {
        text_printf(out, "the run gives %s", value);
    }
    if (judged->could_turn) {
        text_append(out, ", so near that another seed could turn it: raise the draws");
    }
    if (judged->state != EXPECTATION_HELD && item->reason != NULL) {
        text_printf(out, " (expected because: %s)", item->reason);
    }
}

static size_t count_held(const struct report_run *run)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_expectations; ++i) {
        n += run->expectations[i].state == EXPECTATION_HELD ? 1 : 0;
    }
    return n;
}

/* One statement a line; the lines of markdown are a list. */
static void write_lines(struct text *out, const struct report_run *run, size_t width)
{
    for (size_t i = 0; i < run->n_expectations; ++i) {
        struct text line;
        text_init(&line);
        text_append(&line, width == 0 ? "- " : "");
        expectation_words(&line, &run->expectations[i]);
        if (width == WIDTH_HTML) {
            html_element(out, "p", line.bytes);
        } else {
            write_wrapped(out, line.bytes, width == 0 ? 100000 : width, 2);
        }
        text_clear(&line);
    }
}

void report_expectations(struct text *out, const struct report_run *run, enum report_style style,
                         size_t width)
{
    if (run->n_expectations == 0 || (style != REPORT_TABLE && style != REPORT_MARKDOWN)) {
        return;
    }
    bool markdown = style == REPORT_MARKDOWN;
    text_printf(out, "%sExpectations: %zu of %zu hold\n%s", markdown ? "## " : "\n",
                count_held(run), run->n_expectations, markdown ? "\n" : "");
    write_lines(out, run, markdown ? 0 : width);
    text_append(out, markdown ? "\n" : "");
}

void html_expectations(struct text *out, const struct report_run *run)
{
    if (run->n_expectations == 0) {
        return;
    }
    text_append(out, "<section id=\"expectations\">\n");
    text_printf(out, "<h2>Expectations: %zu of %zu hold</h2>\n", count_held(run),
                run->n_expectations);
    write_lines(out, run, WIDTH_HTML);
    text_append(out, "</section>\n");
}
