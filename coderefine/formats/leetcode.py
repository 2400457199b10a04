"""LeetCodeDataset: the site's statements, a header of imports and helpers, and a test with `check(candidate)`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from coderefine.formats.assertions import Assertion, Calls, from_statement
from coderefine.formats.checks import from_check
from coderefine.formats.examples import CONTRADICTS, Shown, shown
from coderefine.formats.functions import function_problem, parameters, parse_entry_point
from coderefine.formats.generic import DIFFICULTIES
from coderefine.formats.literals import NotLiteral, expression, literal, parsed, source, worded
from coderefine.formats.needs import needed
from coderefine.formats.record import Record, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.problem.problem import Limits
from coderefine.rendering import literal as text_of

LIMITS = Limits(time_s=10.0, memory_mib=1024)


FIELDS = "completion, entry_point, test"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "completion" in row and "test" in row and "entry_point" in row


def record(row: Row) -> Record:
    """Return the record of a row; the examples of the statement are visible. Raises RowError."""
    name, entry_point = text(row, "task_id"), text(row, "entry_point")
    entry, starter = parse_entry_point(entry_point), program(row, "starter_code")
    statement = prose(row, "problem_description", "") or prose(row, "query", "")
    calls = Calls(entry_point, parameters(starter, entry))
    check = from_check(calls, text(row, "test"))
    found = _shown(calls, statement, check.statements, check.tests)
    level = text(row, "difficulty", "").lower()
    problem = function_problem(
        slug=slug_of(name),
        title=name.replace("-", " ").title(),
        statement=statement,
        entry=entry,
        program=starter,
        visible=found.visible,
        hidden=found.hidden,
        examples=found.examples,
        compare=check.compare,
        limits=LIMITS,
        starter=starter,
        prelude=program(row, "prompt"),
        difficulty=level if level in DIFFICULTIES else "",
        tags=tuple(tag for tag in listed(row, "tags") if isinstance(tag, str)),
    )
    return Record(
        name, "", problem, oracle=program(row, "completion"), notes=found.notes, needs=needed(problem.prelude)
    )


_JSON = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class _Shape:
    """The form of an assertion with one call of the candidate: the literals in the call, and those outside."""

    statement: ast.Assert
    inputs: list[ast.expr]
    outside: list[ast.expr]

    @classmethod
    def of(cls, calls: Calls, statement: ast.stmt) -> _Shape | None:
        """Return the form of an assertion; None for one without such a call."""
        names = calls.candidate, calls.entry_point
        found = [it for it in ast.walk(statement) if isinstance(it, ast.Call) and source(it.func) in names]
        if not isinstance(statement, ast.Assert) or len(found) != 1:
            return None
        inputs = [part for given in _arguments(found[0], calls.params) for part in _literals(given)]
        return cls(statement, inputs, [part for part in _literals(statement.test) if part not in inputs])

    def values(self) -> list[Any]:
        """Return the values that the candidate is called with."""
        return [literal(node) for node in self.inputs]


def _arguments(call: ast.Call, params: Sequence[str]) -> list[ast.expr]:
    """Return the arguments of a call in the order of the parameters, where these are known."""
    named = {keyword.arg or "": keyword.value for keyword in call.keywords}
    ordered = [named.pop(name) for name in params if name in named]
    return [*call.args, *ordered, *named.values()]


def _literals(node: ast.expr) -> list[ast.expr]:
    """Return the outermost literals within an expression."""
    try:
        literal(node)
    except NotLiteral:
        return [part for child in ast.iter_child_nodes(node) for part in _parts(child)]
    return [node]


def _parts(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.expr):
        return _literals(node)
    return _literals(node.value) if isinstance(node, ast.keyword) else []


def _shown(calls: Calls, statement: str, statements: Sequence[ast.stmt], tests: Sequence[Assertion]) -> Shown:
    """Return the tests with the examples among them.

    An example is the test with the same values, or else a test made like the first one. An example whose answer is not
    that of the test with the same values contradicts it.
    """
    same: dict[str, Assertion] = {}
    own: dict[str, Assertion] = {}
    dropped = False
    try:
        shapes = [_Shape.of(calls, it) for it in statements]
        for inputs, answer in stated_examples(calls.params, statement):
            place = next((i for i, it in enumerate(shapes) if it and it.values() == inputs), None)
            if place is None:
                test = _like(calls, shapes[:1], inputs, answer)
                own |= {test.code: test} if test else {}
            elif tests[place].args is not None and tests[place].expected != answer:
                dropped = True
            else:
                same[tests[place].code] = tests[place]
    except NotLiteral:
        same, own = {}, {}
    notes = (CONTRADICTS,) * dropped
    if not same and not own:
        return replace(shown((), tests), notes=notes)
    hidden = tuple(test for test in tests if test.code not in same)
    return Shown(tuple(own.values()), tuple(same.values()), hidden, notes)


def _like(calls: Calls, first: Sequence[_Shape | None], inputs: list[Any], answer: Any) -> Assertion | None:
    """Return a test made like an assertion, with other values; None where it is ambiguous which value goes where."""
    shape = _Shape.of(calls, parsed(source(first[0].statement)).body[0]) if first and first[0] else None
    if shape is None or len(shape.inputs) != len(inputs) or len(shape.outside) != 1:
        return None
    for node, value in zip((*shape.inputs, *shape.outside), (*inputs, answer), strict=True):
        new = expression(text_of(value))
        node.__class__, node.__dict__ = new.__class__, new.__dict__
    return from_statement(calls, shape.statement)


def stated_examples(params: Sequence[str], statement: str) -> Iterator[tuple[list[Any], Any]]:
    """Yield arguments and answers of a statement's examples: `Input: nums = [2, 7]` and `Output: [0, 1]`."""
    given: list[str] | None = None
    for line in statement.splitlines():
        label, words = _labelled(line)
        if label == "Input":
            given = [words]
        elif label == "Output" and given is not None:
            with suppress(NotLiteral):
                call, answer = _call(given), literal(worded(words, _JSON))
                yield [literal(node) for node in _arguments(call, params)], answer
            given = None
        elif given is not None:
            given.append(words)


def _call(lines: Sequence[str]) -> ast.Call:
    """Return the call with the inputs of an example, which may be on separate lines, with or without commas."""
    texts = " ".join(lines), ", ".join(line.rstrip(" ,") for line in lines if line.strip())
    for inputs in texts:
        with suppress(NotLiteral):
            call = worded(f"f({inputs})", _JSON)
            if isinstance(call, ast.Call):
                return call
    raise NotLiteral("no arguments")


def _labelled(line: str) -> tuple[str, str]:
    """Return the label at the beginning of a line, which may be set in bold, and the rest with its own asterisks."""
    found = re.match(r"\s*(?:\*\*)?(Input|Output)(?:\*\*)?:(?:\*\*)?(.*)", line, re.DOTALL)
    return (found[1], found[2].strip()) if found else ("", line.strip())
