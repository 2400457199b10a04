"""A check for what a condition assumes: that a list has elements, an index is within it, a node exists."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.While(test=test):
                weight = 1.0
            case ast.If(test=test) | ast.IfExp(test=test):
                weight = 0.6
            case _:
                continue
        text = program.segment(test)
        whole = f"({text})" if isinstance(test, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) else text
        joined = text if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else whole
        present = {program.segment(part) for part in (test.values if isinstance(test, ast.BoolOp) else [test])}
        for condition in dict.fromkeys(_assumed(program, test)):
            if condition not in present:
                start, end = program.span(test)
                yield program.change(test, Edit(start, end, f"{condition} and {joined}"), weight)


def _assumed(program: Program, test: ast.expr) -> Iterator[str]:
    for node in ast.walk(test):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant() | ast.UnaryOp(operand=ast.Constant())):
                yield name
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=index)):
                yield f"{index} < len({name})"
                yield f"{index} >= 0"
            case ast.Attribute(value=value, attr="next" | "val" | "left" | "right"):
                yield program.segment(value)
            case _:
                pass
