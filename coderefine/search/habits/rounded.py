"""A division that is rounded down and should be rounded up: `n // k` for `-(-n // k)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.grouped import bracket_of
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                yield from _upwards(program, node, left, right, 1.0)
            case ast.Call(
                func=ast.Name(id="int" | "round") | ast.Attribute(attr="floor" | "trunc"),
                args=[ast.BinOp(left=left, op=ast.Div(), right=right)],
            ):
                yield from _upwards(program, node, left, right, 1.0)
                yield program.rewrite(node, f"{_text(program, left)} // {_text(program, right)}", 0.5)
            case _:
                pass


def _upwards(program: Program, node: ast.expr, left: ast.expr, right: ast.expr, weight: float) -> Iterator[Change]:
    above, below = _text(program, left), _text(program, right)
    less = f"{below} - 1"
    match right:
        case ast.Constant(value=int(number)) if number > 1:
            less = str(number - 1)
        case _:
            pass
    is_simple = isinstance(left, ast.Name | ast.Constant | ast.Call | ast.Subscript)
    negative = f"-{above}" if is_simple else f"-({program.segment(left)})"
    yield program.rewrite(node, f"-({negative} // {below})", 0.8 * weight)
    yield program.rewrite(node, f"({program.segment(left)} + {less}) // {below}", weight)


def _text(program: Program, node: ast.expr) -> str:
    start, end = bracket_of(program, node)
    return program.text[start:end]
