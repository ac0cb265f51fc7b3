#include "expression/program.h"

#include "base/text.h"
#include "base/vector.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Value numbering: what was added before, by what it is. Open addressing, grown by doubling. */
struct index_entry {
    uint64_t hash;
    program_slot slot;                      /* PROGRAM_NO_SLOT: free */
    struct program_instruction instruction; /* constants: out = PROGRAM_NO_SLOT */
};

struct program_index {
    struct index_entry *entries;
    size_t n_entries, capacity;
};

void program_init(struct program *program, struct arena *arena, size_t n_years)
{
    *program = (struct program){.arena = arena, .n_years = n_years, .n_groups = 1, .n_times = 1};
    program->index = arena_alloc(arena, sizeof *program->index);
}

void program_init_steps(struct program *program, struct arena *arena, size_t n_groups,
                        size_t n_cycles, size_t n_times)
{
    program_init(program, arena, n_cycles);
    program->n_groups = n_groups;
    program->n_times = n_times;
    program->stepwise = true;
}

/* ---- axes: a combination is an index over a slot's axes, the last of this list fastest ---- */

static const unsigned axis_order[] = {AXIS_OPTION, AXIS_GROUP, AXIS_YEAR, AXIS_AGE,
                                      AXIS_TIME_IN_STATE};

enum { N_AXES = sizeof axis_order / sizeof axis_order[0] };

static size_t axis_extent(const struct program *program, unsigned axis)
{
    return axis == AXIS_YEAR            ? program->n_years
           : axis == AXIS_GROUP         ? program->n_groups
           : axis == AXIS_TIME_IN_STATE ? program->n_times
                                        : 1;
}

static size_t extent_of(const struct program *program, unsigned axes)
{
    size_t extent = 1;
    for (size_t i = 0; i < N_AXES; ++i) {
        extent *= (axes & axis_order[i]) != 0 ? axis_extent(program, axis_order[i]) : 1;
    }
    return extent;
}

/* Axes that a slot has columns for; the others are stepped through. */
static unsigned stored_axes(const struct program *program, unsigned axes)
{
    return program->stepwise ? axes & ~(unsigned)(AXIS_GROUP | AXIS_YEAR) : axes;
}

/* The combination of `part` axes that belongs to a combination of `whole` axes, which include them.
 */
static size_t project(const struct program *program, unsigned whole, size_t combination,
                      unsigned part)
{
    size_t projected = 0, stride = 1;
    for (size_t i = N_AXES; i-- > 0;) {
        if ((whole & axis_order[i]) == 0) {
            continue;
        }
        size_t extent = axis_extent(program, axis_order[i]);
        if ((part & axis_order[i]) != 0) {
            projected += combination % extent * stride;
            stride *= extent;
        }
        combination /= extent;
    }
    return projected;
}

static program_slot add_slot(struct program *program, enum program_slot_kind kind, unsigned axes,
                             const double *values)
{
    program->slots = arena_grow(program->arena, program->slots, program->n_slots,
                                &program->slots_capacity, sizeof *program->slots);
    size_t extent = extent_of(program, stored_axes(program, axes));
    program->slots[program->n_slots] =
        (struct program_slot_info){.kind = kind,
                                   .axes = axes,
                                   .extent = extent,
                                   .offset = program->n_columns,
                                   .values = values,
                                   .n_values = extent_of(program, axes)};
    program->n_columns += extent;
    return (program_slot)program->n_slots++;
}

static void place_entry(struct program_index *index, struct index_entry entry)
{
    size_t at = (size_t)entry.hash & (index->capacity - 1);
    while (index->entries[at].slot != PROGRAM_NO_SLOT) {
        at = (at + 1) & (index->capacity - 1);
    }
    index->entries[at] = entry;
}

static void grow_index(struct program *program)
{
    struct program_index *index = program->index;
    struct program_index old = *index;
    index->capacity = old.capacity == 0 ? 64 : 2 * old.capacity;
    index->entries = arena_array(program->arena, index->capacity, sizeof *index->entries);
    for (size_t i = 0; i < index->capacity; ++i) {
        index->entries[i].slot = PROGRAM_NO_SLOT;
    }
    for (size_t i = 0; i < old.capacity; ++i) {
        if (old.entries[i].slot != PROGRAM_NO_SLOT) {
            place_entry(index, old.entries[i]);
        }
    }
}

