"""Templates through LibreOffice: check_office.py PROGRAM. It opens them, computes their sums as they are
stored, and what it saves again is imported with the same result. Skipped (77) where it is not
installed."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.argv = sys.argv[:2]
import check_import as ours  # noqa: E402
from fill import Book, Date, Raw  # noqa: E402


def save_again(path, folder):
    profile = os.path.join(folder, "profile")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
                    "xlsx:Calc MS Excel 2007 XML", "--outdir", os.path.join(folder, "again"), path],
                   check=True, capture_output=True, timeout=300)
    return os.path.join(folder, "again", os.path.basename(path))


def main():
    if shutil.which("soffice") is None:
        print("LibreOffice is not installed")
        sys.exit(77)
    for what, fill in (("befriending", ours.befriending), ("pools", ours.pooled),
                       ("local evidence", ours.pilot), ("a cohort", ours.cohort)):
        with tempfile.TemporaryDirectory() as folder:
            # a sum without its value is computed when the file is opened
            book = fill(folder)
            if "Funding" in book.paths:
                book.set("Funding", "B4", Raw("><f>SUM(B6:B17)</f>"))
            path = book.save(os.path.join(folder, "filled.xlsx"))
            again = save_again(path, folder)
            texts = []
            for number, file in enumerate((path, again)):
                out = os.path.join(folder, f"filled_{number}.cfg")
                outcome = ours.run("import", file, "--out", out)
                ours.expect(outcome.returncode == 0, f"{what}, {file}: {outcome.stderr}")
                texts.append(open(out, encoding="utf-8").read() if outcome.returncode == 0 else "")
            ours.expect(texts[0] == texts[1], f"{what}: the same scenario after LibreOffice")
            if what == "befriending":
                values = Book(again).values("Funding")
                ours.expect(values["B4"] == 1.0, f"the sheet adds up: {values.get('B4')}")
    with tempfile.TemporaryDirectory() as folder:
        book = ours.befriending(folder)
        book.set("Scenario", f"B{ours.START}", Date(40878)).set("Funding", "B7", 0.39)
        again = save_again(book.save(os.path.join(folder, "filled.xlsx")), folder)
        told = ours.run("import", again).stderr
        ours.expect(f"sheet Scenario, cell B{ours.START}" in told and "2011-12-01" in told
                    and "sheet Funding, cell B7" in told, f"mistakes stay where they are: {told}")
    print(f"{len(ours.FAILURES)} failures")
    sys.exit(1 if ours.FAILURES else 0)


if __name__ == "__main__":
    main()
