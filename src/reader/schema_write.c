/* The schema table as text, markdown and JSON Schema. */
#include "reader/schema.h"

#include <math.h>
#include <string.h>

static void append_types(struct text *out, const struct schema_key *key)
{
    static const struct {
        unsigned bit;
        const char *words;
    } rows[] = {{SCHEMA_INTEGER, "whole number"}, {SCHEMA_NUMBER, "number"},
                {SCHEMA_EXPRESSION, "formula"},   {SCHEMA_TEXT, "text"},
                {SCHEMA_BOOLEAN, "true/false"},   {SCHEMA_GROUP, "group"},
                {SCHEMA_LIST, "list of groups"},  {SCHEMA_NUMBERS, "numbers"},
                {SCHEMA_TEXTS, "texts"},          {SCHEMA_VALUES, "both in ( )"}};

    bool first = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        if ((key->types & rows[i].bit) != 0) {
            text_printf(out, first ? "%s" : " or %s", rows[i].words);
            first = false;
        }
    }
    if (key->group != NULL) {
        text_printf(out, " (%s)", key->group);
    }
}

static void append_allowed(struct text *out, const struct schema_key *key, const char *bar)
{
    char number[32];
    if (key->choices != NULL) {
        for (const char *byte = key->choices; *byte != '\0'; ++byte) {
            text_append_span(out, byte, 1);
            if (*byte == '|') {
                out->n_bytes -= 1;
                text_append(out, bar);
            }
        }
        text_append(out, " ");
    }
    if (isfinite(key->min)) {
        text_format_exact(number, key->min);
        text_printf(out, key->open_min ? "above %s " : "from %s ", number);
    }
    if (isfinite(key->max)) {
        text_format_exact(number, key->max);
        text_printf(out, "to %s ", number);
    }
    static const char *const formats[] = {[FORMAT_NAME] = "a name",
                                          [FORMAT_PATH] = "a path",
                                          [FORMAT_FINANCIAL_YEAR] = "\"2026-27\"",
                                          [FORMAT_MONTH] = "\"2027-10\"",
                                          [FORMAT_DATE] = "\"2026-11-20\""};
    if (key->format != FORMAT_ANY && key->format != FORMAT_CHOICE) {
        text_printf(out, "%s ", formats[key->format]);
    }
    if (key->unit != NULL) {
        text_printf(out, "%s ", key->unit);
    }
    if (out->n_bytes > 0 && out->bytes[out->n_bytes - 1] == ' ') {
        out->bytes[--out->n_bytes] = '\0';
    }
}

static void write_text_group(struct text *out, const struct schema_group *group)
{
    text_printf(out, "%s\n  %s%s\n", group->name, group->help,
                group->shares ? " The shares must sum to 1." : "");
    for (size_t i = 0; i < group->n_keys; ++i) {
        const struct schema_key *key = &group->keys[i];
        text_printf(out, "  %-26s ", strcmp(key->name, "*") == 0 ? "NAME" : key->name);
        append_types(out, key);
        text_append(out, key->required ? ", required" : "");
        text_append(out, "\n      ");
        append_allowed(out, key, "|");
        text_printf(out, "\n      %s\n", key->help);
        if (key->fallback != NULL) {
            text_printf(out, "      otherwise: %s\n", key->fallback);
        }
    }
    text_append(out, "\n");
}

static void write_markdown_group(struct text *out, const struct schema_group *group)
{
    text_printf(out, "### %s\n\n%s%s\n\n", group->name, group->help,
                group->shares ? " The shares must sum to 1." : "");
    text_append(out, "| key | type | allowed | if absent | meaning |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < group->n_keys; ++i) {
        const struct schema_key *key = &group->keys[i];
        text_printf(out, "| `%s` | ", strcmp(key->name, "*") == 0 ? "NAME" : key->name);
        append_types(out, key);
        text_append(out, " | ");
        append_allowed(out, key, ", ");
        text_printf(out, " | %s | %s |\n",
                    key->required           ? "required"
                    : key->fallback != NULL ? key->fallback
                                            : "",
                    key->help);
    }
    text_append(out, "\n");
}

/* ---- JSON Schema ---- */

static void append_json_text(struct text *out, const char *text)
{
    text_append(out, "\"");
    for (; *text != '\0'; ++text) {
        if (*text == '"' || *text == '\\') {
            text_append(out, "\\");
        }
        text_append_span(out, text, 1);
    }
    text_append(out, "\"");
}

static void append_json_range(struct text *out, const struct schema_key *key)
{
    char number[32];
    if (isfinite(key->min)) {
        text_format_exact(number, key->min);
        text_printf(out, ", \"%s\": %s", key->open_min ? "exclusiveMinimum" : "minimum", number);
    }
    if (isfinite(key->max)) {
        text_format_exact(number, key->max);
        text_printf(out, ", \"maximum\": %s", number);
    }
}

static void append_json_choices(struct text *out, const char *choices)
{
    text_append(out, ", \"enum\": [");
    for (const char *choice = choices; *choice != '\0';) {
        size_t n = strcspn(choice, "|");
        text_append(out, choice == choices ? "\"" : ", \"");
        text_append_span(out, choice, n);
        text_append(out, "\"");
        choice += n + (choice[n] == '|' ? 1 : 0);
    }
    text_append(out, "]");
}

