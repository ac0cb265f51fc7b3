/* Discount factors, deflators and the rules of packs. */
#include "evidence/pack.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

static const int standard_years[] = {0, 31, 76, 126, 201, 301};
static const double standard_rates[] = {0.035, 0.030, 0.025, 0.020, 0.015, 0.010};
static const struct schedule standard = {6, standard_years, standard_rates};

static const double health_rates[] = {0.015, 0.0129, 0.0107, 0.0086, 0.0064, 0.0043};
static const struct schedule health = {6, standard_years, health_rates};

/* docs/method.md prints six decimals: half a unit of the last is the tolerance. */
static void assert_printed(double actual, double printed)
{
    assert_true(fabs(actual - printed) <= 0.5000001e-6);
}

static void the_green_book_factors_are_reproduced(void **state)
{
    (void)state;
    assert_close(pack_discount_factor(&standard, TIMING_START, 0), 1.0, 0.0);
    assert_printed(pack_discount_factor(&standard, TIMING_START, 1), 0.966184);
    assert_printed(pack_discount_factor(&standard, TIMING_START, 10), 0.708919);
    assert_printed(pack_discount_factor(&standard, TIMING_START, 30), 0.356278);
    assert_printed(pack_discount_factor(&standard, TIMING_START, 75), 0.094214);
    assert_printed(pack_discount_factor(&standard, TIMING_START, 76), 0.091916);
    assert_printed(pack_discount_factor(&standard, TIMING_START, 125), 0.027411);
    assert_printed(pack_discount_factor(&health, TIMING_START, 10), 0.861667);
    assert_printed(pack_discount_factor(&health, TIMING_START, 30), 0.639762);
    assert_printed(pack_discount_factor(&health, TIMING_START, 31), 0.631615);
}

/* 1e-12: method.md gives twelve digits; pow() is an independent form of the product. */
static void the_rate_of_a_band_holds_from_its_first_year(void **state)
{
    (void)state;
    double df30 = pow(1.035, -30.0);
    assert_close(pack_discount_factor(&standard, TIMING_START, 30), df30, 1e-12);
    assert_close(pack_discount_factor(&standard, TIMING_START, 31), df30 / 1.03, 1e-12);
    assert_close(pack_discount_factor(&standard, TIMING_START, 31), 0.345901369517, 1e-12);
    assert_close(pack_discount_factor(&standard, TIMING_START, 76), df30 * pow(1.03, -45.0) / 1.025,
                 1e-12);
}

static void timing_moves_a_flow_within_its_year(void **state)
{
    (void)state;
    double start = pack_discount_factor(&standard, TIMING_START, 7);
    double end = pack_discount_factor(&standard, TIMING_END, 7);
    assert_close(end, start / 1.035, 1e-15);
    assert_close(pack_discount_factor(&standard, TIMING_MID, 7), pow(1.035, -7.5), 1e-12);
}

static void a_deflator_holds_its_growth_beyond_both_ends(void **state)
{
    (void)state;
    static const double index[] = {90.0, 99.0, 100.0, 102.0};
    const struct deflator_pack pack = {.first_year = 2020, .n_years = 4, .index = index};
    bool held = false;
    assert_close(pack_deflator_index(&pack, 2020, &held), 90.0, 0.0);
    assert_close(pack_deflator_index(&pack, 2023, &held), 102.0, 0.0);
    assert_false(held);
    assert_close(pack_deflator_index(&pack, 2025, &held), 102.0 * 1.02 * 1.02, 1e-14);
    assert_true(held);
    held = false;
    assert_close(pack_deflator_index(&pack, 2018, &held), 90.0 / 1.1 / 1.1, 1e-14);
    assert_true(held);
    assert_close(pack_deflator_index(&pack, 2021, &held), 99.0, 0.0);
    assert_true(held); /* never set false */
}

static const char *const good =
    "sources = { gov = { citation = \"HM Treasury\"; }; };\n"
    "packs = {\n"
    "  green = { kind = \"appraisal\"; label = \"Green\"; vintage = \"2022\"; source = \"gov\";\n"
    "    costs = { from_year = [0, 31]; rate = [0.035, 0.03]; };\n"
    "    health = { from_year = [0]; rate = [0.015]; };\n"
    "    qaly_value_gbp = 70000.0; qaly_value_price_year = \"2020-21\";\n"
    "    thresholds_gbp_per_qaly = [20000.0, 30000.0]; };\n"
    "  gdp = { kind = \"deflator\"; label = \"GDP\"; vintage = \"2026\"; source = \"gov\";\n"
    "    years = [\"2023-24\", \"2024-25\", \"2025-26\"]; index = [95.0, 98.0, 100.0];\n"
    "    last_outturn_year = \"2024-25\"; };\n"
    "  bias = { kind = \"optimism\"; label = \"Bias\"; vintage = \"2014\"; source = \"gov\";\n"
    "    cost_uplift_by_grade = [0.0, 0.05, 0.1, 0.15, 0.25, 0.4];\n"
    "    benefit_reduction_by_grade = [0.0, 0.05, 0.1, 0.15, 0.25, 0.4]; };\n"
    "};\n";

