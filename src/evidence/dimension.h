/* The index of Sobol dimensions: which parameter has which. A committed, append-only list
 * (models/dimensions.csv), so that a parameter's draws depend on its identity alone, never on which
 * scenarios run. method section 5.1. */
#ifndef DIVIDEND_EVIDENCE_DIMENSION_H
#define DIVIDEND_EVIDENCE_DIMENSION_H

#include "evidence/evidence.h"

enum { DIMENSION_LAST = 2048, DIMENSION_FIRST_LOCAL = 1024 };

struct dimension {
    const char *identity;
    size_t dimension; /* 1 .. DIMENSION_LAST */
    struct place place;
};

struct dimensions {
    const struct dimension *items; /* in identity order */
    size_t n_items;
};

/* Gathers the files named dimensions.csv of all layers: a header "dimension,identity", then a
 * number and an identity a line. Malformed lines are E480; a number or an identity that stands
 * twice is E481. */
const struct dimensions *dimensions_read(struct arena *arena,
                                         const struct layered_document *documents,
                                         size_t n_documents, struct diagnostics *diagnostics);

/* 0 where the identity has none. `dimensions` may be NULL. */
size_t dimension_of(const struct dimensions *dimensions, const char *identity);

#endif
