"""Runs the command line in this process, in which imports are made once."""

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from unittest import mock

import pytest

from coderefine import cli


@dataclass
class Outcome:
    code: int
    out: str | bytes
    err: str


def run_command(*args, cwd, stdin="", env=None, raw=False, merged=False):
    """Run `coderefine *args` in a folder; text or bytes on its standard input.

    With `raw`, its output is bytes; with `merged`, both of its streams are one, as in a terminal.
    """
    out = _stream()
    err = out if merged else _stream()
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, {"COLUMNS": "120", **(env or {})}),
        mock.patch.multiple(sys, argv=["coderefine", *map(str, args)], stdin=_stream(stdin), stdout=out, stderr=err),
        pytest.raises(SystemExit) as end,
    ):
        cli.main()
    return Outcome(end.value.code or 0, out.buffer.getvalue() if raw else _text(out), _text(err))


def _stream(text=""):
    return io.TextIOWrapper(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "utf-8")


def _text(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()
