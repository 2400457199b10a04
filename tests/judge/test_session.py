"""Messages of a session are hostile: they are read as exact types, or not at all."""

import hmac
import json

import pytest

from coderefine.judge.session import PytestSession, TestRow, told
from coderefine.problem.values import Malformed

ROW = ["t.py::test_a", "passed", "", "", "", False, [], "", 0, 0.1, 0.2, ""]


def message(status=1, collected=("t.py::test_a",), rows=(ROW,), failures=(), changes=(), reach=None, left=()):
    told = ["session", status, list(collected), list(rows), list(failures), list(changes), reach, list(left)]
    return json.dumps(told).encode()


def row(**changes):
    names = [
        "id",
        "outcome",
        "phase",
        "type",
        "message",
        "asserted",
        "frames",
        "printed",
        "printed_chars",
        "cpu_s",
        "wall_s",
        "denied",
    ]
    return [changes.get(name, value) for name, value in zip(names, ROW, strict=True)]


def test_a_session_is_read():
    session = PytestSession.read(message())
    assert (session.status, session.collected, session.rows[0].outcome) == (1, ("t.py::test_a",), "passed")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        b"[]",
        b'["session"]',
        message(status="0"),
        message(status=None),
        message(collected=[1]),
        message(collected=["a", "a"]),
        message(rows=[ROW, ROW]),
        message(rows=[[]]),
        message(rows=[row(outcome="accepted")]),
        message(rows=[row(outcome=["passed"])]),
        message(rows=[row(id=3)]),
        message(rows=[row(frames=[["a", "b", "c"]])]),
        message(rows=[row(frames=[["a"]])]),
        message(rows=[row(cpu_s=float("nan"))]),
        message(rows=[row(cpu_s=-1)]),
        message(rows=[row(wall_s=True)]),
        message(failures=[["", "failed"]]),
        message(changes=[None]),
        message(reach=["a.py"]),
        message(left=[1]),
        b"[" * 5000,
    ],
)
def test_nonsense_is_malformed(data):
    with pytest.raises(Malformed):
        PytestSession.read(data)


def test_long_texts_are_cut():
    read = TestRow.read(row(outcome="failed", message="x" * 10**6, frames=[["a", 1, "f"]] * 1000))
    assert (len(read.message), len(read.frames)) == (4000, 20)


KEY = b"a key"


def sealed(told, key=KEY):
    text = json.dumps([0, told]).encode()
    return text + b" " + hmac.new(key, text, "sha256").hexdigest().encode()


def test_what_was_told_is_found_between_what_was_printed():
    lines = [
        b"hello",
        sealed(["start", ROW[0]]),
        b"\xff[",
        sealed(["row", ROW]),
        b"[1]",
        sealed(["start", "t.py::b"]),
        b"{",
    ]
    rows, running, _ = told(b"\n".join(lines), KEY)
    assert ([it.id for it in rows], running) == ([ROW[0]], "t.py::b")


@pytest.mark.parametrize(
    "line",
    [
        json.dumps(["row", ROW]).encode(),
        json.dumps([0, ["row", ROW]]).encode(),
        sealed(["row", ROW], b"another key"),
        sealed(["row", ROW]).replace(b"passed", b"failed"),
        sealed(["row", ROW]) + b"0",
        sealed(["row", ROW])[:-1],
        sealed("row"),
        b" ",
    ],
)
def test_what_somebody_else_wrote_is_not_told(line):
    assert told(line, KEY) == ([], "", "")
