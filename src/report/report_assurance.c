/* The files of assurance/, and what every output says of sign-off and checks. */
#include "report/report_assurance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- look-ups ---- */

const struct assurance_result *assured_result(const struct report_run *run,
                                              const struct scenario_result *result)
{
    static const struct assurance_result none = {.subject = SIZE_MAX};
    for (size_t i = 0; i < run->assurance->n_results; ++i) {
        if (run->assurance->results[i].plan == result->plan) {
            return &run->assurance->results[i];
        }
    }
    return &none;
}

const struct assurance_subject *assured_subject(const struct report_run *run,
                                                const struct scenario_result *result)
{
    size_t subject = assured_result(run, result)->subject;
    return subject != SIZE_MAX ? &run->assurance->subjects[subject] : NULL;
}

/* Lists are made for one result of each scenario and for the main set of each portfolio. */
const struct scenario_result *assured_main(const struct report_run *run, size_t subject)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct assurance_result *assured = assured_result(run, &run->results[i]);
        if (assured->subject == subject && assured->has_lists) {
            return &run->results[i];
        }
    }
    return NULL;
}

/* ---- words ---- */

static void write_names(struct text *out, const struct sign_off *sign_off)
{
    text_printf(out, "%s (analyst), ", sign_off->analyst);
    if (sign_off->assurer != NULL) {
        text_printf(out, "%s (assurer) ", sign_off->assurer);
    }
    text_printf(out, "and %s (approver) on %s", sign_off->approver, sign_off->date);
}

void report_sign_off(struct text *out, const struct sign_off *sign_off, enum sign_state state,
                     const char *inputs_sha256)
{
    switch (state) {
    case SIGN_NONE:
        text_append(out, "Not signed off");
        return;
    case SIGN_WITHOUT_HASH:
        text_printf(out, "Not signed off: the sign-off of %s does not say for which inputs",
                    sign_off->date);
        return;
    case SIGN_CHANGED:
        text_printf(out,
                    "Not signed off: inputs have changed since %s (were %.12s..., are %.12s...)",
                    sign_off->date, sign_off->inputs_sha256, inputs_sha256);
        return;
    case SIGN_VALID:
        text_append(out, "Signed off by ");
        write_names(out, sign_off);
        if (sign_off->note != NULL) {
            text_printf(out, ": %s", sign_off->note);
        }
        return;
    }
}

void write_subject_sign_off(struct text *out, const struct assurance_subject *subject)
{
    report_sign_off(out, subject->sign_off, subject->state, subject->inputs_sha256);
}

void write_run_sign_off(struct text *out, const struct report_run *run)
{
    const struct assurance *assurance = run->assurance;
    size_t n = assurance->n_subjects, n_changed = 0;
    if (n == 1) {
        write_subject_sign_off(out, &assurance->subjects[0]);
        return;
    }
    for (size_t i = 0; i < n; ++i) {
        n_changed += assurance->subjects[i].state == SIGN_CHANGED ? 1 : 0;
    }
    if (n > 0 && assurance->n_signed == n) {
        text_printf(out, "Signed off: all %zu scenarios and portfolios", n);
        return;
    }
    text_append(out, "Not signed off");
    if (assurance->n_signed > 0) {
        text_printf(out, " (%zu of %zu scenarios and portfolios are)", assurance->n_signed, n);
    }
    if (n_changed > 0) {
        text_printf(out, "; inputs of %zu have changed since their sign-off", n_changed);
    }
}

void write_run_checks(struct text *out, const struct report_run *run)
{
    const struct assurance *assurance = run->assurance;
    if (assurance->n_failed > 0) {
        text_printf(out, "%zu of %zu checks of the arithmetic FAILED: do not use these figures",
                    assurance->n_failed, assurance->n_checks);
        return;
    }
    text_printf(out, "all %zu checks of the arithmetic hold", assurance->n_checks);
    if (assurance->n_warned > 0) {
        text_printf(out, "; %zu of evidence and precision warn", assurance->n_warned);
    }
}

