/* Formulas read as the grammar says, and every mistake is shown with its code under the right
 * characters. */
#include "base/text.h"
#include "expression/expression.h"
#include "support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct arena arena;
    struct diagnostics diagnostics;
    struct setting setting;
    const struct expression *root;
};

/* As the reader would place it: amount = "...";, the opening quote in column 10. */
enum { QUOTE_COLUMN = 10 };

static void read_formula(struct reading *reading, const char *text)
{
    *reading = (struct reading){0};
    arena_init(&reading->arena);
    diagnostics_init(&reading->diagnostics, &reading->arena);
    const char *line = arena_printf(&reading->arena, "amount = \"%s\";", text);
    reading->setting = (struct setting){.path = "model.costs[0].amount",
                                        .type = SETTING_TEXT,
                                        .text = text,
                                        .value_place = {.file = "model.cfg",
                                                        .line = 3,
                                                        .column = QUOTE_COLUMN,
                                                        .width = (int)text_width(text) + 2,
                                                        .source_line = line}};
    reading->root = expression_parse(&reading->arena, &reading->setting, &reading->diagnostics);
}

static const char *format_formula(struct reading *reading)
{
    return expression_format(&reading->arena, reading->root);
}

struct valid {
    const char *text, *meaning;
};

static const struct valid valid_formulas[] = {
    {"12", "12"},
    {" 0.5 ", "0.5"},
    {".5", "0.5"},
    {"3.0e9", "3000000000"},
    {"1e-3", "0.001"},
    {"uptake", "uptake"},
    {"ae.ae_cost", "ae.ae_cost"},
    {"e2", "e2"},
    {"a + b * c", "(a + (b * c))"},
    {"a - b - c", "((a - b) - c)"},
    {"a / b / c", "((a / b) / c)"},
    {"a ^ b ^ c", "(a ^ (b ^ c))"},
    {"-2^2", "(-(2 ^ 2))"},
    {"(-2)^2", "((-2) ^ 2)"},
    {"2^-1", "(2 ^ (-1))"},
    {"2^-a^b", "(2 ^ (-(a ^ b)))"},
    {"--a", "(-(-a))"},
    {"-a * b", "((-a) * b)"},
    {"a - -b", "(a - (-b))"},
    {"52*volunteer_hour", "(52 * volunteer_hour)"},
    {"(a + b) * c", "((a + b) * c)"},
    {"if(year < 3, a, b)", "if((year < 3), a, b)"},
    {"if (year >= 3, a, b)", "if((year >= 3), a, b)"},
    {"if(a < b and c < d or not a == b, 1, 0)",
     "if((((a < b) and (c < d)) or (not (a == b))), 1, 0)"},
    {"if(not a < b and c != d, 1, 0)", "if(((not (a < b)) and (c != d)), 1, 0)"},
    {"min(a, b, c)", "min(min(a, b), c)"},
    {"max(a, 2)", "max(a, 2)"},
    {"clamp(x, 0, 1)", "clamp(x, 0, 1)"},
    {"rate_to_prob(r, 1/12)", "rate_to_prob(r, (1 / 12))"},
    {"a\t+\n b", "(a + b)"},
    {"android + orchid + note", "((android + orchid) + note)"},
    {"min + exp", "(min + exp)"},
    {"a < b", "(a < b)"},
};

static void formulas_mean_what_the_grammar_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid_formulas / sizeof valid_formulas[0]; ++i) {
        struct reading reading;
        read_formula(&reading, valid_formulas[i].text);
        if (reading.root == NULL) {
            fail_msg("%s: %s", valid_formulas[i].text, reading.diagnostics.items[0].found);
        }
        assert_string_equal(format_formula(&reading), valid_formulas[i].meaning);
        arena_clear(&reading.arena);
    }
}

