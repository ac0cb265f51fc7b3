/* One cell: what was typed, told as what is wanted. */
#include "import/import_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct sheet_cell *entry_cell(const struct entry *entry)
{
    return sheet_at(entry->grid->sheet, entry->row, entry->grid->columns[entry->column]);
}

struct place entry_place(const struct importer *importer, const struct entry *entry)
{
    return sheet_place(importer->arena, importer->book, form_sheet_name(entry->grid->which),
                       entry->row, entry->grid->columns[entry->column]);
}

struct entry entry_beside(const struct entry *entry, enum form_column column)
{
    struct entry beside = *entry;
    beside.column = column;
    return beside;
}

void entry_complain(const struct importer *importer, const struct entry *entry,
                    enum diagnostic_code code, const char *allowed, const char *remedy,
                    const char *found, ...)
{
    char words[512];
    va_list arguments;
    va_start(arguments, found);
    (void)vsnprintf(words, sizeof words, found, arguments);
    va_end(arguments);
    diagnostics_add(importer->diagnostics, code, entry_place(importer, entry), entry->path, allowed,
                    remedy, "%s", words);
}

void entry_complain_blank(const struct importer *importer, const struct entry *entry,
                          const char *allowed)
{
    entry_complain(importer, entry, DIAGNOSTIC_E920, allowed, "fill in the cell",
                   "found nothing, where something is required");
}

/* ---- texts ---- */

enum { NO_BREAK_SPACE_BYTES = 2 };

/* A blank, a line break, a tab or a no-break space at `at`: how many bytes; else 0. */
static size_t blank_bytes(const char *at)
{
    if (*at != '\0' && strchr(" \t\r\n", *at) != NULL) {
        return 1;
    }
    bool no_break = at[0] == '\xC2' && at[1] == '\xA0';
    return no_break ? NO_BREAK_SPACE_BYTES : 0;
}

/* Runs of blanks as one; none at the ends. */
static const char *on_one_line(struct arena *arena, const char *text)
{
    char *out = arena_copy_text(arena, text);
    size_t n = 0;
    for (const char *at = text; *at != '\0';) {
        size_t blanks = blank_bytes(at);
        if (blanks == 0) {
            out[n++] = *at++;
            continue;
        }
        at += blanks;
        if (n > 0 && out[n - 1] != ' ') {
            out[n++] = ' ';
        }
    }
    n -= n > 0 && out[n - 1] == ' ' ? 1 : 0;
    out[n] = '\0';
    return out;
}

static bool says_nothing(const char *text)
{
    while (blank_bytes(text) > 0) {
        text += blank_bytes(text);
    }
    return *text == '\0';
}

bool entry_is_blank(const struct entry *entry)
{
    const struct sheet_cell *cell = entry_cell(entry);
    return cell == NULL || (cell->kind == SHEET_TEXT && says_nothing(cell->text));
}

/* An error, a formula without value: wrong whatever is wanted. */
static bool refuse_anyway(const struct importer *importer, const struct entry *entry,
                          const struct sheet_cell *cell)
{
    if (cell->kind == SHEET_ERROR) {
        entry_complain(importer, entry, DIAGNOSTIC_E923, "a value, or a formula that gives one",
                       "mend the formula, or type the value", "found the error %s",
                       sheet_show(importer->arena, cell));
        return true;
    }
    if (cell->kind == SHEET_UNKNOWN) {
        entry_complain(importer, entry, DIAGNOSTIC_E924, "a formula with its value",
                       "open the file in Excel or LibreOffice and save it, or type the value",
                       "found a formula without a value");
        return true;
    }
    return false;
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; ++text) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F) {
            return true;
        }
    }
    return false;
}

enum reading entry_text(const struct importer *importer, const struct entry *entry,
                        const char **words)
{
    const struct sheet_cell *cell = entry_cell(entry);
    if (entry_is_blank(entry)) {
        return READ_BLANK;
    }
    if (refuse_anyway(importer, entry, cell)) {
        return READ_BAD;
    }
    if (cell->kind == SHEET_NUMBER && cell->is_date) {
        entry_complain(importer, entry, DIAGNOSTIC_E922, "words",
                       "format the cell as text, then type it again", "found %s",
                       sheet_show(importer->arena, cell));
        return READ_BAD;
    }
    if (cell->kind != SHEET_TEXT) {
        entry_complain(importer, entry, DIAGNOSTIC_E925, "words",
                       "write it in words; an apostrophe before it makes a text of a number",
                       "found %s, where words are wanted", sheet_show(importer->arena, cell));
        return READ_BAD;
    }
    *words = on_one_line(importer->arena, cell->text);
    if (has_control(*words) || !text_is_utf8(*words, strlen(*words))) {
        entry_complain(importer, entry, DIAGNOSTIC_E930, "plain text", "type it anew",
                       "found %s, with characters that cannot be seen",
                       sheet_show(importer->arena, cell));
        return READ_BAD;
    }
    return READ_GOOD;
}

