/* What a run must show: thresholds on measures, stated in a scenario or portfolio (`expect`), or in
 * a file of their own (`expectations`, --expect FILE). Judged after the run (expectation/). */
#ifndef DIVIDEND_SCENARIO_EXPECTATION_H
#define DIVIDEND_SCENARIO_EXPECTATION_H

#include "scenario/portfolio.h"
#include "scenario/statement.h"

struct scenario_expectation {
    struct statement statement;
    bool only_warns;    /* severity "warn": exit code 0 where it fails */
    const char *reason; /* NULL none */
    /* Whose: one of the two. */
    const struct scenario *scenario;
    const struct portfolio *portfolio;
    const struct setting *setting; /* the group { that; ... } */
};

/* All expectations of the library's scenarios and portfolios into library->expectations: those in
 * their own files in the order of ids, then those of `documents` in the order given, for a
 * scenario, all instances of one that repeats, or a portfolio (`of`). Statements that cannot be
 * read, and names that the run has not, are diagnostics. */
void expectations_read(struct arena *arena, struct library *library,
                       const struct document *const *documents, size_t n_documents,
                       struct diagnostics *diagnostics);

#endif
