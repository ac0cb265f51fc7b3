/* Splits a move over those who may have caused it, so that the parts add to it: the Shapley value
 * of a game whose players are groups of inputs, each old or new, and whose value is a figure of the
 * run on that mixture. Pure: it asks for values and does sums. docs/method.md, 9.4. */
#ifndef DIVIDEND_CAUSE_SHAPLEY_H
#define DIVIDEND_CAUSE_SHAPLEY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SHAPLEY_MOST_EXACT = 16, /* players whose 2^n mixtures are all looked at, at most */
    SHAPLEY_MOST_PAIRS = 4096
};

/* Several figures are split at once: a mixture gives all of them. */
struct shapley_game {
    size_t n_players, n_figures;
    /* Figures of the mixture in which the players with is_new [n_players] are new and all others
     * old. Each mixture is asked for once. A figure that a mixture does not have is NaN. */
    enum status (*value)(void *context, const bool *is_new, double *figures, struct error *error);
    void *context;
};

struct shapley_plan {
    bool exact;     /* all mixtures; needs n_players <= SHAPLEY_MOST_EXACT */
    size_t n_pairs; /* else: random orders, each also walked backwards; 1 .. SHAPLEY_MOST_PAIRS */
    uint64_t seed;  /* of these orders */
};

struct shapley_result {
    double *parts; /* [figure][player]; add to all_new - all_old, see shapley_split */
    double
        *errors; /* [figure][player]: standard error over the pairs; NaN where exact or one pair */
    double *all_old, *all_new; /* [figure] */
    size_t n_mixtures;         /* looked at */
};

/* How many mixtures a plan looks at, at most; SIZE_MAX where that is no number. */
size_t shapley_mixtures(size_t n_players, const struct shapley_plan *plan);

/* The parts of a figure, summed in order, are the move to the last bits: what rounding leaves over
 * goes to the largest. Where a mixture lacks a figure, all parts of that figure are NaN. Exchanging
 * old and new changes every sign, in the sampled form too: an order walked backwards is the same
 * order of the exchanged game. The result is freed by shapley_clear. */
enum status shapley_split(const struct shapley_game *game, const struct shapley_plan *plan,
                          struct shapley_result *result, struct error *error) MUST_CHECK;
void shapley_clear(struct shapley_result *result);

#endif
