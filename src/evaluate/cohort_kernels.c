/* Compiled once for each instruction set. A chunk of draws stays in registers for the whole trace:
 * its probabilities, shares and sums. Two vectors a chunk, so that one waits while the other works.
 */
#include "evaluate/cohort_kernels.h"

#include <stdint.h>
#include <string.h>

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define KERNELS     JOIN(cohort_kernels, KERNEL_ISA)

#if defined(__AVX512F__)
enum { LANES = 8 };
#elif defined(__AVX2__)
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif
enum { BLOCK = 256, VECTORS = 2 };

typedef double lane __attribute__((vector_size(LANES * sizeof(double)), aligned(8), may_alias));

/* N states and S schedules are constants in each of the functions below, so that every loop over
 * them is unrolled; all loops over k run over the chunk's two vectors. */
#define EACH for (size_t k = 0; k < VECTORS; ++k)
#define TRACE(N, S)                                                                                \
    static void trace_##N##_##S(size_t n_points, const double *const *p,                           \
                                const double *const *start, const double *const *weights,          \
                                double *occupancy)                                                 \
    {                                                                                              \
        for (size_t draw = 0; draw < BLOCK; draw += VECTORS * LANES) {                             \
            lane share[N][VECTORS], chance[(N) * (N)][VECTORS], sum[(S) * (N)][VECTORS];           \
            for (size_t i = 0; i < (N); ++i) {                                                     \
                memcpy(share[i], start[i] + draw, sizeof share[i]);                                \
                for (size_t s = 0; s < (S); ++s) {                                                 \
                    EACH sum[s * (N) + i][k] = share[i][k] * weights[s][0];                        \
                }                                                                                  \
            }                                                                                      \
            for (size_t i = 0; i < (N) * (N); ++i) {                                               \
                memcpy(chance[i], p[i] + draw, sizeof chance[i]);                                  \
            }                                                                                      \
            for (size_t t = 1; t < n_points; ++t) {                                                \
                lane next[N][VECTORS];                                                             \
                for (size_t to = 0; to < (N); ++to) {                                              \
                    EACH next[to][k] = share[0][k] * chance[to][k];                                \
                    for (size_t from = 1; from < (N); ++from) {                                    \
                        EACH next[to][k] += share[from][k] * chance[from * (N) + to][k];           \
                    }                                                                              \
                }                                                                                  \
                for (size_t i = 0; i < (N); ++i) {                                                 \
                    EACH share[i][k] = next[i][k];                                                 \
                    for (size_t s = 0; s < (S); ++s) {                                             \
                        EACH sum[s * (N) + i][k] += next[i][k] * weights[s][t];                    \
                    }                                                                              \
                }                                                                                  \
            }                                                                                      \
            for (size_t i = 0; i < (S) * (N); ++i) {                                               \
                memcpy(occupancy + i * BLOCK + draw, sum[i], sizeof sum[i]);                       \
            }                                                                                      \
        }                                                                                          \
    }
#define TRACES(N) TRACE(N, 1) TRACE(N, 2) TRACE(N, 3)

TRACES(1)
TRACES(2)
TRACES(3)
TRACES(4)
TRACES(5)
TRACES(6)

#define ROW(N)                                                                                     \
    {                                                                                              \
        trace_##N##_1, trace_##N##_2, trace_##N##_3                                                \
    }

static void trace(size_t n_states, size_t n_schedules, size_t n_points, const double *const *p,
                  const double *const *start, const double *const *weights, double *occupancy)
{
    static void (*const traces[][3])(size_t, const double *const *, const double *const *,
                                     const double *const *,
                                     double *) = {ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6)};
    traces[n_states - 1][n_schedules - 1](n_points, p, start, weights, occupancy);
}

static void disease_roots(size_t n, const struct disease_year *year)
{
    for (size_t k = 0; k < n; ++k) {
        double i = year->incidence[k], r = year->remission[k], f = year->fatality[k];
        double a = i + r + f;
        double square = a * a - 4.0 * i * f;
        year->decay[k] = -0.5 * a;
        year->half_root[k] = 0.5 * __builtin_sqrt(square > 0.0 ? square : 0.0);
    }
}

static void disease_step(size_t n, const struct disease_year *year)
{
    for (size_t k = 0; k < n; ++k) {
        double i = year->incidence[k], r = year->remission[k], f = year->fatality[k];
        double half = 0.5 * (i + r + f), q = year->half_root[k], grow = year->grow[k];
        double shrink = 1.0 / grow;
        double even = 0.5 * (grow + shrink) * year->decay[k];
        /* sinh(q) / q: by its series where the difference would lose its digits. */
        double series = 1.0 + q * q * (1.0 / 6.0 + q * q * (1.0 / 120.0 + q * q * (1.0 / 5040.0)));
        double safe = q > 0.05 ? q : 1.0;
        double odd = (q > 0.05 ? 0.5 * (grow - shrink) / safe : series) * year->decay[k];
        double well = year->well[k], ill = year->ill[k];
        double before = ill / (well + ill);
        double next_well = even * well + odd * ((half - i) * well + r * ill);
        double next_ill = even * ill + odd * (i * well + (half - r - f) * ill);
        year->well[k] = next_well;
        year->ill[k] = next_ill;
        year->prevalence[k] = 0.5 * (before + next_ill / (next_well + next_ill));
    }
}

/* A NaN is in no range. */
static bool outside(size_t n, const double *x, double low, double high)
{
    uint64_t n_inside = 0;
    for (size_t i = 0; i < n; ++i) {
        n_inside += (uint64_t)((x[i] >= low) & (x[i] <= high));
    }
    return n_inside < n;
}

extern const struct cohort_kernels KERNELS;
const struct cohort_kernels KERNELS = {.trace = trace,
                                       .outside = outside,
                                       .disease_roots = disease_roots,
                                       .disease_step = disease_step};
