/* The compiled program against a tree walked draw by draw, and what it shares and folds. */
#include "base/text.h"
#include "base/vector.h"
#include "expression/expression.h"
#include "support/assert_close.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { N_INPUTS = 4, N_TABLES = 2, N_YEARS = 5, N_DRAWS = 37, N_TREES = 2000 };

static uint64_t next_word(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double unit(uint64_t *state)
{
    return ((double)(next_word(state) >> 11) + 0.5) * 0x1p-53;
}

/* ---- a small world: inputs x0..x3, tables y0 and y1 by year, everything in one arena ---- */

struct world {
    struct arena arena;
    struct diagnostics diagnostics;
    struct program program;
    program_slot inputs[N_INPUTS], tables[N_TABLES];
    double input_values[N_INPUTS][N_DRAWS], table_values[N_TABLES][N_YEARS];
    double *workspace;
};

static void world_init(struct world *world, uint64_t seed)
{
    *world = (struct world){0};
    arena_init(&world->arena);
    diagnostics_init(&world->diagnostics, &world->arena);
    program_init(&world->program, &world->arena, N_YEARS);
    for (size_t i = 0; i < N_INPUTS; ++i) {
        world->inputs[i] = program_add_input(&world->program);
        for (size_t draw = 0; draw < N_DRAWS; ++draw) {
            world->input_values[i][draw] = i == 0 ? unit(&seed) : 8.0 * unit(&seed) - 3.0;
        }
    }
    for (size_t i = 0; i < N_TABLES; ++i) {
        for (size_t year = 0; year < N_YEARS; ++year) {
            world->table_values[i][year] = 3.0 * unit(&seed);
        }
        world->tables[i] = program_add_year_constant(&world->program, world->table_values[i]);
    }
}

static void world_run(struct world *world)
{
    world->workspace = memory_columns(world->program.n_columns * PROGRAM_BLOCK);
    program_prepare(&world->program, world->workspace);
    for (size_t i = 0; i < N_INPUTS; ++i) {
        memcpy(program_column(&world->program, world->workspace, world->inputs[i], 0),
               world->input_values[i], sizeof world->input_values[i]);
    }
    program_run(&world->program, world->workspace, N_DRAWS);
}

static void world_clear(struct world *world)
{
    free(world->workspace);
    arena_clear(&world->arena);
}

static bool resolve(void *context, const char *name, program_slot *slot)
{
    const struct world *world = context;
    size_t at = (size_t)(name[1] - '0');
    *slot = name[0] == 'x' ? world->inputs[at] : world->tables[at];
    return true;
}

static const struct expression *parse(struct world *world, const char *text)
{
    const struct setting setting = {.path = "amount", .type = SETTING_TEXT, .text = text};
    return expression_parse(&world->arena, &setting, &world->diagnostics);
}

static program_slot compile(struct world *world, const char *text)
{
    const struct expression *root = parse(world, text);
    assert_non_null(root);
    const struct expression_resolver resolver = {.resolve = resolve, .context = world};
    return expression_compile(&world->program, root, &resolver);
}

/* ---- the oracle: one draw, one year, straight from the definitions ---- */

static double smaller(double a, double b)
{
    return isnan(a) || isnan(b) ? (double)NAN : a < b ? a : b;
}

static double larger(double a, double b)
{
    return isnan(a) || isnan(b) ? (double)NAN : a > b ? a : b;
}

enum { N_SURVIVAL_FUNCTIONS = 10 };

static double cumulative_hazard(enum program_op op, double t, double a, double b)
{
    if (isnan(t) || isnan(a) || (op != OP_HAZARD_EXPONENTIAL && isnan(b))) {
        return (double)NAN;
    } else if (t <= 0.0) {
        return 0.0;
    } else if (op == OP_HAZARD_EXPONENTIAL) {
        return a * t;
    } else if (op == OP_HAZARD_WEIBULL) {
        return pow(t / b, a);
    } else if (op == OP_HAZARD_GOMPERTZ) {
        return a == 0.0 ? b * t : b * expm1(a * t) / a;
    } else if (op == OP_HAZARD_LOGLOGISTIC) {
        return log1p(pow(t / b, a));
    }
    double z = (log(t) - a) / b;
    return z < 0.0 ? -log1p(-0.5 * erfc(-z / sqrt(2.0))) : -log(0.5 * erfc(z / sqrt(2.0)));
}

static double apply_arithmetic(enum program_op op, double a, double b, double c)
{
    if (op == OP_ADD) {
        return a + b;
    } else if (op == OP_SUBTRACT) {
        return a - b;
    } else if (op == OP_MULTIPLY) {
        return a * b;
    } else if (op == OP_DIVIDE) {
        return a / b;
    } else if (op == OP_POWER) {
        return pow(a, b);
    } else if (op == OP_NEGATE) {
        return -a;
    } else if (op == OP_ABS) {
        return fabs(a);
    } else if (op == OP_EXP) {
        return exp(a);
    } else if (op == OP_LOG) {
        return log(a);
    } else if (op == OP_SQRT) {
        return sqrt(a);
    } else if (op == OP_FLOOR) {
        return floor(a);
    } else if (op == OP_CEIL) {
        return ceil(a);
    } else if (op == OP_MIN) {
        return smaller(a, b);
    } else if (op == OP_MAX) {
        return larger(a, b);
    } else if (op == OP_CLAMP) {
        return smaller(larger(a, b), c);
    } else if (op == OP_RATE_TO_PROB) {
        return 1.0 - exp(-a * b);
    } else if (op == OP_PROB_TO_RATE) {
        return -log(1.0 - a) / b;
    } else if (op == OP_ODDS) {
        return a / (1.0 - a);
    }
    assert_int_equal(op, OP_SCALE_PROB);
    return 1.0 - pow(1.0 - a, b);
}

static bool apply_logic(enum program_op op, double a, double b, bool *truth)
{
    *truth = op == OP_LESS            ? a < b
             : op == OP_LESS_EQUAL    ? a <= b
             : op == OP_GREATER       ? a > b
             : op == OP_GREATER_EQUAL ? a >= b
             : op == OP_EQUAL         ? a == b
             : op == OP_NOT_EQUAL     ? a != b
             : op == OP_AND           ? a != 0.0 && b != 0.0
             : op == OP_OR            ? a != 0.0 || b != 0.0
                                      : a == 0.0;
    return op >= OP_LESS && op <= OP_NOT;
}

static double walk(const struct world *world, const struct expression *node, size_t draw,
                   size_t year)
{
    double in[3] = {0.0, 0.0, 0.0};
    bool truth = false;
    if (node->kind == EXPRESSION_NUMBER) {
        return node->number;
    }
    if (node->kind == EXPRESSION_NAME) {
        size_t at = (size_t)(node->name[1] - '0');
        return node->name[0] == 'x' ? world->input_values[at][draw] : world->table_values[at][year];
    }
    for (size_t i = 0; i < node->n_children; ++i) {
        in[i] = walk(world, node->children[i], draw, year);
    }
    if (node->op == OP_IF) {
        return in[0] != 0.0 ? in[1] : in[2];
    }
    if (apply_logic(node->op, in[0], in[1], &truth)) {
        return truth ? 1.0 : 0.0;
    }
    return apply_arithmetic(node->op, in[0], in[1], in[2]);
}

/* ---- random formulas ---- */

static void grow_number(struct text *out, uint64_t *random, int depth);

static void grow_truth(struct text *out, uint64_t *random, int depth)
{
    static const char *const signs[] = {" < ", " <= ", " > ", " >= ", " == ", " != "};
    uint64_t choice = depth > 0 ? next_word(random) % 6 : 0;
    text_append(out, choice == 5 ? "(not " : "(");
    if (choice == 3 || choice == 4) {
        grow_truth(out, random, depth - 1);
        text_append(out, choice == 3 ? " and " : " or ");
        grow_truth(out, random, depth - 1);
    } else if (choice == 5) {
        grow_truth(out, random, depth - 1);
    } else {
        grow_number(out, random, depth - 1);
        text_append(out, signs[next_word(random) % 6]);
        grow_number(out, random, depth - 1);
    }
    text_append(out, ")");
}

static void grow_leaf(struct text *out, uint64_t *random)
{
    uint64_t choice = next_word(random) % 10;
    if (choice < 5) {
        text_printf(out, "x%u", (unsigned)(next_word(random) % N_INPUTS));
    } else if (choice < 7) {
        text_printf(out, "y%u", (unsigned)(next_word(random) % N_TABLES));
    } else {
        text_printf(out, "%.3g", 4.0 * unit(random));
    }
}

static void grow_call(struct text *out, uint64_t *random, int depth)
{
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    /* The survival functions, last in the list, have a test of their own: random arguments drive
     * them to powers of signed zeros, where the two sides differ by design. */
    n_functions -= N_SURVIVAL_FUNCTIONS;
    const struct expression_function *function = &functions[next_word(random) % n_functions];
    text_printf(out, "%s(", function->name);
    for (size_t i = 0; i < function->n_arguments; ++i) {
        text_append(out, i > 0 ? ", " : "");
        if (function->op == OP_IF && i == 0) {
            grow_truth(out, random, depth - 1);
        } else {
            grow_number(out, random, depth - 1);
        }
    }
    text_append(out, ")");
}

static void grow_number(struct text *out, uint64_t *random, int depth)
{
    static const char *const signs[] = {" + ", " - ", " * ", " / ", " ^ "};
    uint64_t choice = next_word(random) % 8;
    if (depth <= 0 || choice == 0) {
        grow_leaf(out, random);
    } else if (choice < 4) {
        grow_call(out, random, depth);
    } else {
        text_append(out, choice == 7 ? "(-" : "(");
        grow_number(out, random, depth - 1);
        text_append(out, signs[next_word(random) % 5]);
        grow_number(out, random, depth - 1);
        text_append(out, ")");
    }
}

/* ---- comparing ---- */

/* The oracle uses libm, whose last digit differs; where a formula magnifies that (differences of
 * near equals, exp of large numbers, floor at a whole number) the walk itself, with every leaf
 * moved by 1e-15 of it, says how much. */
static double sensitivity(struct world *world, const struct expression *root, size_t draw,
                          size_t year, double value)
{
    double moved = 0.0;
    for (int sign = -1; sign <= 1; sign += 2) {
        struct world nearby = *world;
        for (size_t i = 0; i < N_INPUTS; ++i) {
            nearby.input_values[i][draw] *= 1.0 + 1e-15 * sign * (double)(i + 1);
        }
        for (size_t i = 0; i < N_TABLES; ++i) {
            nearby.table_values[i][year] *= 1.0 - 1e-15 * sign * (double)(i + 2);
        }
        moved = fmax(moved, fabs(walk(&nearby, root, draw, year) - value));
    }
    return moved;
}

struct tally {
    size_t n_values, n_finite, n_loose;
};

static void compare(struct world *world, const char *text, const struct expression *root,
                    program_slot slot, struct tally *tally)
{
    for (size_t year = 0; year < N_YEARS; ++year) {
        const double *column = program_column(&world->program, world->workspace, slot, year);
        for (size_t draw = 0; draw < N_DRAWS; ++draw) {
            double expected = walk(world, root, draw, year), actual = column[draw];
            bool same = isfinite(expected) ? fabs(actual - expected) <= 1e-12 * fabs(expected)
                        : isnan(expected)  ? isnan(actual)
                                           : actual == expected;
            ++tally->n_values;
            tally->n_finite += isfinite(expected) ? 1 : 0;
            if (same) {
                continue;
            }
            double moved = sensitivity(world, root, draw, year, expected);
            if (isfinite(moved) && !(fabs(actual - expected) <= 100.0 * moved)) {
                fail_msg("%s\ndraw %zu, year %zu: %.17g, not %.17g", text, draw, year, actual,
                         expected);
            }
            ++tally->n_loose;
        }
    }
}

static void programs_agree_with_a_walk_of_the_tree(void **state)
{
    (void)state;
    uint64_t random = 2026;
    size_t n_compared = 0;
    struct tally tally = {0};
    while (n_compared < N_TREES) {
        struct world world;
        struct text text;
        text_init(&text);
        grow_number(&text, &random, 5);
        world_init(&world, next_word(&random));
        const struct expression *root = parse(&world, text.bytes);
        if (root != NULL) { /* NULL: a constant outside a function's domain */
            const struct expression_resolver resolver = {.resolve = resolve, .context = &world};
            program_slot slot = expression_compile(&world.program, root, &resolver);
            world_run(&world);
            compare(&world, text.bytes, root, slot, &tally);
            ++n_compared;
        }
        text_clear(&text);
        world_clear(&world);
    }
    print_message("%zu values, %zu finite, %zu compared by their sensitivity\n", tally.n_values,
                  tally.n_finite, tally.n_loose);
    assert_true(tally.n_finite > tally.n_values / 2);
    assert_true(tally.n_loose < tally.n_values / 1000);
}

static void equal_parts_are_computed_once(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, 1);
    program_slot a = compile(&world, "x0 * x1 + exp(x2)");
    size_t n_instructions = world.program.n_instructions;
    program_slot b = compile(&world, "exp(x2) + x1 * x0");
    assert_int_equal(a, b);
    assert_int_equal(world.program.n_instructions, n_instructions);
    program_slot c = compile(&world, "x0 * x1 - exp(x2)");
    assert_int_not_equal(a, c);
    assert_int_equal(world.program.n_instructions, n_instructions + 1);
    assert_int_not_equal(compile(&world, "x0 - x1"), compile(&world, "x1 - x0"));
    assert_int_not_equal(compile(&world, "x0 < x1"), compile(&world, "x1 < x0"));
    world_clear(&world);
}

