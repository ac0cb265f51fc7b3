#include "batch/batch_checkpoint.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Written at once, and the most that waits to be written. */
enum { WRITE_AT_BYTES = 16 << 20, MOST_WAITING_BYTES = 256 << 20 };

/* A contribution as a frame, on its way to the file. */
struct waiting {
    struct contribution_key key;
    struct bytes frame;
};

struct checkpoint {
    struct arena arena; /* of the identity, which a thread may make */
    struct session *session;
    const struct report_run *run;
    const struct plan *const *plans;
    size_t n_plans;
    const char *path, *directory;
    double interval_s;
    bool is_shard;  /* its contributions are what is asked for */
    bool keeps_all; /* of plans that several shards compute together: every unit */
    bool has_found; /* an earlier run's contributions are in `found` */
    double started;
    double *first_asked; /* [n_plans]: when work on a plan began; 0 not yet */
    struct store_reader found;
    uint64_t n_in_file;
    struct contribution_store store;

    pthread_mutex_t mutex; /* of what follows */
    pthread_cond_t changed;
    struct waiting *waiting;
    size_t n_waiting, capacity, n_waiting_bytes;
    int descriptor; /* -1: no file yet */
    bool failed;    /* could not be written: said once */
    bool ends;
    int failure; /* errno */
    bool has_writer;
    pthread_t writer;
};

const char *checkpoint_path(struct session *session, const char *directory)
{
    const struct options *options = &session->options;
    return options->n_shards == 0
               ? arena_printf(&session->arena, "%s/.dividend.checkpoint", directory)
               : arena_printf(&session->arena, "%s/.shard-%llu-of-%llu.checkpoint", directory,
                              (unsigned long long)options->shard,
                              (unsigned long long)options->n_shards);
}

/* ---- writing ---- */

static bool write_all(int descriptor, const struct bytes *bytes)
{
    size_t n_done = 0;
    while (n_done < bytes->n) {
        ssize_t n = write(descriptor, bytes->data + n_done, bytes->n - n_done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return false;
        }
        n_done += (size_t)n;
    }
    return true;
}

/* So that the file's name outlives a power cut; not every file system can. */
static void sync_folder(const char *directory)
{
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)fsync(folder);
        close(folder);
    }
}

/* A new file, with what it is of. */
static int create_file(struct checkpoint *checkpoint)
{
    struct store_identity identity;
    struct bytes bytes;
    store_identity_make(&checkpoint->arena, &checkpoint->session->options, checkpoint->run,
                        checkpoint->plans, checkpoint->n_plans, &identity);
    int descriptor =
        open(checkpoint->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (descriptor < 0) {
        return -1;
    }
    sync_folder(checkpoint->directory);
    signals_have_checkpoint(true);
    bytes_init(&bytes);
    store_write_header(&bytes, &identity);
    bool written = write_all(descriptor, &bytes);
    int reason = errno;
    bytes_clear(&bytes);
    if (!written) {
        close(descriptor);
        (void)unlink(checkpoint->path);
        errno = reason;
        return -1;
    }
    return descriptor;
}

static void forget_waiting(struct waiting *waiting, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        bytes_clear(&waiting[i].frame);
    }
    free(waiting);
}

/* With the mutex held, which it leaves while it writes. */
static void write_waiting(struct checkpoint *checkpoint)
{
    struct waiting *waiting = checkpoint->waiting;
    size_t n = checkpoint->n_waiting;
    int descriptor = checkpoint->descriptor;
    if (n == 0 || checkpoint->failed) {
        return;
    }
    checkpoint->waiting = NULL;
    checkpoint->n_waiting = checkpoint->capacity = checkpoint->n_waiting_bytes = 0;
    pthread_mutex_unlock(&checkpoint->mutex);
    struct bytes all;
    bytes_init(&all);
    for (size_t i = 0; i < n; ++i) {
        bytes_put_span(&all, waiting[i].frame.data, waiting[i].frame.n);
    }
    forget_waiting(waiting, n);
    if (descriptor < 0) {
        descriptor = create_file(checkpoint);
    }
    bool written = descriptor >= 0 && write_all(descriptor, &all) && fdatasync(descriptor) == 0;
    int reason = errno;
    bytes_clear(&all);
    pthread_mutex_lock(&checkpoint->mutex);
    checkpoint->descriptor = descriptor;
    checkpoint->n_in_file += written ? n : 0;
    if (!written) {
        checkpoint->failed = true;
        checkpoint->failure = reason;
        if (!checkpoint->is_shard) {
            terminal_say("warning: the checkpoint could not be written: %s; the run goes on "
                         "without (in %s)",
                         strerror(reason), checkpoint->directory);
        }
    }
    pthread_cond_broadcast(&checkpoint->changed);
}

