/* Whom a scenario counts: its area, its population by area and quintile, and what differs between
 * quintiles. */
#include "base/text.h"
#include "scenario/scenario_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct model_input *scenario_find_input(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_inputs; ++i) {
        if (strcmp(model->inputs[i].id, name) == 0) {
            return &model->inputs[i];
        }
    }
    return NULL;
}

/* ---- the share of the population ---- */

struct share_names {
    const struct scenario_reader *reader;
    const struct setting *setting;
    const struct scenario *scenario;   /* for central values and uses */
    const struct parameter *parameter; /* looked for */
    struct program *program;
    bool found;
};

static void check_name(const struct expression *node, void *context)
{
    const struct share_names *names = context;
    const struct evidence *evidence = names->reader->library->evidence;
    struct diagnostics *diagnostics = names->reader->diagnostics;
    struct place place = expression_place(names->setting, node);
    size_t n_matches = 0;
    if (evidence_find(evidence, node->name, &n_matches) != NULL) {
        return;
    }
    if (n_matches > 1) {
        diagnostics_add(diagnostics, DIAGNOSTIC_E511, place, names->setting->path,
                        arena_printf(diagnostics->arena, "one of %s",
                                     evidence_candidates(diagnostics->arena, evidence, node->name)),
                        "write the path far enough back to tell them apart",
                        "\"%s\" may mean %zu evidence items", node->name, n_matches);
    } else {
        diagnostics_add(diagnostics, DIAGNOSTIC_E510, place, names->setting->path,
                        "an evidence item: the share of a population knows no inputs and no year",
                        layer_suggest(diagnostics->arena, evidence_nearest(evidence, node->name),
                                      "add it to the evidence"),
                        "nothing is named \"%s\"", node->name);
    }
}

static void refuse_table(const struct expression *node, void *context)
{
    const struct share_names *names = context;
    diagnostics_add(names->reader->diagnostics, DIAGNOSTIC_E475,
                    expression_place(names->setting, node), names->setting->path,
                    "table() in health models only", "make what you need an evidence item",
                    "there is nothing to look up by in a programme");
}

static struct amount read_share(const struct scenario_reader *reader, const struct setting *setting)
{
    if (!setting_is_text(setting)) {
        struct amount amount = amount_constant(reader->arena, setting_number(setting, 1.0));
        amount.setting = setting;
        return amount;
    }
    const struct expression *expression =
        expression_parse(reader->arena, setting, reader->diagnostics);
    if (expression != NULL && expression->type == EXPRESSION_TYPE_TRUTH) {
        setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E512, "a number",
                         "choose the amount by it: if(condition, amount, other amount)",
                         "this formula gives true or false, not an amount");
    }
    if (expression != NULL) {
        struct share_names names = {.reader = reader, .setting = setting};
        expression_visit_names(expression, check_name, &names);
        expression_visit_tables(expression, refuse_table, &names);
    }
    return (struct amount){.expression = expression, .setting = setting};
}

static void match_name(const struct expression *node, void *context)
{
    struct share_names *names = context;
    names->found = names->found || evidence_find(names->reader->library->evidence, node->name,
                                                 NULL) == names->parameter;
}

bool scenario_share_uses(const struct scenario_reader *reader, const struct scenario *scenario,
                         const struct parameter *parameter)
{
    struct share_names names = {.reader = reader, .parameter = parameter};
    if (scenario->population.share.expression != NULL) {
        expression_visit_names(scenario->population.share.expression, match_name, &names);
    }
    return names.found;
}

static double central_value(const struct scenario *scenario, const struct parameter *parameter)
{
    for (size_t i = 0; i < scenario->n_overrides; ++i) {
        if (scenario->overrides[i].parameter == parameter) {
            return scenario->overrides[i].distribution.mean;
        }
    }
    return parameter->distribution.mean;
}

static bool resolve_central(void *context, const char *name, program_slot *slot)
{
    struct share_names *names = context;
    const struct parameter *parameter = evidence_find(names->reader->library->evidence, name, NULL);
    double value = parameter != NULL ? central_value(names->scenario, parameter) : (double)NAN;
    names->found = names->found && !isnan(value);
    *slot = program_add_constant(names->program, names->found ? value : 0.0);
    return true;
}

