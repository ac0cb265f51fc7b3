/* Rules across the parts of a health model. */
#include "base/text.h"
#include "model/model_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct checker {
    const struct model_reader *reader;
    const struct model *model;
    const struct health_model *health;
    bool *formula_used;
    const struct setting *age_used; /* first amount that uses `age` */
};

#define COMPLAIN(checker, setting, code, ...)                                                      \
    layer_complain((checker)->reader->diagnostics, (setting), (code), __VA_ARGS__)

static void complain_twice(const struct checker *checker, const struct setting *setting,
                           const char *noun, const char *id)
{
    COMPLAIN(checker, setting, DIAGNOSTIC_E550, "each name once", "rename one of the two",
             "two %s are named \"%s\"", noun, id);
}

static bool constant_of(const struct amount *amount, double *value)
{
    const struct expression *expression = amount->expression;
    if (expression == NULL || expression->kind != EXPRESSION_NUMBER) {
        return false;
    }
    *value = expression->number;
    return true;
}

/* ---- names ---- */

static void check_formula_names(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    for (size_t i = 0; i < health->n_formulas + health->n_group_values; ++i) {
        bool is_formula = i < health->n_formulas;
        const char *id =
            is_formula ? health->formulas[i].id : health->group_values[i - health->n_formulas];
        const struct setting *setting =
            is_formula ? health->formulas[i].setting : health->groups[0].setting;
        const struct parameter *hidden = evidence_find(checker->reader->evidence, id, NULL);
        bool is_input = false;
        for (size_t k = 0; k < checker->model->n_inputs; ++k) {
            is_input = is_input || strcmp(checker->model->inputs[k].id, id) == 0;
        }
        bool both = !is_formula && health_find_formula(health, id) != SIZE_MAX;
        if (model_name_is_reserved(id)) {
            COMPLAIN(checker, setting, DIAGNOSTIC_E530, "a name that no formula uses itself",
                     "rename it", "\"%s\" is a word of the formulas and cannot be a name", id);
        } else if (is_input || both || (hidden != NULL && strcmp(hidden->identity, id) == 0)) {
            COMPLAIN(checker, setting, DIAGNOSTIC_E530, "a name of its own", "rename it",
                     "\"%s\" hides %s of the same name", id,
                     is_input ? "the input"
                     : both   ? "the formula"
                              : "the evidence item");
        }
    }
}

static void check_duplicates(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    for (size_t i = 1; i < health->n_states; ++i) {
        if (health_find_state(health, health->states[i].id) < i) {
            complain_twice(checker, health->states[i].setting, "states", health->states[i].id);
        }
    }
    for (size_t i = 1; i < health->n_options; ++i) {
        for (size_t k = 0; k < i; ++k) {
            if (strcmp(health->options[i].id, health->options[k].id) == 0) {
                complain_twice(checker, health->options[i].setting, "options",
                               health->options[i].id);
                break;
            }
        }
    }
    for (size_t i = 1; i < health->n_groups; ++i) {
        for (size_t k = 0; k < i; ++k) {
            if (strcmp(health->groups[i].id, health->groups[k].id) == 0) {
                complain_twice(checker, health->groups[i].setting, "groups", health->groups[i].id);
                break;
            }
        }
    }
}

static void mark_name(const struct expression *node, void *context)
{
    struct checker *checker = context;
    size_t formula = health_find_formula(checker->health, node->name);
    if (formula != SIZE_MAX) {
        checker->formula_used[formula] = true;
    }
}

struct age_search {
    struct checker *checker;
    const struct amount *amount;
};

static void find_age(const struct expression *node, void *context)
{
    struct age_search *search = context;
    if (strcmp(node->name, "age") == 0 && search->checker->age_used == NULL) {
        search->checker->age_used = search->amount->setting;
    }
}

static void mark_amount(const struct amount *amount, void *context)
{
    struct checker *checker = context;
    struct age_search search = {.checker = checker, .amount = amount};
    expression_visit_names(amount->expression, mark_name, checker);
    expression_visit_names(amount->expression, find_age, &search);
}

