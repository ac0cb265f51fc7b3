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
    {"survival_exponential", 2, OP_SURVIVAL_EXPONENTIAL, "survival_exponential(t, rate)",
     "share surviving to t: exp(-rate t)"},
    {"survival_weibull", 3, OP_SURVIVAL_WEIBULL, "survival_weibull(t, shape, scale)",
     "exp(-(t / scale)^shape)"},
    {"survival_gompertz", 3, OP_SURVIVAL_GOMPERTZ, "survival_gompertz(t, shape, rate)",
     "exp(-rate (exp(shape t) - 1) / shape)"},
    {"survival_loglogistic", 3, OP_SURVIVAL_LOGLOGISTIC, "survival_loglogistic(t, shape, scale)",
     "1 / (1 + (t / scale)^shape)"},
    {"survival_lognormal", 3, OP_SURVIVAL_LOGNORMAL, "survival_lognormal(t, meanlog, sdlog)",
     "chance that a lognormal time exceeds t"},
    {"hazard_exponential", 2, OP_HAZARD_EXPONENTIAL, "hazard_exponential(t, rate)",
     "cumulative hazard to t: rate t; between t and u an event has 1 - exp(H(t) - H(u))"},
    {"hazard_weibull", 3, OP_HAZARD_WEIBULL, "hazard_weibull(t, shape, scale)",
     "cumulative hazard to t: (t / scale)^shape"},
    {"hazard_gompertz", 3, OP_HAZARD_GOMPERTZ, "hazard_gompertz(t, shape, rate)",
     "cumulative hazard to t: rate (exp(shape t) - 1) / shape"},
    {"hazard_loglogistic", 3, OP_HAZARD_LOGLOGISTIC, "hazard_loglogistic(t, shape, scale)",
     "cumulative hazard to t: log(1 + (t / scale)^shape)"},
    {"hazard_lognormal", 3, OP_HAZARD_LOGNORMAL, "hazard_lognormal(t, meanlog, sdlog)",
     "cumulative hazard to t of a lognormal time"},
};

const struct expression_function *expression_functions(size_t *n_functions)
{
    *n_functions = sizeof functions / sizeof functions[0];
    return functions;
}