void report_assurance(struct text *out, const struct report_run *run, size_t width)
{
    struct text words;
    text_init(&words);
    text_append(&words, "sign-off: ");
    write_run_sign_off(&words, run);
    text_append(&words, "; ");
    write_run_checks(&words, run);
    text_append(&words, " (assurance/checks.csv)");
    write_wrapped(out, words.bytes, width, 2);
    text_clear(&words);
}

/* ---- rows ---- */

#define TEXT_CELL(words)   sink->text(sink->context, (words))
#define NUMBER_CELL(value) sink->number(sink->context, (value))
#define ROW_END()          sink->end(sink->context)

static void count_cell(const struct row_sink *sink, size_t n)
{
    NUMBER_CELL((double)n);
}

static const char *state_name(enum sign_state state)
{
    static const char *const names[] = {"not signed off", "signed without inputs_sha256",
                                        "inputs changed since", "signed off"};
    return names[state];
}

static void write_signatures(const struct row_sink *sink, const struct report_run *run)
{
    for (size_t i = 0; i < run->assurance->n_subjects; ++i) {
        const struct assurance_subject *subject = &run->assurance->subjects[i];
        const struct sign_off *sign_off = subject->sign_off;
        TEXT_CELL(subject->id);
        TEXT_CELL(subject->portfolio != NULL ? "portfolio" : "scenario");
        TEXT_CELL(state_name(subject->state));
        TEXT_CELL(sign_off->analyst);
        TEXT_CELL(sign_off->assurer);
        TEXT_CELL(sign_off->approver);
        TEXT_CELL(sign_off->date);
        TEXT_CELL(subject->inputs_sha256);
        TEXT_CELL(sign_off->inputs_sha256);
        TEXT_CELL(sign_off->note);
        ROW_END();
    }
}

static void write_assumption(const struct row_sink *sink, const char *scenario,
                             const struct assumption *assumption, const char *headline)
{
    const struct plan_use *use = assumption->use;
    const struct parameter *parameter = use->parameter;
    const struct source *source = parameter != NULL ? parameter->source : NULL;
    struct arena arena;
    char price_year[16] = "";
    arena_init(&arena);
    if (parameter != NULL && parameter->price_year != 0) {
        text_format_financial_year(price_year, parameter->price_year);
    }
    TEXT_CELL(scenario);
    NUMBER_CELL(assumption->rank > 0 ? (double)assumption->rank : (double)NAN);
    TEXT_CELL(assumption->identity);
    TEXT_CELL(assumption->label);
    TEXT_CELL(assumption_kind_name(assumption->kind));
    TEXT_CELL(assumption->unit);
    TEXT_CELL(price_year);
    TEXT_CELL(use->distribution.reported);
    TEXT_CELL(distribution_describe(&arena, &use->distribution));
    NUMBER_CELL(use->distribution.mean);
    NUMBER_CELL(use->distribution.q025);
    NUMBER_CELL(use->distribution.q975);
    TEXT_CELL(parameter == NULL ? "the scenario or its model" : parameter->source_id);
    TEXT_CELL(use->override != NULL ? use->override->reason
              : parameter == NULL   ? NULL
              : source != NULL      ? source->citation
                                    : parameter->reason);
    TEXT_CELL(parameter != NULL ? parameter->locator : NULL);
    TEXT_CELL(source != NULL ? source->accessed : NULL);
    TEXT_CELL(parameter != NULL ? parameter->review_by : NULL);
    NUMBER_CELL(parameter != NULL ? (double)parameter->grade : (double)NAN);
    TEXT_CELL(assumption->owner);
    TEXT_CELL(assumption->rank > 0 ? headline : NULL);
    NUMBER_CELL(assumption->at_low);
    NUMBER_CELL(assumption->at_high);
    NUMBER_CELL(assumption->swing);
    NUMBER_CELL(assumption->share);
    ROW_END();
    arena_clear(&arena);
}

static void write_assumptions(const struct row_sink *sink, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct assurance_result *assured = assured_result(run, &run->results[i]);
        for (size_t k = 0; k < assured->n_assumptions; ++k) {
            write_assumption(sink, run->results[i].plan->scenario->id, &assured->assumptions[k],
                             assured->headline);
        }
    }
}

