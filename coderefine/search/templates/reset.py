"""A loop that counts up to a limit, `while i < n`, but sets the counter to a number, `i = 1`, instead of counting."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    for loop in program.code:
        if not isinstance(loop, ast.While):
            continue
        inside = [node for statement in loop.body for node in ast.walk(statement)]
        stored = [node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        counted = {name for node in ast.walk(loop.test) for name in _counted(node)}
        for node in inside:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int()) as step):
                    if name in counted and stored.count(name) == 1:
                        yield program.rewrite(node, f"{name} += {program.segment(step)}")


def _counted(node: ast.AST) -> Iterator[str]:
    """Yield the names that a comparison bounds by something that is not a constant."""
    match node:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt() | ast.LtE()], comparators=[bound]):
            if not isinstance(bound, ast.Constant):
                yield name
        case ast.Compare(left=bound, ops=[ast.Gt() | ast.GtE()], comparators=[ast.Name(id=name)]):
            if not isinstance(bound, ast.Constant):
                yield name
