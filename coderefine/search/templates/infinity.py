"""The text "inf" where a number is meant: it is compared by size, or with something that is a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.edits import Change
from coderefine.search.facts.program import Program
from coderefine.search.given.evidence import Evidence

_TEXTS = ("inf", "-inf", "infinity", "-infinity")
_BY_SIZE = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield the change of all such texts to numbers, and the change of each."""
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
    """Whether an expression is a number, or a name that holds one somewhere."""
    return _is_plainly_a_number(program, node) or (
        isinstance(node, ast.Name) and any(_is_plainly_a_number(program, it) for it in _values(program, node.id, set()))
    )


def _is_plainly_a_number(program: Program, node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="float")) | ast.Name(id="inf") | ast.Attribute(attr="inf"):
            return True
    return program.kind_of(node) == "number"


def _values(program: Program, name: str, seen: set[str]) -> Iterator[ast.expr]:
    """Yield the values assigned to a name, and those of the names assigned to it."""
    seen.add(name)
    for node in program.code:
        for target, value in _assigned(node) if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name) and target.id == name:
                yield value
                if isinstance(value, ast.Name) and value.id not in seen:
                    yield from _values(program, value.id, seen)


def _assigned(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        match target, node.value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values):
                yield from zip(targets, values, strict=False)
            case _:
                yield target, node.value
