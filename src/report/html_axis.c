/* report.html: axes of figures. */
#include "report/html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct axis axis_new(enum axis_format format)
{
    return (struct axis){.low = INFINITY, .high = -INFINITY, .format = format};
}

void axis_include(struct axis *axis, double value)
{
    if (isfinite(value)) {
        axis->low = fmin(axis->low, value);
        axis->high = fmax(axis->high, value);
    }
}

/* The least of 1, 2, 5 times a power of ten that is not below `least`. Powers are multiplied up, so
 * that no library's pow() decides a bit. */
static double round_step(double least)
{
    static const double factors[] = {1.0, 2.0, 5.0, 10.0};
    double power = 1.0;
    while (power * 10.0 <= least && power < 1e300) {
        power *= 10.0;
    }
    while (power > least && power > 1e-300) {
        power /= 10.0;
    }
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; ++i) {
        if (power * factors[i] >= least * (1.0 - 1e-9)) {
            return power * factors[i];
        }
    }
    return power * 10.0;
}

void axis_finish(struct axis *axis, size_t n_steps, bool widen)
{
    if (!(axis->high >= axis->low)) {
        axis->low = 0.0; /* nothing finite */
        axis->high = 1.0;
    }
    if (axis->high - axis->low <= 1e-12 * fmax(fabs(axis->low), fabs(axis->high)) ||
        axis->high == axis->low) {
        double room = axis->low != 0.0 ? 0.5 * fabs(axis->low) : 1.0;
        axis->low -= axis->format == AXIS_FINANCIAL_YEAR ? 0.0 : room;
        axis->high += axis->format == AXIS_FINANCIAL_YEAR ? 1.0 : room;
    }
    axis->step = round_step((axis->high - axis->low) / (double)n_steps);
    if (axis->format == AXIS_FINANCIAL_YEAR) {
        axis->step = fmax(axis->step, 1.0);
    }
    if (widen) {
        axis->low = axis->step * floor(axis->low / axis->step + 1e-9);
        axis->high = axis->step * ceil(axis->high / axis->step - 1e-9);
    }
}

double axis_percent(const struct axis *axis, double value)
{
    double share = (value - axis->low) / (axis->high - axis->low);
    return 100.0 * fmin(fmax(share, 0.0), 1.0);
}

static int decimals_of(double step)
{
    int decimals = 0;
    double power = 1.0;
    while (decimals < 8 && power > step * 1.0001) {
        power /= 10.0;
        ++decimals;
    }
    return decimals;
}

void axis_words(char buffer[48], const struct axis *axis, double value)
{
    char number[48];
    switch (axis->format) {
    case AXIS_GBP:
        html_short_money(buffer, fabs(value) < 1e-9 * axis->step ? 0.0 : value);
        return;
    case AXIS_PERCENT:
        text_format_grouped(number, 100.0 * value, 0);
        (void)snprintf(buffer, 48, "%.40s %%", number);
        return;
    case AXIS_FINANCIAL_YEAR: {
        char year[16];
        text_format_financial_year(year, (int)value);
        (void)snprintf(buffer, 48, "%s", year);
        return;
    }
    case AXIS_SHARE:
        text_format_grouped(buffer, value, 2);
        return;
    case AXIS_NUMBER:
        text_format_grouped(buffer, value, decimals_of(axis->step));
        return;
    }
}

void axis_tick_words(char buffer[48], const struct axis *axis, double value)
{
    axis_words(buffer, axis, value);
    char *point = axis->format == AXIS_GBP ? strchr(buffer, '.') : NULL;
    if (point == NULL) {
        return;
    }
    char *unit = point + 1 + strspn(point + 1, "0123456789"), *end = unit;
    while (end > point && (end[-1] == '0' || end[-1] == '.')) {
        --end;
    }
    memmove(end, unit, strlen(unit) + 1);
}
