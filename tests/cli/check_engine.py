"""The engine's identity in run_results.json: SHA-256 over the sources that numbers come from, as counted here once more,
wherever they stand; and another as soon as one of them is another."""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

program, project, listed = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
WORDS = ("diagnostic", "effort", "engine")  # of base/: no number comes from them


def expected(source, names):
    lines = "engine 1\n" + "".join(
        f"{name} {hashlib.sha256((source / name).read_bytes()).hexdigest()}\n" for name in names)
    return hashlib.sha256(lines.encode()).hexdigest()


def built(source, folder):
    out = folder / "engine.c"
    subprocess.run(["cmake", f"-DSRC={source}", f"-DLIST={listed}", f"-DOUT={out}",
                    "-P", project / "cmake/EngineIdentity.cmake"], check=True)
    return out.read_text().split('"')[3]


names = listed.read_text().split()
order = [line.split("(")[1].split()[0].rstrip(")") for line in (project / "src/CMakeLists.txt").read_text().splitlines()
         if line.startswith("dividend_module(")]
modules = [name for name in order[:order.index("portfolio") + 1] if name not in ("sheet", "import")]
wanted = sorted(str(path.relative_to(project / "src")) for module in modules
                for path in (project / "src" / module).glob("*.[ch]")
                if not (module == "base" and path.name.startswith(WORDS)))
assert names == wanted, sorted(set(names) ^ set(wanted))

with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    subprocess.run([program, "run", project / "scenarios/cookbook/half_life_fade.cfg", "--draws", "256", "--out", scratch / "run"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shown = json.loads((scratch / "run/run_results.json").read_text())["engine_sha256"]
    assert shown == expected(project / "src", names), shown
    for path in (scratch / "run").rglob("*"):  # nothing that must keep its bytes carries it
        assert not path.is_file() or path.name == "run_results.json" or shown.encode() not in path.read_bytes(), path
    elsewhere = scratch / "elsewhere"
    shutil.copytree(project / "src", elsewhere)
    assert built(elsewhere, scratch) == shown
    with open(elsewhere / "settle/settle.c", "a", encoding="utf-8") as file:
        file.write("\n/* changed */\n")
    changed = built(elsewhere, scratch)
    assert changed == expected(elsewhere, names) != shown
print("the engine's identity is its sources'")
