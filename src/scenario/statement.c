#include "scenario/statement.h"

#include "base/text.h"

#include <string.h>

static const char *const signs[] = {
    [AT_LEAST] = ">=", [ABOVE] = ">", [AT_MOST] = "<=", [BELOW] = "<"};

const char *comparison_sign(enum comparison comparison)
{
    return signs[comparison];
}

bool comparison_holds(enum comparison comparison, double value, double bound)
{
    switch (comparison) {
    case AT_LEAST:
        return value >= bound;
    case ABOVE:
        return value > bound;
    case AT_MOST:
        return value <= bound;
    case BELOW:
        return value < bound;
    }
    return false;
}

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

/* Everything up to a space, a comparison or a bracket. */
static const char *take_measure(struct arena *arena, const char **text)
{
    size_t n = strcspn(*text, " \t<>=()");
    const char *measure = n > 0 ? arena_copy_span(arena, *text, n) : NULL;
    *text = skip_spaces(*text + n);
    return measure;
}

/* The longer signs stand before their beginnings. */
static bool take_comparison(const char **text, enum comparison *comparison)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; ++i) {
        size_t n = strlen(signs[i]);
        if (strncmp(*text, signs[i], n) == 0) {
            *comparison = (enum comparison)i;
            *text = skip_spaces(*text + n);
            return true;
        }
    }
    return false;
}

static bool take_number(const char **text, double *number)
{
    size_t n = strspn(*text, "+-0123456789.eE");
    char digits[64];
    if (n == 0 || n >= sizeof digits) {
        return false;
    }
    memcpy(digits, *text, n);
    digits[n] = '\0';
    *text = skip_spaces(*text + n);
    return text_read_number(digits, number);
}

static bool take_probability(struct arena *arena, const char **text, struct statement *out)
{
    *text = skip_spaces(*text);
    out->measure = take_measure(arena, text);
    if (out->measure == NULL || !take_comparison(text, &out->inner) ||
        !take_number(text, &out->threshold) || **text != ')') {
        return false;
    }
    *text = skip_spaces(*text + 1);
    return true;
}

bool statement_parse(struct arena *arena, const char *words, struct statement *out)
{
    const char *text = skip_spaces(words);
    *out = (struct statement){.words = words, .is_probability = strncmp(text, "prob(", 5) == 0};
    if (out->is_probability) {
        text += 5;
        if (!take_probability(arena, &text, out)) {
            return false;
        }
    } else {
        out->measure = take_measure(arena, &text);
    }
    bool whole = out->measure != NULL && take_comparison(&text, &out->comparison) &&
                 take_number(&text, &out->bound) && *text == '\0';
    return whole && (!out->is_probability || (out->bound >= 0.0 && out->bound <= 1.0));
}
