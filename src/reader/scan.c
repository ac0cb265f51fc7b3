#include "reader/scan.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cursor {
    struct scan *scan;
    size_t at;
    int line, column;
    int depth;
    size_t n_errors_before;
    struct token opened[READER_MAX_DEPTH + 1]; /* brackets still open */
};

/* ---- places ---- */

struct place scan_line_place(const struct scan *scan, int line)
{
    bool known = line >= 1 && (size_t)line <= scan->n_lines;
    return (struct place){
        .file = scan->file, .line = line, .source_line = known ? scan->lines[line - 1] : NULL};
}

struct place scan_place(const struct scan *scan, const struct token *token)
{
    struct place place = scan_line_place(scan, token->line);
    place.column = token->column;
    place.width = token->width;
    return place;
}

static void split_lines(struct scan *scan)
{
    size_t capacity = 0, start = 0;
    const char **lines = NULL;
    for (size_t i = 0; i <= scan->n_bytes; ++i) {
        if (i < scan->n_bytes && scan->bytes[i] != '\n') {
            continue;
        }
        size_t end = i > start && scan->bytes[i - 1] == '\r' ? i - 1 : i;
        lines = arena_grow(scan->arena, (void *)lines, scan->n_lines, &capacity, sizeof *lines);
        lines[scan->n_lines++] = arena_copy_span(scan->arena, scan->bytes + start, end - start);
        start = i + 1;
    }
    scan->lines = lines;
}

static void complain(const struct cursor *cursor, enum diagnostic_code code, int width,
                     const char *allowed, const char *remedy, const char *found)
{
    struct place place = scan_line_place(cursor->scan, cursor->line);
    place.column = cursor->column;
    place.width = width;
    diagnostics_add(cursor->scan->diagnostics, code, place, NULL, allowed, remedy, "%s", found);
}

static void complain_at(const struct scan *scan, const struct token *token,
                        enum diagnostic_code code, const char *allowed, const char *remedy,
                        const char *found)
{
    diagnostics_add(scan->diagnostics, code, scan_place(scan, token), NULL, allowed, remedy, "%s",
                    found);
}

/* ---- moving ---- */

static char peek(const struct cursor *cursor, size_t ahead)
{
    size_t at = cursor->at + ahead;
    return at < cursor->scan->n_bytes ? cursor->scan->bytes[at] : '\0';
}

static bool at_end(const struct cursor *cursor)
{
    return cursor->at >= cursor->scan->n_bytes;
}

static void advance(struct cursor *cursor, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes && !at_end(cursor); ++i) {
        char c = cursor->scan->bytes[cursor->at++];
        if (c == '\n') {
            ++cursor->line;
            cursor->column = 1;
        } else if (((unsigned char)peek(cursor, 0) & 0xC0) != 0x80) {
            ++cursor->column;
        }
    }
}