static void a_formula_written_out_reads_back_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid_formulas / sizeof valid_formulas[0]; ++i) {
        struct reading again;
        read_formula(&again, valid_formulas[i].meaning);
        assert_non_null(again.root);
        assert_string_equal(format_formula(&again), valid_formulas[i].meaning);
        arena_clear(&again.arena);
    }
}

struct mistake {
    const char *text, *code;
    int start, width;  /* characters of the text, from 0 */
    const char *words; /* somewhere in the message */
};

static const struct mistake mistakes[] = {
    {"", "E302", 0, 1, "nothing"},
    {"   ", "E302", 0, 3, "nothing"},
    {"a +", "E302", 3, 1, "ends too early"},
    {"min(a,", "E302", 6, 1, "ends too early"},
    {"a @ b", "E301", 2, 1, "\"@\""},
    {"a && b", "E301", 2, 2, "write `and`"},
    {"a || b", "E301", 2, 2, "write `or`"},
    {"a ** b", "E301", 2, 2, "write ^"},
    {"!a", "E301", 0, 1, "write `not`"},
    {"if(a = b, 1, 0)", "E301", 5, 1, "write =="},
    {"if(a <> b, 1, 0)", "E301", 5, 2, "write !="},
    {"if(a => b, 1, 0)", "E301", 5, 2, "write >="},
    {"3.5%", "E301", 3, 1, "0.035"},
    {"\xC2\xA3"
     "12",
     "E301", 0, 1, "currency"},
    {"$12", "E301", 0, 1, "currency"},
    {"1,000", "E301", 1, 1, "1000"},
    {"\xE2\x80\x9Cuptake\xE2\x80\x9D", "E301", 0, 1, "curly"},
    {"a \xE2\x88\x92 b", "E301", 2, 1, "plain -"},
    {"a\xC2\xA0+ b", "E301", 1, 1, "invisible"},
    {"2 \xC3\x97 a", "E301", 2, 1, "write *"},
    {"\xE2\x82\xAC\xE2\x82\xAC", "E301", 0, 1, "currency"},
    {"a \x01", "E301", 2, 1, "the byte 1"},
    {"a \xFF", "E301", 2, 1, "the byte 255"},
    {"2uptake", "E301", 0, 7, "2 * uptake"},
    {"1.2.3", "E301", 0, 5, "not a number"},
    {"0x10", "E301", 0, 4, "not a number"},
    {"a b", "E301", 2, 1, "no sign before"},
    {"(a)(b)", "E301", 3, 1, "no sign before"},
    {"2 (a)", "E301", 2, 1, "no sign before"},
    {"a + * b", "E301", 4, 1, "nothing before it"},
    {"+a", "E301", 0, 1, "positive"},
    {"a)", "E301", 1, 1, "remove it"},
    {"()", "E301", 1, 1, "\")\""},
    {"Uptake", "E301", 0, 6, "small letters: uptake"},
    {"a.2b", "E301", 0, 4, "not a name"},
    {"_a", "E301", 0, 2, "not a name"},
    {"if(a < b AND c < d, 1, 0)", "E301", 9, 3, "small letters: and"},
    {"and", "E301", 0, 3, "\"and\""},
    {"if + 1", "E301", 0, 2, "if(condition, a, b)"},
    {"if(true, 1, 0)", "E301", 3, 4, "comparison itself"},
    {"1 + not a", "E301", 4, 3, "brackets"},
    {"and(a)", "E301", 0, 3, "\"and\""},
    {"sqr(a)", "E303", 0, 3, "did you mean sqrt?"},
    {"table(a)", "E304", 0, 7, "nothing to look up"},
    {"table(1, a)", "E304", 0, 7, "names no table"},
    {"table(a, 1, 2, 3, 4, 5)", "E304", 0, 23, "indexes"},
    {"survival_weibull(a, 0, 1)", "E307", 20, 1, "shape above 0"},
    {"hazard_lognormal(a, 0)", "E304", 0, 22, "arguments"},
    {"uptake (1 - a)", "E303", 0, 6, "uptake * ("},
    {"exp()", "E304", 0, 5, "takes 1 argument, and 0 are given"},
    {"clamp(a, 1)", "E304", 0, 11, "takes 3 arguments, and 2 are given"},
    {"min(a)", "E304", 0, 6, "2 or more arguments, and 1 is given"},
    {"odds(a, b)", "E304", 0, 10, "takes 1 argument, and 2 are given"},
    {"(a < b) + 1", "E305", 1, 5, "true or false"},
    {"if(a, 1, 0)", "E305", 3, 1, "needs a condition"},
    {"if(a < b, c < d, 0)", "E305", 10, 5, "true or false"},
    {"not a", "E305", 4, 1, "needs a condition"},
    {"a and b < c", "E305", 0, 1, "needs a condition"},
    {"-(a < b)", "E305", 2, 5, "true or false"},
    {"a == (c < d)", "E305", 6, 5, "true or false"},
    {"a / 0", "E306", 4, 1, "divides by 0"},
    {"a / (2 - 1 - 1)", "E306", 5, 9, "divides by 0"},
    {"log(0)", "E307", 4, 1, "above 0"},
    {"log(1 - 1)", "E307", 4, 5, "above 0"},
    {"sqrt(-4)", "E307", 5, 2, "at least 0"},
    {"odds(1)", "E307", 5, 1, "below 1"},
    {"prob_to_rate(a, 0)", "E307", 16, 1, "time above 0"},
    {"scale_prob(20, a)", "E307", 11, 2, "from 0 to 1"},
    {"rate_to_prob(-1, 1)", "E307", 13, 2, "at least 0"},
    {"clamp(a, 3, 1)", "E307", 9, 4, "above the high bound"},
    {"(-8) ^ 0.5", "E307", 1, 9, "not a number"},
    {"0 ^ -1", "E307", 0, 6, "not a number"},
    {"1e400", "E308", 0, 5, "too large"},
    {"1e-400", "E308", 0, 6, "too small"},
    {"1e300 * 1e300", "E308", 0, 13, "too large"},
    {"exp(1000)", "E308", 0, 9, "too large"},
    {"2 * (a + b", "E309", 4, 1, "never closed"},
    {"min(a, (b)", "E309", 3, 1, "never closed"},
    {"a < b < c", "E311", 6, 1, "a < b and b < c"},
    {"a == b == c", "E311", 7, 2, "a second comparison"},
};

