/* Items declared by name in many files and layers: the one place where duplicates are refused and
 * where a later layer (--models DIR) replaces an item of an earlier one. Also lenient getters: the
 * schema has already reported what is missing or of the wrong type, so readers take a fallback
 * without a word. */
#ifndef DIVIDEND_EVIDENCE_LAYER_H
#define DIVIDEND_EVIDENCE_LAYER_H

#include "base/diagnostic.h"
#include "reader/reader.h"

struct layered_document;

struct layer_item {
    const char *id;
    const struct setting *setting;
    size_t layer;
    size_t order;                      /* of arrival */
    const struct layer_item *replaced; /* the item of an earlier layer; NULL none */
};

struct layer_items {
    struct arena *arena;
    struct layer_item *items; /* after layer_settle: one an id, in id order */
    size_t n_items, capacity;
};

void layer_add(struct layer_items *items, const char *id, const struct setting *setting,
               size_t layer);

/* Adds every group inside the top-level group `group` of all documents. */
void layer_gather(struct layer_items *items, const struct layered_document *documents,
                  size_t n_documents, const char *group);

/* Sorts by id and keeps the item of the latest layer. Two items of one id in one layer are an error
 * that names both places. With `needs_reason` a replacement must say `replaces_because`, and
 * nothing else may. `noun`: "evidence item", for messages. */
void layer_settle(struct layer_items *items, const char *noun, bool needs_reason,
                  struct diagnostics *diagnostics);

/* "models/ae.cfg:12" in the arena, to name a second place in a message. */
const char *layer_place_words(struct arena *arena, const struct setting *setting);

/* " Did you mean \"x\"?" as a remedy: "write \"x\"", or `otherwise` where nothing is near. */
const char *layer_suggest(struct arena *arena, const char *nearest, const char *otherwise);

/* Adds a diagnostic at the name of a setting (setting_complain points at its value). */
#define layer_complain(diagnostics, setting, code, ...)                                            \
    diagnostics_add((diagnostics), (code), (setting)->place, (setting)->path, __VA_ARGS__)

/* Lenient getters of a child by name. */
const char *field_text(const struct setting *group, const char *key, const char *fallback);
double field_number(const struct setting *group, const char *key, double fallback);
size_t field_whole(const struct setting *group, const char *key, size_t fallback);
bool field_boolean(const struct setting *group, const char *key, bool fallback);
/* First calendar year of a financial year; 0 where absent. */
int field_financial_year(const struct setting *group, const char *key);
/* "2027-10" as months since year 0; 0 where absent. */
int field_month(const struct setting *group, const char *key);
/* Index of the text in `words`, or n_words where it is absent or none of them. */
size_t field_choice(const struct setting *group, const char *key, const char *const *words,
                    size_t n_words);
/* An array of numbers copied into the arena; NULL and 0 where absent. */
const double *field_numbers(struct arena *arena, const struct setting *group, const char *key,
                            size_t *n_numbers);

#endif
