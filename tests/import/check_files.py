"""Files that are no filled template, and some that mean harm: check_files.py PROGRAM. Each is refused
with its own code, in little time and memory, and nothing is written. Standard library only."""
import io
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fill import Book  # noqa: E402

PROGRAM = sys.argv[1]
N_MUTATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAILURES = []
MEMORY = 1500 * 1024 * 1024
SECONDS = 60


def expect(good, words):
    if not good:
        FAILURES.append(words)
        print("FAILED:", words)


def limit():
    # the address sanitizer reserves terabytes: no limit with it
    if b"__asan_init" not in open(PROGRAM, "rb").read():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], cwd=PROJECT, capture_output=True, check=False,
                          timeout=300, preexec_fn=limit)


def refuse(path, code, what):
    out = os.path.join(os.path.dirname(path) or ".", "never.cfg")
    started = time.monotonic()
    outcome = run("import", path, "--out", out)
    told = outcome.stderr.decode("utf-8", "replace")
    expect(outcome.returncode == 2, f"{what}: exit {outcome.returncode}: {told[-300:]}")
    expect(f"error[{code}]: {path}" in told, f"{what}: {code}: {told[-400:]}")
    expect(told.count("error[") == 1, f"{what}: said once: {told}")
    expect(not os.path.exists(out), f"{what}: nothing is written")
    expect(time.monotonic() - started < SECONDS, f"{what}: at once")