/* Until the time of the next writing, or until there is much to write. */
static void wait_for_work(struct checkpoint *checkpoint)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    double seconds = checkpoint->interval_s;
    until.tv_sec += (time_t)seconds;
    until.tv_nsec += (long)((seconds - (double)(time_t)seconds) * 1e9);
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (!checkpoint->ends && checkpoint->n_waiting_bytes < WRITE_AT_BYTES) {
        bool at_once = seconds == 0.0 && checkpoint->n_waiting > 0;
        int outcome = 0;
        if (at_once) {
            return;
        }
        if (seconds == 0.0) {
            outcome = pthread_cond_wait(&checkpoint->changed, &checkpoint->mutex);
        } else {
            outcome = pthread_cond_timedwait(&checkpoint->changed, &checkpoint->mutex, &until);
        }
        if (outcome == ETIMEDOUT) {
            return;
        }
    }
}

static void *write_on(void *context)
{
    struct checkpoint *checkpoint = context;
    pthread_mutex_lock(&checkpoint->mutex);
    while (!checkpoint->ends && !checkpoint->failed) {
        wait_for_work(checkpoint);
        if (!checkpoint->ends) {
            write_waiting(checkpoint);
        }
    }
    pthread_mutex_unlock(&checkpoint->mutex);
    return NULL;
}

/* Signals go to the threads that know what to do with them. */
static void start_writer(struct checkpoint *checkpoint)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    checkpoint->has_writer = pthread_create(&checkpoint->writer, NULL, write_on, checkpoint) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- the store ---- */

static bool find(void *context, const struct contribution_key *key, struct bytes *bytes)
{
    struct checkpoint *checkpoint = context;
    assert(key->plan < checkpoint->n_plans);
    if (key->kind != CONTRIBUTION_RESULT) { /* asked for all plans before the work begins */
        pthread_mutex_lock(&checkpoint->mutex);
        if (checkpoint->first_asked[key->plan] == 0.0) {
            checkpoint->first_asked[key->plan] = clock_seconds();
        }
        pthread_mutex_unlock(&checkpoint->mutex);
    }
    return checkpoint->has_found && store_reader_find(&checkpoint->found, key, bytes);
}

/* Plans that are done sooner than a checkpoint is due are kept as their results alone, so that a
 * shard of many plans is small: the units of a plan are as large as its draws. */
static bool wants(void *context, const struct contribution_key *key)
{
    struct checkpoint *checkpoint = context;
    pthread_mutex_lock(&checkpoint->mutex);
    double began = checkpoint->first_asked[key->plan];
    bool wanted =
        !checkpoint->failed && (checkpoint->keeps_all || key->kind == CONTRIBUTION_RESULT ||
                                clock_seconds() - began >= checkpoint->interval_s);
    pthread_mutex_unlock(&checkpoint->mutex);
    return wanted;
}

/* Of a plan that is done only its result matters. */
static void drop_units(struct checkpoint *checkpoint, uint32_t plan)
{
    size_t n = 0;
    for (size_t i = 0; i < checkpoint->n_waiting; ++i) {
        struct waiting *waiting = &checkpoint->waiting[i];
        if (waiting->key.plan == plan) {
            checkpoint->n_waiting_bytes -= waiting->frame.n;
            bytes_clear(&waiting->frame);
        } else {
            checkpoint->waiting[n++] = *waiting;
        }
    }
    checkpoint->n_waiting = n;
}

static void keep(void *context, const struct contribution_key *key, const struct bytes *bytes)
{
    struct checkpoint *checkpoint = context;
    struct waiting waiting = {.key = *key};
    bytes_init(&waiting.frame);
    store_write_contribution(&waiting.frame, key, bytes);
    pthread_mutex_lock(&checkpoint->mutex);
    if (key->kind == CONTRIBUTION_RESULT) {
        drop_units(checkpoint, key->plan);
    }
    if (checkpoint->n_waiting == checkpoint->capacity) {
        checkpoint->capacity = checkpoint->capacity == 0 ? 16 : 2 * checkpoint->capacity;
        checkpoint->waiting =
            memory_realloc(checkpoint->waiting, checkpoint->capacity * sizeof *checkpoint->waiting);
    }
    checkpoint->waiting[checkpoint->n_waiting++] = waiting;
    checkpoint->n_waiting_bytes += waiting.frame.n;
    pthread_cond_broadcast(&checkpoint->changed);
    while (checkpoint->has_writer && !checkpoint->failed &&
           checkpoint->n_waiting_bytes > MOST_WAITING_BYTES) {
        pthread_cond_wait(&checkpoint->changed, &checkpoint->mutex);
    }
    pthread_mutex_unlock(&checkpoint->mutex);
}

