/* What a scenario says about its decision: groups of parameters, studies, grids, what-ifs. */
#include "scenario/scenario_private.h"

#include <math.h>
#include <string.h>

static const char *const likelihood_names[N_LIKELIHOODS] = {"binomial", "poisson", "normal",
                                                            "lognormal"};

const char *likelihood_name(enum likelihood likelihood)
{
    return likelihood_names[likelihood];
}

struct decision_reader {
    struct scenario_reader *reader;
    const struct scenario *scenario;
};

/* ---- parameters ---- */

static const struct model_input *find_input(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_inputs; ++i) {
        if (strcmp(model->inputs[i].id, name) == 0) {
            return &model->inputs[i];
        }
    }
    return NULL;
}

static struct parameter_name read_name(const struct decision_reader *reader,
                                       const struct setting *setting)
{
    struct parameter_name name = {.setting = setting};
    if (!setting_is_text(setting)) {
        return name;
    }
    const struct model *model = reader->scenario->model;
    struct arena *arena = reader->reader->arena;
    name.input = find_input(model, setting->text);
    if (name.input != NULL) {
        name.identity = arena_printf(arena, "input:%s.%s", model->id, name.input->id);
        return name;
    }
    const struct evidence *evidence = reader->reader->library->evidence;
    name.parameter = evidence_find(evidence, setting->text, NULL);
    if (name.parameter == NULL) {
        setting_complain(reader->reader->diagnostics, setting, DIAGNOSTIC_E630,
                         "an evidence item, by path or short name, or an input of the model",
                         layer_suggest(arena, evidence_nearest(evidence, setting->text),
                                       "see `dividend list evidence`"),
                         "no one parameter is named \"%s\"", setting->text);
        return name;
    }
    name.identity = name.parameter->identity;
    return name;
}

static bool is_known(const struct parameter_name *name)
{
    return name->identity != NULL;
}

/* As the scenario has it: overridden where it says so. */
static const struct distribution *distribution_of(const struct decision_reader *reader,
                                                  const struct parameter_name *name)
{
    const struct scenario *scenario = reader->scenario;
    for (size_t i = 0; name->input != NULL && i < scenario->model->n_inputs; ++i) {
        if (scenario->inputs[i].input == name->input) {
            return &scenario->inputs[i].distribution;
        }
    }
    for (size_t i = 0; i < scenario->n_overrides; ++i) {
        if (scenario->overrides[i].parameter == name->parameter) {
            return &scenario->overrides[i].distribution;
        }
    }
    return &name->parameter->distribution;
}

/* ---- groups ---- */

static struct decision_group read_group(const struct decision_reader *reader,
                                        const struct setting *group)
{
    const struct setting *list = setting_find(group, "parameters");
    size_t n = list != NULL ? list->n_children : 0;
    struct parameter_name *members = arena_array(reader->reader->arena, n + 1, sizeof *members);
    for (size_t i = 0; i < n; ++i) {
        members[i] = read_name(reader, list->children[i]);
        for (size_t k = 0; k < i && is_known(&members[i]); ++k) {
            if (is_known(&members[k]) && strcmp(members[k].identity, members[i].identity) == 0) {
                setting_complain(reader->reader->diagnostics, list->children[i], DIAGNOSTIC_E630,
                                 "each parameter once", "remove one of them",
                                 "\"%s\" stands there twice", members[i].identity);
            }
        }
    }
    return (struct decision_group){
        .name = field_text(group, "name", ""), .members = members, .n_members = n};
}

/* ---- studies ---- */

static void complain_study(const struct decision_reader *reader, const struct setting *setting,
                           const char *allowed, const char *remedy, const char *found)
{
    setting_complain(reader->reader->diagnostics, setting, DIAGNOSTIC_E631, allowed, remedy, "%s",
                     found);
}

