#include "decision/conditional.h"

#include "base/arena.h"
#include "base/vector.h"
#include "evidence/correlation.h"
#include "sample/sample_kernels.h"
#include "uncertainty/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_OF_KNOTS = 512, MAX_LEVELS = 32, SEGMENTS = 9, N_SPLINES = SEGMENTS + 3 };

/* Sum in fixed lanes, so that every instruction set gives the same bits. */
static double dot(size_t n, const double *x, const double *y)
{
    return moments_kernels()->comoment(n, x, 0.0, y, 0.0);
}

static void basis_init(struct basis *basis, size_t n_draws, size_t n_functions, const char *method)
{
    *basis = (struct basis){.n_draws = n_draws,
                            .n_functions = n_functions,
                            .values = memory_columns(n_functions * n_draws + 1),
                            .method = method};
}

void basis_clear(struct basis *basis)
{
    free(basis->values);
    *basis = (struct basis){0};
}

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* ---- levels ---- */

static size_t find_level(const double *levels, size_t n_levels, double x)
{
    size_t at = 0;
    while (at + 1 < n_levels && fabs(levels[at + 1] - x) < fabs(levels[at] - x)) {
        ++at;
    }
    return at;
}

static void build_levels(struct basis *basis, size_t n, const double *x, const double *levels,
                         size_t n_levels)
{
    basis_init(basis, n, n_levels, "levels");
    memset(basis->values, 0, n_levels * n * sizeof *basis->values);
    for (size_t i = 0; i < n; ++i) {
        basis->values[find_level(levels, n_levels, x[i]) * n + i] = 1.0;
    }
    for (size_t j = 0; j < n_levels; ++j) {
        double count = dot(n, basis->values + j * n, basis->values + j * n);
        double scale = count > 0.0 ? sqrt((double)n / count) : 0.0;
        vector_kernels()->scale(n, basis->values + j * n, scale, basis->values + j * n);
    }
}

/* ---- splines ---- */

/* knots[0 .. SEGMENTS + 6]: the limits four times each, quantiles between. */
static void place_knots(double *knots, const double *sorted, size_t n, double low, double high)
{
    for (size_t i = 0; i < 4; ++i) {
        knots[i] = low;
        knots[SEGMENTS + 3 + i] = high;
    }
    for (size_t i = 1; i < SEGMENTS; ++i) {
        knots[3 + i] = sorted[i * n / SEGMENTS];
    }
}

/* De Boor's recurrence: the four cubic B-splines that are not zero at x, the first with number
 * `span`. */
static size_t evaluate_splines(const double *knots, double x, double values[4])
{
    size_t span = 0;
    while (span + 1 < SEGMENTS && x >= knots[span + 4]) {
        ++span;
    }
    const double *t = knots + span + 3; /* t[0] <= x <= t[1] */
    values[0] = 1.0;
    for (int degree = 1; degree <= 3; ++degree) {
        double carried = 0.0;
        for (int r = 0; r < degree; ++r) {
            double width = t[r + 1] - t[r + 1 - degree];
            double share = width > 0.0 ? values[r] / width : 0.0;
            values[r] = carried + (t[r + 1] - x) * share;
            carried = (x - t[r + 1 - degree]) * share;
        }
        values[degree] = carried;
    }
    return span;
}

/* Roughness: second divided differences of the coefficients over the Greville points; straight
 * lines have none. */
static void add_penalty(const double *knots, double *penalty)
{
    double greville[N_SPLINES];
    double range = knots[SEGMENTS + 3] - knots[3];
    for (size_t j = 0; j < N_SPLINES; ++j) {
        greville[j] = (knots[j + 1] + knots[j + 2] + knots[j + 3]) / 3.0 / range;
    }
    for (size_t j = 0; j + 2 < N_SPLINES; ++j) {
        double left = greville[j + 1] - greville[j], right = greville[j + 2] - greville[j + 1];
        double width = left + right;
        double d[3] = {2.0 / (left * width), -2.0 / (left * right), 2.0 / (right * width)};
        for (size_t a = 0; a < 3; ++a) {
            for (size_t b = 0; b < 3; ++b) {
                penalty[(j + a) * N_SPLINES + j + b] += d[a] * d[b] * 0.5 * width;
            }
        }
    }
}

