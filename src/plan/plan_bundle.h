/* Several programmes as one plan: they share draws, demands, steps and ceilings, and each keeps the
 * part of the result that is its own. method section 6.
 *
 *   players     programmes; each has one member plan for each level (scale) it may have
 *   joints      demands that more than one player touches, or a synergy changes
 *
 * A bundle that is run has one level a player; a choice among portfolios works on bundles with
 * several. Member plans have the bundle's start year, horizon and conventions. */
#ifndef DIVIDEND_PLAN_PLAN_BUNDLE_H
#define DIVIDEND_PLAN_PLAN_BUNDLE_H

#include "plan/plan.h"
#include "scenario/portfolio.h"

enum { BUNDLE_MAX_ENTRIES = 262144, JOINT_MAX_PLAYERS = 64 };

#define JOINT_MIXED SIZE_MAX

struct plan_member {
    const struct plan *plan;
    size_t player, level;
    const size_t *columns;   /* [plan->n_columns]: column of the bundle */
    const size_t *flow_rows; /* [plan->n_flow_rows]: row of the bundle */
    const size_t *qaly_rows; /* [plan->n_qalys]: QALY row of the bundle */
    const size_t *demands;   /* [plan->n_demands]: demand of the bundle */
    const size_t *cells;     /* [plan->n_cells]: cell of the bundle */
    const bool *joint;       /* [plan->n_demands]: settled together with others */
    double qaly_factor;      /* synergies in force with every player on */
    size_t first_result;     /* of its columns in the bundle's results */
};

struct plan_player {
    const struct portfolio_programme *programme;
    const size_t *members; /* [n_levels], smallest scale first */
    size_t n_levels;
};

/* A player's part in a joint demand. */
struct plan_joint_player {
    size_t player;
    const size_t *rows; /* [n_levels]: index into the member plan's demands */
    size_t cluster;     /* of stated overlap; SIZE_MAX: on its own */
    size_t stride;      /* entry of a combination: sum of level x stride; level 0 is off */
};

/* A factor on the units of `on`, when all of `needs` are on; bit sets over the joint's players. */
struct plan_joint_synergy {
    uint64_t needs, on;
    double factor;
};

struct plan_joint {
    size_t demand; /* of the bundle */
    const struct plan_joint_player *players;
    size_t n_players, n_entries;
    bool combines;      /* some programme has a baseline to share: reductions multiply */
    size_t base_member; /* whose unit cost is read; row base_row */
    size_t base_row;
    /* Combinations of programmes with the same groups are worked out group by group, all others
     * over all their people at once. Slots are levels of players, in order. */
    const size_t *slot_sets;  /* [slot]: index of the set of groups */
    const size_t *set_groups; /* [n_sets]: how many groups it has */
    size_t n_sets;
    const size_t *entry_sets; /* [n_entries]: of all its programmes; JOINT_MIXED: they differ */
    bool has_mixed;
    const struct plan_joint_synergy *synergies;
    size_t n_synergies;
};

struct plan_bundle {
    const struct portfolio *portfolio;
    const uint8_t *levels; /* [portfolio->n_programmes] that it was built with; NULL: all */
    const struct plan_member *members;
    size_t n_members;
    const struct plan_player *players;
    size_t n_players;
    const struct plan_joint *joints;
    size_t n_joints;
};

/* The bundle of some programmes of a portfolio at some scales: levels[programme] is 0 (left out) or
 * 1 .. n_scales; NULL: every programme, with all its scales (for a choice; not to be run). Problems
 * are diagnostics at the portfolio's settings; then NULL. */
const struct plan *plan_build_bundle(struct arena *arena, const struct library *library,
                                     const struct portfolio *portfolio, const uint8_t *levels,
                                     const struct plan_options *options,
                                     struct diagnostics *diagnostics);

/* A plan of any kind built again with other options; `optimism` not NULL: with that optimism pack
 * (NULL: none) instead of its own. NULL after an error. */
const struct plan *plan_rebuild(struct arena *arena, const struct plan *plan,
                                const struct plan_options *options,
                                const struct optimism_pack *const *optimism,
                                struct diagnostics *diagnostics);

#endif
