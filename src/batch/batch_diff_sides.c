/* The two sides of a comparison: results folders that are read, revisions and folders that are run.
 */
#include "base/engine.h"
#include "batch/batch_diff.h"
#include "batch/batch_git.h"
#include "cause/inputs.h"
#include "plan/plan_bundle.h"
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct place no_place = {0};

/* ---- what a name is ---- */

static bool is_results_folder(struct session *session, const char *path)
{
    return path_exists(arena_printf(&session->arena, "%s/manifest.json", path));
}

static bool is_project_folder(struct session *session, const char *path)
{
    return path_is_directory(arena_printf(&session->arena, "%s/scenarios", path)) ||
           path_is_directory(arena_printf(&session->arena, "%s/models", path));
}

static void find_side(struct session *session, struct diff_side *side)
{
    const char *repository = session->options.diff.repository;
    if (is_results_folder(session, side->name)) {
        side->is_results = true;
    } else if (path_is_directory(side->name) && is_project_folder(session, side->name)) {
        side->words = "the folder as it stands";
    } else if (path_is_directory(side->name)) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E960, no_place, NULL,
                        "a results folder (manifest.json), a folder with scenarios/, or a revision",
                        "give the folder that `dividend run` named, e.g. results/runs/scenarios; "
                        "two folders of models are for `dividend evidence compare`",
                        "the folder `%s` holds neither results nor scenarios", side->name);
    } else if (path_exists(side->name) || side->name[0] == '-') {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E960, no_place, NULL,
                        "a results folder, a folder with scenarios/, or a revision",
                        "files to run come third: `dividend diff OLD NEW PATH...`",
                        "`%s` is none of them", side->name);
    } else {
        side->commit = git_commit(session, repository != NULL ? repository : ".", side->name);
        side->words =
            side->commit != NULL ? arena_printf(&session->arena, "commit %.12s", side->commit) : "";
    }
}

bool diff_sides_find(struct session *session, struct diff_side sides[2])
{
    size_t n_before = session->diagnostics.n_errors;
    const struct word_list *words = &session->options.words;
    for (size_t i = 0; i < 2; ++i) {
        sides[i].name = words->items[i];
        find_side(session, &sides[i]);
    }
    if (session->diagnostics.n_errors > n_before) {
        return false;
    }
    if (sides[0].is_results != sides[1].is_results) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E961, no_place, NULL,
                        "two results folders, or two revisions or project folders",
                        "`dividend run --against FOLDER` compares a run with earlier results",
                        "`%s` is a results folder, and `%s` is not",
                        sides[sides[0].is_results ? 0 : 1].name,
                        sides[sides[0].is_results ? 1 : 0].name);
    } else if (sides[0].is_results && words->n_items > 2) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E706, no_place, NULL,
                        "PATHs of scenarios with revisions and project folders alone",
                        "leave it out: of two results folders everything is compared",
                        "`%s` comes after two results folders", words->items[2]);
    }
    return session->diagnostics.n_errors == n_before;
}

/* ---- results folders ---- */

static uint64_t read_count(const char *words)
{
    return strtoull(words, NULL, 10);
}

static void read_folder(struct session *session, struct diff_side *side)
{
    side->results =
        results_read(&session->arena, &session->diagnostics, side->name, DIVIDEND_VERSION);
    if (side->results == NULL) {
        return;
    }
    const struct results_settings *settings = &side->results->settings;
    bool same_engine = strcmp(side->results->engine, engine_identity()) == 0;
    side->other_program = !same_engine || strcmp(side->results->version, DIVIDEND_VERSION) != 0;
    side->words = arena_printf(&session->arena, "results of dividend %s%s", side->results->version,
                               same_engine ? "" : ", another build than this");
    side->design = (struct diff_design){
        .seed = read_count(results_setting_find(settings, "seed")),
        .n_draws = read_count(results_setting_find(settings, "draws")),
        .method = sampling_method_find(results_setting_find(settings, "sampling")),
        .n_scramblings = (uint32_t)read_count(results_setting_find(settings, "scramblings"))};
    struct diagnostics own;
    diagnostics_init(&own, &session->arena);
    side->library = inputs_read(&session->arena, &own, side->name);
    if (side->library == NULL) {
        diagnostics_sort(&own);
        const struct diagnostic *first = own.n_items > 0 ? &own.items[0] : NULL;
        side->without = first != NULL ? arena_printf(&session->arena,
                                                     "the inputs of %s cannot be read again: "
                                                     "%s, %s%s%s",
                                                     side->name, diagnostic_code_name(first->code),
                                                     first->path != NULL ? first->path : "",
                                                     first->path != NULL ? ": " : "", first->found)
                                      : "its inputs cannot be read";
    }
}

/* ---- a revision's files in a temporary folder ---- */

