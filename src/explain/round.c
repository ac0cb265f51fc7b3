/* Rounding that keeps sums: the figures of a table add as they are shown. */
#include "explain/explanation.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* What rounding in binary leaves of a whole number. */
static const double almost = 1e-7;

static bool is_whole(double value)
{
    return fabs(value - round(value)) < almost;
}

/* ---- a column: largest remainders ---- */

static size_t next_part(const double *parts, const double *rounded, size_t n, double direction)
{
    size_t best = 0;
    for (size_t i = 1; i < n; ++i) {
        double gap = direction * (parts[i] - rounded[i]);
        best = gap > direction * (parts[best] - rounded[best]) + almost ? i : best;
    }
    return best;
}

void explain_round_parts(const double *parts, size_t n, double total, double *rounded)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
        rounded[i] = round(parts[i]);
        sum += rounded[i];
    }
    while (n > 0 && fabs(total - sum) > 0.5) {
        double step = total > sum ? 1.0 : -1.0;
        rounded[next_part(parts, rounded, n, step)] += step;
        sum += step;
    }
}

/* ---- rows and columns at once ----
 *
 * With its sums negated, every row and column of the table adds to 0, so a row or column that has
 * one cell that is not whole has another. Going from one to the next, now along a row, now along a
 * column, ends in a ring; adding d and taking it away in turns round the ring leaves all sums as
 * they are, and d can be chosen so that one cell more is whole and none passes a whole number. At
 * most as many rings as cells (Bacharach 1966; Cox 1987). */

struct ring {
    size_t *cells; /* places, in order round the ring */
    size_t n;
    size_t lone; /* where there is no ring: a cell that is alone in its row or column */
};

static size_t open_in_row(const double *cells, size_t n_columns, size_t row, size_t but)
{
    for (size_t c = 0; c < n_columns; ++c) {
        if (c != but && !is_whole(cells[row * n_columns + c])) {
            return c;
        }
    }
    return SIZE_MAX;
}

static size_t open_in_column(const double *cells, size_t n_rows, size_t n_columns, size_t column,
                             size_t but)
{
    for (size_t r = 0; r < n_rows; ++r) {
        if (r != but && !is_whole(cells[r * n_columns + column])) {
            return r;
        }
    }
    return SIZE_MAX;
}

/* Takes the ring off a path whose last cell has come back to the row of path[from]. Where the ring
 * would leave by the column it came by, that cell counts twice, and not at all. */
static bool close_ring(struct ring *ring, size_t from, size_t n)
{
    size_t first = from + 1, last = n - 1;
    if (ring->cells[first] == ring->cells[last]) {
        ++first;
        --last;
    }
    ring->n = 0;
    for (size_t k = first; k <= last; ++k) {
        ring->cells[ring->n++] = ring->cells[k];
    }
    return ring->n >= 4;
}

/* The ring that a way from a cell leads to: each row is entered once before it closes. False where
 * binary rounding has left a cell alone in its row or column. */
static bool find_ring(const double *cells, size_t n_rows, size_t n_columns, size_t start,
                      struct ring *ring)
{
    size_t *path = ring->cells;
    size_t n = 0, row = start / n_columns, column = start % n_columns;
    path[n++] = start;
    while (n <= 2 * n_rows) {
        ring->lone = row * n_columns + column;
        column = open_in_row(cells, n_columns, row, column);
        if (column == SIZE_MAX) {
            return false;
        }
        path[n++] = row * n_columns + column;
        ring->lone = row * n_columns + column;
        row = open_in_column(cells, n_rows, n_columns, column, row);
        if (row == SIZE_MAX) {
            return false;
        }
        path[n++] = row * n_columns + column;
        for (size_t i = 0; i + 1 < n; i += 2) {
            if (path[i] / n_columns == row && i + 2 < n) {
                return close_ring(ring, i, n);
            }
        }
    }
    return false;
}

/* How far a cell may go up (or down) to the next whole number. */
static double room(double value, bool up)
{
    return up ? ceil(value - almost) - value : value - floor(value + almost);
}

