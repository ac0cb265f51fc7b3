/* Portfolios from documents to structs. */
#include "base/text.h"
#include "reader/schema.h"
#include "scenario/portfolio.h"
#include "scenario/scenario_private.h"
#include "scenario/statement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const overlap_names[] = {"independent", "nested", "disjoint", "share"};

enum { N_OVERLAP_FORMS = sizeof overlap_names / sizeof overlap_names[0] };

const char *overlap_form_name(enum overlap_form form)
{
    return overlap_names[form];
}

size_t portfolio_programme_index(const struct portfolio *portfolio, const char *id)
{
    for (size_t i = 0; i < portfolio->n_programmes; ++i) {
        if (strcmp(portfolio->programmes[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

void portfolio_scenario_places(struct arena *arena, const char *portfolio_file, const char *name,
                               const char *places[PORTFOLIO_PLACES])
{
    const char *slash = strrchr(portfolio_file, '/');
    const char *base = slash != NULL ? slash + 1 : portfolio_file;
    const char *folder =
        slash != NULL ? arena_copy_span(arena, portfolio_file, (size_t)(base - portfolio_file))
                      : "";
    size_t n_bytes = strlen(base);
    if (n_bytes > 4 && strcmp(base + n_bytes - 4, ".cfg") == 0) {
        n_bytes -= 4;
    }
    const char *id = arena_copy_span(arena, base, n_bytes);
    places[0] = arena_printf(arena, "%s%s.cfg", folder, name);
    places[1] = arena_printf(arena, "%s%s/%s.cfg", folder, id, name);
    places[2] = arena_printf(arena, "%s../%s.cfg", folder, name);
}

/* A portfolio while it is read. */
struct portfolio_reader {
    struct scenario_reader *reader;
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct library *library;
    struct portfolio *portfolio;
    struct portfolio_programme *programmes;
    const struct setting *group;
};

static void complain(const struct portfolio_reader *reader, const struct setting *setting,
                     enum diagnostic_code code, const char *allowed, const char *remedy,
                     const char *found)
{
    setting_complain(reader->diagnostics, setting, code, allowed, remedy, "%s", found);
}

/* ---- programmes ---- */

static const struct scenario *find_scenario(const struct portfolio_reader *reader,
                                            const struct setting *name)
{
    const struct library *library = reader->library;
    const char **ids = arena_array(reader->arena, library->n_all_scenarios + 1, sizeof *ids);
    for (size_t i = 0; i < library->n_all_scenarios; ++i) {
        ids[i] = library->all_scenarios[i]->id;
        if (strcmp(ids[i], name->text) == 0) {
            return library->all_scenarios[i];
        }
    }
    const char *places[PORTFOLIO_PLACES];
    portfolio_scenario_places(reader->arena, reader->portfolio->document->file, name->text, places);
    const char *nearest = text_nearest(name->text, ids, library->n_all_scenarios);
    if (nearest == NULL) {
        nearest = library_nearest_file(reader->arena, places, name->text);
    }
    complain(reader, name, DIAGNOSTIC_E670,
             arena_printf(reader->arena, "a scenario of the run, or a file %s, %s or %s", places[0],
                          places[1], places[2]),
             layer_suggest(reader->arena, nearest,
                           "write the file's name without .cfg; an instance of for_each is "
                           "NAME--KEY-VALUE"),
             arena_printf(reader->arena, "no scenario is named \"%s\"", name->text));
    return NULL;
}

/* No scenario of a district is sensibly run tenfold: a size this large is read as a percentage. */
static const double suspicious_scale = 10.0;

static void read_scales(const struct portfolio_reader *reader, const struct setting *group,
                        struct portfolio_programme *programme)
{
    static const double whole[] = {1.0};
    const struct setting *setting = setting_find(group, "scales");
    programme->scales = field_numbers(reader->arena, group, "scales", &programme->n_scales);
    if (programme->n_scales == 0) {
        programme->scales = whole;
        programme->n_scales = 1;
    }
    for (size_t i = 1; i < programme->n_scales; ++i) {
        if (!(programme->scales[i] > programme->scales[i - 1])) {
            complain(reader, setting, DIAGNOSTIC_E674, "sizes that rise, each once",
                     "sort them: [0.5, 1.0]",
                     arena_printf(reader->arena, "%g follows %g", programme->scales[i],
                                  programme->scales[i - 1]));
            return;
        }
    }
    if (programme->n_scales > 16) {
        complain(reader, setting, DIAGNOSTIC_E674, "at most 16 sizes", "leave some out",
                 arena_printf(reader->arena, "%zu sizes", programme->n_scales));
        programme->n_scales = 16;
    }
    if (programme->scales[programme->n_scales - 1] >= suspicious_scale) {
        complain(reader, setting, DIAGNOSTIC_W807, "multiples of the scenario's own size",
                 "half the size is 0.5, twice is 2.0; a percentage is divided by 100",
                 arena_printf(reader->arena, "%g times the scenario",
                              programme->scales[programme->n_scales - 1]));
    }
}

/* The scenario in the portfolio's years and conventions, at each scale. */
static void make_levels(const struct portfolio_reader *reader, const struct setting *group,
                        struct portfolio_programme *programme)
{
    const struct portfolio *portfolio = reader->portfolio;
    const struct setting *start = setting_find(group, "start_year");
    const struct setting *funded = setting_find(group, "funded_years");
    struct scenario base = *programme->scenario;
    int start_year = start != NULL ? field_financial_year(group, "start_year") : 0;
    start_year = start_year != 0 ? start_year : portfolio->start_year;
    long delay = (long)start_year - portfolio->start_year;
    long left = (long)portfolio->horizon_years - delay;
    if (delay < 0 || left < 1) {
        complain(reader, start != NULL ? start : group, DIAGNOSTIC_E673,
                 "a start within the portfolio's years", "change start_year or the horizon",
                 arena_printf(reader->arena,
                              "the programme starts %ld years %s the portfolio, whose horizon is "
                              "%zu years",
                              labs(delay), delay < 0 ? "before" : "after",
                              portfolio->horizon_years));
        delay = 0;
        left = (long)portfolio->horizon_years;
    }
    base.delay_years = (size_t)delay;
    base.recurrent = funded != NULL ? setting_is_text(funded) : base.recurrent;
    size_t years =
        setting_is_number(funded) ? field_whole(group, "funded_years", 1) : base.funded_years;
    years = base.recurrent ? (size_t)left : years;
    if (years > (size_t)left) {
        complain(reader, funded != NULL ? funded : group, DIAGNOSTIC_E673,
                 arena_printf(reader->arena, "at most %ld funded years", left),
                 "lengthen horizon_years, start earlier, or state fewer funded_years",
                 arena_printf(reader->arena, "%zu funded years go beyond the portfolio's horizon",
                              years));
        years = (size_t)left;
    }
    base.funded_years = years;
    base.start_year = portfolio->start_year;
    base.horizon_years = portfolio->horizon_years;
    base.conventions = portfolio->conventions;
    base.scales_fixed_costs = strcmp(field_text(group, "fixed_costs", "stay"), "scale") == 0;
    const struct scenario **levels =
        arena_array(reader->arena, programme->n_scales, sizeof *levels);
    for (size_t i = 0; i < programme->n_scales; ++i) {
        struct scenario *level = arena_alloc(reader->arena, sizeof *level);
        *level = base;
        level->scale = programme->scales[i];
        levels[i] = level;
    }
    programme->levels = levels;
}

static void check_name(const struct portfolio_reader *reader, const struct setting *group,
                       const struct portfolio_programme *programme)
{
    size_t first = portfolio_programme_index(reader->portfolio, programme->id);
    if (first != SIZE_MAX) {
        layer_complain(reader->diagnostics, group, DIAGNOSTIC_E671, "each name once in a portfolio",
                       "give one of them another with name = \"...\"",
                       "two programmes are named \"%s\": the other is at %s", programme->id,
                       layer_place_words(reader->arena, reader->programmes[first].setting));
    }
}

static void read_programme(struct portfolio_reader *reader, const struct setting *group)
{
    const struct setting *name = setting_find(group, "scenario");
    if (!setting_is_text(name)) {
        return;
    }
    struct portfolio_programme programme = {.setting = group};
    programme.scenario = find_scenario(reader, name);
    if (programme.scenario == NULL) {
        return;
    }
    if (programme.scenario->model->health != NULL) {
        complain(reader, name, DIAGNOSTIC_E672, "a scenario of a programme",
                 "let a programme draw on the health model: model = { health = ( ... ) }",
                 arena_printf(reader->arena,
                              "\"%s\" is a health model: it compares options and has no funding",
                              name->text));
        return;
    }
    programme.id = field_text(group, "name", programme.scenario->id);
    programme.label = field_text(group, "label", programme.scenario->title);
    programme.must_have = field_boolean(group, "must_have", false);
    read_scales(reader, group, &programme);
    make_levels(reader, group, &programme);
    check_name(reader, group, &programme);
    reader->programmes[reader->portfolio->n_programmes++] = programme;
}

static void read_programmes(struct portfolio_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "programmes");
    size_t n = list != NULL ? list->n_children : 0;
    reader->programmes = arena_array(reader->arena, n + 1, sizeof *reader->programmes);
    reader->portfolio->programmes = reader->programmes;
    if (n > 200) {
        complain(reader, list, DIAGNOSTIC_E671, "at most 200 programmes", "split the portfolio",
                 arena_printf(reader->arena, "%zu programmes", n));
        return;
    }
    for (size_t i = 0; i < n; ++i) {
        read_programme(reader, list->children[i]);
    }
}

static size_t find_programme(const struct portfolio_reader *reader, const struct setting *name)
{
    if (!setting_is_text(name)) {
        return SIZE_MAX;
    }
    const struct portfolio *portfolio = reader->portfolio;
    size_t index = portfolio_programme_index(portfolio, name->text);
    if (index == SIZE_MAX) {
        const char **ids = arena_array(reader->arena, portfolio->n_programmes + 1, sizeof *ids);
        for (size_t i = 0; i < portfolio->n_programmes; ++i) {
            ids[i] = portfolio->programmes[i].id;
        }
        complain(reader, name, DIAGNOSTIC_E675, "a programme of this portfolio, by name",
                 layer_suggest(reader->arena,
                               text_nearest(name->text, ids, portfolio->n_programmes),
                               "see programmes = ( ... )"),
                 arena_printf(reader->arena, "no programme is named \"%s\"", name->text));
    }
    return index;
}

static int compare_sizes(const void *left, const void *right)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    return a < b ? -1 : a > b;
}

/* A list of at least `fewest` programmes, each once; rising. */
static const size_t *read_names(const struct portfolio_reader *reader, const struct setting *group,
                                const char *key, size_t fewest, size_t *n_names)
{
    const struct setting *list = setting_find(group, key);
    size_t n = list != NULL ? list->n_children : 0;
    size_t *names = arena_array(reader->arena, n + 1, sizeof *names);
    size_t n_errors = reader->diagnostics->n_errors;
    *n_names = 0;
    for (size_t i = 0; i < n; ++i) {
        size_t index = find_programme(reader, list->children[i]);
        for (size_t k = 0; index != SIZE_MAX && k < *n_names; ++k) {
            if (names[k] == index) {
                complain(reader, list->children[i], DIAGNOSTIC_E675, "each programme once",
                         "remove one of them",
                         arena_printf(reader->arena, "\"%s\" stands there twice",
                                      list->children[i]->text));
                index = SIZE_MAX;
            }
        }
        if (index != SIZE_MAX) {
            names[(*n_names)++] = index;
        }
    }
    if (list != NULL && *n_names < fewest && reader->diagnostics->n_errors == n_errors) {
        complain(reader, list, DIAGNOSTIC_E675,
                 arena_printf(reader->arena, "at least %zu programmes", fewest), "name more",
                 arena_printf(reader->arena, "%zu programmes", *n_names));
    }
    if (*n_names > 1) {
        qsort(names, *n_names, sizeof *names, compare_sizes);
    }
    return names;
}

/* ---- overlap and synergies ---- */

static void read_overlaps(struct portfolio_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "overlap");
    size_t n = list != NULL ? list->n_children : 0;
    struct portfolio_overlap *overlaps = arena_array(reader->arena, n + 1, sizeof *overlaps);
    bool *taken = arena_array(reader->arena, reader->portfolio->n_programmes + 1, sizeof *taken);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = list->children[i];
        const struct setting *share = setting_find(group, "share");
        struct portfolio_overlap *overlap = &overlaps[i];
        size_t form = field_choice(group, "form", overlap_names, N_OVERLAP_FORMS);
        *overlap = (struct portfolio_overlap){
            .form = form < N_OVERLAP_FORMS ? (enum overlap_form)form : OVERLAP_INDEPENDENT,
            .share = setting_number(share, 0.0),
            .reason = field_text(group, "reason", ""),
            .setting = group};
        overlap->programmes = read_names(reader, group, "programmes", 2, &overlap->n_programmes);
        if ((overlap->form == OVERLAP_SHARE) != (share != NULL) && form < N_OVERLAP_FORMS) {
            complain(reader, share != NULL ? share : group, DIAGNOSTIC_E684,
                     "share = 0 to 1 with form = \"share\", and only then",
                     share != NULL ? "remove share, or say form = \"share\"" : "add share = ...",
                     share != NULL ? "a share with another form"
                                   : "form = \"share\" without share");
        }
        for (size_t k = 0; k < overlap->n_programmes; ++k) {
            if (taken[overlap->programmes[k]]) {
                complain(reader, setting_find(group, "programmes"), DIAGNOSTIC_E675,
                         "each programme in one overlap", "join the two entries",
                         arena_printf(reader->arena, "\"%s\" stands in two overlaps",
                                      reader->programmes[overlap->programmes[k]].id));
            }
            taken[overlap->programmes[k]] = true;
        }
    }
    reader->portfolio->overlaps = overlaps;
    reader->portfolio->n_overlaps = n;
    bool disjoint =
        strcmp(field_text(reader->group, "overlap_default", "independent"), "disjoint") == 0;
    reader->portfolio->overlap_default = disjoint ? OVERLAP_DISJOINT : OVERLAP_INDEPENDENT;
}

static void check_demand(const struct portfolio_reader *reader, const struct setting *name)
{
    const struct models *models = reader->library->models;
    if (!setting_is_text(name) || model_find_demand(models, name->text) != NULL) {
        return;
    }
    const char **ids = arena_array(reader->arena, models->n_demands + 1, sizeof *ids);
    for (size_t i = 0; i < models->n_demands; ++i) {
        ids[i] = models->demands[i].id;
    }
    complain(reader, name, DIAGNOSTIC_E675, "a demand, by name",
             layer_suggest(reader->arena, text_nearest(name->text, ids, models->n_demands),
                           "see `dividend list demands`"),
             arena_printf(reader->arena, "no demand is named \"%s\"", name->text));
}

static void read_synergies(struct portfolio_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "synergies");
    size_t n = list != NULL ? list->n_children : 0;
    struct portfolio_synergy *synergies = arena_array(reader->arena, n + 1, sizeof *synergies);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *group = list->children[i];
        const struct setting *on = setting_find(group, "on");
        struct portfolio_synergy *synergy = &synergies[i];
        *synergy = (struct portfolio_synergy){.factor = field_number(group, "factor", 1.0),
                                              .demand_id = field_text(group, "demand", NULL),
                                              .reason = field_text(group, "reason", ""),
                                              .setting = group};
        synergy->programmes = read_names(reader, group, "programmes", 2, &synergy->n_programmes);
        check_demand(reader, setting_find(group, "demand"));
        size_t n_on = 0;
        const size_t *named =
            on != NULL ? read_names(reader, group, "on", 1, &n_on) : synergy->programmes;
        n_on = on != NULL ? n_on : synergy->n_programmes;
        bool *marks = arena_array(reader->arena, synergy->n_programmes + 1, sizeof *marks);
        for (size_t k = 0; k < n_on; ++k) {
            bool found = false;
            for (size_t j = 0; j < synergy->n_programmes; ++j) {
                marks[j] = marks[j] || synergy->programmes[j] == named[k];
                found = found || synergy->programmes[j] == named[k];
            }
            if (!found) {
                complain(reader, on, DIAGNOSTIC_E675, "programmes that the synergy needs",
                         "name it in `programmes` too",
                         arena_printf(reader->arena, "\"%s\" is not among them",
                                      reader->programmes[named[k]].id));
            }
        }
        synergy->on = marks;
    }
    reader->portfolio->synergies = synergies;
    reader->portfolio->n_synergies = n;
}

