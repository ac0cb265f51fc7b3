/* What is said about text that is not a formula: each common slip gets its own remedy. */
#include "base/text.h"
#include "expression/parse_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_MISTAKES = 8, MAX_WORDS = 512 };

#define OPERANDS "a number, a name, a function or ("

static void add(struct parser *parser, enum diagnostic_code code, size_t start, size_t end,
                const char *allowed, const char *remedy, const char *found)
{
    if (parser->stopped || ++parser->n_mistakes > MAX_MISTAKES) {
        return;
    }
    const struct expression span = {.start = start, .end = end};
    diagnostics_add(parser->diagnostics, code, expression_place(parser->setting, &span),
                    parser->setting->path, allowed, remedy, "%s", found);
}

void parser_complain(struct parser *parser, enum diagnostic_code code, size_t start, size_t end,
                     const char *allowed, const char *remedy, const char *found, ...)
{
    char words[MAX_WORDS];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(words, sizeof words, found, arguments);
    va_end(arguments);
    add(parser, code, start, end, allowed, remedy, words);
}

void parser_stop(struct parser *parser, enum diagnostic_code code, size_t start, size_t end,
                 const char *allowed, const char *remedy, const char *found, ...)
{
    char words[MAX_WORDS];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(words, sizeof words, found, arguments);
    va_end(arguments);
    add(parser, code, start, end, allowed, remedy, words);
    parser->stopped = true;
}

/* ---- words ---- */

bool parser_is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t parser_word_end(const char *text, size_t start)
{
    size_t end = start;
    while (parser_is_word_byte(text[end]) ||
           (end > start && text[end] == '.' && parser_is_word_byte(text[end + 1]))) {
        ++end;
    }
    return end;
}

