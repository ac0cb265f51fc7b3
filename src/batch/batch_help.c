#include "batch/batch_private.h"

static const struct command_row rows[N_COMMANDS] = {
    [COMMAND_RUN] =
        {"run", "run [PATH...]", "run scenarios, print the comparison, write the results",
         "PATH is a scenario file or a folder, whose *.cfg files are run in order of name "
         "(without\n"
         "run.cfg and without the folders below it). The default is scenarios/. Nothing is "
         "written\n"
         "unless every input is valid; every file is written whole or not at all. The same inputs\n"
         "and the same seed give the same bytes, whatever the number of threads.\n"
         "\n"
         "On a terminal, bars and lines stand beside the tables, in Unicode where the locale is\n"
         "UTF-8 and in ASCII elsewhere; --plots asks for either, or for none, and piped output "
         "has\n"
         "none unless asked. They are in tables only (--format table). While it runs, a line says\n"
         "which phase of how many it is in, what is done of it, and, once a few per cent are, "
         "about\n"
         "how long the rest of the phase takes; with --precision, of the present doubling.\n"
         "\n"
         "A run that takes long keeps a checkpoint in its results folder. Stopped by a signal or\n"
         "a power cut, the same command with --resume goes on from there, to the same bytes. With\n"
         "--shard K/N it computes a part of the run, for `dividend merge`.\n",
         "  dividend run                                    all shipped scenarios\n"
         "  dividend run scenarios/befriending_west_lancashire.cfg  one scenario\n"
         "  dividend run --only help_three_neighbourhoods,keyring_fylde  two of them, by id\n"
         "  dividend run my/plans --models my/evidence --out my/results\n"
         "  dividend run --format csv > comparison.csv      the table for a spreadsheet\n"
         "  dividend run --state .dividend                  only what changed since the last "
         "time\n"
         "  dividend run --draws 10000000 --resume          go on where it was stopped\n"
         "  dividend run --draws 10000000 --shard 3/8 --out parts  a part, on one of 8 machines\n"},
    [COMMAND_PORTFOLIO] =
        {"portfolio", "portfolio [PATH...]",
         "choose among sets of programmes: who pays, who gains, the fair deal",
         "PATH is a portfolio file or a folder of them; the default is scenarios/portfolios/. The\n"
         "best sets under each partner's own budget and under pooled budgets are found, run, and\n"
         "judged: deals between the partners, and whether the gap between neighbourhoods narrows.\n"
         "`dividend run` does the same for portfolios among its files, beside the scenarios.\n",
         "  dividend portfolio                              all shipped portfolios\n"
         "  dividend portfolio scenarios/portfolios/lancashire.cfg\n"
         "  dividend portfolio my/county.cfg --draws 4096 --format md > page.md\n"},
    [COMMAND_DIFF] =
        {"diff", "diff OLD NEW [PATH...]",
         "what moved between two runs, why, and which decisions flipped",
         "OLD and NEW are two results folders, or each a git revision (a branch, a tag, HEAD~1) or "
         "a\n"
         "project folder as it stands (`.`), whose scenarios are run with the same random numbers: "
         "those\n"
         "of PATH, else scenarios/. Each move of an answer is split over the inputs that changed, "
         "so\n"
         "that the parts add up to it (Shapley values over mixtures of old and new inputs). A "
         "change of\n"
         "the program is a cause of its own. Renamed files and reformatted text are no "
         "difference.\n"
         "\n"
         "Exit code 0: nothing beyond tolerance; 4: a difference, as --fail-on has it. A move is "
         "within\n"
         "tolerance where it is within any of the three stated.\n",
         "  dividend diff results/runs/march results/runs/april\n"
         "  dividend diff HEAD~1 HEAD                       two revisions of models and scenarios\n"
         "  dividend diff HEAD . scenarios/keyring_fylde.cfg  what an edit not yet committed does\n"
         "  dividend diff v1 v2 --fail-on decisions         exit code 4 where a decision flips\n"
         "  dividend diff v1 v2 --format md >> summary.md   for a pull request\n"},
    [COMMAND_CHECK] = {"check", "check [PATH...]",
                       "check scenarios, models and evidence without running them",
                       "All mistakes of all files are shown at once, each with its place, what was "
                       "found, what is\n"
                       "allowed and what to do. Exit code 2 where there is one.\n"
                       "With --sign also the fingerprint of each scenario's and portfolio's "
                       "inputs: the line to\n"
                       "paste into signed_off = { }.\n",
                       "  dividend check\n"
                       "  dividend check scenarios/board.cfg --sign\n"
                       "  dividend check my/plans --models my/evidence\n"},
    [COMMAND_LIST] =
        {"list", "list WHAT [PATH...]",
         "list evidence, scenarios, models, demands, sectors, packs, sources, areas, portfolios or "
         "dimensions",
         "`list evidence` shows every parameter with the distribution fitted to what its source\n"
         "reports: mean, standard deviation and 95 % interval. csv, json and md show all "
         "columns.\n"
         "`list areas` shows areas and area lists with their people by quintile.\n"
         "`list dimensions` shows which parameter is drawn by which Sobol dimension.\n",
         "  dividend list evidence\n"
         "  dividend list scenarios\n"
         "  dividend list evidence --format csv > evidence.csv\n"},
    [COMMAND_EXPLAIN] =
        {"explain", "explain CODE | SCENARIO [MEASURE]",
         "explain an error code, or where a figure comes from",
         "SCENARIO is a file of a scenario or portfolio, or an id in scenarios/. With MEASURE the\n"
         "scenario is run, and the figure is walked back: to partners, kinds and years whose "
         "means\n"
         "add up to it, to the lines of the ledger, to every formula as written, to price years,\n"
         "evidence, source and line, and to one draw. Without, all amounts and what can be asked.\n"
         "MEASURE is MEASURE.WHO[.ITEM][.STATISTIC][@YEAR], for example net.public_sector,\n"
         "net_cash.police@2 or volume.total.ae_attendance. With the draws and seed of a run the\n"
         "figures are those of its results.\n",
         "  dividend explain E203\n"
         "  dividend explain befriending_west_lancashire\n"
         "  dividend explain befriending_west_lancashire net.public_sector\n"
         "  dividend explain help_three_neighbourhoods net_cash.icb@2 --format md\n"},
    [COMMAND_SCHEMA] = {"schema", "schema [GROUP]", "show what a configuration file may contain",
                        "Without GROUP all groups are shown. --format json writes a JSON Schema.\n",
                        "  dividend schema scenario\n"
                        "  dividend schema --format json > dividend.schema.json\n"},
    [COMMAND_NEW] =
        {"new", "new scenario NAME --model M | new evidence NAME | new model NAME",
         "write a commented file to start from",
         "The file is valid as it stands; its comments say what to replace. An existing file is\n"
         "never replaced. With --xlsx a scenario becomes a template NAME.xlsx for Excel,\n"
         "LibreOffice or Google Sheets, with every input, partner and evidence item of the model,\n"
         "units, limits and lists; `dividend import NAME.xlsx` takes it back filled in.\n",
         "  dividend new scenario preston_befriending --model befriending\n"
         "  dividend new scenario preston_befriending --model befriending --xlsx\n"
         "  dividend new evidence local_unit_costs\n"
         "  dividend new model walking_groups\n"},
    [COMMAND_IMPORT] =
        {"import", "import FILE.xlsx", "turn a filled template into a scenario file",
         "FILE.xlsx is a template of `dividend new scenario NAME --model M --xlsx`, saved by\n"
         "Excel, LibreOffice or Google Sheets. It is checked as `dividend check` checks, and "
         "every\n"
         "mistake is shown with its sheet and cell; only without mistakes scenarios/NAME.cfg is\n"
         "written, and never over a file that is there. What is left blank keeps the model's\n"
         "values. Formulas count with the values they show. Template and import need the same\n"
         "--models.\n",
         "  dividend import preston_befriending.xlsx\n"
         "  dividend import preston_befriending.xlsx --out my/plans\n"
         "  dividend import filled.xlsx --models our_evidence --out my/plans/preston.cfg\n"},
    [COMMAND_EVIDENCE] =
        {"evidence", "evidence outdated [PATH...] | evidence compare A B [PATH...]",
         "evidence past its review or superseded; what differs between two versions",
         "`outdated` lists evidence whose review date has passed, by --as-of or by the clock, and\n"
         "evidence whose source a later one takes the place of (`supersedes` of the later "
         "source).\n"
         "`compare` lists what differs between two folders of models or two files of evidence, A\n"
         "the earlier: items added, removed, changed; value, interval, unit, price year, source,\n"
         "grade, version. A layer (it says replaces_because) is laid over A or, where A is one\n"
         "too, both over the models in use. Both name the scenarios of PATH (default scenarios/)\n"
         "that draw the item, and those that override it. The exit code is 0 whatever they find;\n"
         "with --strict `outdated` ends with 3 where a scenario uses what is outdated, and\n"
         "`compare` with 4 where anything differs.\n",
         "  dividend evidence outdated\n"
         "  dividend evidence outdated --as-of 2027-04 --strict --format csv > outdated.csv\n"
         "  dividend evidence compare models our_evidence\n"
         "  dividend evidence compare last_year/costs.cfg models/evidence/costs.cfg --format md\n"},
    [COMMAND_HISTORY] =
        {"history", "history [MEASURE]",
         "a measure over the runs so far: what moved it, who signed",
         "Runs with --state DIR (or --history FILE) are recorded there. MEASURE is "
         "MEASURE.WHO[.ITEM]\n"
         "as in summary.csv; without one each scenario's headline is shown. Beside the value and "
         "its\n"
         "interval: the change since the run before, which evidence, inputs or settings changed, "
         "and\n"
         "who signed for them. csv and json have all columns, with exact figures.\n",
         "  dividend history --state .dividend\n"
         "  dividend history net.public_sector --state .dividend --scenario "
         "befriending_west_lancashire\n"
         "  dividend history bcr.total --history shared/history.sqlite --format csv > bcr.csv\n"},
    [COMMAND_MERGE] =
        {"merge", "merge DIR|FILE...", "bring the shards of a run together and write its results",
         "DIR holds files shard-K-of-N.bin, as `dividend run --shard K/N` writes them; FILE is "
         "one\n"
         "of them. The run's own arguments stand in the shards, so call it where they were "
         "called:\n"
         "the same scenarios and models must be there, unchanged. Results have the same bytes as\n"
         "those of one process. Shards that are missing, damaged, twice there or of another run "
         "are\n"
         "all listed, and nothing is written (exit code 2). --decide, --draws-out, --errors and\n"
         "--expect count whether they are given here or were given to the shards.\n",
         "  dividend run my/plans --shard 1/2 --out parts    on one machine\n"
         "  dividend run my/plans --shard 2/2 --out parts    on another\n"
         "  dividend merge parts --out my/results\n"},
    [COMMAND_MANUAL] =
        {"manual", "manual man | bash | zsh | fish",
         "write the manual page, or completions for a shell",
         "The page and the completions are made from the same tables as this help.\n",
         "  dividend manual man > dividend.1 && man ./dividend.1\n"
         "  dividend manual bash > ~/.local/share/bash-completion/completions/dividend\n"},
    [COMMAND_HELP] = {"help", "help [COMMAND]", "show this help, or the help of a command", "",
                      "  dividend help run\n"},
};

