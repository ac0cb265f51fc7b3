/* Recursive descent, one function for each level of precedence, loosest first in expression_parse's
 * order: or; and; not; comparison; sum; product; unary minus; power; primary. */
#include "base/text.h"
#include "expression/parse_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes ---- */

static struct checked_node *new_node(struct parser *parser, enum expression_kind kind, size_t start)
{
    struct checked_node *made = arena_alloc(parser->arena, sizeof *made);
    made->node.kind = kind;
    made->node.start = start;
    made->node.end = parser->at;
    if (++parser->n_nodes > EXPRESSION_MAX_NODES) {
        parser_stop(parser, DIAGNOSTIC_E310, start, parser->at,
                    "at most 1024 numbers, names and operations in one formula",
                    "name a part of it as an input or evidence item, or split the row",
                    "this formula has too many parts");
    }
    return made;
}

static const struct expression *number_node(struct parser *parser, double value, size_t start)
{
    struct checked_node *made = new_node(parser, EXPRESSION_NUMBER, start);
    made->node.number = value;
    made->is_constant = true;
    made->value = value;
    return &made->node;
}

static bool gives_truth(enum program_op op)
{
    return op >= OP_LESS && op <= OP_NOT;
}

static const struct expression *call_node(struct parser *parser, enum program_op op, size_t start,
                                          const struct expression *const *children,
                                          size_t n_children)
{
    struct checked_node *made = new_node(parser, EXPRESSION_CALL, start);
    const struct expression **copy = arena_array(parser->arena, n_children, sizeof *copy);
    if (n_children > 0) {
        memcpy(copy, children, n_children * sizeof *copy);
    }
    made->node.op = op;
    made->node.type = gives_truth(op) ? EXPRESSION_TYPE_TRUTH : EXPRESSION_TYPE_NUMBER;
    made->node.children = copy;
    made->node.n_children = n_children;
    parser_check_call(parser, made);
    return &made->node;
}

/* NULL where an operand could not be read. */
static const struct expression *unary_node(struct parser *parser, enum program_op op, size_t start,
                                           const struct expression *inner)
{
    return inner == NULL ? NULL : call_node(parser, op, start, &inner, 1);
}

static const struct expression *binary_node(struct parser *parser, enum program_op op,
                                            const struct expression *left,
                                            const struct expression *right)
{
    const struct expression *const children[] = {left, right};
    return left == NULL || right == NULL ? NULL : call_node(parser, op, left->start, children, 2);
}

/* ---- characters ---- */

static void skip_blanks(struct parser *parser)
{
    parser->at += strspn(parser->text + parser->at, " \t\r\n");
}

static bool take(struct parser *parser, const char *sign)
{
    skip_blanks(parser);
    size_t n = strlen(sign);
    if (strncmp(parser->text + parser->at, sign, n) != 0) {
        return false;
    }
    parser->at += n;
    return true;
}