const struct contribution_store *checkpoint_store(struct checkpoint *checkpoint)
{
    return &checkpoint->store;
}

/* ---- going on from an earlier one ---- */

static void say_found(const struct checkpoint *checkpoint)
{
    size_t n_done = 0, n_units = 0;
    for (size_t i = 0; i < checkpoint->found.n_items; ++i) {
        bool done = checkpoint->found.items[i].key.kind == CONTRIBUTION_RESULT;
        n_done += done ? 1 : 0;
        n_units += done ? 0 : 1;
    }
    if (!checkpoint->session->options.quiet) {
        terminal_say("going on from the checkpoint in %s: %zu of %zu scenario%s done before, and "
                     "%zu piece%s of work",
                     checkpoint->directory, n_done, checkpoint->n_plans,
                     text_plural(checkpoint->n_plans), n_units, text_plural(n_units));
    }
}

/* NULL where the file can be gone on from, else why not. */
static const char *look_at(struct checkpoint *checkpoint, struct store_scan *scan)
{
    struct error error = {0};
    struct store_identity wanted;
    if (store_reader_add(&checkpoint->found, &checkpoint->arena, checkpoint->path, scan, &error) !=
        STATUS_OK) {
        return arena_copy_text(&checkpoint->arena, error.message);
    }
    if (!scan->is_one || !scan->has_header) {
        return "it is damaged where it begins";
    }
    store_identity_make(&checkpoint->arena, &checkpoint->session->options, checkpoint->run,
                        checkpoint->plans, checkpoint->n_plans, &wanted);
    bool same_part = scan->identity.part == wanted.part && scan->identity.n_parts == wanted.n_parts;
    return !same_part ? "it is of another part of the run"
                      : store_identity_difference(&checkpoint->arena, &scan->identity, &wanted);
}

/* Appends to the file behind its last good frame. */
static bool reopen(struct checkpoint *checkpoint, const struct store_scan *scan)
{
    int descriptor = open(checkpoint->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
        return false;
    }
    if (ftruncate(descriptor, scan->end) != 0 || lseek(descriptor, scan->end, SEEK_SET) < 0) {
        close(descriptor);
        return false;
    }
    checkpoint->descriptor = descriptor;
    checkpoint->n_in_file = scan->n_found;
    signals_have_checkpoint(true);
    return true;
}

static void say_damage(const struct checkpoint *checkpoint, const struct store_scan *scan)
{
    if (scan->n_damaged > 0) {
        terminal_say("the checkpoint in %s is damaged in %zu place%s (checksum): what stood there "
                     "is computed anew",
                     checkpoint->directory, scan->n_damaged, text_plural(scan->n_damaged));
    }
    if (scan->n_behind > 0) {
        terminal_say("the last %lld bytes of the checkpoint in %s were not written to their end: "
                     "what they were to hold is computed anew",
                     (long long)scan->n_behind, checkpoint->directory);
    }
}

static void resume(struct checkpoint *checkpoint)
{
    struct store_scan scan;
    const char *obstacle = look_at(checkpoint, &scan);
    if (obstacle == NULL && !reopen(checkpoint, &scan)) {
        obstacle = "it cannot be written";
    }
    if (obstacle != NULL) {
        terminal_say("the checkpoint in %s cannot be used: %s; the run starts from the beginning",
                     checkpoint->directory, obstacle);
        store_reader_clear(&checkpoint->found);
        (void)unlink(checkpoint->path);
        return;
    }
    say_damage(checkpoint, &scan);
    store_reader_sort(&checkpoint->found);
    checkpoint->has_found = true;
    say_found(checkpoint);
}

static void look_for_earlier(struct checkpoint *checkpoint)
{
    const struct options *options = &checkpoint->session->options;
    bool there = path_exists(checkpoint->path);
    if (there && options->resume) {
        resume(checkpoint);
    } else if (there) {
        terminal_say("the checkpoint of a run that was stopped in %s is discarded: --resume would "
                     "have gone on from it",
                     checkpoint->directory);
        (void)unlink(checkpoint->path);
    } else if (options->resume && !options->quiet) {
        terminal_say("there is no checkpoint in %s: the run starts from the beginning",
                     checkpoint->directory);
    }
}

