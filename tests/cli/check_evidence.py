"""`dividend evidence` and the cookbook's story of two studies of one programme: check_evidence.py PROGRAM PROJECT_DIR.
Standard library only."""
import csv
import io
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
UPDATE = "scenarios/cookbook/popp_matched_controls"
ITEM = "popp.return_per_pound"

ONE = """version = "{version}";
sources = {{
  {source} = {{ citation = "A report";{more} }};
}};
evidence = {{
  cost = {{
    label = "A visit";  kind = "cost";  unit = "GBP/visit";  price_year = "{year}";  value = {value};
    source = "{source}";  locator = "page 1";  grade = {grade};{review}
  }};{other}
}};
"""
EXTRA = """
  extra = { label = "A share"; kind = "share"; unit = "share"; value = 0.5; source = "%s"; locator = "page 2"; grade = 3; };"""


def run(*arguments, folder=PROJECT):
    return subprocess.run([PROGRAM, *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False)


def rows_of(done):
    return list(csv.DictReader(io.StringIO(done.stdout)))


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def file(self, name, **fields):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        known = {"version": "1", "source": "report_one", "more": "", "year": "2024-25", "value": "10.0", "grade": 3,
                 "review": "", "other": ""}
        path.write_text(ONE.format(**{**known, **fields}))
        return path


class Outdated(Folder):
    def test_superseded_sources_name_item_reason_and_users(self):
        done = run("evidence", "outdated", "--as-of", "2026-11", "--format", "csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        superseded = {row["id"]: row for row in rows_of(done) if row["superseded_by"]}
        self.assertEqual(set(superseded), {ITEM, "popp.fewer_bed_nights", "popp.fewer_ae_attendances"})
        row = superseded[ITEM]
        self.assertEqual((row["source"], row["superseded_by"]), ("popp_national_2009", "steventon_2011"))
        self.assertEqual((row["used_by"], row["overridden_in"]), ("popp_national_evaluation", "popp_matched_control"))
        self.assertEqual(row["version"], "2009: national evaluation")
        self.assertIn("before and after", row["because"])

    def test_review_dates_pass_the_month_after(self):
        models = self.folder / "models"
        self.file("models/cost.cfg", review='  review_by = "2027-10";')
        for month, n_rows in (("2027-10", 0), ("2027-11", 1)):
            done = run("evidence", "outdated", "--no-shipped-models", "--models", models, "--as-of", month,
                       "--format", "json", folder=self.folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(json.loads(done.stdout)), n_rows, month)
            self.assertIn("no scenarios were looked at" if n_rows else "no evidence is outdated", done.stderr)
        done = run("evidence", "outdated", "--no-shipped-models", "--models", models, "--as-of", "2027-11", "--strict",
                   folder=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("cost", done.stdout)

    def test_a_chain_leads_to_the_latest(self):
        models = self.folder / "models"
        self.file("models/cost.cfg")
        (models / "later.cfg").write_text(
            'sources = {\n'
            '  report_two = { citation = "Two"; supersedes = ( { source = "report_one"; because = "next"; } ); };\n'
            '  report_three = { citation = "Three"; supersedes = ( { source = "report_two"; because = "last"; } ); };\n};\n')
        done = run("evidence", "outdated", "--no-shipped-models", "--models", models, "--as-of", "2026-11",
                   "--format", "csv", folder=self.folder)
        (row,) = rows_of(done)
        self.assertEqual((row["superseded_by"], row["because"]), ("report_three", "next"))
        (models / "later.cfg").write_text(
            'sources = {\n'
            '  report_two = { citation = "Two"; supersedes = ( { source = "report_one"; because = "next"; } ); };\n};\n'
            'correlations = { };\n')
        circle = self.file("models/cost.cfg", more=' supersedes = ( { source = "report_two"; because = "no"; } );')
        self.assertTrue(circle.exists())
        done = run("evidence", "outdated", "--no-shipped-models", "--models", models, folder=self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr.count("error[E970]"), 2)

    def test_the_clock_is_only_the_default_and_said(self):
        self.assertIn("by the clock", run("evidence", "outdated").stdout)
        self.assertNotIn("by the clock", run("evidence", "outdated", "--as-of", "2026-11").stdout)

    def test_strict_fails_only_for_what_is_used(self):
        used = run("evidence", "outdated", "scenarios/popp_national_evaluation.cfg", "--as-of", "2026-11", "--strict")
        self.assertEqual(used.returncode, 3)
        replaced = run("evidence", "outdated", "scenarios/popp_matched_control.cfg", "--as-of", "2026-11", "--strict")
        self.assertEqual(replaced.returncode, 0)

    def test_a_run_warns_unless_it_overrides(self):
        for name, warns in (("popp_national_evaluation", True), ("popp_matched_control", False)):
            done = run("run", f"scenarios/{name}.cfg", "--draws", "64", "--out", self.folder / "out")
            self.assertEqual("which steventon_2011 supersedes" in done.stderr, warns, done.stderr)

    def test_mistakes(self):
        for arguments, code in ((("outdated", "--as-of", "2027-13"), "E704"), (("outdated", "--as-of", "soon"), "E704"),
                                (("outdatet",), "E714"), ((), "E706"), (("compare", "models"), "E706"),
                                (("compare", "models", "nowhere"), "E972"), (("compare", "models", "docs"), "E601"),
                                (("compare", "models", "scenarios/run.cfg"), "E972")):
            done = run("evidence", *arguments)
            self.assertEqual((done.returncode, f"error[{code}]" in done.stderr), (2, True), (arguments, done.stderr))


class Compare(Folder):
    def test_every_field_of_an_item(self):
        one = self.file("one.cfg", other=EXTRA % "report_one")
        two = self.file("two.cfg", version="2", source="report_two", year="2025-26", grade=2,
                        value='{ dist = "gamma"; mean = 12.0; se = 2.0; }', review='  review_by = "2029-01";')
        done = run("evidence", "compare", one, two, "--format", "csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {(row["id"], row["field"]): (row["change"], row["earlier"], row["later"]) for row in rows_of(done)}
        self.assertEqual(found["cost", "value"], ("changed", "10", "12"))
        self.assertEqual(found["cost", "price_year"], ("changed", "2024-25", "2025-26"))
        self.assertEqual(found["cost", "grade"], ("changed", "3", "2"))
        self.assertEqual(found["cost", "source"], ("changed", "report_one", "report_two"))
        self.assertEqual(found["cost", "version"], ("changed", "1", "2"))
        self.assertEqual(found["cost", "review_by"], ("changed", "", "2029-01"))
        self.assertEqual(found["cost", "interval"][1], "")
        low, high = map(float, found["cost", "interval"][2].split(" to "))
        self.assertLess(abs(low - 8.41), 0.01)  # gamma of shape 36, scale 1/3: scipy.stats.gamma.ppf
        self.assertLess(abs(high - 16.22), 0.03)
        self.assertEqual(found["extra", "value"], ("removed", "0.5", ""))
        self.assertEqual(found["report_one", "citation"], ("removed", "A report", ""))
        self.assertEqual(found["report_two", "citation"], ("added", "", "A report"))
        back = run("evidence", "compare", two, one, "--format", "csv")
        turned = {(row["id"], row["field"]): (row["earlier"], row["later"]) for row in rows_of(back)}
        self.assertEqual({key: (new, old) for key, (_, old, new) in found.items()}, turned)

    def test_no_difference_and_strict(self):
        one = self.file("one.cfg")
        two = self.file("two.cfg")
        two.write_text("# another layout\n" + two.read_text().replace(";  ", ";\n    "))
        same = run("evidence", "compare", one, two, "--strict")
        self.assertEqual((same.returncode, same.stdout), (0, "No difference in 1 evidence items.\n"))
        self.assertEqual(json.loads(run("evidence", "compare", one, two, "--format", "json").stdout), [])
        self.file("two.cfg", value="11.0")
        self.assertEqual(run("evidence", "compare", one, two, "--strict").returncode, 4)
        self.assertEqual(run("evidence", "compare", one, two).returncode, 0)

    def test_layers_lie_over_what_they_replace(self):
        over = run("evidence", "compare", "models", UPDATE, "--format", "csv")
        rows = rows_of(over)
        self.assertEqual({row["id"] for row in rows}, {ITEM})
        self.assertEqual({row["used_by"] for row in rows}, {"popp_national_evaluation"})
        self.assertEqual({row["overridden_in"] for row in rows}, {"popp_matched_control"})
        later = self.folder / "later"
        shutil.copytree(PROJECT / UPDATE, later)
        text = (later / "popp.cfg").read_text()
        (later / "popp.cfg").write_text(text.replace("mean = 0.0; ci95 = [-0.40, 0.40]", "mean = 0.1; ci95 = [-0.20, 0.40]"))
        two = rows_of(run("evidence", "compare", UPDATE, later, "--format", "csv"))
        self.assertEqual({(row["id"], row["field"]) for row in two}, {(ITEM, "value"), (ITEM, "interval"), (ITEM, "form")})

    def test_scenarios_stand_on_the_later_evidence(self):
        """A scenario of one's own names a model that the compared layers hold, and is found to stand on it."""
        for name, cost in (("march", "21.0"), ("april", "34.0")):
            shutil.copytree(PROJECT / UPDATE, self.folder / name)
            shutil.copytree(PROJECT / "models/debt_advice", self.folder / name / "own_advice")
            model = self.folder / name / "own_advice/model.cfg"
            model.write_text(re.sub(r"\bdebt_advice = \{", "own_advice = {", model.read_text(), count=1))
            (self.folder / name / "own_cost.cfg").write_text(
                'evidence = { own = { cost = { label = "A cost"; kind = "cost"; unit = "GBP/person"; price_year = "2024-25"; '
                f'value = {cost}; source = "assumption"; reason = "=1+1"; grade = 6; }}; }}; }};\n')
        text = (PROJECT / "scenarios/debt_advice_burnley.cfg").read_text()
        plan = self.folder / "own.cfg"
        plan.write_text(re.sub(r"signed_off = \{.*?\};\n", "", text, flags=re.S).replace('"debt_advice"', '"own_advice"'))
        done = run("evidence", "compare", self.folder / "march", self.folder / "april", plan)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("own.cost", done.stdout)
        self.assertIn(f"Of 1 in {plan}, 0 scenarios stand", " ".join(done.stdout.split()))
        listed = run("list", "evidence", "--models", self.folder / "april", "--format", "csv").stdout
        self.assertNotRegex(listed, r"(^|,)=1", "no cell is a formula")

    def test_markdown_and_table_show_the_same_change(self):
        md = run("evidence", "compare", "models", UPDATE, "--format", "md").stdout
        self.assertIn("| popp.return_per_pound | changed | interval | 0.8 to 1.6 | -0.4 to 0.4 |", md)
        table = run("evidence", "compare", "models", UPDATE, "--width", "120").stdout
        self.assertRegex(table, r"popp\.return_per_pound +changed +value +1\.2 +0 ")
        self.assertTrue(all(len(line) <= 120 for line in table.splitlines()))


class Story(Folder):
    """The commands of docs/cookbook.md, "When better evidence arrives", as they stand there."""

    def commands(self):
        text = (PROJECT / "docs/cookbook.md").read_text()
        section = text.split("## When better evidence arrives\n")[1].split("\n## ")[0]
        return [line.strip() for line in section.splitlines() if line.startswith("    dividend ")]

    def test_the_decision_flips(self):
        for name in ("models", "scenarios"):
            os.symlink(PROJECT / name, self.folder / name)
        commands = self.commands()
        self.assertGreaterEqual(len(commands), 4)
        done = [run(*shlex.split(command)[1:], folder=self.folder) for command in commands]
        for command, outcome in zip(commands, done):
            self.assertIn(outcome.returncode, (0, 4) if " diff " in command else (0,), command + outcome.stderr)
        nets = {}
        for version in ("2009", "2011"):
            with open(self.folder / f"results/runs/popp_{version}/summary.csv", encoding="utf-8") as file:
                (row,) = [row for row in csv.DictReader(file)
                          if (row["measure"], row["who"]) == ("net", "public_sector")]
            nets[version] = row
        # Phi(.979982), Phi(-4.9): method.md's worked checks. 16,384 draws of certain pounds.
        self.assertLess(abs(float(nets["2009"]["p_nonneg"]) - 0.8364524961544296), 0.003)
        self.assertLess(float(nets["2011"]["p_nonneg"]), 1e-4)
        self.assertGreater(float(nets["2009"]["mean"]), 0)
        self.assertLess(float(nets["2011"]["mean"]), 0)
        with open(self.folder / "results/runs/popp_2011/changes_inputs.csv", encoding="utf-8") as file:
            self.assertEqual({row["name"] for row in csv.DictReader(file) if row["what"] == "evidence"}, {ITEM})
        with open(self.folder / "results/runs/popp_2011/changes_decisions.csv", encoding="utf-8") as file:
            flipped = {(row["who"], row["what"]): (row["old"], row["new"]) for row in csv.DictReader(file)}
        self.assertEqual(flipped["public_sector", "sign of net present value"], ("gains", "loses"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
