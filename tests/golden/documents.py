"""What report.html and workbook.xlsx say, as text that people can review and git can compare: the page's words by
section, its tables as rows, its figures by what they say of themselves; the workbook's cells row by row, with
formulas and the values stored for them. Style sheets, scripts, coordinates, fonts and widths are left out.

Usage: documents.py write FOLDER            FOLDER/report.html.txt and workbook.xlsx.txt from the documents there
       documents.py check DIVIDEND PROJECT  runs what is committed under results/ and compares
"""
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "workbook"))
import workbook  # noqa: E402

# Folder under results/, and what writes it.
RUNS = {
    "decision": ("run", "scenarios/cookbook/decision.cfg", "--decide"),
    "cookbook_portfolio": ("portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "4096"),
}
DOCUMENTS = ("report.html.txt", "workbook.xlsx.txt")
RELATIVE = 1e-9  # a fitted distribution may end one rounding elsewhere with another C library
SHOWN = 8


# ---- the page ----

VOID = {"meta", "br", "hr", "input", "link", "img", "base", "rect", "line", "circle", "path", "polygon", "polyline"}
BLOCKS = {"title", "header", "nav", "main", "section", "footer", "p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt",
          "dd", "div", "details", "summary", "figure", "figcaption", "table", "caption", "thead", "tbody", "tr", "button",
          "label", "select", "option", "text"}
LEAD = {"title": "title: ", "h1": "\n# ", "h2": "\n## ", "h3": "\n### ", "h4": "\n#### ", "li": "- ", "summary": "\n> ",
        "caption": "\ntable: ", "dt": "  ", "dd": "    "}


class PageText(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.lines, self.words, self.lead, self.open, self.silent = [], "", "", [], 0

    def flush(self):
        words = " ".join(self.words.replace("\t", "\0").split()).replace("\0 ", "\t").replace("\0", "\t")
        if words.strip():
            self.lines.append(self.lead + words.strip(" "))
        self.words, self.lead = "", ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in VOID:
            self.words += " " if tag == "br" else ""
            return
        hidden = tag in ("style", "script") or (tag == "svg" and not self.silent)
        if tag == "svg" and attributes.get("aria-hidden") != "true" and not self.silent:
            self.flush()
            self.lead = "figure: "
            self.words = attributes.get("aria-label", "")
            self.flush()
        if tag == "desc":
            self.lead, self.words = "  says: ", ""
        self.open.append((tag, hidden))
        self.silent += hidden
        if tag in BLOCKS and not self.silent:
            self.flush()
            self.lead = LEAD.get(tag, "")
        if tag in ("td", "th") and self.words:
            self.words += "\t"

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        name, hidden = self.open.pop()
        assert name == tag, (name, tag, self.getpos())
        if tag == "desc" or (tag in BLOCKS and not self.silent):
            self.flush()
        self.silent -= hidden

    def handle_data(self, data):
        if not self.silent or self.open[-1][0] == "desc":
            self.words += data.replace("\t", " ")


def page_text(path):
    reader = PageText()
    reader.feed(pathlib.Path(path).read_text(encoding="utf-8"))
    reader.close()
    return "\n".join(reader.lines).strip() + "\n"


# ---- the workbook ----

DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"


def value_text(cell):
    value = f"{cell.value:.15g}" if isinstance(cell.value, float) else str(cell.value if cell.value is not None else "")
    value = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value if cell.formula is None else f"={cell.formula} -> {value}"


def workbook_text(path):
    book, lines = workbook.Workbook(path), []
    for sheet in book.sheets.values():
        lines.append(f"\n## {sheet.name}")
        table = book.table_of.get(sheet.name)
        if table is not None:
            lines.append(f"table {table.name}, rows {table.header} to {table.last}")
        rows = {}
        for (row, column), cell in sheet.cells.items():
            rows.setdefault(row, {})[column] = value_text(cell)
        for row in sorted(rows):
            cells = [rows[row].get(column, "") for column in range(1, max(rows[row]) + 1)]
            lines.append(f"{row}\t" + "\t".join(cells).rstrip("\t"))
    lines.append("\n## names")
    lines += [f"{name}\t{refers}" for name, refers in sorted(book.names.items()) if not name.startswith("_xlnm")]
    lines.append("\n## charts")
    for name in sorted(book.parts):
        if re.fullmatch(r"xl/drawings/drawing[0-9]+\.xml", name):
            lines += [f"{item.get('name')}\t{item.get('descr') or '(nothing said)'}"
                      for item in ET.fromstring(book.parts[name]).iter(DRAWN)]
    return "\n".join(lines).strip() + "\n"


# ---- written, and compared ----

def write(folder):
    folder = pathlib.Path(folder)
    texts = {"report.html.txt": page_text(folder / "report.html"),
             "workbook.xlsx.txt": workbook_text(folder / "workbook.xlsx")}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return texts


NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def agree(one, other):
    """The same words, and numbers within rounding."""
    if one == other:
        return True
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other))
    return all(a == b or abs(float(a) - float(b)) <= RELATIVE * max(abs(float(a)), abs(float(b))) for a, b in pairs)