static void equal_constants_share_a_slot(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, 1);
    const double same[N_YEARS] = {2.5, 2.5, 2.5, 2.5, 2.5};
    program_slot slot = program_add_constant(&world.program, 2.5);
    assert_int_equal(slot, program_add_constant(&world.program, 2.5));
    assert_int_equal(slot, program_add_year_constant(&world.program, same));
    assert_int_equal(slot, compile(&world, "5 / 2"));
    assert_int_not_equal(slot, program_add_constant(&world.program, -2.5));
    assert_int_equal(world.tables[0],
                     program_add_year_constant(&world.program, world.table_values[0]));
    for (size_t i = 0; i < 1000; ++i) { /* beyond the first sizes of the table */
        program_slot many = program_add_constant(&world.program, (double)i + 0.25);
        assert_int_equal(many, program_add_constant(&world.program, (double)i + 0.25));
    }
    world_clear(&world);
}

static void operations_on_constants_become_constants(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, 1);
    double value = 0.0;
    assert_true(program_constant_value(&world.program,
                                       compile(&world, "clamp(2^3 + exp(0), 0, 7.5)"), &value));
    assert_true(value == 7.5);
    assert_true(
        program_constant_value(&world.program, compile(&world, "rate_to_prob(0.3, 2)"), &value));
    assert_true(value == 1.0 - number_exp(-0.6));
    assert_false(program_constant_value(&world.program, world.tables[0], &value));
    assert_false(program_constant_value(&world.program, world.inputs[0], &value));
    program_slot by_year = compile(&world, "y0 * 2 + y1");
    assert_int_equal(world.program.slots[by_year].kind, SLOT_CONSTANT);
    assert_int_equal(world.program.n_instructions, 0);
    world_run(&world);
    for (size_t year = 0; year < N_YEARS; ++year) {
        double expected = world.table_values[0][year] * 2.0 + world.table_values[1][year];
        const double *column = program_column(&world.program, world.workspace, by_year, year);
        assert_true(column[0] == expected && column[PROGRAM_BLOCK - 1] == expected);
    }
    world_clear(&world);
}