/* ---- money ---- */

static size_t find_sector(const struct portfolio_reader *reader, const struct setting *setting,
                          bool at_name, const char *what)
{
    const char *id = at_name ? setting->name : setting->text;
    const struct sector_reference reference = {
        .id = id, .setting = setting, .at_name = at_name, .groups = false, .what = what};
    (void)sector_check_reference(reader->library->sectors, &reference, reader->diagnostics);
    return sector_index(reader->library->sectors, id);
}

static const double *read_budget_years(const struct portfolio_reader *reader,
                                       const struct setting *setting)
{
    size_t n_years = reader->portfolio->horizon_years;
    double *years = arena_array(reader->arena, n_years, sizeof *years);
    bool one = setting_is_number(setting);
    /* What is neither has been refused for its type already. */
    bool listed = setting->type == SETTING_LIST || setting->type == SETTING_ARRAY;
    if (listed && setting->n_children != n_years) {
        complain(reader, setting, DIAGNOSTIC_E678,
                 arena_printf(reader->arena, "one number, or %zu: one for each year of the horizon",
                              n_years),
                 "years without money are 0",
                 arena_printf(reader->arena, "%zu numbers", setting->n_children));
    }
    for (size_t year = 0; year < n_years; ++year) {
        if (one) {
            years[year] = setting_number(setting, 0.0);
        } else if (year < setting->n_children) {
            years[year] = setting_number(setting->children[year], 0.0);
        }
    }
    return years;
}

