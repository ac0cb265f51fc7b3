/* Reading, layering and checking evidence. */
#include "evidence/evidence.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

static const char *const good =
    "sources = { ncc_2024 = { citation = \"National cost collection\"; year = 2025; }; };\n"
    "evidence = {\n"
    "  acute = {\n"
    "    ae_cost = { label = \"A&E attendance\"; kind = \"cost\"; unit = \"GBP/attendance\";\n"
    "      price_year = \"2024-25\"; value = { dist = \"gamma\"; mean = 280.0; se = 14.0; };\n"
    "      split = { acute = 0.75; icb = 0.25; }; cashable = { acute = 0.5; icb = 0.0; };\n"
    "      real_growth = 0.01; grade = 2; source = \"ncc_2024\"; locator = \"VB01Z\"; };\n"
    "    uptake = { label = \"Uptake\"; kind = \"share\"; unit = \"share\"; value = 0.4;\n"
    "      grade = 6; source = \"assumption\"; reason = \"pilots\"; };\n"
    "  };\n"
    "  falls = { uptake = { label = \"Uptake\"; kind = \"probability\"; unit = \"share\";\n"
    "      value = { dist = \"beta\"; mean = 0.3; sd = 0.05; }; grade = 3;\n"
    "      source = \"ncc_2024\"; locator = \"table 1\"; }; };\n"
    "};\n";

static const struct evidence *load(struct memory_library *memory)
{
    const struct evidence *evidence =
        evidence_read(&memory->arena, memory->documents, memory->n_documents, &memory->diagnostics);
    evidence_check(evidence, &memory->diagnostics);
    return evidence;
}

static void good_evidence_reads_without_a_word(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/evidence/ae.cfg", 0, good);
    const struct evidence *evidence = load(&memory);
    assert_true(memory_silent(&memory));
    assert_int_equal(evidence->n_parameters, 3);
    assert_string_equal(evidence->parameters[0]->identity, "acute.ae_cost");
    assert_string_equal(evidence->parameters[2]->identity, "falls.uptake");

    const struct parameter *cost = evidence->parameters[0];
    assert_string_equal(cost->short_name, "ae_cost");
    assert_int_equal(cost->kind, PARAMETER_COST);
    assert_int_equal(cost->price_year, 2024);
    assert_int_equal(cost->grade, 2);
    assert_string_equal(cost->source->citation, "National cost collection");
    assert_int_equal(cost->n_split, 2);
    assert_string_equal(cost->split[1].sector, "icb");
    assert_close(cost->split[1].share, 0.25, 0.0);
    assert_true(cost->has_cashable);
    assert_int_equal(cost->n_cashable_by_sector, 2);
    assert_close(cost->cashable_by_sector[0].share, 0.5, 0.0);
    assert_int_equal(cost->value_type, VALUE_FISCAL);
    assert_close(cost->real_growth, 0.01, 0.0);
    assert_int_equal(cost->distribution.family, DISTRIBUTION_GAMMA);
    assert_null(cost->replaced);
    assert_true(parameter_is_assumption(evidence->parameters[1]));
    assert_false(parameter_is_assumption(cost));
    memory_library_clear(&memory);
}

static void names_are_found_by_path_or_by_a_unique_tail(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/evidence/ae.cfg", 0, good);
    const struct evidence *evidence = load(&memory);
    size_t n_matches = 9;
    assert_ptr_equal(evidence_find(evidence, "ae_cost", &n_matches), evidence->parameters[0]);
    assert_int_equal(n_matches, 1);
    assert_ptr_equal(evidence_find(evidence, "falls.uptake", NULL), evidence->parameters[2]);
    assert_null(evidence_find(evidence, "uptake", &n_matches));
    assert_int_equal(n_matches, 2);
    assert_string_equal(evidence_candidates(&memory.arena, evidence, "uptake"),
                        "acute.uptake, falls.uptake");
    assert_null(evidence_find(evidence, "take", &n_matches));
    assert_int_equal(n_matches, 0);
    assert_string_equal(evidence_nearest(evidence, "ae_cots"), "ae_cost");
    memory_library_clear(&memory);
}

