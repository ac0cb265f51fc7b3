/* A run on many machines: `run --shard K/N` computes a part, `merge` brings the parts together. */
#include "base/engine.h"
#include "base/text.h"
#include "batch/batch_checkpoint.h"
#include "batch/batch_machines.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct place no_place = {0};

/* ---- a shard ---- */

void shard_check(struct session *session, const struct report_run *run, struct place place)
{
    const struct options *options = &session->options;

    const struct {
        bool given;
        const char *name;
    } of_results[] = {
        {options->junit != NULL, "junit"},     {options->openlineage != NULL, "openlineage"},
        {options->against != NULL, "against"}, {options->state != NULL, "state"},
        {options->history != NULL, "history"}, {options->has_format, "format"}};

    if (machines_count() > 1 && (options->state != NULL || options->n_shards > 0)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E948, no_place, NULL, NULL,
                        "leave it out, or start one process",
                        "%s does not go together with %zu processes",
                        options->state != NULL ? "--state" : "--shard", machines_count());
    }
    if (options->n_shards == 0) {
        return;
    }
    if (run->precision_of != NULL) {
        diagnostics_add(
            &session->diagnostics, DIAGNOSTIC_E946, place, NULL, "a number of draws: --draws N",
            "leave the precision target out, or run without --shard",
            "a part of a run cannot tell whether the precision of %s is met", run->precision_of);
    }
    for (size_t i = 0; i < sizeof of_results / sizeof of_results[0]; ++i) {
        if (of_results[i].given) {
            diagnostics_add(
                &session->diagnostics, DIAGNOSTIC_E948, no_place, NULL, NULL,
                arena_printf(&session->arena, "give --%s to `dividend merge`", of_results[i].name),
                "--shard writes no results, so --%s has nothing to say", of_results[i].name);
        }
    }
}

