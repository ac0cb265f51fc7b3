"""`dividend diff`: its causes add up and are those that were put there, in a git repository of its own.

Usage: check_diff.py PROGRAM PROJECT [slow]
"""

import csv
import io
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM, PROJECT = sys.argv[1], sys.argv[2]
SLOW = len(sys.argv) > 3
DRAWS = "256"
failures = 0


def expect(holds, words):
    global failures
    if not holds:
        failures += 1
        print("FAILED:", words)


def run(folder, *arguments, path=None):
    environment = dict(os.environ)
    if path is not None:
        environment["PATH"] = path
    return subprocess.run([PROGRAM, *arguments], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=test", "-c", "user.email=test@localhost", *arguments], cwd=folder,
                   check=True, stdout=subprocess.DEVNULL)


class Project:
    """A copy of models/ and a few scenarios, in a repository."""

    def __init__(self, folder, *scenarios):
        self.folder = folder
        shutil.copytree(PROJECT + "/models", folder + "/models")
        os.mkdir(folder + "/scenarios")
        for name in scenarios:
            shutil.copy(f"{PROJECT}/scenarios/{name}.cfg", folder + "/scenarios")
        shutil.copy(PROJECT + "/scenarios/run.cfg", folder + "/scenarios")
        git(folder, "init", "-q", ".")
        self.commit()

    def commit(self):
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "-m", "a state")

    def edit(self, file, *changes):
        path = f"{self.folder}/{file}"
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        for old, new in changes:
            assert old in text, f"{old} is not in {file}"
            text = text.replace(old, new)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)

    def reset(self):
        git(self.folder, "checkout", "-q", "-f", "HEAD")
        git(self.folder, "clean", "-qfd")

    def diff(self, old, new, *arguments):
        done = run(self.folder, "diff", old, new, "--format", "json", "--draws", DRAWS, *arguments)
        if done.returncode not in (0, 4):
            raise AssertionError(f"diff {old} {new}: exit code {done.returncode}\n{done.stderr}")
        found = json.loads(done.stdout)
        expect(found["difference_found"] == (done.returncode == 4), "the exit code is that of the answer")
        return found


def causes(found, scenario, measure="net", who="public_sector"):
    for figure in found["figures"]:
        if (figure["scenario"], figure["measure"], figure["who"]) == (scenario, measure, who):
            return figure, {f"{cause['kind']} {cause['name']}".strip(): cause["part"] for cause in figure["causes"]}
    return None, {}


def adds_up(found, words):
    """Every split figure's parts add to its move; returns how many were split."""
    n = 0
    for figure in found["figures"]:
        if figure.get("causes") and figure["causes"][0]["part"] is not None:
            total = math.fsum(cause["part"] for cause in figure["causes"])
            gap = abs(total - figure["difference"])
            expect(gap <= 1e-9 * max(1.0, abs(figure["difference"])),
                   f"{words}: parts of {figure['scenario']} {figure['measure']} miss its move by {gap}")
            n += 1
    return n


def exchanged(one, other, words):
    """The same comparison the other way round: every sign changes."""
    expect(len(one["figures"]) == len(other["figures"]), f"{words}: as many figures the other way round")
    for figure in one["figures"]:
        if not figure.get("causes"):
            continue
        twin, parts = next(((twin, twin.get("causes", [])) for twin in other["figures"]
                            if all(twin[key] == figure[key] for key in ("scenario", "option", "who", "measure", "item"))),
                           (None, []))
        expect(twin is not None and twin["difference"] == -figure["difference"], f"{words}: the move changes its sign")
        by_name = {(cause["kind"], cause["name"]): cause["part"] for cause in parts}
        size = max(1.0, abs(figure["difference"]))
        for cause in figure["causes"]:
            part = by_name.get((cause["kind"], cause["name"]))
            if cause["part"] is None:
                expect(part is None, f"{words}: unknown both ways")
            else:
                expect(part is not None and abs(part + cause["part"]) <= 1e-9 * size,
                       f"{words}: {cause['kind']} {cause['name']} has {cause['part']} and {part}")


