/* Parts of a workbook through expat, which reads no other file and resolves no address. */
#include "sheet/sheet_private.h"

#include <expat.h>
#include <string.h>

enum { MAX_PATH = 1024, MAX_NAME = 64 };

struct walking {
    struct sheet_reader *reader;
    const struct sheet_part *part;
    const struct sheet_walk *walk;
    XML_Parser parser;
    char path[MAX_PATH];
    size_t n_path;
    size_t starts[SHEET_MAX_DEPTH + 1]; /* where each name begins in `path` */
    size_t depth;
    struct text text;
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *sheet_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(local_name(attributes[i]), name) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

static void refuse_limit(struct walking *walking, const char *allowed, const char *what)
{
    (void)sheet_refuse(walking->reader, DIAGNOSTIC_E905, allowed,
                       "start from a fresh template, and copy only your own figures into it",
                       "the part `%s` has %s", walking->part->name, what);
}

static void stop_if_failed(struct walking *walking)
{
    if (walking->reader->failed) {
        (void)XML_StopParser(walking->parser, XML_FALSE);
    }
}

static bool check_attributes(struct walking *walking, const char *const *attributes)
{
    size_t n = 0;
    for (; attributes[n] != NULL; n += 2) {
        if (n / 2 >= SHEET_MAX_ATTRIBUTES) {
            refuse_limit(walking, "at most 64 attributes of an element", "an element with more");
            return false;
        }
        if (strlen(attributes[n + 1]) > SHEET_MAX_ATTRIBUTE_BYTES) {
            refuse_limit(walking, "attributes of at most 8,192 bytes", "a longer one");
            return false;
        }
    }
    return true;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct walking *walking = context;
    const char *local = local_name(name);
    size_t n = strlen(local);
    if (walking->reader->failed) {
        return;
    }
    if (walking->depth == SHEET_MAX_DEPTH || n > MAX_NAME ||
        walking->n_path + n + 2 > sizeof walking->path) {
        refuse_limit(walking, "elements 32 deep, with names of at most 64 letters", "more");
    } else if (check_attributes(walking, (const char *const *)attributes)) {
        walking->starts[walking->depth++] = walking->n_path;
        if (walking->n_path > 0) {
            walking->path[walking->n_path++] = '/';
        }
        memcpy(walking->path + walking->n_path, local, n + 1);
        walking->n_path += n;
        walking->text.n_bytes = 0;
        if (walking->walk->open != NULL) {
            walking->walk->open(walking->walk->context, walking->path,
                                (const char *const *)attributes);
        }
    }
    stop_if_failed(walking);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct walking *walking = context;
    (void)name;
    if (walking->reader->failed || walking->depth == 0) {
        return;
    }
    text_append(&walking->text, ""); /* so that there are bytes to point at */
    walking->text.bytes[walking->text.n_bytes] = '\0';
    if (walking->walk->close != NULL) {
        walking->walk->close(walking->walk->context, walking->path, walking->text.bytes,
                             walking->text.n_bytes);
    }
    walking->text.n_bytes = 0;
    walking->n_path = walking->starts[--walking->depth];
    walking->path[walking->n_path] = '\0';
    stop_if_failed(walking);
}

static void XMLCALL on_text(void *context, const XML_Char *bytes, int n_bytes)
{
    struct walking *walking = context;
    if (walking->reader->failed) {
        return;
    }
    if (walking->text.n_bytes + (size_t)n_bytes > SHEET_MAX_TEXT_BYTES) {
        refuse_limit(walking, "texts of at most 32,767 characters", "a longer one");
        stop_if_failed(walking);
        return;
    }
    text_append_span(&walking->text, bytes, (size_t)n_bytes);
}

/* Called where the declaration begins, before anything in it is read. */
static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    struct walking *walking = context;
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    (void)sheet_refuse(walking->reader, DIAGNOSTIC_E906, "parts without a document type",
                       "do not trust this file: ask for it again, saved by Excel, LibreOffice or "
                       "Google Sheets",
                       "the part `%s` declares a document type", walking->part->name);
    stop_if_failed(walking);
}

static bool run(struct walking *walking)
{
    const struct text *text = &walking->part->text;
    enum XML_Status status = XML_Parse(walking->parser, text->bytes != NULL ? text->bytes : "",
                                       (int)text->n_bytes, XML_TRUE);
    if (walking->reader->failed) {
        return false;
    }
    if (status == XML_STATUS_OK) {
        return true;
    }
    return sheet_refuse(walking->reader, DIAGNOSTIC_E904, "XML that is well formed",
                        "open the file in Excel or LibreOffice and save it again",
                        "the part `%s` cannot be read: %s in line %lu", walking->part->name,
                        XML_ErrorString(XML_GetErrorCode(walking->parser)),
                        XML_GetCurrentLineNumber(walking->parser));
}

bool sheet_walk_part(struct sheet_reader *reader, const struct sheet_part *part,
                     const struct sheet_walk *walk)
{
    struct walking walking = {.reader = reader, .part = part, .walk = walk};
    walking.parser = XML_ParserCreate(NULL);
    if (walking.parser == NULL) {
        return sheet_refuse(reader, DIAGNOSTIC_E904, NULL, NULL, "there is no memory to read it");
    }
    text_init(&walking.text);
    XML_SetUserData(walking.parser, &walking);
    XML_SetElementHandler(walking.parser, on_start, on_end);
    XML_SetCharacterDataHandler(walking.parser, on_text);
    XML_SetStartDoctypeDeclHandler(walking.parser, on_doctype);
    bool good = run(&walking);
    XML_ParserFree(walking.parser);
    text_clear(&walking.text);
    return good;
}
