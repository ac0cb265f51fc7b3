/* SARIF and OpenLineage. */
#include "report/report_ci.h"
#include "report/report_private.h"

#include <jansson.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static enum status write_json(struct text *out, json_t *root, size_t flags, struct error *error)
{
    char *bytes = json_dumps(root, flags | JSON_PRESERVE_ORDER);
    json_decref(root);
    if (bytes == NULL) {
        return error_set(error, STATUS_NUMERIC, "a report could not be written as JSON");
    }
    text_append(out, bytes);
    text_append(out, "\n");
    free(bytes);
    return STATUS_OK;
}

/* A path as a relative or file address: everything but letters, digits and -._~/ is escaped. */
static json_t *address_of(const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    struct text words;
    text_init(&words);
    text_append(&words, path[0] == '/' ? "file://" : "");
    for (const char *byte = path; *byte != '\0'; ++byte) {
        if (strchr(plain, *byte) != NULL) {
            text_append_span(&words, byte, 1);
        } else {
            text_printf(&words, "%%%02X", (unsigned)(unsigned char)*byte);
        }
    }
    json_t *address = json_string(words.bytes);
    text_clear(&words);
    return address;
}

/* ---- SARIF ---- */

static json_t *describe_rules(const struct diagnostics *diagnostics)
{
    json_t *rules = json_array();
    for (size_t code = 0; code < N_DIAGNOSTIC_CODES; ++code) {
        bool used = false;
        for (size_t i = 0; i < diagnostics->n_items && !used; ++i) {
            used = (size_t)diagnostics->items[i].code == code;
        }
        if (used) {
            enum diagnostic_code id = (enum diagnostic_code)code;
            json_array_append_new(
                rules, json_pack("{s:s, s:{s:s}, s:{s:s}}", "id", diagnostic_code_name(id),
                                 "shortDescription", "text", diagnostic_code_title(id),
                                 "fullDescription", "text", diagnostic_code_explanation(id)));
        }
    }
    return rules;
}

static json_t *describe_place(const struct place *place)
{
    json_t *region = json_object();
    if (place->line > 0) {
        json_object_set_new(region, "startLine", json_integer(place->line));
    }
    if (place->line > 0 && place->column > 0) {
        int width = place->width > 0 ? place->width : 1;
        json_object_set_new(region, "startColumn", json_integer(place->column));
        json_object_set_new(region, "endColumn", json_integer(place->column + width));
    }
    json_t *physical = json_pack("{s:{s:o}}", "artifactLocation", "uri", address_of(place->file));
    if (json_object_size(region) > 0) {
        json_object_set(physical, "region", region);
    }
    json_decref(region);
    return json_pack("[{s:o}]", "physicalLocation", physical);
}

static json_t *describe_finding(const struct diagnostic *item)
{
    struct text words;
    text_init(&words);
    text_append(&words, item->found);
    if (item->allowed != NULL) {
        text_printf(&words, ". Allowed: %s", item->allowed);
    }
    if (item->remedy != NULL) {
        text_printf(&words, ". Do: %s", item->remedy);
    }
    bool error = diagnostic_code_severity(item->code) == SEVERITY_ERROR;
    json_t *finding =
        json_pack("{s:s, s:s, s:{s:s}}", "ruleId", diagnostic_code_name(item->code), "level",
                  error ? "error" : "warning", "message", "text", words.bytes);
    if (item->place.file != NULL) {
        json_object_set_new(finding, "locations", describe_place(&item->place));
    }
    text_clear(&words);
    return finding;
}

enum status report_sarif(struct text *out, const struct diagnostics *diagnostics,
                         const char *program_version, struct error *error)
{
    json_t *results = json_array();
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        json_array_append_new(results, describe_finding(&diagnostics->items[i]));
    }
    json_t *run =
        json_pack("{s:{s:{s:s, s:s, s:o}}, s:s, s:o}", "tool", "driver", "name", "dividend",
                  "version", program_version, "rules", describe_rules(diagnostics), "columnKind",
                  "unicodeCodePoints", "results", results);
    return write_json(out,
                      json_pack("{s:s, s:s, s:[o]}", "version", "2.1.0", "$schema",
                                "https://json.schemastore.org/sarif-2.1.0.json", "runs", run),
                      JSON_INDENT(2), error);
}

