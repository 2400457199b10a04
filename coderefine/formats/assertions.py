"""Tests as public sets write them: a literal call with a literal answer is read as values, the rest stays code.

`assert candidate(args) == literal`, or a call and what it is expected to return, can be compared outside of every
sandbox; anything else has to run as it stands, in a sandbox apart from the candidate.
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
    """A test: Python that asserts, and the values where it is a literal call with a literal answer."""

    code: str
    args: tuple[Any, ...] | None = None
    """None where only the code says what is tested."""
    expected: Any = None


@dataclass(frozen=True, slots=True)
class Calls:
    """How the tests of a problem name what they call."""

    entry_point: str
    """As in `entry_point(1, 2)`."""
    params: Sequence[str] = ()
    """Names of its parameters in order, as far as known: keyword arguments are put in their places."""
    candidate: str = "candidate"
    """Another name for the entry point."""

    def args(self, node: ast.expr) -> tuple[Any, ...]:
        """Return the arguments of a call of the entry point with literals; raises NotLiteral for anything else."""
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
    """Return the test that an expression equals a literal; raises RowError where they are no expressions."""
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
    """Return the test that some Python is; raises RowError where it is none."""
    try:
        body = parsed(code).body
    except NotLiteral as error:
        raise RowError(f"expected Python in a test: {error}") from None
    return from_statement(calls, body[0], code) if len(body) == 1 else Assertion(code)


def from_statement(calls: Calls, statement: ast.stmt, code: str = "") -> Assertion:
    """Return the test that a statement is; `code` is its text where that is known."""
    match statement:
        case ast.Assert(test=ast.Compare(left=call, ops=[ast.Eq()], comparators=[expected])):
            try:
                return Assertion(code or source(statement), calls.args(call), literal(expected))
            except NotLiteral:
                pass
    return Assertion(code or source(statement))
