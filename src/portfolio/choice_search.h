/* The state of one depth-first search. Private to portfolio. */
#ifndef DIVIDEND_PORTFOLIO_CHOICE_SEARCH_H
#define DIVIDEND_PORTFOLIO_CHOICE_SEARCH_H

#include "portfolio/choice_view.h"

/* The draws of one chance along the path. Sums are made when first asked for. */
struct chance_path {
    const struct choice_chance *chance;
    double *sums;   /* [n_programmes + 1][n_draws] */
    double *best;   /* [n_programmes + 1][n_draws]: the most that what is undecided can add */
    size_t n_valid; /* positions whose sums are of this path */
    double slack;   /* for rounding: the last word is choice_is_feasible's */
};

enum { VIEW_PLAIN, VIEW_PRICED, N_OBJECTIVE_VIEWS };

struct search {
    const struct choice_problem *problem;
    const struct choice_aim *aim;
    struct frame frame;
    struct budgets budgets;
    double *prices;
    struct view objective[N_OBJECTIVE_VIEWS]; /* of a ratio: numerator - best ratio x denominator */
    struct view most_denominator, least_denominator;
    struct view *bounds; /* [n_bounds] */
    double *bound_least; /* [n_bounds]: what they must reach, less the tolerance */
    struct chance_path *chances;
    bool chances_bind; /* some portfolio failed by chance: look before every step */
    uint8_t level[CHOICE_MAX_PROGRAMMES];
    size_t n_on, n_least_on; /* on the path; and must-haves still to come */
    struct candidate best;
    double ratio, ratio_slack;
    uint64_t node_limit, n_visited, n_open; /* n_open: nodes left unsearched */
    double open_bound;
    struct portfolio_list *list; /* where all are wanted, not the best */
};

void search_start(const struct choice_problem *problem, const struct choice_aim *aim,
                  struct search *search);
void search_clear(struct search *search);
/* Takes the portfolio where it is feasible and better than the best so far. */
bool search_offer(struct search *search, const uint8_t *level);
/* Tables of the objective once prices, the order or the best ratio have changed. */
void search_price(struct search *search);
void search_node(struct search *search, size_t position);

/* Greedy by gain for the budget used, then exchanges until none helps. */
void search_greedy(struct search *search);
void search_exchange(struct search *search);

void chance_start(struct search *search);
void chance_follow_order(struct search *search);
bool chances_can_hold(struct search *search, size_t position);
void chance_forget(struct search *search, size_t position);
void chance_clear(struct search *search);

#endif
