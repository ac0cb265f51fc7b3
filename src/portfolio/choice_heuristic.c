/* Good answers without proof: greedy, then exchanges. They start the exact search and stand in for
 * it where it is stopped. */
#include "base/arena.h"
#include "portfolio/choice_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SWEEPS = 20 };

struct trial {
    struct search *search;
    uint8_t level[CHOICE_MAX_PROGRAMMES];
    double *used; /* [n_rows] */
};

static const double *use_of(const struct search *search, size_t programme, size_t level)
{
    return search->budgets.use +
           (search->problem->first_level[programme] + level - 1) * search->budgets.n_rows;
}

static void trial_set(struct trial *trial, size_t programme, size_t level)
{
    const struct search *search = trial->search;
    size_t n_rows = search->budgets.n_rows, before = trial->level[programme];
    for (size_t r = 0; before > 0 && r < n_rows; ++r) {
        trial->used[r] -= use_of(search, programme, before)[r];
    }
    for (size_t r = 0; level > 0 && r < n_rows; ++r) {
        trial->used[r] += use_of(search, programme, level)[r];
    }
    trial->level[programme] = (uint8_t)level;
}

static void trial_start(struct search *search, const uint8_t *level, struct trial *trial)
{
    *trial = (struct trial){.search = search,
                            .used = memory_array(search->budgets.n_rows + 1, sizeof(double))};
    for (size_t i = 0; i < search->problem->n_programmes; ++i) {
        trial_set(trial, i, level[i]);
    }
}

static bool trial_fits(const struct trial *trial)
{
    const struct budgets *budgets = &trial->search->budgets;
    size_t excess = 0;
    for (size_t r = 0; r < budgets->n_rows; ++r) {
        excess += trial->used[r] > budgets->limit[r];
    }
    return excess == 0;
}

static bool keeps_rules(const struct trial *trial)
{
    const struct choice_problem *problem = trial->search->problem;
    for (size_t r = 0; r < problem->n_rules; ++r) {
        const struct choice_rule *rule = &problem->rules[r];
        bool a = trial->level[rule->a] != CHOICE_OFF, b = trial->level[rule->b] != CHOICE_OFF;
        if (a && b == (rule->relation == CHOICE_EXCLUDES)) {
            return false;
        }
    }
    return true;
}

static double trial_value(const struct trial *trial)
{
    struct candidate candidate;
    candidate_make(trial->search->problem, trial->search->aim, trial->level, &candidate);
    return candidate.value;
}

/* ---- greedy ---- */

/* Gain for the share of budgets used; of a ratio the ratio itself. -INFINITY: not a step. */
static double rate_step(struct trial *trial, size_t programme, size_t level, double value)
{
    const struct search *search = trial->search;
    size_t before = trial->level[programme];
    double share = 1e-9, rating = -INFINITY;
    trial_set(trial, programme, level);
    if (trial_fits(trial) && keeps_rules(trial)) {
        double after = trial_value(trial);
        for (size_t r = 0; r < search->budgets.n_rows; ++r) {
            double more = use_of(search, programme, level)[r];
            share += fmax(0.0, before > 0 ? more - use_of(search, programme, before)[r] : more);
        }
        if (after > value) {
            rating = search->aim->is_ratio ? after : (after - value) / share;
        }
    }
    trial_set(trial, programme, before);
    return rating;
}

static bool take_best_step(struct trial *trial)
{
    const struct search *search = trial->search;
    size_t best_programme = 0, best_level = 0;
    double best = -INFINITY, value = trial_value(trial);
    for (size_t i = 0; i < search->problem->n_programmes; ++i) {
        for (size_t l = trial->level[i] + (size_t)1; l <= search->frame.most[i]; ++l) {
            double rating = rate_step(trial, i, l, value);
            if (rating > best) {
                best = rating;
                best_programme = i;
                best_level = l;
            }
        }
    }
    if (best == -(double)INFINITY) {
        return false;
    }
    trial_set(trial, best_programme, best_level);
    return true;
}

void search_greedy(struct search *search)
{
    struct trial trial;
    trial_start(search, search->frame.least, &trial);
    (void)search_offer(search, trial.level);
    while (take_best_step(&trial)) {
        (void)search_offer(search, trial.level);
    }
    free(trial.used);
}

/* ---- exchanges ---- */

static bool offer_trial(struct trial *trial)
{
    return trial_fits(trial) && keeps_rules(trial) && search_offer(trial->search, trial->level);
}

/* The levels of i and j as given; back again where that is no better. */
static bool try_pair(struct trial *trial, size_t i, size_t level_i, size_t j, size_t level_j)
{
    size_t before_i = trial->level[i], before_j = trial->level[j];
    if (level_i == before_i && level_j == before_j) {
        return false;
    }
    trial_set(trial, i, level_i);
    trial_set(trial, j, level_j);
    if (offer_trial(trial)) {
        return true;
    }
    trial_set(trial, j, before_j);
    trial_set(trial, i, before_i);
    return false;
}

static bool sweep_pair(struct trial *trial, size_t i, size_t j)
{
    const struct frame *frame = &trial->search->frame;
    bool improved = false;
    for (size_t l = frame->least[i]; l <= frame->most[i]; ++l) {
        for (size_t m = frame->least[j]; m <= frame->most[j]; ++m) {
            improved = try_pair(trial, i, l, j, m) || improved;
        }
    }
    return improved;
}

static bool sweep(struct trial *trial)
{
    size_t n = trial->search->problem->n_programmes;
    const struct frame *frame = &trial->search->frame;
    bool improved = false;
    for (size_t i = 0; i < n; ++i) {
        for (size_t l = frame->least[i]; l <= frame->most[i]; ++l) {
            improved = try_pair(trial, i, l, i, l) || improved;
        }
        for (size_t j = i + 1; j < n; ++j) {
            improved = sweep_pair(trial, i, j) || improved;
        }
    }
    return improved;
}

void search_exchange(struct search *search)
{
    if (!search->best.found) {
        return;
    }
    struct trial trial;
    trial_start(search, search->best.level, &trial);
    for (size_t k = 0; k < MAX_SWEEPS && sweep(&trial); ++k) {
    }
    free(trial.used);
}
