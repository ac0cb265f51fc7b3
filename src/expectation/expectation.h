/* Expectations judged: what a run was expected to show (scenario/expectation.h) beside what it
 * shows. Pure: reads results, writes nothing. */
#ifndef DIVIDEND_EXPECTATION_EXPECTATION_H
#define DIVIDEND_EXPECTATION_EXPECTATION_H

#include "portfolio/portfolio.h"
#include "scenario/expectation.h"

enum expectation_state {
    EXPECTATION_HELD,
    EXPECTATION_FAILED,
    EXPECTATION_UNKNOWN /* no value: the scenario failed, no set was found, an undefined ratio */
};

/* One expectation after the run. */
struct expectation_result {
    const struct scenario_expectation *expectation;
    const char *id; /* of the scenario or portfolio */
    enum expectation_state state;
    double value; /* of the measure, or the share of draws; NaN where unknown */
    double se;    /* Monte Carlo standard error of the value; NaN for quantiles and sd */
    /* Value and bound are less than the 95 % Monte Carlo interval apart: another seed, or more
     * draws, could turn it. */
    bool could_turn;
};

/* Measures that a scenario or a portfolio's recommended set does not have are diagnostics (E695).
 * Call for every plan before the run. */
void expectation_check(const struct library *library, const struct scenario *scenario,
                       const struct portfolio *portfolio, const struct plan *plan,
                       struct diagnostics *diagnostics);

/* Judges all expectations of the results; portfolios by their recommended sets, which ran as
 * bundles among the results. Those about scenarios that did not run are left out. Values come from
 * the statistics of the run; quantiles and probabilities that it did not keep, from its draws
 * generated again (of more than 131,072, a quantile takes the first so many). results: an array in
 * the arena, *n_judged of them, in the order of the library. */
enum status expectation_judge(struct arena *arena, const struct library *library,
                              const struct scenario_result *results, size_t n_results,
                              const struct portfolio_result *portfolios, size_t n_portfolios,
                              size_t n_threads, const struct expectation_result **judged,
                              size_t *n_judged, struct error *error) MUST_CHECK;

#endif
