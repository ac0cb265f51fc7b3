/* Rules about the evidence that a plan stands on. */
#include "base/text.h"
#include "evidence/layer.h"
#include "plan/plan.h"

#include <string.h>

/* Beyond it a price year is taken for a slip of the pen, as for the run's own. */
enum { DEFLATOR_REACH_YEARS = 10 };

static const char *year_words(struct arena *arena, int year)
{
    char words[16];
    text_format_financial_year(words, year);
    return arena_copy_text(arena, words);
}

static void check_price_year(const struct plan *plan, const struct parameter *parameter,
                             struct diagnostics *diagnostics)
{
    const struct deflator_pack *pack = plan->scenario->conventions.deflator;
    const struct setting *year = setting_find(parameter->setting, "price_year");
    int last = plan->deflator_last_year;
    if (parameter->price_year == 0 || year == NULL || pack == NULL) {
        return;
    }
    struct arena *arena = diagnostics->arena;
    const char *reach =
        arena_printf(arena, "%s to %s, the years of the pack \"%s\"",
                     year_words(arena, pack->first_year), year_words(arena, last), pack->id);
    if (parameter->price_year > last + DEFLATOR_REACH_YEARS ||
        parameter->price_year < pack->first_year - DEFLATOR_REACH_YEARS) {
        setting_complain(diagnostics, year, DIAGNOSTIC_E698, reach,
                         "correct the year, or choose a deflator pack that reaches it",
                         "\"%s\" is in prices of %s, which no deflator reaches",
                         parameter->identity, year_words(arena, parameter->price_year));
    } else if (parameter->price_year > last) {
        setting_complain(diagnostics, year, DIAGNOSTIC_W822, reach,
                         "check the year; the last growth rate is held for the years between",
                         "\"%s\" is in prices of %s, after the last deflator", parameter->identity,
                         year_words(arena, parameter->price_year));
    }
}

static const struct override *find_override(const struct scenario *scenario,
                                            const struct parameter *parameter)
{
    for (size_t i = 0; i < scenario->n_overrides; ++i) {
        if (scenario->overrides[i].parameter == parameter) {
            return &scenario->overrides[i];
        }
    }
    return NULL;
}

/* Replaced by a later layer than the one that wrote the derived figure, or by the scenario. */
static const struct setting *replacement_of(const struct plan *plan, const struct parameter *parent,
                                            const struct parameter *derived)
{
    const struct override *override = find_override(plan->scenario, parent);
    if (override != NULL) {
        return override->setting;
    }
    return parent->replaced != NULL && parent->layer > derived->layer ? parent->setting : NULL;
}

static void check_derivation(const struct plan *plan, const struct parameter *derived,
                             struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < derived->n_derived_from; ++i) {
        const struct parameter *parent =
            evidence_find(plan->library->evidence, derived->derived_from[i], NULL);
        const struct setting *replaced =
            parent != NULL ? replacement_of(plan, parent, derived) : NULL;
        if (replaced == NULL || find_override(plan->scenario, derived) != NULL) {
            continue;
        }
        layer_complain(
            diagnostics, replaced, DIAGNOSTIC_W826, "a derived figure that fits what it is from",
            arena_printf(diagnostics->arena,
                         "work \"%s\" out anew and replace it too; its note says how it was made "
                         "(`dividend explain`)",
                         derived->identity),
            "\"%s\" is replaced, and \"%s\" (%s), which was worked out from the earlier figure, "
            "is not",
            parent->identity, derived->identity,
            layer_place_words(diagnostics->arena, derived->setting));
    }
}

void plan_check_uses(const struct plan *plan, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < plan->n_uses; ++i) {
        const struct parameter *parameter = plan->uses[i].parameter;
        if (parameter != NULL) {
            check_price_year(plan, parameter, diagnostics);
            check_derivation(plan, parameter, diagnostics);
        }
    }
}
