#include "uncertainty/record.h"

#include "uncertainty/moments.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool record_is_whole_year(enum measure measure)
{
    return measure == MEASURE_PAYBACK_DISCOUNTED || measure == MEASURE_PAYBACK_UNDISCOUNTED;
}

/* Ratios, rates of return and paybacks may be undefined in a draw; everything else must be finite.
 */
static bool may_be_undefined(const struct plan_result_column *result)
{
    return result->is_ratio || result->measure == MEASURE_IRR ||
           record_is_whole_year(result->measure);
}

size_t record_count_years(const struct plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_results; ++i) {
        n += record_is_whole_year(plan->results[i].measure) ? 1 : 0;
    }
    return n * (plan->n_years + 1);
}

struct record *record_new(const struct plan *plan, size_t n_scramblings)
{
    struct record *record = memory_alloc(sizeof *record);
    *record = (struct record){
        .first_bad_draw = UINT64_MAX,
        .columns = memory_array(plan->n_results + 1, sizeof *record->columns),
        .ratios = memory_array(plan->n_ratios + 1, sizeof *record->ratios),
        .counts = memory_array(record_count_years(plan) + 1, sizeof *record->counts),
        .scramblings = memory_array(n_scramblings + 1, sizeof *record->scramblings),
        .n_scramblings = n_scramblings};
    return record;
}

static void clear_scrambling(struct scrambling_record *scrambling)
{
    free(scrambling->sums);
    free(scrambling->n_finite);
    free(scrambling->n_nonneg);
    free(scrambling->numerators);
    free(scrambling->denominators);
    *scrambling = (struct scrambling_record){0};
}

void record_free(struct record *record)
{
    if (record != NULL) {
        free(record->columns);
        free(record->ratios);
        free(record->counts);
        for (size_t i = 0; i < record->n_scramblings; ++i) {
            clear_scrambling(&record->scramblings[i]);
        }
        free(record->scramblings);
        free(record);
    }
}

/* The slow, careful form: leaves out what is not finite. */
static struct column_record fill_finite(size_t n, const double *values)
{
    struct column_record column = {.minimum = NAN, .maximum = NAN};
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        column.n_nonneg += values[i] >= 0.0 ? 1 : 0;
        if (isfinite(values[i])) {
            sum += values[i];
            ++column.n_finite;
            column.minimum = fmin(column.minimum, values[i]);
            column.maximum = fmax(column.maximum, values[i]);
        }
    }
    if (column.n_finite == 0) {
        return column;
    }
    column.mean = sum / (double)column.n_finite;
    for (size_t i = 0; i < n; ++i) {
        if (isfinite(values[i])) {
            double deviation = values[i] - column.mean;
            column.squared_deviations += deviation * deviation;
        }
    }
    return column;
}

static struct column_record fill_column(size_t n, const double *values)
{
    struct moments moments;
    moments_kernels()->moments(n, values, &moments);
    if (!isfinite(moments.mean) || !isfinite(moments.squared_deviations)) {
        return fill_finite(n, values);
    }
    return (struct column_record){.mean = moments.mean,
                                  .squared_deviations = moments.squared_deviations,
                                  .minimum = moments.minimum,
                                  .maximum = moments.maximum,
                                  .n_finite = n,
                                  .n_nonneg = moments.n_nonneg};
}

static void note_bad_draw(struct record *record, size_t index, const double *values,
                          uint64_t first_draw, size_t n_draws)
{
    for (size_t draw = 0; draw < n_draws; ++draw) {
        if (!isfinite(values[draw]) && first_draw + draw < record->first_bad_draw) {
            record->first_bad_draw = first_draw + draw;
            record->bad_column = index;
            record->bad_value = values[draw];
        }
    }
}

static void count_years(uint64_t *counts, size_t n_years, const double *values, size_t n_draws)
{
    for (size_t draw = 0; draw < n_draws; ++draw) {
        size_t year = isfinite(values[draw]) ? (size_t)values[draw] : n_years;
        ++counts[year];
    }
}

static struct ratio_record fill_ratio(size_t n, const double *numerator, const double *denominator)
{
    struct moments top, bottom;
    moments_kernels()->moments(n, numerator, &top);
    moments_kernels()->moments(n, denominator, &bottom);
    return (struct ratio_record){
        .mean_numerator = top.mean,
        .mean_denominator = bottom.mean,
        .squared_numerator = top.squared_deviations,
        .squared_denominator = bottom.squared_deviations,
        .comoment = moments_kernels()->comoment(n, numerator, top.mean, denominator, bottom.mean)};
}

