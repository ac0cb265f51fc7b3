#include "evidence/correlation.h"

#include "evidence/layer.h"
#include "reader/schema.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- matrices ---- */

double correlation_from_rank(double rank_correlation)
{
    /* sin x = x - x^3/3! + ...; |x| <= pi/6, so that the ninth term is below 1e-22. */
    double x = rank_correlation * (3.14159265358979323846 / 6.0);
    double term = x, sum = x;
    for (int k = 1; k <= 9; ++k) {
        term *= -x * x / (double)(2 * k * (2 * k + 1));
        sum += term;
    }
    return 2.0 * sum;
}

bool correlation_factorise(size_t n, const double *matrix, double least, double *factor)
{
    memset(factor, 0, n * n * sizeof *factor);
    for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j <= i; ++j) {
            double sum = matrix[i * n + j];
            for (size_t k = 0; k < j; ++k) {
                sum -= factor[i * n + k] * factor[j * n + k];
            }
            if (i == j && !(sum > least)) {
                return false;
            }
            factor[i * n + j] = i == j ? sqrt(sum) : sum / factor[j * n + j];
        }
    }
    return true;
}

/* One rotation that makes a[p][q] zero; vectors gathers the rotations. */
static void rotate(size_t n, double *a, double *vectors, size_t p, size_t q)
{
    double theta = (a[q * n + q] - a[p * n + p]) / (2.0 * a[p * n + q]);
    double t = (theta >= 0.0 ? 1.0 : -1.0) / (fabs(theta) + sqrt(theta * theta + 1.0));
    double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    for (size_t k = 0; k < n; ++k) {
        double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; ++k) {
        double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
    }
    for (size_t k = 0; k < n; ++k) {
        double x = vectors[k * n + p], y = vectors[k * n + q];
        vectors[k * n + p] = c * x - s * y;
        vectors[k * n + q] = s * x + c * y;
    }
}

void correlation_decompose(size_t n, double *a, double *values, double *vectors)
{
    double scale = 0.0;
    for (size_t i = 0; i < n * n; ++i) {
        vectors[i] = i % (n + 1) == 0 ? 1.0 : 0.0;
        scale = fmax(scale, fabs(a[i]));
    }
    for (int sweep = 0; sweep < 60; ++sweep) {
        double off = 0.0;
        for (size_t p = 0; p < n; ++p) {
            for (size_t q = p + 1; q < n; ++q) {
                off = fmax(off, fabs(a[p * n + q]));
                if (fabs(a[p * n + q]) > 1e-300) {
                    rotate(n, a, vectors, p, q);
                }
            }
        }
        if (off <= 1e-15 * scale) {
            break;
        }
    }
    for (size_t i = 0; i < n; ++i) {
        values[i] = a[i * n + i];
    }
}

double correlation_repair(size_t n, const double *matrix, double least, double *repaired)
{
    double *a = memory_array(n * n, sizeof *a), *vectors = memory_array(n * n, sizeof *vectors);
    memcpy(a, matrix, n * n * sizeof *a);
    double values[CORRELATION_MAX_MEMBERS];
    correlation_decompose(n, a, values, vectors);
    for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) {
            double sum = 0.0;
            for (size_t k = 0; k < n; ++k) {
                sum += vectors[i * n + k] * fmax(values[k], least) * vectors[j * n + k];
            }
            repaired[i * n + j] = sum;
        }
    }
    for (size_t i = 0; i < n; ++i) {
        a[i] = sqrt(repaired[i * n + i]);
    }
    double change = 0.0;
    for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) {
            double value = i == j ? 1.0 : repaired[i * n + j] / (a[i] * a[j]);
            repaired[i * n + j] = value;
            change = fmax(change, fabs(value - matrix[i * n + j]));
        }
    }
    free(a);
    free(vectors);
    return change;
}

/* ---- reading ---- */

struct correlation_reader {
    struct arena *arena;
    const struct evidence *evidence;
    struct diagnostics *diagnostics;
};

