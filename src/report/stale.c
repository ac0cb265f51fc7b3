#include "report/stale.h"

#include "report/report_private.h"

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what an earlier run wrote ---- */

static json_t *load(struct arena *arena, const char *directory, const char *name)
{
    struct stat about;
    const char *path = arena_printf(arena, "%s/%s", directory, name);
    bool regular = lstat(path, &about) == 0 && S_ISREG(about.st_mode);
    return regular ? json_load_file(path, 0, NULL) : NULL;
}

static bool says(const json_t *object, const char *name, const char *words)
{
    const char *found = json_string_value(json_object_get(object, name));
    return found != NULL && strcmp(found, words) == 0;
}

static void add_name(struct arena *arena, struct stale_files *stale, const char *name)
{
    stale->names = arena_grow(arena, (void *)stale->names, stale->n_names, &stale->capacity,
                              sizeof *stale->names);
    stale->names[stale->n_names++] = arena_copy_text(arena, name);
}

/* Of the tables that the package lists only those that the program knows: a path made by hand, such
 * as ../notes.csv, is none. */
static void add_tables(struct arena *arena, struct stale_files *stale, const json_t *package)
{
    const json_t *resources = json_object_get(package, "resources");
    for (size_t i = 0; i < json_array_size(resources); ++i) {
        const char *path = json_string_value(json_object_get(json_array_get(resources, i), "path"));
        if (path != NULL && is_result_table(path)) {
            add_name(arena, stale, path);
        }
    }
}

static void add_draws(struct arena *arena, struct stale_files *stale, const json_t *manifest)
{
    const json_t *scenarios = json_object_get(manifest, "scenarios");
    for (size_t i = 0; i < json_array_size(scenarios); ++i) {
        const char *id = json_string_value(json_object_get(json_array_get(scenarios, i), "id"));
        bool plain = id != NULL && id[0] != '\0' && id[0] != '.' && strchr(id, '/') == NULL;
        for (size_t kind = 0; plain && kind < N_DRAWS_KINDS; ++kind) {
            add_name(
                arena, stale,
                arena_printf(arena, "draws/%s/%s.csv", id, draws_kind_name((enum draws_kind)kind)));
        }
    }
}

struct stale_files stale_find(struct arena *arena, const char *directory)
{
    struct stale_files stale = {0};
    json_t *package = load(arena, directory, "datapackage.json");
    json_t *manifest = load(arena, directory, "manifest.json");
    if (says(package, "name", "dividend-results") && says(manifest, "program", "dividend")) {
        add_tables(arena, &stale, package);
        add_draws(arena, &stale, manifest);
    }
    json_decref(package);
    json_decref(manifest);
    return stale;
}

/* ---- what goes ---- */

static bool is_written(const struct output_set *set, const char *path)
{
    for (size_t i = 0; i < set->n_files; ++i) {
        if (strcmp(set->files[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* Folders between the file and the results folder, as far as nothing else is in them. */
static void remove_folders(char *path, size_t n_directory)
{
    for (char *slash = strrchr(path, '/'); slash != NULL && slash > path + n_directory;
         slash = strrchr(path, '/')) {
        *slash = '\0';
        if (rmdir(path) != 0) {
            return;
        }
    }
}

size_t stale_remove(const struct stale_files *stale, const struct output_set *set)
{
    size_t n_removed = 0, n_directory = strlen(set->directory);
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < stale->n_names; ++i) {
        struct stat about;
        char *path = arena_printf(&arena, "%s/%s", set->directory, stale->names[i]);
        if (!is_written(set, path) && lstat(path, &about) == 0 && S_ISREG(about.st_mode) &&
            unlink(path) == 0) {
            ++n_removed;
            remove_folders(path, n_directory);
        }
    }
    arena_clear(&arena);
    return n_removed;
}
