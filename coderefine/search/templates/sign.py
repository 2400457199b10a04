"""`-x` to `x` and back; `+x`, which has no effect, to `-x`; `float("-inf")` to `float("inf")` and back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=value):
                yield program.rewrite(node, program.segment(value))
            case ast.UnaryOp(op=ast.UAdd(), operand=value):
                yield program.rewrite(node, f"-{program.segment(value)}", 2.0)
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(value))]):
                other = value[1:] if value.startswith("-") else f"-{value}"
                yield program.rewrite(node, f'float("{other}")')
            case ast.Name(id="inf", ctx=ast.Load()) | ast.Attribute(value=ast.Name(id="math"), attr="inf"):
                yield program.rewrite(node, f"-{program.segment(node)}")
            case ast.Subscript(slice=ast.Name() as value) | ast.keyword(value=ast.Name() as value):
                yield program.rewrite(value, f"-{value.id}", 0.3)
            case ast.Return(value=ast.Name() | ast.Subscript() | ast.Call() as value):
                yield program.rewrite(value, f"-{program.segment(value)}", 0.1)
            case ast.Call(func=ast.Name(id="heappush"), args=[_, value]) | ast.Lambda(body=value):
                first = value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value
                if not isinstance(first, ast.UnaryOp):
                    yield program.rewrite(first, f"-{program.segment(first)}", 0.5)
            case _:
                pass
