#include "uncertainty/moments.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define KERNELS     JOIN(moments_kernels, KERNEL_ISA)

enum { LANES = 8 };

static double sum_lanes(const double *lanes)
{
    return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
           ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

static double sum_column(size_t n, const double *x)
{
    double lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t lane = 0; lane < LANES; ++lane) {
            lanes[lane] += x[i + lane];
        }
    }
    for (size_t lane = 0; i < n; ++i, ++lane) {
        lanes[lane] += x[i];
    }
    return sum_lanes(lanes);
}

static double sum_products(size_t n, const double *x, double mean_x, const double *y, double mean_y)
{
    double lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t lane = 0; lane < LANES; ++lane) {
            lanes[lane] += (x[i + lane] - mean_x) * (y[i + lane] - mean_y);
        }
    }
    for (size_t lane = 0; i < n; ++i, ++lane) {
        lanes[lane] += (x[i] - mean_x) * (y[i] - mean_y);
    }
    return sum_lanes(lanes);
}

static void find_range(size_t n, const double *x, struct moments *out)
{
    double low[LANES], high[LANES];
    uint64_t nonneg = 0;
    for (size_t lane = 0; lane < LANES; ++lane) {
        low[lane] = high[lane] = x[0];
    }
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t lane = 0; lane < LANES; ++lane) {
            double value = x[i + lane];
            low[lane] = value < low[lane] ? value : low[lane];
            high[lane] = value > high[lane] ? value : high[lane];
        }
    }
    for (; i < n; ++i) {
        low[0] = x[i] < low[0] ? x[i] : low[0];
        high[0] = x[i] > high[0] ? x[i] : high[0];
    }
    for (i = 0; i < n; ++i) {
        nonneg += x[i] >= 0.0 ? 1U : 0U;
    }
    out->minimum = low[0];
    out->maximum = high[0];
    for (size_t lane = 1; lane < LANES; ++lane) {
        out->minimum = low[lane] < out->minimum ? low[lane] : out->minimum;
        out->maximum = high[lane] > out->maximum ? high[lane] : out->maximum;
    }
    out->n_nonneg = nonneg;
}

static void fill_moments(size_t n, const double *x, struct moments *out)
{
    out->mean = sum_column(n, x) / (double)n;
    out->squared_deviations = sum_products(n, x, out->mean, x, out->mean);
    find_range(n, x, out);
}

extern const struct moments_kernels KERNELS;
const struct moments_kernels KERNELS = {
    .sum = sum_column, .moments = fill_moments, .comoment = sum_products};
