#include "plan/plan_health.h"

#include "evidence/layer.h"
#include "plan/plan_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NODES = 20000, MAX_COMBINATIONS = 4000000 };

struct health_builder {
    struct builder *builder;
    const struct health_model *model;
    const struct model *owner;      /* whose names are resolved */
    const struct health_gain *gain; /* NULL: the scenario gives the inputs */
    struct program *program;
    struct plan_health *health;
    size_t option;                 /* whose formulas are compiled */
    const struct setting *setting; /* of the amount being compiled, for messages */
    size_t last_point;             /* last point whose values are used */
    /* Formulas of the option that are compiled: for moves, and for values, which look one point
     * further. */
    program_slot *known[2];
    size_t n_nodes; /* of trees walked, all options */
    struct health_import *imports;
    size_t n_imports, imports_capacity;
    struct health_sum *sums;
    size_t n_sums, sums_capacity;
    struct health_account *accounts;
    size_t n_accounts, accounts_capacity;
    struct health_trace *traces;
    size_t n_traces, traces_capacity;
};

/* ---- small operations ---- */

static program_slot constant(struct health_builder *b, double value)
{
    return program_add_constant(b->program, value);
}

static program_slot operate(struct health_builder *b, enum program_op op, program_slot x,
                            program_slot y)
{
    return program_add_operation(b->program, op, x, y, PROGRAM_NO_SLOT);
}

static bool is_number(const struct health_builder *b, program_slot slot, double number)
{
    double value = 0.0;
    return program_constant_value(b->program, slot, &value) && value == number;
}

static program_slot multiply(struct health_builder *b, program_slot x, program_slot y)
{
    return is_number(b, x, 1.0) ? y : is_number(b, y, 1.0) ? x : operate(b, OP_MULTIPLY, x, y);
}

/* x + y, where PROGRAM_NO_SLOT is nothing. */
static program_slot add(struct health_builder *b, program_slot x, program_slot y)
{
    if (x == PROGRAM_NO_SLOT || y == PROGRAM_NO_SLOT) {
        return x == PROGRAM_NO_SLOT ? y : x;
    }
    return is_number(b, x, 0.0) ? y : is_number(b, y, 0.0) ? x : operate(b, OP_ADD, x, y);
}

static unsigned axes_of(const struct health_builder *b, program_slot slot)
{
    return b->program->slots[slot].axes;
}

/* ---- names ---- */

static program_slot compile(struct health_builder *b, const struct amount *amount);

static program_slot import(struct health_builder *b, program_slot from)
{
    double value = 0.0;
    if (program_constant_value(b->builder->program, from, &value)) {
        return constant(b, value);
    }
    for (size_t i = 0; i < b->n_imports; ++i) {
        if (b->imports[i].from == from) {
            return b->imports[i].to;
        }
    }
    b->imports = arena_grow(b->builder->arena, b->imports, b->n_imports, &b->imports_capacity,
                            sizeof *b->imports);
    b->imports[b->n_imports] =
        (struct health_import){.from = from, .to = program_add_input(b->program)};
    return b->imports[b->n_imports++].to;
}

static program_slot variable(struct health_builder *b, enum health_variable variable)
{
    const struct health_model *model = b->model;
    size_t n = variable == HEALTH_TIME_IN_STATE || variable == HEALTH_YEARS_IN_STATE
                   ? b->program->n_times
                   : b->program->n_years;
    unsigned axis = n == b->program->n_times &&
                            (variable == HEALTH_TIME_IN_STATE || variable == HEALTH_YEARS_IN_STATE)
                        ? AXIS_TIME_IN_STATE
                        : AXIS_YEAR;
    if (variable == HEALTH_MALE || variable == HEALTH_FEMALE) {
        return constant(b, variable == HEALTH_FEMALE ? 1.0 : 0.0);
    }
    bool counts = variable == HEALTH_CYCLE || variable == HEALTH_TIME_IN_STATE;
    double *values = arena_array(b->builder->arena, n, sizeof *values);
    for (size_t i = 0; i < n; ++i) {
        values[i] = counts ? (double)i : (double)i * model->cycle_length_years;
    }
    program_slot slot = program_add_axis_constant(b->program, axis, values);
    if (variable == HEALTH_TIME_IN_STATE || variable == HEALTH_YEARS_IN_STATE) {
        /* Told apart from a plain 0 even where nothing has a tunnel, so that it is refused. */
        if (b->program->n_times == 1) {
            setting_complain(b->builder->diagnostics, b->setting, DIAGNOSTIC_E558,
                             "time in state with tunnel_cycles in a state",
                             "add tunnel_cycles to the state", "no state of the model counts time");
        }
    }
    if (variable != HEALTH_AGE) {
        return slot;
    }
    const struct setting *setting = b->setting;
    program_slot start = compile(b, &model->start_age);
    b->setting = setting;
    if (b->program->slots[start].kind != SLOT_CONSTANT || (axes_of(b, start) & AXIS_YEAR) != 0) {
        setting_complain(b->builder->diagnostics, model->start_age.setting, DIAGNOSTIC_E559,
                         "a plain number of years, perhaps by group",
                         "give an age, or one for each group in values = { }",
                         "a start age that is uncertain or varies by cycle");
    }
    return add(b, start, slot);
}