static int compare_budgets(const void *left, const void *right)
{
    const struct portfolio_budget *a = left, *b = right;
    return a->sector < b->sector ? -1 : a->sector > b->sector;
}

static void read_budgets(struct portfolio_reader *reader)
{
    const struct setting *group = setting_find(reader->group, "budgets");
    size_t n = setting_is_group(group) ? group->n_children : 0;
    struct portfolio_budget *budgets = arena_array(reader->arena, n + 1, sizeof *budgets);
    for (size_t i = 0; i < n; ++i) {
        size_t sector = find_sector(reader, group->children[i], true, "budgets");
        if (sector != SIZE_MAX) {
            budgets[reader->portfolio->n_budgets++] = (struct portfolio_budget){
                .sector = sector,
                .gbp_by_year = read_budget_years(reader, group->children[i]),
                .setting = group->children[i]};
        }
    }
    if (reader->portfolio->n_budgets > 1) {
        qsort(budgets, reader->portfolio->n_budgets, sizeof *budgets, compare_budgets);
    }
    reader->portfolio->budgets = budgets;
}

static bool has_budget(const struct portfolio *portfolio, size_t sector)
{
    for (size_t i = 0; i < portfolio->n_budgets; ++i) {
        if (portfolio->budgets[i].sector == sector) {
            return true;
        }
    }
    return false;
}

