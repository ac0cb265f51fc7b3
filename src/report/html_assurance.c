/* report.html: who stands for it. A banner at the top, a line in each section, and at the end what
 * was assumed, checked, left out and reported. */
#include "report/html.h"
#include "report/report_assurance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_ASSURED = 60, TOP_ASSUMPTIONS = 10 };

/* ---- banner ---- */

static void write_banner(struct text *out, bool good, const char *words)
{
    text_printf(out, "<p class=\"sign %s\"><span>", good ? "good" : "open");
    html_text(out, words);
    text_append(out, ".</span>");
}

void html_run_banner(struct text *out, const struct report_run *run)
{
    const struct assurance *assurance = run->assurance;
    struct text words;
    text_init(&words);
    write_run_sign_off(&words, run);
    write_banner(out,
                 assurance->n_failed == 0 && assurance->n_subjects > 0 &&
                     assurance->n_signed == assurance->n_subjects,
                 words.bytes);
    text_clear(&words);
    text_init(&words);
    write_run_checks(&words, run);
    text_append(out, assurance->n_failed > 0 ? " <span>" : " Checks: ");
    html_text(out, words.bytes);
    text_append(out, assurance->n_failed > 0 ? ".</span> " : ". ");
    text_append(out, "<a href=\"#assurance\">Assumptions, checks and gaps</a></p>\n");
    text_clear(&words);
}

void html_subject_banner(struct text *out, const struct report_run *run,
                         const struct scenario_result *result)
{
    const struct assurance_subject *subject = assured_subject(run, result);
    struct text words;
    if (subject == NULL || run->assurance->n_subjects < 2) {
        return; /* the page's own banner says it */
    }
    text_init(&words);
    write_subject_sign_off(&words, subject);
    write_banner(out, subject->state == SIGN_VALID, words.bytes);
    text_append(out, "</p>\n");
    text_clear(&words);
}

/* ---- tables ---- */

static void value_words(char buffer[128], const struct plan_use *use)
{
    char value[32], low[32], high[32];
    const struct distribution *distribution = &use->distribution;
    (void)snprintf(value, sizeof value, "%.4g", distribution->mean);
    (void)snprintf(low, sizeof low, "%.4g", distribution->q025);
    (void)snprintf(high, sizeof high, "%.4g", distribution->q975);
    if (distribution_is_uncertain(distribution)) {
        (void)snprintf(buffer, 128, "%s (%s to %s)", value, low, high);
    } else {
        (void)snprintf(buffer, 128, "%s", value);
    }
}

static void assumption_row(struct text *out, const struct assumption *assumption)
{
    const struct parameter *parameter = assumption->use->parameter;
    char value[128];
    value_words(value, assumption->use);
    html_row(out, assumption->label);
    html_cell(out, assumption_kind_name(assumption->kind));
    html_cell(out, value);
    html_cell(out, assumption->unit);
    html_cell(out, parameter == NULL           ? "stated in the scenario"
                   : parameter->source != NULL ? parameter->source->citation
                                               : parameter->reason);
    html_cell(out, assumption->owner != NULL ? assumption->owner : "[x]");
    html_number(out, parameter != NULL ? (double)parameter->grade : (double)NAN, 0);
    html_number(out, assumption->swing, 0);
    html_number(out, 100.0 * assumption->share, 0);
    html_row_end(out);
}

static void assumptions_table(struct text *out, const struct assurance_result *assured)
{
    static const char *const headings[] = {
        "item",  "kind",  "mean (95 % interval)",  "unit",           "source or reason",
        "owner", "grade", "swing of the headline", "% of all swings"};
    html_details_start(out, "Assumptions, by what they move");
    html_table_start(out,
                     "Swing: how far the headline moves when the item alone goes from its 2.5 % to "
                     "its 97.5 % point, all others at their means. [z]: certain, not moved. [x]: "
                     "not stated",
                     headings, 9, 6, true);
    for (size_t i = 0; i < assured->n_assumptions; ++i) {
        assumption_row(out, &assured->assumptions[i]);
    }
    html_table_end(out);
    html_details_end(out);
}