/* Values of the groups as one slot: a choice by the number of the group. */
static program_slot group_value(struct health_builder *b, size_t index)
{
    const struct health_model *model = b->model;
    double *numbers = arena_array(b->builder->arena, model->n_groups, sizeof *numbers);
    const struct setting *setting = b->setting;
    program_slot value = PROGRAM_NO_SLOT;
    bool plain = true;
    for (size_t g = 0; g < model->n_groups && plain; ++g) {
        plain = program_constant_value(b->program, compile(b, &model->groups[g].values[index]),
                                       &numbers[g]);
    }
    if (plain) {
        b->setting = setting;
        return program_add_axis_constant(b->program, AXIS_GROUP, numbers);
    }
    for (size_t g = 0; g < model->n_groups; ++g) {
        numbers[g] = (double)g;
    }
    program_slot number = program_add_axis_constant(b->program, AXIS_GROUP, numbers);
    for (size_t g = model->n_groups; g-- > 0;) {
        program_slot own = compile(b, &model->groups[g].values[index]);
        value = value == PROGRAM_NO_SLOT
                    ? own
                    : program_add_operation(b->program, OP_IF,
                                            operate(b, OP_EQUAL, number, constant(b, (double)g)),
                                            own, value);
    }
    b->setting = setting;
    return value;
}

static program_slot formula(struct health_builder *b, size_t index)
{
    const struct amount *own = &b->model->options[b->option].formulas[index];
    const struct setting *setting = b->setting;
    program_slot *known = &b->known[b->last_point == b->health->n_cycles][index];
    if (*known == PROGRAM_NO_SLOT) {
        *known = compile(b, own->expression != NULL ? own : &b->model->formulas[index].amount);
        b->setting = setting;
    }
    return *known;
}

/* An input: of the scenario; or what the programme gives for it, or its default. */
static program_slot input_slot(struct health_builder *b, size_t index)
{
    struct builder *builder = b->builder;
    if (b->gain == NULL) {
        return import(b, plan_input(builder, &builder->scenario->inputs[index]));
    }
    const struct amount *given = &b->gain->inputs[index];
    if (given->expression != NULL) {
        return import(b, plan_amount_fixed(builder, given, "an input of a health model"));
    }
    const struct model_input *input = &b->owner->inputs[index];
    struct input_value *value = arena_alloc(builder->arena, sizeof *value);
    *value = (struct input_value){.input = input, .distribution = input->fallback};
    return import(b, plan_input(builder, value));
}

static bool resolve(void *context, const char *name, program_slot *slot)
{
    struct health_builder *b = context;
    const struct builder *builder = b->builder;
    struct model_name found = model_resolve_name(b->owner, builder->library->evidence, name);
    switch (found.kind) {
    case MODEL_NAME_FORMULA:
        *slot = formula(b, found.input);
        return true;
    case MODEL_NAME_GROUP_VALUE:
        *slot = group_value(b, found.input);
        return true;
    case MODEL_NAME_VARIABLE:
        *slot = variable(b, found.variable);
        return true;
    case MODEL_NAME_INPUT:
        *slot = input_slot(b, found.input);
        return true;
    case MODEL_NAME_PARAMETER:
        *slot = import(b, plan_parameter(b->builder, found.parameter));
        return true;
    case MODEL_NAME_YEAR:
    case MODEL_NAME_UNKNOWN:
        break;
    }
    return false;
}

/* ---- tables ---- */

static double look_up(void *context, const double *arguments)
{
    return table_look_up(context, arguments);
}

/* Cycle of a combination of the axes of a slot. */
static size_t cycle_of(const struct program *program, const struct program_slot_info *slot,
                       size_t combination)
{
    size_t times = (slot->axes & AXIS_TIME_IN_STATE) != 0 ? program->n_times : 1;
    return (slot->axes & AXIS_YEAR) != 0 ? combination / times % program->n_years : 0;
}

static void check_found(struct health_builder *b, const struct expression *node,
                        const struct data_table *table, program_slot slot,
                        const program_slot *arguments)
{
    const struct program_slot_info *info = &b->program->slots[slot];
    for (size_t k = 0; k < info->n_values; ++k) {
        size_t cycle = cycle_of(b->program, info, k);
        if (!isnan(info->values[k]) || cycle > b->last_point) {
            continue;
        }
        const char *words = "";
        for (size_t i = 0; i < node->n_children; ++i) {
            const struct program_slot_info *argument = &b->program->slots[arguments[i]];
            size_t at = argument->n_values == info->n_values ? k
                        : (argument->axes == AXIS_YEAR)      ? cycle
                                                             : 0;
            words = arena_printf(b->builder->arena, "%s%s%s %.9g", words, i > 0 ? ", " : "",
                                 table->indexes[i].column, argument->values[at]);
        }
        diagnostics_add(
            b->builder->diagnostics, DIAGNOSTIC_E477, expression_place(b->setting, node),
            b->setting->path, "rows for all that the model looks up",
            "shorten the horizon, start younger, or add beyond_last = \"hold\" to the "
            "table",
            "the table \"%s\" has no value for %s (cycle %zu)", table->id, words, cycle);
        return;
    }
}

static program_slot compile_table(void *context, const struct expression *node,
                                  const program_slot *arguments)
{
    struct health_builder *b = context;
    const struct data_table *table = table_find(b->builder->library->tables, node->name);
    program_slot slot = program_add_lookup(b->program, node->n_children, arguments, look_up,
                                           (void *)(uintptr_t)table);
    if (slot == PROGRAM_NO_SLOT) {
        diagnostics_add(b->builder->diagnostics, DIAGNOSTIC_E478,
                        expression_place(b->setting, node), b->setting->path,
                        "age, sex, cycle and numbers, which are known before the draws",
                        "look up by a plain number, and put the uncertainty on the result",
                        "the table \"%s\" is looked up by an uncertain value", table->id);
        return constant(b, 0.0);
    }
    check_found(b, node, table, slot, arguments);
    return slot;
}

