"""From Excel: check_import.py PROGRAM. Templates have their form; filled ones give the scenario that a
person would write by hand, and the same results; every mistake is told at its cell. Standard library
only."""
import filecmp
import os
import re
import subprocess
import sys
import tempfile
import zipfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fill import MAIN, Book, Date, Percent, Raw, split  # noqa: E402

PROGRAM = sys.argv[1]
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAILURES = []
FORMS = ["exact", "normal: value, 95 % from low to high", "events of n"]


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words)


def run(*arguments, cwd=PROJECT):
    return subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, check=False,
                          timeout=300)


def template(folder, model, name="filled"):
    path = os.path.join(folder, f"{name}.xlsx")
    if os.path.exists(path):
        os.remove(path)
    outcome = run("new", "scenario", name, "--model", model, "--xlsx", "--out", folder)
    expect(outcome.returncode == 0, f"a template of {model}: {outcome.stderr}")
    return path


# ---- the form of templates

def check_sheet(book, name, what):
    root, values = book.root(name), book.values(name)
    tags = {item.tag.split("}")[1] for item in root.iter()}
    place = f"{what}, {name}"
    expect(str(values.get("A1", "")).strip(), f"{place}: a title in A1")
    expect("mergeCell" not in tags, f"{place}: no merged cells")
    expect("pane" in tags, f"{place}: frozen panes")
    page = root.find("{*}pageSetup")
    expect(page.get("paperSize") == "9" and page.get("orientation") == "landscape",
           f"{place}: A4 landscape")
    protection = root.find("{*}sheetProtection")
    expect(protection is not None and protection.get("password") is None,
           f"{place}: locked without a password")
    return root


def unlocked_styles(book):
    formats = ET.fromstring(book.parts["xl/styles.xml"]).find("{%s}cellXfs" % MAIN)
    return {i for i, item in enumerate(formats)
            if item.find("{*}protection") is not None and item.find("{*}protection").get("locked") == "0"}


def check_template(folder, model, sheets):
    book = Book(template(folder, model))
    expect(list(book.paths) == sheets, f"{model}: sheets {list(book.paths)}")
    unlocked = unlocked_styles(book)
    n_entries = 0
    for name in book.paths:
        root = check_sheet(book, name, model)
        validated = {item.get("sqref"): item for item in root.iter("{%s}dataValidation" % MAIN)}
        entries = {cell.get("r") for cell in root.iter("{%s}c" % MAIN)
                   if int(cell.get("s", "0")) in unlocked}
        n_entries += len(entries)
        expect(entries == set(validated), f"{model}, {name}: every entry is validated, nothing else is")
        for reference, item in validated.items():
            expect(item.get("prompt") and item.get("error"),
                   f"{model}, {name}, {reference}: says what it wants and what was wrong")
    expect(n_entries > 0, f"{model}: has entries")
    return book


def check_templates(folder):
    programme = ["Read me", "Scenario", "Inputs", "Funding", "Pools", "Evidence", "Lists"]
    book = check_template(folder, "befriending", programme)
    inputs = book.values("Inputs")
    row = book.find("Inputs", "eligible")
    expect(inputs[f"F{row}"] == "people" and inputs[f"G{row}"] == 0.0, "units and limits beside inputs")
    evidence = book.values("Evidence")
    row = book.find("Evidence", "befriending.uptake")
    expect(evidence[f"B{row}"] == "share" and evidence[f"D{row}"] == 0.28, "evidence in use is shown")
    funding = {cell.get("r"): cell for cell in book.root("Funding").iter("{%s}c" % MAIN)}
    expect(funding["B4"].find("{*}f").text == "SUM(B6:B17)", "a live sum of shares")
    check_template(folder, "loneliness_older", ["Read me", "Scenario", "Inputs", "Evidence", "Lists"])
    check_template(folder, "falls_ambulance",
                   ["Read me", "Scenario", "Inputs", "Funding", "Pools", "Evidence", "Lists"])
    first = open(template(folder, "befriending", "same"), "rb").read()
    expect(first == open(template(folder, "befriending", "same"), "rb").read(), "the same bytes twice")
    again = run("new", "scenario", "same", "--model", "befriending", "--xlsx", "--out", folder)
    expect(again.returncode == 2 and "E711" in again.stderr, "a template is never written over a file")
    names = [row.split(",")[0] for row in run("list", "models", "--format", "csv").stdout.split("\n")[1:]]
    for model in filter(None, names):
        template(folder, model, "each")


