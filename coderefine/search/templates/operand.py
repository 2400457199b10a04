"""An operation replaced by one of its operands."""

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
            case ast.BinOp(left=left, op=op, right=right):
                small = isinstance(right, ast.Constant) or isinstance(op, ast.Add | ast.Sub)
                yield program.rewrite(node, program.segment(left), 1.0 if small else 0.5)
                yield program.rewrite(node, program.segment(right), 0.5)
            case _:
                pass
