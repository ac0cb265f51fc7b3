"""Array tasks of a real Slurm of one node give the bytes of one process: check_slurm.py PROGRAM PROJECT_DIR.

Starts munged, slurmctld and slurmd with a configuration, a key, sockets and ports of their own in a temporary folder,
submits scripts/dividend.sbatch, which submits the merge, waits, compares, and stops what it started. Then an array with a
gap: the merge names the missing shard and writes nothing, and that task submitted again mends it. Exit code 77, with the reason,
where Slurm is not installed or cannot start.
"""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM, PROJECT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
RUN = ["scenarios/cookbook/step_release.cfg", "scenarios/cookbook/several_payers.cfg", "--draws", "4096"]
SHARDS = 4
FAILURES = []
CONFIGURATION = """\
ClusterName=dividend
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/munge.socket
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def skip(reason):
    print("skipped:", reason)
    sys.exit(77)


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words, flush=True)


def free_ports(n):
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    def __init__(self, folder):
        self.folder, self.started = folder, []
        self.host = socket.gethostname().split(".")[0]
        self.environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf"), "DIVIDEND": str(PROGRAM)}
        self.environment["PATH"] += ":/usr/sbin:/sbin"

    def daemon(self, name, *arguments):
        log = open(self.folder / f"{name}.out", "w", encoding="utf-8")
        program = shutil.which(name, path=self.environment["PATH"])
        self.started.append(subprocess.Popen([program, *arguments], env=self.environment, stdout=log,
                                             stderr=subprocess.STDOUT, start_new_session=True))

    def said(self):
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-600:]}"
                         for path in sorted(self.folder.glob("*.out")) + sorted(self.folder.glob("slurm*.log")))

    def start(self):
        for name in ("munge", "state", "spool"):
            (self.folder / name).mkdir(mode=0o755)
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, host=self.host, user="root", ports=free_ports(2), cpus=max(2, os.cpu_count())))
        munge = self.folder / "munge"
        self.daemon("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}/munge.socket",
                    f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        for _ in range(100):
            if (munge / "munge.socket").exists():
                break
            time.sleep(0.1)
        self.daemon("slurmctld", "-D")
        self.daemon("slurmd", "-D")
        for _ in range(120):
            state = self.call("sinfo", "-h", "-o", "%T").stdout
            if "idle" in state:
                return True
            if any(one.poll() is not None for one in self.started):
                return False
            time.sleep(0.5)
        return False

    def call(self, *command):
        return subprocess.run(list(map(str, command)), cwd=PROJECT, env=self.environment, capture_output=True, text=True,
                              check=False)

    def stop(self):
        for one in reversed(self.started):
            if one.poll() is None:
                one.terminate()
                try:
                    one.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    one.kill()
                    one.wait()


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "run_results.json"}


def submit(cluster, *arguments):
    done = cluster.call("sbatch", "-o", cluster.folder / "job-%A-%a.txt", *arguments)
    expect(done.returncode == 0, f"sbatch {arguments}: {done.stderr}")


def wait_for_all(cluster):
    for _ in range(600):
        state = cluster.call("squeue", "-h", "-t", "all", "-o", "%T")
        if state.returncode == 0 and not set(state.stdout.split()) - {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT"}:
            return
        stuck = cluster.call("squeue", "-h", "-o", "%r").stdout
        if "DependencyNeverSatisfied" in stuck:
            cluster.call("scancel", "--state=PENDING", "--user=root")
        time.sleep(0.5)
    expect(False, f"jobs do not end: {cluster.call('squeue').stdout}")


def main():
    for name in ("munged", "slurmctld", "slurmd", "sbatch"):
        if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
            skip(f"{name} is not installed (packages munge, slurmctld, slurmd, slurm-client)")
    if not (PROJECT / "scripts/dividend.sbatch").exists():
        skip("scripts/dividend.sbatch is not there")
    if os.geteuid() != 0:
        skip("slurmd starts jobs for other users, and needs root for it")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        folder.chmod(0o755)
        cluster = Cluster(folder)
        try:
            if not cluster.start():
                skip("Slurm does not start here:\n" + cluster.said())
            check(cluster, folder)
        finally:
            cluster.stop()
    print("Slurm:", "the same bytes" if not FAILURES else f"{len(FAILURES)} wrong")
    return 1 if FAILURES else 0


def printed(folder):
    return "\n".join(path.read_text(errors="replace") for path in sorted(folder.glob("job-*.txt")))


def same_files(wanted, found, words):
    expect(set(wanted) == set(found), f"{words}: files {sorted(set(wanted) ^ set(found))}")
    differ = sorted(name for name in wanted if name in found and found[name] != wanted[name])
    expect(not differ, f"{words}: other bytes in {differ}")


def check(cluster, folder):
    started = time.monotonic()
    alone = cluster.call(PROGRAM, "run", *RUN, "--quiet", "--out", folder / "alone")
    expect(alone.returncode == 0, f"one process: {alone.stderr}")
    wanted = contents(folder / "alone")
    script, results = PROJECT / "scripts/dividend.sbatch", folder / "results"
    cluster.environment["DIVIDEND_SBATCH"] = str(script)
    # Where the merge says what it says: sbatch takes it for the job that the script submits.
    cluster.environment["SBATCH_OUTPUT"] = str(folder / "job-%j.txt")
    submit(cluster, f"--array=1-{SHARDS}", script, results, *RUN)
    wait_for_all(cluster)
    expect(results.exists() and (results / "summary.csv").exists(), f"nothing was merged\n{printed(folder)}")
    same_files(wanted, contents(results) if results.exists() else {}, "four tasks and a merge")
    print(f"{SHARDS} array tasks and a merge: {len(wanted)} files, {time.monotonic() - started:.0f} s", flush=True)

    for path in folder.glob("job-*.txt"):
        path.unlink()
    results = folder / "with_a_gap"
    cluster.environment["PARTS"] = str(SHARDS)
    submit(cluster, f"--array=1,2,{SHARDS}", script, results, *RUN)
    wait_for_all(cluster)
    expect(not (results / "summary.csv").exists(), "a merge with a missing shard writes nothing")
    refused = cluster.call(PROGRAM, "merge", results / "parts", "--out", folder / "refused")
    expect(refused.returncode == 2 and "3" in refused.stderr, f"a missing shard is named: {refused.stderr}")
    submit(cluster, "--array=3", script, results, *RUN)
    wait_for_all(cluster)
    cluster.environment["DIVIDEND_MERGE"] = "1"
    merged = cluster.call("bash", script, results)
    expect(merged.returncode == 0, f"the merge by hand: {merged.stderr}\n{printed(folder)}")
    same_files(wanted, contents(results), "the gap filled")


sys.exit(main())
