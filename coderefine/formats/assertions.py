"""Reads tests as public sets write them: a literal call with a literal answer becomes values, anything else stays code.

`assert candidate(args) == literal`, or a call with its expected result, can be compared outside of the sandbox. Other
tests have to run as they are, in a sandbox apart from the candidate.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coderefine.formats.literals import NotLiteral, expression, literal, parsed, source
from coderefine.formats.record import RowError


@dataclass(frozen=True, slots=True)
class Assertion:
    """A test: Python code that asserts, and the values where it is a literal call with a literal answer."""

    code: str
    args: tuple[Any, ...] | None = None
    """The arguments of the call; None where only the code tells what is tested."""
    expected: Any = None


@dataclass(frozen=True, slots=True)
class Calls:
    """The names by which the tests of a problem call the function."""

    entry_point: str
    """The function's own name, as in `entry_point(1, 2)`."""
    params: Sequence[str] = ()
    """The names of its parameters in order, where known: keyword arguments are put in their places."""
    candidate: str = "candidate"
    """Another name for the entry point."""

    def args(self, node: ast.expr) -> tuple[Any, ...]:
        """Return the literal arguments of a call of the entry point; raises NotLiteral for any other expression."""
        if not isinstance(node, ast.Call) or source(node.func) not in (self.entry_point, self.candidate):
            raise NotLiteral(f"no call of {self.entry_point}")
        args = [literal(argument) for argument in node.args]
        if not node.keywords:
            return tuple(args)
        named = {keyword.arg: literal(keyword.value) for keyword in node.keywords}
        places = self.params[len(args) : len(args) + len(named)]
        if set(places) != named.keys():
            raise NotLiteral("keyword arguments that have no known place")
        return (*args, *(named[name] for name in places))


def from_call(calls: Calls, call: str, expected: str) -> Assertion:
    """Return the test that a call equals a literal; raises RowError where they are not expressions."""
    try:
        called, answer = expression(call), expression(expected)
    except NotLiteral as error:
        raise RowError(f"expected a call and a literal in a test: {error}") from None
    code = f"assert ({call}) == ({expected})"
    try:
        return Assertion(code, calls.args(called), literal(answer))
    except NotLiteral:
        return Assertion(code)


def from_code(calls: Calls, code: str) -> Assertion:
    """Return the test in a piece of Python code; raises RowError for other text."""
    try:
        body = parsed(code).body
    except NotLiteral as error:
        raise RowError(f"expected Python in a test: {error}") from None
    return from_statement(calls, body[0], code) if len(body) == 1 else Assertion(code)


def from_statement(calls: Calls, statement: ast.stmt, code: str = "") -> Assertion:
    """Return the test in a statement; `code` is the statement's text where that is known."""
    match statement:
        case ast.Assert(test=ast.Compare(left=call, ops=[ast.Eq()], comparators=[expected])):
            try:
                return Assertion(code or source(statement), calls.args(call), literal(expected))
            except NotLiteral:
                pass
    return Assertion(code or source(statement))
