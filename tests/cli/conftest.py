"""Runs commands: in this process, which imports once, or in one of their own, as a user would."""

import os
import subprocess
import sys

import pytest

import coderefine.hook.sandbox
import coderefine.scoring.node
from coderefine.judge import opening
from tests.command import Outcome, run_command


@pytest.fixture
def coderefine(tmp_path, monkeypatch, warm_judge, warm_hook, brief_search):
    """Return `run(*args)`, which runs the command line in this process, in an empty folder; a search is brief."""
    monkeypatch.setattr(opening, "open_judge", warm_judge)
    return lambda *args, folder=tmp_path, **more: run_command(*args, cwd=folder, **more)


@pytest.fixture
def above_limit(tmp_path):
    """Return `made(tests, program)`, which writes a problem with these visible tests, and a solution of it."""

    def made(tests, program):
        folder, solution = tmp_path / "above", tmp_path / "solution.py"
        (folder / "tests").mkdir(parents=True)
        (folder / "problem.toml").write_text(
            'title = "Above"\nentry = "above"\nparams = {nums = "list[int]", limit = "int"}\nreturns = "list[int]"\n'
        )
        (folder / "statement.md").write_text("Those above.\n\nConstraints:\n- -9 <= nums[i] <= 9\n- -9 <= limit <= 9\n")
        (folder / "tests/visible.json").write_text(tests)
        solution.write_text(program)
        return folder, solution

    return made


@pytest.fixture
def process(tmp_path):
    """Return `run(*args)`, which starts the real command in an empty folder."""

    def run(*args, stdin="", env=None, under=()):
        done = subprocess.run(
            [*under, sys.executable, "-m", "coderefine", *map(str, args)],
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "120", **(env or {})},
            timeout=120,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
