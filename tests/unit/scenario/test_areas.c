/* Areas, their people by quintile, gradients, and scenarios that repeat. */
#include "base/text.h"
#include "scenario/scenario.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

#include <gsl/gsl_errno.h>

#include <stdlib.h>

#define BASE PROJECT_DIR "/tests/invalid/base/models/"

static const char *const scenario =
    "scenario = {\n"
    "  title = \"Visits\"; model = \"visits\"; start_year = \"2026-27\";\n"
    "  funded_years = 2; horizon_years = 5; area = \"town\";\n"
    "  population = { };\n"
    "  funding = { council = 1.0; };\n"
    "};\n";

static void add_loaded(struct memory_library *memory, const struct document *document)
{
    assert(memory->n_documents < MEMORY_MAX_DOCUMENTS);
    memory->documents[memory->n_documents++] = (struct layered_document){.document = document};
}

static void init(struct memory_library *memory)
{
    static const char *const files[] = {BASE "library.cfg", BASE "areas.cfg",
                                        BASE "visits/model.cfg", BASE "cohort/model.cfg"};
    memory_library_init(memory);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
        add_loaded(memory, reader_load(&memory->arena, &memory->diagnostics, files[i]));
    }
    add_loaded(memory,
               reader_load_data(&memory->arena, &memory->diagnostics, BASE "data/people.csv"));
}

static const struct library *build(struct memory_library *memory, const char *const *texts,
                                   size_t n_texts)
{
    static const char *const names[] = {"scenarios/here.cfg", "scenarios/more/here.cfg"};
    const struct document *documents[2] = {NULL};
    for (size_t i = 0; i < n_texts; ++i) {
        documents[i] = memory_parse(memory, names[i], texts[i]);
    }
    const struct library *library =
        library_build(&memory->arena, memory->documents, memory->n_documents, documents, n_texts,
                      NULL, &memory->diagnostics);
    diagnostics_sort(&memory->diagnostics);
    return library;
}

static const struct library *build_one(struct memory_library *memory, const char *text)
{
    const struct library *library = build(memory, &text, 1);
    assert_true(memory_silent(memory));
    return library;
}

static void assert_group(const struct scenario_group *group, const char *id, const char *label,
                         double people)
{
    assert_string_equal(group->id, id);
    assert_string_equal(group->label, label);
    assert_close(group->people, people, 1e-9);
}

/* ---- groups ---- */

static void an_area_is_divided_into_its_quintiles(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct library *library = build_one(&memory, scenario);
    const struct scenario *here = library->scenarios[0];
    assert_int_equal(library->n_scenarios, 1);
    assert_string_equal(here->area, "The Town");
    assert_null(here->family);
    assert_int_equal(here->n_groups, 3); /* nobody lives in Q3 and Q5 */
    assert_group(&here->groups[0], "q1", "The Town, Q1 (most deprived)", 500.0);
    assert_group(&here->groups[1], "q2", "The Town, Q2", 400.0);
    assert_group(&here->groups[2], "q4", "The Town, Q4", 100.0);
    assert_int_equal(here->groups[2].quintile, 4);
    assert_string_equal(here->groups[2].area->id, "town");
    assert_ptr_equal(here->population.input, &here->model->inputs[0]);
    assert_true(here->population.by_quintile);
    assert_close(here->inputs[0].distribution.mean, 1000.0, 1e-9);
    memory_library_clear(&memory);
}

static void ages_and_share_choose_among_the_people(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct library *library = build_one(
        &memory, memory_swap(&memory, scenario, "population = { }",
                             "population = { ages = [65, 120]; share = \"uptake / 2\"; }"));
    const struct scenario *here = library->scenarios[0];
    assert_int_equal(here->n_groups, 3);
    assert_close(here->groups[0].people, 100.0, 1e-9);
    assert_close(here->groups[2].people, 20.0, 1e-9);
    assert_close(here->population.age_from, 65.0, 0.0);
    assert_close(here->population.age_to, 120.0, 0.0);
    assert_close(here->inputs[0].distribution.mean, 220.0 * 0.2, 1e-9); /* uptake 40 of 100 */
    memory_library_clear(&memory);
}

