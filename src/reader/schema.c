#include "reader/schema.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct schema_group *schema_group_find(const char *name)
{
    size_t n_groups = 0;
    const struct schema_group *groups = schema_groups(&n_groups);
    for (size_t i = 0; i < n_groups; ++i) {
        if (strcmp(groups[i].name, name) == 0) {
            return &groups[i];
        }
    }
    return NULL;
}

static bool is_any(const struct schema_key *key)
{
    return strcmp(key->name, "*") == 0;
}

const struct schema_key *schema_key_find(const struct schema_group *group, const char *name)
{
    for (size_t i = 0; i < group->n_keys; ++i) {
        if (is_any(&group->keys[i]) || strcmp(group->keys[i].name, name) == 0) {
            return &group->keys[i];
        }
    }
    return NULL;
}

/* ---- words for messages ---- */

static void append_range(struct text *out, const struct schema_key *key)
{
    char low[32], high[32];
    text_format_exact(low, key->min);
    text_format_exact(high, key->max);
    bool has_low = isfinite(key->min), has_high = isfinite(key->max);
    if (has_low && has_high) {
        text_printf(out, " from %s to %s", low, high);
    } else if (has_low) {
        text_printf(out, key->open_min ? " above %s" : " of at least %s", low);
    } else if (has_high) {
        text_printf(out, " of at most %s", high);
    }
    if (key->unit != NULL && key->unit[0] != '\0') {
        text_printf(out, " (%s)", key->unit);
    }
}

static void append_choices(struct text *out, const char *choices)
{
    text_append(out, "one of ");
    for (const char *choice = choices; *choice != '\0';) {
        size_t n = strcspn(choice, "|");
        text_append(out, choice == choices ? "\"" : ", \"");
        text_append_span(out, choice, n);
        text_append(out, "\"");
        choice += n + (choice[n] == '|' ? 1 : 0);
    }
}

static void append_text_format(struct text *out, const struct schema_key *key)
{
    switch (key->format) {
    case FORMAT_CHOICE:
        append_choices(out, key->choices);
        return;
    case FORMAT_NAME:
        text_append(out, "a name of small letters, digits and _ in quotes");
        return;
    case FORMAT_PATH:
        text_append(out, "names joined by points in quotes");
        return;
    case FORMAT_FINANCIAL_YEAR:
        text_append(out, "a financial year such as \"2026-27\"");
        return;
    case FORMAT_DATE:
        text_append(out, "a day such as \"2026-11-20\"");
        return;
    case FORMAT_MONTH:
        text_append(out, "a month such as \"2027-10\"");
        return;
    case FORMAT_ANY:
        text_append(out, "a text in quotes");
        return;
    }
}

static void append_or(struct text *out, bool *first)
{
    if (!*first) {
        text_append(out, ", or ");
    }
    *first = false;
}

/* What a key allows, in words. */
static const char *allowed_words(struct arena *arena, const struct schema_key *key)
{
    struct text out;
    bool first = true;
    text_init(&out);
    if ((key->types & (SCHEMA_INTEGER | SCHEMA_NUMBER)) != 0) {
        append_or(&out, &first);
        text_append(&out, (key->types & SCHEMA_NUMBER) != 0 ? "a number" : "a whole number");
        append_range(&out, key);
    }
    if ((key->types & SCHEMA_EXPRESSION) != 0) {
        append_or(&out, &first);
        text_append(&out, "a formula in quotes");
    }
    if ((key->types & SCHEMA_TEXT) != 0) {
        append_or(&out, &first);
        append_text_format(&out, key);
    }
    if ((key->types & SCHEMA_BOOLEAN) != 0) {
        append_or(&out, &first);
        text_append(&out, "true or false");
    }
    if ((key->types & SCHEMA_GROUP) != 0) {
        append_or(&out, &first);
        text_append(&out, "a group { ... }");
    }
    if ((key->types & SCHEMA_LIST) != 0) {
        append_or(&out, &first);
        text_append(&out, "a list of groups ( { ... }, { ... } )");
    }
    if ((key->types & SCHEMA_NUMBERS) != 0) {
        append_or(&out, &first);
        text_append(&out, "numbers in [ ], each");
        append_range(&out, key);
        if (!isfinite(key->min) && !isfinite(key->max)) {
            out.n_bytes -= strlen(", each");
            out.bytes[out.n_bytes] = '\0';
        }
    }
    if ((key->types & SCHEMA_TEXTS) != 0) {
        append_or(&out, &first);
        text_append(&out, "texts in [ ], each ");
        append_text_format(&out, key);
    }
    if ((key->types & SCHEMA_VALUES) != 0) {
        append_or(&out, &first);
        text_append(&out, "numbers and texts together in ( )");
    }
    const char *words = arena_copy_text(arena, out.bytes != NULL ? out.bytes : "");
    text_clear(&out);
    return words;
}

