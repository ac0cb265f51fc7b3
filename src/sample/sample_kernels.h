/* Uniforms and table look-ups, compiled for each instruction set; private to sample/. */
#ifndef DIVIDEND_SAMPLE_SAMPLE_KERNELS_H
#define DIVIDEND_SAMPLE_SAMPLE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* A quantile function as cubics: two tails x 53 octaves of the tail probability x 32 intervals x 4
 * coefficients of t in [0, 1). */
enum {
    TABLE_OCTAVES = 53,
    TABLE_STEPS = 32, /* intervals an octave: five bits of the mantissa */
    TABLE_INTERVALS = TABLE_OCTAVES * TABLE_STEPS
};

/* Points that one scrambling fills in a row; draws go round the scramblings in runs of this length.
 */
enum { SAMPLE_RUN = 256 };

struct sample_kernels {
    /* Words of n_pairs Philox4x32-10 calls from counter `pair`, as uniforms: two a call. */
    void (*uniforms)(const uint32_t key[2], const uint32_t counter_high[2], uint64_t pair,
                     size_t n_pairs, double *u);
    /* u[i] of the SAMPLE_RUN scrambled Sobol points numbered from `first`, a multiple of
     * SAMPLE_RUN. */
    void (*points)(const uint32_t directions[32], uint32_t first, const uint32_t scramble[2],
                   double *u);
    /* values = location + scale * table(u), u in (0, 1). */
    void (*look_up)(size_t n, const double *u, const double *coefficients, double location,
                    double scale, double *values);
};

const struct sample_kernels *sample_kernels(void);

#endif