def write(folder, content, name="file.xlsx"):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def check_kinds(folder, good):
    for name, content, code in [
            ("table.csv", b"eligible,1800\n", "E901"), ("empty.xlsx", b"", "E901"),
            ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "E902"),
            ("scan.pdf", b"%PDF-1.7\n\x00\xff\xfe" + bytes(range(256)), "E901"),
            ("page.xlsx", b"<html><table></table></html>", "E901"),
            ("flat.xml", b"<?xml version='1.0'?><Workbook/>", "E901"),
            ("table.ods", zipped([("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
                                  ("content.xml", b"<office/>")]), "E901"),
            ("some.zip", zipped([("readme.txt", b"hello")]), "E901")]:
        refuse(write(folder, content, name), code, name)
    told = run("import", os.path.join(folder, "table.ods")).stderr.decode()
    expect("OpenDocument" in told and "Save As" in told, f"says how to save an .ods as .xlsx: {told}")
    told = run("import", os.path.join(folder, "old.xls")).stderr.decode()
    expect(".xls" in told and "password" in told, f"says what an .xls is: {told}")
    refuse(os.path.join(folder, "nowhere.xlsx"), "E900", "a file that is not there")
    refuse(folder, "E900", "a folder")
    fifo = os.path.join(folder, "fifo.xlsx")
    os.mkfifo(fifo)
    refuse(fifo, "E900", "a named pipe")
    for device in ("/dev/zero", "/dev/null", "/dev/tty"):
        outcome = run("import", device, "--out", os.path.join(folder, "never.cfg"))
        expect(outcome.returncode == 2 and b"E900" in outcome.stderr, f"{device} is refused")
    outcome = run("import")
    expect(outcome.returncode == 2 and b"E706" in outcome.stderr, "a file must be named")
    parts = dict(good)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"spreadsheetml.sheet.main+xml", b"x", 1).replace(
        b"application/vnd.openxmlformats-officedocument.x",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
    refuse(write(folder, zipped(parts.items())), "E903", "declared with macros")
    refuse(write(folder, zipped([*good.items(), ("xl/vbaProject.bin", b"x")])), "E903", "with macros")
    refuse(write(folder, zipped([*good.items(), ("xl/workbook.bin", b"x")])), "E901", "an .xlsb")


def check_bombs(folder, good):
    bomb = zipped([*good.items(), ("xl/worksheets/bomb.xml", b"\0" * (100 << 20))])
    expect(len(bomb) < 200000, "a small bomb")
    refuse(write(folder, bomb), "E905", "a part of 100 MiB in 100 kB")
    # gigabytes from nothing much: the part is streamed, so that the test needs no gigabytes either
    path = os.path.join(folder, "giga.xlsx")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in good.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(2048):
                part.write(b" " * (1 << 20))
    expect(os.path.getsize(path) < 4 << 20, "two gigabytes in two megabytes")
    refuse(path, "E905", "a part of two gigabytes")
    os.remove(path)
    many = [(f"xl/worksheets/more{i}.xml", b"\0" * (20 << 20)) for i in range(5)]
    refuse(write(folder, zipped([*good.items(), *many])), "E905", "many large parts")
    refuse(write(folder, zipped([*good.items(), *((f"xl/e{i}.txt", b"") for i in range(10000))])),
           "E905", "10,000 entries")
    refuse(write(folder, b"PK\3\4" + os.urandom(9 << 20)), "E905", "a file of 9 MiB")
    outside = zipped([*good.items(), ("docProps/thumbnail.xml", b"\0" * (100 << 20))])
    outcome = run("import", write(folder, outside), "--out", folder)
    expect(outcome.returncode == 2 and b"E920" in outcome.stderr and b"E90" not in outcome.stderr,
           "parts that nobody reads are not inflated")


def swap(good, name, content):
    parts = dict(good)
    parts[name] = content
    return zipped(parts.items())


def check_xml(folder, good):
    book = "xl/workbook.xml"
    laughs = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 30))
    for what, declarations, use in [
            ("billion laughs", laughs, "&a29;"),
            ("quadratic blow-up", f'<!ENTITY a "{"x" * 100000}">', "&a;" * 10000),
            ("a file of the machine", '<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
            ("an address", '<!ENTITY a SYSTEM "http://127.0.0.1:9/x">', "&a;"),
            ("parameter entities", '<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;', "x"),
            ("an attribute default", "<!ATTLIST workbook x CDATA 'y'>", "x")]:
        text = f'<?xml version="1.0"?><!DOCTYPE workbook [{declarations}]><workbook>{use}</workbook>'
        refuse(write(folder, swap(good, book, text)), "E906", what)
    text = '<?xml version="1.0"?><!DOCTYPE workbook SYSTEM "file:///etc/passwd"><workbook/>'
    refuse(write(folder, swap(good, book, text)), "E906", "an outer document type")
    strings = '<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'
    refuse(write(folder, swap(good, "xl/sharedStrings.xml", strings)), "E906", "in shared strings")
    sheet = "xl/worksheets/sheet2.xml"
    for what, text, code in [
            ("deep nesting", "<worksheet>" + "<a>" * 100000 + "</a>" * 100000 + "</worksheet>", "E905"),
            ("many attributes", "<worksheet><a " + " ".join(f'a{i}=""' for i in range(50000)) +
             "/></worksheet>", "E905"),
            ("a long attribute", f'<worksheet><a b="{"x" * 1000000}"/></worksheet>', "E905"),
            ("a long name", f'<worksheet><{"x" * 100000}/></worksheet>', "E905"),
            ("a long text", f'<worksheet>{"x" * 1000000}</worksheet>', "E905"),
            ("a million cells", "<worksheet><sheetData>" + "<row>" + "<c><v>1</v></c>" * 16000 +
             "</row>" + ("<row>" + "<c><v>1</v></c>" * 16000 + "</row>") * 15 +
             "</sheetData></worksheet>", "E905"),
            ("not closed", "<worksheet><sheetData>", "E904"), ("no XML", "hello", "E904"),
            ("nothing", "", "E904"), ("NUL", "<worksheet>\0</worksheet>", "E904"),
            ("not UTF-8", b"<worksheet>\xff\xfe</worksheet>", "E904"),
            ("an undeclared entity", "<worksheet>&nbsp;</worksheet>", "E904"),
            ("a cell twice", '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="A1">'
             "<v>2</v></c></row></sheetData></worksheet>", "E904"),
            ("a cell beyond the last", '<worksheet><sheetData><row r="1"><c r="XFE1"><v>1</v></c></row>'
             "</sheetData></worksheet>", "E904"),
            ("a row beyond the last", '<worksheet><sheetData><row r="99999999999999999999"><c><v>1</v>'
             "</c></row></sheetData></worksheet>", "E904"),
            ("a text that is not there", '<worksheet><sheetData><row><c t="s"><v>999999999</v></c></row>'
             "</sheetData></worksheet>", "E904"),
            ("a number that is none", "<worksheet><sheetData><row><c><v>nan</v></c></row></sheetData>"
             "</worksheet>", "E904"),
            ("an infinite number", "<worksheet><sheetData><row><c><v>1e999</v></c></row></sheetData>"
             "</worksheet>", "E904"),
            ("an unknown kind", '<worksheet><sheetData><row><c t="zz"><v>1</v></c></row></sheetData>'
             "</worksheet>", "E904")]:
        refuse(write(folder, swap(good, sheet, text)), code, what)


def check_archives(folder, good):
    whole = zipped(good.items())
    for n in (3, 30, 1000, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        refuse(write(folder, whole[:n]), "E904", f"cut after {n} bytes")
    for name in ("../../etc/passwd", "/etc/passwd", "xl/../../x.xml", "xl\\..\\x.xml", "C:/x.xml",
                 "xl/./x.xml", "xl//x.xml"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, b"<x/>")
            for part, content in good.items():
                archive.writestr(part, content)
        refuse(write(folder, out.getvalue()), "E907", f"an entry named {name}")
    twice = zipped([*good.items(), ("XL/Workbook.xml", good["xl/workbook.xml"])])
    refuse(write(folder, twice), "E904", "a part twice")
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        info = zipfile.ZipInfo("xl/link.xml")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, b"/etc/passwd")
        for part, content in good.items():
            archive.writestr(part, content)
    refuse(write(folder, link.getvalue()), "E907", "a link")
    for name in good:
        if name.endswith((".rels", "workbook.xml")) or "sheet2" in name:
            parts = dict(good)
            del parts[name]
            outcome = run("import", write(folder, zipped(parts.items())))
            expect(outcome.returncode == 2, f"without {name}: exit {outcome.returncode}")
    squeezed = zipped(good.items(), zipfile.ZIP_LZMA)
    refuse(write(folder, squeezed), "E904", "packed in an unusual way")
    wrong_sum = bytearray(whole)
    at = wrong_sum.find(b"PK\1\2")
    local = wrong_sum.find(b"PK\3\4")
    struct.pack_into("<I", wrong_sum, at + 16, 1)
    struct.pack_into("<I", wrong_sum, local + 14, 1)
    refuse(write(folder, bytes(wrong_sum)), "E904", "a wrong check sum")
    encrypted = bytearray(whole)
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = encrypted.find(mark)
        while at >= 0:
            encrypted[at + offset] |= 1
            at = encrypted.find(mark, at + 4)
    refuse(write(folder, bytes(encrypted)), "E902", "encrypted")
    lies = bytearray(whole)
    at = lies.find(b"PK\1\2")
    while at >= 0:
        struct.pack_into("<I", lies, at + 24, 10)
        at = lies.find(b"PK\1\2", at + 4)
    outcome = run("import", write(folder, bytes(lies)))
    expect(outcome.returncode == 2, "sizes that lie")


def check_mutations(folder, good):
    """Bytes changed at random, in the archive and in its parts: an answer, never a crash."""
    dice = random.Random(20261128)
    whole = zipped(good.items())
    for number in range(N_MUTATIONS):
        if number % 2 == 0:
            content = bytearray(whole)
        else:
            name = dice.choice(sorted(good))
            content = bytearray(good[name])
        for _ in range(dice.choice((1, 3, 20))):
            at = dice.randrange(len(content))
            kind = dice.randrange(4)
            if kind == 0:
                content[at] = dice.randrange(256)
            elif kind == 1:
                del content[at:at + dice.randrange(1, 50)]
            elif kind == 2:
                content[at:at] = content[at:at + dice.randrange(1, 50)]
            else:
                content[at] ^= 1 << dice.randrange(8)
        file = bytes(content) if number % 2 == 0 else swap(good, name, bytes(content))
        outcome = run("import", write(folder, file), "--out", os.path.join(folder, "mutant.cfg"))
        expect(outcome.returncode in (0, 2), f"mutation {number}: exit {outcome.returncode}: "
                                             f"{outcome.stderr[-2000:]!r}")
        if outcome.returncode == 0:
            os.remove(os.path.join(folder, "mutant.cfg"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "good.xlsx")
        run("new", "scenario", "good", "--model", "befriending", "--xlsx", "--out", folder)
        good = Book(path).parts
        for part in (check_kinds, check_bombs, check_xml, check_archives, check_mutations):
            part(folder, good)
    print(f"{len(FAILURES)} failures")
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    main()