def differences(committed, fresh):
    """The first lines that differ; after a line too many or too few, only where it begins."""
    one, other, found = committed.split("\n"), fresh.split("\n"), []
    for number in range(max(len(one), len(other))):
        a = one[number] if number < len(one) else "(nothing)"
        b = other[number] if number < len(other) else "(nothing)"
        if not agree(a, b):
            found.append(f"line {number + 1}\n  committed: {a[:300]}\n  now:       {b[:300]}")
        if len(found) == SHOWN:
            break
    return found


class Documents(unittest.TestCase):
    def test_documents_are_as_committed(self):
        for name, arguments in RUNS.items():
            with self.subTest(run=name), tempfile.TemporaryDirectory() as folder:
                subprocess.run([PROGRAM, *arguments, "--quiet", "--out", folder], cwd=PROJECT, check=True,
                               stdout=subprocess.DEVNULL)
                for document, fresh in write(folder).items():
                    committed = (PROJECT / "results" / name / document).read_text(encoding="utf-8")
                    found = differences(committed, fresh)
                    self.assertFalse(found, f"results/{name}/{document} is not what `dividend {' '.join(arguments)}` says now:\n"
                                     + "\n".join(found) + "\nIf this is meant, run scripts/results and review its diff.")

    def test_documents_say_something(self):
        """The reader itself: sections, tables, figures and formulas are there."""
        for name in RUNS:
            page = (PROJECT / "results" / name / "report.html.txt").read_text(encoding="utf-8")
            book = (PROJECT / "results" / name / "workbook.xlsx.txt").read_text(encoding="utf-8")
            for wanted in ("\n# ", "\n## ", "\ntable: ", "\nfigure: ", "\n  says: ", "\t"):
                self.assertIn(wanted, page, name)
            self.assertNotRegex(page, r"<svg|\{[a-z-]+:|function ?\(")
            for wanted in ("## Summary", "\t=", " -> ", "## charts"):
                self.assertIn(wanted, book, name)

    def test_a_change_is_seen(self):
        self.assertEqual(differences("a\t1.5\n", "a\t1.5000000000001\n"), [])
        self.assertEqual(len(differences("a\t1.5\n", "a\t1.51\n")), 1)
        self.assertEqual(len(differences("a\t1.5\n", "a\t-1.5\n")), 1)
        self.assertEqual(len(differences("a\n", "a\nb\n")), 2)
        self.assertIn("line 2", differences("a\nb\n", "a\nc\n")[0])

    def test_words_of_a_page(self):
        reader = PageText()
        reader.feed("<style>p{}</style><h2>A &amp; B</h2><p>one <b>two</b></p><svg role='img' aria-label='Bars'><title>Bars"
                    "</title><desc>a: 1</desc><text>9</text></svg><svg aria-hidden='true'><text>no</text></svg><table>"
                    "<caption>C</caption><tr><th>h</th><td>1</td><td></td><td>2</td></tr></table>")
        self.assertEqual(reader.lines, ["\n## A & B", "one two", "figure: Bars", "  says: a: 1", "\ntable: C", "h\t1\t\t2"])


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2])
    else:
        PROGRAM, PROJECT = pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
        unittest.main(argv=sys.argv[:1])
