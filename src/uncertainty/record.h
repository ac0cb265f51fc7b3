/* What a run of blocks contributes: counts, means, squared deviations and co-moments of every
 * result column, folded pairwise in a fixed binary tree. Serialisable: record_bytes.c. */
#ifndef DIVIDEND_UNCERTAINTY_RECORD_H
#define DIVIDEND_UNCERTAINTY_RECORD_H

#include "appraise/appraise.h"
#include "base/bytes.h"
#include "sample/sample.h"

struct column_record {
    double mean, squared_deviations; /* over finite draws */
    double minimum, maximum;
    uint64_t n_finite, n_nonneg;
};

struct ratio_record {
    double mean_numerator, mean_denominator;
    double squared_numerator, squared_denominator, comoment;
};

/* What one scrambling has seen of a column or ratio: sums, for means of each scrambling. */
struct scrambling_record {
    uint64_t n_draws;
    double *sums;                      /* [plan->n_results], of finite values */
    uint32_t *n_finite;                /* [plan->n_results] */
    uint32_t *n_nonneg;                /* [plan->n_results] */
    double *numerators, *denominators; /* [plan->n_ratios] */
};

struct record {
    uint64_t n_draws, n_capped;
    uint64_t first_bad_draw; /* first draw with a value that must be finite and is not; UINT64_MAX
                                none */
    size_t bad_column;
    double bad_value;
    struct column_record *columns; /* plan->n_results */
    struct ratio_record *ratios;   /* plan->n_ratios */
    uint64_t *counts; /* whole-year columns: [payback column][n_years + 1], last: not within */
    struct scrambling_record *scramblings; /* [n_scramblings]; NULL arrays: none of its draws yet */
    size_t n_scramblings;                  /* 0: plain draws, nothing is kept */
};

struct record *record_new(const struct plan *plan, size_t n_scramblings);
void record_free(struct record *record);

/* Contribution of one appraised block whose first draw is `first_draw`; all its draws belong to one
 * scrambling. */
void record_fill(struct record *record, const struct appraisal *appraisal,
                 const struct settlement *settlement, const struct sampling_design *design,
                 uint64_t first_draw, size_t n_draws);

/* left += right (right follows left, and may lose its scramblings to it). Chan's pairwise update.
 */
void record_merge(const struct plan *plan, struct record *left, struct record *right);

/* As bytes for contributions; reading gives NULL, and a failed reader, where the bytes are not of
 * such a plan. */
void record_write(const struct plan *plan, const struct record *record, struct bytes *bytes);
struct record *record_read(const struct plan *plan, size_t n_scramblings,
                           struct bytes_reader *reader);

/* Arrays of a scrambling that has seen n_draws draws, all 0. */
void record_start_scrambling(const struct plan *plan, struct scrambling_record *scrambling,
                             uint64_t n_draws);

/* Length of record->counts. */
size_t record_count_years(const struct plan *plan);

/* Whether its values are whole years, which are counted (paybacks). */
bool record_is_whole_year(enum measure measure);

/* A binary tree over leaves 0 .. n_leaves - 1 that depends on n_leaves alone: node i of a level is
 * the merge of nodes 2i and 2i + 1 below, an odd last one is passed up. Leaves may come in any
 * order. */
struct fold {
    const struct plan *plan;
    size_t n_leaves;
    struct fold_node *pending;
    size_t n_pending, capacity;
    struct record *root; /* set when the last leaf has come */
};

void fold_init(struct fold *fold, const struct plan *plan, size_t n_leaves);
void fold_add(struct fold *fold, size_t leaf, struct record *record); /* takes the record */
void fold_clear(struct fold *fold);

#endif
