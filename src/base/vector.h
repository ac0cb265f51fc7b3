/* Vector mathematics without libm, so that results have the same bits on every processor.
 *
 * Each kernel works on n doubles (any n; out may equal an input, but not overlap one partly). The
 * same C source (base/vector_kernels.c) is compiled for plain x86-64, AVX2 and AVX-512 with
 * -ffp-contract=off; every build of it gives the same bits, and vector_kernels() picks the widest
 * the processor has (environment DIVIDEND_ISA = baseline, avx2 or avx512 forces one, for tests).
 *
 * Accuracy against a correctly rounded reference: exp, log at most 2 ulp, normal quantile at most 4
 * ulp on (0, 1), pow at most 1e-14 relative for |result| in [1e-300, 1e300].
 * exp: below -745.2 gives 0, above 709.8 gives infinity; NaN passes. log: 0 gives -infinity, below
 * 0 NaN. Subnormal results and arguments are right. pow(x, y): x > 0 by exp(y log x) in extended
 * precision; x == 0 and x < 0 with whole y as C99 (but -0 counts as 0); otherwise NaN. minimum and
 * maximum give NaN where either is NaN. Only the bits of a NaN itself may differ between builds. */
#ifndef DIVIDEND_BASE_VECTOR_H
#define DIVIDEND_BASE_VECTOR_H

#include <stddef.h>

struct vector_kernels {
    const char *isa; /* "baseline", "avx2", "avx512" */
    void (*exp)(size_t n, const double *x, double *out);
    void (*log)(size_t n, const double *x, double *out);
    void (*sqrt)(size_t n, const double *x, double *out);
    void (*abs)(size_t n, const double *x, double *out);
    void (*negate)(size_t n, const double *x, double *out);
    void (*floor)(size_t n, const double *x, double *out);
    void (*ceil)(size_t n, const double *x, double *out);
    void (*add)(size_t n, const double *x, const double *y, double *out);
    void (*subtract)(size_t n, const double *x, const double *y, double *out);
    void (*multiply)(size_t n, const double *x, const double *y, double *out);
    void (*divide)(size_t n, const double *x, const double *y, double *out); /* IEEE: x/0 is inf */
    void (*power)(size_t n, const double *x, const double *y, double *out);
    void (*minimum)(size_t n, const double *x, const double *y, double *out);
    void (*maximum)(size_t n, const double *x, const double *y, double *out);
    /* 1.0 where true, 0.0 where false */
    void (*less)(size_t n, const double *x, const double *y, double *out);
    void (*less_equal)(size_t n, const double *x, const double *y, double *out);
    void (*equal)(size_t n, const double *x, const double *y, double *out);
    /* out = condition != 0 ? x : y */
    void (*select)(size_t n, const double *condition, const double *x, const double *y,
                   double *out);
    void (*fill)(size_t n, double value, double *out);
    void (*scale)(size_t n, const double *x, double factor, double *out);      /* out = factor x */
    void (*add_scaled)(size_t n, const double *x, double factor, double *out); /* out += factor x */
    void (*add_product)(size_t n, const double *x, const double *y, double *out); /* out += x y */
    /* u in (0, 1) to the standard normal quantile (Wichura 1988, AS 241). */
    void (*normal_quantile)(size_t n, const double *u, double *out);
};

/* The kernels for this processor; the choice is made once and never changes in a process. */
const struct vector_kernels *vector_kernels(void);

/* Scalar forms of the same functions with the same bits, for tables and constants. */
double number_exp(double x);
double number_log(double x);
double number_log_one_plus(double x); /* x > -1: keeps the digits of a small x */
double number_power(double x, double y);
double number_normal_quantile(double u);

#endif