static void remember(struct program *program, uint64_t hash, program_slot slot,
                     struct program_instruction instruction)
{
    struct program_index *index = program->index;
    if (2 * index->n_entries >= index->capacity) {
        grow_index(program);
    }
    place_entry(index,
                (struct index_entry){.hash = hash, .slot = slot, .instruction = instruction});
    ++index->n_entries;
}

static uint64_t hash_values(unsigned axes, const double *values, size_t n)
{
    return text_hash(values, n * sizeof *values, TEXT_HASH_START ^ axes);
}

static program_slot find_constant(const struct program *program, uint64_t hash, unsigned axes,
                                  const double *values, size_t n)
{
    const struct program_index *index = program->index;
    for (size_t at = (size_t)hash; index->capacity > 0; ++at) {
        const struct index_entry *entry = &index->entries[at & (index->capacity - 1)];
        if (entry->slot == PROGRAM_NO_SLOT) {
            break;
        }
        const struct program_slot_info *slot = &program->slots[entry->slot];
        if (entry->hash == hash && slot->kind == SLOT_CONSTANT && slot->axes == axes &&
            memcmp(slot->values, values, n * sizeof *values) == 0) {
            return entry->slot;
        }
    }
    return PROGRAM_NO_SLOT;
}

static program_slot add_constants(struct program *program, unsigned axes, const double *values)
{
    size_t n = extent_of(program, axes);
    uint64_t hash = hash_values(axes, values, n);
    program_slot known = find_constant(program, hash, axes, values, n);
    if (known != PROGRAM_NO_SLOT) {
        return known;
    }
    double *copy = arena_array(program->arena, n, sizeof *copy);
    memcpy(copy, values, n * sizeof *copy);
    program_slot slot = add_slot(program, SLOT_CONSTANT, axes, copy);
    remember(program, hash, slot, (struct program_instruction){.out = PROGRAM_NO_SLOT});
    return slot;
}

program_slot program_add_constant(struct program *program, double value)
{
    return add_constants(program, 0, &value);
}

program_slot program_add_year_constant(struct program *program, const double *values)
{
    bool same = true;
    for (size_t year = 1; year < program->n_years; ++year) {
        /* The same bits, so that -0 stays apart from 0. NOLINTNEXTLINE(bugprone-*,cert-*) */
        same = same && memcmp(&values[year], &values[0], sizeof values[0]) == 0;
    }
    return add_constants(program, same ? 0 : AXIS_YEAR, values);
}

/* True where the values of `axes` do not change along `axis`. */
static bool is_flat(const struct program *program, unsigned axes, unsigned axis,
                    const double *values)
{
    unsigned rest = axes & ~axis;
    size_t n = extent_of(program, axes);
    double *first = memory_array(extent_of(program, rest), sizeof *first);
    for (size_t k = n; k-- > 0;) {
        first[project(program, axes, k, rest)] = values[k];
    }
    bool flat = true;
    for (size_t k = 0; k < n && flat; ++k) {
        /* The same bits, so that -0 stays apart from 0. NOLINTNEXTLINE(bugprone-*,cert-*) */
        flat = memcmp(&values[k], &first[project(program, axes, k, rest)], sizeof *values) == 0;
    }
    free(first);
    return flat;
}

program_slot program_add_axis_constant(struct program *program, unsigned axes, const double *values)
{
    double *kept = memory_array(extent_of(program, axes), sizeof *kept);
    memcpy(kept, values, extent_of(program, axes) * sizeof *kept);
    for (size_t i = 0; i < N_AXES; ++i) {
        unsigned axis = axes & axis_order[i];
        if (axis == 0 || !is_flat(program, axes, axis, kept)) {
            continue;
        }
        unsigned rest = axes & ~axis;
        for (size_t k = 0; k < extent_of(program, axes); ++k) {
            kept[project(program, axes, k, rest)] = kept[k]; /* never behind k */
        }
        axes = rest;
    }
    program_slot slot = add_constants(program, axes, kept);
    free(kept);
    return slot;
}

