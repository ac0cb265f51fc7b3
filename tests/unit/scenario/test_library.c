/* Scenarios, conventions and whole libraries, in memory and from disk. */
#include "scenario/scenario.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const base =
    "sources = { gov = { citation = \"HM Treasury\"; }; };\n"
    "packs = {\n"
    "  green_book_2022 = { kind = \"appraisal\"; label = \"Green\"; vintage = \"2022\";\n"
    "    source = \"gov\"; costs = { from_year = [0]; rate = [0.035]; };\n"
    "    health = { from_year = [0]; rate = [0.015]; }; };\n"
    "  hmt_gdp_march_2026 = { kind = \"deflator\"; label = \"GDP\"; vintage = \"2026\";\n"
    "    source = \"gov\"; years = [\"2024-25\", \"2025-26\"]; index = [98.0, 100.0];\n"
    "    last_outturn_year = \"2024-25\"; };\n"
    "  bias = { kind = \"optimism\"; label = \"Bias\"; vintage = \"2014\"; source = \"gov\";\n"
    "    cost_uplift_by_grade = [0.0, 0.05, 0.1, 0.15, 0.25, 0.4];\n"
    "    benefit_reduction_by_grade = [0.0, 0.05, 0.1, 0.15, 0.25, 0.4]; };\n"
    "};\n"
    "perspectives = { public_sector = { label = \"Public sector\"; }; };\n"
    "sectors = {\n"
    "  acute = { label = \"Acute\"; abbreviation = \"A\"; perspectives = [\"public_sector\"]; };\n"
    "  icb = { label = \"ICB\"; abbreviation = \"ICB\"; perspectives = [\"public_sector\"]; };\n"
    "};\n"
    "sector_groups = { health = { label = \"Health\"; rule = \"equal\";\n"
    "  members = { acute = 0.5; icb = 0.5; }; }; };\n"
    "evidence = {\n"
    "  ae_cost = { label = \"c\"; kind = \"cost\"; unit = \"GBP\"; value = 280.0;\n"
    "    price_year = \"2024-25\"; split = { acute = 1.0; }; grade = 6; source = \"assumption\";\n"
    "    reason = \"r\"; };\n"
    "  uptake = { label = \"u\"; kind = \"share\"; unit = \"share\"; value = 0.4; grade = 6;\n"
    "    source = \"assumption\"; reason = \"r\"; };\n"
    "  unused = { label = \"u\"; kind = \"share\"; unit = \"share\"; value = 0.4; grade = 6;\n"
    "    source = \"assumption\"; reason = \"r\"; };\n"
    "};\n"
    "demand = { ae = { label = \"A&E\"; unit = \"attendance\"; unit_cost = \"ae_cost\"; }; };\n";

static const char *const model =
    "model = { kind = \"programme\"; title = \"Befriending\"; prevention = \"primary\";\n"
    "  question = \"Is it worth it?\"; population_reach = \"population_group\";\n"
    "  inputs = { eligible = { label = \"People\"; unit = \"people\"; min = 0.0; max = 5000.0; };\n"
    "    fee = { label = \"Fee\"; unit = \"GBP\"; default = 70.0; }; };\n"
    "  funnel = { eligible = \"eligible\"; uptake = \"uptake\"; };\n"
    "  intake = \"once\";\n"
    "  costs = ( { name = \"coordination\"; per = \"participant_year\"; amount = \"fee\"; },\n"
    "    { name = \"rent\"; per = \"year\"; amount = 900.0; payer = \"pot\"; } );\n"
    "  outcomes = ( { demand = \"ae\"; effect_form = \"absolute\"; effect = 0.2;\n"
    "    deadweight = { form = \"multiplicative\"; value = 0.1; };\n"
    "    profile = { fade = \"none\"; when_funding_stops = \"stop\"; }; } );\n"
    "};\n";

static const char *const scenario =
    "scenario = {\n"
    "  title = \"Here\"; model = \"befriending\"; start_year = \"2026-27\";\n"
    "  funded_years = 3; horizon_years = 10;\n"
    "  inputs = { eligible = 1800; };\n"
    "  funding = { icb = 0.6; pot = 0.4; };\n"
    "  pools = { pot = { label = \"Pot\"; members = { health = 0.5; acute = 0.5; }; }; };\n"
    "  override = ( { parameter = \"uptake\"; value = 0.5; reason = \"pilot\"; } );\n"
    "  conventions = { timing = \"mid\"; optimism_pack = \"bias\"; };\n"
    "};\n";