static program_slot no_table(void *context, const struct expression *node,
                             const program_slot *arguments)
{
    struct share_names *names = context;
    (void)node;
    (void)arguments;
    names->found = false;
    return program_add_constant(names->program, 0.0);
}

double scenario_central_share(const struct scenario_reader *reader, const struct scenario *scenario)
{
    const struct amount *share = &scenario->population.share;
    struct program program;
    double value = (double)NAN;
    if (share->expression == NULL || share->expression->type == EXPRESSION_TYPE_TRUTH) {
        return value;
    }
    program_init(&program, reader->arena, 1);
    struct share_names names = {
        .reader = reader, .scenario = scenario, .program = &program, .found = true};
    const struct expression_resolver resolver = {
        .resolve = resolve_central, .table = no_table, .context = &names};
    program_slot slot = expression_compile(&program, share->expression, &resolver);
    bool constant = program_constant_value(&program, slot, &value);
    return constant && names.found ? value : (double)NAN;
}

/* ---- ages ---- */

static const char *edges_words(struct arena *arena, const struct population_table *table)
{
    struct text out;
    text_init(&out);
    text_append(&out, "from ");
    for (size_t i = 0; i < table->n_bands; ++i) {
        text_printf(&out, "%s%.9g",
                    i == 0                   ? ""
                    : i + 1 < table->n_bands ? ", "
                                             : " or ",
                    table->ages[i]);
    }
    text_append(&out, "; to ");
    for (size_t i = 1; i < table->n_bands; ++i) {
        text_printf(&out, "%.9g, ", table->ages[i] - 1.0);
    }
    text_append(&out, "or 120 (without end)");
    const char *words = arena_copy_text(arena, out.bytes);
    text_clear(&out);
    return words;
}

static bool fits_edges(const struct population_table *table, double from, double to)
{
    bool begins = false, ends = to >= AGE_WITHOUT_END;
    for (size_t i = 0; i < table->n_bands; ++i) {
        begins = begins || table->ages[i] == from;
        ends = ends || table->ages[i] == to + 1.0;
    }
    return begins && ends;
}

static void read_ages(const struct scenario_reader *reader, struct population *population)
{
    const struct setting *ages = setting_find(population->setting, "ages");
    size_t n = 0;
    const double *values = field_numbers(reader->arena, population->setting, "ages", &n);
    population->age_from = 0.0;
    population->age_to = AGE_WITHOUT_END;
    if (values == NULL) {
        return;
    }
    if (n != 2 || values[0] != floor(values[0]) || values[1] != floor(values[1]) ||
        values[0] > values[1]) {
        setting_complain(reader->diagnostics, ages, DIAGNOSTIC_E651,
                         "two whole years, [from, to], both counted", "e.g. ages = [75, 120];",
                         n != 2 ? "%zu ages" : "%zu ages that are no span of whole years", n);
        return;
    }
    population->age_from = values[0];
    population->age_to = values[1];
}

static bool check_ages(const struct scenario_reader *reader, const struct population *population,
                       const struct population_table *table)
{
    const struct setting *ages = setting_find(population->setting, "ages");
    bool all = population->age_from <= 0.0 && population->age_to >= AGE_WITHOUT_END;
    if (all || table->n_bands == 0 || fits_edges(table, population->age_from, population->age_to)) {
        return true;
    }
    setting_complain(reader->diagnostics, ages, DIAGNOSTIC_E651, edges_words(reader->arena, table),
                     "take ages on the edges, and say with share how many of them are meant",
                     "ages from %.9g to %.9g cut through the age bands of \"%s\"",
                     population->age_from, population->age_to, table->id);
    return false;
}

/* ---- groups ---- */

struct group_maker {
    struct scenario_reader *reader;
    struct scenario *scenario;
    struct scenario_group *groups;
    bool one_area;
};

