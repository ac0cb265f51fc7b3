#include "base/vector.h"
#include "sample/quantile_table.h"
#include "sample/sample.h"
#include "sample/sample_kernels.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum sampler_form {
    SAMPLER_FIXED,
    SAMPLER_TABLE,     /* location + scale x table(u) */
    SAMPLER_LOGNORMAL, /* exp(location + scale x table(u)) */
    SAMPLER_TRUNCATED, /* location + scale x table(low + u (high - low)) */
    SAMPLER_POWER,     /* scale x (-log(1 - u))^exponent */
    SAMPLER_UNIFORM,
    SAMPLER_TRIANGULAR,
    SAMPLER_EMPIRICAL,
    SAMPLER_DISCRETE
};

struct sampler {
    enum sampler_form form;
    const double *coefficients;
    double location, scale;
    double low,
        high; /* truncated: probabilities of the limits; mirrored where high mass lies above 0 */
    double exponent;
    struct distribution distribution;
};

struct table_entry {
    enum table_family family;
    double a, b;
    const double *coefficients;
};

struct sampler_cache {
    struct arena *arena;
    struct table_entry *entries;
    size_t n_entries, capacity;
};

struct sampler_cache *sampler_cache_new(struct arena *arena)
{
    struct sampler_cache *cache = arena_alloc(arena, sizeof *cache);
    cache->arena = arena;
    return cache;
}

static enum status find_table(struct sampler_cache *cache, enum table_family family, double a,
                              double b, const double **coefficients, struct error *error)
{
    for (size_t i = 0; i < cache->n_entries; ++i) {
        const struct table_entry *entry = &cache->entries[i];
        if (entry->family == family && entry->a == a && entry->b == b) {
            *coefficients = entry->coefficients;
            return STATUS_OK;
        }
    }
    double *table = arena_array(cache->arena, (size_t)2 * TABLE_INTERVALS * 4, sizeof *table);
    TRY(quantile_table_build(family, a, b, table, error));
    cache->entries = arena_grow(cache->arena, cache->entries, cache->n_entries, &cache->capacity,
                                sizeof *cache->entries);
    cache->entries[cache->n_entries++] =
        (struct table_entry){.family = family, .a = a, .b = b, .coefficients = table};
    *coefficients = table;
    return STATUS_OK;
}

static enum status prepare_beta(struct sampler_cache *cache, struct sampler *sampler, double alpha,
                                double beta, double low, double width, struct error *error)
{
    sampler->form = SAMPLER_TABLE;
    sampler->location = low;
    sampler->scale = width;
    return find_table(cache, TABLE_BETA, alpha, beta, &sampler->coefficients, error);
}

/* Limits above the mean are mirrored, so that probabilities are small numbers with all their
 * digits. */
static enum status prepare_truncated(struct sampler_cache *cache, struct sampler *sampler,
                                     const double *p, struct error *error)
{
    double a = (p[2] - p[0]) / p[1], b = (p[3] - p[0]) / p[1];
    bool mirrored = a > 0.0;
    sampler->form = SAMPLER_TRUNCATED;
    sampler->location = p[0];
    sampler->scale = mirrored ? -p[1] : p[1];
    sampler->low = quantile_table_normal_cdf(mirrored ? -a : a);
    sampler->high = quantile_table_normal_cdf(mirrored ? -b : b);
    return find_table(cache, TABLE_NORMAL, 0.0, 0.0, &sampler->coefficients, error);
}

