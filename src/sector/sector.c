/* Finding sectors and splitting shares over them. */
#include "sector/sector.h"

#include "base/text.h"
#include "evidence/layer.h"

#include <stdlib.h>
#include <string.h>

size_t sector_index(const struct sectors *sectors, const char *id)
{
    for (size_t i = 0; i < sectors->n_sectors; ++i) {
        if (strcmp(sectors->sectors[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

const struct sector_group *sector_group_find(const struct sectors *sectors, const char *id)
{
    for (size_t i = 0; i < sectors->n_groups; ++i) {
        if (strcmp(sectors->groups[i].id, id) == 0) {
            return &sectors->groups[i];
        }
    }
    return NULL;
}

size_t sector_perspective_index(const struct sectors *sectors, const char *id)
{
    for (size_t i = 0; i < sectors->n_perspectives; ++i) {
        if (strcmp(sectors->perspectives[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *sector_nearest(const struct sectors *sectors, const char *id, bool groups,
                           const char *const *extra, size_t n_extra)
{
    size_t n = 0;
    const char **ids =
        memory_array(sectors->n_sectors + sectors->n_groups + n_extra + 1, sizeof *ids);
    for (size_t i = 0; i < sectors->n_sectors; ++i) {
        ids[n++] = sectors->sectors[i].id;
    }
    for (size_t i = 0; groups && i < sectors->n_groups; ++i) {
        ids[n++] = sectors->groups[i].id;
    }
    for (size_t i = 0; i < n_extra; ++i) {
        ids[n++] = extra[i];
    }
    const char *nearest = text_nearest(id, ids, n);
    free(ids);
    return nearest;
}

static const char *reference_words(const struct sectors *sectors,
                                   const struct sector_reference *reference, struct arena *arena)
{
    const char *what = reference->what;
    if (sector_group_find(sectors, reference->id) != NULL) {
        return arena_printf(arena, "%s names \"%s\", a group of sectors", what, reference->id);
    }
    if (sector_perspective_index(sectors, reference->id) != SIZE_MAX) {
        return arena_printf(arena, "%s names \"%s\", a perspective", what, reference->id);
    }
    return arena_printf(arena, "%s names \"%s\", which is no sector%s", what, reference->id,
                        reference->groups ? " or group of sectors" : "");
}

bool sector_check_reference(const struct sectors *sectors, const struct sector_reference *reference,
                            struct diagnostics *diagnostics)
{
    if (sector_index(sectors, reference->id) != SIZE_MAX ||
        (reference->groups && sector_group_find(sectors, reference->id) != NULL)) {
        return true;
    }
    const char *nearest = sector_nearest(sectors, reference->id, reference->groups, NULL, 0);
    struct place place =
        reference->at_name ? reference->setting->place : reference->setting->value_place;
    diagnostics_add(diagnostics, DIAGNOSTIC_E501, place, reference->setting->path,
                    reference->groups ? "a sector or a group of sectors" : "a sector",
                    layer_suggest(diagnostics->arena, nearest,
                                  "see `dividend list sectors`, or add it to sectors = { }"),
                    "%s", reference_words(sectors, reference, diagnostics->arena));
    return false;
}

static bool check_share(const struct sectors *sectors, const struct share *share, const char *what,
                        struct diagnostics *diagnostics)
{
    const struct sector_reference reference = {.id = share->sector,
                                               .setting = share->setting,
                                               .at_name = true,
                                               .groups = true,
                                               .what = what};
    return sector_check_reference(sectors, &reference, diagnostics);
}

bool sector_expand_shares(const struct sectors *sectors, const struct share *shares,
                          size_t n_shares, double *weights, struct diagnostics *diagnostics)
{
    bool known = true;
    for (size_t i = 0; i < n_shares; ++i) {
        size_t sector = sector_index(sectors, shares[i].sector);
        if (sector != SIZE_MAX) {
            weights[sector] += shares[i].share;
            continue;
        }
        const struct sector_group *group = sector_group_find(sectors, shares[i].sector);
        if (group == NULL) {
            known = check_share(sectors, &shares[i], "a share", diagnostics) && known;
            continue;
        }
        for (size_t k = 0; k < group->n_members; ++k) {
            size_t member = sector_index(sectors, group->members[k].sector);
            if (member != SIZE_MAX) {
                weights[member] += shares[i].share * group->members[k].share;
            }
        }
    }
    return known;
}

static void check_parameter(const struct sectors *sectors, const struct parameter *parameter,
                            struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < parameter->n_split; ++i) {
        (void)check_share(sectors, &parameter->split[i], "the split", diagnostics);
    }
    for (size_t i = 0; i < parameter->n_cashable_by_sector; ++i) {
        (void)check_share(sectors, &parameter->cashable_by_sector[i], "`cashable`", diagnostics);
    }
    if (parameter->transfer_from != NULL) {
        const struct sector_reference reference = {
            .id = parameter->transfer_from,
            .setting = setting_find(parameter->setting, "transfer_from"),
            .what = "`transfer_from`"};
        (void)sector_check_reference(sectors, &reference, diagnostics);
    }
}

void sector_check_evidence(const struct sectors *sectors, const struct evidence *evidence,
                           struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < evidence->n_parameters; ++i) {
        for (const struct parameter *parameter = evidence->parameters[i]; parameter != NULL;
             parameter = parameter->replaced) {
            check_parameter(sectors, parameter, diagnostics);
        }
    }
}
