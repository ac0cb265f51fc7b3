/* Every diagnostic: CODE(id, severity, title, explanation). Codes are stable: never reuse one.
 * E1xx text of a file, E2xx schema, E3xx expressions, E4xx evidence and packs, E5xx sectors,
 * demands and models, E6xx scenarios and plans, E7xx the command line; W8xx warnings; E9xx
 * workbooks that are imported. The title is what `dividend explain` and SARIF show in one line; the
 * explanation says why it is an error, with an example of what is right. Included several
 * times: no include guard. */

/* E1xx: the text of a file */
CODE(E100, ERROR, "the file cannot be read",
     "The path does not lead to a regular file that this user may read. Directories, named pipes "
     "and devices "
     "are refused, because reading one could hang. Check the spelling and the permissions.")
CODE(E101, ERROR, "a number that does not fit",
     "The library that reads the files keeps whole numbers in 32 bits: 3000000000 would silently "
     "become "
     "-1294967296, and 1e400 infinity. Write large numbers with a decimal point or an exponent: "
     "3000000000.0 or "
     "3.0e9.")
CODE(E102, ERROR, "a comment that is never closed",
     "A comment that begins with /* and is not closed would swallow the rest of the file without a "
     "word. Close it "
     "with */, or use # for comments to the end of a line.")
CODE(E103, ERROR, "a text that is not closed on its line",
     "A text begins and ends with a plain double quote on one line. Long texts are written as "
     "several: "
     "\"first part \" \"second part\".")
CODE(E104, ERROR, "brackets that do not match",
     "Each { [ ( needs its own } ] ), closed in the opposite order. The message names the bracket "
     "to look at; the "
     "missing one is often a line or two before it.")
CODE(E105, ERROR, "a pasted or stray character",
     "Word processors, web pages and spreadsheets paste curly quotes, long dashes and non-breaking "
     "spaces. Outside "
     "texts and comments only plain characters are allowed: \" instead of curly quotes, - instead "
     "of a long dash.")
CODE(E106, ERROR, "a currency sign or thousands separator",
     "Numbers are written plainly: 1000.0 instead of one with a pound sign or commas. The unit "
     "stands in the key "
     "or in `unit`, so it never needs to be in the number.")
CODE(E107, ERROR, "a percentage", "Shares are written as numbers between 0 and 1: 3.5 % is 0.035.")
CODE(E108, ERROR, "something that is not a number",
     "A value that begins like a number must be one: 12, 12.5, -0.3 or 3.0e9. Texts go in quotes.")
CODE(E109, ERROR, "a comma after the last value",
     "Lists and arrays have commas between their values only: [1.0, 2.0] and ( { }, { } ).")
CODE(E110, ERROR, "@include is not allowed",
     "Each file stands alone, so that results can be rerun from the inputs they name. Evidence, "
     "sectors, sources and "
     "packs are found by name in the models directories.")
CODE(E111, ERROR, "a file beyond the limits",
     "A file may have 4 MiB, 32 levels of brackets, 4096 keys in one group and 200000 values. "
     "Larger ones would be "
     "slow to read and are almost always a mistake; split them.")
CODE(E112, ERROR, "text that is not plain UTF-8",
     "Files are UTF-8 without a byte-order mark and without control characters. Most editors have "
     "a choice \"UTF-8\" "
     "(not \"UTF-8 with BOM\", not \"Unicode\") when saving.")
CODE(E113, ERROR, "values of two types in one array",
     "An array in square brackets has one type, that of its first value. Write every number with a "
     "decimal point: [0.0, 1.5]. Numbers and texts together stand in round brackets, where "
     "for_each takes them: (1, 2, 3, \"recurrent\").")
CODE(E114, ERROR, "something that cannot be read as a setting",
     "A setting is a name, = (or :), a value and ; at the end. The mistake is on the line shown or "
     "just before it: "
     "often a missing =, a missing quote or a value where a name belongs.")
CODE(E115, ERROR, "a name given twice in one group",
     "Within one group each name stands once; a second value would silently win or lose. Remove "
     "one.")
CODE(E116, ERROR, "a file without settings",
     "The file is empty or has comments only. Write the configuration, or delete the file.")

/* E2xx: schema */
CODE(E201, ERROR, "an unknown key",
     "Every key must be known, so that a misspelt one is never ignored. The nearest known key is "
     "suggested; "
     "`dividend schema GROUP` lists them all.")
CODE(E202, ERROR, "a missing key",
     "The group needs this key. There is no silent default for it; the message says what it means.")
CODE(E203, ERROR, "a value of the wrong type",
     "The key takes another type of value: a number without quotes, a text in quotes, a group { }, "
     "a list ( ) or an "
     "array [ ]. For instance mean = 280.17; and not mean = \"280.17\";")
CODE(E204, ERROR, "a number out of range",
     "The number lies outside what the key allows; the range and the unit are shown. Shares are "
     "between 0 and 1, "
     "so 35 % is 0.35.")
CODE(E205, ERROR, "not one of the choices",
     "The key takes one of a few words; they are listed, and the nearest is suggested.")
CODE(E206, ERROR, "a name that is not well formed",
     "Names are small letters, digits and _, beginning with a letter, at most 64 characters: "
     "ae_attendance. Paths are "
     "names joined by points: emergency.ae_attendance.")
CODE(E207, ERROR, "shares that do not sum to 1",
     "Shares of payers, splits and members must sum to 1 within one part in a thousand million, or "
     "money would be "
     "lost or made. The message shows the sum and the difference.")
CODE(E208, ERROR, "a date that is not well formed",
     "Financial years are written \"2026-27\" (the second part is the year after), months "
     "\"2027-10\".")
CODE(E209, ERROR, "a text that is empty or has control characters",
     "The text says nothing, or holds line breaks or tabs that would break tables. Write it on one "
     "line.")
CODE(E210, ERROR, "an empty array", "An array needs at least one value: [0.4, 0.8, 1.0].")
CODE(E211, ERROR, "an empty list or group",
     "A list ( ) needs at least one entry, and so does a group of amounts by state: a model "
     "without options has nothing "
     "to compare, a row of transitions without a state loses everybody. Leave a key out where "
     "there is nothing to say.")

/* E3xx: expressions */
CODE(E301, ERROR, "sign or word that is not part of a formula",
     "A formula has numbers, names of inputs and evidence, + - * / ^, comparisons, and, or, not, "
     "brackets and functions, e.g. \"52 * volunteer_hour\". The caret shows the first sign or "
     "word that does not fit where it stands. Percentages are written as shares (0.035), "
     "thousands without commas (1000), and money without a currency sign.")
CODE(E302, ERROR, "formula that ends too early",
     "After an operator, a comma or an opening bracket something must follow, and a formula "
     "cannot be empty. Complete it, e.g. \"uptake * reach\" and not \"uptake *\".")
CODE(E303, ERROR, "unknown function",
     "A name followed by ( is a function, and formulas have these: if, min, max, abs, exp, log, "
     "sqrt, clamp, floor, ceil, rate_to_prob, prob_to_rate, odds, scale_prob, survival_ and "
     "hazard_ of exponential, weibull, "
     "gompertz, loglogistic and lognormal times, and in health models table. For a product "
     "write the sign: \"uptake * (1 - dropout)\".")
CODE(E304, ERROR, "wrong number of arguments",
     "Each function takes the arguments of its signature, separated by commas, e.g. clamp(x, low, "
     "high). Only min and max take any number from two.")
CODE(E305, ERROR, "condition and number mixed up",
     "Comparisons are true or false, and only if, and, or, not take them: if(year < 3, 1, 0.5). "
     "Arithmetic takes numbers. To count with a condition turn it into a number first: "
     "if(condition, 1, 0).")
CODE(E306, ERROR, "division by zero",
     "The divisor of this formula is 0 whatever the draws, so it has no result. Check the "
     "divisor, e.g. \"cost / 12\". A divisor that is 0 in some draws only is found in the run.")
CODE(E307, ERROR, "value outside what a function takes",
     "Logarithms need a number above 0, square roots one of at least 0, and probabilities lie "
     "between 0 and 1. The figure under the caret can never be right there. Check it and its "
     "unit: write 20 % as 0.2, e.g. odds(0.2).")
CODE(E308, ERROR, "number too large or too small",
     "Numbers keep 15 digits and sizes from 4.9e-324 to 1.7e308; this one, or the result of a "
     "part that has only numbers, lies beyond. Check the exponent: one million is 1.0e6.")
CODE(E309, ERROR, "bracket that is never closed",
     "Each ( needs its ). The caret shows the one that is left open. Write the closing bracket "
     "where the part ends, e.g. \"(1 - deadweight) * effect\".")
