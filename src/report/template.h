/* NAME.xlsx: a template to fill in, for `dividend import`. What it asks is import/form.h's. */
#ifndef DIVIDEND_REPORT_TEMPLATE_H
#define DIVIDEND_REPORT_TEMPLATE_H

#include "import/form.h"

/* Writes the template, whole or not at all, read back and compared before it takes its name; never
 * over a file that is there. The same library and model give the same bytes. */
enum status template_write(const struct import_form *form, const char *path,
                           struct error *error) MUST_CHECK;

#endif
