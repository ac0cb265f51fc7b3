/* Demands and programme models: what a programme does, as data. method section 3. */
#ifndef DIVIDEND_MODEL_MODEL_H
#define DIVIDEND_MODEL_MODEL_H

#include "evidence/evidence.h"
#include "model/health.h"
#include "sector/sector.h"

struct demand {
    const char *id, *label, *unit;
    struct amount baseline_per_person; /* units a person a year; expression NULL: none stated */
    const char *unit_cost;             /* evidence name; NULL: not monetised */
    const struct parameter *unit_cost_parameter; /* resolved; NULL with unit_cost NULL */
    const struct share *baseline_spend_gbp;      /* by sector, a year; share field holds GBP */
    size_t n_baseline_spend;
    int baseline_spend_price_year;
    double release_step; /* units; 0: no step rule */
    const char *release_reason;
    const char *counts_within; /* family for the double-count warning; NULL its own id */
    const struct setting *setting;
};

struct model_input {
    const char *id, *label, *unit;
    const char *owner; /* who answers for its value; NULL not stated */
    double min, max;
    bool has_fallback;
    struct distribution fallback;
    const struct setting *setting;
};

/* An effect that is known and left out: `not_counted` of a model, scenario or portfolio. */
enum omission_direction { OMISSION_BENEFIT, OMISSION_COST, OMISSION_UNKNOWN };

struct omission {
    const char *what, *reason;
    const char *sector; /* sector or group id; NULL: nobody in particular */
    enum omission_direction direction;
    const struct setting *setting;
};

const char *omission_direction_name(enum omission_direction direction);

/* The entries of `not_counted` of a group; unknown sectors are diagnostics. */
const struct omission *omissions_read(struct arena *arena, const struct setting *group,
                                      const struct sectors *sectors, size_t *n_omissions,
                                      struct diagnostics *diagnostics);

enum intake { INTAKE_ONCE, INTAKE_YEARLY, INTAKE_LISTED };

/* What an amount is per. PARTICIPANT: after retention; STARTER: before retention. */
enum per {
    PER_ONCE,
    PER_YEAR,
    PER_STARTER,
    PER_PARTICIPANT,
    PER_PARTICIPANT_YEAR,
    PER_CAPACITY_STEP,
    PER_PROGRAMME
};

enum additionality { ADDITIONAL_LASTING, ADDITIONAL_TEMPORARY, REDEPLOYED };

enum fade { FADE_NONE, FADE_LINEAR, FADE_HALF_LIFE, FADE_RETENTION };

enum when_funding_stops { FUNDING_STOPS_PERSIST, FUNDING_STOPS_FADE, FUNDING_STOPS_STOP };

enum deadweight_form { DEADWEIGHT_MULTIPLICATIVE, DEADWEIGHT_PERCENTAGE_POINTS };

enum leverage_form { LEVERAGE_CASH, LEVERAGE_ASSET, LEVERAGE_VOLUNTEER_TIME };

/* How an effect runs from each intake; years count from the intake, after the lag. method 3.4. An
 * effect that ends at once after its plateau or list (fade = "none" with either) is FADE_RETENTION
 * with the constant 0; FADE_NONE lasts for ever. A listed profile has has_plateau with
 * plateau_years 0. */
struct profile {
    size_t lag_years;
    const double *by_year; /* listed values from effect-year 0, or ramp; then the fade goes on */
    size_t n_by_year;
    bool listed; /* by_year is the whole plateau (fade or zero follows) rather than a ramp to 1 */
    bool has_plateau;
    size_t plateau_years; /* full years after the ramp before the fade begins */
    enum fade fade;
    struct amount fade_amount; /* years (linear), half-life (years) or retention (share a year) */
    enum when_funding_stops when_funding_stops;
};

struct cost {
    const char *name;
    enum per per;
    struct amount amount;        /* GBP, real */
    struct amount optimism_bias; /* x (1 + this) */
    struct amount real_growth;   /* a year */
    double people_per_step;      /* PER_CAPACITY_STEP */
    size_t first_year;           /* model year of the first payment */
    bool to_horizon;             /* runs to the horizon instead of the funded years */
    bool in_kind;
    enum additionality additionality;
    const struct share *payers; /* sectors, groups or pools; n_payers 0: the scenario's funding */
    size_t n_payers;
    const struct setting *setting;
};

struct outcome {
    const char *name;
    const char *demand_id;
    const struct demand *demand; /* resolved */
    bool relative;               /* share of baseline demand; else units per person */
    enum per per;                /* PER_PARTICIPANT, PER_STARTER or PER_PROGRAMME */
    struct amount effect;        /* positive: demand avoided */
    enum deadweight_form deadweight_form;
    struct amount deadweight, attribution, displacement, optimism_bias;
    struct profile profile;
    const struct setting *setting;
};

struct levered_in {
    const char *name, *from; /* from: words, where the money comes from */
    const char *to;          /* sector it reaches */
    enum leverage_form form;
    enum per per;
    struct amount amount; /* GBP, real */
    size_t first_year;
    bool to_horizon;
    const struct setting *setting;
};

