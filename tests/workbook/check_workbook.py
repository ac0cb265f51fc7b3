"""What must hold of workbook.xlsx: check_workbook.py PROGRAM. Runs the program into a temporary
folder and reads what it wrote. Standard library only."""
import csv
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from workbook import Evaluator, Workbook, column_number  # noqa: E402

PROGRAM = sys.argv[1]
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAILURES = []


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words)


def run(arguments, **options):
    return subprocess.run([PROGRAM, *arguments], cwd=PROJECT, capture_output=True, text=True,
                          check=False, **options)


def run_into(folder, *arguments):
    outcome = run([*arguments, "--quiet", "--out", folder])
    expect(outcome.returncode == 0, f"{arguments} ran: {outcome.stderr}")
    return Workbook(os.path.join(folder, "workbook.xlsx"))


def same(a, b, relative):
    return a == b or abs(a - b) <= relative * max(abs(a), abs(b))


# ---- form

def check_form(book, what):
    for sheet in book.sheets.values():
        place = f"{what}, {sheet.name}"
        table = book.table_of.get(sheet.name)
        expect(len(sheet.name) < 32, f"{place}: short name")
        title = sheet.cells.get((1, 1))
        expect(title is not None and str(title.value).strip(), f"{place}: title in A1")
        tags = {item.tag.split("}")[1] for item in sheet.root.iter()}
        expect("mergeCell" not in tags, f"{place}: no merged cells")
        expect("pane" in tags, f"{place}: frozen panes")
        expect(table is not None, f"{place}: one table")
        page = sheet.root.find("{*}pageSetup")
        expect(page.get("paperSize") == "9" and page.get("orientation") == "landscape",
               f"{place}: A4 landscape")
        expect(len(sheet.root.findall(".//{*}tablePart")) == 1, f"{place}: one table part")
        for row, column in sheet.cells:
            cell = sheet.cells[row, column]
            expect(cell.kind != "e" and cell.value is not None, f"{place}: {row},{column} has a value")
            if isinstance(cell.value, float):
                expect(math.isfinite(cell.value), f"{place}: {row},{column} is finite")
            else:
                expect(str(cell.value).strip() != "", f"{place}: {row},{column} is not blank")
        rows = {row for row, _ in sheet.cells}
        expect(rows == set(range(1, max(rows) + 1)), f"{place}: no blank rows")
        expect(len(table.columns) == len(set(table.columns)), f"{place}: headings differ")
        for row in range(table.header + 1, table.last + 1):
            for column in range(table.left, table.right + 1):
                expect((row, column) in sheet.cells, f"{place}: {row},{column} is filled")
        repeated = f"'{sheet.name}'" if " " in sheet.name else sheet.name
        expect(any(words.startswith(repeated) and f"${table.header}:${table.header}" in words
                   for name, words in all_names(book) if name == "_xlnm.Print_Titles"),
               f"{place}: header row repeated on paper")
    notes = {row["Item"] for row in book.tables["Notes"].rows()}
    expect({"[x]", "[z]"} <= notes, f"{what}: shorthand explained")
    expect(book.dates == {(1980, 1, 1, 0, 0, 0)}, f"{what}: dates of parts are fixed")
    listed = [row["Sheet"] for row in book.tables["Contents"].rows()]
    expect(listed == list(book.sheets), f"{what}: contents list every sheet")
    signed = [row["Words"] for row in book.tables["Cover"].rows() if row["Item"] == "Sign-off"]
    expect(signed == ["Not signed off"], f"{what}: not signed off")
    checked = [row["Words"] for row in book.tables["Cover"].rows() if row["Item"] == "Checks"]
    expect(len(checked) == 1 and checked[0].startswith("all "), f"{what}: {checked}")


def all_names(book):
    root = book.roots["xl/workbook.xml"]
    return [(item.get("name"), item.text) for item in root.iter() if item.tag.endswith("definedName")]


def check_charts(book, what):
    charts = [name for name in book.parts if name.startswith("xl/charts/chart")]
    expect(len(charts) == 2, f"{what}: two charts")
    for name in book.parts:
        if name.startswith("xl/drawings/drawing"):
            words = [item.get("descr") for item in book.roots[name].iter()
                     if item.tag.endswith("cNvPr")]
            expect(words and all(words), f"{what}: {name} has alternative text")


