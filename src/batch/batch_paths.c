#include "base/text.h"
#include "batch/batch_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct place no_place = {0};

bool path_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

bool path_is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Without trailing slashes, so that messages and names do not depend on shell completion. */
static const char *trim_slashes(struct session *session, const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    return arena_copy_span(&session->arena, path, length);
}

static const char *join(struct session *session, const char *directory, const char *name)
{
    const char *slash = strcmp(directory, "/") == 0 ? "" : "/";
    return arena_printf(&session->arena, "%s%s%s", directory, slash, name);
}

static int compare_words(const void *first, const void *second)
{
    return strcmp(*(const char *const *)first, *(const char *const *)second);
}

static void add_file(struct session *session, struct word_list *files, const char *file)
{
    for (size_t item = 0; item < files->n_items; item++) {
        if (library_same_file(files->items[item], file)) {
            return;
        }
    }
    word_list_add(session, files, file);
}

static bool is_scenario_name(const char *name)
{
    return name[0] != '.' && text_has_ending(name, ".cfg") && strcmp(name, "run.cfg") != 0;
}

static bool add_directory(struct session *session, struct word_list *files, const char *path)
{
    DIR *directory = opendir(path);
    if (directory == NULL) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E707, no_place, NULL, NULL, NULL,
                        "`%s` could not be opened: %s", path, strerror(errno));
        return false;
    }
    struct word_list found = {0};
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        const char *file = join(session, path, entry->d_name);
        if (is_scenario_name(entry->d_name) && !path_is_directory(file)) {
            word_list_add(session, &found, file);
        }
    }
    closedir(directory);
    if (found.n_items == 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E708, no_place, NULL,
                        "a folder with scenario files NAME.cfg",
                        "`dividend new scenario NAME --model M` writes one to start from",
                        "`%s` holds no scenario files", path);
        return false;
    }
    qsort((void *)found.items, found.n_items, sizeof *found.items, compare_words);
    for (size_t item = 0; item < found.n_items; item++) {
        add_file(session, files, found.items[item]);
    }
    return true;
}

static const char *folder_of(struct session *session, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (slash == NULL) {
        return ".";
    }
    return slash == file ? "/" : arena_copy_span(&session->arena, file, (size_t)(slash - file));
}

const char *paths_run_file(struct session *session, const char *file)
{
    const char *folder = folder_of(session, file);
    const char *run = strcmp(folder, ".") == 0 ? "run.cfg" : join(session, folder, "run.cfg");
    return path_exists(run) && !path_is_directory(run) ? run : NULL;
}

/* The run.cfg of a folder counts for the scenarios in it; two different ones cannot both hold. */
static void find_run_file(struct session *session, struct library_request *request,
                          const char *folder)
{
    const char *file = strcmp(folder, ".") == 0 ? "run.cfg" : join(session, folder, "run.cfg");
    if (!path_exists(file) || path_is_directory(file)) {
        return;
    }
    if (request->run_file == NULL) {
        request->run_file = file;
    } else if (!library_same_file(request->run_file, file)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E715, no_place, NULL,
                        "scenarios that share one run.cfg", "run the two folders one at a time",
                        "`%s` and `%s` both apply", request->run_file, file);
    }
}

static void expand_path(struct session *session, struct library_request *request,
                        struct word_list *files, const char *word)
{
    const char *path = trim_slashes(session, word);
    if (path_is_directory(path)) {
        if (add_directory(session, files, path)) {
            find_run_file(session, request, path);
        }
        return;
    }
    if (!path_exists(path)) {
        const char *remedy = NULL;
        const char *with_ending = arena_printf(&session->arena, "%s.cfg", path);
        const char *in_scenarios = arena_printf(&session->arena, "scenarios/%s.cfg", path);
        if (path_exists(with_ending)) {
            remedy = arena_printf(&session->arena, "did you mean `%s`?", with_ending);
        } else if (path_exists(in_scenarios)) {
            remedy = arena_printf(&session->arena, "did you mean `%s`?", in_scenarios);
        }
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E707, no_place, NULL,
                        "a scenario file or a folder of them", remedy, "`%s` does not exist", path);
        return;
    }
    add_file(session, files, path);
    find_run_file(session, request, folder_of(session, path));
}

static const char *default_path(const struct session *session)
{
    const struct options *options = &session->options;
    bool portfolios = options->command == COMMAND_PORTFOLIO || session->lists_portfolios;
    return portfolios ? "scenarios/portfolios" : "scenarios";
}

bool paths_expand(struct session *session, struct library_request *request)
{
    size_t n_before = session->diagnostics.n_errors;
    const struct word_list *words = &session->options.words;
    struct word_list files = {0};
    if (words->n_items == 0) {
        expand_path(session, request, &files, default_path(session));
    }
    for (size_t word = 0; word < words->n_items; word++) {
        expand_path(session, request, &files, words->items[word]);
    }
    request->scenario_files = files.items;
    request->n_scenario_files = files.n_items;
    request->expectation_files = session->options.expect.items;
    request->n_expectation_files = session->options.expect.n_items;
    return session->diagnostics.n_errors == n_before;
}

