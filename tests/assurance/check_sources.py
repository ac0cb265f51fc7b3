"""No number without a source: check_sources.py PROGRAM PROJECT_DIR. Standard library only.

Every shipped file is walked. The rule, which CONTRIBUTING.md states for people:

- evidence names a source with a citation and an address (or says that it is remembered, or a definition) and where in it the
  figure stands; or it is an assumption, of grade 6, with a reason of more than a few words. A remembered figure says so to the
  reader, in its label, note or locator;
- a number in a model or demand is 0 or 1, a limit or default of a described input, a horizon, or a published return with its
  source; any other has a comment on its line, or directly above it or above a group that it stands in;
- a scenario's numbers are described: it opens with a comment, an override, gradient or synergy gives its reason, and where it
  states inputs or shares of its own, a note says what they are. Who pays what needs no source.

The cookbook's figures are invented, which its models and scenarios say.
"""
import csv
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
FEW_WORDS = 5
PLAIN_KEYS = {"min", "max", "default", "horizon_years", "low", "high"}
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
WORDS = {"label", "title", "note", "question", "reason", "name", "what", "unit", "locator", "from", "source", "citation", "url",
         "price_year", "start_year", "baseline_spend_price_year"}
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:e[+-]?\d+)?(?![\w.])")


def blank_texts(line, previous_key):
    """The line without what is in quotation marks for people, and the key that a text on the next line would continue."""
    def keep(match):
        before = line[:match.start()]
        keys = re.findall(r"(\w+) = [^=;]*$", before)
        key = keys[-1] if keys else previous_key
        return " " * len(match.group(0)) if key in WORDS else match.group(0)
    keys = re.findall(r"(\w+) = [^=;]*$", line)
    return TEXT.sub(keep, line), keys[-1] if keys else (previous_key if line.strip().startswith('"') else None)


def unexplained_numbers(text):
    """(line number, number) of each number of a model that nothing says anything about."""
    lines, found, openings, key = text.splitlines(), [], [], None
    for number, line in enumerate(lines, 1):
        shown, key = blank_texts(line, key)
        code, _, comment = shown.partition("#")

        def commented(at):
            return at >= 1 and lines[at - 1].strip().startswith("#")

        for match in NUMBER.finditer(code):
            keys = re.findall(r"(\w+) = [^=;]*$", code[:match.start()])
            if float(match.group(0)) in (0.0, 1.0) or (keys and keys[-1] in PLAIN_KEYS):
                continue
            # Groups opened on this line before the number count as this line; the outermost group is the model itself.
            if not comment.strip() and not commented(number - 1) and not any(commented(at - 1) for at in openings[1:]):
                found.append((number, match.group(0)))
        for sign in TEXT.sub("", code):
            if sign in "{(":
                openings.append(number)
            elif sign in "})" and openings:
                openings.pop()
    return found


def few_words(text):
    return len(re.findall(r"\w+", text or "")) < FEW_WORDS


