#include "report/report_ci.h"

#include "report/output.h"
#include "report/report_private.h"

#include <string.h>

/* ---- JUnit ---- */

/* Words in XML: what XML 1.0 cannot hold becomes a blank. */
static void xml_text(struct text *out, const char *words)
{
    for (const char *byte = words != NULL ? words : ""; *byte != '\0'; ++byte) {
        unsigned char value = (unsigned char)*byte;
        switch (*byte) {
        case '&':
            text_append(out, "&amp;");
            break;
        case '<':
            text_append(out, "&lt;");
            break;
        case '>':
            text_append(out, "&gt;");
            break;
        case '"':
            text_append(out, "&quot;");
            break;
        default:
            text_append_span(out, value < 32 && value != '\n' ? " " : byte, 1);
        }
    }
}

static void start_suite(struct text *out, const char *name, size_t n, size_t n_failed,
                        size_t n_errors)
{
    text_printf(out,
                "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                "skipped=\"0\">\n",
                name, n, n_failed, n_errors);
}

static void start_case(struct text *out, const char *suite, const char *name)
{
    text_printf(out, "    <testcase classname=\"dividend.%s\" name=\"", suite);
    xml_text(out, name);
    text_append(out, "\">\n");
}

static void write_problem(struct text *out, const char *tag, const char *type, const char *message)
{
    text_printf(out, "      <%s type=\"%s\" message=\"", tag, type);
    xml_text(out, message);
    text_append(out, "\"/>\n");
}

static void end_case(struct text *out)
{
    text_append(out, "    </testcase>\n");
}

/* "models/ae.cfg:9:13: evidence.ae.value: found ..., allowed: ..." */
static void diagnostic_words(struct text *out, const struct diagnostic *item)
{
    if (item->place.file != NULL) {
        text_printf(out, "%s:%d: ", item->place.file, item->place.line);
    }
    if (item->path != NULL && item->path[0] != '\0') {
        text_printf(out, "%s: ", item->path);
    }
    text_append(out, item->found);
    if (item->allowed != NULL) {
        text_printf(out, "; allowed: %s", item->allowed);
    }
    if (item->remedy != NULL) {
        text_printf(out, "; do: %s", item->remedy);
    }
}

static bool is_error(const struct diagnostic *item)
{
    return diagnostic_code_severity(item->code) == SEVERITY_ERROR;
}

static void write_input_suite(struct text *out, const struct diagnostics *diagnostics)
{
    start_suite(out, "configuration", 1, 0, diagnostics->n_errors > 0 ? 1 : 0);
    start_case(out, "configuration", "every file is valid");
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        struct text words;
        if (!is_error(&diagnostics->items[i])) {
            continue;
        }
        text_init(&words);
        diagnostic_words(&words, &diagnostics->items[i]);
        write_problem(out, "error", diagnostic_code_name(diagnostics->items[i].code), words.bytes);
        text_clear(&words);
    }
    end_case(out);
    text_append(out, "  </testsuite>\n");
}

static void write_scenario_suite(struct text *out, const struct report_run *run)
{
    size_t n_failed = 0;
    for (size_t i = 0; i < run->n_results; ++i) {
        n_failed += run->results[i].status != STATUS_OK ? 1 : 0;
    }
    start_suite(out, "scenarios", run->n_results, 0, n_failed);
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct scenario_result *result = &run->results[i];
        start_case(out, "scenarios", result->plan->scenario->id);
        if (result->status != STATUS_OK) {
            write_problem(out, "error", "run", result->error.message);
        }
        end_case(out);
    }
    text_append(out, "  </testsuite>\n");
}

static bool is_broken(const struct expectation_result *judged)
{
    return judged->state != EXPECTATION_HELD;
}

static void write_expectation_suite(struct text *out, const struct report_run *run)
{
    size_t n_failed = 0;
    for (size_t i = 0; i < run->n_expectations; ++i) {
        const struct expectation_result *judged = &run->expectations[i];
        n_failed += is_broken(judged) && !judged->expectation->only_warns ? 1 : 0;
    }
    start_suite(out, "expectations", run->n_expectations, n_failed, 0);
    for (size_t i = 0; i < run->n_expectations; ++i) {
        const struct expectation_result *judged = &run->expectations[i];
        struct text name, words;
        text_init(&name);
        text_init(&words);
        text_printf(&name, "%s: %s", judged->id, judged->expectation->statement.words);
        expectation_words(&words, judged);
        start_case(out, "expectations", name.bytes);
        if (is_broken(judged) && !judged->expectation->only_warns) {
            write_problem(out, "failure", "expectation", words.bytes);
        } else {
            text_append(out, "      <system-out>");
            xml_text(out, words.bytes);
            text_append(out, "</system-out>\n");
        }
        end_case(out);
        text_clear(&name);
        text_clear(&words);
    }
    text_append(out, "  </testsuite>\n");
}

