/* Constraints by draw along the path of a search. */
#include "base/arena.h"
#include "portfolio/choice_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double *level_draws(const struct choice_problem *problem, size_t drawn, size_t index)
{
    return problem->additive_draws == NULL
               ? NULL
               : problem->additive_draws + (index * problem->n_drawn + drawn) * problem->n_draws;
}

static const double *entry_draws(const struct choice_problem *problem, size_t drawn,
                                 size_t component, size_t entry)
{
    return problem->components[component].draws +
           (entry * problem->n_drawn + drawn) * problem->n_draws;
}

static void add(size_t n, const double *terms, double *sums)
{
    for (size_t s = 0; terms != NULL && s < n; ++s) {
        sums[s] += terms[s];
    }
}

static void raise_to(size_t n, const double *values, double *most)
{
    for (size_t s = 0; values != NULL && s < n; ++s) {
        most[s] = values[s] > most[s] ? values[s] : most[s];
    }
}

void chance_start(struct search *search)
{
    const struct choice_problem *problem = search->problem;
    size_t n_rows = problem->n_programmes + 1;
    search->chances = memory_array(problem->n_chances + 1, sizeof *search->chances);
    for (size_t c = 0; c < problem->n_chances; ++c) {
        search->chances[c] =
            (struct chance_path){.chance = &problem->chances[c],
                                 .sums = memory_columns(n_rows * problem->n_draws + 1),
                                 .best = memory_columns(n_rows * problem->n_draws + 1)};
    }
}

void chance_clear(struct search *search)
{
    for (size_t c = 0; c < search->problem->n_chances; ++c) {
        free(search->chances[c].sums);
        free(search->chances[c].best);
    }
    free(search->chances);
}

/* A component counts when its last member is decided. */
static bool is_last_member(const struct search *search, const struct membership *membership)
{
    return membership->place + 1 == search->frame.parts[membership->component].n_members;
}

/* most [n_draws]: what the programme's additive part can add at best; returns its largest size. */
static double most_of_levels(const struct search *search, size_t drawn, size_t programme,
                             double *most)
{
    const struct choice_problem *problem = search->problem;
    size_t n = problem->n_draws;
    double size = 0.0;
    bool is_off_allowed = search->frame.least[programme] == 0 || problem->additive_draws == NULL;
    for (size_t s = 0; s < n; ++s) {
        most[s] = is_off_allowed ? 0.0 : -(double)INFINITY;
    }
    for (size_t l = 1; l <= search->frame.most[programme]; ++l) {
        const double *draws = level_draws(problem, drawn, problem->first_level[programme] + l - 1);
        raise_to(n, draws, most);
        size = fmax(size, largest_size(n, draws));
    }
    return size;
}

static double most_of_component(const struct search *search, size_t drawn, size_t component,
                                double *most)
{
    const struct choice_problem *problem = search->problem;
    double size = 0.0;
    for (size_t s = 0; s < problem->n_draws; ++s) {
        most[s] = -INFINITY;
    }
    for (size_t e = 0; e < problem->components[component].n_entries; ++e) {
        const double *draws = entry_draws(problem, drawn, component, e);
        raise_to(problem->n_draws, draws, most);
        size = fmax(size, largest_size(problem->n_draws, draws));
    }
    return size;
}

static void prepare(struct search *search, struct chance_path *path)
{
    const struct choice_problem *problem = search->problem;
    const struct frame *frame = &search->frame;
    size_t n = problem->n_draws, drawn = path->chance->drawn;
    double *most = memory_columns(n + 1), size = fabs(path->chance->threshold);
    memset(path->best + problem->n_programmes * n, 0, n * sizeof(double));
    for (size_t d = problem->n_programmes; d > 0; --d) {
        size_t i = frame->order[d - 1];
        double *best = path->best + (d - 1) * n;
        memcpy(best, best + n, n * sizeof *best);
        size += most_of_levels(search, drawn, i, most);
        add(n, most, best);
        for (size_t k = frame->first_membership[i]; k < frame->first_membership[i + 1]; ++k) {
            if (is_last_member(search, &frame->memberships[k])) {
                size += most_of_component(search, drawn, frame->memberships[k].component, most);
                add(n, most, best);
            }
        }
    }
    memset(path->sums, 0, n * sizeof(double));
    if (problem->constant_draws != NULL) {
        memcpy(path->sums, problem->constant_draws + drawn * n, n * sizeof(double));
        size += largest_size(n, path->sums);
    }
    path->n_valid = 1;
    path->slack = 1e-13 * size;
    free(most);
}

void chance_follow_order(struct search *search)
{
    for (size_t c = 0; c < search->problem->n_chances; ++c) {
        prepare(search, &search->chances[c]);
    }
}

void chance_forget(struct search *search, size_t position)
{
    for (size_t c = 0; c < search->problem->n_chances; ++c) {
        struct chance_path *path = &search->chances[c];
        path->n_valid = path->n_valid > position + 1 ? position + 1 : path->n_valid;
    }
}

/* sums at position + 1 from those at position */
static void sum_step(const struct search *search, struct chance_path *path, size_t position)
{
    const struct choice_problem *problem = search->problem;
    const struct frame *frame = &search->frame;
    size_t n = problem->n_draws, i = frame->order[position], drawn = path->chance->drawn;
    double *sums = path->sums + (position + 1) * n;
    memcpy(sums, sums - n, n * sizeof *sums);
    if (search->level[i] != CHOICE_OFF) {
        add(n, level_draws(problem, drawn, problem->first_level[i] + search->level[i] - 1), sums);
    }
    for (size_t k = frame->first_membership[i]; k < frame->first_membership[i + 1]; ++k) {
        size_t c = frame->memberships[k].component;
        if (is_last_member(search, &frame->memberships[k])) {
            size_t entry = component_entry(&problem->components[c], search->level);
            add(n, entry_draws(problem, drawn, c, entry), sums);
        }
    }
}

static bool chance_can_hold(struct search *search, struct chance_path *path, size_t position)
{
    size_t n = search->problem->n_draws, count = 0;
    for (; path->n_valid <= position; ++path->n_valid) {
        sum_step(search, path, path->n_valid - 1);
    }
    const double *sums = path->sums + position * n, *best = path->best + position * n;
    double least = path->chance->threshold - path->slack;
    for (size_t s = 0; s < n; ++s) {
        count += sums[s] + best[s] >= least;
    }
    return (double)count >= (path->chance->probability - 2e-12) * (double)n;
}

bool chances_can_hold(struct search *search, size_t position)
{
    for (size_t c = 0; c < search->problem->n_chances; ++c) {
        if (!chance_can_hold(search, &search->chances[c], position)) {
            return false;
        }
    }
    return true;
}
