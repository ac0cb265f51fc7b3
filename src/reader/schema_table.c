/* The configuration language: one row a key. See reader/schema.h for the columns. */
#include "reader/schema.h"

#include <math.h>

#define FREE              .min = (double)-INFINITY, .max = (double)INFINITY
#define FROM(low)         .min = (low), .max = (double)INFINITY
#define WITHIN(low, high) .min = (low), .max = (high)
#define REQUIRED          .required = true
#define CHOICE(words)     .types = SCHEMA_TEXT, .format = FORMAT_CHOICE, .choices = (words), FREE
#define TEXT              .types = SCHEMA_TEXT, FREE
/* Words that no number depends on. */
#define WORDS            .types = SCHEMA_TEXT, .silent = true, FREE
#define NAME             .types = SCHEMA_TEXT, .format = FORMAT_NAME, FREE
#define PATH             .types = SCHEMA_TEXT, .format = FORMAT_PATH, FREE
#define FINANCIAL_YEAR   .types = SCHEMA_TEXT, .format = FORMAT_FINANCIAL_YEAR, FREE
#define AMOUNT           .types = SCHEMA_AMOUNT, FREE
#define GROUP_OF(name)   .types = SCHEMA_GROUP, .group = (name), FREE
#define LIST_OF(name)    .types = SCHEMA_LIST, .group = (name), FREE
#define OTHERWISE(words) .fallback = (words)
#define HELP(words)      .help = (words)
#define MONEY_YEAR                                                                                 \
    HELP("Financial year of the prices, e.g. \"2024-25\". Converted once to the run's price "      \
         "year.")
#define REPLACES                                                                                   \
    {                                                                                              \
        "replaces_because", WORDS,                                                                 \
            OTHERWISE("only allowed, and then required, in a layer that "                          \
                      "replaces a shipped item"),                                                  \
            HELP("Why a council's own item replaces the shipped one of the same name.")            \
    }

static const struct schema_key document_keys[] = {
    {"evidence", GROUP_OF("evidence"), OTHERWISE("no evidence in this file"),
     HELP("Parameters by dotted path: groups nest, an item is a group with the key `value`.")},
    {"sources", GROUP_OF("sources"), OTHERWISE("no sources in this file"),
     HELP("Publications that evidence names by id.")},
    {"packs", GROUP_OF("packs"), OTHERWISE("no packs in this file"),
     HELP("Discount schedules with values, deflators and optimism-bias grades, by id.")},
    {"tables", GROUP_OF("tables"), OTHERWISE("no data tables in this file"),
     HELP("Data tables by id (life tables, norms), for table(ID, ...) in the formulas of health "
          "models.")},
    {"populations", GROUP_OF("populations"), OTHERWISE("no population tables in this file"),
     HELP("Population tables by id: people by area, quintile of deprivation and age.")},
    {"areas", GROUP_OF("areas"), OTHERWISE("no areas in this file"),
     HELP("Areas by id, which scenarios name. Areas and area lists share one namespace.")},
    {"area_lists", GROUP_OF("area_lists"), OTHERWISE("no area lists in this file"),
     HELP("Areas that are listed together, by id.")},
    {"correlations", GROUP_OF("correlations"), OTHERWISE("parameters of this file are independent"),
     HELP("Evidence items that vary together, by id.")},
    {"sectors", GROUP_OF("sectors"), OTHERWISE("no sectors in this file"),
     HELP("Partner sectors by id.")},
    {"sector_groups", GROUP_OF("sector_groups"), OTHERWISE("no groups in this file"),
     HELP("Groups of sectors that shares may point to.")},
    {"perspectives", GROUP_OF("perspectives"), OTHERWISE("no perspectives in this file"),
     HELP("Perspectives by id: sets of sectors that totals are made for.")},
    {"demand", GROUP_OF("demands"), OTHERWISE("no demands in this file"),
     HELP("Demands by id: what programmes change, declared once for all models.")},
    {"model", GROUP_OF("model"), OTHERWISE("no model in this file"),
     HELP("One model; its name is the folder that holds the file. Kind \"cohort\" has the keys of "
          "cohort_model, kind \"tree\" those of tree_model.")},
    {"scenario", GROUP_OF("scenario"), OTHERWISE("no scenario in this file"),
     HELP("One scenario; its name is the file's name without .cfg.")},
    {"portfolio", GROUP_OF("portfolio"), OTHERWISE("no portfolio in this file"),
     HELP("One portfolio of scenarios; its name is the file's name without .cfg.")},
    {"run", GROUP_OF("run"), OTHERWISE("the built-in settings"),
     HELP("Seed, draws and conventions of a run (scenarios/run.cfg).")},
    {"expectations", LIST_OF("expectation_of"), OTHERWISE("no expectations in this file"),
     HELP("What a run must show, in a file of its own (--expect FILE).")},
    {"version", WORDS, OTHERWISE("not stated"),
     HELP("Version of the evidence in this file, e.g. \"2026-11\"; an item may state its own.")},
};

static const struct schema_key sources_keys[] = {
    {"*", GROUP_OF("source"), HELP("A source by id, e.g. ncc-2024-25 written ncc_2024_25.")},
};

static const struct schema_key source_keys[] = {
    {"citation", WORDS, REQUIRED, HELP("Authors, year, title, publisher.")},
    {"url", WORDS, OTHERWISE("none"), HELP("Address where it can be read.")},
    {"accessed", WORDS, OTHERWISE("not stated"), HELP("Month it was read, e.g. \"2026-11\".")},
    {"licence", WORDS, OTHERWISE("not stated"), HELP("Licence of the figures.")},
    {"year", .types = SCHEMA_INTEGER, WITHIN(1900, 2200), .unit = "year", OTHERWISE("not stated"),
     HELP("Year of publication.")},
    {"confidence", CHOICE("found|second_hand|from_memory"), OTHERWISE("found"),
     HELP("How the figure was seen: in the source, in a public copy, or remembered.")},
    {"supersedes", .types = SCHEMA_LIST, .group = "supersession", .silent = true, FREE,
     OTHERWISE("no earlier source is superseded"),
     HELP("Earlier sources whose figures this one takes the place of: evidence that still cites "
          "them is outdated (`dividend evidence outdated`).")},
    REPLACES,
};

static const struct schema_key supersession_keys[] = {
    {"source", NAME, REQUIRED, HELP("Id in `sources` of the earlier publication.")},
    {"items", .types = SCHEMA_TEXTS, .format = FORMAT_PATH, FREE,
     OTHERWISE("all items that cite it"),
     HELP("Evidence, by path, for which this holds; a group's path stands for all in it.")},
    {"because", WORDS, REQUIRED, HELP("Why the later source is to be believed instead.")},
};

static const struct schema_key evidence_keys[] = {
    {"*", GROUP_OF("evidence_item"),
     HELP("A parameter (a group with `value`) or a group of parameters.")},
};

static const struct schema_key evidence_item_keys[] = {
    {"label", WORDS, REQUIRED, HELP("What it is, in words.")},
    {"kind", CHOICE("probability|rate|relative_risk|share|cost|utility|count|duration|effect"),
     REQUIRED,
     HELP("Fixes the allowed range: probability and share in [0, 1]; rate, count and duration not "
          "negative; relative_risk above 0; utility at most 1; cost in GBP with a price year; "
          "effect "
          "any sign.")},
    {"unit", TEXT, REQUIRED,
     HELP("Unit, e.g. \"GBP/attendance\", \"attendances/person/year\"; with kind = \"cost\" it "
          "begins "
          "with GBP.")},
    {"value", .types = SCHEMA_NUMBER | SCHEMA_GROUP, .group = "distribution", REQUIRED, FREE,
     HELP("A number, or a distribution given the way its source reports it.")},
    {"price_year", FINANCIAL_YEAR, OTHERWISE("required for kind = \"cost\", refused otherwise"),
     MONEY_YEAR},
    {"source", NAME, REQUIRED,
     HELP("Id in `sources`, or \"assumption\" (then `reason` is required and grade is 6).")},
    {"locator", WORDS, OTHERWISE("required unless source = \"assumption\""),
     HELP("Where in the source: table, page, code.")},
    {"reason", WORDS, OTHERWISE("required when source = \"assumption\""),
     HELP("Why an assumption takes this value and this width.")},
    {"grade", .types = SCHEMA_INTEGER, WITHIN(1, 6), REQUIRED,
     HELP("Quality: 1 randomised or national statistics, 2 good controlled study or official unit "
          "cost, 3 uncontrolled or dated study, 4 expert or practitioner estimate, 5 developing or "
          "second-hand figure, 6 assumption.")},
    {"applies_to", WORDS, OTHERWISE("not stated"),
     HELP("Population and place it was measured in.")},
    {"review_by", .types = SCHEMA_TEXT, .format = FORMAT_MONTH, .silent = true, FREE,
     OTHERWISE("no review date"), HELP("Month after which it counts as stale, e.g. \"2027-10\".")},
    {"plausible", .types = SCHEMA_NUMBERS, FREE, OTHERWISE("the 95 % interval"),
     HELP("[low, high]: what is thought possible, for tornado and switching values; certain items "
          "without it are left out of the tornado.")},
    {"owner", WORDS, OTHERWISE("not stated"),
     HELP("Who keeps it up to date: named in the assumptions log.")},
    {"version", WORDS, OTHERWISE("that of the file"),
     HELP("Version of this item, e.g. \"2026-11\".")},
    {"note", WORDS, OTHERWISE("none"), HELP("Anything a reader must know.")},
    {"derived_from", .types = SCHEMA_TEXTS, .format = FORMAT_PATH, .silent = true, FREE,
     OTHERWISE("from its source alone"),
     HELP("Evidence items, by path, that the figure was worked out from, e.g. "
          "[\"debt_advice.client_cost\"]: a run warns where one of them is replaced and this is "
          "not.")},
    {"split", GROUP_OF("shares"), OTHERWISE("required where a demand uses it as unit cost"),
     HELP("Who bears this unit cost: shares by sector or sector group, summing to 1.")},
    {"cashable", .types = SCHEMA_NUMBER | SCHEMA_GROUP, .group = "cashable", WITHIN(0, 1),
     OTHERWISE("0: nothing is released as cash"),
     HELP("Share of the cost that stops being spent; one number, or one for each sector of the "
          "split.")},
    {"value_type", CHOICE("fiscal|economic|social"), OTHERWISE("fiscal"),
     HELP("Fiscal value becomes cashable and non-cashable savings; economic and social value are "
          "kept apart from both.")},
    {"transfer_from", NAME, OTHERWISE("no transfer"),
     HELP(
         "Sector that loses what the split gains (a benefit payment): the total does not change.")},
    {"real_growth", .types = SCHEMA_NUMBER, WITHIN(-0.2, 0.2), .unit = "a year", OTHERWISE("0"),
     HELP("Growth of a unit cost above general inflation, from model year 0.")},
    REPLACES,
};

