/* SHA-256 of bytes, and its digits. */
#ifndef DIVIDEND_BASE_DIGEST_H
#define DIVIDEND_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 32, DIGEST_DIGITS = 64 };

void digest_make(uint8_t digest[DIGEST_BYTES], const void *data, size_t n_bytes);
/* Two digits 0-9a-f a byte, and a NUL. */
void digest_write_digits(char digits[DIGEST_DIGITS + 1], const uint8_t digest[DIGEST_BYTES]);
/* Both at once. */
void digest_digits_of(char digits[DIGEST_DIGITS + 1], const void *data, size_t n_bytes);

#endif
