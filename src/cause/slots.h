/* What two libraries of models hold, item by item and side by side. Private to cause/. */
#ifndef DIVIDEND_CAUSE_SLOTS_H
#define DIVIDEND_CAUSE_SLOTS_H

#include "scenario/scenario.h"

/* An item as one file has it. */
struct slot_entry {
    const struct layered_document *from;
    const struct setting *setting; /* of the item; NULL: a data file */
    /* The item alone with all groups above it, as the one child of a document's root: `evidence = {
     * a = { b = { ... }; }; };`. NULL: a data file, or a document that could not be read. */
    const struct setting *child;
};

/* An item by kind and id, in each layer that has it. */
struct slot {
    const char *kind; /* "evidence", "model", "packs" ...; "file"; "dimension" */
    const char *id;   /* "help.deadweight", "help", "norms.csv" */
    struct slot_entry *old, *now;
    size_t n_old, n_now, old_capacity, now_capacity;
};

struct slots {
    struct slot *items; /* by kind, then id */
    size_t n_items, capacity;
};

/* In the arena; the libraries must outlive it. */
void slots_make(struct slots *slots, struct arena *arena, const struct library *old,
                const struct library *now);

/* The slot of this id, or of the item that it is a part of (a share of a Dirichlet); NULL none. */
const struct slot *slots_find(const struct slots *slots, const char *kind, const char *id);

/* The same settings, or bytes, in the same layers, whatever their places in files. */
bool slot_is_same(const struct slot *slot);

#endif
