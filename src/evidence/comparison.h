/* Two versions of evidence, item by item and field by field. */
#ifndef DIVIDEND_EVIDENCE_COMPARISON_H
#define DIVIDEND_EVIDENCE_COMPARISON_H

#include "evidence/evidence.h"

enum evidence_change_kind { EVIDENCE_ADDED, EVIDENCE_REMOVED, EVIDENCE_CHANGED };

/* One field of one item or source. Of an item that was added or removed there is one, its value. */
struct evidence_change {
    enum evidence_change_kind kind;
    const char *id;                    /* of the item or source */
    const struct parameter *parameter; /* the later one, else the earlier; NULL: a source */
    const struct source *source;       /* the same; NULL: an item */
    const char *field;                 /* "value", "interval", "price_year", ... */
    bool moves_results;                /* figures, against words that no number depends on */
    const char *old_words, *new_words; /* NULL: not stated; money and shares with 17 digits */
    const struct setting *old_setting, *new_setting; /* where each stands; NULL not there */
};

struct evidence_comparison {
    const struct evidence_change *changes; /* items in identity order, then sources in id order */
    size_t n_changes;
    size_t n_added, n_removed, n_changed, n_same; /* items */
    size_t n_sources_added, n_sources_removed, n_sources_changed;
};

/* In the arena. Layers are applied in both: an item that a layer replaces is compared as it is
 * replaced. */
struct evidence_comparison evidence_compare(struct arena *arena, const struct evidence *earlier,
                                            const struct evidence *later);

#endif