/* ---- checking one value ---- */

static unsigned type_bit(const struct setting *setting)
{
    switch (setting->type) {
    case SETTING_GROUP:
        return SCHEMA_GROUP;
    case SETTING_LIST:
        return SCHEMA_LIST | SCHEMA_VALUES;
    case SETTING_ARRAY:
        return SCHEMA_NUMBERS | SCHEMA_TEXTS;
    case SETTING_TEXT:
        return SCHEMA_TEXT | SCHEMA_EXPRESSION;
    case SETTING_INTEGER:
        return SCHEMA_INTEGER | SCHEMA_NUMBER;
    case SETTING_NUMBER:
        return SCHEMA_NUMBER;
    case SETTING_BOOLEAN:
        return SCHEMA_BOOLEAN;
    }
    return 0;
}

static bool looks_like_number(const char *text)
{
    char *end = NULL;
    strtod(text, &end);
    return end != text && *end == '\0';
}

static void complain_about_type(const struct setting *setting, const struct schema_key *key,
                                struct diagnostics *diagnostics)
{
    const char *remedy = "see the allowed forms";
    bool number_wanted = (key->types & (SCHEMA_NUMBER | SCHEMA_INTEGER)) != 0;
    if (setting->type == SETTING_TEXT && number_wanted && looks_like_number(setting->text)) {
        remedy = arena_printf(diagnostics->arena, "write it without quotes: %s = %s;",
                              setting->name != NULL ? setting->name : "value", setting->text);
    } else if (setting->type == SETTING_NUMBER && (key->types & SCHEMA_INTEGER) != 0) {
        remedy = "write a whole number, without a point";
    } else if (setting_is_number(setting) && (key->types & SCHEMA_TEXT) != 0) {
        remedy = "put it in quotes";
    } else if (setting->type == SETTING_GROUP && (key->types & SCHEMA_LIST) != 0) {
        remedy = "put the group in round brackets: ( { ... } )";
    } else if (setting->type == SETTING_LIST && (key->types & SCHEMA_NUMBERS) != 0) {
        remedy = "use square brackets: [1.0, 2.0]";
    }
    setting_complain(diagnostics, setting, DIAGNOSTIC_E203, allowed_words(diagnostics->arena, key),
                     remedy, "%s is not allowed here", setting_type_words(setting->type));
}

static bool check_range(const struct setting *setting, const struct schema_key *key,
                        struct diagnostics *diagnostics)
{
    double value = setting->number;
    bool low = value < key->min || (key->open_min && value == key->min);
    if (isfinite(value) && !low && !(value > key->max)) {
        return true;
    }
    char found[32];
    text_format_exact(found, value);
    setting_complain(diagnostics, setting, DIAGNOSTIC_E204, allowed_words(diagnostics->arena, key),
                     low ? "use a larger value" : "use a smaller value", "%s is too %s", found,
                     low ? "small" : "large");
    return false;
}

static const char *nearest_choice(struct arena *arena, const char *choices, const char *word)
{
    const char *candidates[32];
    size_t n = 0;
    for (const char *choice = choices; *choice != '\0' && n < 32;) {
        size_t length = strcspn(choice, "|");
        candidates[n++] = arena_copy_span(arena, choice, length);
        choice += length + (choice[length] == '|' ? 1 : 0);
    }
    for (size_t i = 0; i < n; ++i) {
        if (strcmp(candidates[i], word) == 0) {
            return candidates[i];
        }
    }
    return text_nearest(word, candidates, n);
}

static bool check_choice(const struct setting *setting, const struct schema_key *key,
                         struct diagnostics *diagnostics)
{
    const char *nearest = nearest_choice(diagnostics->arena, key->choices, setting->text);
    if (nearest != NULL && strcmp(nearest, setting->text) == 0) {
        return true;
    }
    const char *remedy = nearest != NULL
                             ? arena_printf(diagnostics->arena, "did you mean \"%s\"?", nearest)
                             : "choose one of them";
    setting_complain(diagnostics, setting, DIAGNOSTIC_E205, allowed_words(diagnostics->arena, key),
                     remedy, "\"%s\" is not a choice", setting->text);
    return false;
}

