"""The workflow of docs/cookbook.md, "A nightly job", step by step in a git repository of its own: green, then evidence
changes on a branch, then red, and the right cause is named: check_workflow.py PROGRAM PROJECT_DIR. Standard library only."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

PROGRAM, PROJECT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SCENARIO = "popp_national_evaluation"


def workflow_steps():
    """(condition or None, command) of the steps that run something."""
    text = (PROJECT / "docs/cookbook.md").read_text()
    section = text.split("## A nightly job\n")[1].split("\n## ")[0]
    lines = section.split("        steps:\n")[1].split("\n\n")[0].splitlines()
    steps, condition = [], None
    for line in lines:
        found = re.match(r"\s+(- )?(if|run|uses): (.*)$", line)
        if not found:
            continue
        if found.group(1):
            condition = None
        if found.group(2) == "if":
            condition = found.group(3)
        elif found.group(2) == "run":
            steps.append((condition, found.group(3)))
    return steps


class Workflow(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())).resolve()
        self.origin, self.work = self.folder / "origin", self.folder / "work"
        (self.folder / "bin").mkdir()
        (self.folder / "bin/dividend").symlink_to(PROGRAM)
        self.environment = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "HOME": str(self.folder),
                            "GITHUB_BASE_REF": "main", "GIT_CONFIG_NOSYSTEM": "1"}
        shutil.copytree(PROJECT / "models", self.origin / "models")
        (self.origin / "scenarios").mkdir()
        (self.origin / "scenarios/run.cfg").write_text("run = { seed = 1; draws = 2048; };\n")
        text = (PROJECT / f"scenarios/{SCENARIO}.cfg").read_text()
        self.assertEqual(text.count("    funding ="), 1)
        (self.origin / f"scenarios/{SCENARIO}.cfg").write_text(text.replace(
            "    funding =", '    expect = ( { that = "prob(net.public_sector >= 0) >= 0.5"; reason = "the board\'s rule"; } );\n'
                             "    funding ="))
        shutil.copy(PROJECT / "scenarios/keyring_fylde.cfg", self.origin / "scenarios")
        (self.origin / ".gitignore").write_text("results/\n*.sarif\n*.jsonl\nresults.xml\n")
        self.git(self.origin, "init", "-q", "-b", "main", ".")
        self.commit(self.origin, "Programmes and their evidence")
        self.git(self.folder, "clone", "-q", str(self.origin), str(self.work))
        self.git(self.work, "checkout", "-q", "-b", "update")

    def git(self, folder, *arguments):
        subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@localhost", *arguments], cwd=folder,
                       env=self.environment, check=True, capture_output=True)

    def commit(self, folder, words):
        self.git(folder, "add", "-A")
        self.git(folder, "commit", "-q", "-m", words)

    def run_workflow(self):
        """Exit codes by command, as the service runs them: after a failure only what asks for always()."""
        summary = self.folder / "summary.md"
        summary.write_text("")
        codes, said, failed = {}, "", False
        for condition, command in workflow_steps():
            if failed and "always()" not in (condition or ""):
                continue
            done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=self.work, capture_output=True,
                                  text=True, check=False,
                                  env={**self.environment, "GITHUB_STEP_SUMMARY": str(summary)})
            codes[" ".join(command.split()[:2])] = done.returncode
            said += done.stdout + done.stderr
            failed = failed or done.returncode != 0
        return codes, summary.read_text(), said

    def edit(self, *changes):
        path = self.work / "models/evidence/popp.cfg"
        text = path.read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        path.write_text(text)

    def test_green_then_red_with_the_cause(self):
        codes, summary, said = self.run_workflow()
        self.assertEqual(codes, {"git config": 0, "dividend check": 0, "dividend run": 0, "dividend diff": 0}, said)
        self.assertIn("Expectations: 1 of 1 hold", summary)

        # Words and layout, committed: still green.
        self.edit(("# Did the", "# A comment.\n# Did the"), ("            kind =", "          kind ="))
        self.commit(self.work, "Reformat")
        codes, summary, said = self.run_workflow()
        self.assertEqual(set(codes.values()), {0}, said)

        # The later study replaces the earlier one.
        self.edit(("mean = 1.20; ci95 = [0.80, 1.60]", "mean = 0.0; ci95 = [-0.40, 0.40]"),
                  ('version = "2009: national evaluation"', 'version = "2011: matched controls"'))
        self.commit(self.work, "Update the evidence on POPP")
        codes, summary, said = self.run_workflow()
        self.assertEqual(codes, {"git config": 0, "dividend check": 0, "dividend run": 3, "dividend diff": 4}, said)
        self.assertIn("::error", said)
        self.assertIn("the board's rule", said)
        diff = summary[summary.index("## What changed"):].replace("\\_", "_")
        moved = diff[diff.index("What moved, and why"):]
        self.assertIn("evidence popp.return_per_pound", moved)
        self.assertNotIn("keyring_fylde", diff)
        self.assertEqual(set(re.findall(r"\| evidence ([a-z_.0-9]+) \|", moved)), {"popp.return_per_pound"})
        self.assertRegex(diff, r"gains.*loses")
        failures = ElementTree.parse(self.work / "results.xml").getroot().findall(".//failure")
        self.assertEqual(len(failures), 1)
        self.assertIn("prob(net.public_sector >= 0) >= 0.5", failures[0].get("message"))

        # And what it was is one command away.
        subprocess.run(["git", "worktree", "add", "-q", str(self.folder / "before"), "origin/main"], cwd=self.work,
                       env=self.environment, check=True, capture_output=True)
        compared = subprocess.run(["dividend", "evidence", "compare", str(self.folder / "before/models"), "models",
                                   "--format", "csv"], cwd=self.work, env=self.environment, capture_output=True, text=True,
                                  check=False)
        self.assertIn("popp.return_per_pound,changed,value,1.2,0,popp_national_evaluation", compared.stdout)

    def test_a_change_that_no_scenario_stands_on_is_green(self):
        self.edit(("mean = 226.73; sd = 90.0", "mean = 240.0; sd = 90.0"))
        self.commit(self.work, "Update a cost that no scenario here uses")
        codes, _, said = self.run_workflow()
        self.assertEqual(set(codes.values()), {0}, said)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