static const struct parameter *read_member(const struct correlation_reader *reader,
                                           const struct setting *name)
{
    const struct parameter *parameter = evidence_find(reader->evidence, name->text, NULL);
    if (parameter == NULL) {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E482,
                         "an evidence item, by path or by a short name that one item has",
                         layer_suggest(reader->arena,
                                       evidence_nearest(reader->evidence, name->text),
                                       "see `dividend list evidence`"),
                         "no one evidence item is named \"%s\"", name->text);
        return NULL;
    }
    bool dirichlet = parameter->n_dirichlet > 0;
    if (dirichlet || !distribution_is_uncertain(&parameter->distribution)) {
        setting_complain(reader->diagnostics, name, DIAGNOSTIC_E482,
                         "evidence with a distribution of its own",
                         dirichlet ? "shares of a Dirichlet vary together already; leave it out"
                                   : "give the item a distribution, or leave it out",
                         "\"%s\" %s", parameter->identity,
                         dirichlet ? "is a share of a Dirichlet" : "is certain");
        return NULL;
    }
    return parameter;
}

static bool read_members(const struct correlation_reader *reader, struct correlation *item)
{
    const struct setting *of = setting_find(item->setting, "of");
    bool good = true;
    if (of == NULL || of->n_children < 2 || of->n_children > CORRELATION_MAX_MEMBERS) {
        setting_complain(reader->diagnostics, of != NULL ? of : item->setting, DIAGNOSTIC_E482,
                         "2 to 64 evidence items", "of = [\"first\", \"second\"];",
                         "a correlation of %zu items", of != NULL ? of->n_children : 0);
        return false;
    }
    const struct parameter **members = arena_array(reader->arena, of->n_children, sizeof *members);
    for (size_t i = 0; i < of->n_children; ++i) {
        members[i] = setting_is_text(of->children[i]) ? read_member(reader, of->children[i]) : NULL;
        good = good && members[i] != NULL;
        for (size_t k = 0; k < i; ++k) {
            if (members[i] != NULL && members[i] == members[k]) {
                setting_complain(reader->diagnostics, of->children[i], DIAGNOSTIC_E482,
                                 "each evidence item once", "remove one of them",
                                 "\"%s\" stands there twice", members[i]->identity);
                good = false;
            }
        }
    }
    item->members = members;
    item->n_members = of->n_children;
    return good;
}

static bool complain_matrix(const struct correlation_reader *reader, const struct setting *setting,
                            size_t n, const char *found)
{
    setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E483,
                     arena_printf(reader->arena,
                                  "%zu numbers, row by row, symmetric, with ones on the diagonal "
                                  "and the rest from -1 to 1",
                                  n * n),
                     "write it as published; pairwise = 0.6 stands for one number everywhere", "%s",
                     found);
    return false;
}

/* Symmetric within 1e-9; `unit`: a correlation, else a covariance with a diagonal above 0. */
static bool check_matrix(const struct correlation_reader *reader, const struct setting *setting,
                         size_t n, const double *m, bool unit)
{
    for (size_t i = 0; i < n; ++i) {
        double diagonal = m[i * n + i];
        if (unit ? fabs(diagonal - 1.0) > 1e-9 : !(diagonal > 0.0)) {
            return complain_matrix(reader, setting, n,
                                   arena_printf(reader->arena,
                                                "element %zu of the diagonal is %.6g", i + 1,
                                                diagonal));
        }
        for (size_t j = 0; j < i; ++j) {
            double a = m[i * n + j], b = m[j * n + i];
            double scale = sqrt(fabs(diagonal * m[j * n + j]));
            if (fabs(a - b) > 1e-9 * scale || fabs(a) > scale * (1.0 + 1e-9)) {
                return complain_matrix(reader, setting, n,
                                       arena_printf(reader->arena,
                                                    "row %zu, column %zu is %.6g, and row %zu, "
                                                    "column %zu is %.6g",
                                                    i + 1, j + 1, a, j + 1, i + 1, b));
            }
        }
    }
    return true;
}