CODE(E310, ERROR, "formula beyond the limits",
     "A formula may have 4096 bytes, 1024 numbers, names and operations, and 64 levels of "
     "nesting. Longer ones cannot be followed by a reader either. Give a part a name, as an input "
     "or evidence item, or split the row into several.")
CODE(E311, ERROR, "comparisons in a row",
     "In \"a < b < c\" the second sign would compare true or false with a number. Join two "
     "comparisons instead: \"a < b and b < c\".")

/* E4xx: evidence and packs */
CODE(E401, ERROR, "a figure that this distribution does not take",
     "Each family takes certain figures: a gamma has shape and scale or mean and se, a beta alpha "
     "and beta, events "
     "and n, or mean and se. The message lists those of the family.")
CODE(E402, ERROR, "too few or too many figures for a distribution",
     "A distribution is given in exactly one of the ways sources report it, e.g. mean and se, or "
     "mean and ci95. "
     "Surplus figures are refused, because they could contradict each other.")
CODE(E403, ERROR, "an interval that cannot be right",
     "A 95 % interval is two numbers, the lower first, with the estimate between them: ci95 = "
     "[0.70, 0.92]; with "
     "median = 0.80;")
CODE(E404, ERROR, "limits that cannot be right",
     "min lies below max, the mode between them, and a truncated normal keeps some of its parent "
     "between its limits.")
CODE(E405, ERROR, "a value outside what the distribution can have",
     "Gammas, lognormals and weibulls have values above 0 only, betas between 0 and 1. A quantity "
     "that may be "
     "negative wants a normal.")
CODE(E406, ERROR, "a spread larger than any share can have",
     "A share with mean m has a standard deviation below sqrt(m (1 - m)). A larger one is usually "
     "a standard deviation "
     "between people where the standard error of the mean is meant.")
CODE(E407, ERROR, "events that give no distribution",
     "events of n is a beta only where some, but not all, had the event; with none or all, state a "
     "prior: "
     "prior = [0.5, 0.5];")
CODE(E408, ERROR, "figures that no distribution of the family fits",
     "The figures were solved for numerically and no member of the family has them. Check them, or "
     "choose another "
     "family.")
CODE(E409, ERROR, "weights that do not match the values",
     "A discrete distribution has one weight for each value, and the weights sum to 1.")

CODE(E410, ERROR, "counts that give no shares",
     "A Dirichlet distribution is the value of an evidence item of kind probability or share: "
     "value = { dist = \"dirichlet\"; counts = { stay = 1251; move = 350; }; }. It needs two or "
     "more "
     "counts, at least one of them above 0, and no other figures. Each count becomes an item of "
     "its own, ITEM.NAME, and the items sum to 1 in every draw, so none can be overridden alone.")

CODE(E430, ERROR, "name declared twice",
     "Each evidence item, source, pack, sector, demand and model has one name in one layer, "
     "wherever its file stands. Two of the same name would make the result depend on which "
     "file is read last. Rename or remove one of them; to change a shipped item, put yours "
     "into a directory of your own, name it with --models, and add replaces_because.")
CODE(E431, ERROR, "replacement without a reason",
     "A later layer (--models DIR) may replace an item of an earlier one, and results list "
     "each replacement with its reason. Add the reason to the new item, e.g. replaces_because "
     "= \"local payroll data 2025-26\".")
CODE(E432, ERROR, "replaces_because, but nothing is replaced",
     "Only an item of a later layer whose name an earlier layer also has replaces something. A "
     "reason on any other item is usually a sign of a misspelt name. Check the name, or remove "
     "replaces_because.")
CODE(E433, ERROR, "replacement of another kind",
     "Models were checked against the kind of the shipped item, so its replacement keeps it: a "
     "cost stays a cost, a deflator a deflator. Keep the kind, or give the new item a name of "
     "its own.")
CODE(E440, ERROR, "value outside the range of its kind",
     "The kind of an evidence item fixes what it can be: a probability or share lies between 0 "
     "and 1; a rate, count, duration or cost is at least 0; a relative risk is above 0; a "
     "utility is at most 1. Write 3.5 % as 0.035, and use kind = \"effect\" for a change of "
     "either sign.")
CODE(E441, ERROR, "distribution reaches outside the range of its kind",
     "Some draws of this distribution would be impossible values, such as a negative cost, and "
     "cutting them off silently would shift the mean. Choose a family that stays inside: beta "
     "for probabilities and shares, gamma or lognormal for costs, rates and counts, e.g. value "
     "= { dist = \"gamma\"; mean = 280.0; se = 90.0; };, or a truncated_normal with min and max. "
     "A tail with less than one draw in a million outside passes.")
CODE(E442, ERROR, "cost without a price year",
     "Money of different years is brought to one price year, so every cost says which year's "
     "prices it is in. Add e.g. price_year = \"2024-25\"; it is the year of the prices in the "
     "source, not its year of publication.")
CODE(E443, ERROR, "price year on something that is not money",
     "Only costs are converted between price years. A price year on another kind means that "
     "the kind or the key is wrong. Remove price_year, or write kind = \"cost\".")
CODE(E444, ERROR, "unknown source",
     "Every figure names the publication it comes from by its id in sources = { }, so that a "
     "reader can find it. Correct the id or add the source; a figure without one says source = "
     "\"assumption\" with a reason and grade 6.")
CODE(E445, ERROR, "assumption without a reason",
     "A figure without a source is allowed, but it says openly why it has this value and this "
     "width. Add e.g. reason = \"between the two pilots; half to double\".")
CODE(E446, ERROR, "assumption with a grade better than 6",
     "Grades 1 to 5 describe evidence that was found somewhere; an assumption has grade 6. "
     "Write grade = 6, or name the source.")
CODE(E447, ERROR, "evidence without a locator",
     "A source may have hundreds of pages, so each figure says where in it it stands. Add e.g. "
     "locator = \"table 3, row 2\". Assumptions need none.")
CODE(E448, ERROR, "key of a unit cost on another kind",
     "split, cashable, value_type, transfer_from and real_growth say who bears a cost and what "
     "becomes of it, so they stand on items of kind = \"cost\" alone. Move them to the unit cost "
     "of the demand.")
CODE(E449, ERROR, "cashable shares do not match the split",
     "When `cashable` is given by sector it names exactly the sectors of the split, so that "
     "none is forgotten. With split = { acute = 0.7; icb = 0.3; } write cashable = { acute = "
     "0.35; icb = 0.0; }; a single number holds for all.")
CODE(E450, ERROR, "sector pays a transfer to itself",
     "transfer_from names the sector that loses what the split gains. If it is in the split as "
     "well, part of the transfer cancels inside one sector. Leave that part out of the cost.")
CODE(E451, ERROR, "evidence named like a variable",
     "year, age and cycle are variables of the expressions. An evidence item of that name "
     "could not be told apart from them. Rename the item, e.g. year_of_onset.")
CODE(E452, ERROR, "source named assumption",
     "The word assumption marks evidence that has no source. A publication of that id would "
     "hide it. Rename the source.")
CODE(E453, ERROR, "money in another unit than pounds",
     "Everything of kind \"cost\" is in pounds: its unit begins with GBP, alone or for each of "
     "something (\"GBP/visit\", \"GBP/person/year\"). A figure in pence, thousands or another "
     "currency would be added as if it were pounds. Convert the figure, and say so in the note.")
CODE(E454, ERROR, "derived from something that is not evidence",
     "`derived_from` names the evidence items that a figure was worked out from, so that a run can "
     "warn where one of them is replaced and the figure is not: derived_from = "
     "[\"debt_advice.client_cost\"]. Each is another item, by its path.")
CODE(E460, ERROR, "pack lacks a key of its kind",
     "An appraisal pack needs costs and health, a deflator pack years, index and "
     "last_outturn_year, an optimism pack cost_uplift_by_grade and benefit_reduction_by_grade. "
     "Add the missing key.")
CODE(E461, ERROR, "key of another kind of pack",
     "A pack holds one kind of thing, so that it can be replaced as a whole. Remove the key, "
     "or move it to a pack of the kind it belongs to.")
CODE(E462, ERROR, "discount schedule that cannot be used",
     "A schedule lists the years from which its rates hold: whole, ascending, the first 0, and "
     "one rate for each. For example from_year = [0, 31, 76]; rate = [0.035, 0.030, 0.025];.")
CODE(E463, ERROR, "value of a QALY without its price year, or the reverse",
     "Money has a price year, so qaly_value_gbp and qaly_value_price_year stand together. Give "
     "both or neither.")
