/* Results kept between runs, for --state: in $XDG_CACHE_HOME/dividend (else ~/.cache/dividend), one
 * file a result, named by the SHA-256 of all that it depends on. An entry that is damaged, cut
 * short or of something else is worked out again; a folder that cannot be written is said, once,
 * and changes nothing else. Entries appear whole or not at all, so that any number of runs may
 * share the folder; where it grows above its limit, those used longest ago go. */
#include "batch/batch_cache.h"

#include "base/digest.h"
#include "base/engine.h"
#include "base/text.h"
#include "batch/batch_private.h"
#include "batch/result_bytes.h"

#include <gsl/gsl_version.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary file of a run that was killed goes after a day. */
enum { TEMPORARY_SECONDS = 86400, MAX_ENTRY_BYTES = 1 << 30 };

struct result_cache {
    char folder[PATH_MAX / 2];
    uint64_t limit_bytes;
    size_t n_written;
    char problem[512]; /* the first; "" none */
};

/* ---- what a result depends on ---- */

static void add_number(struct sha256_ctx *context, uint64_t number)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
    sha256_update(context, sizeof bytes, bytes);
}

static void add_double(struct sha256_ctx *context, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    add_number(context, bits);
}

static void add_words(struct sha256_ctx *context, const char *words)
{
    const char *told = words != NULL ? words : "";
    sha256_update(context, strlen(told) + 1, (const uint8_t *)told);
}

/* What the columns mean. */
static void add_layout(struct sha256_ctx *context, const struct plan *plan)
{
    add_number(context, plan->n_results);
    for (size_t i = 0; i < plan->n_results; ++i) {
        const struct plan_result_column *column = &plan->results[i];
        add_words(context, measure_name(column->measure));
        add_words(context, plan->whos[column->who].id);
        add_number(context, column->year);
        add_number(context, column->item);
        add_number(context, column->member);
        add_number(context, (column->retained ? 1U : 0U) | (column->is_ratio ? 2U : 0U));
    }
}

/* The answer with every parameter at its mean: whatever a fingerprint might miss shows here. */
static void add_central(struct sha256_ctx *context, const struct plan *plan)
{
    double *values = memory_array(plan->n_results + 1, sizeof *values);
    simulation_central(plan, values);
    for (size_t i = 0; i < plan->n_results; ++i) {
        add_double(context, values[i]);
    }
    free(values);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        const struct plan_column *column = &plan->columns[i];
        add_words(context, column->identity);
        add_number(context, column->dimension);
        add_double(context, column->price_factor);
        add_double(context, column->distribution.mean);
        add_double(context, column->distribution.sd);
        add_double(context, column->distribution.q025);
        add_double(context, column->distribution.q975);
    }
}

void cache_make_key(const struct plan *plan, const struct fingerprint *fingerprint,
                    const struct simulation_options *options, uint8_t key[CACHE_KEY_BYTES])
{
    struct sha256_ctx context;
    sha256_init(&context);
    add_words(&context, "dividend result");
    add_number(&context, RESULT_BYTES_VERSION);
    add_words(&context, engine_identity());
    add_words(&context, gsl_version);
    add_words(&context, fingerprint->sha256);
    add_number(&context, options->seed);
    add_number(&context, options->n_draws);
    add_number(&context, (uint64_t)options->method);
    add_number(&context, options->n_scramblings);
    add_number(&context, options->assumption_share ? 1 : 0);
    add_words(&context, options->precision.of);
    if (options->precision.of != NULL) {
        add_double(&context, options->precision.se);
        add_number(&context, options->precision.max_draws);
    }
    add_layout(&context, plan);
    add_central(&context, plan);
    sha256_digest(&context, CACHE_KEY_BYTES, key);
}

/* ---- the folder ---- */

static uint64_t limit_bytes(void)
{
    const char *stated = getenv("DIVIDEND_CACHE_MB");
    double megabytes = 0.0;
    bool good = stated != NULL && text_read_number(stated, &megabytes) && megabytes >= 0.0 &&
                megabytes <= 1e9;
    return (uint64_t)((good ? megabytes : (double)CACHE_LIMIT_MB) * 1e6);
}

