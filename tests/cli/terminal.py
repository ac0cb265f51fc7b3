"""The program on a pseudo-terminal: plots there and nowhere else, in the characters that were asked for, never wider than
the terminal; a line of progress that never goes back within a phase, ends erased, and gives way to Ctrl-C.

Usage: terminal.py DIVIDEND PROJECT_DIR
"""
import fcntl
import os
import pathlib
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
PROJECT = pathlib.Path(sys.argv[2]).resolve()
LONG = ("portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "8192", "--decide")
UTF8 = {"LC_ALL": "C.UTF-8", "TERM": "xterm"}
BARS = re.compile("[▏▎▍▌▋▊▉█▕▐▒├┤┼▁▂▃▄▅▆▇]")
COUNT = re.compile(r"^\[(\d+) of (\d+)\] ([a-z]+)(.*?)(?:: ([\d,]+) of ([\d,]+) ([a-z]+))?(?=;|$)")


class Terminal:
    """Runs the program with some of its streams on a terminal of so many columns."""

    def __init__(self, arguments, environment, columns=100, out=True, interrupt_at=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        kept = {name: value for name, value in os.environ.items()
                if name not in ("LC_ALL", "LC_CTYPE", "LANG", "TERM", "NO_COLOR")}
        self.process = subprocess.Popen([PROGRAM, *arguments], cwd=PROJECT, env={**kept, **environment}, stdin=slave,
                                        stdout=slave if out else subprocess.DEVNULL, stderr=slave,
                                        start_new_session=True)
        os.close(slave)
        self.bytes = self.read(interrupt_at)
        self.code = self.process.wait()
        os.close(self.master)
        self.text = self.bytes.decode("utf-8").replace("\r\n", "\n")

    def read(self, interrupt_at):
        gathered, sent = b"", False
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the other end is closed
                return gathered
            if not data:
                return gathered
            gathered += data
            if interrupt_at is not None and not sent and interrupt_at in gathered:
                self.process.send_signal(signal.SIGINT)
                self.sent_at, sent = time.monotonic(), True

    def screen(self):
        """Lines as a terminal would show them, for carriage returns and line feeds."""
        lines = []
        for line in self.text.split("\n"):
            shown, at = [], 0
            for character in line:
                if character == "\r":
                    at = 0
                    continue
                shown[at:at + 1] = [character]
                at += 1
            lines.append("".join(shown).rstrip())
        return lines

    def paintings(self):
        return [part for line in self.text.split("\n") for part in line.split("\r") if part.startswith("[")]


class Plots(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.run_one = ("run", "scenarios/cookbook/decision.cfg", "--draws", "512", "--quiet", "--out",
                        str(self.folder / "out"))

    def piped(self, *more):
        done = subprocess.run([PROGRAM, *self.run_one, *more], cwd=PROJECT, env={**os.environ, **UTF8}, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode()

    def added(self, text):
        """Lines that the plots add to what a pipe gets."""
        plain = set(self.piped("--plots", "none").split("\n"))
        return [line for line in text.split("\n") if line not in plain]

    def test_on_a_terminal_in_unicode(self):
        shown = Terminal((*self.run_one, "--decide"), UTF8)
        self.assertEqual(shown.code, 0)
        self.assertRegex(shown.text, BARS)
        for words in ("By programme (Public sector)", "Cumulative cash by year", "By partner", "in cash", "EVPPI with its"):
            self.assertIn(words, shown.text)
        self.assertEqual(shown.text.replace("\n", "\r\n").encode(), shown.bytes, "no colour, no other control")

    def test_piped_nothing_changes(self):
        self.assertNotRegex(self.piped(), BARS)
        self.assertEqual(self.piped(), self.piped("--plots", "none"))
        self.assertNotIn("By programme", self.piped())

    def test_only_ascii_where_the_language_is_not_utf8(self):
        for environment in ({"LC_ALL": "C", "TERM": "xterm"}, {"LC_ALL": "C.UTF-8", "TERM": "dumb"}, {"TERM": "xterm"},
                            {"LC_ALL": "", "LC_CTYPE": "POSIX", "LANG": "C.UTF-8", "TERM": "xterm"}):
            shown = Terminal(self.run_one, environment)
            added = self.added(shown.text)
            self.assertGreater(len(added), 15)
            for line in added:
                self.assertTrue(line.isascii(), line)
            self.assertTrue(any("#" in line and "|" in line for line in added))
            self.assertTrue(any("-|" in line for line in added), "losses to the left")

    def test_asked_for(self):
        self.assertRegex(self.piped("--plots", "unicode"), BARS)
        ascii_lines = self.added(self.piped("--plots", "ascii"))
        self.assertTrue(ascii_lines and all(line.isascii() for line in ascii_lines))
        self.assertNotRegex(Terminal((*self.run_one, "--plots", "none"), UTF8).text, BARS)
        for form in ("csv", "json", "md"):
            self.assertEqual(self.piped("--plots", "unicode", "--format", form), self.piped("--format", form))
        done = subprocess.run([PROGRAM, *self.run_one, "--plots", "colour"], cwd=PROJECT, capture_output=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"auto, unicode, ascii or none", done.stderr)

    def test_results_are_the_same(self):
        files = []
        for style in ("none", "unicode"):
            self.piped("--plots", style)
            files.append({path.name: path.read_bytes() for path in (self.folder / "out").rglob("*")
                          if path.is_file() and path.name != "run_results.json"})
        self.assertEqual(*files)

    def test_no_plot_is_wider_than_the_terminal(self):
        for width, style, more in ((80, "unicode", ["--decide"]), (81, "ascii", []), (100, "unicode", []),
                                   (140, "ascii", ["--decide"]), (400, "unicode", [])):
            shown = self.piped("--plots", style, "--width", str(width), *more)
            plain = set(self.piped("--plots", "none", "--width", str(width), *more).split("\n"))
            for line in shown.split("\n"):
                if line not in plain:
                    self.assertLessEqual(len(line), width, line)

    def test_portfolio(self):
        done = subprocess.run([PROGRAM, "portfolio", "scenarios/cookbook/portfolio.cfg", "--draws", "512", "--quiet",
                               "--plots", "unicode", "--out", self.folder / "out"], cwd=PROJECT, capture_output=True)
        text = done.stdout.decode()
        for words in ("By partner:", "Cumulative cash by year (by partner)", "What each programme adds (Public sector)"):
            self.assertIn(words, text)

    def test_acceptability(self):
        done = subprocess.run([PROGRAM, "run", "scenarios/cookbook/cohort_options.cfg", "--draws", "512", "--quiet",
                               "--decide", "--plots", "unicode", "--out", self.folder / "out"], cwd=PROJECT,
                              capture_output=True)
        self.assertRegex(done.stdout.decode(), "usual +[▁▂▃▄▅▆▇█]{20,} [.>][0-9]+ at £20,000, [.>][0-9]+ at £30,000")


class Progress(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def run_at(self, arguments, columns=100, **more):
        return Terminal((*arguments, "--out", str(self.folder / "out")), UTF8, columns, **more)

    def check_paintings(self, shown, columns, n_phases):
        self.assertTrue(shown.paintings())
        last_phase, last_count = 0, {}
        for line in shown.paintings():
            self.assertLess(len(line.rstrip()), columns)
            match = COUNT.match(line.rstrip())
            self.assertTrue(match, line)
            phase, of, name, step, done, total, unit = match.groups()
            self.assertEqual(int(of), n_phases)
            self.assertGreaterEqual(int(phase), last_phase, line)
            last_phase = int(phase)
            self.assertLessEqual(last_phase, n_phases)
            if done is not None:
                key = phase, step
                count = int(done.replace(",", ""))
                self.assertGreaterEqual(count, last_count.get(key, 0), line)
                self.assertLessEqual(count, int(total.replace(",", "")), line)
                last_count[key] = count
                if "left" in line:
                    self.assertGreaterEqual(count, 0.02 * int(total.replace(",", "")), line)
        return shown

    def test_never_back_and_erased(self):
        shown = self.check_paintings(self.run_at(LONG, out=False), 100, 5)
        self.assertEqual(shown.code, 0)
        self.assertFalse([line for line in shown.screen() if line.startswith("[")], "erased at the end")

    def test_a_narrow_terminal(self):
        self.check_paintings(self.run_at(LONG, columns=50, out=False), 50, 5)

    def test_a_doubling_is_said(self):
        shown = self.run_at(("run", "scenarios/cookbook/decision.cfg", "--draws", "4096", "--precision",
                             "net.public_sector=30", "--max-draws", "1048576"), out=False)
        self.assertIn(shown.code, (0, 6))
        doubled = [int(n) for n in re.findall(r"scenario 1 of 1, doubled (\d+) time", shown.text)]
        self.assertTrue(doubled)
        self.assertEqual(doubled, sorted(doubled))
        self.assertIn("may double again", shown.text)

    def test_quiet_and_piped(self):
        self.assertEqual(self.run_at((*LONG, "--quiet"), out=False).bytes, b"")
        done = subprocess.run([PROGRAM, *LONG, "--out", self.folder / "out"], cwd=PROJECT, capture_output=True)
        self.assertNotIn(b"\r", done.stderr)

    def test_ctrl_c_ends_at_once(self):
        """While a set is chosen, and in a decision: a message, and nothing written. Both take seconds if left alone."""
        for phase, arguments in ((b"choosing", ("portfolio", "scenarios/portfolios/lancashire.cfg")),
                                 (b"deciding", ("run", "scenarios/cookbook/decision.cfg", "--decide", "--draws", "65536"))):
            shown = self.run_at(arguments, out=False, interrupt_at=phase)
            self.assertEqual(shown.code, 130, shown.text[-300:])
            self.assertIn("interrupted; nothing was written", shown.text)
            self.assertFalse([line for line in shown.screen() if line.startswith("[")])
            self.assertFalse((self.folder / "out" / "summary.csv").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
