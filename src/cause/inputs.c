#include "cause/inputs.h"

#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct unpacking {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char *path;
    struct layered_document *models;
    const struct document **scenarios;
    const struct document *run;
    size_t n_models, n_scenarios, models_capacity, scenarios_capacity, n_bytes;
};

static bool refuse(const struct unpacking *unpacking, const char *found)
{
    diagnostics_add(unpacking->diagnostics, DIAGNOSTIC_E963,
                    (struct place){.file = unpacking->path}, NULL,
                    "inputs.tar.zst as `dividend run` wrote it beside manifest.json",
                    "copy the whole results folder, or run the scenarios again", "%s", found);
    return false;
}

static int compare_models(const void *left, const void *right)
{
    const struct layered_document *a = left, *b = right;
    if (a->layer != b->layer) {
        return a->layer < b->layer ? -1 : 1;
    }
    return strcmp(a->document->file, b->document->file);
}

static int compare_documents(const void *left, const void *right)
{
    const struct document *const *a = left, *const *b = right;
    return strcmp((*a)->file, (*b)->file);
}

static void add_model(struct unpacking *unpacking, const struct document *document, size_t layer,
                      const char *directory)
{
    unpacking->models = arena_grow(unpacking->arena, unpacking->models, unpacking->n_models,
                                   &unpacking->models_capacity, sizeof *unpacking->models);
    unpacking->models[unpacking->n_models++] =
        (struct layered_document){.document = document, .layer = layer, .directory = directory};
}

/* "layer_12" and its number; false: it is none. */
static bool read_layer(const char *folder, size_t *layer)
{
    static const char start[] = "layer_";
    const char *digits = folder + strlen(start);
    char *end = NULL;
    if (strncmp(folder, start, strlen(start)) != 0 || *digits < '1' || *digits > '9') {
        return false;
    }
    unsigned long number = strtoul(digits, &end, 10);
    *layer = (size_t)number;
    return *end == '\0' && number < 1024;
}

/* `name` below inputs/: models/..., layer_N/..., scenarios/...; expectations are not needed. */
static bool place_document(struct unpacking *unpacking, const char *name,
                           const struct document *document)
{
    size_t n_folder = strcspn(name, "/"), layer = 0;
    const char *folder = arena_copy_span(unpacking->arena, name, n_folder);
    if (strcmp(folder, "models") == 0 || read_layer(folder, &layer)) {
        add_model(unpacking, document, layer, folder);
    } else if (strcmp(name, "scenarios/run.cfg") == 0) {
        unpacking->run = document;
    } else if (strcmp(folder, "scenarios") == 0) {
        unpacking->scenarios =
            arena_grow(unpacking->arena, (void *)unpacking->scenarios, unpacking->n_scenarios,
                       &unpacking->scenarios_capacity, sizeof *unpacking->scenarios);
        unpacking->scenarios[unpacking->n_scenarios++] = document;
    } else if (strcmp(folder, "expectations") != 0) {
        return refuse(unpacking, arena_printf(unpacking->arena,
                                              "it holds \"%.80s\", which is no input", name));
    }
    return true;
}

static const struct document *make_document(struct unpacking *unpacking, const char *name,
                                            const char *bytes, size_t n_bytes)
{
    if (!text_has_ending(name, ".csv")) {
        return reader_parse(unpacking->arena, unpacking->diagnostics, name, bytes, n_bytes);
    }
    struct document *document = arena_alloc(unpacking->arena, sizeof *document);
    *document = (struct document){.file = name, .bytes = bytes, .n_bytes = n_bytes};
    return document;
}

static bool unpack(struct unpacking *unpacking, struct archive *archive,
                   struct archive_entry *entry)
{
    static const char start[] = "inputs/";
    const char *name = archive_entry_pathname(entry);
    la_int64_t size = archive_entry_size(entry);
    if (name == NULL || strncmp(name, start, strlen(start)) != 0 ||
        archive_entry_filetype(entry) != AE_IFREG || size < 0 ||
        (size_t)size > INPUTS_MAX_BYTES - unpacking->n_bytes ||
        unpacking->n_models + unpacking->n_scenarios >= INPUTS_MAX_FILES) {
        return refuse(unpacking, "it holds what is no input of a run, or too much");
    }
    size_t n_bytes = (size_t)size;
    char *bytes = arena_alloc(unpacking->arena, n_bytes + 1);
    name = arena_copy_text(unpacking->arena, name + strlen(start));
    unpacking->n_bytes += n_bytes;
    if (archive_read_data(archive, bytes, n_bytes) != (la_ssize_t)n_bytes) {
        return refuse(unpacking, arena_printf(unpacking->arena, "%.80s is not whole", name));
    }
    return place_document(unpacking, name, make_document(unpacking, name, bytes, n_bytes));
}

static bool unpack_all(struct unpacking *unpacking)
{
    enum { BLOCK = 65536 };

    struct archive *archive = archive_read_new();
    struct archive_entry *entry = NULL;
    bool good = archive_read_support_format_tar(archive) == ARCHIVE_OK &&
                archive_read_support_filter_zstd(archive) == ARCHIVE_OK &&
                archive_read_open_filename(archive, unpacking->path, BLOCK) == ARCHIVE_OK;
    int next = good ? archive_read_next_header(archive, &entry) : ARCHIVE_FATAL;
    while (next == ARCHIVE_OK && good) {
        good = unpack(unpacking, archive, entry);
        next = good ? archive_read_next_header(archive, &entry) : next;
    }
    if (good && next != ARCHIVE_EOF) {
        const char *why = archive_error_string(archive);
        good = refuse(unpacking, why != NULL ? why : "it cannot be read");
    } else if (!good && unpacking->diagnostics->n_errors == 0) {
        const char *why = archive_error_string(archive);
        (void)refuse(unpacking, why != NULL ? why : "it cannot be read");
    }
    archive_read_free(archive);
    return good;
}

const struct library *inputs_read(struct arena *arena, struct diagnostics *diagnostics,
                                  const char *directory)
{
    size_t n_before = diagnostics->n_errors;
    struct unpacking unpacking = {.arena = arena,
                                  .diagnostics = diagnostics,
                                  .path = arena_printf(arena, "%s/inputs.tar.zst", directory)};
    if (!unpack_all(&unpacking) || diagnostics->n_errors > n_before) {
        return NULL;
    }
    if (unpacking.n_models > 1) {
        qsort(unpacking.models, unpacking.n_models, sizeof *unpacking.models, compare_models);
    }
    if (unpacking.n_scenarios > 1) {
        qsort((void *)unpacking.scenarios, unpacking.n_scenarios, sizeof *unpacking.scenarios,
              compare_documents);
    }
    const struct library *library =
        library_build_documents(arena,
                                &(struct library_documents){.models = unpacking.models,
                                                            .n_models = unpacking.n_models,
                                                            .scenarios = unpacking.scenarios,
                                                            .n_scenarios = unpacking.n_scenarios,
                                                            .n_listed = unpacking.n_scenarios,
                                                            .run = unpacking.run},
                                diagnostics);
    return diagnostics->n_errors == n_before ? library : NULL;
}
