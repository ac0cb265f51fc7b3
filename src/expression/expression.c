#include "expression/expression.h"

#include "base/text.h"

#include <string.h>

/* ---- places ---- */

static int count_characters(const char *text, size_t start, size_t end)
{
    int n = 0;
    for (size_t i = start; i < end; ++i) {
        n += ((unsigned char)text[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return n;
}

/* The column-th character (from 1) of a line, or its end. */
static const char *character_at(const char *line, int column)
{
    for (int at = 1; at < column && *line != '\0'; ++at) {
        do {
            ++line;
        } while (((unsigned char)*line & 0xC0) == 0x80);
    }
    return line;
}

/* An escape or a line break between the quotes moves the columns: then the whole value is
 * underlined. */
struct place expression_place(const struct setting *setting, const struct expression *node)
{
    struct place place = setting->value_place;
    const char *text = setting->text;
    size_t n_bytes = strlen(text);
    if (place.column <= 0 || place.source_line == NULL) {
        return place;
    }
    const char *opening = character_at(place.source_line, place.column);
    if (*opening != '"' || strncmp(opening + 1, text, n_bytes) != 0 ||
        opening[1 + n_bytes] != '"') {
        return place;
    }
    place.column += 1 + count_characters(text, 0, node->start);
    place.width = count_characters(text, node->start, node->end);
    place.width = place.width > 0 ? place.width : 1;
    return place;
}

void expression_visit_names(const struct expression *root,
                            void (*visit)(const struct expression *node, void *context),
                            void *context)
{
    if (root->kind == EXPRESSION_NAME) {
        visit(root, context);
    }
    for (size_t i = 0; i < root->n_children; ++i) {
        expression_visit_names(root->children[i], visit, context);
    }
}

void expression_visit_tables(const struct expression *root,
                             void (*visit)(const struct expression *node, void *context),
                             void *context)
{
    if (root->kind == EXPRESSION_CALL && root->op == OP_TABLE) {
        visit(root, context);
    }
    for (size_t i = 0; i < root->n_children; ++i) {
        expression_visit_tables(root->children[i], visit, context);
    }
}

/* ---- back to text ---- */

static const char *const infix_signs[N_PROGRAM_OPS] = {
    [OP_ADD] = " + ",         [OP_SUBTRACT] = " - ",   [OP_MULTIPLY] = " * ",
    [OP_DIVIDE] = " / ",      [OP_POWER] = " ^ ",      [OP_LESS] = " < ",
    [OP_LESS_EQUAL] = " <= ", [OP_GREATER] = " > ",    [OP_GREATER_EQUAL] = " >= ",
    [OP_EQUAL] = " == ",      [OP_NOT_EQUAL] = " != ", [OP_AND] = " and ",
    [OP_OR] = " or "};

static void format_node(struct text *out, const struct expression *node);

static void format_children(struct text *out, const struct expression *node, const char *between)
{
    for (size_t i = 0; i < node->n_children; ++i) {
        text_append(out, i > 0 ? between : "");
        format_node(out, node->children[i]);
    }
}

static const char *call_opening(enum program_op op)
{
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    for (size_t i = 0; i < n_functions; ++i) {
        if (functions[i].op == op) {
            return functions[i].name;
        }
    }
    return op == OP_TABLE ? "table" : op == OP_NOT ? "(not " : "(-";
}

static void format_call(struct text *out, const struct expression *node)
{
    const char *sign = infix_signs[node->op];
    const char *opening = sign != NULL ? "(" : call_opening(node->op);
    text_append(out, opening);
    text_append(out, opening[0] == '(' ? "" : "(");
    if (node->op == OP_TABLE) {
        text_printf(out, "%s, ", node->name);
    }
    format_children(out, node, sign != NULL ? sign : ", ");
    text_append(out, ")");
}

static void format_node(struct text *out, const struct expression *node)
{
    char number[32];
    switch (node->kind) {
    case EXPRESSION_NUMBER:
        text_format_exact(number, node->number);
        text_printf(out, number[0] == '-' ? "(%s)" : "%s", number);
        return;
    case EXPRESSION_NAME:
        text_append(out, node->name);
        return;
    case EXPRESSION_CALL:
        format_call(out, node);
        return;
    }
}

const char *expression_format(struct arena *arena, const struct expression *root)
{
    struct text out;
    text_init(&out);
    format_node(&out, root);
    const char *words = arena_copy_span(arena, out.bytes, out.n_bytes);
    text_clear(&out);
    return words;
}
