/* Runs a program and lets the n-th of its system calls of one kind fail, as a full or broken disk
 * does, or write only half of its bytes: below the C library, so that what stdio flushes is met
 * too, and in every thread and child.
 *
 *   inject KIND FAULT N LOG PROGRAM ARGUMENT...
 *
 * KIND: write, sync, open (for writing) or rename. FAULT: ENOSPC, EIO, EFBIG, SHORT (half a
 * write) or HALF (half a write, then a full disk); with a +, all later ones fail too. N 0: nothing
 * fails. Each call is a line of LOG: number, KIND, path. Only calls on files count. Exit code: the
 * program's; 77 where tracing is not allowed. Linux, x86-64.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_TASKS = 256, NO_ERROR = 0 };

struct task {
    pid_t id;
    bool inside; /* between the entry and the exit of a system call */
    int error;   /* to be returned at the exit */
};

static struct task tasks[MOST_TASKS];
static size_t n_tasks;

static const char *wanted_kind;
static int fault_error; /* NO_ERROR: a short write */
static bool stays, half_first;
static long fault_at, n_calls;
static FILE *call_log;

static struct task *find_task(pid_t id)
{
    for (size_t i = 0; i < n_tasks; ++i) {
        if (tasks[i].id == id) {
            return &tasks[i];
        }
    }
    if (n_tasks == MOST_TASKS) {
        fprintf(stderr, "inject: more than %d tasks\n", MOST_TASKS);
        exit(99);
    }
    tasks[n_tasks] = (struct task){.id = id};
    return &tasks[n_tasks++];
}

static void drop_task(pid_t id)
{
    for (size_t i = 0; i < n_tasks; ++i) {
        if (tasks[i].id == id) {
            tasks[i] = tasks[--n_tasks];
            return;
        }
    }
}

/* The file behind a descriptor; false for pipes, sockets and terminals. */
static bool path_of(pid_t id, unsigned long long descriptor, char path[4096])
{
    char link[64];
    snprintf(link, sizeof link, "/proc/%ld/fd/%llu", (long)id, descriptor);
    ssize_t n = readlink(link, path, 4095);
    if (descriptor <= 2 || n <= 0 || path[0] != '/' || strncmp(path, "/dev/", 5) == 0) {
        return false;
    }
    path[n] = '\0';
    return true;
}

static void read_text(pid_t id, unsigned long long address, char path[4096])
{
    size_t n = 0;
    while (n + sizeof(long) < 4095) {
        errno = 0;
        long word = ptrace(PTRACE_PEEKDATA, id, (void *)(address + n), NULL);
        if (errno != 0) {
            break;
        }
        memcpy(path + n, &word, sizeof word);
        if (memchr(&word, '\0', sizeof word) != NULL) {
            return;
        }
        n += sizeof word;
    }
    path[n] = '\0';
}

static bool opens_for_writing(unsigned long long flags)
{
    return (flags & O_ACCMODE) != O_RDONLY && (flags & O_CREAT) != 0;
}

/* The kind of a call on a file, and the file; NULL for all others. */
static const char *classify(pid_t id, const struct user_regs_struct *regs, char path[4096])
{
    switch (regs->orig_rax) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_pwritev:
        return path_of(id, regs->rdi, path) ? "write" : NULL;
    case SYS_fsync:
    case SYS_fdatasync:
        return path_of(id, regs->rdi, path) ? "sync" : NULL;
    case SYS_openat:
        read_text(id, regs->rsi, path);
        return opens_for_writing(regs->rdx) && strncmp(path, "/dev/", 5) != 0 ? "open" : NULL;
    case SYS_open:
        read_text(id, regs->rdi, path);
        return opens_for_writing(regs->rsi) && strncmp(path, "/dev/", 5) != 0 ? "open" : NULL;
    case SYS_rename:
        read_text(id, regs->rsi, path);
        return "rename";
    case SYS_renameat:
    case SYS_renameat2:
        read_text(id, regs->r10, path);
        return "rename";
    default:
        return NULL;
    }
}

