#include "base/diagnostic.h"

#include "base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct code_row {
    const char *name;
    enum severity severity;
    const char *title, *explanation;
};

static const struct code_row code_rows[] = {
#define ERROR   SEVERITY_ERROR
#define WARNING SEVERITY_WARNING
#define CODE(id, level, heading, text)                                                             \
    {.name = #id, .severity = (level), .title = (heading), .explanation = (text)},
#include "base/diagnostic_codes.h"
#undef CODE
#undef ERROR
#undef WARNING
};

const char *diagnostic_code_name(enum diagnostic_code code)
{
    return code_rows[code].name;
}

enum severity diagnostic_code_severity(enum diagnostic_code code)
{
    return code_rows[code].severity;
}

const char *diagnostic_code_title(enum diagnostic_code code)
{
    return code_rows[code].title;
}

const char *diagnostic_code_explanation(enum diagnostic_code code)
{
    return code_rows[code].explanation;
}

bool diagnostic_code_find(const char *name, enum diagnostic_code *code)
{
    for (size_t i = 0; i < N_DIAGNOSTIC_CODES; ++i) {
        const char *known = code_rows[i].name;
        if (strlen(name) == strlen(known) && toupper((unsigned char)name[0]) == known[0] &&
            strcmp(name + 1, known + 1) == 0) {
            *code = (enum diagnostic_code)i;
            return true;
        }
    }
    return false;
}

void diagnostics_init(struct diagnostics *diagnostics, struct arena *arena)
{
    *diagnostics = (struct diagnostics){.arena = arena};
}

static const char *copy_or_null(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_copy_text(arena, text);
}

void diagnostics_add(struct diagnostics *diagnostics, enum diagnostic_code code, struct place place,
                     const char *path, const char *allowed, const char *remedy, const char *found,
                     ...)
{
    char buffer[1024];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(buffer, sizeof buffer, found, arguments);
    va_end(arguments);
    struct arena *arena = diagnostics->arena;
    diagnostics->items = arena_grow(arena, diagnostics->items, diagnostics->n_items,
                                    &diagnostics->capacity, sizeof *diagnostics->items);
    diagnostics->items[diagnostics->n_items] =
        (struct diagnostic){.code = code,
                            .place = place,
                            .path = copy_or_null(arena, path),
                            .found = arena_copy_text(arena, buffer),
                            .allowed = copy_or_null(arena, allowed),
                            .remedy = copy_or_null(arena, remedy),
                            .order = diagnostics->n_items};
    ++diagnostics->n_items;
    if (diagnostic_code_severity(code) == SEVERITY_ERROR) {
        ++diagnostics->n_errors;
    } else {
        ++diagnostics->n_warnings;
    }
}

static int compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_places(const struct place *a, const struct place *b)
{
    int files = strcmp(a->file != NULL ? a->file : "", b->file != NULL ? b->file : "");
    if (files != 0) {
        return files;
    }
    int lines = compare_numbers((size_t)a->line, (size_t)b->line);
    return lines != 0 ? lines : compare_numbers((size_t)a->column, (size_t)b->column);
}

static bool is_unreadable(enum diagnostic_code code)
{
    return code_rows[code].name[0] == 'E' && code_rows[code].name[1] == '1';
}

static int compare_items(const void *left, const void *right)
{
    const struct diagnostic *a = left, *b = right;
    if (is_unreadable(a->code) != is_unreadable(b->code)) {
        return is_unreadable(a->code) ? -1 : 1;
    }
    int places = compare_places(&a->place, &b->place);
    if (places != 0) {
        return places;
    }
    int codes = compare_numbers(a->code, b->code);
    return codes != 0 ? codes : compare_numbers(a->order, b->order);
}

static bool same_item(const struct diagnostic *a, const struct diagnostic *b)
{
    return a->code == b->code && compare_places(&a->place, &b->place) == 0 &&
           strcmp(a->found, b->found) == 0 &&
           strcmp(a->path != NULL ? a->path : "", b->path != NULL ? b->path : "") == 0;
}

/* A name that is not well formed is unknown too: that says nothing more. */
static bool follows_bad_name(const struct diagnostic *before, const struct diagnostic *item)
{
    return before->code == DIAGNOSTIC_E206 && item->code != DIAGNOSTIC_E206 &&
           compare_places(&before->place, &item->place) == 0;
}

/* Instances of one scenario say the same at the same place, not always one after the other. */
static bool is_repeat(const struct diagnostic *kept, size_t n_kept, const struct diagnostic *item)
{
    if (n_kept > 0 && follows_bad_name(&kept[n_kept - 1], item)) {
        return true;
    }
    for (size_t i = n_kept; i > 0; --i) {
        const struct diagnostic *before = &kept[i - 1];
        if (before->code != item->code || compare_places(&before->place, &item->place) != 0) {
            return false;
        }
        if (same_item(before, item)) {
            return true;
        }
    }
    return false;
}

static void count_again(struct diagnostics *diagnostics)
{
    diagnostics->n_errors = diagnostics->n_warnings = 0;
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        if (diagnostic_code_severity(diagnostics->items[i].code) == SEVERITY_ERROR) {
            ++diagnostics->n_errors;
        } else {
            ++diagnostics->n_warnings;
        }
    }
}

