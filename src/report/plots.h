/* Bars and sparklines of plain characters, for a terminal. Pure: text in, text out. No line is
 * wider than it was allowed, nothing is said by colour, and whatever is drawn stands beside its
 * number. */
#ifndef DIVIDEND_REPORT_PLOTS_H
#define DIVIDEND_REPORT_PLOTS_H

#include "base/text.h"
#include "report/report.h"

/* From a common centre (0, or what a tornado turns around): to the right what is above, to the left
 * what is below. Values that are not finite have no bar. */
struct plot_bar {
    const char *label;
    double value;
    double low, high;  /* interval, drawn over the bar; NaN none */
    double second;     /* another bar from the centre, in the other pattern; NaN none */
    const char *words; /* the numbers, right of the bar */
};

struct plot_bars {
    const struct plot_bar *bars;
    size_t n;
    double centre;
    size_t width;            /* of a whole line, at least 40 */
    size_t label_width;      /* longer labels are cut */
    bool plain_axis;         /* a number, not money */
    enum report_plots style; /* not REPORT_PLOTS_NONE */
};

/* The axis, a line, then a line a bar. */
void plots_bars(struct text *out, const struct plot_bars *bars);

/* What the lowest and the highest level of a sparkline stand for. */
struct plot_range {
    double low, high;
};

/* A character a value, from the lowest level to the highest; `|` where it
 * crosses zero. Of more values than fit, every second (third ..) and the last. Not finite: a blank.
 * Returns the characters written, at most n_cells. */
size_t plots_sparkline(struct text *out, const struct plot_range *range, const double *values,
                       size_t n, size_t n_cells, enum report_plots style);

/* "£1.23m"; in ASCII "1.23m", of pounds all the same. */
void plots_money(char buffer[48], double gbp, enum report_plots style);

/* Exactly `width` characters: padded, or its middle cut out, as names differ at their ends; in
 * ASCII mode any other character becomes `?`. */
void plots_label(struct text *out, const char *words, size_t width, enum report_plots style);

#endif