static void write_checks(const struct row_sink *sink, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct assurance_result *assured = assured_result(run, &run->results[i]);
        for (size_t k = 0; k < assured->n_checks; ++k) {
            const struct assurance_check *check = &assured->checks[k];
            TEXT_CELL(run->results[i].plan->scenario->id);
            TEXT_CELL(check->id);
            TEXT_CELL(check->arithmetic ? "arithmetic" : "evidence and precision");
            TEXT_CELL(check->compared);
            TEXT_CELL(check_outcome_name(check->outcome));
            count_cell(sink, check->n_compared);
            NUMBER_CELL(check->size);
            NUMBER_CELL(check->tolerance);
            TEXT_CELL(check->unit);
            ROW_END();
        }
    }
}

static void write_cheers(const struct row_sink *sink, const struct report_run *run)
{
    for (size_t i = 0; i < run->assurance->n_subjects; ++i) {
        const struct assurance_subject *subject = &run->assurance->subjects[i];
        const struct scenario_result *result = assured_main(run, i);
        struct cheers_item items[N_CHEERS_ITEMS];
        struct arena arena;
        if (result == NULL) {
            continue;
        }
        arena_init(&arena);
        cheers_fill(&arena, run, subject, result, items);
        for (size_t k = 0; k < N_CHEERS_ITEMS; ++k) {
            TEXT_CELL(subject->id);
            count_cell(sink, items[k].number);
            TEXT_CELL(items[k].section);
            TEXT_CELL(items[k].item);
            TEXT_CELL(cheers_status_name(items[k].status));
            TEXT_CELL(items[k].content);
            TEXT_CELL(items[k].status != CHEERS_REPORTED ? items[k].key : NULL);
            ROW_END();
        }
        arena_clear(&arena);
    }
}

static void write_impacts(const struct row_sink *sink, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct assurance_result *assured = assured_result(run, &run->results[i]);
        for (size_t k = 0; k < assured->n_impacts; ++k) {
            const struct counted_impact *impact = &assured->impacts[k];
            TEXT_CELL(run->results[i].plan->scenario->id);
            TEXT_CELL(impact->programme);
            TEXT_CELL(impact->effect);
            TEXT_CELL(impact->who);
            TEXT_CELL(impact->kind);
            TEXT_CELL(impact->evidence);
            NUMBER_CELL(impact->grade > 0 ? (double)impact->grade : (double)NAN);
            ROW_END();
        }
    }
}

static void write_gaps(const struct row_sink *sink, const struct report_run *run)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct assurance_result *assured = assured_result(run, &run->results[i]);
        for (size_t k = 0; k < assured->n_gaps; ++k) {
            const struct assurance_gap *gap = &assured->gaps[k];
            TEXT_CELL(run->results[i].plan->scenario->id);
            TEXT_CELL(gap->what);
            TEXT_CELL(gap->sector);
            TEXT_CELL(gap->direction);
            TEXT_CELL(gap->why);
            TEXT_CELL(gap->origin == GAP_STATED ? "stated" : "found");
            TEXT_CELL(gap->id);
            ROW_END();
        }
    }
}

/* ---- the tables ---- */

static const struct assured_column signature_columns[] = {
    {"subject", "Subject", ASSURED_TEXT, "", "scenario file or portfolio"},
    {"kind", "Kind", ASSURED_TEXT, "", "scenario or portfolio"},
    {"state", "State", ASSURED_TEXT, "", "whether it is signed off for these inputs"},
    {"analyst", "Analyst", ASSURED_TEXT, "", "who made it"},
    {"assurer", "Assurer", ASSURED_TEXT, "", "who checked it"},
    {"approver", "Approver", ASSURED_TEXT, "", "who answers for its use"},
    {"date", "Date", ASSURED_TEXT, "", "day of the sign-off"},
    {"inputs_sha256", "Inputs", ASSURED_TEXT, "", "fingerprint of the inputs of this run"},
    {"signed_sha256", "Signed for", ASSURED_TEXT, "", "fingerprint that was signed for"},
    {"note", "Note", ASSURED_WORDS, "", "conditions"}};

