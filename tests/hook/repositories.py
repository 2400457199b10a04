"""Real git repositories, and the situations in which a commit may find one."""

import atexit
import contextlib
import functools
import io
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from coderefine import cli

GOOD = "def add(a, b):\n    return a + b\n"
BAD = "def add(a, b):\n    return a - b\n"
TEST = "from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n"
SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    # What lives for a second need be neither tidied nor safe from a power cut.
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "gc.auto",
    "GIT_CONFIG_VALUE_0": "0",
    "GIT_CONFIG_KEY_1": "core.fsync",
    "GIT_CONFIG_VALUE_1": "none",
}
IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    **SETTINGS,
}


@dataclass(frozen=True)
class Repo:
    """A working tree, and the commands that people type in it."""

    root: Path

    @classmethod
    def new(cls, root, *options):
        root.mkdir(parents=True, exist_ok=True)
        repo = cls(root)
        repo.git("init", "-q", "-b", "main", *options)
        return repo

    def git(self, *arguments, given=None, check=True, env=None):
        """Run git; return what it printed."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            input=given,
            capture_output=True,
            check=False,
            env={**os.environ, **IDENTITY, **(env or {})},
        )
        assert done.returncode == 0 or not check, done.stderr.decode()
        return done.stdout

    def write(self, path, text, *, stage=False):
        """Write a file; text or bytes."""
        target = self.root / os.fsdecode(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        if stage:
            self.git("add", "--", path)

    def link(self, path, target):
        """Make and stage a symbolic link."""
        (self.root / path).symlink_to(target)
        self.git("add", "--", path)

    def commit(self, message="a commit"):
        """Commit everything that is there."""
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)


def calculator(root, *options):
    """Return a repository of a module and its test, committed."""
    if root.exists():
        return _new_calculator(root, *options)
    shutil.copytree(_template(*options), root, symlinks=True)
    repo = Repo(root)
    repo.git("update-index", "-q", "--refresh")
    return repo


@functools.cache
def _template(*options):
    """Make one to copy, which takes less time than to ask git for each anew."""
    folder = Path(tempfile.mkdtemp(prefix="coderefine-calculator-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _new_calculator(folder / "repo", *options).root


def _new_calculator(root, *options):
    repo = Repo.new(root, *options)
    repo.write("calc.py", GOOD)
    repo.write("tests/test_calc.py", TEST)
    repo.write("README", "of a calculator\n")
    repo.commit()
    return repo


def many_modules(root):
    """Return a repository of 40 modules, each with a file of ten tests, committed."""
    repo = Repo.new(root)
    for number in range(40):
        repo.write(f"src/shop/part{number}.py", f"def add(a, b):\n    return a + b + {number}\n")
        tests = "".join(f"\n\ndef test_{it}():\n    assert add({it}, 1) == {it + 1 + number}\n" for it in range(10))
        repo.write(f"tests/shop/test_part{number}.py", f"from shop.part{number} import add\n{tests}")
    repo.commit()
    return repo


def everything(root):
    """Return all that is below a folder, as bytes, with modes; what is in `.git` too."""
    found = {}
    for folder, folders, files in os.walk(root):
        for path in (Path(folder, name) for name in (*folders, *files)):
            facts = path.lstat()
            if stat.S_ISLNK(facts.st_mode):
                found[path] = path.readlink()
            elif stat.S_ISREG(facts.st_mode):
                found[path] = (facts.st_mode, path.read_bytes())
            else:
                found[path] = facts.st_mode
    return found


def coderefine(*arguments, code):
    """Run the command line in this process, in which a model's library is imported once; return what it printed."""
    told = io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["coderefine", *arguments]),
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(told),
    ):
        try:
            cli.main()
        except SystemExit as left:
            assert left.code == code, told.getvalue()
    return told.getvalue()
