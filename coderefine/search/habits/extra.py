"""A condition that holds too often or too rarely: another one, of the program or a common one, is joined to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_MOST = 16
"""The most conditions to try with one condition."""


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    conditions = dict.fromkeys(
        program.segment(node) for node in program.code if isinstance(node, ast.Compare) and len(node.ops) == 1
    )
    for node in program.code:
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                pass
            case _:
                continue
        text = program.segment(test)
        whole = f"({text})" if isinstance(test, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr) else text
        names = list(dict.fromkeys(it.id for it in ast.walk(test) if isinstance(it, ast.Name)))
        others = {other: 0.6 for other in conditions if other not in text and _shares(other, names)}
        found = {**dict(_usual(program, test, names)), **others}
        for number, (condition, weight) in enumerate(list(found.items())[:_MOST]):
            fading = weight * 0.95**number
            yield program.rewrite(test, f"{whole} and {condition}", fading)
            yield program.rewrite(test, f"{whole} or {condition}", fading)


def _shares(condition: str, names: list[str]) -> bool:
    return any(name in condition for name in names)


def _usual(program: Program, test: ast.expr, names: list[str]) -> Iterator[tuple[str, float]]:
    for node in ast.walk(test):
        match node:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=int(value))]) if not isinstance(
                left, ast.Constant
            ):
                subject = program.segment(left)
                near = dict.fromkeys((0, value + 1, value - 1))
                yield from ((f"{subject} == {it}", 1.0) for it in near if it != value and it >= 0)
            case _:
                pass
    for name in names:
        if program.kinds.get(name) == "number":
            yield f"{name} % 2 == 0", 0.7
            yield f"{name} != 0", 0.7
            yield f"{name} == 0", 0.5
            yield f"{name} % 2 == 1", 0.4
            yield f"{name} > 0", 0.4