POPP = "popp_services_national_evaluation"
CHANGES = {
    "evidence popp.fewer_bed_nights": ("models/evidence/popp.cfg", ("mean = 0.47; se = 0.10", "mean = 0.35; se = 0.12")),
    "evidence popp.cost_per_user": ("models/evidence/popp.cfg", ("mean = 226.73; sd = 90.0", "mean = 250.0; sd = 80.0")),
}


def headline(folder, scenario):
    """Net of the public sector by a plain run."""
    done = run(folder, "run", f"scenarios/{scenario}.cfg", "--draws", DRAWS, "--out", "results/one", "-q")
    assert done.returncode == 0, done.stderr
    with open(folder + "/results/one/summary.csv", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["measure"] == "net" and row["who"] == "public_sector":
                return float(row["headline"])
    raise AssertionError("no net")


def interaction_against_runs(project):
    """Three causes of which two multiply: Shapley values from the eight runs by hand."""
    with open(f"{project.folder}/scenarios/{POPP}.cfg", encoding="utf-8") as stream:
        inputs = re.search(r"inputs = \{ (\w+) = ([0-9.]+);", stream.read())
    name, value = inputs.group(1), inputs.group(2)
    edits = [(f"input {name}", f"scenarios/{POPP}.cfg", (f"{name} = {value};", f"{name} = {int(float(value) * 1.5)};"))]
    edits += [(cause, file, change) for cause, (file, change) in CHANGES.items()]
    values = {}
    for subset in range(8):
        project.reset()
        for i, (_, file, change) in enumerate(edits):
            if subset >> i & 1:
                project.edit(file, change)
        values[subset] = headline(project.folder, POPP)
        shutil.rmtree(project.folder + "/results")
    weights = [2 / 6, 1 / 6, 2 / 6]
    shapley = {cause: sum(weights[bin(subset).count("1")] * (values[subset | 1 << i] - values[subset])
                          for subset in range(8) if not subset >> i & 1)
               for i, (cause, _, _) in enumerate(edits)}
    found = project.diff("HEAD", ".", f"scenarios/{POPP}.cfg")  # the last of the eight: all of them
    figure, parts = causes(found, POPP)
    expect(figure["method"] == "exact" and figure["mixtures"] == 8, "three causes are eight mixtures")
    expect(set(parts) == set(shapley), f"the causes are those put there: {sorted(parts)}")
    for cause, part in parts.items():
        expect(abs(part - shapley.get(cause, math.inf)) <= 1e-6, f"{cause}: {part}, by hand {shapley.get(cause)}")
    alone = values[1] - values[0]
    expect(abs(parts[f"input {name}"] - alone) > 1.0, "the causes of this test interact")
    adds_up(found, "three causes")
    exchanged(found, project.diff(".", "HEAD", f"scenarios/{POPP}.cfg"), "three causes")
    sampled = project.diff("HEAD", ".", f"scenarios/{POPP}.cfg", "--orders", "2")
    figure, _ = causes(sampled, POPP)
    expect(figure["method"] == "sampled" and figure["orders"] == 4, "orders are sampled where asked for")
    expect(adds_up(sampled, "sampled") > 0, "sampled parts are there")
    exchanged(sampled, project.diff(".", "HEAD", f"scenarios/{POPP}.cfg", "--orders", "2"), "sampled")
    project.reset()


def nothing_changed(project):
    found = project.diff("HEAD", "HEAD")
    expect(found["empty"] and not found["difference_found"], "a revision against itself is empty")
    os.rename(project.folder + "/models/evidence/popp.cfg", project.folder + "/models/evidence/renamed.cfg")
    project.edit("models/evidence/renamed.cfg", (";  ", ";\n            "), ("# Did the", "# Rewritten:\n# did the"),
                 ("mean = 1.20;", "mean = 1.2e0;"))
    done = run(project.folder, "diff", "HEAD", ".", "--draws", DRAWS)
    expect(done.returncode == 0 and "Nothing changed" in done.stdout, "renamed and reformatted files are no difference")
    expect(project.diff("HEAD", ".")["figures"] == [], "nor in JSON")
    project.reset()


def every_kind_of_cause(project):
    """A change of each kind is named, and they add up together."""
    project.edit(*CHANGES["evidence popp.fewer_bed_nights"])
    project.edit("models/packs/green_book_2022.cfg", ("rate = [0.035, 0.030,", "rate = [0.045, 0.030,"))
    project.edit("scenarios/run.cfg", ('price_year = "2026-27"', 'price_year = "2025-26"'))
    project.edit(f"scenarios/{POPP}.cfg", ("funded_years = 1;", "funded_years = 2;"), ("horizon_years = ", "horizon_years = 1"))
    found = project.diff("HEAD", ".", f"scenarios/{POPP}.cfg")
    figure, parts = causes(found, POPP)
    names = {name.split(" ")[0] for name in parts}
    expect({"evidence", "conventions", "scenario", "pack"} == names, f"causes of several kinds: {sorted(parts)}")
    expect(adds_up(found, "every kind") > 4, "they are split")
    exchanged(found, project.diff(".", "HEAD", f"scenarios/{POPP}.cfg"), "every kind")
    expect(figure["note"] == "", "all mixtures are valid")
    project.reset()


def formulas_that_need_new_evidence(project):
    """A model that names a new item: the item comes with the model."""
    with open(project.folder + "/models/evidence/new.cfg", "w", encoding="utf-8") as stream:
        stream.write('evidence = { popp = { share_that_lasts = { label = "Share that lasts"; kind = "share"; '
                     'unit = "share"; value = 0.8; source = "assumption"; reason = "a test"; grade = 6; }; }; };\n')
    with open(project.folder + "/models/popp_services/model.cfg", encoding="utf-8") as stream:
        model = stream.read()
    effect = re.search(r'effect = "([a-z_.]+)";', model).group(0)
    project.edit("models/popp_services/model.cfg", (effect, effect[:-2] + ' * share_that_lasts";'))
    project.edit(*CHANGES["evidence popp.cost_per_user"])
    found = project.diff("HEAD", ".", f"scenarios/{POPP}.cfg")
    figure, parts = causes(found, POPP)
    expect(set(parts) == {"model popp_services", "evidence popp.cost_per_user"}, f"model and evidence: {sorted(parts)}")
    expect(figure["note"] == "" and adds_up(found, "a new formula") > 0, "apart from each other")
    project.reset()


def scenarios_come_and_go(project):
    shutil.copy(f"{project.folder}/scenarios/{POPP}.cfg", f"{project.folder}/scenarios/popp_again.cfg")
    os.remove(f"{project.folder}/scenarios/popp_matched_control.cfg")
    found = project.diff("HEAD", ".")
    expect(found["scenarios_added"] == ["popp_again"] and found["scenarios_removed"] == ["popp_matched_control"],
           "scenarios that came and went are named")
    expect(found["difference_found"], "and count")
    expect(not project.diff("HEAD", ".", "--fail-on", "decisions")["difference_found"], "but not as decisions")
    expect(project.diff("HEAD", ".", "scenarios/popp_again.cfg", f"scenarios/{POPP}.cfg")["scenarios_added"] ==
           ["popp_again"], "a path may be there on one side alone")
    project.reset()


def exit_codes_and_tolerance(project):
    project.edit(*CHANGES["evidence popp.cost_per_user"])
    scenario = f"scenarios/{POPP}.cfg"

    def code(*arguments):
        return run(project.folder, "diff", "HEAD", ".", scenario, "--draws", DRAWS, *arguments).returncode

    expect(code() == 4, "a difference")
    expect(code("--fail-on", "headlines") == 4 and code("--fail-on", "inputs") == 4, "of headlines and inputs")
    expect(code("--fail-on", "decisions") == 0 and code("--fail-on", "never") == 0, "no decision flipped")
    expect(code("--tolerance-abs", "1e9") == 0 and code("--tolerance-abs", "1") == 4, "absolute tolerance")
    expect(code("--tolerance-rel", "5") == 0 and code("--tolerance-rel", "0.001") == 4, "relative tolerance")
    expect(code("--tolerance-se", "1e-6") == 4, "standard errors")
    expect(code("--tolerance-abs", "1e9", "--fail-on", "inputs") == 4, "an input changed all the same")
    project.edit("models/evidence/popp.cfg", ("mean = 1.20; ci95 = [0.80, 1.60]", "mean = 0.0; ci95 = [-0.40, 0.40]"))
    done = run(project.folder, "diff", "HEAD", ".", "scenarios/popp_national_evaluation.cfg", "--fail-on", "decisions",
               "--draws", DRAWS)
    expect(done.returncode == 4 and re.search(r"gains \(.*\d+ of 100 draws do not lose\) -> loses \(.*\d+ of 100 draws do not lose\)", done.stdout) and "popp.return_per_pound" in done.stdout,
           "the study with matched controls turns the decision, and is named")
    project.reset()


def formats(project):
    project.edit(*CHANGES["evidence popp.cost_per_user"])
    arguments = ["diff", "HEAD", ".", "--draws", DRAWS]
    done = run(project.folder, *arguments, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    expect({row["row"] for row in rows} == {"figure", "cause", "input"}, "rows of figures, causes and inputs")
    expect(all(None not in row and None not in row.values() for row in rows), "every row has every column")
    by_figure = {}
    for row in rows:
        key = tuple(row[name] for name in ("scenario", "option", "who", "measure", "item"))
        if row["row"] == "cause":
            by_figure[key] = by_figure.get(key, 0.0) + float(row["difference"])
    moves = {tuple(row[name] for name in ("scenario", "option", "who", "measure", "item")): float(row["difference"])
             for row in rows if row["row"] == "figure" and row["difference"]}
    expect(by_figure and all(abs(part - moves[key]) <= 1e-9 * max(1.0, abs(part)) for key, part in by_figure.items()),
           "causes of the CSV add to its figures")
    done = run(project.folder, *arguments, "--format", "md")
    tables = [line for line in done.stdout.splitlines() if line.startswith("|")]
    expect("## What changed" in done.stdout and len(tables) > 6, "markdown has tables")
    for heading in (line for line in done.stdout.splitlines() if re.match(r"\|(-|:)", line)):
        expect(heading.count("|") in (4, 7, 6), "with whole rows")
    done = run(project.folder, *arguments, "--width", "80")
    expect(max(map(len, done.stdout.splitlines())) <= 110, "a table that fits")
    expect(done.stdout.isascii() and done.stdout.count("\n") < 60, "on a screen")
    project.reset()


def results_folders(project):
    folder = project.folder
    scenario = f"scenarios/{POPP}.cfg"
    run(folder, "run", scenario, "--draws", DRAWS, "--out", "results/old", "-q")
    for change in CHANGES.values():
        project.edit(*change)
    run(folder, "run", scenario, "--draws", DRAWS, "--out", "results/new", "-q")
    run(folder, "run", scenario, "--draws", DRAWS, "--seed", "7", "--out", "results/seed", "-q")
    for name in ("models", "scenarios"):
        shutil.rmtree(f"{folder}/{name}")  # a results folder reruns without its repository

    def diff(old, new, *arguments):
        done = run(folder, "diff", "results/" + old, "results/" + new, "--format", "json", *arguments)
        assert done.returncode in (0, 4), done.stderr
        return json.loads(done.stdout)

    found = diff("old", "new")
    _, parts = causes(found, POPP)
    expect(set(parts) == set(CHANGES), f"causes of stored runs: {sorted(parts)}")
    adds_up(found, "stored runs")
    exchanged(found, diff("new", "old"), "stored runs")
    expect(diff("old", "old")["empty"], "a folder against itself is empty")
    found = diff("old", "seed")
    _, parts = causes(found, POPP)
    expect(set(parts) == set(CHANGES) | {"random_numbers"}, f"another seed is a cause: {sorted(parts)}")
    adds_up(found, "another seed")
    exchanged(found, diff("seed", "old"), "another seed")
    expect(found["tolerance"]["standard_errors"] == 3, "what another seed does is no difference")

    shutil.copytree(folder + "/results/old", folder + "/results/earlier")
    with open(folder + "/results/earlier/manifest.json", encoding="utf-8") as stream:
        manifest = stream.read()
    with open(folder + "/results/earlier/manifest.json", "w", encoding="utf-8") as stream:
        stream.write(re.sub(r'"version": "[0-9.]+"', '"version": "0.0.9"', manifest))
    with open(folder + "/results/earlier/summary.csv", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    net = next(row for row in rows if row[1] == "public_sector" and row[3] == "net")
    net[6] = str(float(net[6]) - 1000.0)
    with open(folder + "/results/earlier/summary.csv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    found = diff("earlier", "new")
    _, parts = causes(found, POPP)
    program = [part for name, part in parts.items() if name.startswith("program")]
    expect(len(program) == 1 and abs(program[0] - 1000.0) < 1e-6, f"a program that gave 1,000 less: {parts}")
    expect(set(CHANGES) <= set(parts), "the evidence has its parts beside it")
    adds_up(found, "another version")

    os.remove(folder + "/results/earlier/inputs.tar.zst")
    done = run(folder, "diff", "results/earlier", "results/new", "--format", "json")
    figure, parts = causes(json.loads(done.stdout), POPP)
    expect(done.returncode == 4 and figure["method"] == "together" and "E963" in figure["note"] and len(parts) == 1 and
           "popp.cost_per_user" in list(parts)[0], f"without its inputs the causes stay together: {figure['note']}")
    with open(folder + "/results/old/inputs.tar.zst", "r+b") as stream:
        stream.truncate(1000)
    done = run(folder, "diff", "results/old", "results/new", "--format", "json")
    figure, parts = causes(json.loads(done.stdout), POPP)
    expect("E963" in figure["note"], f"a damaged archive is said: {figure['note']}")
    project.reset()


def the_shipped_update(project):
    """The later study of POPP, laid over the shipped evidence: one cause, which turns the decision."""
    update = PROJECT + "/scenarios/cookbook/popp_matched_controls"
    for out, layer in (("before", []), ("after", ["--models", update])):
        done = run(project.folder, "run", "scenarios/popp_national_evaluation.cfg", "--draws", DRAWS, "--out", "results/" + out,
                   "-q", *layer)
        assert done.returncode == 0, done.stderr
    done = run(project.folder, "diff", "results/before", "results/after", "--format", "json", "--fail-on", "decisions")
    found = json.loads(done.stdout)
    figure, parts = causes(found, "popp_national_evaluation")
    expect(done.returncode == 4 and list(parts) == ["evidence popp.return_per_pound"], f"the later study: {parts}")
    expect(figure["difference"] < -1e6 and any("sign of net" in decision["what"] for decision in found["decisions"]),
           "turns the decision")
    adds_up(found, "the later study")
    shutil.rmtree(project.folder + "/results")


def little_time(project):
    for file, change in CHANGES.values():
        project.edit(file, change)
    found = project.diff("HEAD", ".", f"scenarios/{POPP}.cfg", "--time-limit", "0")
    figure, parts = causes(found, POPP)
    expect(figure["method"] == "together" and "--time-limit" in figure["note"] and len(parts) == 1,
           f"without time the causes stay together: {figure['method']}, {figure['note']}")
    adds_up(found, "without time")
    project.reset()


def mistakes(project):
    folder = project.folder

    def fails(code, *arguments, path=None, where=folder):
        done = run(where, "diff", *arguments, path=path)
        expect(done.returncode == 2 and f"error[{code}]" in done.stderr and done.stdout == "",
               f"{code}: exit code {done.returncode}\n{done.stderr}")
        return done.stderr

    run(folder, "run", f"scenarios/{POPP}.cfg", "--draws", DRAWS, "--out", "results/old", "-q")
    git(folder, "branch", "evidence_update")
    fails("E706")
    fails("E706", "HEAD")
    fails("E706", "results/old", "results/old", f"scenarios/{POPP}.cfg")
    fails("E705", "results/old", "results/old", "--draws", "64")
    fails("E960", "results", "results/old")
    fails("E960", "scenarios/run.cfg", "HEAD")
    fails("E961", "results/old", "HEAD")
    fails("E961", ".", "results/old")
    expect("evidence_update" in fails("E964", "evidence_updat", "HEAD"), "a branch nearly named is suggested")
    fails("E964", "HEAD~99", "HEAD")
    fails("E962", "HEAD", "HEAD~1", path="/nowhere")
    fails("E704", "HEAD", ".", "--fail-on", "everything")
    fails("E704", "HEAD", ".", "--tolerance-abs", "-1")
    fails("E704", "HEAD", ".", "--time-limit", "soon")
    fails("E709", "HEAD", ".", "--only", "nobody")
    with tempfile.TemporaryDirectory() as elsewhere:
        fails("E962", "HEAD", "HEAD~1", where=elsewhere)
        done = run(elsewhere, "diff", "HEAD", "HEAD", "--repository", folder, "--draws", DRAWS)
        expect(done.returncode == 0, f"a repository elsewhere: {done.stderr}")
    with open(folder + "/results/old/manifest.json", encoding="utf-8") as stream:
        manifest = stream.read()
    with open(folder + "/results/old/manifest.json", "w", encoding="utf-8") as stream:
        stream.write(re.sub(r'"version": "[0-9.]+"', '"version": "99.0.0"', manifest))
    fails("E718", "results/old", "results/old")
    with open(folder + "/results/old/manifest.json", "w", encoding="utf-8") as stream:
        stream.write(manifest[:400])
    fails("E717", "results/old", "results/old")
    project.edit("models/evidence/popp.cfg", ("mean = 0.47;", "mean = zero;"))
    expect(".:models/evidence/popp.cfg:" in run(folder, "diff", "HEAD", ".").stderr, "a mistake names its side")
    project.reset()


def left_overs(project):
    with tempfile.TemporaryDirectory() as temporary:
        environment = dict(os.environ, TMPDIR=temporary)
        subprocess.run([PROGRAM, "diff", "HEAD", "HEAD", "--draws", DRAWS], cwd=project.folder, env=environment,
                       stdout=subprocess.DEVNULL, check=True)
        expect(os.listdir(temporary) == [], "no temporary folder stays")


def perturb(project, scenarios):
    """Each evidence item of a scenario alone, then all of them: the item is named, and parts add up."""
    for scenario in scenarios:
        path = f"scenarios/{scenario}.cfg"
        run(project.folder, "run", path, "--draws", DRAWS, "--out", "results/one", "-q")
        with open(project.folder + "/results/one/manifest.json", encoding="utf-8") as stream:
            values = json.load(stream)["scenarios"][0]["values"]
        shutil.rmtree(project.folder + "/results")
        overrides = []
        for value in values:
            if value["what"] == "evidence" and value["mean"] not in (None, 0.0) and "override_reason" not in value:
                item = value["name"]
                overrides.append((item, f'{{ parameter = "{item}"; value = {0.9 * value["mean"]!r}; reason = "a test"; }}'))
        with open(f"{project.folder}/{path}", encoding="utf-8") as stream:
            if "override" in stream.read():
                continue
        for item, override in overrides[:4]:
            project.edit(path, ("scenario = {", f"scenario = {{ override = ( {override} );"))
            found = project.diff("HEAD", ".", path)
            named = {cause["name"] for figure in found["figures"] for cause in figure.get("causes", [])}
            expect(named <= {item}, f"{scenario}: {item} alone, and {named}")
            adds_up(found, f"{scenario}, {item}")
            project.reset()
        joined = ", ".join(override for _, override in overrides)
        project.edit(path, ("scenario = {", f"scenario = {{ override = ( {joined} );"))
        found = project.diff("HEAD", ".", path, "--time-limit", "20")
        expect(adds_up(found, f"{scenario}, all evidence") > 0, f"{scenario}: moves are split")
        project.reset()


def sweeps_and_health(folder):
    project = Project(folder, "cookbook/cohort_options", "cookbook/areas_and_sweeps")
    project.edit("models/packs/green_book_2022.cfg", ("rate = [0.035, 0.030,", "rate = [0.045, 0.030,"))
    found = project.diff("HEAD", ".", "scenarios/areas_and_sweeps.cfg")
    expect(adds_up(found, "a sweep") > 0, "moves of a sweep are split")
    named = {cause["kind"] for figure in found["figures"] for cause in figure.get("causes", [])}
    expect(named == {"pack"}, f"the pack alone is the cause: {named}")
    expect(any("--total" in figure["scenario"] and figure.get("causes") for figure in found["figures"]),
           "totals over areas too")
    project.reset()
    perturb(project, ["cohort_options"])


def portfolios(folder):
    """Evidence that makes one programme worth less changes the set that the budget pays for; both ways round."""
    names = ("portfolio", "step_release", "uncertain_input", "three_year_grant")
    project = Project(folder, *(f"cookbook/{name}" for name in names))
    path = "scenarios/portfolio.cfg"
    expect(project.diff("HEAD", ".", path)["empty"], "a portfolio against itself is empty")
    project.edit("models/evidence/popp.cfg", ("mean = 0.47; se = 0.10", "mean = 0.05; se = 0.01"))
    found = project.diff("HEAD", ".", path)
    sets = {decision["who"]: decision for decision in found["decisions"] if decision["what"] == "programmes chosen"}
    expect(all("step_release" in sets[name]["old"] and sets[name]["new"] == "none" for name in
               ("portfolio--best", "portfolio--pooled")), f"the sets that are chosen: {found['decisions']}")
    expect(any("verdict of the deal" in decision["what"] for decision in found["decisions"]), "and the deal")
    expect(adds_up(found, "a portfolio") > 0, "moves of all programmes together are split")
    named = {f"{cause['kind']} {cause['name']}" for figure in found["figures"] for cause in figure.get("causes", [])}
    expect(named == {"evidence popp.fewer_bed_nights"}, f"the item: {named}")
    back = project.diff(".", "HEAD", path)
    exchanged(found, back, "a portfolio")
    expect([(d["old"], d["new"]) for d in found["decisions"]] == [(d["new"], d["old"]) for d in back["decisions"]],
           "decisions turn back")


def what_lies_outside(project, folder):
    """A layer within the repository is each side's own, by whatever name; one elsewhere is said to be none's."""
    layer = f"{project.folder}/ours"
    os.mkdir(layer)
    item = ('evidence = { popp = { cost_per_user = { label = "Cost"; kind = "cost"; unit = "GBP/user"; price_year = "2007-08"; '
            'value = { dist = "gamma"; mean = %s; sd = 90.0; }; source = "assumption"; reason = "a test"; grade = 6; '
            'replaces_because = "ours"; }; }; };\n')
    with open(layer + "/popp.cfg", "w", encoding="utf-8") as stream:
        stream.write(item % "230.0")
    project.commit()
    shutil.copytree(layer, folder)
    for place in (layer, folder):
        with open(place + "/popp.cfg", "w", encoding="utf-8") as stream:
            stream.write(item % "300.0")
    path = f"scenarios/{POPP}.cfg"
    for name in ("ours", layer):
        done = run(project.folder, "diff", "HEAD", ".", path, "--models", name, "--draws", DRAWS)
        expect(done.returncode == 4 and "popp.cost_per_user" in done.stdout and "W965" not in done.stderr,
               f"a layer in the repository, as {name}: {done.stdout}{done.stderr}")
    done = run(project.folder, "diff", "HEAD", ".", path, "--models", folder, "--draws", DRAWS)
    expect(done.returncode == 0 and "warning[W965]" in done.stderr, f"a layer elsewhere: {done.stdout}{done.stderr}")
    git(project.folder, "reset", "-q", "--hard", "HEAD~1")


def main():
    with tempfile.TemporaryDirectory() as top:
        project = Project(top + "/a", POPP, "popp_national_evaluation", "popp_matched_control")
        nothing_changed(project)
        interaction_against_runs(project)
        every_kind_of_cause(project)
        formulas_that_need_new_evidence(project)
        scenarios_come_and_go(project)
        exit_codes_and_tolerance(project)
        formats(project)
        results_folders(project)
        the_shipped_update(project)
        little_time(project)
        mistakes(project)
        left_overs(project)
        what_lies_outside(project, top + "/elsewhere")
        portfolios(top + "/d")
        project = Project(top + "/b", "befriending_west_lancashire", "keyring_fylde", "help_three_neighbourhoods")
        perturb(project, ["befriending_west_lancashire", "keyring_fylde", "help_three_neighbourhoods"][:3 if SLOW else 2])
        sweeps_and_health(top + "/c")
    print("diff:", "all as it should be" if failures == 0 else f"{failures} failures")
    return 1 if failures else 0


sys.exit(main())
