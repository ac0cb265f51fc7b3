/* What the writers of report/ share. */
#ifndef DIVIDEND_REPORT_REPORT_PRIVATE_H
#define DIVIDEND_REPORT_REPORT_PRIVATE_H

#include "report/output.h"
#include "report/report.h"

/* ---- csv ---- */

/* A text field: quoted where needed, and made harmless in a spreadsheet where it begins like a
 * formula. */
void csv_text(struct text *out, const char *value);
/* The shortest exact decimal; empty where not finite. */
void csv_number(struct text *out, double value);
void csv_count(struct text *out, uint64_t value);
/* The six columns mean .. q975 of a statistic: mean, sd, mc_se, q025, q50, q975. */
void csv_statistics(struct text *out, const struct column_statistics *statistics);
void csv_end(struct text *out); /* replaces the last comma by a newline */

void write_summary(struct text *out, const struct report_run *run);
void write_sectors(struct text *out, const struct report_run *run);
void write_cashflow(struct text *out, const struct report_run *run);
void write_qalys(struct text *out, const struct report_run *run);
void write_inventory(struct text *out, const struct report_run *run);
void write_markdown(struct text *out, const struct report_run *run);
void write_html(struct text *out, const struct report_run *run);
enum status write_manifest(struct text *out, const struct report_run *run, struct error *error);
enum status write_run_results(struct text *out, const struct report_run *run, struct error *error);
enum status write_datapackage(struct text *out, const struct report_run *run, struct error *error);
enum status write_inputs(const struct report_run *run, const char *path, struct error *error);
/* Whether some run writes a table of this name, e.g. "uncertainty/evpi.csv". */
bool is_result_table(const char *name);
/* workbook.xlsx, read back and compared with what was meant before it may have its name. */
enum status write_workbook(const struct report_run *run, const char *path, struct error *error);

/* Cohorts and trees; each takes a run of nothing else (report_part). */
void write_options(struct text *out, const struct report_run *run);
void write_incremental(struct text *out, const struct report_run *run);
void write_trace(struct text *out, const struct report_run *run);
void write_life_table(struct text *out, const struct report_run *run);
void report_options(struct text *out, const struct report_run *run, enum report_style style,
                    size_t width);
/* The tables of one scenario for report.md. */
void markdown_health(struct text *out, const struct scenario_result *result);
/* QALYs gained and what one costs, a line; nothing without QALYs. */
void write_qaly_lines(struct text *out, const struct scenario_result *result, struct arena *arena);
/* Options compared and who pays for each; conventions and checks, a line each. */
void write_health_tables(struct text *out, const struct scenario_result *result, size_t width);
void write_health_notes(struct text *out, const struct scenario_result *result);

/* The title says where it is, or there is no area to say. */
bool names_its_place(const struct scenario *scenario);

/* Words escaped for markdown. */
void markdown_text(struct text *out, const char *words);

/* ---- tables: for the terminal, and in markdown ---- */

enum { MAX_COLUMNS = 16, MAX_CELL = 96 };

struct grid {
    size_t n_columns, n_rows;
    char (*cells)[MAX_COLUMNS][MAX_CELL]; /* the first row holds the headings */
    const char *caption;                  /* in report.html; NULL: the first heading */
    bool sortable;                        /* in report.html */
};

/* A width that means HTML, as 0 means markdown: words become paragraphs, grids tables. */
#define WIDTH_HTML SIZE_MAX

void grid_init(struct grid *grid, size_t n_columns, size_t n_rows);
void grid_put(struct grid *grid, size_t row, size_t column, const char *words);
void grid_number(struct grid *grid, size_t row, size_t column, double value, int decimals);
/* Tables wider than the terminal are broken into several, each with the first column. width 0: as
 * markdown, whole. Frees the cells. */
void grid_write(struct text *out, const struct grid *grid, size_t width);

/* As a table of report.html (html.c). */
void html_grid(struct text *out, const struct grid *grid);

/* Words wrapped to the width, continued under `indent` blanks, and a newline. */
void write_wrapped(struct text *out, const char *words, size_t width, size_t indent);

/* ---- what a deal asks that cannot be paid (report_deal.c) ---- */

