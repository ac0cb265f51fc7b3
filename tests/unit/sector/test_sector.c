/* Sectors, groups and perspectives. */
#include "sector/sector.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

static const char *const good =
    "perspectives = { society = { label = \"Society\"; }; nhs = { label = \"NHS\"; }; };\n"
    "sectors = {\n"
    "  police = { label = \"Police\"; abbreviation = \"Police\"; perspectives = [\"society\"]; };\n"
    "  icb = { label = \"ICB\"; abbreviation = \"ICB\"; perspectives = [\"nhs\", \"society\"]; };\n"
    "  acute = { label = \"Acute\"; abbreviation = \"Acute\"; perspectives = [\"nhs\"]; };\n"
    "};\n"
    "sector_groups = { health = { label = \"Health\"; rule = \"by spend\";\n"
    "  members = { icb = 0.25; acute = 0.75; }; }; };\n"
    "evidence = { cost = { label = \"c\"; kind = \"cost\"; unit = \"GBP\"; value = 1.0;\n"
    "  price_year = \"2024-25\"; split = { health = 0.8; police = 0.2; };\n"
    "  cashable = { health = 0.1; police = 0.2; }; transfer_from = \"icb\";\n"
    "  grade = 6; source = \"assumption\"; reason = \"r\"; }; };\n";

static const struct sectors *load(struct memory_library *memory)
{
    const struct evidence *evidence =
        evidence_read(&memory->arena, memory->documents, memory->n_documents, &memory->diagnostics);
    const struct sectors *sectors =
        sector_read(&memory->arena, memory->documents, memory->n_documents, &memory->diagnostics);
    sector_check_evidence(sectors, evidence, &memory->diagnostics);
    return sectors;
}

static void sectors_stand_in_id_order_with_their_perspectives(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/sectors.cfg", 0, good);
    const struct sectors *sectors = load(&memory);
    assert_true(memory_silent(&memory));
    assert_int_equal(sectors->n_sectors, 3);
    assert_string_equal(sectors->sectors[0].id, "acute");
    assert_string_equal(sectors->sectors[1].id, "icb");
    assert_string_equal(sectors->sectors[2].id, "police");
    assert_int_equal(sector_index(sectors, "police"), 2);
    assert_true(sector_index(sectors, "health") == SIZE_MAX);
    size_t nhs = sector_perspective_index(sectors, "nhs");
    size_t society = sector_perspective_index(sectors, "society");
    assert_int_equal(nhs, 0);
    assert_int_equal(society, 1);
    assert_int_equal(sectors->sectors[0].perspectives, 1);
    assert_int_equal(sectors->sectors[1].perspectives, 3);
    assert_int_equal(sectors->sectors[2].perspectives, 2);
    memory_library_clear(&memory);
}

static void shares_of_a_group_are_split_over_its_members(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/sectors.cfg", 0, good);
    const struct sectors *sectors = load(&memory);
    const struct share shares[] = {{.sector = "health", .share = 0.8},
                                   {.sector = "icb", .share = 0.1},
                                   {.sector = "police", .share = 0.1}};
    double weights[3] = {0.0, 0.0, 0.0};
    assert_true(sector_expand_shares(sectors, shares, 3, weights, &memory.diagnostics));
    /* 1e-15: one rounding a product and sum */
    assert_close(weights[0], 0.6, 1e-15);
    assert_close(weights[1], 0.3, 1e-15);
    assert_close(weights[2], 0.1, 1e-15);
    memory_library_clear(&memory);
}

static void an_unknown_share_is_reported_and_the_others_still_count(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/sectors.cfg", 0, good);
    const struct sectors *sectors = load(&memory);
    const struct document *document =
        memory_parse(&memory, "s.cfg", "split = {\n  polise = 0.5;\n  icb = 0.5; };\n");
    size_t n_shares = 0;
    const struct share *shares =
        evidence_read_shares(&memory.arena, setting_find(document->root, "split"), &n_shares);
    double weights[3] = {0.0, 0.0, 0.0};
    assert_int_equal(n_shares, 2);
    assert_false(sector_expand_shares(sectors, shares, n_shares, weights, &memory.diagnostics));
    assert_true(memory_only(&memory, "E501", "split.polise"));
    const struct diagnostic *unknown = memory_find(&memory, "E501");
    assert_int_equal(unknown->place.line, 2);
    assert_non_null(strstr(unknown->remedy, "\"police\""));
    assert_close(weights[1], 0.5, 0.0);
    memory_library_clear(&memory);
}

struct bad_sector {
    const char *from, *to, *code, *path;
};

static const struct bad_sector mistakes[] = {
    {"sector_groups = { health",
     "sector_groups = { police = { label = \"P\"; rule = \"r\"; members = { icb = 1.0; }; }; "
     "health",
     "E500", "sector_groups.police"},
    {"nhs = { label = \"NHS\"; };", "nhs = { label = \"N\"; }; icb = { label = \"I\"; };", "E500",
     "perspectives.icb"},
    {"nhs = { label = \"NHS\"; };", "nhs = { label = \"N\"; }; health = { label = \"H\"; };",
     "E500", "perspectives.health"},
    {"nhs = { label = \"NHS\"; };", "nhs = { label = \"N\"; }; total = { label = \"T\"; };", "E500",
     "perspectives.total"},
    {"{ icb = 0.25; acute", "{ icbs = 0.25; acute", "E501", "sector_groups.health.members.icbs"},
    {"{ icb = 0.25; acute", "{ health = 0.25; acute", "E501",
     "sector_groups.health.members.health"},
    {"split = { health = 0.8; police", "split = { health = 0.8; fire", "E501",
     "evidence.cost.split.fire"},
    {"cashable = { health", "cashable = { nhs", "E501", "evidence.cost.cashable.nhs"},
    {"transfer_from = \"icb\"", "transfer_from = \"health\"", "E501",
     "evidence.cost.transfer_from"},
    {"[\"society\"]", "[\"sociaty\"]", "E502", "sectors.police.perspectives[0]"},
    {"abbreviation = \"Police\"", "abbreviation = \"Constables\"", "E503",
     "sectors.police.abbreviation"},
};

static void each_mistake_in_sectors_has_its_own_message(void **state)
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

static void abbreviations_are_counted_in_characters(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(
        &memory, "a.cfg", 0,
        memory_swap(&memory, good, "abbreviation = \"Police\"",
                    "abbreviation = \"H\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9z\""));
    (void)load(&memory);
    assert_true(memory_silent(&memory));
    memory_library_clear(&memory);
}

static void more_than_32_perspectives_are_refused(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    const char *text = "perspectives = {";
    for (int i = 0; i < 33; ++i) {
        text = arena_printf(&memory.arena, "%s p%02d = { label = \"P\"; };", text, i);
    }
    memory_add(&memory, "a.cfg", 0, arena_printf(&memory.arena, "%s };", text));
    const struct sectors *sectors = load(&memory);
    assert_true(memory_only(&memory, "E504", "perspectives.p32"));
    assert_int_equal(sectors->n_perspectives, 32);
    memory_library_clear(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sectors_stand_in_id_order_with_their_perspectives),
        cmocka_unit_test(shares_of_a_group_are_split_over_its_members),
        cmocka_unit_test(an_unknown_share_is_reported_and_the_others_still_count),
        cmocka_unit_test(each_mistake_in_sectors_has_its_own_message),
        cmocka_unit_test(abbreviations_are_counted_in_characters),
        cmocka_unit_test(more_than_32_perspectives_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