static void enter_call(struct task *task)
{
    char path[4096] = "";
    struct user_regs_struct regs;
    task->error = NO_ERROR;
    if (ptrace(PTRACE_GETREGS, task->id, NULL, &regs) != 0) {
        return;
    }
    const char *kind = classify(task->id, &regs, path);
    if (kind == NULL || strcmp(kind, wanted_kind) != 0) {
        return;
    }
    ++n_calls;
    fprintf(call_log, "%ld %s %s\n", n_calls, kind, path);
    if (fault_at == 0 || n_calls < fault_at || (n_calls > fault_at && !stays)) {
        return;
    }
    if (fault_error == NO_ERROR || (half_first && n_calls == fault_at)) {
        if ((regs.orig_rax == SYS_write || regs.orig_rax == SYS_pwrite64) && regs.rdx > 1) {
            regs.rdx /= 2;
        }
    } else {
        task->error = fault_error;
        regs.orig_rax = (unsigned long long)-1; /* no such call: it does nothing */
    }
    ptrace(PTRACE_SETREGS, task->id, NULL, &regs);
}

static void leave_call(struct task *task)
{
    struct user_regs_struct regs;
    if (task->error != NO_ERROR && ptrace(PTRACE_GETREGS, task->id, NULL, &regs) == 0) {
        regs.rax = (unsigned long long)-task->error;
        ptrace(PTRACE_SETREGS, task->id, NULL, &regs);
    }
    task->error = NO_ERROR;
}

/* Until the first task ends; returns its exit code, or 128 + signal. */
static int trace(pid_t first)
{
    for (;;) {
        int status = 0, signal_to_pass = 0;
        pid_t id = waitpid(-1, &status, __WALL);
        if (id < 0) {
            return 99;
        }
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            drop_task(id);
            if (id == first) {
                return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
            continue;
        }
        struct task *task = find_task(id);
        int stop = WSTOPSIG(status);
        if (stop == (SIGTRAP | 0x80)) {
            task->inside = !task->inside;
            if (task->inside) {
                enter_call(task);
            } else {
                leave_call(task);
            }
        } else if (stop != SIGTRAP && stop != SIGSTOP) {
            signal_to_pass = stop;
        }
        ptrace(PTRACE_SYSCALL, id, NULL, (void *)(long)signal_to_pass);
    }
}

static int error_of(const char *name)
{
    return strncmp(name, "ENOSPC", 6) == 0 || strcmp(name, "HALF") == 0 ? ENOSPC
           : strncmp(name, "EIO", 3) == 0                               ? EIO
           : strncmp(name, "EFBIG", 5) == 0                             ? EFBIG
                                                                        : NO_ERROR;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: inject KIND FAULT N LOG PROGRAM ARGUMENT...\n");
        return 99;
    }
    wanted_kind = argv[1];
    fault_error = error_of(argv[2]);
    half_first = strcmp(argv[2], "HALF") == 0;
    stays = half_first || strchr(argv[2], '+') != NULL;
    fault_at = atol(argv[3]);
    call_log = fopen(argv[4], "we");
    pid_t child = call_log != NULL ? fork() : -1;
    if (child < 0) {
        perror("inject");
        return 99;
    }
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) {
            _exit(77);
        }
        raise(SIGSTOP);
        execv(argv[5], argv + 5);
        _exit(99);
    }
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status) ||
        ptrace(PTRACE_SETOPTIONS, child, NULL,
               (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                        PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) != 0) {
        return WIFEXITED(status) ? WEXITSTATUS(status) : 77;
    }
    (void)find_task(child);
    ptrace(PTRACE_SYSCALL, child, NULL, NULL);
    int exit_code = trace(child);
    fclose(call_log);
    return exit_code;
}