struct deal_terms {
    const struct plan *plan;
    const size_t *whos; /* [n] partners */
    size_t n;
    const double *transfers, *cash; /* PV GBP: negative pays; what each gains in cash before */
};

/* PV GBP of the transfers: all; of accounts without a budget holder; of holders beyond what they
 * gain in cash; what can be paid in cash. Then, before any transfer: what budget holders gain in
 * cash, and what partners are down by in cash. Parts below a pound are 0. */
struct deal_limits {
    double asked, unallocated, beyond_cash, payable;
    double cash_gains, cash_losses;
    size_t n_cash_losers;
};

struct deal_limits deal_limits_of(const struct deal_terms *terms);
/* Money is asked for and nobody has it. */
bool deal_lacks_cash(const struct deal_limits *limits);
/* Who has cash to give, and who stays down by how much, in a sentence. */
void write_deal_cash(struct text *words, const struct deal_terms *terms);
/* How much of the transfers can be paid, then write_deal_limits; each with a blank before it. */
void write_deal_payable(struct text *words, const struct deal_terms *terms);
/* A sentence for each, each with a blank before it; nothing where all can be paid in cash. */
void write_deal_limits(struct text *words, const struct deal_terms *terms);
/* What the i-th partner can pay of its transfer in cash: "-" for whoever pays nothing. */
void write_payable(char cell[48], const struct deal_terms *terms, size_t i);
/* Mean present value of a partner's cash: cashable savings and transfers less cash costs. */
double deal_cash_of(const struct scenario_result *result, size_t who);

/* The programmes that one solution has and the other has not; against NULL: all it has. */
void write_programme_names(struct text *words, const struct portfolio_result *portfolio,
                           const struct choice_solution *solution,
                           const struct choice_solution *against);

/* "burnley, 3 (befriending)" for an instance of a sweep, which tells instances apart where there is
 * little room; else the id. */
void short_name(char buffer[MAX_CELL], const struct scenario *scenario);
/* Its values alone, where its family and keys stand above: "burnley, 3". */
const char *instance_values(char buffer[MAX_CELL], const struct scenario *scenario);
/* What instances of its family differ by: "area, funded years". */
const char *family_keys(char buffer[MAX_CELL], const struct scenario *scenario);
/* League tables of all families of instances; width 0: markdown. */
void write_leagues(struct text *out, const struct report_run *run, size_t width);
void write_league_csv(struct text *out, const struct report_run *run);
void write_expectations_csv(struct text *out, const struct report_run *run);
void write_plausibility_csv(struct text *out, const struct report_run *run);

/* "a, b, c, d and 9 more": scenarios a warning is about, in turn. */
struct named_scenarios {
    struct text *words;
    size_t n;
    const char *before; /* words before the next name; NULL none */
};

enum { N_NAMED_SCENARIOS = 4 };

void name_scenario(struct named_scenarios *named, const struct scenario_result *result);
void name_rest(struct named_scenarios *named);
/* A line a rule that some scenario breaks. */
void warn_of_plausibility(struct text *out, const struct report_run *run);

/* The run with its programmes alone, or with its health models alone. */
struct report_run report_part(struct arena *arena, const struct report_run *run, bool health);

/* The unit of evidence as its source reports it: "GBP/person, 2009-10 prices". */
void parameter_unit_words(char buffer[96], const struct parameter *parameter);
/* The mean of the figure that a layer replaced, with its unit and price year. */
void write_replaced(struct text *out, const struct parameter *parameter);

/* The unit of an uncertain figure with the price year of money: "GBP, 2024-25 prices". */
const char *column_unit_words(char buffer[96], const struct plan_column *column);

/* ---- decisions (report_decision.c): a file each under uncertainty/, and words ---- */

struct decision_table {
    const char *name; /* "uncertainty/evpi.csv" */
    void (*write)(struct text *out, const struct report_run *run);
};

const struct decision_table *decision_tables(size_t *n_tables);

/* draws/SCENARIO/parameters.csv, costs.csv and effects.csv of one scenario. */
enum draws_kind { DRAWS_PARAMETERS, DRAWS_COSTS, DRAWS_EFFECTS, N_DRAWS_KINDS };

