#include "evidence/comparison.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

struct comparer {
    struct arena *arena;
    struct evidence_comparison *out;
    struct evidence_change *changes;
    size_t capacity;
    /* The pair that is being compared: */
    struct evidence_change pair;
};

static const char *number_words(struct arena *arena, double number)
{
    char buffer[32];
    text_format_exact(buffer, number);
    return arena_copy_text(arena, buffer);
}

static void add_change(struct comparer *comparer, const char *field, bool moves_results,
                       const char *old_words, const char *new_words)
{
    comparer->changes = arena_grow(comparer->arena, comparer->changes, comparer->out->n_changes,
                                   &comparer->capacity, sizeof *comparer->changes);
    struct evidence_change *change = &comparer->changes[comparer->out->n_changes++];
    *change = comparer->pair;
    change->field = field;
    change->moves_results = moves_results;
    change->old_words = old_words;
    change->new_words = new_words;
}

static bool is_same(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static void compare_words(struct comparer *comparer, const char *field, bool moves_results,
                          const char *old_words, const char *new_words)
{
    if (!is_same(old_words, new_words)) {
        add_change(comparer, field, moves_results, old_words, new_words);
    }
}

static const char *shares_words(struct arena *arena, const struct share *shares, size_t n)
{
    const char *words = NULL;
    for (size_t i = 0; i < n; ++i) {
        words =
            arena_printf(arena, "%s%s%s %s", words != NULL ? words : "", words != NULL ? "; " : "",
                         shares[i].sector, number_words(arena, shares[i].share));
    }
    return words;
}

static const char *cashable_words(struct arena *arena, const struct parameter *parameter)
{
    if (parameter->n_cashable_by_sector > 0) {
        return shares_words(arena, parameter->cashable_by_sector, parameter->n_cashable_by_sector);
    }
    return parameter->has_cashable ? number_words(arena, parameter->cashable) : NULL;
}

static const char *interval_words(struct arena *arena, const struct distribution *distribution)
{
    if (!distribution_is_uncertain(distribution)) {
        return NULL;
    }
    return arena_printf(arena, "%s to %s", number_words(arena, distribution->q025),
                        number_words(arena, distribution->q975));
}

static const char *year_words(struct arena *arena, int first_year)
{
    char buffer[16];
    if (first_year == 0) {
        return NULL;
    }
    text_format_financial_year(buffer, first_year);
    return arena_copy_text(arena, buffer);
}

static const char *plausible_words(struct arena *arena, const struct parameter *parameter)
{
    return parameter->plausible == NULL
               ? NULL
               : arena_printf(arena, "%s to %s", number_words(arena, parameter->plausible[0]),
                              number_words(arena, parameter->plausible[1]));
}

static const char *value_words(struct arena *arena, const struct parameter *parameter)
{
    double mean = parameter->distribution.mean;
    return isfinite(mean) ? number_words(arena, mean) : NULL;
}

/* The distribution with all its figures: a form that changes under the same mean and interval
 * still moves results. */
static const char *form_words(struct arena *arena, const struct parameter *parameter)
{
    const struct distribution *distribution = &parameter->distribution;
    const char *described = distribution_describe(arena, distribution);
    return distribution->reported == NULL || !distribution_is_uncertain(distribution)
               ? described
               : arena_printf(arena, "%s, from %s", described, distribution->reported);
}

static void compare_figures(struct comparer *comparer, const struct parameter *old,
                            const struct parameter *new)
{
    static const char *const value_types[] = {"fiscal", "economic", "social"};
    struct arena *arena = comparer->arena;
    compare_words(comparer, "value", true, value_words(arena, old), value_words(arena, new));
    compare_words(comparer, "interval", true, interval_words(arena, &old->distribution),
                  interval_words(arena, &new->distribution));
    compare_words(comparer, "form", true, form_words(arena, old), form_words(arena, new));
    compare_words(comparer, "kind", true, parameter_kind_name(old->kind),
                  parameter_kind_name(new->kind));
    compare_words(comparer, "unit", true, old->unit, new->unit);
    compare_words(comparer, "price_year", true, year_words(arena, old->price_year),
                  year_words(arena, new->price_year));
    compare_words(comparer, "grade", true, number_words(arena, old->grade),
                  number_words(arena, new->grade));
    compare_words(comparer, "split", true, shares_words(arena, old->split, old->n_split),
                  shares_words(arena, new->split, new->n_split));
    compare_words(comparer, "cashable", true, cashable_words(arena, old),
                  cashable_words(arena, new));
    compare_words(comparer, "value_type", true, value_types[old->value_type],
                  value_types[new->value_type]);
    compare_words(comparer, "transfer_from", true, old->transfer_from, new->transfer_from);
    compare_words(comparer, "real_growth", true, number_words(arena, old->real_growth),
                  number_words(arena, new->real_growth));
    compare_words(comparer, "plausible", true, plausible_words(arena, old),
                  plausible_words(arena, new));
}

static void compare_parameters(struct comparer *comparer, const struct parameter *old,
                               const struct parameter *new)
{
    size_t n_before = comparer->out->n_changes;
    comparer->pair = (struct evidence_change){.kind = EVIDENCE_CHANGED,
                                              .id = new->identity,
                                              .parameter = new,
                                              .old_setting = old->setting,
                                              .new_setting = new->setting};
    compare_figures(comparer, old, new);
    compare_words(comparer, "source", false, old->source_id, new->source_id);
    compare_words(comparer, "locator", false, old->locator, new->locator);
    compare_words(comparer, "version", false, old->version, new->version);
    compare_words(comparer, "review_by", false, old->review_by, new->review_by);
    compare_words(comparer, "label", false, old->label, new->label);
    compare_words(comparer, "applies_to", false, old->applies_to, new->applies_to);
    compare_words(comparer, "reason", false, old->reason, new->reason);
    compare_words(comparer, "owner", false, old->owner, new->owner);
    compare_words(comparer, "note", false, old->note, new->note);
    if (comparer->out->n_changes > n_before) {
        comparer->out->n_changed++;
    } else {
        comparer->out->n_same++;
    }
}

static void add_parameter(struct comparer *comparer, const struct parameter *parameter,
                          enum evidence_change_kind kind)
{
    bool added = kind == EVIDENCE_ADDED;
    const char *words = form_words(comparer->arena, parameter);
    comparer->pair = (struct evidence_change){.kind = kind,
                                              .id = parameter->identity,
                                              .parameter = parameter,
                                              .old_setting = added ? NULL : parameter->setting,
                                              .new_setting = added ? parameter->setting : NULL};
    add_change(comparer, "value", true, added ? NULL : words, added ? words : NULL);
    comparer->out->n_added += added ? 1 : 0;
    comparer->out->n_removed += added ? 0 : 1;
}

/* "popp_national_2009 (popp.return_per_pound)" for each earlier source. */
static const char *supersedes_words(struct arena *arena, const struct source *source)
{
    const char *words = NULL;
    for (size_t k = 0; k < source->n_supersedes; ++k) {
        const struct supersession *one = &source->supersedes[k];
        const char *items = NULL;
        for (size_t i = 0; i < one->n_items; ++i) {
            items =
                arena_printf(arena, "%s%s", items != NULL ? arena_printf(arena, "%s, ", items) : "",
                             one->items[i]);
        }
        const char *this_one =
            items == NULL ? one->source_id : arena_printf(arena, "%s (%s)", one->source_id, items);
        words = words == NULL ? this_one : arena_printf(arena, "%s; %s", words, this_one);
    }
    return words;
}

static void compare_sources(struct comparer *comparer, const struct source *old,
                            const struct source *new)
{
    struct arena *arena = comparer->arena;
    size_t n_before = comparer->out->n_changes;
    comparer->pair = (struct evidence_change){.kind = EVIDENCE_CHANGED,
                                              .id = new->id,
                                              .source = new,
                                              .old_setting = old->setting,
                                              .new_setting = new->setting};
    compare_words(comparer, "citation", false, old->citation, new->citation);
    compare_words(comparer, "year", false, old->year == 0 ? NULL : number_words(arena, old->year),
                  new->year == 0 ? NULL : number_words(arena, new->year));
    compare_words(comparer, "supersedes", false, supersedes_words(arena, old),
                  supersedes_words(arena, new));
    compare_words(comparer, "confidence", false, old->confidence, new->confidence);
    compare_words(comparer, "url", false, old->url, new->url);
    compare_words(comparer, "accessed", false, old->accessed, new->accessed);
    compare_words(comparer, "licence", false, old->licence, new->licence);
    comparer->out->n_sources_changed += comparer->out->n_changes > n_before ? 1 : 0;
}

static void add_source(struct comparer *comparer, const struct source *source,
                       enum evidence_change_kind kind)
{
    bool added = kind == EVIDENCE_ADDED;
    comparer->pair = (struct evidence_change){.kind = kind,
                                              .id = source->id,
                                              .source = source,
                                              .old_setting = added ? NULL : source->setting,
                                              .new_setting = added ? source->setting : NULL};
    add_change(comparer, "citation", false, added ? NULL : source->citation,
               added ? source->citation : NULL);
    comparer->out->n_sources_added += added ? 1 : 0;
    comparer->out->n_sources_removed += added ? 0 : 1;
}

/* Both lists are sorted by id: they are walked together. */
struct evidence_comparison evidence_compare(struct arena *arena, const struct evidence *earlier,
                                            const struct evidence *later)
{
    struct evidence_comparison out = {0};
    struct comparer comparer = {.arena = arena, .out = &out};
    size_t i = 0, k = 0;
    while (i < earlier->n_parameters || k < later->n_parameters) {
        int order = i == earlier->n_parameters ? 1
                    : k == later->n_parameters
                        ? -1
                        : strcmp(earlier->parameters[i]->identity, later->parameters[k]->identity);
        if (order == 0) {
            compare_parameters(&comparer, earlier->parameters[i++], later->parameters[k++]);
        } else if (order < 0) {
            add_parameter(&comparer, earlier->parameters[i++], EVIDENCE_REMOVED);
        } else {
            add_parameter(&comparer, later->parameters[k++], EVIDENCE_ADDED);
        }
    }
    i = k = 0;
    while (i < earlier->n_sources || k < later->n_sources) {
        int order = i == earlier->n_sources ? 1
                    : k == later->n_sources
                        ? -1
                        : strcmp(earlier->sources[i]->id, later->sources[k]->id);
        if (order == 0) {
            compare_sources(&comparer, earlier->sources[i++], later->sources[k++]);
        } else if (order < 0) {
            add_source(&comparer, earlier->sources[i++], EVIDENCE_REMOVED);
        } else {
            add_source(&comparer, later->sources[k++], EVIDENCE_ADDED);
        }
    }
    out.changes = comparer.changes;
    return out;
}