static const struct library *build(struct memory_library *memory, const char *const *scenarios,
                                   size_t n_scenarios, const char *run)
{
    const struct document *documents[4] = {NULL};
    static const char *const names[] = {"scenarios/here.cfg", "scenarios/there.cfg",
                                        "scenarios/far.cfg", "scenarios/more/here.cfg"};
    for (size_t i = 0; i < n_scenarios; ++i) {
        documents[i] = memory_parse(memory, names[i], scenarios[i]);
    }
    const struct document *run_document =
        run != NULL ? memory_parse(memory, "scenarios/run.cfg", run) : NULL;
    const struct library *library =
        library_build(&memory->arena, memory->documents, memory->n_documents, documents,
                      n_scenarios, run_document, &memory->diagnostics);
    diagnostics_sort(&memory->diagnostics);
    return library;
}

static void init(struct memory_library *memory)
{
    memory_library_init(memory);
    memory_add(memory, "models/base.cfg", 0, base);
    memory_add(memory, "models/befriending/model.cfg", 0, model);
}

static void a_complete_library_builds_without_a_word(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct library *library = build(&memory, &scenario, 1, NULL);
    assert_true(memory_silent(&memory));
    assert_int_equal(library->n_scenarios, 1);
    const struct scenario *here = library->scenarios[0];
    assert_string_equal(here->id, "here");
    assert_string_equal(here->question, "Is it worth it?");
    assert_ptr_equal(here->model, model_find(library->models, "befriending"));
    assert_int_equal(here->start_year, 2026);
    assert_int_equal(here->funded_years, 3);
    assert_int_equal(here->horizon_years, 10);
    assert_false(here->recurrent);
    assert_close(here->inputs[0].distribution.p[0], 1800.0, 0.0);
    assert_non_null(here->inputs[0].setting);
    assert_close(here->inputs[1].distribution.p[0], 70.0, 0.0);
    assert_null(here->inputs[1].setting);
    assert_int_equal(here->n_funding, 2);
    assert_int_equal(here->n_pools, 1);
    assert_int_equal(scenario_pool_index(here, "pot"), 0);
    assert_int_equal(here->n_overrides, 1);
    assert_string_equal(here->overrides[0].parameter->identity, "uptake");
    assert_close(here->overrides[0].distribution.p[0], 0.5, 0.0);
    assert_int_equal(here->conventions.timing, TIMING_MID);
    assert_string_equal(here->conventions.optimism->id, "bias");
    assert_string_equal(here->conventions.appraisal->id, "green_book_2022");
    assert_int_equal(here->conventions.price_year, 2026);
    memory_library_clear(&memory);
}

static void recurrent_funding_runs_to_the_horizon(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *text =
        memory_swap(&memory, scenario, "funded_years = 3", "funded_years = \"recurrent\"");
    const struct library *library = build(&memory, &text, 1, NULL);
    assert_true(memory_silent(&memory));
    assert_true(library->scenarios[0]->recurrent);
    assert_int_equal(library->scenarios[0]->funded_years, 10);
    memory_library_clear(&memory);
}

static void conventions_go_scenario_over_run_over_built_in(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *const scenarios[] = {
        scenario,
        memory_swap(&memory, scenario,
                    "conventions = { timing = \"mid\"; optimism_pack = \"bias\"; };", ""),
        memory_swap(&memory, scenario, "timing = \"mid\"; optimism_pack = \"bias\"",
                    "optimism_pack = \"off\""),
    };
    const struct library *library =
        build(&memory, scenarios, 3,
              "run = { seed = 7; draws = 500; conventions = { timing = \"end\"; "
              "optimism_pack = \"bias\"; price_year = \"2024-25\"; }; };\n");
    assert_true(memory_silent(&memory));
    assert_int_equal(library->run.seed, 7);
    assert_int_equal(library->run.n_draws, 500);
    assert_string_equal(library->scenarios[0]->id, "far");
    assert_null(library->scenarios[0]->conventions.optimism);
    assert_int_equal(library->scenarios[0]->conventions.timing, TIMING_END);
    assert_int_equal(library->scenarios[1]->conventions.timing, TIMING_MID);
    assert_int_equal(library->scenarios[2]->conventions.timing, TIMING_END);
    assert_string_equal(library->scenarios[2]->conventions.optimism->id, "bias");
    assert_int_equal(library->scenarios[2]->conventions.price_year, 2024);
    memory_library_clear(&memory);
}

struct bad_scenario {
    const char *from, *to, *code, *path;
};

