"""One SHA-256 over many ways to make the same results.

Usage: matrix.py PROJECT_DIR NAME=PROGRAM... [--dozen] [--few] [--mpirun MPIRUN]

Every cell runs the same three commands (two scenarios with decisions, a cohort with options, a portfolio) in one way:
program (compiler and optimisation), threads, instruction set chosen at run time (DIVIDEND_ISA), processor features hidden
from the C library (GLIBC_TUNABLES), language, time zone, and one process, four shards merged, three MPI processes, or cut
short and resumed, where the program can. Its SHA-256 is that of every file written but run_results.json, and of what
is printed. --dozen runs twelve stated cells of the first program. What cannot be had here is said, not passed over.
Exit code 1 where two cells differ.
"""
import argparse
import collections
import hashlib
import itertools
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("project", type=lambda path: pathlib.Path(path).resolve())
parser.add_argument("programs", nargs="+", metavar="NAME=PROGRAM")
parser.add_argument("--dozen", action="store_true")
parser.add_argument("--few", action="store_true", help="512 draws, where time is short")
parser.add_argument("--mpirun", default=shutil.which("mpirun"))
ASKED = parser.parse_args()
PROGRAMS = {name: str(pathlib.Path(path).resolve()) for name, path in (pair.split("=", 1) for pair in ASKED.programs)}

