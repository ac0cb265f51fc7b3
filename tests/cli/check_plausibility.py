"""What a run says before it is believed: check_plausibility.py PROGRAM PROJECT_DIR. Standard library only.

A layer over the library of tests/invalid with one model, in which each rule is broken or kept in turn. Falls classes
in Gateshead: 160 people for 19,146, said to return 50.59 for each pound (shared evidence: an outlier); published
returns of exercise classes are .85 to .99 in money (York Health Economics Consortium 2018)."""
import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = sys.argv[1], pathlib.Path(sys.argv[2])
BASE = PROJECT / "tests/invalid/base/models"
COST, PEOPLE, RETURN = 19146.0, 160, 50.59

EVIDENCE = """evidence = {{
  class_cost = {{ label = "A class place"; kind = "cost"; unit = "GBP/person"; price_year = "{year}"; value = {cost!r};
    source = "example"; locator = "claim"; grade = {grade}; }};
  fall_cost = {{ label = "A fall"; kind = "cost"; unit = "GBP/fall"; price_year = "{year}"; value = {saving!r};
    split = {{ hospital = 1.0; }}; cashable = 0.0; source = "example"; locator = "claim"; grade = {grade}; }};
  nothing = {{ label = "Deadweight"; kind = "share"; unit = "share"; value = 0.0; source = "example"; locator = "claim"; grade = 2; }};
  life_value = {{ label = "A better year"; kind = "cost"; unit = "GBP/year"; price_year = "{year}"; value = 1000.0; value_type = "social";
    split = {{ residents = 1.0; }}; cashable = 0.0; source = "example"; locator = "claim"; grade = 2; }};
}};
demand = {{
  fall = {{ label = "Falls"; unit = "fall"; unit_cost = "fall_cost"; }};
  better_year = {{ label = "Better years"; unit = "year"; unit_cost = "life_value"; }};
}};
model = {{
  kind = "programme"; title = "Falls classes"; prevention = "primary"; population_reach = "population_group";
  inputs = {{ people = {{ label = "People"; unit = "people"; min = 0.0; }}; }};
  funnel = {{ eligible = "people"; }}; intake = "once";
  costs = ( {{ name = "classes"; per = "participant"; amount = "class_cost"; }} );
  outcomes = (
    {{ name = "falls"; demand = "fall"; effect_form = "absolute"; effect = {effect}; deadweight = {{ form = "multiplicative"; value = {deadweight}; }};
      profile = {{ plateau_years = 1; fade = "none"; when_funding_stops = "persist"; }}; }},
    {{ name = "life"; demand = "better_year"; effect_form = "absolute"; effect = {better}; deadweight = {{ form = "multiplicative"; value = 0.1; }};
      profile = {{ plateau_years = 1; fade = "none"; when_funding_stops = "persist"; }}; }}
  );
  published_returns = ( {{ basis = "fiscal"; low = 0.85; high = 0.99; source = "example"; locator = "tool"; }} );
}};
"""
YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2012, 2027)]
DEFLATOR = """packs = { hmt_gdp_march_2026 = { kind = "deflator"; label = "Flat prices"; vintage = "test"; source = "example";
  years = [%s]; index = [%s]; last_outturn_year = "2024-25"; replaces_because = "older years"; }; };
""" % (", ".join(f'"{year}"' for year in YEARS), ", ".join(["100.0"] * len(YEARS)))
SCENARIO = """scenario = { title = "Falls classes"; model = "classes"; start_year = "2026-27"; funded_years = 1; horizon_years = 1;
  inputs = { people = 160; }; funding = { council = 1.0; }; conventions = { price_year = "2026-27"; }; };
"""


