/* A scenario: which model, where, when, for how long, who pays, and what differs. */
#ifndef DIVIDEND_SCENARIO_SCENARIO_H
#define DIVIDEND_SCENARIO_SCENARIO_H

#include "evidence/correlation.h"
#include "evidence/dimension.h"
#include "evidence/pack.h"
#include "evidence/table.h"
#include "model/model.h"

struct conventions {
    const struct appraisal_pack *appraisal;
    const struct deflator_pack *deflator;
    const struct optimism_pack *optimism; /* NULL: off */
    enum timing timing;
    int price_year;          /* real terms of this financial year */
    bool monetise_qalys;     /* QALYs enter social_value at the pack's value */
    const char *perspective; /* the headline's perspective id */
};

struct override {
    const struct parameter *parameter;
    struct distribution distribution;
    const char *reason;
    const struct setting *setting;
};

struct input_value {
    const struct model_input *input; /* same order as the model's inputs */
    struct distribution distribution;
    const struct setting *setting; /* NULL: the model's fallback */
};

struct pool {
    const char *id, *label;
    const struct share *members;
    size_t n_members;
    const struct setting *setting;
};

/* ---- who it is for: areas, quintiles of deprivation, and what differs between them ---- */

/* An area: of a population table, or part of one. areas = { } of the models directory. */
struct area {
    const char *id, *label, *code; /* code: of the population table, e.g. an ONS code */
    const char *part_of; /* id of the area whose mix it takes; NULL: has rows of its own */
    double people;       /* of all ages, where part_of; else NaN */
    const double *quintile_shares; /* [N_QUINTILES], sums to 1; NULL: the mix of part_of */
    const struct setting *setting;
};

/* Areas that are listed together: "lancashire_districts". */
struct area_list {
    const char *id, *label;
    const struct area *const *members;
    size_t n_members;
    const struct setting *setting;
};

enum { N_QUINTILES = 5 };

/* Q1 is the most deprived fifth. One group for each area and quintile (or each area, or one): part
 * of the scenario that is evaluated on its own and settled with the others. */
struct scenario_group {
    const char *id, *label;  /* "burnley_q1", "Burnley, Q1"; one group in all: "all" */
    const struct area *area; /* NULL: no area is named */
    size_t quintile;         /* 1..5; 0: not by quintile */
    double people;           /* of the population's ages */
};

/* Whom the scenario counts: fills one input of the model, group by group, with people x share. */
struct population {
    const struct model_input *input; /* "eligible" unless stated */
    double age_from, age_to;         /* whole years, age_to included */
    struct amount share;             /* of the people of these ages; 1 unless stated */
    bool by_quintile;
    const struct setting *setting; /* NULL: the scenario has none */
};

/* An evidence item or input times a factor in each quintile: uptake, baseline, effect, share. */
struct gradient {
    const struct parameter *parameter; /* or NULL and */
    const struct model_input *input;
    double factors[N_QUINTILES];
    const char *reason;
    const struct setting *setting;
};

/* One value that for_each gave an instance. */
struct instance_key {
    const char *key, *value; /* "area", "burnley"; "inputs.places", "150" */
};

/* ---- what a decision needs to be judged: `decision` of a scenario ---- */

/* An evidence item or an input of the model. */
struct parameter_name {
    const struct parameter *parameter;
    const struct model_input *input;
    const char *identity;
    const struct setting *setting;
};

struct decision_group {
    const char *name;
    const struct parameter_name *members;
    size_t n_members;
};

enum likelihood {
    LIKELIHOOD_BINOMIAL,  /* events among n people; the parameter is the probability */
    LIKELIHOOD_POISSON,   /* events in n person-years; the parameter is the rate */
    LIKELIHOOD_NORMAL,    /* mean of n people; sd is that between people */
    LIKELIHOOD_LOGNORMAL, /* log of a ratio; its standard error is sd / sqrt(n) */
    N_LIKELIHOODS
};

const char *likelihood_name(enum likelihood likelihood);