def evidence_problems(program, *arguments):
    """What is wrong with the evidence that the program lists."""
    def listed(what):
        done = subprocess.run([program, "list", what, "--format", "csv", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
        return list(csv.DictReader(io.StringIO(done.stdout)))
    sources = {row["id"]: row for row in listed("sources")}
    folders = [PROJECT / "models"] + [pathlib.Path(argument) for argument in arguments if not argument.startswith("-")]
    remembered, seen = set(), set()  # the program's list has no confidence
    for path in sorted(path for folder in folders for path in folder.glob("**/*.cfg")):
        for match in re.finditer(r"\b(\w+) = \{\s*citation = (.*?)\};", path.read_text(encoding="utf-8"), re.S):
            confidence = re.search(r'confidence = "(\w+)"', match.group(2))
            if confidence is None or confidence.group(1) == "found":
                seen.add(match.group(1))
            elif confidence.group(1) == "from_memory":
                remembered.add(match.group(1))
    problems = []
    for item in listed("evidence"):
        name = item["id"]
        if item["source"] == "assumption":
            if item["grade"] != "6":
                problems.append(f"{name}: an assumption of grade {item['grade']}")
            if few_words(item["reason"]):
                problems.append(f"{name}: an assumption whose reason is {item['reason']!r}")
            continue
        source = sources.get(item["source"])
        if source is None:
            problems.append(f"{name}: source {item['source']} is not among the sources")
            continue
        if not item["locator"]:
            problems.append(f"{name}: no locator")
        if few_words(source["citation"]):
            problems.append(f"{name}: source {item['source']} is cited as {source['citation']!r}")
        if not source["url"] and item["source"] in seen and "definition" not in source["citation"]:
            problems.append(f"{name}: source {item['source']} has no address and is called found")
        if item["source"] in remembered and not re.search("memory|remembered", " ".join(
                [item["label"], item["locator"], evidence_note(name), source["citation"]])):
            problems.append(f"{name}: remembered ({item['source']}), and does not say so")
    return problems


def evidence_note(name):
    """The notes of the file that holds the item: the program's list has none. Enough to find the word."""
    last = name.split(".")[-1]
    for path in sorted((PROJECT / "models/evidence").glob("*.cfg")):
        match = re.search(rf"\b{last} = \{{(.*?)\n        \}};", path.read_text(encoding="utf-8"), re.S)
        if match:
            return match.group(1)
    return ""


def scenario_problems(text):
    problems = []
    if not text.startswith("#"):
        problems.append("does not open with its question")
    own = re.search(r"\b(inputs|population|budgets) = \{([^;]*\d[^;]*;)", text)
    if own and not re.search(r"\bnote = ", text):
        # A scenario that gives published figures back says so at its head.
        head = re.split(r"^(?:scenario|portfolio) = ", text, maxsplit=1, flags=re.M)[0]
        if not re.search("give back|[Rr]estated|[Rr]eplicated|[Pp]ublished", head):
            problems.append(f"states {own.group(1)} and has no note that says what they are")
    for row in re.finditer(r"parameter = \"[^\"]*\"|factor = [\d.]+", text):
        after = text[row.start():row.start() + 700]
        if "reason = " not in after.split("parameter = ", 2)[1 if row.group(0).startswith("parameter") else 0]:
            problems.append(f"{row.group(0)} without a reason")
    return problems


class Sources(unittest.TestCase):
    def files(self, *patterns):
        found = sorted(path for pattern in patterns for path in PROJECT.glob(pattern) if "cookbook" not in str(path))
        self.assertTrue(found)
        return found

    def assert_none(self, problems):
        self.assertEqual(len(problems), 0, "\n" + "\n".join(problems))

    def test_all_evidence(self):
        self.assert_none(evidence_problems(PROGRAM))

    def test_all_models_and_demands(self):
        problems = [f"{path.relative_to(PROJECT)}:{line}: {number}"
                    for path in self.files("models/*/model.cfg", "models/demands/*.cfg")
                    for line, number in unexplained_numbers(path.read_text(encoding="utf-8"))]
        self.assert_none(problems)

    def test_all_scenarios(self):
        problems = [f"{path.relative_to(PROJECT)}: {problem}"
                    for path in self.files("scenarios/*.cfg", "scenarios/published/*.cfg", "scenarios/portfolios/**/*.cfg")
                    if path.name != "run.cfg"
                    for problem in scenario_problems(path.read_text(encoding="utf-8"))]
        self.assert_none(problems)

    def test_every_programme_has_a_readme_that_says_what_it_stands_on(self):
        for path in self.files("models/*/model.cfg"):
            if 'kind = "programme"' not in path.read_text(encoding="utf-8"):
                continue
            page = path.with_name("README.md").read_text(encoding="utf-8")
            for words in ("**Question.**", "Published"):
                self.assertIn(words, page, path)
            self.assertRegex(page, "[Ss]ourced", str(path))

    def test_the_figures_of_verification_are_counted(self):
        page = (PROJECT / "docs/verification.md").read_text(encoding="utf-8")
        table = page[page.index("| figure | published |"):].split("\n\n", 1)[0].splitlines()[2:]
        states = [row.split("|")[4].strip() for row in table]
        replicated, restated = (sum(state.startswith(word) for state in states) for word in ("replicated", "restated"))
        self.assertIn(f"Of the {len(states)} rows below {replicated} are replicated, {restated} restated, and "
                      f"{len(states) - replicated - restated} neither", page)

    # ---- the rule itself can fail ----

    def test_a_number_in_a_model_without_a_word_is_seen(self):
        model = 'model = {\n    costs = ( { per = "year"; amount = "250 * posts"; } );\n    # Half a year.\n    ramp = [0.5];\n};\n'
        self.assertEqual(unexplained_numbers(model), [(2, "250")])
        self.assertEqual(unexplained_numbers(model.replace("); \n", "").replace(" } );", " } );  # 250 pounds a post, law")), [])

    def test_a_text_for_people_is_no_number(self):
        self.assertEqual(unexplained_numbers('model = {\n    note = "250 of 400 "\n        "and 30 more";\n    effect = 1.0;\n};\n'), [])

    def test_weak_evidence_is_seen(self):
        item = '{ label = "x"; kind = "share"; unit = "share"; value = 0.5; source = "%s"; grade = %d; %s };'
        wrong = {
            "short_reason": item % ("assumption", 6, 'reason = "a guess";'),
            "remembered": item % ("remembered_2020", 5, 'locator = "table 2";'),
            "no_address": item % ("found_2020", 3, 'locator = "table 2";'),
            "badly_cited": item % ("short_2020", 3, 'locator = "table 2";')}
        sources = ('sources = { remembered_2020 = { citation = "A paper of five words"; confidence = "from_memory"; };\n'
                   'found_2020 = { citation = "Another paper of six whole words"; };\n'
                   'short_2020 = { citation = "Smith"; url = "https://example.org"; }; };\n')
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "weak.cfg").write_text(
                sources + "evidence = { weak = {\n" + "\n".join(f"{name} = {text}" for name, text in wrong.items()) + "\n}; };\n")
            problems = evidence_problems(PROGRAM, "--models", folder)
        self.assertEqual(sorted(problem.split(":")[0] for problem in problems), sorted(f"weak.{name}" for name in wrong))

    def test_a_scenario_without_note_or_reason_is_seen(self):
        good = '# What?\nscenario = {\n    note = "40 is an illustration";\n    inputs = { people = 40; };\n    override = ( { parameter = "a.b"; value = 2.0; reason = "local"; } );\n};\n'
        self.assertEqual(scenario_problems(good), [])
        self.assertEqual(len(scenario_problems(good.replace('    note = "40 is an illustration";\n', ""))), 1)
        self.assertEqual(len(scenario_problems(good.replace(' reason = "local";', ""))), 1)
        self.assertEqual(len(scenario_problems(good.replace("# What?\n", ""))), 1)


unittest.main(argv=sys.argv[:1])