static enum status prepare_family(struct sampler_cache *cache, struct sampler *sampler,
                                  struct error *error)
{
    const double *p = sampler->distribution.p;
    double range = 0.0;
    switch (sampler->distribution.family) {
    case DISTRIBUTION_FIXED:
        sampler->form = SAMPLER_FIXED;
        return STATUS_OK;
    case DISTRIBUTION_NORMAL:
    case DISTRIBUTION_LOGNORMAL:
        sampler->form =
            sampler->distribution.family == DISTRIBUTION_NORMAL ? SAMPLER_TABLE : SAMPLER_LOGNORMAL;
        sampler->location = p[0];
        sampler->scale = p[1];
        return find_table(cache, TABLE_NORMAL, 0.0, 0.0, &sampler->coefficients, error);
    case DISTRIBUTION_TRUNCATED_NORMAL:
        return prepare_truncated(cache, sampler, p, error);
    case DISTRIBUTION_BETA:
        return prepare_beta(cache, sampler, p[0], p[1], 0.0, 1.0, error);
    case DISTRIBUTION_PERT:
        range = p[2] - p[0];
        return prepare_beta(cache, sampler, 1.0 + p[3] * (p[1] - p[0]) / range,
                            1.0 + p[3] * (p[2] - p[1]) / range, p[0], range, error);
    case DISTRIBUTION_GAMMA:
        sampler->form = SAMPLER_TABLE;
        sampler->scale = p[1];
        return find_table(cache, TABLE_GAMMA, p[0], 1.0, &sampler->coefficients, error);
    case DISTRIBUTION_WEIBULL:
    case DISTRIBUTION_EXPONENTIAL:
        sampler->form = SAMPLER_POWER;
        sampler->scale = sampler->distribution.family == DISTRIBUTION_WEIBULL ? p[1] : p[0];
        sampler->exponent = sampler->distribution.family == DISTRIBUTION_WEIBULL ? 1.0 / p[0] : 1.0;
        return STATUS_OK;
    case DISTRIBUTION_UNIFORM:
        sampler->form = SAMPLER_UNIFORM;
        return STATUS_OK;
    case DISTRIBUTION_TRIANGULAR:
        sampler->form = SAMPLER_TRIANGULAR;
        return STATUS_OK;
    case DISTRIBUTION_EMPIRICAL:
        sampler->form = SAMPLER_EMPIRICAL;
        return STATUS_OK;
    case DISTRIBUTION_DISCRETE:
        sampler->form = SAMPLER_DISCRETE;
        return STATUS_OK;
    case N_DISTRIBUTION_FAMILIES:
        break;
    }
    return error_set(error, STATUS_NUMERIC, "a distribution without a sampler");
}

enum status sampler_prepare(struct arena *arena, struct sampler_cache *cache,
                            const struct distribution *distribution, const struct sampler **out,
                            struct error *error)
{
    struct sampler *sampler = arena_alloc(arena, sizeof *sampler);
    sampler->distribution = *distribution;
    *out = sampler;
    return prepare_family(cache, sampler, error);
}

/* ---- quantile functions in closed form ---- */

static void transform_power(const struct sampler *sampler, size_t n, const double *u,
                            double *values)
{
    const struct vector_kernels *kernels = vector_kernels();
    for (size_t i = 0; i < n; ++i) {
        values[i] = 1.0 - u[i];
    }
    kernels->log(n, values, values);
    kernels->negate(n, values, values);
    if (sampler->exponent != 1.0) {
        double exponents[256];
        for (size_t done = 0; done < n; done += 256) {
            size_t part = n - done < 256 ? n - done : 256;
            kernels->fill(part, sampler->exponent, exponents);
            kernels->power(part, values + done, exponents, values + done);
        }
    }
    kernels->scale(n, values, sampler->scale, values);
}

static void transform_triangular(const double *p, size_t n, const double *u, double *values)
{
    double range = p[2] - p[0], rise = range * (p[1] - p[0]), fall = range * (p[2] - p[1]);
    double at_mode = (p[1] - p[0]) / range;
    for (size_t i = 0; i < n; ++i) {
        double value =
            u[i] <= at_mode ? p[0] + sqrt(u[i] * rise) : p[2] - sqrt((1.0 - u[i]) * fall);
        values[i] = fmin(fmax(value, p[0]), p[2]); /* rounding may leave the limits */
    }
}