static const struct assured_column assumption_columns[] = {
    {"scenario", "Scenario", ASSURED_TEXT, "", "scenario id"},
    {"rank", "Rank", ASSURED_COUNT, "", "by influence within the scenario; blank: certain"},
    {"item", "Assumption", ASSURED_TEXT, "", "evidence path, or input"},
    {"label", "Name", ASSURED_WORDS, "", "in words"},
    {"kind", "Kind", ASSURED_TEXT, "", "input, override, assumption or sourced"},
    {"unit", "Unit", ASSURED_TEXT, "", "unit"},
    {"price_year", "Price year", ASSURED_TEXT, "", "of its prices; blank: no money"},
    {"reported", "As reported", ASSURED_TEXT, "", "as its source gives it"},
    {"distribution", "Distribution", ASSURED_TEXT, "", "as used"},
    {"mean", "Mean", ASSURED_NUMBER, "", "mean"},
    {"q025", "Lower 95", ASSURED_NUMBER, "", "2.5 % point"},
    {"q975", "Upper 95", ASSURED_NUMBER, "", "97.5 % point"},
    {"source", "Source", ASSURED_TEXT, "", "source id"},
    {"citation_or_reason", "Citation or reason", ASSURED_WORDS, "",
     "publication; why, for assumptions and overrides"},
    {"locator", "Where in it", ASSURED_TEXT, "", "place in the source"},
    {"source_read", "Read in", ASSURED_TEXT, "", "month in which the source was read"},
    {"review_by", "Review by", ASSURED_TEXT, "", "month after which it is stale"},
    {"grade", "Grade", ASSURED_COUNT, "", "1 best .. 6 assumption"},
    {"owner", "Owner", ASSURED_TEXT, "", "who keeps it up to date"},
    {"headline", "Headline", ASSURED_TEXT, "", "measure that influence is about"},
    {"headline_at_q025", "Headline at lower 95", ASSURED_NUMBER, "GBP",
     "with this alone at its 2.5 % point, all others at their means"},
    {"headline_at_q975", "Headline at upper 95", ASSURED_NUMBER, "GBP",
     "with this alone at its 97.5 % point"},
    {"swing", "Swing", ASSURED_NUMBER, "GBP", "distance between the two"},
    {"share_of_swings", "Share of swings", ASSURED_SHARE, "share",
     "of the sum of all swings of the scenario"}};

static const struct assured_column check_columns[] = {
    {"scenario", "Scenario", ASSURED_TEXT, "", "scenario id"},
    {"check", "Check", ASSURED_TEXT, "", "name of the check"},
    {"kind", "Kind", ASSURED_TEXT, "", "arithmetic, or evidence and precision"},
    {"compared", "What with what", ASSURED_WORDS, "", "what was compared"},
    {"result", "Result", ASSURED_TEXT, "", "pass, warn, fail or not applicable"},
    {"n_compared", "Compared", ASSURED_COUNT, "", "how many figures"},
    {"largest_difference", "Largest difference", ASSURED_NUMBER, "",
     "in `unit`; below 1e-13, which is rounding: 0"},
    {"tolerance", "Tolerance", ASSURED_NUMBER, "", "in `unit`"},
    {"unit", "Unit", ASSURED_TEXT, "", "of difference and tolerance"}};

static const struct assured_column cheers_columns[] = {
    {"subject", "Subject", ASSURED_TEXT, "", "scenario file or portfolio"},
    {"number", "Number", ASSURED_COUNT, "", "of the item, 1 to 28"},
    {"section", "Section", ASSURED_TEXT, "", "of the checklist"},
    {"item", "Item", ASSURED_TEXT, "", "in short"},
    {"status", "Status", ASSURED_TEXT, "", "reported, partly or missing"},
    {"content", "What is reported", ASSURED_WORDS, "", "from the run, or where it stands"},
    {"key", "Key that completes it", ASSURED_TEXT, "", "of reporting = { }"}};

