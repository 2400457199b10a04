"""Parses Python text from strangers and reads literals in it, within limits; nothing else is evaluated."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal

from coderefine.outside import parse_python
from coderefine.problem import values

MAX_CHARS = 1 << 20
"""The longest text that is parsed: a node takes some hundred bytes. Python's own parser limits the nesting."""
MAX_NODES = 300_000
"""Values and statements of a text together, at most, estimated from its punctuation."""
MAX_DEPTH = 100
"""Nesting levels of a value."""


class NotLiteral(ValueError):
    """The text is not a literal, or exceeds a limit."""


def is_too_large(code: str) -> bool:
    """Whether a text is too large to be parsed."""
    return len(code) > MAX_CHARS or sum(map(code.count, ",([{;\n")) > MAX_NODES


def parsed(code: str) -> ast.Module:
    """Return the tree of Python code; raises NotLiteral where it is not valid or exceeds a limit."""
    tree = _parsed(code, "exec")
    assert isinstance(tree, ast.Module)
    return tree


def expression(text: str) -> ast.expr:
    """Return the tree of an expression; raises NotLiteral for any other text."""
    tree = _parsed(text.strip(), "eval")
    assert isinstance(tree, ast.Expression)
    return tree.body


def _parsed(code: str, mode: Literal["exec", "eval"]) -> ast.AST:
    if is_too_large(code):
        raise NotLiteral(f"longer than {MAX_CHARS >> 10} KiB, or more than {MAX_NODES:,} values")
    try:
        return parse_python(code, mode)
    except SyntaxError as error:
        raise NotLiteral(f"no Python: {error}") from None


def literal(node: ast.expr) -> Any:
    """Return the value of a literal, of exact builtin types that a test may hold; raises NotLiteral."""
    try:
        _refuse_collisions(node)
        value = ast.literal_eval(node)
        values.to_jsonable(value, values.MAX_DEPTH - MAX_DEPTH)
    except (ValueError, TypeError, RecursionError, MemoryError, values.Unencodable, values.Malformed) as error:
        raise NotLiteral(f"no literal: {error}") from None
    return value


def with_numbers(node: ast.expr) -> ast.expr:
    """Return a tree in which `inf`, `nan` and calls such as `float("inf")` are the numbers that they name."""
    try:
        found: ast.expr = _Numbers().visit(node)
    except RecursionError:
        raise NotLiteral("nested too deep") from None
    return found


class _Numbers(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(float(node.id)) if node.id in ("inf", "nan") else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        match node:
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(text))], keywords=[]):
                with suppress(ValueError):
                    return ast.Constant(float(text))
        return node


def read(text: str) -> Any:
    """Return the value of a literal's text; raises NotLiteral."""
    return literal(expression(text))


def worded(text: str, words: Mapping[str, Any]) -> ast.expr:
    """Return an expression in which `words` of another language stand for Python's values; raises NotLiteral."""
    try:
        found = _Words(words).visit(expression(text))
    except RecursionError:
        raise NotLiteral("nested too deep") from None
    assert isinstance(found, ast.expr)
    return found


class _Words(ast.NodeTransformer):
    def __init__(self, words: Mapping[str, Any]) -> None:
        self._words = words

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self._words[node.id]) if node.id in self._words else node


def source(node: ast.AST) -> str:
    """Return the text of a parsed tree; raises NotLiteral where it is nested too deep."""
    try:
        return ast.unparse(node)
    except RecursionError:
        raise NotLiteral("nested too deep") from None


def _refuse_collisions(node: ast.expr) -> None:
    """Raise NotLiteral for a dict or set whose members share one hash: building it takes quadratic time."""
    for inner in ast.walk(node):
        members = inner.keys if isinstance(inner, ast.Dict) else inner.elts if isinstance(inner, ast.Set) else []
        if len(members) > values.MAX_SAME_HASH:
            values.bounded([ast.literal_eval(member) for member in members if member is not None])
