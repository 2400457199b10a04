"""A bracket that closes too early or too late: `len(a - 1)` to `len(a) - 1`, `abs(a) - b` to `abs(a - b)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit, one_line
from coderefine.search.facts.grouped import bracket_of, operands_of, starts_chain
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_FARTHEST = 3
"""The most operands over which a bracket is moved."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.Call(args=[*_, ast.BinOp() as last], keywords=[]) | ast.Subscript(slice=ast.BinOp() as last):
                operands = operands_of(program, last)
                close = program.span(node)[1] - 1
                if bracket_of(program, last) == program.span(last) or isinstance(node, ast.Subscript):
                    for operand in operands[-_FARTHEST - 1 : -1]:
                        yield _moved(program, node, close, bracket_of(program, operand)[1])
            case ast.BinOp() if starts_chain(program, node):
                operands = operands_of(program, node)
                for at, operand in enumerate(operands[:-1]):
                    if isinstance(operand, ast.Subscript) or (isinstance(operand, ast.Call) and operand.args):
                        close = program.span(operand)[1] - 1
                        for other in operands[at + 1 : at + 1 + _FARTHEST]:
                            yield _moved(program, node, close, bracket_of(program, other)[1])
            case _:
                pass


def _moved(program: Program, node: ast.expr, close: int, to: int) -> Change:
    """Return the change that moves the closing bracket at `close` to `to`."""
    text = program.text
    sign = text[close]
    start, end = program.span(node)
    edits = (Edit(close, close + 1, ""), Edit(to, to, sign))
    low, high = min(close, to), max(close + 1, to)
    between = sign + text[low:close] if to < close else text[close + 1 : to] + sign
    after = text[start:low] + between + text[high : max(end, high)]
    note = f"`{one_line(text[start:end])}` to `{one_line(after)}` in line {node.lineno}"
    return Change(edits, node.lineno, note)
