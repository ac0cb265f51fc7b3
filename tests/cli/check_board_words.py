"""What a board reads of a deal, a portfolio and a return: check_board_words.py PROGRAM PROJECT_DIR. Standard library only.

A layer over the library of tests/invalid with one model: a council pays for falls classes, a hospital gains from each
fall that does not happen, in cash to a share that the tests set. 100 people, one class place each, one fall each."""
import contextlib
import csv
import html
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile

PROGRAM, PROJECT = sys.argv[1], pathlib.Path(sys.argv[2])
BASE = PROJECT / "tests/invalid/base/models"

MODELS = """evidence = {{
  class_cost = {{ label = "A class place"; kind = "cost"; unit = "GBP/person"; price_year = "2024-25"; value = {cost};
    source = "example"; locator = "claim"; grade = 2; }};
  fall_cost = {{ label = "A fall"; kind = "cost"; unit = "GBP/fall"; price_year = "2024-25"; value = {saving};
    split = {{ hospital = 1.0; }}; cashable = {cashable}; source = "example"; locator = "claim"; grade = 2; }};
}};
demand = {{ fall = {{ label = "Falls"; unit = "fall"; unit_cost = "fall_cost"; }}; }};
model = {{
  kind = "programme"; title = "Falls classes"; prevention = "primary"; population_reach = "population_group";
  inputs = {{ people = {{ label = "People"; unit = "people"; min = 0.0; }}; }};
  funnel = {{ eligible = "people"; }}; intake = "once";
  costs = ( {{ name = "classes"; per = "participant"; amount = "class_cost"; }} );
  outcomes = ( {{ name = "falls"; demand = "fall"; effect_form = "absolute"; effect = 1.0;
    deadweight = {{ form = "multiplicative"; value = 0.1; }};
    profile = {{ plateau_years = 1; fade = "none"; when_funding_stops = "persist"; }}; }} );
}};
"""
YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2012, 2027)]
DEFLATOR = """packs = { hmt_gdp_march_2026 = { kind = "deflator"; label = "Flat prices"; vintage = "test"; source = "example";
  years = [%s]; index = [%s]; last_outturn_year = "2024-25"; replaces_because = "older years"; }; };
""" % (", ".join(f'"{year}"' for year in YEARS), ", ".join(["100.0"] * len(YEARS)))
SCENARIO = """scenario = { title = "Falls classes"; model = "classes"; start_year = "2026-27"; funded_years = 1; horizon_years = 1;
  inputs = { people = %s; }; funding = { council = 1.0; }; conventions = { price_year = "2024-25"; }; };
"""
PORTFOLIO = """portfolio = { title = "Falls"; question = "Which to fund?"; start_year = "2026-27"; horizon_years = 1;
  programmes = ( %s ); %s conventions = { price_year = "2024-25"; }; };
"""


def plain(text):
    """The words of a page or of wrapped lines, blanks made one."""
    text = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))


