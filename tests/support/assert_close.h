#ifndef DIVIDEND_TESTS_ASSERT_CLOSE_H
#define DIVIDEND_TESTS_ASSERT_CLOSE_H
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* cmocka 1.1.5 compares as float; results are doubles, so tests use this. */
#define assert_close(actual, expected, relative)                                                   \
    assert_close_at((actual), (expected), (relative), __FILE__, __LINE__)

static inline void assert_close_at(double actual, double expected, double relative,
                                   const char *file, int line)
{
    double allowed = relative * fmax(fabs(actual), fabs(expected));
    if (!(fabs(actual - expected) <= allowed)) {
        print_error("%.17g is not within %g of %.17g\n", actual, relative, expected);
        _fail(file, line);
    }
}
#endif