static const struct schema_key distribution_keys[] = {
    {"dist",
     CHOICE("normal|truncated_normal|lognormal|beta|gamma|weibull|exponential|uniform|triangular|"
            "pert|empirical|discrete|dirichlet"),
     REQUIRED,
     HELP("Family. Give the figures the source reports; the fit is shown back. "
          "\"dirichlet\" only for evidence: one item for each of its counts, named "
          "ITEM.COUNT, that sum to 1 in every draw.")},
    {"counts", GROUP_OF("counts"), OTHERWISE("required with dist = \"dirichlet\", else refused"),
     HELP("What was counted, by name; the shares of the total are drawn together.")},
    {"mean", .types = SCHEMA_NUMBER, FREE, OTHERWISE("from the other figures"), HELP("Mean.")},
    {"se", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), OTHERWISE("from the other figures"),
     HELP("Standard error of the estimate: the sd of the distribution of the mean.")},
    {"sd", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), OTHERWISE("from the other figures"),
     HELP("Standard deviation of the uncertain quantity; give `se` or `sd`, not both.")},
    {"median", .types = SCHEMA_NUMBER, FREE, OTHERWISE("from the other figures"), HELP("Median.")},
    {"ci95", .types = SCHEMA_NUMBERS, FREE, OTHERWISE("from the other figures"),
     HELP("95 % interval, [low, high].")},
    {"mode", .types = SCHEMA_NUMBER, FREE, OTHERWISE("from the other figures"),
     HELP("Most likely value (triangular, pert).")},
    {"min", .types = SCHEMA_NUMBER, FREE, OTHERWISE("no lower limit"),
     HELP("Lowest value (uniform, triangular, pert, truncated_normal).")},
    {"max", .types = SCHEMA_NUMBER, FREE, OTHERWISE("no upper limit"),
     HELP("Highest value (uniform, triangular, pert, truncated_normal).")},
    {"events", .types = SCHEMA_NUMBER, FROM(0), OTHERWISE("not used"),
     HELP("Events among n: Beta(events, n - events); 0 or n needs a prior.")},
    {"n", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), OTHERWISE("not used"),
     HELP("People observed, with `events`.")},
    {"prior", .types = SCHEMA_NUMBERS, FROM(0), OTHERWISE("none"),
     HELP("Beta prior added to events of n, e.g. [0.5, 0.5].")},
    {"alpha", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     OTHERWISE("from the other figures"), HELP("First shape of a beta.")},
    {"beta", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), OTHERWISE("from the other figures"),
     HELP("Second shape of a beta.")},
    {"shape", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     OTHERWISE("from the other figures"), HELP("Shape of a gamma or weibull.")},
    {"scale", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     OTHERWISE("from the other figures"), HELP("Scale (not rate) of a gamma or weibull.")},
    {"mu", .types = SCHEMA_NUMBER, FREE, OTHERWISE("from the other figures"),
     HELP("Mean of the logarithm of a lognormal.")},
    {"sigma", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     OTHERWISE("from the other figures"),
     HELP("Standard deviation of the logarithm of a lognormal.")},
    {"lambda", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), OTHERWISE("4"),
     HELP("Weight of the mode in a pert.")},
    {"values", .types = SCHEMA_NUMBERS, FREE, OTHERWISE("not used"),
     HELP("Listed values (empirical, discrete).")},
    {"weights", .types = SCHEMA_NUMBERS, FROM(0), OTHERWISE("not used"),
     HELP("Probabilities of the values (discrete), summing to 1.")},
};

static const struct schema_key correlations_keys[] = {
    {"*", GROUP_OF("correlation"), HELP("A correlation by id.")},
};

static const struct schema_key correlation_keys[] = {
    {"label", WORDS, REQUIRED, HELP("What varies together, in words.")},
    {"of", .types = SCHEMA_TEXTS, .format = FORMAT_PATH, FREE, REQUIRED,
     HELP("Evidence items, by path or short name; each has a distribution of its own, which stays "
          "as it is.")},
    {"pairwise", .types = SCHEMA_NUMBER, WITHIN(-1, 1), OTHERWISE("from matrix or covariance"),
     HELP("One correlation for every pair.")},
    {"matrix", .types = SCHEMA_NUMBERS, WITHIN(-1, 1), OTHERWISE("from pairwise or covariance"),
     HELP("Correlations, n x n numbers row by row.")},
    {"covariance", .types = SCHEMA_NUMBERS, FREE, OTHERWISE("from pairwise or matrix"),
     HELP("Covariances of normal items (of the logarithms of lognormal ones), n x n numbers row by "
          "row: regression coefficients as they are reported.")},
    {"scale", CHOICE("rank|normal"), OTHERWISE("rank: Spearman's correlation"),
     HELP("rank: correlations of the ranks, kept whatever the distributions; normal: correlations "
          "of the normal scores, which for normal items is Pearson's.")},
    {"source", NAME, REQUIRED, HELP("Id in `sources`, or \"assumption\" (then `reason`).")},
    {"locator", WORDS, OTHERWISE("none"), HELP("Where in the source.")},
    {"reason", WORDS, OTHERWISE("required when source = \"assumption\""),
     HELP("Why the items vary together.")},
    REPLACES,
};

static const struct schema_key counts_keys[] = {
    {"*", .types = SCHEMA_NUMBER, FROM(0), .unit = "people or events",
     HELP("A count by name; 0 is never drawn.")},
};

static const struct schema_key shares_keys[] = {
    {"*", .types = SCHEMA_NUMBER, WITHIN(0, 1), HELP("Share by sector, group of sectors or pool.")},
};

static const struct schema_key cashable_keys[] = {
    {"*", .types = SCHEMA_NUMBER, WITHIN(0, 1),
     HELP("Cashable share for one sector of the split; every sector of the split is named.")},
};

static const struct schema_key packs_keys[] = {
    {"*", GROUP_OF("pack"), HELP("A pack by id.")},
};

static const struct schema_key pack_keys[] = {
    {"kind", CHOICE("appraisal|deflator|optimism"), REQUIRED, HELP("What the pack holds.")},
    {"label", WORDS, REQUIRED, HELP("Name printed with results.")},
    {"vintage", WORDS, REQUIRED, HELP("Edition or release, printed with results.")},
    {"source", NAME, REQUIRED, HELP("Id in `sources`.")},
    {"locator", WORDS, OTHERWISE("none"), HELP("Where in the source.")},
    {"note", WORDS, OTHERWISE("none"), HELP("Anything a reader must know.")},
    {"costs", GROUP_OF("schedule"), OTHERWISE("required in an appraisal pack"),
     HELP("Discount rates of costs and monetised benefits.")},
    {"health", GROUP_OF("schedule"), OTHERWISE("required in an appraisal pack"),
     HELP("Discount rates of QALYs and life-years.")},
    {"qaly_value_gbp", .types = SCHEMA_NUMBER, FROM(0), .unit = "GBP/QALY",
     OTHERWISE("QALYs are not monetised"), HELP("Social value of a QALY.")},
    {"qaly_value_price_year", FINANCIAL_YEAR, OTHERWISE("required with qaly_value_gbp"),
     MONEY_YEAR},
    {"thresholds_gbp_per_qaly", .types = SCHEMA_NUMBERS, FROM(0), .unit = "GBP/QALY",
     OTHERWISE("no net benefit is printed"),
     HELP("Cost-effectiveness thresholds, ascending; nominal figures of the body that sets them.")},
    {"years", .types = SCHEMA_TEXTS, .format = FORMAT_FINANCIAL_YEAR, FREE,
     OTHERWISE("required in a deflator pack"), HELP("Consecutive financial years of the index.")},
    {"index", .types = SCHEMA_NUMBERS, .open_min = true, FROM(0),
     OTHERWISE("required in a deflator pack"), HELP("Index level of each year, any base.")},
    {"last_outturn_year", FINANCIAL_YEAR, OTHERWISE("required in a deflator pack"),
     HELP("Last year that is not a forecast.")},
    {"cost_uplift_by_grade", .types = SCHEMA_NUMBERS, FROM(0),
     OTHERWISE("required in an optimism pack"), HELP("Six shares, grade 1 to 6, added to costs.")},
    {"benefit_reduction_by_grade", .types = SCHEMA_NUMBERS, WITHIN(0, 1),
     OTHERWISE("required in an optimism pack"),
     HELP("Six shares, grade 1 to 6, taken off benefits.")},
    REPLACES,
};

static const struct schema_key schedule_keys[] = {
    {"from_year", .types = SCHEMA_NUMBERS, FROM(0), .unit = "years", REQUIRED,
     HELP("Year from which each rate holds, ascending, first 0.")},
    {"rate", .types = SCHEMA_NUMBERS, WITHIN(0, 0.5), .unit = "a year", REQUIRED,
     HELP("Rate of each band, e.g. 0.035.")},
};

static const struct schema_key tables_keys[] = {
    {"*", GROUP_OF("table"), HELP("A data table by id.")},
};

static const struct schema_key table_keys[] = {
    {"label", WORDS, REQUIRED, HELP("What the values are, in words.")},
    {"file", WORDS, REQUIRED,
     HELP("Name of a .csv file in a folder named data of a models directory, e.g. "
          "\"life_table_england.csv\". The first line names the columns.")},
    {"index", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE, REQUIRED,
     HELP("One to four columns to look up by, in the order of table()'s arguments. Whole numbers, "
          "or the words male (0) and female (1).")},
    {"value", NAME, REQUIRED, HELP("Column of the values.")},
    {"unit", TEXT, REQUIRED, HELP("Unit of the values.")},
    {"where", GROUP_OF("table_where"), OTHERWISE("all rows"),
     HELP("Only rows whose columns hold these texts.")},
    {"bands", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE,
     OTHERWISE("a value has its own row: an argument is rounded down to a whole number"),
     HELP("Index columns that state where a band begins: a band runs to the next, the last without "
          "end.")},
    {"beyond_last", CHOICE("refuse|hold"),
     OTHERWISE("refuse: an argument above the last row is an error"),
     HELP("hold: above the last row of an index its values go on.")},
    {"below_first", CHOICE("refuse|hold"),
     OTHERWISE("refuse: an argument below the first row is an error"),
     HELP("hold: below the first row of an index its values apply, as norms that begin at 16 do.")},
    {"source", NAME, REQUIRED, HELP("Id in `sources`.")},
    {"locator", WORDS, REQUIRED, HELP("Where in the source.")},
    {"note", WORDS, OTHERWISE("none"), HELP("Anything a reader must know.")},
    REPLACES,
};

static const struct schema_key table_where_keys[] = {
    {"*", TEXT, HELP("The text that the column of this name must hold.")},
};

static const struct schema_key populations_keys[] = {
    {"*", GROUP_OF("population_table"), HELP("A population table by id.")},
};

static const struct schema_key population_table_keys[] = {
    {"label", WORDS, REQUIRED, HELP("What is counted, in words.")},
    {"file", WORDS, REQUIRED,
     HELP("Name of a .csv file in a folder named data of a models directory. The first line names "
          "the columns; a row holds one quintile of one area. A quintile without a row has nobody "
          "in it.")},
    {"area", NAME, REQUIRED, HELP("Column of the areas' codes.")},
    {"quintile", NAME, REQUIRED,
     HELP("Column of the quintiles of deprivation, 1 (most deprived) to 5.")},
    {"bands", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE, REQUIRED,
     HELP("Columns of people, one for each age band, youngest first.")},
    {"ages", .types = SCHEMA_NUMBERS, WITHIN(0, 119), .unit = "years", REQUIRED,
     HELP("First age of each band, whole years ascending; a band runs to the next, the last "
          "without end.")},
    {"year", .types = SCHEMA_INTEGER, WITHIN(1900, 2200), .unit = "year", REQUIRED,
     HELP("Year in which the people were counted.")},
    {"source", NAME, REQUIRED, HELP("Id in `sources`.")},
    {"locator", WORDS, REQUIRED, HELP("Where in the source.")},
    {"note", WORDS, OTHERWISE("none"), HELP("Anything a reader must know.")},
    REPLACES,
};

static const struct schema_key areas_keys[] = {
    {"*", GROUP_OF("area"), HELP("An area by id.")},
};

static const struct schema_key area_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name printed with results.")},
    {"code", TEXT, OTHERWISE("part_of; without both, nobody is counted there"),
     HELP("Its code in a population table, e.g. the ONS code \"E07000117\".")},
    {"population", NAME, OTHERWISE("the population table that has the code"),
     HELP("Population table by id, where several have the code.")},
    {"part_of", NAME, OTHERWISE("code"),
     HELP("The area that this one is a part of, by id: a neighbourhood, a cluster of practices. "
          "Its people have the ages and quintiles of that area.")},
    {"people", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), .unit = "people",
     OTHERWISE("required with part_of, refused otherwise"), HELP("People of all ages.")},
    {"quintile_shares", .types = SCHEMA_NUMBERS, WITHIN(0, 1),
     OTHERWISE("those of the area that it is a part of"),
     HELP("Five shares of its people, Q1 (most deprived) to Q5, summing to 1. Within a quintile "
          "the ages are those of the whole area's quintile; where nobody lives there, those of "
          "the whole area.")},
    {"source", NAME, OTHERWISE("with part_of a source or a reason is required"),
     HELP("Id in `sources`: where the people of a part are stated.")},
    {"locator", WORDS, OTHERWISE("none"), HELP("Where in the source.")},
    {"reason", WORDS, OTHERWISE("with part_of a source or a reason is required"),
     HELP("How the people of a part were counted or assumed.")},
    {"note", WORDS, OTHERWISE("none"), HELP("Anything a reader must know.")},
    REPLACES,
};

static const struct schema_key area_lists_keys[] = {
    {"*", GROUP_OF("area_list"), HELP("An area list by id.")},
};