void record_start_scrambling(const struct plan *plan, struct scrambling_record *scrambling,
                             uint64_t n_draws)
{
    *scrambling = (struct scrambling_record){
        .n_draws = n_draws,
        .sums = memory_array(plan->n_results + 1, sizeof *scrambling->sums),
        .n_finite = memory_array(plan->n_results + 1, sizeof *scrambling->n_finite),
        .n_nonneg = memory_array(plan->n_results + 1, sizeof *scrambling->n_nonneg),
        .numerators = memory_array(plan->n_ratios + 1, sizeof *scrambling->numerators),
        .denominators = memory_array(plan->n_ratios + 1, sizeof *scrambling->denominators)};
}

/* From the block's own columns, so that nothing is summed twice. */
static void fill_scrambling(const struct plan *plan, const struct record *record,
                            struct scrambling_record *scrambling)
{
    record_start_scrambling(plan, scrambling, record->n_draws);
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct column_record *column = &record->columns[i];
        scrambling->sums[i] = column->n_finite > 0 ? column->mean * (double)column->n_finite : 0.0;
        scrambling->n_finite[i] = (uint32_t)column->n_finite;
        scrambling->n_nonneg[i] = (uint32_t)column->n_nonneg;
    }
    for (size_t i = 0; i < plan->n_ratios; ++i) {
        scrambling->numerators[i] = record->ratios[i].mean_numerator * (double)record->n_draws;
        scrambling->denominators[i] = record->ratios[i].mean_denominator * (double)record->n_draws;
    }
}

static void merge_scrambling(const struct plan *plan, struct scrambling_record *left,
                             struct scrambling_record *right)
{
    if (right->n_draws == 0) {
        return;
    }
    if (left->n_draws == 0) {
        *left = *right;
        *right = (struct scrambling_record){0};
        return;
    }
    left->n_draws += right->n_draws;
    for (size_t i = 0; i < plan->n_results; ++i) {
        left->sums[i] += right->sums[i];
        left->n_finite[i] += right->n_finite[i];
        left->n_nonneg[i] += right->n_nonneg[i];
    }
    for (size_t i = 0; i < plan->n_ratios; ++i) {
        left->numerators[i] += right->numerators[i];
        left->denominators[i] += right->denominators[i];
    }
}

void record_fill(struct record *record, const struct appraisal *appraisal,
                 const struct settlement *settlement, const struct sampling_design *design,
                 uint64_t first_draw, size_t n_draws)
{
    const struct plan *plan = appraisal->plan;
    size_t whole_year = 0;
    record->n_draws = n_draws;
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct plan_result_column *result = &plan->results[i];
        const double *values = appraisal->values + i * PROGRAM_BLOCK;
        if (may_be_undefined(result)) {
            record->columns[i] = fill_finite(n_draws, values);
        } else {
            record->columns[i] = fill_column(n_draws, values);
            if (record->columns[i].n_finite < n_draws) {
                note_bad_draw(record, i, values, first_draw, n_draws);
            }
        }
        if (record_is_whole_year(result->measure)) {
            count_years(record->counts + whole_year++ * (plan->n_years + 1), plan->n_years, values,
                        n_draws);
        }
    }
    for (size_t i = 0; i < plan->n_ratios; ++i) {
        record->ratios[i] = fill_ratio(n_draws, appraisal->numerators + i * PROGRAM_BLOCK,
                                       appraisal->denominators + i * PROGRAM_BLOCK);
    }
    for (size_t draw = 0; plan->health == NULL && draw < n_draws; ++draw) {
        record->n_capped += settlement->capped[draw] != 0.0 ? 1 : 0;
    }
    if (record->n_scramblings > 0) {
        fill_scrambling(plan, record,
                        &record->scramblings[sampling_scrambling(design, first_draw)]);
    }
}

