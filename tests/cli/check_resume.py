"""Runs that are stopped, and runs in parts: check_resume.py PROGRAM PROJECT_DIR [KILLS]. Standard library only.

Whatever happens to a run (killed anywhere, interrupted, its checkpoint cut or scratched, computed in parts, in
threads), its results have the bytes of a run that nothing happened to; run_results.json, which has the time, apart.
KILLS (default 100) runs are killed at moments chosen at random; scripts/soak asks for 2,000."""
import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM, PROJECT = sys.argv[1], sys.argv[2]
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else int(os.environ.get("DIVIDEND_KILLS", "100"))
SCENARIOS = [f"scenarios/cookbook/{name}.cfg" for name in ("step_release", "half_life_fade", "uncertain_input")]
FEW = [*SCENARIOS, "--draws", "20000"]
MANY = [SCENARIOS[0], SCENARIOS[2], "--draws", "140000"]
TARGET = [SCENARIOS[2], "--precision", "net.total=200", "--draws", "1024", "--max-draws", "65536"]
CHECKPOINT = ".dividend.checkpoint"


def start(*arguments, **more):
    return subprocess.Popen([PROGRAM, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, **more)


def run(*arguments, **more):
    return subprocess.run([PROGRAM, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False, **more)


def digest(folder):
    """SHA-256 over names and bytes of all results files; hidden files are there where one is seen."""
    whole = hashlib.sha256()
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
        name = str(path.relative_to(folder))
        if name != "run_results.json":
            whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


class Folders(unittest.TestCase):
    unbroken = {}

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def path(self, name):
        return str(self.folder / name)

    def expected(self, arguments):
        """Digest of an unbroken run, made once."""
        key = tuple(arguments)
        if key not in Folders.unbroken:
            with tempfile.TemporaryDirectory() as folder:
                out = f"{folder}/out"
                done = run("run", *arguments, "--out", out, "-q")
                self.assertEqual(done.returncode, 0, done.stderr)
                Folders.unbroken[key] = digest(out)
        return Folders.unbroken[key]

    def assert_same(self, folder, arguments):
        self.assertEqual(digest(folder), self.expected(arguments))
        hidden = [p.name for p in pathlib.Path(folder).iterdir() if p.name.startswith(".")]
        self.assertEqual(hidden, [])

    def kill_with_checkpoint(self, arguments, out, more=()):
        """A run that was killed and left a checkpoint with something in it; how large it is."""
        file = pathlib.Path(out, CHECKPOINT)
        process = start("run", *arguments, "--out", out, "-q", "--checkpoint", "0", "--threads", "1", *more)
        while process.poll() is None and not (file.exists() and file.stat().st_size > 60000):
            time.sleep(0.002)
        process.kill()
        process.communicate()
        self.assertTrue(file.exists(), "the run was over before it could be killed")
        return file.stat().st_size


class Resume(Folders):
    def kill_often(self, arguments, kills, seed):
        dice, out = random.Random(seed), self.path("out")
        n_killed = n_whole = 0
        longest = 0.5
        while n_killed < kills:
            begun = time.monotonic()
            process = start("run", *arguments, "--out", out, "-q", "--checkpoint", "0", "--resume")
            try:
                process.communicate(timeout=dice.uniform(0.02, longest))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            if process.returncode == -signal.SIGKILL:
                n_killed += 1
                continue
            self.assertEqual(process.returncode, 0)
            longest = max(0.1, 1.1 * (time.monotonic() - begun))
            self.assert_same(out, arguments)
            shutil.rmtree(out)
            n_whole += 1
        done = run("run", *arguments, "--out", out, "-q", "--checkpoint", "0", "--resume")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(out, arguments)
        return n_whole

    def test_kills_at_random_moments(self):
        for number, arguments in enumerate((FEW, MANY, TARGET)):
            share = KILLS // 3 + (KILLS % 3 if number == 0 else 0)
            with self.subTest(arguments=arguments):
                self.kill_often(arguments, share, 20261128 + number)

    def test_a_signal_leaves_a_checkpoint_and_says_how_to_go_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            out = self.path(f"signal{int(number)}")
            process = start("run", *MANY, "--out", out, "--checkpoint", "0", "--threads", "1")
            while process.poll() is None and not pathlib.Path(out, CHECKPOINT).exists():
                time.sleep(0.002)
            process.send_signal(number)
            _, error = process.communicate()
            self.assertEqual(process.returncode, 128 + number)
            self.assertIn("--resume goes on from there", error)
            self.assertEqual([p.name for p in pathlib.Path(out).iterdir()], [CHECKPOINT])
            done = run("run", *MANY, "--out", out, "--resume", "--threads", "3")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("going on from the checkpoint", done.stderr)
            self.assert_same(out, MANY)

    def test_without_resume_it_begins_anew_and_says_so(self):
        out = self.path("out")
        self.kill_with_checkpoint(FEW, out)
        done = run("run", *FEW, "--out", out)
        self.assertEqual(done.returncode, 0)
        self.assertIn("is discarded: --resume would have gone on from it", done.stderr)
        self.assert_same(out, FEW)

    def test_resume_without_a_checkpoint(self):
        done = run("run", *FEW, "--out", self.path("out"), "--resume")
        self.assertEqual(done.returncode, 0)
        self.assertIn("there is no checkpoint", done.stderr)
        self.assert_same(self.path("out"), FEW)

    def test_a_checkpoint_of_other_inputs_is_never_read(self):
        other = [str(self.folder / "plan.cfg"), "--draws", "40000"]
        plan = pathlib.Path(PROJECT, SCENARIOS[0]).read_text(encoding="utf-8")
        file = self.folder / "plan.cfg"
        file.write_text(plan, encoding="utf-8")
        for change, words in ((lambda: file.write_text(plan.replace("10000", "10001"), encoding="utf-8"),
                               "the inputs of plan are others"),
                              (lambda: other.extend(["--seed", "9"]), "its seed: 1, not 9"),
                              (lambda: other.extend(["--scramblings", "4"]), "its scramblings: 16, not 4")):
            out = self.path("out")
            self.kill_with_checkpoint(other, out)
            change()
            done = run("run", *other, "--out", out, "--resume")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("cannot be used: " + words, done.stderr)
            fresh = self.path("fresh")
            self.assertEqual(run("run", *other, "--out", fresh, "-q").returncode, 0)
            self.assertEqual(digest(out), digest(fresh))
            shutil.rmtree(out)
            shutil.rmtree(fresh)

    def test_damaged_checkpoints(self):
        dice, out = random.Random(5), self.path("out")
        size = self.kill_with_checkpoint(FEW, out)
        whole = pathlib.Path(out, CHECKPOINT).read_bytes()
        for _ in range(6):
            pathlib.Path(out).mkdir(exist_ok=True)
            scratched = bytearray(whole)
            scratched[dice.randrange(30, size)] ^= 1 << dice.randrange(8)
            pathlib.Path(out, CHECKPOINT).write_bytes(scratched)
            done = run("run", *FEW, "--out", out, "--resume")
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stderr, "checksum|damaged|not written to their end")
            self.assert_same(out, FEW)
            shutil.rmtree(out)
        for length in (0, 10, 24, 40, 500, size // 3, size // 2, size - 1):
            pathlib.Path(out).mkdir()
            pathlib.Path(out, CHECKPOINT).write_bytes(whole[:length])
            done = run("run", *FEW, "--out", out, "--resume", "-q")
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stderr, "damaged where it begins|not written to their end")
            self.assert_same(out, FEW)
            shutil.rmtree(out)

    def test_short_runs_write_no_checkpoint(self):
        out = self.path("out")
        process = start("run", *FEW, "--out", out, "-q")
        seen = set()
        while process.poll() is None:
            if os.path.isdir(out):
                seen.update(os.listdir(out))
            time.sleep(0.001)
        process.communicate()
        self.assertNotIn(CHECKPOINT, seen)
        self.assert_same(out, FEW)

    def test_a_second_run_in_the_folder_is_refused(self):
        out = self.path("out")
        first = start("run", SCENARIOS[0], "--draws", "100000000", "--out", out, "-q")
        while not os.path.exists(os.path.join(out, ".dividend.lock")):
            self.assertIsNone(first.poll())
            time.sleep(0.005)
        second = run("run", *FEW, "--out", out)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another run of dividend is working in", second.stderr)
        self.assertIsNone(first.poll())
        first.kill()
        first.communicate()
        self.assertTrue(os.path.exists(os.path.join(out, ".dividend.lock")))  # left by the kill, and no obstacle
        third = run("run", *FEW, "--out", out)
        self.assertEqual(third.returncode, 0, third.stderr)
        self.assert_same(out, FEW)

    def test_a_disk_that_is_full_for_checkpoints(self):
        out = self.path("out")
        script = 'ulimit -f 40; exec "$@"'  # 40 KiB a file: the checkpoint cannot grow, nor can results be written
        process = subprocess.run(["bash", "-c", script, "-", PROGRAM, "run", *FEW, "--out", out, "--checkpoint", "0"],
                                 cwd=PROJECT, capture_output=True, text=True, check=False)
        self.assertEqual(process.returncode, 1)
        self.assertEqual(process.stderr.count("the checkpoint could not be written"), 1, process.stderr)
        self.assertIn("nothing was changed in", process.stderr)
        done = run("run", *FEW, "--out", out, "--resume")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(out, FEW)


class Shards(Folders):
    def shard(self, arguments, k, n, folder, *more):
        done = run("run", *arguments, "--shard", f"{k}/{n}", "--out", folder, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return os.path.join(folder, f"shard-{k}-of-{n}.bin")

    def refused(self, *arguments):
        """Codes of the diagnostics of a refused merge, and all words."""
        done = run("merge", *arguments, "--out", self.path("refused"))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertFalse(os.path.exists(self.path("refused")))
        codes = [line[6:10] for line in done.stderr.splitlines() if line.startswith("error[")]
        return codes, done.stderr

    def test_any_number_in_any_order(self):
        dice = random.Random(3)
        for arguments in (FEW, MANY):
            for n in (2, 3, 5):
                with self.subTest(arguments=arguments, n=n):
                    parts = self.path(f"parts{n}")
                    order = list(range(1, n + 1))
                    dice.shuffle(order)
                    files = [self.shard(arguments, k, n, parts, "-q", "--threads", str(k)) for k in order]
                    self.assertEqual(sorted(os.listdir(parts)), sorted(os.path.basename(file) for file in files))
                    done = run("merge", *files, "--out", self.path("merged"), "-q")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assert_same(self.path("merged"), arguments)
                    shutil.rmtree(parts)

    def test_whole_plans_are_dealt_out_where_there_are_many(self):
        sweep = ["scenarios/cookbook/areas_and_sweeps.cfg", "--draws", "8000"]
        parts = self.path("parts")
        for k in (2, 1):
            self.shard(sweep, k, 2, parts, "-q", "--checkpoint", "86400")
            # their results alone, not draw by draw
            self.assertLess(pathlib.Path(parts, f"shard-{k}-of-2.bin").stat().st_size, 4_000_000)
        self.assertEqual(run("merge", parts, "--out", self.path("merged"), "-q").returncode, 0)
        self.assert_same(self.path("merged"), sweep)

    def test_portfolios_and_decisions(self):
        portfolio = ["scenarios/cookbook/portfolio.cfg", "--draws", "1500", "--decide"]
        parts = self.path("parts")
        for k in (1, 2):
            self.shard(portfolio, k, 2, parts, "-q")
        done = run("merge", parts, "--out", self.path("merged"), "-q")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_same(self.path("merged"), portfolio)

    def test_decide_may_be_asked_of_the_merge(self):
        decision = ["scenarios/cookbook/decision.cfg", "--draws", "1500"]
        parts = self.path("parts")
        for k in (1, 2):
            self.shard(decision, k, 2, parts, "-q")
        self.assertEqual(run("merge", parts, "--decide", "--out", self.path("merged"), "-q").returncode, 0)
        self.assert_same(self.path("merged"), [*decision, "--decide"])

    def test_a_part_that_was_killed_goes_on(self):
        parts = self.path("parts")
        hidden = pathlib.Path(parts, ".shard-1-of-2.checkpoint")
        arguments = ["run", *MANY, "--shard", "1/2", "--out", parts, "--checkpoint", "0", "--threads", "1"]
        process = start(*arguments)
        while process.poll() is None and not (hidden.exists() and hidden.stat().st_size > 60000):
            time.sleep(0.002)
        process.kill()
        process.communicate()
        self.assertNotIn("shard-1-of-2.bin", os.listdir(parts))
        done = run(*arguments, "--resume")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("going on from the checkpoint", done.stderr)
        self.shard(MANY, 2, 2, parts, "-q")
        self.assertEqual(run("merge", parts, "--out", self.path("merged"), "-q").returncode, 0)
        self.assert_same(self.path("merged"), MANY)

    def test_missing_twice_and_mixed_are_all_listed(self):
        parts, other = self.path("parts"), self.path("other")
        for k in (1, 3, 6):
            self.shard(FEW, k, 7, parts, "-q")
        twice = os.path.join(parts, "shard-99-of-99.bin")
        shutil.copy(os.path.join(parts, "shard-3-of-7.bin"), twice)
        seed = self.shard([*FEW, "--seed", "4"], 2, 7, other, "-q")
        number = self.shard(FEW, 2, 4, other, "-q")
        codes, words = self.refused(parts, other)
        self.assertEqual(sorted(codes), ["E941", "E942", "E943", "E943"])
        self.assertIn("parts 2, 4, 5 and 7 of 7 are missing", words)
        self.assertIn("part 3 of 7 is there twice", words)
        self.assertIn(twice, words)
        self.assertRegex(words, f"`{seed}` is not of the same run as .*: its seed: 4, not 20261123")
        self.assertRegex(words, f"`{number}` is not of the same run as .*: it is one of 4 parts, not of 7")

    def test_damaged_shards(self):
        parts, dice = self.path("parts"), random.Random(11)
        files = [self.shard(FEW, k, 2, parts, "-q") for k in (1, 2)]
        whole = pathlib.Path(files[1]).read_bytes()
        for _ in range(12):
            scratched = bytearray(whole)
            scratched[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
            pathlib.Path(files[1]).write_bytes(scratched)
            codes, words = self.refused(parts)
            self.assertIn("E944", codes)
            self.assertIn(files[1], words)
        for length in (0, 10, 24, 100, len(whole) // 2, len(whole) - 1):
            pathlib.Path(files[1]).write_bytes(whole[:length])
            self.assertIn("E944", self.refused(parts)[0])
        pathlib.Path(files[1]).write_bytes(whole)
        self.assertEqual(run("merge", parts, "--out", self.path("merged"), "-q").returncode, 0)
        self.assert_same(self.path("merged"), FEW)

    def test_of_another_version(self):
        parts = self.path("parts")
        file = pathlib.Path(self.shard(FEW, 1, 1, parts, "-q"))
        version = run("--version").stdout.split()[1].encode()
        whole = file.read_bytes()
        at = whole.index(version)
        head = whole.index(b"DvFr")
        length = int.from_bytes(whole[head + 8:head + 16], "little")
        header = bytearray(whole[head:head + 16 + length])
        header[at - head:at - head + len(version)] = b"9" * len(version)
        file.write_bytes(whole[:head] + header + hashlib.sha256(header).digest() + whole[head + 48 + length:])
        codes, words = self.refused(parts)
        self.assertEqual(codes, ["E947"])
        self.assertIn("9" * len(version), words)

    def test_inputs_that_have_changed(self):
        plan = self.folder / "plan.cfg"
        text = pathlib.Path(PROJECT, SCENARIOS[0]).read_text(encoding="utf-8")
        plan.write_text(text, encoding="utf-8")
        parts = self.path("parts")
        self.shard([str(plan), "--draws", "2000"], 1, 1, parts, "-q")
        plan.write_text(text.replace("10000", "10001"), encoding="utf-8")
        codes, words = self.refused(parts)
        self.assertEqual(codes, ["E945"])
        self.assertIn("the inputs of plan are others", words)
        plan.write_text("# another comment\n" + text, encoding="utf-8")
        self.assertEqual(run("merge", parts, "--out", self.path("merged"), "-q").returncode, 0)

    def test_nothing_to_merge(self):
        os.mkdir(self.path("empty"))
        self.assertEqual(self.refused(self.path("empty"))[0], ["E940"])
        self.assertEqual(self.refused(self.path("nowhere"))[0], ["E940"])
        self.assertEqual(self.refused()[0], ["E940"])
        stray = self.folder / "stray.bin"
        stray.write_bytes(b"scenario = { };\n")
        self.assertEqual(self.refused(str(stray))[0], ["E944"])

    def test_what_a_part_refuses(self):
        for more, code in ((["--precision", "net.total=1"], "E946"), (["--format", "csv"], "E948"), (["--state", self.path("state")], "E948"),
                           (["--junit", self.path("junit.xml")], "E948"), (["--shard", "3/2"], "E704"),
                           (["--shard", "0/2"], "E704"), (["--shard", "1"], "E704"), (["--shard", "-1/2"], "E704")):
            done = run("run", *FEW, "--shard", "1/2", "--out", self.path("out"), *more)
            self.assertEqual(done.returncode, 2, more)
            self.assertIn(f"error[{code}]", done.stderr)
            self.assertFalse(os.path.exists(self.path("out")))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=1)
