/* Direction numbers of the Sobol sequence; private to sample/. method section 5.1. */
#ifndef DIVIDEND_SAMPLE_SOBOL_H
#define DIVIDEND_SAMPLE_SOBOL_H

#include <stddef.h>
#include <stdint.h>

enum { SOBOL_DIMENSIONS = 2048, SOBOL_BITS = 32 };

/* [polynomial, m_1 .. m_s] for each of the dimensions 2 .. SOBOL_DIMENSIONS (sobol_numbers.c). */
extern const uint16_t sobol_numbers[];
extern const size_t sobol_n_numbers;

/* Direction numbers of dimension 1 .. SOBOL_DIMENSIONS: v[b] is what bit b of the point's number
 * adds (exclusive or), bits reversed: the lowest bit of v is the half, the next the quarter.
 * Dimension 1 is van der Corput's sequence. */
void sobol_directions(size_t dimension, uint32_t v[SOBOL_BITS]);

#endif
