/* How numbers are shown: as a number, a percentage or a date. */
#include "sheet/sheet_private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Sections of a format are told apart no further: a format is a date's if any of it is. */
enum sheet_shows sheet_format_shows(const char *code)
{
    enum sheet_shows shows = SHEET_SHOWS_NUMBER;
    if (strcasecmp(code, "General") == 0) {
        return shows;
    }
    for (const char *at = code; *at != '\0'; ++at) {
        const char *close = *at == '"' ? strchr(at + 1, '"') : *at == '[' ? strchr(at, ']') : NULL;
        if (close != NULL) {
            at = close;
        } else if ((*at == '\\' || *at == '_' || *at == '*') && at[1] != '\0') {
            ++at;
        } else if (*at == '%') {
            shows = SHEET_SHOWS_PERCENT;
        } else if (strchr("yYmMdDhHsS", *at) != NULL) {
            return SHEET_SHOWS_DATE;
        }
    }
    return shows;
}

/* Formats that files name by number only; 27 to 36 and 50 to 58 are dates of East Asian locales. */
static enum sheet_shows built_in_shows(long id)
{
    if (id == 9 || id == 10) {
        return SHEET_SHOWS_PERCENT;
    }
    bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
                (id >= 50 && id <= 58);
    return date ? SHEET_SHOWS_DATE : SHEET_SHOWS_NUMBER;
}

struct format {
    long id;
    enum sheet_shows shows;
};

struct style_reading {
    struct sheet_reader *reader;
    struct sheet_styles *styles;
    struct format *formats;
    size_t n_formats, capacity;
};

static void read_format(struct style_reading *reading, const char *const *attributes)
{
    const char *id = sheet_attribute(attributes, "numFmtId");
    const char *code = sheet_attribute(attributes, "formatCode");
    if (id == NULL || code == NULL || reading->n_formats >= SHEET_MAX_STYLES) {
        return;
    }
    reading->formats = arena_grow(reading->reader->arena, reading->formats, reading->n_formats,
                                  &reading->capacity, sizeof *reading->formats);
    reading->formats[reading->n_formats++] =
        (struct format){.id = strtol(id, NULL, 10), .shows = sheet_format_shows(code)};
}

/* The last declaration of a number wins; there are few, and only styles ask. */
static enum sheet_shows find_shows(const struct style_reading *reading, long id)
{
    for (size_t i = reading->n_formats; i > 0; --i) {
        if (reading->formats[i - 1].id == id) {
            return reading->formats[i - 1].shows;
        }
    }
    return built_in_shows(id);
}

static void read_style(struct style_reading *reading, const char *const *attributes)
{
    struct sheet_styles *styles = reading->styles;
    const char *id = sheet_attribute(attributes, "numFmtId");
    if (styles->n_shows >= SHEET_MAX_STYLES || reading->n_formats > 4096) {
        (void)sheet_refuse(reading->reader, DIAGNOSTIC_E905, "at most 65,536 styles of cells",
                           "start from a fresh template", "the file has more styles");
        return;
    }
    styles->shows = arena_grow(reading->reader->arena, styles->shows, styles->n_shows,
                               &styles->capacity, sizeof *styles->shows);
    styles->shows[styles->n_shows++] =
        id != NULL ? find_shows(reading, strtol(id, NULL, 10)) : SHEET_SHOWS_NUMBER;
}

static void open_style(void *context, const char *path, const char *const *attributes)
{
    if (strcmp(path, "styleSheet/numFmts/numFmt") == 0) {
        read_format(context, attributes);
    } else if (strcmp(path, "styleSheet/cellXfs/xf") == 0) {
        read_style(context, attributes);
    }
}

bool sheet_read_styles(struct sheet_reader *reader, const struct sheet_part *part,
                       struct sheet_styles *styles)
{
    struct style_reading reading = {.reader = reader, .styles = styles};
    const struct sheet_walk walk = {.open = open_style, .context = &reading};
    return sheet_walk_part(reader, part, &walk);
}
