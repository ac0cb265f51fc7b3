"""What machines that run jobs read beside a run, and manuals: check_ci.py PROGRAM PROJECT_DIR. Standard library only."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

PROGRAM, PROJECT = sys.argv[1], sys.argv[2]
SCENARIO = "scenarios/cookbook/expectations.cfg"
HOSTILE = 'a "reason" & <b>more</b>, 50 %: really'


def run(folder, *arguments, **environment):
    return subprocess.run([PROGRAM, *arguments], cwd=PROJECT, capture_output=True, text=True,
                          env={**os.environ, **environment}, check=False)


class Ci(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.expected = self.folder / "expected.cfg"
        words = HOSTILE.replace('"', '\\"')
        self.expected.write_text(
            f'expectations = ( {{ of = "expectations"; that = "net.total >= 0"; reason = "{words}"; }} );\n')

    def path(self, name):
        return str(self.folder / name)

    def run_all(self, *more, **environment):
        return run(self.folder, "run", SCENARIO, "--draws", "1024", "--quiet", "--out", self.path("out"),
                   "--junit", self.path("junit.xml"), "--sarif", self.path("findings.sarif"), *more, **environment)

    def test_junit_counts_what_failed(self):
        done = self.run_all("--expect", str(self.expected))
        self.assertEqual(done.returncode, 3)
        root = ElementTree.parse(self.path("junit.xml")).getroot()
        suites = {suite.get("name"): suite for suite in root.iter("testsuite")}
        self.assertEqual(set(suites), {"configuration", "scenarios", "expectations"})
        for suite in suites.values():
            self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
            self.assertEqual(int(suite.get("failures")), len(suite.findall(".//failure")))
        failures = suites["expectations"].findall(".//failure")
        self.assertEqual(len(failures), 1)
        self.assertIn(HOSTILE, failures[0].get("message"))
        self.assertIn("net.total >= 0", failures[0].get("message"))

    def test_bad_input_is_an_error_of_the_configuration(self):
        self.expected.write_text('expectations = ( { of = "expectations"; that = "net.totl >= 0"; } );\n')
        done = self.run_all("--expect", str(self.expected))
        self.assertEqual(done.returncode, 2)
        root = ElementTree.parse(self.path("junit.xml")).getroot()
        self.assertEqual([error.get("type") for error in root.iter("error")], ["E695"])
        sarif = json.loads(pathlib.Path(self.path("findings.sarif")).read_text())
        self.assertEqual(sarif["version"], "2.1.0")
        (of_run,) = sarif["runs"]
        (finding,) = of_run["results"]
        self.assertEqual(finding["ruleId"], "E695")
        self.assertEqual([rule["id"] for rule in of_run["tool"]["driver"]["rules"]], ["E695"])
        place = finding["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "file://" + str(self.expected))
        line = self.expected.read_text().splitlines()[place["region"]["startLine"] - 1]
        self.assertIn("net.totl", line[place["region"]["startColumn"] - 1:place["region"]["endColumn"] - 1])

    def test_a_clean_run_has_no_findings(self):
        done = self.run_all()
        self.assertEqual(done.returncode, 0, done.stderr)
        sarif = json.loads(pathlib.Path(self.path("findings.sarif")).read_text())
        self.assertEqual(sarif["runs"][0]["results"], [])

    def test_annotations_and_summary(self):
        summary = self.folder / "summary.md"
        summary.write_text("of an earlier step\n")
        done = self.run_all("--expect", str(self.expected), "--github", GITHUB_STEP_SUMMARY=str(summary))
        (line,) = [line for line in done.stderr.splitlines() if line.startswith("::")]
        head, words = re.match(r"::error (.*?)::(.*)$", line).groups()
        self.assertIn("line=1", head)
        self.assertIn(str(self.expected), head)
        self.assertIn("50 %25: really", words)
        text = summary.read_text()
        self.assertTrue(text.startswith("of an earlier step\n"))
        self.assertIn("## Expectations: 3 of 4 hold", text)
        self.assertIn("| expectations |", text)

    def test_a_summary_stays_below_what_a_build_server_takes(self):
        """GitHub refuses a step's summary of over 1 MiB; 14,000 expectations would make 1.1 MB."""
        self.expected.write_text("expectations = ( %s );\n" % ",\n".join(
            f'{{ of = "expectations"; that = "net.total >= {-1e9 - i}"; reason = "number {i} of many"; severity = "warn"; }}'
            for i in range(14000)))
        summary = self.folder / "summary.md"
        done = self.run_all("--expect", str(self.expected), "--github", GITHUB_STEP_SUMMARY=str(summary))
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        text = summary.read_bytes()
        self.assertLessEqual(len(text), 900 * 1024)
        self.assertGreater(len(text), 890 * 1024)
        lines = text.decode().rstrip("\n").split("\n")
        self.assertIn("Cut here", lines[-1])
        self.assertRegex(lines[-3], r"^- held: .* the run gives -?[0-9,]+$", "its last line is whole")

    def test_lineage_has_a_start_and_an_end(self):
        events = self.folder / "events.jsonl"
        for _ in range(2):
            self.assertEqual(self.run_all("--openlineage", str(events)).returncode, 0)
        lines = [json.loads(line) for line in events.read_text().splitlines()]
        self.assertEqual([event["eventType"] for event in lines], ["START", "COMPLETE"] * 2)
        for start, end in (lines[:2], lines[2:]):
            self.assertEqual(start["run"]["runId"], end["run"]["runId"])
            self.assertRegex(start["run"]["runId"], r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
            self.assertRegex(start["eventTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertIn(SCENARIO, [dataset["name"] for dataset in end["inputs"]])
            self.assertEqual([dataset["name"] for dataset in end["outputs"]], [self.path("out")])

    def test_a_file_that_cannot_be_written_is_said(self):
        done = run(self.folder, "run", SCENARIO, "--draws", "512", "--quiet", "--out", self.path("out"),
                   "--junit", self.path("nowhere/junit.xml"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere/junit.xml", done.stderr)
        self.assertTrue(os.path.exists(self.path("out/summary.csv")))

    def test_manuals_name_every_option(self):
        names = re.findall(r"^ +(?:-., )?--([a-z-]+)", run(None, "help", "run").stdout, re.MULTILINE)
        self.assertGreater(len(names), 15)
        for form in ("man", "bash", "zsh", "fish"):
            done = run(None, "manual", form)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for name in names:
                escaped = name.replace("-", "\\-") if form == "man" else name
                self.assertIn(escaped, done.stdout, form)
            if form == "bash":
                subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=True)
        self.assertEqual(run(None, "manual", "csh").returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
