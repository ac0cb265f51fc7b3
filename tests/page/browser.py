"""report.html in a real browser: makes the pages and has tests/page/browse.js look at each.

Usage: browser.py DIVIDEND PROJECT_DIR [FOLDER]: screenshots and PDFs stay in FOLDER, where one is given. Exit code 77,
and why, where there is no Chromium, no node or none of the packages that scripts/setup.sh installs below build/.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import hostile

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
PROJECT = pathlib.Path(sys.argv[2]).resolve()
PACKAGES = PROJECT / "build/page-packages/node_modules"
PAGES = {
    "programmes": ["run", "scenarios/befriending_west_lancashire.cfg", "scenarios/falls_ambulance_place.cfg",
                   "scenarios/popp_services_national_evaluation.cfg", "scenarios/shared_lives_mental_health.cfg",
                   "--decide", "--draws", "256"],
    "one": ["run", "scenarios/falls_ambulance_place.cfg", "--draws", "256"],
    "portfolio": ["portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "256"],
    "options": ["run", "scenarios/cookbook/cohort_options.cfg", "--decide", "--draws", "256"],
}


def skip(reason):
    print(f"skipped: {reason}; scripts/test installs it where it can")
    sys.exit(77)


def find_browser():
    browser = shutil.which("chromium")
    if browser is None:
        skip("Chromium is not installed (Debian's package chromium)")
    if shutil.which("node") is None:
        skip("node is not installed (Debian's packages nodejs and npm)")
    for package in ("playwright-core", "axe-core"):
        if not (PACKAGES / package / "package.json").exists():
            skip(f"{package} of npm is not in build/page-packages")
    return browser


def make(folder, arguments):
    done = subprocess.run([PROGRAM, *arguments, "--out", folder, "--quiet"], cwd=PROJECT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")


def look(folder, browser, *more):
    environment = dict(os.environ, NODE_PATH=str(PACKAGES), CHROMIUM=browser)
    done = subprocess.run(["node", PROJECT / "tests/page/browse.js", folder, *more], env=environment)
    if done.returncode != 0:
        sys.exit(1)


def main():
    browser = find_browser()
    with tempfile.TemporaryDirectory() as own:
        folder = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else own)
        for name, arguments in PAGES.items():
            make(folder / name, arguments)
            look(folder / name, browser)
        words = pathlib.Path(own, "words")
        words.mkdir()
        make(folder / "hostile", hostile.write(PROJECT, words))
        look(folder / "hostile", browser, "hostile")


if __name__ == "__main__":
    main()