class Board(unittest.TestCase):
    @contextlib.contextmanager
    def layer(self, cost="100.0", saving="200.0", cashable="0.0"):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "layer/classes").mkdir(parents=True)
            (folder / "layer/classes/model.cfg").write_text(MODELS.format(cost=cost, saving=saving, cashable=cashable))
            (folder / "layer/prices.cfg").write_text(DEFLATOR)
            (folder / "falls.cfg").write_text(SCENARIO % "100")
            (folder / "few.cfg").write_text(SCENARIO % "10")
            yield folder

    def run_it(self, folder, command, name):
        done = subprocess.run([PROGRAM, command, str(folder / name), "--no-shipped-models", "--models", str(BASE), "--models",
                               str(folder / "layer"), "--out", str(folder / "out"), "--width", "160"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {"terminal": plain(done.stdout), "md": plain((folder / "out/report.md").read_text(encoding="utf-8")),
                "html": plain((folder / "out/report.html").read_text(encoding="utf-8"))}

    def portfolio(self, folder, more="", programmes='{ scenario = "falls"; label = "Falls classes"; }'):
        (folder / "board.cfg").write_text(PORTFOLIO % (programmes, more))
        return self.run_it(folder, "portfolio", "board.cfg")

    def test_a_deal_without_cash_says_who_stays_down(self):
        """The hospital gains 18,000 of capacity for the council's 10,000: good with compensation, and no penny to give."""
        with self.layer() as folder:
            said = self.portfolio(folder)
            for form, words in said.items():
                self.assertRegex(words, r"Nobody has cash to give: in cash [\w ]+ stays down by £10,000", form)
                self.assertIn("There is no schedule of payments", words, form)
                for wrong in ("is enough", "nothing needs to move", "pays (-) or receives"):
                    self.assertNotIn(wrong, words, form)
                self.assertLess(words.lower().index("nobody has cash to give"), words.index("on paper"), form)
            page = self.run_it(folder, "run", "falls.cfg")["html"]
            self.assertRegex(page, r"Fair deal not in cash nobody has cash to give: one partner stays down by £10.0k in cash")
            self.assertIn("The fair deal: nobody has cash to give;", page)
            self.assertNotIn("is enough", page)

    def test_a_deal_of_cash_is_paid_by_year(self):
        with self.layer(cashable="1.0") as folder:
            said = self.portfolio(folder)
            for form, words in said.items():
                self.assertIn("All of it can be paid in cash", words, form)
                self.assertIn("pays (-) or receives", words, form)
                self.assertNotIn("Nobody has cash to give", words, form)
            self.assertIn("moving £10.0k is enough", self.run_it(folder, "run", "falls.cfg")["html"])

    def test_a_deal_of_some_cash_pays_what_there_is(self):
        """A fifth of 18,000 is cash: 3,600 of the 10,000 that are asked."""
        with self.layer(cashable="0.2") as folder:
            said = self.portfolio(folder)
            for form, words in said.items():
                self.assertIn("Of the £10,000, £3,600 can be paid in cash", words, form)
                self.assertRegex(words, r"stays down by £6,400", form)
                self.assertIn("here of the £3,600 that can be paid in cash, of £10,000 asked", words, form)
                self.assertNotIn("is enough", words, form)
            self.assertRegex(said["terminal"], r"Hospital -3,600")

    TWO = '{ scenario = "falls"; label = "Falls classes"; scales = [0.5, 1.0]; }, { scenario = "few"; label = "A few"; }'

    def test_the_answer_names_what_to_fund_and_the_objective(self):
        """100 people gain 180 for 100 each, 10 more likewise: 8,000 and 800."""
        with self.layer() as folder:
            said = self.portfolio(folder, "budgets = { council = 20000; };", self.TWO)
            for form, words in said.items():
                self.assertIn("Fund Falls classes (x 1); A few (2 of 2 programmes). Objective, net present value of public "
                              "sector: £8,800, proved best.", words, form)
                self.assertNotIn("Not chosen", words, form)
                self.assertIn("by budget (state deal.baseline_budgets to have it)", words, form)
            self.assertNotIn("[z]", said["terminal"])

    def test_payers_without_a_budget_stand_with_the_answer(self):
        with self.layer() as folder:
            for form, words in self.portfolio(folder, "budgets = { hospital = 5000; };", self.TWO).items():
                at = words.index("Payers without a budget, whom nothing limits: Council.")
                self.assertLess(at, words.index("Who pays, who gains"), form)

    def test_what_does_not_fit_says_how_much_it_lacks(self):
        with self.layer() as folder:
            for form, words in self.portfolio(folder, "budgets = { council = 10500; };", self.TWO).items():
                self.assertIn("Not chosen: A few: it would add £800 to the objective, but beside the set needs £500 more from "
                              "Council in 2026-27 (£11,000 of £10,500).", words, form)
                self.assertIn("A few, alone primary - - 0.00 1,000 0 1,800 800 800 0.0", words.replace("| ", ""), form)

    def test_where_nothing_fits_the_rest_is_still_told(self):
        with self.layer() as folder:
            for form, words in self.portfolio(folder, "budgets = { council = 500; };", self.TWO).items():
                self.assertIn("Fund nothing. What would be worth funding does not fit the budgets", words, form)
                self.assertIn("Falls classes (x 0.5): alone it would be worth £4,000 at this objective, but needs £4,500 more "
                              "from Council in 2026-27 (£5,000 of £500).", words, form)
                self.assertIn("A few: alone it would be worth £800 at this objective, but needs £500 more", words, form)
                self.assertIn("The programmes, each alone", words, form)
                self.assertIn("Shadow prices", words, form)
                self.assertIn("Order of funding as all budgets grow together: at 200 % add A few", words, form)

    def test_what_is_worth_nothing_or_ruled_out_says_so(self):
        with self.layer(saving="50.0") as folder:
            for form, words in self.portfolio(folder, "budgets = { council = 50000; };", self.TWO).items():
                self.assertIn("Fund nothing. No programme alone is worth anything at this objective.", words, form)
                self.assertIn("A few: it is worth nothing at this objective (alone -£550).", words, form)
        with self.layer() as folder:
            for form, words in self.portfolio(folder, 'budgets = { council = 50000; }; excludes = ( { programmes = ["falls", "few"]; } );',
                                              self.TWO).items():
                self.assertIn("Not chosen: A few: Falls classes is in the set, and excludes it.", words, form)
            for form, words in self.portfolio(folder, 'budgets = { council = 50000; }; constraints = [ "net.council >= -10500" ];',
                                              self.TWO).items():
                self.assertIn('Not chosen: A few: it would add £800 to the objective, but breaks "net.council >= -10500".',
                              words, form)

    def test_a_payback_that_more_likely_than_not_never_comes_is_held_back(self):
        """A fall of 125 with a standard error of 500: more than the cost at the mean, less in most draws."""
        with self.layer(cost="100.0", saving='{ dist = "lognormal"; mean = 125.0; se = 500.0; }') as folder:
            said = self.run_it(folder, "run", "falls.cfg")
            self.assertRegex(said["html"], r"Worth its cost by likely never more likely than not never: \d+ % chance within 1 year; "
                                           r"of the means 2026-27")
            self.assertIn(" 2026-27? ", said["terminal"])
            self.assertIn("? where it is more likely than not that the cost is never made good", said["terminal"])
            self.assertRegex(said["md"], r"Discounted payback: 2026-27 at the means, but more likely than not never \(P = 0\.\d\d\)")
        with self.layer() as folder:
            said = self.run_it(folder, "run", "falls.cfg")
            self.assertIn("Worth its cost by 2026-27 capacity counted", said["html"])
            self.assertNotIn("2026-27?", said["terminal"])

    def test_the_comparison_adds_up_to_its_net(self):
        """Residents gain from a demand of theirs (economic), and health is counted: 0.02 QALYs each of 100 people."""
        with self.layer(cashable="0.4") as folder:
            model = folder / "layer/classes/model.cfg"
            text = model.read_text()
            text = text.replace("demand = {", """evidence = { wage = { label = "A day of work"; kind = "cost"; unit = "GBP/day"; price_year = "2024-25"; value = 70.0;
    value_type = "economic"; split = { residents = 1.0; }; cashable = 0.0; source = "example"; locator = "claim"; grade = 2; }; };
demand = { day = { label = "Days of work"; unit = "day"; unit_cost = "wage"; };""", 1).replace("};\nevidence = {", "", 1)
            text = text.replace('when_funding_stops = "persist"; }; } );', """when_funding_stops = "persist"; }; },
    { demand = "day"; effect_form = "absolute"; effect = 1.0; deadweight = { form = "multiplicative"; value = 0.0; };
      profile = { plateau_years = 1; fade = "none"; when_funding_stops = "persist"; }; } );
  qalys = ( { name = "health"; gain = "0.02"; duration_years = 1; } );""")
            model.write_text(text)
            done = subprocess.run([PROGRAM, "run", str(folder / "falls.cfg"), "--no-shipped-models", "--models", str(BASE), "--models",
                                   str(folder / "layer"), "--out", str(folder / "out"), "--width", "80", "--plots", "none"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            own, everyone = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("falls ")][:2]
            self.assertEqual(own, ["10,000", "7,200", "10,800", "-", "8,000", "1.00", "-2,800"])
            self.assertEqual(everyone, ["10,000", "7,200", "10,800", "7,000", "15,000", "2.00"])
            self.assertIn("economic", done.stdout)
            self.assertNotIn("social\n", done.stdout)
            self.assertLessEqual(max(len(line) for line in done.stdout.splitlines() if "/" not in line), 80)
            done = subprocess.run([PROGRAM, "run", str(folder / "falls.cfg"), "--no-shipped-models", "--models", str(BASE), "--models",
                                   str(folder / "layer"), "--out", str(folder / "out"), "--format", "csv"],
                                  capture_output=True, text=True, check=False)
            (row,) = csv.DictReader(io.StringIO(done.stdout))
            self.assertAlmostEqual(float(row["own_pv_cashable_gbp"]) + float(row["own_pv_non_cashable_gbp"]) +
                                   float(row["own_pv_other_gbp"]) - float(row["own_pv_cost_gbp"]), float(row["net_gbp"]), delta=1e-6)
            self.assertEqual([float(row[name]) for name in ("pv_economic_gbp", "qalys", "net_all_gbp")], [7000.0, 2.0, 15000.0])

    def test_what_a_layer_replaced_is_listed_old_and_new(self):
        with self.layer() as folder:
            (folder / "own").mkdir()
            (folder / "own/local.cfg").write_text("""evidence = { class_cost = { label = "A class place"; kind = "cost"; unit = "GBP/person";
  price_year = "2023-24"; value = 140.0; source = "example"; locator = "contract"; grade = 2; replaces_because = "our contract"; }; };
""")
            done = subprocess.run([PROGRAM, "run", str(folder / "falls.cfg"), "--no-shipped-models", "--models", str(BASE), "--models",
                                   str(folder / "layer"), "--models", str(folder / "own"), "--out", str(folder / "out")],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            words = (folder / "out/report.md").read_text(encoding="utf-8")
            self.assertIn("| A class place | 140 | 140 | 140 | GBP/person, 2023-24 prices |", words)
            self.assertIn("| A class place | 100 GBP/person, 2024-25 prices | 140 GBP/person, 2023-24 prices | our contract |", words)
            with zipfile.ZipFile(folder / "out/workbook.xlsx") as book:
                strings = book.read("xl/sharedStrings.xml").decode("utf-8")
            for wanted in ("Replaces, mean as shipped", "100 GBP/person, 2024-25 prices", "our contract"):
                self.assertIn(wanted, strings)

    def test_warnings_say_whose_return_and_whose_value(self):
        """Residents' time costs another 100 each: 180 a person is 1.80 of the council's pound, 0.90 of everybody's."""
        with self.layer() as folder:
            model = folder / "layer/classes/model.cfg"
            text = model.read_text().replace('amount = "class_cost"; } );', """amount = "class_cost"; },
    { name = "time"; per = "participant"; amount = "class_cost"; in_kind = true; payer = "residents"; } );
  published_returns = ( { basis = "fiscal"; low = 5.0; high = 6.0; source = "example"; locator = "tool"; } );""")
            model.write_text(text)
            said = self.warnings(folder)
            self.assertIn("the fiscal return of £0.90 for each £1 lies outside the published £5.00 to £6.00 (example); it is taken over "
                          "everybody's costs, volunteers' and residents' too (of Public sector alone, as in the tables, it is £1.80)",
                          said)
        with self.layer(saving="50.0") as folder:
            model = folder / "layer/classes/model.cfg"
            text = model.read_text().replace("split = { hospital = 1.0; }; cashable = 0.0;",
                                             'split = { residents = 1.0; }; cashable = 0.0; value_type = "economic";')
            model.write_text(text.replace("value = 50.0", "value = 200.0"))
            self.assertIn("value to Residents that is no saving carries the case of falls", self.warnings(folder))

    def warnings(self, folder):
        done = subprocess.run([PROGRAM, "run", str(folder / "falls.cfg"), "--no-shipped-models", "--models", str(BASE), "--models",
                               str(folder / "layer"), "--out", str(folder / "out")], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return plain(done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
