"""Runs commands: in this process, which has imported everything, or in one of their own, as a user would."""

import io
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from coderefine import cli


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def coderefine(tmp_path, monkeypatch):
    """Return `run(*args)`, which runs the command line in this process, in an empty folder."""

    def run(*args, stdin="", env=None):
        out, err = _stream(), _stream()
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as end:
            patch.chdir(tmp_path)
            for name, value in {"COLUMNS": "120", **(env or {})}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["coderefine", *map(str, args)])
            patch.setattr(sys, "stdin", _stream(stdin))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            cli.main()
        return Outcome(end.value.code or 0, _text(out), _text(err))

    return run


def _stream(text=""):
    return io.TextIOWrapper(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "utf-8")


def _text(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


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
