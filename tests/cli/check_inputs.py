"""What a district that brings files of its own is told: one cause for one mistake, which library is in use, and figures
that do not fit each other: check_inputs.py PROGRAM PROJECT_DIR. Standard library only.

A layer over the library of tests/invalid: a scheme of rides to a hospital, which makes one mistake at a time."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
BASE = PROJECT / "tests/invalid/base/models"

EVIDENCE = """sources = { rides_2026 = { citation = "A report, invented"; year = 2026; }; };
evidence = { rides = {
  coordinator = { label = "Coordinator"; kind = "cost"; unit = "GBP/year"; price_year = "2025-26"; value = 20000.0;
    source = "rides_2026"; locator = "page 1"; grade = 4; };
  a_year = { label = "Rides"; kind = "count"; unit = "rides/person/year"; value = 4.0;
    source = "rides_2026"; locator = "page 2"; grade = 4; };
  ride_cost = { label = "A ride"; kind = "cost"; unit = "GBP/ride"; price_year = "2025-26"; value = 10.0;
    source = "rides_2026"; locator = "page 3"; grade = 4; };
  fewer = { label = "Visits missed no longer"; kind = "effect"; unit = "share"; value = { dist = "beta"; mean = 0.5; se = 0.1; };
    source = "rides_2026"; locator = "page 4"; grade = 4; };
  saved = { label = "What a ride saves"; kind = "cost"; unit = "GBP/ride"; price_year = "2025-26"; value = 26.0;
    split = { residents = 1.0; }; value_type = "economic"; source = "rides_2026"; locator = "page 5: 2.6 for 1"; grade = 4;
    note = "Derived: 2.6 x 10."; derived_from = ["rides.ride_cost"]; };
}; };
demand = { taxi_journey_of_members = { label = "Rides by taxi"; unit = "ride"; unit_cost = "rides.saved"; }; };
"""
MODEL = """model = {
  kind = "programme"; title = "Rides to hospital"; prevention = "secondary"; population_reach = "population_group";
  inputs = { members = { label = "Members"; unit = "people"; min = 0.0; }; };
  funnel = { eligible = "members"; }; intake = "once";
  costs = ( { name = "coordinator"; per = "year"; amount = "rides.coordinator"; },
            { name = "rides"; per = "participant_year"; amount = "rides.a_year * rides.ride_cost"; } );
  outcomes = (
    { name = "Visits kept"; demand = "visit"; effect_form = "relative"; effect = "rides.fewer";
      deadweight = { form = "multiplicative"; value = 0.3; }; profile = { fade = "none"; when_funding_stops = "stop"; }; },
    { name = "Fares saved"; demand = "taxi_journey_of_members"; effect_form = "absolute"; effect = "rides.a_year";
      deadweight = { form = "multiplicative"; value = 0.0; }; profile = { fade = "none"; when_funding_stops = "stop"; }; }
  );
};
"""
SCENARIO = """scenario = {
  title = "Rides"; model = "rides"; start_year = "2026-27"; funded_years = 2; horizon_years = 3;
  inputs = { members = 100; }; funding = { council = 0.5; hospital = 0.5; };
};
"""


class Inputs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        (self.folder / "our/rides").mkdir(parents=True)
        (self.folder / "scenarios").mkdir()
        self.write("our/evidence.cfg", EVIDENCE)
        self.write("our/rides/model.cfg", MODEL)
        self.write("scenarios/rides.cfg", SCENARIO)

    def write(self, path, text):
        (self.folder / path).write_text(text)

    def change(self, path, old, new):
        text = (self.folder / path).read_text()
        self.assertEqual(text.count(old), 1, old)
        self.write(path, text.replace(old, new))

    def dividend(self, *arguments, shipped=False, **environment):
        words = list(arguments) + ([] if shipped else ["--no-shipped-models", "--models", str(BASE), "--models", "our"])
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True, check=False,
                              env={**os.environ, **environment})
        return done.returncode, re.findall(r"^(?:error|warning)\[(\w+)\]", done.stderr, re.M), done.stderr + done.stdout

    def check(self, *codes, words=()):
        """Exactly these codes, in the order in which they are printed; and words of the messages."""
        code, found, said = self.dividend("check", "scenarios/rides.cfg")
        self.assertEqual(found, list(codes), said)
        self.assertEqual(code, 2 if any(name[0] == "E" for name in codes) else 0, said)
        for text in words:
            self.assertIn(text, said)

    def test_nothing_to_say(self):
        self.check()

    # ---- relative effects ----

    def test_more_than_there_is_cannot_be_avoided(self):
        self.change("our/evidence.cfg", 'value = { dist = "beta"; mean = 0.5; se = 0.1; }', "value = 1.4")
        self.check("E697", words=["1.4 times the baseline", "rides.fewer", '"Visits kept"', "our/evidence.cfg:"])

    def test_an_override_above_one_is_refused_too(self):
        self.change("scenarios/rides.cfg", "funding =",
                    'override = ( { parameter = "rides.fewer"; value = 3.0; reason = "a slip"; } );\n  funding =')
        self.check("E697", words=["3 times the baseline"])

    def test_programmes_of_a_portfolio_are_looked_at_too(self):
        self.write("scenarios/one.cfg", """portfolio = { title = "One"; start_year = "2026-27"; horizon_years = 3;
  programmes = ( { scenario = "rides"; } ); objective = "net.society"; };