static void check_uses(struct checker *checker)
{
    const struct health_model *health = checker->health;
    health_visit_amounts(health, mark_amount, checker);
    for (size_t i = 0; i < health->n_formulas && !checker->reader->unreadable; ++i) {
        if (!checker->formula_used[i]) {
            COMPLAIN(checker, health->formulas[i].setting, DIAGNOSTIC_E551,
                     "formulas that an amount of the model uses",
                     "use it in an amount, or remove it", "nothing uses the formula \"%s\"",
                     health->formulas[i].id);
        }
    }
    if (checker->age_used != NULL && health->start_age.expression == NULL) {
        setting_complain(checker->reader->diagnostics, checker->age_used, DIAGNOSTIC_E552,
                         "`age` in a cohort that states start_age", "add start_age = ...",
                         "this formula uses `age`, and the model does not say the age at the "
                         "start");
    }
}

/* ---- formulas that need themselves ---- */

struct cycle_search {
    const struct checker *checker;
    size_t option;        /* SIZE_MAX: the model's own formulas */
    unsigned char *state; /* [n_formulas]: 0 new, 1 on the way, 2 done */
    bool circular;
};

static void follow_formula(struct cycle_search *search, size_t formula);

static void follow_name(const struct expression *node, void *context)
{
    struct cycle_search *search = context;
    size_t formula = health_find_formula(search->checker->health, node->name);
    if (formula != SIZE_MAX) {
        follow_formula(search, formula);
    }
}

static void follow_formula(struct cycle_search *search, size_t formula)
{
    const struct health_model *health = search->checker->health;
    if (search->state[formula] != 0) {
        search->circular = search->circular || search->state[formula] == 1;
        return;
    }
    const struct amount *amount = &health->formulas[formula].amount;
    if (search->option != SIZE_MAX &&
        health->options[search->option].formulas[formula].expression != NULL) {
        amount = &health->options[search->option].formulas[formula];
    }
    search->state[formula] = 1;
    if (amount->expression != NULL) {
        expression_visit_names(amount->expression, follow_name, search);
    }
    search->state[formula] = 2;
}

/* Also in the mixture of an option's own formulas with the model's. */
static bool check_circular(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    for (size_t option = 0; option <= health->n_options; ++option) {
        struct cycle_search search = {
            .checker = checker,
            .option = option == 0 ? SIZE_MAX : option - 1,
            .state = arena_array(checker->reader->arena, health->n_formulas + 1, 1)};
        for (size_t i = 0; i < health->n_formulas; ++i) {
            follow_formula(&search, i);
            if (search.circular) {
                COMPLAIN(checker, health->formulas[i].setting, DIAGNOSTIC_E553,
                         "formulas that can be worked out one after the other",
                         "break the circle: write one of them without the others",
                         "the formula \"%s\" needs itself%s%s", health->formulas[i].id,
                         option > 0 ? " under the option " : "",
                         option > 0 ? health->options[option - 1].id : "");
                return false;
            }
        }
    }
    return true;
}

/* ---- shares that sum to 1 ---- */

struct share_sum {
    double sum;
    size_t n_rest;
    bool all_constant, outside;
};

static void add_share(struct share_sum *sum, bool rest, const struct amount *amount)
{
    double value = 0.0;
    if (rest) {
        ++sum->n_rest;
    } else if (constant_of(amount, &value)) {
        sum->sum += value;
        sum->outside = sum->outside || !(value >= 0.0 && value <= 1.0);
    } else {
        sum->all_constant = false;
    }
}

/* What can be said before values are known: constants outside [0, 1], sums other than 1. */
static void check_sum(const struct checker *checker, const struct setting *setting,
                      const struct share_sum *sum, const char *what)
{
    char words[32];
    (void)snprintf(words, sizeof words, "%.9g", sum->sum);
    if (sum->n_rest > 1) {
        COMPLAIN(checker, setting, DIAGNOSTIC_E554, "\"rest\" once at most",
                 "give the others an amount", "%s have %zu rests", what, sum->n_rest);
    } else if (sum->outside) {
        COMPLAIN(checker, setting, DIAGNOSTIC_E555, "probabilities from 0 to 1",
                 "check the figure: 20 % is written 0.2", "%s include one outside 0 to 1", what);
    } else if (sum->sum > 1.0 + 1e-9) {
        COMPLAIN(checker, setting, DIAGNOSTIC_E555, "probabilities that sum to 1",
                 "check the figures", "the numbers among %s already sum to %s", what, words);
    } else if (sum->all_constant && sum->n_rest == 0 && sum->sum < 1.0 - 1e-9) {
        COMPLAIN(checker, setting, DIAGNOSTIC_E555, "probabilities that sum to 1",
                 "add what is missing, or make one of them \"rest\"", "%s sum to %s", what, words);
    }
}