CODE(E464, ERROR, "thresholds not ascending",
     "Net benefit is printed at each threshold in turn, so they are listed once each, from low "
     "to high, e.g. thresholds_gbp_per_qaly = [20000.0, 30000.0];.")
CODE(E465, ERROR, "deflator that cannot be used",
     "A deflator needs consecutive financial years, at least two, one index level for each, "
     "and a last outturn year among them. A gap would shift every later price. Copy the years "
     "and the index from one release.")
CODE(E466, ERROR, "not six grades",
     "Optimism corrections go by evidence grade, 1 to 6, so each list has six shares, e.g. "
     "[0.0, 0.0, 0.05, 0.10, 0.25, 0.40].")

CODE(E480, ERROR, "malformed index of Sobol dimensions",
     "A file dimensions.csv has the header dimension,identity and then on each line the number of "
     "a Sobol dimension, "
     "from 1 to 2048, and the identity of a parameter: its path in evidence, or input:MODEL.NAME. "
     "The file is "
     "append-only: a number, once given, stays with its parameter, so that draws never change "
     "under old results.")
CODE(E481, ERROR, "Sobol dimension given twice",
     "Two parameters of one dimension would move together, and one parameter cannot have two. "
     "Numbers below 1024 are "
     "for the shipped index; the index of a layer of your own begins at 1024.")
CODE(E482, ERROR, "correlation of parameters that cannot be correlated",
     "A correlation names two or more evidence items that have a distribution of their own, each "
     "once. Certain items "
     "cannot vary together with others; the shares of a Dirichlet vary together already.")
CODE(E483, ERROR, "correlation matrix of the wrong shape",
     "n items need n x n numbers, row by row: symmetric, ones on the diagonal, everything else "
     "from -1 to 1; a "
     "covariance has variances on the diagonal instead. Give exactly one of matrix, covariance and "
     "pairwise.")
CODE(E484, ERROR, "covariance that contradicts the items",
     "A covariance (of regression coefficients, say) is for items with normal or lognormal "
     "distributions, and its "
     "diagonal repeats their variances (of the logarithm where lognormal): two different spreads "
     "for one item would "
     "leave open which counts.")
CODE(E485, ERROR, "parameter in two correlations",
     "Each item belongs to one correlation at most, because two matrices would say nothing about "
     "the items that are "
     "not in both. Join them into one.")

/* E5xx: sectors, demands and models */

CODE(E470, ERROR, "data table without its file",
     "tables = { } names a .csv file by its bare name; it must stand in a folder named data inside "
     "a "
     "models directory. A later layer's file of the same name takes the place of an earlier one.")
CODE(
    E471, ERROR, "data table without a column it names",
    "The first line of the file names its columns; index, value, where and bands must name some of "
    "them, spelt the same.")
CODE(E472, ERROR, "data table with a value that cannot be used",
     "Values are plain numbers with a decimal point, without separators or units; an empty field "
     "means unknown and may not be looked up. Indexes are whole numbers, or male and female.")
CODE(
    E473, ERROR, "data table with the same row twice",
    "Each combination of the indexes has one row. Where a file holds several sets, choose one with "
    "where = { column = \"text\"; }.")
CODE(E474, ERROR, "data table without rows",
     "No row of the file passes `where`, or the file has only its first line.")
CODE(E475, ERROR, "unknown data table",
     "table(NAME, ...) looks up a table declared in tables = { } of a file under models/.")
CODE(E476, ERROR, "look-up with too few or too many indexes",
     "table() takes one argument for each index of the table, in that order.")
CODE(E477, ERROR, "look-up beyond the table",
     "The table has no value for an index that the model comes to: a cohort that starts at 60 and "
     "runs for 50 years asks for the age of 109. Shorten the horizon, start younger, or say what "
     "holds beyond the last row: beyond_last = \"hold\".")
CODE(
    E478, ERROR, "look-up by an uncertain value",
    "What a table is looked up by must be known before the draws: age, sex, cycle and numbers. Put "
    "the uncertainty on what is made of the value, e.g. a hazard ratio.")

CODE(E500, ERROR, "name taken by another sector, group, perspective or pool",
     "Sectors, groups of sectors, perspectives and pools share one set of names, because "
     "shares and measures point to them by name alone; \"total\" is the row of totals. Rename "
     "one, e.g. the sector nhs_unallocated beside the perspective nhs.")
CODE(E501, ERROR, "unknown sector",
     "Shares, transfers and spend point to partners declared in sectors = { }, and some may "
     "also point to a group in sector_groups = { }. Correct the name, or declare the sector in "
     "models/sectors.cfg or in a layer of your own.")
CODE(E502, ERROR, "unknown perspective",
     "A sector lists the perspectives whose totals it enters, e.g. perspectives = "
     "[\"public_sector\", \"society\"];. Each is declared in perspectives = { }.")
CODE(E503, ERROR, "abbreviation too long",
     "Comparison tables that fit 80 columns give each sector 8 characters. Shorten the "
     "abbreviation, e.g. \"ASC\" for adult social care.")
CODE(E504, ERROR, "too many perspectives",
     "A library may have at most 32 perspectives. Remove those that no table needs.")
CODE(E510, ERROR, "unknown name in a formula or reference",
     "A formula may use the inputs of its model, evidence items (by path or by a short name "
     "that only one item has) and year; a unit cost or an override names an evidence item. "
     "Correct the name, declare the input, or add the evidence.")
CODE(E511, ERROR, "short name that may mean several items",
     "A short name works where one evidence item ends in it. Here several do, so write more of "
     "the path, e.g. acute.ae_cost instead of ae_cost.")
CODE(E512, ERROR, "formula that gives true or false",
     "An amount is a number. Use the condition to choose between amounts, e.g. \"if(year < 2, "
     "1000, 800)\".")
CODE(E513, ERROR, "amount outside its range",
     "Shares such as uptake, attribution and deadweight lie between 0 and 1; people, costs and "
     "durations are not negative. Write 20 % as 0.2.")
CODE(E514, ERROR, "unit cost that is not a cost",
     "A demand's unit_cost names the evidence item that prices one unit, of kind = \"cost\". "
     "Name the cost, not the rate or the effect.")
CODE(E515, ERROR, "unit cost without an agency split",
     "Savings go to the sectors that bear the cost, so a unit cost that a demand uses says who "
     "they are. Add e.g. split = { acute = 1.0; }; to it.")
CODE(E516, ERROR, "baseline spend without its price year, or the reverse",
     "Baseline spend is money, so baseline_spend_gbp and baseline_spend_price_year stand "
     "together. Give both or neither.")
CODE(E517, ERROR, "unknown demand",
     "An outcome names a demand declared in demand = { } under models/. Demands are declared "
     "once and shared by all models, so that overlaps are seen. Correct the name or declare "
     "the demand.")
CODE(E518, ERROR, "folder that cannot name a model",
     "A model takes the name of the folder that holds its file, and names are lower-case "
     "letters, digits and _, starting with a letter. Put the file into e.g. "
     "models/befriending/model.cfg.")
CODE(E520, ERROR, "people_per_step missing or out of place",
     "A cost per capacity_step is paid for each started step, so it says how many participants "
     "a step serves, e.g. per = \"capacity_step\"; people_per_step = 25;. No other cost has "
     "steps.")
CODE(E521, ERROR, "both payer and payers",
     "payer = \"icb\" says that one partner pays all of a cost; payers = { icb = 0.5; acute = "
     "0.5; } gives shares. Keep one of them.")
CODE(E522, ERROR, "intake or ramp that cannot be used",
     "A ramp scales the yearly intake, so it has no meaning where everyone enters at once, and "
     "a list of intakes names at least one year. Use intake = \"yearly\" with a ramp, or a list "
     "such as intake = [0.4, 0.8, 1.0];.")
CODE(E523, ERROR, "profile that contradicts itself",
     "by_year lists the whole profile and stands without ramp and plateau_years. A fade needs "
     "a moment to begin: the end of a plateau or list, or when_funding_stops = \"fade\"; and "
     "\"fade\" needs a fade other than none. For example { plateau_years = 2; fade = "
     "\"half_life\"; half_life_years = 1.5; when_funding_stops = \"fade\"; }.")
CODE(E524, ERROR, "fade without its key, or with the key of another",
     "Each fade has one key: linear has fade_years, half_life has half_life_years, retention "
     "has retention_per_year, and none has none. Give that key and no other.")
CODE(E525, ERROR, "relative effect on a demand without a baseline",
     "A relative effect is a share of what a person would demand anyway, so the demand states "
     "baseline_per_person. Add it to the demand, or write effect_form = \"absolute\" with units "
     "a person a year.")