static const struct packs *load(struct memory_library *memory)
{
    const struct evidence *evidence =
        evidence_read(&memory->arena, memory->documents, memory->n_documents, &memory->diagnostics);
    const struct packs *packs =
        pack_read(&memory->arena, memory->documents, memory->n_documents, &memory->diagnostics);
    pack_check_sources(packs, evidence, &memory->diagnostics);
    return packs;
}

static void packs_of_each_kind_are_read(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/packs/all.cfg", 0, good);
    const struct packs *packs = load(&memory);
    assert_true(memory_silent(&memory));
    const struct appraisal_pack *green = pack_find_appraisal(packs, "green");
    assert_int_equal(green->costs.n_bands, 2);
    assert_int_equal(green->costs.from_year[1], 31);
    assert_close(green->health.rate[0], 0.015, 0.0);
    assert_close(green->qaly_value_gbp, 70000.0, 0.0);
    assert_int_equal(green->qaly_value_price_year, 2020);
    assert_int_equal(green->n_thresholds, 2);
    const struct deflator_pack *gdp = pack_find_deflator(packs, "gdp");
    assert_int_equal(gdp->first_year, 2023);
    assert_int_equal(gdp->n_years, 3);
    assert_int_equal(gdp->last_outturn_year, 2024);
    const struct optimism_pack *bias = pack_find_optimism(packs, "bias");
    assert_close(bias->cost_uplift[5], 0.4, 0.0);
    assert_close(bias->benefit_reduction[1], 0.05, 0.0);
    assert_null(pack_find_optimism(packs, "green"));
    memory_library_clear(&memory);
}

struct bad_pack {
    const char *from, *to, *code, *path;
};

static const struct bad_pack mistakes[] = {
    {"health = { from_year = [0]; rate = [0.015]; };", "", "E460", "packs.green"},
    {"last_outturn_year = \"2024-25\";", "", "E460", "packs.gdp"},
    {"years = [", "qaly_value_gbp = 1.0; years = [", "E461", "packs.gdp.qaly_value_gbp"},
    {"from_year = [0, 31]", "from_year = [0, 31, 76]", "E462", "packs.green.costs"},
    {"from_year = [0, 31]", "from_year = [1, 31]", "E462", "packs.green.costs.from_year"},
    {"from_year = [0, 31]", "from_year = [0, 0]", "E462", "packs.green.costs.from_year"},
    {"qaly_value_price_year = \"2020-21\";", "", "E463", "packs.green.qaly_value_gbp"},
    {"qaly_value_gbp = 70000.0;", "", "E463", "packs.green.qaly_value_price_year"},
    {"[20000.0, 30000.0]", "[30000.0, 20000.0]", "E464", "packs.green.thresholds_gbp_per_qaly"},
    {"\"2024-25\", \"2025-26\"]", "\"2025-26\", \"2026-27\"]", "E465", "packs.gdp.years[1]"},
    {"[95.0, 98.0, 100.0]", "[95.0, 98.0]", "E465", "packs.gdp.years"},
    {"last_outturn_year = \"2024-25\"", "last_outturn_year = \"2029-30\"", "E465",
     "packs.gdp.last_outturn_year"},
    {"cost_uplift_by_grade = [0.0, ", "cost_uplift_by_grade = [", "E466",
     "packs.bias.cost_uplift_by_grade"},
    {"vintage = \"2026\"; source = \"gov\"", "vintage = \"2026\"; source = \"gvo\"", "E444",
     "packs.gdp.source"},
};

static void each_mistake_in_a_pack_has_its_own_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; ++i) {
        struct memory_library memory;
        memory_library_init(&memory);
        memory_add(&memory, "a.cfg", 0,
                   memory_swap(&memory, good, mistakes[i].from, mistakes[i].to));
        (void)load(&memory);
        assert_true(memory_only(&memory, mistakes[i].code, mistakes[i].path));
        memory_library_clear(&memory);
    }
}

static void a_layer_replaces_a_pack_of_the_same_kind_only(void **state)
{
    (void)state;
    static const char *const council =
        "packs = { gdp = { kind = \"optimism\"; label = \"x\"; vintage = \"x\"; source = \"gov\";\n"
        "  replaces_because = \"ours\";\n"
        "  cost_uplift_by_grade = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0];\n"
        "  benefit_reduction_by_grade = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]; }; };\n";
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/a.cfg", 0, good);
    memory_add(&memory, "council/a.cfg", 1, council);
    (void)load(&memory);
    assert_true(memory_only(&memory, "E433", "packs.gdp.kind"));
    memory_library_clear(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_green_book_factors_are_reproduced),
        cmocka_unit_test(the_rate_of_a_band_holds_from_its_first_year),
        cmocka_unit_test(timing_moves_a_flow_within_its_year),
        cmocka_unit_test(a_deflator_holds_its_growth_beyond_both_ends),
        cmocka_unit_test(packs_of_each_kind_are_read),
        cmocka_unit_test(each_mistake_in_a_pack_has_its_own_message),
        cmocka_unit_test(a_layer_replaces_a_pack_of_the_same_kind_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