static bool starts_with(const struct cursor *cursor, const char *text)
{
    size_t n = strlen(text);
    return cursor->at + n <= cursor->scan->n_bytes &&
           memcmp(cursor->scan->bytes + cursor->at, text, n) == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_byte(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '*';
}

/* ---- bytes that must not occur ---- */

struct pasted {
    const char *bytes, *found, *remedy;
};

static const struct pasted pasted_characters[] = {
    {"\xE2\x80\x9C", "a curly opening quote, as word processors make", "write a plain quote: \""},
    {"\xE2\x80\x9D", "a curly closing quote, as word processors make", "write a plain quote: \""},
    {"\xE2\x80\x98", "a curly apostrophe outside a text", "write texts between plain quotes: \""},
    {"\xE2\x80\x99", "a curly apostrophe outside a text", "write texts between plain quotes: \""},
    {"\xC2\xA0", "a non-breaking space, as web pages and spreadsheets paste it",
     "replace it with an ordinary space"},
    {"\xE2\x80\xAF", "a narrow non-breaking space", "replace it with an ordinary space"},
    {"\xE2\x80\x93", "an en dash where a minus or a hyphen belongs", "write a plain -"},
    {"\xE2\x80\x94", "an em dash where a minus or a hyphen belongs", "write a plain -"},
    {"\xE2\x88\x92", "a mathematical minus sign", "write a plain -"},
    {"\xEF\xBB\xBF", "a byte-order mark inside the text", "delete it: save as UTF-8 without BOM"},
    {"\xC2\xA3", "a pound sign", "write the number alone, e.g. 1000.0; the unit is in the key"},
    {"\xE2\x82\xAC", "a euro sign", "write the number alone; the unit is in the key"}};

/* The rest of one mistake: the text up to the closing curly quote, or the number after a currency
 * sign. */
static void skip_what_was_pasted(struct cursor *cursor, const char *bytes, bool currency)
{
    static const char opening[] = "\xE2\x80\x9C", closing[] = "\xE2\x80\x9D";
    if (currency) {
        while (is_digit(peek(cursor, 0)) ||
               ((peek(cursor, 0) == ',' || peek(cursor, 0) == '.') && is_digit(peek(cursor, 1)))) {
            advance(cursor, 1);
        }
    } else if (strcmp(bytes, opening) == 0) {
        while (!at_end(cursor) && peek(cursor, 0) != '\n' && peek(cursor, 0) != ';' &&
               !starts_with(cursor, closing)) {
            advance(cursor, 1);
        }
        advance(cursor, starts_with(cursor, closing) ? strlen(closing) : 0);
    }
}

static bool complain_about_pasted(struct cursor *cursor)
{
    for (size_t i = 0; i < sizeof pasted_characters / sizeof *pasted_characters; ++i) {
        const struct pasted *pasted = &pasted_characters[i];
        if (starts_with(cursor, pasted->bytes)) {
            bool currency = pasted->bytes[0] == '\xC2' && pasted->bytes[1] == '\xA3';
            complain(cursor, currency ? DIAGNOSTIC_E106 : DIAGNOSTIC_E105, 1,
                     "letters, digits and plain punctuation outside texts and comments",
                     pasted->remedy, pasted->found);
            advance(cursor, strlen(pasted->bytes));
            skip_what_was_pasted(cursor, pasted->bytes, currency);
            return true;
        }
    }
    return false;
}

static void complain_about_byte(struct cursor *cursor)
{
    if (complain_about_pasted(cursor)) {
        return;
    }
    char found[64];
    unsigned char byte = (unsigned char)peek(cursor, 0);
    if (byte == '\'') {
        complain(cursor, DIAGNOSTIC_E105, 1, "texts between plain double quotes",
                 "write \"...\" instead of '...'", "a single quote outside a text");
        advance(cursor, 1);
        return;
    }
    (void)snprintf(found, sizeof found, byte < 128 ? "the character %c" : "a character", byte);
    complain(cursor, byte == '%' ? DIAGNOSTIC_E107 : DIAGNOSTIC_E105, 1,
             "names, numbers, texts and = ; , { } [ ] ( )",
             byte == '%' ? "write a share: 3.5 % is 0.035" : "remove it, or put it into a text",
             found);
    advance(cursor, 1);
    while (((unsigned char)peek(cursor, 0) & 0xC0) == 0x80) {
        advance(cursor, 1);
    }
}

/* ---- tokens ---- */

static void add_token(struct cursor *cursor, struct token token)
{
    struct scan *scan = cursor->scan;
    token.end = cursor->at;
    token.width = token.line == cursor->line ? cursor->column - token.column : 1;
    scan->tokens = arena_grow(scan->arena, scan->tokens, scan->n_tokens, &scan->capacity,
                              sizeof *scan->tokens);
    scan->tokens[scan->n_tokens++] = token;
}

static struct token begin_token(const struct cursor *cursor, enum token_kind kind)
{
    return (struct token){.kind = kind,
                          .start = cursor->at,
                          .line = cursor->line,
                          .column = cursor->column,
                          .width = 1};
}

static void skip_line(struct cursor *cursor)
{
    while (!at_end(cursor) && peek(cursor, 0) != '\n') {
        advance(cursor, 1);
    }
}

static void skip_block_comment(struct cursor *cursor)
{
    struct token opening = begin_token(cursor, TOKEN_SIGN);
    opening.width = 2;
    advance(cursor, 2);
    while (!at_end(cursor) && !starts_with(cursor, "*/")) {
        advance(cursor, 1);
    }
    if (at_end(cursor)) {
        complain_at(cursor->scan, &opening, DIAGNOSTIC_E102, "comments that end with */",
                    "close it with */ where it should end; everything after it would be lost",
                    "a comment that is never closed");
    }
    advance(cursor, 2);
}

static void read_text(struct cursor *cursor)
{
    struct token token = begin_token(cursor, TOKEN_TEXT);
    advance(cursor, 1);
    while (!at_end(cursor) && peek(cursor, 0) != '"' && peek(cursor, 0) != '\n') {
        advance(cursor, peek(cursor, 0) == '\\' && peek(cursor, 1) != '\n' ? 2 : 1);
    }
    if (at_end(cursor) || peek(cursor, 0) == '\n') {
        complain_at(cursor->scan, &token, DIAGNOSTIC_E103, "texts that end on the line they begin",
                    "close it with \"; long texts continue as \"...\" \"...\"",
                    "a text that is not closed on its line");
    }
    advance(cursor, 1);
    add_token(cursor, token);
}

/* A number as libconfig's scanner takes it, or what people write instead. */
static size_t number_length(const char *bytes)
{
    size_t n = 0;
    while (is_digit(bytes[n]) || is_letter(bytes[n]) || bytes[n] == '.' || bytes[n] == '_' ||
           ((bytes[n] == '+' || bytes[n] == '-') &&
            (n == 0 || ((bytes[n - 1] == 'e' || bytes[n - 1] == 'E') &&
                        !(bytes[0] == '0' && (bytes[1] == 'x' || bytes[1] == 'X')))))) {
        ++n;
    }
    return n;
}

static bool all_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        if (!is_digit(text[i])) {
            return false;
        }
    }
    return n > 0;
}

