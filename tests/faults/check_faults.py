"""A disk that is full or broken at the n-th call, for every output of a run of two programmes.

Usage: check_faults.py PROGRAM INJECT PROJECT_DIR [--all | --every N] [--budget SECONDS]

`inject` lets one system call fail: a write (ENOSPC, EIO, EFBIG, half of it, or half of it and then a full disk), the opening of a file, a sync or a
rename, of any file that the run writes, in any thread, below stdio. Whatever fails: exit code 1, the file is named, every
file of the earlier run is as it was, byte for byte, and nothing is left behind. A short write is no failure: the rest is
written after it, and all files have the bytes of an undisturbed run. After a failed sync of the folder, or a failed
rename, the files that were renamed before it are new and whole, and no file is half.

Without --all a sample that is the same in every run: of each output the first and the last write, of every third its
opening, sync and rename, faults taken in turn: about 80 runs. --all takes every call with every fault, --every N each N-th. Exit code 77: tracing is not allowed here.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("program", type=lambda path: pathlib.Path(path).resolve())
parser.add_argument("inject", type=lambda path: pathlib.Path(path).resolve())
parser.add_argument("project", type=lambda path: pathlib.Path(path).resolve())
parser.add_argument("--all", action="store_true")
parser.add_argument("--every", type=int)
parser.add_argument("--budget", type=float, help="stop the sample after so many seconds, and say how far it came")
ASKED = parser.parse_args()

SCENARIOS = ["scenarios/help_three_neighbourhoods.cfg", "scenarios/popp_national_evaluation.cfg"]
WRITE_FAULTS = ["ENOSPC", "EIO", "EFBIG", "SHORT", "HALF", "ENOSPC+"]
OTHER_FAULTS = {"open": ["ENOSPC", "EIO"], "sync": ["EIO", "ENOSPC"], "rename": ["EIO", "ENOSPC"]}
# Beside the results, for machines that run jobs: each is written by itself, after the results.
BESIDE = ["junit.xml", "findings.sarif", "summary.md", "lineage.jsonl"]
DIFFERS = {"out/run_results.json", "lineage.jsonl", "junit.xml", "state/history.sqlite"}  # have the times of the run
FAILURES = []


def run(folder, seed, kind="write", fault="ENOSPC", at=0):
    log = folder.parent / "calls.log"
    arguments = [ASKED.inject, kind, fault, str(at), log, ASKED.program, "run", *SCENARIOS, "--draws", "64",
                 "--seed", str(seed), "--quiet", "--threads", "2", "--out", folder / "out", "--state", folder / "state", "--junit", folder / "junit.xml",
                 "--sarif", folder / "findings.sarif", "--openlineage", folder / "lineage.jsonl", "--github"]
    done = subprocess.run(arguments, cwd=ASKED.project, capture_output=True, text=True, check=False,
                          env={**os.environ, "GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "XDG_CACHE_HOME": str(folder / "cache")})
    return done, log.read_text().splitlines() if log.exists() else []


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def output_of(path, folder):
    """The output that a file is written for: temporary files count for the one that they become."""
    name = os.path.relpath(path.replace(" (deleted)", ""), folder)
    if re.search(r"(^|/)tmp\.\w+$", name) or "workbook.xlsx" in name:
        return "out/workbook.xlsx"
    name = name.removesuffix("-journal")  # SQLite's, of the history
    return re.sub(r"(^|/)\.([^/]+?)(\.\d+)?(\.tmp)?$", r"\1\2", re.sub(r"\.\d+\.tmp$", "", name))


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words, flush=True)


def judge(kind, fault, at, output, done, after, before, undisturbed):
    what = f"{fault} at {kind} {at}, of {output}"
    new = {name for name in after if after[name] != before.get(name)}
    lasting = fault in ("HALF", "ENOSPC+")
    # A journal that could not be taken away on a full disk is SQLite's way back, which the next run takes.
    leftovers = set(after) - set(undisturbed) - ({"state/history.sqlite-journal"} if lasting else set())
    expect(not leftovers, f"{what}: left behind {sorted(leftovers)}")
    # The workbook's library has another folder for its temporary files, where this one takes none.
    another_way = kind == "open" and output == "out/workbook.xlsx" and done.returncode == 0
    if fault == "SHORT" or another_way:
        expect(done.returncode == 0, f"{what}: exit code {done.returncode} {done.stderr}")
        wrong = {name for name in undisturbed if name not in DIFFERS and after.get(name) != undisturbed[name]}
        expect(not wrong, f"{what}: other bytes in {sorted(wrong)}")
        return
    if output.split("/")[0] in ("state", "cache"):
        # What only the next run would use costs no result: a state or history that is not kept is said, a cache is not.
        # On a disk that stays full the files beside the results fail after it.
        expect(not output.startswith("state/") or os.path.basename(output) in done.stderr,
               f"{what}: the file is not named: {done.stderr}")
        expect(done.returncode == 0 or (lasting and done.returncode == 1 and "could not be written" in done.stderr),
               f"{what}: exit code {done.returncode} {done.stderr}")
        # A disk that stays full takes no results either: then the earlier ones are there as they were.
        wanted = undisturbed if done.returncode == 0 else before
        wrong = {name for name in wanted if name.startswith("out/") and name not in DIFFERS
                 and after.get(name) != wanted[name]}
        expect(not wrong, f"{what}: other bytes in {sorted(wrong)}")
        return
    expect(done.returncode == 1, f"{what}: exit code {done.returncode} {done.stderr}")
    # A folder that cannot be synced is named itself.
    named = os.path.basename(output) in done.stderr or (output in (".", "out") and "could not be written" in done.stderr) \
        or (output == "out/dividend.lock" and "/out could not be locked" in done.stderr)
    expect(named, f"{what}: the file is not named: {done.stderr}")
    if output in BESIDE:
        # A log to which lines are added may have a whole line more, nothing else.
        as_before = after.get(output, b"") == before[output] or (
            output in ("lineage.jsonl", "summary.md") and after[output].startswith(before[output])
            and after[output].endswith(b"\n"))
        expect(as_before, f"{what}: the earlier {output} is not as it was")
        return
    results = {name for name in new if name not in BESIDE and not name.startswith("cache/")}
    if output == ".":  # the folder of a file beside the results: they are all new by then
        return
    if kind == "rename" or (kind == "sync" and output == "out"):
        wrong = {name for name in results if name not in DIFFERS and after[name] != undisturbed[name]}
        expect(not wrong, f"{what}: neither the earlier nor the new bytes: {sorted(wrong)}")
    else:
        expect(not results, f"{what}: changed {sorted(results)}")
    missing = set(before) - set(after)
    expect(not missing, f"{what}: gone {sorted(missing)}")


def points_of(kind, calls, folder):
    """(number, output, faults) of the calls that are tried."""
    outputs = [output_of(line.split(" ", 2)[2], folder) for line in calls]
    faults = WRITE_FAULTS if kind == "write" else OTHER_FAULTS[kind]
    if ASKED.all or ASKED.every:
        step = ASKED.every or 1
        return [(at, output, faults) for at, output in enumerate(outputs, start=1) if at % step == 0]
    chosen, turn = [], 0
    every = 1 if kind == "write" else 3
    for output in list(dict.fromkeys(outputs))[::every]:
        places = [at for at, other in enumerate(outputs, start=1) if other == output]
        for at in dict.fromkeys((places[0], places[-1]) if kind == "write" else places[:1]):
            # Files that lines are added to have nothing but their own bytes to go back to: all faults.
            every_fault = kind == "write" and output in ("lineage.jsonl", "summary.md")
            chosen.append((at, output, faults if every_fault else [faults[turn % len(faults)]]))
            turn += 1
    return chosen


def main():
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        earlier, folder = pathlib.Path(name).resolve() / "earlier", pathlib.Path(name).resolve() / "now"
        earlier.mkdir()
        done, _ = run(earlier, seed=1)
        if done.returncode == 77:
            print("tracing is not allowed here: skipped")
            return 77
        expect(done.returncode == 0, f"the earlier run: {done.stderr}")
        before = contents(earlier)
        calls = {}
        for kind in ("write", "open", "sync", "rename"):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(earlier, folder)
            done, calls[kind] = run(folder, seed=2, kind=kind)
            expect(done.returncode == 0, f"the undisturbed run: {done.stderr}")
        undisturbed = contents(folder)
        n_runs, wanted = 0, 0
        for kind, lines in calls.items():
            points = points_of(kind, lines, folder)
            wanted += sum(len(faults) for _, _, faults in points)
            n_before, n_outputs = n_runs, len({output for _, output, _ in points})
            for at, output, faults in points:
                for fault in faults:
                    if ASKED.budget and time.monotonic() - started > ASKED.budget:
                        continue
                    shutil.rmtree(folder)
                    shutil.copytree(earlier, folder)
                    done, _ = run(folder, seed=2, kind=kind, fault=fault, at=at)
                    judge(kind, fault, at, output, done, contents(folder), before, undisturbed)
                    n_runs += 1
            print(f"{kind}: {len(lines)} calls in a run; {n_runs - n_before} faults at {n_outputs} outputs", flush=True)
    cut = f" of {wanted} wanted" if n_runs < wanted else ""
    print(f"faults: {n_runs}{cut}, {'all as it should be' if not FAILURES else f'{len(FAILURES)} wrong'}, "
          f"{time.monotonic() - started:.0f} s")
    return 1 if FAILURES else 0


sys.exit(main())