/* Weights that make the splines orthonormal and the penalty diagonal: with G = L L', eigenvectors U
 * of L^-1 P L^-T give B L^-T U. */
static void diagonalise(double *gram, const double *penalty, double *weights)
{
    enum { P = N_SPLINES };

    double factor[P * P], middle[P * P], vectors[P * P], column[P] = {0.0}, roughness[P];
    for (size_t i = 0; i < P; ++i) {
        gram[i * P + i] += 1e-13;
    }
    (void)correlation_factorise(P, gram, 0.0, factor);
    for (size_t j = 0; j < P; ++j) { /* L^-1 P */
        for (size_t i = 0; i < P; ++i) {
            double sum = penalty[i * P + j];
            for (size_t k = 0; k < i; ++k) {
                sum -= factor[i * P + k] * column[k];
            }
            column[i] = sum / factor[i * P + i];
            middle[i * P + j] = column[i];
        }
    }
    for (size_t i = 0; i < P; ++i) { /* (L^-1 P) L^-T, row by row */
        for (size_t j = 0; j < P; ++j) {
            double sum = middle[i * P + j];
            for (size_t k = 0; k < j; ++k) {
                sum -= factor[j * P + k] * column[k];
            }
            column[j] = sum / factor[j * P + j];
        }
        memcpy(middle + i * P, column, sizeof column);
    }
    for (size_t i = 0; i < P; ++i) {
        for (size_t j = 0; j < i; ++j) {
            middle[i * P + j] = middle[j * P + i] = 0.5 * (middle[i * P + j] + middle[j * P + i]);
        }
    }
    correlation_decompose(P, middle, roughness, vectors);
    for (size_t j = 0; j < P; ++j) { /* L^-T U */
        for (size_t i = P; i-- > 0;) {
            double sum = vectors[i * P + j];
            for (size_t k = i + 1; k < P; ++k) {
                sum -= factor[k * P + i] * weights[k * P + j];
            }
            weights[i * P + j] = sum / factor[i * P + i];
        }
    }
}

static void build_splines(struct basis *basis, size_t n, const double *x, const double *knots)
{
    enum { P = N_SPLINES };

    double gram[P * P] = {0.0}, penalty[P * P] = {0.0}, weights[P * P];
    double(*local)[4] = memory_array(n, sizeof *local);
    unsigned char *spans = memory_array(n, sizeof *spans);
    basis_init(basis, n, P, "spline");
    for (size_t i = 0; i < n; ++i) {
        spans[i] = (unsigned char)evaluate_splines(knots, x[i], local[i]);
        double *at = gram + (size_t)spans[i] * (P + 1);
        for (size_t a = 0; a < 4; ++a) {
            for (size_t b = 0; b < 4; ++b) {
                at[a * P + b] += local[i][a] * local[i][b];
            }
        }
    }
    for (size_t i = 0; i < (size_t)P * P; ++i) {
        gram[i] /= (double)n;
    }
    add_penalty(knots, penalty);
    diagonalise(gram, penalty, weights);
    for (size_t j = 0; j < P; ++j) {
        double *out = basis->values + j * n;
        for (size_t i = 0; i < n; ++i) {
            const double *w = weights + (size_t)spans[i] * P + j;
            out[i] = local[i][0] * w[0] + local[i][1] * w[P] + local[i][2] * w[2 * (size_t)P] +
                     local[i][3] * w[3 * (size_t)P];
        }
    }
    free(local);
    free(spans);
}

