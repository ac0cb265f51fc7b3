#include "base/digest.h"

#include <nettle/sha2.h>

void digest_make(uint8_t digest[DIGEST_BYTES], const void *data, size_t n_bytes)
{
    struct sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, n_bytes, data);
    sha256_digest(&context, DIGEST_BYTES, digest);
}

void digest_write_digits(char digits[DIGEST_DIGITS + 1], const uint8_t digest[DIGEST_BYTES])
{
    static const char figures[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; ++i) {
        digits[2 * i] = figures[digest[i] >> 4];
        digits[2 * i + 1] = figures[digest[i] & 15];
    }
    digits[DIGEST_DIGITS] = '\0';
}

void digest_digits_of(char digits[DIGEST_DIGITS + 1], const void *data, size_t n_bytes)
{
    uint8_t digest[DIGEST_BYTES];
    digest_make(digest, data, n_bytes);
    digest_write_digits(digits, digest);
}
