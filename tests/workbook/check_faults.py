"""A disk that fails at the n-th call: check_faults.py PROGRAM SHIM. Whatever fails, workbook.xlsx is the earlier one or
a whole new one, a failure ends with exit code 1 and names a file, and nothing is left behind. Needs no root."""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from workbook import Workbook  # noqa: E402

PROGRAM, SHIM = sys.argv[1], sys.argv[2]
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCENARIO = "scenarios/befriending_west_lancashire.cfg"
FAILURES = []


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words)


def run(out, draws, **fault):
    environment = {**os.environ, **{name: str(value) for name, value in fault.items()}}
    if fault:
        environment["LD_PRELOAD"] = SHIM
    return subprocess.run([PROGRAM, "run", SCENARIO, "--draws", str(draws), "--quiet", "--out", out], cwd=PROJECT,
                          env=environment, capture_output=True, text=True, check=False)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def names_in(folder):
    return sorted(os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)


def whole(path):
    """Every sheet can be read to its end."""
    book = Workbook(path)
    return len(book.sheets) > 10 and all(sheet.cells for sheet in book.sheets.values())


def check(out, call, points, stays):
    """How many runs failed, and how many of them through the workbook."""
    path = os.path.join(out, "workbook.xlsx")
    n_failed = n_workbook = 0
    for at in points:
        expect(run(out, 64).returncode == 0, "the run without a fault")
        before, names = read(path), names_in(out)
        fault = {"FAULT_CALL": call, "FAULT_AT": at}
        if stays:
            fault["FAULT_STAYS"] = 1
        outcome = run(out, 65, **fault)
        what = f"{call} number {at}{' and all after it' if stays else ''}"
        expect(outcome.returncode in (0, 1), f"{what}: exit code {outcome.returncode} {outcome.stderr}")
        expect(names_in(out) == names, f"{what}: files {set(names_in(out)) ^ set(names)}")
        after = read(path)
        if outcome.returncode == 1:
            n_failed += 1
            n_workbook += "workbook.xlsx" in outcome.stderr
            expect("could not be" in outcome.stderr, f"{what}: {outcome.stderr}")
            if call != "rename":  # what was renamed before stays, each file whole
                expect(after == before, f"{what}: the earlier workbook is as it was")
        expect(after == before or whole(path), f"{what}: the workbook is whole")
    return n_failed, n_workbook


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        some = (1, 3, 9, 40, 250, 600, 1500, 4000, 10000, 30000)
        for call, points, stays in (("write", some[:4], False), ("fwrite", some, False),
                                    ("fwrite", some[::3], True),
                                    ("fsync", (1, 6, 20), False), ("rename", (1, 8, 22), False)):
            n_failed, n_workbook = check(out, call, points, stays)
            print(f"{call}{', lasting' if stays else ''}: {len(points)} faults, {n_failed} runs failed, "
                  f"{n_workbook} through the workbook")
            expect(n_failed > 0, f"{call}: some fault was noticed")
            expect(not call.startswith("fwrite") or n_workbook > 0, f"{call}: some fault hit the workbook")
    print("faults:", "all as it should be" if not FAILURES else f"{len(FAILURES)} wrong")
    return 1 if FAILURES else 0


sys.exit(main())