static void check_study(const struct decision_reader *reader, const struct setting *group,
                        const struct study *study)
{
    const struct setting *likelihood = setting_find(group, "likelihood");
    const struct setting *sd = setting_find(group, "sd");
    const struct distribution *distribution = distribution_of(reader, &study->about);
    struct arena *arena = reader->reader->arena;
    double low = 0.0, high = 0.0;
    distribution_support(distribution, &low, &high);
    bool needs_sd =
        study->likelihood == LIKELIHOOD_NORMAL || study->likelihood == LIKELIHOOD_LOGNORMAL;
    if (!distribution_is_uncertain(distribution)) {
        complain_study(reader, study->about.setting, "a parameter with a distribution",
                       "give it one, or study another",
                       arena_printf(arena,
                                    "\"%s\" is certain: no study can teach anything about it",
                                    study->about.identity));
    } else if (study->likelihood == LIKELIHOOD_BINOMIAL && (low < 0.0 || high > 1.0)) {
        complain_study(reader, likelihood, "a parameter that is a probability for \"binomial\"",
                       "use \"normal\" with sd, or \"poisson\" for a rate",
                       arena_printf(arena, "\"%s\" can lie outside 0 to 1", study->about.identity));
    } else if (study->likelihood != LIKELIHOOD_NORMAL && low < 0.0) {
        complain_study(reader, likelihood, "a parameter that is never negative",
                       "use \"normal\" with sd",
                       arena_printf(arena, "\"%s\" can be negative", study->about.identity));
    } else if (study->likelihood == LIKELIHOOD_BINOMIAL && study->n != floor(study->n)) {
        complain_study(reader, setting_find(group, "n"), "a whole number of people", "round it",
                       arena_printf(arena, "%.6g people", study->n));
    }
    if (needs_sd != (sd != NULL)) {
        complain_study(reader, sd != NULL ? sd : likelihood,
                       "sd with \"normal\" and \"lognormal\", and with them alone",
                       needs_sd ? "add sd: between people (normal), or the standard error of the "
                                  "log ratio times sqrt(n) (lognormal)"
                                : "remove sd",
                       needs_sd ? "the likelihood has no sd" : "the likelihood takes no sd");
    }
}

static struct study read_study(const struct decision_reader *reader, const struct setting *group)
{
    struct study study = {.name = field_text(group, "name", ""),
                          .about = read_name(reader, setting_find(group, "parameter")),
                          .n = field_number(group, "n", 1.0),
                          .likelihood = (enum likelihood)field_choice(
                              group, "likelihood", likelihood_names, N_LIKELIHOODS),
                          .sd = field_number(group, "sd", (double)NAN),
                          .cost_gbp = field_number(group, "cost_gbp", 0.0)};
    if (is_known(&study.about) && study.likelihood < N_LIKELIHOODS) {
        check_study(reader, group, &study);
    }
    return study;
}

/* ---- grids and what-ifs ---- */

static void check_value(const struct decision_reader *reader, const struct parameter_name *name,
                        const struct setting *setting, double value)
{
    double low = -(double)INFINITY, high = (double)INFINITY;
    if (!is_known(name)) {
        return;
    }
    if (name->input != NULL) {
        low = name->input->min;
        high = name->input->max;
    } else {
        parameter_kind_range(name->parameter->kind, &low, &high);
    }
    if (value < low || value > high) {
        setting_complain(reader->reader->diagnostics, setting, DIAGNOSTIC_E632,
                         arena_printf(reader->reader->arena, "from %.6g to %.6g", low, high),
                         "check the figure and its unit", "\"%s\" as %.6g", name->identity, value);
    }
}

static const double *read_values(const struct decision_reader *reader,
                                 const struct parameter_name *name, const struct setting *group,
                                 const char *key, size_t *n)
{
    const struct setting *setting = setting_find(group, key);
    const double *values = field_numbers(reader->reader->arena, group, key, n);
    for (size_t i = 0; i < *n; ++i) {
        check_value(reader, name, setting->children[i], values[i]);
    }
    if (setting != NULL && *n == 0) {
        setting_complain(reader->reader->diagnostics, setting, DIAGNOSTIC_E632,
                         "one or more values", "write them, e.g. [0.2, 0.3, 0.4]", "no values");
    }
    return values;
}

static struct two_way read_two_way(const struct decision_reader *reader,
                                   const struct setting *group)
{
    struct two_way grid = {.x = read_name(reader, setting_find(group, "x")),
                           .y = read_name(reader, setting_find(group, "y")),
                           .measure = field_text(group, "measure", NULL),
                           .setting = group};
    grid.x_values = read_values(reader, &grid.x, group, "x_values", &grid.n_x);
    grid.y_values = read_values(reader, &grid.y, group, "y_values", &grid.n_y);
    if (is_known(&grid.x) && is_known(&grid.y) && strcmp(grid.x.identity, grid.y.identity) == 0) {
        setting_complain(reader->reader->diagnostics, grid.y.setting, DIAGNOSTIC_E630,
                         "two different parameters", "name another", "x and y are both \"%s\"",
                         grid.x.identity);
    }
    return grid;
}

