/* Figures that add up as they are shown. */
#include "explain/explanation.h"
#include "support/assert_close.h"
#include "support/dice.h"

#include <math.h>
#include <string.h>

static void parts_give_their_total(void **state)
{
    (void)state;
    const double thirds[] = {1.0 / 3, 1.0 / 3, 1.0 / 3}, mixed[] = {-10.6, 3.5, 7.1, 0.0};
    double rounded[4];
    explain_round_parts(thirds, 3, 1.0, rounded);
    assert_true(rounded[0] + rounded[1] + rounded[2] == 1.0);
    explain_round_parts(mixed, 4, 0.0, rounded);
    assert_true(rounded[0] == -11.0 && rounded[1] + rounded[2] == 11.0 && rounded[3] == 0.0);
    explain_round_parts(mixed, 0, 0.0, rounded); /* nothing to round */
}

/* What is nearest stays where it can: 2.9 + 3.9 + 0.4 = 7.2 is 3 + 4 + 0. */
static void the_largest_remainder_goes_up(void **state)
{
    (void)state;
    const double parts[] = {2.9, 3.9, 0.4}, tight[] = {0.4, 0.4, 0.4};
    double rounded[3];
    explain_round_parts(parts, 3, 7.0, rounded);
    assert_true(rounded[0] == 3.0 && rounded[1] == 4.0 && rounded[2] == 0.0);
    explain_round_parts(tight, 3, 1.0, rounded);
    assert_true(rounded[0] == 1.0 && rounded[1] == 0.0 && rounded[2] == 0.0);
}

static void check_table(size_t n_rows, size_t n_columns, const double *exact, const double *rounded)
{
    size_t width = n_columns + 1;
    for (size_t i = 0; i < (n_rows + 1) * width; ++i) {
        assert_true(rounded[i] == round(rounded[i]));
        assert_true(fabs(rounded[i] - exact[i]) < 1.0 + 1e-3);
        assert_true(exact[i] != round(exact[i]) || rounded[i] == exact[i]);
    }
    for (size_t r = 0; r <= n_rows; ++r) {
        double sum = 0.0;
        for (size_t c = 0; c < n_columns; ++c) {
            sum += rounded[r * width + c];
        }
        assert_true(sum == rounded[r * width + n_columns]);
    }
    for (size_t c = 0; c <= n_columns; ++c) {
        double sum = 0.0;
        for (size_t r = 0; r < n_rows; ++r) {
            sum += rounded[r * width + c];
        }
        assert_true(sum == rounded[n_rows * width + c]);
    }
    double corner = exact[n_rows * width + n_columns];
    assert_true(fabs(rounded[n_rows * width + n_columns] - corner) <= 0.5 + 1e-3);
}

/* Rows and columns of any table add; no cell moves by a whole unit, whole ones not at all. */
static void tables_add_both_ways(void **state)
{
    (void)state;

    enum { MOST = 12 };

    double exact[(MOST + 1) * (MOST + 1)], rounded[(MOST + 1) * (MOST + 1)];
    struct dice dice = {.state = 7};
    for (int trial = 0; trial < 3000; ++trial) {
        size_t n_rows = 1 + dice_below(&dice, MOST), n_columns = 1 + dice_below(&dice, MOST);
        size_t width = n_columns + 1;
        double size = pow(10.0, (double)dice_below(&dice, 9));
        memset(exact, 0, sizeof exact);
        for (size_t r = 0; r < n_rows; ++r) {
            for (size_t c = 0; c < n_columns; ++c) {
                double value = dice_between(&dice, -size, size);
                value = dice_below(&dice, 3) == 0 ? 0.0 : value;
                exact[r * width + c] = value;
                exact[r * width + n_columns] += value;
                exact[n_rows * width + c] += value;
                exact[n_rows * width + n_columns] += value;
            }
        }
        memcpy(rounded, exact, sizeof exact);
        explain_round_table(rounded, n_rows, n_columns);
        check_table(n_rows, n_columns, exact, rounded);
    }
}

/* A table as a reader sees it, with a total that another table shows a pound higher. */
static void a_table_repeats_a_total_shown_elsewhere(void **state)
{
    (void)state;
    static const struct explain_column columns[] = {{"part", "part", EXPLAIN_WORDS, false},
                                                    {"gbp", "£", EXPLAIN_MONEY, true}};
    struct arena arena;
    arena_init(&arena);
    struct explanation explanation = {.arena = &arena};
    explain_add_section(&explanation, "s", "Section");
    struct explain_table *table = explain_add_table(&explanation, "Parts", columns, 2);
    const double values[] = {1000.4, 2000.4, 3000.8};
    table->has_total = true;
    for (size_t i = 0; i < 3; ++i) {
        struct explain_cell *row = explain_add_row(&explanation, table);
        row[0] = explain_words("x");
        row[1] = explain_number(values[i]);
    }
    const struct explain_cell shown = {.words = "3,002", .value = 3000.8};
    explain_finish_table(&explanation, table, &shown);
    assert_string_equal(table->cells[1].words, "1,001");
    assert_string_equal(table->cells[3].words, "2,001");
    assert_string_equal(table->cells[5].words, "3,002");
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_give_their_total),
                                       cmocka_unit_test(the_largest_remainder_goes_up),
                                       cmocka_unit_test(tables_add_both_ways),
                                       cmocka_unit_test(a_table_repeats_a_total_shown_elsewhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
