#include "batch/result_bytes.h"

#include "base/digest.h"
#include "uncertainty/contribution.h"

#include <stdlib.h>
#include <string.h>

static const char magic[] = "dividend-result\n";

enum { MAGIC_BYTES = 16, LEAST_BYTES = MAGIC_BYTES + 4 + RESULT_KEY_BYTES + DIGEST_BYTES };

void result_bytes_write(struct text *out, const uint8_t key[RESULT_KEY_BYTES],
                        const struct scenario_result *result)
{
    struct scenario_result kept = *result;
    uint8_t digest[DIGEST_BYTES];
    struct bytes bytes;
    bytes_init(&bytes);
    bytes_put_span(&bytes, magic, MAGIC_BYTES);
    bytes_put_u32(&bytes, RESULT_BYTES_VERSION);
    bytes_put_span(&bytes, key, RESULT_KEY_BYTES);
    bytes_put_u8(&bytes, result->has_precision ? 1 : 0);
    bytes_put_u64(&bytes, result->precision_column);
    bytes_put_double(&bytes, result->precision_se);
    kept.seconds = 0.0; /* the same result has the same bytes */
    contribution_write_result(&bytes, &kept);
    digest_make(digest, bytes.data, bytes.n);
    bytes_put_span(&bytes, digest, sizeof digest);
    text_append_span(out, (const char *)bytes.data, bytes.n);
    bytes_clear(&bytes);
}

/* Magic, version, key and checksum. */
static bool is_whole(const char *bytes, size_t n_bytes, const uint8_t key[RESULT_KEY_BYTES])
{
    uint8_t digest[DIGEST_BYTES];
    if (n_bytes < LEAST_BYTES || memcmp(bytes, magic, MAGIC_BYTES) != 0) {
        return false;
    }
    struct bytes_reader reader = bytes_read(bytes + MAGIC_BYTES, 4);
    digest_make(digest, bytes, n_bytes - sizeof digest);
    return bytes_take_u32(&reader) == RESULT_BYTES_VERSION &&
           memcmp(bytes + MAGIC_BYTES + 4, key, RESULT_KEY_BYTES) == 0 &&
           memcmp(bytes + n_bytes - sizeof digest, digest, sizeof digest) == 0;
}

bool result_bytes_read(const char *bytes, size_t n_bytes, const uint8_t key[RESULT_KEY_BYTES],
                       struct scenario_result *result)
{
    struct scenario_result read = *result;
    if (!is_whole(bytes, n_bytes, key)) {
        return false;
    }
    struct bytes_reader reader =
        bytes_read(bytes + LEAST_BYTES - DIGEST_BYTES, n_bytes - LEAST_BYTES);
    read.has_precision = bytes_take_u8(&reader) != 0;
    read.precision_column = (size_t)bytes_take_u64(&reader);
    read.precision_se = bytes_take_double(&reader);
    struct bytes rest;
    bytes_init(&rest);
    bytes_put_span(&rest, reader.at, reader.n_left);
    bool fits = !reader.failed &&
                (!read.has_precision || read.precision_column < result->plan->n_results) &&
                contribution_read_result(&rest, &read);
    bytes_clear(&rest);
    if (fits && (read.status != STATUS_OK || read.statistics == NULL)) {
        free(read.statistics);
        fits = false;
    }
    if (fits) {
        *result = read;
    }
    return fits;
}
