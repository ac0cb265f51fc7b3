/* The line that says how far a run has come. */
#include "base/clock.h"
#include "base/effort.h"
#include "batch/batch_private.h"
#include "uncertainty/uncertainty.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CHARACTERS = 200, FIRST_PAINT_MS = 400, PAINT_MS = 200 };

/* An estimate needs something to stand on. */
static const double least_share = 0.03, least_seconds = 1.0;

struct progress {
    size_t width; /* of the terminal */
    size_t n_phases, number;
    bool phases[N_RUN_PHASES];
    enum phase_of_run phase;
    bool entered; /* a phase is on, and may be painted */
    double started, phase_started, step_started;
    unsigned last_step;
    struct simulation_progress drawing;
    size_t part, n_parts;
    bool ends;
    struct effort effort;
    pthread_mutex_t mutex; /* of everything above but the effort */
    pthread_cond_t wake;
    pthread_t painter;
};

/* Characters on the line; a handler reads it. */
static atomic_size_t painted;

static void put_line(const char *bytes, size_t n_bytes)
{
    ssize_t written = write(STDERR_FILENO, bytes, n_bytes);
    (void)written; /* a line that cannot be shown is no failure of the run */
}

/* Carriage return, blanks, carriage return: any terminal knows them. */
void progress_erase(void)
{
    char line[MOST_CHARACTERS + 2];
    size_t n = atomic_exchange(&painted, 0);
    if (n == 0) {
        return;
    }
    line[0] = '\r';
    for (size_t i = 1; i <= n; ++i) {
        line[i] = ' ';
    }
    line[n + 1] = '\r';
    put_line(line, n + 2);
}

static void paint(const char *words, size_t n)
{
    char line[MOST_CHARACTERS + 2];
    size_t before = atomic_load(&painted), at = 0;
    line[at++] = '\r';
    memcpy(line + at, words, n);
    at += n;
    for (size_t i = n; i < before; ++i) {
        line[at++] = ' ';
    }
    if (signals_caught() == 0) {
        atomic_store(&painted, n > before ? n : before);
        put_line(line, at);
    }
}

/* ---- words ---- */

static const char *phase_name(enum phase_of_run phase)
{
    static const char *const names[N_RUN_PHASES] = {"choosing", "drawing", "deciding", "judging",
                                                    "reporting"};
    return names[phase];
}

static void duration_words(char buffer[32], double seconds)
{
    if (seconds < 90) {
        (void)snprintf(buffer, 32, "%.0f s", ceil(seconds));
    } else if (seconds < 5400) {
        (void)snprintf(buffer, 32, "%.0f min", ceil(seconds / 60));
    } else {
        (void)snprintf(buffer, 32, "%.1f h", seconds / 3600);
    }
}

/* Adds words where they fit: what comes later matters less. */
static void add_words(struct text *line, size_t most, const char *words)
{
    if (line->n_bytes + strlen(words) <= most) {
        text_append(line, words);
    }
}

/* ": 12,288 of 40,960 draws" */
static void count_words(char buffer[160], const char *before, uint64_t done, uint64_t total,
                        const char *unit)
{
    char counts[2][48];
    text_format_grouped(counts[0], (double)done, 0);
    text_format_grouped(counts[1], (double)total, 0);
    (void)snprintf(buffer, 160, "%s %s of %s %s", before, counts[0], counts[1], unit);
}

/* From what is done in the time it took: of what begins again, only of that. */
static void add_estimate(struct text *line, size_t most, double share, double seconds,
                         const char *of_what)
{
    char words[128], duration[32];
    if (share < least_share || share >= 1.0 || seconds < least_seconds) {
        return;
    }
    duration_words(duration, seconds * (1.0 - share) / share);
    (void)snprintf(words, sizeof words, ", about %s left%s", duration, of_what);
    add_words(line, most, words);
}

static void add_elapsed(const struct progress *progress, struct text *line, size_t most, double now)
{
    char words[64], duration[32];
    duration_words(duration, floor(now - progress->started));
    (void)snprintf(words, sizeof words, "; %s", duration);
    add_words(line, most, words);
}