/* Beside the program: PREFIX/share/dividend/models once installed in PREFIX/bin, or models/ of the
 * checkout whose build/PRESET it lies in. The link is resolved, so parents can be cut off. */
static const char *models_beside_program(struct session *session)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return NULL;
    }
    program[length] = '\0';
    const char *above = folder_of(session, folder_of(session, program));
    const char *installed = join(session, above, "share/dividend/models");
    if (path_is_directory(installed)) {
        return installed;
    }
    const char *checkout = join(session, folder_of(session, above), "models");
    return path_exists(join(session, checkout, "sectors.cfg")) ? checkout : NULL;
}

const char *paths_shipped_models(struct session *session)
{
    if (path_is_directory("models")) {
        return "models";
    }
    const char *beside = models_beside_program(session);
    if (beside != NULL) {
        return beside;
    }
    const char *stated = getenv("DIVIDEND_MODELS");
    return stated != NULL && path_is_directory(stated) ? stated : NULL;
}

/* "models/ of the folder you are in", for messages; `path` is what paths_shipped_models gave. */
static const char *library_words(struct session *session, const char *path)
{
    const char *stated = getenv("DIVIDEND_MODELS");
    return strcmp(path, "models") == 0 ? "models/ of the folder you are in"
           : stated != NULL && strcmp(path, stated) == 0
               ? arena_printf(&session->arena, "%s (DIVIDEND_MODELS)", path)
               : arena_printf(&session->arena, "%s, installed with the program", path);
}

/* Where the library is not a folder of the user's, it is damaged. */
static const char *library_remedy(struct session *session, const char *path)
{
    const char *beside = strcmp(path, "models") == 0 ? models_beside_program(session) : NULL;
    if (strcmp(path, "models") != 0) {
        return "install the program anew, or name a whole library by DIVIDEND_MODELS";
    }
    return beside == NULL
               ? "rename the folder and add it with --models; run from a folder whose models/ is "
                 "the shipped library, or name that by DIVIDEND_MODELS"
               : arena_printf(&session->arena,
                              "give the folder another name and lay it over the shipped library: "
                              "`mv models our`, then `--models our` (the library is then %s)",
                              beside);
}

/* A folder laid over itself would replace every item by itself. */
static bool check_layer(struct session *session, const struct word_list *layers, const char *path)
{
    for (size_t i = 0; i < layers->n_items; ++i) {
        if (!library_same_file(layers->items[i], path)) {
            continue;
        }
        bool library = i == 0 && !session->options.no_shipped_models;
        diagnostics_add(
            &session->diagnostics, DIAGNOSTIC_E720, no_place, NULL, "each folder of models once",
            !library ? "name it once"
            : strcmp(layers->items[0], "models") == 0 && !path_exists("models/sectors.cfg")
                ? library_remedy(session, "models")
                : "leave it out: it is used without being named",
            library ? "--models `%s` is the folder that is the library of this run already: %s"
                    : "--models `%s` is given twice%s",
            path, library ? library_words(session, layers->items[0]) : "");
        return false;
    }
    return true;
}

bool paths_models(struct session *session, struct library_request *request)
{
    size_t n_before = session->diagnostics.n_errors;
    struct word_list layers = {0};
    const char *shipped = session->options.no_shipped_models ? NULL : paths_shipped_models(session);
    if (shipped != NULL) {
        word_list_add(session, &layers, shipped);
        request->library_words = library_words(session, shipped);
        request->library_remedy = library_remedy(session, shipped);
    }
    for (size_t item = 0; item < session->options.models.n_items; item++) {
        const char *path = trim_slashes(session, session->options.models.items[item]);
        if (path_is_directory(path)) {
            if (check_layer(session, &layers, path)) {
                word_list_add(session, &layers, path);
            }
            continue;
        }
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E710, no_place, NULL,
                        "a folder with *.cfg files of evidence, sectors, demands or models", NULL,
                        path_exists(path) ? "--models `%s` is not a folder"
                                          : "--models `%s` does not exist",
                        path);
    }
    if (layers.n_items == 0 && session->diagnostics.n_errors == n_before) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E710, no_place, NULL,
                        "a folder models/ here, the models installed with the program, or a folder "
                        "named by --models or DIVIDEND_MODELS",
                        "run from the project's folder, or add --models DIR",
                        "no models were found");
    }
    request->model_directories = layers.items;
    request->n_model_directories = layers.n_items;
    return session->diagnostics.n_errors == n_before;
}

const char *paths_results(struct session *session)
{
    if (session->options.out != NULL) {
        return trim_slashes(session, session->options.out);
    }
    const char *path = default_path(session);
    if (session->options.words.n_items > 0) {
        path = trim_slashes(session, session->options.words.items[0]);
    }
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t length = strlen(base);
    if (text_has_ending(base, ".cfg")) {
        length -= strlen(".cfg");
    }
    if (length == 0 || strcmp(base, ".") == 0 || strcmp(base, "..") == 0) {
        return "results/runs/scenarios";
    }
    return arena_printf(&session->arena, "results/runs/%.*s", (int)length, base);
}

