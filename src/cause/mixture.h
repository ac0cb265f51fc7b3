/* Mixtures of two libraries: everything that a scenario or portfolio stands on is the new
 * library's, but for groups of inputs that are taken from the old one. Groups are the parts of the
 * fingerprints (method 10.1) that differ: an evidence item with its overrides, an input, a model, a
 * pack ... Mixed are settings, not numbers: a mixture is read and checked as any library, and
 * identities, and with them random numbers, stay. docs/method.md, 9.5. */
#ifndef DIVIDEND_CAUSE_MIXTURE_H
#define DIVIDEND_CAUSE_MIXTURE_H

#include "plan/fingerprint.h"
#include "scenario/portfolio.h"

/* What is run together, by itself. */
enum cause_unit_kind {
    UNIT_SCENARIO,
    UNIT_TOTAL,    /* of a sweep over areas: portfolio_families has it */
    UNIT_PORTFOLIO /* with all its sets */
};

struct cause_unit {
    enum cause_unit_kind kind;
    const char *id;     /* of the scenario, the total or the portfolio */
    const char *family; /* UNIT_TOTAL: the scenario file it is made of; else NULL */
};

struct cause_group {
    const char *kind;   /* "evidence", "input", "model", "pack" ...; "several" */
    const char *name;   /* "help.deadweight"; of several: "evidence a.b; model c" */
    const char *detail; /* what of it, the first few keys: "value.mean 0.2 -> 0.3; 2 more"; "" */
};

/* How finely groups are told apart, from what is wanted to what always works: some mixtures are no
 * valid configuration, for example a formula without the evidence that it names. */
enum cause_grain {
    GRAIN_PARTS,    /* each part a group */
    GRAIN_EVIDENCE, /* each evidence item, all else together */
    GRAIN_TOGETHER, /* all of them one group */
    N_CAUSE_GRAINS
};

/* What two libraries hold, side by side; made once for all units, which keeps the libraries. */
struct library_pair;

const struct library_pair *library_pair_make(struct arena *arena, const struct library *old,
                                             const struct library *now);

struct mixing; /* in the arena */

/* Both libraries must hold the unit. */
struct mixing *mixing_make(struct arena *arena, const struct library_pair *pair,
                           const struct cause_unit *unit, enum cause_grain grain);

/* In order of kind and name; both runs may change together in ways that no part shows: none. */
const struct cause_group *mixing_groups(const struct mixing *mixing, size_t *n_groups);

/* The library with the unit alone, in which the groups with new_groups [n_groups] are the new ones.
 * Look at diagnostics->n_errors before use. */
const struct library *mixing_build(struct arena *arena, const struct mixing *mixing,
                                   const bool *new_groups, struct diagnostics *diagnostics);

#endif
