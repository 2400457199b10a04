"""Problems whose tests share a module with the program, as in some sets: they become pytest problems.

This is for tests of `unittest`, and for code that uses more of a program than its entry point. The reports of such
problems say that test and program shared a process.
"""

from __future__ import annotations

import ast
from typing import Any

from coderefine.formats.literals import NotLiteral, parsed
from coderefine.formats.record import RowError
from coderefine.kinds.pytest import PYTEST
from coderefine.problem import declared
from coderefine.problem.problem import Problem, TestCase
from coderefine.problem.suite import ProjectFile, Suite

SOLUTION, TESTS = "solution.py", "tests/test_published.py"
_SHARED = """\
import os as _os
import tempfile as _tempfile

import solution as _solution

_os.chdir(_tempfile.mkdtemp())  # such tests write into the folder that they run in

globals().update({name: value for name, value in vars(_solution).items() if not name.startswith("__")})

"""
_BACK = """

for _name in [name for name in globals() if not name.startswith("_") and not hasattr(_solution, name)]:
    setattr(_solution, _name, globals()[_name])
"""
"""Makes the imports of the tests available to the program as well."""


def suite_problem(tests: str, **fields: Any) -> Problem:
    """Return the problem of a program whose names tests use as their own.

    Raises RowError for text that has no tests.
    """
    code = _SHARED + tests.rstrip() + _BACK
    try:
        declared.read(TESTS, code)
    except SyntaxError as error:
        raise RowError(f"expected Python in a test: {error}") from None
    return Problem(
        kind=PYTEST,
        entry="",
        visible=(TestCase(TESTS, code=code),),
        suite=Suite(SOLUTION, (ProjectFile("conftest.py", b""),)),
        **fields,
    )


def as_functions(setup: str, tests: list[str]) -> str:
    """Return assertions as pytest functions, each with the set-up before it."""
    parts = []
    for number, test in enumerate(tests, 1):
        lines = "\n".join([setup, test]).splitlines()
        parts.append(f"def test_{number}():\n" + "\n".join(f"    {line}" for line in lines if line.strip()))
    return "\n\n\n".join(parts) + "\n"


def uses_more(code: str, program: str, entry: str) -> bool:
    """Whether code uses names, besides the entry point, that a program defines and the code does not."""
    try:
        body, used = parsed(program).body, list(ast.walk(parsed(code)))
    except NotLiteral:
        return False
    defined = {it.name for it in body if isinstance(it, ast.FunctionDef | ast.ClassDef)} - {entry}
    own = {it.id for it in used if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}
    own |= {it.name for it in used if isinstance(it, ast.FunctionDef | ast.ClassDef)}
    return any(isinstance(it, ast.Name) and it.id in defined - own for it in used)
