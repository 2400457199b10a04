"""A difference that must not be negative: `total += max(0, end - start)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.AugAssign(op=ast.Add() | ast.Sub(), value=value) if not isinstance(value, ast.Constant):
                weight = 1.0 if _is_difference(value) else 0.3
            case ast.Assign(targets=[ast.Name()], value=value) | ast.Return(value=ast.BinOp() as value):
                weight = 0.5 if _is_difference(value) else 0.0
            case ast.Call(func=ast.Name(id="print"), args=[ast.BinOp() as value]):
                weight = 0.5 if _is_difference(value) else 0.0
            case _:
                continue
        if weight:
            text = program.segment(value)
            yield program.rewrite(value, f"max(0, {text})", weight)
            yield program.rewrite(value, f"abs({text})", 0.4 * weight)


def _is_difference(value: ast.expr) -> bool:
    return isinstance(value, ast.BinOp) and any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) for node in ast.walk(value)
    )