class Plausibility(unittest.TestCase):
    def find(self, **changes):
        """Rules broken, as (rule, what, value), and what the terminal says. Nothing is broken unless changed."""
        settings = {"year": "2024-25", "grade": 2, "cost": COST / PEOPLE, "saving": 0.9 * COST / PEOPLE / 0.9,
                    "effect": "1.0", "deadweight": "0.1", "better": "0.0",
                    "scenarios": ("falls",)}
        settings.update(changes)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "layer/classes").mkdir(parents=True)
            (folder / "layer/classes/model.cfg").write_text(EVIDENCE.format(**settings))
            (folder / "layer/prices.cfg").write_text(DEFLATOR)
            paths = [folder / f"{scenario}.cfg" for scenario in settings["scenarios"]]
            for path in paths:
                path.write_text(SCENARIO)
            done = subprocess.run([PROGRAM, "run", *map(str, paths), "--no-shipped-models", "--models", str(BASE),
                                   "--models", str(folder / "layer"), "--out", str(folder / "out")],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(folder / "out/plausibility.csv", encoding="utf-8", newline="") as file:
                rows = [(row["rule"], row["what"], float(row["value"])) for row in csv.DictReader(file)]
        return rows, done.stderr

    def test_nothing_to_say(self):
        rows, said = self.find()
        self.assertEqual(rows, [])
        self.assertNotIn("plausibility", said)

    def test_a_return_like_gateshead_s_is_outside_what_was_published(self):
        rows, said = self.find(saving=RETURN * COST / PEOPLE / 0.9)
        (row,) = rows
        self.assertEqual(row[:2], ("return_outside_published", "fiscal"))
        self.assertAlmostEqual(row[2], RETURN, delta=1e-8 * RETURN)
        self.assertIn("the fiscal return of £50.59 for each £1 lies outside the published £0.85 to £0.99", said)

    def test_many_scenarios_with_the_same_to_say_share_a_line(self):
        rows, said = self.find(saving=RETURN * COST / PEOPLE / 0.9, deadweight="0.0", scenarios=[f"falls_{i}" for i in range(6)])
        self.assertEqual(len(rows), 12)
        lines = [line for line in said.splitlines() if "warning: " in line]
        self.assertEqual(len(lines), 2, lines)
        for line in lines:
            self.assertIn("falls_0, falls_1, falls_2, falls_3 and 2 more", line)
            self.assertIn("plausibility.csv has each", line)
        self.assertIn("the fiscal return of £56.21 for each £1 lies outside the published £0.85 to £0.99", lines[0])

    def test_a_return_rounded_to_the_published_one_is_inside(self):
        rows, _ = self.find(saving=0.994 * COST / PEOPLE / 0.9)
        self.assertEqual(rows, [])
        rows, _ = self.find(saving=1.01 * COST / PEOPLE / 0.9)
        self.assertEqual([row[0] for row in rows], ["return_outside_published"])

    def test_a_return_below_is_outside_too(self):
        rows, _ = self.find(saving=0.5 * COST / PEOPLE / 0.9)
        self.assertEqual([row[0] for row in rows], ["return_outside_published"])

    def test_no_deadweight_as_a_number_and_by_name(self):
        for value in ("0.0", "0", '"nothing"'):
            rows, said = self.find(deadweight=value, saving=0.9 * COST / PEOPLE)
            self.assertEqual(rows, [("no_deadweight", "falls", 0.0)], value)
            self.assertIn("nothing is taken off", said)

    def test_social_value_carries_the_case(self):
        rows, _ = self.find(better="1.0")
        (row,) = rows
        self.assertEqual(row[0], "social_value_carries_the_case")
        self.assertGreater(row[2], 0.0)

    def test_weak_evidence_carries_the_case_from_grade_5_on(self):
        self.assertEqual(self.find(grade=4)[0], [])
        rows, _ = self.find(grade=5)
        self.assertEqual(rows, [("weak_evidence_carries_the_case", "benefits", 1.0)])

    def test_a_unit_cost_is_old_after_ten_years(self):
        self.assertEqual(self.find(year="2016-17", cost=COST / PEOPLE)[0], [])
        rows, said = self.find(year="2015-16")
        self.assertEqual(rows, [("old_unit_cost", "life_value", 11.0), ("old_unit_cost", "fall_cost", 11.0)])
        self.assertIn("prices of more than ten years ago", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
