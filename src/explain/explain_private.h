/* What the files of explain/ share. */
#ifndef DIVIDEND_EXPLAIN_EXPLAIN_PRIVATE_H
#define DIVIDEND_EXPLAIN_EXPLAIN_PRIVATE_H

#include "explain/explain.h"
#include "uncertainty/worker.h"

/* ---- sums of flows ---- */

enum basis { BASIS_DISCOUNTED, BASIS_REAL, BASIS_NOMINAL };

/* A figure that is a sum of flows of some kinds, partners and years. method 3.9. */
struct sum_of_flows {
    const char *title;
    size_t who;
    unsigned kinds; /* bit set of flow kinds */
    bool signs;     /* costs count as losses; else every kind as it stands */
    enum basis basis;
    size_t first_year, last_year;
};

/* False where the measure is no such sum. */
bool sum_of_measure(const struct plan *plan, const struct plan_result_column *column,
                    struct sum_of_flows *sum);
/* What a real flow of a kind and year is multiplied with in the sum; 0: it does not count. */
double sum_weight(const struct plan *plan, const struct sum_of_flows *sum, enum flow_kind kind,
                  size_t year);
/* Factor of the year alone: discount factor, nominal factor or 1. */
double sum_factor(const struct plan *plan, const struct sum_of_flows *sum, enum flow_kind kind,
                  size_t year);
const char *basis_words(enum basis basis); /* "discount factor", "to pounds of the day" */
bool sum_has_sector(const struct plan *plan, const struct sum_of_flows *sum, size_t who);

/* ---- the ledger at the means ---- */

enum line_kind { LINE_PAYMENT, LINE_DEMAND, LINE_FEED, LINE_QALY };

struct line {
    enum line_kind kind;
    size_t index;     /* of plan->payments, demands, feeds, qalys: its first row */
    const char *name; /* of the payment, gain or demand */
    double *flows;    /* [sector who][flow kind][year], GBP real */
    double *capped;   /* demands: [year] GBP that a ceiling took off; NULL none */
};

struct explainer {
    struct arena *arena;
    const struct scenario_result *result;
    const struct plan *plan;
    struct plan_sampling sampling; /* of the worker */
    struct worker worker;          /* run at the means; programmes without a bundle only */
    bool has_worker;
    bool names_as_results; /* of files */
    const char *asked;     /* how the command line asks for the scenario */
    double *central;       /* [n_results] every figure at the means */
    double *mean_flows;    /* [sector who][flow kind][year], over draws */
    struct line *lines;
    size_t n_lines;
};

static inline size_t flow_at(const struct plan *plan, size_t who, size_t kind, size_t year)
{
    return (who * N_FLOW_KINDS + kind) * plan->n_years + year;
}

void explain_build_lines(struct explainer *explainer);
/* The sum over flows [sector who][kind][year]. */
double sum_value(const struct plan *plan, const struct sum_of_flows *sum, const double *flows);

/* Units avoided of a demand in a year at the means, after optimism bias. */
double line_adjusted_units(struct explainer *explainer, size_t demand, size_t year);

/* Value of a program's slot at the means in a year. */
double central_slot(struct explainer *explainer, program_slot slot, size_t year);
/* Effect in force of a stock at the means, before lag. */
double central_stock(struct explainer *explainer, size_t stock, size_t year);

/* ---- formulas at the means, worked out anew ---- */

/* Value of an amount of the scenario's model in a group (SIZE_MAX: of all) and year. */
double amount_at_means(const struct explainer *explainer, const struct amount *amount, size_t group,
                       size_t year);
const char *amount_written(const struct explainer *explainer, const struct amount *amount);
const char *amount_where(const struct explainer *explainer, const struct amount *amount);
const char *place_words(const struct explainer *explainer, const struct place *place);

/* ---- parts of an explanation ---- */

struct walk {
    struct explainer *explainer;
    struct explanation *explanation;
    /* Names met in formulas, for the evidence. */
    const struct plan_use **uses;
    const char **used_in;
    size_t n_uses, capacity, used_capacity;
    const struct explain_cell *
        *shown; /* [n_lines]: cell of a line in the table of lines; NULL none */
};

void walk_note_amount(struct walk *walk, const struct amount *amount, const char *where);
void walk_note_parameter(struct walk *walk, const struct parameter *parameter, const char *where);

/* The mean over draws by partner and kind, and by year; `total` the engine's mean. */
void walk_split(struct walk *walk, const struct sum_of_flows *sum, double total);
/* Lines at the means, and the way from their sum to the mean over draws. */
void walk_lines(struct walk *walk, const struct sum_of_flows *sum, double central, double mean);
/* How each line comes about. `done` [n_lines] marks those already told. */
void walk_details(struct walk *walk, const struct sum_of_flows *sum, bool *done);
void walk_people(struct walk *walk);
void walk_volume(struct walk *walk, size_t demand, double mean);
void walk_qalys(struct walk *walk, size_t column);
void walk_evidence(struct walk *walk);
void walk_conventions(struct walk *walk);
void walk_overview_amounts(struct walk *walk);
/* Quantile (type 7) of a measure over the draws of the run, at most the first 131,072; NaN where no
 * draw has a value. */
double draws_quantile(struct explainer *explainer, size_t column, double probability);
enum status walk_draws(struct walk *walk, const struct measure_reference *reference,
                       struct error *error);
void walk_health(struct walk *walk, const struct plan_result_column *column);
void walk_health_formulas(struct walk *walk);
void walk_programmes(struct walk *walk, const struct plan_result_column *column, double total);

/* The row of a year: "2026-27". */
const char *year_words(const struct explainer *explainer, size_t year);
/* "£12,345" */
const char *pounds(struct arena *arena, double gbp);
const char *kind_words(enum flow_kind kind);

#endif
