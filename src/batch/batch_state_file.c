/* FOLDER/state.json: of each scenario, total and set that took part in a run with --state, the
 * fingerprint of its inputs with all parts and the settings of that run. Parts and settings stand
 * once and are pointed to by number. */
#include "batch/batch_state.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What took no part for so many runs is forgotten. */
enum { STATE_VERSION = 1, MAX_AGE = 50, MAX_STATE_BYTES = 1 << 30 };

static const char start_words[] = "{\n  \"program\": \"dividend\",\n  \"state\": ";

/* ---- reading ---- */

/* The bytes of the file; false where there is none. `error` says why it cannot be read. */
static bool read_bytes(const char *path, struct text *text, int *problem)
{
    char piece[65536];
    ssize_t n = 1;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *problem = descriptor < 0 && errno != ENOENT && errno != ENOTDIR ? errno : 0;
    if (descriptor < 0) {
        return false;
    }
    while (n > 0 && text->n_bytes < MAX_STATE_BYTES) {
        n = read(descriptor, piece, sizeof piece);
        if (n > 0) {
            text_append_span(text, piece, (size_t)n);
        } else if (n < 0 && errno == EINTR) {
            n = 1;
        } else if (n < 0) {
            *problem = errno;
        }
    }
    (void)close(descriptor);
    return *problem == 0;
}

struct state_reading {
    struct arena *arena;
    struct fingerprint_part *parts;
    const char *const **runs; /* values of settings */
    size_t n_parts, n_runs;
};

static const char *text_at(struct arena *arena, const json_t *array, size_t index)
{
    const char *words = json_string_value(json_array_get(array, index));
    return words != NULL ? arena_copy_text(arena, words) : NULL;
}

static bool read_parts(struct state_reading *reading, const json_t *list)
{
    reading->n_parts = json_array_size(list);
    reading->parts = arena_array(reading->arena, reading->n_parts + 1, sizeof *reading->parts);
    for (size_t i = 0; i < reading->n_parts; ++i) {
        const json_t *item = json_array_get(list, i);
        struct fingerprint_part *part = &reading->parts[i];
        const char *sha256 = json_string_value(json_array_get(item, 2));
        part->kind = text_at(reading->arena, item, 0);
        part->name = text_at(reading->arena, item, 1);
        if (part->kind == NULL || part->name == NULL || sha256 == NULL ||
            !fingerprint_is_one(sha256)) {
            return false;
        }
        memcpy(part->sha256, sha256, sizeof part->sha256);
    }
    return json_is_array(list);
}

static bool read_runs(struct state_reading *reading, const json_t *list)
{
    reading->n_runs = json_array_size(list);
    reading->runs = arena_array(reading->arena, reading->n_runs + 1, sizeof(const char *const *));
    for (size_t i = 0; i < reading->n_runs; ++i) {
        const char **values = arena_array(reading->arena, STATE_SETTINGS, sizeof(const char *));
        for (size_t k = 0; k < STATE_SETTINGS; ++k) {
            const char *words =
                json_string_value(json_object_get(json_array_get(list, i), state_setting_names[k]));
            if (words == NULL) {
                return false;
            }
            values[k] = arena_copy_text(reading->arena, words);
        }
        reading->runs[i] = values;
    }
    return json_is_array(list);
}

static bool read_entry(struct state_reading *reading, const json_t *item, struct state_entry *entry)
{
    const char *id = json_string_value(json_object_get(item, "id"));
    const char *sha256 = json_string_value(json_object_get(item, "sha256"));
    const char *key = json_string_value(json_object_get(item, "result"));
    const json_t *parts = json_object_get(item, "parts");
    json_int_t run = json_integer_value(json_object_get(item, "run"));
    json_int_t age = json_integer_value(json_object_get(item, "age"));
    size_t n = json_array_size(parts);
    if (id == NULL || sha256 == NULL || key == NULL || run < 0 || age < 0 ||
        (size_t)run >= reading->n_runs) {
        return false;
    }
    struct fingerprint_part *list = arena_array(reading->arena, n + 1, sizeof *list);
    for (size_t i = 0; i < n; ++i) {
        json_int_t at = json_integer_value(json_array_get(parts, i));
        if (at < 0 || (size_t)at >= reading->n_parts) {
            return false;
        }
        list[i] = reading->parts[at];
    }
    *entry = (struct state_entry){.id = arena_copy_text(reading->arena, id),
                                  .sha256 = arena_copy_text(reading->arena, sha256),
                                  .key = arena_copy_text(reading->arena, key),
                                  .failed = json_is_true(json_object_get(item, "failed")),
                                  .age = (size_t)age,
                                  .values = reading->runs[run],
                                  .parts = list,
                                  .n_parts = n};
    return true;
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct state_entry *)left)->id, ((const struct state_entry *)right)->id);
}

