"""Syntax trees of untrusted texts: parsed within limits, never compiled, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.outside import parse_python

MAX_CHARS = 20_000
"""The length of a program up to which the search works on all of it: its own cost is quadratic in it at worst."""
MAX_DEPTH = 200
"""The nesting of a syntax tree up to which recursive visitors are safe."""


def parse(text: str) -> ast.Module | SyntaxError:
    """Return the syntax tree of `text`, or the error that says why there is none. Nothing is executed."""
    try:
        # `parents_of` limits the depth, once for each program that is worked on
        return parse_python(text, is_bounded=False)
    except SyntaxError as error:
        return error


def parents_of(tree: ast.AST) -> dict[ast.AST, ast.AST] | None:
    """Return the parent of every node below `tree`, level by level; None where it is nested deeper than MAX_DEPTH."""
    parents: dict[ast.AST, ast.AST] = {}
    level: list[ast.AST] = [tree]
    for _ in range(MAX_DEPTH):
        pairs = [(child, node) for node in level for child in ast.iter_child_nodes(node)]
        parents.update(pairs)
        level = [child for child, _ in pairs]
        if not level:
            return parents
    return None


def code_of(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node, level by level, except those in annotations, which no test sees."""
    level: list[ast.AST] = [tree]
    while level:
        yield from level
        level = [child for node in level for child in _unannotated(node)]


def _unannotated(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        children = value if isinstance(value, list) else [value]
        yield from (child for child in children if isinstance(child, ast.AST))


def is_constant(node: ast.AST, value: int) -> bool:
    """Return whether an expression is that number."""
    return isinstance(node, ast.Constant) and node.value == value
