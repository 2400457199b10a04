"""Tests without expected values: the set has only their inputs, and its own program gives the answers.

That program runs once, in the sandbox like any other. Its answers are kept in a folder, by a digest of all that they
depend on.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from coderefine.errors import JudgeError
from coderefine.formats.record import Pending, Record, RowError
from coderefine.judge.answers import Answer
from coderefine.kinds.function import FUNCTION
from coderefine.problem import values
from coderefine.problem.problem import Limits, Param, Problem, TestCase
from coderefine.problem.typespec import ANY

LIMITS = Limits(time_s=30.0, memory_mib=4096)
"""For the set's own program, on one input."""
ANSWERS = "answers"
"""The name of the folder, next to the store, in which answers are kept."""
_LAYOUT = "1"
_MOST_BYTES = 256 << 20

Answering = Callable[[Problem, str], Sequence[Answer]]
"""Runs a program on the tests of a problem and returns its answers; raises JudgeError."""


def settled(record: Record, answering: Answering, folder: Path | None) -> Record:
    """Return the record with complete tests: the program's answers are the expected values of its inputs.

    Answers are read from `folder`, and written there; with None they are not kept. Raises JudgeError.
    """
    pending = record.pending
    if pending is None:
        return record
    problem = _asked(record, pending)
    file = folder / f"{_digest(problem, pending.program)}.json" if folder else None
    found = _read(file, len(pending.inputs)) if file else None
    if found is None:
        found = list(answering(problem, pending.program))
        if file:
            _write(file, found)
    try:
        built = pending.build(found)
    except RowError as error:
        raise JudgeError(f"{record.id}: {error}") from None
    return replace(record, problem=built, pending=None, notes=record.notes + _left_out(found))


def _left_out(found: Sequence[Answer]) -> tuple[str, ...]:
    reasons = [answer.reason for answer in found if not answer.answered]
    text = f"the set's own program has no answer on {len(reasons)} inputs, which are left out"
    return (f"{text}: {reasons[0]}",) if reasons else ()


def digest(record: Record) -> str:
    """Return a digest that identifies a record whose tests are not complete yet."""
    assert record.pending is not None
    asked = _asked(record, record.pending)
    return hashlib.sha256(f"{_digest(asked, record.pending.program)} {record.problem!r}".encode()).hexdigest()


def _asked(record: Record, pending: Pending) -> Problem:
    arity = max(map(len, pending.inputs), default=0)
    cases = tuple(TestCase(f"input {number}", args) for number, args in enumerate(pending.inputs, 1))
    return Problem(
        slug=record.problem.slug,
        title=record.problem.title,
        statement="",
        kind=FUNCTION,
        entry=pending.entry,
        visible=cases,
        params=tuple(Param(f"arg{number}", ANY) for number in range(arity)),
        limits=LIMITS,
    )


def _digest(problem: Problem, program: str) -> str:
    found = hashlib.sha256(_LAYOUT.encode())
    inputs = values.encode([list(case.args) for case in problem.visible])
    for text in (problem.entry, program, inputs):
        data = text.encode("utf-8", "surrogatepass")
        found.update(b"%d " % len(data) + data)
    return found.hexdigest()[:40]


def _read(file: Path, count: int) -> list[Answer] | None:
    """Return the answers that were kept, where they are complete; else None."""
    try:
        if file.stat().st_size > _MOST_BYTES:
            return None
        rows = values.decode(file.read_bytes())
        found = [Answer(bool(answered), value, str(reason), float(cpu_s)) for answered, value, reason, cpu_s in rows]
    except (OSError, values.Malformed, TypeError, ValueError):
        return None
    return found if len(found) == count else None


def _write(file: Path, answers: Sequence[Answer]) -> None:
    """Keep answers; where that fails, they are computed again next time."""
    rows: list[Any] = [[it.answered, it.value, it.reason, it.cpu_s] for it in answers]
    with suppress(OSError, values.Unencodable):
        data = values.encode(rows).encode()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".answers-")
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(temporary).replace(file)
