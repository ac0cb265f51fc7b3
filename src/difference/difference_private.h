/* What the files of difference/ share. */
#ifndef DIVIDEND_DIFFERENCE_DIFFERENCE_PRIVATE_H
#define DIVIDEND_DIFFERENCE_DIFFERENCE_PRIVATE_H

#include "difference/difference.h"
#include "difference/lookup.h"

#include <stdlib.h>

struct scenario_index {
    const struct results *results;
    struct lookup lookup;
};

void scenario_index_init(struct scenario_index *index, const struct results *results);
/* NULL where there is none. */
const struct results_scenario *scenario_index_find(const struct scenario_index *index,
                                                   const char *id);

struct comparing {
    struct arena *arena;
    struct difference *difference;
    struct scenario_index old_scenarios, now_scenarios;
};

void compare_inputs(struct comparing *comparing);
void compare_decisions(struct comparing *comparing); /* figures are compared first */

#endif
