/* Names of input files that do not depend on where they lie. */
#include "scenario/scenario.h"

#include <string.h>

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* A model document's path below its models directory. */
static const char *path_below(const char *path, const char *directory)
{
    size_t n = directory != NULL ? strlen(directory) : 0;
    if (n == 0 || strncmp(path, directory, n) != 0) {
        return path;
    }
    path += n;
    return path + strspn(path, "/");
}

const char *library_input_path(struct arena *arena, const struct library *library, const char *file)
{
    for (size_t i = 0; i < library->n_documents; ++i) {
        const struct layered_document *item = &library->documents[i];
        if (strcmp(item->document->file, file) == 0) {
            const char *below = path_below(file, item->directory);
            return item->layer == 0 ? arena_printf(arena, "models/%s", below)
                                    : arena_printf(arena, "layer_%zu/%s", item->layer, below);
        }
    }
    /* apart from the scenarios: a folder of scenarios runs as it is */
    for (size_t i = 0; i < library->n_expectation_documents; ++i) {
        if (strcmp(library->expectation_documents[i]->file, file) == 0) {
            return arena_printf(arena, "expectations/%s", last_part(file));
        }
    }
    return arena_printf(arena, "scenarios/%s", last_part(file));
}
