#include "uncertainty/quantile.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const double quantile_probabilities[N_QUANTILES] = {0.025, 0.5, 0.975};

enum { SELECT_BUCKETS = 1024, SELECT_BY_SORTING = 512 };

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Type 7: between the order statistics floor(h) and floor(h) + 1 with h = (n - 1) p. */
static void quantile_ranks(size_t n, double probability, size_t *rank, double *fraction)
{
    double h = (double)(n - 1) * probability;
    *rank = (size_t)floor(h);
    *fraction = h - floor(h);
}

static double interpolate(double low, double high, double fraction)
{
    return fraction == 0.0 || low == high ? low : low + fraction * (high - low);
}

static void quantiles_of_sorted(size_t n, const double *sorted, double out[N_QUANTILES])
{
    for (size_t i = 0; i < N_QUANTILES; ++i) {
        size_t rank = 0;
        double fraction = 0.0;
        quantile_ranks(n, quantile_probabilities[i], &rank, &fraction);
        out[i] = interpolate(sorted[rank], sorted[rank + 1 < n ? rank + 1 : rank], fraction);
    }
}

struct buckets {
    double minimum, scale;
    uint32_t counts[SELECT_BUCKETS];
    uint8_t wanted[SELECT_BUCKETS];
};

static size_t bucket_of(const struct buckets *buckets, double value)
{
    double position = (value - buckets->minimum) * buckets->scale;
    size_t bucket = (size_t)position;
    return bucket < SELECT_BUCKETS ? bucket : SELECT_BUCKETS - 1;
}

/* Marks the bucket of one order statistic and says how many values lie in wanted buckets before it.
 */
static void want_rank(struct buckets *buckets, size_t rank)
{
    size_t below = 0, bucket = 0;
    while (below + buckets->counts[bucket] <= rank) {
        below += buckets->counts[bucket++];
    }
    buckets->wanted[bucket] = 1;
}

static size_t rank_among_wanted(const struct buckets *buckets, size_t rank)
{
    size_t below = 0, left_out = 0, bucket = 0;
    while (below + buckets->counts[bucket] <= rank) {
        left_out += buckets->wanted[bucket] ? 0 : buckets->counts[bucket];
        below += buckets->counts[bucket++];
    }
    return rank - left_out;
}

static size_t keep_finite(size_t n, const double *values, double *kept, double *minimum,
                          double *maximum)
{
    size_t n_kept = 0;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; ++i) {
        double value = values[i];
        kept[n_kept] = value;
        n_kept += isfinite(value) ? 1 : 0;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    *minimum = low;
    *maximum = high;
    return n_kept;
}

/* Values of the wanted buckets are gathered in `kept`, which may be `values`. */
static void select_by_buckets(size_t n, const double *values, double *kept, struct buckets *buckets,
                              double out[N_QUANTILES])
{
    for (size_t i = 0; i < n; ++i) {
        ++buckets->counts[bucket_of(buckets, values[i])];
    }
    for (size_t i = 0; i < N_QUANTILES; ++i) {
        size_t rank = 0;
        double fraction = 0.0;
        quantile_ranks(n, quantile_probabilities[i], &rank, &fraction);
        want_rank(buckets, rank);
        want_rank(buckets, rank + 1 < n ? rank + 1 : rank);
    }
    size_t n_wanted = 0;
    for (size_t i = 0; i < n; ++i) {
        double value = values[i];
        kept[n_wanted] = value;
        n_wanted += buckets->wanted[bucket_of(buckets, value)];
    }
    qsort(kept, n_wanted, sizeof *kept, compare_doubles);
    for (size_t i = 0; i < N_QUANTILES; ++i) {
        size_t rank = 0;
        double fraction = 0.0;
        quantile_ranks(n, quantile_probabilities[i], &rank, &fraction);
        out[i] =
            interpolate(kept[rank_among_wanted(buckets, rank)],
                        kept[rank_among_wanted(buckets, rank + 1 < n ? rank + 1 : rank)], fraction);
    }
}

static bool find_range(size_t n, const double *values, double *minimum, double *maximum)
{
    double low = INFINITY, high = -INFINITY;
    size_t n_bad = 0;
    for (size_t i = 0; i < n; ++i) {
        double value = values[i];
        low = value < low ? value : low;
        high = value > high ? value : high;
        n_bad += value - value != 0.0 ? 1U : 0U;
    }
    *minimum = low;
    *maximum = high;
    return n_bad == 0;
}

void quantile_select(size_t n, const double *values, double *scratch, double out[N_QUANTILES])
{
    struct buckets buckets = {0};
    double minimum = 0.0, maximum = 0.0;
    size_t n_finite = n;
    if (!find_range(n, values, &minimum, &maximum)) {
        n_finite = keep_finite(n, values, scratch, &minimum, &maximum);
        values = scratch;
    }
    buckets.minimum = minimum;
    buckets.scale = SELECT_BUCKETS / (maximum - minimum);
    if (n_finite == 0) {
        out[0] = out[1] = out[2] = NAN;
    } else if (minimum == maximum) {
        out[0] = out[1] = out[2] = minimum;
    } else if (n_finite <= SELECT_BY_SORTING || !isfinite(buckets.scale)) {
        if (values != scratch) {
            memcpy(scratch, values, n_finite * sizeof *scratch);
        }
        qsort(scratch, n_finite, sizeof *scratch, compare_doubles);
        quantiles_of_sorted(n_finite, scratch, out);
    } else {
        select_by_buckets(n_finite, values, scratch, &buckets, out);
    }
}

