/* The command line: what was asked, in which order it happens, and how it ends. */
#ifndef DIVIDEND_BATCH_BATCH_H
#define DIVIDEND_BATCH_BATCH_H

/* Exit codes of the program; never renumbered. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_RUN_FAILED = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_EXPECTATION_FAILED = 3,
    EXIT_DIFFERENCE_FOUND = 4,
    EXIT_LIMIT_REACHED = 5,
    EXIT_PRECISION_MISSED = 6
    /* 128 + signal: 130 interrupted, 143 terminated */
};

/* The whole program; returns its exit code. */
int batch_main(int argc, char **argv);

#endif