# ---- round trips: filled in, imported, run, compared with a file written by hand

def set_rows(book, sheet, column, values):
    for key, value in values.items():
        book.set(sheet, f"{column}{book.find(sheet, key)}", value)


def fill_programme(book, years=("2026-27", 3, 5)):
    set_rows(book, "Scenario", "B", {"title": "Filled in", "start_year": years[0],
                                     "funded_years": years[1], "horizon_years": years[2]})
    return book


def befriending(folder):
    book = fill_programme(Book(template(folder, "befriending")))
    set_rows(book, "Inputs", "B", {"eligible": 1800, "places": 150})
    book.set("Funding", "A6", "Public health").set("Funding", "B6", 0.6)
    book.set("Funding", "A7", "icb").set("Funding", "B7", 0.4)
    return book


def pooled(folder):
    book = befriending(folder)
    book.set("Pools", "A5", "better_care_fund").set("Pools", "B5", "Better Care Fund")
    book.set("Pools", "C5", "Integrated care board").set("Pools", "D5", 0.6)
    book.set("Pools", "A6", "better_care_fund")
    book.set("Pools", "C6", "Adult social care").set("Pools", "D6", 0.4)
    book.set("Funding", "A6", "better_care_fund").set("Funding", "B6", Percent(0.75))
    return book.set("Funding", "A7", "Public health").set("Funding", "B7", "25%")


def pilot(folder):
    book = befriending(folder)
    row = book.find("Evidence", "befriending.uptake")
    book.set("Evidence", f"K{row}", 41).set("Evidence", f"L{row}", 60)
    book.set("Evidence", f"M{row}", "an invented pilot: 41 of 60")
    row = book.find("Evidence", "unit_costs.volunteer_hour")
    book.set("Evidence", f"G{row}", "£15.50").set("Evidence", f"H{row}", "gamma")
    book.set("Evidence", f"I{row}", 12.25).set("Evidence", f"J{row}", 19)
    return book.set("Evidence", f"M{row}", "local \"rates\", at \\ grade 3")


def uncertain(folder):
    book = fill_programme(Book(template(folder, "popp_services")), ("2026/27", 1, 1))
    row = book.find("Inputs", "users")
    for column, value in zip("BCDE", (1000, "pert: likely value, lowest, highest", 600, 1800)):
        book.set("Inputs", f"{column}{row}", value)
    return book.set("Funding", "A9", "adult_social_care").set("Funding", "B9", 1)


def cohort(folder):
    book = Book(template(folder, "loneliness_older"))
    set_rows(book, "Scenario", "B", {"title": "Filled in", "perspective": "Public sector"})
    set_rows(book, "Inputs", "B", {"age_now": 80})
    return book


def recurrent(folder):
    book = fill_programme(befriending(folder), ("2026-27", "recurrent", 8))
    set_rows(book, "Scenario", "B", {"price_year": "2024-25", "monetise_qalys": "yes",
                                     "appraisal_pack": "green_book_2026"})
    return book


HEAD = 'scenario = { title = "Filled in"; start_year = "2026-27"; funded_years = %s; horizon_years = %d;'
PEOPLE = ' model = "befriending"; inputs = { eligible = 1800; places = 150; };'
SPLIT = " funding = { public_health = 0.6; icb = 0.4; };"

ROUND_TRIPS = [
    ("befriending", befriending, HEAD % (3, 5) + PEOPLE + SPLIT + " };"),
    ("pooled funds", pooled, HEAD % (3, 5) + PEOPLE + ' pools = { better_care_fund = { label = '
     '"Better Care Fund"; members = { icb = 0.6; adult_social_care = 0.4; }; }; };'
     " funding = { better_care_fund = 0.75; public_health = 0.25; }; };"),
    ("local evidence", pilot, HEAD % (3, 5) + PEOPLE + SPLIT + ' override = ( { parameter = '
     '"befriending.uptake"; value = { dist = "beta"; events = 41; n = 60; }; reason = "an invented pilot: '
     '41 of 60"; }, { parameter = "unit_costs.volunteer_hour"; value = { dist = "gamma"; mean = 15.5; '
     'ci95 = [12.25, 19.0]; }; reason = "local \\"rates\\", at \\\\ grade 3"; } ); };'),
    ("an uncertain input", uncertain, HEAD % (1, 1) + ' model = "popp_services"; inputs = { users = { '
     'dist = "pert"; min = 600.0; mode = 1000.0; max = 1800.0; }; }; funding = { adult_social_care = '
     "1.0; }; };"),
    ("a cohort", cohort, 'scenario = { title = "Filled in"; model = "loneliness_older"; inputs = { '
     'age_now = 80; }; conventions = { perspective = "public_sector"; }; };'),
    ("conventions", recurrent, HEAD % ('"recurrent"', 8) + PEOPLE + SPLIT + ' conventions = { '
     'price_year = "2024-25"; monetise_qalys = true; appraisal_pack = "green_book_2026"; }; };'),
]