CODE(E526, ERROR, "relative effect of a whole programme",
     "per = \"programme\" means an effect that does not depend on the people in the funnel, so "
     "there is no baseline to take a share of. Write effect_form = \"absolute\" with units a "
     "year, or per = \"participant\".")
CODE(E527, ERROR, "transfer from a sector to itself",
     "A transfer moves money between two partners and cancels in the total. Name two different "
     "sectors, or remove it.")
CODE(E528, ERROR, "model without costs and outcomes",
     "A programme takes something and changes something; with neither there is nothing to "
     "appraise. Add costs = ( ... ); and outcomes = ( ... );.")
CODE(E529, ERROR, "input that nothing uses",
     "Whoever fills in a scenario would give a value that changes nothing, and an uncertain "
     "one would seem to count. Use the input in an amount of the model, or remove it.")
CODE(E530, ERROR, "input with a taken name",
     "An input may not be called like a word of the expressions (year, if, min ...), nor "
     "exactly like an evidence item, since a formula could mean either. Rename it; an input "
     "may share the last part of a longer evidence path, and then the input is meant.")
CODE(E531, ERROR, "range or default of an input that contradicts itself",
     "min is at most max, and the default (for a distribution, its 95 % interval) lies between "
     "them. For example min = 0.0; max = 1.0; default = 0.3;.")

/* E6xx: scenarios and plans */

CODE(E532, ERROR, "gain from a health model that cannot be found",
     "health = ( ... ) of a programme names a model of kind cohort or tree, the option that a "
     "participant comes to, and the one without the programme (the first unless `against` says "
     "another).")
CODE(E533, ERROR, "published range that is none",
     "published_returns give the lowest and the highest return for each pound that others found, "
     "with "
     "the source: { basis = \"fiscal\"; low = 0.85; high = 3.17; source = \"...\"; }.")
CODE(E540, ERROR, "unknown state",
     "States are declared in states = ( ... ); transitions, payoffs, utilities, start and ends_in "
     "name them.")
CODE(E541, ERROR, "states and rows of transitions that do not match",
     "Every state not marked dead has exactly one row, with probabilities (to) or rates a year "
     "(rates). Nobody leaves a state marked dead, so it has none.")
CODE(E542, ERROR, "cost without a payer",
     "Who pays is the point of the exercise: every cost of a health model names a sector or group "
     "in payer, or shares in payers.")
CODE(E543, ERROR, "unknown outcome",
     "An effect adds to qalys or to an outcome declared in outcomes = { }. Life-years are counted "
     "by "
     "the model itself.")
CODE(E544, ERROR, "payoff whose keys do not fit each other",
     "on = \"state\" and \"entry\" need states, on = \"transition\" needs from and states, on = "
     "\"start\" needs neither. per is for on = \"state\" alone.")
CODE(E545, ERROR, "utilities that cannot be right",
     "Every state not marked dead has a utility of at most 1; states marked dead have 0 and need "
     "none.")
CODE(E546, ERROR, "unknown or missing tree",
     "A model of kind tree has trees = { NAME = { ... }; }. An option follows the tree it names, "
     "else "
     "that of its own name, else the only one.")
CODE(E547, ERROR, "tree that cannot be followed",
     "The first node has no probability and every branch has one. A node has branches, or goes on "
     "in another tree, or ends in a state, or simply ends; it cannot come back to itself.")
CODE(E548, ERROR, "sub-groups that do not match",
     "Groups have weights that sum to 1 and all give the same values by name.")
CODE(E549, ERROR, "option replaces a formula that the model has not",
     "An option's formulas stand in for those of the model: declare the formula in the model with "
     "the "
     "value it has otherwise, e.g. 0 or 1.")
CODE(E550, ERROR, "state, option or group named twice", "Names tell them apart in results.")
CODE(E551, ERROR, "formula that nothing uses",
     "A formula without effect is mostly a misspelt name somewhere else.")
CODE(E552, ERROR, "age without a start age",
     "`age` is start_age plus the years elapsed. It is known for cohorts that state start_age, "
     "which "
     "may differ by group but not be uncertain.")
CODE(E553, ERROR, "formulas that need each other in a circle",
     "Formulas are worked out one from the other and can have no circle, also where an option puts "
     "its own in place of the model's.")
CODE(E554, ERROR, "\"rest\" where it has no meaning",
     "\"rest\" is what the other probabilities of a row, of the branches of a node or of the start "
     "leave; there can be one. Rates have none: who does not leave stays.")
CODE(E555, ERROR, "probabilities that cannot sum to 1",
     "The probabilities of a row or of the branches of a node lie in 0 to 1 and sum to 1; make one "
     "of them \"rest\" to be sure. Where formulas are involved, every draw is checked when it is "
     "made.")
CODE(
    E556, ERROR, "cycles that do not fit",
    "The horizon is a whole number of cycles; Simpson's rule needs an even one; discount_at is for "
    "cycles counted at their start, end or both.")
CODE(E557, ERROR, "start of a cohort that cannot be read",
     "A cohort starts with the shares of `start`, or where its trees end (ends_in at each end), or "
     "all in the first state.")
CODE(E558, ERROR, "time in state where it is not counted",
     "time_in_state and years_in_state are counted in states with tunnel_cycles, for their "
     "transitions and for payoffs of those states alone.")
CODE(E559, ERROR, "value that may not vary or be uncertain here",
     "A start age is a plain number, perhaps by group; the start shares, one-off payoffs and trees "
     "do not vary by cycle or time in state.")
CODE(E560, ERROR, "unknown disease",
     "Relative risks are given by disease of the same model; a disease that is not named has a "
     "relative "
     "risk of 1.")
CODE(E561, ERROR, "options that cannot be combined",
     "combines = [ ... ] takes the formulas of earlier options together. Where two of them give "
     "the same "
     "formula, only the modeller can say what holds when both act: give it in the option's own "
     "formulas, e.g. the product of two relative risks.")
CODE(E600, ERROR, "directory of models cannot be read",
     "The models directories hold the evidence, sectors and models of a run; each must exist "
     "and be readable. Check the path given with --models, and its permissions.")
CODE(E601, ERROR, "directory of models without .cfg files",
     "A models directory holds at least one .cfg file, in itself or in a folder below; hidden "
     "files are skipped. An empty one usually means a mistyped path.")
CODE(E602, ERROR, "file without the part it is read for",
     "A scenario file holds scenario = { ... }; and a run file run = { ... };. Evidence, "
     "demands and models belong in a models directory: put them there, or name their folder "
     "with --models.")
CODE(E603, ERROR, "scenario or run settings among the models",
     "A models directory holds evidence, sources, packs, sectors, demands and models, which "
     "all runs share. Scenarios live under scenarios/, and run settings in scenarios/run.cfg. "
     "Move the part there.")
CODE(E604, ERROR, "scenario or run file with parts that belong elsewhere",
     "A scenario file holds one scenario and nothing else, so that evidence has one home and "
     "can be seen by all. Local evidence goes into a directory of your own that is named with "
     "--models, or, for one scenario, into override = ( ... ).")
CODE(E605, ERROR, "scenario name taken or not a name",
     "A scenario is named after its file, and results are filed under that name, so it is "
     "unique in a run and made of lower-case letters, digits and _, starting with a letter. "
     "Rename the file, e.g. falls_service_kent.cfg.")
CODE(E606, ERROR, "unknown model",
     "A scenario names its model by the folder it lives in: models/befriending/model.cfg is "
     "model = \"befriending\";. Correct the name or add the model.")
CODE(E607, ERROR, "unknown input",
     "A scenario may set the inputs that its model declares, and nothing else. Correct the "
     "name; to change evidence use override = ( { parameter = \"...\"; value = ...; reason = "
     "\"...\"; } );.")
CODE(E608, ERROR, "missing input",
     "The model declares an input without a default, so each scenario gives its value, e.g. "
     "inputs = { eligible = 1800; };.")
CODE(E609, ERROR, "input out of range",
     "The model states what this input can be. A number lies in that range, and of a "
     "distribution the whole 95 % interval does. Check the figure and its unit.")
CODE(E610, ERROR, "costs without a payer",
     "Every cost has a payer: its own, or the scenario's funding. Add funding with shares that "
     "sum to 1, e.g. funding = { public_health = 0.6; icb = 0.4; };.")
CODE(E611, ERROR, "unknown payer",
     "A payer is a sector, a group of sectors or a pool of the scenario. Correct the name, or "
     "declare the pool: pools = { better_care_fund = { label = \"...\"; members = { icb = 0.5; "
     "adult_social_care = 0.5; }; }; };.")
