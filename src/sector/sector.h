/* Partner sectors, groups of sectors and perspectives, as data. Nothing in C names a sector. */
#ifndef DIVIDEND_SECTOR_SECTOR_H
#define DIVIDEND_SECTOR_SECTOR_H

#include "evidence/evidence.h"

struct sector {
    const char *id, *label;
    const char *abbreviation; /* at most 8 characters, for narrow tables */
    uint32_t perspectives;    /* bit set over struct sectors.perspectives */
    bool holds_budget;        /* false: an account of what is not allocated; nobody pays from it */
    const struct setting *setting;
};

/* A share that points here is split over the members by these shares. */
struct sector_group {
    const char *id, *label, *rule; /* rule: why these shares, in words, with its source */
    const struct share *members;   /* sums to 1 */
    size_t n_members;
    const struct setting *setting;
};

struct perspective {
    const char *id, *label;
    const struct setting *setting;
};

enum { SECTOR_MAX_PERSPECTIVES = 32, SECTOR_MAX_ABBREVIATION = 8 };

/* Ids of sectors, groups and perspectives share one namespace. */
struct sectors {
    const struct sector *sectors; /* in id order: the order of all rows and sums */
    size_t n_sectors;
    const struct sector_group *groups;
    size_t n_groups;
    const struct perspective *perspectives; /* in id order; at most 32 */
    size_t n_perspectives;
};

const struct sectors *sector_read(struct arena *arena, const struct layered_document *documents,
                                  size_t n_documents, struct diagnostics *diagnostics);

/* Index of a sector id, or SIZE_MAX. */
size_t sector_index(const struct sectors *sectors, const char *id);
const struct sector_group *sector_group_find(const struct sectors *sectors, const char *id);
size_t sector_perspective_index(const struct sectors *sectors, const char *id);

/* Adds `share` of each named sector or group into weights[n_sectors]; unknown ids are diagnostics
 * at the share's setting with a did-you-mean. Returns false after one. */
bool sector_expand_shares(const struct sectors *sectors, const struct share *shares,
                          size_t n_shares, double *weights, struct diagnostics *diagnostics);

/* Reports an id that is no sector (or, with `groups`, no sector and no group), with a did-you-mean,
 * at the value of `setting`, or at its name with `at_name` (keys of shares). Returns false after
 * one. */
struct sector_reference {
    const char *id;
    const struct setting *setting;
    bool at_name;
    bool groups;
    const char *what; /* "the split", for the message */
};

bool sector_check_reference(const struct sectors *sectors, const struct sector_reference *reference,
                            struct diagnostics *diagnostics);

/* Nearest sector, group or one of `extra` ids (pools) for a did-you-mean, or NULL. */
const char *sector_nearest(const struct sectors *sectors, const char *id, bool groups,
                           const char *const *extra, size_t n_extra);

/* Sectors named by evidence: splits, cashable shares, transfer_from. */
void sector_check_evidence(const struct sectors *sectors, const struct evidence *evidence,
                           struct diagnostics *diagnostics);

#endif
