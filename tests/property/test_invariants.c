/* What must hold for every valid model, over random ones. Each model is also compared with the slow
 * oracle. */
#include "support/fixture.h"
#include "support/oracle.h"
#include "support/random_model.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

#include <math.h>

enum { N_MODELS = 240, ORACLE_DRAWS = 5, PROPERTY_DRAWS = 600 };

struct loaded {
    struct fixture fixture;
    struct random_model text;
};

static const struct sampling_design design = {.n_scramblings = 8, .seed = 7};

static struct coverage coverage;

static const struct document *parse(struct fixture *fixture, const char *file,
                                    const struct text *text)
{
    return reader_parse(&fixture->arena, &fixture->diagnostics, file, text->bytes, text->n_bytes);
}

static void load(struct loaded *loaded, const struct random_options *options)
{
    struct fixture *fixture = &loaded->fixture;
    random_model_make(&loaded->text, options);
    *fixture = (struct fixture){0};
    arena_init(&fixture->arena);
    diagnostics_init(&fixture->diagnostics, &fixture->arena);
    struct layered_document documents[2] = {
        {.document = parse(fixture, "models/library.cfg", &loaded->text.library)},
        {.document = parse(fixture, "models/random/model.cfg", &loaded->text.model)}};
    const struct document *scenario = parse(fixture, "random.cfg", &loaded->text.scenario);
    const struct document *run = parse(fixture, "run.cfg", &loaded->text.run);
    fixture->library =
        library_build(&fixture->arena, documents, 2, &scenario, 1, run, &fixture->diagnostics);
    if (fixture->diagnostics.n_errors > 0) {
        fixture_print_diagnostics(fixture);
        fail_msg("random model %llu is not valid", (unsigned long long)options->seed);
    }
    const struct document *all[] = {documents[0].document, documents[1].document, scenario, run};
    for (size_t i = 0; i < 4; ++i) {
        coverage_visit(&coverage, all[i]->root, "document");
    }
    fixture_plan(fixture, MEASURE_SET_FULL);
}

static void unload(struct loaded *loaded)
{
    fixture_clear(&loaded->fixture);
    random_model_clear(&loaded->text);
}

static struct random_options make_options(uint64_t seed)
{
    return (struct random_options){
        .seed = seed, .every_key = seed % 4 == 0, .eligible = 400.0 + (double)(seed % 7) * 100.0};
}

static double *draw_all(const struct loaded *loaded, size_t n_draws)
{
    const struct plan *plan = loaded->fixture.plans[0];
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    size_t *columns = arena_array(&arena, plan->n_results, sizeof *columns);
    for (size_t i = 0; i < plan->n_results; ++i) {
        columns[i] = i;
    }
    double *values = memory_columns(plan->n_results * n_draws);
    assert_int_equal(simulation_draws(&arena, plan, &design, 0, n_draws, columns, plan->n_results,
                                      values, &error),
                     STATUS_OK);
    arena_clear(&arena);
    return values;
}

static const double *draws_of(const struct plan *plan, const double *values, size_t n_draws,
                              enum measure measure, size_t who, size_t year, size_t item)
{
    size_t index = plan_find_result(plan, measure, who, year, item);
    return index == SIZE_MAX ? NULL : values + index * n_draws;
}

static void assert_near(double actual, double expected, double scale, double relative,
                        const char *what, uint64_t seed)
{
    if (!(fabs(actual - expected) <= relative * scale)) {
        fail_msg("model %llu: %s is %.17g, expected %.17g", (unsigned long long)seed, what, actual,
                 expected);
    }
}

/* ---- the oracle ---- */

/* The normal score of a parameter by itself. */
static double score_of(const struct plan *plan, const struct parameter *parameter, uint64_t draw)
{
    double u = 0.0;
    size_t dimension = dimension_of(plan->library->dimensions, parameter->identity);
    struct uniform_stream stream = sample_stream_of(&design, parameter->identity, dimension, 0);
    sample_uniforms(&stream, draw, 1, &u);
    return gsl_cdf_ugaussian_Pinv(u);
}