static const struct assured_column impact_columns[] = {
    {"scenario", "Scenario", ASSURED_TEXT, "", "scenario id"},
    {"programme", "Programme", ASSURED_TEXT, "", "of a portfolio"},
    {"effect", "Effect", ASSURED_WORDS, "", "cost, demand, health gain or transfer"},
    {"sector", "Partner", ASSURED_TEXT, "", "whom it falls on; blank: nobody in particular"},
    {"kind", "Kind", ASSURED_TEXT, "", "kind of flow"},
    {"priced_by", "Priced by", ASSURED_TEXT, "", "evidence item or health model"},
    {"worst_grade", "Worst grade", ASSURED_COUNT, "", "of the evidence it rests on"}};

static const struct assured_column gap_columns[] = {
    {"scenario", "Scenario", ASSURED_TEXT, "", "scenario id"},
    {"not_counted", "Not counted", ASSURED_WORDS, "", "what is left out"},
    {"sector", "Partner", ASSURED_TEXT, "", "whom it falls on; blank: nobody in particular"},
    {"direction", "Direction", ASSURED_TEXT, "", "what counting it would add"},
    {"reason", "Why", ASSURED_WORDS, "", "why it is left out"},
    {"origin", "Origin", ASSURED_TEXT, "", "stated in a file, or found by the program"},
    {"gap", "Gap", ASSURED_TEXT, "", "kind of gap"}};

#define COLUMNS(array) .columns = (array), .n_columns = sizeof(array) / sizeof((array)[0])

static const struct assured_table tables[] = {
    {.file = "assurance/sign_off.csv",
     .sheet = "Signatures",
     .table = "Signatures",
     .title = "Who signed, and for which inputs",
     .sentence = "A sign-off holds for the inputs whose fingerprint it states.",
     COLUMNS(signature_columns),
     .write = write_signatures},
    {.file = "assurance/assumptions.csv",
     .sheet = "Assumptions",
     .table = "Assumptions",
     .title = "Assumptions log",
     .sentence = "Values that are uncertain, assumed, overridden or inputs; those that move the "
                 "headline most come first.",
     COLUMNS(assumption_columns),
     .write = write_assumptions},
    {.file = "assurance/checks.csv",
     .sheet = "Checks",
     .table = "Checks",
     .title = "Checks that ran",
     .sentence = "What was compared with what in this run, and the largest difference found.",
     COLUMNS(check_columns),
     .write = write_checks},
    {.file = "assurance/impacts.csv",
     .sheet = "Impacts",
     .table = "Impacts",
     .title = "Impact inventory: what is counted",
     .sentence = "Each effect, for whom, of which kind, and the worst grade of its evidence.",
     COLUMNS(impact_columns),
     .write = write_impacts},
    {.file = "assurance/gaps.csv",
     .sheet = "Gaps",
     .table = "Gaps",
     .title = "Impact inventory: what is not counted",
     .sentence = "Effects that the files state as left out, and gaps that the program finds.",
     COLUMNS(gap_columns),
     .write = write_gaps},
    {.file = "assurance/cheers.csv",
     .sheet = "CHEERS",
     .table = "Cheers",
     .title = "CHEERS 2022: what is reported, and what is missing",
     .sentence = "Items of the reporting standard for economic evaluations, filled from the run; "
                 "item names are ours.",
     COLUMNS(cheers_columns),
     .write = write_cheers}};

const struct assured_table *assured_tables(size_t *n_tables)
{
    *n_tables = sizeof tables / sizeof tables[0];
    return tables;
}

/* ---- csv ---- */

static void put_csv_text(void *context, const char *words)
{
    csv_text(context, words != NULL ? words : "");
}

static void put_csv_number(void *context, double value)
{
    csv_number(context, value);
}

static void end_csv_row(void *context)
{
    csv_end(context);
}

void write_assured_csv(struct text *out, const struct report_run *run,
                       const struct assured_table *table)
{
    const struct row_sink sink = {put_csv_text, put_csv_number, end_csv_row, out};
    for (size_t i = 0; i < table->n_columns; ++i) {
        text_printf(out, i > 0 ? ",%s" : "%s", table->columns[i].name);
    }
    text_append(out, "\n");
    table->write(&sink, run);
}

