"""dividend explain as people read it: what is printed adds up in every format, the figures are those of a run's
summary.csv, and the grammar answers in kind.

Usage: test_formats.py DIVIDEND PROJECT_DIR
"""
import csv
import decimal
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
DRAWS = ["--draws", "512", "--seed", "9"]
TOTALS = {"all years", "all groups", "at the means", "mean over draws", "the set", "net monetary benefit",
          "all years: nothing is left", "difference"}
NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?$")


def call(*arguments):
    return subprocess.run([PROGRAM, *arguments], cwd=PROJECT, capture_output=True, text=True)


def explain(*arguments):
    done = call("explain", *arguments, *DRAWS)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def number(words):
    words = words.strip()
    return decimal.Decimal(words.replace(",", "")) if NUMBER.match(words) else None


def terminal_tables(text):
    """[(headings, rows)]: between two rules lies what adds up to the row after the second."""
    tables, lines = [], text.split("\n")
    for i, line in enumerate(lines):
        if not re.match(r"  -{10,}$", line):
            continue
        rows, total = [], None
        for k in range(i + 1, len(lines)):
            if re.match(r"  -{10,}$", lines[k]):
                total = re.split(r"\s{2,}", lines[k + 1].strip())
                break
            if not lines[k].strip():
                break
            rows.append(lines[k])
        if total is not None and rows:
            tables.append((lines[i - 1], rows, lines[k + 1]))
    return tables


def columns_of(heading):
    """Right ends of the columns of numbers, from the heading."""
    return [match.end() for match in re.finditer(r"\S+( \S+)*", heading)]


def cell_at(line, end):
    """The word that ends at a column's right end."""
    part = line[:end]
    return part.split("  ")[-1].strip() if len(line) >= end and not line[end:end + 1].strip() else ""