static void remove_tree(const char *path)
{
    char below[4096];
    DIR *directory = opendir(path);
    for (const struct dirent *entry = directory != NULL ? readdir(directory) : NULL; entry != NULL;
         entry = readdir(directory)) {
        bool itself = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        struct stat about;
        int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (itself || n < 0 || (size_t)n >= sizeof below || lstat(below, &about) != 0) {
            continue;
        }
        if (S_ISDIR(about.st_mode)) {
            remove_tree(below);
        } else {
            (void)unlink(below);
        }
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    (void)rmdir(path);
}

/* What a revision may need: models, scenarios, what the command line names. */
static bool extract(struct session *session, const struct diff_side *side,
                    const struct word_list *paths, const char *into)
{
    struct word_list wanted = {0};
    const char *repository = session->options.diff.repository;
    word_list_add(session, &wanted, "models");
    word_list_add(session, &wanted, "scenarios");
    for (size_t i = 0; i < paths->n_items; ++i) {
        word_list_add(session, &wanted, paths->items[i]);
    }
    for (size_t i = 0; i < session->options.models.n_items; ++i) {
        word_list_add(session, &wanted, session->options.models.items[i]);
    }
    return git_extract(session, repository != NULL ? repository : ".", side->commit, &wanted, into);
}

/* Paths that this side has: a scenario may come or go between the two. */
static struct word_list paths_here(struct session *session, const struct word_list *paths)
{
    struct word_list here = {0};
    for (size_t i = 0; i < paths->n_items; ++i) {
        if (path_exists(paths->items[i])) {
            word_list_add(session, &here, paths->items[i]);
        }
    }
    return here.n_items > 0 ? here : *paths;
}

/* Diagnostics name the side: "HEAD~1:scenarios/a.cfg". */
static void name_side(struct session *session, size_t first, const struct diff_side *side)
{
    for (size_t i = first; i < session->diagnostics.n_items; ++i) {
        struct place *place = &session->diagnostics.items[i].place;
        if (place->file != NULL) {
            place->file = arena_printf(&session->arena, "%s:%s", side->name, place->file);
        }
    }
}

/* Reads the library as if the program stood in `folder`: names of files are then those of the
 * project, wherever it stands. */
static void load_in(struct session *session, struct diff_side *side, const struct word_list *paths,
                    const char *folder)
{
    const struct word_list words = session->options.words;
    size_t first = session->diagnostics.n_items;
    int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (here < 0 || chdir(folder) != 0) {
        diagnostics_add(&session->diagnostics, DIAGNOSTIC_E707, no_place, NULL, NULL, NULL,
                        "`%s` could not be entered: %s", folder, strerror(errno));
    } else {
        session->options.words = paths_here(session, paths);
        side->library = session_load(session, true);
        session->options.words = words;
        if (fchdir(here) != 0) {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_E707, no_place, NULL, NULL, NULL,
                            "the folder that the program was started in is gone: %s",
                            strerror(errno));
        }
    }
    if (here >= 0) {
        (void)close(here);
    }
    name_side(session, first, side);
}

static enum status load_revision(struct session *session, struct diff_side *side,
                                 const struct word_list *paths, struct error *error)
{
    const char *parent = getenv("TMPDIR");
    char *folder = arena_printf(&session->arena, "%s/dividend-diff-XXXXXX",
                                parent != NULL && parent[0] != '\0' ? parent : "/tmp");
    if (mkdtemp(folder) == NULL) {
        return error_set(error, STATUS_IO, "a temporary folder %s could not be made: %s", folder,
                         strerror(errno));
    }
    if (extract(session, side, paths, folder)) {
        load_in(session, side, paths, folder);
    }
    remove_tree(folder); /* everything that is needed of it is in memory */
    return STATUS_OK;
}

/* ---- running a side ---- */

struct side_run {
    const struct plan **plans;
    size_t n_plans;
    struct portfolio_result *portfolios;
    struct scenario_result *results;
    struct report_run run;
};

static bool keep_going(void *context, const struct simulation_progress *done)
{
    (void)context;
    (void)done;
    return signals_caught() == 0;
}

static void plan_side(struct session *session, const struct library *library, struct side_run *side)
{
    const struct scenario **scenarios = NULL;
    size_t n = 0;
    if (session_choose(session, library, &scenarios, &n)) {
        side->plans = arena_array(&session->arena, 2 * n + 1, sizeof(const struct plan *));
        side->n_plans = n;
        if (session_plans(session, library, scenarios, n, side->plans)) {
            (void)portfolios_add_totals(session, library, scenarios, n, side->plans,
                                        &side->n_plans);
        }
    }
}

static enum status simulate_side(struct session *session, const struct diff_design *design,
                                 struct side_run *side, struct error *error)
{
    const struct simulation_options options = {.seed = design->seed,
                                               .n_draws = design->n_draws,
                                               .method = design->method,
                                               .n_scramblings = design->n_scramblings,
                                               .n_threads = session->options.n_threads,
                                               .progress = keep_going};
    side->results = memory_array(side->n_plans + 1, sizeof *side->results);
    TRY(simulation_run(&session->arena, side->plans, side->n_plans, &options, side->results,
                       error));
    for (size_t i = 0; i < side->n_plans; ++i) {
        if (side->results[i].status != STATUS_OK) {
            return error_set(error, side->results[i].status, "scenario %s failed: %s",
                             side->plans[i]->scenario->id, side->results[i].error.message);
        }
    }
    side->run.results = side->results;
    side->run.n_results = side->n_plans;
    return portfolios_judge(NULL, side->portfolios, side->run.n_portfolios, side->results, error);
}