""")
        code, found, said = self.dividend("portfolio", "scenarios/one.cfg", "--draws", "512", "--out", "out")
        self.assertEqual((code, found), (0, []), said)
        self.change("our/evidence.cfg", 'value = { dist = "beta"; mean = 0.5; se = 0.1; }', "value = 1.4")
        for command in ("check", "portfolio"):
            code, found, said = self.dividend(command, "scenarios/one.cfg")
            self.assertEqual((code, found), (2, ["E697"]), said)

    def test_all_of_it_and_increases_are_fine(self):
        for value in ("1.0", "-2.5"):
            self.write("our/evidence.cfg", EVIDENCE.replace('value = { dist = "beta"; mean = 0.5; se = 0.1; }', f"value = {value}"))
            self.check()

    def test_draws_above_one_are_counted(self):
        # P(X > 1) of a normal with mean .8 and sd .2 is .1587; of sd .08 it is .0062, below one in a hundred
        self.change("our/evidence.cfg", 'dist = "beta"; mean = 0.5; se = 0.1;', 'dist = "normal"; mean = 0.8; sd = 0.2;')
        self.check("W821", words=["in about 16 of 100 draws"])
        self.change("our/evidence.cfg", "sd = 0.2", "sd = 0.08")
        self.check()

    def test_deadweight_that_adds_is_seen(self):
        self.change("our/rides/model.cfg", '"multiplicative"; value = 0.3', '"percentage_points"; value = -0.6')
        self.check("E697", words=["1.1 times the baseline"])

    # ---- units and price years ----

    def test_money_is_in_pounds(self):
        self.change("our/evidence.cfg", '"GBP/year"', '"pence/year"')
        self.check("E453", words=['its unit is "pence/year"'])

    def test_a_month_is_no_year(self):
        self.change("our/evidence.cfg", "rides/person/year", "rides/person/month")
        self.check("W824", "W824", words=['e.g. "12 * rides.a_year"', "for a month"])
        self.change("our/rides/model.cfg", '"rides.a_year * rides.ride_cost"', '"12 * rides.a_year * rides.ride_cost"')
        self.check("W824")

    def test_a_demand_is_priced_by_its_own_cost(self):
        self.change("our/evidence.cfg", 'unit = "ride"', 'unit = "week"')
        self.check("W823", words=['counted in "week"', '"GBP/ride"'])
        self.change("our/evidence.cfg", 'unit = "week"', 'unit = "Rides"')
        self.check()

    def test_years_after_the_deflators(self):
        self.change("our/evidence.cfg", '"GBP/year"; price_year = "2025-26"', '"GBP/year"; price_year = "2030-31"')
        self.check("W822", words=["2030-31, after the last deflator", "2023-24 to 2026-27"])
        self.change("our/evidence.cfg", '"2030-31"', '"2055-56"')
        self.check("E698", words=["no deflator reaches"])

    # ---- derived figures, and items that miss ----

    def test_a_derived_figure_is_named_when_its_parent_is_replaced(self):
        (self.folder / "newer").mkdir()
        item = re.search(r"  ride_cost = .*?};", EVIDENCE, re.S).group()
        newer = item.replace("value = 10.0;", 'value = 14.0; replaces_because = "a new contract";')
        self.write("newer/cost.cfg", "evidence = { rides = {\n%s }; };\n" % newer)
        code, found, said = self.dividend("check", "scenarios/rides.cfg", "--no-shipped-models", "--models", str(BASE),
                                          "--models", "our", "--models", "newer", shipped=True)
        self.assertEqual((code, found), (0, ["W826"]), said)
        self.assertIn('"rides.ride_cost" is replaced, and "rides.saved"', said)
        saved = re.search(r"  saved = .*?};\n", EVIDENCE, re.S).group()
        both = saved.replace("value = 26.0;", 'value = 36.4; replaces_because = "2.6 x 14";')
        self.write("newer/cost.cfg", "evidence = { rides = {\n%s%s }; };\n" % (newer, both))
        code, found, said = self.dividend("check", "scenarios/rides.cfg", "--no-shipped-models", "--models", str(BASE),
                                          "--models", "our", "--models", "newer", shipped=True)
        self.assertEqual((code, found), (0, []), said)

    def test_an_override_of_the_parent_counts_as_well(self):
        self.change("scenarios/rides.cfg", "funding =",
                    'override = ( { parameter = "rides.ride_cost"; value = 14.0; reason = "ours"; } );\n  funding =')
        self.check("W826")

    def test_explain_prints_the_note(self):
        code, _, said = self.dividend("explain", "scenarios/rides.cfg", "net.residents")
        self.assertEqual(code, 0, said)
        self.assertIn("Derived: 2.6 x 10.", said)
        self.assertIn("rides.ride_cost", said)

    def test_an_item_that_misses_the_name_it_was_to_replace(self):
        self.change("our/evidence.cfg", "evidence = {",
                    'evidence = { visit_costs = { label = "A visit here"; kind = "cost"; unit = "GBP/visit"; price_year = "2024-25"; '
                    'value = 150.0; source = "rides_2026"; locator = "page 8"; grade = 4; };')
        self.check("W825", words=['"visit_costs"', '"visit_cost"', "replaces_because"])
        self.change("our/evidence.cfg", "visit_costs", "price_of_it")
        self.check()

    # ---- one mistake, one message ----

    def test_what_follows_from_an_unreadable_file_is_left_out(self):
        self.change("our/evidence.cfg", "value = 20000.0", "value = 20,000")
        self.check("E106", words=["more, about names that the unreadable file may hold, are left out", "dividend explain E106"])

    def test_the_cause_stands_first(self):
        self.change("our/rides/model.cfg", "value = 0.0;", "value = 0.0; };")
        self.change("our/evidence.cfg", 'grade = 4; };\n  a_year', 'grade = 9; };\n  a_year')
        _, found, said = self.dividend("check", "scenarios/rides.cfg")
        self.assertEqual(found[0][:2], "E1", said)
        self.assertIn("E204", found)
        self.assertNotIn("E606", found)
        self.assertIn(f"dividend explain {found[0]}", said)

    def test_a_word_without_quotes(self):
        self.change("scenarios/rides.cfg", 'model = "rides"', "model = rides")
        self.check("E114", words=["a word without quotes: rides", 'write "rides"'])

    def test_a_name_in_capitals_is_one_mistake(self):
        self.change("scenarios/rides.cfg", "council = 0.5", "Council = 0.5")
        self.check("E206", words=["do: write council"])

    def test_shares_say_how_much_is_wrong(self):
        self.change("scenarios/rides.cfg", "hospital = 0.5", "hospital = 0.6")
        self.check("E207", words=["0.1 too much"])
        self.change("scenarios/rides.cfg", "hospital = 0.6", "hospital = 0.25")
        self.check("E207", words=["0.25 is missing"])

    def test_a_negative_cost_is_no_percentage(self):
        self.change("our/evidence.cfg", "value = 10.0", "value = -10.0")
        _, found, said = self.dividend("check", "scenarios/rides.cfg")
        self.assertEqual(found, ["E440"], said)
        self.assertNotIn("3.5 %", said)
        self.assertIn("its sign", said)

    def test_names_that_are_nearly_known(self):
        self.change("our/rides/model.cfg", '"taxi_journey_of_members"', '"taxi_journeys"')
        self.check("E517", words=['did you mean "taxi_journey_of_members"?'])
        self.write("our/rides/model.cfg", MODEL)
        self.change("our/evidence.cfg", 'source = "rides_2026"; locator = "page 1"', 'source = "rydes_2026"; locator = "page 1"')
        self.check("E444", words=['did you mean "rides_2026"?'])
        self.change("our/evidence.cfg", '"rydes_2026"', '"a_letter"')
        self.check("E444", words=["in this file or another of its folder"])

    def test_a_portfolio_knows_the_files_beside_it(self):
        portfolio = """portfolio = { title = "Two"; start_year = "2026-27"; horizon_years = 3; objective = "net.society";
  programmes = ( { scenario = "ryides"; } ); budgets = { council = 1000.0; hospital = 1000.0; };
  pools = { both = { label = "Both"; sectors = ["council", "hospital"]; }; }; };
