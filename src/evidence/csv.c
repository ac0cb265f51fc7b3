#include "evidence/csv.h"

#include "base/text.h"
#include "evidence/layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void csv_open(struct csv_reader *reader, struct arena *arena, const struct document *file)
{
    *reader = (struct csv_reader){
        .arena = arena, .at = file->bytes, .end = file->bytes + file->n_bytes, .line = 1};
    if (file->n_bytes >= 3 && memcmp(file->bytes, "\xEF\xBB\xBF", 3) == 0) {
        reader->at += 3;
    }
}

bool csv_has_more(const struct csv_reader *reader)
{
    return reader->at < reader->end;
}

static const char *read_quoted(struct csv_reader *reader)
{
    struct text out;
    text_init(&out);
    ++reader->at;
    while (reader->at < reader->end) {
        if (*reader->at == '"' && reader->at + 1 < reader->end && reader->at[1] == '"') {
            ++reader->at;
        } else if (*reader->at == '"') {
            ++reader->at;
            break;
        }
        reader->line += *reader->at == '\n' ? 1 : 0;
        text_append_span(&out, reader->at++, 1);
    }
    const char *field = arena_copy_text(reader->arena, out.bytes != NULL ? out.bytes : "");
    text_clear(&out);
    return field;
}

size_t csv_read_line(struct csv_reader *reader, const char **fields)
{
    size_t n = 0;
    bool more = reader->at < reader->end && *reader->at != '\n' && *reader->at != '\r';
    while (more) {
        const char *start = reader->at;
        const char *field = NULL;
        if (start < reader->end && *start == '"') {
            field = read_quoted(reader);
        }
        while (reader->at < reader->end && *reader->at != ',' && *reader->at != '\n' &&
               *reader->at != '\r') {
            ++reader->at;
        }
        if (field == NULL) {
            field = arena_copy_span(reader->arena, start, (size_t)(reader->at - start));
        }
        if (n < CSV_MAX_COLUMNS) {
            fields[n++] = field;
        }
        more = reader->at < reader->end && *reader->at == ',';
        reader->at += more ? 1 : 0;
    }
    while (reader->at < reader->end && *reader->at == '\r') {
        ++reader->at;
    }
    if (reader->at < reader->end && *reader->at == '\n') {
        ++reader->at;
        ++reader->line;
    }
    return n;
}

bool csv_read_number(const char *field, double *value)
{
    size_t n = strspn(field, "+-0123456789.eE");
    char *end = NULL;
    if (field[0] == '\0' || field[n] != '\0') {
        return false;
    }
    *value = strtod(field, &end);
    return *end == '\0' && isfinite(*value);
}

const struct document *csv_find_file(const struct layered_document *documents, size_t n_documents,
                                     const char *name)
{
    const struct document *found = NULL;
    for (size_t i = 0; i < n_documents; ++i) {
        const char *file = documents[i].document->file;
        const char *slash = strrchr(file, '/');
        if (strcmp(slash != NULL ? slash + 1 : file, name) == 0) {
            found = documents[i].document;
        }
    }
    return found;
}

size_t csv_find_column(struct arena *arena, struct diagnostics *diagnostics,
                       const struct csv_header *header, const char *name,
                       const struct setting *setting)
{
    for (size_t i = 0; i < header->n_columns; ++i) {
        if (strcmp(header->names[i], name) == 0) {
            return i;
        }
    }
    setting_complain(diagnostics, setting, DIAGNOSTIC_E471,
                     "a column that the first line of the file names",
                     layer_suggest(arena, text_nearest(name, header->names, header->n_columns),
                                   "look at the first line of the file"),
                     "%s has no column \"%s\"", header->file->file, name);
    return SIZE_MAX;
}