static const struct schema_key area_list_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name printed with results.")},
    {"members", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE, REQUIRED,
     HELP("Areas by id, in the order of results; none twice, and none that is a part of another.")},
    REPLACES,
};

static const struct schema_key sectors_keys[] = {
    {"*", GROUP_OF("sector"), HELP("A sector by id.")},
};

static const struct schema_key sector_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name printed in tables.")},
    {"abbreviation", WORDS, REQUIRED, HELP("At most 8 characters, for narrow tables.")},
    {"perspectives", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE, REQUIRED,
     HELP("Perspectives this sector belongs to.")},
    {"holds_budget", .types = SCHEMA_BOOLEAN, .silent = true, FREE, OTHERWISE("true"),
     HELP(
         "false: an account for what evidence allocates to nobody. It can gain, but nobody can pay "
         "from it, and a deal that asks it to says so.")},
    REPLACES,
};

static const struct schema_key sector_groups_keys[] = {
    {"*", GROUP_OF("sector_group"), HELP("A group of sectors by id.")},
};

static const struct schema_key sector_group_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name.")},
    {"rule", WORDS, REQUIRED, HELP("Why the members have these shares, with the source.")},
    {"members", GROUP_OF("shares"), REQUIRED, HELP("Shares by sector, summing to 1.")},
    REPLACES,
};

static const struct schema_key perspectives_keys[] = {
    {"*", GROUP_OF("perspective"), HELP("A perspective by id.")},
};

static const struct schema_key perspective_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name printed in tables.")},
    REPLACES,
};

static const struct schema_key demands_keys[] = {
    {"*", GROUP_OF("demand"), HELP("A demand by id.")},
};

static const struct schema_key demand_keys[] = {
    {"label", WORDS, REQUIRED, HELP("What is demanded, plural, e.g. \"A&E attendances\".")},
    {"unit", TEXT, REQUIRED, HELP("One unit, e.g. \"attendance\".")},
    {"baseline_per_person", AMOUNT, .unit = "units/person/year",
     OTHERWISE("required by outcomes with effect_form = \"relative\""),
     HELP("Demand of one person a year without the programme.")},
    {"unit_cost", PATH, OTHERWISE("the demand is counted but not monetised"),
     HELP("Evidence item of kind cost with the agency split and the cashable share.")},
    {"baseline_spend_gbp", GROUP_OF("spend"), .unit = "GBP/year",
     OTHERWISE("no ceiling on savings"),
     HELP("What each sector spends on it a year: the most it can save.")},
    {"baseline_spend_price_year", FINANCIAL_YEAR, OTHERWISE("required with baseline_spend_gbp"),
     MONEY_YEAR},
    {"release", GROUP_OF("release"), OTHERWISE("the cashable share is released pro rata"),
     HELP("Cash is released in whole steps only.")},
    {"counts_within", NAME, OTHERWISE("only with itself"),
     HELP("Family of demands that count the same thing; two of them in one programme warn.")},
    REPLACES,
};

static const struct schema_key spend_keys[] = {
    {"*", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), .unit = "GBP/year",
     HELP("Spend a year by sector.")},
};

static const struct schema_key release_keys[] = {
    {"step", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), .unit = "units/year", REQUIRED,
     HELP("Units that must be avoided in a year to close one whole step (a post, a ward).")},
    {"reason", WORDS, REQUIRED, HELP("What the step is.")},
};

static const struct schema_key model_keys[] = {
    {"kind", CHOICE("programme|cohort|tree|life_table"), REQUIRED,
     HELP(
         "Kind of model: a programme of costs and avoided demand (this group), a cohort that moves "
         "between states (cohort_model), a decision tree (tree_model) or a multi-state life table "
         "of "
         "risks and diseases (life_table_model).")},
    {"title", WORDS, REQUIRED, HELP("Name of the programme.")},
    {"question", WORDS, OTHERWISE("none"), HELP("The decision it informs.")},
    {"note", WORDS, OTHERWISE("none"), HELP("What a reader must know.")},
    {"prevention", CHOICE("primary|secondary|tertiary"), REQUIRED, HELP("Level of prevention.")},
    {"population_reach", CHOICE("whole_community|population_group|co_productive_service"), REQUIRED,
     HELP("Whom it reaches.")},
    {"inputs", GROUP_OF("inputs"), OTHERWISE("no inputs"),
     HELP("What a scenario must say, by name; expressions use the names.")},
    {"funnel", GROUP_OF("funnel"), REQUIRED,
     HELP("participants = eligible x reach x uptake x retention, capped by capacity.")},
    {"intake", .types = SCHEMA_TEXT | SCHEMA_NUMBERS, .format = FORMAT_CHOICE,
     .choices = "once|yearly", FROM(0), REQUIRED,
     HELP("\"once\": the same people stay for all funded years; \"yearly\": new people each funded "
          "year; or a list: the share of the funnel that enters in each delivery year.")},
    {"ramp", .types = SCHEMA_NUMBERS, FROM(0), OTHERWISE("1 in every delivery year"),
     HELP(
         "Scale of the yearly intake by delivery year, e.g. [0.4, 0.8, 1.0]; the last is held. Not "
         "with intake = \"once\".")},
    {"costs", LIST_OF("cost"), OTHERWISE("no costs"), HELP("What it takes.")},
    {"outcomes", LIST_OF("outcome"), OTHERWISE("no outcomes"), HELP("Demand it avoids.")},
    {"levered_in", LIST_OF("levered_in"), OTHERWISE("nothing levered in"),
     HELP("Outside money, assets or volunteer time: a source of funding, never a saving.")},
    {"transfers", LIST_OF("transfer"), OTHERWISE("no transfers"),
     HELP("Charges and benefits between partners; they cancel in the total.")},
    {"qalys", LIST_OF("qaly"), OTHERWISE("no QALYs"), HELP("Direct QALY gains.")},
    {"health", LIST_OF("health_gain"), OTHERWISE("none"),
     HELP("QALYs and savings that a cohort or tree works out for each participant.")},
    {"published_returns", .types = SCHEMA_LIST, .group = "published_return", .silent = true, FREE,
     OTHERWISE("none known"),
     HELP(
         "What others found that a pound returns; a run warns where its own return lies outside.")},
    {"reporting", .types = SCHEMA_GROUP, .group = "reporting", .silent = true, FREE,
     OTHERWISE("what its scenarios say"), HELP("As for scenarios, which may say otherwise.")},
    {"not_counted", .types = SCHEMA_LIST, .group = "not_counted", .silent = true, FREE,
     OTHERWISE("only gaps that the program finds are listed"),
     HELP("Effects that are known and left out.")},
};

static const struct schema_key published_return_keys[] = {
    {"basis", CHOICE("cashable|fiscal|public_value"), REQUIRED,
     HELP("What is returned: cashable savings, all savings, or those and value to residents; for "
          "each pound of all costs.")},
    {"low", .types = SCHEMA_NUMBER, FREE, REQUIRED, .unit = "GBP per GBP 1",
     HELP("Lowest published.")},
    {"high", .types = SCHEMA_NUMBER, FREE, REQUIRED, .unit = "GBP per GBP 1",
     HELP("Highest published.")},
    {"source", NAME, REQUIRED, HELP("Id in `sources`.")},
    {"locator", TEXT, OTHERWISE("not stated"), HELP("Where in the source.")},
};

#define HEALTH_KEYS                                                                                \
    {"kind", CHOICE("programme|cohort|tree|life_table"), REQUIRED, HELP("Kind of model.")},        \
        {"title", WORDS, REQUIRED, HELP("Name of the model.")},                                    \
        {"question", WORDS, OTHERWISE("none"), HELP("The decision it informs.")},                  \
        {"note", WORDS, OTHERWISE("none"), HELP("What a reader must know.")},                      \
        {"inputs", GROUP_OF("inputs"), OTHERWISE("no inputs"),                                     \
         HELP("What a scenario may say, by name; formulas use the names.")},                       \
        {"formulas", GROUP_OF("formulas"), OTHERWISE("no named formulas"),                         \
         HELP("Amounts by name, for use in other amounts; an option may give its own.")},          \
        {"options", LIST_OF("option"), REQUIRED,                                                   \
         HELP("Mutually exclusive strategies. The first is the one the others are compared "       \
              "with.")},                                                                           \
        {"outcomes", GROUP_OF("health_outcomes"), OTHERWISE("qalys, and life_years for cohorts"),  \
         HELP("Other outcomes by name, that effects add to.")},                                    \
    {                                                                                              \
        "trees", GROUP_OF("trees"), OTHERWISE("none"),                                             \
            HELP("Decision trees by name. An option uses the tree of its own name, or the one it " \
                 "names, or the only one.")                                                        \
    }

static const struct schema_key cohort_model_keys[] = {
    HEALTH_KEYS,
    {"cycle_length_years", .types = SCHEMA_NUMBER, .open_min = true, WITHIN(0, 10), .unit = "years",
     REQUIRED, HELP("Length of a cycle: 1, or 0.08333333333333333 for months.")},
    {"horizon_years", .types = SCHEMA_NUMBER, .open_min = true, WITHIN(0, 200), .unit = "years",
     REQUIRED, HELP("Length of the model in whole cycles; a scenario may shorten or lengthen it.")},
    {"cycle_correction", CHOICE("none|start|end|half|life-table|simpson|simpson_reversed_darth"),
     REQUIRED,
     HELP(
         "How occupancy is counted. start, end: at that end of each cycle; life-table: the mean of "
         "both ends; half: at the points 0 to n, the first and last by half; simpson: weights 1/3, "
         "4/3, 2/3 ... 4/3, 1/3 (an even number of cycles); none: all n + 1 points in full; "
         "simpson_reversed_darth: a known mistake, to replicate published figures only.")},
    {"discount_at", CHOICE("counted|start|middle|end"), OTHERWISE("counted"),
     HELP("When a cycle counted by start, end or life-table is discounted; counted: each end at "
          "its own time. Points are always discounted at their time.")},
    {"transition_weights", CHOICE("one|as_states"), OTHERWISE("one: each move counts once"),
     HELP("as_states: payoffs on entry and transition take the weight of the point at the end of "
          "their cycle, as some published models do; in the last cycle 0 with start, 1/2 with half "
          "and life_table, 1 with end.")},
    {"start_age", AMOUNT, .unit = "years", OTHERWISE("formulas cannot use `age`"),
     HELP("Age at the start; it may differ by group but not be uncertain.")},
    {"groups", LIST_OF("health_group"), OTHERWISE("one group"),
     HELP("Sub-groups with weights; results are their weighted mean.")},
    {"states", LIST_OF("state"), REQUIRED, HELP("Health states.")},
    {"start", GROUP_OF("cells"), OTHERWISE("all in the first state, or where the tree ends"),
     HELP("Shares of the states at the start, summing to 1; one may be \"rest\".")},
    {"transitions", LIST_OF("transitions"), REQUIRED, HELP("A row for each state one can leave.")},
    {"costs", LIST_OF("health_cost"), OTHERWISE("no costs"), HELP("Costs by state, move or once.")},
    {"utilities", GROUP_OF("utilities"), OTHERWISE("no QALYs by state"),
     HELP("Utility of a year in each state; states marked dead have 0.")},
    {"effects", LIST_OF("health_effect"), OTHERWISE("none"),
     HELP("Amounts of other outcomes, or QALYs gained or lost on a move.")},
    {"reporting", .types = SCHEMA_GROUP, .group = "reporting", .silent = true, FREE,
     OTHERWISE("what its scenarios say"), HELP("As for scenarios, which may say otherwise.")},
    {"not_counted", .types = SCHEMA_LIST, .group = "not_counted", .silent = true, FREE,
     OTHERWISE("only gaps that the program finds are listed"),
     HELP("Effects that are known and left out.")},
};

static const struct schema_key tree_model_keys[] = {
    HEALTH_KEYS,
    {"reporting", .types = SCHEMA_GROUP, .group = "reporting", .silent = true, FREE,
     OTHERWISE("what its scenarios say"), HELP("As for scenarios, which may say otherwise.")},
    {"not_counted", .types = SCHEMA_LIST, .group = "not_counted", .silent = true, FREE,
     OTHERWISE("only gaps that the program finds are listed"),
     HELP("Effects that are known and left out.")},
};

