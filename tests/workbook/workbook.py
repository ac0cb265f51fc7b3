"""Reads workbook.xlsx with nothing but the standard library: its cells, tables and names, and a
small evaluator for the formulas it uses, which is no part of the program."""
import math
import re
import zipfile
import xml.etree.ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OUTER = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(words):
    return ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), words)


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def split_reference(reference):
    letters, digits = re.fullmatch(r"\$?([A-Z]+)\$?([0-9]+)", reference).groups()
    return int(digits), column_number(letters)


class Cell:
    def __init__(self, value, formula, kind):
        self.value, self.formula, self.kind = value, formula, kind


class Sheet:
    def __init__(self, name, root, shared):
        self.name, self.root, self.cells = name, root, {}
        for item in root.iter(MAIN + "c"):
            value, formula = item.find(MAIN + "v"), item.find(MAIN + "f")
            kind, text = item.get("t", "n"), value.text if value is not None else None
            if kind == "s":
                text = shared[int(text)]
            elif kind == "n" and text is not None:
                text = float(text)
            self.cells[split_reference(item.get("r"))] = Cell(
                text, formula.text if formula is not None else None, kind)


class Table:
    def __init__(self, sheet, root):
        self.sheet, self.name = sheet, root.get("name")
        first, last = root.get("ref").split(":")
        (self.header, self.left), (self.last, self.right) = split_reference(first), split_reference(last)
        self.columns = [unescape(item.get("name")) for item in root.iter(MAIN + "tableColumn")]

    def rows(self):
        """Each row as values by heading."""
        for row in range(self.header + 1, self.last + 1):
            yield {name: self.sheet.cells[row, self.left + i].value
                   for i, name in enumerate(self.columns)}

    def cells(self, heading):
        column = self.left + self.columns.index(heading)
        return [(row, column) for row in range(self.header + 1, self.last + 1)]


class Workbook:
    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            self.parts = {name: archive.read(name) for name in archive.namelist()}
            self.dates = {item.date_time for item in archive.infolist()}
        roots = {name: ET.fromstring(data) for name, data in self.parts.items()}
        shared = [unescape("".join(text.text or "" for text in item.iter(MAIN + "t")))
                  for item in roots["xl/sharedStrings.xml"].iter(MAIN + "si")]
        self.sheets, self.tables, self.table_of = {}, {}, {}
        targets = {item.get("Id"): item.get("Target") for item in roots["xl/_rels/workbook.xml.rels"]}
        for item in roots["xl/workbook.xml"].iter(MAIN + "sheet"):
            target = targets[item.get(OUTER + "id")]
            sheet = Sheet(item.get("name"), roots["xl/" + target], shared)
            self.sheets[sheet.name] = sheet
            base = target.split("/")[-1]
            for link in roots["xl/worksheets/_rels/" + base + ".rels"]:
                if "tables/" in link.get("Target"):
                    table = Table(sheet, roots["xl/" + link.get("Target")[3:]])
                    self.tables[table.name] = self.table_of[sheet.name] = table
        self.names = {item.get("name"): item.text
                      for item in roots["xl/workbook.xml"].iter(MAIN + "definedName")}
        self.roots = roots
        self.evaluated = {}

    def formulas(self):
        for sheet in self.sheets.values():
            for place, cell in sheet.cells.items():
                if cell.formula is not None:
                    yield sheet, place, cell


# ---- the evaluator: SUM, SUMIFS, ROUND, IF, + - * /, =, &, references to cells and table columns

TOKEN = re.compile(r'\s*("(?:[^"]|"")*"|[0-9]+(?:\.[0-9]+)?|[A-Za-z]+\[[^\]]+\]|\$?[A-Z]+\$?[0-9]+'
                   r'|[A-Z]+(?=\()|[-+*/=&(),:])')