static bool mentions(const struct diagnostic *item, const char *words)
{
    return strstr(item->found, words) != NULL ||
           (item->allowed != NULL && strstr(item->allowed, words) != NULL) ||
           (item->remedy != NULL && strstr(item->remedy, words) != NULL);
}

static void mistakes_are_shown_under_the_right_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; ++i) {
        const struct mistake *mistake = &mistakes[i];
        struct reading reading;
        read_formula(&reading, mistake->text);
        assert_null(reading.root);
        if (reading.diagnostics.n_items != 1) {
            fail_msg("\"%s\" has %zu mistakes", mistake->text, reading.diagnostics.n_items);
        }
        const struct diagnostic *item = &reading.diagnostics.items[0];
        bool right = strcmp(diagnostic_code_name(item->code), mistake->code) == 0 &&
                     item->place.column == QUOTE_COLUMN + 1 + mistake->start &&
                     item->place.width == mistake->width && mentions(item, mistake->words);
        if (!right) {
            fail_msg("\"%s\": column %d, width %d\n%s", mistake->text,
                     item->place.column - QUOTE_COLUMN - 1, item->place.width,
                     diagnostic_render(&reading.diagnostics, item, false));
        }
        assert_string_equal(item->path, "model.costs[0].amount");
        arena_clear(&reading.arena);
    }
}

