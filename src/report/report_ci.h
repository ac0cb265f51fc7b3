/* What machines that run jobs read: JUnit, SARIF, annotations and a summary for GitHub,
 * OpenLineage. None is a results file: they may hold times and paths. */
#ifndef DIVIDEND_REPORT_REPORT_CI_H
#define DIVIDEND_REPORT_REPORT_CI_H

#include "report/report.h"

/* JUnit XML: configuration, scenarios and expectations as test cases. `run` NULL: the input was bad
 * and nothing ran. Without times, so that it repeats. */
void report_junit(struct text *out, const struct report_run *run,
                  const struct diagnostics *diagnostics);

/* SARIF 2.1.0: every diagnostic with its place, its code as rule. */
enum status report_sarif(struct text *out, const struct diagnostics *diagnostics,
                         const char *program_version, struct error *error) MUST_CHECK;

/* One "::error file=...,line=...::..." a diagnostic, failed scenario and broken expectation. */
void report_annotations(struct text *out, const struct report_run *run,
                        const struct diagnostics *diagnostics);

/* Markdown for $GITHUB_STEP_SUMMARY: expectations, then the comparison; at most
 * REPORT_SUMMARY_BYTES, cut at a line and said so. */
enum { REPORT_SUMMARY_BYTES = 900 * 1024 };

void report_step_summary(struct text *out, const struct report_run *run);

/* One OpenLineage event as a line of JSON. The run id is made from the inputs and the time of the
 * start, so that start and end of a run share it. */
enum lineage_event { LINEAGE_START, LINEAGE_COMPLETE, LINEAGE_FAIL };

struct lineage {
    enum lineage_event event;
    int64_t started_s, now_s; /* seconds since 1970 */
    const char *results;      /* folder */
};

enum status report_lineage(struct text *out, const struct report_run *run,
                           const struct lineage *lineage, struct error *error) MUST_CHECK;

/* A file of the user's choice, whole or not at all. */
enum status report_write_file(const char *path, const struct text *text,
                              struct error *error) MUST_CHECK;

#endif
