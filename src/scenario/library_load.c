/* Finding the files of a library on disk. */
#include "base/text.h"
#include "evidence/layer.h"
#include "reader/schema.h"
#include "scenario/scenario_private.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WALK_MAX_DEPTH = 16 };

struct walk {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const char **paths;
    size_t n_paths, capacity;
};

/* A directory on the way down; a symbolic link back to one of them is a loop and is not followed.
 */
struct walk_step {
    const struct walk_step *above;
    dev_t device;
    ino_t inode;
    size_t depth;
};

static void complain_directory(const struct walk *walk, const char *path, const char *remedy,
                               const char *found)
{
    diagnostics_add(walk->diagnostics, DIAGNOSTIC_E600, (struct place){.file = path}, NULL,
                    "a directory that can be read", remedy, "%s", found);
}

static bool is_loop(const struct walk_step *step, const struct stat *status)
{
    for (; step != NULL; step = step->above) {
        if (step->device == status->st_dev && step->inode == status->st_ino) {
            return true;
        }
    }
    return false;
}

/* Data tables are the .csv files of folders named data; dimensions.csv is the index of Sobol
 * dimensions. */
static bool is_data(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash != NULL && strcmp(slash + 1, "dimensions.csv") == 0) {
        return true;
    }
    return slash != NULL && slash - path >= 4 && strncmp(slash - 4, "data", 4) == 0 &&
           (slash - path == 4 || slash[-5] == '/') && text_has_ending(path, ".csv");
}

static void walk_directory(struct walk *walk, const char *path, const struct walk_step *above);

static void walk_entry(struct walk *walk, const char *directory, const char *name,
                       const struct walk_step *step)
{
    struct stat status;
    size_t n_bytes = strlen(directory);
    bool slash = n_bytes > 0 && directory[n_bytes - 1] == '/';
    if (name[0] == '.') {
        return;
    }
    const char *path = arena_printf(walk->arena, "%s%s%s", directory, slash ? "" : "/", name);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        if (!is_loop(step, &status)) {
            walk_directory(walk, path, step);
        }
        return;
    }
    if (text_has_ending(name, ".cfg") || is_data(path)) {
        walk->paths = arena_grow(walk->arena, walk->paths, walk->n_paths, &walk->capacity,
                                 sizeof *walk->paths);
        walk->paths[walk->n_paths++] = path;
    }
}

static void walk_directory(struct walk *walk, const char *path, const struct walk_step *above)
{
    struct stat status;
    size_t depth = above != NULL ? above->depth + 1 : 0;
    if (depth > WALK_MAX_DEPTH) {
        complain_directory(walk, path, "keep models at most 16 folders deep",
                           "this folder is nested too deeply");
        return;
    }
    DIR *directory = opendir(path);
    if (directory == NULL || stat(path, &status) != 0) {
        int reason = errno;
        complain_directory(
            walk, path, "check the path (--models DIR)",
            arena_printf(walk->arena, "the directory cannot be read: %s", strerror(reason)));
        if (directory != NULL) {
            closedir(directory);
        }
        return;
    }
    const struct walk_step step = {
        .above = above, .device = status.st_dev, .inode = status.st_ino, .depth = depth};
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        walk_entry(walk, path, entry->d_name, &step);
    }
    closedir(directory);
}

static int compare_paths(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

struct loader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    struct layered_document *documents;
    size_t n_documents, capacity;
};

static void load_document(struct loader *loader, const char *directory, size_t layer,
                          const char *path)
{
    loader->documents = arena_grow(loader->arena, loader->documents, loader->n_documents,
                                   &loader->capacity, sizeof *loader->documents);
    loader->documents[loader->n_documents++] = (struct layered_document){
        .document = text_has_ending(path, ".csv")
                        ? reader_load_data(loader->arena, loader->diagnostics, path)
                        : reader_load(loader->arena, loader->diagnostics, path),
        .layer = layer,
        .directory = arena_copy_text(loader->arena, directory)};
}

