#include "difference/difference.h"

#include "difference/difference_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const double DIFFERENCE_ERRORS = 3.0;

/* What is written with 17 digits and read back is the same; sums in another order are not. */
static const double SAME_RELATIVE = 1e-12;

const char *difference_verdict_name(enum difference_verdict verdict)
{
    static const char *const names[N_VERDICTS] = {[VERDICT_SAME] = "same",
                                                  [VERDICT_MOVED] = "moved",
                                                  [VERDICT_MOVED_SLIGHTLY] = "moved_slightly",
                                                  [VERDICT_NOISE] = "noise",
                                                  [VERDICT_ADDED] = "added",
                                                  [VERDICT_REMOVED] = "removed"};
    return names[verdict];
}

const struct results_scenario *results_scenario_find(const struct results *results, const char *id)
{
    for (size_t i = 0; i < results->n_scenarios; ++i) {
        if (strcmp(results->scenarios[i].id, id) == 0) {
            return &results->scenarios[i];
        }
    }
    return NULL;
}

const char *results_setting_find(const struct results_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->n_items; ++i) {
        if (strcmp(settings->items[i].name, name) == 0) {
            return settings->items[i].value;
        }
    }
    return "";
}

/* ---- which scenario ---- */

void scenario_index_init(struct scenario_index *index, const struct results *results)
{
    index->results = results;
    lookup_init(&index->lookup, 1);
    for (size_t i = 0; i < results->n_scenarios; ++i) {
        lookup_add(&index->lookup, &results->scenarios[i].id, i);
    }
}

const struct results_scenario *scenario_index_find(const struct scenario_index *index,
                                                   const char *id)
{
    size_t at = lookup_find(&index->lookup, &id);
    return at != SIZE_MAX ? &index->results->scenarios[at] : NULL;
}

/* ---- figures ---- */

static bool is_one_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof((words)[0]))

static enum difference_rank rank_of(const struct results_figure *figure, const char *perspective)
{
    static const char *const nets[] = {"net", "net_cash"};
    static const char *const shown[] = {
        "pv_cost",         "pv_cashable",   "pv_non_cashable",     "bcr",
        "return_cashable", "return_fiscal", "return_public_value", "payback_year_discounted",
        "cost_per_qaly",   "cost",          "net_monetary_benefit"};
    static const char *const totals[] = {"qalys", "outcome"};
    const char *measure = figure->key[KEY_MEASURE], *who = figure->key[KEY_WHO];
    bool own = strcmp(who, perspective) == 0;
    if (IS_ONE_OF(measure, nets) && !figure->in_options) {
        return own                                       ? RANK_HEADLINE
               : strcmp(figure->who_kind, "sector") == 0 ? RANK_PARTNER
                                                         : RANK_OTHER;
    }
    bool of_all = strcmp(who, "total") == 0 && IS_ONE_OF(measure, totals);
    return of_all || (own && IS_ONE_OF(measure, shown)) ? RANK_PERSPECTIVE : RANK_OTHER;
}

static bool is_same(double a, double b)
{
    return a == b || fabs(a - b) <= SAME_RELATIVE * fmax(fabs(a), fabs(b));
}

/* Monte Carlo errors of two means are taken as independent: with common random numbers that is too
 * wide, never too narrow, as draws of the same numbers move together. */
static void judge(struct difference_figure *figure, bool common)
{
    const struct results_figure *old = figure->old, *now = figure->now;
    bool was = old != NULL && isfinite(old->value), is = now != NULL && isfinite(now->value);
    figure->change = figure->relative = figure->in_errors = NAN;
    if (!was || !is) {
        figure->verdict = is || (!was && old == NULL) ? VERDICT_ADDED : VERDICT_REMOVED;
        figure->verdict =
            !was && !is && old != NULL && now != NULL ? VERDICT_SAME : figure->verdict;
        return;
    }
    double error = hypot(old->mc_se, now->mc_se);
    figure->change = now->value - old->value;
    figure->relative = old->value != 0.0 ? figure->change / fabs(old->value) : (double)NAN;
    figure->in_errors = error > 0.0 ? fabs(figure->change) / error : (double)NAN;
    figure->verdict = is_same(old->value, now->value)                           ? VERDICT_SAME
                      : !(error > 0.0) || figure->in_errors > DIFFERENCE_ERRORS ? VERDICT_MOVED
                      : common ? VERDICT_MOVED_SLIGHTLY
                               : VERDICT_NOISE;
}

/* Random numbers are those of another run where any of these differ, or the draws of a scenario. */
static bool has_common_numbers(const struct results *old, const struct results *now)
{
    static const char *const names[] = {"seed", "sampling", "scramblings", "generator"};
    bool common = strcmp(old->version, now->version) == 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        common = common && strcmp(results_setting_find(&old->settings, names[i]),
                                  results_setting_find(&now->settings, names[i])) == 0;
    }
    return common;
}

