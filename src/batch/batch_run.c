#include "batch/batch_private.h"
#include "report/report.h"
#include "uncertainty/uncertainty.h"

#include <stdlib.h>
#include <string.h>

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

int command_check(struct session *session)
{
    const struct scenario **scenarios = NULL;
    size_t n_scenarios = 0;
    const struct library *library = session_load(session, true);
    if (library != NULL && session_choose(session, library, &scenarios, &n_scenarios)) {
        const struct plan **plans =
            arena_array(&session->arena, n_scenarios, sizeof(const struct plan *));
        session_plans(session, library, scenarios, n_scenarios, plans);
    }
    if (terminal_print_diagnostics(session, "nothing was run")) {
        return EXIT_BAD_INPUT;
    }
    size_t n_files =
        library->n_documents + library->n_scenarios + (library->run.setting != NULL ? 1 : 0);
    size_t n_warnings = session->diagnostics.n_warnings;
    text_printf(&session->out, "%zu file%s, no errors", n_files, plural(n_files));
    if (n_warnings > 0) {
        text_printf(&session->out, ", %zu warning%s", n_warnings, plural(n_warnings));
    }
    text_append(&session->out, "\n");
    return EXIT_DONE;
}
