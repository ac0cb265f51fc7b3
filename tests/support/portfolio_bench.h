/* Small portfolios over the models of tests/portfolio/models: scenarios and a portfolio as text, to
 * plans, draws and figures by name. */
#ifndef DIVIDEND_TESTS_PORTFOLIO_BENCH_H
#define DIVIDEND_TESTS_PORTFOLIO_BENCH_H

#include "plan/plan_bundle.h"
#include "support/assert_close.h"
#include "uncertainty/uncertainty.h"

#include <stdlib.h>
#include <string.h>

#define BENCH_MODELS PROJECT_DIR "/tests/portfolio/models/"

/* Conventions of sums by hand: no discounting, no inflation. */
#define BENCH_FLAT                                                                                 \
    "conventions = { appraisal_pack = \"flat\"; deflator_pack = \"steady_prices\"; }; "

enum { BENCH_FILES = 24, BENCH_DOCUMENTS = 8 };

struct bench {
    struct arena arena;
    struct diagnostics diagnostics;
    struct layered_document models[BENCH_DOCUMENTS];
    size_t n_models;
    const struct document *files[BENCH_FILES];
    size_t n_files;
    const struct library *library;
    const struct portfolio *portfolio;
};

static const struct sampling_design bench_design = {.n_scramblings = 4, .seed = 11};

static inline void bench_print(const struct bench *bench)
{
    for (size_t i = 0; i < bench->diagnostics.n_items; ++i) {
        print_error("%s",
                    diagnostic_render(&bench->diagnostics, &bench->diagnostics.items[i], false));
    }
}

static inline void bench_start(struct bench *bench)
{
    static const char *const files[] = {"library.cfg",      "plain/model.cfg", "clinic/model.cfg",
                                        "club/model.cfg",   "nurse/model.cfg", "pact/model.cfg",
                                        "yearly/model.cfg", "data/people.csv"};
    *bench = (struct bench){.n_models = sizeof files / sizeof *files};
    arena_init(&bench->arena);
    diagnostics_init(&bench->diagnostics, &bench->arena);
    for (size_t i = 0; i < bench->n_models; ++i) {
        const char *path = arena_printf(&bench->arena, BENCH_MODELS "%s", files[i]);
        bool data = strstr(path, ".csv") != NULL;
        bench->models[i].document = data
                                        ? reader_load_data(&bench->arena, &bench->diagnostics, path)
                                        : reader_load(&bench->arena, &bench->diagnostics, path);
    }
}

static inline void bench_clear(struct bench *bench)
{
    arena_clear(&bench->arena);
}

static inline void bench_file(struct bench *bench, const char *name, const char *text)
{
    assert_true(bench->n_files < BENCH_FILES);
    const char *file = arena_printf(&bench->arena, "scenarios/%s.cfg", name);
    bench->files[bench->n_files++] =
        reader_parse(&bench->arena, &bench->diagnostics, file, text, strlen(text));
}

/* A scenario of five years from 2026-27, funded for two by the council. `more`: inputs and
 * conventions. */
static inline void bench_scenario(struct bench *bench, const char *name, const char *model,
                                  const char *more)
{
    bench_file(bench, name,
               arena_printf(&bench->arena,
                            "scenario = { title = \"%s\"; model = \"%s\"; start_year = "
                            "\"2026-27\"; funded_years = 2; horizon_years = 5; funding = { "
                            "council = 1.0; }; %s };",
                            name, model, more));
}

static inline void bench_portfolio(struct bench *bench, const char *programmes, const char *more)
{
    bench_file(bench, "county",
               arena_printf(&bench->arena,
                            "portfolio = { title = \"County\"; start_year = \"2026-27\"; "
                            "horizon_years = 5; programmes = ( %s ); %s };",
                            programmes, more));
}

static inline void bench_build(struct bench *bench)
{
    bench->library = library_build(&bench->arena, bench->models, bench->n_models, bench->files,
                                   bench->n_files, NULL, &bench->diagnostics);
    if (bench->diagnostics.n_errors > 0) {
        bench_print(bench);
        fail_msg("the portfolio has errors");
    }
    bench->portfolio = bench->library->n_portfolios > 0 ? bench->library->portfolios[0] : NULL;
}

