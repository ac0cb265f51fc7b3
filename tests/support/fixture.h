/* Runs scenarios of a folder from a test: reader to statistics, and finds a measure by name. */
#ifndef DIVIDEND_TESTS_FIXTURE_H
#define DIVIDEND_TESTS_FIXTURE_H

#include "scenario/scenario.h"
#include "support/assert_close.h"
#include "uncertainty/uncertainty.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct arena arena;
    struct diagnostics diagnostics;
    const struct library *library;
    const struct plan **plans;
    struct scenario_result *results;
};

static inline void fixture_print_diagnostics(const struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->diagnostics.n_items; ++i) {
        print_error(
            "%s", diagnostic_render(&fixture->diagnostics, &fixture->diagnostics.items[i], false));
    }
}

/* Loads models and scenario files; fails the test on any error. */
static inline void fixture_load(struct fixture *fixture, const char *const *model_directories,
                                size_t n_model_directories, const char *const *scenario_files,
                                size_t n_scenario_files, const char *run_file)
{
    *fixture = (struct fixture){0};
    arena_init(&fixture->arena);
    diagnostics_init(&fixture->diagnostics, &fixture->arena);
    const struct library_request request = {.model_directories = model_directories,
                                            .n_model_directories = n_model_directories,
                                            .scenario_files = scenario_files,
                                            .n_scenario_files = n_scenario_files,
                                            .run_file = run_file};
    fixture->library = library_load(&fixture->arena, &request, &fixture->diagnostics);
    if (fixture->diagnostics.n_errors > 0) {
        fixture_print_diagnostics(fixture);
        fail_msg("the configuration has errors");
    }
}

static inline void fixture_plan(struct fixture *fixture, enum measure_set measure_set)
{
    size_t n = fixture->library->n_scenarios;
    const struct plan_options options = {.measure_set = measure_set};
    fixture->plans = arena_array(&fixture->arena, n, sizeof(const struct plan *));
    for (size_t i = 0; i < n; ++i) {
        fixture->plans[i] =
            plan_build(&fixture->arena, fixture->library, fixture->library->scenarios[i], &options,
                       &fixture->diagnostics);
        if (fixture->plans[i] == NULL) {
            fixture_print_diagnostics(fixture);
            fail_msg("no plan could be built");
        }
    }
}

static inline void fixture_run(struct fixture *fixture, uint64_t seed, uint64_t n_draws,
                               size_t n_threads)
{
    size_t n = fixture->library->n_scenarios;
    const struct simulation_options options = {
        .seed = seed, .n_draws = n_draws, .n_threads = n_threads, .assumption_share = true};
    struct error error = {0};
    fixture->results = arena_array(&fixture->arena, n, sizeof *fixture->results);
    enum status status =
        simulation_run(&fixture->arena, fixture->plans, n, &options, fixture->results, &error);
    assert_int_equal(status, STATUS_OK);
    for (size_t i = 0; i < n; ++i) {
        if (fixture->results[i].status != STATUS_OK) {
            fail_msg("%s", fixture->results[i].error.message);
        }
    }
}

static inline void fixture_clear(struct fixture *fixture)
{
    if (fixture->results != NULL) {
        simulation_clear(fixture->results, fixture->library->n_scenarios);
    }
    arena_clear(&fixture->arena);
}

static inline bool fixture_find_measure(const char *name, enum measure *measure)
{
    for (size_t i = 0; i < N_MEASURES; ++i) {
        if (strcmp(measure_name((enum measure)i), name) == 0) {
            *measure = (enum measure)i;
            return true;
        }
    }
    return false;
}

/* Statistics of "volume.DEMAND", "net", "net" with a year (net_at) ... for `who`, or NULL. year <
 * 0: none. */
static inline const struct column_statistics *
fixture_find(const struct scenario_result *result, const char *name, const char *who, int year)
{
    const struct plan *plan = result->plan;
    char full[96];
    size_t item = 0;
    enum measure measure = MEASURE_NET;
    const char *dot = strchr(name, '.');
    size_t length = dot != NULL ? (size_t)(dot - name) : strlen(name);
    snprintf(full, sizeof full, "%.*s%s", (int)length, name,
             year >= 0 && strncmp(name, "net", 3) == 0 ? "_at"
             : year >= 0                               ? "_year"
                                                       : "");
    if (!fixture_find_measure(full, &measure)) {
        return NULL;
    }
    for (size_t demand = 0; dot != NULL && demand < plan->n_demands; ++demand) {
        if (strcmp(plan->demands[demand].demand->id, dot + 1) == 0) {
            item = demand;
        }
    }
    for (size_t kind = 0; dot != NULL && measure == MEASURE_FLOW_YEAR && kind < N_FLOW_KINDS;
         ++kind) {
        if (strcmp(flow_kind_name((enum flow_kind)kind), dot + 1) == 0) {
            item = kind;
        }
    }
    size_t index = plan_find_who(plan, who);
    return index == SIZE_MAX
               ? NULL
               : result_find(result, measure, index, year >= 0 ? (size_t)year : 0, item);
}

#endif
