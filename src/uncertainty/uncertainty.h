/* Many draws to statistics: blocks over threads, records folded in a fixed tree, quantiles.
 *
 * Work is split over (plan x run of blocks). A record (counts, means, squared deviations,
 * co-moments) of each run of blocks is folded in a binary tree over block numbers that depends on
 * the number of draws alone, so any number of threads gives the same bytes. Up to
 * UNCERTAINTY_RETAINED_DRAWS the values of retained columns are kept for exact quantiles; above, a
 * pilot of the first draws places fine integer histograms around each quantile and the draws are
 * generated a second time, so that memory does not grow with draws. */
#ifndef DIVIDEND_UNCERTAINTY_UNCERTAINTY_H
#define DIVIDEND_UNCERTAINTY_UNCERTAINTY_H

#include "plan/plan.h"
#include "sample/sample.h"
#include "uncertainty/contribution.h"

enum { UNCERTAINTY_RETAINED_DRAWS = 131072 };

/* One result column over the draws. */
struct column_statistics {
    double headline; /* mean; ratios: ratio of means; payback: of the mean flows; IRR: of the mean
                        flows */
    double mean, sd; /* over finite draws; NaN where none */
    double se;       /* Monte Carlo standard error of the headline (ratios: delta method), from the
                        spread over scramblings where there are several; see se_degrees */
    double minimum, maximum;
    double q025, q50, q975; /* type 7; NaN where not retained; may be INFINITY for payback */
    double p_nonneg; /* share of draws >= 0 (payback: that pay back within the horizon; NaN draws
                        count as not) */
    double p_nonneg_se;
    uint64_t n_finite; /* draws with a finite value */
};

struct scenario_result {
    const struct plan *plan;
    enum status status; /* not OK: the scenario failed at a draw; statistics is NULL */
    struct error error; /* names the scenario, the draw and the value */
    uint64_t n_draws;   /* 1 where nothing is uncertain */
    uint64_t seed;
    struct sampling_design design;
    uint32_t n_scramblings; /* that have draws; 1: plain draws, or too few draws for more */
    /* Degrees of freedom of all standard errors: scramblings - 1; 0: standard errors are those of
     * independent draws (plain; else an upper limit that says little). */
    uint32_t se_degrees;
    bool has_precision; /* a precision target was stated and applies */
    bool precision_met;
    size_t precision_column;              /* result column it is about */
    double precision_se;                  /* the target */
    struct column_statistics *statistics; /* plan->n_results */
    double capped_share;     /* share of draws in which a baseline-spend ceiling bound */
    double assumption_share; /* share of the variance of the headline net that involves assumptions
                                (Jansen total index of the group of assumptions); NaN where nothing
                                is uncertain */
    double assumption_share_se;
    double seconds;  /* wall time; for run_results.json only */
    bool from_cache; /* taken from an earlier run, as this one would have worked it out; for
                        run_results.json only */
};

/* Doubles the draws of a scenario until the standard error of a measure is at most `se`. */
struct precision_target {
    const char *of; /* a measure (measure_reference.h), by its mean; NULL: no target */
    double se;
    uint64_t max_draws;
};

enum { SIMULATION_SCRAMBLINGS = 16 };

/* How far a run has come. Without a precision target draws are those of all scenarios, and never
 * fall. With one they are those of the first scenario that is not done, in its present doubling:
 * nobody knows how many more it will take. */
struct simulation_progress {
    size_t n_done, n_scenarios;
    uint64_t draws_done, draws_wanted;
    double share_done;    /* of the work: draws, and what comes after them; 0 .. 1 */
    uint32_t n_doublings; /* of that scenario so far */
    bool may_double;      /* it has a target, and the limit leaves room */
};

/* The part of a run that one of several machines or processes computes. Few plans are split by runs
 * of blocks: nothing is folded, contributions go to the store, and results have no statistics. Many
 * plans are dealt out whole: contributions are results; plans of the others have no statistics. */
struct simulation_part {
    size_t index, n_parts; /* 0 .. n_parts - 1; n_parts 0: the whole run */
    bool whole_plans;
};

/* Whether plans are better dealt out whole: bytes to bring together are then few. */
bool simulation_deals_whole_plans(size_t n_plans, size_t n_parts);