static void append_json_string(struct text *out, const struct schema_key *key)
{
    static const char *const patterns[] = {[FORMAT_ANY] = NULL,
                                           [FORMAT_NAME] = "^[a-z][a-z0-9_]*$",
                                           [FORMAT_PATH] =
                                               "^[a-z][a-z0-9_]*(\\\\.[a-z][a-z0-9_]*)*$",
                                           [FORMAT_FINANCIAL_YEAR] = "^[0-9]{4}-[0-9]{2}$",
                                           [FORMAT_MONTH] = "^[0-9]{4}-[0-9]{2}$",
                                           [FORMAT_DATE] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                                           [FORMAT_CHOICE] = NULL};
    text_append(out, "\"type\": \"string\"");
    if (key->format == FORMAT_CHOICE) {
        append_json_choices(out, key->choices);
    } else if (patterns[key->format] != NULL) {
        text_printf(out, ", \"pattern\": \"%s\"", patterns[key->format]);
    }
}

static void append_json_alternative(struct text *out, bool *first)
{
    text_append(out, *first ? "{" : ", {");
    *first = false;
}

static void append_json_key(struct text *out, const struct schema_key *key)
{
    bool first = true;
    text_append(out, "{\"description\": ");
    append_json_text(out, key->help);
    text_append(out, ", \"anyOf\": [");
    if ((key->types & (SCHEMA_NUMBER | SCHEMA_INTEGER)) != 0) {
        append_json_alternative(out, &first);
        text_printf(out, "\"type\": \"%s\"",
                    (key->types & SCHEMA_NUMBER) != 0 ? "number" : "integer");
        append_json_range(out, key);
        text_append(out, "}");
    }
    if ((key->types & SCHEMA_EXPRESSION) != 0) {
        append_json_alternative(out, &first);
        text_append(out, "\"type\": \"string\"}");
    }
    if ((key->types & SCHEMA_TEXT) != 0) {
        append_json_alternative(out, &first);
        append_json_string(out, key);
        text_append(out, "}");
    }
    if ((key->types & SCHEMA_BOOLEAN) != 0) {
        append_json_alternative(out, &first);
        text_append(out, "\"type\": \"boolean\"}");
    }
    if ((key->types & SCHEMA_GROUP) != 0) {
        append_json_alternative(out, &first);
        text_printf(out, "\"$ref\": \"#/$defs/%s\"}", key->group);
    }
    if ((key->types & SCHEMA_LIST) != 0) {
        append_json_alternative(out, &first);
        text_printf(out, "\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}}", key->group);
    }
    if ((key->types & SCHEMA_NUMBERS) != 0) {
        append_json_alternative(out, &first);
        text_append(out, "\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": \"number\"");
        append_json_range(out, key);
        text_append(out, "}}");
    }
    if ((key->types & SCHEMA_TEXTS) != 0) {
        append_json_alternative(out, &first);
        text_append(out, "\"type\": \"array\", \"minItems\": 1, \"items\": {");
        append_json_string(out, key);
        text_append(out, "}}");
    }
    if ((key->types & SCHEMA_VALUES) != 0) {
        append_json_alternative(out, &first);
        text_append(out, "\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": "
                         "[\"number\", \"string\"]}}");
    }
    text_append(out, "]}");
}

static void write_json_group(struct text *out, const struct schema_group *group)
{
    size_t n_named = group->n_keys;
    n_named -= n_named > 0 && strcmp(group->keys[n_named - 1].name, "*") == 0 ? 1 : 0;
    bool any = group->n_keys > 0 && n_named == 0;
    text_printf(out, "    \"%s\": {\n      \"description\": ", group->name);
    append_json_text(out, group->help);
    text_append(out, ",\n      \"type\": \"object\",\n");
    if (any) {
        text_append(out, "      \"propertyNames\": {\"pattern\": \"^[a-z][a-z0-9_]*$\"},\n"
                         "      \"additionalProperties\": ");
        append_json_key(out, &group->keys[0]);
        text_append(out, "\n    }");
        return;
    }
    text_append(out, "      \"additionalProperties\": ");
    if (n_named < group->n_keys) {
        append_json_key(out, &group->keys[n_named]);
    } else {
        text_append(out, "false");
    }
    text_append(out, ",\n      \"required\": [");
    bool first = true;
    for (size_t i = 0; i < group->n_keys; ++i) {
        if (group->keys[i].required) {
            text_printf(out, first ? "\"%s\"" : ", \"%s\"", group->keys[i].name);
            first = false;
        }
    }
    text_append(out, "],\n      \"properties\": {\n");
    for (size_t i = 0; i < n_named; ++i) {
        text_printf(out, "        \"%s\": ", group->keys[i].name);
        append_json_key(out, &group->keys[i]);
        text_append(out, i + 1 < n_named ? ",\n" : "\n");
    }
    text_append(out, "      }\n    }");
}

static void write_json(struct text *out, const struct schema_group *groups, size_t n_groups,
                       const char *root)
{
    text_printf(out,
                "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                "  \"title\": \"dividend configuration\",\n  \"$ref\": \"#/$defs/%s\",\n"
                "  \"$defs\": {\n",
                root);
    for (size_t i = 0; i < n_groups; ++i) {
        write_json_group(out, &groups[i]);
        text_append(out, i + 1 < n_groups ? ",\n" : "\n");
    }
    text_append(out, "  }\n}\n");
}

void schema_write(struct text *out, const char *group_name, enum schema_style style)
{
    size_t n_groups = 0;
    const struct schema_group *groups = schema_groups(&n_groups);
    if (style == SCHEMA_STYLE_JSON) {
        write_json(out, groups, n_groups, group_name != NULL ? group_name : "document");
        return;
    }
    for (size_t i = 0; i < n_groups; ++i) {
        if (group_name != NULL && strcmp(groups[i].name, group_name) != 0) {
            continue;
        }
        if (style == SCHEMA_STYLE_MARKDOWN) {
            write_markdown_group(out, &groups[i]);
        } else {
            write_text_group(out, &groups[i]);
        }
    }
}
