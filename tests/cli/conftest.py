"""Runs commands: in this process, which imports once, or in one of their own, as a user would."""

import contextlib
import os
import subprocess
import sys

import pytest

import coderefine.hook.sandbox
import coderefine.scoring.node
from coderefine.judge import opening
from tests.command import Outcome, run_command


@pytest.fixture(scope="session")
def warm_judge():
    """Return an `open_judge` whose local sandbox stays open from one command to the next: opening it takes longest."""
    real = opening.open_judge
    with contextlib.ExitStack() as opened:
        judges = []

        def open_warm(sandbox="auto", **options):
            if sandbox != "local" or options.get("image_name") or options.get("packages"):
                return real(sandbox, **options)
            if not judges:
                judges.append(opened.enter_context(real(sandbox, **options)))
            return contextlib.nullcontext(judges[0])

        yield open_warm


@pytest.fixture
def coderefine(tmp_path, monkeypatch, warm_judge):
    """Return `run(*args)`, which runs the command line in this process, in an empty folder."""
    monkeypatch.setattr(opening, "open_judge", warm_judge)
    return lambda *args, folder=tmp_path, **more: run_command(*args, cwd=folder, **more)


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