static double year_at_rank(size_t n_years, const uint64_t *counts, uint64_t rank)
{
    uint64_t below = 0;
    for (size_t year = 0; year < n_years; ++year) {
        below += counts[year];
        if (rank < below) {
            return (double)year;
        }
    }
    return INFINITY;
}

void quantile_of_counts(size_t n_years, const uint64_t *counts, double out[N_QUANTILES])
{
    size_t n = 0;
    for (size_t year = 0; year <= n_years; ++year) {
        n += counts[year];
    }
    for (size_t i = 0; i < N_QUANTILES; ++i) {
        size_t rank = 0;
        double fraction = 0.0;
        quantile_ranks(n, quantile_probabilities[i], &rank, &fraction);
        out[i] =
            interpolate(year_at_rank(n_years, counts, rank),
                        year_at_rank(n_years, counts, rank + 1 < n ? rank + 1 : rank), fraction);
    }
}

/* ---- brackets ---- */

void bracket_place(size_t n, const double *pilot, double *scratch,
                   struct bracket brackets[N_QUANTILES])
{
    double minimum = 0.0, maximum = 0.0;
    size_t n_finite = keep_finite(n, pilot, scratch, &minimum, &maximum);
    memset(brackets, 0, N_QUANTILES * sizeof *brackets);
    if (n_finite == 0) {
        return;
    }
    qsort(scratch, n_finite, sizeof *scratch, compare_doubles);
    for (size_t i = 0; i < N_QUANTILES; ++i) {
        double p = quantile_probabilities[i];
        double centre = (double)(n_finite - 1) * p;
        double reach = 5.0 * sqrt((double)n_finite * p * (1.0 - p)) + 1.0;
        double low = fmax(0.0, floor(centre - reach));
        double high = fmin((double)(n_finite - 1), ceil(centre + reach));
        brackets[i].low = scratch[(size_t)low];
        brackets[i].high = scratch[(size_t)high];
    }
}

void bracket_count(struct bracket *bracket, size_t n, const double *values)
{
    double low = bracket->low, high = bracket->high;
    double scale = high > low ? BRACKET_BINS / (high - low) : 0.0;
    uint64_t n_below = 0;
    for (size_t i = 0; i < n; ++i) {
        n_below += values[i] < low ? 1U : 0U;
    }
    bracket->n_below += n_below;
    for (size_t i = 0; i < n; ++i) {
        if (values[i] >= low && values[i] <= high) {
            size_t bin = (size_t)((values[i] - low) * scale);
            ++bracket->bins[bin < BRACKET_BINS ? bin : BRACKET_BINS - 1];
        }
    }
}

void bracket_add(struct bracket *bracket, const struct bracket *other)
{
    bracket->n_below += other->n_below;
    for (size_t bin = 0; bin < BRACKET_BINS; ++bin) {
        bracket->bins[bin] += other->bins[bin];
    }
}

void bracket_write(const struct bracket *bracket, struct bytes *bytes)
{
    bytes_put_count(bytes, bracket->n_below);
    for (size_t bin = 0; bin < BRACKET_BINS; ++bin) {
        bytes_put_count(bytes, bracket->bins[bin]);
    }
}

void bracket_read(struct bracket *bracket, struct bytes_reader *reader)
{
    bracket->n_below = bytes_take_count(reader);
    for (size_t bin = 0; bin < BRACKET_BINS; ++bin) {
        bracket->bins[bin] = bytes_take_count(reader);
    }
}

static void move_bracket(struct bracket *bracket, double low, double high)
{
    *bracket = (struct bracket){.low = low, .high = high};
}

int bracket_resolve(struct bracket *bracket, double probability, uint64_t n, double minimum,
                    double maximum, double *value)
{
    if (n == 0) {
        *value = NAN;
        return 0;
    }
    double rank = (double)(n - 1) * probability;
    if (rank < (double)bracket->n_below) {
        move_bracket(bracket, minimum, bracket->low);
        return 1;
    }
    double below = (double)bracket->n_below;
    double width = (bracket->high - bracket->low) / BRACKET_BINS;
    for (size_t bin = 0; bin < BRACKET_BINS; ++bin) {
        double count = (double)bracket->bins[bin];
        if (count > 0.0 && rank < below + count) {
            double inside = (rank - below + 0.5) / count;
            *value = bracket->low + width * ((double)bin + (inside < 1.0 ? inside : 1.0));
            return 0;
        }
        below += count;
    }
    if (bracket->high >= maximum) {
        *value = maximum;
        return 0;
    }
    move_bracket(bracket, bracket->high, maximum);
    return 1;
}