program_slot program_add_lookup(struct program *program, size_t n_arguments,
                                const program_slot *arguments,
                                double (*look_up)(void *context, const double *arguments),
                                void *context)
{
    unsigned axes = 0;
    for (size_t i = 0; i < n_arguments; ++i) {
        if (program->slots[arguments[i]].kind != SLOT_CONSTANT) {
            return PROGRAM_NO_SLOT;
        }
        axes |= program->slots[arguments[i]].axes;
    }
    size_t n = extent_of(program, axes);
    double *values = memory_array(n, sizeof *values);
    double *given = memory_array(n_arguments + 1, sizeof *given);
    for (size_t k = 0; k < n; ++k) {
        for (size_t i = 0; i < n_arguments; ++i) {
            const struct program_slot_info *slot = &program->slots[arguments[i]];
            given[i] = slot->values[project(program, axes, k, slot->axes)];
        }
        values[k] = look_up(context, given);
    }
    program_slot slot = program_add_axis_constant(program, axes, values);
    free(given);
    free(values);
    return slot;
}

program_slot program_add_input(struct program *program)
{
    return add_slot(program, SLOT_INPUT, AXIS_DRAW, NULL);
}

bool program_constant_value(const struct program *program, program_slot slot, double *value)
{
    const struct program_slot_info *info = &program->slots[slot];
    if (info->kind != SLOT_CONSTANT || info->n_values != 1) {
        return false;
    }
    *value = info->values[0];
    return true;
}

/* ---- operations on columns ---- */

static void negate_truth(size_t n, const double *truth, double *out)
{
    for (size_t i = 0; i < n; ++i) {
        out[i] = 1.0 - truth[i];
    }
}

/* 1 - exp(-rate time); -log(1 - p) / time; 1 - (1 - p)^ratio; p / (1 - p). `out` may be an input.
 */
static void run_conversion(enum program_op op, size_t n, const double *a, const double *b,
                           double *out)
{
    const struct vector_kernels *kernels = vector_kernels();
    double one[PROGRAM_BLOCK], work[PROGRAM_BLOCK];
    kernels->fill(n, 1.0, one);
    kernels->subtract(n, one, a, work);
    if (op == OP_RATE_TO_PROB) {
        kernels->multiply(n, a, b, work);
        kernels->negate(n, work, work);
        kernels->exp(n, work, work);
        kernels->subtract(n, one, work, out);
    } else if (op == OP_ODDS) {
        kernels->divide(n, a, work, out);
    } else if (op == OP_PROB_TO_RATE) {
        kernels->log(n, work, work);
        kernels->negate(n, work, work);
        kernels->divide(n, work, b, out);
    } else {
        assert(op == OP_SCALE_PROB);
        kernels->power(n, work, b, work);
        kernels->subtract(n, one, work, out);
    }
}

/* Phi(-z), the upper tail of the normal, to about 1e-15 relative: the continued fraction of Mills'
 * ratio far out, the series of the error function near 0 (Abramowitz and Stegun 26.2.14, 26.2.11).
 */