static void check_integer(const struct cursor *cursor, const struct token *token, const char *text)
{
    size_t n = strlen(text);
    bool is_long = n > 0 && text[n - 1] == 'L';
    errno = 0;
    long long value = strtoll(text, NULL, 10);
    if (errno == ERANGE) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E101, "whole numbers of up to 18 digits",
                    "write it with an exponent, e.g. 3.0e18", "a whole number that does not fit");
    } else if (!is_long && (value > INT32_MAX || value < INT32_MIN)) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E101,
                    "whole numbers between -2147483648 and 2147483647",
                    "write it with a decimal point, e.g. 3000000000.0 or 3.0e9",
                    "a whole number that does not fit; it would be read as another number");
    }
}

static void check_hexadecimal(const struct cursor *cursor, const struct token *token,
                              const char *text)
{
    size_t n = strlen(text) - 2;
    n -= text[n + 1] == 'L' ? 1 : 0;
    if (n > 7) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E101, "hexadecimal numbers of up to 7 digits",
                    "write it in decimal", "a hexadecimal number that does not fit");
    }
}

static bool is_decimal_form(const char *text)
{
    size_t i = text[0] == '+' || text[0] == '-' ? 1 : 0;
    size_t digits = 0;
    bool point = false, exponent = false;
    for (; text[i] != '\0'; ++i) {
        if (is_digit(text[i])) {
            ++digits;
        } else if (text[i] == '.' && !point && !exponent) {
            point = true;
        } else if ((text[i] == 'e' || text[i] == 'E') && !exponent && digits > 0) {
            exponent = true;
            i += text[i + 1] == '+' || text[i + 1] == '-' ? 1 : 0;
            if (!is_digit(text[i + 1])) {
                return false;
            }
        } else {
            return false;
        }
    }
    return digits > 0 && (point || exponent);
}

static void check_decimal(const struct cursor *cursor, const struct token *token, const char *text)
{
    double value = strtod(text, NULL);
    if (!isfinite(value)) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E101, "numbers up to 1.7e308",
                    "check the exponent",
                    "a number that is too large: it would be read as infinity");
        return;
    }
    bool has_digit =
        strpbrk(text, "123456789") != NULL &&
        (strpbrk(text, "eE") == NULL || strpbrk(text, "123456789") < strpbrk(text, "eE"));
    if (value == 0.0 && has_digit) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E101, "numbers of at least 5e-324",
                    "write 0.0 if zero is meant",
                    "a number that is too small: it would be read as 0");
    }
}

/* 1,000 and 1,000,000: a comma directly followed by exactly three digits, outside [ ] and ( ), or
 * inside them where the group starts with 0. */
