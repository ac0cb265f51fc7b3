/* A choice between options over draws: how often each is best, what being wrong costs, and what
 * knowing more would be worth. method section 5.5. Option 0 is the reference; costs and effects of
 * the others are differences from it. Net benefit = threshold x effect - cost, so that the
 * reference has 0. Pure; scratch memory only. */
#ifndef DIVIDEND_DECISION_CHOICE_H
#define DIVIDEND_DECISION_CHOICE_H

#include "decision/conditional.h"
#include "sample/sample.h"

struct choice {
    size_t n_draws;
    size_t n_others;              /* options besides the reference, at most DECISION_MAX_OPTIONS */
    const double *const *costs;   /* [n_others][n_draws] */
    const double *const *effects; /* [n_others][n_draws]; NULL: costs alone decide */
    /* Their means, [n_others] each, as choice_set_means leaves them; NULL: worked out whenever they
     * are needed. */
    const double *cost_means, *effect_means;
    struct sampling_design design; /* of the draws, from draw 0: for standard errors */
};

/* Mean over draws and its standard error: from the spread over scramblings, or of independent draws
 * where the design is plain or has fewer than two scramblings in n draws. */
struct estimate {
    double value, se;
};

struct estimate estimate_mean(const struct sampling_design *design, size_t n_draws,
                              const double *values);
/* Degrees of freedom of such a standard error; 0: normal. */
uint32_t estimate_degrees(const struct sampling_design *design, size_t n_draws);

/* Fills means[2 n_others] and makes the choice use them: for curves over many thresholds. */
void choice_set_means(struct choice *choice, double *means);

/* At one threshold; arrays of n_others + 1, reference first. */
struct choice_result {
    size_t best; /* by mean; ties go to the first */
    struct estimate evpi;
    double *mean;   /* net benefit against the reference */
    double *p_best; /* acceptability: share of draws in which the option is best; sums to 1 */
    double *expected_loss; /* mean of best - own; the least of them is the EVPI */
    struct estimate lead;  /* mean net benefit of the best over the second best by mean */
};

void choice_judge(const struct choice *choice, double threshold, struct choice_result *result);

/* The second best by mean of a judged choice. */
size_t choice_runner_up(const struct choice *choice, const struct choice_result *result);

/* Acceptability [n_others + 1] and EVPI alone: for curves over many thresholds. */
double choice_acceptability(const struct choice *choice, double threshold, double *p_best);

/* EVPI alone. */
double choice_evpi(const struct choice *choice, double threshold);

/* What the fits of every option to a basis say: conditional expectations, [n_others][n_draws]. */
struct conditional_choice {
    const struct choice *choice;
    const struct basis *basis;
    double *storage;
    const double **costs, **effects;           /* fitted; effects NULL where the choice has none */
    double *cost_shrinkage, *effect_shrinkage; /* [n_others][n_functions] */
    double explained; /* share of the variance of the first other option's cost (effect where the
                         cost is constant) */
};

void conditional_choice_fit(struct conditional_choice *conditional, const struct choice *choice,
                            const struct basis *basis);
void conditional_choice_clear(struct conditional_choice *conditional);

/* Expected value of knowing the predictors of the basis (EVPPI), or of the data they summarise
 * (EVSI): mean of the best conditional net benefit less the best mean. Never negative. */
double conditional_choice_value(const struct conditional_choice *conditional, double threshold);

/* The same with its standard error, from the influence of each draw on sample and fit. */
struct estimate conditional_choice_estimate(const struct conditional_choice *conditional,
                                            double threshold);

#endif