CODE(E618, ERROR, "scenario key that this kind of model does not take",
     "Cohorts and trees have no funding, pools or funded years: their costs name who pays. Trees "
     "have "
     "no horizon.")
CODE(E612, ERROR, "override that changes nothing",
     "The model of this scenario does not use the overridden item, in any amount, baseline or "
     "unit cost, so the override would have no effect. Remove it, or override what the model "
     "uses: `dividend list evidence` shows the names.")
CODE(E613, ERROR, "item overridden twice",
     "One scenario gives one value for one evidence item; of two, only one could count. Keep "
     "one of them.")
CODE(E614, ERROR, "funding beyond the horizon",
     "Years after the horizon are not counted, so funding them would be lost from sight. "
     "Lengthen horizon_years to at least funded_years.")
CODE(E615, ERROR, "unknown pack or perspective",
     "Conventions name packs and perspectives that are declared under models/; optimism_pack "
     "may also be \"off\". Correct the name, or add the pack in a layer of your own.")
CODE(E616, ERROR, "price year out of reach",
     "Prices are converted through the deflator pack, and beyond its published years the last "
     "growth rate is held. More than ten years beyond, that assumption would decide the "
     "result. Choose a nearer price year or another deflator pack.")
CODE(E617, ERROR, "QALYs monetised without a value",
     "monetise_qalys = true needs a pack that says what a QALY is worth, with qaly_value_gbp "
     "and qaly_value_price_year. Choose such a pack, or leave QALYs apart from money.")
CODE(E620, ERROR, "measure that no scenario has",
     "A measure is written NAME.WHO: a name of summary.csv or options.csv, then a sector, "
     "perspective or total; then, "
     "where the measure has them, the threshold, demand, or option; \"@3\" asks for a model year. "
     "Examples: "
     "net.public_sector, net_cash.police@3, volume.total.ae_attendance, "
     "option_cost.nhs.combination.")
CODE(E621, ERROR, "precision target that no run can meet",
     "Draws are doubled from `draws` up to `max_draws` until the Monte Carlo standard error of the "
     "mean of a measure is "
     "small enough. That needs a standard error (two or more scramblings of 256 draws, or plain "
     "draws), room to double, "
     "and a mean to steer by.")

CODE(E630, ERROR, "decision about an unknown parameter",
     "Groups, studies, grids and what-ifs name evidence items (by path, or by a short name that "
     "one item has) or inputs "
     "of the scenario's model, each once, and only such as the model uses.")
CODE(E631, ERROR, "study whose data say nothing about its parameter",
     "A study needs a likelihood that fits its parameter: binomial for a probability, poisson for "
     "a rate, lognormal with "
     "sd for a ratio above 0, normal with sd for anything; and a parameter that is uncertain, "
     "since nothing can be learnt "
     "about a certain one.")
CODE(E632, ERROR, "value outside the range of its parameter",
     "A value that a grid or what-if gives a parameter must be one that its kind allows: a "
     "probability lies between 0 "
     "and 1, a cost is not negative, an input keeps its stated minimum and maximum.")
CODE(E633, ERROR, "plausible range that is none",
     "plausible = [low, high] are two numbers, the lower first, within what the kind allows, and "
     "the item's mean lies "
     "between them.")

/* E64x-E66x: areas, populations, for_each */
CODE(E640, ERROR, "unknown area",
     "An area is named by its id or its label, an area list likewise; `dividend list areas` shows "
     "both. Without population a scenario's area may be any words. Add areas of your own in a "
     "layer: areas = { my_neighbourhood = { label = \"...\"; part_of = \"burnley\"; people = "
     "30000.0; "
     "reason = \"...\"; }; };.")
CODE(E641, ERROR, "area whose keys contradict each other",
     "An area has rows of a population table (code), or is a part of another (part_of, with people "
     "and perhaps quintile_shares): one or the other.")
CODE(E642, ERROR, "area that is a part of itself",
     "An area takes ages and quintiles from the area that it is a part of. A circle of areas, each "
     "a part of the next, leads to no population table.")
CODE(E643, ERROR, "code that no population table has",
     "The code of an area stands in the area column of a population table. Correct the code, add "
     "the rows to a table of your own, or leave the code out: then the area has a name and no "
     "people. Where several tables have it, say which with population.")
CODE(E644, ERROR, "quintile_shares that are not five shares",
     "quintile_shares are five numbers from 0 to 1, Q1 (most deprived) to Q5, that sum to 1: [0.6, "
     "0.3, 0.1, 0.0, 0.0].")
CODE(E645, ERROR, "part with more people than the whole",
     "A neighbourhood cannot have more people than the area that it is a part of. Check the figure "
     "and its unit: 30,000 people are 30000.0.")
CODE(E646, ERROR, "area counted twice in a list",
     "Each area stands once in an area list, and not beside an area that it is a part of: its "
     "people would be counted twice.")
CODE(E647, ERROR, "name of an area taken by an area list",
     "Scenarios name areas and area lists by the same key, so the two share one namespace.")
CODE(E648, ERROR, "age bands that do not fit their columns",
     "A population table has one column of people for each age band: bands and ages have the same "
     "length, at most 32, and ages are whole years, ascending.")
CODE(E650, ERROR, "population without people",
     "A scenario with population names an area (or a list of areas) whose people are in a "
     "population table, and some of them have the stated ages.")
CODE(E651, ERROR, "ages off the edges of the age bands",
     "People are counted in age bands, and nothing says how they are spread within one. The first "
     "age must begin a band and the last one end it; 120 stands for no end.")
CODE(E652, ERROR, "input filled twice",
     "The population fills this input of the model group by group, so `inputs` and for_each leave "
     "it out. To state the people yourself, leave population out.")
CODE(E653, ERROR, "gradient without a population by quintile",
     "A gradient says what differs between quintiles of deprivation, so the scenario needs "
     "population with by = \"imd_quintile\" (the default).")
CODE(E654, ERROR, "gradient without five factors",
     "A gradient has five factors, Q1 (most deprived) to Q5: factors = [0.8, 0.9, 1.0, 1.05, "
     "1.1];.")
CODE(E655, ERROR, "gradient that changes nothing",
     "The model of this scenario does not use the item, and neither does the share of its "
     "population; or it is the input that the population fills, which differs by group already.")
CODE(E656, ERROR, "two gradients of one parameter",
     "One parameter has one gradient; of two, nothing says whether they multiply. Multiply the "
     "factors yourself.")
CODE(E657, ERROR, "gradient that leads out of the range",
     "At its central value the parameter times the factor leaves what the parameter can be: a "
     "probability or share above 1, an input above its maximum. Lower the factor, or state the "
     "factors relative to the best quintile.")
CODE(E660, ERROR, "for_each over an unknown key",
     "for_each takes area, start_year, funded_years, horizon_years and the inputs of the "
     "scenario's model by their names.")
CODE(E661, ERROR, "for_each over a key that is stated",
     "for_each gives the scenario the values of this key, so the scenario itself (or its inputs) "
     "does not state one. Remove one of the two.")
CODE(E662, ERROR, "for_each with the same value twice",
     "Each combination is one instance with a name of its own, so each value stands once.")
CODE(E663, ERROR, "for_each with too many instances",
     "A scenario repeats at most 2,000 times, under names of at most 200 characters. Sweep fewer "
     "values, or write two scenarios.")

CODE(E664, ERROR, "sign-off for something that is no fingerprint",
     "inputs_sha256 of `signed_off` is the fingerprint of the inputs that were checked: 64 digits "
     "0-9 and a-f. `dividend check --sign FILE` prints the line to paste. A shortened or edited "
     "one can never match.")
CODE(E665, ERROR, "sign-off by one person",
     "A sign-off says that somebody else than the analyst has checked the work (assurer) and "
     "answers for its use (approver). Nobody can be that for their own work.")
CODE(E670, ERROR, "programme whose scenario is not found",
     "A portfolio names scenarios by the names of their files without .cfg. They are looked for "
     "among the scenarios of the run, beside the portfolio's file, in a folder of the portfolio's "
     "name beside it, and one folder up.")
CODE(
    E671, ERROR, "programme that stands twice in a portfolio",
    "Each programme has a name of its own. Where one scenario is to be there twice (as a pilot and "
    "in full, say), name = \"...\" tells them apart.")
CODE(E672, ERROR, "health model in a portfolio",
     "Portfolios hold programmes: they have funding, partners and years. A cohort, tree or life "
     "table compares options a person; a programme can draw on it through health = ( ... ).")