static void load_layer(struct loader *loader, const char *directory, size_t layer)
{
    struct walk walk = {.arena = loader->arena, .diagnostics = loader->diagnostics};
    size_t n_errors = loader->diagnostics->n_errors;
    walk_directory(&walk, arena_copy_text(loader->arena, directory), NULL);
    if (walk.n_paths == 0 && loader->diagnostics->n_errors == n_errors) {
        diagnostics_add(loader->diagnostics, DIAGNOSTIC_E601,
                        (struct place){.file = arena_copy_text(loader->arena, directory)}, NULL,
                        "a directory with evidence, sectors, demands or models in .cfg files",
                        "check the path (--models DIR)",
                        "the directory holds no .cfg file, in itself or below");
        return;
    }
    if (walk.n_paths > 1) {
        qsort(walk.paths, walk.n_paths, sizeof *walk.paths, compare_paths);
    }
    for (size_t i = 0; i < walk.n_paths; ++i) {
        load_document(loader, directory, layer, walk.paths[i]);
    }
}

const struct layered_document *library_documents_of(struct arena *arena, const char *const *paths,
                                                    size_t n_paths, struct diagnostics *diagnostics,
                                                    size_t *n_documents)
{
    struct loader loader = {.arena = arena, .diagnostics = diagnostics};
    for (size_t layer = 0; layer < n_paths; ++layer) {
        struct stat status;
        if (stat(paths[layer], &status) == 0 && S_ISDIR(status.st_mode)) {
            load_layer(&loader, paths[layer], layer);
        } else {
            load_document(&loader, ".", layer, paths[layer]);
        }
    }
    *n_documents = loader.n_documents;
    for (size_t i = 0; i < loader.n_documents; ++i) {
        if (loader.documents[i].document->root != NULL) {
            (void)schema_check_document(loader.documents[i].document, diagnostics);
        }
    }
    return loader.documents;
}

/* ---- scenarios, and those that portfolios name ---- */

struct file_names {
    const char **items;
    size_t n_items, capacity;
};