static bool has_unread_budgets(const struct portfolio_reader *reader)
{
    const struct setting *budgets = setting_find(reader->group, "budgets");
    return setting_is_group(budgets) && budgets->n_children > reader->portfolio->n_budgets;
}

static void read_pool(struct portfolio_reader *reader, const struct setting *group, bool *taken,
                      struct portfolio_pool *pool)
{
    const struct setting *list = setting_find(group, "sectors");
    size_t n = list != NULL ? list->n_children : 0;
    size_t *members = arena_array(reader->arena, n + 1, sizeof *members);
    *pool = (struct portfolio_pool){.id = group->name,
                                    .label = field_text(group, "label", group->name),
                                    .sectors = members,
                                    .setting = group};
    for (size_t i = 0; i < n; ++i) {
        const struct setting *name = list->children[i];
        size_t sector =
            setting_is_text(name) ? find_sector(reader, name, false, "the pool") : SIZE_MAX;
        if (sector == SIZE_MAX) {
            continue;
        }
        if (!has_budget(reader->portfolio, sector)) {
            if (has_unread_budgets(reader)) {
                continue; /* it may be the one with another mistake */
            }
            complain(reader, name, DIAGNOSTIC_E679, "a sector of budgets = { }",
                     "give it a budget, or take it out of the pool",
                     arena_printf(reader->arena, "\"%s\" has no budget to pool", name->text));
        } else if (taken[sector]) {
            complain(reader, name, DIAGNOSTIC_E679, "each sector in one pool, once",
                     "take it out of one of them",
                     arena_printf(reader->arena, "\"%s\" is pooled twice", name->text));
        } else {
            taken[sector] = true;
            members[pool->n_sectors++] = sector;
        }
    }
}

