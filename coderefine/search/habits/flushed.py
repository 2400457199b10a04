"""Work that has to be done once more after a loop: the last group is collected, the last run is compared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.facts.statements import indentation, inserted, stands_alone
from coderefine.search.given.evidence import Evidence

_COLLECTING = frozenset({"append", "add", "extend", "write"})


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for loop in program.code:
        if not isinstance(loop, ast.For | ast.While) or not stands_alone(program, loop.body[-1]) or loop.orelse:
            continue
        seen: set[str] = set()
        for node in ast.walk(loop):
            text = program.segment(node) if isinstance(node, ast.stmt) else ""
            if text and text not in seen and _collects(node) and _is_conditional(program, node, loop):
                seen.add(text)
                yield inserted(program, loop, text, 1.0)
                if group := _group(node):
                    block = f"if {group}:\n{indentation(program, loop)}    {text}"
                    note = f"`{text}` after line {loop.end_lineno}, if there is any left"
                    yield replace(inserted(program, loop, block, 1.0), note=note)


def _is_conditional(program: Program, node: ast.AST, loop: ast.stmt) -> bool:
    """Whether a one-line statement in a loop depends on a condition, and is in no inner loop."""
    inner = program.parents[node]
    return isinstance(inner, ast.If) and program.around(node, ast.For, ast.While) is loop


def _group(node: ast.AST) -> str:
    """Return the name of a group that is handed on as a whole; "" where there is none."""
    match node:
        case ast.Expr(value=ast.Yield(value=ast.Name(id=name)) | ast.Call(args=[ast.Name(id=name)])):
            return name
    return ""


def _collects(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Yield(value=ast.expr() as value)):
            return node.lineno == node.end_lineno and not isinstance(value, ast.Constant)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=[value])):
            return name in _COLLECTING and node.lineno == node.end_lineno and not isinstance(value, ast.Constant)
        case ast.AugAssign(op=ast.Add(), value=ast.Name() | ast.BinOp() | ast.Call() | ast.Constant()):
            return node.lineno == node.end_lineno
        case ast.Assign(value=ast.Call(func=ast.Name(id="max" | "min"))):
            return node.lineno == node.end_lineno
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return node.lineno == node.end_lineno
    return False
