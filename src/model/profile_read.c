/* Profiles: lag, ramp or list, plateau, fade, and what happens when funding stops. method 3.4. */
#include "model/model_private.h"

#include <float.h>
#include <math.h>

#define N_FADES 4

static const char *const fade_names[N_FADES] = {"none", "linear", "half_life", "retention"};

/* The key that says how fast each fade goes. */
#define ABOVE_0 .low = DBL_TRUE_MIN, .high = HUGE_VAL, .allowed = "years above 0"
static const struct amount_field fade_fields[N_FADES] = {
    [FADE_LINEAR] = {"fade_years", 0, (double)NAN, ABOVE_0},
    [FADE_HALF_LIFE] = {"half_life_years", 0, (double)NAN, ABOVE_0},
    [FADE_RETENTION] = {"retention_per_year", 0, (double)NAN, .low = 0.0, .high = 1.0,
                        .allowed = "a share from 0 to 1"},
};

static void read_fade(struct model_reader *reader, const struct setting *group,
                      struct profile *profile)
{
    size_t chosen = field_choice(group, "fade", fade_names, N_FADES);
    bool readable = chosen < N_FADES || setting_find(group, "fade") == NULL;
    chosen = chosen < N_FADES ? chosen : FADE_NONE;
    profile->fade = (enum fade)chosen;
    for (size_t i = FADE_LINEAR; readable && i < N_FADES; ++i) {
        const struct setting *found = setting_find(group, fade_fields[i].key);
        if (i == chosen && found == NULL) {
            layer_complain(reader->diagnostics, group, DIAGNOSTIC_E524, NULL,
                           arena_printf(reader->arena, "add %s", fade_fields[i].key),
                           "fade = \"%s\" needs the key `%s`", fade_names[i], fade_fields[i].key);
        }
        if (i != chosen && found != NULL) {
            layer_complain(
                reader->diagnostics, found, DIAGNOSTIC_E524, NULL,
                arena_printf(reader->arena, "remove it, or write fade = \"%s\"", fade_names[i]),
                "`%s` has no meaning with fade = \"%s\"", fade_fields[i].key, fade_names[chosen]);
        }
    }
    if (profile->fade != FADE_NONE) {
        model_read_amounts(reader, group, &fade_fields[profile->fade], 1, &profile->fade_amount);
    }
}

/* An effect that is over after its plateau or list keeps nothing of it from then on. */
static void end_at_once(struct model_reader *reader, struct profile *profile)
{
    if (profile->fade == FADE_NONE && profile->has_plateau) {
        profile->fade = FADE_RETENTION;
        profile->fade_amount = amount_constant(reader->arena, 0.0);
    }
}

static void complain_shape(const struct model_reader *reader, const struct setting *setting,
                           const char *allowed, const char *remedy, const char *found)
{
    layer_complain(reader->diagnostics, setting, DIAGNOSTIC_E523, allowed, remedy, "%s", found);
}

static void check_shape(const struct model_reader *reader, const struct setting *group)
{
    const struct setting *by_year = setting_find(group, "by_year");
    const struct setting *ramp = setting_find(group, "ramp");
    const struct setting *plateau = setting_find(group, "plateau_years");
    const char *allowed = "by_year, or ramp and plateau_years";
    if (by_year != NULL && ramp != NULL) {
        complain_shape(reader, ramp, allowed, "put the ramp into by_year, or leave by_year out",
                       "`ramp` beside `by_year`, which lists the whole profile");
    }
    if (by_year != NULL && plateau != NULL) {
        complain_shape(reader, plateau, allowed,
                       "list the plateau in by_year, or leave by_year out",
                       "`plateau_years` beside `by_year`, which lists the whole profile");
    }
    if (by_year != NULL && by_year->type == SETTING_ARRAY && by_year->n_children == 0) {
        complain_shape(reader, by_year, "one share for each effect-year", "list at least one",
                       "an empty profile");
    }
}

/* A fade must have a moment at which it begins, and "fade" must have a fade to begin. */
static void check_fade_begins(const struct model_reader *reader, const struct setting *group,
                              const struct profile *profile)
{
    const struct setting *fade = setting_find(group, "fade");
    const struct setting *stops = setting_find(group, "when_funding_stops");
    if (fade == NULL || stops == NULL) {
        return;
    }
    if (profile->fade == FADE_NONE && profile->when_funding_stops == FUNDING_STOPS_FADE) {
        complain_shape(reader, stops, "persist or stop where fade = \"none\"",
                       "choose a fade, or say that the effect persists or stops",
                       "when_funding_stops = \"fade\", but fade = \"none\"");
    }
    if (profile->fade != FADE_NONE && !profile->has_plateau &&
        profile->when_funding_stops != FUNDING_STOPS_FADE) {
        complain_shape(reader, fade,
                       "a fade that begins after plateau_years or by_year, or when funding stops",
                       "add plateau_years, or write when_funding_stops = \"fade\"",
                       "the fade never begins: no plateau ends, and funding does not start it");
    }
}

struct profile model_read_profile(struct model_reader *reader, const struct setting *group)
{
    static const char *const stops[] = {"persist", "fade", "stop"};
    struct profile profile = {.fade = FADE_NONE};
    if (!setting_is_group(group)) {
        return profile;
    }
    size_t when = field_choice(group, "when_funding_stops", stops, 3);
    size_t n_ramp = 0;
    const double *ramp = field_numbers(reader->arena, group, "ramp", &n_ramp);
    profile.lag_years = field_whole(group, "lag_years", 0);
    profile.by_year = field_numbers(reader->arena, group, "by_year", &profile.n_by_year);
    profile.listed = profile.n_by_year > 0;
    if (!profile.listed) {
        profile.by_year = ramp;
        profile.n_by_year = n_ramp;
    }
    profile.has_plateau = profile.listed || setting_find(group, "plateau_years") != NULL;
    profile.plateau_years = profile.listed ? 0 : field_whole(group, "plateau_years", 0);
    profile.when_funding_stops = when < 3 ? (enum when_funding_stops)when : FUNDING_STOPS_PERSIST;
    read_fade(reader, group, &profile);
    check_shape(reader, group);
    check_fade_begins(reader, group, &profile);
    end_at_once(reader, &profile);
    return profile;
}

struct profile model_read_qaly_profile(struct model_reader *reader, const struct setting *group)
{
    struct profile profile = {
        .lag_years = field_whole(group, "lag_years", 0),
        .has_plateau = true,
        .plateau_years = field_whole(group, "duration_years", 1),
        .fade = FADE_NONE,
        .when_funding_stops = FUNDING_STOPS_PERSIST,
    };
    read_fade(reader, group, &profile);
    end_at_once(reader, &profile);
    return profile;
}
