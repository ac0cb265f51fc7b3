/* Demands and programme models. */
#include "model/model.h"
#include "support/assert_close.h"
#include "support/memory_library.h"

static const char *const base =
    "perspectives = { society = { label = \"Society\"; }; };\n"
    "sectors = {\n"
    "  acute = { label = \"Acute\"; abbreviation = \"Acute\"; perspectives = [\"society\"]; };\n"
    "  icb = { label = \"ICB\"; abbreviation = \"ICB\"; perspectives = [\"society\"]; };\n"
    "  residents = { label = \"R\"; abbreviation = \"R\"; perspectives = [\"society\"]; };\n"
    "};\n"
    "evidence = {\n"
    "  ae = { cost = { label = \"c\"; kind = \"cost\"; unit = \"GBP\"; value = 280.0;\n"
    "      price_year = \"2024-25\"; split = { acute = 1.0; }; cashable = 0.1;\n"
    "      grade = 6; source = \"assumption\"; reason = \"r\"; };\n"
    "    rate = { label = \"r\"; kind = \"rate\"; unit = \"a year\"; value = 0.4;\n"
    "      grade = 6; source = \"assumption\"; reason = \"r\"; };\n"
    "    half_life = { label = \"h\"; kind = \"duration\"; unit = \"years\"; value = 2.0;\n"
    "      grade = 6; source = \"assumption\"; reason = \"r\"; }; };\n"
    "  falls = { rate = { label = \"r\"; kind = \"rate\"; unit = \"a year\"; value = 0.1;\n"
    "      grade = 6; source = \"assumption\"; reason = \"r\"; }; };\n"
    "};\n"
    "demand = {\n"
    "  ae_attendance = { label = \"A&E attendances\"; unit = \"attendance\";\n"
    "    baseline_per_person = \"ae.rate * 1.01 ^ year\"; unit_cost = \"ae.cost\";\n"
    "    baseline_spend_gbp = { acute = 41.0e6; }; baseline_spend_price_year = \"2024-25\";\n"
    "    release = { step = 20000.0; reason = \"one shift\"; }; };\n"
    "  fall = { label = \"Falls\"; unit = \"fall\"; };\n"
    "};\n";

static const char *const good =
    "model = {\n"
    "  kind = \"programme\"; title = \"Befriending\"; prevention = \"primary\";\n"
    "  population_reach = \"population_group\";\n"
    "  inputs = { eligible = { label = \"People\"; unit = \"people\"; min = 0.0; };\n"
    "    fee = { label = \"Fee\"; unit = \"GBP\"; min = 0.0; max = 900.0;\n"
    "      default = { dist = \"uniform\"; min = 50.0; max = 90.0; }; }; };\n"
    "  funnel = { eligible = \"eligible\"; uptake = 0.5; capacity = 1000.0; };\n"
    "  intake = \"once\";\n"
    "  costs = (\n"
    "    { name = \"coordination\"; per = \"participant_year\"; amount = \"fee\"; },\n"
    "    { name = \"groups\"; per = \"capacity_step\"; people_per_step = 25.0; amount = 900.0;\n"
    "      payers = { icb = 0.5; pot = 0.5; }; in_kind = true; additionality = \"redeployed\";\n"
    "      first_year = 1; runs = \"to_horizon\"; } );\n"
    "  outcomes = (\n"
    "    { demand = \"ae_attendance\"; effect_form = \"relative\"; effect = 0.2;\n"
    "      deadweight = { form = \"multiplicative\"; value = 0.1; };\n"
    "      profile = { fade = \"half_life\"; half_life_years = \"half_life\";\n"
    "        when_funding_stops = \"fade\"; }; },\n"
    "    { name = \"falls\"; demand = \"fall\"; effect_form = \"absolute\"; effect = 0.01;\n"
    "      deadweight = { form = \"percentage_points\"; value = 0.002; };\n"
    "      profile = { lag_years = 1; by_year = [0.5, 1.0]; fade = \"none\";\n"
    "        when_funding_stops = \"persist\"; }; } );\n"
    "  levered_in = ( { name = \"grant\"; from = \"Lottery\"; to = \"icb\"; form = \"cash\";\n"
    "    per = \"once\"; amount = 5000.0; } );\n"
    "  transfers = ( { name = \"charge\"; from = \"icb\"; to = \"acute\"; per = \"year\";\n"
    "    amount = 10.0; } );\n"
    "  qalys = ( { name = \"wellbeing\"; gain = 0.02; duration_years = 3; } );\n"
    "};\n";

