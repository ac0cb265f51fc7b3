/* A run compared with an earlier one: its own files are written to memory and read back, so that
 * both sides come from the same text. */
#include "report/changes.h"

#include <assert.h>
#include <string.h>

static struct results_text text_as_file(const struct text *text, enum results_file file)
{
    return (struct results_text){.bytes = text->bytes != NULL ? text->bytes : "",
                                 .n_bytes = text->n_bytes,
                                 .path = results_file_name(file)};
}

static void write_portfolio_file(struct text *out, const struct report_run *run,
                                 enum results_file file)
{
    size_t n_tables = 0;
    const struct portfolio_table *tables = portfolio_tables(&n_tables);
    for (size_t i = 0; i < n_tables; ++i) {
        if (strcmp(tables[i].name, results_file_name(file)) == 0) {
            tables[i].write(out, run);
        }
    }
}

/* What the run will write into its folder, as far as it is compared. */
static enum status write_files(struct arena *arena, const struct report_run *run,
                               struct text texts[N_RESULTS_FILES], struct error *error)
{
    const struct report_run programmes = report_part(arena, run, false);
    const struct report_run health = report_part(arena, run, true);
    write_summary(&texts[RESULTS_SUMMARY], &programmes);
    write_options(&texts[RESULTS_OPTIONS], &health);
    if (run->n_portfolios > 0) {
        write_portfolio_file(&texts[RESULTS_PROGRAMMES], run, RESULTS_PROGRAMMES);
        write_portfolio_file(&texts[RESULTS_DEALS], run, RESULTS_DEALS);
    }
    return write_manifest(&texts[RESULTS_MANIFEST], run, error);
}

static void files_of(struct results_text files[N_RESULTS_FILES],
                     const struct text texts[N_RESULTS_FILES])
{
    for (size_t i = 0; i < N_RESULTS_FILES; ++i) {
        files[i] = texts[i].n_bytes > 0 ? text_as_file(&texts[i], (enum results_file)i)
                                        : (struct results_text){.bytes = NULL};
    }
}

enum status report_read_back(struct arena *arena, const struct report_run *run,
                             const struct results **results, struct error *error)
{
    struct text texts[N_RESULTS_FILES];
    struct results_text files[N_RESULTS_FILES];
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    for (size_t i = 0; i < N_RESULTS_FILES; ++i) {
        text_init(&texts[i]);
    }
    enum status status = write_files(arena, run, texts, error);
    files_of(files, texts);
    if (status == STATUS_OK) {
        *results = results_parse(arena, &diagnostics, files, run->program_version);
        assert(*results != NULL); /* what this program writes it reads */
    }
    for (size_t i = 0; i < N_RESULTS_FILES; ++i) {
        text_clear(&texts[i]);
    }
    return status;
}

const struct results_figure *report_read_figures(struct arena *arena, const struct report_run *run,
                                                 size_t *n_figures)
{
    struct text texts[N_RESULTS_FILES];
    struct results_text files[N_RESULTS_FILES];
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    for (size_t i = 0; i < N_RESULTS_FILES; ++i) {
        text_init(&texts[i]);
    }
    const struct report_run programmes = report_part(arena, run, false);
    const struct report_run health = report_part(arena, run, true);
    write_summary(&texts[RESULTS_SUMMARY], &programmes);
    write_options(&texts[RESULTS_OPTIONS], &health);
    files_of(files, texts);
    const struct results_figure *figures =
        results_parse_figures(arena, &diagnostics, files, n_figures);
    assert(figures != NULL);
    text_clear(&texts[RESULTS_SUMMARY]);
    text_clear(&texts[RESULTS_OPTIONS]);
    return figures;
}

enum status report_compare_with(struct arena *arena, const struct report_run *run,
                                const struct results *old, const struct difference **difference,
                                struct error *error)
{
    const struct results *now = NULL;
    TRY(report_read_back(arena, run, &now, error));
    *difference = difference_make(arena, old, now);
    return STATUS_OK;
}
