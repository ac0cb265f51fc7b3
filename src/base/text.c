#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_init(struct text *text)
{
    *text = (struct text){0};
}

void text_clear(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

void text_append_span(struct text *text, const char *bytes, size_t n_bytes)
{
    if (text->n_bytes + n_bytes + 1 > text->capacity) {
        size_t capacity = text->capacity < 128 ? 256 : 2 * text->capacity;
        text->capacity =
            capacity > text->n_bytes + n_bytes + 1 ? capacity : text->n_bytes + n_bytes + 1;
        text->bytes = memory_realloc(text->bytes, text->capacity);
    }
    if (n_bytes > 0) {
        memcpy(text->bytes + text->n_bytes, bytes, n_bytes);
    }
    text->n_bytes += n_bytes;
    text->bytes[text->n_bytes] = '\0';
}

void text_append(struct text *text, const char *bytes)
{
    text_append_span(text, bytes, strlen(bytes));
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n > 0) {
        char *bytes = memory_alloc((size_t)n + 1);
        (void)vsnprintf(bytes, (size_t)n + 1, format, again);
        text_append_span(text, bytes, (size_t)n);
        free(bytes);
    }
    va_end(again);
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool text_is_name(const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || n > 64 || !is_lower(text[0])) {
        return false;
    }
    for (size_t i = 1; i < n; ++i) {
        if (!is_lower(text[i]) && !is_digit(text[i]) && text[i] != '_') {
            return false;
        }
    }
    return true;
}

/* Bytes of the UTF-8 sequence at `bytes`, or 0 where it is not valid (overlong and surrogates
 * included). */
static size_t utf8_sequence(const unsigned char *bytes, size_t n)
{
    unsigned char first = bytes[0];
    if (first < 0x80) {
        return 1;
    }
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || length > n) {
        return 0;
    }
    for (size_t i = 1; i < length; ++i) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    unsigned char second = bytes[1];
    bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    bool outside = (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90);
    return overlong || outside ? 0 : length;
}

bool text_is_utf8(const char *bytes, size_t n_bytes)
{
    size_t i = 0;
    while (i < n_bytes) {
        size_t length = utf8_sequence((const unsigned char *)bytes + i, n_bytes - i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; ++text) {
        width += ((unsigned char)*text & 0xC0) != 0x80 ? 1 : 0;
    }
    return width;
}

enum { MAX_COMPARED = 64 };

size_t text_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > MAX_COMPARED || m > MAX_COMPARED) {
        return SIZE_MAX;
    }
    size_t row[MAX_COMPARED + 1];
    for (size_t j = 0; j <= m; ++j) {
        row[j] = j;
    }
    for (size_t i = 1; i <= n; ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; ++j) {
            size_t best = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            best = best < row[j] + 1 ? best : row[j] + 1;
            row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
        }
    }
    return row[m];
}

static const char *nearest_whole(const char *word, const char *const *candidates, size_t n)
{
    const char *nearest = NULL;
    size_t least = 1 + strlen(word) / 4 + 1;
    for (size_t i = 0; i < n; ++i) {
        size_t distance = text_distance(word, candidates[i]);
        if (distance < least) {
            least = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

/* Distance to the beginning of `whole` that ends before a `_` or a point; SIZE_MAX: it has none. */
static size_t beginning_distance(const char *word, const char *whole)
{
    size_t least = SIZE_MAX;
    for (const char *end = strpbrk(whole, "_."); end != NULL; end = strpbrk(end + 1, "_.")) {
        char beginning[MAX_COMPARED + 1];
        size_t length = (size_t)(end - whole);
        if (length > MAX_COMPARED) {
            break;
        }
        memcpy(beginning, whole, length);
        beginning[length] = '\0';
        size_t distance = text_distance(word, beginning);
        least = distance < least ? distance : least;
    }
    return least;
}

enum { SHORTEST_BEGINNING = 6 };

const char *text_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *nearest = nearest_whole(word, candidates, n);
    size_t least = 1 + strlen(word) / 8 + 1;
    if (nearest != NULL || strlen(word) < SHORTEST_BEGINNING) {
        return nearest;
    }
    for (size_t i = 0; i < n; ++i) {
        size_t distance = beginning_distance(word, candidates[i]);
        if (distance < least) {
            least = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

void text_format_exact(char buffer[32], double value)
{
    if (isnan(value)) {
        buffer[0] = '\0';
        return;
    }
    for (int digits = 15; digits <= 17; ++digits) {
        (void)snprintf(buffer, 32, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) {
            return;
        }
    }
}

void text_format_grouped(char buffer[48], double value, int decimals)
{
    if (!isfinite(value) || fabs(value) >= 1e24) {
        (void)snprintf(buffer, 48, "%g", value);
        return;
    }
    char plain[64];
    double scale = 1.0;
    for (int i = 0; i < decimals; ++i) {
        scale *= 10.0;
    }
    double rounded = fabs(value) < 1e15 / scale ? round(value * scale) / scale : value;
    (void)snprintf(plain, sizeof plain, "%.*f", decimals, fabs(rounded));
    size_t whole = strcspn(plain, ".");
    size_t n = 0;
    if (rounded < 0.0) {
        buffer[n++] = '-';
    }
    for (size_t i = 0; plain[i] != '\0' && n < 46; ++i) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) {
            buffer[n++] = ',';
        }
        buffer[n++] = plain[i];
    }
    buffer[n] = '\0';
}

/* The program never sets a locale, so that strtod reads a decimal point. */
bool text_read_number(const char *text, double *value)
{
    char *end = NULL;
    if (*text == '\0' || strspn(text, "0123456789.eE+-") != strlen(text)) {
        return false;
    }
    *value = strtod(text, &end);
    return *end == '\0' && *value - *value == 0.0;
}

bool text_read_financial_year(const char *text, int *first_year)
{
    if (strlen(text) != 7 || text[4] != '-') {
        return false;
    }
    for (size_t i = 0; i < 7; ++i) {
        if (i != 4 && !is_digit(text[i])) {
            return false;
        }
    }
    int year =
        (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
    int next = (text[5] - '0') * 10 + text[6] - '0';
    *first_year = year;
    return year >= 1900 && (year + 1) % 100 == next;
}

void text_format_financial_year(char buffer[16], int first_year)
{
    (void)snprintf(buffer, 16, "%04d-%02d", first_year, (first_year + 1) % 100);
}

uint64_t text_hash(const void *bytes, size_t n_bytes, uint64_t start)
{
    const unsigned char *byte = bytes;
    uint64_t hash = start;
    for (size_t i = 0; i < n_bytes; ++i) {
        hash = (hash ^ byte[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

bool text_has_ending(const char *text, const char *ending)
{
    size_t n = strlen(text), n_ending = strlen(ending);
    return n > n_ending && strcmp(text + n - n_ending, ending) == 0;
}

const char *text_plural(size_t n)
{
    return n == 1 ? "" : "s";
}
