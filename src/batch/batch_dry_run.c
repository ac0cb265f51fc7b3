/* --dry-run: what would be run and why, and what it takes. A short pilot of every plan that would
 * be run says what a draw costs; nothing is written, not even into the cache. */
#include "base/clock.h"
#include "base/threads.h"
#include "batch/batch_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* A pilot of A_FEW and of MORE draws; the share of assumptions takes pairs of draws, up to a limit,
 * that cost about as much as others. */
enum { A_FEW = 512, MORE = 2048, SHARE_PAIRS = 4096, RETAINED = UNCERTAINTY_RETAINED_DRAWS };

/* Written for a result: bytes for each column, and for all else. Measured over the shipped
 * scenarios. */
enum { BYTES_A_COLUMN = 350, BYTES_A_RESULT = 60000, BYTES_A_FOLDER = 500000 };

/* Wall time of all plans with so many draws. */
static double pilot(struct session *session, const struct plan *const *plans, size_t n_plans,
                    const struct simulation_options *options, uint64_t n_draws, bool share)
{
    struct simulation_options some = *options;
    struct scenario_result *results = memory_array(n_plans + 1, sizeof *results);
    struct error error = {0};
    some.n_draws = n_draws;
    some.assumption_share = share;
    some.precision.of = NULL;
    some.progress = NULL;
    double start = clock_seconds();
    if (simulation_run(&session->arena, plans, n_plans, &some, results, &error) != STATUS_OK) {
        terminal_say("%s", error.message);
    }
    double seconds = clock_seconds() - start;
    simulation_clear(results, n_plans);
    free(results);
    return seconds;
}

static double above_zero(double value)
{
    return value > 0.0 ? value : 0.0;
}

static double estimate_seconds(struct session *session, const struct plan *const *plans,
                               size_t n_plans, const struct simulation_options *options)
{
    if (n_plans == 0) {
        return 0.0;
    }
    double few = pilot(session, plans, n_plans, options, A_FEW, false);
    double more = pilot(session, plans, n_plans, options, MORE, false);
    double with_share = pilot(session, plans, n_plans, options, A_FEW, true);
    double n = (double)options->n_draws;
    double pairs = n < SHARE_PAIRS ? n : SHARE_PAIRS;
    double a_draw = above_zero(more - few) / (MORE - A_FEW);
    double a_pair = above_zero(with_share - few) / A_FEW;
    double start = above_zero(few - A_FEW * a_draw);
    return start + n * a_draw + pairs * a_pair;
}

/* Values of retained columns of the plans that are open at once, beside what is held now. */
static double estimate_megabytes(const struct plan *const *plans, size_t n_plans,
                                 const struct simulation_options *options, size_t n_threads)
{
    struct rusage usage;
    size_t most = 0;
    double n = options->n_draws < RETAINED ? (double)options->n_draws : (double)RETAINED;
    (void)getrusage(RUSAGE_SELF, &usage);
    for (size_t i = 0; i < n_plans; ++i) {
        size_t retained = 0;
        for (size_t k = 0; k < plans[i]->n_results; ++k) {
            retained += plans[i]->results[k].retained ? 1 : 0;
        }
        most = retained > most ? retained : most;
    }
    size_t open = n_threads + 1 < n_plans ? n_threads + 1 : n_plans;
    return (double)usage.ru_maxrss / 1024.0 + (double)open * (double)most * n * 8.0 / 1048576.0;
}

static double estimate_disk(const struct plan *const *plans, size_t n_plans)
{
    double bytes = BYTES_A_FOLDER;
    for (size_t i = 0; i < n_plans; ++i) {
        bytes += BYTES_A_RESULT + (double)BYTES_A_COLUMN * (double)plans[i]->n_own_results;
    }
    return bytes / 1e6;
}

static void say_seconds(struct text *out, double seconds)
{
    if (seconds < 1.0) {
        text_append(out, "less than a second");
    } else if (seconds < 120.0) {
        text_printf(out, "about %.0f seconds", seconds);
    } else if (seconds < 7200.0) {
        text_printf(out, "about %.0f minutes", seconds / 60.0);
    } else {
        text_printf(out, "about %.1f hours", seconds / 3600.0);
    }
}

int dry_run(struct session *session, const struct report_run *run, const struct plan *const *plans,
            size_t n_plans, double choice_seconds)
{
    struct rerun *rerun = session->rerun;
    struct text *out = &session->out;
    const struct simulation_options options = session_simulation(session, run);
    const struct plan **wanted =
        arena_array(&session->arena, n_plans + 1, sizeof(const struct plan *));
    size_t n_wanted = 0;
    rerun_prepare(rerun, run);
    rerun_look(rerun, plans, n_plans, &options, true, NULL);
    for (size_t i = 0; i < n_plans; ++i) {
        if (rerun->plans[i].reason != NULL) {
            wanted[n_wanted++] = plans[i];
        }
    }
    if (rerun->folder != NULL) {
        rerun_describe(rerun, out, true);
    } else {
        text_printf(out, "%zu scenario%s, totals and sets included, would be run\n", n_plans,
                    n_plans == 1 ? "" : "s");
    }
    size_t n_threads = threads_choose(options.n_threads);
    double megabytes_before = estimate_megabytes(wanted, n_wanted, &options, n_threads);
    double seconds = estimate_seconds(session, wanted, n_wanted, &options);
    text_printf(out, "drawing: ");
    say_seconds(out, seconds);
    text_printf(out, " for %llu draws each on %zu thread%s%s\n", (unsigned long long)run->n_draws,
                n_threads, n_threads == 1 ? "" : "s",
                run->precision_of != NULL ? "; doublings for --precision come on top" : "");
    if (run->n_portfolios > 0) {
        text_append(out, "choosing sets: ");
        say_seconds(out, choice_seconds);
        text_append(out, "\n");
    }
    text_printf(out,
                "memory: about %.0f MB while drawing\n"
                "disk: about %.0f MB in %s, workbook and report included\n"
                "Not in the estimates: judging deals, --decide, --draws-out, and writing the "
                "reports.\nNothing was run or written.\n",
                megabytes_before, estimate_disk(plans, n_plans), paths_results(session));
    return EXIT_DONE;
}
