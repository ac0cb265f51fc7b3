/* What changes a fingerprint, and what does not. */
#include "plan/fingerprint.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

#include <stdlib.h>

#define BASE PROJECT_DIR "/tests/invalid/base/models/"

enum text { LIBRARY, AREAS, MODEL, SCENARIO, RUN, N_TEXTS };

static const char *const scenario =
    "scenario = {\n"
    "  title = \"Visits\"; model = \"visits\"; start_year = \"2026-27\"; note = \"a note\";\n"
    "  funded_years = 2; horizon_years = 5;\n"
    "  inputs = { eligible = 1000; };\n"
    "  funding = { care = 1.0; };\n"
    "  override = ( { parameter = \"uptake\"; value = 0.4; reason = \"local\"; } );\n"
    "};\n";

static const char *const run =
    "run = { seed = 3; draws = 64; conventions = { timing = \"mid\"; }; };\n";

static const char *read_text(struct memory_library *memory, const char *file)
{
    return reader_load(&memory->arena, &memory->diagnostics, file)->bytes;
}

static void base_texts(struct memory_library *memory, const char *texts[N_TEXTS])
{
    texts[LIBRARY] = read_text(memory, BASE "library.cfg");
    texts[AREAS] = read_text(memory, BASE "areas.cfg");
    texts[MODEL] = read_text(memory, BASE "visits/model.cfg");
    texts[SCENARIO] = scenario;
    texts[RUN] = run;
}

/* The fingerprint of the one scenario; "" where it has errors. */
static const char *fingerprint_of(struct memory_library *memory, const char *const texts[N_TEXTS],
                                  const char *folder)
{
    struct arena *arena = &memory->arena;
    memory->n_documents = 0;
    memory_add(memory, arena_printf(arena, "%s/library.cfg", folder), 0, texts[LIBRARY]);
    memory_add(memory, arena_printf(arena, "%s/areas.cfg", folder), 0, texts[AREAS]);
    memory_add(memory, arena_printf(arena, "%s/visits/model.cfg", folder), 0, texts[MODEL]);
    memory->documents[memory->n_documents++] = (struct layered_document){
        .document = reader_load_data(arena, &memory->diagnostics, BASE "data/people.csv")};
    const struct document *document =
        memory_parse(memory, arena_printf(arena, "%s/here.cfg", folder), texts[SCENARIO]);
    const struct library *library =
        library_build(arena, memory->documents, memory->n_documents, &document, 1,
                      memory_parse(memory, "run.cfg", texts[RUN]), &memory->diagnostics);
    if (memory->diagnostics.n_errors > 0 || library->n_scenarios != 1) {
        memory_print(memory);
        return "";
    }
    const struct fingerprint fingerprint =
        scenario_fingerprint(arena, library, library->scenarios[0]);
    return arena_copy_text(arena, fingerprint.sha256);
}

struct change {
    enum text in;
    const char *from, *to;
};

static void check_changes(const struct change *changes, size_t n, bool keeps)
{
    for (size_t i = 0; i < n; ++i) {
        struct memory_library memory;
        const char *texts[N_TEXTS];
        memory_library_init(&memory);
        base_texts(&memory, texts);
        const char *before = fingerprint_of(&memory, texts, "models");
        texts[changes[i].in] =
            memory_swap(&memory, texts[changes[i].in], changes[i].from, changes[i].to);
        const char *after = fingerprint_of(&memory, texts, "models");
        if (!fingerprint_is_one(before) || !fingerprint_is_one(after) ||
            (strcmp(before, after) == 0) != keeps) {
            print_error("%s -> %s: %s, %s\n", changes[i].from, changes[i].to, before, after);
            fail();
        }
        memory_library_clear(&memory);
    }
}

