/* report.html: what changed since an earlier run. */
#include "report/changes.h"
#include "report/html.h"

void html_changes(struct text *out, const struct report_run *run)
{
    if (run->difference != NULL) {
        text_append(out, "<section id=\"changes\">\n");
        html_element(out, "h2", "Changes since the earlier run");
        write_changes(out, run, WIDTH_HTML);
        text_append(out, "</section>\n");
    }
}
