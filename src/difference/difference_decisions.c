/* Decisions flipped: the sign of a scenario's net, of a partner's cash, the year of payback, the
 * best option, the best set of a portfolio, the verdict of a deal. */
#include "difference/difference_private.h"

#include <math.h>
#include <string.h>

struct decision_list {
    struct arena *arena;
    struct difference_decision *items;
    size_t n_items, capacity;
};

static void add_decision(struct decision_list *list, const struct difference_decision *decision)
{
    if (strcmp(decision->old, decision->now) != 0) {
        list->items = arena_grow(list->arena, list->items, list->n_items, &list->capacity,
                                 sizeof *list->items);
        list->items[list->n_items++] = *decision;
    }
}

/* ---- of figures ---- */

static const char *sign_words(double value)
{
    return value < 0.0 ? "loses" : value > 0.0 ? "gains" : "neither gains nor loses";
}

static const char *payback_words(struct arena *arena, const struct results_scenario *scenario,
                                 double year)
{
    char words[16];
    if (!isfinite(year)) {
        return "not within the horizon";
    }
    if (scenario->start_year == 0) {
        return arena_printf(arena, "model year %.0f", year);
    }
    text_format_financial_year(words, scenario->start_year + (int)floor(year));
    return arena_copy_text(arena, words);
}

static void judge_sign(struct decision_list *list, const struct difference_figure *figure,
                       const char *what)
{
    add_decision(list, &(struct difference_decision){.scenario = figure->now->key[KEY_SCENARIO],
                                                     .who = figure->now->key[KEY_WHO],
                                                     .what = what,
                                                     .old = sign_words(figure->old->value),
                                                     .now = sign_words(figure->now->value),
                                                     .old_p_nonneg = figure->old->p_nonneg,
                                                     .now_p_nonneg = figure->now->p_nonneg,
                                                     .verdict = figure->verdict});
}

static void judge_payback(struct comparing *comparing, struct decision_list *list,
                          const struct difference_figure *figure)
{
    const char *id = figure->now->key[KEY_SCENARIO];
    const struct results_scenario *was = scenario_index_find(&comparing->old_scenarios, id);
    const struct results_scenario *is = scenario_index_find(&comparing->now_scenarios, id);
    /* a year has no standard error: its verdict is that of the comparison of years */
    add_decision(list,
                 &(struct difference_decision){
                     .scenario = id,
                     .who = figure->now->key[KEY_WHO],
                     .what = "year of discounted payback",
                     .old = payback_words(comparing->arena, was, figure->old->value),
                     .now = payback_words(comparing->arena, is, figure->now->value),
                     .old_p_nonneg = (double)NAN,
                     .now_p_nonneg = (double)NAN,
                     .verdict = figure->verdict == VERDICT_SAME ? VERDICT_MOVED : figure->verdict});
}

static void judge_figure(struct comparing *comparing, struct decision_list *list,
                         const struct difference_figure *figure)
{
    if (figure->old == NULL || figure->now == NULL) {
        return;
    }
    const char *measure = figure->now->key[KEY_MEASURE];
    bool sector = strcmp(figure->now->who_kind, "sector") == 0;
    bool values = isfinite(figure->old->value) && isfinite(figure->now->value);
    if (figure->rank == RANK_HEADLINE && values && strcmp(measure, "net") == 0) {
        judge_sign(list, figure, "sign of net present value");
    } else if (sector && values && strcmp(measure, "net_cash") == 0) {
        judge_sign(list, figure, "sign of net cash");
    } else if (figure->rank == RANK_PERSPECTIVE &&
               strcmp(measure, "payback_year_discounted") == 0) {
        judge_payback(comparing, list, figure);
    }
}

/* ---- the best option at a threshold ---- */

/* Options of one scenario, who and threshold, in the order of the new run. */
struct contest {
    const char *key[3];
    const struct difference_figure *best_old, *best_now; /* NULL none */
};

struct contests {
    struct contest *items;
    size_t n_items, capacity;
    struct lookup lookup;
};