static void a_constant_condition_leaves_only_its_branch(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, 1);
    assert_int_equal(compile(&world, "if(1 < 2, x0, x1)"), world.inputs[0]);
    assert_int_equal(compile(&world, "if(1 > 2, x0, x1)"), world.inputs[1]);
    assert_int_equal(world.program.n_instructions, 0);
    world_clear(&world);
}

static void a_value_varies_over_the_axes_of_its_inputs(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, 1);
    const struct program_slot_info *slots = NULL;
    program_slot draw = compile(&world, "x0 + 1"), both = compile(&world, "(x0 + 1) * y0"),
                 year = compile(&world, "y0 + 1");
    slots = world.program.slots;
    assert_int_equal(slots[draw].axes, AXIS_DRAW);
    assert_int_equal(slots[draw].extent, 1);
    assert_int_equal(slots[both].axes, AXIS_DRAW | AXIS_YEAR);
    assert_int_equal(slots[both].extent, N_YEARS);
    assert_int_equal(slots[year].axes, AXIS_YEAR);
    assert_int_equal(slots[year].extent, N_YEARS);
    world_clear(&world);
}

static void columns_of_slots_do_not_overlap(void **state)
{
    (void)state;
    struct world world;
    world_init(&world, 1);
    (void)compile(&world, "clamp(x0 * y0, 0, x1) + log(abs(x2)) ^ y1");
    size_t next = 0;
    for (size_t i = 0; i < world.program.n_slots; ++i) {
        assert_int_equal(world.program.slots[i].offset, next);
        next += world.program.slots[i].extent;
    }
    assert_int_equal(world.program.n_columns, next);
    world_clear(&world);
}