static bool has_thousands(const struct cursor *cursor)
{
    if (peek(cursor, 0) != ',' || !is_digit(peek(cursor, 1)) || !is_digit(peek(cursor, 2)) ||
        !is_digit(peek(cursor, 3)) || is_digit(peek(cursor, 4))) {
        return false;
    }
    bool known = cursor->depth > 0 && cursor->depth <= READER_MAX_DEPTH;
    char open = known ? cursor->opened[cursor->depth - 1].sign : '{';
    return (open != '[' && open != '(') || peek(cursor, 1) == '0';
}

static void check_number(const struct cursor *cursor, const struct token *token, const char *text)
{
    size_t n = strlen(text);
    const char *unsigned_text = text[0] == '+' || text[0] == '-' ? text + 1 : text;
    size_t n_digits = strlen(unsigned_text);
    n_digits -= n > 0 && text[n - 1] == 'L' ? 1 : 0;
    if (all_digits(unsigned_text, n_digits)) {
        check_integer(cursor, token, text);
    } else if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        check_hexadecimal(cursor, token, text);
    } else if (is_decimal_form(text)) {
        check_decimal(cursor, token, text);
    } else {
        complain_at(cursor->scan, token, DIAGNOSTIC_E108, "numbers such as 12, 12.5, -0.3 or 3.0e9",
                    "write digits with at most one point, without spaces, units or underscores",
                    "something that is not a number");
    }
}

static void read_number(struct cursor *cursor)
{
    struct token token = begin_token(cursor, TOKEN_NUMBER);
    const char *start = cursor->scan->bytes + cursor->at;
    size_t n = number_length(start);
    n = n > 0 ? n : 1;
    const char *text = arena_copy_span(cursor->scan->arena, start, n);
    advance(cursor, n);
    add_token(cursor, token);
    token = cursor->scan->tokens[cursor->scan->n_tokens - 1];
    if (has_thousands(cursor)) {
        while (has_thousands(cursor)) {
            advance(cursor, 4);
        }
        token.width = cursor->column - token.column;
        complain_at(cursor->scan, &token, DIAGNOSTIC_E106, "numbers without thousands separators",
                    "leave the commas out: 1000000, or 1.0e6",
                    "a number with commas between thousands");
    } else if (peek(cursor, 0) == '%') {
        token.width += 1;
        complain_at(cursor->scan, &token, DIAGNOSTIC_E107, "shares as numbers",
                    "write a share: 3.5 % is 0.035", "a percentage");
        advance(cursor, 1);
    } else {
        check_number(cursor, &token, text);
    }
}

static void read_name(struct cursor *cursor)
{
    struct token token = begin_token(cursor, TOKEN_NAME);
    while (is_name_byte(peek(cursor, 0))) {
        advance(cursor, 1);
    }
    add_token(cursor, token);
}

/* ---- brackets ---- */

static void check_trailing_comma(const struct cursor *cursor)
{
    const struct scan *scan = cursor->scan;
    if (scan->n_tokens < 2) {
        return;
    }
    const struct token *before = &scan->tokens[scan->n_tokens - 2];
    if (before->kind == TOKEN_SIGN && before->sign == ',') {
        complain_at(scan, before, DIAGNOSTIC_E109, "commas between values only",
                    "remove this comma", "a comma after the last value");
    }
}

static void open_bracket(struct cursor *cursor, const struct token *token)
{
    if (cursor->depth == READER_MAX_DEPTH) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E111, "at most 32 levels of brackets",
                    "flatten the configuration", "brackets nested too deeply");
    }
    if (cursor->depth < READER_MAX_DEPTH) {
        cursor->opened[cursor->depth] = *token;
    }
    ++cursor->depth;
}

static void close_bracket(struct cursor *cursor, const struct token *token)
{
    static const char pairs[][2] = {{'{', '}'}, {'[', ']'}, {'(', ')'}};
    if (token->sign != '}') {
        check_trailing_comma(cursor);
    }
    if (cursor->depth == 0) {
        complain_at(cursor->scan, token, DIAGNOSTIC_E104,
                    "one opening bracket for each closing one", "remove it, or add the opening one",
                    "a closing bracket that nothing opened");
        return;
    }
    --cursor->depth;
    if (cursor->depth >= READER_MAX_DEPTH) {
        return;
    }
    const struct token *opening = &cursor->opened[cursor->depth];
    for (size_t i = 0; i < 3; ++i) {
        if (opening->sign == pairs[i][0] && token->sign != pairs[i][1]) {
            char found[96];
            (void)snprintf(found, sizeof found, "%c closes the %c of line %d", token->sign,
                           opening->sign, opening->line);
            complain_at(cursor->scan, token, DIAGNOSTIC_E104, "brackets that close in pairs",
                        "check which bracket is missing between the two", found);
        }
    }
}