/* The spread that the covariance must agree with: of a normal, or of the logarithm of a lognormal.
 */
static double own_spread(const struct distribution *distribution)
{
    bool natural = distribution->family == DISTRIBUTION_NORMAL ||
                   distribution->family == DISTRIBUTION_LOGNORMAL;
    return natural ? distribution->p[1] : (double)NAN;
}

static bool scale_covariance(const struct correlation_reader *reader,
                             const struct correlation *item, const struct setting *setting,
                             double *m)
{
    size_t n = item->n_members;
    double spread[CORRELATION_MAX_MEMBERS];
    bool good = true;
    for (size_t i = 0; i < n; ++i) {
        double own = own_spread(&item->members[i]->distribution);
        spread[i] = sqrt(m[i * n + i]);
        if (!(fabs(spread[i] - own) <= 1e-3 * own)) {
            setting_complain(reader->diagnostics, setting, DIAGNOSTIC_E484,
                             "variances of the items' own normal distributions (of the logarithm "
                             "where lognormal), within 0.1 %",
                             "make the item's sd the square root of its variance, or give a "
                             "correlation matrix",
                             "\"%s\" has a standard deviation of %.6g in the covariance and %s",
                             item->members[i]->identity, spread[i],
                             isnan(own) ? "is neither normal nor lognormal"
                                        : arena_printf(reader->arena, "%.6g of its own", own));
            good = false;
        }
    }
    for (size_t i = 0; i < n; ++i) {
        for (size_t k = 0; k < n; ++k) {
            double scale = spread[i] * spread[k];
            m[i * n + k] = i == k ? 1.0 : scale > 0.0 ? m[i * n + k] / scale : 0.0;
        }
    }
    return good;
}

static bool read_matrix(const struct correlation_reader *reader, const struct correlation *item,
                        double *m)
{
    size_t n = item->n_members, n_given = 0;
    const struct setting *matrix = setting_find(item->setting, "matrix");
    const struct setting *covariance = setting_find(item->setting, "covariance");
    const struct setting *pairwise = setting_find(item->setting, "pairwise");
    size_t n_forms =
        (size_t)(matrix != NULL) + (size_t)(covariance != NULL) + (size_t)(pairwise != NULL);
    if (n_forms != 1) {
        return complain_matrix(reader, item->setting, n,
                               n_forms == 0 ? "neither matrix nor covariance nor pairwise is given"
                                            : "two of matrix, covariance and pairwise are given");
    }
    const struct setting *given = matrix != NULL ? matrix : covariance;
    for (size_t i = 0; pairwise != NULL && i < n * n; ++i) {
        m[i] = i % (n + 1) == 0 ? 1.0 : setting_number(pairwise, 0.0);
    }
    if (given != NULL) {
        const double *numbers = field_numbers(reader->arena, item->setting, given->name, &n_given);
        if (n_given != n * n) {
            return complain_matrix(
                reader, given, n,
                arena_printf(reader->arena, "%zu numbers for %zu items", n_given, n));
        }
        memcpy(m, numbers, n * n * sizeof *m);
        if (!check_matrix(reader, given, n, m, matrix != NULL)) {
            return false;
        }
    }
    if (covariance != NULL) {
        return scale_covariance(reader, item, covariance, m);
    }
    bool rank = strcmp(field_text(item->setting, "scale", "rank"), "rank") == 0;
    for (size_t i = 0; rank && i < n * n; ++i) {
        m[i] = i % (n + 1) == 0 ? 1.0 : correlation_from_rank(m[i]);
    }
    return true;
}

/* Smaller pivots leave too few digits; below this the matrix counts as not positive definite. */
static const double least_pivot = 1e-9, least_eigenvalue = 1e-8;

