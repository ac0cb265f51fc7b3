#include "assurance/assurance_private.h"
#include "plan/plan_bundle.h"

#include <string.h>

/* ---- subjects ---- */

static const char *subject_id(const struct scenario *scenario)
{
    return scenario->family != NULL ? scenario->family : scenario->id;
}

static size_t find_subject(const struct assurance *assurance, const struct document *document)
{
    for (size_t i = assurance->n_subjects; i > 0; --i) {
        if (assurance->subjects[i - 1].document == document) {
            return i - 1;
        }
    }
    return SIZE_MAX;
}

enum sign_state assurance_sign_state(const struct sign_off *sign_off, const char *inputs_sha256)
{
    return sign_off->setting == NULL                             ? SIGN_NONE
           : sign_off->inputs_sha256 == NULL                     ? SIGN_WITHOUT_HASH
           : strcmp(sign_off->inputs_sha256, inputs_sha256) == 0 ? SIGN_VALID
                                                                 : SIGN_CHANGED;
}

static void judge(struct assurance_subject *subject)
{
    subject->state = assurance_sign_state(subject->sign_off, subject->inputs_sha256);
}

/* Instances of one for_each are signed for together, in their one file. */
static size_t add_scenario_subject(struct assurance *assurance, struct assurance_subject *subjects,
                                   const struct plan *plan, const struct fingerprint *fingerprint)
{
    const struct scenario *scenario = plan->scenario;
    size_t known =
        scenario->family != NULL ? find_subject(assurance, scenario->document) : SIZE_MAX;
    if (known != SIZE_MAX) {
        return known;
    }
    struct assurance_subject *subject = &subjects[assurance->n_subjects];
    *subject = (struct assurance_subject){.id = subject_id(scenario),
                                          .title = scenario->title,
                                          .sign_off = &scenario->sign_off,
                                          .document = scenario->document};
    if (scenario->family == NULL) {
        memcpy(subject->inputs_sha256, fingerprint->sha256, sizeof subject->inputs_sha256);
    } else if (scenario->sign_off.setting != NULL) {
        const struct fingerprint all =
            scenario_fingerprint(&assurance->arena, plan->library, scenario);
        memcpy(subject->inputs_sha256, all.sha256, sizeof subject->inputs_sha256);
    }
    judge(subject);
    return assurance->n_subjects++;
}

static void add_portfolio_subject(struct assurance *assurance, struct assurance_subject *subjects,
                                  const struct library *library, const struct portfolio *portfolio)
{
    struct assurance_subject *subject = &subjects[assurance->n_subjects++];
    const struct fingerprint all = portfolio_fingerprint(&assurance->arena, library, portfolio);
    *subject = (struct assurance_subject){.id = portfolio->id,
                                          .title = portfolio->title,
                                          .sign_off = &portfolio->sign_off,
                                          .document = portfolio->document,
                                          .portfolio = portfolio};
    memcpy(subject->inputs_sha256, all.sha256, sizeof subject->inputs_sha256);
    judge(subject);
}

/* ---- results ---- */

struct owner {
    const struct portfolio_result *portfolio; /* NULL: none has this bundle */
    const struct portfolio_set *set;          /* NULL: a length of funding */
};

static struct owner owner_of(const struct portfolio_result *portfolios, size_t n_portfolios,
                             const struct plan *plan)
{
    for (size_t i = 0; i < n_portfolios; ++i) {
        const struct portfolio_result *portfolio = &portfolios[i];
        for (size_t k = 0; k < portfolio->n_sets; ++k) {
            if (portfolio->sets[k].plan == plan) {
                return (struct owner){portfolio, &portfolio->sets[k]};
            }
        }
        for (size_t k = 0; k < portfolio->n_cliffs; ++k) {
            if (portfolio->cliffs[k].plan == plan) {
                return (struct owner){portfolio, NULL};
            }
        }
    }
    return (struct owner){NULL, NULL};
}

static void describe_result(struct assurance *assurance, const struct scenario_result *result,
                            const struct owner *owner, struct assurance_result *out)
{
    /* Of a portfolio's sets, the one that its page is about has the lists: the others hold the same
     * programmes. Totals of sweeps hold what their instances hold. */
    bool lists = result->plan->bundle == NULL ||
                 (owner->set != NULL && owner->set == portfolio_main_set(owner->portfolio));
    if (result->statistics == NULL) {
        return;
    }
    assurance_checks(&assurance->arena, result, owner->set, out);
    for (size_t i = 0; i < out->n_checks; ++i) {
        const struct assurance_check *check = &out->checks[i];
        bool ran = check->arithmetic && check->outcome != CHECK_NOT_APPLICABLE;
        assurance->n_checks += ran ? 1 : 0;
        assurance->n_failed += ran && check->outcome == CHECK_FAIL ? 1 : 0;
        assurance->n_warned += check->outcome == CHECK_WARN ? 1 : 0;
    }
    out->has_lists = lists;
    if (lists) {
        assurance_assumptions(&assurance->arena, result, out);
        assurance_impacts(&assurance->arena, result,
                          owner->portfolio != NULL ? owner->portfolio->portfolio : NULL, out);
    }
}

void assurance_make(struct assurance *assurance, const struct library *library,
                    const struct scenario_result *results, size_t n_results,
                    const struct portfolio_result *portfolios, size_t n_portfolios)
{
    *assurance = (struct assurance){.n_results = n_results};
    arena_init(&assurance->arena);
    struct assurance_subject *subjects =
        arena_array(&assurance->arena, n_results + n_portfolios + 1, sizeof *subjects);
    struct assurance_result *out = arena_array(&assurance->arena, n_results + 1, sizeof *out);
    assurance->subjects = subjects;
    assurance->results = out;
    for (size_t i = 0; i < n_results; ++i) {
        const struct plan *plan = results[i].plan;
        out[i].plan = plan;
        out[i].subject = SIZE_MAX;
        if (plan->bundle == NULL) {
            out[i].fingerprint = plan_fingerprint(&assurance->arena, plan);
            out[i].subject = add_scenario_subject(assurance, subjects, plan, &out[i].fingerprint);
        }
    }
    size_t first_portfolio = assurance->n_subjects;
    for (size_t i = 0; i < n_portfolios; ++i) {
        add_portfolio_subject(assurance, subjects, library, portfolios[i].portfolio);
    }
    for (size_t i = 0; i < n_results; ++i) {
        const struct owner owner = owner_of(portfolios, n_portfolios, results[i].plan);
        if (owner.portfolio != NULL) {
            out[i].subject = first_portfolio + (size_t)(owner.portfolio - portfolios);
        }
        describe_result(assurance, &results[i], &owner, &out[i]);
    }
    for (size_t i = 0; i < assurance->n_subjects; ++i) {
        assurance->n_signed += subjects[i].state == SIGN_VALID ? 1 : 0;
    }
}

void assurance_clear(struct assurance *assurance)
{
    arena_clear(&assurance->arena);
}
