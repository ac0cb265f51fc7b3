/* Any bytes as a configuration file beside the valid library of tests/invalid/base: the first byte
 * says whether they are a model document, a scenario or the run file. What is accepted is planned
 * and checked at central values. Findings are crashes, reports of the sanitizers, a refusal without
 * a diagnostic, and a diagnostic that cannot be shown. */
#include "uncertainty/uncertainty.h"

#include <gsl/gsl_errno.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE PROJECT_DIR "/tests/invalid/base/"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

struct base {
    const struct document *library, *model, *scenario, *areas, *people;
};

/* Read anew for each input, as documents live in its arena. */
static struct base load_base(struct arena *arena, struct diagnostics *diagnostics)
{
    return (struct base){.library = reader_load(arena, diagnostics, BASE "models/library.cfg"),
                         .model = reader_load(arena, diagnostics, BASE "models/visits/model.cfg"),
                         .scenario = reader_load(arena, diagnostics, BASE "scenarios/valid.cfg"),
                         .areas = reader_load(arena, diagnostics, BASE "models/areas.cfg"),
                         .people =
                             reader_load_data(arena, diagnostics, BASE "models/data/people.csv")};
}

static const struct library *build(struct arena *arena, const struct base *base, int role,
                                   const struct document *fuzzed, struct diagnostics *diagnostics)
{
    struct layered_document *documents = arena_array(arena, 5, sizeof *documents);
    documents[0] = (struct layered_document){.document = base->library};
    documents[1] = (struct layered_document){.document = base->model};
    documents[2] = (struct layered_document){.document = base->areas};
    documents[3] = (struct layered_document){.document = base->people};
    documents[4] = (struct layered_document){.document = fuzzed, .layer = 1};
    const struct document *scenario = role == 1 ? fuzzed : base->scenario;
    return library_build(arena, documents, role == 0 ? 5 : 4, &scenario, 1,
                         role == 2 ? fuzzed : NULL, diagnostics);
}

static void plan(struct arena *arena, const struct library *library,
                 struct diagnostics *diagnostics)
{
    static const struct plan_options options = {.measure_set = MEASURE_SET_NET_ONLY};
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        const struct plan *built =
            plan_build(arena, library, library->scenarios[i], &options, diagnostics);
        demand(built != NULL || diagnostics->n_errors > 0);
        if (built != NULL && diagnostics->n_errors == 0) {
            simulation_check_central(built, diagnostics);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    static const char *const names[] = {"models/fuzzed/model.cfg", "scenarios/fuzzed.cfg",
                                        "scenarios/run.cfg"};
    struct arena arena;
    struct diagnostics diagnostics;
    if (n_bytes == 0) {
        return 0;
    }
    gsl_set_error_handler_off();
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    int role = bytes[0] % 3;
    struct base base = load_base(&arena, &diagnostics);
    demand(diagnostics.n_errors == 0);
    const struct document *fuzzed =
        reader_parse(&arena, &diagnostics, names[role], (const char *)bytes + 1, n_bytes - 1);
    const struct library *library = build(&arena, &base, role, fuzzed, &diagnostics);
    if (diagnostics.n_errors == 0) {
        demand(library != NULL);
        plan(&arena, library, &diagnostics);
    }
    diagnostics_sort(&diagnostics);
    for (size_t i = 0; i < diagnostics.n_items; ++i) {
        const char *shown = diagnostic_render(&diagnostics, &diagnostics.items[i], false);
        demand(shown != NULL && shown[0] != '\0');
    }
    arena_clear(&arena);
    return 0;
}