static void read_sign(struct cursor *cursor)
{
    struct token token = begin_token(cursor, TOKEN_SIGN);
    token.sign = peek(cursor, 0);
    advance(cursor, 1);
    add_token(cursor, token);
    token.width = 1;
    if (strchr("{[(", token.sign) != NULL) {
        open_bracket(cursor, &token);
    } else if (strchr("}])", token.sign) != NULL) {
        close_bracket(cursor, &token);
    }
}

static void read_include(struct cursor *cursor)
{
    complain(cursor, DIAGNOSTIC_E110, 8, "one file at a time, without @include",
             "remove it: evidence, sectors and sources are found by name in the models directory",
             "@include");
    skip_line(cursor);
}

static void scan_one(struct cursor *cursor)
{
    char c = peek(cursor, 0);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
        advance(cursor, 1);
    } else if (c == '#' || starts_with(cursor, "//")) {
        skip_line(cursor);
    } else if (starts_with(cursor, "/*")) {
        skip_block_comment(cursor);
    } else if (starts_with(cursor, "@include")) {
        read_include(cursor);
    } else if (c == '"') {
        read_text(cursor);
    } else if (is_digit(c) || c == '+' || c == '-' || c == '.') {
        read_number(cursor);
    } else if (is_letter(c) || c == '*' || c == '_') {
        read_name(cursor);
    } else if (strchr("=:;,{}[]()", c) != NULL && c != '\0') {
        read_sign(cursor);
    } else {
        complain_about_byte(cursor);
    }
}

/* ---- the whole text ---- */

/* Offset of the first byte that is no text: NUL, a control character, invalid UTF-8; SIZE_MAX none.
 */
static size_t find_bad_byte(const char *bytes, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; ++i) {
        unsigned char byte = (unsigned char)bytes[i];
        if ((byte < 0x20 && strchr("\t\n\r\f", byte) == NULL) || byte == 0 || byte == 0x7F) {
            return i;
        }
    }
    for (size_t i = 0; i < n_bytes;) {
        unsigned char lead = (unsigned char)bytes[i];
        size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (n > n_bytes - i || (n > 1 && !text_is_utf8(bytes + i, n))) {
            return i;
        }
        i += n;
    }
    return SIZE_MAX;
}

static bool check_bytes(struct scan *scan)
{
    struct place place = {.file = scan->file};
    if (scan->n_bytes > READER_MAX_BYTES) {
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E111, place, NULL, "files of up to 4 MiB",
                        "split it into several files", "a file of %zu bytes", scan->n_bytes);
        return false;
    }
    if (scan->n_bytes >= 2 &&
        (memcmp(scan->bytes, "\xFF\xFE", 2) == 0 || memcmp(scan->bytes, "\xFE\xFF", 2) == 0)) {
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E112, place, NULL, "UTF-8 text",
                        "save it as UTF-8 (in Notepad: Save as, Encoding UTF-8)", "text in UTF-16");
        return false;
    }
    size_t bad = find_bad_byte(scan->bytes, scan->n_bytes);
    if (bad != SIZE_MAX) {
        place.line = place.column = 1;
        for (size_t i = 0; i < bad; ++i) {
            bool ends = scan->bytes[i] == '\n';
            place.line += ends ? 1 : 0;
            place.column =
                ends ? 1 : place.column + (((unsigned char)scan->bytes[i] & 0xC0) != 0x80);
        }
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E112, place, NULL, "UTF-8 text",
                        "save it as UTF-8 text without control characters; this may be a letter "
                        "with an accent, or a pound sign, in another encoding",
                        "a byte that is not text (0x%02X)", (unsigned char)scan->bytes[bad]);
        return false;
    }
    return true;
}