struct transfer {
    const char *name, *from, *to; /* sectors */
    enum per per;
    struct amount amount; /* GBP, real */
    size_t first_year;
    bool to_horizon;
    const struct setting *setting;
};

struct qaly_gain {
    const char *name;
    enum per per;
    struct amount gain;       /* QALYs a person in a year of full effect */
    struct amount deadweight; /* multiplicative; 0 must be stated */
    struct amount optimism_bias;
    struct profile profile; /* plateau_years = duration_years */
    const char *to;         /* sector whose QALYs these are */
    const struct setting *setting;
};

/* What a health model works out for each participant: the difference of two of its options, year by
 * year from the intake. */
struct health_gain {
    const char *name;
    const struct model *model; /* of kind cohort or tree */
    size_t option, against;
    enum per per; /* PER_PARTICIPANT or PER_STARTER */
    struct amount deadweight, optimism_bias;
    const struct amount *inputs; /* [model->n_inputs]; expression NULL: the input's default */
    const char *to;              /* sector whose QALYs these are */
    const struct setting *setting;
};

/* What others found that a pound returns: results outside it are warned of. */
enum return_basis { RETURN_CASHABLE, RETURN_FISCAL, RETURN_PUBLIC_VALUE, N_RETURN_BASES };

const char *return_basis_name(enum return_basis basis); /* "fiscal" */

struct published_return {
    enum return_basis basis;
    double low, high; /* GBP per GBP 1 of all costs */
    const char *source_id, *locator;
    const struct setting *setting;
};

struct model {
    const char *id; /* folder name under models/ */
    const char *title, *question, *note;
    const struct health_model *health; /* kind "cohort" or "tree"; NULL: a programme */
    const struct omission *omissions;
    size_t n_omissions;
    const char *prevention;       /* primary, secondary, tertiary */
    const char *population_reach; /* whole_community, population_group, co_productive_service */
    const struct model_input *inputs;
    size_t n_inputs;
    struct amount eligible, reach, uptake, retention, capacity; /* capacity.expression NULL: none */
    enum intake intake;
    const double
        *intake_by_year; /* INTAKE_LISTED: share of the funnel entering in each delivery year */
    size_t n_intake_by_year;
    const double *ramp; /* delivery scale by delivery year; last held; n_ramp 0: all 1 */
    size_t n_ramp;
    const struct cost *costs;
    size_t n_costs;
    const struct outcome *outcomes;
    size_t n_outcomes;
    const struct levered_in *levered_in;
    size_t n_levered_in;
    const struct transfer *transfers;
    size_t n_transfers;
    const struct qaly_gain *qalys;
    size_t n_qalys;
    const struct health_gain *health_gains;
    size_t n_health_gains;
    const struct published_return *published_returns;
    size_t n_published_returns;
    const struct setting *setting;
};

struct models {
    const struct demand *demands; /* in id order */
    size_t n_demands;
    const struct model *models; /* in id order */
    size_t n_models;
};

/* Reads demands and models of all documents (model id = name of the folder that holds the file; the
 * text form "model NAME" of messages uses it), resolves demands, unit costs and every name in every
 * expression against evidence, inputs and the built-in `year`; reports unknown names with a
 * did-you-mean, unused uncertain inputs, unknown sectors, double counting (warning). */
const struct models *model_read(struct arena *arena, const struct layered_document *documents,
                                size_t n_documents, const struct evidence *evidence,
                                const struct tables *tables, const struct sectors *sectors,
                                struct diagnostics *diagnostics);

const struct model *model_find(const struct models *models, const char *id);
const struct demand *model_find_demand(const struct models *models, const char *id);

/* Calls `visit` for every amount of a model, in a fixed order. */
void model_visit_amounts(const struct model *model,
                         void (*visit)(const struct amount *amount, void *context), void *context);

/* What a name in an expression of `model` (NULL: of a demand) stands for. Formulas, group
 * values and variables of health models and inputs come first, then evidence by identity or short
 * name, then (programmes) the variable `year`; model_read refuses names for
 * which the order would matter. */
enum model_name_kind {
    MODEL_NAME_UNKNOWN,
    MODEL_NAME_INPUT,
    MODEL_NAME_PARAMETER,
    MODEL_NAME_YEAR,
    MODEL_NAME_FORMULA, /* health models: a named formula, a value of the groups, a variable */
    MODEL_NAME_GROUP_VALUE,
    MODEL_NAME_VARIABLE
};

struct model_name {
    enum model_name_kind kind;
    size_t input;                      /* index into model->inputs, formulas or group values */
    enum health_variable variable;     /* MODEL_NAME_VARIABLE */
    const struct parameter *parameter; /* NULL unless MODEL_NAME_PARAMETER */
    size_t n_matches;                  /* evidence items the name may mean; above 1: ambiguous */
};

struct model_name model_resolve_name(const struct model *model, const struct evidence *evidence,
                                     const char *name);

/* True where an amount of the model, a demand's baseline or a unit cost stands on the parameter. */
bool model_uses_parameter(const struct model *model, const struct evidence *evidence,
                          const struct parameter *parameter);

/* A constant amount (used for defaults), in the arena. */
struct amount amount_constant(struct arena *arena, double value);

#endif
