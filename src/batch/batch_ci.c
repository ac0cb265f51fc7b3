/* What machines that run jobs read: files and lines beside the results. */
#include "batch/batch_private.h"
#include "report/report_ci.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The bytes that could be written; errno says why not all. */
static size_t write_all(int descriptor, const char *bytes, size_t n_bytes)
{
    size_t n_done = 0;
    while (n_done < n_bytes) {
        ssize_t n = write(descriptor, bytes + n_done, n_bytes - n_done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            break;
        }
        n_done += (size_t)n;
    }
    return n_done;
}

/* One write where the disk takes it, so that lines of two runs do not mix. Where it takes a part
 * only the part goes again, so that no line is half, unless another run has added to the file
 * since. */
static bool append_to(const char *path, const struct text *text)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    off_t before = descriptor >= 0 ? lseek(descriptor, 0, SEEK_END) : -1;
    size_t n_done = descriptor >= 0 ? write_all(descriptor, text->bytes, text->n_bytes) : 0;
    bool written = descriptor >= 0 && n_done == text->n_bytes;
    int problem = errno;
    if (!written && n_done > 0 && before >= 0 &&
        lseek(descriptor, 0, SEEK_END) == before + (off_t)n_done) {
        (void)(ftruncate(descriptor, before) == 0);
    }
    if (descriptor >= 0 && close(descriptor) != 0 && written) {
        written = false;
        problem = errno;
    }
    if (!written) {
        terminal_say("%s could not be written: %s", path, strerror(problem));
    }
    return written;
}

static bool write_file(const char *path, const struct text *text)
{
    struct error error = {0};
    if (report_write_file(path, text, &error) == STATUS_OK) {
        return true;
    }
    terminal_say("%s", error.message);
    return false;
}

static bool write_junit(const struct session *session, const struct report_run *run)
{
    struct text text;
    text_init(&text);
    report_junit(&text, run, &session->diagnostics);
    bool written = write_file(session->options.junit, &text);
    text_clear(&text);
    return written;
}

static bool write_sarif(const struct session *session)
{
    struct text text;
    struct error error = {0};
    text_init(&text);
    bool written =
        report_sarif(&text, &session->diagnostics, DIVIDEND_VERSION, &error) == STATUS_OK &&
        write_file(session->options.sarif, &text);
    text_clear(&text);
    return written;
}

static bool write_github(const struct session *session, const struct report_run *run)
{
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    bool written = true;
    struct text text;
    text_init(&text);
    report_annotations(&text, run, &session->diagnostics);
    fputs(text.bytes != NULL ? text.bytes : "", stderr);
    text_clear(&text);
    if (run != NULL && summary != NULL && summary[0] != '\0') {
        text_init(&text);
        report_step_summary(&text, run);
        written = append_to(summary, &text);
        text_clear(&text);
    }
    return written;
}

int ci_report(struct session *session, const struct report_run *run, int exit_code)
{
    const struct options *options = &session->options;
    bool written = options->junit == NULL || write_junit(session, run);
    written = (options->sarif == NULL || write_sarif(session)) && written;
    written = (!options->github || write_github(session, run)) && written;
    return written || exit_code != EXIT_DONE ? exit_code : EXIT_RUN_FAILED;
}

/* ---- OpenLineage ---- */

static bool add_event(const struct session *session, const struct report_run *run,
                      const struct lineage *lineage)
{
    struct text text;
    struct error error = {0};
    text_init(&text);
    bool written = report_lineage(&text, run, lineage, &error) == STATUS_OK &&
                   append_to(session->options.openlineage, &text);
    text_clear(&text);
    return written;
}

bool ci_start(struct session *session, const struct report_run *run, const char *results)
{
    session->started_s = (int64_t)time(NULL);
    return session->options.openlineage == NULL ||
           add_event(session, run,
                     &(struct lineage){.event = LINEAGE_START,
                                       .started_s = session->started_s,
                                       .now_s = session->started_s,
                                       .results = results});
}

bool ci_end(struct session *session, const struct report_run *run, const char *results,
            bool complete)
{
    return session->options.openlineage == NULL ||
           add_event(session, run,
                     &(struct lineage){.event = complete ? LINEAGE_COMPLETE : LINEAGE_FAIL,
                                       .started_s = session->started_s,
                                       .now_s = (int64_t)time(NULL),
                                       .results = results});
}
