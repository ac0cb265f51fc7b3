#include "expression/expression.h"

static const struct expression_function functions[] = {
    {"if", 3, OP_IF, "if(condition, yes, no)", "yes where the condition holds, else no"},
    {"min", 2, OP_MIN, "min(a, b, ...)", "the smallest of two or more"},
    {"max", 2, OP_MAX, "max(a, b, ...)", "the largest of two or more"},
    {"abs", 1, OP_ABS, "abs(x)", "x without its sign"},
    {"exp", 1, OP_EXP, "exp(x)", "e to the power x"},
    {"log", 1, OP_LOG, "log(x)", "natural logarithm"},
    {"sqrt", 1, OP_SQRT, "sqrt(x)", "square root"},
    {"clamp", 3, OP_CLAMP, "clamp(x, low, high)", "x, at least low and at most high"},
    {"floor", 1, OP_FLOOR, "floor(x)", "largest whole number not above x"},
    {"ceil", 1, OP_CEIL, "ceil(x)", "smallest whole number not below x"},
    {"rate_to_prob", 2, OP_RATE_TO_PROB, "rate_to_prob(rate, time)", "1 - exp(-rate time)"},
    {"prob_to_rate", 2, OP_PROB_TO_RATE, "prob_to_rate(p, time)", "-log(1 - p) / time"},
    {"odds", 1, OP_ODDS, "odds(p)", "p / (1 - p)"},
    {"scale_prob", 2, OP_SCALE_PROB, "scale_prob(p, ratio)",
     "1 - (1 - p)^ratio: a hazard ratio applied to a probability"},
};

const struct expression_function *expression_functions(size_t *n_functions)
{
    *n_functions = sizeof functions / sizeof functions[0];
    return functions;
}