static program_slot compile(struct health_builder *b, const struct amount *amount)
{
    const struct expression_resolver resolver = {
        .resolve = resolve, .table = compile_table, .context = b};
    b->setting = amount->setting != NULL ? amount->setting : b->model->setting;
    return expression_compile(b->program, amount->expression, &resolver);
}

/* For amounts that stand at the start alone. */
static program_slot compile_fixed(struct health_builder *b, const struct amount *amount)
{
    program_slot slot = compile(b, amount);
    if ((axes_of(b, slot) & (AXIS_YEAR | AXIS_TIME_IN_STATE)) != 0 && amount->setting != NULL) {
        setting_complain(b->builder->diagnostics, amount->setting, DIAGNOSTIC_E559,
                         "an amount that does not vary by cycle", "leave cycle, age and time out",
                         "an amount for the start varies by cycle or time in state");
    }
    return slot;
}

static void check_times(struct health_builder *b, program_slot slot, const bool *states,
                        const struct setting *setting)
{
    if ((axes_of(b, slot) & AXIS_TIME_IN_STATE) == 0) {
        return;
    }
    for (size_t s = 0; s < b->model->n_states; ++s) {
        if (states[s] && b->model->states[s].n_times == 1) {
            setting_complain(b->builder->diagnostics, setting, DIAGNOSTIC_E558,
                             "time in state for states with tunnel_cycles",
                             "add tunnel_cycles to the state, or leave the time out",
                             "the state \"%s\" does not count time in state",
                             b->model->states[s].id);
            return;
        }
    }
}

/* ---- shares that sum to 1 ---- */

static void add_sum(struct health_builder *b, const program_slot *shares, size_t n_shares,
                    const char *what)
{
    b->sums = arena_grow(b->builder->arena, b->sums, b->n_sums, &b->sums_capacity, sizeof *b->sums);
    b->sums[b->n_sums++] = (struct health_sum){
        .shares = shares, .n_shares = n_shares, .what = what, .option = b->option};
}

/* 1 - the sum of the others. */
static void fill_rest(struct health_builder *b, program_slot *shares, size_t n_shares, size_t rest)
{
    program_slot sum = constant(b, 1.0);
    for (size_t i = 0; i < n_shares && rest != SIZE_MAX; ++i) {
        if (i != rest) {
            sum = operate(b, OP_SUBTRACT, sum, shares[i]);
        }
    }
    if (rest != SIZE_MAX) {
        shares[rest] = sum;
    }
}

/* ---- accounts and lines ---- */

struct strategy_builder {
    struct health_line *lines;
    size_t n_lines, capacity;
};

static bool same_weights(const struct health_account *account, const struct plan_weight *weights,
                         size_t n_weights)
{
    bool same = account->n_weights == n_weights;
    for (size_t i = 0; same && i < n_weights; ++i) {
        same = account->weights[i].sector == weights[i].sector &&
               account->weights[i].weight == weights[i].weight &&
               account->weights[i].cashable == weights[i].cashable;
    }
    return same;
}

static size_t find_category(const struct health_builder *b, const char *category)
{
    for (size_t i = 0; i < b->model->n_categories; ++i) {
        if (strcmp(b->model->categories[i], category) == 0) {
            return i;
        }
    }
    return 0;
}

static size_t find_account(struct health_builder *b, const struct health_payoff *payoff)
{
    struct health_account wanted = {.outcome = payoff->outcome, .schedule = DISCOUNTED_COSTS};
    if (payoff->outcome == PAYOFF_COST) {
        wanted.category = find_category(b, payoff->category);
        struct plan_weight *weights = (struct plan_weight *)(uintptr_t)plan_expand_weights(
            b->builder, payoff->payers, payoff->n_payers, &wanted.n_weights);
        for (size_t i = 0; i < wanted.n_weights; ++i) {
            weights[i].cashable = payoff->cashable;
        }
        wanted.weights = weights;
    } else {
        static const size_t schedules[] = {DISCOUNTED_HEALTH, DISCOUNTED_COSTS, UNDISCOUNTED};
        wanted.schedule = schedules[b->model->outcomes[payoff->outcome].discount];
    }
    for (size_t i = 0; i < b->n_accounts; ++i) {
        const struct health_account *account = &b->accounts[i];
        if (account->outcome == wanted.outcome && account->category == wanted.category &&
            same_weights(account, wanted.weights, wanted.n_weights)) {
            return i;
        }
    }
    b->accounts = arena_grow(b->builder->arena, b->accounts, b->n_accounts, &b->accounts_capacity,
                             sizeof *b->accounts);
    b->accounts[b->n_accounts] = wanted;
    return b->n_accounts++;
}

static program_slot *empty_slots(struct health_builder *b, size_t n)
{
    program_slot *slots = arena_array(b->builder->arena, n + 1, sizeof *slots);
    for (size_t i = 0; i < n; ++i) {
        slots[i] = PROGRAM_NO_SLOT;
    }
    return slots;
}

