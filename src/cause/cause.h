/* Why figures moved between two runs: for each scenario or portfolio, its moved figures split over
 * the causes. Made by batch/, which can run things; shown by report/. */
#ifndef DIVIDEND_CAUSE_CAUSE_H
#define DIVIDEND_CAUSE_CAUSE_H

#include "cause/mixture.h"
#include "difference/difference.h"

enum cause_method {
    CAUSE_ALONE,    /* one cause: the whole move is its */
    CAUSE_EXACT,    /* all mixtures */
    CAUSE_SAMPLED,  /* random orders, which add up all the same */
    CAUSE_TOGETHER, /* several causes that were not told apart; `note` says why */
    N_CAUSE_METHODS
};

const char *cause_method_name(enum cause_method method); /* "exact" */

/* Causes that are no group of inputs have kinds of their own: "random_numbers" (seed, draws),
 * "program" (another version of it), "other" (what no part of the fingerprints shows). */
struct cause_split {
    const struct cause_unit *unit;
    const struct cause_group *causes;
    size_t n_causes;
    const struct difference_figure *const *figures; /* moved, with a value on both sides */
    size_t n_figures;
    /* [figure][cause], adding to the figure's change to 1e-9 of it or better; NaN: some mixture has
     * no such figure, and its parts are not known. */
    const double *parts;
    const double *errors; /* [figure][cause]: standard errors of sampled parts; else NaN */
    enum cause_method method;
    size_t n_mixtures, n_pairs; /* run; of sampled orders */
    const char *note;           /* why causes are not told apart, or more coarsely; "" */
};

/* Where the split of a figure stands. */
struct cause_place {
    const struct cause_split *split; /* NULL: it was not split */
    size_t row;
};

struct cause_splits {
    const struct cause_split *items; /* in the order of the figures */
    size_t n_items;
    const struct difference_figure *figures; /* all of the comparison */
    const struct cause_place *places;        /* one each */
};

/* The split of a figure and its row in it; NULL where it has none. */
const struct cause_split *cause_splits_find(const struct cause_splits *splits,
                                            const struct difference_figure *figure, size_t *row);

#endif