static void checks_table(struct text *out, const struct assurance_result *assured)
{
    static const char *const headings[] = {
        "what was compared", "result",     "largest difference, of",
        "compared",          "difference", "tolerance"};
    html_details_start(out, "Checks that ran");
    html_table_start(out, "Checks of this run", headings, 6, 3, true);
    for (size_t i = 0; i < assured->n_checks; ++i) {
        const struct assurance_check *check = &assured->checks[i];
        char size[32] = "[z]", tolerance[32];
        if (isfinite(check->size)) {
            (void)snprintf(size, sizeof size, "%.2g", check->size);
        }
        (void)snprintf(tolerance, sizeof tolerance, "%.2g", check->tolerance);
        html_row(out, check->compared);
        html_cell(out, check_outcome_name(check->outcome));
        html_cell(out, check->unit);
        html_number(out, (double)check->n_compared, 0);
        text_printf(out, "<td class=n>%s</td><td class=n>%s</td>", size, tolerance);
        html_row_end(out);
    }
    html_table_end(out);
    html_details_end(out);
}

static void gaps_table(struct text *out, const struct report_run *run,
                       const struct assurance_result *assured)
{
    static const char *const headings[] = {"not counted", "partner", "counting it would add", "why",
                                           "found or stated"};
    html_details_start(out, "What is not counted");
    html_table_start(out, "Gaps of the impact inventory", headings, 5, 5, false);
    for (size_t i = 0; i < assured->n_gaps; ++i) {
        const struct assurance_gap *gap = &assured->gaps[i];
        size_t sector =
            gap->sector != NULL ? sector_index(run->library->sectors, gap->sector) : SIZE_MAX;
        html_row(out, gap->what);
        html_cell(out, sector != SIZE_MAX    ? run->library->sectors->sectors[sector].label
                       : gap->sector != NULL ? gap->sector
                                             : "[z]");
        html_cell(out, gap->direction);
        html_cell(out, gap->why);
        html_cell(out, gap->origin == GAP_STATED ? "stated" : "found");
        html_row_end(out);
    }
    html_table_end(out);
    html_details_end(out);
}

static void impacts_table(struct text *out, const struct report_run *run,
                          const struct assurance_result *assured)
{
    static const char *const headings[] = {"effect", "programme", "partner", "kind", "worst grade"};
    html_details_start(out, "What is counted, for whom");
    html_table_start(out, "Impact inventory; grade 1 best to 6, [z]: rests on no evidence",
                     headings, 5, 4, true);
    for (size_t i = 0; i < assured->n_impacts; ++i) {
        const struct counted_impact *impact = &assured->impacts[i];
        size_t sector = sector_index(run->library->sectors, impact->who);
        html_row(out, impact->effect);
        html_cell(out, impact->programme != NULL ? impact->programme : "[z]");
        html_cell(out, sector != SIZE_MAX       ? run->library->sectors->sectors[sector].label
                       : impact->who[0] != '\0' ? impact->who
                                                : "[z]");
        html_cell(out, impact->kind);
        html_number(out, impact->grade > 0 ? (double)impact->grade : (double)NAN, 0);
        html_row_end(out);
    }
    html_table_end(out);
    html_details_end(out);
}

static void cheers_table(struct text *out, const struct cheers_item items[N_CHEERS_ITEMS])
{
    static const char *const headings[] = {"item", "number", "status", "what is reported",
                                           "key of `reporting` that completes it"};
    html_details_start(out, "CHEERS 2022, item by item");
    html_table_start(out,
                     "Items of the CHEERS 2022 statement (Husereau and others 2022), in our own "
                     "short words. [x]: missing. [z]: none needed",
                     headings, 5, 5, false);
    for (size_t i = 0; i < N_CHEERS_ITEMS; ++i) {
        char number[16];
        (void)snprintf(number, sizeof number, "%zu", items[i].number);
        html_row(out, items[i].item);
        html_cell(out, number);
        html_cell(out, cheers_status_name(items[i].status));
        html_cell(out, items[i].content[0] != '\0' ? items[i].content : "[x]");
        html_cell(out, items[i].status != CHEERS_REPORTED && items[i].key != NULL ? items[i].key
                                                                                  : "[z]");
        html_row_end(out);
    }
    html_table_end(out);
    html_details_end(out);
}

/* ---- a subject ---- */

