/* `dividend check --sign`: what to paste into a scenario or portfolio to sign it off. */
#include "assurance/assurance.h"
#include "batch/batch_private.h"
#include "report/report.h"

#include <string.h>

struct signing {
    struct session *session;
    const struct library *library;
};

static void write_state(const struct signing *signing, const char *kind, const char *id,
                        const struct sign_off *sign_off, const struct fingerprint *fingerprint)
{
    struct text *out = &signing->session->out;
    enum sign_state state = assurance_sign_state(sign_off, fingerprint->sha256);
    text_printf(out, "%s %s\n  ", kind, id);
    report_sign_off(out, sign_off, state, fingerprint->sha256);
    text_append(out, "\n");
    if (state == SIGN_NONE) {
        text_append(out, "  signed_off = { analyst = \"...\"; assurer = \"...\"; approver = "
                         "\"...\"; date = \"YYYY-MM-DD\";\n               ");
    } else {
        text_append(out, "  ");
    }
    text_printf(out, "inputs_sha256 = \"%s\";%s\n", fingerprint->sha256,
                state == SIGN_NONE ? " };" : "");
}

/* Instances of a for_each are signed for together: the first stands for all. */
static bool is_first(const struct scenario *const *scenarios, size_t index)
{
    for (size_t i = 0; i < index && scenarios[index]->family != NULL; ++i) {
        if (scenarios[i]->document == scenarios[index]->document) {
            return false;
        }
    }
    return true;
}

void sign_off_write(struct session *session, const struct library *library,
                    const struct scenario *const *scenarios, size_t n_scenarios)
{
    const struct signing signing = {.session = session, .library = library};
    for (size_t i = 0; i < n_scenarios; ++i) {
        const struct scenario *scenario = scenarios[i];
        if (is_first(scenarios, i)) {
            const struct fingerprint fingerprint =
                scenario_fingerprint(&session->arena, library, scenario);
            write_state(&signing, "scenario",
                        scenario->family != NULL ? scenario->family : scenario->id,
                        &scenario->sign_off, &fingerprint);
        }
    }
    for (size_t i = 0; i < library->n_portfolios; ++i) {
        const struct portfolio *portfolio = library->portfolios[i];
        const struct word_list *only = &session->options.only;
        if (only->n_items == 0 || word_list_has(only, portfolio->id)) {
            const struct fingerprint fingerprint =
                portfolio_fingerprint(&session->arena, library, portfolio);
            write_state(&signing, "portfolio", portfolio->id, &portfolio->sign_off, &fingerprint);
        }
    }
}