/* A study that could be done before deciding. */
struct study {
    const char *name;
    struct parameter_name about;
    double n;
    enum likelihood likelihood;
    double sd; /* NaN where the likelihood needs none */
    double cost_gbp;
};

struct two_way {
    struct parameter_name x, y;
    const double *x_values, *y_values;
    size_t n_x, n_y;
    const char *measure; /* NULL: the headline */
    const struct setting *setting;
};

struct what_if_value {
    struct parameter_name about;
    double value;
};

struct what_if {
    const char *name;
    const struct what_if_value *values;
    size_t n_values;
};

struct decision_settings {
    double population_per_year; /* health models: people that the choice is for; 1 unless stated */
    bool has_population;
    size_t years; /* for how many years the choice stands */
    const struct decision_group *groups;
    size_t n_groups;
    const struct study *studies;
    size_t n_studies;
    const struct two_way *two_ways;
    size_t n_two_ways;
    const struct what_if *what_ifs;
    size_t n_what_ifs;
    const char *const *switching; /* measures */
    const struct setting *switching_setting;
    size_t n_switching;
};

enum { SCENARIO_MAX_YEARS = 200 }; /* of a horizon, as the schema has it */

/* ---- who stands for it: `signed_off` of a scenario or portfolio ---- */

struct sign_off {
    const char *analyst, *assurer, *approver, *date, *note; /* assurer, note: NULL not stated */
    const char *inputs_sha256;     /* NULL: not stated, or not a fingerprint (after a diagnostic) */
    const struct setting *setting; /* NULL: not signed off */
};

struct scenario {
    const char *id;     /* file name without folder and .cfg; instances: name--key-value... */
    const char *family; /* of an instance of for_each: the file's name; else NULL */
    const struct instance_key *keys; /* of an instance, in the order of for_each */
    size_t n_keys;
    const char *title, *area, *question, *note;
    const struct model *model;
    struct population population;
    const struct scenario_group *groups; /* at least one; a scenario without population has one */
    size_t n_groups;
    const struct gradient *gradients;
    size_t n_gradients;
    int start_year;      /* first calendar year of model year 0 */
    size_t funded_years; /* = horizon_years where recurrent */
    bool recurrent;
    size_t delay_years; /* of a programme of a portfolio: starts so many years after start_year */
    double scale;       /* of a programme of a portfolio: people and volumes times this; else 1 */
    bool scales_fixed_costs; /* scale holds for costs per programme too */
    double q1_uptake;     /* uptake of the most deprived fifth times this: levelling up; else 1 */
    size_t horizon_years; /* 1..200; health models: started years */
    size_t n_cycles;      /* cohorts only */
    const struct input_value *inputs; /* model->n_inputs */
    const struct share *funding;      /* sectors, groups or pools; sums to 1 */
    size_t n_funding;
    const struct pool *pools;
    size_t n_pools;
    const struct override *overrides;
    size_t n_overrides;
    struct conventions conventions;
    struct decision_settings decision;
    struct sign_off sign_off;
    const struct omission *omissions;
    size_t n_omissions;
    bool of_portfolio; /* loaded for a portfolio only: not run by itself */
    const struct document *document;
    const struct setting *setting;
};

/* scenarios/run.cfg and the command line. */
struct run_settings {
    uint64_t seed;
    size_t n_draws;
    const char *sampling; /* "sobol", "latin_hypercube" or "plain" */
    size_t n_scramblings;
    const char *precision_of; /* measure whose standard error decides the draws; NULL none */
    double precision_se;
    size_t max_draws;
    int as_of; /* months since year 0 of the day against which review_by is judged; 0 not stated */
    const char *appraisal_pack, *deflator_pack, *optimism_pack, *timing, *perspective;
    int price_year;
    bool monetise_qalys;
    const struct setting *setting; /* NULL: all defaults */
};

struct portfolio;            /* portfolio.h */
struct scenario_expectation; /* expectation.h */

