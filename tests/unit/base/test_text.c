/* Names, years, suggestions, and numbers as every table writes them. */
#include "base/text.h"
#include "support/assert_close.h"

#include <stdlib.h>
#include <string.h>

static void names_are_small_letters_digits_and_underscores(void **state)
{
    (void)state;
    static const char *const good[] = {"a", "ae_attendance", "x1", "b_"};
    static const char *const bad[] = {"", "A", "1x", "_a", "a-b", "a.b", "caf\xC3\xA9", "a b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
        assert_true(text_is_name(good[i]));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        assert_false(text_is_name(bad[i]));
    }
    char longest[66];
    memset(longest, 'a', sizeof longest);
    longest[64] = '\0';
    assert_true(text_is_name(longest));
    longest[64] = 'a';
    longest[65] = '\0';
    assert_false(text_is_name(longest));
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut short. */
static void utf8_is_strict(void **state)
{
    (void)state;
    static const char *const good[] = {
        "", "plain", "\xC2\xA3", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {"\xC0\xAF",         "\xE0\x80\xAF", "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80", "\x80",         "\xC2",
                                      "\xE2\x82",         "\xFF",         "\xF8\x88\x80\x80\x80"};
    for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
    }
    assert_int_equal(text_width("\xC2\xA3"
                                "5"),
                     2);
}

static void the_nearest_word_is_suggested_if_near_enough(void **state)
{
    (void)state;
    static const char *const words[] = {"horizon_years", "funded_years", "funding"};
    assert_string_equal(text_nearest("horizon_year", words, 3), "horizon_years");
    assert_string_equal(text_nearest("fundign", words, 3), "funding");
    assert_null(text_nearest("deadweight", words, 3));
    assert_null(text_nearest("x", words, 0));
}

/* Every double comes back from what was written, bit for bit. */
static void exact_numbers_read_back(void **state)
{
    (void)state;
    char buffer[32];
    const double values[] = {0.0,           0.1,      1.0 / 3.0, 1e-5,
                             123456789.125, -2.5e300, 5e-324,    1.7976931348623157e308,
                             20000.0};
    for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
        text_format_exact(buffer, values[i]);
        assert_true(strtod(buffer, NULL) == values[i]);
    }
    uint64_t bits = UINT64_C(88172645463325252);
    for (int i = 0; i < 20000; ++i) { /* xorshift: doubles of every size */
        double value;
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            text_format_exact(buffer, value);
            assert_true(strlen(buffer) < 32 && strtod(buffer, NULL) == value);
        }
    }
    text_format_exact(buffer, 0.1);
    assert_string_equal(buffer, "0.1");
    text_format_exact(buffer, (double)NAN);
    assert_string_equal(buffer, "");
}

static void money_is_grouped_and_never_minus_nothing(void **state)
{
    (void)state;

    static const struct {
        double value;
        int decimals;
        const char *words;
    } rows[] = {{1234567.0, 0, "1,234,567"},
                {-1234.5, 2, "-1,234.50"},
                {999.0, 0, "999"},
                {1000.0, 0, "1,000"},
                {-0.3, 0, "0"},
                {-0.004, 2, "0.00"},
                {0.5, 0, "1"},
                {-2.5, 0, "-3"},
                {999999.5, 0, "1,000,000"},
                {0.0, 1, "0.0"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
        char buffer[48];
        text_format_grouped(buffer, rows[i].value, rows[i].decimals);
        assert_string_equal(buffer, rows[i].words);
    }
}

static void financial_years_name_two_years_that_follow(void **state)
{
    (void)state;
    int year = 0;
    char buffer[16];
    assert_true(text_read_financial_year("2026-27", &year));
    assert_int_equal(year, 2026);
    assert_true(text_read_financial_year("1999-00", &year));
    assert_int_equal(year, 1999);
    static const char *const bad[] = {"2026",    "2026-28",  "2026-2027", "26-27",
                                      "2026/27", "2026-27 ", "",          "202a-27"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
        assert_false(text_read_financial_year(bad[i], &year));
    }
    text_format_financial_year(buffer, 1999);
    assert_string_equal(buffer, "1999-00");
}

/* FNV-1a's published values (Fowler, Noll, Vo): streams of random numbers hang on them. */
static void hashes_never_change(void **state)
{
    (void)state;
    assert_true(text_hash("", 0, TEXT_HASH_START) == UINT64_C(0xCBF29CE484222325));
    assert_true(text_hash("a", 1, TEXT_HASH_START) == UINT64_C(0xAF63DC4C8601EC8C));
    assert_true(text_hash("foobar", 6, TEXT_HASH_START) == UINT64_C(0x85944171F73967E8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_small_letters_digits_and_underscores),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(the_nearest_word_is_suggested_if_near_enough),
        cmocka_unit_test(exact_numbers_read_back),
        cmocka_unit_test(money_is_grouped_and_never_minus_nothing),
        cmocka_unit_test(financial_years_name_two_years_that_follow),
        cmocka_unit_test(hashes_never_change)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