def results(folder, name):
    out = os.path.join(folder, name)
    outcome = run("run", os.path.join(folder, name + "_cfg"), "--draws", "512", "--quiet", "--out", out)
    expect(outcome.returncode == 0, f"{name} ran: {outcome.stderr}")
    return out


def check_round_trip(folder, what, fill, by_hand):
    imported, written = os.path.join(folder, "imported_cfg"), os.path.join(folder, "written_cfg")
    os.makedirs(imported)
    os.makedirs(written)
    path = fill(folder).save(os.path.join(folder, "filled.xlsx"))
    outcome = run("import", path, "--out", imported)
    expect(outcome.returncode == 0 and "dividend run" in outcome.stdout,
           f"{what}: imported: {outcome.stderr}")
    with open(os.path.join(written, "filled.cfg"), "w", encoding="utf-8") as file:
        file.write(by_hand)
    checked = run("check", imported)
    expect(checked.returncode == 0, f"{what}: what was imported is valid: {checked.stderr}")
    one, two = results(folder, "imported"), results(folder, "written")
    tables = [name for name in os.listdir(two) if name.endswith(".csv")]
    expect(len(tables) >= 3, f"{what}: there are results")
    for table in tables:
        expect(filecmp.cmp(os.path.join(one, table), os.path.join(two, table), shallow=False),
               f"{what}: {table} is the same as of the file by hand")


def check_again(folder):
    path = befriending(folder).save(os.path.join(folder, "filled.xlsx"))
    out = os.path.join(folder, "mine.cfg")
    first = run("import", path, "--out", out)
    before = open(out, encoding="utf-8").read()
    second = run("import", path, "--out", out)
    expect(first.returncode == 0 and second.returncode == 2 and "E711" in second.stderr,
           "an import never replaces a file")
    expect(open(out, encoding="utf-8").read() == before, "the file is as it was")
    expect("override" not in before and "conventions" not in before and "pools" not in before,
           "blank cells leave nothing behind")
    missing = run("import", path, "--out", "/proc/nowhere")
    expect(missing.returncode == 1, "a folder that cannot be made is the world's fault")


def shuffled(folder):
    """Rows moved, headings moved down, sheets in another order, a column added."""
    book = befriending(folder)
    rows = book.root("Inputs")
    for cell in rows.iter("{%s}c" % MAIN):
        row, _ = split(cell.get("r"))
        moved = {4: 9, 5: 14, 6: 11}.get(row, row)
        cell.set("r", re.sub("[0-9]+", str(moved), cell.get("r")))
    data = rows.find("{%s}sheetData" % MAIN)
    for row in data:
        row.set("r", str({4: 9, 5: 14, 6: 11}.get(int(row.get("r")), int(row.get("r")))))
    book.keep("Inputs", rows)
    book.set("Inputs", "N14", "a remark of my own")
    workbook = ET.fromstring(book.parts["xl/workbook.xml"])
    sheets = workbook.find("{%s}sheets" % MAIN)
    items = list(sheets)
    for item in items:
        sheets.remove(item)
    for item in reversed(items):
        sheets.append(item)
    book.parts["xl/workbook.xml"] = ET.tostring(workbook, xml_declaration=True, encoding="UTF-8")
    return book


# ---- what other programs write