static const struct schema_key life_table_model_keys[] = {
    {"kind", CHOICE("programme|cohort|tree|life_table"), REQUIRED, HELP("Kind of model.")},
    {"title", WORDS, REQUIRED, HELP("Name of the model.")},
    {"question", WORDS, OTHERWISE("none"), HELP("The decision it informs.")},
    {"note", WORDS, OTHERWISE("none"), HELP("What a reader must know.")},
    {"inputs", GROUP_OF("inputs"), OTHERWISE("no inputs"),
     HELP("What a scenario may say, by name; formulas use the names.")},
    {"formulas", GROUP_OF("formulas"), OTHERWISE("no named formulas"),
     HELP("Amounts by name, for use in other amounts; an option may give its own.")},
    {"options", LIST_OF("option"), REQUIRED,
     HELP("As now first, then interventions: what differs is shares of risks, or rates.")},
    {"horizon_years", .types = SCHEMA_NUMBER, .open_min = true, WITHIN(0, 200), .unit = "years",
     REQUIRED, HELP("Whole years followed.")},
    {"discount_at", CHOICE("start|middle|end"), OTHERWISE("middle"),
     HELP("When in a year its flows are discounted.")},
    {"start_age", AMOUNT, .unit = "years", OTHERWISE("required, or population"),
     HELP("Age at the start; it may differ by group but not be uncertain.")},
    {"groups", LIST_OF("health_group"), OTHERWISE("one group, or population"),
     HELP("Sub-groups with weights; results are their weighted mean.")},
    {"population", GROUP_OF("population"), OTHERWISE("groups"),
     HELP("Groups by single year of age, sex and quintile.")},
    {"mortality", AMOUNT, .unit = "deaths/person/year", REQUIRED,
     HELP("Rate of death of everybody as now, from all causes.")},
    {"utility", AMOUNT, .unit = "QALY/year", REQUIRED,
     HELP("Utility of everybody as now, today's disease included.")},
    {"diseases", LIST_OF("disease"), REQUIRED, HELP("Diseases that the risks cause.")},
    {"risks", LIST_OF("risk"), OTHERWISE("none: options change rates themselves"),
     HELP("Risk factors in categories, with relative risks by disease.")},
    {"reporting", .types = SCHEMA_GROUP, .group = "reporting", .silent = true, FREE,
     OTHERWISE("what its scenarios say"), HELP("As for scenarios, which may say otherwise.")},
    {"not_counted", .types = SCHEMA_LIST, .group = "not_counted", .silent = true, FREE,
     OTHERWISE("only gaps that the program finds are listed"),
     HELP("Effects that are known and left out.")},
};

static const struct schema_key population_keys[] = {
    {"ages", .types = SCHEMA_NUMBERS, WITHIN(0, 110), .unit = "years", REQUIRED,
     HELP("First and last age at the start, [from, to]; every whole year is a group.")},
    {"by_sex", .types = SCHEMA_BOOLEAN, FREE, OTHERWISE("true"), HELP("Women and men apart.")},
    {"quintiles", .types = SCHEMA_INTEGER, WITHIN(1, 10), OTHERWISE("1: not apart"),
     HELP("Deprivation quintiles apart, 1 the most deprived.")},
    {"weight", AMOUNT, OTHERWISE("1: all groups the same"),
     HELP("People in each group, over age_now, sex and quintile; shares of their sum are taken.")},
};

static const struct schema_key disease_keys[] = {
    {"name", NAME, REQUIRED,
     HELP("Name of the disease; its new cases are an outcome of that name.")},
    {"label", WORDS, OTHERWISE("the name"), HELP("Name in tables.")},
    {"prevalence", AMOUNT, OTHERWISE("0"), HELP("Share who have it at the start.")},
    {"incidence", AMOUNT, .unit = "a year", REQUIRED, HELP("Rate of getting it, as now.")},
    {"remission", AMOUNT, .unit = "a year", OTHERWISE("0"), HELP("Rate of getting over it.")},
    {"case_fatality", AMOUNT, .unit = "a year", REQUIRED, HELP("Rate of dying of it.")},
    {"utility_loss", AMOUNT, .unit = "QALY/year", OTHERWISE("0"),
     HELP("Utility lost in a year with it.")},
    {"cost", AMOUNT, .unit = "GBP/year", OTHERWISE("0"), HELP("Cost of a year with it.")},
    {"payer", NAME, OTHERWISE("payers; required with cost"),
     HELP("Sector or group that pays all of it.")},
    {"payers", GROUP_OF("shares"), OTHERWISE("payer"), HELP("Shares of sectors or groups.")},
    {"cashable", .types = SCHEMA_NUMBER, WITHIN(0, 1), OTHERWISE("0: nothing is released as cash"),
     HELP("As for the costs of cohorts.")},
};

static const struct schema_key risk_keys[] = {
    {"name", NAME, REQUIRED, HELP("Name of the risk.")},
    {"label", WORDS, OTHERWISE("the name"), HELP("Name in tables.")},
    {"lag_years", .types = SCHEMA_INTEGER, WITHIN(0, 100), .unit = "years", OTHERWISE("0"),
     HELP("Years before a change of the risk changes incidence.")},
    {"categories", LIST_OF("risk_category"), REQUIRED,
     HELP("Categories of people, whose shares sum to 1.")},
};

static const struct schema_key risk_category_keys[] = {
    {"name", NAME, REQUIRED, HELP("Name of the category.")},
    {"share", AMOUNT, REQUIRED, HELP("Share of people, or \"rest\"; options change it.")},
    {"relative_risks", GROUP_OF("relative_risks"), OTHERWISE("1 for every disease"),
     HELP("Relative risk by disease.")},
};

static const struct schema_key relative_risks_keys[] = {
    {"*", AMOUNT,
     HELP("Relative risk of the disease of this name. A risk with a distribution is one category "
          "with share 1 and its mean relative risk: for a normal exposure, exp(b * mean + (b * "
          "sd)^2 / 2), b the logarithm of the relative risk of a unit; options change the mean.")},
};

static const struct schema_key formulas_keys[] = {
    {"*", AMOUNT, HELP("An amount by name.")},
};

static const struct schema_key option_keys[] = {
    {"name", NAME, REQUIRED, HELP("Name in results.")},
    {"label", WORDS, OTHERWISE("the name"), HELP("Name in tables.")},
    {"formulas", GROUP_OF("formulas"), OTHERWISE("the model's"),
     HELP("Formulas of the model that differ under this option.")},
    {"combines", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE, OTHERWISE("none"),
     HELP("Earlier options whose formulas this one takes together: interventions on the same model "
          "combined. Where two give the same formula, this option says which holds.")},
    {"tree", NAME, OTHERWISE("the tree of the option's name, or the only one"),
     HELP("Tree that this option follows.")},
};

static const struct schema_key health_group_keys[] = {
    {"name", NAME, REQUIRED, HELP("Name of the sub-group.")},
    {"label", WORDS, OTHERWISE("the name"), HELP("Name in tables.")},
    {"weight", .types = SCHEMA_NUMBER, WITHIN(0, 1), REQUIRED,
     HELP("Share of the cohort; the weights sum to 1.")},
    {"values", GROUP_OF("formulas"), OTHERWISE("none"),
     HELP("What differs, by name, for use in formulas, e.g. { age_at_start = 60; sex = \"female\"; "
          "}.")},
};

static const struct schema_key state_keys[] = {
    {"name", NAME, REQUIRED, HELP("Name of the state.")},
    {"label", WORDS, OTHERWISE("the name"), HELP("Name in tables.")},
    {"dead", .types = SCHEMA_BOOLEAN, FREE, OTHERWISE("false"),
     HELP("Counts no life-years, has utility 0, and is left by nobody.")},
    {"tunnel_cycles", .types = SCHEMA_INTEGER, WITHIN(2, 1000), .unit = "cycles",
     OTHERWISE("time in the state is not told apart"),
     HELP("Cycles of time in the state told apart; who stays longer keeps the last. Needed by "
          "time_in_state.")},
};

static const struct schema_key cells_keys[] = {
    {"*", AMOUNT, HELP("An amount by state, or \"rest\": what the others leave.")},
};

static const struct schema_key transitions_keys[] = {
    {"from", NAME, REQUIRED, HELP("State that is left.")},
    {"to", GROUP_OF("cells"), OTHERWISE("required, or rates"),
     HELP("Probabilities in a cycle by state, summing to 1; one may be \"rest\".")},
    {"rates", GROUP_OF("cells"), OTHERWISE("required, or to"), .unit = "a year",
     HELP("Rates a year by state, competing: p = r / R (1 - exp(-R x cycle length)), R their sum; "
          "the others stay.")},
};

static const struct schema_key health_cost_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"category", NAME, OTHERWISE("cost"), HELP("Category that totals are made for.")},
    {"on", CHOICE("state|entry|transition|start"), OTHERWISE("state"),
     HELP("state: for the time in the states; entry: on moving into them; transition: on moving "
          "from `from` into them; start: once for everyone.")},
    {"per", CHOICE("year|cycle"), OTHERWISE("year"), HELP("Of time in a state.")},
    {"states", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE,
     OTHERWISE("required unless on = \"start\""), HELP("States it is for.")},
    {"from", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE,
     OTHERWISE("required with on = \"transition\", else refused"), HELP("States that are left.")},
    {"amount", AMOUNT, .unit = "GBP", REQUIRED, HELP("GBP in the run's price year.")},
    {"payer", NAME, OTHERWISE("payers"), HELP("Sector or group that pays all of it.")},
    {"payers", GROUP_OF("shares"), OTHERWISE("payer"),
     HELP("Shares of sectors or groups; give payer or payers.")},
    {"cashable", .types = SCHEMA_NUMBER, WITHIN(0, 1), OTHERWISE("0: nothing is released as cash"),
     HELP("Share of a saving of this cost that stops being spent, where a programme uses the "
          "model.")},
};

static const struct schema_key health_effect_keys[] = {
    {"name", WORDS, OTHERWISE("the outcome's label"), HELP("Name of the row.")},
    {"outcome", NAME, REQUIRED, HELP("qalys, or an outcome of the model.")},
    {"on", CHOICE("state|entry|transition|start"), OTHERWISE("state"), HELP("As for costs.")},
    {"per", CHOICE("year|cycle"), OTHERWISE("year"), HELP("As for costs.")},
    {"states", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE,
     OTHERWISE("required unless on = \"start\""), HELP("States it is for.")},
    {"from", .types = SCHEMA_TEXTS, .format = FORMAT_NAME, FREE,
     OTHERWISE("required with on = \"transition\", else refused"), HELP("States that are left.")},
    {"amount", AMOUNT, REQUIRED, HELP("Amount in the outcome's unit; negative for a loss.")},
};

static const struct schema_key utilities_keys[] = {
    {"*", AMOUNT, HELP("Utility by state, at most 1.")},
};

static const struct schema_key health_outcomes_keys[] = {
    {"*", GROUP_OF("health_outcome"), HELP("An outcome by name.")},
};

static const struct schema_key health_outcome_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name in tables.")},
    {"unit", TEXT, REQUIRED, HELP("One unit, e.g. \"fall\".")},
    {"discount", CHOICE("health|costs|none"), OTHERWISE("health"),
     HELP("Schedule of the appraisal pack that discounts it.")},
};

static const struct schema_key trees_keys[] = {
    {"*", GROUP_OF("tree_node"), HELP("A tree by name: its first node.")},
};

static const struct schema_key tree_node_keys[] = {
    {"label", WORDS, OTHERWISE("none"), HELP("What happens here.")},
    {"probability", AMOUNT, OTHERWISE("required in branches, refused in the first node"),
     HELP("Chance of this branch, or \"rest\": what its siblings leave.")},
    {"costs", LIST_OF("node_cost"), OTHERWISE("none"), HELP("Costs of coming here.")},
    {"qalys", AMOUNT, .unit = "QALYs", OTHERWISE("0"), HELP("QALYs of coming here.")},
    {"effects", LIST_OF("node_effect"), OTHERWISE("none"), HELP("Other outcomes of coming here.")},
    {"branches", LIST_OF("tree_node"), OTHERWISE("an end"), HELP("What may follow.")},
    {"goes_on", NAME, OTHERWISE("an end"), HELP("Another tree of the model that follows here.")},
    {"ends_in", NAME, OTHERWISE("required at the ends of a tree that a cohort starts with"),
     HELP("State in which the cohort starts.")},
};

