"""What must hold of sign-off, assumptions, checks, CHEERS and gaps: check_assurance.py PROGRAM SOURCE.
Standard library only."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = sys.argv[1], sys.argv[2]
sys.path.insert(0, os.path.join(SOURCE, "tests", "workbook"))
from workbook import Workbook  # noqa: E402

SIGNED = os.path.join(SOURCE, "scenarios", "cookbook", "signed_off.cfg")


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], cwd=SOURCE, capture_output=True, text=True, check=False)


def rows(folder, name):
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


class Assurance(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="dividend_assurance_")
        self.addCleanup(shutil.rmtree, self.folder)

    def place(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def results(self, *arguments):
        out = os.path.join(self.folder, "out")
        outcome = run(*arguments, "--draws", "256", "--out", out)
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        return outcome, out

    def banners(self, outcome, out):
        """What the four places say that a reader meets first."""
        page = re.search(r'<p class="sign \w+"><span>(.*?)\.</span>', read(out, "report.html")).group(1)
        markdown = re.search(r"^\*\*(.*?)\.\*\* Checks:", read(out, "report.md"), re.M).group(1)
        cover = Workbook(os.path.join(out, "workbook.xlsx")).tables["Cover"].rows()
        sheet = [row["Words"] for row in cover if row["Item"] == "Sign-off"][0]
        terminal = " ".join(outcome.stdout.split())
        terminal = re.search(r"sign-off: (.*?); (?:all )?\d+ (?:of \d+ )?checks", terminal).group(1)
        return page, markdown.replace("\\", ""), sheet, terminal

    def signed_text(self):
        """The cookbook's scenario as its folder's run.cfg runs it."""
        shutil.copy(os.path.join(os.path.dirname(SIGNED), "run.cfg"), self.folder)
        with open(SIGNED, encoding="utf-8") as file:
            return file.read()

    def test_the_cookbook_is_signed_for_what_it_says(self):
        """Where this fails because a model or its evidence changed: look at the scenario again, then paste the line
        that `dividend check scenarios/cookbook/signed_off.cfg --sign` prints (docs/cookbook.md)."""
        outcome = run("check", SIGNED, "--sign")
        self.assertIn("Signed off by A. Example (analyst)", outcome.stdout)
        outcome, out = self.results("run", SIGNED)
        for words in self.banners(outcome, out):
            self.assertTrue(words.startswith("Signed off by A. Example (analyst), B. Example (assurer) and "
                                             "C. Example (approver) on 2026-11-20"), words)
        manifest = json.loads(read(out, "manifest.json"))
        self.assertEqual(manifest["sign_off"][0]["signed_sha256"], manifest["scenarios"][0]["inputs_sha256"])

    def test_one_changed_input_unsigns_everywhere(self):
        text = self.signed_text()
        path = self.place("signed_off.cfg", text.replace("cost_each = 30;", "cost_each = 31;"))
        outcome, out = self.results("run", path)
        for words in self.banners(outcome, out):
            self.assertRegex(words, r"^Not signed off: inputs have changed since 2026-11-20 \(were [0-9a-f]{12}\.\.\., "
                                    r"are [0-9a-f]{12}\.\.\.\)$")
        self.assertEqual(rows(out, "assurance/sign_off.csv")[0]["state"], "inputs changed since")
        # The line that check prints signs it again.
        line = re.search(r'inputs_sha256 = "[0-9a-f]{64}";', run("check", path, "--sign").stdout).group(0)
        path = self.place("signed_off.cfg", re.sub(r'inputs_sha256 = "[0-9a-f]{64}";', line,
                                                   text.replace("cost_each = 30;", "cost_each = 31;")))
        outcome, out = self.results("run", path)
        self.assertTrue(all(words.startswith("Signed off by") for words in self.banners(outcome, out)))

    def test_words_and_layout_do_not_unsign(self):
        text = self.signed_text().replace("Time of unpaid carers", "Carers' time").replace(
            "cost_each = 30;", "\n\n cost_each = 3.0e1; # pounds\n")
        self.assertNotEqual(text, self.signed_text())
        outcome, out = self.results("run", self.place("renamed.cfg", text), "--seed", "9")
        self.assertTrue(all(words.startswith("Signed off by") for words in self.banners(outcome, out)))

    def test_without_a_hash_it_is_not_signed_off(self):
        text = re.sub(r'inputs_sha256 = "[0-9a-f]{64}";', "", self.signed_text())
        path = self.place("signed_off.cfg", text)
        outcome, out = self.results("run", path)
        self.assertIn("W809", outcome.stderr)
        for words in self.banners(outcome, out):
            self.assertEqual(words, "Not signed off: the sign-off of 2026-11-20 does not say for which inputs")

    def test_a_run_is_signed_off_only_if_all_is(self):
        text = self.signed_text()
        one = self.place("signed_off.cfg", text)
        two = self.place("other.cfg", re.sub(r"signed_off = \{.*?\};\n", "", text, flags=re.S))
        outcome, out = self.results("run", one, two)
        for words in self.banners(outcome, out):
            self.assertEqual(words, "Not signed off (1 of 2 scenarios and portfolios are)")
        page = read(out, "report.html")
        self.assertIn('<p class="sign good"><span>Signed off by', page)  # in its own section
        outcome, out = self.results("run", one, self.place("again.cfg", text))
        for words in self.banners(outcome, out):
            self.assertEqual(words, "Signed off: all 2 scenarios and portfolios")

    def test_a_portfolio_is_signed_over_its_programmes(self):
        source = os.path.join(SOURCE, "scenarios", "cookbook")
        for name in ("portfolio.cfg", "run.cfg"):
            shutil.copy(os.path.join(source, name), self.folder)
        if os.path.isdir(os.path.join(source, "portfolio")):
            shutil.copytree(os.path.join(source, "portfolio"), os.path.join(self.folder, "portfolio"))
        path = os.path.join(self.folder, "portfolio.cfg")
        names = re.findall(r'scenario = "(\w+)"', read(self.folder, "portfolio.cfg"))
        for name in set(names):
            if os.path.exists(os.path.join(source, name + ".cfg")):
                shutil.copy(os.path.join(source, name + ".cfg"), self.folder)
        checked = run("check", path, "--sign").stdout
        sha = re.search(r'portfolio portfolio\n.*?inputs_sha256 = "([0-9a-f]{64})"', checked, re.S).group(1)
        text = read(self.folder, "portfolio.cfg")
        signed = text.rstrip().removesuffix("};") + (
            '  signed_off = { analyst = "A"; approver = "B"; date = "2026-11-20"; inputs_sha256 = "%s"; };\n};\n' % sha)
        self.place("portfolio.cfg", signed)
        outcome, out = self.results("portfolio", path)
        self.assertIn("Signed off by A (analyst), and B (approver)", read(out, "report.html"))
        # A figure of one of its programmes changes it.
        programme = os.path.join(self.folder, names[0] + ".cfg")
        if not os.path.exists(programme):
            programme = os.path.join(self.folder, "portfolio", names[0] + ".cfg")
        with open(programme, encoding="utf-8") as file:
            changed = re.sub(r"(inputs = \{ \w+ = )([0-9.]+)", lambda found: found.group(1) + found.group(2) + "1",
                             file.read(), count=1)
        with open(programme, "w", encoding="utf-8") as file:
            file.write(changed)
        outcome, out = self.results("portfolio", path)
        self.assertIn("Not signed off: inputs have changed since 2026-11-20", read(out, "report.html"))

    def test_influence_is_the_tornado_of_uncertain_items(self):
        """The tornado of --decide evaluates the same another way; items with a stated plausible range have another
        range there."""
        _, out = self.results("run", "scenarios/cookbook/decision.cfg", "--decide")
        tornado = {row["parameter"]: float(row["swing"])
                   for row in rows(out, "uncertainty/tornado.csv") if row["range"] == "2.5 % to 97.5 %"}
        n = 0
        for row in rows(out, "assurance/assumptions.csv"):
            if row["rank"] and row["item"] in tornado:
                self.assertAlmostEqual(float(row["swing"]), tornado[row["item"]],
                                       delta=1e-9 * (1 + tornado[row["item"]]), msg=row["item"])
                n += 1
        self.assertGreater(n, 3)

    def test_assumptions_are_ranked(self):
        _, out = self.results("run", "scenarios")
        by_scenario = {}
        for row in rows(out, "assurance/assumptions.csv"):
            by_scenario.setdefault(row["scenario"], []).append(row)
            if row["kind"] == "assumption":
                self.assertEqual(row["grade"], "6")
            self.assertTrue(row["citation_or_reason"] or row["kind"] == "input", row)
        self.assertEqual(len(by_scenario), len(rows(out, "assurance/sign_off.csv")))
        for found in by_scenario.values():
            ranked = [row for row in found if row["rank"]]
            self.assertEqual([int(row["rank"]) for row in ranked], list(range(1, len(ranked) + 1)))
            swings = [float(row["swing"]) for row in ranked]
            self.assertEqual(swings, sorted(swings, reverse=True))
            self.assertAlmostEqual(sum(float(row["share_of_swings"]) for row in ranked), 1.0, places=9)
            self.assertEqual(found[:len(ranked)], ranked)

    def check_lists(self, out, subject):
        items = [row for row in rows(out, "assurance/cheers.csv") if row["subject"] == subject]
        self.assertEqual([int(row["number"]) for row in items], list(range(1, 29)))
        for row in items:
            self.assertIn(row["status"], ("reported", "partly", "missing"))
            self.assertEqual(row["content"] == "", row["status"] == "missing", row)
            if row["status"] == "missing":
                self.assertTrue(row["key"], row)
            if row["status"] == "reported":
                self.assertEqual(row["key"], "")
        checks = rows(out, "assurance/checks.csv")
        self.assertTrue(checks)
        for row in checks:
            self.assertNotEqual(row["result"], "fail", row)
            if row["result"] == "pass" and row["kind"] == "arithmetic":
                self.assertLessEqual(float(row["largest_difference"]), float(row["tolerance"]))
                self.assertGreater(int(row["n_compared"]), 0)
        self.assertTrue(rows(out, "assurance/impacts.csv"))
        written = {row["file"] for row in rows(out, "assurance/files.csv")}
        there = {os.path.relpath(os.path.join(place, name), out)
                 for place, _, names in os.walk(out) for name in names}
        self.assertEqual(written, there - {"assurance/files.csv"})
        return {row["item"]: row for row in items}

    def test_a_programme_has_all_28_items(self):
        _, out = self.results("run", SIGNED)
        items = self.check_lists(out, "signed_off")
        self.assertEqual(items["engagement of those affected"]["status"], "reported")
        self.assertEqual(items["analysis plan"]["status"], "missing")
        self.assertIn("£", items["main results"]["content"])
        stated = [row for row in rows(out, "assurance/gaps.csv") if row["origin"] == "stated"]
        self.assertEqual({row["not_counted"] for row in stated}, {"Time of unpaid carers", "Training of the staff"})
        self.assertEqual({row["sector"] for row in stated}, {"residents", ""})

    def test_a_health_model_has_all_28_items(self):
        _, out = self.results("run", "scenarios/cookbook/cohort_options.cfg")
        self.check_lists(out, "cohort_options")
        names = {row["check"] for row in rows(out, "assurance/checks.csv")}
        self.assertLessEqual({"payers_add", "people_conserved", "identical_options"}, names)

    def test_a_portfolio_has_all_28_items(self):
        _, out = self.results("portfolio", "scenarios/cookbook/portfolio.cfg")
        self.check_lists(out, "portfolio")
        checks = {(row["check"], row["result"]) for row in rows(out, "assurance/checks.csv")}
        self.assertIn(("programmes_add", "pass"), checks)
        self.assertIn(("deals_add", "pass"), checks)

    def test_the_manifest_tells_which_part_changed(self):
        text = self.signed_text()
        parts = []
        for cost in ("30", "31"):
            path = self.place("signed_off.cfg", text.replace("cost_each = 30;", f"cost_each = {cost};"))
            _, out = self.results("run", path)
            parts.append(json.loads(read(out, "manifest.json"))["scenarios"][0]["parts_sha256"])
        changed = [name for name in parts[0] if parts[0][name] != parts[1][name]]
        self.assertEqual(changed, ["input cost_each"])


unittest.main(argv=sys.argv[:1], verbosity=1)