static const struct models *load_model(struct memory_library *memory)
{
    const struct layered_document *documents = memory->documents;
    size_t n_documents = memory->n_documents;
    const struct evidence *evidence =
        evidence_read(&memory->arena, documents, n_documents, &memory->diagnostics);
    const struct sectors *sectors =
        sector_read(&memory->arena, documents, n_documents, &memory->diagnostics);
    return model_read(&memory->arena, documents, n_documents, evidence, &(struct tables){0},
                      sectors, &memory->diagnostics);
}

static void a_complete_model_reads_without_a_word(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    const struct models *models = load_model(&memory);
    assert_true(memory_silent(&memory));
    const struct model *model = model_find(models, "befriending");
    assert_non_null(model);
    assert_int_equal(model->n_inputs, 2);
    assert_false(model->inputs[0].has_fallback);
    assert_true(isinf(model->inputs[0].max));
    assert_true(model->inputs[1].has_fallback);
    assert_close(model->uptake.expression->number, 0.5, 0.0);
    assert_close(model->reach.expression->number, 1.0, 0.0);
    assert_null(model->reach.setting);
    assert_int_equal(model->eligible.expression->kind, EXPRESSION_NAME);
    assert_int_equal(model->intake, INTAKE_ONCE);

    assert_int_equal(model->n_costs, 2);
    const struct cost *groups = &model->costs[1];
    assert_int_equal(groups->per, PER_CAPACITY_STEP);
    assert_close(groups->people_per_step, 25.0, 0.0);
    assert_int_equal(groups->n_payers, 2);
    assert_true(groups->in_kind && groups->to_horizon);
    assert_int_equal(groups->first_year, 1);
    assert_int_equal(groups->additionality, REDEPLOYED);
    assert_int_equal(model->costs[0].additionality, ADDITIONAL_TEMPORARY);
    assert_int_equal(model->costs[0].n_payers, 0);
    assert_int_equal(model->n_levered_in, 1);
    assert_int_equal(model->n_transfers, 1);
    memory_library_clear(&memory);
}

static void outcomes_resolve_their_demand_and_unit_cost(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    const struct models *models = load_model(&memory);
    const struct outcome *outcomes = model_find(models, "befriending")->outcomes;
    assert_string_equal(outcomes[0].name, "A&E attendances");
    assert_ptr_equal(outcomes[0].demand, model_find_demand(models, "ae_attendance"));
    assert_string_equal(outcomes[0].demand->unit_cost_parameter->identity, "ae.cost");
    assert_close(outcomes[0].demand->release_step, 20000.0, 0.0);
    assert_int_equal(outcomes[0].demand->baseline_spend_price_year, 2024);
    assert_true(outcomes[0].relative);
    assert_false(outcomes[1].relative);
    assert_int_equal(outcomes[1].deadweight_form, DEADWEIGHT_PERCENTAGE_POINTS);
    assert_null(outcomes[1].demand->unit_cost);
    assert_null(outcomes[1].demand->baseline_per_person.expression);
    memory_library_clear(&memory);
}

static void effects_that_end_at_once_are_fades_that_keep_nothing(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    const struct model *model = model_find(load_model(&memory), "befriending");
    const struct profile *fading = &model->outcomes[0].profile;
    assert_int_equal(fading->fade, FADE_HALF_LIFE);
    assert_false(fading->has_plateau);
    assert_string_equal(fading->fade_amount.expression->name, "half_life");
    const struct profile *listed = &model->outcomes[1].profile;
    assert_true(listed->listed);
    assert_int_equal(listed->n_by_year, 2);
    assert_int_equal(listed->lag_years, 1);
    assert_int_equal(listed->fade, FADE_RETENTION);
    assert_close(listed->fade_amount.expression->number, 0.0, 0.0);
    const struct profile *qaly = &model->qalys[0].profile;
    assert_true(qaly->has_plateau);
    assert_int_equal(qaly->plateau_years, 3);
    assert_int_equal(qaly->fade, FADE_RETENTION);
    assert_int_equal(qaly->when_funding_stops, FUNDING_STOPS_PERSIST);
    assert_string_equal(model->qalys[0].to, "residents");
    memory_library_clear(&memory);
}

struct bad_model {
    const char *from, *to, *code, *path;
};

