/* Where a figure comes from: from a measure of a scenario back through its parts, the formulas with
 * their numbers in docs/method.md, the inputs at their means, one draw of the run, price years, and
 * evidence to source and locator. Pure.
 *
 * Means add up, so the mean over draws is split exactly by partner, kind and year. The lines of the
 * ledger are worked out again from the formulas with every uncertain figure at its mean, apart from
 * the program that a run uses; they add to the measure at the means, and what lies between that and
 * the mean over draws has a line of its own. */
#ifndef DIVIDEND_EXPLAIN_EXPLAIN_H
#define DIVIDEND_EXPLAIN_EXPLAIN_H

#include "explain/explanation.h"
#include "plan/measure_reference.h"
#include "portfolio/portfolio.h"

/* What an explanation of one scenario needs, once for all its measures. Memory in the arena;
 * explainer_free gives back what is not. */
struct explainer;

struct explainer *explainer_new(struct arena *arena, const struct scenario_result *result);
void explainer_free(struct explainer *explainer);
/* From here on files are called as results call them (library_input_path), not as the user named
 * them: for files that must not depend on the directory. */
void explainer_name_files_as_results(struct explainer *explainer);
/* How the scenario is asked for on the command line, "our/falls.cfg --models our/models"; its id
 * unless stated. The words must outlive the explainer. */
void explainer_name_as_asked(struct explainer *explainer, const char *words);

enum explain_depth {
    EXPLAIN_BRIEF,    /* the answer and its parts, for report.md */
    EXPLAIN_LINES,    /* and the lines of the ledger at the means */
    EXPLAIN_EVIDENCE, /* and how each line comes about, down to evidence */
    EXPLAIN_WHOLE     /* and one worked draw */
};

/* The explanation of a measure; NULL after an error (the worked draw may fail). The result must
 * have statistics. */
struct explanation *explain_measure(struct explainer *explainer,
                                    const struct measure_reference *reference,
                                    enum explain_depth depth, struct error *error);

/* The scenario as a whole: formulas, evidence, and which measures can be asked. `result` may have
 * no statistics. */
struct explanation *explain_scenario(struct explainer *explainer);

#endif
