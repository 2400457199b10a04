"""A bisection that stands still or steps too far: a bound is set to the middle, or to the one beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import tested
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, in loops that test their bounds."""
    for loop in program.code:
        if not isinstance(loop, ast.While):
            continue
        bounds, middles = tested(loop), set(_middles(loop))
        for node in ast.walk(loop):
            match node:
                case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Name(id=middle) as value):
                    forms = ("{} + 1", "{} - 1")
                case ast.Assign(
                    targets=[ast.Name(id=bound)],
                    value=ast.BinOp(left=ast.Name(id=middle), right=ast.Constant(value=1)) as value,
                ):
                    forms = ("{}", "{} - 1") if isinstance(value.op, ast.Add) else ("{}", "{} + 1")
                case _:
                    continue
            if bound in bounds and middle in middles:
                yield from (program.rewrite(value, form.format(middle)) for form in forms)


def _middles(loop: ast.While) -> Iterator[str]:
    """Yield the names that are half of something in a loop."""
    for node in ast.walk(loop):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if any(
                isinstance(it, ast.BinOp) and isinstance(it.op, ast.FloorDiv | ast.RShift) for it in ast.walk(value)
            ):
                yield name
