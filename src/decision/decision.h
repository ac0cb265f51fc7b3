/* What `--decide` works out for one scenario: how safe its decision is, for whom, what would change
 * it, and what it would be worth to know more. Numbers from the first draws of the run (at most
 * DECISION_DRAWS), so that every curve and every value of information stands on the same draws.
 * method section 5. */
#ifndef DIVIDEND_DECISION_DECISION_H
#define DIVIDEND_DECISION_DECISION_H

#include "decision/choice.h"
#include "uncertainty/uncertainty.h"

enum { DECISION_DRAWS = 65536, DECISION_THRESHOLDS = 101, DECISION_STEP_GBP = 1000 };

/* A choice of one sector, perspective or the total: by its own money, or by net monetary benefit.
 */
struct decision_row {
    size_t who;
    bool by_effect;           /* threshold x effect - cost; else money alone */
    const double *thresholds; /* those of the pack; { 0 } for money alone */
    size_t n_thresholds;
    struct choice choice;
};

/* A choice at one threshold, and the curve of thresholds 0, 1000 .. 100,000 for rows by effect. */
struct decision_point {
    size_t row;
    double threshold;
    struct choice_result result;
    double flip_probability; /* that another seed would choose otherwise */
};

/* The cost-effectiveness plane of an option against the reference. */
struct decision_plane {
    size_t row, option;
    struct estimate cost, effect;
    double cost_sd, effect_sd, correlation;
    double quadrants[4]; /* shares of draws: dearer and better, cheaper and better, cheaper and
                            worse, dearer and worse */
};

enum information_kind { INFORMATION_PARAMETER, INFORMATION_GROUP, INFORMATION_STUDY };

/* What it is worth to know a parameter, a group, or a study's data; a person's times `scale`. */
struct decision_information {
    enum information_kind kind;
    const char *name;                  /* identity, or the group's or study's name */
    const struct parameter *parameter; /* of a parameter or study of evidence; NULL else */
    size_t row;
    double threshold;
    const char *method; /* of the regression */
    double explained;   /* share of the variance that the regression explains */
    struct estimate value;
    struct estimate nested; /* by nested sampling; NaN where it was not run */
    double study_n;         /* studies: size */
    double study_cost_gbp;
};

struct decision {
    struct arena arena;
    const struct plan *plan;
    const struct scenario_result *result; /* of the whole run */
    struct sampling_design design;
    size_t n_draws;
    const char *const *options; /* [n_options], reference first */
    size_t n_options;
    double scale; /* people, discounted over the years of the choice; 1 for programmes, which have
                     theirs */
    const char *scale_words;
    const double *parameters; /* [plan->n_columns][n_draws] */
    const struct decision_row *rows;
    size_t n_rows, headline; /* row of the headline */
    double headline_threshold;
    const struct decision_point *points;
    size_t n_points;
    const struct decision_plane *planes;
    size_t n_planes;
    const struct decision_information *information;
    size_t n_information;
};

/* For a scenario that ran. `nested`: also check the named groups and the three most valuable
 * parameters of the headline by nested sampling. Owns everything in its arena; decision_clear
 * frees. */
enum status decision_make(struct decision *decision, const struct scenario_result *result,
                          bool nested, struct error *error) MUST_CHECK;
void decision_clear(struct decision *decision);

/* Rows of a decision about the headline's own choice. */
static inline const struct decision_row *decision_headline(const struct decision *decision)
{
    return &decision->rows[decision->headline];
}

/* EVPPI by nested sampling: outer values of the columns chosen, inner draws of all others given
 * them. Bias of the inner mean is taken off by halves. Draws are independent of those of the run's
 * scramblings. */
struct nested_request {
    const struct plan *plan;
    struct sampling_design design;
    const bool *chosen; /* [plan->n_columns] */
    size_t n_outer;
};

/* Writes net benefits: for outer value j, means of each result column over 256 inner draws and over
 * each half of them: means[(column * 3 + part) * n_outer + j]. */
enum status nested_means(const struct nested_request *request, const size_t *columns,
                         size_t n_columns, double *means, struct error *error) MUST_CHECK;

/* The value from such means: options' costs and effects as for a choice. */
struct estimate nested_value(size_t n_outer, size_t n_others, const double *const *costs,
                             const double *const *effects, double threshold);

/* A study's data, summarised, for each value of the parameter: events / n, the mean, or the log
 * ratio. */
void study_simulate(const struct study *study, double n, const struct uniform_stream *stream,
                    size_t n_draws, const double *values, double *summaries);

#endif
