"""Runs the real command in a process of its own, as a user would."""

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def coderefine(tmp_path):
    """Return `run(*args)`, which starts `coderefine` in an empty folder."""

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