"""
        self.write("scenarios/two.cfg", portfolio)
        code, found, said = self.dividend("portfolio", "scenarios/two.cfg")
        self.assertEqual((code, found), (2, ["E670"]), said)
        self.assertIn('did you mean "rides"?', said)
        self.write("scenarios/two.cfg", portfolio.replace("ryides", "rides").replace("{ council =", "{ councl ="))
        code, found, said = self.dividend("portfolio", "scenarios/two.cfg")
        self.assertEqual((code, found), (2, ["E501"]), said)

    def test_a_warning_about_deadweight_names_the_outcome(self):
        code, _, said = self.dividend("run", "scenarios/rides.cfg", "--draws", "512", "--out", "out")
        self.assertEqual(code, 0, said)
        self.assertIn('happened anyway in "Fares saved" of rides (deadweight is 0)', said)
        self.change("our/rides/model.cfg", "value = 0.3", "value = 0.0")
        _, _, said = self.dividend("run", "scenarios/rides.cfg", "--draws", "512", "--out", "out")
        self.assertIn("happened anyway in rides (deadweight is 0)", said)

    # ---- which library ----

    def test_a_folder_of_ones_own_called_models(self):
        (self.folder / "our").rename(self.folder / "models")
        for arguments in (("check", "scenarios"), ("list", "evidence")):
            code, found, said = self.dividend(*arguments, shipped=True)
            self.assertEqual((code, found), (2, ["E719"]), said)
            self.assertIn("models/ of the folder you are in", said)
            self.assertIn("--models our", said)
        code, found, said = self.dividend("check", "scenarios", "--models", "./models/", shipped=True)
        self.assertEqual((code, found), (2, ["E720"]), said)
        self.assertIn("--models our", said)

    def test_a_whole_library_called_models_is_used(self):
        shutil.copytree(BASE, self.folder / "models")
        code, found, said = self.dividend("check", "scenarios", "--models", "our", shipped=True)
        self.assertEqual((code, found), (0, []), said)

    def test_a_layer_given_twice(self):
        code, found, said = self.dividend("check", "scenarios", "--models", "our/")
        self.assertEqual((code, found), (2, ["E720"]), said)
        self.assertIn("is given twice", said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
