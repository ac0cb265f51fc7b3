#include "batch/batch_store.h"

#include "base/bytes.h"
#include "base/digest.h"
#include "base/engine.h"
#include "plan/fingerprint.h"
#include "plan/plan_bundle.h"
#include "scenario/portfolio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_line[] = "dividend contributions 1\n";

enum {
    FIRST_LINE_BYTES = sizeof first_line - 1,
    FRAME_MARKER = 0x72467644, /* "DvFr" */
    FRAME_HEAD = 16,
    FRAME_HEADER = 1,
    FRAME_CONTRIBUTION = 2,
    FRAME_END = 3,
    KEY_BYTES = 24,
    HASH_BYTES = DIGEST_BYTES,
    MOST_OPEN_FILES = 256
};

/* ---- what a run is ---- */

/* Lists that live in an arena of their own, since threads make them. */
static void add_word(struct arena *arena, struct word_list *list, const char *word)
{
    list->items =
        arena_grow(arena, (void *)list->items, list->n_items, &list->capacity, sizeof *list->items);
    list->items[list->n_items++] = word;
}

static void add_fact(struct arena *arena, struct store_identity *identity, const char *name,
                     const char *value)
{
    add_word(arena, &identity->names, name);
    add_word(arena, &identity->values, value);
}

static const char *number_words(struct arena *arena, uint64_t number)
{
    return arena_printf(arena, "%llu", (unsigned long long)number);
}

/* The standard error in full, so that no two targets look alike. */
static const char *precision_words(struct arena *arena, const struct report_run *run)
{
    char se[32];
    if (run->precision_of == NULL) {
        return "none";
    }
    text_format_exact(se, run->precision_se);
    return arena_printf(arena, "%s=%s within %llu draws", run->precision_of, se,
                        (unsigned long long)run->max_draws);
}

/* A bundle has the shape of its results beside its fingerprint. */
static const char *fingerprint_words(struct arena *arena, const struct plan *plan)
{
    if (plan->bundle == NULL) {
        const struct fingerprint own = plan_fingerprint(arena, plan);
        return arena_copy_text(arena, own.sha256);
    }
    const struct fingerprint own = bundle_fingerprint(arena, plan);
    return arena_printf(arena, "%s %zu columns %zu results", own.sha256, plan->n_columns,
                        plan->n_results);
}

static void add_list(struct arena *arena, struct word_list *words, const char *option,
                     const struct word_list *list)
{
    for (size_t i = 0; i < list->n_items; ++i) {
        add_word(arena, words, option);
        add_word(arena, words, list->items[i]);
    }
}

/* The command line that computes the same numbers, without where it writes and what it shows. */
static void make_words(struct arena *arena, const struct options *options, struct word_list *words)
{
    add_word(arena, words, command_rows()[options->command].name);
    if (options->has_draws) {
        add_word(arena, words, "--draws");
        add_word(arena, words, number_words(arena, options->n_draws));
    }
    if (options->has_seed) {
        add_word(arena, words, "--seed");
        add_word(arena, words, number_words(arena, options->seed));
    }
    if (options->has_sampling) {
        add_word(arena, words, "--sampling");
        add_word(arena, words, options->sampling);
    }
    if (options->has_scramblings) {
        add_word(arena, words, "--scramblings");
        add_word(arena, words, number_words(arena, options->n_scramblings));
    }

    const struct {
        bool given;
        const char *word;
    } switches[] = {{options->decide, "--decide"},
                    {options->draws_out, "--draws-out"},
                    {options->errors, "--errors"},
                    {options->no_shipped_models, "--no-shipped-models"}};

    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; ++i) {
        if (switches[i].given) {
            add_word(arena, words, switches[i].word);
        }
    }
    add_list(arena, words, "--only", &options->only);
    add_list(arena, words, "--expect", &options->expect);
    add_list(arena, words, "--models", &options->models);
    add_word(arena, words, "--");
    for (size_t i = 0; i < options->words.n_items; ++i) {
        add_word(arena, words, options->words.items[i]);
    }
}

