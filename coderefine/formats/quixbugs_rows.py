"""QuixBugs as JSON lines: a program with a bug, a solution, and tests that are assertions or a pytest file."""

from __future__ import annotations

import ast

from coderefine.formats.assertions import Calls, from_statement
from coderefine.formats.functions import function_problem, parameters, split
from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import MAX_ITEMS, Row, program, prose, text
from coderefine.kinds.pytest import PYTEST
from coderefine.problem import declared
from coderefine.problem.problem import Limits, Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite

FIELDS = "buggy_program, tests"
"""The fields that mark a row of this format, in words."""
LIMITS = Limits(time_s=10.0)
_NODE = b"""\
class Node:
    def __init__(self, value=None, successor=None, *linked, **named):
        self.value, self.successor = value, successor
        names = ("successors", "predecessors", "incoming_nodes", "outgoing_nodes")
        given = {**dict(zip(names, linked)), **named}
        for name in names:
            setattr(self, name, given.get(name, []))
"""
"""The module `node` of the set, which the rows lack."""
_CONFTEST = b"import pytest\n\npytest.use_correct = False\npytest.run_slow = False\n"


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "buggy_program" in row and "tests" in row


def record(row: Row) -> Record:
    """Return the record of a row. Raises RowError."""
    name, tests = text(row, "name"), program(row, "tests")
    buggy, solution = program(row, "buggy_program"), program(row, "solution")
    statement = prose(row, "docstring", "").strip().strip("\"'").strip() or name
    try:
        body = parsed(tests).body
    except NotLiteral as error:
        raise RowError(f"expected Python in 'tests': {error}") from None
    if body and all(isinstance(it, ast.Assert) for it in body):
        problem = _of_assertions(name, statement, buggy, body)
    else:
        problem = _of_suite(name, statement, tests)
    return Record(name, "", problem, buggy=buggy, oracle=solution)


def _of_assertions(name: str, statement: str, buggy: str, body: list[ast.stmt]) -> Problem:
    if len(body) > MAX_ITEMS:
        raise RowError(f"expected at most {MAX_ITEMS:,} tests")
    calls = Calls(name, parameters(buggy, name))
    visible, hidden = split([from_statement(calls, it) for it in body])
    return function_problem(
        slug=slug_of(name),
        title=name,
        statement=statement,
        entry=name,
        program=buggy,
        visible=visible,
        hidden=hidden,
        limits=LIMITS,
    )


def _of_suite(name: str, statement: str, tests: str) -> Problem:
    path = f"tests/test_{name}.py"
    try:
        declared.read(path, tests)
    except SyntaxError as error:
        raise RowError(f"expected Python in 'tests': {error}") from None
    files = (ProjectFile("conftest.py", _CONFTEST), ProjectFile("tests/node.py", _NODE))
    return Problem(
        slug=slug_of(name),
        title=name,
        statement=statement,
        kind=PYTEST,
        entry="",
        visible=(TestCase(path, code=tests),),
        limits=LIMITS,
        suite=Suite(f"python_programs/{name}.py", files),
    )