static void merge_column(struct column_record *left, const struct column_record *right)
{
    left->n_nonneg += right->n_nonneg;
    if (right->n_finite == 0) {
        return;
    }
    if (left->n_finite == 0) {
        uint64_t n_nonneg = left->n_nonneg;
        *left = *right;
        left->n_nonneg = n_nonneg;
        return;
    }
    double n_left = (double)left->n_finite, n_right = (double)right->n_finite;
    double n = n_left + n_right, delta = right->mean - left->mean;
    left->mean += delta * (n_right / n);
    left->squared_deviations += right->squared_deviations + delta * delta * (n_left * n_right / n);
    left->minimum = fmin(left->minimum, right->minimum);
    left->maximum = fmax(left->maximum, right->maximum);
    left->n_finite += right->n_finite;
}

static void merge_ratio(struct ratio_record *left, double n_left, const struct ratio_record *right,
                        double n_right)
{
    double n = n_left + n_right, weight = n_left * n_right / n;
    double top = right->mean_numerator - left->mean_numerator;
    double bottom = right->mean_denominator - left->mean_denominator;
    left->mean_numerator += top * (n_right / n);
    left->mean_denominator += bottom * (n_right / n);
    left->squared_numerator += right->squared_numerator + top * top * weight;
    left->squared_denominator += right->squared_denominator + bottom * bottom * weight;
    left->comoment += right->comoment + top * bottom * weight;
}

void record_merge(const struct plan *plan, struct record *left, struct record *right)
{
    for (size_t i = 0; i < plan->n_results; ++i) {
        merge_column(&left->columns[i], &right->columns[i]);
    }
    for (size_t i = 0; i < plan->n_ratios; ++i) {
        merge_ratio(&left->ratios[i], (double)left->n_draws, &right->ratios[i],
                    (double)right->n_draws);
    }
    size_t n_counts = record_count_years(plan);
    for (size_t i = 0; i < n_counts; ++i) {
        left->counts[i] += right->counts[i];
    }
    for (size_t i = 0; i < left->n_scramblings; ++i) {
        merge_scrambling(plan, &left->scramblings[i], &right->scramblings[i]);
    }
    left->n_draws += right->n_draws;
    left->n_capped += right->n_capped;
    if (right->first_bad_draw < left->first_bad_draw) {
        left->first_bad_draw = right->first_bad_draw;
        left->bad_column = right->bad_column;
        left->bad_value = right->bad_value;
    }
}

/* ---- the tree ---- */

struct fold_node {
    size_t level, index;
    struct record *record;
};

void fold_init(struct fold *fold, const struct plan *plan, size_t n_leaves)
{
    *fold = (struct fold){.plan = plan, .n_leaves = n_leaves};
}

void fold_clear(struct fold *fold)
{
    for (size_t i = 0; i < fold->n_pending; ++i) {
        record_free(fold->pending[i].record);
    }
    free(fold->pending);
    record_free(fold->root);
    *fold = (struct fold){0};
}

static struct record *take_pending(struct fold *fold, size_t level, size_t index)
{
    for (size_t i = 0; i < fold->n_pending; ++i) {
        if (fold->pending[i].level == level && fold->pending[i].index == index) {
            struct record *record = fold->pending[i].record;
            fold->pending[i] = fold->pending[--fold->n_pending];
            return record; /* off the list, so freed once. NOLINT(clang-analyzer-unix.Malloc) */
        }
    }
    return NULL;
}

static void push_pending(struct fold *fold, struct fold_node node)
{
    if (fold->n_pending == fold->capacity) {
        fold->capacity = fold->capacity == 0 ? 16 : 2 * fold->capacity;
        fold->pending = memory_realloc(fold->pending, fold->capacity * sizeof *fold->pending);
    }
    fold->pending[fold->n_pending++] = node;
}

void fold_add(struct fold *fold, size_t leaf, struct record *record)
{
    size_t level = 0, index = leaf, count = fold->n_leaves;
    while (count > 1) {
        size_t sibling = index ^ 1U;
        if (sibling < count) {
            struct record *other = take_pending(fold, level, sibling);
            if (other == NULL) {
                push_pending(fold,
                             (struct fold_node){.level = level, .index = index, .record = record});
                return;
            }
            struct record *left = sibling < index ? other : record;
            struct record *right = sibling < index ? record : other;
            record_merge(fold->plan, left, right);
            record_free(right);
            record = left;
        }
        ++level;
        index /= 2;
        count = (count + 1) / 2;
    }
    fold->root = record;
}