static bool take_word(struct parser *parser, const char *word)
{
    skip_blanks(parser);
    size_t n = strlen(word);
    if (parser_word_end(parser->text, parser->at) != parser->at + n ||
        memcmp(parser->text + parser->at, word, n) != 0) {
        return false;
    }
    parser->at += n;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- the grammar ---- */

static const struct expression *parse_or(struct parser *parser);
static const struct expression *parse_unary(struct parser *parser);

/* Runs `parse` one level deeper. */
static const struct expression *
parse_inside(struct parser *parser, const struct expression *(*parse)(struct parser *parser))
{
    if (parser->depth >= EXPRESSION_MAX_DEPTH) {
        parser_stop(parser, DIAGNOSTIC_E310, parser->at, parser->at + 1,
                    "brackets, functions, signs and powers nested up to 64 deep",
                    "name an inner part as an input or evidence item",
                    "this formula is nested too deeply from here on");
        return NULL;
    }
    ++parser->depth;
    const struct expression *node = parse(parser);
    --parser->depth;
    return node;
}

/* Digits with at most one point, and an exponent. */
static size_t number_length(const char *text)
{
    size_t n = strspn(text, "0123456789");
    if (text[n] == '.') {
        ++n;
        n += strspn(text + n, "0123456789");
    }
    if (text[n] == 'e' || text[n] == 'E') {
        size_t sign = text[n + 1] == '+' || text[n + 1] == '-' ? 1 : 0;
        size_t n_digits = strspn(text + n + 1 + sign, "0123456789");
        n += n_digits > 0 ? 1 + sign + n_digits : 0;
    }
    return n;
}

static void stop_at_malformed_number(struct parser *parser, size_t start)
{
    const char *text = parser->text;
    size_t end = parser->at;
    while (parser_is_word_byte(text[end]) || text[end] == '.') {
        ++end;
    }
    bool name_follows = text[parser->at] >= 'a' && text[parser->at] <= 'z';
    const char *remedy = "write digits with at most one point, and no unit";
    if (name_follows && text[start] != '0') {
        remedy = arena_printf(parser->arena, "for a product write %.*s * %.*s",
                              (int)(parser->at - start), text + start, (int)(end - parser->at),
                              text + parser->at);
    }
    parser_stop(parser, DIAGNOSTIC_E301, start, end, "numbers such as 12, 0.5 or 3.0e9", remedy,
                "\"%.*s\" is not a number", (int)(end - start), text + start);
}

static const struct expression *parse_number(struct parser *parser)
{
    size_t start = parser->at;
    size_t n = number_length(parser->text + start);
    const char *digits = arena_copy_span(parser->arena, parser->text + start, n);
    double value = strtod(digits, NULL);
    parser->at += n;
    char next = parser->text[parser->at];
    if (parser_is_word_byte(next) || next == '.') {
        stop_at_malformed_number(parser, start);
        return NULL;
    }
    bool lost = value == 0.0 && strcspn(digits, "123456789") < strcspn(digits, "eE");
    if (isinf(value) || lost) {
        parser_complain(parser, DIAGNOSTIC_E308, start, parser->at,
                        "0, or sizes from 4.9e-324 to 1.7e308", "check the exponent",
                        "this number is too %s to be kept", lost ? "small" : "large");
        value = 1.0;
    }
    return number_node(parser, value, start);
}

struct arguments {
    const struct expression **items;
    size_t n, capacity;
};

/* From behind the opening bracket to behind the closing one; false after a mistake. */
static bool parse_arguments(struct parser *parser, struct arguments *arguments)
{
    size_t opening = parser->at - 1;
    if (take(parser, ")")) {
        return true;
    }
    do {
        const struct expression *argument = parse_inside(parser, parse_or);
        if (argument == NULL) {
            return false;
        }
        arguments->items = arena_grow(parser->arena, arguments->items, arguments->n,
                                      &arguments->capacity, sizeof *arguments->items);
        arguments->items[arguments->n++] = argument;
    } while (take(parser, ","));
    if (!take(parser, ")")) {
        parser_stop_at_unclosed(parser, opening);
        return false;
    }
    return true;
}

static const struct expression_function *find_function(const char *name)
{
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    for (size_t i = 0; i < n_functions; ++i) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

/* A wrong number of arguments leaves a number behind, so that other mistakes are found too. */
static const struct expression *stand_in(struct parser *parser,
                                         const struct expression_function *function, size_t start,
                                         size_t n_given)
{
    bool many = function->op == OP_MIN || function->op == OP_MAX;
    parser_complain(parser, DIAGNOSTIC_E304, start, parser->at, function->signature,
                    n_given < function->n_arguments ? "add what is missing"
                                                    : "remove what is too much",
                    "%s takes %zu%s argument%s, and %zu %s given", function->name,
                    function->n_arguments, many ? " or more" : "",
                    function->n_arguments == 1 ? "" : "s", n_given, n_given == 1 ? "is" : "are");
    return &new_node(parser, EXPRESSION_NUMBER, start)->node;
}

/* min(a, b, c) becomes min(min(a, b), c). */
static const struct expression *fold_arguments(struct parser *parser, enum program_op op,
                                               size_t start, const struct arguments *arguments)
{
    const struct expression *node = call_node(parser, op, start, arguments->items, 2);
    for (size_t i = 2; i < arguments->n; ++i) {
        const struct expression *const children[] = {node, arguments->items[i]};
        node = call_node(parser, op, start, children, 2);
    }
    return node;
}

/* table(name, index, ...): the first argument is the bare name of a data table. */
static const struct expression *parse_table(struct parser *parser, size_t start)
{
    skip_blanks(parser);
    size_t name_start = parser->at, name_end = parser_word_end(parser->text, name_start);
    const char *name =
        arena_copy_span(parser->arena, parser->text + name_start, name_end - name_start);
    if (!text_is_name(name)) {
        parser_stop(parser, DIAGNOSTIC_E304, start,
                    name_end > name_start ? name_end : name_start + 1,
                    "table(NAME, index, ...): the name of a data table first",
                    "e.g. table(mortality_england, age, sex)", "table() names no table");
        return NULL;
    }
    parser->at = name_end;
    struct arguments arguments = {0};
    if (!take(parser, ",")) {
        parser_stop(parser, DIAGNOSTIC_E304, start, parser->at,
                    "table(NAME, index, ...): what to look up after the name",
                    "e.g. table(mortality_england, age, sex)", "table(%s) has nothing to look up",
                    name);
        return NULL;
    }
    if (!parse_arguments(parser, &arguments)) {
        return NULL;
    }
    if (arguments.n == 0 || arguments.n > EXPRESSION_MAX_TABLE_ARGUMENTS) {
        parser_stop(parser, DIAGNOSTIC_E304, start, parser->at, "one to four indexes",
                    "give one for each index of the table", "table(%s, ...) has %zu indexes", name,
                    arguments.n);
        return NULL;
    }
    const struct expression *node =
        call_node(parser, OP_TABLE, start, arguments.items, arguments.n);
    ((struct checked_node *)node)->node.name = name;
    return node;
}

static const struct expression *parse_call(struct parser *parser, const char *name, size_t start)
{
    if (strcmp(name, "table") == 0) {
        return parse_table(parser, start);
    }
    const struct expression_function *function = find_function(name);
    if (function == NULL) {
        parser_stop_at_unknown_function(parser, name, start);
        return NULL;
    }
    struct arguments arguments = {0};
    if (!parse_arguments(parser, &arguments)) {
        return NULL;
    }
    bool many = function->op == OP_MIN || function->op == OP_MAX;
    if (many && arguments.n >= 2) {
        return fold_arguments(parser, function->op, start, &arguments);
    }
    if (arguments.n != function->n_arguments) {
        return stand_in(parser, function, start, arguments.n);
    }
    return call_node(parser, function->op, start, arguments.items, arguments.n);
}

/* Names joined by dots, each as text_is_name wants it. */
static bool is_dotted_name(struct parser *parser, const char *name)
{
    for (const char *part = name;; ++part) {
        size_t n = strcspn(part, ".");
        if (!text_is_name(arena_copy_span(parser->arena, part, n))) {
            return false;
        }
        part += n;
        if (*part == '\0') {
            return true;
        }
    }
}

static const struct expression *parse_name(struct parser *parser)
{
    size_t start = parser->at, end = parser_word_end(parser->text, start);
    const char *name = arena_copy_span(parser->arena, parser->text + start, end - start);
    size_t after = end + strspn(parser->text + end, " \t\r\n");
    bool is_call = parser->text[after] == '(';
    if (!is_dotted_name(parser, name) || (parser_is_reserved(name) && !find_function(name)) ||
        (parser_is_reserved(name) && !is_call)) {
        parser_stop_at_operand(parser);
        return NULL;
    }
    parser->at = is_call ? after + 1 : end;
    if (is_call) {
        return parse_call(parser, name, start);
    }
    struct checked_node *made = new_node(parser, EXPRESSION_NAME, start);
    made->node.name = name;
    return &made->node;
}

static const struct expression *parse_brackets(struct parser *parser)
{
    size_t opening = parser->at++;
    const struct expression *inner = parse_inside(parser, parse_or);
    if (inner != NULL && !take(parser, ")")) {
        parser_stop_at_unclosed(parser, opening);
        return NULL;
    }
    return inner;
}

static const struct expression *parse_primary(struct parser *parser)
{
    skip_blanks(parser);
    const char *text = parser->text + parser->at;
    if (parser->stopped) {
        return NULL;
    }
    if (is_digit(text[0]) || (text[0] == '.' && is_digit(text[1]))) {
        return parse_number(parser);
    }
    if (text[0] == '(') {
        return parse_brackets(parser);
    }
    if (parser_is_word_byte(text[0])) {
        return parse_name(parser);
    }
    parser_stop_at_operand(parser);
    return NULL;
}

static const struct expression *parse_power(struct parser *parser)
{
    const struct expression *base = parse_primary(parser);
    if (base == NULL || !take(parser, "^")) {
        return base;
    }
    return binary_node(parser, OP_POWER, base, parse_inside(parser, parse_unary));
}

static const struct expression *parse_unary(struct parser *parser)
{
    skip_blanks(parser);
    size_t start = parser->at;
    if (!take(parser, "-")) {
        return parse_power(parser);
    }
    const struct expression *inner = parse_inside(parser, parse_unary);
    if (inner != NULL && inner->kind == EXPRESSION_NUMBER) {
        return number_node(parser, -inner->number, start);
    }
    return unary_node(parser, OP_NEGATE, start, inner);
}

static const struct expression *parse_product(struct parser *parser)
{
    const struct expression *left = parse_unary(parser);
    while (left != NULL) {
        enum program_op op = OP_MULTIPLY;
        skip_blanks(parser);
        if (strncmp(parser->text + parser->at, "**", 2) == 0) {
            return left;
        }
        if (take(parser, "/")) {
            op = OP_DIVIDE;
        } else if (!take(parser, "*")) {
            return left;
        }
        left = binary_node(parser, op, left, parse_unary(parser));
    }
    return NULL;
}

static const struct expression *parse_sum(struct parser *parser)
{
    const struct expression *left = parse_product(parser);
    while (left != NULL) {
        enum program_op op = OP_ADD;
        if (take(parser, "-")) {
            op = OP_SUBTRACT;
        } else if (!take(parser, "+")) {
            return left;
        }
        left = binary_node(parser, op, left, parse_product(parser));
    }
    return NULL;
}

static bool take_comparison(struct parser *parser, enum program_op *op)
{
    static const struct {
        const char *sign;
        enum program_op op;
    } comparisons[] = {{"<=", OP_LESS_EQUAL}, {">=", OP_GREATER_EQUAL}, {"==", OP_EQUAL},
                       {"!=", OP_NOT_EQUAL},  {"<", OP_LESS},           {">", OP_GREATER}};

    skip_blanks(parser);
    if (strncmp(parser->text + parser->at, "<>", 2) == 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; ++i) {
        if (take(parser, comparisons[i].sign)) {
            *op = comparisons[i].op;
            return true;
        }
    }
    return false;
}

static const struct expression *parse_comparison(struct parser *parser)
{
    enum program_op op = OP_LESS;
    const struct expression *left = parse_sum(parser);
    if (left == NULL || !take_comparison(parser, &op)) {
        return left;
    }
    const struct expression *node = binary_node(parser, op, left, parse_sum(parser));
    if (node == NULL) {
        return NULL;
    }
    skip_blanks(parser);
    size_t again = parser->at;
    if (take_comparison(parser, &op)) {
        parser_stop(parser, DIAGNOSTIC_E311, again, parser->at, "one comparison at a time",
                    "join two with `and`: write a < b and b < c for a < b < c",
                    "a second comparison in a row");
        return NULL;
    }
    return node;
}

static const struct expression *parse_not(struct parser *parser)
{
    skip_blanks(parser);
    size_t start = parser->at;
    if (!take_word(parser, "not")) {
        return parse_comparison(parser);
    }
    return unary_node(parser, OP_NOT, start, parse_inside(parser, parse_not));
}

static const struct expression *parse_and(struct parser *parser)
{
    const struct expression *left = parse_not(parser);
    while (left != NULL && take_word(parser, "and")) {
        left = binary_node(parser, OP_AND, left, parse_not(parser));
    }
    return left;
}

static const struct expression *parse_or(struct parser *parser)
{
    const struct expression *left = parse_and(parser);
    while (left != NULL && take_word(parser, "or")) {
        left = binary_node(parser, OP_OR, left, parse_and(parser));
    }
    return left;
}

const struct expression *expression_parse(struct arena *arena, const struct setting *setting,
                                          struct diagnostics *diagnostics)
{
    struct parser parser = {
        .arena = arena, .setting = setting, .diagnostics = diagnostics, .text = setting->text};
    size_t n_bytes = strlen(parser.text);
    if (n_bytes > EXPRESSION_MAX_BYTES) {
        parser_stop(&parser, DIAGNOSTIC_E310, 0, 1, "at most 4096 bytes",
                    "name a part of it as an input or evidence item, or split the row",
                    "this formula has %zu bytes", n_bytes);
        return NULL;
    }
    skip_blanks(&parser);
    if (parser.text[parser.at] == '\0') {
        parser_stop(
            &parser, DIAGNOSTIC_E302, 0, n_bytes, "a formula such as \"52 * volunteer_hour\"",
            "write the formula, or a number without quotes", "there is nothing in the quotes");
        return NULL;
    }
    const struct expression *root = parse_or(&parser);
    skip_blanks(&parser);
    if (root != NULL && parser.text[parser.at] != '\0') {
        parser_stop_at_operator(&parser);
    }
    return parser.n_mistakes > 0 ? NULL : root;
}
