/* Numbers as people type them into cells that hold texts. */
#include "import/import.h"
#include "support/assert_close.h"

static void what_can_mean_one_number_only_is_read(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        bool money;
        double number;
    } good[] = {{"1800", false, 1800.0},
                {"-3.5", false, -3.5},
                {"+7", false, 7.0},
                {"1,234,567", false, 1234567.0},
                {"1,800.50", false, 1800.5},
                {"60%", false, 0.6},
                {"62.5 %", false, 0.625},
                {"\xC2\xA3"
                 "1,800",
                 true, 1800.0},
                {"\xC2\xA3"
                 "0.45",
                 true, 0.45},
                {"12,345,678.9", false, 12345678.9}};

    for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
        double number = 0.0;
        assert_true(import_read_typed(good[i].text, good[i].money, &number, NULL));
        assert_true(number == good[i].number);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",       "many", "1,800 people", "1 800",     "1,80",
                                      "1,8000", ",5",   "1,,800",       "12,34,567", "1.2.3",
                                      "0x10",   "1e3",  "nan",          "--1",       "1-",
                                      "60%%",   "%",    "1.800,50",     "1800,"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        double number = 0.0;
        bool ambiguous = true;
        bool read = import_read_typed(bad[i], false, &number, &ambiguous);
        assert_false(read);
    }
    double number = 0.0;
    assert_false(import_read_typed("\xC2\xA3"
                                   "1,800",
                                   false, &number, NULL)); /* of people */
    assert_false(import_read_typed("\xC2\xA3"
                                   "60%",
                                   true, &number, NULL));
}

/* 1800 in Preston, 1.8 in Paris. */
static void one_comma_is_said_to_be_unsure(void **state)
{
    (void)state;
    double number = 0.0;
    bool ambiguous = false;
    assert_false(import_read_typed("1,800", false, &number, &ambiguous));
    assert_true(ambiguous);
    assert_true(number == 1800.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_can_mean_one_number_only_is_read),
                                       cmocka_unit_test(what_is_no_number_is_refused),
                                       cmocka_unit_test(one_comma_is_said_to_be_unsure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