static void cheers_summary(struct text *out, const struct cheers_item items[N_CHEERS_ITEMS])
{
    size_t counts[3] = {0}, n = 0;
    struct text words;
    text_init(&words);
    for (size_t i = 0; i < N_CHEERS_ITEMS; ++i) {
        ++counts[items[i].status];
    }
    text_printf(&words, "CHEERS 2022: %zu of 28 items reported, %zu partly, %zu missing", counts[0],
                counts[1], counts[2]);
    for (size_t i = 0; i < N_CHEERS_ITEMS; ++i) {
        if (items[i].status == CHEERS_MISSING) {
            text_printf(&words, "%s%s", n++ == 0 ? ": " : ", ", items[i].item);
        }
    }
    text_append(&words, ".");
    html_element(out, "p", words.bytes);
    text_clear(&words);
}

static void summary_of_gaps(struct text *out, const struct assurance_result *assured)
{
    struct text words;
    text_init(&words);
    for (size_t i = 0; i < assured->n_gaps; ++i) {
        text_printf(&words, "%s%s", i == 0 ? "Not counted: " : "; ", assured->gaps[i].what);
    }
    if (words.n_bytes > 0) {
        text_append(&words, ".");
        html_element(out, "p", words.bytes);
    }
    text_clear(&words);
}

static void summary_of_assumptions(struct text *out, const struct assurance_result *assured)
{
    enum { TOP = 3 };

    struct text words;
    text_init(&words);
    for (size_t i = 0; i < assured->n_assumptions && i < TOP && assured->assumptions[i].rank > 0;
         ++i) {
        const struct assumption *assumption = &assured->assumptions[i];
        const struct parameter *parameter = assumption->use->parameter;
        char swing[48];
        html_short_money(swing, assumption->swing);
        text_printf(&words, "%s%s (%s", i == 0 ? "What moves the headline most: " : "; ",
                    assumption->label, assumption_kind_name(assumption->kind));
        if (parameter != NULL) {
            text_printf(&words, ", grade %d", parameter->grade);
        }
        text_printf(&words, ", swing %s)", swing);
    }
    if (words.n_bytes > 0) {
        text_append(&words, ".");
        html_element(out, "p", words.bytes);
    }
    text_clear(&words);
}

static void write_subject(struct text *out, const struct report_run *run, size_t index,
                          const struct scenario_result *result)
{
    const struct assurance_subject *subject = &run->assurance->subjects[index];
    const struct assurance_result *assured = assured_result(run, result);
    struct cheers_item items[N_CHEERS_ITEMS];
    struct text words;
    struct arena arena;
    arena_init(&arena);
    cheers_fill(&arena, run, subject, result, items);
    html_element(out, "h3", subject->title);
    text_init(&words);
    write_subject_sign_off(&words, subject);
    text_append(&words, ".");
    if (subject->inputs_sha256[0] != '\0') {
        text_printf(&words, " Fingerprint of its inputs: %.12s.", subject->inputs_sha256);
    }
    html_element(out, "p", words.bytes);
    text_clear(&words);
    summary_of_assumptions(out, assured);
    summary_of_gaps(out, assured);
    cheers_summary(out, items);
    assumptions_table(out, assured);
    checks_table(out, assured);
    impacts_table(out, run, assured);
    if (assured->n_gaps > 0) {
        gaps_table(out, run, assured);
    }
    cheers_table(out, items);
    arena_clear(&arena);
}

void html_assurance(struct text *out, const struct report_run *run)
{
    size_t n = 0;
    text_append(out, "<section class=\"page\" id=\"assurance\">\n");
    html_element(out, "h2", "Assurance");
    html_element(out, "p class=\"s\"",
                 "Who stands for these figures, what they rest on, what was checked, and what they "
                 "leave out. The same tables are in the folder assurance and in the workbook.");
    for (size_t i = 0; i < run->assurance->n_subjects; ++i) {
        const struct scenario_result *result = n < MAX_ASSURED ? assured_main(run, i) : NULL;
        if (result != NULL) {
            write_subject(out, run, i, result);
            ++n;
        }
    }
    if (run->assurance->n_subjects > MAX_ASSURED) {
        html_element(out, "p class=\"said\"",
                     "The scenarios beyond the first sixty are in the folder assurance alone.");
    }
    text_append(out, "</section>\n");
}
