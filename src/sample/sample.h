/* Draws: counter-based uniforms and inverse transforms through checked quantile tables.
 *
 * One uniform a sample, monotone in u, a function of (seed, identity, replicate, draw) alone: the
 * same for every thread count, block size, shard, scenario and order. An override keeps identity
 * and so its uniforms, and changes only the quantile function. Later issues put Sobol points behind
 * the same interface. */
#ifndef DIVIDEND_SAMPLE_SAMPLE_H
#define DIVIDEND_SAMPLE_SAMPLE_H

#include "base/arena.h"
#include "evidence/distribution.h"

#include <stdint.h>

struct uniform_stream {
    uint32_t key[2];     /* Philox4x32-10 key, from seed and identity */
    uint32_t counter[2]; /* high words: identity again, and the replicate */
};

/* `identity` is the evidence path (or "input:scenario-independent name"); replicate 0 is the main
 * sample. */
struct uniform_stream sample_stream(uint64_t seed, const char *identity, uint32_t replicate);

/* u[i] for draws first_draw + i, i < n, in (0, 1): (k + 1/2) 2^-52 with k the top 52 bits of a
 * 64-bit word (exact, and 1 - u too); words of one Philox call serve draws 2j and 2j + 1. Same bits
 * on every processor. */
void sample_uniforms(const struct uniform_stream *stream, uint64_t first_draw, size_t n, double *u);

/* Quantile functions ready to use. Tables are cached by (family, shape): scale and location are
 * applied after the look-up, so that gamma(25, 7.6) and gamma(25, 44000) share one. */
struct sampler;
struct sampler_cache;

struct sampler_cache *sampler_cache_new(struct arena *arena);

/* Builds (or finds) the sampler of a distribution. Every knot of a table is checked against the
 * distribution function; a table that cannot reach 1e-6 relative quantile error (of the sd near 0;
 * 1e-5 for shapes below 1/4)
 * between 1e-9 and 1 - 1e-9 is STATUS_NUMERIC with the family and parameters in the message. Uses
 * no libm. Not thread-safe: plans are built by one thread. */
enum status sampler_prepare(struct arena *arena, struct sampler_cache *cache,
                            const struct distribution *distribution, const struct sampler **out,
                            struct error *error) MUST_CHECK;

/* values[i] = quantile of u[i]; n draws. In place allowed. Thread-safe, allocates nothing, same
 * bits on every processor. FIXED fills the value. */
void sampler_transform(const struct sampler *sampler, size_t n, const double *u, double *values);

/* sample_uniforms and sampler_transform in one. */
void sampler_draw(const struct sampler *sampler, const struct uniform_stream *stream,
                  uint64_t first_draw, size_t n, double *values);

#endif