/* Absolute paths only, as the XDG base directories say. */
static bool find_folder(struct result_cache *cache)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n = -1;
    if (xdg != NULL && xdg[0] == '/') {
        n = snprintf(cache->folder, sizeof cache->folder, "%s/dividend/results-%d", xdg,
                     RESULT_BYTES_VERSION);
    } else if (home != NULL && home[0] == '/') {
        n = snprintf(cache->folder, sizeof cache->folder, "%s/.cache/dividend/results-%d", home,
                     RESULT_BYTES_VERSION);
    }
    return n > 0 && (size_t)n < sizeof cache->folder;
}

struct result_cache *cache_open(void)
{
    struct result_cache *cache = memory_array(1, sizeof *cache);
    cache->limit_bytes = limit_bytes();
    if (!find_folder(cache)) {
        free(cache);
        return NULL;
    }
    return cache;
}

const char *cache_folder(const struct result_cache *cache)
{
    return cache != NULL ? cache->folder : "";
}

static void note_problem(struct result_cache *cache, const char *path, int reason)
{
    (void)snprintf(cache->problem, sizeof cache->problem, "%.400s: %.100s", path, strerror(reason));
}

/* FOLDER/ab, and FOLDER/ab/cdef... of the key abcdef... */
static void name_entry(const struct result_cache *cache, const uint8_t key[CACHE_KEY_BYTES],
                       char folder[PATH_MAX], char path[PATH_MAX])
{
    char digits[2 * CACHE_KEY_BYTES + 1];
    digest_write_digits(digits, key);
    (void)snprintf(folder, PATH_MAX, "%s/%.2s", cache->folder, digits);
    (void)snprintf(path, PATH_MAX, "%s/%.2s/%s", cache->folder, digits, digits + 2);
}

/* ---- reading ---- */

static bool read_all(int descriptor, struct text *bytes)
{
    struct stat about;
    char piece[65536];
    if (fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_size > MAX_ENTRY_BYTES) {
        return false;
    }
    for (;;) {
        ssize_t n = read(descriptor, piece, sizeof piece);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0;
        }
        text_append_span(bytes, piece, (size_t)n);
    }
}

enum cache_state cache_read(struct result_cache *cache, const uint8_t key[CACHE_KEY_BYTES],
                            bool looks_only, struct scenario_result *result)
{
    char folder[PATH_MAX], path[PATH_MAX];
    name_entry(cache, key, folder, path);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (descriptor < 0) {
        return CACHE_MISSING;
    }
    struct text bytes;
    text_init(&bytes);
    bool good = read_all(descriptor, &bytes) && bytes.n_bytes > 0 &&
                result_bytes_read(bytes.bytes, bytes.n_bytes, key, result);
    if (good && !looks_only) {
        /* so that what is used stays; a folder that may only be read is used all the same */
        (void)futimens(descriptor, NULL);
    }
    (void)close(descriptor);
    text_clear(&bytes);
    return good ? CACHE_FOUND : CACHE_DAMAGED;
}

/* ---- writing ---- */

static bool make_folders(const char *path)
{
    char part[PATH_MAX];
    (void)snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            return false;
        }
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