static int finish_shard(struct session *session, struct checkpoint *checkpoint,
                        const char *directory)
{
    const struct options *options = &session->options;
    struct error error = {0};
    size_t n = 0;
    const char *path =
        arena_printf(&session->arena, "%s/shard-%llu-of-%llu.bin", directory,
                     (unsigned long long)options->shard, (unsigned long long)options->n_shards);
    if (checkpoint_finish_shard(checkpoint, path, &n, &error) != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    if (!options->quiet) {
        terminal_say("part %llu of %llu is in %s (%zu contribution%s); with all parts there, "
                     "`dividend merge %s --out DIR` writes the results",
                     (unsigned long long)options->shard, (unsigned long long)options->n_shards,
                     path, n, text_plural(n), directory);
    }
    return EXIT_DONE;
}

int shard_run(struct session *session, struct progress *progress, struct report_run *run,
              const struct plan *const *plans, size_t n_plans, const char *directory,
              simulate_part simulate)
{
    const struct options *options = &session->options;
    const struct simulation_part part = {
        .index = (size_t)options->shard - 1,
        .n_parts = (size_t)options->n_shards,
        .whole_plans = simulation_deals_whole_plans(n_plans, (size_t)options->n_shards)};
    struct error error = {0};
    struct scenario_result *results = memory_array(n_plans + 1, sizeof *results);
    struct checkpoint *checkpoint =
        checkpoint_start(&(struct checkpoint_request){.session = session,
                                                      .directory = directory,
                                                      .run = run,
                                                      .plans = plans,
                                                      .n_plans = n_plans});
    enum status status = simulate(session, progress, plans, n_plans, run,
                                  checkpoint_store(checkpoint), &part, results, &error);
    bool kept = checkpoint_stop(checkpoint, status == STATUS_INTERRUPTED);
    progress_hide(progress);
    int exit_code = EXIT_RUN_FAILED;
    if (status == STATUS_INTERRUPTED || signals_caught() != 0) {
        terminal_say(kept ? "interrupted; what was computed of this part is kept: the same command "
                            "with --resume goes on from there"
                          : "interrupted; nothing was written");
        exit_code = 128 + signals_caught();
    } else if (status != STATUS_OK) {
        terminal_say("%s", error.message);
    } else {
        exit_code = finish_shard(session, checkpoint, directory);
    }
    checkpoint_end(checkpoint);
    simulation_clear(results, n_plans);
    free(results);
    return exit_code;
}

/* ---- merging ---- */

struct shard {
    const char *path;
    struct store_scan scan;
    size_t group; /* of shards that belong together */
};

struct merge {
    struct store_reader reader;
    struct store_identity identity; /* of the shards */
    struct contribution_store store;
    struct shard *shards;
    size_t n_shards, capacity;
};

static bool find(void *context, const struct contribution_key *key, struct bytes *bytes)
{
    const struct merge *merge = context;
    return store_reader_find(&merge->reader, key, bytes);
}

static bool wants(void *context, const struct contribution_key *key)
{
    (void)context;
    (void)key;
    return false;
}

static void keep(void *context, const struct contribution_key *key, const struct bytes *bytes)
{
    (void)context;
    (void)key;
    (void)bytes;
}

const struct contribution_store *merge_store(struct merge *merge)
{
    return &merge->store;
}

static void add_file(struct session *session, struct word_list *files, const char *path)
{
    for (size_t i = 0; i < files->n_items; ++i) {
        if (library_same_file(files->items[i], path)) {
            return;
        }
    }
    word_list_add(session, files, path);
}

static bool is_shard_name(const char *name)
{
    static const char *const words[] = {"shard-", "-of-"};
    for (size_t i = 0; i < 2; ++i) {
        size_t n = strlen(words[i]), n_digits = 0;
        if (strncmp(name, words[i], n) != 0) {
            return false;
        }
        n_digits = strspn(name + n, "0123456789");
        if (n_digits == 0) {
            return false;
        }
        name += n + n_digits;
    }
    return strcmp(name, ".bin") == 0;
}

static int compare_words(const void *first, const void *second)
{
    return strcmp(*(const char *const *)first, *(const char *const *)second);
}

static void add_folder(struct session *session, struct word_list *files, const char *path)
{
    struct word_list found = {0};
    DIR *directory = opendir(path);
    if (directory == NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E940, no_place, NULL, NULL, NULL,
                        "`%s` could not be opened: %s", path, strerror(errno));
        return;
    }
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        if (is_shard_name(entry->d_name)) {
            word_list_add(session, &found,
                          arena_printf(&session->arena, "%s/%s", path, entry->d_name));
        }
    }
    closedir(directory);
    if (found.n_items == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E940, no_place, NULL,
                        "a folder with files shard-K-of-N.bin",
                        "`dividend run --shard K/N --out DIR` writes them", "`%s` holds no shards",
                        path);
        return;
    }
    qsort((void *)found.items, found.n_items, sizeof *found.items, compare_words);
    for (size_t i = 0; i < found.n_items; ++i) {
        add_file(session, files, found.items[i]);
    }
}

/* Without slashes at the end. */
static const char *trim(struct session *session, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/') {
        --n;
    }
    return arena_copy_span(&session->arena, path, n);
}

static struct word_list find_files(struct session *session)
{
    struct word_list files = {0};
    const struct word_list *words = &session->options.words;
    if (words->n_items == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E940, no_place, NULL,
                        "folders with files shard-K-of-N.bin, or such files",
                        "for example `dividend merge parts --out my/results`",
                        "`dividend merge` was not told what to merge");
    }
    for (size_t i = 0; i < words->n_items; ++i) {
        const char *path = trim(session, words->items[i]);
        if (path_is_directory(path)) {
            add_folder(session, &files, path);
        } else if (path_exists(path)) {
            add_file(session, &files, path);
        } else {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_E940, no_place, NULL,
                            "folders with files shard-K-of-N.bin, or such files", NULL,
                            "`%s` does not exist", path);
        }
    }
    return files;
}

/* NULL where the file is a whole shard. */
static const char *find_damage(const struct store_scan *scan)
{
    if (!scan->is_one) {
        return "is not a shard of this program";
    }
    if (!scan->has_header) {
        return "is damaged where it begins";
    }
    if (scan->identity.n_parts == 0) {
        return "is a checkpoint of a whole run, not a shard";
    }
    if (scan->n_behind > 0 || !scan->ended) {
        return scan->n_damaged > 0 ? "is damaged" : "is damaged or breaks off";
    }
    return NULL;
}