static bool is_month(const char *text)
{
    int month = 0;
    if (strlen(text) != 7 || text[4] != '-' || strspn(text, "0123456789-") != 7) {
        return false;
    }
    month = (text[5] - '0') * 10 + text[6] - '0';
    return text[5] != '-' && text[6] != '-' && month >= 1 && month <= 12;
}

/* A day of the calendar, leap years counted. */
static bool is_day(const char *text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 0, month = 0, day = 0;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    for (size_t i = 0; i < 10; ++i) {
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) {
            return false;
        }
        int *part = i < 4 ? &year : i < 7 ? &month : &day;
        *part = i == 4 || i == 7 ? *part : 10 * *part + text[i] - '0';
    }
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static bool is_path(struct arena *arena, const char *text)
{
    const char *start = text;
    for (;;) {
        size_t n = strcspn(start, ".");
        if (!text_is_name(arena_copy_span(arena, start, n))) {
            return false;
        }
        if (start[n] == '\0') {
            return true;
        }
        start += n + 1;
    }
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; ++text) {
        if ((unsigned char)*text < 0x20 || (unsigned char)*text == 0x7F) {
            return true;
        }
    }
    return false;
}

/* The nearest well-formed name: small letters, and _ for blanks, hyphens and points. */
static const char *name_remedy(struct arena *arena, const char *name)
{
    char *small = arena_copy_text(arena, name);
    for (char *byte = small; *byte != '\0'; ++byte) {
        *byte = strchr(" -.", *byte) != NULL ? '_' : (char)tolower((unsigned char)*byte);
    }
    return text_is_name(small) ? arena_printf(arena, "write %s", small)
                               : "use a-z, 0-9 and _, beginning with a letter";
}

static bool check_text(const struct setting *setting, const struct schema_key *key,
                       struct diagnostics *diagnostics)
{
    const char *text = setting->text, *allowed = allowed_words(diagnostics->arena, key);
    int year = 0;
    if (text[strspn(text, " \t")] == '\0') {
        setting_complain(diagnostics, setting, DIAGNOSTIC_E209, allowed,
                         "write it, or remove the key", "an empty text");
        return false;
    }
    if (has_control(text)) {
        setting_complain(diagnostics, setting, DIAGNOSTIC_E209, allowed,
                         "remove line breaks, tabs and other control characters",
                         "a text with control characters");
        return false;
    }
    if (key->format == FORMAT_CHOICE) {
        return check_choice(setting, key, diagnostics);
    }
    bool good = key->format == FORMAT_NAME             ? text_is_name(text)
                : key->format == FORMAT_PATH           ? is_path(diagnostics->arena, text)
                : key->format == FORMAT_FINANCIAL_YEAR ? text_read_financial_year(text, &year)
                : key->format == FORMAT_MONTH          ? is_month(text)
                : key->format == FORMAT_DATE           ? is_day(text)
                                                       : true;
    if (good) {
        return true;
    }
    bool date = key->format == FORMAT_FINANCIAL_YEAR || key->format == FORMAT_MONTH ||
                key->format == FORMAT_DATE;
    setting_complain(diagnostics, setting, date ? DIAGNOSTIC_E208 : DIAGNOSTIC_E206, allowed,
                     date ? "write it like the example" : name_remedy(diagnostics->arena, text),
                     "\"%s\"", text);
    return false;
}

static bool check_elements(const struct setting *setting, const struct schema_key *key,
                           struct diagnostics *diagnostics)
{
    bool good = true, mixed = setting->type == SETTING_LIST;
    unsigned types = key->types | (mixed ? SCHEMA_NUMBERS | SCHEMA_TEXTS : 0);
    if (setting->n_children == 0) {
        setting_complain(diagnostics, setting, DIAGNOSTIC_E210,
                         allowed_words(diagnostics->arena, key), "give at least one value",
                         "an empty array [ ]");
        return false;
    }
    for (size_t i = 0; i < setting->n_children; ++i) {
        const struct setting *element = setting->children[i];
        if (setting_is_number(element) && (types & SCHEMA_NUMBERS) != 0) {
            good = check_range(element, key, diagnostics) && good;
        } else if (setting_is_text(element) && (types & SCHEMA_TEXTS) != 0) {
            good = check_text(element, key, diagnostics) && good;
        } else {
            complain_about_type(element, key, diagnostics);
            return false;
        }
    }
    return good;
}

/* A list ( ), a group { } of amounts by state or a for_each without anything in it says nothing:
 * nobody starts, nobody moves, nothing is repeated. */
