"""What a session of pytest said about itself, read with suspicion.

A session runs in the candidate's process, so every byte of it may be the candidate's. Here it is turned into exact
types, or into Malformed; what to believe of it is decided in `suites.py`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from coderefine.problem import values
from coderefine.problem.values import Malformed

MAX_TEXT = 4000
MAX_FRAMES = 20
OUTCOMES = ("passed", "failed", "skipped", "xfailed")


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in one of the project's files, on the way to an error."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class TestRow:
    """What became of one test, in the words of `sandbox/recorder.py`."""

    __test__ = False  # not a pytest class

    id: str
    outcome: str
    phase: str = ""
    type: str = ""
    message: str = ""
    asserted: bool = False
    frames: tuple[Frame, ...] = ()
    printed: str = ""
    printed_chars: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    denied: str = ""
    """The first thing that the test asked for and was denied, in words."""

    @property
    def base(self) -> str:
        """The id without parameters."""
        return self.id.partition("[")[0]

    @classmethod
    def read(cls, data: Any) -> Self:
        """Return the row that untrusted data stands for; raises Malformed."""
        match data:
            case [
                id_,
                outcome,
                phase,
                type_,
                message,
                bool() as asserted,
                [*frames],
                printed,
                chars,
                cpu_s,
                wall_s,
                denied,
            ]:
                if outcome in OUTCOMES:
                    return cls(
                        id=_text(id_),
                        outcome=outcome,
                        phase=_text(phase),
                        type=_text(type_),
                        message=_text(message),
                        asserted=asserted,
                        frames=_frames(frames),
                        printed=_text(printed),
                        printed_chars=int(_number(chars)),
                        cpu_s=_number(cpu_s),
                        wall_s=_number(wall_s),
                        denied=_text(denied),
                    )
        raise Malformed("no row of a test")


@dataclass(frozen=True, slots=True)
class SessionFailure:
    """Something that failed, or was skipped, outside of a test: a file that could not be imported, or the session
    itself.
    """

    where: str
    """A path, or "" for the session."""
    skipped: bool
    type: str
    message: str
    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True)
class PytestSession:
    """What a session of pytest reported at its end."""

    status: int
    """pytest's exit status."""
    collected: tuple[str, ...]
    rows: tuple[TestRow, ...]
    failures: tuple[SessionFailure, ...]
    changes: tuple[str, ...]
    """The names of what was replaced in pytest or the interpreter."""
    reach: str | None = None
    """What its tests reached, as text that was not read; None where that was not asked for, or is not known."""
    left: tuple[str, ...] = ()
    """The tests that were collected but not begun because the time was used up."""

    @classmethod
    def read(cls, message: bytes) -> Self:
        """Return the session that a message stands for; raises Malformed."""
        match values.decode_answer(message):
            case [
                "session",
                int() as status,
                [*collected],
                [*rows],
                [*failures],
                [*changes],
                str() | None as reach,
                [*left],
            ]:
                ids = tuple(map(_text, collected))
                read = tuple(map(TestRow.read, rows))
                if len(set(ids)) != len(ids) or len({row.id for row in read}) != len(read):
                    raise Malformed("a test twice")
                told = tuple(map(_text, changes))
                return cls(status, ids, read, tuple(map(_failure, failures)), told, reach, tuple(map(_text, left)))
        raise Malformed("no session")


def told(printed: bytes, key: bytes) -> tuple[list[TestRow], str, str]:
    """Return what a session that did not end has reported: its finished tests, the test that was running (or ""), and
    what that test was denied.

    Lines that the key did not seal are skipped: anything that a candidate prints may stand between the others.
    """
    rows: dict[str, TestRow] = {}
    running = denied = ""
    for line in printed.split(b"\n"):
        text, _, seal = line.rpartition(b" ")
        if not hmac.compare_digest(seal, hmac.new(key, text, "sha256").hexdigest().encode()):
            continue
        try:
            match json.loads(text):
                case [_, ["start", id_]]:
                    running, denied = _text(id_), ""
                case [_, ["denied", said]]:
                    denied = _text(said)
                case [_, ["row", row]]:
                    read = TestRow.read(row)
                    rows[read.id], running = read, ""
        except (ValueError, RecursionError, Malformed):
            continue
    return list(rows.values()), running, denied


def _failure(data: Any) -> SessionFailure:
    match data:
        case [where, outcome, type_, message, [*frames]]:
            return SessionFailure(_text(where), outcome == "skipped", _text(type_), _text(message), _frames(frames))
    raise Malformed("no failure")


def _frames(data: Sequence[Any]) -> tuple[Frame, ...]:
    frames = []
    for frame in data[:MAX_FRAMES]:
        match frame:
            case [path, int() as line, function]:
                frames.append(Frame(_text(path), min(max(line, 0), 1 << 30), _text(function)))
            case _:
                raise Malformed("no frame")
    return tuple(frames)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise Malformed("no text")
    return value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1e12:
        raise Malformed("no number")
    return float(value)
