/* dividend import FILE.xlsx: a filled template to a scenario file. */
#include "base/text.h"
#include "batch/batch_private.h"
#include "import/import.h"
#include "plan/plan.h"

#include <assert.h>
#include <string.h>

static const struct place no_place = {0};

/* scenarios/NAME.cfg, DIR/NAME.cfg, or the file that --out names. */
static const char *choose_path(struct session *session, const char *name)
{
    const char *out = session->options.out;
    if (out != NULL && text_has_ending(out, ".cfg") && !path_is_directory(out)) {
        return out;
    }
    const char *folder = out != NULL ? out : "scenarios";
    bool slash = text_has_ending(folder, "/");
    return arena_printf(&session->arena, "%s%s%s.cfg", folder, slash ? "" : "/", name);
}

static bool check_words(struct session *session)
{
    const struct word_list *words = &session->options.words;
    if (words->n_items == 1) {
        return true;
    }
    diagnostics_add(
        &session->diagnostics, DIAGNOSTIC_E706, no_place, NULL, "import FILE.xlsx",
        words->n_items == 0 ? "`dividend new scenario NAME --model M --xlsx` writes one to fill in"
                            : "import them one at a time",
        "`dividend import` needs one workbook, but was given %zu words", words->n_items);
    return false;
}

/* A scenario is named after its file, whatever the sheet says. */
static bool check_path(struct session *session, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    const char *name = arena_copy_span(&session->arena, base, strlen(base) - strlen(".cfg"));
    if (text_is_name(name)) {
        return true;
    }
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E712, no_place, NULL,
                    "small letters, digits and underscores, starting with a letter, at most 64",
                    "name another file: --out FILE.cfg", "`%s` is not a name", name);
    return false;
}

/* As `dividend check` would, under the name that the file will have, and with the run.cfg that will
 * apply to it. */
static void check_draft(struct session *session, const struct import_draft *draft, const char *path)
{
    struct library_request request = {.run_file = paths_run_file(session, path)};
    size_t n_before = session->diagnostics.n_errors;
    (void)paths_models(session, &request);
    request.scenario =
        reader_parse(&session->arena, &session->diagnostics, path, draft->bytes, draft->n_bytes);
    const struct library *library = library_load(&session->arena, &request, &session->diagnostics);
    if (session->diagnostics.n_errors > n_before) {
        return;
    }
    const struct plan **plans =
        arena_array(&session->arena, library->n_scenarios + 1, sizeof(const struct plan *));
    (void)session_plans(session, library, library->scenarios, library->n_scenarios, plans);
}

static const struct import_draft *read_draft(struct session *session, const char **path)
{
    const char *file = session->options.words.items[0];
    const struct sheet_book *book = sheet_load(&session->arena, &session->diagnostics, file);
    const struct library *library = book != NULL ? session_load(session, false) : NULL;
    const struct import_draft *draft =
        library != NULL ? import_read(&session->arena, library, book, &session->diagnostics) : NULL;
    if (draft == NULL) {
        return NULL;
    }
    *path = choose_path(session, draft->name);
    if (!check_path(session, *path)) {
        return draft;
    }
    check_draft(session, draft, *path);
    import_move_diagnostics(draft, *path, &session->diagnostics);
    if (path_exists(*path)) {
        diagnostics_add(
            &session->diagnostics, DIAGNOSTIC_E711, no_place, NULL, "a name that is free",
            "change the name on the sheet Scenario, name another file (--out FILE.cfg), "
            "or move the old one",
            "`%s` exists already and is left as it is", *path);
    }
    return draft;
}

static void say_next(struct session *session, const char *path)
{
    struct text layers;
    text_init(&layers);
    text_append(&layers, session->options.no_shipped_models ? " --no-shipped-models" : "");
    for (size_t i = 0; i < session->options.models.n_items; ++i) {
        text_printf(&layers, " --models %s", session->options.models.items[i]);
    }
    text_append(&layers, "");
    text_printf(&session->out,
                "wrote %s\nnext:  dividend run %s%s\n"
                "from now on this file counts: change it there, or import again under another "
                "name\n",
                path, path, layers.bytes);
    text_clear(&layers);
}

static int write_draft(struct session *session, const struct import_draft *draft, const char *path)
{
    struct error error = {0};
    struct text text;
    text_init(&text);
    text_append_span(&text, draft->bytes, draft->n_bytes);
    enum status status = paths_make_for(session, path, &error);
    if (status == STATUS_OK) {
        status = path_write_new(path, &text, &error);
    }
    text_clear(&text);
    if (status != STATUS_OK) {
        terminal_say("%s", error.message);
        return EXIT_RUN_FAILED;
    }
    say_next(session, path);
    return EXIT_DONE;
}

int command_import(struct session *session)
{
    const char *path = NULL;
    const struct import_draft *draft = check_words(session) ? read_draft(session, &path) : NULL;
    if (terminal_print_diagnostics(session, "nothing was written")) {
        return EXIT_BAD_INPUT;
    }
    assert(draft != NULL);
    return write_draft(session, draft, path);
}