static void one_year_is_a_constant_like_any_other(void **state)
{
    (void)state;
    struct arena arena;
    struct program program;
    arena_init(&arena);
    program_init(&program, &arena, 1);
    double value = 3.0;
    program_slot slot = program_add_year_constant(&program, &value);
    assert_int_equal(slot, program_add_constant(&program, 3.0));
    assert_true(program_constant_value(&program, slot, &value));
    arena_clear(&arena);
}

/* Against libm, over times and shapes as models have them, and in the tails. */
static void survival_functions_agree_with_their_definitions(void **state)
{
    (void)state;
    const double times[] = {-1.0, 0.0, 1e-6, 0.01, 0.5, 1.0, 3.0, 20.0, 75.0};
    const double shapes[] = {0.05, 0.5, 1.0, 1.2, 3.0}, scales[] = {0.01, 0.6, 6.0, 40.0};
    for (enum program_op op = OP_HAZARD_EXPONENTIAL; op <= OP_HAZARD_LOGNORMAL; ++op) {
        for (size_t i = 0; i < sizeof times / sizeof *times; ++i) {
            for (size_t j = 0; j < sizeof shapes / sizeof *shapes; ++j) {
                for (size_t k = 0; k < sizeof scales / sizeof *scales; ++k) {
                    const double in[3] = {times[i], shapes[j], scales[k]};
                    double hazard = cumulative_hazard(op, in[0], in[1], in[2]);
                    enum program_op survival =
                        (enum program_op)(op - OP_HAZARD_EXPONENTIAL + OP_SURVIVAL_EXPONENTIAL);
                    if (hazard < 700.0) {
                        assert_close(program_operation_value(op, in), hazard, 1e-12);
                        assert_close(program_operation_value(survival, in), exp(-hazard),
                                     1e-12 * (1.0 + hazard));
                    }
                }
            }
        }
    }
    const double gompertz[3] = {2.0, 0.0, 0.3}, falling[3] = {5.0, -0.4, 0.3};
    assert_close(program_operation_value(OP_HAZARD_GOMPERTZ, gompertz), 0.6, 1e-15);
    assert_close(program_operation_value(OP_HAZARD_GOMPERTZ, falling),
                 0.3 * (1.0 - exp(-2.0)) / 0.4, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survival_functions_agree_with_their_definitions),
        cmocka_unit_test(programs_agree_with_a_walk_of_the_tree),
        cmocka_unit_test(equal_parts_are_computed_once),
        cmocka_unit_test(equal_constants_share_a_slot),
        cmocka_unit_test(operations_on_constants_become_constants),
        cmocka_unit_test(a_constant_condition_leaves_only_its_branch),
        cmocka_unit_test(a_value_varies_over_the_axes_of_its_inputs),
        cmocka_unit_test(columns_of_slots_do_not_overlap),
        cmocka_unit_test(one_year_is_a_constant_like_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
