"""Reruns with --state: check_state.py PROGRAM PROJECT_DIR. Standard library only.

A copy of the models and of some scenarios is run, changed, and run again, beside a run without a state: what is
taken from the cache may never differ by a byte from what a full run writes (run_results.json, which tells the time
and what came from the cache, is left out). The cache is a folder of this test's own."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PROJECT = sys.argv[1], pathlib.Path(sys.argv[2])
SCENARIOS = ("three_year_grant", "uncertain_input", "step_release", "portfolio", "cohort_options", "areas_and_sweeps")
DRAWS = "512"


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "run_results.json"}


class Project:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        shutil.copytree(PROJECT / "models", self.folder / "models")
        (self.folder / "plans").mkdir()
        for name in SCENARIOS + ("run",):
            shutil.copy(PROJECT / f"scenarios/cookbook/{name}.cfg", self.folder / "plans")
        self.edit("plans/areas_and_sweeps.cfg", ('area = "lancashire_districts"', 'area = ["burnley", "pendle"]'),
                  ("[1, 3]", "[1]"))
        self.cache = self.folder / "cache"

    def start(self, *words, **environment):
        own = dict(os.environ, XDG_CACHE_HOME=str(self.cache), **environment)
        return subprocess.Popen([PROGRAM, *map(str, words)], cwd=self.folder, env=own, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def call(self, *words, code=0, **environment):
        process = self.start(*words, **environment)
        out, err = process.communicate()
        assert process.returncode == code, (words, process.returncode, out, err)
        return err

    def rerun(self, *words, out="out", code=0, paths=("plans",), command="run", **environment):
        return self.call(command, *paths, "--draws", DRAWS, "--state", "state", "--out", out, *words, code=code,
                         **environment)

    def full(self, *words, out="full", paths=("plans",), command="run"):
        shutil.rmtree(self.folder / out, ignore_errors=True)
        self.call(command, *paths, "--draws", DRAWS, "--out", out, *words)
        return files_of(self.folder / out)

    def results(self, out="out"):
        return files_of(self.folder / out)

    def from_cache(self, out="out"):
        items = json.loads((self.folder / out / "run_results.json").read_text())["scenarios"]
        return {item["scenario"] for item in items if item.get("from_cache")}, {item["scenario"] for item in items}

    def edit(self, name, *swaps):
        path = self.folder / name
        text = path.read_text()
        for old, new in swaps:
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        path.write_text(text)

    def entries(self):
        return sorted(path for path in (self.cache / "dividend").rglob("*") if path.is_file())


class State(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.first = Project(pathlib.Path(cls.scratch.name) / "first")
        cls.first.folder.mkdir(exist_ok=True)
        cls.said = cls.first.rerun()

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def setUp(self):  # a copy of the project after its first run
        self.project = Project.__new__(Project)
        self.project.folder = pathlib.Path(self.scratch.name) / self.id().rsplit(".", 1)[1]
        shutil.copytree(self.first.folder, self.project.folder)
        self.project.cache = self.project.folder / "cache"

    def assert_as_full(self, *words):
        full = self.project.full(*words)
        ours = self.project.results()
        self.assertEqual(sorted(full), sorted(ours))
        self.assertEqual([name for name in full if full[name] != ours[name]], [])

    def test_first_run_has_nothing_to_take(self):
        self.assertIn("0 of ", self.said)
        self.assertIn("this is the first run", self.said)
        self.assertEqual(self.first.from_cache()[0], set())
        self.assert_as_full()

    def test_nothing_changed_nothing_run(self):
        said = self.project.rerun()
        cached, every = self.project.from_cache()
        self.assertEqual(cached, every)
        self.assertIn(f"{len(every)} of {len(every)} scenarios, totals and sets are as before", said)
        self.assertNotIn("run:", said)
        self.assert_as_full()

    def test_decisions_are_worked_out_again(self):
        only = ("--only", "three_year_grant,cohort_options", "--decide", "--draws-out")
        self.project.rerun(*only)
        self.assertEqual(len(self.project.from_cache()[0]), 2)
        self.assert_as_full(*only)

    def test_portfolio_alone(self):
        self.project.rerun(command="portfolio", paths=("plans/portfolio.cfg",))
        cached, every = self.project.from_cache()
        self.assertEqual(cached, every)
        self.assertTrue(every)
        full = self.project.full(command="portfolio", paths=("plans/portfolio.cfg",))
        self.assertEqual(full, self.project.results())

    def test_changed_evidence_is_named(self):
        # uncertain_input's model does not use befriending's evidence
        self.project.edit("models/evidence/befriending.cfg", ("mean = 80.0; sd = 20.0", "mean = 90.0; sd = 20.0"))
        said = self.project.rerun()
        self.assertIn("evidence befriending.coordination_cost changed", said)
        cached, every = self.project.from_cache()
        self.assertIn("cohort_options", cached)
        self.assertNotIn("three_year_grant", cached)
        self.assertNotIn("areas_and_sweeps--area-pendle--funded_years-1", cached)
        self.assertTrue(any("--total" in name for name in every - cached))
        self.assert_as_full()
        # and back: the first results are still kept, under their own key
        self.project.edit("models/evidence/befriending.cfg", ("mean = 90.0; sd = 20.0", "mean = 80.0; sd = 20.0"))
        self.project.rerun()
        self.assertEqual(*self.project.from_cache())
        self.assert_as_full()

    def test_own_figures_packs_and_settings_are_named(self):
        self.project.edit("plans/three_year_grant.cfg", ("funded_years = 3", "funded_years = 2"))
        self.assertIn("three_year_grant is run: the scenario's own settings changed",
                      self.project.rerun("--only", "three_year_grant,cohort_options"))
        said = self.project.rerun("--only", "three_year_grant", "--seed", "7")
        self.assertIn("three_year_grant is run: seed 7, before 20261123", said)
        said = self.project.rerun("--only", "three_year_grant", "--seed", "7", "--sampling", "plain")
        self.assertIn("sampling plain, before sobol", said)
        # of what did not take part in between, the last run is remembered
        self.assertIn("1 of 1 scenarios is as before", self.project.rerun("--only", "step_release"))

    def test_names_layout_and_words_do_not_count(self):
        folder = self.project.folder
        shutil.move(folder / "models/evidence/befriending.cfg", folder / "models/evidence/zz_friends.cfg")
        self.project.edit("models/evidence/zz_friends.cfg", ("mean = 80.0; sd = 20.0;", "sd = 2.0e1;   mean = 80;"),
                          ("evidence = {", "// a comment\nevidence =\n{"))
        self.project.edit("plans/cohort_options.cfg", ("title = \"", "title = \"Anew: "))
        self.project.edit("plans/three_year_grant.cfg", ("title = \"", "title = \"Renamed: "))
        shutil.move(folder / "plans/cohort_options.cfg", folder / "plans/another_name.cfg")
        said = self.project.rerun()
        cached, every = self.project.from_cache()
        self.assertEqual(cached, every, said)
        self.assertIn("another_name", every)
        self.assert_as_full()
        self.assertIn("Renamed: ", (folder / "out/report.md").read_text())

    def test_damaged_entries_are_worked_out_again(self):
        entries = self.project.entries()
        good = {path: path.read_bytes() for path in entries}
        for i, path in enumerate(entries):
            data = good[path]
            path.write_bytes([data[:-1], data[:len(data) // 2], b"", b"\0" * len(data), data + b"x",
                              data[:200] + bytes([data[200] ^ 4]) + data[201:]][i % 6])
        said = self.project.rerun()
        self.assertEqual(self.project.from_cache()[0], set())
        self.assertIn("its kept result is damaged", said)
        self.assert_as_full()
        self.assertEqual({path: path.read_bytes() for path in self.project.entries()}, good)
        entries[0].unlink()
        self.assertIn("no longer kept in the cache", self.project.rerun())
        # one entry in the place of another
        shutil.copy(entries[1], entries[0])
        self.assertIn("its kept result is damaged", self.project.rerun())
        self.assert_as_full()

    def test_two_at_once(self):
        shutil.rmtree(self.project.cache)
        shutil.rmtree(self.project.folder / "state")
        words = ("run", "plans", "--draws", DRAWS, "--state", "state", "--out")
        both = [self.project.start(*words, out) for out in ("one", "two")]
        for process in both:
            err = process.communicate()[1]
            self.assertEqual(process.returncode, 0, err)
        full = self.project.full()
        self.assertEqual(full, self.project.results("one"))
        self.assertEqual(full, self.project.results("two"))
        self.project.rerun()
        self.assertEqual(*self.project.from_cache())
        self.assertEqual([path for path in self.project.entries() if path.suffix == ".tmp"], [])

    def test_no_cache(self):
        shutil.rmtree(self.project.cache)
        said = self.project.rerun("--no-cache")
        self.assertIn("nothing changed, but --no-cache was given", said)
        self.assertFalse(self.project.cache.exists())
        self.assert_as_full()

    def test_a_cache_that_cannot_be_written_only_warns(self):
        blocked = self.project.folder / "a_file"
        blocked.write_text("")
        self.project.call("run", "plans/three_year_grant.cfg", "--draws", DRAWS, "--state", "state", "--out",
                                 "out", "--no-cache")
        self.project.cache = blocked / "below"
        said = self.project.rerun("--only", "cohort_options")
        self.assertIn("warning: results could not be kept for the next run", said)
        self.assertEqual(said.count("could not be kept"), 1)
        self.assert_as_full("--only", "cohort_options")

    def test_the_limit_holds(self):
        size = sum(path.stat().st_size for path in self.project.entries())
        newest = self.project.entries()[0]
        for path in self.project.entries():
            os.utime(path, (1000, 1000))
        os.utime(newest)
        limit = size / 3 / 1e6
        self.project.rerun("--only", "cohort_options", "--seed", "5", DIVIDEND_CACHE_MB=f"{limit:.6f}")
        left = self.project.entries()
        self.assertLessEqual(sum(path.stat().st_size for path in left), limit * 1e6)
        self.assertGreater(len(left), 1)
        self.assertIn(newest, left)
        self.project.rerun()
        self.assert_as_full()

    def test_a_failed_scenario_is_not_kept(self):
        folder = self.project.folder / "models/broken"
        folder.mkdir()
        (folder / "model.cfg").write_text("""model = {
          kind = "cohort"; title = "Goes wrong in some draws"; cycle_length_years = 1.0; horizon_years = 5.0;
          cycle_correction = "half"; options = ( { name = "usual"; } );
          states = ( { name = "well"; }, { name = "ill"; }, { name = "dead"; dead = true; } );
          transitions = ( { from = "well"; to = { ill = "2.6 * befriending.uptake"; dead = 0.01; well = "rest"; }; },
                          { from = "ill"; to = { ill = "rest"; dead = 0.2; }; } );
          utilities = { well = 0.9; ill = 0.5; }; };""")
        (self.project.folder / "plans/goes_wrong.cfg").write_text('scenario = { title = "A"; model = "broken"; };\n')
        before = len(self.project.entries())
        only = ("--only", "goes_wrong,cohort_options")
        said = self.project.rerun(*only, code=1)
        self.assertIn("goes_wrong is run: new since the last run", said)
        self.assertEqual(len(self.project.entries()), before)
        said = self.project.rerun(*only, code=1)
        self.assertIn("goes_wrong is run: it failed in the last run", said)
        self.assertEqual(self.project.from_cache()[0], {"cohort_options"})

    def test_state_of_others_is_refused_and_ours_mended(self):
        file = self.project.folder / "state/state.json"
        whole = file.read_bytes()
        json.loads(whole)
        for damaged in (whole[:len(whole) // 2], b"", whole.replace(b'"parts": [0', b'"parts": [999999', 1)):
            file.write_bytes(damaged)
            said = self.project.rerun("--only", "cohort_options")
            self.assertIn("W951", said)
            self.assertEqual(json.loads(file.read_text())["program"], "dividend")
        for others in (b"{ \"mine\": 1 }", b"hello", whole.replace(b'"state": 1', b'"state": 99', 1)):
            file.write_bytes(others)
            said = self.project.rerun("--only", "cohort_options", code=2)
            self.assertIn("E950", said)
            self.assertEqual(file.read_bytes(), others)
        self.project.rerun("--only", "cohort_options", "--state", "plans/run.cfg", code=1)

    def test_dry_run_says_what_and_writes_nothing(self):
        before = files_of(self.project.folder)
        self.project.edit("models/evidence/befriending.cfg", ("mean = 80.0; sd = 20.0", "mean = 90.0; sd = 20.0"))
        changed = files_of(self.project.folder)
        process = self.project.start("run", "plans", "--draws", DRAWS, "--state", "state", "--out", "new", "--dry-run")
        said = process.communicate()[0]
        self.assertEqual(process.returncode, 0)
        self.assertEqual(files_of(self.project.folder), changed)
        self.assertNotEqual(before, changed)
        self.assertIn("would be run: evidence befriending.coordination_cost changed", said)
        for words in ("drawing: ", "choosing sets: ", "memory: about ", "disk: about ", "Nothing was run or written."):
            self.assertIn(words, said)

    def test_the_state_has_no_clock(self):
        first = (self.project.folder / "state/state.json").read_bytes()
        self.project.rerun("--threads", "1")
        self.assertEqual(first, (self.project.folder / "state/state.json").read_bytes())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