static void read_pools(struct portfolio_reader *reader)
{
    const struct setting *group = setting_find(reader->group, "pools");
    size_t n = setting_is_group(group) ? group->n_children : 0;
    struct portfolio_pool *pools = arena_array(reader->arena, n + 1, sizeof *pools);
    bool *taken =
        arena_array(reader->arena, reader->library->sectors->n_sectors + 1, sizeof *taken);
    for (size_t i = 0; i < n; ++i) {
        if (setting_is_group(group->children[i])) {
            read_pool(reader, group->children[i], taken, &pools[reader->portfolio->n_pools++]);
        }
    }
    reader->portfolio->pools = pools;
}

/* ---- rules ---- */

static void add_rule(struct portfolio_reader *reader, struct portfolio_rule **rules,
                     size_t *capacity, struct portfolio_rule rule)
{
    struct portfolio *portfolio = reader->portfolio;
    *rules = arena_grow(reader->arena, *rules, portfolio->n_rules, capacity, sizeof **rules);
    (*rules)[portfolio->n_rules++] = rule;
    portfolio->rules = *rules;
    if (rule.excludes && reader->programmes[rule.a].must_have &&
        reader->programmes[rule.b].must_have) {
        complain(reader, rule.setting, DIAGNOSTIC_E680, "rules that some set can keep",
                 "take must_have from one of them",
                 arena_printf(reader->arena,
                              "\"%s\" and \"%s\" must both be funded, and exclude "
                              "each other",
                              reader->programmes[rule.a].id, reader->programmes[rule.b].id));
    }
}

static void read_rules(struct portfolio_reader *reader)
{
    const struct setting *requires = setting_find(reader->group, "requires");
    const struct setting *excludes = setting_find(reader->group, "excludes");
    struct portfolio_rule *rules = NULL;
    size_t capacity = 0;
    for (size_t i = 0; requires != NULL && i < requires->n_children; ++i) {
        const struct setting *group = requires->children[i];
        size_t a = find_programme(reader, setting_find(group, "programme"));
        size_t b = find_programme(reader, setting_find(group, "needs"));
        if (a == b && a != SIZE_MAX) {
            complain(reader, group, DIAGNOSTIC_E680, "two programmes", "name another",
                     "a programme that needs itself");
        } else if (a != SIZE_MAX && b != SIZE_MAX) {
            add_rule(reader, &rules, &capacity,
                     (struct portfolio_rule){.a = a, .b = b, .setting = group});
        }
    }
    for (size_t i = 0; excludes != NULL && i < excludes->n_children; ++i) {
        const struct setting *group = excludes->children[i];
        size_t n = 0;
        const size_t *names = read_names(reader, group, "programmes", 2, &n);
        for (size_t a = 0; a < n; ++a) {
            for (size_t b = a + 1; b < n; ++b) {
                add_rule(reader, &rules, &capacity,
                         (struct portfolio_rule){
                             .excludes = true, .a = names[a], .b = names[b], .setting = group});
            }
        }
    }
}

/* ---- constraints ---- */

/* A statement that a choice can keep to: means and payback at least or at most, chances at least.
 */
