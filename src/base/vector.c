#include "base/vector.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

extern const struct vector_kernels vector_kernels_baseline;

#if defined(__x86_64__)
extern const struct vector_kernels vector_kernels_avx2;
extern const struct vector_kernels vector_kernels_avx512;

static const struct vector_kernels *choose_kernels(void)
{
    const char *forced = getenv("DIVIDEND_ISA");
    bool may_avx2 = forced == NULL || strcmp(forced, "baseline") != 0;
    bool may_avx512 = may_avx2 && (forced == NULL || strcmp(forced, "avx2") != 0);
    __builtin_cpu_init();
    if (may_avx512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        return &vector_kernels_avx512;
    }
    if (may_avx2 && __builtin_cpu_supports("avx2")) {
        return &vector_kernels_avx2;
    }
    return &vector_kernels_baseline;
}
#else
static const struct vector_kernels *choose_kernels(void)
{
    return &vector_kernels_baseline;
}
#endif

const struct vector_kernels *vector_kernels(void)
{
    /* Every thread that gets here first computes the same answer. */
    static _Atomic(const struct vector_kernels *) chosen;
    const struct vector_kernels *kernels = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (kernels == NULL) {
        kernels = choose_kernels();
        atomic_store_explicit(&chosen, kernels, memory_order_relaxed);
    }
    return kernels;
}

double number_exp(double x)
{
    vector_kernels_baseline.exp(1, &x, &x);
    return x;
}

double number_log(double x)
{
    vector_kernels_baseline.log(1, &x, &x);
    return x;
}

double number_log_one_plus(double x)
{
    double rounded = 1.0 + x;
    return rounded == 1.0 ? x : isinf(x) ? x : number_log(rounded) * x / (rounded - 1.0);
}

double number_power(double x, double y)
{
    double result = 0.0;
    vector_kernels_baseline.power(1, &x, &y, &result);
    return result;
}

double number_normal_quantile(double u)
{
    vector_kernels_baseline.normal_quantile(1, &u, &u);
    return u;
}
