/* Draws: uniforms of a design and inverse transforms through checked quantile tables.
 *
 * One uniform a sample, monotone in u, a function of (design, identity, dimension, replicate, draw)
 * alone: the same for every thread count, block size, shard, scenario and order. An override keeps
 * identity and so its uniforms, and changes only the quantile function. */
#ifndef DIVIDEND_SAMPLE_SAMPLE_H
#define DIVIDEND_SAMPLE_SAMPLE_H

#include "base/arena.h"
#include "evidence/distribution.h"

#include <stdint.h>

enum sampling_method {
    SAMPLING_SOBOL,           /* Sobol points, Owen-scrambled; method 5.1 */
    SAMPLING_LATIN_HYPERCUBE, /* runs of 256 draws, one in each of 256 strata, paired at random */
    SAMPLING_PLAIN            /* independent draws */
};

const char *
sampling_method_name(enum sampling_method method); /* "sobol", "latin_hypercube", "plain" */
/* The method of that name; of any other word the last. */
enum sampling_method sampling_method_find(const char *name);

enum { SAMPLE_MAX_SCRAMBLINGS = 64 };

/* How a run draws. Runs of 256 draws go round the scramblings in turn: draw d belongs to scrambling
 * (d / 256) mod n_scramblings and is there point (d / 256 / n_scramblings) 256 + d mod 256, so that
 * more draws go on where fewer ended and no draw depends on how many there are. Plain draws know no
 * scramblings. */
struct sampling_design {
    enum sampling_method method;
    uint32_t n_scramblings; /* 1 .. SAMPLE_MAX_SCRAMBLINGS */
    uint64_t seed;
};

/* The scrambling that a draw belongs to. */
static inline uint32_t sampling_scrambling(const struct sampling_design *design, uint64_t draw)
{
    return (uint32_t)(draw / 256 % design->n_scramblings);
}

struct uniform_stream {
    uint32_t key[2];     /* Philox4x32-10 key, from seed and identity */
    uint32_t counter[2]; /* high words: identity again, and the replicate */
    enum sampling_method method;
    uint32_t n_scramblings;
    uint64_t scrambling;     /* key of the scramblings */
    uint32_t directions[32]; /* Sobol: of the dimension */
};

/* Independent draws. `identity` is the evidence path or "input:MODEL.NAME"; replicate 0 is the main
 * sample. */
struct uniform_stream sample_stream(uint64_t seed, const char *identity, uint32_t replicate);

/* Draws by a design. `dimension` is the Sobol dimension of the identity, 1 .. SAMPLE_DIMENSIONS, a
 * function of the identity alone (models/dimensions.csv); 0, of an identity that has none, gives
 * Latin hypercube draws: stratified by itself, paired at random with all others. So do replicates
 * other than 0, which must be independent of the main sample draw by draw. */
enum { SAMPLE_DIMENSIONS = 2048 };

struct uniform_stream sample_stream_of(const struct sampling_design *design, const char *identity,
                                       size_t dimension, uint32_t replicate);

/* u[i] for draws first_draw + i, i < n, in (0, 1); exact, and 1 - u too; same bits on every
 * processor. Plain: (k + 1/2) 2^-52 with k the top 52 bits of a 64-bit word; words of one Philox
 * call serve draws 2j and 2j + 1. Sobol: (k + 1/2) 2^-32, from 32 scrambled bits.
 */
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

/* The same from standard normal scores instead of uniforms: values[i] = quantile of P(Z <= z[i]).
 * Not in place. */
void sampler_transform_normal(const struct sampler *sampler, size_t n, const double *z,
                              double *values);

/* sample_uniforms and sampler_transform in one. */
void sampler_draw(const struct sampler *sampler, const struct uniform_stream *stream,
                  uint64_t first_draw, size_t n, double *values);

#endif