/* [0, 1.5] and [1, "recurrent"]: libconfig gives each array the type of its first value. */
static void check_mixed_arrays(const struct scan *scan)
{
    bool inside = false, has_whole = false, has_decimal = false;
    const struct token *first_whole = NULL, *first_text = NULL;
    for (size_t i = 0; i < scan->n_tokens; ++i) {
        const struct token *token = &scan->tokens[i];
        if (token->kind == TOKEN_SIGN && token->sign == '[') {
            inside = true;
            has_whole = has_decimal = false;
            first_whole = first_text = NULL;
        } else if (token->kind == TOKEN_SIGN && token->sign == ']') {
            if (inside && first_text != NULL && (has_whole || has_decimal)) {
                complain_at(scan, first_text, DIAGNOSTIC_E113,
                            "numbers only, or texts only, in square brackets",
                            "in for_each write both in round brackets: (1, 2, \"recurrent\")",
                            "a text in a list that also has numbers");
            } else if (inside && has_whole && has_decimal) {
                complain_at(scan, first_whole, DIAGNOSTIC_E113,
                            "lists of whole numbers only, or of decimal numbers only",
                            "write every number with a decimal point: [0.0, 1.5]",
                            "a whole number in a list that also has decimal numbers");
            }
            inside = false;
        } else if (inside && token->kind == TOKEN_TEXT) {
            first_text = first_text == NULL ? token : first_text;
        } else if (inside && token->kind == TOKEN_NUMBER) {
            size_t n = token->end - token->start;
            bool decimal = memchr(scan->bytes + token->start, '.', n) != NULL ||
                           ((memchr(scan->bytes + token->start, 'e', n) != NULL ||
                             memchr(scan->bytes + token->start, 'E', n) != NULL) &&
                            memchr(scan->bytes + token->start, 'x', n) == NULL);
            has_decimal = has_decimal || decimal;
            if (!decimal && first_whole == NULL) {
                first_whole = token;
                has_whole = true;
            }
        }
    }
}

static void check_counts(const struct scan *scan)
{
    size_t n_settings = 0, counts[READER_MAX_DEPTH + 2] = {0}, depth = 0;
    for (size_t i = 0; i < scan->n_tokens; ++i) {
        const struct token *token = &scan->tokens[i];
        if (token->kind != TOKEN_SIGN) {
            n_settings += token->kind != TOKEN_NAME ? 1 : 0;
            continue;
        }
        if (strchr("{[(", token->sign) != NULL && depth < READER_MAX_DEPTH) {
            counts[++depth] = 0;
        } else if (strchr("}])", token->sign) != NULL && depth > 0) {
            --depth;
        } else if ((token->sign == '=' || token->sign == ':') &&
                   ++counts[depth] == READER_MAX_KEYS_A_GROUP + 1) {
            complain_at(scan, i > 0 ? token - 1 : token, DIAGNOSTIC_E111,
                        "at most 4096 keys in one group", "split the group",
                        "too many keys in one group");
        }
    }
    if (n_settings > READER_MAX_SETTINGS) {
        diagnostics_add(scan->diagnostics, DIAGNOSTIC_E111, (struct place){.file = scan->file},
                        NULL, "at most 200000 values in a file", "split it into several files",
                        "%zu values", n_settings);
    }
}

bool scan_text(struct scan *scan, struct arena *arena, struct diagnostics *diagnostics,
               const char *file, const char *bytes, size_t n_bytes)
{
    *scan = (struct scan){.arena = arena,
                          .diagnostics = diagnostics,
                          .file = file,
                          .bytes = bytes,
                          .n_bytes = n_bytes};
    size_t n_errors = diagnostics->n_errors;
    if (!check_bytes(scan)) {
        return false;
    }
    split_lines(scan);
    struct cursor cursor = {.scan = scan, .line = 1, .column = 1};
    if (starts_with(&cursor, "\xEF\xBB\xBF")) {
        complain(&cursor, DIAGNOSTIC_E112, 1, "UTF-8 text without a byte-order mark",
                 "save it as UTF-8 without BOM", "a byte-order mark at the start of the file");
        cursor.at = 3;
    }
    while (!at_end(&cursor)) {
        scan_one(&cursor);
    }
    for (int i = 0; i < cursor.depth && i < READER_MAX_DEPTH; ++i) {
        complain_at(scan, &cursor.opened[i], DIAGNOSTIC_E104,
                    "one closing bracket for each opening one", "add the closing bracket",
                    "a bracket that is never closed");
    }
    check_mixed_arrays(scan);
    check_counts(scan);
    return diagnostics->n_errors == n_errors;
}
