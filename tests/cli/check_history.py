"""The history of runs: check_history.py PROGRAM PROJECT_DIR. Standard library only; read back by Python's own SQLite."""
import contextlib
import csv
import io
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = sys.argv[1], pathlib.Path(sys.argv[2])
SCENARIOS = ("three_year_grant", "signed_off", "cohort_options")


class History(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        shutil.copytree(PROJECT / "models", self.folder / "models")
        (self.folder / "plans").mkdir()
        for name in SCENARIOS + ("run",):
            shutil.copy(PROJECT / f"scenarios/cookbook/{name}.cfg", self.folder / "plans")
        self.file = self.folder / "state/history.sqlite"

    def call(self, *words, code=0):
        own = dict(os.environ, XDG_CACHE_HOME=str(self.folder / "cache"))
        done = subprocess.run([PROGRAM, *map(str, words)], cwd=self.folder, env=own, text=True, capture_output=True)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done

    def run_once(self, *words, code=0):
        return self.call("run", "plans", "--draws", "512", "--out", "out", "--state", "state", *words, code=code)

    def edit(self, name, old, new):
        path = self.folder / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def ask(self, query):
        with contextlib.closing(sqlite3.connect(self.file)) as base:
            return base.execute(query).fetchall()

    def history(self, *words):
        return json.loads(self.call("history", *words, "--state", "state", "--format", "json").stdout)

    def test_runs_are_recorded_with_what_changed(self):
        self.run_once()
        self.run_once()  # the same again: counted, not repeated
        self.assertEqual(self.ask("SELECT run, times FROM runs"), [(1, 2)])
        sizes = {table: self.ask(f"SELECT count(*) FROM {table}")[0][0] for table in ("results", "figures", "parts", "inputs")}
        self.edit("models/evidence/befriending.cfg", "mean = 80.0; sd = 20.0; };", "mean = 95.0; sd = 20.0; }; version = \"2026 survey\";")
        self.run_once()
        self.run_once("--seed", "9")
        self.assertEqual(self.ask("SELECT count(*) FROM scenarios"), [(9,)])
        self.assertEqual(self.ask("PRAGMA journal_mode"), [("delete",)])
        self.assertEqual(self.ask("PRAGMA user_version"), [(1,)])
        rows = self.history("net.public_sector", "--scenario", "three_year_grant")
        self.assertEqual([row["run"] for row in rows], [1, 2, 3])
        self.assertEqual(rows[0]["what_changed"], "first recorded")
        self.assertIn("evidence befriending.coordination_cost changed", rows[1]["what_changed"])
        self.assertIn("befriending.coordination_cost (version 2026 survey, before ", rows[1]["what_changed"])
        self.assertEqual(rows[2]["what_changed"], "seed 9, before 20261123")
        self.assertEqual(rows[1]["change"], rows[1]["value"] - rows[0]["value"])
        unchanged = self.history("--scenario", "cohort_options")
        self.assertEqual(unchanged[1]["what_changed"], "nothing")
        self.assertEqual(unchanged[1]["change"], 0)
        # a result that did not change is kept once
        self.assertLess(self.ask("SELECT count(*) FROM figures")[0][0], 3 * sizes["figures"])
        # as in summary.csv of the last run
        with open(self.folder / "out/summary.csv", newline="", encoding="utf-8") as file:
            net = next(row for row in csv.DictReader(file) if (row["scenario"], row["who"], row["measure"]) ==
                       ("three_year_grant", "public_sector", "net"))
        for ours, theirs in (("value", "headline"), ("q025", "q025"), ("q975", "q975")):
            self.assertEqual(rows[2][ours], float(net[theirs]))
        self.assertTrue(rows[2]["engine_sha256"] == json.loads((self.folder / "out/run_results.json").read_text())["engine_sha256"])

    def test_who_signed(self):
        self.run_once("--only", "signed_off")
        self.assertIn("signed: A. Example", self.history()[0]["sign_off"])
        self.edit("plans/signed_off.cfg", "people = 500", "people = 600")
        self.run_once("--only", "signed_off")
        self.assertIn("signed for other inputs", self.history()[1]["sign_off"])

    def test_formats(self):
        self.run_once()
        self.run_once("--seed", "5")
        table = self.call("history", "--state", "state").stdout
        self.assertIn("three_year_grant: net.public_sector, £", table)
        self.assertIn("seed 5", table)
        self.assertLessEqual(max(map(len, table.splitlines())), 100)
        rows = list(csv.DictReader(io.StringIO(self.call("history", "--history", self.file, "--format", "csv").stdout)))
        self.assertEqual(len(rows), 6)
        self.assertEqual([float(row["value"]) for row in rows], [row["value"] for row in self.history()])
        self.assertIn("| run |", self.call("history", "bcr.total", "--state", "state", "--format", "md").stdout)

    def test_own_file_and_no_state(self):
        self.call("run", "plans", "--draws", "512", "--out", "out", "--history", "deep/er/runs.sqlite", "--only", "signed_off")
        self.file = self.folder / "deep/er/runs.sqlite"
        self.assertEqual(self.ask("SELECT scenario FROM scenarios"), [("signed_off",)])
        self.assertFalse((self.folder / "state").exists())
        self.assertFalse((self.folder / "cache").exists())

    def test_damaged_and_foreign_files_are_refused_before_the_run(self):
        self.run_once("--only", "signed_off")
        whole = self.file.read_bytes()
        foreign = self.folder / "foreign"
        with contextlib.closing(sqlite3.connect(foreign)) as base:
            base.execute("CREATE TABLE mine (a)")
            base.commit()
        later = self.folder / "later"
        later.write_bytes(whole)
        with contextlib.closing(sqlite3.connect(later)) as base:
            base.execute("PRAGMA user_version = 99")
            base.commit()
        page = 4096
        for bad in (b"hello " * 900, whole[:page], whole[:page] + bytes(len(whole) - page), foreign.read_bytes(), later.read_bytes()):
            self.file.write_bytes(bad)
            shutil.rmtree(self.folder / "out")
            self.assertIn("E952", self.run_once("--only", "signed_off", code=2).stderr)
            self.assertFalse((self.folder / "out").exists())
            self.assertIn("E952", self.call("history", "--state", "state", code=2).stderr)
            self.assertEqual(self.file.read_bytes(), bad)
            (self.folder / "out").mkdir()
        self.file.write_bytes(b"")  # as touch makes it: a new one
        self.run_once("--only", "signed_off")
        self.assertEqual(len(self.history()), 1)

    def test_what_cannot_be_recorded_only_warns(self):
        self.run_once("--only", "signed_off")
        with contextlib.closing(sqlite3.connect(self.file)) as base:
            base.execute("DROP TABLE figures")
            base.commit()
        done = self.run_once("--only", "signed_off", "--seed", "3")
        self.assertIn("warning: the run could not be added to its history", done.stderr)
        self.assertEqual(self.ask("SELECT count(*) FROM runs"), [(1,)])  # nothing half-added

    def test_what_is_not_there_is_said(self):
        self.assertIn("E953", self.call("history", code=2).stderr)
        self.assertIn("E953", self.call("history", "--state", "nowhere", code=2).stderr)
        self.run_once("--only", "signed_off")
        said = self.call("history", "net.public_sectr", "--state", "state", code=2).stderr
        self.assertIn("did you mean `net.public_sector`?", said)
        self.assertIn("E953", self.call("history", "--state", "state", "--scenario", "nobody", code=2).stderr)
        self.assertIn("E706", self.call("history", "a", "b", "--state", "state", code=2).stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
