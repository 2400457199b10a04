"""Constants that only the visible tests explain: slice bounds, indices, and inputs or answers as literals."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from coderefine.problem.problem import Problem
from coderefine.search.facts.edits import one_line
from coderefine.search.facts.program import Located, Program

_USUAL = 2
"""Numbers up to this one need no explanation."""
_NUMBER = re.compile(r"\d+")
_STEP = 1
"""How far a number may be from one of the author's."""
_MOST_VALUES = 10_000


def unexplained(before: Program, after: Program, problem: Problem) -> str:
    """Return in words which new constant neither the program nor the statement explains; "" where there is none.

    An index or a bound must be close to one of the author's; other constants must not occur in a test.
    """
    known = {int(number) for number in _NUMBER.findall(problem.statement)[:_MOST_VALUES]}
    numbers = {int(number) for number in _NUMBER.findall(before.text)}
    known |= {number + step for number in numbers for step in (-_STEP, 0, _STEP)}
    tested: set[Any] | None = None
    for node in after.code:
        match node:
            case ast.Constant(value=int(number)) if type(node.value) is int:
                if abs(number) <= _USUAL or number in known:
                    continue
                if _in_subscript(after, node):
                    return _said(after, node)
                if tested is None:
                    tested = set(_values(problem))
                if number in tested and _decides(after, node):
                    return _said(after, node)
            case ast.Constant(value=str(text)) if len(text) > 1 and text not in before.text:
                if text in problem.statement or not isinstance(after.parents[node], ast.Compare):
                    continue
                if tested is None:
                    tested = set(_values(problem))
                if text in tested:
                    return _said(after, node)
            case ast.List() | ast.Tuple() if isinstance(after.parents[node], ast.Compare):
                text = after.segment(node)
                if node.elts and all(isinstance(it, ast.Constant) for it in node.elts) and text not in before.text:
                    return _said(after, node)
            case _:
                pass
    return _shifted_item(before, after)


def _said(program: Program, node: Located) -> str:
    return f"only the visible tests explain `{one_line(program.segment(node))}` in line {node.lineno}"


def _in_subscript(program: Program, node: ast.Constant) -> bool:
    """Whether a number is an index or the bound of a slice, perhaps negative."""
    parent: ast.AST = program.parents[node]
    child: ast.AST = node
    if isinstance(parent, ast.UnaryOp):
        parent, child = program.parents[parent], parent
    return isinstance(parent, ast.Slice) or (isinstance(parent, ast.Subscript) and parent.slice is child)


def _decides(program: Program, node: ast.Constant) -> bool:
    """Whether a number is compared with, returned or printed."""
    parent = program.parents[node]
    if isinstance(parent, ast.UnaryOp):
        parent = program.parents[parent]
    return isinstance(parent, ast.Compare | ast.Return | ast.MatchValue) or (
        isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "print"
    )


def _shifted_item(before: Program, after: Program) -> str:
    """Return in words a new access to a fixed item with a constant added to it; "" where there is none."""
    for node in after.code:
        match node:
            case ast.BinOp(left=ast.Subscript(slice=ast.Constant()) as item, right=ast.Constant()):
                text, whole = after.segment(item), after.segment(node)
                if text not in before.text and whole not in before.text:
                    return _said(after, node)
            case _:
                pass
    return ""


def _values(problem: Problem) -> Iterator[Any]:
    """Yield the numbers and texts of the visible tests, and the words of the texts."""
    waiting: list[Any] = [value for case in problem.visible for value in (*case.args, case.expected)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        match waiting.pop():
            case bool() | None:
                pass
            case int(number):
                yield number
            case str(text):
                yield text
                words = text.split()[:_MOST_VALUES]
                yield from words
                yield from (int(word) for word in words if word.lstrip("-").isdecimal() and len(word) < 20)
            case list() | tuple() | set() as items:
                waiting += list(items)[:_MOST_VALUES]
            case dict() as items:
                waiting += [*items, *items.values()][:_MOST_VALUES]
            case _:
                pass