static const struct bad_model mistakes[] = {
    {"amount = \"fee\"", "amount = \"fea + 0 * fee\"", "E510", "model.costs[0].amount"},
    {"amount = \"fee\"", "amount = \"fee * rate\"", "E511", "model.costs[0].amount"},
    {"amount = \"fee\"", "amount = \"fee * ae.rate * year\"", NULL, NULL},
    {"amount = \"fee\"", "amount = \"fee > 3\"", "E512", "model.costs[0].amount"},
    {"uptake = 0.5", "uptake = 1.5", "E513", "model.funnel.uptake"},
    {"effect = 0.2", "attribution = -0.1; effect = 0.2", "E513", "model.outcomes[0].attribution"},
    {"demand = \"fall\"", "demand = \"falls\"", "E517", "model.outcomes[1].demand"},
    {"people_per_step = 25.0;", "", "E520", "model.costs[1]"},
    {"per = \"participant_year\";", "per = \"year\"; people_per_step = 3.0;", "E520",
     "model.costs[0].people_per_step"},
    {"payers = {", "payer = \"icb\"; payers = {", "E521", "model.costs[1].payer"},
    {"intake = \"once\";", "intake = \"once\"; ramp = [0.5, 1.0];", "E522", "model.ramp"},
    {"intake = \"once\";", "intake = \"yearly\"; ramp = [0.5, 1.0];", NULL, NULL},
    {"by_year = [0.5, 1.0];", "by_year = [0.5, 1.0]; ramp = [0.5];", "E523",
     "model.outcomes[1].profile.ramp"},
    {"by_year = [0.5, 1.0];", "by_year = [0.5, 1.0]; plateau_years = 2;", "E523",
     "model.outcomes[1].profile.plateau_years"},
    {"when_funding_stops = \"fade\"", "when_funding_stops = \"persist\"", "E523",
     "model.outcomes[0].profile.fade"},
    {"when_funding_stops = \"persist\"", "when_funding_stops = \"fade\"", "E523",
     "model.outcomes[1].profile.when_funding_stops"},
    {"half_life_years = \"half_life\";", "", "E524", "model.outcomes[0].profile"},
    {"fade = \"none\";", "fade = \"none\"; fade_years = 2.0;", "E524",
     "model.outcomes[1].profile.fade_years"},
    {"duration_years = 3;", "duration_years = 3; retention_per_year = 0.5;", "E524",
     "model.qalys[0].retention_per_year"},
    {"effect_form = \"absolute\"", "effect_form = \"relative\"", "E525",
     "model.outcomes[1].effect_form"},
    {"effect_form = \"relative\"", "per = \"programme\"; effect_form = \"relative\"", "E526",
     "model.outcomes[0].effect_form"},
    {"to = \"acute\"; per = \"year\"", "to = \"icb\"; per = \"year\"", "E527",
     "model.transfers[0].to"},
    {"to = \"icb\"; form", "to = \"icbs\"; form", "E501", "model.levered_in[0].to"},
    {"duration_years = 3;", "duration_years = 3; to = \"citizens\";", "E501", "model.qalys[0].to"},
    {"amount = \"fee\"", "amount = 70.0", "E529", "model.inputs.fee"},
    {"max = 900.0;", "max = 70.0;", "E531", "model.inputs.fee.default"},
};

static void each_mistake_in_a_model_has_its_own_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; ++i) {
        struct memory_library memory;
        memory_library_init(&memory);
        memory_add(&memory, "models/base.cfg", 0, base);
        memory_add(&memory, "models/befriending/model.cfg", 0,
                   memory_swap(&memory, good, mistakes[i].from, mistakes[i].to));
        (void)load_model(&memory);
        assert_true(mistakes[i].code == NULL
                        ? memory_silent(&memory)
                        : memory_only(&memory, mistakes[i].code, mistakes[i].path));
        memory_library_clear(&memory);
    }
}

static const struct bad_model demand_mistakes[] = {
    {"unit_cost = \"ae.cost\"", "unit_cost = \"ae.costs\"", "E510",
     "demand.ae_attendance.unit_cost"},
    {"unit_cost = \"ae.cost\"", "unit_cost = \"rate\"", "E511", "demand.ae_attendance.unit_cost"},
    {"unit_cost = \"ae.cost\"", "unit_cost = \"cost\"", NULL, NULL},
    {"\"ae.rate * 1.01 ^ year\"", "\"eligible * ae.rate\"", "E510",
     "demand.ae_attendance.baseline_per_person"},
    {"unit_cost = \"ae.cost\"", "unit_cost = \"ae.rate\"", "E514",
     "demand.ae_attendance.unit_cost"},
    {"split = { acute = 1.0; };", "", "E515", "demand.ae_attendance.unit_cost"},
    {"baseline_spend_price_year = \"2024-25\";", "", "E516",
     "demand.ae_attendance.baseline_spend_gbp"},
    {"baseline_spend_gbp = { acute = 41.0e6; };", "", "E516",
     "demand.ae_attendance.baseline_spend_price_year"},
    {"{ acute = 41.0e6; }", "{ acuet = 41.0e6; }", "E501",
     "demand.ae_attendance.baseline_spend_gbp.acuet"},
    {"residents = { label", "citizens = { label", "E501", "model.qalys[0]"},
};

