#include "uncertainty/moments.h"

#include "base/vector.h"

#include <string.h>

extern const struct moments_kernels moments_kernels_baseline;
extern const struct moments_kernels moments_kernels_avx2;
extern const struct moments_kernels moments_kernels_avx512;

const struct moments_kernels *moments_kernels(void)
{
    const char *isa = vector_kernels()->isa;
    if (strcmp(isa, "avx512") == 0) {
        return &moments_kernels_avx512;
    }
    return strcmp(isa, "avx2") == 0 ? &moments_kernels_avx2 : &moments_kernels_baseline;
}