void basis_build_spline(struct basis *basis, size_t n_draws, const double *x)
{
    double sample[SAMPLE_OF_KNOTS] = {0.0}, levels[MAX_LEVELS + 1], knots[SEGMENTS + 7];
    size_t n = n_draws < SAMPLE_OF_KNOTS ? n_draws : SAMPLE_OF_KNOTS, n_levels = 0;
    double low = x[0], high = x[0];
    for (size_t i = 0; i < n_draws; ++i) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    for (size_t i = 0; i < n; ++i) {
        sample[i] = x[i * n_draws / n];
    }
    qsort(sample, n, sizeof *sample, compare_numbers);
    for (size_t i = 0; i < n && n_levels <= MAX_LEVELS; ++i) {
        if (n_levels == 0 || sample[i] != levels[n_levels - 1]) {
            levels[n_levels++] = sample[i];
        }
    }
    place_knots(knots, sample, n, low, high);
    bool distinct = n_levels > MAX_LEVELS;
    for (size_t i = 3; i < SEGMENTS + 3; ++i) {
        distinct = distinct && knots[i + 1] > knots[i];
    }
    if (distinct) {
        build_splines(basis, n_draws, x, knots);
    } else if (n_levels <= MAX_LEVELS) {
        build_levels(basis, n_draws, x, levels, n_levels);
    } else {
        basis_build_polynomial(basis, n_draws, 1, &x);
    }
}

/* ---- polynomials ---- */

struct polynomial {
    struct basis *basis;
    const double *const *x; /* scaled */
    size_t n_predictors, degree;
};

/* Adds a function after taking out what those before it span; twice, for the digits. */
static void add_function(struct basis *basis, const double *function)
{
    size_t n = basis->n_draws;
    double *out = basis->values + basis->n_functions * n;
    memcpy(out, function, n * sizeof *out);
    double before = dot(n, out, out) / (double)n;
    for (int pass = 0; pass < 2; ++pass) {
        for (size_t j = 0; j < basis->n_functions; ++j) {
            const double *other = basis->values + j * n;
            vector_kernels()->add_scaled(n, other, -dot(n, out, other) / (double)n, out);
        }
    }
    double left = dot(n, out, out) / (double)n;
    if (left > 1e-10 * before && left > 0.0) {
        vector_kernels()->scale(n, out, 1.0 / sqrt(left), out);
        ++basis->n_functions;
    }
}

static void add_terms(const struct polynomial *polynomial, const double *product, size_t first,
                      size_t degree)
{
    size_t n = polynomial->basis->n_draws;
    double *next = memory_columns(n);
    for (size_t i = first; i < polynomial->n_predictors; ++i) {
        vector_kernels()->multiply(n, product, polynomial->x[i], next);
        if (degree == 1) {
            add_function(polynomial->basis, next);
        } else {
            add_terms(polynomial, next, i, degree - 1);
        }
    }
    free(next);
}

static size_t count_terms(size_t n_predictors, size_t degree)
{
    size_t count = 1;
    for (size_t d = 1; d <= degree; ++d) {
        count = count * (n_predictors + d) / d;
    }
    return count;
}

void basis_build_polynomial(struct basis *basis, size_t n_draws, size_t n_predictors,
                            const double *const *x)
{
    size_t degree = n_predictors == 1 ? 5 : n_predictors <= 6 ? 3 : n_predictors <= 20 ? 2 : 1;
    const double **scaled = memory_array(n_predictors + 1, sizeof *scaled);
    double *columns = memory_columns(n_predictors * n_draws + 1);
    double *ones = memory_columns(n_draws);
    for (size_t i = 0; i < n_predictors; ++i) {
        struct moments moments;
        double *column = columns + i * n_draws;
        moments_kernels()->moments(n_draws, x[i], &moments);
        double sd = sqrt(moments.squared_deviations / (double)n_draws);
        for (size_t k = 0; k < n_draws; ++k) {
            column[k] = sd > 0.0 ? (x[i][k] - moments.mean) / sd : 0.0;
        }
        scaled[i] = column;
    }
    basis_init(basis, n_draws, count_terms(n_predictors, degree), "polynomial");
    basis->n_functions = 0;
    vector_kernels()->fill(n_draws, 1.0, ones);
    add_function(basis, ones);
    const struct polynomial polynomial = {
        .basis = basis, .x = scaled, .n_predictors = n_predictors};
    for (size_t d = 1; d <= degree; ++d) { /* low degrees first: they are kept where terms depend */
        add_terms(&polynomial, ones, 0, d);
    }
    free(ones);
    free(columns);
    free(scaled);
}