static bool same_draws(const struct results_scenario *old, const struct results_scenario *now)
{
    return old != NULL && now != NULL &&
           strcmp(results_setting_find(&old->settings, "draws"),
                  results_setting_find(&now->settings, "draws")) == 0;
}

static void compare_figure(const struct comparing *comparing, const struct results_figure *old,
                           const struct results_figure *now, struct difference_figure *out)
{
    assert(old != NULL || now != NULL);
    const char *id = (now != NULL ? now : old)->key[KEY_SCENARIO];
    const struct results_scenario *was = scenario_index_find(&comparing->old_scenarios, id);
    const struct results_scenario *is = scenario_index_find(&comparing->now_scenarios, id);
    *out = (struct difference_figure){.old = old, .now = now};
    out->rank = rank_of(now != NULL ? now : old, (is != NULL ? is : was)->perspective);
    judge(out, comparing->difference->common_numbers && same_draws(was, is));
}

/* Of the new run in its order, then what the earlier one alone has. */
static size_t pair_figures(struct comparing *comparing, struct difference_figure *out)
{
    const struct results *old = comparing->difference->old, *now = comparing->difference->now;
    struct lookup of_old, of_now;
    size_t n = 0;
    lookup_init(&of_old, N_RESULTS_KEYS);
    lookup_init(&of_now, N_RESULTS_KEYS);
    for (size_t i = 0; i < old->n_figures; ++i) {
        lookup_add(&of_old, old->figures[i].key, i);
    }
    for (size_t i = 0; i < now->n_figures; ++i) {
        size_t at = lookup_find(&of_old, now->figures[i].key);
        lookup_add(&of_now, now->figures[i].key, i);
        compare_figure(comparing, at != SIZE_MAX ? &old->figures[at] : NULL, &now->figures[i],
                       &out[n++]);
    }
    for (size_t i = 0; i < old->n_figures; ++i) {
        if (lookup_find(&of_now, old->figures[i].key) == SIZE_MAX) {
            compare_figure(comparing, &old->figures[i], NULL, &out[n++]);
        }
    }
    lookup_clear(&of_old);
    lookup_clear(&of_now);
    return n;
}

static void compare_figures(struct comparing *comparing)
{
    struct difference *difference = comparing->difference;
    size_t most = difference->old->n_figures + difference->now->n_figures + 1, n = 0;
    struct difference_figure *paired = memory_array(most, sizeof *paired);
    size_t n_paired = pair_figures(comparing, paired);
    struct difference_figure *sorted = arena_array(comparing->arena, n_paired + 1, sizeof *sorted);
    for (size_t rank = 0; rank < N_RANKS; ++rank) {
        for (size_t i = 0; i < n_paired; ++i) {
            if (paired[i].rank == (enum difference_rank)rank) {
                ++difference->n_of[paired[i].verdict];
                sorted[n++] = paired[i];
            }
        }
    }
    free(paired);
    difference->figures = sorted;
    difference->n_figures = n;
}

/* ---- scenarios ---- */

/* Ids that `of` has and the other has not. */
static const char *const *only_in(struct arena *arena, const struct results *of,
                                  const struct scenario_index *other, size_t *n)
{
    const char **ids = arena_array(arena, of->n_scenarios + 1, sizeof *ids);
    *n = 0;
    for (size_t i = 0; i < of->n_scenarios; ++i) {
        if (scenario_index_find(other, of->scenarios[i].id) == NULL) {
            ids[(*n)++] = of->scenarios[i].id;
        }
    }
    return ids;
}

const struct difference *difference_make(struct arena *arena, const struct results *old,
                                         const struct results *now)
{
    struct difference *difference = arena_array(arena, 1, sizeof *difference);
    struct comparing comparing = {.arena = arena, .difference = difference};
    difference->old = old;
    difference->now = now;
    difference->common_numbers = has_common_numbers(old, now);
    scenario_index_init(&comparing.old_scenarios, old);
    scenario_index_init(&comparing.now_scenarios, now);
    difference->added = only_in(arena, now, &comparing.old_scenarios, &difference->n_added);
    difference->removed = only_in(arena, old, &comparing.now_scenarios, &difference->n_removed);
    compare_figures(&comparing);
    compare_inputs(&comparing);
    compare_decisions(&comparing);
    lookup_clear(&comparing.old_scenarios.lookup);
    lookup_clear(&comparing.now_scenarios.lookup);
    return difference;
}

bool difference_is_empty(const struct difference *difference)
{
    return difference->n_of[VERDICT_SAME] == difference->n_figures && difference->n_inputs == 0 &&
           difference->n_decisions == 0 && difference->n_added == 0 && difference->n_removed == 0;
}