static const struct bad_scenario mistakes[] = {
    {"model = \"befriending\"", "model = \"befriendings\"", "E606", "scenario.model"},
    {"eligible = 1800;", "eligible = 1800; fees = 3.0;", "E607", "scenario.inputs.fees"},
    {"eligible = 1800;", "fee = 60.0;", "E608", "scenario.inputs"},
    {"eligible = 1800;", "eligible = 1800000;", "E609", "scenario.inputs.eligible"},
    {"eligible = 1800;", "eligible = { dist = \"normal\"; mean = 4000.0; sd = 900.0; };", "E609",
     "scenario.inputs.eligible"},
    {"eligible = 1800;", "eligible = { dist = \"normal\"; mean = 4000.0; sd = 300.0; };", NULL,
     NULL},
    {"funding = { icb = 0.6; pot = 0.4; };", "", "E610", "scenario"},
    {"funding = { icb = 0.6; pot", "funding = { icb = 0.6; pott", "E611", "scenario.funding.pott"},
    {"pools = { pot = {", "pools = { icb = { label = \"x\"; members = { acute = 1.0; }; }; pot = {",
     "E500", "scenario.pools.icb"},
    {"members = { health", "members = { helth", "E501", "scenario.pools.pot.members.helth"},
    {"parameter = \"uptake\"", "parameter = \"uptakes\"", "E510", "scenario.override[0].parameter"},
    {"value = 0.5; reason", "value = 1.5; reason", "E440", "scenario.override[0].value"},
    {"parameter = \"uptake\"", "parameter = \"unused\"", "E612", "scenario.override[0].parameter"},
    {"parameter = \"uptake\"", "parameter = \"ae_cost\"", NULL, NULL},
    {"override = (", "override = ( { parameter = \"uptake\"; value = 0.3; reason = \"x\"; },",
     "E613", "scenario.override[1].parameter"},
    {"funded_years = 3", "funded_years = 11", "E614", "scenario.funded_years"},
    {"timing = \"mid\"", "appraisal_pack = \"green_book_2002\"", "E615",
     "scenario.conventions.appraisal_pack"},
    {"timing = \"mid\"", "deflator_pack = \"bias\"", "E615", "scenario.conventions.deflator_pack"},
    {"optimism_pack = \"bias\"", "optimism_pack = \"of\"", "E615",
     "scenario.conventions.optimism_pack"},
    {"timing = \"mid\"", "perspective = \"public\"", "E615", "scenario.conventions.perspective"},
    {"timing = \"mid\"", "price_year = \"2062-63\"", "E616", "scenario.conventions.price_year"},
    {"timing = \"mid\"", "monetise_qalys = true", "E617", "scenario.conventions.monetise_qalys"},
};

static void each_mistake_in_a_scenario_has_its_own_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; ++i) {
        struct memory_library memory;
        init(&memory);
        const char *text = memory_swap(&memory, scenario, mistakes[i].from, mistakes[i].to);
        (void)build(&memory, &text, 1, NULL);
        assert_true(mistakes[i].code == NULL
                        ? memory_silent(&memory)
                        : memory_only(&memory, mistakes[i].code, mistakes[i].path));
        memory_library_clear(&memory);
    }
}

static void every_missing_input_is_listed(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0,
               memory_swap(&memory, model, "; default = 70.0", ""));
    const char *text = memory_swap(&memory, scenario, "inputs = { eligible = 1800; };", "");
    (void)build(&memory, &text, 1, NULL);
    assert_int_equal(memory.diagnostics.n_items, 2);
    assert_non_null(strstr(memory.diagnostics.items[0].found, "\"eligible\""));
    assert_non_null(strstr(memory.diagnostics.items[1].found, "\"fee\""));
    memory_library_clear(&memory);
}

static void a_payer_nobody_knows_is_said_once_at_the_cost(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0,
               memory_swap(&memory, model, "payer = \"pot\"", "payer = \"potty\""));
    const char *const scenarios[] = {scenario, scenario, scenario};
    (void)build(&memory, scenarios, 3, NULL);
    assert_true(memory_only(&memory, "E611", "model.costs[1].payer"));
    assert_int_equal(memory_find(&memory, "E611")->place.line, 8);
    memory_library_clear(&memory);
}

static void a_scenario_without_the_pool_of_a_cost_is_named(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *poor = memory_swap(&memory, scenario, "pools = { pot = {", "pools = { jar = {");
    poor = memory_swap(&memory, poor, "icb = 0.6; pot = 0.4", "icb = 0.6; jar = 0.4");
    const char *const scenarios[] = {scenario, poor};
    (void)build(&memory, scenarios, 2, NULL);
    assert_true(memory_only(&memory, "E611", "scenario"));
    assert_string_equal(memory_find(&memory, "E611")->place.file, "scenarios/there.cfg");
    memory_library_clear(&memory);
}