/* ---- OpenLineage ---- */

static void format_time(char buffer[32], int64_t seconds)
{
    struct tm parts;
    time_t time = (time_t)seconds;
    if (gmtime_r(&time, &parts) == NULL ||
        strftime(buffer, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        buffer[0] = '\0';
    }
}

static void digest_document(struct sha256_ctx *context, const struct document *document)
{
    sha256_update(context, document->n_bytes, (const uint8_t *)document->bytes);
}

/* A UUID of version 8 (RFC 9562: vendor's own) of the inputs and the start. */
static void run_id(char buffer[37], const struct report_run *run, const struct lineage *lineage)
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, sizeof lineage->started_s, (const uint8_t *)&lineage->started_s);
    sha256_update(&context, strlen(lineage->results), (const uint8_t *)lineage->results);
    for (size_t i = 0; i < run->library->n_documents; ++i) {
        digest_document(&context, run->library->documents[i].document);
    }
    for (size_t i = 0; i < run->library->n_all_scenarios; ++i) {
        digest_document(&context, run->library->all_scenarios[i]->document);
    }
    sha256_digest(&context, sizeof digest, digest);
    digest[6] = (uint8_t)(0x80 | (digest[6] & 15));
    digest[8] = (uint8_t)(0x80 | (digest[8] & 63));
    size_t at = 0;
    for (size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            buffer[at++] = '-';
        }
        buffer[at++] = "0123456789abcdef"[digest[i] >> 4];
        buffer[at++] = "0123456789abcdef"[digest[i] & 15];
    }
    buffer[at] = '\0';
}

static void add_dataset(json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); ++i) {
        if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "name")), name) ==
            0) {
            return;
        }
    }
    json_array_append_new(list, json_pack("{s:s, s:s}", "namespace", "file", "name", name));
}

static json_t *describe_inputs(const struct report_run *run)
{
    const struct library *library = run->library;
    json_t *list = json_array();
    for (size_t i = 0; i < library->n_documents; ++i) {
        add_dataset(list, library->documents[i].document->file);
    }
    for (size_t i = 0; i < library->n_all_scenarios; ++i) {
        add_dataset(list, library->all_scenarios[i]->document->file);
    }
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        add_dataset(list, library->portfolios[i]->document->file);
    }
    for (size_t i = 0; i < library->n_expectation_documents; ++i) {
        add_dataset(list, library->expectation_documents[i]->file);
    }
    if (library->run.setting != NULL) {
        add_dataset(list, library->run_document->file);
    }
    return list;
}

enum status report_lineage(struct text *out, const struct report_run *run,
                           const struct lineage *lineage, struct error *error)
{
    static const char *const events[] = {
        [LINEAGE_START] = "START", [LINEAGE_COMPLETE] = "COMPLETE", [LINEAGE_FAIL] = "FAIL"};
    char id[37], when[32], producer[64];
    (void)snprintf(producer, sizeof producer, "urn:dividend:%.40s", run->program_version);
    run_id(id, run, lineage);
    format_time(when, lineage->now_s);
    json_t *outputs = json_array();
    if (lineage->event == LINEAGE_COMPLETE) {
        add_dataset(outputs, lineage->results);
    }
    return write_json(
        out,
        json_pack("{s:s, s:s, s:{s:s}, s:{s:s, s:s}, s:o, s:o, s:s, s:s}", "eventType",
                  events[lineage->event], "eventTime", when, "run", "runId", id, "job", "namespace",
                  "dividend", "name", "run", "inputs", describe_inputs(run), "outputs", outputs,
                  "producer", producer, "schemaURL",
                  "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"),
        JSON_COMPACT, error);
}