/* ---- numbers ---- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Digits, with commas where thousands have them; counts both. */
static const char *read_whole_part(const char *at, char *out, size_t *n_out, size_t *n_commas)
{
    size_t since_comma = 0;
    for (;; ++at) {
        if (is_digit(*at) && *n_out < 40) {
            out[(*n_out)++] = *at;
            ++since_comma;
        } else if (*at == ',' && is_digit(at[1]) &&
                   (*n_commas == 0 ? since_comma >= 1 && since_comma <= 3 : since_comma == 3)) {
            ++*n_commas;
            since_comma = 0;
        } else {
            return *n_commas > 0 && since_comma != 3 ? NULL : at;
        }
    }
}

static const char *read_point_part(const char *at, char *out, size_t *n_out)
{
    if (*at != '.') {
        return at;
    }
    out[(*n_out)++] = *at++;
    while (is_digit(*at) && *n_out < 80) {
        out[(*n_out)++] = *at++;
    }
    return at;
}

bool import_read_typed(const char *text, bool money, double *value, bool *ambiguous)
{
    char digits[100];
    size_t n = 0, n_commas = 0;
    bool pound = false;
    const char *at = text;
    if (*at == '-' || *at == '+') {
        digits[n++] = *at++;
    }
    if (money && strncmp(at, "\xC2\xA3", 2) == 0) {
        pound = true;
        at += 2;
    }
    size_t before = n;
    at = read_whole_part(at, digits, &n, &n_commas);
    if (at == NULL || n == before) {
        return false;
    }
    bool has_point = *at == '.';
    at = read_point_part(at, digits, &n);
    at += *at == ' ' && at[1] == '%' ? 1 : 0;
    bool percent = *at == '%';
    at += percent ? 1 : 0;
    digits[n] = '\0';
    if (*at != '\0' || (pound && percent) || !text_read_number(digits, value)) {
        return false;
    }
    *value = percent ? *value / 100.0 : *value;
    /* one comma may be the decimal comma of half of Europe */
    bool unsure = n_commas == 1 && !has_point && !pound;
    if (ambiguous != NULL) {
        *ambiguous = unsure;
    }
    return !unsure;
}

static void complain_text(const struct importer *importer, const struct entry *entry,
                          const char *text, bool ambiguous, double value)
{
    struct arena *arena = importer->arena;
    const char *remedy = "type the number alone, without words, units or commas";
    if (ambiguous) {
        char plain[32];
        text_format_exact(plain, value);
        remedy = arena_printf(
            arena, "type %s without the comma, or a decimal point if that is meant", plain);
    } else if (entry->unit != NULL && entry->unit[0] != '\0' && is_digit(text[0])) {
        remedy = arena_printf(arena, "type the number alone; the unit stands beside it: %s",
                              entry->unit);
    }
    entry_complain(importer, entry, DIAGNOSTIC_E921,
                   entry->unit != NULL && entry->unit[0] != '\0'
                       ? arena_printf(arena, "a number, in %s", entry->unit)
                       : "a number",
                   remedy, "found %s, a text, where a number is wanted",
                   sheet_show(arena, entry_cell(entry)));
}

static bool is_money(const struct entry *entry)
{
    return entry->unit != NULL && strncmp(entry->unit, "GBP", 3) == 0;
}

static enum reading read_number_text(const struct importer *importer, const struct entry *entry,
                                     const char *typed, double *number)
{
    bool ambiguous = false;
    double value = 0.0;
    const char *text = on_one_line(importer->arena, typed);
    if (text_read_number(text, number) || import_read_typed(text, is_money(entry), number, NULL)) {
        return READ_GOOD;
    }
    (void)import_read_typed(text, is_money(entry), &value, &ambiguous);
    complain_text(importer, entry, text, ambiguous, value);
    return READ_BAD;
}