void diagnostics_hold_back(struct diagnostics *diagnostics, const enum diagnostic_code *codes,
                           size_t n_codes)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        bool held = false;
        for (size_t k = 0; k < n_codes; ++k) {
            held = held || diagnostics->items[i].code == codes[k];
        }
        if (!held) {
            diagnostics->items[n_kept++] = diagnostics->items[i];
        }
    }
    diagnostics->n_held_back += diagnostics->n_items - n_kept;
    diagnostics->n_items = n_kept;
    count_again(diagnostics);
}

void diagnostics_sort(struct diagnostics *diagnostics)
{
    if (diagnostics->n_items == 0) {
        return;
    }
    qsort(diagnostics->items, diagnostics->n_items, sizeof *diagnostics->items, compare_items);
    size_t n_kept = 0;
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        if (!is_repeat(diagnostics->items, n_kept, &diagnostics->items[i])) {
            diagnostics->items[n_kept++] = diagnostics->items[i];
        }
    }
    diagnostics->n_items = n_kept;
    count_again(diagnostics);
}

/* ---- rendering ---- */

enum { SHOWN_WIDTH = 96 };

struct style {
    const char *severity, *bold, *accent, *end;
};

static struct style choose_style(enum severity severity, bool colour)
{
    if (!colour) {
        return (struct style){"", "", "", ""};
    }
    return (struct style){.severity = severity == SEVERITY_ERROR ? "\033[1;31m" : "\033[1;35m",
                          .bold = "\033[1m",
                          .accent = "\033[34m",
                          .end = "\033[0m"};
}

static const char *skip_characters(const char *text, size_t n)
{
    while (n > 0 && *text != '\0') {
        ++text;
        if (((unsigned char)*text & 0xC0) != 0x80) {
            --n;
        }
    }
    return text;
}

/* The source line, cut around the column, and a caret under it; tabs are shown as one blank each.
 */
static void render_source(struct text *out, const struct place *place, const struct style *style)
{
    char margin[24];
    int width = snprintf(margin, sizeof margin, "%5d", place->line);
    size_t column = place->column > 0 ? (size_t)place->column - 1 : 0;
    size_t length = text_width(place->source_line);
    size_t cut = column > SHOWN_WIDTH - 16 ? column - SHOWN_WIDTH / 2 : 0;
    cut = cut < length ? cut : 0;
    const char *start = skip_characters(place->source_line, cut);
    const char *end = skip_characters(start, SHOWN_WIDTH);
    text_printf(out, "%s%s |%s %s", style->accent, margin, style->end, cut > 0 ? "..." : "");
    for (const char *byte = start; byte < end; ++byte) {
        text_append_span(out, *byte == '\t' ? " " : byte, 1);
    }
    text_append(out, *end != '\0' ? "...\n" : "\n");
    if (place->column == 0) {
        return;
    }
    size_t before = column - cut + (cut > 0 ? 3 : 0);
    size_t room = SHOWN_WIDTH > before ? SHOWN_WIDTH - before : 1;
    size_t carets = place->width > 0 ? (size_t)place->width : 1;
    carets = carets < room ? carets : room;
    text_printf(out, "%s%*s |%s %*s%s", style->accent, width, "", style->end, (int)before, "",
                style->severity);
    for (size_t i = 0; i < carets; ++i) {
        text_append(out, "^");
    }
    text_printf(out, "%s\n", style->end);
}

const char *diagnostic_render(const struct diagnostics *diagnostics, const struct diagnostic *item,
                              bool colour)
{
    enum severity severity = diagnostic_code_severity(item->code);
    struct style style = choose_style(severity, colour);
    struct text out;
    text_init(&out);
    text_printf(&out, "%s%s[%s]%s: ", style.severity,
                severity == SEVERITY_ERROR ? "error" : "warning", diagnostic_code_name(item->code),
                style.end);
    if (item->place.file != NULL) {
        text_printf(&out, "%s%s", style.bold, item->place.file);
        if (item->place.cell != NULL) {
            text_printf(&out, ", %s", item->place.cell);
        } else if (item->place.line > 0) {
            text_printf(&out, ":%d", item->place.line);
            if (item->place.column > 0) {
                text_printf(&out, ":%d", item->place.column);
            }
        }
        text_printf(&out, "%s%s", style.end,
                    item->path != NULL && item->path[0] != '\0' ? ": " : "");
    }
    text_printf(&out, "%s\n  %s\n", item->path != NULL ? item->path : "", item->found);
    if (item->place.source_line != NULL && item->place.line > 0) {
        render_source(&out, &item->place, &style);
    }
    if (item->allowed != NULL) {
        text_printf(&out, "  allowed: %s\n", item->allowed);
    }
    if (item->remedy != NULL) {
        text_printf(&out, "  do: %s\n", item->remedy);
    }
    const char *rendered = arena_copy_span(diagnostics->arena, out.bytes, out.n_bytes);
    text_clear(&out);
    return rendered;
}
