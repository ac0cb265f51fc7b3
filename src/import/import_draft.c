#include "import/import_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pen_write(struct draft_pen *pen, const char *bytes)
{
    text_append(&pen->text, bytes);
    for (const char *at = bytes; *at != '\0'; ++at) {
        if (*at == '\n') {
            ++pen->line;
            pen->column = 1;
        } else if (((unsigned char)*at & 0xC0) != 0x80) {
            ++pen->column;
        }
    }
}

void pen_printf(struct draft_pen *pen, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *bytes = memory_alloc((size_t)(n > 0 ? n : 0) + 1);
    bytes[0] = '\0';
    va_start(arguments, format);
    (void)vsnprintf(bytes, (size_t)(n > 0 ? n : 0) + 1, format, arguments);
    va_end(arguments);
    pen_write(pen, bytes);
    free(bytes);
}

void pen_mark(struct draft_pen *pen, struct place place)
{
    pen->marks =
        arena_grow(pen->arena, pen->marks, pen->n_marks, &pen->capacity, sizeof *pen->marks);
    pen->marks[pen->n_marks++] =
        (struct import_mark){.line = pen->line, .column = pen->column, .place = place};
}

void pen_quote(struct draft_pen *pen, const char *words)
{
    char byte[2] = "";
    pen_write(pen, "\"");
    for (const char *at = words; *at != '\0'; ++at) {
        if (*at == '"' || *at == '\\') {
            pen_write(pen, "\\");
        }
        byte[0] = *at;
        pen_write(pen, byte);
    }
    pen_write(pen, "\"");
}

void pen_number(struct draft_pen *pen, double number)
{
    char buffer[32];
    text_format_exact(buffer, number);
    pen_write(pen, buffer);
    if (strpbrk(buffer, ".e") == NULL) {
        pen_write(pen, ".0");
    }
}

/* The last mark of the line that does not begin after the column; else the line's first. */
static const struct import_mark *find_mark(const struct import_draft *draft,
                                           const struct place *place)
{
    const struct import_mark *found = NULL;
    for (size_t i = 0; i < draft->n_marks; ++i) {
        const struct import_mark *mark = &draft->marks[i];
        if (mark->line == place->line && (found == NULL || mark->column <= place->column)) {
            found = mark;
        }
    }
    return found;
}

void import_move_diagnostics(const struct import_draft *draft, const char *file,
                             struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->n_items; ++i) {
        struct place *place = &diagnostics->items[i].place;
        if (place->file == NULL || strcmp(place->file, file) != 0) {
            continue;
        }
        const struct import_mark *mark = find_mark(draft, place);
        *place = mark != NULL ? mark->place
                              : sheet_place(diagnostics->arena, draft->book,
                                            form_sheet_name(FORM_SCENARIO), SIZE_MAX, 0);
    }
}
