/* A layer's item that was meant to replace another and misses its name. */
#include "base/text.h"
#include "scenario/scenario_private.h"

#include <ctype.h>
#include <string.h>

enum { SLIP_DISTANCE = 2 };

static bool is_used(const struct scenario_reader *reader, const struct parameter *parameter)
{
    const struct library *library = reader->library;
    for (size_t i = 0; i < library->models->n_models; ++i) {
        if (model_uses_parameter(&library->models->models[i], library->evidence, parameter)) {
            return true;
        }
    }
    for (size_t i = 0; i < library->n_all_scenarios; ++i) {
        if (scenario_share_uses(reader, library->all_scenarios[i], parameter)) {
            return true;
        }
    }
    return false;
}

/* falls_class_70 beside falls_class_75 is no slip. */
static bool differ_by_digits(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; ++a, ++b) {
        bool digits = isdigit((unsigned char)*a) && isdigit((unsigned char)*b);
        if (*a != *b && !digits) {
            return false;
        }
    }
    return *a == *b;
}

static bool is_near(const struct parameter *item, const struct parameter *other)
{
    return other->layer < item->layer && other->kind == item->kind &&
           text_distance(item->identity, other->identity) <= SLIP_DISTANCE &&
           !differ_by_digits(item->identity, other->identity);
}

void library_check_unused(const struct scenario_reader *reader)
{
    const struct evidence *evidence = reader->library->evidence;
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        const struct parameter *item = evidence->parameters[i];
        if (item->layer == 0 || item->replaced != NULL || is_used(reader, item)) {
            continue;
        }
        for (size_t k = 0; k < evidence->n_parameters; ++k) {
            const struct parameter *other = evidence->parameters[k];
            if (is_near(item, other) && is_used(reader, other)) {
                layer_complain(
                    reader->diagnostics, item->setting, DIAGNOSTIC_W825,
                    "items that something uses, or that replace another of the same name",
                    arena_printf(reader->arena,
                                 "if it is to replace that one, write \"%s\" and add "
                                 "replaces_because = \"...\"",
                                 other->short_name),
                    "nothing uses \"%s\", and \"%s\" (%s) is used as it was", item->identity,
                    other->identity, layer_place_words(reader->arena, other->setting));
                break;
            }
        }
    }
}