static struct contest *contest_of(struct arena *arena, struct contests *contests,
                                  const struct results_figure *figure)
{
    const char **key = arena_array(arena, 3, sizeof *key);
    key[0] = figure->key[KEY_SCENARIO];
    key[1] = figure->key[KEY_WHO];
    key[2] = figure->key[KEY_ITEM];
    size_t at = lookup_find(&contests->lookup, key);
    if (at == SIZE_MAX) {
        contests->items = arena_grow(arena, contests->items, contests->n_items, &contests->capacity,
                                     sizeof *contests->items);
        at = contests->n_items++;
        contests->items[at] = (struct contest){.key = {key[0], key[1], key[2]}};
        lookup_add(&contests->lookup, key, at);
    }
    return &contests->items[at];
}

/* The first of equals, as the order of options has it. */
static void enter(struct contest *contest, const struct difference_figure *figure)
{
    const struct results_figure *old = figure->old, *now = figure->now;
    if (old != NULL && isfinite(old->value) &&
        (contest->best_old == NULL || old->value > contest->best_old->old->value)) {
        contest->best_old = figure;
    }
    if (now != NULL && isfinite(now->value) &&
        (contest->best_now == NULL || now->value > contest->best_now->now->value)) {
        contest->best_now = figure;
    }
}

static void judge_options(struct comparing *comparing, struct decision_list *list)
{
    const struct difference *difference = comparing->difference;
    struct contests contests = {0};
    lookup_init(&contests.lookup, 3);
    for (size_t i = 0; i < difference->n_figures; ++i) {
        const struct difference_figure *figure = &difference->figures[i];
        const struct results_figure *there = figure->now != NULL ? figure->now : figure->old;
        if (figure->rank == RANK_PERSPECTIVE && there->in_options &&
            strcmp(there->key[KEY_MEASURE], "net_monetary_benefit") == 0) {
            enter(contest_of(comparing->arena, &contests, there), figure);
        }
    }
    for (size_t i = 0; i < contests.n_items; ++i) {
        const struct contest *contest = &contests.items[i];
        if (contest->best_old != NULL && contest->best_now != NULL) {
            add_decision(
                list, &(struct difference_decision){
                          .scenario = contest->key[0],
                          .who = contest->key[1],
                          .what = arena_printf(comparing->arena, "best option at %s GBP per QALY",
                                               contest->key[2]),
                          .old = contest->best_old->old->key[KEY_OPTION],
                          .now = contest->best_now->now->key[KEY_OPTION],
                          .old_p_nonneg = (double)NAN,
                          .now_p_nonneg = (double)NAN,
                          .verdict = contest->best_now->verdict});
        }
    }
    lookup_clear(&contests.lookup);
}

/* ---- portfolios ---- */

static void judge_choices(struct comparing *comparing, struct decision_list *list)
{
    const struct results *old = comparing->difference->old, *now = comparing->difference->now;
    struct lookup of_old;
    lookup_init(&of_old, 3);
    for (size_t i = 0; i < old->n_choices; ++i) {
        lookup_add(&of_old, old->choices[i].key, i);
    }
    for (size_t i = 0; i < now->n_choices; ++i) {
        const struct results_choice *choice = &now->choices[i];
        size_t at = lookup_find(&of_old, choice->key);
        if (at != SIZE_MAX) {
            add_decision(list, &(struct difference_decision){.scenario = choice->key[0],
                                                             .who = choice->key[1],
                                                             .what = choice->key[2],
                                                             .old = old->choices[at].words,
                                                             .now = choice->words,
                                                             .old_p_nonneg = (double)NAN,
                                                             .now_p_nonneg = (double)NAN,
                                                             .verdict = VERDICT_MOVED});
        }
    }
    lookup_clear(&of_old);
}

void compare_decisions(struct comparing *comparing)
{
    struct difference *difference = comparing->difference;
    struct decision_list list = {.arena = comparing->arena};
    for (size_t i = 0; i < difference->n_figures; ++i) {
        judge_figure(comparing, &list, &difference->figures[i]);
    }
    judge_options(comparing, &list);
    judge_choices(comparing, &list);
    difference->decisions = list.items;
    difference->n_decisions = list.n_items;
}