static void test_what_is_used_changes_it(void **state)
{
    static const struct change changes[] = {
        {LIBRARY, "mean = 200.0", "mean = 200.5"},
        {LIBRARY, "dist = \"gamma\"", "dist = \"normal\""},
        {LIBRARY, "price_year = \"2024-25\";\n    value = { dist = \"gamma\"",
         "price_year = \"2023-24\";\n    value = { dist = \"gamma\""},
        {LIBRARY, "cashable = 0.2", "cashable = 0.3"},
        {LIBRARY, "split = { hospital = 0.75; council = 0.25; }",
         "split = { hospital = 0.7; council = 0.3; }"},
        {LIBRARY, "value = 0.5;\n    source = \"example\";  locator = \"table 2\"",
         "value = 0.6;\n    source = \"example\";  locator = \"table 2\""},
        {LIBRARY, "locator = \"table 3\";  grade = 3", "locator = \"table 3\";  grade = 4"},
        {LIBRARY, "rate = [0.035, 0.03]", "rate = [0.035, 0.031]"},
        {LIBRARY, "qaly_value_gbp = 70000.0", "qaly_value_gbp = 71000.0"},
        {LIBRARY, "index = [96.0,", "index = [96.5,"},
        {LIBRARY, "members = { council = 0.5; hospital = 0.5; }",
         "members = { council = 0.4; hospital = 0.6; }"},
        {LIBRARY, "perspectives = [\"nhs\", \"public_sector\", \"society\"]",
         "perspectives = [\"nhs\", \"society\"]"},
        {LIBRARY, "hospital = 3.0e6", "hospital = 4.0e6"},
        {LIBRARY, "evidence = {\n",
         "correlations = { both = { label = \"x\"; of = [\"visit_reduction\", \"spare\"]; "
         "pairwise = 0.2; source = \"example\"; }; };\n"
         "evidence = {\n  spare = { label = \"x\"; kind = \"share\"; unit = \"share\"; value = { "
         "dist "
         "= \"beta\"; mean = 0.5; se = 0.1; }; source = \"example\"; locator = \"t\"; grade = 2; "
         "};\n"},
        {MODEL, "form = \"multiplicative\"; value = 0.1",
         "form = \"percentage_points\"; value = 0.1"},
        {MODEL, "value = 0.1", "value = \"0.1 + 0.01\""},
        {MODEL, "retention_per_year = 0.5", "retention_per_year = 0.6"},
        {MODEL, "per = \"participant_year\"", "per = \"participant\""},
        {MODEL, "intake = \"once\"", "intake = \"yearly\""},
        {MODEL, "min = 0.0", "min = 1.0"},
        {MODEL, "duration_years = 1", "duration_years = 2"},
        {SCENARIO, "eligible = 1000", "eligible = 1001"},
        {SCENARIO, "value = 0.4", "value = 0.5"},
        {SCENARIO, "funded_years = 2", "funded_years = 3"},
        {SCENARIO, "horizon_years = 5", "horizon_years = 6"},
        {SCENARIO, "start_year = \"2026-27\"", "start_year = \"2025-26\""},
        {SCENARIO, "funding = { care = 1.0; }", "funding = { council = 1.0; }"},
        {SCENARIO, "inputs =", "conventions = { perspective = \"nhs\"; }; inputs ="},
        {SCENARIO, "inputs =", "conventions = { optimism_pack = \"cautious\"; }; inputs ="},
        {SCENARIO, "inputs =", "conventions = { price_year = \"2025-26\"; }; inputs ="},
        {SCENARIO, "inputs =", "decision = { switching = [\"net.nhs\"]; }; inputs ="},
        {RUN, "timing = \"mid\"", "timing = \"end\""},
        {RUN, "timing = \"mid\"", "timing = \"mid\"; monetise_qalys = true"},
    };
    (void)state;
    check_changes(changes, sizeof changes / sizeof changes[0], false);
}

static void test_words_and_layout_do_not(void **state)
{
    static const struct change changes[] = {
        {LIBRARY, "# The small valid library", "# Another comment about the library"},
        {LIBRARY, "label = \"Cost of a visit\"", "label = \"What a visit costs\""},
        {LIBRARY, "locator = \"table 1\"", "locator = \"table 11\";\n    note = \"moved\""},
        {LIBRARY, "locator = \"table 1\"",
         "locator = \"table 1\"; owner = \"Finance\"; review_by = \"2030-01\"; version = \"2\""},
        {LIBRARY, "citation = \"An example of a source, for tests\"", "citation = \"Somebody\""},
        {LIBRARY, "mean = 200.0; se = 20.0", "se = 2.0e1; mean = 200"},
        {LIBRARY, "vintage = \"test\"", "vintage = \"other words\""},
        {LIBRARY, "rule = \"half each, for tests\"", "rule = \"because\""},
        {LIBRARY, "label = \"Council\"", "label = \"The council\""},
        /* what the scenario does not use */
        {LIBRARY, "value = 0.5;\n    source = \"example\";  locator = \"table 5\"",
         "value = 0.9;\n    source = \"example\";  locator = \"table 5\""},
        {LIBRARY, "evidence = {\n",
         "evidence = {\n  new_one = { label = \"x\"; kind = \"share\"; "
         "unit = \"share\"; value = 0.1; source = \"example\"; locator "
         "= \"t\"; grade = 2; };\n"},
        {LIBRARY, "cost_uplift_by_grade = [0.0, 0.05", "cost_uplift_by_grade = [0.01, 0.05"},
        {LIBRARY, "events = 40", "events = 41"}, /* overridden */
        {AREAS, "people = 200.0", "people = 300.0"},
        {MODEL, "amount = \"support_cost\"", "amount = \"( support_cost )\""},
        {MODEL, "name = \"support\"", "name = \"support at home\""},
        {MODEL, "title = \"Support at home\"",
         "question = \"Is it worth it?\"; title = \"Support\""},
        {MODEL, "  funnel =", "  not_counted = ( { what = \"x\"; reason = \"y\"; } );\n  funnel ="},
        {MODEL, "inputs = { eligible = { label", "inputs = { eligible = { default = 7; label"},
        {MODEL, "value = 0.1", "value = 1.0e-1"},
        {SCENARIO, "title = \"Visits\"; model = \"visits\";",
         "model = \"visits\";\n\n  title = \"Other\";"},
        {SCENARIO, "note = \"a note\"",
         "note = \"another\"; question = \"Why?\"; area = \"anywhere\""},
        {SCENARIO, "reason = \"local\"", "reason = \"still local\""},
        {SCENARIO, "eligible = 1000", "eligible = 1.0e3"},
        {SCENARIO, "inputs =",
         "signed_off = { analyst = \"A\"; approver = \"B\"; date = \"2026-01-02\"; inputs_sha256 = "
         "\"0123456789012345678901234567890123456789012345678901234567890123\"; }; inputs ="},
        {SCENARIO, "inputs =", "reporting = { engagement = \"none\"; }; inputs ="},
        {SCENARIO, "inputs =", "conventions = { timing = \"mid\"; }; inputs ="}, /* as the run's */
        {RUN, "seed = 3; draws = 64", "seed = 4; draws = 128; as_of = \"2027-01\""},
    };
    (void)state;
    check_changes(changes, sizeof changes / sizeof changes[0], true);
}

