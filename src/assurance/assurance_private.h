/* What the files of assurance/ share. */
#ifndef DIVIDEND_ASSURANCE_ASSURANCE_PRIVATE_H
#define DIVIDEND_ASSURANCE_ASSURANCE_PRIVATE_H

#include "assurance/assurance.h"

/* Each fills its part of `out`; statistics of the result are not NULL. */
void assurance_assumptions(struct arena *arena, const struct scenario_result *result,
                           struct assurance_result *out);
/* `portfolio`: the set that the result is of, with its deals; NULL else. */
void assurance_checks(struct arena *arena, const struct scenario_result *result,
                      const struct portfolio_set *set, struct assurance_result *out);
/* `portfolio`: the one whose set it is; NULL else. */
void assurance_impacts(struct arena *arena, const struct scenario_result *result,
                       const struct portfolio *portfolio, struct assurance_result *out);

#endif