def check_names(book, what):
    own = [(name, words) for name, words in all_names(book) if not name.startswith("_xlnm")]
    expect(len(own) >= 8, f"{what}: defined names")
    for name, words in own:
        sheet, first, last = re.fullmatch(r"'?([^'!]+)'?!\$[A-Z]+\$([0-9]+):\$[A-Z]+\$([0-9]+)",
                                          words).groups()
        table = book.table_of[sheet]
        expect((int(first), int(last)) == (table.header + 1, table.last), f"{what}: {name} is a column")


# ---- formulas

def check_formulas(book, what):
    """To 1e-9 of the value; to a millionth of a pound where large sums cancel."""
    evaluator, n = Evaluator(book), 0
    for sheet, place, cell in book.formulas():
        found = evaluator.cell(sheet, place)
        where = f"{what}, {sheet.name} {place}: {cell.formula}"
        if isinstance(cell.value, float) and isinstance(found, float):
            expect(same(found, cell.value, 1e-9) or abs(found - cell.value) < 1e-6,
                   f"{where} gives {found!r}, cached {cell.value!r}")
        else:
            expect(found == cell.value, f"{where} gives {found!r}, cached {cell.value!r}")
        n += 1
    return n


def check_reconciliations(book, what):
    n = 0
    for sheet in book.sheets.values():
        for (row, column), cell in sheet.cells.items():
            if column == 1 and str(cell.value).startswith("Reconciliation: "):
                expect(sheet.cells[row, 2].value == 0.0, f"{what}: {sheet.name} adds up")
                expect(sheet.cells[row, 2].formula == f"ROUND(B{row - 2}-B{row - 1},2)",
                       f"{what}: {sheet.name} states its difference")
                n += 1
    for row in book.tables["Sectors"].rows() if "Sectors" in book.tables else []:
        expect(row["Formula less engine"] == 0.0, f"{what}: {row['Scenario']} {row['Who']} adds up")
    return n


# ---- numbers

def number(words):
    return float(words) if words != "" else None


def shown(value, words, is_text):
    if words == "":
        return value in ("[z]", "[x]")
    return value == words if is_text else isinstance(value, float) and same(value, float(words), 1e-15)