class Evaluator:
    """Formulas of a workbook; what they refer to is evaluated too, never taken from its cache."""

    def __init__(self, book):
        self.book, self.done, self.columns = book, {}, {}

    def cell(self, sheet, place):
        cell = sheet.cells.get(place)
        if cell is None:
            return None
        if cell.formula is None:
            return cell.value
        key = sheet.name, place
        if key not in self.done:
            self.done[key] = self.formula(sheet, cell.formula)
        return self.done[key]

    def column(self, name, heading):
        key = name, heading
        if key not in self.columns:
            table = self.book.tables[name]
            self.columns[key] = [self.cell(table.sheet, place) for place in table.cells(heading)]
        return self.columns[key]

    def formula(self, sheet, words):
        tokens, at = [], 0
        while at < len(words):
            match = TOKEN.match(words, at)
            assert match, f"{sheet.name}: cannot read {words[at:]!r} of {words!r}"
            tokens.append(match.group(1))
            at = match.end()
        parser = Parser(self, sheet, tokens)
        value = parser.comparison()
        assert parser.at == len(tokens), words
        return value


class Parser:
    def __init__(self, evaluator, sheet, tokens):
        self.evaluator, self.sheet, self.tokens, self.at = evaluator, sheet, tokens, 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted=None):
        token = self.peek()
        assert wanted is None or token == wanted, (token, wanted, self.tokens)
        self.at += 1
        return token

    def comparison(self):
        left = self.joined()
        if self.peek() == "=":
            self.take()
            return left == self.joined()
        return left

    def joined(self):
        left = self.sum()
        while self.peek() == "&":
            self.take()
            right = self.sum()
            left = f"{left}{right:g}" if isinstance(right, float) else f"{left}{right}"
        return left

    def sum(self):
        left = self.product()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            left = left + sign * self.product()
        return left

    def product(self):
        left = self.factor()
        while self.peek() in ("*", "/"):
            if self.take() == "*":
                left = left * self.factor()
            else:
                left = left / self.factor()
        return left

    def factor(self):
        token = self.take()
        if token == "-":
            return -self.factor()
        if token == "(":
            value = self.comparison()
            self.take(")")
            return value
        if token.startswith('"'):
            return token[1:-1].replace('""', '"')
        if token[0].isdigit():
            return float(token)
        if self.peek() == "(":
            return self.call(token)
        if "[" in token:
            name, heading = token[:-1].split("[")
            return self.evaluator.column(name, heading)
        if self.peek() == ":":
            self.take()
            return self.block(split_reference(token), split_reference(self.take()))
        return self.evaluator.cell(self.sheet, split_reference(token))

    def block(self, first, last):
        return [self.evaluator.cell(self.sheet, (row, column))
                for row in range(first[0], last[0] + 1)
                for column in range(first[1], last[1] + 1)]

    def arguments(self):
        self.take("(")
        values = [self.comparison()]
        while self.peek() == ",":
            self.take()
            values.append(self.comparison())
        self.take(")")
        return values

    def call(self, name):
        if name == "IF":  # the side not taken is not looked at
            self.take("(")
            chosen = self.comparison()
            self.take(",")
            values = []
            for wanted in (True, False):
                start = self.at
                if bool(chosen) == wanted:
                    values.append(self.comparison())
                else:
                    self.skip(start)
                self.take("," if wanted else ")")
            return values[0]
        values = self.arguments()
        if name == "SUM":
            flat = [x for value in values for x in (value if isinstance(value, list) else [value])]
            return math.fsum(x for x in flat if isinstance(x, float))
        if name == "ROUND":
            scale = 10.0 ** values[1]
            return math.copysign(math.floor(abs(values[0]) * scale + 0.5), values[0]) / scale
        if name == "ABS":
            return abs(values[0])
        assert name == "SUMIFS", name
        return self.sum_ifs(values)

    def skip(self, start):
        depth = 0
        while depth > 0 or self.peek() not in (",", ")"):
            depth += {"(": 1, ")": -1}.get(self.take(), 0)

    @staticmethod
    def sum_ifs(values):
        amounts, tests = values[0], list(zip(values[1::2], values[2::2]))
        kept = []
        for i, amount in enumerate(amounts):
            for items, wanted in tests:
                if isinstance(wanted, str) and wanted.startswith("<="):
                    good = isinstance(items[i], float) and items[i] <= float(wanted[2:])
                else:
                    good = items[i] == wanted
                if not good:
                    break
            else:
                if isinstance(amount, float):
                    kept.append(amount)
        return math.fsum(kept)
