"""Two conditions that leave nothing for the statements below: `if a <= b: return ...` before `if a > b: return ...`.

Statements below them are meant to run, so the conditions were meant to exclude equal sides.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from coderefine.search.facts.blocks import LEAVES
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_TEXTS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_SWAPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for block in program.blocks:
        for number, statement in enumerate(block):
            if isinstance(statement, ast.If):
                yield from _nothing_left(program, block[number:])


class _Order(NamedTuple):
    """The comparison of two values by size."""

    node: ast.Compare
    left: str
    right: str
    operator: str


def _order(program: Program, test: ast.expr) -> _Order | None:
    match test:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _TEXTS:
            return _Order(test, program.segment(left), program.segment(right), _TEXTS[type(operator)])
    return None


def _exhaust(first: _Order, second: _Order) -> bool:
    """Whether at least one of two comparisons is always true."""
    turned = second.operator
    if (second.left, second.right) == (first.right, first.left):
        turned = _SWAPPED[turned]
    elif (second.left, second.right) != (first.left, first.right):
        return False
    return first.operator[0] != turned[0] and "=" in first.operator + turned


def _strict(program: Program, *orders: _Order) -> Change:
    """Return the comparisons without the case of equal sides."""
    edits = []
    for order in orders:
        pattern = order.operator
        edit = program.between(order.node.left, order.node.comparators[0], pattern, pattern[0])
        if edit is not None and len(pattern) == 2:
            edits.append(edit)
    line = orders[0].node.lineno
    return Change(tuple(edits), line, f"leave out that both sides are equal in line {line}")


def _nothing_left(program: Program, block: list[ast.stmt]) -> Iterator[Change]:
    """Yield changes of `if a <= b: return x`, `if a > b: return y` before more statements: without the case `a
    == b`.
    """
    first, below = block[0], block[1:]
    assert isinstance(first, ast.If)
    second = first.orelse[0] if first.orelse else below.pop(0) if below else None
    rest = second.orelse or below if isinstance(second, ast.If) else []
    if not isinstance(second, ast.If) or not rest or (first.orelse and len(first.orelse) > 1):
        return
    if not second.orelse and not (isinstance(first.body[-1], LEAVES) and isinstance(second.body[-1], LEAVES)):
        return
    one, other = _order(program, first.test), _order(program, second.test)
    if one and other and _exhaust(one, other):
        yield _strict(program, one, other)