static double normal_upper_tail(double z)
{
    const double inverse_root_two_pi = 0.39894228040143267794;
    if (z < 0.0) {
        return 1.0 - normal_upper_tail(-z);
    }
    if (z > 38.6) {
        return 0.0;
    }
    double density = inverse_root_two_pi * number_exp(-0.5 * z * z);
    if (z < 2.5) {
        double term = z, sum = z;
        for (int k = 3; term > 1e-18 * sum; k += 2) {
            term *= z * z / k;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    double fraction = z;
    for (int k = 160; k > 0; --k) {
        fraction = z + k / fraction;
    }
    return density / fraction;
}

/* exp(x) - 1 without losing the digits of a small x (Higham, Accuracy and stability of numerical
 * algorithms, 1.14.1). */
static double exp_minus_one(double x)
{
    double rounded = number_exp(x);
    if (rounded == 1.0) {
        return x;
    }
    return rounded - 1.0 == -1.0 || isinf(rounded) ? rounded - 1.0
                                                   : (rounded - 1.0) * x / number_log(rounded);
}

/* Cumulative hazards; time at or below 0 has none. */
static double hazard_value(enum program_op op, double t, double a, double b)
{
    if (isnan(t) || isnan(a) || isnan(b)) {
        return (double)NAN;
    }
    if (!(t > 0.0)) {
        return 0.0;
    }
    if (op == OP_HAZARD_EXPONENTIAL) {
        return a * t;
    }
    if (op == OP_HAZARD_WEIBULL) {
        return number_power(t / b, a);
    }
    if (op == OP_HAZARD_GOMPERTZ) {
        return a == 0.0 ? b * t : b * exp_minus_one(a * t) / a;
    }
    if (op == OP_HAZARD_LOGLOGISTIC) {
        return number_log_one_plus(number_power(t / b, a));
    }
    assert(op == OP_HAZARD_LOGNORMAL);
    double z = (number_log(t) - a) / b;
    if (z >= 0.0) {
        return -number_log(normal_upper_tail(z));
    }
    return -number_log_one_plus(-normal_upper_tail(-z));
}

static void run_survival(enum program_op op, size_t n, const double *const in[3], double *out)
{
    assert(out != NULL);
    bool survival = op >= OP_SURVIVAL_EXPONENTIAL;
    enum program_op hazard =
        survival ? (enum program_op)(op - OP_SURVIVAL_EXPONENTIAL + OP_HAZARD_EXPONENTIAL) : op;
    for (size_t i = 0; i < n; ++i) {
        double value = hazard_value(hazard, in[0][i], in[1][i], in[2] != NULL ? in[2][i] : 0.0);
        out[i] = survival ? number_exp(-value) : value;
    }
}

typedef void unary_kernel(size_t n, const double *x, double *out);
typedef void binary_kernel(size_t n, const double *x, const double *y, double *out);

/* Where the kernel of an operation stands in struct vector_kernels; 0: none does it alone. */
#define KERNEL(name) offsetof(struct vector_kernels, name)

static const size_t unary_kernels[N_PROGRAM_OPS] = {
    [OP_NEGATE] = KERNEL(negate), [OP_ABS] = KERNEL(abs),   [OP_EXP] = KERNEL(exp),
    [OP_LOG] = KERNEL(log),       [OP_SQRT] = KERNEL(sqrt), [OP_FLOOR] = KERNEL(floor),
    [OP_CEIL] = KERNEL(ceil)};

static const size_t binary_kernels[N_PROGRAM_OPS] = {
    [OP_ADD] = KERNEL(add),           [OP_SUBTRACT] = KERNEL(subtract),
    [OP_MULTIPLY] = KERNEL(multiply), [OP_DIVIDE] = KERNEL(divide),
    [OP_POWER] = KERNEL(power),       [OP_LESS] = KERNEL(less),
    [OP_EQUAL] = KERNEL(equal),       [OP_LESS_EQUAL] = KERNEL(less_equal),
    [OP_AND] = KERNEL(multiply),      [OP_OR] = KERNEL(maximum),
    [OP_MIN] = KERNEL(minimum),       [OP_MAX] = KERNEL(maximum)};

/* Operations of two kernels or swapped inputs. */
static void run_composed(enum program_op op, size_t n, const double *const in[3], double *out)
{
    const struct vector_kernels *kernels = vector_kernels();
    if (op == OP_GREATER) {
        kernels->less(n, in[1], in[0], out);
    } else if (op == OP_GREATER_EQUAL) {
        kernels->less_equal(n, in[1], in[0], out);
    } else if (op == OP_NOT_EQUAL) {
        kernels->equal(n, in[0], in[1], out);
        negate_truth(n, out, out);
    } else if (op == OP_NOT) {
        negate_truth(n, in[0], out);
    } else if (op == OP_IF) {
        kernels->select(n, in[0], in[1], in[2], out);
    } else if (op == OP_CLAMP) {
        kernels->maximum(n, in[0], in[1], out);
        kernels->minimum(n, out, in[2], out);
    } else if (op >= OP_HAZARD_EXPONENTIAL && op <= OP_SURVIVAL_LOGNORMAL) {
        run_survival(op, n, in, out);
    } else {
        run_conversion(op, n, in[0], in[1], out);
    }
}

static void run_operation(enum program_op op, size_t n, const double *const in[3], double *out)
{
    const char *kernels = (const char *)vector_kernels();
    if (unary_kernels[op] != 0) {
        unary_kernel *run = NULL;
        memcpy(&run, kernels + unary_kernels[op], sizeof run);
        run(n, in[0], out);
    } else if (binary_kernels[op] != 0) {
        binary_kernel *run = NULL;
        memcpy(&run, kernels + binary_kernels[op], sizeof run);
        run(n, in[0], in[1], out);
    } else {
        run_composed(op, n, in, out);
    }
}

/* ---- adding operations ---- */

static bool is_commutative(enum program_op op)
{
    return op == OP_ADD || op == OP_MULTIPLY || op == OP_EQUAL || op == OP_NOT_EQUAL ||
           op == OP_AND || op == OP_OR;
}

static bool same_instruction(const struct program_instruction *a,
                             const struct program_instruction *b)
{
    return a->op == b->op && a->in[0] == b->in[0] && a->in[1] == b->in[1] && a->in[2] == b->in[2];
}

static uint64_t hash_instruction(const struct program_instruction *instruction)
{
    uint32_t words[4] = {(uint32_t)instruction->op, instruction->in[0], instruction->in[1],
                         instruction->in[2]};
    return text_hash(words, sizeof words, TEXT_HASH_START);
}

static program_slot find_instruction(const struct program *program, uint64_t hash,
                                     const struct program_instruction *instruction)
{
    const struct program_index *index = program->index;
    for (size_t at = (size_t)hash; index->capacity > 0; ++at) {
        const struct index_entry *entry = &index->entries[at & (index->capacity - 1)];
        if (entry->slot == PROGRAM_NO_SLOT) {
            break;
        }
        if (entry->hash == hash && entry->instruction.out != PROGRAM_NO_SLOT &&
            same_instruction(&entry->instruction, instruction)) {
            return entry->slot;
        }
    }
    return PROGRAM_NO_SLOT;
}

double program_operation_value(enum program_op op, const double in[3])
{
    double value = 0.0;
    const double *const columns[3] = {&in[0], &in[1], &in[2]};
    run_operation(op, 1, columns, &value);
    return value;
}

/* An operation over constants is one more constant, by the same kernels as in a run. */
static program_slot fold(struct program *program, const struct program_instruction *instruction,
                         unsigned axes)
{
    size_t n = extent_of(program, axes);
    double *values = arena_array(program->arena, n, sizeof *values);
    for (size_t k = 0; k < n; ++k) {
        double in[3] = {0.0, 0.0, 0.0};
        for (size_t i = 0; i < 3 && instruction->in[i] != PROGRAM_NO_SLOT; ++i) {
            const struct program_slot_info *slot = &program->slots[instruction->in[i]];
            in[i] = slot->values[project(program, axes, k, slot->axes)];
        }
        values[k] = program_operation_value(instruction->op, in);
    }
    return program_add_axis_constant(program, axes, values);
}

static program_slot add_instruction(struct program *program, struct program_instruction instruction,
                                    unsigned axes)
{
    uint64_t hash = hash_instruction(&instruction);
    program_slot known = find_instruction(program, hash, &instruction);
    if (known != PROGRAM_NO_SLOT) {
        return known;
    }
    instruction.out = add_slot(program, SLOT_RESULT, axes, NULL);
    program->instructions =
        arena_grow(program->arena, program->instructions, program->n_instructions,
                   &program->instructions_capacity, sizeof *program->instructions);
    program->instructions[program->n_instructions++] = instruction;
    remember(program, hash, instruction.out, instruction);
    return instruction.out;
}

program_slot program_add_operation(struct program *program, enum program_op op, program_slot a,
                                   program_slot b, program_slot c)
{
    double condition = 0.0;
    if (op == OP_IF && program_constant_value(program, a, &condition)) {
        return condition != 0.0 ? b : c;
    }
    bool swap = is_commutative(op) && b < a;
    struct program_instruction instruction = {.op = op, .in = {swap ? b : a, swap ? a : b, c}};
    unsigned axes = 0;
    bool constant = true;
    for (size_t i = 0; i < 3 && instruction.in[i] != PROGRAM_NO_SLOT; ++i) {
        axes |= program->slots[instruction.in[i]].axes;
        constant = constant && program->slots[instruction.in[i]].kind == SLOT_CONSTANT;
    }
    return constant ? fold(program, &instruction, axes)
                    : add_instruction(program, instruction, axes);
}

/* ---- running ---- */

static bool is_stepped(const struct program *program, unsigned axes)
{
    return stored_axes(program, axes) != axes;
}

void program_prepare(const struct program *program, double *workspace)
{
    for (size_t i = 0; i < program->n_slots; ++i) {
        const struct program_slot_info *slot = &program->slots[i];
        bool ready = slot->kind == SLOT_CONSTANT && !is_stepped(program, slot->axes);
        for (size_t k = 0; ready && k < slot->extent; ++k) {
            vector_kernels()->fill(PROGRAM_BLOCK, slot->values[k],
                                   workspace + (slot->offset + k) * PROGRAM_BLOCK);
        }
    }
}

/* Column of an input for one combination of the stored axes of the result. */
static const double *input_column(const struct program *program, const double *workspace,
                                  program_slot slot, unsigned axes, size_t combination)
{
    if (slot == PROGRAM_NO_SLOT) {
        return NULL;
    }
    const struct program_slot_info *info = &program->slots[slot];
    size_t own = project(program, axes, combination, stored_axes(program, info->axes));
    return workspace + (info->offset + own) * PROGRAM_BLOCK;
}

static void run_instruction(const struct program *program, double *workspace,
                            const struct program_instruction *instruction, size_t n_draws)
{
    const struct program_slot_info *out = &program->slots[instruction->out];
    unsigned axes = stored_axes(program, out->axes);
    for (size_t k = 0; k < out->extent; ++k) {
        const double *in[3];
        for (size_t i = 0; i < 3; ++i) {
            in[i] = input_column(program, workspace, instruction->in[i], axes, k);
        }
        run_operation(instruction->op, n_draws, in, workspace + (out->offset + k) * PROGRAM_BLOCK);
    }
}

void program_run(const struct program *program, double *workspace, size_t n_draws)
{
    assert(n_draws <= PROGRAM_BLOCK);
    for (size_t i = 0; i < program->n_instructions; ++i) {
        const struct program_instruction *instruction = &program->instructions[i];
        if (!is_stepped(program, program->slots[instruction->out].axes)) {
            run_instruction(program, workspace, instruction, n_draws);
        }
    }
}

static void step_constant(const struct program *program, double *workspace,
                          const struct program_slot_info *slot, size_t group, size_t cycle)
{
    unsigned stored = stored_axes(program, slot->axes);
    size_t at = (slot->axes & AXIS_GROUP) != 0 ? group : 0;
    at = (slot->axes & AXIS_YEAR) != 0 ? at * program->n_years + cycle : at;
    size_t n = extent_of(program, stored);
    for (size_t k = 0; k < n; ++k) {
        vector_kernels()->fill(PROGRAM_BLOCK, slot->values[at * n + k],
                               workspace + (slot->offset + k) * PROGRAM_BLOCK);
    }
}

void program_step(const struct program *program, double *workspace, size_t group, size_t cycle,
                  size_t n_draws)
{
    assert(program->stepwise && group < program->n_groups && cycle < program->n_years);
    for (size_t i = 0; i < program->n_slots; ++i) {
        const struct program_slot_info *slot = &program->slots[i];
        bool due = (slot->axes & AXIS_YEAR) != 0 || cycle == 0;
        if (slot->kind == SLOT_CONSTANT && is_stepped(program, slot->axes) && due) {
            step_constant(program, workspace, slot, group, cycle);
        }
    }
    for (size_t i = 0; i < program->n_instructions; ++i) {
        const struct program_instruction *instruction = &program->instructions[i];
        unsigned axes = program->slots[instruction->out].axes;
        if (is_stepped(program, axes) && ((axes & AXIS_YEAR) != 0 || cycle == 0)) {
            run_instruction(program, workspace, instruction, n_draws);
        }
    }
}
