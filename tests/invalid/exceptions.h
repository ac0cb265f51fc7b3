    {"E600", "needs a directory without read permission, which root may always read: tests/unit/scenario"},
    {"E601", "needs an empty directory of models: tests/cli"},
    {"E605", "needs two scenario files of one name, or a file that cannot name a scenario: tests/cli"},