static enum status read_back(struct session *session, struct side_run *side,
                             const struct results **results, struct error *error)
{
    struct assurance assurance = {.n_results = 0};
    assurance_make(&assurance, side->run.library, side->results, side->n_plans, side->portfolios,
                   side->run.n_portfolios);
    side->run.assurance = &assurance;
    enum status status = report_read_back(&session->arena, &side->run, results, error);
    assurance_clear(&assurance);
    side->run.assurance = NULL;
    return status;
}

static enum status run_side(struct session *session, struct diff_side *side, struct error *error)
{
    size_t n_before = session->diagnostics.n_errors, first = session->diagnostics.n_items;
    struct side_run run = {.n_plans = 0};
    plan_side(session, side->library, &run);
    run.run = session_describe_run(session, side->library);
    run.run.seed = side->design.seed;
    run.run.n_draws = side->design.n_draws;
    run.run.method = side->design.method;
    run.run.n_scramblings = side->design.n_scramblings;
    run.run.precision_of = NULL; /* both sides take the same draws */
    enum status status = STATUS_OK;
    if (session->diagnostics.n_errors == n_before) {
        status = portfolios_choose(session, NULL, &run.run, &run.portfolios, &run.run.n_portfolios,
                                   &run.plans, &run.n_plans, error);
        run.run.portfolios = run.portfolios;
    }
    if (status == STATUS_OK && session->diagnostics.n_errors == n_before) {
        status = simulate_side(session, &side->design, &run, error);
        if (status == STATUS_OK) {
            status = read_back(session, &run, &side->results, error);
        }
    }
    name_side(session, first, side);
    if (run.results != NULL) {
        simulation_clear(run.results, run.n_plans);
        free(run.results);
    }
    portfolios_clear(run.portfolios, run.run.n_portfolios);
    return status;
}

/* The design of the new side holds for both: only then a move is an effect of inputs. */
static void choose_design(const struct session *session, struct diff_side sides[2])
{
    const struct report_run run = session_describe_run(session, sides[1].library);
    sides[0].design = sides[1].design = (struct diff_design){
        .seed = run.seed,
        .n_draws = run.n_draws,
        .method = run.method,
        .n_scramblings = run.n_scramblings > 0 ? run.n_scramblings : SIMULATION_SCRAMBLINGS};
}

/* The same path within the project, where it lies there; NULL: it lies elsewhere. */
static const char *within_project(struct session *session, const char *path)
{
    const char *repository = session->options.diff.repository;
    char *project = realpath(repository != NULL ? repository : ".", NULL);
    char *whole = realpath(path, NULL);
    size_t n = project != NULL ? strlen(project) : 0;
    const char *inside = NULL;
    if (n > 0 && whole != NULL && strncmp(whole, project, n) == 0 && whole[n] == '/') {
        inside = arena_copy_text(&session->arena, whole + n + 1);
    }
    free(project);
    free(whole);
    return inside;
}

/* Names from the root are made those of the project, so that each side has its own. What lies
 * elsewhere is the same for both sides, and a change of it would not be seen: that is said. */
static struct word_list place_paths(struct session *session, const struct word_list *from,
                                    size_t first, const char *option)
{
    struct word_list placed = {0};
    for (size_t i = first; i < from->n_items; ++i) {
        const char *path = from->items[i];
        const char *inside = path[0] == '/' ? within_project(session, path) : path;
        if (inside == NULL) {
            diagnostics_add(&session->diagnostics, DIAGNOSTIC_W965, no_place, NULL,
                            "paths within the project, which each side has as it was",
                            "keep it in the repository; or run before and after with --out, and "
                            "compare the two results folders",
                            "%s`%s` lies outside the project: both sides use it as it stands, and "
                            "no change of it is seen",
                            option, path);
        }
        word_list_add(session, &placed, inside != NULL ? inside : path);
    }
    return placed;
}

static enum status run_sides(struct session *session, struct diff_side sides[2],
                             struct error *error)
{
    const struct word_list paths = place_paths(session, &session->options.words, 2, "");
    session->options.models = place_paths(session, &session->options.models, 0, "--models ");
    for (size_t i = 0; i < 2; ++i) {
        if (sides[i].commit != NULL) {
            TRY(load_revision(session, &sides[i], &paths, error));
        } else {
            load_in(session, &sides[i], &paths, sides[i].name);
        }
    }
    if (session->diagnostics.n_errors > 0) {
        return STATUS_OK;
    }
    choose_design(session, sides);
    for (size_t i = 0; i < 2; ++i) {
        TRY(run_side(session, &sides[i], error));
    }
    return STATUS_OK;
}

enum status diff_sides_read(struct session *session, struct diff_side sides[2], struct error *error)
{
    if (!sides[0].is_results) {
        return run_sides(session, sides, error);
    }
    read_folder(session, &sides[0]);
    read_folder(session, &sides[1]);
    return STATUS_OK;
}