def without_references(book):
    """No r on rows and cells, but every cell there: as some exporters write."""
    for name in book.paths:
        root = book.root(name)
        data = root.find("{%s}sheetData" % MAIN)
        rows, at = list(data), 0
        for row in rows:
            data.remove(row)
        for row in rows:
            while at + 1 < int(row.get("r")):
                ET.SubElement(data, "{%s}row" % MAIN)
                at += 1
            cells, column = list(row), 0
            for cell in cells:
                row.remove(cell)
            for cell in cells:
                while column + 1 < split(cell.get("r"))[1]:
                    ET.SubElement(row, "{%s}c" % MAIN)
                    column += 1
                del cell.attrib["r"]
                row.append(cell)
                column += 1
            del row.attrib["r"]
            data.append(row)
            at += 1
        book.keep(name, root)
    return book


def strict_names(book):
    """Strict Open XML, with a prefix."""
    for name in list(book.parts):
        if name.endswith((".xml", ".rels")) and name.startswith(("xl/", "_rels")):
            text = book.parts[name].decode("utf-8")
            text = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            text = text.replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                                "http://purl.oclc.org/ooxml/officeDocument/relationships")
            if name == "xl/worksheets/sheet2.xml":
                text = re.sub(r"<(/?)([a-zA-Z]+)([ />])", r"<\1x:\2\3", text)
                text = text.replace("xmlns=", "xmlns:x=")
            book.parts[name] = text.encode("utf-8")
    return book


def rich_text(book):
    row = book.find("Scenario", "title")
    return book.set("Scenario", f"B{row}", Raw(
        't="inlineStr"><is><r><t>Filled</t></r><r><rPr/><t xml:space="preserve"> in</t></r>'
        "<rPh><t>no</t></rPh></is>"))


def formulas(book):
    row = book.find("Inputs", "eligible")
    book.set("Inputs", f"B{row}", Raw("><f>2*900</f><v>1800</v>"))
    row = book.find("Scenario", "start_year")
    return book.set("Scenario", f"B{row}", Raw('t="str"><f>"2026"&amp;"-27"</f><v>2026-27</v>'))


def check_dialects(folder):
    wanted = None
    for what, change in [("as it is", lambda book: book), ("rows moved", None),
                         ("without references", without_references), ("strict", strict_names),
                         ("rich text", rich_text), ("formulas", formulas)]:
        book = shuffled(folder) if change is None else change(befriending(folder))
        path = book.save(os.path.join(folder, "filled.xlsx"))
        out = os.path.join(folder, re.sub("[^a-z]", "_", what) + ".cfg")
        outcome = run("import", path, "--out", out)
        expect(outcome.returncode == 0, f"{what}: {outcome.stderr}")
        text = open(out, encoding="utf-8").read() if outcome.returncode == 0 else ""
        wanted = wanted or text
        expect(text == wanted, f"{what}: gives the same scenario")


# ---- hostile and odd texts are texts

HOSTILE = ['say "yes"', "back\\slash\\", '"; }; run = { seed = 7; }; x = "', "*/ scenario = { };",
           "/* never closed", "# a comment", "// another", '@include "/etc/passwd"', "=cmd|' /C calc'!A0",
           "+1+1", "-1-1", "@SUM(1)", "tab\there", "line\nbreak\r\nagain", "naïve café £ € ½ 日本語 🙂",
           "“curly” – dashes — and no-break", "trailing \\", "%s %n %d", "${HOME} `ls` $(ls)",
           "<script>alert(1)</script>", "a" * 900, "\\n \\x41 \\\"", "&amp; &lt;", "_x0041_ is A",
           "{ [ ( ; = , ) ] }", "O'Brien's", "\u202eright to left"]


def as_on_one_line(text):
    text = text.replace("_x0041_", "A")
    return re.sub("[ \t\r\n\u00a0]+", " ", text).strip()


def read_title(path):
    """The title as `dividend list scenarios` reads it back."""
    outcome = run("list", "scenarios", path, "--format", "json")
    expect(outcome.returncode == 0, f"{path}: {outcome.stderr}")
    import json
    return json.loads(outcome.stdout)[0]["title"] if outcome.returncode == 0 else None


def check_hostile(folder):
    for number, text in enumerate(HOSTILE):
        book = befriending(folder)
        set_rows(book, "Scenario", "B", {"title": text, "note": text, "area": text})
        path = book.save(os.path.join(folder, "filled.xlsx"))
        out = os.path.join(folder, f"hostile_{number}.cfg")
        outcome = run("import", path, "--out", out)
        expect(outcome.returncode == 0, f"{text!r} is a text: {outcome.stderr}")
        if outcome.returncode == 0:
            expect(read_title(out) == as_on_one_line(text), f"{text!r} arrives as it is")