static bool read_results(struct state_reading *reading, const json_t *list, struct state *state)
{
    size_t n = json_array_size(list);
    struct state_entry *entries = arena_array(reading->arena, n + 1, sizeof *entries);
    for (size_t i = 0; i < n; ++i) {
        if (!read_entry(reading, json_array_get(list, i), &entries[i])) {
            return false;
        }
    }
    if (n > 1) {
        qsort(entries, n, sizeof *entries, compare_entries);
    }
    state->entries = entries;
    state->n_entries = n;
    return json_is_array(list);
}

static void refuse(struct session *session, const char *path, const char *remedy, const char *found)
{
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E950, (struct place){.file = path}, NULL,
                    "a folder of its own for --state, empty or written by dividend", remedy, "%s",
                    found);
}

/* A state of ours that is damaged is of no use, but no loss: everything is simply run. */
static void warn(struct session *session, const char *path)
{
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_W951, (struct place){.file = path}, NULL,
                    "a file as dividend wrote it",
                    "nothing to do: it is written anew after this run, as after a first run",
                    "it is damaged, so it is not known what changed since the last run");
}

bool state_read(struct session *session, struct arena *arena, const char *folder,
                struct state *state)
{
    const char *path = arena_printf(arena, "%s/state.json", folder);
    struct state_reading reading = {.arena = arena};
    struct text text;
    int problem = 0;
    text_init(&text);
    *state = (struct state){.n_entries = 0};
    if (!read_bytes(path, &text, &problem)) {
        if (problem != 0) {
            refuse(session, path, "mend its permissions, or give another folder",
                   arena_printf(arena, "it cannot be read: %s", strerror(problem)));
        }
        text_clear(&text);
        return false;
    }
    bool ours = text.n_bytes >= strlen(start_words) &&
                memcmp(text.bytes, start_words, strlen(start_words)) == 0;
    json_t *root = text.n_bytes > 0 ? json_loadb(text.bytes, text.n_bytes, 0, NULL) : NULL;
    json_int_t version = json_integer_value(json_object_get(root, "state"));
    if (!ours && text.n_bytes > 0) {
        refuse(session, path, "give another folder", "it is no state of dividend");
    } else if (version > STATE_VERSION) {
        refuse(session, path, "use that version, or give another folder",
               "it was written by a later version of dividend");
    } else if (version < 1 || !read_parts(&reading, json_object_get(root, "parts")) ||
               !read_runs(&reading, json_object_get(root, "runs")) ||
               !read_results(&reading, json_object_get(root, "results"), state)) {
        *state = (struct state){.n_entries = 0};
        warn(session, path);
    } else {
        state->is_there = true;
    }
    json_decref(root);
    text_clear(&text);
    return state->is_there;
}

/* ---- writing ---- */

struct state_writing {
    const struct fingerprint_part **parts; /* all, by content, each once */
    size_t n_parts;
    const char *const **runs; /* those before, then this one */
    size_t n_runs;
};

static int compare_parts(const void *left, const void *right)
{
    const struct fingerprint_part *const *a = left, *const *b = right;
    int by_kind = strcmp((*a)->kind, (*b)->kind);
    int by_name = strcmp((*a)->name, (*b)->name);
    return by_kind != 0 ? by_kind : by_name != 0 ? by_name : strcmp((*a)->sha256, (*b)->sha256);
}

static size_t find_part(const struct state_writing *writing, const struct fingerprint_part *part)
{
    const struct fingerprint_part *const *at =
        bsearch((const void *)&part, (const void *)writing->parts, writing->n_parts,
                sizeof *writing->parts, compare_parts);
    return (size_t)(at - (const struct fingerprint_part *const *)writing->parts);
}

static bool same_values(const char *const *a, const char *const *b)
{
    bool same = true;
    for (size_t i = 0; same && i < STATE_SETTINGS; ++i) {
        same = strcmp(a[i], b[i]) == 0;
    }
    return same;
}

static size_t find_run(struct state_writing *writing, const char *const *values)
{
    size_t i = 0;
    while (i < writing->n_runs && !same_values(writing->runs[i], values)) {
        ++i;
    }
    if (i == writing->n_runs) {
        writing->runs[writing->n_runs++] = values;
    }
    return i;
}

static void write_entry(struct text *out, struct state_writing *writing,
                        const struct state_entry *entry, bool first)
{
    text_append(out, first ? "\n    { \"id\": " : ",\n    { \"id\": ");
    json_write_text(out, entry->id);
    text_printf(out, ", \"run\": %zu, \"age\": %zu, \"failed\": %s, \"sha256\": ",
                find_run(writing, entry->values), entry->age, entry->failed ? "true" : "false");
    json_write_text(out, entry->sha256);
    text_append(out, ", \"result\": ");
    json_write_text(out, entry->key);
    text_append(out, ",\n      \"parts\": [");
    for (size_t i = 0; i < entry->n_parts; ++i) {
        text_printf(out, "%s%zu", i > 0 ? ", " : "", find_part(writing, &entry->parts[i]));
    }
    text_append(out, "] }");
}