/* ---- fits ---- */

double product_standard_error(const struct sampling_design *design, size_t n_draws, const double *x,
                              const double *y)
{
    double sums[SAMPLE_MAX_SCRAMBLINGS] = {0.0}, counts[SAMPLE_MAX_SCRAMBLINGS] = {0.0};
    double n = (double)n_draws, squares = 0.0, total = 0.0, n_active = 0.0;
    bool plain = design->method == SAMPLING_PLAIN || design->n_scramblings < 2;
    if (plain || n_draws <= SAMPLE_RUN) {
        for (size_t i = 0; i < n_draws; ++i) {
            squares += x[i] * x[i] * y[i] * y[i];
        }
        total = dot(n_draws, x, y) / n;
        return sqrt(fmax(0.0, squares / n - total * total) / n);
    }
    for (size_t first = 0; first < n_draws; first += SAMPLE_RUN) {
        size_t length = n_draws - first < SAMPLE_RUN ? n_draws - first : SAMPLE_RUN;
        uint32_t scrambling = sampling_scrambling(design, first);
        double sum = dot(length, x + first, y + first);
        sums[scrambling] += sum;
        counts[scrambling] += (double)length;
        total += sum;
    }
    for (size_t i = 0; i < design->n_scramblings; ++i) {
        double deviation = sums[i] - total / n * counts[i];
        squares += deviation * deviation;
        n_active += counts[i] > 0.0 ? 1.0 : 0.0;
    }
    return sqrt(squares * n_active / (n_active - 1.0)) / n;
}

double basis_fit(const struct basis *basis, const struct sampling_design *design, const double *y,
                 double *fitted, double *shrinkage)
{
    size_t n = basis->n_draws;
    double *coefficients = memory_array(basis->n_functions + 1, sizeof *coefficients);
    double *left = memory_columns(n);
    struct moments moments, after;
    moments_kernels()->moments(n, y, &moments);
    for (size_t i = 0; i < n; ++i) {
        left[i] = y[i] - moments.mean;
    }
    for (size_t j = 0; j < basis->n_functions; ++j) {
        const double *function = basis->values + j * n;
        coefficients[j] =
            moments_kernels()->comoment(n, function, 0.0, y, moments.mean) / (double)n;
        vector_kernels()->add_scaled(n, function, -coefficients[j], left);
    }
    vector_kernels()->fill(n, moments.mean, fitted);
    for (size_t j = 0; j < basis->n_functions; ++j) {
        const double *function = basis->values + j * n;
        double noise =
            product_standard_error(design, n, function, left) / fmax(fabs(coefficients[j]), 1e-300);
        double s = fmax(0.0, 1.0 - noise * noise);
        vector_kernels()->add_scaled(n, function, s * coefficients[j], fitted);
        if (shrinkage != NULL) {
            shrinkage[j] = s;
        }
    }
    free(coefficients);
    free(left);
    moments_kernels()->moments(n, fitted, &after);
    return moments.squared_deviations > 0.0
               ? fmin(1.0, after.squared_deviations / moments.squared_deviations)
               : 0.0;
}

void basis_apply(const struct basis *basis, const double *shrinkage, const double *z, double *out)
{
    size_t n = basis->n_draws;
    vector_kernels()->fill(n, 0.0, out);
    for (size_t j = 0; j < basis->n_functions; ++j) {
        double c = dot(n, basis->values + j * n, z) / (double)n;
        vector_kernels()->add_scaled(n, basis->values + j * n, shrinkage[j] * c, out);
    }
}