static struct what_if read_what_if(const struct decision_reader *reader,
                                   const struct setting *group)
{
    const struct setting *set = setting_find(group, "set");
    size_t n = set != NULL ? set->n_children : 0;
    struct what_if_value *values = arena_array(reader->reader->arena, n + 1, sizeof *values);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *value = setting_find(set->children[i], "value");
        values[i].about = read_name(reader, setting_find(set->children[i], "parameter"));
        values[i].value = setting_number(value, 0.0);
        if (value != NULL) {
            check_value(reader, &values[i].about, value, values[i].value);
        }
    }
    return (struct what_if){.name = field_text(group, "name", ""), .values = values, .n_values = n};
}

/* ---- all of it ---- */

static void read_switching(const struct decision_reader *reader, const struct setting *group,
                           struct decision_settings *decision)
{
    const struct setting *list = setting_find(group, "switching");
    size_t n = list != NULL ? list->n_children : 0;
    const char **measures = arena_array(reader->reader->arena, n + 1, sizeof *measures);
    for (size_t i = 0; i < n; ++i) {
        measures[i] = setting_text(list->children[i], "");
    }
    decision->switching = measures;
    decision->switching_setting = list;
    decision->n_switching = n;
}

static void read_population(const struct decision_reader *reader, const struct setting *group,
                            struct decision_settings *decision)
{
    const struct setting *population = setting_find(group, "population_per_year");
    const struct setting *years = setting_find(group, "years");
    const struct setting *stated = population != NULL ? population : years;
    decision->has_population = population != NULL;
    decision->population_per_year = setting_number(population, 1.0);
    decision->years = field_whole(group, "years", 1);
    if (stated != NULL && reader->scenario->model->health == NULL) {
        layer_complain(reader->reader->diagnostics, stated, DIAGNOSTIC_E618,
                       "groups, studies, two_way, what_if and switching",
                       "remove it: a programme's people and years are its own",
                       "`%s` has no meaning for the programme \"%s\"", stated->name,
                       reader->scenario->model->id);
    }
}

struct decision_settings scenario_read_decision(struct scenario_reader *reader,
                                                const struct scenario *scenario)
{
    const struct decision_reader decision_reader = {.reader = reader, .scenario = scenario};
    const struct setting *group = setting_find(scenario->setting, "decision");
    const struct setting *groups = setting_find(group, "groups");
    const struct setting *studies = setting_find(group, "studies");
    const struct setting *two_ways = setting_find(group, "two_way");
    const struct setting *what_ifs = setting_find(group, "what_if");
    struct decision_settings decision = {0};
    struct decision_group *all_groups =
        arena_array(reader->arena, groups != NULL ? groups->n_children + 1 : 1, sizeof *all_groups);
    struct study *all_studies = arena_array(
        reader->arena, studies != NULL ? studies->n_children + 1 : 1, sizeof *all_studies);
    struct two_way *all_two_ways = arena_array(
        reader->arena, two_ways != NULL ? two_ways->n_children + 1 : 1, sizeof *all_two_ways);
    struct what_if *all_what_ifs = arena_array(
        reader->arena, what_ifs != NULL ? what_ifs->n_children + 1 : 1, sizeof *all_what_ifs);
    read_population(&decision_reader, group, &decision);
    for (size_t i = 0; groups != NULL && i < groups->n_children; ++i) {
        all_groups[decision.n_groups++] = read_group(&decision_reader, groups->children[i]);
    }
    for (size_t i = 0; studies != NULL && i < studies->n_children; ++i) {
        all_studies[decision.n_studies++] = read_study(&decision_reader, studies->children[i]);
    }
    for (size_t i = 0; two_ways != NULL && i < two_ways->n_children; ++i) {
        all_two_ways[decision.n_two_ways++] = read_two_way(&decision_reader, two_ways->children[i]);
    }
    for (size_t i = 0; what_ifs != NULL && i < what_ifs->n_children; ++i) {
        all_what_ifs[decision.n_what_ifs++] = read_what_if(&decision_reader, what_ifs->children[i]);
    }
    decision.groups = all_groups;
    decision.studies = all_studies;
    decision.two_ways = all_two_ways;
    decision.what_ifs = all_what_ifs;
    read_switching(&decision_reader, group, &decision);
    return decision;
}