static void funding_without_an_open_cost_is_warned_of(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(
        &memory, "models/befriending/model.cfg", 0,
        memory_swap(&memory, model, "amount = \"fee\"", "amount = \"fee\"; payer = \"icb\""));
    (void)build(&memory, &scenario, 1, NULL);
    assert_true(memory_only(&memory, "W802", "scenario.funding"));
    memory_library_clear(&memory);
}

static void two_scenarios_of_one_name_are_both_named(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *const scenarios[] = {scenario, scenario, scenario, scenario};
    (void)build(&memory, scenarios, 4, NULL);
    assert_true(memory_only(&memory, "E605", "scenario"));
    const struct diagnostic *twice = memory_find(&memory, "E605");
    assert_string_equal(twice->place.file, "scenarios/more/here.cfg");
    assert_non_null(strstr(twice->found, "scenarios/here.cfg"));
    memory_library_clear(&memory);
}

static void mistakes_of_the_run_are_said_once_for_all_scenarios(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *plain = memory_swap(
        &memory, scenario, "conventions = { timing = \"mid\"; optimism_pack = \"bias\"; };", "");
    const char *const scenarios[] = {plain, plain, plain};
    (void)build(&memory, scenarios, 3, "run = { conventions = { deflator_pack = \"gdp\"; }; };\n");
    assert_true(memory_only(&memory, "E615", "run.conventions.deflator_pack"));
    assert_int_equal(memory.diagnostics.n_errors, 1);
    memory_library_clear(&memory);

    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0,
               memory_swap(&memory, base, "green_book_2022", "green_book_2026"));
    memory_add(&memory, "models/befriending/model.cfg", 0, model);
    plain = memory_swap(&memory, scenario,
                        "conventions = { timing = \"mid\"; optimism_pack = \"bias\"; };", "");
    const char *const built_in[] = {plain, plain, plain};
    (void)build(&memory, built_in, 3, NULL);
    assert_int_equal(memory.diagnostics.n_items, 1);
    assert_non_null(strstr(memory_find(&memory, "E615")->found, "built-in"));
    memory_library_clear(&memory);
}

static void each_part_is_sent_to_the_file_where_it_belongs(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    memory_add(&memory, "models/stray.cfg", 0, "run = { seed = 3; };\n");
    (void)build(&memory, &scenario, 1, NULL);
    assert_true(memory_only(&memory, "E603", "run"));
    memory_library_clear(&memory);

    init(&memory);
    const char *text = memory_swap(&memory, scenario, "scenario = {",
                                   "sources = { x = { citation = \"x\"; }; };\nscenario = {");
    (void)build(&memory, &text, 1, NULL);
    assert_true(memory_only(&memory, "E604", "sources"));
    memory_library_clear(&memory);

    init(&memory);
    text = "sources = { x = { citation = \"x\"; }; };\n";
    (void)build(&memory, &text, 1, NULL);
    assert_true(memory_only(&memory, "E602", ""));
    assert_non_null(strstr(memory_find(&memory, "E602")->found, "sources"));
    memory_library_clear(&memory);

    init(&memory);
    (void)build(&memory, &scenario, 1, "scenario = { };\n");
    assert_non_null(memory_find(&memory, "E602"));
    memory_library_clear(&memory);
}

/* A small tree on disk: <root>/models and <root>/scenarios. */
struct tree {
    char root[64];
};

static void write_file(const struct tree *tree, const char *path, const char *text)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", tree->root, path);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const struct tree *tree, const char *path)
{
    char full[256];
    snprintf(full, sizeof full, "%s/%s", tree->root, path);
    assert_int_equal(mkdir(full, 0700), 0);
}

static void tree_init(struct tree *tree)
{
    snprintf(tree->root, sizeof tree->root, "/tmp/dividend_library_XXXXXX");
    assert_non_null(mkdtemp(tree->root));
    make_folder(tree, "models");
    make_folder(tree, "models/befriending");
    make_folder(tree, "models/.hidden");
    make_folder(tree, "empty");
    write_file(tree, "models/base.cfg", base);
    write_file(tree, "models/befriending/model.cfg", model);
    write_file(tree, "models/befriending/README.md", "not configuration");
    write_file(tree, "models/.hidden/bad.cfg", "this is not configuration");
    write_file(tree, "models/.bad.cfg", "this is not configuration");
    write_file(tree, "here.cfg", scenario);
}

