"""The same input gives the same bytes, whatever the threads, the working directory, the folder written to, the time
zone, the language, the date, the terminal and the user's home: every file but run_results.json.

Usage: same_bytes.py DIVIDEND PROJECT_DIR
"""
import locale
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
PROJECT = pathlib.Path(sys.argv[2]).resolve()
DIFFERS = "run_results.json"


def first_installed(*names):
    """A language where numbers have a comma, where the machine has one."""
    kept = locale.setlocale(locale.LC_ALL)
    try:
        for name in names:
            try:
                locale.setlocale(locale.LC_ALL, name)
                return name
            except locale.Error:
                continue
        return "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_ALL, kept)


COMMA = first_installed("de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8")
PLACES = [
    {"threads": "1", "folder": "out", "environment": {"TZ": "UTC", "LC_ALL": "C", "HOME": "/"}},
    {"threads": "2", "folder": "a folder/with blanks/and ü",
     "environment": {"TZ": "Pacific/Kiritimati", "LC_ALL": COMMA, "LANG": COMMA, "TERM": "dumb", "COLUMNS": "40"}},
    {"threads": "3", "folder": "third", "elsewhere": True,
     "environment": {"TZ": "America/St_Johns", "LC_ALL": "", "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "86400",
                     "NO_COLOR": "1", "USER": "somebody", "TMPDIR": "/nonexistent"}},
]


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def first_difference(one, other):
    for at, (a, b) in enumerate(zip(one, other)):
        if a != b:
            return f"byte {at}: {one[max(at - 30, 0):at + 30]!r} and {other[max(at - 30, 0):at + 30]!r}"
    return f"{len(one)} and {len(other)} bytes"


class SameBytes(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def run_at(self, place, arguments):
        out = self.folder / place["folder"]
        directory = PROJECT
        if place.get("elsewhere"):  # the same files in a copy of the project
            directory = self.folder / "copy"
            if not directory.exists():
                directory.mkdir()
                for name in ("models", "scenarios"):
                    shutil.copytree(PROJECT / name, directory / name)
        environment = {**os.environ, **place["environment"]}
        done = subprocess.run([PROGRAM, *arguments, "--threads", place["threads"], "--out", out], cwd=directory,
                              env=environment, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))
        files = files_of(out)
        printed = done.stdout.decode().replace(str(out), "OUT")
        shutil.rmtree(out)
        return files, printed

    def check(self, *arguments, holds):
        wanted, printed = self.run_at(PLACES[0], arguments)
        for name in ("report.html", "workbook.xlsx", "inputs.tar.zst", "manifest.json", "summary.csv", *holds):
            self.assertIn(name, wanted)
        for place in PLACES[1:]:
            files, words = self.run_at(place, arguments)
            self.assertEqual(set(files), set(wanted))
            for name in sorted(set(wanted) - {DIFFERS}):
                if files[name] != wanted[name]:
                    self.fail(f"{name} differs with {place}: {first_difference(wanted[name], files[name])}")
            self.assertEqual(words, printed, "standard output")

    def test_scenarios_with_decisions(self):
        self.check("run", "scenarios/cookbook/decision.cfg", "scenarios/cookbook/several_payers.cfg", "--decide",
                   "--draws-out", "--draws", "2048", holds=["uncertainty/evppi.csv", "draws/decision/costs.csv"])

    def test_health_models(self):
        self.check("run", "scenarios/cookbook/cohort_options.cfg", "--decide", "--draws", "1024",
                   holds=["incremental.csv", "trace.csv", "uncertainty/acceptability.csv"])

    def test_portfolio(self):
        self.check("portfolio", "scenarios/cookbook/portfolio.cfg", "--decide", "--draws", "1024",
                   holds=["portfolio/deals.csv", "portfolio/frontiers.csv"])

    def test_another_seed_differs(self):
        """The comparison can fail: draws of another seed are other draws."""
        arguments = ("run", "scenarios/cookbook/decision.cfg", "--draws", "512")
        one, _ = self.run_at(PLACES[0], (*arguments, "--seed", "1"))
        other, _ = self.run_at(PLACES[0], (*arguments, "--seed", "2"))
        for name in ("report.html", "workbook.xlsx", "summary.csv", "manifest.json"):
            self.assertNotEqual(one[name], other[name], name)
        self.assertEqual(one["inputs.tar.zst"], other["inputs.tar.zst"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