# ---- mistakes, each at its cell

def on(sheet, cell, value):
    return lambda book: book.set(sheet, cell, value)


def several(*changes):
    def change(book):
        for one in changes:
            one(book)
        return book
    return change


def drop_row(sheet, row):
    def change(book):
        root = book.root(sheet)
        data = root.find("{%s}sheetData" % MAIN)
        data.remove(next(item for item in data if item.get("r") == str(row)))
        book.keep(sheet, root)
        return book
    return change


# rows of the template of befriending, which check_rows holds to
NAME, TITLE, AREA, START, FUNDED, HORIZON, PERSPECTIVE, PRICES, PACK, MONETISE = (
    7, 8, 9, 12, 13, 14, 15, 16, 17, 18)
ELIGIBLE, PLACES = 5, 6
COST, UPTAKE, RETENTION = 5, 12, 11

MISTAKES = [
    ("a blank title", on("Scenario", f"B{TITLE}", None), "E920", f"Scenario, cell B{TITLE}", "nothing"),
    ("a title of blanks", on("Scenario", f"B{TITLE}", "  \n "), "E920", f"Scenario, cell B{TITLE}", None),
    ("a number as title", on("Scenario", f"B{TITLE}", 2026), "E925", f"Scenario, cell B{TITLE}", "2026"),
    ("a date as title", on("Scenario", f"B{TITLE}", Date(46113)), "E922", f"Scenario, cell B{TITLE}",
     "2026-04-01"),
    ("a control character", on("Scenario", f"B{TITLE}", "bell _x0007_"), "E930",
     f"Scenario, cell B{TITLE}", None),
    ("a name with capitals", on("Scenario", f"B{NAME}", "Preston 1"), "E931", f"Scenario, cell B{NAME}",
     "Preston 1"),
    ("a path as name", on("Scenario", f"B{NAME}", "../../etc/passwd"), "E931",
     f"Scenario, cell B{NAME}", None),
    ("no name", on("Scenario", f"B{NAME}", None), "E920", f"Scenario, cell B{NAME}", None),
    ("a calendar year", on("Scenario", f"B{START}", 2026), "E927", f"Scenario, cell B{START}", "2026"),
    ("a date as year", on("Scenario", f"B{START}", Date(40878)), "E922", f"Scenario, cell B{START}",
     "2011-12-01"),
    ("years with a gap", on("Scenario", f"B{START}", "2026-28"), "E927", f"Scenario, cell B{START}",
     "2026-28"),
    ("half a year of funding", on("Scenario", f"B{FUNDED}", 2.5), "E926", f"Scenario, cell B{FUNDED}",
     "2.5"),
    ("funding for ever", on("Scenario", f"B{FUNDED}", "for ever"), "E921", f"Scenario, cell B{FUNDED}",
     "for ever"),
    ("funding beyond the horizon", on("Scenario", f"B{FUNDED}", 6), "E926",
     f"Scenario, cell B{HORIZON}", "5"),
    ("a horizon of nothing", on("Scenario", f"B{HORIZON}", 0), "E926", f"Scenario, cell B{HORIZON}", "0"),
    ("a horizon of 500 years", on("Scenario", f"B{HORIZON}", 500), "E926", f"Scenario, cell B{HORIZON}",
     "500"),
    ("an unknown perspective", on("Scenario", f"B{PERSPECTIVE}", "Publik sector"), "E927",
     f"Scenario, cell B{PERSPECTIVE}", "did you mean \"Public sector\""),
    ("an unknown pack", on("Scenario", f"B{PACK}", "green_book_2031"), "E927",
     f"Scenario, cell B{PACK}", "green_book_20"),
    ("maybe", on("Scenario", f"B{MONETISE}", "maybe"), "E927", f"Scenario, cell B{MONETISE}", "maybe"),
    ("prices out of reach", on("Scenario", f"B{PRICES}", "2049-50"), "E6",
     f"Scenario, cell B{PRICES}", None),
    ("words in a number", on("Inputs", f"B{ELIGIBLE}", "1,800 people"), "E921",
     f"Inputs, cell B{ELIGIBLE}", "1,800 people"),
    ("one comma", on("Inputs", f"B{ELIGIBLE}", "1,800"), "E921", f"Inputs, cell B{ELIGIBLE}",
     "type 1800"),
    ("a pound sign on people", on("Inputs", f"B{ELIGIBLE}", "£1,800"), "E921",
     f"Inputs, cell B{ELIGIBLE}", "£1,800"),
    ("a point for thousands", on("Inputs", f"B{ELIGIBLE}", "1.800,50"), "E921",
     f"Inputs, cell B{ELIGIBLE}", None),
    ("a letter for a digit", on("Inputs", f"B{ELIGIBLE}", "18OO"), "E921", f"Inputs, cell B{ELIGIBLE}",
     "18OO"),
    ("a date for a number", on("Inputs", f"B{ELIGIBLE}", Date(46115)), "E922",
     f"Inputs, cell B{ELIGIBLE}", "2026-04-03"),
    ("TRUE for a number", on("Inputs", f"B{ELIGIBLE}", True), "E925", f"Inputs, cell B{ELIGIBLE}",
     "TRUE"),
    ("#REF!", on("Inputs", f"B{ELIGIBLE}", Raw('t="e"><f>Z9</f><v>#REF!</v>')), "E923",
     f"Inputs, cell B{ELIGIBLE}", "#REF!"),
    ("#DIV/0!", on("Inputs", f"B{PLACES}", Raw('t="e"><f>1/0</f><v>#DIV/0!</v>')), "E923",
     f"Inputs, cell B{PLACES}", "#DIV/0!"),
    ("a formula never computed", on("Inputs", f"B{ELIGIBLE}", Raw("><f>2*900</f>")), "E924",
     f"Inputs, cell B{ELIGIBLE}", None),
    ("a blank input", on("Inputs", f"B{ELIGIBLE}", None), "E920", f"Inputs, cell B{ELIGIBLE}", None),
    ("people below zero", on("Inputs", f"B{ELIGIBLE}", -5), "E926", f"Inputs, cell B{ELIGIBLE}",
     "at least 0"),
    ("an interval without a form", on("Inputs", f"D{ELIGIBLE}", 1500), "E929",
     f"Inputs, cell C{ELIGIBLE}", None),
    ("half an interval", several(on("Inputs", f"C{ELIGIBLE}", "normal"),
                                 on("Inputs", f"D{ELIGIBLE}", 1500)), "E929",
     f"Inputs, cell E{ELIGIBLE}", "95 % interval"),
    ("a low above the value", several(on("Inputs", f"C{ELIGIBLE}", "normal"),
                                      on("Inputs", f"D{ELIGIBLE}", 1900),
                                      on("Inputs", f"E{ELIGIBLE}", 2100)), "E403",
     f"Inputs, cell B{ELIGIBLE}", None),
    ("low and high swapped", several(on("Inputs", f"C{ELIGIBLE}", "normal"),
                                     on("Inputs", f"D{ELIGIBLE}", 2100),
                                     on("Inputs", f"E{ELIGIBLE}", 1500)), "E403",
     f"Inputs, cell D{ELIGIBLE}", None),
    ("an unknown form", on("Inputs", f"C{ELIGIBLE}", "gausian"), "E927", f"Inputs, cell C{ELIGIBLE}",
     None),
    ("events for an input", on("Inputs", f"C{ELIGIBLE}", "events of n"), "E929",
     f"Inputs, cell C{ELIGIBLE}", None),
    ("a changed id", on("Inputs", f"J{ELIGIBLE}", "eligibel"), "E912", f"Inputs, cell J{ELIGIBLE}",
     "did you mean eligible"),
    ("an id twice", on("Inputs", f"J{PLACES}", "eligible"), "E913", f"Inputs, cell J{PLACES}", "J5"),
    ("a row without id", on("Inputs", f"J{ELIGIBLE}", None), "E912", f"Inputs, cell J{ELIGIBLE}", None),
    ("figures below the table", on("Inputs", "B9", 7), "E912", "Inputs, cell J9", None),
    ("a row removed", drop_row("Inputs", PLACES), "E911", "sheet Inputs", "places"),
    ("a heading changed", on("Inputs", "B4", "My value"), "E911", "Inputs, cell A4", "Your value"),
    ("no headings", drop_row("Inputs", 4), "E911", "sheet Inputs", "headings"),
    ("a sheet removed", lambda book: book.drop_sheet("Inputs"), "E911", "sheet Inputs", "missing"),
    ("a model that is none", on("Scenario", "B6", "befrending"), "E912", "Scenario, cell B6",
     "did you mean befriending"),
    ("another template", on("Scenario", "B5", "dividend 99"), "E910", "Scenario, cell B5", None),
    ("no template at all", lambda book: book.drop_sheet("Scenario"), "E910", "", None),
    ("shares of .99", on("Funding", "B7", 0.39), "E928", "Funding, cell B7", "0.99"),
    ("shares of 1.1", on("Funding", "B7", 0.5), "E928", "Funding, cell B7", "1.1"),
    ("a share of 40", on("Funding", "B7", 40), "E926", "Funding, cell B7", "40 % is 0.4"),
    ("a share below 0", on("Funding", "B7", -0.4), "E926", "Funding, cell B7", None),
    ("a share without payer", on("Funding", "A7", None), "E920", "Funding, cell A7", None),
    ("a payer without share", on("Funding", "B7", None), "E920", "Funding, cell B7", None),
    ("an unknown payer", on("Funding", "A7", "Integrated car board"), "E927", "Funding, cell A7",
     "did you mean \"Integrated care board\""),
    ("a payer twice", on("Funding", "A7", "public_health"), "E913", "Funding, cell A7", "A6"),
    ("no funding", several(*(on("Funding", cell, None) for cell in ("A6", "B6", "A7", "B7"))), "E920",
     "Funding, cell A6", None),
    ("a pool of .9", several(on("Funding", "A7", "pot"), on("Pools", "A5", "pot"),
                             on("Pools", "C5", "icb"), on("Pools", "D5", 0.9)), "E928",
     "Pools, cell D5", "the pool pot"),
    ("a pool with capitals", several(on("Pools", "A5", "The Pot"), on("Pools", "C5", "icb"),
                                     on("Pools", "D5", 1)), "E931", "Pools, cell A5", "The Pot"),
    ("a pool named as a partner", several(on("Funding", "A7", "police"), on("Pools", "A5", "police"),
                                          on("Pools", "C5", "icb"), on("Pools", "D5", 1)), "E500",
     "Pools, cell A5", None),
    ("a member without pool", several(on("Pools", "C5", "icb"), on("Pools", "D5", 1)), "E920",
     "Pools, cell A5", None),
    ("a pool without members", on("Pools", "A5", "pot"), "E920", "Pools, cell C5", None),
    ("evidence without reason", several(on("Evidence", f"G{UPTAKE}", 0.3),
                                        on("Evidence", f"H{UPTAKE}", "exact")), "E920",
     f"Evidence, cell M{UPTAKE}", None),
    ("a reason without evidence", on("Evidence", f"M{UPTAKE}", "why not"), "E920",
     f"Evidence, cell G{UPTAKE}", None),
    ("evidence without form", several(on("Evidence", f"G{UPTAKE}", 0.3),
                                      on("Evidence", f"M{UPTAKE}", "local")), "E929",
     f"Evidence, cell H{UPTAKE}", None),
    ("60 for .6", several(on("Evidence", f"G{UPTAKE}", 60), on("Evidence", f"H{UPTAKE}", "exact"),
                          on("Evidence", f"M{UPTAKE}", "local")), "E926",
     f"Evidence, cell G{UPTAKE}", "60 % is 0.6"),
    ("more events than people", several(on("Evidence", f"K{UPTAKE}", 61),
                                        on("Evidence", f"L{UPTAKE}", 60),
                                        on("Evidence", f"M{UPTAKE}", "local")), "E407",
     f"Evidence, cell K{UPTAKE}", None),
    ("events of nobody", several(on("Evidence", f"K{UPTAKE}", 0), on("Evidence", f"L{UPTAKE}", 0),
                                 on("Evidence", f"M{UPTAKE}", "local")), "E926",
     f"Evidence, cell L{UPTAKE}", None),
    ("a value beside events", several(on("Evidence", f"G{UPTAKE}", 0.5),
                                      on("Evidence", f"H{UPTAKE}", "events of n"),
                                      on("Evidence", f"K{UPTAKE}", 30),
                                      on("Evidence", f"L{UPTAKE}", 60),
                                      on("Evidence", f"M{UPTAKE}", "local")), "E929",
     f"Evidence, cell G{UPTAKE}", "clear the cell"),
    ("an unknown item", on("Evidence", f"P{UPTAKE}", "befriending.uptak"), "E912",
     f"Evidence, cell P{UPTAKE}", "did you mean befriending.uptake"),
]