static void turn_ring(double *cells, const struct ring *ring, bool up)
{
    double d = HUGE_VAL;
    for (size_t i = 0; i < ring->n; ++i) {
        d = fmin(d, room(cells[ring->cells[i]], (i % 2 == 0) == up));
    }
    for (size_t i = 0; i < ring->n; ++i) {
        double *cell = &cells[ring->cells[i]];
        *cell += (i % 2 == 0) == up ? d : -d;
        *cell = is_whole(*cell) ? round(*cell) : *cell;
    }
}

/* Up where the first cell is nearer to the next whole number above. */
static bool goes_up(const double *cells, const struct ring *ring)
{
    double value = cells[ring->cells[0]];
    return room(value, true) <= room(value, false);
}

/* Where binary rounding has left nothing to turn, or a number is too large: sums of whole parts. */
static void round_the_rest(double *cells, size_t n_rows, size_t n_columns)
{
    size_t width = n_columns + 1;
    for (size_t c = 0; c < width; ++c) {
        cells[n_rows * width + c] = 0.0;
    }
    for (size_t r = 0; r < n_rows; ++r) {
        cells[r * width + n_columns] = 0.0;
        for (size_t c = 0; c < n_columns; ++c) {
            cells[r * width + c] = round(cells[r * width + c]);
            cells[r * width + n_columns] += cells[r * width + c];
            cells[n_rows * width + c] += cells[r * width + c];
        }
        cells[n_rows * width + n_columns] += cells[r * width + n_columns];
    }
}

/* Signs under which all rows and columns add to 0. */
static void negate_sums(double *cells, size_t n_rows, size_t n_columns)
{
    size_t width = n_columns + 1;
    for (size_t r = 0; r < n_rows; ++r) {
        cells[r * width + n_columns] *= -1.0;
    }
    for (size_t c = 0; c < n_columns; ++c) {
        cells[n_rows * width + c] *= -1.0;
    }
}

/* Turns the ring so that the cell, where it is one of it, comes first. */
static void put_first(struct ring *ring, size_t cell)
{
    for (size_t i = 0; i < ring->n && ring->cells[0] != cell; ++i) {
        size_t first = ring->cells[0];
        for (size_t k = 0; k + 1 < ring->n; ++k) {
            ring->cells[k] = ring->cells[k + 1];
        }
        ring->cells[ring->n - 1] = first;
    }
}

/* One more cell whole on the way to a whole cell `i`; false where there is no such way. */
static bool take_step(double *cells, size_t height, size_t width, size_t i, struct ring *ring)
{
    if (find_ring(cells, height, width, i, ring)) {
        put_first(ring, i);
        turn_ring(cells, ring, goes_up(cells, ring));
        return true;
    }
    double *lone = &cells[ring->lone];
    bool only_noise = fabs(*lone - round(*lone)) < 0.01;
    *lone = only_noise ? round(*lone) : *lone;
    return only_noise;
}

void explain_round_table(double *cells, size_t n_rows, size_t n_columns)
{
    size_t height = n_rows + 1, width = n_columns + 1, n = height * width;
    struct ring ring = {.cells = memory_array(2 * n + 4, sizeof *ring.cells)};
    bool stuck = false;
    for (size_t i = 0; i < n; ++i) {
        cells[i] = is_whole(cells[i]) ? round(cells[i]) : cells[i];
    }
    negate_sums(cells, n_rows, n_columns);
    /* the corner first, since it is to be the nearest; then all others from the end */
    for (size_t i = n; i-- > 0 && !stuck;) {
        for (size_t turns = 0; !is_whole(cells[i]) && !stuck; ++turns) {
            stuck = turns > n || !take_step(cells, height, width, i, &ring);
        }
    }
    negate_sums(cells, n_rows, n_columns);
    if (stuck) {
        round_the_rest(cells, n_rows, n_columns);
    }
    free(ring.cells);
}
