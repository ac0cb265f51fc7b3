#include "base/text.h"
#include "base/vector.h"
#include "sample/sample.h"
#include "sample/sample_kernels.h"
#include "sample/sobol.h"

#include <string.h>

extern const struct sample_kernels sample_kernels_baseline;
extern const struct sample_kernels sample_kernels_avx2;
extern const struct sample_kernels sample_kernels_avx512;

const struct sample_kernels *sample_kernels(void)
{
    const char *isa = vector_kernels()->isa;
    if (strcmp(isa, "avx512") == 0) {
        return &sample_kernels_avx512;
    }
    return strcmp(isa, "avx2") == 0 ? &sample_kernels_avx2 : &sample_kernels_baseline;
}

/* Steele, Lea and Flood (2014), the finaliser of splitmix64. */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct uniform_stream sample_stream(uint64_t seed, const char *identity, uint32_t replicate)
{
    uint64_t hash = text_hash(identity, strlen(identity), TEXT_HASH_START);
    uint64_t key = mix(seed + mix(hash + UINT64_C(0x9E3779B97F4A7C15)));
    return (struct uniform_stream){.key = {(uint32_t)key, (uint32_t)(key >> 32)},
                                   .counter = {(uint32_t)(hash >> 32), replicate},
                                   .method = SAMPLING_PLAIN,
                                   .n_scramblings = 1};
}

const char *sampling_method_name(enum sampling_method method)
{
    static const char *const names[] = {[SAMPLING_SOBOL] = "sobol",
                                        [SAMPLING_LATIN_HYPERCUBE] = "latin_hypercube",
                                        [SAMPLING_PLAIN] = "plain"};
    return names[method];
}

enum sampling_method sampling_method_find(const char *name)
{
    enum sampling_method method = SAMPLING_SOBOL;
    while (method < SAMPLING_PLAIN && strcmp(sampling_method_name(method), name) != 0) {
        ++method;
    }
    return method;
}

struct uniform_stream sample_stream_of(const struct sampling_design *design, const char *identity,
                                       size_t dimension, uint32_t replicate)
{
    struct uniform_stream stream = sample_stream(design->seed, identity, replicate);
    uint64_t key = stream.key[0] | (uint64_t)stream.key[1] << 32;
    stream.method = design->method;
    if (design->method == SAMPLING_SOBOL && (dimension == 0 || replicate > 0)) {
        stream.method = SAMPLING_LATIN_HYPERCUBE;
    }
    stream.n_scramblings = design->n_scramblings;
    stream.scrambling = mix(key + mix(replicate + UINT64_C(0xD1B54A32D192ED03)));
    if (stream.method == SAMPLING_SOBOL) {
        sobol_directions(dimension, stream.directions);
    }
    return stream;
}

/* ---- points ---- */

static void split_seed(uint64_t seed, uint32_t words[2])
{
    words[0] = (uint32_t)seed;
    words[1] = (uint32_t)(seed >> 32);
}

/* SAMPLE_RUN points of one scrambling of the Sobol sequence. */
static void fill_sobol(const struct uniform_stream *stream, uint64_t run, double *u)
{
    uint32_t scramble[2];
    uint64_t scrambling = run % stream->n_scramblings;
    split_seed(mix(stream->scrambling + scrambling * UINT64_C(0x9E3779B97F4A7C15)), scramble);
    sample_kernels()->points(stream->directions,
                             (uint32_t)(run / stream->n_scramblings) * SAMPLE_RUN, scramble, u);
}

/* A Latin hypercube of SAMPLE_RUN points: one in each stratum, in an order shuffled anew (Fisher
 * and Yates). */
static void fill_hypercube(const struct uniform_stream *stream, uint64_t run, double *u)
{
    double choices[SAMPLE_RUN];
    const struct sample_kernels *kernels = sample_kernels();
    kernels->uniforms(stream->key, stream->counter, run * SAMPLE_RUN, SAMPLE_RUN / 2, choices);
    kernels->uniforms(stream->key, stream->counter, run * SAMPLE_RUN + SAMPLE_RUN / 2,
                      SAMPLE_RUN / 2, u);
    for (size_t i = 0; i < SAMPLE_RUN; ++i) {
        u[i] = ((double)i + u[i]) * (1.0 / SAMPLE_RUN);
    }
    for (size_t i = SAMPLE_RUN - 1; i > 0; --i) {
        size_t k = (size_t)(choices[i] * (double)(i + 1));
        double other = u[k];
        u[k] = u[i];
        u[i] = other;
    }
}

static void fill_run(const struct uniform_stream *stream, uint64_t run, double *u)
{
    if (stream->method == SAMPLING_SOBOL) {
        fill_sobol(stream, run, u);
    } else {
        fill_hypercube(stream, run, u);
    }
}

static void fill_runs(const struct uniform_stream *stream, uint64_t first_draw, size_t n, double *u)
{
    while (n > 0) {
        size_t skip = (size_t)(first_draw % SAMPLE_RUN);
        size_t take = n < SAMPLE_RUN - skip ? n : SAMPLE_RUN - skip;
        if (take == SAMPLE_RUN) {
            fill_run(stream, first_draw / SAMPLE_RUN, u);
        } else {
            double whole[SAMPLE_RUN];
            fill_run(stream, first_draw / SAMPLE_RUN, whole);
            memcpy(u, whole + skip, take * sizeof *u);
        }
        u += take;
        first_draw += take;
        n -= take;
    }
}

enum { UNIFORM_BLOCK = 512 };

void sample_uniforms(const struct uniform_stream *stream, uint64_t first_draw, size_t n, double *u)
{
    const struct sample_kernels *kernels = sample_kernels();
    if (stream->method != SAMPLING_PLAIN) {
        fill_runs(stream, first_draw, n, u);
        return;
    }
    if (first_draw % 2 == 0 && n % 2 == 0) {
        kernels->uniforms(stream->key, stream->counter, first_draw / 2, n / 2, u);
        return;
    }
    double block[UNIFORM_BLOCK];
    while (n > 0) {
        size_t skip = (size_t)(first_draw % 2);
        size_t take = n < UNIFORM_BLOCK - skip ? n : UNIFORM_BLOCK - skip;
        kernels->uniforms(stream->key, stream->counter, first_draw / 2, (take + skip + 1) / 2,
                          block);
        memcpy(u, block + skip, take * sizeof *u);
        u += take;
        first_draw += take;
        n -= take;
    }
}