static const struct schema_key node_cost_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"category", NAME, OTHERWISE("cost"), HELP("Category that totals are made for.")},
    {"amount", AMOUNT, .unit = "GBP", REQUIRED, HELP("GBP in the run's price year.")},
    {"payer", NAME, OTHERWISE("payers"), HELP("Sector or group that pays all of it.")},
    {"payers", GROUP_OF("shares"), OTHERWISE("payer"), HELP("Shares of sectors or groups.")},
    {"cashable", .types = SCHEMA_NUMBER, WITHIN(0, 1), OTHERWISE("0: nothing is released as cash"),
     HELP("As for the costs of cohorts.")},
};

static const struct schema_key node_effect_keys[] = {
    {"outcome", NAME, REQUIRED, HELP("qalys, or an outcome of the model.")},
    {"amount", AMOUNT, REQUIRED, HELP("Amount in the outcome's unit.")},
};

static const struct schema_key inputs_keys[] = {
    {"*", GROUP_OF("input"), HELP("An input by name.")},
};

static const struct schema_key input_keys[] = {
    {"label", WORDS, REQUIRED, HELP("What it is.")},
    {"unit", TEXT, REQUIRED, HELP("Unit.")},
    {"min", .types = SCHEMA_NUMBER, FREE, OTHERWISE("no lower limit"), HELP("Lowest allowed.")},
    {"max", .types = SCHEMA_NUMBER, FREE, OTHERWISE("no upper limit"), HELP("Highest allowed.")},
    {"default", .types = SCHEMA_NUMBER | SCHEMA_GROUP, .group = "distribution", FREE,
     OTHERWISE("the scenario must give it"), HELP("Value where the scenario gives none.")},
    {"owner", WORDS, OTHERWISE("not stated"),
     HELP("Who answers for its value: named in the assumptions log.")},
};

static const struct schema_key funnel_keys[] = {
    {"eligible", AMOUNT, .unit = "people", REQUIRED, HELP("People who could take part.")},
    {"reach", AMOUNT, OTHERWISE("1"), HELP("Share of them who are offered it.")},
    {"uptake", AMOUNT, OTHERWISE("1"), HELP("Share of those who start.")},
    {"retention", AMOUNT, OTHERWISE("1"), HELP("Share of starters who stay to benefit.")},
    {"capacity", AMOUNT, .unit = "people", OTHERWISE("no limit"),
     HELP("Most participants an intake can take, after retention; starters scale with it.")},
};

static const struct schema_key cost_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"per", CHOICE("once|year|starter|participant|participant_year|capacity_step"), REQUIRED,
     HELP("once: in first_year; year: every year it runs; starter and participant: for each new "
          "person before and after retention; participant_year: for each person in each year they "
          "take part; capacity_step: for each started step of people_per_step participants a "
          "year.")},
    {"amount", AMOUNT, .unit = "GBP", REQUIRED, HELP("GBP in the run's price year.")},
    {"people_per_step", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), .unit = "people",
     OTHERWISE("required with per = \"capacity_step\""), HELP("Participants one step can serve.")},
    {"in_kind", .types = SCHEMA_BOOLEAN, FREE, OTHERWISE("false: cash"),
     HELP("Paid in time or goods at a stated value, not in cash.")},
    {"payer", NAME, OTHERWISE("the scenario's funding"),
     HELP("Sector, group or pool that pays all of it.")},
    {"payers", GROUP_OF("shares"), OTHERWISE("the scenario's funding"),
     HELP("Shares of sectors, groups or pools; give payer or payers, not both.")},
    {"additionality", CHOICE("lasting|temporary|redeployed"), OTHERWISE("temporary"),
     HELP("Additional and lasting, additional and temporary, or redeployed (an existing resource: "
          "counted as cost, not as cash).")},
    {"first_year", .types = SCHEMA_INTEGER, WITHIN(0, 199), .unit = "model year", OTHERWISE("0"),
     HELP("Model year of the first payment.")},
    {"runs", CHOICE("while_funded|to_horizon"), OTHERWISE("while_funded"),
     HELP("Yearly costs: until funding stops or to the horizon.")},
    {"real_growth", AMOUNT, .unit = "a year", OTHERWISE("0"),
     HELP("Growth above general inflation from model year 0.")},
    {"optimism_bias", AMOUNT, OTHERWISE("0, besides the run's optimism pack"),
     HELP("Share added to this cost.")},
};

static const struct schema_key outcome_keys[] = {
    {"name", WORDS, OTHERWISE("the demand's label"), HELP("Name of the row.")},
    {"demand", NAME, REQUIRED, HELP("Demand that falls.")},
    {"per", CHOICE("participant|starter|programme"), OTHERWISE("participant"),
     HELP("Whom the effect is for; \"programme\": effect is for the whole programme at full "
          "delivery, "
          "independent of the funnel.")},
    {"effect_form", CHOICE("relative|absolute"), REQUIRED,
     HELP("relative: share of the demand's baseline; absolute: units a person (or programme) a "
          "year.")},
    {"effect", AMOUNT, REQUIRED, HELP("Positive: demand avoided.")},
    {"deadweight", GROUP_OF("deadweight"), REQUIRED,
     HELP("What would have happened anyway; state it even where it is 0.")},
    {"attribution", AMOUNT, OTHERWISE("1"), HELP("Share of the change due to this programme.")},
    {"displacement", AMOUNT, OTHERWISE("0"), HELP("Share merely moved elsewhere.")},
    {"optimism_bias", AMOUNT, OTHERWISE("0, besides the run's optimism pack"),
     HELP("Share taken off the value of this outcome.")},
    {"profile", GROUP_OF("profile"), REQUIRED, HELP("How the effect runs from each intake.")},
};

static const struct schema_key deadweight_keys[] = {
    {"form", CHOICE("multiplicative|percentage_points"), REQUIRED,
     HELP("multiplicative: effect x (1 - value); percentage_points: max(0, effect - value).")},
    {"value", AMOUNT, REQUIRED, HELP("Share, or points in the unit of the effect.")},
};

static const struct schema_key profile_keys[] = {
    {"lag_years", .types = SCHEMA_INTEGER, WITHIN(0, 199), .unit = "years", OTHERWISE("0"),
     HELP("Years from intake to the first effect.")},
    {"ramp", .types = SCHEMA_NUMBERS, FREE, OTHERWISE("full effect at once"),
     HELP("Shares of full effect in the first effect-years, before the plateau.")},
    {"by_year", .types = SCHEMA_NUMBERS, FREE, OTHERWISE("not listed"),
     HELP("The profile listed by effect-year; after the list the fade goes on from its last value, "
          "and without a fade it is 0. Not with ramp or plateau_years.")},
    {"plateau_years", .types = SCHEMA_INTEGER, WITHIN(0, 199), .unit = "years",
     OTHERWISE("until funding stops, or for ever"),
     HELP("Years of full effect after the ramp, before the fade.")},
    {"fade", CHOICE("none|linear|half_life|retention"), REQUIRED, HELP("How the effect ends.")},
    {"fade_years", AMOUNT, .unit = "years", OTHERWISE("required with fade = \"linear\""),
     HELP("Years from full effect to none.")},
    {"half_life_years", AMOUNT, .unit = "years", OTHERWISE("required with fade = \"half_life\""),
     HELP("Years in which the effect halves.")},
    {"retention_per_year", AMOUNT, OTHERWISE("required with fade = \"retention\""),
     HELP("Share of the effect that each year keeps of the year before.")},
    {"when_funding_stops", CHOICE("persist|fade|stop"), REQUIRED,
     HELP("persist: nothing changes; fade: the fade begins (if it has not yet); stop: no effect "
          "after. Counted from the first unfunded year plus the lag.")},
};

static const struct schema_key levered_in_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"from", WORDS, REQUIRED, HELP("Where it comes from, in words.")},
    {"to", NAME, REQUIRED, HELP("Sector it reaches.")},
    {"form", CHOICE("cash|asset|volunteer_time"), REQUIRED, HELP("What it is.")},
    {"per", CHOICE("once|year|participant|participant_year"), REQUIRED, HELP("As for costs.")},
    {"amount", AMOUNT, .unit = "GBP", REQUIRED, HELP("GBP in the run's price year.")},
    {"first_year", .types = SCHEMA_INTEGER, WITHIN(0, 199), .unit = "model year", OTHERWISE("0"),
     HELP("Model year of the first payment.")},
    {"runs", CHOICE("while_funded|to_horizon"), OTHERWISE("while_funded"), HELP("As for costs.")},
};

static const struct schema_key transfer_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"from", NAME, REQUIRED, HELP("Sector that pays.")},
    {"to", NAME, REQUIRED, HELP("Sector that receives.")},
    {"per", CHOICE("once|year|participant|participant_year"), REQUIRED, HELP("As for costs.")},
    {"amount", AMOUNT, .unit = "GBP", REQUIRED, HELP("GBP in the run's price year.")},
    {"first_year", .types = SCHEMA_INTEGER, WITHIN(0, 199), .unit = "model year", OTHERWISE("0"),
     HELP("Model year of the first payment.")},
    {"runs", CHOICE("while_funded|to_horizon"), OTHERWISE("while_funded"), HELP("As for costs.")},
};

static const struct schema_key qaly_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"per", CHOICE("participant|starter|programme"), OTHERWISE("participant"),
     HELP("Whom the gain is for.")},
    {"gain", AMOUNT, .unit = "QALYs/person/year", REQUIRED,
     HELP("QALYs a person gains in a year of full effect.")},
    {"duration_years", .types = SCHEMA_INTEGER, WITHIN(1, 200), .unit = "years", REQUIRED,
     HELP("Years of full effect before the fade.")},
    {"lag_years", .types = SCHEMA_INTEGER, WITHIN(0, 199), .unit = "years", OTHERWISE("0"),
     HELP("Years from intake to the first gain.")},
    {"fade", CHOICE("none|linear|half_life|retention"), OTHERWISE("none: the gain ends"),
     HELP("What follows the duration; \"none\" ends the gain.")},
    {"fade_years", AMOUNT, .unit = "years", OTHERWISE("required with fade = \"linear\""),
     HELP("Years from full gain to none.")},
    {"half_life_years", AMOUNT, .unit = "years", OTHERWISE("required with fade = \"half_life\""),
     HELP("Years in which the gain halves.")},
    {"retention_per_year", AMOUNT, OTHERWISE("required with fade = \"retention\""),
     HELP("Share of the gain that each year keeps of the year before.")},
    {"deadweight", AMOUNT, OTHERWISE("0"), HELP("Share that would have happened anyway.")},
    {"optimism_bias", AMOUNT, OTHERWISE("0, besides the run's optimism pack"),
     HELP("Share taken off.")},
    {"to", NAME, OTHERWISE("the residents sector"), HELP("Sector whose QALYs these are.")},
};

static const struct schema_key health_gain_keys[] = {
    {"name", WORDS, REQUIRED, HELP("Name of the row.")},
    {"model", NAME, REQUIRED, HELP("A model of kind cohort or tree: a folder under models/.")},
    {"option", NAME, REQUIRED, HELP("Option of that model that a participant comes to.")},
    {"against", NAME, OTHERWISE("the first option"), HELP("Option without the programme.")},
    {"per", CHOICE("participant|starter"), OTHERWISE("participant"), HELP("Whom it is for.")},
    {"inputs", GROUP_OF("formulas"), OTHERWISE("the defaults of its inputs"),
     HELP("Inputs of that model, as numbers or formulas over this model's inputs and evidence.")},
    {"deadweight", AMOUNT, REQUIRED,
     HELP("Share of the gain that would have happened anyway; state it even where it is 0.")},
    {"optimism_bias", AMOUNT, OTHERWISE("0, besides the run's optimism pack"),
     HELP("Share taken off.")},
    {"to", NAME, OTHERWISE("the residents sector"), HELP("Sector whose QALYs these are.")},
};