COMMANDS = [("run", "scenarios/cookbook/several_payers.cfg", "scenarios/cookbook/decision.cfg", "--decide", "--draws", "1024"),
            ("run", "scenarios/cookbook/cohort_options.cfg", "--draws", "1024"),
            ("portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "512")]
SHARDED = [COMMANDS[1], ("run", "scenarios/cookbook/several_payers.cfg", "scenarios/cookbook/step_release.cfg", "--draws", "1024")]
DIFFERS = "run_results.json"

# What glibc's functions choose by; they would differ without FMA and AVX if the program called them for a result.
TUNABLES = {"libm as it comes": None, "libm without FMA": "-FMA,-FMA4", "libm without AVX2": "-AVX2,-AVX512F,-AVX512VL",
            "libm without FMA, AVX": "-AVX,-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512DQ,-AVX512BW"}
SETS = ["", "avx2", "baseline"]  # DIVIDEND_ISA; "": the widest of this processor

Cell = collections.namedtuple("Cell", "program threads isa tunables language zone way")
USUAL = {"threads": 2, "isa": "", "tunables": "libm as it comes", "language": "C", "zone": "UTC", "way": "one process"}


def features():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return set(next((line for line in file if line.startswith("flags")), "").split())


LIBM = """
import ctypes, random
exp = ctypes.CDLL("libm.so.6").exp
exp.restype, exp.argtypes = ctypes.c_double, [ctypes.c_double]
dice = random.Random(1)
print(hash(tuple(exp(dice.uniform(0.1, 30.0)) for _ in range(200000))))
"""


def libm_digest(tunables):
    """Of libm's own exp: where it is another one with other features, GLIBC_TUNABLES do reach it."""
    environment = {**os.environ, **({"GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + tunables} if tunables else {})}
    return subprocess.run([sys.executable, "-c", LIBM], env=environment, capture_output=True, text=True, check=True).stdout


class Languages:
    """Languages of this machine, else compiled into a folder of their own where the definitions are installed."""

    def __init__(self, folder):
        self.folder, self.found, self.missing = folder, {"C": {}}, []
        have = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
        for name in ("de_DE", "tr_TR"):
            if f"{name}.utf8" in have:
                self.found[name] = {"LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8"}
            elif self.compile(name):
                self.found[name] = {"LC_ALL": f"{name}.UTF-8", "LANG": f"{name}.UTF-8", "LOCPATH": str(folder)}
            else:
                self.missing.append(name)

    def compile(self, name):
        try:
            done = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(self.folder / f"{name}.UTF-8")],
                                  capture_output=True, check=False)
        except FileNotFoundError:
            return False
        return done.returncode in (0, 1) and (self.folder / f"{name}.UTF-8" / "LC_NUMERIC").exists()


class Runner:
    def __init__(self, folder, languages):
        self.folder, self.languages = folder, languages
        self.helps = {}

    def can(self, program, way):
        """Whether this program can run in this way."""
        if way == "one process":
            return True
        if program not in self.helps:
            self.helps[program] = subprocess.run([PROGRAMS[program], "help", "run"], capture_output=True, text=True,
                                                 check=False).stdout
        if way == "resumed":
            return "--resume" in self.helps[program]
        if way == "4 shards":
            return "--shard" in self.helps[program]
        linked = subprocess.run(["ldd", PROGRAMS[program]], capture_output=True, text=True, check=False).stdout
        return ASKED.mpirun is not None and "libmpi" in linked

    def call(self, cell, arguments, before=(), stop_after=None):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("LC_", "LANG", "DIVIDEND_", "GLIBC_"))}
        environment.update(self.languages.found[cell.language], TZ=cell.zone, HOME=str(self.folder), XDG_CACHE_HOME=str(self.folder / "cache"))
        if cell.isa:
            environment["DIVIDEND_ISA"] = cell.isa
        if TUNABLES[cell.tunables]:
            environment["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=" + TUNABLES[cell.tunables]
        command = [*before, PROGRAMS[cell.program], *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ASKED.project, env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        if stop_after is not None:
            time.sleep(stop_after)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return b""
        printed, said = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}\n{said.decode(errors='replace')}")
        return printed

    def results(self, cell, arguments, out):
        threads = ("--threads", cell.threads)
        if cell.way == "4 shards":
            shards = []
            for number in range(1, 5):
                shards.append(self.folder / f"shard_{number}")
                self.call(cell, (*arguments, *threads, "--shard", f"{number}/4", "--out", shards[-1]))
            printed = self.call(cell, ("merge", *shards, "--out", out))
            for shard in shards:
                shutil.rmtree(shard)
            return printed
        if cell.way == "3 MPI processes":
            return self.call(cell, (*arguments, *threads, "--out", out),
                             before=(ASKED.mpirun, "--allow-run-as-root", "--oversubscribe", "-n", "3"))
        if cell.way == "resumed":
            for seconds in (0.05, 0.15, 0.25):
                self.call(cell, (*arguments, *threads, "--out", out, "--resume"), stop_after=seconds)
            return self.call(cell, (*arguments, *threads, "--out", out, "--resume"))
        return self.call(cell, (*arguments, *threads, "--out", out))

    def digest(self, cell, commands):
        whole = hashlib.sha256()
        for arguments in commands:
            out = self.folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            printed = self.results(cell, arguments, out)
            if cell.way == "one process":
                whole.update(printed.replace(str(out).encode(), b"OUT"))
            else:  # a merge says more, or less, than a run; the files are what counts
                whole.update(self.printed[arguments])
            if cell.way == "one process":
                self.printed[arguments] = printed.replace(str(out).encode(), b"OUT")
            for path in sorted(out.rglob("*")):
                hidden = any(part.startswith(".") for part in path.relative_to(out).parts)
                if path.is_file() and path.name != DIFFERS and not hidden:
                    whole.update(str(path.relative_to(out)).encode() + b"\0" + path.read_bytes())
        return whole.hexdigest()

    printed = {}


def cell(program, **changes):
    return Cell(program=program, **{**USUAL, **changes})


def all_cells():
    cells = []
    for program in PROGRAMS:
        cells += [cell(program, threads=threads, isa=isa) for threads, isa in itertools.product((1, 2, 3, 8), SETS)]
        cells += [cell(program, tunables=name, isa=isa) for name, isa in itertools.product(list(TUNABLES)[1:], ("", "baseline"))]
        cells += [cell(program, language="de_DE", zone="Pacific/Kiritimati"),
                  cell(program, language="tr_TR", zone="America/St_Johns", threads=3)]
    return cells


def split_cells():
    return [cell(program, way=way, isa=isa) for program in PROGRAMS for way in ("one process", "4 shards", "3 MPI processes", "resumed")
            for isa in ("", "baseline")]


def dozen():
    program = next(iter(PROGRAMS))
    plain = [cell(program, threads=1), cell(program, threads=2, isa="avx2"), cell(program, threads=3, isa="baseline"),
             cell(program, threads=8), cell(program, tunables="libm without FMA"),
             cell(program, tunables="libm without FMA, AVX", isa="baseline"),
             cell(program, language="de_DE", zone="Pacific/Kiritimati"),
             cell(program, language="tr_TR", zone="America/St_Johns", threads=3)]
    split = [cell(program), cell(program, way="4 shards"), cell(program, way="3 MPI processes"), cell(program, way="resumed")]
    return plain, split


def few(command):
    """The command with 512 draws: two blocks."""
    return (*command[:command.index("--draws")], "--draws", "512")


def words(one):
    isa = one.isa or "widest"
    return f"{one.program}, {one.threads} threads, {isa}, {one.tunables}, {one.language}, {one.zone}, {one.way}"


def run_cells(runner, cells, commands):
    """The digests; cells that cannot be had are said."""
    digests, missing = collections.defaultdict(list), collections.Counter()
    for one in cells:
        if one.language not in runner.languages.found:
            missing[f"language {one.language} (package locales)"] += 1
        elif one.isa == "avx2" and "avx2" not in features():
            missing["instruction set avx2 of this processor"] += 1
        elif not runner.can(one.program, one.way):
            missing[f"{one.way} of {one.program}"] += 1
        else:
            digests[runner.digest(one, commands)].append(one)
    return digests, missing


def report(digests, missing, started):
    n_cells = sum(map(len, digests.values()))
    for digest, cells in sorted(digests.items(), key=lambda item: -len(item[1])):
        print(f"{digest}  {len(cells)} cells")
        if len(digests) > 1:
            for one in cells[:6]:
                print(f"    {words(one)}")
    for what, count in missing.items():
        print(f"not here: {what}, {count} cell{'' if count == 1 else 's'}")
    print(f"{n_cells} cells, {len(digests)} SHA-256, {time.monotonic() - started:.0f} s", flush=True)
    return len(digests) == 1


def main():
    reach = len({libm_digest(tunables) for tunables in TUNABLES.values()}) > 1
    print(f"libm's own exp {'has other bits' if reach else 'has the same bits'} with its features hidden", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        (folder / "languages").mkdir()
        runner = Runner(folder, Languages(folder / "languages"))
        started = time.monotonic()
        whole, split = dozen() if ASKED.dozen else (all_cells(), split_cells())
        of_whole, of_split = ([few(command) for command in commands] if ASKED.dozen or ASKED.few else commands
                              for commands in (COMMANDS, SHARDED))
        good = report(*run_cells(runner, whole, of_whole), started)
        started = time.monotonic()
        good = report(*run_cells(runner, split, of_split), started) and good
        # The comparison can fail: another seed is another SHA-256.
        first = next(iter(PROGRAMS))
        seeds = {runner.digest(cell(first), [(*few(SHARDED[1]), "--seed", seed)]) for seed in ("1", "2")}
        if len(seeds) != 2:
            print("another seed gives the same bytes: the comparison compares nothing")
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