static void read_shard(struct session *session, struct merge *merge, const char *path)
{
    struct error error = {0};
    struct store_scan scan;
    if (store_reader_add(&merge->reader, &session->arena, path, &scan, &error) != STATUS_OK) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E944, no_place, NULL, NULL, NULL, "%s",
                        error.message);
        return;
    }
    const char *damage = find_damage(&scan);
    if (damage != NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E944, no_place, NULL, NULL,
                        "copy it again, or run that part again", "`%s` %s", path, damage);
    }
    if (!scan.has_header || scan.identity.n_parts == 0) {
        return;
    }
    merge->shards = arena_grow(&session->arena, merge->shards, merge->n_shards, &merge->capacity,
                               sizeof *merge->shards);
    merge->shards[merge->n_shards++] = (struct shard){.path = path, .scan = scan};
}

/* NULL where both are of one run in the same parts. */
static const char *shard_difference(struct arena *arena, const struct shard *shard,
                                    const struct shard *other)
{
    const struct store_identity *a = &shard->scan.identity, *b = &other->scan.identity;
    if (a->n_parts != b->n_parts) {
        return arena_printf(arena, "it is one of %u parts, not of %u", (unsigned)a->n_parts,
                            (unsigned)b->n_parts);
    }
    return store_identity_difference(arena, a, b);
}

/* The shards that most others go with; the first of them. */
static const struct shard *group_shards(struct session *session, struct merge *merge)
{
    size_t *counts = arena_array(&session->arena, merge->n_shards + 1, sizeof *counts);
    size_t best = 0;
    for (size_t i = 0; i < merge->n_shards; ++i) {
        merge->shards[i].group = i;
        for (size_t k = 0; k < i; ++k) {
            bool first = merge->shards[k].group == k;
            if (first &&
                shard_difference(&session->arena, &merge->shards[i], &merge->shards[k]) == NULL) {
                merge->shards[i].group = k;
                break;
            }
        }
        ++counts[merge->shards[i].group];
    }
    for (size_t i = 0; i < merge->n_shards; ++i) {
        best = counts[i] > counts[best] ? i : best;
    }
    return &merge->shards[best];
}

/* "2, 4 to 6 and 9" */
static const char *list_missing(struct arena *arena, const bool *there, size_t n, size_t *n_missing)
{
    const char *words = NULL, *last = NULL;
    *n_missing = 0;
    for (size_t i = 1; i <= n; ++i) {
        size_t first = i;
        if (there[i]) {
            continue;
        }
        while (i < n && !there[i + 1]) {
            ++i;
        }
        i = i == first + 1 ? first : i; /* two are named one by one */
        *n_missing += i - first + 1;
        if (last != NULL) {
            words = words == NULL ? last : arena_printf(arena, "%s, %s", words, last);
        }
        last = first == i ? arena_printf(arena, "%zu", i)
                          : arena_printf(arena, "%zu to %zu", first, i);
    }
    return words == NULL ? last : arena_printf(arena, "%s and %s", words, last);
}

static void check_parts(struct session *session, const struct merge *merge,
                        const struct shard *chosen)
{
    size_t n = chosen->scan.identity.n_parts, n_missing = 0;
    const struct shard **by_part =
        arena_array(&session->arena, n + 1, sizeof(const struct shard *));
    bool *there = arena_array(&session->arena, n + 2, sizeof *there);
    for (size_t i = 0; i < merge->n_shards; ++i) {
        const struct shard *shard = &merge->shards[i];
        size_t part = shard->scan.identity.part;
        if (shard->group != chosen->group) {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_E943, no_place, NULL, NULL,
                            "leave it out, or run that part again",
                            "`%s` is not of the same run as `%s`: %s", shard->path, chosen->path,
                            shard_difference(&session->arena, shard, chosen));
        } else if (by_part[part] != NULL) {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_E942, no_place, NULL, NULL,
                            "leave one of them out",
                            "part %zu of %zu is there twice: `%s` and `%s`", part, n,
                            by_part[part]->path, shard->path);
        } else {
            by_part[part] = shard;
            there[part] = true;
        }
    }
    const char *missing = list_missing(&session->arena, there, n, &n_missing);
    if (missing != NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E941, no_place, NULL, NULL,
                        arena_printf(&session->arena, "run %s: `dividend run ... --shard K/%zu`",
                                     n_missing == 1 ? "it" : "each of them", n),
                        "part%s %s of %zu %s missing", text_plural(n_missing), missing, n,
                        n_missing == 1 ? "is" : "are");
    }
}

