"""`n` to `n + 1` or `n - 1` where numbers count or index; `n - 1` to `n` and to `n - 2`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_OPERANDS = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.BinOp, ast.UnaryOp)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for place, up, down in _places(program):
        text = program.segment(place)
        match place:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
                yield program.rewrite(place, program.segment(left), 1.5 * max(up, down))
            case ast.Constant() | ast.Slice() | ast.Starred() | ast.Compare() | ast.BoolOp() | ast.Lambda():
                pass  # the template `constant` changes constants
            case ast.UnaryOp(operand=ast.Constant()) | ast.Await() | ast.NamedExpr():
                pass
            case _ if program.kind_of(place) in (None, "number"):
                inner = text if isinstance(place, _OPERANDS) else f"({text})"
                form = "({} {} 1)" if isinstance(program.parents.get(place), ast.BinOp) else "{} {} 1"
                yield program.rewrite(place, form.format(inner, "+"), up)
                yield program.rewrite(place, form.format(inner, "-"), down)
            case _:
                pass


def _places(program: Program) -> Iterator[tuple[ast.expr, float, float]]:
    """Yield the expressions that count or index, with the weights of adding and subtracting one."""
    for node in program.code:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=arguments):
                yield from ((argument, 1.0, 0.8) for argument in arguments)
            case ast.Call(func=ast.Name(id="len" | "sorted" | "set" | "list" | "enumerate" | "Counter" | "zip")):
                pass
            case ast.Call(args=arguments):
                yield from ((argument, 0.3, 0.3) for argument in arguments)
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
                yield from ((edge, 0.8, 0.6) for edge in (lower, upper) if edge is not None)
            case ast.Subscript(slice=index):
                yield index, 0.7, 0.7
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]):
                yield left, 0.4, 0.4
            case ast.Compare(left=left, ops=[op], comparators=[right]) if not isinstance(op, ast.Is | ast.IsNot):
                yield left, 0.4, 0.4
                yield right, 0.4, 0.6
            case ast.Return(value=ast.expr() as value) | ast.Assign(value=value):
                values = value.elts if isinstance(value, ast.Tuple) else [value]
                yield from ((one, 0.5, 0.4) for one in values)
            case ast.AugAssign(value=value):
                yield value, 0.5, 0.4
            case ast.IfExp(body=body, orelse=orelse):
                yield from ((side, 0.2, 0.2) for side in (body, orelse))
            case ast.BinOp(left=ast.List(), op=ast.Mult(), right=right):
                yield right, 1.0, 0.5
            case ast.BinOp(left=left, op=ast.Mult() | ast.FloorDiv(), right=right):
                yield from ((side, 0.2, 0.2) for side in (left, right))
            case _:
                pass