static inline const struct scenario *bench_find_scenario(const struct bench *bench, const char *id)
{
    for (size_t i = 0; i < bench->library->n_scenarios; ++i) {
        if (strcmp(bench->library->scenarios[i]->id, id) == 0) {
            return bench->library->scenarios[i];
        }
    }
    fail_msg("no scenario %s", id);
    return NULL;
}

static inline const struct plan *bench_plan_of(struct bench *bench, const struct scenario *scenario)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    const struct plan *plan =
        plan_build(&bench->arena, bench->library, scenario, &full, &bench->diagnostics);
    if (plan == NULL) {
        bench_print(bench);
        fail_msg("no plan");
    }
    return plan;
}

static inline const struct plan *bench_plan(struct bench *bench, const char *id)
{
    return bench_plan_of(bench, bench_find_scenario(bench, id));
}

/* levels NULL: every programme at its largest scale. */
static inline const struct plan *bench_bundle(struct bench *bench, const uint8_t *levels)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL};
    uint8_t all[BENCH_FILES] = {0};
    for (size_t i = 0; i < bench->portfolio->n_programmes; ++i) {
        all[i] = levels != NULL ? levels[i] : (uint8_t)bench->portfolio->programmes[i].n_scales;
    }
    const struct plan *plan = plan_build_bundle(&bench->arena, bench->library, bench->portfolio,
                                                all, &full, &bench->diagnostics);
    if (plan == NULL) {
        bench_print(bench);
        fail_msg("no bundle");
    }
    return plan;
}

/* All programmes and scales: what a choice works on. */
static inline const struct plan *bench_choice_bundle(struct bench *bench)
{
    static const struct plan_options full = {.measure_set = MEASURE_SET_FULL, .without_irr = true};
    const struct plan *plan = plan_build_bundle(&bench->arena, bench->library, bench->portfolio,
                                                NULL, &full, &bench->diagnostics);
    assert_non_null(plan);
    return plan;
}

/* Every result column at the means; of the bench's arena. */
static inline const double *bench_central(struct bench *bench, const struct plan *plan)
{
    double *values = arena_array(&bench->arena, plan->n_results + 1, sizeof *values);
    simulation_central(plan, values);
    return values;
}

/* Every result column in every draw, [column][draw]; of the bench's arena. */
static inline const double *bench_draws(struct bench *bench, const struct plan *plan,
                                        size_t n_draws)
{
    struct error error = {0};
    size_t *columns = arena_array(&bench->arena, plan->n_results, sizeof *columns);
    double *values = arena_array(&bench->arena, plan->n_results * n_draws, sizeof *values);
    for (size_t i = 0; i < plan->n_results; ++i) {
        columns[i] = i;
    }
    assert_int_equal(simulation_draws(&bench->arena, plan, &bench_design, 0, n_draws, columns,
                                      plan->n_results, values, &error),
                     STATUS_OK);
    return values;
}

/* 0 where the plan has no such column: nobody of that name pays or gains. */
static inline double bench_value(const struct plan *plan, const double *values,
                                 enum measure measure, const char *who, size_t year, size_t item)
{
    size_t index = plan_find_who(plan, who);
    size_t column =
        index == SIZE_MAX ? SIZE_MAX : plan_find_result(plan, measure, index, year, item);
    return column == SIZE_MAX ? 0.0 : values[column];
}

static inline size_t bench_demand(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->n_demands; ++i) {
        if (strcmp(plan->demands[i].demand->id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static inline double bench_volume_year(const struct plan *plan, const double *values,
                                       const char *demand, size_t year)
{
    return bench_value(plan, values, MEASURE_VOLUME_YEAR, "total", year,
                       bench_demand(plan, demand));
}

#define assert_near(actual, expected, scale, relative)                                             \
    bench_assert_near((actual), (expected), (scale), (relative), __FILE__, __LINE__)

/* Within `relative` of the figures that the sums are made of: nets are small differences. */
static inline void bench_assert_near(double actual, double expected, double scale, double relative,
                                     const char *file, int line)
{
    if (!(fabs(actual - expected) <= relative * fmax(scale, fabs(expected)))) {
        print_error("%.17g is not within %g x %g of %.17g\n", actual, relative, scale, expected);
        _fail(file, line);
    }
}

#endif