CODE(E673, ERROR, "programme outside the portfolio's years",
     "All programmes of a portfolio are counted over its start_year and horizon_years, and their "
     "funded years lie within them.")
CODE(E674, ERROR, "scales that do not rise",
     "scales = [0.5, 1.0] lists the sizes at which a programme could run, smallest first.")
CODE(E675, ERROR, "unknown or repeated name in a portfolio",
     "Overlaps, synergies and rules name programmes of the portfolio; a synergy may name a demand. "
     "A programme stands in at most one overlap, and once in a list.")
CODE(E676, ERROR, "correlated evidence that differs between programmes",
     "Correlated evidence is drawn together. In a portfolio every programme must see it alike: "
     "override it in all of its scenarios, or in none.")
CODE(E677, ERROR, "too many programmes on one demand",
     "What each programme adds to a shared demand is worked out over every combination of the "
     "programmes that change it: at most 262,144 combinations, which are 18 programmes with one "
     "scale each or 11 with two. The same holds for all programmes of synergies without `demand`, "
     "which act on QALYs.")

CODE(E678, ERROR, "budget that does not fit the years",
     "A budget is one number a year for all years, or a list with one number for each year of the "
     "portfolio's horizon.")
CODE(E679, ERROR, "pool of budgets that are not there",
     "A pool joins sectors that have budgets; each sector is in at most one pool.")
CODE(E680, ERROR, "rules that no set can keep",
     "A programme cannot need itself, and two programmes that must be funded cannot exclude each "
     "other.")
CODE(E681, ERROR, "measure that the choice cannot use",
     "Objectives and constraints are about sums over programmes: nets, costs, savings, cash, QALYs "
     "(by year with @YEAR), ratios such as bcr and return_cashable (objective only), nhb.total, "
     "nhb.q1 to nhb.q5 and gap_closed. Rates of return and quantiles are not sums.")
CODE(E682, ERROR, "constraint that cannot be read",
     "Constraints are texts such as \"net_cash.police >= 0\", \"prob(net_cash.police >= 0) >= "
     "0.6\" or \"payback.public_sector <= 5\".")
CODE(
    E683, ERROR, "quintiles that are not five",
    "baseline_qale, people and income_gbp have one number for each fifth, the most deprived first; "
    "people may come from the portfolio's area.")
CODE(E684, ERROR, "share of overlap missing or misplaced",
     "form = \"share\" needs share = 0 to 1; the other forms have none.")

CODE(E685, ERROR, "shared demand with two prices",
     "Programmes of a portfolio that change the same demand save the same thing, so its unit cost "
     "is one: override it in all of their scenarios, or in none.")

CODE(E690, ERROR, "an amount varies by year where it may not",
     "People (eligible, reach, uptake, retention, capacity), fades and growth rates hold for the "
     "whole "
     "scenario, so their formulas may not use `year`. Costs, effects and baselines may.")
CODE(E691, ERROR, "savings above the baseline spend",
     "At central values (every uncertain input at its mean) the savings of a sector are larger "
     "than what "
     "the demand says that sector spends on it. One of the two figures is wrong: check the people, "
     "the "
     "effect, the unit cost and baseline_spend_gbp. In single draws savings are capped at the "
     "spend, and "
     "the share of capped draws is warned of.")
CODE(E693, ERROR, "probabilities that do not sum to 1",
     "With every uncertain input at its mean the probabilities of a row, of the branches of a node "
     "or "
     "of the start leave 0 to 1 or do not sum to 1. The message names the option, the group, the "
     "cycle and the value. In a run every draw is checked the same way.")
CODE(E692, ERROR, "central values give no finite result",
     "With every uncertain input at its mean a formula gives infinity or no number, for instance "
     "through a "
     "division by zero or a logarithm of zero. Check the formula that is named.")

/* E694-E696: expectations */
CODE(E694, ERROR, "expectation that cannot be read",
     "An expectation compares a measure with a number (\"net.public_sector >= 0\", "
     "\"net_cash.police.p05@3 > -10000\"), or the share of draws in which it does "
     "(\"prob(net_cash.nhs >= 0) >= 0.5\", a share from 0 to 1).")
CODE(E695, ERROR, "expectation about an unknown measure",
     "Measures are the names in summary.csv and options.csv, written NAME.WHO[.ITEM][.STATISTIC]"
     "[@YEAR]. A name that nothing has would make an expectation that never fails, so it is an "
     "error before the run.")
CODE(E696, ERROR, "expectation about an unknown scenario",
     "A file of expectations names scenarios and portfolios of the run by `of`. One that is not "
     "there would never be judged.")
CODE(E697, ERROR, "more avoided than there is",
     "A relative effect is a share of the baseline: 0.3 avoids three tenths of what would have "
     "happened, 1 all of it, and a value below 0 adds to it. With every uncertain input at its "
     "mean this one is above 1, so that more would be avoided than exists. Check the figure and "
     "its unit (30 % is 0.3); units a person a year are effect_form = \"absolute\".")
CODE(E698, ERROR, "prices of a year that no deflator reaches",
     "An evidence item is in prices of a year more than ten years after the last one of the "
     "deflator pack of the scenario, or more than ten before its first. It is almost always a slip "
     "of the pen, and would change the figure unseen. Correct price_year, or choose a deflator "
     "pack that reaches it.")

/* E7xx: the command line */
CODE(E701, ERROR, "unknown command",
     "The first word after `dividend` names a command: run, portfolio, check, list, explain, "
     "schema, new or "
     "help. "
     "`dividend help` shows each with an example; `dividend run` runs the scenarios in scenarios/.")
CODE(E702, ERROR, "unknown option",
     "An option that is not known is refused rather than passed over, because a mistyped --draws "
     "would "
     "otherwise run with the default and nobody would notice. `dividend help COMMAND` lists the "
     "options of a "
     "command, e.g. `dividend run --draws 20000 --seed 7`.")
CODE(E703, ERROR, "option without its value",
     "The option takes a value, as the next word or after an equals sign: `--out results/mine` or "
     "`--out=results/mine`.")
CODE(E704, ERROR, "option value not allowed",
     "The value of the option is not one of those allowed. Numbers are whole and written in "
     "digits, without "
     "commas, signs or exponents: `--draws 100000`, not `--draws 100,000` or `--draws 1e5`.")
CODE(E705, ERROR, "option of another command",
     "The option exists but does nothing for this command, so it is refused: a seed given to "
     "`list`, say, is "
     "more likely a mistake than a wish. `dividend help COMMAND` lists the options of a command.")
CODE(E706, ERROR, "missing or surplus argument",
     "The command was given too few or too many words. `dividend help COMMAND` shows what it "
     "takes, e.g. "
     "`dividend list evidence` or `dividend new scenario preston --model befriending`.")
CODE(E707, ERROR, "path cannot be read",
     "A PATH is a scenario file, or a folder whose *.cfg files are scenarios, as seen from where "
     "the command "
     "is run. It must exist and be readable: `dividend run scenarios/befriending.cfg`.")
CODE(E708, ERROR, "no scenarios in a folder",
     "A folder given as PATH stands for the *.cfg files in it; run.cfg holds settings of the run "
     "and the "
     "folders below (cookbook/, portfolios/) are not entered. `dividend new scenario NAME --model "
     "M` writes a "
     "scenario to start from.")
CODE(E709, ERROR, "unknown scenario",
     "A scenario's id is the name of its file without .cfg: scenarios/befriending.cfg is "
     "`befriending`. Only "
     "the scenarios of the given paths count. `dividend list scenarios` shows their ids.")
CODE(E710, ERROR, "models cannot be found",
     "Evidence, sectors, demands and models are read from a folder models/ in the working "
     "directory, else from "
     "the one installed with the program, else from the folder that the environment variable "
     "DIVIDEND_MODELS "
     "names. `--models DIR` layers a folder of your own over it.")
CODE(E711, ERROR, "file exists already",
     "`dividend new` never replaces a file, so that no work is lost. Choose another name, or move "
     "the file "
     "first.")
CODE(E712, ERROR, "not a name",
     "Names of scenarios, models and evidence start with a small letter and go on with small "
     "letters, digits "
     "and underscores, at most 64 in all: `preston_befriending_2026`.")
CODE(E713, ERROR, "unknown model",
     "`dividend new scenario` needs the model that the scenario is for, so that its inputs can be "
     "written out: "
     "`dividend new scenario preston --model befriending`. `dividend list models` shows them.")