/* Correlated: from the matrix, by a Cholesky factor found anew with GSL. */
static double correlated_value(const struct plan *plan, const struct plan_column *column,
                               const struct sampler *sampler, uint64_t draw)
{
    size_t n = column->correlation->n_members;
    gsl_matrix *factor = gsl_matrix_alloc(n, n);
    for (size_t i = 0; i < n * n; ++i) {
        gsl_matrix_set(factor, i / n, i % n, column->correlation->matrix[i]);
    }
    assert_int_equal(gsl_linalg_cholesky_decomp1(factor), 0);
    double z = 0.0;
    for (size_t k = 0; k <= column->member; ++k) {
        z += gsl_matrix_get(factor, column->member, k) *
             score_of(plan, column->correlation->members[k], draw);
    }
    gsl_matrix_free(factor);
    double value = gsl_cdf_ugaussian_P(z);
    sampler_transform(sampler, 1, &value, &value);
    return value;
}

static void column_values(const struct plan *plan, uint64_t draw, double *values)
{
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    struct sampler_cache *cache = sampler_cache_new(&arena);
    for (size_t i = 0; i < plan->n_columns; ++i) {
        const struct plan_column *column = &plan->columns[i];
        const struct sampler *sampler = NULL;
        assert_int_equal(sampler_prepare(&arena, cache, &column->distribution, &sampler, &error),
                         STATUS_OK);
        if (column->correlation != NULL) {
            values[i] = correlated_value(plan, column, sampler, draw);
            continue;
        }
        struct uniform_stream stream =
            sample_stream_of(&design, column->identity, column->dimension, 0);
        sampler_draw(sampler, &stream, draw, 1, &values[i]);
    }
    arena_clear(&arena);
}

static double oracle_scale(const struct oracle *oracle)
{
    double scale = 1.0;
    for (size_t sector = 0; sector < oracle->library->sectors->n_sectors; ++sector) {
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            scale += fabs(oracle_pv(oracle, sector, (enum flow_kind)kind));
        }
    }
    return scale;
}

static void compare_draw(const struct loaded *loaded, const double *values, size_t n_draws,
                         uint64_t draw, uint64_t seed)
{
    const struct plan *plan = loaded->fixture.plans[0];
    static struct oracle oracle;
    double inputs[64];
    assert_true(plan->n_columns <= 64);
    column_values(plan, draw, inputs);
    oracle_run(&oracle, plan, inputs);
    double scale = oracle_scale(&oracle);
    for (size_t who = 0; who < plan->n_sector_whos; ++who) {
        size_t sector = plan->whos[who].sector;
        const double *net = draws_of(plan, values, n_draws, MEASURE_NET, who, 0, 0);
        assert_near(net[draw], oracle_net(&oracle, sector), scale, 1e-11, "net", seed);
        for (size_t kind = 0; kind < N_FLOW_KINDS; ++kind) {
            const double *pv = draws_of(plan, values, n_draws,
                                        (enum measure)(MEASURE_PV_COST_CASH + kind), who, 0, 0);
            double expected = oracle_pv(&oracle, sector, (enum flow_kind)kind);
            assert_near(pv != NULL ? pv[draw] : 0.0, expected, scale, 1e-11,
                        flow_kind_name((enum flow_kind)kind), seed);
        }
    }
    for (size_t demand = 0; demand < plan->n_demands; ++demand) {
        size_t index = (size_t)(plan->demands[demand].demand - plan->library->models->demands);
        for (size_t year = 0; year < plan->n_years; ++year) {
            const double *volume = draws_of(plan, values, n_draws, MEASURE_VOLUME_YEAR,
                                            plan->n_whos - 1, year, demand);
            assert_near(volume[draw], oracle.volumes[index][year],
                        1.0 + fabs(oracle.volumes[index][year]), 1e-11, "volume", seed);
        }
    }
    double qalys = 0.0;
    for (size_t sector = 0; sector < plan->library->sectors->n_sectors; ++sector) {
        for (size_t year = 0; year < plan->n_years; ++year) {
            qalys += oracle.qalys[sector][year];
        }
    }
    const double *ours =
        draws_of(plan, values, n_draws, MEASURE_QALYS_UNDISCOUNTED, plan->n_whos - 1, 0, 0);
    assert_near(ours[draw], qalys, 1.0 + fabs(qalys), 1e-11, "QALYs", seed);
}

