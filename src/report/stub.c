extern int report_stub; int report_stub;
