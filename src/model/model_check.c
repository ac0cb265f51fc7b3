/* Rules across the parts of a model. */
#include "model/model_private.h"

#include <string.h>

static const char *family(const struct demand *demand)
{
    return demand->counts_within != NULL ? demand->counts_within : demand->id;
}

static bool is_monetised(const struct outcome *outcome)
{
    return outcome->demand != NULL && outcome->demand->unit_cost != NULL;
}

static void warn_twice(const struct model_reader *reader, const struct outcome *first,
                       const struct outcome *second)
{
    bool same = first->demand == second->demand;
    const char *what =
        same
            ? arena_printf(reader->arena, "both price the demand \"%s\"", first->demand_id)
            : arena_printf(reader->arena, "price \"%s\" and \"%s\", which both count within \"%s\"",
                           first->demand_id, second->demand_id, family(first->demand));
    layer_complain(reader->diagnostics, second->setting, DIAGNOSTIC_W801, "each effect priced once",
                   "check that no saving is counted twice; leave unit_cost out of one demand, or "
                   "split the effect",
                   "\"%s\" and \"%s\" (%s) %s", second->name, first->name,
                   layer_place_words(reader->arena, first->setting), what);
}

static void check_double_counting(const struct model_reader *reader, const struct model *model)
{
    for (size_t second = 1; second < model->n_outcomes; ++second) {
        for (size_t first = 0; first < second; ++first) {
            const struct outcome *a = &model->outcomes[first], *b = &model->outcomes[second];
            if (is_monetised(a) && is_monetised(b) &&
                strcmp(family(a->demand), family(b->demand)) == 0) {
                warn_twice(reader, a, b);
            }
        }
    }
}

/* A formula that could not be read may be the one that uses the input: then nothing is said. */
void model_check_inputs(const struct model_reader *reader, const struct model *model)
{
    if (reader->unreadable) {
        return;
    }
    for (size_t i = 0; i < model->n_inputs; ++i) {
        const struct model_input *input = &model->inputs[i];
        if (!reader->input_used[i] && !model_name_is_reserved(input->id)) {
            layer_complain(
                reader->diagnostics, input->setting, DIAGNOSTIC_E529,
                "inputs that an amount of the model uses", "use it in an amount, or remove it",
                "the input \"%s\" is declared but never used%s", input->id,
                distribution_is_uncertain(&input->fallback) ? ", so its uncertainty would not count"
                                                            : "");
        }
    }
}

void model_check(const struct model_reader *reader, const struct model *model)
{
    if (model->n_costs == 0 && model->n_outcomes == 0 && model->n_health_gains == 0) {
        layer_complain(reader->diagnostics, model->setting, DIAGNOSTIC_E528,
                       "costs = ( ... ) or outcomes = ( ... ), and usually both",
                       "add what the programme takes and what it avoids",
                       "the model \"%s\" has neither costs nor outcomes", model->id);
    }
    check_double_counting(reader, model);
    model_check_units(reader, model);
    model_check_inputs(reader, model);
}
