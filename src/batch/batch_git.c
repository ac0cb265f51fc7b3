#include "batch/batch_git.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const struct place no_place = {0};

enum { GIT_MOST_BYTES = 512 * 1024 * 1024, GIT_NO_PROGRAM = 127 };

/* ---- a child process ---- */

struct git_outcome {
    int exit_code; /* GIT_NO_PROGRAM: git is not there; -1: ended by a signal, or not started */
    struct text out, err;
};

static void git_outcome_clear(struct git_outcome *outcome)
{
    text_clear(&outcome->out);
    text_clear(&outcome->err);
}

/* All of a descriptor's bytes, or as many as are allowed. */
static void read_all(int descriptor, struct text *into, size_t most)
{
    char buffer[65536];
    ssize_t n = read(descriptor, buffer, sizeof buffer);
    while ((n > 0 && into->n_bytes + (size_t)n <= most) || (n < 0 && errno == EINTR)) {
        if (n > 0) {
            text_append_span(into, buffer, (size_t)n);
        }
        n = read(descriptor, buffer, sizeof buffer);
    }
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs `git -C directory ...`; arguments end with NULL. No shell sees them. */
static void run_git(struct git_outcome *outcome, const char *directory,
                    const char *const *arguments)
{
    enum { MOST_ARGUMENTS = 64 };

    static char git[] = "git", at[] = "-C";
    char *argv[MOST_ARGUMENTS + 4] = {git, at, (char *)(uintptr_t)directory};
    size_t n = 3;
    int out[2] = {-1, -1};
    FILE *messages = tmpfile(); /* no second pipe, which could fill while the first is read */
    int err = messages != NULL ? fileno(messages) : -1;
    pid_t child = 0;
    posix_spawn_file_actions_t actions;
    *outcome = (struct git_outcome){.exit_code = -1};
    text_init(&outcome->out);
    text_init(&outcome->err);
    for (size_t i = 0; i < MOST_ARGUMENTS && arguments[i] != NULL; ++i) {
        argv[n++] = (char *)(uintptr_t)arguments[i];
    }
    if (err < 0 || pipe(out) != 0) {
        text_append(&outcome->err, strerror(errno));
        if (messages != NULL) {
            (void)fclose(messages);
        }
        return;
    }
    (void)fcntl(out[0], F_SETFD, FD_CLOEXEC);
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    (void)posix_spawn_file_actions_addclose(&actions, out[1]);
    int problem = posix_spawnp(&child, "git", &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(out[1]);
    if (problem == 0) {
        read_all(out[0], &outcome->out, GIT_MOST_BYTES);
        (void)close(out[0]);
        outcome->exit_code = wait_for(child);
        (void)lseek(err, 0, SEEK_SET);
        read_all(err, &outcome->err, 4096);
    } else {
        (void)close(out[0]);
        outcome->exit_code = problem == ENOENT ? GIT_NO_PROGRAM : -1;
        text_append(&outcome->err, strerror(problem));
    }
    (void)fclose(messages);
}

/* The first line of what git said, without its "fatal: ". */
static const char *first_line(struct session *session, const struct git_outcome *outcome)
{
    const char *words = outcome->err.bytes != NULL ? outcome->err.bytes : "it gave no reason";
    if (strncmp(words, "fatal: ", 7) == 0) {
        words += 7;
    }
    return arena_copy_span(&session->arena, words, strcspn(words, "\n"));
}

static void complain_of_git(struct session *session, const char *directory,
                            const struct git_outcome *outcome)
{
    bool missing = outcome->exit_code == GIT_NO_PROGRAM;
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E962, no_place, NULL,
                    missing ? "git, where the search path (PATH) finds it"
                            : "a folder in a git repository",
                    missing ? "install git, or compare two results folders"
                            : "name it with --repository DIR, or compare two results folders",
                    missing ? "git is not there to read revisions of %s" : "git cannot read %s: %s",
                    directory, first_line(session, outcome));
}

/* ---- which commit ---- */

/* Names of branches and tags, for a did-you-mean. */
static const char *nearest_name(struct session *session, const char *directory,
                                const char *revision)
{
    enum { MOST = 1024 };

    static const char *const arguments[] = {"for-each-ref", "--format=%(refname:short)", NULL};
    const char **names = arena_array(&session->arena, MOST, sizeof *names);
    size_t n = 0;
    struct git_outcome outcome;
    run_git(&outcome, directory, arguments);
    const char *line = outcome.exit_code == 0 ? outcome.out.bytes : NULL;
    while (line != NULL && *line != '\0' && n < MOST) {
        size_t length = strcspn(line, "\n");
        names[n++] = arena_copy_span(&session->arena, line, length);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
    git_outcome_clear(&outcome);
    return text_nearest(revision, names, n);
}

static void complain_of_revision(struct session *session, const char *directory,
                                 const char *revision)
{
    const char *nearest = nearest_name(session, directory, revision);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E964, no_place, NULL,
                    "a branch, tag or commit, HEAD~1, or a folder",
                    nearest != NULL ? arena_printf(&session->arena, "did you mean `%s`?", nearest)
                                    : "`git log --oneline` shows commits; a shallow clone has few",
                    "`%s` is no folder, and no revision of the git repository in `%s`", revision,
                    directory);
}

static bool is_repository(struct session *session, const char *directory)
{
    static const char *const arguments[] = {"rev-parse", "--git-dir", NULL};
    struct git_outcome outcome;
    run_git(&outcome, directory, arguments);
    bool good = outcome.exit_code == 0;
    if (!good) {
        complain_of_git(session, directory, &outcome);
    }
    git_outcome_clear(&outcome);
    return good;
}

const char *git_commit(struct session *session, const char *directory, const char *revision)
{
    const char *const arguments[] = {"rev-parse",
                                     "--quiet",
                                     "--verify",
                                     "--end-of-options",
                                     arena_printf(&session->arena, "%s^{commit}", revision),
                                     NULL};
    const char *commit = NULL;
    struct git_outcome outcome;
    if (!is_repository(session, directory)) {
        return NULL;
    }
    run_git(&outcome, directory, arguments);
    size_t n = outcome.out.bytes != NULL ? strcspn(outcome.out.bytes, "\n") : 0;
    if (outcome.exit_code == 0 && n >= 40) {
        commit = arena_copy_span(&session->arena, outcome.out.bytes, n);
    } else {
        complain_of_revision(session, directory, revision);
    }
    git_outcome_clear(&outcome);
    return commit;
}

/* ---- its files ---- */

/* Names that lead out of the folder are left out: an archive is not trusted with paths. */
static bool is_inside(const char *name)
{
    return name[0] != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 &&
           strstr(name, "/../") == NULL &&
           (strlen(name) < 3 || strcmp(name + strlen(name) - 3, "/..") != 0);
}

static bool write_file(struct archive *archive, const char *path)
{
    char buffer[65536];
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return false;
    }
    la_ssize_t n = archive_read_data(archive, buffer, sizeof buffer);
    bool good = n >= 0;
    while (good && n > 0) {
        good = write(descriptor, buffer, (size_t)n) == (ssize_t)n;
        n = good ? archive_read_data(archive, buffer, sizeof buffer) : n;
        good = good && n >= 0;
    }
    return close(descriptor) == 0 && good;
}