static void a_list_has_groups_by_area_then_quintile(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *listed = memory_swap(&memory, scenario, "\"town\"", "\"district\"");
    const struct scenario *here = build_one(&memory, listed)->scenarios[0];
    assert_string_equal(here->area, "The District");
    assert_int_equal(here->n_groups, 4);
    assert_group(&here->groups[0], "town_q1", "The Town, Q1 (most deprived)", 500.0);
    assert_group(&here->groups[3], "village_q3", "The Village, Q3", 100.0);
    memory_library_clear(&memory);

    init(&memory);
    listed = memory_swap(&memory, scenario, "\"town\"", "\"district\"");
    listed = memory_swap(&memory, listed, "{ }", "{ by = \"none\"; }");
    here = build_one(&memory, listed)->scenarios[0];
    assert_int_equal(here->n_groups, 2);
    assert_group(&here->groups[0], "town", "The Town", 1000.0);
    assert_group(&here->groups[1], "village", "The Village", 100.0);
    assert_int_equal(here->groups[0].quintile, 0);
    memory_library_clear(&memory);
}

static void a_part_takes_the_mix_of_the_whole(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *part = memory_swap(&memory, scenario, "\"town\"", "\"mill end\""); /* its label */
    const struct scenario *here = build_one(&memory, part)->scenarios[0];
    assert_string_equal(here->area, "Mill End");
    assert_int_equal(here->n_groups, 3);
    assert_close(here->groups[0].people, 200.0 * 500.0 / 1000.0, 1e-9);
    assert_close(here->groups[1].people, 200.0 * 400.0 / 1000.0, 1e-9);
    assert_close(here->groups[2].people, 200.0 * 100.0 / 1000.0, 1e-9);
    memory_library_clear(&memory);
}

/* Q1: 100 of 500 are old. Q3: nobody lives there, so 220 of 1000 of the whole town. */
static void quintile_shares_keep_the_ages_of_each_quintile(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    memory_add(&memory, "mine/areas.cfg", 1,
               "areas = { cluster = { label = \"Cluster\"; part_of = \"town\"; people = 400.0;\n"
               "  quintile_shares = [0.75, 0.0, 0.25, 0.0, 0.0]; source = \"example\"; };\n"
               "  corner = { label = \"Corner\"; part_of = \"cluster\"; people = 40.0;\n"
               "  reason = \"a count\"; }; };\n");
    const char *part = memory_swap(&memory, scenario, "\"town\"", "\"cluster\"");
    part = memory_swap(&memory, part, "{ }", "{ ages = [65, 120]; }");
    const struct library *library = build_one(&memory, part);
    const struct scenario *here = library->scenarios[0];
    assert_int_equal(here->n_groups, 2);
    assert_string_equal(here->groups[0].id, "q1");
    assert_close(here->groups[0].people, 300.0 * 100.0 / 500.0, 1e-9);
    assert_string_equal(here->groups[1].id, "q3");
    assert_close(here->groups[1].people, 100.0 * 220.0 / 1000.0, 1e-9);
    double people[N_QUINTILES];
    assert_true(area_people(library, &library->areas[1], 0.0, 64.0, people));
    assert_string_equal(library->areas[1].id, "corner");
    assert_close(people[0], 40.0 * 0.75 * 0.8, 1e-9);
    assert_close(people[2], 40.0 * 0.25 * 0.78, 1e-9);
    memory_library_clear(&memory);
}

static void a_layer_replaces_an_area_with_a_reason(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    memory_add(&memory, "mine/areas.cfg", 1,
               "areas = { village = { label = \"Village\"; code = \"A1\";\n"
               "  replaces_because = \"boundaries of 2023\"; }; };\n");
    const char *text = memory_swap(&memory, scenario, "\"town\"", "\"village\"");
    const struct scenario *here = build_one(&memory, text)->scenarios[0];
    assert_int_equal(here->n_groups, 3);
    assert_close(here->groups[0].people, 500.0, 1e-9);
    memory_library_clear(&memory);

    init(&memory);
    memory_add(&memory, "mine/areas.cfg", 1,
               "areas = { village = { label = \"Village\"; code = \"A1\"; }; };\n");
    (void)build(&memory, &scenario, 1);
    assert_true(memory_only(&memory, "E431", "areas.village"));
    memory_library_clear(&memory);
}

