/* What the writers of a comparison share. */
#ifndef DIVIDEND_REPORT_REPORT_DIFF_PRIVATE_H
#define DIVIDEND_REPORT_REPORT_DIFF_PRIVATE_H

#include "report/report_diff.h"

struct shown_figure {
    const struct difference_figure *figure;
    const struct cause_split *split;
    size_t row; /* of the split */
    bool beyond;
    size_t order; /* among the figures */
};

/* Headline figures that moved, largest move first. */
struct shown_figure *diff_headlines(struct arena *arena, const struct report_diff *diff, size_t *n);
/* Indexes of its causes, largest part first. */
size_t *diff_order_causes(struct arena *arena, const struct shown_figure *shown);

/* An input that changed: as the manifests say it, or as the settings do. */
struct diff_input {
    const char *kind, *name;
    const char *words;  /* "value; source: 1.2 GBP, Gamma(16, 5) -> 1.4 GBP, Gamma(16, 6)" */
    size_t n_scenarios; /* 0: of the whole run */
    const struct difference_input *from; /* NULL: only the settings say it */
};

const struct diff_input *diff_inputs(struct arena *arena, const struct report_diff *diff,
                                     size_t *n);

void write_diff_csv(struct text *out, const struct report_diff *diff);
enum status write_diff_json(struct text *out, const struct report_diff *diff,
                            struct error *error) MUST_CHECK;

#endif