static bool complain_about_empty(const struct setting *setting, const struct schema_key *key,
                                 struct diagnostics *diagnostics)
{
    bool list = setting->type == SETTING_LIST;
    bool cells = setting->type == SETTING_GROUP && key->group != NULL &&
                 (strcmp(key->group, "cells") == 0 || strcmp(key->group, "for_each") == 0);
    if (setting->n_children > 0 || !(list || cells)) {
        return false;
    }
    setting_complain(diagnostics, setting, DIAGNOSTIC_E211, allowed_words(diagnostics->arena, key),
                     "write at least one entry, or leave the key out", "%s with nothing in it",
                     list ? "a list ( )" : "a group { }");
    return true;
}

/* ---- checking groups ---- */

static const char *key_list(struct arena *arena, const struct schema_group *group)
{
    struct text out;
    text_init(&out);
    text_append(&out, "one of ");
    for (size_t i = 0; i < group->n_keys; ++i) {
        text_printf(&out, i > 0 ? ", %s" : "%s", group->keys[i].name);
    }
    const char *words = arena_copy_text(arena, out.bytes);
    text_clear(&out);
    return words;
}

static const char *group_of_key(const char *name)
{
    size_t n_groups = 0;
    const struct schema_group *groups = schema_groups(&n_groups);
    for (size_t g = 0; g < n_groups; ++g) {
        for (size_t k = 0; k < groups[g].n_keys; ++k) {
            if (strcmp(groups[g].keys[k].name, name) == 0) {
                return groups[g].name;
            }
        }
    }
    return NULL;
}

static void complain_about_key(const struct setting *setting, const struct schema_group *group,
                               struct diagnostics *diagnostics)
{
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < group->n_keys && n < 64; ++i) {
        names[n++] = group->keys[i].name;
    }
    const char *nearest = text_nearest(setting->name, names, n);
    const char *elsewhere = group_of_key(setting->name);
    const char *remedy = "remove it, or see `dividend schema` for what is known";
    if (nearest != NULL) {
        remedy = arena_printf(diagnostics->arena, "did you mean %s?", nearest);
    } else if (elsewhere != NULL) {
        remedy = arena_printf(diagnostics->arena, "%s belongs to a group of kind %s", setting->name,
                              elsewhere);
    }
    diagnostics_add(diagnostics, DIAGNOSTIC_E201, setting->place, setting->path,
                    key_list(diagnostics->arena, group), remedy, "%s is no key of the group %s",
                    setting->name, group->name);
}

/* A required key that stands there misspelt is reported once, as an unknown key. */
static bool is_misspelt(const struct setting *setting, const struct schema_group *group,
                        const char *name)
{
    for (size_t i = 0; i < setting->n_children; ++i) {
        const char *child = setting->children[i]->name;
        bool known = child == NULL;
        for (size_t k = 0; !known && k < group->n_keys; ++k) {
            known = strcmp(group->keys[k].name, child) == 0;
        }
        if (!known && text_nearest(child, &name, 1) != NULL) {
            return true;
        }
    }
    return false;
}

static void complain_missing(const struct setting *setting, const struct schema_key *key,
                             struct diagnostics *diagnostics)
{
    diagnostics_add(diagnostics, DIAGNOSTIC_E202, setting->place, setting->path,
                    allowed_words(diagnostics->arena, key),
                    arena_printf(diagnostics->arena, "add %s: %s", key->name, key->help),
                    "%s is missing", key->name);
}

static bool check_missing(const struct setting *setting, const struct schema_group *group,
                          struct diagnostics *diagnostics)
{
    bool good = true;
    for (size_t i = 0; i < group->n_keys; ++i) {
        const struct schema_key *key = &group->keys[i];
        if (key->required && setting_find(setting, key->name) == NULL &&
            !is_misspelt(setting, group, key->name)) {
            complain_missing(setting, key, diagnostics);
            good = false;
        }
    }
    return good;
}

void schema_complain_missing(const struct setting *setting, const char *group_name,
                             const char *key_name, struct diagnostics *diagnostics)
{
    const struct schema_group *group = schema_group_find(group_name);
    if (!is_misspelt(setting, group, key_name)) {
        complain_missing(setting, schema_key_find(group, key_name), diagnostics);
    }
}

