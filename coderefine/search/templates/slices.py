"""A slice with one bound fewer, or with its stop as the step; a reversal added; an index instead of a slice."""

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
            case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper, step=None) as piece):
                low = program.segment(lower) if lower else ""
                high = program.segment(upper) if upper else ""
                for text in (f"{low}:", f":{high}", f"{low}::{high}", f":{low}", f"{high}:"):
                    if text not in (":", "::", f"{low}:{high}"):
                        yield program.rewrite(piece, text)
            case ast.Subscript(value=value, slice=ast.Slice(step=step)) if step is not None:
                start, end = program.span(value)[1], program.span(node)[1]
                yield program.change(node, Edit(start, end, ""), 0.5)
            case ast.Return(value=ast.Name() | ast.Subscript() | ast.Call() as value) | ast.Assign(value=value):
                if program.kind_of(value) != "number" and not isinstance(value, ast.Constant):
                    simple = isinstance(value, ast.Name | ast.Subscript | ast.Call)
                    if simple and (isinstance(node, ast.Return) or program.kind_of(value)):
                        end = program.span(value)[1]
                        weight = 0.5 if isinstance(node, ast.Return) else 0.15
                        yield program.change(node, Edit(end, end, "[::-1]"), weight)
            case _:
                pass
