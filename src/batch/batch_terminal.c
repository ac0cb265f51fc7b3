#include "base/text.h"
#include "batch/batch_checkpoint.h"
#include "batch/batch_private.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The one piece of mutable state a handler can reach; atomic, as worker threads read it. */
static atomic_int caught_signal;

static atomic_bool ends_at_once, has_checkpoint;

static void remember_signal(int number)
{
    static const char nothing[] = "dividend: interrupted; nothing was written\n";
    static const char kept[] = "dividend: interrupted; no results were written, but what was "
                               "computed is kept: the same command with --resume goes on from "
                               "there\n";
    if (atomic_load(&ends_at_once)) {
        bool resumable = atomic_load(&has_checkpoint);
        atomic_store(&caught_signal, number); /* nobody paints any more */
        progress_erase();
        lock_release();
        ssize_t written = write(STDERR_FILENO, resumable ? kept : nothing,
                                (resumable ? sizeof kept : sizeof nothing) - 1);
        (void)written;
        _exit(128 + number);
    }
    atomic_store(&caught_signal, number);
}

static void handle_signal(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

void signals_catch(void)
{
    /* SA_RESETHAND: a second Ctrl-C ends the program at once. */
    handle_signal(SIGINT, remember_signal, (int)SA_RESETHAND);
    handle_signal(SIGTERM, remember_signal, (int)SA_RESETHAND);
    handle_signal(SIGPIPE, SIG_IGN, 0);
    handle_signal(SIGXFSZ, SIG_IGN, 0);
}

int signals_caught(void)
{
    return atomic_load(&caught_signal);
}

void signals_have_checkpoint(bool there)
{
    atomic_store(&has_checkpoint, there);
}

void signals_end_at_once(bool at_once)
{
    atomic_store(&ends_at_once, at_once);
    if (at_once && signals_caught() != 0) {
        remember_signal(signals_caught());
    }
}

bool terminal_colour(const struct session *session, int descriptor)
{
    if (session->options.color != COLOR_AUTO) {
        return session->options.color == COLOR_ALWAYS;
    }
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (no_color != NULL && *no_color != '\0') {
        return false;
    }
    return isatty(descriptor) && term != NULL && strcmp(term, "dumb") != 0;
}

size_t terminal_width(const struct session *session)
{
    if (session->options.width != 0) {
        return session->options.width;
    }
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 ||
        size.ws_col == 0) {
        return 100;
    }
    return size.ws_col < 80 ? 80 : size.ws_col > 100 ? 100 : size.ws_col;
}

static bool locale_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') {
            return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
                   strstr(value, "utf-8") != NULL || strstr(value, "UTF8") != NULL;
        }
    }
    return false;
}

enum report_plots terminal_plots(const struct session *session)
{
    const char *term = getenv("TERM");
    bool dumb = term == NULL || *term == '\0' || strcmp(term, "dumb") == 0;
    switch (session->options.plots) {
    case PLOTS_AUTO:
        break;
    case PLOTS_UNICODE:
        return REPORT_PLOTS_UNICODE;
    case PLOTS_ASCII:
        return REPORT_PLOTS_ASCII;
    case PLOTS_NONE:
        return REPORT_PLOTS_NONE;
    }
    if (!isatty(STDOUT_FILENO)) {
        return REPORT_PLOTS_NONE;
    }
    return locale_is_utf8() && !dumb ? REPORT_PLOTS_UNICODE : REPORT_PLOTS_ASCII;
}

static bool write_all(int descriptor, const char *bytes, size_t n_bytes)
{
    while (n_bytes > 0) {
        ssize_t n_written = write(descriptor, bytes, n_bytes);
        if (n_written < 0 && errno == EINTR) {
            continue;
        }
        if (n_written < 0) {
            return false;
        }
        bytes += n_written;
        n_bytes -= (size_t)n_written;
    }
    return true;
}

int terminal_finish(struct session *session, int exit_code)
{
    if (session->out.n_bytes == 0 ||
        write_all(STDOUT_FILENO, session->out.bytes, session->out.n_bytes)) {
        return exit_code;
    }
    terminal_say("standard output could not be written: %s", strerror(errno));
    return exit_code == EXIT_DONE ? EXIT_RUN_FAILED : exit_code;
}

void terminal_say(const char *format, ...)
{
    va_list arguments;
    fputs("dividend: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

static size_t count_files(const struct diagnostics *diagnostics)
{
    size_t n_files = 0;
    const char *last = NULL;
    for (size_t item = 0; item < diagnostics->n_items; item++) {
        const struct diagnostic *diagnostic = &diagnostics->items[item];
        const char *file = diagnostic->place.file;
        if (file == NULL || diagnostic_code_severity(diagnostic->code) != SEVERITY_ERROR) {
            continue;
        }
        n_files += last == NULL || strcmp(last, file) != 0;
        last = file;
    }
    return n_files;
}

static const char *first_error_code(const struct diagnostics *diagnostics)
{
    for (size_t item = 0; item < diagnostics->n_items; item++) {
        if (diagnostic_code_severity(diagnostics->items[item].code) == SEVERITY_ERROR) {
            return diagnostic_code_name(diagnostics->items[item].code);
        }
    }
    return "E101";
}

static void print_summary(const struct diagnostics *diagnostics, const char *nothing_done)
{
    size_t n_files = count_files(diagnostics);
    char where[64] = "";
    if (n_files > 0) {
        snprintf(where, sizeof where, " in %zu file%s", n_files, text_plural(n_files));
    }
    char held[160] = "";
    if (diagnostics->n_held_back > 0) {
        snprintf(held, sizeof held,
                 " %zu more, about names that the unreadable file may hold, %s left out.",
                 diagnostics->n_held_back, diagnostics->n_held_back == 1 ? "is" : "are");
    }
    terminal_say("%zu error%s%s; %s.%s `dividend explain %s` tells more about a code.",
                 diagnostics->n_errors, text_plural(diagnostics->n_errors), where, nothing_done,
                 held, first_error_code(diagnostics));
}

bool terminal_print_diagnostics(struct session *session, const char *nothing_done)
{
    struct diagnostics *diagnostics = &session->diagnostics;
    bool colour = terminal_colour(session, STDERR_FILENO);
    diagnostics_sort(diagnostics);
    for (size_t item = 0; item < diagnostics->n_items; item++) {
        const struct diagnostic *diagnostic = &diagnostics->items[item];
        bool is_error = diagnostic_code_severity(diagnostic->code) == SEVERITY_ERROR;
        if (is_error || !session->options.quiet) {
            fputs(diagnostic_render(diagnostics, diagnostic, colour), stderr);
            fputc('\n', stderr);
        }
    }
    if (diagnostics->n_errors > 0) {
        print_summary(diagnostics, nothing_done);
    }
    return diagnostics->n_errors > 0;
}
