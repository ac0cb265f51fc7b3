#include "expression/expression.h"

#include <assert.h>

program_slot expression_compile(struct program *program, const struct expression *root,
                                const struct expression_resolver *resolver)
{
    if (root->kind == EXPRESSION_NUMBER) {
        return program_add_constant(program, root->number);
    }
    if (root->kind == EXPRESSION_NAME) {
        program_slot slot = PROGRAM_NO_SLOT;
        bool known = resolver->resolve(resolver->context, root->name, &slot);
        assert(known);
        (void)known;
        return slot;
    }
    program_slot in[EXPRESSION_MAX_TABLE_ARGUMENTS] = {PROGRAM_NO_SLOT, PROGRAM_NO_SLOT,
                                                       PROGRAM_NO_SLOT, PROGRAM_NO_SLOT};
    assert(root->n_children <= EXPRESSION_MAX_TABLE_ARGUMENTS);
    for (size_t i = 0; i < root->n_children; ++i) {
        in[i] = expression_compile(program, root->children[i], resolver);
    }
    if (root->op == OP_TABLE) {
        assert(resolver->table != NULL);
        return resolver->table(resolver->context, root, in);
    }
    return program_add_operation(program, root->op, in[0], in[1], in[2]);
}