def check_copy(book, table, path, what):
    """A sheet that holds a whole .csv, column by column."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    found = list(book.tables[table].rows())
    expect(len(found) == max(1, len(rows)), f"{what}: {table} has {len(rows)} rows")
    for i, (row, cells) in enumerate(zip(rows, found)):
        for words, (heading, value) in zip(row, cells.items()):
            text = not re.fullmatch(r"-?[0-9.]+(e[-+]?[0-9]+)?", words) or isinstance(value, str)
            words = words[1:] if re.match(r"'[=+@\t\r-]", words) else words
            expect(shown(value, words, text), f"{what}: {table} row {i} {heading}: {value!r}, {words!r}")
    return len(rows)


def check_cashflow(book, path, what):
    """Budget impact is the cash flow, one row a year."""
    kinds = {"cost_cash": "Cash cost", "cost_redeployed": "Redeployed cost",
             "cost_in_kind": "In-kind cost", "cashable": "Cashable", "non_cashable": "Non-cashable",
             "economic": "Economic", "social": "Social", "qaly_value": "QALY value",
             "transfer": "Transfers", "levered_in": "Levered in"}
    wanted = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            year = wanted.setdefault((row["scenario"], row["who"], float(row["year_index"])), {})
            if row["kind"] in kinds:
                year[kinds[row["kind"]]] = number(row["real_gbp"])
            elif row["kind"] == "net":
                year["Net real"] = number(row["real_gbp"])
            elif row["kind"] == "net_cash_cumulative_nominal":
                year["Cash to date nominal"] = number(row["nominal_gbp"])
                year["Cash to date lower 95"] = number(row["q025_gbp"])
                year["Cash to date upper 95"] = number(row["q975_gbp"])
    n = 0
    for row in book.tables["BudgetImpact"].rows():
        year = wanted.pop((row["Scenario"], row["Who"], row["Year index"]))
        for heading in [*kinds.values(), "Net real", "Cash to date nominal",
                        "Cash to date lower 95", "Cash to date upper 95"]:
            value = year.get(heading)
            good = row[heading] == "[z]" if value is None else same(row[heading], value, 1e-15)
            expect(good, f"{what}: Budget impact {row['Scenario']} {row['Who']} {heading}: "
                         f"{row[heading]!r}, {value!r}")
            n += 1
    expect(not wanted, f"{what}: every year of cashflow.csv is in Budget impact")
    return n


def check_summary(book, path, what):
    """Sectors and Summary against summary.csv."""
    with open(path, newline="", encoding="utf-8") as file:
        values = {(row["scenario"], row["who"], row["measure"]): row for row in csv.DictReader(file)}
    columns = {"Net present value": ("net", "mean"), "Engine net": ("net", "mean"),
               "Net lower 95": ("net", "q025"), "Net upper 95": ("net", "q975"),
               "Chance net not negative": ("net", "p_nonneg"), "Cost": ("pv_cost", "mean"),
               "Net cash nominal": ("net_cash", "mean"), "Engine net cash": ("net_cash", "mean"),
               "Chance cash not negative": ("net_cash", "p_nonneg"),
               "Benefit cost ratio": ("bcr", "headline"),
               "Cashable return": ("return_cashable", "headline"),
               "Fiscal return": ("return_fiscal", "headline"),
               "Public value return": ("return_public_value", "headline")}
    for table, who in (("Sectors", "Who"), ("Summary", "Perspective")):
        for row in book.tables[table].rows():
            for heading, (measure, statistic) in columns.items():
                if heading not in row:
                    continue
                wanted = values.get((row["Scenario"], row[who], measure))
                words = wanted[statistic] if wanted is not None else ""
                value = row[heading]
                good = value in ("[z]", 0.0) if words == "" else (
                    isinstance(value, float) and same(value, float(words), 1e-15))
                expect(good, f"{what}: {table} {row['Scenario']} {heading}: {value!r}, {words!r}")


def check_all(book, folder, what):
    check_form(book, what)
    check_names(book, what)
    check_charts(book, what)
    n_formulas = check_formulas(book, what)
    n_checks = check_reconciliations(book, what)
    n = 0
    for table, name in (("Savings", "sectors.csv"), ("Qalys", "qalys.csv"),
                        ("Uncertainty", "summary.csv"), ("Options", "options.csv"),
                        ("Portfolio", "portfolio/sets.csv"),
                        ("Programmes", "portfolio/programmes.csv"),
                        ("Budgets", "portfolio/budgets.csv"),
                        ("FairShares", "portfolio/deals.csv"),
                        ("Quintiles", "portfolio/quintiles.csv"),
                        ("Signatures", "assurance/sign_off.csv"),
                        ("Assumptions", "assurance/assumptions.csv"),
                        ("Checks", "assurance/checks.csv"), ("Impacts", "assurance/impacts.csv"),
                        ("Gaps", "assurance/gaps.csv"), ("Cheers", "assurance/cheers.csv")):
        if table in book.tables:
            n += check_copy(book, table, os.path.join(folder, name), what)
    n += check_cashflow(book, os.path.join(folder, "cashflow.csv"), what)
    check_summary(book, os.path.join(folder, "summary.csv"), what)
    expect(n_formulas > 50 and n_checks >= 4, f"{what}: has formulas and reconciliations")
    print(f"{what}: {len(book.sheets)} sheets, {n_formulas} formulas, {n_checks} reconciliations, "
          f"{n} rows and figures compared")


# ---- hostile words

HOSTILE = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\",\"y\")",
           "=WEBSERVICE(\"http://x\")", "=IMPORTXML(\"http://x\",\"//a\")", "+A1", "-A1", "@A1",
           "=A1:A9", "==1", "=+1", "=-1", "=@1", "+=1", "-=1", "@=1", "\u00a0=1+1", "\u2003=1+1", "\u200b=1+1",
           " =1+1", "'=1+1", "\"=1+1", "{=1+1}", "=SUM(1;2)", "<r>=1</r>", "<f>1+1</f>",
           "</t></si><si><t>", "]]>", "<!--", "&amp;=1", "&#61;1+1", "%3D1+1", "_x003D_1+1",
           "_x0000_", "_xlfn.SINGLE(1)", "=DDE(\"a\";\"b\";\"c\")", "-2+3+cmd|' /C calc'!A0",
           "=RTD(\"a\",,\"b\")", "+CALL(\"a\")", "@INDIRECT(\"A1\")", "=REGISTER.ID(1)",
           "=EXEC(\"a\")", "internal:Cover!A1", "http://example.org/=1", "mailto:a@example.org",
           "\u202e=1+1", "\uff1d1+1", "=" * 300]


def quoted(words):
    """As a configuration file states it; control characters are refused there."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def hostile_models(folder):
    """The shipped models with hostile labels, citations and reasons."""
    shutil.copytree(os.path.join(PROJECT, "models"), folder)
    n = 0

    def replace(match):
        nonlocal n
        n += 1
        return f'{match.group(1)} = {quoted(HOSTILE[n % len(HOSTILE)])};'

    for path, _, names in os.walk(folder):
        for name in names:
            if name in ("sectors.cfg", "sources.cfg") or path.endswith(("evidence", "befriending")):
                file = os.path.join(path, name)
                text = open(file, encoding="utf-8").read()
                text = re.sub(r'\b(label|citation|reason) = "[^"]*";', replace, text)
                open(file, "w", encoding="utf-8").write(text)