static void factorise(const struct correlation_reader *reader, struct correlation *item, double *m)
{
    size_t n = item->n_members;
    double *factor = arena_array(reader->arena, n * n, sizeof *factor);
    if (!correlation_factorise(n, m, least_pivot, factor)) {
        double *repaired = arena_array(reader->arena, n * n, sizeof *repaired);
        item->repair = correlation_repair(n, m, least_eigenvalue, repaired);
        memcpy(m, repaired, n * n * sizeof *m);
        if (!correlation_factorise(n, m, 0.0, factor)) {
            complain_matrix(reader, item->setting, n, "the matrix could not be repaired");
        }
        if (item->repair > 1e-6) {
            setting_complain(reader->diagnostics, item->setting, DIAGNOSTIC_W805,
                             "a positive definite matrix",
                             "check the figures: these correlations cannot all hold together",
                             "the matrix is not positive definite; the nearest found differs by up "
                             "to %.3g",
                             item->repair);
        }
    }
    item->matrix = m;
    item->factor = factor;
}

static void check_once(const struct correlation_reader *reader, const struct correlation *items,
                       size_t n_items)
{
    for (size_t i = 1; i < n_items; ++i) {
        for (size_t m = 0; m < items[i].n_members; ++m) {
            const struct correlations before = {.items = items, .n_items = i};
            const struct correlation *other = correlation_of(&before, items[i].members[m], NULL);
            if (other != NULL) {
                setting_complain(reader->diagnostics, items[i].setting, DIAGNOSTIC_E485,
                                 "each evidence item in one correlation",
                                 "join the two correlations into one", "\"%s\" is in \"%s\" too",
                                 items[i].members[m]->identity, other->id);
            }
        }
    }
}

static void check_source(const struct correlation_reader *reader, const struct setting *group)
{
    const struct setting *source = setting_find(group, "source");
    if (!setting_is_text(source)) {
        return;
    }
    if (strcmp(source->text, "assumption") != 0) {
        evidence_check_source(reader->evidence, source, reader->diagnostics);
    } else if (setting_find(group, "reason") == NULL) {
        schema_complain_missing(group, "correlation", "reason", reader->diagnostics);
    }
}

const struct correlations *correlations_read(struct arena *arena,
                                             const struct layered_document *documents,
                                             size_t n_documents, const struct evidence *evidence,
                                             struct diagnostics *diagnostics)
{
    struct correlation_reader reader = {
        .arena = arena, .evidence = evidence, .diagnostics = diagnostics};
    struct layer_items found = {.arena = arena};
    layer_gather(&found, documents, n_documents, "correlations");
    layer_settle(&found, "correlation", true, diagnostics);
    struct correlation *items = arena_array(arena, found.n_items + 1, sizeof *items);
    size_t n_items = 0;
    for (size_t i = 0; i < found.n_items; ++i) {
        struct correlation *item = &items[n_items];
        *item = (struct correlation){.id = found.items[i].id, .setting = found.items[i].setting};
        item->label = field_text(item->setting, "label", item->id);
        check_source(&reader, item->setting);
        if (!read_members(&reader, item)) {
            continue;
        }
        double *m = arena_array(arena, item->n_members * item->n_members, sizeof *m);
        if (read_matrix(&reader, item, m)) {
            factorise(&reader, item, m);
            ++n_items;
        }
    }
    check_once(&reader, items, n_items);
    struct correlations *correlations = arena_alloc(arena, sizeof *correlations);
    *correlations = (struct correlations){.items = items, .n_items = n_items};
    return correlations;
}

const struct correlation *correlation_of(const struct correlations *correlations,
                                         const struct parameter *parameter, size_t *member)
{
    for (size_t i = 0; correlations != NULL && parameter != NULL && i < correlations->n_items;
         ++i) {
        for (size_t m = 0; m < correlations->items[i].n_members; ++m) {
            if (correlations->items[i].members[m] == parameter) {
                if (member != NULL) {
                    *member = m;
                }
                return &correlations->items[i];
            }
        }
    }
    return NULL;
}