static void each_mistake_in_a_demand_has_its_own_message(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof demand_mistakes / sizeof demand_mistakes[0]; ++i) {
        const struct bad_model *row = &demand_mistakes[i];
        struct memory_library memory;
        memory_library_init(&memory);
        memory_add(&memory, "models/base.cfg", 0, memory_swap(&memory, base, row->from, row->to));
        memory_add(&memory, "models/befriending/model.cfg", 0, good);
        (void)load_model(&memory);
        assert_true(row->code == NULL ? memory_silent(&memory)
                                      : memory_only(&memory, row->code, row->path));
        memory_library_clear(&memory);
    }
}

static void an_unknown_name_stands_under_its_caret(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0,
               memory_swap(&memory, good, "amount = \"fee\"", "amount = \"2 * fee + eligble\""));
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "E510", "model.costs[0].amount"));
    const struct diagnostic *unknown = memory_find(&memory, "E510");
    assert_string_equal(unknown->place.file, "models/befriending/model.cfg");
    assert_int_equal(unknown->place.line, 10);
    assert_int_equal(unknown->place.width, 7);
    assert_memory_equal(unknown->place.source_line + unknown->place.column - 1, "eligble", 7);
    assert_non_null(strstr(unknown->remedy, "\"eligible\""));
    memory_library_clear(&memory);
}

static void an_ambiguous_name_lists_all_candidates(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0,
               memory_swap(&memory, good, "amount = \"fee\"", "amount = \"fee * rate\""));
    (void)load_model(&memory);
    assert_non_null(strstr(memory_find(&memory, "E511")->allowed, "ae.rate, falls.rate"));
    memory_library_clear(&memory);
}

static void an_unreadable_formula_does_not_make_inputs_unused(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0,
               memory_swap(&memory, good, "amount = \"fee\"", "amount = \"fee *\""));
    (void)load_model(&memory);
    assert_int_equal(memory.diagnostics.n_items, 1);
    assert_null(memory_find(&memory, "E529"));
    memory_library_clear(&memory);
}

static void an_input_may_share_a_short_name_but_not_an_identity(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    const char *text = memory_swap(&memory, good, "fee = {", "half_life = {");
    text = memory_swap(&memory, text, "amount = \"fee\"", "amount = \"half_life\"");
    memory_add(&memory, "models/befriending/model.cfg", 0, text);
    const struct models *models = load_model(&memory);
    assert_true(memory_silent(&memory));
    const struct evidence *evidence =
        evidence_read(&memory.arena, memory.documents, memory.n_documents, &memory.diagnostics);
    struct model_name name =
        model_resolve_name(model_find(models, "befriending"), evidence, "half_life");
    assert_int_equal(name.kind, MODEL_NAME_INPUT);
    memory_library_clear(&memory);

    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0,
               memory_swap(&memory, base, "evidence = {\n",
                           "evidence = {\n  fee = { label = \"f\"; "
                           "kind = \"rate\"; unit = \"u\"; value = 1.0; grade = 6; "
                           "source = \"assumption\"; reason = \"r\"; };\n"));
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "E530", "model.inputs.fee"));
    memory_library_clear(&memory);
}

static void an_input_named_like_a_function_is_refused(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0,
               memory_swap(&memory, good, "inputs = { eligible",
                           "inputs = { min = { label = \"m\"; unit = \"m\"; }; eligible"));
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "E530", "model.inputs.min"));
    memory_library_clear(&memory);
}

static void pricing_one_family_twice_is_warned_of(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0,
               memory_swap(&memory, base, "unit = \"fall\";",
                           "unit = \"fall\"; unit_cost = \"ae.cost\"; "
                           "counts_within = \"ae_attendance\";"));
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "W801", "model.outcomes[1]"));
    assert_int_equal(memory.diagnostics.n_errors, 0);
    const char *found = memory_find(&memory, "W801")->found;
    assert_non_null(strstr(found, "A&E attendances"));
    assert_non_null(strstr(found, "falls"));
    memory_library_clear(&memory);
}

