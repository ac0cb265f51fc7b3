#include "report/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void output_init(struct output_set *set, const char *directory)
{
    *set = (struct output_set){.directory = directory};
}

static char *join(const char *directory, const char *prefix, const char *name, const char *suffix)
{
    size_t n = strlen(directory) + strlen(prefix) + strlen(name) + strlen(suffix) + 2;
    char *path = memory_alloc(n);
    (void)snprintf(path, n, "%s/%s%s%s", directory, prefix, name, suffix);
    return path;
}

/* Folders of the path below the first n bytes, where they are not there yet; opening the file tells
 * what failed. */
static void make_folders(char *path, size_t n)
{
    for (char *slash = strchr(path + n + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0777);
        *slash = '/';
    }
    (void)mkdir(path, 0777);
}

/* Whether `entry` is a temporary file of `name`, of whatever process. */
static bool is_temporary_of(const char *entry, const char *name)
{
    size_t n = strlen(name);
    if (entry[0] != '.' || strncmp(entry + 1, name, n) != 0 || entry[n + 1] != '.') {
        return false;
    }
    const char *number = entry + n + 2;
    size_t n_digits = strspn(number, "0123456789");
    const char *rest = number + n_digits;
    return n_digits > 0 && (strcmp(rest, ".tmp") == 0 || strcmp(rest, ".tmp.again.tmp") == 0);
}

/* A process that was killed while it wrote has left its temporary files. The folder is this run's
 * alone (batch/batch_lock.c), so that whatever is there of the same name is such a one. */
static void remove_abandoned(const char *folder, const char *name)
{
    DIR *directory = opendir(folder);
    for (const struct dirent *entry = directory != NULL ? readdir(directory) : NULL; entry != NULL;
         entry = readdir(directory)) {
        if (is_temporary_of(entry->d_name, name)) {
            char *path = join(folder, "", entry->d_name, "");
            (void)unlink(path);
            free(path);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
}

const char *output_reserve(struct output_set *set, const char *name)
{
    if (set->n_files == set->capacity) {
        set->capacity = set->capacity == 0 ? 16 : 2 * set->capacity;
        set->files = memory_realloc(set->files, set->capacity * sizeof *set->files);
    }
    char suffix[32];
    (void)snprintf(suffix, sizeof suffix, ".%ld.tmp", (long)getpid());
    const char *slash = strrchr(name, '/');
    char *folder = join(set->directory, "", name, "");
    folder[strlen(folder) - (slash != NULL ? strlen(slash) : strlen(name) + 1)] = '\0';
    if (slash != NULL) {
        make_folders(folder, strlen(set->directory));
    }
    remove_abandoned(folder, slash != NULL ? slash + 1 : name);
    set->files[set->n_files] = (struct output_file){
        .path = join(set->directory, "", name, ""),
        .temporary = join(folder, ".", slash != NULL ? slash + 1 : name, suffix)};
    free(folder);
    return set->files[set->n_files++].temporary;
}

static enum status write_failure(const char *path, struct error *error)
{
    return error_set(error, STATUS_IO, "%s could not be written: %s", path, strerror(errno));
}

static bool write_bytes(int descriptor, const char *bytes, size_t n_bytes)
{
    while (n_bytes > 0) {
        ssize_t n = write(descriptor, bytes, n_bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        bytes += n;
        n_bytes -= (size_t)n;
    }
    return true;
}

enum status output_add(struct output_set *set, const char *name, const void *bytes, size_t n_bytes,
                       struct error *error)
{
    const char *temporary = output_reserve(set, name);
    const char *path = set->files[set->n_files - 1].path;
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        return write_failure(path, error);
    }
    bool written = write_bytes(descriptor, bytes, n_bytes) && fsync(descriptor) == 0;
    int problem = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        problem = errno;
    }
    errno = problem;
    return written ? STATUS_OK : write_failure(path, error);
}

enum status output_sync_last(const struct output_set *set, struct error *error)
{
    const struct output_file *file = &set->files[set->n_files - 1];
    int descriptor = open(file->temporary, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return write_failure(file->path, error);
    }
    bool synced = fsync(descriptor) == 0;
    int problem = errno;
    close(descriptor);
    errno = problem;
    return synced ? STATUS_OK : write_failure(file->path, error);
}

static enum status sync_directory(const char *directory, struct error *error)
{
    int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return write_failure(directory, error);
    }
    bool synced = fsync(descriptor) == 0 || errno == EINVAL;
    close(descriptor);
    return synced ? STATUS_OK : write_failure(directory, error);
}

enum status output_commit(struct output_set *set, struct error *error)
{
    for (size_t i = 0; i < set->n_files; ++i) {
        if (rename(set->files[i].temporary, set->files[i].path) != 0) {
            return write_failure(set->files[i].path, error);
        }
        set->files[i].renamed = true;
    }
    return sync_directory(set->directory, error);
}

void output_clear(struct output_set *set)
{
    for (size_t i = 0; i < set->n_files; ++i) {
        if (!set->files[i].renamed) {
            char *slash = strrchr(set->files[i].temporary, '/');
            (void)unlink(set->files[i].temporary);
            *slash = '\0';
            if (strcmp(set->files[i].temporary, set->directory) != 0) {
                (void)rmdir(set->files[i].temporary); /* made for it, where nothing else is in it */
            }
        }
        free(set->files[i].path);
        free(set->files[i].temporary);
    }
    free(set->files);
    *set = (struct output_set){0};
}