static struct health_line *find_line(struct health_builder *b, struct strategy_builder *strategy,
                                     const struct health_payoff *payoff)
{
    size_t account = find_account(b, payoff);
    for (size_t i = 0; i < strategy->n_lines; ++i) {
        if (strategy->lines[i].account == account) {
            return &strategy->lines[i];
        }
    }
    strategy->lines = arena_grow(b->builder->arena, strategy->lines, strategy->n_lines,
                                 &strategy->capacity, sizeof *strategy->lines);
    strategy->lines[strategy->n_lines] = (struct health_line){
        .account = account, .once = PROGRAM_NO_SLOT, .states = empty_slots(b, b->model->n_states)};
    return &strategy->lines[strategy->n_lines++];
}

/* ---- cohorts ---- */

static void add_state_payoff(struct health_builder *b, struct health_line *line,
                             const struct health_payoff *payoff, program_slot amount)
{
    program_slot *states = (program_slot *)(uintptr_t)line->states;
    check_times(b, amount, payoff->states, payoff->setting);
    if (payoff->per_year) {
        amount = multiply(b, amount, constant(b, b->model->cycle_length_years));
    }
    for (size_t s = 0; s < b->model->n_states; ++s) {
        if (payoff->states[s] && !is_number(b, amount, 0.0)) {
            states[s] = add(b, states[s], amount);
        }
    }
}

static void add_move_payoff(struct health_builder *b, struct health_line *line,
                            const struct health_payoff *payoff, const struct health_trace *trace,
                            program_slot amount)
{
    program_slot *moves = (program_slot *)(uintptr_t)line->moves;
    if (moves == NULL) {
        line->moves = moves = empty_slots(b, trace->n_moves);
    }
    for (size_t i = 0; i < trace->n_moves; ++i) {
        const struct health_move *move = &trace->moves[i];
        bool entry = payoff->when == PAYOFF_ON_ENTRY && move->from != move->to;
        bool made = payoff->when == PAYOFF_ON_TRANSITION && payoff->from[move->from];
        if ((entry || made) && payoff->states[move->to]) {
            bool *from = arena_array(b->builder->arena, b->model->n_states, sizeof *from);
            from[move->from] = true;
            check_times(b, amount, from, payoff->setting);
            moves[i] = add(b, moves[i], amount);
        }
    }
}

static void add_payoffs(struct health_builder *b, struct strategy_builder *strategy,
                        const struct health_trace *trace)
{
    for (size_t i = 0; i < b->model->n_payoffs; ++i) {
        const struct health_payoff *payoff = &b->model->payoffs[i];
        bool utility_one = b->builder->variant == HEALTH_UTILITY_ONE;
        if (utility_one && payoff->outcome == OUTCOME_QALYS) {
            continue;
        }
        if (utility_one && payoff->outcome == OUTCOME_LIFE_YEARS) {
            struct health_payoff qalys = *payoff;
            qalys.outcome = OUTCOME_QALYS;
            add_state_payoff(b, find_line(b, strategy, &qalys), &qalys, constant(b, 1.0));
        }
        if (payoff->when == PAYOFF_AT_START) {
            program_slot amount = compile_fixed(b, &payoff->amount);
            struct health_line *line = find_line(b, strategy, payoff);
            line->once = add(b, line->once, amount);
            continue;
        }
        program_slot amount = compile(b, &payoff->amount);
        struct health_line *line = find_line(b, strategy, payoff);
        if (payoff->when == PAYOFF_IN_STATE) {
            add_state_payoff(b, line, payoff, amount);
        } else {
            add_move_payoff(b, line, payoff, trace, amount);
        }
    }
}

/* p of each competing rate: r / R (1 - exp(-R u)), and r u where R is 0. */
static void add_rates(struct health_builder *b, const struct health_row *row,
                      struct health_move *moves, size_t *n_moves)
{
    program_slot *rates = empty_slots(b, row->n_cells);
    program_slot total = PROGRAM_NO_SLOT, length = constant(b, b->model->cycle_length_years);
    for (size_t i = 0; i < row->n_cells; ++i) {
        bool no_death =
            b->builder->variant == HEALTH_NO_DEATH && b->model->states[row->cells[i].to].dead;
        rates[i] = no_death ? constant(b, 0.0) : compile(b, &row->cells[i].amount);
        total = add(b, total, rates[i]);
    }
    if (total == PROGRAM_NO_SLOT) {
        total = constant(b, 0.0);
    }
    program_slot some = operate(b, OP_LESS, constant(b, 0.0), total);
    program_slot factor = program_add_operation(
        b->program, OP_IF, some,
        operate(b, OP_DIVIDE, operate(b, OP_RATE_TO_PROB, total, length),
                program_add_operation(b->program, OP_IF, some, total, constant(b, 1.0))),
        length);
    for (size_t i = 0; i < row->n_cells; ++i) {
        moves[(*n_moves)++] = (struct health_move){.from = row->from,
                                                   .to = row->cells[i].to,
                                                   .p = operate(b, OP_MULTIPLY, rates[i], factor)};
    }
    moves[(*n_moves)++] =
        (struct health_move){.from = row->from, .to = row->from, .p = PROGRAM_NO_SLOT};
}

/* Variant without death: the dying stay, unless the row's rest goes to another living state. */
static void add_without_death(struct health_builder *b, const struct health_row *row,
                              struct health_move *moves, size_t *n_moves)
{
    size_t rest = row->from;
    for (size_t i = 0; i < row->n_cells; ++i) {
        const struct health_cell *cell = &row->cells[i];
        if (b->model->states[cell->to].dead) {
            continue;
        }
        if (cell->rest) {
            rest = cell->to;
        } else if (cell->to != row->from) {
            moves[(*n_moves)++] = (struct health_move){
                .from = row->from, .to = cell->to, .p = compile(b, &cell->amount)};
        }
    }
    moves[(*n_moves)++] = (struct health_move){.from = row->from, .to = rest, .p = PROGRAM_NO_SLOT};
}

