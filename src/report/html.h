/* report.html: the pieces that its writers share; private to report/. Figures are static SVG whose
 * horizontal places are percentages, so that they fit any width without a script while their words
 * keep their size; on screen a script draws the same figures as charts that answer. Every word that
 * is not a literal of the program goes through html_text. */
#ifndef DIVIDEND_REPORT_HTML_H
#define DIVIDEND_REPORT_HTML_H

#include "report/report_private.h"

/* The style sheet and the scripts, embedded when the program is built: html_page.css, html_page.js,
 * html_charts.js, and Chart.js as Debian ships it. */
extern const char html_page_css[], html_page_js[], html_charts_js[], html_chart_library[];

/* ---- words ---- */

/* Escaped for text and for attributes in double quotes; control characters become blanks. */
void html_text(struct text *out, const char *words);
void html_sentence(struct text *out, const char *words); /* escaped; amounts stay on a line */
void html_element(struct text *out, const char *tag, const char *words); /* <tag>words</tag> */
/* A paragraph for each line; takes the text. */
void html_lines(struct text *out, struct text *lines);

/* "£1.23m", "-£340k", "£12": for figures. */
void html_short_money(char buffer[48], double gbp);
/* "£1.23 million", "-£12,345": for sentences. */
void html_money(char buffer[64], double gbp);

/* A probability as a count of 100 draws that never claims certainty: "96", "more than 99". */
void html_of_hundred(char buffer[32], double p);
/* The same as a share: "96 %", "above 99 %". */
void html_percent(char buffer[32], double p);

/* ---- tables ---- */

/* The first n_words columns are words, the others numbers; the first heads its row. */
void html_table_start(struct text *out, const char *caption, const char *const *headings, size_t n,
                      size_t n_words, bool sortable);
void html_row(struct text *out, const char *label);
void html_cell(struct text *out, const char *words);
void html_number(struct text *out, double value, int decimals); /* "[z]" where not finite */
void html_row_end(struct text *out);
void html_table_end(struct text *out);

/* ---- figures ---- */

/* A statement as title, and what is drawn, in what unit, over what. */
void html_figure_start(struct text *out, const char *title, const char *subtitle, const char *size);
/* Closed until asked for; those of the record (evidence, conventions) are opened for printing. */
void html_details_start(struct text *out, const char *summary);
void html_record_start(struct text *out, const char *summary);
void html_details_end(struct text *out);
void html_figure_end(struct text *out);

enum axis_format {
    AXIS_GBP,
    AXIS_NUMBER,
    AXIS_SHARE,         /* 0.25 */
    AXIS_PERCENT,       /* 25 % */
    AXIS_FINANCIAL_YEAR /* 2026-27 */
};

struct axis {
    double low, high, step;
    enum axis_format format;
};

struct axis axis_new(enum axis_format format);
void axis_include(struct axis *axis, double value); /* nothing where not finite */
/* Steps of 1, 2 or 5 times a power of ten, at most n_steps; the ends go out to whole steps where
 * `widen`. */
void axis_finish(struct axis *axis, size_t n_steps, bool widen);
double axis_percent(const struct axis *axis, double value); /* 0 .. 100 */
void axis_words(char buffer[48], const struct axis *axis, double value);
/* The same without zeros that say nothing: "£5m" where a value is "£5.00m". */
void axis_tick_words(char buffer[48], const struct axis *axis, double value);

/* Bars from zero, a row each. The second value, where there is one, is a hatched bar below. */
struct bar {
    const char *label;
    double value, low, high; /* interval; NaN none */
    double second;           /* NaN none */
    const char *note;        /* after the label; NULL none */
};

struct bars {
    const char *title; /* of the text alternative */
    const struct bar *bars;
    size_t n;
    /* Of the legend: values at or above zero (tornado: high), below (NULL: none is), second values
     * (NULL: none; tornado: low). */
    const char *value_name, *loss_name, *second_name;
    const char *measure; /* what a value of either sign is; NULL: as value_name */
    enum axis_format format;
    /* Tornado: one bar a row from `second` (hatched side) to `value`, around `centre`. */
    bool tornado;
    double centre;
    int decimals; /* of the table behind it */
};

void html_bars(struct text *out, const struct bars *bars);

/* Lines over x, with a band each where there is an interval. */
struct series {
    const char *label;
    const double *y, *low, *high; /* [n]; low and high NULL: no band */
    bool off;                     /* of the chart on screen: shown when asked for */
};

