/* Preloaded into the program: the n-th call of one kind fails as on a full or broken disk, and so
 * do all that follow where FAULT_STAYS is set. FAULT_CALL: write, fwrite, fsync or rename. Counts
 * only calls that go to files (not to standard output or error). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long n_calls;

static int fails(const char *call)
{
    const char *wanted = getenv("FAULT_CALL"), *at = getenv("FAULT_AT");
    if (wanted == NULL || at == NULL || strcmp(wanted, call) != 0) {
        return 0;
    }
    long n = atomic_fetch_add(&n_calls, 1) + 1, first = atol(at);
    return n == first || (n > first && getenv("FAULT_STAYS") != NULL);
}

/* POSIX lets the address of a function come as one of data. */
#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int descriptor, const void *bytes, size_t n_bytes)
{
    REAL(write);
    if (descriptor > 2 && fails("write")) {
        errno = ENOSPC;
        return -1;
    }
    return real(descriptor, bytes, n_bytes);
}

size_t fwrite(const void *bytes, size_t size, size_t n, FILE *file)
{
    REAL(fwrite);
    if (file != stdout && file != stderr && fails("fwrite")) {
        errno = ENOSPC;
        return 0;
    }
    return real(bytes, size, n, file);
}

int fsync(int descriptor)
{
    REAL(fsync);
    if (fails("fsync")) {
        errno = EIO;
        return -1;
    }
    return real(descriptor);
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    if (fails("rename")) {
        errno = EIO;
        return -1;
    }
    return real(from, to);
}
