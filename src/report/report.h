/* Everything a run shows: the result files of a folder and the comparison on the terminal. The only
 * writer of user-visible outputs. Numbers never depend on locale, clock, directory or threads. */
#ifndef DIVIDEND_REPORT_REPORT_H
#define DIVIDEND_REPORT_REPORT_H

#include "assurance/assurance.h"
#include "base/text.h"
#include "decision/sensitivity.h"
#include "difference/difference.h"
#include "expectation/expectation.h"
#include "explain/explain.h"
#include "plausibility/plausibility.h"
#include "portfolio/portfolio.h"

/* What --decide worked out for a scenario. */
struct report_decision {
    bool made; /* false: the scenario failed */
    struct decision decision;
    struct sensitivity sensitivity;
    const struct evidence_variant *variants;
    size_t n_variants;
};

/* A sweep over hundreds of areas keeps report.html small enough to send: the first have pages of
 * their own, the table has all. */
enum { REPORT_MAX_PAGES = 100 };

/* Plots of characters beside the tables on a terminal. ASCII: no other byte in any plot. */
enum report_plots { REPORT_PLOTS_NONE, REPORT_PLOTS_ASCII, REPORT_PLOTS_UNICODE };

struct report_run {
    const struct library *library;
    const struct scenario_result *results; /* in scenario id order */
    size_t n_results;
    uint64_t seed, n_draws;
    enum sampling_method method;
    uint32_t n_scramblings;
    const char *precision_of; /* NULL: no target */
    double precision_se;
    uint64_t max_draws;
    const char *program_version;
    const struct diagnostics *diagnostics; /* warnings of the input */
    const struct report_decision
        *decisions;                     /* [n_results]; NULL: neither --decide nor --draws-out */
    bool decide;                        /* sensitivities and variants are made too */
    const struct sensitivity *tornados; /* [n_results]: of the net alone; NULL where decide */
    bool draws_out;                     /* also draws of parameters, costs and effects */
    const struct portfolio_result *portfolios; /* [n_portfolios], judged */
    size_t n_portfolios;
    const struct expectation_result *expectations; /* [n_expectations] */
    size_t n_expectations;
    const struct difference *difference; /* from an earlier run; NULL: none is compared */
    const struct assurance *assurance;   /* of these results; never NULL once they are there */
    enum report_plots plots;             /* of REPORT_TABLE; no file has them */
    const struct plausibility_finding *findings; /* [n_findings] */
    size_t n_findings;
    double seconds; /* wall time; into run_results.json only */
};

/* The run, complete but for `difference`, against an earlier one; in `arena`. */
enum status report_compare_with(struct arena *arena, const struct report_run *run,
                                const struct results *old, const struct difference **difference,
                                struct error *error) MUST_CHECK;

/* The run, complete but for `difference`, as its results folder would be read back; in `arena`. */
enum status report_read_back(struct arena *arena, const struct report_run *run,
                             const struct results **results, struct error *error) MUST_CHECK;

/* Its figures alone: of `library` and `results` nothing else is needed. */
const struct results_figure *report_read_figures(struct arena *arena, const struct report_run *run,
                                                 size_t *n_figures);

/* Writes summary.csv, sectors.csv, cashflow.csv, qalys.csv, inventory.csv, report.md, report.html,
 * manifest.json, datapackage.json, inputs.tar.zst, workbook.xlsx and run_results.json into an
 * existing directory: all of them to temporary files first, then renamed together, so that a
 * failure (named in the error) leaves an earlier run as it was. Files that an earlier run of the
 * program left there and this one does not write are removed after that: *n_removed of them. */
enum status report_write_all(const struct report_run *run, const char *directory, size_t *n_removed,
                             struct error *error) MUST_CHECK;

/* The comparison of programmes: who pays, who gains, cash apart from the rest, and the conventions.
 */
enum report_style { REPORT_TABLE, REPORT_CSV, REPORT_JSON, REPORT_MARKDOWN };

void report_compare(struct text *out, const struct report_run *run, enum report_style style,
                    size_t width);

/* The decisions of a run with `decisions`: after the comparison, for the terminal or in markdown.
 */
void report_decide(struct text *out, const struct report_run *run, enum report_style style,
                   size_t width);

/* One page a portfolio: who pays, who gains, the fair deal, what pooling is worth. */
void report_portfolios(struct text *out, const struct report_run *run, enum report_style style,
                       size_t width);

/* What the run was expected to show, a line each; nothing without expectations, or as CSV or JSON.
 */
void report_expectations(struct text *out, const struct report_run *run, enum report_style style,
                         size_t width);
/* One of them in a sentence without a newline. */
void expectation_words(struct text *out, const struct expectation_result *judged);
/* Where a figure comes from, for `dividend explain`. There is no csv: it is written as a table. */
void report_explanation(struct text *out, const struct explanation *explanation,
                        enum report_style style, size_t width);

/* What changed since the earlier run: answer, decisions, headlines, inputs. Nothing without one. */
void report_changes(struct text *out, const struct report_run *run, enum report_style style,
                    size_t width);

/* A line a scenario: Monte Carlo error, draws, whether another seed could turn the sign, precision.
 */
void report_exactness(struct text *out, const struct report_run *run, size_t width);

/* Who signed for the run's inputs and whether the checks of its arithmetic hold, a line. */
void report_assurance(struct text *out, const struct report_run *run, size_t width);

/* "Signed off by ... on ...", or why not; without a full stop. */
void report_sign_off(struct text *out, const struct sign_off *sign_off, enum sign_state state,
                     const char *inputs_sha256);

/* Warnings that come from results, each with its size and what to do; one line each. */
void report_warnings(struct text *out, const struct report_run *run);

#endif
