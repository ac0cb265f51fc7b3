/* workbook.xlsx: what a finance officer opens. */
#include "report/workbook_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Years of partners in Budget impact, the longest sheet: larger runs keep to their .csv files. */
enum { MAX_BUDGET_ROWS = 40000 };

static size_t budget_rows(const struct plan *plan)
{
    return plan->n_whos * plan->n_years;
}

/* Marks scenarios with or without `bundles`, in their order, as long as there is room. */
static size_t mark(const struct report_run *run, bool bundles, size_t n_rows, bool *keep)
{
    for (size_t i = 0; i < run->n_results; ++i) {
        const struct plan *plan = run->results[i].plan;
        if ((plan->bundle != NULL) == bundles && n_rows + budget_rows(plan) <= MAX_BUDGET_ROWS) {
            n_rows += budget_rows(plan);
            keep[i] = true;
        }
    }
    return n_rows;
}

/* Leaves out what there is no room for, portfolios last of all; says how many. */
static size_t keep_what_fits(struct arena *arena, struct report_run *run)
{
    struct scenario_result *kept = arena_array(arena, run->n_results + 1, sizeof *kept);
    bool *keep = arena_array(arena, run->n_results + 1, sizeof *keep);
    size_t n_kept = 0;
    (void)mark(run, false, mark(run, true, 0, keep), keep);
    for (size_t i = 0; i < run->n_results; ++i) {
        if (keep[i]) {
            kept[n_kept++] = run->results[i];
        }
    }
    size_t n_left_out = run->n_results - n_kept;
    run->results = kept;
    run->n_results = n_kept;
    return n_left_out;
}

static void fill(struct workbook *book, const struct report_run *run)
{
    struct report_run programmes = report_part(book->arena, run, false);
    const struct report_run health = report_part(book->arena, run, true);
    book->n_left_out = keep_what_fits(book->arena, &programmes);
    workbook_add_cover(book, run);
    workbook_add_notes(book, run);
    if (programmes.n_results > 0) {
        workbook_add_money(book, &programmes);
        workbook_add_statistics(book, &programmes);
    }
    if (health.n_results > 0) {
        workbook_add_options(book, &health);
    }
    if (run->n_portfolios > 0) {
        workbook_add_portfolios(book, run);
    }
    workbook_add_changes(book, run);
    workbook_add_evidence(book, run);
    workbook_add_assurance(book, run);
    workbook_fill_contents(book);
}

static bool same_bytes(FILE *one, FILE *two)
{
    char first[65536], second[sizeof first];
    size_t n = 0, m = 0;
    do {
        n = fread(first, 1, sizeof first, one);
        m = fread(second, 1, sizeof second, two);
    } while (n == m && n > 0 && memcmp(first, second, n) == 0);
    return n == 0 && m == 0 && ferror(one) == 0 && ferror(two) == 0;
}

/* The library passes over a write that fails, and what is lost then need not be a cell. A second
 * workbook, written anew, must be the same to the byte: two writes do not lose the same. */
static enum status compare_with_another(const struct workbook *book, const char *path,
                                        struct error *error)
{
    const char *again = arena_printf(book->arena, "%s.again.tmp", path);
    enum status status = workbook_write(book, again, error);
    FILE *one = status == STATUS_OK ? fopen(path, "rb") : NULL;
    FILE *two = status == STATUS_OK ? fopen(again, "rb") : NULL;
    bool same = one != NULL && two != NULL && same_bytes(one, two);
    if (one != NULL) {
        (void)fclose(one);
    }
    if (two != NULL) {
        (void)fclose(two);
    }
    (void)unlink(again);
    return status != STATUS_OK ? status
           : same              ? STATUS_OK
                               : error_set(
                                     error, STATUS_IO,
                                     "workbook.xlsx could not be written: a second one came out different (is "
                                                  "the disk full?)");
}

enum status write_workbook(const struct report_run *run, const char *path, struct error *error)
{
    struct arena arena;
    arena_init(&arena);
    struct workbook book = {.arena = &arena};
    fill(&book, run);
    enum status status = workbook_write(&book, path, error);
    if (status == STATUS_OK) {
        status = compare_with_another(&book, path, error);
    }
    if (status == STATUS_OK) {
        status = workbook_verify(&book, path, error);
    }
    for (size_t i = 0; i < book.n_sheets; ++i) {
        free(book.sheets[i].cells);
    }
    arena_clear(&arena);
    return status;
}
