"""Another variable to assign to, above all the one that a loop tests and never changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from coderefine.search.facts.blocks import changed, tested
from coderefine.search.facts.edits import Change, Edit
from coderefine.search.facts.program import Program
from coderefine.search.facts.scope import bound
from coderefine.search.facts.substitutes import substitutes
from coderefine.search.given.evidence import Evidence


def propose(program: Program, _: Evidence) -> Iterator[Change]:
    """Yield every change of this kind."""
    known = program.kinds
    for function in program.code:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = tuple(name for name in bound(function)[0] if name != "self")
        ranked: dict[tuple[str, frozenset[str]], list[tuple[str, float]]] = {}
        for node in ast.walk(function):
            match node:
                case ast.AugAssign(target=ast.Name() as place):
                    weight = 1.0
                case ast.Assign(targets=[ast.Name() as place]):
                    weight = 0.4
                case _:
                    continue
            key = place.id, _forgotten(program, node)
            if key not in ranked:
                ranked[key] = substitutes(place.id, names, known.get(place.id), known, key[1])
            start, end = program.span(place)
            for name, fits in ranked[key]:
                note = f"assign to `{name}` and not to `{place.id}` in line {node.lineno}"
                yield Change((Edit(start, end, name),), node.lineno, note, weight * fits)


def _forgotten(program: Program, node: ast.AST) -> frozenset[str]:
    """Return the names that the loop around `node` tests, unless it changes one of them."""
    loop = program.around(node, ast.While, ast.FunctionDef)
    if not isinstance(loop, ast.While) or tested(loop) & changed(loop):
        return frozenset()
    return frozenset(tested(loop))