static const struct schema_key scenario_keys[] = {
    {"title", WORDS, REQUIRED, HELP("Title printed with results.")},
    {"model", NAME, REQUIRED, HELP("Model by name: a folder under models/.")},
    {"area", WORDS, OTHERWISE("not stated"),
     HELP("Where: an area or an area list by id or label (`dividend list areas`), or, without "
          "population, any words.")},
    {"population", GROUP_OF("scenario_population"), OTHERWISE("the inputs say how many people"),
     HELP("Programmes: whom it counts. Fills an input of the model from the population table, "
          "group by group.")},
    {"gradients", LIST_OF("gradient"), OTHERWISE("the same in every quintile"),
     HELP("Programmes with a population by quintile: what differs between quintiles.")},
    {"for_each", GROUP_OF("for_each"), OTHERWISE("one scenario"),
     HELP("Repeats the scenario for every combination of these values, in the order written. An "
          "instance is named NAME--KEY-VALUE--KEY-VALUE.")},
    {"question", WORDS, OTHERWISE("the model's question"), HELP("The decision it informs.")},
    {"note", WORDS, OTHERWISE("none"), HELP("What a reader must know.")},
    {"start_year", FINANCIAL_YEAR, OTHERWISE("required for programmes; not used by health models"),
     HELP("Financial year of model year 0.")},
    {"funded_years", .types = SCHEMA_INTEGER | SCHEMA_TEXT, .format = FORMAT_CHOICE,
     .choices = "recurrent", WITHIN(1, 200), .unit = "years",
     OTHERWISE("required for programmes; refused for health models"),
     HELP("Years of delivery, or \"recurrent\": to the horizon.")},
    {"horizon_years", .types = SCHEMA_NUMBER, .open_min = true, WITHIN(0, 200), .unit = "years",
     OTHERWISE("required for programmes (whole years); the model's own for cohorts"),
     HELP("Years over which costs and effects are counted.")},
    {"inputs", GROUP_OF("input_values"), OTHERWISE("the model's defaults"),
     HELP("Values of the model's inputs.")},
    {"funding", GROUP_OF("shares"), OTHERWISE("required where a cost names no payer"),
     HELP("Who pays the costs that name no payer: shares of sectors, groups or pools.")},
    {"pools", GROUP_OF("pools"), OTHERWISE("no pooled funds"),
     HELP("Pooled funds by id (s75, Better Care Fund): a named pot and who put what share in.")},
    {"override", LIST_OF("override"), OTHERWISE("none"),
     HELP("Evidence that differs here, with a reason.")},
    {"conventions", GROUP_OF("conventions"), OTHERWISE("the run's conventions"),
     HELP("Conventions that differ from the run's.")},
    {"decision", GROUP_OF("decision"), OTHERWISE("the decision is judged without them"),
     HELP("What `dividend run --decide` is to look at: groups of parameters, studies, grids, "
          "what-ifs.")},
    {"expect", LIST_OF("expectation"), .silent = true, OTHERWISE("nothing"),
     HELP("What the run must show of this scenario; else exit code 3.")},
    {"signed_off", .types = SCHEMA_GROUP, .group = "signed_off", .silent = true, FREE,
     OTHERWISE("not signed off: every output says so"),
     HELP("Who stands for it, when, and for which inputs.")},
    {"reporting", .types = SCHEMA_GROUP, .group = "reporting", .silent = true, FREE,
     OTHERWISE("CHEERS items that only people know are listed as missing"),
     HELP("What a reader must be told that the run cannot know, for the CHEERS 2022 list.")},
    {"not_counted", .types = SCHEMA_LIST, .group = "not_counted", .silent = true, FREE,
     OTHERWISE("only gaps that the program finds are listed"),
     HELP("Effects that are known and left out.")},
};

static const struct schema_key scenario_population_keys[] = {
    {"ages", .types = SCHEMA_NUMBERS, WITHIN(0, 120), .unit = "years", OTHERWISE("all ages"),
     HELP("First and last age, [from, to], both counted. On the edges of the table's age bands; "
          "120 is without end.")},
    {"share", .types = SCHEMA_AMOUNT, WITHIN(0, 1), OTHERWISE("1"),
     HELP("Share of the people of these ages: a number, or a formula over evidence.")},
    {"input", NAME, OTHERWISE("eligible"),
     HELP("Input of the model that people times share fills; `inputs` then leaves it out.")},
    {"by", CHOICE("imd_quintile|none"), OTHERWISE("imd_quintile"),
     HELP("imd_quintile: a group for each quintile of each area; none: one group an area.")},
};

static const struct schema_key gradient_keys[] = {
    {"parameter", TEXT, REQUIRED,
     HELP("An evidence item that the model or the population's share uses, by path or short name, "
          "or an input of the model.")},
    {"factors", .types = SCHEMA_NUMBERS, FROM(0), REQUIRED,
     HELP("Five factors on it, Q1 (most deprived) to Q5.")},
    {"reason", WORDS, REQUIRED, HELP("Why it differs, with the source.")},
};

static const struct schema_key for_each_keys[] = {
    {"area", .types = SCHEMA_TEXT | SCHEMA_TEXTS, FREE, OTHERWISE("the scenario's area"),
     HELP("An area list by id, for each of its members; or areas and lists in [ ].")},
    {"start_year", .types = SCHEMA_NUMBERS | SCHEMA_TEXTS | SCHEMA_VALUES, FREE,
     OTHERWISE("the scenario's start_year"), HELP("Values of start_year.")},
    {"funded_years", .types = SCHEMA_NUMBERS | SCHEMA_TEXTS | SCHEMA_VALUES, FREE,
     OTHERWISE("the scenario's funded_years"),
     HELP("Values of funded_years; with \"recurrent\" among numbers in round brackets: (1, 2, 3, "
          "\"recurrent\").")},
    {"horizon_years", .types = SCHEMA_NUMBERS | SCHEMA_TEXTS | SCHEMA_VALUES, FREE,
     OTHERWISE("the scenario's horizon_years"), HELP("Values of horizon_years.")},
    {"*", .types = SCHEMA_NUMBERS | SCHEMA_TEXTS | SCHEMA_VALUES, FREE,
     HELP("Values of the input of this name.")},
};

static const struct schema_key decision_keys[] = {
    {"population_per_year", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), .unit = "people",
     OTHERWISE("1 person"),
     HELP("Health models: people that the choice is made for in each year.")},
    {"years", .types = SCHEMA_INTEGER, WITHIN(1, 200), .unit = "years", OTHERWISE("1"),
     HELP("Health models: years for which the choice stands; later ones are discounted.")},
    {"groups", LIST_OF("decision_group"), OTHERWISE("each parameter by itself"),
     HELP("Parameters that one piece of research would settle together.")},
    {"studies", LIST_OF("study"), OTHERWISE("none"),
     HELP("Studies that could be done first: what they would be worth, less what they cost.")},
    {"two_way", LIST_OF("two_way"), OTHERWISE("none"),
     HELP("Grids of a measure over two parameters.")},
    {"what_if", LIST_OF("what_if"), OTHERWISE("none"),
     HELP("Scenario analysis: the decision with some parameters fixed elsewhere.")},
    {"switching", .types = SCHEMA_TEXTS, FREE, OTHERWISE("the headline net"),
     HELP("Measures for which switching values are sought: where each would be zero.")},
};

#define STATEMENT_KEYS                                                                             \
    {"that", TEXT, REQUIRED,                                                                       \
     HELP("\"MEASURE >= NUMBER\" (also >, <= and <) or \"prob(MEASURE >= NUMBER) >= SHARE\". A "   \
          "measure is NAME.WHO[.ITEM][.STATISTIC][@YEAR], e.g. \"net_cash.police.p05@3\"; the "    \
          "mean unless a statistic is named (sd, p05, p975).")},                                   \
        {"severity", CHOICE("error|warn"), OTHERWISE("error"),                                     \
         HELP("error: exit code 3 where it does not hold; warn: a warning.")},                     \
    {                                                                                              \
        "reason", TEXT, OTHERWISE("none"), HELP("Why it is expected: shown where it fails.")       \
    }

static const struct schema_key expectation_keys[] = {
    STATEMENT_KEYS,
};

static const struct schema_key expectation_of_keys[] = {
    {"of", TEXT, REQUIRED,
     HELP("A scenario, one that repeats (for all its instances), or a portfolio of the run.")},
    STATEMENT_KEYS,
};

static const struct schema_key decision_group_keys[] = {
    {"name", TEXT, REQUIRED, HELP("Name of the group.")},
    {"parameters", .types = SCHEMA_TEXTS, FREE, REQUIRED,
     HELP("Evidence items by path or short name, or inputs of the model.")},
};

static const struct schema_key study_keys[] = {
    {"name", TEXT, REQUIRED, HELP("Name of the study.")},
    {"parameter", TEXT, REQUIRED,
     HELP("What it measures: an evidence item or an input, with a distribution.")},
    {"n", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), REQUIRED, .unit = "people",
     HELP("People (poisson: person-years).")},
    {"likelihood", CHOICE("binomial|poisson|normal|lognormal"), REQUIRED,
     HELP("What the data are: events among n people; events in n person-years; the mean of n "
          "people; the logarithm of a ratio.")},
    {"sd", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     OTHERWISE("required for normal and lognormal, refused otherwise"),
     HELP("Standard deviation between people (normal); lognormal: such that sd / sqrt(n) is the "
          "standard error of the log ratio.")},
    {"cost_gbp", .types = SCHEMA_NUMBER, FROM(0), REQUIRED, .unit = "GBP",
     HELP("What the study costs, in the run's prices.")},
};

static const struct schema_key two_way_keys[] = {
    {"x", TEXT, REQUIRED, HELP("Parameter along the rows.")},
    {"y", TEXT, REQUIRED, HELP("Parameter along the columns.")},
    {"x_values", .types = SCHEMA_NUMBERS, FREE, REQUIRED, HELP("Its values.")},
    {"y_values", .types = SCHEMA_NUMBERS, FREE, REQUIRED, HELP("Its values.")},
    {"measure", TEXT, OTHERWISE("the headline"), HELP("Measure by name, e.g. \"net.nhs\".")},
};

static const struct schema_key what_if_keys[] = {
    {"name", TEXT, REQUIRED, HELP("What is supposed, in words.")},
    {"set", LIST_OF("what_if_value"), REQUIRED, HELP("Parameters and the values they take.")},
};

static const struct schema_key what_if_value_keys[] = {
    {"parameter", TEXT, REQUIRED, HELP("An evidence item or an input.")},
    {"value", .types = SCHEMA_NUMBER, FREE, REQUIRED,
     HELP("Its value, in the item's own unit and price year.")},
};

static const struct schema_key input_values_keys[] = {
    {"*", .types = SCHEMA_NUMBER | SCHEMA_GROUP, .group = "distribution", FREE,
     HELP("A number or a distribution for the input of this name.")},
};

static const struct schema_key pools_keys[] = {
    {"*", GROUP_OF("pool"), HELP("A pool by id.")},
};

static const struct schema_key pool_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name of the pot.")},
    {"members", GROUP_OF("shares"), REQUIRED, HELP("Who put what share in, summing to 1.")},
};

static const struct schema_key override_keys[] = {
    {"parameter", PATH, REQUIRED, HELP("Evidence item, by path or short name.")},
    {"value", .types = SCHEMA_NUMBER | SCHEMA_GROUP, .group = "distribution", FREE, REQUIRED,
     HELP("Its value here, in the unit and price year of the item.")},
    {"reason", WORDS, REQUIRED, HELP("Why it differs, with the source.")},
};

