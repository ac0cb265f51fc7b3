/* Rules that need no names: types, the values functions can take, constants that overflow. */
#include "base/text.h"
#include "expression/parse_private.h"

#include <math.h>

static const struct checked_node *checked(const struct expression *node)
{
    return (const struct checked_node *)node;
}

static bool wants_truth(enum program_op op, size_t argument)
{
    return op == OP_AND || op == OP_OR || op == OP_NOT || (op == OP_IF && argument == 0);
}

/* How a call is named in a message: its function, or its sign. */
static const char *name_of(enum program_op op)
{
    static const char *const signs[N_PROGRAM_OPS] = {[OP_ADD] = "+",      [OP_SUBTRACT] = "-",
                                                     [OP_MULTIPLY] = "*", [OP_DIVIDE] = "/",
                                                     [OP_POWER] = "^",    [OP_NEGATE] = "-",
                                                     [OP_LESS] = "<",     [OP_LESS_EQUAL] = "<=",
                                                     [OP_GREATER] = ">",  [OP_GREATER_EQUAL] = ">=",
                                                     [OP_EQUAL] = "==",   [OP_NOT_EQUAL] = "!=",
                                                     [OP_AND] = "and",    [OP_OR] = "or",
                                                     [OP_NOT] = "not"};
    size_t n_functions = 0;
    const struct expression_function *functions = expression_functions(&n_functions);
    for (size_t i = 0; i < n_functions; ++i) {
        if (functions[i].op == op) {
            return functions[i].name;
        }
    }
    return op == OP_TABLE ? "table" : signs[op];
}

static bool check_type(struct parser *parser, enum program_op op, size_t argument,
                       const struct expression *child)
{
    bool is_truth = child->type == EXPRESSION_TYPE_TRUTH;
    if (is_truth == wants_truth(op, argument)) {
        return true;
    }
    if (is_truth) {
        parser_complain(parser, DIAGNOSTIC_E305, child->start, child->end, "a number",
                        "choose a number by it: if(condition, 1, 0)",
                        "`%s` needs a number, and this is true or false", name_of(op));
    } else {
        parser_complain(parser, DIAGNOSTIC_E305, child->start, child->end,
                        "a comparison, or several with and, or, not",
                        "compare the number with something, e.g. year < 3",
                        "`%s` needs a condition, and this is a number", name_of(op));
    }
    return false;
}

/* Arguments with a limited range; checked where the argument is a constant. */
struct domain {
    enum program_op op;
    size_t argument;
    double low, high;
    bool open_low, open_high;
    const char *words;
};

static const struct domain domains[] = {
    {OP_LOG, 0, 0.0, (double)INFINITY, true, false, "a number above 0"},
    {OP_SQRT, 0, 0.0, (double)INFINITY, false, false, "a number of at least 0"},
    {OP_RATE_TO_PROB, 0, 0.0, (double)INFINITY, false, false, "a rate of at least 0"},
    {OP_RATE_TO_PROB, 1, 0.0, (double)INFINITY, false, false, "a time of at least 0"},
    {OP_PROB_TO_RATE, 0, 0.0, 1.0, false, true, "a probability of at least 0 and below 1"},
    {OP_PROB_TO_RATE, 1, 0.0, (double)INFINITY, true, false, "a time above 0"},
    {OP_ODDS, 0, 0.0, 1.0, false, true, "a probability of at least 0 and below 1"},
    {OP_SCALE_PROB, 0, 0.0, 1.0, false, false, "a probability from 0 to 1"},
    {OP_SCALE_PROB, 1, 0.0, (double)INFINITY, false, false, "a ratio of at least 0"},
    {OP_HAZARD_EXPONENTIAL, 1, 0.0, (double)INFINITY, false, false, "a rate of at least 0"},
    {OP_HAZARD_WEIBULL, 1, 0.0, (double)INFINITY, true, false, "a shape above 0"},
    {OP_HAZARD_WEIBULL, 2, 0.0, (double)INFINITY, true, false, "a scale above 0"},
    {OP_HAZARD_GOMPERTZ, 2, 0.0, (double)INFINITY, false, false, "a rate of at least 0"},
    {OP_HAZARD_LOGLOGISTIC, 1, 0.0, (double)INFINITY, true, false, "a shape above 0"},
    {OP_HAZARD_LOGLOGISTIC, 2, 0.0, (double)INFINITY, true, false, "a scale above 0"},
    {OP_HAZARD_LOGNORMAL, 2, 0.0, (double)INFINITY, true, false, "an sdlog above 0"},
    {OP_SURVIVAL_EXPONENTIAL, 1, 0.0, (double)INFINITY, false, false, "a rate of at least 0"},
    {OP_SURVIVAL_WEIBULL, 1, 0.0, (double)INFINITY, true, false, "a shape above 0"},
    {OP_SURVIVAL_WEIBULL, 2, 0.0, (double)INFINITY, true, false, "a scale above 0"},
    {OP_SURVIVAL_GOMPERTZ, 2, 0.0, (double)INFINITY, false, false, "a rate of at least 0"},
    {OP_SURVIVAL_LOGLOGISTIC, 1, 0.0, (double)INFINITY, true, false, "a shape above 0"},
    {OP_SURVIVAL_LOGLOGISTIC, 2, 0.0, (double)INFINITY, true, false, "a scale above 0"},
    {OP_SURVIVAL_LOGNORMAL, 2, 0.0, (double)INFINITY, true, false, "an sdlog above 0"},
};

