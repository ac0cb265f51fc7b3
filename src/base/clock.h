/* How long something took: never part of a result. */
#ifndef DIVIDEND_BASE_CLOCK_H
#define DIVIDEND_BASE_CLOCK_H

/* Seconds since some moment; never set back. */
double clock_seconds(void);

#endif
