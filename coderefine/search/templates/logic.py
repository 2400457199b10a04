"""`and` to `or` and back; one operand fewer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for node in program.code:
        if not isinstance(node, ast.BoolOp):
            continue
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in pairwise(node.values):
            if edit := program.between(left, right, rf"\b{old}\b", new):
                yield program.change(node, edit)
        # Brackets around an operand are not part of its span: removing whole gaps between operands would lose one of a
        # pair.
        if len(node.values) == 2:
            yield from (program.rewrite(node, program.segment(value), 0.5) for value in node.values)
        else:
            for left, value in pairwise(node.values):
                if edit := program.between(left, value, rf"\s*\b{old}\b\s*$", ""):
                    yield program.change(node, Edit(edit.start, program.span(value)[1], ""), 0.5)