class Rows(html.parser.HTMLParser):
    """Tables of a page: [(caption, rows of cells)]."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tables, self.words = [], None
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.words = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[-1][-1].append(self.words)
            self.words = None

    def handle_data(self, data):
        if self.words is not None:
            self.words += data


class Sums(unittest.TestCase):
    SCENARIOS = sorted(path.stem for path in PROJECT.glob("scenarios/*.cfg") if path.stem != "run")
    SOME = SCENARIOS[::3]  # test_explain.c has every measure of all of them

    def check_grid(self, where, rows, labels, counted):
        """Rows of words whose last is the total; columns named in `labels` add. Returns how many did."""
        n = 0
        for column in labels:
            parts = [number(row[column]) for row in rows[:-1] if column < len(row)]
            total = number(rows[-1][column])
            if total is not None:
                self.assertEqual(sum(p for p in parts if p is not None), total, f"{where}, column {column}: {rows}")
                n += 1
        return n + counted

    def test_json_adds_and_is_the_csv(self):
        measures = ["net", "net_cash", "net_fiscal", "pv_cost", "net_undiscounted"]
        with tempfile.TemporaryDirectory() as folder:
            done = call("run", "--out", folder, "--quiet", *DRAWS)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(pathlib.Path(folder, "summary.csv"), newline="", encoding="utf-8") as file:
                summary = list(csv.DictReader(file))
        for i, scenario in enumerate(self.SCENARIOS):
            measure = measures[i % len(measures)]
            told = json.loads(explain(scenario, f"{measure}.public_sector", "--format", "json"))
            row, = [r for r in summary if (r["scenario"], r["measure"], r["who"]) == (scenario, measure, "public_sector")]
            for key in ("mean", "q025", "q975", "mc_se"):
                self.assertEqual(repr(told[key]), repr(float(row[key])), f"{scenario} {measure} {key}")
            self.check_json(told, f"{scenario} {measure}")

    def check_json(self, told, where):
        tables = [part for section in told["sections"] for part in section["parts"] if "table" in part]
        n = 0
        for table in tables:
            for c, column in enumerate(table["columns"]):
                cells = [row[c] for row in table["rows"]]
                if not (table["last_row_is_total"] and column["adds"] and isinstance(cells[-1], dict)):
                    continue
                shown = sum(number(cell["shown"]) for cell in cells[:-1] if isinstance(cell, dict))
                self.assertEqual(shown, number(cells[-1]["shown"]), f"{where}: {table['table']}")
                values = [cell["value"] for cell in cells[:-1] if isinstance(cell, dict)]
                size = sum(map(abs, values)) + abs(cells[-1]["value"])
                self.assertLessEqual(abs(sum(values) - cells[-1]["value"]), 1e-9 * size + 1e-12, where)
                n += 1
        self.assertGreaterEqual(n, 4, where)

    def test_markdown_adds(self):
        for scenario in self.SOME:
            text = explain(scenario, "net.public_sector", "--format", "md")
            n = 0
            for block in re.findall(r"(?:^\|.*\n)+", text, re.M):
                rows = [[cell.strip() for cell in line.strip("|").split("|")]
                        for line in block.strip().split("\n")]
                adding = [c for c, mark in enumerate(rows[1]) if mark == "---:"]
                body = rows[2:]
                if len(body) > 1 and (body[-1][0] in TOTALS or body[-1][0] == "Public sector"):
                    skip = {"figure", "share", "of it cashable", "discount", "people", "times", "each", "paid",
                            "in force", "unit cost", "value", "whole steps"}
                    keep = [c for c in adding if rows[0][c] not in skip and body[-1][c]]
                    n = self.check_grid(scenario, body, keep, n)
            self.assertGreaterEqual(n, 6, f"{scenario}: too few sums were found")

    def test_terminal_adds(self):
        for scenario in self.SOME:
            n = 0
            for heading, rows, total in terminal_tables(explain(scenario, "net.public_sector", "--width", "120")):
                for end in columns_of(heading)[1:]:
                    whole = number(cell_at(total, end))
                    parts = [number(cell_at(row, end)) for row in rows]
                    if whole is not None:
                        self.assertEqual(sum(p for p in parts if p is not None), whole, f"{scenario}\n{heading}\n{rows}\n{total}")
                        n += 1
            self.assertGreaterEqual(n, 6, f"{scenario}: too few sums were found")


    def test_page_and_report_add(self):
        with tempfile.TemporaryDirectory() as folder:
            done = call("run", "--out", folder, "--quiet", *DRAWS)
            self.assertEqual(done.returncode, 0, done.stderr)
            page = pathlib.Path(folder, "report.html").read_text(encoding="utf-8")
        for scenario in self.SCENARIOS:
            for kind in ("", "cash-", "cost-", "payback-"):
                self.assertIn(f'href="#x-{kind}{scenario}"', page)
            start = page.index(f'<div id="x-{scenario}">')
            rows = Rows(page[start:page.index("</details>", start)]).tables
            n = 0
            for table in rows:
                if table[-1][0] in ("all years", "at the means", "Public sector"):
                    last = len(table[-1]) - 1
                    n = self.check_grid(scenario, table[1:], [last], n)
            self.assertGreaterEqual(n, 4, scenario)
        self.assertLess(len(page.encode()) / len(self.SCENARIOS) * 20, 2e6)


class Stories(unittest.TestCase):
    def test_worked_case_can_be_read(self):
        """30,000 x 4 % x 50 % x 80 % x 30 % x (1 - 20 %) = 115.2; x 1,900 x (1 - 15 %) = 186,048 in a full year."""
        case = PROJECT / "tests/worked/partnership"
        text = explain("--no-shipped-models", "--models", str(case / "models"), str(case / "scenario.cfg"),
                       "net.public_sector", "--width", "200")
        for words in ("115.2", "186,048", "0.62", "0.08", "565,828", "294,928", "270,900", "method 3.4"):
            self.assertIn(words, text)
        for words in ("x effect", "x (1 - deadweight)", "for money, x (1 - optimism bias)"):
            self.assertIn(words, text)

    def test_price_years_and_sources(self):
        text = " ".join(explain("help_three_neighbourhoods", "net.public_sector").split())
        self.assertIn("62,079.33 of 2010-11 x 1.529414 = 94,945.02 of 2026-27", text)
        lines = (PROJECT / "models/evidence/help.cfg").read_text(encoding="utf-8").split("\n")
        stated = 1 + next(i for i, line in enumerate(lines) if line.strip() == "nhs_saving = {")
        self.assertIn(f"models/evidence/help.cfg:{stated}", text)
        self.assertIn("Empowering Communities for Health", text)

    def test_ratios_rates_and_payback(self):
        self.assertIn("Above the line", explain("shared_lives_mental_health", "bcr.total"))
        self.assertIn("never again", explain("shared_lives_mental_health", "payback_year_discounted.total"))
        self.assertIn("nothing is left", explain("affordable_warmth_district", "irr.total"))
        self.assertIn("QALYs", explain("monetised_qalys", "net_monetary_benefit.total.20000"))

    def test_steps_are_told(self):
        self.assertIn("whole steps of 7,300", explain("step_release", "net.total"))

    def test_grammar(self):
        self.assertIn("Net present value through the year 2028-29", explain("help_three_neighbourhoods", "net.icb@2"))
        told = json.loads(explain("help_three_neighbourhoods", "net.icb.p025", "--format", "json"))
        words = " ".join(part["words"] for part in told["sections"][0]["parts"])
        low = f"-£{-told['q025']:,.0f}"  # the quantile asked for is that of the interval
        self.assertIn(f"2.5 % quantile, {low}. Means add up", words)
        self.assertIn("What can be asked", explain("help_three_neighbourhoods"))
        for words, found in ((("help_three_neighbourhoods", "nett.icb"), "did you mean `net.icb`?"),
                             (("help_three_neighbourhoods", "net.nobody"), "is not a measure"),
                             (("neighbourhoods", "net.total"), "holds 2 scenarios"),
                             (("help_three_neighbourhoods", "net.icb", "--format", "csv"), "--format is `csv`")):
            done = call("explain", *words)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn(found, done.stderr)
        self.assertIn("burnley", explain("neighbourhoods--area-burnley", "net.total").lower())

    def test_portfolio(self):
        text = explain("scenarios/cookbook/portfolio.cfg", "net.total")
        self.assertIn("By programme", text)
        self.assertIn("By partner and kind", text)

    def test_hostile_words_stay_words(self):
        with tempfile.TemporaryDirectory() as folder:
            source = (PROJECT / "scenarios/help_three_neighbourhoods.cfg").read_text(encoding="utf-8")
            path = pathlib.Path(folder, "hostile.cfg")
            path.write_text(source.replace("HELP in three neighbourhoods", "a | b <script> [x](y)"), encoding="utf-8")
            self.assertIn("a \\| b \\<script\\> \\[x\\](y)", explain(str(path), "net.icb", "--format", "md"))
            json.loads(explain(str(path), "net.icb", "--format", "json"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