static void test_renamed_folders_keep_it(void **state)
{
    struct memory_library memory;
    const char *texts[N_TEXTS];
    (void)state;
    memory_library_init(&memory);
    base_texts(&memory, texts);
    const char *before = fingerprint_of(&memory, texts, "models");
    assert_string_equal(before, fingerprint_of(&memory, texts, "elsewhere/new"));
    memory_library_clear(&memory);
}

/* People of areas count by their number, not by the table they come from. */
static void test_people_count(void **state)
{
    static const struct change town = {SCENARIO, "inputs = { eligible = 1000; };",
                                       "area = \"mill_end\"; population = { };"};
    struct memory_library memory;
    const char *texts[N_TEXTS];
    (void)state;
    memory_library_init(&memory);
    base_texts(&memory, texts);
    texts[SCENARIO] = memory_swap(&memory, texts[SCENARIO], town.from, town.to);
    const char *before = fingerprint_of(&memory, texts, "models");
    texts[AREAS] =
        memory_swap(&memory, texts[AREAS], "label = \"Mill End\"", "label = \"The Mill\"");
    texts[SCENARIO] = memory_swap(&memory, texts[SCENARIO], "population = { };",
                                  "population = { ages = [0, 120]; };");
    const char *stated = fingerprint_of(&memory, texts, "models");
    texts[AREAS] = memory_swap(&memory, texts[AREAS], "people = 200.0", "people = 300.0");
    const char *after = fingerprint_of(&memory, texts, "models");
    assert_true(fingerprint_is_one(before) && fingerprint_is_one(stated) &&
                fingerprint_is_one(after));
    assert_string_not_equal(before, stated); /* a key is stated that was not */
    assert_string_not_equal(stated, after);
    memory_library_clear(&memory);
}

static void test_instances_are_signed_together(void **state)
{
    struct memory_library memory;
    const char *texts[N_TEXTS];
    (void)state;
    memory_library_init(&memory);
    base_texts(&memory, texts);
    texts[SCENARIO] = memory_swap(&memory, texts[SCENARIO], "funded_years = 2;",
                                  "for_each = { funded_years = [1, 2]; };");
    memory.n_documents = 0;
    memory_add(&memory, "models/library.cfg", 0, texts[LIBRARY]);
    memory_add(&memory, "models/visits/model.cfg", 0, texts[MODEL]);
    const struct document *document = memory_parse(&memory, "here.cfg", texts[SCENARIO]);
    const struct library *library =
        library_build(&memory.arena, memory.documents, memory.n_documents, &document, 1, NULL,
                      &memory.diagnostics);
    assert_int_equal(library->n_scenarios, 2);
    const struct fingerprint first =
        scenario_fingerprint(&memory.arena, library, library->scenarios[0]);
    const struct fingerprint second =
        scenario_fingerprint(&memory.arena, library, library->scenarios[1]);
    assert_string_equal(first.sha256, second.sha256);
    assert_int_equal(first.n_parts, 2);
    assert_string_not_equal(first.parts[0].sha256, first.parts[1].sha256);
    memory_library_clear(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_used_changes_it),
                                       cmocka_unit_test(test_words_and_layout_do_not),
                                       cmocka_unit_test(test_renamed_folders_keep_it),
                                       cmocka_unit_test(test_people_count),
                                       cmocka_unit_test(test_instances_are_signed_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
