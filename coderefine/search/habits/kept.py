"""The best so far that is overwritten: `best = x`, where `best = max(best, x)` is meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_PLAIN = ast.Name | ast.Subscript | ast.Attribute | ast.BinOp | ast.Call


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind, in loops."""
    for node in program.code:
        match node:
            case ast.Assign(targets=[ast.Name() | ast.Subscript() | ast.Attribute() as target], value=value) if (
                isinstance(value, _PLAIN) and program.in_loop(node)
            ):
                place = program.segment(target)
                is_compared = isinstance(value, ast.Call) and program.segment(value.func) in ("max", "min")
                is_local = isinstance(target, ast.Name) and program.stored[target.id] == 1  # nothing was kept before
                if place in program.segment(value) or is_compared or is_local or program.kind_of(value) == "sequence":
                    continue
                for function, weight in (("max", 1.0), ("min", 0.7)):
                    yield program.rewrite(value, f"{function}({place}, {program.segment(value)})", weight)
            case _:
                pass
