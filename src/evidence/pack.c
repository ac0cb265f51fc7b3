/* Discount factors, deflators and finding packs. */
#include "evidence/pack.h"

#include "base/vector.h"

#include <math.h>
#include <string.h>

/* Rate of the band that holds year i, i >= 1. */
static double rate_in_year(const struct schedule *schedule, size_t year)
{
    double rate = 0.0;
    for (size_t band = 0; band < schedule->n_bands; ++band) {
        if ((size_t)schedule->from_year[band] <= year) {
            rate = schedule->rate[band];
        }
    }
    return rate;
}

/* method 1.2: DF_n = product over i = 1..n of 1 / (1 + r_i). */
static double factor_after(const struct schedule *schedule, size_t n_years)
{
    double factor = 1.0;
    for (size_t year = 1; year <= n_years; ++year) {
        factor *= 1.0 / (1.0 + rate_in_year(schedule, year));
    }
    return factor;
}

double pack_discount_factor(const struct schedule *schedule, enum timing timing, size_t year)
{
    switch (timing) {
    case TIMING_START:
        return factor_after(schedule, year);
    case TIMING_END:
        return factor_after(schedule, year + 1);
    case TIMING_MID:
        return sqrt(factor_after(schedule, year) * factor_after(schedule, year + 1));
    }
    return 1.0;
}

double pack_discount_factor_at(const struct schedule *schedule, double years)
{
    double whole = floor(years + 1e-9), part = years - whole;
    double factor = factor_after(schedule, (size_t)whole);
    if (part > 1e-9) {
        factor *= number_power(1.0 + rate_in_year(schedule, (size_t)whole + 1), -part);
    }
    return factor;
}

/* method 1.4: the growth of the last (first) pair of published years, held. */
double pack_deflator_index(const struct deflator_pack *pack, int financial_year, bool *held)
{
    int last_year = pack->first_year + (int)pack->n_years - 1;
    if (financial_year >= pack->first_year && financial_year <= last_year) {
        return pack->index[financial_year - pack->first_year];
    }
    *held = true;
    bool after = financial_year > last_year;
    double level = after ? pack->index[pack->n_years - 1] : pack->index[0];
    double growth = 1.0;
    if (pack->n_years > 1) {
        growth = after ? pack->index[pack->n_years - 1] / pack->index[pack->n_years - 2]
                       : pack->index[0] / pack->index[1];
    }
    int n_steps = after ? financial_year - last_year : pack->first_year - financial_year;
    for (int step = 0; step < n_steps; ++step) {
        level *= growth;
    }
    return level;
}

const struct appraisal_pack *pack_find_appraisal(const struct packs *packs, const char *id)
{
    for (size_t i = 0; i < packs->n_appraisal; ++i) {
        if (strcmp(packs->appraisal[i]->id, id) == 0) {
            return packs->appraisal[i];
        }
    }
    return NULL;
}

const struct deflator_pack *pack_find_deflator(const struct packs *packs, const char *id)
{
    for (size_t i = 0; i < packs->n_deflator; ++i) {
        if (strcmp(packs->deflator[i]->id, id) == 0) {
            return packs->deflator[i];
        }
    }
    return NULL;
}

const struct optimism_pack *pack_find_optimism(const struct packs *packs, const char *id)
{
    for (size_t i = 0; i < packs->n_optimism; ++i) {
        if (strcmp(packs->optimism[i]->id, id) == 0) {
            return packs->optimism[i];
        }
    }
    return NULL;
}
