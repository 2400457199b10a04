"""The generic format, JSON lines: problems with a program to repair, for sets of your own (docs/formats.md)."""

from __future__ import annotations

from typing import Any

from coderefine.formats.assertions import Assertion, Calls, from_call, from_code
from coderefine.formats.functions import function_problem, parameters, parse_entry_point
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text

DIFFICULTIES = ("easy", "medium", "hard")


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "entry_point" in row and "visible_tests" in row


def record(row: Row) -> Record:
    """Return what a row says; raises RowError."""
    name = text(row, "id")
    entry_point = text(row, "entry_point")
    entry = parse_entry_point(entry_point)
    buggy = program(row, "buggy")
    meta = row.get("meta") or {}
    if not isinstance(meta, dict):
        raise RowError("expected an object in 'meta'")
    level = text(meta, "level", "").lower()
    calls = Calls(entry_point, parameters(buggy, entry))
    problem = function_problem(
        slug=slug_of(name),
        title=text(meta, "title", "") or text(meta, "slug", "") or name.rpartition("/")[2],
        statement=prose(row, "statement", ""),
        entry=entry,
        program=buggy,
        visible=[_test(calls, test) for test in listed(row, "visible_tests")],
        hidden=[_test(calls, test) for test in listed(row, "hidden_tests")],
        prelude=prose(row, "prelude", ""),
        difficulty=level if level in DIFFICULTIES else "",
        tags=tuple(tag for tag in listed(meta, "tags") if isinstance(tag, str)),
    )
    return Record(name, text(row, "kind", ""), problem, buggy, program(row, "oracle"))


def _test(calls: Calls, test: Any) -> Assertion:
    if not isinstance(test, dict) or ("assert" in test) == ("call" in test):
        raise RowError('expected a test to be {"call": ..., "expected": ...} or {"assert": ...}')
    if "assert" in test:
        return from_code(calls, text(test, "assert"))
    return from_call(calls, text(test, "call"), text(test, "expected"))