def check_rows(folder):
    book = befriending(folder)
    for sheet, rows in {"Scenario": {"name": NAME, "title": TITLE, "area": AREA, "start_year": START,
                                     "funded_years": FUNDED, "horizon_years": HORIZON,
                                     "perspective": PERSPECTIVE, "price_year": PRICES,
                                     "appraisal_pack": PACK, "monetise_qalys": MONETISE},
                        "Inputs": {"eligible": ELIGIBLE, "places": PLACES},
                        "Evidence": {"befriending.coordination_cost": COST,
                                     "befriending.uptake": UPTAKE,
                                     "befriending.retention": RETENTION}}.items():
        for key, row in rows.items():
            expect(book.find(sheet, key) == row, f"{sheet}: {key} stands in row {row}")


def check_mistakes(folder):
    template_path = befriending(folder).save(os.path.join(folder, "good.xlsx"))
    out = os.path.join(folder, "never.cfg")
    for what, change, code, place, words in MISTAKES:
        path = change(Book(template_path)).save(os.path.join(folder, "filled.xlsx"))
        outcome = run("import", path, "--out", out)
        told = outcome.stderr
        expect(outcome.returncode == 2, f"{what}: exit {outcome.returncode}")
        expect(not os.path.exists(out), f"{what}: nothing is written")
        heads = [line for line in told.split("\n") if line.startswith("error[")]
        expect(len(heads) == 1, f"{what}: one mistake, one error: {heads}")
        wanted = re.compile(r"error\[" + code + r"[0-9]*\]: .*filled\.xlsx"
                            + re.escape(f", sheet {place}".replace("sheet sheet", "sheet") if place else "") + r"(:|$)", re.MULTILINE)
        expect(heads and wanted.search(heads[0]), f"{what}: {code} at {place}, not {heads}")
        expect(words is None or words in told, f"{what}: says {words!r}: {told}")
        expect(".cfg" not in heads[0] if heads else False, f"{what}: told at the cell alone")