static void add_probabilities(struct health_builder *b, const struct health_row *row,
                              struct health_move *moves, size_t *n_moves)
{
    if (b->builder->variant == HEALTH_NO_DEATH) {
        add_without_death(b, row, moves, n_moves);
        return;
    }
    for (size_t i = 0; i < row->n_cells; ++i) {
        const struct health_cell *cell = &row->cells[i];
        program_slot p = cell->rest ? PROGRAM_NO_SLOT : compile(b, &cell->amount);
        if (p == PROGRAM_NO_SLOT || !is_number(b, p, 0.0)) {
            moves[(*n_moves)++] = (struct health_move){.from = row->from, .to = cell->to, .p = p};
        }
    }
}

static void check_row_times(struct health_builder *b, const struct health_row *row,
                            const struct health_move *moves, size_t n_moves)
{
    bool *from = arena_array(b->builder->arena, b->model->n_states, sizeof *from);
    from[row->from] = true;
    for (size_t i = 0; i < n_moves; ++i) {
        if (moves[i].p != PROGRAM_NO_SLOT) {
            check_times(b, moves[i].p, from, row->setting);
        }
    }
}

static const struct health_row *row_from(const struct health_model *model, size_t state)
{
    for (size_t i = 0; i < model->n_rows; ++i) {
        if (model->rows[i].from == state) {
            return &model->rows[i];
        }
    }
    return NULL;
}

static size_t first_dead(const struct health_model *model)
{
    for (size_t s = 0; s < model->n_states; ++s) {
        if (model->states[s].dead) {
            return s;
        }
    }
    return SIZE_MAX;
}

/* Values at the last point matter to payoffs by points, not to moves. */
static void build_moves(struct health_builder *b, struct health_trace *trace)
{
    const struct health_model *model = b->model;
    struct health_move *moves =
        arena_array(b->builder->arena, model->n_states * (model->n_states + 1), sizeof *moves);
    size_t n = 0, last_point = b->last_point;
    b->last_point = b->health->n_cycles - 1;
    for (size_t state = 0; state < model->n_states; ++state) {
        const struct health_row *row = row_from(model, state);
        size_t first = n, dead = first_dead(model);
        if (b->builder->variant == HEALTH_ALL_DIE && row != NULL && dead != SIZE_MAX) {
            moves[n++] = (struct health_move){.from = state, .to = dead, .p = constant(b, 1.0)};
            continue;
        }
        if (row == NULL) {
            moves[n++] = (struct health_move){.from = state, .to = state, .p = constant(b, 1.0)};
            continue;
        }
        if (row->rates) {
            add_rates(b, row, moves, &n);
        } else {
            add_probabilities(b, row, moves, &n);
        }
        check_row_times(b, row, moves + first, n - first);
    }
    b->last_point = last_point;
    trace->moves = moves;
    trace->n_moves = n;
}

static bool same_trace(const struct health_trace *a, const struct health_trace *b, size_t n_states)
{
    bool same =
        a->n_moves == b->n_moves && memcmp(a->start, b->start, n_states * sizeof *a->start) == 0;
    for (size_t i = 0; same && i < a->n_moves; ++i) {
        same = a->moves[i].from == b->moves[i].from && a->moves[i].to == b->moves[i].to &&
               a->moves[i].p == b->moves[i].p;
    }
    return same;
}

static size_t keep_trace(struct health_builder *b, struct health_trace trace)
{
    for (size_t i = 0; i < b->n_traces; ++i) {
        if (same_trace(&b->traces[i], &trace, b->model->n_states)) {
            return i;
        }
    }
    b->traces = arena_grow(b->builder->arena, b->traces, b->n_traces, &b->traces_capacity,
                           sizeof *b->traces);
    b->traces[b->n_traces] = trace;
    return b->n_traces++;
}

static void build_start(struct health_builder *b, program_slot *start)
{
    const struct health_model *model = b->model;
    if (model->n_start == 0) {
        start[0] = constant(b, 1.0);
        return;
    }
    program_slot *shares = empty_slots(b, model->n_start);
    size_t rest = SIZE_MAX;
    for (size_t i = 0; i < model->n_start; ++i) {
        if (model->start[i].rest) {
            rest = i;
        } else {
            shares[i] = compile_fixed(b, &model->start[i].amount);
        }
    }
    fill_rest(b, shares, model->n_start, rest);
    for (size_t i = 0; i < model->n_start; ++i) {
        start[model->start[i].to] = shares[i];
    }
    add_sum(b, shares, model->n_start, "the shares of start");
}

/* ---- trees ---- */

struct tree_walk {
    struct health_builder *b;
    struct strategy_builder *strategy;
    program_slot *start; /* [n_states]; NULL: no cohort follows */
};

static void walk_node(struct tree_walk *walk, const struct health_node *node, program_slot path);

static void walk_branches(struct tree_walk *walk, const struct health_node *node, program_slot path)
{
    struct health_builder *b = walk->b;
    program_slot *shares = empty_slots(b, node->n_branches);
    size_t rest = SIZE_MAX;
    for (size_t i = 0; i < node->n_branches; ++i) {
        if (node->branches[i].rest) {
            rest = i;
        } else {
            shares[i] = compile_fixed(b, &node->branches[i].probability);
        }
    }
    fill_rest(b, shares, node->n_branches, rest);
    add_sum(b, shares, node->n_branches,
            arena_printf(b->builder->arena, "the branches of %s%s%s",
                         node->label != NULL ? "\"" : "the first node",
                         node->label != NULL ? node->label : "", node->label != NULL ? "\"" : ""));
    for (size_t i = 0; i < node->n_branches; ++i) {
        walk_node(walk, &node->branches[i], multiply(b, path, shares[i]));
    }
}

