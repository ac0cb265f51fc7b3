#include "base/text.h"
#include "base/vector.h"
#include "sample/sample.h"
#include "sample/sample_kernels.h"

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
                                   .counter = {(uint32_t)(hash >> 32), replicate}};
}

enum { UNIFORM_BLOCK = 512 };

void sample_uniforms(const struct uniform_stream *stream, uint64_t first_draw, size_t n, double *u)
{
    const struct sample_kernels *kernels = sample_kernels();
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
