/* Lines of .csv files: the format of RFC 4180, numbers without regard to the locale. */
#ifndef DIVIDEND_EVIDENCE_CSV_H
#define DIVIDEND_EVIDENCE_CSV_H

#include "evidence/evidence.h"

enum { CSV_MAX_COLUMNS = 64 };

struct csv_reader {
    struct arena *arena;
    const char *at, *end; /* what is left of the file */
    int line;             /* of `at`, from 1 */
};

/* At the first line, after a byte-order mark. */
void csv_open(struct csv_reader *reader, struct arena *arena, const struct document *file);

bool csv_has_more(const struct csv_reader *reader);

/* One line into at most CSV_MAX_COLUMNS fields; 0 at the end of the file and for empty lines. */
size_t csv_read_line(struct csv_reader *reader, const char **fields);

/* A finite number in plain digits; false where the field is none. */
bool csv_read_number(const char *field, double *value);

/* The first line of a file. */
struct csv_header {
    const struct document *file;
    const char *const *names;
    size_t n_columns;
};

/* Index of a column; SIZE_MAX, and E471 at `setting`, which asked for it, where there is none. */
size_t csv_find_column(struct arena *arena, struct diagnostics *diagnostics,
                       const struct csv_header *header, const char *name,
                       const struct setting *setting);

/* The document whose file has this bare name, of the latest layer; NULL none. */
const struct document *csv_find_file(const struct layered_document *documents, size_t n_documents,
                                     const char *name);

#endif