/* The shipped areas keep the shipped table; areas of the layer take the layer's. */
static void a_layer_brings_a_table_of_its_own(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    static const char rows[] = "ward,imd,all\nA1,2,70\nW7,1,30\n";
    struct document *file = arena_alloc(&memory.arena, sizeof *file);
    *file =
        (struct document){.file = "mine/data/wards.csv", .bytes = rows, .n_bytes = sizeof rows - 1};
    memory_add(
        &memory, "mine/areas.cfg", 1,
        "populations = { wards = { label = \"Wards\"; file = \"wards.csv\";\n"
        "  area = \"ward\"; quintile = \"imd\"; bands = [\"all\"]; ages = [0];\n"
        "  year = 2024; source = \"example\"; locator = \"t\"; }; };\n"
        "areas = { ward = { label = \"Ward\"; code = \"W7\"; };\n"
        "  town_now = { label = \"Town, 2024\"; code = \"A1\"; };\n"
        "  town_then = { label = \"Town, 2020\"; code = \"A1\"; population = \"people\"; };\n"
        "}; area_lists = { some = { label = \"Some\";\n"
        "  members = [\"town\", \"town_now\", \"town_then\", \"ward\"]; }; };\n");
    add_loaded(&memory, file);
    const char *text = memory_swap(&memory, scenario, "\"town\"", "\"some\"");
    text = memory_swap(&memory, text, "{ }", "{ by = \"none\"; }");
    const struct scenario *here = build_one(&memory, text)->scenarios[0];
    assert_int_equal(here->n_groups, 4);
    assert_close(here->groups[0].people, 1000.0, 1e-9);
    assert_close(here->groups[1].people, 70.0, 1e-9);
    assert_close(here->groups[2].people, 1000.0, 1e-9);
    assert_close(here->groups[3].people, 30.0, 1e-9);
    memory_library_clear(&memory);
}

static void without_population_an_area_is_any_words(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *plain =
        memory_swap(&memory, scenario, "population = { };", "inputs = { eligible = 10; };");
    const char *elsewhere = memory_swap(&memory, plain, "\"town\"", "\"the old mill\"");
    const struct scenario *here = build_one(&memory, elsewhere)->scenarios[0];
    assert_string_equal(here->area, "the old mill");
    assert_int_equal(here->n_groups, 1);
    assert_string_equal(here->groups[0].id, "all");
    assert_null(here->groups[0].area);
    assert_null(here->population.setting);
    here = build_one(&memory, plain)->scenarios[0];
    assert_string_equal(here->groups[0].area->id, "town");
    assert_int_equal(here->groups[0].quintile, 0);
    memory_library_clear(&memory);
}

static const char *with_gradients(struct memory_library *memory, const char *override)
{
    const char *text = memory_swap(
        memory, scenario, "population = { };",
        "population = { share = \"idle\"; };\n"
        "  override = ( { parameter = \"idle\"; value = IDLE; reason = \"pilot\"; } );\n"
        "  gradients = (\n"
        "    { parameter = \"uptake\"; factors = [0.8, 0.9, 1.0, 1.05, 1.1]; reason = \"r\"; },\n"
        "    { parameter = \"idle\"; factors = [1.1, 1.0, 1.0, 1.0, 1.0]; reason = \"r\"; } );");
    return memory_swap(memory, text, "IDLE", override);
}

