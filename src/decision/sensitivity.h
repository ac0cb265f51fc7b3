/* What would change the answer: one parameter at a time, two at a time, suppositions, where a
 * measure crosses zero, and shares of the variance. Deterministic parts are evaluated with every
 * other parameter at its mean. method section 5.6. */
#ifndef DIVIDEND_DECISION_SENSITIVITY_H
#define DIVIDEND_DECISION_SENSITIVITY_H

#include "decision/decision.h"

/* One parameter at its low and high value: those stated as plausible, else the 2.5 % and 97.5 %
 * quantiles. */
struct tornado_bar {
    const struct plan_column *column;
    double low, high; /* of the parameter, in its own unit and price year */
    bool stated;      /* plausible range stated */
    double at_low, at_high;
};

/* Where a measure would be zero. */
struct switching_value {
    const char *measure;
    const struct plan_column *column;
    double central; /* of the parameter */
    double value;   /* NaN: no zero anywhere in the range searched */
    double searched_low, searched_high;
    double distance; /* |value - central| over the half-width of the plausible range to that side;
                        without a range, over |central|; INFINITY where there is no value */
    bool has_range, plausible; /* within the plausible range */
};

struct grid_result {
    const struct two_way *grid;
    const char *measure;
    const double *values; /* [n_x][n_y] */
};

/* The headline with some parameters fixed: at the means of all others, and over the draws. */
struct what_if_result {
    const char *name;
    double central;
    struct estimate mean;
    double p_nonneg;
    bool same_best; /* whether the decision stays */
};

struct sobol_index {
    const char *name; /* identity, or the correlation whose members move together */
    struct estimate first, total;
    bool below_noise; /* the total's 95 % interval holds 0: not ranked */
};

struct sensitivity {
    struct arena arena;
    const struct plan *plan;        /* of all parameters, certain ones too */
    const char *measure;            /* the headline by name */
    double central;                 /* its value with every parameter at its mean */
    const struct tornado_bar *bars; /* widest first */
    size_t n_bars;
    const struct switching_value *switching; /* nearest first, for each measure */
    size_t n_switching;
    const struct grid_result *grids;
    size_t n_grids;
    const struct what_if_result *what_ifs;
    size_t n_what_ifs;
    const struct sobol_index *indices; /* largest total first */
    size_t n_indices;
    uint32_t index_degrees; /* of freedom of their standard errors */
};

/* `decision` is of the same scenario. Switching measures that the scenario does not have are
 * skipped: plans are checked by sensitivity_check first. */
enum status sensitivity_make(struct sensitivity *sensitivity, const struct decision *decision,
                             struct error *error) MUST_CHECK;
/* The tornado of a programme's net alone, for runs that decide nothing: two central evaluations a
 * parameter. Without bars for health models, whose options a decision has to choose between. */
enum status sensitivity_tornado(struct sensitivity *sensitivity,
                                const struct scenario_result *result,
                                struct error *error) MUST_CHECK;
void sensitivity_clear(struct sensitivity *sensitivity);

/* Measures and parameters that `decision` of the scenario names and its plan does not have (E620,
 * E630). */
void sensitivity_check(const struct plan *plan, struct diagnostics *diagnostics);

/* Sobol indices of one result column of a plan by n_draws points a matrix: first order by Saltelli
 * (2010), total by Jansen (1999). indices[n_factors] in the order of columns, correlated ones as
 * one. */
enum status sobol_indices(struct arena *arena, const struct plan *plan,
                          const struct sampling_design *design, size_t column, size_t n_draws,
                          const struct sobol_index **indices, size_t *n_indices,
                          struct error *error) MUST_CHECK;

/* The same answer under other rules of evidence, on the same draws. */
struct evidence_variant {
    const char *name;
    struct estimate mean;
    double sd, p_nonneg;
};

/* Programmes: as stated, without and with each optimism-bias pack, and with only benefits that rest
 * on evidence of grade 1 and 2. Health models: none. */
enum status evidence_variants(struct arena *arena, const struct decision *decision,
                              const struct evidence_variant **variants, size_t *n_variants,
                              struct error *error) MUST_CHECK;

/* Evidence whose review date is before the month of the run (run.as_of, or the first month of the
 * scenario). */
bool evidence_is_stale(const struct plan *plan, const struct parameter *parameter);

#endif