struct bad_evidence {
    const char *from, *to, *code, *path;
};

static const struct bad_evidence mistakes[] = {
    {"value = 0.4", "value = 1.4", "E440", "evidence.acute.uptake.value"},
    {"value = 0.4", "value = -0.1", "E440", "evidence.acute.uptake.value"},
    {"mean = 0.3; sd = 0.05; }", "alpha = 2.0; beta = 3.0; }; applies_to = \"all\"", NULL, NULL},
    {"dist = \"beta\"; mean = 0.3; sd = 0.05", "dist = \"normal\"; mean = 0.3; sd = 0.2", "E441",
     "evidence.falls.uptake.value"},
    {"dist = \"beta\"; mean = 0.3; sd = 0.05", "dist = \"normal\"; mean = 0.5; sd = 0.05", NULL,
     NULL},
    {"dist = \"beta\"; mean = 0.3; sd = 0.05", "dist = \"uniform\"; min = -0.1; max = 0.5", "E441",
     "evidence.falls.uptake.value"},
    {"dist = \"gamma\"; mean = 280.0; se = 14.0", "dist = \"normal\"; mean = 280.0; se = 140.0",
     "E441", "evidence.acute.ae_cost.value"},
    {"dist = \"gamma\"; mean = 280.0; se = 14.0", "dist = \"normal\"; mean = 280.0; se = 14.0",
     NULL, NULL},
    {"kind = \"share\"; unit", "kind = \"relative_risk\"; unit", NULL, NULL},
    {"kind = \"share\"; unit = \"share\"; value = 0.4",
     "kind = \"relative_risk\"; unit = \"ratio\"; value = 0.0", "E440",
     "evidence.acute.uptake.value"},
    {"kind = \"share\"; unit = \"share\"; value = 0.4",
     "kind = \"utility\"; unit = \"utility\"; value = 1.01", "E440", "evidence.acute.uptake.value"},
    {"kind = \"share\"; unit = \"share\"; value = 0.4",
     "kind = \"effect\"; unit = \"share\"; value = -0.4", NULL, NULL},
    {"price_year = \"2024-25\";", "", "E442", "evidence.acute.ae_cost"},
    {"kind = \"share\";", "kind = \"share\"; price_year = \"2020-21\";", "E443",
     "evidence.acute.uptake.price_year"},
    {"source = \"ncc_2024\"; locator = \"VB01Z\"", "source = \"ncc_2042\"; locator = \"VB01Z\"",
     "E444", "evidence.acute.ae_cost.source"},
    {"reason = \"pilots\";", "", "E445", "evidence.acute.uptake"},
    {"grade = 6;", "grade = 4;", "E446", "evidence.acute.uptake.grade"},
    {"locator = \"VB01Z\";", "", "E447", "evidence.acute.ae_cost"},
    {"kind = \"share\";", "kind = \"share\"; split = { icb = 1.0; };", "E448",
     "evidence.acute.uptake.split"},
    {"kind = \"share\";", "kind = \"share\"; value_type = \"social\";", "E448",
     "evidence.acute.uptake.value_type"},
    {"cashable = { acute = 0.5; icb = 0.0; }", "cashable = { acute = 0.5; }", "E449",
     "evidence.acute.ae_cost.cashable"},
    {"icb = 0.0; };", "icb = 0.0; police = 0.1; };", "E449",
     "evidence.acute.ae_cost.cashable.police"},
    {"real_growth", "transfer_from = \"icb\"; real_growth", "E450",
     "evidence.acute.ae_cost.transfer_from"},
    {"  falls = { uptake", "  falls = { year", "E451", "evidence.falls.year"},
    {"};\nevidence", " assumption = { citation = \"none\"; }; };\nevidence", "E452",
     "sources.assumption"},
};

static void each_mistake_in_evidence_has_its_own_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; ++i) {
        struct memory_library memory;
        memory_library_init(&memory);
        memory_add(&memory, "a.cfg", 0,
                   memory_swap(&memory, good, mistakes[i].from, mistakes[i].to));
        (void)load(&memory);
        if (mistakes[i].code == NULL) {
            assert_true(memory_silent(&memory));
        } else {
            assert_true(memory_only(&memory, mistakes[i].code, mistakes[i].path));
        }
        memory_library_clear(&memory);
    }
}