/* Names of the .cfg files of the folder of `file`, without their ending. */
static void gather_names(struct arena *arena, const char *file, struct file_names *names)
{
    const char *slash = strrchr(file, '/');
    DIR *directory =
        opendir(slash != NULL ? arena_copy_span(arena, file, (size_t)(slash - file + 1)) : ".");
    for (const struct dirent *entry = directory != NULL ? readdir(directory) : NULL; entry != NULL;
         entry = readdir(directory)) {
        if (text_has_ending(entry->d_name, ".cfg") && entry->d_name[0] != '.') {
            names->items = arena_grow(arena, names->items, names->n_items, &names->capacity,
                                      sizeof *names->items);
            names->items[names->n_items++] =
                arena_copy_span(arena, entry->d_name, strlen(entry->d_name) - strlen(".cfg"));
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
}

const char *library_nearest_file(struct arena *arena, const char *const places[PORTFOLIO_PLACES],
                                 const char *name)
{
    struct file_names names = {.n_items = 0};
    for (size_t i = 0; i < PORTFOLIO_PLACES; ++i) {
        gather_names(arena, places[i], &names);
    }
    if (names.n_items > 1) {
        qsort(names.items, names.n_items, sizeof *names.items, compare_paths);
    }
    return text_nearest(name, names.items, names.n_items);
}

struct scenario_files {
    struct loader *loader;
    const struct document **documents;
    size_t n_documents, capacity;
};

static void add_scenario_document(struct scenario_files *files, const struct document *document)
{
    files->documents = arena_grow(files->loader->arena, files->documents, files->n_documents,
                                  &files->capacity, sizeof *files->documents);
    files->documents[files->n_documents++] = document;
}

static void add_scenario_file(struct scenario_files *files, const char *path)
{
    struct loader *loader = files->loader;
    add_scenario_document(files, reader_load(loader->arena, loader->diagnostics, path));
}

bool library_same_file(const char *first, const char *second)
{
    struct stat a, b;
    return stat(first, &a) == 0 && stat(second, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static bool is_loaded(const struct scenario_files *files, const char *path)
{
    for (size_t i = 0; i < files->n_documents; ++i) {
        if (library_same_file(files->documents[i]->file, path)) {
            return true;
        }
    }
    return false;
}

/* The file of a programme's scenario: NAME, or the NAME of an instance NAME--KEY-VALUE. */
static void add_programme_file(struct scenario_files *files, const struct document *portfolio,
                               const char *name)
{
    struct arena *arena = files->loader->arena;
    const char *places[PORTFOLIO_PLACES];
    const char *dashes = strstr(name, "--");
    size_t n_bytes = dashes != NULL ? (size_t)(dashes - name) : strlen(name);
    const char *file = arena_copy_span(arena, name, n_bytes);
    if (!text_is_name(file)) {
        return; /* reported by portfolio_read */
    }
    portfolio_scenario_places(arena, portfolio->file, file, places);
    for (size_t i = 0; i < PORTFOLIO_PLACES; ++i) {
        struct stat status;
        if (is_loaded(files, places[i])) {
            return;
        }
        if (stat(places[i], &status) == 0 && S_ISREG(status.st_mode)) {
            add_scenario_file(files, places[i]);
            return;
        }
    }
}

static void add_programmes(struct scenario_files *files, const struct document *document)
{
    const struct setting *portfolio =
        document->root != NULL ? setting_find(document->root, "portfolio") : NULL;
    const struct setting *list =
        setting_is_group(portfolio) ? setting_find(portfolio, "programmes") : NULL;
    for (size_t i = 0; list != NULL && list->type == SETTING_LIST && i < list->n_children; ++i) {
        const struct setting *name = setting_find(list->children[i], "scenario");
        if (setting_is_text(name)) {
            add_programme_file(files, document, name->text);
        }
    }
}

static bool any_declares(const struct loader *loader, const char *group)
{
    for (size_t i = 0; i < loader->n_documents; ++i) {
        const struct document *document = loader->documents[i].document;
        bool unknown = document->root == NULL && !text_has_ending(document->file, ".csv");
        if (unknown || setting_find(document->root, group) != NULL) {
            return true;
        }
    }
    return false;
}

/* Without these nothing can be worked out, and every name of the shipped evidence would be unknown:
 * one message instead of one for each. */
static bool check_is_library(const struct loader *loader, const struct library_request *request)
{
    bool sectors = any_declares(loader, "sectors"), packs = any_declares(loader, "packs");
    if (request->library_words == NULL || (sectors && packs)) {
        return true;
    }
    diagnostics_add(loader->diagnostics, DIAGNOSTIC_E719,
                    (struct place){.file = request->model_directories[0]}, NULL,
                    "a library with sectors = { }, packs = { } and the shipped evidence",
                    request->library_remedy, "the library of this run is %s, and no file of it %s",
                    request->library_words,
                    sectors ? "declares packs"
                    : packs ? "declares sectors"
                            : "declares sectors or packs");
    return false;
}

const struct library *library_load(struct arena *arena, const struct library_request *request,
                                   struct diagnostics *diagnostics)
{
    struct loader loader = {.arena = arena, .diagnostics = diagnostics};
    for (size_t layer = 0; layer < request->n_model_directories; ++layer) {
        load_layer(&loader, request->model_directories[layer], layer);
    }
    if (!check_is_library(&loader, request)) {
        return NULL;
    }
    struct scenario_files files = {.loader = &loader};
    for (size_t i = 0; i < request->n_scenario_files; ++i) {
        add_scenario_file(&files, request->scenario_files[i]);
    }
    if (request->scenario != NULL) {
        add_scenario_document(&files, request->scenario);
    }
    size_t n_listed = files.n_documents;
    for (size_t i = 0; i < n_listed; ++i) {
        add_programmes(&files, files.documents[i]);
    }
    const struct document **expectations =
        arena_array(arena, request->n_expectation_files + 1, sizeof *expectations);
    for (size_t i = 0; i < request->n_expectation_files; ++i) {
        expectations[i] = reader_load(arena, diagnostics, request->expectation_files[i]);
    }
    return library_build_documents(
        arena,
        &(struct library_documents){.models = loader.documents,
                                    .n_models = loader.n_documents,
                                    .scenarios = files.documents,
                                    .n_scenarios = files.n_documents,
                                    .n_listed = n_listed,
                                    .run = request->run_file != NULL
                                               ? reader_load(arena, diagnostics, request->run_file)
                                               : NULL,
                                    .expectations = expectations,
                                    .n_expectations = request->n_expectation_files},
        diagnostics);
}
