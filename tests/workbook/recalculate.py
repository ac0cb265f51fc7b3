"""LibreOffice opens the workbook, works out every formula anew and finds what was written:
recalculate.py PROGRAM PATH... Skipped (77) where LibreOffice is not installed."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from workbook import Workbook  # noqa: E402

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item
oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


def recalculate(office, path, folder):
    """The workbook as the office program saves it after working out every formula."""
    profile, out = os.path.join(folder, "profile"), os.path.join(folder, "out")
    os.makedirs(os.path.join(profile, "user"), exist_ok=True)
    with open(os.path.join(profile, "user", "registrymodifications.xcu"), "w", encoding="utf-8") as file:
        file.write(SETTINGS)
    subprocess.run([office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
                    "xlsx:Calc MS Excel 2007 XML", "--outdir", out, path], check=True, timeout=600,
                   capture_output=True)
    return Workbook(os.path.join(out, os.path.basename(path)))


def compare(before, after):
    """How many formulas, and those that came to something else."""
    n, wrong = 0, []
    largest = {sheet.name: max((abs(cell.value) for cell in sheet.cells.values() if isinstance(cell.value, float)), default=0.0)
               for sheet in before.sheets.values()}
    for sheet, place, cell in before.formulas():
        found = after.sheets[sheet.name].cells[place]
        n += 1
        if isinstance(cell.value, float) and isinstance(found.value, float):
            amount = max(abs(cell.value), abs(found.value))
            # a sum that cancels, such as that of all transfers, keeps the rounding of what is summed
            good = abs(cell.value - found.value) <= max(1e-9 * max(amount, 1.0), 1e-14 * largest[sheet.name])
        else:
            good = cell.value == found.value
        if not good or found.formula is None:
            wrong.append(f"{sheet.name} {place} {cell.formula}: {cell.value!r}, then {found.value!r}")
    return n, wrong


def spoil(path, folder):
    """The same workbook with wrong cached values: shows that formulas are worked out at all."""
    import re
    import zipfile
    spoilt = os.path.join(folder, "spoilt.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(spoilt, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"</f><v>-?[0-9.E+-]+</v>", b"</f><v>12345</v>", data)
            new.writestr(name, data)
    return spoilt


def main():
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("skipped: LibreOffice (soffice) is not installed")
        return 77
    folder, failed = tempfile.mkdtemp(prefix="dividend_recalculate_"), False
    try:
        for number, path in enumerate(sys.argv[2:]):
            out = os.path.join(folder, str(number))
            subprocess.run([sys.argv[1], "run", path, "--draws", "512", "--quiet", "--out", out],
                           check=True, stdout=subprocess.DEVNULL)
            book = os.path.join(out, "workbook.xlsx")
            n, wrong = compare(Workbook(book), recalculate(office, spoil(book, out), out))
            print(f"{path}: {n} formulas recalculated, {len(wrong)} came to something else")
            print("\n".join(wrong[:20]))
            failed = failed or n == 0 or bool(wrong)
    finally:
        shutil.rmtree(folder)
    return 1 if failed else 0


sys.exit(main())
