/* Numbers and texts as bytes that every machine reads alike: little-endian, doubles by their bits.
 * Files of the program's own (checkpoints, shards) are made of them. */
#ifndef DIVIDEND_BASE_BYTES_H
#define DIVIDEND_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data; /* NULL while nothing was put */
    size_t n, capacity;
};

void bytes_init(struct bytes *bytes);
void bytes_clear(struct bytes *bytes);
void bytes_put_span(struct bytes *bytes, const void *data, size_t n);
void bytes_put_u8(struct bytes *bytes, uint8_t value);
void bytes_put_u32(struct bytes *bytes, uint32_t value);
void bytes_put_u64(struct bytes *bytes, uint64_t value);
void bytes_put_double(struct bytes *bytes, double value);
void bytes_put_doubles(struct bytes *bytes, const double *values, size_t n);
/* Seven bits a byte, lowest first: small numbers take one byte. */
void bytes_put_count(struct bytes *bytes, uint64_t value);
void bytes_put_text(struct bytes *bytes, const char *text); /* its length, then its bytes */

/* Takes what was put, in the same order. What is missing is 0 or "", and `failed` is set: look once
 * at the end. */
struct bytes_reader {
    const uint8_t *at;
    size_t n_left;
    bool failed;
};

struct bytes_reader bytes_read(const void *data, size_t n);
/* Whether all was there and nothing is left over. */
bool bytes_ended_well(const struct bytes_reader *reader);
const uint8_t *bytes_take_span(struct bytes_reader *reader, size_t n); /* NULL: not there */
uint8_t bytes_take_u8(struct bytes_reader *reader);
uint32_t bytes_take_u32(struct bytes_reader *reader);
uint64_t bytes_take_u64(struct bytes_reader *reader);
double bytes_take_double(struct bytes_reader *reader);
void bytes_take_doubles(struct bytes_reader *reader, double *values, size_t n);
uint64_t bytes_take_count(struct bytes_reader *reader);
/* A copy that the caller frees; never NULL. A zero byte inside fails. */
char *bytes_take_text(struct bytes_reader *reader);

#endif