static void walk_node(struct tree_walk *walk, const struct health_node *node, program_slot path)
{
    struct health_builder *b = walk->b;
    if (++b->n_nodes > MAX_NODES) {
        if (b->n_nodes == MAX_NODES + 1) {
            layer_complain(b->builder->diagnostics, node->setting, DIAGNOSTIC_E547,
                           "at most 20,000 nodes, counting a tree each time it is gone on in",
                           "make the trees smaller", "trees with too many nodes");
        }
        return;
    }
    for (size_t i = 0; i < node->n_payoffs; ++i) {
        const struct health_payoff *payoff = &node->payoffs[i];
        if (b->builder->variant == HEALTH_UTILITY_ONE && payoff->outcome == OUTCOME_QALYS &&
            b->model->kind == HEALTH_COHORT) {
            continue;
        }
        program_slot amount = multiply(b, path, compile_fixed(b, &payoff->amount));
        struct health_line *line = find_line(b, walk->strategy, payoff);
        line->once = add(b, line->once, amount);
    }
    if (node->n_branches > 0) {
        walk_branches(walk, node, path);
    } else if (node->goes_on != SIZE_MAX) {
        walk_node(walk, &b->model->trees[node->goes_on].root, path);
    } else if (node->ends_in != SIZE_MAX && walk->start != NULL) {
        walk->start[node->ends_in] = add(b, walk->start[node->ends_in], path);
    }
}

/* ---- options ---- */

static void begin_option(struct health_builder *b, size_t option)
{
    b->option = b->builder->variant == HEALTH_IDENTICAL ? 0 : option;
    b->known[0] = empty_slots(b, b->model->n_formulas);
    b->known[1] = empty_slots(b, b->model->n_formulas);
}

static struct health_strategy build_strategy(struct health_builder *b, size_t option)
{
    const struct health_model *model = b->model;
    struct strategy_builder strategy = {0};
    struct health_strategy built = {0};
    program_slot *start = empty_slots(b, model->n_states);
    size_t tree = model->options[option].tree;
    begin_option(b, option);
    if (tree != SIZE_MAX) {
        struct tree_walk walk = {
            .b = b, .strategy = &strategy, .start = model->kind == HEALTH_COHORT ? start : NULL};
        walk_node(&walk, &model->trees[tree].root, constant(b, 1.0));
    }
    if (model->kind == HEALTH_COHORT) {
        struct health_trace trace = {.start = start, .option = option};
        if (tree == SIZE_MAX) {
            build_start(b, start);
        }
        build_moves(b, &trace);
        add_payoffs(b, &strategy, &trace);
        built.trace = keep_trace(b, trace);
    }
    built.lines = strategy.lines;
    built.n_lines = strategy.n_lines;
    return built;
}

/* ---- weights of points and cycles ---- */

static double discount_factor(const struct health_builder *b, size_t schedule, double years)
{
    const struct appraisal_pack *pack = b->builder->scenario->conventions.appraisal;
    return schedule == UNDISCOUNTED
               ? 1.0
               : pack_discount_factor_at(
                     schedule == DISCOUNTED_COSTS ? &pack->costs : &pack->health, years);
}

static double point_weight(enum cycle_correction correction, size_t point, size_t n_cycles)
{
    bool end = point == 0 || point == n_cycles;
    bool odd = point % 2 == 1;
    switch (correction) {
    case CORRECTION_HALF:
        return end ? 0.5 : 1.0;
    case CORRECTION_SIMPSON:
        return end ? 1.0 / 3.0 : odd ? 4.0 / 3.0 : 2.0 / 3.0;
    case CORRECTION_SIMPSON_REVERSED_DARTH:
        return end ? 1.0 / 3.0 : odd ? 2.0 / 3.0 : 4.0 / 3.0;
    case CORRECTION_NONE:
    case CORRECTION_START:
    case CORRECTION_END:
    case CORRECTION_LIFE_TABLE:
    case N_CYCLE_CORRECTIONS:
        break;
    }
    return 1.0;
}

/* The discount of an end of cycle t: its own (`counted`), or that of the moment the model names. */
static double cycle_discount(const struct health_builder *b, size_t schedule, size_t cycle,
                             double counted)
{
    static const double moments[] = {
        [DISCOUNT_START] = 0.0, [DISCOUNT_MIDDLE] = 0.5, [DISCOUNT_END] = 1.0};
    double moment =
        b->model->discount_at == DISCOUNT_COUNTED ? counted : moments[b->model->discount_at];
    return discount_factor(b, schedule, ((double)cycle + moment) * b->model->cycle_length_years);
}

