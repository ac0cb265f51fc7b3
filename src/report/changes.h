/* What changed since an earlier run: three tables and words; private to report/. */
#ifndef DIVIDEND_REPORT_CHANGES_H
#define DIVIDEND_REPORT_CHANGES_H

#include "difference/difference.h"
#include "report/report_private.h"

/* changes.csv, changes_inputs.csv, changes_decisions.csv: nothing without an earlier run. */
struct changes_table {
    const char *name;
    void (*write)(struct text *out, const struct report_run *run);
};

const struct changes_table *changes_tables(size_t *n_tables);

/* Answer, decisions flipped, headlines moved, inputs changed. width 0: markdown, WIDTH_HTML: html;
 * without a heading. */
void write_changes(struct text *out, const struct report_run *run, size_t width);

/* The answer alone, in sentences: "12 of 820 figures moved ..." */
void write_changes_answer(struct text *out, const struct difference *difference);
/* Whether differences may be noise at all, and which run it was compared with. */
void write_changes_basis(struct text *out, const struct difference *difference);

const char *difference_rank_name(enum difference_rank rank);

/* "gains (45 of 100 draws do not lose)": one side of a decision with how sure it is, where it is
 * the sign of a figure. */
const char *changes_decision_side(struct arena *arena, const char *words, double p_nonneg);

/* Lead, at most twelve ids and how many more, end; nothing where there are none. */
void changes_write_ids(struct text *out, const char *lead, const char *const *ids, size_t n,
                       const char *end);

#endif
