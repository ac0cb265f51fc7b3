/* What a reader should be told before a result is believed: returns outside what was published,
 * effects without deadweight, cases that social value or weak evidence carries, old unit costs.
 * Pure: reads results and plans. method 9.3. */
#ifndef DIVIDEND_PLAUSIBILITY_PLAUSIBILITY_H
#define DIVIDEND_PLAUSIBILITY_PLAUSIBILITY_H

#include "uncertainty/uncertainty.h"

enum plausibility_rule {
    PLAUSIBILITY_RETURN,     /* outside the range that the model names as published */
    PLAUSIBILITY_DEADWEIGHT, /* an effect, QALY gain or health gain whose deadweight is certainly 0
                              */
    PLAUSIBILITY_SOCIAL_VALUE,  /* a net of at least 0 whose fiscal part is a loss */
    PLAUSIBILITY_WEAK_EVIDENCE, /* over half of the benefits rest on evidence of grade 5 or 6 */
    PLAUSIBILITY_OLD_COST,      /* a unit cost whose prices are more than ten years older */
    N_PLAUSIBILITY_RULES
};

const char *plausibility_rule_name(enum plausibility_rule rule); /* "return_outside_published" */

enum { PLAUSIBILITY_WEAK_GRADE = 5, PLAUSIBILITY_OLD_YEARS = 10 };

struct plausibility_finding {
    enum plausibility_rule rule;
    const struct scenario_result *result;
    const char *what;      /* the return, outcome, who or evidence item it is about */
    double value;          /* return; 0; net; share of benefits; years */
    double low, high;      /* published range; NaN else */
    const char *source_id; /* of the published range; NULL else */
};

/* Findings of programmes that ran, in the order of results and rules; bundles and health models
 * have none. The array lives in the arena. */
void plausibility_find(struct arena *arena, const struct library *library,
                       const struct scenario_result *results, size_t n_results,
                       const struct plausibility_finding **findings, size_t *n_findings);

#endif