static void gradients_are_kept_in_order(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct scenario *here = build_one(&memory, with_gradients(&memory, "0.9"))->scenarios[0];
    assert_int_equal(here->n_gradients, 2);
    assert_string_equal(here->gradients[0].parameter->identity, "uptake");
    assert_close(here->gradients[0].factors[3], 1.05, 0.0);
    assert_close(here->gradients[1].factors[0], 1.1, 0.0);
    assert_close(here->inputs[0].distribution.mean, 900.0, 1e-9); /* the override's share */
    memory_library_clear(&memory);

    init(&memory); /* 0.95 x 1.1 is above 1; the item's own 0.5 x 1.1 would not be */
    const char *text = with_gradients(&memory, "0.95");
    (void)build(&memory, &text, 1);
    assert_true(memory_only(&memory, "E657", "scenario.gradients[1].factors[0]"));
    memory_library_clear(&memory);
}

/* ---- for_each ---- */

static const char *const sweep =
    "scenario = {\n"
    "  title = \"Visits\"; model = \"visits\"; horizon_years = 5; funded_years = 2;\n"
    "  for_each = { start_year = [\"2026-27\", \"2027-28\"]; area = \"district\";\n"
    "    eligible = [100.0, 0.5]; };\n"
    "  funding = { council = 1.0; };\n"
    "};\n";

static const struct scenario *find(const struct library *library, const char *id)
{
    for (size_t i = 0; i < library->n_scenarios; ++i) {
        if (strcmp(library->scenarios[i]->id, id) == 0) {
            return library->scenarios[i];
        }
    }
    print_error("no scenario is named %s\n", id);
    fail();
    return NULL;
}

static void for_each_gives_every_combination(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct library *library = build_one(&memory, sweep);
    assert_int_equal(library->n_scenarios, 8);
    const struct scenario *one = find(library, "here--start_year-2026_27--area-town--eligible-0_5");
    assert_string_equal(one->family, "here");
    assert_string_equal(one->title,
                        "Visits \xE2\x80\x94 start year 2026-27, The Town, eligible 0.5");
    assert_int_equal(one->n_keys, 3);
    assert_string_equal(one->keys[0].key, "start_year");
    assert_string_equal(one->keys[0].value, "2026-27");
    assert_string_equal(one->keys[1].value, "town");
    assert_string_equal(one->keys[2].key, "inputs.eligible");
    assert_string_equal(one->keys[2].value, "0.5");
    assert_close(one->inputs[0].distribution.mean, 0.5, 0.0);
    assert_string_equal(one->groups[0].area->id, "town");
    const struct scenario *other =
        find(library, "here--start_year-2027_28--area-village--eligible-100");
    assert_int_equal(other->start_year, 2027);
    assert_int_equal(other->funded_years, 2);
    assert_string_equal(other->area, "The Village");
    memory_library_clear(&memory);
}

static void areas_in_brackets_may_be_lists(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *text =
        memory_swap(&memory, sweep, "\"district\";", "[\"district\", \"The Farm\"];");
    text = memory_swap(&memory, text, "eligible = [100.0, 0.5];", "");
    text = memory_swap(&memory, text, "funding", "population = { }; funding");
    const struct library *library = build_one(&memory, text);
    assert_int_equal(library->n_scenarios, 4);
    assert_int_equal(find(library, "here--start_year-2026_27--area-district")->n_groups, 4);
    assert_int_equal(find(library, "here--start_year-2026_27--area-farm")->n_groups, 1);
    memory_library_clear(&memory);
}

static void numbers_and_texts_stand_together_in_round_brackets(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct library *library =
        build_one(&memory, "scenario = { title = \"Visits\"; model = \"visits\";\n"
                           "  start_year = \"2026-27\"; horizon_years = 5;\n"
                           "  for_each = { funded_years = (1, 3, \"recurrent\"); };\n"
                           "  inputs = { eligible = 100.0; }; funding = { council = 1.0; }; };\n");
    assert_int_equal(library->n_scenarios, 3);
    assert_int_equal(find(library, "here--funded_years-3")->funded_years, 3);
    assert_false(find(library, "here--funded_years-3")->recurrent);
    const struct scenario *on = find(library, "here--funded_years-recurrent");
    assert_true(on->recurrent);
    assert_int_equal(on->funded_years, 5);
    assert_string_equal(on->keys[0].value, "recurrent");
    assert_string_equal(on->title, "Visits \xE2\x80\x94 funded years recurrent");
    memory_library_clear(&memory);
}

