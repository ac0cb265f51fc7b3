"""Fills in a template by changing the XML of its cells: what a person does, without a spreadsheet
program. Standard library only."""
import re
import xml.etree.ElementTree as ET
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ET.register_namespace("", MAIN)
ET.register_namespace("r", RELS)


class Raw(str):
    """A cell's XML as it shall stand: attributes and content after the reference."""


class Date(float):
    """A serial number in a cell that shows dates."""


class Percent(float):
    """A number in a cell that shows percentages."""


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def split(reference):
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", reference).groups()
    return int(digits), column_number(letters)


class Book:
    """The parts of an .xlsx file, changed in memory."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        book = ET.fromstring(self.parts["xl/workbook.xml"])
        relations = ET.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {item.get("Id"): item.get("Target") for item in relations}
        self.paths = {item.get("name"): "xl/" + targets[item.get("{%s}id" % RELS)].removeprefix("/xl/")
                      for item in book.iter("{%s}sheet" % MAIN)}
        self.styles = {}

    def style(self, number_format):
        """The index of a cell style with this number format, made where it is not there."""
        if number_format not in self.styles:
            root = ET.fromstring(self.parts["xl/styles.xml"])
            formats = root.find("{%s}cellXfs" % MAIN)
            ET.SubElement(formats, "{%s}xf" % MAIN,
                          {"numFmtId": str(number_format), "fontId": "0", "fillId": "0",
                           "borderId": "0", "xfId": "0", "applyNumberFormat": "1"})
            formats.set("count", str(len(formats)))
            self.styles[number_format] = len(formats) - 1
            self.parts["xl/styles.xml"] = ET.tostring(root, xml_declaration=True, encoding="UTF-8")
        return str(self.styles[number_format])

    def root(self, sheet):
        return ET.fromstring(self.parts[self.paths[sheet]])

    def keep(self, sheet, root):
        self.parts[self.paths[sheet]] = ET.tostring(root, xml_declaration=True, encoding="UTF-8")

    def texts(self):
        root = ET.fromstring(self.parts["xl/sharedStrings.xml"])
        return ["".join(text.text or "" for text in item.iter("{%s}t" % MAIN)) for item in root]

    def values(self, sheet):
        """{"A1": text or number}"""
        shared, values = self.texts(), {}
        for cell in self.root(sheet).iter("{%s}c" % MAIN):
            value = cell.find("{%s}v" % MAIN)
            if cell.get("t") == "inlineStr":
                values[cell.get("r")] = "".join(t.text or "" for t in cell.iter("{%s}t" % MAIN))
            elif value is not None:
                text = value.text or ""
                kind = cell.get("t", "n")
                values[cell.get("r")] = (shared[int(text)] if kind == "s" else float(text)
                                         if kind == "n" and text else text)
        return values

    def find(self, sheet, words):
        """The row that holds these words."""
        for reference, value in self.values(sheet).items():
            if value == words:
                return split(reference)[0]
        raise KeyError(f"{sheet}: {words}")

    def set(self, sheet, reference, value):
        root = self.root(sheet)
        data = root.find("{%s}sheetData" % MAIN)
        number, _ = split(reference)
        row = next((item for item in data if int(item.get("r")) == number), None)
        if row is None:
            row = ET.Element("{%s}row" % MAIN, {"r": str(number)})
            at = next((i for i, item in enumerate(data) if int(item.get("r")) > number), len(data))
            data.insert(at, row)
        cell = next((item for item in row if item.get("r") == reference), None)
        style = cell.get("s") if cell is not None else None
        if cell is not None:
            row.remove(cell)
        cell = self.make(reference, value, style)
        if cell is not None:
            order = split(reference)
            at = next((i for i, item in enumerate(row) if split(item.get("r")) > order), len(row))
            row.insert(at, cell)
        self.keep(sheet, root)
        return self

    def make(self, reference, value, style):
        if value is None:
            return None
        if isinstance(value, Raw):
            return ET.fromstring(f'<c xmlns="{MAIN}" r="{reference}" {value}</c>')
        cell = ET.Element("{%s}c" % MAIN, {"r": reference})
        if style is not None:
            cell.set("s", style)
        if isinstance(value, bool):
            cell.set("t", "b")
            ET.SubElement(cell, "{%s}v" % MAIN).text = str(int(value))
        elif isinstance(value, (int, float)):
            if isinstance(value, Date):
                cell.set("s", self.style(14))
            if isinstance(value, Percent):
                cell.set("s", self.style(9))
            ET.SubElement(cell, "{%s}v" % MAIN).text = repr(float(value))
        else:
            cell.set("t", "inlineStr")
            text = ET.SubElement(ET.SubElement(cell, "{%s}is" % MAIN), "{%s}t" % MAIN)
            text.text = value
        return cell

    def drop_sheet(self, name):
        root = ET.fromstring(self.parts["xl/workbook.xml"])
        sheets = root.find("{%s}sheets" % MAIN)
        sheets.remove(next(item for item in sheets if item.get("name") == name))
        names = root.find("{%s}definedNames" % MAIN)
        if names is not None:
            root.remove(names)
        self.parts["xl/workbook.xml"] = ET.tostring(root, xml_declaration=True, encoding="UTF-8")
        return self

    def save(self, path, **options):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        return path
