/* Shared by the files that solve choices: a measure as a plain sum, the order of portfolios, the
 * search and lists of portfolios. */
#ifndef DIVIDEND_PORTFOLIO_CHOICE_PRIVATE_H
#define DIVIDEND_PORTFOLIO_CHOICE_PRIVATE_H

#include "portfolio/choice.h"

/* ---- a measure, or one draw of one, taken out of a problem ---- */

struct linear {
    double constant;
    double *level;  /* [n_level_indices] */
    double **entry; /* [component][entry] */
};

void linear_of_measure(const struct choice_problem *problem, size_t measure, struct linear *linear);
void linear_of_draw(const struct choice_problem *problem, size_t drawn, size_t draw,
                    struct linear *linear);
void linear_clear(const struct choice_problem *problem, struct linear *linear);
/* The same sum in the same order as choice_evaluate: the same bits. */
double linear_value(const struct choice_problem *problem, const struct linear *linear,
                    const uint8_t *level);
/* No portfolio is larger in absolute value, nor any sum on the way to it. */
double linear_scale(const struct choice_problem *problem, const struct linear *linear);

size_t component_entry(const struct choice_component *component, const uint8_t *level);
double choice_chance_share(const struct choice_problem *problem, const struct choice_chance *chance,
                           const uint8_t *level);

/* ---- what is sought, and which of two portfolios is the better ---- */

struct choice_aim {
    struct linear objective, denominator, second; /* the last two where told */
    bool is_ratio, has_second;
    double grain, second_grain; /* values are compared as multiples of it: sums that differ by
                                   rounding only are ties, in whichever order they were added */
};

void aim_of_problem(const struct choice_problem *problem, struct choice_aim *aim);
void aim_of_draw(const struct choice_problem *problem, size_t drawn, size_t draw,
                 struct choice_aim *aim);
/* Between equal objectives the larger measure wins. */
void aim_add_second(const struct choice_problem *problem, size_t measure, struct choice_aim *aim);
/* Of n values, the furthest from 0; 0 where `values` is NULL. */
double largest_size(size_t n, const double *values);
void aim_clear(const struct choice_problem *problem, struct choice_aim *aim);

struct candidate {
    bool found;
    double value, key, second_key; /* keys: rounded to the grain */
    size_t n_on;
    uint8_t level[CHOICE_MAX_PROGRAMMES];
};

void candidate_make(const struct choice_problem *problem, const struct choice_aim *aim,
                    const uint8_t *level, struct candidate *candidate);
/* A total order: key, second key, fewer on, first in programme order. */
bool candidate_beats(const struct choice_problem *problem, const struct candidate *one,
                     const struct candidate *other);
double aim_key(const struct choice_aim *aim, double value);

/* ---- the search ---- */

/* start: NULL, or a portfolio that is taken for a first answer where it is feasible. */
void choice_search(const struct choice_problem *problem, const struct choice_aim *aim,
                   uint64_t node_limit, const uint8_t *start, struct choice_solution *solution);

/* All feasible portfolios in lexicographic order of their levels. */
struct portfolio_list {
    size_t n, capacity, n_programmes;
    uint8_t *levels;      /* [n][n_programmes] */
    uint64_t n_visited;   /* nodes */
    size_t max_n;         /* more: complete is false */
    uint64_t max_visited; /* 0: none */
    bool complete;
};

/* False where there are more than the limits set in `list` allow. */
bool choice_enumerate(const struct choice_problem *problem, struct portfolio_list *list);
void portfolio_list_clear(struct portfolio_list *list);

/* ---- GLPK ---- */

struct glpk_limits {
    double seconds;
    size_t megabytes; /* above what the process holds already */
};

enum status choice_glpk_run(const struct choice_problem *problem, const struct glpk_limits *limits,
                            struct choice_solution *solution, struct error *error) MUST_CHECK;
/* Neither ratio, chance nor a component too large: what choice_solve_glpk takes. */
bool choice_is_linear(const struct choice_problem *problem);

#endif
