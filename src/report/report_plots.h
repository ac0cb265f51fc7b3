/* Plots of characters beside the tables of a run; private to report/. Each ends with a newline and
 * is at most `width` characters wide; none is drawn with REPORT_PLOTS_NONE, which callers look at.
 */
#ifndef DIVIDEND_REPORT_REPORT_PLOTS_H
#define DIVIDEND_REPORT_REPORT_PLOTS_H

#include "report/report_private.h"

/* Programmes: net of the headline perspective and cash, then cumulative cash by year; of a single
 * one also its partners. */
void plots_programmes(struct text *out, const struct report_run *run, size_t width);

/* Partners of one result that ran: net and cash, then cumulative cash by year. */
void plots_partners(struct text *out, enum report_plots style, const struct scenario_result *result,
                    size_t width);

/* Programmes of a portfolio's set. */
struct plots_member {
    const char *label;
    const struct column_statistics *net, *cash; /* NULL: no such figure */
};

void plots_members(struct text *out, enum report_plots style, const struct plots_member *members,
                   size_t n, const char *who, size_t width);

/* The first n bars of the tornado. */
void plots_tornado(struct text *out, enum report_plots style, const struct sensitivity *sensitivity,
                   size_t n, size_t width);
void plots_information(struct text *out, enum report_plots style, const struct decision *decision,
                       const struct decision_information *const *shown, size_t n, size_t width);
/* Nothing where no choice is by net benefit. */
void plots_acceptability(struct text *out, enum report_plots style, const struct decision *decision,
                         size_t width);

#endif
