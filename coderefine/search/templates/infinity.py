"""The text "inf" where a number is meant: compared by size, or with what else is a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.evidence import Evidence
from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program

_TEXTS = ("inf", "-inf", "infinity", "-infinity")
_BY_SIZE = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield the change of all such texts to numbers, and that of each."""
    places = [part for node in program.code if isinstance(node, ast.Compare) for part in _meant(program, node)]
    for text in dict.fromkeys(str(place.value) for place in places):
        alike = [place for place in places if place.value == text]
        yield program.rewrite_all(alike, f'float("{text}")')


def _meant(program: Program, node: ast.Compare) -> Iterator[ast.Constant]:
    sides = [node.left, *node.comparators]
    texts = [side for side in sides if isinstance(side, ast.Constant) and side.value in _TEXTS]
    by_size = any(isinstance(operator, _BY_SIZE) for operator in node.ops)
    if texts and (by_size or any(_is_number(program, side) for side in sides)):
        yield from texts


def _is_number(program: Program, node: ast.expr) -> bool:
    """Whether an expression is a number, or a name that is one somewhere."""
    if program.kind_of(node) == "number":
        return True
    return isinstance(node, ast.Name) and any(
        isinstance(target, ast.Name) and target.id == node.id and program.kind_of(value) == "number"
        for assignment in program.code
        if isinstance(assignment, ast.Assign)
        for target, value in _assigned(assignment)
    )


def _assigned(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        match target, node.value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values):
                yield from zip(targets, values, strict=False)
            case _:
                yield target, node.value