static void a_health_model_repeats_over_its_horizon(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const struct library *library =
        build_one(&memory, "scenario = { title = \"Cohort\"; model = \"cohort\";\n"
                           "  for_each = { horizon_years = [5, 10]; }; };\n");
    assert_int_equal(library->n_scenarios, 2);
    assert_int_equal(find(library, "here--horizon_years-10")->n_cycles, 10);
    memory_library_clear(&memory);
}

static void what_all_instances_get_wrong_is_said_once(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *text = memory_swap(&memory, sweep, "council = 1.0", "concil = 1.0");
    (void)build(&memory, &text, 1);
    assert_true(memory_only(&memory, "E611", "scenario.funding.concil"));
    assert_int_equal(memory.diagnostics.n_errors, 1);
    memory_library_clear(&memory);

    init(&memory);
    text = memory_swap(&memory, sweep, "eligible = [100.0, 0.5];", "eligible = [100.0, -0.5];");
    text = memory_swap(&memory, text, "funded_years = 2", "funded_years = 9");
    (void)build(&memory, &text, 1);
    assert_int_equal(memory.diagnostics.n_items, 2);
    assert_string_equal(memory_find(&memory, "E609")->path, "scenario.for_each.eligible[1]");
    assert_string_equal(memory_find(&memory, "E614")->path, "scenario.funded_years");
    memory_library_clear(&memory);
}

static void two_files_of_one_name_are_said_once(void **state)
{
    (void)state;
    struct memory_library memory;
    init(&memory);
    const char *const texts[] = {sweep, sweep};
    (void)build(&memory, texts, 2);
    assert_true(memory_only(&memory, "E605", "scenario"));
    memory_library_clear(&memory);
}

static void instances_have_limits(void **state)
{
    (void)state;
    struct memory_library memory;
    struct text values;
    text_init(&values);
    for (int i = 0; i < 2000; ++i) {
        text_printf(&values, i == 0 ? "%d" : ", %d", i);
    }
    init(&memory);
    const char *text = memory_swap(&memory, sweep, "100.0, 0.5", values.bytes);
    text =
        memory_swap(&memory, text, "start_year = [\"2026-27\", \"2027-28\"]; area = \"district\";",
                    "area = \"town\";");
    text = memory_swap(&memory, text, "funded_years", "start_year = \"2026-27\"; funded_years");
    const struct library *library = build_one(&memory, text);
    assert_int_equal(library->n_scenarios, 2000);
    memory_library_clear(&memory);

    init(&memory);
    text_append(&values, ", 2000");
    text = memory_swap(&memory, sweep, "100.0, 0.5", values.bytes);
    (void)build(&memory, &text, 1);
    assert_true(memory_only(&memory, "E663", "scenario.for_each.eligible"));
    text_clear(&values);
    memory_library_clear(&memory);
}

/* ---- the areas that are shipped, against the file read by other means ---- */

struct csv_row {
    char area[64], code[16];
    int quintile;
    double all, bands[7];
};

