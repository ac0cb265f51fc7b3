"""Does docs/cookbook.md do what it says? check_cookbook.py PROGRAM SOURCE [--write] [WORDS OF A HEADING...]

A recipe is what stands between two headings. It is run in a folder of its own that holds copies of models/ and scenarios/, as a
user's checkout does, with `dividend` on the path. A recipe that is added to the page is run without a line here:

- A fence ```sh (or an indented block that begins with a command) is run, command by command; each must succeed, or end as the
  comment `# exit code N` beside it says; `dividend diff` without one may find a difference (4) or none. A command whose program this
  machine lacks skips the rest of the recipe, by name.
- A block under a line that ends in `PATH`: is the content of that file, written before what follows is run.
- A block under a line that ends in `shows:` or `show:` must be found in what the commands before it printed, line by line and in
  order; blanks count as one, `...` stands for anything.
- Other blocks are excerpts.

--write puts today's figures into the blocks that are shown: each line is replaced by the line printed that differs from it in
digits alone. Standard library only.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WRITE = "--write" in sys.argv
WANTED = " ".join(word for word in sys.argv[3:] if word != "--write").lower()
PAGE = os.path.join(SOURCE, "docs", "cookbook.md")
COMMANDS = ("dividend", "mkdir", "cp", "mv", "cat", "tar", "git", "mpirun", "sbatch", "sqlite3", "sed", "grep", "for")


class Block:
    """Lines of the page from `start`, without fence or indentation."""

    def __init__(self, kind, lead, start, indent):
        self.kind, self.lead, self.start, self.indent, self.lines = kind, lead, start, indent, []

    @property
    def role(self):
        lead = self.lead.rstrip()
        first = next((line for line in self.lines if line.strip() and not line.startswith("#")), "")
        if self.kind == "sh":
            return "commands"
        if re.search(r"\bshows?:$", lead):
            return "shown"
        if re.search(r"`[^`]+`:$", lead):
            return "file"
        return "commands" if self.kind == "" and first.split(" ")[0] in COMMANDS else "excerpt"

    @property
    def path(self):
        return re.search(r"`([^`]+)`:$", self.lead.rstrip()).group(1)


class Recipe:
    def __init__(self, title, level):
        self.title, self.level, self.blocks = title, level, []


def read_page():
    recipes, block, lead, blank = [], None, "", True
    with open(PAGE, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines):
        fence = re.match(r"```(\w*)", line)
        if block is not None and block.indent == 0:  # inside a fence
            if fence:
                block = None
            else:
                block.lines.append(line)
            continue
        indented = line.startswith("    ") and (block is not None or blank)
        if block is not None and not indented and line.strip():
            block = None
        if fence:
            block, lead = Block(fence.group(1), lead, number + 1, 0), ""
            recipes[-1].blocks.append(block)
        elif indented:
            if block is None:
                block, lead = Block("", lead, number, 4), ""
                recipes[-1].blocks.append(block)
            block.lines.append(line[4:])
        elif re.match(r"#+ ", line):
            recipes.append(Recipe(line.lstrip("#").strip(), len(line) - len(line.lstrip("#"))))
            lead = ""
        elif line.strip():
            lead = line
        elif block is not None:
            block.lines.append("")
        blank = not line.strip() and not fence
    for recipe in recipes:
        for block in recipe.blocks:
            while block.lines and not block.lines[-1].strip():
                block.lines.pop()
    return lines, recipes


def commands_of(block):
    """The commands of a block: as many lines each as bash needs to read it."""
    command = ""
    for line in block.lines:
        command += line + "\n"
        if command.strip() and not command.rstrip().endswith("\\"):
            if subprocess.run(["bash", "-n"], input=command, text=True, capture_output=True, check=False).returncode == 0:
                if not command.lstrip().startswith("#"):
                    yield command.strip()
                command = ""
    if command.strip():
        raise AssertionError(f"bash cannot read {command!r}")


def squeezed(text):
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


class Kitchen:
    """One recipe, run in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="dividend_cookbook_")
        self.place = os.path.join(self.folder, "dividend")
        os.makedirs(os.path.join(self.folder, "bin"))
        os.makedirs(os.path.join(self.folder, "home"))
        os.makedirs(self.place)
        os.symlink(PROGRAM, os.path.join(self.folder, "bin", "dividend"))
        for name in ("models", "scenarios"):
            shutil.copytree(os.path.join(SOURCE, name), os.path.join(self.place, name))
        for name in ("scripts", "docs", "results"):
            os.symlink(os.path.join(SOURCE, name), os.path.join(self.place, name))
        home = os.path.join(self.folder, "home")
        self.environment = {"PATH": os.path.join(self.folder, "bin") + ":" + os.environ["PATH"], "HOME": home,
                            "XDG_CACHE_HOME": os.path.join(home, "cache"), "COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "OMPI_ALLOW_RUN_AS_ROOT",
                     "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def write(self, block):
        path = os.path.join(self.place, block.path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(block.lines) + "\n")

    def run(self, command):
        """What it printed; None where its program is not here."""
        word = command.split()[0]
        builtin = subprocess.run(["bash", "-c", f"type -- {word}"], env=self.environment, capture_output=True, check=False)
        if builtin.returncode != 0 and word != "dividend":
            return None
        ends = re.search(r"# exit code (\d+)\s*$", command)
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=self.place, env=self.environment, text=True,
                              capture_output=True, check=False, timeout=600)
        wanted = (int(ends.group(1)),) if ends else (0, 4) if command.startswith("dividend diff ") else (0,)
        if done.returncode not in wanted:
            raise AssertionError(f"{command}\nended with {done.returncode}, not {wanted}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout + done.stderr

    def clear(self):
        shutil.rmtree(self.folder)


def check_shown(block, printed):
    there, at = squeezed(printed), 0
    for line in squeezed("\n".join(block.lines)):
        if line == "...":
            continue
        pieces = [piece.strip() for piece in line.split("...")]
        while at < len(there) and not all(piece in there[at] for piece in pieces):
            at += 1
        if at == len(there):
            raise AssertionError(f"docs/cookbook.md:{block.start + 1}: {line!r} is not shown; printed was\n{printed[-2500:]}\n"
                                 f"If figures moved for a reason: {os.path.basename(__file__)} PROGRAM SOURCE --write")
        at += 1


def skeleton(line):
    """Words alone: figures, their signs and the rules of tables may change with the evidence."""
    return re.sub(r"[\d,.\-+\s%]+", " ", line).strip()


def renewed(block, printed):
    """The block with today's figures."""
    there, at, fresh = printed.split("\n"), 0, []
    for line in block.lines:
        found = next((k for k in range(at, len(there)) if line.strip() and skeleton(there[k]) == skeleton(line)
                      and (skeleton(line) or there[k].split() == line.split())), None)
        fresh.append(line if found is None else there[found].rstrip())
        at = at if found is None else found + 1
    return fresh


def cook(recipe, renew=None):
    """Runs a recipe; returns the command that this machine lacks, or None."""
    kitchen, printed = Kitchen(), ""
    try:
        for block in recipe.blocks:
            if block.role == "file":
                kitchen.write(block)
            elif block.role == "commands":
                printed = ""
                for command in commands_of(block):
                    output = kitchen.run(command)
                    if output is None:
                        return command.split()[0]
                    printed += output
            elif block.role == "shown" and renew is not None:
                renew(block, renewed(block, printed))
            elif block.role == "shown":
                check_shown(block, printed)
    finally:
        kitchen.clear()
    return None


LINES, RECIPES = read_page()


class Cookbook(unittest.TestCase):
    def test_there_are_twelve_tasks(self):
        """Numbered 1 to 12, each with commands and with what they show."""
        tasks = [recipe for recipe in RECIPES if re.match(r"\d+\. ", recipe.title)]
        self.assertEqual([int(recipe.title.split(".")[0]) for recipe in tasks], list(range(1, 13)))
        for recipe in tasks:
            roles = [block.role for block in recipe.blocks]
            self.assertIn("commands", roles, recipe.title)
            self.assertIn("shown", roles, recipe.title)

    def test_the_reader_of_this_page_would_notice(self):
        """A line that is not printed is a failure, and so is another exit code."""
        block = Block("text", "It shows:", 0, 0)
        block.lines = ["a  1", "...", "c ... 3"]
        check_shown(block, "x\na 1\nb\nc 2 3\n")
        for printed in ("a 1\nb", "c 3\na 1\n", "a 2\nc 3\n"):
            self.assertRaises(AssertionError, check_shown, block, printed)
        kitchen = Kitchen()
        self.addCleanup(kitchen.clear)
        self.assertRaises(AssertionError, kitchen.run, "dividend run no_such_file.cfg")
        self.assertRaises(AssertionError, kitchen.run, "dividend list models # exit code 2")
        self.assertIn("no_such_file", kitchen.run("dividend run no_such_file.cfg # exit code 2"))


def add_test(number, recipe):
    def test(self):
        lacking = cook(recipe)
        if lacking is not None:
            self.skipTest(f"this machine has no {lacking}")

    name = re.sub(r"\W+", "_", recipe.title.lower()).strip("_")
    setattr(Cookbook, f"test_{number:02}_{name}", test)


def write_page():
    for recipe in reversed([recipe for recipe in RECIPES if WANTED in recipe.title.lower()]):
        changes = []
        cook(recipe, lambda block, lines: changes.append((block, lines)))
        for block, lines in changes:
            blanks = " " * block.indent
            LINES[block.start:block.start + len(lines)] = [(blanks + line).rstrip() for line in lines]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write("\n".join(LINES))


if WRITE:
    write_page()
else:
    for position, one in enumerate(RECIPES):
        if any(block.role == "commands" for block in one.blocks) and WANTED in one.title.lower():
            add_test(position, one)
    unittest.main(argv=sys.argv[:1], verbosity=2)