static void counting_a_demand_twice_without_a_price_is_fine(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0,
               memory_swap(&memory, base, "unit = \"fall\";",
                           "unit = \"fall\"; counts_within = \"ae_attendance\";"));
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    (void)load_model(&memory);
    assert_true(memory_silent(&memory));
    memory_library_clear(&memory);
}

static void a_model_without_costs_and_outcomes_is_refused(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/empty/model.cfg", 0,
               "model = { kind = \"programme\"; title = \"Empty\"; prevention = \"primary\";\n"
               "  population_reach = \"population_group\"; funnel = { eligible = 10.0; };\n"
               "  intake = \"once\"; };\n");
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "E528", "model"));
    memory_library_clear(&memory);
}

static void models_are_named_after_their_folder(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/Befriending!/model.cfg", 0, good);
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "E518", "model"));
    memory_library_clear(&memory);

    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/a.cfg", 0, good);
    memory_add(&memory, "models/befriending/b.cfg", 0, good);
    (void)load_model(&memory);
    assert_true(memory_only(&memory, "E430", "model"));
    memory_library_clear(&memory);

    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/a.cfg", 0, good);
    memory_add(&memory, "council/befriending/b.cfg", 1,
               memory_swap(&memory, good, "title = \"Befriending\"", "title = \"Ours\""));
    const struct models *models = load_model(&memory);
    assert_true(memory_silent(&memory));
    assert_string_equal(model_find(models, "befriending")->title, "Ours");
    memory_library_clear(&memory);
}

static void used_parameters_are_those_that_results_stand_on(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    const struct evidence *evidence =
        evidence_read(&memory.arena, memory.documents, memory.n_documents, &memory.diagnostics);
    const struct sectors *sectors =
        sector_read(&memory.arena, memory.documents, memory.n_documents, &memory.diagnostics);
    const struct models *models =
        model_read(&memory.arena, memory.documents, memory.n_documents, evidence,
                   &(struct tables){0}, sectors, &memory.diagnostics);
    const struct model *model = model_find(models, "befriending");
    static const char *const used[] = {"ae.cost", "ae.rate", "ae.half_life"};
    for (size_t i = 0; i < 3; ++i) {
        assert_true(model_uses_parameter(model, evidence, evidence_find(evidence, used[i], NULL)));
    }
    assert_false(
        model_uses_parameter(model, evidence, evidence_find(evidence, "falls.rate", NULL)));
    memory_library_clear(&memory);
}

static void count_amount(const struct amount *amount, void *context)
{
    assert_non_null(amount->expression);
    ++*(size_t *)context;
}

static void every_amount_is_visited_once(void **state)
{
    (void)state;
    struct memory_library memory;
    memory_library_init(&memory);
    memory_add(&memory, "models/base.cfg", 0, base);
    memory_add(&memory, "models/befriending/model.cfg", 0, good);
    size_t n_amounts = 0;
    model_visit_amounts(model_find(load_model(&memory), "befriending"), count_amount, &n_amounts);
    /* funnel 5, costs 2 x 3, outcomes 2 x 6, leverage 1, transfer 1, QALYs 4 */
    assert_int_equal(n_amounts, 29);
    memory_library_clear(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_model_reads_without_a_word),
        cmocka_unit_test(outcomes_resolve_their_demand_and_unit_cost),
        cmocka_unit_test(effects_that_end_at_once_are_fades_that_keep_nothing),
        cmocka_unit_test(each_mistake_in_a_model_has_its_own_message),
        cmocka_unit_test(each_mistake_in_a_demand_has_its_own_message),
        cmocka_unit_test(an_unknown_name_stands_under_its_caret),
        cmocka_unit_test(an_ambiguous_name_lists_all_candidates),
        cmocka_unit_test(an_unreadable_formula_does_not_make_inputs_unused),
        cmocka_unit_test(an_input_may_share_a_short_name_but_not_an_identity),
        cmocka_unit_test(an_input_named_like_a_function_is_refused),
        cmocka_unit_test(pricing_one_family_twice_is_warned_of),
        cmocka_unit_test(counting_a_demand_twice_without_a_price_is_fine),
        cmocka_unit_test(a_model_without_costs_and_outcomes_is_refused),
        cmocka_unit_test(models_are_named_after_their_folder),
        cmocka_unit_test(used_parameters_are_those_that_results_stand_on),
        cmocka_unit_test(every_amount_is_visited_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
