"""MBPP (and MBPP+): a sentence, a program, and a list of assertions."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace
from typing import Any

from coderefine.formats.assertions import Assertion, Calls, from_code
from coderefine.formats.checks import EQUAL, from_check
from coderefine.formats.functions import defines_class, function_problem, split
from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import Record, RowError, slug_of
from coderefine.formats.rows import Row, listed, program, prose, text
from coderefine.formats.suites import as_functions, suite_problem, uses_more
from coderefine.problem.compare import Compare
from coderefine.problem.problem import Limits, Problem

LIMITS = Limits(time_s=3.0, memory_mib=1024)
"""The limit of the harnesses that score MBPP: 3 s."""


FIELDS = "test_list"
"""The fields that mark a row of this format, in words."""


def fits(row: Row) -> bool:
    """Whether a row is of this format."""
    return "test_list" in row


def record(row: Row) -> Record:
    """Return the record of a row: the first of its assertions are visible. Raises RowError."""
    number = row.get("task_id")
    name = f"mbpp/{number}" if isinstance(number, int) else text(row, "task_id")
    code, listed_tests = program(row, "code"), _texts(row, "test_list")
    entry = text(row, "entry_point", "") or _called(listed_tests, code)
    calls = Calls(entry)
    plus, compare = _further(calls, row)
    tests = [_as_listed(from_code(calls, test), compare) for test in listed_tests]
    visible, hidden = split(tests)
    setup = prose(row, "test_setup_code", "")
    if uses_more("\n".join([setup, *listed_tests]), code, entry):
        return Record(name, "", _suite(row, name, entry, setup, listed_tests), oracle=code)
    problem = function_problem(
        slug=slug_of(name),
        title=entry,
        statement=prose(row, "text", "") or prose(row, "prompt"),
        entry=entry,
        # Only the tests tell the name of a class, because the right program is hidden from solvers.
        program=f"class {entry}: ..." if defines_class(code, entry) else "",
        visible=visible,
        hidden=hidden,
        plus=plus,
        compare=compare,
        limits=LIMITS,
        prelude="\n".join(filter(None, [setup, *_texts(row, "test_imports")])),
    )
    return Record(name, "", problem, oracle=code)


def _suite(row: Row, name: str, entry: str, setup: str, tests: list[str]) -> Problem:
    """Return the problem of a row whose set-up or tests use more of a program than its entry point."""
    imports = "\n".join(_texts(row, "test_imports"))
    return suite_problem(
        f"{imports}\n\n\n{as_functions(setup, tests)}".lstrip(),
        slug=slug_of(name),
        title=entry,
        statement=prose(row, "text", "") or prose(row, "prompt"),
        limits=LIMITS,
    )


def _further(calls: Calls, row: Row) -> tuple[tuple[Assertion, ...], Compare]:
    """Return the table of tests that MBPP+ adds, and how it compares."""
    if "test" not in row:
        return (), EQUAL
    check = from_check(calls, text(row, "test"))
    return check.tests, check.compare


def _as_listed(test: Assertion, compare: Compare) -> Assertion:
    """Return a test of the list as it is compared: by its assertion, even where MBPP+'s table is compared otherwise."""
    return test if compare == EQUAL else replace(test, args=None, expected=None)


def _texts(row: Row, name: str) -> list[str]:
    found: list[Any] = listed(row, name)
    return [text({name: item}, name) for item in found]


def _called(tests: list[str], code: str) -> str:
    """Return the function that the first assertion calls: one that the program defines, or else one that is not built
    in.
    """
    try:
        defined = {it.name for it in parsed(code).body if isinstance(it, ast.FunctionDef | ast.ClassDef)}
        nodes = [node for test in tests[:1] for node in ast.walk(parsed(test))]
    except NotLiteral as error:
        raise RowError(f"expected Python in 'code' and in 'test_list': {error}") from None
    names = [node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    for name in names:
        if name in defined or (not defined and not hasattr(builtins, name)):
            return name
    raise RowError("expected the first test to call a function of the program")