def check_all_at_once(folder):
    book = befriending(folder)
    for sheet, cell, value in [("Scenario", f"B{TITLE}", None), ("Scenario", f"B{START}", 2026),
                               ("Inputs", f"B{ELIGIBLE}", "many"), ("Inputs", f"B{PLACES}", -1),
                               ("Funding", "B7", 0.39), ("Evidence", f"M{UPTAKE}", "why")]:
        book.set(sheet, cell, value)
    outcome = run("import", book.save(os.path.join(folder, "filled.xlsx")), "--out", folder)
    expect(outcome.stderr.count("error[") == 6, f"six mistakes, six errors: {outcome.stderr}")


def check_typed(folder):
    """Numbers that Excel took for texts."""
    for typed, number in [("1800", 1800.0), (" 1800 ", 1800.0), ("1,234,567", 1234567.0),
                          ("1,800.50", 1800.5), ("1.8e3", 1800.0), ("180000%", 1800.0),
                          ("\u00a01800", 1800.0)]:
        book = befriending(folder).set("Inputs", f"B{ELIGIBLE}", typed)
        out = os.path.join(folder, "typed.cfg")
        if os.path.exists(out):
            os.remove(out)
        outcome = run("import", book.save(os.path.join(folder, "filled.xlsx")), "--out", out)
        text = open(out, encoding="utf-8").read() if outcome.returncode == 0 else outcome.stderr
        found = re.search(r"eligible = ([0-9.e+]+);", text)
        expect(found and float(found.group(1)) == number, f"{typed!r} is {number}: {text}")


def main():
    parts = [check_templates, check_rows, check_again, check_dialects, check_typed, check_hostile,
             check_mistakes, check_all_at_once]
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            part(folder)
    for what, fill, by_hand in ROUND_TRIPS:
        with tempfile.TemporaryDirectory() as folder:
            check_round_trip(folder, what, fill, by_hand)
    expect(len(MISTAKES) >= 30, "thirty mistakes and more")
    print(f"{len(MISTAKES)} mistakes at their cells, {len(ROUND_TRIPS)} round trips, "
          f"{len(HOSTILE)} hostile texts: {len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    main()
