/* Quantiles of type 7 (interpolated order statistics): exact by selection, or from integer
 * histograms. */
#ifndef DIVIDEND_UNCERTAINTY_QUANTILE_H
#define DIVIDEND_UNCERTAINTY_QUANTILE_H

#include "base/bytes.h"

#include <stddef.h>
#include <stdint.h>

enum { N_QUANTILES = 3 };

extern const double quantile_probabilities[N_QUANTILES]; /* .025, .5, .975 */

/* Exact, of the n finite values (NaN is left out); NaN where none. `scratch` holds n doubles. */
void quantile_select(size_t n, const double *values, double *scratch, double out[N_QUANTILES]);

/* Exact, of whole years counted: counts[n_years + 1], the last standing for never (INFINITY). */
void quantile_of_counts(size_t n_years, const uint64_t *counts, double out[N_QUANTILES]);

/* A fine histogram around one quantile, placed by a pilot sample. */
enum { BRACKET_BINS = 256 };

struct bracket {
    double low, high;
    uint64_t n_below, bins[BRACKET_BINS];
};

/* Places brackets by the pilot's order statistics, five standard errors of the rank to each side.
 */
void bracket_place(size_t n, const double *pilot, double *scratch,
                   struct bracket brackets[N_QUANTILES]);
void bracket_count(struct bracket *bracket, size_t n, const double *values);
void bracket_add(struct bracket *bracket, const struct bracket *other);
/* Counts as bytes, without where the bracket lies. */
void bracket_write(const struct bracket *bracket, struct bytes *bytes);
void bracket_read(struct bracket *bracket, struct bytes_reader *reader);

/* The quantile of n values in [minimum, maximum] once all are counted. Returns 0 when it lies in
 * the bracket
 * (*value set), else moves the bracket to where it must lie, clears it and returns 1: count again.
 */
int bracket_resolve(struct bracket *bracket, double probability, uint64_t n, double minimum,
                    double maximum, double *value);

#endif