/* First value whose cumulative weight reaches u. */
static void transform_listed(const struct distribution *distribution, size_t n, const double *u,
                             double *values)
{
    size_t n_values = distribution->n_values;
    for (size_t i = 0; i < n; ++i) {
        size_t low = 0, high = n_values - 1;
        if (distribution->weights == NULL) {
            low = (size_t)(u[i] * (double)n_values);
            low = low < n_values ? low : n_values - 1;
        }
        while (distribution->weights != NULL && low < high) {
            size_t middle = low + (high - low) / 2;
            if (distribution->weights[middle] < u[i]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        values[i] = distribution->values[low];
    }
}

static void transform_truncated(const struct sampler *sampler, size_t n, const double *u,
                                double *values)
{
    double span = sampler->high - sampler->low;
    double lower = sampler->distribution.p[2], upper = sampler->distribution.p[3];
    for (size_t i = 0; i < n; ++i) {
        double inner = sampler->low + u[i] * span;
        inner = inner > 0x1p-53 ? inner : 0x1p-53;
        values[i] = inner < 1.0 - 0x1p-53 ? inner : 1.0 - 0x1p-53;
    }
    sample_kernels()->look_up(n, values, sampler->coefficients, sampler->location, sampler->scale,
                              values);
    for (size_t i = 0; i < n; ++i) {
        values[i] = values[i] < lower ? lower : values[i] > upper ? upper : values[i];
    }
}

void sampler_transform(const struct sampler *sampler, size_t n, const double *u, double *values)
{
    const struct vector_kernels *kernels = vector_kernels();
    const double *p = sampler->distribution.p;
    switch (sampler->form) {
    case SAMPLER_FIXED:
        kernels->fill(n, p[0], values);
        return;
    case SAMPLER_TABLE:
    case SAMPLER_LOGNORMAL:
        sample_kernels()->look_up(n, u, sampler->coefficients, sampler->location, sampler->scale,
                                  values);
        if (sampler->form == SAMPLER_LOGNORMAL) {
            kernels->exp(n, values, values);
        }
        return;
    case SAMPLER_TRUNCATED:
        transform_truncated(sampler, n, u, values);
        return;
    case SAMPLER_POWER:
        transform_power(sampler, n, u, values);
        return;
    case SAMPLER_UNIFORM:
        for (size_t i = 0; i < n; ++i) {
            values[i] = p[0] + u[i] * (p[1] - p[0]);
        }
        return;
    case SAMPLER_TRIANGULAR:
        transform_triangular(p, n, u, values);
        return;
    case SAMPLER_EMPIRICAL:
    case SAMPLER_DISCRETE:
        transform_listed(&sampler->distribution, n, u, values);
        return;
    }
}

void sampler_transform_normal(const struct sampler *sampler, size_t n, const double *z,
                              double *values)
{
    enum distribution_family family = sampler->distribution.family;
    if (family == DISTRIBUTION_NORMAL || family == DISTRIBUTION_LOGNORMAL) {
        for (size_t i = 0; i < n; ++i) {
            values[i] = sampler->location + sampler->scale * z[i];
        }
        if (family == DISTRIBUTION_LOGNORMAL) {
            vector_kernels()->exp(n, values, values);
        }
        return;
    }
    for (size_t i = 0; i < n; ++i) {
        double u = quantile_table_normal_cdf(z[i]);
        u = u > 0x1p-52 ? u : 0x1p-52;
        values[i] = u < 1.0 - 0x1p-52 ? u : 1.0 - 0x1p-52;
    }
    sampler_transform(sampler, n, values, values);
}

void sampler_draw(const struct sampler *sampler, const struct uniform_stream *stream,
                  uint64_t first_draw, size_t n, double *values)
{
    if (sampler->form != SAMPLER_FIXED) {
        sample_uniforms(stream, first_draw, n, values);
    }
    sampler_transform(sampler, n, values, values);
}
