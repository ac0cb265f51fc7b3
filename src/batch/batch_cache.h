/* Results kept between runs: see batch_cache.c. */
#ifndef DIVIDEND_BATCH_BATCH_CACHE_H
#define DIVIDEND_BATCH_BATCH_CACHE_H

#include "plan/fingerprint.h"
#include "uncertainty/uncertainty.h"

enum {
    CACHE_KEY_BYTES = 32,
    CACHE_LIMIT_MB = 1000 /* unless DIVIDEND_CACHE_MB says otherwise */
};

enum cache_state { CACHE_MISSING, CACHE_DAMAGED, CACHE_FOUND };

struct result_cache;

/* Of everything that the result of the plan depends on: the fingerprint of its inputs, settings of
 * the run, the engine, and (as a guard) the answer with every parameter at its mean. */
void cache_make_key(const struct plan *plan, const struct fingerprint *fingerprint,
                    const struct simulation_options *options, uint8_t key[CACHE_KEY_BYTES]);

/* NULL where the environment names no folder. Nothing is made before something is written. */
struct result_cache *cache_open(void);
const char *cache_folder(const struct result_cache *cache);

/* From any thread. CACHE_FOUND: `result`, whose plan, seed and design are set, has its statistics.
 * looks_only: nothing in the folder is touched. */
enum cache_state cache_read(struct result_cache *cache, const uint8_t key[CACHE_KEY_BYTES],
                            bool looks_only, struct scenario_result *result);

/* From one thread. After the first failure, which cache_close says, nothing more is tried. */
void cache_write(struct result_cache *cache, const uint8_t key[CACHE_KEY_BYTES],
                 const struct scenario_result *result);

/* Keeps the folder to its limit where something was written. */
void cache_close(struct result_cache *cache, bool quiet);

#endif
