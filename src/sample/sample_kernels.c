#include "sample/sample_kernels.h"

#include <string.h>

#if defined(__AVX2__)
#    include <immintrin.h>
#endif

#define JOIN_(a, b) a##_##b
#define JOIN(a, b)  JOIN_(a, b)
#define KERNELS     JOIN(sample_kernels, KERNEL_ISA)

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

enum { LANES = 64 };

#if defined(__AVX2__)

/* Compilers miss that 32-bit halves are multiplied and take three multiplications each; here it is
 * one. The upper half of a lane may hold anything until the words are put together. */
static __m256d to_uniforms(__m256i low, __m256i high)
{
    __m256i word = _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xAA);
    __m256i bits = _mm256_or_si256(_mm256_srli_epi64(word, 12),
                                   _mm256_set1_epi64x(INT64_C(0x3FF0000000000000)));
    return _mm256_add_pd(_mm256_sub_pd(_mm256_castsi256_pd(bits), _mm256_set1_pd(1.0)),
                         _mm256_set1_pd(0x1p-53));
}

enum { REGISTERS = 4, REGISTER_LANES = 4 };

/* Philox4x32-10 of Salmon et al. (2011), sixteen counters at a time. */
static void philox_some(const uint32_t key[2], const uint32_t counter_high[2], uint64_t pair,
                        double *u)
{
    const __m256i multiplier0 = _mm256_set1_epi64x(INT64_C(0xD2511F53));
    const __m256i multiplier1 = _mm256_set1_epi64x(INT64_C(0xCD9E8D57));
    __m256i x0[REGISTERS], x1[REGISTERS], x2[REGISTERS], x3[REGISTERS];
    for (int j = 0; j < REGISTERS; ++j) {
        x0[j] = _mm256_add_epi64(_mm256_set1_epi64x((int64_t)pair + REGISTER_LANES * j),
                                 _mm256_set_epi64x(3, 2, 1, 0));
        x1[j] = _mm256_srli_epi64(x0[j], 32);
        x2[j] = _mm256_set1_epi64x(counter_high[0]);
        x3[j] = _mm256_set1_epi64x(counter_high[1]);
    }
    uint32_t key0 = key[0], key1 = key[1];
    for (int round = 0; round < 10; ++round) {
        const __m256i round_key0 = _mm256_set1_epi64x(key0);
        const __m256i round_key1 = _mm256_set1_epi64x(key1);
        for (int j = 0; j < REGISTERS; ++j) {
            __m256i product0 = _mm256_mul_epu32(x0[j], multiplier0);
            __m256i product1 = _mm256_mul_epu32(x2[j], multiplier1);
            x0[j] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product1, 32), x1[j]),
                                     round_key0);
            x2[j] = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(product0, 32), x3[j]),
                                     round_key1);
            x1[j] = product1;
            x3[j] = product0;
        }
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
    for (int j = 0; j < REGISTERS; ++j) {
        __m256d first = to_uniforms(x0[j], x1[j]), second = to_uniforms(x2[j], x3[j]);
        __m256d low = _mm256_unpacklo_pd(first, second), high = _mm256_unpackhi_pd(first, second);
        _mm256_storeu_pd(u + 8 * j, _mm256_permute2f128_pd(low, high, 0x20));
        _mm256_storeu_pd(u + 8 * j + 4, _mm256_permute2f128_pd(low, high, 0x31));
    }
}

static void philox(const uint32_t key[2], const uint32_t counter_high[2], uint64_t pair,
                   double *restrict u)
{
    for (size_t lane = 0; lane < LANES; lane += REGISTERS * REGISTER_LANES) {
        philox_some(key, counter_high, pair + lane, u + 2 * lane);
    }
}

#else

static const uint64_t low_word = UINT64_C(0xFFFFFFFF);

/* (k + 1/2) 2^-52 with k the top 52 bits: exact, symmetric about 1/2, never 0 or 1. */
static inline double to_uniform(uint64_t word)
{
    double one_to_two = double_of((word >> 12) | UINT64_C(0x3FF0000000000000));
    return (one_to_two - 1.0) + 0x1p-53;
}

/* Philox4x32-10 of Salmon et al. (2011), many counters side by side; each 32-bit word in a lane of
 * its own. */