enum reading entry_number(const struct importer *importer, const struct entry *entry,
                          double *number)
{
    const struct sheet_cell *cell = entry_cell(entry);
    if (entry_is_blank(entry)) {
        return READ_BLANK;
    }
    if (refuse_anyway(importer, entry, cell)) {
        return READ_BAD;
    }
    if (cell->kind == SHEET_TEXT) {
        return read_number_text(importer, entry, cell->text, number);
    }
    if (cell->kind == SHEET_BOOLEAN || cell->is_date) {
        entry_complain(
            importer, entry, cell->is_date ? DIAGNOSTIC_E922 : DIAGNOSTIC_E925, "a number",
            cell->is_date ? "format the cell as a number, then type it again" : "type a number",
            "found %s, where a number is wanted", sheet_show(importer->arena, cell));
        return READ_BAD;
    }
    *number = cell->number;
    return READ_GOOD;
}

/* ---- years and choices ---- */

/* "2026-27", "2026/27", "2026-2027", with any dash; each means one year only. */
static bool read_year(struct arena *arena, const char *text, const char **year)
{
    static const char *const dashes[] = {"-", "/", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x91"};
    const char *rest = text + (strlen(text) < 4 ? strlen(text) : 4);
    for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; ++i) {
        if (strncmp(rest, dashes[i], strlen(dashes[i])) == 0) {
            const char *second = rest + strlen(dashes[i]);
            bool full = strlen(second) == 4 && strncmp(second, text, 2) == 0;
            int first_year = 0;
            *year = arena_printf(arena, "%.4s-%.8s", text, full ? second + 2 : second);
            return text_read_financial_year(*year, &first_year);
        }
    }
    return false;
}

enum reading entry_year(const struct importer *importer, const struct entry *entry,
                        const char **year)
{
    const struct sheet_cell *cell = entry_cell(entry);
    static const char allowed[] = "a financial year such as 2026-27";
    if (entry_is_blank(entry)) {
        return READ_BLANK;
    }
    if (refuse_anyway(importer, entry, cell)) {
        return READ_BAD;
    }
    if (cell->kind == SHEET_NUMBER && cell->is_date) {
        entry_complain(importer, entry, DIAGNOSTIC_E922, allowed,
                       "choose it from the list, or format the cell as text and type it again",
                       "found %s, where a financial year is wanted",
                       sheet_show(importer->arena, cell));
        return READ_BAD;
    }
    if (cell->kind == SHEET_TEXT &&
        read_year(importer->arena, on_one_line(importer->arena, cell->text), year)) {
        return READ_GOOD;
    }
    entry_complain(importer, entry, DIAGNOSTIC_E927, allowed, "choose it from the list", "found %s",
                   sheet_show(importer->arena, cell));
    return READ_BAD;
}

static void complain_choice(const struct importer *importer, const struct entry *entry,
                            const struct form_choices *choices, const char *words)
{
    struct arena *arena = importer->arena;
    const char **known = arena_array(arena, 2 * choices->n_items + 1, sizeof *known);
    for (size_t i = 0; i < choices->n_items; ++i) {
        known[i] = choices->items[i].words;
        known[choices->n_items + i] = choices->items[i].id;
    }
    const char *nearest = words != NULL ? text_nearest(words, known, 2 * choices->n_items) : NULL;
    entry_complain(importer, entry, DIAGNOSTIC_E927, "one of the list of this cell",
                   nearest != NULL ? arena_printf(arena, "did you mean \"%s\"?", nearest)
                                   : "choose it with the arrow beside the cell",
                   "found %s", sheet_show(arena, entry_cell(entry)));
}

enum reading entry_choice(const struct importer *importer, const struct entry *entry,
                          const struct form_choices *choices, const struct form_choice **choice)
{
    const struct sheet_cell *cell = entry_cell(entry);
    if (entry_is_blank(entry)) {
        return READ_BLANK;
    }
    if (refuse_anyway(importer, entry, cell)) {
        return READ_BAD;
    }
    const char *words = cell->kind == SHEET_TEXT ? on_one_line(importer->arena, cell->text) : NULL;
    if (cell->kind == SHEET_BOOLEAN) {
        words = cell->number != 0.0 ? "true" : "false"; /* a list of yes and no takes them */
    }
    *choice = words != NULL ? form_find_choice(choices, words) : NULL;
    if (*choice == NULL) {
        complain_choice(importer, entry, choices, words);
        return READ_BAD;
    }
    return READ_GOOD;
}