CODE(E714, ERROR, "unknown subject",
     "The word names nothing that can be listed, shown or explained. `dividend explain` takes a "
     "code such as "
     "E203, or a scenario and if wished a measure such as net.public_sector; `dividend list` takes "
     "evidence, "
     "scenarios, models, demands, sectors, packs or sources.")
CODE(E715, ERROR, "two run.cfg files apply",
     "A run.cfg sets the draws, the seed and the conventions of all scenarios in its folder. "
     "Scenarios of two "
     "folders with different run.cfg files cannot be compared in one run; run them one folder at a "
     "time.")
CODE(
    E716, ERROR, "earlier results cannot be read",
    "--against names the folder of an earlier run, as `dividend run` or `dividend portfolio` wrote "
    "it: its manifest.json and summary.csv are read, and options.csv and portfolio/ where they are "
    "there. It may be the folder that the new run replaces: it is read first.")
CODE(E717, ERROR, "damaged file of earlier results",
     "A file of an earlier results folder breaks off, lacks a column, says a figure twice or "
     "contradicts "
     "its manifest.json. Nothing is compared with it, because half a comparison would look like a "
     "whole one. Run the earlier scenarios again: inputs.tar.zst in that folder holds their text.")
CODE(E718, ERROR, "earlier results of a later version",
     "The results were written by a later version of dividend than this one, whose files may mean "
     "something else. Results of earlier versions are compared, and the version is listed among "
     "what changed.")
CODE(
    E719, ERROR, "a library without sectors or packs",
    "The first folder of models is the library: it declares the sectors, the packs (discount "
    "rates, deflators) and the shipped evidence, and folders given with --models are laid over it. "
    "The library is models/ of the folder you are in, if there is one, else the one installed "
    "with the program. A folder of your own named models is therefore taken for the library: give "
    "it another name (our/) and add it with --models our.")
CODE(E720, ERROR, "one folder of models given twice",
     "Each folder of models is one layer, and a later layer replaces what an earlier one says: a "
     "folder laid over itself would replace everything by itself. The library, models/ of the "
     "folder you are in or the one installed with the program, is always the first and is not "
     "named with --models.")

/* W8xx: warnings */

CODE(W801, WARNING, "outcomes that may count the same saving twice",
     "Two outcomes of one model put a price on the same demand, or on demands that count "
     "within the same family (counts_within). A hospital stay and the bed days in it are one "
     "saving, not two. Check, and leave the unit cost out of one demand or split the effect "
     "between them.")
CODE(W802, WARNING, "funding without effect",
     "The scenario says who pays the costs that name no payer, but every cost of the model "
     "names one. Results do not depend on it. Remove the funding, or take the payers out of "
     "the model's costs.")
CODE(W803, WARNING, "state that nobody can come to",
     "No transition, start or tree leads to the state. Perhaps a transition is missing.")
CODE(W804, WARNING, "cycle correction that is a known mistake",
     "simpson_reversed_darth weights odd and even points the wrong way round. It is there to "
     "replicate published figures; use simpson or half for anything else.")
CODE(W805, WARNING, "correlation matrix that was repaired",
     "The correlations given cannot all hold together: no variables have them. The run takes the "
     "matrix with negative "
     "eigenvalues raised to zero and the diagonal scaled back to one, and says by how much it "
     "differs. Check the "
     "figures; rounded or pairwise published correlations are the usual reason.")
CODE(W806, WARNING, "overlap that changes nothing",
     "Overlap says how people of programmes that change the same demand are the same people. The "
     "programmes of this entry share no demand, so their effects add whatever it says; QALYs add "
     "too, unless a synergy or conflict says otherwise.")
CODE(W807, WARNING, "size that looks like a percentage",
     "`scales` are multiples of the scenario as it is written: 0.5 is half of it, 1.0 all, 2.0 "
     "twice. Ten times or more is usually a percentage that was not divided by 100.")
CODE(W808, WARNING, "value in no quintile or area",
     "Savings of a demand are counted by quintile and area where all programmes that change it, "
     "and the partners of synergies on it, count the same groups. Here they do not, so that the "
     "value by group leaves this demand out. Totals are complete.")
CODE(W820, WARNING, "expectation that cannot fail",
     "A probability is always at least 0 and at most 1: such an expectation holds whatever the run "
     "gives, and looks like a safeguard that it is not.")
CODE(W821, WARNING, "an effect that may avoid more than there is",
     "A relative effect is a share of the baseline, and more than all of it cannot be avoided. "
     "Here more than one draw in a hundred has an effect above 1, whose savings are counted as if "
     "there were so much to save. Choose a distribution that ends at 1: \"beta\", or "
     "\"truncated_normal\" with max = 1.0.")
CODE(W822, WARNING, "prices of a year after the last deflator",
     "The item is in prices of a year for which the deflator pack has no figure yet. Its last "
     "growth rate is held for the years between, and the figure is brought back by it to the "
     "prices of the run. Check that the year is no slip of the pen.")
CODE(W823, WARNING, "a demand priced by the cost of something else",
     "The demand counts one thing and its unit cost is for another, for instance weeks times the "
     "cost of an appointment. The product would be money without a meaning. Correct the unit that "
     "is wrong, or name another unit cost.")
CODE(W824, WARNING, "a figure for another time than a year",
     "The model uses the figure as one for a year, and its unit says that it is for a month, a "
     "week or another time. Nothing is converted by the unit. Multiply it in the formula (\"12 * "
     "visits_a_month\"), or give the figure and its unit for a year.")
CODE(W825, WARNING, "an item of a layer that nothing uses",
     "A folder given with --models declares an evidence item that no model, demand or scenario "
     "read here uses, and whose name is nearly that of an item that is used. Perhaps it was meant "
     "to replace that one: then the names must be the same, and replaces_because says why.")
CODE(W826, WARNING, "a derived figure that stays as it was",
     "A figure was worked out from another (derived_from), that other was replaced by a layer or "
     "by the scenario, and the figure was not. The two no longer belong together: a saving that is "
     "a multiple of a cost should move with it. Replace the derived item too, or say in a note why "
     "it stands.")

/* E9xx: workbooks that are imported */
CODE(E900, ERROR, "the workbook cannot be read",
     "`dividend import FILE.xlsx` needs a regular file that this user may read. Folders, named "
     "pipes and devices are refused, because reading one could hang. Check the spelling and the "
     "permissions.")
CODE(E901, ERROR, "not an Excel workbook",
     "What is read are Excel workbooks (.xlsx), as Excel, LibreOffice and Google Sheets save "
     "them. An .ods, .xlsb or .csv file can be opened in each of them and saved as .xlsx.")
CODE(E902, ERROR, "a locked or an old workbook",
     "A workbook with a password to open it is encrypted, and old .xls workbooks have another "
     "form altogether. Save it as an Excel workbook (.xlsx) without a password.")
CODE(E903, ERROR, "a workbook with macros",
     "A template needs no macros, and a file that carries some may not be the one you sent out. "
     "Save it as an Excel workbook (.xlsx), which leaves them behind.")
CODE(E904, ERROR, "a damaged workbook",
     "The file breaks off, a part of it is missing or twice there, or a part is not what "
     "spreadsheet programs write. Fetch it once more; if Excel opens it, save it again there.")
CODE(E905, ERROR, "a workbook beyond the limits",
     "A workbook may have 8 MiB, 1,000 parts, 64 sheets, 200,000 cells with content and texts of "
     "32,767 characters, and may inflate to 64 MiB and to 200 times its size. A filled template "
     "is far below each of these; a small file that inflates to a giant one is an attack.")
CODE(E906, ERROR, "a document type inside a workbook",
     "No spreadsheet program writes one. With it a file could ask for other files to be read, or "
     "swell without end, so the part is refused before anything in it is read.")
CODE(E907, ERROR, "a name that leads out of the workbook",
     "The parts of a workbook have names such as xl/workbook.xml. A name that begins with / or "
     "goes up with .. is the work of no spreadsheet program.")
CODE(E910, ERROR, "not a template of dividend",
     "A workbook to import begins as a template: `dividend new scenario NAME --model M --xlsx`. "
     "Its sheets and headings tell which cell means what, so they stay as they are; rows may be "
     "moved and columns added.")
CODE(E911, ERROR, "a sheet, heading or row that is missing",
     "The sheet, its row of headings, or a row of it has been removed or renamed. Write a fresh "
     "template with `dividend new scenario NAME --model M --xlsx` and copy your figures into it.")
CODE(E912, ERROR, "an id that the model does not have",
     "The column Id says what a row is about, and is not to be changed. The id was changed, or "
     "the template was made for another model or with other evidence (--models DIR).")
