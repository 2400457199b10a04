"""A condition replaced by its opposite."""

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
            case ast.UnaryOp(op=ast.Not(), operand=value):
                yield program.rewrite(node, program.segment(value))
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                # The template `compare` reverses comparisons.
                if not isinstance(test, ast.Compare | ast.UnaryOp):
                    yield program.rewrite(test, f"not ({program.segment(test)})", 0.5)
            case _:
                pass
