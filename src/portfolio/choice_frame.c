/* Which levels are allowed, in which order programmes are decided, what budgets hold. */
#include "base/arena.h"
#include "portfolio/choice_view.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* ---- levels the rules leave ---- */

static bool apply_rule(struct frame *frame, const struct choice_rule *rule)
{
    bool changed = false;
    if (rule->relation == CHOICE_REQUIRES) {
        if (frame->least[rule->a] > 0 && frame->least[rule->b] == 0) {
            frame->least[rule->b] = 1;
            changed = true;
        }
        if (frame->most[rule->b] == 0 && frame->most[rule->a] > 0) {
            frame->most[rule->a] = 0;
            changed = true;
        }
        return changed;
    }
    const size_t pairs[2][2] = {{rule->a, rule->b}, {rule->b, rule->a}};
    for (size_t k = 0; k < 2; ++k) {
        size_t on = pairs[k][0], off = pairs[k][1];
        if ((frame->least[on] > 0 || on == off) && frame->most[off] > 0) {
            frame->most[off] = 0;
            changed = true;
        }
    }
    return changed;
}

static void apply_rules(struct frame *frame)
{
    const struct choice_problem *problem = frame->problem;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t r = 0; r < problem->n_rules; ++r) {
            changed = apply_rule(frame, &problem->rules[r]) || changed;
        }
    }
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        frame->impossible = frame->impossible || frame->least[i] > frame->most[i];
    }
}

static bool is_member(const struct choice_component *component, size_t programme)
{
    for (size_t k = 0; k < component->n_members; ++k) {
        if (component->members[k] == programme) {
            return true;
        }
    }
    return false;
}

static void list_memberships(struct frame *frame)
{
    const struct choice_problem *problem = frame->problem;
    size_t n = 0;
    for (size_t c = 0; c < problem->n_components; ++c) {
        n += problem->components[c].n_members;
    }
    frame->memberships = memory_array(n + 1, sizeof *frame->memberships);
    n = 0;
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        frame->first_membership[i] = n;
        frame->home[i] = SIZE_MAX;
        for (size_t c = 0; c < problem->n_components; ++c) {
            if (is_member(&problem->components[c], i)) {
                frame->home[i] = frame->home[i] == SIZE_MAX ? c : frame->home[i];
                frame->memberships[n++] = (struct membership){.component = c};
            }
        }
    }
    frame->first_membership[problem->n_programmes] = n;
}

void frame_start(const struct choice_problem *problem, struct frame *frame)
{
    assert(problem->n_programmes <= CHOICE_MAX_PROGRAMMES);
    *frame = (struct frame){.problem = problem};
    for (size_t i = 0; i < problem->n_programmes; ++i) {
        assert(problem->programmes[i].n_levels >= 1 &&
               problem->programmes[i].n_levels <= CHOICE_MAX_LEVELS);
        frame->least[i] = problem->programmes[i].must_have ? 1 : 0;
        frame->most[i] = (uint8_t)problem->programmes[i].n_levels;
    }
    apply_rules(frame);
    list_memberships(frame);
    frame->parts = memory_array(problem->n_components + 1, sizeof *frame->parts);
    for (size_t c = 0; c < problem->n_components; ++c) {
        assert(problem->components[c].n_members <= CHOICE_MAX_MEMBERS);
    }
}

void frame_clear(struct frame *frame)
{
    free(frame->parts);
    free(frame->memberships);
}

/* ---- the order ---- */

static void add_to_part(struct frame *frame, struct membership *membership, size_t programme)
{
    const struct choice_component *component = &frame->problem->components[membership->component];
    struct part *part = &frame->parts[membership->component];
    size_t place = part->n_members++;
    membership->place = place;
    for (size_t k = 0; k < component->n_members; ++k) {
        if (component->members[k] == programme) {
            part->stride[place] = component->strides[k];
        }
    }
    part->member[place] = programme;
    part->n_levels[place] = frame->problem->programmes[programme].n_levels;
}

static void number_states(struct part *part)
{
    size_t n_states = 1;
    part->n_table = 0;
    for (size_t k = 0; k <= part->n_members; ++k) {
        part->offset[k] = part->n_table;
        part->n_table += n_states;
        n_states *= k < part->n_members ? part->n_levels[k] + 1 : 1;
    }
}

static void follow_order(struct frame *frame)
{
    const struct choice_problem *problem = frame->problem;
    for (size_t c = 0; c < problem->n_components; ++c) {
        frame->parts[c].n_members = 0;
    }
    for (size_t d = 0; d < problem->n_programmes; ++d) {
        size_t i = frame->order[d];
        for (size_t k = frame->first_membership[i]; k < frame->first_membership[i + 1]; ++k) {
            add_to_part(frame, &frame->memberships[k], i);
        }
    }
    for (size_t c = 0; c < problem->n_components; ++c) {
        number_states(&frame->parts[c]);
    }
}

void frame_in_programme_order(struct frame *frame)
{
    for (size_t i = 0; i < frame->problem->n_programmes; ++i) {
        frame->order[i] = i;
    }
    follow_order(frame);
}

/* A programme outside components is its own group. */
static size_t group_of(const struct frame *frame, size_t programme)
{
    return frame->home[programme] != SIZE_MAX ? CHOICE_MAX_PROGRAMMES + frame->home[programme]
                                              : programme;
}

static bool comes_before(const struct frame *frame, const double *group_score, size_t one,
                         size_t other)
{
    if (group_score[one] != group_score[other]) {
        return group_score[one] > group_score[other];
    }
    size_t group = group_of(frame, one), other_group = group_of(frame, other);
    return group != other_group ? group < other_group : one < other;
}