static struct share_sum sum_cells(const struct health_cell *cells, size_t n_cells)
{
    struct share_sum sum = {.all_constant = true};
    for (size_t i = 0; i < n_cells; ++i) {
        add_share(&sum, cells[i].rest, &cells[i].amount);
    }
    return sum;
}

/* ---- cohorts ---- */

static void check_rates(const struct checker *checker, const struct health_row *row)
{
    for (size_t i = 0; i < row->n_cells; ++i) {
        double value = 0.0;
        const struct health_cell *cell = &row->cells[i];
        if (cell->rest || cell->to == row->from) {
            COMPLAIN(checker, cell->setting, DIAGNOSTIC_E554, "rates of leaving only",
                     "remove it: with rates, who does not leave stays",
                     "a rate of staying in the state");
        } else if (constant_of(&cell->amount, &value) && value < 0.0) {
            COMPLAIN(checker, cell->setting, DIAGNOSTIC_E555, "rates of at least 0",
                     "check the figure", "a negative rate");
        }
    }
}

static void check_rows(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    const struct health_row **row_of = arena_array(checker->reader->arena, health->n_states + 1,
                                                   sizeof(const struct health_row *));
    for (size_t i = 0; i < health->n_rows; ++i) {
        const struct health_row *row = &health->rows[i];
        if (row->from == SIZE_MAX) {
            continue;
        }
        const struct health_state *state = &health->states[row->from];
        if (row_of[row->from] != NULL) {
            COMPLAIN(checker, row->setting, DIAGNOSTIC_E541, "one row for each state",
                     "put both into one", "a second row from \"%s\"", state->id);
            continue;
        }
        row_of[row->from] = row;
        if (state->dead) {
            COMPLAIN(checker, row->setting, DIAGNOSTIC_E541, "no row from a state marked dead",
                     "remove the row, or the mark", "the dead leave \"%s\"", state->id);
        } else if (row->rates) {
            check_rates(checker, row);
        } else if (row->n_cells > 0) {
            struct share_sum sum = sum_cells(row->cells, row->n_cells);
            check_sum(
                checker, row->setting, &sum,
                arena_printf(checker->reader->arena, "the probabilities from \"%s\"", state->id));
        }
    }
    for (size_t i = 0; i < health->n_states; ++i) {
        if (row_of[i] == NULL && !health->states[i].dead) {
            COMPLAIN(checker, health->states[i].setting, DIAGNOSTIC_E541,
                     "a row of transitions from every state not marked dead",
                     "add it; for a state nobody leaves: { from = \"...\"; to = { ... = 1; }; }",
                     "no transitions from \"%s\"", health->states[i].id);
        }
    }
}

static void mark_tree_ends(const struct health_node *node, bool *reached)
{
    if (node->ends_in != SIZE_MAX) {
        reached[node->ends_in] = true;
    }
    for (size_t i = 0; i < node->n_branches; ++i) {
        mark_tree_ends(&node->branches[i], reached);
    }
}

static bool is_zero(const struct health_cell *cell)
{
    double value = 1.0;
    return !cell->rest && constant_of(&cell->amount, &value) && value == 0.0;
}

