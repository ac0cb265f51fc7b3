"""Figures with an interval in models/*/README.md are those of results/scenarios: readme_figures.py PROJECT_DIR.

A figure reads "net 229 thousand (-208 to 1,017)" or "29 fires (6 to 76)". Where a figure of summary.csv of a scenario of the
model, or of the other scenarios that the README names, is near it (as a gain or as a loss), one must have that mean and
that interval, rounded as they are: whoever moves results moves the words, too. What is near no result is evidence. Shares
of the variance that come from assumptions are those of models/README.md. Standard library only."""
import csv
import pathlib
import re
import sys

PROJECT = pathlib.Path(sys.argv[1])
NUMBER = r"-?(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
NEAR = 0.06  # in widths of an interval
UNITS = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6}
FIGURE = re.compile(rf"({NUMBER})\s*(thousand|million|billion)?(?:\s+[a-z]+){{0,2}}\s*\(({NUMBER})\s+to\s+({NUMBER})\s*(thousand|million)?\)")


def number(words):
    """The number and half a unit of its last digit that is no trailing zero."""
    bare = words.replace(",", "")
    value = float(bare)
    if "." in bare:
        return value, 0.5 * 10.0 ** -len(bare.split(".")[1])
    zeros = len(bare) - len(bare.rstrip("0")) if value != 0 else 0
    return value, 0.5 * 10.0 ** min(zeros, max(0, len(bare.lstrip("-")) - 1))


def close(stated, value, scale):
    written, half = stated
    return abs(written * scale - value) <= 1.001 * half * scale


def nearest_of(stated, scales, rows):
    """How far the nearest figure is, in widths of its interval, and what it says; 0: as it is written."""
    best, words = 9.0, ""
    for row in rows:
        values = [float(row[name]) for name in ("headline", "q025", "q975")]
        for side in (values, [-values[0], -values[2], -values[1]]):
            for scale in scales:
                if all(close(one, value, scale) for one, value in zip(stated, side)):
                    return 0.0, ""
                gap = max(abs(one[0] * scale - value) for one, value in zip(stated, side)) / max(side[2] - side[1], 1e-9)
                if gap < best:
                    best = gap
                    words = "{:,.5g} ({:,.5g} to {:,.5g})".format(*(value / scale for value in side))
                    words += f", {row['measure']}.{row['who']} of {row['scenario']}"
    return best, words


def main():
    rows, of_model = {}, {}
    with open(PROJECT / "results/scenarios/summary.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["q025"] and row["q975"] and row["headline"]:
                rows.setdefault(row["scenario"], []).append(row)
    for path in sorted((PROJECT / "scenarios").glob("*.cfg")):
        model = re.search(r'^\s*model = "([a-z_0-9]+)"', path.read_text(), re.M)
        if model:
            of_model.setdefault(model[1], []).append(path.stem)
    index = (PROJECT / "models/README.md").read_text()
    share = {cells[4].strip().split("`")[1]: cells[-2].strip().rstrip(" %") for cells in
             (line.split("|") for line in index.splitlines() if re.match(r"\| .*%? \|$", line)) if len(cells) > 12 and "`" in cells[4]}
    n_held, n_shares, wrong = 0, 0, []
    for readme in sorted((PROJECT / "models").glob("*/README.md")):
        text = readme.read_text()
        names = set(of_model.get(readme.parent.name, [])) | set(re.findall(r"`(?:scenarios/)?([a-z_0-9]+)(?:\.cfg)?`", text))
        known = [row for name in sorted(names) for row in rows.get(name, [])]
        for match in FIGURE.finditer(text):
            stated = [number(match[i]) for i in (1, 3, 4)]
            unit = match[2] or match[5]
            gap, nearest = nearest_of(stated, [UNITS[unit]] if unit else [1.0, 1e3], known)
            line = text[:match.start()].count("\n") + 1
            n_held += gap == 0.0
            if 0.0 < gap < NEAR:
                wrong.append(f"{readme.relative_to(PROJECT)}:{line}: \"{' '.join(match[0].split())}\" is now {nearest}")
        for match in re.finditer(r"(\d+)\s+%\s+of\s+(?:the\s+)?[a-z' ]*variance\s+comes\s+from\s+assumptions", text):
            shares = {share[name] for name in names if name in share}
            n_shares += 1
            if shares and match[1] not in shares:
                wrong.append(f"{readme.relative_to(PROJECT)}: {' '.join(match[0].split())}; the index has {sorted(shares)}")
    print(*wrong, sep="\n")
    print(f"{n_held} figures with intervals and {n_shares} shares hold, {len(wrong)} do not")
    assert n_held > 40 and n_shares > 8, "the figures are found at all"
    return 1 if wrong else 0


sys.exit(main())
