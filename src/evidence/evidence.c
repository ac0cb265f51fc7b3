/* Finding evidence and sources by name. */
#include "evidence/evidence.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_names[N_PARAMETER_KINDS] = {
    [PARAMETER_PROBABILITY] = "probability",
    [PARAMETER_RATE] = "rate",
    [PARAMETER_RELATIVE_RISK] = "relative_risk",
    [PARAMETER_SHARE] = "share",
    [PARAMETER_COST] = "cost",
    [PARAMETER_UTILITY] = "utility",
    [PARAMETER_COUNT] = "count",
    [PARAMETER_DURATION] = "duration",
    [PARAMETER_EFFECT] = "effect",
};

const char *parameter_kind_name(enum parameter_kind kind)
{
    return kind < N_PARAMETER_KINDS ? kind_names[kind] : "unknown";
}

bool parameter_kind_find(const char *name, enum parameter_kind *kind)
{
    for (size_t i = 0; i < N_PARAMETER_KINDS; ++i) {
        if (strcmp(kind_names[i], name) == 0) {
            *kind = (enum parameter_kind)i;
            return true;
        }
    }
    return false;
}

bool parameter_is_assumption(const struct parameter *parameter)
{
    return parameter->source_id != NULL && strcmp(parameter->source_id, "assumption") == 0;
}

bool parameter_matches(const struct parameter *parameter, const char *name)
{
    size_t n_identity = strlen(parameter->identity), n_name = strlen(name);
    if (n_name > n_identity || n_name == 0) {
        return false;
    }
    const char *tail = parameter->identity + (n_identity - n_name);
    return strcmp(tail, name) == 0 && (tail == parameter->identity || tail[-1] == '.');
}

static int compare_identity(const void *key, const void *element)
{
    const struct parameter *const *parameter = element;
    return strcmp(key, (*parameter)->identity);
}

const struct parameter *evidence_find(const struct evidence *evidence, const char *name,
                                      size_t *n_matches)
{
    size_t n = 0;
    const struct parameter *match = NULL;
    const struct parameter *const *exact =
        evidence->n_parameters == 0 ? NULL
                                    : bsearch(name, evidence->parameters, evidence->n_parameters,
                                              sizeof(const struct parameter *), compare_identity);
    if (exact != NULL) {
        n = 1;
        match = *exact;
    }
    for (size_t i = 0; exact == NULL && i < evidence->n_parameters; ++i) {
        if (parameter_matches(evidence->parameters[i], name)) {
            match = evidence->parameters[i];
            ++n;
        }
    }
    if (n_matches != NULL) {
        *n_matches = n;
    }
    return n == 1 ? match : NULL;
}

const char *evidence_nearest(const struct evidence *evidence, const char *name)
{
    if (evidence->n_parameters == 0) {
        return NULL;
    }
    const char **candidates = memory_array(2 * evidence->n_parameters, sizeof *candidates);
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        candidates[2 * i] = evidence->parameters[i]->short_name;
        candidates[2 * i + 1] = evidence->parameters[i]->identity;
    }
    const char *nearest = text_nearest(name, candidates, 2 * evidence->n_parameters);
    free(candidates);
    return nearest;
}

const char *evidence_candidates(struct arena *arena, const struct evidence *evidence,
                                const char *name)
{
    const char *list = "";
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        if (parameter_matches(evidence->parameters[i], name)) {
            list = arena_printf(arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ",
                                evidence->parameters[i]->identity);
        }
    }
    return list;
}

const struct source *evidence_find_source(const struct evidence *evidence, const char *id)
{
    for (size_t i = 0; i < evidence->n_sources; ++i) {
        if (strcmp(evidence->sources[i]->id, id) == 0) {
            return evidence->sources[i];
        }
    }
    return NULL;
}