static void add_group(struct group_maker *maker, const struct area *area, size_t quintile,
                      double people)
{
    static const char *const ends[N_QUINTILES] = {" (most deprived)", "", "", "",
                                                  " (least deprived)"};
    struct arena *arena = maker->reader->arena;
    struct scenario_group *group = &maker->groups[maker->scenario->n_groups];
    if (!(people > 0.0)) {
        return;
    }
    *group = (struct scenario_group){.area = area, .quintile = quintile, .people = people};
    if (quintile == 0) {
        group->id = maker->one_area ? "all" : area->id;
        group->label = area->label;
    } else {
        group->id = maker->one_area ? arena_printf(arena, "q%zu", quintile)
                                    : arena_printf(arena, "%s_q%zu", area->id, quintile);
        group->label = arena_printf(arena, "%s, Q%zu%s", area->label, quintile, ends[quintile - 1]);
    }
    ++maker->scenario->n_groups;
}

static void add_area(struct group_maker *maker, const struct area *area)
{
    const struct population *population = &maker->scenario->population;
    const struct setting *name = setting_find(maker->scenario->setting, "area");
    double people[N_QUINTILES], all = 0.0;
    const struct population_table *table = area_table(maker->reader->library, area);
    if (table == NULL) {
        setting_complain(maker->reader->diagnostics, name, DIAGNOSTIC_E650,
                         "areas with people: with a code of a population table, or a part of one",
                         "give the area its code, or leave population out and state the input",
                         "no population table counts the people of \"%s\"", area->id);
        return;
    }
    if (!check_ages(maker->reader, population, table)) {
        return;
    }
    (void)area_people(maker->reader->library, area, population->age_from, population->age_to,
                      people);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        all += people[q];
        if (population->by_quintile) {
            add_group(maker, area, q + 1, people[q]);
        }
    }
    if (!population->by_quintile) {
        add_group(maker, area, 0, all);
    }
}

static void make_groups(struct scenario_reader *reader, struct scenario *scenario,
                        const struct area_match *match)
{
    const struct area *const one[] = {match->area};
    const struct area *const *areas = match->list != NULL ? match->list->members : one;
    size_t n_areas = match->list != NULL ? match->list->n_members : 1;
    size_t n_errors = reader->diagnostics->n_errors;
    struct group_maker maker = {.reader = reader,
                                .scenario = scenario,
                                .groups = arena_array(reader->arena, n_areas * N_QUINTILES + 1,
                                                      sizeof(struct scenario_group)),
                                .one_area = n_areas == 1};
    const struct scenario_group *before = scenario->groups;
    scenario->n_groups = 0;
    for (size_t i = 0; i < n_areas; ++i) {
        add_area(&maker, areas[i]);
    }
    scenario->groups = maker.groups;
    if (scenario->n_groups == 0) {
        scenario->groups = before;
        scenario->n_groups = 1;
        if (reader->diagnostics->n_errors == n_errors) {
            layer_complain(reader->diagnostics, scenario->population.setting, DIAGNOSTIC_E650,
                           "at least one person", "widen the ages, or choose another area",
                           "nobody of these ages lives in \"%s\"", scenario->area);
        }
    }
}

static void read_population_input(const struct scenario_reader *reader, struct scenario *scenario)
{
    struct population *population = &scenario->population;
    const struct model *model = scenario->model;
    const struct setting *stated = setting_find(population->setting, "input");
    const char *name = field_text(population->setting, "input", "eligible");
    population->input = scenario_find_input(model, name);
    if (population->input != NULL ||
        setting_find(setting_find(model->setting, "inputs"), name) != NULL) {
        return;
    }
    const char **ids = arena_array(reader->arena, model->n_inputs + 1, sizeof *ids);
    for (size_t i = 0; i < model->n_inputs; ++i) {
        ids[i] = model->inputs[i].id;
    }
    const char *allowed = arena_printf(reader->arena, "an input of the model \"%s\"", model->id);
    const char *remedy = layer_suggest(reader->arena, text_nearest(name, ids, model->n_inputs),
                                       "say with input = \"...\"; which input counts the people");
    if (stated != NULL) {
        setting_complain(reader->diagnostics, stated, DIAGNOSTIC_E607, allowed, remedy,
                         "the model has no input named \"%s\"", name);
    } else {
        layer_complain(reader->diagnostics, population->setting, DIAGNOSTIC_E607, allowed, remedy,
                       "the model has no input named \"%s\", which a population fills", name);
    }
}

