#include "batch/batch_machines.h"
#include "batch/batch_private.h"

#include <gsl/gsl_errno.h>

#include <string.h>

static int (*const commands[N_COMMANDS])(struct session *session) = {
    [COMMAND_RUN] = command_run,           [COMMAND_PORTFOLIO] = command_run,
    [COMMAND_DIFF] = command_diff,         [COMMAND_CHECK] = command_check,
    [COMMAND_LIST] = command_list,         [COMMAND_EXPLAIN] = command_explain,
    [COMMAND_SCHEMA] = command_schema,     [COMMAND_NEW] = command_new,
    [COMMAND_MANUAL] = command_manual,     [COMMAND_IMPORT] = command_import,
    [COMMAND_EVIDENCE] = command_evidence, [COMMAND_HISTORY] = command_history,
    [COMMAND_MERGE] = command_merge,       [COMMAND_HELP] = command_help,
};

int command_help(struct session *session)
{
    static const struct place no_place = {0};
    const struct word_list *words = &session->options.words;
    if (words->n_items == 0) {
        help_write(&session->out);
        return EXIT_DONE;
    }
    const char *known[N_COMMANDS];
    for (size_t command = 0; command < N_COMMANDS; command++) {
        known[command] = command_rows()[command].name;
        if (strcmp(words->items[0], known[command]) == 0) {
            help_write_command(&session->out, (enum command)command);
            return EXIT_DONE;
        }
    }
    const char *nearest = text_nearest(words->items[0], known, N_COMMANDS);
    diagnostics_add(&session->diagnostics, DIAGNOSTIC_E701, no_place, NULL, COMMAND_NAMES,
                    nearest == NULL ? NULL
                                    : arena_printf(&session->arena,
                                                   "did you mean `dividend help %s`?", nearest),
                    "`%s` is not a command", words->items[0]);
    terminal_print_diagnostics(session, "no help was shown");
    return EXIT_BAD_INPUT;
}

static bool asks_for_version(int argc, char **argv)
{
    for (int at = 1; at < argc && strcmp(argv[at], "--") != 0; at++) {
        if (strcmp(argv[at], "--version") == 0 || strcmp(argv[at], "-V") == 0) {
            return true;
        }
    }
    return false;
}

/* Runs alone are shared out. A helper computes; whatever a run leaves behind, the first process
 * leaves. False where there is nothing to do for this process. */
static bool obey_machines(struct options *options)
{
    if (options->command != COMMAND_RUN && options->command != COMMAND_PORTFOLIO) {
        machines_work_alone();
        return !machines_is_helper();
    }
    if (options->n_threads == 0) {
        options->n_threads = machines_threads();
    }
    if (machines_is_helper()) {
        options->quiet = true;
        options->github = false;
        options->junit = options->sarif = options->openlineage = NULL;
        options->history = NULL;
    }
    return true;
}

static int run_command(struct session *session, int argc, char **argv)
{
    if (argc < 2) {
        help_write(&session->out);
        return EXIT_DONE;
    }
    if (asks_for_version(argc, argv)) {
        text_append(&session->out, "dividend " DIVIDEND_VERSION "\n");
        return EXIT_DONE;
    }
    if (!options_read(session, argc, argv)) {
        terminal_print_diagnostics(session, "nothing was done");
        return EXIT_BAD_INPUT;
    }
    if (session->options.show_help && session->options.command != COMMAND_HELP) {
        help_write_command(&session->out, session->options.command);
        return EXIT_DONE;
    }
    return obey_machines(&session->options) ? commands[session->options.command](session)
                                            : EXIT_DONE;
}

int batch_main(int argc, char **argv)
{
    gsl_set_error_handler_off();
    if (!machines_start(&argc, &argv)) {
        return EXIT_RUN_FAILED;
    }
    signals_catch();
    struct session session = {0};
    arena_init(&session.arena);
    text_init(&session.out);
    diagnostics_init(&session.diagnostics, &session.arena);
    int exit_code = terminal_finish(&session, run_command(&session, argc, argv));
    text_clear(&session.out);
    arena_clear(&session.arena);
    return machines_end(exit_code);
}
