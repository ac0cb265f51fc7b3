#include "appraise/incremental.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

const char *dominance_words(enum dominance dominance)
{
    static const char *const words[] = {[NOT_DOMINATED] = "on the frontier",
                                        [DOMINATED] = "dominated",
                                        [EXTENDEDLY_DOMINATED] = "extendedly dominated"};
    return words[dominance];
}

/* Strong dominance of option i by option k. */
static bool dominates(const double *costs, const double *effects, size_t k, size_t i)
{
    bool no_worse = costs[k] <= costs[i] && effects[k] >= effects[i];
    bool better = costs[k] < costs[i] || effects[k] > effects[i];
    return no_worse && (better || k < i);
}

/* The next on the frontier after `at`: of those that give more, the lowest cost for one more unit;
 * ties go to the larger effect, so that those between lie on the line and are kept out. */
static size_t next_on_frontier(size_t n, const double *costs, const double *effects,
                               const struct incremental *rows, size_t at)
{
    size_t best = SIZE_MAX;
    double best_ratio = (double)INFINITY;
    for (size_t i = 0; i < n; ++i) {
        if (rows[i].dominance == DOMINATED || !(effects[i] > effects[at])) {
            continue;
        }
        double ratio = (costs[i] - costs[at]) / (effects[i] - effects[at]);
        bool longer = best != SIZE_MAX && ratio == best_ratio && effects[i] > effects[best];
        if (ratio < best_ratio || longer) {
            best = i;
            best_ratio = ratio;
        }
    }
    return best;
}

void incremental_analyse(size_t n_options, const double *costs, const double *effects,
                         struct incremental *rows)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < n_options; ++i) {
        rows[i] = (struct incremental){.dominance = EXTENDEDLY_DOMINATED,
                                       .rank = SIZE_MAX,
                                       .against = SIZE_MAX,
                                       .cost = (double)NAN,
                                       .effect = (double)NAN,
                                       .icer = (double)NAN};
        for (size_t k = 0; k < n_options; ++k) {
            if (k != i && dominates(costs, effects, k, i)) {
                rows[i].dominance = DOMINATED;
            }
        }
        if (rows[i].dominance != DOMINATED && (at == SIZE_MAX || costs[i] < costs[at])) {
            at = i;
        }
    }
    for (size_t rank = 0, before = SIZE_MAX; at != SIZE_MAX; ++rank) {
        rows[at].dominance = NOT_DOMINATED;
        rows[at].rank = rank;
        rows[at].against = before;
        if (before != SIZE_MAX) {
            rows[at].cost = costs[at] - costs[before];
            rows[at].effect = effects[at] - effects[before];
            rows[at].icer = rows[at].cost / rows[at].effect;
        }
        before = at;
        at = next_on_frontier(n_options, costs, effects, rows, at);
    }
}