static void check_reachable(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    bool *reached = arena_array(checker->reader->arena, health->n_states + 1, sizeof *reached);
    for (size_t i = 0; i < health->n_trees; ++i) {
        mark_tree_ends(&health->trees[i].root, reached);
    }
    for (size_t i = 0; i < health->n_start; ++i) {
        reached[health->start[i].to] = reached[health->start[i].to] || !is_zero(&health->start[i]);
    }
    reached[0] = reached[0] || (health->n_start == 0 && health->n_trees == 0);
    for (size_t pass = 0; pass < health->n_states; ++pass) {
        for (size_t i = 0; i < health->n_rows; ++i) {
            const struct health_row *row = &health->rows[i];
            for (size_t k = 0; row->from != SIZE_MAX && reached[row->from] && k < row->n_cells;
                 ++k) {
                reached[row->cells[k].to] = reached[row->cells[k].to] || !is_zero(&row->cells[k]);
            }
        }
    }
    for (size_t i = 0; i < health->n_states; ++i) {
        if (!reached[i]) {
            COMPLAIN(checker, health->states[i].setting, DIAGNOSTIC_W803,
                     "states that somebody can come to",
                     "add the transition that leads there, or remove the state",
                     "nobody can come to \"%s\"", health->states[i].id);
        }
    }
}

static void check_cycles(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    double n = health->horizon_years / health->cycle_length_years;
    if (fabs(n - round(n)) > 1e-6 * n || n < 0.5 || n > 20000.0) {
        COMPLAIN(checker,
                 setting_find(health->setting, "horizon_years") != NULL
                     ? setting_find(health->setting, "horizon_years")
                     : health->setting,
                 DIAGNOSTIC_E556, "a whole number of cycles, at most 20,000",
                 "change horizon_years or cycle_length_years", "the horizon is %.9g cycles", n);
    }
    const struct setting *at = setting_find(health->setting, "discount_at");
    if (at != NULL && cycle_correction_by_points(health->correction) &&
        health->discount_at != DISCOUNT_COUNTED) {
        setting_complain(checker->reader->diagnostics, at, DIAGNOSTIC_E556,
                         "discount_at with cycle_correction start, end or life-table",
                         "remove it: points are discounted at their time",
                         "discount_at has no meaning with cycle_correction = \"%s\"",
                         cycle_correction_name(health->correction));
    }
    if (health->correction == CORRECTION_SIMPSON_REVERSED_DARTH) {
        setting_complain(checker->reader->diagnostics,
                         setting_find(health->setting, "cycle_correction"), DIAGNOSTIC_W804,
                         "simpson for Simpson's rule", "use it to replicate published figures only",
                         "the weights of this correction are reversed, a known mistake");
    }
}

static void check_start(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    const struct setting *start = setting_find(health->setting, "start");
    if (health->n_start > 0) {
        struct share_sum sum = sum_cells(health->start, health->n_start);
        check_sum(checker, start, &sum, "the shares of start");
    }
    if (start != NULL && health->n_trees > 0) {
        COMPLAIN(checker, start, DIAGNOSTIC_E557, "start, or trees that end in states",
                 "remove one of them", "both `start` and `trees` say where the cohort starts");
    }
}

/* ---- trees ---- */

struct tree_walk {
    const struct checker *checker;
    unsigned char *state; /* [n_trees]: 0 new, 1 on the way, 2 done */
};

static void walk_tree(struct tree_walk *walk, size_t tree);

static void walk_node(struct tree_walk *walk, const struct health_node *node)
{
    const struct checker *checker = walk->checker;
    const struct health_model *health = checker->health;
    bool cohort = health->kind == HEALTH_COHORT;
    bool is_end = node->n_branches == 0 && node->goes_on == SIZE_MAX;
    const struct setting *ends_in = setting_find(node->setting, "ends_in");
    if (!cohort && ends_in != NULL) {
        COMPLAIN(checker, ends_in, DIAGNOSTIC_E557, "ends_in where a cohort follows",
                 "remove it, or make the model a cohort", "a tree by itself ends in no state");
    }
    if (cohort && is_end && ends_in == NULL && setting_find(node->setting, "goes_on") == NULL) {
        COMPLAIN(checker, node->setting, DIAGNOSTIC_E557, "a state at each end of the tree",
                 "add ends_in = \"STATE\"", "an end that does not say where the cohort starts");
    }
    if (node->n_branches > 0) {
        struct share_sum sum = {.all_constant = true};
        for (size_t i = 0; i < node->n_branches; ++i) {
            add_share(&sum, node->branches[i].rest, &node->branches[i].probability);
            walk_node(walk, &node->branches[i]);
        }
        check_sum(checker, node->setting, &sum, "the probabilities of the branches");
    }
    if (node->goes_on != SIZE_MAX) {
        if (walk->state[node->goes_on] == 1) {
            COMPLAIN(checker, setting_find(node->setting, "goes_on"), DIAGNOSTIC_E547,
                     "trees that come to an end", "use a cohort for what repeats itself",
                     "the tree \"%s\" goes on in itself", health->trees[node->goes_on].id);
        } else {
            walk_tree(walk, node->goes_on);
        }
    }
}