static const struct schema_key portfolio_keys[] = {
    {"title", WORDS, REQUIRED, HELP("Title printed with results.")},
    {"question", WORDS, OTHERWISE("none"), HELP("The decision it informs.")},
    {"note", WORDS, OTHERWISE("none"), HELP("What a reader must know.")},
    {"area", TEXT, OTHERWISE("not stated"),
     HELP("Where: an area or area list, whose people by quintile equity reads, or words.")},
    {"start_year", FINANCIAL_YEAR, REQUIRED,
     HELP("Financial year of model year 0 of all its programmes.")},
    {"horizon_years", .types = SCHEMA_INTEGER, WITHIN(1, 200), .unit = "years", REQUIRED,
     HELP("Years over which all its programmes are counted.")},
    {"programmes", LIST_OF("portfolio_programme"), REQUIRED, HELP("What could be funded.")},
    {"overlap_default", CHOICE("independent|disjoint"), OTHERWISE("independent"),
     HELP("How people of programmes on one demand overlap, where `overlap` says nothing: who takes "
          "part in one says nothing about the other; or nobody is in two.")},
    {"overlap", LIST_OF("portfolio_overlap"), OTHERWISE("overlap_default for all"),
     HELP("Programmes whose people overlap in another way.")},
    {"synergies", LIST_OF("portfolio_synergy"), OTHERWISE("none"),
     HELP("Programmes that together do more, or less, than the overlap of their people says.")},
    {"budgets", GROUP_OF("portfolio_budgets"), OTHERWISE("no limits"),
     HELP("Money of each sector: nominal GBP a year that its cash costs must keep within.")},
    {"pools", GROUP_OF("portfolio_pools"), OTHERWISE("none: silo budgets and one pool of all"),
     HELP("Budgets that sectors put together (s75, aligned), by id.")},
    {"recycle_savings", .types = SCHEMA_BOOLEAN, FREE, OTHERWISE("false"),
     HELP("Whether cashable savings of a year count towards that year's budget.")},
    {"increment_gbp", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), .unit = "GBP a year",
     OTHERWISE("100000"), HELP("By how much a budget is raised to find its shadow price.")},
    {"requires", LIST_OF("portfolio_requires"), OTHERWISE("none"),
     HELP("Programmes that need another.")},
    {"excludes", LIST_OF("portfolio_excludes"), OTHERWISE("none"),
     HELP("Programmes of which at most one can be funded.")},
    {"objective", TEXT,
     OTHERWISE("net of the headline's perspective; with neither objective, budgets nor "
               "constraints nothing is chosen, and all programmes are reported"),
     HELP("What the best set is best at: a measure, e.g. \"net.public_sector\", \"bcr.total\", "
          "\"qalys.total\", \"nhb.total\" or \"gap_closed\".")},
    {"constraints", .types = SCHEMA_TEXTS, FREE, OTHERWISE("none"),
     HELP("What a set must keep to: \"MEASURE >= NUMBER\", \"MEASURE <= NUMBER\", \"prob(MEASURE "
          ">= NUMBER) >= SHARE\", \"payback.WHO <= YEAR\"; nhb.q1 to nhb.q5 and gap_closed are "
          "measures here. Payback counts model years from 0, the first.")},
    {"funding_years", .types = SCHEMA_NUMBERS, WITHIN(1, 200), OTHERWISE("not compared"),
     HELP("The same programmes funded for so many years, side by side with recurrent funding.")},
    {"deal", GROUP_OF("portfolio_deal"), OTHERWISE("partners are the public sector and who pays"),
     HELP("Who shares cost and gain, and by what.")},
    {"equity", GROUP_OF("portfolio_equity"), OTHERWISE("no results on inequality"),
     HELP("How gains are judged by who gains.")},
    {"conventions", GROUP_OF("conventions"), OTHERWISE("the run's conventions"),
     HELP("Conventions of all its programmes, over those of their scenarios.")},
    {"expect", LIST_OF("expectation"), .silent = true, OTHERWISE("nothing"),
     HELP("What the run must show of the recommended set; else exit code 3.")},
    {"signed_off", .types = SCHEMA_GROUP, .group = "signed_off", .silent = true, FREE,
     OTHERWISE("not signed off: every output says so"),
     HELP("Who stands for it, when, and for which inputs.")},
    {"reporting", .types = SCHEMA_GROUP, .group = "reporting", .silent = true, FREE,
     OTHERWISE("CHEERS items that only people know are listed as missing"),
     HELP("What a reader must be told that the run cannot know, for the CHEERS 2022 list.")},
    {"not_counted", .types = SCHEMA_LIST, .group = "not_counted", .silent = true, FREE,
     OTHERWISE("only gaps that the program finds are listed"),
     HELP("Effects that are known and left out.")},
};

static const struct schema_key portfolio_programme_keys[] = {
    {"scenario", TEXT, REQUIRED,
     HELP(
         "Scenario by name: a file NAME.cfg beside the portfolio's, in a folder of the portfolio's "
         "name beside it, or one folder up.")},
    {"name", NAME, OTHERWISE("the scenario's name"),
     HELP("Name in this portfolio, where one scenario stands in it twice.")},
    {"label", WORDS, OTHERWISE("the scenario's title"), HELP("Short name for tables.")},
    {"start_year", FINANCIAL_YEAR, OTHERWISE("the portfolio's"),
     HELP("Financial year in which it starts.")},
    {"funded_years", .types = SCHEMA_INTEGER | SCHEMA_TEXT, .format = FORMAT_CHOICE,
     .choices = "recurrent", WITHIN(1, 200), .unit = "years", OTHERWISE("the scenario's"),
     HELP("Years of delivery, or \"recurrent\": to the horizon.")},
    {"scales", .types = SCHEMA_NUMBERS, .open_min = true, WITHIN(0, 100),
     OTHERWISE("[1]: on or off"),
     HELP("Sizes at which it could run, rising; the smallest is the minimum viable size. A scale "
          "multiplies people and capacity; costs of the programme as a whole stay.")},
    {"fixed_costs", CHOICE("stay|scale"), OTHERWISE("stay"),
     HELP("Whether costs of the programme as a whole stay the same at every scale.")},
    {"must_have", .types = SCHEMA_BOOLEAN, FREE, OTHERWISE("false"),
     HELP("Whether every set must hold it.")},
};

static const struct schema_key portfolio_overlap_keys[] = {
    {"programmes", .types = SCHEMA_TEXTS, FREE, REQUIRED, HELP("Two or more programmes, by name.")},
    {"form", CHOICE("independent|nested|disjoint|share"), REQUIRED,
     HELP("nested: all people of a smaller programme are in every larger one; disjoint: nobody is "
          "in two; share: a stated share of the smaller one's people is in the larger.")},
    {"share", .types = SCHEMA_NUMBER, WITHIN(0, 1), OTHERWISE("required for share, else refused"),
     HELP("That share.")},
    {"reason", WORDS, REQUIRED, HELP("Why, with the source.")},
};

static const struct schema_key portfolio_synergy_keys[] = {
    {"programmes", .types = SCHEMA_TEXTS, FREE, REQUIRED,
     HELP("Two or more programmes that must all be funded.")},
    {"on", .types = SCHEMA_TEXTS, FREE, OTHERWISE("all of them"),
     HELP("Those of them whose effects change.")},
    {"factor", .types = SCHEMA_NUMBER, WITHIN(0, 10), REQUIRED,
     HELP("What their effects are multiplied by: above 1 synergy, below 1 conflict.")},
    {"demand", NAME, OTHERWISE("all demands, and QALYs"), HELP("The demand it is about.")},
    {"reason", WORDS, REQUIRED, HELP("Why, with the source.")},
};

static const struct schema_key portfolio_budgets_keys[] = {
    {"*", .types = SCHEMA_NUMBER | SCHEMA_NUMBERS, FROM(0), .unit = "GBP a year",
     HELP("A sector's budget: a number for every year, or one number for each year of the "
          "horizon.")},
};

static const struct schema_key portfolio_pools_keys[] = {
    {"*", GROUP_OF("portfolio_pool"), HELP("A pool of budgets by id.")},
};

static const struct schema_key portfolio_pool_keys[] = {
    {"label", WORDS, REQUIRED, HELP("Name of the pool.")},
    {"sectors", .types = SCHEMA_TEXTS, FREE, REQUIRED, HELP("Sectors with budgets.")},
};

static const struct schema_key portfolio_requires_keys[] = {
    {"programme", NAME, REQUIRED, HELP("The programme that needs another.")},
    {"needs", NAME, REQUIRED, HELP("The programme that it needs.")},
};

static const struct schema_key portfolio_excludes_keys[] = {
    {"programmes", .types = SCHEMA_TEXTS, FREE, REQUIRED, HELP("Two or more programmes.")},
};

static const struct schema_key portfolio_deal_keys[] = {
    {"partners", NAME, OTHERWISE("public_sector"),
     HELP("Perspective whose sectors share cost and gain.")},
    {"baseline_budgets", GROUP_OF("portfolio_budgets_gbp"),
     OTHERWISE("the rule in proportion to budgets is left out"),
     HELP("What each partner spends in a year, for shares in proportion to budgets.")},
    {"risk_sharing", CHOICE("equal|by_budget|by_saving|by_investment|losers_first|shapley"),
     OTHERWISE("losers_first"),
     HELP("The rule whose transfers are also worked out by what really happens, draw by draw.")},
};

static const struct schema_key portfolio_budgets_gbp_keys[] = {
    {"*", .types = SCHEMA_NUMBER, FROM(0), .unit = "GBP a year",
     HELP("Baseline budget of the sector of this name.")},
};

static const struct schema_key portfolio_equity_keys[] = {
    {"threshold_gbp_per_qaly", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     .unit = "GBP/QALY", REQUIRED,
     HELP("What a QALY costs where the money would otherwise be spent.")},
    {"burden_ratio", .types = SCHEMA_NUMBER, WITHIN(0, 1000), OTHERWISE("1: equal a person"),
     HELP("What a person of the most deprived fifth bears of displaced care for what one of the "
          "least deprived fifth bears.")},
    {"baseline_qale", .types = SCHEMA_NUMBERS, .open_min = true, FROM(0),
     OTHERWISE("no equally distributed equivalents"),
     HELP("Quality-adjusted life expectancy at birth of the five quintiles, most deprived first.")},
    {"people", .types = SCHEMA_NUMBERS, FROM(0), OTHERWISE("the people of `area` by quintile"),
     HELP("People of the five quintiles.")},
    {"atkinson_aversion", .types = SCHEMA_NUMBER, FROM(0), OTHERWISE("10"),
     HELP("Aversion to relative inequality in health.")},
    {"kolm_aversion", .types = SCHEMA_NUMBER, FROM(0), OTHERWISE("0.15"),
     HELP("Aversion to absolute inequality in health, a year of life.")},
    {"income_gbp", .types = SCHEMA_NUMBERS, .open_min = true, FROM(0),
     OTHERWISE("no weighted values"),
     HELP("Income of the five quintiles, for Green Book weights.")},
    {"reference_income_gbp", .types = SCHEMA_NUMBER, .open_min = true, FROM(0),
     OTHERWISE("the mean of income_gbp"), .unit = "GBP",
     HELP("Income whose weight is 1: the median.")},
    {"source", WORDS, REQUIRED, HELP("Where these figures come from.")},
};

/* ---- what is said of the work ---- */

#define SAID(key, words)                                                                           \
    {                                                                                              \
        key, WORDS, OTHERWISE("listed as missing"), HELP(words)                                    \
    }

static const struct schema_key signed_off_keys[] = {
    {"analyst", WORDS, REQUIRED, HELP("Who made it.")},
    {"assurer", WORDS, OTHERWISE("nobody"), HELP("Who checked it: somebody else.")},
    {"approver", WORDS, REQUIRED, HELP("Who answers for its use: not the analyst.")},
    {"date", .types = SCHEMA_TEXT, .format = FORMAT_DATE, .silent = true, FREE, REQUIRED,
     HELP("Day of the sign-off.")},
    {"inputs_sha256", WORDS, OTHERWISE("not signed off, and a warning"),
     HELP("Fingerprint of the inputs signed for, 64 digits: `dividend check --sign` prints it. "
          "Where the inputs have changed since, every output says so.")},
    {"note", WORDS, OTHERWISE("none"), HELP("On what conditions.")},
};

static const struct schema_key reporting_keys[] = {
    SAID("abstract", "A summary in a paragraph (CHEERS item 2)."),
    SAID("background", "Why the question matters, and for whom (item 3)."),
    SAID("analysis_plan", "Whether a plan was written beforehand, and where it is (item 4)."),
    SAID("setting", "Where care or the service is given, and by whom (item 6)."),
    SAID("comparators", "What it is compared with, and why (item 7)."),
    SAID("perspective_reason", "Why this perspective (item 8)."),
    SAID("horizon_reason", "Why this horizon (item 9)."),
    SAID("outcomes_reason", "Why these outcomes measure what matters (item 11)."),
    SAID("model_reason", "Why this model, how it was checked, where it can be read (item 16)."),
    SAID("heterogeneity", "What was done to see whether results differ between groups (item 18)."),
    SAID("distribution", "What was done about who gains and who loses (item 19)."),
    SAID("engagement", "How residents, users and staff were involved (item 21)."),
    SAID("engagement_effect", "What their involvement changed (item 25)."),
    SAID("discussion", "Findings, limits, and how far they hold elsewhere (item 26)."),
    SAID("funding_source", "Who paid for the analysis and what part they had (item 27)."),
    SAID("conflicts_of_interest", "Of those who made it (item 28)."),
};

