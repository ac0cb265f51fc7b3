#include "reader/reader.h"

#include "reader/scan.h"

#include <libconfig.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- settings ---- */

const struct setting *setting_find(const struct setting *setting, const char *name)
{
    for (size_t i = 0; setting != NULL && setting->type == SETTING_GROUP && i < setting->n_children;
         ++i) {
        if (strcmp(setting->children[i]->name, name) == 0) {
            return setting->children[i];
        }
    }
    return NULL;
}

bool setting_is_number(const struct setting *setting)
{
    return setting != NULL && (setting->type == SETTING_INTEGER || setting->type == SETTING_NUMBER);
}

bool setting_is_text(const struct setting *setting)
{
    return setting != NULL && setting->type == SETTING_TEXT;
}

bool setting_is_group(const struct setting *setting)
{
    return setting != NULL && setting->type == SETTING_GROUP;
}

const char *setting_text(const struct setting *setting, const char *fallback)
{
    return setting_is_text(setting) ? setting->text : fallback;
}

double setting_number(const struct setting *setting, double fallback)
{
    return setting_is_number(setting) ? setting->number : fallback;
}

int64_t setting_integer(const struct setting *setting, int64_t fallback)
{
    return setting != NULL && setting->type == SETTING_INTEGER ? setting->integer : fallback;
}

bool setting_boolean(const struct setting *setting, bool fallback)
{
    return setting != NULL && setting->type == SETTING_BOOLEAN ? setting->integer != 0 : fallback;
}

const char *setting_type_words(enum setting_type type)
{
    static const char *const words[] = {
        [SETTING_GROUP] = "a group { ... }",  [SETTING_LIST] = "a list ( ... )",
        [SETTING_ARRAY] = "an array [ ... ]", [SETTING_TEXT] = "a text",
        [SETTING_INTEGER] = "a whole number", [SETTING_NUMBER] = "a number",
        [SETTING_BOOLEAN] = "true or false"};
    return words[type];
}

void setting_complain(struct diagnostics *diagnostics, const struct setting *setting,
                      enum diagnostic_code code, const char *allowed, const char *remedy,
                      const char *found, ...)
{
    char text[900];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(text, sizeof text, found, arguments);
    va_end(arguments);
    bool scalar = setting->type != SETTING_GROUP && setting->type != SETTING_LIST;
    diagnostics_add(diagnostics, code, scalar ? setting->value_place : setting->place,
                    setting->path, allowed, remedy, "%s", text);
}

/* ---- from libconfig's tree to ours ---- */

struct copier {
    struct arena *arena;
    const struct scan *scan;
    size_t next; /* token: settings and tokens are walked in the same order */
};

static bool is_sign(const struct token *token, const char *signs)
{
    return token->kind == TOKEN_SIGN && strchr(signs, token->sign) != NULL;
}

static const struct token *next_token(struct copier *copier)
{
    static const struct token none = {.kind = TOKEN_SIGN, .sign = '?'};
    return copier->next < copier->scan->n_tokens ? &copier->scan->tokens[copier->next] : &none;
}

/* Advances to the next token that is a name or begins a value. */
static const struct token *seek_value(struct copier *copier)
{
    while (copier->next < copier->scan->n_tokens && is_sign(next_token(copier), "=:;,}])")) {
        ++copier->next;
    }
    return next_token(copier);
}

static enum setting_type type_of(const config_setting_t *from)
{
    switch (config_setting_type(from)) {
    case CONFIG_TYPE_GROUP:
        return SETTING_GROUP;
    case CONFIG_TYPE_LIST:
        return SETTING_LIST;
    case CONFIG_TYPE_ARRAY:
        return SETTING_ARRAY;
    case CONFIG_TYPE_STRING:
        return SETTING_TEXT;
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return SETTING_INTEGER;
    case CONFIG_TYPE_FLOAT:
        return SETTING_NUMBER;
    default:
        return SETTING_BOOLEAN;
    }
}

static void copy_scalar(struct copier *copier, const config_setting_t *from, struct setting *to)
{
    switch (config_setting_type(from)) {
    case CONFIG_TYPE_STRING:
        to->text = arena_copy_text(copier->arena, config_setting_get_string(from));
        break;
    case CONFIG_TYPE_INT:
        to->integer = config_setting_get_int(from);
        break;
    case CONFIG_TYPE_INT64:
        to->integer = config_setting_get_int64(from);
        break;
    case CONFIG_TYPE_BOOL:
        to->integer = config_setting_get_bool(from) != 0;
        break;
    case CONFIG_TYPE_FLOAT:
        to->number = config_setting_get_float(from);
        break;
    default:
        break;
    }
    if (to->type == SETTING_INTEGER || to->type == SETTING_BOOLEAN) {
        to->number = (double)to->integer;
    }
}

