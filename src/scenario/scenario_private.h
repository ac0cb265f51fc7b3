/* Shared by the readers of scenario/. */
#ifndef DIVIDEND_SCENARIO_SCENARIO_PRIVATE_H
#define DIVIDEND_SCENARIO_SCENARIO_PRIVATE_H

#include "evidence/layer.h"
#include "scenario/portfolio.h"

enum convention {
    CONVENTION_APPRAISAL,
    CONVENTION_DEFLATOR,
    CONVENTION_OPTIMISM,
    CONVENTION_TIMING,
    CONVENTION_PRICE_YEAR,
    CONVENTION_MONETISE_QALYS,
    CONVENTION_PERSPECTIVE,
    N_CONVENTIONS
};

struct scenario_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct library *library; /* evidence, packs, sectors, models and run are complete */
    /* Problems of the run's or the built-in conventions are said once, not by every scenario. */
    bool complained[N_CONVENTIONS];
};

/* Of the .cfg files beside the places where the scenario of a portfolio is looked for, the name
 * nearest to `name`; NULL none. library_load.c */
const char *library_nearest_file(struct arena *arena, const char *const places[PORTFOLIO_PLACES],
                                 const char *name);

/* Evidence items of a layer that nothing uses and that nearly have the name of one that is used:
 * warnings. unused_check.c; the scenarios are complete. */
void library_check_unused(const struct scenario_reader *reader);

/* Run settings of the run file over the built-in ones. */
struct run_settings run_settings_read(const struct document *run_document);

/* The conventions of a scenario: its own over the run's over the built-in ones. */
struct conventions scenario_read_conventions(struct scenario_reader *reader,
                                             const struct setting *scenario);

/* The scenario's `decision`; its model and inputs are complete. */
struct decision_settings scenario_read_decision(struct scenario_reader *reader,
                                                const struct scenario *scenario);

/* `signed_off` of a scenario or portfolio. */
struct sign_off scenario_read_sign_off(const struct scenario_reader *reader,
                                       const struct setting *group);

/* ---- areas and their people ---- */

enum { POPULATION_MAX_BANDS = 32 };

struct population_row {
    const char *code;
    size_t quintile;      /* 1..5 */
    const double *people; /* [n_bands] */
    int line;
};

struct population_table {
    const char *id, *label;
    int year;
    size_t layer;
    const struct document *file; /* NULL: not found */
    const double *ages;          /* first age of each band, ascending */
    size_t n_bands;
    const struct population_row *rows; /* by code and quintile */
    size_t n_rows;
    const struct setting *setting;
};

/* Where the people of an area come from: its rows, or the area that it is a part of. */
struct area_link {
    const struct population_table *table; /* NULL where whole, or nobody is counted */
    const struct area *whole;
};

struct populations {
    const struct population_table *tables; /* in id order */
    size_t n_tables;
    const struct area_link *links; /* one an area of the library */
};

const struct populations *populations_read(struct arena *arena,
                                           const struct layered_document *documents,
                                           size_t n_documents, const struct evidence *evidence,
                                           struct diagnostics *diagnostics);

/* First row with this code at or after which all of it stand; *n is how many. */
const struct population_row *population_rows(const struct population_table *table, const char *code,
                                             size_t *n);

/* Areas and area lists into the library, whose evidence is complete. */
void areas_read(struct arena *arena, const struct layered_document *documents, size_t n_documents,
                struct library *library, struct diagnostics *diagnostics);

/* The table that the people of an area come from, through whatever it is a part of. */
const struct population_table *area_table(const struct library *library, const struct area *area);

/* What a scenario names: an area or a list, by id, else by label; both NULL where neither. */
struct area_match {
    const struct area *area;
    const struct area_list *list;
};

struct area_match area_find(const struct library *library, const char *name);

void area_complain(const struct library *library, const struct setting *name,
                   struct diagnostics *diagnostics);

/* ---- one scenario ---- */

/* The scenario's area, population and groups; before its inputs. */
void scenario_read_groups(struct scenario_reader *reader, struct scenario *scenario);

/* The population's share with every parameter at its mean, overrides applied; NaN where it cannot
 * be worked out. */
double scenario_central_share(const struct scenario_reader *reader,
                              const struct scenario *scenario);

/* True where the share of the population stands on the parameter. */
bool scenario_share_uses(const struct scenario_reader *reader, const struct scenario *scenario,
                         const struct parameter *parameter);

/* Gradients; the scenario's inputs and overrides are complete. */
void scenario_read_gradients(struct scenario_reader *reader, struct scenario *scenario);

/* The parameter that a setting names, or NULL after a diagnostic. */
const struct parameter *scenario_find_parameter(const struct scenario_reader *reader,
                                                const struct setting *name);

/* The model's input of this name; NULL none. */
const struct model_input *scenario_find_input(const struct model *model, const char *name);

/* The model that a scenario names; NULL, with a diagnostic, where there is none. */
const struct model *scenario_read_model_name(const struct scenario_reader *reader,
                                             const struct setting *group);

/* Name, family, title and keys of a scenario of for_each. */
struct instance {
    const char *id, *family, *title;
    const struct instance_key *keys;
    size_t n_keys;
};

/* The scenario that `group` states: the document's own, or what for_each makes of it. NULL where it
 * is not usable. */
const struct scenario *scenario_read(struct scenario_reader *reader,
                                     const struct document *document, const struct setting *group,
                                     const struct instance *instance);

struct scenario_list {
    const struct scenario **items;
    size_t n_items, capacity;
};

/* The scenarios of a document: one, or the instances of its for_each. */
void scenario_read_document(struct scenario_reader *reader, const struct document *document,
                            struct scenario_list *scenarios);

/* One portfolio document, whose scenarios are read; NULL where it has no usable portfolio. */
const struct portfolio *portfolio_read(struct scenario_reader *reader,
                                       const struct document *document);

/* Payers of all scenarios' models: sectors, groups or pools. */
void scenario_check_payers(const struct scenario_reader *reader);

#endif