struct lines {
    const char *title;
    const double *x;
    size_t n;
    const struct series *series;
    size_t n_series;
    enum axis_format x_format, y_format;
    const char *x_name; /* before a value of x in words; NULL none */
    int decimals;       /* of y, as in the table behind it */
    bool points;        /* marks at every x */
    bool zero;          /* the y axis holds 0 */
    bool still;         /* a panel: the chart of its figure has its data */
    unsigned height;    /* of the plot, pixels */
};

void html_lines_figure(struct text *out, const struct lines *lines);

/* Points in a plane, with intervals or ellipses; numbered in the order given. */
struct point {
    const char *label;
    double x, y;
    double x_low, x_high, y_low, y_high; /* NaN none */
    double x_radius, y_radius, tilt;     /* 95 % ellipse with this correlation; 0 none */
    const char *note;                    /* said with its values; NULL none */
    const double *x_draws, *y_draws;     /* [n_draws]: a cloud */
    size_t n_draws;
};

struct plane {
    const char *title;
    const struct point *points;
    size_t n;
    const char *x_name, *y_name;
    enum axis_format x_format, y_format;
    int x_decimals, y_decimals; /* of the table behind it */
    const char *corners[4]; /* words of top right, top left, bottom left, bottom right; NULL none */
};

void html_plane(struct text *out, const struct plane *plane);

/* The data of the chart that takes the figure's place on screen. Written with the figure; apart
 * only for lines whose static figure is several panels. */
void html_bars_data(struct text *out, const struct bars *bars);
void html_lines_data(struct text *out, const struct lines *lines);
void html_plane_data(struct text *out, const struct plane *plane);

/* ---- parts of the page ---- */

/* The board page of one programme (or set of a portfolio): who pays and gains, and when. */
void html_who_figure(struct text *out, const struct scenario_result *result);
void html_when_figures(struct text *out, const struct scenario_result *result);

struct html_tile {
    const char *name, *value, *note;
};

/* `first`: a card before the others; NULL none. */
void html_answer(struct text *out, const struct scenario_result *result, const char *lead,
                 const struct html_tile *first);
/* Where the headlines come from: sections x-ID, x-cash-ID, x-cost-ID and x-payback-ID. */
void html_explanations(struct text *out, const struct scenario_result *result);
void html_evidence(struct text *out, const struct scenario_result *result);
void html_conventions(struct text *out, const struct report_run *run,
                      const struct scenario_result *result);

/* What could change the answer: the tornado, of every run; acceptability and plane where --decide
 * made them; then the decision in words and tables, or why there is none. */
void html_tornado_figure(struct text *out, const struct report_run *run, size_t index);
/* The bars of a result, widest first; NULL where there are none. */
const struct sensitivity *html_tornado_of(const struct report_run *run, size_t index);
const char *html_parameter_label(const struct plan_column *column);
void html_decision_figures(struct text *out, const struct report_run *run, size_t index);
void html_decision(struct text *out, const struct report_run *run, size_t index);
/* The decision in a sentence or two, where --decide made it. */
void html_decision_answer(struct text *out, const struct report_run *run, size_t index);

/* Nothing where nothing was expected. */
void html_expectations(struct text *out, const struct report_run *run);
/* What changed since an earlier run; nothing without one. */
void html_changes(struct text *out, const struct report_run *run);

/* The fair deal of one programme, at the means. */
struct scenario_deal {
    const struct scenario_result *result;
    size_t whos[DEAL_MAX_PARTNERS], n;
    double net[DEAL_MAX_PARTNERS], transfers[DEAL_MAX_PARTNERS]; /* fiscal, PV GBP */
    double cash[DEAL_MAX_PARTNERS];                              /* net in cash, PV GBP */
    double moved;
    enum deal_verdict verdict;
};

/* False where the perspective is one partner's, or nothing happens to any. */
bool html_deal_make(struct scenario_deal *deal, const struct scenario_result *result);
/* Never says that a transfer is enough where nobody has the money. */
void html_deal_headline(char title[256], const struct deal_terms *terms, enum deal_verdict verdict,
                        double moved);
void html_deal_figure(struct text *out, const struct scenario_result *result);
/* Bars and the table behind them, of [n] partners; bars of net in cash where nothing can be paid.
 */
void html_transfers_figure(struct text *out, const struct deal_terms *terms, const double *net);
/* Its transfers as terms, which point into it. */
struct deal_terms html_deal_terms(const struct scenario_deal *deal);

void html_portfolio(struct text *out, const struct report_run *run,
                    const struct portfolio_result *portfolio, bool first);
/* True of a result that is a part of a portfolio's page: a set, or a length of funding. */
bool html_is_of_portfolio(const struct report_run *run, size_t result);

#endif