void frame_order(struct frame *frame, const double *score)
{
    size_t n = frame->problem->n_programmes;
    double group_score[CHOICE_MAX_PROGRAMMES];
    for (size_t i = 0; i < n; ++i) {
        group_score[i] = score[i];
        for (size_t j = 0; j < n; ++j) {
            if (group_of(frame, i) == group_of(frame, j)) {
                group_score[i] = fmax(group_score[i], score[j]);
            }
        }
    }
    for (size_t i = 0; i < n; ++i) {
        size_t at = i;
        for (; at > 0 && comes_before(frame, group_score, i, frame->order[at - 1]); --at) {
            frame->order[at] = frame->order[at - 1];
        }
        frame->order[at] = i;
    }
    follow_order(frame);
}

void frame_enter(struct frame *frame, size_t programme, size_t level)
{
    for (size_t k = frame->first_membership[programme]; k < frame->first_membership[programme + 1];
         ++k) {
        size_t place = frame->memberships[k].place;
        struct part *part = &frame->parts[frame->memberships[k].component];
        part->prefix[place + 1] = part->prefix[place] * (part->n_levels[place] + 1) + level;
    }
}

/* ---- budgets ---- */

static double row_use(const struct frame *frame, const struct choice_row *row, size_t programme,
                      size_t level)
{
    return level == CHOICE_OFF ? 0.0 : row->use[frame->problem->first_level[programme] + level - 1];
}

/* The largest absolute use and the largest use of any portfolio. */
static void measure_row(const struct frame *frame, const struct choice_row *row, double *size,
                        double *most)
{
    *size = *most = 0.0;
    for (size_t i = 0; i < frame->problem->n_programmes; ++i) {
        double largest = 0.0, highest = -INFINITY;
        for (size_t l = frame->least[i]; l <= frame->most[i]; ++l) {
            double use = row_use(frame, row, i, l);
            largest = fmax(largest, fabs(use));
            highest = fmax(highest, use);
        }
        *size += largest;
        *most += highest;
    }
}

static void add_row(const struct frame *frame, const struct choice_row *row,
                    struct budgets *budgets, double *rows)
{
    double size = 0.0, most = 0.0;
    measure_row(frame, row, &size, &most);
    if (row->limit >= most) {
        return; /* cannot bind */
    }
    if (row->limit == -(double)INFINITY) {
        budgets->impossible = true;
        return;
    }
    size = fmax(size, fabs(row->limit));
    size = size > 0.0 ? size : 1.0;
    for (size_t i = 0; i < frame->problem->n_level_indices; ++i) {
        rows[budgets->n_rows * frame->problem->n_level_indices + i] = row->use[i] / size;
    }
    budgets->limit[budgets->n_rows++] = row->limit / size + 2e-9;
}

void budgets_start(const struct frame *frame, struct budgets *budgets)
{
    const struct choice_problem *problem = frame->problem;
    size_t n_levels = problem->n_level_indices, n = problem->n_programmes;
    double *rows = memory_array(problem->n_rows * n_levels + 1, sizeof *rows);
    *budgets = (struct budgets){.limit = memory_array(problem->n_rows + 1, sizeof(double))};
    for (size_t r = 0; r < problem->n_rows; ++r) {
        add_row(frame, &problem->rows[r], budgets, rows);
    }
    size_t n_rows = budgets->n_rows;
    budgets->use = memory_array(n_rows * n_levels + 1, sizeof(double));
    for (size_t i = 0; i < n_levels; ++i) {
        for (size_t r = 0; r < n_rows; ++r) {
            budgets->use[i * n_rows + r] = rows[r * n_levels + i];
        }
    }
    budgets->least = memory_array((n + 1) * n_rows + 1, sizeof(double));
    budgets->used = memory_array((n + 1) * n_rows + 1, sizeof(double));
    free(rows);
}

void budgets_follow_order(const struct frame *frame, struct budgets *budgets)
{
    size_t n_rows = budgets->n_rows, n = frame->problem->n_programmes;
    for (size_t d = n; d > 0; --d) {
        size_t i = frame->order[d - 1];
        const double *use = budgets->use + frame->problem->first_level[i] * n_rows;
        for (size_t r = 0; r < n_rows; ++r) {
            double least = frame->least[i] == 0 ? 0.0 : (double)INFINITY;
            for (size_t l = 1; l <= frame->most[i]; ++l) {
                least = fmin(least, use[(l - 1) * n_rows + r]);
            }
            budgets->least[(d - 1) * n_rows + r] = budgets->least[d * n_rows + r] + least;
        }
    }
    for (size_t r = 0; r < n_rows; ++r) {
        budgets->impossible = budgets->impossible || budgets->least[r] > budgets->limit[r];
    }
}

bool budgets_enter(const struct frame *frame, struct budgets *budgets, size_t position,
                   size_t level)
{
    size_t n_rows = budgets->n_rows, excess = 0;
    const double *used = budgets->used + position * n_rows;
    const double *least = budgets->least + (position + 1) * n_rows;
    double *after = budgets->used + (position + 1) * n_rows;
    if (level == CHOICE_OFF) {
        for (size_t r = 0; r < n_rows; ++r) {
            after[r] = used[r];
            excess += after[r] + least[r] > budgets->limit[r];
        }
        return excess == 0;
    }
    size_t index = frame->problem->first_level[frame->order[position]] + level - 1;
    const double *use = budgets->use + index * n_rows;
    for (size_t r = 0; r < n_rows; ++r) {
        after[r] = used[r] + use[r];
        excess += after[r] + least[r] > budgets->limit[r];
    }
    return excess == 0;
}

void budgets_clear(struct budgets *budgets)
{
    free(budgets->use);
    free(budgets->limit);
    free(budgets->least);
    free(budgets->used);
}