static bool write_all(int descriptor, const struct text *bytes)
{
    size_t n_done = 0;
    while (n_done < bytes->n_bytes) {
        ssize_t n = write(descriptor, bytes->bytes + n_done, bytes->n_bytes - n_done);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        n_done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* Not synced: an entry that a power cut leaves half written has no checksum, and is worked out
 * again. */
void cache_write(struct result_cache *cache, const uint8_t key[CACHE_KEY_BYTES],
                 const struct scenario_result *result)
{
    char folder[PATH_MAX], path[PATH_MAX], temporary[PATH_MAX + 64];
    struct text bytes;
    name_entry(cache, key, folder, path);
    if (cache->problem[0] != '\0') {
        return;
    }
    (void)snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    if (!make_folders(folder)) {
        note_problem(cache, folder, errno);
        return;
    }
    (void)unlink(temporary); /* of an earlier process of this number */
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        note_problem(cache, temporary, errno);
        return;
    }
    text_init(&bytes);
    result_bytes_write(&bytes, key, result);
    int reason = write_all(descriptor, &bytes) ? 0 : errno;
    reason = close(descriptor) != 0 && reason == 0 ? errno : reason;
    text_clear(&bytes);
    reason = reason == 0 && rename(temporary, path) != 0 ? errno : reason;
    if (reason != 0) {
        (void)unlink(temporary);
        note_problem(cache, path, reason);
        return;
    }
    ++cache->n_written;
}

/* ---- the limit ---- */

struct entry {
    struct timespec used;
    uint64_t n_bytes;
    char name[3 + 2 * CACHE_KEY_BYTES + 32]; /* "ab/cdef..." */
};

struct entries {
    struct entry *items;
    size_t n_items, capacity;
    uint64_t n_bytes;
};

static void look_at_entry(const struct result_cache *cache, struct entries *entries,
                          const char *part, const char *name)
{
    char path[PATH_MAX];
    struct stat about;
    struct entry entry;
    int n = snprintf(entry.name, sizeof entry.name, "%s/%s", part, name);
    (void)snprintf(path, sizeof path, "%s/%s/%s", cache->folder, part, name);
    if (n < 0 || (size_t)n >= sizeof entry.name || lstat(path, &about) != 0 ||
        !S_ISREG(about.st_mode)) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (text_has_ending(name, ".tmp")) {
        if (now.tv_sec - about.st_mtim.tv_sec > TEMPORARY_SECONDS) {
            (void)unlink(path);
        }
        return;
    }
    if (entries->n_items == entries->capacity) {
        entries->capacity = entries->capacity > 0 ? 2 * entries->capacity : 256;
        entries->items = memory_realloc(entries->items, entries->capacity * sizeof entry);
    }
    entry.used = about.st_mtim;
    entry.n_bytes = about.st_size > 0 ? (uint64_t)about.st_size : 0;
    entries->items[entries->n_items++] = entry;
    entries->n_bytes += entry.n_bytes;
}

static void look_at_all(const struct result_cache *cache, struct entries *entries)
{
    DIR *top = opendir(cache->folder);
    for (struct dirent *part = top != NULL ? readdir(top) : NULL; part != NULL;
         part = readdir(top)) {
        char path[PATH_MAX];
        if (strlen(part->d_name) != 2 || part->d_name[0] == '.') {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s/%.2s", cache->folder, part->d_name);
        DIR *folder = opendir(path);
        for (struct dirent *file = folder != NULL ? readdir(folder) : NULL; file != NULL;
             file = readdir(folder)) {
            if (file->d_name[0] != '.') {
                look_at_entry(cache, entries, part->d_name, file->d_name);
            }
        }
        if (folder != NULL) {
            closedir(folder);
        }
    }
    if (top != NULL) {
        closedir(top);
    }
}

static int compare_used(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->used.tv_sec != b->used.tv_sec) {
        return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
    }
    if (a->used.tv_nsec != b->used.tv_nsec) {
        return a->used.tv_nsec < b->used.tv_nsec ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static void keep_to_limit(const struct result_cache *cache)
{
    struct entries entries = {0};
    look_at_all(cache, &entries);
    if (entries.n_bytes > cache->limit_bytes) {
        qsort(entries.items, entries.n_items, sizeof *entries.items, compare_used);
    }
    for (size_t i = 0; i < entries.n_items && entries.n_bytes > cache->limit_bytes; ++i) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/%s", cache->folder, entries.items[i].name);
        (void)unlink(path);
        entries.n_bytes -= entries.items[i].n_bytes;
    }
    free(entries.items);
}

void cache_close(struct result_cache *cache, bool quiet)
{
    if (cache == NULL) {
        return;
    }
    if (cache->n_written > 0) {
        keep_to_limit(cache);
    }
    if (cache->problem[0] != '\0' && !quiet) {
        terminal_say("warning: results could not be kept for the next run: %s", cache->problem);
    }
    free(cache);
}
