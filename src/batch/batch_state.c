/* --state: which plans are as in the last run, why the others are run again, and the results of the
 * former out of the cache (batch_cache.c). What is taken from the cache is what the run would have
 * worked out, to the byte: everything that a result depends on is in its key, and everything that
 * is not kept (choices, decisions, deals, reports) is worked out anew. */
#include "batch/batch_state.h"

#include "base/digest.h"
#include "base/engine.h"
#include "base/threads.h"
#include "batch/batch_history.h"
#include "batch/batch_machines.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_REASONS = 12, MOST_NAMES = 3, MOST_THREADS = 64 };

const char *const state_setting_names[STATE_SETTINGS] = {
    "seed",      "draws",         "sampling", "scramblings", "precision of",
    "precision", "draws at most", "program",  "engine"};

/* ---- open, close ---- */

void rerun_prepare(struct rerun *rerun, const struct report_run *run)
{
    struct arena *arena = &rerun->arena;
    char se[32];
    text_format_exact(se, run->precision_of != NULL ? run->precision_se : 0.0);
    const char *values[STATE_SETTINGS] = {
        arena_printf(arena, "%llu", (unsigned long long)run->seed),
        arena_printf(arena, "%llu", (unsigned long long)run->n_draws),
        sampling_method_name(run->method),
        arena_printf(arena, "%u", (unsigned)run->n_scramblings),
        run->precision_of != NULL ? run->precision_of : "none",
        arena_copy_text(arena, se),
        run->precision_of != NULL ? arena_printf(arena, "%llu", (unsigned long long)run->max_draws)
                                  : "0",
        run->program_version,
        engine_identity()};
    memcpy((void *)rerun->settings, (const void *)values, sizeof values);
}

struct rerun *rerun_open(struct session *session)
{
    const struct options *options = &session->options;
    if (options->state == NULL && options->history == NULL && !options->dry_run) {
        return NULL;
    }
    if (options->n_shards > 0 && !options->dry_run) {
        return NULL; /* a shard has parts of results, which are none until they are merged */
    }
    struct rerun *rerun = memory_array(1, sizeof *rerun);
    rerun->session = session;
    rerun->folder = options->state;
    arena_init(&rerun->arena);
    if (rerun->folder != NULL) {
        (void)state_read(session, &rerun->arena, rerun->folder, &rerun->before);
    }
    if (history_path(session) != NULL) {
        (void)sqlite3_close(history_open(session, history_path(session)));
    }
    if (rerun->folder != NULL && !options->no_cache) {
        rerun->cache = cache_open();
    }
    return rerun;
}

enum status rerun_check(struct rerun *rerun, struct error *error)
{
    return rerun != NULL && rerun->folder != NULL && !rerun->session->options.dry_run
               ? paths_check_writable(rerun->folder, error)
               : STATUS_OK;
}

void rerun_close(struct rerun *rerun)
{
    if (rerun == NULL) {
        return;
    }
    cache_close(rerun->cache, rerun->session->options.quiet);
    for (size_t i = 0; i < rerun->n_arenas; ++i) {
        arena_clear(&rerun->arenas[i]);
    }
    free(rerun->arenas);
    free(rerun->plans);
    arena_clear(&rerun->arena);
    free(rerun);
}

/* ---- what differs ---- */

static int compare_named(const struct fingerprint_part *a, const struct fingerprint_part *b)
{
    int by_kind = strcmp(a->kind, b->kind);
    return by_kind != 0 ? by_kind : strcmp(a->name, b->name);
}

/* Parts of one kind and name: several in a bundle. */
static size_t count_run(const struct fingerprint_part *parts, size_t n)
{
    size_t run = n > 0 ? 1 : 0;
    while (run > 0 && run < n && compare_named(&parts[0], &parts[run]) == 0) {
        ++run;
    }
    return run;
}

static bool same_run(const struct fingerprint_part *a, size_t n_a, const struct fingerprint_part *b,
                     size_t n_b)
{
    bool same = n_a == n_b;
    for (size_t i = 0; same && i < n_a; ++i) {
        same = strcmp(a[i].sha256, b[i].sha256) == 0;
    }
    return same;
}

struct naming {
    struct text all;
    size_t n, most;
};