const char *draws_kind_name(enum draws_kind kind);
void write_draws(struct text *out, const struct decision *decision, enum draws_kind kind);
/* The decision of one scenario in words and tables; width 0: markdown. */
void write_decision(struct text *out, const struct report_run *run, size_t index, size_t width);
/* Its answer alone, in a sentence or two without a newline. */
void write_decision_answer(struct text *out, const struct decision *decision,
                           const struct scenario_result *result);
/* Which evidence is worth most over all scenarios, and to whom. */
void write_evidence_value(struct text *out, const struct report_run *run, size_t width);

/* ---- portfolios (report_portfolio_csv.c): a file each under portfolio/ ---- */

struct portfolio_table {
    const char *name; /* "portfolio/sets.csv" */
    void (*write)(struct text *out, const struct report_run *run);
};

const struct portfolio_table *portfolio_tables(size_t *n_tables);

/* The page of one portfolio; width 0: markdown. */
void write_portfolio(struct text *out, const struct report_run *run,
                     const struct portfolio_result *portfolio, size_t width);

/* "Fund A (x 0.5); B: 2 of 4 programmes, worth £185,558 of ..., proved best." */
void write_portfolio_choice(struct text *words, const struct portfolio_result *portfolio,
                            const struct portfolio_set *set);
/* Who pays and has no budget, in a sentence; nothing where there is nobody, or no budget at all. */
void write_portfolio_unlimited(struct text *words, const struct portfolio_result *portfolio);

/* Its parts, for a writer that puts figures between them. */
enum portfolio_part {
    PORTFOLIO_SETS, /* which programmes, and what pooling is worth */
    PORTFOLIO_ANSWER,
    PORTFOLIO_PARTNERS,
    PORTFOLIO_DEAL,     /* verdict, smallest transfers, six rules */
    PORTFOLIO_PAYMENTS, /* by year, and the deal in cash alone */
    PORTFOLIO_PROGRAMMES,
    PORTFOLIO_CLIFFS,
    PORTFOLIO_MONEY,
    PORTFOLIO_EQUALITY,
    PORTFOLIO_CONVENTIONS
};

void write_portfolio_part(struct text *out, const struct report_run *run,
                          const struct portfolio_result *portfolio, size_t width,
                          enum portfolio_part part);
/* The set that a portfolio's page is about; NULL where it has none, or its run failed. */
const struct portfolio_set *portfolio_page_set(const struct report_run *run,
                                               const struct portfolio_result *portfolio);

/* ---- explanations (explain_text.c, explain_json.c) ---- */

/* From section `first` on; headings of the first section at `level`, of the others one below. */
void markdown_explanation(struct text *out, const struct explanation *explanation, size_t first,
                          size_t level);
void json_explanation(struct text *out, const struct explanation *explanation);

/* ---- results ---- */

/* Statistics of a measure of a who by id, or NULL. */
const struct column_statistics *find_statistics(const struct scenario_result *result,
                                                enum measure measure, const char *who);
size_t headline_index(const struct plan *plan); /* who of the headline perspective */
/* Mean real flow of a kind in a year: of a sector, or summed over a perspective's. *any is set
 * where there is one. */
double flow_of_year(const struct scenario_result *result, size_t who, size_t kind, size_t year,
                    bool *any);
const char *item_name(const struct plan *plan, const struct plan_result_column *column);
const char *who_kind_name(enum who_kind kind);
const char *timing_name(enum timing timing);
/* "dominates", "dominated", "12,345" or "[z]": a negative ratio is never printed. */
const char *cost_per_qaly_words(struct arena *arena, double net_fiscal, double qalys);
/* The financial year, "2028-29", or `never`. */
void payback_words(char buffer[32], const struct plan *plan, double year, const char *never);

/* What differs from the conventions of `first`: " timing mid; prices of 2012-13". False: nothing.
 */
bool write_convention_differences(struct text *out, const struct scenario *first,
                                  const struct scenario *scenario);
/* "16384 draws (Sobol points, 8 scramblings, seed 1)" */
void write_sampling(struct text *out, const struct report_run *run);
/* "Random error of the net: £12 with 16,384 draws; other random numbers would turn its sign with
 * probability below .001." */
void write_exactness(struct text *out, const struct scenario_result *result);
/* The conventions of one scenario, a line each. */
void write_conventions(struct text *out, const struct report_run *run,
                       const struct scenario *scenario, const char *bullet);

#endif
