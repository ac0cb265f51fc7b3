/* Who signed, for which inputs. Whether the inputs are still those is seen once there is a plan. */
#include "scenario/scenario_private.h"

#include <string.h>

enum { FINGERPRINT_LENGTH = 64 };

/* The same person, whatever capitals and blanks at the ends. */
static bool same_person(const char *a, const char *b)
{
    a += strspn(a, " ");
    b += strspn(b, " ");
    while (*a != '\0' && *b != '\0') {
        int left = *a >= 'A' && *a <= 'Z' ? *a + 'a' - 'A' : *a;
        int right = *b >= 'A' && *b <= 'Z' ? *b + 'a' - 'A' : *b;
        if (left != right) {
            return false;
        }
        ++a;
        ++b;
    }
    return a[strspn(a, " ")] == '\0' && b[strspn(b, " ")] == '\0';
}

static void check_people(const struct scenario_reader *reader, const struct sign_off *sign_off)
{
    const struct {
        const char *key, *name;
    } others[] = {{"assurer", sign_off->assurer}, {"approver", sign_off->approver}};

    for (size_t i = 0; i < 2; ++i) {
        if (others[i].name != NULL && same_person(sign_off->analyst, others[i].name)) {
            setting_complain(reader->diagnostics, setting_find(sign_off->setting, others[i].key),
                             DIAGNOSTIC_E665, "somebody else than the analyst",
                             "let another person check it, or leave signed_off out until then",
                             "the analyst is also the %s: \"%s\"", others[i].key, others[i].name);
        }
    }
}

struct sign_off scenario_read_sign_off(const struct scenario_reader *reader,
                                       const struct setting *group)
{
    const struct setting *setting = setting_find(group, "signed_off");
    if (!setting_is_group(setting)) {
        return (struct sign_off){.setting = NULL};
    }
    struct sign_off sign_off = {.analyst = field_text(setting, "analyst", ""),
                                .assurer = field_text(setting, "assurer", NULL),
                                .approver = field_text(setting, "approver", ""),
                                .date = field_text(setting, "date", ""),
                                .note = field_text(setting, "note", NULL),
                                .inputs_sha256 = field_text(setting, "inputs_sha256", NULL),
                                .setting = setting};
    const char *hash = sign_off.inputs_sha256;
    if (hash == NULL && setting_find(setting, "inputs_sha256") == NULL) {
        layer_complain(reader->diagnostics, setting, DIAGNOSTIC_W809,
                       "inputs_sha256 = \"...\", the fingerprint of the inputs that were checked",
                       "run `dividend check --sign` on this file and paste the line it prints",
                       "it does not say which inputs were signed for, so it counts as not signed "
                       "off");
    } else if (hash != NULL && (strlen(hash) != FINGERPRINT_LENGTH ||
                                strspn(hash, "0123456789abcdef") != FINGERPRINT_LENGTH)) {
        setting_complain(reader->diagnostics, setting_find(setting, "inputs_sha256"),
                         DIAGNOSTIC_E664, "64 digits 0-9 and a-f",
                         "paste the whole line that `dividend check --sign` prints",
                         "%zu characters that are no fingerprint", strlen(hash));
        sign_off.inputs_sha256 = NULL;
    }
    check_people(reader, &sign_off);
    return sign_off;
}
