"""rerun.py PROGRAM [SCENARIOS [DRAWS]]: what --state saves when one item of evidence changes.

Ten shipped programmes, each with SCENARIOS / 10 scenarios that differ in one input, are run with a state; then one
item of evidence that one of the ten uses is changed, and they are run again with the state, and beside it in full. Both
must write the same bytes. Then full runs over scenarios, draws, threads and processes: those compute a shard each, and
merge writes the results; its time is in theirs, and its bytes are those of one process. Wall time, one run each; everything
that a run does is in it: reading, drawing, all reports. The last line is `ratio: X` (with state / full)."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMMES = {"affordable_warmth_district": "homes", "befriending_west_lancashire": "places",
              "community_navigators_hyndburn": "people_helped", "drug_treatment_lancashire": "places",
              "expert_patients_pooled": "course_places", "falls_ambulance_place": "referred",
              "fire_link_worker_east_lancashire": "clients", "grandmentors_lancashire": "young_people",
              "home_fire_visits_lancashire": "homes", "exercise_referral_burnley": "referred"}
ITEM = ("models/evidence/befriending.cfg", "mean = 80.0; sd = 20.0", "mean = 90.0; sd = 20.0")


def write_scenarios(folder, n):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(PROJECT / "scenarios/run.cfg", folder)
    for name, wanted in PROGRAMMES.items():
        text = (PROJECT / f"scenarios/{name}.cfg").read_text()
        text = re.sub(r"signed_off = \{.*?\};\n", "", text, flags=re.S)
        for i in range(n // len(PROGRAMMES)):
            swapped, count = re.subn(rf"\b{wanted} = (\d+);", lambda match: f"{wanted} = {float(match[1]) * (1 - i / 2000)!r};",
                                     text, count=1)
            assert count == 1, name
            (folder / f"{name}_{i}.cfg").write_text(swapped)


def processes(scratch, program, environment, draws, n):
    """Seconds of n processes that compute a shard each, and of the merge, whose results are those of one process."""
    start = time.monotonic()
    for name in ("shards", "merged"):
        shutil.rmtree(scratch / name, ignore_errors=True)
    running = [subprocess.Popen([program, "run", "plans", "--draws", str(draws), "--threads", "1", "--shard", f"{k}/{n}", "--quiet",
                                 "--out", "shards"], cwd=scratch, env=environment, stdout=subprocess.DEVNULL) for k in range(1, n + 1)]
    assert all([process.wait() == 0 for process in running])
    middle = time.monotonic()
    subprocess.run([program, "merge", "shards", "--out", "merged", "--quiet"], cwd=scratch, env=environment, check=True,
                   stdout=subprocess.DEVNULL)
    end = time.monotonic()
    for file in (scratch / "one").rglob("*"):
        if file.is_file() and file.name != "run_results.json":
            assert (scratch / "merged" / file.relative_to(scratch / "one")).read_bytes() == file.read_bytes(), file
    return end - start, end - middle


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    n_scenarios = max(100, int(sys.argv[2]) if len(sys.argv) > 2 else 1000)  # ten of each programme in the smallest
    draws = int(sys.argv[3]) if len(sys.argv) > 3 else 16384
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        shutil.copytree(PROJECT / "models", scratch / "models")
        environment = dict(os.environ, XDG_CACHE_HOME=str(scratch / "cache"))

        def run(folder, n_draws, out, *words):
            start = time.monotonic()
            done = subprocess.run([program, "run", folder, "--draws", str(n_draws), "--out", out, "--format", "csv", *words],
                                  cwd=scratch, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            assert done.returncode == 0, done.stderr[-3000:]
            return time.monotonic() - start, done.stderr

        write_scenarios(scratch / "plans", n_scenarios)
        first, _ = run("plans", draws, "state_out", "--state", "state")
        path = scratch / ITEM[0]
        path.write_text(path.read_text().replace(ITEM[1], ITEM[2], 1))
        again, said = run("plans", draws, "state_out", "--state", "state")
        full, _ = run("plans", draws, "full_out")
        for file in (scratch / "full_out").rglob("*"):
            if file.is_file() and file.name != "run_results.json":
                other = scratch / "state_out" / file.relative_to(scratch / "full_out")
                assert other.read_bytes() == file.read_bytes(), file
        print(*[line for line in said.splitlines() if "as before" in line or "run:" in line], sep="\n")
        print(f"{n_scenarios} scenarios of {draws} draws, one item changed: first {first:.1f} s, with state {again:.1f} s, "
              f"in full {full:.1f} s")
        size = sum(file.stat().st_size for file in (scratch / "cache").rglob("*") if file.is_file())
        print(f"cache {size / 1e6:.1f} MB; state {(scratch / 'state/state.json').stat().st_size / 1e6:.2f} MB; "
              f"history {(scratch / 'state/history.sqlite').stat().st_size / 1e6:.1f} MB")
        print("\nfull runs: scenarios, draws, threads: seconds")
        for n, n_draws, threads in ((n_scenarios // 10, draws, 0), (n_scenarios // 10, draws // 4, 0), (n_scenarios // 10, draws * 4, 0),
                                    (n_scenarios // 2, draws, 0), (n_scenarios // 10, draws, 1), (n_scenarios // 10, draws, 2)):
            write_scenarios(scratch / "plans", n)
            seconds, _ = run("plans", n_draws, "table", *(("--threads", str(threads)) if threads else ()))
            print(f"{n:6} {n_draws:8} {threads or 'all':>4} {seconds:8.1f}")
        write_scenarios(scratch / "plans", n_scenarios // 10)
        run("plans", draws, "one")
        print("\nprocesses of one thread each, and the merge: seconds, of which the merge")
        for n_processes in (1, 2, 4):
            print(f"{n_processes:6} {draws:8} {'':4} {'%8.1f %8.1f' % processes(scratch, program, environment, draws, n_processes)}")
        print(f"ratio: {again / full:.3f}")


main()
