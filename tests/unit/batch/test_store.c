/* Files of contributions: every cut and every flipped byte is found, and nothing else is lost. */
#include "batch/batch_store.h"
#include "support/assert_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_CONTRIBUTIONS = 5 };

static struct contribution_key key_of(size_t i)
{
    return (struct contribution_key){.kind = i % 2 == 0 ? CONTRIBUTION_DRAWS : CONTRIBUTION_RESULT,
                                     .plan = (uint32_t)(i / 2),
                                     .unit = (uint32_t)(i % 3),
                                     .n_draws = 1000 + i};
}

static void fill(struct bytes *bytes, size_t i)
{
    bytes_init(bytes);
    for (size_t k = 0; k < 7 * i; ++k) { /* the first is empty */
        bytes_put_u8(bytes, (uint8_t)(31 * i + k));
    }
}

static struct store_identity identity_of(struct session *session, const char *seed)
{
    struct store_identity identity = {.part = 2, .n_parts = 3, .whole_plans = true};
    word_list_add(session, &identity.names, "program");
    word_list_add(session, &identity.values, "0.1.0");
    word_list_add(session, &identity.names, "seed");
    word_list_add(session, &identity.values, seed);
    for (size_t i = 0; i < 3; ++i) {
        static const char *const plans[] = {"befriending", "falls_class", "shared_lives"};
        word_list_add(session, &identity.plans, plans[i]);
        word_list_add(session, &identity.fingerprints, "0123456789abcdef");
    }
    word_list_add(session, &identity.words, "run");
    word_list_add(session, &identity.words, "--");
    word_list_add(session, &identity.words, "plans with blanks");
    return identity;
}

static void make_file(struct session *session, struct bytes *file)
{
    const struct store_identity identity = identity_of(session, "1");
    bytes_init(file);
    store_write_header(file, &identity);
    for (size_t i = 0; i < N_CONTRIBUTIONS; ++i) {
        const struct contribution_key key = key_of(i);
        struct bytes bytes;
        fill(&bytes, i);
        store_write_contribution(file, &key, &bytes);
        bytes_clear(&bytes);
    }
    store_write_end(file, N_CONTRIBUTIONS);
}

struct on_disk {
    char path[64];
    struct session session;
    struct bytes file;
};

static int set_up(void **state)
{
    struct on_disk *disk = calloc(1, sizeof *disk);
    (void)snprintf(disk->path, sizeof disk->path, "/tmp/dividend_store_XXXXXX");
    int descriptor = mkstemp(disk->path);
    arena_init(&disk->session.arena);
    make_file(&disk->session, &disk->file);
    *state = disk;
    return descriptor < 0 || close(descriptor) != 0;
}

static int tear_down(void **state)
{
    struct on_disk *disk = *state;
    (void)unlink(disk->path);
    bytes_clear(&disk->file);
    arena_clear(&disk->session.arena);
    free(disk);
    return 0;
}

static void write_file(const char *path, const uint8_t *data, size_t n)
{
    (void)unlink(path); /* quicker than to cut it */
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* How many contributions are there, each with the bytes that were written. */
static size_t look(const struct on_disk *disk, struct arena *arena, struct store_scan *scan)
{
    struct store_reader reader = {0};
    struct error error = {0};
    size_t n_there = 0;
    assert_int_equal(store_reader_add(&reader, arena, disk->path, scan, &error), STATUS_OK);
    store_reader_sort(&reader);
    for (size_t i = 0; i < N_CONTRIBUTIONS; ++i) {
        const struct contribution_key key = key_of(i);
        struct bytes bytes = {0}, expected;
        fill(&expected, i);
        if (store_reader_find(&reader, &key, &bytes)) {
            ++n_there;
            assert_int_equal(bytes.n, expected.n);
            assert_memory_equal(bytes.data, expected.n > 0 ? expected.data : bytes.data, bytes.n);
        }
        bytes_clear(&bytes);
        bytes_clear(&expected);
    }
    assert_int_equal(reader.n_items, n_there); /* nothing under a key that was never written */
    store_reader_clear(&reader);
    return n_there;
}

static bool is_whole(const struct store_scan *scan)
{
    return scan->is_one && scan->has_header && scan->ended && scan->n_behind == 0 &&
           scan->n_damaged == 0;
}

static void a_file_reads_back(void **state)
{
    struct on_disk *disk = *state;
    struct store_scan scan;
    write_file(disk->path, disk->file.data, disk->file.n);
    assert_int_equal(look(disk, &disk->session.arena, &scan), N_CONTRIBUTIONS);
    assert_true(is_whole(&scan));
    assert_int_equal(scan.identity.part, 2);
    assert_int_equal(scan.identity.n_parts, 3);
    assert_true(scan.identity.whole_plans);
    assert_string_equal(scan.identity.words.items[2], "plans with blanks");
    const struct store_identity same = identity_of(&disk->session, "1");
    const struct store_identity other = identity_of(&disk->session, "2");
    assert_null(store_identity_difference(&disk->session.arena, &scan.identity, &same));
    assert_string_equal(store_identity_difference(&disk->session.arena, &scan.identity, &other),
                        "its seed: 1, not 2");
}

static void every_cut_is_found(void **state)
{
    struct on_disk *disk = *state;
    size_t last = 0;
    for (size_t n = 0; n < disk->file.n; ++n) {
        struct arena arena;
        struct store_scan scan;
        arena_init(&arena);
        write_file(disk->path, disk->file.data, n);
        size_t n_there = look(disk, &arena, &scan);
        assert_false(is_whole(&scan));
        assert_true(n_there >= last); /* what was written whole is never lost */
        assert_true(scan.end <= (off_t)n || !scan.is_one);
        last = n_there;
        arena_clear(&arena);
    }
    assert_int_equal(last, N_CONTRIBUTIONS);
}

static void every_flipped_byte_is_found(void **state)
{
    struct on_disk *disk = *state;
    for (size_t at = 0; at < disk->file.n; ++at) {
        static const uint8_t flips[] = {0x01, 0x80, 0xff};
        for (size_t f = 0; f < 3; ++f) {
            struct arena arena;
            struct store_scan scan;
            arena_init(&arena);
            disk->file.data[at] ^= flips[f];
            write_file(disk->path, disk->file.data, disk->file.n);
            disk->file.data[at] ^= flips[f];
            size_t n_there = look(disk, &arena, &scan);
            assert_false(is_whole(&scan));
            if (scan.is_one) { /* one frame is lost, and no other */
                assert_true(n_there >= N_CONTRIBUTIONS - 1);
                assert_true(scan.n_damaged == 1 || scan.n_behind > 0);
            }
            arena_clear(&arena);
        }
    }
}

static void what_is_no_such_file_is_refused(void **state)
{
    struct on_disk *disk = *state;
    struct store_reader reader = {0};
    struct store_scan scan;
    struct error error = {0};
    assert_int_equal(store_reader_add(&reader, &disk->session.arena, "/tmp", &scan, &error),
                     STATUS_IO);
    assert_int_equal(
        store_reader_add(&reader, &disk->session.arena, "/nowhere/at/all", &scan, &error),
        STATUS_IO);
    write_file(disk->path, (const uint8_t *)"scenario = { };\n", 16);
    assert_int_equal(store_reader_add(&reader, &disk->session.arena, disk->path, &scan, &error),
                     STATUS_OK);
    assert_false(scan.is_one);
    store_reader_clear(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_reads_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_cut_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_flipped_byte_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_such_file_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