static void name_part(struct naming *naming, const struct fingerprint_part *part, const char *what)
{
    static const char *const nameless[][2] = {{"scenario", "the scenario's own settings"},
                                              {"conventions", "the conventions"},
                                              {"people", "the people counted"},
                                              {"decision", "what is decided"},
                                              {"portfolio", "the portfolio's settings"}};
    if (naming->n++ >= naming->most) {
        return;
    }
    text_append(&naming->all, naming->n > 1 ? "; " : "");
    for (size_t i = 0; part->name[0] == '\0' && i < sizeof nameless / sizeof *nameless; ++i) {
        if (strcmp(part->kind, nameless[i][0]) == 0) {
            text_printf(&naming->all, "%s changed", nameless[i][1]);
            return;
        }
    }
    for (const char *at = part->kind; *at != '\0'; ++at) {
        text_append_span(&naming->all, *at == '_' ? " " : at, 1);
    }
    text_printf(&naming->all, "%s%s %s", part->name[0] != '\0' ? " " : "", part->name, what);
}

/* Dimensions follow their evidence, and programmes their parts: said only where nothing else is. */
static bool is_echo(const struct fingerprint_part *part)
{
    return strcmp(part->kind, "dimension") == 0 || strcmp(part->kind, "programme") == 0;
}

static void name_all(struct naming *naming, const struct fingerprint_part *old, size_t n_old,
                     const struct fingerprint_part *now, size_t n_now, bool echoes)
{
    size_t i = 0, k = 0;
    while (i < n_old || k < n_now) {
        int order = i == n_old ? 1 : k == n_now ? -1 : compare_named(&old[i], &now[k]);
        size_t n_a = order <= 0 ? count_run(&old[i], n_old - i) : 0;
        size_t n_b = order >= 0 ? count_run(&now[k], n_now - k) : 0;
        const struct fingerprint_part *part = order <= 0 ? &old[i] : &now[k];
        if (is_echo(part) == echoes && !same_run(&old[i], n_a, &now[k], n_b)) {
            name_part(naming, part,
                      n_a == 0   ? "is new"
                      : n_b == 0 ? "is no longer used"
                                 : "changed");
        }
        i += n_a;
        k += n_b;
    }
}

const char *state_name_changes(struct arena *arena, const struct fingerprint_part *old,
                               size_t n_old, const struct fingerprint_part *new_parts, size_t n_new,
                               size_t most)
{
    struct naming naming = {.most = most};
    text_init(&naming.all);
    name_all(&naming, old, n_old, new_parts, n_new, false);
    if (naming.n == 0) {
        name_all(&naming, old, n_old, new_parts, n_new, true);
    }
    const char *words = NULL;
    if (naming.n > most) {
        words = arena_printf(arena, "%s; and %zu more", naming.all.bytes, naming.n - most);
    } else if (naming.n > 0) {
        words = arena_copy_text(arena, naming.all.bytes);
    }
    text_clear(&naming.all);
    return words;
}

/* Of the run: "draws 4096, before 16384". NULL where all are the same. */
const char *state_name_settings(struct arena *arena, const char *const *old, const char *const *now)
{
    enum { PROGRAM = 7, ENGINE = 8 };

    struct text words;
    text_init(&words);
    for (size_t i = 0; i < PROGRAM; ++i) {
        if (strcmp(old[i], now[i]) != 0) {
            text_printf(&words, "%s%s %s, before %s", words.n_bytes > 0 ? "; " : "",
                        state_setting_names[i], now[i], old[i]);
        }
    }
    if (strcmp(old[ENGINE], now[ENGINE]) != 0) {
        text_printf(&words, "%sthe program changed (engine %.12s, before %.12s)",
                    words.n_bytes > 0 ? "; " : "", now[ENGINE], old[ENGINE]);
    }
    const char *kept = words.n_bytes > 0 ? arena_copy_text(arena, words.bytes) : NULL;
    text_clear(&words);
    return kept;
}

static int compare_entry(const void *id, const void *entry)
{
    return strcmp(id, ((const struct state_entry *)entry)->id);
}

static const struct state_entry *find_entry(const struct state *state, const char *id)
{
    return state->n_entries > 0 ? bsearch(id, state->entries, state->n_entries,
                                          sizeof *state->entries, compare_entry)
                                : NULL;
}

static const char *give_reason(const struct rerun *rerun, struct arena *arena,
                               const struct rerun_plan *plan)
{
    const struct state_entry *entry = find_entry(&rerun->before, plan->plan->scenario->id);
    if (entry == NULL) {
        return rerun->before.is_there ? "new since the last run" : "this is the first run";
    }
    if (entry->failed) {
        return "it failed in the last run";
    }
    const char *parts =
        state_name_changes(arena, entry->parts, entry->n_parts, plan->fingerprint.parts,
                           plan->fingerprint.n_parts, MOST_NAMES);
    const char *settings = state_name_settings(arena, entry->values, rerun->settings);
    if (parts != NULL || settings != NULL) {
        return parts == NULL      ? settings
               : settings == NULL ? parts
                                  : arena_printf(arena, "%s; %s", parts, settings);
    }
    if (strcmp(entry->key, plan->key_digits) != 0) {
        return "what it is worked out from changed";
    }
    return rerun->session->options.no_cache ? "nothing changed, but --no-cache was given"
           : plan->found == CACHE_DAMAGED
               ? "nothing changed, but its kept result is damaged"
               : "nothing changed, but its result is no longer kept in the cache";
}

