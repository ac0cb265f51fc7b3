/* Names of cells, and what number formats make of a number. Files: tests/import. */
#include "sheet/sheet_private.h"
#include "support/assert_close.h"

static void cells_are_named_as_spreadsheets_do(void **state)
{
    (void)state;

    static const struct {
        size_t row, column;
        const char *name;
    } cells[] = {{0, 0, "A1"},
                 {6, 6, "G7"},
                 {0, 25, "Z1"},
                 {9, 26, "AA10"},
                 {0, 701, "ZZ1"},
                 {0, 702, "AAA1"},
                 {1048575, 16383, "XFD1048576"}};

    for (size_t i = 0; i < sizeof cells / sizeof *cells; ++i) {
        char name[16];
        sheet_cell_name(name, cells[i].row, cells[i].column);
        assert_string_equal(name, cells[i].name);
    }
}

static void formats_show_numbers_percentages_or_dates(void **state)
{
    (void)state;
    static const char *const numbers[] = {"General",  "0",      "0.00E+00",
                                          "#,##0.00", "\"d\"0", "\\d0",
                                          "_d0",      "[Red]0", "[$\xC2\xA3-809]#,##0",
                                          "@",        "# ?/?",  "\"50%\"0",
                                          "0\\%"};
    static const char *const percents[] = {"0%", "0.00 %", "[Red]0%;0%"};
    static const char *const dates[] = {"yyyy-mm-dd",          "d/m/yy",  "h:mm",
                                        "[$-409]d mmm yyyy;@", "mm:ss.0", "DD.MM.YYYY"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        assert_int_equal(sheet_format_shows(numbers[i]), SHEET_SHOWS_NUMBER);
    }
    for (size_t i = 0; i < sizeof percents / sizeof *percents; ++i) {
        assert_int_equal(sheet_format_shows(percents[i]), SHEET_SHOWS_PERCENT);
    }
    for (size_t i = 0; i < sizeof dates / sizeof *dates; ++i) {
        assert_int_equal(sheet_format_shows(dates[i]), SHEET_SHOWS_DATE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_are_named_as_spreadsheets_do),
                                       cmocka_unit_test(formats_show_numbers_percentages_or_dates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