static bool parse_constraint(struct arena *arena, const char *text,
                             struct portfolio_constraint *constraint)
{
    struct statement statement;
    if (!statement_parse(arena, text, &statement) || statement.comparison == ABOVE ||
        statement.comparison == BELOW) {
        return false;
    }
    constraint->measure = statement.measure;
    constraint->threshold = statement.threshold;
    constraint->bound = statement.bound;
    constraint->at_most = statement.comparison == AT_MOST;
    if (statement.is_probability) {
        constraint->kind = CONSTRAINT_PROBABILITY;
        return statement.inner == AT_LEAST && !constraint->at_most;
    }
    bool payback = strncmp(constraint->measure, "payback.", 8) == 0;
    constraint->kind = payback ? CONSTRAINT_PAYBACK : CONSTRAINT_MEAN;
    return !payback || (constraint->at_most && constraint->bound >= 0.0 &&
                        constraint->bound == floor(constraint->bound));
}

static void read_constraints(struct portfolio_reader *reader)
{
    const struct setting *list = setting_find(reader->group, "constraints");
    size_t n = list != NULL ? list->n_children : 0;
    struct portfolio_constraint *constraints =
        arena_array(reader->arena, n + 1, sizeof *constraints);
    for (size_t i = 0; i < n; ++i) {
        const struct setting *setting = list->children[i];
        struct portfolio_constraint constraint = {.setting = setting};
        if (!setting_is_text(setting)) {
            continue;
        }
        constraint.text = setting->text;
        if (parse_constraint(reader->arena, setting->text, &constraint)) {
            constraints[reader->portfolio->n_constraints++] = constraint;
        } else {
            complain(reader, setting, DIAGNOSTIC_E682,
                     "\"MEASURE >= NUMBER\", \"MEASURE <= NUMBER\", \"prob(MEASURE >= NUMBER) >= "
                     "SHARE\" or \"payback.WHO <= YEAR\"",
                     "e.g. \"prob(net_cash.police >= 0) >= 0.6\"",
                     arena_printf(reader->arena, "\"%s\"", setting->text));
        }
    }
    reader->portfolio->constraints = constraints;
}

static void read_funding_years(struct portfolio_reader *reader)
{
    struct portfolio *portfolio = reader->portfolio;
    const struct setting *list = setting_find(reader->group, "funding_years");
    size_t n = 0;
    const double *given = field_numbers(reader->arena, reader->group, "funding_years", &n);
    size_t *years = arena_array(reader->arena, n + 1, sizeof *years);
    for (size_t i = 0; i < n; ++i) {
        if (given[i] != floor(given[i]) || given[i] > (double)portfolio->horizon_years ||
            (i > 0 && given[i] <= given[i - 1])) {
            complain(reader, list, DIAGNOSTIC_E673,
                     arena_printf(reader->arena,
                                  "whole years that rise, at most the horizon of %zu",
                                  portfolio->horizon_years),
                     "e.g. [1, 2, 3]", arena_printf(reader->arena, "%g", given[i]));
            return;
        }
        years[portfolio->n_funding_years++] = (size_t)given[i];
    }
    portfolio->funding_years = years;
}

/* ---- who shares, and who gains ---- */

static void read_deal(struct portfolio_reader *reader)
{
    struct portfolio *portfolio = reader->portfolio;
    const struct setting *group = setting_find(reader->group, "deal");
    const struct setting *budgets = setting_find(group, "baseline_budgets");
    const struct setting *partners = setting_find(group, "partners");
    size_t n = setting_is_group(budgets) ? budgets->n_children : 0;
    struct share *shares = arena_array(reader->arena, n + 1, sizeof *shares);
    portfolio->partners = field_text(group, "partners", "public_sector");
    portfolio->risk_sharing_rule = field_text(group, "risk_sharing", "losers_first");
    for (size_t i = 0; i < n; ++i) {
        const struct setting *child = budgets->children[i];
        if (find_sector(reader, child, true, "baseline_budgets") != SIZE_MAX) {
            shares[portfolio->n_baseline_budgets++] = (struct share){
                .sector = child->name, .share = setting_number(child, 0.0), .setting = child};
        }
    }
    portfolio->baseline_budgets = shares;
    const struct sectors *sectors = reader->library->sectors;
    if (setting_is_text(partners) &&
        sector_perspective_index(sectors, partners->text) == SIZE_MAX) {
        const char **ids = arena_array(reader->arena, sectors->n_perspectives + 1, sizeof *ids);
        for (size_t i = 0; i < sectors->n_perspectives; ++i) {
            ids[i] = sectors->perspectives[i].id;
        }
        complain(reader, partners, DIAGNOSTIC_E615, "the id of a perspective",
                 layer_suggest(reader->arena,
                               text_nearest(partners->text, ids, sectors->n_perspectives),
                               "see `dividend list sectors`"),
                 arena_printf(reader->arena, "no perspective is named \"%s\"", partners->text));
    }
}

