/* `dividend diff`: its two sides, and why figures moved between them. Private to batch/. */
#ifndef DIVIDEND_BATCH_BATCH_DIFF_H
#define DIVIDEND_BATCH_BATCH_DIFF_H

#include "batch/batch_private.h"
#include "cause/cause.h"
#include "sample/sample.h"

struct diff_design {
    uint64_t seed, n_draws;
    enum sampling_method method;
    uint32_t n_scramblings;
};

struct diff_side {
    const char *name;              /* as asked for */
    const char *words;             /* what it is */
    const char *commit;            /* of a revision; NULL: a folder */
    bool is_results;               /* else inputs, to be run */
    const struct library *library; /* NULL: its inputs cannot be had, `without` says why */
    const char *without;
    const struct results *results;
    struct diff_design design;
    bool other_program; /* its figures are those of another program than this one */
};

/* batch_diff_sides.c. What OLD and NEW are, and their results: read, or run. The new side's design
 * counts for both where they are run. False after diagnostics, or an error in `error`. */
bool diff_sides_find(struct session *session, struct diff_side sides[2]);
enum status diff_sides_read(struct session *session, struct diff_side sides[2],
                            struct error *error) MUST_CHECK;

/* batch_diff_causes.c. Splits every moved figure of a scenario's answer: nets, cash, the figures of
 * its perspective and partners. */
enum status diff_causes(struct session *session, const struct diff_side sides[2],
                        const struct difference *difference, struct cause_splits *splits,
                        struct error *error) MUST_CHECK;

#endif