static const char *fact(const struct store_identity *identity, const char *name)
{
    for (size_t i = 0; i < identity->names.n_items; ++i) {
        if (strcmp(identity->names.items[i], name) == 0) {
            return identity->values.items[i];
        }
    }
    return "";
}

static void check_version(struct session *session, const struct store_identity *identity)
{
    const char *program = fact(identity, "program");
    char contributions[16];
    (void)snprintf(contributions, sizeof contributions, "%d", CONTRIBUTION_VERSION);
    if (strcmp(program, DIVIDEND_VERSION) != 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E947, no_place, NULL, NULL,
                        "run the shards again, or merge with the version that made them",
                        "the shards are of version %s of the program, and this is %s", program,
                        DIVIDEND_VERSION);
    } else if (strcmp(fact(identity, "contributions"), contributions) != 0 ||
               strcmp(fact(identity, "engine"), engine_identity()) != 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E947, no_place, NULL, NULL,
                        "run the shards again, or merge with the program that made them",
                        "the shards are of a program of the same version, %s, but from other "
                        "sources: it may compute otherwise",
                        program);
    }
}

static void read_shards(struct session *session, struct merge *merge)
{
    struct word_list files = find_files(session);
    for (size_t i = 0; i < files.n_items; ++i) {
        read_shard(session, merge, files.items[i]);
    }
    if (merge->n_shards > 0) {
        const struct shard *chosen = group_shards(session, merge);
        merge->identity = chosen->scan.identity;
        check_parts(session, merge, chosen);
        check_version(session, &merge->identity);
    }
    store_reader_sort(&merge->reader);
}

/* The shards' own command line, with what this one says about results. */
static bool take_over_options(struct session *session, const struct store_identity *identity)
{
    const struct options own = session->options;
    size_t n = identity->words.n_items;
    char **words = arena_array(&session->arena, n + 2, sizeof *words);
    words[0] = arena_copy_text(&session->arena, "dividend");
    for (size_t i = 0; i < n; ++i) {
        words[i + 1] = arena_copy_text(&session->arena, identity->words.items[i]);
    }
    session->options = (struct options){0};
    if (!options_read(session, (int)n + 1, words)) {
        return false;
    }
    struct options *options = &session->options;
    options->decide = options->decide || own.decide;
    options->draws_out = options->draws_out || own.draws_out;
    options->errors = options->errors || own.errors;
    for (size_t i = 0; i < own.expect.n_items; ++i) {
        if (!word_list_has(&options->expect, own.expect.items[i])) {
            word_list_add(session, &options->expect, own.expect.items[i]);
        }
    }
    options->n_threads = own.n_threads;
    options->junit = own.junit;
    options->sarif = own.sarif;
    options->openlineage = own.openlineage;
    options->github = own.github;
    options->out = own.out;
    options->against = own.against;
    options->has_format = own.has_format;
    options->format = own.format;
    options->width = own.width;
    options->color = own.color;
    options->plots = own.plots;
    options->quiet = own.quiet;
    return true;
}

void merge_check(struct session *session, const struct report_run *run,
                 const struct plan *const *plans, size_t n_plans)
{
    struct store_identity now;
    if (session->merge == NULL) {
        return;
    }
    store_identity_make(&session->arena, &session->options, run, plans, n_plans, &now);
    const char *difference =
        store_identity_difference(&session->arena, &session->merge->identity, &now);
    if (difference != NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E945, no_place, NULL,
                        "the inputs that the shards were computed from",
                        "bring them back, or run all shards again",
                        "the shards cannot be merged with the inputs as they are now: %s",
                        difference);
    }
}

int command_merge(struct session *session)
{
    struct merge merge = {.store = {.context = &merge, .find = find, .wants = wants, .keep = keep}};
    int exit_code = EXIT_BAD_INPUT;
    read_shards(session, &merge);
    bool good = session->diagnostics.n_errors == 0 && take_over_options(session, &merge.identity);
    if (good) {
        session->merge = &merge;
        exit_code = command_run(session);
        session->merge = NULL;
    } else {
        terminal_print_diagnostics(session, "nothing was merged");
    }
    store_reader_clear(&merge.reader);
    return exit_code;
}
