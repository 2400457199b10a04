"""Statements in a tree: the lists that contain them, and what loops test and change."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Block = list[ast.stmt]

COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)
"""Statements after which nothing of their block runs."""


def blocks_of(node: ast.AST) -> Iterator[Block]:
    """Yield the statement lists of `node` itself."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def last_blocks(node: ast.stmt) -> Iterator[Block]:
    """Yield the last block of a compound statement, and that block's last block, and so on inwards."""
    current: ast.AST = node
    while not isinstance(current, DEFINITIONS) and (inner := list(blocks_of(current))):
        yield inner[-1]
        current = inner[-1][-1]


def tested(loop: ast.While) -> set[str]:
    """Return the names in the condition of a loop."""
    return {node.id for node in ast.walk(loop.test) if isinstance(node, ast.Name)}


def changed(loop: ast.While) -> set[str]:
    """Return the names that a loop assigns to, or whose methods it calls or elements it assigns."""
    names: set[str] = set()
    for node in ast.walk(loop):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                names.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                names.add(name)
            case _:
                pass
    return names
