/* The statistics of one plan as bytes, to be kept between runs: exact to the bit, the same on every
 * machine, and found out where they are damaged, cut short, or of something else.
 *
 *   "dividend-result\n"   16 bytes
 *   version               u32 (all numbers little-endian; doubles by their bits)
 *   key                   32 bytes: SHA-256 of what the result depends on
 *   precision             has it (u8), its column (u64), its target
 *   result                as it contributes to a run (uncertainty/contribution.h)
 *   checksum              32 bytes: SHA-256 of all bytes before it */
#ifndef DIVIDEND_BATCH_RESULT_BYTES_H
#define DIVIDEND_BATCH_RESULT_BYTES_H

#include "base/text.h"
#include "uncertainty/uncertainty.h"

enum { RESULT_KEY_BYTES = 32, RESULT_BYTES_VERSION = 2 };

/* `result` has statistics. */
void result_bytes_write(struct text *out, const uint8_t key[RESULT_KEY_BYTES],
                        const struct scenario_result *result);

/* Fills in what result_bytes_write kept; plan, seed and design are the caller's, and are set
 * before. False, with `result` as it was, where the bytes are not whole, not sound, or not of this
 * key. */
bool result_bytes_read(const char *bytes, size_t n_bytes, const uint8_t key[RESULT_KEY_BYTES],
                       struct scenario_result *result);

#endif
