/* A flat vector program: slots of columns of draws, instructions in order.
 *
 * A slot holds `extent` columns of PROGRAM_BLOCK doubles, one for each combination of the axes it
 * varies over, so the layout of a slot is [combination][draw]. A slot without AXIS_YEAR has extent
 * 1 and is read by every year. Constants are slots too.
 *
 * Two ways to run. Ledgers hold every year at once (program_init, program_run). Cohort models walk
 * through groups and cycles (program_init_steps): program_run computes what varies over neither,
 * then program_step computes the rest for one group and cycle in place, so that a slot holds only
 * the current cycle, in a column for each time in state where it varies over that.
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
    /* Cumulative hazards H(t, ...) of survival functions; OP_SURVIVAL_* is exp(-H). method 4. */
    OP_HAZARD_EXPONENTIAL, /* (t, rate): rate t */
    OP_HAZARD_WEIBULL,     /* (t, shape, scale): (t / scale)^shape */
    OP_HAZARD_GOMPERTZ,    /* (t, shape, rate): rate (exp(shape t) - 1) / shape */
    OP_HAZARD_LOGLOGISTIC, /* (t, shape, scale): log(1 + (t / scale)^shape) */
    OP_HAZARD_LOGNORMAL,   /* (t, meanlog, sdlog): -log Phi(-(log t - meanlog) / sdlog) */
    OP_SURVIVAL_EXPONENTIAL,
    OP_SURVIVAL_WEIBULL,
    OP_SURVIVAL_GOMPERTZ,
    OP_SURVIVAL_LOGLOGISTIC,
    OP_SURVIVAL_LOGNORMAL,
    OP_TABLE, /* a look-up in a data table: of constants only, gone once compiled */
    N_PROGRAM_OPS
};

typedef uint32_t program_slot;
#define PROGRAM_NO_SLOT UINT32_MAX

enum program_slot_kind { SLOT_CONSTANT, SLOT_INPUT, SLOT_RESULT };

struct program_slot_info {
    enum program_slot_kind kind;
    unsigned axes;        /* bit set of AXIS_* */
    size_t extent;        /* columns in the workspace */
    size_t offset;        /* first column in the workspace */
    const double *values; /* SLOT_CONSTANT: one for each combination of its axes */
    size_t n_values;      /* combinations; = extent unless it is stepped through */
};

struct program_instruction {
    enum program_op op;
    program_slot out;
    program_slot in[3]; /* unused: PROGRAM_NO_SLOT */
};

struct program {
    struct arena *arena;
    size_t n_years;  /* extent of AXIS_YEAR: model years, or cycles */
    size_t n_groups; /* extent of AXIS_GROUP */
    size_t n_times;  /* extent of AXIS_TIME_IN_STATE */
    bool stepwise;   /* group and year are walked through by program_step */
    struct program_slot_info *slots;
    size_t n_slots, slots_capacity;
    struct program_instruction *instructions;
    size_t n_instructions, instructions_capacity;
    size_t n_columns;            /* doubles needed a worker: n_columns * PROGRAM_BLOCK */
    struct program_index *index; /* value numbering; private to program.c */
};

void program_init(struct program *program, struct arena *arena, size_t n_years);

/* For models that step through groups and cycles; AXIS_YEAR is the cycle. */
void program_init_steps(struct program *program, struct arena *arena, size_t n_groups,
                        size_t n_cycles, size_t n_times);

/* Equal constants share a slot. */
program_slot program_add_constant(struct program *program, double value);
/* A constant that varies by year; n_years values, copied. */
program_slot program_add_year_constant(struct program *program, const double *values);
/* A constant over several axes, the last of group, year, time in state fastest; axes along which
 * nothing changes are dropped. */
program_slot program_add_axis_constant(struct program *program, unsigned axes,
                                       const double *values);
/* A function of constants, evaluated here for each combination of their axes; PROGRAM_NO_SLOT where
 * an argument is no constant. `look_up` may record what it could not find in its context. */
program_slot program_add_lookup(struct program *program, size_t n_arguments,
                                const program_slot *arguments,
                                double (*look_up)(void *context, const double *arguments),
                                void *context);
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

/* Stepwise programs: fills what varies over group or cycle for this step. Cycles of a group come in
 * order from 0; what varies over the group alone is computed at cycle 0. */
void program_step(const struct program *program, double *workspace, size_t group, size_t cycle,
                  size_t n_draws);

/* Column of a slot at the current step, at a time in state. */
static inline double *program_step_column(const struct program *program, double *workspace,
                                          program_slot slot, size_t time_in_state)
{
    const struct program_slot_info *info = &program->slots[slot];
    return workspace + (info->offset + (info->extent > 1 ? time_in_state : 0)) * PROGRAM_BLOCK;
}

/* Column of a slot in one year (the same for all years if it does not vary by year). */
static inline double *program_column(const struct program *program, double *workspace,
                                     program_slot slot, size_t year)
{
    const struct program_slot_info *info = &program->slots[slot];
    size_t combination = info->extent > 1 ? year : 0;
    return workspace + (info->offset + combination) * PROGRAM_BLOCK;
}

#endif
