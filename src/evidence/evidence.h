/* Parameters: every number a model uses, with unit, price year, source, locator, grade and date.
 * Frozen after loading; owned by the arena of the run. */
#ifndef DIVIDEND_EVIDENCE_EVIDENCE_H
#define DIVIDEND_EVIDENCE_EVIDENCE_H

#include "evidence/distribution.h"
#include "evidence/pack.h"

enum parameter_kind {
    PARAMETER_PROBABILITY,   /* in [0, 1] */
    PARAMETER_RATE,          /* >= 0, per unit of time */
    PARAMETER_RELATIVE_RISK, /* > 0; also odds and hazard ratios */
    PARAMETER_SHARE,    /* in [0, 1]; a relative effect is a share of baseline demand, may be < 0 */
    PARAMETER_COST,     /* GBP; needs price_year */
    PARAMETER_UTILITY,  /* <= 1 */
    PARAMETER_COUNT,    /* >= 0, e.g. contacts per person per year */
    PARAMETER_DURATION, /* >= 0, years */
    PARAMETER_EFFECT,   /* any sign: change in a demand, relative or absolute */
    N_PARAMETER_KINDS   /* only after an error: the kind could not be read */
};

enum value_type { VALUE_FISCAL, VALUE_ECONOMIC, VALUE_SOCIAL };

struct share {
    const char *sector; /* sector or sector-group id, resolved by scenario/ */
    double share;
    const struct setting *setting;
};

/* `supersedes` of a source: it takes the place of an earlier one, for all evidence that cites that
 * one or for some. */
struct supersession {
    const char *source_id;    /* the earlier source */
    const char *const *items; /* identities, or groups of them; n_items 0: all that cite it */
    size_t n_items;
    const char *because;
    const struct setting *setting;
};

struct source {
    const char *id, *citation, *url, *accessed, *licence;
    const char *confidence; /* "found", "second_hand" or "from_memory": how the figure was seen */
    int year;               /* 0 unknown */
    const struct supersession *supersedes;
    size_t n_supersedes;
    const struct setting *setting;
    const struct source *replaced; /* the shipped one a layer replaced; NULL none */
    const char *replaces_because;
};

struct parameter {
    const char *identity;   /* dotted path inside evidence = { }: keys the uniforms */
    const char *short_name; /* last part of the path */
    const char *label, *unit, *locator, *applies_to, *review_by, *note, *version, *owner;
    const double *plausible; /* lowest and highest value thought possible; NULL not stated */
    enum parameter_kind kind;
    int grade; /* 1 best .. 6 assumption */
    const char *source_id;
    const struct source *source; /* NULL only for source "assumption" */
    const char *reason;          /* why an assumption is what it is */
    int price_year;              /* first calendar year of the financial year; 0 not money */
    struct distribution distribution;
    /* Unit costs only: */
    const struct share *split; /* agency split, sums to 1; n_split 0: none stated */
    size_t n_split;
    double cashable; /* one share for all sectors, unless cashable_by_sector */
    bool has_cashable;
    const struct share *cashable_by_sector;
    size_t n_cashable_by_sector;
    enum value_type value_type;
    const char *transfer_from; /* sector that loses what the split gains; NULL none */
    /* Items of one Dirichlet: all of them in the order of the file, this one included. The
     * distribution above is the beta of the one share, for showing; draws come from gammas with
     * these counts as shapes. n_dirichlet 0: not of a Dirichlet. */
    const struct parameter *const *dirichlet;
    size_t n_dirichlet;
    double count;
    double real_growth; /* per year above the deflator, from the price year's first model year */
    const struct setting *setting;    /* where it was read, for messages and `explain` */
    const struct parameter *replaced; /* the shipped item a layer replaced; NULL none */
    const char *replaces_because;
    size_t layer; /* 0 shipped, 1.. each --models DIR */
    /* What the figure was worked out from: names as written; evidence_find resolves them. */
    const char *const *derived_from;
    size_t n_derived_from;
};

/* All evidence of a run, layers applied, in identity order (strcmp). */
struct evidence {
    const struct parameter *const *parameters;
    size_t n_parameters;
    const struct source *const *sources; /* in id order */
    size_t n_sources;
};

/* True where `name` is the identity of the parameter or a trailing part of its dotted path. */
bool parameter_matches(const struct parameter *parameter, const char *name);

/* By full identity, or by a short name (any trailing part of the dotted path) where one match
 * exists. NULL when none or several; *n_matches (may be NULL) says which. */
const struct parameter *evidence_find(const struct evidence *evidence, const char *name,
                                      size_t *n_matches);
/* Nearest identity or short name for a did-you-mean, or NULL. */
const char *evidence_nearest(const struct evidence *evidence, const char *name);

/* All identities that `name` may mean, as "a.x, b.x", for the message about an ambiguous name. */
const char *evidence_candidates(struct arena *arena, const struct evidence *evidence,
                                const char *name);

const struct source *evidence_find_source(const struct evidence *evidence, const char *id);

/* Reports a source id that names nothing; "assumption" is left to the caller. */
void evidence_check_source(const struct evidence *evidence, const struct setting *source_setting,
                           struct diagnostics *diagnostics);

/* succession.c. The source that takes the place of the one the item cites, by way of others where
 * there is a chain of them, and why the first of the chain does; NULL (and *why NULL) where none
 * does. */
const struct source *evidence_successor(const struct evidence *evidence,
                                        const struct parameter *parameter,
                                        const struct supersession **why);
void succession_read(struct arena *arena, struct source *source);
/* No circles, and only items that cite the earlier source in some layer; adds diagnostics. */
void succession_check(const struct evidence *evidence, struct diagnostics *diagnostics);

const char *parameter_kind_name(enum parameter_kind kind);
bool parameter_kind_find(const char *name, enum parameter_kind *kind);
/* Lowest and highest value that the kind allows (may be infinite). */
void parameter_kind_range(enum parameter_kind kind, double *low, double *high);
bool parameter_is_assumption(const struct parameter *parameter);

/* Reading: evidence_read.c gathers `evidence` and `sources` groups of all documents (layer 0 the
 * shipped ones, later layers replace by identity and need replaces_because), evidence_check.c then
 * checks rules across fields: kind against values and support, money needs a price year, sources
 * exist, splits sum to 1, assumptions state a reason, grade 6 for assumptions, plausible range of
 * the kind. */
struct layered_document {
    const struct document *document;
    size_t layer;          /* 0 shipped, 1.. each --models DIR in order */
    const char *directory; /* the models directory it stands in, as given; NULL: in memory */
};

/* The numbers of a group by name (split, funding, baseline spend), in the order of the file. */
const struct share *evidence_read_shares(struct arena *arena, const struct setting *group,
                                         size_t *n_shares);

const struct evidence *evidence_read(struct arena *arena, const struct layered_document *documents,
                                     size_t n_documents, struct diagnostics *diagnostics);
/* Cross-field rules; adds diagnostics. */
void evidence_check(const struct evidence *evidence, struct diagnostics *diagnostics);

/* Reads one `value` override for `parameter`: kind rules apply as for evidence. */
bool evidence_read_override(struct arena *arena, const struct parameter *parameter,
                            const struct setting *value, struct distribution *out,
                            struct diagnostics *diagnostics);

#endif