static const char *make_path(struct arena *arena, const struct setting *parent, const char *name,
                             size_t index)
{
    if (parent == NULL) {
        return "";
    }
    if (name == NULL) {
        return arena_printf(arena, "%s[%zu]", parent->path, index);
    }
    return parent->path[0] == '\0' ? name : arena_printf(arena, "%s.%s", parent->path, name);
}

static void set_places(struct copier *copier, const config_setting_t *from, struct setting *to)
{
    int line = (int)config_setting_source_line(from);
    to->place = to->value_place = scan_line_place(copier->scan, line);
    const struct token *token = seek_value(copier);
    if (to->name != NULL && token->kind == TOKEN_NAME) {
        to->place = scan_place(copier->scan, token);
        ++copier->next;
        token = seek_value(copier);
    }
    to->value_place = token->line > 0 ? scan_place(copier->scan, token) : to->place;
    if (to->name == NULL) {
        to->place = to->value_place;
    }
    ++copier->next;
    while (token->kind == TOKEN_TEXT && next_token(copier)->kind == TOKEN_TEXT) {
        ++copier->next; /* "..." "..." is one text */
    }
}

static const struct setting *copy_setting(struct copier *copier, const config_setting_t *from,
                                          const struct setting *parent, size_t index)
{
    struct setting *to = arena_alloc(copier->arena, sizeof *to);
    const char *name = config_setting_name(from);
    to->name = name != NULL ? arena_copy_text(copier->arena, name) : NULL;
    to->path = make_path(copier->arena, parent, to->name, index);
    to->type = type_of(from);
    to->parent = parent;
    if (parent == NULL) {
        to->place = to->value_place = scan_line_place(copier->scan, 1);
    } else {
        set_places(copier, from, to);
    }
    copy_scalar(copier, from, to);
    if (to->type == SETTING_GROUP || to->type == SETTING_LIST || to->type == SETTING_ARRAY) {
        to->n_children = (size_t)config_setting_length(from);
        const struct setting **children =
            arena_array(copier->arena, to->n_children, sizeof *children);
        for (size_t i = 0; i < to->n_children; ++i) {
            children[i] = copy_setting(copier, config_setting_get_elem(from, (unsigned)i), to, i);
        }
        to->children = children;
    }
    return to;
}

/* ---- parsing ---- */

static bool has_sign(const struct scan *scan, size_t i, const char *signs)
{
    return i < scan->n_tokens && is_sign(&scan->tokens[i], signs);
}

static bool is_truth(const char *word)
{
    return strcasecmp(word, "true") == 0 || strcasecmp(word, "false") == 0;
}

/* A word where a value belongs, on the line of a syntax error or the one before: a text whose
 * quotes were forgotten. True after saying so. */
static bool complain_about_bare_word(const struct scan *scan, int line)
{
    for (size_t i = 1; i < scan->n_tokens; ++i) {
        const struct token *token = &scan->tokens[i];
        const char *word =
            arena_copy_span(scan->arena, scan->bytes + token->start,
                            token->kind == TOKEN_NAME ? token->end - token->start : 0);
        if (token->kind != TOKEN_NAME || (token->line != line && token->line != line - 1) ||
            !has_sign(scan, i - 1, "=:[,") || has_sign(scan, i + 1, "=:") || is_truth(word)) {
            continue;
        }
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E114, scan_place(scan, token), NULL,
                        "texts in quotes; only numbers, true and false stand without",
                        arena_printf(scan->arena, "write \"%s\"", word),
                        "a word without quotes: %s", word);
        return true;
    }
    return false;
}

static void complain_about_syntax(const config_t *config, const struct scan *scan)
{
    int line = config_error_line(config);
    struct place place = scan_line_place(scan, line);
    const char *text = config_error_text(config);
    const char *remedy =
        "check the line and the one before it: name = value; with brackets in pairs";
    if (text != NULL && strstr(text, "duplicate") != NULL) {
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E115, place, NULL,
                        "each name once in a group",
                        "remove one of the two, or give it another name", "a name given twice");
        return;
    }
    if (complain_about_bare_word(scan, line)) {
        return;
    }
    for (size_t i = 0; i < scan->n_tokens; ++i) {
        if (scan->tokens[i].line == line) {
            place = scan_place(scan, &scan->tokens[i]);
            break;
        }
    }
    diagnostics_add(scan->diagnostics, DIAGNOSTIC_E114, place, NULL, "name = value;", remedy,
                    "something that cannot be read as a setting");
}