static void mistakes_of_meaning_are_found_all_at_once(void **state)
{
    (void)state;
    struct reading reading;
    read_formula(&reading, "log(0) + clamp(a, 1) + if(b, 1, 0) + c / 0");
    assert_null(reading.root);
    const char *const codes[] = {"E307", "E304", "E305", "E306"};
    assert_int_equal(reading.diagnostics.n_items, 4);
    for (size_t i = 0; i < 4; ++i) {
        assert_string_equal(diagnostic_code_name(reading.diagnostics.items[i].code), codes[i]);
    }
    arena_clear(&reading.arena);
}

static void a_mistake_of_syntax_is_the_last_one_said(void **state)
{
    (void)state;
    struct reading reading;
    read_formula(&reading, "log(0) + @ + sqrt(-1)");
    assert_int_equal(reading.diagnostics.n_items, 2);
    assert_int_equal(reading.diagnostics.items[1].code, DIAGNOSTIC_E301);
    arena_clear(&reading.arena);
}

static void columns_count_characters_and_not_bytes(void **state)
{
    (void)state;
    struct reading reading;
    read_formula(&reading, "\xC2\xB5 + 1");
    assert_int_equal(reading.diagnostics.items[0].place.width, 1);
    reading.setting.text = "\xC2\xB5 + 1";
    const struct expression node = {.start = 5, .end = 6};
    assert_int_equal(expression_place(&reading.setting, &node).column, QUOTE_COLUMN + 1 + 4);
    arena_clear(&reading.arena);
}

static void escaped_text_is_underlined_as_a_whole(void **state)
{
    (void)state;
    struct setting setting = {
        .text = "a\tb",
        .value_place = {.line = 1, .column = 5, .width = 6, .source_line = "x = \"a\\tb\";"}};
    const struct expression node = {.start = 2, .end = 3};
    struct place place = expression_place(&setting, &node);
    assert_int_equal(place.column, 5);
    assert_int_equal(place.width, 6);
}

static void collect_name(const struct expression *node, void *context)
{
    struct text *names = context;
    text_append(names, node->name);
    text_append(names, ";");
}

static void names_are_visited_in_order(void **state)
{
    (void)state;
    struct reading reading;
    struct text names;
    text_init(&names);
    read_formula(&reading, "if(b < a.c, -d ^ b, max(e, 2, f))");
    expression_visit_names(reading.root, collect_name, &names);
    assert_string_equal(names.bytes, "b;a.c;d;b;e;f;");
    text_clear(&names);
    arena_clear(&reading.arena);
}

/* n times `before`, then `middle`, then n times `after`. */
static char *repeat(size_t n, const char *before, const char *middle, const char *after)
{
    struct text text;
    text_init(&text);
    for (size_t i = 0; i < n; ++i) {
        text_append(&text, before);
    }
    text_append(&text, middle);
    for (size_t i = 0; i < n; ++i) {
        text_append(&text, after);
    }
    return text.bytes;
}

static void assert_accepted(char *text, bool accepted)
{
    struct reading reading;
    read_formula(&reading, text);
    if ((reading.root != NULL) != accepted) {
        fail_msg("%.80s... should be %s", text, accepted ? "accepted" : "refused");
    }
    if (!accepted) {
        assert_int_equal(reading.diagnostics.n_items, 1);
        assert_int_equal(reading.diagnostics.items[0].code, DIAGNOSTIC_E310);
    }
    arena_clear(&reading.arena);
    free(text);
}

static void limits_are_where_the_header_says(void **state)
{
    (void)state;
    assert_accepted(repeat(EXPRESSION_MAX_DEPTH, "(", "a", ")"), true);
    assert_accepted(repeat(EXPRESSION_MAX_DEPTH + 1, "(", "a", ")"), false);
    assert_accepted(repeat(EXPRESSION_MAX_DEPTH + 1, "exp(", "a", ")"), false);
    assert_accepted(repeat(EXPRESSION_MAX_DEPTH + 1, "-", "a", ""), false);
    assert_accepted(repeat(EXPRESSION_MAX_DEPTH + 1, "a^", "a", ""), false);
    assert_accepted(repeat(EXPRESSION_MAX_DEPTH + 1, "not ", "a < b", ""), false);
    assert_accepted(repeat(EXPRESSION_MAX_NODES / 2 - 1, "a+", "a", ""), true);
    assert_accepted(repeat(EXPRESSION_MAX_NODES / 2, "a+", "a", ""), false);
    assert_accepted(repeat(EXPRESSION_MAX_BYTES - 1, " ", "a", ""), true);
    assert_accepted(repeat(EXPRESSION_MAX_BYTES, " ", "a", ""), false);
}

