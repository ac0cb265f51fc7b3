#include "sample/sobol.h"

#include <assert.h>

static size_t degree_of(uint32_t polynomial)
{
    size_t degree = 0;
    while (polynomial >> (degree + 1) != 0) {
        ++degree;
    }
    return degree;
}

static uint32_t reverse_bits(uint32_t x)
{
    uint32_t out = 0;
    for (int bit = 0; bit < 32; ++bit) {
        out |= ((x >> bit) & 1U) << (31 - bit);
    }
    return out;
}

static const uint16_t *find_numbers(size_t dimension)
{
    size_t at = 0;
    for (size_t i = 2; i < dimension; ++i) {
        at += 1 + degree_of(sobol_numbers[at]);
    }
    assert(at < sobol_n_numbers);
    return sobol_numbers + at;
}

/* Bratley and Fox (1988), algorithm 659: v_k = a_1 v_(k-1) + .. + a_(s-1) v_(k-s+1) + v_(k-s) +
 * v_(k-s) / 2^s, sums being exclusive or. */
void sobol_directions(size_t dimension, uint32_t v[SOBOL_BITS])
{
    assert(dimension >= 1 && dimension <= SOBOL_DIMENSIONS);
    uint32_t polynomial = 1;
    size_t degree = SOBOL_BITS;
    const uint16_t *numbers = NULL;
    if (dimension > 1) {
        numbers = find_numbers(dimension);
        polynomial = numbers[0];
        degree = degree_of(polynomial);
    }
    for (size_t k = 0; k < SOBOL_BITS; ++k) {
        if (k < degree) {
            uint32_t m = numbers != NULL ? numbers[1 + k] : 1;
            v[k] = m << (31 - k);
            continue;
        }
        v[k] = v[k - degree] ^ (v[k - degree] >> degree);
        for (size_t j = 1; j < degree; ++j) {
            if (((polynomial >> (degree - j)) & 1U) != 0) {
                v[k] ^= v[k - j];
            }
        }
    }
    for (size_t k = 0; k < SOBOL_BITS; ++k) {
        v[k] = reverse_bits(v[k]);
    }
}