struct simulation_options {
    uint64_t seed;
    uint64_t n_draws;
    enum sampling_method method;            /* 0: Sobol */
    uint32_t n_scramblings;                 /* 0: SIMULATION_SCRAMBLINGS */
    struct precision_target precision;      /* scenarios without the measure take n_draws */
    size_t n_threads;                       /* 0: one a processor */
    bool assumption_share;                  /* also compute it (costs a few thousand more draws) */
    const struct contribution_store *store; /* asked before anything is computed; NULL none */
    struct simulation_part part;            /* needs a store; split plans take no precision */
    const uint32_t *numbers; /* [n_plans]: of the plans, in the store's keys; NULL: 0, 1, 2 ... */
    /* Called from one thread at a time as work completes; return false to stop
     * (STATUS_INTERRUPTED). */
    bool (*progress)(void *context, const struct simulation_progress *done);
    void *context;
};

/* Runs all plans; results[i] for plans[i], statistics malloc'ed (simulation_clear frees). A draw
 * that is not finite fails that scenario only. Returns INTERRUPTED or NO_MEMORY, else OK even where
 * scenarios failed. samplers: shared table cache in `arena`. */
enum status simulation_run(struct arena *arena, const struct plan *const *plans, size_t n_plans,
                           const struct simulation_options *options,
                           struct scenario_result *results, struct error *error) MUST_CHECK;
void simulation_clear(struct scenario_result *results, size_t n_results);

/* What a standard error is multiplied by for a 95 % interval: Student's t with so many degrees; 0
 * degrees: normal. */
double standard_error_factor(uint32_t degrees);

/* Statistics of one result column by its meaning, or NULL where the plan has none. */
const struct column_statistics *result_find(const struct scenario_result *result,
                                            enum measure measure, size_t who, size_t year,
                                            size_t item);

/* Draws of some result columns, [column][draw], for tests and --draws-out: n_draws doubles each
 * into `values`. */
enum status simulation_draws(struct arena *arena, const struct plan *plan,
                             const struct sampling_design *design, uint64_t first_draw,
                             size_t n_draws, const size_t *columns, size_t n_columns,
                             double *values, struct error *error) MUST_CHECK;

/* The same in n_threads threads (0: one a processor), which never change a value. */
enum status simulation_draws_by_threads(struct arena *arena, const struct plan *plan,
                                        const struct sampling_design *design, uint64_t first_draw,
                                        size_t n_draws, const size_t *columns, size_t n_columns,
                                        size_t n_threads, double *values,
                                        struct error *error) MUST_CHECK;

/* All uncertain parameters at their means (which for a formula is not its mean): every result
 * column once (`values`: plan->n_results). */
void simulation_central(const struct plan *plan, double *values);

/* One result column with each uncertain parameter alone at its 2.5 % and at its 97.5 % point, all
 * others at their means: at_low and at_high [plan->n_columns]. method section 10.2. */
void simulation_influence(const struct plan *plan, size_t result, double *at_low, double *at_high);

/* Health models: shares of the states with every parameter at its mean, over all groups:
 * [option][point 0 .. n_cycles][state], n_options (n_cycles + 1) n_states doubles. Cohorts only. */
void simulation_trace(const struct plan *plan, double *shares);

/* What must hold of every health model, with every parameter at its mean: the model is changed so
 * that its answer is known. */
enum { N_HEALTH_CHECKS = 5 };

struct health_check_result {
    const char *name; /* "nobody is lost" */
    bool applies;     /* trees have no cycles; some models have no dead state */
    bool holds;
    double worst; /* largest difference from what must come out */
};

void simulation_health_checks(const struct plan *plan,
                              struct health_check_result checks[N_HEALTH_CHECKS]);

/* Life tables with every parameter at its mean, undiscounted: flows of an option in an account
 * [option][account][year] over all groups, and sums over the years [option][account][group] of a
 * person of each group. */
void simulation_life_table(const struct plan *plan, double *by_year, double *by_group);

/* Probabilities of moving at the means: [from][to] of an option, in a cycle of a group, for those
 * new in their states. n_states squared doubles. Cohorts only. */
void simulation_matrix(const struct plan *plan, size_t option, size_t group, size_t cycle,
                       double *matrix);

/* Rules that need central values: every net finite (E692), savings within each stated baseline
 * spend (E691). Call for every plan before a run. */
void simulation_check_central(const struct plan *plan, struct diagnostics *diagnostics);
/* Of these only what is about evidence (effects above 1, W821, E697; plan_check_uses): for
 * programmes of a portfolio, whose savings are capped at the baseline spend together. */
void simulation_check_evidence(const struct plan *plan, struct diagnostics *diagnostics);

#endif
