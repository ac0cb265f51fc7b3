"""`mpirun -n 3 dividend run` gives the bytes of one process: check_mpi.py PROGRAM PROGRAM_WITH_MPI PROJECT_DIR.

Small runs and large ones (above 131,072 draws, where histograms are placed first), plans split and dealt out whole, a precision
target, a portfolio, decisions; and the exit codes of bad input, a folder that cannot be made, and an interruption. Exit code 77,
with the reason, where mpirun cannot start three processes here.
"""
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PLAIN, PROGRAM, PROJECT = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
BEFRIENDING = "scenarios/befriending_west_lancashire.cfg"
RUNS = {
    "split": ["run", BEFRIENDING, "scenarios/falls_ambulance_place.cfg", "--decide", "--draws", "4096"],
    "whole plans": ["run", "scenarios/cookbook/areas_and_sweeps.cfg", "--draws", "512"],
    "many draws": ["run", BEFRIENDING, "--draws", "200000"],
    "precision": ["run", BEFRIENDING, "--draws", "1024", "--precision", "net.public_sector=900"],
    "portfolio": ["portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "1024"],
    "history": ["run", BEFRIENDING, "--draws", "1024", "--history", "{folder}/history.sqlite"],
}
FAILURES = []


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words)


def command(*words, n=3):
    start = ["mpirun", "-n", str(n), "--oversubscribe"] + (["--allow-run-as-root"] if os.geteuid() == 0 else [])
    return start + [str(word) for word in words]


def run(words, limit=300):
    # Session files of mpirun have long names: a socket's path may not.
    environment = dict(os.environ, TMPDIR="/tmp")
    return subprocess.run([str(word) for word in words], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=limit)


def digest(folder):
    """Every file but the one that may differ."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "run_results.json":
            total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def compare(name, words, folder):
    alone, together = folder / "alone", folder / "together"
    for out in alone, together:
        shutil.rmtree(out, ignore_errors=True)
    words = [word.format(folder=folder) for word in words]
    single = run([PLAIN, *words, "--quiet", "--out", alone])
    several = run(command(PROGRAM, *words, "--quiet", "--out", together))
    expect(single.returncode == several.returncode == 0, f"{name}: exit {single.returncode}, {several.returncode}: {several.stderr}")
    expect(alone.is_dir() and together.is_dir() and digest(alone) == digest(together), f"{name}: the same bytes")
    left = [path.name for path in together.iterdir() if path.name.startswith(".")] if together.is_dir() else []
    expect(not left, f"{name}: nothing is left over: {left}")


def interrupt(folder):
    out = folder / "interrupted"
    words = command(PROGRAM, "run", BEFRIENDING, "--draws", "1073741824", "--quiet", "--out", out)
    process = subprocess.Popen(words, cwd=PROJECT, env=dict(os.environ, TMPDIR="/tmp"), stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    try:
        _, err = process.communicate(timeout=60)
        expect(process.returncode != 0, "an interrupted run does not say that all is well")
    except subprocess.TimeoutExpired:
        process.kill()
        err = ""
        expect(False, "an interrupted run ends")
    expect(not (out / "summary.csv").exists(), f"an interrupted run writes no results: {err}")


def main():
    if shutil.which("mpirun") is None:
        print("skipped: mpirun is not installed (Debian's package openmpi-bin)")
        sys.exit(77)
    try_it = run(command("true"))
    if try_it.returncode != 0:
        print("skipped: mpirun cannot start three processes here:", try_it.stderr.strip().replace("\n", " ")[:400])
        sys.exit(77)
    with tempfile.TemporaryDirectory() as own:
        folder = pathlib.Path(own)
        for name, words in RUNS.items():
            compare(name, words, folder)
        missing = run(command(PROGRAM, "run", folder / "none.cfg", "--out", folder / "x"))
        expect(missing.returncode == 2 and missing.stderr.count("E707]") == 1, f"bad input, said once: {missing}")
        nowhere = run(command(PROGRAM, "run", BEFRIENDING, "--out", "/proc/nowhere"))
        expect(nowhere.returncode == 1 and "/proc/nowhere" in nowhere.stderr, f"a folder that cannot be: {nowhere}")
        state = run(command(PROGRAM, "run", BEFRIENDING, "--state", folder / "s", "--out", folder / "x"))
        expect(state.returncode == 2 and "E948" in state.stderr, f"--state is refused: {state}")
        listed = run(command(PROGRAM, "list", "sectors"))
        expect(listed.returncode == 0 and listed.stdout.count("Acute hospitals") == 1, "a list is shown once")
        parts = ["run", BEFRIENDING, "--draws", "1024", "--quiet", "--out", folder / "parts", "--shard"]
        shards = [run([PROGRAM, *parts, f"{part}/2"]).returncode for part in (1, 2)]
        merged = run(command(PROGRAM, "merge", folder / "parts", "--quiet", "--out",
                             folder / "merged"), limit=60)
        expect(shards == [0, 0] and merged.returncode == 0 and (folder / "merged" / "summary.csv").exists(),
               f"a merge is the work of the first process alone: {shards} {merged}")
        without = run(command(PLAIN, "list", "sectors"))
        expect(without.returncode != 0 and "DIVIDEND_MPI" in without.stderr, f"a build for one process says so: {without}")
        interrupt(folder)
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    main()
