/* Two runs compared by `dividend diff`: what moved, why, which decisions flipped. */
#ifndef DIVIDEND_REPORT_REPORT_DIFF_H
#define DIVIDEND_REPORT_REPORT_DIFF_H

#include "cause/cause.h"
#include "report/report.h"

/* What a move may be: the largest of the three. */
struct diff_tolerance {
    double absolute;        /* in the figure's unit */
    double relative;        /* of the larger of the two values' sizes */
    double standard_errors; /* of the Monte Carlo errors of both together */
};

struct report_diff {
    const char *old_name, *now_name; /* as asked for: a folder, a revision */
    const char *old_is, *now_is;     /* "results of dividend 0.1.0", "commit 1a2b3c4d5e6f" */
    const struct difference *difference;
    const struct cause_splits *splits;
    struct diff_tolerance tolerance;
    const bool *beyond; /* [n_figures] of the difference */
    size_t n_beyond;
    const char *fail_on;
    bool found;           /* a difference that counts: exit code 4 */
    bool program_changed; /* one of the runs is of another build or version than this program */
};

/* Inputs changed but for files whose text alone differs, and hashes of what is listed anyway. */
bool diff_shows_input(const struct difference_input *input);
/* No figure, decision, shown input or scenario differs. */
bool diff_is_empty(const struct difference *difference);

/* On one screen as a table; everything as JSON, or a fact a row as CSV. */
enum status report_diff(struct text *out, const struct report_diff *diff, enum report_style style,
                        size_t width, struct error *error) MUST_CHECK;

#endif