static const char *const council =
    "evidence = { acute = { uptake = { label = \"Uptake here\"; kind = \"share\"; unit = "
    "\"share\";\n"
    "  value = 0.5; grade = 6; source = \"assumption\"; reason = \"our pilot\";\n"
    "  replaces_because = \"our pilot\"; }; }; };\n";

static void a_later_layer_replaces_with_a_reason(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "council/a.cfg", 1, council);
    memory_add(&memory, "models/a.cfg", 0, good);
    const struct evidence *evidence = load(&memory);
    assert_true(memory_silent(&memory));
    assert_int_equal(evidence->n_parameters, 3);
    const struct parameter *uptake = evidence_find(evidence, "acute.uptake", NULL);
    assert_close(uptake->distribution.p[0], 0.5, 0.0);
    assert_string_equal(uptake->replaces_because, "our pilot");
    assert_close(uptake->replaced->distribution.p[0], 0.4, 0.0);
    memory_library_clear(&memory);
}

static void layers_refuse_silent_and_empty_replacements(void **state)
{
    (void)state;
    static const struct bad_evidence rows[] = {
        {"  replaces_because = \"our pilot\";", "", "E431", "evidence.acute.uptake"},
        {"acute = { uptake", "acute = { uptaken", "E432",
         "evidence.acute.uptaken.replaces_because"},
        {"kind = \"share\"", "kind = \"effect\"", "E433", "evidence.acute.uptake.kind"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct memory_library memory;
        memory_library_init(&memory);
        memory_add(&memory, "models/a.cfg", 0, good);
        memory_add(&memory, "council/a.cfg", 1,
                   memory_swap(&memory, council, rows[i].from, rows[i].to));
        (void)load(&memory);
        assert_true(memory_only(&memory, rows[i].code, rows[i].path));
        memory_library_clear(&memory);
    }
}

static void a_duplicate_names_both_places(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/a.cfg", 0, good);
    memory_add(&memory, "models/b.cfg", 0,
               memory_swap(&memory, council, "replaces_because = \"our pilot\";", ""));
    (void)load(&memory);
    assert_true(memory_only(&memory, "E430", "evidence.acute.uptake"));
    const struct diagnostic *duplicate = memory_find(&memory, "E430");
    assert_string_equal(duplicate->place.file, "models/b.cfg");
    assert_int_equal(duplicate->place.line, 1);
    assert_non_null(strstr(duplicate->found, "models/a.cfg:8"));
    memory_library_clear(&memory);
}

static void an_override_obeys_the_kind_of_its_parameter(void **state)
{
    (void)state;
    struct memory_library memory;
    struct distribution out;
    memory_library_init(&memory);
    memory_add(&memory, "a.cfg", 0, good);
    const struct evidence *evidence = load(&memory);
    const struct document *values = memory_parse(&memory, "v.cfg", "fine = 0.7;\nhigh = 1.7;\n");
    const struct parameter *uptake = evidence_find(evidence, "acute.uptake", NULL);
    assert_true(evidence_read_override(&memory.arena, uptake, setting_find(values->root, "fine"),
                                       &out, &memory.diagnostics));
    assert_close(out.p[0], 0.7, 0.0);
    assert_true(memory_silent(&memory));
    assert_false(evidence_read_override(&memory.arena, uptake, setting_find(values->root, "high"),
                                        &out, &memory.diagnostics));
    assert_true(memory_only(&memory, "E440", "high"));
    assert_int_equal(memory_find(&memory, "E440")->place.line, 2);
    memory_library_clear(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_evidence_reads_without_a_word),
        cmocka_unit_test(names_are_found_by_path_or_by_a_unique_tail),
        cmocka_unit_test(each_mistake_in_evidence_has_its_own_message),
        cmocka_unit_test(a_later_layer_replaces_with_a_reason),
        cmocka_unit_test(layers_refuse_silent_and_empty_replacements),
        cmocka_unit_test(a_duplicate_names_both_places),
        cmocka_unit_test(an_override_obeys_the_kind_of_its_parameter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
