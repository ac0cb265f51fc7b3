/* Sums over a column in eight fixed lanes, so that every instruction set gives the same bits. */
#ifndef DIVIDEND_UNCERTAINTY_MOMENTS_H
#define DIVIDEND_UNCERTAINTY_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

struct moments {
    double mean, squared_deviations, minimum, maximum;
    uint64_t n_nonneg;
};

struct moments_kernels {
    double (*sum)(size_t n, const double *x);
    void (*moments)(size_t n, const double *x, struct moments *out);
    /* sum of (x - mean_x)(y - mean_y) */
    double (*comoment)(size_t n, const double *x, double mean_x, const double *y, double mean_y);
};

const struct moments_kernels *moments_kernels(void);

#endif