static bool check_shares(const struct setting *setting, struct diagnostics *diagnostics)
{
    double sum = 0.0;
    for (size_t i = 0; i < setting->n_children; ++i) {
        if (!setting_is_number(setting->children[i])) {
            return true; /* already reported */
        }
        sum += setting->children[i]->number;
    }
    if (fabs(sum - 1.0) <= 1e-9) {
        return true;
    }
    char found[32], difference[32];
    text_format_exact(found, sum);
    (void)snprintf(difference, sizeof difference, "%.9g", fabs(1.0 - sum));
    setting_complain(diagnostics, setting, DIAGNOSTIC_E207, "shares that sum to 1",
                     sum > 1.0 ? arena_printf(diagnostics->arena,
                                              "they are %s too much: take it off one "
                                              "or several of them",
                                              difference)
                               : arena_printf(diagnostics->arena,
                                              "%s is missing: add it to one or several of them",
                                              difference),
                     "shares that sum to %s", found);
    return false;
}

/* Evidence nests: a group with `value`, or with anything but groups inside, is an item. */
static bool is_evidence_item(const struct setting *setting)
{
    if (setting_find(setting, "value") != NULL) {
        return true;
    }
    for (size_t i = 0; i < setting->n_children; ++i) {
        if (setting->children[i]->type != SETTING_GROUP) {
            return true;
        }
    }
    return false;
}

static const char *group_for(const struct setting *setting, const struct schema_key *key)
{
    if (strcmp(key->group, "evidence_item") == 0 && !is_evidence_item(setting)) {
        return "evidence";
    }
    if (strcmp(key->group, "model") == 0) {
        const struct setting *found = setting_find(setting, "kind");
        const char *kind = setting_is_text(found) ? found->text : "";
        return strcmp(kind, "cohort") == 0       ? "cohort_model"
               : strcmp(kind, "tree") == 0       ? "tree_model"
               : strcmp(kind, "life_table") == 0 ? "life_table_model"
                                                 : "model";
    }
    return key->group;
}

static bool check_value(const struct setting *setting, const struct schema_key *key,
                        struct diagnostics *diagnostics)
{
    if ((type_bit(setting) & key->types) == 0) {
        complain_about_type(setting, key, diagnostics);
        return false;
    }
    if (complain_about_empty(setting, key, diagnostics)) {
        return false;
    }
    switch (setting->type) {
    case SETTING_GROUP:
        return schema_check(setting, group_for(setting, key), diagnostics);
    case SETTING_LIST: {
        bool good = true;
        if ((key->types & SCHEMA_VALUES) != 0) {
            return check_elements(setting, key, diagnostics);
        }
        for (size_t i = 0; i < setting->n_children; ++i) {
            if (!setting_is_group(setting->children[i])) {
                setting_complain(diagnostics, setting->children[i], DIAGNOSTIC_E203,
                                 "groups { ... } between commas", "put it in a group",
                                 "%s is not allowed here",
                                 setting_type_words(setting->children[i]->type));
                good = false;
            } else {
                good = schema_check(setting->children[i], key->group, diagnostics) && good;
            }
        }
        return good;
    }
    case SETTING_ARRAY:
        return check_elements(setting, key, diagnostics);
    case SETTING_TEXT:
        return (key->types & SCHEMA_TEXT) == 0 || check_text(setting, key, diagnostics);
    case SETTING_INTEGER:
    case SETTING_NUMBER:
        return check_range(setting, key, diagnostics);
    case SETTING_BOOLEAN:
        return true;
    }
    return true;
}

bool schema_check(const struct setting *setting, const char *group_name,
                  struct diagnostics *diagnostics)
{
    const struct schema_group *group = schema_group_find(group_name);
    bool good = true;
    for (size_t i = 0; i < setting->n_children; ++i) {
        const struct setting *child = setting->children[i];
        const struct schema_key *key = schema_key_find(group, child->name);
        if (key == NULL) {
            complain_about_key(child, group, diagnostics);
            good = false;
            continue;
        }
        if (is_any(key) && !text_is_name(child->name)) {
            diagnostics_add(diagnostics, DIAGNOSTIC_E206, child->place, child->path,
                            "names of small letters, digits and _, beginning with a letter",
                            name_remedy(diagnostics->arena, child->name), "the name %s",
                            child->name);
            good = false;
        }
        good = check_value(child, key, diagnostics) && good;
    }
    good = check_missing(setting, group, diagnostics) && good;
    if (group->shares) {
        good = check_shares(setting, diagnostics) && good;
    }
    return good;
}

bool schema_check_value(const struct setting *value, const char *group_name, const char *key_name,
                        struct diagnostics *diagnostics)
{
    const struct schema_key *key = schema_key_find(schema_group_find(group_name), key_name);
    return key == NULL || check_value(value, key, diagnostics);
}

bool schema_check_document(const struct document *document, struct diagnostics *diagnostics)
{
    return document->root != NULL && schema_check(document->root, "document", diagnostics);
}