/* ---- all plans ---- */

struct looking {
    struct rerun *rerun;
    const struct simulation_options *options;
    struct scenario_result *results;
    bool looks_only;
    atomic_size_t next, next_arena;
};

static void look_at(const struct looking *looking, struct arena *arena, size_t index)
{
    struct rerun *rerun = looking->rerun;
    struct rerun_plan *plan = &rerun->plans[index];
    const struct simulation_options *options = looking->options;
    const struct sampling_design design = {.method = options->method,
                                           .n_scramblings = options->n_scramblings > 0
                                                                ? options->n_scramblings
                                                                : SIMULATION_SCRAMBLINGS,
                                           .seed = options->seed};
    struct scenario_result result = {.plan = plan->plan,
                                     .status = STATUS_OK,
                                     .seed = options->seed,
                                     .design = design,
                                     .from_cache = true};
    plan->fingerprint = plan->plan->bundle != NULL ? bundle_fingerprint(arena, plan->plan)
                                                   : plan_fingerprint(arena, plan->plan);
    cache_make_key(plan->plan, &plan->fingerprint, options, plan->key);
    digest_write_digits(plan->key_digits, plan->key);
    plan->found = CACHE_MISSING;
    if (rerun->cache != NULL) {
        plan->found = cache_read(rerun->cache, plan->key, looking->looks_only, &result);
    }
    if (plan->found == CACHE_FOUND && !looking->looks_only) {
        looking->results[index] = result;
    } else {
        free(result.statistics);
    }
    plan->reason = plan->found == CACHE_FOUND ? NULL : give_reason(rerun, arena, plan);
}

static void *look_at_some(void *context)
{
    struct looking *looking = context;
    struct arena *arena = &looking->rerun->arenas[atomic_fetch_add(&looking->next_arena, 1)];
    for (size_t i = atomic_fetch_add(&looking->next, 1); i < looking->rerun->n_plans;
         i = atomic_fetch_add(&looking->next, 1)) {
        look_at(looking, arena, i);
    }
    return NULL;
}

void rerun_look(struct rerun *rerun, const struct plan *const *plans, size_t n_plans,
                const struct simulation_options *options, bool looks_only,
                struct scenario_result *results)
{
    struct looking looking = {
        .rerun = rerun, .options = options, .results = results, .looks_only = looks_only};
    size_t n_threads = threads_choose(options->n_threads);
    n_threads = n_threads < MOST_THREADS ? n_threads : MOST_THREADS;
    rerun->n_arenas = n_threads;
    rerun->arenas = memory_array(n_threads, sizeof *rerun->arenas);
    for (size_t i = 0; i < n_threads; ++i) {
        arena_init(&rerun->arenas[i]);
    }
    rerun->n_plans = n_plans;
    rerun->plans = memory_array(n_plans + 1, sizeof *rerun->plans);
    for (size_t i = 0; i < n_plans; ++i) {
        rerun->plans[i].plan = plans[i];
    }
    atomic_init(&looking.next, 0);
    atomic_init(&looking.next_arena, 0);
    threads_run(n_threads, look_at_some, &looking);
    for (size_t i = 0; i < n_plans; ++i) {
        rerun->n_recalled += rerun->plans[i].reason == NULL ? 1 : 0;
    }
}

/* ---- in words ---- */

static const char *count_noun(const struct rerun *rerun)
{
    bool bundles = false;
    for (size_t i = 0; i < rerun->n_plans; ++i) {
        bundles = bundles || rerun->plans[i].plan->bundle != NULL;
    }
    return bundles ? "scenarios, totals and sets" : "scenarios";
}

static void describe_reason(const struct rerun *rerun, struct text *out, size_t first,
                            bool in_future, bool *said)
{
    const char *reason = rerun->plans[first].reason;
    size_t n = 0;
    for (size_t i = first; i < rerun->n_plans; ++i) {
        if (rerun->plans[i].reason != NULL && strcmp(rerun->plans[i].reason, reason) == 0) {
            said[i] = true;
            if (n++ < MOST_NAMES) {
                text_printf(out, "%s%s", n > 1 ? ", " : "", rerun->plans[i].plan->scenario->id);
            }
        }
    }
    if (n > MOST_NAMES) {
        text_printf(out, " and %zu more", n - MOST_NAMES);
    }
    text_printf(out, "%s: %s\n",
                in_future ? " would be run"
                : n == 1  ? " is run"
                          : " are run",
                reason);
}

