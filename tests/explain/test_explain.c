/* Every kind of measure of every shipped scenario explained: nothing fails, sums add as shown and
 * exactly, products are the units of the engine, and the ledger's lines are its figure. */
#include "explain/explain.h"
#include "support/fixture.h"

#include <gsl/gsl_errno.h>

#include <dirent.h>
#include <math.h>

enum { DRAWS = 64, MOST_FILES = 96, MOST_MEASURES = 512 };

/* ---- what is shown ---- */

/* "-1,234.5" as a whole number of millionths. */
static long long read_shown(const char *words)
{
    long long number = 0, decimals = -1;
    for (const char *at = words; *at != '\0'; ++at) {
        if (*at == '.') {
            decimals = 0;
        } else if (*at >= '0' && *at <= '9') {
            number = 10 * number + (*at - '0');
            decimals += decimals >= 0 ? 1 : 0;
        } else {
            assert_true(*at == ',' || (*at == '-' && at == words));
        }
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; ++decimals) {
        number *= 10;
    }
    return words[0] == '-' ? -number : number;
}

struct sum {
    double exact, sizes;
    long long shown;
};

static void add(struct sum *sum, const struct explain_cell *cell)
{
    assert_non_null(cell->words);
    if (isfinite(cell->value)) {
        sum->exact += cell->value;
        sum->sizes += fabs(cell->value);
        sum->shown += read_shown(cell->words);
    }
}

static void check_total(const struct sum *sum, const struct explain_cell *total, const char *where)
{
    if (!isfinite(total->value)) {
        return;
    }
    if (sum->shown != read_shown(total->words)) {
        fail_msg("%s: what is shown adds to %lld millionths, not to %s", where, sum->shown,
                 total->words);
    }
    if (!(fabs(sum->exact - total->value) <= 1e-9 * (sum->sizes + fabs(total->value)) + 1e-9)) {
        fail_msg("%s: the parts add to %.17g, not to %.17g", where, sum->exact, total->value);
    }
}

static void check_columns(const struct explain_table *table, const char *where)
{
    for (size_t c = 0; table->has_total && c < table->n_columns; ++c) {
        struct sum sum = {0};
        for (size_t r = 0; table->columns[c].adds && r + 1 < table->n_rows; ++r) {
            add(&sum, &table->cells[r * table->n_columns + c]);
        }
        if (table->columns[c].adds) {
            check_total(&sum, &table->cells[(table->n_rows - 1) * table->n_columns + c], where);
        }
    }
}

static void check_rows(const struct explain_table *table, const char *where)
{
    for (size_t r = 0; table->adds_across && r < table->n_rows; ++r) {
        struct sum sum = {0};
        const struct explain_cell *cells = &table->cells[r * table->n_columns];
        for (size_t c = 0; c + 1 < table->n_columns; ++c) {
            if (table->columns[c].adds) {
                add(&sum, &cells[c]);
            }
        }
        check_total(&sum, &cells[table->n_columns - 1], where);
    }
}

/* Steps of a product, from the formulas, against the engine's figure in the last. Returns whether
 * there was one to check. */
static bool check_product(const struct explain_table *table, const char *where)
{
    double product = 1.0, effect = NAN;
    for (size_t r = 0; r < table->n_rows; ++r) {
        const struct explain_cell *cells = &table->cells[r * table->n_columns];
        double figure = cells[1].value;
        if (strcmp(cells[0].words, "at most") == 0) {
            product = isnan(product) ? product : fmin(product, figure);
        } else if (strcmp(cells[0].words, "x effect, of which") == 0) {
            effect = figure;
        } else if (strcmp(cells[0].words, "less deadweight, in points") == 0) {
            product *= fmax(0.0, effect - figure);
        } else if (cells[0].words[0] == '=') {
            if (isfinite(product) && fabs(product - figure) > 1e-9 * fabs(figure)) {
                fail_msg("%s: %s is %.17g by its formulas and %.17g in the run", where,
                         cells[0].words, product, figure);
            }
            return isfinite(product);
        } else {
            product *= figure;
        }
    }
    return false;
}

struct tally {
    size_t n_explanations, n_sums, n_products, n_bridges;
};

static void check_part(const struct explain_table *table, const char *where, struct tally *tally)
{
    check_columns(table, where);
    check_rows(table, where);
    tally->n_sums += table->has_total ? 1 : 0;
    if (strcmp(table->columns[0].name, "step") == 0) {
        tally->n_products += check_product(table, where) ? 1 : 0;
    }
}

/* The lines at the means add to what the engine gives at the means. */
static void check_bridge(const struct explanation *explanation, double central, const char *where,
                         struct tally *tally)
{
    for (size_t s = 0; s < explanation->n_sections; ++s) {
        const struct explain_section *section = &explanation->sections[s];
        for (size_t p = 0; strcmp(section->id, "split") == 0 && p < section->n_parts; ++p) {
            const struct explain_table *table = section->parts[p].table;
            if (table != NULL && strncmp(table->title, "Line by line", 12) == 0) {
                struct sum sum = {0};
                for (size_t r = 0; r + 1 < table->n_rows; ++r) {
                    add(&sum, &table->cells[r * table->n_columns + 2]);
                }
                /* transfers cancel to what rounding leaves: less than a millionth of a pound */
                if (!(fabs(sum.exact - central) <= 1e-9 * sum.sizes + 1e-6)) {
                    fail_msg("%s: the lines add to %.17g, and the engine has %.17g", where,
                             sum.exact, central);
                }
                ++tally->n_bridges;
            }
        }
    }
}