static void the_engine_agrees_with_the_slow_oracle(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded loaded;
        struct random_options options = make_options(seed);
        load(&loaded, &options);
        double *values = draw_all(&loaded, ORACLE_DRAWS);
        for (uint64_t draw = 0; draw < ORACLE_DRAWS; ++draw) {
            compare_draw(&loaded, values, ORACLE_DRAWS, draw, seed);
        }
        free(values);
        unload(&loaded);
    }
}

/* ---- invariants ---- */

static void totals_are_the_sum_of_their_rows_in_every_draw(void **state)
{
    (void)state;

    static const enum measure measures[] = {MEASURE_NET, MEASURE_PV_COST, MEASURE_NET_FISCAL,
                                            MEASURE_NET_UNDISCOUNTED, MEASURE_NET_CASH};

    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded loaded;
        struct random_options options = make_options(seed);
        load(&loaded, &options);
        const struct plan *plan = loaded.fixture.plans[0];
        size_t n_draws = 300;
        double *values = draw_all(&loaded, n_draws);
        for (size_t m = 0; m < sizeof measures / sizeof *measures; ++m) {
            for (size_t who = plan->n_sector_whos; who < plan->n_whos; ++who) {
                const double *total = draws_of(plan, values, n_draws, measures[m], who, 0, 0);
                for (size_t draw = 0; draw < n_draws; ++draw) {
                    double sum = 0.0;
                    for (size_t i = 0; i < plan->whos[who].n_members; ++i) {
                        sum += draws_of(plan, values, n_draws, measures[m],
                                        plan->whos[who].members[i], 0, 0)[draw];
                    }
                    assert_true(sum == total[draw]);
                }
            }
        }
        free(values);
        unload(&loaded);
    }
}

static void transfers_cancel_in_the_total(void **state)
{
    (void)state;
    size_t n_with_transfers = 0;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded loaded;
        struct random_options options = make_options(seed);
        load(&loaded, &options);
        const struct plan *plan = loaded.fixture.plans[0];
        double *values = draw_all(&loaded, 64);
        const double *transfer =
            draws_of(plan, values, 64, MEASURE_PV_TRANSFER, plan->n_whos - 1, 0, 0);
        double largest = 0.0;
        for (size_t who = 0; who < plan->n_sector_whos; ++who) {
            const double *row = draws_of(plan, values, 64, MEASURE_PV_TRANSFER, who, 0, 0);
            for (size_t draw = 0; row != NULL && draw < 64; ++draw) {
                largest = fmax(largest, fabs(row[draw]));
            }
        }
        for (size_t draw = 0; transfer != NULL && draw < 64; ++draw) {
            assert_near(transfer[draw], 0.0, largest, 1e-12, "transfers in total", seed);
        }
        n_with_transfers += largest > 0.0 ? 1 : 0;
        free(values);
        unload(&loaded);
    }
    assert_true(n_with_transfers >= N_MODELS / 2);
}

static void no_effect_saves_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded loaded;
        struct random_options options = make_options(seed);
        options.zero_effect = true;
        load(&loaded, &options);
        const struct plan *plan = loaded.fixture.plans[0];
        double *values = draw_all(&loaded, 32);
        for (size_t kind = FLOW_CASHABLE; kind <= FLOW_SOCIAL; ++kind) {
            const double *pv =
                draws_of(plan, values, 32, (enum measure)(MEASURE_PV_COST_CASH + kind),
                         plan->n_whos - 1, 0, 0);
            for (size_t draw = 0; pv != NULL && draw < 32; ++draw) {
                assert_true(pv[draw] == 0.0);
            }
        }
        free(values);
        unload(&loaded);
    }
}