/* Everything a run stands on, frozen. */
struct library {
    const struct evidence *evidence;
    const struct correlations *correlations;
    const struct dimensions *dimensions;
    const struct packs *packs;
    const struct tables *tables;
    const struct sectors *sectors;
    const struct models *models;
    const struct area *areas; /* in id order */
    size_t n_areas;
    const struct area_list *area_lists; /* in id order */
    size_t n_area_lists;
    const struct populations *populations;    /* population tables; see area_people */
    const struct layered_document *documents; /* all model documents, in path order */
    size_t n_documents;
    struct run_settings run;
    const struct document *run_document;     /* NULL: no run file */
    const struct scenario *const *scenarios; /* in id order */
    size_t n_scenarios;
    const struct scenario *const *all_scenarios; /* with those that only portfolios run */
    size_t n_all_scenarios;
    const struct portfolio *const *portfolios; /* in id order */
    size_t n_portfolios;
    const struct scenario_expectation *expectations; /* see expectations_read for the order */
    size_t n_expectations;
    const struct document *const *expectation_documents; /* of --expect */
    size_t n_expectation_documents;
};

/* Loads all *.cfg under each models directory (layer order), then the scenario files, checks them,
 * and returns the library; look at diagnostics->n_errors before use. Paths are used as given for
 * messages. run_file may be NULL. Scenario files are scenario = { } documents, with for_each
 * several scenarios each; other kinds are errors. Directory walks are sorted (strcmp of path);
 * hidden files are skipped. */
struct library_request {
    const char *const *model_directories;
    size_t n_model_directories;
    /* Where the first of them was found and what to do where it is no library (no sectors or packs
     * in any); NULL: it was named by the user and is taken as it is. */
    const char *library_words, *library_remedy;
    const char *const *scenario_files; /* scenarios and portfolios, already expanded to files */
    size_t n_scenario_files;
    const char *run_file;
    const char *const *expectation_files; /* --expect; may be NULL */
    size_t n_expectation_files;
    const struct document *scenario; /* one more, read already (an import); NULL none */
};

/* The documents of models directories (path order) or of single files, each path a layer of its
 * own. Errors are diagnostics; the schema is checked. For who needs the evidence and no library. */
const struct layered_document *library_documents_of(struct arena *arena, const char *const *paths,
                                                    size_t n_paths, struct diagnostics *diagnostics,
                                                    size_t *n_documents);

/* What results call an input file, wherever it lies: models/..., layer_1/... for the documents of
 * layers, expectations/NAME, else scenarios/NAME. In the arena. */
const char *library_input_path(struct arena *arena, const struct library *library,
                               const char *file);

/* Whether two paths lead to one file; false where either cannot be looked at. */
bool library_same_file(const char *first, const char *second);

const struct library *library_load(struct arena *arena, const struct library_request *request,
                                   struct diagnostics *diagnostics);

/* The same from documents in memory, for tests and fuzzing. */
const struct library *library_build(struct arena *arena, const struct layered_document *documents,
                                    size_t n_documents,
                                    const struct document *const *scenario_documents,
                                    size_t n_scenarios, const struct document *run_document,
                                    struct diagnostics *diagnostics);

/* All that a library is made of, read already: of files, an archive, or parts of two libraries. */
struct library_documents {
    const struct layered_document *models;
    size_t n_models;
    const struct document *const *scenarios; /* and portfolios; those from n_listed on are there
                                                for portfolios only */
    size_t n_scenarios, n_listed;
    const struct document *run; /* NULL none */
    const struct document *const *expectations;
    size_t n_expectations;
};

/* Checks and reads them as library_load does; look at diagnostics->n_errors before use. */
const struct library *library_build_documents(struct arena *arena,
                                              const struct library_documents *documents,
                                              struct diagnostics *diagnostics);

/* People of an area by quintile in the age bands that begin from `from` to `to`; false (and nobody)
 * where no population table counts them. */
enum { AGE_WITHOUT_END = 120 };

bool area_people(const struct library *library, const struct area *area, double from, double to,
                 double people[N_QUINTILES]);

/* Index of a pool of the scenario, or SIZE_MAX. */
size_t scenario_pool_index(const struct scenario *scenario, const char *id);

/* The built-in defaults, the only place they stand (scenario_read.c); docs name them. */
struct run_settings run_settings_default(void);

#endif