CODE(E913, ERROR, "a row that stands in a sheet twice",
     "Each id has one row, or it would not be known which of the two counts. Remove one.")
CODE(E920, ERROR, "a cell that must be filled in",
     "The template marks what is required. There is no silent default for it.")
CODE(E921, ERROR, "a text where a number is wanted",
     "Numbers are typed plainly: 1800, 0.6 or 60%, without words, units or commas; the unit "
     "stands beside the cell. A number that Excel took for a text is accepted where it can mean "
     "one thing only: `1,234,567` and `GBP` inputs such as `£1,800` are; `1,800` alone is not, as "
     "half of Europe reads it as 1.8.")
CODE(E922, ERROR, "a date where none is wanted",
     "Excel turns what looks like a date into one: 3/4 into 3 April, 2011-12 into December 2011. "
     "Format the cell as text (or as a number), then type it again.")
CODE(E923, ERROR, "a cell with an error",
     "The cell shows an error such as #REF! or #DIV/0!. Mend its formula, or type the number.")
CODE(E924, ERROR, "a formula without a value",
     "Formulas are allowed, and the value that the spreadsheet program stored beside them counts. "
     "This file was written by a program that stores none: open it in Excel or LibreOffice, and "
     "save it.")
CODE(E925, ERROR, "a number or truth value where another kind is wanted",
     "The cell holds TRUE or FALSE, or a number where words are wanted. The column Allowed says "
     "what it takes.")
CODE(E926, ERROR, "a number out of range in a cell",
     "The number lies outside what the row allows: its limits and its unit stand beside it. "
     "Shares are 0 to 1: 60 % is 0.6, or typed as 60%.")
CODE(E927, ERROR, "not one of the choices of a cell",
     "The cell has a list of choices; choose one of them with the arrow beside it.")
CODE(E928, ERROR, "shares on a sheet that do not sum to 1",
     "What each partner puts in must sum to 1 to the last digit, or money would be lost or made. "
     "The sheet shows the sum while you type. For thirds write =1/3.")
CODE(E929, ERROR, "figures that do not make a distribution",
     "Choose the form first, then fill in what it needs: exact a value; normal, lognormal, gamma "
     "and beta a value with its 95 % interval; pert and triangular a most likely value between "
     "the lowest and the highest; uniform the lowest and the highest; events of n two counts. "
     "Leave the other cells of the row blank.")
CODE(E930, ERROR, "a text that cannot be taken over",
     "The text has control characters that cannot be seen, or is not plain text. Line breaks are "
     "fine: they become blanks.")
CODE(E931, ERROR, "not a name in a cell",
     "Names of scenarios and pools are small letters, digits and underscores, beginning with a "
     "letter, at most 64: `preston_befriending`. The scenario's name becomes its file's name.")
/* E97x: succession of evidence */
CODE(E970, ERROR, "sources that supersede each other in a circle",
     "Of two sources one is the later, and takes the place of the other. In a circle each would be "
     "outdated by the next, and none would be left to use. Remove `supersedes` from the earlier "
     "one.")
CODE(E971, ERROR, "superseded item that does not cite the source",
     "`items` narrows `supersedes` to some of the evidence that cites the earlier source. A path "
     "that no such item has would mark nothing as outdated, and nobody would notice. Correct the "
     "path, or leave `items` out where the whole source is superseded.")
CODE(E972, ERROR, "nothing that can be compared",
     "`dividend evidence compare A B` takes two folders of models, or two files with evidence or "
     "sources in them: the earlier first. A folder or file without any would look like evidence "
     "that was removed.")

/* E95x: --state and the history of runs */

CODE(
    E950, ERROR, "a state that is not dividend's",
    "--state names a folder that dividend keeps between runs: its state.json says which inputs the "
    "last run used. The file there cannot be read, was written by something else or by a later "
    "version of dividend, and is not overwritten. Give a folder of its own, such as .dividend.")
CODE(E952, ERROR, "a history that is damaged or not dividend's",
     "The file that --history names, or history.sqlite in the folder of --state, is not an SQLite "
     "file, is of another program, was written by a later version of dividend, or is damaged. It "
     "is not written to. Move it away, and the next run begins a new history.")
CODE(
    E953, ERROR, "no such history, or nothing of it",
    "`dividend history` shows runs that were recorded: `dividend run --state DIR` or --history "
    "FILE "
    "records them. A measure is MEASURE.WHO[.ITEM] as in summary.csv; scenarios are named as their "
    "files are.")
CODE(W951, WARNING, "a damaged state",
     "The state.json of --state breaks off or is not as dividend wrote it, so it cannot be told "
     "what changed since the last run. Results are not affected: those that the cache holds for "
     "exactly these inputs are taken from it, all others are run, and the file is written anew.")
CODE(W809, WARNING, "sign-off without the inputs it is for",
     "`signed_off` names people and a date, but not the fingerprint of the inputs that they "
     "checked (inputs_sha256), so nobody can tell whether the inputs are still those. It counts "
     "as not signed off. `dividend check --sign FILE` prints the line to paste.")

/* E96x: two runs compared by `dividend diff` */
CODE(
    E960, ERROR, "neither results, nor a project, nor a revision",
    "OLD and NEW of `dividend diff` are two results folders (with the manifest.json that `dividend "
    "run` wrote), or each a git revision (a branch, a tag, a commit, HEAD~1) or a project folder "
    "with scenarios/ as it stands now. A relative path counts from where you are; revisions are "
    "looked up in --repository.")
CODE(E961, ERROR, "a results folder beside a revision",
     "Results are compared with results, and inputs with inputs: two results folders, or two "
     "revisions or project folders, which are run first. To compare earlier results with what a "
     "revision gives now, run it with `dividend run --against FOLDER`.")
CODE(E962, ERROR, "git cannot be used",
     "Revisions are read by the git program. It must be installed, the folder of --repository (the "
     "current one unless stated) must lie in a git repository, and its owner must be you, or git "
     "refuses it (safe.directory).")
CODE(E963, ERROR, "inputs of earlier results cannot be read",
     "A results folder holds the text of every input of its run in inputs.tar.zst, so that it can "
     "be run again: moves are split over their causes by such runs. Without it figures are "
     "compared all the same, and each move is given to all changed inputs together.")
CODE(E964, ERROR, "unknown revision",
     "The name is no branch, tag or commit of the repository, or the commit has not been fetched: "
     "a shallow clone of a build server holds the newest commit alone. `git log --oneline` shows "
     "what there is.")
CODE(W965, WARNING, "outside of what is compared",
     "`dividend diff OLD NEW` of revisions or folders runs each side with its own files. A PATH or "
     "a "
     "--models folder from the root of the file system that lies outside the project has one state "
     "only, so both sides use it, and a change of it moves nothing. Keep it in the repository "
     "(--repository names another), or compare the results folders of two runs.")
/* E94x: many machines */
CODE(E940, ERROR, "no shards to merge",
     "`dividend merge` takes folders with files shard-K-of-N.bin, or such files, as `dividend run "
     "--shard K/N --out DIR` writes them.")
CODE(E941, ERROR, "shards that are missing",
     "A run in N parts is whole only with all N shards. Run the parts that are named once more, "
     "with the same arguments, and merge again; those that are there stay good.")
CODE(E942, ERROR, "a shard that is there twice",
     "Two files hold the same part of the run. They may differ, and nobody could say which one "
     "counts: leave one of them out.")
CODE(E943, ERROR, "shards of different runs",
     "Shards can be merged where they are parts of one run: the same program, inputs, seed, draws "
     "and sampling, and the same number of parts. The message says what differs from the other "
     "shards.")
CODE(E944, ERROR, "a damaged shard",
     "A shard ends with the number of its contributions, and each has a checksum. This file breaks "
     "off, or its bytes have changed since it was written: copy it again, or run that part again.")
CODE(E945, ERROR, "inputs that have changed since the shards were computed",
     "A merge reads the scenarios, models and evidence again, because the report shows them. They "
     "must be those that the shards were computed from; otherwise figures and inputs would not "
     "belong together. Bring the inputs back, or run all shards again.")
CODE(E946, ERROR, "a precision target in a part of a run",
     "Whether a precision target is met can be judged only once all parts are together, so "
     "--precision goes with whole runs. State the number of draws with --draws.")
CODE(E947, ERROR, "shards of another version",
     "Contributions of one version of the program may mean something else to another. Run the "
     "shards again with this version, or merge with the one that made them.")
CODE(E948, ERROR, "an option for results where there are none",
     "A part of a run writes its contributions and no results, so options about results have "
     "nothing to say there. Give them to `dividend merge`; --state goes with whole runs.")
