"""Reads from the text of a test file which tests it declares, and which of them may be skipped.

The text is parsed and never executed, so nothing that a candidate does can change the result. It holds fewer tests than
pytest finds (inherited tests are not seen, for instance), but pytest must find every one of them.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coderefine.outside import parse_python

_SKIPS = frozenset({"skip", "skipif", "skipIf", "skipUnless", "skipTest", "importorskip", "SkipTest"})
_XFAILS = frozenset({"xfail", "expectedFailure"})


@dataclass(frozen=True, slots=True)
class DeclaredTest:
    """A test function or method; its parameters, if any, make several tests of it."""

    id: str
    """Its id in pytest without parameters: `tests/test_a.py::TestA::test_b`."""
    code: str
    may_skip: bool
    """Whether the test, its class or its file declares that it may be skipped."""
    may_fail: bool
    """Whether the test, its class or its file declares that it is expected to fail."""


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """The tests of one file, in its order."""

    path: str
    lines: tuple[str, ...]
    tests: tuple[DeclaredTest, ...]
    may_skip: bool
    """Whether the whole file may be skipped, as by `pytest.importorskip`."""


def read(path: str, text: str) -> DeclaredFile:
    """Return the tests of a file; raises SyntaxError."""
    tree = parse_python(text, name=path)
    marks = _names(node for node in tree.body if _assigns(node, "pytestmark"))
    skips_all = bool(_SKIPS & _names(node for node in tree.body if isinstance(node, ast.Expr | ast.Assign | ast.If)))
    lines = text.split("\n")
    found = {} if _opted_out(tree.body) else dict(_tests(lines, path, tree.body, marks))
    return DeclaredFile(path, tuple(lines), tuple(found.values()), skips_all)


def _tests(
    lines: Sequence[str], prefix: str, body: Sequence[ast.stmt], marks: set[str]
) -> Iterator[tuple[str, DeclaredTest]]:
    """Yield (id, test) for each unconditional test; of two with the same name the later counts."""
    for node in body:
        name = f"{prefix}::{getattr(node, 'name', '')}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("test") and "fixture" not in _names(node.decorator_list):
                said = marks | _names([node])
                yield name, DeclaredTest(name, _code(lines, node), bool(said & _SKIPS), bool(said & _XFAILS))
        elif isinstance(node, ast.ClassDef):
            is_case = any(_last_name(base).endswith("TestCase") for base in node.bases)
            if not (is_case or (node.name.startswith("Test") and not _defines(node.body, "__init__", "__new__"))):
                continue
            if _opted_out(node.body):
                continue
            inherited = marks | _names([*node.decorator_list, *(it for it in node.body if _assigns(it, "pytestmark"))])
            yield from _tests(lines, name, node.body, inherited)


def _code(lines: Sequence[str], node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return textwrap.dedent("\n".join(lines[first - 1 : node.end_lineno]))


def _names(nodes: Iterator[ast.stmt] | Sequence[ast.AST]) -> set[str]:
    """Return the names and attributes that occur below some nodes."""
    found = set()
    for root in nodes:
        for node in ast.walk(root):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
    return found


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(it, ast.Name) and it.id == name for it in node.targets)


def _defines(body: Sequence[ast.stmt], *names: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name in names for node in body)


def _opted_out(body: Sequence[ast.stmt]) -> bool:
    """Whether the body contains `__test__ = False`."""
    return any(
        _assigns(node, "__test__") and isinstance(node, ast.Assign) and ast.unparse(node.value) == "False"
        for node in body
    )