static void read_population(struct scenario_reader *reader, struct scenario *scenario,
                            const struct area_match *match)
{
    const struct setting *area = setting_find(scenario->setting, "area");
    struct population *population = &scenario->population;
    population->share = read_share(reader, setting_find(population->setting, "share"));
    population->by_quintile =
        strcmp(field_text(population->setting, "by", "imd_quintile"), "none") != 0;
    read_population_input(reader, scenario);
    read_ages(reader, population);
    if (area == NULL) {
        layer_complain(reader->diagnostics, population->setting, DIAGNOSTIC_E650,
                       "a scenario with an area or an area list",
                       "add area = \"...\"; `dividend list areas` shows them",
                       "a population without an area");
    } else if (match->area != NULL || match->list != NULL) {
        make_groups(reader, scenario, match);
    } else if (setting_is_text(area)) {
        area_complain(reader->library, area, reader->diagnostics);
    }
}

/* Health models have their own ages, sexes and quintiles. */
static void refuse_groups(const struct scenario_reader *reader, const struct scenario *scenario)
{
    static const char *const refused[] = {"population", "gradients"};
    for (size_t i = 0; i < 2; ++i) {
        const struct setting *setting = setting_find(scenario->setting, refused[i]);
        if (setting != NULL) {
            layer_complain(reader->diagnostics, setting, DIAGNOSTIC_E618,
                           "population and gradients with a programme",
                           "remove it: a health model has groups of its own, or draw on it from a "
                           "programme (health = ( ... ))",
                           "`%s` has no meaning for the health model \"%s\"", refused[i],
                           scenario->model->id);
        }
    }
}

void scenario_read_groups(struct scenario_reader *reader, struct scenario *scenario)
{
    struct area_match match = {.area = NULL};
    if (scenario->area != NULL) {
        match = area_find(reader->library, scenario->area);
    }
    if (match.area != NULL || match.list != NULL) {
        scenario->area = match.area != NULL ? match.area->label : match.list->label;
    }
    if (match.area != NULL) {
        struct scenario_group *all = arena_alloc(reader->arena, sizeof *all);
        *all = scenario->groups[0];
        all->area = match.area;
        scenario->groups = all;
    }
    if (scenario->model->health != NULL) {
        refuse_groups(reader, scenario);
        return;
    }
    const struct setting *group = setting_find(scenario->setting, "population");
    if (setting_is_group(group)) {
        scenario->population.setting = group;
        read_population(reader, scenario, &match);
    }
}

/* ---- gradients ---- */

static bool read_factors(const struct scenario_reader *reader, const struct setting *group,
                         struct gradient *gradient)
{
    const struct setting *setting = setting_find(group, "factors");
    size_t n = 0;
    const double *factors = field_numbers(reader->arena, group, "factors", &n);
    if (factors == NULL) {
        return false; /* reported by the schema */
    }
    if (n != N_QUINTILES) {
        setting_complain(
            reader->diagnostics, setting, DIAGNOSTIC_E654, "five factors, Q1 (most deprived) to Q5",
            "write 1.0 for a quintile where nothing differs", "%zu factor%s", n, n == 1 ? "" : "s");
        return false;
    }
    memcpy(gradient->factors, factors, sizeof gradient->factors);
    return true;
}

static void check_use(const struct scenario_reader *reader, const struct scenario *scenario,
                      const struct gradient *gradient, const struct setting *name)
{
    bool filled = gradient->input != NULL && gradient->input == scenario->population.input;
    bool used =
        gradient->input != NULL ||
        model_uses_parameter(scenario->model, reader->library->evidence, gradient->parameter) ||
        scenario_share_uses(reader, scenario, gradient->parameter);
    if (filled) {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E655,
                         "a parameter other than the input that the population fills",
                         "put the gradient on what share stands on",
                         "the population fills \"%s\" group by group", name->text);
    } else if (!used) {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E655,
                         "evidence that the model or the population's share stands on",
                         "remove the gradient, or name what the model uses",
                         "nothing in the model \"%s\" uses \"%s\"", scenario->model->id,
                         gradient->parameter->identity);
    }
}