static const char *of_phase(const struct progress *progress)
{
    return progress->number < progress->n_phases ? " of phase" : "";
}

static void describe_drawing(const struct progress *progress, struct text *line, size_t most,
                             double now)
{
    const struct simulation_progress *drawing = &progress->drawing;
    char words[160];
    if (drawing->n_scenarios == 0) {
        add_elapsed(progress, line, most, now); /* nothing reported yet */
        return;
    }
    bool precision = drawing->may_double || drawing->n_doublings > 0;
    count_words(words, ":", drawing->draws_done, drawing->draws_wanted, "draws");
    add_words(line, most, words);
    add_elapsed(progress, line, most, now);
    double share = drawing->share_done;
    if (precision) {
        (void)snprintf(
            words, sizeof words, ", scenario %zu of %zu, doubled %u time%s%s",
            drawing->n_done < drawing->n_scenarios ? drawing->n_done + 1 : drawing->n_scenarios,
            drawing->n_scenarios, (unsigned)drawing->n_doublings,
            drawing->n_doublings == 1 ? "" : "s", drawing->may_double ? ", may double again" : "");
        add_words(line, most, words);
        add_estimate(line, most, share, now - progress->step_started, " of doubling");
        return;
    }
    add_estimate(line, most, share, now - progress->phase_started, of_phase(progress));
    (void)snprintf(words, sizeof words, " (%zu of %zu scenarios done)", drawing->n_done,
                   drawing->n_scenarios);
    add_words(line, most, words);
}

static void describe_effort(const struct progress *progress, const struct effort_view *view,
                            struct text *line, size_t most, double now)
{
    char words[160], number[48];
    if (progress->n_parts > 1) {
        (void)snprintf(words, sizeof words, " %zu of %zu", progress->part, progress->n_parts);
        add_words(line, most, words);
    }
    if (view->step != NULL) {
        (void)snprintf(words, sizeof words, ", %s", view->step);
        add_words(line, most, words);
    }
    if (view->total > 0) {
        count_words(words, ":", view->done, view->total, view->unit);
        add_words(line, most, words);
    }
    add_elapsed(progress, line, most, now);
    if (view->total > 0 && view->done > 1) {
        add_estimate(line, most, (double)view->done / (double)view->total,
                     now - progress->step_started, " of step");
    }
    if (view->examined > 0 && progress->phase == PHASE_CHOOSING) {
        text_format_grouped(number, (double)view->examined, 0);
        (void)snprintf(words, sizeof words, ", %s combinations examined", number);
        add_words(line, most, words);
    }
}

static void describe(const struct progress *progress, const struct effort_view *view,
                     struct text *line, double now)
{
    size_t most = progress->width - 1;
    char words[96];
    (void)snprintf(words, sizeof words, "[%zu of %zu] %s", progress->number, progress->n_phases,
                   phase_name(progress->phase));
    add_words(line, most, words);
    switch (progress->phase) {
    case PHASE_DRAWING:
        describe_drawing(progress, line, most, now);
        return;
    case PHASE_CHOOSING:
    case PHASE_DECIDING:
    case PHASE_JUDGING:
        describe_effort(progress, view, line, most, now);
        return;
    case PHASE_REPORTING:
    case N_RUN_PHASES:
        add_elapsed(progress, line, most, now);
        return;
    }
}

/* ---- the painter ---- */

/* With the mutex held. */
static void paint_now(struct progress *progress)
{
    struct effort_view view = effort_look(&progress->effort);
    double now = clock_seconds();
    if (view.n_steps != progress->last_step) {
        progress->last_step = view.n_steps;
        progress->step_started = now; /* at most a painting late: estimates are careful */
    }
    if (!progress->entered) {
        return;
    }
    struct text line;
    text_init(&line);
    describe(progress, &view, &line, now);
    if (line.bytes != NULL) {
        paint(line.bytes, line.n_bytes);
    }
    text_clear(&line);
}

