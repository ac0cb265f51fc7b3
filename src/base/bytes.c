#include "base/bytes.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

void bytes_init(struct bytes *bytes)
{
    *bytes = (struct bytes){0};
}

void bytes_clear(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}

/* Room for n more, which the caller fills. */
static uint8_t *extend(struct bytes *bytes, size_t n)
{
    if (bytes->capacity - bytes->n < n) {
        size_t wanted = bytes->n + n, doubled = 2 * bytes->capacity;
        bytes->capacity = wanted > doubled ? wanted : doubled;
        bytes->capacity = bytes->capacity < 64 ? 64 : bytes->capacity;
        bytes->data = memory_realloc(bytes->data, bytes->capacity);
    }
    uint8_t *at = bytes->data + bytes->n;
    bytes->n += n;
    return at;
}

void bytes_put_span(struct bytes *bytes, const void *data, size_t n)
{
    if (n > 0) {
        memcpy(extend(bytes, n), data, n);
    }
}

void bytes_put_u8(struct bytes *bytes, uint8_t value)
{
    *extend(bytes, 1) = value;
}

static void store(uint8_t *at, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t load(const uint8_t *at, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; ++i) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

void bytes_put_u32(struct bytes *bytes, uint32_t value)
{
    store(extend(bytes, 4), value, 4);
}

void bytes_put_u64(struct bytes *bytes, uint64_t value)
{
    store(extend(bytes, 8), value, 8);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void bytes_put_double(struct bytes *bytes, double value)
{
    bytes_put_u64(bytes, bits_of(value));
}

void bytes_put_doubles(struct bytes *bytes, const double *values, size_t n)
{
    uint8_t *at = extend(bytes, 8 * n);
    for (size_t i = 0; i < n; ++i) {
        store(at + 8 * i, bits_of(values[i]), 8);
    }
}

void bytes_put_count(struct bytes *bytes, uint64_t value)
{
    while (value >= 128) {
        bytes_put_u8(bytes, (uint8_t)(value | 128));
        value >>= 7;
    }
    bytes_put_u8(bytes, (uint8_t)value);
}

void bytes_put_text(struct bytes *bytes, const char *text)
{
    size_t n = strlen(text);
    bytes_put_u32(bytes, (uint32_t)n);
    bytes_put_span(bytes, text, n);
}

/* ---- reading ---- */

struct bytes_reader bytes_read(const void *data, size_t n)
{
    return (struct bytes_reader){.at = data, .n_left = n};
}

bool bytes_ended_well(const struct bytes_reader *reader)
{
    return !reader->failed && reader->n_left == 0;
}

const uint8_t *bytes_take_span(struct bytes_reader *reader, size_t n)
{
    if (reader->failed || reader->n_left < n) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *at = reader->at;
    if (n > 0) {
        reader->at += n;
    }
    reader->n_left -= n;
    return at;
}

static uint64_t take(struct bytes_reader *reader, size_t n)
{
    const uint8_t *at = bytes_take_span(reader, n);
    return at != NULL ? load(at, n) : 0;
}

uint8_t bytes_take_u8(struct bytes_reader *reader)
{
    return (uint8_t)take(reader, 1);
}

uint32_t bytes_take_u32(struct bytes_reader *reader)
{
    return (uint32_t)take(reader, 4);
}

uint64_t bytes_take_u64(struct bytes_reader *reader)
{
    return take(reader, 8);
}

double bytes_take_double(struct bytes_reader *reader)
{
    return double_of(take(reader, 8));
}

void bytes_take_doubles(struct bytes_reader *reader, double *values, size_t n)
{
    const uint8_t *at = n <= SIZE_MAX / 8 ? bytes_take_span(reader, 8 * n) : NULL;
    reader->failed = reader->failed || (at == NULL && n > 0);
    for (size_t i = 0; i < n; ++i) {
        values[i] = at != NULL ? double_of(load(at + 8 * i, 8)) : 0.0;
    }
}

uint64_t bytes_take_count(struct bytes_reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = bytes_take_u8(reader);
        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

char *bytes_take_text(struct bytes_reader *reader)
{
    size_t n = bytes_take_u32(reader);
    const uint8_t *at = bytes_take_span(reader, n);
    if (at == NULL || memchr(at, 0, n) != NULL) {
        reader->failed = true;
        at = NULL;
        n = 0;
    }
    char *text = memory_alloc(n + 1);
    if (n > 0) {
        memcpy(text, at, n);
    }
    text[n] = '\0';
    return text;
}
