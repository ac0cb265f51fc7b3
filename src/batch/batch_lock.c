/* One run a results folder: a lock that the system takes away with its process. */
#include "batch/batch_checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* One a process; a signal's handler reads it. */
static struct {
    int descriptor; /* -1: none */
    char path[PATH_MAX], folder[PATH_MAX];
    size_t n_there; /* of the folder's path: what was there before */
} held = {.descriptor = -1};

const char *lock_name(struct session *session)
{
    const struct options *options = &session->options;
    return options->n_shards == 0 ? ".dividend.lock"
                                  : arena_printf(&session->arena, ".shard-%llu-of-%llu.lock",
                                                 (unsigned long long)options->shard,
                                                 (unsigned long long)options->n_shards);
}

/* How much of the path exists, in bytes. */
static size_t length_there(const char *path)
{
    char part[PATH_MAX];
    (void)snprintf(part, sizeof part, "%s", path);
    while (part[0] != '\0' && !path_exists(part)) {
        char *slash = strrchr(part, '/');
        if (slash == NULL) {
            return 0;
        }
        *slash = '\0';
    }
    return strlen(part);
}

static bool is_same_file(int descriptor, const char *path)
{
    struct stat opened, named;
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

/* The file may be removed by its holder between our opening and our locking it: then the lock is of
 * a file that has no name any more, and it begins again. -1 with errno set. */
static int open_locked(const char *path)
{
    for (;;) {
        int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (descriptor < 0) {
            return -1;
        }
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            int reason = errno;
            close(descriptor);
            errno = reason;
            return -1;
        }
        if (is_same_file(descriptor, path)) {
            return descriptor;
        }
        close(descriptor);
    }
}

enum status lock_take(const char *directory, const char *name, struct error *error)
{
    if (snprintf(held.folder, sizeof held.folder, "%s", directory) >= (int)sizeof held.folder ||
        snprintf(held.path, sizeof held.path, "%s/%s", directory, name) >= (int)sizeof held.path) {
        return error_set(error, STATUS_IO, "%s: the path is too long", directory);
    }
    held.n_there = length_there(directory);
    TRY(paths_make(directory, error));
    held.descriptor = open_locked(held.path);
    if (held.descriptor >= 0) {
        return STATUS_OK;
    }
    int reason = errno;
    held.descriptor = -1;
    if (reason == EWOULDBLOCK) {
        return error_set(error, STATUS_LIMIT,
                         "another run of dividend is working in %s; wait for it, or choose another "
                         "folder with --out",
                         directory);
    }
    if (reason == ENOLCK || reason == EOPNOTSUPP || reason == ENOSYS) {
        terminal_say("warning: the file system of %s has no locks, so nothing would stop a second "
                     "run in it",
                     directory);
        (void)unlink(held.path);
        return STATUS_OK;
    }
    return error_set(error, STATUS_IO, "%s could not be locked: %s", directory, strerror(reason));
}

void lock_release(void)
{
    if (held.folder[0] == '\0') {
        return;
    }
    int reason = errno;
    if (held.descriptor >= 0) {
        (void)unlink(held.path);
        (void)close(held.descriptor);
        held.descriptor = -1;
    }
    /* The folders that were made for it, as far as nothing is in them. */
    for (size_t n = strlen(held.folder); n > held.n_there;) {
        if (rmdir(held.folder) != 0) {
            break;
        }
        while (n > 0 && held.folder[n] != '/') {
            --n;
        }
        held.folder[n] = '\0';
    }
    held.folder[0] = '\0';
    errno = reason;
}
