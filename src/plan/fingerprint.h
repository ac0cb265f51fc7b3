/* The fingerprint of what a scenario's numbers depend on: SHA-256 of its inputs as they were
 * parsed, so that layout, comments, file names, the order of keys and mere words (titles, notes,
 * citations, reasons: keys that the schema marks silent) do not count, and every number,
 * distribution, formula, pack, table and key that is used does. Seed, draws and the program's
 * version are no inputs. method section 10.1.
 *
 * A fingerprint is made of parts, each with a hash of its own, so that a later run can say which of
 * them changed. */
#ifndef DIVIDEND_PLAN_FINGERPRINT_H
#define DIVIDEND_PLAN_FINGERPRINT_H

#include "plan/plan.h"
#include "scenario/portfolio.h"

enum { FINGERPRINT_DIGITS = 64 };

struct fingerprint_part {
    const char *kind; /* "evidence", "input", "model", "pack" ... */
    const char *name; /* identity within its kind */
    char sha256[FINGERPRINT_DIGITS + 1];
};

struct fingerprint {
    char sha256[FINGERPRINT_DIGITS + 1];  /* of the parts, in order; "" where there is none */
    const struct fingerprint_part *parts; /* in order of kind and name */
    size_t n_parts;
};

/* Of a plan of one programme or health model (not of a bundle); parts in the arena. */
struct fingerprint plan_fingerprint(struct arena *arena, const struct plan *plan);

/* Of a plan of several programmes as it is run: each programme at its scale and years, what they
 * share, and the portfolio's own settings. Parts of all programmes together; where two have a part
 * of the same name and another content, it stands twice. */
struct fingerprint bundle_fingerprint(struct arena *arena, const struct plan *plan);

/* Of a portfolio: its own settings and the fingerprint of each programme as it runs there. Empty
 * where a programme's plan cannot be built. */
struct fingerprint portfolio_fingerprint(struct arena *arena, const struct library *library,
                                         const struct portfolio *portfolio);

/* What is signed for in a scenario's file: the scenario, or all the scenarios that its for_each
 * makes together. Empty where a plan cannot be built. */
struct fingerprint scenario_fingerprint(struct arena *arena, const struct library *library,
                                        const struct scenario *scenario);

/* 64 digits 0-9a-f. */
bool fingerprint_is_one(const char *words);

#endif