static void without_discounting_present_value_is_the_plain_sum(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded loaded;
        struct random_options options = make_options(seed);
        options.zero_discount = true;
        load(&loaded, &options);
        const struct plan *plan = loaded.fixture.plans[0];
        double *values = draw_all(&loaded, 32);
        for (size_t who = 0; who < plan->n_whos; ++who) {
            const double *net = draws_of(plan, values, 32, MEASURE_NET, who, 0, 0);
            const double *plain = draws_of(plan, values, 32, MEASURE_NET_UNDISCOUNTED, who, 0, 0);
            const double *cost =
                draws_of(plan, values, 32, MEASURE_PV_COST, plan->n_whos - 1, 0, 0);
            for (size_t draw = 0; draw < 32; ++draw) {
                assert_near(net[draw], plain[draw], fabs(cost[draw]) + fabs(net[draw]), 1e-11,
                            "net without discounting", seed);
            }
        }
        free(values);
        unload(&loaded);
    }
}

static void twice_the_people_is_twice_everything(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded once, twice;
        struct random_options options = make_options(seed);
        options.scalable = true;
        options.every_key = false;
        load(&once, &options);
        options.eligible *= 2.0;
        load(&twice, &options);
        const struct plan *plan = once.fixture.plans[0];
        double *values = draw_all(&once, 32), *doubled = draw_all(&twice, 32);
        for (size_t i = 0; i < plan->n_results; ++i) {
            enum measure measure = plan->results[i].measure;
            bool money = measure <= MEASURE_NET_CASH || measure == MEASURE_FLOW_YEAR ||
                         measure == MEASURE_NMB || measure == MEASURE_QALYS;
            for (size_t draw = 0; money && draw < 32; ++draw) {
                double value = values[i * 32 + draw];
                assert_near(doubled[i * 32 + draw], 2.0 * value, 1.0 + fabs(value), 1e-9,
                            measure_name(measure), seed);
            }
        }
        free(values);
        free(doubled);
        unload(&once);
        unload(&twice);
    }
}

static void the_order_of_rows_does_not_matter(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded plain, permuted;
        struct random_options options = make_options(seed);
        load(&plain, &options);
        options.permuted = true;
        load(&permuted, &options);
        const struct plan *plan = plain.fixture.plans[0];
        assert_int_equal(plan->n_results, permuted.fixture.plans[0]->n_results);
        double *values = draw_all(&plain, 32), *other = draw_all(&permuted, 32);
        size_t total = plan_find_result(plan, MEASURE_PV_COST, plan->n_whos - 1, 0, 0);
        for (size_t i = 0; i < plan->n_results; ++i) {
            bool money = plan->results[i].measure <= MEASURE_NET_CASH;
            for (size_t draw = 0; money && draw < 32; ++draw) {
                double value = values[i * 32 + draw];
                assert_near(other[i * 32 + draw], value,
                            1.0 + fabs(value) + fabs(values[total * 32 + draw]), 1e-11,
                            measure_name(plan->results[i].measure), seed);
            }
        }
        free(values);
        free(other);
        unload(&plain);
        unload(&permuted);
    }
}

static void threads_and_reruns_give_the_same_bytes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= N_MODELS; ++seed) {
        struct loaded loaded;
        struct random_options options = make_options(seed);
        load(&loaded, &options);
        size_t bytes = loaded.fixture.plans[0]->n_results * sizeof(struct column_statistics);
        fixture_run(&loaded.fixture, 7, PROPERTY_DRAWS, 1);
        struct column_statistics *first = memory_alloc(bytes);
        memcpy(first, loaded.fixture.results[0].statistics, bytes);
        double share = loaded.fixture.results[0].assumption_share;
        for (size_t threads = 1; threads <= 2; ++threads) {
            simulation_clear(loaded.fixture.results, 1);
            fixture_run(&loaded.fixture, 7, PROPERTY_DRAWS, threads);
            assert_memory_equal(first, loaded.fixture.results[0].statistics, bytes);
            assert_true(share == loaded.fixture.results[0].assumption_share);
        }
        free(first);
        unload(&loaded);
    }
}

