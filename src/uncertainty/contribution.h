/* What a unit of work contributes to a run, as bytes: so that it can be kept on disk (checkpoints),
 * made on another machine (shards, MPI) and folded here. The fold does not know where a
 * contribution came from, so the results' bytes are those of one unbroken process.
 *
 *   PLACES   of a plan with many draws: where the pilot placed the histograms
 *   DRAWS    of a run of blocks: its record, and its values (few draws) or counts (many draws)
 *   RECOUNT  of a run of blocks: counts in the histograms that had to be moved
 *   SHARE    the share of the variance that involves assumptions
 *   RESULT   a plan that is done: all its statistics, or why it failed
 *
 * Bytes are little-endian (base/bytes.h), without checksum: who keeps them guards them. What does
 * not fit the plan is not taken, and computed anew. */
#ifndef DIVIDEND_UNCERTAINTY_CONTRIBUTION_H
#define DIVIDEND_UNCERTAINTY_CONTRIBUTION_H

#include "base/bytes.h"

/* Raised whenever the bytes of a contribution change their meaning. */
enum { CONTRIBUTION_VERSION = 2 };

enum contribution_kind {
    CONTRIBUTION_PLACES = 1,
    CONTRIBUTION_DRAWS = 2,
    CONTRIBUTION_RECOUNT = 3,
    CONTRIBUTION_SHARE = 4,
    CONTRIBUTION_RESULT = 5
};

struct contribution_key {
    enum contribution_kind kind;
    uint32_t plan;    /* index among the plans of the run */
    uint32_t round;   /* RECOUNT: which; else 0 */
    uint32_t unit;    /* run of blocks; 0 where there is one */
    uint64_t n_draws; /* of the plan at that time (a precision target doubles them); RESULT: 0 */
};

/* Less than, equal to or more than 0: an order of keys, for sorting and finding. */
int contribution_compare_keys(const struct contribution_key *left,
                              const struct contribution_key *right);

/* Where contributions are found and kept. Called from any thread, also several at once; `find` and
 * `keep` may read and write files but must not call the simulation. */
struct contribution_store {
    void *context;
    /* Puts what is kept under the key into `bytes`, which is empty; false where nothing is. */
    bool (*find)(void *context, const struct contribution_key *key, struct bytes *bytes);
    /* Whether it would keep that: asked before the bytes are made. */
    bool (*wants)(void *context, const struct contribution_key *key);
    void (*keep)(void *context, const struct contribution_key *key, const struct bytes *bytes);
};

struct scenario_result;

/* A plan that is done. Reading takes the plan, seed and design of `result` as they are, and gives
 * malloc'ed statistics; false, with nothing changed, where the bytes are not of such a plan. */
void contribution_write_result(struct bytes *bytes, const struct scenario_result *result);
bool contribution_read_result(const struct bytes *bytes, struct scenario_result *result);

#endif
