/* The inputs of an earlier run, read back from the inputs.tar.zst of its results folder, so that it
 * reruns without its repository. */
#ifndef DIVIDEND_CAUSE_INPUTS_H
#define DIVIDEND_CAUSE_INPUTS_H

#include "scenario/scenario.h"

enum {
    INPUTS_MAX_FILES = 65536,
    INPUTS_MAX_BYTES = 512 * 1024 * 1024 /* of all files together, unpacked */
};

/* The library of the run, in `arena`. NULL after an error: E963 where the archive is not there,
 * damaged or beyond the limits, and any error of the inputs themselves, which a later version of
 * the program may have learnt to refuse. */
const struct library *inputs_read(struct arena *arena, struct diagnostics *diagnostics,
                                  const char *directory);

#endif
