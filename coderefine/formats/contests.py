"""Sets of contest problems with `input_output` in JSON: APPS, TACO, and others with their layout.

Whole programs read `inputs` and print `outputs`. With `fn_name`, a function or a method of `Solution` takes arguments.
"""

from __future__ import annotations

from typing import Any

from coderefine.errors import UnreadableError
from coderefine.formats.assertions import Assertion
from coderefine.formats.checks import call_of
from coderefine.formats.functions import function_problem, split
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import MAX_ITEMS, Row, program, prose, text
from coderefine.kinds.program import PROGRAM
from coderefine.outside import read_json
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem, TestCase

LIMITS = Limits(time_s=4.0, memory_mib=1024)
"""APPS' own limits."""
PRINTED = Compare("float", 1e-5)
"""Word by word, with APPS' own tolerance of numbers."""
_LEVELS = {"introductory": "easy", "interview": "medium", "competition": "hard", "easy": "easy", "medium": "medium",
           "medium_hard": "medium", "hard": "hard", "very_hard": "hard"}  # fmt: skip


FIELDS = "input_output"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "input_output" in row and not isinstance(row["input_output"], list) and "test" not in row


def record(row: Row) -> Record:
    """Return the record of a row; the first tests are visible. Raises RowError."""
    name = _name(row)
    tests = _json(row, "input_output")
    if not isinstance(tests, dict):
        raise RowError("expected an object in 'input_output'")
    inputs, outputs = tests.get("inputs"), tests.get("outputs")
    if not isinstance(inputs, list) or not isinstance(outputs, list) or not inputs or len(inputs) != len(outputs):
        raise RowError("expected 'inputs' and 'outputs' in 'input_output': two lists of one length, of a test or more")
    if len(inputs) > MAX_ITEMS:
        raise RowError(f"expected at most {MAX_ITEMS:,} tests, not {len(inputs):,}")
    starter = program(row, "starter_code")
    fields: dict[str, Any] = {
        "slug": slug_of(name),
        "title": text(row, "title", "") or name,
        "statement": prose(row, "question", "") or prose(row, "description", ""),
        "limits": LIMITS,
        "starter": starter,
        "difficulty": _LEVELS.get(str(row.get("difficulty", "")).lower(), ""),
        "tags": _tags(row),
    }
    function = tests.get("fn_name")
    if function is not None and not (isinstance(function, str) and function.isidentifier()):
        raise RowError("expected a name in 'fn_name'")
    pairs = list(zip(inputs, outputs, strict=True))
    solutions = _solutions(row)
    problem = (
        _function(function, pairs, fields, "\n".join([starter, *solutions[:1]]))
        if function
        else _program(pairs, fields)
    )
    return Record(name, "", problem, oracle=solutions[0] if solutions else "")


def _name(row: Row) -> str:
    for field in ("problem_id", "id", "task_id", "name", "url"):
        value = row.get(field)
        if isinstance(value, int) or (isinstance(value, str) and value):
            return str(value) if isinstance(value, str) and not value.isdigit() else f"problem/{value}"
    raise RowError("expected 'problem_id', 'id', 'task_id', 'name' or 'url'")


def _json(row: Row, field: str) -> Any:
    """Return a field that is JSON, or JSON in a text; None where it is empty."""
    found = row.get(field)
    if not isinstance(found, str):
        return found
    try:
        return read_json(found) if found.strip() else None
    except UnreadableError as error:
        raise RowError(f"expected JSON in {field!r}: {error}") from None


def _solutions(row: Row) -> list[str]:
    found = _json(row, "solutions")
    texts = [it for it in found if isinstance(it, str)] if isinstance(found, list) else []
    return [program({"solutions": it}, "solutions") for it in texts[:1]]


def _tags(row: Row) -> tuple[str, ...]:
    found = row.get("tags")
    return tuple(it for it in found if isinstance(it, str)) if isinstance(found, list) else ()


def _program(pairs: list[tuple[Any, Any]], fields: dict[str, Any]) -> Problem:
    cases = [
        TestCase(f"test {number}", (_text(given),), _text(printed)) for number, (given, printed) in enumerate(pairs, 1)
    ]
    return program_problem(cases, PRINTED, fields)


def program_problem(cases: list[TestCase], compare: Compare, fields: dict[str, Any], shown: int = 0) -> Problem:
    """Return the problem of a whole program; the first `shown` tests are visible, or a few where that is 0."""
    count = shown or min(3, (len(cases) + 1) // 2)
    return Problem(
        kind=PROGRAM, entry="", visible=tuple(cases[:count]), hidden=tuple(cases[count:]), compare=compare, **fields
    )


def _text(value: Any) -> str:
    """Return the text of an input or an output, which may be given as a list of lines."""
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    return value if isinstance(value, str) else str(value)


def _function(name: str, pairs: list[tuple[Any, Any]], fields: dict[str, Any], code: str) -> Problem:
    visible, hidden = split([_call(given, answer) for given, answer in pairs])
    entry = f"Solution.{name}" if "class Solution" in code else name
    return function_problem(
        entry=entry, program=fields["starter"], visible=visible, hidden=hidden, compare=Compare("json"), **fields
    )


def _call(given: Any, answer: Any) -> Assertion:
    """Return a test; APPS puts the returned value into a list of one."""
    if not isinstance(given, list):
        raise RowError("expected each of 'inputs' to be a list of arguments")
    return call_of("candidate", given, answer[0] if isinstance(answer, list) and len(answer) == 1 else answer)