static void walk_tree(struct tree_walk *walk, size_t tree)
{
    if (walk->state[tree] == 0) {
        walk->state[tree] = 1;
        walk_node(walk, &walk->checker->health->trees[tree].root);
        walk->state[tree] = 2;
    }
}

static void check_trees(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    struct tree_walk walk = {.checker = checker,
                             .state = arena_array(checker->reader->arena, health->n_trees + 1, 1)};
    for (size_t i = 0; i < health->n_trees; ++i) {
        walk_tree(&walk, i);
    }
    bool *used = arena_array(checker->reader->arena, health->n_trees + 1, sizeof *used);
    for (size_t i = 0; i < health->n_options; ++i) {
        if (health->options[i].tree != SIZE_MAX) {
            used[health->options[i].tree] = true;
        }
    }
    for (size_t i = 0; health->kind == HEALTH_TREE && health->n_trees == 0 && i == 0; ++i) {
        COMPLAIN(checker, health->setting, DIAGNOSTIC_E546, "at least one tree",
                 "add trees = { ... }", "a model of kind \"tree\" without trees");
    }
    (void)used;
}

/* ---- life tables ---- */

static void check_life_table(const struct checker *checker)
{
    const struct health_model *health = checker->health;
    const struct setting *groups = setting_find(health->setting, "groups");
    const struct setting *population = setting_find(health->setting, "population");
    if (groups != NULL && population != NULL) {
        COMPLAIN(checker, population, DIAGNOSTIC_E548, "groups or population", "remove one of them",
                 "both `groups` and `population`");
    }
    if (health->start_age.expression == NULL) {
        COMPLAIN(checker, health->setting, DIAGNOSTIC_E552, "start_age, or population",
                 "add start_age = ...", "a life table that does not say the age at the start");
    }
    for (size_t i = 1; i < health->n_diseases; ++i) {
        for (size_t k = 0; k < i; ++k) {
            if (strcmp(health->diseases[i].id, health->diseases[k].id) == 0) {
                complain_twice(checker, health->diseases[i].setting, "diseases",
                               health->diseases[i].id);
            }
        }
    }
    for (size_t i = 0; i < health->n_risks; ++i) {
        const struct health_risk *risk = &health->risks[i];
        struct share_sum sum = {.all_constant = true};
        for (size_t k = 0; k < risk->n_categories; ++k) {
            add_share(&sum, risk->categories[k].rest, &risk->categories[k].share);
        }
        check_sum(checker, risk->setting, &sum,
                  arena_printf(checker->reader->arena, "the shares of the risk \"%s\"", risk->id));
    }
    check_cycles(checker);
}

void health_check(const struct model_reader *reader, const struct model *model)
{
    const struct health_model *health = model->health;
    struct checker checker = {.reader = reader,
                              .model = model,
                              .health = health,
                              .formula_used =
                                  arena_array(reader->arena, health->n_formulas + 1, sizeof(bool))};
    check_duplicates(&checker);
    check_formula_names(&checker);
    check_uses(&checker);
    (void)check_circular(&checker);
    check_trees(&checker);
    if (health->kind == HEALTH_LIFE_TABLE) {
        check_life_table(&checker);
    }
    if (health->kind == HEALTH_COHORT) {
        check_rows(&checker);
        check_start(&checker);
        check_cycles(&checker);
        if (health->n_states > 0) {
            check_reachable(&checker);
        }
    }
}
