#include "base/vector.h"
#include "decision/decision_kernels.h"

#include <string.h>

extern const struct decision_kernels decision_kernels_baseline;
extern const struct decision_kernels decision_kernels_avx2;
extern const struct decision_kernels decision_kernels_avx512;

const struct decision_kernels *decision_kernels(void)
{
    const char *isa = vector_kernels()->isa;
    if (strcmp(isa, "avx512") == 0) {
        return &decision_kernels_avx512;
    }
    return strcmp(isa, "avx2") == 0 ? &decision_kernels_avx2 : &decision_kernels_baseline;
}