static bool contains(const struct domain *domain, double value)
{
    bool above = domain->open_low ? value > domain->low : value >= domain->low;
    bool below = domain->open_high ? value < domain->high : value <= domain->high;
    return above && below;
}

static bool check_domains(struct parser *parser, const struct expression *call)
{
    bool good = true;
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; ++i) {
        const struct domain *domain = &domains[i];
        if (domain->op != call->op) {
            continue;
        }
        const struct checked_node *argument = checked(call->children[domain->argument]);
        if (!argument->is_constant || contains(domain, argument->value)) {
            continue;
        }
        char number[32];
        text_format_exact(number, argument->value);
        parser_complain(parser, DIAGNOSTIC_E307, argument->node.start, argument->node.end,
                        domain->words, "check the figure and its unit", "`%s` cannot take %s here",
                        name_of(call->op), number);
        good = false;
    }
    return good;
}

static bool check_divisor(struct parser *parser, const struct expression *call)
{
    if (call->op != OP_DIVIDE) {
        return true;
    }
    const struct checked_node *divisor = checked(call->children[1]);
    if (!divisor->is_constant || divisor->value != 0.0) {
        return true;
    }
    parser_complain(parser, DIAGNOSTIC_E306, divisor->node.start, divisor->node.end,
                    "a divisor other than 0",
                    "check the divisor; if a row does not apply, write 0 for all of it",
                    "this divides by 0 in every draw");
    return false;
}

static bool check_clamp(struct parser *parser, const struct expression *call)
{
    if (call->op != OP_CLAMP) {
        return true;
    }
    const struct checked_node *low = checked(call->children[1]), *high = checked(call->children[2]);
    if (!low->is_constant || !high->is_constant || low->value <= high->value) {
        return true;
    }
    char low_words[32], high_words[32];
    text_format_exact(low_words, low->value);
    text_format_exact(high_words, high->value);
    parser_complain(parser, DIAGNOSTIC_E307, low->node.start, high->node.end, "clamp(x, low, high)",
                    "swap the two bounds", "the low bound %s is above the high bound %s", low_words,
                    high_words);
    return false;
}

/* The value of an operation on constants, which must be a number. */
static void compute_constant(struct parser *parser, struct checked_node *call)
{
    double in[3] = {0.0, 0.0, 0.0};
    if (call->node.op == OP_TABLE) {
        return;
    }
    for (size_t i = 0; i < call->node.n_children; ++i) {
        const struct checked_node *child = checked(call->node.children[i]);
        if (!child->is_constant) {
            return;
        }
        in[i] = child->value;
    }
    call->value = program_operation_value(call->node.op, in);
    call->is_constant = isfinite(call->value);
    if (call->is_constant) {
        return;
    }
    bool no_number = isnan(call->value) || (call->node.op == OP_POWER && in[0] == 0.0);
    parser_complain(
        parser, no_number ? DIAGNOSTIC_E307 : DIAGNOSTIC_E308, call->node.start, call->node.end,
        no_number ? "a base above 0, or a whole power of at least 0" : "results up to 1.7e308",
        "check the figures",
        no_number ? "this power is not a number" : "this comes to a number too large to be kept");
}

void parser_check_call(struct parser *parser, struct checked_node *call)
{
    const struct expression *node = &call->node;
    bool good = true;
    for (size_t i = 0; i < node->n_children; ++i) {
        good = check_type(parser, node->op, i, node->children[i]) && good;
    }
    if (good && check_domains(parser, node) && check_divisor(parser, node) &&
        check_clamp(parser, node)) {
        compute_constant(parser, call);
    }
}