void report_junit(struct text *out, const struct report_run *run,
                  const struct diagnostics *diagnostics)
{
    text_append(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dividend\">\n");
    write_input_suite(out, diagnostics);
    if (run != NULL) {
        write_scenario_suite(out, run);
        write_expectation_suite(out, run);
    }
    text_append(out, "</testsuites>\n");
}

/* ---- GitHub ---- */

/* What a workflow command would take for its own end. */
static void command_text(struct text *out, const char *words, bool property)
{
    for (const char *byte = words; *byte != '\0'; ++byte) {
        bool escape = *byte == '%' || *byte == '\n' || *byte == '\r' ||
                      (property && (*byte == ':' || *byte == ','));
        if (escape) {
            text_printf(out, "%%%02X", (unsigned)(unsigned char)*byte);
        } else {
            text_append_span(out, byte, 1);
        }
    }
}

static void annotate(struct text *out, bool error, const struct place *place, const char *title,
                     const char *words)
{
    text_printf(out, "::%s ", error ? "error" : "warning");
    if (place != NULL && place->file != NULL) {
        text_append(out, "file=");
        command_text(out, place->file, true);
        text_printf(out, ",line=%d,", place->line > 0 ? place->line : 1);
        if (place->column > 0) {
            text_printf(out, "col=%d,", place->column);
        }
    }
    text_append(out, "title=");
    command_text(out, title, true);
    text_append(out, "::");
    command_text(out, words, false);
    text_append(out, "\n");
}

void report_annotations(struct text *out, const struct report_run *run,
                        const struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        const struct diagnostic *item = &diagnostics->items[i];
        struct text words;
        text_init(&words);
        diagnostic_words(&words, item);
        annotate(out, is_error(item), &item->place, diagnostic_code_name(item->code), words.bytes);
        text_clear(&words);
    }
    for (size_t i = 0; run != NULL && i < run->n_results; ++i) {
        if (run->results[i].status != STATUS_OK) {
            annotate(out, true, &run->results[i].plan->scenario->setting->place, "scenario failed",
                     run->results[i].error.message);
        }
    }
    for (size_t i = 0; run != NULL && i < run->n_expectations; ++i) {
        const struct expectation_result *judged = &run->expectations[i];
        struct text words;
        if (!is_broken(judged)) {
            continue;
        }
        text_init(&words);
        expectation_words(&words, judged);
        annotate(out, !judged->expectation->only_warns, &judged->expectation->setting->place,
                 "expectation", words.bytes);
        text_clear(&words);
    }
}

void report_step_summary(struct text *out, const struct report_run *run)
{
    static const char cut[] = "\nCut here: the summary takes 900 KiB. report.md of the results "
                              "folder has all of it.\n";
    report_expectations(out, run, REPORT_MARKDOWN, 0);
    text_append(out, "## Programmes compared\n\n");
    report_compare(out, run, REPORT_MARKDOWN, 0);
    report_portfolios(out, run, REPORT_MARKDOWN, 0);
    size_t most = REPORT_SUMMARY_BYTES - sizeof cut;
    if (out->n_bytes > most) {
        while (most > 0 && out->bytes[most - 1] != '\n') {
            --most;
        }
        out->n_bytes = most;
        out->bytes[most] = '\0';
        text_append(out, cut);
    }
}

/* ---- files ---- */

enum status report_write_file(const char *path, const struct text *text, struct error *error)
{
    struct output_set set;
    struct arena arena;
    const char *slash = strrchr(path, '/');
    arena_init(&arena);
    const char *folder = slash == NULL   ? "."
                         : slash == path ? "/"
                                         : arena_copy_span(&arena, path, (size_t)(slash - path));
    output_init(&set, folder);
    enum status status = output_add(&set, slash != NULL ? slash + 1 : path,
                                    text->bytes != NULL ? text->bytes : "", text->n_bytes, error);
    if (status == STATUS_OK) {
        status = output_commit(&set, error);
    }
    output_clear(&set);
    arena_clear(&arena);
    return status;
}