void rerun_describe(const struct rerun *rerun, struct text *out, bool in_future)
{
    bool *said = memory_array(rerun->n_plans + 1, sizeof *said);
    size_t n_reasons = 0, n_more = 0;
    text_printf(out, "%zu of %zu %s %s as before\n", rerun->n_recalled, rerun->n_plans,
                count_noun(rerun), rerun->n_recalled == 1 ? "is" : "are");
    for (size_t i = 0; i < rerun->n_plans; ++i) {
        if (rerun->plans[i].reason == NULL || said[i]) {
            continue;
        }
        if (n_reasons++ < MOST_REASONS) {
            describe_reason(rerun, out, i, in_future, said);
        } else {
            ++n_more;
        }
    }
    if (n_more > 0) {
        text_printf(out, "%zu more %s for other reasons\n", n_more,
                    in_future ? "would be run" : "are run");
    }
    free(said);
}

static void say(const struct rerun *rerun)
{
    struct text lines;
    text_init(&lines);
    rerun_describe(rerun, &lines, false);
    for (char *line = lines.bytes; line != NULL && *line != '\0';) {
        char *end = strchr(line, '\n');
        *end = '\0';
        terminal_say("%s", line);
        line = end + 1;
    }
    text_clear(&lines);
}

/* ---- instead of simulation_run ---- */

/* Those without a result, run together. */
static enum status run_the_rest(struct rerun *rerun, const struct simulation_options *options,
                                struct scenario_result *results, struct error *error)
{
    size_t n_rest = rerun->n_plans - rerun->n_recalled, n = 0;
    const struct plan **rest = arena_array(&rerun->arena, n_rest + 1, sizeof(const struct plan *));
    uint32_t *numbers = arena_array(&rerun->arena, n_rest + 1, sizeof *numbers);
    struct simulation_options of_rest = *options;
    struct scenario_result *made = memory_array(n_rest + 1, sizeof *made);
    for (size_t i = 0; i < rerun->n_plans; ++i) {
        if (rerun->plans[i].reason != NULL) {
            numbers[n] = (uint32_t)i;
            rest[n++] = rerun->plans[i].plan;
        }
    }
    assert(n == n_rest);
    of_rest.numbers = numbers; /* checkpoints know the plans by their places in the whole run */
    enum status status =
        n_rest > 0 ? machines_simulate(&rerun->session->arena, rest, n_rest, &of_rest, made, error)
                   : STATUS_OK;
    n = 0;
    for (size_t i = 0; i < rerun->n_plans; ++i) {
        struct rerun_plan *plan = &rerun->plans[i];
        if (plan->reason == NULL) {
            continue;
        }
        results[i] = made[n++];
        if (status == STATUS_OK && rerun->cache != NULL && results[i].status == STATUS_OK &&
            results[i].statistics != NULL) {
            cache_write(rerun->cache, plan->key, &results[i]);
        }
    }
    free(made);
    return status;
}

enum status rerun_simulate(struct session *session, const struct report_run *run,
                           const struct plan *const *plans, size_t n_plans,
                           const struct simulation_options *options,
                           struct scenario_result *results, struct error *error)
{
    struct rerun *rerun = session->rerun;
    if (rerun == NULL) {
        return machines_simulate(&session->arena, plans, n_plans, options, results, error);
    }
    rerun_prepare(rerun, run);
    rerun_look(rerun, plans, n_plans, options, false, results);
    if (rerun->folder != NULL && !session->options.quiet) {
        say(rerun);
    }
    return run_the_rest(rerun, options, results, error);
}

/* The results stand in their folder: a state that cannot be written costs the next run its time,
 * never this one its results. */
void rerun_finish(struct session *session, const struct report_run *run)
{
    struct rerun *rerun = session->rerun;
    struct error error = {0};
    if (rerun == NULL) {
        return;
    }
    if (rerun->folder != NULL && (paths_make(rerun->folder, &error) != STATUS_OK ||
                                  state_write(rerun, run, &error) != STATUS_OK)) {
        terminal_say("warning: %s; the next run will not know of this one", error.message);
    }
    const char *history = history_path(session);
    if (history != NULL && (paths_make_for(session, history, &error) != STATUS_OK ||
                            history_append(rerun, run, history, &error) != STATUS_OK)) {
        terminal_say("warning: the run could not be added to its history: %s", error.message);
    }
}
