"""CodeContests: whole programs with public, private and generated tests."""

from __future__ import annotations

from typing import Any

from coderefine.formats.contests import program_problem
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.problem.compare import Compare
from coderefine.problem.problem import MEMORY_MIB, TIME_S, Limits, TestCase

_PYTHON3 = (3, "PYTHON3", "python3")


FIELDS = "public_tests with input and output"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("public_tests"), dict)


def record(row: Row) -> Record:
    """Return the record of a row: its public tests are visible. Raises RowError."""
    name = text(row, "name")
    public = _tests(row, "public_tests")
    cases = public + _tests(row, "private_tests") + _tests(row, "generated_tests")
    if not cases:
        raise RowError("expected at least one test in 'public_tests', 'private_tests' or 'generated_tests'")
    fields: dict[str, Any] = {
        "slug": slug_of(name),
        "title": name,
        "statement": prose(row, "description", ""),
        "limits": _limits(row),
        "tags": tuple(tag for tag in listed(row, "cf_tags") if isinstance(tag, str) and tag),
    }
    numbered = [TestCase(f"test {number}", *case) for number, case in enumerate(cases, 1)]
    problem = program_problem(numbered, Compare("tokens"), fields, len(public))
    return Record(name, "", problem, _first(row, "incorrect_solutions"), _first(row, "solutions"))


def _tests(row: Row, name: str) -> list[tuple[tuple[str], str]]:
    found = row.get(name) or {}
    if not isinstance(found, dict):
        raise RowError(f"expected an object in {name!r}")
    inputs, outputs = listed(found, "input"), listed(found, "output")
    if len(inputs) != len(outputs) or not all(isinstance(it, str) for it in (*inputs, *outputs)):
        raise RowError(f"expected two lists of texts, of one length, in {name!r}")
    return [((given,), printed) for given, printed in zip(inputs, outputs, strict=True)]


def _limits(row: Row) -> Limits:
    found = row.get("time_limit")
    seconds = (
        float(found.get("seconds") or 0) + float(found.get("nanos") or 0) / 1e9 if isinstance(found, dict) else found
    )
    time_s = float(seconds) if isinstance(seconds, int | float) and seconds else Limits().time_s
    size = row.get("memory_limit_bytes")
    mib = max(256, size >> 20) if type(size) is int else 256
    return Limits(min(max(time_s, TIME_S[0]), TIME_S[1]), min(mib, MEMORY_MIB[1]))


def _first(row: Row, name: str) -> str:
    """Return the first program in Python 3."""
    found = row.get(name)
    if not isinstance(found, dict):
        return ""
    languages, programs = listed(found, "language"), listed(found, "solution")
    for language, source in zip(languages, programs, strict=False):
        if language in _PYTHON3 and isinstance(source, str):
            return program({name: source}, name)
    return ""