enum status paths_check_writable(const char *directory, struct error *error)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s", directory) >= sizeof path) {
        return error_set(error, STATUS_IO, "%s: the path is too long", directory);
    }
    while (!path_exists(path)) {
        char *slash = strrchr(path, '/');
        if (errno != ENOENT && errno != ENOTDIR) {
            return error_set(error, STATUS_IO, "%s: %s", path, strerror(errno));
        }
        if (slash == NULL) {
            snprintf(path, sizeof path, ".");
        } else if (slash == path) {
            path[1] = '\0';
        } else {
            *slash = '\0';
        }
    }
    if (!path_is_directory(path)) {
        return error_set(error, STATUS_IO, "%s cannot be created: %s is not a folder", directory,
                         path);
    }
    if (access(path, W_OK | X_OK) != 0) {
        return error_set(error, STATUS_IO, "%s cannot be written: %s: %s", directory, path,
                         strerror(errno));
    }
    return STATUS_OK;
}

static enum status make_one(const char *path, struct error *error)
{
    if (mkdir(path, 0777) == 0 || path_is_directory(path)) {
        return STATUS_OK;
    }
    int reason = errno;
    if (reason == EEXIST) {
        return error_set(error, STATUS_IO, "%s is not a folder", path);
    }
    return error_set(error, STATUS_IO, "the folder %s could not be created: %s", path,
                     strerror(reason));
}

enum status paths_make(const char *directory, struct error *error)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s", directory) >= sizeof path) {
        return error_set(error, STATUS_IO, "%s: the path is too long", directory);
    }
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        TRY(make_one(path, error));
        *slash = '/';
    }
    return make_one(path, error);
}

enum status paths_make_for(struct session *session, const char *path, struct error *error)
{
    return paths_make(folder_of(session, path), error);
}

static enum status write_and_sync(int descriptor, const char *path, const struct text *text,
                                  struct error *error)
{
    size_t n_done = 0;
    while (n_done < text->n_bytes) {
        ssize_t n_written = write(descriptor, text->bytes + n_done, text->n_bytes - n_done);
        if (n_written < 0 && errno != EINTR) {
            return error_set(error, STATUS_IO, "%s could not be written: %s", path,
                             strerror(errno));
        }
        n_done += n_written > 0 ? (size_t)n_written : 0;
    }
    if (fsync(descriptor) != 0) {
        return error_set(error, STATUS_IO, "%s could not be written: %s", path, strerror(errno));
    }
    return STATUS_OK;
}

/* The file that is to become `path`, open under another name. */
static enum status create_temporary(const char *path, bool over_an_old_one,
                                    char temporary[PATH_MAX], int *descriptor, struct error *error)
{
    int n = snprintf(temporary, PATH_MAX, "%s.%ld.tmp", path, (long)getpid());
    if (n < 0 || n >= PATH_MAX) {
        return error_set(error, STATUS_IO, "%s: the path is too long", path);
    }
    if (over_an_old_one) {
        (void)unlink(temporary);
    }
    *descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return *descriptor >= 0
               ? STATUS_OK
               : error_set(error, STATUS_IO, "%s could not be created: %s", path, strerror(errno));
}

static enum status write_and_close(int descriptor, const char *path, const struct text *text,
                                   struct error *error)
{
    enum status status = write_and_sync(descriptor, path, text, error);
    if (close(descriptor) != 0 && status == STATUS_OK) {
        status = error_set(error, STATUS_IO, "%s could not be written: %s", path, strerror(errno));
    }
    return status;
}

enum status path_write_new(const char *path, const struct text *text, struct error *error)
{
    char temporary[PATH_MAX];
    int descriptor = -1;
    TRY(create_temporary(path, false, temporary, &descriptor, error));
    enum status status = write_and_close(descriptor, path, text, error);
    /* link, unlike rename, never replaces a file that appeared in the meantime; some network shares
     * have no links. */
    if (status == STATUS_OK && link(temporary, path) != 0 &&
        (errno == EEXIST || path_exists(path) || rename(temporary, path) != 0)) {
        status = error_set(error, STATUS_IO, "%s could not be created: %s", path, strerror(errno));
    }
    unlink(temporary);
    return status;
}

enum status path_replace(const char *path, const struct text *text, struct error *error)
{
    char temporary[PATH_MAX];
    int descriptor = -1;
    TRY(create_temporary(path, true, temporary, &descriptor, error));
    enum status status = write_and_close(descriptor, path, text, error);
    if (status == STATUS_OK && rename(temporary, path) != 0) {
        status = error_set(error, STATUS_IO, "%s could not be replaced: %s", path, strerror(errno));
    }
    if (status != STATUS_OK) {
        (void)unlink(temporary);
    }
    return status;
}