void store_identity_make(struct arena *arena, const struct options *options,
                         const struct report_run *run, const struct plan *const *plans,
                         size_t n_plans, struct store_identity *identity)
{
    *identity = (struct store_identity){.part = (uint32_t)options->shard,
                                        .n_parts = (uint32_t)options->n_shards};
    identity->whole_plans = simulation_deals_whole_plans(n_plans, identity->n_parts);
    add_fact(arena, identity, "program", run->program_version);
    add_fact(arena, identity, "contributions", number_words(arena, CONTRIBUTION_VERSION));
    add_fact(arena, identity, "engine", engine_identity());
    add_fact(arena, identity, "seed", number_words(arena, run->seed));
    add_fact(arena, identity, "draws", number_words(arena, run->n_draws));
    add_fact(arena, identity, "sampling", sampling_method_name(run->method));
    add_fact(arena, identity, "scramblings", number_words(arena, run->n_scramblings));
    add_fact(arena, identity, "precision", precision_words(arena, run));
    for (size_t i = 0; i < n_plans; ++i) {
        add_word(arena, &identity->plans, plans[i]->scenario->id);
        add_word(arena, &identity->fingerprints, fingerprint_words(arena, plans[i]));
    }
    make_words(arena, options, &identity->words);
}

/* Index in a list, or SIZE_MAX; it is usually where it is guessed. */
static size_t find_word(const struct word_list *list, const char *word, size_t guess)
{
    if (guess < list->n_items && strcmp(list->items[guess], word) == 0) {
        return guess;
    }
    for (size_t i = 0; i < list->n_items; ++i) {
        if (strcmp(list->items[i], word) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static const char *fact_difference(struct arena *arena, const char *name, const char *found,
                                   const char *wanted)
{
    if (strcmp(name, "program") == 0) {
        return arena_printf(arena, "it is of version %s of the program, not %s", found, wanted);
    }
    if (strcmp(name, "contributions") == 0 || strcmp(name, "engine") == 0) {
        return "it is of a program that computes otherwise";
    }
    return arena_printf(arena, "its %s: %s, not %s", name, found, wanted);
}

const char *store_identity_difference(struct arena *arena, const struct store_identity *found,
                                      const struct store_identity *wanted)
{
    for (size_t i = 0; i < wanted->names.n_items; ++i) {
        const char *name = wanted->names.items[i], *value = wanted->values.items[i];
        size_t at = find_word(&found->names, name, i);
        const char *other = at != SIZE_MAX ? found->values.items[at] : "none";
        if (strcmp(other, value) != 0) {
            return fact_difference(arena, name, other, value);
        }
    }
    for (size_t i = 0; i < wanted->plans.n_items; ++i) {
        const char *plan = wanted->plans.items[i];
        if (find_word(&found->plans, plan, i) == SIZE_MAX) {
            return arena_printf(arena, "it is of a run without %s", plan);
        }
    }
    for (size_t i = 0; i < found->plans.n_items; ++i) {
        const char *plan = found->plans.items[i];
        size_t at = find_word(&wanted->plans, plan, i);
        if (at == SIZE_MAX) {
            return arena_printf(arena, "it is of a run with %s", plan);
        }
        if (at != i) {
            return "it is of a run of the same scenarios in another order";
        }
        if (strcmp(found->fingerprints.items[i], wanted->fingerprints.items[at]) != 0) {
            return arena_printf(arena, "the inputs of %s are others", plan);
        }
    }
    if (found->names.n_items != wanted->names.n_items) {
        return "it is of a program that computes otherwise";
    }
    return NULL;
}

/* ---- bytes ---- */

static void put_list(struct bytes *bytes, const struct word_list *list)
{
    bytes_put_u32(bytes, (uint32_t)list->n_items);
    for (size_t i = 0; i < list->n_items; ++i) {
        bytes_put_text(bytes, list->items[i]);
    }
}

static void take_list(struct arena *arena, struct bytes_reader *reader, struct word_list *list)
{
    uint32_t n = bytes_take_u32(reader);
    for (uint32_t i = 0; i < n && !reader->failed; ++i) {
        char *text = bytes_take_text(reader);
        add_word(arena, list, arena_copy_text(arena, text));
        free(text);
    }
}

static void write_identity(struct bytes *bytes, const struct store_identity *identity)
{
    bytes_put_u32(bytes, identity->part);
    bytes_put_u32(bytes, identity->n_parts);
    bytes_put_u8(bytes, identity->whole_plans ? 1 : 0);
    put_list(bytes, &identity->names);
    put_list(bytes, &identity->values);
    put_list(bytes, &identity->plans);
    put_list(bytes, &identity->fingerprints);
    put_list(bytes, &identity->words);
}

static bool read_identity(struct arena *arena, struct bytes_reader *reader,
                          struct store_identity *identity)
{
    *identity = (struct store_identity){.part = bytes_take_u32(reader)};
    identity->n_parts = bytes_take_u32(reader);
    identity->whole_plans = bytes_take_u8(reader) != 0;
    take_list(arena, reader, &identity->names);
    take_list(arena, reader, &identity->values);
    take_list(arena, reader, &identity->plans);
    take_list(arena, reader, &identity->fingerprints);
    take_list(arena, reader, &identity->words);
    return bytes_ended_well(reader) && identity->names.n_items == identity->values.n_items &&
           identity->plans.n_items == identity->fingerprints.n_items &&
           identity->part <= identity->n_parts;
}

/* The frame's head is put first, with room for its length; close_frame fills that in. */
static size_t open_frame(struct bytes *bytes, uint32_t kind)
{
    size_t start = bytes->n;
    bytes_put_u32(bytes, FRAME_MARKER);
    bytes_put_u32(bytes, kind);
    bytes_put_u64(bytes, 0);
    return start;
}

static void close_frame(struct bytes *bytes, size_t start)
{
    uint8_t digest[HASH_BYTES];
    uint64_t length = bytes->n - start - FRAME_HEAD;
    for (size_t i = 0; i < 8; ++i) {
        bytes->data[start + 8 + i] = (uint8_t)(length >> (8 * i));
    }
    digest_make(digest, bytes->data + start, bytes->n - start);
    bytes_put_span(bytes, digest, sizeof digest);
}

void store_write_header(struct bytes *bytes, const struct store_identity *identity)
{
    bytes_put_span(bytes, first_line, FIRST_LINE_BYTES);
    size_t start = open_frame(bytes, FRAME_HEADER);
    write_identity(bytes, identity);
    close_frame(bytes, start);
}

void store_write_contribution(struct bytes *bytes, const struct contribution_key *key,
                              const struct bytes *contribution)
{
    size_t start = open_frame(bytes, FRAME_CONTRIBUTION);
    bytes_put_u32(bytes, (uint32_t)key->kind);
    bytes_put_u32(bytes, key->plan);
    bytes_put_u32(bytes, key->round);
    bytes_put_u32(bytes, key->unit);
    bytes_put_u64(bytes, key->n_draws);
    bytes_put_span(bytes, contribution->data, contribution->n);
    close_frame(bytes, start);
}

void store_write_end(struct bytes *bytes, uint64_t n_contributions)
{
    size_t start = open_frame(bytes, FRAME_END);
    bytes_put_u64(bytes, n_contributions);
    close_frame(bytes, start);
}

/* ---- reading ---- */

static struct contribution_key take_key(struct bytes_reader *reader)
{
    struct contribution_key key;
    key.kind = (enum contribution_kind)bytes_take_u32(reader);
    key.plan = bytes_take_u32(reader);
    key.round = bytes_take_u32(reader);
    key.unit = bytes_take_u32(reader);
    key.n_draws = bytes_take_u64(reader);
    return key;
}

/* All of n bytes at an offset, or false. */
static bool read_at(int descriptor, uint64_t offset, void *out, size_t n)
{
    uint8_t *at = out;
    while (n > 0) {
        ssize_t got = pread(descriptor, at, n, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        at += got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

struct scanning {
    struct store_reader *reader;
    struct arena *arena;
    struct store_scan *scan;
    int descriptor;
    uint64_t n_bytes; /* of the file */
    uint8_t *frame;   /* the one looked at; grows */
    size_t capacity;
};

/* Length of the frame at the offset with its head and hash, or 0 where there is none that could be
 * whole. */
static uint64_t frame_length(const struct scanning *scanning, uint64_t offset)
{
    uint8_t head[FRAME_HEAD];
    uint64_t left = scanning->n_bytes - offset;
    if (left < FRAME_HEAD + HASH_BYTES ||
        !read_at(scanning->descriptor, offset, head, sizeof head)) {
        return 0;
    }
    struct bytes_reader reader = bytes_read(head, sizeof head);
    uint32_t marker = bytes_take_u32(&reader);
    (void)bytes_take_u32(&reader);
    uint64_t length = bytes_take_u64(&reader);
    bool fits = marker == FRAME_MARKER && length <= left - FRAME_HEAD - HASH_BYTES;
    return fits ? length + FRAME_HEAD + HASH_BYTES : 0;
}

/* Reads the frame and checks its hash. */
static bool load_frame(struct scanning *scanning, uint64_t offset, uint64_t length)
{
    uint8_t digest[HASH_BYTES];
    size_t n = (size_t)length;
    if (n > scanning->capacity) {
        scanning->frame = memory_realloc(scanning->frame, n);
        scanning->capacity = n;
    }
    if (!read_at(scanning->descriptor, offset, scanning->frame, n)) {
        return false;
    }
    digest_make(digest, scanning->frame, n - HASH_BYTES);
    return memcmp(digest, scanning->frame + n - HASH_BYTES, HASH_BYTES) == 0;
}

static void add_stored(struct scanning *scanning, const struct contribution_key *key,
                       uint64_t offset, uint64_t n_bytes)
{
    struct store_reader *reader = scanning->reader;
    if (reader->n_items == reader->capacity) {
        reader->capacity = reader->capacity == 0 ? 64 : 2 * reader->capacity;
        reader->items = memory_realloc(reader->items, reader->capacity * sizeof *reader->items);
    }
    reader->items[reader->n_items++] =
        (struct stored){.key = *key, .offset = offset, .n_bytes = n_bytes, .file = reader->n_files};
    ++scanning->scan->n_found;
}

/* A frame that is whole; false where it says nothing that is known. */
static bool take_frame(struct scanning *scanning, uint64_t offset, uint64_t length)
{
    struct store_scan *scan = scanning->scan;
    struct bytes_reader reader = bytes_read(scanning->frame, (size_t)length - HASH_BYTES);
    (void)bytes_take_u32(&reader);
    uint32_t kind = bytes_take_u32(&reader);
    uint64_t n = bytes_take_u64(&reader);
    if (kind == FRAME_HEADER && !scan->has_header) {
        scan->has_header = read_identity(scanning->arena, &reader, &scan->identity);
        return scan->has_header;
    }
    if (kind == FRAME_CONTRIBUTION && n >= KEY_BYTES) {
        const struct contribution_key key = take_key(&reader);
        add_stored(scanning, &key, offset + FRAME_HEAD + KEY_BYTES, n - KEY_BYTES);
        return true;
    }
    if (kind == FRAME_END) {
        scan->ended = bytes_take_u64(&reader) == scan->n_found && bytes_ended_well(&reader);
        return scan->ended;
    }
    return false;
}

/* Offset of the next marker at or behind the offset; the file's end where there is none. */
static uint64_t find_marker(const struct scanning *scanning, uint64_t offset)
{
    static const uint8_t marker[] = {'D', 'v', 'F', 'r'};
    uint8_t window[65536];
    while (scanning->n_bytes - offset >= sizeof marker) {
        uint64_t left = scanning->n_bytes - offset;
        size_t n = left < sizeof window ? (size_t)left : sizeof window;
        if (!read_at(scanning->descriptor, offset, window, n)) {
            break;
        }
        for (size_t i = 0; i + sizeof marker <= n; ++i) {
            if (memcmp(window + i, marker, sizeof marker) == 0) {
                return offset + i;
            }
        }
        offset += n - sizeof marker + 1;
    }
    return scanning->n_bytes;
}

static void scan_frames(struct scanning *scanning)
{
    struct store_scan *scan = scanning->scan;
    uint64_t offset = FIRST_LINE_BYTES;
    bool in_damage = false;
    scan->end = (off_t)offset;
    while (offset < scanning->n_bytes) {
        uint64_t length = frame_length(scanning, offset);
        if (length > 0 && load_frame(scanning, offset, length) &&
            take_frame(scanning, offset, length)) {
            offset += length;
            scan->end = (off_t)offset;
            in_damage = false;
            continue;
        }
        scan->n_damaged += in_damage ? 0 : 1;
        in_damage = true;
        offset = find_marker(scanning, offset + 1);
    }
    scan->n_behind = (off_t)scanning->n_bytes - scan->end;
    scan->n_damaged -= in_damage ? 1 : 0; /* that one is not damaged, but was being written */
}

static bool begins_well(const struct scanning *scanning)
{
    char line[FIRST_LINE_BYTES];
    return scanning->n_bytes >= FIRST_LINE_BYTES &&
           read_at(scanning->descriptor, 0, line, sizeof line) &&
           memcmp(line, first_line, sizeof line) == 0;
}

static void add_file(struct store_reader *reader, const char *path, int descriptor)
{
    size_t n = reader->n_files + 1;
    reader->descriptors = memory_realloc(reader->descriptors, n * sizeof *reader->descriptors);
    reader->paths = memory_realloc((void *)reader->paths, n * sizeof *reader->paths);
    reader->paths[reader->n_files] = memory_alloc(strlen(path) + 1);
    memcpy(reader->paths[reader->n_files], path, strlen(path) + 1);
    if (reader->n_files >= MOST_OPEN_FILES) {
        close(descriptor);
        descriptor = -1;
    }
    reader->descriptors[reader->n_files++] = descriptor;
}

enum status store_reader_add(struct store_reader *reader, struct arena *arena, const char *path,
                             struct store_scan *scan, struct error *error)
{
    struct stat about;
    *scan = (struct store_scan){0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
        const char *reason = descriptor < 0 ? strerror(errno) : "it is no regular file";
        enum status status = error_set(error, STATUS_IO, "%s could not be read: %s", path, reason);
        if (descriptor >= 0) {
            close(descriptor);
        }
        return status;
    }
    struct scanning scanning = {.reader = reader,
                                .arena = arena,
                                .scan = scan,
                                .descriptor = descriptor,
                                .n_bytes = (uint64_t)about.st_size};
    scan->is_one = begins_well(&scanning);
    if (scan->is_one) {
        scan_frames(&scanning);
    }
    free(scanning.frame);
    add_file(reader, path, descriptor);
    return STATUS_OK;
}

void store_reader_clear(struct store_reader *reader)
{
    for (size_t i = 0; i < reader->n_files; ++i) {
        if (reader->descriptors[i] >= 0) {
            close(reader->descriptors[i]);
        }
        free(reader->paths[i]);
    }
    free((void *)reader->paths);
    free(reader->descriptors);
    free(reader->items);
    *reader = (struct store_reader){0};
}

static int compare_stored(const void *left, const void *right)
{
    const struct stored *a = left, *b = right;
    return contribution_compare_keys(&a->key, &b->key);
}

void store_reader_sort(struct store_reader *reader)
{
    if (reader->n_items > 1) {
        qsort(reader->items, reader->n_items, sizeof *reader->items, compare_stored);
    }
}

bool store_reader_find(const struct store_reader *reader, const struct contribution_key *key,
                       struct bytes *bytes)
{
    const struct stored wanted = {.key = *key};
    const struct stored *found = reader->n_items > 0
                                     ? bsearch(&wanted, reader->items, reader->n_items,
                                               sizeof *reader->items, compare_stored)
                                     : NULL;
    if (found == NULL) {
        return false;
    }
    size_t n = (size_t)found->n_bytes;
    uint8_t *data = memory_alloc(n + 1);
    int open_already = reader->descriptors[found->file];
    int descriptor =
        open_already >= 0 ? open_already : open(reader->paths[found->file], O_RDONLY | O_CLOEXEC);
    bool read = descriptor >= 0 && read_at(descriptor, found->offset, data, n);
    if (open_already < 0 && descriptor >= 0) {
        close(descriptor);
    }
    if (!read) {
        free(data);
        return false;
    }
    *bytes = (struct bytes){.data = data, .n = n, .capacity = n + 1};
    return true;
}
