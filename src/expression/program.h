/* A flat vector program: slots of columns of draws, instructions in order.
 *
 * A slot holds `extent` columns of PROGRAM_BLOCK doubles, one for each combination of the axes it
 * varies over (today: none or year; later option, group, age, time in state), so the layout of a
 * slot is [combination][draw]. A slot without AXIS_YEAR has extent 1 and is read by every year.
 * Constants are slots too: filled once a worker, never again.
 *
 *   kinds of slot:  CONSTANT  value known at plan time (may vary by year through a table)
 *                   INPUT     filled by sample/ for every block (column of an uncertain parameter)
 *                   RESULT    written by an instruction
 */
#ifndef DIVIDEND_EXPRESSION_PROGRAM_H
#define DIVIDEND_EXPRESSION_PROGRAM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROGRAM_BLOCK = 256 };

/* Axes a value may vary over; a bit set on every slot. */
enum {
    AXIS_DRAW = 1 << 0,
    AXIS_OPTION = 1 << 1,
    AXIS_GROUP = 1 << 2,
    AXIS_YEAR = 1 << 3, /* model year 0.. horizon - 1, or cycle */
    AXIS_AGE = 1 << 4,
    AXIS_TIME_IN_STATE = 1 << 5
};

enum program_op {
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_POWER,
    OP_NEGATE,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_IF,
    OP_MIN,
    OP_MAX,
    OP_ABS,
    OP_EXP,
    OP_LOG,
    OP_SQRT,
    OP_CLAMP,
    OP_FLOOR,
    OP_CEIL,
    OP_RATE_TO_PROB, /* rate_to_prob(rate, time) = 1 - exp(-rate time) */
    OP_PROB_TO_RATE, /* prob_to_rate(p, time) = -log(1 - p) / time */
    OP_ODDS,         /* odds(p) = p / (1 - p) */
    OP_SCALE_PROB,   /* scale_prob(p, ratio) = 1 - (1 - p)^ratio: a hazard ratio on a probability */
    N_PROGRAM_OPS
};

typedef uint32_t program_slot;
#define PROGRAM_NO_SLOT UINT32_MAX

enum program_slot_kind { SLOT_CONSTANT, SLOT_INPUT, SLOT_RESULT };

struct program_slot_info {
    enum program_slot_kind kind;
    unsigned axes;        /* bit set of AXIS_* */
    size_t extent;        /* columns */
    size_t offset;        /* first column in the workspace */
    const double *values; /* SLOT_CONSTANT: `extent` values */
};

struct program_instruction {
    enum program_op op;
    program_slot out;
    program_slot in[3]; /* unused: PROGRAM_NO_SLOT */
};

struct program {
    struct arena *arena;
    size_t n_years; /* extent of AXIS_YEAR */
    struct program_slot_info *slots;
    size_t n_slots, slots_capacity;
    struct program_instruction *instructions;
    size_t n_instructions, instructions_capacity;
    size_t n_columns;            /* doubles needed a worker: n_columns * PROGRAM_BLOCK */
    struct program_index *index; /* value numbering; private to program.c */
};

void program_init(struct program *program, struct arena *arena, size_t n_years);

/* Equal constants share a slot. */
program_slot program_add_constant(struct program *program, double value);
/* A constant that varies by year; n_years values, copied. */
program_slot program_add_year_constant(struct program *program, const double *values);
/* A new input column, filled by the caller before each program_run. */
program_slot program_add_input(struct program *program);
/* Result of an operation; folds constants, shares equal operations; unused inputs PROGRAM_NO_SLOT.
 */
program_slot program_add_operation(struct program *program, enum program_op op, program_slot a,
                                   program_slot b, program_slot c);

/* One operation on single numbers, with the bits of a run; `in` has an entry for each input. */
double program_operation_value(enum program_op op, const double in[3]);

/* True and *value set where the slot is one constant for all draws and years. */
bool program_constant_value(const struct program *program, program_slot slot, double *value);

/* Fills the constants of a fresh workspace (n_columns * PROGRAM_BLOCK doubles, 64-byte aligned). */
void program_prepare(const struct program *program, double *workspace);

/* Runs all instructions over the first n_draws (at most PROGRAM_BLOCK) of every column. Allocates
 * nothing; the columns of draws beyond n_draws are left unspecified. */
void program_run(const struct program *program, double *workspace, size_t n_draws);

/* Column of a slot in one year (the same for all years if it does not vary by year). */
static inline double *program_column(const struct program *program, double *workspace,
                                     program_slot slot, size_t year)
{
    const struct program_slot_info *info = &program->slots[slot];
    size_t combination = info->extent > 1 ? year : 0;
    return workspace + (info->offset + combination) * PROGRAM_BLOCK;
}

#endif