bool parser_is_reserved(const char *word)
{
    static const char *const words[] = {"and", "or", "not", "if", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        if (strcmp(words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static char *word_at(struct parser *parser)
{
    size_t end = parser_word_end(parser->text, parser->at);
    return arena_copy_span(parser->arena, parser->text + parser->at, end - parser->at);
}

static const char *in_small_letters(struct parser *parser, const char *word)
{
    char *small = arena_copy_text(parser->arena, word);
    for (char *c = small; *c != '\0'; ++c) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return small;
}

/* ---- slips of single characters ---- */

struct slip {
    const char *written, *remedy;
};

static const struct slip slips[] = {
    {"&&", "write `and`"},
    {"&", "write `and`"},
    {"||", "write `or`"},
    {"|", "write `or`"},
    {"**", "write ^ for a power"},
    {"!", "write `not`, or != for unequal"},
    {"<>", "write != for unequal"},
    {"=<", "write <="},
    {"=>", "write >="},
    {"=", "write == to compare"},
    {"%", "write a percentage as a share: 3.5 % is 0.035"},
    {",", "commas stand only between the arguments of a function; write 1,000 as 1000"},
    {")", "remove it, or write the ( that it closes"},
    {"+", "remove it: a number without a sign is positive"},
    {"?", "write if(condition, a, b)"},
    {"[", "write round brackets ( )"},
    {"]", "write round brackets ( )"},
    {"{", "write round brackets ( )"},
    {"}", "write round brackets ( )"},
    {"\"", "write names without quotation marks"},
    {"'", "write names without quotation marks"},
    {";", "remove it: the formula ends with its closing quotation mark"},
    {"$", "write the amount without a currency sign"},
    {"\xC2\xA3", "write the amount without a currency sign"},     /* pound */
    {"\xE2\x82\xAC", "write the amount without a currency sign"}, /* euro */
    {"\xE2\x80\x98", "remove the curly quotation mark, which a word processor put here"},
    {"\xE2\x80\x99", "remove the curly quotation mark, which a word processor put here"},
    {"\xE2\x80\x9C", "remove the curly quotation mark, which a word processor put here"},
    {"\xE2\x80\x9D", "remove the curly quotation mark, which a word processor put here"},
    {"\xE2\x80\x90", "write a plain -"}, /* hyphen, then its relatives, minus sign last */
    {"\xE2\x80\x91", "write a plain -"},
    {"\xE2\x80\x93", "write a plain -"},
    {"\xE2\x80\x94", "write a plain -"},
    {"\xE2\x88\x92", "write a plain -"},
    {"\xC3\x97", "write * for a product"}, /* multiplication sign, middle dot */
    {"\xC2\xB7", "write * for a product"},
    {"\xC3\xB7", "write / for a division"},
    {"\xC2\xB2", "write ^2"},
    {"\xC2\xB3", "write ^3"},
    {"\xE2\x89\xA4", "write <="},
    {"\xE2\x89\xA5", "write >="},
    {"\xE2\x89\xA0", "write !="},
    {"\xC2\xA0", "replace it by a plain space; it came with pasted text"},
    {"\xE2\x80\x89", "replace it by a plain space; it came with pasted text"},
    {"\xE2\x80\xAF", "replace it by a plain space; it came with pasted text"},
    {"\xE2\x80\x8B", "delete it; it came with pasted text"},
    {"\xEF\xBB\xBF", "delete it; it came with pasted text"},
};

static const struct slip *find_slip(const char *text)
{
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; ++i) {
        if (strncmp(text, slips[i].written, strlen(slips[i].written)) == 0) {
            return &slips[i];
        }
    }
    return NULL;
}

static size_t character_bytes(const char *text)
{
    size_t n = 1;
    while (n < 4 && ((unsigned char)text[n] & 0xC0) == 0x80) {
        ++n;
    }
    return text_is_utf8(text, n) ? n : 1;
}

/* The character as a reader can see it: blanks and bytes that print nothing by their number. */
static const char *character_words(struct parser *parser, const char *text, size_t n_bytes)
{
    unsigned char first = (unsigned char)text[0];
    if (n_bytes == 1 && (first < 0x20 || first >= 0x7F)) {
        return arena_printf(parser->arena, "the byte %u", (unsigned)first);
    }
    static const char *const invisible[] = {"\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF",
                                            "\xE2\x80\x8B", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof invisible / sizeof invisible[0]; ++i) {
        if (strncmp(text, invisible[i], strlen(invisible[i])) == 0) {
            return "an invisible special character";
        }
    }
    return arena_printf(parser->arena, "\"%.*s\"", (int)n_bytes, text);
}

static void stop_at_character(struct parser *parser, const char *allowed)
{
    const char *text = parser->text + parser->at;
    const struct slip *slip = find_slip(text);
    size_t n_bytes = slip != NULL ? strlen(slip->written) : character_bytes(text);
    const char *words = character_words(parser, text, n_bytes);
    parser_stop(parser, DIAGNOSTIC_E301, parser->at, parser->at + n_bytes, allowed,
                slip != NULL ? slip->remedy : "remove it, or write what was meant",
                "%s does not belong here", words);
}

/* ---- what was due ---- */

static void stop_at_word(struct parser *parser)
{
    const char *word = word_at(parser), *small = in_small_letters(parser, word);
    const char *remedy = "use small letters, digits and _, beginning with a letter";
    if (strcmp(word, "if") == 0) {
        remedy = "write if(condition, a, b)";
    } else if (strcmp(word, "not") == 0) {
        remedy = "put it into brackets: (not ...)";
    } else if (strcmp(small, "true") == 0 || strcmp(small, "false") == 0) {
        remedy = "write the comparison itself, e.g. if(year < 3, 1, 0)";
    } else if (parser_is_reserved(word)) {
        remedy = "write what it joins before it";
    } else if (strcmp(word, small) != 0) {
        remedy = arena_printf(parser->arena, "write it in small letters: %s", small);
    }
    parser_stop(parser, DIAGNOSTIC_E301, parser->at, parser->at + strlen(word),
                parser_is_reserved(small) ? OPERANDS
                                          : "names of small letters, digits and _, joined by dots",
                remedy,
                parser_is_reserved(small) ? "\"%s\" does not belong here" : "\"%s\" is not a name",
                word);
}

void parser_stop_at_operand(struct parser *parser)
{
    char next = parser->text[parser->at];
    if (next == '\0') {
        parser_stop(parser, DIAGNOSTIC_E302, parser->at, parser->at, OPERANDS,
                    "write what is missing, or remove the last sign", "the formula ends too early");
    } else if (parser_is_word_byte(next)) {
        stop_at_word(parser);
    } else if (strchr("*/^<>", next) != NULL && find_slip(parser->text + parser->at) == NULL) {
        parser_stop(parser, DIAGNOSTIC_E301, parser->at, parser->at + 1, OPERANDS,
                    "write what stands before it, or remove it", "\"%c\" has nothing before it",
                    next);
    } else {
        stop_at_character(parser, OPERANDS);
    }
}

void parser_stop_at_operator(struct parser *parser)
{
    const char *allowed = "+ - * / ^, a comparison, and, or, or the end";
    char next = parser->text[parser->at];
    if (!parser_is_word_byte(next) && next != '(') {
        stop_at_character(parser, allowed);
        return;
    }
    size_t n_bytes = next == '(' ? 1 : strlen(word_at(parser));
    const char *word = arena_copy_span(parser->arena, parser->text + parser->at, n_bytes);
    const char *small = in_small_letters(parser, word);
    bool shouted = strcmp(word, small) != 0 && parser_is_reserved(small);
    parser_stop(parser, DIAGNOSTIC_E301, parser->at, parser->at + n_bytes, allowed,
                shouted ? arena_printf(parser->arena, "write it in small letters: %s", small)
                        : "write the sign that is missing, e.g. * for a product",
                shouted ? "\"%s\" does not belong here" : "there is no sign before \"%s\"", word);
}

void parser_stop_at_unclosed(struct parser *parser, size_t opening)
{
    if (parser->text[parser->at] != '\0') {
        parser_stop_at_operator(parser);
        return;
    }
    parser_stop(parser, DIAGNOSTIC_E309, opening, opening + 1, "one ) for each (",
                "write the ) where this part ends", "this bracket is never closed");
}

void parser_stop_at_unknown_function(struct parser *parser, const char *name, size_t start)
{
    enum { MAX_FUNCTIONS = 32 };

    const char *names[MAX_FUNCTIONS];
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    const char *list = "";
    for (size_t i = 0; i < n_functions && i < MAX_FUNCTIONS; ++i) {
        names[i] = functions[i].name;
        list = arena_printf(parser->arena, "%s%s%s", list, i > 0 ? ", " : "", names[i]);
    }
    const char *nearest =
        text_nearest(name, names, n_functions < MAX_FUNCTIONS ? n_functions : MAX_FUNCTIONS);
    const char *remedy = nearest != NULL
                             ? arena_printf(parser->arena, "did you mean %s?", nearest)
                             : arena_printf(parser->arena, "for a product write %s * (", name);
    parser_stop(parser, DIAGNOSTIC_E303, start, start + strlen(name), list, remedy,
                "there is no function \"%s\"", name);
}
