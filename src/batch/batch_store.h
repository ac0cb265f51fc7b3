/* Files of contributions (uncertainty/contribution.h): checkpoints and shards.
 *
 *   line      "dividend contributions 1\n"
 *   frames    marker "DvFr", kind (u32), length (u64), bytes, SHA-256 of all of these
 *             header (what the contributions are of), contributions (key, bytes), end (how many)
 *
 * A frame whose SHA-256 is not that of its bytes is passed over, and the next one looked for by its
 * marker. Only batch/ writes and reads these files. docs/file-formats.md has the bytes. */
#ifndef DIVIDEND_BATCH_BATCH_STORE_H
#define DIVIDEND_BATCH_BATCH_STORE_H

#include "batch/batch_private.h"
#include "uncertainty/uncertainty.h"

#include <sys/types.h>

/* What the contributions of a file are of. Contributions are taken only where all of it but the
 * words is the same: a file of other inputs is never misread. */
struct store_identity {
    struct word_list names, values;       /* facts of the run: program, seed, draws ... */
    struct word_list plans, fingerprints; /* in the order of the run */
    uint32_t part, n_parts;               /* shard 1 .. n_parts; 0 of 0: a whole run */
    bool whole_plans;                     /* shards: plans are dealt out whole */
    struct word_list words;               /* of the command line, without the program's name */
};

/* Identity of a run; `arena` keeps its texts. Reads plans and library only, so any thread may. */
void store_identity_make(struct arena *arena, const struct options *options,
                         const struct report_run *run, const struct plan *const *plans,
                         size_t n_plans, struct store_identity *identity);

/* NULL where both are of one run, else in words what differs first ("the seed is 2, not 1"), of
 * `found` against `wanted`. Parts and words do not count. */
const char *store_identity_difference(struct arena *arena, const struct store_identity *found,
                                      const struct store_identity *wanted);

struct stored {
    struct contribution_key key;
    uint64_t offset, n_bytes; /* of its bytes in the file */
    size_t file;              /* of the reader */
};

/* Contributions that can be found, in any number of files. */
struct store_reader {
    struct stored *items; /* sorted by key once store_reader_sort was called */
    size_t n_items, capacity;
    int *descriptors; /* -1: opened when it is needed; a process has only so many */
    char **paths;
    size_t n_files;
};

/* What a look through a file has shown. */
struct store_scan {
    bool is_one;     /* begins as a file of contributions does, in a version that is known */
    bool has_header; /* and says what it is of */
    bool ended;      /* its end is there, and tells the number of contributions that were found */
    size_t n_found, n_damaged;
    off_t end;      /* after the last good frame */
    off_t n_behind; /* bytes behind it: a frame that was being written */
    struct store_identity identity;
};

void store_reader_clear(struct store_reader *reader);
/* Looks through a whole file, checks every frame and adds what is good. */
enum status store_reader_add(struct store_reader *reader, struct arena *arena, const char *path,
                             struct store_scan *scan, struct error *error) MUST_CHECK;
void store_reader_sort(struct store_reader *reader);
/* contribution_store.find, on a reader. */
bool store_reader_find(const struct store_reader *reader, const struct contribution_key *key,
                       struct bytes *bytes);

/* Bytes of a new file: line and header; a contribution; the end of a file that is complete. */
void store_write_header(struct bytes *bytes, const struct store_identity *identity);
void store_write_contribution(struct bytes *bytes, const struct contribution_key *key,
                              const struct bytes *contribution);
void store_write_end(struct bytes *bytes, uint64_t n_contributions);

#endif