/* Regular files alone: no links, no devices. */
static bool unpack_entry(struct session *session, struct archive *archive,
                         struct archive_entry *entry, const char *into)
{
    struct error error = {0};
    const char *name = archive_entry_pathname(entry);
    if (name == NULL || !is_inside(name) || archive_entry_filetype(entry) != AE_IFREG) {
        return true;
    }
    const char *path = arena_printf(&session->arena, "%s/%s", into, name);
    return paths_make_for(session, path, &error) == STATUS_OK && write_file(archive, path);
}

static bool unpack(struct session *session, const struct text *tar, const char *into)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry = NULL;
    bool good = archive_read_support_format_tar(archive) == ARCHIVE_OK &&
                archive_read_open_memory(archive, tar->bytes, tar->n_bytes) == ARCHIVE_OK;
    int next = good ? archive_read_next_header(archive, &entry) : ARCHIVE_FATAL;
    while (good && next == ARCHIVE_OK) {
        good = unpack_entry(session, archive, entry, into);
        next = good ? archive_read_next_header(archive, &entry) : next;
    }
    archive_read_free(archive);
    return good && next == ARCHIVE_EOF;
}

/* The first folder of each path, once, where the commit has it. */
static size_t find_tops(struct session *session, const char *directory, const char *commit,
                        const struct word_list *paths, const char **tops, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < paths->n_items && n < most; ++i) {
        const char *path = paths->items[i] + (strncmp(paths->items[i], "./", 2) == 0 ? 2 : 0);
        const char *top = arena_copy_span(&session->arena, path, strcspn(path, "/"));
        const char *const arguments[] = {
            "cat-file", "-e", arena_printf(&session->arena, "%s:./%s", commit, top), NULL};
        bool again = false;
        struct git_outcome outcome;
        for (size_t k = 0; k < n; ++k) {
            again = again || strcmp(tops[k], top) == 0;
        }
        if (again || top[0] == '\0' || strcmp(top, "..") == 0) {
            continue;
        }
        run_git(&outcome, directory, arguments);
        if (outcome.exit_code == 0) {
            tops[n++] = top;
        }
        git_outcome_clear(&outcome);
    }
    return n;
}

bool git_extract(struct session *session, const char *directory, const char *commit,
                 const struct word_list *paths, const char *into)
{
    enum { MOST_TOPS = 32 };

    const char *arguments[MOST_TOPS + 6] = {"archive", "--format=tar", commit, "--"};
    size_t n = find_tops(session, directory, commit, paths, arguments + 4, MOST_TOPS);
    struct git_outcome outcome;
    if (n == 0) {
        return true; /* an empty folder: what misses its scenarios says so */
    }
    run_git(&outcome, directory, arguments);
    bool good = outcome.exit_code == 0 && unpack(session, &outcome.out, into);
    if (!good) {
        if (outcome.err.n_bytes == 0) {
            text_append(&outcome.err, "its files could not be written to a temporary folder");
        }
        complain_of_git(session, directory, &outcome);
    }
    git_outcome_clear(&outcome);
    return good;
}
