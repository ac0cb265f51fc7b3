"""report.html as a careful browser would read it: one well-formed file that asks the network for nothing,
says in words what its figures show, and lets no text of the input become markup.

Usage: test_page.py DIVIDEND PROJECT_DIR
"""
import base64
import csv
import hashlib
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import hostile

PROGRAM = pathlib.Path(sys.argv[1])
PROJECT = pathlib.Path(sys.argv[2])
VOID = {"meta", "br", "hr", "input", "link", "img", "base"}
ALLOWED = set(
    "html head meta title style body header nav main section footer p h1 h2 h3 h4 ul ol li dl dt dd div span a "
    "details summary figure figcaption table caption thead tbody tr th td script "
    "svg desc defs pattern rect line circle path polygon polyline text tspan".split())


def run(folder, *arguments):
    done = subprocess.run([PROGRAM, *arguments, "--out", folder, "--quiet"], cwd=PROJECT, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return pathlib.Path(folder, "report.html").read_text(encoding="utf-8")


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children, self.words = [], ""

    def all(self, tag):
        for child in self.children:
            if child.tag == tag:
                yield child
            yield from child.all(tag)

    def text(self):
        return self.words + "".join(child.text() for child in self.children)

    def shown(self):
        return "" if self.tag in ("script", "style") else self.words + "".join(child.shown() for child in self.children)


class Page(html.parser.HTMLParser):
    """A tree; what is not closed in order is a fault."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.faults, self.ids = [], []
        self.root = self.here = Element("", {}, None)
        self.feed(source)
        self.close()
        if self.here is not self.root:
            self.faults.append(f"<{self.here.tag}> is not closed")

    def handle_starttag(self, tag, attributes):
        element = Element(tag, dict(attributes), self.here)
        if len(element.attributes) != len(attributes):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.here.children.append(element)
        if "id" in element.attributes:
            self.ids.append(element.attributes["id"])
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.here = self.here.parent

    def handle_endtag(self, tag):
        if self.here.tag != tag:
            self.faults.append(f"</{tag}> closes <{self.here.tag}> at {self.getpos()}")
        else:
            self.here = self.here.parent

    def handle_data(self, data):
        self.here.words += data

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data}")

    def elements(self, element=None):
        for child in (element or self.root).children:
            yield child
            yield from self.elements(child)


class Contract(unittest.TestCase):
    """What holds of every page."""

    def check(self, source):
        page = Page(source)
        self.assertEqual(page.faults, [])
        self.assertEqual(len(page.ids), len(set(page.ids)), "ids are unique")
        self.check_safety(page, source)
        self.check_data(page)
        self.check_words(page)
        self.check_tables(page)
        return page

    def check_safety(self, page, source):
        self.assertTrue(source.startswith("<!DOCTYPE html>"))
        for element in page.elements():
            self.assertIn(element.tag, ALLOWED)
            for name, value in element.attributes.items():
                self.assertFalse(name.startswith("on") or name in ("style", "src", "srcset", "xlink:href"), name)
                if name == "href":
                    self.assertIn(value.removeprefix("#"), page.ids, value)
                if name not in ("aria-label",):
                    self.assertNotRegex(value or "", r"(?i)https?:|javascript:|data:")
        policy = [meta.attributes["content"] for meta in page.root.all("meta")
                  if meta.attributes.get("http-equiv") == "Content-Security-Policy"]
        self.assertEqual(len(policy), 1)
        self.assertIn("default-src 'none'", policy[0])
        self.assertNotIn("unsafe", policy[0])
        scripts = [script for script in page.root.all("script") if script.attributes.get("class") != "data"]
        styles = list(page.root.all("style"))
        self.assertEqual((len(scripts), len(styles)), (3, 1))
        for blocks, allowed in ((scripts, "script-src"), (styles, "style-src")):
            digests = [base64.b64encode(hashlib.sha256(block.words.encode()).digest()).decode() for block in blocks]
            stated = next(rule for rule in policy[0].split("; ") if rule.startswith(allowed)).split()[1:]
            self.assertEqual(sorted(stated), sorted(f"'sha256-{digest}'" for digest in digests))
        for block in [*scripts, *styles]:
            library = "Chart.js v3" in block.words
            self.assertNotRegex(block.words, r"\beval\b|new Function|innerHTML|XMLHttp|WebSocket|sendBeacon|import\(")
            self.assertNotRegex("" if library else block.words, r"(?i)https?:|url\((?!#)|@import|fetch")
        self.assertIn("Permission is hereby granted, free of charge", source)

    def check_data(self, page):
        """Charts have data that no browser runs, and that say what the table behind them says."""
        blocks = [script for script in page.root.all("script") if script.attributes.get("class") == "data"]
        for block in blocks:
            self.assertEqual(block.attributes["type"], "application/json")
            self.assertNotRegex(block.words, "[<>&]")
            data = json.loads(block.words)
            self.assertIn(data["kind"], ("bars", "lines", "plane"))
            self.assertTrue([svg for svg in block.parent.children if svg.tag == "svg"], data["title"])
        return blocks

    def check_words(self, page):
        for svg in page.root.all("svg"):
            if svg.attributes.get("aria-hidden") == "true":
                continue
            self.assertEqual(svg.attributes.get("role"), "img")
            self.assertTrue(svg.attributes.get("aria-label"))
            self.assertTrue(next(svg.all("title")).text())
            self.assertTrue(next(svg.all("desc")).text())
        for figure in page.root.all("figure"):
            self.assertTrue(next(figure.all("h3")).text())
            self.assertTrue(next(figure.all("figcaption")).children[1].text())
            behind = list(figure.all("table")) or [a for a in figure.all("a") if a.attributes["href"] == "#compared"]
            self.assertTrue(behind, next(figure.all("h3")).text())
        self.assertEqual(len(list(page.root.all("h1"))), 1)
        self.assertNotRegex(page.root.shown(), r"\bnan\b|\binf\b|-nan|\(null\)")

    def check_tables(self, page):
        for table in page.root.all("table"):
            self.assertTrue(next(table.all("caption")).text())
            columns = list(next(table.all("thead")).all("th"))
            for heading in columns:
                self.assertEqual(heading.attributes.get("scope"), "col")
                self.assertTrue(heading.text())
            for row in next(table.all("tbody")).all("tr"):
                self.assertEqual(len(row.children), len(columns))
                self.assertEqual(row.children[0].attributes.get("scope"), "row")


class Pages(Contract):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def test_the_same_bytes_twice(self):
        """From another folder, with other threads."""
        arguments = ("run", "scenarios/falls_ambulance_place.cfg", "scenarios/befriending_west_lancashire.cfg",
                     "--draws", "512", "--decide", "--threads")
        self.assertEqual(run(self.folder / "one", *arguments, "1"), run(self.folder / "two", *arguments, "3"))

    def test_programmes_with_decisions(self):
        """The words of --decide; what summary.csv says."""
        source = run(self.folder / "one", "run", "scenarios", "--draws", "256", "--decide")
        page = self.check(source)
        self.assertIn("What could change the answer", source)
        self.assertNotIn("run again with --decide", source)
        titles = {svg.attributes.get("aria-label") for svg in page.root.all("svg")}
        for title in ("Net by programme", "Who pays and who gains, by partner", "What could change the answer",
                      "Cost-effectiveness acceptability curve", "Cost-effectiveness plane"):
            self.assertIn(title, titles)
        self.check_figures(page, self.folder / "one" / "summary.csv")

    def check_figures(self, page, summary):
        with open(summary, encoding="utf-8") as lines:
            nets = {row["scenario"]: float(row["mean"]) for row in csv.DictReader(lines)
                    if row["measure"] == "net" and row["who"] == "public_sector"}
        table = next(t for t in page.root.all("table") if "Programmes compared" in next(t.all("caption")).text())
        column = [th.text() for th in next(table.all("thead")).all("th")].index("net")
        shown = {next(row.all("a")).attributes["href"].removeprefix("#s-"):
                 float(row.children[column].text().replace(",", "")) for row in next(table.all("tbody")).all("tr")}
        self.assertEqual(set(shown), set(nets))
        for scenario, net in nets.items():
            self.assertLessEqual(abs(shown[scenario] - net), 0.5, scenario)

    def test_without_decisions_says_so(self):
        source = run(self.folder / "out", "run", "scenarios/falls_ambulance_place.cfg", "--draws", "256")
        self.check(source)
        self.assertIn("run again with --decide", source)

    def test_health_models(self):
        self.check(run(self.folder / "out", "run", "scenarios/cookbook/cohort_options.cfg", "--draws", "256", "--decide"))

    def test_portfolio(self):
        source = run(self.folder / "out", "portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "256")
        page = self.check(source)
        self.assertIn("The fair deal", source)
        tables = [next(t.all("caption")).text() for t in page.root.all("table")]
        self.assertIn("Final net of each partner on paper, by rule of sharing", tables)
        self.assertIn("Programmes of the portfolio compared", tables)

    def test_twenty_scenarios_are_small(self):
        scenarios = self.folder / "scenarios"
        scenarios.mkdir()
        shipped = sorted(p for p in (PROJECT / "scenarios").glob("*.cfg") if p.name != "run.cfg")
        for i in range(20):
            shutil.copy(shipped[i % len(shipped)], scenarios / f"copy_{i}.cfg")
        source = run(self.folder / "out", "run", scenarios, "--draws", "256", "--decide")
        self.check(source)
        self.assertLess(len(source.encode()), 2_000_000)

    def test_hostile_words_stay_words(self):
        """In titles, areas, questions, notes, labels, units, sources and reasons, all at once."""
        self.assertGreaterEqual(len(set(hostile.WORDS)), 50)
        source = run(self.folder / "out", *hostile.write(PROJECT, self.folder))
        page = self.check(source)
        text = page.root.shown()
        for words in hostile.WORDS:
            self.assertIn(words, text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