static void tree_clear(const struct tree *tree)
{
    static const char *const files[] = {"models/base.cfg",
                                        "models/befriending/model.cfg",
                                        "models/befriending/README.md",
                                        "models/.hidden/bad.cfg",
                                        "models/.bad.cfg",
                                        "here.cfg",
                                        "models/befriending/loop"};
    static const char *const folders[] = {"models/.hidden", "models/befriending", "models",
                                          "empty"};
    char full[256];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
        snprintf(full, sizeof full, "%s/%s", tree->root, files[i]);
        (void)unlink(full);
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; ++i) {
        snprintf(full, sizeof full, "%s/%s", tree->root, folders[i]);
        assert_int_equal(rmdir(full), 0);
    }
    assert_int_equal(rmdir(tree->root), 0);
}

static const struct library *load(struct memory_library *memory, const struct tree *tree,
                                  const char *const *folders, size_t n_folders)
{
    const char *paths[2] = {NULL};
    for (size_t i = 0; i < n_folders; ++i) {
        paths[i] = arena_printf(&memory->arena, "%s/%s", tree->root, folders[i]);
    }
    const char *file = arena_printf(&memory->arena, "%s/here.cfg", tree->root);
    const struct library_request request = {.model_directories = paths,
                                            .n_model_directories = n_folders,
                                            .scenario_files = &file,
                                            .n_scenario_files = 1};
    return library_load(&memory->arena, &request, &memory->diagnostics);
}

static void a_library_loads_from_sorted_folders_without_loops(void **state)
{
    (void)state;
    struct memory_library memory;
    struct tree tree;
    char link[256];
    static const char *const folders[] = {"models"};
    tree_init(&tree);
    memory_library_init(&memory);
    snprintf(link, sizeof link, "%s/models/befriending/loop", tree.root);
    assert_int_equal(symlink(tree.root, link), 0);
    /* the link leads to the root, whose models folder is already open: nothing is read twice */
    const struct library *library = load(&memory, &tree, folders, 1);
    (void)unlink(link);
    assert_non_null(memory_find(&memory, "E603")); /* here.cfg, seen through the link */
    assert_int_equal(library->n_documents, 3);
    memory_library_clear(&memory);

    memory_library_init(&memory);
    library = load(&memory, &tree, folders, 1);
    assert_true(memory_silent(&memory));
    assert_int_equal(library->n_documents, 2);
    assert_non_null(strstr(library->documents[0].document->file, "/models/base.cfg"));
    assert_non_null(strstr(library->documents[1].document->file, "/models/befriending/model.cfg"));
    assert_int_equal(library->n_scenarios, 1);
    memory_library_clear(&memory);
    tree_clear(&tree);
}

static void folders_that_are_missing_or_empty_are_named(void **state)
{
    (void)state;
    struct memory_library memory;
    struct tree tree;
    static const char *const missing[] = {"models", "modles"};
    static const char *const empty[] = {"models", "empty"};
    tree_init(&tree);
    memory_library_init(&memory);
    (void)load(&memory, &tree, missing, 2);
    assert_true(memory_only(&memory, "E600", ""));
    assert_non_null(strstr(memory_find(&memory, "E600")->place.file, "modles"));
    memory_library_clear(&memory);
    memory_library_init(&memory);
    (void)load(&memory, &tree, empty, 2);
    assert_true(memory_only(&memory, "E601", ""));
    memory_library_clear(&memory);
    tree_clear(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_library_builds_without_a_word),
        cmocka_unit_test(recurrent_funding_runs_to_the_horizon),
        cmocka_unit_test(conventions_go_scenario_over_run_over_built_in),
        cmocka_unit_test(each_mistake_in_a_scenario_has_its_own_message),
        cmocka_unit_test(every_missing_input_is_listed),
        cmocka_unit_test(a_payer_nobody_knows_is_said_once_at_the_cost),
        cmocka_unit_test(a_scenario_without_the_pool_of_a_cost_is_named),
        cmocka_unit_test(funding_without_an_open_cost_is_warned_of),
        cmocka_unit_test(two_scenarios_of_one_name_are_both_named),
        cmocka_unit_test(mistakes_of_the_run_are_said_once_for_all_scenarios),
        cmocka_unit_test(each_part_is_sent_to_the_file_where_it_belongs),
        cmocka_unit_test(a_library_loads_from_sorted_folders_without_loops),
        cmocka_unit_test(folders_that_are_missing_or_empty_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
