/* Runs the built program as a user does: arguments in; exit code, standard output and error back.
 */
#ifndef DIVIDEND_TESTS_RUN_PROGRAM_H
#define DIVIDEND_TESTS_RUN_PROGRAM_H

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct program_request {
    const char *arguments[24];   /* without the program's name; NULL ends them */
    const char *directory;       /* working directory; NULL: the project's */
    const char *environment[6];  /* NAME=VALUE added; NULL ends them */
    const char *standard_output; /* a path such as /dev/full; NULL: gathered */
    bool closed_pipe;            /* standard output is a pipe that nobody reads */
    long file_size_limit;        /* RLIMIT_FSIZE in bytes; 0 none */
    int signal_after_ms;         /* send SIGINT after so long; 0 never */
    int signal_number;           /* 0: SIGINT */
};

struct program_outcome {
    int exit_code; /* 128 + signal where it was killed */
    char *out, *err;
};

static inline char *file_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    size_t n_bytes = 0;
    size_t capacity = 65536;
    char *bytes = malloc(capacity);
    for (size_t n = 1; n > 0; n_bytes += n) {
        if (capacity - n_bytes < 65536) {
            capacity *= 2;
            bytes = realloc(bytes, capacity);
        }
        n = fread(bytes + n_bytes, 1, capacity - n_bytes - 1, file);
    }
    fclose(file);
    bytes[n_bytes] = '\0';
    return bytes;
}

static inline void program_child(const struct program_request *request, int out, int err)
{
    const char *arguments[26] = {DIVIDEND_PROGRAM};
    for (size_t word = 0; word < 24 && request->arguments[word] != NULL; word++) {
        arguments[word + 1] = request->arguments[word];
    }
    for (size_t item = 0; item < 6 && request->environment[item] != NULL; item++) {
        char *copy = strdup(request->environment[item]);
        char *equals = strchr(copy, '=');
        *equals = '\0';
        setenv(copy, equals + 1, 1);
    }
    if (request->standard_output != NULL) {
        out = open(request->standard_output, O_WRONLY);
    }
    if (request->closed_pipe) {
        int ends[2];
        if (pipe(ends) != 0) {
            _exit(126);
        }
        close(ends[0]);
        out = ends[1];
    }
    if (chdir(request->directory == NULL ? PROJECT_DIR : request->directory) != 0 ||
        dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0) {
        _exit(126);
    }
    if (request->file_size_limit > 0) {
        struct rlimit limit = {(rlim_t)request->file_size_limit, (rlim_t)request->file_size_limit};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    execv(DIVIDEND_PROGRAM, (char *const *)arguments);
    _exit(127);
}

/* Free with program_clear. */
static inline struct program_outcome run_program(const struct program_request *request)
{
    char out_path[] = "/tmp/dividend_out_XXXXXX";
    char err_path[] = "/tmp/dividend_err_XXXXXX";
    int out = mkstemp(out_path);
    int err = mkstemp(err_path);
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        program_child(request, out, err);
    }
    if (request->signal_after_ms > 0) {
        struct timespec pause = {request->signal_after_ms / 1000,
                                 (long)(request->signal_after_ms % 1000) * 1000000};
        nanosleep(&pause, NULL);
        kill(child, request->signal_number == 0 ? SIGINT : request->signal_number);
    }
    waitpid(child, &status, 0);
    struct program_outcome outcome = {
        .exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
        .out = file_text(out_path),
        .err = file_text(err_path),
    };
    close(out);
    close(err);
    unlink(out_path);
    unlink(err_path);
    return outcome;
}

static inline void program_clear(struct program_outcome *outcome)
{
    free(outcome->out);
    free(outcome->err);
}

static inline void file_write(const char *path, const char *bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fputs(bytes, file) < 0 || fclose(file) != 0) {
        fprintf(stderr, "%s could not be written\n", path);
        abort();
    }
}

/* A new folder under /tmp, to be removed with folder_remove; free() the name. */
static inline char *folder_new(void)
{
    char *path = strdup("/tmp/dividend_test_XXXXXX");
    if (mkdtemp(path) == NULL) {
        abort();
    }
    return path;
}

static inline void folder_remove(const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        unlink(path);
        return;
    }
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        char inner[PATH_MAX];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        struct stat status;
        if (lstat(inner, &status) == 0 && S_ISDIR(status.st_mode)) {
            folder_remove(inner);
        } else {
            unlink(inner);
        }
    }
    closedir(directory);
    rmdir(path);
}

#endif