static void philox(const uint32_t key[2], const uint32_t counter_high[2], uint64_t pair,
                   double *restrict u)
{
    uint64_t x0[LANES], x1[LANES], x2[LANES], x3[LANES];
    for (size_t lane = 0; lane < LANES; ++lane) {
        x0[lane] = (pair + lane) & low_word;
        x1[lane] = (pair + lane) >> 32;
        x2[lane] = counter_high[0];
        x3[lane] = counter_high[1];
    }
    uint32_t key0 = key[0], key1 = key[1];
    for (int round = 0; round < 10; ++round) {
        uint64_t round_key0 = key0, round_key1 = key1;
        for (size_t lane = 0; lane < LANES; ++lane) {
            uint64_t product0 = UINT64_C(0xD2511F53) * (x0[lane] & low_word);
            uint64_t product1 = UINT64_C(0xCD9E8D57) * (x2[lane] & low_word);
            uint64_t high0 = product0 >> 32, high1 = product1 >> 32;
            x0[lane] = high1 ^ x1[lane] ^ round_key0;
            x2[lane] = high0 ^ x3[lane] ^ round_key1;
            x1[lane] = product1 & low_word;
            x3[lane] = product0 & low_word;
        }
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
    double first[LANES], second[LANES];
    for (size_t lane = 0; lane < LANES; ++lane) {
        first[lane] = to_uniform(x0[lane] | (x1[lane] << 32));
        second[lane] = to_uniform(x2[lane] | (x3[lane] << 32));
    }
    for (size_t lane = 0; lane < LANES; ++lane) {
        u[2 * lane] = first[lane];
        u[2 * lane + 1] = second[lane];
    }
}

#endif

static void fill_uniforms(const uint32_t key[2], const uint32_t counter_high[2], uint64_t pair,
                          size_t n_pairs, double *u)
{
    size_t done = 0;
    for (; done + LANES <= n_pairs; done += LANES) {
        philox(key, counter_high, pair + done, u + 2 * done);
    }
    if (done < n_pairs) {
        double block[2 * LANES];
        philox(key, counter_high, pair + done, block);
        memcpy(u + 2 * done, block, 2 * (n_pairs - done) * sizeof *u);
    }
}

/* A bijection of 32-bit numbers in which each bit depends on itself, the bits below it and the seed
 * alone: on numbers with their bits reversed that is Owen's nested scrambling, each digit flipped
 * or not by a hash of the digits before it (Laine and Karras 2011; multipliers found by Vegdahl
 * 2021). Two rounds, each with a seed of its own. */
static inline uint32_t nest(uint32_t x, const uint32_t seeds[2])
{
    for (int round = 0; round < 2; ++round) {
        x ^= x * UINT32_C(0x3D20ADEA);
        x += seeds[round];
        x *= (seeds[round] >> 16) | 1U;
        x ^= x * UINT32_C(0x05526C56);
        x ^= x * UINT32_C(0x53A22864);
    }
    return x;
}

static inline uint32_t reverse(uint32_t x)
{
    x = ((x >> 1) & UINT32_C(0x55555555)) | ((x & UINT32_C(0x55555555)) << 1);
    x = ((x >> 2) & UINT32_C(0x33333333)) | ((x & UINT32_C(0x33333333)) << 2);
    x = ((x >> 4) & UINT32_C(0x0F0F0F0F)) | ((x & UINT32_C(0x0F0F0F0F)) << 4);
    x = ((x >> 8) & UINT32_C(0x00FF00FF)) | ((x & UINT32_C(0x00FF00FF)) << 8);
    return (x >> 16) | (x << 16);
}

/* Points are numbered, and their bits reversed, so that the half is the lowest bit of x. */
static void number_points(const uint32_t directions[32], uint32_t first, uint32_t *x)
{
    x[0] = 0;
    for (uint32_t bit = 8; bit < 32; ++bit) {
        x[0] ^= ((first >> bit) & 1U) != 0 ? directions[bit] : 0;
    }
    for (uint32_t bit = 0; bit < 8; ++bit) {
        const uint32_t v = directions[bit], n = UINT32_C(1) << bit;
        for (uint32_t i = 0; i < n; ++i) {
            x[n + i] = x[i] ^ v;
        }
    }
}

static void fill_points(const uint32_t directions[32], uint32_t first, const uint32_t scramble[2],
                        double *u)
{
    uint32_t x[SAMPLE_RUN];
    number_points(directions, first, x);
    for (size_t i = 0; i < SAMPLE_RUN; ++i) {
        x[i] = reverse(nest(x[i], scramble));
    }
    for (size_t i = 0; i < SAMPLE_RUN; ++i) {
        /* 2^52 + x, less 2^52: exact, and vectorised where there is no conversion of unsigned
         * numbers */
        u[i] = (double_of(UINT64_C(0x4330000000000000) | x[i]) - 0x1p52 + 0.5) * 0x1p-32;
    }
}

enum { LOOK_UP_BLOCK = 64 };

/* The tail probability's exponent and top five mantissa bits are the interval, the rest of the
 * mantissa is t. In blocks of its own, so that the compiler knows that nothing overlaps and
 * gathers. */
static void look_up_block(size_t n, const double *u, const double *coefficients, double location,
                          double scale, double *values)
{
    const uint64_t lowest = (uint64_t)(1023 - TABLE_OCTAVES) << 5;
    double in[LOOK_UP_BLOCK], out[LOOK_UP_BLOCK];
    memcpy(in, u, n * sizeof *in);
    for (size_t i = 0; i < n; ++i) {
        double other = 1.0 - in[i];
        double p = in[i] < other ? in[i] : other;
        uint64_t bits = bits_of(p);
        uint64_t upper = in[i] > 0.5 ? (uint64_t)TABLE_INTERVALS : 0;
        uint64_t at = 4 * ((bits >> 47) - lowest + upper);
        double t =
            double_of(((bits << 5) & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000)) -
            1.0;
        double cubic = coefficients[at + 2] + t * coefficients[at + 3];
        cubic = coefficients[at] + t * (coefficients[at + 1] + t * cubic);
        out[i] = location + scale * cubic;
    }
    /* cppcheck-suppress uninitvar */
    memcpy(values, out, n * sizeof *out);
}

static void look_up(size_t n, const double *u, const double *coefficients, double location,
                    double scale, double *values)
{
    for (size_t done = 0; done < n; done += LOOK_UP_BLOCK) {
        size_t part = n - done < LOOK_UP_BLOCK ? n - done : LOOK_UP_BLOCK;
        look_up_block(part, u + done, coefficients, location, scale, values + done);
    }
}

extern const struct sample_kernels KERNELS;
const struct sample_kernels KERNELS = {
    .uniforms = fill_uniforms, .points = fill_points, .look_up = look_up};