static size_t read_rows(struct csv_row *rows, size_t capacity)
{
    char line[512];
    size_t n = 0;
    FILE *file = fopen(PROJECT_DIR "/models/data/population_lancashire_imd.csv", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (n < capacity && fgets(line, sizeof line, file) != NULL) {
        struct csv_row *row = &rows[n++];
        double lsoas, *b = row->bands;
        assert_int_equal(sscanf(line, "%63[^,],%15[^,],%d,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf",
                                row->area, row->code, &row->quintile, &lsoas, &row->all, &b[0],
                                &b[1], &b[2], &b[3], &b[4], &b[5], &b[6]),
                         12);
    }
    fclose(file);
    return n;
}

static const struct library *load_shipped(struct memory_library *memory)
{
    static const char *const directories[] = {PROJECT_DIR "/models"};
    const struct library_request request = {.model_directories = directories,
                                            .n_model_directories = 1};
    memory_library_init(memory);
    const struct library *library = library_load(&memory->arena, &request, &memory->diagnostics);
    assert_true(memory_silent(memory));
    return library;
}

static const struct area *area_of(const struct library *library, const char *code)
{
    for (size_t i = 0; i < library->n_areas; ++i) {
        if (strcmp(library->areas[i].code, code) == 0) {
            return &library->areas[i];
        }
    }
    return NULL;
}

static void every_row_of_the_file_is_counted(void **state)
{
    (void)state;
    struct memory_library memory;
    struct csv_row rows[128];
    const struct library *library = load_shipped(&memory);
    size_t n_rows = read_rows(rows, 128);
    assert_int_equal(n_rows, 83);
    for (size_t i = 0; i < n_rows; ++i) {
        const struct area *area = area_of(library, rows[i].code);
        size_t q = (size_t)rows[i].quintile - 1;
        double people[N_QUINTILES];
        assert_non_null(area);
        assert_true(area_people(library, area, 0.0, AGE_WITHOUT_END, people));
        assert_close(people[q], rows[i].all, 1e-9);
        assert_true(area_people(library, area, 65.0, 84.0, people));
        assert_close(people[q], rows[i].bands[4] + rows[i].bands[5], 1e-9);
    }
    memory_library_clear(&memory);
}

static void the_districts_sum_to_the_county(void **state)
{
    (void)state;
    struct memory_library memory;
    struct csv_row rows[128];
    const struct library *library = load_shipped(&memory);
    size_t n_rows = read_rows(rows, 128);

    static const struct {
        const char *list, *code;
        size_t n_members;
    } sums[] = {{"lancashire_districts", "E10000017", 12}, {"lancashire_14_districts", "L14", 14}};

    for (size_t s = 0; s < 2; ++s) {
        const struct area_list *list = &library->area_lists[1 - s];
        double sum = 0.0, county = 0.0;
        assert_string_equal(list->id, sums[s].list);
        assert_int_equal(list->n_members, sums[s].n_members);
        for (size_t i = 0; i < list->n_members; ++i) {
            double people[N_QUINTILES];
            assert_true(area_people(library, list->members[i], 0.0, AGE_WITHOUT_END, people));
            for (size_t q = 0; q < N_QUINTILES; ++q) {
                sum += people[q];
            }
        }
        for (size_t i = 0; i < n_rows; ++i) {
            county += strcmp(rows[i].code, sums[s].code) == 0 ? rows[i].all : 0.0;
        }
        assert_true(county > 1e6);
        assert_close(sum, county, 1e-9);
    }
    memory_library_clear(&memory);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_is_divided_into_its_quintiles),
        cmocka_unit_test(ages_and_share_choose_among_the_people),
        cmocka_unit_test(a_list_has_groups_by_area_then_quintile),
        cmocka_unit_test(a_part_takes_the_mix_of_the_whole),
        cmocka_unit_test(quintile_shares_keep_the_ages_of_each_quintile),
        cmocka_unit_test(a_layer_replaces_an_area_with_a_reason),
        cmocka_unit_test(a_layer_brings_a_table_of_its_own),
        cmocka_unit_test(without_population_an_area_is_any_words),
        cmocka_unit_test(gradients_are_kept_in_order),
        cmocka_unit_test(for_each_gives_every_combination),
        cmocka_unit_test(numbers_and_texts_stand_together_in_round_brackets),
        cmocka_unit_test(areas_in_brackets_may_be_lists),
        cmocka_unit_test(a_health_model_repeats_over_its_horizon),
        cmocka_unit_test(what_all_instances_get_wrong_is_said_once),
        cmocka_unit_test(two_files_of_one_name_are_said_once),
        cmocka_unit_test(instances_have_limits),
        cmocka_unit_test(every_row_of_the_file_is_counted),
        cmocka_unit_test(the_districts_sum_to_the_county),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
