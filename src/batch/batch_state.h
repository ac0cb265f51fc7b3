/* What a run with --state knows of the last one, and what of its own results it need not work out
 * again: see batch_state.c. */
#ifndef DIVIDEND_BATCH_BATCH_STATE_H
#define DIVIDEND_BATCH_BATCH_STATE_H

#include "batch/batch_cache.h"
#include "batch/batch_private.h"

enum { STATE_KEY_DIGITS = 2 * CACHE_KEY_BYTES, STATE_SETTINGS = 9 };

/* How one plan of this run stands to the last run. */
struct rerun_plan {
    const struct plan *plan;
    struct fingerprint fingerprint;
    uint8_t key[CACHE_KEY_BYTES];
    char key_digits[STATE_KEY_DIGITS + 1];
    enum cache_state found;
    const char *reason; /* why it is run; NULL: it is not */
};

struct state_entry {
    const char *id;
    const char *sha256, *key; /* fingerprint; what the result depends on */
    bool failed;
    size_t age;                /* runs since it took part */
    const char *const *values; /* [STATE_SETTINGS] of the run that it took part in */
    const struct fingerprint_part *parts;
    size_t n_parts;
};

struct state {
    const struct state_entry *entries; /* by id */
    size_t n_entries;
    bool is_there; /* there was a last run */
};

struct rerun {
    struct session *session;
    struct arena arena;
    const char *folder; /* of --state; NULL none */
    struct state before;
    struct result_cache *cache; /* NULL: none is used */
    const char *settings[STATE_SETTINGS];
    struct rerun_plan *plans;
    size_t n_plans;
    struct arena *arenas; /* of threads */
    size_t n_arenas;
    size_t n_recalled;
};

/* Names of the settings of a run, beside those of the plans: "seed", "draws" ... "engine". */
extern const char *const state_setting_names[STATE_SETTINGS];

/* Fingerprints, keys and what is kept of every plan; `results` [n_plans] get those statistics
 * (looks_only: they are thrown away again, and nothing in the cache is touched). */
void rerun_look(struct rerun *rerun, const struct plan *const *plans, size_t n_plans,
                const struct simulation_options *options, bool looks_only,
                struct scenario_result *results);

/* What the run is asked to do: before rerun_look. */
void rerun_prepare(struct rerun *rerun, const struct report_run *run);

/* "57 of 60 scenarios are as before" and a line a reason, on standard error or in `out`. */
void rerun_describe(const struct rerun *rerun, struct text *out, bool in_future);

/* What of the parts differs: "evidence ae_reduction changed; input eligible changed". In the arena;
 * NULL where nothing does. */
const char *state_name_changes(struct arena *arena, const struct fingerprint_part *old,
                               size_t n_old, const struct fingerprint_part *new_parts, size_t n_new,
                               size_t most);

/* Of the runs: "draws 4096, before 16384"; NULL where all are the same. */
const char *state_name_settings(struct arena *arena, const char *const *old,
                                const char *const *now);

/* batch_state_file.c: FOLDER/state.json. Reading adds E950 and E951 to the diagnostics. */
bool state_read(struct session *session, struct arena *arena, const char *folder,
                struct state *state);
enum status state_write(const struct rerun *rerun, const struct report_run *run,
                        struct error *error) MUST_CHECK;

#endif