static void check_twice(const struct scenario_reader *reader, const struct scenario *scenario,
                        const struct gradient *gradient, const struct setting *name)
{
    for (size_t i = 0; i < scenario->n_gradients; ++i) {
        const struct gradient *first = &scenario->gradients[i];
        if (first->parameter == gradient->parameter && first->input == gradient->input) {
            setting_complain(reader->diagnostics, name, DIAGNOSTIC_E656,
                             "one gradient for one parameter", "keep one of the two",
                             "\"%s\" has a gradient at %s already", name->text,
                             layer_place_words(reader->arena, first->setting));
            return;
        }
    }
}

/* The range of the parameter and its value with every uncertainty at its mean. */
static double central_of(const struct scenario *scenario, const struct gradient *gradient,
                         double *low, double *high)
{
    if (gradient->parameter != NULL) {
        parameter_kind_range(gradient->parameter->kind, low, high);
        return central_value(scenario, gradient->parameter);
    }
    *low = gradient->input->min;
    *high = gradient->input->max;
    return scenario->inputs[gradient->input - scenario->model->inputs].distribution.mean;
}

static void check_reach(const struct scenario_reader *reader, const struct scenario *scenario,
                        const struct gradient *gradient)
{
    const struct setting *factors = setting_find(gradient->setting, "factors");
    double low = 0.0, high = 0.0;
    double central = central_of(scenario, gradient, &low, &high);
    for (size_t q = 0; q < N_QUINTILES; ++q) {
        double value = central * gradient->factors[q], slack = 1e-12 * fabs(value);
        bool beyond = value > high + slack || value < low - slack;
        if (beyond && gradient->factors[q] >= 0.0) {
            char allowed[128];
            (void)snprintf(allowed, sizeof allowed, "from %.9g to %.9g", low, high);
            setting_complain(reader->diagnostics, factors->children[q], DIAGNOSTIC_E657, allowed,
                             "choose a factor nearer to 1", "%.9g times %.9g gives %.9g in Q%zu",
                             central, gradient->factors[q], value, q + 1);
        }
    }
}

static void read_gradient(const struct scenario_reader *reader, struct scenario *scenario,
                          const struct setting *group, struct gradient *gradient)
{
    const struct setting *name = setting_find(group, "parameter");
    *gradient = (struct gradient){.reason = field_text(group, "reason", ""), .setting = group};
    bool good = read_factors(reader, group, gradient);
    if (!setting_is_text(name)) {
        return;
    }
    gradient->input = scenario_find_input(scenario->model, name->text);
    if (gradient->input == NULL) {
        gradient->parameter = scenario_find_parameter(reader, name);
    }
    if (gradient->input == NULL && gradient->parameter == NULL) {
        return;
    }
    check_use(reader, scenario, gradient, name);
    check_twice(reader, scenario, gradient, name);
    if (good) {
        check_reach(reader, scenario, gradient);
    }
    ++scenario->n_gradients;
}

void scenario_read_gradients(struct scenario_reader *reader, struct scenario *scenario)
{
    const struct setting *list = setting_find(scenario->setting, "gradients");
    if (list == NULL || list->type != SETTING_LIST || scenario->model->health != NULL) {
        return;
    }
    if (scenario->population.setting == NULL || !scenario->population.by_quintile) {
        layer_complain(
            reader->diagnostics, list, DIAGNOSTIC_E653, "gradients with a population by quintile",
            scenario->population.setting == NULL ? "add population = { }; or remove the gradients"
                                                 : "let population have by = \"imd_quintile\"",
            "gradients without quintiles to differ between");
    }
    struct gradient *gradients =
        arena_array(reader->arena, list->n_children + 1, sizeof *gradients);
    scenario->gradients = gradients;
    for (size_t i = 0; i < list->n_children; ++i) {
        if (setting_is_group(list->children[i])) {
            read_gradient(reader, scenario, list->children[i], &gradients[scenario->n_gradients]);
        }
    }
}