const struct command_row *command_rows(void)
{
    return rows;
}

const char *help_exit_codes(void)
{
    return "  0 done   1 the run failed   2 bad input or usage   3 an expectation failed\n"
           "  4 `diff` found a difference   5 a limit was reached   6 a precision target was "
           "missed\n"
           "  130 or 143 interrupted, nothing half-written, resumable\n";
}

void help_write(struct text *out)
{
    text_append(
        out,
        "dividend: who pays, who gains, when, how much of it is cash, and how sure that "
        "is.\n\n"
        "Examples\n"
        "  dividend run                            run the scenarios in scenarios/\n"
        "  dividend run scenarios/befriending_west_lancashire.cfg  run one\n"
        "  dividend check                          check every file, run nothing\n"
        "  dividend list evidence                  every number with its fit and "
        "source\n"
        "  dividend explain befriending_west_lancashire            where a scenario's figures come "
        "from\n"
        "  dividend explain E203                   more about an error code\n\n"
        "Commands\n");
    for (size_t command = 0; command < N_COMMANDS; command++) {
        text_printf(out, "  %-9s %s\n", rows[command].name, rows[command].summary);
    }
    text_append(out,
                "\n`dividend help COMMAND` shows the options of a command; `dividend --version` "
                "the version.\n\n"
                "Exit codes\n");
    text_append(out, help_exit_codes());
}

void help_write_command(struct text *out, enum command command)
{
    const struct command_row *row = &rows[command];
    text_printf(out, "dividend %s: %s\n\nExamples\n%s\nUsage\n  dividend %s [OPTION...]\n\n",
                row->name, row->summary, row->examples, row->usage);
    if (*row->details != '\0') {
        text_printf(out, "%s\n", row->details);
    }
    text_append(out, "Options\n");
    options_describe(out, command);
}
