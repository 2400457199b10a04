"""A number used as a truth value with the wrong meaning: `year % 400` where `year % 400 == 0` is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_COUNTED = (ast.Mod, ast.BitAnd, ast.Sub)
"""Operators whose result is tested as often for being zero as for being non-zero."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        for place in _asked(node):
            if isinstance(place, ast.BinOp) and isinstance(place.op, _COUNTED):
                text = program.segment(place)
                yield program.rewrite(place, f"{text} == 0" if isinstance(place.op, ast.Mod) else f"({text}) == 0")
            elif isinstance(place, ast.Call) and isinstance(place.func, ast.Attribute) and place.func.attr == "count":
                yield program.rewrite(place, f"{program.segment(place)} == 0", 0.5)


def _asked(node: ast.AST) -> list[ast.expr]:
    """Return the expressions that are only tested for truth."""
    match node:
        case ast.BoolOp(values=values):
            return values
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.UnaryOp(op=ast.Not(), operand=test):
            return [test]
        case ast.comprehension(ifs=tests):
            return tests
        case ast.Return(value=ast.BinOp(op=ast.Mod()) as value):
            return [value]
        case _:
            return []
