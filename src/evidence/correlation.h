/* Parameters that vary together: a Gaussian copula over their own distributions. method
 * section 5.2. */
#ifndef DIVIDEND_EVIDENCE_CORRELATION_H
#define DIVIDEND_EVIDENCE_CORRELATION_H

#include "evidence/evidence.h"

enum { CORRELATION_MAX_MEMBERS = 64 };

struct correlation {
    const char *id, *label;
    const struct parameter *const *members; /* in the order of the file */
    size_t n_members;
    const double *matrix; /* [n][n] correlation of the normal scores, after any repair */
    const double *factor; /* [n][n] lower triangular, factor x factor' = matrix */
    double repair;        /* largest change that made the matrix positive definite; 0: none */
    const struct setting *setting;
};

struct correlations {
    const struct correlation *items; /* in id order */
    size_t n_items;
};

/* Gathers `correlations` groups. Unknown, certain or repeated parameters are E482 and E485, a
 * matrix of the wrong shape E483, a covariance that does not fit the parameters' own spread E484; a
 * matrix that is not positive definite is repaired with W805. Uses no libm but sqrt. */
const struct correlations *correlations_read(struct arena *arena,
                                             const struct layered_document *documents,
                                             size_t n_documents, const struct evidence *evidence,
                                             struct diagnostics *diagnostics);

/* The correlation that a parameter belongs to and its place there, or NULL. */
const struct correlation *correlation_of(const struct correlations *correlations,
                                         const struct parameter *parameter, size_t *member);

/* Correlation of normal scores that gives a rank correlation: 2 sin(pi r / 6). No libm. */
double correlation_from_rank(double rank_correlation);

/* Lower factor of a positive definite matrix [n][n] (Cholesky); false where a pivot is not above
 * `least`. */
bool correlation_factorise(size_t n, const double *matrix, double least, double *factor);

/* Eigenvalues of a symmetric matrix [n][n] into values[n], eigenvectors into the columns of
 * vectors[n][n]; `a` is used up (Jacobi's rotations, until the off-diagonal is nothing beside the
 * diagonal). */
void correlation_decompose(size_t n, double *a, double *values, double *vectors);

/* The matrix with eigenvalues of at least `least` and ones on the diagonal, near `matrix` (spectral
 * decomposition by Jacobi's rotations, then scaling); returns the largest change of an element. */
double correlation_repair(size_t n, const double *matrix, double least, double *repaired);

#endif
