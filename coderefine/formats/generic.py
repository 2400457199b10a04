"""The generic format, JSON lines: problems with a program to repair, for sets of your own (docs/formats.md)."""

from __future__ import annotations

from typing import Any

from coderefine.formats.assertions import Assertion, Calls, from_call, from_code
from coderefine.formats.functions import function_problem, parameters, parse_entry_point
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.kinds.program import PROGRAM
from coderefine.problem.compare import Compare
from coderefine.problem.problem import MEMORY_MIB, TIME_S, Limits, Problem, TestCase

DIFFICULTIES = ("easy", "medium", "hard")


FIELDS = "visible_tests, entry_point"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "visible_tests" in row and ("entry_point" in row or _is_program(row))


def record(row: Row) -> Record:
    """Return the record of a row; raises RowError."""
    name, buggy = text(row, "id"), program(row, "buggy")
    meta = row.get("meta") or {}
    if not isinstance(meta, dict):
        raise RowError("expected an object in 'meta'")
    level = text(meta, "level", "").lower()
    fields: dict[str, Any] = {
        "slug": slug_of(name),
        "title": text(meta, "title", "") or text(meta, "slug", "") or name.rpartition("/")[2],
        "statement": prose(row, "statement", ""),
        "limits": _limits(row),
        "difficulty": level if level in DIFFICULTIES else "",
        "tags": tuple(tag for tag in listed(meta, "tags") if isinstance(tag, str)),
    }
    problem = _program(row, fields) if _is_program(row) else _function(row, fields, buggy)
    return Record(name, text(row, "kind", ""), problem, buggy, program(row, "oracle"))


def _is_program(row: Row) -> bool:
    """Whether a row is about a whole program: it has tests with an input, and no entry point."""
    tests = row.get("visible_tests")
    reads = isinstance(tests, list) and any(isinstance(test, dict) and "stdin" in test for test in tests)
    return reads and not row.get("entry_point")


def _function(row: Row, fields: dict[str, Any], buggy: str) -> Problem:
    entry_point = text(row, "entry_point")
    entry = parse_entry_point(entry_point)
    calls = Calls(entry_point, parameters(buggy, entry))
    return function_problem(
        entry=entry,
        program=buggy,
        visible=[_test(calls, test) for test in listed(row, "visible_tests")],
        hidden=[_test(calls, test) for test in listed(row, "hidden_tests")],
        prelude=prose(row, "prelude", ""),
        **fields,
    )


def _program(row: Row, fields: dict[str, Any]) -> Problem:
    if prose(row, "prelude", "").strip():
        raise RowError("expected no 'prelude': a whole program runs as it stands")
    visible, hidden = listed(row, "visible_tests"), listed(row, "hidden_tests")
    cases = tuple(_input(test, number) for number, test in enumerate((*visible, *hidden), 1))
    shown, kept = cases[: len(visible)], cases[len(visible) :]
    return Problem(kind=PROGRAM, entry="", visible=shown, hidden=kept, compare=Compare("tokens"), **fields)


def _input(test: Any, number: int) -> TestCase:
    if not isinstance(test, dict) or set(test) & {"call", "assert"}:
        raise RowError('expected each test of a program to be {"stdin": ..., "expected": ...}')
    return TestCase(f"test {number}", (text(test, "stdin"),), text(test, "expected"))


def _limits(row: Row) -> Limits:
    found = row.get("limits") or {}
    if not isinstance(found, dict):
        raise RowError("expected an object in 'limits'")
    defaults = Limits()
    time_s, memory_mib = found.get("time_s", defaults.time_s), found.get("memory_mib", defaults.memory_mib)
    if type(time_s) not in (int, float) or not TIME_S[0] <= time_s <= TIME_S[1]:
        raise RowError(f"expected 'time_s' to be seconds from {TIME_S[0]:g} to {TIME_S[1]:g}")
    if type(memory_mib) is not int or not MEMORY_MIB[0] <= memory_mib <= MEMORY_MIB[1]:
        raise RowError(f"expected 'memory_mib' to be a whole number from {MEMORY_MIB[0]} to {MEMORY_MIB[1]}")
    return Limits(time_s=float(time_s), memory_mib=memory_mib)


def _test(calls: Calls, test: Any) -> Assertion:
    if not isinstance(test, dict) or ("assert" in test) == ("call" in test):
        raise RowError('expected a test to be {"call": ..., "expected": ...} or {"assert": ...}')
    if "assert" in test:
        return from_code(calls, text(test, "assert"))
    return from_call(calls, text(test, "call"), text(test, "expected"))
