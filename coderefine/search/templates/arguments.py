"""Two arguments, elements or operands exchanged; an argument dropped."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(args=items) if len(items) <= 4:
                commutative = isinstance(node.func, ast.Name) and node.func.id in ("max", "min", "gcd")
                weight = 0.05 if commutative else 0.5
            case ast.Tuple(elts=items) if len(items) <= 3:
                weight = 0.4
            case ast.List(elts=items, ctx=ast.Load()) if len(items) <= 3:
                weight = 0.3
            case ast.BinOp(left=left, op=ast.Sub() | ast.Div() | ast.FloorDiv() | ast.Mod(), right=right):
                items, weight = [left, right], 0.5
            case ast.BinOp(left=left, op=ast.Add(), right=right):  # of strings and lists
                items, weight = [left, right], 0.1
            case _:
                continue
        yield from _swapped(program, node, items, weight)


def _swapped(program: Program, node: ast.expr, items: list[ast.expr], weight: float) -> Iterator[Change]:
    numbered = list(enumerate((item, program.segment(item)) for item in items))
    for (at, (first, old)), (other, (second, new)) in combinations(numbered, 2):
        if old != new:
            edits = program.replace(first, new), program.replace(second, old)
            note = f"`{old}` and `{new}` swapped in line {node.lineno}"
            yield Change(edits, node.lineno, note, weight if other == at + 1 else 0.5 * weight)