static void every_function_can_be_called_as_its_signature_says(void **state)
{
    (void)state;
    const char *const calls[] = {"if(a < b, x, y)", "f(a)", "f(a, b)", "f(a, b, c)"};
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    assert_int_equal(n_functions, 24);
    for (size_t i = 0; i < n_functions; ++i) {
        assert_int_equal(
            strncmp(functions[i].signature, functions[i].name, strlen(functions[i].name)), 0);
        assert_true(strlen(functions[i].help) > 0);
        struct reading reading;
        char text[64];
        const char *call =
            functions[i].op == OP_IF ? calls[0] + 2 : calls[functions[i].n_arguments] + 1;
        (void)snprintf(text, sizeof text, "%s%s", functions[i].name, call);
        read_formula(&reading, text);
        assert_non_null(reading.root);
        assert_int_equal(reading.root->op, functions[i].op);
        arena_clear(&reading.arena);
    }
}

static void comparisons_give_truth_and_arithmetic_numbers(void **state)
{
    (void)state;
    struct reading reading;
    read_formula(&reading, "not a < b or c == d");
    assert_int_equal(reading.root->type, EXPRESSION_TYPE_TRUTH);
    arena_clear(&reading.arena);
    read_formula(&reading, "if(a < b, 1, 0) + 2");
    assert_int_equal(reading.root->type, EXPRESSION_TYPE_NUMBER);
    arena_clear(&reading.arena);
}

/* Pieces of formulas in random order: each is accepted, or refused with a mistake; none crashes. */
static void random_pieces_are_accepted_or_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a",    "b.c",    "1",     "0",  "2.5e3",    "(",    ")",     ",",    "+",    "-",   "*",
        "/",    "^",      "<",     "<=", "==",       "=",    " and ", " or ", "not ", "if(", "min(",
        "log(", "clamp(", "odds(", "%",  "\xC2\xA3", "\xFF", ".",     "e",    "A",    "!"};
    uint64_t random = 42;
    size_t n_accepted = 0;
    for (size_t round = 0; round < 20000; ++round) {
        char text[256] = "";
        for (size_t i = 0; i < 1 + round % 9; ++i) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            strcat(text, pieces[(random >> 33) % (sizeof pieces / sizeof pieces[0])]);
        }
        struct reading reading;
        read_formula(&reading, text);
        assert_true((reading.root == NULL) == (reading.diagnostics.n_errors > 0));
        n_accepted += reading.root != NULL ? 1 : 0;
        arena_clear(&reading.arena);
    }
    assert_true(n_accepted > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_mean_what_the_grammar_says),
        cmocka_unit_test(a_formula_written_out_reads_back_the_same),
        cmocka_unit_test(mistakes_are_shown_under_the_right_characters),
        cmocka_unit_test(mistakes_of_meaning_are_found_all_at_once),
        cmocka_unit_test(a_mistake_of_syntax_is_the_last_one_said),
        cmocka_unit_test(columns_count_characters_and_not_bytes),
        cmocka_unit_test(escaped_text_is_underlined_as_a_whole),
        cmocka_unit_test(names_are_visited_in_order),
        cmocka_unit_test(limits_are_where_the_header_says),
        cmocka_unit_test(every_function_can_be_called_as_its_signature_says),
        cmocka_unit_test(comparisons_give_truth_and_arithmetic_numbers),
        cmocka_unit_test(random_pieces_are_accepted_or_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
