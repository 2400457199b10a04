"""A number to its neighbours, to common initial values and to other numbers of the program; True to False.

A variable whose value is stored or returned may also become a common constant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_FOR_A_VARIABLE = (("-1", 0.3), ("0", 0.2))
_CONSTANTS = 6
"""How many of the program's other constants to try in place of one."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    numbers = dict.fromkeys(
        node.value for node in program.code if isinstance(node, ast.Constant) and type(node.value) is int
    )
    for node in program.code:
        match node:
            case ast.Constant(value=bool(value)):
                yield program.rewrite(node, str(not value), 1.2)
            case ast.Constant(value=int(value)) if not isinstance(program.parents[node], ast.UnaryOp):
                yield from _number(program, node, value, list(numbers))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
                for other, weight in ((0, 1.0), (1, 0.4), (-value - 1, 0.8), (-value + 1, 0.8)):
                    yield program.rewrite(node, str(other), weight)
            case (
                ast.Return(value=ast.Name() as kept)
                | ast.Assign(targets=[ast.Subscript()], value=ast.Name() as kept)
                | ast.Call(func=ast.Attribute(attr="append" | "add"), args=[ast.Name() as kept])
            ):
                yield from (program.rewrite(kept, text, weight) for text, weight in _FOR_A_VARIABLE)
            case ast.Constant(value=None) if not isinstance(program.parents[node], ast.Compare):
                yield from (program.rewrite(node, text, 0.3) for text in ("0", "[]", "{}", "True", "False"))
            case _:
                pass


def _number(program: Program, node: ast.Constant, value: int, others: list[int]) -> Iterator[Change]:
    small = abs(value) <= 2
    weights = {value + 1: 1.0 if small else 0.6, value - 1: 1.0 if small else 0.6}
    for usual in (0, 1, -1, 2):
        weights.setdefault(usual, 0.4 if small else 0.2)
    for other in others[:_CONSTANTS]:
        weights.setdefault(other, 0.15)
    for other, weight in weights.items():
        if other != value:
            yield program.rewrite(node, str(other), weight)