static const double *read_five(const struct portfolio_reader *reader, const struct setting *group,
                               const char *key)
{
    size_t n = 0;
    const double *numbers = field_numbers(reader->arena, group, key, &n);
    const struct setting *setting = setting_find(group, key);
    if (setting != NULL && n != N_QUINTILES) {
        complain(reader, setting, DIAGNOSTIC_E683, "five numbers, the most deprived fifth first",
                 "state one for each quintile", arena_printf(reader->arena, "%zu numbers", n));
        return NULL;
    }
    return n == N_QUINTILES ? numbers : NULL;
}

/* People of the portfolio's area by quintile, all ages; NULL where it is no area with people. */
static const double *area_quintiles(const struct portfolio_reader *reader)
{
    const struct portfolio *portfolio = reader->portfolio;
    struct area_match match = {0};
    if (portfolio->area != NULL) {
        match = area_find(reader->library, portfolio->area);
    }
    size_t n_areas = match.area != NULL ? 1 : match.list != NULL ? match.list->n_members : 0;
    double *sum = arena_array(reader->arena, N_QUINTILES, sizeof *sum);
    bool found = n_areas > 0;
    for (size_t i = 0; i < n_areas; ++i) {
        double people[N_QUINTILES] = {0};
        const struct area *area = match.area != NULL ? match.area : match.list->members[i];
        found = area_people(reader->library, area, 0.0, AGE_WITHOUT_END, people) && found;
        for (size_t q = 0; q < N_QUINTILES; ++q) {
            sum[q] += people[q];
        }
    }
    return found ? sum : NULL;
}

static void read_equity(struct portfolio_reader *reader)
{
    const struct setting *group = setting_find(reader->group, "equity");
    if (!setting_is_group(group)) {
        return;
    }
    struct portfolio_equity equity = {
        .threshold_gbp_per_qaly = field_number(group, "threshold_gbp_per_qaly", 20000.0),
        .burden_ratio = field_number(group, "burden_ratio", 1.0),
        .atkinson_aversion = field_number(group, "atkinson_aversion", 10.0),
        .kolm_aversion = field_number(group, "kolm_aversion", 0.15),
        .baseline_qale = read_five(reader, group, "baseline_qale"),
        .people = read_five(reader, group, "people"),
        .income_gbp = read_five(reader, group, "income_gbp"),
        .source = field_text(group, "source", ""),
        .setting = group};
    equity.people = equity.people != NULL ? equity.people : area_quintiles(reader);
    if (equity.people == NULL && setting_find(group, "people") == NULL) {
        layer_complain(reader->diagnostics, group, DIAGNOSTIC_E683,
                       "people = [ five numbers ], or an area of the portfolio with people",
                       "add people, or set area to one of `dividend list areas`",
                       "nothing says how many people live in each quintile");
    }
    for (size_t q = 0; equity.people != NULL && q < N_QUINTILES; ++q) {
        if (!(equity.people[q] > 0.0)) {
            layer_complain(reader->diagnostics, group, DIAGNOSTIC_E683, "people in every quintile",
                           "state people, or a larger area", "nobody lives in quintile %zu", q + 1);
            break;
        }
    }
    double mean_income = 0.0;
    for (size_t q = 0; equity.income_gbp != NULL && q < N_QUINTILES; ++q) {
        mean_income += equity.income_gbp[q] / N_QUINTILES;
    }
    equity.reference_income_gbp = field_number(group, "reference_income_gbp", mean_income);
    reader->portfolio->equity = equity;
}

/* ---- the whole ---- */

static const char *portfolio_id(const struct portfolio_reader *reader,
                                const struct document *document)
{
    const char *slash = strrchr(document->file, '/');
    const char *start = slash != NULL ? slash + 1 : document->file;
    size_t n_bytes = strlen(start);
    if (n_bytes > 4 && strcmp(start + n_bytes - 4, ".cfg") == 0) {
        n_bytes -= 4;
    }
    const char *id = arena_copy_span(reader->arena, start, n_bytes);
    if (!text_is_name(id)) {
        layer_complain(reader->diagnostics, reader->group, DIAGNOSTIC_E605,
                       "a file name of lower-case letters, digits and _, starting with a letter",
                       "rename the file, e.g. county_2026.cfg",
                       "a portfolio is named after its file, and \"%s\" cannot be a name", id);
    }
    return id;
}