static void write_parts(struct text *out, const struct state_writing *writing)
{
    text_append(out, "  \"parts\": [");
    for (size_t i = 0; i < writing->n_parts; ++i) {
        text_append(out, i > 0 ? ",\n    [" : "\n    [");
        json_write_text(out, writing->parts[i]->kind);
        text_append(out, ", ");
        json_write_text(out, writing->parts[i]->name);
        text_printf(out, ", \"%s\"]", writing->parts[i]->sha256);
    }
    text_append(out, "\n  ],\n");
}

static void write_runs(struct text *out, const struct state_writing *writing)
{
    text_append(out, "  \"runs\": [");
    for (size_t i = 0; i < writing->n_runs; ++i) {
        text_append(out, i > 0 ? ",\n    { " : "\n    { ");
        for (size_t k = 0; k < STATE_SETTINGS; ++k) {
            text_append(out, k > 0 ? ", " : "");
            json_write_text(out, state_setting_names[k]);
            text_append(out, ": ");
            json_write_text(out, writing->runs[i][k]);
        }
        text_append(out, " }");
    }
    text_append(out, "\n  ]\n}\n");
}

/* What took part now, and what took part lately. */
static struct state_entry *gather_entries(const struct rerun *rerun, const struct report_run *run,
                                          struct arena *arena, size_t *n_entries)
{
    struct state_entry *entries =
        arena_array(arena, rerun->n_plans + rerun->before.n_entries + 1, sizeof *entries);
    size_t n = 0;
    for (size_t i = 0; i < rerun->n_plans; ++i) {
        const struct rerun_plan *plan = &rerun->plans[i];
        entries[n++] = (struct state_entry){.id = plan->plan->scenario->id,
                                            .sha256 = plan->fingerprint.sha256,
                                            .key = plan->key_digits,
                                            .failed = run->results[i].status != STATUS_OK,
                                            .values = rerun->settings,
                                            .parts = plan->fingerprint.parts,
                                            .n_parts = plan->fingerprint.n_parts};
    }
    if (n > 1) {
        qsort(entries, n, sizeof *entries, compare_entries);
    }
    size_t n_now = n;
    for (size_t i = 0; i < rerun->before.n_entries; ++i) {
        struct state_entry entry = rerun->before.entries[i];
        ++entry.age;
        if (entry.age <= MAX_AGE && (n_now == 0 || bsearch(&entry, entries, n_now, sizeof *entries,
                                                           compare_entries) == NULL)) {
            entries[n++] = entry;
        }
    }
    *n_entries = n;
    return entries;
}

static void gather_parts(struct state_writing *writing, struct arena *arena,
                         const struct state_entry *entries, size_t n_entries)
{
    size_t n_all = 0, n = 0;
    for (size_t i = 0; i < n_entries; ++i) {
        n_all += entries[i].n_parts;
    }
    const struct fingerprint_part **parts =
        arena_array(arena, n_all + 1, sizeof(const struct fingerprint_part *));
    for (size_t i = 0; i < n_entries; ++i) {
        for (size_t k = 0; k < entries[i].n_parts; ++k) {
            parts[n++] = &entries[i].parts[k];
        }
    }
    if (n > 1) {
        qsort((void *)parts, n, sizeof *parts, compare_parts);
    }
    for (size_t i = 0; i < n; ++i) {
        if (writing->n_parts == 0 || compare_parts((const void *)&parts[writing->n_parts - 1],
                                                   (const void *)&parts[i]) != 0) {
            parts[writing->n_parts++] = parts[i];
        }
    }
    writing->parts = parts;
}

enum status state_write(const struct rerun *rerun, const struct report_run *run,
                        struct error *error)
{
    struct arena arena;
    struct text out;
    size_t n_entries = 0;
    arena_init(&arena);
    text_init(&out);
    const struct state_entry *entries = gather_entries(rerun, run, &arena, &n_entries);
    struct state_writing writing = {
        .runs = arena_array(&arena, n_entries + 1, sizeof(const char *const *))};
    gather_parts(&writing, &arena, entries, n_entries);
    text_printf(&out, "%s%d,\n", start_words, STATE_VERSION);
    write_parts(&out, &writing);
    text_append(&out, "  \"results\": [");
    for (size_t i = 0; i < n_entries; ++i) {
        write_entry(&out, &writing, &entries[i], i == 0);
    }
    text_append(&out, "\n  ],\n");
    write_runs(&out, &writing);
    enum status status =
        path_replace(arena_printf(&arena, "%s/state.json", rerun->folder), &out, error);
    text_clear(&out);
    arena_clear(&arena);
    return status;
}