static void build_weights(struct health_builder *b)
{
    struct plan_health *health = b->health;
    const struct health_model *model = b->model;
    size_t n = health->n_cycles, stride = n + 1;
    double *alpha = arena_array(b->builder->arena, N_SCHEDULES * stride, sizeof *alpha);
    double *beta = arena_array(b->builder->arena, N_SCHEDULES * stride, sizeof *beta);
    double *point = arena_array(b->builder->arena, N_SCHEDULES * stride, sizeof *point);
    double *year = arena_array(b->builder->arena, N_SCHEDULES * stride, sizeof *year);
    double *move = arena_array(b->builder->arena, N_SCHEDULES * stride, sizeof *move);
    bool by_points = cycle_correction_by_points(model->correction);
    double start = model->correction == CORRECTION_START        ? 1.0
                   : model->correction == CORRECTION_LIFE_TABLE ? 0.5
                                                                : 0.0;
    for (size_t s = 0; s < N_SCHEDULES; ++s) {
        for (size_t t = 0; t <= n; ++t) {
            size_t at = s * stride + t;
            if (by_points) {
                alpha[at] = point_weight(model->correction, t, n) *
                            discount_factor(b, s, (double)t * model->cycle_length_years);
            } else if (t < n) {
                alpha[at] = start * cycle_discount(b, s, t, 0.0);
                beta[at] = (1.0 - start) * cycle_discount(b, s, t, 1.0);
            }
            point[at] = alpha[at] + (t > 0 ? beta[at - 1] : 0.0);
        }
        for (size_t t = 0; t < n; ++t) {
            year[s * stride + t] = cycle_discount(b, s, t, 0.5);
            double own = by_points
                             ? discount_factor(b, s, (double)(t + 1) * model->cycle_length_years)
                             : cycle_discount(b, s, t, 1.0 - start);
            move[s * stride + t] = model->transitions_as_states ? point[s * stride + t + 1] : own;
        }
    }
    health->alpha = alpha;
    health->beta = beta;
    health->point = point;
    health->move = move;
    health->year = year;
}

/* ---- life tables ---- */

static program_slot *risk_shares(struct health_builder *b, const struct health_risk *risk)
{
    const struct health_model *model = b->model;
    program_slot *all = empty_slots(b, model->n_options * risk->n_categories);
    for (size_t o = 0; o < model->n_options; ++o) {
        program_slot *shares = all + o * risk->n_categories;
        size_t rest = SIZE_MAX;
        begin_option(b, o);
        for (size_t k = 0; k < risk->n_categories; ++k) {
            if (risk->categories[k].rest) {
                rest = k;
            } else {
                shares[k] = compile(b, &risk->categories[k].share);
            }
        }
        fill_rest(b, shares, risk->n_categories, rest);
        add_sum(b, shares, risk->n_categories,
                arena_printf(b->builder->arena, "the shares of the risk \"%s\"", risk->id));
    }
    return all;
}

static program_slot *risk_ratios(struct health_builder *b, const struct health_risk *risk)
{
    const struct health_model *model = b->model;
    size_t n = risk->n_categories * model->n_diseases;
    program_slot *all = empty_slots(b, model->n_options * n);
    for (size_t o = 0; o < model->n_options; ++o) {
        begin_option(b, o);
        for (size_t i = 0; i < n; ++i) {
            const struct amount *amount =
                &risk->categories[i / model->n_diseases].relative_risks[i % model->n_diseases];
            all[o * n + i] = amount->expression != NULL ? compile(b, amount) : PROGRAM_NO_SLOT;
        }
    }
    return all;
}

static struct plan_risk build_risk(struct health_builder *b, const struct health_risk *risk)
{
    return (struct plan_risk){.lag_years = risk->lag_years,
                              .n_categories = risk->n_categories,
                              .shares = risk_shares(b, risk),
                              .relative_risks = risk_ratios(b, risk)};
}

static size_t outcome_account(struct health_builder *b, size_t outcome)
{
    const struct health_payoff payoff = {.outcome = outcome};
    return find_account(b, &payoff);
}

static struct plan_disease build_disease(struct health_builder *b, size_t index)
{
    const struct health_disease *disease = &b->model->diseases[index];
    bool paid = disease->payoff.n_payers > 0;
    return (struct plan_disease){.prevalence = compile(b, &disease->prevalence),
                                 .incidence = compile(b, &disease->incidence),
                                 .remission = compile(b, &disease->remission),
                                 .case_fatality = b->builder->variant == HEALTH_NO_DEATH
                                                      ? constant(b, 0.0)
                                                      : compile(b, &disease->case_fatality),
                                 .utility_loss = b->builder->variant == HEALTH_UTILITY_ONE
                                                     ? constant(b, 0.0)
                                                     : compile(b, &disease->utility_loss),
                                 .cost = compile(b, &disease->cost),
                                 .cost_account =
                                     paid ? find_account(b, &disease->payoff) : SIZE_MAX,
                                 .case_account = outcome_account(b, N_BUILT_IN_OUTCOMES + index)};
}

static void build_life_table(struct health_builder *b)
{
    const struct health_model *model = b->model;
    struct arena *arena = b->builder->arena;
    struct plan_life_table *table = arena_alloc(arena, sizeof *table);
    struct plan_disease *diseases =
        arena_array(arena, model->n_options * model->n_diseases + 1, sizeof *diseases);
    struct plan_risk *risks = arena_array(arena, model->n_risks + 1, sizeof *risks);
    begin_option(b, 0);
    enum health_variant variant = b->builder->variant;
    *table = (struct plan_life_table){
        .mortality = variant == HEALTH_NO_DEATH ? constant(b, 0.0) : compile(b, &model->mortality),
        .utility = variant == HEALTH_UTILITY_ONE ? constant(b, 1.0) : compile(b, &model->utility),
        .n_diseases = model->n_diseases,
        .n_risks = model->n_risks,
        .qaly_account = outcome_account(b, OUTCOME_QALYS),
        .year_account = outcome_account(b, OUTCOME_LIFE_YEARS)};
    for (size_t o = 0; o < model->n_options; ++o) {
        bool first = o == 0 || b->builder->variant == HEALTH_IDENTICAL;
        begin_option(b, first ? 0 : o);
        for (size_t d = 0; d < model->n_diseases; ++d) {
            diseases[o * model->n_diseases + d] = build_disease(b, d);
        }
    }
    for (size_t i = 0; i < model->n_risks; ++i) {
        risks[i] = build_risk(b, &model->risks[i]);
    }
    table->diseases = diseases;
    table->risks = risks;
    b->health->life_table = table;
}

