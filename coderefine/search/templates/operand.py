"""One operand alone; the operands grouped otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.evidence import Evidence
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program

_RANK = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.FloorDiv: 2, ast.Mod: 2}
"""How tightly an operator binds."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.BinOp(left=left, op=op, right=right):
                small = isinstance(right, ast.Constant) or isinstance(op, ast.Add | ast.Sub)
                yield program.rewrite(node, program.segment(left), 1.0 if small else 0.5)
                yield program.rewrite(node, program.segment(right), 0.5)
                yield from _grouped(program, node)
            case _:
                pass


def _grouped(program: Program, node: ast.BinOp) -> Iterator[Change]:
    """`a + b * c` to `(a + b) * c` and back."""
    rank = _RANK.get(type(node.op), 0)
    for side, mirrored in ((node.left, False), (node.right, True)):
        if not isinstance(side, ast.BinOp) or not rank:
            continue
        start, end = program.span(node)
        inner = program.span(side)
        if _RANK.get(type(side.op), 0) > rank:
            # The outer operator takes the operand next to it.
            edges = (start, program.span(side.left)[1]) if mirrored else (program.span(side.right)[0], end)
            opening, closing = Edit(edges[0], edges[0], "("), Edit(edges[1], edges[1], ")")
            note = f"group `{program.text[edges[0] : edges[1]]}` in line {node.lineno}"
            yield Change((opening, closing), node.lineno, note, 0.2)
        elif 0 < _RANK.get(type(side.op), 0) < rank and program.text[inner[1] : inner[1] + 1] == ")":
            opening, closing = Edit(inner[0] - 1, inner[0], ""), Edit(inner[1], inner[1] + 1, "")
            if program.text[inner[0] - 1] == "(":
                note = f"no parentheses around `{program.segment(side)}` in line {node.lineno}"
                yield Change((opening, closing), node.lineno, note, 0.2)
