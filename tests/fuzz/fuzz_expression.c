/* Any bytes as a formula: parse, write out, read back, compile and run. Findings are crashes,
 * reports of the sanitizers, a refusal without a diagnostic, and a formula that does not read back
 * as it was written. */
#include "expression/expression.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { N_YEARS = 3, N_DRAWS = 5 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Every name is an input, a table by year or a constant, by its first letter. */
static bool resolve(void *context, const char *name, program_slot *slot)
{
    static const double years[N_YEARS] = {0.0, 1.0, 2.0};
    struct program *program = context;
    if (name[0] < 'h') {
        *slot = program_add_input(program);
    } else if (name[0] < 'p') {
        *slot = program_add_year_constant(program, years);
    } else {
        *slot = program_add_constant(program, 0.5);
    }
    return true;
}

static const struct expression *parse(struct arena *arena, const char *text,
                                      struct diagnostics *diagnostics)
{
    const struct setting setting = {
        .path = "amount",
        .type = SETTING_TEXT,
        .text = text,
        .value_place = {.file = "fuzz.cfg",
                        .line = 1,
                        .column = 3,
                        .width = 1,
                        .source_line = arena_printf(arena, "a=\"%s\";", text)}};
    return expression_parse(arena, &setting, diagnostics);
}

static void run(struct arena *arena, const struct expression *root)
{
    struct program program;
    program_init(&program, arena, N_YEARS);
    const struct expression_resolver resolver = {.resolve = resolve, .context = &program};
    program_slot slot = expression_compile(&program, root, &resolver);
    double *workspace = memory_columns(program.n_columns * PROGRAM_BLOCK);
    program_prepare(&program, workspace);
    program_run(&program, workspace, N_DRAWS);
    demand(program_column(&program, workspace, slot, N_YEARS - 1) <
           workspace + program.n_columns * PROGRAM_BLOCK);
    free(workspace);
}

/* What was written out may be longer or deeper than the limits; if it is read, it is the same
 * formula. */
static void read_back(struct arena *arena, const struct expression *root,
                      struct diagnostics *diagnostics)
{
    const char *written = expression_format(arena, root);
    const struct expression *again = parse(arena, written, diagnostics);
    if (again == NULL) {
        for (size_t i = 0; i < diagnostics->n_items; ++i) {
            demand(diagnostics->items[i].code == DIAGNOSTIC_E310);
        }
        return;
    }
    demand(strcmp(expression_format(arena, again), written) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n_bytes)
{
    struct arena arena;
    struct diagnostics diagnostics;
    arena_init(&arena);
    diagnostics_init(&diagnostics, &arena);
    const char *text = arena_copy_span(&arena, (const char *)bytes, n_bytes);
    const struct expression *root = parse(&arena, text, &diagnostics);
    demand((root == NULL) == (diagnostics.n_errors > 0));
    for (size_t i = 0; i < diagnostics.n_items; ++i) {
        demand(diagnostic_render(&diagnostics, &diagnostics.items[i], false) != NULL);
    }
    if (root != NULL) {
        read_back(&arena, root, &diagnostics);
        run(&arena, root);
    }
    arena_clear(&arena);
    return 0;
}