def check_hostile(folder):
    models, scenarios = os.path.join(folder, "models"), os.path.join(folder, "scenarios")
    hostile_models(models)
    os.mkdir(scenarios)
    for i, words in enumerate(HOSTILE):
        text = open(os.path.join(PROJECT, "scenarios/befriending_west_lancashire.cfg"),
                    encoding="utf-8").read()
        text = re.sub(r'note = ("[^"]*"\s*)*;', "", text)
        text = re.sub(r'title = "[^"]*";', lambda _: "".join(
            f'{key} = {quoted(HOSTILE[(i + 7 * k) % len(HOSTILE)])}; '
            for k, key in enumerate(("title", "question", "note"))), text, count=1)
        with open(os.path.join(scenarios, f"hostile_{i}.cfg"), "w", encoding="utf-8") as file:
            file.write(text)
    out = os.path.join(folder, "out")
    outcome = run(["run", scenarios, "--no-shipped-models", "--models", models, "--quiet", "--draws",
                   "64", "--out", out])
    expect(outcome.returncode == 0, f"hostile words ran: {outcome.stderr[:3000]}")
    if outcome.returncode != 0:
        return
    book = Workbook(os.path.join(out, "workbook.xlsx"))
    titles = {row["Scenario"]: row["Title"] for row in book.tables["Summary"].rows()}
    for i, words in enumerate(HOSTILE):
        expect(titles.get(f"hostile_{i}") == words,
               f"hostile title {words!r} is shown as {titles.get(f'hostile_{i}')!r}")
    allowed = re.compile(r"(ROUND|SUMIFS|SUM|IF|\(|\$|[A-Z]+[0-9])")
    for sheet, place, cell in book.formulas():
        expect(allowed.match(cell.formula) and not any(
            word in cell.formula for word in ("cmd", "HYPERLINK", "http", "DDE", "WEBSERVICE")),
            f"hostile: {sheet.name} {place} {cell.formula}")
    check_form(book, "hostile")
    n = check_formulas(book, "hostile")
    check_reconciliations(book, "hostile")
    links = [name for name in book.parts if name.endswith(".rels") and b"External" in book.parts[name]]
    for name in book.parts:
        if name.startswith("xl/charts/"):
            for item in book.roots[name].iter():
                expect(not item.tag.endswith("}f") or re.fullmatch(
                    r"'[A-Z][a-z ]+'!\$[A-Z]\$[0-9]+(:\$[A-Z]\$[0-9]+)?", item.text),
                       f"hostile: {name} draws {item.text}")
    expect(not links, f"hostile: no links out of the workbook, {links}")
    print(f"hostile: {len(HOSTILE)} words in titles and notes, {n} formulas, all our own")


# ---- disks that fill up

def names_in(folder):
    return sorted(name for _, _, names in os.walk(folder) for name in names)