static const struct setting *parse_tree(struct arena *arena, const struct scan *scan)
{
    config_t config;
    config_init(&config);
    const struct setting *root = NULL;
    if (config_read_string(&config, scan->bytes) != CONFIG_TRUE) {
        complain_about_syntax(&config, scan);
    } else if (config_setting_length(config_root_setting(&config)) == 0) {
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E116, scan_line_place(scan, 1), NULL,
                        "a file with at least one setting",
                        "write the configuration, or delete the file", "a file without settings");
    } else {
        struct copier copier = {.arena = arena, .scan = scan};
        root = copy_setting(&copier, config_root_setting(&config), NULL, 0);
    }
    config_destroy(&config);
    return root;
}

const struct document *reader_parse(struct arena *arena, struct diagnostics *diagnostics,
                                    const char *file, const char *bytes, size_t n_bytes)
{
    struct document *document = arena_alloc(arena, sizeof *document);
    document->file = arena_copy_text(arena, file);
    document->bytes = arena_copy_span(arena, bytes, n_bytes);
    document->n_bytes = n_bytes;
    struct scan scan;
    if (scan_text(&scan, arena, diagnostics, document->file, document->bytes, n_bytes)) {
        document->root = parse_tree(arena, &scan);
    }
    return document;
}

/* ---- files ---- */

static char *read_bytes(int descriptor, size_t *n_bytes)
{
    size_t capacity = 65536, n = 0;
    char *bytes = memory_alloc(capacity);
    for (;;) {
        ssize_t got = read(descriptor, bytes + n, capacity - n);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            free(bytes);
            return NULL;
        }
        n += (size_t)got;
        if (got == 0 || n > READER_MAX_BYTES) {
            *n_bytes = n;
            return bytes;
        }
        if (n == capacity) {
            capacity *= 2;
            bytes = memory_realloc(bytes, capacity);
        }
    }
}

static const char *kind_of_file(mode_t mode)
{
    if (S_ISDIR(mode)) {
        return "a directory";
    }
    if (S_ISFIFO(mode)) {
        return "a named pipe";
    }
    return "a device or socket";
}

static const struct document *load_failure(struct arena *arena, struct diagnostics *diagnostics,
                                           const char *file, const char *why)
{
    struct document *document = arena_alloc(arena, sizeof *document);
    document->file = arena_copy_text(arena, file);
    document->bytes = "";
    diagnostics_add(diagnostics, DIAGNOSTIC_E100, (struct place){.file = document->file}, NULL,
                    "a regular file that can be read", "check the path and its permissions", "%s",
                    why);
    return document;
}

static const struct document *keep_data(struct arena *arena, struct diagnostics *diagnostics,
                                        const char *file, const char *bytes, size_t n_bytes)
{
    if (n_bytes > READER_MAX_BYTES) {
        return load_failure(arena, diagnostics, file, "it has more than 4 MiB");
    }
    struct document *document = arena_alloc(arena, sizeof *document);
    document->file = arena_copy_text(arena, file);
    document->bytes = arena_copy_span(arena, bytes, n_bytes);
    document->n_bytes = n_bytes;
    return document;
}

static const struct document *load(struct arena *arena, struct diagnostics *diagnostics,
                                   const char *file, bool is_data)
{
    int descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return load_failure(arena, diagnostics, file, strerror(errno));
    }
    struct stat info;
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(descriptor);
        return load_failure(arena, diagnostics, file, kind_of_file(info.st_mode));
    }
    size_t n_bytes = 0;
    char *bytes = read_bytes(descriptor, &n_bytes);
    int problem = errno;
    close(descriptor);
    if (bytes == NULL) {
        return load_failure(arena, diagnostics, file, strerror(problem));
    }
    const struct document *document = is_data
                                          ? keep_data(arena, diagnostics, file, bytes, n_bytes)
                                          : reader_parse(arena, diagnostics, file, bytes, n_bytes);
    free(bytes);
    return document;
}

const struct document *reader_load(struct arena *arena, struct diagnostics *diagnostics,
                                   const char *file)
{
    return load(arena, diagnostics, file, false);
}

const struct document *reader_load_data(struct arena *arena, struct diagnostics *diagnostics,
                                        const char *file)
{
    return load(arena, diagnostics, file, true);
}