/* ---- its life ---- */

struct checkpoint *checkpoint_start(const struct checkpoint_request *request)
{
    struct checkpoint *checkpoint = memory_array(1, sizeof *checkpoint);
    struct session *session = request->session;
    size_t n_shards = (size_t)session->options.n_shards;
    pthread_condattr_t attributes;
    *checkpoint = (struct checkpoint){
        .session = session,
        .run = request->run,
        .plans = request->plans,
        .n_plans = request->n_plans,
        .directory = request->directory,
        .path = checkpoint_path(session, request->directory),
        .interval_s = (double)session->options.checkpoint_s,
        .is_shard = n_shards > 0,
        .keeps_all = n_shards > 0 && !simulation_deals_whole_plans(request->n_plans, n_shards),
        .started = clock_seconds(),
        .first_asked = memory_array(request->n_plans + 1, sizeof *checkpoint->first_asked),
        .descriptor = -1,
        .store = {.context = checkpoint, .find = find, .wants = wants, .keep = keep}};
    arena_init(&checkpoint->arena);
    pthread_mutex_init(&checkpoint->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&checkpoint->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    look_for_earlier(checkpoint);
    start_writer(checkpoint);
    return checkpoint;
}

static void end_writer(struct checkpoint *checkpoint)
{
    pthread_mutex_lock(&checkpoint->mutex);
    checkpoint->ends = true;
    pthread_cond_broadcast(&checkpoint->changed);
    pthread_mutex_unlock(&checkpoint->mutex);
    if (checkpoint->has_writer) {
        pthread_join(checkpoint->writer, NULL);
        checkpoint->has_writer = false;
    }
}

bool checkpoint_stop(struct checkpoint *checkpoint, bool interrupted)
{
    if (checkpoint == NULL) {
        return false;
    }
    end_writer(checkpoint);
    pthread_mutex_lock(&checkpoint->mutex);
    bool due = interrupted || checkpoint->is_shard || checkpoint->descriptor >= 0 ||
               clock_seconds() - checkpoint->started >= checkpoint->interval_s;
    if (due) {
        write_waiting(checkpoint);
    }
    bool kept = checkpoint->n_in_file > 0;
    pthread_mutex_unlock(&checkpoint->mutex);
    return kept;
}

void checkpoint_remove(struct checkpoint *checkpoint)
{
    if (checkpoint != NULL && checkpoint->descriptor >= 0) {
        (void)unlink(checkpoint->path);
        signals_have_checkpoint(false);
    }
}

/* Also of a shard that has no work: its file says so. */
enum status checkpoint_finish_shard(struct checkpoint *checkpoint, const char *path,
                                    size_t *n_contributions, struct error *error)
{
    struct bytes end;
    if (checkpoint->descriptor < 0 && !checkpoint->failed) {
        checkpoint->descriptor = create_file(checkpoint);
        checkpoint->failed = checkpoint->descriptor < 0;
        checkpoint->failure = errno;
    }
    if (checkpoint->failed) {
        return error_set(error, STATUS_IO, "%s could not be written: %s", path,
                         strerror(checkpoint->failure));
    }
    bytes_init(&end);
    store_write_end(&end, checkpoint->n_in_file);
    bool written = write_all(checkpoint->descriptor, &end) && fsync(checkpoint->descriptor) == 0 &&
                   rename(checkpoint->path, path) == 0;
    int reason = errno;
    bytes_clear(&end);
    if (!written) {
        return error_set(error, STATUS_IO, "%s could not be written: %s", path, strerror(reason));
    }
    sync_folder(checkpoint->directory);
    *n_contributions = (size_t)checkpoint->n_in_file;
    return STATUS_OK;
}

void checkpoint_end(struct checkpoint *checkpoint)
{
    if (checkpoint == NULL) {
        return;
    }
    end_writer(checkpoint);
    forget_waiting(checkpoint->waiting, checkpoint->n_waiting);
    if (checkpoint->descriptor >= 0) {
        close(checkpoint->descriptor);
    }
    store_reader_clear(&checkpoint->found);
    free(checkpoint->first_asked);
    pthread_cond_destroy(&checkpoint->changed);
    pthread_mutex_destroy(&checkpoint->mutex);
    arena_clear(&checkpoint->arena);
    free(checkpoint);
}