def long_scenario(folder):
    """Forty years, so that a sheet of the workbook is larger than report.html with its charts."""
    path = os.path.join(folder, "long.cfg")
    with open(os.path.join(PROJECT, "scenarios/befriending_west_lancashire.cfg"), encoding="utf-8") as shipped:
        words = re.sub(r"horizon_years = \d+", "horizon_years = 40", shipped.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(words)
    return path


def check_limits(folder):
    """Files may grow to a limit: wherever it falls, the earlier workbook stays as it was. The parts
    of a workbook pass through temporary files larger than itself, whose loss the library does not
    notice."""
    out = os.path.join(folder, "limited")
    scenario = long_scenario(folder)
    book = run_into(out, "run", scenario, "--draws", "64")
    before, files = open(os.path.join(out, "workbook.xlsx"), "rb").read(), names_in(out)
    largest = max(os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(out)
                  for name in names)
    part = max(len(data) for data in book.parts.values())
    expect(part > largest + 10, "limits: a part of the workbook is larger than any other file")
    reasons = []
    for limit in (2000, 10000, largest // 2, largest - 1, *range(largest + 1, part - 2000, 20000), part - 2000):
        outcome = run(["run", scenario, "--draws", "64", "--seed", "7", "--quiet", "--out", out],
                      preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        reasons.append(outcome.stderr.strip())
        expect(outcome.returncode == 1 and "could not be written" in outcome.stderr,
               f"limit {limit}: {outcome.returncode} {outcome.stderr}")
        expect(open(os.path.join(out, "workbook.xlsx"), "rb").read() == before,
               f"limit {limit}: the earlier workbook is as it was")
        expect(names_in(out) == files, f"limit {limit}: nothing is left behind")
    n_named = sum("workbook.xlsx could not be written" in reason for reason in reasons)
    n_read = sum("when it was read back" in reason for reason in reasons)
    expect(n_named > 2, "limits: the workbook was what did not fit, several times")
    print(f"limits: {len(reasons)} sizes, no file replaced; {n_named} times the workbook did not fit, "
          f"{n_read} times only reading it back told")


def check_small_disk(folder):
    """A file system that is too small for the workbook's temporary files; needs root."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk],
                             capture_output=True, check=False).returncode == 0 \
        if os.geteuid() == 0 else False
    if not mounted:
        print("small disk: skipped, a file system cannot be mounted here")
        return
    try:
        out = os.path.join(disk, "out")
        scenario = long_scenario(folder)
        run_into(out, "run", scenario, "--draws", "64")
        before, files = open(os.path.join(out, "workbook.xlsx"), "rb").read(), names_in(out)
        n_named = n_read = 0
        for free in range(0, 2000, 40):
            ballast = os.path.join(disk, "ballast")
            space = os.statvfs(disk)
            keep = space.f_bavail * space.f_frsize - free * 1024
            with open(ballast, "wb") as file:
                file.write(b"0" * max(0, keep))
            outcome = run(["run", scenario, "--draws", "64", "--quiet", "--out", out])
            os.remove(ballast)
            if outcome.returncode == 0:
                continue
            n_named += "workbook.xlsx" in outcome.stderr
            n_read += "when it was read back" in outcome.stderr
            expect(outcome.returncode == 1 and "could not be written" in outcome.stderr,
                   f"disk with {free} KiB: {outcome.returncode} {outcome.stderr}")
            expect(open(os.path.join(out, "workbook.xlsx"), "rb").read() == before,
                   f"disk with {free} KiB: the earlier workbook is as it was")
            expect(names_in(out) == files, f"disk with {free} KiB: nothing is left behind")
        expect(n_named > 0, "small disk: the workbook was what did not fit, at least once")
        print(f"small disk: {n_named} times it was the workbook that did not fit, {n_read} times only "
              "reading it back told")
    finally:
        subprocess.run(["umount", disk], check=False)


def check_full_temporary_folder(folder):
    """Nothing of the workbook goes to TMPDIR."""
    out = os.path.join(folder, "no_tmp")
    outcome = run(["run", "scenarios/befriending_west_lancashire.cfg", "--draws", "64", "--quiet",
                   "--out", out], env={**os.environ, "TMPDIR": "/nonexistent", "TMP": "/nonexistent"})
    expect(outcome.returncode == 0, f"without a temporary folder: {outcome.stderr}")
    full = os.path.join(folder, "full_tmp")
    os.mkdir(full)
    mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", full],
                                                   capture_output=True, check=False).returncode == 0
    if not mounted:
        print("full temporary folder: skipped, a file system cannot be mounted here")
        return
    try:
        with open(os.path.join(full, "ballast"), "wb", buffering=0) as file:
            try:
                while file.write(b"0" * 4096):
                    pass
            except OSError:
                pass
        again = os.path.join(folder, "full_tmp_out")
        outcome = run(["run", "scenarios/befriending_west_lancashire.cfg", "--draws", "64", "--quiet", "--out", again],
                      env={**os.environ, "TMPDIR": full})
        expect(outcome.returncode == 0, f"with a full temporary folder: {outcome.stderr}")
        expect(open(os.path.join(again, "workbook.xlsx"), "rb").read() == open(os.path.join(out, "workbook.xlsx"), "rb").read(),
               "with a full temporary folder: the same workbook")
    finally:
        subprocess.run(["umount", full], check=False)


def check_same_bytes(folder):
    runs = []
    for name, zone in (("one", "UTC"), ("two", "Asia/Tokyo")):
        out = os.path.join(folder, name)
        run(["run", "scenarios/befriending_west_lancashire.cfg", "--draws", "256", "--quiet", "--out", out],
            env={**os.environ, "TZ": zone, "LC_ALL": "C" if name == "one" else "de_DE.UTF-8"})
        runs.append(open(os.path.join(out, "workbook.xlsx"), "rb").read())
    expect(runs[0] == runs[1], "two runs give the same bytes")


def check_changes(folder, earlier):
    """The sheets of changes stand there only with an earlier run, and say what the .csv files say."""
    expect("Changes" not in Workbook(os.path.join(earlier, "workbook.xlsx")).sheets,
           "changes: no sheet without an earlier run")
    out = os.path.join(folder, "against")
    book = run_into(out, "run", "scenarios", "--draws", "512", "--seed", "7", "--against", earlier)
    check_all(book, out, "changes")
    with open(os.path.join(out, "changes.csv"), newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["rank"] != "other"]
    found = list(book.tables["Changes"].rows())
    expect(len(found) == len(rows), f"changes: {len(rows)} headline rows")
    for row, cells in zip(rows, found):
        for name, heading in (("old", "Earlier run"), ("new", "This run"), ("difference", "Difference"),
                              ("relative", "Relative difference"), ("standard_errors", "In standard errors")):
            expect(shown(cells[heading], row[name], False),
                   f"changes: {row['scenario']} {row['measure']} {heading}: {cells[heading]!r}, {row[name]!r}")
        expect(cells["Verdict"] == row["verdict"], f"changes: verdict {cells['Verdict']}")
    check_copy(book, "ChangedInputs", os.path.join(out, "changes_inputs.csv"), "changes")
    check_copy(book, "ChangedDecisions", os.path.join(out, "changes_decisions.csv"), "changes")


def main():
    folder = tempfile.mkdtemp(prefix="dividend_workbook_")
    try:
        shipped = os.path.join(folder, "scenarios")
        check_all(run_into(shipped, "run", "scenarios", "--draws", "512"), shipped, "scenarios")
        check_changes(folder, shipped)
        portfolio = os.path.join(folder, "portfolio")
        check_all(run_into(portfolio, "portfolio", sys.argv[2], "--draws", "512"), portfolio, "portfolio")
        options = os.path.join(folder, "options")
        check_form(run_into(options, "run", "scenarios/cookbook/cohort_options.cfg", "--draws", "256"),
                   "options")
        hostile = os.path.join(folder, "hostile")
        os.mkdir(hostile)
        check_hostile(hostile)
        check_same_bytes(folder)
        check_full_temporary_folder(folder)
        check_limits(folder)
        check_small_disk(folder)
    finally:
        shutil.rmtree(folder)
    print("failed" if FAILURES else "all of it holds")
    return 1 if FAILURES else 0


sys.exit(main())
