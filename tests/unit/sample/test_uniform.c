/* Uniforms against Random123's own philox4x32 (Salmon et al. 2011), to the last bit: the layout of
 * key and counter, odd starts and sizes, blocks, and every instruction set this machine has. */
#include "base/arena.h"
#include "base/text.h"
#include "sample/sample.h"
#include "sample/sample_kernels.h"
#include "support/assert_close.h"

#include <Random123/philox.h>
#include <stdlib.h>
#include <string.h>

extern const struct sample_kernels sample_kernels_baseline;
#if defined(__x86_64__)
extern const struct sample_kernels sample_kernels_avx2;
extern const struct sample_kernels sample_kernels_avx512;
#endif

enum { N_DRAWS = 1500 };

/* Beyond 2^32 pairs, so that both low counter words move; the last start lies just below the carry.
 */
static const uint64_t starts[] = {
    0, 1, 2, 3, 127, 128, 511, 512, 513, 99999, UINT64_C(0x1FFFFFFF0), UINT64_C(0x1FFFFFFFD)};

enum { N_STARTS = sizeof starts / sizeof *starts };

static double expected_uniform(const struct uniform_stream *stream, uint64_t draw)
{
    uint64_t pair = draw / 2;
    philox4x32_ctr_t counter = {
        {(uint32_t)pair, (uint32_t)(pair >> 32), stream->counter[0], stream->counter[1]}};
    philox4x32_key_t key = {{stream->key[0], stream->key[1]}};
    philox4x32_ctr_t words = philox4x32(counter, key);
    size_t at = draw % 2 == 0 ? 0 : 2;
    uint64_t word = (uint64_t)words.v[at] | (uint64_t)words.v[at + 1] << 32;
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

static void assert_same_bits(double actual, double expected, const char *what, uint64_t draw)
{
    if (memcmp(&actual, &expected, sizeof actual) != 0) {
        fail_msg("%s: draw %llu is %.17g, not %.17g", what, (unsigned long long)draw, actual,
                 expected);
    }
}

/* Random123's kat_vectors for philox4x32 with 10 rounds: zeros, ones, the digits of pi. */
static void the_published_known_answers_come_out(void **state)
{
    (void)state;

    const struct {
        uint32_t counter[4], key[2], words[4];
    } known[] = {{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
                 {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
                  {UINT32_MAX, UINT32_MAX},
                  {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
                 {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                  {0xa4093822, 0x299f31d0},
                  {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};

    for (size_t j = 0; j < 3; ++j) {
        const uint32_t *counter = known[j].counter, *words = known[j].words;
        double u[2];
        sample_kernels()->uniforms(known[j].key, counter + 2,
                                   counter[0] | (uint64_t)counter[1] << 32, 1, u);
        for (size_t i = 0; i < 2; ++i) {
            uint64_t word = (uint64_t)words[2 * i] | (uint64_t)words[2 * i + 1] << 32;
            assert_same_bits(u[i], ((double)(word >> 12) + 0.5) * 0x1p-52, "known answer", j);
        }
    }
}

static void uniforms_are_those_of_random123_from_any_start(void **state)
{
    (void)state;
    const struct uniform_stream streams[] = {
        sample_stream(1, "ae_cost", 0),
        sample_stream(20261, "befriending.uptake", 3),
        {.key = {0, 0}, .counter = {0, 0}, .method = SAMPLING_PLAIN},
        {.key = {UINT32_MAX, UINT32_MAX},
         .counter = {UINT32_MAX, UINT32_MAX},
         .method = SAMPLING_PLAIN}};
    static double u[N_DRAWS];
    for (size_t s = 0; s < sizeof streams / sizeof *streams; ++s) {
        for (size_t j = 0; j < N_STARTS; ++j) {
            sample_uniforms(&streams[s], starts[j], N_DRAWS, u);
            for (size_t i = 0; i < N_DRAWS; ++i) {
                assert_same_bits(u[i], expected_uniform(&streams[s], starts[j] + i), "start",
                                 starts[j] + i);
            }
        }
    }
}

static void every_size_writes_its_draws_and_nothing_more(void **state)
{
    (void)state;
    const struct uniform_stream stream = sample_stream(7, "size", 0);
    double u[600];
    for (uint64_t start = 0; start < 2; ++start) {
        for (size_t n = 0; n < 598; ++n) {
            u[n] = u[n + 1] = -1.0;
            sample_uniforms(&stream, start, n, u);
            assert_true(u[n] == -1.0 && u[n + 1] == -1.0);
            if (n > 0) {
                assert_same_bits(u[0], expected_uniform(&stream, start), "first", start);
                assert_same_bits(u[n - 1], expected_uniform(&stream, start + n - 1), "last",
                                 start + n - 1);
            }
        }
    }
}

static void blocks_of_any_size_give_the_same_draws(void **state)
{
    (void)state;
    const struct uniform_stream stream = sample_stream(11, "blocks", 1);
    const size_t sizes[] = {1, 2, 3, 64, 127, 128, 129, 511, 512, 513, 1024};
    static double whole[3 * N_DRAWS], parts[3 * N_DRAWS];
    sample_uniforms(&stream, 5, 3 * N_DRAWS, whole);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; ++s) {
        for (size_t done = 0; done < 3 * N_DRAWS; done += sizes[s]) {
            size_t left = 3 * N_DRAWS - done;
            sample_uniforms(&stream, 5 + done, left < sizes[s] ? left : sizes[s], parts + done);
        }
        assert_memory_equal(whole, parts, sizeof whole);
    }
}

static void assert_kernels_agree(const struct sample_kernels *kernels, const char *isa)
{
    const struct uniform_stream stream = sample_stream(3, "isa", 2);
    static double expected[2 * N_DRAWS], actual[2 * N_DRAWS];
    for (size_t j = 0; j < N_STARTS; ++j) {
        for (size_t n_pairs = 0; n_pairs < N_DRAWS; n_pairs = 2 * n_pairs + 1) {
            uint64_t pair = starts[j];
            sample_kernels_baseline.uniforms(stream.key, stream.counter, pair, n_pairs, expected);
            kernels->uniforms(stream.key, stream.counter, pair, n_pairs, actual);
            for (size_t i = 0; i < 2 * n_pairs; ++i) {
                assert_same_bits(actual[i], expected[i], isa, 2 * pair + i);
            }
        }
    }
    /* A table of arbitrary numbers: only the arithmetic matters here. */
    static double coefficients[2 * TABLE_INTERVALS * 4];
    for (size_t i = 0; i < sizeof coefficients / sizeof *coefficients; ++i) {
        coefficients[i] = (double)((i * 2654435761U) % 1000003U) / 7.0 - 70000.0;
    }
    const double edges[] = {0x1p-53, 1.0 - 0x1p-53, 0.5, 0.5 + 0x1p-53, 0.5 - 0x1p-54, 0.25, 0.75};
    size_t n_edges = sizeof edges / sizeof *edges;
    sample_uniforms(&stream, 0, N_DRAWS, expected);
    memcpy(expected, edges, sizeof edges);
    for (size_t i = n_edges; i < N_DRAWS; i += 3) {
        expected[i] = ldexp(expected[i], -(int)(i % 44)); /* every octave of the lower tail */
    }
    memcpy(actual, expected, sizeof actual);
    sample_kernels_baseline.look_up(N_DRAWS, expected, coefficients, 3.0, 0.7, expected);
    kernels->look_up(N_DRAWS, actual, coefficients, 3.0, 0.7, actual);
    for (size_t i = 0; i < N_DRAWS; ++i) {
        assert_same_bits(actual[i], expected[i], "look-up", i);
    }
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    (void)state;
    assert_kernels_agree(sample_kernels(), "chosen");
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) {
        print_message("no avx2 here: only the baseline was tested\n");
        return;
    }
    assert_kernels_agree(&sample_kernels_avx2, "avx2");
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        assert_kernels_agree(&sample_kernels_avx512, "avx512");
    }
#endif
}

static void streams_depend_on_seed_identity_and_replicate(void **state)
{
    (void)state;
    const struct uniform_stream same = sample_stream(5, "a.b", 0);
    const struct uniform_stream others[] = {sample_stream(6, "a.b", 0), sample_stream(5, "a.c", 0),
                                            sample_stream(5, "a.b", 1), sample_stream(5, "", 0),
                                            sample_stream(UINT64_MAX, "a.b", 0)};
    struct uniform_stream again = sample_stream(5, "a.b", 0);
    assert_memory_equal(&same, &again, sizeof same);
    double u[64], v[64];
    sample_uniforms(&same, 0, 64, u);
    for (size_t i = 0; i < sizeof others / sizeof *others; ++i) {
        sample_uniforms(&others[i], 0, 64, v);
        for (size_t j = 0; j < 64; ++j) {
            assert_true(u[j] != v[j]);
        }
    }
}

/* The key and counter words are part of every published result: a change of them changes all
 * figures. */
static void stream_words_never_change(void **state)
{
    (void)state;
    const struct uniform_stream stream = sample_stream(20260401, "ae_cost", 9);
    uint64_t hash = text_hash("ae_cost", 7, TEXT_HASH_START);
    assert_int_equal(stream.counter[0], (uint32_t)(hash >> 32));
    assert_int_equal(stream.counter[1], 9);
    assert_int_equal(stream.key[0], 0x3462C38C);
    assert_int_equal(stream.key[1], 0x42B6DBAD);
}

/* 400,000 draws: mean within 4 standard errors (1/sqrt(12 n)), 64 equal cells by chi squared with
 * 63 degrees of freedom below 113.6 (upper tail 1e-4), neighbours uncorrelated within 4/sqrt(n). */
static void uniforms_are_uniform_and_neighbours_unrelated(void **state)
{
    (void)state;

    enum { N = 400000, CELLS = 64 };

    double *u = memory_columns(N), sum = 0.0, product = 0.0, chi = 0.0;
    size_t counts[CELLS] = {0};
    const struct uniform_stream stream = sample_stream(1, "statistics", 0);
    sample_uniforms(&stream, 0, N, u);
    for (size_t i = 0; i < N; ++i) {
        assert_true(u[i] > 0.0 && u[i] < 1.0);
        sum += u[i];
        ++counts[(size_t)(u[i] * CELLS)];
        product += i > 0 ? 12.0 * (u[i] - 0.5) * (u[i - 1] - 0.5) : 0.0;
    }
    for (size_t i = 0; i < CELLS; ++i) {
        double excess = (double)counts[i] - (double)N / CELLS;
        chi += excess * excess / ((double)N / CELLS);
    }
    free(u);
    assert_true(fabs(sum / N - 0.5) < 4.0 / sqrt(12.0 * N));
    assert_true(chi < 113.6);
    assert_true(fabs(product / N) < 4.0 / sqrt((double)N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_known_answers_come_out),
        cmocka_unit_test(uniforms_are_those_of_random123_from_any_start),
        cmocka_unit_test(every_size_writes_its_draws_and_nothing_more),
        cmocka_unit_test(blocks_of_any_size_give_the_same_draws),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(streams_depend_on_seed_identity_and_replicate),
        cmocka_unit_test(stream_words_never_change),
        cmocka_unit_test(uniforms_are_uniform_and_neighbours_unrelated)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
