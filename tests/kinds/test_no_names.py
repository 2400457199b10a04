"""What differs from kind to kind is in the kinds' modules: nothing else asks which kind a problem is of."""

import ast
from pathlib import Path

import pytest

import coderefine
from coderefine.kinds.table import KINDS

PACKAGE = Path(coderefine.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "kinds" not in path.relative_to(PACKAGE).parts[:1])
CONSTANTS = {"FUNCTION", "CLASS", "PROGRAM", "PYTEST"}


def _is_kind(node):
    """Whether an expression is a kind, or its name."""
    node = node.value if isinstance(node, ast.Attribute) and node.attr == "name" else node
    return (
        isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) == "kind"
    )


def _names_kind(node):
    """Whether an expression holds the name of a kind, or a kind of the table."""
    return any(
        (isinstance(it, ast.Constant) and it.value in KINDS) or (isinstance(it, ast.Name) and it.id in CONSTANTS)
        for it in ast.walk(node)
    )


def questions(source):
    """Return the lines in which a program asks which kind something is of."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare(left=left, comparators=others):
                asked = [left, *others]
            case ast.Match(subject=subject, cases=cases):
                asked = [subject, *(it.pattern for it in cases)]
            case ast.Subscript(value=value, slice=index):
                asked = [value, index]
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[key, *_]):
                asked = [value, key]
            case _:
                continue
        if any(map(_is_kind, asked)) and any(_names_kind(it) for it in asked if not _is_kind(it)):
            found.add(node.lineno)
    return sorted(found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_outside_the_kinds_asks_which_kind_a_problem_is_of(path):
    assert questions(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "if problem.kind == 'pytest': pass",
        "if problem.kind.name in ('function', 'class'): pass",
        "x = 1 if 'program' != kind else 2",
        "if self._problem.kind is PYTEST: pass",
        "match problem.kind.name:\n    case 'class': pass",
        "{'function': 1, 'class': 2}[problem.kind.name]",
        "{'function': 1, 'class': 2}.get(problem.kind.name)",
    ],
)
def test_a_question_is_seen(source):
    assert questions(source) == [1]
