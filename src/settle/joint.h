/* Several programmes settled together: shared baseline demand, synergies, whole-step release and
 * ceilings over all of them, and each programme's own part by Shapley value. Pure. method
 * section 6.
 */
#ifndef DIVIDEND_SETTLE_JOINT_H
#define DIVIDEND_SETTLE_JOINT_H

#include "plan/plan_bundle.h"
#include "settle/settle.h"

/* Scratch of one worker. Columns of slots and players are PROGRAM_BLOCK draws; those of
 * combinations as many as one pass takes, so that many combinations do not need much memory. */
struct joint {
    const struct plan *plan;      /* of a bundle */
    double *counted, *adjusted;   /* [entry][draw]: units avoided by each combination of levels, as
                                     counted and after optimism bias */
    double *units[2];             /* [slot][draw]: adjusted, counted, in the group at hand */
    double *reduction, *coverage; /* [slot][draw], of joint->baseline and joint->people */
    double *eligible;             /* [slot][draw]: people whom the programme could reach */
    double *per_person;     /* [slot][draw]: baseline demand of one of them, where it has one */
    bool *relates;          /* [slot]: it has one */
    double *product, *cash; /* [entry][draw] */
    double *total;          /* [draw] */
    size_t pass;            /* draws of a combination's column at the moment */
    double *baseline, *people, *work;
    double *shares;     /* [player][2][draw]: Shapley values while they add up */
    size_t *first_slot; /* [player of the joint] */
    bool uneven;        /* slots differ in either: each combination has a baseline of its own */
};

void joint_init(struct joint *joint, const struct plan *bundle);
void joint_clear(struct joint *joint);

/* How many draws of a block are worked on at a time: all 256 up to 4,096 combinations. */
size_t joint_pass(const struct plan_joint *shared);

/* Units of a joint demand in one year, for every combination of its players' levels, from evaluated
 * members: draws first .. first + n_draws - 1 of the block, n_draws <= joint_pass. With
 * `settlement` (of the bundle) the value of the full combination is added to its cells, group by
 * group. */
void joint_units(struct joint *joint, const struct plan_joint *shared,
                 struct evaluation *evaluations, size_t year, size_t first, size_t n_draws,
                 struct settlement *settlement);

/* Units of a combination after optimism bias, [draw of the pass]. */
const double *joint_adjusted(const struct joint *joint, size_t entry);

/* Price of a unit of the joint's demand in a year. */
const double *joint_unit_cost(const struct joint *joint, const struct plan_joint *shared,
                              struct evaluation *evaluations, size_t year);

/* Settles an evaluated bundle: each member's settlement holds what is attributed to it, and the
 * bundle's settlement and evaluation (QALYs) their sums in member order. evaluations and
 * settlements are [n_members]. One level a player. */
void joint_settle(struct joint *joint, struct evaluation *evaluations,
                  struct settlement *settlements, struct evaluation *bundle_evaluation,
                  struct settlement *bundle_settlement, size_t n_draws);

/* Cash and saving of one sector for some units of a demand: `value` GBP at the unit cost, whole
 * steps released, capped at the ceiling. Scalar form of settle.c's rules. Returns the saving; *cash
 * is the part that is cash; *capped is set true where the ceiling bound. */
double joint_sector_saving(const struct plan_demand *demand, size_t weight, double units,
                           double unit_cost, double *cash, bool *capped);

/* Shapley weights of combinations of n players: s!(n - s - 1)!/n! for s = 0 .. n - 1. */
void joint_shapley_weights(size_t n, double *weights);

#endif