static const struct schema_key not_counted_keys[] = {
    {"what", WORDS, REQUIRED, HELP("The effect that is left out, in words.")},
    {"sector", NAME, OTHERWISE("nobody in particular"), HELP("Sector or group that it falls on.")},
    {"reason", WORDS, REQUIRED, HELP("Why it is left out, with the source where there is one.")},
    {"direction", CHOICE("benefit|cost|unknown"), OTHERWISE("unknown"),
     HELP("What counting it would add.")},
};

static const struct schema_key conventions_keys[] = {
    {"appraisal_pack", NAME, OTHERWISE("green_book_2022"),
     HELP("Discount schedules, value of a QALY and thresholds.")},
    {"deflator_pack", NAME, OTHERWISE("hmt_gdp_march_2026"), HELP("Deflator for price years.")},
    {"optimism_pack", NAME, OTHERWISE("off"),
     HELP("Optimism-bias corrections by evidence grade; off unless named.")},
    {"timing", CHOICE("start|mid|end"), OTHERWISE("start: year 0 is not discounted"),
     HELP("When in a year flows fall, for discounting.")},
    {"price_year", FINANCIAL_YEAR, OTHERWISE("2026-27"),
     HELP("Real terms of which year's prices.")},
    {"monetise_qalys", .types = SCHEMA_BOOLEAN, FREE, OTHERWISE("false"),
     HELP("Whether QALYs enter social value at the pack's value of a QALY.")},
    {"perspective", NAME, OTHERWISE("public_sector"), HELP("Perspective of the headline.")},
};

static const struct schema_key precision_keys[] = {
    {"of", TEXT, REQUIRED,
     HELP("Measure by name, e.g. \"net.public_sector\" or "
          "\"option_cost_difference.nhs.combination\"; its mean counts. Scenarios that do not have "
          "it take the stated draws.")},
    {"se", .types = SCHEMA_NUMBER, .open_min = true, FROM(0), REQUIRED, .unit = "of the measure",
     HELP("Largest Monte Carlo standard error that will do.")},
    {"max_draws", .types = SCHEMA_INTEGER, WITHIN(512, 1073741824.0), OTHERWISE("4194304"),
     HELP("Where doubling ends; a target still missed then is exit code 6.")},
};

static const struct schema_key run_keys[] = {
    {"seed", .types = SCHEMA_INTEGER, WITHIN(0, 9007199254740992.0), OTHERWISE("1"),
     HELP("Seed of the draws.")},
    {"draws", .types = SCHEMA_INTEGER, WITHIN(2, 1073741824.0), OTHERWISE("16384"),
     HELP("Draws. Powers of two do best with Sobol points: 16384 are 16 scramblings of 1024.")},
    {"sampling", CHOICE("sobol|latin_hypercube|plain"), OTHERWISE("sobol"),
     HELP("How draws are made: Sobol points with Owen scrambling, Latin hypercube, or plain Monte "
          "Carlo.")},
    {"scramblings", .types = SCHEMA_INTEGER, WITHIN(1, 64), OTHERWISE("16"),
     HELP("Independent scramblings that the draws are divided over; their spread is the standard "
          "error. 1 gives the least error and no honest standard error.")},
    {"precision", GROUP_OF("precision"), OTHERWISE("as many draws as stated"),
     HELP("Doubles the draws until a standard error is small enough.")},
    {"as_of", .types = SCHEMA_TEXT, .format = FORMAT_MONTH, FREE,
     OTHERWISE("the first month of each scenario's start_year"),
     HELP("Month against which review_by is judged: evidence to be reviewed before it is stale.")},
    {"conventions", GROUP_OF("conventions"), OTHERWISE("the built-in conventions"),
     HELP("Conventions of all scenarios that do not state their own.")},
};

#define ROWS(rows) .keys = (rows), .n_keys = sizeof(rows) / sizeof((rows)[0])

static const struct schema_group groups[] = {
    {"document", "One file. Any of these at its top level.", ROWS(document_keys)},
    {"evidence", "Evidence by dotted path.", ROWS(evidence_keys)},
    {"evidence_item", "One parameter with its provenance.", ROWS(evidence_item_keys)},
    {"distribution", "A value with uncertainty, as reported.", ROWS(distribution_keys)},
    {"counts", "Counts by name.", ROWS(counts_keys)},
    {"correlations", "Correlations by id.", ROWS(correlations_keys)},
    {"correlation", "Items that vary together (a Gaussian copula).", ROWS(correlation_keys)},
    {"shares", "Shares that sum to 1.", .shares = true, ROWS(shares_keys)},
    {"cashable", "Cashable share by sector.", ROWS(cashable_keys)},
    {"sources", "Sources by id.", ROWS(sources_keys)},
    {"source", "One publication.", ROWS(source_keys)},
    {"supersession", "An earlier source that a later one takes the place of.",
     ROWS(supersession_keys)},
    {"packs", "Packs by id.", ROWS(packs_keys)},
    {"pack", "One pack; which keys it needs depends on kind.", ROWS(pack_keys)},
    {"schedule", "A discount schedule.", ROWS(schedule_keys)},
    {"tables", "Data tables by id.", ROWS(tables_keys)},
    {"table", "One data table.", ROWS(table_keys)},
    {"table_where", "Rows of a data table.", ROWS(table_where_keys)},
    {"populations", "Population tables by id.", ROWS(populations_keys)},
    {"population_table", "People by area, quintile and age.", ROWS(population_table_keys)},
    {"areas", "Areas by id.", ROWS(areas_keys)},
    {"area", "One area: with rows of its own (code), or a part of another (part_of).",
     ROWS(area_keys)},
    {"area_lists", "Area lists by id.", ROWS(area_lists_keys)},
    {"area_list", "Areas that are listed together.", ROWS(area_list_keys)},
    {"sectors", "Sectors by id.", ROWS(sectors_keys)},
    {"sector", "One partner sector.", ROWS(sector_keys)},
    {"sector_groups", "Groups of sectors by id.", ROWS(sector_groups_keys)},
    {"sector_group", "One group of sectors.", ROWS(sector_group_keys)},
    {"perspectives", "Perspectives by id.", ROWS(perspectives_keys)},
    {"perspective", "One perspective.", ROWS(perspective_keys)},
    {"demands", "Demands by id.", ROWS(demands_keys)},
    {"demand", "One demand.", ROWS(demand_keys)},
    {"spend", "Baseline spend by sector.", ROWS(spend_keys)},
    {"release", "A step rule.", ROWS(release_keys)},
    {"model", "A model of kind \"programme\".", ROWS(model_keys)},
    {"cohort_model", "A model of kind \"cohort\".", ROWS(cohort_model_keys)},
    {"tree_model", "A model of kind \"tree\".", ROWS(tree_model_keys)},
    {"life_table_model", "A model of kind \"life_table\".", ROWS(life_table_model_keys)},
    {"population", "Groups by age, sex and quintile.", ROWS(population_keys)},
    {"disease", "One disease.", ROWS(disease_keys)},
    {"risk", "One risk factor.", ROWS(risk_keys)},
    {"risk_category", "One category of a risk.", ROWS(risk_category_keys)},
    {"relative_risks", "Relative risks by disease.", ROWS(relative_risks_keys)},
    {"inputs", "Inputs by name.", ROWS(inputs_keys)},
    {"formulas", "Amounts by name.", ROWS(formulas_keys)},
    {"option", "One strategy.", ROWS(option_keys)},
    {"health_group", "One sub-group.", ROWS(health_group_keys)},
    {"state", "One health state.", ROWS(state_keys)},
    {"transitions", "Where those in a state go in a cycle.", ROWS(transitions_keys)},
    {"cells", "Amounts by state.", ROWS(cells_keys)},
    {"health_cost", "One cost of a cohort.", ROWS(health_cost_keys)},
    {"health_effect", "One effect of a cohort.", ROWS(health_effect_keys)},
    {"utilities", "Utilities by state.", ROWS(utilities_keys)},
    {"health_outcomes", "Outcomes by name.", ROWS(health_outcomes_keys)},
    {"health_outcome", "One outcome.", ROWS(health_outcome_keys)},
    {"trees", "Decision trees by name.", ROWS(trees_keys)},
    {"tree_node", "One node of a decision tree.", ROWS(tree_node_keys)},
    {"node_cost", "One cost of a node.", ROWS(node_cost_keys)},
    {"node_effect", "One effect of a node.", ROWS(node_effect_keys)},
    {"input", "One input.", ROWS(input_keys)},
    {"funnel", "From eligible people to participants.", ROWS(funnel_keys)},
    {"cost", "One cost.", ROWS(cost_keys)},
    {"outcome", "One outcome.", ROWS(outcome_keys)},
    {"deadweight", "What would have happened anyway.", ROWS(deadweight_keys)},
    {"profile", "How an effect runs over the years.", ROWS(profile_keys)},
    {"levered_in", "One source of outside funding.", ROWS(levered_in_keys)},
    {"transfer", "One transfer.", ROWS(transfer_keys)},
    {"qaly", "One QALY gain.", ROWS(qaly_keys)},
    {"health_gain", "Gains that a health model works out.", ROWS(health_gain_keys)},
    {"scenario", "One scenario.", ROWS(scenario_keys)},
    {"scenario_population", "Whom a scenario counts.", ROWS(scenario_population_keys)},
    {"gradient", "What differs between quintiles of deprivation.", ROWS(gradient_keys)},
    {"for_each", "Values that a scenario is repeated for.", ROWS(for_each_keys)},
    {"decision", "What a decision is judged by.", ROWS(decision_keys)},
    {"published_return", "A range of returns that others found.", ROWS(published_return_keys)},
    {"expectation", "What a run must show of a scenario or portfolio.", ROWS(expectation_keys)},
    {"expectation_of", "The same in a file of its own.", ROWS(expectation_of_keys)},
    {"decision_group", "Parameters learnt together.", ROWS(decision_group_keys)},
    {"study", "A study that could be done.", ROWS(study_keys)},
    {"two_way", "A grid over two parameters.", ROWS(two_way_keys)},
    {"what_if", "One supposition.", ROWS(what_if_keys)},
    {"what_if_value", "A parameter fixed.", ROWS(what_if_value_keys)},
    {"input_values", "Values of inputs.", ROWS(input_values_keys)},
    {"pools", "Pooled funds by id.", ROWS(pools_keys)},
    {"pool", "One pooled fund.", ROWS(pool_keys)},
    {"override", "One override.", ROWS(override_keys)},
    {"portfolio", "One portfolio.", ROWS(portfolio_keys)},
    {"portfolio_programme", "One programme of a portfolio.", ROWS(portfolio_programme_keys)},
    {"portfolio_overlap", "How people overlap.", ROWS(portfolio_overlap_keys)},
    {"portfolio_synergy", "One synergy or conflict.", ROWS(portfolio_synergy_keys)},
    {"portfolio_budgets", "Budgets by sector.", ROWS(portfolio_budgets_keys)},
    {"portfolio_pools", "Pools by id.", ROWS(portfolio_pools_keys)},
    {"portfolio_pool", "One pool.", ROWS(portfolio_pool_keys)},
    {"portfolio_requires", "One prerequisite.", ROWS(portfolio_requires_keys)},
    {"portfolio_excludes", "Programmes that exclude each other.", ROWS(portfolio_excludes_keys)},
    {"portfolio_deal", "How cost and gain are shared.", ROWS(portfolio_deal_keys)},
    {"portfolio_budgets_gbp", "Money by sector.", ROWS(portfolio_budgets_gbp_keys)},
    {"portfolio_equity", "How gains are judged by who gains.", ROWS(portfolio_equity_keys)},
    {"signed_off", "A sign-off.", ROWS(signed_off_keys)},
    {"reporting", "What only people know, for CHEERS 2022.", ROWS(reporting_keys)},
    {"not_counted", "One effect that is left out.", ROWS(not_counted_keys)},
    {"conventions", "How results are appraised; printed with every table.", ROWS(conventions_keys)},
    {"run", "Settings of a run.", ROWS(run_keys)},
    {"precision", "How exact a run must be.", ROWS(precision_keys)},
};

const struct schema_group *schema_groups(size_t *n_groups)
{
    *n_groups = sizeof groups / sizeof groups[0];
    return groups;
}