const struct portfolio *portfolio_read(struct scenario_reader *reader,
                                       const struct document *document)
{
    const struct setting *group = setting_find(document->root, "portfolio");
    if (!setting_is_group(group)) {
        return NULL;
    }
    struct portfolio *portfolio = arena_alloc(reader->arena, sizeof *portfolio);
    struct portfolio_reader own = {.reader = reader,
                                   .arena = reader->arena,
                                   .diagnostics = reader->diagnostics,
                                   .library = reader->library,
                                   .portfolio = portfolio,
                                   .group = group};
    *portfolio = (struct portfolio){
        .title = field_text(group, "title", ""),
        .question = field_text(group, "question", NULL),
        .note = field_text(group, "note", NULL),
        .area = field_text(group, "area", NULL),
        .start_year = field_financial_year(group, "start_year"),
        .horizon_years = field_whole(group, "horizon_years", 1),
        .conventions = scenario_read_conventions(reader, group),
        .recycle_savings = field_boolean(group, "recycle_savings", false),
        .increment_gbp = field_number(group, "increment_gbp", 100000.0),
        .document = document,
        .setting = group,
    };
    portfolio->horizon_years = portfolio->horizon_years > 0 ? portfolio->horizon_years : 1;
    portfolio->id = portfolio_id(&own, document);
    portfolio->objective_setting = setting_find(group, "objective");
    portfolio->objective = field_text(group, "objective",
                                      arena_printf(reader->arena, "net.%s",
                                                   portfolio->conventions.perspective != NULL
                                                       ? portfolio->conventions.perspective
                                                       : "total"));
    read_programmes(&own);
    read_overlaps(&own);
    read_synergies(&own);
    read_budgets(&own);
    read_pools(&own);
    read_rules(&own);
    read_constraints(&own);
    read_funding_years(&own);
    read_deal(&own);
    read_equity(&own);
    portfolio->sign_off = scenario_read_sign_off(reader, group);
    portfolio->omissions = omissions_read(reader->arena, group, reader->library->sectors,
                                          &portfolio->n_omissions, reader->diagnostics);
    return portfolio;
}

/* ---- totals of sweeps over areas ---- */

static bool is_area_key(const struct instance_key *key)
{
    return strcmp(key->key, "area") == 0;
}

static bool sweeps_areas(const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->n_keys; ++i) {
        if (is_area_key(&scenario->keys[i])) {
            return scenario->model->health == NULL;
        }
    }
    return false;
}

/* The same instance but for its area. */
static bool same_but_area(const struct scenario *a, const struct scenario *b)
{
    bool same = b->family != NULL && strcmp(a->family, b->family) == 0 && a->n_keys == b->n_keys;
    for (size_t i = 0; same && i < a->n_keys; ++i) {
        same = is_area_key(&a->keys[i]) || strcmp(a->keys[i].value, b->keys[i].value) == 0;
    }
    return same;
}

/* "--funded_years-2": the end of an instance's id without its area. */
static const char *other_keys(struct arena *arena, const struct scenario *scenario)
{
    const char *words = "";
    for (size_t i = 0; i < scenario->n_keys; ++i) {
        if (!is_area_key(&scenario->keys[i])) {
            const char *dot = strrchr(scenario->keys[i].key, '.');
            words = arena_printf(arena, "%s--%s-%s", words,
                                 dot != NULL ? dot + 1 : scenario->keys[i].key,
                                 scenario->keys[i].value);
        }
    }
    return words;
}

static const struct portfolio *make_family(struct arena *arena,
                                           const struct scenario *const *members, size_t n_members)
{
    static const double whole[] = {1.0};
    const struct scenario *first = members[0];
    struct portfolio *portfolio = arena_alloc(arena, sizeof *portfolio);
    struct portfolio_programme *programmes = arena_array(arena, n_members, sizeof *programmes);
    for (size_t i = 0; i < n_members; ++i) {
        const struct scenario **levels = arena_array(arena, 1, sizeof *levels);
        levels[0] = members[i];
        programmes[i] = (struct portfolio_programme){.id = members[i]->id,
                                                     .label = members[i]->title,
                                                     .scenario = members[i],
                                                     .scales = whole,
                                                     .n_scales = 1,
                                                     .levels = levels,
                                                     .setting = members[i]->setting};
    }
    *portfolio = (struct portfolio){
        .id = arena_printf(arena, "%s--total%s", first->family, other_keys(arena, first)),
        .title = arena_printf(arena, "%s: %zu areas in all", first->family, n_members),
        .question = first->question,
        .start_year = first->start_year,
        .horizon_years = first->horizon_years,
        .conventions = first->conventions,
        .programmes = programmes,
        .n_programmes = n_members,
        .overlap_default = OVERLAP_DISJOINT,
        .document = first->document,
        .setting = first->setting};
    return portfolio;
}

const struct portfolio *const *portfolio_families(struct arena *arena,
                                                  const struct scenario *const *scenarios,
                                                  size_t n_scenarios, size_t *n_families)
{
    const struct portfolio **families = arena_array(arena, n_scenarios + 1, sizeof *families);
    bool *done = arena_array(arena, n_scenarios + 1, sizeof *done);
    *n_families = 0;
    for (size_t i = 0; i < n_scenarios; ++i) {
        const struct scenario **members =
            arena_array(arena, n_scenarios - i, sizeof(const struct scenario *));
        size_t n = 0;
        for (size_t k = i; !done[i] && sweeps_areas(scenarios[i]) && k < n_scenarios; ++k) {
            if (!done[k] && same_but_area(scenarios[i], scenarios[k])) {
                members[n++] = scenarios[k];
                done[k] = k != i || done[k];
            }
        }
        if (n > 1 && n <= 2000) {
            families[(*n_families)++] = make_family(arena, members, n);
        }
    }
    return families;
}