/* Cohorts, trees and their tables have random models of their own (test_health). */
static bool is_of_health_models(const char *group, const char *key)
{
    static const char *const groups[] = {
        "cohort_model",   "tree_model",  "formulas",         "option",
        "health_group",   "state",       "transitions",      "cells",
        "trees",          "health_cost", "utilities",        "health_outcomes",
        "health_outcome", "table",       "health_effect",    "tree_node",
        "node_cost",      "node_effect", "tables",           "table_where",
        "counts",         "health_gain", "life_table_model", "population",
        "disease",        "risk",        "risk_category",    "relative_risks"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; ++i) {
        if (strcmp(groups[i], group) == 0) {
            return true;
        }
    }
    if (strcmp(key, "population_per_year") == 0 || strcmp(key, "years") == 0) {
        return strcmp(group, "decision") == 0 || strcmp(key, "years") != 0;
    }
    return strcmp(key, "counts") == 0 || strcmp(key, "tables") == 0 || strcmp(key, "health") == 0;
}

/* Areas need files beside the documents, and repeat and divide a scenario: tests/unit/scenario. */
static bool is_of_areas(const char *group, const char *key)
{
    static const char *const groups[] = {"populations", "population_table",    "areas",
                                         "area",        "area_lists",          "area_list",
                                         "gradient",    "scenario_population", "for_each"};
    static const char *const keys[] = {"populations", "areas",     "area_lists",
                                       "population",  "gradients", "for_each"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; ++i) {
        if (strcmp(groups[i], group) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; ++i) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* Portfolios choose among several scenarios: tests/portfolio. */
static bool is_of_portfolios(const char *group, const char *key)
{
    return strncmp(group, "portfolio", strlen("portfolio")) == 0 || strcmp(key, "portfolio") == 0;
}

static bool is_among(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What is said about results and moves none: tests/cli and tests/assurance. */
static bool is_record(const char *group, const char *key)
{
    static const char *const groups[] = {"expectation", "expectation_of", "signed_off",
                                         "reporting",   "not_counted",    "published_return",
                                         "supersession"};
    static const char *const keys[] = {"expect",    "expectations", "signed_off",
                                       "reporting", "not_counted",  "published_returns",
                                       "owner",     "version",      "supersedes"};
    return is_among(group, groups, sizeof groups / sizeof groups[0]) ||
           is_among(key, keys, sizeof keys / sizeof keys[0]);
}

static void random_models_cover_every_key_of_the_schema(void **state)
{
    (void)state;
    size_t n_groups = 0, n_keys = 0, n_seen = 0;
    const struct schema_group *groups = schema_groups(&n_groups);
    for (size_t g = 0; g < n_groups; ++g) {
        for (size_t k = 0; k < groups[g].n_keys; ++k) {
            bool seen = coverage.seen[coverage_row(groups[g].name, groups[g].keys[k].name)];
            /* Layers are replaced items; one layer has nothing to replace. */
            bool layered = strcmp(groups[g].keys[k].name, "replaces_because") == 0 ||
                           is_of_health_models(groups[g].name, groups[g].keys[k].name) ||
                           is_of_areas(groups[g].name, groups[g].keys[k].name) ||
                           is_of_portfolios(groups[g].name, groups[g].keys[k].name) ||
                           is_record(groups[g].name, groups[g].keys[k].name);
            n_keys += layered ? 0 : 1;
            n_seen += !layered && seen ? 1 : 0;
            if (!seen && !layered) {
                print_error("no random model writes %s.%s\n", groups[g].name,
                            groups[g].keys[k].name);
            }
        }
    }
    print_message("random models write %zu of %zu schema keys\n", n_seen, n_keys);
    assert_int_equal(n_seen, n_keys);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_agrees_with_the_slow_oracle),
        cmocka_unit_test(totals_are_the_sum_of_their_rows_in_every_draw),
        cmocka_unit_test(transfers_cancel_in_the_total),
        cmocka_unit_test(no_effect_saves_nothing),
        cmocka_unit_test(without_discounting_present_value_is_the_plain_sum),
        cmocka_unit_test(twice_the_people_is_twice_everything),
        cmocka_unit_test(the_order_of_rows_does_not_matter),
        cmocka_unit_test(threads_and_reruns_give_the_same_bytes),
        cmocka_unit_test(random_models_cover_every_key_of_the_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