static void check_explanation(const struct explanation *explanation, const char *where,
                              struct tally *tally)
{
    for (size_t s = 0; s < explanation->n_sections; ++s) {
        assert_true(explanation->sections[s].n_parts > 0);
        for (size_t p = 0; p < explanation->sections[s].n_parts; ++p) {
            if (explanation->sections[s].parts[p].table != NULL) {
                check_part(explanation->sections[s].parts[p].table, where, tally);
            }
        }
    }
    ++tally->n_explanations;
}

/* ---- all of them ---- */

/* The last column of each measure; with `more` also the first, and the headline's perspective. */
static size_t choose_columns(const struct plan *plan, bool more, size_t *columns)
{
    size_t n = 0, who = plan_find_who(plan, plan->scenario->conventions.perspective);
    for (size_t measure = 0; measure < N_MEASURES; ++measure) {
        size_t first = SIZE_MAX, last = SIZE_MAX, headline = SIZE_MAX;
        for (size_t i = 0; i < plan->n_own_results; ++i) {
            if ((size_t)plan->results[i].measure == measure) {
                first = first == SIZE_MAX ? i : first;
                last = i;
                headline = plan->results[i].who == who ? i : headline;
            }
        }
        const size_t wanted[] = {last, first, headline};
        for (size_t i = 0; i < (more ? 3U : 1U); ++i) {
            bool known = wanted[i] == SIZE_MAX;
            for (size_t k = 0; k < n; ++k) {
                known = known || columns[k] == wanted[i];
            }
            if (!known && n < MOST_MEASURES) {
                columns[n++] = wanted[i];
            }
        }
    }
    return n;
}

static void explain_all(const struct scenario_result *result, bool more, struct tally *tally)
{
    const struct plan *plan = result->plan;
    size_t columns[MOST_MEASURES], n = choose_columns(plan, more, columns);
    double *central = calloc(plan->n_results, sizeof *central);
    assert_non_null(central);
    simulation_central(plan, central);
    struct arena arena;
    arena_init(&arena);
    struct explainer *explainer = explainer_new(&arena, result, EXPLAIN_PLACES_AS_GIVEN);
    for (size_t i = 0; i < n; ++i) {
        struct error error = {0};
        const struct measure_reference reference = {.column = columns[i]};
        const char *name = measure_reference_name(&arena, plan, columns[i]);
        const char *where = arena_printf(&arena, "%s %s", plan->scenario->id, name);
        const struct explanation *explanation = explain_measure(
            explainer, &reference, i == 0 ? EXPLAIN_WHOLE : EXPLAIN_EVIDENCE, &error);
        if (explanation == NULL) {
            fail_msg("%s: %s", where, error.message);
        } else {
            assert_string_equal(explanation->measure, name);
            double headline = result->statistics[columns[i]].headline;
            assert_true(explanation->mean == headline || isnan(headline));
            check_explanation(explanation, where, tally);
            check_bridge(explanation, central[columns[i]], where, tally);
        }
    }
    explainer_free(explainer);
    arena_clear(&arena);
    free(central);
}

static void explain_whole(const struct scenario_result *result, struct tally *tally)
{
    struct arena arena;
    arena_init(&arena);
    struct explainer *explainer = explainer_new(&arena, result, EXPLAIN_PLACES_AS_GIVEN);
    check_explanation(explain_scenario(explainer), result->plan->scenario->id, tally);
    explainer_free(explainer);
    arena_clear(&arena);
}

static size_t list_files(const char *folder, char files[][160], const char **paths)
{
    DIR *directory = opendir(folder);
    size_t n = 0;
    assert_non_null(directory);
    for (const struct dirent *entry = readdir(directory); entry != NULL;
         entry = readdir(directory)) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".cfg") == 0 &&
            strcmp(entry->d_name, "run.cfg") != 0) {
            assert_true(n < MOST_FILES);
            snprintf(files[n], 160, "%s/%s", folder, entry->d_name);
            paths[n] = files[n];
            ++n;
        }
    }
    closedir(directory);
    return n;
}

static struct tally explain_folder(const char *folder, bool more)
{
    static const char *const models[] = {"models"};
    static char files[MOST_FILES][160];
    const char *paths[MOST_FILES];
    char run_file[160];
    struct tally tally = {0};
    struct fixture fixture;
    snprintf(run_file, sizeof run_file, "%s/run.cfg", folder);
    size_t n = list_files(folder, files, paths);
    fixture_load(&fixture, models, 1, paths, n, run_file);
    fixture_plan(&fixture, MEASURE_SET_FULL);
    fixture_run(&fixture, 5, DRAWS, 2);
    for (size_t i = 0; i < fixture.library->n_scenarios; ++i) {
        const struct scenario *scenario = fixture.library->scenarios[i];
        bool again = i > 0 && scenario->family != NULL &&
                     fixture.library->scenarios[i - 1]->document == scenario->document;
        if (!again) { /* one of the instances of a file stands for all */
            explain_all(&fixture.results[i], more, &tally);
            explain_whole(&fixture.results[i], &tally);
        }
    }
    print_message("%s: %zu explanations, %zu tables that add, %zu products, %zu sums of lines\n",
                  folder, tally.n_explanations, tally.n_sums, tally.n_products, tally.n_bridges);
    fixture_clear(&fixture);
    return tally;
}

static void shipped_scenarios_are_explained(void **state)
{
    (void)state;
    struct tally tally = explain_folder("scenarios", true);
    assert_true(tally.n_explanations > 300 && tally.n_products > 100 && tally.n_bridges > 200);
}

static void cookbook_and_published_scenarios_are_explained(void **state)
{
    (void)state;
    struct tally cookbook = explain_folder("scenarios/cookbook", false);
    struct tally published = explain_folder("scenarios/published", false);
    assert_true(cookbook.n_products > 100 && published.n_sums > 200);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_scenarios_are_explained),
        cmocka_unit_test(cookbook_and_published_scenarios_are_explained)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
