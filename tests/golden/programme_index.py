"""The index of programmes in models/README.md: programme_index.py write|check PROGRAM PROJECT_DIR. Standard library only.

All of it comes from the program: a run of scenarios/, `dividend list`; models/inventory.csv says which scenario stands for which
row of the inventory of the founding texts. `scripts/document` writes it, golden.programme_index checks that it is current, that
each scenario of scenarios/ has a row, and that no row of the inventory is empty.
"""
import csv
import io
import pathlib
import subprocess
import sys
import tempfile

BEGIN, END = "<!-- index of programmes -->", "<!-- end of index -->"
INFLUENTIAL = 0.05  # of the swings of the headline, assurance/assumptions.csv
ASSUMPTION_GRADE = 6  # method 2.3
ROWS = [f"S{number:02}" for number in range(1, 46)]
REACH = {"whole_community": "everybody", "population_group": "a group", "co_productive_service": "co-production"}
KINDS = [("cashable", "cash"), ("non_cashable", "capacity"), ("economic", "economic"), ("social", "social"), ("levered_in", "levered in")]
GAINS = {"cashable", "non_cashable", "economic", "social"}
PAYS = {"cost_cash": "", "cost_redeployed": "", "cost_in_kind": " (time)"}


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def run(program, project, *arguments):
    done = subprocess.run([program, *arguments], cwd=project, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def thousand(text):
    number = float(text) / 1000
    shown = f"{number:,.0f}" if abs(number) >= 10 else f"{number:.1f}"
    return "0" if shown.strip("-0.") == "" else shown


def chance(text):
    """Two digits, and never certainty: below .005 or above .995 it is said so."""
    number = float(text)
    return "< .01" if number < 0.005 else "> .99" if number > 0.995 else f"{number:.2f}".lstrip("0")


class Results:
    def __init__(self, program, project):
        with tempfile.TemporaryDirectory() as folder:
            self.table = {row["scenario"]: row for row in read(run(program, project, "run", "scenarios", "--quiet", "--format", "csv",
                                                                   "--out", folder))}
            name = pathlib.Path(folder)
            self.sectors = read((name / "sectors.csv").read_text(encoding="utf-8"))
            self.assumptions = read((name / "assurance/assumptions.csv").read_text(encoding="utf-8"))
            self.summary = read((name / "summary.csv").read_text(encoding="utf-8"))
        self.models = {row["id"]: row for row in read(run(program, project, "list", "models", "--format", "csv"))}
        self.scenarios = {row["id"]: row for row in read(run(program, project, "list", "scenarios", "--format", "csv"))}
        self.partners = {row["id"]: row["abbreviation"] for row in read(run(program, project, "list", "sectors", "--format", "csv"))}

    def of(self, rows, scenario):
        return [row for row in rows if row["scenario"] == scenario]

    def who(self, scenario, kinds):
        """Partners with a mean of more than half a pound of these kinds, the largest first, each once."""
        sums = {}
        for row in self.of(self.sectors, scenario):
            if row["who_kind"] == "sector" and row["kind"] in kinds and abs(float(row["mean_gbp"])) > 0.5:
                name = self.partners[row["who"]] + (kinds[row["kind"]] if isinstance(kinds, dict) else "")
                sums[name] = sums.get(name, 0.0) + float(row["mean_gbp"])
        return ", ".join(sorted(sums, key=lambda name: (-sums[name], name))) or "nobody"

    def kinds(self, scenario):
        found = {row["kind"] for row in self.of(self.sectors, scenario)
                 if row["who_kind"] == "total" and float(row["mean_gbp"]) > 0.5}
        shown = [word for kind, word in KINDS if kind in found]
        if any(row["measure"] == "qalys" for row in self.of(self.summary, scenario)):
            shown.append("QALYs")
        return ", ".join(shown) or "none"

    def weakest(self, scenario):
        """Worst grade of what moves the headline by 5 % of all swings or more; an uncertain input counts as an assumption."""
        grades = [int(row["grade"] or ASSUMPTION_GRADE) for row in self.of(self.assumptions, scenario)
                  if row["share_of_swings"] and float(row["share_of_swings"]) >= INFLUENTIAL]
        return str(max(grades)) if grades else "-"

    def headline(self, scenario):
        (row,) = [row for row in self.of(self.summary, scenario)
                  if row["measure"] == "net" and row["who"] == "public_sector"]
        return (f"{thousand(row['headline'])} ({thousand(row['q025'])} to {thousand(row['q975'])})", chance(row["p_nonneg"]))

    def assumed(self, scenario):
        share = self.table[scenario]["assumption_share_of_variance"]
        return f"{100 * float(share):.0f} %" if share else "-"


def index(program, project):
    inventory = read((pathlib.Path(project) / "models/inventory.csv").read_text(encoding="utf-8"))
    results = Results(program, project)
    problems = []
    rows = [row["row"] for row in inventory if row["row"]]
    if rows != ROWS:
        problems.append(f"models/inventory.csv: rows S01 to S45 in order are wanted, found {' '.join(rows)}")
    named = {name for row in inventory for name in row["scenarios"].split()}
    problems += [f"models/inventory.csv names {name}, which is no scenario of scenarios/" for name in sorted(named - set(results.table))]
    problems += [f"{name} is in no row of models/inventory.csv" for name in sorted(set(results.table) - named)]
    if problems:
        sys.exit("\n".join(problems))
    lines = [
        "| row | in the founding texts | model | scenario | prevention | reach | pays | gains | kinds | weakest | net, public sector | P | assumed |",
        "|---|---|---|---|---|---|---|---|---|---|---:|---:|---:|"]
    for row in inventory:
        for place, name in enumerate(row["scenarios"].split()):
            model = results.scenarios[name]["model"]
            net, not_losing = results.headline(name)
            lines.append("| " + " | ".join([
                (row["row"] or "-") if place == 0 else "", row["name"] if place == 0 else "", f"[{model}]({model}/README.md)", f"`{name}`",
                results.models[model]["prevention"], REACH[results.models[model]["population_reach"]], results.who(name, PAYS),
                results.who(name, GAINS), results.kinds(name), results.weakest(name), net, not_losing, results.assumed(name)]) + " |")
    return "\n".join(lines) + "\n"


def main():
    action, program, project = sys.argv[1:]
    page = pathlib.Path(project) / "models/README.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN + "\n", 1)
    old, after = rest.split(END + "\n", 1)
    new = index(str(pathlib.Path(program).resolve()), project)
    if action == "write":
        page.write_text(before + BEGIN + "\n" + new + END + "\n" + after, encoding="utf-8")
    elif old != new:
        changed = [line for line in new.splitlines() if line not in old.splitlines()]
        sys.exit("models/README.md is not current; scripts/document writes it anew. Lines that differ:\n" + "\n".join(changed[:10]))


main()