static void wait_for(struct progress *progress, long milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += milliseconds * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    while (!progress->ends &&
           pthread_cond_timedwait(&progress->wake, &progress->mutex, &until) != ETIMEDOUT) {
    }
}

static void *paint_on(void *context)
{
    struct progress *progress = context;
    pthread_mutex_lock(&progress->mutex);
    for (long wait = FIRST_PAINT_MS; !progress->ends; wait = PAINT_MS) {
        wait_for(progress, wait);
        if (!progress->ends) {
            paint_now(progress);
        }
    }
    pthread_mutex_unlock(&progress->mutex);
    return NULL;
}

static size_t width_of_messages(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) {
        return 80;
    }
    return size.ws_col < MOST_CHARACTERS ? size.ws_col : MOST_CHARACTERS;
}

/* Signals go to the threads that know what to do with them. */
static int start_painter(struct progress *progress)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&progress->painter, NULL, paint_on, progress);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void free_progress(struct progress *progress)
{
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->mutex);
    effort_clear(&progress->effort);
    free(progress);
}

struct progress *progress_start(const struct session *session, const bool *phases)
{
    if (!isatty(STDERR_FILENO) || session->options.quiet) {
        return NULL;
    }
    struct progress *progress = memory_array(1, sizeof *progress);
    pthread_condattr_t attributes;
    *progress = (struct progress){.width = width_of_messages(), .started = clock_seconds()};
    for (size_t i = 0; i < N_RUN_PHASES; ++i) {
        progress->phases[i] = phases[i];
        progress->n_phases += phases[i] ? 1 : 0;
    }
    effort_init(&progress->effort);
    pthread_mutex_init(&progress->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (start_painter(progress) != 0) {
        free_progress(progress); /* the run goes on without the line */
        return NULL;
    }
    return progress;
}

struct effort *progress_enter(struct progress *progress, enum phase_of_run phase)
{
    if (progress == NULL) {
        return NULL;
    }
    effort_enter(&progress->effort, NULL, NULL, 0);
    pthread_mutex_lock(&progress->mutex);
    progress->phase = phase;
    progress->number = 0;
    for (size_t i = 0; i <= (size_t)phase; ++i) {
        progress->number += progress->phases[i] ? 1 : 0;
    }
    progress->entered = true;
    progress->phase_started = progress->step_started = clock_seconds();
    progress->part = progress->n_parts = 0;
    progress->drawing = (struct simulation_progress){0};
    pthread_mutex_unlock(&progress->mutex);
    return &progress->effort;
}

void progress_part(struct progress *progress, size_t part, size_t n_parts)
{
    if (progress != NULL) {
        pthread_mutex_lock(&progress->mutex);
        progress->part = part;
        progress->n_parts = n_parts;
        pthread_mutex_unlock(&progress->mutex);
    }
}

bool progress_report(void *context, const struct simulation_progress *done)
{
    struct progress *progress = context;
    if (progress != NULL) {
        pthread_mutex_lock(&progress->mutex);
        const struct simulation_progress *last = &progress->drawing;
        if (last->n_scenarios > 0 && (last->n_doublings != done->n_doublings ||
                                      (done->may_double && last->n_done != done->n_done))) {
            progress->step_started = clock_seconds();
        }
        progress->drawing = *done;
        pthread_mutex_unlock(&progress->mutex);
    }
    return signals_caught() == 0;
}

void progress_hide(struct progress *progress)
{
    if (progress != NULL) {
        pthread_mutex_lock(&progress->mutex);
        progress->entered = false;
        progress_erase();
        pthread_mutex_unlock(&progress->mutex);
    }
}

void progress_end(struct progress *progress)
{
    if (progress == NULL) {
        return;
    }
    progress_hide(progress);
    pthread_mutex_lock(&progress->mutex);
    progress->ends = true;
    pthread_cond_signal(&progress->wake);
    pthread_mutex_unlock(&progress->mutex);
    pthread_join(progress->painter, NULL);
    free_progress(progress);
}