/* ---- report.md ---- */

static void markdown_top(struct text *out, const struct scenario_result *result,
                         const struct assurance_result *assured)
{
    enum { TOP = 5 };

    if (assured->n_assumptions == 0 || assured->assumptions[0].rank == 0) {
        return;
    }
    text_append(out, "\nWhat moves the headline of ");
    markdown_text(out, result->plan->scenario->id);
    text_append(out, " most: ");
    for (size_t i = 0; i < assured->n_assumptions && i < TOP && assured->assumptions[i].rank > 0;
         ++i) {
        const struct assumption *assumption = &assured->assumptions[i];
        char swing[48];
        text_format_grouped(swing, assumption->swing, assumption->swing < 100.0 ? 2 : 0);
        text_append(out, i > 0 ? "; " : "");
        markdown_text(out, assumption->label);
        text_printf(out, " (£%s, %s)", swing, assumption_kind_name(assumption->kind));
    }
    text_append(out, ".\n");
}

static void markdown_gaps(struct text *out, const struct assurance_result *assured)
{
    if (assured->n_gaps == 0) {
        return;
    }
    text_append(out, "\nNot counted: ");
    for (size_t i = 0; i < assured->n_gaps; ++i) {
        text_append(out, i > 0 ? "; " : "");
        markdown_text(out, assured->gaps[i].what);
    }
    text_append(out, ".\n");
}

static void markdown_cheers(struct text *out, const struct report_run *run, size_t subject,
                            const struct scenario_result *result)
{
    struct cheers_item items[N_CHEERS_ITEMS];
    size_t counts[3] = {0};
    struct arena arena;
    arena_init(&arena);
    cheers_fill(&arena, run, &run->assurance->subjects[subject], result, items);
    for (size_t i = 0; i < N_CHEERS_ITEMS; ++i) {
        ++counts[items[i].status];
    }
    text_printf(out, "\nCHEERS 2022: %zu of 28 items reported, %zu partly, %zu missing", counts[0],
                counts[1], counts[2]);
    for (size_t i = 0, n = 0; i < N_CHEERS_ITEMS; ++i) {
        if (items[i].status == CHEERS_MISSING) {
            text_printf(out, "%s%zu %s", n++ > 0 ? ", " : " (", items[i].number, items[i].item);
        }
    }
    text_append(out, counts[CHEERS_MISSING] > 0 ? ").\n" : ".\n");
    arena_clear(&arena);
}

void markdown_banner(struct text *out, const struct report_run *run)
{
    struct text words;
    text_init(&words);
    write_run_sign_off(&words, run);
    text_append(out, "**");
    markdown_text(out, words.bytes);
    text_append(out, ".** ");
    text_clear(&words);
    text_init(&words);
    write_run_checks(&words, run);
    text_printf(out, "Checks: %s. More under Assurance, at the end.\n\n", words.bytes);
    text_clear(&words);
}

void markdown_assurance(struct text *out, const struct report_run *run)
{
    struct text words;
    text_init(&words);
    write_run_checks(&words, run);
    text_append(out, "## Assurance\n\n");
    text_printf(out, "Checks: %s (assurance/checks.csv).\n", words.bytes);
    text_clear(&words);
    for (size_t i = 0; i < run->assurance->n_subjects; ++i) {
        const struct scenario_result *result = assured_main(run, i);
        if (result == NULL) {
            continue;
        }
        text_append(out, "\n### ");
        markdown_text(out, run->assurance->subjects[i].id);
        text_append(out, "\n\n");
        text_init(&words);
        write_subject_sign_off(&words, &run->assurance->subjects[i]);
        markdown_text(out, words.bytes);
        text_clear(&words);
        text_printf(out, ". Fingerprint of the inputs: `%.12s`.\n",
                    run->assurance->subjects[i].inputs_sha256[0] != '\0'
                        ? run->assurance->subjects[i].inputs_sha256
                        : "not asked");
        markdown_top(out, result, assured_result(run, result));
        markdown_gaps(out, assured_result(run, result));
        markdown_cheers(out, run, i, result);
    }
    text_append(out, "\n");
}
