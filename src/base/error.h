/* Three kinds of failure, three roads (docs/architecture.md):
 * - the user's input is wrong: collected in struct diagnostics (base/diagnostic.h);
 * - the world failed (memory, disk, no convergence): an enum status and a caller-owned message;
 * - we are wrong: assert. */
#ifndef DIVIDEND_BASE_ERROR_H
#define DIVIDEND_BASE_ERROR_H

#define STATUS_LIST(ENTRY)                                                                         \
    ENTRY(OK, "done")                                                                              \
    ENTRY(NO_MEMORY, "out of memory")                                                              \
    ENTRY(IO, "a file could not be read or written")                                               \
    ENTRY(NUMERIC, "a computation gave no finite answer")                                          \
    ENTRY(INPUT, "the input has errors, listed as diagnostics")                                    \
    ENTRY(LIMIT, "a stated limit was reached")                                                     \
    ENTRY(INTERRUPTED, "interrupted")

enum status {

#define STATUS_ENUM(name, text) STATUS_##name,
    STATUS_LIST(STATUS_ENUM)
#undef STATUS_ENUM
};

#define MUST_CHECK                     __attribute__((warn_unused_result))
#define PRINTF_LIKE(text_at, first_at) __attribute__((format(printf, text_at, first_at)))

struct error {
    enum status status;
    char message[1024]; /* one sentence with its context; may be cut, never fails */
};

/* Sets `error` (which may be NULL) and returns `status`, so that `return error_set(...)` reads
 * well. */
enum status error_set(struct error *error, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The text of a status, e.g. "out of memory". */
const char *status_text(enum status status);

/* Passes a failure on: TRY(file_read(path, &text, error)); */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != STATUS_OK) {                                                            \
            return try_status_;                                                                    \
        }                                                                                          \
    } while (0)

#endif
