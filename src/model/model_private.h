/* Shared by the readers of model/. */
#ifndef DIVIDEND_MODEL_MODEL_PRIVATE_H
#define DIVIDEND_MODEL_MODEL_PRIVATE_H

#include "evidence/layer.h"
#include "model/model.h"

struct model_reader {
    struct arena *arena;
    struct diagnostics *diagnostics;
    const struct evidence *evidence;
    const struct tables *tables;
    const struct sectors *sectors;
    const struct models *models; /* demands are complete before the first model is read */
    /* The model being read; NULL while demands are read. */
    const struct model *model;
    bool *input_used; /* [model->n_inputs] */
    bool unreadable;  /* an amount of this model has errors: its names are not all known */
};

/* An amount of a group as a row: where it goes, its default (NaN: none) and the range of constants.
 */
struct amount_field {
    const char *key;
    size_t offset; /* of the struct amount within the object */
    double fallback;
    double low, high;
    const char *allowed; /* the range in words; NULL: any number */
    bool optional;       /* without a default, and absent is fine */
};

/* Reads the amounts of `group` into `object`; names are resolved and marked as used. */
void model_read_amounts(struct model_reader *reader, const struct setting *group,
                        const struct amount_field *fields, size_t n_fields, void *object);

/* One amount: a number or a formula, its names resolved and marked as used. */
struct amount model_read_amount(struct model_reader *reader, const struct setting *setting);

/* A model of kind "cohort" or "tree", into model->health. */
const struct health_model *health_read(struct model_reader *reader, struct model *model,
                                       enum health_kind kind);
/* Rules across the parts of a health model. */
void health_check(const struct model_reader *reader, const struct model *model);

/* Demands of all documents, sorted by id. */
void model_read_demands(struct model_reader *reader, const struct layered_document *documents,
                        size_t n_documents, struct models *models);

struct profile model_read_profile(struct model_reader *reader, const struct setting *group);
/* The profile of a QALY gain: duration_years, then the fade. */
struct profile model_read_qaly_profile(struct model_reader *reader, const struct setting *group);

/* Words of the expressions (year, if, min ...), which cannot name an input. */
bool model_name_is_reserved(const char *name);
/* Rules across the parts of a whole model. */
void model_check(const struct model_reader *reader, const struct model *model);

/* Inputs that no amount uses. */
void model_check_inputs(const struct model_reader *reader, const struct model *model);

/* Warnings: a demand priced by the cost of something else, and figures for a month or a week where
 * the model takes them for a year's. */
void model_check_demand_unit(const struct model_reader *reader, const struct demand *demand);
void model_check_yearly(const struct model_reader *reader, const struct amount *amount);
void model_check_units(const struct model_reader *reader, const struct model *model);

/* A reference to a sector that must be one. */
void model_check_sector(const struct model_reader *reader, const char *id,
                        const struct setting *setting, const char *what);

/* Items of a list of groups; n_items 0 where absent. */
const struct setting *const *model_list(const struct setting *group, const char *key,
                                        size_t *n_items);

#endif
