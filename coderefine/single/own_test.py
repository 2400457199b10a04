"""A test as code, and how such code may affect the test after it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from coderefine.outside import parse_python

MOST_TESTS = 500
"""The most tests of a file."""
MOST_BEFORE = 50
"""The most statements that are repeated before a test."""


@dataclass(frozen=True, slots=True)
class OwnTest:
    """A test as code, which calls the file's definitions by their names."""

    code: str
    origin: str
    """ "assertion", "doctest" or "example". """


def bound_by(node: ast.AST) -> set[str]:
    """Return the names that a statement binds."""
    return {it.id for it in ast.walk(node) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}


def may_change(node: ast.AST, bound: set[str]) -> bool:
    """Whether a test may change objects that were bound before it: it calls something, and mentions them."""
    found = list(ast.walk(node))
    return any(isinstance(it, ast.Call) for it in found) and any(
        isinstance(it, ast.Name) and it.id in bound for it in found
    )


def parses(code: str) -> bool:
    """Whether a text is valid Python."""
    try:
        parse_python(code)
    except SyntaxError:
        return False
    return True


def calls_of(tree: ast.AST) -> set[str]:
    """Return the names of everything that is called, methods included."""
    functions = (it.func for it in ast.walk(tree) if isinstance(it, ast.Call))
    return {
        it.id if isinstance(it, ast.Name) else it.attr for it in functions if isinstance(it, ast.Name | ast.Attribute)
    }
