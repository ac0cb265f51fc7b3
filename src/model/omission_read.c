/* What is known and left out: `not_counted`. */
#include "evidence/layer.h"
#include "model/model.h"

static const char *const directions[] = {"benefit", "cost", "unknown"};

enum { N_DIRECTIONS = sizeof directions / sizeof directions[0] };

const char *omission_direction_name(enum omission_direction direction)
{
    return directions[direction];
}

const struct omission *omissions_read(struct arena *arena, const struct setting *group,
                                      const struct sectors *sectors, size_t *n_omissions,
                                      struct diagnostics *diagnostics)
{
    const struct setting *list = setting_find(group, "not_counted");
    size_t n = list != NULL && list->type == SETTING_LIST ? list->n_children : 0;
    struct omission *omissions = arena_array(arena, n + 1, sizeof *omissions);
    *n_omissions = 0;
    for (size_t i = 0; i < n; ++i) {
        const struct setting *item = list->children[i];
        size_t direction = field_choice(item, "direction", directions, N_DIRECTIONS);
        struct omission *omission = &omissions[(*n_omissions)++];
        *omission = (struct omission){.what = field_text(item, "what", ""),
                                      .reason = field_text(item, "reason", ""),
                                      .sector = field_text(item, "sector", NULL),
                                      .direction = direction < N_DIRECTIONS
                                                       ? (enum omission_direction)direction
                                                       : OMISSION_UNKNOWN,
                                      .setting = item};
        const struct sector_reference reference = {.id = omission->sector,
                                                   .setting = setting_find(item, "sector"),
                                                   .groups = true,
                                                   .what = "`not_counted`"};
        if (omission->sector != NULL) {
            (void)sector_check_reference(sectors, &reference, diagnostics);
        }
    }
    return omissions;
}
