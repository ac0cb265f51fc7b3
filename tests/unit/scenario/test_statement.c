/* Statements about measures, as constraints and expectations write them. */
#include "scenario/statement.h"
#include "support/assert_close.h"

#include <math.h>
#include <string.h>

struct row {
    const char *words, *measure;
    bool is_probability;
    enum comparison inner;
    double threshold;
    enum comparison comparison;
    double bound;
};

static void statements_are_read(void **state)
{
    static const struct row rows[] = {
        {"net.total >= 0", "net.total", false, AT_LEAST, 0.0, AT_LEAST, 0.0},
        {"  net_cash.police.p05@3>-1e4 ", "net_cash.police.p05@3", false, AT_LEAST, 0.0, ABOVE,
         -10000.0},
        {"bcr.total < 1.5", "bcr.total", false, AT_LEAST, 0.0, BELOW, 1.5},
        {"payback.nhs <= 5", "payback.nhs", false, AT_LEAST, 0.0, AT_MOST, 5.0},
        {"prob(net.nhs >= 0) >= 0.5", "net.nhs", true, AT_LEAST, 0.0, AT_LEAST, 0.5},
        {"prob( net.nhs < -100 )<0.1", "net.nhs", true, BELOW, -100.0, BELOW, 0.1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
        struct arena arena;
        struct statement statement;
        arena_init(&arena);
        assert_true(statement_parse(&arena, rows[i].words, &statement));
        assert_string_equal(statement.measure, rows[i].measure);
        assert_int_equal(statement.is_probability, rows[i].is_probability);
        assert_int_equal(statement.comparison, rows[i].comparison);
        assert_close(statement.bound, rows[i].bound, 0.0);
        if (rows[i].is_probability) {
            assert_int_equal(statement.inner, rows[i].inner);
            assert_close(statement.threshold, rows[i].threshold, 0.0);
        }
        arena_clear(&arena);
    }
}

static void what_compares_nothing_is_refused(void **state)
{
    static const char *const words[] = {"",
                                        "net.total",
                                        ">= 0",
                                        "net.total >=",
                                        "net.total = 0",
                                        "net.total == 0",
                                        "net.total >= nan",
                                        "net.total >= 1e999",
                                        "net.total >= 0 0",
                                        "net.total >= 0.5x",
                                        "prob(net.total >= 0)",
                                        "prob(net.total >= 0 >= 0.5",
                                        "prob(net.total) >= 0.5",
                                        "prob(net.total >= 0) >= 1.1",
                                        "prob(net.total >= 0) >= -0.1",
                                        "prob(prob(net.total >= 0) >= 1) >= 1"};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        struct arena arena;
        struct statement statement;
        arena_init(&arena);
        if (statement_parse(&arena, words[i], &statement)) {
            print_error("\"%s\" was read\n", words[i]);
            fail();
        }
        arena_clear(&arena);
    }
}

static void nothing_holds_of_nan(void **state)
{
    (void)state;
    for (int comparison = AT_LEAST; comparison <= BELOW; ++comparison) {
        assert_false(comparison_holds((enum comparison)comparison, (double)NAN, 0.0));
    }
    assert_true(comparison_holds(AT_LEAST, 1.0, 1.0));
    assert_false(comparison_holds(ABOVE, 1.0, 1.0));
    assert_true(comparison_holds(AT_MOST, 1.0, 1.0));
    assert_false(comparison_holds(BELOW, 1.0, 1.0));
    assert_true(comparison_holds(ABOVE, (double)INFINITY, 1.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_read),
        cmocka_unit_test(what_compares_nothing_is_refused),
        cmocka_unit_test(nothing_holds_of_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