/* Weights of a population: people in each group over their sum; constants. */
static void build_group_weights(struct health_builder *b, double *weights)
{
    const struct health_model *model = b->model;
    double sum = 0.0;
    begin_option(b, 0);
    program_slot slot = compile(b, &model->group_weight);
    const struct program_slot_info *info = &b->program->slots[slot];
    bool usable = info->kind == SLOT_CONSTANT && (info->axes & ~(unsigned)AXIS_GROUP) == 0;
    for (size_t g = 0; usable && g < model->n_groups; ++g) {
        weights[g] = info->values[info->n_values > 1 ? g : 0];
        usable = weights[g] >= 0.0;
        sum += weights[g];
    }
    if (!usable || !(sum > 0.0) || isinf(sum)) {
        setting_complain(b->builder->diagnostics, model->group_weight.setting, DIAGNOSTIC_E559,
                         "numbers of people by age_now, sex and quintile, at least 0",
                         "look them up in a data table",
                         "weights of the population that are uncertain, negative or missing");
        return;
    }
    for (size_t g = 0; g < model->n_groups; ++g) {
        weights[g] /= sum;
    }
}

static void build_columns(struct health_builder *b)
{
    const struct health_model *model = b->model;
    size_t *first = arena_array(b->builder->arena, model->n_states + 1, sizeof *first);
    b->health->n_times = 1;
    for (size_t s = 0; s < model->n_states; ++s) {
        size_t n_times = model->states[s].n_times;
        first[s + 1] = first[s] + n_times;
        b->health->n_times = n_times > b->health->n_times ? n_times : b->health->n_times;
    }
    b->health->first_column = first;
    b->health->n_states = model->n_states;
}

static const struct plan_health *build(struct builder *builder, const struct model *owner,
                                       const struct health_gain *gain, size_t n_cycles)
{
    const struct health_model *model = owner->health;
    struct plan_health *health = arena_alloc(builder->arena, sizeof *health);
    struct health_builder b = {
        .builder = builder, .model = model, .owner = owner, .gain = gain, .health = health};
    *health = (struct plan_health){.model = model, .n_cycles = n_cycles};
    build_columns(&b);
    if (model->n_groups * (health->n_cycles + 1) > MAX_COMBINATIONS / health->n_times) {
        layer_complain(builder->diagnostics, model->setting, DIAGNOSTIC_E556,
                       "at most 4,000,000 groups x cycles x times in state",
                       "shorten the horizon or the tunnels, or use longer cycles",
                       "%zu groups, %zu cycles and tunnels of %zu", model->n_groups,
                       health->n_cycles, health->n_times);
        return health;
    }
    health->program = b.program = arena_alloc(builder->arena, sizeof *b.program);
    program_init_steps(b.program, builder->arena, model->n_groups, health->n_cycles + 1,
                       health->n_times);
    b.last_point = health->n_cycles > 0 && !cycle_correction_by_points(model->correction)
                       ? health->n_cycles - 1
                       : health->n_cycles;
    struct health_strategy *strategies =
        arena_array(builder->arena, model->n_options, sizeof *strategies);
    if (model->kind == HEALTH_LIFE_TABLE) {
        b.last_point = health->n_cycles - 1;
        build_life_table(&b);
    }
    for (size_t option = 0; option < model->n_options; ++option) {
        bool first = option == 0 || builder->variant == HEALTH_IDENTICAL;
        strategies[option] = build_strategy(&b, first ? 0 : option);
    }
    double *weights = arena_array(builder->arena, model->n_groups, sizeof *weights);
    for (size_t g = 0; g < model->n_groups; ++g) {
        weights[g] = model->groups[g].weight;
    }
    if (model->group_weight.expression != NULL) {
        build_group_weights(&b, weights);
    }
    build_weights(&b);
    health->stepped = health->n_times > 1 || model->n_groups > 1;
    for (size_t i = 0; i < b.program->n_slots; ++i) {
        health->stepped =
            health->stepped || (b.program->slots[i].axes & (AXIS_GROUP | AXIS_YEAR)) != 0;
    }
    health->group_weights = weights;
    health->strategies = strategies;
    health->imports = b.imports;
    health->n_imports = b.n_imports;
    health->traces = b.traces;
    health->n_traces = b.n_traces;
    health->accounts = b.accounts;
    health->n_accounts = b.n_accounts;
    health->sums = b.sums;
    health->n_sums = b.n_sums;
    return health;
}

void plan_health_build(struct builder *builder)
{
    builder->plan->health = build(builder, builder->model, NULL, builder->scenario->n_cycles);
}

const struct plan_health *plan_health_feed(struct builder *builder, const struct health_gain *gain)
{
    const struct health_model *model = gain->model->health;
    size_t n_cycles = model->kind != HEALTH_TREE
                          ? (size_t)lround(model->horizon_years / model->cycle_length_years)
                          : 0;
    return build(builder, gain->model, gain, n_cycles);
}
